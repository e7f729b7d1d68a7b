"""Figures of whom to win: value within and between groups, channels by cost and value, an acquisition curve, and the stars that a score finds."""

import numpy as np
from matplotlib.ticker import FuncFormatter, PercentFormatter

from .figure import ACCENT, GREY, INK, PALE, describe, legend_above, new_axes, number

STYLES = [(ACCENT, "-"), (INK, "--"), (GREY, ":"), (INK, "-.")]


def plot_by_group(value, group, unit="dollars", ax=None):
    """Draw every customer's value in the column of the customer's group, and the mean of each group.

    Parameters
    ----------
    value : Series of float, by customer
    group : Series, by customer
        A category's order is kept; other groups are sorted.
    unit : str, default "dollars"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        When the two do not have the same customers in the same order.

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_by_group(pd.Series([1.0, 3, 4, 8]), pd.Series(["young", "young", "old", "old"])))
    'Value of 4 customers in 2 groups, dollars. Means: old 6; young 2. The customers of a group differ by a standard deviation of 1.58, the means of the groups by 2.'
    """
    if not value.index.equals(group.index):
        raise ValueError("value and group must have the same customers in the same order: use group.reindex(value.index).")
    ax = ax if ax is not None else new_axes(height=3.6)
    by = value.groupby(group, observed=True)
    means, places = by.mean(), group.map({name: at for at, name in enumerate(by.groups)}).astype(float)
    # Spread out by the golden ratio: even, and the same each time.
    aside = (0.618034 * np.arange(len(value)) % 1 - 0.5) * 0.7
    ax.plot(places + aside, value, ".", color=GREY, ms=3, alpha=0.5, label="a customer")
    ax.hlines(means, np.arange(len(means)) - 0.38, np.arange(len(means)) + 0.38, color=ACCENT, lw=2.5, label="mean of the group", zorder=3)
    ax.axhline(value.mean(), color=INK, lw=1, ls="--", label="mean of all")
    ax.set(xticks=range(len(means)), ylim=(min(0, value.min()), None), ylabel=unit.capitalize())
    ax.set_xticklabels(means.index, rotation=30 if len(means) > 6 else 0, ha="right" if len(means) > 6 else "center")
    ax.set_xlabel(str(group.name or "Group").replace("_", " ").capitalize())
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,.0f}"))
    legend_above(ax, columns=3)
    within = np.sqrt(((value - by.transform("mean")) ** 2).mean())
    between = np.sqrt(((by.transform("mean") - value.mean()) ** 2).mean())
    said = "; ".join(f"{name} {number(mean)}" for name, mean in means.items())
    return describe(ax, f"Value of {len(value):,} customers in {len(means)} groups, {unit}. Means: {said}. The customers of a group differ by a standard "
                        f"deviation of {number(within)}, the means of the groups by {number(between)}.")


def plot_channels(table, ax=None):
    """Draw what a customer of each channel is worth against what one costs, with lines of equal value less cost.

    Parameters
    ----------
    table : DataFrame, by channel
        ``cac`` and ``clv`` in dollars, and ``acquired``, as from `channel_table`; a larger circle has won more customers.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_channels(pd.DataFrame({"cac": [9.0, 139], "clv": [64.0, 227], "acquired": [2985, 1180]}, index=["deals", "partners"])))
    'Value against cost of a customer, by channel, in dollars. deals: costs 9, is worth 64, difference 55; partners: costs 139, is worth 227, difference 88.'
    """
    ax = ax if ax is not None else new_axes(height=3.8)
    right, top = 1.25 * table["cac"].max(), 1.2 * table["clv"].max()
    for net in np.arange(0, top, _round(top / 5)):
        end = min(right, top - net)
        ax.plot([0, end], [net, net + end], color=PALE, lw=1, ls="--" if net else "-", zorder=0)
        if end > 0.15 * right:
            ax.annotate(f"+{net:,.0f}", (end, net + end), (-4, -4), textcoords="offset points", color=GREY, fontsize="small", ha="right", va="top")
    ax.scatter(table["cac"], table["clv"], s=30 + 220 * table["acquired"] / table["acquired"].max(), color=ACCENT, alpha=0.75, lw=0)
    for name, row in table.iterrows():
        far = row["cac"] > 0.7 * table["cac"].max()
        ax.annotate(name, (row["cac"], row["clv"]), (-12 if far else 12, -2), textcoords="offset points", ha="right" if far else "left", va="top", color=INK)
    ax.set(xlim=(0, right), ylim=(0, top), xlabel="Cost of winning a customer (dollars)", ylabel="Value of a customer (dollars)")
    said = "; ".join(f"{name}: costs {row['cac']:,.0f}, is worth {row['clv']:,.0f}, difference {row['clv'] - row['cac']:,.0f}" for name, row in table.iterrows())
    return describe(ax, f"Value against cost of a customer, by channel, in dollars. {said}.")


def plot_acquisition(ledger, ceiling, k, today=None, ax=None):
    """Draw the share of prospects won against the dollars spent on each, period by period, with the curve through them.

    Parameters
    ----------
    ledger : DataFrame
        ``prospects``, ``spend`` and ``acquired`` of one channel, a row per period.
    ceiling, k : float
        Of the curve, as from `fit_acquisition`.
    today : float, optional
        Dollars per prospect at which to draw two slopes: from the origin (what a customer costs on average) and along the curve (what the next one costs).
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> rows = pd.DataFrame({"prospects": [1000, 1000], "spend": [2000.0, 8000], "acquired": [28, 74]})
    >>> alt_text(plot_acquisition(rows, ceiling=0.1, k=0.16, today=8))
    'Share of prospects won against dollars spent on each in 2 periods, from 2.8 % at 2 to 7.4 % at 8. The curve bends towards 10.0 %. At 8 dollars a customer costs 111 on average, the next one 225.'
    """
    ax = ax if ax is not None else new_axes()
    spend, won = ledger["spend"] / ledger["prospects"], ledger["acquired"] / ledger["prospects"]
    right = 1.15 * spend.max()
    grid = np.linspace(0, right, 200)
    ax.plot(grid, ceiling * -np.expm1(-k * grid), color=GREY, lw=2, label="curve")
    ax.axhline(ceiling, color=PALE, lw=1.2, ls="--")
    ax.plot(spend, won, "o", color=INK, ms=5, mfc="white", label="a quarter" if len(ledger) > 4 else "a period")
    low, high = spend.idxmin(), spend.idxmax()
    words = f"from {100 * won[low]:.1f} % at {number(spend[low])} to {100 * won[high]:.1f} % at {number(spend[high])}. The curve bends towards {100 * ceiling:.1f} %."
    if today is not None:
        words += _slopes(ax, today, ceiling, k, right)
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.set(xlim=(0, right), ylim=(0, 1.15 * max(ceiling, won.max())), xlabel="Spent on each prospect (dollars)", ylabel="Prospects won")
    legend_above(ax, columns=4)
    return describe(ax, f"Share of prospects won against dollars spent on each in {len(ledger)} periods, {words}")


def _slopes(ax, today, ceiling, k, right):
    rate, slope = ceiling * -np.expm1(-k * today), ceiling * k * np.exp(-k * today)
    average, last, reach = today / rate, 1 / slope, 0.3 * right
    ax.plot([0, today], [0, rate], color=INK, lw=1.4, ls=":", label=f"average: {average:,.0f} a customer")
    ax.plot([today - reach, today + reach], [rate - reach * slope, rate + reach * slope], color=ACCENT, lw=2.2, ls="--", label=f"the next one: {last:,.0f}")
    ax.plot([today], [rate], "D", color=ACCENT, ms=7)
    return f" At {number(today)} dollars a customer costs {average:,.0f} on average, the next one {last:,.0f}."


def plot_gains(scores, star, at=0.2, ax=None):
    """Draw which share of the stars is found among the customers with the best scores, for any number of them.

    Parameters
    ----------
    scores : DataFrame of float, by customer
        A column per score, at most four; large is good.
    star : Series of bool, by customer
    at : float, default 0.2
        Share of customers at which the words are said.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        When the two do not have the same customers in the same order, or there are no stars.

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> scores = pd.DataFrame({"past": [9.0, 8, 2, 1, 0], "age": [20.0, 70, 30, 60, 50]})
    >>> alt_text(plot_gains(scores, pd.Series([True, False, True, False, False]), at=0.4))
    'Share of the 2 stars found among the best customers by score. Among the best 40 %: past 50 %; age 0 %; by chance 40 %.'
    """
    if not scores.index.equals(star.index) or not star.any():
        raise ValueError("The scores and the stars must have the same customers in the same order, and there must be a star.")
    ax = ax if ax is not None else new_axes(height=3.6)
    reached, words = np.arange(len(star) + 1) / len(star), []
    for name, (colour, style) in zip(scores, STYLES):
        order = np.argsort(-scores[name].to_numpy(), kind="stable")
        found = np.concatenate([[0], np.cumsum(star.to_numpy()[order])]) / star.sum()
        ax.plot(reached, found, color=colour, ls=style, lw=2, label=name)
        words.append(f"{name} {100 * np.interp(at, reached, found):.0f} %")
    ax.plot([0, 1], [0, 1], color=PALE, lw=1.2, label="chance")
    ax.axvline(at, color=PALE, lw=0.8, zorder=0)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1))
    ax.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="Customers reached, best score first", ylabel="Stars among them, of all stars")
    legend_above(ax, columns=4)
    return describe(ax, f"Share of the {star.sum():,} stars found among the best customers by score. Among the best {100 * at:.0f} %: {'; '.join(words)}; "
                        f"by chance {100 * at:.0f} %.")


def _round(x):
    """The nearest of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(x))
    return power * min((1, 2, 5, 10), key=lambda m: abs(m - x / power))
