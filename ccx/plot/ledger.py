"""Figures of a ledger and of those who speak: the statement, what serving costs, the buyers of each product, weighted scores, what more data bring."""

import numpy as np
from matplotlib.ticker import FuncFormatter, PercentFormatter

from .figure import ACCENT, GREY, INK, PALE, describe, legend_above, new_axes, number

# Amounts that are left after those before them; the others are taken off.
LEVELS = ("shelf", "received", "profit")


def plot_statement(totals, ax=None):
    """Draw a profit-and-loss statement as steps from the shelf price down to the profit.

    Parameters
    ----------
    totals : Series
        Dollars by name, from ``shelf`` to ``profit`` in the order of `ccx.ledger.statement`; between ``shelf``, ``received`` and ``profit`` stands what is taken off.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_statement(pd.Series({"shelf": 120.0, "discounts": 20, "received": 100, "goods": 70, "profit": 30})))
    'Statement in dollars: shelf 120, less discounts 20, received 100, less goods 70, profit 30.'
    """
    ax = ax if ax is not None else new_axes(height=3.4)
    levels, ends = totals.index.isin(LEVELS), _running(totals)
    bottoms = np.where(levels, 0, np.minimum(ends, ends + totals))
    colours = [ACCENT if name == "profit" else GREY if level else PALE for name, level in zip(totals.index, levels)]
    rows = np.arange(len(totals))[::-1]
    ax.barh(rows, totals.abs(), left=bottoms, color=colours, height=0.7)
    for row, (name, amount), level, left in zip(rows, totals.items(), levels, bottoms):
        ax.annotate(f" {'' if level else '−'}{number(amount)}", (left + abs(amount), row), va="center", color=INK, fontsize="small")
    ax.set(yticks=rows, yticklabels=totals.index, xlabel="Dollars", xlim=(min(0, bottoms.min()), 1.15 * totals.max()))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}"))
    words = ", ".join(f"{'' if level else 'less '}{name} {number(amount)}" for (name, amount), level in zip(totals.items(), levels))
    return describe(ax, f"Statement in dollars: {words}.")


def _running(totals):
    """What is left after each amount."""
    left, ends = 0.0, []
    for name, amount in totals.items():
        left = amount if name in LEVELS else left - amount
        ends.append(left)
    return np.array(ends)


def plot_margins(table, unit="Fifth of the households, the most profitable first", ax=None):
    """Draw, group by group, what is left of a dollar after the goods, what serving takes of it, and so what remains.

    Parameters
    ----------
    table : DataFrame
        ``gross`` and ``serving``, each per dollar received, a row per group.
    unit : str
        What a row is.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_margins(pd.DataFrame({"gross": [0.26, 0.2], "serving": [0.06, 0.21]}, index=[1, 2]), "Half"))
    'Left of a dollar after the goods, and taken by serving: 1: 26.0 % and 6.0 %, so 20.0 % remain; 2: 20.0 % and 21.0 %, so -1.0 % remain.'
    """
    ax = ax if ax is not None else new_axes()
    places = np.arange(len(table))
    ax.vlines(places, table["serving"], table["gross"], color=PALE, lw=10)
    ax.plot(places, table["gross"], "o-", color=INK, lw=1, ms=6, mfc="white", label="left after the goods (upstream)")
    ax.plot(places, table["serving"], "D--", color=ACCENT, lw=1, ms=6, label="taken by serving (downstream)")
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xticks=places, xticklabels=table.index, ylim=(0, 1.15 * table.to_numpy().max()), xlabel=unit, ylabel="Of each dollar received")
    ax.margins(x=0.08)
    legend_above(ax, columns=2)
    words = "; ".join(f"{name}: {_percent(gross)} and {_percent(serving)}, so {_percent(gross - serving)} remain"
                      for name, gross, serving in zip(table.index, table["gross"], table["serving"]))
    return describe(ax, f"Left of a dollar after the goods, and taken by serving: {words}.")


def _percent(share):
    return f"{100 * share:.1f} %"


def plot_buyers(products, shuffled, average, ax=None):
    """Draw how much the buyers of each product are worth against how many they are, beside products whose names were shuffled.

    Parameters
    ----------
    products, shuffled : DataFrame
        ``buyers`` and ``value`` (of them all, in dollars), a row per product, as from `ccx.ledger.value_at_risk`.
    average : float
        What the average customer is worth.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> real, chance = (pd.DataFrame({"buyers": [10, 40], "value": value}) for value in ([9000, 18000], [8000, 20000]))
    >>> alt_text(plot_buyers(real, chance, average=350))
    'Worth of an average buyer of each of 2 products against their number: 675 dollars in the middle, 650 with the names shuffled; the average customer is worth 350.'
    """
    ax = ax if ax is not None else new_axes(height=3.6)
    each = [table["value"] / table["buyers"] for table in (products, shuffled)]
    ax.plot(products["buyers"], each[0], "o", color=ACCENT, ms=2.5, alpha=0.6, label="products")
    ax.plot(shuffled["buyers"], each[1], "x", color=INK, ms=2.5, mew=0.6, label="names shuffled")
    ax.axhline(average, color=GREY, lw=1.2, ls=":")
    ax.annotate("average customer", (0.02, average), xycoords=("axes fraction", "data"), xytext=(0, -4), textcoords="offset points", va="top", color=GREY, fontsize="small")
    ax.set(xlabel="Buyers of the product", ylabel="Worth of a buyer (dollars)", ylim=(0, None), xlim=(0, None))
    legend_above(ax, columns=2)
    middle = [number(value.median()) for value in each]
    return describe(ax, f"Worth of an average buyer of each of {len(products):,} products against their number: {middle[0]} dollars in the middle, "
                        f"{middle[1]} with the names shuffled; the average customer is worth {number(average)}.")


def plot_voices(scores, unit="Mean score", ax=None):
    """Draw the scores of some features under several weightings, side by side, so that a change of order is a crossing of lines.

    Parameters
    ----------
    scores : DataFrame
        A row per feature, a column per weighting.
    unit : str, default "Mean score"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_voices(pd.DataFrame({"heads": [5.6, 6.5], "dollars": [7.4, 5.4]}, index=["price", "quality"])))
    'Mean score by weighting. heads: price 5.6, quality 6.5. dollars: quality 5.4, price 7.4.'
    """
    ax = ax if ax is not None else new_axes(height=3.6)
    places = np.arange(scores.shape[1])
    for i, (name, row) in enumerate(scores.iterrows()):
        ax.plot(places, row, marker="o", color=ACCENT if i in (0, len(scores) - 1) else GREY, ls="-" if i < len(scores) - 1 else "--", lw=1.8, ms=5)
        ax.annotate(f"{name}  ", (0, row.iloc[0]), ha="right", va="center", color=INK)
        ax.annotate(f"  {name}", (places[-1], row.iloc[-1]), va="center", color=INK)
    ax.set(xticks=places, xticklabels=scores.columns, xlim=(-0.35, places[-1] + 0.35), ylabel=unit)
    words = " ".join(f"{weighting}: {', '.join(f'{name} {value:.1f}' for name, value in column.sort_values().items())}." for weighting, column in scores.items())
    return describe(ax, f"{unit} by weighting. {words}")


def plot_accuracy(errors, unit="dollars", ax=None):
    """Draw how the error of an estimate falls with the number of customers it rests on, beside one over the root of that number.

    Parameters
    ----------
    errors : Series
        The typical error by number of customers, in `unit`.
    unit : str, default "dollars"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_accuracy(pd.Series([80.0, 41.0], index=[25, 100])))
    'Typical error by number of customers: 80 dollars with 25, 41 dollars with 100.'
    """
    ax = ax if ax is not None else new_axes()
    n = np.linspace(errors.index[0], errors.index[-1], 400)
    ax.plot(n, errors.iloc[0] * np.sqrt(errors.index[0] / n), color=GREY, lw=1.5, ls="--", label="one over the root of the number")
    ax.plot(errors.index, errors, "o", color=ACCENT, ms=7, label="found")
    ax.set(xlabel="Customers whose data are used", ylabel=f"Typical error ({unit})", xlim=(0, None), ylim=(0, None), xticks=errors.index)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}"))
    legend_above(ax, columns=2)
    return describe(ax, "Typical error by number of customers: " + ", ".join(f"{number(error)} {unit} with {size:,}" for size, error in errors.items()) + ".")
