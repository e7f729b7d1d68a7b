"""The figures of the customer-base audit: where they draw, what they say in words, and whether they can be read, also on a phone's width."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import same_color

import ccx
from ccx import plot
from ccx.base_audit import decompose_growth
from figures import every_rule, no_words_are_clipped_or_overlap, the_accent_and_the_grey_differ_in_more_than_colour

NARROW, WIDE = 4.8, 6.4


@cache
def base(period="Q"):
    return ccx.audit(ccx.load("company"), margin="margin", period=period)


ORDERS = pd.DataFrame({"share": [0.0, 0.7, 0.2, 0.1], "revenue_share": [-0.05, 0.5, 0.3, 0.25]}, index=["0", "1", "2", "10+"])
FLOWS = pd.DataFrame({"revenue_first": [60.0, 40, 0], "revenue_second": [70.0, -5, 15], "change": [10.0, -45, 15]}, index=["stayed", "went", "new"])
MIGRATION = pd.DataFrame([[3, 1], [0, 0], [1, 5]], index=["1", "2", "new"], columns=["1", "no order"])
BEFORE = {"customers": 200, "orders per customer": 2.0, "value per order": 10}
LOSS = decompose_growth(BEFORE, BEFORE | {"customers": 100, "value per order": 11})

# Each with the simulated company and with data that are harder to draw.
PLOTS = {
    "orders": lambda ax=None: plot.plot_orders(base().one_period.orders, ax=ax),
    "orders, returns only": lambda ax=None: plot.plot_orders(ORDERS, ax=ax),
    "flows": lambda ax=None: plot.plot_flows(base().two_periods.flows, ("2024Q4", "2025Q4"), ax=ax),
    "flows, fall": lambda ax=None: plot.plot_flows(FLOWS, unit="euros", ax=ax),
    "growth": lambda ax=None: plot.plot_growth(base().two_periods.growth, ("2024Q4", "2025Q4"), ax=ax),
    "growth of profit": lambda ax=None: plot.plot_growth(base().two_periods.profit_growth, ("2024Q4", "2025Q4"), what="Profit", ax=ax),
    "growth, fall": lambda ax=None: plot.plot_growth(LOSS, ax=ax),
    "migration": lambda ax=None: plot.plot_migration(base().two_periods.migration, ("2024Q4", "2025Q4"), ax=ax),
    "cohort": lambda ax=None: plot.plot_cohort(base().one_cohort.by_age, ax=ax),
    "cohort by month": lambda ax=None: plot.plot_cohort(base("M").one_cohort.by_age, "month", ax=ax),
    "cohorts": lambda ax=None: plot.plot_cohorts(base().cohorts.cumulative, ax=ax),
    "cohorts by month": lambda ax=None: plot.plot_cohorts(base("M").cohorts.cumulative, "month", ax=ax),
    "cohorts, two": lambda ax=None: plot.plot_cohorts(base("Y").cohorts.cumulative, "year", ax=ax),
    "cohort quality": lambda ax=None: plot.plot_cohort_quality(base().cohorts.quality, ax=ax),
    "cohort quality by month": lambda ax=None: plot.plot_cohort_quality(base("M").cohorts.quality, ax=ax),
    "c3": lambda ax=None: plot.plot_c3(base().whole_base.revenue_by_cohort, ax=ax),
    "c3 by month": lambda ax=None: plot.plot_c3(base("M").whole_base.revenue_by_cohort, ax=ax),
    "active": lambda ax=None: plot.plot_active(base().whole_base.by_period, ax=ax),
    "active by month": lambda ax=None: plot.plot_active(base("M").whole_base.by_period, ax=ax),
}
every_plot = pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)


@every_rule(the_accent_and_the_grey_differ_in_more_than_colour)
@every_plot
def test_the_rules_for_every_figure_hold(draw, rule):
    rule(draw)


@pytest.mark.parametrize("width", [NARROW, WIDE])
@every_plot
def test_no_words_are_clipped_or_overlap_in_the_page(draw, width):
    no_words_are_clipped_or_overlap(lambda: draw(plot.new_axes(width, 4.2)))


@every_plot
def test_the_accent_and_the_darker_lines_differ_in_more_than_colour(draw):
    """The other cohorts are a pale band behind them."""
    lines = [line for line in draw().lines if len(line.get_xdata()) > 1]
    styles = {colour: {line.get_linestyle() for line in lines if same_color(line.get_color(), colour)} for colour in (plot.ACCENT, plot.GREY, plot.INK)}
    assert not styles[plot.ACCENT] & (styles[plot.GREY] | styles[plot.INK])


@every_plot
def test_axes_are_labelled_with_units(draw):
    ax = draw()
    assert ax.get_xlabel() and any(unit in f"{ax.get_xlabel()} {ax.get_ylabel()}" for unit in ("dollars", "euros", "ustomers", "Tenth"))


# -- the picture shows the data, and the words are the data's ------------------------------------------------------


def heights(ax):
    return [bar.get_height() for bar in ax.patches]


def test_orders_show_both_shares():
    ax = plot.plot_orders(ORDERS)
    assert heights(ax) == [*ORDERS["share"], *ORDERS["revenue_share"]] and "0: 0% and -5%; 1: 70% and 50%" in ax.alt_text


def test_flows_step_from_one_total_to_the_other():
    """100, up 10, down 45, up 15: 80."""
    ax = plot.plot_flows(FLOWS, ("2024", "2025"), "euros")
    assert heights(ax) == [100, 80, 10, -45, 15] and [bar.get_y() for bar in ax.patches] == [0, 0, 100, 110, 65]
    assert ax.alt_text == "Revenue in 2024: 100 euros; stayed +10, went −45, new +15; in 2025: 80 euros."
    assert [text.get_text() for text in ax.texts] == ["100", "+10", "−45", "+15", "80"]


def test_growth_steps_by_the_amounts():
    """From 4,000 to 2,200: half the customers are −1,800 ln 2 / ln (40 / 22), a value of an order of 11 for 10 the rest."""
    ax, customers = plot.plot_growth(LOSS, ("2024", "2025")), -1800 * np.log(2) / np.log(40 / 22)
    assert heights(ax) == pytest.approx([4000, 2200, customers, 0, -1800 - customers])
    steps = f"customers −{-customers:,.0f}, orders per customer 0, value per order +{-1800 - customers:,.0f}"
    assert ax.alt_text == f"Revenue in 2024: 4,000 dollars; {steps}; in 2025: 2,200 dollars."
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2024", "customers", "orders\nper\ncustomer", "value\nper\norder", "2025"]


def test_migration_shows_shares_of_rows_and_leaves_out_rows_without_customers():
    ax = plot.plot_migration(MIGRATION, ("2024", "2025"))
    np.testing.assert_allclose(ax.images[0].get_array(), [[0.75, 0.25], [1 / 6, 5 / 6]])
    assert [text.get_text() for text in ax.texts] == ["75", "25", "17", "83"] and "Of those who are new: 17% in tenth 1, 83% no order." in ax.alt_text


def test_a_cohort_shows_both_shares():
    ax = plot.plot_cohort(pd.DataFrame({"active_share": [1, 0.4, 0.3], "bought_again": [0.2, 0.5, 0.6]}))
    assert [line.get_ydata().tolist() for line in ax.lines] == [[1, 0.4, 0.3], [0.2, 0.5, 0.6]]
    assert "100% at first, 30% after 2, the last one. Bought again so far: 20% at first, 60% after 2." in ax.alt_text


def test_cohorts_are_drawn_as_far_as_they_are_known_with_the_newest_in_the_accent():
    table = pd.DataFrame([[10.0, 15, 20], [11, 17, None], [12, None, None]], index=["2022", "2023", "2024"])
    ax = plot.plot_cohorts(table, "year")
    assert [line.get_ydata().tolist() for line in ax.lines[:3]] == [[10, 15, 20], [11, 17], [12]]
    assert [line.get_label() for line in ax.lines if same_color(line.get_color(), plot.ACCENT)] == ["2023"]
    assert "2022: 10 at first, 20 after 2 years." in ax.alt_text


def test_quality_shows_means_and_intervals():
    table = pd.DataFrame({"days": [91, 91], "value": [50.0, 60.0], "standard_error": [5.0, np.nan]}, index=["2023", "2024"])
    ax = plot.plot_cohort_quality(table)
    assert ax.lines[0].get_ydata().tolist() == [50, 60]
    assert [segment[:, 1].tolist() for segment in ax.collections[0].get_segments()] == [pytest.approx([40.2, 59.8]), [60, 60]]
    assert "2023: 50 (40.2 to 59.8); 2024: 60 (60 to 60)." in ax.alt_text


@pytest.mark.parametrize("period", ["Q", "M"])
def test_the_cohorts_in_the_chart_add_up_to_revenue(period):
    """By quarter a piece for each of eight cohorts, by month one for each of two years, and the new customers on top."""
    table = base(period).whole_base.revenue_by_cohort
    ax = plot.plot_c3(table)
    pieces = np.reshape(heights(ax), (-1, table.shape[1]))
    assert len(pieces) == {"Q": 8, "M": 2}[period] + 1
    np.testing.assert_allclose(pieces.sum(axis=0), table.sum())
    np.testing.assert_allclose(pieces[-1], np.diag(table))
    assert str(table.columns[-1]) in ax.alt_text and ax.get_xticklabels()[-1].get_text() == str(table.columns[-1])


def test_the_active_stand_above_the_line_and_the_lapsed_below():
    table = base().whole_base.by_period
    pieces = np.reshape(heights(plot.plot_active(table)), (4, -1))
    np.testing.assert_array_equal(pieces[:3].sum(axis=0), table["active"])
    np.testing.assert_array_equal(pieces[3], -table["lapsed"])
    last = table.iloc[-1]
    assert f"{last['new']:,} new, {last['stayed']:,} stayed, {last['came_back']:,} came back, {last['lapsed']:,} lapsed." in plot.plot_active(table).alt_text
