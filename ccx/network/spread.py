"""How far a lesson spreads among clients: cascades by the thousand, and the exact answer where the network is small."""

import itertools

import numpy as np
import pandas as pd
from scipy.special import ndtri

from .ties import Ties, aligned

# Worlds that `exact_spread` looks at.
MOST = 2**16


def cascades(graph, taught, n, rng, model="cascade"):
    """Teach some clients, and see again and again how far it spreads.

    Parameters
    ----------
    graph : networkx graph
        With ``p`` on its edges, as from `client_graph`.
    taught : sequence of clients
    n : int
        Runs.
    rng : Generator or int
        The same number gives the same worlds whoever is taught, so that two choices can be compared run by run.
    model : {"cascade", "threshold"}
        Whether each tie works by itself with probability p, or a client is won over when the p of its ties to those already won add up to its threshold,
        which is uniform between 0 and 1.

    Returns
    -------
    DataFrame
        A row per run and a column per client: the wave in which it takes the lesson over, 0 where it is taught, inf where it never does.

    Raises
    ------
    ValueError
        Where a tie has no probability, somebody is taught who is not in the network, or with thresholds the p that lead to a client exceed 1 together.

    Notes
    -----
    Both models are the same as drawing first which ties are live and then following them (Kempe, Kleinberg and Tardos, 2003): each by itself in the
    independent cascade (Goldenberg, Libai and Muller, 2001), at most one of those that lead to a client, with probability p, in the linear threshold
    model (after Granovetter, 1978).

    Examples
    --------
    >>> from ccx.network import client_graph
    >>> ties = pd.DataFrame({"source": ["Ann", "Bob"], "target": ["Bob", "Cid"], "p": [1.0, 0.0]})
    >>> cascades(client_graph(ties), ["Ann"], n=2, rng=1)
           Ann  Bob  Cid
    run
    0      0.0  1.0  inf
    1      0.0  1.0  inf
    """
    ties, rng = Ties.of(graph, model), np.random.default_rng(rng)
    waves = ties.waves(ties.live(n, rng, model), ties.start(taught, n))
    return pd.DataFrame(waves, columns=ties.clients).rename_axis(index="run")


def reached(waves, value=None):
    """What is reached in each run: the number of clients, or the sum of their values.

    Parameters
    ----------
    waves : DataFrame
        From `cascades`.
    value : Series, optional
        By client; by default each counts 1.

    Returns
    -------
    Series, by run

    Raises
    ------
    ValueError
        Where a client has no value.

    Examples
    --------
    >>> waves = pd.DataFrame({"Ann": [0, 0], "Bob": [1, np.inf]})
    >>> reached(waves, pd.Series({"Bob": 10.0, "Ann": 2.0})).tolist()
    [12.0, 2.0]
    """
    return pd.Series(np.isfinite(waves.to_numpy()) @ aligned(value, waves.columns), index=waves.index, name="reached")


def expected_spread(runs, level=0.95):
    """The mean over runs, with an interval for the expected value.

    Parameters
    ----------
    runs : array_like of float
        What was reached in each run, as from `reached`.
    level : float, default 0.95

    Returns
    -------
    Series
        ``mean``, ``low`` and ``high``: mean ± z s / √n. It says how well the *expected* spread is known; one cascade varies much more.

    Raises
    ------
    ValueError
        With fewer than two runs or a level that is no share.

    Examples
    --------
    >>> expected_spread([1, 3, 1, 3]).round(2).to_dict()
    {'mean': 2.0, 'low': 0.87, 'high': 3.13}
    """
    runs = np.asarray(runs, dtype=float)
    if runs.size < 2 or not 0 < level < 1:
        raise ValueError("An interval takes at least two runs and a level between 0 and 1.")
    mean, half = runs.mean(), ndtri((1 + level) / 2) * runs.std(ddof=1) / np.sqrt(runs.size)
    return pd.Series({"mean": mean, "low": mean - half, "high": mean + half})


def exact_spread(graph, taught, value=None, model="cascade"):
    """The expected spread to the last digit, by looking at every world of a small network.

    Parameters
    ----------
    graph : networkx graph
        Of about 16 ties at most.
    taught : sequence of clients
    value : Series, optional
        By client; by default each counts 1.
    model : {"cascade", "threshold"}

    Returns
    -------
    float

    Raises
    ------
    ValueError
        Where there are more than 65,536 worlds.

    Notes
    -----
    The sum over all ways in which ties can be live of probability times what is reached then.

    Examples
    --------
    >>> from ccx.network import client_graph
    >>> ties = pd.DataFrame({"source": ["Ann", "Bob", "Ann"], "target": ["Bob", "Cid", "Cid"], "p": 0.5})
    >>> # Bob learns it with probability ½; Ann can win Cid over through Bob (½ · ½) or herself (½), so with 1 − ¾ · ½.
    >>> exact_spread(client_graph(ties), ["Ann"])
    2.125
    """
    ties = Ties.of(graph, model)
    live, chance = _every_world(ties, model)
    waves = ties.waves(live, ties.start(taught, len(live)))
    return float(chance @ (np.isfinite(waves) @ aligned(value, ties.clients)))


def _every_world(ties, model):
    """All ways in which ties can be live, and how probable each is."""
    if model == "cascade":
        choices = [[((i,), p), ((), 1 - p)] for i, p in enumerate(ties.p)]
    else:
        mine = [np.flatnonzero(ties.target == head) for head in np.unique(ties.target)]
        choices = [[*(((i,), ties.p[i]) for i in tied), ((), 1 - ties.p[tied].sum())] for tied in mine]
    if np.prod([float(len(one)) for one in choices]) > MOST:
        raise ValueError(f"There are more than {MOST:,} worlds: draw some with cascades instead.")
    worlds = list(itertools.product(*choices))
    live = np.zeros((len(worlds), len(ties.p)), bool)
    for world, row in zip(worlds, live):
        row[[i for on, _ in world for i in on]] = True
    return live, np.array([np.prod([p for _, p in world]) for world in worlds])


def ties_tested(ties, quarter):
    """The ties that were put to the test alone, and whether they worked: what one observed cascade tells about p.

    Parameters
    ----------
    ties : DataFrame
        ``source`` and ``target``; other columns are kept.
    quarter : Series, by client
        When the client took the lesson over, missing if it did not; the last quarter seen has not been followed and tests nothing.

    Returns
    -------
    DataFrame
        The ties whose source was the only one of those the target listens to that took over in its quarter, while the target had not yet; with ``worked``: whether
        the target took over in the next quarter.

    Notes
    -----
    In an independent cascade each of these ties worked with its probability p, whatever had happened before; so the share that worked is an unbiased estimate of it.

    Examples
    --------
    >>> ties = pd.DataFrame({"source": ["Ann", "Ann", "Bob"], "target": ["Bob", "Cid", "Dan"]})
    >>> ties_tested(ties, pd.Series({"Ann": 0, "Bob": 1, "Cid": np.nan, "Dan": 2}))
      source target  worked
    0    Ann    Bob    True
    1    Ann    Cid   False
    2    Bob    Dan    True
    """
    known = quarter.astype(float).fillna(np.inf)
    start, end = (known.reindex(ties[name]).to_numpy() for name in ("source", "target"))
    last = known[np.isfinite(known)].max()
    tried = ties.assign(start=start, worked=end == start + 1)[(start < last) & (end > start)]
    alone = ~tried.duplicated(["target", "start"], keep=False)
    return tried[alone].drop(columns="start")
