"""Firms in one market: which of them a customer chooses, the prices they set against each other, what firms and customers gain."""

import numpy as np
import pandas as pd

COSTS, TRAITS = ["unit_cost", "fixed_cost"], ["share", "demand", "sensitivity"]


def choice_shares(firms, segments, prices):
    """The share of each segment's customers that choose each firm.

    Parameters
    ----------
    firms : DataFrame
        A row per firm: a column per segment with the quality of what the firm offers to it (in units of utility), ``unit_cost`` (money
        per unit) and ``fixed_cost`` (money per period).
    segments : DataFrame
        A row per segment: ``share`` of all customers, ``demand`` (units per customer and period), ``sensitivity`` (utility lost per unit of
        money).
    prices : array_like, shape (n_firms,)
        Money per unit, the same for all segments.

    Returns
    -------
    DataFrame
        A row per firm, a column per segment; what is missing to 1 in a column buys from nobody.

    Raises
    ------
    ValueError
        When a table lacks a column, or a number in it or a price can't be.

    Notes
    -----
    Multinomial logit (McFadden 1974): with utility u = quality − sensitivity · price a firm's share is exp(u) / (1 + Σ exp(u)); buying from nobody has
    utility 0.

    Examples
    --------
    >>> segments = pd.DataFrame({"share": [1.0], "demand": [1.0], "sensitivity": [2.0]}, index=["all"])

    Two equal firms whose customers are indifferent between them and nothing:

    >>> firms = pd.DataFrame({"all": [3.0, 3.0], "unit_cost": 1.0, "fixed_cost": 0.0})
    >>> choice_shares(firms, segments, [1.5, 1.5])["all"].round(3).tolist()
    [0.333, 0.333]
    """
    quality, *_, sensitivity = _read(firms, segments)
    shares, _ = _logit(quality, sensitivity, _prices(prices, firms))
    return pd.DataFrame(shares, firms.index, segments.index)


def firm_profits(firms, segments, prices):
    """Each firm's profit at given prices.

    Parameters
    ----------
    firms, segments : DataFrame
        As in `choice_shares`.
    prices : array_like, shape (n_firms,)

    Returns
    -------
    Series
        By firm, in money per period and customer of the whole market.

    Notes
    -----
    (price − unit cost) · Σ share of segment · demand · choice share − fixed cost.

    Examples
    --------
    >>> segments = pd.DataFrame({"share": [1.0], "demand": [1.0], "sensitivity": [2.0]}, index=["all"])
    >>> firms = pd.DataFrame({"all": [3.0, 3.0], "unit_cost": 1.0, "fixed_cost": 0.1})
    >>> firm_profits(firms, segments, [1.5, 1.5]).round(3).tolist()
    [0.067, 0.067]
    """
    quality, cost, fixed, weight, sensitivity = _read(firms, segments)
    prices = _prices(prices, firms)
    return pd.Series((prices - cost) * (_logit(quality, sensitivity, prices)[0] @ weight) - fixed, firms.index)


def consumer_surplus(firms, segments, prices):
    """What all customers together gain from the market, in money.

    Parameters
    ----------
    firms, segments : DataFrame
        As in `choice_shares`.
    prices : array_like, shape (n_firms,)

    Returns
    -------
    float
        Money per period and customer of the whole market; 0 where nobody offers anything worth buying.

    Notes
    -----
    Σ share of segment · demand · ln(1 + Σ exp(u)) / sensitivity (Small and Rosen 1981): the expected utility of the best choice, divided by what a unit
    of money is worth to the customer.

    Examples
    --------
    >>> segments = pd.DataFrame({"share": [1.0], "demand": [1.0], "sensitivity": [2.0]}, index=["all"])

    A second firm, just as good and as dear as the first, is worth something: there is more to choose from.

    >>> firms = pd.DataFrame({"all": [3.0, 3.0], "unit_cost": 1.0, "fixed_cost": 0.0})
    >>> round(consumer_surplus(firms.iloc[:1], segments, [1.5]), 3), round(consumer_surplus(firms, segments, [1.5, 1.5]), 3)
    (0.347, 0.549)
    """
    quality, _, _, weight, sensitivity = _read(firms, segments)
    return float(weight @ (_logit(quality, sensitivity, _prices(prices, firms))[1] / sensitivity))


def best_price(firms, segments, prices, firm):
    """The price that brings one firm the most, while the others keep theirs.

    Parameters
    ----------
    firms, segments : DataFrame
        As in `choice_shares`.
    prices : array_like, shape (n_firms,)
        The others' prices; the firm's own does not matter.
    firm : int
        Which row of `firms`, from 0.

    Returns
    -------
    float

    Notes
    -----
    With several segments a firm's profit may have several peaks over its price (dear for the few, cheap for the many), so all of them are looked at
    before the highest is climbed. With one segment the best price is cost + 1 / (sensitivity · (1 − own share)).

    Examples
    --------
    >>> segments = pd.DataFrame({"share": [1.0], "demand": [1.0], "sensitivity": [2.0]}, index=["all"])
    >>> firms = pd.DataFrame({"all": [3.0, 3.0], "unit_cost": 1.0, "fixed_cost": 0.0})
    >>> [round(best_price(firms, segments, [1.5, rival], 0), 3) for rival in (1.2, 1.5, 3.0)]
    [1.635, 1.676, 1.775]
    """
    quality, cost, _, weight, sensitivity = _read(firms, segments)
    return _best_price(quality, cost, weight, sensitivity, _prices(prices, firms), firm)


def equilibrium_prices(firms, segments):
    """The prices at which no firm gains by changing its own.

    Parameters
    ----------
    firms, segments : DataFrame
        As in `choice_shares`.

    Returns
    -------
    Series
        By firm; like firms ask like prices.

    Raises
    ------
    ValueError
        When no such prices are found: with firms that hop between a high price for the few and a low one for the many there may be none.

    Notes
    -----
    Bertrand–Nash: every price is the best answer to all others, so `deviation_gains` are 0. Found by damped best responses: each firm goes half the way
    to its best price, until none has any way to go.

    Examples
    --------
    >>> segments = pd.DataFrame({"share": [1.0], "demand": [1.0], "sensitivity": [2.0]}, index=["all"])

    The more firms, the nearer the price comes to cost + 1 / sensitivity, which is 1.5:

    >>> firm = pd.DataFrame({"all": [3.0], "unit_cost": 1.0, "fixed_cost": 0.0})
    >>> [round(float(equilibrium_prices(pd.concat([firm] * n), segments).iloc[0]), 3) for n in (1, 2, 10, 100)]
    [1.784, 1.701, 1.549, 1.505]
    """
    quality, cost, _, weight, sensitivity = _read(firms, segments)
    # Like firms move together: one best response for each kind of firm.
    _, first, kind = np.unique(np.column_stack([quality, cost]), axis=0, return_index=True, return_inverse=True)
    prices = cost + 1 / sensitivity.max()
    for _ in range(500):
        wanted = np.array([_best_price(quality, cost, weight, sensitivity, prices, i) for i in first])[kind.ravel()]
        if np.abs(wanted - prices).max() < 1e-9:
            return pd.Series(wanted, firms.index)
        prices = (prices + wanted) / 2
    raise ValueError("These firms find no prices at which all of them stay: make the offers or the segments less extreme.")


def deviation_gains(firms, segments, prices):
    """What each firm could gain by changing its price alone.

    Parameters
    ----------
    firms, segments : DataFrame
        As in `choice_shares`.
    prices : array_like, shape (n_firms,)

    Returns
    -------
    Series
        By firm, 0 or more; all of them 0 in equilibrium.

    Examples
    --------
    >>> segments = pd.DataFrame({"share": [1.0], "demand": [1.0], "sensitivity": [2.0]}, index=["all"])
    >>> firms = pd.DataFrame({"all": [3.0, 3.0], "unit_cost": 1.0, "fixed_cost": 0.0})
    >>> deviation_gains(firms, segments, [1.5, 1.7]).round(4).tolist()
    [0.0132, 0.0001]
    >>> deviation_gains(firms, segments, equilibrium_prices(firms, segments)).round(8).tolist()
    [0.0, 0.0]
    """
    quality, cost, _, weight, sensitivity = _read(firms, segments)
    prices = _prices(prices, firms)
    gains = []
    for i in range(len(firms)):
        profit = _profit_at(quality, cost, weight, sensitivity, prices, i)
        gains.append(profit(_best_price(quality, cost, weight, sensitivity, prices, i)) - profit(prices[i]))
    return pd.Series(np.maximum(np.ravel(gains), 0), firms.index)


def _logit(quality, sensitivity, prices):
    """Shares (firms by segments), and the logarithm of 1 + Σ exp(u) by segment."""
    utility = quality - np.outer(prices, sensitivity)
    highest = np.maximum(utility.max(axis=0), 0)
    each = np.exp(utility - highest)
    whole = each.sum(axis=0) + np.exp(-highest)
    return each / whole, highest + np.log(whole)


def _profit_at(quality, cost, weight, sensitivity, prices, firm):
    """One firm's profit before fixed cost as a function of its own price."""
    utility = quality - np.outer(prices, sensitivity)
    highest = np.maximum(utility.max(axis=0), 0)
    others = np.exp(-highest) + np.exp(np.delete(utility, firm, axis=0) - highest).sum(axis=0)

    def profit(price):
        own = np.exp(np.minimum(quality[firm] - np.outer(price, sensitivity) - highest, 600))
        return (price - cost[firm]) * ((own / (own + others)) @ weight)

    return profit


def _best_price(quality, cost, weight, sensitivity, prices, firm):
    profit = _profit_at(quality, cost, weight, sensitivity, prices, firm)
    # Above the dearest of the segments' monopoly prices, cost + (1 + W(exp(x − 1))) / sensitivity with W(exp(x − 1)) < max(1, x), profit only falls.
    low, width = cost[firm], ((1 + np.maximum(quality[firm] - sensitivity * cost[firm], 1)) / sensitivity).max()
    step, high = width / 64, low + width
    for _ in range(4):
        grid = np.linspace(low, high, 65)
        top = grid[np.argmax(profit(grid))]
        low, high, step = max(top - step, cost[firm]), top + step, step / 32
    # Profit is too flat at its peak for comparing; a parabola through three points says where it is.
    middle, step = (low + high) / 2, 1e-5 * width
    left, here, right = profit(np.array([middle - step, middle, middle + step]))
    curvature = left - 2 * here + right
    return float(middle + step * (left - right) / (2 * curvature)) if curvature < 0 else float(middle)


def _prices(prices, firms):
    prices = np.asarray(prices, dtype=float)
    if prices.shape != (len(firms),) or not np.all(np.isfinite(prices)):
        raise ValueError(f"Give one finite price for each of the {len(firms)} firms.")
    return prices


def _read(firms, segments):
    """Quality (firms by segments), unit and fixed costs, customers times demand and price sensitivity by segment."""
    for name, table, wanted in (("firms", firms, [*segments.index, *COSTS]), ("segments", segments, TRAITS)):
        missing = [column for column in wanted if column not in table]
        if missing or not len(table):
            raise ValueError(f"The table of {name} lacks {f'the column {missing[0]!r}' if missing else 'rows'}.")
    quality, (share, demand, sensitivity) = firms[list(segments.index)].to_numpy(float), segments[TRAITS].to_numpy(float).T
    cost, fixed = firms[COSTS].to_numpy(float).T
    if not np.isfinite([quality.sum(), cost.sum(), fixed.sum(), share.sum(), demand.sum(), sensitivity.sum()]).all():
        raise ValueError("Firms and segments need finite numbers: a missing or infinite one got in.")
    if (share < 0).any() or (demand < 0).any() or (sensitivity <= 0).any():
        raise ValueError("Segments need shares and demand of 0 or more and a price sensitivity above 0.")
    return quality, cost, fixed, share * demand, sensitivity
