"""CSV files in both directions: our own, safe to open in a spreadsheet, and a learning platform's, which keeps every byte that we do not change."""

import csv
import functools
import io
import math
import re
from dataclasses import dataclass, replace
from pathlib import Path

# What a spreadsheet takes for a formula, also where blanks or line ends come before it; a full-width sign counts too.
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


def harmless(text):
    """Put an apostrophe before a text that a spreadsheet would take for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("Ada")
    ("'=1+1", 'Ada')
    """
    return f"'{text}" if FORMULA.match(text) else text


def write_rows(path, columns, rows, as_is=()):
    """Write a CSV (UTF-8, commas), whole or not at all.

    Parameters
    ----------
    path : Path
    columns : sequence of str
    rows : iterable of sequence
        None and NaN are left empty; texts that look like a formula get an apostrophe.
    as_is : collection of str
        Columns of identifiers, whose texts are never changed.

    Returns
    -------
    Path
    """
    text = io.StringIO()
    # With these line ends Python puts every text with a line end into quotes; with others a name could begin a line of its own.
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(columns)
    table.writerows([_shown(value, name in as_is) for name, value in zip(columns, row, strict=True)] for row in rows)
    return write(path, text.getvalue())


def write(path, text):
    """Write a text beside its place and then put it there, so that a file is old or new but never half of one."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_bytes(text.encode("utf-8", "replace"))
    return unfinished.replace(path)


def number(x):
    """A number as people write it, without the digits that binary fractions add.

    Examples
    --------
    >>> number(0.1 + 0.2), number(12.0)
    ('0.3', '12')
    """
    return f"{round(x, 4):.10g}"


def _shown(value, as_is):
    if value is None or isinstance(value, float) and math.isnan(value):
        return ""
    if isinstance(value, str):
        return value if as_is else harmless(value)
    return number(value)


@dataclass(frozen=True)
class Sheet:
    """A CSV as another program wrote it: fields with their quotes, the delimiter and the ends of lines.

    Parameters
    ----------
    name : str
        Name of the file.
    delimiter, start : str
        What stands between fields, and the byte order mark if there was one.
    raw : list of list of str
        The fields with their quotes, the header first.
    ends : list of str
        The end of each line.
    """

    name: str
    delimiter: str
    start: str
    raw: list
    ends: list

    @property
    def header(self):
        """The names of the columns."""
        return self.rows[0]

    @functools.cached_property
    def rows(self):
        """The fields without their quotes, the header first."""
        return [[_value(field) for field in row] for row in self.raw]

    def taken(self, columns):
        """The sheet with these columns alone."""
        return replace(self, raw=[[row[i] for i in columns if i < len(row)] for row in self.raw])

    def with_column(self, values):
        """The sheet with one more column, on the lines that are not empty."""
        return replace(self, raw=[[*row, self._field(value)] if row != [""] else row for row, value in zip(self.raw, values, strict=True)])

    def with_values(self, column, values):
        """The sheet with other values in a column: a dict from the number of the row to the value."""
        raw = [list(row) for row in self.raw]
        for i, value in values.items():
            raw[i][column] = self._field(value)
        return replace(self, raw=raw)

    def text(self):
        """The text of the file."""
        return self.start + "".join(self.delimiter.join(row) + end for row, end in zip(self.raw, self.ends))

    def _field(self, value):
        special = any(letter in value for letter in (self.delimiter, '"', "\r", "\n"))
        return '"' + value.replace('"', '""') + '"' if special else value


def read_sheet(path):
    """Read a CSV that another program wrote.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Sheet

    Raises
    ------
    FileNotFoundError
    ValueError
        When it is no text in UTF-8, or there is nothing in it.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}.")
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not in UTF-8: export it again, and don't save it from a spreadsheet in between.") from None
    if not text.strip("\ufeff\r\n"):
        raise ValueError(f"{path} is empty: export it again.")
    return _parsed(path.name, text)


def _parsed(name, text):
    start, body = ("\ufeff", text[1:]) if text[0] == "\ufeff" else ("", text)
    # The most frequent in the header, where names with a comma are in quotes.
    first = re.sub(r'"[^"]*"', "", body).lstrip("\r\n").splitlines()[0]
    delimiter = max(",;\t", key=first.count)
    raw, ends, row = [], [], []
    for found in re.finditer(rf'("(?:[^"]|"")*"|[^{delimiter}\r\n]*)({delimiter}|\r\n|\n|\r|\Z)', body):
        if found.start() == len(body) and not row:
            break
        row.append(found[1])
        if found[2] != delimiter:
            raw.append(row)
            ends.append(found[2])
            row = []
    return Sheet(name, delimiter, start, raw, ends)


def _value(field):
    quoted = len(field) > 1 and field[0] == field[-1] == '"'
    return field[1:-1].replace('""', '"') if quoted else field
