"""The engine of the market game: what it conserves, its limiting cases, its closed form, and that nonsense costs a quarter and nothing else."""

import dataclasses
import json

import numpy as np
import pytest

from ccx.market import Market, State, baselines, by_shares, decide, do_nothing, play, scripted, spending
from ccx.market import _world as world
from ccx.market.moves import LEVERS, Past

MIXED = ["customer_centric", "product_centric", "marginal", "random_walk"]
SEEDS = range(30)


def mixed(seed=1):
    return play([baselines()[name] for name in MIXED], seed)


def run(strategy, seed, rivals=do_nothing):
    return play([strategy, rivals, rivals, rivals], seed)


def every_quarter(**levers):
    return lambda state: levers


# What is conserved


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_customer_is_with_one_firm_or_none(seed):
    match = mixed(seed)
    counted = match.truth[match.truth["firm"] >= 0].groupby(["firm", "segment"]).size().unstack()[["focal", "rest"]]
    np.testing.assert_array_equal(counted, match.customers[-1])
    assert len(match.truth) == sum(world.SIZES) and set(match.truth["firm"]) <= {-1, 0, 1, 2, 3}
    assert (match.customers.sum(axis=1) <= world.SIZES).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cash_is_what_there_was_and_what_came_less_what_went(seed):
    match = mixed(seed)
    earned, spent = match.earned.sum(axis=2), match.spending.sum(axis=(2, 3))
    np.testing.assert_allclose(match.cash, world.START_CASH + earned.sum(axis=0) - spent.sum(axis=0))
    held = world.START_CASH + np.cumsum(earned - spent, axis=0)
    assert (spent <= np.vstack([np.full(4, world.START_CASH), held[:-1]]) + 1e-6).all() and (held > 0).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_equity_is_cash_and_the_sum_over_customers(seed):
    match = mixed(seed)
    sums = match.truth[match.truth["firm"] >= 0].groupby("firm")["worth"].sum()
    np.testing.assert_allclose(match.equity, match.cash + sums)
    np.testing.assert_allclose(match.value.sum(axis=1), sums)
    np.testing.assert_allclose(match.path[-1], match.equity)
    assert match.path.shape == (9, 4) and not match.truth.loc[match.truth["firm"] < 0, "worth"].any()


def test_earnings_are_the_purchases_of_ones_own_customers():
    """By hand for the first quarter, in which nobody has built anything: purchases times value, less service."""
    market = Market(3)
    market.play([{}] * 4)
    drawn, truth = world.draw_world(3), market.truth()
    expected = (drawn.purchases[1] * drawn.value - world.SERVICE)[truth["firm"].to_numpy() == 2].sum()
    assert market.match().earned[0, 2].sum() == pytest.approx(expected)


# The same seed, the same market


def test_a_seed_gives_the_same_match_whatever_else_draws_random_numbers():
    first = mixed(4)
    np.random.seed(0)
    np.random.default_rng(4).normal()
    again = mixed(4)
    np.testing.assert_array_equal(first.equity, again.equity)
    assert first.truth.equals(again.truth) and not np.array_equal(first.equity, mixed(5).equity)


def test_what_firms_do_changes_neither_the_customers_nor_the_chance():
    traits = ["segment", "price_sensitivity", "rate", "value", "inertia", "taste_0"]
    assert mixed(6).truth[traits].equals(run(do_nothing, 6).truth[traits])


def test_a_world_that_is_kept_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        world.draw_world(1).value[0] = 9


# Limiting cases


@pytest.mark.parametrize("name", ["do_nothing", "customer_centric"])
def test_firms_that_do_the_same_are_worth_the_same_on_average(name):
    equity = np.array([play([baselines()[name]] * 4, seed).equity for seed in range(60)])
    apart = equity - equity.mean(axis=1, keepdims=True)
    assert (np.abs(apart.mean(axis=0)) < 4 * apart.std(axis=0, ddof=1) / np.sqrt(60)).all()
    assert np.ptp(equity.mean(axis=0)) > 0


def test_all_start_alike_and_as_large():
    market = Market(7)
    assert market.match().customers.shape == (1, 4, 2) and {state.cash for state in market.states()} == {80.0}
    firm = world.draw_world(7).firm
    assert [np.bincount(firm[part] + 1).tolist() for part in (slice(0, 200), slice(200, None))] == [[80, 30, 30, 30, 30], [320, 120, 120, 120, 120]]


def test_spending_nothing_is_doing_nothing():
    zero = every_quarter(**{lever: (0, 0) for lever in LEVERS})
    np.testing.assert_array_equal(run(zero, 8).equity, run(do_nothing, 8).equity)


# Responses: more money helps, each further dollar less, and where the value is


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("lever", ["retention", "acquisition", "development", "cost"])
def test_more_money_loses_no_customer_that_less_money_had(seed, lever):
    """In the same market, quarter by quarter: whoever is with the firm for 10 thousand is with it for 20 too."""
    had = []
    for money in (0, 10, 20):
        market = Market(seed)
        market.play([{lever: (money, money)}, {}, {}, {}])
        had.append(set(np.flatnonzero(market.truth()["firm"] == 0)))
    assert had[0] <= had[1] <= had[2] and had[0] < had[2]


@pytest.mark.parametrize("lever", ["acquisition", "retention", "development", "cost"])
def test_each_further_dollar_brings_less(lever):
    gained = []
    for money in (0, 8, 16, 24):
        gained.append(np.mean([run(scripted([{lever: (money, 0)}]), seed).value[0].sum() for seed in SEEDS]))
    steps = np.diff(gained)
    assert (steps > 0).all() and steps[0] > 1.15 * steps[1] and steps[0] > 1.3 * steps[2]


def test_retention_is_worth_more_where_the_value_is():
    """A hundred dollars for each own customer of a segment, in the first quarter: what comes back for a dollar, less that dollar."""
    def gain(segment):
        def strategy(state):
            money = 0.1 * state.customers[segment] if state.quarter == 1 else 0
            return {"retention": (0, money) if segment else (money, 0)}
        spent = [run(strategy, seed) for seed in SEEDS]
        return sum((match.equity[0] - run(do_nothing, seed).equity[0]) for match, seed in zip(spent, SEEDS)) / sum(match.spending[:, 0].sum() for match in spent)
    assert gain(0) > 0.3 > -0.3 > gain(1)


def test_a_low_price_and_promotions_bring_who_looks_at_the_price_and_development_brings_who_does_not():
    def newcomers(lever):
        brought = [run(every_quarter(**{lever: (2, 8)}), seed).truth for seed in SEEDS]
        theirs = [truth[(truth["firm"] == 0) & (world.draw_world(seed).firm != 0) & (truth["segment"] == "rest")] for truth, seed in zip(brought, SEEDS)]
        return np.mean([one["price_sensitivity"].mean() for one in theirs]), np.mean([one["value"].mean() for one in theirs])
    (low_price, cheap), (promoted, _), (fit, dear) = newcomers("cost"), newcomers("acquisition"), newcomers("development")
    assert low_price > fit < promoted and cheap < dear


def test_who_is_worth_more_looks_less_at_the_price():
    drawn = [world.draw_world(seed) for seed in SEEDS]
    for segment in (0, 1):
        both = [np.corrcoef(one.value[one.segment == segment], one.price_sensitivity[one.segment == segment])[0, 1] for one in drawn]
        assert max(both) < -0.4


def test_a_fifth_of_the_customers_hold_more_than_half_of_the_value():
    value = np.concatenate([run(do_nothing, seed).truth["worth"].to_numpy() for seed in SEEDS])
    best = np.sort(value)[::-1]
    assert 0.55 < best[: len(best) // 5].sum() / best.sum() < 0.85


# The closed form of a customer's worth, against the engine itself


def test_the_worth_of_customers_is_what_they_bring_until_they_leave():
    """Sixty futures of the same four firms in which nobody spends anything any more, each of forty years."""
    market = Market(9)
    for _ in range(8):
        market.play([decide(baselines()[name], state) for name, state in zip(MIXED, market.states())])
    start, offers, rng = market._firm, market._offers, np.random.default_rng(9)
    nothing, brought = np.zeros((4, 4, 2)), []
    for _ in range(60):
        firm, still, total = start, start >= 0, np.zeros((4, 2))
        for quarter in range(1, 161):
            chance = dataclasses.replace(market._world, noise=rng.gumbel(size=(1, 5, 1000)), purchases=rng.poisson(market._world.rate, (1, 1000)))
            firm = np.where(still, world.choose(chance, offers, firm, nothing, 0), firm)
            still = still & (firm == start)
            margin = np.where(still, world.margins(chance, offers, start, chance.purchases[0]), 0)
            total += world.count(chance, start, margin) / (1 + world.DISCOUNT_RATE) ** quarter
            if not still.any():
                break
        brought.append(total)
    error = np.std(brought, axis=0, ddof=1) / np.sqrt(len(brought))
    assert (np.abs(np.mean(brought, axis=0) - market.value()) < 4 * error).all() and (error < 0.04 * market.value()).all()


def test_worth_by_hand():
    """m p / (1 + d − p) from the columns of the truth, where nothing has been built."""
    truth = run(do_nothing, 10).truth
    own = truth[truth["firm"] >= 0]
    tastes = np.exp(own[[f"taste_{i}" for i in range(4)]].to_numpy())
    mine = tastes[np.arange(len(own)), own["firm"]]
    staying = mine * np.exp(own["inertia"])
    p = staying / (staying + tastes.sum(axis=1) - mine + np.exp(world.OUTSIDE))
    np.testing.assert_allclose(own["staying"], p)
    np.testing.assert_allclose(own["worth"], (own["rate"] * own["value"] - world.SERVICE) * p / (1.03 - p))


# What a firm sees


def plain(value):
    return type(value) in (int, float) or type(value) in (tuple, Past) and all(map(plain, value))


def test_a_state_is_plain_numbers_that_nobody_can_change():
    market = Market(11)
    for _ in range(3):
        market.play([decide(baselines()[name], state) for name, state in zip(MIXED, market.states())])
    for state in market.states():
        assert all(plain(getattr(state, field.name)) for field in dataclasses.fields(state))
        with pytest.raises(dataclasses.FrozenInstanceError):
            state.cash = 1e9
        assert State.from_dict(json.loads(json.dumps(state.as_dict()))) == state


def test_each_firm_sees_itself_first_and_the_others_in_an_order_that_stays():
    market = Market(12)
    market.play([{"cost": (seat, 10 + seat)} for seat in range(4)])
    states, customers = market.states(), market.match().customers[-1].astype(int)
    for seat, state in enumerate(states):
        order = [(seat + i) % 4 for i in range(4)]
        assert [state.customers, *state.rivals] == [tuple(customers[one]) for one in order] == list(state.history[-1].customers)
        assert [firm[3] for firm in state.history[-1].spending] == [(one, 10 + one) for one in order]
    assert states[0].unserved == tuple(np.subtract(world.SIZES, customers.sum(axis=0)))


def test_what_a_firm_is_told_of_its_customers_is_what_happened():
    market = Market(13)
    before = market._firm
    market.play([{}] * 4)
    state, match = market.states()[1], market.match()
    focal = match.truth["segment"].eq("focal").to_numpy()
    assert state.margin[0] == pytest.approx(match.earned[0, 1, 0] / match.customers[-1, 1, 0], abs=1e-4)
    assert state.retention[0] == pytest.approx(np.mean(match.truth["firm"].to_numpy()[focal & (before == 1)] == 1), abs=1e-4)


def test_the_estimate_of_value_comes_from_all_own_quarters():
    """m r / (1 + d − r), with all margins per customer and quarter, and all who stayed of all who could."""
    market, held, earned, stayed, before, after = Market(14), 30, 0, 0, 0, 0
    for _ in range(5):
        state = market.states()[0]
        earned, after = earned + state.margin[0] * state.customers[0], after + state.customers[0]
        stayed, before = stayed + state.retention[0] * held, before + held
        held, m, r = state.customers[0], earned / after, stayed / before
        assert state.value[0] == pytest.approx(m * r / (1.03 - r), rel=2e-3)
        market.play([{}] * 4)


def test_all_of_the_cash_that_is_shown_may_be_spent():
    for seed in range(10):
        assert play([by_shares({"cost": (0.5, 0.5)})] * 4, seed).forfeits == ()


# Nonsense


class Odd(float):
    def __le__(self, other):
        return True


class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError


NONSENSE = [
    (None, "a dict of levers, not NoneType"), ([1, 2], "not list"), ({"price": (1, 1)}, "no lever 'price'"), ({3: (1, 1)}, "no lever int"),
    ({"cost": 5}, "cost takes two amounts"), ({"cost": (1, 2, 3)}, "cost takes two amounts"), ({"cost": (-1, 0)}, "cost for focal is negative"),
    ({"cost": (0, float("nan"))}, "cost for rest is NaN"), ({"cost": (float("inf"), 0)}, "cost for focal is too large"), ({"cost": (10**400, 0)}, "is too large"),
    ({"cost": (-(10**400), 0)}, "is negative"), ({"cost": ("5", 0)}, "is str, not an amount"), ({"cost": (True, 0)}, "is bool, not an amount"),
    ({"cost": (Odd(1), 0)}, "is Odd, not an amount"), ({"cost": (1 + 0j, 0)}, "is complex"), ({"cost": (50, 0), "retention": (31, 0)}, "spends 81.00, and there is only 80.00"),
    ({"x" * 10**6: (1, 1)}, "no lever 'xxx"), ({"cost": np.array([[1, 2], [3, 4]])}, "is list, not an amount")]


@pytest.mark.parametrize("decision, words", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_forfeits_the_quarter_with_a_message_and_spends_nothing(decision, words):
    match = play([scripted([decision, {"cost": (0, 10)}]), *[do_nothing] * 3], 15)
    [(quarter, seat, said)] = match.forfeits
    assert (quarter, seat) == (1, 0) and words in said and len(said) < 300
    assert not match.spending[0].any() and match.spending[1, 0].sum() == 10
    np.testing.assert_array_equal(match.equity, play([scripted([{}, {"cost": (0, 10)}]), *[do_nothing] * 3], 15).equity)


@pytest.mark.parametrize("error, words", [(KeyError("price"), "stopped with KeyError: 'price'"), (ValueError("x" * 10**6), "stopped with ValueError: xxx"), (Unspeakable(), "can't be shown")])
def test_a_strategy_that_stops_forfeits_and_the_others_go_on(error, words):
    def strategy(state):
        raise error
    match = play([do_nothing, strategy, do_nothing, do_nothing], 16)
    assert len(match.forfeits) == 8 and all(seat == 1 and words in said and len(said) < 300 for _, seat, said in match.forfeits)
    np.testing.assert_array_equal(match.equity, play([do_nothing] * 4, 16).equity)


@pytest.mark.parametrize("money", [(1, 2), [1, 2], np.array([1, 2]), np.array([1.0, 2.0]), (np.float64(1), np.int64(2))], ids=repr)
def test_numbers_may_come_in_any_sensible_form(money):
    assert spending({"cost": money}, 80)[3].tolist() == [1, 2]


def test_rounding_is_not_overspending():
    thirds = {lever: (80 / 3 / 4, 0) for lever in LEVERS[:3]} | {"cost": (80 - 80 / 4 + 1e-9, 0)}
    assert spending(thirds, 80).sum() <= 80


def test_a_firm_in_debt_may_spend_nothing():
    assert spending({}, -5).sum() == 0
    with pytest.raises(ValueError, match="there is only 0.00"):
        spending({"cost": (1, 0)}, -5)


@pytest.mark.parametrize("four", [[do_nothing] * 3, [do_nothing] * 5, [do_nothing] * 3 + ["idle"]], ids=range(3))
def test_a_market_takes_four_functions(four):
    with pytest.raises(ValueError, match="A market has 4 firms"):
        play(four, 1)


def test_a_game_that_is_over_is_over():
    market = Market(17)
    with pytest.raises(ValueError, match="4 decisions in each of 8 quarters"):
        market.play([{}] * 3)
    for _ in range(8):
        market.play([{}] * 4)
    with pytest.raises(ValueError, match="4 decisions in each of 8 quarters"):
        market.play([{}] * 4)
