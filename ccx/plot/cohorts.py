"""Figures of cohorts in a customer-base audit: one as it ages, all of them side by side, and the whole base that they make up."""

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from .figure import ACCENT, GREY, INK, PALE, describe, legend_above, new_axes, number

# More names than this run into each other; more cohorts than this are shown by year.
MOST_NAMES, MOST_COHORTS = 6, 12


def plot_cohort(by_age, period="quarter", ax=None):
    """Draw how many of a cohort order in each period since their first purchase, and how many have bought again so far.

    Parameters
    ----------
    by_age : DataFrame
        ``active_share`` and ``bought_again`` by age in periods, as in the third lens of `ccx.audit`.
    period : str, default "quarter"
        What a period is called.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_cohort(pd.DataFrame({"active_share": [1.0, 0.2], "bought_again": [0.1, 0.25]}), "year"))
    'A cohort by years since its first purchase. Ordered in the year: 100% at first, 20% after 1, the last one. Bought again so far: 10% at first, 25% after 1.'
    """
    ax = ax if ax is not None else new_axes()
    for column, name, colour, style in (("active_share", f"ordered in the {period}", ACCENT, "o-"), ("bought_again", "bought again so far", GREY, "s--")):
        ax.plot(by_age.index, by_age[column], style, color=colour, ms=4, label=name, clip_on=False)
    ax.set(ylim=(0, 1), xlabel=f"{period.capitalize()}s since the first purchase", ylabel="Share of the cohort's customers")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    legend_above(ax, columns=2)
    first, last, age = by_age.iloc[0], by_age.iloc[-1], by_age.index[-1]
    return describe(ax, f"A cohort by {period}s since its first purchase. Ordered in the {period}: {first['active_share']:.0%} at first, "
                        f"{last['active_share']:.0%} after {age}, "
                        f"the last one. Bought again so far: {first['bought_again']:.0%} at first, {last['bought_again']:.0%} after {age}.")


def plot_cohorts(cumulative, period="quarter", unit="dollars", ax=None):
    """Draw what each cohort has brought per customer as it ages, the newest one with a history in the accent colour.

    Parameters
    ----------
    cumulative : DataFrame
        Revenue per customer acquired, added up: a row per cohort, a column per age, as in the fourth lens of `ccx.audit`.
    period : str, default "quarter"
        What a period is called.
    unit : str, default "dollars"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_cohorts(pd.DataFrame([[10.0, 15.0], [12.0, None]], index=["2024", "2025"]), "year"))
    'Revenue so far per customer acquired, dollars, by cohort. 2024: 10 at first, 15 after 1 years. 2025: 12 at first.'
    """
    ax = ax if ax is not None else new_axes(height=3.6)
    lines = {cohort: row.dropna() for cohort, row in cumulative.iterrows() if row.notna().any()}
    aged = [cohort for cohort, row in lines.items() if len(row) > 1] or list(lines)
    for cohort, row in lines.items():
        colour, style, z = (ACCENT, "o-", 4) if cohort == aged[-1] else (INK, "s--", 3) if cohort == aged[0] else (PALE, ".-", 2)
        ax.plot(row.index, row, style, color=colour, ms=4, zorder=z, label=str(cohort) if colour != PALE else None)
    if len(lines) > 2:
        ax.plot([], [], ".-", color=PALE, label="others")
    ax.set(ylim=(0, None), xlabel=f"{period.capitalize()}s since the first purchase", ylabel=f"Revenue so far, {unit}\nper customer acquired")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    legend_above(ax, columns=3)
    words = " ".join(f"{cohort}: {number(row.iloc[0])} at first" + (f", {number(row.iloc[-1])} after {row.index[-1]} {period}s." if len(row) > 1 else ".")
                     for cohort, row in lines.items())
    return describe(ax, f"Revenue so far per customer acquired, {unit}, by cohort. {words}")


def plot_cohort_quality(quality, unit="dollars", ax=None):
    """Draw what customers of each cohort spent in the same number of days, with 95 percent intervals.

    Parameters
    ----------
    quality : DataFrame
        From `ccx.base_audit.cohort_quality`.
    unit : str, default "dollars"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_cohort_quality(pd.DataFrame({"days": [91], "value": [50.0], "standard_error": [5.0]}, index=["2024"])))
    'Spend within 91 days of the first purchase, dollars per customer, by cohort, with 95 percent intervals. 2024: 50 (40.2 to 59.8).'
    """
    ax = ax if ax is not None else new_axes()
    places, reach = np.arange(len(quality)), 1.96 * quality["standard_error"].fillna(0)
    ax.vlines(places, quality["value"] - reach, quality["value"] + reach, color=PALE, lw=4)
    ax.plot(places, quality["value"], "o", color=ACCENT, ms=6)
    _name_places(ax, quality.index)
    days = quality["days"].iloc[0]
    ax.set(ylim=(0, None), xlabel="Cohort: first purchase in", ylabel=f"Spend in {days} days, {unit}\nper customer")
    ax.margins(x=0.1)
    rows = zip(quality.index, quality["value"], reach)
    words = "; ".join(f"{cohort}: {number(value)} ({number(value - half)} to {number(value + half)})" for cohort, value, half in rows)
    return describe(ax, f"Spend within {days} days of the first purchase, {unit} per customer, by cohort, with 95 percent intervals. {words}.")


def _name_places(ax, names):
    """Name whole-number places along the axis, as many as there is room for, the last always."""
    step = -(-len(names) // MOST_NAMES)
    places = np.arange(len(names))[::-1][::step][::-1]
    ax.set_xticks(places, [str(names[place]) for place in places], fontsize="small")


def plot_c3(revenue_by_cohort, unit="dollars", ax=None):
    """Draw revenue period by period, stacked by the cohort it comes from: the customer cohort chart.

    Parameters
    ----------
    revenue_by_cohort : DataFrame
        A row per cohort, a column per period, as in the fifth lens of `ccx.audit`; more than twelve cohorts are put together by year.
    unit : str, default "dollars"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> years = pd.period_range("2024", "2025", freq="Y")
    >>> alt_text(plot_c3(pd.DataFrame([[100.0, 60.0], [None, 90.0]], index=years, columns=years)))
    'Revenue by period, dollars, stacked by cohort. 2024: 100, all of it from customers new in it. 2025: 150, 60% of it from customers new in it.'
    """
    ax = ax if ax is not None else new_axes(height=3.6)
    new = np.diag(revenue_by_cohort.reindex(revenue_by_cohort.columns).fillna(0))
    total, places = revenue_by_cohort.sum().to_numpy(), np.arange(revenue_by_cohort.shape[1])
    earlier = revenue_by_cohort.where(revenue_by_cohort.index.to_numpy()[:, None] != revenue_by_cohort.columns.to_numpy()[None, :], 0).fillna(0)
    grouped = len(earlier) > MOST_COHORTS
    earlier = earlier.groupby(earlier.index.year).sum() if grouped else earlier
    bottom = np.zeros(len(places))
    for i, row in enumerate(earlier.to_numpy()):
        ax.bar(places, row, 0.9, bottom=bottom, color=(GREY, "#8b9095", "#a8acb1", PALE)[i % 4], edgecolor="white", linewidth=0.4,
               label=f"earlier, a shade a {'year' if grouped else 'cohort'}" if i == 0 else None)
        bottom = bottom + row
    ax.bar(places, new, 0.9, bottom=bottom, color=ACCENT, label="new in the period")
    _name_places(ax, revenue_by_cohort.columns)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,.0f}"))
    ax.set(xlabel="Period", ylabel=f"Revenue, {unit}")
    legend_above(ax, columns=2)
    shown = dict.fromkeys([0, len(places) // 2, len(places) - 1]) if len(places) > MOST_COHORTS else places
    words = " ".join(f"{revenue_by_cohort.columns[i]}: {number(total[i])}, {_share(new[i], total[i])} of it from customers new in it." for i in shown)
    return describe(ax, f"Revenue by period, {unit}, stacked by cohort. {words}")


def _share(part, whole):
    return "all" if part == whole else "none" if not part else f"{part / whole:.0%}"


def plot_active(by_period, ax=None):
    """Draw who orders in each period, new or known, and below the line who ordered in the period before and did not in this one.

    Parameters
    ----------
    by_period : DataFrame
        ``stayed``, ``came_back``, ``new`` and ``lapsed``, as in the fifth lens of `ccx.audit`.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> table = pd.DataFrame({"stayed": [0, 4], "came_back": [0, 1], "new": [9, 5], "lapsed": [0, 5]}, index=["2024", "2025"])
    >>> alt_text(plot_active(table))
    'Customers by period. 2024: 9 new, 0 stayed, 0 came back, 0 lapsed. 2025: 5 new, 4 stayed, 1 came back, 5 lapsed.'
    """
    ax = ax if ax is not None else new_axes(height=3.6)
    places, bottom = np.arange(len(by_period)), np.zeros(len(by_period))
    for column, colour, name in (("stayed", GREY, "stayed"), ("came_back", PALE, "came back"), ("new", ACCENT, "new")):
        ax.bar(places, by_period[column], 0.8, bottom=bottom, color=colour, label=name)
        bottom = bottom + by_period[column].to_numpy()
    ax.bar(places, -by_period["lapsed"], 0.8, color="white", edgecolor=GREY, hatch="////", linewidth=0.6, label="lapsed")
    ax.axhline(0, color=INK, lw=0.8)
    _name_places(ax, by_period.index)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{abs(y):,.0f}"))
    ax.set(xlabel="Period", ylabel="Customers")
    legend_above(ax, columns=4)
    shown = by_period.iloc[sorted({0, len(by_period) // 2, len(by_period) - 1})] if len(by_period) > MOST_COHORTS else by_period
    words = " ".join(f"{period}: {row['new']:,.0f} new, {row['stayed']:,.0f} stayed, {row['came_back']:,.0f} came back, {row['lapsed']:,.0f} "
                     f"lapsed." for period, row in shown.iterrows())
    return describe(ax, f"Customers by period. {words}")
