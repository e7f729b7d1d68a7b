"""The report's page in a real browser: on a phone, on a laptop, on paper, and read by axe."""

import pytest

from ccx.classroom.report import report
from gradebooks import BLANK, LESSON, MEDIAN, NOT_YET, STOPPED, UNREADABLE, UPSIDE_DOWN, course, right
from pages import PHONE, axe_finds_nothing, fits, is_whole_on_paper, pictures_are_drawn_and_described, scrolls_with_the_keyboard

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


def test_the_page_never_scrolls_sideways_and_wide_tables_do_in_their_box(page):
    fits(page)
    if page.viewport_size == PHONE:
        scrolls_with_the_keyboard(page.get_by_role("region", name="Each exercise"))


def test_every_picture_is_drawn_and_described(page):
    pictures_are_drawn_and_described(page, 3)


def test_axe_finds_nothing(page):
    scrolled = ["scrollable-region-focusable"] if page.viewport_size == PHONE else []
    axe_finds_nothing(page, "image-alt", *scrolled)


def test_nothing_is_fetched_or_run_and_nothing_complains(page, written, complaints, asked_for):
    assert set(asked_for) == {written.as_uri()}
    assert complaints == [] and page.locator("img[onerror]").count() == 0


def test_on_paper_no_column_is_cut_off(chromium, written):
    is_whole_on_paper(chromium, written)
