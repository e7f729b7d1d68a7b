"""Valuation from disclosures: against brute force, closed forms, limiting cases and the truth of simulated firms."""

import numpy as np
import pandas as pd
import pytest

from ccx import clv
from ccx.simulate import subscription_disclosures

GIVEN = clv.Assumptions(margin=0.6, acquisition_cost=80, discount_rate=0.10)
RATE = 1.1**0.25 - 1
NOBODY = pd.Series([0.0])


def firm(rng=0, **setting):
    return subscription_disclosures(rng, **{"counts": "expected", **setting})


# -- the fit ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("churn, polarisation", [(0.12, 0.15), (0.3, 0.4), (0.05, 0.05)])
def test_expected_disclosures_give_the_parameters_back(churn, polarisation):
    table, truth = firm(churn=churn, polarisation=polarisation)
    fitted = clv.fit_disclosures(table)
    np.testing.assert_allclose([fitted.alpha, fitted.beta], [truth.model.alpha, truth.model.beta], rtol=1e-4)


def test_from_the_founding_quarter_the_fit_is_that_to_totals():
    table, _ = subscription_disclosures(4)
    ours, totals = clv.fit_disclosures(table), clv.ShiftedBetaGeoModel.fit_totals(table["add"], table["end"])
    np.testing.assert_allclose(list(ours.params.values()), list(totals.params.values()), rtol=1e-6)
    np.testing.assert_allclose(ours.covariance, totals.covariance, rtol=1e-4)


def test_a_known_opening_base_gives_the_parameters_back_without_the_first_years():
    """The same firm from quarter 9 on, with the true ages of the customers it then has; two thirds of the counts lie in between."""
    table, truth = firm(polarisation=0.2)
    opening = truth.cohorts.loc[8].dropna()
    opening.index = 8 - opening.index
    late = clv.fit_disclosures(table.loc[9:], opening)
    np.testing.assert_allclose([late.alpha, late.beta], [truth.model.alpha, truth.model.beta], rtol=1e-4)
    np.testing.assert_allclose(clv.base_by_age(late, table.loc[9:], opening)["customers"], clv.base_by_age(late, table)["customers"], rtol=1e-4)
    value = [clv.value_firm(rows, GIVEN, truth.additions, late, given) for rows, given in ((table.loc[9:], opening), (table, None))]
    np.testing.assert_allclose(*value, rtol=1e-4)


def test_a_wrong_age_of_the_opening_base_is_seen_in_the_churn():
    """Customers said to be new who are in truth the old and faithful make everybody look faithful."""
    table, truth = firm(polarisation=0.2)
    said_new = clv.fit_disclosures(table.loc[9:], pd.Series({0: table.loc[8, "end"]}))
    assert said_new.alpha / (said_new.alpha + said_new.beta) < 0.9 * 0.12


def test_gradients_with_an_opening_base_are_those_of_central_differences():
    from ccx.clv._disclosures import expected_losses, read_opening

    add, opening = np.array([50.0, 70, 60, 10]), read_opening(pd.Series({0: 30, 3: 200, 7: 5}))
    survival, at = clv.ShiftedBetaGeoModel._log_survival, np.array([0.7, 3.0])
    for k, step in enumerate(1e-6 * np.eye(2)):
        high, low = (expected_losses(survival, at + sign * step, add, opening)[0] for sign in (1, -1))
        np.testing.assert_allclose(expected_losses(survival, at, add, opening)[1][k], (high - low) / 2e-6, rtol=1e-6)


def test_expected_losses_are_those_counted_cohort_by_cohort():
    model, add = clv.ShiftedBetaGeoModel(0.7, 3.0), pd.Series([50.0, 70, 60], index=[4, 5, 6])
    table = clv.expected_disclosures(model, add, opening=pd.Series({2: 40.0}))
    S = model.survival
    by_hand = [40 * (S(2 + t - 1) - S(2 + t)) / S(2) + sum(a * (S(t - 2 - c) - S(t - 1 - c)) for c, a in enumerate(add[:t - 1])) for t in (1, 2, 3)]
    np.testing.assert_allclose(table["loss"], by_hand)
    np.testing.assert_allclose(table["end"], 40 + np.cumsum(add - by_hand))
    assert table["churn"].iloc[0] == pytest.approx(by_hand[0] / 40) and table.index.tolist() == [4, 5, 6]


def test_a_simulated_firm_loses_as_many_as_expected():
    table, truth = firm(polarisation=0.3)
    np.testing.assert_allclose(clv.expected_disclosures(truth.model, table["add"])[["loss", "end"]], table[["loss", "end"]])


def test_customers_all_alike_have_no_sbg():
    with pytest.raises(RuntimeError, match="no maximum"):
        clv.fit_disclosures(firm(polarisation=0.0)[0])


def test_constant_churn_is_losses_over_customers_at_the_start():
    table = pd.DataFrame({"add": [100, 50, 30], "loss": [0, 20, 13], "end": [100, 130, 147]}, index=[1, 2, 3])
    assert clv.constant_churn(table, quarters=1).theta == pytest.approx(0.1)
    assert clv.constant_churn(table, quarters=2).theta == pytest.approx(33 / 230)
    assert clv.constant_churn(firm(polarisation=0.0)[0]).theta == pytest.approx(0.12)


def test_the_base_by_age_sums_to_the_disclosed_total_and_shows_retention_by_cohort():
    table, truth = subscription_disclosures(2)
    base = clv.base_by_age(truth.model, table)
    assert base["customers"].sum() == pytest.approx(table["end"].iloc[-1])
    np.testing.assert_allclose(base["retention"], truth.model.retention_rate(np.arange(1, 25)))
    # The true cohorts, youngest first: the model's split errs by the shocks alone.
    np.testing.assert_allclose(base["customers"], truth.cohorts.iloc[-1].to_numpy()[::-1], rtol=0.06)


# -- the value ----------------------------------------------------------------------------------------------------


def test_the_value_is_the_sum_of_all_payments_to_come():
    """Quarter by quarter for 2,000 quarters, cost by cost."""
    table = pd.DataFrame({"add": [100.0, 50], "loss": [0, 20], "end": [100.0, 130], "revenue": [4_000.0, 5_200]}, index=[1, 2])
    given = clv.Assumptions(margin=0.5, acquisition_cost=30, discount_rate=0.10, fixed_cost=100, tax_rate=0.25, other_assets=700, debt=900)
    model, path = clv.ShiftedBetaGeoModel(1.5, 6), pd.Series([60.0, 80, 70], index=[3, 4, 5])
    value = clv.value_firm(table, given, path, model)
    t = np.arange(1, 2001)
    discount, added = (1 + RATE) ** -t.astype(float), np.append(path, np.full(1997, 70.0))
    left = np.array([100 * model.survival(1), 50])
    left = left * 130 / left.sum()
    here = sum(number * model.survival(age + t) / model.survival(age) for number, age in zip(left, (1, 0)))
    later = np.convolve(added, model.survival(np.arange(2000)))[:2000]
    assert value["existing"] == pytest.approx(0.5 * 40 * here @ discount, rel=1e-6)
    assert value["future"] == pytest.approx((0.5 * 40 * later - 30 * added) @ discount, rel=1e-5)
    assert value["fixed_costs"] == pytest.approx(-100 * discount.sum())
    operating = value["existing"] + value["future"] + value["fixed_costs"]
    assert value["tax"] == pytest.approx(-0.25 * operating) and operating > 0
    assert value["equity"] == pytest.approx(0.75 * operating + 700 - 900)


def test_a_loss_is_not_taxed():
    table, truth = firm()
    sums = [clv.value_firm(table, clv.Assumptions(0.6, 80, 0.1, fixed_cost=1e9, tax_rate=rate), truth.additions, truth.model)["equity"] for rate in (0, 0.3)]
    assert sums[0] == sums[1] < 0


def test_with_customers_all_alike_it_is_the_closed_form_of_constant_churn():
    """m r / (1 + d − r) for each customer there, m (1 + d) / (1 + d − r) less the cost for each one added; the truth agrees."""
    table, truth = firm(polarisation=0.0, growth=0.0, spend=45.0)
    value = clv.value_firm(table, GIVEN, truth.additions, clv.constant_churn(table))
    multiple = 0.88 / (1 + RATE - 0.88)
    assert value["existing"] == pytest.approx(27 * table["end"].iloc[-1] * multiple)
    assert value["future"] == pytest.approx((27 * (1 + multiple) - 80) * 20_000 / RATE)
    np.testing.assert_allclose(truth.value(GIVEN), value[["existing", "future"]])


def test_an_sbg_of_little_polarisation_comes_near_the_closed_form():
    table, truth = firm(polarisation=1e-4)
    naive = clv.value_firm(table, GIVEN, truth.additions, clv.GeometricModel(0.12))
    np.testing.assert_allclose(clv.value_firm(table, GIVEN, truth.additions, truth.model), naive, rtol=0.01)


def test_additions_that_end_with_none_end_for_good():
    table, truth = firm()
    each = 27 * truth.model.discounted_expected_lifetime(RATE) - 80
    value = clv.value_firm(table, GIVEN, pd.Series([0, 1000.0, 0]), truth.model)
    assert value["future"] == pytest.approx(1000 * each / (1 + RATE) ** 2)


def test_a_projection_continues_a_steady_trend_and_fades():
    add = pd.Series(100 * 1.05 ** np.arange(9), index=range(3, 12))
    np.testing.assert_allclose(clv.project_additions(add, 4, damping=1), 100 * 1.05 ** np.arange(9, 13))
    np.testing.assert_allclose(clv.project_additions(add, 4, damping=0), add.iloc[-1])
    far = clv.project_additions(add, 400, damping=0.9)
    assert far.iloc[-1] == pytest.approx(add.iloc[-1] * 1.05**9) and far.index[[0, -1]].tolist() == [12, 411]
    kinked = pd.concat([pd.Series([5.0, 900.0], index=[1, 2]), add])
    np.testing.assert_allclose(clv.project_additions(kinked, 4, damping=1, recent=9), 100 * 1.05 ** np.arange(9, 13))


# -- the bias of constant churn -----------------------------------------------------------------------------------


def naive_and_true(discount_rate=0.10, **setting):
    """Constant churn over the truth: of the existing customers, and of one who is new (without the acquisition cost)."""
    table, truth = firm(**setting)
    given = clv.Assumptions(0.6, 0, discount_rate)
    one_each = [clv.value_firm(table, given, truth.additions, model) for model in (clv.constant_churn(table, 1), truth.model)]
    return (one_each[0] / one_each[1])[["existing", "future"]].tolist()


@pytest.mark.parametrize("growth", [-0.05, 0.0, 0.05, 0.5])
@pytest.mark.parametrize("quarters", [8, 24, 80])
@pytest.mark.parametrize("polarisation", [0.05, 0.2])
def test_constant_churn_understates_existing_customers_in_every_firm(growth, quarters, polarisation):
    assert naive_and_true(growth=growth, quarters=quarters, polarisation=polarisation)[0] < 1


@pytest.mark.parametrize("polarisation", [0.05, 0.2])
def test_constant_churn_understates_new_customers_where_nearly_all_are_new(polarisation):
    """The limit of fast growth: its churn is the mean of the beta, and the value of a customer is a convex function of churn (Jensen)."""
    table, truth = firm(growth=3.0, quarters=24, polarisation=polarisation)
    assert clv.constant_churn(table, 1).theta == pytest.approx(0.12, rel=0.02)
    assert naive_and_true(growth=3.0, polarisation=polarisation)[1] < 1


def test_constant_churn_overstates_new_customers_in_a_mature_firm_and_hits_them_without_discounting():
    """The steady state: churn is one over the mean lifetime (α − 1) / (α + β − 1), and the value of a customer is a concave function of the lifetime."""
    setting = {"growth": 0.0, "quarters": 1500, "churn": 0.2, "polarisation": 0.05}
    table, truth = firm(**setting)
    alpha, beta = truth.model.alpha, truth.model.beta
    assert clv.constant_churn(table, 1).theta == pytest.approx((alpha - 1) / (alpha + beta - 1), rel=1e-3)
    ratios = [naive_and_true(rate, **setting)[1] for rate in (0.5, 0.1, 0.0001)]
    assert ratios[0] > ratios[1] > 1.005 and ratios[2] == pytest.approx(1, abs=0.001)


# -- recovery and the interval ------------------------------------------------------------------------------------


def test_valuations_miss_the_truth_by_as_much_as_the_interval_says():
    """30 firms: the errors, in standard deviations of the resamples, have a mean near 0 and a spread near 1; a normal interval of 90 percent holds the truth
    in 27 of 30, and in fewer than 22 once in 100 times."""
    missed, ratio = [], []
    for seed in range(30):
        table, truth = subscription_disclosures(seed)
        true = truth.value(GIVEN).sum()
        value = clv.value_firm(table, GIVEN, clv.project_additions(table["add"]), clv.fit_disclosures(table))["equity"]
        missed.append((value - true) / clv.bootstrap_value(table, GIVEN, n_resamples=16, rng=seed)["equity"].std())
        ratio.append(value / true)
    assert np.mean(ratio) == pytest.approx(1, abs=0.02)
    assert abs(np.mean(missed)) < 0.6 and 0.6 < np.std(missed) < 1.5 and np.sum(np.abs(missed) < 1.645) >= 22


def test_more_shaken_disclosures_give_a_wider_interval():
    wide, narrow = (clv.bootstrap_value(subscription_disclosures(1, shock=shock)[0], GIVEN, n_resamples=25, rng=1)["existing"].std() for shock in (0.1, 0.01))
    assert wide > 3 * narrow


def test_resamples_vary_around_the_valuation_and_the_seed_decides():
    table, _ = subscription_disclosures(6)
    first, again = (clv.bootstrap_value(table, GIVEN, n_resamples=30, rng=2) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    value = clv.value_firm(table, GIVEN, clv.project_additions(table["add"]), clv.fit_disclosures(table))
    for part in ("existing", "future", "equity"):
        assert abs(first[part].mean() - value[part]) < 4 * first[part].std() / np.sqrt(30)


def test_given_additions_are_not_drawn():
    """Then future value varies with churn and spend alone; with nobody to be added it is 0 in every resample."""
    table, _ = subscription_disclosures(6)
    assert (clv.bootstrap_value(table, GIVEN, n_resamples=5, rng=2, additions=NOBODY)["future"] == 0).all()


def test_where_customers_look_alike_the_resamples_fall_back_on_constant_churn():
    """Nearly alike and few: some resamples have no sBG, and none is missing."""
    table, _ = subscription_disclosures(2, first_add=300, quarters=10, polarisation=0.02, shock=0)
    draws = clv.bootstrap_value(table, GIVEN, n_resamples=40, rng=1)
    assert draws.notna().all(axis=None) and draws["churn"].between(0.08, 0.2).all()


# -- truncation ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model, published", [(clv.ShiftedBetaGeoModel(0.668, 3.806), [0.404, 0.559, 0.777]), (clv.ShiftedBetaGeoModel(0.704, 1.182), [0.531, 0.671, 0.845])],
                         ids=["High End", "Regular"])
def test_the_first_years_hold_the_share_of_lifetime_value_that_is_known(model, published):
    """At 10 percent in 3, 5 and 10 years, against the sum over 100,000 years."""
    t = np.arange(100_000)
    terms = model.survival(t) * 1.1 ** -t.astype(float)
    shares = clv.lifetime_share(model, [3, 5, 10], 0.10)
    np.testing.assert_allclose(shares, [terms[:n].sum() / terms.sum() for n in (3, 5, 10)], rtol=1e-9)
    np.testing.assert_allclose(shares, published, atol=0.0005)


def test_no_year_holds_nothing_and_many_hold_all():
    model = clv.GeometricModel(0.2)
    assert clv.lifetime_share(model, 0, 0.1) == 0 and clv.lifetime_share(model, 500, 0.1) == pytest.approx(1)
    assert clv.lifetime_share(model, 1, 0.1) == pytest.approx(1 - 0.8 / 1.1)


# -- bad input ----------------------------------------------------------------------------------------------------


GOOD = pd.DataFrame({"add": [100, 50, 40], "loss": [0, 20, 15], "end": [100, 130, 155], "revenue": [1.0, 2, 3]}, index=["Q1", "Q2", "Q3"])


@pytest.mark.parametrize("change, words", [
    ({"loss": [0, 20, 5]}, "In quarter Q3, end is not"),
    ({"add": [100, np.nan, 40]}, "In quarter Q2, add is missing"),
    ({"loss": [0, -20, 15]}, "In quarter Q2, loss is missing, negative"),
    ({"end": [150, 180, 205]}, "the age is not known: begin with the founding quarter"),
    ({"loss": [0, 0, 0], "end": [100, 150, 190]}, "Nobody left"),
])
def test_a_table_that_can_not_be_is_named(change, words):
    with pytest.raises(ValueError, match=words):
        clv.fit_disclosures(GOOD.assign(**change))


def test_rounded_figures_pass():
    table = (firm()[0] / 1000).round(1)
    assert clv.fit_disclosures(table).alpha > 0


@pytest.mark.parametrize("call, words", [
    (lambda: clv.fit_disclosures(GOOD[["add", "loss"]]), "lack the column 'end'"),
    (lambda: clv.fit_disclosures(GOOD.iloc[:1]), "at least two quarters"),
    (lambda: clv.fit_disclosures(GOOD, opening=pd.Series({1.5: 10})), "whole numbers"),
    (lambda: clv.fit_disclosures(GOOD, opening=pd.Series({1: 10})), "age is not known"),
    (lambda: clv.constant_churn(GOOD, quarters=3), "between 1 and 2"),
    (lambda: clv.revenue_per_customer(GOOD, quarters=0), "quarters must be 1 or more"),
    (lambda: clv.revenue_per_customer(GOOD.assign(revenue=[1, 2, np.nan])), "must have its revenue"),
    (lambda: clv.project_additions(GOOD["add"] * 0), "at least 3 quarters, all with customers added"),
    (lambda: clv.project_additions(GOOD["add"].set_axis([1, 2, 3]), damping=2), "damping between 0 and 1"),
    (lambda: clv.project_additions(GOOD["add"].set_axis([1, 2, 3]), recent=4), "A trend needs"),
    (lambda: clv.value_firm(GOOD, GIVEN, [1, np.nan], clv.GeometricModel(0.1)), "additions must be"),
    (lambda: clv.value_firm(GOOD, GIVEN, [], clv.GeometricModel(0.1)), "additions must be"),
    (lambda: clv.lifetime_share(clv.GeometricModel(0.1), 2.5, 0.1), "whole numbers"),
    (lambda: clv.Assumptions(0.6, 80, 0), "discount_rate must be positive"),
    (lambda: clv.Assumptions(60, 80, 0.1), "margin is a share"),
    (lambda: clv.Assumptions(0.6, np.nan, 0.1), "acquisition_cost must be a number"),
    (lambda: clv.Assumptions(0.6, 80, 0.1, tax_rate=25), "tax_rate is a share"),
])
def test_bad_input_is_answered_with_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
