"""The fifth lens: the whole base over time."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class WholeBase:
    """The fifth lens: the whole base over time.

    Attributes
    ----------
    by_period : DataFrame, indexed by period
        From `whole_base`.
    revenue_by_cohort, customers_by_cohort : DataFrame, a row per cohort, a column per period
        Revenue and customers who ordered; missing before the cohort was acquired. The columns of the first add up to the revenue of each period.
    """

    by_period: pd.DataFrame
    revenue_by_cohort: pd.DataFrame
    customers_by_cohort: pd.DataFrame


def whole_base(activity, calendar):
    """Look at the whole base: who is active, who is new, who lapsed, and which cohorts revenue rests on.

    Parameters
    ----------
    activity, calendar : DataFrame
        As for `one_cohort`.

    Returns
    -------
    WholeBase
        ``by_period`` has ``complete``; ``active`` = ``new`` + ``stayed`` (ordered in the period before too) + ``came_back``; ``lapsed`` (ordered in the period
        before and not in this one); ``known`` (acquired so far); ``revenue`` = ``revenue_new`` + ``revenue_repeat`` (of cohorts acquired earlier); and
        ``repeat_share``.

    Notes
    -----
    Revenue by cohort, stacked, is known as the customer cohort chart (C3). A customer without a contract who lapsed may come again.

    Examples
    --------
    >>> import ccx
    >>> base = ccx.audit(ccx.load("company"), period="Y")
    >>> whole_base(base.activity, base.periods).by_period[["active", "new", "stayed", "lapsed"]]
            active   new  stayed  lapsed
    period
    2024      4659  4659       0       0
    2025    ...
    """
    periods = calendar.index
    revenue, active = (_by_cohort(rows, column, periods) for rows, column in ((activity, "revenue"), (activity[activity["orders"] > 0], None)))
    return WholeBase(_by_period(activity, calendar, revenue, active), revenue, active)


def _by_cohort(rows, column, periods):
    groups = rows.groupby(["cohort", "period"])
    table = (groups[column].sum() if column else groups.size()).unstack(fill_value=0)
    table = table.reindex(columns=periods, fill_value=0).astype(float)
    return table.where(table.columns.asi8[None, :] >= table.index.asi8[:, None])


def _by_period(activity, calendar, revenue, active):
    buyers = activity[activity["orders"] > 0]
    # Sorted by customer and period, so that a customer's last time stands in the row above.
    before = buyers["period"].array.asi8 - buyers["period"].array.asi8[np.arange(len(buyers)) - 1]
    again = buyers["customer_id"].eq(buyers["customer_id"].shift())
    new = pd.Series(np.diag(active.reindex(active.columns)), active.columns).fillna(0)
    stayed = buyers[again & (before == 1)].groupby("period").size()
    table = pd.DataFrame({"complete": calendar["complete"], "active": active.sum(), "new": new, "stayed": stayed}).fillna({"stayed": 0})
    table["came_back"] = table["active"] - table["new"] - table["stayed"]
    table["lapsed"] = table["active"].shift(fill_value=0) - table["stayed"]
    counts = ["active", "new", "stayed", "came_back", "lapsed", "known"]
    table = table.assign(known=table["new"].cumsum()).astype(dict.fromkeys(counts, int))
    newly = pd.Series(np.diag(revenue.reindex(revenue.columns)), revenue.columns).fillna(0.0)
    total = revenue.sum()
    return table.assign(revenue=total, revenue_new=newly, revenue_repeat=total - newly, repeat_share=(total - newly) / total.where(total != 0))
