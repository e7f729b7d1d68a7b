"""A course of one small lesson, for tests of what is around a lesson: built in a folder of its own, graded in an instant."""

import os
import shutil
import subprocess
import sysconfig

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from lessons import ROOT

NAME = "77-tiny"
BANK = '''"""The bank of the tiny lesson."""

from ccx.classroom.exercise import Function, Mistake, Scalar, Written


def double(x):
    return 2 * x


EXERCISES = [
    Scalar(id="77.share", objective="77.1", points=2, what="the share", answer=0.749, tolerance=0.001, nudge="Not yet.", mistakes=[
        Mistake("the other part", 0.251, "This is the share of the others.", credit=0.5),
        Mistake("per cent", 74.9, "This is a percentage."),
        Mistake("twice", 1.498, "This is twice as much.")]),
    Function(id="77.double", objective="77.2", points=3, what="the function", answer=double, probes=[(1.0,), (4.0,)],
             hidden=lambda rng: [(float(x),) for x in rng.uniform(5, 9, 5)], nudge="Not yet.", mistakes=[
        Mistake("square", lambda x: x**2, "This is the square."),
        Mistake("half", lambda x: x / 2, "This is half."),
        Mistake("plus two", lambda x: x + 2, "This adds two.")]),
    Written(id="77.decide", objective="77.3", points=1, what="the decision"),
]
'''
RIGHT = {"share-answer": "share = 0.749", "double-answer": "def double(x):\n    return 2 * x", "decide": "I would call them all."}


def course(folder):
    """The course, its lesson released and in the gradebook."""
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    source = folder / "solutions" / NAME
    source.mkdir(parents=True)
    (source / "answers.py").write_text(BANK, encoding="utf-8")
    nbformat.write(_solution(), source / f"{NAME}.ipynb")
    generate(folder)
    return folder


def generate(folder):
    """Release the lesson and tell the gradebook, by nbgrader's own command."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    done = subprocess.run(["nbgrader", "generate_assignment", NAME, "--force"], cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


def _solution():
    def cell(make, id, text, **nbgrader):
        about = {"grade_id": id, "schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False, **nbgrader}
        return make(text, id=id, metadata={"nbgrader": about})

    marked = "{0} = ...\n### BEGIN SOLUTION\n{1}\n### END SOLUTION"
    return new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}, cells=[
        new_markdown_cell("# A tiny lesson", id="title"),
        new_code_cell("import ccx", id="tools"),
        cell(new_code_cell, "share-answer", marked.format("share", RIGHT["share-answer"]), solution=True),
        cell(new_code_cell, "share", 'ccx.check("77.share", share)', grade=True, locked=True, points=2),
        cell(new_code_cell, "double-answer", marked.format("double", RIGHT["double-answer"]), solution=True),
        cell(new_code_cell, "double", 'ccx.check("77.double", double)', grade=True, locked=True, points=3),
        cell(new_markdown_cell, "decide", "Your decision.", grade=True, solution=True, points=1)])


def release(course):
    return nbformat.read(course / "lessons" / NAME / f"{NAME}.ipynb", as_version=4)


def solved(course, **answers):
    """The release with right answers in it, or with others, by the cell's id with _ for -."""
    handed = release(course)
    given = {**RIGHT, **{name.replace("_", "-"): source for name, source in answers.items()}}
    for cell in handed.cells:
        cell.source = given.get(cell.id, cell.source)
    return handed


def hand_in(course, student, notebook):
    """Put a notebook, or whatever bytes were handed in for one, where nbgrader looks for it."""
    folder = course / "grading" / "submitted" / student / NAME
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{NAME}.ipynb"
    if isinstance(notebook, bytes):
        path.write_bytes(notebook)
    else:
        nbformat.write(notebook, path)
    return path


def grades(course, student):
    """Points and whether a person should look, by exercise; None for a student without a submission."""
    with Gradebook(f"sqlite:///{course}/grading/gradebook.db") as gradebook:
        notebooks = [one for one in gradebook.notebook_submissions(NAME, NAME) if one.student.id == student]
        return {grade.name: (grade.score if grade.manual_score is not None else grade.auto_score, grade.needs_manual_grade) for one in notebooks for grade in one.grades} or None
