"""Figures of how unlike customers are: spread, Lorenz curve, deciles, counts, windows; and of a guess beside the truth."""

import numpy as np
from matplotlib.ticker import PercentFormatter

from ..heterogeneity import decile_table, gini, lorenz, top_share
from .figure import ACCENT, GREY, INK, PALE, describe, legend_above, new_axes, number


def plot_spread(values, unit="dollars", ax=None):
    """Draw how many customers have which value, with the mean and the median.

    Parameters
    ----------
    values : array_like of float, shape (n,)
    unit : str, default "dollars"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_spread([1, 2, 9], unit="visits"))
    'Histogram of value per customer in visits: the mean is 4, the median 2; the largest customer has 9.'
    """
    ax = ax if ax is not None else new_axes()
    values = np.asarray(values, dtype=float)
    mean, median, shown = values.mean(), np.median(values), values <= np.quantile(values, 0.98)
    ax.hist(values[shown], bins=60, color=PALE)
    ax.margins(y=0.35)
    # The line on the left is the taller one, so that its label passes over the other.
    lines = sorted([(mean, "mean", ACCENT, "-"), (median, "median", GREY, "--")])
    for (x, name, colour, style), height in zip(lines, (1.0, 0.88)):
        ax.axvline(x, ymax=height, color=colour, lw=1.5, ls=style)
        ax.annotate(f" {name} {number(x)}", (x, height), xycoords=("data", "axes fraction"), color=colour, va="top")
    hidden = f" (the {(~shown).sum():,} largest customers not shown)" if not shown.all() else ""
    ax.set(xlabel=f"Value per customer, {unit}{hidden}", ylabel="Customers")
    return describe(ax, f"Histogram of value per customer in {unit}: the mean is {number(mean)}, the median "
                        f"{number(median)}; the largest customer has {number(values.max())}.")


def plot_lorenz(values, compare=None, names=("these customers", "comparison"), ax=None):
    """Draw the Lorenz curve, with the top fifth's share marked and a second curve for comparison.

    Parameters
    ----------
    values : array_like of float, shape (n,)
    compare : array_like of float, optional
        Values of a second group, drawn in grey.
    names : pair of str
        What to call the two on the picture.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> plot_lorenz([1, 2, 9]).get_xlabel()
    'Customers, smallest first'
    """
    ax = ax if ax is not None else new_axes(height=4.2)
    ax.plot([0, 1], [0, 1], color=PALE, lw=1)
    ax.text(0.42, 0.445, "all alike", color=GREY, rotation=45, rotation_mode="anchor", transform_rotates_text=True)
    _mark_top_fifth(ax, values)
    words = [_draw_lorenz(ax, values, names[0], ACCENT)]
    if compare is not None:
        words.append(_draw_lorenz(ax, compare, names[1], GREY, style="--"))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1))
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="Customers, smallest first", ylabel="Share of all value")
    return describe(ax, "Lorenz curve. " + " ".join(words))


def _draw_lorenz(ax, values, name, colour, style="-"):
    curve = lorenz(values)
    label = f"{name}: Gini {gini(values):.2f}, top fifth {top_share(values):.0%}"
    ax.plot(curve["customers"], curve["value"], color=colour, lw=2, ls=style, label=label)
    ax.legend(frameon=False, loc="upper left")
    half, fifth = (top_share(values, share) for share in (0.5, 0.2))
    return (f"{name[:1].upper()}{name[1:]}: Gini {gini(values):.2f}; the smaller half of the customers bring {1 - half:.0%}, "
            f"the first four fifths {1 - fifth:.0%}, the top fifth {fifth:.0%}.")


def _mark_top_fifth(ax, values):
    share = top_share(values)
    ax.plot([0, 0.8, 0.8], [1 - share, 1 - share, 0], color=ACCENT, lw=1, ls=":")
    ax.annotate(f"{1 - share:.0%}", (0.01, 1 - share), (0, 2), textcoords="offset points", color=ACCENT)


def plot_deciles(values, ax=None):
    """Draw what each tenth of the customers brings, the best first, the first two in the accent colour.

    Parameters
    ----------
    values : array_like of float, shape (n,)
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> plot_deciles(range(1, 101)).get_ylabel()
    'Share of all value'
    """
    ax = ax if ax is not None else new_axes()
    share = decile_table(values)["share"]
    bars = ax.bar(share.index, share, color=[ACCENT] * 2 + [PALE] * 8)
    ax.bar_label(bars, labels=["<1%" if 0 < x < 0.005 else f"{x:.0%}" for x in share], padding=2, color=INK)
    ax.set(xlabel="Tenth of the customers, best first", ylabel="Share of all value", xticks=share.index)
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    return describe(ax, "Bars, one for each tenth of the customers, best first: "
                        + ", ".join(f"{x:.1%}" for x in share) + " of all value.")


def plot_counts(counts, model, t, longest=10, ax=None):
    """Draw observed counts of repeat purchases beside a model's, and beside customers who are all alike.

    Parameters
    ----------
    counts : array_like of int, shape (n,)
        Repeat purchases per customer.
    model : NBDModel
    t : float
        Length of the period that was counted, in the model's time unit.
    longest : int, default 10
        The last bar holds this many purchases and more.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from ccx.clv import NBDModel
    >>> plot_counts([0, 0, 1, 5], NBDModel(r=1, alpha=1), t=1).get_xlabel()
    'Repeat purchases'
    """
    from scipy.special import pdtr

    ax = ax if ax is not None else new_axes()
    x = np.arange(longest)
    observed = np.bincount(np.minimum(counts, longest).astype(int), minlength=longest + 1) / len(counts)
    alike = np.diff(pdtr(x, np.mean(counts)), prepend=0)
    ax.bar(np.arange(longest + 1), observed, color=PALE, label="customers observed")
    for share, style, colour, name in ((model.probability(x, t), "o-", ACCENT, "a rate each (NBD)"),
                                       (alike, "s--", GREY, "one rate for all (Poisson)")):
        ax.plot(np.arange(longest + 1), [*share, 1 - share.sum()], style, color=colour, ms=4, label=name)
    ax.set(xlabel="Repeat purchases", ylabel="Share of customers", xticks=np.arange(longest + 1),
           xticklabels=[*map(str, x), f"{longest}+"])
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    legend_above(ax, columns=3)
    return describe(ax, f"Repeat purchases per customer. None at all: {observed[0]:.0%} observed, {model.probability(0, t):.0%} "
                        f"by the NBD, {alike[0]:.0%} if all customers had the same rate. "
                        f"{longest} and more: {observed[-1]:.0%} observed.")


def plot_windows(table, ax=None):
    """Draw the top fifth's share against the length of the window.

    Parameters
    ----------
    table : DataFrame
        From `share_by_window`.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"top_share": [0.7, 0.6], "top_share_buyers": [0.5, 0.5]}, index=[1, 4])
    >>> plot_windows(table).get_xlabel()
    'Length of the window, weeks'
    """
    ax = ax if ax is not None else new_axes()
    for column, name, colour, style in (("top_share", "of all customers", ACCENT, "o-"),
                                        ("top_share_buyers", "of those who bought in the window", GREY, "s--")):
        ax.plot(table.index, table[column], style, color=colour, label=f"top fifth {name}", ms=4, clip_on=False)
    ax.set(xlabel="Length of the window, weeks", ylabel="Share of all value", ylim=(0, 1), xlim=(0, None))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    legend_above(ax, columns=2)
    first, last = table.iloc[0], table.iloc[-1]
    return describe(ax, f"Share of value of the top fifth, by window. Among all customers it goes from {first['top_share']:.0%} in the "
                        f"shortest window to {last['top_share']:.0%} in the longest; among those who bought in the window "
                        f"from {first['top_share_buyers']:.0%} to {last['top_share_buyers']:.0%}.")


def plot_guess(guess, truth, ax=None):
    """Draw a guess and the truth on one line.

    Parameters
    ----------
    guess : float or None
        None when no guess was made.
    truth : float
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes
    """
    ax = ax if ax is not None else new_axes(height=1.2)
    points = [(truth, "truth", ACCENT, 12)] + ([] if guess is None else [(guess, "your guess", GREY, -22)])
    for x, name, colour, offset in points:
        ax.plot([x], [0], "o", color=colour, ms=9)
        ax.annotate(f"{name} {number(x)}", (x, 0), (0, offset), textcoords="offset points", ha="center", color=colour)
    reach = max(1.0, *(abs(x) * 1.1 for x, *_ in points)) if min(x for x, *_ in points) >= 0 else None
    ax.set(yticks=[], ylim=(-1, 1), xlim=(-0.02 * reach, 1.02 * reach) if reach else None)
    ax.spines["left"].set_visible(False)
    said = "no guess was made" if guess is None else f"your guess was {number(guess)}, off by {number(abs(guess - truth))}"
    return describe(ax, f"The truth is {number(truth)}; {said}.")
