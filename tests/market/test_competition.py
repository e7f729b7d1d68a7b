"""Prices and profits of firms in one market, against closed forms, limiting cases, brute force and other ways to solve."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq, root
from scipy.special import lambertw, softmax

from ccx.market import best_price, choice_shares, consumer_surplus, deviation_gains, equilibrium_prices, firm_profits

ONE = pd.DataFrame({"share": [1.0], "demand": [1.0], "sensitivity": [2.0]}, index=["all"])
TWO = pd.DataFrame({"share": [0.15, 0.85], "demand": [4.0, 1.0], "sensitivity": [1.0, 3.0]}, index=["focal", "rest"])


def like(n, quality=3.0, cost=1.0, fixed=0.0):
    return pd.DataFrame({"all": [float(quality)] * n, "unit_cost": cost, "fixed_cost": fixed})


def random_market(seed, n=4):
    rng = np.random.default_rng(seed)
    firms = pd.DataFrame(rng.uniform(0, 5, (n, 2)), columns=["focal", "rest"]).assign(unit_cost=rng.uniform(0.2, 1.5, n), fixed_cost=rng.uniform(0, 0.1, n))
    segments = pd.DataFrame({"share": rng.dirichlet([1, 1]), "demand": rng.uniform(0.5, 5, 2), "sensitivity": rng.uniform(0.5, 4, 2)}, index=["focal", "rest"])
    return firms, segments


def test_shares_are_a_softmax_with_an_outside_good():
    firms, segments = random_market(1)
    prices = np.array([1.0, 2.0, 0.5, 3.0])
    shares = choice_shares(firms, segments, prices)
    for segment, beta in segments["sensitivity"].items():
        utility = np.r_[firms[segment] - beta * prices, 0]
        np.testing.assert_allclose(shares[segment], softmax(utility)[:-1])


def test_shares_and_surplus_survive_extreme_utilities():
    """exp(2000) would overflow."""
    assert choice_shares(like(2, 4000), ONE, [1000, 1000])["all"].tolist() == pytest.approx([0.5, 0.5])
    assert consumer_surplus(like(1, 4000), ONE, [1000]) == pytest.approx(1000)
    assert consumer_surplus(like(1, 3), ONE, [5000]) == pytest.approx(0)


def test_profit_by_hand():
    """Two firms at utility 0: a third each; (1.5 − 1) · (0.15 · 4 + 0.85 · 1) / 3 − 0.02."""
    firms = pd.DataFrame({"focal": [1.5, 1.5], "rest": [4.5, 4.5], "unit_cost": 1.0, "fixed_cost": 0.02}, index=["a", "b"])
    profits = firm_profits(firms, TWO, [1.5, 1.5])
    assert profits.to_dict() == pytest.approx({"a": 0.5 * 1.45 / 3 - 0.02, "b": 0.5 * 1.45 / 3 - 0.02})


@pytest.mark.parametrize("n", [1, 2, 5, 40])
def test_the_symmetric_price_solves_its_equation(n):
    """p = c + 1 / (β (1 − s)) with s = e^u / (1 + n e^u) (Anderson, de Palma and Thisse 1992)."""
    def gap(p):
        u = np.exp(3 - 2 * p)
        return p - 1 - 1 / (2 * (1 - u / (1 + n * u)))

    np.testing.assert_allclose(equilibrium_prices(like(n), ONE), brentq(gap, 1.4, 4, xtol=1e-13), atol=1e-7)


@pytest.mark.parametrize("n", [2, 3, 10])
def test_where_everybody_buys_the_markup_is_n_over_beta_times_n_less_one(n):
    """Without an outside good (quality 60 makes it negligible): p = c + n / (β (n − 1))."""
    np.testing.assert_allclose(equilibrium_prices(like(n, 60), ONE), 1 + n / (2 * (n - 1)), atol=1e-6)


@pytest.mark.parametrize("quality", [-2, 0, 3, 10])
def test_a_monopolist_asks_the_closed_form(quality):
    """p = c + (1 + W(exp(q − βc − 1))) / β with Lambert's W."""
    expected = 1 + (1 + lambertw(np.exp(quality - 2 - 1)).real) / 2
    assert equilibrium_prices(like(1, quality), ONE).iloc[0] == pytest.approx(expected, abs=1e-7)


def profit_along(firms, segments, prices, i, grid):
    """Firm i's profit at each price of a grid, by the formula written out."""
    total = np.zeros(len(grid))
    for name, row in segments.iterrows():
        others = sum(np.exp(firms[name].iloc[j] - row["sensitivity"] * prices[j]) for j in range(len(firms)) if j != i)
        own = np.exp(firms[name].iloc[i] - row["sensitivity"] * grid)
        total += row["share"] * row["demand"] * own / (1 + own + others)
    return (grid - firms["unit_cost"].iloc[i]) * total - firms["fixed_cost"].iloc[i]


@pytest.mark.parametrize("seed", range(20))
def test_the_best_price_against_a_fine_grid(seed):
    firms, segments = random_market(seed)
    prices, grid = np.random.default_rng(seed).uniform(0.5, 4, len(firms)), np.linspace(0, 15, 150_001)
    profits = profit_along(firms, segments, prices, 2, grid)
    assert best_price(firms, segments, prices, 2) == pytest.approx(grid[np.argmax(profits)], abs=1.01e-4)
    assert firm_profits(firms, segments, prices).iloc[2] == pytest.approx(profit_along(firms, segments, prices, 2, prices[[2]])[0])


def test_of_two_peaks_the_higher_one_is_found():
    """Dear for a few or cheap for many: as the few become more, the best price jumps; nothing in between is ever best."""
    firms, grid, found = pd.DataFrame({"focal": [6.0], "rest": [6.0], "unit_cost": [0.0], "fixed_cost": [0.0]}), np.linspace(0, 20, 20_001), []
    for few in np.linspace(0.02, 0.3, 15):
        segments = pd.DataFrame({"share": [few, 1 - few], "demand": 1.0, "sensitivity": [0.5, 8.0]}, index=["focal", "rest"])
        found.append(best_price(firms, segments, [0.0], 0))
        assert found[-1] == pytest.approx(grid[np.argmax(profit_along(firms, segments, [0.0], 0, grid))], abs=0.0011)
    assert min(found) < 1 and max(found) > 7 and not [p for p in found if 1 < p < 7]


@pytest.mark.parametrize("seed", range(8))
def test_in_equilibrium_nobody_gains_by_another_price(seed):
    """Every price on a wide and fine grid is tried for every firm."""
    firms, segments = random_market(seed)
    prices = equilibrium_prices(firms, segments)
    assert deviation_gains(firms, segments, prices).max() < 1e-12
    at_rest = firm_profits(firms, segments, prices)
    for i in range(len(firms)):
        assert profit_along(firms, segments, prices, i, np.linspace(0, 12, 24_001)).max() <= at_rest.iloc[i] + 1e-12


@pytest.mark.parametrize("seed", range(8))
def test_the_first_order_conditions_solved_by_another_method_give_the_same_prices(seed):
    """d profit / d price = Σ w s (1 − β (p − c) (1 − s)) = 0 for every firm, by SciPy's root finder."""
    firms, segments = random_market(seed)
    weight, beta = (segments["share"] * segments["demand"]).to_numpy(), segments["sensitivity"].to_numpy()

    def slopes(prices):
        s = choice_shares(firms, segments, prices).to_numpy()
        return (weight * s * (1 - beta * (prices - firms["unit_cost"].to_numpy())[:, None] * (1 - s))).sum(axis=1)

    found = equilibrium_prices(firms, segments).to_numpy()
    np.testing.assert_allclose(slopes(found), 0, atol=1e-7)
    solved = root(slopes, found + 0.02, tol=1e-12)
    assert solved.success
    np.testing.assert_allclose(solved.x, found, atol=1e-6)


def test_two_segments_that_are_alike_are_one():
    split = pd.DataFrame({"share": [0.3, 0.7], "demand": 1.0, "sensitivity": 2.0}, index=["a", "b"])
    firms = pd.DataFrame({"a": [3.0, 2.5], "b": [3.0, 2.5], "unit_cost": [1.0, 0.8], "fixed_cost": 0.1})
    one = firms.rename(columns={"a": "all"})
    prices = equilibrium_prices(firms, split)
    np.testing.assert_allclose(prices, equilibrium_prices(one, ONE), atol=1e-7)
    np.testing.assert_allclose(firm_profits(firms, split, prices), firm_profits(one, ONE, prices))
    assert consumer_surplus(firms, split, prices) == pytest.approx(consumer_surplus(one, ONE, prices))


def test_a_cost_that_customers_value_in_full_is_passed_on_in_full():
    """Quality up by β · Δ and cost by Δ: price up by Δ, shares and profits as before."""
    before, after = equilibrium_prices(like(3), ONE), equilibrium_prices(like(3, quality=3 + 2 * 0.7, cost=1.7), ONE)
    np.testing.assert_allclose(after - before, 0.7, atol=1e-7)


def test_fixed_costs_and_the_size_of_the_market_leave_prices_alone():
    firms, segments = random_market(3)
    prices = equilibrium_prices(firms, segments)
    np.testing.assert_allclose(equilibrium_prices(firms.assign(fixed_cost=7.0), segments.assign(demand=3 * segments["demand"])), prices, atol=1e-7)
    tripled = firm_profits(firms, segments.assign(demand=3 * segments["demand"]), prices) + firms["fixed_cost"]
    np.testing.assert_allclose(tripled, 3 * (firm_profits(firms, segments, prices) + firms["fixed_cost"]))


def test_surplus_falls_by_what_is_bought_when_a_price_rises():
    """∂CS/∂p = −demand (Small and Rosen 1981)."""
    firms, segments = random_market(5)
    prices, step = np.array([1.0, 2.0, 1.5, 0.9]), 1e-6
    demand = choice_shares(firms, segments, prices) @ (segments["share"] * segments["demand"])
    for i in range(4):
        up, down = (consumer_surplus(firms, segments, prices + sign * step * np.eye(4)[i]) for sign in (1, -1))
        assert (up - down) / (2 * step) == pytest.approx(-demand.iloc[i], rel=1e-6)


def test_surplus_is_the_mean_gain_of_drawn_customers():
    """Customers with Gumbel tastes take the best of three; what they gain over having no choice but nothing, in money."""
    firms = like(2).assign(all=[3.0, 2.0])
    utility = np.r_[firms["all"] - 2 * np.array([1.2, 1.4]), 0] + np.random.default_rng(1).gumbel(size=(400_000, 3))
    gain = utility.max(axis=1) - utility[:, 2]
    assert gain.mean() / 2 == pytest.approx(consumer_surplus(firms, ONE, [1.2, 1.4]), abs=4 * gain.std() / 2 / np.sqrt(400_000))


def test_where_no_prices_hold_it_is_said():
    """Captives hardly look at the price, hunters at nothing else: both firms undercut until it pays to give the hunters up (Edgeworth's cycle)."""
    segments = pd.DataFrame({"share": [0.3, 0.7], "demand": 1.0, "sensitivity": [0.5, 20.0]}, index=["captive", "hunter"])
    firms = pd.DataFrame({"captive": [2.0, 2.0], "hunter": [80.0, 80.0], "unit_cost": 0.0, "fixed_cost": 0.0})
    with pytest.raises(ValueError, match="find no prices"):
        equilibrium_prices(firms, segments)


@pytest.mark.parametrize("call, message", [
    (lambda: choice_shares(like(2), TWO, [1, 1]), "firms lacks the column 'focal'"),
    (lambda: choice_shares(like(2).drop(columns="fixed_cost"), ONE, [1, 1]), "firms lacks the column 'fixed_cost'"),
    (lambda: firm_profits(like(2), ONE.drop(columns="demand"), [1, 1]), "segments lacks the column 'demand'"),
    (lambda: equilibrium_prices(like(0), ONE), "firms lacks rows"),
    (lambda: choice_shares(like(2), ONE, [1]), "one finite price for each of the 2 firms"),
    (lambda: choice_shares(like(1), ONE, [np.nan]), "one finite price"),
    (lambda: equilibrium_prices(like(1, np.inf), ONE), "finite numbers"),
    (lambda: equilibrium_prices(like(1), ONE.assign(sensitivity=0)), "sensitivity above 0"),
    (lambda: consumer_surplus(like(1), ONE.assign(share=-0.1), [1]), "0 or more"),
])
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
