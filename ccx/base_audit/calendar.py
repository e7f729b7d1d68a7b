"""Periods of the calendar, which of them a log covers, and who bought in which."""

import numpy as np
import pandas as pd

PERIODS = {"M": "month", "Q": "quarter", "Y": "year"}
MONTHS = {"M": 1, "Q": 3, "Y": 12}
PER_YEAR = {"M": 12, "Q": 4, "Y": 1}
# A log that pauses on Sundays may end on a Saturday and still cover its month; a longer silence at the edge leaves the period open.
LONGEST_SLACK = 7
MOST = 600


def periods_of(days, period):
    """The periods in which days lie.

    Parameters
    ----------
    days : array of datetime64
    period : {"Q", "M", "Y"}

    Returns
    -------
    PeriodIndex

    Examples
    --------
    >>> periods_of(np.array(["2024-03-31", "2024-04-01"], "M8[D]"), "Q")
    PeriodIndex(['2024Q1', '2024Q2'], dtype='period[Q-DEC]')
    """
    if period not in PERIODS:
        raise ValueError(f"period={period!r} is not known; use {', '.join(map(repr, PERIODS))}.")
    months = np.asarray(days).astype("M8[M]").astype(np.int64)
    return pd.PeriodIndex.from_ordinals(months // MONTHS[period], freq=period)


def calendar(covered, period, longest_pause=1):
    """The periods from a log's first day to its last, and which of them it covers in full.

    Parameters
    ----------
    covered : pair of datetime64
        First and last day.
    period : {"Q", "M", "Y"}
    longest_pause : int, default 1
        Days between two days with rows, at most; as many, up to a week, may be missing at the edges of a period that counts as covered.

    Returns
    -------
    DataFrame, indexed by period
        ``start``, ``end`` (days) and ``complete``.

    Raises
    ------
    ValueError
        When the log spans more than 600 periods, which a date far off the others may cause.

    Examples
    --------
    >>> calendar((np.datetime64("2024-01-01"), np.datetime64("2024-05-15")), "Q")["complete"].to_dict()
    {Period('2024Q1', 'Q-DEC'): True, Period('2024Q2', 'Q-DEC'): False}
    """
    first, last = periods_of(np.array(covered), period)
    if (last - first).n >= MOST:
        raise ValueError(f"the log spans {(last - first).n + 1:,} {PERIODS[period]}s, from {covered[0]} to {covered[1]}: set strange dates aside with "
                         f"start=... and end=...")
    index = pd.period_range(first, last, name="period")
    slack = pd.Timedelta(days=min(longest_pause - 1, LONGEST_SLACK))
    start, end = index.start_time, index.end_time.normalize()
    complete = (pd.Timestamp(covered[0]) - slack <= start) & (end <= pd.Timestamp(covered[1]) + slack)
    return pd.DataFrame({"start": start, "end": end, "complete": complete}, index=index)


def activity_table(used, ids, period):
    """What each customer did in each period with a purchase or a return.

    Parameters
    ----------
    used : DataFrame
        Rows sorted by customer and day: ``code``, ``day``, ``value``, ``purchase``; ``margin`` and ``order`` if there are any.
    ids : Index
        The customers, by code.
    period : {"Q", "M", "Y"}

    Returns
    -------
    DataFrame, sorted by customer and period
        ``customer_id``, ``cohort`` (the period of the first purchase), ``period``, ``orders``, ``revenue`` and, with margins, ``profit``. An order is a day on
        which a customer bought, or an order number on a day; a period with nothing but returns has none.
    """
    code, when = used["code"].to_numpy(), periods_of(used["day"].to_numpy(), period).asi8
    changed = (np.diff(code, prepend=-1) != 0) | (np.diff(when, prepend=when[0]) != 0)
    starts, place = np.flatnonzero(changed), np.cumsum(changed) - 1
    orders = used[used["purchase"].to_numpy()].assign(place=place[used["purchase"].to_numpy()])
    keys = ["code", "day", "order"] if "order" in used else ["code", "day"]
    orders = orders[~orders.duplicated(keys)]
    first = pd.Series(when[starts]).groupby(code[starts]).min()
    table = {"customer_id": ids[code[starts]], "cohort": _periods(first.to_numpy()[code[starts]], period), "period": _periods(when[starts], period),
             "orders": np.bincount(orders["place"], minlength=len(starts)), "revenue": np.add.reduceat(used["value"].to_numpy(), starts)}
    if "margin" in used:
        table["profit"] = np.add.reduceat(used["margin"].to_numpy(), starts)
    return pd.DataFrame(table)


def _periods(ordinals, period):
    return pd.PeriodIndex.from_ordinals(ordinals, freq=period)


def customer_table(used, ids, activity):
    """One row per customer: cohort, first and last purchase, orders, revenue and, with margins, profit.

    Parameters
    ----------
    used, ids
        As for `activity_table`.
    activity : DataFrame
        From `activity_table`.

    Returns
    -------
    DataFrame, indexed by ``customer_id``
    """
    bought = used[used["purchase"]].groupby("code")["day"]
    sums = activity.groupby("customer_id", sort=False)[[name for name in ("orders", "revenue", "profit") if name in activity]].sum()
    cohort = activity.drop_duplicates("customer_id").set_index("customer_id")["cohort"]
    dates = pd.DataFrame({"first": bought.min(), "last": bought.max()}).set_axis(ids)
    return dates.join(sums).assign(cohort=cohort)


def period_table(activity, calendar):
    """Customers, orders and revenue period by period.

    Parameters
    ----------
    activity : DataFrame
        From `activity_table`.
    calendar : DataFrame
        From `calendar`.

    Returns
    -------
    DataFrame, indexed by period
        The calendar with ``customers`` (who ordered), ``new``, ``orders``, ``revenue``, ``profit`` (with margins), ``orders_per_customer`` and
        ``value_per_order``.
    """
    buyers = activity[activity["orders"] > 0]
    table = calendar.assign(customers=buyers.groupby("period").size(), new=buyers[buyers["cohort"] == buyers["period"]].groupby("period").size())
    sums = activity.groupby("period")[[name for name in ("orders", "revenue", "profit") if name in activity]].sum()
    table = table.join(sums).fillna(dict.fromkeys(("customers", "new", *sums), 0)).astype({"customers": int, "new": int, "orders": int})
    return table.assign(orders_per_customer=table["orders"] / table["customers"].where(table["customers"] > 0),
                        value_per_order=table["revenue"] / table["orders"].where(table["orders"] > 0))
