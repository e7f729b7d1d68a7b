"""Shrinkage and the winner's curse: a published analysis of variance, unbiasedness, and the theory of the normal score."""

import numpy as np
import pandas as pd
import pytest

from ccx.paradox import NoisyScore
from ccx.selection import promised_and_brought, shrunken_means, variance_components

# Davies (1947), yields of dyestuff, five samples of each of six batches; in grams.
DYESTUFF = [[1545, 1440, 1440, 1520, 1580], [1540, 1555, 1490, 1560, 1495], [1595, 1550, 1605, 1510, 1560],
            [1445, 1440, 1595, 1465, 1545], [1595, 1630, 1515, 1635, 1625], [1520, 1455, 1450, 1480, 1445]]


def long(rows):
    return pd.DataFrame([(i, float(value)) for i, row in enumerate(rows) for value in row], columns=["customer_id", "value"])


def drawn(rng, customers, mean=50.0, between=15.0, within=30.0, most=12):
    """Customers with 1 to `most` normal observations each, and their true means."""
    truth = rng.normal(mean, between, customers)
    n = rng.integers(1, most + 1, customers)
    who = np.repeat(np.arange(customers), n)
    return pd.DataFrame({"customer_id": who, "value": truth[who] + rng.normal(0, within, len(who))}), truth


def test_the_dyestuff_of_davies():
    """As lme4 has it for these data, where REML and analysis of variance agree: mean 1527.5, standard deviations 42.00 and 49.51."""
    found = variance_components(long(DYESTUFF))
    assert found["mean"] == pytest.approx(1527.5)
    assert np.sqrt(found[["between", "within"]]).tolist() == pytest.approx([42.00, 49.51], abs=0.005)


def test_variance_components_are_unbiased_with_unequal_numbers():
    """Average over 150 small samples; between may not be cut off at 0 too often, so it is large."""
    rng = np.random.default_rng(1)
    found = np.array([variance_components(drawn(rng, 40, between=30)[0]) for _ in range(150)])
    error = found.std(axis=0) / np.sqrt(len(found))
    assert (np.abs(found.mean(axis=0) - [50, 900, 900]) < 4 * error).all()


def test_one_customer_with_most_of_the_observations_does_not_bias_the_variances():
    """Four customers with 2 observations and one with 60: the n₀ of the formula is 5.6, not the mean number 13.6."""
    rng, who = np.random.default_rng(2), np.repeat(np.arange(5), [2, 2, 2, 2, 60])
    logs = (pd.DataFrame({"customer_id": who, "value": rng.normal(0, 10, 5)[who] + rng.normal(0, 1, 68)}) for _ in range(300))
    found = np.array([variance_components(log) for log in logs])
    error = found.std(axis=0) / np.sqrt(len(found))
    assert (np.abs(found.mean(axis=0) - [0, 100, 1]) < 4 * error).all()


def test_the_mean_weighs_customers_alike_where_they_are_known_and_observations_alike_where_customers_do_not_differ():
    assert variance_components(long([[1, 1], [5], [9, 9, 9]]))["mean"] == pytest.approx(5)
    assert variance_components(long([[1, 3, 2], [3, 1], [0, 4, 2, 5]]))["mean"] == pytest.approx(21 / 9)


def test_what_one_observation_does_not_tell_is_not_asked_of_it():
    """A third customer with one observation changes between, not within."""
    two = long([[1, 3], [11, 13]])
    three = pd.concat([two, pd.DataFrame({"customer_id": [9], "value": [7.0]})])
    assert variance_components(two)["within"] == variance_components(three)["within"] == 2
    assert variance_components(two)["between"] > variance_components(three)["between"]


def test_limits_of_shrinkage():
    """Customers who differ by luck alone are all expected to be average; customers without luck are what they showed."""
    alike = shrunken_means(long([[1, 3], [3, 1], [0, 4], [2, 2]]))
    assert (alike["weight"] == 0).all() and alike["shrunken"].tolist() == [2, 2, 2, 2]
    sure = shrunken_means(long([[1, 1], [5], [9, 9, 9]]))
    assert (sure["weight"] == 1).all() and sure["shrunken"].tolist() == [1, 5, 9]


def test_the_more_observations_the_less_shrinkage():
    log, _ = drawn(np.random.default_rng(2), 2000)
    table = shrunken_means(log)
    weights = table.groupby("n")["weight"].agg(["min", "max"])
    assert (weights["min"] == weights["max"]).all() and weights["min"].is_monotonic_increasing
    found = variance_components(log)
    assert weights.loc[4, "min"] == pytest.approx(found["between"] / (found["between"] + found["within"] / 4))


def test_weight_is_the_reliability_of_a_noisy_score():
    log, _ = drawn(np.random.default_rng(3), 500)
    found = variance_components(log)
    table = shrunken_means(log)
    for n in (1, 5, 12):
        score = NoisyScore(found["mean"], np.sqrt(found["between"]), np.sqrt(found["within"] / n))
        assert table.loc[table["n"] == n, "weight"].iloc[0] == pytest.approx(score.reliability)


def test_shrunken_means_are_nearer_to_the_truth_and_right_on_average():
    """The raw mean errs more; a regression of the truth on what is expected has slope 1 and goes through the mean."""
    log, truth = drawn(np.random.default_rng(4), 20_000)
    table = shrunken_means(log)
    assert ((table["shrunken"] - truth) ** 2).mean() < 0.8 * ((table["mean"] - truth) ** 2).mean()
    slope, level = np.polyfit(table["shrunken"] - 50, truth, 1)
    assert slope == pytest.approx(1, abs=0.05) and level == pytest.approx(50, abs=0.5)


@pytest.mark.parametrize("log, message", [
    (long([[1, 2]]), "two customers"),
    (long([[1], [2], [3]]), "two observations"),
    (long([[1, 2], [3, 4]]).drop(columns="value"), "lacks the column 'value'"),
    (long([[1, np.nan], [3, 4]]), "1 of 4 rows of the log lack 'value'"),
])
def test_logs_that_cannot_tell_luck_from_difference_are_refused(log, message):
    for function in (variance_components, shrunken_means):
        with pytest.raises(ValueError, match=message):
            function(log)


# -- promised and brought -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("noise", [0, 40, 120])
def test_what_the_chosen_promise_and_bring_is_as_the_theory_of_the_normal_score_says(noise):
    score = NoisyScore(mean=100, sd=40, noise=noise)
    sample = score.simulate(200_000, rng=5)
    found = promised_and_brought(sample["score"], sample["value"]).loc["score"]
    assert found["promised"] == pytest.approx(score.promised, abs=1.5) and found["brought"] == pytest.approx(score.focal_value, abs=1)
    assert found["kept"] == pytest.approx(score.focal_value / score.promised, abs=0.01)


def test_shrinking_keeps_the_promise_and_picks_better_where_observations_are_unequal():
    """Raw means of few observations crowd the top; shrunken ones leave it to those who are known better."""
    log, truth = drawn(np.random.default_rng(6), 20_000)
    table = shrunken_means(log)
    found = promised_and_brought(table[["mean", "shrunken"]], pd.Series(truth, table.index))
    assert found.loc["mean", "kept"] < 0.85 and found.loc["shrunken", "kept"] == pytest.approx(1, abs=0.01)
    assert found["brought"].is_monotonic_increasing  # mean, shrunken, perfect
    assert found.loc["perfect", "kept"] == 1


def test_a_promise_by_hand():
    """Two of five are chosen: those with scores 9 and 8 bring 4 and 2; the tie at 5 does not matter."""
    index = list("abcde")
    found = promised_and_brought(pd.Series([9, 5, 8, 5, 1], index), pd.Series([4.0, 9, 2, 0, 1], index), share=0.4)
    assert found.loc["score"].tolist() == pytest.approx([2, 8.5, 3, 3 / 8.5]) and found.loc["perfect", "brought"] == 6.5
