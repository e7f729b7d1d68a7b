"""A class in which every second student is hostile, graded in one go: no point is stolen, nothing is read or left running, and nobody else is harmed."""

import contextlib
import hashlib
import io
import os
import re
import time

import nbformat
import psutil
import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

import attacks
import tiny
from ccx import cli
from ccx.classroom.build import course_config
from tiny import NAME, grades, hand_in, solved

FULL = {"share": (2, False), "double": (3, False), "decide": (None, True)}


def students():
    return {f"m{i:02d}": attack for i, attack in enumerate(attacks.ATTACKS)}


def digests(course):
    """What nothing that a student does may change."""
    kept = [path for folder in ("solutions", "lessons", "grading/submitted") for path in (course / folder).rglob("*") if path.is_file() and path.suffix != ".pyc"]
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The course, graded, and what it said."""
    course = tiny.course(tmp_path_factory.mktemp("hostile"))
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8").replace("timeout = 60", "timeout = 3").replace('"memory": 2 * 2**30', '"memory": 2**30'), encoding="utf-8")
    for student, attack in students().items():
        hand_in(course, student, attacks.ATTACKS[attack](course))
        hand_in(course, f"honest-{student}", solved(course, share_answer=f"share = 0.749  # {student}"))
    shadowed = course / "grading" / "submitted" / "m00" / NAME
    for name in ("ccx.py", "json.py", "sitecustomize.py"):
        (shadowed / name).write_text("check = lambda *a: 2.0\n")
    before, here, said = digests(course), os.getcwd(), io.StringIO()
    try:
        os.chdir(course)
        with contextlib.redirect_stdout(said):
            status = cli.main(["grade", NAME, "--workers", "2"])
    finally:
        os.chdir(here)
    return course, status, said.getvalue(), before


@pytest.mark.parametrize("student, attack", students().items(), ids=attacks.ATTACKS)
def test_no_point_is_stolen(graded, student, attack):
    course, *_ = graded
    found = grades(course, student)
    assert {name: points for name, (points, _) in found.items()} | {"decide": None} == {"share": 0, "double": 0, "decide": None}


@pytest.mark.parametrize("student", students())
def test_whoever_is_graded_beside_it_has_all_points(graded, student):
    course, *_ = graded
    assert grades(course, f"honest-{student}") == FULL


def test_every_submission_is_graded(graded):
    _, status, said, _ = graded
    assert status == 0 and f"{2 * len(attacks.ATTACKS):6d} graded" in said


def test_the_instructor_is_told_what_was_done_to_the_notebooks(graded):
    _, _, said, _ = graded
    by_attack = {attack: student for student, attack in students().items()}
    for attack, sentence in {"checks replaced": "share: the source of a locked cell had been changed.", "checks not to be executed": "share: the tags had been changed.",
                             "worth more": "share: points or lock had been changed.", "checks deleted": "share: the cell was missing.",
                             "checks exchanged": "The cells were in another order.", "checks as text": "share: the type of the cell had been changed.",
                             "another language": "The notebook was set to another language", "checks copied": "share: the cell was there 2 times",
                             "endless loop": "share: A cell above did not come to its end: this cell took more than 3 seconds",
                             "forged payloads": "share: This answer did not reach the grader in one piece"}.items():
        assert f"{by_attack[attack]}: {sentence}" in said
    assert not re.search(r"^honest-m\d+: .*(?:changed|missing|times|order)", said, re.M)


def test_nothing_is_changed_written_or_left_running(graded):
    course, _, _, before = graded
    assert digests(course) == before
    assert sorted(path.name for path in course.iterdir()) == ["grading", "lessons", "nbgrader_config.py", "solutions"]
    for _ in range(20):
        left = [one for one in psutil.process_iter(["cmdline"]) if "time.sleep(600)" in " ".join(one.info["cmdline"] or [])]
        if not left:
            break
        time.sleep(0.5)
    assert not left


def test_what_is_kept_on_the_disk_is_small(graded):
    course, *_ = graded
    assert max(path.stat().st_size for path in (course / "grading").rglob("*") if path.is_file()) < 4 * 2**20


def test_no_secret_is_in_what_was_shown(graded):
    course, *_ = graded
    for student in students():
        text = (course / "grading" / "autograded" / student / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
        outputs = re.findall(r'"text(?:/plain)?": \[(.*?)\]', text, re.S)
        assert not any("BEGIN SOLUTION" in shown or "class Bank" in shown for shown in outputs)


def test_no_script_reaches_a_browser(graded):
    course, *_ = graded
    student = next(student for student, attack in students().items() if attack == "scripts")
    nb = nbformat.read(course / "grading" / "autograded" / student / NAME / f"{NAME}.ipynb", as_version=4)
    shown = [str(output.get("data", "")) for cell in nb.cells for output in cell.get("outputs", [])]
    assert not any(re.search(r"<script|onerror=|onload=|javascript", text) for text in shown)
    assert not any(re.search(r"<(script|img|iframe)|\]\(javascript", cell.source) for cell in nb.cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("attack", ["scripts", "Markdown bomb"])
def test_the_page_for_the_student_is_written_and_runs_nothing(graded, attack):
    course, *_ = graded
    student = next(student for student, made in students().items() if made == attack)
    config = course_config(course)
    api = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
    done = api.generate_feedback(NAME, student)
    assert done["success"], done
    page = (course / "grading" / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert not re.search(r"<script|<iframe|<[^>]*\son\w+=|javascript:[^ ]*\"", page) and "Content-Security-Policy" in page
