"""`ccx grade`: many at a time, nothing twice, nothing lost when it is broken off, and a line for all that was not as it should be."""

import contextlib
import csv
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from nbgrader.api import Gradebook

import tiny
from ccx import cli
from ccx.classroom import grade
from ccx.classroom.sandbox import farm
from ccx.classroom.sandbox.execute import execute
from ccx.classroom.sandbox.rooms import Room, best_room
from tiny import NAME, grades, hand_in, release, solved

FULL = {"share": (2, False), "double": (3, False), "decide": (None, True)}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return tiny.course(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def rooms():
    with Room() as one, Room() as two:
        yield [one, two]


@pytest.fixture
def course(made, rooms, monkeypatch):
    """The course without submissions and grades, and with two sandboxes that need not be started for each test."""
    free = itertools.cycle(rooms)
    monkeypatch.setattr(farm, "best_room", lambda limits: contextlib.nullcontext(next(free)))
    for name in ("submitted", "autograded", "executed", "reports"):
        shutil.rmtree(made / "grading" / name, ignore_errors=True)
    with Gradebook(f"sqlite:///{made}/grading/gradebook.db") as gradebook:
        for student in gradebook.students:
            gradebook.remove_student(student.id)
    monkeypatch.chdir(made)
    return made


def run(*options):
    return cli.main(["grade", NAME, "--workers", "2", *options])


def states(**options):
    grading = grade.Grading(NAME, os.curdir, **options)
    return {result.student: result.state for result in grading.run(workers=2)}


def test_a_class_is_graded_and_summed_up(course, capsys):
    hand_in(course, "ada", solved(course))
    hand_in(course, "bob", solved(course, share_answer="share = 0.251", double_answer="def double(x):\n    return x * x"))
    hand_in(course, "cyd", release(course))
    assert run() == 0
    assert grades(course, "ada") == FULL
    assert grades(course, "bob") == {**FULL, "share": (1, False), "double": (0, False)}
    assert {points for points, _ in grades(course, "cyd").values()} == {0}
    assert capsys.readouterr().out.splitlines() == [f"{NAME}: 3 handed in", "     3 graded"]


def test_grades_are_those_of_nbgraders_own_command(course):
    hand_in(course, "ada", solved(course, share_answer="share = 74.9"))
    assert run() == 0
    ours = grades(course, "ada")
    path = {**os.environ, "PATH": os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]}
    subprocess.run([sys.executable, "-m", "nbgrader", "autograde", NAME, "--force"], cwd=course, env=path, check=True, capture_output=True)
    assert grades(course, "ada") == ours == {**FULL, "share": (0, False)}


def test_what_was_mended_and_what_a_person_should_look_at_is_said(course, capsys):
    handed = solved(course, share_answer="share = 0.749\nimport os; os._exit(1)")
    handed.cells = [cell for cell in handed.cells if cell.id != "double"]
    hand_in(course, "ada", handed)
    assert run() == 0
    out = capsys.readouterr().out
    assert "ada: double: the cell was missing." in out and "ada: share: A cell above did not come to its end: Python ended in this cell." in out
    assert grades(course, "ada") == {**FULL, "share": (0, True)}


REFUSED = {
    "a link": (lambda path, course: (path.unlink(), path.symlink_to(course / "solutions" / NAME / f"{NAME}.ipynb")), "is a link"),
    "a link to nowhere": (lambda path, course: (path.unlink(), path.symlink_to("nowhere")), "is a link"),
    "a link beside it": (lambda path, course: (path.parent / "data.csv").symlink_to(course / "grading" / "gradebook.db"), "data.csv is a link"),
    "no JSON": (lambda path, course: path.write_text("{"), "is not a notebook"),
    "half a file": (lambda path, course: path.write_bytes(path.read_bytes()[:700]), "is not a notebook"),
    "no text": (lambda path, course: path.write_bytes(b"\xff\xfe\x00"), "is not a notebook"),
    "no notebook": (lambda path, course: path.write_text("[1, 2]"), "is not a notebook"),
    "no cells": (lambda path, course: path.write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}'), "is not a notebook"),
    "cells of text": (lambda path, course: path.write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ["x"]}'), "is not a notebook"),
    "a deep one": (lambda path, course: path.write_text("[" * 100_000), "is not a notebook"),
    "empty": (lambda path, course: path.write_text(""), "is not a notebook"),
    "another name": (lambda path, course: path.rename(path.with_name("77-tiny (1).ipynb")), "There is no 77-tiny.ipynb, only 77-tiny (1).ipynb"),
    "nothing": (lambda path, course: path.unlink(), "only an empty folder"),
    "a folder": (lambda path, course: (path.unlink(), path.mkdir()), "is not a file"),
    "a pipe": (lambda path, course: (path.unlink(), os.mkfifo(path)), "is not a file"),
    "very many cells": (lambda path, course: path.write_text('{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [' + ", ".join(
        ['{"cell_type": "raw", "metadata": {}, "source": ""}'] * 3000) + "]}"), "has 3,000 cells, and the most is 2,000"),
    "a hundred megabytes": (lambda path, course: os.truncate(path, 100 * 2**20), "has 100 MiB, and the most is 20"),
}


@pytest.mark.parametrize("spoil, said", REFUSED.values(), ids=REFUSED)
def test_what_is_no_notebook_is_refused_with_a_line_and_costs_nobody_else(course, capsys, spoil, said):
    spoil(hand_in(course, "mallory", solved(course)), course)
    hand_in(course, "ada", solved(course))
    assert run() == 1
    out = capsys.readouterr().out
    assert "     1 graded\n     1 refused\nmallory: " in out and said in out
    assert grades(course, "ada") == FULL and grades(course, "mallory") is None
    assert not (course / "grading" / "autograded" / "mallory").exists()


def test_a_student_id_that_is_a_pattern_grades_nobody_elses_work(course, capsys):
    hand_in(course, "ada", solved(course))
    hand_in(course, "a*", release(course))
    assert run() == 1 and "rename the folder" in capsys.readouterr().out
    assert grades(course, "ada") == FULL


def test_nothing_runs_or_is_graded_twice_without_a_reason(course, monkeypatch):
    hand_in(course, "ada", solved(course))
    assert states() == {"ada": "graded"}
    executions = []
    monkeypatch.setattr(farm, "execute", lambda sources, room: executions.append(sources) or execute(sources, room))
    assert states() == {"ada": "unchanged"} and not executions
    hand_in(course, "ada", solved(course, decide="Another word."))
    assert states() == {"ada": "graded"} and not executions
    hand_in(course, "ada", solved(course, share_answer="share = 0.7491"))
    assert states() == {"ada": "graded"} and len(executions) == 1
    assert states(fresh=True) == {"ada": "graded"} and len(executions) == 2
    with Gradebook(f"sqlite:///{course}/grading/gradebook.db") as gradebook:
        gradebook.remove_student("ada")
    assert states() == {"ada": "graded"} and len(executions) == 2


def test_a_changed_due_date_is_a_reason(course):
    hand_in(course, "ada", solved(course))
    states()
    with Gradebook(f"sqlite:///{course}/grading/gradebook.db") as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2030-01-01 12:00")
    try:
        assert states() == {"ada": "graded"} and states() == {"ada": "unchanged"}
    finally:
        with Gradebook(f"sqlite:///{course}/grading/gradebook.db") as gradebook:
            gradebook.update_or_create_assignment(NAME, duedate=None)


def test_what_a_person_has_graded_stays_graded(course):
    hand_in(course, "ada", solved(course))
    states()
    with Gradebook(f"sqlite:///{course}/grading/gradebook.db") as gradebook:
        done = gradebook.find_grade("decide", NAME, NAME, "ada")
        done.manual_score, done.needs_manual_grade = 1, False
        gradebook.db.commit()
    assert states(fresh=True) == {"ada": "graded"} and grades(course, "ada")["decide"] == (1, False)
    # Another answer is another matter.
    hand_in(course, "ada", solved(course, decide="I would call nobody."))
    assert states() == {"ada": "graded"} and grades(course, "ada")["decide"] == (1, True)


def mend(course, tolerance):
    (course / "solutions" / NAME / "answers.py").write_text(tiny.BANK.replace("tolerance=0.001", tolerance), encoding="utf-8")
    grade.load_bank.cache_clear()


def test_after_an_exercise_was_mended_it_is_said_who_has_other_points_and_why(course, capsys):
    hand_in(course, "ada", solved(course, share_answer="share = 0.75"))
    hand_in(course, "bob", solved(course))
    try:
        mend(course, "tolerance=0.0001")
        assert run() == 0 and grades(course, "ada")["share"] == (0, False)
    finally:
        mend(course, "tolerance=0.001")
    capsys.readouterr()
    assert run() == 0 and grades(course, "ada")["share"] == (2, False)
    assert "Scores that are not what they were: 1," in capsys.readouterr().out
    with open(course / "grading" / "reports" / NAME / "changes.csv", encoding="utf-8", newline="") as table:
        [row] = csv.DictReader(table)
    assert (row["student"], row["exercise"], float(row["points_before"]), float(row["points_after"])) == ("ada", "share", 0, 2)
    assert (row["sentence_before"], row["sentence_after"]) == ("Not yet.", "Right.")


@pytest.mark.parametrize("seconds", [3, 5, 7])
def test_killed_at_any_moment_it_goes_on_and_nothing_is_lost(course, seconds):
    names = [f"s{i}" for i in range(6)]
    for name in names:
        hand_in(course, name, solved(course, share_answer=f"import time; time.sleep(0.3)\nshare = 0.749  # {name}"))
    command = [sys.executable, "-m", "ccx.cli", "grade", NAME, "--workers", "2"]
    broken_off = subprocess.Popen(command, cwd=course, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(seconds)
    os.killpg(broken_off.pid, signal.SIGKILL)
    broken_off.wait()
    kept = {path: path.stat().st_mtime_ns for path in (course / "grading" / "executed").glob("*.json")}
    assert all(json.loads(path.read_text()) for path in kept)
    assert run() == 0
    assert all(grades(course, name) == FULL for name in names)
    # What had been run has not been run again.
    assert kept == {path: path.stat().st_mtime_ns for path in kept}


def test_half_a_graded_notebook_is_none(course):
    hand_in(course, "ada", solved(course))
    states()
    graded = course / "grading" / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    graded.chmod(0o644)
    graded.write_bytes(graded.read_bytes()[:500])
    assert states() == {"ada": "graded"} and nbformat.read(graded, as_version=4).metadata["ccx"]["grounds"]


def test_one_who_cannot_be_run_is_named_and_the_others_are_graded(course, capsys, monkeypatch):
    hand_in(course, "ada", solved(course))
    hand_in(course, "bob", solved(course, share_answer="share = 0.749  # bob"))
    def unlucky(sources, room):
        if "share = 0.749  # bob" in sources:
            raise OSError("no space left on the device")
        return execute(sources, room)

    monkeypatch.setattr(farm, "execute", unlucky)
    assert run() == 1
    assert "bob: The notebook could not be run: no space left on the device" in capsys.readouterr().out
    assert grades(course, "ada") == FULL and grades(course, "bob") is None


def test_ctrl_c_says_how_to_go_on(course, capsys, monkeypatch):
    hand_in(course, "ada", solved(course))
    monkeypatch.setattr(grade.Grading, "_score", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    assert run() == 130 and "the same command goes on from here" in capsys.readouterr().err


@pytest.mark.parametrize("arguments, said", [
    (["grade", "99-none"], "There is no lessons/99-none"),
    (["grade", NAME, "--students", "zoe"], "zoe handed in nothing for 77-tiny"),
    (["grade", NAME, "--workers", "0"], "at least one worker"),
    (["grade", NAME, "--scheduler", "tcp://127.0.0.1:1"], "no scheduler at tcp://127.0.0.1:1"),
])
def test_what_cannot_be_begun_is_refused_with_a_sentence(course, capsys, arguments, said, monkeypatch):
    monkeypatch.setattr(farm, "PATIENCE", 1)
    hand_in(course, "ada", solved(course))
    assert cli.main(arguments) == 2
    assert said in capsys.readouterr().err and grades(course, "ada") is None


def test_a_lesson_the_gradebook_does_not_know_is_refused(tmp_path, course, monkeypatch, capsys):
    shutil.copytree(course, tmp_path / "other", ignore=shutil.ignore_patterns("gradebook.db"))
    monkeypatch.chdir(tmp_path / "other")
    assert run() == 2 and "run nbgrader generate_assignment 77-tiny --force first" in capsys.readouterr().err


def test_outside_of_a_course_nothing_is_graded(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run() == 2 and "has no nbgrader_config.py" in capsys.readouterr().err


def test_without_a_sandbox_it_refuses_or_says_what_is_given_up(course, capsys, monkeypatch):
    hand_in(course, "ada", solved(course))
    monkeypatch.setattr(farm, "best_room", best_room)
    monkeypatch.setattr("ccx.classroom.sandbox.shutil.which", lambda name: None)
    assert run() == 2 and "bubblewrap is missing" in capsys.readouterr().err and grades(course, "ada") is None
    assert run("--no-sandbox") == 0
    assert "it may read the solutions, the gradebook and your files" in capsys.readouterr().err and grades(course, "ada") == FULL
