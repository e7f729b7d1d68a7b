"""The report's page: one HTML file without scripts or anything to be fetched, and its pictures with their descriptions."""

from pathlib import Path

import numpy as np

from ..._page import render
from ...plot.figure import ACCENT, GREY, INK, PALE, describe, new_axes, picture
from .items import OUTCOMES, SMALL, attention, decimals, percent
from .sheets import number

LABELS = dict(zip(OUTCOMES, ("Right", "Known mistake", "Unexplained", "Stopped", "Blank", "By hand", "Waiting")))
# Neighbours differ in lightness, so that a grey print and every kind of colour vision tell them apart.
FILLS = dict(zip(OUTCOMES, (GREY, "#f0b592", ACCENT, PALE, "#ffffff", "#8fa8bf", "#ffffff")))
# At 375 pixels a picture of this width has letters of ten pixels.
WIDTH = 4.4


def page(results, items, mistakes, objectives):
    """Write the page for instructors.

    Parameters
    ----------
    results : Results
    items, mistakes, objectives : DataFrame
        From `items.item_table`, `items.mistake_table` and `items.objective_table`.

    Returns
    -------
    str
        HTML, in which every text from outside is escaped.
    """
    totals = results.students["total"].dropna()
    return render(
        Path(__file__).parent / "page.html", lesson=results.lesson, enrolled=len(results.students), handed_in=int(results.students["handed_in"].sum()), graded=len(totals),
        waiting=int((results.students.loc[totals.index, "waiting"].map(len) > 0).sum()), median=number(totals.median()), mean=number(round(totals.mean(), 1)),
        most=number(results.exercises["points"].sum()), small=len(totals) < SMALL, attention=attention(items, mistakes),
        pictures=[picture(ax, caption) for ax, caption in plots(items, totals, results.exercises["points"].sum())], labels=LABELS,
        items=_items(items), undefined=_undefined(items), told=[item for item in _items(items) if item["most_frequent_sentence"]],
        objectives=[{**row, "points": number(row["points"]), "mean_share": decimals(row["mean_share"])} for row in objectives.reset_index().to_dict("records")],
        mistakes=[{**row, "share": percent(row["share"])} for row in mistakes.to_dict("records")], mended=results.mended, ungraded=results.ungraded)


def _items(items):
    shown = items.assign(points=items["points"].map(number), difficulty=items["difficulty"].map(decimals), discrimination=items["discrimination"].map(decimals))
    return shown.reset_index().to_dict("records")


def _undefined(items):
    """The exercises without a discrimination, by the reason."""
    without = items[items["undefined"] != ""].reset_index()
    return [(", ".join(names), reason) for reason, names in without.groupby("undefined")["exercise"]]


def plots(items, totals, most):
    """Draw the pictures of the page.

    Parameters
    ----------
    items : DataFrame
    totals : Series
        The students' totals.
    most : float
        What the lesson is worth.

    Returns
    -------
    list of tuple
        Axes with a description, and a caption.
    """
    return [(plot_outcomes(items), "What became of the answers."), (plot_items(items), "Difficulty and discrimination of each exercise."),
            (plot_totals(totals, most), "How many students have how many points.")]


def plot_outcomes(items):
    """Bars of what became of the answers to each exercise."""
    ax = new_axes(WIDTH, 1.3 + 0.28 * len(items))
    shares = items[list(OUTCOMES)].div(items["answers"].clip(lower=1), axis=0)
    left = np.zeros(len(items))
    for name in [name for name in OUTCOMES if items[name].any()]:
        hatch = "////" if name == "waiting" else None
        ax.barh(items.index, shares[name], left=left, color=FILLS[name], edgecolor=INK, linewidth=0.6, hatch=hatch, label=LABELS[name])
        left += shares[name].to_numpy()
    ax.invert_yaxis()
    ax.set_xlim(0, 1)
    ax.set_xlabel("share of the answers")
    ax.figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=9)
    told = [f"{name}: " + ", ".join(f"{row[key]} {LABELS[key].lower()}" for key in OUTCOMES if row[key]) for name, row in items.iterrows()]
    return describe(ax, f"Bars of what became of the answers to each exercise. {'; '.join(told)}.")


def plot_items(items):
    """A dot for the difficulty and one for the discrimination of each exercise."""
    figure = new_axes(WIDTH, 0.9 + 0.28 * len(items)).figure
    figure.clear()
    left, right = figure.subplots(1, 2, sharey=True)
    for ax, column in ((left, "difficulty"), (right, "discrimination")):
        ax.hlines(range(len(items)), 0, items[column].fillna(0), color=PALE)
        ax.scatter(items[column], range(len(items)), color=[ACCENT if round(value, 2) < 0 else GREY for value in items[column]], zorder=3)
        ax.set_xlim(items[column].min() - 0.1 if items[column].min() < 0 else 0, 1.05)
        ax.axvline(0, color=INK, linewidth=0.8)
        ax.set_xlabel(column)
        ax.spines[["top", "right", "left"]].set_visible(False)
        ax.tick_params(left=False)
    left.set_yticks(range(len(items)), items.index)
    left.set_ylim(len(items) - 0.5, -0.5)
    told = [f"{name} {decimals(row['difficulty'])} and {decimals(row['discrimination'])}" for name, row in items.iterrows()]
    return describe(left, f"Dots for difficulty and discrimination of each exercise. {'; '.join(told)}.")


def plot_totals(totals, most):
    """A histogram of the totals, a bar for each whole number of points where there are few."""
    ax = new_axes(WIDTH, 2.6)
    step = max(1, np.ceil(most / 20))
    edges = np.arange(0, max(most, totals.max()) + 2 * step, step) - step / 2
    ax.hist(totals, bins=edges, color=GREY, edgecolor="white")
    ax.set_xlabel(f"points, of {number(most)}")
    ax.set_ylabel("students")
    ax.yaxis.get_major_locator().set_params(integer=True)
    low, middle, high = (number(value) for value in totals.quantile([0, 0.5, 1]))
    return describe(ax, f"Histogram of the totals of {len(totals)} students: from {low} to {high} of {number(most)} points, half have {middle} or more.")
