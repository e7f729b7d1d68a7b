"""Every formula of the models against its published form in 50-digit arithmetic, at rows and parameters as extreme as can be.

The published forms are written out below, one class a paper, and never taken from ccx. Where one is 0/0 (a = 1, s = 1), the
limit is the mean of its values 1e-25 to either side. mpmath works with 80 digits, so that 50 are left after cancellation.
"""

from functools import cache

import mpmath as mp
import numpy as np
import pandas as pd
import pytest

from ccx.clv import (BetaDiscreteWeibullModel, BetaGeoBetaBinomModel, BetaGeoModel, GammaGammaModel, ModifiedBetaGeoModel,
                     NBDModel, ParetoNBDModel, ShiftedBetaGeoModel)

# A RuntimeWarning here is an overflow, a division by zero or an invalid number on the way.
pytestmark = pytest.mark.filterwarnings("error")

# Time is in weeks.
DAY, TEN_YEARS = 1 / 7, 521.8
ONES = (1 - 1e-9, 1.0, 1 + 1e-9)


@pytest.fixture(autouse=True)
def digits():
    with mp.workdps(80):
        yield


# -- the published forms ------------------------------------------------------------------------------------------


class Paper:
    """Parameters as 80-digit numbers."""

    def __init__(self, parameters):
        self.parameters = [mp.mpf(value) for value in parameters]

    def alive(self, *row):
        """Bayes: the part of the likelihood that is alive at T, of the whole."""
        return mp.exp(self.log_alive(*row) - self.log_likelihood(*row))


def without_zero_by_zero(function, parameter):
    """function(parameter), and at 1, where the published form is 0/0, its limit."""
    if parameter != 1:
        return function(parameter)
    near = mp.mpf(10) ** -25
    return (function(1 - near) + function(1 + near)) / 2


def binomial_tail(r, q, x):
    """1 − (1 − q)^r Σ Γ(r+j) / (Γ(r) j!) q^j over j < x, as the pmfs of the BG/NBD and MBG/NBD have it."""
    term, total = (1 - q) ** r, mp.mpf(0)
    for j in range(int(x)):
        total += term
        term *= (r + j) / (j + 1) * q
    return 1 - total


class NBD(Paper):
    """Ehrenberg (1959, Applied Statistics 8) and (1988, Repeat-Buying)."""

    def log_likelihood(self, x, t_x, T):
        r, alpha = self.parameters
        bought = x * mp.log(T / (alpha + T)) if x else 0
        return mp.loggamma(r + x) - mp.loggamma(r) - mp.loggamma(x + 1) + r * mp.log(alpha / (alpha + T)) + bought

    def log_alive(self, *row):
        return self.log_likelihood(*row)

    def stays(self, x, T, t):
        return 1

    def purchases(self, x, T, t):
        r, alpha = self.parameters
        return t * (r + x) / (alpha + T)

    def dert(self, x, T, d):
        return self.purchases(x, T, 1) / d

    def pmf(self, x, t):
        return mp.exp(self.log_likelihood(x, 0, t))


class BetaGeo(Paper):
    """Fader, Hardie and Lee (2005), Marketing Science 24(2): equations (6), (8) and (10)."""

    def terms(self, x, t_x, T):
        r, alpha, a, b = self.parameters
        rate = mp.loggamma(r + x) - mp.loggamma(r) + r * mp.log(alpha)
        alive = mp.beta(a, b + x) / mp.beta(a, b) * mp.exp(rate - (r + x) * mp.log(alpha + T))
        gone = mp.beta(a + 1, b + x - 1) / mp.beta(a, b) * mp.exp(rate - (r + x) * mp.log(alpha + t_x)) if x > 0 else 0
        return alive, gone

    def log_likelihood(self, *row):
        return mp.log(mp.fsum(self.terms(*row)))

    def log_alive(self, *row):
        return mp.log(self.terms(*row)[0])

    def stays(self, x, T, t):
        """E[e^(−λpt)] over the posterior of those alive: Euler's integral for ₂F₁."""
        r, alpha, a, b = self.parameters
        return mp.hyp2f1(r + x, a, a + b + x, -t / (alpha + T))

    def purchases(self, x, T, t):
        r, alpha, a, b = self.parameters
        z = t / (alpha + T + t)
        return without_zero_by_zero(
            lambda a: (a + b + x - 1) / (a - 1) * (1 - (1 - z) ** (r + x) * mp.hyp2f1(r + x, b + x, a + b + x - 1, z)), a)

    def dert(self, x, T, d):
        """∫ e^(−δt) E[λ e^(−λpt)] dt over the posterior of those alive; the expectation is Euler's integral for ₂F₁."""
        r, alpha, a, b = self.parameters
        return (r + x) / (alpha + T) * discounted(lambda y: mp.hyp2f1(r + x + 1, a, a + b + x, -y), alpha + T, d)

    def pmf(self, x, t):
        r, alpha, a, b = self.parameters
        p = mp.beta(a, b + x) / mp.beta(a, b) * NBD((r, alpha)).pmf(x, t)
        return p + (mp.beta(a + 1, b + x - 1) / mp.beta(a, b) * binomial_tail(r, t / (alpha + t), x) if x > 0 else 0)


def discounted(function, length, d):
    """∫ e^(−δt) f(t / length) dt, in log(1 + t / length) and to 18 digits."""
    with mp.workdps(18):
        end = mp.log1p(45 / (d * length))
        steps = [end * i / 4 for i in range(5)]
        return mp.quad(lambda w: mp.exp(w - d * length * mp.expm1(w)) * function(mp.expm1(w)), steps) * length


class ModifiedBetaGeo(Paper):
    """Batislam, Denizel and Filiztekin (2007), International Journal of Research in Marketing 24(3): appendix."""

    def terms(self, x, t_x, T):
        r, alpha, a, b = self.parameters
        rate = mp.loggamma(r + x) - mp.loggamma(r) + r * mp.log(alpha) + mp.log(mp.beta(a, b + x + 1) / mp.beta(a, b))
        return mp.exp(rate - (r + x) * mp.log(alpha + T)), a / (b + x) * mp.exp(rate - (r + x) * mp.log(alpha + t_x))

    def log_likelihood(self, *row):
        return mp.log(mp.fsum(self.terms(*row)))

    def log_alive(self, *row):
        return mp.log(self.terms(*row)[0])

    def stays(self, x, T, t):
        r, alpha, a, b = self.parameters
        return mp.hyp2f1(r + x, a, a + b + x + 1, -t / (alpha + T))

    def purchases(self, x, T, t):
        r, alpha, a, b = self.parameters
        z = t / (alpha + T + t)
        return without_zero_by_zero(
            lambda a: (a + b + x) / (a - 1) * (1 - (1 - z) ** (r + x) * mp.hyp2f1(r + x, b + x + 1, a + b + x, z)), a)

    def dert(self, x, T, d):
        r, alpha, a, b = self.parameters
        return (r + x) / (alpha + T) * discounted(lambda y: mp.hyp2f1(r + x + 1, a, a + b + x + 1, -y), alpha + T, d)

    def pmf(self, x, t):
        r, alpha, a, b = self.parameters
        return (mp.beta(a, b + x + 1) / mp.beta(a, b) * NBD((r, alpha)).pmf(x, t)
                + mp.beta(a + 1, b + x) / mp.beta(a, b) * binomial_tail(r, t / (alpha + t), x))


class ParetoNBD(Paper):
    """Fader and Hardie (2005), "A note on deriving the Pareto/NBD model and related expressions": (18) to (20) and (41)."""

    def a_0(self, x, t_x, T):
        r, alpha, s, beta = self.parameters
        n, far, near, third = (r + s + x, alpha, beta, s + 1) if alpha >= beta else (r + s + x, beta, alpha, r + x)
        at = [mp.hyp2f1(n, third, n + 1, (far - near) / (far + y)) / (far + y) ** n for y in (t_x, T)]
        return at[0] - at[1]

    def terms(self, x, t_x, T):
        r, alpha, s, beta = self.parameters
        rates = mp.exp(mp.loggamma(r + x) - mp.loggamma(r)) * alpha**r * beta**s
        return rates * (alpha + T) ** -(r + x) * (beta + T) ** -s, rates * s / (r + s + x) * self.a_0(x, t_x, T)

    def log_likelihood(self, *row):
        return mp.log(mp.fsum(self.terms(*row)))

    def log_alive(self, *row):
        return mp.log(self.terms(*row)[0])

    def stays(self, x, T, t):
        r, alpha, s, beta = self.parameters
        return ((beta + T) / (beta + T + t)) ** s

    def purchases(self, x, T, t):
        r, alpha, s, beta = self.parameters
        return without_zero_by_zero(
            lambda s: (r + x) * (beta + T) / ((alpha + T) * (s - 1)) * (1 - ((beta + T) / (beta + T + t)) ** (s - 1)), s)

    def dert(self, x, T, d):
        """Fader, Hardie and Lee (2005), Journal of Marketing Research 42, equation (2), divided by P(alive)."""
        r, alpha, s, beta = self.parameters
        return (beta + T) ** s * d ** (s - 1) * (r + x) / (alpha + T) * mp.hyperu(s, s, d * (beta + T))

    def pmf(self, x, t):
        """Fader and Hardie (2006), "Deriving an expression for P(X(t) = x) under the Pareto/NBD model"."""
        r, alpha, s, beta = self.parameters
        n, far, near = r + s, max(alpha, beta), min(alpha, beta)

        def b(i, y):
            second = s + 1 if alpha >= beta else r + x
            return mp.hyp2f1(n + i, second, n + x + 1, (far - near) / (far + y)) / (far + y) ** (n + i)

        gone = b(0, 0) - mp.fsum(mp.rf(n, i) * t**i / mp.factorial(i) * b(i, t) for i in range(int(x) + 1))
        return (NBD((r, alpha)).pmf(x, t) * (beta / (beta + t)) ** s
                + alpha**r * beta**s * mp.beta(r + x, s + 1) / mp.beta(r, s) * gone)


class BetaGeoBetaBinom(Paper):
    """Fader, Hardie and Shang (2010), Marketing Science 29(6): equations (5), (7), (13) and (14)."""

    def terms(self, x, t_x, T):
        alpha, beta, gamma, delta = self.parameters
        whole = mp.beta(alpha, beta) * mp.beta(gamma, delta)
        gone, term = mp.mpf(0), mp.beta(alpha + x, beta + t_x - x) * mp.beta(gamma + 1, delta + t_x)
        for i in range(int(t_x), int(T)):
            gone += term
            # From one summand to the next, by B(a, b + 1) = B(a, b) b / (a + b) twice.
            term *= (beta + i - x) / (alpha + beta + i) * (delta + i) / (gamma + delta + i + 1)
        return mp.beta(alpha + x, beta + T - x) * mp.beta(gamma, delta + T) / whole, gone / whole

    def log_likelihood(self, *row):
        return mp.log(mp.fsum(self.terms(*row)))

    def log_alive(self, *row):
        return mp.log(self.terms(*row)[0])

    def stays(self, x, T, t):
        alpha, beta, gamma, delta = self.parameters
        return mp.beta(gamma, delta + T + t) / mp.beta(gamma, delta + T)

    def purchases(self, x, T, t):
        alpha, beta, gamma, delta = self.parameters

        def at(gamma):
            ratios = [mp.gammaprod([1 + delta + n], [gamma + delta + n]) for n in (T, T + t)]
            return mp.gammaprod([gamma + delta + T], [delta + T]) / (gamma - 1) * (ratios[0] - ratios[1])

        return (alpha + x) / (alpha + beta + T) * without_zero_by_zero(at, gamma)

    def dert(self, x, T, d):
        alpha, beta, _, _ = self.parameters
        return (alpha + x) / (alpha + beta + T) * self.lasting(T, d)

    @cache
    def lasting(self, T, d):
        _, _, gamma, delta = self.parameters
        n = delta + T + 1
        return mp.beta(gamma, n) / mp.beta(gamma, n - 1) / (1 + d) * mp.hyp2f1(1, n, gamma + n, 1 / (1 + mp.mpf(d)))

    def pmf(self, x, t):
        alpha, beta, gamma, delta = self.parameters

        def bought(y):
            return mp.binomial(y, x) * mp.beta(alpha + x, beta + y - x) / mp.beta(alpha, beta)

        return (bought(t) * mp.beta(gamma, delta + t) + mp.fsum(
            bought(i) * mp.beta(gamma + 1, delta + i) for i in range(int(x), int(t)))) / mp.beta(gamma, delta)


class BetaDiscreteWeibull(Paper):
    """Fader, Hardie, Liu, Davin and Steenburgh (2018), Journal of Interactive Marketing 43."""

    def survival(self, t):
        alpha, beta, c = self.parameters
        return mp.beta(alpha, beta + mp.mpf(t) ** c) / mp.beta(alpha, beta)

    def log_likelihood(self, first, last):
        return mp.log(self.survival(first) - (self.survival(last) if np.isfinite(last) else 0))

    def derl(self, n, d):
        """The sum by which it is defined, term by term."""
        v = 1 / (1 + mp.mpf(d))
        return mp.fsum(self.survival(n + k) * v ** (k - 1) for k in range(1, int(40 / d))) / self.survival(n)

    def lifetime(self, d):
        return 1 + self.derl(0, d) / (1 + mp.mpf(d))


class ShiftedBetaGeo(BetaDiscreteWeibull):
    """Fader and Hardie (2007), Journal of Interactive Marketing 21(1), and (2010), Marketing Science 29(1)."""

    def survival(self, t):
        alpha, beta = self.parameters
        return mp.beta(alpha, beta + t) / mp.beta(alpha, beta)

    def derl(self, n, d):
        alpha, beta = self.parameters
        return (beta + n) / (alpha + beta + n) * mp.hyp2f1(1, beta + n + 1, alpha + beta + n + 1, 1 / (1 + mp.mpf(d)))

    def lifetime(self, d):
        alpha, beta = self.parameters
        return mp.hyp2f1(1, beta, alpha + beta, 1 / (1 + mp.mpf(d)))


class GammaGamma(Paper):
    """Fader and Hardie (2013), "The gamma-gamma model of monetary value", note 25: equations (1a) and (5)."""

    def log_likelihood(self, x, m):
        p, q, v = self.parameters
        x, m = mp.mpf(x), mp.mpf(m)
        return (mp.loggamma(p * x + q) - mp.loggamma(p * x) - mp.loggamma(q)
                + q * mp.log(v) + (p * x - 1) * mp.log(m) + p * x * mp.log(x) - (p * x + q) * mp.log(v + m * x))

    def spend(self, x, m):
        p, q, v = self.parameters
        return p * (v + mp.mpf(m) * x) / (p * x + q - 1)


# -- rows and parameters ------------------------------------------------------------------------------------------

HISTORIES = [(0, 0.0, T) for T in (DAY, TEN_YEARS)] + [
    (x, share * T, T) for T in (DAY, TEN_YEARS) for x in (1, 30, 1_000) for share in (1, 0.5, 1e-6)]
OPPORTUNITIES = [(0, 0, 1), (1, 1, 1), (0, 0, 522), (1, 1, 522), (1, 261, 522), (1, 522, 522), (30, 30, 522), (30, 261, 522),
                 (30, 522, 522), (0, 0, 3_650), (1_000, 1_000, 3_650), (1_000, 1_825, 3_650), (1_000, 3_650, 3_650),
                 (3_650, 3_650, 3_650)]
LOSSES = [(0, 1), (0, 4), (1, 2), (11, 12), (99, 100), (99, 200), (0, 1_000), (0, np.inf), (1, np.inf), (12, np.inf),
          (1_000, np.inf)]
SPENDS = [(x, m) for x in (1, 30, 1_000) for m in (0.01, 35.0, 1e6)]

BETA_GEO = [(0.243, 4.414, 0.793, 2.426), *((0.243, 4.414, a, 2.426) for a in ONES), (0.01, 4.414, 0.793, 2.426),
            (0.243, 1e-3, 0.793, 2.426), (0.243, 1e4, 0.793, 2.426), (0.01, 1e-3, 0.793, 2.426), (0.01, 1e4, 0.793, 2.426),
            (0.243, 4.414, 0.01, 50.0), (0.243, 4.414, 50.0, 0.01), (0.243, 4.414, 0.01, 0.01), (200.0, 100.0, 0.793, 2.426),
            (1e6, 1e6, 0.793, 2.426), (0.243, 4.414, 100.0, 100.0)]
PARETO = [(0.553, 10.578, 0.606, 11.669), *((0.553, 10.578, s, 11.669) for s in ONES), (0.01, 10.578, 0.606, 11.669),
          (0.553, 10.578, 0.01, 11.669), (0.553, 1e-3, 0.606, 11.669), (0.553, 1e4, 0.606, 11.669), (0.553, 10.578, 0.606, 1e-3),
          (0.553, 10.578, 0.606, 1e4), (0.553, 1e-3, 0.606, 1e4), (0.553, 1e4, 0.606, 1e-3), (0.01, 1e-3, 0.01, 1e-3),
          (0.01, 1e4, 0.01, 1e4), (0.553, 11.0, 0.606, 11.0), (200.0, 100.0, 0.606, 11.669), (0.553, 10.578, 20.5, 50.0)]
BETA_BETA = [(1.2, 0.75, 0.66, 2.78), *((1.2, 0.75, gamma, 2.78) for gamma in ONES), (0.01, 0.75, 0.66, 2.78),
             (1.2, 0.01, 0.66, 2.78), (0.01, 0.01, 0.01, 0.01), (1.2, 0.75, 0.01, 50.0), (1.2, 0.75, 50.0, 0.01),
             (1e-3, 1e4, 0.66, 2.78), (1e4, 1e-3, 0.66, 2.78), (1.2, 0.75, 1e-3, 1e4), (200.0, 300.0, 20.0, 400.0)]
CONTRACT = [(0.668, 3.806), *((alpha, 1.0) for alpha in ONES), (0.01, 50.0), (50.0, 0.01), (0.01, 0.01), (1e4, 1e-3),
            (200.0, 300.0)]

CASES = {
    NBDModel: (NBD, HISTORIES, [(0.386, 14.3), (0.01, 14.3), (0.386, 1e-3), (0.386, 1e4), (0.01, 1e-3), (0.01, 1e4),
                                (200.0, 100.0), (1e6, 1e6)]),
    BetaGeoModel: (BetaGeo, HISTORIES, BETA_GEO),
    ModifiedBetaGeoModel: (ModifiedBetaGeo, HISTORIES, BETA_GEO),
    ParetoNBDModel: (ParetoNBD, HISTORIES, PARETO),
    BetaGeoBetaBinomModel: (BetaGeoBetaBinom, OPPORTUNITIES, BETA_BETA),
    ShiftedBetaGeoModel: (ShiftedBetaGeo, LOSSES, [*CONTRACT, (1e-3, 1e4)]),
    BetaDiscreteWeibullModel: (BetaDiscreteWeibull, LOSSES, [(*pair, c) for pair in CONTRACT for c in (0.5, 1.0, 3.0)]),
    GammaGammaModel: (GammaGamma, SPENDS, [(6.25, 3.74, 15.44), *((6.25, q, 15.44) for q in ONES), (0.01, 3.74, 15.44),
                                           (6.25, 0.01, 15.44), (6.25, 3.74, 1e-3), (6.25, 3.74, 1e4), (0.01, 0.01, 1e-3),
                                           (1e3, 3.74, 15.44), (6.25, 1e3, 1e4)]),
}
REPEAT = [NBDModel, BetaGeoModel, ModifiedBetaGeoModel, ParetoNBDModel, BetaGeoBetaBinomModel]


def cases(*models, leave=lambda parameters: True):
    return [pytest.param(model, parameters, id=f"{model.__name__}-{'-'.join(map('{:.10g}'.format, parameters))}")
            for model in models for parameters in CASES[model][2] if leave(parameters)]


def check(ours, exact, where, floor):
    """Each number within 1e-9 of the exact one, or both so near zero that the `floor` is all the difference."""
    off = [f"{place}: {value!r} instead of {mp.nstr(true, 17)}" for value, true, place in zip(ours, exact, where, strict=True)
           if not (np.isfinite(value) and abs(float(value) - mp.mpf(true)) <= 1e-9 * abs(true) + floor)]
    assert not off, "\n".join(off)


# -- likelihoods --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model, parameters", cases(*CASES))
def test_log_likelihood(model, parameters):
    """The published likelihood. A log-likelihood within 1e-14 of zero is a probability of 1 to the last digit."""
    paper, rows, _ = CASES[model]
    ours, _ = model._log_likelihood(list(parameters), *np.array(rows, dtype=float).T)
    check(ours, [paper(parameters).log_likelihood(*row) for row in rows], rows, floor=1e-14)


@pytest.mark.parametrize("model, parameters", cases(*CASES))
def test_gradient(model, parameters):
    """Central differences of the published log-likelihood, by a step of 1e-25, in the logarithm of each parameter."""
    paper, rows, _ = CASES[model]
    rows = [row for row in rows if row[-1] != 3_650]
    _, gradient = model._log_likelihood(list(parameters), *np.array(rows, dtype=float).T)
    for i, (value, ours) in enumerate(zip(parameters, gradient, strict=True)):
        step = mp.mpf(value) * mp.mpf(10) ** -25
        up, down = (paper([*parameters[:i], value + sign * step, *parameters[i + 1:]]) for sign in (1, -1))
        exact = [(up.log_likelihood(*row) - down.log_likelihood(*row)) / (2 * step) * value for row in rows]
        check(ours * value, exact, [(i, *row) for row in rows], floor=1e-12)


# -- predictions --------------------------------------------------------------------------------------------------


def past(model):
    rows = CASES[model][1]
    return rows, pd.DataFrame(rows, columns=["frequency", "recency", "T"])


@pytest.mark.parametrize("model, parameters", cases(*REPEAT))
def test_predictions(model, parameters):
    """P(alive) by Bayes, P(alive) later and conditional expectations in their published form, at a = 1 and s = 1 the limit."""
    paper, (rows, data) = CASES[model][0](parameters), past(model)
    alive = [paper.alive(*row) for row in rows]
    check(model(*parameters).expected_probability_alive(data), alive, rows, floor=1e-100)
    for t in (1, 52, 522) if model is BetaGeoBetaBinomModel else (DAY, 52.0, TEN_YEARS):
        for ours, function in ((model(*parameters).expected_probability_alive(data, t), paper.stays),
                               (model(*parameters).expected_purchases(data, t), paper.purchases)):
            check(ours, [p * function(x, T, t) for p, (x, _, T) in zip(alive, rows)], [(t, *row) for row in rows], floor=1e-100)


@pytest.mark.parametrize("model, parameters", cases(*REPEAT))
def test_expected_purchases_of_a_new_customer(model, parameters):
    """The same published forms for one of whom nothing is known yet."""
    paper, times = CASES[model][0](parameters), [1, 6, 52, 522]
    alive = paper.alive(0, mp.mpf(0), mp.mpf(0))
    exact = [alive * paper.purchases(0, mp.mpf(0), t) for t in times]
    check(model(*parameters).expected_purchases_new_customer(times), exact, times, floor=1e-100)


@pytest.mark.parametrize("model, parameters", cases(NBDModel, ParetoNBDModel, BetaGeoBetaBinomModel))
def test_dert(model, parameters):
    """NBD: rate / δ. Pareto/NBD: Tricomi's Ψ. BG/BB: ₂F₁."""
    paper, (rows, data) = CASES[model][0](parameters), past(model)
    alive = [paper.alive(*row) for row in rows]
    for d in (1e-5, 0.0027, 1.0):
        exact = [p * paper.dert(x, T, d) for p, (x, _, T) in zip(alive, rows)]
        check(model(*parameters).dert(data, d), exact, [(d, *row) for row in rows], floor=1e-100)


@pytest.mark.parametrize("model", [BetaGeoModel, ModifiedBetaGeoModel])
@pytest.mark.parametrize("parameters", [BETA_GEO[i] for i in (0, 1, 2, 5, 6, 9, 11)])
def test_dert_without_a_closed_form(model, parameters):
    """BG/NBD and MBG/NBD: the integral over p is ₂F₁, that over time is mpmath's quadrature."""
    rows = [(0, 0.0, TEN_YEARS), (1, 0.5 * DAY, DAY), (30, 500.0, TEN_YEARS)]
    paper, data = CASES[model][0](parameters), pd.DataFrame(rows, columns=["frequency", "recency", "T"])
    for d in (1e-4, 0.1):
        exact = [paper.alive(*row) * paper.dert(row[0], row[2], d) for row in rows]
        check(model(*parameters).dert(data, d), exact, [(d, *row) for row in rows], floor=1e-100)


@pytest.mark.parametrize("model, parameters", cases(*REPEAT))
def test_probability(model, parameters):
    """The published probability of x purchases, down to 1e-60, where its own differences cancel."""
    paper = CASES[model][0](parameters)
    for t in (1, 6, 52) if model is BetaGeoBetaBinomModel else (DAY, 39.0, TEN_YEARS):
        counts = [x for x in (0, 1, 2, 7, 30, 100) if model is not BetaGeoBetaBinomModel or x <= t]
        exact = [paper.pmf(mp.mpf(x), mp.mpf(t)) for x in counts]
        check(model(*parameters).probability(counts, t), exact, [(x, t) for x in counts], floor=1e-60)


# -- contracts and spend ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model, parameters", cases(ShiftedBetaGeoModel, BetaDiscreteWeibullModel))
def test_survival_and_retention(model, parameters):
    """S(t) = B(α, β + t^c) / B(α, β), and the ratio of one to the one before."""
    paper, times = CASES[model][0](parameters), [1, 2, 12, 100, 1_000]
    check(model(*parameters).survival(times), [paper.survival(t) for t in times], times, floor=1e-100)
    rates = [paper.survival(t) / paper.survival(t - 1) for t in times]
    check(model(*parameters).retention_rate(times), rates, times, floor=1e-100)


@pytest.mark.parametrize("model, parameters", cases(ShiftedBetaGeoModel, BetaDiscreteWeibullModel))
def test_residual_lifetime(model, parameters):
    """In payments, to 1e-15 of one. sBG: ₂F₁ of the paper of 2010. BdW: the sum by which it is defined."""
    paper, renewals = CASES[model][0](parameters), [0, 1, 12, 100]
    for d in (0.1, 1.0) if model is BetaDiscreteWeibullModel else (1e-4, 0.1, 1.0):
        ours = model(*parameters)
        check(ours.derl(renewals, d), [paper.derl(n, d) for n in renewals], [(n, d) for n in renewals], floor=1e-15)
        check([ours.discounted_expected_lifetime(d)], [paper.lifetime(d)], [d], floor=1e-15)


@pytest.mark.parametrize("parameters", [case for case in CASES[GammaGammaModel][2] if case[1] > 1])
def test_spend(parameters):
    """Equation (5) of the note, and the average over customers p v / (q − 1); q = 1 + 1e-9 among the cases."""
    rows = [(0, 0.0), *SPENDS]
    ours, paper = GammaGammaModel(*parameters), GammaGamma(parameters)
    data = pd.DataFrame(rows, columns=["frequency", "monetary_value"])
    check(ours.expected_customer_spend(data), [paper.spend(*row) for row in rows], rows, floor=1e-100)
    check([ours.expected_new_customer_spend()], [paper.spend(0, 0)], ["new"], floor=1e-100)
