"""Exercise bank of lesson 04. Every answer and every mistake is computed from the data.

Published figures behind the answers, reproduced in tests/test_lesson_04.py: the zero class of Exercise 8 (Fader, Hardie and
Lee 2005, Journal of Marketing Research 42(4), 425-426: 12,054 people, $53,000, $4.40 each, about 5 % of all value).
"""

from functools import cache

import numpy as np
import pandas as pd
from scipy import stats
from scipy.integrate import quad
from scipy.special import hyp2f1, hyperu, roots_jacobi, roots_legendre

import ccx
from ccx.classroom.exercise import Array, Convention, Function, Mistake, Scalar, Written
from ccx.clv import (
    BetaGeoModel,
    GammaGammaModel,
    ParetoNBDModel,
    continuous_rate,
    expected_customer_lifetime_value,
    tracking_table,
)

END, LAST = "1997-09-30", "1998-06-30"
TERMS = {"margin": 0.3, "discount_rate": 0.15, "time_unit": "W"}
WEEKS = (13, 20, 26, 30)
LARGEST = "You get the largest number tried each time: see that T is 39 for everybody and that it is expected purchases you ask for."


@cache
def base():
    return ccx.customer_base(ccx.load("cdnow_sample"), END, LAST)


@cache
def silence():
    return (base()["T"] - base()["recency"]).round(3)


@cache
def bg():
    return BetaGeoModel.fit(base())


@cache
def pareto():
    return ParetoNBDModel.fit(base())


@cache
def spend():
    return GammaGammaModel.fit(base())


@cache
def tracking():
    return tracking_table(bg(), ccx.load("cdnow_sample"), END)


@cache
def value(model=pareto, **changed):
    return expected_customer_lifetime_value(base(), model(), spend(), **{**TERMS, **changed})


@cache
def discounted(rate):
    """Mean of margin × spend × DERT at a rate per week."""
    return (0.3 * spend().expected_customer_spend(base()) * pareto().dert(base(), rate)).mean()


def life_in_closed_form(model, T, delta):
    """Discounted weeks that a customer who is alive will stay one, E[1 / (δ + μ)]: with Ψ, as in the paper."""
    length = model.beta + T
    return length**model.s * delta ** (model.s - 1) * hyperu(model.s, model.s, delta * length)


def life_by_integration(model, T, delta):
    """The same from the chances of still being a customer t weeks later."""
    def of_one(length):
        return quad(lambda t: np.exp(-delta * t) * (1 + t / length) ** -model.s, 0, np.inf)[0]
    return T.map({weeks: of_one(model.beta + weeks) for weeks in T.unique()})


def alive_in_closed_form(model, x, t_x, T):
    """P(alive) of the Pareto/NBD with the hypergeometric function."""
    r, alpha, s, beta = model.r, model.alpha, model.s, model.beta
    far, b = max(alpha, beta), (s + 1 if alpha > beta else r + x)

    def gone_after(t):
        return hyp2f1(r + s + x, b, r + s + x + 1, abs(alpha - beta) / (far + t)) / (far + t) ** (r + s + x)

    return 1 / (1 + s / (r + s + x) * (alpha + T) ** (r + x) * (beta + T) ** s * (gone_after(t_x) - gone_after(T)))


def alive_by_integration(model, x, t_x, T, nodes=60):
    """The same, from the chances of having left at each moment since the last purchase."""
    at, weights = roots_legendre(nodes)
    odds = 0
    for place, weight in zip((at + 1) / 2, weights / 2):
        left = t_x + place * (T - t_x)
        seen = ((model.alpha + T) / (model.alpha + left)) ** (model.r + x) * ((model.beta + T) / (model.beta + left)) ** model.s
        odds += weight * (T - t_x) * seen * model.s / (model.beta + left)
    return 1 / (1 + odds)


def value_by_hand(customers, model, spends, alive, life, rate=np.log(1.15) / (365.25 / 7)):
    """Margin × spend × P(alive) × purchases a week × discounted weeks to come."""
    x, t_x, T = customers["frequency"], customers["recency"], customers["T"]
    spend_of_each = spends.p * (spends.v + customers["monetary_value"] * x) / (spends.p * x + spends.q - 1)
    return 0.3 * spend_of_each * alive(model, x, t_x, T) * (model.r + x) / (model.alpha + T) * life(model, T, rate)


@cache
def closed_form(rate=np.log(1.15) / (365.25 / 7)):
    return value_by_hand(base(), pareto(), spend(), alive_in_closed_form, life_in_closed_form, rate)


@cache
def integrated():
    return value_by_hand(base(), pareto(), spend(), alive_by_integration, life_by_integration)


@cache
def past():
    log = ccx.load("cdnow_sample")
    return log[log["date"] <= END].groupby("customer_id")["value"].sum()


# The whole cohort after 78 weeks, as in Fader, Hardie and Lee (2005, JMR)


@cache
def cohort():
    log = ccx.load("cdnow")
    return ccx.customer_base(log)[log.groupby("customer_id")["value"].sum() <= 4000]


@cache
def sample_fits(kind=ParetoNBDModel):
    """What is fitted to all 78 weeks of the one-in-ten sample."""
    fitted = ccx.customer_base(ccx.load("cdnow_sample"))
    return kind.fit(fitted), GammaGammaModel.fit(fitted)


@cache
def cohort_value(kind=ParetoNBDModel):
    return expected_customer_lifetime_value(cohort(), *sample_fits(kind), **TERMS)


@cache
def once_by_hand(alive, life, **rate):
    return share_of_zero_class(value_by_hand(cohort(), *sample_fits(), alive, life, **rate), cohort()["frequency"])


@cache
def once_among_all():
    """With the twelve who spent more than 4,000 dollars."""
    everybody = ccx.customer_base(ccx.load("cdnow"))
    return share_of_zero_class(expected_customer_lifetime_value(everybody, *sample_fits(), **TERMS), everybody["frequency"])


@cache
def sample_after_78_weeks():
    """Value and frequency of the one-in-ten sample at the end of its log."""
    sample = ccx.customer_base(ccx.load("cdnow_sample"))
    return expected_customer_lifetime_value(sample, *sample_fits(), **TERMS), sample["frequency"]


def share_of_zero_class(values, frequency):
    return values[frequency == 0].sum() / values.sum()


# Exercise 1


def history(days, end):
    """x, t_x and T of one customer, in weeks, from days on which purchases were made."""
    days = np.unique(days)
    days = days[days <= end]
    return [len(days) - 1, (days[-1] - days[0]) / 7, (end - days[0]) / 7]


def history_entry_by_entry(days, end):
    """One look at each entry: the days so far, the earliest and the latest of them."""
    seen, first, last = set(), end, 0
    for day in days:
        if day <= end:
            seen.add(float(day))
            first, last = min(first, day), max(last, day)
    return [len(seen) - 1, (last - first) / 7, (end - first) / 7]


def history_by_the_library(days, end):
    day = pd.Timestamp("1997-01-01") + pd.to_timedelta(np.append(days, end), unit="D")
    log = pd.DataFrame({"customer_id": 1, "date": day[:-1], "value": 1.0})
    return ccx.customer_base(log, day[-1]).loc[1, ["frequency", "recency", "T"]].tolist()


def history_with(days, end, unique=True, cut=True, x=-1, last=None, unit=7, start=None):
    days = np.unique(days) if unique else np.sort(days)
    days = days[days <= end] if cut else days
    first = days[0] if start is None else start
    return [len(days) + x, (days[-1] - first) / unit, (end - first) / unit]


def history_unsorted(days, end):
    """Right but for the order: the first and the last entry are taken for the earliest and the latest day."""
    days = np.asarray(days)
    days = days[days <= end]
    return [len(np.unique(days)) - 1, (days[-1] - days[0]) / 7, (end - days[0]) / 7]


def some_days(rng):
    # Unsorted, with days that occur twice, and with purchases after the end; each customer buys before it.
    for n in (1, 2, 5, 9, 14, 30):
        days = rng.integers(0, 400, n)
        days = np.append(days, days[:n // 2])
        days[0] = rng.integers(0, 100)
        yield [int(day) for day in rng.permutation(days)], float(rng.integers(120, 380))


# Exercise 2


@cache
def bought_later_by_the_lost(days=91):
    """Straight from the log: each purchase after today, and the last one before it of the same customer."""
    log = ccx.load("cdnow_sample")
    past = log[log["date"] <= END].groupby("customer_id")["date"].max()
    later = log.loc[log["date"] > END, "customer_id"].map(past)
    return (later < pd.Timestamp(END) - pd.Timedelta(days=days)).mean()


@cache
def bought_later_purchase_by_purchase():
    log, last, counts = ccx.load("cdnow_sample").sort_values("date", kind="stable"), {}, {True: 0, False: 0}
    for customer, day in zip(log["customer_id"], log["date"]):
        if day <= pd.Timestamp(END):
            last[customer] = day
        else:
            counts[(pd.Timestamp(END) - last[customer]).days > 91] += 1
    return counts[True] / sum(counts.values())


# Exercise 3


def p_alive(x, t_x, T, r, alpha, a, b):
    if x == 0:
        return 1.0
    return 1 / (1 + a / (b + x - 1) * ((alpha + T) / (alpha + t_x)) ** (r + x))


def p_alive_by_likelihood(x, t_x, T, r, alpha, a, b):
    alive = (b + x - 1) * (alpha + T) ** -(r + x)
    gone = a * (alpha + t_x) ** -(r + x) if x > 0 else 0.0
    return alive / (alive + gone)


def p_alive_by_the_library(x, t_x, T, r, alpha, a, b):
    one = pd.DataFrame({"frequency": [x], "recency": [t_x], "T": [T]})
    return BetaGeoModel(r=r, alpha=alpha, a=a, b=b).expected_probability_alive(one)[0]


def p_alive_from(odds, zero=True):
    """P(alive) from mistaken odds of having left."""
    def mistaken(x, t_x, T, r, alpha, a, b):
        return 1.0 if zero and x == 0 else 1 / (1 + odds(x, t_x, T, r, alpha, a, b))
    return mistaken


def customers_at_hand(rng):
    for x in (0, 1, 2, 5, 11):
        t_x = float(rng.uniform(2, 40)) if x else 0.0
        yield x, t_x, t_x + float(rng.uniform(1, 30)), *(float(v) for v in rng.uniform([0.1, 2, 0.3, 1.5], [1, 12, 1.5, 4]))


# Exercise 4


def best(what=lambda past: bg().expected_purchases(past, 39), most=60, first=1, worst=False, weeks=WEEKS, T=39.0):
    """The number of repeat purchases at which something is largest, for each week of the last one."""
    found = []
    for week in weeks:
        past = pd.DataFrame({"frequency": np.arange(1, most + 1), "recency": float(week), "T": T})
        values = what(past).to_numpy()
        found.append((values.argmin() if worst else values.argmax()) + first)
    return found


def of_each(formula):
    """A formula for one customer and 39 weeks, for a whole table."""
    def of_all(past):
        return past.apply(lambda row: formula(row["frequency"], row["recency"], row["T"], bg().r, bg().alpha, bg().a, bg().b, 39), axis=1)
    return of_all


def to_come_in_closed_form(x, t_x, T, r, alpha, a, b, t):
    """Equation (10) of Fader, Hardie and Lee (2005, Marketing Science)."""
    left = ((alpha + T) / (alpha + T + t)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + T + t))
    return (a + b + x - 1) / (a - 1) * (1 - left) * p_alive(x, t_x, T, r, alpha, a, b)


def to_come_averaged(x, t_x, T, r, alpha, a, b, t):
    """Who is alive buys (1 − e^(−λpt)) / p times; λ is a gamma and p a beta, over which this is averaged."""
    at, weights = roots_jacobi(60, b + x - 1, a - 1)
    p = (1 + at) / 2
    return weights @ ((1 - (1 + p * t / (alpha + T)) ** -(r + x)) / p) / weights.sum() * p_alive_by_likelihood(x, t_x, T, r, alpha, a, b)


# Exercise 5


def same_again():
    return base()["frequency"].sum() / base()["frequency_holdout"].sum() - 1


def same_again_by_the_log():
    """All purchases of a time, less the first of each customer."""
    date = ccx.load("cdnow_sample")["date"]
    actual = (date > END).sum()
    return ((date <= END).sum() - len(base()) - actual) / actual


def same_again_by_the_table():
    before, after = (tracking().loc[tracking()["holdout"] == later, "actual"].sum() for later in (False, True))
    return (before - after) / after


# Exercise 6


def expected_spend(x, m=100, p=None, q=None, v=None):
    p, q, v = p or spend().p, q or spend().q, v or spend().v
    return p * (v + m * x) / (p * x + q - 1)


def two(spend_of):
    return [float(spend_of(1)), float(spend_of(10))]


def averaged_with_weights(x):
    weight = spend().p * x / (spend().p * x + spend().q - 1)
    return weight * 100 + (1 - weight) * spend().p * spend().v / (spend().q - 1)


def spend_of_those_alike(x, n=100_000):
    """Customers spread evenly over the model's law, weighted with how probable each makes an average of 100 dollars."""
    p = spend().p
    scale = stats.gamma(spend().q, scale=1 / spend().v).ppf((np.arange(n) + 0.5) / n)
    return np.average(p / scale, weights=stats.gamma.pdf(100, p * x, scale=1 / (scale * x)))


def spend_by_the_library():
    return spend().expected_customer_spend(pd.DataFrame({"frequency": [1, 10], "monetary_value": 100.0}))


def swapped_weights(x):
    weight = spend().p * x / (spend().p * x + spend().q - 1)
    return (1 - weight) * 100 + weight * spend().expected_new_customer_spend()


# Exercise 9


def missing_by_rank(first, second, n=200):
    """By places, the best first, with those who tie on the same one."""
    places = pd.DataFrame({"first": first, "second": second}).rank(ascending=False, method="min")
    return (places.loc[places["first"] <= n, "second"] > n).mean()


def missing_name_by_name():
    """By Python's own sorting, of what the log says that each has spent."""
    log, spent = ccx.load("cdnow_sample"), {}
    for customer, date, value in zip(log["customer_id"], log["date"], log["value"]):
        if date <= pd.Timestamp(END):
            spent[customer] = spent.get(customer, 0) + value
    famous, valuable = (set(sorted(of, key=of.get)[-200:]) for of in (spent, closed_form().to_dict()))
    return sum(name not in valuable for name in famous) / 200


def missing(first, second, n=200):
    """The share of the n best by one ranking who are not among the n best by the other."""
    return len(first.nlargest(n).index.difference(second.nlargest(n).index)) / n


EXERCISES = [
    Function(
        id="04.history", objective="04.1", points=2, returns="array", tolerance=1e-6,
        what="x, t_x and T",
        probes=[([10, 24, 24, 75], 80), ([45], 59), ([61, 5, 33, 5, 150, 112], 112)],
        hidden=lambda rng: list(some_days(rng)),
        answer=history,
        alternatives=[history_entry_by_entry, history_by_the_library],
        conventions=[Convention("an array", lambda days, end: np.array(history(days, end)))],
        nudge="Not yet: with purchases on days 10, 24, 24 and 75 and today on day 80, three different days count, so x is 2; "
              "both times run from day 10 and are in weeks.",
        mistakes=[
            Mistake("same day counted twice", lambda d, e: history_with(d, e, unique=False),
                    "Two entries on one day are one occasion: count different days.", excluded_by="a day may occur more than once"),
            Mistake("first purchase counted", lambda d, e: history_with(d, e, x=0),
                    "Your x is one too many: the first purchase is not a repeat purchase."),
            Mistake("same day twice and the first counted", lambda d, e: history_with(d, e, unique=False, x=0),
                    "You counted all entries: entries on one day are one occasion, and the first occasion is not a repeat purchase."),
            Mistake("days", lambda d, e: history_with(d, e, unit=1),
                    "Your times are in days; the question asks for weeks.", excluded_by="the two times in weeks"),
            Mistake("purchases after today", lambda d, e: history_with(d, e, cut=False),
                    "You used purchases made after `end`, which nobody can know of today.", excluded_by="some may lie after today"),
            Mistake("purchase of today left out", lambda d, e: history([day for day in d if day < e], e),
                    "You left out a purchase made on day `end` itself; it counts.", excluded_by="(A purchase on day `end` itself counts.)"),
            Mistake("whole weeks", lambda d, e: (h := history(d, e)) and [h[0], h[1] // 1, h[2] // 1],
                    "You cut the weeks off after the point; give them with their fractions."),
            Mistake("days, and the first counted", lambda d, e: history_with(d, e, x=0, unit=1),
                    "Your times are in days, the question asks for weeks; and the first purchase is not a repeat purchase."),
            Mistake("silence in days", lambda d, e: (h := history(d, e)) and [h[0], 7 * (h[2] - h[1]), 7 * h[2]],
                    "Your second number is the silence up to today, and both times are in days; t_x runs from the first to the last purchase, in weeks."),
            Mistake("order of the list", history_unsorted,
                    "The days need not come in order: the first in the list is not always the earliest.", excluded_by="in any order"),
            Mistake("counted from day 0", lambda d, e: history_with(d, e, start=0),
                    "Your times run from day 0; both run from the customer's own first purchase."),
            Mistake("silence for recency", lambda d, e: (h := history(d, e)) and [h[0], h[2] - h[1], h[2]],
                    "Your second number is the silence up to today; t_x is the time from the first to the last purchase."),
            Mistake("T up to the last purchase", lambda d, e: (h := history(d, e)) and [h[0], h[1], h[1]],
                    "Your T ends with the last purchase; it runs to `end`, however long the customer has been silent."),
            Mistake("T and t_x in the wrong order", lambda d, e: (h := history(d, e)) and [h[0], h[2], h[1]],
                    "The second and the third number have changed places: t_x comes before T, and is never larger.",
                    excluded_by="Return `[x, t_x, T]`"),
            Mistake("last day included", lambda d, e: (h := history(d, e)) and [h[0], h[1], h[2] + 1 / 7],
                    "Your T is a day too long: it is the number of days from the first purchase to `end`, divided by 7.",
                    excluded_by="today, which is day `end`"),
        ],
    ),
    Scalar(
        id="04.quarter-rule", objective="04.2", points=1, low=0, high=1, tolerance=0.0006,
        what="the share of later purchases that the customers called lost made",
        answer=lambda: base()["frequency_holdout"][silence() > 13].sum() / base()["frequency_holdout"].sum(),
        alternatives=[bought_later_by_the_lost, bought_later_purchase_by_purchase],
        conventions=[Convention("three decimals", lambda: round(bought_later_by_the_lost(), 3))],
        nudge="Not yet: mark the customers with more than 13 weeks between the last purchase and today, add up their "
              "`frequency_holdout`, divide by everybody's, and give three decimals.",
        mistakes=[
            Mistake("exactly 13 weeks too", lambda: base()["frequency_holdout"][silence() >= 13].sum() / base()["frequency_holdout"].sum(),
                    "You also took those silent for exactly 13 weeks; the rule says more than 13.", excluded_by="more than 13 weeks"),
            Mistake("lost against kept", lambda: 1 / (1 / (base()["frequency_holdout"][silence() > 13].sum() / base()["frequency_holdout"].sum()) - 1),
                    "You divided by the purchases of those whom the rule keeps; divide by all later purchases.",
                    excluded_by="What share of **all purchases"),
            Mistake("ratio of means", lambda: base()["frequency_holdout"][silence() > 13].mean() / base()["frequency_holdout"].mean(),
                    "You compared means per customer; add up the purchases, and divide by all of them."),
            Mistake("per lost customer", lambda: base()["frequency_holdout"][silence() > 13].mean(),
                    "That is how often each of the lost bought; the question is about their share of all later purchases."),
            Mistake("customers, not purchases", lambda: (silence() > 13).mean(),
                    "That is the share of customers whom the rule calls lost; the question is about purchases."),
            Mistake("share of the lost who return", lambda: (base()["frequency_holdout"][silence() > 13] > 0).mean(),
                    "That is the share of the lost who came back at all; the question is which share of all later purchases they made.",
                    excluded_by="all purchases in the 39 weeks after today"),
            Mistake("share of the returners", lambda: (silence() > 13)[base()["frequency_holdout"] > 0].mean(),
                    "That counts customers who came back; count their purchases, because some came back more than once."),
            Mistake("the others", lambda: base()["frequency_holdout"][silence() <= 13].sum() / base()["frequency_holdout"].sum(),
                    "That is the share of those whom the rule keeps; the question is about those it calls lost."),
            Mistake("recency", lambda: base()["frequency_holdout"][base()["recency"] > 13].sum() / base()["frequency_holdout"].sum(),
                    "You took `recency` for the silence: it runs from the first to the last purchase, the silence from the last to today."),
            Mistake("short recency", lambda: base()["frequency_holdout"][base()["recency"] <= 13].sum() / base()["frequency_holdout"].sum(),
                    "You cut by `recency`, the time from the first to the last purchase; cut by the silence after the last one."),
            Mistake("time since the first purchase", lambda: base()["frequency_holdout"][base()["T"] > 30].sum() / base()["frequency_holdout"].sum(),
                    "You cut by T, the time since the first purchase; the rule looks at the time since the last one."),
            Mistake("repeat buyers only", lambda: (s := (silence() > 13) & (base()["frequency"] > 0)) is not None
                    and base()["frequency_holdout"][s].sum() / base()["frequency_holdout"].sum(),
                    "You left out the customers who had bought just once; the rule calls them lost too.",
                    excluded_by="Call a customer lost whose `silence` is more than 13 weeks"),
            Mistake("money", lambda: (m := base().eval("frequency_holdout * monetary_value_holdout"))[silence() > 13].sum() / m.sum(),
                    "That is their share of the money; the question is about purchases.",
                    excluded_by="all purchases in the 39 weeks after today"),
            Mistake("past purchases", lambda: base()["frequency"][silence() > 13].sum() / base()["frequency"].sum(),
                    "You added up the purchases before today; the question is about those after it, `frequency_holdout`."),
            Mistake("three calendar months", lambda: bought_later_by_the_lost(92),
                    "You took three months of the calendar, 92 days; the rule counts weeks.", excluded_by="more than 13 weeks"),
            Mistake("two decimals", lambda: round(bought_later_by_the_lost(), 2),
                    "Two decimals are not enough here: give three or more.", excluded_by="Three decimals or more"),
        ],
    ),
    Function(
        id="04.p-alive", objective="04.2", points=3, tolerance=6e-4,
        what="P(alive)",
        probes=[(2, 10, 20, 0.5, 6, 0.8, 2.5), (0, 0, 30, 0.25, 4.4, 0.8, 2.4), (7, 12, 13, 0.3, 9, 1.2, 1.7)],
        hidden=lambda rng: list(customers_at_hand(rng)),
        answer=p_alive,
        alternatives=[p_alive_by_likelihood, p_alive_by_the_library],
        nudge="Not yet: with r = 1, alpha = 1, a = 1, b = 1, x = 1, t_x = 1 and T = 3 the bracket is 4 / 2 = 2, "
              "its power 2² = 4, the odds 1 / 1 times 4, and P(alive) = 1 / (1 + 4) = 0.2.",
        mistakes=[
            Mistake("x = 0 like the rest", p_alive_from(lambda x, t, T, r, al, a, b: a / (b + x - 1) * ((al + T) / (al + t)) ** (r + x), False),
                    "A customer without a repeat purchase gets the wrong value: before the first repeat purchase this story tosses no coin."),
            Mistake("x = 0 is lost", lambda x, *rest: 0.0 if x == 0 else p_alive(x, *rest),
                    "You give customers without a repeat purchase up for lost: in this story they can't have left yet."),
            Mistake("exponent r", p_alive_from(lambda x, t, T, r, al, a, b: a / (b + x - 1) * ((al + T) / (al + t)) ** r),
                    "The exponent is not complete: the more often somebody bought, the more a silence tells, so x belongs into it."),
            Mistake("exponent x", p_alive_from(lambda x, t, T, r, al, a, b: a / (b + x - 1) * ((al + T) / (al + t)) ** x),
                    "The exponent is not complete: r is missing."),
            Mistake("bracket upside down", p_alive_from(lambda x, t, T, r, al, a, b: a / (b + x - 1) * ((al + t) / (al + T)) ** (r + x)),
                    "Your customers become surer the longer they are silent: the bracket stands upside down."),
            Mistake("b + x", p_alive_from(lambda x, t, T, r, al, a, b: a / (b + x) * ((al + T) / (al + t)) ** (r + x)),
                    "You counted one survived coin too many: after x purchases x − 1 are known to have been survived."),
            Mistake("b alone", p_alive_from(lambda x, t, T, r, al, a, b: a / b * ((al + T) / (al + t)) ** (r + x)),
                    "Below a stands more than b: each survived coin counts there too."),
            Mistake("MBG/NBD", p_alive_from(lambda x, t, T, r, al, a, b: a / (b + x) * ((al + T) / (al + t)) ** (r + x), False),
                    "That tosses a coin after the first purchase as well, as the MBG/NBD does; in the BG/NBD the first coin "
                    "comes after the first repeat purchase.", excluded_by="by the formula above"),
            Mistake("one minus", lambda *args: 1 - p_alive(*args),
                    "That is the probability that the customer has left; the question asks for the other one."),
            Mistake("odds", lambda x, t, T, r, al, a, b: 1.0 if x == 0 else a / (b + x - 1) * ((al + T) / (al + t)) ** (r + x),
                    "These are the odds of having left; odds o make P(alive) = 1 / (1 + o)."),
            Mistake("odds over one plus odds", lambda x, *rest: 1.0 if x == 0 else 1 - p_alive(x, *rest),
                    "With repeat purchases you give the probability of having left: odds o of having left make P(alive) = 1 / (1 + o)."),
            Mistake("one over the odds", lambda x, *rest: 1.0 if x == 0 else 1 / (1 / p_alive(x, *rest) - 1),
                    "These are the odds of being alive; odds o of having left make P(alive) = 1 / (1 + o)."),
            Mistake("brackets in the last step", lambda x, *rest: 1.0 if x == 0 else 1 + (1 / p_alive(x, *rest) - 1),
                    "Brackets in the last step: write 1 / (1 + odds)."),
            Mistake("brackets in the exponent", p_alive_from(lambda x, t, T, r, al, a, b: a / (b + x - 1) * ((al + T) / (al + t)) ** r + x),
                    "Brackets in the exponent: write ** (r + x)."),
            Mistake("brackets around the times", p_alive_from(lambda x, t, T, r, al, a, b: a / (b + x - 1) * (al + T / (al + t)) ** (r + x)),
                    "Brackets around the times: write ((alpha + T) / (alpha + t_x))."),
            Mistake("no brackets around the times", p_alive_from(lambda x, t, T, r, al, a, b: a / (b + x - 1) * (al + T / al + t) ** (r + x)),
                    "Brackets around both times: write ((alpha + T) / (alpha + t_x))."),
            Mistake("brackets below a", p_alive_from(lambda x, t, T, r, al, a, b: a / b + x - 1 * ((al + T) / (al + t)) ** (r + x)),
                    "Brackets below a: write a / (b + x - 1)."),
            Mistake("power on one time only", p_alive_from(lambda x, t, T, r, al, a, b: a / (b + x - 1) * (al + T) / (al + t) ** (r + x)),
                    "Your exponent belongs to the lower time only; it belongs to the whole bracket."),
            Mistake("exponent r times x", p_alive_from(lambda x, t, T, r, al, a, b: a / (b + x - 1) * ((al + T) / (al + t)) ** (r * x)),
                    "Your exponent is r times x; it is their sum."),
            Mistake("a and b exchanged", p_alive_from(lambda x, t, T, r, al, a, b: b / (a + x - 1) * ((al + T) / (al + t)) ** (r + x)),
                    "a and b have changed places."),
            Mistake("r and alpha exchanged", p_alive_from(lambda x, t, T, r, al, a, b: a / (b + x - 1) * ((r + T) / (r + t)) ** (al + x)),
                    "r and alpha have changed places: alpha is added to times, r to the number of purchases."),
            Mistake("without alpha", p_alive_from(lambda x, t, T, r, al, a, b: a / (b + x - 1) * (T / t) ** (r + x) if x else 0),
                    "alpha is missing: it is added to both times in the bracket."),
        ],
    ),
    Array(
        id="04.most-promising", objective="04.2", points=2, shape=(4,), tolerance=0.01, low=0, high=100,
        what="the number of repeat purchases for each of the four weeks",
        answer=best,
        alternatives=[lambda: best(of_each(to_come_in_closed_form)), lambda: best(of_each(to_come_averaged))],
        conventions=[
            Convention("up to 40 purchases", lambda: best(most=40)),
            Convention("purchases of the next year", lambda: best(lambda past: bg().expected_purchases(past, 52))),
        ],
        nudge="Not yet: for each week let x run from 1 to 40 with T = 39, ask the model for the purchases in the next "
              "39 weeks, and note the x with the largest value.",
        mistakes=[
            Mistake("place in the list", lambda: best(first=0),
                    "You are one off in each: Python counts places from 0, and your list begins with x = 1."),
            Mistake("first purchase included", lambda: best(first=2),
                    "You are one off in each: x counts repeat purchases, without the first one.", excluded_by="number of repeat purchases"),
            Mistake("P(alive)", lambda: best(lambda past: bg().expected_probability_alive(past)),
                    "That is where P(alive) is largest; the question is where most purchases are expected.",
                    excluded_by="purchases expected in the next 39 weeks"),
            Mistake("Pareto/NBD", lambda: best(lambda past: pareto().expected_purchases(past, 39)),
                    "That is what the Pareto/NBD says; the question is about the BG/NBD.",
                    excluded_by="`bgnbd.expected_purchases(customers, 39)`"),
            Mistake("more is always better, of 40", [40, 40, 40, 40], LARGEST),
            Mistake("more is always better, of 30", [30, 30, 30, 30], LARGEST),
            Mistake("more is always better, of 20", [20, 20, 20, 20], LARGEST),
            Mistake("smallest", [1, 1, 1, 1],
                    "A single repeat purchase says little about a customer's rate: two of them already promise more, in each of the four weeks."),
            Mistake("the same as the weeks", list(WEEKS),
                    "These are the weeks of the last purchase; give the numbers of repeat purchases."),
            Mistake("T of 78", lambda: best(T=78.0),
                    "You let these customers be watched for 78 weeks; T is 39 for everybody."),
            Mistake("silence for the week", lambda: best(weeks=[39 - week for week in WEEKS]),
                    "You took the weeks for the silence; recency is the week of the last purchase itself."),
            Mistake("wrong way round", lambda: best()[::-1],
                    "The right numbers, but in the wrong order: begin with week 13.", excluded_by="for week 13 first"),
        ],
    ),
    Scalar(
        id="04.same-again", objective="04.3", points=1, tolerance=0.001,
        what="the relative error of the forecast \"the same again\"",
        answer=same_again,
        alternatives=[same_again_by_the_log, same_again_by_the_table],
        conventions=[Convention("three decimals", lambda: round(same_again(), 3))],
        nudge="Not yet: (forecast − actual) / actual, with the repeat purchases before 30 September as the forecast.",
        mistakes=[
            Mistake("divided by the forecast", lambda: 1 - base()["frequency_holdout"].sum() / base()["frequency"].sum(),
                    "You divided by the forecast: an error is measured against what happened.", excluded_by="(forecast − actual) / actual"),
            Mistake("sign", lambda: 1 - base()["frequency"].sum() / base()["frequency_holdout"].sum(),
                    "The sign is turned round: a forecast above what happened has a positive error.",
                    excluded_by="(forecast − actual) / actual"),
            Mistake("sign, divided by the forecast", lambda: base()["frequency_holdout"].sum() / base()["frequency"].sum() - 1,
                    "You set what happened against the forecast; it goes the other way round, and what happened stands below the line."),
            Mistake("ratio", lambda: base()["frequency"].sum() / base()["frequency_holdout"].sum(),
                    "That is the ratio of forecast to actual; a perfect forecast has an error of 0.",
                    excluded_by="(forecast − actual) / actual"),
            Mistake("the model's", lambda: tracking().query("holdout")["expected"].sum() / tracking().query("holdout")["actual"].sum() - 1,
                    "That is the error of the model; the question is about \"the same again\"."),
            Mistake("the model's, customer by customer", lambda: bg().expected_purchases(base(), 39).sum() / base()["frequency_holdout"].sum() - 1,
                    "That is the error of the model's forecasts, added up over customers; the question is about \"the same again\"."),
            Mistake("the model's first 39 weeks", lambda: tracking().query("not holdout")["expected"].sum() / base()["frequency_holdout"].sum() - 1,
                    "You took what the model expected of the first 39 weeks; \"the same again\" takes what happened in them."),
            Mistake("first purchases included", lambda: (base()["frequency"] + 1).sum() / base()["frequency_holdout"].sum() - 1,
                    "You counted first purchases too; the forecast is about repeat purchases.", excluded_by="as many repeat purchases"),
            Mistake("percent", lambda: 100 * same_again(),
                    "Give a fraction, not a percentage: 0.05 for 5 %.", excluded_by="not a percentage"),
            Mistake("two decimals", lambda: round(same_again(), 2),
                    "Two decimals are not enough here: give three or more.", excluded_by="with three decimals or more"),
        ],
    ),
    Array(
        id="04.shrink", objective="04.4", points=2, shape=(2,), tolerance=0.06, low=0,
        what="the expected spend per purchase of the two customers",
        answer=lambda: two(expected_spend),
        alternatives=[spend_by_the_library, lambda: two(averaged_with_weights), lambda: two(spend_of_those_alike)],
        conventions=[
            Convention("estimates rounded", lambda: two(lambda x: expected_spend(x, p=6.25, q=3.74, v=15.44))),
            Convention("one decimal", lambda: [round(number, 1) for number in two(expected_spend)]),
            Convention("cents", lambda: [round(number, 2) for number in two(expected_spend)]),
        ],
        nudge="Not yet: the weight of the own average is p x / (p x + q − 1); the rest of the weight goes to the average "
              "over all customers.",
        mistakes=[
            Mistake("no shrinking", [100, 100],
                    "You took their own average as it is; one purchase can be a stroke of luck, so both are pulled towards everybody's."),
            Mistake("all the way", lambda: two(lambda x: spend().expected_new_customer_spend()),
                    "That is what you would expect of a customer about whom nothing is known."),
            Mistake("weights exchanged", lambda: two(swapped_weights),
                    "The weights have changed places: the more purchases, the more the own average counts."),
            Mistake("q for q − 1", lambda: two(lambda x: spend().p * (spend().v + 100 * x) / (spend().p * x + spend().q)),
                    "Your spends come out too low: look at the last term below the line once more."),
            Mistake("weight with q", lambda: two(lambda x: (w := spend().p * x / (spend().p * x + spend().q)) * 100
                                               + (1 - w) * spend().expected_new_customer_spend()),
                    "Your weights are slightly off: look once more at what is added to p x below the line."),
            Mistake("first purchase counted", lambda: two(lambda x: expected_spend(x + 1)),
                    "You counted the first purchase into x; the model speaks of repeat purchases only.",
                    excluded_by="on **one** repeat purchase"),
            Mistake("order", lambda: two(expected_spend)[::-1],
                    "The two have changed places: Ann, with one repeat purchase, comes first.", excluded_by="Ann's first"),
            Mistake("p forgotten", lambda: two(lambda x: x / (x + spend().q - 1) * 100
                                             + (spend().q - 1) / (x + spend().q - 1) * spend().expected_new_customer_spend()),
                    "p is missing in the weight: a purchase tells the more, the less spend varies within a customer."),
            Mistake("everybody's average with q", lambda: two(lambda x: (w := spend().p * x / (spend().p * x + spend().q - 1)) * 100
                                                              + (1 - w) * spend().p * spend().v / spend().q),
                    "Your average over all customers is too low: look once more at what stands below p v."),
            Mistake("the rest of the weight missing", lambda: two(lambda x: spend().p * x / (spend().p * x + spend().q - 1) * 100),
                    "That is the first term alone; the rest of the weight goes to the average over all customers."),
            Mistake("weights", lambda: two(lambda x: spend().p * x / (spend().p * x + spend().q - 1)),
                    "These are the weights; use them to average the two spends."),
            Mistake("brackets", lambda: two(lambda x: (w := spend().p * x / spend().p * x + spend().q - 1) * 100
                                            + (1 - w) * spend().expected_new_customer_spend()),
                    "Brackets in the weight: p x stands over (p x + q - 1)."),
            Mistake("half and half", lambda: two(lambda x: (100 + spend().expected_new_customer_spend()) / 2),
                    "You gave both averages the same weight for both customers; the weight depends on x."),
            Mistake("total, not average", lambda: two(lambda x: expected_spend(x, m=100 / x)),
                    "You took 100 dollars for the total of all purchases; it is the average of each customer's.",
                    excluded_by="per repeat purchase on average"),
        ],
    ),
    Scalar(
        id="04.mean-clv", objective="04.4", points=2, low=0, tolerance=0.02,
        what="the mean CLV of the 2,357 customers",
        answer=lambda: value().mean(),
        alternatives=[lambda: closed_form().mean(), lambda: integrated().mean()],
        conventions=[
            Convention("52 weeks to the year, as in the paper", lambda: discounted(np.log(1.15) / 52)),
            Convention("52 weeks, compounded weekly", lambda: discounted(1.15 ** (1 / 52) - 1)),
            Convention("365.25 days, compounded weekly", lambda: discounted(1.15 ** (7 / 365.25) - 1)),
            Convention("cents", lambda: round(value().mean(), 2)),
        ],
        nudge="Not yet: for each customer 0.3 × expected spend × DERT at the weekly rate, then the mean over all 2,357.",
        mistakes=[
            Mistake("weeks valued as days", lambda: value(time_unit="D").mean(),
                    "Several times too high: the data are in weeks, and the annual rate was spread over days."),
            Mistake("weeks valued as months", lambda: value(time_unit="M").mean(),
                    "Too low: the data are in weeks, and the annual rate was turned into a monthly one."),
            Mistake("annual rate per week", lambda: discounted(0.15),
                    "Far too low: you discounted at 15 % a week; the rate is 15 % a year."),
            Mistake("annual rate per week, continuous", lambda: discounted(np.log(1.15)),
                    "Far too low: you used a year's rate for every week."),
            Mistake("divided by 52", lambda: discounted(0.15 / 52),
                    "You divided the rate by the number of weeks, which compounds to more than 15 % a year; use `continuous_rate`.",
                    excluded_by="You have `dert`"),
            Mistake("no margin", lambda: value().mean() / 0.3,
                    "That is the mean revenue to come; the firm keeps 30 % of it.", excluded_by="a margin of 30 %"),
            Mistake("observed spend", lambda: (0.3 * base()["monetary_value"] * pareto().dert(base(), continuous_rate(0.15, "W"))).mean(),
                    "You took the observed average spend, which is 0 for everybody without a repeat purchase; take the expected one."),
            Mistake("everybody's spend", lambda: 0.3 * spend().expected_new_customer_spend() * pareto().dert(base(), continuous_rate(0.15, "W")).mean(),
                    "You gave all customers the same spend; each has an expectation of their own."),
            Mistake("product of the means", lambda: 0.3 * spend().expected_customer_spend(base()).mean()
                    * pareto().dert(base(), continuous_rate(0.15, "W")).mean(),
                    "You multiplied mean spend with mean DERT; multiply customer by customer first, because those with more purchases to come are also expected to spend more."),
            Mistake("times P(alive)", lambda: (value() * pareto().expected_probability_alive(base())).mean(),
                    "You multiplied by P(alive) once more; DERT already reckons with it."),
            Mistake("39 weeks only", lambda: (0.3 * spend().expected_customer_spend(base()) * pareto().expected_purchases(base(), 39)).mean(),
                    "You took the purchases of the next 39 weeks; DERT counts all that are to come, discounted.",
                    excluded_by="You have `dert`"),
            Mistake("cost for margin", lambda: value().mean() * 7 / 3,
                    "You took the cost, 70 %, for the margin."),
            Mistake("repeat buyers only", lambda: value()[base()["frequency"] > 0].mean(),
                    "That is the mean of those with a repeat purchase; the others are customers too.",
                    excluded_by="**mean CLV** of the 2,357 customers"),
            Mistake("total", lambda: value().sum(),
                    "That is the value of all customers together; the question asks for the mean.", excluded_by="**mean CLV**"),
            Mistake("median", lambda: value().median(),
                    "That is the median customer's; the question asks for the mean.", excluded_by="**mean CLV**"),
            Mistake("BG/NBD", lambda: value(bg).mean(),
                    "That is what the BG/NBD says; the question asks for the Pareto/NBD.", excluded_by="with the Pareto/NBD"),
            Mistake("DERT alone", lambda: pareto().dert(base(), continuous_rate(0.15, "W")).mean(),
                    "That is a number of purchases; multiply each customer's by margin and expected spend."),
            Mistake("whole dollars", lambda: round(value().mean()),
                    "Whole dollars are not enough here: give the cents too.", excluded_by="in dollars and cents"),
        ],
    ),
    Scalar(
        id="04.zero-class", objective="04.5", points=2, low=0, high=1, tolerance=0.0002,
        what="the share of all CLV that lies with those who bought once",
        answer=lambda: share_of_zero_class(cohort_value(), cohort()["frequency"]),
        alternatives=[
            lambda: once_by_hand(alive_in_closed_form, life_in_closed_form),
            lambda: once_by_hand(alive_by_integration, life_by_integration),
        ],
        conventions=[
            Convention("four decimals", lambda: round(share_of_zero_class(cohort_value(), cohort()["frequency"]), 4)),
            Convention("52 weeks to the year, as in the paper", lambda: once_by_hand(alive_in_closed_form, life_in_closed_form, rate=np.log(1.15) / 52)),
        ],
        nudge="Not yet: add up `cohort_clv` over the customers with frequency 0, divide by the total, and give four decimals or more.",
        mistakes=[
            Mistake("heads", lambda: (cohort()["frequency"] == 0).mean(),
                    "That is their share of the customers; the question is about their share of the value."),
            Mistake("the others", lambda: 1 - share_of_zero_class(cohort_value(), cohort()["frequency"]),
                    "That is the share of those who came back; the question is about the others."),
            Mistake("ratio of means", lambda: cohort_value()[cohort()["frequency"] == 0].mean() / cohort_value().mean(),
                    "That sets the mean of the one-time buyers against the mean of all; the question is about totals."),
            Mistake("against the others", lambda: 1 / (1 / share_of_zero_class(cohort_value(), cohort()["frequency"]) - 1),
                    "You divided by the value of the others; divide by the value of all.", excluded_by="What share of the total"),
            Mistake("frequency 1", lambda: cohort_value()[cohort()["frequency"] == 1].sum() / cohort_value().sum(),
                    "Frequency counts repeat purchases: those with frequency 1 bought twice.",
                    excluded_by="(no repeat purchase in 78 weeks)"),
            Mistake("frequency 0 and 1", lambda: cohort_value()[cohort()["frequency"] <= 1].sum() / cohort_value().sum(),
                    "You included customers who bought twice: frequency counts repeat purchases.",
                    excluded_by="(no repeat purchase in 78 weeks)"),
            Mistake("the sample after 78 weeks", lambda: share_of_zero_class(*sample_after_78_weeks()),
                    "That is the share in the one-in-ten sample; the question is about the whole cohort."),
            Mistake("the sample after 39 weeks", lambda: share_of_zero_class(value(), base()["frequency"]),
                    "That is the share among the 2,357 after 39 weeks; the question is about the whole cohort after 78."),
            Mistake("BG/NBD", lambda: share_of_zero_class(cohort_value(BetaGeoModel), cohort()["frequency"]),
                    "That is what the BG/NBD says, in which those who bought once can't have left; take `cohort_clv`.",
                    excluded_by="of the total `cohort_clv`"),
            Mistake("their past spend", lambda: (s := ccx.load("cdnow").groupby("customer_id")["value"].sum()[cohort().index]) is not None
                    and s[cohort()["frequency"] == 0].sum() / s.sum(),
                    "That is their share of what was spent so far; the question is about what is to come."),
            Mistake("three decimals", lambda: round(share_of_zero_class(cohort_value(), cohort()["frequency"]), 3),
                    "Three decimals are not enough here: give four or more.", excluded_by="four decimals or more"),
            Mistake("all 23,570", once_among_all,
                    "You took in the few who had spent more than 4,000 dollars; `cohort_clv` leaves them out.", excluded_by="of the total `cohort_clv`"),
        ],
    ),
    Scalar(
        id="04.famous", objective="04.5", points=1, low=0, high=200, tolerance=0.001,
        what="the share of the 200 biggest spenders who are not among the 200 most valuable",
        answer=lambda: missing(past(), value()),
        alternatives=[lambda: missing_by_rank(past(), value()), missing_name_by_name],
        conventions=[Convention("52 weeks to the year, as in the paper", lambda: missing(past(), closed_form(np.log(1.15) / 52)))],
        nudge="Not yet: take the index of `past.nlargest(200)` and of `clv.nlargest(200)`, count the customers of the first that are "
              "not in the second, and divide by 200.",
        mistakes=[
            Mistake("in both", lambda: 1 - missing(past(), value()),
                    "That is the share that is on both lists; the question is about those on the first list only."),
            Mistake("count", lambda: 200 * missing(past(), value()),
                    "That is how many they are; give their share among the 200.", excluded_by="What share of the 200 customers"),
            Mistake("per cent", lambda: 100 * missing(past(), value()),
                    "That is in per cent; give a share.", excluded_by="What share of the 200 customers"),
            Mistake("of all customers", lambda: 200 * missing(past(), value()) / len(past()),
                    "You divided by all customers; divide by 200.", excluded_by="What share of the 200 customers"),
            Mistake("symmetric difference", lambda: 2 * missing(past(), value()),
                    "You counted those on either list but not on both; count those on the first list only."),
            Mistake("of the union", lambda: (m := missing(past(), value())) / (1 + m),
                    "You divided by everybody on either list; divide by 200.", excluded_by="What share of the 200 customers"),
            Mistake("BG/NBD", lambda: missing(past(), value(bg)),
                    "Close: either these are the values of the BG/NBD and not `clv`, or you rounded; give three decimals."),
            Mistake("mean spend", lambda: missing(base()["monetary_value"], value()),
                    "You ranked by mean spend per purchase; rank by everything a customer has spent so far.",
                    excluded_by="the largest `past` spend"),
            Mistake("frequency", lambda: missing(base()["frequency"], value()),
                    "You ranked by the number of purchases; rank by what was spent."),
            Mistake("without the first purchase", lambda: missing(base().eval("frequency * monetary_value"), value()),
                    "You left out what they spent on their first purchase.", excluded_by="the largest `past` spend"),
            Mistake("the holdout included", lambda: missing(ccx.load("cdnow_sample").groupby("customer_id")["value"].sum(), value()),
                    "You counted purchases after 30 September 1997, which nobody knew of then.", excluded_by="the largest `past` spend"),
            Mistake("two decimals", lambda: round(missing(past(), value()), 2),
                    "Two decimals are not enough here: give three.", excluded_by="Give three decimals"),
        ],
    ),
    Written(id="04.decide", objective="04.5", points=4, what="which 200 customers to call, and which famous ones not"),
]
