"""Figures of the customer-base audit's first two lenses: orders, what made revenue change, who moved between tenths."""

import numpy as np
from matplotlib.ticker import FuncFormatter, PercentFormatter

from .figure import ACCENT, GREY, INK, PALE, describe, legend_above, new_axes, number


def plot_orders(orders, ax=None):
    """Draw how many customers placed how many orders, and what they brought.

    Parameters
    ----------
    orders : DataFrame
        ``share`` and ``revenue_share`` by number of orders, as in the first lens of `ccx.audit`.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_orders(pd.DataFrame({"share": [0.75, 0.25], "revenue_share": [0.5, 0.5]}, index=["1", "2"])))
    'Customers by number of orders: share of customers and of revenue. 1: 75% and 50%; 2: 25% and 50%.'
    """
    ax = ax if ax is not None else new_axes()
    places = np.arange(len(orders))
    for shift, column, colour, name in ((-0.2, "share", PALE, "of the customers"), (0.2, "revenue_share", ACCENT, "of revenue")):
        ax.bar(places + shift, orders[column], 0.4, color=colour, label=name)
    ax.set(xticks=places, xticklabels=orders.index, xlabel="Orders in the period", ylabel="Share of customers, revenue")
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    legend_above(ax, columns=2)
    words = "; ".join(f"{n}: {row['share']:.0%} and {row['revenue_share']:.0%}" for n, row in orders.iterrows())
    return describe(ax, f"Customers by number of orders: share of customers and of revenue. {words}.")


def plot_flows(flows, names=("first period", "second period"), unit="dollars", ax=None):
    """Draw how revenue went from one period to another: lost with customers who went, won with those who came.

    Parameters
    ----------
    flows : DataFrame
        ``revenue_first``, ``revenue_second`` and ``change`` by group of customers, as in the second lens of `ccx.audit`.
    names : pair of str
        What to call the two periods.
    unit : str, default "dollars"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> flows = pd.DataFrame({"revenue_first": [60, 40], "revenue_second": [70, 0], "change": [10, -40]}, index=["stayed", "went"])
    >>> alt_text(plot_flows(flows, ("2024", "2025")))
    'Revenue in 2024: 100 dollars; stayed +10, went −40; in 2025: 70 dollars.'
    """
    ax = _waterfall(flows["revenue_first"].sum(), flows["change"], flows["revenue_second"].sum(), names, ax)
    ax.set(ylabel=f"Revenue, {unit}")
    return describe(ax, f"Revenue in {names[0]}: {number(flows['revenue_first'].sum())} {unit}; {_steps(flows['change'])}; in {names[1]}: "
                        f"{number(flows['revenue_second'].sum())} {unit}.")


def plot_growth(growth, names=("first period", "second period"), unit="dollars", what="Revenue", ax=None):
    """Draw which factor made revenue or profit grow by how much.

    Parameters
    ----------
    growth : DataFrame
        From `ccx.base_audit.decompose_growth`.
    names : pair of str
        What to call the two periods.
    unit : str, default "dollars"
    what : str, default "Revenue"
        What the product of the factors is.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from ccx.base_audit import decompose_growth
    >>> growth = decompose_growth({"customers": 100, "value": 1.0}, {"customers": 200, "value": 0.5})
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_growth(growth, ("2024", "2025")))
    'Revenue in 2024: 100 dollars; customers +69.3, value −69.3; in 2025: 100 dollars.'
    """
    whole, amounts = growth.loc["product"], growth["amount"].drop("product")
    ax = _waterfall(whole["before"], amounts, whole["after"], names, ax)
    ax.set(ylabel=f"{what}, {unit}")
    return describe(ax, f"{what} in {names[0]}: {number(whole['before'])} {unit}; {_steps(amounts)}; in {names[1]}: {number(whole['after'])} {unit}.")


def _waterfall(before, steps, after, names, ax):
    """From one total to the other, up in the accent colour, down in grey; the totals pale."""
    ax = ax if ax is not None else new_axes()
    level = before + np.concatenate([[0], np.cumsum(steps)])
    places = np.arange(len(steps) + 2)
    ax.bar(places[[0, -1]], [before, after], 0.6, color=PALE)
    ax.bar(places[1:-1], steps, 0.6, bottom=level[:-1], color=[ACCENT if step >= 0 else GREY for step in steps])
    tops = [before, *np.maximum(level[:-1], level[1:]), after]
    for place, top, label in zip(places, tops, [number(before), *map(_signed, steps), number(after)]):
        ax.annotate(label, (place, max(top, 0)), (0, 3), textcoords="offset points", ha="center", color=INK, fontsize="small")
    ax.hlines(level, places[:-1], places[1:], color=INK, lw=0.6)
    ax.axhline(0, color=INK, lw=0.8)
    ax.margins(y=0.12)
    ax.set(xticks=places, xlabel="What changed between the two periods")
    ax.set_xticklabels([str(name).replace(" ", "\n") for name in (names[0], *steps.index, names[1])], fontsize="small")
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,.0f}"))
    return ax


def _steps(steps):
    return ", ".join(f"{name} {_signed(step)}" for name, step in steps.items())


def _signed(step):
    return "0" if not step else ("+" if step > 0 else "−") + number(abs(step))


def plot_migration(migration, names=("first period", "second period"), ax=None):
    """Draw where each tenth of one period's customers is in another: of a hundred in a row, how many are in which column.

    Parameters
    ----------
    migration : DataFrame
        Customers by tenth in the first period (rows) and in the second (columns), as in the second lens of `ccx.audit`.
    names : pair of str
        What to call the two periods.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_migration(pd.DataFrame([[3, 1], [1, 5]], index=["1", "2"], columns=["1", "no order"]), ("2024", "2025")))
    'Customers by tenth in 2024 and in 2025. Of tenth 1: 75% in tenth 1, 25% no order. Of tenth 2: 17% in tenth 1, 83% no order.'
    """
    ax = ax if ax is not None else new_axes(height=4.2)
    shares = migration.div(migration.sum(axis=1).where(migration.sum(axis=1) > 0), axis=0)
    shown = shares.dropna(how="all")
    # Light enough for dark figures on every cell.
    ax.imshow(shown, cmap=_tint(), vmin=0, vmax=1, aspect="auto")
    for (row, column), share in np.ndenumerate(shown.to_numpy()):
        ax.text(column, row, f"{100 * share:.0f}", ha="center", va="center", color=INK, fontsize=7)
    ax.set(xticks=range(shown.shape[1]), yticks=range(shown.shape[0]), xlabel=f"Tenth of the customers in {names[1]}", ylabel=f"Tenth in {names[0]}")
    ax.set_xticklabels([name.replace(" ", "\n") for name in shown.columns], fontsize="small")
    ax.set_yticklabels([{"no order": "none", "new": "new"}.get(name, name) for name in shown.index], fontsize="small")
    ax.tick_params(length=0)
    top, last = shown.columns[0], shown.columns[-1]
    words = " ".join(f"Of {_tenth(name)}: {row[top]:.0%} in tenth {top}, {row[last]:.0%} {last}." for name, row in shown.iterrows())
    return describe(ax, f"Customers by tenth in {names[0]} and in {names[1]}. {words}")


def _tenth(name):
    return {"no order": "those without an order before", "new": "those who are new"}.get(name, f"tenth {name}")


def _tint():
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("tint", ["#ffffff", "#f0b592"])
