"""Exercise bank of lesson 03. Every answer and every mistake is computed.

Published: two-types (.633 .689 .747 .798 .836) and twice-renewed ($341.1) are those of Fader and Hardie (2006), Workshop on Customer-Base Analysis, day 2;
high-end-fit and regression-errors those of Fader and Hardie (2007); missed that of the same workshop, $8,760,932 against $14,019,535.
"""

from functools import cache
from itertools import accumulate

import numpy as np
from scipy.optimize import curve_fit, minimize, root
from scipy.special import betaln, digamma, gammaln

import ccx
from ccx.classroom.exercise import Array, Convention, Function, Mistake, Scalar, Written
from ccx.clv import BetaDiscreteWeibullModel, GeometricModel, ShiftedBetaGeoModel, aggregate_retention

GYM = np.array([4000, 2480, 1860, 1525, 1315, 1170])
RIVAL = np.array([0.55, 0.70, 0.78, 0.82])
# Customers won, the oldest cohort first, and how many renewals each has had.
WON, RENEWALS = np.array([13_000, 15_000, 17_500, 19_000, 20_500]), np.array([4, 3, 2, 1, 0])


@cache
def group(name):
    """Percent still there after 0, 1, …, 12 years."""
    return ccx.load("survival")[name].to_numpy()


def two_types(years=6, good=5000, rest=10_000):
    """Customers left after 0, 1, … renewals when two types keep their rates."""
    t = np.arange(years)
    return good * 0.9**t + rest * 0.5**t


def rates(left):
    return left[1:] / left[:-1]


def rates_of_the_mix(years=5):
    """Each type's rate, weighted with its share of those who are there at the start of the year."""
    good, found = 1 / 3, []
    for _ in range(years):
        found.append(0.9 * good + 0.5 * (1 - good))
        good *= 0.9 / found[-1]
    return found


def rates_one_from_the_other(years=5):
    """0.9 and 0.5 solve z² = 1.4 z − 0.45, so each cohort is 1.4 times the year before less 0.45 times that before it."""
    return list(accumulate(range(years - 1), lambda rate, _: 1.4 - 0.45 / rate, initial=19 / 30))


def members(kept=lambda number: number):
    """The rival's members year by year, each number kept as it is, or made whole first."""
    return list(accumulate(RIVAL, lambda left, rate: kept(left * rate), initial=2000))[1:]


def shares(alpha, beta, n):
    """S(0), S(1), …, S(n) of the sBG."""
    t = np.arange(1, n + 1)
    return np.concatenate([[1.0], np.cumprod((beta + t - 1) / (alpha + beta + t - 1))])


# -- the likelihood, right and wrong ------------------------------------------------------------------------------


def log_likelihood(alpha, beta, survivors):
    share = shares(alpha, beta, len(survivors) - 1)
    return -np.diff(survivors) @ np.log(-np.diff(share)) + survivors[-1] * np.log(share[-1])


def by_recursion(alpha, beta, survivors):
    """P(T=t) from P(T=t−1), as in the appendix of the 2007 paper."""
    p = [alpha / (alpha + beta)]
    for t in range(2, len(survivors)):
        p.append(p[-1] * (beta + t - 2) / (alpha + beta + t - 1))
    return -np.diff(survivors) @ np.log(p) + survivors[-1] * np.log(1 - sum(p))


def by_the_library(alpha, beta, survivors):
    s = ShiftedBetaGeoModel(alpha, beta).survival(np.arange(len(survivors)))
    return np.sum((survivors[:-1] - survivors[1:]) * np.log(s[:-1] - s[1:])) + survivors[-1] * np.log(s[-1])


def without_those_still_there(alpha, beta, survivors):
    return -np.diff(survivors) @ np.log(-np.diff(shares(alpha, beta, len(survivors) - 1)))


def those_left_for_those_lost(alpha, beta, survivors):
    share = shares(alpha, beta, len(survivors) - 1)
    return survivors[1:] @ np.log(-np.diff(share)) + survivors[-1] * np.log(share[-1])


def those_at_the_start(alpha, beta, survivors):
    share = shares(alpha, beta, len(survivors) - 1)
    return survivors[:-1] @ np.log(-np.diff(share)) + survivors[-1] * np.log(share[-1])


def not_weighted(alpha, beta, survivors):
    share = shares(alpha, beta, len(survivors) - 1)
    return np.sum(np.log(-np.diff(share))) + np.log(share[-1])


def survivors_not_counted(alpha, beta, survivors):
    share = shares(alpha, beta, len(survivors) - 1)
    return -np.diff(survivors) @ np.log(-np.diff(share)) + np.log(share[-1])


def left_at_the_last(alpha, beta, survivors):
    share = shares(alpha, beta, len(survivors) - 1)
    return -np.diff(survivors) @ np.log(-np.diff(share)) + survivors[-1] * np.log(share[-2] - share[-1])


def lost_with_the_wrong_sign(alpha, beta, survivors):
    share = shares(alpha, beta, len(survivors) - 1)
    return np.diff(survivors) @ np.log(-np.diff(share)) + survivors[-1] * np.log(share[-1])


def churn_for_probability(alpha, beta, survivors):
    """ln(1 − r_t) for those lost, as if they had not had to renew before."""
    n = len(survivors) - 1
    t = np.arange(1, n + 1)
    return -np.diff(survivors) @ np.log(alpha / (alpha + beta + t - 1)) + survivors[-1] * np.log(shares(alpha, beta, n)[-1])


def one_year_late(alpha, beta, survivors):
    """Rates that begin with β + 1: t is not lowered by one."""
    return log_likelihood(alpha, beta + 1, survivors)


def one_coin_for_all(alpha, beta, survivors):
    stay = beta / (alpha + beta)
    t = np.arange(1, len(survivors))
    return -np.diff(survivors) @ np.log((1 - stay) * stay ** (t - 1)) + survivors[-1] * (len(survivors) - 1) * np.log(stay)


def logarithm_of_survival(alpha, beta, survivors):
    share = shares(alpha, beta, len(survivors) - 1)
    return -np.diff(survivors) @ np.log(share[1:]) + survivors[-1] * np.log(share[-1])


def last_rate_only(alpha, beta, survivors):
    share = shares(alpha, beta, len(survivors) - 1)
    return -np.diff(survivors) @ np.log(-np.diff(share)) + survivors[-1] * np.log(share[-1] / share[-2])


def everybody_still_there(alpha, beta, survivors):
    share = shares(alpha, beta, len(survivors) - 1)
    return -np.diff(survivors) @ np.log(-np.diff(share)) + survivors[0] * np.log(share[-1])


def with_the_ways_to_order(alpha, beta, survivors):
    """The multinomial probability: in how many ways the customers could have been the ones who left when."""
    left = np.append(-np.diff(survivors), survivors[-1])
    return log_likelihood(alpha, beta, survivors) + gammaln(survivors[0] + 1) - gammaln(left + 1).sum()


# -- fits ---------------------------------------------------------------------------------------------------------


@cache
def fitted(name="high_end", years=8, likelihood=log_likelihood):
    counts = (10 * group(name)[:years]).round()
    return minimize(lambda p: -likelihood(p[0], p[1], counts), [1, 1], bounds=[(0.01, 20)] * 2, method="Nelder-Mead",
                    options={"xatol": 1e-8, "fatol": 1e-8}).x


def fit_and_forecast(t=12, **how):
    alpha, beta = fitted(**how)
    return [alpha, beta, shares(alpha, beta, t)[-1]]


def by_the_scores():
    """Where both derivatives of the log-likelihood, written with the beta function B, are zero."""
    counts = (10 * group("high_end")[:8]).round()
    lost, t, n = -np.diff(counts), np.arange(1, 8), 7

    def slopes(logs):
        a, b = np.exp(logs)
        alike = lost @ digamma(a + b + t) + counts[-1] * digamma(a + b + n) - counts[0] * digamma(a + b)
        return [lost.sum() * digamma(a + 1) + counts[-1] * digamma(a) - counts[0] * digamma(a) - alike,
                lost @ digamma(b + t - 1) + counts[-1] * digamma(b + n) - counts[0] * digamma(b) - alike]

    alpha, beta = np.exp(root(slopes, [0, 0], tol=1e-12).x)
    return [alpha, beta, np.exp(betaln(alpha, beta + 12) - betaln(alpha, beta))]


def by_the_librarys_fit():
    model = ShiftedBetaGeoModel.fit((10 * group("high_end")[:8]).round())
    return [model.alpha, model.beta, model.survival(12)]


def by_default_minimize():
    counts = (10 * group("high_end")[:8]).round()
    alpha, beta = minimize(lambda p: -log_likelihood(p[0], p[1], counts), [1, 1], bounds=[(0.01, 20)] * 2).x
    return [alpha, beta, shares(alpha, beta, 12)[-1]]


def curves(first=0, last=7, name="high_end", at=12):
    """Forecasts of the line, the exponential and the parabola."""
    t, y = np.arange(first, last + 1), group(name)[first:last + 1]
    return np.array([np.polyval(np.polyfit(t, y, 1), at), np.exp(np.polyval(np.polyfit(t, np.log(y), 1), at)),
                     np.polyval(np.polyfit(t, y, 2), at)])


def errors(first=0, last=7, name="high_end", at=12):
    return curves(first, last, name, at) / group(name)[at] - 1


def by_normal_equations(y, degree):
    """The curve of least squares in year 12, from XᵀX b = Xᵀy."""
    x = np.arange(8.0)[:, None] ** np.arange(degree + 1)
    return 12.0 ** np.arange(degree + 1) @ np.linalg.solve(x.T @ x, x.T @ y)


def by_projections(y, degree):
    """The same, from polynomials that are orthogonal on years 0 to 7: each coefficient by itself."""
    polynomials = [lambda t: t**0, lambda t: t - 3.5, lambda t: (t - 3.5) ** 2 - 5.25][:degree + 1]
    return sum((y @ p(np.arange(8.0))) / (p(np.arange(8.0)) @ p(np.arange(8.0))) * p(12.0) for p in polynomials)


def errors_of(curve):
    """Relative errors of the three regressions, when `curve` forecasts year 12 from years 0 to 7."""
    y, actual = group("high_end")[:8], group("high_end")[12]
    return [curve(y, 1) / actual - 1, np.exp(curve(np.log(y), 1)) / actual - 1, curve(y, 2) / actual - 1]


def errors_of_a_curved_fit():
    """The exponential fitted to the percentages themselves."""
    t, y = np.arange(8), group("high_end")[:8]
    (a, b), _ = curve_fit(lambda t, a, b: a * np.exp(b * t), t, y, p0=(100, -0.1))
    return [errors()[0], a * np.exp(12 * b) / group("high_end")[12] - 1, errors()[2]]


def errors_in_logarithms():
    t, y = np.arange(8), group("high_end")[:8]
    return [errors()[0], np.polyval(np.polyfit(t, np.log(y), 1), 12) / group("high_end")[12] - 1, errors()[2]]


@cache
def high_end_c():
    return BetaDiscreteWeibullModel.fit((10 * group("high_end")[:8]).round()).c


@cache
def high_end_c_by_hand():
    """The c at which the likelihood, with S(t) = B(α, β + t^c) / B(α, β), is largest."""
    counts = (10 * group("high_end")[:8]).round()

    def minus_log_likelihood(logs):
        a, b, c = np.exp(logs)
        share = np.exp(betaln(a, b + np.arange(8.0) ** c) - betaln(a, b))
        share[0] = 1
        return np.diff(counts) @ np.log(-np.diff(share)) - counts[-1] * np.log(share[-1])

    found = minimize(minus_log_likelihood, [0, 0, 0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-9, "maxiter": 5000})
    return np.exp(found.x[2])


def chance_by_hand():
    """Those left of very many such customers after 0, 1, 2, … renewals."""
    there = 0.9 ** np.arange(6) ** high_end_c_by_hand()
    return (there[4] - there[5]) / there[4]


def chance_of_a_narrow_beta(sure=1e7):
    """A model in which practically all customers have a θ of 0.10."""
    return 1 - BetaDiscreteWeibullModel(0.1 * sure, 0.9 * sure, high_end_c()).retention_rate(5)


@cache
def regular_c():
    return BetaDiscreteWeibullModel.fit((10 * group("regular")[:8]).round()).c


# -- money --------------------------------------------------------------------------------------------------------


def payments(r, d=0.10):
    return r * (1 + d) / (1 + d - r)


def good_after(n):
    return 5000 * 0.9**n / (5000 * 0.9**n + 10_000 * 0.5**n)


def residual(good, value=payments):
    return 100 * (good * value(0.9) + (1 - good) * value(0.5))


def paid_in_years_to_come(good, rest, years=500):
    """Payments of so many customers of each type, year by year, the next ones not discounted."""
    value = 0
    for k in range(years):
        good, rest = 0.9 * good, 0.5 * rest
        value += (good + rest) / 1.1**k
    return value


def value_by_the_library(good, rest, **how):
    return good * GeometricModel(0.1).derl(2, 0.10, **how) + rest * GeometricModel(0.5).derl(2, 0.10, **how)


def base(won=WON):
    """Good and other customers present, cohort by cohort."""
    return won / 3 * 0.9**RENEWALS, won * 2 / 3 * 0.5**RENEWALS


def cohorts(won=WON):
    """Customers of the four older cohorts now, and a year ago, when they came up for renewal."""
    good, rest = base(won)
    return (good + rest)[:-1], (good / 0.9 + rest / 0.5)[:-1]


def swapped(one):
    """The value of the base, with one rate or with each type's own, when two thirds are of the better type."""
    good, rest = WON * 2 / 3 * 0.9**RENEWALS, WON / 3 * 0.5**RENEWALS
    rate = (good + rest)[:-1].sum() / (good / 0.9 + rest / 0.5)[:-1].sum()
    return (good + rest).sum() * payments(rate) if one else good.sum() * payments(0.9) + rest.sum() * payments(0.5)


def later():
    """Both types after one further renewal."""
    good, rest = base()
    return 0.9 * good.sum(), 0.5 * rest.sum()


def own_rates(value=payments, won=WON):
    good, rest = base(won)
    return good.sum() * value(0.9) + rest.sum() * value(0.5)


def one_rate(rate=None, value=payments, won=WON):
    now, before = cohorts(won)
    return sum(base(won)).sum() * value(now.sum() / before.sum() if rate is None else rate)


def missed(rate=None, value=payments, won=WON):
    return 1 - one_rate(rate, value, won) / own_rates(value, won)


def next_year():
    good, rest = base()
    return (0.9 * good.sum() + 0.5 * rest.sum()) / (good.sum() + rest.sum())


def histories():
    """The customers of each cohort in all years until now, the oldest cohort first."""
    return [two_types(n + 1, won / 3, won * 2 / 3) for won, n in zip(WON, RENEWALS)]


def missed_year_by_year():
    """Both values from payments year by year; the one rate from the last two years of each cohort."""
    now, before = sum(left[-1] for left in histories()), sum(left[-2] for left in histories()[:-1])
    rate = sum(left[-1] for left in histories()[:-1]) / before
    at_one_rate = sum(now * rate ** (k + 1) / 1.1**k for k in range(500))
    return 1 - at_one_rate / sum(paid_in_years_to_come(won / 3 * 0.9**n, won * 2 / 3 * 0.5**n) for won, n in zip(WON, RENEWALS))


def missed_by_the_library(**how):
    one = GeometricModel(1 - aggregate_retention(histories()))
    good, rest = base()
    return 1 - sum(left[-1] for left in histories()) * one.derl(0, 0.10, **how) / value_by_the_library(good.sum(), rest.sum(), **how)


def whole_customers():
    """The published values: each cohort counted in whole people, with the chances that one of them is of the good type."""
    good, rest = base()
    left = (good + rest).round()
    before = (WON / 3 * 0.9 ** (RENEWALS - 1) + WON * 2 / 3 * 0.5 ** (RENEWALS - 1))[:-1].round()
    own = left @ [residual(good_after(n)) / 100 for n in RENEWALS]
    return 1 - left.sum() * payments(left[:-1].sum() / before.sum()) / own


EXERCISES = [
    Array(
        id="03.rates", objective="03.1", points=1, shape=(5,), low=0, high=1, tolerance=0.0006,
        what="the five yearly retention rates of the gym",
        answer=lambda: rates(GYM),
        alternatives=[lambda: [now / before for before, now in zip(GYM, GYM[1:])], lambda: np.exp(np.diff(np.log(GYM)))],
        conventions=[Convention("three decimals", lambda: rates(GYM).round(3))],
        nudge="Not yet: in each year, divide those left at the end by those who were there at the start of that year.",
        mistakes=[
            Mistake("survival", lambda: GYM[1:] / GYM[0],
                    "That is survival, the share of all 4,000; a retention rate has those left at the start of the year below the line.",
                    excluded_by="yearly **retention rates**"),
            Mistake("churn", lambda: 1 - rates(GYM),
                    "Those are the shares that left (churn); give the shares that renewed.", excluded_by="yearly **retention rates**"),
            Mistake("lost, of all acquired", lambda: -np.diff(GYM) / GYM[0],
                    "Those are the members lost in each year as a share of the first 4,000; give the share of each year's members who stayed."),
            Mistake("backwards", lambda: rates(GYM)[::-1],
                    "The rates are right, the order is not: begin with year 1."),
            Mistake("lost, of those left", lambda: -np.diff(GYM) / GYM[1:],
                    "You divided the members lost by those left at the end; divide those left at the end by those there at the start."),
            Mistake("average a year", lambda: (GYM[1:] / GYM[0]) ** (1 / np.arange(1, 6)),
                    "Those are average rates since the start; give the rate of each year by itself.", excluded_by="five yearly"),
            Mistake("two decimals", lambda: rates(GYM).round(2),
                    "Two decimals are not enough here: give three or more.", excluded_by="Three decimals or more"),
        ],
    ),
    Array(
        id="03.left", objective="03.1", points=1, shape=(4,), low=0, high=2000, tolerance=0.6,
        what="the members left at the end of each of the four years",
        answer=lambda: 2000 * RIVAL.cumprod(),
        alternatives=[members, lambda: np.exp(np.log(2000) + np.log(RIVAL).cumsum())],
        conventions=[
            Convention("whole members", lambda: (2000 * RIVAL.cumprod()).round()),
            Convention("whole members, made whole each year", lambda: members(round)),
            Convention("whole members, cut off each year", lambda: members(lambda number: int(number + 1e-9))),
        ],
        nudge="Not yet: each year's rate applies to those left the year before, so multiply the rates one after the other.",
        mistakes=[
            Mistake("each rate of all acquired", lambda: 2000 * RIVAL,
                    "You applied each rate to all 2,000; it applies to those who are left from the year before."),
            Mistake("first rate for ever", lambda: 2000 * 0.55 ** np.arange(1, 5),
                    "You used the first year's rate every year; each year has its own."),
            Mistake("average rate", lambda: 2000 * RIVAL.mean() ** np.arange(1, 5),
                    "You used the average of the four rates every year; each year has its own."),
            Mistake("rate to a power", lambda: 2000 * RIVAL ** np.arange(1, 5),
                    "You raised each year's rate to a power, as if it had held from the start; multiply the different rates."),
            Mistake("the lost", lambda: -np.diff(np.append(2000, 2000 * RIVAL.cumprod())),
                    "Those are the members lost in each year; give those who are left."),
            Mistake("a share", lambda: RIVAL.cumprod(),
                    "Those are shares; the question asks for members, out of 2,000.", excluded_by="How many are **left**"),
            Mistake("lost so far", lambda: 2000 - 2000 * RIVAL.cumprod(),
                    "Those are the members lost so far; give those who are left.", excluded_by="How many are **left**"),
            Mistake("one year late", lambda: 2000 * np.append(1, RIVAL[:3].cumprod()),
                    "You began with the 2,000 at the start; give the ends of years 1 to 4.",
                    excluded_by="at the end of each of the four years"),
            Mistake("lost rates multiplied", lambda: 2000 * (1 - RIVAL).cumprod(),
                    "You multiplied the shares that leave; multiply the shares that stay."),
        ],
    ),
    Array(
        id="03.two-types", objective="03.2", points=2, shape=(5,), low=0, high=1, tolerance=0.0006,
        what="the cohort's retention rates of years 1 to 5",
        answer=lambda: rates(two_types()),
        alternatives=[rates_of_the_mix, rates_one_from_the_other],
        conventions=[
            Convention("three decimals", lambda: rates(two_types()).round(3)),
            Convention("whole customers", lambda: rates(two_types().round())),
        ],
        nudge="Not yet: count both types year by year, add them up, and only then divide one year's total by the year before's.",
        mistakes=[
            Mistake("mix frozen", lambda: np.full(5, 0.9 / 3 + 0.5 * 2 / 3),
                    "You kept the mix of the first year for ever; the two types are lost at different speeds, so the mix changes."),
            Mistake("plain average", lambda: np.full(5, 0.7),
                    "You averaged the two rates; there are more customers of one type than of the other, and the mix changes."),
            Mistake("survival", lambda: two_types()[1:] / 15_000,
                    "That is survival, the share of all 15,000; divide by those left the year before."),
            Mistake("types swapped", lambda: rates(two_types(good=10_000, rest=5000)),
                    "You have the two types the wrong way round: look again at which rate goes with 5,000 customers and which with 10,000."),
            Mistake("equal types", lambda: rates(two_types(good=1, rest=1)),
                    "You took the two types as equally many; they are 5,000 and 10,000."),
            Mistake("years 2 to 6", lambda: rates(two_types(7))[1:],
                    "These are the rates of years 2 to 6: begin with the first renewal.", excluded_by="in years 1 to 5"),
            Mistake("the toy's rates", lambda: rates(5000 * 0.8 ** np.arange(6) + 10_000 * 0.4 ** np.arange(6)),
                    "You took the rates of the toy, 0.8 and 0.4; here they are 0.9 and 0.5."),
            Mistake("average since the start", lambda: (two_types()[1:] / 15_000) ** (1 / np.arange(1, 6)),
                    "Those are average rates since the start; give the rate of each year by itself."),
            Mistake("churn", lambda: 1 - rates(two_types()),
                    "Those are the shares that leave; give the shares that renew.", excluded_by="Give the retention rates"),
            Mistake("share of good customers", lambda: good_after(np.arange(1, 6)),
                    "That is the share of the better type among those left; give the share of all who renew."),
            Mistake("two decimals", lambda: rates(two_types()).round(2),
                    "Two decimals are not enough here: give three or more.", excluded_by="Three decimals or more"),
        ],
    ),
    Function(
        id="03.log-likelihood", objective="03.3", points=3, tolerance=1e-3,
        what="your function log_likelihood",
        probes=[(0.5, 1.5, [100, 70, 55, 48]), (2.0, 3.0, [10, 6, 4]), (1.3, 0.7, [50, 15, 9, 7, 6])],
        hidden=lambda rng: [(float(a), float(b), np.sort(rng.integers(1, 900, n))[::-1].tolist())
                            for a, b, n in ((0.7, 1.2, 8), (0.25, 4.0, 5), (3.5, 0.6, 3), (1.1, 2.2, 13), (6.0, 20.0, 6))],
        answer=log_likelihood,
        alternatives=[by_recursion, by_the_library],
        nudge="Not yet: on the toy, log_likelihood(1, 1, np.array([6, 3, 2])), it has to return what the cell above printed; compute S first, then its differences.",
        mistakes=[
            Mistake("not weighted", not_weighted,
                    "Each logarithm counts once in yours; it counts as often as there are customers to whom it happened."),
            Mistake("survivors not counted", survivors_not_counted,
                    "The last term counts once in yours; it counts for each of the customers who are still there."),
            Mistake("base 2", lambda *given: log_likelihood(*given) / np.log(2),
                    "That is the logarithm to base 2; take the natural one, np.log.", excluded_by="with the natural logarithm"),
            Mistake("weights of the start of the year", those_at_the_start,
                    "In the sum you weight with the customers at the start of each year; those who were lost in it belong there."),
            Mistake("left at the last renewal", left_at_the_last,
                    "For those still there you take the probability of leaving at the last renewal; they made it."),
            Mistake("lost with the wrong sign", lost_with_the_wrong_sign,
                    "Your numbers of lost customers are negative: lost are those before less those after."),
            Mistake("those still there are left out", without_those_still_there,
                    "The customers who are still there after the last year are missing: they tell something too."),
            Mistake("counts those left, not those lost", those_left_for_those_lost,
                    "In the sum you weight with the customers who are left; those who were lost in the year belong there."),
            Mistake("churn in place of P(T=t)", churn_for_probability,
                    "For those lost you take the probability of leaving among those still there; they also had to renew until then."),
            Mistake("t not lowered by one", one_year_late,
                    "Your rates are one year ahead: in year 1, with t − 1 = 0, the rate is beta / (alpha + beta)."),
            Mistake("alpha and beta swapped", lambda alpha, beta, survivors: log_likelihood(beta, alpha, survivors),
                    "Alpha and beta have changed places: beta counts renewals, and stands above the line in the retention rate."),
            Mistake("one coin for all", one_coin_for_all,
                    "You let all customers leave with the mean probability at every renewal; the rate changes with t."),
            Mistake("S(t) in place of P(T=t)", logarithm_of_survival,
                    "For those lost at renewal t you take the probability of being there after it; take that of leaving at it."),
            Mistake("last rate only", last_rate_only,
                    "For those still there you take the last year's rate alone; they have made every renewal."),
            Mistake("everybody still there", everybody_still_there,
                    "In the last term stand all customers acquired; only those left after the last year belong there."),
            Mistake("sign", lambda *given: -log_likelihood(*given),
                    "The sign is turned: logarithms of probabilities are negative (turn it only when you minimise).",
                    excluded_by="Return $\\ln L$"),
            Mistake("base 10", lambda *given: log_likelihood(*given) / np.log(10),
                    "That is the logarithm to base 10; take the natural one, np.log.", excluded_by="with the natural logarithm"),
            Mistake("per customer", lambda alpha, beta, survivors: log_likelihood(alpha, beta, survivors) / survivors[0],
                    "You divided by the number of customers; the log-likelihood is the sum over all of them.",
                    excluded_by="by the formula above"),
            Mistake("with the multinomial coefficient", with_the_ways_to_order,
                    "You counted in how many orders the customers could have left; the formula here leaves that constant out.",
                    excluded_by="by the formula above"),
        ],
    ),
    Array(
        id="03.high-end-fit", objective="03.3", points=2, shape=(3,), low=0, tolerance=0.002,
        what="alpha, beta and the share of High End after twelve years",
        answer=fit_and_forecast,
        alternatives=[by_the_scores, by_the_librarys_fit],
        conventions=[
            Convention("minimize by its default method", by_default_minimize),
            Convention("three decimals", lambda: np.round(fit_and_forecast(), 3)),
            Convention("two decimals", lambda: np.round(fit_and_forecast(), 2)),
            Convention("the forecast from rounded parameters", lambda: [*fitted().round(3), shares(*fitted().round(3), 12)[-1]]),
        ],
        nudge="Not yet: minimise the negative of your function on high_end, then multiply the twelve retention rates r_1 to r_12.",
        mistakes=[
            Mistake("all twelve years", lambda: fit_and_forecast(years=13),
                    "You fitted all twelve years; the forecast must not see years 8 to 12.", excluded_by="years 0 to 7"),
            Mistake("Regular", lambda: fit_and_forecast(name="regular"),
                    "That is the fit to Regular; the question is about High End."),
            Mistake("eleven renewals, or the data", lambda: fit_and_forecast(t=11),
                    "The parameters are right; the share is too high: multiply all twelve rates, r_1 to r_12, and give the forecast, not what happened."),
            Mistake("thirteen renewals", lambda: fit_and_forecast(t=13),
                    "The parameters are right; your share is that after thirteen renewals, so there is one rate too many in the product."),
            Mistake("year 7", lambda: fit_and_forecast(t=7),
                    "The parameters are right; your share is that of year 7, the last one seen, and the question asks for year 12."),
            Mistake("retention rate", lambda: [*fitted(), (fitted()[1] + 11) / (sum(fitted()) + 11)],
                    "The parameters are right; the third number is the retention rate of year 12, and the question asks for the share of all acquired."),
            Mistake("beta first", lambda: [fitted()[1], fitted()[0], fit_and_forecast()[2]],
                    "The values are right, the order is not: alpha first, then beta, then the share.",
                    excluded_by="alpha, beta, and the share"),
            Mistake("a percentage", lambda: [*fitted(), 100 * fit_and_forecast()[2]],
                    "The parameters are right; give the share as a number between 0 and 1, not as a percentage.",
                    excluded_by="the share of High End still there"),
            Mistake("those still there left out", lambda: fit_and_forecast(likelihood=without_those_still_there),
                    "This is what comes out when the customers still there after year 7 are left out of the likelihood."),
            Mistake("one year late", lambda: fit_and_forecast(likelihood=one_year_late),
                    "This is what comes out when the rates in the likelihood run one year ahead of those in the forecast."),
            Mistake("parameters of the wrong end", lambda: [20, 0.01, shares(20, 0.01, 12)[-1]],
                    "These lie at the ends of the bounds, where the likelihood is smallest: minimise its negative."),
            Mistake("those lost", lambda: [*fitted(), 1 - fit_and_forecast()[2]],
                    "The parameters are right; the third number is the share that has left, and the question asks for those still there.",
                    excluded_by="the share of High End still there"),
            Mistake("customers", lambda: [*fitted(), 1000 * fit_and_forecast()[2]],
                    "The parameters are right; give the share of the 1,000 customers, not their number."),
            Mistake("first rate for ever", lambda: [*fitted(), (fitted()[1] / sum(fitted())) ** 12],
                    "The parameters are right; you let the first year's rate hold for ever, and each year has its own."),
            Mistake("start values", lambda: [1, 1, shares(1, 1, 12)[-1]],
                    "These are the start values: take .x of what minimize returns, and give it the negative of the log-likelihood."),
        ],
    ),
    Array(
        id="03.regression-errors", objective="03.3", points=2, shape=(3,), tolerance=0.003,
        what="the relative errors of the line, the exponential and the parabola in year 12",
        answer=errors,
        alternatives=[lambda: errors_of(by_normal_equations), lambda: errors_of(by_projections)],
        conventions=[
            Convention("three decimals", lambda: errors().round(3)),
            Convention("two decimals", lambda: errors().round(2)),
        ],
        nudge="Not yet: fit each curve to years 0 to 7 in percent, evaluate it at 12, divide by the actual percentage of year 12 and take away 1.",
        mistakes=[
            Mistake("without year 0", lambda: errors(first=1),
                    "You left year 0 out of the fit; the curves above are fitted to years 0 to 7.",
                    excluded_by="fitted to High End's years 0 to 7"),
            Mistake("in points", lambda: curves() - group("high_end")[12],
                    "Those are differences in percentage points; divide by the actual value.", excluded_by="**relative errors**"),
            Mistake("in points, as shares", lambda: (curves() - group("high_end")[12]) / 100,
                    "Those are differences of the two shares; divide by the actual value."),
            Mistake("of the forecast", lambda: group("high_end")[12] / curves() - 1,
                    "You divided actual by forecast; it is the other way round."),
            Mistake("difference over forecast", lambda: 1 - group("high_end")[12] / curves(),
                    "You divided the difference by the forecast; divide it by the actual value.", excluded_by="forecast / actual − 1"),
            Mistake("sign", lambda: -errors(),
                    "The signs are turned: a forecast that is too low has a negative error.", excluded_by="forecast / actual − 1"),
            Mistake("sizes only", lambda: np.abs(errors()),
                    "The signs are missing: a forecast that is too low has a negative error.",
                    excluded_by="−0.1 is a forecast that is a tenth too low"),
            Mistake("percent", lambda: 100 * errors(),
                    "Those are per cent; give shares, so that a tenth too low is −0.1.",
                    excluded_by="−0.1 is a forecast that is a tenth too low"),
            Mistake("all years", lambda: errors(last=12),
                    "You fitted all twelve years; the curves must not see years 8 to 12."),
            Mistake("Regular", lambda: errors(name="regular"),
                    "Those are the errors for Regular; the question is about High End."),
            Mistake("year 11", lambda: errors(at=11),
                    "Those are the errors in year 11; the question is about year 12."),
            Mistake("forecasts in per cent", curves,
                    "Those are the forecasts; divide each by the actual value and take away 1."),
            Mistake("parabola first", lambda: errors()[::-1],
                    "The errors are right, the order is not: line, exponential, parabola.", excluded_by="in that order"),
            Mistake("share over per cent", lambda: curves() / 100 / group("high_end")[12] - 1,
                    "You divided shares by per cent; bring forecast and actual value to the same unit."),
            Mistake("Regular below the line", lambda: curves() / group("regular")[12] - 1,
                    "You divided by Regular's actual value; the curves are those of High End."),
            Mistake("ratio", lambda: errors() + 1,
                    "That is forecast / actual; take away 1."),
            Mistake("logarithm kept", errors_in_logarithms,
                    "The second forecast is still a logarithm: turn it back with np.exp before you compare."),
            Mistake("exponential fitted without logarithms", errors_of_a_curved_fit,
                    "You fitted the exponential to the percentages themselves; here it is a line through their logarithms.",
                    excluded_by="(a line through the logarithms)"),
        ],
    ),
    Scalar(
        id="03.own-chance", objective="03.5", points=1, low=0, high=1, tolerance=0.0008,
        what="the probability that this customer leaves at the fifth renewal",
        answer=lambda: 1 - 0.9 ** (5 ** high_end_c() - 4 ** high_end_c()),
        alternatives=[chance_by_hand, chance_of_a_narrow_beta],
        conventions=[
            Convention("three decimals", lambda: round(1 - 0.9 ** (5 ** high_end_c() - 4 ** high_end_c()), 3)),
            Convention("c as printed", lambda: 1 - 0.9 ** (5**1.724 - 4**1.724)),
            Convention("c with two decimals", lambda: 1 - 0.9 ** (5**1.72 - 4**1.72)),
        ],
        nudge="Not yet: divide the probability of making five renewals or more by that of making four or more; what is missing to 1 leaves.",
        mistakes=[
            Mistake("c is 1", 0.1,
                    "That is what it would be without any change: either c is left out, or 5 − 4 is raised to the power c."),
            Mistake("geometric", lambda: 0.9**4 * 0.1,
                    "That is the geometric distribution, seen from the start and without c; this customer has made four renewals, and c changes the fifth.",
                    excluded_by="According to the BdW fitted to High End"),
            Mistake("the cohort's", lambda: 1 - BetaDiscreteWeibullModel.fit((10 * group("high_end")[:8]).round()).retention_rate(5),
                    "That is the average of all customers who made four renewals; this one has a θ of 0.10.", excluded_by="this customer"),
            Mistake("one over c", lambda: 1 - 0.9 ** (5 ** (1 / high_end_c()) - 4 ** (1 / high_end_c())),
                    "You used 1/c; t is raised to the power c itself."),
            Mistake("over the wrong survival", lambda: (0.9 ** 4 ** high_end_c() - 0.9 ** 5 ** high_end_c()) / 0.9 ** 5 ** high_end_c(),
                    "You divided by the probability of making five renewals; this customer has made four so far."),
            Mistake("within five renewals", lambda: 1 - 0.9 ** 5 ** high_end_c(),
                    "That is the probability of leaving at any of the first five renewals; this customer has made four already."),
            Mistake("at the fifth, seen from the start", lambda: 0.9 ** 4 ** high_end_c() - 0.9 ** 5 ** high_end_c(),
                    "That is the probability, seen from the start, of leaving at the fifth renewal; this customer has made four already, so divide by the probability of that.",
                    excluded_by="if still there after four renewals"),
            Mistake("fourth renewal", lambda: 1 - 0.9 ** (4 ** high_end_c() - 3 ** high_end_c()),
                    "That is the fourth renewal; four have been made, and the fifth is the next."),
            Mistake("sixth renewal", lambda: 1 - 0.9 ** (6 ** high_end_c() - 5 ** high_end_c()),
                    "That is the sixth renewal; four have been made, and the fifth is the next."),
            Mistake("renews", lambda: 0.9 ** (5 ** high_end_c() - 4 ** high_end_c()),
                    "That is the probability that the customer renews; the question asks for leaving."),
            Mistake("Regular", lambda: 1 - 0.9 ** (5 ** regular_c() - 4 ** regular_c()),
                    "That is with Regular's c; the question is about High End."),
            Mistake("one year's power", lambda: 1 - 0.9 ** high_end_c(),
                    "You raised 0.9 to the power c; what counts is how much t to the power c grows from the fourth renewal to the fifth."),
            Mistake("survival to five", lambda: 0.9 ** 5 ** high_end_c(),
                    "That is the probability of making five renewals or more, seen from the start; the question asks for leaving at the fifth after making four."),
            Mistake("0.1 to the power", lambda: 0.1 ** (5 ** high_end_c() - 4 ** high_end_c()),
                    "Practically 0: the number to be raised is 1 − θ, the probability of renewing, not θ."),
            Mistake("two decimals", lambda: round(1 - 0.9 ** (5 ** high_end_c() - 4 ** high_end_c()), 2),
                    "Two decimals are not enough here: give three or more.", excluded_by="Three decimals or more"),
        ],
    ),
    Scalar(
        id="03.twice-renewed", objective="03.4", points=2, low=0, tolerance=0.4,
        what="the expected value in dollars of the payments still to come",
        answer=lambda: residual(good_after(2)),
        alternatives=[
            lambda: 100 * paid_in_years_to_come(5000 * 0.9**2, 10_000 * 0.5**2) / two_types()[2],
            lambda: 100 * value_by_the_library(5000 * 0.9**2, 10_000 * 0.5**2) / two_types()[2],
        ],
        conventions=[
            Convention("whole dollars", lambda: round(residual(good_after(2)))),
            Convention("the probability with three decimals", lambda: residual(0.618)),
        ],
        nudge="Not yet: find the probability of each type given two renewals, then average the two types' values with it, times the margin.",
        mistakes=[
            Mistake("mix of the new customers", lambda: residual(1 / 3),
                    "You used the mix at acquisition; two renewals tell you something about the type, so work out the mix of those who made them."),
            Mistake("one renewal", lambda: residual(good_after(1)),
                    "That is the mix after one renewal; this customer has made two."),
            Mistake("three renewals", lambda: residual(good_after(3)),
                    "That is the mix after three renewals; the third is still to come."),
            Mistake("one average rate", lambda: 100 * payments(0.9 * good_after(2) + 0.5 * (1 - good_after(2))),
                    "You averaged the rates and valued one customer with them, for ever; average the two types' values."),
            Mistake("discounted a year too much", lambda: residual(good_after(2)) / 1.1,
                    "You discounted the next payment; by the convention here it is due now.", excluded_by="the convention above"),
            Mistake("not discounted", lambda: residual(good_after(2), lambda r: r / (1 - r)),
                    "You left out the discount rate: payments further away are worth less.", excluded_by="$d$ = 10 %"),
            Mistake("this year's payment counted", lambda: residual(good_after(2)) + 100,
                    "Either you counted a payment that is made for certain (each one needs a renewal first), or you took the two types' shares the wrong way round.",
                    excluded_by="payments still to come"),
            Mistake("first payment certain, the rest a year later", lambda: residual(good_after(2), lambda r: 1 + r / (1.1 - r)),
                    "You take the next payment as certain; it is made only if the customer renews.", excluded_by="the convention above"),
            Mistake("without the margin", lambda: residual(good_after(2)) / 100,
                    "That is a number of payments; multiply by the margin of each.", excluded_by="in dollars"),
            Mistake("a good customer for sure", lambda: 100 * payments(0.9),
                    "That is the value of a customer known to be of the better type; two renewals make it likely, not certain."),
            Mistake("one rate for all, or not divided by the sum", lambda: 100 * payments(19 / 30),
                    "Either your two probabilities do not sum to 1 (divide each by that of renewing twice at all), or you valued everybody with one rate; average the values of the two types."),
            Mistake("discounted two years", lambda: residual(good_after(2)) / 1.21,
                    "You discounted back to the start; the value is asked for now, just before the third renewal."),
            Mistake("types equally likely", lambda: residual(0.5),
                    "You took both types as equally likely."),
            Mistake("shares not weighted", lambda: residual(0.81 / (0.81 + 0.25)),
                    "You left out that there are twice as many customers of the other type to begin with."),
            Mistake("discounted continuously", lambda: residual(good_after(2), lambda r: r / (1 - r * np.exp(-0.1))),
                    "You discounted continuously; here a payment in k years counts 1 / 1.1 to the power k.", excluded_by="the convention above"),
        ],
    ),
    Scalar(
        id="03.missed", objective="03.4", points=2, low=-1, high=1, tolerance=0.0005,
        what="the share of the value that one rate for all misses",
        answer=missed,
        alternatives=[missed_year_by_year, missed_by_the_library],
        conventions=[
            Convention("three decimals", lambda: round(missed(), 3)),
            Convention("whole customers", whole_customers),
            Convention("the next payment a year away", lambda: missed_by_the_library(payment="paid")),
        ],
        nudge="Not yet: count both types in each of the five cohorts (0 to 4 renewals), then value the whole base once with one rate and once type by type.",
        mistakes=[
            Mistake("of the smaller value", lambda: own_rates() / one_rate() - 1,
                    "You divided the gap by the value at one rate; divide it by the value at the types' own rates.",
                    excluded_by="does the first value fall short of the second"),
            Mistake("what is found", lambda: one_rate() / own_rates(),
                    "That is the share that one rate finds; the question asks for the share that it misses."),
            Mistake("first year's rate", lambda: missed(rates(two_types())[0]),
                    "Your one rate is that of the first renewal; take all four older cohorts together."),
            Mistake("plain average of the cohorts' rates", lambda: missed(np.divide(*cohorts()).mean()),
                    "Your one rate is the plain average over cohorts; add up the customers of all cohorts first, then divide.",
                    excluded_by="the four older cohorts together"),
            Mistake("newcomers in the denominator", lambda: missed(cohorts()[0].sum() / (cohorts()[1].sum() + WON[-1])),
                    "In your one rate the youngest cohort stands below the line; it was not up for renewal last year.",
                    excluded_by="the four older cohorts together"),
            Mistake("older by younger cohorts", lambda: missed(sum(base())[:-1].sum() / sum(base())[1:].sum()),
                    "In your one rate each cohort stands over the next younger one; divide a cohort by what that same cohort was a year earlier."),
            Mistake("of all acquired", lambda: missed(cohorts()[0].sum() / WON[:-1].sum()),
                    "Your one rate has all customers ever won below the line; take those who were up for renewal last year.",
                    excluded_by="those of them who were up for renewal"),
            Mistake("next year's rate", lambda: missed(next_year()),
                    "Your one rate is what the present base will do next; take what the firm has seen, last year's renewals.",
                    excluded_by="last year's aggregate retention rate"),
            Mistake("last cohort's rate", lambda: missed(np.divide(*cohorts())[0]),
                    "Your one rate is that of the oldest cohort; take all four older cohorts together."),
            Mistake("cohorts turned round", lambda: missed(won=WON[::-1]),
                    "Your cohorts are turned round: the oldest won 13,000 customers, the youngest 20,500."),
            Mistake("cohorts all alike", lambda: missed(won=np.full(5, WON.mean())),
                    "Did you take five equal cohorts, or the explorer's firm? Here the oldest cohort won 13,000 and the youngest 20,500."),
            Mistake("plain average of the types' rates", lambda: missed(0.7),
                    "Either your one rate is the plain average of the types' rates, or you took the types as equally many; a third of the new customers are of the better type."),
            Mistake("sign", lambda: -missed(),
                    "The sign is turned: give how far the first value falls short, as a positive share.",
                    excluded_by="By what share does the first value fall short"),
            Mistake("types swapped", lambda: 1 - swapped(one=True) / swapped(one=False),
                    "You have the two types the wrong way round: a third renew with 0.9, two thirds with 0.5."),
            Mistake("all ever won", lambda: 1 - WON.sum() * payments(cohorts()[0].sum() / cohorts()[1].sum())
                    / (WON.sum() / 3 * payments(0.9) + WON.sum() * 2 / 3 * payments(0.5)),
                    "You valued all customers ever won; value those who are still present.", excluded_by="Value the customers now present"),
            Mistake("one renewal too many", lambda: 1 - sum(later()) * payments(cohorts()[0].sum() / cohorts()[1].sum())
                    / (later()[0] * payments(0.9) + later()[1] * payments(0.5)),
                    "You let every cohort renew once more; the oldest has had four renewals, the youngest none yet."),
            Mistake("not discounted", lambda: missed(value=lambda r: r / (1 - r)),
                    "You left out the discount rate.", excluded_by="$d$ = 10 %, next payment due"),
            Mistake("a certain payment now", lambda: missed(value=lambda r: 1.1 / (1.1 - r)),
                    "You counted a payment from everybody now, before any renewal; each payment still to come needs a renewal first.",
                    excluded_by="next payment due"),
            Mistake("one cohort only", lambda: 1 - payments(rates(two_types(5))[0]) / (payments(0.9) / 3 + payments(0.5) * 2 / 3),
                    "You valued new customers only; the base holds four older cohorts too."),
            Mistake("two decimals", lambda: round(missed(), 2),
                    "Two decimals are not enough here: give three or more.", excluded_by="Three decimals or more"),
            Mistake("discounted continuously", lambda: missed(value=lambda r: r / (1 - r * np.exp(-0.1))),
                    "You discounted continuously; here a payment in k years counts 1 / 1.1 to the power k.", excluded_by="$d$ = 10 %, next payment due"),
        ],
    ),
    Written(id="03.decide", objective="03.5", points=4, what="whether a slide of rising retention shows that the loyalty programme works"),
]
