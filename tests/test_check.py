"""The contract of `ccx.check`, clause by clause: the student at once, Validate, and the grader."""

import json
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

import ccx
from ccx import check as check_function
from ccx._answer import MIME, NotYet
from ccx.classroom.bank import Bank
from ccx.classroom.exercise import Choice, Function, Mistake, Scalar

BANK = [
    Scalar(id="77.half", objective="77.1", points=1, what="the share", answer=0.5, tolerance=0.001, low=0, high=1,
           mistakes=[Mistake("the rest", 0.3, "That is the rest.")], nudge="Not yet: halve it."),
    Scalar(id="77.quiet", objective="77.1", points=1, what="the share", answer=0.5, tolerance=0.001, confirm=False,
           mistakes=[Mistake("the rest", 0.3, "That is the rest.")]),
    Function(id="77.double", objective="77.1", points=1, what="double", answer=lambda x: 2 * x, tolerance=1e-6,
             probes=[(1,), (3,)], hidden=lambda rng: [(5,)],
             mistakes=[Mistake("square", lambda x: x * x, "You squared it.")]),
    Function(id="77.row", objective="77.1", points=1, what="the row", answer=lambda x: [x, x / 2], tolerance=1e-6, returns="array",
             probes=[(1,), (3,)], hidden=lambda rng: [(5,)], low=0, high=4,
             mistakes=[Mistake("turned round", lambda x: [x / 2, x], "You turned it round.")]),
    Choice(id="77.letter", objective="77.1", points=1, what="the letter", options=["a", "b"], answer="a"),
]


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """A folder with the checks of a lesson of our own beside the notebook."""
    released = Bank(tmp_path, {exercise.id: exercise for exercise in BANK}).released()
    (tmp_path / "checks.json").write_text(json.dumps(released), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return tmp_path


def in_kernel(folder, *sources):
    """Run cells in a fresh kernel and give the outputs of the last."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in ("import ccx", *sources)])
    NotebookClient(notebook, timeout=60, allow_errors=True, resources={"metadata": {"path": str(folder)}}).execute()
    nbformat.validate(notebook)
    return notebook.cells[-1].outputs


# The student, at once


def test_a_right_answer_is_confirmed_and_nothing_is_returned(lesson, capfd):
    assert ccx.check("77.half", 0.5) is None
    assert capfd.readouterr() == ("Right.\n", "")


@pytest.mark.parametrize("answer, sentence", [
    (0.3, "That is the rest."), (0.9, "Not yet: halve it."), (50, "The share lies between 0 and 1, but here is 50 "
                                                                  "(did you give a percentage?)."),
])
def test_anything_else_raises_one_sentence(lesson, answer, sentence, capfd):
    with pytest.raises(NotYet) as raised:
        ccx.check("77.half", answer)
    assert str(raised.value) == sentence
    assert capfd.readouterr() == ("", "")


def test_without_confirmation_a_mistake_still_gets_its_hint_and_the_rest_is_noted(lesson, capsys):
    with pytest.raises(NotYet, match="That is the rest"):
        ccx.check("77.quiet", 0.3)
    for answer in (0.5, 0.9):
        assert ccx.check("77.quiet", answer) is None
    assert capsys.readouterr().out == "Noted. Whether it is right comes with the grade.\n" * 2


def test_a_choice_is_noted_whatever_it_is(lesson, capsys):
    for letter in "ab":
        ccx.check("77.letter", letter)
    assert capsys.readouterr().out == "Noted. Whether it is right comes with the grade.\n" * 2


def test_a_function_is_tried_and_its_known_mistake_gets_the_hint(lesson):
    ccx.check("77.double", lambda x: x + x)
    with pytest.raises(NotYet, match="You squared it"):
        ccx.check("77.double", lambda x: x**2)


@pytest.mark.parametrize("answer, sentence", [
    (lambda x: [x / 2, x], "You turned it round."), (lambda x: [2 * x, x], "The row lies between 0 and 4, but here is 6"),
    (lambda x: [x, float("nan")], "The row came out as NaN"), (lambda x: x, "is a list or an array of numbers"),
])
def test_a_function_may_return_a_row(lesson, answer, sentence, capsys):
    """Its outputs are judged one after the other, in their range."""
    check_function("77.row", lambda x: (x, x / 2))
    assert capsys.readouterr().out.startswith("Right on the inputs tried here")
    with pytest.raises(NotYet, match=sentence):
        check_function("77.row", answer)


def test_an_unknown_exercise_and_a_missing_file_say_what_to_do(lesson):
    with pytest.raises(NotYet, match="no exercise '77.none' here: keep the notebook in its own folder"):
        ccx.check("77.none", 1)
    (lesson / "checks.json").unlink()
    with pytest.raises(NotYet, match="no exercise '77.half' here"):
        ccx.check("77.half", 0.5)


def test_the_checks_are_found_from_the_solutions_and_from_below_the_course(lesson, monkeypatch):
    released, deep = lesson / "lessons" / "77-mine", lesson / "solutions" / "77-mine"
    released.mkdir(parents=True), deep.mkdir(parents=True)
    (lesson / "checks.json").rename(released / "checks.json")
    monkeypatch.chdir(deep)
    assert ccx.check("77.half", 0.5) is None


# Validate: nbgrader takes any error for a failed cell, a returned False for full marks and stderr for zero


def test_in_a_notebook_the_sentence_is_all_that_is_seen(lesson):
    [error] = in_kernel(lesson, "ccx.check('77.half', 0.3)")
    assert (error.output_type, error.ename, error.traceback) == ("error", "NotYet", ["That is the rest."])


def test_a_warning_in_a_right_answer_costs_nothing(lesson):
    source = ("import sys, warnings\ndef double(x):\n    warnings.warn('careful'); print('!', file=sys.stderr)\n    return 2 * x\n"
              "ccx.check('77.double', double)")
    [printed] = in_kernel(lesson, source)
    assert (printed.name, printed.text) == ("stdout", "Right on the inputs tried here; the grader tries others too.\n")


# The grader: the value is handed over, nothing is judged


@pytest.fixture
def handed(monkeypatch):
    """What the kernel shows while nbgrader grades."""
    shown = []
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    return shown


@pytest.mark.parametrize("answer, value", [(0.5, 0.5), (0.9, 0.9), (..., None), ("x", "x"), (True, {"type": "True or False"})])
def test_while_grading_the_value_is_handed_over_unjudged(lesson, handed, answer, value, capfd):
    assert ccx.check("77.half", answer) is None
    assert handed == [{MIME: {"exercise": "77.half", "value": value}}]
    assert capfd.readouterr() == ("", "")


def test_while_grading_no_file_is_needed(tmp_path, monkeypatch, handed):
    monkeypatch.chdir(tmp_path)
    ccx.check("77.half", 0.5)
    assert len(handed) == 1


def test_while_grading_a_function_is_tried_on_the_graders_inputs(lesson, handed, monkeypatch):
    module = sys.modules["ccx.check"]
    monkeypatch.setattr(module, "_probes", {})
    module.probe({"77.double": [[5], [0]]})
    ccx.check("77.double", lambda x: 1 / x)
    assert handed[0][MIME]["value"] == [0.2, {"error": "ZeroDivisionError"}]


def test_the_release_holds_neither_answers_nor_mistakes(lesson):
    """Only text that a student may read, and digests of 32 hexadecimal digits."""
    for spec in json.loads((lesson / "checks.json").read_text(encoding="utf-8")).values():
        assert all(len(digest) == 32 and int(digest, 16) for digest in [*spec["right"], *spec["mistakes"]])
        assert not {"answer", "alternatives", "hidden"} & set(spec)


# Predictions


def test_a_guess_comes_back_beside_the_truth(capsys):
    ccx.predict("77.guess", 0.4)
    assert capsys.readouterr().out == "Your guess is 0.4.\n"
    assert "The truth is 0.7; your guess was 0.4, off by 0.3." in ccx.reveal("77.guess", 0.7).data


def test_no_guess_and_no_answer_are_no_errors(capsys):
    ccx.predict("77.unguessed", ...)
    assert "No guess yet" in capsys.readouterr().out
    assert "no guess was made" in ccx.reveal("77.unguessed", 0.7).data
    assert ccx.reveal("77.unguessed", ...) is None


def test_a_guess_beyond_its_bounds_is_refused_with_a_word(capsys):
    """A share in per cent is the usual slip; where a question asks for another unit it names its own bound, or none."""
    with pytest.raises(NotYet, match="Your guess lies between 0 and 1, but here is 40 .did you give a percentage"):
        ccx.predict("77.guess", 40)
    with pytest.raises(NotYet, match="Your guess"):
        ccx.predict("77.guess", -0.1, high=None)
    ccx.predict("77.guess", 40, high=None)
    assert capsys.readouterr().out == "Your guess is 40.\n"


def test_a_guess_that_is_no_number_is_refused():
    with pytest.raises(NotYet, match="Your guess is one number"):
        ccx.predict("77.guess", "a lot")


def test_the_three_names_stay_functions_however_the_module_is_imported():
    code = "import ccx.check, ccx; ccx.predict('x', 1); from ccx.check import NotYet; assert callable(ccx.check)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
    assert check_function is ccx.check
