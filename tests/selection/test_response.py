"""Who responds: Qini curves by brute force and in closed form, the winner's curse against order statistics."""

import numpy as np
import pandas as pd
import pytest

from ccx.selection.response import best_of_groups, qini, qini_curve

from trials import trial


def by_hand(score, outcome, arm):
    """Radcliffe's gain, customer by customer down the list, where no scores tie."""
    order = score.sort_values(ascending=False).index
    gains, treated = [0.0], (arm == "voucher").sum()
    for i in range(1, len(order) + 1):
        first = order[:i]
        t, c = (outcome[first][arm[first] == name] for name in ("voucher", "control"))
        gains.append((t.sum() - (c.sum() * len(t) / len(c) if len(c) else t.sum())) / treated)
    return np.array(gains)


def test_the_qini_curve_is_radcliffes():
    data = trial(200, 6, effect=lambda x: 1 - x).query("arm != 'letter'")
    curve = qini_curve(-data["x"], data["y"], data["arm"], "voucher")
    np.testing.assert_allclose(curve["gain"], by_hand(-data["x"], data["y"], data["arm"]), atol=1e-9)
    assert curve["share"].iloc[-1] == 1 and curve["random"].iloc[-1] == curve["gain"].iloc[-1]


def test_qini_knows_a_good_score_from_a_bad_one_and_from_none():
    data = trial(60_000, 7, effect=lambda x: x)
    good, bad = (qini(qini_curve(sign * data["x"], data["y"], data["arm"], "voucher")) for sign in (1, -1))
    # Exact for normal x: the gain lies above the chord by E[x; among the first] = φ(z), whose integral over shares is 1 / (2 √π).
    assert good == pytest.approx(1 / (2 * np.sqrt(np.pi)), abs=0.02) and bad == pytest.approx(-good, abs=0.03)
    assert qini(qini_curve(pd.Series(1.0, data.index), data["y"], data["arm"], "voucher")) == pytest.approx(0, abs=1e-12)


def test_a_qini_curve_of_what_was_not_foreseen_is_that_of_the_adjusted_outcome():
    data = trial(400, 6, effect=lambda x: 1 - x).query("arm != 'letter'")
    within = data[["x", "y"]] - data.groupby("arm")[["x", "y"]].transform("mean")
    slope = np.polyfit(within["x"], within["y"], 1)[0]
    adjusted = data["y"] - slope * (data["x"] - data["x"].mean())
    found = qini_curve(-data["x"], data["y"], data["arm"], "voucher", before=data["x"])
    pd.testing.assert_frame_equal(found, qini_curve(-data["x"], adjusted, data["arm"], "voucher"))


def test_a_qini_curve_needs_both_arms():
    with pytest.raises(ValueError, match="both arms"):
        qini_curve(pd.Series([1.0, 2]), pd.Series([1.0, 2]), pd.Series(["voucher", "voucher"]), "voucher")


def test_the_best_of_twenty_promises_what_order_statistics_say():
    """No effect at all: the largest of 20 normal errors is 1.867 standard errors (Harter 1961), and in the other half nothing is left of it."""
    promised, kept = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        outcome, arm = pd.Series(rng.normal(size=8000)), pd.Series(["letter", "control"] * 4000)
        found = best_of_groups(outcome, arm, pd.Series(np.arange(8000) // 2 % 20), "letter", rng=seed, n_splits=5)
        promised.append(found["promised"].mean())
        kept.append(found["kept"].mean())
    error = np.sqrt(2 / 100)  # a hundred customers in each arm of each group's half
    assert np.mean(promised) == pytest.approx(1.867 * error, rel=0.03)
    assert np.mean(kept) == pytest.approx(0, abs=4 * np.std(kept) / np.sqrt(60))


def test_the_best_keeps_its_promise_where_groups_really_differ():
    rng = np.random.default_rng(9)
    group, arm = pd.Series(rng.integers(0, 4, 40_000)), pd.Series(rng.choice(["letter", "control"], 40_000))
    outcome = (arm == "letter") * group + pd.Series(rng.normal(size=40_000))
    found = best_of_groups(outcome, arm, group, "letter", rng=1, n_splits=20)
    assert (found["group"] == 3).all() and found["kept"].mean() == pytest.approx(3, abs=0.05)


def test_too_many_groups_are_refused():
    with pytest.raises(ValueError, match="fewer, larger groups"):
        best_of_groups(pd.Series([1.0, 2, 3, 4]), pd.Series(["letter", "control"] * 2), pd.Series([1, 2, 3, 4]), "letter", rng=1)
