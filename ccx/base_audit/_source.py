"""From a file, a frame or a DuckDB relation to one table, cells of a text file as text, with what was lost on the way."""

import codecs
import csv
import os
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pandas as pd

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
SAMPLE = 200


@dataclass
class Source:
    """A table as it came, sentences on how it was read, and how many lines never became rows, by reason."""

    frame: pd.DataFrame
    said: list = field(default_factory=list)
    lost: Counter = field(default_factory=Counter)


def opened(source, separator=None, encoding=None):
    """Open what the user has given as a log.

    Parameters
    ----------
    source : DataFrame, path of a text or Parquet file, or duckdb.DuckDBPyRelation
    separator, encoding : str, optional
        Of a text file; recognised if left out.

    Returns
    -------
    Source

    Raises
    ------
    TypeError
        When it is none of these.
    FileNotFoundError
        When there is no such file.
    ValueError
        When the file can't be read as a table of at least three columns.
    """
    if isinstance(source, pd.DataFrame):
        return Source(source.reset_index(drop=True))
    relation = getattr(sys.modules.get("duckdb"), "DuckDBPyRelation", ())
    if isinstance(source, relation):
        return Source(source.to_arrow_table().to_pandas())
    if not isinstance(source, (str, os.PathLike)):
        raise TypeError(f"log must be a DataFrame, the path of a CSV or Parquet file or a DuckDB relation, not {type(source).__name__}.")
    path = Path(source).expanduser()
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {str(path)!r}; give the path of a CSV or Parquet file.")
    return _file(path, separator, encoding)


def _file(path, separator, encoding):
    try:
        import pyarrow
    except ImportError as error:
        raise ImportError("a log in a file is read by pyarrow: run `pip install pyarrow`, or give a DataFrame.") from error
    with pyarrow.input_stream(str(path), compression="detect") as stream:
        raw = stream.read()
    if raw.startswith(b"PAR1"):
        return Source(pd.read_parquet(path))
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ValueError(f"{path.name} is a zip archive or an Excel workbook: unpack it, or save the sheet as CSV.")
    text, said = _decoded(raw, encoding, path.name)
    if not text.strip():
        raise ValueError(f"{path.name} is empty.")
    return _table(text, separator, path.name, said)


def _decoded(raw, encoding, name):
    if encoding is None and b"\0" in raw[:1000] and not raw.startswith(tuple(MARKS)):
        raise ValueError(f"{name} holds zero bytes: it is no text, or UTF-16 without its mark; say which with encoding=...")
    marked = next((known for mark, known in MARKS.items() if raw.startswith(mark)), None)
    try:
        return raw.decode(encoding or marked or "utf-8"), []
    except (UnicodeDecodeError, LookupError) as error:
        if encoding or marked:
            raise ValueError(f"{name} can't be read as {encoding or marked} ({error}); name another encoding=...") from error
    return raw.decode("cp1252", errors="replace"), ["The file is not UTF-8, so it was read as Windows-1252 (Western European); encoding=... changes that."]


def _table(text, separator, name, said):
    if found := re.match(r"sep=(.)\r?\n", text):
        separator, text = separator or found[1], text[found.end():]
    # Blank lines at the end would hide how many columns there are.
    lines = [line for line in islice(_lines(text), SAMPLE) if line.strip()]
    separator, width = _separator(lines, separator, name)
    known = SEPARATORS.get(separator, "blanks" if separator == " " else repr(separator))
    if separator == " ":
        text = "\n".join("\t".join(line.split()) for line in text.splitlines())
        lines, separator = ["\t".join(line.split()) for line in lines], "\t"
    above, header = _header(lines, separator, width)
    frame, lost = _parsed(text, separator, width, above)
    columns = header or [str(i + 1) for i in range(width)]
    said += [f"Cells were separated by {known}."] + [f"{above} lines above the table were skipped."] * bool(above)
    return _without_header(frame.set_axis(columns, axis=1), header, Source(frame, said, lost))


def _lines(text):
    """The lines one after the other, without a list of them all."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield from text[start:end].rstrip("\r").split("\r")
        start = end + 1


def _separator(lines, separator, name):
    """The separator by which the most lines have the same number of cells, and that number."""
    if separator is not None and len(separator) != 1:
        raise ValueError(f"separator={separator!r} must be one character, such as ';'.")
    found = []
    for candidate in [separator] if separator else SEPARATORS:
        (width, lines_of_it), *_ = Counter(map(len, csv.reader(lines, delimiter=candidate))).most_common(1)
        found.append((lines_of_it / len(lines) if width >= 3 else 0, width, candidate))
    alike, width, best = max(found)
    if not alike and separator is None:
        (width, alike), *_ = Counter(len(line.split()) for line in lines).most_common(1)
        best = " "
    if width < 3 or not alike:
        raise ValueError(f"{name} is no table of three columns or more, with commas, semicolons, tabs, bars or blanks between them; say separator=...")
    return best, width


def _header(lines, separator, width):
    """How many lines stand above the table, and the names in its first line; None where that line is data."""
    rows = list(csv.reader(lines, delimiter=separator))
    above = next(i for i, row in enumerate(rows) if len(row) == width)
    cells = [cell.strip() for cell in rows[above]]
    return above, None if any(re.match(r"[-+(]?\W?\d", cell) for cell in cells) else cells


def _parsed(text, separator, width, above):
    import pyarrow as pa
    from pyarrow import csv as arrow

    lost, names = Counter(), [str(i) for i in range(width)]

    def odd(row):
        lost["line with another number of cells"] += 1
        return "skip"

    quoted = '"' in text
    reading = arrow.ReadOptions(column_names=names, use_threads=True)
    table = arrow.read_csv(pa.BufferReader(_from_line(text, above).encode()), reading,
                           arrow.ParseOptions(delimiter=separator, newlines_in_values=quoted, invalid_row_handler=odd),
                           arrow.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False))
    return table.to_pandas(), lost


def _from_line(text, number):
    """The text without its first lines, blank ones not counted."""
    for line in text.splitlines(keepends=True) if number else ():
        if not number:
            break
        text, number = text[len(line):], number - bool(line.strip())
    return text


def _without_header(frame, header, source):
    """Take the header out, and its copies, which stand where exports were joined."""
    if header is None:
        source.said.append("The file has no header, so its columns are called '1', '2', '3', …")
        source.frame = frame
        return source
    first = frame.iloc[0].tolist()
    alike = frame[frame.iloc[:, 0] == first[0]]
    copies = alike.index[[list(row) == first for row in alike.itertuples(index=False)]]
    if len(copies) > 1:
        source.lost["copy of the header"] += len(copies) - 1
    # Cutting off is free where dropping would copy.
    source.frame = frame.iloc[1:].drop(copies[1:]).reset_index(drop=True) if len(copies) > 1 else frame.iloc[1:].reset_index(drop=True)
    return source
