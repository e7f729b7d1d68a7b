"""Each student's own customers: the same draw everywhere, as hard for everybody, and judged by the grader's own draw."""

import csv
import hashlib
import hmac

import nbformat
import numpy as np
import pytest

import ccx
import tiny
from ccx import cli
from ccx.classroom.exercise import Convention, Mistake, Personal
from ccx.classroom.judge import flaws, grade, payload_of
from ccx.personal import my_customers
from tiny import NAME, grades, hand_in

TERM = "2026-autumn"
TOP = Personal(id="77.top", objective="77.1", points=2, what="the share of the best fifth", tolerance=0.0005, low=0, high=1, nudge="Not yet.",
               answer=lambda mine: mine["value"].nlargest(400).sum() / mine["value"].sum(),
               alternatives=[lambda mine: ccx.top_share(mine["value"], 0.2), lambda mine: mine["value"].sort_values()[-400:].sum() / mine["value"].sum()],
               conventions=[Convention("three decimals", lambda mine: round(ccx.top_share(mine["value"], 0.2), 3))],
               mistakes=[Mistake("best tenth", lambda mine: ccx.top_share(mine["value"], 0.1), "You took the best tenth."),
                         Mistake("best quarter", lambda mine: ccx.top_share(mine["value"], 0.25), "You took the best quarter."),
                         Mistake("the others", lambda mine: 1 - ccx.top_share(mine["value"], 0.2), "This is the share of the others.")])


def by_hand(student_id, term, n):
    """The numbers in the order of the company's customers, with Python's own whole numbers."""
    state = int.from_bytes(hmac.new(term.encode(), student_id.encode(), hashlib.sha256).digest()[:8], "big")
    for _ in range(n):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % 2**64
        yield z ^ (z >> 31)


def test_the_draw_is_the_one_that_whole_numbers_make():
    """SplitMix64's first published outputs from seed 1234567 are its own test."""
    from ccx.personal import _numbers

    assert _numbers(1234567, 5).tolist() == [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821]
    customers, orders = ccx.load("company_customers").set_index("customer_id"), ccx.load("company")
    numbers = list(by_hand("ada", TERM, len(customers)))
    smallest = sorted(range(len(customers)), key=lambda i: (numbers[i], i))[:2000]
    drawn = customers.sort_values("acquired", kind="stable").index[sorted(smallest)]
    mine = my_customers("ada", TERM)
    assert mine["value"].tolist() == orders.groupby("customer_id")["value"].sum()[drawn].tolist()
    assert mine["channel"].tolist() == customers.loc[drawn, "channel"].tolist() and mine["acquired"].is_monotonic_increasing


def test_students_and_terms_have_other_customers():
    draws = [set(map(tuple, my_customers(*who)[["acquired", "value"]].to_numpy())) for who in (("ada", TERM), ("bob", TERM), ("ada", "2027-spring"))]
    # Of 10,162 customers, two draws of 2,000 have 394 in common by chance.
    assert all(250 < len(one & other) < 550 for i, one in enumerate(draws) for other in draws[:i])


@pytest.mark.parametrize("who, sentence", [((7, TERM), "student_id is a text such as 'ada', not 7"), (("", TERM), "student_id is a text"), (("ada", " "), "term is a text such as '2026-autumn', not ' '")])
def test_without_an_id_or_a_term_there_is_a_sentence(who, sentence):
    with pytest.raises(ValueError, match=sentence):
        my_customers(*who)


def test_a_thousand_students_have_equally_hard_exercises():
    """The right answer differs between students, hardly in size; every mistake can be told from it, and from every other, for everybody."""
    asked = [TOP.of(f"student-{i}", TERM) for i in range(1000)]
    right = np.array([exercise.right[0][0] for exercise in asked])
    assert len(set(right.round(12))) > 990
    assert right.std() < 0.03 * right.mean() and abs(right - right.mean()).max() < 0.12 * right.mean()
    gaps = [abs(mistake[0] - answer) for exercise, answer in zip(asked, right) for _, mistake in exercise.wrong]
    assert min(gaps) > 4 * TOP.tolerance
    among = [abs(one[1][0] - other[1][0]) for exercise in asked for i, one in enumerate(exercise.wrong) for other in exercise.wrong[:i]]
    assert min(among) > 4 * TOP.tolerance


def test_a_neighbours_number_is_hardly_ever_right():
    asked = [TOP.of(f"student-{i}", TERM) for i in range(200)]
    copied = [grade(asked[i], asked[i - 1].right[0][0]).credit for i in range(200)]
    assert sum(copied) < 0.15 * len(copied)


def test_right_answers_mistakes_and_conventions_are_judged_on_the_students_own_customers():
    for student in ("ada", "bob"):
        exercise = TOP.of(student, TERM)
        assert all(grade(exercise, payload_of(exercise, value)).credit == 1 for value in exercise.accepted)
        assert [grade(exercise, payload_of(exercise, mistake.gives)).message for mistake in exercise.mistakes] == [mistake.hint for mistake in TOP.mistakes]


def test_the_release_holds_no_number_of_anybody():
    assert TOP.released()["right"] == [] and TOP.released()["mistakes"] == {} and "answer" not in TOP.released()


# Through the grader


BANK = tiny.BANK.replace("EXERCISES = [", """import ccx
from ccx.classroom.exercise import Personal


EXERCISES = [
    Personal(id="77.top", objective="77.1", points=1, what="the share", tolerance=0.0005, answer=lambda mine: ccx.top_share(mine["value"], 0.2), nudge="Not yet.", mistakes=[
        Mistake("best tenth", lambda mine: ccx.top_share(mine["value"], 0.1), "You took the best tenth."),
        Mistake("best half", lambda mine: ccx.top_share(mine["value"], 0.5), "You took the best half."),
        Mistake("others", lambda mine: 1 - ccx.top_share(mine["value"], 0.2), "These are the others.")]),""").replace('id="77.share", objective="77.1", points=2', 'id="77.share", objective="77.1", points=1')


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setattr(tiny, "BANK", BANK)
    monkeypatch.setattr(tiny, "_solution", with_personal(tiny._solution))
    made = tiny.course(tmp_path)
    config = made / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8").replace('c.Score.term = ""', f'c.Score.term = "{TERM}"'), encoding="utf-8")
    monkeypatch.chdir(made)
    return made


def with_personal(make):
    def solution():
        notebook = make()
        answer, check = ([cell for cell in notebook.cells if cell.id == id][0] for id in ("share-answer", "share"))
        check.metadata["nbgrader"]["points"] = 1
        at = notebook.cells.index(answer)
        for offset, (cell, id) in enumerate(((answer, "top-answer"), (check, "top"))):
            made = nbformat.from_dict({**cell, "id": id, "metadata": {"nbgrader": {**cell.metadata["nbgrader"], "grade_id": id}}})
            made.source = 'ccx.check("77.top", top)' if id == "top" else "top = ...\n### BEGIN SOLUTION\ntop = 0\n### END SOLUTION"
            notebook.cells.insert(at + offset, made)
        return notebook
    return solution


def answered(course, own_id):
    notebook = tiny.solved(course)
    [cell] = [cell for cell in notebook.cells if cell.id == "top-answer"]
    cell.source = f'top = ccx.top_share(ccx.my_customers("{own_id}", "{TERM}")["value"], 0.2)'
    return notebook


def test_each_student_is_graded_on_the_own_customers_and_the_table_can_say_otherwise(course):
    for student, own_id in (("ada", "ada"), ("copy", "ada"), ("told", "another")):
        hand_in(course, student, answered(course, own_id))
    with open(course / "grading" / "draws.csv", "w", newline="") as file:
        csv.writer(file).writerows([("student", "draw_as"), ("told", "another")])
    assert cli.main(["grade", NAME]) == 0
    assert {student: grades(course, student)["top"][0] for student in ("ada", "copy", "told")} == {"ada": 1, "copy": 0, "told": 1}
    (course / "grading" / "draws.csv").unlink()
    assert cli.main(["grade", NAME]) == 0
    assert grades(course, "told")["top"][0] == 0


def test_a_bank_with_a_personal_exercise_is_checked_like_any_other():
    from ccx.classroom.bank import Bank

    assert flaws(Bank(None, {TOP.id: TOP})) == []
