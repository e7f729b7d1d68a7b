"""Exercise bank of lesson 09. Every answer and every mistake is computed; a strategy is judged by the markets it has played."""

import math
from functools import cache

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import softmax

from ccx.classroom.exercise import Convention, Function, Mistake, Outcome, Performance, Scalar, Written
from ccx.market import (baselines, best_spending, choice_shares, customers_won, equilibrium_prices, firm_profits, firms_of, industry, mix_table, sales_channels,
                        season, season_equity, stable_mixes, what_pay_makes)

BUDGET = 1_000_000
LADDER = ("peanut_butter", "product_centric", "customer_centric")


@cache
def table():
    return mix_table(*industry())


def centric(k):
    return table()["customer-centric"][k]


def product(k):
    return table()["product-centric"][k]


def together(k):
    return table()["industry_profit"][k]


def surplus(k):
    return table()["consumer_surplus"][k]


def welfare(k):
    return table()["welfare"][k]


def others(k=7, before=None):
    """What the other nine gain when a firm switches and makes k customer-centric firms; it then earns `before`, if that is given."""
    return together(k) - together(k - 1) - ((before or centric(k)) - product(k - 1))


@cache
def solved(k):
    """The firms of the market with k customer-centric firms, and their prices."""
    firms = firms_of(industry()[0], k)
    return firms, equilibrium_prices(firms, industry()[1])


def firm_by_firm(k):
    """What each of the ten firms earns."""
    firms, prices = solved(k)
    return firm_profits(firms, industry()[1], prices).to_numpy()


def gross(k):
    """What a firm of the only strategy there is earns before its fixed cost."""
    return firm_by_firm(k)[0] + solved(k)[0]["fixed_cost"].iloc[0]


def profit_when_alike(offer):
    """What each of ten firms with the same offer earns: one equation for the price that they all ask."""
    offers, segments = industry()
    offer, weight, beta = offers.iloc[offer], (segments["share"] * segments["demand"]).to_numpy(), segments["sensitivity"].to_numpy()
    cost, quality = offer["unit_cost"], offer[segments.index].to_numpy(float)

    def share(price):
        attraction = np.exp(quality - beta * price)
        return attraction / (1 + 10 * attraction)

    def slope(price):
        return float(weight @ (share(price) * (1 - beta * (price - cost) * (1 - share(price)))))

    price = brentq(slope, cost, cost + 3)
    return float((price - cost) * (weight @ share(price)) - offer["fixed_cost"])


def others_one_by_one():
    """The seventh firm is the one that switches; the nine are all but that one, before and after."""
    return float(np.delete(firm_by_firm(7), 6).sum() - np.delete(firm_by_firm(6), 6).sum())


def surplus_by_formula(k):
    """The formula of the text, with logarithms and exponentials only."""
    (firms, prices), segments = solved(k), industry()[1]
    return sum(row["share"] * row["demand"] / row["sensitivity"] * math.log(1 + sum(math.exp(q - row["sensitivity"] * p) for q, p in zip(firms[name], prices)))
               for name, row in segments.iterrows())


def surplus_by_area(k):
    """The area under demand: what is bought when every price is higher by t, over all t."""
    (firms, prices), segments = solved(k), industry()[1]
    weight = (segments["share"] * segments["demand"]).to_numpy()
    return quad(lambda t: choice_shares(firms, segments, prices + t).sum().to_numpy() @ weight, 0, 30)[0]


def lost(surplus):
    """The share of the surplus of the stable mix that is lost at the mix which is best for the firms together."""
    best = int(np.argmax([firm_by_firm(k).sum() for k in range(11)]))
    return 1 - surplus(best) / surplus(7)


def shares(quality, price, sensitivity):
    attraction = np.exp(quality - sensitivity * price)
    return attraction / (1 + attraction.sum())


def one_by_one(quality, price, sensitivity):
    """Each firm's share as 1 over how many times as attractive all firms and nothing are."""
    utility = [q - sensitivity * p for q, p in zip(quality, price)]
    return [1 / (math.exp(-own) + sum(math.exp(u - own) for u in utility)) for own in utility]


def stable(first, second):
    n = len(first) - 1
    return [k for k in range(n + 1) if (k == n or first[k + 1] <= second[k]) and (k == 0 or second[k - 1] <= first[k])]


def in_order(first, second, joins=None, leaves=None):
    """The mixes that pass one of the two conditions, or both, written as the exercise has them."""
    n = len(first) - 1
    return [k for k in range(n + 1) if (joins is None or k == n or joins(first, second, k)) and (leaves is None or k == 0 or leaves(first, second, k))]


def stays_out(first, second, k):
    return first[k + 1] <= second[k]


def stays_in(first, second, k):
    return second[k - 1] <= first[k]


def everyone_asked(first, second):
    """Asks each of the n firms in turn what it would earn if it alone did the other thing."""
    n = len(first) - 1

    def earns(strategies, firm):
        return (first if strategies[firm] else second)[sum(strategies)]

    def content(strategies, firm):
        return earns([*strategies[:firm], not strategies[firm], *strategies[firm + 1:]], firm) <= earns(strategies, firm)

    mixes = [[True] * k + [False] * (n - k) for k in range(n + 1)]
    return [k for k, strategies in enumerate(mixes) if all(content(strategies, firm) for firm in range(n))]


def same_mix(first, second):
    """Compares both strategies at the same mix: stable where the lines cross."""
    n = len(first) - 1
    return [k for k in range(1, n) if first[k] >= second[k] and (k == n - 1 or first[k + 1] < second[k + 1])]


def nearest(first, second):
    return [int(np.nanargmin(np.abs(np.array(first) - np.array(second))))]


def richest(first, second):
    n, k = len(first) - 1, np.arange(len(first))
    return [int(np.argmax(np.nan_to_num(first) * k + np.nan_to_num(second) * (n - k)))]


def profit_table(rng, kind, digits=3):
    """Profits by mix for three to nine firms: who is many earns less ("crowd"), or more ("herd"), or there is no rule; NaN where there is no firm.

    With 0 digits many profits are equal.
    """
    n = int(rng.integers(3, 10))
    k = np.arange(n + 1)
    slope, level, noise = {"crowd": (-1, n, 0.1), "herd": (1, n, 0.1), "any": (0, 0, 1)}[kind]
    first, second = (level * rng.random() + slope * rng.uniform(0.2, 1) * firms + noise * rng.normal(size=n + 1) for firms in (k, n - k))
    return [None, *first[1:].round(digits).tolist()], [*second[:-1].round(digits).tolist(), None]


def spent_for(worth):
    return best_spending(sales_channels(), BUDGET, worth)


def per_dollar(spending, what="equity"):
    won = customers_won(sales_channels(), spending)
    return (won @ sales_channels()[what] if what else won.sum()) / np.sum(spending)


def spent_by_equal_returns():
    """Looks for the return of the last dollar, the same in each channel, at which a million is spent."""
    prospects, ceiling, ease = sales_channels()[["prospects", "ceiling", "ease"]].to_numpy(float).T

    def spending(log_return):
        return prospects / ease * np.maximum(np.log(ceiling * ease) - log_return, 0)

    return spending(brentq(lambda x: spending(x).sum() - BUDGET, -20, 0))


def spent_bit_by_bit(step=250):
    """Gives each 250 dollars to the channel where they win the most customers."""
    spending = [0.0] * 3
    channels = sales_channels()[["prospects", "ceiling", "ease"]].to_numpy(float).tolist()
    for _ in range(BUDGET // step):
        returns = [ceiling * ease * math.exp(-ease * money / prospects) for (prospects, ceiling, ease), money in zip(channels, spending)]
        spending[returns.index(max(returns))] += step
    return np.array(spending)


def needed_share(upfront, hours, value):
    return upfront * (1 / hours[1] - 1 / hours[0]) / (value[0] / hours[0] - value[1] / hours[1])


def where_lines_meet(upfront, hours, value):
    """Both incomes are straight lines in t: their distance at t = 0 and at t = 1 says where they meet."""
    at_once, with_all = ((upfront + t * value[1]) / hours[1] - (upfront + t * value[0]) / hours[0] for t in (0, 1))
    return at_once / (at_once - with_all)


def partner(rng):
    """Up-front fee, hours and values for which a share is needed and exists."""
    hours = np.array([rng.uniform(6, 20), rng.uniform(1, 5)]).round(1)
    per_hour = np.sort(rng.uniform(10, 150, 2))[::-1] * [1.2, 0.8]
    return round(float(rng.uniform(10, 150)), 0), hours.tolist(), (hours * per_hour).round(0).tolist()


# What the strategy of Exercise 8 is measured by


@cache
def rungs(seeds):
    """Mean equity of each rung of the ladder in these markets."""
    return {name: float(np.mean([season_equity(played(name, seed), seed) for seed in seeds])) for name in LADDER}


@cache
def played(name, seed):
    """What a strategy of the library's spends in a market."""
    return season(baselines()[name])(seed)


def verdict(probes, numbers):
    seeds = tuple(seed for [seed] in probes)
    if len(numbers) != 64 * len(seeds):
        return Outcome(0.0, "What was handed over are not the decisions of eight quarters: check season(strategy).")
    seasons = np.reshape(numbers, (len(seeds), 8, 4, 2))
    equity = float(np.mean([season_equity(spent, seed) for spent, seed in zip(seasons, seeds)]))
    passed = [name for name, rung in rungs(seeds).items() if equity > rung]
    beaten = f"more than {', '.join(passed)}" if passed else "no more than any of the three"
    return Outcome(len(passed) / len(LADDER), f"Your strategy ends with {equity:,.0f} on average over the grader's markets, {beaten}.")


def own(state):
    """The solution's: build for both segments, then hold the best and keep the rest of the cash."""
    cash = state.cash
    if state.quarter <= 5:
        return {"acquisition": (0.1 * cash, 0), "development": (0.35 * cash, 0.1 * cash), "cost": (0.1 * cash, 0.35 * cash)}
    return {"acquisition": (0.1 * cash, 0.05 * cash), "retention": (0.15 * cash, 0), "development": (0.1 * cash, 0)}


def by_worth(state):
    """Another: what lasts, in proportion to what the customers of a segment are worth, less of it near the end."""
    focal, rest = (max(number * worth, 1) for number, worth in zip(state.customers, state.value))
    building = state.cash * (0.9 if state.quarters_left >= 3 else 0.3 if state.quarters_left else 0)
    for_focal, for_rest = building * focal / (focal + rest), building * rest / (focal + rest)
    return {"retention": (0.1 * state.cash, 0), "development": (for_focal, 0.3 * for_rest), "cost": (0, 0.7 * for_rest)}


def dollar_by_dollar(state):
    """A third: each thousand dollars goes where it seems to bring most, and what would bring less than it costs is kept."""
    focal, rest = (number * worth for number, worth in zip(state.customers, state.value))
    built = sum(np.array(past.spending[0]) for past in state.history)
    to_win = (state.unserved[0] + 0.15 * sum(rival[0] for rival in state.rivals)) * state.value[0]
    # By lever and segment: how much it can bring, and at how much money its returns begin to fall.
    levers = {("acquisition", 0): (0.3 * to_win, 8), ("retention", 0): (0.1 * focal, 4.5),
              ("development", 0): (1.2 * focal, 12 + built[2, 0]), ("development", 1): (0.36 * rest, 12 + built[2, 1]),
              ("cost", 0): (0.36 * focal, 12 + built[3, 0]), ("cost", 1): (1.2 * rest, 12 + built[3, 1])}
    money = dict.fromkeys(levers, 0.0)
    for _ in range(int(state.cash)):
        returns = {place: most / (bend + money[place]) for place, (most, bend) in levers.items()}
        best = max(returns, key=returns.get)
        if returns[best] < 1:
            break
        money[best] += 1
    return {lever: (money.get((lever, 0), 0.0), money.get((lever, 1), 0.0)) for lever, _ in levers}


def borrowed(name):
    return lambda seed: played(name, seed)


EXERCISES = [
    Function(
        id="09.shares", objective="09.1", points=2, tolerance=1e-4, returns="array",
        what="your function shares",
        probes=[([2.0, 2.0, 3.0], [1.0, 1.0, 1.0], 2.0), ([1.0, 2.5], [0.5, 1.5], 1.0), ([0.4], [0.7], 3.0)],
        hidden=lambda rng: [(rng.uniform(0, 4, n).round(2).tolist(), rng.uniform(0.3, 2, n).round(2).tolist(), round(float(rng.uniform(0.5, 3)), 2))
                            for n in (1, 2, 3, 5, 8)],
        answer=shares,
        alternatives=[lambda quality, price, sensitivity: softmax(np.append(quality - sensitivity * price, 0))[:-1],
                      one_by_one],
        conventions=[Convention("a list", lambda quality, price, sensitivity: list(shares(quality, price, sensitivity)))],
        nudge="Not yet: e to the power of quality less sensitivity times price, over 1 plus the sum of these; the three firms above should come out.",
        mistakes=[
            Mistake("nothing is no choice", lambda quality, price, sensitivity: (e := np.exp(quality - sensitivity * price)) / e.sum(),
                    "Your shares add up to 1: those who buy from nobody are missing below the line."),
            Mistake("price attracts", lambda quality, price, sensitivity: (e := np.exp(quality + sensitivity * price)) / (1 + e.sum()),
                    "In your function a higher price wins customers: it takes away from the quality."),
            Mistake("sensitivity to all", lambda quality, price, sensitivity: (e := np.exp(sensitivity * (quality - price))) / (1 + e.sum()),
                    "You multiplied the quality by the sensitivity, too; only the price is."),
            Mistake("no sensitivity", lambda quality, price, sensitivity: (e := np.exp(quality - price)) / (1 + e.sum()),
                    "The price sensitivity is missing: it says how much a dollar hurts."),
            Mistake("no price", lambda quality, price, sensitivity: (e := np.exp(quality)) / (1 + e.sum()),
                    "The price is missing."),
            Mistake("no exponential", lambda quality, price, sensitivity: (u := quality - sensitivity * price) / (1 + u.sum()),
                    "You divided the utilities themselves, which may be negative; take e to the power of them first."),
            Mistake("each alone", lambda quality, price, sensitivity: (e := np.exp(quality - sensitivity * price)) / (1 + e),
                    "Each firm competes only with nothing in your function: add up the attraction of all firms below the line."),
            Mistake("not with itself", lambda quality, price, sensitivity: (e := np.exp(quality - sensitivity * price)) / (1 + e.sum() - e),
                    "Below the line you left the firm itself out; the sum runs over all firms."),
            Mistake("the best takes all", lambda quality, price, sensitivity: np.eye(len(price))[np.argmax(quality - sensitivity * price)],
                    "You gave all customers to the best firm; tastes differ, so each firm gets some."),
            Mistake("per cent", lambda quality, price, sensitivity: 100 * shares(quality, price, sensitivity),
                    "These are per cent; give shares.", excluded_by="an array with each firm's share"),
            Mistake("nobody's share added", lambda quality, price, sensitivity: np.append(s := shares(quality, price, sensitivity), 1 - s.sum()),
                    "You added those who buy from nobody as a last number; give a number per firm.", excluded_by="those who buy from nobody have no place in it"),
        ],
    ),
    Scalar(
        id="09.extremes", objective="09.1", points=1, tolerance=0.0005,
        what="the share by which a firm's profit is lower",
        answer=lambda: 1 - centric(10) / product(0),
        alternatives=[lambda: 1 - together(10) / together(0), lambda: 1 - profit_when_alike(0) / profit_when_alike(1)],
        conventions=[Convention("three decimals", lambda: round(1 - centric(10) / product(0), 3))],
        nudge="Not yet: solve the market for k = 0 and for k = 10, take the profit of any firm in each, and divide the difference by the profit at k = 0.",
        mistakes=[
            Mistake("the ratio", lambda: centric(10) / product(0), "That is what is left of the profit; the question asks by which share it is lower."),
            Mistake("other base", lambda: product(0) / centric(10) - 1,
                    "You divided by the profit of the customer-centric firms; divide by what a firm earns where none is.",
                    excluded_by="By which share of what a firm earns in the second"),
            Mistake("negative", lambda: centric(10) / product(0) - 1, "The size is right; give it as a positive share.", excluded_by="a positive share"),
            Mistake("two decimals", lambda: round(1 - centric(10) / product(0), 2), "Two decimals are too few to tell; give at least three.",
                    excluded_by="at least three decimals"),
            Mistake("difference", lambda: product(0) - centric(10),
                    "That is the difference in dollars; divide it by the profit where none is customer-centric."),
            Mistake("difference, negative", lambda: centric(10) - product(0),
                    "That is the change in dollars; the question asks for a positive share of the profit where none is customer-centric."),
            Mistake("industry difference", lambda: 10 * (product(0) - centric(10)), "That is the difference of all ten in dollars; give it as a share."),
            Mistake("before fixed costs", lambda: 1 - gross(10) / gross(0), "You left out the fixed costs: profit is what remains after them."),
            Mistake("the first against the last", lambda: 1 - centric(10) / centric(1),
                    "You compared with the market in which one firm is customer-centric; compare with the one in which none is."),
            Mistake("against those who stayed out", lambda: 1 - centric(10) / product(1),
                    "You compared with a market in which one firm is customer-centric already; compare with the one in which none is."),
            Mistake("per cent", lambda: 100 * (1 - centric(10) / product(0)), "These are per cent; give a share.", excluded_by="a positive share"),
            Mistake("fixed costs of one strategy", lambda: 1 - (gross(10) - 0.02) / product(0),
                    "You took off the fixed cost of a product-centric firm from all; a customer-centric one has its own."),
        ],
    ),
    Function(
        id="09.stable", objective="09.2", points=2, tolerance=1e-6, returns="array",
        what="your function stable",
        probes=[([None, 5.0, 3.0, 1.0, 0.5], [2.0, 1.5, 1.6, 2.5, None]), ([None, 1.0, 2.0, 4.0], [3.0, 2.5, 1.0, None]),
                ([None, 4.0, 3.0, 2.5], [1.0, 0.8, 0.9, None]), ([None, 1.0, 0.9, 0.8, 0.7, 0.6], [2.0, 2.1, 2.2, 2.3, 2.4, None]),
                ([None, 3.5, 2.0, 1.0], [3.0, 2.0, 1.5, None])],
        hidden=lambda rng: [*(profit_table(rng, kind) for kind in ("crowd", "crowd", "crowd", "herd", "herd", "any", "any", "any")),
                            *(profit_table(rng, kind, digits=0) for kind in ("crowd", "any", "any"))],
        answer=stable,
        alternatives=[stable_mixes, everyone_asked],
        conventions=[Convention("an array of floats", lambda first, second: np.array(stable(first, second), dtype=float))],
        nudge="Not yet: for each k from 0 to n ask both kinds of firm, if there are any, what they would earn at the mix that their own switch makes.",
        mistakes=[
            Mistake("where the lines cross", same_mix,
                    "You compared both strategies at the same k; a firm that switches changes k, so compare with the mix after its switch."),
            Mistake("nearest to equal", nearest,
                    "That is where the two profits are nearest to each other; ask at each k whether a firm gains by switching."),
            Mistake("richest industry", richest, "That is where the industry earns most; no firm looks at that when it decides for itself."),
            Mistake("only who joins", lambda first, second: in_order(first, second, joins=stays_out),
                    "You asked the firms of the second strategy only; those of the first may want to leave, too."),
            Mistake("only who leaves", lambda first, second: in_order(first, second, leaves=stays_in),
                    "You asked the firms of the first strategy only; those of the second may want to join."),
            Mistake("without the ends", lambda first, second: [k for k in stable(first, second) if 0 < k < len(first) - 1],
                    "You left out the mixes in which all firms do the same; they can be stable, too."),
            Mistake("without k = n", lambda first, second: [k for k in stable(first, second) if k < len(first) - 1],
                    "You left out the mix in which all firms follow the first strategy; it can be stable, too."),
            Mistake("without k = 0", lambda first, second: [k for k in stable(first, second) if k > 0],
                    "You left out the mix in which no firm follows the first strategy; it can be stable, too."),
            Mistake("equal profits move both kinds", lambda first, second: in_order(first, second, lambda a, b, k: a[k + 1] < b[k], lambda a, b, k: b[k - 1] < a[k]),
                    "You let equal profits make a firm switch.", excluded_by="Equal profits are no reason to switch"),
            Mistake("equal profits make a firm join", lambda first, second: in_order(first, second, lambda a, b, k: a[k + 1] < b[k], stays_in),
                    "You let equal profits make a firm go over to the first strategy.", excluded_by="Equal profits are no reason to switch"),
            Mistake("equal profits make a firm leave", lambda first, second: in_order(first, second, stays_out, lambda a, b, k: b[k - 1] < a[k]),
                    "You let equal profits make a firm leave the first strategy.", excluded_by="Equal profits are no reason to switch"),
            Mistake("only one", lambda first, second: stable(first, second)[:1], "You stopped at the first stable mix; return all of them.",
                    excluded_by="the list of all stable"),
            Mistake("firms of the second", lambda first, second: [len(first) - 1 - k for k in stable(first, second)],
                    "You counted the firms of the second strategy; k counts those of the first.", excluded_by="when $k$ of $n$ firms follow the first"),
            Mistake("switch the wrong way", lambda first, second: in_order(first, second, lambda a, b, k: not a[k + 1] < b[k], lambda a, b, k: not b[k - 1] < a[k]),
                    "Your inequalities point the wrong way: a mix is stable when switching does not pay."),
            Mistake("counted from one", lambda first, second: [k + 1 for k in stable(first, second)],
                    "You are off by one: k = 0 is the mix without any firm of the first strategy."),
            Mistake("either is content", lambda first, second: sorted({*in_order(first, second, joins=stays_out), *in_order(first, second, leaves=stays_in)}),
                    "You asked for one of the two conditions; a stable mix needs both."),
        ],
    ),
    Scalar(
        id="09.others", objective="09.2", points=2, tolerance=1e-4,
        what="the change in the profit of the other nine firms together",
        answer=others,
        alternatives=[lambda: 6 * (centric(7) - centric(6)) + 3 * (product(7) - product(6)), others_one_by_one],
        conventions=[Convention("four decimals", lambda: round(others(), 4)), Convention("three decimals", lambda: round(others(), 3))],
        nudge="Not yet: the change of the industry's profit from six to seven, less what the switching firm itself gains.",
        mistakes=[
            Mistake("own gain", lambda: centric(7) - product(6), "That is what the firm itself gains; the question is about the other nine."),
            Mistake("whole industry", lambda: together(7) - together(6),
                    "That is the change for all ten; the firm that switches is among them.", excluded_by="other nine firms together"),
            Mistake("own gain added", lambda: together(7) - together(6) + centric(7) - product(6),
                    "You added the own gain to the industry's change; the industry's change already contains it."),
            Mistake("positive", lambda: -others(), "The size is right, the sign is not: give a loss as a negative number.",
                    excluded_by="A loss is a negative number"),
            Mistake("two decimals", lambda: round(others(), 2), "Two decimals are too few to tell; give at least four.", excluded_by="at least four decimals"),
            Mistake("the six only", lambda: 6 * (centric(7) - centric(6)),
                    "These are the six that were customer-centric already; the three that stay product-centric count, too."),
            Mistake("the three only", lambda: 3 * (product(7) - product(6)), "These are the three that stay product-centric; the six others count, too."),
            Mistake("for each", lambda: others() / 9, "That is the mean for each of the nine; give their change together.",
                    excluded_by="other nine firms together"),
            Mistake("one mix later", lambda: others(8), "You took the step from seven to eight; the firm that switches is the seventh."),
            Mistake("one mix earlier", lambda: others(6), "You took the step from five to six; six are customer-centric already."),
            Mistake("lines at the same mix", lambda: others(before=centric(6)),
                    "You took the own gain at the mix before the switch, or counted seven that were customer-centric already; there were six."),
            Mistake("stays product-centric", lambda: 6 * (centric(7) - centric(6)) + 4 * (product(7) - product(6)),
                    "You took the firm that switches for one that stays product-centric, or took what it earned before the switch at seven instead of six."),
            Mistake("was customer-centric", lambda: together(7) - centric(7) - (together(6) - centric(6)),
                    "You took a customer-centric firm's profit off at six; the firm that will switch is product-centric there."),
            Mistake("by welfare", lambda: welfare(7) - welfare(6) - (centric(7) - product(6)),
                    "You used the welfare, in which the customers count as well; take the industry's profit."),
        ],
    ),
    Scalar(
        id="09.cartel", objective="09.3", points=2, tolerance=0.00035,
        what="the share of the consumer surplus that is lost",
        answer=lambda: 1 - surplus(4) / surplus(7),
        alternatives=[lambda: lost(surplus_by_formula), lambda: lost(surplus_by_area)],
        conventions=[Convention("three decimals", lambda: round(1 - surplus(4) / surplus(7), 3))],
        nudge="Not yet: find the mix with the largest industry profit, and compare its consumer surplus with that of the stable mix, as a share of the latter.",
        mistakes=[
            Mistake("other base", lambda: surplus(7) / surplus(4) - 1,
                    "You divided by the surplus under the agreement, or this is the firms' gain in dollars; take a share of the surplus of the stable mix.",
                    excluded_by="share of the **consumer surplus of the stable mix**"),
            Mistake("in dollars", lambda: surplus(7) - surplus(4), "That is the loss in dollars; divide it by the surplus of the stable mix."),
            Mistake("two decimals", lambda: round(1 - surplus(4) / surplus(7), 2), "Two decimals are too few to tell; give at least three.",
                    excluded_by="at least three decimals"),
            Mistake("welfare", lambda: 1 - welfare(4) / welfare(7),
                    "That is the loss of welfare, in which the firms' gain is counted as well; take the consumer surplus."),
            Mistake("against the customers' best", lambda: 1 - surplus(4) / surplus(10),
                    "You compared with the mix that is best for customers; compare with the stable one."),
            Mistake("what is left", lambda: surplus(4) / surplus(7), "That is what is left; the question asks for what is lost."),
            Mistake("the firms' gain", lambda: together(4) / together(7) - 1,
                    "That is by how much the firms gain; the question is about their customers."),
            Mistake("negative", lambda: surplus(4) / surplus(7) - 1, "The size is right; give it as a positive share.", excluded_by="a positive share"),
            Mistake("per cent", lambda: 100 * (1 - surplus(4) / surplus(7)), "These are per cent; give a share.", excluded_by="a positive share"),
            Mistake("most profitable for one", lambda: 1 - surplus(1) / surplus(7),
                    "You took the mix at which a customer-centric firm earns most; take the one at which all ten together do."),
            Mistake("where the lines cross", lambda: 1 - surplus(4) / surplus(8),
                    "You compared with eight customer-centric firms; the stable mix has one fewer."),
            Mistake("nobody customer-centric", lambda: 1 - surplus(0) / surplus(7),
                    "You compared with a market without a customer-centric firm; take the mix with the largest industry profit."),
            Mistake("dollar for dollar", lambda: (surplus(7) - surplus(4)) / welfare(7),
                    "You divided by the welfare; divide by the consumer surplus of the stable mix."),
        ],
    ),
    Scalar(
        id="09.heads", objective="09.4", points=2, tolerance=0.00035,
        what="the customer value won per dollar spent",
        answer=lambda: per_dollar(spent_for(1)),
        alternatives=[lambda: what_pay_makes(sales_channels(), BUDGET).loc["head count", "equity"] / BUDGET, lambda: per_dollar(spent_by_equal_returns()),
                      lambda: per_dollar(spent_bit_by_bit())],
        conventions=[Convention("three decimals", lambda: round(per_dollar(spent_for(1)), 3))],
        nudge="Not yet: best_spending with a worth of 1 for every customer, then what is won times its equity, over the million.",
        mistakes=[
            Mistake("paid for revenue", lambda: per_dollar(spent_for(sales_channels()["revenue"])),
                    "That is the spending of a manager who is paid for revenue; this one is paid by head count."),
            Mistake("paid for equity", lambda: per_dollar(spent_for(sales_channels()["equity"])),
                    "That is the spending of a manager who is paid for equity; this one is paid by head count."),
            Mistake("revenue per dollar", lambda: per_dollar(spent_for(1), "revenue"),
                    "That is revenue per dollar; the question asks for customer value."),
            Mistake("customers per dollar", lambda: per_dollar(spent_for(1), None),
                    "That is customers per dollar; multiply what each channel wins by its equity first."),
            Mistake("even split", lambda: per_dollar(np.full(3, BUDGET / 3)),
                    "You split the budget evenly; the manager spends it where it wins the most customers (best_spending)."),
            Mistake("all on deal sites", lambda: per_dollar(np.array([0, 0, BUDGET])),
                    "You put all the money into the deal sites; they have diminishing returns, so some of it goes elsewhere."),
            Mistake("the first dollar on deal sites", lambda: 12 * 0.25 * 0.25,
                    "That is the first dollar spent on deal sites; money has diminishing returns, and there are other channels."),
            Mistake("mean equity", lambda: per_dollar(spent_for(1), None) * sales_channels()["equity"].mean(),
                    "You multiplied all customers by the mean equity of the three channels; each channel's customers have their own."),
            Mistake("charged for the cost", lambda: per_dollar(best_spending(sales_channels(), BUDGET, sales_channels()["equity"], charged=True)),
                    "That is a manager who is paid for equity and charged for the cost; this one is paid by head count."),
            Mistake("per customer", lambda: per_dollar(spent_for(1)) / per_dollar(spent_for(1), None),
                    "That is customer value per customer; divide by the dollars spent."),
            Mistake("two decimals", lambda: round(per_dollar(spent_for(1)), 2), "Two decimals are too few to tell; give at least three.",
                    excluded_by="at least three decimals"),
            Mistake("loss", lambda: 1 - per_dollar(spent_for(1)),
                    "That is the loss per dollar; the question asks for the value won, before the money is taken off."),
            Mistake("gain", lambda: per_dollar(spent_for(1)) - 1,
                    "That is the gain per dollar; the question asks for the value won, before the money is taken off."),
            Mistake("dollars per dollar of equity", lambda: 1 / per_dollar(spent_for(1)),
                    "You have it upside down: that is dollars spent per dollar of customer value."),
            Mistake("not divided", lambda: per_dollar(spent_for(1)) * BUDGET, "That is the customer value in all; divide it by the dollars spent.",
                    excluded_by="per dollar spent"),
            Mistake("equity by prospects", lambda: float(sales_channels()[["prospects", "ceiling", "equity"]].prod(axis=1).sum() / BUDGET),
                    "You counted everybody whom the channels could win at most; count those whom this spending wins."),
        ],
    ),
    Function(
        id="09.trailing", objective="09.4", points=2, tolerance=1e-4,
        what="your function needed_share",
        probes=[(60, [12.0, 3.0], [1371.0, 103.0]), (120, [12.0, 3.0], [1371.0, 103.0]), (40, [8.0, 5.0], [900.0, 300.0])],
        hidden=lambda rng: [partner(rng) for _ in range(8)],
        answer=needed_share,
        alternatives=[lambda upfront, hours, value: upfront * (hours[0] - hours[1]) / (hours[1] * value[0] - hours[0] * value[1]), where_lines_meet],
        nudge="Not yet: set the two earnings per hour equal and solve for t; what is paid up front goes to one side, what trails to the other.",
        mistakes=[
            Mistake("per customer", lambda upfront, hours, value: 0.0,
                    "Per customer the first kind is always preferred; but the partner's hours are limited, so compare per hour."),
            Mistake("hours not in the values", lambda upfront, hours, value: upfront * (1 / hours[1] - 1 / hours[0]) / (value[0] - value[1]),
                    "You divided what is paid up front by the hours, but not what trails."),
            Mistake("no hours", lambda upfront, hours, value: upfront / (value[0] - value[1]),
                    "Your function does without the hours; without them the fee would cancel."),
            Mistake("hours not in the fee", lambda upfront, hours, value: upfront / (value[0] / hours[0] - value[1] / hours[1]),
                    "The first kind is paid up front, too, only for more hours: take the difference of both fees per hour."),
            Mistake("only the rival's fee", lambda upfront, hours, value: upfront / hours[1] / (value[0] / hours[0] - value[1] / hours[1]),
                    "You left out that the first kind is paid up front as well."),
            Mistake("only the first trails", lambda upfront, hours, value: upfront * (1 / hours[1] - 1 / hours[0]) * hours[0] / value[0],
                    "You left out that the second kind has a trailing commission as well."),
            Mistake("fee against trail", lambda upfront, hours, value: upfront / hours[1] * hours[0] / value[0],
                    "You compared the fee of the one with the trailing commission of the other; both kinds earn both."),
            Mistake("hours swapped", lambda upfront, hours, value: upfront * (hours[0] - hours[1]) / (hours[0] * value[0] - hours[1] * value[1]),
                    "The hours belong to the other value: bring both sides to a common denominator again."),
            Mistake("times the hours", lambda upfront, hours, value: upfront * (hours[0] - hours[1]) / (value[0] - value[1]),
                    "You multiplied by the hours; earnings per hour are divided by them."),
            Mistake("upside down", lambda upfront, hours, value: 1 / needed_share(upfront, hours, value),
                    "You have it upside down: what is paid up front belongs above the line."),
            Mistake("negative", lambda upfront, hours, value: -needed_share(upfront, hours, value),
                    "The sign is wrong: on one of the sides the two kinds are the wrong way round."),
            Mistake("per cent", lambda upfront, hours, value: 100 * needed_share(upfront, hours, value), "These are per cent; give a share.",
                    excluded_by="the trailing share"),
            Mistake("without the fee", lambda upfront, hours, value: needed_share(1, hours, value),
                    "What is paid up front is missing: the share is in proportion to it."),
        ],
    ),
    Performance(
        id="09.strategy", objective="09.5", points=3, tolerance=0.005,
        what="the seasons that your strategy plays", verdict=verdict,
        probes=[(1,), (2,)],
        hidden=lambda rng: [(int(seed),) for seed in rng.integers(1_000_000, 2**31, 24)],
        answer=season(own),
        alternatives=[season(by_worth), season(dollar_by_dollar)],
        nudge="Not yet: play standings with your strategy, and compare it with the three.",
        mistakes=[
            Mistake("spends nothing", borrowed("do_nothing"),
                    "Your strategy never spends anything: either it returns nothing, or each of its decisions breaks a rule (play(...).forfeits says which)."),
            Mistake("the library's customer_centric", borrowed("customer_centric"),
                    "That is the library's own customer_centric: write one that does better."),
            Mistake("the library's product_centric", borrowed("product_centric"), "That is the library's own product_centric: write one of yours."),
            Mistake("the library's peanut_butter", borrowed("peanut_butter"), "That is the library's own peanut_butter: write one of yours."),
            Mistake("the library's marginal", borrowed("marginal"), "That is the library's own marginal: write one of yours."),
            Mistake("the library's head_count", borrowed("head_count"),
                    "That is the library's own head_count, which pays for customers one by one and has nothing that lasts."),
            *(Mistake(f"the library's {name}", borrowed(name), f"That is the library's own {name}: write one of yours.",
                      excluded_by="handed in as it is, earns nothing")
              for name in ("focal_only", "cheapest", "copycat", "retention_only", "random_walk")),
        ],
    ),
    Written(id="09.decide", objective="09.5", points=4, what="the decision"),
]
