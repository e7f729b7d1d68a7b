"""Ballast, ruin and stress against closed forms, brute force, limits and simulation."""

import numpy as np
import pytest
from scipy import stats

from ccx.paradox import (Group, ballast, combined, others_needed, ruin_probability, simulate_margins, star_ballast, stressed,
                         zoom_needs_others)

FOCAL, REST = Group(100, 100, 80, 0.5), Group(1, 10, 12, 0.05)
SETTINGS = [(FOCAL, REST, 0.15, 0.0), (FOCAL, REST, 0.15, 0.6), (FOCAL, REST, 0.15, -0.6), (FOCAL, REST, 0.3, 0.2),
            (Group(4, 1e6, 5e5, 0.2), Group(1, 3, 9, 0.1), 0.12, 0.3), (Group(40, 10, 30, 0.0), Group(1, 1, 2, 0.02), 0.1, 0.0)]


def of(rest, n):
    return Group(n, rest.mean, rest.sd, rest.exposure)


# Smallest base per unit of star value, found by brute force on a grid of two million points, independently of this package:
# cap .15, own risk .6, common risk .2; columns are (base, correlation).
COLUMNS = [(0.05, 0), (0.08, 0.3), (0.08, 0.8), (0.14, 0.3), (0.16, 0.3), (0.16, 0.8), (0.20, 0)]
inf = np.inf
TABLE = {4: [1.452, 1.863, 2.620, 4.059, inf, inf, inf], 10: [0.860, 1.086, 1.546, 1.946, inf, inf, inf],
         40: [0.485, 0.601, 0.866, 0.912, 1.356, inf, 0.913], 400: [0.353, 0.435, 0.629, 0.617, 0.796, inf, 0.510],
         1_000_000: [0.338, 0.416, 0.602, 0.585, 0.745, inf, 0.478]}


@pytest.mark.parametrize("stars", TABLE)
def test_star_ballast_equals_brute_force(stars):
    found = [star_ballast(stars, own=0.6, common=0.2, base=base, correlation=correlation, cap=0.15) for base, correlation in COLUMNS]
    np.testing.assert_allclose(found, TABLE[stars], atol=5.1e-4)


def test_star_ballast_is_zero_for_stars_steady_enough_alone():
    """Four perfectly known customers, or many with little in common: nothing else is needed."""
    assert star_ballast(4, own=0.1, common=0.1, base=0.08, correlation=0.3, cap=0.15) == 0
    assert star_ballast(1e6, own=0.6, common=0.15, base=0.3, correlation=1, cap=0.151) == 0


@pytest.mark.parametrize("n, ratio", [(100, 2.50), (200, 2.47), (400, 2.45), (800, 2.44)])
def test_ballast_of_known_cases(n, ratio):
    """Computed independently of this package; a simulation there gave a coefficient of variation of .150 in each case."""
    focal = Group(n, 100, 80, 0.5)
    assert ballast(focal, REST, 0.15) / focal.total == pytest.approx(ratio, abs=0.0051)


@pytest.mark.parametrize("exposure, cap", [(0.5, 0.15), (0.2, 0.19), (2.0, 0.1)])
def test_ballast_tends_to_a_proportion(exposure, cap):
    """Limit without own risks and with a rest that does not move: exposure / cap − 1, whatever the number of focal customers."""
    for n in (1, 1e6):
        focal = Group(n, 50, 0, exposure)
        assert ballast(focal, Group(1, 10, 0, 0), cap) / focal.total == pytest.approx(exposure / cap - 1)


@pytest.mark.parametrize("focal, rest, cap, correlation", SETTINGS)
def test_ballast_is_the_smallest_that_holds_the_cap(focal, rest, cap, correlation):
    """At the answer the cap is met to the digit; with a little less it is not, with a little more it is."""
    margin = ballast(focal, rest, cap, correlation)
    assert 0 < margin < np.inf
    cv = [combined(focal, of(rest, share * margin / rest.mean), correlation)["cv"] for share in (0.99, 1, 1.01)]
    assert cv[1] == pytest.approx(cap) and cv[0] > cap > cv[2]


def test_ballast_equals_brute_force_also_where_the_rest_is_risky():
    """The smallest of a million sizes that holds the cap, or none."""
    sizes = np.geomspace(1e-3, 1e9, 1_000_000)
    for exposure in (0.1, 0.16, 0.3):
        for correlation in (-0.5, 0, 0.3, 0.9):
            rest = Group(1, 10, 12, exposure)
            variance = FOCAL.variance + sizes * 144 / 10 + (sizes * exposure) ** 2 + 2 * correlation * FOCAL.common_sd * sizes * exposure
            enough = np.sqrt(variance) <= 0.15 * (FOCAL.total + sizes)
            expected = sizes[enough.argmax()] if enough.any() else np.inf
            assert ballast(FOCAL, rest, 0.15, correlation) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("focal, rest, cap, correlation", SETTINGS)
def test_simulation_agrees_with_the_exact_risk(focal, rest, cap, correlation):
    """Mean and standard deviation of 100,000 periods within four standard errors."""
    rest = of(rest, ballast(focal, rest, cap, correlation) / rest.mean)
    total = simulate_margins(focal, rest, 100_000, 1, correlation)["total"]
    exact = combined(focal, rest, correlation)
    assert total.mean() == pytest.approx(exact["mean"], abs=4 * exact["sd"] / 100_000**0.5)
    assert total.std() == pytest.approx(exact["sd"], rel=4 / np.sqrt(200_000))


def test_own_risk_is_diversified_and_the_common_shock_is_not():
    assert Group(1e12, 100, 80, 0.5).cv == pytest.approx(0.5)
    assert Group(1e4, 100, 80, 0).cv == pytest.approx(0.8 / 100)


@pytest.mark.parametrize("needed", [12_000, 25_000, 60_000])
@pytest.mark.parametrize("correlation", [0, 0.5])
def test_others_needed_hold_the_probability_of_ruin(needed, correlation):
    """The exact probability at the answer is the bound, and a simulation agrees (four-sigma)."""
    n = others_needed(FOCAL, REST, needed, 0.02, correlation)
    assert ruin_probability(FOCAL, of(REST, n), needed, correlation) == pytest.approx(0.02)
    total = simulate_margins(FOCAL, of(REST, n), 200_000, 1, correlation)["total"]
    assert (total < needed).mean() == pytest.approx(0.02, abs=4 * np.sqrt(0.02 * 0.98 / 200_000))


def test_others_needed_at_its_edges():
    """None where the focal customers are safe alone; no number where the rest itself is too risky."""
    assert others_needed(Group(1e4, 100, 80, 0.1), REST, needed=1e5, probability=0.01) == 0
    assert others_needed(FOCAL, Group(1, 10, 12, 0.9), needed=1e6, probability=0.01) == np.inf


@pytest.mark.parametrize("exposure", [0.2, 0.4, 0.42, 0.44, 0.45, 0.6, 1.0])
def test_the_paradox_binds_exactly_where_the_boundary_says(exposure):
    """More valuable focal customers need more of the others when z · exposure > 1 and fewer when it is less (own risks left out)."""
    rest = Group(1, 10, 0, 0.0)
    before, after = (others_needed(Group(100, mean, 0, exposure), rest, 5e4, 0.01) for mean in (100, 101))
    assert zoom_needs_others(exposure, 0.01) == (after > before) == (stats.norm.isf(0.01) * exposure > 1)


def test_stress_by_hand():
    """Focal 10,000 with a shock of 5,000; the rest 25,000 with one of 1,250, half of which goes along."""
    found = stressed(FOCAL, of(REST, 2_500), shock=-2, correlation=0.5)
    assert found.tolist() == pytest.approx([0, 25_000 - 1_250, 23_750, 23_750 / 35_000 - 1])


@pytest.mark.parametrize("call, message", [
    (lambda: Group(0, 1, 1, 1), "n positive"), (lambda: Group(1, -1, 1, 1), "mean positive"), (lambda: Group(1, 1, -1, 1), "sd zero or more"),
    (lambda: Group(1, 1, 1, np.nan), "exposure zero or more"), (lambda: ballast(FOCAL, REST, 0), "cap must be positive"),
    (lambda: ballast(FOCAL, REST, 0.1, 2), "between -1 and 1"), (lambda: others_needed(FOCAL, REST, 1, 0.5), "between 0 and 1/2"),
])
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
