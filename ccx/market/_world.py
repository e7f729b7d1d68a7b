"""The customers of the market game and how they respond: a logit with inertia, from which choice, retention and worth all follow."""

import functools
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

FIRMS, QUARTERS = 4, 8
# By segment, focal first: customers, the mean margin of a purchase before service (thousand dollars), purchases a quarter.
SIZES, MEAN_VALUE, MEAN_RATE = (200, 800), (0.6, 0.26), (1.2, 0.8)
VALUE_SPREAD, LEAN, TASTE_SPREAD = 0.6, (-1.2, 1.2), 0.7
ATTACHED, INERTIA, INERTIA_SPREAD, OUTSIDE = 0.6, 3.3, 0.8, 1.5
# Thousand dollars at which a response bends; acquisition per prospect's head, retention per own customer, the others for the segment.
BEND = {"acquisition": 0.04, "retention": 0.15, "development": 12.0, "cost": 12.0}
PULL, BOND, FIT, PRICE, UPSELL, SAVING = 1.0, 1.0, 0.42, 0.42, 0.11, 0.5
SERVICE, DISCOUNT_RATE, START_CASH = 0.06, 0.03, 80.0


@dataclass(frozen=True)
class World:
    """The customers, focal ones first, and all chance that will befall them, whatever the firms do.

    `taste` has a row for each firm and `noise`, quarter by quarter, one more for no firm; all arrays are read-only.
    """

    segment: np.ndarray
    price_sensitivity: np.ndarray
    rate: np.ndarray
    value: np.ndarray
    inertia: np.ndarray
    taste: np.ndarray
    firm: np.ndarray
    noise: np.ndarray
    purchases: np.ndarray


@functools.lru_cache(maxsize=64)
def draw_world(seed):
    """The world of a seed: the same customers and the same chance whenever it is drawn."""
    rng = np.random.default_rng(seed)
    segment = np.repeat([0, 1], SIZES)
    n = len(segment)
    worth, lean = rng.normal(size=(2, n))
    # Who is worth more looks less at the price, within a segment as between them.
    sensitivity = 1 / (1 + np.exp(-(np.take(LEAN, segment) - 0.6 * worth + 0.6 * lean)))
    value = np.take(MEAN_VALUE, segment) * np.exp(VALUE_SPREAD * worth - VALUE_SPREAD**2 / 2)
    rate = np.take(MEAN_RATE, segment) * rng.gamma(4, 1 / 4, n)
    inertia, taste = rng.normal(INERTIA, INERTIA_SPREAD, n), rng.normal(0, TASTE_SPREAD, (FIRMS, n))
    firm = np.concatenate([rng.permutation(_seats(size)) for size in SIZES])
    noise, purchases = rng.gumbel(size=(QUARTERS + 1, FIRMS + 1, n)), rng.poisson(rate, (QUARTERS + 1, n))
    world = World(segment, sensitivity, rate, value, inertia, taste, firm, noise, purchases)
    for field in fields(world):
        getattr(world, field.name).flags.writeable = False
    return world


def _seats(size):
    """The firms of a segment's customers at the start: each firm has as many, and some have none (-1)."""
    each = round(size * ATTACHED / FIRMS)
    return np.concatenate([np.repeat(range(FIRMS), each), np.full(size - FIRMS * each, -1)])


class Offers(NamedTuple):
    """What the firms have become, from all that they have spent on development and cost.

    `appeal` is the utility of each firm to each customer without inertia and without what is spent for one quarter alone; `fit` and `price` are by firm and
    segment, with a last row of zeros for no firm.
    """

    appeal: np.ndarray
    fit: np.ndarray
    price: np.ndarray


def offers(world, built):
    """The offers of firms that have spent so much in all, by firm, lever and segment."""
    fit, price = (np.vstack([np.log1p(built[:, lever] / BEND[name]), [0, 0]]) for lever, name in ((2, "development"), (3, "cost")))
    s = world.price_sensitivity
    appeal = world.taste + FIT * (1 - s) * fit[:FIRMS, world.segment] + PRICE * s * price[:FIRMS, world.segment]
    return Offers(appeal, fit, price)


def margins(world, offers, firm, purchases):
    """What each customer brings their firm in a quarter with so many purchases; 0 where there is no firm."""
    fit, price = offers.fit[firm, world.segment], offers.price[firm, world.segment]
    earned = purchases * world.value * (1 + UPSELL * (1 - world.price_sensitivity) * fit) - SERVICE * np.exp(-SAVING * price)
    return np.where(firm >= 0, earned, 0)


def choose(world, offers, firm, spending, quarter):
    """Every customer takes the firm, or none (-1), that is best for them in this quarter, in which `spending` is spent by firm, lever and segment."""
    own = np.arange(FIRMS)[:, None] == firm
    pull = PULL * np.log1p(spending[:, 0] / np.multiply(SIZES, BEND["acquisition"]))
    bond = BOND * np.log1p(spending[:, 1] / np.maximum(count(world, firm), 1) / BEND["retention"])
    noise = world.noise[quarter]
    utility = offers.appeal + noise[:FIRMS] + np.where(own, world.inertia + bond[:, world.segment], pull[:, world.segment] * (0.5 + world.price_sensitivity))
    return np.where(utility.max(0) > OUTSIDE + noise[FIRMS], utility.argmax(0), -1)


def worth(world, offers, firm):
    """Probability that each customer stays a further quarter when nothing more is spent, and what they are worth then.

    What has been built lasts, so that the probability p is the same in every quarter and the margins m of all quarters to come have a closed form, discounted:
    m p / (1 + d − p). Who leaves and comes back is not counted.
    """
    utility = np.exp(offers.appeal)
    mine = np.where(firm >= 0, utility[firm, np.arange(len(firm))], 0)
    staying = mine * np.exp(world.inertia)
    p = staying / (staying + utility.sum(0) - mine + np.exp(OUTSIDE))
    return p, margins(world, offers, firm, world.rate) * p / (1 + DISCOUNT_RATE - p)


def count(world, firm, weights=None):
    """Customers, or the sum of something over them, by firm and segment."""
    return np.bincount((firm + 1) * 2 + world.segment, weights, minlength=2 * FIRMS + 2).reshape(-1, 2)[1:]
