"""Exercise bank of lesson 06. Every answer and every mistake is computed from the data."""

import statistics
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import minimize
from scipy.special import hyp2f1, ndtr, ndtri

import ccx
from ccx.classroom.exercise import Array, Convention, Function, Mistake, Scalar, Written
from ccx.clv import BetaGeoModel, GeometricModel, NBDModel, ShiftedBetaGeoModel
from ccx.selection import change_by_group, chosen, levers, policy_profit, quantile_groups, uplift_by_arm, variance_parts

QUOTES = np.array([60, 2, 0.05])


@cache
def halves():
    log = ccx.load("grocery")
    early = log["week"] <= 27
    first = log[early].groupby("customer_id")["value"].sum()
    first = first[first > 0]
    return first, log[~early].groupby("customer_id")["value"].sum().reindex(first.index, fill_value=0)


def change(by=1, group=1, groups=5, keep=lambda first, second: first > 0, column="change"):
    """The change of one group of the households, sorted by the first (0) or the second (1) half."""
    both = [half[keep(*halves())] for half in halves()]
    return change_by_group(*both, quantile_groups(both[by], groups)).loc[group, column]


def change_of_lowest(k):
    """The change of the k households that spent least in the second half."""
    lowest = halves()[1].nsmallest(k).index
    return halves()[1][lowest].mean() / halves()[0][lowest].mean()


def change_by_counting():
    """From the log as it is: dollars by customer number, and all up to the value below which a fifth lies."""
    log = ccx.load("grocery")
    early, customer, value = (log["week"] <= 27).to_numpy(), log["customer_id"].to_numpy(), log["value"].to_numpy()
    first, second = (np.bincount(customer[part], value[part], customer.max() + 1) for part in (early, ~early))
    here = second <= np.quantile(second[first > 0], 0.2)
    return second[here & (first > 0)].sum() / first[here].sum()


def of_ratios(summary, by=1):
    first, second = halves()
    return summary((second / first)[quantile_groups(halves()[by]) == 1])


def of_halves(summary):
    here = quantile_groups(halves()[1]) == 1
    return summary(halves()[1][here]) / summary(halves()[0][here])


def with_absentees():
    """Sorted by the second half among all households of the year."""
    log = ccx.load("grocery")
    both = log.groupby([log["week"] <= 27, "customer_id"])["value"].sum().unstack("customer_id", fill_value=0).T
    return change_by_group(both[True], both[False], quantile_groups(both[False])).loc[1, "change"]


@cache
def trips():
    log = ccx.load("grocery")
    half = (log["week"] <= 27).map({True: "first", False: "second"})
    counts = log.groupby(["customer_id", half])["basket_id"].nunique().unstack(fill_value=0)
    return counts.loc[halves()[0].index]


@cache
def expected_trips():
    history = pd.DataFrame({"frequency": trips()["first"], "T": 26})
    return NBDModel.fit(history).expected_purchases(history, 26)


def of_trips(here, summary="mean"):
    """Before, after and expected of some households."""
    return tuple(each[here].agg(summary) for each in (trips()["first"], trips()["second"], expected_trips()))


@cache
def trip_means(group=1, by_dollars=False):
    """Of the households of one fifth by trips; of all of them for 0."""
    return of_trips(quantile_groups(halves()[0] if by_dollars else trips()["first"]).isin([group] if group else range(1, 6)))


def luck_share(group=1, by_dollars=False):
    return of_the_rise(*trip_means(group, by_dollars))


def of_the_rise(before, after, expected):
    return (expected - before) / (after - before)


def luck_share_from_the_table():
    first, second = trips()["first"], trips()["second"]
    return change_by_group(first, second, quantile_groups(first), expected_trips()).loc[1, "regression"]


@cache
def luck_share_by_own_fit():
    """With r and alpha fitted here; what to expect is linear in the trips, so it takes no more than the fifth's mean."""
    counts = trips()["first"].to_numpy()
    r, alpha = np.exp(minimize(lambda logs: -stats.nbinom.logpmf(counts, np.exp(logs[0]), 1 / (1 + 26 / np.exp(logs[1]))).sum(), [0, 0]).x)
    before, after = (trips().sort_values("first", kind="stable")[half].iloc[:479].mean() for half in ("first", "second"))
    return of_the_rise(before, after, 26 * (r + before) / (alpha + 26))


def by_library(x, r, alpha, t1, t2):
    return float(NBDModel(r, alpha).expected_purchases(pd.DataFrame({"frequency": [x], "T": [t1]}), t2).iloc[0])


def by_next_count(x, r, alpha, t1, t2):
    """From how much rarer one purchase more is: E(rate | x) = (x + 1) P(x + 1) / P(x) / t1 (Robbins)."""
    law = stats.nbinom(r, alpha / (alpha + t1))
    return t2 * (x + 1) / t1 * law.pmf(x + 1) / law.pmf(x)


@cache
def cdnow():
    log = ccx.load("cdnow")
    week = (log["date"] - log.groupby("customer_id")["date"].transform("min")).dt.days / 7
    return pd.DataFrame({"once": ((week > 0) & (week <= 26)).groupby(log["customer_id"]).sum(),
                         "again": ((week > 26) & (week <= 52)).groupby(log["customer_id"]).sum()})


def three(types=None, luck=None, total=None):
    """Types, change and luck as shares, each with its usual value unless another is given."""
    once, again = cdnow()["once"], cdnow()["again"]
    total = (once.var() + again.var()) / 2 if total is None else total(once, again)
    types = once.cov(again) if types is None else types(once, again)
    luck = (once.mean() + again.mean()) / 2 if luck is None else luck(once, again)
    return np.array([types, total - types - luck, luck]) / total


def three_from_sums():
    """The covariance from the variances of sum and difference; what does not last is half the variance of the difference."""
    once, again = cdnow()["once"], cdnow()["again"]
    together, apart, luck = (once + again).var(), (once - again).var(), (once + again).mean() / 2
    parts = np.array([(together - apart) / 4, apart / 2 - luck, luck])
    return parts / parts.sum()


def three_by_pairs_of_counts():
    """From how many customers made so many purchases in the one period and so many in the other."""
    table = cdnow().value_counts()
    weight, (once, again) = table / table.sum(), (table.index.get_level_values(name).to_numpy() for name in ("once", "again"))
    means = weight @ once, weight @ again
    mean_variance = (weight @ once**2 + weight @ again**2 - means[0] ** 2 - means[1] ** 2) / 2
    types, luck = weight @ (once * again) - means[0] * means[1], sum(means) / 2
    return [types / mean_variance, 1 - (types + luck) / mean_variance, luck / mean_variance]


def one_mean_for_both():
    """Deviations from the mean of both periods together."""
    mean = cdnow().to_numpy().mean()
    return three(types=lambda once, again: ((once - mean) * (again - mean)).mean(),
                 total=lambda once, again: ((once - mean) ** 2 + (again - mean) ** 2).mean() / 2)


@cache
def trial():
    return ccx.load("company_campaign").set_index("customer_id")


def welch(treated, control):
    return np.sqrt(treated.var(ddof=1) / len(treated) + control.var(ddof=1) / len(control))


def pooled(treated, control):
    n, m = len(treated), len(control)
    return np.sqrt(((n - 1) * treated.var(ddof=1) + (m - 1) * control.var(ddof=1)) / (n + m - 2) * (1 / n + 1 / m))


def interval(treated, control, error=welch, z=1.96):
    """The difference of the means with an interval, right with Welch's error and 1.96."""
    return treated.mean() - control.mean() + z * error(treated, control) * np.array([0, -1, 1])


def interval_by_library(treated, control):
    outcome = pd.Series([*treated, *control], dtype=float)
    row = uplift_by_arm(outcome, pd.Series(["treated"] * len(treated) + ["control"] * len(control))).loc["treated"]
    return [row["uplift"], row["uplift"] - 1.96 * row["error"], row["uplift"] + 1.96 * row["error"]]


def interval_by_pairs(treated, control):
    """A variance is half the mean squared difference of two customers, over all pairs."""
    reach, uplift = 0.0, statistics.fmean(treated) - statistics.fmean(control)
    for arm in (treated, control):
        pairs = [(x - y) ** 2 / 2 for x, y in combinations(arm, 2)]
        reach += sum(pairs) / len(pairs) / len(arm)
    return uplift, uplift - 1.96 * reach**0.5, uplift + 1.96 * reach**0.5


def welchs_t(treated, control):
    low, high = stats.ttest_ind(treated, control, equal_var=False).confidence_interval(0.95)
    return [(low + high) / 2, low, high]


def lucky_by_turns(chance=0.025, groups=20):
    """The first lucky group may be the first, the second, …: added up."""
    found, none_yet = 0.0, 1.0
    for _ in range(groups):
        found, none_yet = found + none_yet * chance, none_yet * (1 - chance)
    return found


def hidden_arms(rng):
    return [tuple((rng.gamma(0.5, 20, int(rng.integers(4, 12))) + rng.uniform(0, 9)).round(1).tolist() for _ in range(2)) for _ in range(6)]


@cache
def forecast():
    """What each customer will bring in 13 weeks, and whether they are still there."""
    orders = ccx.load("company")
    orders = orders[orders["customer_id"].isin(trial().index)]
    base = ccx.customer_base(orders, calibration_end="2025-12-31", time_unit="W").loc[trial().index]
    model = BetaGeoModel.fit(base)
    margin = orders.groupby("customer_id")["margin"].mean()
    return model.expected_purchases(base, 13) * margin[trial().index], model.expected_probability_alive(base)


@cache
def scores():
    worth, alive = forecast()
    newsletter = ccx.load("company_customers").set_index("customer_id")["newsletter"][trial().index]
    kind = newsletter.astype(str) + quantile_groups(worth, 4).astype(str)
    odd = trial().index % 2 == 1
    learned = uplift_by_arm(trial()["margin_after"][odd], trial()["arm"][odd], by=kind, before=worth).xs("voucher", level="arm")["uplift"]
    return pd.DataFrame({"gone": -alive, "value": worth, "response": kind.map(learned)})


def profits(even=True, column="profit", k=769, arm="voucher", sign=(1, 1, 1), **options):
    rows = trial() if even is False else trial()[trial().index % 2 == (0 if even else 1)]
    treat = (scores().loc[rows.index] * np.array(sign)).apply(chosen, k=k)
    return policy_profit(treat, rows["margin_after"], rows["arm"], arm, **{"before": forecast()[0], **options})[column].to_numpy()


def before_and_after():
    """What the voucher arm of those chosen brought after, less what it brought before, times 769."""
    rows = trial()[trial().index % 2 == 0]
    difference = (rows["margin_after"] - rows["before"])[rows["arm"] == "voucher"]
    treat = scores().loc[rows.index].apply(chosen, k=769)
    return [769 * difference[treat[name][difference.index]].mean() for name in treat]


def picked(policy, k=769):
    """Those of the even customers who stand first by a policy and were drawn into voucher or control arm, with their forecast."""
    rows = trial().assign(worth=forecast()[0])[trial().index % 2 == 0]
    first = scores().loc[rows.index, policy].nlargest(k).index
    return rows.loc[first][rows.loc[first, "arm"].isin(["voucher", "control"])]


def profits_by_regression():
    """The voucher's coefficient in a regression of the margin on voucher and forecast."""
    found = []
    for policy in scores():
        rows = picked(policy)
        known = np.column_stack([np.ones(len(rows)), rows["arm"] == "voucher", rows["worth"]]).astype(float)
        found.append(769 * np.linalg.lstsq(known, rows["margin_after"].to_numpy(), rcond=None)[0][1])
    return found


def profits_by_slope():
    """The difference of the means, less what the arms' difference in the forecast explains of it."""
    found = []
    for policy in scores():
        groups = [(arm["worth"].to_numpy(), arm["margin_after"].to_numpy()) for _, arm in picked(policy).groupby("arm")]
        together = sum((x - x.mean()) @ (y - y.mean()) for x, y in groups)
        slope = together / sum((x - x.mean()) @ (x - x.mean()) for x, y in groups)
        without, with_voucher = (y.mean() - slope * x.mean() for x, y in groups)
        found.append(769 * (with_voucher - without))
    return found


def against_the_others():
    """Means of the treated who were picked, less those of the treated who were not, times 769."""
    rows = trial()[(trial().index % 2 == 0) & (trial()["arm"] == "voucher")]
    treat = scores().loc[trial().index % 2 == 0].apply(chosen, k=769).loc[rows.index]
    return [769 * (rows["margin_after"][treat[name]].mean() - rows["margin_after"][~treat[name]].mean()) for name in treat]


def gains(model=None, column="gain", **options):
    settings = {"margin": 100, "acquisition_cost": 40, "discount_rate": 0.10, **options}
    return levers(model or ShiftedBetaGeoModel(0.668, 3.806), **settings)[column].to_numpy()


def gains_by_formula(value):
    """The three gains from what a subscriber is worth when each year's retention rate is multiplied by a number."""
    return np.array([value(1.01) - value(1), 0.01 * value(1), 0.01 * 40])


def worth_year_by_year(longer):
    """Three hundred years: the share that is still there, times the next year's retention rate, discounted."""
    there, worth = 1.0, 0.0
    for year in range(300):
        worth += 100 * there / 1.1**year
        there *= longer * (3.806 + year) / (0.668 + 3.806 + year)
    return worth


def worth_in_closed_form(longer):
    """The mean of 1 / (1 − retention / 1.1) over the beta distribution, which is a hypergeometric function."""
    return 100 * hyp2f1(1, 3.806, 0.668 + 3.806, longer / 1.1)


def service(value, k, multiplier, floor):
    return np.maximum(floor, np.log(k * np.asarray(value) / multiplier) / k)


def service_by_halving(value, k, multiplier, floor):
    """Where the next dollar brings just the multiplier, searched for from the floor up."""
    low, high = np.full(len(value), float(floor)), np.full(len(value), 1e4)
    for _ in range(60):
        middle = (low + high) / 2
        pays = k * value * np.exp(-k * middle) > multiplier
        low, high = np.where(pays, middle, low), np.where(pays, high, middle)
    return low


def capped(formula):
    """A mistaken service that still holds the floor."""
    return lambda value, k, multiplier, floor: np.maximum(floor, formula(np.asarray(value), k, multiplier))


def hidden_services(rng):
    # The first has a customer whose own share lies between nothing and the floor.
    return [([6.0, 40.0], 0.2, 1.0, 2.5)] + [
        (rng.uniform(1, 200, 5).round(1).tolist(), float(rng.uniform(0.02, 0.5)), float(rng.uniform(0.3, 2)), float(rng.choice([0, 1, 2.5]))) for _ in range(6)]


EXERCISES = [
    Scalar(
        id="06.backwards", objective="06.1", points=2, tolerance=5e-4,
        what="the change of the lowest fifth of the second half",
        answer=change,
        alternatives=[change_by_counting, lambda: change_of_lowest(479)],
        conventions=[
            Convention("three decimals", lambda: round(change(), 3)),
            Convention("a fifth of 2,394 rounded down, as in lesson 02", lambda: change_of_lowest(478)),
        ],
        nudge="Not yet: sort by second, take the lowest fifth, and divide its mean in the second half by its mean in the first.",
        mistakes=[
            Mistake("sorted by the first half", lambda: change(by=0),
                    "You sorted by the first half, as above; sort by the second and look back."),
            Mistake("upside down", lambda: 1 / change(),
                    "You divided the first half by the second; the change from the first to the second is the other way round.",
                    excluded_by="from the first half to the second"),
            Mistake("highest fifth", lambda: change(group=5),
                    "That is the highest fifth of the second half; the lowest is group 1."),
            Mistake("relative", lambda: change(column="relative"),
                    "That is relative to the change of all households; the question asks for the factor itself.",
                    excluded_by="By which factor"),
            Mistake("mean of ratios", lambda: of_ratios(np.mean),
                    "You averaged each household's own ratio; divide the mean of the fifth by its mean.",
                    excluded_by="did the mean spending"),
            Mistake("median of ratios", lambda: of_ratios(np.median),
                    "You took the median of the households' ratios; divide the mean of the fifth by its mean.",
                    excluded_by="did the mean spending"),
            Mistake("buyers of both halves", lambda: change(keep=lambda first, second: second > 0),
                    "You left out the households that bought nothing in the second half; all 2,394 belong to it.",
                    excluded_by="the same 2,394 households"),
            Mistake("medians", lambda: of_halves(np.median),
                    "You took medians; divide the mean of the fifth by its mean.", excluded_by="did the mean spending"),
            Mistake("all who ever bought", with_absentees,
                    "You kept households that bought nothing in the first half; keep the 2,394.", excluded_by="the same 2,394 households"),
            Mistake("lowest tenth", lambda: change(groups=10),
                    "That is the lowest tenth; the question asks for the lowest fifth."),
            Mistake("relative change", lambda: change() - 1,
                    "That is the change less 1; give the factor.", excluded_by="By which factor"),
            Mistake("how much lower", lambda: 1 - change(),
                    "That is the share that was lost; give the factor.", excluded_by="By which factor"),
            Mistake("dollars lost", lambda: -change(column="after") + change(column="before"),
                    "That is a difference in dollars; give the ratio of the two means."),
            Mistake("per cent", lambda: 100 * change(),
                    "That is in per cent; give a factor, where 1 means unchanged.", excluded_by="By which factor"),
            Mistake("one fifth, sorted and changed by the first, highest", lambda: change(by=0, group=5),
                    "That is the highest fifth by the first half; sort by the second half and take the lowest."),
        ],
    ),
    Function(
        id="06.expected-next", objective="06.1", points=2, tolerance=5e-4,
        what="your function expected_next",
        probes=[(0, 0.4, 12.0, 26.0, 26.0), (3, 0.4, 12.0, 26.0, 26.0), (10, 1.0, 2.0, 4.0, 8.0), (1, 2.0, 5.0, 10.0, 1.0)],
        hidden=lambda rng: [(int(rng.integers(0, 20)), *(float(v) for v in rng.uniform([0.2, 1, 5, 2], [3, 20, 40, 50]).round(2))) for _ in range(8)],
        answer=lambda x, r, alpha, t1, t2: t2 * (r + x) / (alpha + t1),
        alternatives=[by_library, by_next_count,
                      lambda x, r, alpha, t1, t2: t2 * (alpha / (alpha + t1) * r / alpha + t1 / (alpha + t1) * x / t1)],
        nudge="Not yet: check two limits by hand, t1 very small (then only r and alpha count) and t1 very large (then only x / t1 counts).",
        mistakes=[
            Mistake("own rate only", lambda x, r, alpha, t1, t2: t2 * x / t1,
                    "That is the customer's own rate carried on; with it nobody who bought nothing would ever come back."),
            Mistake("everybody's rate", lambda x, r, alpha, t1, t2: t2 * r / alpha,
                    "That is everybody's rate; the customer's own purchases should count too."),
            Mistake("times swapped", lambda x, r, alpha, t1, t2: t1 * (r + x) / (alpha + t2),
                    "You swapped the two times: t1 is how long the customer was watched, t2 how long you look ahead."),
            Mistake("ahead forgotten", lambda x, r, alpha, t1, t2: (r + x) / (alpha + t1),
                    "That is the expected rate per unit of time; multiply it by the time to come."),
            Mistake("both times below", lambda x, r, alpha, t1, t2: t2 * (r + x) / (alpha + t1 + t2),
                    "Below the line stands only the time that has been watched, not the time to come."),
            Mistake("alpha forgotten", lambda x, r, alpha, t1, t2: t2 * (r + x) / t1,
                    "alpha is missing below the line: it is the weight of what is known of all customers."),
            Mistake("r forgotten", lambda x, r, alpha, t1, t2: t2 * x / (alpha + t1),
                    "r is missing: whoever bought nothing would be expected to buy nothing for ever."),
            Mistake("brackets", lambda x, r, alpha, t1, t2: t2 * r + x / (alpha + t1),
                    "Brackets: r + x belongs together above the line."),
            Mistake("no brackets below", lambda x, r, alpha, t1, t2: t2 * (r + x) / alpha + t1,
                    "Brackets: alpha + t1 belongs together below the line."),
            Mistake("plain average", lambda x, r, alpha, t1, t2: t2 * (r / alpha + x / t1) / 2,
                    "You took the plain average of the two rates; their weights are alpha and t1."),
            Mistake("r and alpha swapped", lambda x, r, alpha, t1, t2: t2 * (alpha + x) / (r + t1),
                    "You swapped r and alpha: r stands with the purchases, alpha with the time."),
            Mistake("same length", lambda x, r, alpha, t1, t2: t1 * (r + x) / (alpha + t1),
                    "You looked ahead as long as was watched; the time to come is t2."),
            Mistake("total", lambda x, r, alpha, t1, t2: x + t2 * (r + x) / (alpha + t1),
                    "You added the purchases already made; only those to come are asked for."),
        ],
    ),
    Scalar(
        id="06.luck-share", objective="06.1", points=1, tolerance=5e-4,
        what="the share of the rise that luck explains",
        answer=luck_share,
        alternatives=[luck_share_from_the_table, luck_share_by_own_fit],
        conventions=[
            Convention("three decimals", lambda: round(luck_share(), 3)),
            Convention("from 4.14 and 8.05, rounded as in the question", lambda: of_the_rise(*np.round(trip_means()[:2], 2), trip_means()[2])),
        ],
        nudge="Not yet: take the lowest fifth only; find how far its mean expectation lies above its first half, as a share of the distance of its second half.",
        mistakes=[
            Mistake("what luck does not explain", lambda: 1 - luck_share(),
                    "That is the share that luck does not explain."),
            Mistake("expected over after", lambda: trip_means()[2] / trip_means()[1],
                    "You divided the expectation by what came; compare the two rises, from the first half on."),
            Mistake("expected rise over before", lambda: trip_means()[2] / trip_means()[0] - 1,
                    "That is by how much luck alone would raise the first half; divide by the rise that was seen."),
            Mistake("expected over before", lambda: trip_means()[2] / trip_means()[0],
                    "That is the factor by which luck alone would raise the first half; the question asks for a share of the rise."),
            Mistake("before over after", lambda: trip_means()[0] / trip_means()[1],
                    "That is the first half over the second; the expectation belongs into it."),
            Mistake("rise over after", lambda: (trip_means()[2] - trip_means()[0]) / trip_means()[1],
                    "You divided by the second half itself; divide by the rise from the first half to the second."),
            Mistake("fifth by dollars", lambda: luck_share(by_dollars=True),
                    "You took the lowest fifth by dollars; the question is about the lowest by trips, in fifth.",
                    excluded_by="The lowest fifth by trips"),
            Mistake("highest fifth", lambda: luck_share(5),
                    "That is the highest fifth; the lowest is group 1."),
            Mistake("all households", lambda: luck_share(0),
                    "You took all households; the question is about the lowest fifth by trips."),
            Mistake("all who tie with the last of the fifth", lambda: of_the_rise(*of_trips(trips()["first"] <= trips()["first"].quantile(0.2))),
                    "Your fifth holds all who tie with its last household, so it has other means than the table; take fifth as it is.",
                    excluded_by="rose from 4.14 to 8.05"),
            Mistake("medians", lambda: of_the_rise(*of_trips(quantile_groups(trips()["first"]) == 1, "median")),
                    "You took medians; the rise is one of means.", excluded_by="rose from 4.14 to 8.05"),
            Mistake("upside down", lambda: 1 / luck_share(),
                    "You have it upside down: the rise that was seen belongs below the line."),
            Mistake("trips", lambda: trip_means()[2] - trip_means()[0],
                    "That is the expected rise in trips; divide it by the rise that was seen."),
            Mistake("change expected over change seen", lambda: (trip_means()[2] / trip_means()[0]) / (trip_means()[1] / trip_means()[0]) - 1,
                    "You compared the expectation with what came; compare their distances from the first half."),
            Mistake("per cent", lambda: 100 * luck_share(),
                    "That is in per cent; give a share.", excluded_by="Which **share of that rise**"),
        ],
    ),
    Array(
        id="06.parts", objective="06.2", points=2, shape=(3,), tolerance=0.001,
        what="the shares of types, change and luck",
        answer=three,
        alternatives=[lambda: variance_parts(cdnow())["share"].to_numpy(), three_from_sums, three_by_pairs_of_counts],
        conventions=[
            Convention("three decimals", lambda: three().round(3)),
            Convention("n in place of n − 1",
                       lambda: three(types=lambda once, again: np.cov(once, again, ddof=0)[0, 1],
                                     total=lambda once, again: (once.var(ddof=0) + again.var(ddof=0)) / 2)),
        ],
        nudge="Not yet: find the three variances first (covariance, what remains, mean count), then divide each by the mean of the two variances.",
        mistakes=[
            Mistake("variances", lambda: variance_parts(cdnow())["variance"].to_numpy(),
                    "These are variances; divide them by the mean variance, so that they sum to 1.", excluded_by="that sum to 1"),
            Mistake("correlation", lambda: three(types=lambda once, again: once.corr(again) * (once.var() + again.var()) / 2),
                    "You took the correlation for the share of the types: divide the covariance by the mean of the two variances, not by the root of their product.",
                    excluded_by="share** of the mean variance of a period"),
            Mistake("slope", lambda: three(total=lambda once, again: once.var()),
                    "You divided by the variance of the first period; take the mean of both periods' variances.",
                    excluded_by="mean variance of a period"),
            Mistake("second period's variance", lambda: three(total=lambda once, again: again.var()),
                    "You divided by the variance of the second period; take the mean of both periods' variances.",
                    excluded_by="mean variance of a period"),
            Mistake("first period alone", lambda: three(total=lambda once, again: once.var(), luck=lambda once, again: once.mean()),
                    "You took variance and mean of the first period; take the mean of both periods for each."),
            Mistake("second period alone", lambda: three(total=lambda once, again: again.var(), luck=lambda once, again: again.mean()),
                    "You took variance and mean of the second period; take the mean of both periods for each."),
            Mistake("first mean", lambda: three(luck=lambda once, again: once.mean()),
                    "For luck you took the mean count of the first period; average it over both."),
            Mistake("second mean", lambda: three(luck=lambda once, again: again.mean()),
                    "For luck you took the mean count of the second period; average it over both."),
            Mistake("both means", lambda: three(luck=lambda once, again: once.mean() + again.mean()),
                    "For luck you added the two means; a period's luck is the mean count of one period, averaged over both."),
            Mistake("sum of the variances", lambda: three(total=lambda once, again: once.var() + again.var()),
                    "You took the sum of the two variances as the whole; take their mean."),
            Mistake("order", lambda: three()[[0, 2, 1]],
                    "The numbers are right but in another order: types, change, luck.", excluded_by="in this order"),
            Mistake("no luck", lambda: three(luck=lambda once, again: 0),
                    "You left luck out, so that it counts as change."),
            Mistake("standard deviations", lambda: np.sqrt(three()),
                    "These are roots; shares of a variance are not rooted."),
            Mistake("per cent", lambda: 100 * three(),
                    "These are per cent; give shares that sum to 1.", excluded_by="that sum to 1"),
            Mistake("variance of the sum", lambda: three(total=lambda once, again: (once + again).var()),
                    "You took the variance of both periods together; take the mean of the two variances.",
                    excluded_by="mean variance of a period"),
            Mistake("one mean for both periods", one_mean_for_both,
                    "You took deviations from one mean for both periods; each period has a mean, and so a variance, of its own.",
                    excluded_by="mean variance of a period"),
            Mistake("the grocer", lambda: variance_parts(trips())["share"].to_numpy(),
                    "These are the grocer's households; the question is about CDNOW."),
        ],
    ),
    Function(
        id="06.interval", objective="06.3", points=2, tolerance=0.002, returns="array",
        what="your function uplift_interval",
        probes=[([3.0, 0.0, 8.0, 5.0, 4.0], [1.0, 0.0, 2.0]), ([0.0, 0.0, 9.0, 1.0], [2.0, 3.0, 4.0, 0.0, 1.0, 7.0]), ([10.0, 12.0, 11.0], [15.0, 11.0])],
        hidden=hidden_arms,
        answer=interval,
        alternatives=[interval_by_library, interval_by_pairs,
                      lambda treated, control: [treated.mean() - control.mean() + side * 1.96 * np.hypot(*(a.std(ddof=1) / len(a) ** 0.5 for a in (treated, control)))
                                                for side in (0, -1, 1)]],
        conventions=[
            Convention("three decimals", lambda treated, control: interval(treated, control).round(3)),
            Convention("the normal quantile unrounded", lambda treated, control: interval(treated, control, z=ndtri(0.975))),
        ],
        nudge="Not yet: the difference of the means, and 1.96 times the root of the sum of the two variances, each over its own number, to either side.",
        mistakes=[
            Mistake("variances by n", lambda treated, control: interval(treated, control, lambda t, c: np.sqrt(t.var() / len(t) + c.var() / len(c))),
                    "Your variances divide by n (np.var does by itself); give ddof=1.", excluded_by="divides by $n - 1$"),
            Mistake("error of the treated", lambda treated, control: interval(treated, control, lambda t, c: t.std(ddof=1) / len(t) ** 0.5),
                    "Your interval has the error of the treated alone; the control arm's mean is uncertain too."),
            Mistake("error of the control", lambda treated, control: interval(treated, control, lambda t, c: c.std(ddof=1) / len(c) ** 0.5),
                    "Your interval has the error of the control arm alone; the treated arm's mean is uncertain too."),
            Mistake("errors added", lambda treated, control: interval(treated, control, lambda t, c: t.std(ddof=1) / len(t) ** 0.5 + c.std(ddof=1) / len(c) ** 0.5),
                    "You added the two standard errors; their squares add up, and then comes the root."),
            Mistake("not divided by n", lambda treated, control: interval(treated, control, lambda t, c: np.sqrt(t.var(ddof=1) + c.var(ddof=1))),
                    "Your interval holds single customers; divide each variance by the number of customers of its arm."),
            Mistake("root forgotten", lambda treated, control: interval(treated, control, lambda t, c: t.var(ddof=1) / len(t) + c.var(ddof=1) / len(c)),
                    "That is the variance of the difference: take its root."),
            Mistake("variances subtracted", lambda treated, control: interval(
                treated, control, lambda t, c: np.sqrt(abs(t.var(ddof=1) / len(t) - c.var(ddof=1) / len(c)))),
                    "You subtracted the variances; the difference of two uncertain means is more uncertain than either, so they add up."),
            Mistake("everybody in one variance", lambda treated, control: interval(
                treated, control, lambda t, c: np.concatenate([t, c]).std(ddof=1) / (len(t) + len(c)) ** 0.5),
                    "You put both arms into one variance; each arm has a variance and a number of its own.",
                    excluded_by="for each arm a variance of its own"),
            Mistake("pooled variance", lambda treated, control: interval(treated, control, pooled),
                    "You pooled the variances, as if both arms had the same; each arm has its own here.",
                    excluded_by="for each arm a variance of its own"),
            Mistake("divided by both", lambda treated, control: interval(treated, control, lambda t, c: np.sqrt((t.var(ddof=1) + c.var(ddof=1)) / (len(t) + len(c)))),
                    "You divided the sum of the variances by all customers; divide each by its own number first."),
            Mistake("standard deviations over n", lambda treated, control: interval(
                treated, control, lambda t, c: np.sqrt(t.std(ddof=1) / len(t) + c.std(ddof=1) / len(c))),
                    "You divided the standard deviations by the numbers; divide the variances."),
            Mistake("one standard error", lambda treated, control: interval(treated, control, z=1),
                    "That is one standard error to either side; a 95 % interval takes 1.96 of them."),
            Mistake("two standard errors", lambda treated, control: interval(treated, control, z=2),
                    "You took 2 standard errors; the question asks for 1.96.", excluded_by="Take 1.96 for $t$"),
            Mistake("Welch's t", welchs_t,
                    "You took the t of so few customers; the question asks for 1.96.", excluded_by="Take 1.96 for $t$"),
            Mistake("ninety per cent", lambda treated, control: interval(treated, control, z=1.645),
                    "That is a 90 % interval; the question asks for 95 %.", excluded_by="95 % interval"),
            Mistake("wrong sign", lambda treated, control: interval(control, treated),
                    "You took the treated off the control arm; turn it round."),
            Mistake("ends swapped", lambda treated, control: interval(treated, control)[[0, 2, 1]],
                    "The two ends are swapped: the lower one first.", excluded_by="**lower and upper end**"),
            Mistake("uplift in the middle", lambda treated, control: interval(treated, control)[[1, 0, 2]],
                    "The three numbers are in another order: the uplift first, then the lower and the upper end.",
                    excluded_by="the **uplift** and the **lower and upper end**"),
            Mistake("ends without the uplift", lambda treated, control: interval(treated, control) - (treated.mean() - control.mean()) * np.array([0, 1, 1]),
                    "Your ends lie around zero; they lie around the uplift."),
            Mistake("relative", lambda treated, control: interval(treated, control) / control.mean(),
                    "You divided by the mean of the control arm; the uplift is a difference, in dollars."),
            Mistake("medians", lambda treated, control: interval(treated, control) + np.median(treated) - np.median(control) - treated.mean() + control.mean(),
                    "You took medians; profit is a sum, so the uplift is a difference of means."),
        ],
    ),
    Scalar(
        id="06.twenty", objective="06.3", points=1, low=0, high=1, tolerance=0.001,
        what="the probability of at least one interval wholly above zero",
        answer=lambda: 1 - 0.975**20,
        alternatives=[lucky_by_turns, lambda: stats.binom.sf(0, 20, 0.025)],
        conventions=[
            Convention("three decimals", lambda: round(1 - 0.975**20, 3)),
            Convention("an interval that ends 1.96 errors away", lambda: 1 - ndtr(1.96) ** 20),
        ],
        nudge="Not yet: find how likely it is that one interval lies wholly above zero by chance, then that none of twenty does.",
        mistakes=[
            Mistake("either side", lambda: 1 - 0.95**20,
                    "You counted intervals wholly below zero too; the question asks for those above.", excluded_by="**wholly above zero**"),
            Mistake("none", lambda: 0.975**20,
                    "That is the probability that no interval lies above zero."),
            Mistake("none on either side", lambda: 0.95**20,
                    "That is the probability that all twenty intervals hold zero."),
            Mistake("one group", 0.025,
                    "That is the probability for one group; there are twenty to choose from."),
            Mistake("one group, either side", 0.05,
                    "That is for one group and either side; the question is about twenty groups and one side."),
            Mistake("added up", lambda: 20 * 0.025,
                    "You added the probabilities up, which counts twice where two groups are lucky.", excluded_by="in at least one group"),
            Mistake("certain", 1.0,
                    "20 × 0.05 adds probabilities up, and of both sides; 1 would mean certain."),
            Mistake("exactly one", lambda: 20 * 0.025 * 0.975**19,
                    "That is the probability of exactly one; two or more count as well.", excluded_by="in at least one group"),
            Mistake("all twenty", lambda: 0.025**20,
                    "That is the probability that all twenty lie above zero; one is enough."),
            Mistake("ninety-five of a hundred", 0.95,
                    "That is how often one interval holds the truth; the question is about twenty of them."),
            Mistake("nineteen", lambda: 1 - 0.975**19,
                    "You counted nineteen groups; there are twenty."),
        ],
    ),
    Array(
        id="06.policies", objective="06.4", points=3, shape=(3,), tolerance=1.0,
        what="the profits of treating the likeliest gone, the most valuable and the most responsive",
        answer=profits,
        alternatives=[profits_by_regression, profits_by_slope],
        conventions=[Convention("whole dollars", lambda: profits().round(0))],
        nudge="Not yet: give treat to policy_profit with the outcome of the even customers, as was done for the least valuable, and read the column of the profits.",
        mistakes=[
            Mistake("before and after", before_and_after,
                    "You compared those chosen with their own past; compare the voucher arm with the control arm among them."),
            Mistake("per customer", lambda: profits(column="uplift"),
                    "That is the uplift per customer; multiply by the 769 who are treated.", excluded_by="Estimate the **profit**"),
            Mistake("without the forecast", lambda: profits(before=None),
                    "The forecast is missing: the question asks for before=worth.", excluded_by="with `before=worth`"),
            Mistake("margin before", lambda: profits(before=trial()["before"]),
                    "You took the margin before for the forecast; the question asks for before=worth.", excluded_by="with `before=worth`"),
            Mistake("the letter", lambda: profits(arm="letter"),
                    "That is what the letter would have earned; the question is about the voucher."),
            Mistake("all customers", lambda: profits(even=False),
                    "You judged on all customers; those with odd numbers were learned from.", excluded_by="on the even customers"),
            Mistake("all customers, twice as many", lambda: profits(even=False, k=1538),
                    "You judged on all customers and 1,538 vouchers; those with odd numbers were learned from.",
                    excluded_by="on the even customers"),
            Mistake("against the letter", lambda: profits(control="letter"),
                    "You compared with the letter; the arm without treatment is called control."),
            Mistake("odd customers", lambda: profits(even=None),
                    "You judged on the customers with odd numbers, from whom the response was learned; judge on the even ones.",
                    excluded_by="on the even customers"),
            Mistake("cost twice", lambda: profits(cost=5),
                    "You took the 5 dollars off again; the margin is after the voucher's cost already."),
            Mistake("lower ends", lambda: profits(column="low"),
                    "These are the lower ends of the intervals; the estimates are asked for."),
            Mistake("upper ends", lambda: profits(column="high"),
                    "These are the upper ends of the intervals; the estimates are asked for."),
            Mistake("order", lambda: profits()[::-1],
                    "The numbers are right but turned round: likeliest gone first, most responsive last.",
                    excluded_by="likeliest gone, most valuable, most responsive"),
            Mistake("likeliest there", lambda: profits(sign=(-1, 1, 1)),
                    "Your first policy treats those who are most surely still there; the likeliest gone have the lowest probability of being alive."),
            Mistake("against those not chosen", against_the_others,
                    "You compared the chosen with those not chosen, who are other customers; compare with the control arm among the chosen."),
            Mistake("voucher arm only", lambda: profits() / 3,
                    "You multiplied by a third of those chosen; the policy treats all 769."),
            Mistake("errors", lambda: profits(column="error"),
                    "These are the standard errors; the estimates are asked for."),
        ],
    ),
    Function(
        id="06.service", objective="06.5", points=2, tolerance=0.002, returns="array",
        what="your function service",
        probes=[([6.0, 40.0], 0.2, 1.0, 2.5), ([100.0, 50.0, 5.0], 0.05, 0.79, 0.0), ([100.0, 50.0, 5.0], 0.05, 0.79, 3.0), ([8.0, 40.0], 0.2, 1.0, 1.0)],
        hidden=hidden_services,
        answer=service,
        alternatives=[service_by_halving,
                      lambda value, k, multiplier, floor: np.array([max(floor, np.log(k * v / multiplier) / k) for v in value]),
                      lambda value, k, multiplier, floor: np.clip(-np.log(multiplier / (k * np.asarray(value))) / k, floor, None)],
        conventions=[Convention("three decimals", lambda value, k, multiplier, floor: service(value, k, multiplier, floor).round(3))],
        nudge="Not yet: solve k V exp(−k q) = multiplier for q, and let nobody fall below the floor.",
        mistakes=[
            Mistake("no floor", lambda value, k, multiplier, floor: np.log(k * np.asarray(value) / multiplier) / k,
                    "The floor is missing: whoever is worth little would get less, even less than nothing."),
            Mistake("floor for the worthless only", lambda value, k, multiplier, floor: np.where(
                k * np.asarray(value) > multiplier, np.log(k * np.asarray(value) / multiplier) / k, floor),
                    "Some get more than nothing but less than the floor; it holds for them too."),
            Mistake("nothing for floor", lambda value, k, multiplier, floor: np.maximum(0, np.log(k * np.asarray(value) / multiplier) / k),
                    "You let nobody fall below zero; the least that anybody gets is floor."),
            Mistake("floor added", lambda value, k, multiplier, floor: floor + np.maximum(0, np.log(k * np.asarray(value) / multiplier) / k),
                    "You added the floor to everybody's share; it is a least amount."),
            Mistake("not divided by k", capped(lambda value, k, multiplier: np.log(k * value / multiplier)),
                    "Divide the logarithm by k: it stands before q in the exponent."),
            Mistake("multiplied by k", capped(lambda value, k, multiplier: np.log(k * value / multiplier) * k),
                    "You multiplied the logarithm by k; divide by it."),
            Mistake("k forgotten inside", capped(lambda value, k, multiplier: np.log(value / multiplier) / k),
                    "Inside the logarithm k is missing: the next dollar brings k V, not V, at the start."),
            Mistake("multiplier forgotten", capped(lambda value, k, multiplier: np.log(k * value) / k),
                    "The multiplier is missing: it is what the next dollar brings elsewhere."),
            Mistake("turned round", capped(lambda value, k, multiplier: np.log(multiplier / (k * value)) / k),
                    "The fraction inside the logarithm is turned round: the more valuable get more."),
            Mistake("smaller of the two", lambda value, k, multiplier, floor: np.minimum(floor, np.log(k * np.asarray(value) / multiplier) / k),
                    "You took the smaller of floor and formula; nobody gets less than the floor, so take the larger."),
            Mistake("multiplied by the multiplier", capped(lambda value, k, multiplier: np.log(k * value * multiplier) / k),
                    "You multiplied by the multiplier inside the logarithm; divide by it."),
            Mistake("logarithm to base ten", capped(lambda value, k, multiplier: np.log10(k * value / multiplier) / k),
                    "That is the logarithm to base ten; np.log is the natural one."),
            Mistake("in proportion", capped(lambda value, k, multiplier: k * value / multiplier),
                    "You spend in proportion to value; with diminishing returns it takes the logarithm."),
            Mistake("one plus", capped(lambda value, k, multiplier: np.log1p(k * value / multiplier) / k),
                    "You took the logarithm of one plus the fraction (np.log1p); np.log is asked for."),
            Mistake("what it brings", lambda value, k, multiplier, floor: np.asarray(value) * -np.expm1(-k * service(value, k, multiplier, floor)),
                    "That is what the service brings; the dollars spent are asked for."),
        ],
    ),
    Array(
        id="06.price", objective="06.5", points=1, shape=(3,), tolerance=0.005,
        what="the dollars of value per dollar spent on retention, margin and acquisition cost",
        answer=lambda: gains() / QUOTES,
        alternatives=[lambda: gains_by_formula(worth_year_by_year) / QUOTES, lambda: gains_by_formula(worth_in_closed_form) / QUOTES],
        conventions=[
            Convention("two decimals", lambda: (gains() / QUOTES).round(2)),
            Convention("gains rounded to the cent, as in the table", lambda: gains().round(2) / QUOTES),
        ],
        nudge="Not yet: take the gain in dollars of each lever from the High End table and divide it by its own price.",
        mistakes=[
            Mistake("elasticities over prices", lambda: gains(column="elasticity") / QUOTES,
                    "You divided the elasticities; a gain in dollars over a price in dollars is asked for.",
                    excluded_by="how many dollars of value"),
            Mistake("elasticities", lambda: gains(column="elasticity"),
                    "These are the elasticities; the prices of the offers are missing."),
            Mistake("gains", gains,
                    "These are the gains; divide each by its price."),
            Mistake("upside down", lambda: QUOTES / gains(),
                    "You have it upside down: that is the price of a dollar of value."),
            Mistake("gain less price", lambda: gains() - QUOTES,
                    "That is what is left of the gain after the price; the question asks for the gain per dollar spent."),
            Mistake("net of the price", lambda: gains() / QUOTES - 1,
                    "You took the dollar spent off; the question asks how many dollars each dollar brings.",
                    excluded_by="does **each dollar spent** bring"),
            Mistake("constant retention", lambda: gains(GeometricModel(0.12)) / QUOTES,
                    "You took the customer with one retention rate; the question is about the High End subscribers."),
            Mistake("cents as dollars", lambda: gains() / [60, 2, 5],
                    "You took 5 cents for 5 dollars."),
            Mistake("order", lambda: (gains() / QUOTES)[::-1],
                    "The numbers are right but turned round: retention first, acquisition cost last.",
                    excluded_by="retention, margin, acquisition cost"),
            Mistake("first payment after a year", lambda: gains(payment="paid") / QUOTES,
                    "You let the first payment come after a year; the table above has it at once.", excluded_by="By the table above"),
            Mistake("prices of one per cent of a customer", lambda: gains() / QUOTES / 100,
                    "You divided by a hundred once more: gains and prices are both for one per cent already."),
            Mistake("ten per cent", lambda: 10 * gains() / QUOTES,
                    "Ten times too much: the gains are for one per cent, and so are the prices."),
        ],
    ),
    Written(id="06.decide", objective="06.4", points=4, what="who gets the vouchers"),
]
