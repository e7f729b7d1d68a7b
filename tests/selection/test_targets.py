"""Ranking errors and what treating pays: the verified numbers of two data sets, brute force over orders, and the costs' own minimum."""

from collections import Counter
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

import ccx
from ccx.selection import break_even_precision, cost_threshold, misclassification, treatment_profit

RATES = ["missed", "false_alarm", "carried"]


def halves(name, last):
    """What each customer of a log spent up to a day and after it, of those who bought by then."""
    log = ccx.load(name)
    spend = log.pivot_table(index="customer_id", columns=log["date"] > last, values="value", aggfunc="sum", fill_value=0)
    return spend.loc[log.loc[log["date"] <= last, "customer_id"].unique()]


@pytest.mark.parametrize("name, last, missed, false_alarm", [("cdnow", "1997-09-30", 0.495, 0.124), ("grocery", "2017-06-30", 0.255, 0.064)])
def test_past_spend_errs_as_often_as_was_found_before(name, last, missed, false_alarm):
    """CDNOW: 39 weeks against 39. The grocery panel: half a year against half a year, the 2,393 households that bought in the first."""
    first, second = halves(name, last).T.to_numpy()
    found = misclassification(first, second)
    assert (found["missed"], found["false_alarm"]) == pytest.approx((missed, false_alarm), abs=5e-4)


def test_past_top_fifth_of_the_grocery_panel_keeps_half_of_the_value():
    """Its share falls from 0.552 to 0.502: buyer moderation, not replacement."""
    spend = halves("grocery", "2017-06-30")
    assert ccx.top_share(spend[False]) == pytest.approx(0.552, abs=1e-3)
    assert misclassification(spend[False], spend[True])["carried"] == pytest.approx(0.502, abs=1e-3)


@pytest.mark.parametrize("share", [0.01, 0.2, 0.57])
def test_without_ties_the_rates_are_those_of_moderation(share):
    rng = np.random.default_rng(1)
    first, second = (pd.Series(rng.lognormal(size=997)) for _ in range(2))
    pd.testing.assert_series_equal(misclassification(first, second, share).drop("precision"), ccx.moderation(first, second, share))


def test_ties_are_averaged_over_all_their_orders():
    """Brute force: three customers tie for one place among the chosen, two for one among the best; every order of either with every order of the other."""
    score, outcome = np.array([2, 2, 2, 1, 1, 3]), np.array([5, 4, 1, 3, 1, 4])
    chosen, best = (Counter(frozenset(np.lexsort((order, -values))[:2]) for order in permutations(range(6))) for values in (score, outcome))
    hits = sum(len(one & other) * times * often for one, times in chosen.items() for other, often in best.items()) / 720**2
    carried = sum(outcome[list(one)].sum() * times for one, times in chosen.items()) / 720
    found = misclassification(score, outcome, share=1 / 3)
    assert (found["precision"], found["carried"]) == pytest.approx((hits / 2, carried / outcome.sum()))


def test_the_rates_do_not_depend_on_the_order_of_the_rows():
    rng = np.random.default_rng(2)
    score, outcome = (pd.Series(rng.integers(0, 4, 200), index=rng.permutation(200)) for _ in range(2))
    pd.testing.assert_series_equal(misclassification(score, outcome), misclassification(score.sort_index(), outcome.sample(frac=1, random_state=1)))


def test_a_score_that_says_nothing_is_right_as_often_as_the_base_rate():
    outcome = np.random.default_rng(3).lognormal(size=1000)
    found = misclassification(np.zeros(1000), outcome)
    assert found[["missed", "false_alarm", "precision", "carried"]].tolist() == pytest.approx([0.8, 0.2, 0.2, 0.2])


def test_only_the_order_of_a_score_counts_and_it_may_be_negative():
    rng = np.random.default_rng(4)
    score, outcome = rng.normal(size=500), rng.normal(1, 1, size=500)
    for same in (score - 100, np.exp(score), score**3):
        pd.testing.assert_series_equal(misclassification(same, outcome), misclassification(score, outcome))
    assert misclassification(outcome, outcome)["missed"] == 0 and misclassification(-outcome, outcome)["missed"] == 1


@pytest.mark.parametrize("share", [0.1, 0.2, 0.5])
def test_both_errors_are_one_number_seen_from_two_sides(share):
    rng = np.random.default_rng(5)
    found = misclassification(rng.normal(size=400), rng.normal(1, 1, size=400), share)
    assert found["precision"] == pytest.approx(1 - found["missed"])
    assert found["false_alarm"] == pytest.approx(found["missed"] * share / (1 - share))


def test_what_cannot_be_ranked_is_refused():
    good = pd.Series([1.0, 2, 3, 4, 5])
    cases = [
        ((good, good.rename({4: 9})), "different customers.*reindex"),
        ((good, good.iloc[:4]), "different customers"),
        ((good.set_axis([1, 1, 2, 3, 4]), good), "Customer 1 appears more than once in the score"),
        ((good, good.where(good > 1)), "1 of 5 customers have no finite outcome"),
        (([1, 2], [1, 2, 3]), "shape"),
        (([[1, 2]], [[1, 2]]), "one number per customer"),
        ((good, -good), "above 0"),
        ((good, good, 1.0), "others than the best"),
        ((good, good, 0.1), "holds nobody"),
        ((good, good, 20), "between 0 and 1"),
    ]
    for arguments, message in cases:
        with pytest.raises(ValueError, match=message):
            misclassification(*arguments)


# -- whom to treat ------------------------------------------------------------------------------------------------


def test_treating_at_the_break_even_precision_brings_nothing():
    """Of ten customers treated three are stars: with a cost of 12 and a benefit of 40 that is exactly break-even."""
    table = treatment_profit(np.arange(10.0), [1, 1, 1] + [0] * 7, cost=12, benefit=40)
    assert table.loc[10, "precision"] == break_even_precision(12, 40) == 0.3
    assert table.loc[10, "profit"] == pytest.approx(0)


def test_profit_of_treating_by_brute_force():
    rng = np.random.default_rng(6)
    score, star = rng.permutation(50).astype(float), rng.random(50) < 0.3
    table = treatment_profit(score, star, cost=3, benefit=10)
    for k in range(51):
        treated = star[np.argsort(-score)[:k]]
        assert table.loc[k, "profit"] == pytest.approx(10 * treated.sum() - 3 * k)
    assert np.isnan(table.loc[0, "precision"])


def test_the_threshold_is_where_the_expected_cost_is_least():
    """Brute force over thresholds, a million customers whose probabilities are right."""
    rng = np.random.default_rng(7)
    probability = rng.random(1_000_000)
    false_alarm, miss = 2.0, 6.0
    thresholds = np.linspace(0.01, 0.99, 99)
    costs = [np.where(probability > t, (1 - probability) * false_alarm, probability * miss).mean() for t in thresholds]
    assert thresholds[np.argmin(costs)] == pytest.approx(cost_threshold(false_alarm, miss), abs=0.006)


def test_threshold_and_break_even_are_the_same_question():
    for cost, benefit in ((1, 10), (12, 40), (5, 5)):
        assert cost_threshold(cost, benefit - cost) == pytest.approx(break_even_precision(cost, benefit))


def test_calibrated_customers_above_the_threshold_are_the_best_to_treat():
    """The profit of treating the k best is largest where their probability crosses cost / benefit."""
    probability = np.linspace(0.999, 0.001, 999)
    table = treatment_profit(probability, probability, cost=1, benefit=4)
    assert probability[table["profit"].idxmax() - 1] == pytest.approx(0.25, abs=0.0015)


def test_costs_come_in_rows_too():
    assert break_even_precision([1, 2], 4).tolist() == [0.25, 0.5] and cost_threshold(1, [1, 3]).tolist() == [0.5, 0.25]
    assert type(cost_threshold(1, 3)) is float


def test_costs_that_cannot_be_are_refused():
    for call in (lambda: break_even_precision(-1, 2), lambda: break_even_precision(1, 0), lambda: treatment_profit([1], [1], 1, np.nan)):
        with pytest.raises(ValueError, match="cost 0 or more"):
            call()
    for losses in ((-1, 2), (0, 0), (1, np.nan)):
        with pytest.raises(ValueError, match="not both 0"):
            cost_threshold(*losses)
