"""Small things that the modules of this package share: whether a table has what is asked of it, and numbers as Python has them."""

import numpy as np
import pandas as pd


def require_columns(table, columns, what="log"):
    """Refuse a table that lacks a column, has gaps in one, or no dates in the column of that name."""
    for name in columns:
        if name not in table:
            raise ValueError(f"The {what} lacks the column {name!r}; it has {', '.join(map(repr, table.columns))}.")
        if table[name].isna().any():
            raise ValueError(f"{table[name].isna().sum()} of {len(table)} rows of the {what} lack {name!r}: drop or mend them first.")
    if "date" in columns and not pd.api.types.is_datetime64_any_dtype(table["date"]):
        raise ValueError(f"The column 'date' must hold dates, not {table['date'].dtype}: convert it with pd.to_datetime.")


def plain(number):
    """A number as Python has it, an array as it is."""
    return number.item() if np.ndim(number) == 0 else number
