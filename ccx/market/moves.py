"""What a firm of the market game sees, and what it may do: a `State` in, a decision out, both made of plain numbers."""

import math
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

import numpy as np

from .._answer import clipped
from ._world import QUARTERS

SEGMENTS, LEVERS = ("focal", "rest"), ("acquisition", "retention", "development", "cost")
NUMBERS = (int, float, np.float64, np.float32, np.int64, np.int32)
MOST = 1e12  # no firm comes near, and beyond it sums would lose the cents


class Forfeit(Exception):
    """Stands for a decision that was not made; the message is the sentence that says why."""


class Past(NamedTuple):
    """What everybody knows of a quarter: each firm's customers by segment and its spending by lever and segment, one's own firm first."""

    customers: tuple
    spending: tuple


@dataclass(frozen=True)
class State:
    """What a firm knows before it decides.

    Pairs of numbers are for the focal customers and the rest.

    Parameters
    ----------
    quarter : int
        From 1 to 8.
    cash : float
        Thousand dollars: all that can be spent now.
    customers : pair of int
        One's own.
    rivals : tuple of three pairs of int
        The rivals' customers, in an order that stays.
    unserved : pair of int
        Customers of no firm.
    margin, retention : pair of float
        Of the last quarter: the margin that an own customer brought, and the share of the own customers before it who stayed.
    value : pair of float
        What a customer seems to be worth from the next quarter on, going by all of one's own quarters so far.
    history : tuple of Past
        The quarters so far; the first of them is the one before the game, in which nobody spent anything.

    Notes
    -----
    `value` is m r / (1 + d − r) with the mean margin m a customer and quarter, the mean retention r and d = 0.03 a quarter: an estimate from few customers,
    and too low where customers differ in loyalty.

    Examples
    --------
    >>> from ccx.market import Market
    >>> state = Market(seed=1).states()[0]
    >>> state.quarter, state.quarters_left, state.cash
    (1, 7, 80.0)
    >>> State.from_dict(state.as_dict()) == state
    True
    """

    quarter: int
    cash: float
    customers: tuple
    rivals: tuple
    unserved: tuple
    margin: tuple
    retention: tuple
    value: tuple
    history: tuple = field(repr=False)

    @property
    def quarters_left(self):
        """Quarters that follow this one."""
        return QUARTERS - self.quarter

    def as_dict(self):
        """Put the state into plain lists, dicts and numbers, for JSON."""
        return {**asdict(self), "history": [past._asdict() for past in self.history]}

    @classmethod
    def from_dict(cls, plain):
        """Read the state that `as_dict` wrote, also after a way through JSON.

        Parameters
        ----------
        plain : dict

        Returns
        -------
        State
        """
        history = tuple(Past(**{name: tuples(part) for name, part in past.items()}) for past in plain["history"])
        return cls(**{**{name: tuples(part) for name, part in plain.items()}, "history": history})


def spending(decision, cash):
    """Read a decision: money by lever and segment.

    Parameters
    ----------
    decision : dict of str to pair of float
        For each lever (``acquisition``, ``retention``, ``development``, ``cost``) thousand dollars for the focal customers and for the rest; a lever left
        out gets nothing. An exception stands for a strategy that stopped with it.
    cash : float
        What there is to spend.

    Returns
    -------
    ndarray, shape (4, 2)
        By lever and segment.

    Raises
    ------
    ValueError
        Where the decision is not of this form, or spends a negative or infinite amount or more than there is.

    Examples
    --------
    >>> spending({"retention": (20, 5)}, cash=80).tolist()
    [[0.0, 0.0], [20.0, 5.0], [0.0, 0.0], [0.0, 0.0]]
    >>> spending({"retention": (70, 20)}, cash=80)
    Traceback (most recent call last):
    ...
    ValueError: The decision spends 90.00, and there is only 80.00.
    """
    if isinstance(decision, Exception):
        raise ValueError(stopped(decision))
    if type(decision) is not dict:
        raise ValueError(f"A decision is a dict of levers, not {clipped(type(decision).__name__)}.")
    for lever in decision:
        if type(lever) is not str or lever not in LEVERS:
            name = repr(clipped(lever)) if type(lever) is str else clipped(type(lever).__name__)
            raise ValueError(f"There is no lever {name}; there are {', '.join(LEVERS)}.")
    spent = np.array([_pair(lever, decision.get(lever, (0, 0))) for lever in LEVERS])
    total, cash = math.fsum(spent.flat), max(cash, 0.0)
    if total > cash + 1e-6:
        raise ValueError(f"The decision spends {total:,.2f}, and there is only {cash:,.2f}.")
    return spent * (cash / total) if total > cash else spent


def stopped(error, who="The strategy"):
    """Say in a sentence with which error somebody stopped; an error that can't be shown stops nobody else."""
    if isinstance(error, Forfeit):
        return clipped(error, 200)
    try:
        return f"{who} stopped with {clipped(type(error).__name__)}: {clipped(error, 160)}"
    except Exception:
        return f"{who} stopped with an error that can't be shown."


def _pair(lever, money):
    money = money.tolist() if type(money) is np.ndarray else money
    if type(money) not in (list, tuple) or len(money) != 2:
        raise ValueError(f"{lever} takes two amounts, for the focal customers and for the rest.")
    return [_amount(lever, segment, one) for segment, one in zip(SEGMENTS, money)]


def _amount(lever, segment, money):
    # By exact type, so that an object with a __float__ of its own never runs.
    if type(money) not in NUMBERS:
        raise ValueError(f"{lever} for {segment} is {clipped(type(money).__name__)}, not an amount of money.")
    if not 0 <= money < MOST:
        what = "negative" if money < 0 else "too large" if money >= MOST else "NaN"
        raise ValueError(f"{lever} for {segment} is {what}: an amount is zero or more and finite.")
    return float(money)


def decide(strategy, state):
    """Ask a strategy for its decision; what it raises, if it does, is what comes back.

    Parameters
    ----------
    strategy : function of a State
    state : State

    Returns
    -------
    object

    Examples
    --------
    >>> decide(lambda state: 1 / 0, state=None)
    ZeroDivisionError('division by zero')
    """
    try:
        return strategy(state)
    except Exception as error:
        return error


def tuples(value):
    """Turn nested lists into nested tuples, which nobody can change."""
    return tuple(map(tuples, value)) if isinstance(value, (list, tuple)) else value
