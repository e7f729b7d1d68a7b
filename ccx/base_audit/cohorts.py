"""The third and the fourth lens: one cohort as it ages, and cohorts side by side."""

from dataclasses import dataclass

import pandas as pd

from ..heterogeneity import gini, top_share
from .whole import whole_base


@dataclass(frozen=True)
class OneCohort:
    """The third lens: one cohort.

    Attributes
    ----------
    cohort : Period
        The period of the first purchase.
    by_age : DataFrame, indexed by age in periods, 0 the period of acquisition
        From `one_cohort`.
    summary : Series
        ``customers``, ``revenue``, ``profit`` (with margins), ``bought_again`` (share), ``gini`` and ``top_20`` of the revenue so far.
    """

    cohort: pd.Period
    by_age: pd.DataFrame
    summary: pd.Series


def one_cohort(activity, calendar, cohort):
    """Look at one cohort over time, and how the behaviour of customers acquired together evolves.

    Parameters
    ----------
    activity : DataFrame
        As for `one_period`.
    calendar : DataFrame, indexed by period
        ``complete``.
    cohort : Period or str
        The period of the first purchase.

    Returns
    -------
    OneCohort
        ``by_age`` has ``period``, ``complete``, ``active`` (customers who ordered), ``active_share``, ``bought_again`` (share with a second order so far),
        ``orders``, ``revenue``, ``profit`` (with margins), ``orders_per_active``, ``value_per_order``, and per customer acquired ``revenue_per_customer`` and
        ``cumulative``.

    Raises
    ------
    ValueError
        When nobody was acquired then.

    Examples
    --------
    >>> import ccx
    >>> base = ccx.audit(ccx.load("company"))
    >>> one_cohort(base.activity, base.periods, "2024Q2").by_age.loc[:3, ["active_share", "bought_again"]].round(2)
         active_share  bought_again
    age
    0            1.00          0.22
    1            0.36          0.44
    2            0.31          0.52
    3            0.27          0.58
    """
    cohort = pd.Period(cohort, activity["period"].dtype.freq)
    mine = activity[activity["cohort"] == cohort]
    if mine.empty:
        raise ValueError(f"nobody bought for the first time in {cohort}.")
    n = mine["customer_id"].nunique()
    return OneCohort(cohort, _by_age(mine, calendar, cohort, n), _summary(mine, n))


def _by_age(mine, calendar, cohort, n):
    periods = calendar.index[calendar.index >= cohort]
    groups = mine.groupby("period")
    sums = groups[[name for name in ("orders", "revenue", "profit") if name in mine]].sum()
    so_far = mine.groupby("customer_id")["orders"].cumsum()
    again = mine[so_far >= 2].drop_duplicates("customer_id").groupby("period").size()
    table = pd.DataFrame({"period": periods, "complete": calendar.loc[periods, "complete"], "active": mine[mine["orders"] > 0].groupby("period").size(),
                          "bought_again": again}, index=periods).join(sums)  # fmt: skip
    table = table.fillna(dict.fromkeys(["active", "bought_again", *sums], 0)).astype({"active": int, "orders": int})
    table["bought_again"] = table["bought_again"].cumsum() / n
    table.insert(3, "active_share", table["active"] / n)
    table["orders_per_active"] = table["orders"] / table["active"].where(table["active"] > 0)
    table["value_per_order"] = table["revenue"] / table["orders"].where(table["orders"] > 0)
    table["revenue_per_customer"] = table["revenue"] / n
    return table.assign(cumulative=table["revenue"].cumsum() / n).set_axis(pd.RangeIndex(len(table), name="age"))


def _summary(mine, n):
    groups = mine.groupby("customer_id")
    revenue = groups["revenue"].sum()
    found = {"customers": n, "revenue": revenue.sum(), "bought_again": (groups["orders"].sum() >= 2).mean()}
    if "profit" in mine:
        found["profit"] = mine["profit"].sum()
    positive = revenue[revenue >= 0]
    if positive.sum() > 0:
        found |= {"gini": gini(positive), "top_20": top_share(positive)}
    return pd.Series(found, dtype=float)


@dataclass(frozen=True)
class Cohorts:
    """The fourth lens: cohorts side by side, aligned at their acquisition.

    Attributes
    ----------
    customers : Series, indexed by cohort
        How many were acquired.
    active, revenue : DataFrame, a row per cohort, a column per age in periods
        Customers who ordered, and revenue; missing beyond the end of the log.
    active_share, revenue_per_customer, cumulative : DataFrame
        The same per customer acquired, and revenue added up; missing also in periods that the log covers in part.
    quality : DataFrame, indexed by cohort
        From `cohort_quality`.
    """

    customers: pd.Series
    active: pd.DataFrame
    revenue: pd.DataFrame
    active_share: pd.DataFrame
    revenue_per_customer: pd.DataFrame
    cumulative: pd.DataFrame
    quality: pd.DataFrame


def cohort_tables(activity, calendar, quality=None):
    """Look at all cohorts side by side, and whether the customers acquired later are better or worse.

    Parameters
    ----------
    activity, calendar : DataFrame
        As for `one_cohort`.
    quality : DataFrame, optional
        From `cohort_quality`, kept with the tables.

    Returns
    -------
    Cohorts

    Notes
    -----
    Age 0 is the rest of the period in which a customer was acquired, half of it on average; `cohort_quality` counts days from each first purchase instead.

    Examples
    --------
    >>> import ccx
    >>> base = ccx.audit(ccx.load("company"), period="Y")
    >>> cohort_tables(base.activity, base.periods).cumulative.round(2)
    age          0       1
    cohort
    2024     90.37  184.42
    2025    ...
    """
    base = whole_base(activity, calendar)
    customers = activity.drop_duplicates("customer_id").groupby("cohort").size().reindex(base.revenue_by_cohort.index)
    active, revenue = (_aligned(table) for table in (base.customers_by_cohort, base.revenue_by_cohort))
    complete = _aligned(base.revenue_by_cohort.notna() & calendar["complete"]).fillna(False).astype(bool)
    spent = revenue.div(customers, axis=0)
    return Cohorts(customers.rename("customers"), active, revenue, active.div(customers, axis=0).where(complete), spent.where(complete),
                   spent.cumsum(axis=1).where(complete.cummin(axis=1)), quality)


def _aligned(table):
    """A table of cohorts by periods as one of cohorts by ages."""
    rows = [pd.Series(table.loc[cohort, cohort:].to_numpy(), name=cohort) for cohort in table.index]
    return pd.DataFrame(rows).rename_axis(index="cohort", columns="age")
