"""The rows an audit counts, and those it sets aside: unreadable, without a customer, outside the dates; and how returns, noughts and copies are treated."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ._columns import chosen
from ._dates import read_dates
from ._ids import read_ids
from ._numbers import read_numbers
from ._texts import count, repeated

CHOICES = {"returns": ("net", "set aside"), "zeros": ("keep", "set aside"), "duplicates": ("keep", "set aside"), "anonymous": ("set aside", "refuse")}
# From this share of value on it is said that rows without a customer are many.
NAMELESS = 0.01
NO_PURCHASE = "return of nothing bought before in this log"


@dataclass
class Rows:
    """What an audit rests on: the rows used, sorted by customer, day and value, and an account of all the others."""

    used: pd.DataFrame  # code, day, value, purchase; margin and order where there are any
    ids: pd.Index
    covered: tuple  # first and last day with a row
    longest_pause: int  # days between two days with rows
    set_aside: pd.DataFrame
    treatment: pd.DataFrame
    said: list
    cautions: list
    unit: str


def read_rows(source, columns, reading, choices, start=None, end=None):
    """Read, check and sort out the rows of a log.

    Parameters
    ----------
    source : Source
    columns : dict
        As for `_columns.chosen`.
    reading : dict
        ``date_format``, ``day_first``, ``time_zone``, ``decimal``, ``placeholders``.
    choices : dict
        For each of `CHOICES` one of its words.
    start, end : date-like, optional
        The first and last day that count.

    Returns
    -------
    Rows

    Raises
    ------
    ValueError
        When a choice is unknown, a column can't be read, or no row is left.
    """
    _check_choices(choices)
    cells = _cells(source, columns, reading)
    covered, pause = _covered(cells.rows["day"], start, end)
    treated = {"return": cells.rows["value"] < 0, "value of zero": cells.rows["value"] == 0, "copy of an earlier row": _copies(source.frame)}
    # Each row counts under one heading only, the first that fits.
    nobody = {"no customer": cells.rows["code"] < 0}
    reason = _reasons(cells.problems | _outside(cells.rows["day"], start, end) | nobody | _dropped(treated, choices), len(cells.rows))
    if choices["anonymous"] == "refuse" and nobody["no customer"].any():
        raise ValueError(f"{nobody['no customer'].sum():,} of {len(reason):,} rows name no customer; anonymous='set aside' leaves them out and says so.")
    used, reason = _sorted_and_bought(cells.rows.assign(purchase=cells.rows["value"] >= 0), reason)
    present = np.bincount(used["code"], minlength=len(cells.ids)) > 0
    used = used.assign(code=(np.cumsum(present) - 1)[used["code"]])
    return Rows(used, cells.ids[present], covered, pause, _set_aside(cells.rows, reason, source.lost), _treatment(cells.rows, reason, treated, choices),
                cells.said, cells.cautions + _more_cautions(cells.rows, reason), cells.unit)


@dataclass
class _Cells:
    """All rows as read, and which of their cells could not be."""

    rows: pd.DataFrame
    ids: pd.Index
    problems: dict
    said: list
    cautions: list
    unit: str


def _cells(source, columns, reading):
    frame, parts = source.frame, chosen(source.frame.columns, columns)
    (date,), (customer,) = parts["date"], parts["customer_id"]
    days, problems, said = read_dates(frame[date], date, reading["date_format"], reading["day_first"], reading["time_zone"])
    money, problems_of_money, said_of_money, unit = _money(frame, parts, reading["decimal"])
    codes, ids, said_of_ids, cautions = read_ids(frame[customer], customer, reading["placeholders"])
    _check_readable(frame, problems | problems_of_money, parts)
    rows = pd.DataFrame({"code": codes, "day": days} | money)
    if "order" in parts:
        rows["order"] = pd.factorize(frame[parts["order"][0]])[0]
    return _Cells(rows, ids, problems | problems_of_money, _columns_said(parts) + source.said + said + said_of_money + said_of_ids, cautions, unit)


def _check_choices(choices):
    for name, words in CHOICES.items():
        if choices[name] not in words:
            raise ValueError(f"{name}={choices[name]!r} is not known; use {' or '.join(map(repr, words))}.")


def _money(frame, parts, decimal):
    """Value and margin, the value as a product where it comes in two columns."""
    found, problems, said, unit = {}, {}, [], ""
    for part in [part for part in ("value", "margin") if part in parts]:
        amount = 1.0
        for name in parts[part]:
            numbers, odd, words, sign = read_numbers(frame[name], name, decimal)
            amount, problems, said, unit = amount * numbers, problems | odd, said + words, unit or sign
        found[part] = amount
    return found, problems, said, unit


def _check_readable(frame, problems, parts):
    """Where most of a column makes no sense, it is the wrong column or the wrong format."""
    for reason, rows in problems.items():
        if rows.sum() > len(frame) / 2:
            name = parts["date"][0] if reason.startswith("date") else reason.removesuffix(" missing").removesuffix(" not a number")
            advice = " or give date_format=..." if reason == "date not readable" else ""
            raise ValueError(f"{reason} in {rows.sum():,} of {len(frame):,} rows, such as {frame[name][rows].iloc[0]!r}: name another column{advice}.")


def _covered(days, start, end):
    """The days that the log covers, and the longest pause in it, in days."""
    seen = np.sort(pd.unique(days.dropna()).astype("M8[D]"))
    if not len(seen):
        raise ValueError("the log has no row with a date.")
    pause = int(np.diff(seen).max().astype(int)) if len(seen) > 1 else 1
    return tuple(np.datetime64(pd.Timestamp(given), "D") if given is not None else day for given, day in ((start, seen[0]), (end, seen[-1]))), pause


def _outside(days, start, end):
    sides = {"before start": start is not None and days < pd.Timestamp(start), "after end": end is not None and days >= pd.Timestamp(end) + pd.Timedelta(days=1)}
    return {side: np.asarray(rows) for side, rows in sides.items() if rows is not False}


def _copies(frame):
    """Rows that equal an earlier one in every column."""
    try:
        return repeated(frame)
    except TypeError:  # cells that hold lists
        return repeated(frame.astype(str))


def _dropped(treated, choices):
    words = {"return": choices["returns"], "value of zero": choices["zeros"], "copy of an earlier row": choices["duplicates"]}
    return {name: rows for name, rows in treated.items() if words[name] == "set aside"}


def _reasons(problems, n):
    reason = np.full(n, "", object)
    for name, rows in problems.items():
        reason[(reason == "") & np.asarray(rows)] = name
    return reason


def _sorted_and_bought(rows, reason):
    """The rows that are left in an order that does not depend on the file's, and without returns before a customer's first purchase."""
    if not (rows["purchase"] & (reason == "")).any():
        counts = pd.Series(reason)[reason != ""].value_counts()
        raise ValueError("no purchase of the log is left to audit: " + "; ".join(f"{name}: {count(n, 'row')}" for name, n in counts.items()) + ".")
    left = rows[reason == ""]
    days = left["day"].to_numpy().astype("M8[D]").astype(int)
    # One key for customer and day takes half of the time of two.
    key = left["code"].to_numpy() * (np.ptp(days) + 1) + days
    left = left.iloc[np.lexsort([left[name] for name in ("margin", "value", "order") if name in left] + [key])]
    bought = left[left["purchase"]].drop_duplicates("code").set_index("code")["day"]
    early = ~(left["day"] >= left["code"].map(bought))
    reason[left.index[early]] = NO_PURCHASE
    return left[~early], reason


def _set_aside(rows, reason, lost):
    aside = rows.assign(reason=reason, row=np.arange(1, len(rows) + 1))[reason != ""].groupby("reason", sort=False)
    table = pd.DataFrame({"rows": aside.size(), "value": aside["value"].sum(), "first_row": aside["row"].first()}, columns=["rows", "value", "first_row"])
    for name, gone in lost.items():
        table.loc[name] = [gone, 0.0, np.nan]
    return table.astype({"rows": int, "value": float, "first_row": "Int64"}).rename_axis("reason")


def _treatment(rows, reason, treated, choices):
    """What was met among the rows that can be read, and what was done with it."""
    words = {"return": choices["returns"], "value of zero": choices["zeros"], "copy of an earlier row": choices["duplicates"]}
    done = {"net": "taken off the customer's value on the day of the return; no order", "keep": "kept", "set aside": "set aside"}
    inside = {name: np.asarray(which) & ((reason == "") | (reason == name) | ((reason == NO_PURCHASE) & (name == "return"))) for name, which in treated.items()}
    return pd.DataFrame({"rows": [int(which.sum()) for which in inside.values()], "value": [float(rows["value"][which].sum()) for which in inside.values()],
                         "treatment": [done[words[name]] for name in inside]}, index=pd.Index(list(inside), name="kind"))  # fmt: skip


def _columns_said(parts):
    called = {"customer_id": "Customer", "date": "date", "value": "value", "margin": "margin", "order": "order"}
    return [", ".join(f"{called[part]}: {' × '.join(repr(name) for name in names)}" for part, names in parts.items()) + "."]


def _more_cautions(rows, reason):
    """Much that no customer can be told of, one row that weighs too much, and rows far from all others in time."""
    used, cautions = rows[reason == ""], []
    nameless = rows["value"][reason == "no customer"].sum() / rows["value"].sum() if rows["value"].sum() > 0 else 0
    if nameless > NAMELESS:
        cautions.append(f"Rows without a customer are {nameless:.0%} of all value. The lenses do not see them, so customers may order more often than it "
                        f"seems here.")
    total, largest = used["value"].abs().sum(), used["value"].abs().max()
    if len(used) >= 100 and largest > 0.05 * total:
        cautions.append(f"One row, of {largest:,.2f}, is {largest / total:.0%} of all amounts added up without their signs: is it right?")
    counts = used["day"].value_counts().sort_index()
    days, counts = counts.index.to_numpy().astype("M8[D]"), counts.to_numpy()
    before = counts.cumsum()
    for i in np.flatnonzero(np.diff(days).astype(int) > 365):
        few = min(before[i], len(used) - before[i])
        if few < 0.001 * len(used):
            side, keep = (f"before {days[i + 1]}", f"start='{days[i + 1]}'") if before[i] == few else (f"after {days[i]}", f"end='{days[i]}'")
            cautions.append(f"{count(few, 'row')} lie{'s' if few == 1 else ''} {side}, more than a year from the next one; {keep} leaves out what lies there.")
    return cautions
