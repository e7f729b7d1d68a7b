"""Cohorts under contract: the firm by year, the simulated base, and their figures."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import same_color
from matplotlib.figure import Figure

import ccx
from ccx import plot
from ccx.clv import BetaDiscreteWeibullModel, GeometricModel, ShiftedBetaGeoModel, aggregate_retention

COHORTS = pd.DataFrame({2023: [100, 50, 40, 36], 2024: [200, 120, 90, np.nan], 2025: [80, 60, np.nan, np.nan], 2026: [10, np.nan, np.nan, np.nan]})
REGULAR = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1]
SBG = ShiftedBetaGeoModel(0.704, 1.182)


# -- the firm by year ---------------------------------------------------------------------------------------------


def test_the_base_by_year_counted_by_hand():
    table = ccx.base_by_year(COHORTS)
    assert table.index.tolist() == [2023, 2024, 2025, 2026] and table.index.name == "year"
    assert table["acquired"].tolist() == [100, 200, 80, 10]
    assert table["up_for_renewal"].tolist() == [0, 100, 250, 40 + 120 + 80]
    assert table["renewed"].tolist() == [0, 50, 160, 36 + 90 + 60]
    assert table["retention"].iloc[1:].tolist() == pytest.approx([0.5, 0.64, 0.775]) and np.isnan(table["retention"].iloc[0])


def test_the_last_year_is_the_aggregate_retention():
    assert ccx.base_by_year(COHORTS)["retention"].iloc[-1] == pytest.approx(aggregate_retention(COHORTS))


def test_who_is_there_at_the_end_of_a_year_is_up_for_renewal_in_the_next():
    table = ccx.base_by_year(ccx.simulate.subscription_base([500, 0, 300, 200], rng=2)[0])
    assert (table["renewed"] + table["acquired"]).iloc[:-1].tolist() == table["up_for_renewal"].iloc[1:].tolist()


def test_expected_counts_need_not_be_whole():
    table = ccx.base_by_year(COHORTS / 8)
    assert table["retention"].iloc[-1] == pytest.approx(0.775) and table["renewed"].iloc[-1] == 186 / 8


# -- the simulated base -------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_base():
    one, two, other = (ccx.simulate.subscription_base([300, 200], rng=seed) for seed in (1, 1, 2))
    assert one[0].equals(two[0]) and one[1].equals(two[1]) and not one[1].equals(other[1])


def test_what_is_observed_is_counted_from_the_truth():
    survivors, truth = ccx.simulate.subscription_base([300, 200, 0, 100], rng=1, first_year=2020)
    assert survivors.columns.tolist() == [2020, 2021, 2022, 2023] and len(truth) == 600
    for year, counts in survivors.items():
        renewals = truth.loc[truth["acquired"] == year, "renewals"]
        assert counts.dropna().tolist() == [(renewals >= n).sum() for n in range(2024 - year)]
        assert counts.isna().sum() == year - 2020


def test_customers_leave_as_the_truth_says():
    """First renewal: each leaves with their own probability, whatever c; within four standard errors."""
    for c in (0.7, 1, 1.5):
        survivors, truth = ccx.simulate.subscription_base([40_000] + [0] * 6, rng=3, c=c)
        expected = 40_000 * BetaDiscreteWeibullModel(0.8, 2.4, c).survival(np.arange(7))
        assert truth["dropout"].mean() == pytest.approx(0.25, abs=4 * 0.21 / 200)
        error = np.sqrt(expected * (1 - expected / 40_000)) + 1e-9
        assert (np.abs(survivors[2016] - expected) < 4 * error).all()


def test_the_model_finds_the_truth_in_many_cohorts():
    """Within three standard errors; the youngest cohort has no renewal to tell of."""
    survivors, _ = ccx.simulate.subscription_base([8_000] * 8, rng=4, alpha=0.668, beta=3.806)
    model = ShiftedBetaGeoModel.fit(survivors)
    for name, true in (("alpha", 0.668), ("beta", 3.806)):
        assert model.params[name] == pytest.approx(true, abs=3 * model.standard_errors[name])


# -- the figures --------------------------------------------------------------------------------------------------

BASE = ccx.base_by_year(ccx.simulate.subscription_base([4000, 5000, 3000, 1000], rng=1)[0])
PLOTS = {
    "survival": lambda ax=None: plot.plot_survival({"Regular": REGULAR, "High End": [100, 86.9, 74.3]}, ax=ax),
    "survival, forecast": lambda ax=None: plot.plot_survival({"Regular, actual": REGULAR}, {"sBG": SBG, "line": np.linspace(0.8, -0.3, 8)}, 5, ax=ax),
    "retention": lambda ax=None: plot.plot_retention({"Regular": REGULAR, "High End": [100, 86.9, 74.3]}, ax=ax),
    "retention, models": lambda ax=None: plot.plot_retention({"Regular": REGULAR}, {"sBG": SBG, "one rate for all": GeometricModel(0.2)}, ax=ax),
    "base by year": lambda ax=None: plot.plot_base_by_year(BASE, ax=ax),
    "base by year, marked": lambda ax=None: plot.plot_base_by_year(BASE, 2018, "programme starts", ax=ax),
}
every_plot = pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)


@every_plot
def test_draws_where_it_is_told_and_else_on_a_figure_of_its_own(draw):
    mine, other = Figure().subplots(1, 2)
    assert draw(mine) is mine and mine.has_data() and not other.has_data()
    assert draw().figure is not draw().figure


@every_plot
def test_words_fit_and_do_not_touch(draw):
    ax = draw()
    ax.figure.draw_without_rendering()
    low, high = ax.get_ylim()
    ticks = [tick.label1 for tick in ax.yaxis.get_major_ticks() if low <= tick.get_loc() <= high]
    words = [text for text in (*ax.texts, ax.xaxis.label, ax.yaxis.label, *ticks) if text.get_text()]
    boxes = [text.get_window_extent() for text in words]
    assert ax.get_ylabel() and ("Year" in ax.get_xlabel())
    for i, box in enumerate(boxes):
        assert box.x0 > -2 and box.y0 > -2 and box.x1 < ax.figure.bbox.x1 + 2 and box.y1 < ax.figure.bbox.y1 + 2, words[i]
        assert not any(box.padded(-1).overlaps(other.padded(-1)) for other in boxes[:i]), words[i]


@every_plot
def test_ticks_say_where_they_are(draw):
    """Whole per cent, not rounded ones."""
    ax = draw()
    assert all(abs(100 * tick - round(100 * tick)) < 1e-6 for tick in ax.get_yticks())


@every_plot
def test_the_accent_and_the_grey_differ_in_more_than_colour(draw):
    styles = [{(line.get_linestyle(), line.get_marker()) for line in draw().lines if same_color(line.get_color(), colour)} for colour in (plot.ACCENT, plot.GREY)]
    assert styles[0] and not styles[0] & styles[1]


def test_survival_and_retention_show_the_data_and_the_models():
    data, sbg = PLOTS["survival, forecast"]().lines[1:3]
    assert data.get_ydata().tolist() == pytest.approx([x / 100 for x in REGULAR])
    assert sbg.get_ydata() == pytest.approx(SBG.survival(np.arange(8)))
    data, sbg, flat = PLOTS["retention, models"]().lines
    assert data.get_xdata().tolist() == list(range(1, 8)) and data.get_ydata()[1] == pytest.approx(46.8 / 63.1)
    assert sbg.get_ydata() == pytest.approx(SBG.retention_rate(np.arange(1, 8))) and set(np.round(flat.get_ydata(), 12)) == {0.8}


def test_alt_texts_come_from_the_data():
    text = PLOTS["survival, forecast"]().alt_text
    assert "Regular, actual: 63% after year 1, 29% after year 5, 24% after year 7." in text
    assert f"The curve sBG ends at {SBG.survival(7):.0%} in year 7." in text and "line ends at -30% in year 7" in text
    assert "Regular: 63% in year 1, 92% in year 7. High End: 87% in year 1, 86% in year 2." in PLOTS["retention"]().alt_text
    rates = BASE["retention"]
    assert f"{rates[2017]:.1%} in 2017, {rates[2019]:.1%} in 2019. Programme starts in 2018." in PLOTS["base by year, marked"]().alt_text


def test_a_series_by_renewals_is_drawn_as_a_list():
    series = pd.Series(REGULAR, index=pd.RangeIndex(8, name="year"))
    assert plot.plot_survival({"Regular": series}).alt_text == plot.plot_survival({"Regular": REGULAR}).alt_text
