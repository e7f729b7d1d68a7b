"""Exercise bank of lesson 05. Every answer and every mistake is computed from the data."""

import statistics
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.integrate import quad
from scipy.optimize import brentq, minimize
from scipy.special import betaln

import ccx
from ccx.classroom.exercise import Array, Convention, Frame, Function, Mistake, Scalar, Written
from ccx.clv import GeometricModel, ShiftedBetaGeoModel
from ccx.selection import (
    bayes_precision, best_spend, channel_table, cohort_survivors, cost_per_star, fit_acquisition, lift_table, marginal_cac, value_since_acquisition)

COLUMNS = ["cac", "clv", "net"]


# The grocer's households


@cache
def households():
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import KFold, cross_val_predict

    people = ccx.load("grocery_demographics").set_index("customer_id")
    log = ccx.load("grocery")
    halves = log.groupby(["customer_id", log["date"] > "2017-06-30"])["value"].sum().unstack(fill_value=0).reindex(people.index)
    X = pd.get_dummies(people.astype(object).fillna("unknown"), drop_first=True).astype(float)
    parts = KFold(5, shuffle=True, random_state=5)
    after = halves[True]
    return {"before": halves[False], "after": after, "X": X, "folds": [rows for _, rows in parts.split(X)],
            "predicted": pd.Series(cross_val_predict(LinearRegression(), X, after, cv=parts), after.index),
            "fitted": pd.Series(LinearRegression().fit(X, after).predict(X), after.index)}


def explained(by="predicted", below=lambda after: after - after.mean()):
    after = households()["after"]
    return 1 - ((after - households()[by]) ** 2).sum() / (below(after) ** 2).sum()


def explained_by_moments():
    """From means, variances and the covariance alone."""
    (spread, together), (_, of_forecast) = np.cov(households()["after"], households()["predicted"], ddof=0)
    off = households()["after"].mean() - households()["predicted"].mean()
    return (2 * together - of_forecast - off**2) / spread


@cache
def explained_by_own_regressions():
    """Each part predicted by least squares on the other four, and the errors added up household by household."""
    X, after = households()["X"].to_numpy(), households()["after"].to_numpy()
    missed, mean = 0.0, sum(after) / len(after)
    for rows in households()["folds"]:
        x, y = (np.delete(table, rows, axis=0) for table in (X, after))
        slopes = np.linalg.lstsq(x - x.mean(axis=0), y - y.mean(), rcond=None)[0]
        level = y.mean() - x.mean(axis=0) @ slopes
        missed += sum((a - level - of_one @ slopes) ** 2 for of_one, a in zip(X[rows], after[rows]))
    return 1 - missed / sum((a - mean) ** 2 for a in after)


def parts():
    """Outcome and forecast of each of the five parts."""
    return [(households()["after"].iloc[rows], households()["predicted"].iloc[rows]) for rows in households()["folds"]]


def fold_by_fold():
    return np.mean([1 - ((a - p) ** 2).sum() / ((a - a.mean()) ** 2).sum() for a, p in parts()])


# The shop


@cache
def customers():
    return ccx.load("company_customers").set_index("customer_id")


@cache
def orders():
    return ccx.load("company")


@cache
def worth():
    return value_since_acquisition(orders(), customers()["channel"], until="2025-12-31", discount_rate=0.10, service_cost=customers()["service_cost"])


@cache
def ledger():
    return ccx.load("company_channels")


def year(table=None):
    table = ledger() if table is None else table
    return table[table["quarter"].str.startswith("2025")]


def newcomers():
    return customers()[customers()["acquired"] >= "2025-01-01"]


def channels(cac=None, clv=None, net=None, rows=None, column="value"):
    """The right table, with one of its columns or its rows changed."""
    people = newcomers()
    table = channel_table(year(), worth()[column].loc[people.index], people["channel"])[COLUMNS]
    table["cac"] = table["cac"] if cac is None else cac(table)
    table["clv"] = table["clv"] if clv is None else clv(people)
    table["net"] = table["clv"] - table["cac"] if net is None else net(table)
    return table if rows is None else table.loc[rows(table)]


def channels_from_totals():
    """What is left in all, for each customer won."""
    sums = year().pivot_table(index="channel", values=["spend", "acquired"], aggfunc="sum")
    brought = pd.crosstab(newcomers()["channel"], "value", worth()["value"].loc[newcomers().index], aggfunc="sum")["value"]
    return pd.DataFrame({"cac": sums["spend"], "clv": brought, "net": brought - sums["spend"]}).div(sums["acquired"], axis=0)


def channels_row_by_row():
    spent, won, values = {}, {}, {}
    for channel, quarter, dollars, number in ledger()[["channel", "quarter", "spend", "acquired"]].itertuples(index=False):
        if quarter[:4] == "2025":
            spent[channel], won[channel] = spent.get(channel, 0) + dollars, won.get(channel, 0) + number
    for customer, channel, day in customers()[["channel", "acquired"]].itertuples():
        if day.year == 2025:
            values.setdefault(channel, []).append(worth()["value"][customer])
    rows = [(spent[name] / won[name], statistics.fmean(values[name])) for name in sorted(spent)]
    return pd.DataFrame([(cac, clv, clv - cac) for cac, clv in rows], columns=COLUMNS)


def by_quarter(_):
    return year().assign(each=year()["spend"] / year()["acquired"]).groupby("channel")["each"].mean()


def mean_value(people, column="value", how="mean"):
    return worth()[column].loc[people.index].groupby(people["channel"]).agg(how)


# Verticals


@cache
def cohorts(until="2025-10-01", days=91):
    """Margin of each customer's first days, with cohort and vertical."""
    people = customers()[customers()["acquired"] < until]
    age = (orders()["date"] - customers()["acquired"].reindex(orders()["customer_id"]).to_numpy()).dt.days
    early = orders()[age < days].groupby("customer_id")["margin"].sum().reindex(people.index)
    return pd.DataFrame({"early": early, "vertical": people["vertical"], "cohort": people["acquired"].dt.to_period("Q")})


def swings(how="mean", ddof=1, **of):
    table = cohorts(**of).groupby(["cohort", "vertical"])["early"].agg(how).unstack()
    return table.std(ddof=ddof) / table.mean()


def swings_by_differences():
    """From the differences between every two of the seven means."""
    means = cohorts().pivot_table(index="cohort", columns="vertical", values="early", aggfunc="mean").to_numpy()
    n = len(means)
    return np.sqrt(sum((one - other) ** 2 for one, other in combinations(means, 2)) / n / (n - 1)) / (means.sum(axis=0) / n)


@cache
def swings_order_by_order():
    """Cohort by cohort from the list of orders; everybody has an order on the first day."""
    about = {customer: (day, vertical) for customer, day, vertical in customers()[["acquired", "vertical"]].itertuples()}
    margin, size = {}, {}
    for day, vertical in about.values():
        size[vertical, day.year, day.quarter] = size.get((vertical, day.year, day.quarter), 0) + 1
    for customer, date, amount in orders()[["customer_id", "date", "margin"]].itertuples(index=False):
        day, vertical = about[customer]
        if (date - day).days < 91:
            margin[vertical, day.year, day.quarter] = margin.get((vertical, day.year, day.quarter), 0.0) + amount
    means = {}
    for vertical, *quarter in sorted(margin):
        if quarter != [2025, 4]:
            means.setdefault(vertical, []).append(margin[vertical, *quarter] / size[vertical, *quarter])
    return [statistics.stdev(of) / statistics.fmean(of) for of in means.values()]


def of_customers():
    by = cohorts().groupby("vertical")["early"]
    return by.std() / by.mean()


# What the next one costs


@cache
def paid():
    return ledger()[ledger()["prospects"] > 0]


@cache
def curves():
    return fit_acquisition(paid())


def totals():
    return paid().groupby("channel")[["prospects", "spend", "acquired"]].sum()


def a_prospect(rows=None, channel="search"):
    """Dollars spent on each prospect."""
    rows = paid() if rows is None else rows
    sums = rows[rows["channel"] == channel][["spend", "prospects"]].sum()
    return sums["spend"] / sums["prospects"]


def next_cost(spend=None, channel="search", curve=None):
    curve = curves() if curve is None else curve
    return marginal_cac(a_prospect(channel=channel) if spend is None else spend, *curve.loc[channel, ["ceiling", "k"]])


def won(dollars):
    """Share of the prospects by search that so many dollars on each win."""
    ceiling, k = curves().loc["search", ["ceiling", "k"]]
    return ceiling * -np.expm1(-k * dollars)


def next_cost_by_who_is_left():
    """The slope is k times the share that could still be won."""
    ceiling, k = curves().loc["search", ["ceiling", "k"]]
    return 1 / (k * (ceiling - won(a_prospect())))


def next_cost_by_difference(step=1e-5):
    return 2 * step / (won(a_prospect() + step) - won(a_prospect() - step))


@cache
def next_cost_refitted():
    """With a curve fitted anew, by a search without derivatives."""
    rows = paid()[paid()["channel"] == "search"]
    each = rows["spend"] / rows["prospects"]

    def unlikely(logs):
        rate = np.exp(logs[0]) * -np.expm1(-np.exp(logs[1]) * each)
        return -(rows["acquired"] * np.log(rate) + (rows["prospects"] - rows["acquired"]) * np.log1p(-rate)).sum()

    ceiling, k = np.exp(minimize(unlikely, np.log([0.05, 1.0]), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-9}).x)
    return np.exp(k * a_prospect()) / (ceiling * k)


def one_step_more(step):
    """What a customer costs of those whom so many dollars more on each prospect win by search."""
    ceiling, k = curves().loc["search", ["ceiling", "k"]]
    return step / (ceiling * np.exp(-k * a_prospect()) * -np.expm1(-k * step))


def average_quarter():
    rows = paid()[paid()["channel"] == "search"]
    return (rows["spend"] / rows["prospects"]).mean()


def spend(value, ceiling, k):
    return max(0.0, np.log(ceiling * k * value) / k)


def by_halving(value, ceiling, k):
    """The maximum found by search."""
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(lambda A: A - ceiling * -np.expm1(-k * A) * value, bounds=(0, 50 / k), method="bounded", options={"xatol": 1e-10 / k})
    return found.x if ceiling * k * value > 1 else 0.0


def where_the_next_costs_the_value(value, ceiling, k):
    """The spend at which one over the slope is the value."""
    def too_much(A):
        return np.exp(k * A) / (ceiling * k) - value
    return 0.0 if too_much(0) >= 0 else brentq(too_much, 0, 50 / k, xtol=1e-10)


def searched(grid):
    """A function that tries the spends of a grid, which may go as far as the value."""
    def spend(value, ceiling, k):
        A = grid(value)
        return float(A[np.argmax(ceiling * -np.expm1(-k * A) * value - A)])
    return spend


def nothing_left(value, ceiling, k):
    """The spend at which a customer costs on average what one is worth."""
    if ceiling * k * value <= 1:
        return 0.0
    return brentq(lambda A: ceiling * -np.expm1(-k * A) * value - A, 1e-9, ceiling * value)


# Stars


@cache
def look_alikes():
    from sklearn.linear_model import LogisticRegression

    known = customers()[customers()["acquired"] <= "2025-07-02"]
    is_star = cohorts("2025-07-03", 182)["early"].reindex(known.index) >= 100
    looks = pd.get_dummies(known[["channel", "vertical"]]).join(known[["age", "urban"]]).astype(float)
    learn = known["acquired"] < "2025-01-01"
    model = LogisticRegression(max_iter=2000).fit(looks[learn], is_star[learn])
    return pd.DataFrame({"score": model.predict_proba(looks)[:, 1], "star": is_star, "learn": learn})


def holdout():
    return look_alikes()[~look_alikes()["learn"]]


def lift(table=None, size=385, base=None, best=True):
    table = holdout() if table is None else table
    chosen = table.nlargest(size, "score") if best else table.nsmallest(size, "score")
    return chosen["star"].mean() / (table["star"].mean() if base is None else base)


def lift_by_those_found():
    """The share of all stars that is found, to the share of customers that is looked at."""
    border = np.partition(holdout()["score"], -385)[-385]
    stars = holdout().loc[holdout()["score"] > border, "star"].sum()
    # Two tie at the border, one of whom is chosen; they are alike in what they turned out to be.
    stars += holdout().loc[holdout()["score"] == border, "star"].mean()
    return stars / holdout()["star"].sum() / (385 / len(holdout()))


def found(size=385):
    chosen = holdout().nlargest(size, "score")
    return {"precision": chosen["star"].mean(), "found": chosen["star"].sum() / holdout()["star"].sum(),
            "others": holdout().drop(chosen.index)["star"].mean(), "promised": chosen["score"].mean()}


def marked(base=0.02, hit=0.8, false=0.1):
    return base * hit / (base * hit + (1 - base) * false)


def counted(people=10_000):
    """One person after another: who is a star, who is marked, what the parcels cost."""
    parcels = reached = 0
    for person in range(people):
        star = person < 0.02 * people
        place = person / (0.02 * people) if star else (person - 0.02 * people) / (0.98 * people)
        parcels += place < (0.8 if star else 0.1)
        reached += star and place < 0.8
    return 5 * parcels / reached


def by_odds():
    """For each star marked so many others are."""
    return 5 * (1 + (0.98 / 0.02) * (0.1 / 0.8))


# Friends


def referred(column="value"):
    return worth()[column][customers()["channel"] == "referral"].mean()


def saved():
    return totals()["spend"].sum() / totals()["acquired"].sum()


def cost_of_2025():
    return year(paid())["spend"].sum() / year(paid())["acquired"].sum()


def referred_in_2025():
    return worth()["value"].loc[newcomers().index][newcomers()["channel"] == "referral"].mean()


def with_and_without():
    """What the shop has with its referrals less what it would have without them, for one of them."""
    values = worth()["value"][customers()["channel"] == "referral"].to_numpy()
    return (values.sum() - 15 * len(values) - (0.3 * values.sum() - 0.3 * len(values) * saved())) / len(values)


def referral_one_by_one():
    costs = totals()["spend"] / totals()["acquired"]
    of_type_two = np.average(costs, weights=totals()["acquired"])
    each = [0.7 * value + 0.3 * of_type_two - 15 for value, channel in zip(worth()["value"], customers()["channel"]) if channel == "referral"]
    return statistics.fmean(each)


@cache
def would_have_come():
    """Type two, which only the simulator knows."""
    return ccx.load("company_truth").set_index("customer_id")["would_have_come"][customers()["channel"] == "referral"].astype(bool)


def each_by_type():
    new = worth()["value"][would_have_come().index]
    return np.where(would_have_come(), saved(), new).mean() - 15


def referral(new=None, anyway=None, reward=15.0, share=0.3):
    new, anyway = (referred() if new is None else new), (saved() if anyway is None else anyway)
    return (1 - share) * new + share * anyway - reward


# Patients


@cache
def started():
    table = cohort_survivors(ccx.load("company_refills"), until="2025-12-31")
    return table[["2024Q1", "2024Q2", "2024Q3", "2024Q4"]].sum(axis=1, min_count=4).dropna()


def stays(t=9, rows=6, model=ShiftedBetaGeoModel):
    return model.fit(started()[:rows]).survival(t)


def lost_at_each(alpha, beta, most):
    """Chances of stopping at the first, second, … refill, each from the one before (Fader and Hardie 2007)."""
    chances = [alpha / (alpha + beta)]
    for t in range(2, most + 1):
        chances.append(chances[-1] * (beta + t - 2) / (alpha + beta + t - 1))
    return np.array(chances)


@cache
def stays_step_by_step():
    """Fitted and forecast with the recursion."""
    seen = started()[:6].to_numpy()

    def unlikely(logs):
        lost = lost_at_each(*np.exp(logs), 5)
        return -(seen[:-1] - seen[1:]) @ np.log(lost) - seen[-1] * np.log(1 - lost.sum())

    alpha, beta = np.exp(minimize(unlikely, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-8}).x)
    return 1 - lost_at_each(alpha, beta, 9).sum()


@cache
def stays_on_average():
    """Fitted with the beta function, and forecast as the average of (1 - p)^9 over the patients."""
    seen = started()[:6].to_numpy()

    def unlikely(logs):
        alpha, beta = np.exp(logs)
        lost, still = betaln(alpha + 1, beta + np.arange(5)), betaln(alpha, beta + 5)
        return -((seen[:-1] - seen[1:]) @ lost + seen[-1] * still - seen[0] * betaln(alpha, beta))

    alpha, beta = np.exp(minimize(unlikely, [0.0, 0.0], method="L-BFGS-B", options={"ftol": 1e-14, "gtol": 1e-8}).x)
    total = quad(lambda p: p ** (alpha - 1) * (1 - p) ** (beta - 1), 0, 1)[0]
    return quad(lambda p: p ** (alpha - 1) * (1 - p) ** (beta + 8), 0, 1)[0] / total


EXERCISES = [
    Scalar(
        id="05.outside", objective="05.1", points=2, high=1, tolerance=0.0005,
        what="the share that predicted explains",
        answer=explained,
        alternatives=[explained_by_moments, explained_by_own_regressions],
        conventions=[Convention("three decimals", lambda: round(explained(), 3)), Convention("four decimals", lambda: round(explained(), 4))],
        nudge="Not yet: add up the squares of after minus predicted, divide by the squares of after minus its mean, and take that from 1.",
        mistakes=[
            Mistake("in the sample", lambda: explained("fitted"),
                    "That is the share among the households that the regression has learned from; use predicted, not fitted."),
            Mistake("squared correlation", lambda: np.corrcoef(households()["after"], households()["predicted"])[0, 1] ** 2,
                    "You squared the correlation, which forgives forecasts that are too far apart; the formula takes the errors as they are.",
                    excluded_by=r"\sum_i (\text{after}_i - \text{predicted}_i)^2"),
            Mistake("correlation", lambda: np.corrcoef(households()["after"], households()["predicted"])[0, 1],
                    "That is the correlation of forecast and outcome; the question asks for the share of squared differences explained."),
            Mistake("fold by fold", fold_by_fold,
                    "You worked it out part by part and took the mean of five; take all 801 households together.",
                    excluded_by="Take all 801 households together"),
            Mistake("the unexplained", lambda: 1 - explained(),
                    "That is the share left unexplained; take it from 1."),
            Mistake("variance of the forecast", lambda: households()["predicted"].var() / households()["after"].var(),
                    "You divided the variance of the forecasts by that of the outcomes: forecasts can differ a lot and be wrong.",
                    excluded_by=r"\sum_i (\text{after}_i - \text{predicted}_i)^2"),
            Mistake("below zero, not below the mean", lambda: explained(below=lambda after: after),
                    "Below the line you squared the spending itself; take its distance from the mean.",
                    excluded_by=r"\sum_i (\text{after}_i - \overline{\text{after}})^2"),
            Mistake("standard deviations, or absolute errors", lambda: 1 - np.sqrt(1 - explained()),
                    "You compared roots or absolute differences; the measure is made of squares.",
                    excluded_by=r"\sum_i (\text{after}_i - \text{predicted}_i)^2"),
            Mistake("past spending", lambda: explained("before"),
                    "You took last half-year's spending as the forecast; the question is about the demographics, in predicted."),
            Mistake("from the forecasts' mean", lambda: 1 - ((households()["after"] - households()["predicted"]) ** 2).sum() / ((households()["predicted"] - households()["predicted"].mean()) ** 2).sum(),
                    "Below the line you have the spread of the forecasts; it is that of the outcomes, after, that is to be explained.",
                    excluded_by=r"\sum_i (\text{after}_i - \overline{\text{after}})^2"),
            Mistake("squared correlation in the sample", lambda: np.corrcoef(households()["after"], households()["fitted"])[0, 1],
                    "That is a correlation with fitted, on the households that the regression has learned from; use predicted and the formula."),
            Mistake("mean of squares over the sample variance", lambda: 1 - ((households()["after"] - households()["predicted"]) ** 2).mean() / households()["after"].var(),
                    "Nearly: you divided a mean over 801 households by pandas' var(), which divides by 800; use the two sums of the formula.",
                    excluded_by=r"\sum_i (\text{after}_i - \overline{\text{after}})^2"),
            Mistake("adjusted", lambda: 1 - (1 - explained()) * 800 / (800 - 32),
                    "You took off something for the 32 columns, as the adjusted measure does; judged on others nothing has to be adjusted, and the formula has no such term.",
                    excluded_by="as the measure"),
            Mistake("squared correlation with past spending", lambda: np.corrcoef(households()["before"], households()["after"])[0, 1] ** 2,
                    "That is how well past spending does; the question is about the demographics, in predicted."),
            Mistake("fold by fold, from the mean of all", lambda: np.mean([1 - ((a - p) ** 2).sum() / ((a - households()["after"].mean()) ** 2).sum() for a, p in parts()]),
                    "You worked it out part by part and took the mean of five; take all 801 households together.",
                    excluded_by="Take all 801 households together"),
        ],
    ),
    Frame(
        id="05.channels", objective="05.2", points=2, columns=COLUMNS, rows=5, tolerance=0.01,
        what="the table of the five channels in 2025",
        answer=channels,
        alternatives=[channels_from_totals, channels_row_by_row],
        conventions=[Convention("two decimals", lambda: channels().round(2)), Convention("the channel as a column", lambda: channels().reset_index()),
                     Convention("customers counted one by one, not from the ledger",
                                lambda: channels(cac=lambda t: year().groupby("channel")["spend"].sum() / newcomers()["channel"].value_counts()))],
        nudge="Not yet: add up spend and acquired of each channel over the four quarters before you divide, and average value over the customers of 2025.",
        mistakes=[
            Mistake("both years", lambda: channel_table(ledger(), worth()["value"], customers()["channel"])[COLUMNS],
                    "You took both years; the question is about 2025 only.", excluded_by="Take **the year 2025** only"),
            Mistake("mean of quarterly costs", lambda: channels(cac=by_quarter),
                    "Your cac is the mean of four quarterly costs, in which a small quarter counts as much as a large one: divide the year's spending by the year's customers.",
                    excluded_by="over the whole year"),
            Mistake("values of all customers", lambda: channels(clv=lambda _: mean_value(customers())),
                    "Your clv is the mean over the customers of both years; take those acquired in 2025.", excluded_by="customers acquired in 2025"),
            Mistake("cost of both years", lambda: channels(cac=lambda _: channel_table(ledger(), worth()["value"], customers()["channel"])["cac"]),
                    "Your cac is that of both years; use the quarters of 2025.", excluded_by="the ledger's quarters of that year"),
            Mistake("so far only", lambda: channels(column="so_far"),
                    "Your clv is only what customers have brought so far; value has what is still to come as well.", excluded_by="the mean `value`"),
            Mistake("to come only", lambda: channels(column="to_come"),
                    "Your clv is only what is still to come; value has what customers have brought so far as well."),
            Mistake("medians", lambda: channels(clv=lambda people: mean_value(people, how="median")),
                    "Your clv is the median customer; a budget pays for all of them, so take the mean.", excluded_by="the mean `value`"),
            Mistake("net with the wrong sign", lambda: channels(net=lambda t: t["cac"] - t["clv"]),
                    "Your net has the wrong sign: it is what is left of clv after cac.", excluded_by="`net` = `clv` − `cac`"),
            Mistake("ratio", lambda: channels(net=lambda t: t["clv"] / t["cac"]),
                    "Your net is a ratio; take the difference, which is what a customer leaves.", excluded_by="`net` = `clv` − `cac`"),
            Mistake("return", lambda: channels(net=lambda t: (t["clv"] - t["cac"]) / t["cac"]),
                    "Your net is per dollar spent; the question asks for dollars per customer.", excluded_by="`net` = `clv` − `cac`"),
            Mistake("times customers", lambda: channels(net=lambda t: (t["clv"] - t["cac"]) * newcomers()["channel"].value_counts()),
                    "Your net is that of all customers of a channel; give it for one.", excluded_by="`net` = `clv` − `cac`"),
            Mistake("order of the ledger", lambda: channels(rows=lambda t: list(dict.fromkeys(year()["channel"]))),
                    "The numbers are right, the order is not: sort the channels by name.", excluded_by="the channels in **alphabetical order**"),
            Mistake("order of net", lambda: channels(rows=lambda t: t.sort_values("net", ascending=False).index),
                    "The numbers are right, the order is not: the channels stand in alphabetical order, not by net.",
                    excluded_by="the channels in **alphabetical order**"),
            *(Mistake(f"order of {column}, {way}", lambda column=column, up=up: channels(rows=lambda t: t.sort_values(column, ascending=up).index),
                      f"The numbers are right, the order is not: the channels stand in alphabetical order, not by {column}.",
                      excluded_by="the channels in **alphabetical order**")
              for column, up, way in (("net", True, "upwards"), ("clv", False, "downwards"), ("clv", True, "upwards"), ("cac", False, "downwards"), ("cac", True, "upwards"))),
            *(Mistake(f"order of numbers, {way}", lambda up=up: channels(rows=lambda t: newcomers()["channel"].value_counts(ascending=up).index),
                      "The numbers are right, the order is not: the channels stand in alphabetical order, not by how many customers they won.",
                      excluded_by="the channels in **alphabetical order**")
              for up, way in ((False, "downwards"), (True, "upwards"))),
            Mistake("prospects", lambda: channels(cac=lambda t: (sums := year().groupby("channel")[["spend", "prospects"]].sum())["spend"] / sums["prospects"].where(sums["prospects"] > 0, 1)),
                    "Your cac is per prospect; divide by the customers acquired.", excluded_by="dollars spent per customer acquired"),
            Mistake("customers per dollar", lambda: channels(cac=lambda t: 1 / t["cac"]),
                    "Your cac is upside down: dollars per customer, not customers per dollar.", excluded_by="dollars spent per customer acquired"),
            Mistake("sums of value", lambda: channels(clv=lambda people: mean_value(people, how="sum")),
                    "Your clv is the sum over a channel's customers; take the mean.", excluded_by="the mean `value`"),
        ],
    ),
    Array(
        id="05.stability", objective="05.2", points=2, shape=(4,), low=0, tolerance=0.0005,
        what="the coefficients of variation of athletes, chronic care, parents and wellness",
        answer=swings,
        alternatives=[swings_by_differences, swings_order_by_order],
        conventions=[Convention("three decimals", lambda: swings().round(3)), Convention("two decimals", lambda: swings().round(2)),
                     Convention("a list", lambda: [swings()[name] for name in ("athletes", "chronic care", "parents", "wellness")])],
        nudge="Not yet: make a table of means with a row for each cohort and a column for each vertical, and divide each column's std by its mean.",
        mistakes=[
            Mistake("spread of customers", of_customers,
                    "That is how the single customers of a vertical differ; take the mean of each cohort first, then the spread of these seven means.",
                    excluded_by="the coefficient of variation of these seven numbers"),
            Mistake("spread of customers, cohort by cohort", lambda: ((of := cohorts().groupby(["cohort", "vertical"])["early"]).std() / of.mean()).unstack().mean(),
                    "You took the spread of the customers within each cohort, and averaged it; take each cohort's mean first, then the spread of the seven means.",
                    excluded_by="the coefficient of variation of these seven numbers"),
            Mistake("all eight cohorts", lambda: swings(until="2026-01-01"),
                    "You have an eighth cohort, whose customers have not all had 13 weeks; take the seven in cohort.", excluded_by="each of the seven cohorts"),
            Mistake("lifetime values", lambda: (t := worth()["value"].reindex(cohorts().index).groupby([cohorts()["cohort"], cohorts()["vertical"]]).mean().unstack()).std() / t.mean(),
                    "You took value, most of which is forecast; take early, the margin that has been earned.", excluded_by="the **mean** of `early`"),
            Mistake("by luck", lambda: np.sqrt((cohorts().groupby(["cohort", "vertical"])["early"].sem() ** 2).unstack().mean()) / cohorts().groupby(["cohort", "vertical"])["early"].mean().unstack().mean(),
                    "That is what luck alone would do, from the standard errors; the question asks how the seven means really differ."),
            Mistake("not divided", lambda: cohorts().groupby(["cohort", "vertical"])["early"].mean().unstack().std(),
                    "These are standard deviations in dollars; divide each by the mean of the seven cohorts."),
            Mistake("divided by n", lambda: swings(ddof=0),
                    "You divided the squares by 7 (NumPy's std does); the question asks for pandas' .std(), which divides by 6.",
                    excluded_by="(pandas' `.std()` divided by `.mean()`)"),
            Mistake("sums of cohorts", lambda: swings(how="sum"),
                    "You took the sum of each cohort, which swings with the number of customers won; take the mean of a customer.",
                    excluded_by="the **mean** of `early`"),
            Mistake("medians of cohorts", lambda: swings(how="median"),
                    "You took the median of each cohort; the question asks for its mean.", excluded_by="the **mean** of `early`"),
            Mistake("variance", lambda: swings() ** 2,
                    "These are the squares; the coefficient of variation is the standard deviation over the mean."),
            Mistake("upside down", lambda: 1 / swings(),
                    "You have it upside down: the standard deviation belongs above the line."),
            Mistake("standard error", lambda: swings() / np.sqrt(7),
                    "You divided by the root of 7 as well, as for a standard error; the spread of the cohorts themselves is asked for.",
                    excluded_by="(pandas' `.std()` divided by `.mean()`)"),
            Mistake("per cent", lambda: 100 * swings(),
                    "These are per cent; give shares.", excluded_by="(pandas' `.std()` divided by `.mean()`)"),
            Mistake("sorted", lambda: swings().sort_values(),
                    "The numbers are right, the order is not: athletes, chronic care, parents, wellness.", excluded_by="verticals in alphabetical order"),
            Mistake("sorted downwards", lambda: swings().sort_values(ascending=False),
                    "The numbers are right, the order is not: athletes, chronic care, parents, wellness.", excluded_by="verticals in alphabetical order"),
            Mistake("range", lambda: (t := cohorts().groupby(["cohort", "vertical"])["early"].mean().unstack()).max() / t.mean() - t.min() / t.mean(),
                    "You took the range of the seven means; take their standard deviation.", excluded_by="(pandas' `.std()` divided by `.mean()`)"),
            Mistake("medians of means", lambda: (t := cohorts().groupby(["cohort", "vertical"])["early"].mean().unstack()).std() / t.median(),
                    "You divided by the median of the seven means; divide by their mean.", excluded_by="(pandas' `.std()` divided by `.mean()`)"),
            Mistake("mean over all customers", lambda: cohorts().groupby(["cohort", "vertical"])["early"].mean().unstack().std() / cohorts().groupby("vertical")["early"].mean(),
                    "Nearly: you divided by the mean over all customers of the vertical; divide by the mean of the same seven numbers.", credit=0.5,
                    excluded_by="the coefficient of variation of these seven numbers"),
        ],
    ),
    Function(
        id="05.spend", objective="05.3", points=2, tolerance=0.005,
        what="your function spend",
        probes=[(250, 0.1, 0.175), (20, 0.04, 1.0), (64, 0.05, 5.0), (500, 0.02, 0.5)],
        hidden=lambda rng: [(float(v), float(c), float(k)) for v, c, k in zip(rng.uniform(5, 400, 10).round(2), rng.uniform(0.01, 0.2, 10).round(4), rng.uniform(0.05, 6, 10).round(3))],
        answer=spend,
        alternatives=[by_halving, where_the_next_costs_the_value, best_spend],
        conventions=[Convention("a grid of cents", searched(lambda value: np.arange(0, 60, 0.01))),
                     Convention("two decimals", lambda *terms: round(float(spend(*terms)), 2))],
        nudge="Not yet: the derivative of a(A) M - A is ceiling times k times exp(-k A) times the value, minus 1; set it to zero and solve for A.",
        mistakes=[
            Mistake("no floor", lambda value, ceiling, k: np.log(ceiling * k * value) / k,
                    "Your function spends less than nothing where even the first customer costs more than one is worth; there it should return 0.",
                    excluded_by="then nothing is to be spent"),
            Mistake("not divided by k", lambda value, ceiling, k: max(0.0, np.log(ceiling * k * value)),
                    "After taking the logarithm you still have k A: divide by k."),
            Mistake("k forgotten inside", lambda value, ceiling, k: max(0.0, np.log(ceiling * value) / k),
                    "The derivative of exp(-k A) brings a k down, which has to stand inside the logarithm."),
            Mistake("ceiling forgotten", lambda value, ceiling, k: max(0.0, np.log(k * value) / k),
                    "The ceiling is missing: only a share of the prospects can be won at all."),
            Mistake("value forgotten", lambda value, ceiling, k: max(0.0, np.log(ceiling * k) / k),
                    "The value is missing: who is worth more may cost more."),
            Mistake("times k", lambda value, ceiling, k: max(0.0, np.log(ceiling * k * value) * k),
                    "You multiplied by k at the end where you have to divide."),
            Mistake("logarithm to base ten", lambda value, ceiling, k: max(0.0, np.log10(ceiling * k * value) / k),
                    "That is the logarithm to base ten; the curve is made with e, so take np.log."),
            Mistake("divided inside", lambda value, ceiling, k: max(0.0, np.log(value / (ceiling * k)) / k),
                    "Inside the logarithm you divided by ceiling times k; the marginal cost exp(kA) / (ceiling k) equals the value, so multiply."),
            Mistake("sign", lambda value, ceiling, k: max(0.0, -np.log(ceiling * k * value) / k),
                    "The sign is turned round: a more valuable customer should raise the spending."),
            Mistake("average cost", nothing_left,
                    "At that spend a customer costs on average what one is worth, so that nothing is left; it is the next one whose cost should equal the value.",
                    excluded_by="at which $a(A) V - A$ is largest"),
            Mistake("log1p", lambda value, ceiling, k: np.log1p(ceiling * k * value) / k,
                    "You took the logarithm of 1 plus the product; the first-order condition has no 1 there."),
            Mistake("dollars per customer", lambda value, ceiling, k: ceiling * value,
                    "You spend the expected value of a prospect if all were won that can be; the next dollar brings ever less, so the best spend is lower."),
            Mistake("worth at the best spend", lambda value, ceiling, k: max(0.0, ceiling * value - 1 / k - np.log(max(ceiling * k * value, 1)) / k),
                    "That is what a prospect leaves at the best spend; give the spend itself.", excluded_by="the dollars $A$ per prospect"),
            Mistake("absolute value", lambda value, ceiling, k: abs(np.log(ceiling * k * value)) / k,
                    "You took the absolute value, so your function spends money just where even the first customer costs more than one is worth."),
            # Bounded, because some of the grader's inputs would leave the range of numbers that are read.
            Mistake("exponential for logarithm", lambda value, ceiling, k: min(np.exp(ceiling * k * value) / k, 1e90),
                    "You took the exponential function where you need its inverse: to get A out of exp(-k A), take the logarithm."),
            *(Mistake(f"grid, {name}", searched(grid), "You searched a grid that is too coarse for half a cent; solve for A, or take smaller steps.",
                    excluded_by="right to half a cent")
              for name, grid in (("dollars", lambda value: np.arange(0, 100)), ("ten cents", lambda value: np.arange(0, 100, 0.1)),
                                 ("a thousand numbers to the value", lambda value: np.linspace(0, value, 1000)))),
            Mistake("rate won", lambda value, ceiling, k: max(0.0, ceiling - 1 / (k * value)),
                    "That is the share of prospects won at the best spend; give the dollars spent on each.", excluded_by="the dollars $A$ per prospect"),
        ],
    ),
    Scalar(
        id="05.last", objective="05.3", points=2, low=0, tolerance=0.015,
        what="the cost of the next customer by search",
        answer=next_cost,
        alternatives=[next_cost_by_who_is_left, next_cost_by_difference, next_cost_refitted],
        conventions=[*(Convention(name, lambda d=d: round(float(next_cost()), d)) for d, name in enumerate(("whole dollars", "one decimal", "two decimals"))),
                     Convention("ceiling and k to four decimals", lambda: next_cost(curve=curves().round(4)))],
        nudge="Not yet: put today's spend per prospect on search and its ceiling and k into exp(k A) / (ceiling k).",
        mistakes=[
            Mistake("average of the ledger", lambda: (t := totals().loc["search"])["spend"] / t["acquired"],
                    "That is what a customer by search has cost on average; the next one costs more.", excluded_by="the **next** customer won by search"),
            Mistake("average on the curve", lambda: a_prospect() / (curves().loc["search", "ceiling"] * -np.expm1(-curves().loc["search", "k"] * a_prospect())),
                    "That is the average cost on the curve, A divided by a(A); take one over the slope of the curve instead.",
                    excluded_by="the **next** customer won by search"),
            Mistake("the slope", lambda: 1 / next_cost(),
                    "That is how many customers the next dollar on a prospect wins; turn it over for dollars per customer."),
            Mistake("partners", lambda: next_cost(channel="partners"),
                    "That is the next customer by partners; the question asks for search."),
            Mistake("social media", lambda: next_cost(channel="social"),
                    "That is the next customer on social media; the question asks for search."),
            Mistake("deals", lambda: next_cost(channel="deals"),
                    "That is the next customer with a deal; the question asks for search."),
            Mistake("the first one", lambda: next_cost(0.0),
                    "That is the cost of the very first customer, with nothing spent yet; put today's spending into the exponent."),
            Mistake("ceiling forgotten", lambda: next_cost() * curves().loc["search", "ceiling"],
                    "The ceiling is missing below the line."),
            Mistake("k forgotten below", lambda: next_cost() * curves().loc["search", "k"],
                    "The k below the line is missing: the derivative brings it down."),
            Mistake("ceiling and k forgotten", lambda: np.exp(curves().loc["search", "k"] * a_prospect()),
                    "That is exp(k A) alone; divide it by ceiling times k."),
            Mistake("minus in the exponent", lambda: np.exp(-curves().loc["search", "k"] * a_prospect()) / (curves().loc["search", "ceiling"] * curves().loc["search", "k"]),
                    "The exponent has the wrong sign: the more is spent already, the more the next one costs."),
            Mistake("only 2025", lambda: next_cost(a_prospect(year(paid()))),
                    "You took the spending of 2025; today['search'] is that of both years.", excluded_by="as on average over the two years"),
            Mistake("mean of quarters", lambda: next_cost(average_quarter()),
                    "You averaged the eight quarters' spending per prospect, large and small alike; divide all spending by all prospects.",
                    excluded_by="which is all spending over all prospects"),
            Mistake("at the ceiling's edge", lambda: 1 / (curves().loc["search", "ceiling"] * curves().loc["search", "k"] * (1 - curves().loc["search", "k"] * a_prospect() + (curves().loc["search", "k"] * a_prospect()) ** 2 / 2)),
                    "You cut the series of the exponential function short; use np.exp."),
            Mistake("a dollar more on each prospect", lambda: one_step_more(1.0),
                    "You spent a whole dollar more on each prospect, which chases many customers at once; take the slope where the spending is now.",
                    excluded_by="the **next** customer won by search"),
            Mistake("a cent more on each prospect", lambda: one_step_more(0.01),
                    "Nearly: you spent a cent more on each prospect, and the curve flattens even within that cent; take its slope, one over the derivative.", credit=0.5,
                    excluded_by="the **next** customer won by search"),
            Mistake("spending rounded", lambda: next_cost(round(a_prospect(), 1)),
                    "Nearly: you rounded the spending per prospect; use today['search'] as it is.", credit=0.5, excluded_by='`today["search"]`'),
            Mistake("all rounded", lambda: next_cost(round(a_prospect(), 1), curve=curves().round(4)),
                    "Nearly: you rounded the spending per prospect; use today['search'] as it is.", credit=0.5, excluded_by='`today["search"]`'),
            Mistake("worth", lambda: worth()["value"][customers()["channel"] == "search"].mean(),
                    "That is what a customer by search is worth; the question asks what the next one costs."),
        ],
    ),
    Scalar(
        id="05.star", objective="05.4", points=2, low=0, tolerance=0.005,
        what="the dollars of parcels for one star",
        answer=lambda: 5 / marked(),
        alternatives=[lambda: 5 * (0.016 + 0.098) / 0.016, counted, by_odds, lambda: cost_per_star(5, bayes_precision(0.02, 0.8, 0.1))],
        conventions=[Convention("one decimal", lambda: round(5 / marked(), 1)), Convention("two decimals", lambda: round(5 / marked(), 2))],
        nudge="Not yet: of 1,000 people count the stars who are marked and the others who are marked, and ask how many parcels go out for each star among them.",
        mistakes=[
            Mistake("no others", lambda: 5 / 0.8,
                    "You divided by the share of stars that is marked, as if only stars got parcels; the others who are marked get them too."),
            Mistake("accuracy", lambda: 5 / (0.02 * 0.8 + 0.98 * 0.9),
                    "You divided by the share of people about whom the model is right; what counts is the share of stars among those marked."),
            Mistake("ninety per cent", lambda: 5 / 0.9,
                    "You took the share of others rightly left alone for the share of stars among those marked; work that out from the base rate."),
            Mistake("without the model", lambda: 5 / 0.02,
                    "That is the cost without any model, with a parcel for everybody."),
            Mistake("marked stars of all", lambda: 5 / (0.02 * 0.8),
                    "You divided by the share of marked stars among all people, but only those who are marked get a parcel.",
                    excluded_by="for each person marked"),
            Mistake("precision", marked,
                    "That is the share of stars among those marked; the question asks for dollars.", excluded_by="How many **dollars**"),
            Mistake("parcels", lambda: 1 / marked(),
                    "That is the number of parcels for one star; each costs 5 dollars.", excluded_by="How many **dollars**"),
            Mistake("whole parcels", lambda: 5 * np.ceil(1 / marked()),
                    "You rounded the parcels for one star up to whole ones; some stars take fewer and some more, and the mean is no whole number.",
                    excluded_by="on average"),
            Mistake("whole parcels, to the nearest", lambda: 5 * round(1 / marked()),
                    "You rounded the parcels for one star to whole ones; take the mean as it is.", excluded_by="on average"),
            Mistake("only the wasted ones", lambda: 5 / marked() - 5,
                    "You left out the parcel that does reach the star.", excluded_by="for each person marked"),
            Mistake("parcels for each star there is", lambda: 5 * (0.016 + 0.098) / 0.02,
                    "You shared the parcels among all stars there are; some of them the model does not mark, so they get no parcel.",
                    excluded_by="to reach **one star**"),
            Mistake("times the precision", lambda: 5 * marked(),
                    "You multiplied by the share of stars among those marked; the fewer of them are stars, the more parcels one takes, so divide."),
            Mistake("equal numbers", lambda: 5 / (0.8 / (0.8 + 0.1)),
                    "You compared 80 % with 10 % as if there were as many stars as others; stars are 2 in 100."),
            Mistake("all others", lambda: 5 / (0.016 / (0.016 + 0.1)),
                    "Nearly: the 10 % are of those who are no stars, 98 in 100, not of all people.", excluded_by="and **10 %** of the others"),
            Mistake("false stars", lambda: 5 / (1 - marked()),
                    "You divided by the share of those marked who are no stars."),
            Mistake("the toy", lambda: 5 / marked(0.05),
                    "You took the base rate of the toy; of this vendor's people 2 % are stars."),
            Mistake("base rate on the marked", lambda: 5 / (0.02 * 0.8 + 0.98 * 0.1),
                    "You divided by the share of people who are marked; divide by the share of stars among them."),
            Mistake("cost per person", lambda: 5 * (0.016 + 0.098),
                    "That is what parcels cost per person on the list; the question asks per star.", excluded_by="to reach **one star**"),
        ],
    ),
    Scalar(
        id="05.lift", objective="05.4", points=1, low=0, tolerance=0.0025,
        what="the lift of the best fifth",
        answer=lift,
        alternatives=[lift_by_those_found, lambda: lift_table(holdout()["score"], holdout()["star"], shares=(0.2,))["lift"].iloc[0]],
        conventions=[Convention("without the two who tie at the border", lambda: lift(size=384)),
                     Convention("with both who tie at the border, or a fifth rounded up", lambda: lift(size=386)),
                     Convention("two decimals", lambda: round(lift(), 2))],
        nudge="Not yet: take the share of stars among the 385 with the highest score, and divide it by the share of stars among all 1,928.",
        mistakes=[
            Mistake("precision", lambda: found()["precision"],
                    "That is the share of stars among the best fifth; divide it by the share among all.", excluded_by="How many times as large"),
            Mistake("share found", lambda: found()["found"],
                    "That is the share of all stars that the best fifth holds; compare the share of stars in it with that among all."),
            Mistake("learned from", lambda: lift(look_alikes()[look_alikes()["learn"]], size=931),
                    "That is the lift among the customers of 2024, whom the model has learned from; judge it on those of 2025.",
                    excluded_by="the first half of 2025"),
            Mistake("base rate of 2024", lambda: lift(base=look_alikes().loc[look_alikes()["learn"], "star"].mean()),
                    "You divided by the share of stars in 2024; take that of the customers judged.", excluded_by="as among all 1,928"),
            Mistake("base rate of both", lambda: lift(base=look_alikes()["star"].mean()),
                    "You divided by the share of stars in both years; take that of the customers judged.", excluded_by="as among all 1,928"),
            Mistake("against the rest", lambda: found()["precision"] / found()["others"],
                    "You compared the best fifth with the other four; the question compares it with all.", excluded_by="as among all 1,928"),
            Mistake("best tenth", lambda: lift(size=192),
                    "That is the best tenth; the question asks for the best fifth.", excluded_by="the **fifth** with the highest `score`"),
            Mistake("worst fifth", lambda: lift(best=False),
                    "You took the fifth with the lowest scores."),
            Mistake("promised", lambda: found()["promised"] / holdout()["star"].mean(),
                    "You took the probability that the score promises; count the stars that there were.",
                    excluded_by="(`stars` says who turned out to be one.)"),
            Mistake("promised, above and below", lambda: found()["promised"] / holdout()["score"].mean(),
                    "You compared the mean scores; count the stars that there were, in stars.", excluded_by="(`stars` says who turned out to be one.)"),
            Mistake("promised below", lambda: found()["precision"] / holdout()["score"].mean(),
                    "Below the line you have the mean score; take the share of stars that there were among all."),
            Mistake("percentage points", lambda: found()["precision"] - holdout()["star"].mean(),
                    "That is the difference of the two shares; the question asks how many times as large one is.", excluded_by="How many times as large"),
            Mistake("gain", lambda: lift() - 1,
                    "That is how much more; the question asks how many times as large the share is, so do not take off 1.",
                    excluded_by="How many times as large"),
            Mistake("number of stars", lambda: holdout().nlargest(385, "score")["star"].sum(),
                    "That is the number of stars among the best fifth; compare shares."),
            Mistake("upside down", lambda: 1 / lift(),
                    "You have it upside down: the best fifth belongs above the line."),
        ],
    ),
    Scalar(
        id="05.referral", objective="05.5", points=2, tolerance=0.04,
        what="the worth of a referral",
        answer=referral,
        alternatives=[with_and_without, referral_one_by_one],
        conventions=[Convention("one decimal", lambda: round(referral(), 1)), Convention("two decimals", lambda: round(referral(), 2))],
        nudge="Not yet: seven of ten referrals bring a customer's value, three of ten save the cost of winning one, and each costs the reward.",
        mistakes=[
            Mistake("all would not have come", lambda: referral(share=0.0),
                    "You credit every referral with a whole customer; 30 % would have come anyway."),
            Mistake("type two is worth nothing", lambda: referral(anyway=0.0),
                    "You gave nothing for those who would have come anyway; they would have had to be won, and that cost is saved.",
                    excluded_by="as the cost saved"),
            Mistake("no reward", lambda: referral(reward=0.0),
                    "The reward of 15 dollars is missing."),
            Mistake("reward for type one only", lambda: referral(reward=0.7 * 15),
                    "You paid the reward only for those who would not have come; it is paid for both types.", excluded_by="which is paid for both types"),
            Mistake("reward for type two only", lambda: referral(reward=0.3 * 15),
                    "You paid the reward only for those who would have come anyway; it is paid for both types.", excluded_by="which is paid for both types"),
            Mistake("no reward and nothing for type two", lambda: referral(reward=0.0, anyway=0.0),
                    "Two things are missing: the reward, and what is saved on those who would have come anyway."),
            Mistake("cost saved on all", lambda: 0.7 * referred() + saved() - 15,
                    "You counted the saved cost for both types; of type one the value is credited, and there was no cost to save."),
            Mistake("value on all", lambda: referred() + 0.3 * saved() - 15,
                    "You credited the whole value for both types; those who would have come anyway bring only what is saved."),
            Mistake("the types turned round", lambda: referral(share=0.7),
                    "You turned the types round: 30 % are those who would have come anyway."),
            Mistake("referrals in the average cost", lambda: referral(anyway=ledger()["spend"].sum() / ledger()["acquired"].sum()),
                    "Your average cost has the referrals in it; take the four paid channels (totals).", excluded_by="the four **paid** channels"),
            Mistake("mean of four channels", lambda: referral(anyway=(totals()["spend"] / totals()["acquired"]).mean()),
                    "You averaged the four channels' costs as if each won as many customers; divide all spending by all customers.",
                    excluded_by="all spending over all customers acquired (`totals`)"),
            Mistake("mean of quarters", lambda: referral(anyway=(paid()["spend"] / paid()["acquired"]).mean()),
                    "You averaged the costs of all quarters and channels as if each had won as many customers; divide all spending by all customers.",
                    excluded_by="all spending over all customers acquired (`totals`)"),
            Mistake("cost of 2025", lambda: referral(anyway=cost_of_2025()),
                    "You took the cost of 2025; the question asks for that of the two years (totals).", excluded_by="cost on average over the two years"),
            Mistake("referred of 2025", lambda: referral(new=referred_in_2025()),
                    "You took the value of those referred in 2025; the question is about all the referred.", excluded_by="the mean `value` of the referred"),
            Mistake("all of 2025", lambda: referral(new=referred_in_2025(), anyway=cost_of_2025()),
                    "You took the value and the cost of 2025; the question is about both years.", excluded_by="over the two years"),
            Mistake("type two worth a customer", lambda: referral(anyway=worth()["value"][customers()["channel"] != "referral"].mean()),
                    "For those who would have come anyway you credited what a customer is worth who was not referred; of them only the cost of winning is saved.",
                    excluded_by="as the cost saved"),
            Mistake("all referrals", lambda: referral() * (customers()["channel"] == "referral").sum(),
                    "That is what all referrals together are worth; give the mean of one.", excluded_by="What is a referral worth to the shop on average"),
            Mistake("value of all customers", lambda: referral(new=worth()["value"].mean()),
                    "You took the mean value of all customers; take that of the referred."),
            Mistake("value of the others", lambda: referral(new=worth()["value"][customers()["channel"] != "referral"].mean()),
                    "You took the mean value of those who were not referred."),
            Mistake("so far only", lambda: referral(new=referred("so_far")),
                    "You took only what the referred have brought so far; value has what is still to come as well.",
                    excluded_by="Take the mean `value` of the referred"),
            Mistake("cost taken off", lambda: referral(anyway=-saved()),
                    "You took the saved cost off; it is a gain of the referral."),
            Mistake("value less cost", lambda: 0.7 * (referred() - saved()) - 15,
                    "You took the cost of winning a customer off the value; a referred customer costs the reward instead."),
            Mistake("the simulator's types", lambda: referral(share=would_have_come().mean()),
                    "You took the simulator's share of those who would have come; a firm knows only what the referred said.",
                    excluded_by="**30 %** of the referred said"),
            Mistake("the simulator's types, each with the own value", each_by_type,
                    "You took the simulator's types one by one; a firm knows only what the referred said.",
                    excluded_by="Take the mean `value` of the referred for both types"),
            Mistake("median", lambda: referral(new=worth()["value"][customers()["channel"] == "referral"].median()),
                    "You took the median of the referred; take their mean value.", excluded_by="Take the mean `value` of the referred"),
            Mistake("of the truth", lambda: referral(new=ccx.load("company_truth").set_index("customer_id")["clv"][customers()["channel"] == "referral"].mean()),
                    "You took the simulator's truth; a firm has only the estimates in value.", excluded_by="Take the mean `value` of the referred"),
        ],
    ),
    Scalar(
        id="05.patients", objective="05.5", points=1, low=0, high=1, tolerance=0.001,
        what="the share that makes at least nine refills",
        answer=stays,
        alternatives=[stays_step_by_step, stays_on_average],
        conventions=[Convention("three decimals", lambda: round(float(stays()), 3))],
        nudge="Not yet: fit the model to the six numbers in seen, and ask it for its survival after nine renewals.",
        mistakes=[
            Mistake("one rate for all", lambda: stays(model=GeometricModel),
                    "That is the geometric model, with one probability of stopping for all; patients differ.",
                    excluded_by="Fit `ShiftedBetaGeoModel` to `seen`"),
            Mistake("what happened, or fitted to it", lambda: started()[9] / started()[0],
                    "That is what happened, or a fit to all ten numbers; forecast it from the six in seen.", excluded_by="(patients with 0, 1, …, 5 refills)"),
            Mistake("eight", lambda: stays(8),
                    "That is for eight refills; the first fill is no refill, so nine means survival(9).", excluded_by="(patients with 0, 1, …, 5 refills)"),
            Mistake("ten", lambda: stays(10),
                    "That is for ten refills; the first fill does not count, so nine means survival(9).", excluded_by="(patients with 0, 1, …, 5 refills)"),
            Mistake("retention rate", lambda: ShiftedBetaGeoModel.fit(started()[:6]).retention_rate(9),
                    "That is the share of those with eight refills who make the ninth; the question is about all who start.",
                    excluded_by="Which share of those who start"),
            Mistake("nine more", lambda: stays(14),
                    "You went nine refills beyond the last that was seen; nine are counted from the start.", excluded_by="make **at least nine** refills"),
            Mistake("given five", lambda: stays(9) / stays(5),
                    "That is the share of those with five refills who reach nine; the question is about all who start.",
                    excluded_by="Which share of those who start"),
            Mistake("those who stop", lambda: 1 - stays(),
                    "That is the share that stops before; take it from 1."),
            Mistake("average rate to the ninth", lambda: ShiftedBetaGeoModel.fit(started()[:6]).survival(1) ** 9,
                    "You took the first retention rate for all nine; it rises as those likely to stop have stopped."),
            Mistake("last rate again", lambda: started()[5] / started()[0] * (started()[5] / started()[4]) ** 4,
                    "You went on with the last retention rate that was seen; use the model."),
            Mistake("without the first", lambda: ShiftedBetaGeoModel.fit(started()[1:6].to_numpy()).survival(9),
                    "You fitted the model without the number of those who start; seen begins with 0 refills.",
                    excluded_by="(patients with 0, 1, …, 5 refills)"),
            Mistake("exactly nine", lambda: stays(9) - stays(10),
                    "That is the share that makes nine refills and no more; those who go on count too.", excluded_by="make **at least nine** refills"),
            Mistake("four refills seen", lambda: stays(rows=5),
                    "You fitted the model to five numbers; seen has six, from 0 to 5 refills.", excluded_by="(patients with 0, 1, …, 5 refills)"),
        ],
    ),
    Written(id="05.decide", objective="05.3", points=4, what="the acquisition brief"),
]
