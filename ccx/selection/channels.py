"""Where customers come from: what those of a channel cost and are worth on average, and how to split a budget over channels."""

import numpy as np
import pandas as pd

from ._tables import require_columns
from .allocation import water_fill
from .curves import acquisition_rate, marginal_cac


def channel_table(ledger, value, channel):
    """What the customers of each channel cost and what they are worth, on average.

    Parameters
    ----------
    ledger : DataFrame
        ``channel``, ``spend`` (dollars) and ``acquired`` (customers): a row per channel and period, in any order.
    value : Series of float, indexed by customer
        What each customer is worth, before the cost of winning them, in dollars.
    channel : Series, indexed by customer
        The channel that each customer of `value` came by.

    Returns
    -------
    DataFrame, by channel
        ``spend``, ``acquired``; ``cac``, dollars per customer won; ``clv``, the mean value of its customers; ``net`` = clv − cac;
        ``ratio`` = clv / cac; ``equity`` = acquired × net, in dollars.

    Raises
    ------
    ValueError
        When a column is missing, a channel has won nobody, a customer has no channel, or nobody of a channel has a value.

    Notes
    -----
    Averages: they say what a channel's customers were worth, not what the next dollar spent there brings (`marginal_cac`).

    Examples
    --------
    >>> ledger = pd.DataFrame({"channel": ["deals", "partners"], "spend": [90.0, 300.0], "acquired": [3, 2]})
    >>> channel = pd.Series(["deals", "deals", "deals", "partners", "partners"])
    >>> channel_table(ledger, pd.Series([40.0, 30, 50, 200, 160]), channel)[["cac", "clv", "net"]]
                cac    clv   net
    channel
    deals      30.0   40.0  10.0
    partners  150.0  180.0  30.0
    """
    require_columns(ledger, ["channel", "spend", "acquired"], "ledger")
    table = ledger.groupby("channel", observed=True)[["spend", "acquired"]].sum()
    if (table["acquired"] <= 0).any():
        raise ValueError(f"The channel {table.index[table['acquired'] <= 0][0]!r} has won nobody, so a customer of it has no cost: leave it out.")
    by = channel.reindex(value.index)
    if by.isna().any():
        raise ValueError(f"{by.isna().sum()} of {len(by)} customers with a value have no channel: give both for the same customers.")
    mean = value.groupby(by, observed=True).mean().reindex(table.index)
    if mean.isna().any():
        raise ValueError(f"Nobody of the channel {table.index[mean.isna()][0]!r} has a value: leave it out, or value its customers.")
    table = table.assign(cac=table["spend"] / table["acquired"], clv=mean)
    net = table["clv"] - table["cac"]
    with np.errstate(divide="ignore"):
        return table.assign(net=net, ratio=table["clv"] / table["cac"], equity=table["acquired"] * net)


def split_budget(curves, prospects, budget, value=None):
    """Split a budget over channels so that it brings most.

    Parameters
    ----------
    curves : DataFrame, by channel
        ``ceiling`` and ``k``, as from `fit_acquisition`.
    prospects : Series of float, by channel
        How many people the channel reaches.
    budget : float
        Dollars.
    value : Series of float, by channel, optional
        What a customer of the channel is worth, in dollars. Then the goal is value less spending, and what would bring less than it costs is not
        spent. Without it every customer counts the same: the goal is the number of customers, and all is spent.

    Returns
    -------
    Series, by channel
        Dollars for each channel.

    Raises
    ------
    ValueError
        When the budget is negative, a channel lacks its prospects or its value, or a curve is impossible.

    Notes
    -----
    The last dollar brings the same in each channel that gets any (`water_fill`): ceiling · k · value · exp(−k A) is the same for all.

    Examples
    --------
    >>> curves = pd.DataFrame({"ceiling": [0.05, 0.10], "k": [5.0, 0.35]}, index=["deals", "partners"])
    >>> prospects = pd.Series({"deals": 30_000, "partners": 6_000})
    >>> split_budget(curves, prospects, 20_000).round().to_dict()
    {'deals': 13923.0, 'partners': 6077.0}
    >>> split_budget(curves, prospects, 20_000, value=pd.Series({"deals": 30, "partners": 150})).round().to_dict()
    {'deals': 6770.0, 'partners': 13230.0}
    """
    ceiling, k, n = _aligned(curves, prospects)
    worth = ceiling if value is None else ceiling * _of_channels(value, curves, "value")
    if value is not None:
        enough, _ = water_fill(worth, np.inf, k, n)
        budget = min(budget, n @ enough)
    return n * water_fill(worth, budget, k, n)[0]


def split_table(curves, prospects, value, spend):
    """What a split of the budget over channels brings.

    Parameters
    ----------
    curves, prospects : as for `split_budget`
    value : Series of float, by channel
        What a customer of the channel is worth, in dollars.
    spend : Series of float, by channel
        Dollars for each channel.

    Returns
    -------
    DataFrame, by channel
        ``spend``; ``acquired`` customers expected; ``cac``, what one costs on average; ``last_cac``, what the last one costs; ``value`` of one; and
        ``equity`` = acquired × value − spend, in dollars. Where nothing is spent ``cac`` is missing.

    Raises
    ------
    ValueError
        When a channel lacks its prospects, value or spend, or a spend is negative.

    Examples
    --------
    >>> curves = pd.DataFrame({"ceiling": [0.05, 0.10], "k": [5.0, 0.35]}, index=["deals", "partners"])
    >>> by_channel = lambda deals, partners: pd.Series({"deals": deals, "partners": partners})
    >>> split_table(curves, by_channel(30_000, 6_000), by_channel(30, 150), by_channel(6_000, 14_000)).round().astype(int)
              spend  acquired  cac  last_cac  value  equity
    deals      6000       948    6        11     30   22445
    partners  14000       335   42        65    150   36229
    """
    ceiling, k, n = _aligned(curves, prospects)
    worth, paid = (_of_channels(each, curves, name) for each, name in ((value, "value"), (spend, "spend")))
    acquired = n * acquisition_rate(paid / n, ceiling, k)
    return pd.DataFrame({"spend": paid, "acquired": acquired, "cac": (paid / acquired).where(acquired > 0), "last_cac": marginal_cac(paid / n, ceiling, k),
                         "value": worth, "equity": acquired * worth - paid})


def _aligned(curves, prospects):
    require_columns(curves, ["ceiling", "k"], "table of curves")
    return curves["ceiling"], curves["k"], _of_channels(prospects, curves, "prospects")


def _of_channels(given, curves, what):
    found = pd.Series(given, dtype=float).reindex(curves.index)
    if found.isna().any():
        raise ValueError(f"The channel {found.index[found.isna()][0]!r} has no {what}: give one for each channel of the curves.")
    return found
