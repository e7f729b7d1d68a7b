"""What students get back: their answers, verdicts and points, and nothing that is right, hidden or hostile."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sysconfig
from html import unescape
from html.parser import HTMLParser

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from ccx.classroom.build import course_config
from ccx.classroom.feedback import LOOKED_AT, FeedbackPage, exercises, page, points

from lessons import NAMES, ROOT, bank, leaks, release, solved

NAME = "02-heterogeneity"


# Pages from notebooks written by hand


def tag(grade_id, points=2, *, grade=False, solution=False, **more):
    return {"nbgrader": {"grade_id": grade_id, "grade": grade, "solution": solution, "points": points, "schema_version": 3, **more}}


def asked():
    """A release of two exercises, a practice and a decision."""
    check = {"grade": True}
    return new_notebook(cells=[
        new_markdown_cell("# 77 · Shares\n\nWelcome."), new_code_cell("import ccx"),
        new_markdown_cell("Some data.\n\n### Exercise 1 · Half (2 points, 77.1)\n\nWhat is $\\alpha$?"),
        new_code_cell("half = ...", metadata=tag("half-answer", solution=True)), new_code_cell('ccx.check("77.half", half)', metadata=tag("half", **check)),
        new_markdown_cell("Read on."),
        new_markdown_cell("### Exercise 2 · A *third* (1 point, 77.1)\n\nFirst line."), new_code_cell("thirds = 3"), new_markdown_cell("Second line."),
        new_code_cell("third = ...", metadata=tag("third-answer", solution=True)), new_code_cell('ccx.check("77.third", third)', metadata=tag("third", 1, **check)),
        new_code_cell("...", metadata=tag("odd-answer", solution=True)), new_code_cell("ccx.check()", metadata=tag("odd", 0, **check)),
        new_markdown_cell("## Decide\n\nWell?"), new_markdown_cell("*Your answer goes here.*", metadata=tag("decide", 4, solution=True, **check)),
    ])


def graded(sentence="Turn it round.", ccx=None, **given):
    """The same as a grader leaves it: half has earned one point of two, the decision waits."""
    nb = asked()
    defaults = {"half": {"score": 1.0}, "third": {"score": 1.0}, "odd": {"score": 0.0}, "decide": {"score": 0.0, "waits": True}}
    for cell in (cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade")):
        name = cell.metadata.nbgrader.grade_id
        cell.metadata.nbgrader.update({"waits": False, "by_hand": False, **defaults[name], **given.get(name, {})})
        if cell.cell_type == "code":
            cell.metadata["ccx"] = ccx or {"review": False, "mistake": "the wrong way round"}
            cell.outputs = [new_output("stream", name="stdout", text=f"{sentence}\n"), new_output("execute_result", data={"text/plain": "0.987"}, execution_count=1)]
    return nb


def html(nb=None, earned=2, most=7, penalty=0.0):
    return FeedbackPage().from_notebook_node(new_notebook(), {"feedback": page(nb or graded(), asked(), earned, most, penalty)})[0]


def words(text):
    """What can be read on a page, on one line."""
    return " ".join(unescape(re.sub(r"<style.*?</style>|<title.*?</title>|<[^>]*>", " ", text, flags=re.S)).split())


def part(text, name):
    """The part of a page that is about one exercise."""
    return re.search(rf'<section class="(\w+)" id="{name}">(.*?)</section>', text, re.S).groups()


def find(nb, name):
    return next(cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def test_title_points_question_answer_and_verdict_stand_on_the_page():
    text = html()
    assert words(text).startswith("77 · Shares 2 of 7 points Not final: a person still has to look at Decide. Your points Exercise Points of "
                                  "Exercise 1 · Half 1 2 Exercise 2 · A *third* 1 1 odd 0 0 Decide – 4 Exercise 1 · Half What is α ? Your answer half = ... "
                                  "1 of 2 points Turn it round.")
    assert [part(text, name)[0] for name in ("half", "third", "odd", "decide")] == ["part", "right", "open", "open"]
    assert "First line. Second line. Your answer third = ... 1 of 1 point" in words(text)
    assert "Practice" in part(text, "odd")[1] and "Not graded yet, 4 points" in part(text, "decide")[1]


def test_what_the_lesson_says_the_inputs_and_the_names_of_mistakes_are_not_on_it():
    text = html()
    for hidden in ("Welcome", "Some data", "Read on", "thirds", "ccx.check", "0.987", "the wrong way round", "schema_version"):
        assert hidden not in text


def test_the_questions_are_the_releases_whatever_became_of_them():
    nb = graded()
    nb.cells = [cell for cell in nb.cells if "nbgrader" in cell.metadata][::-1]
    assert part(html(nb), "third")[1] == part(html(), "third")[1]


def test_a_penalty_is_said_and_the_total_never_falls_below_zero():
    said = words(html(penalty=1.5))
    assert "0.5 of 7 points You earned 2; 1.5 were taken off because the notebook came late." in said
    assert "0 of 7 points You earned 2; 3 were taken off" in words(html(penalty=3)) and "came late" not in words(html())


def test_comments_of_a_person_are_shown_with_their_answer():
    nb = graded()
    find(nb, "half-answer").metadata.nbgrader.comment = "Good **start**. <script>steal()</script>"
    assert '<div class="comment"><p>Good <strong>start</strong>. steal()</p></div>' in part(html(nb), "half")[1] and "Comment" not in part(html(nb), "third")[1]


def test_points_of_a_person_are_called_so_and_the_announcement_of_a_person_goes():
    review = {"review": True, "mistake": ""}
    waits = part(html(graded("A person will look at it.", review, half={"waits": True})), "half")[1]
    assert "Not graded yet, 2 points" in waits and "A person will look at it." in waits
    done = part(html(graded("A person will look at it.", review, half={"score": 2.0, "by_hand": True})), "half")[1]
    assert "2 of 2 points, given by a person" in done and LOOKED_AT in done and "will look" not in done


def test_a_decision_that_nobody_wrote_is_called_so():
    assert "0 of 4 points Nothing was written here." in words(part(html(graded(decide={"waits": False})), "decide")[1])
    assert "Nothing was written" not in html() and "Nothing was written" not in html(graded(decide={"waits": False, "by_hand": True}))


def test_own_cells_and_cells_that_stopped_come_last_and_folded():
    nb = graded()
    error = new_output("error", ename="NameError", evalue="secret", traceback=["Traceback secret"])
    nb.cells[1:1] = [new_code_cell("mine = 1", outputs=[new_output("stream", name="stdout", text="seen")]), new_markdown_cell("My *note*."), new_code_cell(" ")]
    next(cell for cell in nb.cells if cell.source == "thirds = 3").outputs = [error]
    folded = html(nb).split("<details>")[1]
    assert words(folded).startswith("Your other cells What you added or changed outside the answers, and cells of the lesson that stopped. "
                                    "mine = 1 seen My note . thirds = 3 The cell stopped with NameError.")
    assert "secret" not in html(nb) and "<details>" not in html()


def test_the_browser_is_told_to_run_and_to_fetch_nothing():
    text = html()
    style = re.search(r"<style>(.*?)</style>", text, re.S)[1]
    fingerprint = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{fingerprint}'; base-uri 'none'; form-action 'none'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in text
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in text and len(style) < 8000


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_of_every_lesson_has_its_title_its_question_and_its_cells(name):
    found = {cells[-1]: (title, question, cells) for title, question, cells in exercises(release(name))}
    assert list(found) == [cell.metadata.nbgrader.grade_id for cell in release(name).cells if cell.metadata.get("nbgrader", {}).get("grade")]
    for grade_id, (title, question, cells) in found.items():
        assert re.fullmatch(r"Exercise \d+ · [^()]+(\(alive\) from scratch)?|Decide|The decision", title)
        assert cells in ([grade_id], [f"{grade_id}-answer", grade_id]) and len(question) > 60 and not question.startswith("#")


def test_points_have_two_decimals_at_most():
    assert [points(number) for number in (0, 2.0, 0.5, 4 / 3, 20)] == ["0", "2", "0.5", "1.33", "20"]


# Pages from a real run


STEAL = "<script>steal()</script>"
SHOWN = f"""
from IPython.display import HTML, Javascript, Markdown, SVG, display
display(HTML("{STEAL}<img src=http://x/y.png onerror=steal()><a href='javascript:steal()'>a link</a>"
             "<p style='background:url(http://x/y.png)'>styled</p><iframe src='http://x'></iframe><meta http-equiv=refresh content='0;url=http://x'>"
             "<svg onload=steal()></svg><link rel=stylesheet href='http://x'><section class=right id=below-mean><h2>20 of 20</h2></section>"))
display(Javascript("steal()"), Markdown("{STEAL}"), SVG("<svg xmlns='http://www.w3.org/2000/svg'>{STEAL}</svg>"))
print("{STEAL} printed")
"""
THROWN = f"""raise type("{STEAL}", (Exception,), {{}})("{STEAL} thrown")"""
WRITTEN = f"""# My answer {STEAL}

<img src=x onerror=steal()> [a link](javascript:steal()) ![tracked](http://x/y.png) <iframe src="http://x"></iframe>
<meta http-equiv="refresh" content="0;url=http://x"> <svg onload=steal()>{STEAL}</svg> <style>@import url(http://x)</style>

**Firm B**, because of [this](https://example.org) and $\\alpha < 1$. ![lost](attachment:lost.png)
"""


def answer(nb, name, source):
    next(cell for cell in nb.cells if cell.id == f"{name}-answer").source = source


def right():
    nb = solved(NAME)
    nb.cells.insert(5, new_code_cell("undefined_name + 1"))
    return nb


def mistaken():
    nb = solved(NAME)
    answer(nb, "below-mean", "share_below_mean = (spend > spend.mean()).mean()")
    answer(nb, "my-gini", "def my_gini(values):\n    return values_of_nobody")
    return nb


def hostile():
    nb = release(NAME)
    nb.cells.append(new_code_cell(SHOWN))
    answer(nb, "below-mean", THROWN)
    answer(nb, "lorenz-five", SHOWN + "\nlorenz_five = [0, 1]")
    for cell in nb.cells:
        cell.source = WRITTEN if cell.id == "decide" else f"{STEAL} changed" if cell.id == "ex1" else cell.source
    return nb


STUDENTS = {"right": right, "mistaken": mistaken, "hostile": hostile}


def nbgrader(course, *arguments):
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    return subprocess.run(["nbgrader", *arguments], cwd=course, env={**os.environ, "PATH": path}, capture_output=True, text=True)


def done(course, *arguments):
    ran = nbgrader(course, *arguments)
    assert ran.returncode == 0, ran.stderr[-3000:]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of one lesson in which one student was right, one made known mistakes and was late, and one is hostile."""
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copytree(ROOT / "solutions" / NAME, course / "solutions" / NAME, ignore=shutil.ignore_patterns("__pycache__"))
    done(course, "generate_assignment", NAME)
    done(course, "db", "assignment", "add", NAME, "--duedate=2026-03-28 23:59 Europe/Berlin")
    for student, hand_in in STUDENTS.items():
        folder = course / "grading" / "submitted" / student / NAME
        folder.mkdir(parents=True)
        nbformat.write(hand_in(), folder / f"{NAME}.ipynb")
    (course / "grading" / "submitted" / "mistaken" / NAME / "timestamp.txt").write_text("2026-03-29 21:30:00 UTC\n")
    done(course, "autograde", NAME, "--LatePolicy.per_day=0.1", "--LatePolicy.timezone=Europe/Berlin")
    grade_by_hand(course)
    done(course, "generate_feedback", NAME)
    return course


def grade_by_hand(course):
    with Gradebook(f"sqlite:///{course}/grading/gradebook.db") as gradebook:
        decision = gradebook.find_grade("decide", NAME, NAME, "right")
        decision.manual_score, decision.needs_manual_grade = 3, False
        gradebook.find_comment("decide", NAME, NAME, "right").manual_comment = f"Well argued. {STEAL}"
        gradebook.db.commit()


def got(course, student):
    return (course / "grading" / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8")


class Reader(HTMLParser):
    """Tags and attributes as a browser finds them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs


def test_who_was_right_reads_so_and_what_a_person_said(course):
    text = got(course, "right")
    assert "19 of 20 points" in words(text) and words(text).count("Right.") == len(bank(NAME).graded()) and "Not final" not in text
    assert "3 of 4 points, given by a person" in words(text) and "Well argued. steal()" in words(text)
    assert "undefined_name + 1 The cell stopped with NameError." in words(text)


def test_who_made_a_known_mistake_gets_its_hint_and_neither_its_name_nor_the_answer(course):
    text = got(course, "mistaken")
    state, below = part(text, "below-mean")
    assert state == "wrong" and "turn the comparison round" in below
    assert "Your function stops with NameError on an input of the grader's." in words(part(text, "my-gini")[1])
    [name] = [mistake.name for mistake in bank(NAME).exercises["02.below-mean"].mistakes if unescape(mistake.hint) in words(below)]
    assert name not in unescape(text) and not leaks(words(below), bank(NAME).graded())


def test_who_was_late_reads_what_it_cost(course):
    assert "2 were taken off because the notebook came late." in words(got(course, "mistaken"))
    assert "came late" not in got(course, "right") and "came late" not in got(course, "hostile")


@pytest.mark.parametrize("student", STUDENTS)
def test_no_page_has_a_traceback_a_probe_a_check_or_anything_that_runs_or_is_fetched(course, student):
    text = got(course, student)
    read = Reader(text)
    assert read.tags <= {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "strong", "em",
                         "table", "caption", "thead", "tbody", "tr", "th", "td", "a", "section", "div",
                         "pre", "span", "code", "ul", "ol", "li", "br", "details", "summary", "figure", "figcaption", "img", "blockquote"}
    assert {name for name, _ in read.attributes} <= {"lang", "charset", "http-equiv", "content", "name", "scope", "class", "href", "id", "tabindex",
                                                     "src", "alt", "colspan"}
    assert all(value.startswith(("#", "http://x", "https://example.org")) for name, value in read.attributes if name == "href")
    assert all(value.startswith("data:image/png;base64,") for name, value in read.attributes if name == "src")
    for hidden in ("Traceback", "ccx.check(", "probe", '"review"', "grade_id", "ename"):
        assert hidden not in text
    assert not [probe for probe in bank(NAME).probes()["02.my-gini"] if str(list(probe[0])) in text]


def test_what_a_hostile_student_wrote_can_be_read_and_does_nothing(course):
    text = got(course, "hostile")
    read = words(text)
    assert f"My answer {STEAL}" in read and "Firm B" in read and "α < 1" in read and f"{STEAL} printed" in read
    assert f"The cell stopped with {STEAL}." in read and "20 of 20 styled" not in read and "0 of 20 points" in read
    assert f"{STEAL} changed" not in part(text, "below-mean")[1] and "less than the mean" in part(text, "below-mean")[1]


def test_pages_are_small(course):
    assert len(re.sub(r'src="data:[^"]*"', "", got(course, "right"))) < 60_000


def test_the_formgraders_button_writes_the_same_page(course):
    written = {student: got(course, student) for student in STUDENTS}
    config = course_config(course)
    # As the formgrader's server has set its own pages up.
    config.merge(Config({"HTMLExporter": {"template_name": "formgrade", "extra_template_basedirs": [handlers.template_path]}}))
    result = NbGraderAPI(CourseDirectory(config=config), config=config).generate_feedback(NAME)
    assert result["success"], result
    assert {student: got(course, student) for student in STUDENTS} == written


def test_a_half_read_file_of_extensions_stops_grading_before_anything_is_recorded(course):
    (course / "grading" / "extensions.csv").write_text(f"student,lesson,days\nmistaken,{NAME},2\nright,{NAME},two\n")
    folder = course / "grading" / "submitted" / "new" / NAME
    folder.mkdir(parents=True)
    nbformat.write(solved(NAME), folder / f"{NAME}.ipynb")
    stopped = nbgrader(course, "autograde", NAME, "--student", "new")
    said = "extensions.csv, line 3: days is a number such as 2 or 0.5, not 'two'. Nothing is graded until this is mended."
    assert stopped.returncode != 0 and said in stopped.stderr
    assert not (course / "grading" / "autograded" / "new" / NAME).exists()
    with Gradebook(f"sqlite:///{course}/grading/gradebook.db") as gradebook:
        assert all(grade.auto_score is None for grade in gradebook.find_submission_notebook(NAME, NAME, "new").grades)
