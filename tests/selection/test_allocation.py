"""Budgets: closed forms and conditions of the optimum against brute force; elasticities against formulas and published ones."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from ccx.clv import GeometricModel, ShiftedBetaGeoModel
from ccx.selection.allocation import brought, full_focus, levers, research_split, water_fill


def by_search(value, budget, k, n, floor):
    """The same problem given to SciPy's general solver."""
    m = len(value)
    value, k, n, floor = (np.broadcast_to(each, m) for each in (value, k, n, floor))
    start = floor + (budget - n @ floor) / n.sum()
    found = minimize(lambda q: -brought(np.maximum(q, 0), value, k, n), start, bounds=[(low, None) for low in floor], method="SLSQP",
                     constraints={"type": "eq", "fun": lambda q: n @ q - budget}, options={"ftol": 1e-13, "maxiter": 500})
    assert found.success
    return found.x


CASES = [([100, 50, 5], 60, 0.05, 1, 0), ([100, 50, 5], 60, 0.05, 1, 4), ([9, 30, 1, 14], 20, [0.3, 0.1, 0.9, 0.2], [3, 1, 2, 1], [0, 1, 0.5, 0]),
         ([7, 7, 7], 10, 0.2, 1, 0), ([40], 10, 0.2, 2, 0), ([40, 0], 10, 0.2, 1, 0)]


@pytest.mark.parametrize("value, budget, k, n, floor", CASES)
def test_water_filling_finds_what_a_general_solver_finds(value, budget, k, n, floor):
    spend, _ = water_fill(value, budget, k, n, floor)
    assert np.sum(np.broadcast_to(n, len(value)) * spend) == pytest.approx(budget)
    np.testing.assert_allclose(spend, by_search(value, budget, k, n, floor), atol=2e-4)


@pytest.mark.parametrize("seed", range(20))
def test_the_next_dollar_brings_the_same_wherever_more_than_the_floor_is_spent(seed):
    """The conditions of Karush, Kuhn and Tucker, and the multiplier as the value of one more dollar."""
    rng = np.random.default_rng(seed)
    value, k, n, floor = rng.lognormal(3, 1.5, 200), rng.uniform(0.01, 0.2, 200), rng.integers(1, 9, 200), rng.choice([0, 0.5, 2], 200)
    budget = n @ floor + rng.uniform(10, 5000)
    spend, multiplier = water_fill(value, budget, k, n, floor)
    slope = value * k * np.exp(-k * spend)
    above = spend > floor + 1e-12
    np.testing.assert_allclose(slope[above], multiplier)
    assert (slope[~above] <= multiplier * (1 + 1e-12)).all() and n @ spend == pytest.approx(budget)
    more = brought(water_fill(value, budget + 1e-4, k, n, floor)[0], value, k, n)
    assert (more - brought(spend, value, k, n)) / 1e-4 == pytest.approx(multiplier, rel=1e-4)


def test_limits_of_water_filling():
    """Equal customers get equal shares; no budget nothing; without a bound each gets ln(k V) / k, the optimum of Blattberg and Deighton (1996)."""
    assert water_fill([30] * 4, 20, 0.1)[0].tolist() == pytest.approx([5] * 4)
    assert water_fill([30, 20], 0, 0.1)[0].tolist() == [0, 0]
    spend, multiplier = water_fill([300, 50, 8], np.inf, 0.1)
    assert multiplier == 1 and spend.tolist() == pytest.approx([np.log(30) / 0.1, np.log(5) / 0.1, 0])
    assert water_fill([300, 50, 8], spend.sum(), 0.1)[1] == pytest.approx(1)
    assert water_fill([300, 50, 8], 12, 0.1, floor=4)[0].tolist() == pytest.approx([4, 4, 4])


def test_it_beats_equal_shares_unless_customers_are_alike():
    value = np.random.default_rng(1).lognormal(3, 1, 500)
    assert brought(water_fill(value, 5000, 0.05)[0], value, 0.05) > 1.1 * brought(10, value, 0.05)
    assert brought(water_fill([20] * 9, 45, 0.05)[0], [20] * 9, 0.05) == pytest.approx(brought(5, [20] * 9, 0.05))


def test_the_customers_keep_their_names():
    spend, _ = water_fill(pd.Series([5.0, 90.0], index=["b", "a"]), 20, 0.05)
    assert spend.index.tolist() == ["b", "a"] and spend["a"] > spend["b"]


@pytest.mark.parametrize("arguments, sentence", [
    (([-1, 2], 5, 0.1), "negative or missing"), (([np.nan], 5, 0.1), "negative or missing"), (([1, 2], 5, 0), "k and n must be positive"),
    (([1, 2], 5, 0.1, 0), "k and n must be positive"), (([1, 2], 5, 0.1, 1, 3), "floors alone cost 6.00"), (([1, 2], -5, 0.1), "budget is 0 or more"),
    (([0, 0], 5, 0.1), "nothing to spend on"), (([], 5, 0.1), "at least one"), (([1], np.nan, 0.1), "budget is 0 or more")])
def test_what_cannot_be_spent_is_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        water_fill(*arguments)


def test_nothing_is_brought_by_nothing_and_negative_spending_is_refused():
    assert brought(0, [5, 6], 0.1) == 0 and brought(1e9, [5, 6], 0.1, n=2) == pytest.approx(22)
    with pytest.raises(ValueError, match="0 or more for everybody"):
        brought([-1, 1], [5, 6], 0.1)


def by_grid(focal, rest, budget, k, spill, steps=200):
    """The best split of a budget between the focal segment and two others, among all on a grid."""
    own, first = np.meshgrid(np.linspace(0, budget, steps + 1), np.linspace(0, budget, steps + 1), indexing="ij")
    second = budget - own - first
    value = (focal * -np.expm1(-k * own) + rest[0] * -np.expm1(-k * (first + spill * own)) + rest[1] * -np.expm1(-k * (second + spill * own)))
    best = np.unravel_index(np.where(second < -1e-9, -np.inf, value).argmax(), value.shape)
    return np.array([own[best], first[best], second[best]]), value[best]


@pytest.mark.parametrize("spill", [0, 0.2, 0.4, 0.6, 1])
@pytest.mark.parametrize("focal, rest", [(100, (80, 40)), (60, (100, 10)), (400, (80, 80))])
def test_the_split_of_research_is_the_best_on_a_grid(focal, rest, spill):
    split = research_split(focal, rest, 50, 0.05, spill)
    found, value = by_grid(focal, rest, 50, 0.05, spill)
    ours = brought(split[0], [focal], 0.05) + brought(split[1:] + spill * split[0], rest, 0.05)
    assert split.sum() == pytest.approx(50) and ours >= value - 1e-9
    np.testing.assert_allclose(split, found, atol=0.6)


@pytest.mark.parametrize("focal, rest", [(100, [80, 40]), (60, [100, 10]), (100, [300]), (30, [50, 50, 50])])
def test_the_spill_over_from_which_all_goes_to_the_focal_segment(focal, rest):
    """Closed form against the solver, just below and just above; at 1 a dollar for the focal segment serves everybody."""
    bound = full_focus(focal, rest, 50, 0.05)
    assert 0 < bound <= max(rest) / sum(rest) < 1 or len(rest) == 1 and 0 < bound < 1
    assert research_split(focal, rest, 50, 0.05, bound - 0.01)[0] < 50 - 1e-3
    assert research_split(focal, rest, 50, 0.05, bound + 0.001)[0] == pytest.approx(50, abs=1e-6)


def test_without_spill_over_research_is_water_filling():
    np.testing.assert_allclose(research_split(100, [80, 40], 50, 0.05, 0), water_fill([100, 80, 40], 50, 0.05)[0], atol=1e-5)


def test_limits_of_full_focus():
    """A rest worth nothing and a focal segment worth everything need no spill-over; a small budget needs nearly a whole one for a large rest."""
    assert full_focus(10, [0, 0], 50, 0.05) == 0 and full_focus(1e6, [1, 1], 50, 0.05) == 0
    # With hardly any budget the first dollar decides: the focal one brings F + φ W, the other W.
    assert full_focus(20, [100], 1e-6, 0.05) == pytest.approx(0.8, abs=1e-5)
    assert research_split(10, [0, 0], 50, 0.05, 0.3).tolist() == pytest.approx([50, 0, 0])


def test_research_refuses_what_cannot_be():
    for arguments, sentence in (((0, [1], 5, 0.1, 0), "must be positive"), ((1, [-1], 5, 0.1, 0), "must be positive"), ((1, [1], 5, 0.1, 2), "spill-over")):
        with pytest.raises(ValueError, match=sentence):
            research_split(*arguments)


@pytest.mark.parametrize("r, d", [(0.7, 0.12), (0.88, 0.1), (0.95, 0.12)])
def test_elasticities_with_constant_retention_have_a_closed_form(r, d):
    """(1 + d) / (1 + d − r), 1 and 0 before acquisition cost, in the limit of a small step."""
    found = levers(GeometricModel(1 - r), 100, 0, d, step=1e-6, payment="paid")["elasticity"]
    assert found.tolist() == pytest.approx([(1 + d) / (1 + d - r), 1, 0], rel=1e-3)


@pytest.mark.parametrize("model", [GeometricModel(0.2), ShiftedBetaGeoModel(0.668, 3.806)])
@pytest.mark.parametrize("payment, first", [("due", 0), ("paid", 1)])
def test_a_lever_is_what_the_improved_survival_brings(model, payment, first):
    """By summing the survival whose every retention rate is one per cent higher, up to 4,000 periods."""
    t = np.arange(first, 4000)
    value = [float(80 * np.sum(model.survival(t) * growth**t / 1.1**t)) for growth in (1, 1.01)]
    found = levers(model, 80, 50, 0.1, payment=payment)
    assert found.loc["retention", "gain"] == pytest.approx(value[1] - value[0], rel=1e-4)
    assert found.loc["margin", "gain"] == pytest.approx(0.01 * value[0], rel=1e-6) and found.loc["acquisition cost", "gain"] == 0.5
    assert found.loc["margin", "elasticity"] == pytest.approx(value[0] / (value[0] - 50), rel=1e-6)


def test_the_published_ranking_of_the_levers():
    """Gupta, Lehmann and Stuart (2004): about 5, 1 and 0.1; the range over their five firms was 3 to 7 for retention."""
    found = levers(GeometricModel(0.12), 100, 36, 0.1, payment="paid")["elasticity"]
    assert found.round(0).tolist()[:2] == [6, 1] and found["acquisition cost"] == pytest.approx(0.1, abs=0.01)
    for r in (0.75, 0.95):
        assert 2.5 < levers(GeometricModel(1 - r), 100, 0, 0.12, payment="paid").loc["retention", "elasticity"] < 7.5


def test_sorted_customers_make_retention_count_more():
    """With the same first retention rate, the sBG's long tail brings money later, and so a larger elasticity, than constant retention."""
    constant, sorted_out = (levers(model, 100, 0, 0.1).loc["retention", "elasticity"] for model in (GeometricModel(0.2), ShiftedBetaGeoModel(0.5, 2)))
    assert sorted_out > constant


@pytest.mark.parametrize("changed, sentence", [({"step": 0}, "step must lie"), ({"margin": 0}, "step must lie"), ({"acquisition_cost": 1e9}, "no value to improve"),
                                               ({"step": 0.2}, "take a smaller step")])
def test_levers_that_cannot_be_pulled_are_refused(changed, sentence):
    with pytest.raises(ValueError, match=sentence):
        levers(**{"model": GeometricModel(0.2), "margin": 100, "acquisition_cost": 50, "discount_rate": 0.1, **changed})
