"""Whether customers acquired later are better: the same number of days for each, and the difference from a year earlier with its interval."""

import numpy as np
import pandas as pd

from .calendar import PER_YEAR

DAYS = (30, 60, 91, 182, 365, 730)
QUALITY = ["days", "customers", "value", "standard_error", "bought_again", "change", "low", "high"]
# Means of fewer customers than this come without an interval: amounts are skewed.
FEW = 30


def cohort_quality(log, customers, calendar, covered_until, days=None):
    """Compare cohorts over the same number of days since each customer's first purchase.

    Parameters
    ----------
    log : DataFrame
        ``customer_id``, ``date``, ``value``.
    customers : DataFrame, indexed by ``customer_id``
        ``first`` (date of the first purchase) and ``cohort``.
    calendar : DataFrame, indexed by period
    covered_until : date-like
        The log's last day.
    days : int, optional
        How many days count, that of the first purchase included. Default: the most among 30, 60, 91, 182, 365 and 730 that leave half of the cohorts and,
        where there are enough, two a year apart.

    Returns
    -------
    DataFrame, indexed by cohort
        Of cohorts that the log follows for so long: ``days``, ``customers``, ``value`` (mean spend within the days), ``standard_error``, ``bought_again``
        (share with a purchase on another of those days); and, against the cohort a year earlier, ``change`` of the value with ``low`` and ``high``, the
        ends of its 95 percent interval (of 30 customers or more).

    Notes
    -----
    The interval is Welch's (1947) with normal quantiles: customers of each cohort are taken for a sample of those whom the firm might have acquired in that way.
    What happened to a cohort as a whole, a campaign or a strike, is not in it.

    Examples
    --------
    >>> import ccx
    >>> base = ccx.audit(ccx.load("company"), period="Y")
    >>> cohort_quality(base.log, base.customers, base.periods, "2025-12-31", days=365)[["days", "customers", "value"]].round(2)
            days  customers   value
    cohort
    2024     365       4659  ...
    """
    ends = calendar["end"]
    cohorts = ends.index[ends.index.isin(customers["cohort"].unique())]
    days = days or _days(ends[cohorts], pd.Timestamp(covered_until))
    followed = cohorts[ends[cohorts] + pd.Timedelta(days=days - 1) <= pd.Timestamp(covered_until)]
    if followed.empty:
        return pd.DataFrame(columns=QUALITY, index=followed.rename("cohort"), dtype=float)
    mine = customers[customers["cohort"].isin(followed)]
    age = (log["date"] - log["customer_id"].map(mine["first"])).dt.days
    early = log[age < days]
    values = early.groupby("customer_id")["value"].sum().reindex(mine.index, fill_value=0.0)
    again = early[(age[early.index] > 0) & (early["value"] >= 0)]["customer_id"].unique()
    groups = values.groupby(mine["cohort"])
    table = pd.DataFrame({"days": days, "customers": groups.size(), "value": groups.mean(), "standard_error": groups.std() / np.sqrt(groups.size()),
                          "bought_again": pd.Series(mine.index.isin(again), mine.index).groupby(mine["cohort"]).mean()}, index=followed)  # fmt: skip
    return _with_change(table.rename_axis("cohort"))


def _days(ends, until):
    """The longest horizon that still leaves something to compare."""
    year = PER_YEAR[ends.index.freqstr[0]]
    followed = {days: ends.index[ends + pd.Timedelta(days=days - 1) <= until] for days in DAYS}
    enough = [days for days, cohorts in followed.items() if len(cohorts) >= max(min(2, len(ends)), len(ends) / 2)]
    yearly = [days for days in enough if (followed[days] - year).isin(followed[days]).any()]
    return max(yearly or enough or DAYS[:1])


def _with_change(table):
    year = PER_YEAR[table.index.freqstr[0]]
    before = table[["customers", "value", "standard_error"]].reindex(table.index - year).set_axis(table.index)
    enough = (table["customers"] >= FEW) & (before["customers"] >= FEW)
    change, error = table["value"] - before["value"], np.hypot(table["standard_error"], before["standard_error"]).where(enough)
    return table.assign(change=change, low=change - 1.96 * error, high=change + 1.96 * error)
