"""Figures of treatment and change: where they draw, what they say, and what stands in them."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from ccx import plot
from ccx.selection import qini_curve
from figures import every_rule, the_accent_and_the_grey_differ_in_more_than_colour

TABLE = pd.DataFrame({"before": [84.0, 2628.0], "after": [206.0, 2413.0]}, index=[1, 5])
NOTHING = pd.DataFrame({"before": [0.0, 3.0], "after": [0.2, 1.5], "expected": [0.3, 2.3]}, index=[0, 3])
EFFECTS = pd.DataFrame({"uplift": [0.0, 1.8], "low": [-1.4, 0.4], "high": [1.4, 3.1]}, index=["letter", "voucher"])
BY_KIND = EFFECTS.set_axis(pd.MultiIndex.from_tuples([("readers", "letter"), ("readers", "voucher")]))
PROFITS = pd.DataFrame({"profit": [1500.0], "low": [-3300.0], "high": [6300.0]}, index=["most valuable"])
CURVE = pd.DataFrame({"share": [0, 0.5, 1], "gain": [0, 2.5, 1.5], "random": [0, 0.75, 1.5]})
VALUE, SPEND = np.array([5.0, 100, 50]), np.array([0.0, 36.9, 23.1])

PLOTS = {
    "change": lambda ax=None: plot.plot_change(TABLE, ax=ax),
    "change from nothing": lambda ax=None: plot.plot_change(NOTHING, "Purchases", "purchases", ax=ax),
    "effects": lambda ax=None: plot.plot_effects(EFFECTS, ax=ax),
    "effects and truth": lambda ax=None: plot.plot_effects(EFFECTS, pd.Series({"voucher": 1.9, "letter": 0.0}), ax=ax),
    "effects by kind": lambda ax=None: plot.plot_effects(BY_KIND, ax=ax),
    "profits": lambda ax=None: plot.plot_effects(PROFITS, column="profit", unit="dollars", ax=ax),
    "qini": lambda ax=None: plot.plot_qini({"response": CURVE}, ax=ax),
    "qini of five": lambda ax=None: plot.plot_qini({str(i): CURVE.assign(gain=[0, i, 1.5]) for i in range(5)}, ax=ax),
    "budget": lambda ax=None: plot.plot_budget(VALUE, SPEND, ax=ax),
    "budget with a floor": lambda ax=None: plot.plot_budget(VALUE, SPEND, SPEND + 1, ax=ax),
}
every_plot = pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)


# Estimates and what they are compared with differ in the form of their marks.
@every_rule(the_accent_and_the_grey_differ_in_more_than_colour)
@every_plot
def test_the_rules_for_every_figure_hold(draw, rule):
    rule(draw)


@every_plot
def test_axes_are_labelled_and_described(draw):
    ax = draw()
    assert ax.get_xlabel() and (ax.get_ylabel() or len(ax.get_yticklabels())) and len(plot.alt_text(ax)) > 40


@every_plot
def test_nothing_is_drawn_outside_the_picture(draw):
    """No words are cut off, and the legend stands above the data."""
    figure = draw().figure
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer, whole = canvas.get_renderer(), figure.bbox
    ax = figure.axes[0]
    # Ticks beyond the ends of an axis have words too, which are not drawn.
    ticks = [label for axis, place, (low, high) in ((ax.xaxis, 0, sorted(ax.get_xlim())), (ax.yaxis, 1, sorted(ax.get_ylim())))
             for label in axis.get_ticklabels() if low <= label.get_position()[place] <= high]
    boxes = [text.get_window_extent(renderer) for text in (*ax.texts, ax.xaxis.label, ax.yaxis.label, *ticks) if text.get_text()]
    assert all(whole.x0 - 1 <= box.x0 and box.x1 <= whole.x1 + 1 and whole.y0 - 1 <= box.y0 and box.y1 <= whole.y1 + 1 for box in boxes)
    legend = ax.get_legend().get_window_extent(renderer)
    assert legend.y0 >= ax.get_window_extent(renderer).y1 - 1 and legend.x1 <= whole.x1 + 1


def points(ax, label):
    [line] = [line for line in ax.lines if line.get_label() == label]
    return line.get_ydata().tolist()


def test_change_shows_its_table_and_says_it():
    ax = PLOTS["change from nothing"]()
    assert points(ax, "before") == [0, 3] and points(ax, "after") == [0.2, 1.5] and points(ax, "expected") == [0.3, 2.3]
    assert plot.alt_text(ax) == ("Mean per customer before and after, in purchases. Purchases 0: 0 before, 0.2 after, 0.3 expected. "
                                 "Purchases 3: 3 before, 1.5 after, 2.3 expected.")
    # From nothing there is no ratio, so the scale is a plain one.
    assert ax.get_yscale() == "linear" and PLOTS["change"]().get_yscale() == "log"


def test_effects_show_estimates_intervals_and_truth():
    ax = PLOTS["effects and truth"]()
    dots, diamonds = (next(line for line in ax.lines if line.get_label() == label) for label in ("estimate and interval", "truth"))
    assert dots.get_xdata().tolist() == [0.0, 1.8] and diamonds.get_xdata().tolist() == [0.0, 1.9] and dots.get_ydata().tolist() == [1, 0]
    segments = ax.collections[0].get_segments()
    assert [segment[:, 0].tolist() for segment in segments] == [[-1.4, 1.4], [0.4, 3.1]]
    assert plot.alt_text(ax).endswith("Letter: 0 (-1.4 to 1.4), truth 0. Voucher: 1.8 (0.4 to 3.1), truth 1.9.")
    assert "Readers · voucher: 1.8" in plot.alt_text(PLOTS["effects by kind"]())


def test_qini_reads_off_a_fifth_of_the_customers():
    ax = PLOTS["qini"]()
    assert points(ax, "response") == [0, 2.5, 1.5] and points(ax, "at random") == [0, 1.5]
    assert plot.alt_text(ax).endswith("With a fifth of them: response 1; at random 0.3. With all of them 1.5.")


def test_a_curve_from_a_trial_can_be_drawn():
    rng = np.random.default_rng(1)
    arm = pd.Series(rng.choice(["control", "voucher"], 200))
    curve = qini_curve(pd.Series(rng.normal(size=200)), pd.Series(rng.normal(size=200)), arm, "voucher")
    assert points(plot.plot_qini({"noise": curve}), "noise") == curve["gain"].tolist()


def test_a_budget_is_drawn_from_the_most_valuable_down():
    ax = PLOTS["budget with a floor"]()
    assert points(ax, "by value") == [36.9, 23.1, 0] and points(ax, "by value, with a floor") == [37.9, 24.1, 1]
    assert "from 36.9 dollars down to 0, and 33 % get nothing" in plot.alt_text(ax)
