"""Does a model hold? Tables that set its predictions beside what customers did, in the calibration period and after it."""

import numpy as np
import pandas as pd

from ..customer_base import days_in, purchase_days


def calibration_table(model, data, longest=7, weights=None):
    """How many customers made 0, 1, 2, … repeat purchases, and how many the model expects.

    Parameters
    ----------
    model : RepeatModel
    data : DataFrame with ``frequency`` and ``T``
    longest : int, default 7
        The last row holds this many purchases and more.
    weights : sequence of float, optional
        Customers per row.

    Returns
    -------
    DataFrame
        Indexed by ``frequency``: ``observed`` and ``expected`` customers.

    Examples
    --------
    >>> import ccx
    >>> base = ccx.customer_base(ccx.load("cdnow_sample"), calibration_end="1997-09-30")
    >>> from ccx.clv import BetaGeoModel
    >>> calibration_table(BetaGeoModel.fit(base), base, longest=3)["observed"].tolist()
    [1411.0, 439.0, 214.0, 293.0]
    """
    weights = np.ones(len(data)) if weights is None else np.asarray(weights, dtype=float)
    observed = np.bincount(np.minimum(data["frequency"], longest).astype(int), weights, minlength=longest + 1)
    customers = pd.Series(weights).groupby(data["T"].to_numpy()).sum()
    below = sum(n * model.probability(np.arange(longest), T) for T, n in customers.items())
    return pd.DataFrame({"observed": observed, "expected": np.append(below, customers.sum() - below.sum())},
                        index=pd.RangeIndex(longest + 1, name="frequency"))


def tracking_table(model, log, calibration_end, time_unit="W"):
    """Repeat purchases of all customers period by period, as they came and as the model expects them, through the holdout.

    Parameters
    ----------
    model : RepeatModel in continuous time
        Fitted to the base of the same log with the same `calibration_end` and `time_unit`.
    log : DataFrame
        ``customer_id``, ``date``, ``value``: one row per purchase, up to the end of the holdout.
    calibration_end : date-like
        Customers first seen later are left out.
    time_unit : {"W", "D", "M", "Y"}
        Length of a period, and the unit of the model.

    Returns
    -------
    DataFrame
        Indexed by ``period``, 1 the first: ``actual`` and ``expected`` repeat purchases, ``actual_cumulative``,
        ``expected_cumulative``, and ``holdout``, whether the period ends after `calibration_end`. A last period that
        is not complete is left out.

    Notes
    -----
    Expected by the end of t: the sum of E[X(t − b)] over customers, with b the time of the first purchase. As in
    ``T``, time runs to the last day of the period; the R package BTYD lets it run a day longer.

    Examples
    --------
    >>> import ccx
    >>> from ccx.clv import BetaGeoModel
    >>> log = ccx.load("cdnow_sample")
    >>> model = BetaGeoModel.fit(ccx.customer_base(log, calibration_end="1997-09-30"))
    >>> table = tracking_table(model, log, "1997-09-30")
    >>> len(table), int(table["actual_cumulative"].iloc[-1])
    (78, 4339)
    """
    unit, end = days_in(time_unit), pd.Timestamp(calibration_end)
    days = purchase_days(log)
    first = days.groupby("customer")["date"].transform("min")
    known = first <= end
    day = (days["date"] - days["date"].min()).dt.days[known].to_numpy()
    birth = (first - days["date"].min()).dt.days[known].to_numpy()
    # All customers say how long the log is, those left out too.
    length = (days["date"].max() - days["date"].min()).days + 1
    periods = np.arange(1, int(length / unit) + 1)
    # Day 0 is the first day of period 1, so period t holds the days below t units.
    actual = np.bincount((day[day > birth] // unit).astype(int), minlength=len(periods))[:len(periods)]
    births, customers = np.unique(birth[day == birth], return_counts=True)
    last_day = (periods * unit)[:, None] - 1
    expected = model.expected_purchases_new_customer(np.maximum(last_day - births, 0) / unit) @ customers
    calibration = (end - days["date"].min()).days
    return pd.DataFrame({"actual": actual, "expected": np.diff(expected, prepend=0.0), "actual_cumulative": actual.cumsum(),
                         "expected_cumulative": expected, "holdout": last_day[:, 0] > calibration},
                        index=pd.Index(periods, name="period"))


def conditional_expectation(model, data, longest=7):
    """Purchases in the holdout by what customers did before: the average of those with 0, 1, 2, … repeat purchases, and the model's.

    Parameters
    ----------
    model : RepeatModel
    data : DataFrame
        From `customer_base` with a holdout: ``frequency``, ``recency``, ``T``, ``frequency_holdout`` and ``duration_holdout``.
    longest : int, default 7
        The last row holds this many purchases and more.

    Returns
    -------
    DataFrame
        Indexed by ``frequency``: ``customers``, mean ``actual`` and mean ``expected`` purchases in the holdout.

    Examples
    --------
    >>> import ccx
    >>> from ccx.clv import BetaGeoModel
    >>> base = ccx.customer_base(ccx.load("cdnow_sample"), calibration_end="1997-09-30", observation_end="1998-06-30")
    >>> conditional_expectation(BetaGeoModel.fit(base), base, longest=2).round(2)
               customers  actual  expected
    frequency
    0               1411    0.24      0.23
    1                439    0.70      0.52
    2                507    2.45      2.18
    """
    if "frequency_holdout" not in data or "duration_holdout" not in data:
        raise ValueError("The data have no holdout; make them with customer_base(…, calibration_end=…, observation_end=…).")
    expected = model.expected_purchases(data, float(data["duration_holdout"].iloc[0]))
    bins = data["frequency"].clip(upper=longest).astype(int).rename("frequency")
    return pd.DataFrame({"actual": data["frequency_holdout"], "expected": expected}).groupby(bins).agg(
        customers=("actual", "size"), actual=("actual", "mean"), expected=("expected", "mean"))


def probability_alive_path(model, purchases, until, step=1.0):
    """P(alive) of one customer as time goes by: as a rule it jumps up at each purchase and falls in between.

    Parameters
    ----------
    model : RepeatModel
    purchases : sequence of float
        Times of the repeat purchases, counted from the first purchase, in the time unit of the model.
    until : float
        Where the path ends.
    step : float, default 1
        Distance between points; just before and at each purchase there is one besides.

    Returns
    -------
    Series
        P(alive), indexed by ``time``; at a purchase there are two values, before and after it.

    Raises
    ------
    ValueError
        When a purchase lies before 0 or after `until`.

    Notes
    -----
    In the BG/NBD it is 1 until the first repeat purchase and falls there: only then may the customer leave for the first time.

    Examples
    --------
    >>> from ccx.clv import BetaGeoModel
    >>> model = BetaGeoModel(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> probability_alive_path(model, [2, 4], until=8, step=4).round(2).tolist()
    [1.0, 1.0, 0.75, 0.69, 0.81, 0.64]
    """
    if not step > 0:
        raise ValueError(f"step must be positive, not {step}.")
    purchases = np.sort(np.asarray(purchases, dtype=float))
    if len(purchases) and not 0 < purchases[0] <= purchases[-1] <= until:
        raise ValueError(f"Repeat purchases must lie after 0 and no later than until={until:g}.")
    grid = np.setdiff1d(np.append(np.arange(0, until, step), until), purchases)
    times = np.concatenate([grid, purchases, purchases])
    seen = np.searchsorted(purchases, times)
    seen[len(times) - len(purchases):] = np.searchsorted(purchases, purchases, side="right")
    order = np.lexsort([seen, times])
    past = pd.DataFrame({"frequency": seen, "recency": np.append(0.0, purchases)[seen], "T": times}).iloc[order]
    return model.expected_probability_alive(past).set_axis(pd.Index(times[order], name="time"))
