"""Who comes to the online shop, through which channel, and what kind of customer each of them is."""

import numpy as np
import pandas as pd
from scipy.special import betaincinv, gammaincinv, ndtr

START, END = pd.Timestamp("2024-01-01"), pd.Timestamp("2025-12-31")
DAYS = (END - START).days + 1
# Leaving after a repeat purchase (a, b) and dollars a purchase (p, q, v) as fitted to CDNOW in the papers; purchases a week (r, alpha) with CDNOW's mean, 0.055,
# but less uneven than its (0.243, 4.414), because what the shop sells is used up.
RATE, DROPOUT, SPEND = (0.45, 7.8), (0.793, 2.426), (6.25, 3.74, 15.44)
# Times the above: how often, how easily they leave, how many dollars; margin after goods; share of newcomers; contacts with the service desk an order; mean age; share in towns.
VERTICALS = pd.DataFrame(
    [[1.8, 0.6, 0.95, 0.34, 0.27, 0.35, 34, 0.6], [1.2, 0.4, 1.4, 0.30, 0.22, 0.15, 31, 0.7],
     [2.0, 0.25, 1.2, 0.38, 0.13, 0.60, 58, 0.4], [1.2, 0.5, 0.9, 0.40, 0.38, 0.20, 45, 0.5]],
    columns=["rate", "dropout", "spend", "margin", "share", "contacts", "age", "urban"], index=pd.Index(["parents", "athletes", "chronic care", "wellness"], name="vertical"))
# Times the above again: how often, and how many dollars; prospects a year; the share of them that money can win at most and how fast it does (per dollar
# a prospect); usual dollars a prospect; and how well each vertical is reached.
CHANNELS = pd.DataFrame(
    [[1.3, 1.15, 8000, 0.10, 0.16, 11.0, 0.7, 0.5, 4.0, 0.5], [1.0, 1.05, 55000, 0.040, 1.4, 0.90, 1.0, 1.2, 1.0, 1.0],
     [0.8, 0.95, 80000, 0.025, 2.2, 0.25, 1.5, 1.4, 0.3, 0.9], [0.45, 0.75, 40000, 0.050, 5.0, 0.30, 0.9, 0.8, 0.4, 1.5],
     [1.4, 1.15, 0, 0, 0, 0, 1, 1, 1, 1]],
    columns=["rate", "spend", "prospects", "ceiling", "k", "usual", *VERTICALS.index],
    index=pd.Index(["partners", "search", "social", "deals", "referral"], name="channel"))
SEASON = [0.18, 0.18, 0.19, 0.45]
EFFORT = [0.4, 0.6, 0.8, 1.0, 1.0, 1.3, 1.6, 2.0]
SHARING, SKEW, ALIKE, ANYWAY, REWARD = 0.30, 0.3, 0.7, 0.3, 15.0
CONTACT = 2.0
# Of rate, spend and responsiveness, customer by customer.
DEPENDENCE = np.array([[1, 0.15, 0.1], [0.15, 1, 0], [0.1, 0, 1]])


def won(rng, size):
    """The channels' ledger by quarter, and the customers that it has bought: day of acquisition, channel and vertical."""
    paid = CHANNELS[CHANNELS["prospects"] > 0]
    ledger = pd.concat([_quarters(name, row, rng, size) for name, row in paid.iterrows()], ignore_index=True)
    rows = ledger.loc[ledger.index.repeat(ledger["acquired"])]
    start = (pd.PeriodIndex(rows["quarter"], freq="Q").start_time - START).days
    days = (pd.PeriodIndex(rows["quarter"], freq="Q").end_time - START).days + 1 - start
    people = pd.DataFrame({"acquired": (start + rng.random(len(rows)) * days).astype(float), "channel": rows["channel"].to_numpy()})
    passed = (rng.random((len(rows), 1)) > _reach(people["channel"]).cumsum(axis=1)[:, :-1]).sum(axis=1)
    return ledger, people.assign(vertical=VERTICALS.index[passed])


def dates(days):
    """Days since the start as dates."""
    return START + pd.to_timedelta(np.floor(days), unit="D")


def _quarters(name, channel, rng, size):
    """Eight quarters of one channel: the effort a prospect was varied, and money wins ever fewer (Blattberg and Deighton, 1996)."""
    ledger = pd.DataFrame({"quarter": pd.period_range(START, END, freq="Q").astype(str), "channel": name})
    prospects = (size * channel["prospects"] * np.array(SEASON * 2)).round().astype(int)
    effort = channel["usual"] * rng.permutation(EFFORT)
    won = rng.binomial(prospects, channel["ceiling"] * -np.expm1(-channel["k"] * effort))
    return ledger.assign(prospects=prospects, spend=(prospects * effort).round(2), acquired=won)


def _reach(channels):
    mix = CHANNELS[VERTICALS.index] * VERTICALS["share"]
    return mix.div(mix.sum(axis=1), axis=0).loc[channels].to_numpy()


def with_referred(people, rng):
    """Add those whom customers bring, and whom these bring in turn, until nobody brings any more."""
    people = wave = people.assign(referrer=-1, sharing=_sharing(len(people), rng))
    while len(wave):
        left = 1 - wave["acquired"] / DAYS
        by = wave.loc[wave.index.repeat(rng.poisson(wave["sharing"] * left))]
        alike = rng.random(len(by)) < ALIKE
        vertical = np.where(alike, by["vertical"], rng.choice(VERTICALS.index, len(by), p=VERTICALS["share"]))
        wave = pd.DataFrame({"acquired": by["acquired"].to_numpy() + rng.random(len(by)) * (DAYS - by["acquired"].to_numpy()), "channel": "referral",
                             "vertical": vertical, "referrer": by.index, "sharing": _sharing(len(by), rng)})
        wave.index += len(people)
        people = pd.concat([people, wave])
    return people.assign(would_have_come=np.where(people["referrer"] < 0, False, rng.random(len(people)) < ANYWAY))


def _sharing(n, rng):
    """Expected referrals of customers who stay two years: most bring nobody."""
    return SHARING / SKEW * rng.gamma(SKEW, size=n)


def numbered(people):
    """Customers in the order in which they came, numbered from 1; the referrer's number with them."""
    order = np.argsort(people["acquired"].to_numpy(), kind="stable")
    number = np.empty(len(people), int)
    number[order] = np.arange(1, len(people) + 1)
    referrer = np.where(people["referrer"] < 0, 0, number[people["referrer"]])
    return people.assign(referrer=referrer).iloc[order].set_axis(pd.RangeIndex(1, len(people) + 1, name="customer_id"))


def with_traits(people, rng):
    """What each customer is: rate, dropout, spend and responsiveness; and what of a person the shop can see."""
    z = rng.multivariate_normal(np.zeros(3), DEPENDENCE, len(people))
    vertical, channel = VERTICALS.loc[people["vertical"]], CHANNELS.loc[people["channel"]]
    factor = {name: (vertical[name].to_numpy() * channel[name].to_numpy()) for name in ("rate", "spend")}
    people = people.assign(
        rate=factor["rate"] * gammaincinv(RATE[0], ndtr(z[:, 0])) / RATE[1],
        dropout=vertical["dropout"].to_numpy() * betaincinv(*DROPOUT, rng.random(len(people))),
        spend=factor["spend"] * SPEND[0] * SPEND[2] / gammaincinv(SPEND[1], ndtr(-z[:, 1])),
        responsiveness=ndtr(1.5 * z[:, 2] - 0.5),
        newsletter=(z[:, 2] + 0.7 * rng.standard_normal(len(people)) > 0).astype(int))
    age = vertical["age"].to_numpy() + 9 * rng.standard_normal(len(people))
    return people.assign(age=age.clip(18, 90).astype(int), urban=(rng.random(len(people)) < vertical["urban"].to_numpy()).astype(int))


def with_service(people, orders, rng):
    """Contacts with the service desk: some verticals ask more about each order."""
    count = orders.groupby("customer_id").size().reindex(people.index, fill_value=0)
    contacts = rng.poisson(count * people["vertical"].map(VERTICALS["contacts"]))
    return people.assign(contacts=contacts, service_cost=CONTACT * contacts)


def with_rewards(ledger, people):
    """The channels' ledger with the referrals: no prospects, and a reward for each customer brought."""
    quarter = pd.PeriodIndex(people["acquired"][people["channel"] == "referral"], freq="Q").astype(str)
    count = pd.Series(quarter).value_counts().reindex(ledger["quarter"].unique(), fill_value=0)
    rows = pd.DataFrame({"quarter": count.index, "channel": "referral", "prospects": 0, "spend": REWARD * count.to_numpy(), "acquired": count.to_numpy()})
    return pd.concat([ledger, rows], ignore_index=True)
