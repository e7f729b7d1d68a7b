"""Figures of customers under contract: who is still there, who renews, and what the whole firm reports."""

import numpy as np
from matplotlib.ticker import MaxNLocator, PercentFormatter

from .figure import ACCENT, GREY, INK, PALE, describe, new_axes

STYLES = ["-", "--", "-.", ":"]
MARKERS = ["o", "s", "^", "D"]


def plot_survival(observed, curves=None, seen=None, ax=None):
    """Draw the share of a cohort still there year by year, beside what models or formulas say of it.

    Parameters
    ----------
    observed : dict of sequence
        Customers (or percentages) after 0, 1, 2, … renewals, by the name of the cohort.
    curves : dict, optional
        By name, a contractual model or the shares after 0, 1, 2, … renewals; the first is the point of the figure.
    seen : int, optional
        The last year that was used for the fit; what comes later is marked.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_survival({"gym": [200, 100, 80]}))
    'Share of customers still there by year. gym: 50% after year 1, 40% after year 2.'
    """
    shares = {name: np.asarray(counts, dtype=float) / counts[0] for name, counts in observed.items()}
    ax = _draw(shares, _evaluated(curves, lambda model, t: model.survival(t), max(map(len, shares.values()))), 0, seen, ax)
    everything = [value for line in ax.get_lines() for value in line.get_ydata()]
    low, high = min(0, *everything), max(1, *everything)
    ax.set(xlabel="Years since acquisition", ylabel="Customers still there", ylim=(low - 0.05 * (high - low) * (low < 0), high + 0.05 * (high - low)))
    if low < 0:
        ax.axhline(0, color=INK, lw=0.8)
    return describe(ax, "Share of customers still there by year. " + _words(shares, 0, seen, "after year") + _curve_words(ax, seen))


def plot_retention(observed, curves=None, seen=None, ax=None):
    """Draw the retention rate of a cohort year by year, beside what models say of it.

    Parameters
    ----------
    observed : dict of sequence
        Customers (or percentages) after 0, 1, 2, … renewals, by the name of the cohort.
    curves : dict, optional
        By name, a contractual model or the retention rates of years 1, 2, …; the first is the point of the figure.
    seen : int, optional
        The last year that was used for the fit; what comes later is marked.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_retention({"gym": [200, 100, 80]}))
    'Retention rate by year. gym: 50% in year 1, 80% in year 2.'
    """
    rates = {name: np.asarray(counts[1:], dtype=float) / np.asarray(counts[:-1], dtype=float) for name, counts in observed.items()}
    longest = max(map(len, rates.values())) if rates else 8
    ax = _draw(rates, _evaluated(curves, lambda model, t: model.retention_rate(t + 1), longest), 1, seen, ax)
    lowest = min(value for line in ax.get_lines() for value in line.get_ydata())
    ax.set(xlabel="Year", ylabel="Retention rate", ylim=(np.floor(20 * lowest - 0.5) / 20, 1))
    return describe(ax, "Retention rate by year. " + _words(rates, 1, seen, "in year") + _curve_words(ax, seen))


def plot_base_by_year(table, mark=None, label="", ax=None):
    """Draw a firm's retention rate by calendar year, as a board would be shown it.

    Parameters
    ----------
    table : DataFrame
        From `ccx.base_by_year`.
    mark : int, optional
        A year in which something began.
    label : str
        What began.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import ccx
    >>> survivors, _ = ccx.simulate.subscription_base([1000, 1000, 500], rng=1)
    >>> plot_base_by_year(ccx.base_by_year(survivors)).get_ylabel()
    'Retention rate, all customers'
    """
    ax = ax if ax is not None else new_axes(height=2.8)
    rates = table["retention"].dropna()
    ax.plot(rates.index, rates, "o-", color=ACCENT, lw=2, ms=5)
    for year in (rates.index[0], rates.index[-1]):
        ax.annotate(f"{rates[year]:.1%}", (year, rates[year]), xytext=(0, 8), textcoords="offset points", color=ACCENT, ha="center")
    said = ""
    if mark is not None:
        ax.axvline(mark - 0.5, color=GREY, lw=1, ls="--")
        ax.annotate(f" {label}", (mark - 0.5, 0.04), xycoords=("data", "axes fraction"), color=GREY)
        said = f" {label[:1].upper()}{label[1:]} in {mark}."
    ax.margins(x=0.08, y=0.25)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    _percent(ax)
    ax.set(xlabel="Year", ylabel="Retention rate, all customers")
    return describe(ax, f"Retention rate of all customers by year: {rates.iloc[0]:.1%} in {rates.index[0]}, "
                        f"{rates.iloc[-1]:.1%} in {rates.index[-1]}.{said}")


def _evaluated(curves, of_model, longest):
    """Each curve as a row of numbers, as long as the data where a model gives it."""
    t = np.arange(longest)
    return {name: of_model(curve, t) if hasattr(curve, "survival") else np.asarray(curve, dtype=float)
            for name, curve in (curves or {}).items()}


def _draw(points, curves, first, seen, ax):
    ax = ax if ax is not None else new_axes(height=3.4)
    if seen is not None:
        ax.axvline(seen + 0.5, color=PALE, lw=1)
        ax.annotate(" not seen by the fit", (seen + 0.5, 0.97), xycoords=("data", "axes fraction"), color=GREY, va="top", fontsize="small")
    # Where there are models the data step back; where there are none the first cohort is the point.
    for i, (name, values) in enumerate(points.items()):
        colour = ACCENT if i == 0 and not curves else GREY
        ax.plot(first + np.arange(len(values)), values, color=colour, marker=MARKERS[i % 4], ms=5, label=name,
                ls="none" if curves else STYLES[i % 4])
    for i, (name, values) in enumerate(curves.items()):
        ax.plot(first + np.arange(len(values)), values, STYLES[i % 4], color=ACCENT if i == 0 else GREY, lw=2 if i == 0 else 1.4, label=name)
    _label_ends(ax)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    _percent(ax)
    return ax


def _percent(ax):
    """Whole per cent at every tick."""
    ax.yaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def _label_ends(ax):
    """Write each line's name at its right end, moved apart where they would touch."""
    lines = [line for line in ax.get_lines() if not line.get_label().startswith("_")]
    every = np.concatenate([line.get_ydata() for line in lines])
    gap = 0.075 * (max(every.max(), 1) - min(every.min(), 0) if every.min() < 0.4 else 1.3 * (1 - every.min()))
    at, end = -np.inf, max(line.get_xdata()[-1] for line in lines)
    for line in sorted(lines, key=lambda line: line.get_ydata()[-1]):
        at = max(line.get_ydata()[-1], at + gap)
        ax.annotate(f"  {line.get_label()}", (end, at), color=line.get_color(), va="center", annotation_clip=False)


def _words(shares, first, seen, when):
    """Each cohort's first, last seen and last value."""
    said = []
    for name, values in shares.items():
        years = sorted({1, *([seen] if seen else []), first + len(values) - 1})
        said.append(f"{name}: " + ", ".join(f"{values[year - first]:.0%} {when} {year}" for year in years) + ".")
    return " ".join(said)


def _curve_words(ax, seen):
    curves = [line for line in ax.get_lines() if not line.get_label().startswith("_") and line.get_linestyle() != "None" and line.get_marker() == "None"]
    return "".join(f" The curve {line.get_label()} ends at {line.get_ydata()[-1]:.0%} in year {line.get_xdata()[-1]}." for line in curves)
