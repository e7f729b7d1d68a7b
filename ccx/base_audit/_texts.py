"""Cells as text: trimmed, what stands for nothing, and the distinct ones."""

import numpy as np
import pandas as pd

NOTHING = ["", "na", "n/a", "#n/a", "<na>", "nan", "nat", "null", "none", "nil", "-", "--"]


def count(n, noun):
    """A number of things as one writes it.

    Examples
    --------
    >>> count(1, "row"), count(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{n:,.0f} {noun}" + ("" if n == 1 else "s")


def as_text(column):
    """A column's cells as trimmed text in Arrow's memory, where many are handled fast; empty where there is nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = pa.array(column if isinstance(column.dtype, pd.StringDtype) else column.astype(object).where(column.notna(), "").map(str), pa.string())
    cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    return pc.fill_null(pc.utf8_trim_whitespace(cells), "")


def tokens(texts):
    """The distinct ones of an Arrow array of texts, and for each cell the place of its text among them."""
    encoded = texts.dictionary_encode()
    return encoded.indices.to_numpy(), np.asarray(encoded.dictionary.to_pylist(), dtype=object)


def missing(column):
    """Where a column holds nothing, or a word for nothing."""
    if not (isinstance(column.dtype, pd.StringDtype) or column.dtype == object):
        return column.isna().to_numpy()
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.is_in(pc.utf8_lower(as_text(column)), value_set=pa.array(NOTHING)).to_numpy(zero_copy_only=False)


def repeated(frame):
    """Which rows equal an earlier one in every column."""
    if not all(isinstance(dtype, pd.StringDtype) for dtype in frame.dtypes):
        return frame.duplicated().to_numpy()
    import pyarrow.compute as pc

    rows = pc.binary_join_element_wise(*(as_text(frame.iloc[:, i]) for i in range(frame.shape[1])), "\x1f")
    codes = rows.dictionary_encode().indices.to_numpy()
    # Codes are given in order of appearance, so that a new row has a higher one than all before.
    return codes <= np.maximum.accumulate(np.concatenate([[-1], codes]))[:-1]
