"""Figures of strategies in one market: who reaches whom at what price, profits and health by the mix of strategies, and what pay makes of a firm."""

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from .figure import ACCENT, GREY, INK, PALE, describe, legend_above, new_axes, number

# Lines that must be told apart without colour.
STYLES = [(ACCENT, "-", "o"), (GREY, "--", "s"), (INK, ":", "^"), (PALE, "-", "D")]


def plot_reach(firms, unit="cents an ounce", ax=None):
    """Draw the firms of a market by their price and by the share of its customers whom they reach.

    Parameters
    ----------
    firms : DataFrame
        By the name of the firm: ``price``, ``reach`` (share of the customers who bought from it) and ``share`` (of the market's revenue, which
        sets the size of the point). Firms with at least 5 % of the revenue are named.
    unit : str, default "cents an ounce"
        Of the price.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> firms = pd.DataFrame({"price": [18.0, 60], "reach": [0.4, 0.1], "share": [0.8, 0.2]}, index=["many", "few"])
    >>> alt_text(plot_reach(firms))
    'Price against reach of 2 firms. many: 18 cents an ounce, bought by 40 % of the customers;
    few: 60 cents an ounce, bought by 10 % of the customers.'
    """
    ax = ax if ax is not None else new_axes()
    named = firms[firms["share"] >= 0.05]
    ax.scatter(firms["price"], firms["reach"], s=30 + 900 * firms["share"], color=PALE, edgecolor=INK, lw=0.8)
    for name, row in named.iterrows():
        # To the left where another point follows closely on the right.
        near = ((named["price"] - row["price"]).between(0, 0.15 * firms["price"].max(), inclusive="right") & ((named["reach"] - row["reach"]).abs() < 0.1)).any()
        aside = (-1) ** near * (5 + 15 * np.sqrt(row["share"]))
        ax.annotate(str(name), (row["price"], row["reach"]), (aside, 0), textcoords="offset points", color=INK, va="center", ha="right" if near else "left",
                    fontsize="small")
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=f"Price, {unit}", ylabel="Customers reached in the year", xlim=(0, 1.2 * firms["price"].max()), ylim=(-0.02, 1.15 * firms["reach"].max()))
    words = "; ".join(f"{name}: {row['price']:.0f} {unit}, bought by {100 * row['reach']:.0f} % of the customers" for name, row in named.iterrows())
    return describe(ax, f"Price against reach of {len(firms)} firms. {words}.")


def plot_mix(table, ax=None):
    """Draw the profit of a firm of either strategy by how many firms follow the first.

    Parameters
    ----------
    table : DataFrame
        From `ccx.market.mix_table`: by k, the profits of the two strategies in its first two columns.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_mix(pd.DataFrame({"one": [None, 4.0, 2.0], "other": [3.0, 1.0, None]})))
    'Profit of a firm by how many of 2 firms are one, dollars. One: 4 at 1, 2 at 2. Other: 3 at 0, 1 at 1.'
    """
    names = list(table.columns[:2])
    ax = _lines(table[names].astype(float), ax, markers=True)
    n = int(table.index.max())
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(ylim=(min(0, table[names].min().min()), None), xlabel=f"Firms of {n} that are {names[0]}", ylabel="Profit of a firm, dollars")
    words = " ".join(f"{name.capitalize()}: {_ends(table[name].dropna())}." for name in names)
    return describe(ax, f"Profit of a firm by how many of {n} firms are {names[0]}, dollars. {words}")


def plot_health(table, ax=None):
    """Draw what firms and customers gain or lose as more firms follow the first strategy, against a market in which none does.

    Parameters
    ----------
    table : DataFrame
        From `ccx.market.mix_table`: by k, a first column named after the first strategy, and ``industry_profit``, ``consumer_surplus`` and ``welfare``.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> table = pd.DataFrame({"one": [None, 1, 0.8], "industry_profit": [1, 2, 1.5], "consumer_surplus": [1, 1.2, 2], "welfare": [2, 3.2, 3.5]})
    >>> alt_text(plot_health(table))
    'Change against no such firm, dollars, by how many of 2 firms are one.
    Industry profit: best at 1. Consumer surplus: best at 2. Welfare: best at 2.'
    """
    columns = {"industry_profit": "industry profit", "consumer_surplus": "consumer surplus", "welfare": "welfare (both)"}
    change = (table[list(columns)] - table[list(columns)].iloc[0]).rename(columns=columns)
    ax = _lines(change, ax)
    best = change.idxmax()
    for (name, k), (colour, *_) in zip(best.items(), STYLES):
        ax.plot([k], [change.loc[k, name]], "D", color=colour, ms=8)
        ax.annotate(f"best at {k}", (k, change.loc[k, name]), (0, 8), textcoords="offset points", color=INK, ha="center", fontsize="small")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.margins(x=0.08, y=0.15)
    ax.set(xlabel=f"Firms of {change.index.max()} that are {table.columns[0]}", ylabel="Change, dollars")
    words = " ".join(f"{name.split(' (')[0].capitalize()}: best at {k}." for name, k in best.items())
    return describe(ax, f"Change against no such firm, dollars, by how many of {change.index.max()} firms are {table.columns[0]}. {words}")


def plot_replicator(paths, which="with the first strategy", ax=None):
    """Draw how the share of firms with the first strategy moves from several starts, when what earns more spreads.

    Parameters
    ----------
    paths : DataFrame
        By step, a column per start, at most four: shares as from `ccx.market.replicator`.
    which : str, default "with the first strategy"
        What tells these firms from the others.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_replicator(pd.DataFrame({"few": [0.1, 0.4, 0.7], "all but one": [0.9, 0.8, 0.72]})))
    'Share of firms with the first strategy, step by step. Few: from 10 % to 70 %. All but one: from 90 % to 72 %.'
    """
    ax = _lines(paths, ax)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(ylim=(0, 1), xlabel="Steps", ylabel=f"Firms {which}")
    words = " ".join(f"{name.capitalize()}: from {100 * paths[name].iloc[0]:.0f} % to {100 * paths[name].iloc[-1]:.0f} %." for name in paths)
    return describe(ax, f"Share of firms {which}, step by step. {words}")


def plot_pay(gains, ax=None):
    """Draw what a firm gains from its sales budget by what the manager who spends it is paid for.

    Parameters
    ----------
    gains : DataFrame
        By budget (dollars), a column per pay, at most four: customer equity won less what was spent, dollars.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_pay(pd.DataFrame({"head count": [-30.0, -90], "equity": [200.0, 300]}, index=[100, 400])))
    'Gain to the firm by the sales budget, dollars. Head count: -30 at 100, -90 at 400. Equity: 200 at 100, 300 at 400.'
    """
    ax = _lines(gains, ax)
    ax.axhline(0, color=INK, lw=0.8)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda x, _: f"{x / 1000:,.0f}"))
    ax.set(xlabel="Budget, thousand dollars", ylabel="Gain to the firm, thousand dollars")
    words = " ".join(f"{name.capitalize()}: {_ends(gains[name])}." for name in gains)
    return describe(ax, f"Gain to the firm by the sales budget, dollars. {words}")


def plot_commission(income, ax=None):
    """Draw what a partner earns in an hour with each kind of prospect by the share of the margin that trails.

    Parameters
    ----------
    income : DataFrame
        By trailing share, a column per kind, at most four: dollars an hour, as from `ccx.market.commission_per_hour`.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_commission(pd.DataFrame({"keepers": [5.0, 25], "hoppers": [20.0, 22]}, index=[0.0, 0.4])))
    'What a partner earns an hour by the trailing share, dollars. Keepers: 5 at 0, 25 at 0.4. Hoppers: 20 at 0, 22 at 0.4.'
    """
    ax = _lines(income, ax)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(ylim=(0, None), xlabel="Trailing share of the margin", ylabel="Partner's income, dollars an hour")
    words = " ".join(f"{name.capitalize()}: {_ends(income[name])}." for name in income)
    return describe(ax, f"What a partner earns an hour by the trailing share, dollars. {words}")


def _lines(table, ax, markers=False):
    """A line for each column against the index."""
    ax = ax if ax is not None else new_axes()
    for i, (name, (colour, style, marker)) in enumerate(zip(table, STYLES)):
        ax.plot(table.index, table[name], color=colour, ls=style, marker=marker if markers else None, ms=5, lw=2, zorder=5 - i, label=str(name))
    legend_above(ax, columns=4)
    return ax


def _ends(values):
    return ", ".join(f"{number(value)} at {number(place)}" for place, value in values.iloc[[0, -1]].items())
