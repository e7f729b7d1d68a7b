"""A lesson's grades as a plain table, and in the files that Canvas and Moodle import.

The platform's own file is filled in: who is who stays as it came, and whoever can't be matched without doubt is named and left alone.
"""

import math
import re
from collections import defaultdict

from .sheets import number

CANVAS_IDS = ("ID", "SIS User ID", "SIS Login ID")
CALCULATED = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)|\((Percentage|Letter|Prozentsatz|Feedback)\)|^Feedback\b")
# Moodle names its columns in the language of whoever exports them; these are its English and its German.
MOODLE = {"identifier": ("identifier", "id"), "id number": ("id number", "id-nummer"), "email": ("email address", "e-mail-adresse"),
          "username": ("username", "anmeldename"), "grade": ("grade", "bewertung"), "maximum": ("maximum grade", "bestwertung"),
          "scale": ("scale", "skala"), "changeable": ("grade can be changed", "bewertung kann geändert werden")}
NO = ("no", "nein")


def grade_table(students, scores, names):
    """The rows of ``grades.csv``.

    Parameters
    ----------
    students : DataFrame
        As `results.Results` has them; those who handed nothing in have a row without points.
    scores : DataFrame
        Points by student and exercise.
    names : list of str
        The exercises.

    Returns
    -------
    tuple of list
        The names of the columns, and the rows.
    """
    columns = ["student", "last_name", "first_name", "lms_id", *names, "late_penalty", "total", "max", "needs_manual_grade", "submitted_at"]
    points = scores.reindex(index=students.index, columns=names)
    rows = [[one.Index, one.last_name, one.first_name, one.lms_id, *points.loc[one.Index], one.penalty, one.total, one.most,
             ", ".join(one.waiting), one.submitted] for one in students.itertuples()]
    return columns, rows


def canvas(sheet, lesson, students, most, everyone=False):
    """Put a lesson's grades into a gradebook that Canvas has exported, ready to be imported there.

    What comes out are the columns up to ``Section``, as they came, and one for
    the lesson: the one whose name is or contains the lesson's name, with its
    Canvas id, or a new one. A student is looked for by ``lms_user_id``, then by
    nbgrader's id, then by e-mail address; each in ``ID``, ``SIS User ID`` and
    ``SIS Login ID``. Rows without a grade of ours keep the one they came with,
    because Canvas takes an empty field for a grade to be deleted.

    Parameters
    ----------
    sheet : Sheet
    lesson : str
    students : DataFrame
        As `results.Results` has them.
    most : float
        What the lesson is worth.
    everyone : bool, default False
        Whether grades that still wait for a person's eye are handed on too.

    Returns
    -------
    tuple
        The filled `Sheet`, and a sentence for each student on either side who was left out.

    Raises
    ------
    ValueError
        When this is no export from Canvas, or the lesson is worth something else there.
    """
    for needed in ("ID", "Section"):
        if needed not in sheet.header:
            raise ValueError(f"{sheet.name} is not a gradebook exported from Canvas: it has no column {needed}.")
    points = next((i for i, row in enumerate(sheet.rows) if "Points Possible" in row[0] and len(row) == len(sheet.header)), None)
    made, worth = _canvas_columns(sheet, lesson, points, most)
    _same_maximum(sheet, [worth], most, "Canvas")
    rows = _ids(made, [i for i, name in enumerate(made.header) if name in CANVAS_IDS])
    people = {i: ids for i, ids in rows.items() if i != points and made.rows[i][0] != "Student, Test"}
    closed = {i: "is excused in Canvas" for i in people if made.rows[i][-1].casefold() == "ex"}
    return _filled(made, len(made.header) - 1, people, closed, students, "," in worth, everyone)


def _canvas_columns(sheet, lesson, points, most):
    """The columns that say who is who and the lesson's, and what Canvas says it is worth."""
    last = sheet.header.index("Section")
    column = _column_of(sheet, lesson, last + 1)
    if column is None:
        new = [lesson if i == 0 else number(most) if i == points else "" for i in range(len(sheet.raw))]
        return sheet.taken(range(last + 1)).with_column(new), ""
    return sheet.taken([*range(last + 1), column]), sheet.rows[points][column] if points is not None else ""


def moodle(sheet, lesson, students, most, everyone=False):
    """Put a lesson's grades into Moodle's grading worksheet, or into a table for its gradebook's CSV import.

    Of the worksheet only the field ``Grade`` is changed; a table without an
    ``Identifier`` gets the lesson's column if it has none. A student is looked
    for by ``lms_user_id``, then by nbgrader's id, then by e-mail address; each
    in the participant's number, ``ID number``, ``Email address`` and ``Username``.
    Nothing is rescaled: Moodle's maximum has to be the lesson's.

    Parameters
    ----------
    sheet : Sheet
    lesson : str
    students : DataFrame
        As `results.Results` has them.
    most : float
        What the lesson is worth.
    everyone : bool, default False
        Whether grades that still wait for a person's eye are handed on too.

    Returns
    -------
    tuple
        The filled `Sheet`, and a sentence for each student on either side who was left out.

    Raises
    ------
    ValueError
        When this is no such file, the maximum is another, or Moodle grades by a scale.
    """
    place = {ours: i for ours, names in MOODLE.items() for i, name in enumerate(sheet.header) if name.strip().casefold() in names}
    sheet, column = _moodle_column(sheet, lesson, place, most)
    rows = _ids(sheet, [place[name] for name in ("id number", "email", "username") if name in place], place.get("identifier"))
    worth = [sheet.rows[i][place["maximum"]] for i in rows if "maximum" in place]
    _same_maximum(sheet, worth, most, "Moodle")
    closed = {i: "has a grade that Moodle has locked" for i in rows if "changeable" in place and sheet.rows[i][place["changeable"]].casefold() in NO}
    return _filled(sheet, column, rows, closed, students, any("," in text for text in worth), everyone)


def _moodle_column(sheet, lesson, place, most):
    """The sheet and the number of the column that takes the grades, which a table without it gets."""
    if not {"identifier", "id number", "email", "username"} & place.keys() or "identifier" in place and not {"grade", "scale"} & place.keys():
        raise ValueError(f"{sheet.name} is not from Moodle, in English or German: it takes Identifier and Grade, or ID number, Email address or Username.")
    if "scale" in place:
        raise ValueError(f"{sheet.name} is graded by a scale: set the assignment to {number(most)} points in Moodle and export again.")
    if "identifier" in place:
        return sheet, place["grade"]
    column = _column_of(sheet, lesson, 0)
    if column is None:
        return sheet.with_column([lesson, *[""] * (len(sheet.raw) - 1)]), len(sheet.header)
    return sheet, column


def _column_of(sheet, lesson, start):
    """The column whose name is the lesson's, with or without an id, or else the one that contains it."""
    titles = {i: re.sub(r" \(\d+\)$", "", name).casefold() for i, name in enumerate(sheet.header) if i >= start and not CALCULATED.search(name)}
    fits = [i for i, title in titles.items() if title == lesson.casefold()] or [i for i, title in titles.items() if lesson.casefold() in title]
    if len(fits) > 1:
        names = ", ".join(sheet.header[i] for i in fits)
        raise ValueError(f"{sheet.name} has {len(fits)} columns for {lesson} ({names}): leave one of them in the file.")
    return fits[0] if fits else None


def _same_maximum(sheet, texts, most, platform):
    for text in texts:
        try:
            worth = float(text.replace(",", "."))
        except ValueError:
            continue
        if not math.isclose(worth, most):
            raise ValueError(f"{sheet.name} gives {number(worth)} points where the lesson has {number(most)}: "
                             f"set the maximum to {number(most)} in {platform} and export again.")


def _ids(sheet, columns, participant=None):
    """The identifiers in each whole row that has some, by the number of the row; of Moodle's "Participant 17" the number."""
    found = {}
    for i, row in enumerate(sheet.rows[1:], start=1):
        if len(row) == len(sheet.header):
            texts = [row[column] for column in columns]
            texts += [] if participant is None else [re.sub(r"\D", "", row[participant])]
            found[i] = {_key(text) for text in texts if text.strip()}
    return {i: ids for i, ids in found.items() if ids}


def _key(text):
    return text.strip().casefold()


def _filled(sheet, column, rows, closed, students, comma, everyone):
    """Fill in the grades of those who are matched, graded and not closed; the others are named."""
    found, lines = _matched(sheet, rows, students)
    values = {}
    for i, student in found.items():
        reason = closed.get(i) or _missing(student, everyone)
        if reason:
            lines.append(f"{sheet.name}: {_name(student)} {reason}; the row is as it came.")
        else:
            values[i] = number(student.total).replace(".", "," if comma else ".")
    lines += [f"{sheet.name}: row {i + 1} has {len(row)} fields where the header has {len(sheet.header)}; it is as it came."
              for i, row in enumerate(sheet.rows) if row != [""] and len(row) != len(sheet.header)]
    return sheet.with_values(column, values), lines


def _missing(student, everyone):
    """Why there is no grade to hand on, if there is none."""
    if not student.handed_in:
        return "handed nothing in"
    if math.isnan(student.total):
        return "handed in and is not graded yet"
    if student.waiting and not everyone:
        return f"waits for a person at {', '.join(student.waiting)} (--all hands the grade on as it is)"
    return ""


def _matched(sheet, rows, students):
    """Who stands in which row, and a sentence for each doubt: a student who fits two rows, a row that fits two students, and whoever is left over."""
    places = defaultdict(set)
    for i, ids in rows.items():
        for text in ids:
            places[text].add(i)
    claims, lines = defaultdict(list), []
    for student in students.itertuples():
        fits = next((places[key] for key in _keys(student) if key in places), set())
        for i in fits:
            claims[i].append((student, len(fits)))
        if not fits:
            lines.append(f"{sheet.name}: {_name(student)} is not in the file{_lost(student)}.")
    found = {i: claimed[0][0] for i, claimed in claims.items() if len(claimed) == 1 and claimed[0][1] == 1}
    for i in rows:
        if i not in found:
            who = " or ".join(_name(student) for student, _ in claims[i])
            why = f"may be {who} (an lms_user_id in the gradebook decides)" if who else "is nobody in the gradebook"
            lines.append(f"{sheet.name}: row {i + 1} ({_one_line(sheet.rows[i][0])}) {why}; it is as it came.")
    return dict(sorted(found.items())), lines


def _keys(student):
    return [_key(text) for text in (student.lms_id, student.Index, student.email) if text.strip()]


def _lost(student):
    return f", so the grade of {number(student.total)} is not handed on" if student.handed_in and not math.isnan(student.total) else ""


def _name(student):
    full = _one_line(f"{student.first_name} {student.last_name}")
    return f"{full} ({student.Index})" if full else student.Index


def _one_line(text):
    return " ".join(text.split())
