"""What handing in late costs: a share of the lesson's points for each day begun, after some minutes of grace, unless a student was given longer.

The share is one of all points and not of those earned, so that points given by hand later do not make the penalty wrong.
"""

import csv
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import BasePlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Float, TraitError, Unicode, validate

COLUMNS = {"student", "lesson", "days", "until"}
EVERY = "all"  # in the column lesson


class LatePolicy(BasePlugin):
    """The course's rule for late submissions, for ``c.AssignLatePenalties.plugin_class``."""

    per_day = Float(0.0, help="The share of the lesson's points that each day begun costs; 0 takes nothing away.").tag(config=True)
    most = Float(0.5, help="The largest share of the lesson's points that lateness can cost.").tag(config=True)
    grace = Float(15.0, help="Minutes after the due date that cost nothing.").tag(config=True)
    timezone = Unicode("UTC", help="Whose clock counts days and reads dates without a zone, such as Europe/Berlin.").tag(config=True)
    extensions = Unicode("", help="A CSV file with the columns student, lesson, days, until; none if empty.").tag(config=True)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        course = CourseDirectory(parent=self)
        lessons = {path.name for path in Path(course.format_path(course.source_directory, ".", ".")).glob("*") if path.is_dir()}
        self.granted = read_extensions(self.extensions, lessons, self.timezone) if self.extensions else {}

    @validate("per_day", "most")
    def _a_share(self, proposal):
        if not 0 <= proposal.value <= 1:
            raise TraitError(f"LatePolicy.{proposal.trait.name} is a share between 0 and 1 (0.1 is a tenth), not {proposal.value:g}.")
        return proposal.value

    @validate("grace")
    def _some_minutes(self, proposal):
        if not 0 <= proposal.value < math.inf:
            raise TraitError(f"LatePolicy.grace is a number of minutes from 0 up, not {proposal.value:g}.")
        return proposal.value

    @validate("timezone")
    def _a_zone(self, proposal):
        try:
            ZoneInfo(proposal.value)
        except (KeyError, ValueError):
            raise TraitError(f"LatePolicy.timezone is a zone such as UTC or Europe/Berlin, not {proposal.value!r}.") from None
        return proposal.value

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        """The points that lateness costs, or None; called by nbgrader while it grades a notebook that came after the due date.

        Parameters
        ----------
        student_id : str
        score : float
            The points so far, on which the penalty does not depend.
        total_seconds_late : float
            Not used: the due date may be another one for this student.

        Returns
        -------
        float or None
        """
        lesson, gradebook = self.parent.assignment_id, self.parent.gradebook
        submission = gradebook.find_submission(lesson, student_id)
        if submission.duedate is None or submission.timestamp is None:
            return None
        given = (self.granted.get((student_id, name)) for name in (lesson, EVERY))
        due = max(submission.duedate, *(extended(submission.duedate, extension, self.timezone) for extension in given))
        share = min(self.most, self.per_day * days_late(due, submission.timestamp, self.grace, self.timezone))
        return round(share * gradebook.find_notebook(self.parent.notebook_id, lesson).max_score, 4) or None


class AssignPenalties(AssignLatePenalties):
    """As nbgrader does it, but points that a person still has to give are counted among those that can be lost."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        # What is wrong with the policy or with the file of extensions is said before anything is run or recorded.
        self.init_plugin()

    def _check_late_penalty(self, notebook, penalty):
        within_reach = sum(grade.max_score if grade.needs_manual_grade else grade.score for grade in notebook.grades)
        return min(penalty, within_reach) if within_reach > 0 else 0.0


def days_late(due, submitted, grace=15.0, zone="UTC"):
    """Count the days begun between the end of the grace and the submission.

    Parameters
    ----------
    due, submitted : datetime
        In UTC and without a zone, as nbgrader keeps them.
    grace : float
        Minutes.
    zone : str
        The zone whose clock makes the days: one in which the clocks change is a day like any other.

    Returns
    -------
    int

    Examples
    --------
    >>> due = datetime(2026, 3, 1, 22, 59)
    >>> [days_late(due, due + timedelta(hours=hours)) for hours in (0.2, 0.3, 24.2, 24.3)]
    [0, 1, 1, 2]
    """
    end = due + timedelta(minutes=grace)
    if submitted <= end:
        return 0
    return max(1, math.ceil((_on_the_wall(submitted, zone) - _on_the_wall(end, zone)) / timedelta(days=1)))


def extended(due, extension, zone="UTC"):
    """The due date of a student who was given longer.

    Parameters
    ----------
    due : datetime
        In UTC and without a zone.
    extension : timedelta, datetime or None
        Days more by the clock of `zone`, or a moment in UTC; an earlier one than `due` changes nothing.
    zone : str

    Returns
    -------
    datetime
        In UTC and without a zone.

    Examples
    --------
    >>> extended(datetime(2026, 3, 28, 22, 59), timedelta(days=1), "Europe/Berlin")
    datetime.datetime(2026, 3, 29, 21, 59)
    """
    if isinstance(extension, timedelta):
        extension = _in_utc(_on_the_wall(due, zone) + extension, zone)
    return max(due, extension or due)


def _on_the_wall(moment, zone):
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _in_utc(moment, zone):
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return aware.astimezone(UTC).replace(tzinfo=None)


def read_extensions(path, lessons, zone="UTC"):
    """Read which students were given longer, whole or not at all.

    Parameters
    ----------
    path : str or Path
        A CSV file with the columns student, lesson (one of them, or ``all``) and either days or until; none where it is missing.
    lessons : collection of str
        The lessons there are.
    zone : str
        The zone of moments that name none.

    Returns
    -------
    dict
        From (student, lesson) to a timedelta or, in UTC, a datetime.

    Raises
    ------
    ValueError
        When a line can't be understood; the sentence names it.
    """
    path, granted = Path(path), {}
    if not path.exists():
        return granted
    for line, row in _rows(path):
        try:
            who, extension = _extension(row, lessons, zone)
            if who in granted:
                raise ValueError(f"{who[0]} is there twice for {who[1]}.")
        except ValueError as error:
            raise ValueError(f"{path.name}, line {line}: {error} Nothing is graded until this is mended.") from None
        granted[who] = extension
    return granted


def _rows(path):
    """The lines that are not empty, with their numbers; spreadsheets separate by commas, semicolons or tabs."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        head = lines[0] if lines else ""
        names = [name.strip().lower() for name in next(csv.reader([head], delimiter=_mark(head)), [])]
        rows = list(enumerate(csv.reader(lines[1:], delimiter=_mark(head), strict=True), 2))
    except (OSError, UnicodeDecodeError, csv.Error):
        raise ValueError(f"{path.name} can't be read as a table: save it as CSV in UTF-8. Nothing is graded until this is mended.") from None
    if not {"student", "lesson"} < set(names) <= COLUMNS or len(names) > len(set(names)):
        raise ValueError(f"{path.name}, line 1: the columns are student, lesson, days, until. Nothing is graded until this is mended.")
    return [(line, dict(zip(names, map(str.strip, row))) if len(row) == len(names) else {}) for line, row in rows if any(map(str.strip, row))]


def _mark(head):
    return next((mark for mark in ";\t" if mark in head), ",")


def _extension(row, lessons, zone):
    if not row or not row["student"]:
        raise ValueError("there has to be a student, a lesson and days or until, as in the first line.")
    if row["lesson"] not in {*lessons, EVERY}:
        raise ValueError(f"there is no lesson {row['lesson']!r}; write the name of its folder, or {EVERY}.")
    days, until = row.get("days", ""), row.get("until", "")
    if bool(days) == bool(until):
        raise ValueError("give either days or until.")
    return (row["student"], row["lesson"]), _days(days) if days else _until(until, zone)


def _days(text):
    try:
        days = float(text)
    except ValueError:
        days = math.nan
    if not 0 < days <= 366:
        raise ValueError(f"days is a number such as 2 or 0.5, not {text!r}.")
    return timedelta(days=days)


def _until(text, zone):
    only_a_day = len(text) <= len("2026-03-29")
    try:
        # A day is meant with its evening.
        return _in_utc(datetime.fromisoformat(text) + timedelta(days=only_a_day), zone)
    except (ValueError, OverflowError):
        raise ValueError(f"until is a day such as 2026-03-29 or a time such as 2026-03-29 18:00, not {text!r}.") from None
