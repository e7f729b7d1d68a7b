"""The acquisition curve against closed forms, brute force and a peer's curve fitting."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import curve_fit

from ccx.selection import acquisition_rate, best_spend, fit_acquisition, marginal_cac

# The curves of the simulated company, and a value for each channel's customers.
CURVES = pd.DataFrame({"ceiling": [0.10, 0.04, 0.025, 0.05], "k": [0.16, 1.4, 2.2, 5.0]}, index=pd.Index(["partners", "search", "social", "deals"], name="channel"))
VALUE = pd.Series({"partners": 230.0, "search": 140.0, "social": 120.0, "deals": 64.0})


def ledger(ceiling, k, spends, prospects=1_000_000, channel="search", rng=None):
    """A ledger that follows a curve: to the rounding of a customer, or drawn."""
    rate = ceiling * -np.expm1(-k * np.asarray(spends, dtype=float))
    won = np.round(prospects * rate) if rng is None else rng.binomial(prospects, rate)
    return pd.DataFrame({"channel": channel, "prospects": prospects, "spend": prospects * np.asarray(spends), "acquired": won})


def test_two_periods_determine_the_curve():
    """Closed form: with rates a at A and b at 2A, exp(−k A) = b / a − 1."""
    found = fit_acquisition(ledger(0.04, 1.4, [0.5, 1.0])).loc["search"]
    a, b = (ledger(0.04, 1.4, [0.5, 1.0])["acquired"] / 1_000_000)
    k = -np.log(b / a - 1) / 0.5
    assert found["k"] == pytest.approx(k, rel=1e-6) and found["ceiling"] == pytest.approx(a / -np.expm1(-k * 0.5), rel=1e-6)


@pytest.mark.parametrize("name", CURVES.index)
def test_the_curve_of_a_large_ledger_is_found_again(name):
    ceiling, k = CURVES.loc[name]
    found = fit_acquisition(ledger(ceiling, k, np.array([0.3, 0.7, 1.2, 2.0]) / k, 10_000_000, name)).loc[name]
    assert (found["ceiling"], found["k"]) == (pytest.approx(ceiling, rel=1e-4), pytest.approx(k, rel=1e-4))


def test_the_fit_is_near_that_of_weighted_least_squares():
    """SciPy's curve_fit with binomial weights, on 200,000 prospects a period; the standard errors too."""
    rows = ledger(0.04, 1.4, [0.2, 0.5, 0.8, 1.1, 1.6], 200_000, rng=np.random.default_rng(3))
    spend, rate = rows["spend"] / rows["prospects"], rows["acquired"] / rows["prospects"]
    peer, covariance = curve_fit(lambda A, c, k: c * (1 - np.exp(-k * A)), spend, rate, (0.05, 1), sigma=np.sqrt(rate * (1 - rate) / rows["prospects"]), absolute_sigma=True)
    found = fit_acquisition(rows).loc["search"]
    np.testing.assert_allclose(found[["ceiling", "k"]], peer, rtol=2e-3)
    np.testing.assert_allclose(found[["ceiling_se", "k_se"]], np.sqrt(np.diag(covariance)), rtol=0.02)


def test_the_standard_errors_are_those_of_repeated_draws():
    rng = np.random.default_rng(5)
    fits = pd.concat([fit_acquisition(ledger(0.05, 5.0, [0.1, 0.2, 0.3, 0.5], 6000, rng=rng)) for _ in range(300)])
    np.testing.assert_allclose(fits[["ceiling_se", "k_se"]].median(), fits[["ceiling", "k"]].std(), rtol=0.15)


def test_a_ceiling_near_everybody_is_found():
    """A small club that nearly everybody joins: the rate stays below 1 all along the climb."""
    assert fit_acquisition(ledger(0.98, 1.0, [0.5, 1, 2, 6], 100_000)).loc["search", "ceiling"] == pytest.approx(0.98, abs=1e-3)


def test_channels_are_fitted_one_by_one():
    both = pd.concat([ledger(0.05, 5, [0.1, 0.3, 0.6], channel="deals"), ledger(0.1, 0.35, [2, 5, 9], channel="partners")])
    found = fit_acquisition(both.sample(frac=1, random_state=2))
    assert list(found.index) == ["deals", "partners"]
    pd.testing.assert_series_equal(found.loc["deals"], fit_acquisition(both[both["channel"] == "deals"]).loc["deals"])


def test_a_ledger_that_does_not_bend_is_refused():
    with pytest.raises(RuntimeError, match="spend more per prospect in some periods"):
        fit_acquisition(ledger(0.04, 1.4, [0.5, 0.5, 0.5]))


@pytest.mark.parametrize("change, words", [({"prospects": 0}, "leave out what was not bought"), ({"spend": 0.0}, "leave out what was not bought"),
                                           ({"acquired": 2_000_000}, "more customers acquired than prospects")])
def test_a_ledger_says_what_is_wrong(change, words):
    with pytest.raises(ValueError, match=words):
        fit_acquisition(ledger(0.04, 1.4, [0.5, 1.0]).assign(**change))


def test_the_rate_starts_at_nothing_and_ends_at_the_ceiling():
    rates = acquisition_rate([0, 0.5, 1e6], 0.04, 1.4)
    assert rates[0] == 0 and rates[2] == 0.04 and rates[1] == pytest.approx(0.04 * (1 - np.exp(-0.7)))


def test_the_marginal_cost_is_the_slope_of_the_curve_turned_over():
    spend, step = np.array([0.0, 0.4, 1.0, 3.0]), 1e-6
    slope = (acquisition_rate(spend + step, 0.04, 1.4) - acquisition_rate(spend, 0.04, 1.4)) / step
    np.testing.assert_allclose(marginal_cac(spend, 0.04, 1.4), 1 / slope, rtol=1e-5)


def test_the_first_customer_costs_what_the_average_does_and_every_later_one_more():
    spend = np.array([1e-9, 0.1, 1.0, 5.0])
    average = spend / acquisition_rate(spend, 0.04, 1.4)
    assert marginal_cac(0, 0.04, 1.4) == pytest.approx(average[0]) == pytest.approx(1 / (0.04 * 1.4))
    assert np.all(marginal_cac(spend, 0.04, 1.4)[1:] > average[1:])


@pytest.mark.parametrize("name", CURVES.index)
def test_the_best_spend_beats_all_others(name):
    """Brute force on a grid, and the last customer costs just what one is worth."""
    ceiling, k = CURVES.loc[name]
    grid = np.linspace(0, 20 / k, 200_001)
    found = best_spend(VALUE[name], ceiling, k)
    assert found == pytest.approx(grid[np.argmax(acquisition_rate(grid, ceiling, k) * VALUE[name] - grid)], abs=2e-4 / k)
    assert marginal_cac(found, ceiling, k) == pytest.approx(VALUE[name])


def test_nothing_is_spent_where_the_first_customer_costs_more_than_one_is_worth():
    assert best_spend([-5, 0, 17.8], 0.04, 1.4).tolist() == [0, 0, 0] and best_spend(17.9, 0.04, 1.4) > 0


@pytest.mark.parametrize("curve", [(0, 1), (1.2, 1), (0.05, 0), (0.05, np.nan)])
def test_an_impossible_curve_is_refused(curve):
    with pytest.raises(ValueError, match="A curve needs"):
        acquisition_rate(1.0, *curve)
    with pytest.raises(ValueError, match="A curve needs"):
        best_spend(1.0, *curve)
