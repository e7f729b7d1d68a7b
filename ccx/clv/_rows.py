"""What the models read: checked columns, and rows that are alike collapsed to one with a weight."""

import contextlib
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Rows:
    """Distinct rows of the data, how many customers share each, and which row each customer has."""

    columns: tuple
    weight: np.ndarray
    row_of_customer: np.ndarray

    @property
    def customers(self):
        return float(self.weight.sum())


def collapse(columns, weights=None):
    """Distinct rows: each column's values are numbered, the numbers packed into one integer, and the integers counted."""
    key, size = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        codes, values = pd.factorize(column)
        key, size = key * len(values) + codes, size * len(values)
        if size > 4 * len(key):
            key, size = pd.factorize(key)[0], len(key)
    seen = np.zeros(size, dtype=bool)
    seen[key] = True
    key = (seen.cumsum() - 1)[key]
    rows = int(seen.sum())
    first = np.empty(rows, dtype=np.int64)
    first[key[::-1]] = np.arange(len(key))[::-1]
    weight = np.bincount(key, weights, minlength=rows).astype(float)
    return Rows(tuple(column[first] for column in columns), weight, key)


def read_columns(data, names):
    """The columns of a DataFrame as arrays of float; a missing column or one of something else than numbers is named."""
    if not isinstance(data, pd.DataFrame):
        raise ValueError(f"The data must be a DataFrame with the columns {_listed(names)}, not {type(data).__name__}.")
    for name in names:
        found = list(data.columns).count(name)
        if found != 1:
            fault = "have more than one column" if found else "lack the column"
            raise ValueError(f"The data {fault} {name!r}; they have {_listed(data)}.")
    return [_numbers(data[name]) for name in names]


def _numbers(column):
    # Dates and text with digits would pass as numbers.
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_object_dtype(column):
        with contextlib.suppress(TypeError, ValueError):
            return column.to_numpy(dtype=float, na_value=np.nan)
    raise ValueError(f"Column {column.name!r} must hold numbers, not {column.dtype}.")


def read_weights(weights, data):
    """Customers per row as an array, one each if none are given."""
    if weights is None:
        return None
    try:
        weights = np.asarray(weights, dtype=float)
    except (TypeError, ValueError):
        raise ValueError("The weights must be numbers, one per row.") from None
    if weights.shape != (len(data),):
        raise ValueError(f"The weights must be one number per row, {len(data):,} in all, not of shape {weights.shape}.")
    refuse(data, "weights", weights, ~(weights >= 0) | np.isinf(weights), "is missing, negative or infinite")
    return weights


def refuse(data, column, values, bad, complaint):
    """Raise on the first bad row, naming the column and the customer."""
    if bad.any():
        first = int(np.argmax(bad))
        raise ValueError(f"Column {column!r} {complaint} (customer {data.index[[first]].tolist()[0]!r}: {values[first]:g}).")


def check_history(data, frequency, recency, T):
    """Refuse histories that no customer can have; the times are any unit, the same throughout."""
    check_counts(data, frequency, T)
    refuse(data, "recency", recency, ~np.isfinite(recency), "is missing or infinite")
    refuse(data, "recency", recency, recency < 0, "is negative")
    refuse(data, "recency", recency, recency > T, "is larger than T")
    refuse(data, "recency", recency, (frequency > 0) & (recency == 0), "is 0 although there are repeat purchases")
    refuse(data, "frequency", frequency, (frequency == 0) & (recency > 0), "is 0 although recency is positive")


def check_frequency(data, frequency):
    """Refuse counts that are no counts."""
    refuse(data, "frequency", frequency, ~np.isfinite(frequency), "is missing or infinite")
    refuse(data, "frequency", frequency, frequency < 0, "is negative")
    refuse(data, "frequency", frequency, frequency != np.floor(frequency), "is no whole number")


def check_counts(data, frequency, T):
    """Refuse counts that are no counts, and lengths of observation that are none."""
    check_frequency(data, frequency)
    refuse(data, "T", T, ~np.isfinite(T), "is missing or infinite")
    refuse(data, "T", T, T < 0, "is negative")
    refuse(data, "T", T, (T == 0) & (frequency > 0), "is 0 although there are repeat purchases")


def check_enough(rows, counts):
    """Refuse bases that say nothing about how customers differ."""
    if rows.customers <= 0:
        raise ValueError("The data are empty: there is no customer to fit to.")
    if rows.customers <= 1:
        raise ValueError("There is one customer only; how customers differ can't be read from one.")
    if not (counts * rows.weight).max() > 0:
        raise ValueError("Column 'frequency' is 0 for every customer: nobody came back, so there is no rate to estimate.")


def _listed(names):
    return ", ".join(map(repr, names))
