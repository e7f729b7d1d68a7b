"""Scoring fails closed: a score takes exactly one readable value, and nothing in the student's notebook can give one."""

import pytest
from nbformat.v4 import new_code_cell, new_output

from ccx._answer import MIME
from ccx.classroom.exercise import Scalar
from ccx.classroom.score import UNREADABLE, judge

HALF = Scalar(id="77.half", objective="77.1", points=2, what="the share", answer=0.5, tolerance=0.001)


def handed(value, exercise="77.half", **more):
    return new_output("display_data", data={MIME: {"exercise": exercise, "value": value, **more}})


def verdict(*outputs, exercise=HALF):
    outcome = judge(new_code_cell("", outputs=list(outputs)), exercise)
    return outcome.credit, outcome.review


def test_one_value_is_judged():
    assert verdict(handed(0.5)) == (1.0, False)
    assert verdict(handed(0.4)) == (0.0, False)


def test_what_is_printed_beside_it_counts_for_nothing():
    noise = [new_output("stream", name="stderr", text="Warning"), new_output("stream", name="stdout", text="Right."),
             new_output("execute_result", data={"text/plain": "2.0"})]
    assert verdict(*noise, handed(0.5)) == (1.0, False)
    assert verdict(*noise, handed(0.4)) == (0.0, False)
    assert verdict(*noise) == (0.0, True)


@pytest.mark.parametrize("outputs", [
    [], [handed(0.5), handed(0.5)], [handed(0.5, exercise="77.other")],
    [new_output("display_data", data={MIME: 0.5})], [new_output("display_data", data={MIME: [0.5]})],
    [new_output("display_data", data={MIME: {"exercise": "77.half"}})],
    [new_output("display_data", data={"application/json": {"exercise": "77.half", "value": 0.5}})],
], ids=["never run", "twice", "another exercise", "a number", "a list", "no value", "another type"])
def test_anything_but_one_readable_value_is_zero_and_a_person_looks(outputs):
    outcome = judge(new_code_cell("", outputs=outputs), HALF)
    assert (outcome.credit, outcome.message, outcome.review) == (0.0, UNREADABLE, True)


def test_a_cell_that_the_bank_does_not_know_is_zero_and_a_person_looks():
    assert verdict(handed(0.5), exercise=None) == (0.0, True)


def test_an_error_is_zero_even_beside_a_value():
    error = new_output("error", ename="NameError", evalue="name 'x' is not defined", traceback=[])
    outcome = judge(new_code_cell("", outputs=[handed(0.5), error]), HALF)
    assert (outcome.credit, outcome.review) == (0.0, False)
    assert outcome.message == "The cell stopped with NameError before it gave an answer."
