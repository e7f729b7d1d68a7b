"""The course in a real browser: JupyterLab as `ccx lab` starts it, one server for all tests here."""

import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

import browser
from lessons import ROOT, solved

LESSON = "02-heterogeneity/02-heterogeneity.ipynb"


# The course, its server and the browser


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course, so that nothing is written to the checkout, with a solved lesson beside it."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("lessons", "solutions"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    (folder / "solved").mkdir()
    nbformat.write(solved(LESSON.split("/")[0]), folder / "solved" / Path(LESSON).name)
    return folder


@pytest.fixture(scope="module")
def server(course, tmp_path_factory):
    with browser.server(course, tmp_path_factory.mktemp("jupyter")) as url:
        yield url


@pytest.fixture(scope="module")
def laptop(chromium, server, complaints):
    return browser.logged_in(chromium, server, complaints)


@pytest.fixture(autouse=True)
def quiet_console(laptop, complaints):
    yield
    assert browser.heard(complaints) == []


@pytest.fixture(scope="module")
def lesson(laptop, server):
    """Lesson 02 as a student finds it, with all its cells run."""
    page = browser.open_notebook(laptop, server, f"lessons/{LESSON}")
    browser.run_all(page)
    return page


# A student opens a lesson


def test_printed_url_opens_the_first_lesson(laptop):
    [first, *_] = laptop.pages
    expect(first.get_by_role("heading", name="00 · Start here")).to_be_visible()


def test_lesson_runs_to_its_end(lesson):
    source = nbformat.read(ROOT / "lessons" / LESSON, as_version=4)
    count = sum(cell.cell_type == "code" for cell in source.cells)
    expect(lesson.locator(".jp-CodeCell .jp-InputPrompt").last).to_have_text(f"[{count}]:")


def test_only_checks_complain_and_without_a_traceback(lesson):
    complaint = lesson.locator("[data-mime-type='application/vnd.jupyter.stderr']")
    cells = lesson.locator(".jp-CodeCell", has=complaint).all_text_contents()
    assert cells and all("ccx.check(" in cell for cell in cells)
    assert not any("Traceback" in text for text in lesson.locator(".jp-OutputArea-output").all_text_contents())


def test_every_figure_is_drawn_and_described(lesson):
    figures = lesson.locator(".jp-OutputArea-output img:visible").all()
    assert len(figures) >= (ROOT / "lessons" / LESSON).read_text().count("ccx.show(")
    for figure in figures:
        # A picture is decoded before it has a size.
        assert figure.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 0
        # JupyterLab calls a picture "Image" that came without a description.
        assert figure.get_attribute("alt") not in (None, "", "Image")


# A student answers


def test_hint_then_right(lesson):
    answer, verdict = (lesson.locator(".jp-CodeCell", has_text=text) for text in ("share_below_mean =", "02.below-mean"))
    put(answer, "share_below_mean = (spend > spend.mean()).mean()")
    expect(verdict).to_contain_text("turn the comparison round")
    put(answer, "share_below_mean = (spend < spend.mean()).mean()")
    expect(verdict).to_contain_text("Right.")


def put(cell, code):
    """Put code into a cell, run it and the check below it."""
    cell.locator(".cm-content").click()
    keyboard = cell.page.keyboard
    keyboard.press("ControlOrMeta+A")
    keyboard.insert_text(code)
    keyboard.press("Shift+Enter")
    keyboard.press("Shift+Enter")


# The README's pictures: of the running course, kept where CCX_PICTURES says (`make pictures`)


def photographed(page, name, folder):
    """A picture of the notebook as it stands on the screen; its size in pixels."""
    path = Path(os.environ.get("CCX_PICTURES", folder)) / name
    page.locator(".jp-NotebookPanel-notebook").screenshot(path=path, animations="disabled")
    return size(path)


def size(path):
    # A PNG has width and height in bytes 16 to 24.
    head = path.read_bytes()[:24]
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


def test_the_readme_shows_a_figure_a_hint_and_an_explorer_as_they_are(lesson, tmp_path):
    answer = lesson.locator(".jp-CodeCell", has_text="share_below_mean =")
    put(answer, "share_below_mean = (spend > spend.mean()).mean()")
    expect(lesson.locator(".jp-CodeCell", has_text="02.below-mean")).to_contain_text("turn the comparison round")
    scenes = {"hint.png": answer, "figure.png": lesson.locator(".jp-CodeCell", has_text="ccx.plot_lorenz("),
              "explorer.png": lesson.locator(".jp-CodeCell", has_text="ccx.explore.wildness()")}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, cell in scenes.items():
        # Twice, because the first time JupyterLab only makes the cells that come into sight.
        for _ in range(2):
            cell.evaluate("cell => cell.scrollIntoView({block: 'center'})")
            lesson.wait_for_timeout(500)
        made = photographed(lesson, name, tmp_path)
        assert made == size(ROOT / "tests" / "pictures" / name) and min(made) > 400
        assert len(re.search(rf"!\[([^\]]+)\]\(tests/pictures/{name}\)", readme)[1]) > 60
    put(answer, "share_below_mean = ...")


# A student validates


def test_validate_says_in_a_sentence_what_is_missing(lesson):
    result = validate(lesson)
    assert "Nothing here yet: put your answer in place of the three dots" in result
    assert "Your function returns nothing: does it end with a return?" in result
    assert "Traceback" not in result


def test_validate_praises_the_solved_lesson(laptop, server):
    page = browser.open_notebook(laptop, server, f"solved/{Path(LESSON).name}")
    assert "Success! Your notebook passes all the tests." in validate(page)


def validate(page):
    page.get_by_role("button", name="Validate").click()
    dialog = page.get_by_role("dialog").filter(has_text="Validation Results")
    result = dialog.text_content()
    dialog.get_by_role("button", name="Ok").click()
    return result


# An instructor looks at the course


def test_formgrader_lists_the_lessons(laptop, server):
    page = laptop.new_page()
    assert page.goto(f"{browser.origin(server)}/formgrader").ok
    for notebook in ROOT.glob("solutions/*/*.ipynb"):
        expect(page.get_by_role("row", name=notebook.stem)).to_be_visible()
