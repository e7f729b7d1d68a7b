"""From a transaction log to one row per customer: frequency, recency, T, monetary_value."""

import os
import sys

import numpy as np
import pandas as pd

# Months and years are average lengths, so that every unit is a fixed number of days.
DAYS_IN = {"D": 1.0, "W": 7.0, "M": 365.25 / 12, "Y": 365.25}


def customer_base(
    log,
    calibration_end=None,
    observation_end=None,
    time_unit="W",
    customer_id="customer_id",
    date="date",
    value="value",
):
    """Summarise a transaction log to one row per customer.

    Parameters
    ----------
    log : pandas.DataFrame, path or duckdb.DuckDBPyRelation
        One row per purchase, in any order: who, when (without time zone), how much. A log that is larger than memory
        can stay outside: give the path of a Parquet file or a DuckDB relation, and DuckDB (``pip install duckdb``)
        groups it, with the same result.
    calibration_end : date-like, optional
        Last day of the calibration period, included. Default: the last day in the log.
    observation_end : date-like, optional
        Last day of the holdout period that follows, included. Default: no holdout columns.
    time_unit : {"W", "D", "M", "Y"}
        Unit of `recency`, `T` and `duration_holdout`: weeks, days, or months and years of average
        length (30.4375 and 365.25 days). A model fitted to the result speaks in this unit.
    customer_id, date, value : str
        Names of the log's columns.

    Returns
    -------
    pandas.DataFrame
        Indexed by customer, sorted. ``frequency``: days with a purchase after the first such day;
        ``recency``: time from the first to the last purchase; ``T``: time from the first purchase to
        `calibration_end`; ``monetary_value``: mean spend per *repeat* purchase day, 0 if there is none.
        With `observation_end` also ``frequency_holdout``: days with a purchase in the holdout period;
        ``monetary_value_holdout``: mean spend on them, 0 if there is none; ``duration_holdout``: the
        length of the period, the same for all.

    Raises
    ------
    TypeError
        If `log` is none of the three.
    ValueError
        If a column is missing, of the wrong type or has gaps, the log is empty, the unit is unknown,
        the periods are empty or out of order, or the file is not Parquet.
    FileNotFoundError
        If there is no such file.
    ImportError
        If DuckDB is needed and not installed.

    Notes
    -----
    All purchases on one day are one occasion. A day on which the spend is zero is an occasion like any
    other, as in the papers (CDNOW has 80 such days); drop such rows first if they are not
    purchases. The same holds for returns: a row of negative value is netted within its day, but alone
    on a day it counts as an occasion. Customers first seen after `calibration_end` are left out.
    The conventions are those of Fader, Hardie and Lee (2005), Marketing Science 24(2), 275-284.

    A relation is read three times, so write one that is slow to compute, or comes out differently each time, to a file
    first. From a file, what does not fit into memory goes to the system's folder for temporary files; from a relation,
    to where its connection puts it (``SET temp_directory``).

    Examples
    --------
    >>> import ccx
    >>> base = customer_base(ccx.load("cdnow_sample"), calibration_end="1997-09-30")
    >>> base.head(2).round(3)
                 frequency  recency       T  monetary_value
    customer_id
    4                    2   30.429  38.857          22.345
    18                   0    0.000  38.429           0.000

    The same log in DuckDB, without the purchases of zero:

    >>> import duckdb
    >>> relation = duckdb.from_df(ccx.load("cdnow_sample"))
    >>> customer_base(relation.filter("value > 0"), calibration_end="1997-09-30").head(2).round(3)
                 frequency  recency       T  monetary_value
    customer_id
    4                    2   30.429  38.857          22.345
    18                   0    0.000  38.429           0.000
    """
    unit = days_in(time_unit)
    columns = {"customer_id": customer_id, "date": date, "value": value}
    base = _reader(log)(log, columns, calibration_end, observation_end)
    times = base.columns.intersection(["recency", "T", "duration_holdout"])
    base[times] /= unit
    return base.rename_axis(customer_id)


def _reader(log):
    """The function that summarises such a log, with times in days."""
    if isinstance(log, pd.DataFrame):
        return _from_frame
    # Whoever has a relation has imported duckdb.
    relation = getattr(sys.modules.get("duckdb"), "DuckDBPyRelation", ())
    if isinstance(log, (str, os.PathLike, relation)):
        return _from_duckdb
    raise TypeError(
        "log must be a DataFrame with one row per purchase, the path of a Parquet file or a DuckDB relation, "
        f"not {type(log).__name__}."
    )


def _from_frame(log, columns, calibration_end, observation_end):
    _check_frame(log, **columns)
    days = purchase_days(log, **columns)
    start, end = _calibration_end(days["date"], calibration_end, observation_end)
    base = _calibration(days[days["date"] <= start], start)
    if end is None:
        return base
    within = (days["date"] > start) & (days["date"] <= end)
    return _with_holdout(base, days[within], (end - start).days)


def _from_duckdb(log, columns, calibration_end, observation_end):
    from ._customer_base_duckdb import checked, opened, summary

    with opened(log) as relation:
        _check_columns(relation.columns, columns)
        purchases, dates = checked(relation, **columns)
        return summary(purchases, *_calibration_end(dates, calibration_end, observation_end))


def days_in(time_unit):
    if time_unit not in DAYS_IN:
        raise ValueError(f"time_unit={time_unit!r} is not known; use one of {', '.join(map(repr, DAYS_IN))}.")
    return DAYS_IN[time_unit]


def _check_columns(found, columns):
    for role, column in columns.items():
        if column not in found:
            raise ValueError(f"log has no column {column!r}, only {list(found)}; name yours with {role}=...")


def _check_frame(log, customer_id, date, value):
    """Refuse a log unless its three columns are there, typed and without gaps."""
    _check_columns(log.columns, {"customer_id": customer_id, "date": date, "value": value})
    if log.empty:
        raise ValueError("log is empty: there is no purchase to summarise.")
    _check_types(log, date, value)
    for column in (customer_id, date, value):
        _check_gaps(log[column])


def _check_types(log, date, value):
    if not pd.api.types.is_datetime64_dtype(log[date]):
        raise ValueError(
            f"column {date!r} must hold dates without time zone (datetime64), not {log[date].dtype}; "
            "convert it with pd.to_datetime, and from a time zone with .dt.tz_localize(None)."
        )
    if not pd.api.types.is_numeric_dtype(log[value]):
        raise ValueError(f"column {value!r} must hold numbers, not {log[value].dtype}; convert it with pd.to_numeric.")


def _check_gaps(column):
    gaps = column.isna()
    if pd.api.types.is_float_dtype(column):
        gaps |= np.isinf(column)
    if gaps.any():
        raise ValueError(
            f"column {column.name!r} has {gaps.sum()} missing or infinite values, "
            f"the first in the row labelled {gaps.idxmax()!r}; drop or mend these rows."
        )


def purchase_days(log, customer_id="customer_id", date="date", value="value"):
    """One row per customer and day, sorted, with the day's total value."""
    keys = [log[customer_id].rename("customer"), log[date].dt.normalize().rename("date")]
    return log[value].astype(float).groupby(keys, observed=True).sum().rename("value").reset_index()


def _calibration_end(dates, calibration_end, observation_end):
    """The last days of the two periods, as midnights; the second may be None."""
    start = dates.max() if calibration_end is None else _day("calibration_end", calibration_end)
    end = None if observation_end is None else _day("observation_end", observation_end)
    if start < dates.min():
        raise ValueError(f"calibration_end ({start:%Y-%m-%d}) is before the first purchase ({dates.min():%Y-%m-%d}).")
    if end is not None and end <= start:
        raise ValueError(
            f"observation_end ({end:%Y-%m-%d}) must be after calibration_end ({start:%Y-%m-%d}, "
            "the last day in the log if you gave none)."
        )
    return start, end


def _day(role, when):
    try:
        day = pd.Timestamp(when).tz_localize(None).normalize()
    except (TypeError, ValueError, AttributeError):
        day = pd.NaT
    # A number would pass as nanoseconds since 1970.
    if day is pd.NaT or isinstance(when, (int, float)):
        raise ValueError(f"{role}={when!r} is not a date; write it as '1997-09-30'.")
    return day


def _calibration(days, end):
    dates = days.groupby("customer", observed=True)["date"].agg(["min", "max", "size"])
    repeat = days[days["customer"].duplicated()]  # the rows are sorted, so this drops each first day
    return pd.DataFrame({
        "frequency": dates["size"] - 1,
        "recency": (dates["max"] - dates["min"]).dt.days,
        "T": (end - dates["min"]).dt.days,
        "monetary_value": _mean_value(repeat, dates.index),
    })  # fmt: skip


def _with_holdout(base, days, duration):
    count = days.groupby("customer", observed=True).size()
    return base.assign(
        frequency_holdout=count.reindex(base.index, fill_value=0),
        monetary_value_holdout=_mean_value(days, base.index),
        duration_holdout=duration,
    )


def _mean_value(days, customers):
    return days.groupby("customer", observed=True)["value"].mean().reindex(customers, fill_value=0.0)
