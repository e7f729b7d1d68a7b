"""Exercise bank of lesson 01. Every answer and every mistake is computed from the data."""

from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd
from scipy.optimize import brentq

import ccx
from ccx.classroom.exercise import Array, Convention, Function, Mistake, Scalar, Written
from ccx.ledger import allocate, grocer_ledger, statement, tilt, value_at_risk
from ccx.simulate import satisfaction_survey
from ccx.voice import response_rate, score

CHICKEN, PUMP, OTHER_PUMP = "chicken: chicken breast boneless", "coupon/misc items: gasoline-reg unleaded", "fuel: gasoline-reg unleaded"
FEATURES = ["price", "speed", "service", "range", "quality"]


@cache
def by(unit):
    return statement(grocer_ledger(), unit)


def lose(unit):
    return int((by(unit)["profit"] < 0).sum())


@cache
def cents_by(unit, column="profit"):
    """The same without a statement: whole cents by the place of each unit's name in the order of names."""
    codes, names = pd.factorize(grocer_ledger()[unit], sort=True)
    return pd.Series(np.bincount(codes, grocer_ledger()[column]).astype(np.int64), np.asarray(names))


def lose_by_their_costs(unit="product"):
    """The lines sorted by unit and summed run by run: those that cost more than they bring."""
    ledger, codes = grocer_ledger(), pd.factorize(grocer_ledger()[unit])[0]
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    costs = ledger["goods"] + ledger["handling"] + ledger["checkout"] + ledger["programme"]
    cost, brought = (np.add.reduceat(cents.to_numpy()[order], starts) for cents in (costs, ledger["received"]))
    return int((cost > brought).sum())


# Sharing out: what goes wrong after, or instead of, rounding down.


def exact(cents, weights):
    return cents * np.asarray(weights, dtype=float) / np.sum(weights)


def left_over_to(order):
    """A function that rounds down and gives one cent each, in some order of the places."""
    def share_out(cents, weights):
        shares = exact(cents, weights)
        whole = np.floor(shares)
        whole[order(np.asarray(weights, dtype=float), shares - whole)[:round(cents - whole.sum())]] += 1
        return whole
    return share_out


def all_to(place):
    """A function that rounds down and gives all that is left over to one."""
    def share_out(cents, weights):
        shares = exact(cents, weights)
        whole = np.floor(shares)
        whole[place(np.asarray(weights), shares - whole)] += cents - whole.sum()
        return whole
    return share_out


def rounded(place):
    """A function that rounds each share by itself and lets one place make up the difference."""
    def share_out(cents, weights):
        share = np.round(exact(cents, weights))
        share[place(np.asarray(weights))] += cents - share.sum()
        return share
    return share_out


def by_fractions(cents, weights):
    """With fractions in place of floats: whoever waits with the largest remainder is served next."""
    shares = [Fraction(int(cents) * int(weight), int(sum(weights))) for weight in weights]
    whole = [share.numerator // share.denominator for share in shares]
    for place in sorted(range(len(shares)), key=lambda i: (whole[i] - shares[i], i))[:int(cents) - sum(whole)]:
        whole[place] += 1
    return np.array(whole)


def cent_by_cent(cents, weights):
    """In whole numbers: each cent to whoever then lacks most of the exact share."""
    lacks, share = [int(cents) * int(weight) for weight in weights], [0] * len(weights)
    for _ in range(int(cents)):
        place = lacks.index(max(lacks))
        lacks[place] -= int(sum(weights))
        share[place] += 1
    return np.array(share)


def highest_averages(divisor):
    """A function that gives each cent to the largest weight per divisor, which grows with the cents that one has."""
    def share_out(cents, weights):
        share, weights = np.zeros(len(weights)), np.asarray(weights, dtype=float)
        for _ in range(int(cents)):
            share[np.argmax(weights / divisor(share))] += 1
        return share
    return share_out


def in_order(values):
    return np.argsort(values, kind="stable")


def without_doubt(cents, weights):
    """Whether no two unlike weights have the same remainder, so that rounding errors of a computer decide nothing."""
    remainders = cents * np.asarray(weights) % sum(weights)
    return len(set(zip(remainders, weights))) == len(set(remainders))


def baskets(rng):
    found = [(100, [1, 1, 1, 1, 1, 1, 1]), (200, [5, 5, 5])]
    while len(found) < 10:
        cents, weights = int(rng.integers(20, 2000)), [int(weight) for weight in rng.integers(1, 40, rng.integers(3, 9))]
        if without_doubt(cents, weights) and 2 <= cents - np.floor(exact(cents, weights)).sum() <= len(weights) - 1:
            found.append((cents, weights))
    return found


# The join.


@cache
def lines_lost():
    log = ccx.load("grocery")
    return log[~log["product_id"].isin(ccx.load("grocery_products")["product_id"])]


def lost_in_the_join():
    """Before it less after it."""
    log, table = ccx.load("grocery")[["product_id", "value"]], ccx.load("grocery_products")[["product_id"]]
    return log["value"].sum() - log.merge(table, on="product_id")["value"].sum()


def lost_by_product():
    """In whole cents: what each product brought, and which of the products the table does not know."""
    log, known = ccx.load("grocery"), set(ccx.load("grocery_products")["product_id"].tolist())
    cents = (100 * log["value"]).round().astype(int).groupby(log["product_id"]).sum()
    return sum(amount for product, amount in cents.to_dict().items() if product not in known) / 100


def without(column):
    """Dollars received for products that are in the table, with a gap in a column."""
    log, table = ccx.load("grocery"), ccx.load("grocery_products")
    return log.loc[log["product_id"].isin(table.loc[table[column].isna(), "product_id"]), "value"].sum()


def unknown():
    ledger = grocer_ledger()
    return ledger.loc[ledger["product"] == "unknown", "received"].sum() / 100


# Households, and who stands behind a product.


def share(part, whole):
    return float(part.sum() / whole.sum())


@cache
def red():
    people = by("customer_id")
    return people[people["profit"] < 0]


def earns(people):
    return people["received"] > people["goods"]


def earns_before_serving():
    """In the red by less than what serving them costs."""
    serving = sum(cents_by("customer_id", name) for name in ("handling", "checkout", "programme"))
    profit = cents_by("customer_id")
    return ((profit < 0) & (profit + serving > 0)).sum() / (profit < 0).sum()


def earns_one_by_one():
    earning = [received > goods for received, goods, profit in by("customer_id")[["received", "goods", "profit"]].itertuples(index=False) if profit < 0]
    return earning.count(True) / len(earning)


def downstream(people):
    return people["handling"] + people["checkout"] + people["programme"]


@cache
def bought(product=CHICKEN):
    ledger = grocer_ledger()
    return ledger[ledger["product"] == product]


def held(column="profit", product=CHICKEN):
    people = by("customer_id")
    return share(people.loc[bought(product)["customer_id"].unique(), column], people[column])


def held_line_by_line():
    """Each line of the year that belongs to a buyer, whatever it is."""
    ledger = grocer_ledger()
    of_buyers = (ledger["product"] == CHICKEN).groupby(ledger["customer_id"]).transform("any")
    return ledger.loc[of_buyers, "profit"].sum() / ledger["profit"].sum()


def losses_left_out():
    """Households in the red count for nothing, below the line or on both sides: too near to be told apart, so half way between."""
    profit, buyers = by("customer_id")["profit"], bought()["customer_id"].unique()
    earned = profit.clip(lower=0)
    return (profit[buyers].sum() + earned[buyers].sum()) / 2 / earned.sum()


def any_chicken(column="profit"):
    ledger, people = grocer_ledger(), by("customer_id")
    names = [name for name in ledger["product"].cat.categories if name.startswith("chicken: ")]
    return share(people.loc[ledger.loc[ledger["product"].isin(names), "customer_id"].unique(), column], people[column])


def line_by_line():
    """The profit of a household counted once for each line of the product."""
    return by("customer_id")["profit"].reindex(bought()["customer_id"]).sum() / by("customer_id")["profit"].sum()


@cache
def on_visits():
    return value_at_risk(grocer_ledger(), by("customer_id")["profit"])


def on_receipts():
    ledger = grocer_ledger()
    return share(ledger.loc[ledger["basket_id"].isin(bought()["basket_id"]), "profit"], ledger["profit"])


# How much data.


def steps_of_four(households=100, error=1.0):
    """Four times as many households halve the error."""
    while error > 1 / 4:
        households, error = 4 * households, error / 2
    return households


def by_counting():
    """The first number whose error, which falls with the root, is down to a quarter of that of a hundred."""
    return next(n for n in range(100, 10_000) if 4 * np.sqrt(100) <= np.sqrt(n))


def by_solving():
    spread = by("customer_id")["profit"].std()
    return brentq(lambda n: spread / np.sqrt(n) - spread / np.sqrt(100) / 4, 100, 10_000)


def from_eleven_dollars():
    """From the spread of the profits, divided by their number or by one less: half way between."""
    return (by("customer_id")["profit"].var() + by("customer_id")["profit"].var(ddof=0)) / 2 / 11**2


# The break-even of a delisting.


def between_all_and_nothing(profit, value):
    """What is left falls in a straight line from all to nothing with the share that leaves; where is it what there is today?"""
    return float(np.interp(value, [0, value - profit], [1, 0]))


def share_by_halving(profit, value):
    few, many = 0.0, 1.0
    for _ in range(60):
        share = (few + many) / 2
        few, many = (share, many) if (1 - share) * (value - profit) > value else (few, share)
    return few


# The tilt.


def best(column="profit", fifth=494):
    return by("customer_id").sort_values(column, ascending=False, kind="stable").index[:fifth]


def theirs(rows, ids, amount="received"):
    return share(rows.loc[rows["customer_id"].isin(ids), amount], rows[amount])


def pump_tilt(ids=None, amount="received", product=PUMP):
    return float(tilt(grocer_ledger(), best() if ids is None else ids, amount=amount)[product])


def tilt_of_statements():
    """Two statements by product: that of the best, and that of all."""
    ledger = grocer_ledger()
    theirs, all_of_it = (statement(rows, "product")["received"] for rows in (ledger[ledger["customer_id"].isin(best())], ledger))
    return (theirs[PUMP] / all_of_it[PUMP]) / (theirs.sum() / all_of_it.sum())


def tilt_of_baskets():
    """The other way about: petrol's share of what the best buy, to its share of what all buy."""
    ledger = grocer_ledger()
    codes = 2 * (ledger["product"] == PUMP).to_numpy() + np.isin(ledger["customer_id"], best())
    others, rest_of_best, pump_of_others, pump_of_best = np.bincount(codes, ledger["received"])
    return pump_of_best / (pump_of_best + rest_of_best) / ((pump_of_best + pump_of_others) / (pump_of_best + rest_of_best + pump_of_others + others))


def by_lines():
    return bought(PUMP)["customer_id"].isin(best()).mean() / grocer_ledger()["customer_id"].isin(best()).mean()


def of_other_sales():
    ledger = grocer_ledger()
    return theirs(bought(PUMP), best()) / theirs(ledger[ledger["product"] != PUMP], best())


def both_pumps():
    ledger = grocer_ledger()
    return theirs(ledger[ledger["product"].isin([PUMP, OTHER_PUMP])], best()) / theirs(ledger, best())


def buyers():
    return bought(PUMP)["customer_id"].unique()


# The survey.


@cache
def survey():
    value = by("customer_id")["profit"].clip(lower=0)
    answers, truth = satisfaction_survey(value, rng=2)
    return value, answers, truth, response_rate(value, answers.index)


def voice(weight, features=FEATURES):
    value, answers, truth, rate = survey()
    return score(answers[features], weight(value, rate, truth)).to_numpy()


def voice_answer_by_answer():
    value, answers, _, rate = survey()
    sums, weights = dict.fromkeys(FEATURES, 0.0), 0.0
    for household, scores in answers[FEATURES].to_dict("index").items():
        weight = value[household] / rate[household]
        weights += weight
        for name in FEATURES:
            sums[name] += weight * scores[name]
    return [sums[name] / weights for name in FEATURES]


def voice_by_tenths():
    """Tenths made by hand: each tenth's sums over those who answered, times how many of it each of them speaks for."""
    value, answers, *_ = survey()
    tenths = np.split(value.sort_values(kind="stable").index, [tenth * len(value) // 10 for tenth in range(1, 10)])
    said = [answers.index.intersection(tenth) for tenth in tenths]
    speaks_for = [len(tenth) / len(spoke) for tenth, spoke in zip(tenths, said)]
    above = sum(n * value[spoke].to_numpy() @ answers.loc[spoke, FEATURES].to_numpy() for n, spoke in zip(speaks_for, said))
    return above / sum(n * value[spoke].sum() for n, spoke in zip(speaks_for, said))


def losses_too():
    """Weighted by hand with the profit as it is; `score` refuses negative weights."""
    _, answers, _, rate = survey()
    weight = (by("customer_id")["profit"] / rate).reindex(answers.index)
    return (answers[FEATURES].mul(weight, axis=0).sum() / weight.sum()).to_numpy()


def spend_rate():
    value, answers, _, rate = survey()
    return score(answers[FEATURES], by("customer_id")["received"] / rate).to_numpy()


EXERCISES = [
    Scalar(
        id="01.losing", objective="01.1", points=1, low=0, tolerance=0.1,
        what="the number of products that lose money",
        answer=lambda: lose("product"),
        alternatives=[lambda: int((cents_by("product") < 0).sum()), lose_by_their_costs],
        conventions=[Convention("a number with a point", lambda: float(lose("product")))],
        nudge="Not yet: take the statement by product and count the rows with a profit below zero.",
        mistakes=[
            Mistake("lines", lambda: int((grocer_ledger()["profit"] < 0).sum()),
                    "You counted lines of the ledger; add up each product's lines first.", excluded_by="over the year"),
            Mistake("households", lambda: lose("customer_id"),
                    "You counted households; the question is about products."),
            Mistake("departments", lambda: lose("department"),
                    "You counted departments; take the statement by product."),
            Mistake("receipts", lambda: lose("basket_id"),
                    "You counted receipts; take the statement by product."),
            Mistake("share", lambda: lose("product") / len(by("product")),
                    "That is a share of the products; the question asks how many.", excluded_by="**How many**"),
            Mistake("per cent", lambda: 100 * lose("product") / len(by("product")),
                    "That is in per cent; the question asks how many products."),
            Mistake("those that earn", lambda: len(by("product")) - lose("product"),
                    "You counted those that earn money; turn the comparison round."),
            Mistake("all products", lambda: len(by("product")),
                    "That is the number of all products; keep only those with a profit below zero."),
            Mistake("without unknown", lambda: int((by("product")["profit"].drop("unknown") < 0).sum()),
                    "You left out the product `unknown`; it is one row of the statement like the others.",
                    excluded_by="Each row of `products` counts, `unknown` too."),
            Mistake("without the programme", lambda: int((by("product")["profit"] + by("product")["programme"] < 0).sum()),
                    "You left out the cost of the card programme, which profit has taken off.", excluded_by="(a `profit` below zero)"),
            Mistake("before serving", lambda: int((by("product")["received"] < by("product")["goods"]).sum()),
                    "You compared what was received with the goods alone; handling, checkout and programme come off as well.",
                    excluded_by="(a `profit` below zero)"),
            Mistake("below the shelf price", lambda: int((by("product")["received"] < by("product")["shelf"]).sum()),
                    "You counted products sold below their shelf price; whether they lose money says the column profit."),
            Mistake("dollars lost", lambda: -by("product").loc[by("product")["profit"] < 0, "profit"].sum(),
                    "That is how many dollars they lose; the question asks how many products."),
        ],
    ),
    Function(
        id="01.share-out", objective="01.1", points=3, tolerance=0.01, returns="array",
        what="your function share_out",
        probes=[(100, [1, 1, 1]), (100, [1, 1, 1, 1, 1, 1, 1]), (1000, [7, 2, 11, 3]), (59, [3, 8, 8, 1]), (18, [5, 40, 12, 9])],
        hidden=baskets,
        answer=allocate,
        alternatives=[left_over_to(lambda weights, remainder: in_order(-remainder)), by_fractions, cent_by_cent],
        conventions=[Convention("a list", lambda cents, weights: by_fractions(cents, weights).tolist()),
                     # No input has such a tie, because in a computer's fractions it is broken by rounding.
                     Convention("among equal remainders of unlike weights the heavier first",
                                left_over_to(lambda weights, remainder: np.lexsort((-weights, -remainder.round(9)))))],
        nudge="Not yet: your result has to add up to the cents that there were, with the exact share rounded down for everybody, or one cent more.",
        mistakes=[
            Mistake("each rounded", lambda cents, weights: np.round(exact(cents, weights)),
                    "You rounded each share by itself, so the parts need not add up; round down, then give out what is left over."),
            Mistake("rounded, the heaviest makes it up", rounded(np.argmax),
                    "You rounded each share and let the largest weight make up the difference; round down, and go by the remainders.",
                    excluded_by="by largest remainders"),
            Mistake("rounded, the last makes it up", rounded(lambda weights: -1),
                    "You rounded each share and let the last make up the difference; round down, and go by the remainders.",
                    excluded_by="by largest remainders"),
            Mistake("rounded, the first makes it up", rounded(lambda weights: 0),
                    "You rounded each share and let the first make up the difference; round down, and go by the remainders.",
                    excluded_by="by largest remainders"),
            Mistake("rounded down only", lambda cents, weights: np.floor(exact(cents, weights)),
                    "You rounded down and stopped: the cents that are left over have to go to somebody."),
            Mistake("rounded up", lambda cents, weights: np.ceil(exact(cents, weights)),
                    "You rounded up, which shares out more cents than there are."),
            Mistake("not rounded", exact,
                    "Your shares have fractions of a cent; the result must be whole cents.", excluded_by="an array of whole cents"),
            Mistake("in dollars", lambda cents, weights: allocate(int(cents), weights) / 100,
                    "Your result is in dollars; give whole cents.", excluded_by="an array of whole cents"),
            Mistake("the rest to the first", all_to(lambda weights, remainder: 0),
                    "You gave all cents that are left over to the first; they go one each, in the order of the remainders.",
                    excluded_by="by largest remainders"),
            Mistake("the rest to the last", all_to(lambda weights, remainder: -1),
                    "You gave all cents that are left over to the last; they go one each, in the order of the remainders.",
                    excluded_by="by largest remainders"),
            Mistake("the rest to the heaviest", all_to(lambda weights, remainder: np.argmax(weights)),
                    "You gave all cents that are left over to the largest weight; they go one each, in the order of the remainders.",
                    excluded_by="by largest remainders"),
            Mistake("the rest to one remainder", all_to(lambda weights, remainder: np.argmax(remainder)),
                    "The largest remainder got all cents that are left over; it gets one, and so do the next ones."),
            Mistake("in order of places", left_over_to(lambda weights, remainder: np.arange(len(weights))),
                    "You gave the cents that are left over to the first in the row; the largest remainders come first.",
                    excluded_by="by largest remainders"),
            Mistake("by weight", left_over_to(lambda weights, remainder: in_order(-weights)),
                    "You gave the cents that are left over to the largest weights; what counts is the remainder.",
                    excluded_by="by largest remainders"),
            Mistake("smallest remainders", left_over_to(lambda weights, remainder: in_order(remainder)),
                    "You gave the cents that are left over to the smallest remainders; the largest come first."),
            Mistake("ties from the end", left_over_to(lambda weights, remainder: in_order(remainder)[::-1]),
                    "Among equal remainders yours go to whoever stands last; the rule gives them to whoever stands first.",
                    excluded_by="equal ones as they stand"),
            Mistake("running total", lambda cents, weights: np.diff(np.round(np.cumsum([0, *exact(cents, weights)]))),
                    "You rounded the running total: it adds up, but a large remainder can go empty and a small one win; sort the remainders.",
                    excluded_by="by largest remainders"),
            Mistake("highest averages, d'Hondt", highest_averages(lambda share: share + 1),
                    "That is d'Hondt's rule, each cent to the highest weight per cent held, which favours the large; round down, and go by the remainders.",
                    excluded_by="by largest remainders"),
            Mistake("equal parts", lambda cents, weights: allocate(int(cents), [1] * len(weights)),
                    "Everybody gets the same; share out in proportion to the weights."),
        ],
    ),
    Scalar(
        id="01.missing", objective="01.1", points=1, low=-1e7, tolerance=0.004,
        what="the dollars by which the colleague's total falls short",
        answer=lambda: lines_lost()["value"].sum(),
        alternatives=[lost_in_the_join, lost_by_product],
        conventions=[Convention("two decimals", lambda: round(lines_lost()["value"].sum(), 2))],
        nudge="Not yet: add up value before the join and after it, and take the difference.",
        mistakes=[
            Mistake("sign", lambda: -lines_lost()["value"].sum(),
                    "The amount is right and the sign is not: give a positive number.", excluded_by="Give a positive number"),
            Mistake("cents", lambda: 100 * lines_lost()["value"].sum(),
                    "That is in cents; give dollars.", excluded_by="By **how many dollars**"),
            Mistake("lines", lambda: len(lines_lost()),
                    "That is the number of lines that are lost; give the dollars of value on them."),
            Mistake("products", lambda: lines_lost()["product_id"].nunique(),
                    "That is the number of products that the table lacks; give the dollars of value on their lines."),
            Mistake("share", lambda: lines_lost()["value"].sum() / ccx.load("grocery")["value"].sum(),
                    "That is a share of the total; give dollars.", excluded_by="By **how many dollars**"),
            Mistake("coupons", lambda: lines_lost()["coupon_discount"].sum(),
                    "You added up coupons; what the store received is in the column value."),
            Mistake("rounded to a dollar", lambda: round(lines_lost()["value"].sum()),
                    "You rounded to whole dollars; give the cents.", credit=0.5, excluded_by="with the cents"),
            Mistake("rounded to ten cents", lambda: round(lines_lost()["value"].sum(), 1),
                    "You rounded to ten cents; give the cents.", credit=0.5, excluded_by="with the cents"),
            Mistake("without a category", lambda: lines_lost()["value"].sum() + without("product_category"),
                    "You also counted products that are in the table and only lack a category; the join keeps them."),
            Mistake("without a type", lambda: lines_lost()["value"].sum() + without("product_type"),
                    "You also counted products that are in the table and only lack a type; the join keeps them."),
            Mistake("less coupons", lambda: lines_lost()["value"].sum() - lines_lost()["coupon_discount"].sum(),
                    "You took coupons off, which a manufacturer pays back; the store received value.", excluded_by="`value` (what the store received)"),
            Mistake("all unknown", unknown,
                    "You took the product 'unknown' of the ledger, which also holds products that are in the table without a category; compare the totals before and after the join.",
                    excluded_by="the colleague's total of `value`"),
            Mistake("the colleague's total", lambda: ccx.load("grocery")["value"].sum() - lines_lost()["value"].sum(),
                    "That is the colleague's total; the question asks by how much it falls short."),
        ],
    ),
    Scalar(
        id="01.served-red", objective="01.2", points=2, low=0, high=1, tolerance=0.001,
        what="the share of the households in the red that bring something after the goods",
        answer=lambda: earns(red()).mean(),
        alternatives=[earns_before_serving, earns_one_by_one],
        conventions=[Convention("three decimals", lambda: round(earns(red()).mean(), 3))],
        nudge="Not yet: keep the households with a profit below zero, and ask of each whether received is above goods.",
        mistakes=[
            Mistake("the others", lambda: 1 - earns(red()).mean(),
                    "That is the share of those who bring nothing after the goods; turn it round."),
            Mistake("of all households", lambda: earns(red()).sum() / len(by("customer_id")),
                    "You divided by all households, or by all that bring something after the goods; divide by those in the red.",
                    excluded_by="**What share of these households**"),
            Mistake("all households", lambda: earns(by("customer_id")).mean(),
                    "You took all households; keep those with a profit below zero first."),
            Mistake("in the red", lambda: len(red()) / len(by("customer_id")),
                    "That is the share of households in the red; now look among them."),
            Mistake("dollars lost", lambda: share(red().loc[earns(red()), "profit"], red()["profit"]),
                    "That is their share of the dollars lost; the question asks for a share of households.", excluded_by="**What share of these households**"),
            Mistake("dollars received", lambda: share(red().loc[earns(red()), "received"], red()["received"]),
                    "That is their share of the dollars received; the question asks for a share of households.",
                    excluded_by="**What share of these households**"),
            Mistake("half of the cost", lambda: (downstream(red()) > red()["goods"]).mean(),
                    "You compared serving with the goods; compare what was received with the goods."),
            Mistake("after handling too", lambda: (red()["received"] > red()["goods"] + red()["handling"]).mean(),
                    "You took the handling off as well, which is downstream; compare what was received with the goods alone.",
                    excluded_by="(`received` above `goods`)"),
            Mistake("products", lambda: earns(by("product")[by("product")["profit"] < 0]).mean(),
                    "You took products in the red; the question is about households."),
            Mistake("lines", lambda: float((grocer_ledger().query("profit < 0")["received"] > grocer_ledger().query("profit < 0")["goods"]).mean()),
                    "You took lines in the red; add them up by household first."),
        ],
    ),
    Scalar(
        id="01.needed", objective="01.2", points=1, low=0, tolerance=0.4,
        what="the number of households that are needed in all",
        answer=lambda: 100 * 4**2,
        alternatives=[steps_of_four, by_counting, by_solving],
        conventions=[Convention("a number with a point", lambda: 100 / 0.25**2)],
        nudge="Not yet: the error falls with the root of the number of households, so ask which number has a root four times as large.",
        mistakes=[
            Mistake("in proportion", lambda: 100 * 4,
                    "With four times as many households the error only halves: it falls with the root of the number."),
            Mistake("root of four", lambda: 100 * 2,
                    "You multiplied by the root of 4; the error needs to fall to a quarter, and it is the error that goes with the root."),
            Mistake("fewer", lambda: 100 / 16,
                    "That is fewer households, and a larger error; the error is to fall."),
            Mistake("a quarter of the households", lambda: 100 / 4,
                    "A quarter of the households makes the error larger; it is to fall."),
            Mistake("further ones", lambda: 100 * 4**2 - 100,
                    "That is how many more; the question asks how many in all, with the first hundred.", excluded_by="**How many households in all**"),
            Mistake("from eleven dollars", from_eleven_dollars,
                    "You went back to the spread of the profits and a rounded error of 11 dollars; the rule alone, from 100 households on, is enough.",
                    excluded_by="By that rule"),
            Mistake("the factor", lambda: 4**2,
                    "That is by how much the number has to grow; the question asks for the number."),
            Mistake("third power", lambda: 100 * 4**3,
                    "You raised the factor once too often: the error falls with the root of the number, so the number grows with the square."),
            Mistake("once more halved", lambda: 100 * 8,
                    "Count the halvings: each takes four times as many households, and a quarter takes two of them."),
            Mistake("squared", lambda: 100**2,
                    "You squared the number of households; square the factor by which the error is to fall."),
        ],
    ),
    Scalar(
        id="01.behind", objective="01.3", points=2, tolerance=0.001,
        what="the share of the grocer's whole profit that these households bring",
        answer=held,
        alternatives=[lambda: on_visits().loc[CHICKEN, "value"] / by("customer_id")["profit"].sum(), held_line_by_line],
        conventions=[Convention("three decimals", lambda: round(held(), 3))],
        nudge="Not yet: find the households with the product on any line, each once, add up their whole profit, and divide by that of all households.",
        mistakes=[
            Mistake("heads", lambda: bought()["customer_id"].nunique() / len(by("customer_id")),
                    "That is the share of households that bought it; add up their profit instead of counting them.",
                    excluded_by="**share of the grocer's whole profit**"),
            Mistake("spending", lambda: held("received"),
                    "That is their share of what the store received; the question asks for profit.",
                    excluded_by="**share of the grocer's whole profit**"),
            Mistake("the product's own", lambda: share(bought()["profit"], grocer_ledger()["profit"]),
                    "That is the product's own profit; take all that its buyers bring, with everything they buy."),
            Mistake("the product's sales", lambda: share(bought()["received"], grocer_ledger()["received"]),
                    "That is the product's share of sales; take the profit of its buyers, with everything they buy."),
            Mistake("line by line", line_by_line,
                    "A household with several such lines was counted as often; count each household once.",
                    excluded_by='all households that bought `"chicken: chicken breast boneless"` at least once'),
            Mistake("its receipts", on_receipts,
                    "You added up the receipts with the product; take everything that its buyers bought in the year.",
                    excluded_by="with everything they buy"),
            Mistake("leaning", lambda: on_visits().loc[CHICKEN, "leaning"] / by("customer_id")["profit"].sum(),
                    "That counts each buyer only for the visits with the product; here each counts with the whole profit.",
                    excluded_by="with everything they buy"),
            Mistake("in dollars", lambda: by("customer_id").loc[bought()["customer_id"].unique(), "profit"].sum(),
                    "That is in dollars; divide by the profit of all households.",
                    excluded_by="**share of the grocer's whole profit**"),
            Mistake("per cent", lambda: 100 * held(),
                    "That is in per cent; give a share.",
                    excluded_by="**share of the grocer's whole profit**"),
            Mistake("the others", lambda: 1 - held(),
                    "That is the share of those who never bought it."),
            Mistake("per head", lambda: by("customer_id").loc[bought()["customer_id"].unique(), "profit"].mean() / by("customer_id")["profit"].mean(),
                    "You compared means per household; compare the sums."),
            Mistake("with everything else", lambda: held() - share(bought()["profit"], grocer_ledger()["profit"]),
                    "You left the product's own loss out of what its buyers bring; here they count with everything they buy, the chicken included.",
                    excluded_by="with everything they buy"),
            Mistake("losses left out", losses_left_out,
                    "You counted households in the red for nothing; the whole profit has their losses in it.",
                    excluded_by="**share of the grocer's whole profit**"),
            Mistake("any chicken", any_chicken,
                    "You took every kind of chicken; the question names one product.",
                    excluded_by='`"chicken: chicken breast boneless"`'),
            Mistake("bone in", lambda: held(product="chicken: chicken breast bone in"),
                    "You took the chicken breast with bones; the question names the boneless one."),
        ],
    ),
    Function(
        id="01.break-even", objective="01.3", points=2, tolerance=0.0001,
        what="your function break_even",
        probes=[(-50.0, 1000.0), (-4000.0, 526_000.0), (-700.0, 5000.0), (300.0, 5000.0), (-120.0, 380.0)],
        hidden=lambda rng: [(float(profit), float(value)) for profit, value in zip([*-rng.uniform(100, 900, 6), *rng.uniform(100, 900, 2)], rng.uniform(1500, 9000, 8))],
        answer=lambda profit, value: max(-profit, 0) / (value - profit),
        alternatives=[between_all_and_nothing, share_by_halving],
        conventions=[Convention("the floor on the share", lambda profit, value: max(-profit / (value - profit), 0)),
                     Convention("two cases", lambda profit, value: 0 if profit >= 0 else profit / (profit - value)),
                     Convention("four decimals", lambda profit, value: round(max(-profit, 0) / (value - profit), 4))],
        nudge="Not yet: what is saved is the product's loss; divide it by what the buyers bring with everything else, which is the whole less the product's own.",
        mistakes=[
            Mistake("of the whole", lambda profit, value: max(-profit, 0) / value,
                    "You divided by the buyers' whole profit; divide by what they bring with everything else.",
                    excluded_by="**share of what the buyers bring with everything else**"),
            Mistake("other profit the wrong way", lambda profit, value: max(-profit, 0) / (value + profit),
                    "What the buyers bring with everything else is the whole less the product's own profit; yours adds it, so a loss counts twice."),
            Mistake("no floor", lambda profit, value: -profit / (value - profit),
                    "Where the product earns money nothing is saved by delisting it: your function should return 0.",
                    excluded_by="0 where the product earns money"),
            Mistake("no floor, of the whole", lambda profit, value: -profit / value,
                    "You divided by the buyers' whole profit, and where the product earns money the share should be 0."),
            Mistake("sign", lambda profit, value: min(profit, 0) / (value - profit),
                    "Your share is negative; what is saved is the loss, a positive number.", excluded_by="between 0 and 1"),
            Mistake("absolute", lambda profit, value: abs(profit) / (value - profit),
                    "You took the size of the profit whatever its sign; a product that earns money has nothing to save.",
                    excluded_by="0 where the product earns money"),
            Mistake("all absolute", lambda profit, value: abs(profit) / (value + abs(profit)),
                    "You took the size of the profit whatever its sign, above and below the line; a product that earns money has nothing to save."),
            Mistake("sign, no floor", lambda profit, value: profit / (value - profit),
                    "Your share has the wrong sign: what is saved is the loss, a positive number, and nothing where the product earns money."),
            Mistake("turned round", lambda profit, value: (value - profit) / -profit if profit < 0 else 0,
                    "Your fraction is turned round: the saving stands above the line."),
            Mistake("per cent", lambda profit, value: 100 * max(-profit, 0) / (value - profit),
                    "That is in per cent; give a share.", excluded_by="between 0 and 1"),
            Mistake("what may stay", lambda profit, value: 1 - max(-profit, 0) / (value - profit),
                    "That is the share that has to stay; give the share whose loss eats up the saving.", excluded_by="has to leave with the product"),
            Mistake("the saving", lambda profit, value: max(-profit, 0),
                    "That is the saving in dollars; divide it by what the buyers bring with everything else."),
            Mistake("in dollars", lambda profit, value: value - profit,
                    "That is what the buyers bring with everything else; the saving has to be divided by it."),
        ],
    ),
    Scalar(
        id="01.pump-tilt", objective="01.3", points=2, tolerance=0.001,
        what="the tilt of petrol",
        answer=pump_tilt,
        alternatives=[tilt_of_statements, tilt_of_baskets],
        # Also right, because within twice the tolerance: 1.1, and the fifth of 2,469 households rounded down to 493.
        conventions=[Convention("three decimals", lambda: round(pump_tilt(), 3))],
        nudge="Not yet: two shares of received, that of the best fifth in this product and in everything; divide the first by the second.",
        mistakes=[
            Mistake("of the pump", lambda: theirs(bought(PUMP), best()),
                    "That is their share of the sales of petrol; divide it by their share of all sales.", excluded_by="divided by their share of all sales"),
            Mistake("of everything", lambda: theirs(grocer_ledger(), best()),
                    "That is their share of all sales; the tilt compares with it."),
            Mistake("in their baskets", lambda: share(bought(PUMP).loc[bought(PUMP)["customer_id"].isin(best()), "received"],
                                                      grocer_ledger().loc[grocer_ledger()["customer_id"].isin(best()), "received"]),
                    "That is the share of petrol in what the best fifth buy; the tilt starts from the share of the best fifth in the sales of petrol."),
            Mistake("turned round", lambda: 1 / pump_tilt(),
                    "Your fraction is turned round: the share of petrol stands above the line."),
            Mistake("difference", lambda: theirs(bought(PUMP), best()) - theirs(grocer_ledger(), best()),
                    "You took the difference of the two shares; divide one by the other.", excluded_by="divided by their share of all sales"),
            # Between 0.2 and 494 of 2,469, so that it meets both.
            Mistake("divided by a fifth", lambda: theirs(bought(PUMP), best()) / (0.1 + 494 / 2469 / 2),
                    "You divided by their share of the households; divide by their share of all sales.", excluded_by="divided by their share of all sales"),
            Mistake("profit below the line", lambda: theirs(bought(PUMP), best()) / theirs(grocer_ledger(), best(), "profit"),
                    "You compared with their share of the profit; compare with their share of all sales.", excluded_by="divided by their share of all sales"),
            # Too near to be told apart: half way between the two.
            Mistake("lines, or the sales of all others", lambda: (by_lines() + of_other_sales()) / 2,
                    "You counted lines, or left petrol out of all sales; add up what was received, and below the line for every product.",
                    excluded_by="its sales (`received`), divided by their share of all sales"),
            Mistake("against the other households", lambda: pump_tilt() / pump_tilt(by("customer_id").index[494:]),
                    "You compared the best fifth with the other households; compare with all.", excluded_by="divided by their share of all sales"),
            Mistake("the department", lambda: float(tilt(grocer_ledger(), best(), unit="department")["FUEL"]),
                    "You took all of the department; the question names one product.", excluded_by="(this product alone)"),
            Mistake("heads", lambda: np.isin(best(), buyers()).mean() / (len(buyers()) / len(by("customer_id"))),
                    "You compared shares of households that buy petrol at all; add up what was received.", excluded_by="share of its sales (`received`)"),
            Mistake("best buyers", lambda: np.isin(buyers(), best()).mean(),
                    "That is the share of the best among the buyers; add up what was received and compare with all sales."),
            Mistake("by profit", lambda: theirs(bought(PUMP), best(), "profit") / theirs(grocer_ledger(), best(), "profit"),
                    "You added up profit, which is a loss here; the tilt is made of what was received.", excluded_by="its sales (`received`)"),
            Mistake("best spenders", lambda: pump_tilt(best("received")),
                    "You took the fifth that spends most; best has the fifth with the highest profit.", excluded_by="`best` has their ids"),
            Mistake("shelf price", lambda: theirs(bought(PUMP), best(), "shelf") / theirs(grocer_ledger(), best(), "shelf"),
                    "You added up shelf prices; add up what was received.", excluded_by="its sales (`received`)"),
            Mistake("the other petrol", lambda: pump_tilt(product=OTHER_PUMP),
                    "There are two products of petrol in the ledger, and you took the other one."),
            Mistake("both petrols", both_pumps,
                    "You took both products of petrol in the ledger; the question names one.", excluded_by="(this product alone)"),
            Mistake("worst fifth", lambda: pump_tilt(by("customer_id").index[-494:]),
                    "That is the tilt of the least profitable fifth."),
            Mistake("the rest", lambda: pump_tilt(by("customer_id").index[494:]),
                    "That is the tilt of all the others."),
            Mistake("per cent", lambda: 100 * pump_tilt(),
                    "That is in per cent; give the ratio itself."),
        ],
    ),
    Array(
        id="01.weighted", objective="01.4", points=2, shape=(5,), tolerance=0.0006,
        what="the weighted scores of price, speed, service, range and quality",
        answer=lambda: voice(lambda value, rate, truth: value / rate),
        alternatives=[voice_answer_by_answer, voice_by_tenths],
        conventions=[Convention("three decimals", lambda: voice(lambda value, rate, truth: value / rate).round(3))],
        nudge="Not yet: each who answered has the weight value / rate; add up weight times answer and divide by the sum of the weights.",
        mistakes=[
            Mistake("two decimals", lambda: voice(lambda value, rate, truth: value / rate).round(2),
                    "Right to two decimals; give at least three.", credit=0.5),
            Mistake("losses count", losses_too,
                    "You let households in the red count below zero; in value they have nothing.", excluded_by="weighted with `value / rate` as above"),
            Mistake("by heads", lambda: voice(lambda value, rate, truth: value * 0 + 1),
                    "That is the plain mean of the answers; give each answer its weight.", excluded_by="weighted with `value / rate` as above"),
            Mistake("by value only", lambda: voice(lambda value, rate, truth: value),
                    "You weighted by value alone; those who answer rarely have to speak for more."),
            Mistake("by silence only", lambda: voice(lambda value, rate, truth: 1 / rate),
                    "You weighted by the response rate alone; value belongs in the weight as well."),
            Mistake("times the rate", lambda: voice(lambda value, rate, truth: value * rate),
                    "You multiplied by the response rate; whoever answers rarely has to count for more, so divide."),
            Mistake("the simulator's probability", lambda: voice(lambda value, rate, truth: value / truth["p_respond"]),
                    "You used the probability that only the simulator knows; use the response rate.", excluded_by="weighted with `value / rate` as above"),
            Mistake("spending", spend_rate,
                    "You weighted by what the households spend; value is their profit.", excluded_by="weighted with `value / rate` as above"),
            Mistake("order of letters", lambda: voice(lambda value, rate, truth: value / rate, sorted(FEATURES)),
                    "The scores are right and in another order: price, speed, service, range, quality.",
                    excluded_by="in the order **price, speed, service, range, quality**"),
            Mistake("turned round", lambda: voice(lambda value, rate, truth: value / rate)[::-1],
                    "The scores are right and turned round: price first, quality last."),
            Mistake("everybody", lambda: score(survey()[2][FEATURES], survey()[0]).to_numpy(),
                    "You took what everybody would have said; only those who answered can be used.", excluded_by="over those who answered"),
            Mistake("not divided", lambda: survey()[1][FEATURES].mul((survey()[0] / survey()[3]).reindex(survey()[1].index), axis=0).mean().to_numpy(),
                    "You took the mean of weight times answer; divide the sum by the sum of the weights.", excluded_by="divided by the sum of the weights"),
            Mistake("divided by the answers", lambda: survey()[1][FEATURES].mul((survey()[0] / survey()[3]).reindex(survey()[1].index), axis=0).sum().to_numpy()
                    / (survey()[0] / survey()[3]).sum(),
                    "You divided by the weights of all households; divide by those of the households that answered.", excluded_by="over those who answered"),
            Mistake("ranks", lambda: [5, 4, 3, 2, 1],
                    "These are ranks; give the weighted mean scores."),
        ],
    ),
    Written(id="01.decide", objective="01.5", points=4, what="the decision that changes with the unit of account"),
]
