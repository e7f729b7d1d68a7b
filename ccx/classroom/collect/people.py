"""Who the students are: the university's ids and names from a roster, when they handed in, and what nbgrader's gradebook is told."""

import csv
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

from .archive import Unreadable, printable

UNSAFE = re.compile(r'[<>:"/\\|?*\[\]]|^[. ]|[. ]$|^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)', re.I)
MOODLE_TIME = "%A, %d %B %Y, %I:%M %p"


def read_roster(path):
    """Read a roster: a CSV file with the columns ``lms_id`` and ``student``, and if you like ``first_name`` and ``last_name``.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict
        From the platform's number, and from the student's id, to the row.

    Raises
    ------
    ValueError
        When a column is missing or a number stands there twice.
    """
    rows = _table(path, "lms_id", "student")
    numbers = {row["lms_id"]: row for row in rows}
    if len(numbers) < len(rows):
        raise ValueError(f"{path}: one lms_id stands there twice.")
    return {row["student"]: row for row in rows} | numbers


def read_times(path):
    """Read when students handed in: a CSV file with the columns ``student``, the id or the platform's number, and ``time``.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict
        From student to datetime; rows without a time, or with Moodle's dash, are left out.
    """
    return {row["student"]: moment(row["time"]) for row in _table(path, "student", "time") if row["time"] not in ("", "-")}


def moment(text):
    """Read a time: ISO, or as Moodle's grading worksheet has it; in this machine's zone where it names none.

    Parameters
    ----------
    text : str

    Returns
    -------
    datetime
        In UTC.

    Examples
    --------
    >>> moment("2026-03-01T18:00+01:00").isoformat()
    '2026-03-01T17:00:00+00:00'
    """
    for read in (datetime.fromisoformat, lambda text: datetime.strptime(text, MOODLE_TIME)):
        try:
            return read(text).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise ValueError(f"{printable(text)!r} is no time: write it like 2026-03-01T18:00+01:00.")


def identified(found, roster):
    """The sender with the university's id and the names from the roster, if the id can be the name of a folder.

    Parameters
    ----------
    found : Sender
    roster : dict or None
        As `read_roster` returns it.

    Returns
    -------
    Sender

    Raises
    ------
    Unreadable
        When the id is not in the roster or not safe.
    """
    if roster is not None:
        row = roster.get(found.student)
        if not row:
            raise Unreadable(f"{printable(found.student)} is not in the roster.")
        found = replace(found, student=row["student"], lms=row["lms_id"], first=row.get("first_name") or found.first, last=row.get("last_name") or found.last)
    if not found.student.isprintable() or UNSAFE.search(found.student) or not 0 < len(found.student.encode()) <= 120:
        raise Unreadable(f"{printable(found.student)!r} can't be a student's id, because not every computer can have a folder of that name.")
    return found


def tell_gradebook(root, senders):
    """Write names and platforms' numbers into nbgrader's gradebook, where it has none yet.

    Parameters
    ----------
    root : Path
        The course.
    senders : list of Sender

    Raises
    ------
    RuntimeError
        When it can't be written.
    """
    senders = [sender for sender in senders if sender.lms]
    if not senders:
        return
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory
    from sqlalchemy.exc import SQLAlchemyError

    from ..build import course_config

    course = CourseDirectory(config=course_config(root))
    try:
        with Gradebook(course.db_url, course.course_id) as gradebook:
            for sender in senders:
                _tell_of(gradebook, sender)
    except SQLAlchemyError as error:
        raise RuntimeError(f"All is collected, but names could not be written into the gradebook ({type(error).__name__}): collect again when it works.") from error


def _tell_of(gradebook, sender):
    from nbgrader.api import MissingEntry

    try:
        known = gradebook.find_student(sender.student)
    except MissingEntry:
        known = None
    details = {"first_name": sender.first[:128], "last_name": sender.last[:128], "lms_user_id": sender.lms[:128]}
    new = {name: value for name, value in details.items() if value and not getattr(known, name, None)}
    if new:
        gradebook.update_or_create_student(sender.student, **new)


def _table(path, *columns):
    try:
        with open(path, encoding="utf-8-sig", newline="") as lines:
            semicolons = ";" in lines.readline()
            lines.seek(0)
            rows = [{name.strip(): _cleaned(value) for name, value in row.items() if name}
                    for row in csv.DictReader(lines, delimiter=";" if semicolons else ",")]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path} is no CSV file in UTF-8 ({error}).") from None
    missing = [column for column in columns if rows and column not in rows[0]]
    if missing or not rows:
        raise ValueError(f"{path} has no column {missing[0]!r}" if missing else f"{path} has no rows.")
    return [row for row in rows if row[columns[0]]]


def _cleaned(value):
    return unicodedata.normalize("NFC", (value or "").strip()).removeprefix("Participant ")
