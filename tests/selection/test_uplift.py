"""Trials: intervals against SciPy, policies against known truth."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ccx.selection.uplift import chosen, policy_profit, uplift_by_arm

from trials import trial


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_interval_is_welchs(level):
    """Against scipy.stats.ttest_ind with unequal variances."""
    data = trial(400, 1)
    found = uplift_by_arm(data["y"], data["arm"], confidence_level=level)
    for arm in ("letter", "voucher"):
        peer = stats.ttest_ind(data["y"][data["arm"] == arm], data["y"][data["arm"] == "control"], equal_var=False)
        interval = peer.confidence_interval(level)
        assert found.loc[arm, ["low", "high"]].tolist() == pytest.approx([interval.low, interval.high])
        assert found.loc[arm, "uplift"] == pytest.approx(found.loc[arm, "treated"] - found.loc[arm, "control"])
        assert found.loc[arm, "uplift"] / found.loc[arm, "error"] == pytest.approx(peer.statistic)
    assert found["customers"].sum() + found["controls"].iloc[0] == 400


def test_groups_have_effects_of_their_own():
    data = trial(600, 2)
    group = pd.Series(np.where(data["x"] > 0, "high", "low"), name="kind")
    found = uplift_by_arm(data["y"], data["arm"], by=group)
    alone = uplift_by_arm(data["y"][group == "low"], data["arm"][group == "low"])
    assert found.index.names == ["kind", "arm"]
    pd.testing.assert_frame_equal(found.loc["low"], alone)


def test_what_was_known_before_narrows_the_interval_and_moves_nothing_on_average():
    """The error shrinks by √(1 − correlation²), and over many trials the mean of the estimates is the truth."""
    data = trial(30_000, 3, effect=lambda x: 0 * x + 0.3)
    plain, sharp = (uplift_by_arm(data["y"], data["arm"], before=before).loc["voucher"] for before in (None, data["x"]))
    correlation = np.corrcoef(data["x"], data["y"])[0, 1]
    assert sharp["error"] / plain["error"] == pytest.approx(np.sqrt(1 - correlation**2), abs=0.01)
    many = [uplift_by_arm(d["y"], d["arm"], before=d["x"]).loc["voucher", "uplift"] for d in (trial(300, s, lambda x: 0 * x + 0.3) for s in range(300))]
    assert np.mean(many) == pytest.approx(0.3, abs=4 * np.std(many) / 300**0.5)


def test_the_adjustment_is_the_slope_of_a_regression_with_arms():
    """Against least squares on arms and the covariate."""
    data = trial(500, 4, effect=lambda x: 0 * x + 1.0)
    design = np.column_stack([data["arm"] == "control", data["arm"] == "letter", data["arm"] == "voucher", data["x"]]).astype(float)
    coefficients = np.linalg.lstsq(design, data["y"], rcond=None)[0]
    found = uplift_by_arm(data["y"], data["arm"], before=data["x"])["uplift"]
    assert found.tolist() == pytest.approx([coefficients[1] - coefficients[0], coefficients[2] - coefficients[0]])


def test_ninety_five_of_a_hundred_intervals_hold_the_truth():
    held = 0
    for seed in range(400):
        data = trial(150, seed, effect=lambda x: 0 * x + 0.5)
        row = uplift_by_arm(data["y"], data["arm"], before=data["x"]).loc["voucher"]
        held += row["low"] <= 0.5 <= row["high"]
    assert held / 400 == pytest.approx(0.95, abs=0.035)


def test_what_is_known_of_customers_outside_the_trial_does_not_matter():
    data = trial(200, 8)
    more = pd.concat([data["x"], pd.Series([9.0, 9.0], index=[1000, 1001])])
    pd.testing.assert_frame_equal(uplift_by_arm(data["y"], data["arm"], before=more), uplift_by_arm(data["y"], data["arm"], before=data["x"]))
    with pytest.raises(ValueError, match="appears twice"):
        uplift_by_arm(data["y"], pd.concat([data["arm"], data["arm"]]))


def test_two_arms_may_be_called_true_and_false():
    found = uplift_by_arm(pd.Series([1.0, 2, 3, 6]), pd.Series([False, False, True, True]), control=False)
    assert found.loc[True, "uplift"] == 3


@pytest.mark.parametrize("outcome, arm, sentence", [
    ([1.0, 2, 3], ["voucher"] * 3, "No customer is in the control arm"), ([1.0, 2, 3], ["control", "voucher", "voucher"], "fewer than two"),
    ([1.0, np.nan, 3, 4], ["control", "control", "voucher", "voucher"], "has no outcome")])
def test_trials_that_tell_nothing_are_refused(outcome, arm, sentence):
    with pytest.raises(ValueError, match=sentence):
        uplift_by_arm(pd.Series(outcome), pd.Series(arm))


def test_the_best_are_chosen_and_ties_go_by_order():
    score = pd.Series([1.0, 5, 5, 5, 0], index=list("abcde"))
    assert chosen(score, 2).to_dict() == {"a": False, "b": True, "c": True, "d": False, "e": False} and chosen(score, 5).all()
    for bad, k, sentence in ((score, 0, "whole number"), (score, 6, "whole number"), (score, 1.5, "whole number"),
                             (score.where(score > 0), 2, "1 of 5 customers have no score")):
        with pytest.raises(ValueError, match=sentence):
            chosen(bad, k)


def test_profits_of_policies_are_unbiased_and_their_intervals_hold():
    """Three policies over 150 trials whose truth is known: who responds, who is worth most, everybody."""
    effect, estimates, held = (lambda x: 1 - x), [], []
    for seed in range(150):
        data = trial(600, seed, effect)
        treat = pd.DataFrame({"responsive": chosen(data["effect"], 200), "valuable": chosen(data["x"], 200), "all": True})
        truth = pd.Series({name: data["effect"][flag].sum() for name, flag in treat.items()})
        found = policy_profit(treat, data["y"], data["arm"], "voucher")
        estimates.append(found["profit"] - truth)
        held.append((found["low"] <= truth) & (truth <= found["high"]))
    errors = pd.DataFrame(estimates)
    assert (errors.mean().abs() < 4 * errors.std() / 150**0.5).all()
    assert (pd.DataFrame(held).mean() - 0.95).abs().max() < 0.06
    assert errors.std().to_numpy() == pytest.approx(found["error"].to_numpy(), rel=0.25)


def test_a_policy_by_hand():
    """Of three whom the policy treats two were in the arms; the third, in another arm, counts among those treated."""
    outcome, arm = pd.Series([1.0, 3, 9, 10, 100, 50]), pd.Series(["control", "control", "voucher", "voucher", "letter", "voucher"])
    found = policy_profit(pd.Series([True] * 5 + [False]), outcome, arm, "voucher", cost=2).iloc[0]
    assert (found["customers"], found["uplift"], found["profit"]) == (5, 7.5 - 2, 5 * 5.5)
    error = 5 * np.sqrt(2 / 2 + 0.5 / 2)
    assert found["error"] == pytest.approx(error) and (found["low"] + found["high"]) / 2 == pytest.approx(found["profit"])
    with pytest.raises(ValueError, match="Nobody whom the policy treats was in the arm 'voucher'"):
        policy_profit(pd.Series([True, True, False, False, True, False]), outcome, arm, "voucher")


def test_equal_weights_make_it_inverse_propensity():
    """With arms of exactly half each it equals the sum of y / p over the treated less that over the controls."""
    data = trial(300, 5).query("arm != 'letter'").reset_index(drop=True)
    data["arm"] = np.where(np.arange(len(data)) % 2, "voucher", "control")
    data = data.iloc[:len(data) // 2 * 2]
    weighted = (data["y"] * np.where(data["arm"] == "voucher", 2, -2)).sum()
    assert policy_profit(pd.Series(True, data.index), data["y"], data["arm"], "voucher")["profit"].iloc[0] == pytest.approx(weighted)
