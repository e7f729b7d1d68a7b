"""The numerical tools of the models against closed forms in 50-digit arithmetic."""

import mpmath as mp
import numpy as np
import pytest

from ccx.clv._numeric import LARGEST_TABLE, beta_average, discounted_power, legendre, log_rising, softplus

pytestmark = pytest.mark.filterwarnings("error")

A = [0.01, 0.1, 0.6, 1 - 1e-9, 1.0, 1 + 1e-9, 1 + 1e-4, 3.0, 50.0, 1_000.0]
B = [0.013, 1.1, 50.0, 1_000.0]
NEAR = mp.mpf(10) ** -20


@pytest.fixture(autouse=True)
def digits():
    with mp.workdps(60):
        yield


def close(ours, exact, rel=1e-9):
    """Relative errors against the exact values, so that a failure prints the worst."""
    error = [float(abs(mp.mpf(float(value)) - true) / abs(true)) for value, true in zip(ours, exact, strict=True)]
    worst = int(np.argmax(error))
    assert error[worst] <= rel, f"number {worst}: {ours[worst]!r} instead of {mp.nstr(exact[worst], 17)}"


# -- log of the rising factorial, softplus, Legendre --------------------------------------------------------------


@pytest.mark.parametrize("r", [1e-3, 0.01, 0.5, 1.1, 7.3, 1e3, 1e6, 1e12])
def test_log_rising(r):
    """log Γ(r + x) − log Γ(r) and ψ(r + x) − ψ(r)."""
    counts = np.array([1, 2, 30, 1_000, 19_999])
    value, slope = log_rising(r, counts.astype(float))
    exact = mp.mpf(r)
    close(value, [mp.loggamma(exact + int(x)) - mp.loggamma(exact) for x in counts], rel=1e-12)
    close(slope, [mp.digamma(exact + int(x)) - mp.digamma(exact) for x in counts], rel=1e-12)


@pytest.mark.parametrize("r", [0.01, 7.3, 1e3])
def test_log_rising_beyond_its_table(r):
    """The same where the counts are too large for a table, small ones among them."""
    counts = np.array([1, 30, LARGEST_TABLE, 1_000_000])
    value, slope = log_rising(r, counts.astype(float))
    exact = mp.mpf(r)
    close(value, [mp.loggamma(exact + int(x)) - mp.loggamma(exact) for x in counts])
    close(slope, [mp.digamma(exact + int(x)) - mp.digamma(exact) for x in counts])


def test_log_rising_of_nothing_is_nothing():
    """An empty product is 1; the shape is that of the counts."""
    value, slope = log_rising(0.7, np.zeros((2, 3)))
    assert value.tolist() == slope.tolist() == [[0, 0, 0], [0, 0, 0]]
    assert log_rising(0.7, np.array([]))[0].shape == (0,)


def test_softplus():
    """log(1 + e^z) and 1 / (1 + e^−z)."""
    z = np.array([-700.0, -40.0, -1.0, -1e-9, 0.0, 1e-9, 1.0, 40.0, 700.0, 1e5])
    value, slope = softplus(z)
    close(value, [mp.log1p(mp.exp(x)) for x in map(mp.mpf, z)], rel=1e-14)
    close(slope, [1 / (1 + mp.exp(-x)) for x in map(mp.mpf, z)], rel=1e-14)


def test_softplus_of_the_impossible():
    """Limiting case: odds of zero."""
    assert [float(part) for part in softplus(np.array(-np.inf))] == [0, 0]


@pytest.mark.parametrize("n", [16, 64, 200])
def test_legendre_integrates_polynomials(n):
    """∫ x^k over [0, 1] is 1 / (k + 1); a rule with n nodes is exact up to degree 2 n − 1."""
    nodes, weights = legendre(n)
    for k in (0, 1, n, 2 * n - 1):
        assert weights @ nodes**k == pytest.approx(1 / (k + 1), rel=1e-12)


# -- averages over a beta distribution ----------------------------------------------------------------------------


def limit(function, a):
    """function(a), and at a = 1, where the closed form is 0/0, the mean of both sides."""
    return (function(1 - NEAR) + function(1 + NEAR)) / 2 if a == 1 else function(mp.mpf(a))


@pytest.mark.parametrize("b", B)
@pytest.mark.parametrize("a", A)
def test_beta_average_of_purchases_until_leaving(a, b):
    """E[(1 − (1 + p y)^−s) / p] = (a + b − 1)/(a − 1) · [1 − ₂F₁(s, a − 1; a + b − 1; −y)].

    Euler's integral for ₂F₁; equation (10) of Fader, Hardie and Lee (2005) in another form.
    """
    # Who has bought often has survived as many coins, so that s is not large where b is small.
    s, y = (grid.ravel() for grid in np.meshgrid([0.01, 0.5, 5.0], [1e-6, 0.1, 1.0, 100.0, 1e4, 1e6]))
    if b >= 50:
        s, y = np.append(s, np.full(5, 1_000.0)), np.append(y, [1e-6, 0.1, 1.0, 100.0, 1e4])
    ours = beta_average(lambda p, s, y: -np.expm1(-s * np.log1p(p * y)) / p, a, b, s, y)

    def exact(s, y):
        return limit(lambda a: (a + b - 1) / (a - 1) * (1 - mp.hyp2f1(s, a - 1, a + b - 1, -mp.mpf(y))), a)

    close(ours, list(map(exact, s, y)))


@pytest.mark.parametrize("b", B)
@pytest.mark.parametrize("a", A)
def test_beta_average_of_discounted_lifetimes(a, b):
    """E[(1 + d) / (d + θ)] = ₂F₁(1, b; a + b; 1 / (1 + d)), Fader and Hardie (2010), equation (4)."""
    d = np.array([1e-5, 1e-3, 0.1, 1.0, 10.0])
    ours = beta_average(lambda theta, d: (1 + d) / (d + theta), a, b, d)
    close(ours, [mp.hyp2f1(1, b, mp.mpf(a) + b, 1 / (1 + mp.mpf(d))) for d in d])


@pytest.mark.parametrize("b", B)
@pytest.mark.parametrize("a", A)
def test_beta_average_of_powers(a, b):
    """Moments: E[1] = 1, E[p] = a / (a + b), E[p²] = a (a + 1) / ((a + b)(a + b + 1))."""
    ours = [beta_average(lambda p: p**k, a, b)[0] for k in (0, 1, 2)]
    a, b = mp.mpf(a), mp.mpf(b)
    close(ours, [mp.mpf(1), a / (a + b), a * (a + 1) / ((a + b) * (a + b + 1))])


def test_beta_average_of_no_rows_or_many():
    """Each row has parameters of its own, however many there are; E[p] = a / (a + b)."""
    a = np.random.default_rng(1).uniform(0.05, 20, 5_000)
    np.testing.assert_allclose(beta_average(lambda p: p, a, 2.0), a / (a + 2), rtol=1e-9)
    assert beta_average(lambda p: p, np.array([]), np.array([])).shape == (0,)


# -- discounted powers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("s", [0.01, 0.5, 1 - 1e-9, 1.0, 1 + 1e-9, 2.0, 5.5, 20.0, 200.0, 1_001.0])
def test_discounted_power(s):
    """∫ e^(−z τ) (1 + τ)^−s dτ = e^z E_s(z), NIST Digital Library of Mathematical Functions 8.19.3."""
    z = 10.0 ** np.arange(-8, 9, 2)
    close(discounted_power(s, z), [mp.exp(z) * mp.expint(s, z) for z in map(mp.mpf, z)], rel=1e-11)


def test_discounted_power_has_the_shape_of_its_arguments():
    """Limiting case s → 0: 1 / z."""
    z = np.array([[1.0, 2.0], [30.0, 400.0]])
    np.testing.assert_allclose(discounted_power(1e-12, z), 1 / z, rtol=1e-9)
