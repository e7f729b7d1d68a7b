"""What every page that ccx writes is tried for in a browser: on a phone, on a laptop, on paper, and read by axe."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

PHONE, LAPTOP, PAPER = ({"width": width, "height": 800} for width in (375, 1280, 718))
CUT_OFF = "[...document.querySelectorAll('pre, table')].filter(box => box.getBoundingClientRect().right > innerWidth).length"


def fits(page):
    """The page never scrolls sideways, and neither does what scrolls by itself stand out."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    for box in page.get_by_role("region").all():
        assert box.evaluate("box => box.getBoundingClientRect().right") <= page.viewport_size["width"]


def scrolls_with_the_keyboard(box):
    """And the names of the rows stay in sight, to the far end."""
    box.focus()
    expect(box).to_be_focused()
    box.press("ArrowRight")
    box.page.wait_for_function("box => box.scrollLeft > 0", arg=box.element_handle())
    box.evaluate("box => box.scrollLeft = 10000")
    assert box.get_by_role("rowheader").first.evaluate("cell => cell.getBoundingClientRect().left") >= 0


def pictures_are_drawn_and_described(page, number, letters=40):
    pictures = page.get_by_role("img").all()
    assert len(pictures) == number
    for picture in pictures:
        assert picture.evaluate("async picture => { await picture.decode(); return picture.naturalWidth }") > 0
        assert len(picture.get_attribute("alt")) > letters


def axe_finds_nothing(page, *rules):
    """And it has looked at these, besides contrast."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert {"color-contrast", *rules} <= {rule["id"] for rule in found.response["passes"]}


def is_whole_on_paper(chromium, path):
    page = chromium.new_page(viewport=PAPER)
    page.goto(path.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate(CUT_OFF) == 0
    page.close()
