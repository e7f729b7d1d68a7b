"""A lesson's results as tables: from the gradebook, through nbgrader, and from the graded notebooks beside it."""

import contextlib
import dataclasses
import math
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from nbgrader.api import BaseCell, Comment, Grade, Gradebook, MissingEntry, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from ..bank import Bank, load_bank
from ..build import course_config
from .verdicts import Verdict, graded_notebook, mended, verdicts

NONE = Verdict(None, "")
UNTOUCHED = "No response."  # nbgrader's comment on an answer cell that is as it was released


@dataclass(frozen=True)
class Results:
    """What a lesson has come to.

    Parameters
    ----------
    lesson : str
    students : DataFrame
        Everybody in the gradebook: names, ids, ``handed_in``, ``penalty``, ``total`` (NaN if nothing is graded), ``most``, ``submitted`` and ``waiting``, the
        exercises that a person still has to look at.
    exercises : DataFrame
        By name: ``points`` and ``objective``, in the order of the bank.
    answers : DataFrame
        A row for each exercise of each submission: ``student``, ``exercise``, ``points``, ``waiting``, ``untouched``, ``graded`` (whether a notebook says
        something), ``sentence``, ``mistake`` and ``review``.
    mended : dict of str to list of str
        What was put right in a student's notebook.
    ungraded : list of str
        Students who have handed in a folder that has no graded notebook.
    bank : Bank
    """

    lesson: str
    students: pd.DataFrame
    exercises: pd.DataFrame
    answers: pd.DataFrame
    mended: dict = field(default_factory=dict)
    ungraded: list = field(default_factory=list)
    bank: Bank = Bank(Path())

    @property
    def scores(self):
        """Points by student and exercise."""
        return self.answers.pivot(index="student", columns="exercise", values="points")


def read_results(lesson, root=None):
    """Read what has been graded of a lesson.

    Parameters
    ----------
    lesson : str
    root : Path, optional
        The course; the working directory when omitted.

    Returns
    -------
    Results

    Raises
    ------
    FileNotFoundError
        When there is no course or no gradebook.
    RuntimeError
        When the gradebook can't be reached.
    ValueError
        When the gradebook does not know the lesson, or nobody has been graded.
    """
    root = Path(root or ".").resolve()
    course = CourseDirectory(config=course_config(root))
    people, handed, worth, grades, untouched = _gradebook(course, lesson)
    said, mending, ungraded = _notebooks(course, lesson)
    bank = load_bank(Path(course.format_path(course.source_directory, ".", lesson), "answers.py"))
    exercises = _exercises(worth, bank)
    answers = _answers(grades, untouched, said, exercises)
    if answers["points"].isna().all():
        raise ValueError(f"Nobody has been graded in {lesson} yet: run ccx grade {lesson} first.")
    students = _students(people, handed, answers, exercises["points"].sum(), ungraded)
    return Results(lesson, students, exercises, answers, mending, ungraded, bank)


def _gradebook(course, lesson):
    """What the gradebook knows of a lesson, in one query each."""
    url = make_url(course.db_url)
    # nbgrader would make an empty one.
    if url.drivername.startswith("sqlite") and not Path(url.database).is_file():
        raise FileNotFoundError(f"There is no gradebook {url.database}: run ccx grade {lesson} first.")
    try:
        with Gradebook(course.db_url, course.course_id) as gradebook:
            return _asked(gradebook, lesson)
    except MissingEntry:
        raise ValueError(f"The gradebook does not know {lesson}: run nbgrader generate_assignment {lesson} --force, then ccx grade {lesson}.") from None
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise RuntimeError(f"The gradebook {url.render_as_string(hide_password=True)} can't be read: {reason}.") from error


def _asked(gradebook, lesson):
    assignment, ask = gradebook.find_assignment(lesson), gradebook.db.query
    ours = SubmittedAssignment.assignment_id == assignment.id
    people = ask(Student.id, Student.last_name, Student.first_name, Student.email, Student.lms_user_id).all()
    handed = ask(SubmittedAssignment.student_id, SubmittedAssignment.timestamp, SubmittedAssignment.late_submission_penalty).filter(ours).all()
    worth = {cell.name: cell.max_score for notebook in assignment.notebooks for cell in (*notebook.grade_cells, *notebook.task_cells)}

    def cells(table, *columns):
        asked = ask(SubmittedAssignment.student_id, BaseCell.name, *columns).select_from(table).join(BaseCell, table.cell_id == BaseCell.id)
        notebooks = asked.join(SubmittedNotebook, table.notebook_id == SubmittedNotebook.id)
        return notebooks.join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id).filter(ours)

    grades = cells(Grade, Grade.auto_score, Grade.manual_score, Grade.score, Grade.needs_manual_grade).all()
    untouched = cells(Comment).filter(Comment.auto_comment == UNTOUCHED).all()
    return people, handed, worth, grades, {(student, name) for student, name in untouched}


def _notebooks(course, lesson):
    """What the graded notebooks say and what was mended in them, by student, and who has handed something in and has none."""
    said, mending = {}, {}
    for path in sorted(Path(course.root, course.autograded_directory).glob(f"*/{lesson}/{lesson}.ipynb")):
        # What an interrupted run has left counts as not graded.
        with contextlib.suppress(ValueError):
            notebook, student = graded_notebook(path), path.parent.parent.name
            said[student] = verdicts(notebook)
            mending |= {student: sentences} if (sentences := mended(notebook)) else {}
    handed = sorted(path.parent.name for path in Path(course.root, course.submitted_directory).glob(f"*/{lesson}") if not path.parent.name.startswith("."))
    return said, mending, [student for student in handed if student not in said]


def _exercises(worth, bank):
    """Points and objective of each exercise, in the bank's order."""
    asked = {exercise.name: exercise.objective for exercise in bank.exercises.values()}
    names = [name for name in asked if name in worth] + sorted(worth.keys() - asked.keys())
    index = pd.Index(names, name="exercise")
    return pd.DataFrame({"points": [float(worth[name]) for name in names], "objective": [asked.get(name, "") for name in names]}, index=index)


def _answers(grades, untouched, said, exercises):
    """A row for each exercise of each submission, from the gradebook and the graded notebook."""
    rows = []
    for student, name, auto, manual, score, waiting in grades:
        points = math.nan if auto is None and manual is None else float(score)
        verdict = said.get(student, {}).get(name)
        blank = (student, name) in untouched or (student, f"{name}-answer") in untouched
        rows.append((student, name, points, bool(waiting), blank, verdict is not None, *dataclasses.astuple(verdict or NONE)[1:]))
    table = pd.DataFrame(rows, columns=["student", "exercise", "points", "waiting", "untouched", "graded", "sentence", "mistake", "review"])
    place = {name: i for i, name in enumerate(exercises.index)}
    return table.sort_values(["student", "exercise"], key=lambda column: column.map(place) if column.name == "exercise" else column, ignore_index=True)


def _students(people, handed, answers, most, ungraded):
    """Everybody in the gradebook, by name."""
    known = pd.DataFrame(people, columns=["student", "last_name", "first_name", "email", "lms_id"]).set_index("student").fillna("")
    late = pd.DataFrame(handed, columns=["student", "submitted", "penalty"]).set_index("student").reindex(known.index)
    sums = answers.groupby("student")["points"].sum(min_count=1).reindex(known.index)
    waiting = answers[answers["waiting"]].groupby("student")["exercise"].agg(tuple)
    table = known.assign(
        handed_in=known.index.isin([student for student, *_ in handed] + ungraded), penalty=late["penalty"],
        total=(sums - late["penalty"]).clip(lower=0), most=most,
        submitted=pd.to_datetime(late["submitted"]).dt.strftime("%Y-%m-%dT%H:%M:%SZ").fillna(""),
        waiting=[waiting.get(student, ()) for student in known.index])
    return table.sort_values(["last_name", "first_name", "student"])
