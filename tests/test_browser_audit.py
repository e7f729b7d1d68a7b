"""The page of the customer-base audit in a real browser: on a phone, on a laptop, on paper, and read by axe."""

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import ccx

PHONE, LAPTOP, PAPER = ({"width": width, "height": 800} for width in (375, 1280, 718))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """By month, so that there are wide tables, with rows set aside and a name wider than a phone."""
    log = ccx.load("company").rename(columns={"customer_id": "a_column_whose_name_is_wider_than_a_phone_as_some_programs_make_them"})
    odd = log.iloc[:3].assign(date=pd.NaT)
    return ccx.audit(pd.concat([log, odd]), customer_id=log.columns[0], margin="margin", period="M").report(tmp_path_factory.mktemp("audit") / "page.html")


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
    wide = page.get_by_role("region", name="Revenue by cohort")
    wide.focus()
    expect(wide).to_be_focused()
    wide.press("ArrowRight")
    page.wait_for_function("box => box.scrollLeft > 0", arg=wide.element_handle())
    # The names of the cohorts stay in sight.
    assert wide.get_by_role("rowheader").first.evaluate("cell => cell.getBoundingClientRect().left") >= 0


def test_every_picture_is_drawn_and_described(page):
    pictures = page.get_by_role("img").all()
    assert len(pictures) == 12
    for picture in pictures:
        assert picture.evaluate("async picture => { await picture.decode(); return picture.naturalWidth }") > 0
        assert len(picture.get_attribute("alt")) > 60


def test_axe_finds_nothing(page):
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert {"color-contrast", "image-alt", "heading-order", "scrollable-region-focusable"} <= {rule["id"] for rule in found.response["passes"]}


def test_nothing_is_fetched_or_run_and_nothing_complains(page, written, complaints, asked_for):
    assert {url for url in asked_for if not url.startswith("data:")} == {written.as_uri()} and complaints == []


def test_on_paper_no_column_of_a_usual_report_is_cut_off(chromium, tmp_path):
    """By quarter; two years of months fill more than a page's width in any print."""
    page = chromium.new_page(viewport=PAPER)
    page.goto(ccx.audit(ccx.load("company"), margin="margin").report(tmp_path / "page.html").as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("[...document.querySelectorAll('table')].every(table => table.getBoundingClientRect().right <= innerWidth)")
    page.close()
