"""The course in a real browser: JupyterLab as `ccx lab` starts it, one server for all tests here."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect, sync_playwright

from lessons import ROOT, solved

LESSON = "02-heterogeneity/02-heterogeneity.ipynb"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]
# JupyterLab's own: a tab opened before another has settled its name is given a new name and goes on.
NOISE = "Window name candidate"
# A slow machine is no defect: nothing here asks how fast it is, and only what never comes is given up.
PATIENCE = 120
expect.set_options(timeout=PATIENCE * 1000)


# The course, its server and the browser


@pytest.fixture(scope="module")
def chromium():
    program = shutil.which("chromium")
    if not program:
        # Where tests run unattended a skipped test would look like a passed one.
        give_up = pytest.fail if os.environ.get("CI") else pytest.skip
        give_up("there is no program called chromium; Debian has it in its package chromium")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=CHROMIUM)


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
def server(chromium, course, tmp_path_factory):
    """The URL that `ccx lab` prints where there is no display, until the tests are done."""
    own = tmp_path_factory.mktemp("jupyter")
    log = own / "log.txt"
    command = [sys.executable, "-m", "ccx.cli", "lab", "--", "--port", str(free_port())]
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=course, env=without_display(own), stdout=output, stderr=subprocess.STDOUT)
    try:
        yield printed_url(process, log)
    finally:
        # Told to terminate, the server ends its kernels before it goes.
        process.terminate()
        process.wait(PATIENCE)


def free_port():
    with socket.create_server(("localhost", 0)) as listener:
        return listener.getsockname()[1]


def without_display(folder):
    """An environment without a display, and without the settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**kept, **{name: str(folder) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}}


def printed_url(process, log):
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        if found := re.search(r"one of these URLs:\s+(http://\S+)", log.read_text()):
            return found[1]
        time.sleep(0.1)
    pytest.fail(f"ccx lab printed no URL:\n{log.read_text()}")


@pytest.fixture(scope="module")
def complaints():
    """What the browser's console has said in red."""
    return []


@pytest.fixture(scope="module")
def laptop(chromium, server, complaints):
    """A browser of a laptop's size that has opened the printed URL and so is logged in."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE * 1000)
    context.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    context.on("weberror", lambda failure: complaints.append(str(failure.error)))
    context.new_page().goto(server)
    return context


@pytest.fixture(autouse=True)
def quiet_console(laptop, complaints):
    yield
    heard, complaints[:] = complaints[:], []
    assert [text for text in heard if NOISE not in text] == []


@pytest.fixture(scope="module")
def lesson(laptop, server):
    """Lesson 02 as a student finds it, with all its cells run."""
    page = open_notebook(laptop, server, f"lessons/{LESSON}")
    for name in ("Run", "Run All Cells"):
        page.get_by_role("menuitem", name=name, exact=True).click()
    # A cell gets its number when it has run; one that raised without leave would keep the rest from running.
    expect(page.locator(".jp-CodeCell .jp-InputPrompt").last).to_have_text(re.compile(r"\[\d+\]"))
    return page


def open_notebook(laptop, server, path):
    page = laptop.new_page()
    # With `reset` JupyterLab does not bring back what an earlier test had open.
    page.goto(f"{origin(server)}/lab/tree/{path}?reset")
    # Cells that are run before the kernel is up are lost.
    page.get_by_text("| Idle").wait_for()
    return page


def origin(url):
    return url.split("/lab")[0]


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
    figures = lesson.locator(".jp-OutputArea-output img").all()
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


# A student moves the explorer


@pytest.fixture
def explorer(lesson):
    explorer = lesson.locator(".jp-OutputArea-output .widget-vbox")
    # Where its widgets are missing JupyterLab shows the picture alone.
    expect(explorer.get_by_role("slider")).to_have_count(2)
    return explorer


def test_explorer_follows_the_keyboard(explorer):
    likeness, purchases = explorer.get_by_role("slider").all()
    pictures = {press(likeness, "End", explorer, "r = 100 and"),
                press(likeness, "ArrowLeft", explorer, "r = 89.1 and"),
                press(purchases, "Home", explorer, "on average 0.2 per customer")}
    assert len(pictures) == 3


def test_reset_puts_the_explorer_back(explorer):
    likeness, _ = explorer.get_by_role("slider").all()
    pictures = []
    for key, words in [("Home", "r = 0.1 and"), ("End", "r = 100 and")]:
        press(likeness, key, explorer, words)
        explorer.get_by_role("button", name="Reset").click()
        pictures.append(shown(explorer, "r = 0.398 and on average 3 per"))
    assert pictures[0] == pictures[1]


def press(slider, key, explorer, words):
    slider.press(key)
    return shown(explorer, words)


def shown(explorer, words):
    """The picture, as soon as both the sentence and the picture's text alternative say these words."""
    picture = explorer.get_by_role("img")
    expect(explorer.get_by_role("status")).to_contain_text(words)
    expect(picture).to_have_attribute("alt", re.compile(re.escape(words)))
    return picture.get_attribute("src")


# A student validates


def test_validate_says_in_a_sentence_what_is_missing(lesson):
    result = validate(lesson)
    assert "Nothing here yet: put your answer in place of the three dots" in result
    assert "Your function returns nothing: does it end with a return?" in result
    assert "Traceback" not in result


def test_validate_praises_the_solved_lesson(laptop, server):
    page = open_notebook(laptop, server, f"solved/{Path(LESSON).name}")
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
    assert page.goto(f"{origin(server)}/formgrader").ok
    for notebook in ROOT.glob("solutions/*/*.ipynb"):
        expect(page.get_by_role("row", name=notebook.stem)).to_be_visible()
