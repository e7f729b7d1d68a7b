"""`ccx report` on a small course: what is read, what is written, what is said and what is refused."""

import csv
import html.parser
import shutil

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import event
from sqlalchemy.engine import Engine

from ccx import cli
from ccx.classroom.bank import load_bank
from ccx.classroom.report import report
from ccx.classroom.report.results import read_results

from gradebooks import BLANK, LESSON, MEDIAN, NOT_YET, STOPPED, UNREADABLE, UPSIDE_DOWN, course, right
from lessons import leaks

HANDED = {
    "ada": {"share": right("share"), "mean": right("mean"), "decide": 4.5},
    "bo": {"share": UPSIDE_DOWN, "mean": MEDIAN, "decide": 2},
    "cy": {"share": NOT_YET, "mean": UNREADABLE, "decide": None},
    "di": {"share": BLANK, "mean": STOPPED, "decide": 0},
}
PEOPLE = {"ada": {"first_name": "Ada", "last_name": "O'Neil, \"Al\" Jr.", "lms_user_id": "-101", "email": "ada@uni.example"},
          "bo": {"first_name": "=HYPERLINK(\"x\")", "last_name": "Weiß\nÜber"},
          "di": {"first_name": "<script>steal()</script>"},
          "idle": {"first_name": "Ida", "last_name": "Example"}}
MENDED = {"bo": ["share: the cell was missing.", "<script>steal()</script>"]}
CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\nA,-101,,,A\nB,2,,bo,A\nC,3,,cy,A\nD,4,,di,A\nI,5,,idle,A\nX,6,,x,A\n"
FILES = ["grades.csv", "items.csv", "mistakes.csv", "objectives.csv", "report.html"]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    folder = course(tmp_path_factory.mktemp("course"), HANDED, PEOPLE, MENDED, timestamp="2026-01-05 10:00:00 UTC")
    ungraded = folder / "grading" / "submitted" / "ed" / LESSON
    ungraded.mkdir(parents=True)
    return folder


@pytest.fixture(scope="module")
def written(graded, tmp_path_factory):
    out = tmp_path_factory.mktemp("report")
    files, lines = report(LESSON, out=out, root=graded)
    return out, files, lines


def table(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# What is written


def test_all_files_are_written_and_named(written):
    out, files, lines = written
    assert [path.relative_to(out).as_posix() for path in files] == FILES and sorted(path.name for path in out.iterdir()) == sorted(FILES)
    assert lines == ["ed: handed in and not graded."]


def test_the_grades_have_a_row_for_everybody_with_points_totals_and_what_waits(written):
    found = {row["student"]: row for row in table(written[0] / "grades.csv")}
    assert {name: (row["share"], row["mean"], row["decide"], row["total"], row["needs_manual_grade"]) for name, row in found.items()} == {
        "ada": ("2", "3", "4.5", "9.5", ""), "bo": ("0", "1.5", "2", "3.5", ""), "cy": ("0", "0", "", "0", "mean, decide"), "di": ("0", "0", "0", "0", ""),
        "idle": ("", "", "", "", "")}
    assert {row["max"] for row in found.values()} == {"10"}
    assert (found["ada"]["submitted_at"], found["idle"]["submitted_at"]) == ("2026-01-05T10:00:00Z", "")


def test_names_come_back_whole_no_name_is_a_formula_and_the_platforms_id_is_untouched(written):
    found = {row["student"]: row for row in table(written[0] / "grades.csv")}
    assert found["ada"]["last_name"] == PEOPLE["ada"]["last_name"] and found["bo"]["last_name"] == PEOPLE["bo"]["last_name"]
    assert found["bo"]["first_name"] == "'" + PEOPLE["bo"]["first_name"] and found["ada"]["lms_id"] == "-101"


def test_a_late_penalty_is_taken_off_and_nobody_falls_below_zero(tmp_path):
    folder = course(tmp_path, {name: HANDED[name] for name in ("ada", "di")})
    with Gradebook(f"sqlite:///{folder}/grading/gradebook.db", "customer-centricity") as gradebook:
        for name in ("ada", "di"):
            gradebook.find_submission_notebook(LESSON, LESSON, name).late_submission_penalty = 1.25
        gradebook.db.commit()
    people = read_results(LESSON, folder).students
    assert people["total"].to_dict() == {"ada": 8.25, "di": 0} and people["penalty"].to_dict() == {"ada": 1.25, "di": 1.25}


def test_items_and_mistakes_agree_with_what_was_handed_in(written):
    share, mean, decide = table(written[0] / "items.csv")
    assert (share["right"], share["known_mistake"], share["unexplained"], share["blank"], share["n"]) == ("1", "1", "1", "1", "4")
    assert share["most_frequent_sentence"] == NOT_YET[1] and float(share["difficulty"]) == 0.25
    # The unreadable answer waits for a person, so that three are judged: 3, 1.5 and 0 of 3 points.
    assert (mean["n"], mean["waiting"], mean["stopped"], mean["difficulty"]) == ("3", "1", "1", "0.5")
    assert (decide["by_hand"], decide["waiting"], decide["mean_points"]) == ("3", "1", "2.1667")
    made = {(row["exercise"], row["mistake"]): row["count"] for row in table(written[0] / "mistakes.csv")}
    assert made == {("share", "upside down"): "1", ("share", "per cent"): "0", ("share", "the others"): "0",
                    ("mean", "median"): "1", ("mean", "sum"): "0", ("mean", "one short"): "0"}


def test_the_same_gradebook_gives_the_same_bytes(written, graded, tmp_path):
    report(LESSON, out=tmp_path, root=graded)
    assert all((tmp_path / name).read_bytes() == (written[0] / name).read_bytes() for name in FILES)


def test_untouched_answers_are_known_from_nbgraders_comment(tmp_path):
    returns_nothing = {"share": (0, "Your function returns nothing: does it end with a return?"), "mean": right("mean"), "decide": 0}
    folder = course(tmp_path, {"ada": returns_nothing})
    with Gradebook(f"sqlite:///{folder}/grading/gradebook.db", "customer-centricity") as gradebook:
        for cell in ("share-answer", "decide"):
            gradebook.find_comment(cell, LESSON, LESSON, "ada").auto_comment = "No response."
        gradebook.db.commit()
    assert read_results(LESSON, folder).answers.set_index("exercise")["untouched"].to_dict() == {"share": True, "mean": False, "decide": True}


def test_more_students_take_no_more_queries(tmp_path_factory):
    def queries(size):
        folder = course(tmp_path_factory.mktemp("course"), {f"s{i}": HANDED["ada"] for i in range(size)})
        asked = []
        event.listen(Engine, "before_cursor_execute", count := lambda *arguments: asked.append(arguments[2]))
        assert len(read_results(LESSON, folder).students) == size
        event.remove(Engine, "before_cursor_execute", count)
        return len(asked)

    assert queries(2) == queries(12) > 0


def test_half_a_graded_notebook_counts_as_not_graded(graded, tmp_path):
    folder = tmp_path / "course"
    shutil.copytree(graded, folder)
    (folder / "grading" / "autograded" / "bo" / LESSON / f"{LESSON}.ipynb").write_text('{"cells": [')
    assert read_results(LESSON, folder).ungraded == ["bo", "ed"]


# The page


class Page(html.parser.HTMLParser):
    """The tags of a page, and whether each is closed in its turn."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.flaws = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.flaws.append(tag)


@pytest.fixture(scope="module")
def page(written):
    return (written[0] / "report.html").read_text(encoding="utf-8")


def test_every_tag_is_closed_and_nothing_is_fetched_or_run(page):
    read = Page(page)
    assert not read.flaws and not read.open
    assert not [tag for tag, _ in read.tags if tag in ("script", "link", "iframe", "object")]
    assert all(value.startswith("data:image/svg+xml;base64,") for _, given in read.tags for name, value in given.items() if name in ("src", "href"))
    assert not [name for _, given in read.tags for name in given if name.startswith("on")]


def test_tables_have_captions_and_scopes_and_pictures_have_descriptions(page):
    tags = [tag for tag, _ in Page(page).tags]
    assert tags.count("table") == tags.count("caption") >= 4 and tags.count("h1") == 1
    assert all(given["scope"] in ("col", "row") for tag, given in Page(page).tags if tag == "th")
    told = [given["alt"] for tag, given in Page(page).tags if tag == "img"]
    assert len(told) == 3 and "share: 1 right, 1 known mistake, 1 unexplained, 1 blank" in told[0]
    assert "mean 0.50 and " in told[1] and "4 students: from 0 to 9.5 of 10 points" in told[2]


def test_what_students_wrote_is_text_and_no_markup(page):
    assert "<script>" not in page and "&lt;script&gt;steal()&lt;/script&gt;" in page


def test_the_page_says_whom_it_is_for_and_warns_of_small_numbers(page):
    assert "For instructors only." in page and "with fewer than 30 students" in page


def test_with_thirty_students_there_is_no_warning(tmp_path):
    folder = course(tmp_path, {f"s{i:02}": HANDED["ada"] for i in range(30)})
    [*_, path] = report(LESSON, root=folder)[0]
    assert path == folder / "grading" / "reports" / LESSON / "report.html" and "fewer than 30" not in path.read_text()


def test_the_page_names_what_was_mended_and_what_is_not_graded_and_no_answer(page, graded):
    assert "<strong>bo</strong><ul><li>share: the cell was missing.</li>" in page and "<li>ed</li>" in page
    assert not leaks(page, load_bank(graded / "solutions" / LESSON / "answers.py").graded()[:1])


def test_one_student_alone_has_a_page_too(tmp_path):
    folder = course(tmp_path, {"bo": HANDED["bo"]})
    assert report(LESSON, root=folder)[1] == []
    shown = (folder / "grading" / "reports" / LESSON / "report.html").read_text(encoding="utf-8")
    assert "It takes three students with a grade for this and for other exercises, and there are 1." in shown


def test_a_lesson_for_practice_without_points_has_a_page_too(tmp_path):
    folder = course(tmp_path, {"bo": {"share": (0, "Right."), "mean": (0, "Not yet.")}}, worth={"share": 0, "mean": 0})
    [*_, path] = report(LESSON, root=folder)[0]
    assert "share: 1 right" in path.read_text(encoding="utf-8")


# The command


def run(folder, monkeypatch, capsys, *arguments):
    monkeypatch.chdir(folder)
    code = cli.main(["report", *map(str, arguments)])
    return code, *capsys.readouterr()


@pytest.fixture
def whole(tmp_path):
    """A course in which everybody is graded and matched."""
    return course(tmp_path, {"ada": HANDED["ada"]})


def test_the_command_prints_what_it_has_written(whole, monkeypatch, capsys):
    code, said, _ = run(whole, monkeypatch, capsys, LESSON)
    assert code == 0 and said.split() == [f"grading/reports/{LESSON}/{name}" for name in FILES]


def test_the_command_fills_the_platforms_files_and_names_whom_it_left_out(graded, tmp_path, monkeypatch, capsys):
    (tmp_path / "c.csv").write_text(CANVAS)
    (tmp_path / "m.csv").write_text("Username,90-demo\nbo,\nada,\nx,1\n")
    code, said, _ = run(graded, monkeypatch, capsys, LESSON, "--canvas", tmp_path / "c.csv", "--moodle", tmp_path / "m.csv", "--out", tmp_path / "out")
    assert code == 1 and (tmp_path / "out" / "moodle.csv").read_text() == "Username,90-demo\nbo,3.5\nada,9.5\nx,1\n"
    assert (tmp_path / "out" / "canvas.csv").read_text().splitlines()[1:5] == ["    Points Possible,,,,,10", "A,-101,,,A,9.5", "B,2,,bo,A,3.5", "C,3,,cy,A,"]
    assert said.splitlines()[7:] == [
        "ed: handed in and not graded.",
        "c.csv: row 8 (X) is nobody in the gradebook; it is as it came.",
        "c.csv: cy waits for a person at mean, decide (--all hands the grade on as it is); the row is as it came.",
        "c.csv: Ida Example (idle) handed nothing in; the row is as it came.",
        "m.csv: cy is not in the file, so the grade of 0 is not handed on.",
        "m.csv: <script>steal()</script> (di) is not in the file, so the grade of 0 is not handed on.",
        "m.csv: Ida Example (idle) is not in the file.",
        "m.csv: row 4 (x) is nobody in the gradebook; it is as it came."]


def test_with_all_who_waits_is_handed_on_too(graded, tmp_path, monkeypatch, capsys):
    (tmp_path / "c.csv").write_text(CANVAS)
    _, said, _ = run(graded, monkeypatch, capsys, LESSON, "--canvas", tmp_path / "c.csv", "--out", tmp_path / "out", "--all")
    assert "C,3,,cy,A,0" in (tmp_path / "out" / "canvas.csv").read_text() and "cy" not in said


@pytest.mark.parametrize("arguments, said", [
    (["91-none"], "The gradebook does not know 91-none: run nbgrader generate_assignment 91-none --force"),
    ([LESSON, "--canvas", "nowhere.csv"], "There is no file nowhere.csv."),
    ([LESSON, "--canvas", "nbgrader_config.py"], "nbgrader_config.py is not a gradebook exported from Canvas"),
])
def test_what_can_not_be_done_is_said_in_a_sentence_and_nothing_is_written(arguments, said, whole, monkeypatch, capsys):
    code, out, error = run(whole, monkeypatch, capsys, *arguments)
    assert (code, out, error.count("\n")) == (2, "", 1) and said in error
    assert not (whole / "grading" / "reports").exists()


def test_without_a_course_a_gradebook_or_a_grade_it_says_so(tmp_path, monkeypatch, capsys):
    assert "has no nbgrader_config.py: run this in the course's checkout." in run(tmp_path, monkeypatch, capsys, LESSON)[2]
    folder = course(tmp_path, {"ada": {}})
    assert f"Nobody has been graded in {LESSON} yet: run ccx grade {LESSON} first." in run(folder, monkeypatch, capsys, LESSON)[2]
    (folder / "grading" / "gradebook.db").unlink()
    code, _, error = run(folder, monkeypatch, capsys, LESSON)
    assert code == 2 and "There is no gradebook" in error and not (folder / "grading" / "gradebook.db").exists()


def test_a_gradebook_that_is_none_is_named_without_its_password(tmp_path, monkeypatch, capsys):
    folder = course(tmp_path, {"ada": HANDED["ada"]})
    (folder / "grading" / "gradebook.db").write_text("not a database " * 100)
    code, _, error = run(folder, monkeypatch, capsys, LESSON)
    assert code == 2 and "gradebook.db can't be read" in error and error.count("\n") == 1
