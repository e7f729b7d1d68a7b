"""Late submissions: days begun by the clock on the wall, a share of all points, extensions read whole or not at all."""

import shutil
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook
from traitlets import TraitError
from traitlets.config import Config

from ccx.classroom.late import AssignPenalties, LatePolicy, days_late, extended, read_extensions

LESSON, STUDENT = "02-shares", "ada"
LESSONS = [LESSON, "03-rates"]
DUE = datetime(2026, 3, 1, 23, 59)
BERLIN = "Europe/Berlin"


def utc(text, zone=BERLIN):
    """A time on the wall as nbgrader keeps it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


# Days


@pytest.mark.parametrize("late, days", [
    (timedelta(hours=-1), 0), (timedelta(0), 0), (timedelta(minutes=15), 0), (timedelta(minutes=15, seconds=1), 1),
    (timedelta(days=1, minutes=15), 1), (timedelta(days=1, minutes=16), 2), (timedelta(days=30), 30),
])
def test_a_day_begun_after_the_grace_counts_whole(late, days):
    assert days_late(DUE, DUE + late) == days


@pytest.mark.parametrize("due, same_time_next_day", [
    ("2026-03-28 23:59", "2026-03-29 23:59"),  # 23 hours
    ("2026-10-24 23:59", "2026-10-25 23:59"),  # 25 hours
    ("2026-06-10 23:59", "2026-06-11 23:59"),
])
def test_a_day_in_which_the_clocks_change_is_one_day(due, same_time_next_day):
    due, next_day = utc(due), utc(same_time_next_day)
    assert days_late(due, next_day, zone=BERLIN) == 1
    assert days_late(due, next_day + timedelta(minutes=16), zone=BERLIN) == 2


def test_within_the_grace_nothing_counts_also_where_the_clock_jumps_over_it():
    due = utc("2026-03-29 01:50")
    assert days_late(due, due + timedelta(minutes=14), zone=BERLIN) == 0  # the clock says 3:04
    assert days_late(due, due + timedelta(minutes=16), zone=BERLIN) == 1


def test_late_in_the_hour_that_comes_twice_is_late():
    due = utc("2026-10-25 02:30")
    assert days_late(due, due + timedelta(minutes=40), zone=BERLIN) == 1  # the clock says 2:10


def test_days_more_end_at_the_same_time_on_the_wall():
    assert extended(utc("2026-10-20 23:59"), timedelta(days=7), BERLIN) == utc("2026-10-27 23:59")
    assert extended(utc("2026-03-24 23:59"), timedelta(days=7), BERLIN) == utc("2026-03-31 23:59")


def test_an_extension_never_takes_time_away():
    assert extended(DUE, DUE - timedelta(days=3)) == DUE and extended(DUE, None) == DUE


# The file of extensions


def table(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "extensions.csv"
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_what_spreadsheets_save_is_read(tmp_path, mark, encoding):
    lines = ["Student,Lesson,Days,Until", "ada,02-shares,2,", "björn,all,,2026-03-10", "", ",,,"]
    path = table(tmp_path, "\r\n".join(lines).replace(",", mark), encoding)
    assert read_extensions(path, LESSONS, BERLIN) == {("ada", LESSON): timedelta(days=2), ("björn", "all"): utc("2026-03-11 00:00")}


@pytest.mark.parametrize("until, moment", [
    ("2026-03-29", "2026-03-30 00:00"), ("2026-03-29 18:00", "2026-03-29 18:00"), ("2026-03-29T16:00Z", "2026-03-29 18:00"),
    ("2026-03-29 12:00-04:00", "2026-03-29 18:00"),
])
def test_a_day_means_its_evening_and_a_time_without_a_zone_is_the_courses(tmp_path, until, moment):
    path = table(tmp_path, f"student,lesson,until\nada,{LESSON},{until}\n")
    assert read_extensions(path, LESSONS, BERLIN) == {("ada", LESSON): utc(moment)}


def test_without_a_file_nobody_was_given_longer(tmp_path):
    assert read_extensions(tmp_path / "extensions.csv", LESSONS) == {}


@pytest.mark.parametrize("line, said", [
    ("ben,02-share,2,", "there is no lesson '02-share'"), ("ben,02-shares,,", "either days or until"), ("ben,02-shares,2,2026-03-29", "either days or until"),
    ("ben,02-shares,two,", "not 'two'"), ("ben,02-shares,-1,", "not '-1'"), ("ben,02-shares,nan,", "not 'nan'"), ("ben,02-shares,1e9,", "not '1e9'"),
    ("ben,02-shares,,29.03.2026", "not '29.03.2026'"), ("ben,02-shares,,9999-12-31", "not '9999-12-31'"),
    ("ben,02-shares,2", "as in the first line"), ("ben,02-shares,2,,", "as in the first line"), (",02-shares,2,", "as in the first line"),
    ("ada,02-shares,3,", "ada is there twice"),
])
def test_a_line_that_can_not_be_understood_stops_everything_with_one_sentence(tmp_path, line, said):
    path = table(tmp_path, f"student,lesson,days,until\nada,02-shares,1,\n{line}\n")
    with pytest.raises(ValueError, match="^extensions.csv, line 3: .* Nothing is graded until this is mended.$") as stopped:
        read_extensions(path, LESSONS, BERLIN)
    assert said in str(stopped.value)


@pytest.mark.parametrize("text", ["", "ada,02-shares,2\n", "student,lesson\nada,02-shares\n", "student,lesson,days,days\nada,02-shares,1,2\n",
                                  "student,lesson,days,until,why\n"])
def test_without_its_columns_the_file_is_refused(tmp_path, text):
    with pytest.raises(ValueError, match="line 1: the columns are student, lesson, days, until"):
        read_extensions(table(tmp_path, text), LESSONS)


def test_what_is_no_table_is_refused(tmp_path):
    said = "extensions.csv can't be read as a table: save it as CSV in UTF-8"
    with pytest.raises(ValueError, match=said):
        read_extensions(table(tmp_path, "student,lesson,days\nbjörn,02-shares,1\n", "latin-1"), LESSONS)
    with pytest.raises(ValueError, match=said):
        read_extensions(table(tmp_path, 'student,lesson,days\n"ada,02-shares,1\n'), LESSONS)
    (tmp_path / "folder" / "extensions.csv").mkdir(parents=True)
    with pytest.raises(ValueError, match=said):
        read_extensions(tmp_path / "folder" / "extensions.csv", LESSONS)


# The gradebook


@pytest.fixture(scope="module")
def new_course(tmp_path_factory):
    """A course with a lesson of 16 points by the grader and 4 by hand, due on the first of March."""
    course = tmp_path_factory.mktemp("course")
    for lesson in LESSONS:
        (course / "source" / lesson).mkdir(parents=True)
    with Gradebook(url(course)) as gradebook:
        gradebook.add_assignment(LESSON, duedate=DUE)
        gradebook.add_notebook(LESSON, LESSON)
        gradebook.add_grade_cell("share", LESSON, LESSON, max_score=16, cell_type="code")
        gradebook.add_grade_cell("decide", LESSON, LESSON, max_score=4, cell_type="markdown")
        gradebook.add_student(STUDENT)
    return course


@pytest.fixture
def course(new_course, tmp_path):
    """A copy for each test: to make a gradebook takes seconds."""
    return shutil.copytree(new_course, tmp_path / "course")


def url(course):
    return f"sqlite:///{course / 'gradebook.db'}"


def hand_in(course, timestamp, share, decide=None):
    """A submission as the grader leaves it: a score, and a decision that waits for a person unless it has points."""
    with Gradebook(url(course)) as gradebook:
        gradebook.update_or_create_submission(LESSON, STUDENT, timestamp=timestamp)
        grades = {grade.name: grade for grade in gradebook.find_submission_notebook(LESSON, LESSON, STUDENT).grades}
        grades["share"].auto_score, grades["decide"].manual_score = share, decide
        grades["share"].needs_manual_grade, grades["decide"].needs_manual_grade = False, decide is None
        gradebook.db.commit()


def penalty(course, **policy):
    """What nbgrader records when it comes to late penalties."""
    config = Config()
    config.CourseDirectory.root = str(course)
    config.LatePolicy.update(policy)
    config.AssignLatePenalties.plugin_class = "ccx.classroom.late.LatePolicy"
    where = {"notebook": LESSON, "assignment": LESSON, "student": STUDENT, "db_url": url(course)}
    AssignPenalties(config=config).preprocess(new_notebook(), {"nbgrader": where})
    with Gradebook(url(course)) as gradebook:
        return gradebook.find_submission_notebook(LESSON, LESSON, STUDENT).late_submission_penalty or 0


def test_nothing_is_taken_away_unless_the_course_says_so(course):
    hand_in(course, DUE + timedelta(days=5), 12)
    assert penalty(course) == 0


def test_each_day_begun_costs_a_share_of_all_points(course):
    hand_in(course, DUE + timedelta(days=1, hours=1), 12)
    assert penalty(course, per_day=0.1) == 4


def test_the_same_lateness_costs_the_same_before_and_after_grading_by_hand(course):
    hand_in(course, DUE + timedelta(days=1, hours=1), 1)
    before = penalty(course, per_day=0.1)
    hand_in(course, DUE + timedelta(days=1, hours=1), 1, decide=4)
    assert penalty(course, per_day=0.1) == before == 4


def test_lateness_never_costs_more_than_there_is_to_lose(course):
    for share, decide, lost in ((0, 0, 0), (1, 0, 1), (0, 3, 3), (0, None, 4)):
        hand_in(course, DUE + timedelta(days=9), share, decide)
        assert penalty(course, per_day=0.1, most=1) == lost


def test_a_score_that_is_no_number_costs_nothing():
    grades = [SimpleNamespace(score=score, max_score=2, needs_manual_grade=False) for score in (float("nan"), 2)]
    assert AssignPenalties()._check_late_penalty(SimpleNamespace(grades=grades), 2) == 0


def test_it_is_never_more_than_the_largest_share(course):
    hand_in(course, DUE + timedelta(days=300), 16, 4)
    assert penalty(course, per_day=0.1) == 10 and penalty(course, per_day=0.1, most=0.25) == 5


def test_without_a_due_date_or_a_time_of_submission_nothing_is_late(course):
    hand_in(course, None, 12)
    assert penalty(course, per_day=1) == 0
    with Gradebook(url(course)) as gradebook:
        gradebook.update_or_create_assignment(LESSON, duedate=None)
    hand_in(course, DUE + timedelta(days=2), 12)
    assert penalty(course, per_day=1) == 0


@pytest.mark.parametrize("row, lost", [("ada,02-shares,2,", 0), ("ada,02-shares,1,", 2), ("ada,all,,2026-03-03", 0), ("ada,03-rates,9,", 4), ("ben,all,9,", 4)])
def test_who_was_given_longer_is_late_later(course, row, lost):
    hand_in(course, DUE + timedelta(days=1, hours=1), 12)
    path = table(course, f"student,lesson,days,until\n{row}\n")
    assert penalty(course, per_day=0.1, extensions=str(path)) == lost


def test_of_two_extensions_the_longer_one_counts(course):
    hand_in(course, DUE + timedelta(days=3), 12)
    path = table(course, "student,lesson,days\nada,all,3\nada,02-shares,1\n")
    assert penalty(course, per_day=0.1, extensions=str(path)) == 0


def test_a_file_that_can_not_be_read_leaves_the_gradebook_as_it_was(course):
    hand_in(course, DUE + timedelta(days=1, hours=1), 12)
    assert penalty(course, per_day=0.1) == 4
    path = table(course, "student,lesson,days\nada,02-shares,9\nben,02-shares,soon\n")
    with pytest.raises(ValueError, match="line 3"):
        penalty(course, per_day=0.1, extensions=str(path))
    with Gradebook(url(course)) as gradebook:
        assert gradebook.find_submission_notebook(LESSON, LESSON, STUDENT).late_submission_penalty == 4


@pytest.mark.parametrize("policy", [{"per_day": 10}, {"per_day": float("nan")}, {"most": -1}, {"grace": -5}, {"grace": float("inf")},
                                    {"timezone": "Berlin"}, {"timezone": "../x"}])
def test_a_policy_that_makes_no_sense_is_refused_with_a_sentence(policy):
    with pytest.raises(TraitError, match=f"^LatePolicy.{next(iter(policy))} is a .*, not "):
        LatePolicy(**policy)
