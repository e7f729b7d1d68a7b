"""Exercise bank of lesson 07. Every answer and every mistake is computed from the data."""

from functools import cache
from itertools import combinations

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import erfc, ndtr, ndtri

import ccx
from ccx.classroom.exercise import Array, Convention, Function, Mistake, Scalar, Written
from ccx.paradox import (Group, NoisyScore, ballast, combined, customer_revenue, efficient_mix, frontier, measured_group, minimum_variance,
                         risk_and_return, star_ballast, steadiness, tangency, tiers, zoom_needs_others)
from ccx.simulate import private_bank

CAP, STARS = 0.15, (100, 200, 400, 800)


@cache
def ledger():
    return private_bank(rng=2024)[0]


@cache
def by_client():
    return ledger().groupby("client_id")["margin"].sum()


def shares(values):
    return values / values.sum()


@cache
def effective_by_hand():
    """The squared sum over the sum of squares, with the ledger read row by row."""
    sums = {}
    for client, margin in zip(ledger()["client_id"], ledger()["margin"]):
        sums[client] = sums.get(client, 0) + margin
    return sum(sums.values()) ** 2 / sum(margin**2 for margin in sums.values())


def effective_by_spread():
    """The number of clients, over one plus the square of their c.v."""
    return len(by_client()) / (1 + by_client().var(ddof=0) / by_client().mean() ** 2)


def family():
    return ledger().groupby("client_id")["segment"].first() == "families"


@cache
def quarters(column):
    return ledger().groupby(["quarter", "segment"], sort=False)[column].sum().unstack()


@cache
def returns():
    return quarters("margin") / quarters("cost")


@cache
def today():
    return shares(quarters("cost").sum())


def target():
    return today() @ returns().mean()


def least_risk(covariance):
    return efficient_mix(returns().mean(), covariance, target())


def short_sales(held=(0, 1, 2, 3)):
    """Least risk at today's return with some of the segments when weights may be negative: two equations in Lagrange multipliers."""
    held = list(held)
    covariance = returns().cov().to_numpy()[np.ix_(held, held)]
    sides, weights = np.stack([np.ones(len(held)), returns().mean().to_numpy()[held]]), np.zeros(4)
    weights[held] = np.linalg.solve(covariance, sides.T) @ np.linalg.solve(sides @ np.linalg.solve(covariance, sides.T), [1, target()])
    return weights


def least_risk_by_trying():
    """Of each choice of segments that needs no negative weight, the one with the least risk."""
    mixes = [short_sales(held) for size in (2, 3, 4) for held in combinations(range(4), size)]
    return min((mix for mix in mixes if (mix >= 0).all()), key=lambda mix: mix @ returns().cov() @ mix)


@cache
def line():
    return frontier(returns().mean(), returns().cov(), 200)


def on_the_line(what, value):
    """The mix of the frontier with this ``mean`` or ``sd``, between its two nearest points."""
    return [np.interp(value, line()[what], line()[name]) for name in returns()]


def same_risk():
    """The mix on the frontier with today's risk."""
    return on_the_line("sd", risk_and_return(today(), returns().mean(), returns().cov())["sd"])


@cache
def best():
    tier = tiers(ccx.load("grocery"), until="2017-06-25")
    return customer_revenue(ccx.load("grocery"), tier.index[tier == "top"], start="2017-06-26")


@cache
def everybody():
    log = ccx.load("grocery")
    return customer_revenue(log, tiers(log, until="2017-06-25").index, start="2017-06-26")


def own():
    return best().var().sum()


def total():
    return best().sum(axis=1).var()


def own_share_by_hand():
    """Sums of squares around the mean, week by week."""
    around = lambda weeks: sum((week - sum(weeks) / len(weeks)) ** 2 for week in weeks)  # noqa: E731
    table = best().to_numpy().tolist()
    return sum(around(household) for household in zip(*table)) / around([sum(week) for week in table])


def focal(n):
    return Group(n=n, mean=100, sd=80, exposure=0.5)


def ratios(cap=CAP, other=(10, 12, 0.05), unit=lambda group, margin: margin / group.total, groups=focal, correlation=0.0):
    return [unit(groups(n), ballast(groups(n), Group(1, *other), cap, correlation)) for n in STARS]


def by_trying():
    """The smallest margin that holds the cap, found by halving."""
    found = []
    for n in STARS:
        low, high = 1.0, 100 * focal(n).total
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (low, middle) if combined(focal(n), Group(middle / 10, 10, 12, 0.05))["cv"] <= CAP else (middle, high)
        found.append(high / focal(n).total)
    return found


def by_quadratic():
    """With y the margin of the rest per dollar: cap² (1 + y)² = focal variance + own variance of the rest · y + (exposure of the rest · y)²."""
    found = []
    for n in STARS:
        square, linear, constant = CAP**2 - 0.05**2, 2 * CAP**2 - 12**2 / 10 / (100 * n), CAP**2 - 80**2 / (n * 100**2) - 0.5**2
        found.append((-linear + np.sqrt(linear**2 - 4 * square * constant)) / (2 * square))
    return found


def in_whole_customers():
    return ratios(unit=lambda group, margin: 10 * np.ceil(margin / 10) / group.total)


def group_cv(n, mean, sd, exposure):
    return np.sqrt(sd**2 / (n * mean**2) + exposure**2)


def group_cv_by_pairs(n, mean, sd, exposure):
    """n variances and the covariance of each of the n (n − 1) pairs."""
    shared = (mean * exposure) ** 2
    return np.sqrt(n * (sd**2 + shared) + n * (n - 1) * shared) / (n * mean)


def expected_value(score, mean, sd, noise):
    return mean + sd**2 / (sd**2 + noise**2) * (score - mean)


def expected_value_by_library(score, mean, sd, noise):
    return mean + NoisyScore(mean, sd, noise).reliability * (score - mean)


def expected_value_by_average(score, mean, sd, noise):
    """The mean of finely spaced true values, each weighed by how common it is and how well it fits the score."""
    margin = 8 * min(sd, noise)
    value = np.linspace(min(score, mean) - margin, max(score, mean) + margin, 20_001)
    fit = -(((value - mean) / sd) ** 2 + ((score - value) / noise) ** 2) / 2
    return np.average(value, weights=np.exp(fit - fit.max()))


def loss(swing=2.0, whole=None, slope=None):
    margins = quarters("margin")
    everyone, families = margins.sum(axis=1), margins["families"]
    slope = everyone.cov(families) / families.var() if slope is None else slope(everyone, families)
    return slope * swing * families.std() / (everyone.mean() if whole is None else whole(everyone, families))


def loss_by_hand():
    """The covariance of the families with each segment, over their standard deviation, added up."""
    table = quarters("margin").to_numpy()
    apart = table - table.mean(axis=0)
    families = apart[:, list(quarters("margin")).index("families")]
    return 2 * (families @ apart).sum() / np.sqrt(families @ families) / np.sqrt(len(table) - 1) / table.mean(axis=0).sum()


def loss_on_the_line():
    """What the line fitted through the forty quarters foretells for such a quarter."""
    everyone, families = quarters("margin").sum(axis=1), quarters("margin")["families"]
    return 1 - np.polyval(np.polyfit(families, everyone, 1), families.mean() - 2 * families.std()) / everyone.mean()


EXERCISES = [
    Scalar(
        id="07.effective", objective="07.1", points=1, low=0, tolerance=0.001,
        what="the effective number of clients",
        answer=lambda: ccx.effective_customers(by_client()),
        alternatives=[effective_by_hand, effective_by_spread],
        conventions=[
            Convention(name, lambda d=d: round(ccx.effective_customers(by_client()), d))
            for d, name in enumerate(("a whole number of clients", "one decimal", "two decimals", "three decimals"))
        ],
        nudge="Not yet: add up each client's margin over all quarters, turn the sums into shares of the whole, and take one over the sum of their squares.",
        mistakes=[
            Mistake("sum of squares", lambda: (shares(by_client()) ** 2).sum(),
                    "That is the sum of the squared shares (the Herfindahl index); the effective number is one over it."),
            Mistake("all names", lambda: len(by_client()),
                    "That is the number of names; clients who bring more than others make the effective number smaller."),
            Mistake("segments", lambda: ccx.effective_customers(quarters("margin").sum()),
                    "That is the effective number of segments: add up the margin by client, not by segment.",
                    excluded_by="by each client's margin"),
            Mistake("one over the largest", lambda: 1 / shares(by_client()).max(),
                    "That is one over the largest share; all clients count, each with the square of its share."),
            Mistake("rows of the ledger", lambda: 1 / (shares(ledger()["margin"]) ** 2).sum(),
                    "You took the rows of the ledger: a row is one client in one quarter, so add up the quarters of a client first.",
                    excluded_by="by each client's margin over all forty quarters"),
            Mistake("share of names", lambda: ccx.effective_customers(by_client()) / len(by_client()),
                    "You divided by the number of clients; the question asks for a number of clients.",
                    excluded_by="**effective number**"),
            Mistake("families only", lambda: ccx.effective_customers(by_client()[family()]),
                    "That is the effective number of the families alone; all clients of the bank are asked for.",
                    excluded_by="The bank has 570 clients"),
            Mistake("last quarter", lambda: 1 / (shares(ledger().query("quarter == 40")["margin"]) ** 2).sum(),
                    "That is the last quarter alone; add up all forty quarters of each client first.",
                    excluded_by="over all forty quarters"),
            Mistake("mean of the quarters", lambda: ledger().groupby("quarter")["margin"].apply(lambda margin: 1 / (shares(margin) ** 2).sum()).mean(),
                    "You averaged the effective numbers of the quarters; add up all forty quarters of each client first.",
                    excluded_by="over all forty quarters"),
            Mistake("costs taken off", lambda: 1 / (shares(by_client() - ledger().groupby("client_id")["cost"].sum()) ** 2).sum(),
                    "You took the cost off the margin; the margin is what is left after it."),
            Mistake("families' squares only", lambda: 1 / (shares(by_client())[family()] ** 2).sum(),
                    "You summed the squares of the families alone; the other 530 clients belong in the sum too."),
            Mistake("shares in per cent", lambda: ccx.effective_customers(by_client()) / 1e4,
                    "Your shares are in per cent; they have to sum to 1."),
            Mistake("costs", lambda: ccx.effective_customers(ledger().groupby("client_id")["cost"].sum()),
                    "You added up the costs; the question is about the margin.",
                    excluded_by="each client's margin"),
            Mistake("dollars, not shares", lambda: 1 / (by_client() ** 2).sum(),
                    "You squared dollars: divide by the whole first, so that the shares sum to 1."),
        ],
    ),
    Function(
        id="07.group-cv", objective="07.1", points=2, tolerance=5e-4,
        what="your function group_cv",
        probes=[(4, 100, 80, 0.2), (25, 10, 5, 0.0), (1, 20, 10, 0.3), (400, 2, 6, 0.1)],
        hidden=lambda rng: [(int(rng.integers(2, 500)), float(m), float(m * rng.uniform(0.2, 2)), float(rng.uniform(0.02, 0.8)))
                            for m in rng.uniform(1, 200, 8).round(2)],
        answer=group_cv,
        alternatives=[group_cv_by_pairs,
                      lambda n, mean, sd, exposure: np.sqrt(n * sd**2 + (n * mean * exposure) ** 2) / (n * mean),
                      lambda n, mean, sd, exposure: Group(n, mean, sd, exposure).cv if sd or exposure else 0.0],
        nudge="Not yet: take the root of the variance of the total and divide it by the mean of the total; the toy with four customers above should come out.",
        mistakes=[
            Mistake("variance", lambda n, mean, sd, exposure: (n * sd**2 + (n * mean * exposure) ** 2) / (n * mean),
                    "You divided the variance by the mean; take its square root first."),
            Mistake("squared", lambda n, mean, sd, exposure: sd**2 / (n * mean**2) + exposure**2,
                    "That is the square of the coefficient of variation: take the root."),
            Mistake("standard deviation", lambda n, mean, sd, exposure: np.sqrt(n * sd**2 + (n * mean * exposure) ** 2),
                    "That is the standard deviation of the total; divide it by the mean of the total."),
            Mistake("mean of one", lambda n, mean, sd, exposure: np.sqrt(n * sd**2 + (n * mean * exposure) ** 2) / mean,
                    "You divided by the mean of one customer: the total has the mean of n customers."),
            Mistake("own risks add up", lambda n, mean, sd, exposure: np.hypot(n * sd, n * mean * exposure) / (n * mean),
                    "You let the own risks add up as standard deviations; independent risks add up as variances, n times the variance of one."),
            Mistake("shock thins out too", lambda n, mean, sd, exposure: np.sqrt(n * sd**2 + n * (mean * exposure) ** 2) / (n * mean),
                    "You let the common shock thin out like the own risk; all feel it at once, so it counts with n squared in the variance."),
            Mistake("risks added", lambda n, mean, sd, exposure: sd / (np.sqrt(n) * mean) + exposure,
                    "You added the two parts as they are; their squares add up, and then comes the root."),
            Mistake("own risk only", lambda n, mean, sd, exposure: sd / (np.sqrt(n) * mean),
                    "The common shock is missing: it stays, however many customers there are."),
            Mistake("exposure in money", lambda n, mean, sd, exposure: np.sqrt(n * sd**2 + (n * exposure) ** 2) / (n * mean),
                    "The exposure is a share of the mean; the shock of the total in money is n times mean times exposure."),
            Mistake("divided by n squared", lambda n, mean, sd, exposure: np.hypot(sd / (n * mean), exposure),
                    "You let the own risk melt away too fast: its variance adds up n times, and is then divided by n squared."),
            Mistake("brackets", lambda n, mean, sd, exposure: np.sqrt(sd**2 / n * mean**2 + exposure**2),
                    "Brackets: n times mean squared stands below the line, so write / (n * mean**2)."),
            Mistake("exposure not squared", lambda n, mean, sd, exposure: np.sqrt(sd**2 / (n * mean**2) + exposure),
                    "The exposure has to be squared under the root."),
            Mistake("sd not squared", lambda n, mean, sd, exposure: np.sqrt(n * sd + (n * mean * exposure) ** 2) / (n * mean),
                    "The own standard deviation has to be squared before it goes into the variance."),
        ],
    ),
    Scalar(
        id="07.own-share", objective="07.1", points=2, low=0, tolerance=0.001,
        what="the share of the variance that would remain without anything in common",
        answer=lambda: own() / total(),
        alternatives=[lambda: np.trace(np.cov(best().T)) / np.cov(best().T).sum(), own_share_by_hand],
        conventions=[
            Convention("three decimals", lambda: round(own() / total(), 3)),
            Convention("n in place of n − 1", lambda: best().var(ddof=0).sum() / best().sum(axis=1).var(ddof=0)),
        ],
        nudge="Not yet: add up the variances of the columns, and divide by the variance of the weekly sums of the rows.",
        mistakes=[
            Mistake("standard deviations", lambda: np.sqrt(own() / total()),
                    "That is a ratio of standard deviations; the question asks for a share of the variance.",
                    excluded_by="Which share of the variance"),
            Mistake("the shared part", lambda: 1 - own() / total(),
                    "That is the part that the covariances carry; the question asks for the other part.",
                    excluded_by="would remain"),
            Mistake("upside down", lambda: total() / own(),
                    "You have it upside down: the variance of the total belongs below the line."),
            Mistake("sum of standard deviations", lambda: best().std().sum() / best().sum(axis=1).std(),
                    "You added up standard deviations; for independent households it is the variances that add up."),
            Mistake("mean of variances", lambda: best().var().mean() / total(),
                    "You took the mean of the households' variances; take their sum."),
            Mistake("mean household", lambda: best().var().sum() / best().mean(axis=1).var(),
                    "Below the line you have the variance of the average household; take that of the total."),
            Mistake("squared sum of standard deviations", lambda: best().std().sum() ** 2 / total(),
                    "You squared the sum of the standard deviations; take the sum of their squares."),
            Mistake("all households", lambda: everybody().var().sum() / everybody().sum(axis=1).var(),
                    "That is the share for all households; use the 24 in best.",
                    excluded_by="the 24 best households"),
            Mistake("two kinds of variance", lambda: own() / best().sum(axis=1).var(ddof=0),
                    "Above and below the line you used two kinds of variance (np.var divides by n, pandas by n − 1); use one."),
            Mistake("covariances over variances", lambda: total() / own() - 1,
                    "That is how much the covariances add to the sum of the variances; ask what the variances are of the whole."),
            Mistake("total of each household", lambda: own() / best().sum().var(),
                    "Below the line you added up the weeks of each household; add up the households of each week."),
            Mistake("from the group", lambda: (g := measured_group(best())).n * g.sd**2 / total(),
                    "You took the own risk of a measured group, which leaves out the shared part of each household's variance; take the variances themselves."),
            Mistake("per cent", lambda: 100 * own() / total(),
                    "These are per cent; give a share.",
                    excluded_by="Which share"),
            Mistake("between households", lambda: best().sum().var() / total(),
                    "Above the line you have how the households differ from each other; take how each one varies over the weeks."),
        ],
    ),
    Array(
        id="07.ballast", objective="07.2", points=2, shape=(4,), low=0, tolerance=0.001,
        what="the margin of the rest per dollar of focal margin, for 100, 200, 400 and 800 focal customers",
        answer=ratios,
        alternatives=[by_trying, by_quadratic],
        conventions=[
            Convention("two decimals", lambda: np.round(ratios(), 2)),
            Convention("three decimals", lambda: np.round(ratios(), 3)),
            Convention("as many customers as it takes, each of them whole", in_whole_customers),
        ],
        nudge="Not yet: for each number make the focal group, ask for its ballast at 0.15, and divide by the total margin of that same group.",
        mistakes=[
            Mistake("the limit", lambda: [0.5 / CAP - 1] * 4,
                    "That is the limit without own risks and with steady others; here both groups have risks of their own."),
            Mistake("margins", lambda: ratios(unit=lambda group, margin: margin),
                    "These are margins in all; divide each by the total margin of its focal group."),
            Mistake("customers", lambda: ratios(unit=lambda group, margin: margin / 10),
                    "These are numbers of other customers; the question asks for their margin per dollar of focal margin.",
                    excluded_by="**per dollar of focal margin**"),
            Mistake("customers per focal customer", lambda: ratios(unit=lambda group, margin: margin / 10 / group.n),
                    "These are other customers per focal customer; the question asks for margin per dollar of margin.",
                    excluded_by="**per dollar of focal margin**"),
            Mistake("margin per focal customer, or per cent", lambda: ratios(unit=lambda group, margin: margin / group.n),
                    "These are a hundred times too large: give dollars of the rest per dollar of focal margin, not per focal customer and not per cent.",
                    excluded_by="**per dollar of focal margin**"),
            Mistake("added to the fifty", lambda: ratios(groups=lambda n: focal(50 + n)),
                    "You added them to the 50 of the example; the firm has 100, 200, 400 and 800 in all.",
                    excluded_by="**100, 200, 400 and 800** of them in all"),
            Mistake("worth more, not more of them", lambda: ratios(groups=lambda n: Group(50, 2 * n, 80, 0.5)),
                    "You let 50 focal customers bring more each; the question is about more of them, each bringing 100.",
                    excluded_by="more focal customers of the same kind"),
            Mistake("focal own risk left out", lambda: ratios(groups=lambda n: Group(n, 100, 0, 0.5)),
                    "The focal customers have an own risk of 80 here; it seems to be missing."),
            Mistake("turned round", lambda: ratios()[::-1],
                    "The numbers are right, the order is not: 100 comes first.",
                    excluded_by="**100, 200, 400 and 800**"),
            Mistake("share of the whole", lambda: ratios(unit=lambda group, margin: margin / (margin + group.total)),
                    "These are shares of the whole margin; the question asks for margin of the rest per dollar of focal margin.",
                    excluded_by="**per dollar of focal margin**"),
            Mistake("upside down", lambda: ratios(unit=lambda group, margin: group.total / margin),
                    "You have it upside down: focal margin per dollar of the rest.",
                    excluded_by="from the rest **per dollar of focal margin**"),
            Mistake("always by the first group", lambda: ratios(unit=lambda group, margin: margin / focal(100).total),
                    "You divided all four by the margin of the first 100; each group has a margin of its own."),
            Mistake("the fifty each time", lambda: [ballast(focal(50), Group(1, 10, 12, 0.05), CAP) / focal(50).total] * 4,
                    "That is four times the ratio for the 50 focal customers of the example; make a focal group of each size."),
            Mistake("by the fifty", lambda: ratios(unit=lambda group, margin: margin / focal(50).total),
                    "You divided by the margin of the 50 focal customers of the example; divide by that of the group itself."),
            Mistake("others without own risk", lambda: ratios(other=(10, 0, 0.05)),
                    "The other customers have an own risk of 12 here; it seems to be missing."),
            Mistake("others without a shock", lambda: ratios(other=(10, 12, 0.0)),
                    "The other customers have an exposure of 0.05; it seems to be missing."),
        ],
    ),
    Scalar(
        id="07.boundary", objective="07.3", points=2, low=0, high=1, tolerance=0.0002,
        what="the probability of ruin below which the firm needs more of the others",
        answer=lambda: 1 - ndtr(1 / 0.4),
        alternatives=[
            lambda: erfc(2.5 / np.sqrt(2)) / 2,
            lambda: quad(lambda z: np.exp(-(z**2) / 2), 1 / 0.4, np.inf)[0] / np.sqrt(2 * np.pi),
            lambda: brentq(lambda p: zoom_needs_others(0.4, p) - 0.5, 1e-6, 0.4),
        ],
        conventions=[
            Convention("four decimals", lambda: round(1 - ndtr(2.5), 4)),
            Convention("three decimals", lambda: round(1 - ndtr(2.5), 3)),
        ],
        nudge="Not yet: find the z that makes z times 0.4 equal to 1, then the probability that a normal value lies above it.",
        mistakes=[
            Mistake("the wrong tail", lambda: ndtr(1 / 0.4),
                    "That is the probability of *not* falling short; the question asks for the other tail."),
            Mistake("two tails", lambda: 2 * (1 - ndtr(1 / 0.4)),
                    "You counted both tails; only a bad year ruins the firm."),
            Mistake("exposure as z", lambda: 1 - ndtr(0.4),
                    "You took the exposure itself for z; the boundary lies where z times the exposure is 1."),
            Mistake("one minus exposure", lambda: 1 - ndtr(1 - 0.4),
                    "You took one minus the exposure for z; the boundary lies where z times the exposure is 1."),
            Mistake("z", lambda: 0.4 * ndtri(0.99),
                    "That is z times the exposure at 1 %; turn it round and ask for the probability at which it is 1."),
            Mistake("half", lambda: (1 - ndtr(1 / 0.4)) / 2,
                    "You halved the probability; one tail is the whole of it."),
            Mistake("the boundary at 1 %", 0.01,
                    "At 1 % z is 2.33 and the boundary lies at an exposure of 0.43; for this firm find z from its exposure."),
            Mistake("z at 1 % times the exposure", lambda: 1 - ndtr(0.4 * ndtri(0.99)),
                    "You took z at 1 % times the exposure for a new z; ask at which z that product is 1."),
            Mistake("exposure of the example", lambda: 1 - ndtr(1 / 0.5),
                    "That is the boundary for an exposure of 0.5; this firm has 0.4."),
            Mistake("a quantile", lambda: ndtri(1 - 0.4),
                    "You took a quantile of the exposure; find z first, then ask for a probability with ndtr."),
            Mistake("per cent", lambda: 100 * (1 - ndtr(1 / 0.4)),
                    "That is in per cent; give a probability between 0 and 1.",
                    excluded_by="probability of ruin $p$"),
        ],
    ),
    Scalar(
        id="07.billionaires", objective="07.3", points=1, low=0, tolerance=0.001,
        what="the largest own risk that four stars may have",
        answer=lambda: np.sqrt(4 * (CAP**2 - 0.05**2)),
        alternatives=[
            lambda: brentq(lambda own: Group(4, 1, own, 0.05).cv - CAP, 0, 1),
            lambda: brentq(lambda own: (star_ballast(4, own, 0.05, 0.01, 0, CAP) > 0) - 0.5, 0, 1),
        ],
        conventions=[Convention("three decimals", lambda: round(np.sqrt(4 * (CAP**2 - 0.05**2)), 3))],
        nudge="Not yet: set the square of the firm's c.v., the shared risk squared plus the own risk squared over four, equal to the square of the cap, and solve.",
        mistakes=[
            Mistake("one star", lambda: np.sqrt(CAP**2 - 0.05**2),
                    "That is what one star alone may have; with four, luck cancels out in part.",
                    excluded_by="with these four alone"),
            Mistake("four times", lambda: 4 * np.sqrt(CAP**2 - 0.05**2),
                    "You multiplied by four outside the root; own variances add up, so it belongs under the root."),
            Mistake("no shared risk", lambda: np.sqrt(4) * CAP,
                    "You left out the shared risk: it takes up part of the cap."),
            Mistake("not squared", lambda: np.sqrt(4) * (CAP - 0.05),
                    "You subtracted the risks themselves; it is their squares that add up."),
            Mistake("shared risk thins out too", lambda: np.sqrt(4 * CAP**2 - 0.05**2),
                    "You let the shared risk thin out with four stars; it does not, so it comes off the cap before the four multiplies."),
            Mistake("the square", lambda: 4 * (CAP**2 - 0.05**2),
                    "That is the square of the own risk: take the root."),
            Mistake("risks added", lambda: np.sqrt(4 * (CAP**2 + 0.05**2)),
                    "You added the shared risk to the cap; what the stars share leaves less room for their own risk."),
            Mistake("per cent", lambda: 100 * np.sqrt(4 * (CAP**2 - 0.05**2)),
                    "That is in per cent; give a share of what a star brings."),
            Mistake("what is left of the cap", lambda: CAP - 0.05,
                    "You took the shared risk off the cap; their squares add up, and four stars thin out their own risk."),
            Mistake("divided by four", lambda: np.sqrt((CAP**2 - 0.05**2) / 4),
                    "You divided by four where you have to multiply: four stars may each have more own risk than one, not less."),
        ],
    ),
    Function(
        id="07.expected-value", objective="07.4", points=2, tolerance=0.005,
        what="your function expected_value",
        probes=[(180, 100, 40, 40), (60, 100, 40, 20), (0.5, 1.0, 0.5, 2.0), (250, 100, 30, 10)],
        hidden=lambda rng: [tuple(float(v) for v in (rng.uniform(0, 300), rng.uniform(50, 150), rng.uniform(10, 60), rng.uniform(5, 90)))
                            for _ in range(8)],
        answer=expected_value,
        alternatives=[expected_value_by_library, expected_value_by_average,
                      lambda score, mean, sd, noise: (sd**2 * score + noise**2 * mean) / (sd**2 + noise**2),
                      lambda score, mean, sd, noise: score - noise**2 / (sd**2 + noise**2) * (score - mean)],
        nudge="Not yet: with hardly any noise your function should return the score itself, with very much noise the mean, and with noise as large as sd half of the way.",
        mistakes=[
            Mistake("the score", lambda score, mean, sd, noise: score,
                    "You trust the score as it stands; part of its distance from the mean is luck."),
            Mistake("the mean", lambda score, mean, sd, noise: mean,
                    "You throw the score away; the reliable part of its distance from the mean counts."),
            Mistake("reliability turned round", lambda score, mean, sd, noise: mean + noise**2 / (sd**2 + noise**2) * (score - mean),
                    "Your reliability is turned round: with much noise the expectation should come close to the mean."),
            Mistake("not squared", lambda score, mean, sd, noise: mean + sd / (sd + noise) * (score - mean),
                    "You used standard deviations in the reliability; it is a ratio of variances."),
            Mistake("root of the reliability", lambda score, mean, sd, noise: mean + np.sqrt(sd**2 / (sd**2 + noise**2)) * (score - mean),
                    "You took the root of the reliability (the correlation); the fraction itself belongs there."),
            Mistake("shrunk to zero", lambda score, mean, sd, noise: sd**2 / (sd**2 + noise**2) * score,
                    "You shrink towards 0; shrink the distance from the mean, and add the mean again."),
            Mistake("mean forgotten", lambda score, mean, sd, noise: sd**2 / (sd**2 + noise**2) * (score - mean),
                    "That is the expected distance from the mean; add the mean."),
            Mistake("ratio of variances", lambda score, mean, sd, noise: mean + sd**2 / (sd**2 + noise**2 + sd**2) * (score - mean),
                    "One variance too many stands below the line: it holds the true variance once and that of the noise once."),
            Mistake("signal over noise", lambda score, mean, sd, noise: mean + sd**2 / noise**2 * (score - mean),
                    "You divided by the variance of the noise alone; both variances stand below the line."),
            Mistake("noise not squared", lambda score, mean, sd, noise: mean + sd**2 / (sd**2 + noise) * (score - mean),
                    "The noise has to be squared as well."),
            Mistake("brackets", lambda score, mean, sd, noise: mean + (1 + noise**2) * (score - mean),
                    "Brackets: both variances stand below the line, so write / (sd**2 + noise**2)."),
            Mistake("reliability alone", lambda score, mean, sd, noise: sd**2 / (sd**2 + noise**2),
                    "That is the reliability; use it to shrink the distance of the score from the mean."),
            Mistake("the wrong way", lambda score, mean, sd, noise: mean - sd**2 / (sd**2 + noise**2) * (score - mean),
                    "A score above the mean should raise the expectation: mind the sign."),
            Mistake("mean added to the score", lambda score, mean, sd, noise: mean + sd**2 / (sd**2 + noise**2) * score,
                    "You took the score itself and not its distance from the mean."),
        ],
    ),
    Array(
        id="07.mix", objective="07.5", points=2, shape=(4,), tolerance=0.002,
        what="the weights of families, entrepreneurs, professionals and savers",
        answer=lambda: least_risk(returns().cov()),
        alternatives=[lambda: on_the_line("mean", target()), least_risk_by_trying],
        conventions=[
            Convention("three decimals", lambda: least_risk(returns().cov()).round(3)),
            Convention("returns in per cent", lambda: least_risk(returns().cov() * 1e4)),
            Convention("covariances that divide by n", lambda: least_risk(returns().cov(ddof=0))),
            Convention("today's return from the sums of ten years", lambda: efficient_mix(
                returns().mean(), returns().cov(), quarters("margin").to_numpy().sum() / quarters("cost").to_numpy().sum())),
        ],
        nudge="Not yet: today's return is the mean of today's mix; ask for the mix with the least risk among those that bring just that.",
        mistakes=[
            Mistake("today's mix", lambda: today(),
                    "These are today's weights; another mix brings the same return with less risk."),
            Mistake("least risk of all", lambda: minimum_variance(returns().cov()),
                    "That mix has the least risk of all, and brings less than today's; keep today's return."),
            Mistake("most return per risk", lambda: tangency(returns().mean(), returns().cov()),
                    "That mix has the most return per unit of risk, not today's return."),
            Mistake("equal weights", lambda: [0.25] * 4,
                    "These are equal weights: they bring another return and are not the least risky."),
            Mistake("short sales", short_sales,
                    "A weight is negative, as if customers could be sold short: weights are zero or more."),
            Mistake("correlations", lambda: least_risk(returns().corr()),
                    "You used correlations; without the segments' own variances risk is not measured."),
            Mistake("the mean of the returns", lambda: efficient_mix(returns().mean(), returns().cov(), returns().mean().mean()),
                    "You aimed at the plain average of the four returns; today's return weights them with today's mix.",
                    excluded_by="**today's return**"),
            Mistake("margins, not returns", lambda: efficient_mix(returns().mean(), quarters("margin").cov(), target()),
                    "Your covariance is that of the margins in dollars; take that of the returns."),
            Mistake("per cent", lambda: 100 * least_risk(returns().cov()),
                    "These are per cent; give weights that sum to 1."),
            Mistake("the same risk", same_risk,
                    "That mix has today's risk and more return; the question asks for today's return and less risk.",
                    excluded_by="**today's return**"),
            Mistake("backwards", lambda: least_risk(returns().cov())[::-1],
                    "The weights are right but turned round: families first, savers last.",
                    excluded_by="in the order of `mean`"),
            Mistake("a quarter", lambda: efficient_mix(returns().mean(), returns().cov(), 0.25),
                    "You aimed at a rounded return of 0.25; use today's return unrounded.",
                    excluded_by='(`now["mean"]`)'),
            Mistake("segments in another order", lambda: least_risk(returns().cov()).sort_index(),
                    "The weights are right but in another order: families, entrepreneurs, professionals, savers.",
                    excluded_by="in the order of `mean`"),
            Mistake("shares of the margin", lambda: efficient_mix(returns().mean(), returns().cov(),
                                                                   shares(quarters("margin").sum()) @ returns().mean()),
                    "You weighted the returns with shares of the margin; a segment's weight is its share of the spending.",
                    excluded_by='(`now["mean"]`)'),
        ],
    ),
    Scalar(
        id="07.stress", objective="07.5", points=2, low=0, tolerance=0.001,
        what="the share of its mean margin that the bank expects to lose",
        answer=loss,
        alternatives=[loss_by_hand, loss_on_the_line],
        conventions=[Convention("three decimals", lambda: round(loss(), 3))],
        nudge="Not yet: two standard deviations of the families, times the slope b, over the mean of the total.",
        mistakes=[
            Mistake("families alone", lambda: loss(slope=lambda everyone, families: 1),
                    "That is what the families lose themselves; the others move along with them, which the slope b tells."),
            Mistake("the total's own swing", lambda: loss(slope=lambda everyone, families: everyone.std() / families.std()),
                    "That is two standard deviations of the total; the question is what a bad quarter of the families alone brings about."),
            Mistake("one standard deviation", lambda: loss(swing=1),
                    "That is one standard deviation; the question asks for two.",
                    excluded_by="two standard deviations less"),
            Mistake("of the families' margin", lambda: loss(whole=lambda everyone, families: families.mean()),
                    "You divided by the families' mean margin; divide by that of the whole bank.",
                    excluded_by="**mean total margin**"),
            Mistake("families alone, of their margin", lambda: 2 * quarters("margin")["families"].std() / quarters("margin")["families"].mean(),
                    "That is the families' own loss per dollar of their own margin; the question is about the whole bank, others included.",
                    excluded_by="**mean total margin**"),
            Mistake("correlation", lambda: loss(slope=lambda everyone, families: everyone.corr(families)),
                    "You used the correlation for the slope; the slope is the covariance over the variance of the families."),
            Mistake("slope turned round", lambda: loss(slope=lambda everyone, families: everyone.cov(families) / everyone.var()),
                    "Your slope divides by the variance of the total; the shock comes from the families, so divide by theirs."),
            Mistake("only the others", lambda: loss(slope=lambda everyone, families: everyone.cov(families) / families.var() - 1),
                    "That is what the others lose; the families' own loss belongs to it."),
            Mistake("the beta of steadiness", lambda: loss(slope=lambda everyone, families: steadiness(quarters("margin")).loc["families", "beta"]),
                    "You took the beta of the table, which says how the families move with the whole, in per cent; here the whole moves with the families."),
            Mistake("two kinds of spread", lambda: loss() * np.sqrt(39 / 40),
                    "You used np.std, which divides by n; use .std() of pandas, as the question says.",
                    excluded_by="use `.std()`, `.cov()` and `.var()` as pandas has them"),
            Mistake("slope times the total's swing", lambda: loss() * quarters("margin").sum(axis=1).std() / quarters("margin")["families"].std(),
                    "You multiplied the slope by the standard deviation of the total; the shock is that of the families."),
            Mistake("returns", lambda: 2 * returns().sum(axis=1).cov(returns()["families"]) / returns()["families"].std() / returns().sum(axis=1).mean(),
                    "You used the table of returns; use margins.",
                    excluded_by="from the table `margins`"),
            Mistake("in money", lambda: loss(whole=lambda everyone, families: 1),
                    "That is the loss in thousand dollars; divide it by the bank's mean total margin."),
            Mistake("per cent", lambda: 100 * loss(),
                    "That is in per cent; give a share.",
                    excluded_by="Give a positive share"),
            Mistake("over the swing of the total", lambda: 2 * quarters("margin")["families"].std() / quarters("margin").sum(axis=1).std(),
                    "You divided by the standard deviation of the total; divide by its mean."),
            Mistake("what is left", lambda: 1 - loss(),
                    "That is the share that is left; the question asks for the share that is lost."),
        ],
    ),
    Written(id="07.decide", objective="07.5", points=4, what="the balance between the families and the others"),
]
