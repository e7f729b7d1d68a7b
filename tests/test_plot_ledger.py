"""The figures of the ledger and of the survey: where they draw, what they show, and what they say in words."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import same_color

from ccx import plot
from figures import every_rule, the_accent_and_the_grey_differ_in_more_than_colour

TOTALS = pd.Series({"shelf": 5_392_233.0, "discounts": 791_651.0, "coupons": 4_543.0, "received": 4_596_039.0, "goods": 3_446_596.0, "checkout": 317_835.0, "profit": 831_608.0})
LOSS = pd.Series({"shelf": 100.0, "received": 100.0, "goods": 130.0, "profit": -30.0})
MARGINS = pd.DataFrame({"gross": [0.261, 0.24, 0.188], "serving": [0.054, 0.11, 0.195]}, index=[1, 2, 3])
REAL = pd.DataFrame({"buyers": [10, 40, 400], "value": [9_000.0, 18_000, 160_000]})
CHANCE = pd.DataFrame({"buyers": [12, 60, 900], "value": [9_600.0, 42_000, 450_000]})
SCORES = pd.DataFrame({"heads": [5.7, 6.1, 6.5], "dollars": [7.5, 6.2, 5.2]}, index=["price", "service", "quality"])
ERRORS = pd.Series([80.0, 41.0, 19.0], index=[30, 120, 480])

PLOTS = {
    "statement": lambda ax=None: plot.plot_statement(TOTALS, ax=ax),
    "statement with a loss": lambda ax=None: plot.plot_statement(LOSS, ax=ax),
    "margins": lambda ax=None: plot.plot_margins(MARGINS, ax=ax),
    "buyers": lambda ax=None: plot.plot_buyers(REAL, CHANCE, 350, ax=ax),
    "voices": lambda ax=None: plot.plot_voices(SCORES, ax=ax),
    "voices, three weightings": lambda ax=None: plot.plot_voices(SCORES.assign(truth=[7.6, 6.6, 5.5]), ax=ax),
    "accuracy": lambda ax=None: plot.plot_accuracy(ERRORS, ax=ax),
}
every_plot = pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)


# Each line has its name at its end.
@every_rule(the_accent_and_the_grey_differ_in_more_than_colour)
@every_plot
def test_the_rules_for_every_figure_hold(draw, rule):
    rule(draw)


@every_plot
def test_axes_are_labelled_and_the_words_are_long_enough_to_be_a_picture(draw):
    ax = draw()
    assert ax.get_xlabel() or ax.get_xticklabels()
    assert len(plot.alt_text(ax)) > 60 and plot.alt_text(ax).endswith(".")


def test_the_statement_descends_step_by_step():
    """Each bar that is taken off ends where the one before ended; what is left starts at zero."""
    bars = {label.get_text(): bar for label, bar in zip(plot.plot_statement(TOTALS).get_yticklabels(), plot.plot_statement(TOTALS).patches)}
    assert {name: bar.get_width() for name, bar in bars.items()} == TOTALS.to_dict()
    assert bars["shelf"].get_x() == bars["received"].get_x() == bars["profit"].get_x() == 0
    assert bars["discounts"].get_x() + bars["discounts"].get_width() == TOTALS["shelf"]
    assert bars["coupons"].get_x() + bars["coupons"].get_width() == bars["discounts"].get_x()
    assert bars["coupons"].get_x() == TOTALS["received"] and bars["checkout"].get_x() == pytest.approx(TOTALS["profit"])
    assert same_color(bars["profit"].get_facecolor(), plot.ACCENT)


def test_the_statement_in_words():
    said = plot.alt_text(plot.plot_statement(TOTALS))
    assert said.startswith("Statement in dollars: shelf 5,392,233, less discounts 791,651, less coupons 4,543, received 4,596,039, less goods")
    assert said.endswith("profit 831,608.") and "profit -30" in plot.alt_text(plot.plot_statement(LOSS))


def test_margins_show_what_is_left_and_what_serving_takes():
    gross, serving = plot.plot_margins(MARGINS).lines
    np.testing.assert_array_equal(gross.get_ydata(), MARGINS["gross"])
    np.testing.assert_array_equal(serving.get_ydata(), MARGINS["serving"])
    said = plot.alt_text(plot.plot_margins(MARGINS))
    assert "1: 26.1 % and 5.4 %, so 20.7 % remain" in said and "3: 18.8 % and 19.5 %, so -0.7 % remain." in said


def test_buyers_are_worth_their_value_each():
    """900, 450, 400 a head, with the names shuffled 800, 700, 500."""
    ax = plot.plot_buyers(REAL, CHANCE, 350)
    real, chance, average = ax.lines
    assert real.get_xydata().tolist() == [[10, 900], [40, 450], [400, 400]] and chance.get_ydata().tolist() == [800, 700, 500]
    assert set(average.get_ydata()) == {350}
    assert plot.alt_text(ax).endswith("450 dollars in the middle, 700 with the names shuffled; the average customer is worth 350.")


def test_voices_cross_where_the_order_turns():
    ax = plot.plot_voices(SCORES)
    assert [line.get_ydata().tolist() for line in ax.lines] == SCORES.to_numpy().tolist()
    assert plot.alt_text(ax) == "Mean score by weighting. heads: price 5.7, service 6.1, quality 6.5. dollars: quality 5.2, service 6.2, price 7.5."


def test_accuracy_follows_one_over_the_root():
    curve, found = plot.plot_accuracy(ERRORS).lines
    n, error = curve.get_xdata(), curve.get_ydata()
    np.testing.assert_allclose(error * np.sqrt(n), 80 * np.sqrt(30))
    assert found.get_xydata().tolist() == [[30, 80], [120, 41], [480, 19]]
    assert "80 dollars with 30, 41 dollars with 120, 19 dollars with 480" in plot.alt_text(plot.plot_accuracy(ERRORS))
