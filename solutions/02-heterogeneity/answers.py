"""Exercise bank of lesson 02. Every answer and every mistake is computed from the data."""

from functools import cache

import numpy as np
import pandas as pd

import ccx
from ccx.classroom.bank import Array, Function, Mistake, Scalar, Written

FIVE = [20, 90, 45, 15, 30]


@cache
def spend():
    return ccx.load("cdnow").groupby("customer_id")["value"].sum()


@cache
def repeats(weeks=39):
    """Repeat purchase days of each CDNOW customer within so many weeks of their own first purchase."""
    log = ccx.load("cdnow")
    since = (log["date"] - log.groupby("customer_id")["date"].transform("min")).dt.days / 7
    return ((since > 0) & (since <= weeks)).groupby(log["customer_id"]).sum()


@cache
def nbd():
    return ccx.NBDModel.fit(pd.DataFrame({"frequency": repeats(), "T": 39}))


@cache
def gifts():
    table = ccx.load("donations")
    return table["frequency"].repeat(table["donors"])


@cache
def four_weeks():
    """Grocery spend of each household (rows) in each period of four weeks (columns); zero where it bought nothing."""
    log = ccx.load("grocery")
    log = log[log["week"] > 1].assign(period=lambda lines: (lines["week"] - 2) // 4)
    households = ccx.load("grocery")["customer_id"].unique()
    table = log.pivot_table(index="customer_id", columns="period", values="value", aggfunc="sum")
    return table.reindex(households).fillna(0)


@cache
def sample_spend():
    spend = ccx.load("cdnow_sample").groupby("customer_id")["value"].sum()
    return spend[spend > 0].to_numpy()


def resampled(size=None, replace=True, levels=(0.025, 0.975)):
    rng = np.random.default_rng(2024)
    values = sample_spend()
    ginis = [ccx.gini(rng.choice(values, size or len(values), replace=replace)) for _ in range(4000)]
    return np.quantile(ginis, levels)


@cache
def halves():
    log = ccx.load("cdnow")
    early = log["date"] <= "1997-09-30"
    totals = [log[part].groupby("customer_id")["value"].sum() for part in (early, ~early)]
    return [total.reindex(spend().index, fill_value=0) for total in totals]


def quintile(values):
    return values.rank(ascending=False, method="first") <= int(0.2 * len(values))


def gini(values):
    v = np.sort(values)
    n = len(v)
    return 2 * np.sum(np.arange(1, n + 1) * v) / (n * v.sum()) - (n + 1) / n


def gini_by_differences(values):
    v = np.asarray(values)
    return np.abs(v[:, None] - v[None, :]).mean() / (2 * v.mean())


def gini_by_trapezoids(values):
    v = np.sort(values)
    curve = np.concatenate([[0], np.cumsum(v) / v.sum()])
    return 1 - np.sum(curve[1:] + curve[:-1]) / len(v)


def gini_unsorted(values):
    n = len(values)
    return 2 * np.sum(np.arange(1, n + 1) * values) / (n * np.sum(values)) - (n + 1) / n


def gini_from_zero(values):
    v = np.sort(values)
    n = len(v)
    return 2 * np.sum(np.arange(n) * v) / (n * v.sum()) - (n + 1) / n


def top_at_or_above_quantile(values):
    return values[values >= values.quantile(0.8)].sum() / values.sum()


EXERCISES = [
    Scalar(
        id="02.below-mean", objective="02.1", points=1, low=0, high=1, tolerance=0.0005,
        what="the share of customers who spend less than the mean",
        answer=lambda: (spend() < spend().mean()).mean(),
        alternatives=[0.75],
        nudge="Not yet: compare each customer's total with the mean of those totals, and take the share that is smaller.",
        mistakes=[
            Mistake("counts those above", lambda: (spend() > spend().mean()).mean(),
                    "That is the share of customers above the mean: turn the comparison round."),
            Mistake("compares with the median", lambda: (spend() < spend().median()).mean(),
                    "You compared with the median, which has half of the customers on either side by definition; "
                    "compare with the mean."),
            Mistake("compares purchases", lambda: (ccx.load("cdnow")["value"] < ccx.load("cdnow")["value"].mean()).mean(),
                    "That is the share of purchases below the mean purchase: add up each customer's purchases first."),
            Mistake("adds up their dollars", lambda: spend()[spend() < spend().mean()].sum() / spend().sum(),
                    "That is the share of the dollars that these customers bring; count the customers instead."),
        ],
    ),
    Array(
        id="02.lorenz-five", objective="02.2", points=2, shape=(6,), tolerance=0.0005,
        what="the height of the Lorenz curve at 0, 1, 2, 3, 4 and 5 customers",
        answer=lambda: ccx.lorenz(FIVE)["value"],
        nudge="Not yet: sort the five from the smallest up, add them up one by one from 0, and divide by the total of 200.",
        mistakes=[
            Mistake("largest first", lambda: [0, *np.cumsum(sorted(FIVE, reverse=True)) / sum(FIVE)],
                    "You started with the largest customer; the Lorenz curve starts with the smallest."),
            Mistake("order of the list", lambda: [0, *np.cumsum(FIVE) / sum(FIVE)],
                    "You took the customers in the order of the list: sort them from the smallest up first."),
            Mistake("dollars", lambda: [0, *np.cumsum(sorted(FIVE))],
                    "These are cumulative dollars: divide them by the total to get shares."),
            Mistake("per cent", lambda: 100 * ccx.lorenz(FIVE)["value"],
                    "These are percentages: give shares between 0 and 1."),
            Mistake("not cumulative", lambda: [0, *np.divide(sorted(FIVE), sum(FIVE))],
                    "These are the shares of each customer alone: add them up as you go along."),
            Mistake("the other axis", [0, 0.2, 0.4, 0.6, 0.8, 1],
                    "That is the share of customers, the horizontal axis; the height is the share of dollars."),
        ],
    ),
    Function(
        id="02.my-gini", objective="02.2", points=3, tolerance=1e-4,
        what="my_gini",
        probes=[(FIVE,), ([1, 1, 1, 1],), ([3, 0, 0, 1],), ([7],)],
        hidden=lambda rng: [(rng.lognormal(0, s, n).round(4).tolist(),) for s, n in ((0.3, 6), (1, 40), (2, 301))]
        + [(rng.poisson(2, 50).tolist(),), (rng.permutation(20).tolist(),)],
        answer=gini,
        alternatives=[gini_by_differences, gini_by_trapezoids],
        nudge="Not yet: try it on [0, 0, 1], where the formula gives 2 · 3 / 3 − 4 / 3 = 2 / 3.",
        mistakes=[
            Mistake("not sorted", gini_unsorted,
                    "Your function depends on the order of the customers: sort the values from the smallest up first."),
            Mistake("ranks from zero", gini_from_zero,
                    "Your ranks start at 0; in the formula i runs from 1 to n."),
            Mistake("last term forgotten", lambda v: gini(v) + (len(v) + 1) / len(v),
                    "The last term, (n + 1) / n, is still to be taken away."),
            Mistake("area, not twice the area", lambda v: gini(v) / 2,
                    "That is the area between the curve and the diagonal; the Gini coefficient is twice that area."),
            Mistake("small-sample correction", lambda v: gini(v) * len(v) / max(len(v) - 1, 1),
                    "You multiplied by n / (n − 1), a correction for small samples that the formula here does not have."),
            Mistake("one minus", lambda v: 1 - gini(v),
                    "You have it upside down: when all customers are alike the Gini coefficient is 0, not 1."),
        ],
    ),
    Scalar(
        id="02.top-donors", objective="02.2", points=2, low=0, high=1, tolerance=0.0005,
        what="the share of repeat gifts that the top fifth of donors make",
        answer=lambda: ccx.top_share(gifts()),
        alternatives=[0.5],
        nudge="Not yet: lay the table out as one row per donor, 11,104 in all, and take the top fifth of those rows.",
        mistakes=[
            Mistake("everyone tied at the border", lambda: top_at_or_above_quantile(gifts()),
                    "Your top group holds everyone who ties at the border, which is more than a fifth of the donors: "
                    "take exactly a fifth."),
            Mistake("rows, not donors", lambda: ccx.top_share(ccx.load("donations")["frequency"]),
                    "You took the 22 rows for 22 donors: each row stands for as many donors as its last column says."),
            Mistake("rows by their gifts", lambda: ccx.top_share(ccx.load("donations").eval("frequency * donors")),
                    "You ranked the 22 rows by all their gifts together: rank donors, one by one."),
            Mistake("givers only", lambda: ccx.top_share(gifts()[gifts() > 0]),
                    "You left out the donors who never gave again; they belong to the base of whom a fifth is taken."),
        ],
    ),
    Scalar(
        id="02.zero-class", objective="02.3", points=2, low=0, high=1, tolerance=0.002,
        what="the share of customers without a repeat purchase in 52 weeks",
        answer=lambda: (nbd().alpha / (nbd().alpha + 52)) ** nbd().r,
        nudge="Not yet: put x = 0 and t = 52 into the formula of the NBD, with the r and alpha that were fitted.",
        mistakes=[
            Mistake("39 weeks", lambda: nbd().probability(0, 39),
                    "That is the share in 39 weeks, the period of the fit: the question asks for t = 52."),
            Mistake("Poisson", lambda: np.exp(-repeats().mean() * 52 / 39),
                    "That is what it would be if all customers had the same rate (Poisson); use the NBD."),
            Mistake("scale for rate", lambda: (1 / (1 + nbd().alpha * 52)) ** nbd().r,
                    "You took alpha for a scale; here it is a rate, and the probability is (alpha / (alpha + t)) ** r."),
            Mistake("r and alpha swapped", lambda: (nbd().r / (nbd().r + 52)) ** nbd().alpha,
                    "You swapped r and alpha: r is the exponent."),
            Mistake("counted, not predicted", lambda: (repeats(52) == 0).mean(),
                    "That is what the data show after 52 weeks; the question asks what the model, fitted on 39, expects."),
        ],
    ),
    Scalar(
        id="02.luck", objective="02.3", points=1, low=0, high=1, tolerance=0.006,
        what="the top fifth's share when all customers have the same rate",
        answer=lambda: ccx.top_share(np.random.default_rng(7).poisson(repeats().mean(), 1_000_000)),
        nudge="Not yet: draw 23,570 Poisson numbers, all with the mean of repeats, and take their top share.",
        mistakes=[
            Mistake("the data", lambda: ccx.top_share(repeats()),
                    "That is the share in the data; draw customers who all have the same rate."),
            Mistake("no luck at all", 0.2,
                    "If everybody bought exactly the average number, the top fifth would make a fifth; "
                    "but equal rates still leave luck, so the numbers have to be drawn."),
            Mistake("first purchase included", lambda: ccx.top_share(
                1 + np.random.default_rng(7).poisson(repeats().mean(), 1_000_000)),
                    "You counted the first purchase too; repeats holds the purchases after it."),
        ],
    ),
    Scalar(
        id="02.monthly", objective="02.4", points=2, low=0, high=1, tolerance=0.0006,
        what="the mean of the thirteen four-weekly top shares",
        answer=lambda: np.mean([ccx.top_share(four_weeks()[period]) for period in four_weeks()]),
        nudge="Not yet: for each of the thirteen periods take the top share over all 2,469 households, "
              "with 0 for those who bought nothing, then the mean of the thirteen.",
        mistakes=[
            Mistake("buyers only", lambda: np.mean([ccx.top_share(spent[spent > 0]) for _, spent in four_weeks().items()]),
                    "You left out the households that bought nothing in a period: they are customers too, with 0."),
            Mistake("whole year", lambda: ccx.top_share(four_weeks().sum(axis=1)),
                    "That is the top share over all the weeks at once; take it period by period and then the mean."),
            Mistake("one period", lambda: ccx.top_share(four_weeks()[0]),
                    "That is the first period alone: take the mean of all thirteen."),
        ],
    ),
    Array(
        id="02.interval", objective="02.4", points=1, shape=(2,), low=0, high=1, tolerance=0.002,
        what="the interval for the Gini of the one-in-ten sample",
        answer=lambda: resampled(),
        alternatives=[lambda: ccx.bootstrap_interval(sample_spend(), ccx.gini, rng=1)],
        nudge="Not yet: draw as many customers as the sample has, with replacement, many times, "
              "and take the 2.5 % and 97.5 % quantiles of the Gini.",
        mistakes=[
            Mistake("the full cohort", lambda: ccx.bootstrap_interval(spend()[spend() > 0], ccx.gini, rng=1, n_resamples=400),
                    "That is the interval for the full cohort; the question is about the one-in-ten sample."),
            Mistake("without replacement", lambda: resampled(replace=False),
                    "An interval of no width comes from drawing without replacement, which gives the same customers each time."),
            Mistake("too few customers drawn", lambda: resampled(size=500),
                    "This interval is too wide: draw as many customers as the sample has, not fewer."),
            Mistake("one standard error", lambda: resampled(levels=(0.16, 0.84)),
                    "This interval covers about 68 %; for 95 % take the quantiles at 0.025 and 0.975."),
        ],
    ),
    Scalar(
        id="02.moderation", objective="02.5", points=2, low=0, high=1, tolerance=0.0006,
        what="the share of the second period's top fifth that was not in the first's",
        answer=lambda: (quintile(halves()[1]) & ~quintile(halves()[0])).sum() / quintile(halves()[1]).sum(),
        nudge="Not yet: mark the top fifth of each period, then among those marked in the second "
              "count the share not marked in the first.",
        mistakes=[
            Mistake("the stayers", lambda: (quintile(halves()[1]) & quintile(halves()[0])).sum() / quintile(halves()[1]).sum(),
                    "That is the share that was in the top fifth both times; the question asks for the newcomers."),
            Mistake("of all customers", lambda: (quintile(halves()[1]) & ~quintile(halves()[0])).mean(),
                    "You divided by all customers: divide by the number in the second period's top fifth."),
            Mistake("of the others", lambda: (quintile(halves()[0]) & ~quintile(halves()[1])).sum() / (~quintile(halves()[1])).sum(),
                    "You divided by the customers outside the second period's top fifth; divide by those inside it."),
            Mistake("their dollars", lambda: halves()[1][quintile(halves()[0])].sum() / halves()[1].sum(),
                    "That is a share of dollars, those of the first period's top fifth; count customers."),
        ],
    ),
    Written(id="02.decide", objective="02.5", points=4, what="which of three firms most needs to treat its customers differently"),
]
