"""Days out of a column of dates, times or text, with what could not be read; a day and a month that might be exchanged are asked about."""

import re

import numpy as np
import pandas as pd

from ._texts import as_text, missing, tokens

# Written into empty fields by databases and spreadsheets.
PLACEHOLDERS = np.array(["1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01", "9999-12-31"], "M8[D]")
NUMBERED = {"excel": ("D", "1899-12-30"), "unix": ("s", "unix"), "unix ms": ("ms", "unix")}
TIME = r"[T\s,]+\d{1,2}[:.h]\d{2}.*$"
ZONE = r"\d[T\s]+\d{1,2}:\d{2}.*(?:Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)$"
DIGITS = re.compile(r"(\d{1,4})(?:[-/.]|\.? )(\d{1,2})(?:[-/.]|\.? )(\d{1,4})\.?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTHS = {month: i for i, month in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
NAMED = re.compile(r"(?:(?P<d>\d{1,2})(?:st|nd|rd|th)?[-/. ]*(?P<m>[a-z]{3,9})|(?P<m2>[a-z]{3,9})[. ]*(?P<d2>\d{1,2})(?:st|nd|rd|th)?)[-/., ]*(?P<y>\d{4}|\d{2})")
# A year of two digits at the end.
SHORT = re.compile(r"(?<!\d)\d{1,2}[-/. ]+\w+[-/., ]+\d{2}(?!\d)")
CENTURY = "Years 00 to 68 were read as 2000 to 2068, 69 to 99 as 1969 to 1999."
ZONED = "Times carry an offset from UTC; the day is the one that is written, and time_zone=... chooses another calendar."
NO_ZONE = "Times carry no zone; the day is the one that is written, so it is right if they are those of the place where customers bought."
ORDERS = {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year/month/day"}
# Where fewer of the dates than this can be read in one way only, they do not decide for the rest.
DECIDED, STRAY, SCATTER = 0.05, 0.01, 3


def read_dates(column, name, date_format=None, day_first=None, time_zone=None):
    """Read a column as days.

    Parameters
    ----------
    column : Series
    name : str
        What to call it in messages.
    date_format : str, optional
        As for `datetime.strptime`, or "excel", "unix" or "unix ms" for numbers.
    day_first : bool, optional
        How to read 01/02/2023; if left out, the other dates must tell.
    time_zone : str, optional
        Where to look at the calendar, for times that carry their own offset; if left out, the day is the one that is written.

    Returns
    -------
    days : array of datetime64[D], NaT where unreadable
    problems : dict of str to boolean array
    said : list of str

    Raises
    ------
    ValueError
        When the format can't be told, or does not fit.
    """
    if isinstance(column.dtype, pd.PeriodDtype):
        column = column.dt.start_time
    if date_format in NUMBERED:
        days, said = _numbered(column, date_format), [f"Dates in {name!r} were read as {date_format} numbers."]
    elif pd.api.types.is_datetime64_any_dtype(column):
        days, said = _typed(column, name, time_zone)
    elif pd.api.types.is_float_dtype(column) or pd.api.types.is_timedelta64_dtype(column):
        raise ValueError(f"column {name!r} holds {column.dtype}, not dates; if its numbers count days or seconds, say date_format='excel', 'unix' or 'unix ms'.")
    else:
        days, said = _written(column, name, date_format, day_first, time_zone)
    return _checked(column, days, said)


def _checked(column, days, said):
    none = missing(column)
    years = days.astype("M8[Y]").astype(int) + 1970
    odd = ~np.isnat(days) & (np.isin(days, PLACEHOLDERS) | (years < 1900) | (years > 2100))
    problems = {"date missing": none, "date not readable": np.isnat(days) & ~none, "date not plausible": odd}
    return np.where(odd, np.datetime64("NaT", "D"), days), problems, said


def _numbered(column, date_format):
    unit, origin = NUMBERED[date_format]
    numbers = pd.to_numeric(column, errors="coerce").astype(float)
    # Beyond these the calendar ends; a number there is a mistake.
    numbers = numbers.where(numbers.abs() < {"D": 1e5, "s": 1e10, "ms": 1e13}[unit])
    return pd.to_datetime(numbers, unit=unit, origin=origin).to_numpy().astype("M8[D]")


def _typed(column, name, time_zone):
    zone = column.dt.tz
    if time_zone is not None:
        if zone is None:
            raise ValueError(f"time_zone={time_zone!r} needs times that carry a zone, but those in {name!r} carry none: convert them first.")
        column = column.dt.tz_convert(time_zone)
    times = column.dt.tz_localize(None)
    days = times.to_numpy().astype("M8[D]")
    timed = zone is None and (times.dropna() != times.dropna().dt.normalize()).any()
    return days, [f"Days are those of the calendar in {time_zone or zone}."] if zone is not None else [NO_ZONE] * bool(timed)


def _written(column, name, date_format, day_first, time_zone):
    texts = as_text(column)
    zoned = _matches(texts, ZONE)
    if time_zone is not None:
        times = pd.Series(texts.to_pylist(), dtype=object) if zoned else pd.Series([pd.NaT])
        return _typed(pd.to_datetime(times, utc=bool(zoned) or None, errors="coerce", format="ISO8601"), name, time_zone)
    said = [ZONED if zoned else NO_ZONE] * bool(_matches(texts, TIME))
    if date_format is not None:
        codes, found = tokens(texts)
        days = pd.to_datetime(pd.Series(found), format=date_format, errors="coerce").dt.tz_localize(None).to_numpy().astype("M8[D]")
        return days[codes], [*said, f"Dates were read as {date_format}."]
    codes, found = tokens(_without_time(texts))
    days, order = _dated(found, np.bincount(codes, minlength=len(found)), name, day_first)
    said += [f"Dates were read as {', '.join(order)}."] * bool(order) + [CENTURY] * any(SHORT.search(text) for text in found)
    return days[codes], said


def _without_time(texts):
    import pyarrow.compute as pc

    return pc.replace_substring_regex(texts, TIME, "")


def _matches(texts, pattern):
    import pyarrow.compute as pc

    return pc.sum(pc.match_substring_regex(texts, pattern)).as_py()


def _dated(found, rows, name, day_first):
    """The day of each distinct text, and in which orders they were read."""
    days = np.full(len(found), np.datetime64("NaT", "D"))
    numbers, open_to = np.zeros((len(found), 3), int), np.full(len(found), "", object)
    for i, text in enumerate(found):
        numbers[i], open_to[i] = _parts(text.strip().casefold())
    orders = []
    for readings in sorted(set(open_to) - {""}):
        these = open_to == readings
        order = readings if len(readings) == 3 else _order(readings.split(), numbers[these], rows[these], found[these], name, day_first)
        days[these], orders = _day(numbers[these], order), [*orders, ORDERS[order]]
    return days, dict.fromkeys(orders)


def _parts(text):
    """Three numbers, and the orders in which they may be meant."""
    if named := NAMED.fullmatch(text):
        day, month, year = named["d"] or named["d2"], (named["m"] or named["m2"])[:3], named["y"]
        return (int(day), MONTHS.get(month, 0), _year(year)), "dmy"
    if compact := COMPACT.fullmatch(text):
        return tuple(map(int, compact.groups())), "ymd"
    if not (digits := DIGITS.fullmatch(text)):
        return (0, 0, 0), ""
    first, second, third = digits.groups()
    orders = {(4, 1): "ymd", (4, 2): "ymd", (1, 4): "dmy mdy", (2, 4): "dmy mdy", (1, 2): "dmy mdy ymd", (2, 2): "dmy mdy ymd"}.get((len(first), len(third)), "")
    # A year of four digits that begins with a nought is a slip, not the antiquity.
    return tuple(map(int, digits.groups())), "" if "0" in (first[:len(first) // 4], third[:len(third) // 4]) else orders


def _year(text):
    return int(text) + (0 if len(text) == 4 else 2000 if int(text) < 69 else 1900)


def _day(numbers, order):
    year, month, day = (numbers[:, order.index(part)] for part in "ymd")
    year = np.where(year >= 100, year, np.where(year < 69, 2000, 1900) + year)
    fits = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    first = ((year - 1970) * 12 + np.where(fits, month, 1) - 1).astype("M8[M]")
    days = first.astype("M8[D]") + np.where(fits, day - 1, 0)
    return np.where(fits & (days.astype("M8[M]") == first), days, np.datetime64("NaT", "D"))


def _order(readings, numbers, rows, found, name, day_first):
    """Which order the dates decide for; an error where they do not."""
    if day_first is not None:
        return "dmy" if day_first else "mdy"
    days = {order: _day(numbers, order) for order in readings}
    fits = {order: ~np.isnat(day) for order, day in days.items()}
    best = min(readings, key=lambda order: (-rows[fits[order]].sum(), _years(days[order])))
    for order in [order for order in readings if not np.array_equal(days[best], days[order], equal_nan=True)]:
        lead, against = rows[fits[best] & ~fits[order]].sum(), rows[fits[order] & ~fits[best]].sum()
        # A day taken for a year spreads a log over thirty years.
        scattered = "ymd" in (best, order) and SCATTER * _years(days[best]) <= _years(days[order])
        example, ways = repr(found[np.argmax(fits[best] & fits[order])]), [ORDERS[one] for one in readings]
        if lead < max(DECIDED * rows[fits[best]].sum(), 1) and not scattered:
            raise ValueError(f"dates in {name!r} such as {example} may be {' or '.join(ways)}, and too few of the others tell which: "
                             "say day_first=True, day_first=False or date_format=...")
        if against > STRAY * lead and not scattered:
            raise ValueError(f"column {name!r} mixes {' and '.join(ways)}, so dates such as {example} can't be read: split the log, or say date_format=... "
                             f"to set the others aside.")
    return best


def _years(days):
    """From the first year to the last, both included."""
    years = days[~np.isnat(days)].astype("M8[Y]").astype(int)
    return int(np.ptp(years)) + 1 if len(years) else np.inf
