"""Figures of treatment and change: before and after by group, effects with their intervals, Qini curves, and a budget over customers."""

import numpy as np
from matplotlib.ticker import FuncFormatter, PercentFormatter

from .figure import ACCENT, GREY, INK, PALE, describe, legend_above, new_axes, number

# Lines that must be told apart without colour.
STYLES = [(ACCENT, "-"), (INK, ":"), (GREY, "--"), (PALE, "-"), (GREY, "-.")]


def plot_change(table, groups="Group", unit="dollars", ax=None):
    """Draw what each group of customers brought before and after, and where given what was to be expected.

    Parameters
    ----------
    table : DataFrame
        From `ccx.selection.change_by_group`: ``before``, ``after`` and perhaps ``expected``, a row per group, all above 0 on the first of them or on none.
    groups : str, default "Group"
        What the rows are.
    unit : str, default "dollars"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_change(pd.DataFrame({"before": [2.0, 20], "after": [5.0, 18]}, index=[1, 2]), "Half"))
    'Mean per customer before and after, in dollars. Half 1: 2 before, 5 after. Half 2: 20 before, 18 after.'
    """
    ax = ax if ax is not None else new_axes()
    places = np.arange(len(table))
    ax.vlines(places, table["before"], table["after"], color=PALE, lw=3)
    ax.plot(places, table["before"], "o", color=INK, ms=8, mfc="white", label="before")
    ax.plot(places, table["after"], "o", color=ACCENT, ms=7, label="after")
    if "expected" in table:
        ax.plot(places, table["expected"], "_", color=GREY, ms=22, mew=2.5, label="expected")
    if table[["before", "after"]].min(axis=None) > 0:
        ax.set_yscale("log")
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: number(y)))
    ax.set(xticks=places, xticklabels=table.index, xlabel=groups, ylabel=f"Mean per customer, {unit}")
    ax.margins(x=0.1)
    legend_above(ax, columns=3)
    words = [f"{groups} {name}: {number(row['before'])} before, {number(row['after'])} after"
             + (f", {number(row['expected'])} expected." if "expected" in table else ".") for name, row in table.iterrows()]
    return describe(ax, f"Mean per customer before and after, in {unit}. {' '.join(words)}")


def plot_effects(table, truth=None, column="uplift", unit="dollars per customer", ax=None):
    """Draw estimated effects with their intervals, a row each, beside zero and where it is known the truth.

    Parameters
    ----------
    table : DataFrame
        ``low``, ``high`` and the estimate in `column`, as from `ccx.selection.uplift_by_arm` or `ccx.selection.policy_profit`.
    truth : Series, optional
        The true effect of each row.
    column : str, default "uplift"
    unit : str, default "dollars per customer"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> table = pd.DataFrame({"uplift": [2.0], "low": [0.5], "high": [3.5]}, index=["voucher"])
    >>> alt_text(plot_effects(table, pd.Series({"voucher": 1.9})))
    'Effects in dollars per customer with their intervals. Voucher: 2 (0.5 to 3.5), truth 1.9.'
    """
    ax = ax if ax is not None else new_axes(height=0.9 + 0.42 * len(table))
    names = [" · ".join(map(str, name)) if isinstance(name, tuple) else str(name) for name in table.index]
    places = np.arange(len(table))[::-1]
    ax.axvline(0, color=GREY, lw=1)
    ax.hlines(places, table["low"], table["high"], color=ACCENT, lw=2.5)
    ax.plot(table[column], places, "o", color=ACCENT, ms=7, label="estimate and interval")
    if truth is not None:
        ax.plot(truth.loc[table.index], places, "D", color=INK, ms=6, mfc="white", label="truth")
    ax.set(yticks=places, yticklabels=names, xlabel=f"Effect, {unit}")
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.5g}"))
    ax.margins(y=0.5 / len(table) + 0.05)
    legend_above(ax, columns=2)
    known = [""] * len(table) if truth is None else [f", truth {number(value)}" for value in truth.loc[table.index]]
    words = [f"{name.capitalize()}: {number(row[column])} ({number(row['low'])} to {number(row['high'])}){said}."
             for name, said, (_, row) in zip(names, known, table.iterrows())]
    return describe(ax, f"Effects in {unit} with their intervals. {' '.join(words)}")


def plot_qini(curves, unit="dollars per customer of the list", ax=None):
    """Draw what treating the first, the first two, … customers by one or more scores adds.

    Parameters
    ----------
    curves : dict of str to DataFrame
        From `ccx.selection.qini_curve`, by the name of the score, at most five, of one trial; the first is the one the picture is about.
    unit : str, default "dollars per customer of the list"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> curve = pd.DataFrame({"share": [0, 0.5, 1], "gain": [0, 2.5, 1.5], "random": [0, 0.75, 1.5]})
    >>> plot_qini({"response": curve}).get_xlabel()
    'Share of customers treated'
    """
    ax = ax if ax is not None else new_axes()
    for (name, curve), (colour, style) in zip(curves.items(), STYLES):
        ax.plot(curve["share"], curve["gain"], color=colour, ls=style, lw=2, label=name)
    whole = next(iter(curves.values()))["gain"].iloc[-1]
    ax.plot([0, 1], [0, whole], color=PALE, lw=1.5, label="at random")
    ax.axhline(0, color=PALE, lw=0.8)
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set(xlabel="Share of customers treated", ylabel=f"Gain, {unit}")
    legend_above(ax, columns=4 if len(curves) < 4 else 3)
    words = "; ".join(f"{name} {number(np.interp(0.2, curve['share'], curve['gain']))}" for name, curve in curves.items())
    return describe(ax, f"Gain in {unit} against the share of customers treated. With a fifth of them: {words}; at random {number(0.2 * whole)}. "
                        f"With all of them {number(whole)}.")


def plot_budget(value, spend, floor=None, ax=None):
    """Draw how much of a budget each customer gets, the most valuable first, beside the same for all.

    Parameters
    ----------
    value : array_like of float, shape (n,)
        What each customer is worth, in dollars.
    spend : array_like of float, shape (n,)
        What each gets, from `ccx.selection.water_fill`.
    floor : array_like of float, shape (n,), optional
        What each gets where nobody is left without.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_budget([100, 50, 5], [36.9, 23.1, 0.0]))
    'Spending per customer, the most valuable first: from 36.9 dollars down to 0, and 33 % get nothing; the same for all would be 20 dollars.'
    """
    ax = ax if ax is not None else new_axes()
    spend, order = np.asarray(spend, dtype=float), np.argsort(-np.asarray(value, dtype=float), kind="stable")
    places = (np.arange(len(order)) + 0.5) / len(order)
    ax.plot(places, spend[order], color=ACCENT, lw=2, label="by value")
    if floor is not None:
        ax.plot(places, np.asarray(floor)[order], color=INK, ls=":", lw=2, label="by value, with a floor")
    ax.axhline(spend.mean(), color=GREY, ls="--", lw=1.5, label="the same for all")
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set(xlabel="Customers, the most valuable first", ylabel="Spending per customer, dollars", ylim=(0, None))
    legend_above(ax, columns=3)
    nothing = f"{(spend <= 0).mean():.0%}".replace("%", " %")
    return describe(ax, f"Spending per customer, the most valuable first: from {number(spend[order[0]])} dollars down to {number(spend[order[-1]])}, "
                        f"and {nothing} get nothing; the same for all would be {number(spend.mean())} dollars.")
