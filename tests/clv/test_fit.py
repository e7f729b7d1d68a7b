"""The optimiser against closed forms, and what it refuses."""

import numpy as np
import pytest

from ccx.clv._fit import maximise


def exponential(p, sample, time):
    """Waiting times from two samples, 0 and 1, with rates p₀ and p₁: log p − p · time."""
    rate = p[sample]
    return np.log(rate) - rate * time, np.array([(sample == i) * (1 / rate - time) for i in (0, 1)])


@pytest.mark.parametrize("start", [[1.0, 1.0], [0.01, 0.01], [3.0, 1e-4]])
def test_maximise_closed_form(start):
    """Two exponential samples of 50 with means 2 and 2,000: rates 1 / mean, variances rate² / 50."""
    mean = np.array([2.0, 2_000.0])
    estimate, value, covariance = maximise(exponential, (np.array([0, 1]), mean), np.array([50.0, 50.0]), start)
    np.testing.assert_allclose(estimate, 1 / mean, rtol=1e-6)
    assert value == pytest.approx(50 * (-np.log(mean) - 1).sum(), rel=1e-10)
    np.testing.assert_allclose(covariance, np.diag(1 / mean**2 / 50), rtol=1e-3, atol=1e-12)


def test_maximise_takes_more_rows_than_it_looks_at_at_once():
    """The same closed form for 100,000 customers, a row each, all with waiting times of their own."""
    rng = np.random.default_rng(1)
    sample = rng.integers(0, 2, 100_000)
    time = rng.exponential(np.array([2, 20])[sample])
    mean, n = (np.array([f(time[sample == i]) for i in (0, 1)]) for f in (np.mean, len))
    estimate, value, covariance = maximise(exponential, (sample, time), np.ones(100_000), [1.0, 1.0])
    np.testing.assert_allclose(estimate, 1 / mean, rtol=1e-6)
    assert value == pytest.approx(n @ (-np.log(mean) - 1), rel=1e-10)
    np.testing.assert_allclose(covariance, np.diag(1 / mean**2 / n), rtol=1e-3, atol=1e-12)


def overlapping(p, only_first, count):
    """Poisson counts with mean p₀ + p₁, or p₀ alone."""
    mean = p[0] + p[1] * ~only_first
    slope = count / mean - 1
    return count * np.log(mean) - mean, np.array([slope, slope * ~only_first])


def test_maximise_closed_form_of_estimates_that_hang_together():
    """Poisson samples of 30 with mean p₀ + p₁ = 5 and of 70 with p₀ = 2: var p₀ = 2/70 = −cov, var p₁ = 5/30 + 2/70."""
    columns = np.array([False, True]), np.array([5.0, 2.0])
    estimate, value, covariance = maximise(overlapping, columns, np.array([30.0, 70.0]), [1.0, 1.0])
    np.testing.assert_allclose(estimate, [2, 3], rtol=1e-6)
    assert value == pytest.approx(30 * (5 * np.log(5) - 5) + 70 * (2 * np.log(2) - 2), rel=1e-10)
    np.testing.assert_allclose(covariance, [[2 / 70, -2 / 70], [-2 / 70, 5 / 30 + 2 / 70]], rtol=1e-3)


def test_weights_stand_for_rows():
    """A row of weight 3 is the same row three times, and a row of weight 0 is none."""
    def poisson(p, count):
        return count * np.log(p) - p, (count / p - 1)[None]

    count, weight = np.array([0.0, 1, 5, 40]), np.array([3, 2, 1, 0])
    few = maximise(poisson, (count,), weight, [1.0])
    many = maximise(poisson, (count.repeat(weight),), np.ones(6), [1.0])
    for one, other in zip(few, many):
        np.testing.assert_allclose(one, other)
    np.testing.assert_allclose(few[0], 7 / 6)


# Surfaces without a peak; the column x is 1.


def ridge(p, x):
    """Only the product of the two parameters counts."""
    return -np.log(p).sum() ** 2 * x, -2 * np.log(p).sum() / p[:, None] * x


def slope(p, x):
    """Rises for ever with the first parameter."""
    return (-1 / p[0] - (p[1] - 1) ** 2) * x, np.array([1 / p[0] ** 2, -2 * (p[1] - 1)])[:, None] * x


def stalled(p, x):
    """So large a constant that the climb counts as finished where it starts, far from the peak at 5."""
    return (1e12 - 50 * ((p - 5) ** 2).sum()) * x, -100 * (p - 5)[:, None] * x


def edge(p, x):
    """Rises all the way to where the first parameter is 0."""
    return (-p[0] - (p[1] - 1) ** 2) * x, np.array([-1.0, -2 * (p[1] - 1)])[:, None] * x


@pytest.mark.parametrize("surface", [ridge, slope, stalled, edge])
def test_maximise_refuses_a_surface_without_a_peak(surface):
    """Nowhere to stop, or nowhere near: one sentence that ends with what to try."""
    problem = surface, (np.ones(1),), np.ones(1), [2.0, 3.0]
    with pytest.raises(RuntimeError, match=r"^The likelihood has no maximum inside the parameter space: try .*\.$"):
        maximise(*problem)
    with pytest.raises(RuntimeError, match=r"^The likelihood has no maximum inside the parameter space: buy a longer ladder\.$"):
        maximise(*problem, "buy a longer ladder")
