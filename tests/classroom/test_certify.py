"""The certificate of each exercise holds; and it does not where something is wrong with an exercise."""

import dataclasses
import re

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from ccx import cli
from ccx.classroom.exercise import Convention, Function, Mistake, Scalar
from ccx.classroom.certify.functions import generated
from ccx.classroom.certify.lesson import _certificate
from ccx.classroom.certify.mutants import made, mutants
from ccx.classroom.certify.run import certify, page, problems, table

from lessons import NAMES, ROOT

MEAN = np.array([1.0, 2.0, 6.0])


@pytest.fixture(scope="module")
def found():
    return certify(ROOT)


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_of_the_course_is_certified(found, name):
    assert problems({name: found[name]}) == []


def test_the_table_and_the_page_show_every_exercise(found):
    ids = [one.id for lesson in found.values() for one in lesson]
    assert len(ids) > 70 and all(f"\n{id} " in table(found) for id in ids)
    html = page(found)
    assert all(f'<th scope="row">{id}</th>' in html for id in ids) and "none fail" in html and "<script" not in html


# An exercise on a number and one on a function, each right as it stands


NUMBER = Scalar(id="77.mean", objective="77.1", points=1, what="the mean", tolerance=0.001, answer=lambda: MEAN.mean(), nudge="Not yet.",
                alternatives=[lambda: MEAN.sum() / 3, lambda: np.dot(MEAN, [1 / 3] * 3)], conventions=[Convention("one decimal", 3.0)],
                mistakes=[Mistake("median", 2.0, "This is the median.", excluded_by="the mean, not the middle one"), Mistake("sum", 9.0, "This is the sum."),
                          Mistake("half", 1.5, "This is half.", credit=0.5)])
FUNCTION = Function(id="77.clip", objective="77.1", points=1, what="your function clip", tolerance=1e-9, nudge="Not yet.",
                    answer=lambda x: max(x, 2), alternatives=[lambda x: x if x > 2 else 2.0, lambda x: (x + 2 + abs(x - 2)) / 2],
                    probes=[(1.0,), (2.0,), (3.0,)], hidden=lambda rng: [(float(x),) for x in rng.uniform(0, 5, 6)],
                    mistakes=[Mistake("the smaller", lambda x: min(x, 2), "This is the smaller."), Mistake("always two", lambda x: 2, "This is always two."),
                              Mistake("as it is", lambda x: x, "This changes nothing.")])


def cells(number="mean = ...", function="def clip(x):\n    ...", text="Give the mean, not the middle one."):
    def answer(name, source):
        return new_code_cell(source, metadata={"nbgrader": {"grade_id": f"{name}-answer", "solution": True, "grade": False}})

    def check(name):
        return new_code_cell(f'ccx.check("77.{name}", {name})', metadata={"nbgrader": {"grade_id": name, "solution": False, "grade": True}})

    return [new_code_cell("import numpy as np"), new_markdown_cell(f"### Exercise 1 · Mean (1 point, 77.1)\n\n{text}"), answer("mean", number), check("mean"),
            new_markdown_cell("### Exercise 2 · Clip (1 point, 77.1)\n\nWrite it."), answer("clip", function), check("clip")]


SOLVED = cells("mean = 3.0", "def clip(x):\n    ### BEGIN SOLUTION\n    return max(x, 2)\n    ### END SOLUTION")


def certified(number=NUMBER, function=FUNCTION, solved=SOLVED, given=None):
    """The problems of both."""
    both = [number, function]
    return [problem for one in both for problem in _certificate(one, both, solved, given or cells()).problems]


def changed(exercise, **changes):
    return dataclasses.replace(exercise, **changes)


def test_sound_exercises_are_certified():
    assert certified() == []


@pytest.mark.parametrize("changes, problem", [
    ({"alternatives": [3.0]}, "1 right answers beside the reference"),
    ({"alternatives": [3.0, 3.0], "mistakes": [Mistake("near", 3.0005, "Too near.")]}, "'near' earns 1"),
    ({"alternatives": [3.0, 3.1]}, "right answer 3 is not the reference's"),
    ({"answer": lambda: np.random.default_rng().uniform()}, "not the same each time"),
    ({"mistakes": [Mistake("sum", 9.0, "This is the sum."), Mistake("total", 9.0, "This is the total.")]}, "'total' earns 0 and shows 'This is the sum.'"),
    ({"mistakes": [Mistake("median", 2.0, "This is the median.", excluded_by="no such words")]}, "does not say 'no such words'"),
    ({"conventions": []}, "no convention that is accepted")])
def test_an_unsound_number_is_not_certified(changes, problem):
    assert problem in " ".join(certified(changed(NUMBER, **changes)))


@pytest.mark.parametrize("changes, problem", [
    ({"alternatives": [lambda x: max(x, 2), lambda x: max(x, 2) if x != 3.25 else 0]}, None),
    ({"alternatives": [lambda x: max(x, 2), lambda x: max(x, 2) + (x > 4.9)], "hidden": lambda rng: [(float(x),) for x in rng.uniform(4, 5, 1)]}, "differs from the reference on"),
    ({"probes": [(3.0,)], "hidden": lambda rng: [(3.0,) if rng.uniform() < 0.9 else (1.0,)]}, "nobody has said why the mutant"),
    ({"survivors": {"max(x, 2) → max(x, 7)": "It is only a test."}}, "is signed off and does not live"),
    ({"answer": lambda x: min(x, 2), "alternatives": [lambda x: min(x, 2)] * 2, "mistakes": []}, "the solution and the bank's answer differ")])
def test_an_unsound_function_is_not_certified(changes, problem):
    said = " ".join(certified(function=changed(FUNCTION, **changes)))
    assert problem in said if problem else said == ""


def test_few_dead_mutants_are_a_problem_although_each_is_signed_off():
    blind = changed(FUNCTION, probes=[(3.0,)], hidden=lambda rng: [(3.0,) if rng.uniform() < 0.9 else (1.0,)])
    alive = _certificate(blind, [blind], SOLVED, cells()).alive
    assert alive and "mutants lose points" in " ".join(certified(function=changed(blind, survivors={change: "It is only a test." for change in alive})))


def test_a_starter_that_earns_points_is_a_problem():
    assert "the starter earns 100%" in " ".join(certified(given=cells("mean = 3.0")))
    assert "the starter earns 100%" in " ".join(certified(given=cells(function="def clip(x):\n    return max(x, 2)")))


def test_a_right_answer_that_is_right_elsewhere_is_a_problem():
    twin = changed(NUMBER, id="77.twin")
    assert "the right answer of 77.mean is right here too" in " ".join(_certificate(twin, [NUMBER, twin], cells() + [
        new_code_cell('ccx.check("77.twin", twin)', metadata={"nbgrader": {"grade_id": "twin", "grade": True}})], cells() + [
        new_code_cell('ccx.check("77.twin", twin)', metadata={"nbgrader": {"grade_id": "twin", "grade": True}})]).problems)


def test_there_are_two_hundred_inputs():
    inputs = generated(FUNCTION)
    assert len(inputs) == 200 and len({x for [x] in inputs}) > 150


# Mutants


def test_every_operator_constant_and_condition_is_changed_once():
    source = "def f(x, y=1):\n    if x > 0 and not y:\n        return -x ** 2\n    return max(x, y)"
    assert set(mutants(source)) == {
        "x, y=1 → x, y=2", "x, y=1 → x, y=0", "x > 0 → x >= 0", "x > 0 → x > 1", "x > 0 → x > -1", "not y → y",
        "x > 0 and (not y) → x > 0 or not y", "x > 0 and (not y) → not (x > 0 and (not y))", "-x ** 2 → x ** 2", "x ** 2 → x * 2", "x ** 2 → x ** 3",
        "x ** 2 → x ** 1", "max(x, y) → min(x, y)"}


def test_a_change_in_two_places_has_two_names():
    assert set(mutants("def f(x):\n    return (x + 1) * (x + 1)")) >= {"x + 1 → x - 1", "x + 1 → x - 1 (place 2)"}


def test_a_mutant_does_what_it_says_and_leaves_the_original_alone():
    source = "def f(x):\n    return x + 1"
    assert made(mutants(source)["x + 1 → x - 1"], "f", {})(5) == 4 and made(source, "f", {})(5) == 6


def test_a_mutant_that_never_ends_is_stopped():
    with pytest.raises(RuntimeError, match="stopped after"):
        made("def f(x):\n    while x:\n        pass", "f", {})(1)


# The command


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one lesson with one exercise that has too few right answers."""
    for folder, notebook in (("solutions", SOLVED), ("lessons", cells())):
        (tmp_path / folder / "77-tiny").mkdir(parents=True)
        (tmp_path / folder / "77-tiny" / "77-tiny.ipynb").write_text(writes(new_notebook(cells=notebook)), encoding="utf-8")
    (tmp_path / "solutions" / "77-tiny" / "answers.py").write_text(
        "from ccx.classroom.exercise import Mistake, Scalar\nNAMES = {'a', 'b', 'c', 'd', 'e', 'f', 'g'}\n"
        "EXERCISES = [Scalar(id='77.mean', objective='77.1', points=1, what='the mean', answer=lambda: float(VALUE), mistakes=[Mistake('m', 9.5, '<b>Hint.')])]\n"
        "VALUE = 3.0\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_fails_names_what_fails_and_writes_the_page(course, capsys):
    assert cli.main(["certify"]) == 1
    said = capsys.readouterr().out
    assert "77.mean has 0 right answers beside the reference" in said and re.search(r"^77\.mean .* no$", said, flags=re.M)
    assert "77.mean has 0 right answers" in (course / "dist" / "certificate.html").read_text(encoding="utf-8")


def test_what_hangs_on_the_order_of_a_set_is_found(course):
    bank = course / "solutions" / "77-tiny" / "answers.py"
    bank.write_text(bank.read_text(encoding="utf-8").replace("VALUE = 3.0", "VALUE = sum(2**i * ord(name) for i, name in enumerate(NAMES))"), encoding="utf-8")
    assert "another hash seed" in " ".join(problems(certify(course)))


def test_a_lesson_that_stops_is_named_and_one_that_is_not_there_too(course):
    (course / "solutions" / "77-tiny" / "answers.py").write_text("EXERCISES = 1 / 0", encoding="utf-8")
    assert problems(certify(course)) == ["77-tiny: its exercises could not be certified: ZeroDivisionError: division by zero"]
    with pytest.raises(ValueError, match="There is no lesson 78-other .* there are 77-tiny"):
        certify(course, ["78-other"])
