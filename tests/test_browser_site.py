"""The course to read in a real browser: on a phone and a laptop, with the keyboard, read by axe, and without a network."""

import nbformat
import pytest
from playwright.sync_api import expect

from ccx.classroom.site import write
from ccx.classroom.site.pages import lessons, make
from ccx.classroom.site.run import executed
from lessons import ROOT, bank, leaks
from pages import LAPTOP, PHONE, axe_finds_nothing, is_whole_on_paper

# The two that take the least time; of the others the texts are there, without outputs.
RUN = ("00-start", "03-retention")
PAGES = ("index", "glossary", *RUN)
SIDEWAYS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    paths = lessons(ROOT)
    notebooks = {name: nbformat.read(path, as_version=4) for name, path in paths.items()} | executed({name: paths[name] for name in RUN})
    made = make(ROOT, {name: notebooks[name] for name in paths})
    return {path.stem: path for path in write(tmp_path_factory.mktemp("site") / "site", made)}


@pytest.fixture
def asked_for():
    """What the pages have asked for that is neither a file of the site nor data."""
    return []


@pytest.fixture(params=[PHONE, LAPTOP], ids=["phone", "laptop"])
def screen(request, chromium, complaints, asked_for):
    with chromium.new_context(viewport=request.param, offline=True) as context:
        context.on("console", lambda message: complaints.append(message.text))
        context.on("request", lambda request: request.url.startswith(("file:", "data:")) or asked_for.append(request.url))
        yield context.new_page()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(screen, written, name):
    screen.goto(written[name].as_uri())
    for summary in screen.locator("summary").all():
        summary.click()
    scrolled = ["scrollable-region-focusable"] if screen.viewport_size == PHONE else []
    axe_finds_nothing(screen, "heading-order", "page-has-heading-one", "region", "skip-link", *scrolled)


def test_no_page_scrolls_sideways_and_nothing_is_fetched_or_complains(screen, written, complaints, asked_for):
    for path in written.values():
        screen.goto(path.as_uri())
        assert screen.evaluate(SIDEWAYS), path.name
    assert asked_for == [] and complaints == []


def test_what_is_wider_scrolls_in_its_box_with_the_keyboard(screen, written):
    screen.goto(written["03-retention"].as_uri())
    wide = screen.get_by_role("group", name="Code 5", exact=True)
    # The Tab key comes to it, and the arrow key moves it.
    screen.get_by_role("group", name="Output of code 4", exact=True).focus()
    screen.keyboard.press("Tab")
    expect(wide).to_be_focused()
    assert wide.evaluate("box => getComputedStyle(box).overflowX") == "auto"
    if screen.viewport_size == PHONE:
        wide.press("ArrowRight")
        screen.wait_for_function("box => box.scrollLeft > 0", arg=wide.element_handle())
    unreached = "[...document.querySelectorAll('main *')].filter(box => box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX == 'auto' && box.tabIndex != 0)"
    assert screen.evaluate(f"{unreached}.length") == 0


def test_the_keyboard_skips_to_the_text_and_goes_from_lesson_to_lesson(screen, written):
    screen.goto(written["index"].as_uri())
    screen.keyboard.press("Tab")
    expect(screen.get_by_role("link", name="Skip to the text")).to_be_focused()
    screen.keyboard.press("Enter")
    screen.keyboard.press("Tab")
    expect(screen.locator("main :focus")).to_have_count(1)
    screen.get_by_role("link", name="00 ·").click()
    for name in list(written)[2:4]:
        screen.get_by_role("navigation", name="Previous and next lesson").locator(".next a").press("Enter")
        screen.wait_for_url(written[name].as_uri())


def test_every_picture_is_drawn_and_described(screen, written):
    for name in RUN:
        screen.goto(written[name].as_uri())
        for picture in screen.locator("img").all():
            # Those of frames that nobody has asked for are drawn too, and not shown.
            assert picture.evaluate("async picture => { await picture.decode(); return picture.naturalWidth }") > 0
        for picture in screen.get_by_role("img").all():
            assert len(picture.get_attribute("alt") or picture.get_attribute("aria-label")) > 30
        [still] = screen.locator(".panels:visible").all()
        assert all(picture.bounding_box()["width"] > 180 for picture in still.locator("img").all())


def test_an_explorer_moves_with_the_keyboard_and_says_where_it_is(screen, written):
    screen.goto(written["03-retention"].as_uri())
    group = screen.get_by_role("group", name="Move one control at a time")
    above, *buttons = group.get_by_role("radio").all()
    expect(above).to_be_checked()
    expect(group.get_by_role("img")).to_have_count(0)
    above.focus()
    seen = []
    for button in buttons:
        screen.keyboard.press("ArrowDown")
        expect(button).to_be_checked()
        expect(group.get_by_role("img")).to_have_count(1)
        seen.append(group.locator("figcaption:visible").inner_text())
        assert group.get_by_role("img").get_attribute("aria-label") == seen[-1] and screen.evaluate(SIDEWAYS)
    assert len({*seen}) == len(buttons) > 8 and len(group.get_by_role("radio", name="Mean churn").all()) == 5
    screen.keyboard.press("ArrowDown")
    expect(group.get_by_role("img")).to_have_count(0)


def test_formulas_are_drawn(screen, written):
    screen.goto(written["03-retention"].as_uri())
    boxes = [formula.bounding_box() for formula in screen.locator("math").all()]
    assert len(boxes) > 50 and all(box["width"] > 4 and box["height"] > 4 for box in boxes)
    # A fraction stands over its denominator: the browser has read the markup as mathematics.
    over, under = (part.bounding_box() for part in screen.locator("mfrac").first.locator("> *").all())
    assert over["y"] + over["height"] <= under["y"] + 1


def test_no_right_answer_is_to_be_read(screen, written):
    for name in RUN:
        screen.goto(written[name].as_uri())
        asked = [exercise for exercise in bank(name).exercises.values() if exercise.points]
        said = "\n".join(box.inner_text() for box in screen.locator(".output, .turn").all())
        assert not leaks(said, asked) and "BEGIN SOLUTION" not in screen.content()


def test_on_paper_no_line_is_cut_off(chromium, written):
    is_whole_on_paper(chromium, written["03-retention"])
