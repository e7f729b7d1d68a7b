"""An advertising platform whose clients are shops: what each is worth, who listens to whom, a pilot, and the true spill-over."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

# Clients of each trade, how many of their own trade each listens to on average and with which probability it takes over what one of them has learned,
# mean customer equity (thousand dollars), usage share and churn a year.
TRADES = pd.DataFrame(
    [[80, 5.0, 0.22, 300.0, 0.07, 0.20], [45, 4.0, 0.18, 500.0, 0.06, 0.18], [35, 3.0, 0.15, 800.0, 0.05, 0.14], [25, 3.0, 0.15, 1000.0, 0.06, 0.16],
     [15, 3.0, 0.15, 1600.0, 0.04, 0.12]],
    columns=["clients", "listens_to", "p", "equity", "usage", "churn"],
    index=pd.Index(["food shops", "restaurants", "chemists", "travel agents", "hotels"], name="trade"))
# The same for those whom a client listens to in other trades, and how unlike clients are: in equity, and in how often others turn to them.
ABROAD, ABROAD_P, SPREAD, PROMINENCE = 0.5, 0.06, 0.7, 0.9
PILOT, QUARTERS = 0.1, 4


@dataclass(frozen=True)
class ClientNetwork:
    """A vendor's clients: what it knows of them, and the spill-over that it does not know.

    Attributes
    ----------
    clients : DataFrame, by client_id
        ``trade``, ``equity`` (what its own customers are worth to it, thousand dollars), ``usage`` (share of that which it passes on to the vendor), ``churn``
        (probability that it leaves within a year).
    ties : DataFrame
        ``source``, ``target`` (who listens to the source), ``trade`` ("same" or "other").
    pilot : Series, by client_id
        Quarter in which the client took the lesson of last year's pilot over: 0 where it was taught, missing where it did not within four quarters.
    truth : Series, like `ties`
        ``p``: the probability that the target takes over what the source has learned.

    Examples
    --------
    >>> network = client_network(rng=1)
    >>> len(network.clients), int((network.pilot == 0).sum())
    (200, 20)
    """

    clients: pd.DataFrame
    ties: pd.DataFrame
    pilot: pd.Series
    truth: pd.Series


def client_network(rng, size=1.0):
    """An advertising platform with clients in five trades, who listen to each other, mostly within their trade.

    Parameters
    ----------
    rng : Generator or int
    size : float, default 1
        1 is 200 clients.

    Returns
    -------
    ClientNetwork
        The tables that the platform has, and the true probability of each tie.

    Notes
    -----
    A client listens to a Poisson number of others, prominent ones more often; equity and prominence are lognormal and independent. Those taught in the pilot were
    drawn at random, and what they had learned spread as an independent cascade, a wave a quarter.

    Examples
    --------
    >>> network = client_network(rng=1)
    >>> listeners = network.ties["source"].value_counts().reindex(network.clients.index, fill_value=0)
    >>> bool(listeners.corr(network.clients["equity"]) < 0.1)  # the best connected are not the most valuable
    True
    """
    people, talk, test = np.random.default_rng(rng).spawn(3)
    clients = _clients(people, size)
    ties = _ties(clients, talk)
    truth = pd.Series(np.where(ties["trade"] == "same", clients["trade"].map(TRADES["p"]).loc[ties["target"]], ABROAD_P), name="p")
    return ClientNetwork(clients.drop(columns="prominence"), ties, _pilot(clients, ties.assign(p=truth), test), truth)


def _clients(rng, size):
    count = (TRADES["clients"] * size).round().astype(int).clip(lower=2)
    trade = TRADES.loc[TRADES.index.repeat(count)].reset_index()
    n = len(trade)
    clients = pd.DataFrame({"trade": trade["trade"], "equity": (trade["equity"] * rng.lognormal(-SPREAD**2 / 2, SPREAD, n)).round(1),
                            "usage": rng.beta(100 * trade["usage"], 100 * (1 - trade["usage"])).round(3).clip(0.01),
                            "churn": rng.beta(50 * trade["churn"], 50 * (1 - trade["churn"])).round(3).clip(0.01)})
    return clients.assign(prominence=rng.lognormal(0, PROMINENCE, n)).set_axis(pd.RangeIndex(1, n + 1, name="client_id"))


def _ties(clients, rng):
    """Whom each client listens to, trade by trade."""
    rows = []
    for client, own in clients["trade"].items():
        same = (clients["trade"] == own) & (clients.index != client)
        for kind, pool, mean in (("same", same, TRADES.loc[own, "listens_to"]), ("other", clients["trade"] != own, ABROAD)):
            weight = clients.loc[pool, "prominence"]
            heard = rng.choice(weight.index, min(rng.poisson(mean), len(weight)), replace=False, p=weight / weight.sum())
            rows += [(int(source), client, kind) for source in np.sort(heard)]
    return pd.DataFrame(rows, columns=["source", "target", "trade"])


def _pilot(clients, ties, rng):
    from ..network import cascades, client_graph

    taught = rng.choice(clients.index, round(PILOT * len(clients)), replace=False)
    quarter = cascades(client_graph(ties, clients.index), taught, n=1, rng=rng).iloc[0]
    return quarter.where(quarter <= QUARTERS).rename("pilot").rename_axis("client_id")
