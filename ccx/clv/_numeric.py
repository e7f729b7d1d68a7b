"""Numerical tools that the models share: rising factorials, averages over a beta distribution, discounted sums.

Each is checked against 50-digit arithmetic in tests/clv/test_numeric.py.
"""

from functools import cache

import numpy as np
from scipy.special import betaln, digamma, expit, gammaln

# exp(-40) is 4e-18: what lies beyond is lost in rounding anyway.
NEGLIGIBLE = 40.0
LARGEST_TABLE = 20_000
# Arrays of this size stay in the processor's cache, and below the length from which NumPy's linear algebra wakes a second
# thread for a sum of products, which on a busy machine costs far more than the sum.
BLOCK = 8_192


def log_rising(r, count):
    """Logarithm of the rising factorial r (r + 1) … (r + count − 1) = Γ(r + count) / Γ(r), and its derivative in r."""
    return (_sum_below(count, lambda j: np.log(r + j), lambda: gammaln(r + count) - gammaln(r)),
            _sum_below(count, lambda j: 1 / (r + j), lambda: digamma(r + count) - digamma(r)))


def log_rising_to_power(r, count):
    """Logarithm of the rising factorial divided by r^count: it tends to 0 as r grows, and keeps its digits."""
    return _sum_below(count, lambda j: np.log1p(j / r), lambda: gammaln(r + count) - gammaln(r) - count * np.log(r))


def log_beta_ratio(a, b, count):
    """Logarithm of B(a, b + count) / B(a, b), and its derivatives in a and b.

    The ratio is the product of (b + j) / (a + b + j) over j = 0 … count − 1: of probabilities to survive one more coin.
    """
    return (-_sum_below(count, lambda j: np.log1p(a / (b + j)), lambda: betaln(a, b) - betaln(a, b + count)),
            -_sum_below(count, lambda j: 1 / (a + b + j), lambda: digamma(a + b + count) - digamma(a + b)),
            _sum_below(count, lambda j: a / ((b + j) * (a + b + j)), lambda: digamma_step(b, a) - digamma_step(b + count, a)))


def log_gamma_step(z, a):
    """log Γ(z + a) − log Γ(z), also where z is so large that the two agree in all but their last digits."""
    large = np.maximum(z, 20.0)
    # Stirling's series for both; the terms in 1/z⁹ are below rounding from 20 on.
    first, last = (1 / (12 * y) - 1 / (360 * y**3) + 1 / (1260 * y**5) - 1 / (1680 * y**7) for y in (large, large + a))
    step = a * np.log(large) + (large + a - 0.5) * np.log1p(a / large) - a + last - first
    return np.where(z < 20, gammaln(z + a) - gammaln(z), step)


def digamma_step(z, a):
    """ψ(z + a) − ψ(z), the derivative of `log_gamma_step` in z."""
    large = np.maximum(z, 20.0)
    first, last = (-1 / (2 * y) - 1 / (12 * y**2) + 1 / (120 * y**4) - 1 / (252 * y**6) + 1 / (240 * y**8)
                   for y in (large, large + a))
    return np.where(z < 20, digamma(z + a) - digamma(z), np.log1p(a / large) + last - first)


def _sum_below(count, term, closed):
    """The sum of ``term(j)`` over j = 0 … count − 1, for each count; `closed` gives it where the counts are huge.

    Where a closed form is a difference of gamma functions, it loses its digits for large parameters and small counts;
    the sum does not.
    """
    at = count.astype(np.intp)
    highest = at.max(initial=0)
    if highest > LARGEST_TABLE:
        return closed()
    table = np.zeros(highest + 1)
    term(np.arange(highest)).cumsum(out=table[1:])
    return table.take(at)


def softplus(z):
    """log(1 + e^z) without overflow, and its derivative, the logistic function of z."""
    small = np.exp(-np.abs(z))
    return np.maximum(z, 0) + np.log1p(small), np.where(z > 0, 1, small) / (1 + small)


@cache
def legendre(n):
    """Nodes and weights of Gauss and Legendre's rule on [0, 1], each of shape (n,)."""
    from numpy.polynomial.legendre import leggauss

    nodes, weights = leggauss(n)
    return (nodes + 1) / 2, weights / 2


def blocks(n, cells=1):
    """Slices of n rows, so short that a grid of `cells` beside each row stays small."""
    size = max(1, BLOCK // cells)
    return [slice(start, start + size) for start in range(0, n, size)]


def in_blocks(function, *columns, cells):
    """Apply a function that builds a grid of `cells` beside each row to a few rows at a time."""
    columns = np.broadcast_arrays(*(np.atleast_1d(np.asarray(column, dtype=float)) for column in columns))
    parts = [function(*(column[rows] for column in columns)) for rows in blocks(len(columns[0]), cells)]
    return np.concatenate(parts, axis=-1) if parts else np.empty(0)


def beta_average(function, a, b, *others, nodes=400):
    """Average of ``function(p, *others)`` over p ~ beta(a, b), for each row.

    Parameters
    ----------
    function : of p, shape (rows, nodes), and of each further column, shape (rows, 1)
    a, b : array_like of float, shape (rows,)
    *others : array_like of float, shape (rows,)

    Notes
    -----
    The trapezoidal rule in u, where log(p / (1 − p)) = centre + width · sinh(u): both tails then fall doubly
    exponentially, so that the rule converges at any a and b (Takahasi and Mori 1974). It stands where
    the papers write ₂F₁, and has no trouble where that is 0/0 (a = 1).
    """
    step = np.linspace(0, 1, nodes)

    def block(a, b, *others):
        a, b = a[:, None], b[:, None]
        width = np.minimum(1, np.sqrt(1 / a + 1 / b))
        left, right = (np.arcsinh(NEGLIGIBLE * np.maximum(1, 1 / (c * width))) for c in (a, b))
        u = (left + right) * step - left
        logit = np.log(a / b) + width * np.sinh(u)
        log_weight = -a * np.logaddexp(0, -logit) - b * np.logaddexp(0, logit)
        weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True)) * np.cosh(u)
        p = np.clip(expit(logit), 1e-300, 1 - 2**-53)
        return (weight * function(p, *(c[:, None] for c in others))).sum(axis=1) / weight.sum(axis=1)

    return in_blocks(block, a, b, *others, cells=nodes)


def discounted_power(s, z):
    """∫ e^(−z τ) (1 + τ)^(−s) dτ over τ from 0 to ∞, for s > 0 and z > 0, by 64 nodes in log(1 + τ).

    This is e^z E_s(z), with E the exponential integral, and Ψ(1, 2 − s; z), with Ψ Tricomi's confluent function.
    """
    nodes, weights = legendre(64)
    s, z = np.asarray(s, dtype=float)[..., None], np.asarray(z, dtype=float)[..., None]
    end = np.minimum(np.log1p(NEGLIGIBLE / z), NEGLIGIBLE / np.maximum(s - 1, 1e-9))
    w = end * nodes
    return (np.exp(-z * np.expm1(w) - (s - 1) * w) @ weights) * end[..., 0]
