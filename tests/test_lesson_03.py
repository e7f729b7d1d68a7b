"""Lesson 03: what its prose says without a cell that computes it, and the published numbers that it reproduces."""

import numpy as np
import pytest
from scipy import stats

import ccx
from ccx.clv import BetaDiscreteWeibullModel, ShiftedBetaGeoModel, likelihood_ratio

from lessons import bank, release, solution

TEXT = "\n".join(cell.source for cell in release("03-retention").cells if cell.cell_type == "markdown")
DECISION = next(cell.source for cell in solution("03-retention").cells if cell.id == "decide")
ANSWERS = bank("03-retention").exercises
ACQUIRED = [4000, 6000, 8000, 10_000, 10_000, 5000, 3000, 2000, 1500, 1000]


@pytest.fixture(scope="module")
def survival():
    return ccx.load("survival").set_index("year")


@pytest.fixture(scope="module")
def regular(survival):
    return (10 * survival["regular"]).round()


@pytest.fixture(scope="module")
def board():
    return ccx.simulate.subscription_base(ACQUIRED, rng=1)[0]


def right(name):
    return ANSWERS[f"03.{name}"].right[0]


def percent(x, digits=0):
    return f"{100 * x:.{digits}f} %"


# -- published ----------------------------------------------------------------------------------------------------


def test_two_types_are_those_of_the_workshop():
    """Fader and Hardie (2006), Workshop on Customer-Base Analysis, Frankfurt, day 2: 5,000 customers at 0.9, 10,000 at 0.5."""
    assert right("two-types") == pytest.approx([0.633, 0.689, 0.747, 0.798, 0.836], abs=0.0006)


def test_a_customer_who_has_renewed_twice_is_worth_what_the_workshop_says():
    """$341.1, with a probability of 0.618 for the better type (the same handout)."""
    good = 0.81 / (0.81 + 2 * 0.25)
    assert good == pytest.approx(0.618, abs=0.0005)
    assert right("twice-renewed")[0] == pytest.approx(341.1, abs=0.05)


def test_the_fits_are_those_of_the_paper(regular):
    """Fader and Hardie (2007): High End from its Appendix B, Regular from p. 82; the forecasts of year 12."""
    assert right("high-end-fit") == pytest.approx([0.668, 3.806, 0.378], abs=0.0006)
    model = ShiftedBetaGeoModel.fit(regular[:8])
    assert [*model.params.values(), model.survival(12)] == pytest.approx([0.704, 1.182, 0.170], abs=0.0006)
    assert model.log_likelihood == pytest.approx(-1680.2652, abs=0.005)


def test_the_likelihood_is_that_of_the_paper(survival):
    """The student's function on High End: −1611.16 at the maximum; −2115.5 at (1, 1) (Fader and Hardie 2007, Appendix B)."""
    high_end = (10 * survival["high_end"][:8]).round().to_numpy()
    log_likelihood = ANSWERS["03.log-likelihood"].answer
    assert log_likelihood(0.6681, 3.8061, high_end) == pytest.approx(-1611.16, abs=0.005)
    assert log_likelihood(1, 1, high_end) == pytest.approx(-2115.55, abs=0.006)
    assert log_likelihood(1, 1, np.array([6, 3, 2])) == pytest.approx(np.log(1 / 2**3 / 6 / 3**2))


def test_the_regressions_miss_by_what_the_paper_says():
    """Fader and Hardie (2007), High End in year 12: −81 %, −30 % and +92 %."""
    assert right("regression-errors") == pytest.approx([-0.81, -0.30, 0.92], abs=0.005)


def test_one_rate_misses_what_the_workshop_says():
    """Fader and Hardie (2006), day 2: $8,760,932 with one rate, $14,019,535 with two types, −37.5 %; each cohort counted in whole people."""
    won, renewals = np.array([13_000, 15_000, 17_500, 19_000, 20_500]), np.array([4, 3, 2, 1, 0])
    good, rest = won / 3 * 0.9**renewals, won * 2 / 3 * 0.5**renewals
    left, before = (good + rest).round(), (good / 0.9 + rest / 0.5)[:4].round()
    rate, p = left[:4].sum() / before.sum(), good / (good + rest)
    one_rate = 100 * left.sum() * rate * 1.1 / (1.1 - rate)
    own_rates = 100 * left @ (p * 0.9 * 1.1 / 0.2 + (1 - p) * 0.5 * 1.1 / 0.6)
    assert (round(one_rate), round(own_rates)) == (8_760_932, 14_019_535)
    assert right("missed")[0] == pytest.approx(1 - one_rate / own_rates, abs=0.0005) == pytest.approx(0.375, abs=0.0005)


# -- said in the prose --------------------------------------------------------------------------------------------


def test_what_the_data_say(survival):
    retention = survival / survival.shift()
    assert f"Of 100 Regular subscribers {survival['regular'][1]:.0f} are left after one year, {survival['regular'][7]:.0f} after seven" in TEXT
    assert f"Of 100 High End subscribers {survival['high_end'][7]:.0f} are left after seven" in TEXT
    assert f"rises from {percent(retention['regular'][1])} to {percent(retention['regular'][7])}" in TEXT
    assert f"reaches {percent(retention['high_end'][7])}" in TEXT and retention["high_end"][2] < retention["high_end"][1]
    assert f"So {percent(retention['regular'][2])} renewed" in TEXT


def test_the_toy():
    left = 100 * np.array([0.8, 0.4]) ** 3
    assert left[1] / left.sum() == pytest.approx(1 / 9) and "one in nine at the end" in TEXT


def test_regular_in_words(survival, regular):
    model = ShiftedBetaGeoModel.fit(regular[:8])
    mean, dropout = model.alpha / (model.alpha + model.beta), stats.beta(model.alpha, model.beta)
    assert f"leaves with probability {mean:.2f}" in TEXT
    assert f"only {percent(dropout.cdf(1.2 * mean) - dropout.cdf(0.8 * mean))} of the customers lie between {0.8 * mean:.2f} and {1.2 * mean:.2f}" in TEXT
    assert f"{percent(dropout.cdf(0.1))} leave with a probability below 0.10" in TEXT
    rates = (survival["regular"] / survival["regular"].shift())[1:8]
    assert np.abs(model.retention_rate(np.arange(1, 8)) - rates).max() < 0.02 and "within two points a year" in TEXT
    assert f"{percent(model.survival(12), 1)}, the truth {percent(survival['regular'][12] / 100, 1)}" in TEXT
    assert f"If 63 % renewed every year, as in the first, {percent(0.631**12, 1)} would be left" in TEXT


def test_high_end_in_words(survival):
    assert f"actual share in year 12 is {survival['high_end'][12]} %" in TEXT
    assert abs(right("high-end-fit")[2] - survival["high_end"][12] / 100) < 0.02


def test_with_fewer_customers_the_test_says_less(survival):
    high_end = 2 * survival["high_end"][:8]
    test = likelihood_ratio(ShiftedBetaGeoModel.fit(high_end), BetaDiscreteWeibullModel.fit(high_end))
    assert f"a fifth, {test['statistic']:.1f}, and p about {test['p_value']:.2f}" in TEXT


def test_the_direction_of_high_ends_change(survival):
    """In the fit to High End a customer's own probability of leaving rises every year, whatever it is at first."""
    c = BetaDiscreteWeibullModel.fit((10 * survival["high_end"][:8]).round()).c
    steps = np.diff(np.arange(8) ** c)
    assert (np.diff(1 - 0.9**steps) > 0).all()


def test_the_explorers_two_cases():
    """Fader and Hardie's: 12 % and 45 %."""
    from ccx.explore.retention import view

    for polarisation, said in ((0.05, "12 % at a polarisation of 0.05"), (0.75, "45 % at 0.75")):
        assert f"{view({'mean': 0.2, 'polarisation': polarisation}).numbers['missed']:.0%}".replace("%", " %") == said[:4] and said in TEXT


def test_the_steady_firm_ends_where_its_base_stops_ageing():
    """Expected counts: it rises year after year, by less and less."""
    model = ShiftedBetaGeoModel(0.8, 2.4)
    total = np.cumsum(model.survival(np.arange(41)))
    rates = (total[1:] - 1) / total[:-1]
    assert (np.diff(rates) > 0).all() and rates[9] - rates[4] > rates[39] - rates[34]


def test_the_boards_numbers(board):
    by_year, first = ccx.base_by_year(board), (board.loc[1] / board.loc[0]).dropna()
    second = (board.loc[2] / board.loc[1]).dropna()
    assert f"from {percent(by_year['retention'][2020], 1)} in 2020 to {percent(by_year['retention'][2025], 1)} in 2025" in DECISION
    assert f"{100 * first.loc[:2019].min():.1f} to {100 * first.loc[:2019].max():.1f} % renewed the first time" in DECISION
    assert f"into it, {100 * first.loc[2020:].min():.1f} to {100 * first.loc[2020:].max():.1f} %" in DECISION
    assert f"{100 * second.loc[:2018].min():.0f} to {100 * second.loc[:2018].max():.0f} % before, {100 * second.loc[2019:].min():.0f} to {100 * second.loc[2019:].max():.0f} % after" in DECISION
    present = by_year["renewed"] + by_year["acquired"]
    assert f"from {present[2020]:,} customers at the end of 2020 to {present[2025]:,}" in DECISION


def test_nobody_on_the_board_changes(board):
    """The truth behind the slide: c = 1, and the data agree."""
    known = board.drop(columns=2025)
    test = likelihood_ratio(ShiftedBetaGeoModel.fit(known), BetaDiscreteWeibullModel.fit(known))
    assert test["p_value"] > 0.05


def test_a_thousand_customers_rarely_show_that_loyalty_grew():
    """About one in five of 60 such firms; a few have no maximum, and tell nothing either."""
    noticed = 0
    for seed in range(60):
        data = ccx.simulate.subscription_base([1000] + [0] * 7, rng=seed, c=0.7)[0][2016]
        try:
            noticed += likelihood_ratio(ShiftedBetaGeoModel.fit(data), BetaDiscreteWeibullModel.fit(data))["p_value"] < 0.05
        except RuntimeError:
            pass
    assert noticed / 60 == pytest.approx(0.2, abs=0.08) and "notices about one in five" in TEXT


def test_the_closer_forecast_of_high_end(survival):
    model = BetaDiscreteWeibullModel.fit((10 * survival["high_end"][:8]).round().to_numpy())
    assert f"Its forecast for year 12 is {100 * model.survival(12):.1f} %" in TEXT
