"""Exercise bank of lesson 08. Every answer and every mistake is computed from the simulated platform."""

import itertools
import statistics
from collections import Counter
from functools import cache

import numpy as np
import pandas as pd
from scipy.integrate import quad
from scipy.optimize import brentq

from ccx.classroom.exercise import Array, Convention, Function, Mistake, Scalar, Written
from ccx.network import (Course, acceleration_and_expansion, bass_peak, cascades, client_graph, exact_spread, expected_spread, firm_needed, greedy, reached,
                         sample_worlds, vendor_value)
from ccx.simulate import client_network

RATE, HOTEL = 0.10, 196
COURSE = Course(equity=0.11, usage=0.10, firm=0.5, market=0.5, binding=0.8, freeing=0.5)


@cache
def firm():
    return client_network(rng=11)


@cache
def graph():
    return client_graph(firm().ties.assign(p=firm().truth), firm().clients.index)


@cache
def gain():
    return COURSE.gain(firm().clients, RATE)


@cache
def listeners():
    return firm().ties["source"].value_counts().reindex(firm().clients.index, fill_value=0)


def worth(equity, usage, churn, rate):
    return usage * equity * rate / (rate + churn)


def worth_by_payments(equity, usage, churn, rate):
    """The vendor's share of each year's payment while the client stays, over six hundred years."""
    payment, year = equity * rate / (1 + rate), np.arange(600)
    return float((usage * payment * ((1 - churn) / (1 + rate)) ** year).sum())


def passed_on(equity, usage, churn, new_equity, new_usage, new_churn, rate):
    return (worth(new_equity, new_usage, new_churn, rate) - worth(equity, usage, churn, rate)) / (new_equity - equity)


def with_worth(worth):
    """`passed_on` with another idea of what a client is worth."""
    return lambda e, u, h, e2, u2, h2, d: (worth(e2, u2, h2, d) - worth(e, u, h, d)) / (e2 - e)


def passed_on_by_table(equity, usage, churn, new_equity, new_usage, new_churn, rate):
    """`vendor_value` of a table with a row before and a row after."""
    table = pd.DataFrame({"equity": [equity, new_equity], "usage": [usage, new_usage], "churn": [churn, new_churn]})
    return float(vendor_value(table, rate).diff().iloc[1] / table["equity"].diff().iloc[1])


def clients_drawn(rng):
    """Eight clients before and after a course, for the grader."""
    for _ in range(8):
        e, u, h, d = rng.uniform(100, 4000), rng.uniform(0.02, 0.12), rng.uniform(0.05, 0.3), rng.uniform(0.05, 0.15)
        after = e * rng.uniform(1.03, 1.3), u * rng.uniform(1, 1.2), h * rng.uniform(0.7, 1.2)
        yield tuple(round(float(x), 4) for x in (e, u, h, *after, d))


def hotel(**changes):
    """The hotel's gain by a course that differs in something."""
    client = firm().clients.loc[[HOTEL]]
    return float(Course(**{**vars(COURSE), **changes}).gain(client, RATE).iloc[0])


def hotel_row():
    """Equity, usage share and churn of the hotel, before and after."""
    client = firm().clients.loc[[HOTEL]]
    return [table[["equity", "usage", "churn"]].iloc[0].to_numpy(dtype=float) for table in (client, COURSE.taught(client))]


def hotel_by_hand(worth):
    """The hotel's gain with the changes that the question names, by some idea of what a client is worth."""
    equity, usage, churn = hotel_row()[0]
    return worth(1.11 * equity, 1.10 * usage, churn * np.exp(-0.8 * 0.5 + 0.5 * 0.5), RATE) - worth(equity, usage, churn, RATE)


def firm_enough(market, growth, churn, rate, binding, freeing):
    new = (1 + growth) * (rate + churn) - rate
    return max(0, (freeing * market - np.log(new / churn)) / binding)


def with_churn(new, floor=0.0):
    """`firm_enough` with another idea of the churn to aim at."""
    return lambda m, g, h, d, f, s: max(floor, (s * m - np.log(new(g, h, d) / h)) / f)


def firm_by_search(market, growth, churn, rate, binding, freeing):
    """The expertise at which the client is worth as much as before, looked for between none and far too much."""
    def gained(firm):
        return worth_by_payments(1 + growth, 1, churn * np.exp(freeing * market - binding * firm), rate) - worth_by_payments(1, 1, churn, rate)

    return 0.0 if gained(0) >= 0 else brentq(gained, 0, 20)


def firm_by_table(market, growth, churn, rate, binding, freeing):
    client = pd.DataFrame({"equity": [1.0], "usage": 1.0, "churn": churn})
    return float(firm_needed(client, Course(equity=growth, market=market, binding=binding, freeing=freeing), 0, rate).iloc[0])


def diamond():
    """Ann's network: who is heard by whom."""
    return [("Ann", "Bob"), ("Ann", "Cid"), ("Bob", "Dan"), ("Cid", "Dan")]


def by_library():
    return exact_spread(client_graph(pd.DataFrame(diamond(), columns=["source", "target"]).assign(p=0.4)), ["Ann"])


def by_every_case():
    """All sixteen ways in which four ties can work, each with its probability."""
    expected = 0
    for works in itertools.product([False, True], repeat=4):
        know = {"Ann"}
        for (source, target), works_here in zip(diamond(), works):
            if works_here and source in know:
                know.add(target)
        expected += 0.4 ** sum(works) * 0.6 ** (4 - sum(works)) * len(know)
    return expected


@cache
def hub_waves():
    return cascades(graph(), [listeners().idxmax()], n=2000, rng=1)


def interval(value=gain, z=1.96, root=np.sqrt, take=lambda runs: runs):
    runs = take(reached(hub_waves(), None if value is None else value()))
    half = z * runs.std() / root(len(runs))
    return [runs.mean() - half, runs.mean() + half]


def interval_run_by_run():
    """Each run's value added up by itself, and mean and standard deviation without NumPy."""
    value = gain().to_numpy()
    runs = [float(value[np.isfinite(waves)].sum()) for waves in hub_waves().to_numpy()]
    mean, half = statistics.fmean(runs), 1.96 * statistics.stdev(runs) / len(runs) ** 0.5
    return [mean - half, mean + half]


def with_error():
    """The mean and its standard error."""
    low, high = interval()
    return [(low + high) / 2, (high - low) / 2 / 1.96]


def with_variance():
    runs = reached(hub_waves(), gain())
    half = 1.96 * runs.var() / np.sqrt(len(runs))
    return [runs.mean() - half, runs.mean() + half]


def with_variance_over_n():
    runs = reached(hub_waves(), gain())
    half = 1.96 * runs.var() / len(runs)
    return [runs.mean() - half, runs.mean() + half]


def percentiles(value=gain):
    return np.quantile(reached(hub_waves(), None if value is None else value()), [0.025, 0.975])


@cache
def worlds(n, rng):
    return sample_worlds(graph(), n, rng)


@cache
def chosen():
    return greedy(worlds(500, 1), 8, gain()).index


def value_of(who, value=gain, where=(1000, 2)):
    return worlds(*where).spread(who, value() if value else None).mean()


def hubs():
    return listeners().nlargest(8).index


def lead(**how):
    return value_of(chosen(), **how) / value_of(hubs(), **how)


@cache
def chosen_plainly():
    """The greedy choice without its short cut: every gain worked out anew each time."""
    taught = []
    for _ in range(8):
        taught.append(worlds(500, 1).gains(taught, gain()).idxmax())
    return taught


def lead_by(total):
    """`lead` with another way to add up what is reached, and the two lists made in another way."""
    heard = [client for client, _ in Counter(firm().ties["source"]).most_common(8)]
    return total(chosen_plainly()) / total(heard)


def client_by_client(who):
    """In which share of the worlds is each client reached, times its value."""
    return worlds(1000, 2).covered(who).mean(axis=0) @ gain().to_numpy()


def step_by_step(who):
    """What each of the eight adds to those before it, world by world."""
    reaches, value, total = worlds(1000, 2).reaches, gain().to_numpy(), 0.0
    known = np.zeros(reaches.shape[::2], bool)
    for place in gain().index.get_indexer(who):
        total += ((reaches[:, place] & ~known) @ value).mean()
        known |= reaches[:, place]
    return total


def next_client(reaches, value, first):
    missing = 1 - reaches[:, first]
    added = ((reaches * missing[:, None, :]) @ value).mean(axis=0)
    added[first] = -1
    return int(added.argmax())


def without_first(score):
    """A choice by another score, of the clients but the first."""
    def choose(reaches, value, first):
        scores = np.array(score(reaches, value, first), dtype=float)
        scores[first] = -np.inf
        return int(scores.argmax())
    return choose


def by_loops(reaches, value, first):
    found = []
    for i in range(len(value)):
        found.append(np.mean([sum(value[j] for j in range(len(value)) if world[i, j] and not world[first, j]) for world in reaches]))
    return int(np.argmax(found))


def by_vote(reaches, value, first):
    best = ((reaches * (1 - reaches[:, first])[:, None, :]) @ value).argmax(axis=1)
    return int(np.bincount(best, minlength=len(value)).argmax())


def by_totals(reaches, value, first):
    either = np.maximum(reaches, reaches[:, [first]])
    return int((either @ value).mean(axis=0).argmax())


def small_worlds(rng, worlds=4, clients=5):
    """A network so small that its worlds can be printed: reaches, values, and who is taught already."""
    from ccx.network.seeding import _closed

    reaches = rng.random((worlds, clients, clients)) < 0.14
    reaches[:, range(clients), range(clients)] = True
    # Floats, as they arrive, so that a message shows what the function was called with.
    return _closed(reaches).astype(float).tolist(), [float(v) for v in rng.permutation([1, 3, 4, 9, 14, 22])[:clients]], int(rng.integers(clients))


def clear(probe):
    """Whether the best is best by a margin and a choice of somebody who is not best can be told from it."""
    reaches, value, first = (np.array(x, dtype=float) for x in probe)
    first = int(first)
    missing = 1 - reaches[:, first]
    added = np.sort(((reaches * missing[:, None, :]) @ value).mean(axis=0))
    return added[-1] > added[-2] + 0.2


def small_probes(rng, n):
    found = []
    while len(found) < n:
        probe = small_worlds(rng)
        if clear(probe):
            found.append(probe)
    return found


def peak(p, q, taught):
    return max(0, time(0.5 - p / (2 * q), p, q) - time(taught, p, q))


def time(share, p, q):
    return np.log((1 + share * q / p) / (1 - share)) / (p + q)


def peak_by_area(p, q, taught):
    """The time that it takes is the area under 1 / F' from the share taught to F*."""
    most = 0.5 - p / (2 * q)
    return quad(lambda share: 1 / ((p + q * share) * (1 - share)), taught, most)[0] if taught < most else 0.0


def peaks(rng):
    return [tuple(round(float(x), 4) for x in (rng.uniform(0.005, 0.08), rng.uniform(0.2, 0.7), taught)) for taught in (0, 0.01, 0.03, 0.05, 0.1, 0.15, 0.2, 0.48)]


def parts(discount=lambda value, quarter, rate: value / (1 + rate) ** quarter, inside=lambda quarter, horizon: quarter <= horizon):
    """`split` with another idea of discounting or of the horizon."""
    def split(before, after, value, rate, horizon):
        earlier, later = (np.where(inside(quarter, horizon), discount(value, quarter, rate), 0) for quarter in (before, after))
        gained, anyway = later - earlier, inside(before, horizon)
        return [gained[anyway].sum(), gained[~anyway].sum()]
    return split


def split_by_library(before, after, value, rate, horizon):
    without, with_ = (pd.DataFrame([np.where(quarter <= horizon, quarter, np.inf)]) for quarter in (before, after))
    return acceleration_and_expansion(without, with_, pd.Series(value), rate).iloc[0].tolist()


def split_one_by_one(before, after, value, rate, horizon):
    """Client after client: the present value with teaching, less that without it."""
    acceleration = expansion = 0.0
    for earlier, later, amount in zip(after, before, value):
        for _ in range(int(earlier)):
            amount /= 1 + rate
        if later <= horizon:
            acceleration += amount - amount / (1 + rate) ** (later - earlier)
        elif earlier <= horizon:
            expansion += amount
    return acceleration, expansion


def gross(before, after, value, rate, horizon):
    came = np.where(after <= horizon, value / (1 + rate) ** after, 0)
    return [came[before <= horizon].sum(), came[before > horizon].sum()]


def runs_drawn(rng):
    """Eight worlds of six clients, for the grader; 99 is never."""
    for horizon in (6, 8, 12, 20, 6, 8, 12, 20):
        before = np.where(rng.random(6) < 0.4, 99, rng.integers(0, horizon + 4, 6))
        after = np.minimum(before, np.where(rng.random(6) < 0.4, 99, rng.integers(0, horizon + 2, 6)))
        yield before.tolist(), after.tolist(), rng.integers(5, 50, 6).tolist(), round(float(rng.uniform(0.01, 0.1)), 3), horizon


EXERCISES = [
    Function(
        id="08.passed-on", objective="08.1", points=2, tolerance=1e-4,
        what="your function passed_on",
        probes=[(1000, 0.05, 0.15, 1110, 0.055, 0.13, 0.1), (400, 0.08, 0.2, 500, 0.08, 0.25, 0.08), (2000, 0.04, 0.1, 2100, 0.05, 0.08, 0.12)],
        hidden=lambda rng: list(clients_drawn(rng)),
        answer=passed_on,
        alternatives=[with_worth(worth_by_payments), passed_on_by_table],
        conventions=[Convention("three decimals", lambda *a: round(passed_on(*a), 3))],
        nudge="Not yet: work out what the client is worth to the vendor before and after with the formula for V, and divide the difference by the growth of the client's equity.",
        mistakes=[
            Mistake("churn left out", with_worth(lambda e, u, h, d: u * e),
                    "You left retention out: the vendor sees only the part d / (d + θ) of what the client passes on.",
                    excluded_by="use the formula for $V$ above"),
            Mistake("the equity that was added only", lambda e, u, h, e2, u2, h2, d: worth(1, u, h, d),
                    "That is what arrives of each dollar of equity at the old usage share and churn; both also change, and they work on all of the client's equity.",
                    excluded_by="per dollar of growth of the client's equity"),
            Mistake("the added equity, as it passes after", lambda e, u, h, e2, u2, h2, d: worth(1, u2, h2, d),
                    "That is what arrives of each dollar of equity after the course; a larger usage share and a longer stay work on the old equity too.",
                    excluded_by="per dollar of growth of the client's equity"),
            Mistake("the added equity, in money", lambda e, u, h, e2, u2, h2, d: worth(e2 - e, u2, h2, d),
                    "You counted what the added equity brings in all; take the client's whole value, after less before, per dollar of growth."),
            Mistake("only one of two divided", lambda e, u, h, e2, u2, h2, d: worth(e2, u2, h2, d) - worth(e, u, h, d) / (e2 - e),
                    "Brackets: the whole difference is divided by the growth of the client's equity."),
            Mistake("value per equity, after less before", lambda e, u, h, e2, u2, h2, d: worth(1, u2, h2, d) - worth(1, u, h, d),
                    "That is by how much value per dollar of equity changes; the question asks for the change in value per dollar of *growth*.",
                    excluded_by="per dollar of growth of the client's equity"),
            Mistake("margin multiple", with_worth(lambda e, u, h, d: u * e * (1 - h) / (d + h)),
                    "You took (1 − θ) / (d + θ), which belongs to a yearly payment of which the next is a year away; the equity is the value of all years together.",
                    excluded_by="use the formula for $V$ above"),
            Mistake("retention times", with_worth(lambda e, u, h, d: u * e * (1 - h)),
                    "You multiplied by 1 − θ, which is one year of staying; the factor for all years is d / (d + θ).",
                    excluded_by="use the formula for $V$ above"),
            Mistake("retention in the place of churn", with_worth(lambda e, u, h, d: u * e * d / (d + 1 - h)),
                    "You put retention where churn belongs: a client who leaves sooner should be worth less."),
            Mistake("equity taken for a yearly payment", with_worth(lambda e, u, h, d: u * e * (1 + d) / (d + h)),
                    "You took the equity for a payment each year; it is the value of all years together.",
                    excluded_by="use the formula for $V$ above"),
            Mistake("discounted once more", with_worth(lambda e, u, h, d: u * e / (d + h)),
                    "You divided by d + θ, but equity is the value of all years together, so the factor is d / (d + θ).",
                    excluded_by="use the formula for $V$ above"),
            Mistake("in all", lambda *a: passed_on(*a) * (a[3] - a[0]),
                    "That is the vendor's gain in money; divide it by the growth of the client's equity.", excluded_by="per dollar of growth"),
            Mistake("per dollar of equity before", lambda *a: passed_on(*a) * (a[3] - a[0]) / a[0],
                    "You divided by the client's equity before; divide by its growth.", excluded_by="per dollar of growth of the client's equity"),
            Mistake("per dollar of equity after", lambda *a: passed_on(*a) * (a[3] - a[0]) / a[3],
                    "You divided by the client's equity after; divide by its growth.", excluded_by="per dollar of growth of the client's equity"),
            Mistake("growth of the value", lambda *a: worth(a[3], a[4], a[5], a[6]) / worth(a[0], a[1], a[2], a[6]) - 1,
                    "That is by which share the client's value grows; the question asks for dollars per dollar of the client's growth.",
                    excluded_by="per dollar of growth of the client's equity"),
            Mistake("elasticity", lambda *a: (worth(a[3], a[4], a[5], a[6]) / worth(a[0], a[1], a[2], a[6]) - 1) / (a[3] / a[0] - 1),
                    "You divided per cent by per cent; divide dollars by dollars.", excluded_by="per dollar of growth of the client's equity"),
            Mistake("upside down", lambda *a: 1 / passed_on(*a),
                    "You have it upside down: the vendor's gain belongs above the line."),
            Mistake("cents", lambda *a: 100 * passed_on(*a),
                    "These are cents; give dollars per dollar.", excluded_by="how many dollars does the vendor gain?"),
            Mistake("two decimals", lambda *a: round(passed_on(*a), 2),
                    "You rounded too much; return the number as it is."),
            Mistake("after only", lambda *a: worth(a[3], a[4], a[5], a[6]) / (a[3] - a[0]),
                    "You divided the whole value after; take off what the client was worth before."),
            Mistake("the sign", lambda *a: -passed_on(*a),
                    "Your sign is turned round: after less before."),
            Mistake("old churn throughout", lambda e, u, h, e2, u2, h2, d: (worth(e2, u2, h, d) - worth(e, u, h, d)) / (e2 - e),
                    "You kept the old churn for the time after; use the new one there."),
            Mistake("new churn throughout", lambda e, u, h, e2, u2, h2, d: (worth(e2, u2, h2, d) - worth(e, u, h2, d)) / (e2 - e),
                    "You used the new churn for the time before; use the old one there."),
            Mistake("old usage throughout", lambda e, u, h, e2, u2, h2, d: (worth(e2, u, h2, d) - worth(e, u, h, d)) / (e2 - e),
                    "You kept the old usage share for the time after; use the new one there."),
            Mistake("brackets", lambda e, u, h, e2, u2, h2, d: ((u2 * e2 * d / d + h2) - (u * e * d / d + h)) / (e2 - e),
                    "Brackets: d + θ stands below the line as a whole, so write / (rate + churn)."),
        ],
    ),
    Scalar(
        id="08.break-even", objective="08.1", points=1, low=0, tolerance=0.002,
        what="the most that the course may cost, in thousand dollars",
        answer=hotel,
        alternatives=[lambda: hotel_by_hand(worth), lambda: hotel_by_hand(worth_by_payments)],
        conventions=[Convention("three decimals", lambda: round(hotel(), 3)), Convention("two decimals", lambda: round(hotel(), 2))],
        nudge="Not yet: change equity, usage share and churn of this client as the course does, work out its value before and after, and take the difference.",
        mistakes=[
            Mistake("value after", lambda: worth(*hotel_row()[1], RATE),
                    "That is what the client is worth after the course; take off what it was worth before."),
            Mistake("value before", lambda: worth(*hotel_row()[0], RATE),
                    "That is what the client is worth before the course; the question asks for what the course adds."),
            Mistake("equity only", lambda: hotel(usage=0, firm=0, market=0),
                    "You let only the equity grow; the usage share and the churn change as well."),
            Mistake("churn left as it was", lambda: hotel(firm=0, market=0),
                    "You left the churn as it was; the course changes it too."),
            Mistake("usage left as it was", lambda: hotel(usage=0),
                    "You left the usage share as it was; it grows by a tenth of itself."),
            Mistake("equity left as it was", lambda: hotel(equity=0),
                    "You left the client's equity as it was; it grows too."),
            Mistake("ten points of usage", lambda: worth(hotel_row()[1][0], hotel_row()[0][1] + 0.10, hotel_row()[1][2], RATE) - worth(*hotel_row()[0], RATE),
                    "You added ten percentage points to the usage share; it grows by ten per cent of itself.",
                    excluded_by="usage share +10 % of itself"),
            Mistake("churn times the wrong way", lambda: hotel(binding=-0.8, freeing=-0.5),
                    "You turned the sign in the exponent: binding lowers churn and freeing raises it."),
            Mistake("churn rounded", lambda: worth(*hotel_row()[1][:2], 0.86 * hotel_row()[0][2], RATE) - worth(*hotel_row()[0], RATE),
                    "You rounded the factor of churn to 0.86; leave it as the exponential that it is.",
                    excluded_by="churn times $e^{-0.8 \\cdot 0.5 + 0.5 \\cdot 0.5}$"),
            Mistake("freed only", lambda: hotel(firm=0),
                    "You left out the firm-specific part, which lowers churn."),
            Mistake("bound only", lambda: hotel(market=0),
                    "You left out the market part, which raises churn."),
            Mistake("what the client gains", lambda: 0.11 * hotel_row()[0][0],
                    "That is what the client gains in equity; the vendor gains a part of it and pays for the course.",
                    excluded_by="may cost if it is to pay at this client **alone**"),
            Mistake("all of it passes", lambda: (lambda b, a: a[1] * a[0] - b[1] * b[0])(*hotel_row()),
                    "You left retention out: multiply by d / (d + θ), before and after.", excluded_by="from the formula for $V$"),
            Mistake("the first year only", lambda: (lambda b, a: (a[1] * a[0] - b[1] * b[0]) * RATE / (1 + RATE))(*hotel_row()),
                    "That is the first year; what the client brings while it stays counts too.", excluded_by="from the formula for $V$"),
            Mistake("pays only after it has stayed", lambda: hotel_by_hand(lambda e, u, h, d: worth(e, u, h, d) * (1 - h)),
                    "You let the client leave before its first payment; it pays at the beginning of each year.",
                    excluded_by="from the formula for $V$"),
            Mistake("equity taken for a yearly payment", lambda: hotel() * (1 + RATE) / RATE,
                    "You took the equity for a payment each year; it is the value of all years together.", excluded_by="from the formula for $V$"),
            Mistake("shares added", lambda: worth(*hotel_row()[0], RATE) * (0.11 + 0.10 + 1 - np.exp(-0.15)),
                    "You added up the three changes; the value is a product and a quotient, so work it out before and after."),
            Mistake("three gains added", lambda: hotel(usage=0, firm=0, market=0) + hotel(equity=0, firm=0, market=0) + hotel(equity=0, usage=0),
                    "You added up what each of the three changes brings by itself; they multiply."),
            Mistake("per dollar of growth", lambda: hotel() / (0.11 * hotel_row()[0][0]),
                    "That is per dollar of the client's growth, as in exercise 1; the question asks for an amount."),
            Mistake("one decimal", lambda: round(hotel(), 1),
                    "You rounded too much; leave the number as it is."),
            Mistake("dollars", lambda: 1000 * hotel(),
                    "That is in dollars; give thousand dollars.", excluded_by="in **thousand dollars**"),
            Mistake("the average client", lambda: gain().mean(),
                    "That is the gain at the average client; the question asks for client 196."),
            Mistake("all clients", lambda: gain().sum(),
                    "That is the gain at all clients together; the question asks for client 196."),
        ],
    ),
    Function(
        id="08.firm-enough", objective="08.2", points=2, tolerance=5e-4,
        what="your function firm_enough",
        probes=[(0.5, 0.0, 0.15, 0.1, 0.8, 0.5), (0.6, 0.1, 0.2, 0.1, 0.9, 0.7), (0.3, 0.2, 0.12, 0.08, 0.5, 0.4), (1.0, 0.05, 0.1, 0.12, 1.2, 1.0)],
        hidden=lambda rng: [tuple(round(float(x), 4) for x in (rng.uniform(0.2, 1), g, rng.uniform(0.06, 0.25), rng.uniform(0.05, 0.15), rng.uniform(0.4, 1.5), rng.uniform(0.3, 1.2)))
                            for g in (0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.3, 0.5)],
        answer=firm_enough,
        alternatives=[firm_by_search, firm_by_table],
        conventions=[Convention("three decimals", lambda *a: round(float(firm_enough(*a)), 3))],
        nudge="Not yet: check your function with a growth of 0, where the answer is freeing times market over binding; growth makes it smaller, and it never falls below 0.",
        mistakes=[
            Mistake("growth left out", lambda m, g, h, d, f, s: s * m / f,
                    "That holds churn where it was; a client that has become richer may be a little likelier to leave and still be worth as much.",
                    excluded_by="so that the client is not worth less to the vendor than before"),
            Mistake("not bounded below", with_churn(lambda g, h, d: (1 + g) * (d + h) - d, floor=-np.inf),
                    "Where the course pays without any firm-specific expertise your function goes below 0; return 0 there.",
                    excluded_by="Where the course needs none, return 0."),
            Mistake("two decimals", lambda *a: round(float(firm_enough(*a)), 2),
                    "You rounded too much; return the number as it is."),
            Mistake("binding left out", lambda m, g, h, d, f, s: max(0, s * m - np.log(((1 + g) * (d + h) - d) / h)),
                    "You found the exponent; divide it by the strength with which firm-specific expertise binds."),
            Mistake("discounting left out", with_churn(lambda g, h, d: (1 + g) * h),
                    "You let churn grow by as much as the equity; the value goes with 1 / (d + θ), so the discount rate has a part in it."),
            Mistake("the log turned round", lambda m, g, h, d, f, s: max(0, (s * m + np.log(((1 + g) * (d + h) - d) / h)) / f),
                    "Your sign is turned round: growth makes less firm-specific expertise necessary, not more."),
            Mistake("0 everywhere: nothing, no log, or without the market's part", lambda m, g, h, d, f, s: max(0, -np.log(((1 + g) * (d + h) - d) / h) / f),
                    "Your function is 0 everywhere: either what market expertise does to churn is missing, or the logarithm is."),
            Mistake("no log", lambda m, g, h, d, f, s: (s * m - ((1 + g) * (d + h) - d) / h) / f,
                    "You left out the logarithm: the expertise stands in an exponent."),
            Mistake("old churn left out", lambda m, g, h, d, f, s: max(0, (s * m - np.log((1 + g) * (d + h) - d)) / f),
                    "You took the logarithm of the new churn by itself; the exponent tells how the new churn stands to the old."),
            Mistake("change of churn for its logarithm", lambda m, g, h, d, f, s: max(0, (s * m - (((1 + g) * (d + h) - d) / h - 1)) / f),
                    "You took the relative change of churn for its logarithm; the expertise stands in an exponent."),
            Mistake("new churn without taking d off", with_churn(lambda g, h, d: (1 + g) * (d + h)),
                    "You took (1 + g)(d + θ) for the new churn; that is the new d + θ."),
            Mistake("divided by the growth", lambda m, g, h, d, f, s: max(0, (s * m - np.log(max((d + h) / (1 + g) - d, 1e-9) / h)) / f),
                    "You divided by 1 + g where you have to multiply: a richer client can bear more churn, not less."),
            Mistake("binding and freeing exchanged", lambda m, g, h, d, f, s: max(0, (f * m - np.log(((1 + g) * (d + h) - d) / h)) / s),
                    "You exchanged binding and freeing: market expertise frees, firm-specific expertise binds."),
            Mistake("the new churn", lambda m, g, h, d, f, s: (1 + g) * (d + h) - d,
                    "That is the churn that the vendor can bear; now find the firm-specific expertise that leads to it.",
                    excluded_by="How much firm-specific expertise must it give **at least**"),
            Mistake("freeing left out", lambda m, g, h, d, f, s: max(0, (m - np.log(((1 + g) * (d + h) - d) / h)) / f),
                    "You left out how strongly market expertise frees."),
            Mistake("market left out", lambda m, g, h, d, f, s: max(0, (s - np.log(((1 + g) * (d + h) - d) / h)) / f),
                    "You left out how much market expertise the course gives."),
            Mistake("logarithm to base ten", lambda m, g, h, d, f, s: max(0, (s * m - np.log10(((1 + g) * (d + h) - d) / h)) / f),
                    "You took the logarithm to base ten; the exponent has the base e, so use np.log."),
            Mistake("nothing subtracted", lambda m, g, h, d, f, s: np.log(((1 + g) * (d + h) - d) / h) / f,
                    "That is by how much the course may fall short of holding churn where it was; set it against what market expertise does."),
            Mistake("log divided twice", lambda m, g, h, d, f, s: max(0, s * m - np.log(((1 + g) * (d + h) - d) / h) / f),
                    "Brackets: all of it is divided by binding, the freeing part too."),
        ],
    ),
    Scalar(
        id="08.two-ways", objective="08.3", points=1, low=0, tolerance=0.001,
        what="the expected number of clients who know it in the end",
        answer=lambda: 1 + 0.4 + 0.4 + 1 - (1 - 0.16) ** 2,
        alternatives=[by_library, by_every_case],
        conventions=[Convention("three decimals", lambda: round(1 + 0.8 + 1 - 0.84**2, 3))],
        nudge="Not yet: Ann counts 1, Bob and Cid count with the probability of their tie; Dan misses it only if both ways to him fail.",
        mistakes=[
            Mistake("ways added up", 1 + 0.8 + 2 * 0.16,
                    "You added up the probabilities of the two ways to Dan; both can work at once, and he learns it only once."),
            Mistake("without Ann", 0.8 + 1 - 0.84**2,
                    "You left Ann out; she is among those who know it.", excluded_by="**Ann among them**"),
            Mistake("one way", 1 + 0.8 + 0.16,
                    "You let only one way lead to Dan; there are two."),
            Mistake("no second step for Dan", 1 + 0.8 + 1 - 0.6**2,
                    "You let Bob and Cid pass it on as if both knew it for sure; each knows it with a probability of its own."),
            Mistake("every tie counts", 1 + 4 * 0.4,
                    "You counted four ties with their probability; a tie from somebody who does not know it passes nothing on."),
            Mistake("Dan like the others", 1 + 3 * 0.4,
                    "You let Dan learn it with the probability of one tie; it takes two in a row to get to him, and there are two ways."),
            Mistake("both ways needed", 1 + 0.8 + 0.16**2,
                    "You asked for both ways to Dan to work; one of them is enough."),
            Mistake("missed", 1 + 0.8 + 0.84**2,
                    "You counted the probability that Dan misses it; take it off 1."),
            Mistake("expected teachers", 1 + 0.8 + 0.8 * 0.4 - 0.4**2 * 0.4,
                    "You took off too much for the case that both ways work: that takes all four ties."),
            Mistake("only Dan", 1 - 0.84**2,
                    "That is the probability for Dan; add those before him."),
            Mistake("without Bob or Cid", 1 + 0.4 + 1 - 0.84**2,
                    "One of Bob and Cid is missing; both may come to know it."),
            Mistake("without Dan", 1 + 0.8,
                    "Dan is missing; he may come to know it too."),
            Mistake("two decimals", lambda: round(1 + 0.8 + 1 - 0.84**2, 2),
                    "You rounded too much; leave the number as it is."),
            Mistake("every tie counts, without Ann", 4 * 0.4,
                    "You counted four ties with their probability; a tie from somebody who does not know it passes nothing on, and Ann is missing."),
            Mistake("half for each tie", 1 + 1 + 1 - 0.75**2,
                    "You took 0.5 as in the example; here each tie works with probability 0.4."),
        ],
    ),
    Array(
        id="08.interval", objective="08.3", points=2, shape=(2,), tolerance=0.03,
        what="the interval for the expected value",
        answer=interval,
        alternatives=[interval_run_by_run, lambda: expected_spread(reached(hub_waves(), gain()))[["low", "high"]].tolist()],
        conventions=[
            Convention("three decimals", lambda: np.round(interval(), 3)),
            Convention("one decimal", lambda: np.round(interval(), 1)),
            Convention("2 standard errors", lambda: interval(z=2)),
            Convention("Student's t", lambda: interval(z=1.9612)),
            Convention("n in place of n − 1", lambda: interval(root=lambda n: np.sqrt(n * n / (n - 1)))),
        ],
        nudge="Not yet: take the value reached in each run, their mean, and 1.96 standard errors (standard deviation over the root of the number of runs) to both sides.",
        mistakes=[
            Mistake("range of single cascades", lambda: interval(root=lambda n: 1),
                    "You took the standard deviation of single runs; the question asks how well the *mean* of 2,000 runs is known.",
                    excluded_by="**95 % interval for the expected value**"),
            Mistake("percentiles of the runs", percentiles,
                    "These are percentiles of single runs; the question asks how well their *mean* is known.",
                    excluded_by="**95 % interval for the expected value**"),
            Mistake("clients, not value", lambda: interval(value=None),
                    "That is the interval for the number of clients; weight them with gain.",
                    excluded_by="`reached(runs, gain)` gives the value reached in each run"),
            Mistake("percentiles of clients", lambda: percentiles(None),
                    "These are percentiles of the number of clients in single runs; ask for the mean of the value."),
            Mistake("90 per cent", lambda: interval(z=1.645),
                    "That is a 90 % interval; for 95 % it takes 1.96 standard errors.", excluded_by="mean $\\pm\\, 1.96\\, s / \\sqrt{n}$"),
            Mistake("99 per cent", lambda: interval(z=2.576),
                    "That is a 99 % interval; for 95 % it takes 1.96 standard errors.", excluded_by="mean $\\pm\\, 1.96\\, s / \\sqrt{n}$"),
            Mistake("one standard error", lambda: interval(z=1),
                    "You went one standard error to each side; for 95 % it takes 1.96.", excluded_by="mean $\\pm\\, 1.96\\, s / \\sqrt{n}$"),
            Mistake("divided by n", lambda: interval(root=lambda n: n),
                    "You divided by the number of runs; the standard error has its root."),
            Mistake("the wrong order", lambda: interval()[::-1],
                    "The numbers are right, the order is not: the lower one first.", excluded_by="the lower one first"),
            Mistake("equity, not gain", lambda: interval(value=lambda: firm().clients["equity"]),
                    "You weighted with the clients' own equity; what counts for the vendor is gain.",
                    excluded_by="`reached(runs, gain)` gives the value reached in each run"),
            Mistake("value of the clients, not gain", lambda: interval(value=lambda: vendor_value(firm().clients, RATE)),
                    "You weighted with what the clients are worth already; what teaching brings is gain.",
                    excluded_by="`reached(runs, gain)` gives the value reached in each run"),
            Mistake("without the client taught", lambda: [x - gain()[listeners().idxmax()] for x in interval()],
                    "You left out the client who is taught; what it gains itself belongs to it.",
                    excluded_by="`reached(runs, gain)` gives the value reached in each run"),
            Mistake("half width only", lambda: [-(interval()[1] - interval()[0]) / 2, (interval()[1] - interval()[0]) / 2],
                    "That is the distance to both sides; add the mean."),
            Mistake("mean and half width", lambda: [np.mean(interval()), (interval()[1] - interval()[0]) / 2],
                    "You gave the mean and the distance; give the lower and the upper end."),
            Mistake("mean and standard error", with_error,
                    "You gave the mean and the standard error; give the lower and the upper end of the interval."),
            Mistake("variance", with_variance,
                    "You took the variance in the place of the standard deviation."),
            Mistake("variance over n", with_variance_over_n,
                    "You left out the root: the variance over the number of runs is the *square* of the standard error."),
            Mistake("dollars", lambda: [1000 * x for x in interval()],
                    "That is in dollars; give thousand dollars.", excluded_by="in thousand dollars"),
            Mistake("mean times two ends", lambda: [interval()[0] / 1000, interval()[1] / 1000],
                    "gain is in thousand dollars already; do not divide again."),
            Mistake("whole numbers", lambda: np.round(interval()),
                    "You rounded too much; leave the numbers as they are."),
        ],
    ),
    Function(
        id="08.next-client", objective="08.4", points=3, tolerance=0.01,
        what="your function next_client",
        probes=small_probes(np.random.default_rng(9), 8),
        hidden=lambda rng: small_probes(rng, 12),
        answer=next_client,
        alternatives=[by_loops, by_totals],
        nudge="Not yet: in each world take what a client reaches and the first one does not, add up the values of that, average over the worlds, and return the place of the largest average.",
        mistakes=[
            Mistake("best by itself", without_first(lambda r, v, f: (r @ v).mean(axis=0)),
                    "You chose who reaches most by itself; what the first client reaches anyway must not count again."),
            Mistake("best of all", lambda r, v, f: int((r @ v).mean(axis=0).argmax()),
                    "You chose who reaches most, without looking at what the first client reaches."),
            Mistake("clients, not value", without_first(lambda r, v, f: (r * (1 - r[:, [f]])).sum(axis=2).mean(axis=0)),
                    "You counted clients; add up their values.", excluded_by="adds the most value"),
            Mistake("as if independent", without_first(lambda r, v, f: (r.mean(axis=0) * (1 - r.mean(axis=0)[f])) @ v),
                    "You averaged over the worlds first; who is reached twice is only known world by world.",
                    excluded_by="**on average over the worlds**"),
            Mistake("who reaches whom exchanged", without_first(lambda r, v, f: ((r.swapaxes(1, 2) * (1 - r[:, [f]])) @ v).mean(axis=0)),
                    "You have exchanged who reaches and who is reached: the row teaches, the column is reached."),
            Mistake("what the first reaches taken from the column", without_first(lambda r, v, f: ((r * (1 - r[:, :, f])[:, None, :]) @ v).mean(axis=0)),
                    "You looked up who reaches the first client; look up whom it reaches."),
            Mistake("most valuable", without_first(lambda r, v, f: v),
                    "You chose the most valuable client; count what it adds to what the first one reaches."),
            Mistake("places from 1", lambda r, v, f: next_client(r, v, f) + 1,
                    "You count places from 1; the first client has place 0.", excluded_by="the **place** (0, 1, 2, …)"),
            Mistake("the gain itself", lambda r, v, f: float(((r * (1 - r[:, f])[:, None, :]) @ v).mean(axis=0).max()),
                    "You return what the client adds; return its place.", excluded_by="Return the **place**"),
            Mistake("the least", lambda r, v, f: int(((r * (1 - r[:, f])[:, None, :]) @ v).mean(axis=0).argmin()),
                    "You return the client who adds least."),
            Mistake("reached by both", without_first(lambda r, v, f: ((r * r[:, [f]]) @ v).mean(axis=0)),
                    "You counted what both reach; count what the first one does *not* reach."),
            Mistake("never reached by the first", without_first(lambda r, v, f: ((r * (1 - r[:, f].max(axis=0))) @ v).mean(axis=0)),
                    "You left out whoever the first client reaches in any world; in a world where it does not reach them they count."),
            Mistake("a vote of the worlds", by_vote,
                    "You took the client who is best in most worlds; average what each adds over the worlds first, and take the best then.",
                    excluded_by="**on average over the worlds**"),
            Mistake("the best of its worlds", without_first(lambda r, v, f: ((r * (1 - r[:, f])[:, None, :]) @ v).max(axis=0)),
                    "You took what each client adds in its best world; average over all of them.", excluded_by="**on average over the worlds**"),
            Mistake("the first world", without_first(lambda r, v, f: (r[0] * (1 - r[0, f])) @ v),
                    "You looked at the first world only; average over all of them."),
        ],
    ),
    Scalar(
        id="08.lead", objective="08.4", points=1, low=0, tolerance=0.004,
        what="how many times as much value the greedy choice reaches",
        answer=lead,
        alternatives=[lambda: lead_by(client_by_client), lambda: lead_by(step_by_step)],
        conventions=[Convention("three decimals", lambda: round(lead(), 3)), Convention("two decimals", lambda: round(lead(), 2))],
        nudge="Not yet: fresh.spread gives the value in each world; take the mean for each of the two choices and divide.",
        mistakes=[
            Mistake("upside down", lambda: 1 / lead(),
                    "You have it upside down: the greedy choice belongs above the line."),
            Mistake("clients, not value", lambda: lead(value=None),
                    "That compares numbers of clients; weight them with gain.", excluded_by="**value** (`gain`)"),
            Mistake("how much more", lambda: lead() - 1,
                    "That is how much more, as a share; the question asks how many times as much.", excluded_by="how many times as much"),
            Mistake("in the worlds of the choice", lambda: value_of(chosen(), where=(500, 1)) / value_of(hubs(), where=(500, 1)),
                    "You rounded too much, or judged in the worlds in which the choice was made instead of fresh.",
                    excluded_by="In the worlds of `fresh`"),
            Mistake("per cent", lambda: 100 * lead(),
                    "That is in per cent; give the number of times.", excluded_by="how many times as much"),
            Mistake("per cent, one decimal", lambda: round(100 * lead(), 1),
                    "That is in per cent; give the number of times.", excluded_by="how many times as much"),
            Mistake("per cent, rounded", lambda: round(100 * lead()),
                    "That is in per cent; give the number of times.", excluded_by="how many times as much"),
            Mistake("the difference", lambda: value_of(chosen()) - value_of(hubs()),
                    "That is the difference in thousand dollars; divide instead.", excluded_by="how many times as much"),
            Mistake("against the most valuable", lambda: value_of(chosen()) / value_of(gain().nlargest(8).index),
                    "You compared with the most valuable; the question asks for the best connected."),
            Mistake("against the best alone", lambda: value_of(chosen()) / value_of(worlds(500, 1).gains([], gain()).nlargest(8).index),
                    "You compared with those who are best alone; the question asks for the best connected."),
            Mistake("their own gains only", lambda: gain()[chosen()].sum() / gain()[hubs()].sum(),
                    "You compared what the eight bring themselves; those whom they reach count too."),
            Mistake("equity", lambda: lead(value=lambda: firm().clients["equity"]),
                    "You weighted with the clients' own equity; what counts for the vendor is gain.", excluded_by="**value** (`gain`)"),
            Mistake("what the clients are worth already", lambda: lead(value=lambda: vendor_value(firm().clients, RATE)),
                    "You weighted with what the clients are worth already; what teaching brings is gain.", excluded_by="**value** (`gain`)"),
            Mistake("mean of the ratios", lambda: (worlds(1000, 2).spread(chosen(), gain()) / worlds(1000, 2).spread(hubs(), gain())).mean(),
                    "You averaged the ratio of each world; divide the average values instead.", excluded_by="Divide the two averages."),
            Mistake("the total of the choice over fresh hubs", lambda: value_of(chosen(), where=(500, 1)) / value_of(hubs()),
                    "Divide two means, and take both in fresh: the greedy total comes from the worlds of the choice, and a median is not a mean.",
                    excluded_by="Divide the two averages."),
            Mistake("after the costs", lambda: (value_of(chosen()) - 120) / (value_of(hubs()) - 120),
                    "You took the courses off; the question asks for the value reached."),
        ],
    ),
    Function(
        id="08.peak", objective="08.5", points=2, tolerance=0.002,
        what="your function peak",
        probes=[(0.03, 0.38, 0), (0.03, 0.38, 0.1), (0.01, 0.5, 0.05), (0.02, 0.4, 0.6)],
        hidden=peaks,
        answer=peak,
        alternatives=[bass_peak, peak_by_area],
        conventions=[Convention("three decimals", lambda *a: round(float(peak(*a)), 3))],
        nudge="Not yet: t(F) is the time to the share F when nobody is taught; who starts at the share taught has the way from t(taught) to t(F*) before them.",
        mistakes=[
            Mistake("nobody taught", lambda p, q, taught: np.log(q / p) / (p + q),
                    "That is the peak when nobody is taught; the share taught at the start is already on its way.",
                    excluded_by="when the share `taught` is taught at time 0"),
            Mistake("nobody taught, but 0 past the peak", lambda p, q, taught: np.log(q / p) / (p + q) if taught < 0.5 - p / (2 * q) else 0,
                    "Up to F* your function does not depend on the share taught; that share is already on its way at the start."),
            Mistake("without sign", lambda p, q, taught: abs(time(0.5 - p / (2 * q), p, q) - time(taught, p, q)),
                    "You took the absolute value; where the peak has passed, return 0.", excluded_by="0 if it has passed by then"),
            Mistake("one decimal", lambda p, q, taught: round(peak(p, q, taught), 1),
                    "You rounded too much; return the number as it is."),
            Mistake("can be negative", lambda p, q, taught: time(0.5 - p / (2 * q), p, q) - time(taught, p, q),
                    "Where more are taught than F* your function goes below 0; return 0 there.", excluded_by="0 if it has passed by then"),
            Mistake("share taught taken off F*", lambda p, q, taught: time(max(0.5 - p / (2 * q) - taught, 0), p, q),
                    "You took the share taught off F*; the way from a share to another is not the way from 0 to their difference."),
            Mistake("share left", lambda p, q, taught: (1 - taught) * np.log(q / p) / (p + q),
                    "You shortened the time in proportion to those left; take the time to the share taught off the time to the peak."),
            Mistake("time times", lambda p, q, taught: np.log(q / p) / (p + q) - taught / (p + q * taught),
                    "The share taught is not reached at a steady pace; take the time t(taught) from the formula."),
            Mistake("the share at the peak", lambda p, q, taught: 0.5 - p / (2 * q),
                    "That is the share at the peak; the question asks for its time."),
            Mistake("time to half", lambda p, q, taught: max(0, time(0.5, p, q) - time(taught, p, q)),
                    "You went to one half; the peak comes a little before.", excluded_by="at the share $F^* = 1/2 - p / (2q)$"),
            Mistake("p and q exchanged", lambda p, q, taught: max(0, np.log(abs(p / q * (1 - taught) / (1 + taught * q / p))) / (p + q)) if taught else np.log(p / q) / (p + q),
                    "You exchanged p and q in the logarithm."),
            Mistake("the time added", lambda p, q, taught: time(0.5 - p / (2 * q), p, q) + time(taught, p, q),
                    "You added the time to the share taught; teaching makes the way shorter."),
            Mistake("the time saved", lambda p, q, taught: time(taught, p, q),
                    "That is the time that teaching saves; take it off the time of the peak."),
            Mistake("logarithm to base ten", lambda p, q, taught: peak(p, q, taught) / np.log(10),
                    "You took the logarithm to base ten; use np.log."),
            Mistake("not divided", lambda p, q, taught: (p + q) * peak(p, q, taught),
                    "You left out the division by p + q."),
            Mistake("q less p", lambda p, q, taught: peak(p, q, taught) * (p + q) / (q - p),
                    "You divided by q − p; p + q stands below the line."),
            Mistake("brackets", lambda p, q, taught: max(0, (lambda t: t(0.5 - p / 2 * q) - t(taught))(lambda share: time(share, p, q))),
                    "Brackets: 2q stands below the line as a whole, so write p / (2 * q)."),
        ],
    ),
    Function(
        id="08.split", objective="08.5", points=2, tolerance=0.002, returns="array",
        what="your function split",
        probes=[([2, 99, 5, 99], [0, 1, 5, 99], [100, 100, 40, 70], 0.25, 8), ([0, 9, 3, 12, 99], [0, 4, 1, 8, 7], [10, 20, 30, 40, 50], 0.05, 8),
                ([99, 6, 99], [2, 0, 10], [25, 60, 35], 0.02, 6)],
        hidden=lambda rng: list(runs_drawn(rng)),
        answer=parts(),
        alternatives=[split_by_library, split_one_by_one],
        conventions=[Convention("an array", lambda *a: np.array(parts()(*a))), Convention("three decimals", lambda *a: np.round(parts()(*a), 3))],
        nudge="Not yet: work out what each client is worth without and with teaching, 0 where it comes after the horizon, and add up the differences of those who would have come and of those who would not.",
        mistakes=[
            Mistake("the wrong order", lambda *a: parts()(*a)[::-1],
                    "The numbers are right, the order is not: acceleration first.",
                    excluded_by="clients who would have come anyway (acceleration), and what it gains on those who would not (expansion)"),
            Mistake("everything counts as won", lambda *a: [0, sum(gross(*a))],
                    "You counted everybody who comes with teaching as won; some would have come without it.",
                    excluded_by="what teaching gains on clients who would have come anyway"),
            Mistake("gross", gross,
                    "You counted the whole value of those who would have come anyway; only what they are worth more by coming earlier is gained.",
                    excluded_by="what teaching gains on clients who would have come anyway"),
            Mistake("not discounted", parts(discount=lambda value, quarter, rate: value + 0 * quarter),
                    "You left the discounting out; without it coming earlier is worth nothing.",
                    excluded_by="is worth its `value` divided by $(1 + \\text{rate})^t$"),
            Mistake("horizon left out", parts(inside=lambda quarter, horizon: quarter < 90),
                    "You let clients count who come after the horizon; they count as never."),
            Mistake("horizon excluded", parts(inside=lambda quarter, horizon: quarter < horizon),
                    "You left out those who come in the last quarter; only a *larger* quarter means never.",
                    excluded_by="a quarter *larger than* `horizon` means never"),
            Mistake("discounted the other way", parts(discount=lambda value, quarter, rate: value * (1 + rate) ** quarter),
                    "You let value grow with time; later is worth less."),
            Mistake("simple interest", parts(discount=lambda value, quarter, rate: value / (1 + rate * quarter)),
                    "You divided by 1 + rate · t; interest is compounded, so take the power.",
                    excluded_by="is worth its `value` divided by $(1 + \\text{rate})^t$"),
            Mistake("continuous", parts(discount=lambda value, quarter, rate: value * np.exp(-rate * quarter)),
                    "You discounted continuously; divide by (1 + rate) to the power of the quarter.",
                    excluded_by="is worth its `value` divided by $(1 + \\text{rate})^t$"),
            Mistake("a quarter late", parts(discount=lambda value, quarter, rate: value / (1 + rate) ** (quarter + 1)),
                    "You discounted one quarter too much: whoever comes in quarter 0 is worth its full value.",
                    excluded_by="is worth its `value` divided by $(1 + \\text{rate})^t$"),
            Mistake("expansion not discounted", lambda *a: [parts()(*a)[0], parts(discount=lambda value, quarter, rate: value + 0 * quarter)(*a)[1]],
                    "Your first number is discounted, the second is not; discount both."),
            Mistake("quarters as years", parts(discount=lambda value, quarter, rate: value / (1 + rate) ** (quarter / 4)),
                    "You divided the quarters by four; the rate is already one a quarter.", excluded_by="`rate` is the discount rate **a quarter**"),
            Mistake("counts", lambda before, after, value, rate, horizon: [
                        ((before <= horizon) & (after < before)).sum(), ((before > horizon) & (after <= horizon)).sum()],
                    "You counted the clients who come earlier and those who come at all; take what they are worth."),
            Mistake("shares", lambda *a: [x / max(sum(parts()(*a)), 1e-9) for x in parts()(*a)],
                    "You gave shares of the whole gain; give the two amounts."),
            Mistake("quarters saved", lambda before, after, value, rate, horizon: [((before - after) * (before <= horizon)).sum(), parts()(before, after, value, rate, horizon)[1]],
                    "Your first number counts quarters; weight what they are worth."),
            Mistake("clients, not value", lambda before, after, value, rate, horizon: parts()(before, after, 1 + 0 * value, rate, horizon),
                    "You counted clients; take their values."),
            Mistake("the difference discounted", lambda before, after, value, rate, horizon: [
                        (value * (1 - (1 + rate) ** -(before - after)) * (before <= horizon)).sum(), parts()(before, after, value, rate, horizon)[1]],
                    "You discounted by the quarters saved, as if the clients came at the start; discount both times from today."),
            Mistake("the sign", lambda *a: [-x for x in parts()(*a)],
                    "Your signs are turned round: with teaching less without."),
            Mistake("the whole", lambda *a: [sum(parts()(*a)), parts()(*a)[1]],
                    "Your first number holds both parts; leave out those who would not have come."),
        ],
    ),
    Written(id="08.decide", objective="08.4", points=4, what="the programme on a page"),
]
