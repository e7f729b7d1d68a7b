"""Customers out of a column of ids: text or numbers, with those who have none."""

import numpy as np
import pandas as pd

from ._texts import as_text, count, missing, tokens

WORDS = {"unknown", "guest", "anonymous", "anon", "test", "cash", "walk-in", "walkin", "none given", "not given"}
# An id of far more rows than others have may be a cash desk; how many times the mean, and which share of all.
OFTEN, LARGE = 20, 0.02


def read_ids(column, name, placeholders=()):
    """Read a column as customers.

    Parameters
    ----------
    column : Series
    name : str
        What to call it in messages.
    placeholders : sequence
        Ids that stand for nobody in particular, such as "guest".

    Returns
    -------
    codes : array of int
        The place of each row's customer in `ids`, -1 for rows without one.
    ids : Index
        Sorted.
    said, cautions : list of str
    """
    cells, nobody, said = _cells(column)
    if placeholders:
        nobody = nobody | pd.Series(as_text(cells).to_pylist()).isin({str(one).strip() for one in placeholders}).to_numpy()
    codes = np.full(len(cells), -1)
    codes[~nobody], ids = pd.factorize(cells[~nobody], sort=True)
    return codes, pd.Index(ids, name="customer_id"), said, _cautions(codes, pd.Index(ids), name)


def _cells(column):
    """Ids of one type, whole numbers where all are."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    nobody, said = missing(column), []
    if pd.api.types.is_float_dtype(column):
        known = column[~nobody]
        if np.isfinite(known).all() and (known % 1 == 0).all():
            column = column.where(~nobody, 0).astype("int64")
    elif not pd.api.types.is_integer_dtype(column):
        column, said = _of_text(column, nobody)
    return column.reset_index(drop=True), nobody, said


def _of_text(column, nobody):
    codes, found = tokens(as_text(column))
    distinct = pd.Series(found, dtype="str")
    used = distinct[np.bincount(codes[~nobody], minlength=len(found)) > 0]
    said = []
    # A column of numbers with gaps is written with ".0" by many programs.
    if len(used) and used.str.fullmatch(r"\d+(\.0+)?").all() and used.str.contains(".", regex=False).any():
        distinct, said = distinct.str.replace(r"\.0+$", "", regex=True), ["Ids such as '12346.0' were read as '12346'."]
    if len(used) and distinct.loc[used.index].str.fullmatch(r"0|[1-9]\d{0,17}").all():
        whole = pd.to_numeric(distinct, errors="coerce").fillna(0).astype("int64").to_numpy()
        return pd.Series(whole[codes]), said
    return distinct.take(codes).reset_index(drop=True), said


def _cautions(codes, ids, name):
    """What looks like a stand-in for many, or like one customer twice."""
    if not len(ids):
        return []
    rows = np.bincount(codes[codes >= 0], minlength=len(ids))
    texts = pd.Series(ids.astype(str)).str.casefold()
    cautions = [f"The id {str(ids[i])!r} in {name!r} has {rows[i]:,} of {rows.sum():,} rows: if it stands for unknown customers, say "
                f"placeholders=[{str(ids[i])!r}]."
                for i in np.flatnonzero(texts.isin(WORDS))[:3]]
    often = (rows > OFTEN * rows.mean()) & (rows > LARGE * rows.sum()) & ~texts.isin(WORDS).to_numpy()
    if often.any():  # not named, since it may be a person
        cautions.append(f"{count(often.sum(), 'id')} in {name!r}, the most frequent, {'stand' if often.sum() > 1 else 'stands'} in "
                        f"{rows[often].sum() / rows.sum():.0%} "
                        "of all rows: if that is a cash desk or a reseller, say placeholders=[...].")
    if again := int(texts.duplicated().sum()):
        cautions.append(f"{count(again, 'id')} in {name!r} differ{'s' if again == 1 else ''} from another only in capitals, and "
                        f"count{'s' if again == 1 else ''} apart.")
    return cautions
