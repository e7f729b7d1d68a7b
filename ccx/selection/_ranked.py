"""What targeting shares: customers in the order of a score, where those who tie share the places that are left."""

import numpy as np
import pandas as pd


def paired(score, outcome, names=("score", "outcome")):
    """Both as Series of numbers over the same customers in the same order."""
    if isinstance(score, pd.Series) and isinstance(outcome, pd.Series):
        _require_same_customers(score, outcome, names)
        outcome = outcome.reindex(score.index)
    elif np.shape(score) != np.shape(outcome):
        raise ValueError(f"The {names[0]} has shape {np.shape(score)} and the {names[1]} {np.shape(outcome)}: give one number per customer in each.")
    index = next((values.index for values in (score, outcome) if isinstance(values, pd.Series)), None)
    return tuple(_numbers(values, index, name) for values, name in zip((score, outcome), names))


def _require_same_customers(score, outcome, names):
    for values, name in zip((score, outcome), names):
        if not values.index.is_unique:
            raise ValueError(f"Customer {values.index[values.index.duplicated()][0]} appears more than once in the {name}: add the values up first.")
    if len(score) != len(outcome) or not score.index.isin(outcome.index).all():
        raise ValueError(f"The {names[0]} and the {names[1]} have different customers: give {names[1]}.reindex({names[0]}.index, fill_value=0) "
                         "if those who are absent count as 0.")


def _numbers(values, index, name):
    array = np.asarray(values, dtype=float)
    if array.ndim != 1 or not len(array):
        raise ValueError(f"Give one number per customer in one row as the {name}, at least one; this has shape {array.shape}.")
    if not np.isfinite(array).all():
        raise ValueError(f"{(~np.isfinite(array)).sum()} of {len(array)} customers have no finite {name}: drop or mend them first.")
    return pd.Series(array, index=index)


def size_of(share, n):
    """How many of n customers a share of them is, rounded down."""
    if not 0 < share <= 1:
        raise ValueError(f"A share of customers lies between 0 and 1, but this is {share}.")
    # 0.29 * 100 is 28.999…96 in floating point.
    size = int(round(share * n, 9))
    if size < 1:
        raise ValueError(f"A share of {share:g} of {n} customers holds nobody.")
    return size


def in_top(values, size):
    """1 for the `size` largest values, 0 for the others; where the border cuts through values that tie, the part of each that is inside."""
    border = np.partition(values, len(values) - size)[len(values) - size]
    above, at = values > border, values == border
    return above + at * (size - above.sum()) / at.sum()


def first_k(score, amount):
    """What the k best by score have of an amount, for k = 0, 1, …, n: expected over all orders of those who tie."""
    order = np.argsort(-score, kind="stable")
    score, total = score[order], np.concatenate([[0.0], np.cumsum(amount[order])])
    ends = np.concatenate([[0], np.flatnonzero(np.diff(score)) + 1, [len(score)]])
    return np.interp(np.arange(len(total)), ends, total[ends])
