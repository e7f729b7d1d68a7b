"""Look-alikes: Bayes against counting, lift against its definition and limits, calibration against scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_score, recall_score, roc_auc_score

from ccx.selection import bayes_precision, calibration_table, cost_per_star, label_value, lift_table


def prospects(rng, n=20_000):
    """Probabilities that are right, and who turns out to be a star."""
    probability = rng.beta(0.3, 3, n)
    return pd.Series(probability, np.arange(n) * 7), pd.Series(rng.random(n) < probability, np.arange(n) * 7)


def test_a_test_that_is_right_four_times_of_five_is_wrong_six_times_of_seven():
    """Base rate 2 %, true-positive rate 0.8, false-positive rate 0.1."""
    assert bayes_precision(0.02, 0.8, 0.1) == pytest.approx(0.1404, abs=5e-5)


def test_bayes_counts_people():
    """Of 10,000: 200 stars, 160 of them picked, and 980 of the 9,800 others."""
    assert bayes_precision(0.02, 0.8, 0.1) == pytest.approx(160 / (160 + 980))
    assert cost_per_star(5, bayes_precision(0.02, 0.8, 0.1)) == pytest.approx(5 * (160 + 980) / 160)


def test_limits_of_precision():
    """A test without information finds the base rate; one that never picks the others is always right; without stars it is always wrong."""
    assert bayes_precision(0.02, 0.3, 0.3) == pytest.approx(0.02)
    assert bayes_precision([0.02, 0.5], 0.1, 0).tolist() == [1, 1]
    assert bayes_precision(0, 0.8, 0.1) == 0


@pytest.mark.parametrize("rates", [(2, 0.8, 0.1), (0.02, 80, 10), (0.02, 0, 0), (0.02, np.nan, 0.1)])
def test_rates_that_cannot_be_are_refused(rates):
    with pytest.raises(ValueError, match="not percentages|picks nobody"):
        bayes_precision(*rates)


@pytest.mark.parametrize("cost, precision", [(-1, 0.5), (1, 0), (1, 14)])
def test_costs_per_star_that_cannot_be_are_refused(cost, precision):
    with pytest.raises(ValueError, match="share above 0"):
        cost_per_star(cost, precision)


@pytest.mark.parametrize("hit, false", [(1, 0), (0.8, 0.1), (0.3, 0.3), (0.1, 0.9), (0.6, 0.5)])
@pytest.mark.parametrize("base, cost, benefit", [(0.02, 5, 100), (0.3, 5, 100), (0.05, 5, 100)])
def test_a_label_is_worth_what_the_best_policy_gains_by_it(base, cost, benefit, hit, false):
    """Brute force over the four policies on 100 people per cell of star by label."""
    people = pd.DataFrame({"star": [1, 1, 0, 0], "label": [1, 0, 1, 0], "weight": [base * hit, base * (1 - hit), (1 - base) * false, (1 - base) * (1 - false)]})
    profit = {treated: (people["weight"] * (benefit * people["star"] - cost))[people["label"].isin(treated)].sum() for treated in [(), (0,), (1,), (0, 1)]}
    expected = max(profit.values()) - max(profit[()], profit[0, 1])
    assert label_value(base, hit, false, cost, benefit) == pytest.approx(expected, abs=1e-12)


def test_a_label_that_changes_no_decision_is_worth_nothing():
    """Right 99 times of 100 and yet useless: where treating is nearly free everybody is treated anyway."""
    assert label_value(0.5, 0.99, 0.01, cost=0.01, benefit=100) == 0
    assert label_value(0.02, 0.3, 0.3, cost=5, benefit=100) == 0
    with pytest.raises(ValueError, match="Rates are shares"):
        label_value(2, 0.8, 0.1, 5, 100)


# -- lift ---------------------------------------------------------------------------------------------------------


def test_lift_is_precision_per_base_rate():
    """Against scikit-learn's precision and recall of the same choice."""
    score, star = prospects(np.random.default_rng(1))
    table = lift_table(score, star, shares=[0.01, 0.1, 0.3], cost=2)
    for share, row in table.iterrows():
        taken = score.rank(ascending=False) <= row["customers"]
        assert (row["precision"], row["found"]) == pytest.approx((precision_score(star, taken), recall_score(star, taken)))
        assert row["customers"] == taken.sum() == share * len(score) and row["lift"] == pytest.approx(star[taken].mean() / star.mean())
        assert row["cost_per_star"] == pytest.approx(cost_per_star(2, row["precision"]))


def test_the_area_under_the_gains_is_the_area_under_the_roc_curve():
    """Identity: area of found over customers = (1 − b) AUC + b / 2, with b the base rate."""
    score, star = prospects(np.random.default_rng(2), n=500)
    found = lift_table(score, star, shares=np.arange(1, 501) / 500)["found"].to_numpy()
    area = (found.sum() - found[-1] / 2) / 500
    assert area == pytest.approx((1 - star.mean()) * roc_auc_score(star, score) + star.mean() / 2)


def test_lift_of_all_and_of_a_score_that_says_nothing_is_one():
    _, star = prospects(np.random.default_rng(3))
    assert lift_table(np.ones(len(star)), star)["lift"].tolist() == pytest.approx([1.0] * 7)
    assert lift_table(star.astype(float), star, shares=[1.0])["lift"].iloc[0] == 1


def test_lift_cannot_be_larger_than_one_over_the_base_rate():
    _, star = prospects(np.random.default_rng(4))
    best = lift_table(star.astype(float), star, shares=[0.01])
    assert best["lift"].iloc[0] == pytest.approx(1 / star.mean())


def test_a_depth_without_a_star_has_an_infinite_cost():
    table = lift_table([3, 2, 1], [0, 0, 1], shares=[0.34, 1], cost=5)
    assert table["cost_per_star"].tolist() == [np.inf, 15]


@pytest.mark.parametrize("star, message", [([0, 0, 0], "one at least"), ([0, 2, 1], r"star \(1\) or not"),
                                           ([0.5, 0, 1], r"star \(1\) or not"), ([1, 0], "shape")])
def test_stars_that_cannot_be_are_refused(star, message):
    for function in (lift_table, calibration_table):
        with pytest.raises(ValueError, match=message):
            function([0.1, 0.2, 0.3], star)


# -- calibration --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decimals", [12, 2, 1])
@pytest.mark.parametrize("bins", [1, 5, 10])
def test_the_table_is_that_of_scikit_learn_with_the_sizes_of_its_groups(bins, decimals):
    """With few decimals many probabilities tie: groups merge, and still everybody is counted once."""
    probability, star = prospects(np.random.default_rng(5))
    probability = probability.round(decimals)
    table = calibration_table(probability, star, bins)
    observed, predicted = calibration_curve(star, probability, n_bins=bins, strategy="quantile")
    assert table["observed"].tolist() == observed.tolist() and table["predicted"].tolist() == predicted.tolist()
    assert table["customers"].sum() == len(star)
    assert table["customers"] @ table["observed"] == pytest.approx(star.sum())
    assert table["customers"] @ table["predicted"] == pytest.approx(probability.sum())


def test_probabilities_that_are_right_lie_within_their_error_and_inflated_ones_do_not():
    probability, star = prospects(np.random.default_rng(6))
    honest, boastful = (calibration_table(made, star) for made in (probability, np.sqrt(probability)))
    assert (np.abs(honest["observed"] - honest["predicted"]) < 4 * honest["error"] + 1e-3).all()
    assert (boastful["predicted"] - boastful["observed"] > 4 * boastful["error"])[4:].all()


def test_a_probability_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="predict_proba"):
        calibration_table([10.0, 20, 30], [0, 1, 0])
