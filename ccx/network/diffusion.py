"""Time: what teaching only brings forward and what would never have come, and how an idea becomes usual (Bass)."""

import numpy as np
import pandas as pd

from .ties import Ties, aligned


def with_and_without(graph, taught, alone, horizon, n, rng):
    """The same worlds twice: nobody is taught, and some are.

    Parameters
    ----------
    graph : networkx graph
        With ``p`` on its edges, as from `client_graph`.
    taught : sequence of clients
    alone : float
        Probability a period with which a client comes to the lesson by itself, from outside the network.
    horizon : int
        Periods; whoever has not taken the lesson over by then counts as never.
    n : int
        Worlds.
    rng : Generator or int

    Returns
    -------
    without, with_ : DataFrame
        As from `cascades`: a row per world, a column per client, the period in which it takes the lesson over, inf for never.

    Raises
    ------
    ValueError
        Where `alone` is no probability or somebody is taught who is not in the network.

    Notes
    -----
    Ties and the periods in which clients come by themselves are drawn once and used twice, so each client in each world has a counterfactual: nobody is
    later with teaching than without.

    Examples
    --------
    >>> from ccx.network import client_graph
    >>> chain = client_graph(pd.DataFrame({"source": ["Ann"], "target": ["Bob"], "p": 1.0}))
    >>> without, with_ = with_and_without(chain, ["Ann"], alone=0.0, horizon=8, n=1, rng=1)
    >>> without.iloc[0].tolist(), with_.iloc[0].tolist()
    ([inf, inf], [0.0, 1.0])
    """
    if not 0 <= alone <= 1:
        raise ValueError(f"alone is {alone}; it is a probability a period.")
    ties, rng = Ties.of(graph), np.random.default_rng(rng)
    live = ties.live(n, rng, "cascade")
    own = rng.geometric(alone, (n, len(ties.clients))).astype(float) if alone else np.full((n, len(ties.clients)), np.inf)
    own[own > horizon] = np.inf
    runs = (ties.waves(live, start) for start in (own, np.minimum(own, ties.start(taught, n))))
    return tuple(pd.DataFrame(np.where(waves <= horizon, waves, np.inf), columns=ties.clients).rename_axis(index="world") for waves in runs)


def acceleration_and_expansion(without, with_, value=None, rate=0.0):
    """Split what teaching brings into what only comes earlier and what would never have come.

    Parameters
    ----------
    without, with_ : DataFrame
        From `with_and_without`.
    value : Series, optional
        What a client who takes the lesson over brings, at that moment, by client; by default 1.
    rate : float, default 0
        Discount rate a *period*.

    Returns
    -------
    DataFrame, by world
        ``acceleration``: of clients who would have come anyway, later; ``expansion``: of those who would not have come within the horizon.

    Notes
    -----
    A client who comes in period t is worth v / (1 + r)ᵗ, and nothing if it never comes. The two parts add up to the whole gain, as in Libai, Muller and Peres (2013).

    Examples
    --------
    >>> without, with_ = pd.DataFrame({"Ann": [2.0], "Bob": [np.inf]}), pd.DataFrame({"Ann": [0.0], "Bob": [1.0]})
    >>> acceleration_and_expansion(without, with_, pd.Series({"Ann": 100, "Bob": 100}), rate=0.25).to_dict("records")
    [{'acceleration': 36.0, 'expansion': 80.0}]
    """
    if not rate > -1:
        raise ValueError(f"A discount rate is above −1, but this is {rate}.")
    before, after, worth = without.to_numpy(), with_.to_numpy(), aligned(value, without.columns)
    # Not (1 + r) ** −t: at a rate of 0 that would be worth 1 at the time never.
    worth_before, worth_after = (np.where(np.isfinite(time), (1 + rate) ** -np.where(np.isfinite(time), time, 0), 0) for time in (before, after))
    gain, anyway = (worth_after - worth_before) * worth, np.isfinite(before)
    return pd.DataFrame({"acceleration": (gain * anyway).sum(axis=1), "expansion": (gain * ~anyway).sum(axis=1)}, index=without.index)


def adopted_by(waves, periods):
    """Share of all clients that have taken the lesson over by each period, on average over the worlds.

    Parameters
    ----------
    waves : DataFrame
        From `cascades` or `with_and_without`.
    periods : sequence of int

    Returns
    -------
    Series, by period

    Examples
    --------
    >>> adopted_by(pd.DataFrame({"Ann": [0.0, 0], "Bob": [1.0, np.inf]}), range(2)).tolist()
    [0.5, 0.75]
    """
    times = waves.to_numpy()
    return pd.Series([(times <= period).mean() for period in periods], index=pd.Index(periods, name="period"), name="adopted")


def bass_adopted(t, p, q, taught=0.0):
    """Share of all clients who have come round to an idea by time t (Bass, 1969), when some are taught at the start.

    Parameters
    ----------
    t : float or array_like of float
        Time since the start.
    p : float
        Rate at which those who have not come round do so by themselves, per unit of time.
    q : float
        How much others who have come round add to that rate: q times their share.
    taught : float, default 0
        Share taught at time 0.

    Returns
    -------
    float or ndarray, shaped like `t`

    Raises
    ------
    ValueError
        Where p is not above 0, q is negative or the share taught is not below 1.

    Notes
    -----
    F' = (p + q F) (1 − F), so F(t) = (1 − A e^−(p+q)t) / (1 + A (q/p) e^−(p+q)t) with A = (1 − F₀) / (1 + F₀ q/p).

    Examples
    --------
    >>> bass_adopted([0, 5, 10], p=0.03, q=0.38).round(3).tolist()
    [0.0, 0.331, 0.813]
    >>> bass_adopted([0, 5, 10], p=0.03, q=0.38, taught=0.05).round(3).tolist()
    [0.05, 0.475, 0.883]
    """
    _check_bass(p, q, taught)
    left = (1 - taught) / (1 + taught * q / p) * np.exp(-(p + q) * np.asarray(t, dtype=float))
    return ((1 - left) / (1 + q / p * left))[()]


def bass_peak(p, q, taught=0.0):
    """When most clients at a time come round to an idea.

    Parameters
    ----------
    p, q : float
        As in `bass_adopted`.
    taught : float, default 0
        Share taught at time 0.

    Returns
    -------
    float
        0 where the wave only falls: with q ≤ p, or where more than 1/2 − p / (2q) are taught at the start.

    Notes
    -----
    (p + q F)(1 − F) is largest at F* = 1/2 − p / (2q), whatever the start, which without teaching is at t* = ln(q/p) / (p + q) (Bass, 1969).

    Examples
    --------
    >>> round(bass_peak(0.03, 0.38), 2), round(bass_peak(0.03, 0.38, taught=0.05), 2)
    (6.19, 4.87)
    """
    _check_bass(p, q, taught)
    if q <= 0:
        return 0.0
    return float(max(np.log(q / p * (1 - taught) / (1 + taught * q / p)) / (p + q), 0))


def _check_bass(p, q, taught):
    if not (p > 0 and q >= 0 and 0 <= taught < 1):
        raise ValueError(f"Bass takes p above 0, q of 0 or more and a share taught from 0 to below 1, but here are {p}, {q} and {taught}.")
