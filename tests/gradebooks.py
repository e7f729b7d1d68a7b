"""A small graded course for the tests of the report: a bank, a gradebook written through nbgrader, and graded notebooks in the grader's form."""

import functools
import shutil
import tempfile
import warnings
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.api import Gradebook

from lessons import ROOT

LESSON = "90-demo"
SECRET = 0.123456
BANK = f'''
from ccx.classroom.exercise import Mistake, Scalar, Written

EXERCISES = [
    Scalar(id="90.share", objective="90.1", points=2, what="the share", answer={SECRET}, mistakes=[
        Mistake("upside down", {1 / SECRET}, "You divided the wrong way round."), Mistake("per cent", {100 * SECRET}, "That is a percentage."),
        Mistake("the others", {1 - SECRET}, "Those are the others.")]),
    Scalar(id="90.mean", objective="90.1", points=3, what="the mean", answer=7, mistakes=[
        Mistake("median", 5, "That is the median.", credit=0.5), Mistake("sum", 70, "That is the sum."), Mistake("one short", 6, "One is missing.")]),
    Written(id="90.decide", objective="90.2", points=5, what="the decision"),
]
'''
WORTH = {"share": 2, "mean": 3, "decide": 5}
UPSIDE_DOWN = (0, "You divided the wrong way round.", "upside down")
MEDIAN = (1.5, "That is the median.", "median")
NOT_YET = (0, "Not yet: try the smallest case by hand.")
BLANK = (0, "Nothing here yet: put your answer in place of the three dots, then run the cell again.")
STOPPED = (0, "The cell stopped with NameError before it gave an answer.")
UNREADABLE = (0, "This answer did not reach the grader in one piece, so a person will look at it.", "", True)


def right(exercise):
    return WORTH[exercise], "Right."


def course(folder, handed, students=(), mended=None, lesson=LESSON, bank=BANK, worth=None, **submission):
    """A course in which a lesson is graded.

    `handed` says what each student's answers have come to: (points, sentence, mistake, review), or the points alone where a person has graded;
    None waits for a person. `students` holds what the gradebook knows of them, and of those who handed nothing in.
    """
    worth = worth or WORTH
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    (folder / "solutions" / lesson).mkdir(parents=True)
    (folder / "solutions" / lesson / "answers.py").write_text(bank)
    (folder / "grading").mkdir()
    (folder / "grading" / "gradebook.db").write_bytes(_empty())
    with warnings.catch_warnings(), Gradebook(f"sqlite:///{folder}/grading/gradebook.db", "customer-centricity") as gradebook:
        # nbgrader's own way of adding a submission makes SQLAlchemy warn.
        warnings.simplefilter("ignore")
        _release(gradebook, lesson, worth)
        for student in [*handed, *(student for student in students if student not in handed)]:
            gradebook.add_student(student, **dict(students).get(student, {}))
        for student, answers in handed.items():
            gradebook.add_submission(lesson, student, **submission)
            _grade(gradebook, lesson, student, answers)
    for student, answers in handed.items():
        for kind in ("submitted", "autograded"):
            path = folder / "grading" / kind / student / lesson / f"{lesson}.ipynb"
            path.parent.mkdir(parents=True)
            nbformat.write(notebook(answers, (mended or {}).get(student, [])), path)
    return folder


@functools.cache
def _empty():
    """The bytes of an empty gradebook: to make one, nbgrader starts a program that takes seconds."""
    with tempfile.TemporaryDirectory() as folder:
        Gradebook(f"sqlite:///{folder}/gradebook.db", "customer-centricity").close()
        return Path(folder, "gradebook.db").read_bytes()


def _release(gradebook, lesson, worth):
    gradebook.add_assignment(lesson)
    gradebook.add_notebook(lesson, lesson)
    for name, points in worth.items():
        gradebook.add_grade_cell(name, lesson, lesson, max_score=points, cell_type="markdown" if name == "decide" else "code")
        gradebook.add_solution_cell(name if name == "decide" else f"{name}-answer", lesson, lesson)


def _grade(gradebook, lesson, student, answers):
    graded = gradebook.find_submission_notebook(lesson, lesson, student)
    for grade in graded.grades:
        given = answers.get(grade.name)
        if isinstance(given, tuple):
            grade.auto_score, grade.needs_manual_grade = given[0], bool(given[3:] and given[3])
        elif given is not None:
            grade.manual_score, grade.needs_manual_grade = given, False
    gradebook.db.commit()


def notebook(answers, mended=()):
    """A graded notebook as `ccx.classroom.score` leaves it."""
    cells = [_cell(name, *given) for name, given in answers.items() if isinstance(given, tuple)]
    decision = new_markdown_cell("Because.", metadata={"nbgrader": {"grade_id": "decide", "grade": True, "solution": True}})
    return new_notebook(cells=[*cells, decision], metadata={"ccx": {"mended": list(mended)}})


def _cell(name, points, sentence, mistake="", review=False):
    tag = {"grade_id": name, "grade": True, "solution": False}
    outputs = [new_output("stream", name="stdout", text=f"{sentence}\n"), new_output("execute_result", data={"text/plain": f"{points:g}"}, execution_count=1)]
    return new_code_cell(f'ccx.check("90.{name}", {name})', metadata={"nbgrader": tag, "ccx": {"review": review, "mistake": mistake}}, outputs=outputs)
