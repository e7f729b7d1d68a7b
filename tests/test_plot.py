"""Every figure: where it draws, what it says in words, and whether it can be read."""

import html
import re
import subprocess
import sys
from functools import cache

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import same_color, to_hex
from scipy import stats

import ccx
from ccx import clv, paradox, plot
from ccx.plot.histories import SHADES
from figures import every_rule, without_colour_bars

VALUES = np.random.default_rng(1).lognormal(3, 1.2, 2_000)
MODEL = ccx.NBDModel(5, 1)
COUNTS = MODEL.simulate(2_000, 1)[0]["frequency"]
WINDOWS = pd.DataFrame({"top_share": [1.0, 0.7, 0.6], "top_share_buyers": [0.5, 0.55, 0.58]}, index=[1, 4, 52])

# Near the published fits to CDNOW, to the donations, and to the two groups of subscribers.
BG, PARETO = clv.BetaGeoModel(0.243, 4.414, 0.793, 2.426), clv.ParetoNBDModel(0.553, 10.578, 0.606, 11.669)
SPEND, DONORS = clv.GammaGammaModel(6.25, 3.74, 15.44), clv.BetaGeoBetaBinomModel(1.2, 0.75, 0.66, 2.78)
REGULAR, HIGH_END = clv.ShiftedBetaGeoModel(0.704, 1.182), clv.ShiftedBetaGeoModel(0.668, 3.806)
SURVIVORS = [1000, 631, 468, 382, 326, 289, 262, 241]
PURCHASES = [3, 5, 12, 13.5]
DAYS = pd.to_datetime(["1997-01-01", "1997-02-05", "1997-02-05", "1997-12-24", "1997-09-23"])
LOG = pd.DataFrame({"customer_id": [7, 7, 7, 7, 3], "date": DAYS})
PAST, VALUE = pd.Series([900.0, 300.0, 40.0, 10.0, 0.0]), pd.Series([0.0, 70.0, 80.0, 5.0, 0.3])
TIERS = pd.DataFrame(np.random.default_rng(2).normal([100, 900, 2000], [20, 60, 200], (27, 3)), columns=["top 1 %", "next 19 %", "rest"])
STARS = paradox.Group(n=40, mean=100, sd=80, exposure=0.5)
KEPT = pd.DataFrame({"promised": [294.0, 224], "kept": [165.0, 208]}, index=[1, 26])
LINE = pd.DataFrame({"mean": [0.1, 0.2, 0.3], "sd": [0.08, 0.1, 0.2]})
ALONE = pd.DataFrame({"mean": [0.1, 0.3], "sd": [0.1, 0.2]}, index=["savers", "families"])


@cache
def customers():
    """CDNOW's sample in weeks: 39 of calibration, 39 of holdout."""
    return ccx.customer_base(ccx.load("cdnow_sample"), calibration_end="1997-09-30", observation_end="1998-06-30")


@cache
def subscribers():
    return ccx.base_by_year(ccx.simulate.subscription_base([4000, 5000, 3000, 1000], rng=1)[0])


def first_ten():
    log = ccx.load("cdnow_sample")
    return log[log["customer_id"].isin(log["customer_id"].unique()[:10])]


@cache
def tracking():
    return clv.tracking_table(BG, ccx.load("cdnow_sample"), "1997-09-30")


@cache
def profile():
    return clv.profile_likelihood(clv.ShiftedBetaGeoModel.fit(SURVIVORS), SURVIVORS, "alpha")


def alive_grid():
    return clv.history_grid(BG.expected_probability_alive, range(15), np.arange(40), T=39)


def value_grid():
    return clv.iso_value(PARETO, range(15), np.arange(40), T=39, discount_rate=0.0027, value_per_purchase=10)


def path(model, purchases):
    return clv.probability_alive_path(model, purchases, until=39, step=0.5)


# Each with the data of a lesson and with data that are harder to draw.
PLOTS = {
    "spread": lambda ax=None: plot.plot_spread(VALUES, ax=ax),
    "spread, no tail": lambda ax=None: plot.plot_spread([1.0, 2.0, 2.0, 2.5], unit="visits", ax=ax),
    "spread, mean beyond the rest": lambda ax=None: plot.plot_spread([0] * 99 + [500_000], ax=ax),
    "lorenz": lambda ax=None: plot.plot_lorenz(VALUES, ax=ax),
    "lorenz of two": lambda ax=None: plot.plot_lorenz(VALUES, [20, 90, 45], ("CDNOW", "the three customers"), ax=ax),
    "lorenz, all alike": lambda ax=None: plot.plot_lorenz([1] * 10, ax=ax),
    "lorenz, one brings all": lambda ax=None: plot.plot_lorenz([0] * 40 + [1], ax=ax),
    "deciles": lambda ax=None: plot.plot_deciles(VALUES, ax=ax),
    "deciles, one brings all": lambda ax=None: plot.plot_deciles([0] * 40 + [1], ax=ax),
    "counts": lambda ax=None: plot.plot_counts(COUNTS, MODEL, 1, ax=ax),
    "counts, large": lambda ax=None: plot.plot_counts(COUNTS * 9, ccx.NBDModel(5, 1 / 9), 1, ax=ax),
    "windows": lambda ax=None: plot.plot_windows(WINDOWS, ax=ax),
    "guess": lambda ax=None: plot.plot_guess(0.8, 0.677, ax=ax),
    "no guess": lambda ax=None: plot.plot_guess(None, 0.677, ax=ax),
    "guess far out": lambda ax=None: plot.plot_guess(20, 0.677, ax=ax),
    "negative guess": lambda ax=None: plot.plot_guess(-3, 0.5, ax=ax),
    "guess of a large number": lambda ax=None: plot.plot_guess(1_500, 23_502, ax=ax),
    "guess, both at zero": lambda ax=None: plot.plot_guess(0, 0, ax=ax),
    "calibration": lambda ax=None: plot.plot_calibration(clv.calibration_table(BG, customers()), ax=ax),
    "calibration, twenty classes": lambda ax=None: plot.plot_calibration(clv.calibration_table(BG, customers(), 20), ax=ax),
    "tracking": lambda ax=None: plot.plot_tracking(tracking(), ax=ax),
    "tracking, by period": lambda ax=None: plot.plot_tracking(tracking(), cumulative=False, ax=ax),
    "holdout": lambda ax=None: plot.plot_conditional_expectation(clv.conditional_expectation(BG, customers()), ax=ax),
    "surface": lambda ax=None: plot.plot_surface(alive_grid(), "P(alive)", percent=True, ax=ax),
    "surface of value": lambda ax=None: plot.plot_surface(value_grid(), "Value in dollars", ax=ax),
    "surface of four cells": lambda ax=None: plot.plot_surface(value_grid().iloc[[1, 9], [4, 39]], "Value in dollars", ax=ax),
    "iso-value": lambda ax=None: plot.plot_iso_value(value_grid(), "Value in dollars", ax=ax),
    "iso-value, chosen lines": lambda ax=None: plot.plot_iso_value(value_grid(), "Value", levels=[1, 10, 50, 100, 300], ax=ax),
    "alive path": lambda ax=None: plot.plot_alive_path(path(BG, PURCHASES), PURCHASES, ax=ax),
    "alive path, never again": lambda ax=None: plot.plot_alive_path(path(PARETO, []), [], ax=ax),
    "mixing": lambda ax=None: plot.plot_mixing(BG, ax=ax),
    "mixing, dropout": lambda ax=None: plot.plot_mixing(BG, "dropout", ax=ax),
    "mixing, rate of leaving": lambda ax=None: plot.plot_mixing(PARETO, "leaving_rate", ax=ax),
    "mixing, spend": lambda ax=None: plot.plot_mixing(SPEND, ax=ax),
    "mixing, purchase probability": lambda ax=None: plot.plot_mixing(DONORS, ax=ax),
    "mixing, no mean": lambda ax=None: plot.plot_mixing(clv.GammaGammaModel(6, 0.8, 15), ax=ax),
    "mixing, both ends": lambda ax=None: plot.plot_mixing(clv.ShiftedBetaGeoModel(0.3, 0.2), ax=ax),
    "mixing, nearly all at one end": lambda ax=None: plot.plot_mixing(clv.BetaGeoBetaBinomModel(30, 1, 1, 1), ax=ax),
    "profile": lambda ax=None: plot.plot_profile(profile(), ax=ax),
    "survival": lambda ax=None: plot.plot_survival({"Regular": SURVIVORS, "High End": [100, 86.9, 74.3]}, ax=ax),
    "survival, forecast": lambda ax=None: plot.plot_survival({"Regular, actual": SURVIVORS}, {"sBG": REGULAR, "line": np.linspace(0.8, -0.3, 8)}, 5, ax=ax),
    "retention": lambda ax=None: plot.plot_retention({"Regular": SURVIVORS, "High End": [100, 86.9, 74.3]}, ax=ax),
    "retention, models": lambda ax=None: plot.plot_retention({"Regular": SURVIVORS}, {"sBG": REGULAR, "one rate for all": clv.GeometricModel(0.2)}, ax=ax),
    "base by year": lambda ax=None: plot.plot_base_by_year(subscribers(), ax=ax),
    "base by year, marked": lambda ax=None: plot.plot_base_by_year(subscribers(), 2018, "programme starts", ax=ax),
    "timelines": lambda ax=None: plot.plot_timelines(LOG, "1997-09-30", ax=ax),
    "timelines of ten": lambda ax=None: plot.plot_timelines(first_ten(), "1997-09-30", ax=ax),
    "past and value": lambda ax=None: plot.plot_past_and_value(PAST, VALUE, 2, ax=ax),
    "tier revenue": lambda ax=None: plot.plot_tier_revenue(TIERS, ax=ax),
    "tier revenue, four tiers": lambda ax=None: plot.plot_tier_revenue(TIERS.assign(others=TIERS["rest"] + 5), "Quarter", ax=ax),
    "risk by size": lambda ax=None: plot.plot_risk_by_size(STARS, ax=ax),
    "risk by size, seen": lambda ax=None: plot.plot_risk_by_size(STARS, pd.Series([0.6, 0.7, 0.52], index=[8, 8, 50_000]), ax=ax),
    "others needed": lambda ax=None: plot.plot_others_needed(pd.DataFrame({"calm": [700, 400], "wild": [700, 9_000]}, index=[1.0, 2.0]), ax=ax),
    "winner's curse": lambda ax=None: plot.plot_winners_curse(KEPT, ax=ax),
    "frontier": lambda ax=None: plot.plot_frontier(LINE, ALONE, ax=ax),
    "frontier, with today and a cloud": lambda ax=None: plot.plot_frontier(LINE, ALONE, pd.Series({"mean": 0.15, "sd": 0.14}), LINE * 0.98, ax=ax),
    "profile of three": lambda ax=None: plot.plot_profile(profile().iloc[[4, 12, 20]], ax=ax),
}

every_plot = pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)


@every_rule()
@every_plot
def test_the_rules_for_every_figure_hold(draw, rule):
    rule(draw)


# -- where it draws -----------------------------------------------------------------------------------------------


def test_only_a_surface_has_a_colour_bar():
    """One, and with a label; the exception above is made for nothing else."""
    for name, draw in PLOTS.items():
        figure = draw().figure
        bars = [axes for axes in figure.axes if axes not in without_colour_bars(figure)]
        assert [bool(bar.get_ylabel()) for bar in bars] == [True] * name.startswith("surface")


def test_pyplot_is_never_imported():
    """Callbacks may run on another thread, where pyplot mixes up the pictures."""
    script = ("import sys, ccx; from ccx import plot\n"
              "plot.show(plot.plot_lorenz([1, 2])); plot.show(plot.plot_spread([1, 2])); plot.show(plot.plot_deciles(range(20)))\n"
              "plot.show(plot.plot_counts([0, 1, 5], ccx.NBDModel(1, 1), 1)); plot.show(plot.plot_guess(1, 2))\n"
              "ccx.explore.wildness()\n"
              "from ccx.clv import BetaGeoModel, history_grid\n"
              "model = BetaGeoModel(0.243, 4.414, 0.793, 2.426)\n"
              "grid = history_grid(model.expected_probability_alive, range(9), range(9), 9)\n"
              "plot.show(plot.plot_surface(grid, 'P(alive)')); plot.show(plot.plot_iso_value(grid))\n"
              "plot.show(plot.plot_mixing(model))\n"
              "sys.exit('matplotlib.pyplot' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


# -- what it says -------------------------------------------------------------------------------------------------


def test_alt_text_of_the_spread_comes_from_the_data():
    text = plot.alt_text(plot.plot_spread([1, 2, 3, 14], unit="visits"))
    for said in ("visits", "mean is 5,", "median 2.5;", "largest customer has 14."):
        assert said in text
    assert "mean is 5,000, the median 2,500;" in plot.alt_text(plot.plot_spread([1e3, 2e3, 3e3, 14e3]))


def test_alt_text_of_the_lorenz_curve_comes_from_the_data():
    text = plot.alt_text(plot.plot_lorenz([1, 3], [1, 1], ("ours", "theirs")))
    assert text == (
        "Lorenz curve. Ours: Gini 0.25; the smaller half of the customers bring 25%, the first four fifths 70%, the top fifth 30%. "
        "Theirs: Gini 0.00; the smaller half of the customers bring 50%, the first four fifths 80%, the top fifth 20%.")


def test_alt_text_of_the_deciles_comes_from_the_data():
    """Ten customers with 1 to 10: the best brings 10/55, the last 1/55."""
    text = plot.alt_text(plot.plot_deciles(range(1, 11)))
    assert text.count("%") == 10 and "18.2%, 16.4%," in text and text.endswith("1.8% of all value.")


def test_alt_text_of_the_counts_comes_from_the_data():
    """r = alpha = t = 1 puts 1/2 at zero; a mean of 1 puts exp(-1) there for the Poisson."""
    text = plot.alt_text(plot.plot_counts([0, 0, 0, 4], ccx.NBDModel(1, 1), 1))
    assert "75% observed, 50% by the NBD, 37% if all" in text


def test_alt_text_of_the_windows_comes_from_the_data():
    text = plot.alt_text(plot.plot_windows(WINDOWS))
    assert "from 100% in the shortest window to 60% in the longest" in text and "from 50% to 58%" in text


@pytest.mark.parametrize("guess, truth, said", [
    (0.8, 0.677, "The truth is 0.677; your guess was 0.8, off by 0.123."),
    (None, 0.677, "The truth is 0.677; no guess was made."),
    (1_500, 23_502, "The truth is 23,502; your guess was 1,500, off by 22,002."),
    (-3, 0.5, "The truth is 0.5; your guess was -3, off by 3.5."),
])
def test_alt_text_of_a_guess(guess, truth, said):
    assert plot.alt_text(plot.plot_guess(guess, truth)) == said


def test_alt_text_of_the_calibration_comes_from_the_table():
    table = pd.DataFrame({"observed": [1411, 439, 507], "expected": [1408.4, 460.2, 488.4]})
    assert plot.alt_text(plot.plot_calibration(table)) == (
        "Customers by repeat purchases, observed and expected by the model. 0: 1,411 and 1,408; 1: 439 and 460; 2+: 507 and 488.")


def tracking_of(actual, expected, holdout):
    table = pd.DataFrame({"actual": actual, "expected": expected, "holdout": holdout}, index=range(1, len(actual) + 1))
    return table.assign(actual_cumulative=table["actual"].cumsum(), expected_cumulative=table["expected"].cumsum())


@pytest.mark.parametrize("cumulative", [True, False])
def test_alt_text_of_the_tracking_comes_from_the_table(cumulative):
    """40 and 60 in the holdout against 50 and 40: a tenth too few; then the other way round, and nobody at all."""
    flags = [False, False, True, True]
    said = "Repeat purchases over 4 periods, actual and expected. In the holdout, the last 2 periods, there were "
    for actual, expected, end in (
        ([70, 80, 40, 60], [75, 75, 50.2, 39.8], "100; the model expects 90, 10.0% too few."),
        ([70, 80, 50, 40], [75, 75, 40, 60], "90; the model expects 100, 11.1% too many."),
        ([70, 80, 0, 0], [75, 75, 3, 2], "0; the model expects 5."),
    ):
        assert plot.alt_text(plot.plot_tracking(tracking_of(actual, expected, flags), cumulative)) == said + end


def test_a_table_without_a_holdout_speaks_of_none():
    """Neither in the picture nor in words."""
    ax = plot.plot_tracking(tracking_of([70, 80], [75, 75], [False, False]))
    assert "holdout" not in plot.alt_text(ax) and not any("holdout" in text.get_text() for text in ax.texts)


def test_alt_text_of_the_holdout_comes_from_the_table():
    table = pd.DataFrame({"customers": [10, 5, 2], "actual": [0.237, 0.697, 5], "expected": [0.226, 0.5, 4.996]})
    assert plot.alt_text(plot.plot_conditional_expectation(table)) == (
        "Mean purchases in the holdout by repeat purchases before, actual and expected by the model. "
        "0: 0.24 and 0.23; 1: 0.70 and 0.50; 2+: 5.00 and 5.00.")


GRID = pd.DataFrame([[0.5, np.nan, np.nan], [np.nan, 0.2, 0.9], [np.nan, 0.1, 1.8]], index=[0, 1, 7], columns=[0, 10, 30])


def test_alt_text_of_a_grid_comes_from_its_corners():
    """Those of repeat buyers."""
    said = (" by frequency and recency. At frequency 1 and recency 10: {}; at frequency 1 and recency 30: {}; "
            "at frequency 7 and recency 10: {}; at frequency 7 and recency 30: {}.")
    numbers = said.format("0.2", "0.9", "0.1", "1.8")
    assert plot.alt_text(plot.plot_surface(GRID, "Purchases in 39 weeks")) == f"Purchases in 39 weeks{numbers}"
    assert plot.alt_text(plot.plot_iso_value(GRID, "Discounted purchases")) == f"Discounted purchases{numbers}"
    percent = said.format("10%", "45%", "5%", "90%")
    assert plot.alt_text(plot.plot_surface(GRID / 2, "P(alive)", percent=True)) == f"P(alive){percent}"


def test_alt_text_of_the_paradox_comes_from_the_data():
    """Risk of one of the stars: the root of 0.8² + 0.5²."""
    text = plot.alt_text(plot.plot_risk_by_size(STARS))
    assert f"{np.hypot(0.8, 0.5):.2f} for one customer" in text and "0.50, which more customers do not get rid of" in text
    needed = pd.DataFrame({"calm": [700.4, 400], "wild": [700, 9_000]}, index=[1.0, 2.0])
    text = plot.alt_text(plot.plot_others_needed(needed))
    assert "from 1 to 2 times today's" in text and "calm: from 700 to 400." in text and "wild: from 700 to 9,000." in text
    text = plot.alt_text(plot.plot_frontier(LINE, ALONE, pd.Series({"mean": 0.15, "sd": 0.14})))
    assert "from 0.10 at risk 0.08 to 0.30 at 0.20. savers 0.10 at risk 0.10; families 0.30 at risk 0.20; today's mix 0.15 at risk 0.14." in text


def test_alt_text_of_the_alive_path_comes_from_the_path():
    text = plot.alt_text(plot.plot_alive_path(pd.Series([1.0, 0.42, 0.9, 0.666], index=[0.0, 12, 12, 39]), [12, 13]))
    assert "with 2 repeat purchases" in text
    assert "lowest at 42%" in text and text.endswith("stands at 67% at the end, time 39.")


@pytest.mark.parametrize("model, what, mean, top", [
    (clv.NBDModel(3, 2), "rate", 1.5, 1.0), (BG, "dropout", 0.793 / 3.219, None),
    (clv.ShiftedBetaGeoModel(3, 5), "dropout", 3 / 8, 1 / 3),
    (DONORS, "purchase_probability", 1.2 / 1.95, None), (SPEND, "mean_spend", 6.25 * 15.44 / 2.74, 6.25 * 15.44 / 4.74),
])  # fmt: skip
def test_alt_text_of_the_mixing_comes_from_the_distribution(model, what, mean, top):
    """Closed forms: the mean, and the mode, (shape − 1) / rate, (a − 1) / (a + b − 2), scale / (shape + 1), or no bound at an edge."""
    text = plot.alt_text(plot.plot_mixing(model, what))
    found = re.search(r"the density is (highest at ([\d.]+)|without bound at an end), the mean ([\d.]+)\.$", text)
    assert float(found[3]) == pytest.approx(mean, rel=0.005)
    assert found[2] is None if top is None else float(found[2]) == pytest.approx(top, rel=0.02)


def test_alt_text_of_the_profile_comes_from_the_profile():
    """A parabola around 5: it falls by less than 1.92 within 1.96 on either side, whatever points it was worked out at."""
    for z in (np.linspace(-3, 3, 25), np.linspace(-4, 4, 401)):
        text = plot.alt_text(plot.plot_profile(pd.DataFrame({"fall": z**2 / 2}, index=pd.Index(5 + z, name="beta"))))
        assert text.startswith("Log-likelihood below its maximum against beta: best at 5;")
        low, high = map(float, re.search(r"95 percent interval, at ([\d.]+) and at ([\d.]+)\.$", text).groups())
        assert (low, high) == (pytest.approx(5 - 1.96, abs=0.03), pytest.approx(5 + 1.96, abs=0.03))


def test_alt_text_without_a_description_is_the_title():
    ax = plot.new_axes()
    assert plot.alt_text(ax) == "A chart without a description."
    ax.set_title("Sales by week")
    assert plot.alt_text(ax) == "Sales by week"


# -- the picture shows the data -----------------------------------------------------------------------------------


def bars(ax):
    return [bar.get_height() for bar in ax.patches]


def test_deciles_label_zero_as_zero_and_little_as_little():
    ax = plot.plot_deciles([0] * 5 + [1] * 4 + [1_000])
    assert [text.get_text() for text in ax.texts] == ["100%"] + ["<1%"] * 4 + ["0%"] * 5


@pytest.mark.parametrize("dtype", [int, float, "Int64"])
def test_counts_beyond_the_longest_bar_go_into_it(dtype):
    ax = plot.plot_counts(pd.Series([0, 0, 1, 3, 4, 5_000, 60, 2], dtype=dtype), MODEL, 1, longest=3)
    assert bars(ax) == pytest.approx([2 / 8, 1 / 8, 1 / 8, 4 / 8])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0", "1", "2", "3+"]
    for line in ax.lines:
        assert line.get_ydata().sum() == pytest.approx(1)
    np.testing.assert_allclose(ax.lines[0].get_ydata()[:3], MODEL.probability([0, 1, 2], 1))


def test_spread_says_how_many_are_cut_off():
    ax = plot.plot_spread(VALUES)
    assert sum(bars(ax)) == 1_960 and "the 40 largest customers not shown" in ax.get_xlabel()
    ax = plot.plot_spread([3, 3, 3, 3])
    assert sum(bars(ax)) == 4 and "not shown" not in ax.get_xlabel()


def test_windows_and_guess_show_their_numbers():
    curves = [line.get_ydata() for line in plot.plot_windows(WINDOWS).lines]
    np.testing.assert_array_equal(curves, WINDOWS[["top_share", "top_share_buyers"]].T)
    for guess, truth in ((0.8, 0.677), (20, 0.677), (-3, 0.5), (None, -2), (-5, -2)):
        ax = plot.plot_guess(guess, truth)
        low, high = ax.get_xlim()
        shown = [line.get_xdata()[0] for line in ax.lines]
        assert shown == [x for x in (truth, guess) if x is not None] and all(low < x < high for x in shown)


def test_calibration_tracking_and_holdout_show_their_tables():
    """Bars and points, and two lines each."""
    table = clv.calibration_table(BG, customers(), longest=3)
    ax = plot.plot_calibration(table)
    assert bars(ax) == table["observed"].tolist()
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0", "1", "2", "3+"]
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), table["expected"])
    for cumulative, end in ((True, "_cumulative"), (False, "")):
        actual, expected, start = plot.plot_tracking(tracking(), cumulative).lines
        np.testing.assert_array_equal(actual.get_xydata(), np.column_stack([tracking().index, tracking()["actual" + end]]))
        np.testing.assert_array_equal(expected.get_ydata(), tracking()["expected" + end])
        assert set(start.get_xdata()) == {39}
    table = clv.conditional_expectation(BG, customers())
    for line, column in zip(plot.plot_conditional_expectation(table).lines, ("actual", "expected"), strict=True):
        np.testing.assert_array_equal(line.get_xydata(), np.column_stack([table.index, table[column]]))


def test_surface_and_iso_value_show_their_grids():
    """Every cell of a repeat buyer; along a line the grid has the line's value, interpolated."""
    ax = plot.plot_surface(GRID, "P(alive)")
    np.testing.assert_array_equal(ax.collections[0].get_array().ravel(), [0.2, 0.9, 0.1, 1.8])
    plane = pd.DataFrame(np.add.outer(10.0 * np.arange(1, 5), np.arange(1.0, 40)), index=range(1, 5), columns=range(1, 40))
    lines = plot.plot_iso_value(plane, levels=[25, 40]).collections[0]
    assert [path.vertices.size > 0 for path in lines.get_paths()] == [True, True]
    for value, path in zip((25, 40), lines.get_paths()):
        recency, frequency = path.vertices.T
        np.testing.assert_allclose(recency + 10 * frequency, value)


def test_a_darker_cell_is_a_higher_one():
    """The scale's luminance falls all the way, so that it reads without colour."""
    shades = [luminance(to_hex(SHADES(level))) for level in np.linspace(0, 1, 50)]
    assert (np.diff(shades) < 0).all() and shades[0] == pytest.approx(1)


def test_alive_path_shows_the_path_and_the_purchases():
    """The first purchase, at 0, as well."""
    drawn = path(BG, PURCHASES)
    ax = plot.plot_alive_path(drawn, PURCHASES)
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), np.column_stack([drawn.index, drawn]))
    assert [segment[0][0] for segment in ax.collections[0].get_segments()] == [0, *PURCHASES]


MIXTURES = [
    (BG, "rate", stats.gamma(0.243, scale=1 / 4.414)),
    (BG, "dropout", stats.beta(0.793, 2.426)),
    (clv.ModifiedBetaGeoModel(0.525, 6.183, 0.891, 1.614), "dropout", stats.beta(0.891, 1.614)),
    (PARETO, "rate", stats.gamma(0.553, scale=1 / 10.578)),
    (PARETO, "leaving_rate", stats.gamma(0.606, scale=1 / 11.669)),
    (MODEL, "rate", stats.gamma(5, scale=1)),
    (SPEND, "mean_spend", stats.invgamma(3.74, scale=6.25 * 15.44)),
    (DONORS, "purchase_probability", stats.beta(1.2, 0.75)),
    (DONORS, "dropout", stats.beta(0.66, 2.78)),
    (REGULAR, "dropout", stats.beta(0.704, 1.182)),
    (clv.BetaDiscreteWeibullModel(2, 5, 1.2), "dropout", stats.beta(2, 5)),
    (clv.ShiftedBetaGeoModel(300, 4_000), "dropout", stats.beta(300, 4_000)),
]


@pytest.mark.parametrize("model, what, expected", MIXTURES, ids=[f"{type(model).__name__} {what}" for model, what, _ in MIXTURES])
def test_mixing_shows_scipys_density_and_mean(model, what, expected):
    """scipy.stats: gamma, beta, and the inverse gamma of the average spend."""
    curve, mean = plot.plot_mixing(model, what).lines
    np.testing.assert_allclose(curve.get_ydata(), expected.pdf(curve.get_xdata()), rtol=1e-9, atol=1e-280)
    np.testing.assert_allclose(mean.get_xdata(), expected.mean())


def test_mixing_shows_the_first_unless_told_and_names_those_there_are():
    assert plot.plot_mixing(BG).get_xlabel() == plot.plot_mixing(BG, "rate").get_xlabel()
    with pytest.raises(ValueError, match=r"^BetaGeoModel has no 'churn' that differs between customers, only rate, dropout\.$"):
        plot.plot_mixing(BG, "churn")


@pytest.mark.parametrize("model", [BG, PARETO, SPEND, DONORS, REGULAR, HIGH_END, clv.ShiftedBetaGeoModel(0.5, 20)],
                         ids=["BG/NBD", "Pareto/NBD", "spend", "donors", "regular", "high end", "low churn"])  # fmt: skip
def test_mixing_shows_the_curve_where_the_customers_are(model):
    """At the mean it is inside the picture, and above a twentieth of its height, also where it has no bound at an edge."""
    for what in model.mixing:
        ax = plot.plot_mixing(model, what)
        curve, mean = ax.lines
        height = np.interp(mean.get_xdata()[0], *curve.get_data()) / ax.get_ylim()[1]
        assert 0.05 < height < 1


def test_profile_shows_the_fall_and_the_line():
    drawn, line = plot.plot_profile(profile()).lines
    np.testing.assert_array_equal(drawn.get_xydata(), np.column_stack([profile().index, -profile()["fall"]]))
    assert set(line.get_ydata()) == {-1.92} and stats.chi2.ppf(0.95, 1) / 2 == pytest.approx(1.92, abs=0.001)


def test_survival_and_retention_show_the_data_and_the_models():
    data, sbg = PLOTS["survival, forecast"]().lines[1:3]
    assert data.get_ydata().tolist() == pytest.approx([count / 1000 for count in SURVIVORS])
    assert sbg.get_ydata() == pytest.approx(REGULAR.survival(np.arange(8)))
    data, sbg, flat = PLOTS["retention, models"]().lines
    assert data.get_xdata().tolist() == list(range(1, 8)) and data.get_ydata()[1] == pytest.approx(468 / 631)
    assert sbg.get_ydata() == pytest.approx(REGULAR.retention_rate(np.arange(1, 8))) and set(np.round(flat.get_ydata(), 12)) == {0.8}


def test_alt_texts_come_from_the_data():
    text = PLOTS["survival, forecast"]().alt_text
    assert "Regular, actual: 63% after year 1, 29% after year 5, 24% after year 7." in text
    assert f"The curve sBG ends at {REGULAR.survival(7):.0%} in year 7." in text and "line ends at -30% in year 7" in text
    assert "Regular: 63% in year 1, 92% in year 7. High End: 87% in year 1, 86% in year 2." in PLOTS["retention"]().alt_text
    rates = subscribers()["retention"]
    assert f"{rates[2017]:.1%} in 2017, {rates[2019]:.1%} in 2019. Programme starts in 2018." in PLOTS["base by year, marked"]().alt_text


def test_a_series_by_renewals_is_drawn_as_a_list():
    series = pd.Series(SURVIVORS, index=pd.RangeIndex(8, name="year"))
    assert plot.plot_survival({"Regular": series}).alt_text == plot.plot_survival({"Regular": SURVIVORS}).alt_text


def test_timelines_show_each_purchase_up_to_today_and_the_silence_after():
    """The earlier customer number first; Christmas is after today."""
    ax = PLOTS["timelines"]()
    lived, silent = ({y: (x0, x1) for (x0, y), (x1, _) in lines.get_segments()} for lines in ax.collections)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["3", "7"] and list(ax.get_yticks()) == [1, 0]
    assert silent == {1: (-1, 0), 0: (pytest.approx(-237 / 7), 0)} and lived[0] == (pytest.approx(-272 / 7), pytest.approx(-237 / 7))
    assert ax.lines[0].get_xdata().max() == -1
    assert ax.xaxis.get_major_formatter()(0.0, 0) == "0" and ax.xaxis.get_major_formatter()(-5.0, 0) == "5"


def test_alt_text_of_the_timelines_comes_from_the_log():
    said = "On 30 September 1997, customer 3: 1 purchase, the last 1 week ago; customer 7: 2 purchases, the last 34 weeks ago."
    assert PLOTS["timelines"]().alt_text.endswith(said)


def test_past_and_value_marks_those_who_lead_in_the_first_only():
    """Of five, two lead by spend (900, 300), two by value (80, 70): the first of all is not worth a dollar, so drawn at one."""
    rest, fading = PLOTS["past and value"]().lines[:2]
    assert fading.get_xydata().tolist() == [[900, 1]] and same_color(fading.get_color(), plot.ACCENT)
    assert sorted(rest.get_xydata().tolist()) == [[1, 1], [10, 5], [40, 80], [300, 70]]


def test_alt_text_of_past_and_value_comes_from_the_data():
    said = PLOTS["past and value"]().alt_text
    assert "What 5 customers" in said and "spent $300 or more" in said and "worth $70 or more" in said
    assert "spent most, $900, is worth $0.00" in said


def test_past_and_value_keeps_its_count_to_itself():
    """How many lead in the first only is asked in an exercise."""
    rng = np.random.default_rng(1)
    past, value = pd.Series(rng.lognormal(4, 1, 500)), pd.Series(rng.lognormal(3, 1, 500))
    count = len(past.nlargest(50).index.difference(value.nlargest(50).index))
    words = plot.plot_past_and_value(past, value, 50).alt_text.replace("$", " ").split()
    assert str(count) not in words


# -- whether it can be read ---------------------------------------------------------------------------------------


@every_plot
def test_axes_are_labelled_with_units(draw):
    ax = draw()
    if ax.get_ylabel() == "" and ax.get_xlabel() == "":
        assert len(ax.get_yticks()) == 0  # a guess: the points carry their labels, the unit is the question's
        return
    labels = f"{ax.get_xlabel()} {ax.get_ylabel()}"
    assert ax.get_xlabel() and ax.get_ylabel()
    # A model knows its own unit of time only, a log-likelihood has none, and revenue may be relative.
    own = "Retention rate|of the tier's average|per dollar spent|purchases|per purchase|P.alive|Probability|per unit of time|Log-likelihood"
    assert re.search(f"dollars|visits|Customers|customers|Purchases|weeks|{own}", labels)


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_contrast_formula():
    """The two ends of WCAG's scale."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21) and contrast("#777777", "#777777") == 1


def test_words_have_the_contrast_that_wcag_asks_for():
    """WCAG 2.2, 1.4.3: at least 4.5 to 1 for text, against the white page."""
    assert min(contrast(colour, "#ffffff") for colour in (plot.ACCENT, plot.GREY, plot.INK)) >= 4.5


def test_bars_differ_in_lightness_not_only_in_hue():
    """WCAG 2.2, 1.4.11: at least 3 to 1 between neighbours, which no form of colour-blindness takes away."""
    assert contrast(plot.ACCENT, plot.PALE) >= 3 and contrast(plot.GREY, plot.PALE) >= 3


# -- in the notebook ----------------------------------------------------------------------------------------------


def test_show_is_a_figure_with_alt_text_and_caption():
    page = plot.show(plot.plot_lorenz([1, 3]), "One brings three quarters.").data
    assert re.fullmatch(r'<figure[^>]*><img alt="[^"]+" [^>]*src="data:image/png;base64,[A-Za-z0-9+/=]+">'
                        r"<figcaption>[^<]+</figcaption></figure>", page)
    assert "Gini 0.25" in page and "One brings three quarters." in page
    assert "figcaption" not in plot.show(plot.plot_lorenz([1, 3])).data


def test_show_escapes_what_it_is_told():
    nasty = '"><script>alert(1)</script>&'
    page = plot.show(plot.plot_lorenz([1, 3], names=(nasty, "")), nasty).data
    assert "<script" not in page and page.count('"><') == 2  # the ends of the figure's and the picture's own tags
    assert page.count(html.escape(nasty)) == 2


def test_showing_again_changes_nothing():
    ax = plot.plot_lorenz([1, 3])
    assert plot.figure_html(ax) == plot.figure_html(ax)


def test_while_a_class_is_graded_words_stand_for_the_picture(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    ax = plot.plot_lorenz([1, 2, 3])
    shown = plot.show(ax, "Three customers.").data
    assert "<img" not in shown and f"<p>{html.escape(ax.alt_text)}</p><figcaption>Three customers.</figcaption>" in shown
