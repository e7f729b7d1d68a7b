"""What a firm becomes by what it pays the managers for who spend its budget on winning customers."""

import numpy as np
import pandas as pd

CURVE = ["prospects", "ceiling", "ease"]
PAYS = {"head count": "head_count", "revenue": "revenue", "equity": "equity", "equity after cost": "equity"}


def sales_channels():
    """The channels of lesson 09, through which a firm's sales team can win customers.

    Returns
    -------
    DataFrame
        By channel: ``prospects`` (people), ``ceiling`` (the largest share of them that can be won), ``ease`` (how fast money gets there, per dollar per
        prospect), ``revenue`` (dollars in a customer's first year) and ``equity`` (dollars that a customer is worth over their life, before the cost of winning
        them).

    Examples
    --------
    >>> sales_channels()
                prospects  ceiling  ease  revenue  equity
    fairs            4000     0.30  0.02      900     800
    search          20000     0.20  0.10      200     150
    deal sites      60000     0.25  0.25       90      12
    """
    columns = {"prospects": [4000, 20_000, 60_000], "ceiling": [0.3, 0.2, 0.25], "ease": [0.02, 0.1, 0.25], "revenue": [900, 200, 90], "equity": [800, 150, 12]}
    return pd.DataFrame(columns, index=["fairs", "search", "deal sites"])


def customers_won(channels, spending):
    """Customers that each channel brings for the money spent on it.

    Parameters
    ----------
    channels : DataFrame
        As from `sales_channels`.
    spending : array_like, shape (n_channels,)
        Dollars.

    Returns
    -------
    Series
        By channel.

    Raises
    ------
    ValueError
        When a column is missing, or a number in it or the spending can't be.

    Notes
    -----
    prospects · ceiling · (1 − exp(−ease · dollars per prospect)), as in Blattberg and Deighton (1996): each further dollar wins fewer.

    Examples
    --------
    >>> customers_won(sales_channels(), [0, 100_000, 100_000]).round().tolist()
    [0.0, 1574.0, 5111.0]
    """
    prospects, ceiling, ease = _curve(channels)
    spending = np.asarray(spending, dtype=float)
    if spending.shape != prospects.shape or not np.all((spending >= 0) & np.isfinite(spending)):
        raise ValueError(f"Give one number of dollars, 0 or more, for each of the {len(prospects)} channels.")
    return pd.Series(prospects * ceiling * -np.expm1(-ease * spending / prospects), channels.index)


def best_spending(channels, budget, worth, charged=False):
    """How a manager spends a budget whose pay rises with the worth of the customers won.

    Parameters
    ----------
    channels : DataFrame
        As from `sales_channels`.
    budget : float
        Dollars.
    worth : float or array_like, shape (n_channels,)
        What a customer from each channel counts in the manager's pay: 1 for a head, or the columns ``revenue`` or ``equity``.
    charged : bool, default False
        Whether each dollar spent is taken off the pay, so that the manager stops where a dollar brings less than a dollar. Otherwise all of the budget is spent.

    Returns
    -------
    Series
        Dollars by channel.

    Raises
    ------
    ValueError
        When budget or worth is negative, or no customer is worth anything.

    Notes
    -----
    Where money goes, the last dollar brings the same everywhere, λ (Lagrange): dollars = prospects / ease · ln(worth · ceiling · ease / λ), and nothing
    where even the first dollar brings less than λ. Only ratios of worth matter, unless the money is charged.

    Examples
    --------
    >>> channels = sales_channels()
    >>> best_spending(channels, 400_000, worth=1).round().tolist()
    [0.0, 57516.0, 342484.0]
    >>> best_spending(channels, 400_000, worth=channels["equity"]).round().tolist()
    [247000.0, 153000.0, 0.0]
    """
    prospects, ceiling, ease = _curve(channels)
    first = np.broadcast_to(np.asarray(worth, dtype=float), prospects.shape) * ceiling * ease
    if not 0 <= budget < np.inf or not np.isfinite(first).all() or (first < 0).any() or not first.any():
        raise ValueError("A manager needs a budget of 0 or more, and customers of whom some are worth something and none less than nothing.")
    lowest = _last_dollar(prospects / ease, first, budget)
    return pd.Series(_water(prospects / ease, first, max(lowest, 1.0) if charged else lowest), channels.index)


def what_pay_makes(channels, budget, pays=tuple(PAYS)):
    """What a firm becomes by what its sales manager is paid for.

    Parameters
    ----------
    channels : DataFrame
        As from `sales_channels`.
    budget : float
        Dollars that the manager may spend.
    pays : sequence of str, default all four
        Of "head count", "revenue", "equity", and "equity after cost", where the spending is charged to the manager.

    Returns
    -------
    DataFrame
        By pay: ``spent``, ``customers``, ``revenue`` of the first year, ``equity`` of the customers won, and ``gain``, the equity less what was spent.

    Raises
    ------
    ValueError
        For a pay that is none of the four.

    Examples
    --------
    >>> what_pay_makes(sales_channels(), 1_000_000)[["spent", "customers", "equity", "gain"]].round(-3)
                           spent  customers     equity      gain
    head count         1000000.0    17000.0   889000.0 -111000.0
    revenue            1000000.0    16000.0  1364000.0  364000.0
    equity             1000000.0    11000.0  1463000.0  463000.0
    equity after cost   533000.0     4000.0  1160000.0  627000.0
    """
    unknown = [pay for pay in pays if pay not in PAYS]
    if unknown:
        raise ValueError(f"There is no pay {unknown[0]!r}; there are {', '.join(PAYS)}.")
    known = channels.assign(head_count=1.0)
    rows = {}
    for pay in pays:
        spending = best_spending(channels, budget, known[PAYS[pay]], charged=pay == "equity after cost")
        won = customers_won(channels, spending)
        revenue, equity = won @ channels["revenue"], won @ channels["equity"]
        rows[pay] = {"spent": spending.sum(), "customers": won.sum(), "revenue": revenue, "equity": equity, "gain": equity - spending.sum()}
    return pd.DataFrame(rows).T


def _curve(channels):
    missing = [column for column in CURVE if column not in channels]
    if missing:
        raise ValueError(f"The table of channels lacks the column {missing[0]!r}.")
    prospects, ceiling, ease = channels[CURVE].to_numpy(float).T
    if not ((prospects > 0) & (0 < ceiling) & (ceiling <= 1) & (0 < ease) & np.isfinite(prospects * ease)).all():
        raise ValueError("Channels need prospects and an ease above 0, and a ceiling above 0 and at most 1.")
    return prospects, ceiling, ease


def _water(scale, first, level):
    """Money by channel when the last dollar brings `level` everywhere."""
    with np.errstate(divide="ignore"):
        return np.maximum(scale * np.log(first / level), 0)


def _last_dollar(scale, first, budget):
    """What the last dollar brings when all of the budget is spent: with the m best channels open, ln λ = (Σ scale · ln first − budget) / Σ scale."""
    best = np.argsort(-first)
    scale, first = scale[best], first[best]
    with np.errstate(divide="ignore"):
        levels = np.exp((np.cumsum(scale * np.log(first)) - budget) / np.cumsum(scale))
    # A channel is open when its first dollar beats the last one of those before it.
    closed = np.append(first[1:] <= levels[:-1], True)
    return levels[np.argmax(closed)]
