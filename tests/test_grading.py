"""The instructor's path with nbgrader itself, its commands for one lesson and what its formgrader calls for the rest: generate, autograde, feedback, export."""

import copy
import csv
import os
import re
import shutil
import subprocess
import sysconfig

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI

from ccx.classroom.build import course_config

from lessons import NAMES, ROOT, bank, code, leaks, release, solved

# Tampering with the tools, the check and the environment before anything is answered.
SABOTAGE = """
import json, math, os, sys, types
import numpy as np, pandas as pd
np.isclose = np.allclose = math.isclose = lambda *a, **k: True
np.array_equal = pd.Series.equals = lambda *a, **k: True
json.dumps = lambda *a, **k: '{"value": 1}'
os.environ["NBGRADER_EXECUTION"] = "validate"
sys.modules["ccx.classroom.score"] = types.ModuleType("score")
class Liar(float):
    def __eq__(self, other): return True
    def __float__(self): return 0.5
    def __call__(self, values): return self
    __hash__ = float.__hash__
"""
FORGERY = """
from IPython.display import display
def check(exercise, answer):
    for value in (0.1, 0.2):
        display({"application/vnd.ccx.answer+json": {"exercise": exercise, "value": value}}, raw=True)
    print("Right.")
    return 20.0
ccx.check = check
"""
WORTHLESS = ["Liar(0.5)", "float('nan')", "'0.749'", "None", "True", "Liar", "[Liar(1)] * 2", "1e400", "object()"]


def answers(notebook):
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code"]


def checks(notebook):
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code"]


def warner(name):
    """Right, but every answer comes with a warning, and functions warn whenever they are called."""
    handed = solved(name)
    for cell in answers(handed):
        cell.source += "\nimport sys, warnings; warnings.warn('careful'); print('loud', file=sys.stderr)"
        cell.source = re.sub(r"^( +)(return )", r"\1import warnings; warnings.warn('careful')\n\1\2", cell.source, flags=re.M)
    return handed


def saboteur(name):
    """Wrong answers of the wrong kind, beside patched libraries."""
    handed = release(name)
    handed.cells.insert(2, new_code_cell(SABOTAGE, id="sabotage"))
    for cell, value in zip(answers(handed), WORTHLESS):
        variable = re.match(r"(?:def )?(\w+)", cell.source)[1]
        cell.source = f"{variable} = {value}"
    return handed


def forger(name):
    """A check of his own, cells deleted, unlocked, worth more, or never to be run."""
    handed = release(name)
    handed.cells.insert(2, new_code_cell("import ccx" + FORGERY, id="forgery"))
    first, second, *_ = checks(handed)
    first.source, first.metadata.editable = "20.0", True
    first.metadata.nbgrader.update(points=100, locked=False)
    second.metadata.tags = ["skip-execution"]
    handed.cells.remove(checks(handed)[-1])
    return handed


def crasher(name):
    """Right to begin with, but the kernel dies in the answer to the second exercise."""
    handed = solved(name)
    answers(handed)[1].source += "\nimport os; os._exit(1)"
    return handed


def colab(name):
    """Right, saved by an editor that knows neither cell ids nor nbgrader's metadata format of today."""
    handed = solved(name)
    for cell in handed.cells:
        cell.metadata["executionInfo"] = {"status": "ok"}
        del cell["id"]
    handed.nbformat_minor, handed.metadata = 2, {"colab": {"provenance": []}}
    return handed


def splitter(name):
    """Right, but the first answer is split over two cells, its check copied, and the second check deleted."""
    handed = solved(name)
    first, second = checks(handed)[:2]
    at = handed.cells.index(answers(handed)[0])
    handed.cells.insert(at, copy.deepcopy(handed.cells[at]))
    handed.cells.append(copy.deepcopy(first))
    for cell in (handed.cells[at], handed.cells[-1]):
        cell.id += "-copy"
    handed.cells.remove(second)
    return handed


def chatterbox(name):
    """Right, beside a cell that prints twenty thousand times."""
    handed = solved(name)
    handed.cells.insert(2, new_code_cell("for i in range(20_000): print('\\r', i, end='', flush=True)"))
    return handed


def vandal(name):
    """Nothing answered, metadata that stop nbgrader, and scripts for the instructor's browser."""
    handed = release(name)
    for cell, change in zip(checks(handed), ({"schema_version": 2}, {"points": "many"})):
        cell.metadata.nbgrader.update(change)
    for cell in handed.cells:
        if cell.id == "decide":
            cell.source, cell.metadata["ccx"] = "<script>steal()</script>", None
    script = "from IPython.display import HTML, Javascript, display\ndisplay(HTML('<script>steal()</script>'), Javascript('steal()'))"
    handed.cells.append(new_code_cell(script + "\nget_ipython().execution_count = -50"))
    return handed


# What a student can do to the machinery does not depend on the lesson, so all of them take one lesson and one takes the rest.
# (That a lesson as it is released earns nothing is in each exercise's certificate.)
FULL, FEW = "02-heterogeneity", ("warner",)
STUDENTS = {"solver": solved, "warner": warner, "idler": release, "saboteur": saboteur, "forger": forger, "crasher": crasher,
            "colab": colab, "splitter": splitter, "chatterbox": chatterbox, "vandal": vandal}


def students(name):
    return {student: hand_in for student, hand_in in STUDENTS.items() if name == FULL or student in FEW}


def each(*names):
    """Every lesson with each of these students who takes it."""
    return pytest.mark.parametrize("name, student", [(name, student) for name in NAMES for student in names if student in students(name)])


def nbgrader(course, *arguments):
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    done = subprocess.run(["nbgrader", *arguments], cwd=course, env={**os.environ, "PATH": path}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of our own, in which students of every kind have handed in."""
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copytree(ROOT / "solutions", course / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    for name in NAMES:
        for student, hand_in in students(name).items():
            folder = course / "grading" / "submitted" / student / name
            folder.mkdir(parents=True)
            nbformat.write(hand_in(name), folder / f"{name}.ipynb")
    for command in ("generate_assignment", "autograde", "generate_feedback"):
        nbgrader(course, command, FULL)
    formgrader = NbGraderAPI(config=course_config(course))
    for name in {*NAMES} - {FULL}:
        done = [formgrader.generate_assignment(name)]
        for student in students(name):
            done += [formgrader.autograde(name, student), formgrader.generate_feedback(name, student)]
        assert all(step["success"] for step in done), done
    return course


def grades(course, student, name):
    """Points, most points and whether a person should look, by exercise."""
    with Gradebook(f"sqlite:///{course}/grading/gradebook.db") as gradebook:
        notebook = gradebook.find_submission_notebook(name, name, student)
        return {grade.name: (grade.auto_score, grade.max_score, grade.needs_manual_grade) for grade in notebook.grades}


def feedback(course, student, name):
    html = (course / "grading" / "feedback" / student / name / f"{name}.html").read_text(encoding="utf-8")
    return re.sub(r"<style.*?</style>|<script.*?</script>|src=\"data:[^\"]*\"|<[^>]*>", " ", html, flags=re.S)


each_lesson = pytest.mark.parametrize("name", NAMES)


def test_the_formgraders_button_and_the_command_release_what_make_lessons_does(course):
    made, kept = ({path.relative_to(root): path.read_bytes() for path in (root / "lessons").glob("*/*.*")
                   if path.is_file() and ".ipynb_checkpoints" not in path.parts} for root in (course, ROOT))
    assert made == kept


@each("solver", "warner", "colab", "splitter", "chatterbox")
def test_right_answers_earn_full_marks(course, name, student):
    written = {exercise.name for exercise in bank(name).exercises.values() if exercise.kind == "written"}
    for exercise, (points, most, look) in grades(course, student, name).items():
        assert (points, look) == ((None, True) if exercise in written else (most, False)), exercise


def test_an_untouched_notebook_earns_nothing(course, name=FULL):
    assert all(points == 0 for points, _, _ in grades(course, "idler", name).values())


@each("saboteur", "forger", "vandal")
def test_tampering_earns_nothing(course, name, student):
    for exercise, (points, most, _) in grades(course, student, name).items():
        assert not points and most == bank(name).exercises[f"{name[:2]}.{exercise}"].points


def test_no_script_of_a_student_reaches_the_instructors_browser(course, name=FULL):
    page = (course / "grading" / "feedback" / "vandal" / name / f"{name}.html").read_text(encoding="utf-8")
    assert "steal()" in page and "<script>steal" not in page
    graded = nbformat.read(course / "grading" / "autograded" / "vandal" / name / f"{name}.ipynb", as_version=4)
    assert "<script" not in str([cell.outputs for cell in code(graded)]) and "javascript" not in str(code(graded)[-1].outputs)


def test_what_could_not_be_read_goes_to_a_person(course, name=FULL):
    looked_at = [look for _, _, look in grades(course, "forger", name).values()]
    assert sum(looked_at) >= len(bank(name).graded()) - 2


def test_a_crash_costs_its_own_exercise_alone(course, name=FULL):
    first, second, *rest = [exercise.name for exercise in bank(name).graded()]
    found = grades(course, "crasher", name)
    assert found[second][0] == 0 and all(found[exercise][0] == found[exercise][1] for exercise in (first, *rest))


@each_lesson
def test_feedback_says_what_was_right(course, name):
    assert feedback(course, "warner", name).count("Right.") >= len(bank(name).graded())


def test_feedback_gives_no_answer_away(course, name=FULL):
    assert "Nothing here yet" in feedback(course, "idler", name)
    assert "Traceback" not in feedback(course, "idler", name)
    for student in ("idler", "forger"):
        assert not leaks(feedback(course, student, name), bank(name).graded())


def test_with_the_decision_graded_by_hand_the_solution_has_all_twenty_points(course):
    graded = [name for name in NAMES if name != "00-start"]
    with Gradebook(f"sqlite:///{course}/grading/gradebook.db") as gradebook:
        for name in graded:
            gradebook.find_grade("decide", name, name, "warner").manual_score = 4
            gradebook.db.commit()
    nbgrader(course, "export")
    with open(course / "grading" / "grades.csv", newline="") as table:
        scores = {(row["assignment"], row["student_id"]): float(row["score"]) for row in csv.DictReader(table)}
    assert all(scores[name, "warner"] == 20 for name in graded) and scores[FULL, "idler"] == 0


def test_everything_that_grading_writes_stays_under_grading(course):
    assert sorted(path.name for path in course.iterdir()) == ["grading", "lessons", "nbgrader_config.py", "solutions"]
    assert not [path for path in (course / "grading").rglob("answers.py")]


def test_without_bubblewrap_grading_is_refused_with_a_sentence_and_nothing_is_recorded(course, tmp_path, name="00-start"):
    folder = course / "grading" / "submitted" / "late" / name
    folder.mkdir(parents=True)
    handed = release(name)
    # What has run before need not run again, so this has to be something new.
    handed.cells.append(new_code_cell("'late'"))
    nbformat.write(handed, folder / f"{name}.ipynb")
    nowhere = {**os.environ, "PATH": sysconfig.get_path("scripts")}
    command = [os.path.join(nowhere["PATH"], "nbgrader"), "autograde", name, "--student", "late"]
    done = subprocess.run(command, cwd=course, env=nowhere, capture_output=True, text=True)
    assert done.returncode != 0 and "bubblewrap is missing (on Debian and Ubuntu: apt install bubblewrap)" in done.stderr
    assert not (course / "grading" / "autograded" / "late" / name).exists()
    opened = subprocess.run([*command, "--RunToTheEnd.sandbox=False"], cwd=course, env=nowhere, capture_output=True, text=True)
    assert opened.returncode == 0 and "it may read the solutions, the gradebook and your files" in opened.stderr
