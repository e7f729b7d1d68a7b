"""Customers who bring customers: what a referral is worth, to whom it is credited, and how not to count it twice."""

import numpy as np
import pandas as pd

from ._tables import plain, require_columns

RULES = ("none", "naive", "referrer", "split", "katz", "shapley")


def referral_forest(referrals, customers=None):
    """Who brought whom, as trees: one for each customer who came without a referral.

    Parameters
    ----------
    referrals : DataFrame
        ``referrer_id`` and ``customer_id``, a row per customer who was referred.
    customers : sequence or Index of customer ids, optional
        All customers; those in the log if none are given.

    Returns
    -------
    DataFrame, by customer
        ``root`` (the customer at whom the tree begins), ``generation`` (0 for the root), ``direct`` (customers brought) and ``tree`` (all who would
        not be in the tree without this customer, not counting the customer).

    Raises
    ------
    ValueError
        When a customer was referred twice, by nobody known, or in a circle.

    Notes
    -----
    The mean of ``direct`` is the referral rate R of the log, and customers per root are exactly 1 / (1 − R): `branching_multiplier`. In a log R is always
    below 1, and the latest customers have not had the time to bring anybody.

    Examples
    --------
    >>> referrals = pd.DataFrame({"referrer_id": [1, 1, 2], "customer_id": [2, 3, 4]})
    >>> referral_forest(referrals, customers=[1, 2, 3, 4, 5])
                 root  generation  direct  tree
    customer_id
    1               1           0       2     3
    2               1           1       1     1
    3               1           1       0     0
    4               1           2       0     0
    5               5           0       0     0
    """
    if customers is None:
        customers = pd.unique(pd.concat([referrals["referrer_id"], referrals["customer_id"]]))
    index = pd.Index(customers, name="customer_id")
    parent = _parents(referrals, index)
    n, root, at = len(index), np.arange(len(index)), parent
    generation, tree = np.zeros(n, int), np.zeros(n, int)
    while (at >= 0).any():
        root, generation = np.where(at >= 0, at, root), generation + (at >= 0)
        tree += np.bincount(at[at >= 0], minlength=n)
        at = np.where(at >= 0, parent[at], -1)
    direct = np.bincount(parent[parent >= 0], minlength=n)
    return pd.DataFrame({"root": index[root], "generation": generation, "direct": direct, "tree": tree}, index)


def _parents(referrals, index):
    """The place of each customer's referrer, or -1; a circle is refused, so that whoever climbs arrives."""
    require_columns(referrals, ["referrer_id", "customer_id"], "referral log")
    if not index.is_unique or referrals["customer_id"].duplicated().any():
        raise ValueError("A customer appears twice, or was referred twice: keep the first referral only.")
    child, by = (index.get_indexer(referrals[name]) for name in ("customer_id", "referrer_id"))
    unknown = (child < 0) | (by < 0)
    if unknown.any():
        raise ValueError(f"{unknown.sum()} of {len(unknown)} referrals are by or of somebody who is not among the customers: "
                         "leave them out or add these customers.")
    parent = np.full(len(index), -1)
    parent[child] = by
    _refuse_circles(parent)
    return parent


def _refuse_circles(parent):
    # Twice as far up in each step: after log2(n) steps everybody has arrived, or goes round.
    at = parent
    for _ in range(len(parent).bit_length() + 1):
        at = np.where(at >= 0, at[at], -1)
    if (at >= 0).any():
        raise ValueError("The referrals run in a circle: somebody was brought, by one way or another, by a customer of their own.")


def referral_value(value, referrals, rule, acquisition_cost=0.0, reward=0.0, would_have_come=None, share=0.5):
    """Each customer's value, own and by referrals, under a rule of whom to credit.

    Parameters
    ----------
    value : Series of float, by customer
        What each customer brings, before acquisition, in dollars (CLV). All customers, referred or not.
    referrals : DataFrame
        ``referrer_id`` and ``customer_id``, a row per customer who was referred.
    rule : {"none", "naive", "referrer", "split", "katz", "shapley"}
        To whom goes what is due to a referral. "none": it stays with the customer who buys. "naive": to the customer *and* once more to the referrer.
        "referrer": all to the referrer. "split": `share` to the referrer, the rest stays. "katz": `share` goes one step up, of which `share` goes on to
        the referrer's referrer, and so on. "shapley": in equal parts to all without whom it would not be there.
    acquisition_cost : float, default 0
        Dollars that a customer costs who is not referred.
    reward : float, default 0
        Dollars paid for a referral.
    would_have_come : Series of bool, by customer, optional
        Type two: would have become a customer anyway. Those who are absent count as type one, who would not.
    share : float, default 0.5
        For "split" and "katz".

    Returns
    -------
    DataFrame, by customer
        ``own`` (what the customer keeps of the own value), ``referral`` (credit for those brought) and ``total``, in dollars after acquisition.

    Raises
    ------
    ValueError
        When the rule is unknown, the share not between 0 and 1, a value is missing, or the referrals are not a forest of these customers.

    Notes
    -----
    Of a type-one customer the whole value (less the reward) is due to the referral, but no acquisition cost: nobody would have been paid for. Of a type-two
    customer only the acquisition cost that was saved, less the reward (the two types are those of Kumar, Petersen and Leone 2007,
    "How valuable is word of mouth?", Harvard Business Review 85(10), 139-146). The firm's value is Σ value − acquisition costs − rewards, and
    Σ total equals it under every rule but "naive", which counts what is due to referrals twice.
    A type-one customer is there because of the referrer *and* of whoever brought the referrer, up to one who was not referred or would have come anyway.
    Each customer's value needs all in that chain, so that its Shapley value (1953) is in equal parts. "katz" discounts with distance like the centrality of
    Katz (1953, Psychometrika 18), and the first in the chain gets what is left.

    Examples
    --------
    >>> value = pd.Series(90.0, index=["Ann", "Bob", "Cy"])
    >>> referrals = pd.DataFrame({"referrer_id": ["Ann", "Bob"], "customer_id": ["Bob", "Cy"]})

    Each brings 90 dollars, and Ann cost 30 to acquire. Three customers are worth 240 dollars, not 420:

    >>> for rule in ("naive", "referrer", "shapley"):
    ...     print(rule, referral_value(value, referrals, rule, acquisition_cost=30)["total"].round(6).to_dict())
    naive {'Ann': 150.0, 'Bob': 180.0, 'Cy': 90.0}
    referrer {'Ann': 150.0, 'Bob': 90.0, 'Cy': 0.0}
    shapley {'Ann': 135.0, 'Bob': 75.0, 'Cy': 30.0}
    """
    if rule not in RULES or not 0 <= share <= 1:
        raise ValueError(f"The rule must be one of {', '.join(RULES)} and the share lie between 0 and 1, not {rule!r} and {share}.")
    index = value.index
    parent = _parents(referrals, index)
    anyway = _type_two(would_have_come, index)
    if value.isna().any():
        raise ValueError(f"{value.isna().sum()} of {len(value)} customers have no value: drop or mend them first.")
    net = value.to_numpy(dtype=float) - np.where(parent < 0, acquisition_cost, reward)
    due = np.where(parent < 0, 0.0, np.where(anyway, acquisition_cost - reward, net))
    chain = _chain(parent, anyway)
    length = 1 + sum((at >= 0).astype(int) for at in chain)
    own = net - due * (1 - _part(rule, 0, length, share))
    referral = np.zeros(len(index))
    for step, at in enumerate(chain, 1):
        np.add.at(referral, at[at >= 0], (due * _part(rule, step, length, share))[at >= 0])
    return pd.DataFrame({"own": own, "referral": referral, "total": own + referral}, index)


def _type_two(would_have_come, index):
    if would_have_come is None:
        return np.zeros(len(index), bool)
    anyway = would_have_come.astype(float).reindex(index, fill_value=0).to_numpy()
    if not np.isin(anyway, (0, 1)).all():
        raise ValueError("would_have_come must be true or false for each customer that it names: fill what is missing first.")
    return anyway.astype(bool)


def _chain(parent, anyway):
    """For each step up, who is there: the referrer, the referrer's referrer, … as long as the one below would not have come otherwise; -1 beyond."""
    steps, at = [], parent
    while (at >= 0).any():
        steps.append(at)
        at = np.where((at >= 0) & ~anyway[at], parent[at], -1)
    return steps


def _part(rule, step, length, share):
    """The part of what is due that goes so many steps up a chain of that length; step 0 is the customer."""
    if rule == "shapley":
        return 1 / length
    if rule == "katz":
        return np.where(step < length - 1, (1 - share) * share**step, share ** (length - 1.0))
    own, up = {"none": (1, 0), "naive": (1, 1), "referrer": (0, 1), "split": (1 - share, share)}[rule]
    return (own, up, 0)[min(step, 2)]


def branching_multiplier(rate, generations=None):
    """How many customers come of one, counting the one, those whom they bring, those whom these bring, and so on.

    Parameters
    ----------
    rate : float or array_like of float
        R, expected referrals of a customer; 0 or more.
    generations : int, optional
        How many generations of referred customers to count; without it all.

    Returns
    -------
    float or ndarray
        1 / (1 − R), or inf where R is 1 or more; with `generations` g the sum 1 + R + … + R^g, which is finite for every R.

    Raises
    ------
    ValueError
        When a rate is negative, or the generations are not a whole number, 0 or more.

    Notes
    -----
    The expected total progeny of a branching process (Harris 1963, The Theory of Branching Processes). With referred customers like the others it multiplies
    the value of winning a customer. It assumes that no market is ever full.

    Examples
    --------
    >>> branching_multiplier([0.2, 0.5, 1.0]).tolist(), branching_multiplier(1.0, generations=4)
    ([1.25, 2.0, inf], 5.0)
    """
    rate = np.asarray(rate, dtype=float)
    if not np.all(rate >= 0):
        raise ValueError("Expected referrals must be 0 or more.")
    if generations is not None:
        if generations != int(generations) or generations < 0:
            raise ValueError(f"Generations are counted in whole numbers, 0 or more, not {generations}.")
        return plain((rate[..., None] ** np.arange(generations + 1)).sum(axis=-1))
    return plain(np.divide(1, 1 - rate, out=np.full(rate.shape, np.inf), where=rate < 1))
