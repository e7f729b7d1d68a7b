"""Who is among the best again, and whom it pays to treat: targeting with scores that err."""

import numpy as np
import pandas as pd

from ._ranked import first_k, in_top, paired, size_of
from ._tables import plain


def misclassification(score, outcome, share=0.2):
    """How often a ranking of customers errs about those who turn out to be the best.

    Parameters
    ----------
    score : Series or array_like of float, shape (n,)
        Anything by which customers are ranked, large is good: past spend, number of purchases, minus the silence, CLV. Negative values are allowed.
    outcome : Series or array_like of float, shape (n,)
        What the same customers turned out to bring. Two Series are matched by customer.
    share : float, default 0.2
        How many count as the best, and how many are chosen, as a share of all, rounded down to whole customers.

    Returns
    -------
    Series
        ``customers`` chosen; ``missed``, the share of the future best that was not chosen; ``false_alarm``, the share of the future others that
        was; ``precision``, the share of the chosen that is among the future best; ``carried``, the share of the outcome that the chosen bring.

    Raises
    ------
    ValueError
        When the customers of the two are not the same, a number is missing, the outcome adds up to 0 or less, or the share holds nobody or everybody.

    Notes
    -----
    The error rates of Malthouse and Blattberg (2005, Journal of Interactive Marketing 19(1), 2-16), who found about 0.55 and 0.15 for the top fifth.
    As many are chosen as count as best, so precision = 1 − missed and false_alarm = missed · share / (1 − share). Customers who tie at a border share
    the places that are left: the rates are the averages over all orders of those who tie, and do not depend on the order of the rows. Where
    nobody ties at a border this is `ccx.moderation`, which keeps ties by customer order and takes two periods of value, none of it negative.

    Examples
    --------
    >>> import ccx
    >>> log = ccx.load("cdnow")
    >>> spend = log.pivot_table(index="customer_id", columns=log["date"] > "1997-09-30", values="value", aggfunc="sum", fill_value=0)
    >>> misclassification(spend[False], spend[True]).round(3)[["missed", "false_alarm", "carried"]].to_dict()
    {'missed': 0.495, 'false_alarm': 0.124, 'carried': 0.661}
    """
    score, outcome = (values.to_numpy() for values in paired(score, outcome))
    size, n = size_of(share, len(score)), len(score)
    if size == n or not outcome.sum() > 0:
        raise ValueError("There must be others than the best, and the outcome of all together must be above 0.")
    hits = first_k(score, in_top(outcome, size))[size]
    return pd.Series({"customers": float(size), "missed": 1 - hits / size, "false_alarm": (size - hits) / (n - size),
                      "precision": hits / size, "carried": first_k(score, outcome)[size] / outcome.sum()})


def break_even_precision(cost, benefit):
    """The share of the treated who must be worth it, for the treatment to pay.

    Parameters
    ----------
    cost : float or array_like of float
        Dollars for each customer treated, 0 or more.
    benefit : float or array_like of float
        Dollars that treating one of the right customers brings, before the cost; above 0.

    Returns
    -------
    float or ndarray
        Above 1 where even perfect targeting does not pay.

    Raises
    ------
    ValueError
        When the cost is negative or the benefit not above 0.

    Notes
    -----
    Treating brings precision · benefit − cost per customer treated, so precision* = cost / benefit.

    Examples
    --------
    >>> break_even_precision(cost=12, benefit=40)
    0.3
    """
    cost, benefit = np.asarray(cost, dtype=float), np.asarray(benefit, dtype=float)
    if not (np.all(cost >= 0) and np.all(benefit > 0)):
        raise ValueError("A treatment must cost 0 or more and bring more than 0 for the right customer.")
    return plain(cost / benefit)


def cost_threshold(false_alarm, miss):
    """The probability from which treating a customer costs less than leaving the customer alone.

    Parameters
    ----------
    false_alarm : float or array_like of float
        Dollars lost by treating one of the wrong customers.
    miss : float or array_like of float
        Dollars lost by not treating one of the right ones.

    Returns
    -------
    float or ndarray
        Between 0 and 1; treat whoever has a higher (calibrated) probability of being right.

    Raises
    ------
    ValueError
        When a loss is negative, or both are 0.

    Notes
    -----
    Treating costs (1 − p) · false_alarm on average, not treating p · miss; they are equal at p = false_alarm / (false_alarm + miss) (Elkan 2001, "The
    foundations of cost-sensitive learning", Proceedings of IJCAI, 973-978). With a cost c of treating and a benefit b a false alarm loses c and a miss b − c:
    the threshold is then `break_even_precision`.

    Examples
    --------
    >>> cost_threshold(false_alarm=12, miss=40 - 12)
    0.3
    """
    false_alarm, miss = np.asarray(false_alarm, dtype=float), np.asarray(miss, dtype=float)
    if not (np.all(false_alarm >= 0) and np.all(miss >= 0) and np.all(false_alarm + miss > 0)):
        raise ValueError("What a false alarm and a miss lose must be 0 or more, and not both 0.")
    return plain(false_alarm / (false_alarm + miss))


def treatment_profit(score, star, cost, benefit):
    """What it brings to treat the best by score, for every number of customers treated.

    Parameters
    ----------
    score : Series or array_like of float, shape (n,)
    star : Series or array_like of bool or float, shape (n,)
        Whether each customer turned out to be one of the right ones (1) or not (0), or how far.
    cost : float
        Dollars for each customer treated.
    benefit : float
        Dollars that treating a star brings, before the cost.

    Returns
    -------
    DataFrame, n + 1 rows, indexed by ``treated``, from nobody to everybody
        ``stars`` among those treated, ``precision`` (missing for nobody) and ``profit`` in dollars. Customers who tie share the places that are left.

    Raises
    ------
    ValueError
        When the customers of the two are not the same, a number is missing, the cost is negative or the benefit not above 0.

    Notes
    -----
    profit(k) = benefit · stars(k) − cost · k. It rises as long as the *next* customer is a star with a probability above cost / benefit; the
    precision of all treated so far is above that at the best k.

    Examples
    --------
    >>> treatment_profit([9, 7, 7, 2], [1, 1, 0, 0], cost=10, benefit=30).round(2)
             stars  precision  profit
    treated
    0          0.0        NaN     0.0
    1          1.0       1.00    20.0
    2          1.5       0.75    25.0
    3          2.0       0.67    30.0
    4          2.0       0.50    20.0
    """
    break_even_precision(cost, benefit)
    score, star = (values.to_numpy() for values in paired(score, star, ("score", "star")))
    treated, stars = np.arange(len(score) + 1), first_k(score, star)
    precision = np.divide(stars, treated, out=np.full(len(stars), np.nan), where=treated > 0)
    return pd.DataFrame({"stars": stars, "precision": precision, "profit": benefit * stars - cost * treated},
                        index=pd.Index(treated, name="treated"))
