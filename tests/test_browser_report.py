"""The report's page in a real browser: on a phone, on a laptop, on paper, and read by axe."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from ccx.classroom.report import report
from gradebooks import BLANK, LESSON, MEDIAN, NOT_YET, STOPPED, UNREADABLE, UPSIDE_DOWN, course, right

PHONE, LAPTOP, PAPER = ({"width": width, "height": 800} for width in (375, 1280, 718))
HANDED = {
    "ada": {"share": right("share"), "mean": right("mean"), "decide": 4.5}, "bo": {"share": UPSIDE_DOWN, "mean": MEDIAN, "decide": 2},
    "cy": {"share": NOT_YET, "mean": UNREADABLE, "decide": None}, "di": {"share": BLANK, "mean": STOPPED, "decide": 0},
    "a_student_with_an_id_wider_than_a_phone_as_some_platforms_make_them": {"share": right("share"), "mean": NOT_YET, "decide": 1},
}
MENDED = dict.fromkeys(HANDED, ["share: the cell was missing.", "<img src=x onerror=alert(1)>"])


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = course(tmp_path_factory.mktemp("course"), HANDED, mended=MENDED)
    return next(path for path in report(LESSON, root=folder)[0] if path.name == "report.html")


@pytest.fixture
def asked_for():
    """What the page has asked for beside itself."""
    return []


@pytest.fixture(params=[PHONE, LAPTOP], ids=["phone", "laptop"])
def page(request, chromium, written, complaints, asked_for):
    with chromium.new_context(viewport=request.param) as context:
        context.on("console", lambda message: complaints.append(message.text))
        context.on("request", lambda request: asked_for.append(request.url))
        page = context.new_page()
        page.goto(written.as_uri())
        yield page


def test_the_page_never_scrolls_sideways_and_wide_tables_do_in_their_box(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    for box in page.get_by_role("region").all():
        assert box.evaluate("box => box.getBoundingClientRect().right") <= page.viewport_size["width"]
    if page.viewport_size == PHONE:
        wide = page.get_by_role("region", name="Each exercise")
        wide.focus()
        expect(wide).to_be_focused()
        wide.press("ArrowRight")
        page.wait_for_function("box => box.scrollLeft > 0", arg=wide.element_handle())
        # The names of the exercises stay in sight.
        assert wide.get_by_role("rowheader").first.evaluate("cell => cell.getBoundingClientRect().left") >= 0


def test_every_picture_is_drawn_and_described(page):
    pictures = page.get_by_role("img").all()
    assert len(pictures) == 3
    for picture in pictures:
        assert picture.evaluate("async picture => { await picture.decode(); return picture.naturalWidth }") > 0
        assert len(picture.get_attribute("alt")) > 40


def test_axe_finds_nothing(page):
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    scrolled = {"scrollable-region-focusable"} if page.viewport_size == PHONE else set()
    assert {"color-contrast", "image-alt", *scrolled} <= {rule["id"] for rule in found.response["passes"]}


def test_nothing_is_fetched_or_run_and_nothing_complains(page, written, complaints, asked_for):
    assert {url for url in asked_for if not url.startswith("data:")} == {written.as_uri()}
    assert complaints == [] and page.locator("img[onerror]").count() == 0


def test_on_paper_no_column_is_cut_off(chromium, written):
    page = chromium.new_page(viewport=PAPER)
    page.goto(written.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("[...document.querySelectorAll('table')].every(table => table.getBoundingClientRect().right <= innerWidth)")
    page.close()
