"""What the online shop's customers order: an own rate each, a shock common to all, and the end that nobody announces."""

import numpy as np
import pandas as pd

from ._people import CONTACT, DAYS, SPEND, VERTICALS, dates

PRODUCTS = {"parents": ["nappies", "baby food", "skin care"], "athletes": ["protein", "sports gear", "recovery"],
            "chronic care": ["monitors", "supplies", "supplements"], "wellness": ["vitamins", "tea", "cosmetics"]}
MARGIN = pd.Series({product: VERTICALS.loc[vertical, "margin"] for vertical, products in PRODUCTS.items() for product in products})
OWN = 0.75
RETURNED, REFUND, HANDLING = 0.10, 0.70, 1.0
TRIAL_WEEKS = 13
SHOCK, MEMORY = 0.12, 0.8
ANNUAL_RATE = 0.10


class Calendar:
    """Weeks that count for more or less than a week: the shock common to all (AR(1) of its logarithm)."""

    def __init__(self, rng):
        weeks = -(-DAYS // 7) + TRIAL_WEEKS + 1
        noise, level = rng.standard_normal(weeks), np.empty(weeks)
        level[0] = noise[0]
        for week in range(1, weeks):
            level[week] = MEMORY * level[week - 1] + np.sqrt(1 - MEMORY**2) * noise[week]
        self.days = 7.0 * np.arange(weeks + 1)
        self.counted = np.concatenate([[0], np.cumsum(np.exp(SHOCK * level - SHOCK**2 / 2))])

    def weeks(self, day):
        """Weeks from the start to a day, each counted by its shock."""
        return np.interp(day, self.days, self.counted)

    def day(self, weeks):
        """The day at which so many weeks have been counted."""
        return np.interp(weeks, self.counted, self.days)


def purchases(people, calendar, rng):
    """Day of each order, the first at acquisition, until the customer leaves or the trial ends; and who leaves with which."""
    end = calendar.weeks(DAYS + 7 * TRIAL_WEEKS)
    rate, dropout = people["rate"].to_numpy(), people["dropout"].to_numpy()
    who, clock = np.arange(len(people)), calendar.weeks(people["acquired"].to_numpy())
    found = [(who, people["acquired"].to_numpy(), np.zeros(len(who), bool))]
    while len(who):
        clock = clock + rng.exponential(size=len(who)) / rate[who]
        leaves = rng.random(len(who)) < dropout[who]
        here = clock < end
        found.append((who[here], calendar.day(clock[here]), leaves[here]))
        who, clock = who[here & ~leaves], clock[here & ~leaves]
    who, day, leaves = map(np.concatenate, zip(*found))
    return pd.DataFrame({"customer_id": people.index[who], "day": day, "leaves": leaves}).sort_values(["day", "customer_id"], ignore_index=True)


def filled(baskets, people, rng):
    """What is in the orders: product, value, what comes back, and the margin."""
    buyer = people.loc[baskets["customer_id"]]
    value = (buyer["spend"].to_numpy() * rng.gamma(SPEND[0], size=len(buyer)) / SPEND[0]).clip(0.5).round(2)
    returned = np.where(rng.random(len(buyer)) < RETURNED, REFUND * value, 0).round(2)
    product = _products(buyer["vertical"].to_numpy(), rng)
    margin = ((value - returned) * MARGIN[product].to_numpy() - HANDLING * (returned > 0)).round(2)
    date = dates(baskets["day"])
    return baskets.assign(date=date, product=product, value=value, returned=returned, margin=margin)


def _products(verticals, rng):
    """Three orders of four are of the customer's own vertical, the others of any other."""
    names = np.array(list(PRODUCTS))
    own = np.searchsorted(np.sort(names), verticals)
    own = np.argsort(names)[own]
    other = (own + rng.integers(1, len(names), len(own))) % len(names)
    shelf = np.where(rng.random(len(own)) < OWN, own, other)
    return np.array(list(PRODUCTS.values()))[shelf, rng.integers(0, 3, len(own))]


def order_margin(people):
    """Expected dollars of an order after goods and returns, before service."""
    margin, n = VERTICALS["margin"], len(VERTICALS)
    expected = OWN * margin + (1 - OWN) * (margin.sum() - margin) / (n - 1)
    return people["spend"] * (1 - RETURNED * REFUND) * people["vertical"].map(expected) - RETURNED * HANDLING


def with_value(people, baskets):
    """What each customer is worth, by the closed form: expected discounted margin from acquisition, and from the end of the log."""
    gone = baskets.loc[baskets["leaves"] & (baskets["day"] < DAYS), "customer_id"]
    delta = np.log1p(ANNUAL_RATE) * 7 / 365.25
    margin = order_margin(people) - CONTACT * people["vertical"].map(VERTICALS["contacts"])
    repeat = margin * people["rate"] / (delta + people["rate"] * people["dropout"])
    alive = ~people.index.isin(gone)
    return people.assign(margin=margin, alive=alive, clv=margin + repeat, residual=np.where(alive, repeat, 0))
