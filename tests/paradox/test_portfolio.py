"""The frontier without short sales against closed forms, brute force and the conditions of optimality."""

import numpy as np
import pandas as pd
import pytest

from ccx.paradox import customer_beta, efficient_mix, frontier, minimum_variance, resampled_frontier, risk_and_return, tangency

NAMES = ["top", "next", "rest"]
MEAN = pd.Series([0.30, 0.18, 0.10], index=NAMES)
SD, CORRELATION = np.array([0.25, 0.12, 0.08]), np.array([[1, 0.5, 0.2], [0.5, 1, 0.6], [0.2, 0.6, 1]])
COVARIANCE = pd.DataFrame(np.outer(SD, SD) * CORRELATION, NAMES, NAMES)


def simplex(steps=200):
    """All mixes of three segments in steps of half a percent."""
    first, second = np.meshgrid(*[np.arange(steps + 1)] * 2)
    kept = first + second <= steps
    mixes = np.column_stack([first[kept], second[kept], steps - first[kept] - second[kept]]) / steps
    return pd.DataFrame(mixes, columns=NAMES)


def test_two_segments_have_a_closed_form():
    """Least risk: weights (s2² − s12, s1² − s12) / sum; most return per risk: Σ⁻¹ μ, scaled; both positive here."""
    two, mean = COVARIANCE.loc[["top", "rest"], ["top", "rest"]], MEAN[["top", "rest"]]
    a, b, c = two.iloc[0, 0], two.iloc[1, 1], two.iloc[0, 1]
    np.testing.assert_allclose(minimum_variance(two), np.array([b - c, a - c]) / (a + b - 2 * c), atol=1e-7)
    exact = np.linalg.solve(two, mean)
    np.testing.assert_allclose(tangency(mean, two), exact / exact.sum(), atol=1e-6)


def test_no_mix_of_a_fine_grid_is_better():
    """Brute force: none of 20,301 mixes has less risk, more return per risk, or less risk at the return of a frontier mix."""
    grid = simplex()
    each = risk_and_return(grid, MEAN, COVARIANCE)
    least, best = minimum_variance(COVARIANCE), tangency(MEAN, COVARIANCE, 0.05)
    assert risk_and_return(least, MEAN, COVARIANCE)["sd"] <= each["sd"].min() + 1e-9
    found = risk_and_return(best, MEAN, COVARIANCE)
    assert (found["mean"] - 0.05) / found["sd"] >= ((each["mean"] - 0.05) / each["sd"]).max() - 1e-9
    for mix in frontier(MEAN, COVARIANCE, 9).itertuples():
        assert mix.sd <= each.loc[each["mean"] >= mix.mean - 1e-9, "sd"].min() + 1e-9


def test_weights_are_shares():
    table = frontier(MEAN, COVARIANCE)
    assert (table[NAMES] >= 0).all(axis=None) and np.allclose(table[NAMES].sum(axis=1), 1)
    assert table["mean"].is_monotonic_increasing and table["sd"].is_monotonic_increasing
    assert table.iloc[-1][NAMES].tolist() == pytest.approx([1, 0, 0], abs=1e-6)


def test_money_and_percent_give_the_same_mix():
    """Invariance: a currency a million times larger."""
    np.testing.assert_allclose(minimum_variance(COVARIANCE * 1e12), minimum_variance(COVARIANCE), atol=1e-6)
    np.testing.assert_allclose(tangency(MEAN * 1e6, COVARIANCE * 1e12), tangency(MEAN, COVARIANCE), atol=1e-6)


def test_resampled_mixes_lie_on_or_below_the_frontier():
    returns = pd.DataFrame(np.random.default_rng(1).multivariate_normal(MEAN, COVARIANCE, 60), columns=NAMES)
    table = resampled_frontier(returns, 20, rng=2, n=5)
    assert table.equals(resampled_frontier(returns, 20, rng=2, n=5)) and table.index.names == ["resample", "mix"]
    exact = frontier(returns.mean(), returns.cov(), 200)
    best = np.interp(table["mean"], exact["mean"], exact["sd"], left=0)
    assert (table["sd"] >= best - 1e-4).all()


def test_betas_average_to_one():
    """Closed form: weighted with the segments' shares of the whole."""
    rng = np.random.default_rng(1)
    returns = pd.DataFrame(rng.normal(size=(50, 3)), columns=NAMES)
    shares = pd.Series([0.2, 0.3, 0.5], NAMES)
    whole = returns @ shares
    assert customer_beta(returns, whole) @ shares == pytest.approx(1)
    assert customer_beta(pd.DataFrame({"same": whole, "twice": 2 * whole}), whole).tolist() == pytest.approx([1, 2])


@pytest.mark.parametrize("table", [[[1, 2], [3, 1]], [[1, 2], [2, 1]], [[1, np.nan], [np.nan, 1]], [[1, 2]]])
def test_what_is_no_covariance_is_refused(table):
    with pytest.raises(ValueError, match="covariance"):
        minimum_variance(pd.DataFrame(table))


def test_no_segment_above_the_riskless_return_is_refused():
    with pytest.raises(ValueError, match="riskless"):
        tangency(MEAN, COVARIANCE, 0.3)


def test_the_mix_for_a_return():
    """It brings the return; the least risky and the most profitable mix are its ends; a return between two mixes lies between their weights."""
    for target in (0.11, 0.18, 0.27):
        mix = efficient_mix(MEAN, COVARIANCE, target)
        assert mix @ MEAN == pytest.approx(target) and mix.sum() == pytest.approx(1) and (mix >= 0).all()
    least = minimum_variance(COVARIANCE)
    np.testing.assert_allclose(efficient_mix(MEAN, COVARIANCE, least @ MEAN), least, atol=1e-6)
    assert efficient_mix(MEAN, COVARIANCE, 0.30).round(6).tolist() == [1, 0, 0]


@pytest.mark.parametrize("target", [0.05, 0.31])
def test_a_return_that_no_mix_brings_is_refused(target):
    with pytest.raises(ValueError, match="A mix brings between 0.1 and 0.3"):
        efficient_mix(MEAN, COVARIANCE, target)
