"""The feedback page in a real browser: on a telephone and a laptop, read by axe, printed, and with everything hostile in it that a student can write."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from playwright.sync_api import expect

from ccx.plot import plot_lorenz, show
from classroom.test_feedback import find, graded, html
from classroom.test_markup import HOSTILE
from pages import LAPTOP, PHONE, axe_finds_nothing

SCREENS = {"phone": PHONE, "laptop": LAPTOP}
WIDE = "".join(f"<td>column_number_{i}</td>" for i in range(30))
SCRIPT = "<script>document.title = 'stolen'</script><img src='https://example.org/x.png'><img src=x onerror=\"document.title = 'stolen'\">"


def full():
    """A graded notebook with everything that is wide, and everything that is hostile."""
    nb = graded("Turn it round: " + "averylongword" * 20, half={"score": 2.0}, third={"score": 0.0})
    find(nb, "half-answer").source = f"half = ({' + '.join(['1'] * 100)}) / 200  # a comment\ndef twice(x):\n    \"\"\"Twice.\"\"\"\n    return ['a', 2]"
    find(nb, "half-answer").metadata.nbgrader.comment = "# Well done\n\nSee `below`:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\n" + "x" * 300 + "\n```"
    find(nb, "half-answer").outputs = [
        new_output("display_data", data={"text/html": show(plot_lorenz([1, 2, 3]), "A caption.").data}),
        new_output("stream", name="stdout", text="wide " * 200),
        new_output("execute_result", data={"text/html": f"<table><tr><th></th><th>a</th></tr><tr>{WIDE}</tr></table>"}),
        new_output("error", ename="NameError", evalue="", traceback=[])]
    find(nb, "decide").source = "# A heading\n\n###### Another\n\n" + "\n\n".join(HOSTILE)
    nb.cells += [new_code_cell(text, outputs=[new_output("display_data", data={"text/html": text})]) for text in HOSTILE]
    nb.cells.append(new_markdown_cell("\n\n".join(HOSTILE)))
    return nb


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    file = tmp_path_factory.mktemp("feedback") / "lesson.html"
    file.write_text(html(full(), 3, 7, 1.5), encoding="utf-8")
    return file


@pytest.fixture(params=SCREENS)
def page(chromium, file, request):
    """The page, opened and unfolded; what it asks for beside itself and what the browser says of it is noted."""
    page = chromium.new_page(viewport=SCREENS[request.param])
    page.asked, page.said = [], []
    page.on("request", lambda asked: page.asked.append(asked))
    page.on("console", lambda message: page.said.append(message.text))
    page.goto(file.as_uri())
    page.get_by_text("Your other cells").click()
    yield page
    page.close()


def elsewhere(page):
    """What the page has asked for beside itself and the pictures that it carries."""
    return [asked for asked in page.asked if not asked.url.startswith("data:") and asked.url != page.url]


def test_nothing_is_fetched_nothing_runs_and_the_browser_has_nothing_to_complain_of(page):
    expect(page).to_have_title("Feedback · 77 · Shares")
    assert page.locator("details[open]").count() == 1
    assert elsewhere(page) == [] and page.said == []


def test_what_came_into_the_page_all_the_same_would_not_run_and_not_be_fetched(page, file, tmp_path):
    forged = tmp_path / "forged.html"
    forged.write_text(file.read_text(encoding="utf-8").replace("<main>", f"<main>{SCRIPT}"), encoding="utf-8")
    page.asked = []
    page.goto(forged.as_uri())
    page.wait_for_load_state("networkidle")
    expect(page).to_have_title("Feedback · 77 · Shares")
    assert [asked.failure for asked in elsewhere(page)] == ["csp", "csp"]


def test_the_page_is_styled_by_its_own_sheet(page):
    """The fingerprint in the policy is that of the sheet: otherwise the browser would leave it out."""
    assert page.locator(".verdict").first.evaluate("node => getComputedStyle(node).borderLeftWidth") == "4px"


def test_it_is_never_wider_than_the_screen_and_what_is_wider_scrolls_by_itself(page):
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    inside = "node => [node.scrollWidth > node.clientWidth, getComputedStyle(node).overflowX, node.getBoundingClientRect().right <= innerWidth, node.tabIndex]"
    for box in (page.locator("#half pre").first, page.locator("#half .output pre").first, page.locator("#half .output .scroll"), page.locator("#half .comment pre")):
        assert box.evaluate(inside) == [True, "auto", True, 0]
    assert page.locator("#half img").evaluate("node => node.naturalWidth > 0 && node.getBoundingClientRect().right <= innerWidth")


def test_axe_finds_nothing(page):
    axe_finds_nothing(page, "heading-order", "image-alt", "page-has-heading-one", "scrollable-region-focusable")


def test_headings_lead_to_every_exercise(page):
    levels = [int(heading.evaluate("node => node.tagName[1]")) for heading in page.get_by_role("heading").all()]
    assert levels[0] == 1 and levels.count(1) == 1 and all(after <= before + 1 for before, after in zip(levels, levels[1:]))
    for link in page.locator(".overview a").all():
        section = page.locator(link.get_attribute("href"))
        expect(section.get_by_role("heading", level=2)).to_have_text(link.text_content())


def test_in_print_every_line_is_to_be_seen(page):
    page.emulate_media(media="print")
    for box in page.locator("pre").all():
        assert box.evaluate("node => node.scrollWidth <= node.clientWidth && node.scrollHeight <= node.clientHeight + 1")
