"""Exercise bank of lesson 10. Every answer and every mistake is computed from the data."""

from dataclasses import replace
from functools import cache
from itertools import permutations

import numpy as np
import pandas as pd
from scipy.optimize import bisect, brentq
from scipy.special import betaln, hyp2f1, ndtri, roots_jacobi
from scipy.stats import ttest_ind

import ccx
from ccx import clv
from ccx.base_audit import decompose_growth
from ccx.classroom.exercise import Array, Convention, Function, Mistake, Scalar, Written
from ccx.simulate import subscription_disclosures

PRICE = 25


def log_shares(before, after):
    logs = np.log(np.divide(after, before))
    return logs / logs.sum()


def change(before, after):
    return np.subtract(after, before)


def one_at_a_time(before, after):
    """What the product would have gained had only this factor moved, as a share of what it gained."""
    return (np.divide(after, before) - 1) / (np.prod(after) / np.prod(before) - 1)


def in_turn(before, after):
    """Parts found by moving one factor after the other, in their order."""
    paths = [np.prod([*after[:i], *before[i:]]) for i in range(len(before) + 1)]
    return np.diff(paths) / (paths[-1] - paths[0])


def in_all_orders(before, after):
    """The mean of the parts found in turn, over all orders."""
    before, after, parts = np.array(before, float), np.array(after, float), []
    for order in map(list, permutations(range(len(before)))):
        parts.append(np.empty(len(before)))
        parts[-1][order] = in_turn(before[order], after[order])
    return np.mean(parts, axis=0)


def by_small_steps(before, after):
    """The first of a million equal steps of growth: so small that relative changes add up. No logarithm is taken."""
    return one_at_a_time(np.power(before, 1e-6), np.power(after, 1e-6))


def by_library(before, after):
    return decompose_growth(dict(zip("abcdef", before)), dict(zip("abcdef", after)))["share"].drop("product").to_numpy()


@cache
def shop():
    return ccx.audit(ccx.load("company"), margin="margin")


def factors(quarter, what="revenue", customers="active"):
    base, table = shop().whole_base.by_period.loc[quarter], shop().periods.loc[quarter]
    return np.array([base["known"], base[customers] / base["known"], table["orders"] / base[customers], table[what] / table["orders"]], dtype=float)


def four(share=log_shares, first="2024Q4", last="2025Q4", **kinds):
    return share(factors(first, **kinds), factors(last, **kinds))


def known_earlier(part):
    """The customers known before this part of the quarter's new ones had come, in place of those known at its end."""
    base, table = shop().whole_base.by_period, shop().periods
    rows = []
    for quarter in ("2024Q4", "2025Q4"):
        known, active = base.loc[quarter, "known"] - part * base.loc[quarter, "new"], base.loc[quarter, "active"]
        rows.append([known, active / known, table.loc[quarter, "orders"] / active, table.loc[quarter, "revenue"] / table.loc[quarter, "orders"]])
    return log_shares(*np.array(rows, dtype=float))


def new_for_known(kept):
    """The new customers as the first factor; the second is kept as it should be, or divides by them too."""
    new = shop().whole_base.by_period["new"]
    rows = [[new[quarter], (f := factors(quarter))[1] * (1 if kept else f[0] / new[quarter]), f[2], f[3]] for quarter in ("2024Q4", "2025Q4")]
    return log_shares(*rows)


@cache
def counted_in_the_log(quarter, order=("customer_id", "date")):
    """The four factors of a quarter, from the orders themselves; what a customer orders on a day is one order."""
    log = ccx.load("company")
    quarters = log["date"].dt.to_period("Q")
    known, now = log.loc[quarters <= pd.Period(quarter), "customer_id"].nunique(), log[quarters == pd.Period(quarter)]
    active, orders = now["customer_id"].nunique(), len(now.drop_duplicates(list(order)) if order else now)
    return known, active / known, orders / active, now["value"].sum() / orders


def from_three_factors():
    """The second lens has the customers as one factor; what the number of those known does not make of it, the active share does."""
    lens = shop().two_periods
    logs, known = lens.growth["log_ratio"], shop().whole_base.by_period["known"]
    more = np.log(known[lens.second] / known[lens.first])
    return np.array([more, logs["customers"] - more, logs["orders per customer"], logs["value per order"]]) / logs["product"]


def active_instead():
    """Four factors whose first is the active customers, so that their product is not the revenue."""
    rows = [[(f := factors(quarter))[0] * f[1], f[1], f[2], f[3]] for quarter in ("2024Q4", "2025Q4")]
    return log_shares(*rows)


@cache
def music():
    return ccx.audit(ccx.load("cdnow"), period="M")


@cache
def quality(days=365):
    return music().focus(days=days).cohorts.quality


def interval(first="1997-01", last="1997-03", reach=1.96, days=365, error=np.hypot):
    one, other = quality(days).loc[first], quality(days).loc[last]
    difference, half = one["value"] - other["value"], reach * error(one["standard_error"], other["standard_error"])
    return [difference - half, difference + half]


def unfair(error=None):
    """The interval of all that was spent so far, with its own standard errors or with others."""
    groups = music().customers.groupby("cohort")["revenue"]
    error, mean = groups.std() / np.sqrt(groups.size()) if error is None else error, groups.mean()
    difference, half = mean["1997-01"] - mean["1997-03"], 1.96 * np.hypot(error["1997-01"], error["1997-03"])
    return [difference - half, difference + half]


def shared_error():
    """With one standard deviation for all customers, as in a t-test with equal variances."""
    table = quality()
    variance = (table["standard_error"] ** 2 * table["customers"]).loc[["1997-01", "1997-03"]]
    n = table["customers"].loc[variance.index]
    half = 1.96 * np.sqrt((variance * n).sum() / n.sum() * (1 / n).sum())
    difference = table.loc["1997-01", "value"] - table.loc["1997-03", "value"]
    return [difference - half, difference + half]


@cache
def first_days(first=0, last=364):
    """What each January and each March customer spent from one day after the first purchase to another, from the log."""
    log = ccx.load("cdnow")
    start = log.groupby("customer_id")["date"].transform("min")
    counts = (log["date"] - start).dt.days.between(first, last)
    spent = (log["value"] * counts).groupby([start.dt.to_period("M"), log["customer_id"]]).sum()
    return [spent[pd.Period(month)].tolist() for month in ("1997-01", "1997-03")]


def student_t():
    """Welch's interval from SciPy, with the quantile of the t distribution."""
    return list(ttest_ind(*first_days(), equal_var=False).confidence_interval(0.95))


def from_sums(ddof=1, **days):
    """From sums and sums of squares, customer by customer."""
    means, variance = [], 0
    for spends in first_days(**days):
        n, total, squares = len(spends), sum(spends), sum(x * x for x in spends)
        means.append(total / n)
        variance += (squares - total**2 / n) / (n - ddof) / n
    return [means[0] - means[1] + sign * 1.96 * variance**0.5 for sign in (-1, 1)]


def bump(ages=(14, 13, 12), share=lambda before, now, after: 2 * now / (before + after) - 1, table="revenue_per_customer"):
    rows = getattr(music().cohorts, table)
    return [share(*rows.loc[cohort, [age - 1, age, age + 1]]) for cohort, age in zip(("1997-01", "1997-02", "1997-03"), ages)]


def counted(column):
    """The same with a sum over the cohort instead of revenue per customer won."""
    rows = music().cohorts.active if column == "active" else music().cohorts.revenue
    return [2 * rows.loc[c, a] / rows.loc[c, [a - 1, a + 1]].sum() - 1 for c, a in zip(("1997-01", "1997-02", "1997-03"), (14, 13, 12))]


def by_month(table):
    """The same from a table of revenue by cohort and month of the calendar."""
    return [table.loc[c, "1998-03"] / ((table.loc[c, "1998-02"] + table.loc[c, "1998-04"]) / 2) - 1 for c in ("1997-01", "1997-02", "1997-03")]


@cache
def monthly_revenue():
    """Revenue by month of the first purchase and month of the calendar, from the log."""
    log = ccx.load("cdnow")
    first = log.groupby("customer_id")["date"].transform("min")
    return log["value"].groupby([first.dt.strftime("%Y-%m"), log["date"].dt.strftime("%Y-%m")]).sum().unstack()


def per_active(before, now, after):
    """Revenue per customer who ordered in the month, given (revenue, customers) of each."""
    return 2 * (now[0] / now[1]) / (before[0] / before[1] + after[0] / after[1]) - 1


def bump_per_active():
    tables = [music().cohorts.revenue, music().cohorts.active]
    return [per_active(*([table.loc[c, a] for table in tables] for a in (age - 1, age, age + 1)))
            for c, age in zip(("1997-01", "1997-02", "1997-03"), (14, 13, 12))]


def survival(n, alpha, beta):
    t = np.arange(1, n)
    return np.concatenate([[1], np.cumprod((beta + t - 1) / (alpha + beta + t - 1))])


def part(values, n):
    return values[:n].sum() / values.sum()


def share_within(n, alpha, beta, rate, kept=survival, first=0, more=0, horizon=3000):
    return part((kept(horizon, alpha, beta) / (1 + rate) ** np.arange(horizon))[first:], n + more)


def one_churn(n, alpha, beta):
    return (1 - alpha / (alpha + beta)) ** np.arange(n)


def retention(n, alpha, beta):
    t = np.arange(1, n + 1)
    return (beta + t - 1) / (alpha + beta + t - 1)


@cache
def stayers(alpha, beta):
    """Probabilities of staying, and how much of the sBG's customers each of them stands for (Gauss–Jacobi)."""
    nodes, weights = roots_jacobi(120, alpha - 1, beta - 1)
    return (1 + nodes) / 2, weights / weights.sum()


def share_by_kind(n, alpha, beta, rate):
    """Each kind of customer brings a geometric series; averaged over the kinds."""
    stays, weights = stayers(alpha, beta)
    ratio = stays / (1 + rate)
    return weights @ ((1 - ratio**n) / (1 - ratio)) / (weights @ (1 / (1 - ratio)))


def share_in_closed_form(n, alpha, beta, rate):
    """Survival as a ratio of beta functions, the sum without end as a hypergeometric function."""
    t = np.arange(n)
    return np.exp(betaln(alpha, beta + t) - betaln(alpha, beta) - t * np.log1p(rate)).sum() / hyp2f1(1, beta, alpha + beta, 1 / (1 + rate))


@cache
def firm():
    """The disclosures, the terms, the additions and the two models of the lesson."""
    table, _ = subscription_disclosures(rng=10)
    given = clv.Assumptions(margin=0.6, acquisition_cost=320, discount_rate=0.10, fixed_cost=1e6, other_assets=2e7, debt=4e7)
    return table, given, clv.project_additions(table["add"]), clv.fit_disclosures(table), clv.constant_churn(table)


def value(model="sBG", additions=None, **changes):
    table, given, projected, fitted, one_rate = firm()
    return clv.value_firm(table, replace(given, **changes), projected if additions is None else additions, fitted if model == "sBG" else one_rate)


def new_customer(model, rate=None, cost=0.0):
    table, given, _, fitted, one_rate = firm()
    worth = (fitted if model == "sBG" else one_rate).discounted_expected_lifetime(given.quarterly_rate if rate is None else rate)
    return given.margin * clv.revenue_per_customer(table) * worth - cost


def bias(existing="existing", rate=None, cost=0.0, ratio=lambda naive, fitted: naive / fitted - 1):
    parts = [value(model)[existing] for model in ("one", "sBG")]
    return [ratio(*parts), ratio(*(new_customer(model, rate, cost) for model in ("one", "sBG")))]


def level(damping=0.0):
    return clv.project_additions(firm()[0]["add"], damping=damping)


def last_quarters(n=1):
    """Additions as in the last quarters of the table, not as the trend has it."""
    return level() * 0 + firm()[0]["add"].iloc[-n:].mean()


def future(share=lambda v: v["future"] / (v["existing"] + v["future"]), model="sBG", second=None, **changes):
    return [share(value(model, additions, **changes)) for additions in (None, level() if second is None else second)]


@cache
def implied(part="equity", model="sBG", shares=1e7, price=PRICE, **changes):
    def gap(rate):
        found = value(model, discount_rate=rate, **changes)
        parts = {"customer equity": ["existing", "future"], "operations": ["existing", "future", "fixed_costs"], "no debt": ["equity"]}
        amount = found[parts.get(part, [part])].sum() - (found["debt"] if part == "no debt" else 0)
        return amount / shares - price

    return brentq(gap, 0.01, 2.0)


def interpolated(first=0.10, second=0.12):
    low, high = (value(discount_rate=rate)["equity"] / 1e7 for rate in (first, second))
    return first + (second - first) * (low - PRICE) / (low - high)


# The valuation worked out anew, from the table and the two fitted models, in two ways


def payment():
    """What a customer pays a quarter, after variable costs."""
    table = firm()[0].iloc[-4:]
    return 0.6 * table["revenue"].sum() / table["end"].sum()


@cache
def to_be_won(damping=0.9, quarters=3000):
    """Additions of the coming quarters: a line through the logarithms, whose slope fades for forty quarters."""
    add = firm()[0]["add"].to_numpy(float)
    slope, level = np.polyfit(np.arange(len(add)) - len(add) + 1, np.log(add), 1)
    return np.exp(level + slope * np.cumsum(damping ** np.minimum(np.arange(1.0, 41), 40)))[np.minimum(np.arange(quarters), 39)]


def by_kind(model="sBG", damping=0.9, yearly=0.10):
    """Values of the present customers, of a new one and of those to be won: geometric series, averaged over kinds of customers."""
    table, _, _, fitted, one_rate = firm()
    stays, weights = stayers(fitted.alpha, fitted.beta) if model == "sBG" else (np.array([1 - one_rate.theta]), np.ones(1))
    discount = (1 + yearly) ** -0.25
    # Of those added a quarters ago, stays**a of each kind are left.
    left = weights * (table["add"].to_numpy() @ stays ** np.arange(len(table))[::-1, None])
    existing = payment() * table["end"].iloc[-1] * (left @ (discount * stays / (1 - discount * stays))) / left.sum()
    new, add = payment() * (weights @ (1 / (1 - discount * stays))), to_be_won(damping, 40)
    won = add @ discount ** np.arange(1, 41) + add[-1] * discount**41 / (1 - discount)
    return existing, new, won * (new - 320)


@cache
def customers_ahead(model, damping):
    """How many of the present customers, of one new one and of those to be won pay in each of 3,000 coming quarters."""
    table, _, _, fitted, one_rate = firm()
    quarters = len(to_be_won(damping))
    kept = survival(quarters + len(table), fitted.alpha, fitted.beta) if model == "sBG" else (1 - one_rate.theta) ** np.arange(quarters + len(table))
    old = sum(added * kept[age:age + quarters + 1] for age, added in enumerate(table["add"].iloc[::-1]))
    return old[1:] * table["end"].iloc[-1] / old[0], kept[:quarters], np.convolve(to_be_won(damping), kept[:quarters])[:quarters]


def by_cash_flow(model="sBG", damping=0.9, yearly=0.10):
    """The same three values, quarter by quarter: what all who are there pay, less what is spent on winning."""
    old, one, young = customers_ahead(model, damping)
    factor = (1 + yearly) ** (-np.arange(1, len(old) + 1) / 4)
    return payment() * (old @ factor), payment() * (one @ factor) * (1 + yearly) ** 0.25, (payment() * young - 320 * to_be_won(damping)) @ factor


def bias_from(values):
    return np.divide(values("one")[:2], values("sBG")[:2]) - 1


def future_from(values):
    return [future / (existing + future) for existing, _, future in (values(damping=damping) for damping in (0.9, 0.0))]


def implied_from(values):
    def gap(yearly):
        existing, _, future = values(yearly=yearly)
        return existing + future - 1e6 / ((1 + yearly) ** 0.25 - 1) + 2e7 - 4e7 - PRICE * 1e7

    return bisect(gap, 0.05, 0.30)


def per_arm(mean, sd, change):
    return 2 * (2.8 * sd / (change * mean)) ** 2


def arm_by_trying(mean, sd, change):
    """The n at which 2.8 standard errors of the difference are just the change, found numerically."""
    return np.exp(brentq(lambda log_n: 2.8 * np.sqrt(2 * sd**2 / np.exp(log_n)) - change * mean, -20, 40, xtol=1e-10))


def arm_from_one(mean, sd, change):
    """How much too large the standard error is with one customer in each arm; it takes the square of that."""
    return (np.hypot(sd, sd) / (change * mean / 2.8)) ** 2


EXERCISES = [
    Function(
        id="10.growth-shares", objective="10.1", points=2, tolerance=5e-4, returns="array",
        what="your function growth_shares",
        probes=[([100, 2, 50], [200, 2, 40]), ([4, 5], [6, 8]), ([1000, 0.4, 3, 20], [1500, 0.5, 2, 18])],
        hidden=lambda rng: [(list(map(float, rng.uniform(1, 50, n))), list(map(float, rng.uniform(51, 150, n)))) for n in (2, 3, 4, 5)],
        answer=log_shares,
        alternatives=[lambda before, after: np.log10(np.divide(after, before)) / np.log10(np.prod(after) / np.prod(before)), by_small_steps, by_library],
        conventions=[Convention("from after back to before", lambda before, after: log_shares(after, before))],
        nudge="Not yet: take each factor's logarithm of after over before, and divide by the logarithm of what their product did; the shares must sum to 1.",
        mistakes=[
            Mistake("changes", lambda before, after: change(before, after) / change(before, after).sum(),
                    "You shared out the differences of the factors, which are in different units; take logarithms of their ratios.",
                    excluded_by="the toy should come out"),
            Mistake("relative changes", lambda before, after: (r := np.divide(after, before) - 1) / r.sum(),
                    "You shared out the relative changes; those of a product don't add up, their logarithms do.", excluded_by="the toy should come out"),
            Mistake("relative changes alone", lambda before, after: np.divide(after, before) - 1,
                    "These are relative changes; take logarithms of the ratios, and divide by the logarithm of the product's growth.",
                    excluded_by="the toy should come out"),
            Mistake("one at a time", one_at_a_time,
                    "You divided each factor's relative change by that of the product: those parts leave something over; use logarithms.",
                    excluded_by="the toy should come out"),
            Mistake("in turn", in_turn,
                    "You moved one factor after the other, so that the order decides; logarithms give parts that don't depend on it.",
                    excluded_by="the toy should come out"),
            Mistake("in all orders", in_all_orders,
                    "You averaged over the orders in which the factors may move; the parts asked for come from logarithms.",
                    excluded_by="the toy should come out"),
            Mistake("ratios", lambda before, after: (r := np.divide(after, before)) / r.sum(),
                    "You shared out the ratios themselves, so that a factor that did not move gets a part; take their logarithms first."),
            Mistake("logs only", lambda before, after: np.log(np.divide(after, before)),
                    "These are the logarithms of the ratios; divide each by their sum to get shares.", excluded_by="each factor's share"),
            Mistake("logs of before over after", lambda before, after: np.log(np.divide(before, after)),
                    "These are logarithms of ratios and not yet shares; divide each by their sum.", excluded_by="each factor's share"),
            Mistake("logs to base 10 only", lambda before, after: np.log10(np.divide(after, before)),
                    "These are the logarithms of the ratios, to base 10; divide each by their sum to get shares.", excluded_by="each factor's share"),
            Mistake("base 10 above", lambda before, after: log_shares(before, after) / np.log(10),
                    "Above the line the logarithm is to base 10, below it is not; take the same kind in both places."),
            Mistake("base 10 below", lambda before, after: log_shares(before, after) * np.log(10),
                    "Below the line the logarithm is to base 10, above it is not; take the same kind in both places."),
            Mistake("signs turned", lambda before, after: -log_shares(before, after),
                    "All signs are turned round: take after over before both above and below the line."),
            Mistake("absolute", lambda before, after: np.abs(log_shares(before, after)),
                    "A factor that works against the growth has a negative share: don't take absolute values."),
            Mistake("over the sizes", lambda before, after: (r := np.log(np.divide(after, before))) / np.abs(r).sum(),
                    "You divided by the sum of the absolute logarithms; divide by their plain sum, which is the logarithm of the product's growth.",
                    excluded_by="the toy should come out"),
            Mistake("log of differences", lambda before, after: (r := np.log1p(np.abs(change(before, after)))) / r.sum(),
                    "You took logarithms of the differences; take those of the ratios, after over before."),
            Mistake("levels", lambda before, after: (r := np.log(after)) / r.sum(),
                    "You used the later period alone: growth compares it with the earlier one."),
            Mistake("over the growth", lambda before, after: np.log(np.divide(after, before)) / (np.prod(after) / np.prod(before) - 1),
                    "Below the line you have the relative growth of the product; take its logarithm like above the line.",
                    excluded_by="the toy should come out"),
            Mistake("over the ratio", lambda before, after: np.log(np.divide(after, before)) / (np.prod(after) / np.prod(before)),
                    "Below the line you have the ratio of the products; take its logarithm."),
            Mistake("per cent", lambda before, after: 100 * log_shares(before, after),
                    "These are per cent; give shares that sum to 1.", excluded_by="the toy should come out"),
            Mistake("amounts", lambda before, after: log_shares(before, after) * (np.prod(after) - np.prod(before)),
                    "These are amounts in the product's unit; the question asks for shares.", excluded_by="each factor's share"),
            Mistake("with the product", lambda before, after: np.append(log_shares(before, after), 1.0),
                    "You return one number too many: only the factors are asked for, not their product.", excluded_by="Return an array as long"),
        ],
    ),
    Array(
        id="10.four-factors", objective="10.1", points=2, shape=(4,), tolerance=0.001,
        what="the four shares in the growth of revenue",
        answer=four,
        alternatives=[lambda: by_small_steps(*map(counted_in_the_log, ("2024Q4", "2025Q4"))), from_three_factors],
        conventions=[Convention("three decimals", lambda: np.round(four(), 3)), Convention("two decimals", lambda: np.round(four(), 2))],
        nudge="Not yet: for both quarters make four factors whose product is the revenue, known at the end of the quarter first, then use your function.",
        mistakes=[
            Mistake("profit", lambda: four(what="profit"),
                    "You split the growth of profit; the question asks for revenue.", excluded_by="the growth of the shop's **revenue**"),
            Mistake("the quarter before", lambda: four(first="2025Q3"),
                    "You compared with the quarter before; take the same quarter of the year before.", excluded_by="from 2024Q4 to 2025Q4"),
            Mistake("the year before's start", lambda: four(first="2024Q1"),
                    "You compared with the first quarter of 2024; take 2024Q4.", excluded_by="from 2024Q4 to 2025Q4"),
            Mistake("one at a time", lambda: four(one_at_a_time),
                    "You used relative changes, which leave something over in a product; use logarithms.", excluded_by="in the logarithm of growth"),
            Mistake("relative changes", lambda: four(lambda b, a: (r := a / b - 1) / r.sum()),
                    "You shared out relative changes; those of a product don't add up, their logarithms do.", excluded_by="in the logarithm of growth"),
            Mistake("logs only", lambda: four(lambda b, a: np.log(a / b)),
                    "These are the logarithms of the ratios; divide by their sum to get shares.", excluded_by="the four shares"),
            Mistake("logs of the first over the second", lambda: four(lambda b, a: np.log(b / a)),
                    "These are logarithms of ratios and not yet shares; divide each by their sum.", excluded_by="the four shares"),
            Mistake("ratios", lambda: four(lambda b, a: a / b),
                    "These are the ratios of the two quarters; take their logarithms, and divide by the sum of these.", excluded_by="the four shares"),
            Mistake("ratios shared out", lambda: four(lambda b, a: (r := a / b) / r.sum()),
                    "You shared out the ratios, so that a factor that did not move gets a part; take their logarithms first.",
                    excluded_by="in the logarithm of growth"),
            Mistake("relative changes alone", lambda: four(lambda b, a: a / b - 1),
                    "These are relative changes; take logarithms of the ratios, and divide by their sum.", excluded_by="in the logarithm of growth"),
            Mistake("differences", lambda: four(change),
                    "These are differences of the factors; take logarithms of the ratios, and divide by their sum.", excluded_by="the four shares"),
            Mistake("differences shared out", lambda: four(lambda b, a: change(b, a) / change(b, a).sum()),
                    "You shared out the differences of the factors, which are in different units; take logarithms of their ratios.",
                    excluded_by="in the logarithm of growth"),
            Mistake("levels", lambda: factors("2025Q4"),
                    "These are the factors of one quarter; their growth compares two.", excluded_by="the four shares"),
            Mistake("logs of levels", lambda: four(lambda b, a: np.log(a) / np.log(a).sum()),
                    "You used the later quarter alone: growth compares it with the earlier one.", excluded_by="in the logarithm of growth"),
            Mistake("signs turned", lambda: -four(),
                    "All signs are turned round: where the revenue grew, a factor that rose has a positive share."),
            Mistake("new for known", lambda: new_for_known(kept=False),
                    "Your first two factors have the new customers in place of all who are known by then.", excluded_by="customers `known`"),
            Mistake("new for known, first factor only", lambda: new_for_known(kept=True),
                    "Your first factor is the number of new customers; take all who are known by then.", excluded_by="customers `known`"),
            Mistake("active first", active_instead,
                    "Your first factor is the number of active customers, so that the product is not the revenue: begin with all who are known.",
                    excluded_by="customers `known`"),
            Mistake("known before", lambda: known_earlier(1),
                    "You took those known before the quarter began; the column known counts those of its end, new ones included.",
                    excluded_by="customers `known`"),
            Mistake("known in the middle", lambda: known_earlier(0.5),
                    "You took those known on the average of the quarter; the column known counts those of its end.", excluded_by="customers `known`"),
            Mistake("rows as orders", lambda: log_shares(*(counted_in_the_log(quarter, order=()) for quarter in ("2024Q4", "2025Q4"))),
                    "You counted rows of the log; what a customer buys on one day is one order.", excluded_by="(`shop.periods` has `orders`"),
            Mistake("new instead of active", lambda: four(customers="new"),
                    "Your second factor has the new customers; take all who are active in the quarter.", excluded_by="share of them that is active"),
            Mistake("stayed instead of active", lambda: four(customers="stayed"),
                    "Your second factor has those who stayed; take all who are active in the quarter.", excluded_by="share of them that is active"),
            Mistake("amounts", lambda: four() * (np.prod(factors("2025Q4")) - np.prod(factors("2024Q4"))),
                    "These are dollars; the question asks for shares of the logarithm of growth.", excluded_by="the four shares"),
            Mistake("per cent", lambda: 100 * four(),
                    "These are per cent; give shares that sum to 1.", excluded_by="the four shares"),
            Mistake("turned round", lambda: four()[::-1],
                    "The shares are right but in the reverse order: known customers first, value per order last.", excluded_by="in this order"),
            Mistake("absolute", lambda: np.abs(four()),
                    "A factor that fell has a negative share."),
            Mistake("second and third changed places", lambda: four()[[0, 2, 1, 3]],
                    "The second and the third share have changed places: the share that is active comes before orders per customer.",
                    excluded_by="in this order"),
            Mistake("orders per known", lambda: (lambda b, a: log_shares(*[[f[0], f[1], f[1] * f[2], f[3]] for f in (b, a)]))(factors("2024Q4"), factors("2025Q4")),
                    "Your third factor divides the orders by all who are known; divide by those active, or the product is not the revenue.",
                    excluded_by="orders per active customer"),
            Mistake("value per customer", lambda: (lambda b, a: log_shares(*[[f[0], f[1], f[2], f[2] * f[3]] for f in (b, a)]))(factors("2024Q4"), factors("2025Q4")),
                    "Your last factor is revenue per active customer; divide the revenue by the orders.", excluded_by="value per order"),
        ],
    ),
    Array(
        id="10.january-march", objective="10.2", points=2, shape=(2,), tolerance=0.01,
        what="the 95 % interval of January minus March",
        answer=interval,
        alternatives=[from_sums, student_t],
        conventions=[Convention("rounded to the cent", lambda: np.round(interval(), 2)), Convention("three decimals", lambda: np.round(interval(), 3)),
                     Convention("1.959964 for 1.96", lambda: interval(reach=1.959964)), Convention("n in place of n − 1", lambda: from_sums(ddof=0))],
        nudge="Not yet: difference of the two values, plus and minus 1.96 times the root of the sum of the squared standard errors.",
        mistakes=[
            Mistake("March minus January", lambda: interval("1997-03", "1997-01"),
                    "You took March minus January; the question asks for January minus March.", excluded_by="January minus March"),
            Mistake("errors added", lambda: interval(error=lambda a, b: a + b),
                    "You added the standard errors; for two independent means the variances add up, and then comes the root.",
                    excluded_by="the variances of their means add up"),
            Mistake("no root", lambda: interval(error=lambda a, b: a**2 + b**2),
                    "You used the sum of the variances itself; take its root."),
            Mistake("January's error", lambda: interval(error=lambda a, b: a),
                    "You used January's standard error alone; both means vary."),
            Mistake("March's error", lambda: interval(error=lambda a, b: b),
                    "You used March's standard error alone; both means vary."),
            Mistake("mean error", lambda: interval(error=lambda a, b: (a + b) / 2),
                    "You averaged the standard errors; the difference of two means varies more than either of them.",
                    excluded_by="the variances of their means add up"),
            Mistake("subtracted", lambda: interval(error=lambda a, b: np.sqrt(abs(a**2 - b**2))),
                    "You subtracted the variances; those of independent means add up, also for a difference."),
            Mistake("one error", lambda: interval(reach=1),
                    "That is one standard error to either side; a 95 % interval takes 1.96 of them.", excluded_by="Use 1.96 standard errors"),
            Mistake("90 %", lambda: interval(reach=1.645),
                    "That is a 90 % interval; use 1.96 standard errors.", excluded_by="the 95 % interval"),
            Mistake("two errors", lambda: interval(reach=2),
                    "You used 2 standard errors; the question says 1.96.", excluded_by="Use 1.96 standard errors"),
            Mistake("99 %", lambda: interval(reach=2.576),
                    "That is a 99 % interval; use 1.96 standard errors.", excluded_by="the 95 % interval"),
            Mistake("1.96 twice", lambda: interval(reach=1.96**2),
                    "Your interval has 1.96 in it twice; multiply the standard error by it once.", excluded_by="Use 1.96 standard errors"),
            Mistake("the width to either side", lambda: interval(reach=2 * 1.96),
                    "Your interval is twice too wide: 1.96 standard errors go to either side.", excluded_by="Use 1.96 standard errors"),
            Mistake("spend so far", unfair,
                    "You compared all spend so far, for which January had two months more; compare the same 365 days.", excluded_by="in the first 365 days"),
            Mistake("spend so far, errors of 365 days", lambda: unfair(quality()["standard_error"]),
                    "The middle of your interval compares all spend so far, for which January had two months more; compare the same 365 days.",
                    excluded_by="in the first 365 days"),
            Mistake("91 days", lambda: interval(days=91),
                    "These are 91 days; take the 365 of the table quality.", excluded_by="in the first 365 days"),
            Mistake("182 days", lambda: interval(days=182),
                    "These are 182 days; take the 365 of the table quality.", excluded_by="in the first 365 days"),
            Mistake("366 days", lambda: from_sums(last=365),
                    "Yours are 366 days: that of the first purchase is one of the 365.", excluded_by="in the first 365 days"),
            Mistake("first day left out", lambda: from_sums(first=1),
                    "You left out the day of the first purchase, with which the 365 days begin.", excluded_by="in the first 365 days"),
            Mistake("February", lambda: interval(last="1997-02"),
                    "You compared January with February; March is asked for."),
            Mistake("ends of the two intervals", lambda: [quality().loc[c, "value"] - 1.96 * quality().loc[c, "standard_error"] for c in ("1997-01", "1997-03")],
                    "These are the lower ends of the two separate intervals; the question is about their difference.",
                    excluded_by="interval of the difference"),
            Mistake("January alone", lambda: [quality().loc["1997-01", "value"] + sign * 1.96 * quality().loc["1997-01", "standard_error"] for sign in (-1, 1)],
                    "That is January's own interval; the question is about the difference between January and March.",
                    excluded_by="interval of the difference"),
            Mistake("upper end first", lambda: interval()[::-1],
                    "The lower end comes first.", excluded_by="the lower end first"),
            Mistake("one spread for both", shared_error,
                    "You used one standard deviation for both cohorts; take each one's standard error from the table.",
                    excluded_by="the variances of their means add up"),
            Mistake("one decimal", lambda: np.round(interval(), 1),
                    "That is rounded too far: give at least two decimals.", excluded_by="in dollars and cents"),
            Mistake("share of March", lambda: np.divide(interval(), quality().loc["1997-03", "value"]),
                    "That is a share of March's spend; give dollars.", excluded_by="in dollars and cents"),
            Mistake("per cent of March", lambda: np.divide(interval(), quality().loc["1997-03", "value"] / 100),
                    "That is per cent of March's spend; give dollars.", excluded_by="in dollars and cents"),
            Mistake("difference and margin", lambda: [np.mean(interval()), np.ptp(interval()) / 2],
                    "These are the difference and how far the interval reaches to either side; give its two ends.", excluded_by="the lower end first"),
            Mistake("around zero", lambda: [-np.ptp(interval()) / 2, np.ptp(interval()) / 2],
                    "Your interval lies around zero; it lies around the difference of the means.", excluded_by="interval of the difference"),
            Mistake("difference and its error", lambda: [np.mean(interval()), (interval()[1] - interval()[0]) / 2 / 1.96],
                    "These are the difference and its standard error; give the two ends of the interval.", excluded_by="the lower end first"),
        ],
    ),
    Array(
        id="10.diagonal", objective="10.2", points=1, shape=(3,), tolerance=0.001,
        what="how far March 1998 was above the months around it, for each cohort",
        answer=bump,
        alternatives=[lambda: counted("revenue"), lambda: by_month(music().whole_base.revenue_by_cohort), lambda: by_month(monthly_revenue())],
        conventions=[Convention("three decimals", lambda: np.round(bump(), 3)), Convention("two decimals", lambda: np.round(bump(), 2))],
        nudge="Not yet: find the age that each cohort had in March 1998 (age 0 is its first month), then divide by the mean of the ages before and after.",
        mistakes=[
            Mistake("January's age for all", lambda: bump((14, 14, 14)),
                    "You took January's age for all; in March 1998 the later cohorts were younger."),
            Mistake("age 12 for all", lambda: bump((12, 12, 12)),
                    "You took a year after the first month for all; January's customers were older than that in March 1998."),
            Mistake("age 13 for all", lambda: bump((13, 13, 13)),
                    "You took one age for all; in March 1998 each cohort had an age of its own."),
            Mistake("one month early", lambda: bump((13, 12, 11)),
                    "You are a month early: age 0 is the month of the first purchase itself."),
            Mistake("one month late", lambda: bump((15, 14, 13)),
                    "You are a month late: age 0 is the month of the first purchase, so that 13 months later the age is 13."),
            Mistake("the wrong way", lambda: bump((12, 13, 14)),
                    "You went along the wrong diagonal: the cohort won first is the oldest in any month."),
            Mistake("ratio", lambda: bump(share=lambda b, n, a: 2 * n / (b + a)),
                    "That is the ratio; subtract 1 to get how far it was above.", excluded_by="(0.25 for a quarter more)"),
            Mistake("against February", lambda: bump(share=lambda b, n, a: n / b - 1),
                    "You compared with February alone; take the mean of February and April.", excluded_by="the mean of the two months around it"),
            Mistake("against April", lambda: bump(share=lambda b, n, a: n / a - 1),
                    "You compared with April alone; take the mean of February and April.", excluded_by="the mean of the two months around it"),
            Mistake("against the sum", lambda: bump(share=lambda b, n, a: n / (b + a) - 1),
                    "You divided by the sum of the two months; divide by their mean."),
            Mistake("dollars", lambda: bump(share=lambda b, n, a: n - (b + a) / 2),
                    "These are dollars; divide by the mean of the two months.", excluded_by="(0.25 for a quarter more)"),
            Mistake("of March itself", lambda: bump(share=lambda b, n, a: 1 - (b + a) / 2 / n),
                    "You divided by March; divide by the mean of the two months around it.", excluded_by="(0.25 for a quarter more)"),
            Mistake("with March in the mean", lambda: bump(share=lambda b, n, a: 3 * n / (b + n + a) - 1),
                    "March belongs not into the mean that it is compared with.", excluded_by="the two months around it"),
            Mistake("mean of ratios", lambda: bump(share=lambda b, n, a: (n / b + n / a) / 2 - 1),
                    "You averaged two ratios; divide by the mean of the two months.", excluded_by="above the mean of the two months"),
            Mistake("geometric mean", lambda: bump(share=lambda b, n, a: n / np.sqrt(b * a) - 1),
                    "You divided by the geometric mean; take the plain mean, the sum over two.", excluded_by="the mean of the two months"),
            Mistake("per active customer", bump_per_active,
                    "You divided by those who ordered in the month; divide by all who were won.", excluded_by="revenue per customer won"),
            Mistake("July's diagonal", lambda: bump((6, 5, 4)),
                    "That is July 1997, the example; the question is about March 1998."),
            Mistake("November's diagonal", lambda: bump((10, 9, 8)),
                    "That is November 1997, the other diagonal that stands out; the question is about March 1998.", excluded_by="**March 1998**"),
            Mistake("revenue so far", lambda: bump(table="cumulative"),
                    "You used revenue added up; take that of the single months."),
            Mistake("customers", lambda: counted("active"),
                    "You counted customers who ordered; take revenue per customer won.", excluded_by="revenue per customer won"),
            Mistake("per cent", lambda: np.multiply(bump(), 100),
                    "These are per cent; give shares.", excluded_by="(0.25 for a quarter more)"),
            Mistake("March's cohort first", lambda: bump()[::-1],
                    "The numbers are right but turned round: January's cohort first.", excluded_by="January's cohort first"),
            Mistake("per day", lambda: bump(share=lambda b, n, a: 2 * (n / 31) / (b / 28 + a / 30) - 1),
                    "You divided by the days of each month; the question takes the months as they are.",
                    excluded_by="Take the months as they are, however many days they have"),
        ],
    ),
    Function(
        id="10.share-within", objective="10.3", points=2, tolerance=5e-4,
        what="your function share_within",
        probes=[(3, 0.668, 3.806, 0.10), (5, 0.704, 1.182, 0.10), (1, 1.0, 1.0, 0.05), (20, 0.69, 5.04, 0.03)],
        hidden=lambda rng: [(int(rng.integers(2, 25)), float(rng.uniform(0.4, 2)), float(rng.uniform(0.8, 6)), float(rng.uniform(0.03, 0.2))) for _ in range(6)],
        answer=share_within,
        alternatives=[lambda n, alpha, beta, rate: clv.lifetime_share(clv.ShiftedBetaGeoModel(alpha, beta), int(n), discount_rate=rate),
                      share_by_kind, share_in_closed_form],
        conventions=[Convention("2,000 payments", lambda n, alpha, beta, rate: share_within(n, alpha, beta, rate, horizon=2000)),
                     Convention("2,001 payments", lambda n, alpha, beta, rate: share_within(n, alpha, beta, rate, horizon=2001))],
        nudge="Not yet: add up survival over (1 + rate) to the power of t, for t from 0 to n − 1, and divide by the same sum over very many t.",
        mistakes=[
            Mistake("first payment left out", lambda n, alpha, beta, rate: share_within(n, alpha, beta, rate, first=1),
                    "You left out the payment on the day of acquisition, at which survival is 1 and nothing is discounted; it is the first of the n.",
                    excluded_by="The first payment is made on the day of acquisition"),
            Mistake("first payment left out above", lambda n, alpha, beta, rate: (v := survival(3000, alpha, beta) / (1 + rate) ** np.arange(3000))[1:n + 1].sum() / v.sum(),
                    "Above the line you left out the payment on the day of acquisition; it is the first of the n.",
                    excluded_by="The first payment is made on the day of acquisition"),
            Mistake("one payment more", lambda n, alpha, beta, rate: share_within(n, alpha, beta, rate, more=1),
                    "You counted n + 1 payments: the one on the day of acquisition is one of the n.", excluded_by="in the first `n` payments"),
            Mistake("one payment fewer", lambda n, alpha, beta, rate: share_within(n, alpha, beta, rate, more=-1),
                    "You counted one payment too few; the last of the n is made after n − 1 renewals.", excluded_by="in the first `n` payments"),
            Mistake("not discounted", lambda n, alpha, beta, rate: part(survival(3000, alpha, beta), n),
                    "You forgot to discount: a payment after t periods counts as 1 over (1 + rate) to the power of t.",
                    excluded_by="is discounted once, by `rate` per period"),
            Mistake("no survival", lambda n, alpha, beta, rate: part(1 / (1 + rate) ** np.arange(3000), n),
                    "You discount but nobody leaves: multiply by the share of customers still there."),
            Mistake("one churn", lambda n, alpha, beta, rate: share_within(n, alpha, beta, rate, kept=one_churn),
                    "You let all leave at the mean churn; with unlike customers survival falls more slowly later on.",
                    excluded_by="for an sBG with parameters"),
            Mistake("retention for survival", lambda n, alpha, beta, rate: share_within(n, alpha, beta, rate, kept=retention),
                    "You used retention rates; survival is their product up to t."),
            Mistake("alpha and beta swapped", lambda n, alpha, beta, rate: share_within(n, beta, alpha, rate),
                    "Alpha and beta have changed places in the retention rate."),
            Mistake("sum, not share", lambda n, alpha, beta, rate: (survival(3000, alpha, beta) / (1 + rate) ** np.arange(3000))[:n].sum(),
                    "That is the sum of the first n payments; divide it by the sum without end.",
                    excluded_by="the share of a **new** customer's present value"),
            Mistake("what is cut off", lambda n, alpha, beta, rate: 1 - share_within(n, alpha, beta, rate),
                    "That is what the horizon cuts off; the question asks for what it keeps.", excluded_by="that lies in the first `n` payments"),
            Mistake("those who have left", lambda n, alpha, beta, rate: 1 - survival(n + 1, alpha, beta)[-1],
                    "That is the share of customers who have left; the question asks for a share of the present value.",
                    excluded_by="the share of a **new** customer's present value"),
            Mistake("those who have left before the last payment", lambda n, alpha, beta, rate: 1 - survival(n, alpha, beta)[-1],
                    "That is the share of customers who have left; the question asks for a share of the present value.",
                    excluded_by="the share of a **new** customer's present value"),
            Mistake("undiscounted whole", lambda n, alpha, beta, rate: (s := survival(3000, alpha, beta), (s / (1 + rate) ** np.arange(3000))[:n].sum() / s.sum())[1],
                    "You discounted above the line only; discount the sum without end as well.", excluded_by="customer's present value"),
            Mistake("short horizon", lambda n, alpha, beta, rate: share_within(n, alpha, beta, rate, horizon=n + 10),
                    "Your sum without end stops too early; take some 2,000 payments.", excluded_by="2,000 payments are enough"),
            Mistake("100 payments", lambda n, alpha, beta, rate: share_within(n, alpha, beta, rate, horizon=100),
                    "Your sum without end stops too early for low rates; take some 2,000 payments.", excluded_by="2,000 payments are enough"),
            Mistake("continuous", lambda n, alpha, beta, rate: part(survival(3000, alpha, beta) * np.exp(-rate * np.arange(3000)), n),
                    "You discounted continuously; a period's rate divides by 1 + rate.", excluded_by="0.404 in three payments"),
            Mistake("discounted by 1 - rate", lambda n, alpha, beta, rate: part(survival(3000, alpha, beta) * (1 - rate) ** np.arange(3000), n),
                    "You multiplied by 1 − rate for each period; divide by 1 + rate.", excluded_by="0.404 in three payments"),
            Mistake("per cent", lambda n, alpha, beta, rate: 100 * share_within(n, alpha, beta, rate),
                    "These are per cent; give a share.", excluded_by="0.404 in three payments"),
        ],
    ),
    Array(
        id="10.bias", objective="10.3", points=2, shape=(2,), tolerance=0.001,
        what="the error of one churn rate for the present customers and for one new customer",
        answer=bias,
        alternatives=[lambda: bias_from(by_kind), lambda: bias_from(by_cash_flow)],
        conventions=[Convention("three decimals", lambda: np.round(bias(), 3)), Convention("two decimals", lambda: np.round(bias(), 2))],
        nudge="Not yet: the first from the rows existing of the table of values, the second from the two values of a new customer; naive over sBG, minus 1.",
        mistakes=[
            Mistake("ratio", lambda: bias(ratio=lambda naive, fitted: naive / fitted),
                    "These are ratios; subtract 1.", excluded_by="naive / sBG − 1"),
            Mistake("positive", lambda: np.abs(bias()),
                    "Mind the sign: naive over sBG minus 1 is negative where the naive value is too low.", excluded_by="(−0.1: a tenth too low)"),
            Mistake("first sign", lambda: np.multiply(bias(), [-1, 1]),
                    "One of your signs is turned: naive / sBG − 1 is negative wherever the naive value is too low.", excluded_by="(−0.1: a tenth too low)"),
            Mistake("second sign", lambda: np.multiply(bias(), [1, -1]),
                    "One of your signs is turned: naive / sBG − 1 is negative wherever the naive value is too low.", excluded_by="(−0.1: a tenth too low)"),
            Mistake("turned round", lambda: bias(ratio=lambda naive, fitted: fitted / naive - 1),
                    "You divided by the naive value; divide by that of the sBG.", excluded_by="naive / sBG − 1"),
            Mistake("over the mean", lambda: bias(ratio=lambda naive, fitted: 2 * (naive - fitted) / (naive + fitted)),
                    "You divided by the mean of the two; divide by the sBG's value.", excluded_by="naive / sBG − 1"),
            Mistake("share of the naive", lambda: bias(ratio=lambda naive, fitted: 1 - fitted / naive),
                    "You divided by the naive value; divide by that of the sBG.", excluded_by="naive / sBG − 1"),
            Mistake("after the cost", lambda: bias(cost=320),
                    "The second number is taken after the cost of winning (the row future has it in it, too); the question asks for one new customer before it.",
                    excluded_by="**before** the cost of winning"),
            Mistake("equity", lambda: [value("one")["equity"] / value()["equity"] - 1, bias()[1]],
                    "The first number is that of the equity; take the row existing.", excluded_by="(`existing`)"),
            Mistake("customer equity", lambda: [sum(value("one")[["existing", "future"]]) / sum(value()[["existing", "future"]]) - 1, bias()[1]],
                    "In the first number the future is included; take the row existing.", excluded_by="(`existing`)"),
            Mistake("yearly rate", lambda: [bias()[0], new_customer("one", 0.10) / new_customer("sBG", 0.10) - 1],
                    "For the new customer you discounted each quarter by the rate of a year; use the rate per quarter.", excluded_by="at `rate` a quarter"),
            Mistake("a quarter of the rate", lambda: [bias()[0], new_customer("one", 0.025) / new_customer("sBG", 0.025) - 1],
                    "You took a quarter of the yearly rate; a quarterly rate that compounds to it is a little lower, and stands in the variable rate.",
                    excluded_by="at `rate` a quarter"),
            Mistake("undiscounted", lambda: [bias()[0], bias(rate=1e-9)[1]],
                    "For the new customer nothing was discounted; use the rate per quarter.", excluded_by="at `rate` a quarter"),
            Mistake("first payment left out", lambda: [bias()[0], (by_kind("one")[1] - payment()) / (by_kind()[1] - payment()) - 1],
                    "For the new customer you left out the payment on the day of winning; a new customer pays when won and at each renewal."),
            Mistake("churn rates", lambda: [bias()[0], firm()[4].theta / (firm()[3].alpha / (firm()[3].alpha + firm()[3].beta)) - 1],
                    "The second number compares churn rates; compare values.", excluded_by="By which share does the valuation"),
            Mistake("per cent", lambda: np.multiply(bias(), 100),
                    "These are per cent; give shares.", excluded_by="(−0.1: a tenth too low)"),
            Mistake("swapped", lambda: bias()[::-1],
                    "The two numbers have changed places: the present customers first."),
            Mistake("dollars", lambda: [value("one")["existing"] - value()["existing"], new_customer("one") - new_customer("sBG")],
                    "These are differences in dollars; give them as shares of the sBG's values.", excluded_by="naive / sBG − 1"),
            Mistake("millions", lambda: [(value("one")["existing"] - value()["existing"]) / 1e6, new_customer("one") - new_customer("sBG")],
                    "These are differences in money; give them as shares of the sBG's values.", excluded_by="naive / sBG − 1"),
        ],
    ),
    Array(
        id="10.future", objective="10.3", points=2, shape=(2,), tolerance=0.001,
        what="the share of customer equity that lies with customers still to be won, as projected and with additions level",
        answer=future,
        alternatives=[lambda: future_from(by_kind), lambda: future_from(by_cash_flow)],
        conventions=[Convention("three decimals", lambda: np.round(future(), 3)), Convention("two decimals", lambda: np.round(future(), 2))],
        nudge="Not yet: future over existing plus future, first from both[\"sBG\"], then from a second valuation with the additions kept level.",
        mistakes=[
            Mistake("of the equity", lambda: future(lambda v: v["future"] / v["equity"]),
                    "You divided by the equity; fixed costs, cash and debt are not customers.", excluded_by="(existing + future"),
            Mistake("over existing", lambda: future(lambda v: v["future"] / v["existing"]),
                    "You divided by the present customers alone; the whole is present and future together.", excluded_by="(existing + future"),
            Mistake("the present", lambda: future(lambda v: v["existing"] / (v["existing"] + v["future"])),
                    "That is the share of the present customers; the question asks for the others.", excluded_by="still to be won"),
            Mistake("one churn rate", lambda: future(model="one"),
                    "You took the valuation with one churn rate; use the sBG's.", excluded_by="by the **sBG**"),
            Mistake("after fixed costs", lambda: future(lambda v: v["future"] / (v["existing"] + v["future"] + v["fixed_costs"])),
                    "You took the fixed costs off the whole; customer equity is existing plus future.", excluded_by="(existing + future"),
            Mistake("before the cost of winning", lambda: future(acquisition_cost=0.0),
                    "You left out the cost of winning; the future counts after it.", excluded_by="the future after the cost of winning"),
            Mistake("the same twice", lambda: future()[:1] * 2,
                    "Both numbers are those of the projected additions; the second needs a valuation of its own."),
            Mistake("no additions", lambda: [future()[0], 0.0],
                    "For the second number you let additions stop; they stay level for ever.", excluded_by="stay for ever at the trend's level"),
            Mistake("damping 1", lambda: future(second=level(1.0)),
                    "For the second number you let the growth go on undamped; with damping=0 it stops at once.",
                    excluded_by="stay for ever at the trend's level"),
            Mistake("the last quarter", lambda: future(second=last_quarters()),
                    "For the second number you kept the additions of quarter 24 themselves; take the level that the trend has there.",
                    excluded_by="the trend's level in quarter 24 (49,438)"),
            Mistake("the last four quarters", lambda: future(second=last_quarters(4)),
                    "For the second number you kept the mean additions of the last four quarters; take the level that the trend has in the last one.",
                    excluded_by="the trend's level in quarter 24 (49,438)"),
            Mistake("per cent", lambda: np.multiply(future(), 100),
                    "These are per cent; give shares.", excluded_by="Which share"),
            Mistake("millions", lambda: future(lambda v: v["future"] / 1e6),
                    "These are million dollars; give shares of the customer equity.", excluded_by="Which share"),
            Mistake("swapped", lambda: future()[::-1],
                    "The two numbers have changed places: the projected additions first."),
            Mistake("second without the whole", lambda: [future()[0], value(additions=level())["future"] / sum(value()[["existing", "future"]])],
                    "For the second number the whole changes too: divide by the customer equity of the same valuation."),
            Mistake("operating assets and cash", lambda: future(lambda v: v["future"] / (v["equity"] - v["debt"])),
                    "You divided by equity before debt, which still has fixed costs and cash in it; take existing plus future.",
                    excluded_by="(existing + future"),
        ],
    ),
    Scalar(
        id="10.implied-rate", objective="10.3", points=1, low=0, tolerance=5e-5,
        what="the yearly discount rate at which the share is worth 25 dollars",
        answer=implied,
        alternatives=[lambda: implied_from(by_kind), lambda: implied_from(by_cash_flow)],
        conventions=[Convention("four decimals", lambda: round(implied(), 4))],
        nudge="Not yet: per_share(discount_rate=r) falls as r rises; find the r at which it is 25, to four decimals.",
        mistakes=[
            Mistake("interpolated", interpolated,
                    "You drew a straight line between two rates; the value bends, so try rates in between until it fits to four decimals.",
                    excluded_by="at least four decimals"),
            Mistake("interpolated from 8 to 12 %", lambda: interpolated(0.08),
                    "You drew a straight line between two rates; the value bends, so try rates in between until it fits to four decimals.",
                    excluded_by="at least four decimals"),
            Mistake("one churn rate", lambda: implied(model="one"),
                    "That is the rate with one churn for all; use the sBG.", excluded_by="by the sBG"),
            Mistake("per quarter", lambda: (1 + implied()) ** 0.25 - 1,
                    "That is the rate per quarter; the question asks for that of a year.", excluded_by="**yearly** discount rate"),
            Mistake("quarter of the year", lambda: implied() / 4,
                    "You divided by four; the question asks for the rate of a year.", excluded_by="**yearly** discount rate"),
            Mistake("continuous", lambda: np.log1p(implied()),
                    "That is the continuous rate; give the yearly one that Assumptions takes.", excluded_by="**yearly** discount rate"),
            Mistake("customer equity", lambda: implied("customer equity"),
                    "You set the customer equity to the price; a share is a part of the equity, after fixed costs and debt.",
                    excluded_by="The share is traded at **25 dollars**"),
            Mistake("before cash and debt", lambda: implied("operations"),
                    "You left out other assets and debt; a share is a part of the equity."),
            Mistake("before debt", lambda: implied("no debt"),
                    "You left out the debt; a share is a part of what remains after it."),
            Mistake("present customers", lambda: implied("existing"),
                    "You counted the present customers only, without costs and future; set the equity per share to the price."),
            Mistake("the given rate", lambda: 0.10,
                    "That is the rate as given, at which the share is worth more than its price."),
            Mistake("twelve", lambda: 0.12,
                    "At that rate the share is worth less than 25 dollars; the value bends, so look in between."),
            Mistake("in proportion", lambda: 0.10 * value()["equity"] / 1e7 / PRICE,
                    "You raised the rate in proportion to the value; the two are not proportional, so try, or let brentq find it."),
            Mistake("in proportion to the rounded value", lambda: 0.10 * round(value()["equity"] / 1e7, 1) / PRICE,
                    "You raised the rate in proportion to the value; the two are not proportional, so try, or let brentq find it."),
            Mistake("price 24", lambda: implied(price=24),
                    "At this rate the share is worth 24 dollars; the price is 25."),
            Mistake("two decimals", lambda: round(implied(), 2),
                    "Rounded to whole per cents that is too coarse: give at least four decimals.", excluded_by="at least four decimals"),
            Mistake("per cent", lambda: 100 * implied(),
                    "That is in per cent; give a share.", excluded_by="Give a share"),
            Mistake("per cent, one decimal", lambda: round(100 * implied(), 1),
                    "That is in per cent; give a share, with at least four decimals.", excluded_by="Give a share"),
            Mistake("how much more", lambda: implied() - 0.10,
                    "That is how far it lies above the given rate; the question asks for the rate itself."),
        ],
    ),
    Function(
        id="10.per-arm", objective="10.4", points=2, tolerance=1.0,
        what="your function customers_per_arm",
        probes=[(10, 20, 0.2), (8.3, 12, 0.25), (50, 60, 0.15), (100, 90, 0.06)],
        hidden=lambda rng: [(float(m), float(m * rng.uniform(0.4, 1.5)), float(rng.uniform(0.1, 0.4))) for m in rng.uniform(5, 100, 8)],
        answer=per_arm,
        alternatives=[arm_by_trying, arm_from_one, lambda mean, sd, change: 15.68 * sd**2 / (change * mean) ** 2],
        conventions=[Convention("rounded up", lambda mean, sd, change: np.ceil(per_arm(mean, sd, change))),
                     Convention("rounded", lambda mean, sd, change: np.round(per_arm(mean, sd, change))),
                     Convention("exact quantiles for 2.8", lambda mean, sd, change: 2 * ((ndtri(0.975) + ndtri(0.8)) * sd / (change * mean)) ** 2)],
        nudge="Not yet: set change times mean equal to 2.8 times sd times the root of 2 over n, and solve for n.",
        mistakes=[
            Mistake("both arms", lambda mean, sd, change: 2 * per_arm(mean, sd, change),
                    "That is twice too many: either both arms together, where each is asked for, or a 2 that you squared.", excluded_by="**each arm** needs"),
            Mistake("one sample", lambda mean, sd, change: per_arm(mean, sd, change) / 2,
                    "The factor 2 is missing: both arms vary, so that the variance of the difference is twice that of a mean."),
            Mistake("1.96", lambda mean, sd, change: 2 * (1.96 * sd / (change * mean)) ** 2,
                    "With 1.96 a true difference is noticed in half of the trials only; use 2.8.", excluded_by="Use 2.8"),
            Mistake("sixteen", lambda mean, sd, change: 16 * sd**2 / (change * mean) ** 2,
                    "16 is a rule of thumb; with the 2.8 of the question it is a little less.", excluded_by="Use 2.8"),
            Mistake("the whole mean", lambda mean, sd, change: 2 * (2.8 * sd / mean) ** 2,
                    "You took the whole mean for the difference; it is the share change of it.", excluded_by="the share `change` of the mean profit"),
            Mistake("share for difference", lambda mean, sd, change: 2 * (2.8 * sd / change) ** 2,
                    "You took the share for a difference in money; multiply it by the mean.", excluded_by="the share `change` of the mean profit"),
            Mistake("no square", lambda mean, sd, change: 2 * 2.8 * sd / (change * mean),
                    "The square is missing: n stands under a root, so that solving for it squares the rest."),
            Mistake("root", lambda mean, sd, change: np.sqrt(per_arm(mean, sd, change)),
                    "That is the root of n: square it."),
            Mistake("sd not squared", lambda mean, sd, change: 2 * 2.8**2 * sd / (change * mean) ** 2,
                    "The standard deviation has to be squared as well."),
            Mistake("2.8 not squared", lambda mean, sd, change: 2 * 2.8 * (sd / (change * mean)) ** 2,
                    "The 2.8 has to be squared as well."),
            Mistake("mean for sd", lambda mean, sd, change: 2 * (2.8 * mean / (change * sd)) ** 2,
                    "Mean and standard deviation have changed places."),
            Mistake("one plus change", lambda mean, sd, change: 2 * (2.8 * sd / ((1 + change) * mean)) ** 2,
                    "You took the new mean for the difference; it is only the change that has to be noticed.",
                    excluded_by="a true change by the share `change`"),
            Mistake("level only one-sided", lambda mean, sd, change: 2 * ((1.645 + 0.84) * sd / (change * mean)) ** 2,
                    "You used a one-sided level; the 2.8 of the question is 1.96 + 0.84.", excluded_by="Use 2.8"),
            Mistake("one-sided, exact quantiles", lambda mean, sd, change: 2 * ((ndtri(0.95) + ndtri(0.8)) * sd / (change * mean)) ** 2,
                    "You used a one-sided level; the 2.8 of the question is 1.96 + 0.84.", excluded_by="Use 2.8"),
            Mistake("one-sided, rounded", lambda mean, sd, change: 2 * (2.49 * sd / (change * mean)) ** 2,
                    "You used a one-sided level; the 2.8 of the question is 1.96 + 0.84.", excluded_by="Use 2.8"),
            Mistake("a mean's variance", lambda mean, sd, change: 2 * 2.8**2 * (sd / (change * mean)),
                    "You squared the 2.8 but not the ratio of sd and difference."),
            Mistake("in per cent", lambda mean, sd, change: 2 * (2.8 * sd / (change / 100 * mean)) ** 2,
                    "change is a share already, 0.05 for 5 %: don't divide by 100.", excluded_by="the share `change`"),
            Mistake("upside down", lambda mean, sd, change: (change * mean / (2.8 * sd)) ** 2 / 2,
                    "You have it upside down: a smaller change takes more customers."),
        ],
    ),
    Written(id="10.decide", objective="10.5", points=4, what="the decision on a customer base"),
]
