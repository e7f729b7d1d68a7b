"""The market game: four firms, eight quarters, a thousand customers who differ. The rules; who plays stands in `strategies`, what a firm sees in `moves`."""

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ._world import DISCOUNT_RATE, FIRMS, QUARTERS, START_CASH, choose, count, draw_world, margins, offers, worth
from .moves import LEVERS, SEGMENTS, Past, State, decide, spending, tuples

DIGITS = 4


class Market:
    """One market, quarter by quarter; `play` takes it to the end.

    Parameters
    ----------
    seed : int
        Of the customers and of all chance.

    Attributes
    ----------
    quarter : int
        The one to be decided: 1 at first, 9 when the game is over.
    forfeits : list of (int, int, str)
        Quarter, seat and reason of each decision that was none.

    Examples
    --------
    >>> market = Market(seed=1)
    >>> market.play([{"development": (40, 0)}, {"cost": (0, 40)}, {}, {"retention": (-1, 0)}])
    >>> market.quarter, market.forfeits
    (2, [(1, 3, 'retention for focal is negative: an amount is zero or more and finite.')])
    """

    def __init__(self, seed):
        self.quarter, self.forfeits, self._seen, self._pasts = 0, [], [], [()] * FIRMS
        self._world = draw_world(seed)
        self._firm, self._cash = self._world.firm, np.full(FIRMS, START_CASH)
        self._built = np.zeros((FIRMS, len(LEVERS), len(SEGMENTS)))
        self._settle(np.zeros_like(self._built))

    def states(self):
        """Tell each of the four firms what it knows.

        Returns
        -------
        list of State
            By seat.
        """
        last, all_so_far = self._seen[-1], [sum(quarters) for quarters in zip(*self._seen)]
        (margin, kept), (usual, usually_kept) = _rates(*last[:4]), _rates(*all_so_far[:4])
        value = usual * usually_kept / (1 + DISCOUNT_RATE - usually_kept)
        rows = zip(_rounded(margin), _rounded(kept), _rounded(value), self._pasts, self._cash.tolist())
        unserved = tuple(np.bincount(self._world.segment[self._firm < 0], minlength=len(SEGMENTS)).tolist())
        return [State(self.quarter, math.floor(cash * 100) / 100, pasts[-1].customers[0], pasts[-1].customers[1:], unserved, *estimates, pasts)
                for *estimates, pasts, cash in rows]

    def play(self, decisions):
        """Play a quarter.

        Parameters
        ----------
        decisions : sequence of four dict
            By seat, as `spending` takes them; nonsense is forfeited: nothing is spent.

        Raises
        ------
        ValueError
            When the game is over, or there are not four decisions.
        """
        if self.quarter > QUARTERS or len(decisions) != FIRMS:
            raise ValueError(f"A market takes {FIRMS} decisions in each of {QUARTERS} quarters.")
        self._settle(np.array([self._spending(seat, decision) for seat, decision in enumerate(decisions)]))

    def _spending(self, seat, decision):
        try:
            return spending(decision, self._cash[seat])
        except ValueError as error:
            self.forfeits.append((self.quarter, seat, str(error)))
            return np.zeros(self._built.shape[1:])

    def _settle(self, spent):
        """Spend, let the customers choose and buy, and take down what has come of it."""
        world, before = self._world, self._firm
        self._built = self._built + spent
        self._offers = offers(world, self._built)
        self._firm = choose(world, self._offers, before, spent, self.quarter)
        earned = count(world, self._firm, margins(world, self._offers, self._firm, world.purchases[self.quarter]))
        # What the quarter before the game brought is not theirs to spend.
        self._cash = self._cash - spent.sum((1, 2)) + (earned.sum(1) if self.quarter else 0)
        stayed = count(world, np.where(self._firm == before, before, -1))
        self._seen.append((count(world, before), stayed, count(world, self._firm), earned, spent))
        self._tell(*self._seen[-1][2:])
        self.quarter += 1

    def _tell(self, customers, earned, spent):
        """What everybody gets to know of the quarter, from each seat."""
        told = tuples(customers.tolist()), tuples(spent.round(DIGITS).tolist())
        self._pasts = [(*pasts, Past(*(rows[seat:] + rows[:seat] for rows in told))) for seat, pasts in enumerate(self._pasts)]

    def value(self):
        """Value the customers: the expected discounted margin of those that each firm has now.

        Returns
        -------
        ndarray, firm by segment
        """
        return count(self._world, self._firm, worth(self._world, self._offers, self._firm)[1])

    def equity(self):
        """Add up what each firm is worth now: its cash and its customers.

        Returns
        -------
        ndarray, shape (4,)
        """
        return self._cash + self.value().sum(1)

    def truth(self):
        """Show what no firm sees: the customers with their traits, their firm (−1: none), their probability of ``staying`` and what they are ``worth``.

        Returns
        -------
        DataFrame
        """
        world = self._world
        staying, value = worth(world, self._offers, self._firm)
        traits = {"segment": np.take(SEGMENTS, world.segment), "price_sensitivity": world.price_sensitivity, "rate": world.rate, "value": world.value,
                  "inertia": world.inertia, **{f"taste_{seat}": world.taste[seat] for seat in range(FIRMS)}}
        return pd.DataFrame({**traits, "firm": self._firm, "staying": staying, "worth": value}).rename_axis("customer_id")

    def match(self, path=()):
        """Sum up what has come of it so far.

        Parameters
        ----------
        path : sequence of ndarray
            The equity at the start and after each quarter, where somebody has taken it down.

        Returns
        -------
        Match
        """
        customers, earned, spent = (np.array([seen[part] for seen in self._seen]) for part in (2, 3, 4))
        return Match(self.equity(), np.array(path), self._cash, self.value(), customers, spent[1:], earned[1:], tuple(self.forfeits), self.truth())


@dataclass(frozen=True)
class Match:
    """What has come of a market.

    Parameters
    ----------
    equity : ndarray, shape (4,)
        Customer equity of each firm in thousand dollars: its cash and what its customers are worth.
    path : ndarray, quarter by firm
        The equity at the start and after each quarter.
    cash : ndarray, shape (4,)
    value : ndarray, firm by segment
        Expected discounted margin of the customers that each firm has.
    customers : ndarray, quarter by firm by segment
        At the start and after each quarter.
    spending : ndarray, quarter by firm by lever by segment
    earned : ndarray, quarter by firm by segment
    forfeits : tuple of (int, int, str)
        Quarter, seat and reason.
    truth : DataFrame
        The customers with what no firm sees: their traits, the firm they are with (−1: none), the probability of ``staying`` a further quarter, and
        what they are ``worth``.

    Examples
    --------
    >>> match = play([lambda state: {}] * 4, seed=1)
    >>> bool(np.allclose(match.equity, match.cash + match.value.sum(axis=1)))
    True
    """

    equity: np.ndarray
    path: np.ndarray = field(repr=False)
    cash: np.ndarray = field(repr=False)
    value: np.ndarray = field(repr=False)
    customers: np.ndarray = field(repr=False)
    spending: np.ndarray = field(repr=False)
    earned: np.ndarray = field(repr=False)
    forfeits: tuple
    truth: pd.DataFrame = field(repr=False)


def play(strategies, seed):
    """Play the eight quarters of a market.

    Parameters
    ----------
    strategies : sequence of four functions
        Each takes a `State` and returns a decision of the form that `spending` reads; who raises or returns nonsense forfeits the quarter.
    seed : int

    Returns
    -------
    Match

    Raises
    ------
    ValueError
        Unless there are four functions.

    Notes
    -----
    In each quarter a customer takes the best of four firms and none (a logit). A firm's appeal is the customer's taste for it and what it has built: fit
    (development) counts the more the less a customer looks at the price, a low price (cost) the more they do. A customer's own firm has inertia on its
    side and what it spends on retention per head; the others what they spend on acquisition, which the price-sensitive hear loudest. All of it grows with the
    logarithm of the money. What is spent on development and cost lasts; the rest is gone with the quarter.

    Purchases are Poisson. Development raises the margin of a purchase, most with those who look at the price least; cost lowers what it takes to serve a customer.

    The value of a customer at the end is m p / (1 + d − p): what has been built lasts, so the probability p of staying a further quarter
    is the same from then on, m is the expected margin of a quarter and d = 0.03.

    Examples
    --------
    >>> def build(state):
    ...     return {"development": (0.5 * state.cash, 0)}
    >>> match = play([build] + [lambda state: {}] * 3, seed=1)
    >>> int(match.equity.argmax()), match.forfeits
    (0, ())
    """
    if len(strategies) != FIRMS or not all(map(callable, strategies)):
        raise ValueError(f"A market has {FIRMS} firms: give as many functions of a state.")
    market = Market(seed)
    path = [market.equity()]
    for _ in range(QUARTERS):
        market.play([decide(strategy, state) for strategy, state in zip(strategies, market.states())])
        path.append(market.equity())
    return market.match(path)


def _rates(before, stayed, customers, earned):
    """Margin a customer and share who stayed, by firm and segment."""
    return earned / np.maximum(customers, 1), stayed / np.maximum(before, 1)


def _rounded(rows):
    return tuples(rows.round(DIGITS).tolist())
