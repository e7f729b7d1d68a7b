"""Tiers of customers in a transaction log, what each brings week by week, how unsteady that is, and what of it they have in common."""

import numpy as np
import pandas as pd

from ..customer_base import days_in, purchase_days
from .groups import Group
from .portfolio import customer_beta


def tiers(log, until, shares=(0.01, 0.2), names=("top", "next", "rest")):
    """Sort customers into tiers by what they spent up to a day.

    Parameters
    ----------
    log : DataFrame
        ``customer_id``, ``date``, ``value``.
    until : date-like
        The last day that counts. Tiers are to be judged on days *after* it: who is on top is partly luck, and
        the luck would be counted as steadiness.
    shares : sequence of float, default (0.01, 0.2)
        Where the tiers end, as shares of the customers with a purchase by then, the best first.
    names : sequence of str
        One more than `shares`.

    Returns
    -------
    Series
        The tier of each customer, an ordered category, indexed by customer.

    Raises
    ------
    ValueError
        When the shares do not rise between 0 and 1, the names do not fit, or nobody bought by then.

    Examples
    --------
    >>> import ccx
    >>> tiers(ccx.load("cdnow"), until="1997-09-30").value_counts().to_dict()
    {'rest': 18856, 'next': 4478, 'top': 236}
    """
    if list(shares) != sorted(set(shares)) or not 0 < shares[0] <= shares[-1] < 1 or len(names) != len(shares) + 1:
        raise ValueError(f"Shares must rise between 0 and 1, with one name more than shares, not {shares} and {names}.")
    spent = log.loc[log["date"] < pd.Timestamp(until) + pd.Timedelta(days=1)].groupby("customer_id")["value"].sum()
    if spent.empty:
        raise ValueError(f"Nobody bought anything until {until}.")
    rank = spent.rank(method="first", ascending=False)
    bins = [0, *(round(share * len(spent)) for share in shares), len(spent)]
    return pd.cut(rank, bins, labels=list(names)).rename("tier")


def tier_revenue(log, tiers, start, time_unit="W"):
    """What each tier spends, week after week.

    Parameters
    ----------
    log : DataFrame
        ``customer_id``, ``date``, ``value``.
    tiers : Series
        From `tiers`; customers that it does not know are left out.
    start : date-like
        First day of the first period; later than the days by which the tiers were made.
    time_unit : {"W", "D", "M", "Y"}, default "W"
        Length of a period. A last period that is not complete is left out.

    Returns
    -------
    DataFrame
        A row per period, a column per tier, in the currency of the log.

    Examples
    --------
    >>> import ccx
    >>> log = ccx.load("cdnow")
    >>> tier_revenue(log, tiers(log, until="1997-09-30"), start="1997-10-01").shape
    (39, 3)
    """
    days, complete = _in_periods(log, start, time_unit)
    tier = days["customer"].map(tiers).astype(tiers.dtype).rename("tier")
    table = days.groupby(["period", tier], observed=False)["value"].sum().unstack(fill_value=0.0)
    return table.reindex(range(complete), fill_value=0.0)


def customer_revenue(log, customers, start, time_unit="W"):
    """What each of some customers spends, week after week.

    Parameters
    ----------
    log : DataFrame
        ``customer_id``, ``date``, ``value``.
    customers : sequence or Index of customer ids
        One who buys nothing from `start` on has a column of zeros.
    start : date-like
        First day of the first period.
    time_unit : {"W", "D", "M", "Y"}, default "W"
        Length of a period. A last period that is not complete is left out.

    Returns
    -------
    DataFrame
        A row per period, a column per customer, in the currency of the log.

    Examples
    --------
    >>> import ccx
    >>> customer_revenue(ccx.load("cdnow"), [1, 2, 3], start="1997-10-01").shape
    (39, 3)
    """
    days, complete = _in_periods(log, start, time_unit)
    days = days[days["customer"].isin(customers)]
    table = days.groupby(["period", "customer"])["value"].sum().unstack(fill_value=0.0)
    return table.reindex(index=range(complete), columns=pd.Index(customers, name="customer"), fill_value=0.0)


def measured_group(revenue):
    """What a group of customers is like, measured: how many, what each brings, and which risk is their own and which in common.

    Parameters
    ----------
    revenue : DataFrame
        A row per period, a column per customer, at least two of each.

    Returns
    -------
    Group
        With the mean of all customers, the root mean square of their own risks, and the exposure to the shock they share.

    Raises
    ------
    ValueError
        When there are fewer than two customers or periods, or they bring nothing.

    Notes
    -----
    Two customers with means μᵢ and μⱼ and the same exposure λ to one shock have the covariance λ² μᵢ μⱼ. All covariances together are the variance of the
    total less the variances of the customers, so λ² = (var(Σx) − Σ var(xᵢ)) / ((Σμ)² − Σμ²). Less than nothing in common counts as nothing.

    Examples
    --------
    >>> import ccx
    >>> revenue = customer_revenue(ccx.load("cdnow"), range(1, 1001), start="1997-10-01")
    >>> measured_group(revenue).n
    1000
    """
    if min(revenue.shape) < 2 or not revenue.to_numpy().sum() > 0:
        raise ValueError("A group is measured on two customers and two periods or more, and on some revenue.")
    mean, variance = revenue.mean(), revenue.var()
    common = (revenue.sum(axis=1).var() - variance.sum()) / (mean.sum() ** 2 - (mean**2).sum())
    exposure = np.sqrt(max(common, 0.0))
    own = max((variance - (exposure * mean) ** 2).mean(), 0.0)
    return Group(n=revenue.shape[1], mean=float(mean.mean()), sd=float(np.sqrt(own)), exposure=float(exposure))


def _in_periods(log, start, time_unit):
    """The purchase days from a day on, each with the number of its period, and how many periods are complete."""
    first, unit = pd.Timestamp(start), days_in(time_unit)
    days = purchase_days(log[log["date"] >= first])
    elapsed = (days["date"] - first).dt.days
    return days.assign(period=(elapsed // unit).astype(int)), int((elapsed.max() + 1) // unit)


def detrended(revenue):
    """The same revenue with each tier's straight-line trend taken out, its mean kept.

    Parameters
    ----------
    revenue : DataFrame
        A row per period, a column per tier.

    Returns
    -------
    DataFrame, shaped like `revenue`

    Notes
    -----
    A cohort that melts away has a steep trend, which is no risk: it can be foreseen. What is left is the unsteadiness around it.

    Examples
    --------
    >>> detrended(pd.DataFrame({"top": [3.0, 2.0, 1.0], "rest": [1.0, 3.0, 2.0]})).round(1).to_numpy().tolist()
    [[2.0, 1.5], [2.0, 3.0], [2.0, 1.5]]
    """
    t = np.arange(len(revenue)) - (len(revenue) - 1) / 2
    slope = revenue.T @ t / (t @ t)
    return revenue - pd.DataFrame(np.outer(t, slope), revenue.index, revenue.columns)


def steadiness(revenue):
    """How unsteady each tier is, and how much of the whole it brings.

    Parameters
    ----------
    revenue : DataFrame
        A row per period, a column per tier.

    Returns
    -------
    DataFrame
        By tier and for the ``whole``: ``share`` of revenue, ``cv`` (standard deviation per unit of mean), and ``beta``
        with the whole, in relative terms: 1 for a tier that swings in proportion to the whole.

    Examples
    --------
    >>> steadiness(pd.DataFrame({"top": [1.0, 3.0], "rest": [5.0, 5.0]})).round(2)["share"].to_dict()
    {'top': 0.29, 'rest': 0.71, 'whole': 1.0}
    """
    whole = revenue.sum(axis=1)
    table = revenue.astype(float).set_axis(revenue.columns.astype(object), axis=1).assign(whole=whole)
    mean = table.mean()
    relative = table / mean
    return pd.DataFrame({"share": mean / mean["whole"], "cv": table.std() / mean, "beta": customer_beta(relative, relative["whole"])})
