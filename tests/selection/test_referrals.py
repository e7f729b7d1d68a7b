"""Referrals: every rule but the naive one adds up to the firm, Shapley against all orders of arrival, the multiplier against simulation."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from ccx.selection import branching_multiplier, referral_forest, referral_value

RIGHT = ["none", "referrer", "split", "katz", "shapley"]
COST, REWARD = 30.0, 8.0


def forest(rng, n, referred=0.7):
    """Customers of whom each was brought, if at all, by an earlier one; their values, and who would have come anyway."""
    index = pd.Index([f"c{i}" for i in rng.permutation(n)], name="customer_id")
    child = np.flatnonzero((rng.random(n) < referred) & (np.arange(n) > 0))
    parent = (rng.random(len(child)) * child).astype(int)
    referrals = pd.DataFrame({"referrer_id": index[parent], "customer_id": index[child]}).sample(frac=1, random_state=1)
    return pd.Series(rng.normal(100, 80, n), index), referrals, pd.Series(rng.random(n) < 0.4, index)


def firm_value(value, referrals):
    return value.sum() - COST * (len(value) - len(referrals)) - REWARD * len(referrals)


@pytest.mark.parametrize("rule", RIGHT)
@pytest.mark.parametrize("seed", range(5))
def test_the_right_rules_add_up_to_the_firm(rule, seed):
    value, referrals, anyway = forest(np.random.default_rng(seed), 200)
    found = referral_value(value, referrals, rule, COST, REWARD, anyway, share=0.3)
    assert found["total"].sum() == pytest.approx(firm_value(value, referrals))
    assert found.index.equals(value.index) and np.allclose(found["own"] + found["referral"], found["total"])


@pytest.mark.parametrize("seed", range(5))
def test_the_naive_rule_counts_what_is_due_to_referrals_twice(seed):
    """The excess is the value of type-one customers and the costs saved on type-two customers, less the rewards."""
    value, referrals, anyway = forest(np.random.default_rng(seed), 200)
    found = referral_value(value, referrals, "naive", COST, REWARD, anyway)
    referred = referrals["customer_id"]
    due = np.where(anyway[referred], COST, value[referred]) - REWARD
    assert found["total"].sum() - firm_value(value, referrals) == pytest.approx(due.sum()) == pytest.approx(found["referral"].sum())


def coalition(members, value, parent, anyway):
    """What the firm has if only these customers exist and refer, played out customer by customer."""
    def comes(customer):
        by = parent.get(customer)
        return customer in members and (by is None or anyway[customer] or comes(by))

    def paid(customer):
        by = parent.get(customer)
        return REWARD if by is not None and by in members and comes(by) else COST

    return sum(value[customer] - paid(customer) for customer in value.index if comes(customer))


@pytest.mark.parametrize("seed", range(4))
def test_shapley_is_the_average_contribution_over_all_orders_of_arrival(seed):
    """Brute force over the 720 orders of six customers, from the rules of the game alone."""
    value, referrals, anyway = forest(np.random.default_rng(seed), 6, referred=0.9)
    parent = dict(zip(referrals["customer_id"], referrals["referrer_id"]))
    gain = dict.fromkeys(value.index, 0.0)
    for order in permutations(value.index):
        before = 0.0
        for place, customer in enumerate(order, 1):
            now = coalition(set(order[:place]), value, parent, anyway)
            gain[customer] += (now - before) / 720
            before = now
    found = referral_value(value, referrals, "shapley", COST, REWARD, anyway)["total"]
    assert found.to_dict() == pytest.approx(gain)


CHAIN = pd.DataFrame({"referrer_id": ["a", "b", "c"], "customer_id": ["b", "c", "d"]})
HUNDRED = pd.Series(100.0, list("abcd"))


@pytest.mark.parametrize("rule, expected", [
    ("none", [100, 100, 100, 100]),
    ("naive", [200, 200, 200, 100]),
    ("referrer", [200, 100, 100, 0]),
    ("split", [120, 100, 100, 80]),
    ("katz", [100 + 20 + 4 + 0.8, 80 + 16 + 3.2, 80 + 16, 80]),
    ("shapley", [100 + 50 + 100 / 3 + 25, 50 + 100 / 3 + 25, 100 / 3 + 25, 25]),
])
def test_a_chain_by_hand(rule, expected):
    """a brought b, b brought c, c brought d, each worth 100; a fifth goes up."""
    assert referral_value(HUNDRED, CHAIN, rule, share=0.2)["total"].tolist() == pytest.approx(expected)


def test_the_chain_ends_at_a_customer_who_would_have_come_anyway():
    """b would have come: b owes a only the 30 that were saved, and c and d owe a nothing."""
    anyway = pd.Series({"b": True})
    found = referral_value(HUNDRED, CHAIN, "referrer", acquisition_cost=30, would_have_come=anyway)
    assert found["total"].to_dict() == pytest.approx({"a": 70 + 30, "b": 70 + 100, "c": 100, "d": 0})
    shared = referral_value(HUNDRED, CHAIN, "shapley", acquisition_cost=30, would_have_come=anyway)["total"]
    assert shared["a"] == pytest.approx(70 + 15) and shared["b"] == pytest.approx(70 + 15 + 50 + 100 / 3)


def test_who_brings_many_may_be_worth_more_than_who_buys_much():
    """Value and referral value are two things: the advocate buys for 10 and brings three; the best buyer brings nobody."""
    value = pd.Series([10.0, 200, 90, 90, 90], index=["advocate", "buyer", "x", "y", "z"])
    referrals = pd.DataFrame({"referrer_id": "advocate", "customer_id": ["x", "y", "z"]})
    total = referral_value(value, referrals, "shapley")["total"]
    assert total["advocate"] == pytest.approx(10 + 3 * 45) and total["buyer"] == 200


@pytest.mark.parametrize("rule", RIGHT)
def test_a_share_of_nothing_and_of_everything(rule):
    """Limits: katz and split with a share of 0 are "none"; split with 1 is "referrer"; katz with 1 gives all to the root."""
    value, referrals, anyway = forest(np.random.default_rng(9), 50)
    total = {(rule, share): referral_value(value, referrals, rule, COST, REWARD, anyway, share)["total"] for rule in RIGHT for share in (0, 1)}
    pd.testing.assert_series_equal(total["katz", 0], total["none", 0])
    pd.testing.assert_series_equal(total["split", 0], total["none", 0])
    pd.testing.assert_series_equal(total["split", 1], total["referrer", 0])
    roots = referral_forest(referrals, value.index)["root"]
    everybody_due = referral_value(value, referrals, "katz", COST, REWARD, share=1)["total"]
    net = value - np.where(value.index.isin(referrals["customer_id"]), REWARD, COST)
    assert everybody_due[roots.unique()].to_dict() == pytest.approx(net.groupby(roots).sum().to_dict())


@pytest.mark.parametrize("referrals, message", [
    (pd.DataFrame({"referrer_id": ["a", "b"], "customer_id": ["b", "a"]}), "circle"),
    (pd.DataFrame({"referrer_id": ["a"], "customer_id": ["a"]}), "circle"),
    (pd.DataFrame({"referrer_id": ["a", "b", "c"], "customer_id": ["b", "c", "a"]}), "circle"),
    (pd.DataFrame({"referrer_id": ["a", "b"], "customer_id": ["c", "c"]}), "referred twice"),
    (pd.DataFrame({"referrer_id": ["a", "z"], "customer_id": ["b", "c"]}), "1 of 2 referrals"),
    (pd.DataFrame({"customer_id": ["b"]}), "lacks the column 'referrer_id'"),
])
def test_what_is_no_forest_is_refused(referrals, message):
    for call in (lambda: referral_forest(referrals, HUNDRED.index), lambda: referral_value(HUNDRED, referrals, "none")):
        with pytest.raises(ValueError, match=message):
            call()


def test_what_cannot_be_credited_is_refused():
    for arguments, message in (({"rule": "pagerank"}, "must be one of"), ({"rule": "katz", "share": 2}, "between 0 and 1"),
                               ({"rule": "none", "would_have_come": pd.Series({"b": np.nan})}, "true or false")):
        with pytest.raises(ValueError, match=message):
            referral_value(HUNDRED, CHAIN, **arguments)
    with pytest.raises(ValueError, match="1 of 4 customers have no value"):
        referral_value(HUNDRED.where(HUNDRED.index != "a"), CHAIN, "none")


# -- trees and branching ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_a_forest_by_walking_up_from_everybody(seed):
    value, referrals, _ = forest(np.random.default_rng(seed), 60)
    parent = dict(zip(referrals["customer_id"], referrals["referrer_id"]))
    below = dict.fromkeys(value.index, 0)
    for customer, row in referral_forest(referrals, value.index).iterrows():
        at, steps = customer, 0
        while at in parent:
            at, steps = parent[at], steps + 1
            below[at] += 1
        assert (row["root"], row["generation"]) == (at, steps)
    found = referral_forest(referrals, value.index)
    assert found["tree"].to_dict() == below
    assert found["direct"].to_dict() == {customer: list(parent.values()).count(customer) for customer in value.index}


def test_customers_per_root_are_the_multiplier_of_the_log():
    """Identity: with R the mean number of customers brought, n / roots = 1 / (1 − R)."""
    value, referrals, _ = forest(np.random.default_rng(4), 300)
    found = referral_forest(referrals, value.index)
    assert len(found) / (found["generation"] == 0).sum() == pytest.approx(branching_multiplier(found["direct"].mean()))


@pytest.mark.parametrize("rate", [0.3, 0.7])
def test_the_multiplier_is_the_mean_size_of_simulated_trees(rate):
    """Poisson referrals: the size of a tree has the mean 1 / (1 − R) and the variance R / (1 − R)³ (Borel)."""
    rng, n = np.random.default_rng(5), 40_000
    size, wave = np.ones(n), np.ones(n, int)
    while wave.any():
        wave = rng.poisson(rate * wave)
        size += wave
    error = np.sqrt(rate / (1 - rate) ** 3 / n)
    assert size.mean() == pytest.approx(branching_multiplier(rate), abs=4 * error)


def test_generations_add_up_to_the_multiplier():
    """The sum of a geometric series; for R of 1 and more it grows without bound."""
    assert branching_multiplier(0.5, generations=3) == 1 + 0.5 + 0.25 + 0.125
    assert branching_multiplier([0.2, 0.5], generations=200).tolist() == pytest.approx(branching_multiplier([0.2, 0.5]).tolist())
    assert branching_multiplier([1, 1.5]).tolist() == [np.inf, np.inf] and branching_multiplier(2, generations=10) == 2**11 - 1
    assert branching_multiplier(0) == branching_multiplier(5, generations=0) == 1


@pytest.mark.parametrize("arguments", [(-0.1,), (np.nan,), (0.5, -1), (0.5, 2.5)])
def test_rates_and_generations_that_cannot_be_are_refused(arguments):
    with pytest.raises(ValueError, match="0 or more"):
        branching_multiplier(*arguments)
