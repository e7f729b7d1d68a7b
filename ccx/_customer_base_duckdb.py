"""The customer base of a log that is larger than memory: a Parquet file or a relation, grouped inside DuckDB.

Each step is a step on the relation, so that the user's connection gets no view and no table, and only one row per
customer comes back.
"""

import contextlib
import glob
import importlib.util
import os
import tempfile
from pathlib import Path

import pandas as pd

DATES = {"date", "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns"}
NUMBERS = {"boolean", "tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger",
           "ubigint", "uhugeint", "float", "double", "decimal"}  # fmt: skip


def opened(log):
    """The log as a relation, for use in a with statement."""
    missing = [package for package in ("duckdb", "pyarrow") if importlib.util.find_spec(package) is None]
    if missing:
        raise ImportError(f"a log outside pandas is summarised by DuckDB: run `pip install {' '.join(missing)}`.")
    return _parquet(Path(os.path.expanduser(log))) if isinstance(log, (str, os.PathLike)) else contextlib.nullcontext(log)


@contextlib.contextmanager
def _parquet(path):
    import duckdb

    if not path.is_file():
        raise FileNotFoundError(f"there is no file {str(path)!r}; give the path of a Parquet file, or a frame from ccx.load.")
    # Left to itself, DuckDB would put what does not fit into memory into the working directory.
    with tempfile.TemporaryDirectory() as spill, duckdb.connect(config={"temp_directory": spill}) as connection:
        try:
            # Unescaped, brackets and stars in a name would be a pattern that matches other files.
            yield connection.read_parquet(glob.escape(str(path)), hive_partitioning=False)
        except duckdb.OutOfMemoryException:  # is not the file's fault, and says itself what to do
            raise
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise ValueError(f"DuckDB cannot read {str(path)!r} ({reason}); give the path of a whole Parquet file.") from error


def checked(relation, customer_id, date, value):
    """The purchases as (customer, day, value), typed and without gaps, and the first and last day."""
    _check_types(dict(zip(relation.columns, relation.types, strict=True)), date, value)
    purchases = relation.project(
        f"{_quoted(customer_id)} AS customer, CAST({_quoted(date)} AS DATE) AS day, CAST({_quoted(value)} AS DOUBLE) AS value"
    )
    gaps = [_gaps(*column) for column in zip(purchases.columns, purchases.types, strict=True)]
    days = ["CAST(min(day) AS TIMESTAMP)", "CAST(max(day) AS TIMESTAMP)"]
    rows, first, last, *counts = purchases.aggregate(", ".join(["count(*)", *days, *gaps])).df().iloc[0]
    _check_rows(rows, zip((customer_id, date, value), counts, strict=True))
    return purchases, pd.Series([first, last])


def _check_types(types, date, value):
    if types[date].id not in DATES:
        raise ValueError(
            f"column {date!r} must hold dates without time zone (DATE or TIMESTAMP), not {types[date]}; "
            "convert it in a query with CAST(... AS DATE), and from a time zone with ... AT TIME ZONE 'UTC'."
        )
    if types[value].id not in NUMBERS:
        raise ValueError(
            f"column {value!r} must hold numbers, not {types[value]}; convert it in a query with CAST(... AS DOUBLE)."
        )


def _gaps(column, kind):
    infinite = f" OR NOT isfinite({column})" if kind.id in {"float", "double", "date"} else ""
    return f"count(*) FILTER ({column} IS NULL{infinite})"


def _check_rows(rows, gaps):
    if not rows:
        raise ValueError("log is empty: there is no purchase to summarise.")
    for column, count in gaps:
        if count:
            raise ValueError(f"column {column!r} has {count} missing or infinite values; drop or mend these rows.")


def _quoted(column):
    return '"' + column.replace('"', '""') + '"'


def summary(purchases, start, end):
    """One row per customer first seen up to `start`, with times in days, and with a holdout period unless `end` is None."""
    first_days = _until(purchases, start).aggregate("customer, min(day) AS first_day", "customer")
    days = _until(purchases, start if end is None else end).aggregate("customer, day, fsum(value) AS value", "customer, day")
    columns = _calibration(_sql(start)) | ({} if end is None else _holdout(_sql(start), (end - start).days))
    formulas = ", ".join(f"{formula} AS {name}" for name, formula in columns.items())
    joined = days.set_alias("days").join(first_days.set_alias("first_days"), "customer")
    # By way of Arrow the ids come back as pandas.read_parquet reads them, and long whole numbers stay exact.
    base = joined.aggregate(f"customer, {formulas}", "customer, first_day").to_arrow_table().to_pandas()
    base.index = pd.Index(base.pop("customer"))  # set_index would turn consecutive ids of any integer type into int64
    return base.sort_index()


def _calibration(start):
    return {
        "frequency": f"count(*) FILTER (day <= {start}) - 1",
        "recency": f"max(day) FILTER (day <= {start}) - first_day",
        "T": f"{start} - first_day",
        # A sum less the first day's value would leave a rounding error where the repeat days net to zero.
        "monetary_value": _mean(f"first_day < day AND day <= {start}"),
    }


def _holdout(start, duration):
    return {
        "frequency_holdout": f"count(*) FILTER (day > {start})",
        "monetary_value_holdout": _mean(f"day > {start}"),
        "duration_holdout": duration,
    }


def _mean(days):
    return f"coalesce(favg(value) FILTER ({days}), 0)"


def _until(purchases, end):
    return purchases.filter(f"day <= {_sql(end)}")


def _sql(day):
    return f"CAST(TIMESTAMP '{day}' AS DATE)"
