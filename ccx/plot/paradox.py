"""Figures of customers as a portfolio: tiers week by week, risk by size, the others needed, the winner's curse, the frontier."""

import numpy as np
from matplotlib.ticker import FuncFormatter, PercentFormatter

from .figure import ACCENT, GREY, INK, PALE, describe, legend_above, new_axes

# Lines that must be told apart without colour.
STYLES = [(ACCENT, "-"), (GREY, "--"), (INK, ":"), (PALE, "-")]


def plot_tier_revenue(revenue, period="Week", ax=None):
    """Draw what each tier of customers brings, period by period, relative to the tier's own average.

    Parameters
    ----------
    revenue : DataFrame
        A row per period, a column per tier (from `tier_revenue`), at most four; the first is the one the picture is about.
    period : str, default "Week"
        What a row is called.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_tier_revenue(pd.DataFrame({"top": [1.0, 3.0], "rest": [9.0, 11.0]})))
    'Revenue week by week, relative to the average of its tier. Top: from 50 % to 150 %, coefficient of variation 0.71. Rest: from 90 % to 110 %, coefficient of variation 0.14.'
    """
    ax = ax if ax is not None else new_axes()
    relative = revenue.to_numpy() / revenue.to_numpy().mean(axis=0)
    spread = relative.std(axis=0, ddof=1)
    for i, (name, line, cv, (colour, style)) in enumerate(zip(revenue.columns, relative.T, spread, STYLES)):
        ax.plot(range(1, len(line) + 1), line, color=colour, ls=style, lw=1.8, zorder=5 - i, label=f"{name}: c.v. {cv:.3f}")
    ax.axhline(1, color=PALE, lw=0.8, zorder=0)
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.set(xlabel=period, ylabel="Revenue, of the tier's average")
    legend_above(ax, columns=3 if len(spread) <= 3 else 2)
    words = [f"{str(name).capitalize()}: from {100 * line.min():.0f} % to {100 * line.max():.0f} %, coefficient of variation {cv:.2f}."
             for name, line, cv in zip(revenue.columns, relative.T, spread)]
    return describe(ax, f"Revenue {period.lower()} by {period.lower()}, relative to the average of its tier. {' '.join(words)}")


def plot_risk_by_size(group, observed=None, ax=None):
    """Draw how a group's coefficient of variation falls with its size, down to the floor that its shock in common sets.

    Parameters
    ----------
    group : Group
        What the customers are like; its number does not matter.
    observed : Series, optional
        Coefficients of variation seen, indexed by the number of customers; an index may occur several times.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from ccx.paradox import Group
    >>> plot_risk_by_size(Group(n=1, mean=100, sd=80, exposure=0.5)).get_xscale()
    'log'
    """
    ax = ax if ax is not None else new_axes()
    last = 10_000 if observed is None else 2 * observed.index.max()
    n = np.geomspace(1, last, 200)
    if observed is not None:
        ax.plot(observed.index, observed, "o", color=GREY, ms=4, alpha=0.6, label="seen in the data")
    ax.plot(n, np.sqrt(group.sd**2 / (n * group.mean**2) + group.exposure**2), color=ACCENT, lw=2, label="own risk and common shock")
    ax.axhline(group.exposure, color=INK, lw=1.2, ls="--", label=f"common shock: {group.exposure:.2f}")
    ax.set(xscale="log", ylim=(0, None), xlabel="Customers in the group", ylabel="Coefficient of variation")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}"))
    legend_above(ax, columns=3)
    alone = np.hypot(group.sd / group.mean, group.exposure)
    return describe(ax, f"Coefficient of variation of a group's total against its number of customers: {alone:.2f} for one customer, falling towards "
                        f"{group.exposure:.2f}, which more customers do not get rid of.")


def plot_others_needed(needed, today=1.0, ax=None):
    """Draw how many other customers keep a firm as safe, while its focal customers become more valuable.

    Parameters
    ----------
    needed : DataFrame
        Customers needed: a row per focal margin (relative to today's), a column per case, at most four.
    today : float, default 1
        Where to mark today's focal margin.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> plot_others_needed(pd.DataFrame({"calm": [5, 4], "wild": [5, 9]}, index=[1.0, 2.0])).get_ylabel()
    'Other customers needed'
    """
    ax = ax if ax is not None else new_axes()
    for name, (colour, style) in zip(needed, STYLES):
        ax.plot(needed.index, needed[name], color=colour, ls=style, lw=2, label=str(name))
    ax.axvline(today, color=PALE, lw=1)
    ax.annotate(" today", (today, 0.02), xycoords=("data", "axes fraction"), color=GREY)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,.0f}"))
    ax.set(ylim=(0, None), xlabel="Focal margin, relative to today's", ylabel="Other customers needed")
    legend_above(ax, columns=4)
    first, last = needed.index[0], needed.index[-1]
    words = [f"{name}: from {needed[name].iloc[0]:,.0f} to {needed[name].iloc[-1]:,.0f}." for name in needed]
    return describe(ax, f"Other customers needed while the focal margin grows from {first:g} to {last:g} times today's. {' '.join(words)}")


def plot_winners_curse(table, unit="dollars a week", ax=None):
    """Draw what the chosen customers promised when they were chosen, and what they kept.

    Parameters
    ----------
    table : DataFrame
        ``promised`` and ``kept``, a row per weeks of data they were chosen on.
    unit : str, default "dollars a week"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_winners_curse(pd.DataFrame({"promised": [300.0, 220], "kept": [150.0, 200]}, index=[1, 26])))
    'What the customers chosen promised and what they kept, dollars a week: chosen on 1 weeks 300 and 150; chosen on 26 weeks 220 and 200.'
    """
    ax = ax if ax is not None else new_axes()
    places = np.arange(len(table))
    ax.vlines(places, table["kept"], table["promised"], color=PALE, lw=3)
    ax.plot(places, table["promised"], "o", color=INK, ms=7, mfc="white", label="promised: mean when chosen")
    ax.plot(places, table["kept"], "o", color=ACCENT, ms=7, label="kept: mean afterwards")
    ax.set(xticks=places, xticklabels=table.index, ylim=(0, 1.08 * table["promised"].max()), xlabel="Weeks of data on which they were chosen", ylabel=f"Mean of the chosen, {unit}")
    ax.margins(x=0.1)
    legend_above(ax, columns=2)
    words = "; ".join(f"chosen on {weeks} weeks {row['promised']:,.0f} and {row['kept']:,.0f}" for weeks, row in table.iterrows())
    return describe(ax, f"What the customers chosen promised and what they kept, {unit}: {words}.")


def plot_frontier(frontier, segments, today=None, again=None, ax=None):
    """Draw the frontier of customer segments, the segments themselves and the firm's mix of today.

    Parameters
    ----------
    frontier : DataFrame
        From `frontier`: ``mean`` and ``sd``.
    segments : DataFrame
        ``mean`` and ``sd`` of each segment alone, indexed by its name.
    today : Series, optional
        ``mean`` and ``sd`` of the mix of today.
    again : DataFrame, optional
        From `resampled_frontier`; its mixes are drawn as a cloud.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> line = pd.DataFrame({"mean": [0.1, 0.3], "sd": [0.1, 0.2]})
    >>> plot_frontier(line, line.set_axis(["rest", "best"])).get_xlabel()
    'Risk: standard deviation of the return'
    """
    ax = ax if ax is not None else new_axes(height=4.0)
    if again is not None:
        ax.plot(again["sd"], again["mean"], ".", color=PALE, ms=3, label="mixes chosen on other histories, in ours")
    ax.plot(frontier["sd"], frontier["mean"], color=INK, lw=1.8, label="least risk for each return")
    ax.plot(segments["sd"], segments["mean"], "s", color=GREY, ms=6)
    for name, row in segments.iterrows():
        far = row["sd"] > 0.8 * segments["sd"].max()
        ax.annotate(name, (row["sd"], row["mean"]), (6, -16 if far else -5), textcoords="offset points", color=GREY, va="top",
                    ha="right" if far else "left")
    words = "; ".join(f"{name} {row['mean']:.2f} at risk {row['sd']:.2f}" for name, row in segments.iterrows())
    if today is not None:
        ax.plot(today["sd"], today["mean"], "D", color=ACCENT, ms=7)
        ax.annotate("today", (today["sd"], today["mean"]), (6, -5), textcoords="offset points", color=ACCENT, va="top")
        words += f"; today's mix {today['mean']:.2f} at risk {today['sd']:.2f}"
    ax.set(xlim=(0, None), ylim=(0, None), xlabel="Risk: standard deviation of the return", ylabel="Return: margin per dollar spent on serving")
    legend_above(ax, columns=2)
    return describe(ax, f"Return against risk of customer segments, and the mixes with the least risk for each return, from {frontier['mean'].iloc[0]:.2f} "
                        f"at risk {frontier['sd'].iloc[0]:.2f} to {frontier['mean'].iloc[-1]:.2f} at {frontier['sd'].iloc[-1]:.2f}. {words}.")
