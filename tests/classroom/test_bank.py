"""The exercise bank: every kind of exercise from bank to release to grade, and the flaws it refuses."""

import numpy as np
import pandas as pd
import pytest

from ccx._answer import read
from ccx._digest import digests
from ccx.classroom.bank import Bank, load_bank
from ccx.classroom.exercise import Array, Choice, Frame, Function, Mistake, Outcome, Performance, Scalar, Written
from ccx.classroom.judge import flaws, grade, payload_of

COMMON = {"objective": "77.1", "points": 2}
TABLE = pd.DataFrame({"weeks": [4, 13], "share": [0.6, 0.5]})
KINDS = [
    Scalar(id="77.scalar", what="the share", answer=lambda: 0.749, alternatives=[0.75], tolerance=0.0005, low=0, high=1,
           mistakes=[Mistake("rest", lambda: 1 - 0.749, "The rest."), Mistake("half", 0.5, "Half.", credit=0.5),
                     Mistake("all", 1, "All.")], **COMMON),
    Array(id="77.array", what="the row", shape=(3,), answer=lambda: np.array([1, 2, 3]), alternatives=[(1, 2, 3.001)],
          tolerance=0.001, mistakes=[Mistake("backwards", [3, 2, 1], "Turn it round."), Mistake("twice", [2, 4, 6], "Halve it."),
                                     Mistake("from zero", [0, 1, 2], "Start at one.")], **COMMON),
    Array(id="77.grid", what="the grid", shape=(2, 2), answer=[[1, 2], [3, 4]], tolerance=0.001,
          mistakes=[Mistake("across", [[1, 3], [2, 4]], "Transpose it."), Mistake("zeros", np.zeros((2, 2)), "Fill it."),
                    Mistake("ones", np.ones((2, 2)), "Count it.")], **COMMON),
    Frame(id="77.frame", what="the table", columns=["weeks", "share"], rows=2, answer=lambda: TABLE, tolerance=0.001,
          alternatives=[TABLE[["share", "weeks"]]],
          mistakes=[Mistake("upside down", TABLE[::-1], "Sort it."), Mistake("per cent", TABLE.assign(share=[60, 50]), "Shares."),
                    Mistake("days", TABLE.assign(weeks=[28, 91]), "Weeks.")], **COMMON),
    Function(id="77.function", what="double", probes=[(1,), ([1, 2],)], hidden=lambda rng: [(rng.random(),)], returns="array",
             answer=lambda x: [2 * np.sum(x), 0], alternatives=[lambda x: (np.sum(x) * 2, 0.0)], tolerance=1e-6,
             mistakes=[Mistake("once", lambda x: [np.sum(x), 0], "Twice."), Mistake("square", lambda x: [np.sum(x)**2, 0], "No square."),
                       Mistake("zero", lambda x: [0, 0], "Not nothing.")], **COMMON),
    Choice(id="77.choice", what="the letter", options=["a", "b", "c", "d"], answer="b", alternatives=["B "],
           mistakes=[Mistake(letter, letter, f"Not {letter}.") for letter in "acd"], **COMMON),
    Performance(id="77.performance", what="a row with a large sum", probes=[(1,), (2,)], hidden=lambda rng: [(3,)], tolerance=1e-6,
                verdict=lambda probes, numbers: Outcome(min(sum(numbers) / (30 * len(probes)), 1.0), "So much."),
                answer=lambda x: [10, 20], mistakes=[Mistake("nothing", lambda x: [0, 0], "Not nothing."),
                                                     Mistake("the input", lambda x: [x, x], "Not the input."),
                                                     Mistake("one number", lambda x: [x, 0], "Not the input once.")], **COMMON),
]
by_kind = pytest.mark.parametrize("exercise", KINDS, ids=lambda exercise: exercise.id)


@by_kind
def test_right_answers_earn_all_and_are_recognised_at_once(exercise):
    for value in (exercise.answer, *exercise.alternatives):
        assert grade(exercise, payload_of(exercise, value)) == Outcome(1.0, "Right.")
    if exercise.confirm:
        right, _ = exercise.local()
        assert all(set(digests(numbers, exercise.spec())) & set(exercise.released()["right"]) for numbers in right)


@by_kind
def test_mistakes_earn_what_they_declare_and_get_their_own_hint(exercise):
    for mistake in exercise.mistakes:
        assert grade(exercise, payload_of(exercise, mistake.gives)) == Outcome(mistake.credit, mistake.hint, mistake=mistake.name)


@by_kind
@pytest.mark.parametrize("payload", [None, [], {}, "", "NaN", True, False, 1e308, [1e308] * 3, [[]], {"weeks": []}, {"error": "x"},
                                     {"type": "a wolf"}, [None], [None] * 3, [{"error": 3}] * 3, [[float("nan")]], float("inf"), 10**400])
def test_nonsense_earns_nothing_and_breaks_nothing(exercise, payload):
    outcome = grade(exercise, payload)
    assert outcome.credit == 0 and outcome.message.endswith((".", "?")) and "\n" not in outcome.message


def test_the_grader_uses_inputs_that_the_release_does_not_show():
    function = KINDS[4]
    assert len(function.released()["probes"]) == 2 and len(function.grading_probes) == 3
    assert Bank(None, {function.id: function}).probes() == {function.id: function.grading_probes}


def test_a_function_made_for_the_shown_inputs_alone_earns_nothing():
    function = KINDS[4]
    known = {"1": [2, 0], "[1. 2.]": [6, 0]}
    assert read([known["1"], known["[1. 2.]"]], function.spec())
    assert grade(function, payload_of(function, lambda x: known.get(str(x), [0, 0]))).credit == 0


def test_a_function_that_fails_on_a_hidden_input_says_so():
    function = KINDS[4]
    assert "ValueError on an input of the grader's" in grade(function, [[2, 0], [6, 0], {"error": "ValueError"}]).message


def test_choices_release_no_digest_and_quiet_exercises_none_of_the_right_answer():
    assert KINDS[5].released()["right"] == [] and KINDS[5].released()["mistakes"] == {}
    quiet = Scalar(id="77.quiet", what="x", answer=1, confirm=False, mistakes=[Mistake("two", 2, "Two.")], **COMMON)
    assert quiet.released()["right"] == [] and len(quiet.released()["mistakes"]) == 1


def test_a_bank_without_flaws_has_none():
    assert flaws(Bank(None, {exercise.id: exercise for exercise in KINDS})) == []


@pytest.mark.parametrize("mistakes, words", [
    ([Mistake("same", 0.5004, "Same.")], "mistake 'same' can't be told from 'the right answer'"),
    ([Mistake("one", 0.2, "One."), Mistake("two", 0.2005, "Two.")], "mistake 'two' can't be told from 'one'"),
    ([Mistake("half", 0.2, "Half.", credit=1)], "mistake 'half' earns 1 of the points; a mistake earns from 0 to less than 1"),
    ([], "has 0 mistakes; it takes at least three"),
])
def test_flaws_are_named(mistakes, words):
    exercise = Scalar(id="77.x", what="x", answer=0.5, tolerance=0.0005, mistakes=mistakes, **COMMON)
    assert any(words in flaw for flaw in flaws(Bank(None, {"77.x": exercise})))


def test_a_mistake_that_cannot_be_handed_in_is_an_error_of_the_bank():
    exercise = Scalar(id="77.x", what="x", answer=0.5, low=0, high=1, mistakes=[Mistake("too large", 50, "Too large.")], **COMMON)
    with pytest.raises(ValueError, match="77.x: the mistake 'too large' can't be handed in: .* lies between 0 and 1"):
        exercise.released()


def test_a_lesson_without_a_bank_is_not_graded(tmp_path):
    assert load_bank(tmp_path / "answers.py").exercises == {}


def test_an_id_may_stand_only_once(tmp_path):
    bank = tmp_path / "answers.py"
    bank.write_text("from ccx.classroom.exercise import Written\n"
                    "EXERCISES = [Written(id='77.a', objective='77.1', points=1, what='x')] * 2\n")
    with pytest.raises(ValueError, match="two exercises have the same id"):
        load_bank(bank)


def test_written_answers_are_in_the_bank_but_not_among_the_checked():
    written = Written(id="77.words", what="the memo", **COMMON)
    assert Bank(None, {written.id: written}).graded() == []


def test_a_performance_is_judged_by_what_it_brings_about():
    """Three inputs; a sum of 30 each is all, 15 a half, whatever the outputs are made of."""
    [exercise] = [exercise for exercise in KINDS if exercise.id == "77.performance"]
    assert grade(exercise, payload_of(exercise, lambda x: [15.0, 0])) == Outcome(0.5, "So much.")
    assert grade(exercise, [[90], [], [-45]]) == Outcome(0.5, "So much.")
    assert grade(exercise, payload_of(exercise, lambda x: [100 * x])) == Outcome(1.0, "So much.")
    assert exercise.released()["right"] == []
