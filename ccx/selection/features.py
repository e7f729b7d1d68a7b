"""What each customer does, in a few numbers, on a common scale."""

import numpy as np
import pandas as pd

from ..customer_base import purchase_days
from ..heterogeneity.over_time import _require_log


def behaviour(log, until=None, by=None):
    """What each customer does, in a few numbers.

    Parameters
    ----------
    log : DataFrame
        ``customer_id``, ``date``, ``value``.
    until : date-like, optional
        The last day that counts; the log's last day if none is given. Choose clusters on days up to it and judge them on days after it.
    by : str, optional
        A column of the log, such as a product line, whose values share out each customer's spend.

    Returns
    -------
    DataFrame, by customer
        ``visits`` (days with a purchase), ``spend`` (mean dollars a visit), ``silence`` (weeks from the last visit to `until`), ``known`` (weeks from the
        first), and with `by` the share of spend in each of its values, under its name (0 throughout for a customer who spent nothing).

    Raises
    ------
    ValueError
        When a column is missing or has gaps, nobody bought by then, or shares are asked for of negative values.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": [1, 1, 2], "value": [30.0, 10.0, 5.0], "line": ["tea", "soap", "soap"],
    ...                     "date": pd.to_datetime(["2024-01-01", "2024-01-15", "2024-01-08"])})
    >>> behaviour(log, by="line")
                 visits  spend  silence  known  soap   tea
    customer_id
    1                 2   20.0      0.0    2.0  0.25  0.75
    2                 1    5.0      1.0    1.0  1.00  0.00
    """
    _require_log(log)
    end = log["date"].max().normalize() if until is None else pd.Timestamp(until)
    log = log[log["date"] < end + pd.Timedelta(days=1)]
    if log.empty:
        raise ValueError(f"Nobody bought anything until {until}.")
    days = purchase_days(log).groupby("customer")
    dates = days["date"].agg(["min", "max"])
    table = pd.DataFrame({"visits": days.size(), "spend": days["value"].mean(),
                          "silence": (end - dates["max"]).dt.days / 7, "known": (end - dates["min"]).dt.days / 7})
    return (table if by is None else table.join(_shares(log, by))).rename_axis("customer_id")


def _shares(log, by):
    if by not in log or log[by].isna().any():
        raise ValueError(f"The log has no column {by!r}, or rows without an entry in it: name another, or mend these rows.")
    if (log["value"] < 0).any():
        raise ValueError("Shares of spend are not defined for negative values: net out returns first.")
    spend = log.groupby(["customer_id", by], observed=True)["value"].sum().unstack(fill_value=0.0)
    return spend.div(spend.sum(axis=1).where(lambda total: total > 0, 1.0), axis=0).rename_axis(columns=None)


def standardised(features, logged=("visits", "spend")):
    """Features in standard deviations from their mean, so that none counts more because of its unit.

    Parameters
    ----------
    features : DataFrame of float, by customer
    logged : sequence of str, default ("visits", "spend")
        Columns to take the logarithm of first (of 1 + x), because a few customers would else be a cluster of their own; names that are absent are ignored.

    Returns
    -------
    DataFrame, shaped like `features`

    Raises
    ------
    ValueError
        When a feature is missing for somebody, is the same for all, or is −1 or less and to be logged.

    Examples
    --------
    >>> features = pd.DataFrame({"visits": [0, 1, 3], "silence": [0.0, 10.0, 20.0]})
    >>> standardised(features).round(2).to_numpy().tolist()
    [[-1.22, -1.22], [0.0, 0.0], [1.22, 1.22]]
    """
    chosen = features.columns.intersection(list(logged))
    if (features[chosen] <= -1).any(axis=None):
        raise ValueError("A feature of -1 or less has no logarithm here: leave it out of logged.")
    table = features.astype(float)
    table[chosen] = np.log1p(table[chosen])
    spread = table.std(ddof=0)
    bad = table.isna().any() | ~(spread > 1e-12)
    if bad.any():
        raise ValueError(f"The feature {bad.idxmax()!r} is missing for some customers or the same for all: mend it or leave it out.")
    return (table - table.mean()) / spread
