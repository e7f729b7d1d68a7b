"""A private bank: four segments whose margins swing together, and each client's own."""

import numpy as np
import pandas as pd

# Segments of a private bank: clients, mean margin each (thousand dollars a quarter), their own risk as a share of it,
# exposure to the shock the segment shares, how far that shock is the market's, and the margin per dollar spent on serving them.
SEGMENTS = pd.DataFrame(
    [[40, 100.0, 0.8, 0.50, 0.8, 0.50], [80, 45.0, 0.9, 0.30, 0.6, 0.30], [150, 20.0, 1.0, 0.14, 0.3, 0.22], [300, 10.0, 1.2, 0.05, 0.0, 0.15]],
    columns=["clients", "mean", "own_risk", "exposure", "market", "return"],
    index=pd.Index(["families", "entrepreneurs", "professionals", "savers"], name="segment"))
SPREAD = 0.5


def private_bank(rng, quarters=40):
    """A private bank's ledger: what each client of four segments brings, quarter by quarter.

    Parameters
    ----------
    rng : Generator or int
    quarters : int, default 40

    Returns
    -------
    ledger : DataFrame
        ``client_id``, ``segment``, ``quarter`` (from 1), ``margin`` and ``cost`` of serving the client, both in thousand dollars.
    truth : DataFrame, by client_id
        What the bank does not see: the client's long-run ``mean`` margin and own standard deviation ``sd``, and the ``exposure`` of the segment.

    Notes
    -----
    margin = μᵢ (1 + λ z + s e): z is the segment's shock of the quarter, partly the market's, e the client's own, all standard normal. Means differ
    within a segment (lognormal). Serving a client costs the same every quarter. Margins can be negative: a bad quarter costs the bank money.

    Examples
    --------
    >>> ledger, truth = private_bank(rng=1)
    >>> ledger.groupby("segment", sort=False)["client_id"].nunique().to_dict()
    {'families': 40, 'entrepreneurs': 80, 'professionals': 150, 'savers': 300}
    """
    rng = np.random.default_rng(rng)
    truth = _bank_clients(rng)
    market = rng.standard_normal(quarters)
    shocks = {name: weight * market + np.sqrt(1 - weight**2) * rng.standard_normal(quarters) for name, weight in SEGMENTS["market"].items()}
    common = np.array([shocks[name] for name in truth["segment"]]) * truth[["exposure"]].to_numpy()
    own = rng.standard_normal(common.shape) * (truth["sd"] / truth["mean"]).to_numpy()[:, None]
    margin = truth[["mean"]].to_numpy() * (1 + common + own)
    cost = truth["mean"] / truth["segment"].map(SEGMENTS["return"])
    ledger = pd.DataFrame({"client_id": np.repeat(truth.index, quarters), "segment": np.repeat(truth["segment"].to_numpy(), quarters),
                           "quarter": np.tile(np.arange(1, quarters + 1), len(truth)), "margin": margin.ravel().round(2),
                           "cost": np.repeat(cost.to_numpy(), quarters).round(2)})
    return ledger, truth


def _bank_clients(rng):
    """Each client's segment, mean, own risk and exposure; a segment's mean margin is exactly that of the table."""
    clients = SEGMENTS.loc[SEGMENTS.index.repeat(SEGMENTS["clients"])].reset_index()
    size = pd.Series(rng.lognormal(0, SPREAD, len(clients)))
    mean = clients["mean"] * size / size.groupby(clients["segment"]).transform("mean")
    truth = pd.DataFrame({"segment": clients["segment"], "mean": mean, "sd": clients["own_risk"] * mean, "exposure": clients["exposure"]})
    return truth.set_axis(pd.RangeIndex(1, len(truth) + 1, name="client_id"))
