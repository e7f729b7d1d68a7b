"""An industry with two strategies: who gains by how many firms follow each, which mix is stable, and for whom it is healthy."""

import numpy as np
import pandas as pd

from .competition import consumer_surplus, equilibrium_prices, firm_profits


def industry():
    """The industry of lesson 09: two strategies and two segments, few valuable customers and many who look at the price.

    Returns
    -------
    offers : DataFrame
        A row per strategy, columns as the firms of `choice_shares`: a customer-centric firm is built around the focal customers and costs more to run.
    segments : DataFrame
        ``share``, ``demand`` and ``sensitivity`` of the focal customers and the rest.

    Examples
    --------
    >>> offers, segments = industry()
    >>> offers
                      focal  rest  unit_cost  fixed_cost
    customer-centric    4.5   0.8        1.0        0.03
    product-centric     2.0   2.0        0.6        0.02
    >>> segments
           share  demand  sensitivity
    focal   0.15     4.0          1.0
    rest    0.85     1.0          3.0
    """
    offers = pd.DataFrame({"focal": [4.5, 2.0], "rest": [0.8, 2.0], "unit_cost": [1.0, 0.6], "fixed_cost": [0.03, 0.02]},
                          index=["customer-centric", "product-centric"])
    segments = pd.DataFrame({"share": [0.15, 0.85], "demand": [4.0, 1.0], "sensitivity": [1.0, 3.0]}, index=["focal", "rest"])
    return offers, segments


def firms_of(offers, k, n=10):
    """The firms of a market in which `k` of `n` follow the first strategy and the others the second.

    Parameters
    ----------
    offers : DataFrame
        Two rows, one per strategy.
    k, n : int

    Returns
    -------
    DataFrame
        A row per firm, those of the first strategy first.

    Raises
    ------
    ValueError
        Unless there are two offers and k is a whole number from 0 to n.

    Examples
    --------
    >>> firms_of(industry()[0], k=1, n=3).index.tolist()
    ['customer-centric', 'product-centric', 'product-centric']
    """
    if len(offers) != 2 or k != int(k) or n != int(n) or not 0 <= k <= n or n < 1:
        raise ValueError(f"A mix takes two offers and k of n firms with 0 ≤ k ≤ n, not {len(offers)} offers and {k} of {n}.")
    return offers.iloc[[0] * int(k) + [1] * int(n - k)]


def mix_table(offers, segments, n=10):
    """What every mix of two strategies brings to its firms, to their industry and to their customers.

    Parameters
    ----------
    offers : DataFrame
        Two rows, one per strategy, as from `industry`.
    segments : DataFrame
    n : int, default 10
        Firms in the market.

    Returns
    -------
    DataFrame
        By ``k``, the number of firms that follow the first strategy, from 0 to n: the profit of a firm of either strategy (a column named after each; NaN
        where there is no such firm), ``industry_profit`` (of all firms), ``consumer_surplus`` and ``welfare``, their sum. All in money per period and
        customer of the market.

    Examples
    --------
    >>> table = mix_table(*industry())
    >>> table[["customer-centric", "product-centric", "industry_profit"]].loc[[1, 4, 7]].round(3)
       customer-centric  product-centric  industry_profit
    k
    1             0.190            0.037            0.519
    4             0.097            0.033            0.587
    7             0.056            0.048            0.533
    >>> table.idxmax()[["industry_profit", "welfare", "consumer_surplus"]].tolist()
    [4, 7, 10]
    """
    return pd.DataFrame([_mix(offers, segments, k, n) for k in range(n + 1)], index=pd.RangeIndex(n + 1, name="k"))


def _mix(offers, segments, k, n):
    firms = firms_of(offers, k, n)
    prices = equilibrium_prices(firms, segments)
    profits, surplus = firm_profits(firms, segments, prices), consumer_surplus(firms, segments, prices)
    of_each = {offers.index[0]: profits.iloc[0] if k else np.nan, offers.index[1]: profits.iloc[-1] if k < n else np.nan}
    return of_each | {"industry_profit": profits.sum(), "consumer_surplus": surplus, "welfare": profits.sum() + surplus}


def switch_gains(first, second):
    """What a firm gains by changing its strategy alone, at each mix.

    Parameters
    ----------
    first : array_like, shape (n + 1,)
        Profit of a firm of the first strategy when k firms follow it, k = 0 … n (at 0 there is none, so any number or NaN).
    second : array_like, shape (n + 1,)
        Profit of a firm of the second strategy at the same mixes (at n there is none).

    Returns
    -------
    DataFrame
        By ``k``: ``to_first``, the gain of a firm of the second strategy that goes over to the first, first[k + 1] − second[k], and ``to_second``, the gain of
        a firm that goes the other way, second[k − 1] − first[k]; NaN where there is no such firm.

    Raises
    ------
    ValueError
        Unless both are rows of the same length, of at least 2.

    Notes
    -----
    Who changes sides changes the mix: the profit to compare with is that at the *next* mix, not the other strategy's at this one.

    Examples
    --------
    >>> switch_gains([np.nan, 5, 2], [3, 2, np.nan])
       to_first  to_second
    k
    0       2.0        NaN
    1       0.0       -2.0
    2       NaN        0.0
    """
    first, second = _rows(first, second)
    nothing = [np.nan]
    return pd.DataFrame({"to_first": np.r_[first[1:] - second[:-1], nothing], "to_second": np.r_[nothing, second[:-1] - first[1:]]},
                        index=pd.RangeIndex(len(first), name="k"))


def stable_mixes(first, second):
    """The mixes at which no firm gains by changing its strategy alone.

    Parameters
    ----------
    first, second : array_like, shape (n + 1,)
        Profits by mix, as in `switch_gains`.

    Returns
    -------
    list of int
        Numbers k of firms of the first strategy: the pure Nash equilibria of the game in which each firm chooses its strategy. There is always at least one.

    Notes
    -----
    Between k and k + 1 there is one question, whether the firm in between earns more on the first or on the second side; a mix is stable when the answer
    below it is not "second" and the answer above it is not "first". Where profits fall with the number of firms on a side there is one such mix, or two
    neighbours (a congestion game: Rosenthal 1973).

    Examples
    --------
    >>> table = mix_table(*industry())
    >>> stable_mixes(table["customer-centric"], table["product-centric"])
    [7]
    >>> stable_mixes([0, 1, 4], [2, 3, 0])
    [0, 2]
    """
    gains = switch_gains(first, second).fillna(-np.inf)
    return [int(k) for k in gains.index[(gains <= 0).all(axis=1)]]


def replicator(first, second, start, steps=200, speed=1.0):
    """How the share of firms with the first strategy moves when strategies that earn more spread.

    Parameters
    ----------
    first, second : array_like, shape (n + 1,)
        Profits by mix, as in `switch_gains`.
    start : float
        Share of firms that follow the first strategy at the start, between 0 and 1.
    steps : int, default 200
    speed : float, default 1
        How strongly a difference of the whole scale of profits (the mean of their absolute values) moves the logarithm of the odds in a step.

    Returns
    -------
    ndarray, shape (steps + 1,)
        The share, from the start on.

    Raises
    ------
    ValueError
        When the start is no share, or the speed not positive.

    Notes
    -----
    Replicator dynamics (Taylor and Jonker 1978), dx/dt = x (1 − x) (π₁ − π₂), taken in steps of the log odds, which can't leave the interval. Profits
    between two mixes are interpolated; below one firm they are those of one firm. It comes to rest where both strategies earn the *same*, which is not
    quite the mix from which no firm gains by leaving.

    Examples
    --------
    >>> k = np.arange(11)

    Ten places to fish, of which six are good when nobody is there: in the end all fish equally well.

    >>> path = replicator(6 / np.maximum(k, 1), 4 / np.maximum(10 - k, 1), start=0.1)
    >>> path[[0, 5, 10, 200]].round(2).tolist()
    [0.1, 0.6, 0.6, 0.6]
    """
    first, second = _rows(first, second)
    if not 0 <= start <= 1 or not 0 < speed < np.inf:
        raise ValueError(f"Replicator dynamics start at a share between 0 and 1 and have a positive speed, not {start} and {speed}.")
    n = len(first) - 1
    first, second = np.r_[first[1], first[1:]], np.r_[second[:-1], second[-2]]
    gap = (first - second) * speed / np.abs(np.r_[first, second]).mean()
    path = [start]
    for _ in range(steps):
        x, grown = path[-1], np.exp(np.interp(path[-1] * n, np.arange(n + 1), gap))
        path.append(x * grown / (x * grown + 1 - x))
    return np.array(path)


def shared_pools(n=10, share=0.2, values=(10.0, 1.0), fixed_costs=(0.15, 0.04)):
    """The same game without prices: firms of each strategy share a pool of customers among themselves.

    Parameters
    ----------
    n : int, default 10
        Firms.
    share : float, default 0.2
        Share of the customers in the first pool; the rest are in the second.
    values : pair of float, default (10, 1)
        Margin per customer in the first and in the second pool.
    fixed_costs : pair of float, default (0.15, 0.04)
        Of a firm of the first and of the second strategy.

    Returns
    -------
    DataFrame
        By ``k``: profit of a firm of the ``first`` and of the ``second`` strategy; NaN where there is none.

    Raises
    ------
    ValueError
        When n is below 1 or share is not between 0 and 1.

    Notes
    -----
    share · value / k − fixed cost, and (1 − share) · value / (n − k) − fixed cost: the more firms in a pool, the less for each (congestion).

    Examples
    --------
    >>> pools = shared_pools()
    >>> pools.loc[[6, 7]].round(3)
       first  second
    k
    6  0.183   0.160
    7  0.136   0.227
    >>> stable_mixes(pools["first"], pools["second"])
    [6]
    """
    if n < 1 or not 0 < share < 1:
        raise ValueError(f"Pools need at least one firm and a share between 0 and 1, not {n} and {share}.")
    k = np.arange(n + 1.0)
    with np.errstate(divide="ignore"):
        first, second = share * values[0] / k - fixed_costs[0], (1 - share) * values[1] / (n - k) - fixed_costs[1]
    return pd.DataFrame({"first": first, "second": second}, index=pd.RangeIndex(n + 1, name="k")).replace(np.inf, np.nan)


def _rows(first, second):
    first, second = np.array(first, dtype=float), np.array(second, dtype=float)
    if first.ndim != 1 or first.shape != second.shape or len(first) < 2:
        raise ValueError("Give the profits of both strategies as two rows of the same length, one number for each k from 0 to n.")
    return first, second
