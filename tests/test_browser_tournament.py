"""The leader-board of a tournament in a real browser: on a phone, on a laptop, on paper, and read by axe."""

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe

from ccx.classroom.tournament.entries import Entry
from ccx.classroom.tournament.page import page as written
from ccx.classroom.tournament.run import Outcome
from ccx.market import ecology

PHONE, LAPTOP, PAPER = ({"width": width, "height": 800} for width in (375, 1280, 718))
NAMES = ["ada", "a_student_with_an_id_wider_than_a_phone_as_some_platforms_make_them", "<img src=x onerror=alert(1)>", "house: marginal", "house: do-nothing"]
LEAGUE = pd.DataFrame({"equity": [1210.5, 1100, 1000, 980, 470], "error": 12.3, "spread": 250.0, "worst": 100.0, "won": 0.5, "games": 60, "forfeits": [0, 3, 480, 0, 0],
                       "reason": ["", "x" * 200, "The strategy stopped with <script>alert(1)</script>", "", ""], "house": [False] * 3 + [True] * 2, "share": [1.0, 0, 0, 0, 0]}, index=NAMES)
OUTCOME = Outcome("a term", 7, LEAGUE.rename_axis("strategy"), ecology(pd.DataFrame([[2.0] * 5, *[[1.0] * 5] * 4], NAMES, NAMES)), [Entry("eve", problem="eve.py is <i>no</i> file.")])


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "leader-board.html"
    path.write_text(written(OUTCOME, {name: name for name in NAMES}), encoding="utf-8")
    return path


@pytest.fixture
def asked_for():
    return []


@pytest.fixture(params=[PHONE, LAPTOP], ids=["phone", "laptop"])
def page(request, chromium, path, complaints, asked_for):
    with chromium.new_context(viewport=request.param) as context:
        context.on("console", lambda message: complaints.append(message.text))
        context.on("request", lambda request: asked_for.append(request.url))
        page = context.new_page()
        page.goto(path.as_uri())
        yield page


def test_the_page_never_scrolls_sideways_and_the_table_does_in_its_box(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    box = page.get_by_role("region", name="Leader-board")
    assert box.evaluate("box => box.getBoundingClientRect().right") <= page.viewport_size["width"]
    if page.viewport_size == PHONE:
        box.focus()
        box.press("End")
        box.evaluate("box => box.scrollLeft = 10000")
        # The names stay in sight.
        assert box.get_by_role("rowheader").first.evaluate("cell => cell.getBoundingClientRect().left") >= 0


def test_axe_finds_nothing(page):
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert {"color-contrast", "image-alt"} <= {rule["id"] for rule in found.response["passes"]}


def test_nothing_is_fetched_or_run_and_every_picture_is_drawn(page, path, complaints, asked_for):
    for picture in page.get_by_role("img").all():
        assert picture.evaluate("async picture => { await picture.decode(); return picture.naturalWidth }") > 0
    assert {url for url in asked_for if not url.startswith("data:")} == {path.as_uri()}
    assert complaints == [] and page.locator("img[onerror], script").count() == 0 and page.get_by_role("img").count() == 2


def test_on_paper_no_column_is_cut_off(chromium, path):
    page = chromium.new_page(viewport=PAPER)
    page.goto(path.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("[...document.querySelectorAll('table')].every(table => table.getBoundingClientRect().right <= innerWidth)")
    page.close()
