"""Exercise bank of lesson 02. Every answer and every mistake is computed from the data."""

from functools import cache

import numpy as np
import pandas as pd
from scipy import stats

import ccx
from ccx.classroom.exercise import Array, Convention, Function, Mistake, Scalar, Written

FIVE = [20, 90, 45, 15, 30]


@cache
def spend():
    return ccx.load("cdnow").groupby("customer_id")["value"].sum()


@cache
def below_mean_by_hand():
    """Totals in a dictionary, filled purchase by purchase."""
    log, totals = ccx.load("cdnow"), {}
    for customer, value in zip(log["customer_id"], log["value"]):
        totals[customer] = totals.get(customer, 0) + value
    mean = sum(totals.values()) / len(totals)
    return sum(total < mean for total in totals.values()) / len(totals)


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


def gifts_of_top(donors=1110.4):
    """From the table as it is: down from those who gave most often, and of the last group only as many as are needed."""
    table, made = ccx.load("donations"), 0
    for frequency, group in table.groupby("frequency")["donors"].sum()[::-1].items():
        made += frequency * min(group, donors)
        donors -= min(group, donors)
    return made / (table["frequency"] * table["donors"]).sum()


def gifts_passed(donors=1110.4):
    """Read off the running total of all donors, the most frequent first."""
    passed = np.append(0, np.sort(gifts())[::-1].cumsum())
    return np.interp(donors, np.arange(len(passed)), passed) / passed[-1]


def luck_by_formula():
    """E(X; X > k) is the mean times P(X > k − 1); of those who draw k itself as many as make up a fifth."""
    mean = repeats().mean()
    law = stats.poisson(mean)
    k = law.ppf(0.8)
    return law.sf(k - 1) + k * (0.2 - law.sf(k)) / mean


def luck_by_quantiles(n=1_000_000):
    """Customers spread evenly over the Poisson law: nothing is drawn."""
    law = stats.poisson(repeats().mean()).cdf(np.arange(50))
    drawn = np.searchsorted(law, (np.arange(n) + 0.5) / n)
    return drawn[-n // 5:].sum() / drawn.sum()


@cache
def drawn_customers(n=23_570, seed=7):
    return ccx.top_share(np.random.default_rng(seed).poisson(repeats().mean(), n))


@cache
def year_spend_by_hand(last=363):
    """Dollars by day since the first purchase, one customer after the other, up to and with a last day."""
    log = ccx.load("cdnow").sort_values("date", kind="stable")
    days, first, totals = log["date"].to_numpy().astype("datetime64[D]").astype(int), {}, {}
    for customer, day, value in zip(log["customer_id"], days, log["value"]):
        if day - first.setdefault(customer, day) <= last:
            totals[customer] = totals.get(customer, 0) + value
    return np.sort(list(totals.values()))


@cache
def year_spend(start=-1):
    """Each CDNOW customer's spend within 52 weeks of their own first purchase, optionally without it."""
    log = ccx.load("cdnow")
    since = (log["date"] - log.groupby("customer_id")["date"].transform("min")).dt.days / 7
    year = log[(since > start) & (since < 52)]
    return year.groupby("customer_id")["value"].sum().reindex(spend().index, fill_value=0)


@cache
def sample_spend():
    spend = ccx.load("cdnow_sample").groupby("customer_id")["value"].sum()
    return spend[spend > 0].to_numpy()


@cache
def resampled(n=800, statistic=ccx.gini, size=None, replace=True, levels=(0.025, 0.975)):
    rng = np.random.default_rng(2024)
    values = sample_spend()
    found = [statistic(rng.choice(values, size or len(values), replace=replace)) for _ in range(n)]
    return np.quantile(found, levels)


@cache
def resampled_by_the_library():
    return ccx.bootstrap_interval(sample_spend(), ccx.gini, rng=1, n_resamples=10_000)


@cache
def resampled_by_counts(n=10_000):
    """The customers stay sorted; drawn is how often each of them occurs, and who occurs c times takes c ranks in a row."""
    v, rng, found = np.sort(sample_spend()), np.random.default_rng(2025), []
    for _ in range(n):
        times = np.bincount(rng.integers(len(v), size=len(v)), minlength=len(v))
        ranks = times * (times.cumsum() - (times - 1) / 2)
        found.append(2 * (ranks @ v) / (len(v) * (times @ v)) - (len(v) + 1) / len(v))
    return np.quantile(found, [0.025, 0.975]), np.std(found)


@cache
def corrected_for_bias():
    found = stats.bootstrap((sample_spend(),), gini, vectorized=False, method="BCa", n_resamples=1000, rng=np.random.default_rng(3))
    return list(found.confidence_interval)


@cache
def halves():
    log = ccx.load("cdnow")
    early = log["date"] <= "1997-09-30"
    totals = [log[part].groupby("customer_id")["value"].sum() for part in (early, ~early)]
    return [total.reindex(spend().index, fill_value=0) for total in totals]


def quintile(values):
    """Whether each customer is among the best fifth; of those who tie, the first in the list."""
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


def gini_without_brackets(values):
    v = np.sort(values)
    n = len(v)
    return 2 * np.sum(np.arange(1, n + 1) * v) / n * v.sum() - (n + 1) / n


def gini_descending(values):
    v = -np.sort(-np.asarray(values))
    n = len(v)
    return 2 * np.sum(np.arange(1, n + 1) * v) / (n * v.sum()) - (n + 1) / n


def newcomers():
    return quintile(halves()[1]) & ~quintile(halves()[0])


def newcomers_by_sets(top):
    """The share of new ones, when `top` gives the places of a period's best."""
    first, second = (set(top(values.to_numpy())) for values in halves())
    return len(second - first) / len(second)


def newcomers_among_buyers():
    first, second = halves()
    tops = [values.nlargest(int(0.2 * (values > 0).sum())).index for values in (first, second)]
    return len(tops[1].difference(tops[0])) / len(tops[1])


EXERCISES = [
    Scalar(
        id="02.below-mean", objective="02.1", points=1, low=0, high=1, tolerance=0.0005,
        what="the share of customers who spend less than the mean",
        answer=lambda: (spend() < spend().mean()).mean(),
        alternatives=[below_mean_by_hand, lambda: stats.percentileofscore(spend(), spend().mean(), kind="strict") / 100],
        conventions=[
            Convention("three decimals", lambda: round((spend() < spend().mean()).mean(), 3)),
            Convention("who stands at the mean counts too", lambda: (spend() <= spend().mean()).mean()),
            Convention("among those who paid", lambda: (spend()[spend() > 0] < spend()[spend() > 0].mean()).mean()),
        ],
        nudge="Not yet: compare each customer's total with the mean of those totals, and give three decimals or more.",
        mistakes=[
            Mistake("counts those above", lambda: (spend() > spend().mean()).mean(),
                    "That is the share of customers above the mean: turn the comparison round."),
            Mistake("compares with the median", lambda: (spend() < spend().median()).mean(),
                    "About half of the customers lie below the median, by its definition; the question is about the mean.",
                    excluded_by="less than the mean"),
            Mistake("compares purchases", lambda: (ccx.load("cdnow")["value"] < ccx.load("cdnow")["value"].mean()).mean(),
                    "That is the share of purchases below the mean purchase: add up each customer's purchases first."),
            Mistake("adds up their dollars", lambda: spend()[spend() < spend().mean()].sum() / spend().sum(),
                    "That is the share of the dollars that these customers bring; count the customers instead.",
                    excluded_by="What share of CDNOW's customers"),
            Mistake("purchases below the mean customer", lambda: (ccx.load("cdnow")["value"] < spend().mean()).mean(),
                    "You compared single purchases with the mean customer: compare customers, in spend."),
            Mistake("customers below the mean purchase", lambda: (spend() < ccx.load("cdnow")["value"].mean()).mean(),
                    "You compared customers with the mean purchase: compare them with the mean customer."),
            Mistake("divides by purchases", lambda: (spend() < spend().mean()).sum() / len(ccx.load("cdnow")),
                    "You divided the right number of customers by the number of purchases; divide by the number of customers."),
        ],
    ),
    Array(
        id="02.lorenz-five", objective="02.2", points=2, shape=(6,), tolerance=0.0005,
        what="the height of the Lorenz curve after 0, 1, 2, 3, 4 and 5 customers",
        answer=lambda: ccx.lorenz(FIVE)["value"],
        alternatives=[lambda: [0, *np.cumsum(sorted(FIVE)) / sum(FIVE)],
                      lambda: [sum(sorted(FIVE)[:k]) / sum(FIVE) for k in range(6)],
                      lambda: np.tri(6, 5, -1) @ np.sort(FIVE) / np.sum(FIVE)],
        conventions=[Convention("three decimals", lambda: ccx.lorenz(FIVE)["value"].round(3))],
        nudge="Not yet: the curve starts at 0 and ends at 1, and at each customer it rises by that customer's share; "
              "give three decimals or more.",
        mistakes=[
            Mistake("largest first", lambda: [0, *np.cumsum(sorted(FIVE, reverse=True)) / sum(FIVE)],
                    "You started with the largest customer; the Lorenz curve starts with the smallest."),
            Mistake("order of the list", lambda: [0, *np.cumsum(FIVE) / sum(FIVE)],
                    "You took the customers in the order of the list: sort them from the smallest up first."),
            Mistake("dollars", lambda: [0, *np.cumsum(sorted(FIVE))],
                    "These are cumulative dollars: divide them by the total to get shares.", excluded_by="(the share of the money)"),
            Mistake("dollars, largest first", lambda: [0, *np.cumsum(sorted(FIVE, reverse=True))],
                    "These are dollars, and they start with the largest customer: start with the smallest, and give shares."),
            Mistake("dollars in the order of the list", lambda: [0, *np.cumsum(FIVE)],
                    "These are dollars in the order of the list: sort from the smallest up, and give shares."),
            Mistake("per cent", lambda: 100 * ccx.lorenz(FIVE)["value"],
                    "These are percentages: give shares between 0 and 1.", excluded_by="the first 0, the last 1"),
            Mistake("not cumulative", lambda: [0, *np.divide(sorted(FIVE), sum(FIVE))],
                    "These are the shares of each customer alone: add them up as you go along."),
            Mistake("the other axis", lambda: ccx.lorenz(FIVE)["customers"],
                    "That is the share of customers, the horizontal axis; the height is the share of dollars."),
            Mistake("two decimals", lambda: ccx.lorenz(FIVE)["value"].round(2),
                    "The idea is right, but two decimals are not enough here: give three or more.", excluded_by="three decimals or more"),
        ],
    ),
    Function(
        id="02.my-gini", objective="02.2", points=3, tolerance=5e-4,
        what="your function my_gini",
        probes=[(FIVE,), ([1, 1, 1, 1],), ([3, 0, 0, 1],), ([0.4, 1.3, 2.6, 0.4],)],
        hidden=lambda rng: [(rng.lognormal(0, s, n).round(4).tolist(),) for s, n in ((0.3, 6), (1, 40), (2, 301))]
        + [(rng.poisson(2, 50).tolist(),), (rng.permutation(20).tolist(),)],
        answer=gini,
        alternatives=[gini_by_differences, gini_by_trapezoids],
        nudge="Not yet: try it on np.array([0, 0, 2]), where the formula gives 2 · 3 · 2 / (3 · 2) − 4 / 3 = 2 / 3.",
        mistakes=[
            Mistake("not sorted", gini_unsorted,
                    "Your result depends on the order in which the customers come: sort the values, and make sure that the sorted "
                    "ones are used (np.sort returns a new array, and pandas multiplies by label, not by place)."),
            Mistake("largest first", gini_descending,
                    "You sorted from the largest down; rank 1 is the smallest value."),
            Mistake("ranks from zero", gini_from_zero,
                    "Your ranks start at 0; in the formula i runs from 1 to n."),
            Mistake("no ranks", lambda v: 2 / len(v) - (len(v) + 1) / len(v),
                    "The ranks i are missing in the sum: each value counts as often as its rank."),
            Mistake("no factor 2", lambda v: (gini(v) + (len(v) + 1) / len(v)) / 2 - (len(v) + 1) / len(v),
                    "The factor 2 before the sum is missing."),
            Mistake("brackets", gini_without_brackets,
                    "Brackets: n times the total stands below the line, so write / (n * total)."),
            Mistake("last term forgotten", lambda v: gini(v) + (len(v) + 1) / len(v),
                    "The last term, (n + 1) / n, is still to be taken away."),
            Mistake("last term is 1", lambda v: gini(v) + 1 / len(v),
                    "The last term is (n + 1) / n, which is a little more than 1; mind the brackets."),
            Mistake("area, not twice the area", lambda v: gini(v) / 2,
                    "That is the area between the curve and the diagonal; the Gini coefficient is twice that area."),
            Mistake("small-sample correction", lambda v: gini(v) * len(v) / (len(v) - 1),
                    "You multiplied by n / (n − 1), a correction for small samples that the formula here does not have.",
                    excluded_by="by the formula above"),
            Mistake("one minus", lambda v: 1 - gini(v),
                    "You have it upside down: when all customers are alike the Gini coefficient is 0, not 1."),
            Mistake("zeros left out", lambda v: gini(np.asarray(v)[np.asarray(v) > 0]),
                    "You left out the customers with a value of 0; they count.", excluded_by="with zeros"),
            Mistake("ties lost", lambda v: gini(np.unique(v)),
                    "Customers with the same value have become one: keep each of them."),
        ],
    ),
    Scalar(
        id="02.top-donors", objective="02.2", points=2, low=0, high=1, tolerance=0.0005,
        what="the share of repeat gifts that the top tenth of donors make",
        answer=lambda: ccx.top_share(gifts(), 0.1),
        alternatives=[gifts_of_top, gifts_passed],
        conventions=[
            Convention("three decimals", lambda: round(ccx.top_share(gifts(), 0.1), 3)),
            Convention("1,110 donors", lambda: gifts_passed(1110)),
            Convention("1,111 donors", lambda: gifts_passed(1111)),
        ],
        nudge="Not yet: lay the table out as one row per donor, 11,104 in all, and take the top tenth of those rows.",
        mistakes=[
            Mistake("everyone who gave six times", lambda: gifts()[gifts() == 6].sum() / gifts().sum(),
                    "Your top group holds everyone who gave six times, which is more than a tenth of the donors: "
                    "take exactly a tenth.", excluded_by="exactly a tenth of them"),
            Mistake("a fifth", lambda: ccx.top_share(gifts()),
                    "That is the top fifth; the question is about the top tenth."),
            Mistake("rows, not donors", lambda: ccx.top_share(ccx.load("donations")["frequency"], 0.1),
                    "You took the 22 rows for 22 donors: each row stands for as many donors as its last column says."),
            Mistake("rows by their gifts", lambda: ccx.top_share(ccx.load("donations").eval("frequency * donors"), 0.1),
                    "You ranked the 22 rows by all their gifts together: rank donors, one by one."),
            Mistake("rows by their donors", lambda: ccx.top_share(ccx.load("donations")["donors"], 0.1),
                    "You ranked the rows by how many donors they stand for: rank donors, by their gifts."),
            Mistake("givers only", lambda: ccx.top_share(gifts()[gifts() > 0], 0.1),
                    "You left out the donors who never gave again; they belong to the base of whom a tenth is taken.",
                    excluded_by="of the 11,104 donors"),
            Mistake("first gift included", lambda: ccx.top_share(1 + gifts(), 0.1),
                    "You counted the first gift too; the question is about repeat gifts.", excluded_by="of all repeat gifts"),
        ],
    ),
    Scalar(
        id="02.zero-class", objective="02.3", points=2, low=0, high=1, tolerance=0.002,
        what="the share of customers without a repeat purchase in 52 weeks",
        answer=lambda: (nbd().alpha / (nbd().alpha + 52)) ** nbd().r,
        alternatives=[lambda: nbd().probability(0, 52),
                      lambda: stats.nbinom.pmf(0, nbd().r, nbd().alpha / (nbd().alpha + 52)),
                      lambda: stats.gamma(nbd().r, scale=1 / nbd().alpha).expect(lambda rate: np.exp(-52 * rate))],
        conventions=[
            Convention("three decimals", lambda: round(nbd().probability(0, 52), 3)),
            Convention("estimates rounded", lambda: (12.71 / (12.71 + 52)) ** 0.386),
        ],
        nudge="Not yet: put x = 0 and t = 52 into the formula of the NBD, with the r and alpha that were fitted.",
        mistakes=[
            Mistake("39 weeks", lambda: nbd().probability(0, 39),
                    "That is the share in 39 weeks, the period of the fit: the question asks for t = 52."),
            Mistake("13 weeks", lambda: nbd().probability(0, 13),
                    "That is the share in a period of 13 weeks; the period is the whole 52 weeks."),
            Mistake("two periods multiplied or added", lambda: nbd().probability(0, 39) * nbd().probability(0, 13),
                    "Take the 52 weeks as one period, t = 52: they include the 39, and the shares of two periods can't be "
                    "multiplied, because who is silent in one is likely to be silent in the next."),
            Mistake("Poisson", lambda: np.exp(-repeats().mean() * 52 / 39),
                    "That is what it would be if all customers had the same rate (Poisson); use the NBD.",
                    excluded_by="Use `nbd.r` and `nbd.alpha` in the formula, or `nbd.probability`"),
            Mistake("the others", lambda: 1 - nbd().probability(0, 52),
                    "That is the share of customers with at least one repeat purchase; the question is about the others."),
            Mistake("no exponent", lambda: nbd().alpha / (nbd().alpha + 52),
                    "The exponent r is missing: (alpha / (alpha + t)) ** r."),
            Mistake("t above the line", lambda: (52 / (nbd().alpha + 52)) ** nbd().r,
                    "Above the line stands alpha, not t: (alpha / (alpha + t)) ** r."),
            Mistake("scale for rate", lambda: (1 / (1 + nbd().alpha * 52)) ** nbd().r,
                    "You took alpha for a scale; here it is a rate, and the probability is (alpha / (alpha + t)) ** r."),
            Mistake("arguments in the wrong order", lambda: nbd().probability(52, 0),
                    "A share of practically 0: mind the order, nbd.probability(x, t), and that r is the exponent."),
            Mistake("counted in 39 weeks", lambda: (repeats() == 0).mean(),
                    "That is what the data show after 39 weeks; the question asks what the model expects after 52."),
            Mistake("counted in 52 weeks", lambda: (repeats(52) == 0).mean(),
                    "That is what the data show after 52 weeks; the question asks what the model, fitted on 39, expects.",
                    excluded_by="does it expect"),
        ],
    ),
    Scalar(
        id="02.luck", objective="02.3", points=1, low=0, high=1, tolerance=0.003,
        what="the top fifth's share when all customers have the same rate",
        answer=lambda: drawn_customers(1_000_000),
        alternatives=[luck_by_formula, luck_by_quantiles],
        conventions=[
            Convention("as many as there are customers", drawn_customers),
            Convention("three decimals", lambda: round(drawn_customers(), 3)),
            Convention("another seed", lambda: drawn_customers(seed=8)),
        ],
        nudge="Not yet: draw 23,570 Poisson numbers, all with the mean of repeats, and take their top share.",
        mistakes=[
            Mistake("the data", lambda: ccx.top_share(repeats()),
                    "That is the share in the data; draw customers who all have the same rate."),
            Mistake("no luck at all", 0.2,
                    "If everybody bought exactly the average number, the top fifth would make a fifth; "
                    "but equal rates still leave luck, so the numbers have to be drawn."),
            Mistake("first purchase included", lambda: ccx.top_share(
                1 + np.random.default_rng(7).poisson(repeats().mean(), 1_000_000)),
                    "You counted the first purchase too; repeats holds the purchases after it.",
                    excluded_by="What share of the repeat purchases"),
            Mistake("too large a mean", lambda: ccx.top_share(np.random.default_rng(7).poisson(
                len(ccx.load("cdnow")) / 23_570, 1_000_000)),
                    "That is what a mean of about 2.8 purchases gives; the mean of repeats over all customers is smaller."),
            Mistake("without those who drew 0", lambda: ccx.top_share(
                (drawn := np.random.default_rng(7).poisson(repeats().mean(), 1_000_000))[drawn > 0]),
                    "You left out the customers who drew 0; they count.", excluded_by="suppose all 23,570 customers"),
            Mistake("a rate each", lambda: ccx.top_share(np.random.default_rng(7).poisson(repeats())),
                    "You gave each customer their own number as the mean; give all of them the same mean."),
        ],
    ),
    Scalar(
        id="02.same-window", objective="02.4", points=2, low=0, high=1, tolerance=0.0006,
        what="the top fifth's share of the money in each customer's first 52 weeks",
        answer=lambda: ccx.top_share(year_spend()),
        alternatives=[lambda: year_spend_by_hand()[-4714:].sum() / year_spend_by_hand().sum(),
                      lambda: year_spend()[quintile(year_spend())].sum() / year_spend().sum()],
        conventions=[
            Convention("three decimals", lambda: round(ccx.top_share(year_spend()), 3)),
            Convention("without those who paid nothing", lambda: ccx.top_share(year_spend()[year_spend() > 0])),
            Convention("with the day on which week 52 ends", lambda: ccx.top_share(year_spend_by_hand(364))),
            Convention("365 days after the first", lambda: ccx.top_share(year_spend_by_hand(365))),
        ],
        nudge="Not yet: add up cdnow[week < 52] by customer, and take the top share of the dollars.",
        mistakes=[
            Mistake("the whole log", lambda: ccx.top_share(spend()),
                    "That is the share over the whole log; keep only the weeks below 52."),
            Mistake("without the first purchase", lambda: ccx.top_share(year_spend(start=0)),
                    "You left out the first purchase (week 0); it belongs to the first year.",
                    excluded_by="the first purchase included"),
            Mistake("without the first purchase, buyers only", lambda: ccx.top_share(year_spend(start=0)[year_spend(start=0) > 0]),
                    "You left out the first purchase (week 0), and with it those who never came back; they belong to the year."),
            Mistake("calendar year", lambda: ccx.top_share(
                ccx.load("cdnow").query("date < '1998-01-01'").groupby("customer_id")["value"].sum()),
                    "That is the calendar year 1997, in which some customers had less than 52 weeks: count from each one's own start.",
                    excluded_by="each customer's first 52 weeks"),
            Mistake("purchases, not dollars", lambda: ccx.top_share(repeats(52) + 1),
                    "You ranked by the number of purchases; take the value.", excluded_by="share of the money"),
            Mistake("two decimals", lambda: round(ccx.top_share(year_spend()), 2),
                    "Two decimals are not enough here: give three or more.", excluded_by="Three decimals or more"),
        ],
    ),
    Array(
        id="02.interval", objective="02.4", points=1, shape=(2,), low=0, high=1, tolerance=0.0015,
        what="the interval for the Gini of the one-in-ten sample",
        answer=lambda: resampled(n=10_000),
        alternatives=[resampled_by_the_library, lambda: resampled_by_counts()[0]],
        conventions=[
            Convention("three decimals", lambda: resampled(n=10_000).round(3)),
            Convention("percentiles reflected", lambda: 2 * gini(sample_spend()) - resampled(n=10_000)[::-1]),
            Convention("1.96 standard errors either way", lambda: gini(sample_spend()) + np.array([-1.96, 1.96]) * resampled_by_counts()[1]),
        ],
        nudge="Not yet: draw as many customers as the sample has, with replacement, 10,000 times, "
              "and give the 2.5 % and the 97.5 % quantile of the Gini, the lower first.",
        mistakes=[
            Mistake("the full cohort", lambda: ccx.bootstrap_interval(spend()[spend() > 0], ccx.gini, rng=1, n_resamples=200),
                    "That is the interval for the full cohort; the question is about the one-in-ten sample."),
            Mistake("corrected for bias and skewness", corrected_for_bias,
                    "This interval is corrected for bias and skewness (BCa); take the plain percentiles.", excluded_by="and percentiles"),
            Mistake("without replacement", lambda: resampled(replace=False),
                    "An interval of no width comes from drawing without replacement, which gives the same customers each time."),
            Mistake("too few customers drawn", lambda: resampled(size=500),
                    "This interval is too wide: draw as many customers as the sample has, not fewer."),
            Mistake("one standard error", lambda: resampled(levels=(0.16, 0.84)),
                    "This interval covers about 68 %; for 95 % take the quantiles at 0.025 and 0.975."),
            Mistake("90 %", lambda: resampled(levels=(0.05, 0.95)),
                    "This interval covers about 90 %, or has two decimals only; for 95 % take the quantiles at 0.025 and 0.975, and give three decimals.",
                    excluded_by="95 % bootstrap interval"),
            Mistake("another statistic", lambda: resampled(statistic=ccx.top_share),
                    "That is an interval for the top share; the question asks for the Gini."),
            Mistake("upper first", lambda: resampled(levels=(0.975, 0.025)),
                    "The upper end came first: give the lower one first.", excluded_by="the lower first"),
        ],
    ),
    Scalar(
        id="02.moderation", objective="02.5", points=2, low=0, high=1, tolerance=0.0006,
        what="the share of the second period's top fifth that was not in the first's",
        answer=lambda: newcomers().sum() / quintile(halves()[1]).sum(),
        alternatives=[lambda: ccx.moderation(*halves())["missed"],
                      lambda: newcomers_by_sets(lambda values: np.argsort(-values, kind="stable")[:4714]),
                      lambda: newcomers_by_sets(lambda values: sorted(range(len(values)), key=values.__getitem__)[-4714:])],
        conventions=[
            Convention("three decimals", lambda: round(newcomers().sum() / 4714, 3)),
            Convention("all who tie at the border", lambda: newcomers_by_sets(lambda values: np.flatnonzero(values >= np.sort(values)[-4714]))),
        ],
        nudge="Not yet: mark the 4,714 best of each period by value, then among those marked in the second "
              "count the share not marked in the first.",
        mistakes=[
            Mistake("the stayers", lambda: (quintile(halves()[1]) & quintile(halves()[0])).sum() / quintile(halves()[1]).sum(),
                    "That is the share that was in the top fifth both times; the question asks for the newcomers."),
            Mistake("of all customers", lambda: newcomers().mean(),
                    "You divided by all customers: divide by the number in the second period's top fifth.",
                    excluded_by="period's top fifth was **not** in the first period's"),
            Mistake("of the others", lambda: (quintile(halves()[0]) & ~quintile(halves()[1])).sum() / (~quintile(halves()[1])).sum(),
                    "You divided by the customers outside the second period's top fifth; divide by those inside it."),
            Mistake("their dollars", lambda: halves()[1][quintile(halves()[0])].sum() / halves()[1].sum(),
                    "That is a share of dollars, those of the first period's top fifth; count customers."),
            Mistake("the lapsed", lambda: (halves()[1][quintile(halves()[0])] == 0).mean(),
                    "That is the share of the first period's top fifth who bought nothing later; "
                    "the question is about the second period's top fifth."),
            Mistake("top fifth of the buyers", newcomers_among_buyers,
                    "You took a fifth of those who bought in a period; take a fifth of all 23,570 customers.",
                    excluded_by="are the 4,714 customers"),
            Mistake("two decimals", lambda: round(newcomers().sum() / 4714, 2),
                    "Two decimals are not enough here: give three or more.", excluded_by="Give three decimals or more"),
        ],
    ),
    Written(id="02.decide", objective="02.5", points=4, what="which of three firms most needs to treat its customers differently"),
]
