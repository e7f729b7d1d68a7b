"""Channels and the split of a budget against arithmetic, closed forms, brute force and a general optimiser."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from ccx.selection import best_spend, channel_table, split_budget, split_table

# The curves of the simulated company, and a value for each channel's customers.
CURVES = pd.DataFrame({"ceiling": [0.10, 0.04, 0.025, 0.05], "k": [0.35, 1.4, 2.2, 5.0]}, index=pd.Index(["partners", "search", "social", "deals"], name="channel"))
PROSPECTS = pd.Series({"deals": 30_000, "partners": 6_000, "social": 60_000, "search": 40_000})
VALUE = pd.Series({"partners": 120.0, "search": 70.0, "social": 55.0, "deals": 30.0})


def equity(spend, value=VALUE):
    """Value won less spending, worked out by hand."""
    rows = CURVES.assign(n=PROSPECTS, v=value, x=pd.Series(spend, CURVES.index))
    return (rows["n"] * rows["ceiling"] * (1 - np.exp(-rows["k"] * rows["x"] / rows["n"])) * rows["v"] - rows["x"]).sum()


# The table of averages


CUSTOMERS = pd.DataFrame({"channel": ["deals"] * 4 + ["partners"] * 2 + ["friends"], "clv": [10.0, 20, 30, 40, 300, 200, 180]}, index=range(11, 18))
SPENT = pd.DataFrame({"channel": ["deals", "partners", "deals", "friends"], "spend": [30.0, 300, 10, 15], "acquired": [3, 2, 1, 1]})


def test_three_columns_name_three_best_channels():
    """By hand: deals cost 10 and are worth 25, partners 150 and 250, friends 15 and 180."""
    table = channel_table(SPENT, CUSTOMERS["clv"], CUSTOMERS["channel"])
    assert table["cac"].to_dict() == {"deals": 10, "friends": 15, "partners": 150}
    assert table["clv"].to_dict() == {"deals": 25, "friends": 180, "partners": 250}
    assert (table["cac"].idxmin(), table["clv"].idxmax(), table["net"].idxmax()) == ("deals", "partners", "friends")
    assert table["ratio"].to_dict() == {"deals": 2.5, "friends": 12, "partners": pytest.approx(5 / 3)}


def test_the_equity_of_all_channels_is_all_value_less_all_spending():
    table = channel_table(SPENT, CUSTOMERS["clv"], CUSTOMERS["channel"])
    assert table["equity"].sum() == CUSTOMERS["clv"].sum() - SPENT["spend"].sum()


def test_the_order_of_customers_and_rows_does_not_matter():
    again = channel_table(SPENT[::-1], CUSTOMERS["clv"][::-1], CUSTOMERS["channel"].sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(again, channel_table(SPENT, CUSTOMERS["clv"], CUSTOMERS["channel"]))


def test_a_channel_that_costs_nothing_has_a_ratio_without_bound():
    free = SPENT.assign(spend=SPENT["spend"].where(SPENT["channel"] != "friends", 0))
    assert channel_table(free, CUSTOMERS["clv"], CUSTOMERS["channel"]).loc["friends", "ratio"] == np.inf


@pytest.mark.parametrize("spoil, words", [
    (lambda rows, people: (rows.drop(columns="spend"), people), "lacks the column 'spend'"),
    (lambda rows, people: (rows.assign(acquired=0), people), "has won nobody"),
    (lambda rows, people: (rows, people[people["channel"] != "friends"]), "Nobody of the channel 'friends'"),
    (lambda rows, people: (rows, people.assign(channel=people["channel"].where(people.index > 12))), "2 of 7 customers with a value have no channel")])
def test_a_table_says_what_is_wrong(spoil, words):
    rows, people = spoil(SPENT, CUSTOMERS)
    with pytest.raises(ValueError, match=words):
        channel_table(rows, people["clv"], people["channel"])


# The budget


def test_the_best_split_beats_a_general_optimiser():
    """SciPy's SLSQP from equal shares, on customer equity."""
    budget = 40_000
    split = split_budget(CURVES, PROSPECTS, budget, VALUE)
    peer = minimize(lambda x: -equity(x * budget) / 1e5, np.full(4, 0.25), bounds=[(0, 1)] * 4, constraints={"type": "eq", "fun": lambda x: x.sum() - 1}, tol=1e-12)
    assert split.sum() == pytest.approx(budget) and equity(split) >= -peer.fun * 1e5 - 1e-3
    np.testing.assert_allclose(split, peer.x * budget, atol=20)


def test_the_last_dollar_brings_the_same_in_each_channel():
    split = split_budget(CURVES, PROSPECTS, 40_000, VALUE)
    table = split_table(CURVES, PROSPECTS, VALUE, split)
    back = table["value"] / table["last_cac"]
    assert (split > 0).all() and back.max() == pytest.approx(back.min()) and back.min() > 1


def test_two_like_channels_share_in_proportion_to_their_prospects():
    curves = CURVES.loc[["search", "search"]].set_axis(["north", "south"])
    split = split_budget(curves, pd.Series({"north": 1000, "south": 3000}), 800, pd.Series({"north": 70, "south": 70}))
    np.testing.assert_allclose(split, [200, 600])


def test_money_that_would_not_come_back_is_not_spent():
    """With a budget beyond all need each channel gets its best spend, in closed form."""
    split = split_budget(CURVES, PROSPECTS, 1e9, VALUE)
    best = best_spend(VALUE[CURVES.index], CURVES["ceiling"], CURVES["k"]) * PROSPECTS[CURVES.index]
    np.testing.assert_allclose(split, best)
    assert split_budget(CURVES, PROSPECTS, 1e6).sum() == pytest.approx(1e6)


def test_the_most_customers_and_the_most_equity_are_two_splits():
    many, good = split_budget(CURVES, PROSPECTS, 40_000), split_budget(CURVES, PROSPECTS, 40_000, VALUE)
    won = [split_table(CURVES, PROSPECTS, VALUE, split)["acquired"].sum() for split in (many, good)]
    assert won[0] > won[1] and equity(many) < equity(good)


def test_any_other_split_brings_less():
    rng, good = np.random.default_rng(2), split_budget(CURVES, PROSPECTS, 40_000, VALUE)
    others = rng.dirichlet(np.ones(4), 300) * 40_000
    assert max(equity(other) for other in others) < equity(good)


def test_the_table_of_a_split_adds_up():
    split = pd.Series({"partners": 20_000.0, "search": 0.0, "social": 5_000.0, "deals": 1_000.0})
    table = split_table(CURVES, PROSPECTS, VALUE, split)
    assert table["equity"].sum() == pytest.approx(equity(split[CURVES.index]))
    assert np.isnan(table.loc["search", "cac"]) and table.loc["search", "acquired"] == 0
    assert table.loc["search", "last_cac"] == pytest.approx(1 / (0.04 * 1.4))
    np.testing.assert_allclose((table["cac"] * table["acquired"]).dropna(), split[split > 0].reindex(["partners", "social", "deals"]))


@pytest.mark.parametrize("call, words", [
    (lambda: split_budget(CURVES, PROSPECTS.drop("deals"), 100), "'deals' has no prospects"),
    (lambda: split_budget(CURVES, PROSPECTS, 100, VALUE.drop("social")), "'social' has no value"),
    (lambda: split_table(CURVES, PROSPECTS, VALUE, VALUE.drop("search")), "'search' has no spend"),
    (lambda: split_budget(CURVES, PROSPECTS, -1), "budget"),
    (lambda: split_budget(CURVES[["k"]], PROSPECTS, 1), "lacks the column 'ceiling'"),
    (lambda: split_table(CURVES, PROSPECTS, VALUE, -VALUE), "spend of 0 or more")])
def test_a_split_says_what_is_wrong(call, words):
    with pytest.raises(ValueError, match=words):
        call()
