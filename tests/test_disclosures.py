"""The simulated disclosures: what must add up, what the truth says, and the limits of the settings."""

import numpy as np
import pandas as pd
import pytest

from ccx.clv import Assumptions
from ccx.simulate import subscription_disclosures

GIVEN = Assumptions(margin=0.6, acquisition_cost=80, discount_rate=0.10)


@pytest.mark.parametrize("counts", ["drawn", "expected"])
def test_the_table_adds_up_and_is_the_sum_of_the_cohorts(counts):
    table, truth = subscription_disclosures(3, counts=counts)
    begin = table["end"].shift(fill_value=0)
    np.testing.assert_allclose(begin + table["add"] - table["loss"], table["end"])
    np.testing.assert_allclose(truth.cohorts.sum(axis=1), table["end"])
    np.testing.assert_allclose(np.diag(truth.cohorts), table["add"])
    assert table["loss"].iloc[0] == 0 and table.index.tolist() == list(range(1, 25)) == truth.cohorts.columns.tolist()


def test_expected_counts_follow_the_formula():
    """Each cohort is its additions times S(age), by the product of its (β + j) / (α + β + j)."""
    table, truth = subscription_disclosures(0, quarters=6, first_add=1000, growth=0.1, churn=0.2, polarisation=0.25, counts="expected")
    alpha, beta = 0.6, 2.4
    survival = np.cumprod([1, *((beta + j) / (alpha + beta + j) for j in range(5))])
    for quarter in range(1, 7):
        left = [1000 * np.exp(0.1 * (c - 1)) * survival[quarter - c] for c in range(1, quarter + 1)]
        np.testing.assert_allclose(truth.cohorts.loc[quarter].dropna(), left)
        assert table.loc[quarter, "revenue"] == pytest.approx(45 * sum(left))


def test_drawn_counts_scatter_around_the_expected_ones():
    """Without shocks: over 200 draws the mean losses agree within four standard errors, and no firm is like the next."""
    many = np.array([subscription_disclosures(seed, quarters=8, first_add=500, shock=0)[0]["loss"] for seed in range(200)])
    expected = subscription_disclosures(0, quarters=8, first_add=500, counts="expected")[0]["loss"].to_numpy()
    error = many.std(axis=0) / np.sqrt(200)
    assert np.all(np.abs(many.mean(axis=0) - expected)[1:] < 4 * error[1:] + 0.5) and np.all(error[1:] > 0)


def test_a_shock_moves_losses_by_more_than_chance():
    calm, shaken = (np.std([subscription_disclosures(seed, quarters=6, shock=shock)[0]["loss"].iloc[-1] for seed in range(60)]) for shock in (0, 0.1))
    assert shaken > 3 * calm


def test_the_same_seed_gives_the_same_firm_and_another_another():
    first, again, other = (subscription_disclosures(seed)[0] for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_churn_falls_with_age_where_customers_differ_and_not_where_they_are_alike():
    for polarisation, falls in ((0.3, True), (0.0, False)):
        _, truth = subscription_disclosures(0, polarisation=polarisation, counts="expected")
        of_first = truth.churn()[1].dropna()
        assert of_first.iloc[0] == pytest.approx(0.12) and len(of_first) == 23
        assert np.all(np.diff(of_first) < 0) if falls else np.allclose(of_first, 0.12)


def test_the_true_value_is_the_sum_of_all_payments_to_come():
    """Quarter by quarter for 2,000 quarters, in the model's own survival but none of the library's sums."""
    table, truth = subscription_disclosures(5, quarters=4)
    v, t = 1.1**-0.25, np.arange(2001)
    survival, paid = truth.model.survival(np.arange(2005)), 0.6 * 45.0
    existing = sum(truth.cohorts.loc[4, c] * survival[5 - c:][:2000] / survival[4 - c] for c in range(1, 5))
    assert truth.value(GIVEN)["existing"] == pytest.approx(paid * np.sum(existing * v ** t[1:]), rel=2e-5)
    path = np.append(truth.additions, np.full(1920, truth.additions.iloc[-1]))
    each = paid * np.sum(survival[:2001] * v**t) - 80
    assert truth.value(GIVEN)["future"] == pytest.approx(each * np.sum(path * v ** t[1:]), rel=2e-5)


def test_growth_goes_on_from_the_last_quarter_and_fades():
    _, truth = subscription_disclosures(0, quarters=10, growth=0.05, damping=0.5, counts="expected")
    steps = np.diff(np.log(truth.additions), prepend=np.log(20_000) + 9 * 0.05)
    np.testing.assert_allclose(steps, 0.05 * 0.5 ** np.arange(1, 81), atol=1e-12)
    assert truth.additions.index[0] == 11


@pytest.mark.parametrize("setting", [{"quarters": 1}, {"first_add": 0}, {"churn": 0}, {"churn": 1}, {"polarisation": 1}, {"polarisation": -0.1}, {"spend": 0},
                                     {"damping": 1.5}, {"shock": -1}])
def test_impossible_settings_are_refused(setting):
    with pytest.raises(ValueError, match="A firm needs"):
        subscription_disclosures(1, **setting)


def test_counts_are_drawn_or_expected():
    with pytest.raises(ValueError, match="'guessed' is not known"):
        subscription_disclosures(1, counts="guessed")
