"""The leader-board of a tournament in a real browser: on a phone, on a laptop, on paper, and read by axe."""

import pandas as pd
import pytest

from ccx.classroom.tournament.entries import Entry
from ccx.classroom.tournament.page import page
from ccx.classroom.tournament.run import Outcome
from ccx.market import ecology
from pages import PHONE, axe_finds_nothing, fits, is_whole_on_paper, pictures_are_drawn_and_described, scrolls_with_the_keyboard

NAMES = ["ada", "a_student_with_an_id_wider_than_a_phone_as_some_platforms_make_them", "<img src=x onerror=alert(1)>", "house: marginal", "house: do-nothing"]
LEAGUE = pd.DataFrame({"equity": [1210.5, 1100, 1000, 980, 470], "error": 12.3, "spread": 250.0, "worst": 100.0, "won": 0.5, "games": 60, "forfeits": [0, 3, 480, 0, 0],
                       "reason": ["", "x" * 200, "The strategy stopped with <script>alert(1)</script>", "", ""], "house": [False] * 3 + [True] * 2, "share": [1.0, 0, 0, 0, 0]}, index=NAMES)
OUTCOME = Outcome("a term", 7, LEAGUE.rename_axis("strategy"), ecology(pd.DataFrame([[2.0] * 5, *[[1.0] * 5] * 4], NAMES, NAMES)), [Entry("eve", problem="eve.py is <i>no</i> file.")])


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "leader-board.html"
    path.write_text(page(OUTCOME, {name: name for name in NAMES}), encoding="utf-8")
    return path


def test_the_page_never_scrolls_sideways_and_the_table_does_in_its_box(page):
    fits(page)
    if page.viewport_size == PHONE:
        scrolls_with_the_keyboard(page.get_by_role("region", name="Leader-board"))


def test_every_picture_is_drawn_and_described(page):
    pictures_are_drawn_and_described(page, 2)


def test_axe_finds_nothing(page):
    axe_finds_nothing(page, "image-alt")


def test_nothing_is_fetched_or_run_and_nothing_complains(page, written, complaints, asked_for):
    assert set(asked_for) == {written.as_uri()}
    assert complaints == [] and page.locator("img[onerror], script").count() == 0


def test_on_paper_no_column_is_cut_off(chromium, written):
    is_whole_on_paper(chromium, written)
