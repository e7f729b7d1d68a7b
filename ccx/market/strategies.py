"""Strategies of the market game to play against, from doing nothing to weighing every dollar."""

import functools

import numpy as np

from ._world import BEND, BOND, DISCOUNT_RATE, FIT, PRICE, PULL, SAVING, SERVICE, SIZES, UPSELL
from .moves import LEVERS

# What of the cash goes to each lever, for the focal customers and for the rest.
SHARES = {
    "head_count": {"acquisition": (0.2, 0.8)},
    "cheapest": {"cost": (0.2, 0.8)},
    "retention_only": {"retention": (0.5, 0.5)},
    "peanut_butter": dict.fromkeys(LEVERS, (0.125, 0.125)),
    "product_centric": {"acquisition": (0, 0.2), "development": (0.2, 0.15), "cost": (0.05, 0.4)},
    "focal_only": {"acquisition": (0.25, 0), "retention": (0.2, 0), "development": (0.5, 0), "cost": (0.05, 0)},
    "customer_centric": {"acquisition": (0.2, 0), "retention": (0.15, 0), "development": (0.45, 0.05), "cost": (0, 0.15)},
}


def by_shares(shares, most=1.0):
    """Make a strategy that divides its cash in fixed shares, quarter after quarter.

    Parameters
    ----------
    shares : dict of str to pair of float
        By lever: shares of the cash for the focal customers and for the rest, together at most 1.
    most : float, default 1
        The share of the cash that is spent at all.

    Returns
    -------
    function of a State

    Examples
    --------
    >>> from ccx.market import Market
    >>> by_shares({"retention": (0.5, 0), "cost": (0, 0.25)})(Market(seed=1).states()[0])
    {'retention': (40.0, 0.0), 'cost': (0.0, 20.0)}
    """
    def strategy(state):
        cash = most * max(state.cash, 0.0)
        return {lever: (share * cash, other * cash) for lever, (share, other) in shares.items()}

    return strategy


def scripted(decisions):
    """Make a strategy that plays given decisions, whatever happens; after the last it spends nothing.

    Parameters
    ----------
    decisions : sequence of dict
        One for each quarter, in order.

    Returns
    -------
    function of a State

    Examples
    --------
    >>> from ccx.market import play
    >>> nothing = scripted([])
    >>> play([scripted([{"cost": (0, 30)}]), nothing, nothing, nothing], seed=1).spending[:2, 0].sum(axis=(1, 2)).tolist()
    [30.0, 0.0]
    """
    decisions = list(decisions)
    return lambda state: decisions[state.quarter - 1] if state.quarter <= len(decisions) else {}


def do_nothing(state):
    """Spend nothing and live on what is there.

    Parameters
    ----------
    state : State

    Returns
    -------
    dict

    Examples
    --------
    >>> do_nothing(state=None)
    {}
    """
    return {}


def copycat(state):
    """Divide the cash as the rival did last quarter who has most focal customers; in the first quarter, equally.

    Parameters
    ----------
    state : State

    Returns
    -------
    dict

    Examples
    --------
    >>> from ccx.market import Market
    >>> market = Market(seed=1)
    >>> market.play([{}] + [{"cost": (0, 10)}] * 3)
    >>> copycat(market.states()[0])["cost"] == (0, market.states()[0].cash)
    True
    """
    best = 1 + max(range(3), key=lambda rival: state.rivals[rival])
    seen = np.array(state.history[-1].spending[best])
    return _decision(max(state.cash, 0) * (seen / seen.sum() if seen.any() else np.full(seen.shape, 1 / seen.size)))


def random_walk(state):
    """Divide the cash by chance; in the same state always in the same way.

    Parameters
    ----------
    state : State

    Returns
    -------
    dict

    Examples
    --------
    >>> from ccx.market import Market
    >>> state = Market(seed=1).states()[0]
    >>> random_walk(state) == random_walk(state)
    True
    """
    rng = np.random.default_rng([state.quarter, round(100 * abs(state.cash)), *state.customers])
    return _decision(max(state.cash, 0) * rng.dirichlet(np.ones(2 * len(LEVERS))).reshape(-1, 2))


def marginal(state):
    """Put each dollar where it seems to bring most, and keep those that would bring less than a dollar.

    Parameters
    ----------
    state : State

    Returns
    -------
    dict

    Notes
    -----
    Every lever brings K log(1 + x / b) for x dollars, so the best x is K / μ − b or nothing, with the same μ ≥ 1 everywhere. The K are rough:
    from the rules of `play`, the firm's own estimate of what a customer is worth, and customers as they are on average.

    Examples
    --------
    >>> from ccx.market import Market
    >>> decision = marginal(Market(seed=1).states()[0])
    >>> decision["retention"][0] > decision["retention"][1]
    True
    """
    return _decision(_fill(*_responses(state), max(state.cash, 0.0)))


# Rough guesses of `marginal`: how much customers look at the price, how fast utility wins those who choose, and by how much a firm's own
# estimate of a customer's value is too low, because customers differ in loyalty.
SENSITIVITY, JOINING, TOO_LOW = np.array([0.25, 0.75]), 0.2, 1.3


def _responses(state):
    """K and b of each lever and segment."""
    own, value = np.maximum(state.customers, 1), TOO_LOW * np.maximum(state.value, 0)
    leaving = np.clip(1 - np.array(state.retention), 0.05, 0.5)
    # Those whom a firm could win now: of no firm, or about to leave another.
    open_to_all = np.array(state.unserved) + np.sum(state.rivals, axis=0) * leaving
    joining = open_to_all * JOINING * value
    # Utility keeps customers in all quarters to come, and wins some in those of the game.
    per_utility = own * value * 0.9 + joining * (state.quarters_left + 1)
    dear = own * SERVICE * SAVING * (1 - leaving) / (DISCOUNT_RATE + leaving)
    gain = np.array([PULL * (0.5 + SENSITIVITY) * joining, BOND * own * value * leaving * (1 - leaving),
                     FIT * (1 - SENSITIVITY) * per_utility + UPSELL * (1 - SENSITIVITY) * own * value, PRICE * SENSITIVITY * per_utility + dear])
    built = sum(np.array(past.spending[0]) for past in state.history)
    bend = np.array([np.multiply(SIZES, BEND["acquisition"]), own * BEND["retention"], BEND["development"] + built[2], BEND["cost"] + built[3]])
    return gain, bend


def _fill(gain, bend, cash):
    """The x ≥ 0 that make the sum of gain · log(1 + x / bend) − x largest with no more than the cash."""
    low, high = 1.0, max(1.0, float((gain / bend).max()))
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.maximum(gain / middle - bend, 0).sum() > cash else (low, middle)
    # With plenty of cash both ends meet at 1, where a dollar brings a dollar.
    return np.maximum(gain / high - bend, 0)


def _decision(money):
    return {lever: tuple(pair) for lever, pair in zip(LEVERS, np.asarray(money).tolist())}


@functools.cache
def _all():
    return {**{name: by_shares(shares) for name, shares in SHARES.items()}, "marginal": marginal, "copycat": copycat, "random_walk": random_walk,
            "do_nothing": do_nothing}


def baselines():
    """Name the strategies that every new one should be measured against.

    Returns
    -------
    dict of str to function of a State
        ``head_count`` buys customers, most of them the cheap ones; ``cheapest`` has the lowest costs and prices; ``retention_only`` spends on who is there;
        ``peanut_butter`` spreads everything equally; ``product_centric`` makes one good product for the many; ``focal_only`` sees nobody but the best;
        ``customer_centric`` puts them first and keeps the rest; ``marginal`` weighs every dollar; ``copycat``, ``random_walk`` and ``do_nothing`` do what they say.

    Examples
    --------
    >>> len(baselines())
    11
    """
    return dict(_all())
