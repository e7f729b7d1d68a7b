"""A student's own customers: a draw from the simulated company that is the same on every machine."""

import functools
import hashlib
import hmac

import numpy as np
import pandas as pd

CUSTOMERS = 2_000


def my_customers(student_id, term):
    """Draw a student's own 2,000 customers from the simulated company.

    Parameters
    ----------
    student_id : str
        The student's id in the gradebook; blanks around it and capitals do not count.
    term : str
        Such as ``"2026-autumn"``; another term gives everybody other customers.

    Returns
    -------
    DataFrame
        Indexed by ``customer_id`` from 1, in the order in which they were acquired: ``acquired``, ``channel``, ``vertical``, ``orders`` (of the two years
        2024 and 2025), ``value`` and ``margin`` (of these orders, in dollars).

    Raises
    ------
    ValueError
        Without an id or a term.

    Notes
    -----
    A seed is taken from HMAC-SHA256 of the id, with the term as the key; each customer of the company is given a number by SplitMix64 (Steele, Lea and
    Flood, 2014), and those with the smallest numbers are drawn. Only whole numbers take part, so that no version of any package changes the draw. It is
    no secret: who knows an id and the term can make the draw.

    Examples
    --------
    >>> mine, yours = (my_customers(name, "2026-autumn") for name in ("ada", "bob"))
    >>> len(mine), bool(mine["value"].mean() == yours["value"].mean())
    (2000, False)
    >>> mine.equals(my_customers(" Ada", "2026-autumn"))
    True
    """
    for name, text in (("student_id", student_id), ("term", term)):
        if type(text) is not str or not text.strip():
            raise ValueError(f"{name} is a text such as {'ada' if name == 'student_id' else '2026-autumn'!r}, not {text!r}.")
    company = _company()
    drawn = np.sort(np.argsort(_numbers(_seed(student_id, term), len(company)), kind="stable")[:CUSTOMERS])
    mine = company.iloc[drawn]
    return mine.set_index(pd.RangeIndex(1, CUSTOMERS + 1, name="customer_id"))


def _seed(student_id, term):
    digest = hmac.new(term.strip().casefold().encode(), student_id.strip().casefold().encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big")


def _numbers(seed, n):
    """The first n numbers of SplitMix64, which counts in steps of the golden ratio and mixes the bits."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


@functools.cache
def _company():
    from .data import load

    orders = load("company").groupby("customer_id").agg(orders=("value", "size"), value=("value", "sum"), margin=("margin", "sum"))
    customers = load("company_customers").set_index("customer_id")[["acquired", "channel", "vertical"]]
    return customers.join(orders).sort_values("acquired", kind="stable")
