"""Grades on their way to Canvas and Moodle: who is matched, what is written, and that nothing else changes."""

import csv
import io

import pandas as pd
import pytest

from ccx.classroom.report.grades import canvas, grade_table, moodle
from ccx.classroom.report.sheets import read_sheet

LESSON = "90-demo"
CANVAS = '''Student,ID,SIS User ID,SIS Login ID,Section,Notes,Essay (11),90-demo (98765),Assignments Current Score
    Points Possible,,,,,,5.00,10.00,(read only)
"Example, Ada",101,S-1,ada,"A, morning",late,1,,50
"O'Neil, ""Al"" Jr.",102,S-2,al,A,,2,3.50,60
"Weiß, Jürgen",103,007,jw,B,,,4,70
"Student, Test",999,,5f2c,A,,,,
'''
MOODLE = '''\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 1001","Ada Example",ada@uni.example,"Submitted for grading",,10.00,Yes,"Monday, 3 March 2025, 10:15 AM",-,"say ""hi"""
"Participant 1002","Al O'Neil",al@uni.example,"Submitted for grading",4.00,10.00,Yes,-,-,
'''
GERMAN = '''ID;"Vollständiger Name";ID-Nummer;E-Mail-Adresse;Status;Bewertung;Bestwertung;"Bewertung kann geändert werden";"Zuletzt geändert (Bewertung)"
Teilnehmer/in1001;"Ada Example";S-1;ada@uni.example;Abgegeben;"13,50";"10,00";Ja;"Mittwoch, 13. März 2024, 19:59"
Teilnehmer/in1002;"Jürgen Weiß";S-3;jw@uni.example;Abgegeben;;"10,00";Nein;-
'''


def sheet(folder, text, name="export.csv"):
    (folder / name).write_bytes(text.encode())
    return read_sheet(folder / name)


def student(id, total=7.5, lms="", email="", first="", last="", handed_in=True, waiting=()):
    return {"student": id, "last_name": last, "first_name": first, "email": email, "lms_id": lms, "handed_in": handed_in, "penalty": 0.0,
            "total": total, "most": 10.0, "submitted": "2026-01-05T10:00:00Z", "waiting": waiting}


def students(*rows):
    return pd.DataFrame(rows).set_index("student")


ADA, AL, JW = student("ada", 7.5), student("al", 0.0), student("jw", 20 / 3)
NOBODY_ELSE = students(ADA, AL, JW)


def rows(sheet):
    return list(csv.reader(io.StringIO(sheet.text(), newline=""), delimiter=sheet.delimiter))


def grades_in(sheet, column=-1):
    return [row[column] for row in rows(sheet)]


# Canvas


def test_canvas_gets_its_columns_back_as_they_came_and_the_lessons_with_its_id(tmp_path):
    made, lines = canvas(sheet(tmp_path, CANVAS), LESSON, NOBODY_ELSE, 10)
    assert made.text() == '''Student,ID,SIS User ID,SIS Login ID,Section,90-demo (98765)
    Points Possible,,,,,10.00
"Example, Ada",101,S-1,ada,"A, morning",7.5
"O'Neil, ""Al"" Jr.",102,S-2,al,A,0
"Weiß, Jürgen",103,007,jw,B,6.6667
"Student, Test",999,,5f2c,A,
'''
    assert lines == []


@pytest.mark.parametrize("key", ["101", "S-1", "ada", " S-1 ", "ADA"])
def test_a_student_is_found_by_any_id_of_canvas_in_either_id_of_ours(key, tmp_path):
    for one in (student(key), student("other", lms=key), student("other", lms="unknown", email=key)):
        made, _ = canvas(sheet(tmp_path, CANVAS), LESSON, students(one), 10)
        assert grades_in(made)[2:] == ["7.5", "3.50", "4", ""]


def test_the_platforms_own_id_goes_before_nbgraders(tmp_path):
    made, _ = canvas(sheet(tmp_path, CANVAS), LESSON, students(student("al", 9, lms="101")), 10)
    assert grades_in(made)[2:4] == ["9", "3.50"]


def test_without_a_column_for_the_lesson_there_is_a_new_one_with_its_points(tmp_path):
    made, _ = canvas(sheet(tmp_path, CANVAS), "91-other", NOBODY_ELSE, 10)
    assert grades_in(made) == ["91-other", "10", "7.5", "0", "6.6667", ""]


@pytest.mark.parametrize("name", ["90-demo", "90-demo (5)", "Lesson 90-Demo: homework (5)"])
def test_the_lessons_column_is_found_by_the_name_it_is_or_contains(name, tmp_path):
    made, _ = canvas(sheet(tmp_path, CANVAS.replace("90-demo (98765)", name)), LESSON, NOBODY_ELSE, 10)
    assert grades_in(made)[0] == name and grades_in(made)[2] == "7.5"


def test_the_column_with_exactly_the_name_goes_before_one_that_contains_it_and_two_are_refused(tmp_path):
    both = CANVAS.replace("Essay (11)", "90-demo again (11)")
    assert grades_in(canvas(sheet(tmp_path, both), LESSON, NOBODY_ELSE, 10)[0])[0] == "90-demo (98765)"
    with pytest.raises(ValueError, match=r"export.csv has 2 columns for 90-demo \(90-demo again \(11\), 90-demo twice \(98765\)\): leave one"):
        canvas(sheet(tmp_path, both.replace("90-demo (", "90-demo twice (")), LESSON, NOBODY_ELSE, 10)


def test_a_calculated_column_is_never_taken_for_the_lessons(tmp_path):
    text = CANVAS.replace("90-demo (98765)", "Quiz (1)").replace("Assignments Current Score", "90-demo Current Score")
    assert grades_in(canvas(sheet(tmp_path, text), LESSON, NOBODY_ELSE, 10)[0])[0] == "90-demo"


def test_semicolons_commas_in_numbers_and_a_byte_order_mark_stay(tmp_path):
    text = '\ufeffStudent;ID;SIS User ID;SIS Login ID;Section;90-demo (5)\r\n    Points Possible;;;;;10,00\r\n"Example, Ada";101;;ada;A;\r\n'
    made, _ = canvas(sheet(tmp_path, text), LESSON, students(ADA), 10)
    assert made.text() == text.replace(";A;\r\n", ";A;7,5\r\n")


def test_another_maximum_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(ValueError, match="export.csv gives 10 points where the lesson has 20: set the maximum to 20 in Canvas and export again"):
        canvas(sheet(tmp_path, CANVAS), LESSON, NOBODY_ELSE, 20)


def test_a_file_that_is_not_from_canvas_is_refused(tmp_path):
    with pytest.raises(ValueError, match="export.csv is not a gradebook exported from Canvas: it has no column ID"):
        canvas(sheet(tmp_path, MOODLE), LESSON, NOBODY_ELSE, 10)


def test_who_is_excused_in_canvas_stays_excused(tmp_path):
    made, lines = canvas(sheet(tmp_path, CANVAS.replace(",3.50,", ",EX,")), LESSON, NOBODY_ELSE, 10)
    assert grades_in(made)[3] == "EX" and lines == ["export.csv: al is excused in Canvas; the row is as it came."]


def test_muted_and_empty_lines_of_canvas_stay(tmp_path):
    muted = CANVAS.replace("    Points", ",,,,,,,Manual Posting,\n    Points") + "\n"
    made, lines = canvas(sheet(tmp_path, muted), LESSON, NOBODY_ELSE, 10)
    assert rows(made)[1] == ["", "", "", "", "", "Manual Posting"] and made.text().endswith("\n\n") and lines == []


# Who is left out


@pytest.mark.parametrize("one, reason", [
    (student("al", float("nan"), handed_in=False), "al handed nothing in; the row is as it came."),
    (student("al", float("nan")), "al handed in and is not graded yet; the row is as it came."),
    (student("al", waiting=("decide", "mean")), "al waits for a person at decide, mean (--all hands the grade on as it is); the row is as it came."),
])
def test_without_a_final_grade_the_row_keeps_the_one_it_came_with_and_a_line_says_so(one, reason, tmp_path):
    made, lines = canvas(sheet(tmp_path, CANVAS), LESSON, students(ADA, one, JW), 10)
    assert grades_in(made)[3] == "3.50" and lines == [f"export.csv: {reason}"]


def test_who_waits_for_a_person_is_handed_on_when_asked_for(tmp_path):
    given = students(ADA, student("al", 2, waiting=("decide",)), JW)
    made, lines = canvas(sheet(tmp_path, CANVAS), LESSON, given, 10, everyone=True)
    assert grades_in(made)[3] == "2" and lines == []
    unknown = students(ADA, student("al", float("nan"), waiting=("decide",)), JW)
    assert grades_in(canvas(sheet(tmp_path, CANVAS), LESSON, unknown, 10, everyone=True)[0])[3] == "3.50"


def test_whoever_is_on_one_side_only_is_named(tmp_path):
    gone = student("gone", 3, first="Bo\n", last="Example")
    made, lines = canvas(sheet(tmp_path, CANVAS), LESSON, students(ADA, AL, gone), 10)
    assert lines == ["export.csv: Bo Example (gone) is not in the file, so the grade of 3 is not handed on.",
                     "export.csv: row 5 (Weiß, Jürgen) is nobody in the gradebook; it is as it came."]
    assert grades_in(made)[4] == "4"


def test_a_student_who_fits_two_rows_gets_no_grade_in_either(tmp_path):
    # The id of one student in Canvas is the login of another.
    text = CANVAS.replace(",jw,", ",101,")
    made, lines = canvas(sheet(tmp_path, text), LESSON, students(student("101"), AL), 10)
    assert grades_in(made)[2:5] == ["", "0", "4"]
    assert lines == ["export.csv: row 3 (Example, Ada) may be 101 (an lms_user_id in the gradebook decides); it is as it came.",
                     "export.csv: row 5 (Weiß, Jürgen) may be 101 (an lms_user_id in the gradebook decides); it is as it came."]


def test_a_row_that_fits_two_students_gets_neither_grade(tmp_path):
    made, lines = canvas(sheet(tmp_path, CANVAS), LESSON, students(ADA, student("S-1", 1), AL, JW), 10)
    assert grades_in(made)[2] == ""
    assert lines == ["export.csv: row 3 (Example, Ada) may be ada or S-1 (an lms_user_id in the gradebook decides); it is as it came."]


def test_a_row_of_another_length_is_named_and_stays(tmp_path):
    made, lines = canvas(sheet(tmp_path, CANVAS + '"Short, One",104\n'), LESSON, NOBODY_ELSE, 10)
    assert made.text().endswith('"Short, One",104\n') and lines == ["export.csv: row 7 has 2 fields where the header has 6; it is as it came."]


# Moodle


@pytest.mark.parametrize("key", ["1001", "ada@uni.example", "ADA@uni.example"])
def test_moodles_worksheet_gets_the_grade_and_stays_the_same_to_the_byte(key, tmp_path):
    made, lines = moodle(sheet(tmp_path, MOODLE), LESSON, students(student(key), student("gone", email="al@uni.example", total=3)), 10)
    assert made.text() == MOODLE.replace('grading",,', 'grading",7.5,').replace(",4.00,", ",3,") and lines == []


def test_a_german_worksheet_gets_a_comma_and_a_locked_grade_stays(tmp_path):
    made, lines = moodle(sheet(tmp_path, GERMAN), LESSON, students(student("1001", 4.5), student("S-3", 1)), 10)
    assert made.text() == GERMAN.replace('"13,50"', "4,5")
    assert lines == ["export.csv: S-3 has a grade that Moodle has locked; the row is as it came."]


def test_a_number_in_somebodys_address_is_no_participant(tmp_path):
    made, lines = moodle(sheet(tmp_path, MOODLE.replace("ada@uni", "ada77@uni")), LESSON, students(student("77")), 10)
    assert grades_in(made, 4)[1] == "" and len(lines) == 3


def test_moodle_with_another_maximum_or_a_scale_is_refused(tmp_path):
    with pytest.raises(ValueError, match="export.csv gives 10 points where the lesson has 20: set the maximum to 20 in Moodle"):
        moodle(sheet(tmp_path, GERMAN), LESSON, NOBODY_ELSE, 20)
    with pytest.raises(ValueError, match="export.csv is graded by a scale: set the assignment to 10 points in Moodle"):
        moodle(sheet(tmp_path, "Identifier,Grade,Scale\nParticipant 1,,good\n"), LESSON, NOBODY_ELSE, 10)


@pytest.mark.parametrize("text", ["name,points\nAda,3\n", CANVAS, "Identifier,Status\nParticipant 1,Submitted\n"], ids=["any table", "Canvas", "no grade"])
def test_a_file_that_is_not_from_moodle_is_refused(text, tmp_path):
    with pytest.raises(ValueError, match="export.csv is not from Moodle"):
        moodle(sheet(tmp_path, text), LESSON, NOBODY_ELSE, 10)


@pytest.mark.parametrize("header, key", [('"Email address"', "ada@uni.example"), ('"ID number"', "S-1"), ("Username", "ada")])
def test_a_table_for_moodles_gradebook_gets_the_lessons_column(header, key, tmp_path):
    text = f'"First name","Last name",{header},"Course total (Real)"\nAda,Example,{key},56.00\n'
    made, lines = moodle(sheet(tmp_path, text), LESSON, students(student("other", lms=key)), 10)
    assert made.text() == f'"First name","Last name",{header},"Course total (Real)",90-demo\nAda,Example,{key},56.00,7.5\n' and lines == []


def test_the_lessons_column_of_moodles_gradebook_is_filled_and_not_its_percentage(tmp_path):
    text = '"Email address","Assignment: 90-demo (Real)","Assignment: 90-demo (Percentage)"\nada@uni.example,-,-\n'
    made, _ = moodle(sheet(tmp_path, text), LESSON, students(student("ada", email="ada@uni.example")), 10)
    assert made.text() == text.replace("example,-,", "example,7.5,")


# The plain table


def test_the_plain_table_has_a_row_for_everybody(tmp_path):
    people = students(student("ada", first="=1+1", last="O'Neil, \"Al\" Jr.", lms="-17", waiting=("decide",)), student("idle", float("nan"), handed_in=False))
    scores = pd.DataFrame({"share": [2.0], "decide": [float("nan")]}, index=pd.Index(["ada"], name="student"))
    columns, made = grade_table(people, scores, ["share", "decide"])
    assert columns == ["student", "last_name", "first_name", "lms_id", "share", "decide", "late_penalty", "total", "max", "needs_manual_grade", "submitted_at"]
    assert [row[0] for row in made] == ["ada", "idle"] and made[0][-2] == "decide" and made[0][4] == 2.0
    assert all(pd.isna(value) for value in made[1][4:6])
