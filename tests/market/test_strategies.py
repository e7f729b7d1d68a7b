"""The baselines, the league and the ecology: rules kept, plans fair, and a ranking that makes sense without a trivial winner."""

import functools
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from ccx.market import (Market, asking, baselines, by_shares, copycat, decide, do_nothing, ecology, marginal, meetings, next_prime, play, play_tables, random_walk, round_robin,
                        scripted, seatings)
from ccx.market.moves import LEVERS
from ccx.market.strategies import SHARES, _fill


@functools.cache
def league():
    return round_robin(baselines(), rng=3, repeats=10)


@functools.cache
def payoffs():
    return meetings({name: baselines()[name] for name in SHARES}, rng=3, worlds=8)


def first_state(seed=1):
    return Market(seed).states()[0]


# Each by itself


@pytest.mark.parametrize("name", baselines())
def test_a_baseline_keeps_the_rules(name):
    for seed in range(3):
        match = play([baselines()[name]] * 4, seed)
        assert match.forfeits == () and (match.spending.any() or name == "do_nothing")


@pytest.mark.parametrize("name", baselines())
def test_a_baseline_has_an_answer_in_debt_and_without_customers(name):
    state = replace(first_state(), cash=-3.0, customers=(0, 0), value=(-0.2, 0.0), retention=(0.0, 1.0))
    assert sum(sum(pair) for pair in baselines()[name](state).values()) == 0


@pytest.mark.parametrize("name", SHARES)
def test_fixed_shares_are_shares(name):
    total = sum(map(sum, SHARES[name].values()))
    assert total == pytest.approx(1) and SHARES[name].keys() <= set(LEVERS)
    spent = play([by_shares(SHARES[name], most=0.5)] + [do_nothing] * 3, 1).spending[0, 0].sum()
    assert spent == pytest.approx(40)


def test_a_script_is_played_to_its_end():
    match = play([scripted([{"cost": (1, 2)}, {"retention": (3, 4)}])] + [do_nothing] * 3, 1)
    assert match.spending[0, 0, 3].tolist() == [1, 2] and match.spending[1, 0, 1].tolist() == [3, 4] and not match.spending[2:].any()


def test_the_copycat_copies_who_has_most_focal_customers():
    market = Market(2)
    plans = [{}, {"cost": (0, 10)}, {"retention": (5, 5)}, {"development": (20, 0)}]
    market.play(plans)
    state = market.states()[0]
    best = 1 + int(np.argmax([focal for focal, _ in state.rivals]))
    [lever] = [lever for lever, pair in copycat(state).items() if sum(pair)]
    assert lever in plans[best] and copycat(state)[lever] == pytest.approx(np.array(plans[best][lever]) * state.cash / sum(plans[best][lever]))


def test_chance_depends_on_the_state_alone():
    one, other = first_state(1), first_state(2)
    assert random_walk(one) == random_walk(one) != random_walk(other)


@pytest.mark.parametrize("cash", [5.0, 80.0, 300.0])
def test_marginal_money_goes_where_a_general_optimiser_sends_it(cash):
    """Against SciPy's SLSQP on the sum of gain · log(1 + x / bend) − x with Σ x ≤ cash."""
    rng = np.random.default_rng(1)
    gain, bend = rng.uniform(1, 60, 8), rng.uniform(2, 30, 8)
    found = minimize(lambda x: x.sum() - gain @ np.log1p(x / bend), np.full(8, cash / 8), bounds=[(0, cash)] * 8, method="SLSQP",
                     constraints={"type": "ineq", "fun": lambda x: cash - x.sum()}, options={"ftol": 1e-12, "maxiter": 500}).x
    np.testing.assert_allclose(_fill(gain, bend, cash), found, atol=0.02)


def test_marginal_keeps_what_would_bring_less_than_it_costs():
    assert not _fill(np.array([1.0, 2.0]), np.array([2.0, 2.0]), 100).any()
    rich = replace(first_state(), cash=10_000.0)
    assert sum(sum(pair) for pair in marginal(rich).values()) < 1_000


# The plan of a league


@pytest.mark.parametrize("n", [5, 7, 11, 13, 31, 37])
def test_all_meet_equally_often_and_sit_in_every_seat_equally_often(n):
    rounds = seatings(n)
    met = Counter(frozenset((one, other)) for table in rounds.reshape(-1, 4) for i, one in enumerate(table) for other in table[i + 1:])
    assert len(met) == n * (n - 1) / 2 and set(met.values()) == {6}
    for one_round in rounds:
        assert all(sorted(seat) == list(range(n)) for seat in one_round.T)
        assert all(len(set(table)) == 4 for table in one_round)


@pytest.mark.parametrize("n", [4, 6, 9, 25, 5.5])
def test_where_there_is_no_plan_there_is_an_error(n):
    with pytest.raises(ValueError, match="a prime number of players from 5"):
        seatings(n)


def test_the_next_prime_is_the_next():
    primes = [n for n in range(5, 200) if all(n % i for i in range(2, n))]
    assert [next_prime(n) for n in range(1, 190)] == [min(p for p in primes if p >= n) for n in range(1, 190)]


def test_a_league_is_the_mean_of_its_games():
    """Five strategies by hand: every table of the plan, each played alone."""
    names = ["customer_centric", "cheapest", "marginal", "copycat", "do_nothing"]
    five = {name: baselines()[name] for name in names}
    table, seeds = round_robin(five, rng=4), np.random.default_rng(4).integers(2**63, size=2).tolist()
    won, equity = {name: [] for name in names}, {name: [] for name in names}
    for one_round, seed in zip(seatings(5), seeds):
        for seats in one_round:
            found = play([five[names[i]] for i in seats], seed).equity
            for i, one in zip(seats, found):
                equity[names[i]].append(one)
                won[names[i]].append(one == found.max())
    for name in names:
        row = table.loc[name]
        assert row["equity"] == pytest.approx(np.mean(equity[name])) and row["spread"] == pytest.approx(np.std(equity[name], ddof=1))
        assert row["worst"] == min(equity[name]) and row["won"] == pytest.approx(np.mean(won[name])) and row["games"] == 8
    assert table["equity"].is_monotonic_decreasing and not table["forfeits"].any()


def test_a_strategy_is_asked_about_each_of_its_seats_in_order():
    """Here each answer says whom it is for: the cash that it spends is that of the state."""
    seen = Counter()

    def ask(asked):
        seen.update({name: len(states) for name, states in asked.items()})
        return {name: [{"cost": (0, state.cash)} for state in states] for name, states in asked.items()}

    equity, forfeits = play_tables([["a", "b", "a", "c"], ["c", "c", "c", "a"]], [1, 2], ask)
    assert seen == {"a": 24, "b": 8, "c": 32} and forfeits.empty
    everything = lambda state: {"cost": (0, state.cash)}  # noqa: E731
    np.testing.assert_array_equal(equity, [play([everything] * 4, seed).equity for seed in (1, 2)])


def test_forfeits_are_counted_with_the_most_frequent_reason():
    def odd(state):
        return 5 if state.quarter > 2 else 1 / 0
    table = round_robin({"a": odd, **{str(i): do_nothing for i in range(4)}}, rng=1)
    assert table.loc["a", "forfeits"] == 64 and table.loc["a", "reason"] == "A decision is a dict of levers, not int." and table["forfeits"].sum() == 64
    assert (table.drop(index="a")["reason"] == "").all()


def test_the_plan_leaves_no_luck_between_strategies_that_do_the_same():
    """Everyone sits once in each seat of each market, so that their means are not only near each other but equal."""
    table = round_robin({str(i): do_nothing for i in range(7)}, rng=6)
    assert table["equity"].round(9).nunique() == 1 and table["spread"].min() > 1


# Is the game worth playing?


def leads(table, first, second):
    """By more than three standard errors of the difference."""
    return table.loc[first, "equity"] - table.loc[second, "equity"] > 3 * np.hypot(table.loc[first, "error"], table.loc[second, "error"])


@pytest.mark.parametrize("first, second", [
    ("customer_centric", "peanut_butter"), ("customer_centric", "focal_only"), ("product_centric", "peanut_butter"), ("focal_only", "cheapest"),
    ("random_walk", "cheapest"), ("cheapest", "do_nothing"), ("do_nothing", "retention_only"), ("do_nothing", "head_count")])
def test_the_league_ranks_the_baselines_as_the_economics_have_it(first, second):
    assert leads(league(), first, second)


def test_no_strategy_with_one_idea_is_near_the_top():
    assert set(league().index[:3]) == {"marginal", "customer_centric", "product_centric"}
    assert set(league().index[-4:]) == {"cheapest", "do_nothing", "retention_only", "head_count"}


def test_customer_centric_play_is_good_but_not_unbeatable():
    """It holds its own on average, wins far from every game, and where all others play it too a product-centric firm does better than it."""
    assert 0.3 < league().loc["customer_centric", "won"] < 0.9
    assert payoffs().loc["product_centric", "customer_centric"] > payoffs().loc["customer_centric", "customer_centric"]
    assert payoffs().loc["customer_centric", "product_centric"] > payoffs().loc["product_centric", "product_centric"]


@pytest.mark.parametrize("pair", [["customer_centric", "product_centric"], ["focal_only", "product_centric"]])
def test_neither_of_two_strategies_drives_the_other_out(pair):
    last = ecology(payoffs().loc[pair, pair], 1000).iloc[-1]
    assert last.min() > 0.05


def test_an_industry_of_both_kinds_is_richer_than_one_of_either():
    total = []
    for k in range(5):
        four = ["focal_only"] * k + ["product_centric"] * (4 - k)
        turned = [[four[(seat + turn) % 4] for seat in range(4)] for turn in range(4)]
        total.append(play_tables(turned * 5, np.repeat(range(5), 4).tolist(), asking(baselines()))[0].sum(axis=1).mean())
    assert max(total[1:4]) > 1.03 * max(total[0], total[4])


def test_all_of_it_may_be_beaten():
    """Shares of the cash found by search, not by a principle, do better than customer-centric play against the same rivals."""
    found = by_shares({"acquisition": (0.18, 0.03), "retention": (0.12, 0), "development": (0.36, 0.1), "cost": (0.05, 0.16)})
    rivals = [baselines()[name] for name in ("product_centric", "peanut_butter", "focal_only")]
    gains = [play([found, *rivals], seed).equity[0] - play([baselines()["customer_centric"], *rivals], seed).equity[0] for seed in range(30)]
    assert np.mean(gains) > 3 * np.std(gains, ddof=1) / np.sqrt(30)


# Meetings and ecology


def test_a_meeting_is_one_firm_among_three_others():
    two = {name: baselines()[name] for name in ("focal_only", "cheapest")}
    seeds = np.random.default_rng(5).integers(2**63, size=2).tolist()
    by_hand = [play([two["focal_only" if i == seat else "cheapest"] for i in range(4)], seed).equity[seat] for seat, seed in enumerate(seeds)]
    found = meetings(two, rng=5)
    assert found.loc["focal_only", "cheapest"] == pytest.approx(np.mean(by_hand))
    assert found.loc["cheapest", "cheapest"] == pytest.approx(np.mean([play([two["cheapest"]] * 4, seed).equity[seat] for seat, seed in enumerate(seeds)]))


@pytest.mark.parametrize("seed", range(5))
def test_shares_sum_to_one_and_none_is_negative(seed):
    shares = ecology(np.random.default_rng(seed).uniform(0, 1000, (12, 12)), 300)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert (shares >= 0).all(axis=None) and shares.shape == (301, 12)


def test_without_meetings_to_tell_them_apart_shares_grow_like_powers():
    """Closed form: with fitness f whatever the rivals, x is in proportion to f to the power of the generation."""
    f = np.array([1.0, 1.1, 1.2])
    expected = f**20 / (f**20).sum()
    np.testing.assert_allclose(ecology(np.tile(f[:, None], 3), 20).iloc[-1], expected)


@pytest.mark.parametrize("start", [[0.01, 0.99], [0.9, 0.1]])
def test_hawks_and_doves_end_at_the_mixed_equilibrium(start):
    """Where a x + b (1 − x) = c x + d (1 − x)."""
    a, b, c, d = 1.0, 5.0, 2.0, 3.0
    assert ecology([[a, b], [c, d]], 500, start).iloc[-1, 0] == pytest.approx((b - d) / (b - d + c - a))


def test_who_is_not_there_does_not_appear_and_names_are_kept():
    table = pd.DataFrame([[1.0, 9.0], [9.0, 1.0]], ["a", "b"], ["a", "b"])
    assert ecology(table, 50, [1, 0])["b"].eq(0).all() and list(ecology(table, 1)) == ["a", "b"]


@pytest.mark.parametrize("payoffs, start", [([[1, -1], [1, 1]], None), ([[1, 2]], None), ([[1, 2], [3, 4]], [1]), ([[1, 2], [3, 4]], [-1, 2]), ([[1, 2], [3, np.nan]], None)])
def test_payoffs_that_are_none_are_refused(payoffs, start):
    with pytest.raises(ValueError, match="a square of payoffs"):
        ecology(payoffs, 5, start)


def test_nobody_earns_anything_and_nothing_changes():
    assert ecology(np.zeros((3, 3)), 5).iloc[-1].tolist() == [1 / 3] * 3


def test_asking_hands_on_what_a_strategy_raises():
    [error] = asking({"a": lambda state: 1 / 0})({"a": [first_state()]})["a"]
    assert type(error) is ZeroDivisionError and decide(do_nothing, first_state()) == {}
