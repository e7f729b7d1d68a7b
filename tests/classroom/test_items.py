"""Item analysis against tables worked by hand, scipy, and limiting cases."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import pearsonr

from ccx.classroom.bank import Bank
from ccx.classroom.exercise import Mistake, Scalar
from ccx.classroom.report.items import OUTCOMES, attention, discrimination, item_table, mistake_table, objective_table
from ccx.classroom.report.results import Results

# Worked by hand: for a the deviations multiply to 1, over the square root of 1.2 times 2; for b to 0; for c to 0.6, over the root of 1.2 times 2.8.
TABLE = pd.DataFrame({"a": [1, 1, 1, 0, 0], "b": [1, 1, 0, 1, 0], "c": [1, 0, 1, 0, 0]}, index=list("vwxyz"), dtype=float)
ONE = pd.Series(1.0, index=list("abc"))
BY_HAND = {"a": 1 / math.sqrt(2.4), "b": 0.0, "c": 0.6 / math.sqrt(3.36)}


def answer(student, exercise, points, sentence="Not yet.", mistake="", waiting=False, untouched=False, graded=True, review=False):
    return {"student": student, "exercise": exercise, "points": points, "waiting": waiting, "untouched": untouched, "graded": graded,
            "sentence": sentence, "mistake": mistake, "review": review}


def exercise(name, *mistakes):
    return Scalar(id=f"90.{name}", objective="90.1", points=1, what="it", mistakes=[Mistake(mistake, 0, f"Hint for {mistake}.") for mistake in mistakes])


def results(answers, points, exercises=(), objectives=None):
    table = pd.DataFrame({"points": points, "objective": pd.Series(objectives or dict.fromkeys(points, "90.1"))})
    bank = Bank(Path(), {one.id: one for one in exercises})
    return Results("90-demo", pd.DataFrame(), table, pd.DataFrame(answers), bank=bank)


def results_of(shares):
    rows = [answer(student, name, shares.loc[student, name]) for student in shares.index for name in shares.columns]
    return results(rows, dict.fromkeys(shares.columns, 1.0))


# Difficulty and discrimination


def test_item_total_correlations_are_those_worked_by_hand():
    found = discrimination(TABLE, ONE)
    assert found["discrimination"].to_dict() == pytest.approx(BY_HAND, abs=1e-12) and not any(found["undefined"])


def test_the_item_table_has_them_with_the_mean_shares():
    table = item_table(results_of(TABLE))
    assert table["discrimination"].to_dict() == pytest.approx(BY_HAND, abs=1e-12)
    assert table["difficulty"].to_dict() == {"a": 0.6, "b": 0.6, "c": 0.4} and set(table["n"]) == {5}


@pytest.mark.parametrize("seed", range(5))
def test_with_any_points_it_is_the_correlation_with_the_total_of_the_others(seed):
    rng = np.random.default_rng(seed)
    points = pd.Series({"a": 1.0, "b": 2.0, "c": 4.0, "d": 3.0})
    shares = pd.DataFrame(rng.choice([0, 0.25, 0.5, 1], (40, 4)), columns=points.index)
    earned = shares * points
    for name, found in discrimination(shares, points)["discrimination"].items():
        assert found == pytest.approx(pearsonr(earned[name], earned.sum(axis=1) - earned[name])[0], abs=1e-12)


def test_an_exercise_that_everybody_gets_right_changes_no_others():
    wider = TABLE.assign(d=1.0)
    found = discrimination(wider, pd.Series(1.0, index=list("abcd")))
    assert found["discrimination"][["a", "b", "c"]].to_dict() == pytest.approx(BY_HAND, abs=1e-12)
    assert math.isnan(found["discrimination"]["d"]) and found["undefined"]["d"] == "Everybody earned the same share of it."


def test_what_waits_for_a_person_counts_nowhere_and_the_rest_of_that_student_does():
    rows = [answer(student, name, TABLE.loc[student, name]) for student in TABLE.index for name in TABLE.columns]
    rows += [answer("late", "a", 1.0), answer("late", "b", 0.0, waiting=True), answer("late", "c", math.nan, waiting=True)]
    table = item_table(results(rows, {"a": 1.0, "b": 1.0, "c": 1.0}))
    assert table["n"].to_dict() == {"a": 6, "b": 5, "c": 5} and table["answers"].to_dict() == {"a": 6, "b": 6, "c": 6}
    assert table["difficulty"].to_dict() == pytest.approx({"a": 4 / 6, "b": 0.6, "c": 0.4})
    # For b and c it is the table worked by hand; for a there is nothing else of that student's to compare it with.
    assert table["discrimination"].to_dict() == pytest.approx(BY_HAND, abs=1e-12)


@pytest.mark.parametrize("shares, reason", [
    (TABLE * 0 + 1, "Everybody earned the same share of it."),
    (TABLE.iloc[:2], "It takes three students with a grade for this and for other exercises, and there are 2."),
    (TABLE.iloc[:1], "It takes three students with a grade for this and for other exercises, and there are 1."),
    (TABLE.iloc[:0], "It takes three students with a grade for this and for other exercises, and there are 0."),
    (TABLE[["a"]], "It takes three students with a grade for this and for other exercises, and there are 0."),
    (TABLE.assign(b=0.1 + 0.2, c=0.3)[["a", "b", "c"]], "Everybody earned the same share of the other exercises."),
], ids=["all right", "two students", "one student", "no student", "no other exercise", "the others alike"])
def test_where_there_is_no_correlation_a_sentence_says_why(shares, reason):
    found = discrimination(shares, ONE[shares.columns])
    assert math.isnan(found["discrimination"]["a"]) and found["undefined"]["a"] == reason


def test_an_exercise_worth_nothing_has_counts_and_no_share():
    table = item_table(results([answer(student, "a", 0.0, "Right.") for student in "xyz"], {"a": 0.0}))
    assert math.isnan(table["difficulty"]["a"]) and table["right"]["a"] == 3


# What became of the answers


@pytest.mark.parametrize("given, expected", [
    ({"sentence": "Right."}, "right"), ({"sentence": "Right.", "untouched": True}, "right"), ({"sentence": "Hint.", "mistake": "median"}, "known_mistake"),
    ({"sentence": "Nothing here yet: put your answer in place of the three dots."}, "blank"),
    ({"sentence": "Your function returns nothing.", "untouched": True}, "blank"),
    ({"sentence": "The cell stopped with NameError before it gave an answer."}, "stopped"),
    ({"sentence": "It did not arrive.", "review": True, "waiting": True, "untouched": True}, "waiting"),
    ({"sentence": "It did not arrive.", "review": True}, "stopped"), ({"sentence": "It did not arrive.", "review": True, "waiting": True}, "waiting"),
    ({"sentence": "Not yet."}, "unexplained"), ({"sentence": "", "graded": False}, "by_hand"), ({"sentence": "", "graded": False, "waiting": True}, "waiting"),
    ({"sentence": "", "graded": False, "untouched": True}, "blank"),
])
def test_each_answer_becomes_one_thing(given, expected):
    row = item_table(results([answer("ada", "a", 0.0, **given)], {"a": 1.0})).loc["a"]
    assert row[list(OUTCOMES)].to_dict() == {name: int(name == expected) for name in OUTCOMES}


def test_shares_of_blank_and_of_stopped_or_waiting_are_of_all_answers():
    blank, stopped = answer("s", "a", 0.0, untouched=True), answer("s", "a", 0.0, review=True)
    rows = [blank, blank, stopped, {**stopped, "waiting": True}, answer("s", "a", 1.0, "Right.")]
    row = item_table(results([{**one, "student": str(i)} for i, one in enumerate(rows)], {"a": 1.0})).loc["a"]
    assert (row["share_blank"], row["share_stopped_or_waiting"]) == (0.4, 0.4)


def test_the_sentence_most_of_the_unexplained_were_told_is_given():
    told = ["Not yet: b.", "Not yet: a.", "Not yet: b.", "Right.", "Right.", "Right."]
    rows = [answer(str(i), "a", float(sentence == "Right."), sentence) for i, sentence in enumerate(told)]
    assert item_table(results(rows, {"a": 1.0}))["most_frequent_sentence"]["a"] == "Not yet: b."


def test_every_mistake_of_the_bank_is_counted_also_those_that_nobody_made():
    made = ["median", "median", "forgotten", ""]
    rows = [answer(str(i), "a", float(not mistake), "Hint." if mistake else "Right.", mistake) for i, mistake in enumerate(made)]
    table = mistake_table(results(rows, {"a": 1.0}, [exercise("a", "sum", "median"), exercise("elsewhere", "other")]))
    assert table[["mistake", "hint", "count", "share"]].values.tolist() == [
        ["sum", "Hint for sum.", 0, 0.0], ["median", "Hint for median.", 2, 0.5], ["forgotten", "(no longer in the bank)", 1, 0.25]]


def test_an_objective_sums_up_the_points_of_its_exercises():
    rows = [answer("1", "a", 1.0), answer("2", "a", 0.0), answer("1", "b", 3.0), answer("2", "b", 0.0, waiting=True),
            answer("1", "c", 2.0), answer("2", "c", 1.0)]
    table = objective_table(results(rows, {"a": 1.0, "b": 3.0, "c": 2.0}, objectives={"a": "90.1", "b": "90.1", "c": "90.2"}))
    # 1 of 2 points of a, and 3 of the 3 that are judged of b.
    assert table["mean_share"].to_dict() == {"90.1": 0.8, "90.2": 0.75} and table["exercises"]["90.1"] == "a, b"


# What needs attention


def remarks(rows, *exercises):
    given = results(rows, {"a": 1.0, "b": 1.0}, exercises)
    return [sentence for name, sentence in attention(item_table(given), mistake_table(given)) if name == "a"]


def answers_to(points_of_a, points_of_b=(1, 0, 1, 0, 1), **given):
    return [answer(str(i), name, float(points), "Right." if points else "Not yet.", **given if name == "a" and not points else {})
            for name, column in (("a", points_of_a), ("b", points_of_b)) for i, points in enumerate(column)]


def test_an_exercise_that_hardly_anybody_or_nearly_everybody_gets_right_is_pointed_out():
    assert remarks(answers_to([0, 0, 0, 0, 1]))[0].startswith("Almost nobody gets it right (mean share 20 %)")
    assert remarks(answers_to([1, 1, 1, 1, 1]))[0].startswith("Almost everybody gets it right (mean share 100 %)")


def test_an_exercise_that_contradicts_the_others_is_pointed_out():
    assert any("discrimination −1.00" in sentence for sentence in remarks(answers_to([0, 1, 0, 1, 0])))
    assert not any("discrimination" in sentence for sentence in remarks(answers_to([1, 0, 1, 0, 1])))


def test_a_mistake_of_more_than_a_third_is_pointed_out_and_one_of_a_third_is_not():
    rows = [answer(str(i), "a", float(i > 2), "Right." if i > 2 else "Hint.", "" if i > 2 else "median") for i in range(9)]
    assert not remarks(rows, exercise("a", "median"))
    assert remarks(rows[:-1], exercise("a", "median")) == ["The mistake “median” was made in 38 % of the answers: the lesson could prevent it."]


def test_many_unexplained_answers_are_pointed_out_with_what_they_were_told():
    sentence = "2 of 5 answers are wrong in a way that no mistake explains: a hint is missing. Most were told: “Not yet.”"
    assert remarks(answers_to([1, 0, 1, 0, 1])) == [sentence]
    assert not remarks(answers_to([1, 0, 1, 0, 1], untouched=True))
