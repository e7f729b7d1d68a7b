"""An industry with two strategies, against the numbers that were checked beforehand, brute force and closed forms."""

import itertools

import numpy as np
import pytest

from ccx.market import equilibrium_prices, firms_of, industry, mix_table, replicator, shared_pools, stable_mixes, switch_gains

OFFERS, SEGMENTS = industry()
FIRST, SECOND = OFFERS.index


@pytest.fixture(scope="module")
def table():
    return mix_table(OFFERS, SEGMENTS)


def test_profits_at_the_mixes_that_were_checked_beforehand(table):
    np.testing.assert_allclose(table[FIRST].loc[[1, 4, 7, 8, 10]], [0.190, 0.097, 0.056, 0.046, 0.031], atol=0.0006)
    np.testing.assert_allclose(table[SECOND].loc[[0, 1, 4, 7, 8]], [0.043, 0.037, 0.033, 0.048, 0.059], atol=0.0006)
    assert table[[FIRST, SECOND]].isna().sum().sum() == 2 and np.isnan(table.loc[0, FIRST]) and np.isnan(table.loc[10, SECOND])


def test_the_three_notions_of_health_peak_at_three_mixes(table):
    np.testing.assert_allclose(table["industry_profit"].loc[[4, 0, 10]], [0.587, 0.431, 0.305], atol=0.0006)
    np.testing.assert_allclose(table["welfare"].loc[[7, 0, 10]], [3.415, 2.707, 3.251], atol=0.0006)
    assert table["industry_profit"].idxmax() == 4 and table["welfare"].idxmax() == 7
    assert (np.diff(table["consumer_surplus"]) > 0).all()


def test_seven_of_ten_is_stable_and_nothing_else(table):
    assert stable_mixes(table[FIRST], table[SECOND]) == [7]
    gains = switch_gains(table[FIRST], table[SECOND])
    assert (gains["to_first"].iloc[:7] > 0).all() and (gains["to_first"].iloc[7:10] < 0).all() and gains["to_second"].loc[8] > 0


def test_the_parts_of_a_mix_add_up(table):
    k = np.arange(11)
    by_hand = (k * table[FIRST]).fillna(0) + ((10 - k) * table[SECOND]).fillna(0)
    np.testing.assert_allclose(table["industry_profit"], by_hand)
    np.testing.assert_allclose(table["welfare"], table["industry_profit"] + table["consumer_surplus"])


def test_a_strategy_against_itself_is_the_same_at_every_mix():
    twice = OFFERS.iloc[[0, 0]].set_axis(["one", "other"])
    table = mix_table(twice, SEGMENTS, n=3)
    assert np.ptp(table["welfare"]) < 1e-8 and np.nanmax(np.abs(table["one"].iloc[1:3] - table["other"].iloc[1:3])) < 1e-9
    assert switch_gains(table["one"], table["other"]).abs().max().max() < 1e-9


def test_like_firms_ask_like_prices_and_the_customer_centric_ask_more():
    prices = equilibrium_prices(firms_of(OFFERS, 4), SEGMENTS)
    assert prices.groupby(level=0).nunique().tolist() == [1, 1] and prices[FIRST].iloc[0] > 2 * prices[SECOND].iloc[0] > 2 * 1.03


def test_gains_by_hand():
    gains = switch_gains([np.nan, 5, 2, 1], [4, 3, 6, np.nan])
    assert gains["to_first"].tolist()[:3] == [1, -1, -5] and gains["to_second"].tolist()[1:] == [-1, 1, 5]


@pytest.mark.parametrize("seed", range(20))
def test_stable_mixes_are_the_nash_equilibria_of_all_profiles(seed):
    """Every assignment of strategies to five firms is looked at, and every firm's deviation from it."""
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(2, 6))

    def profit(profile, i):
        return (first if profile[i] else second)[sum(profile)]

    def stays(profile, i):
        return profit(profile, i) >= profit(profile[:i] + (1 - profile[i],) + profile[i + 1:], i)

    nash = {sum(profile) for profile in itertools.product((0, 1), repeat=5) if all(stays(profile, i) for i in range(5))}
    assert set(stable_mixes(first, second)) == nash and nash


def test_at_a_tie_both_neighbours_are_stable():
    """The firm in between 1 and 2 earns 2 on either side."""
    assert stable_mixes([0, 4, 2, 1], [3, 2, 2, 0]) == [1, 2]
    assert stable_mixes([0, 1, 1], [1, 1, 0]) == [0, 1, 2]


def test_the_shared_pools_that_were_checked_beforehand():
    """0.2 · 10 / 6 − 0.15 = 0.183 and 0.8 · 1 / 4 − 0.04 = 0.160; six of ten, and nothing else."""
    pools = shared_pools()
    assert pools.loc[6].tolist() == pytest.approx([2 / 6 - 0.15, 0.2 - 0.04])
    assert stable_mixes(pools["first"], pools["second"]) == [6]


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.8])
def test_shared_pools_split_as_their_values_where_fixed_costs_are_alike(share):
    """The larger of the two profits can't be beaten: k is within one of n · A / (A + B) with A = share · V and B = (1 − share) · v."""
    pools = shared_pools(n=50, share=share, values=(10, 1), fixed_costs=(0, 0))
    a, b = share * 10, 1 - share
    assert all(abs(k - 50 * a / (a + b)) <= 1 for k in stable_mixes(pools["first"], pools["second"]))


def test_replication_at_a_constant_advantage_is_logistic():
    """x(t) = 1 / (1 + (1/x₀ − 1) e^(−gt)); the gap 3 − 1 over the mean profit 2 is g = 1."""
    path = replicator([3.0] * 5, [1.0] * 5, start=0.1, steps=12)
    np.testing.assert_allclose(path, 1 / (1 + 9 * np.exp(-np.arange(13))))


def test_replication_comes_to_rest_where_both_earn_the_same(table):
    ends = [replicator(table[FIRST], table[SECOND], start)[-1] for start in (0.02, 0.5, 0.98)]
    np.testing.assert_allclose(ends, ends[0], atol=1e-6)
    first, second = np.interp(10 * ends[0], np.arange(1, 11), table[FIRST].iloc[1:]), np.interp(10 * ends[0], np.arange(10), table[SECOND].iloc[:-1])
    assert first == pytest.approx(second, rel=1e-6) and 0.7 < ends[0] < 0.8


def test_replication_never_brings_back_what_is_gone(table):
    assert set(replicator(table[FIRST], table[SECOND], 0.0)) == {0.0} and set(replicator(table[FIRST], table[SECOND], 1.0)) == {1.0}


def test_with_two_stable_ends_the_start_decides():
    """Coordination: each strategy is best where it is common; the border lies where both earn the same, at a half."""
    first, second = np.arange(11.0), 10 - np.arange(11.0)
    assert stable_mixes(first, second) == [0, 10]
    assert replicator(first, second, 0.45)[-1] < 0.01 and replicator(first, second, 0.55)[-1] > 0.99


@pytest.mark.parametrize("call, message", [
    (lambda: firms_of(OFFERS, 11), "k of n firms"), (lambda: firms_of(OFFERS, 2.5), "k of n firms"), (lambda: firms_of(OFFERS.iloc[:1], 1), "two offers"),
    (lambda: stable_mixes([1, 2], [1, 2, 3]), "the same length"), (lambda: stable_mixes([1], [1]), "the same length"),
    (lambda: replicator([1, 2], [2, 1], 1.2), "between 0 and 1"), (lambda: replicator([1, 2], [2, 1], 0.5, speed=0), "positive speed"),
    (lambda: shared_pools(share=1), "between 0 and 1"), (lambda: shared_pools(n=0), "at least one firm"),
])
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
