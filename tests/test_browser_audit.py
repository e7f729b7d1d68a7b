"""The page of the customer-base audit in a real browser: on a phone, on a laptop, on paper, and read by axe."""

import pandas as pd
import pytest

import ccx
from pages import axe_finds_nothing, fits, is_whole_on_paper, pictures_are_drawn_and_described, scrolls_with_the_keyboard


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """By month, so that there are wide tables, with rows set aside and a name wider than a phone."""
    log = ccx.load("company").rename(columns={"customer_id": "a_column_whose_name_is_wider_than_a_phone_as_some_programs_make_them"})
    odd = log.iloc[:3].assign(date=pd.NaT)
    return ccx.audit(pd.concat([log, odd]), customer_id=log.columns[0], margin="margin", period="M").report(tmp_path_factory.mktemp("audit") / "page.html")


def test_the_page_never_scrolls_sideways_and_wide_tables_do_in_their_box(page):
    fits(page)
    scrolls_with_the_keyboard(page.get_by_role("region", name="Revenue by cohort"))


def test_every_picture_is_drawn_and_described(page):
    pictures_are_drawn_and_described(page, 12, letters=60)


def test_axe_finds_nothing(page):
    axe_finds_nothing(page, "image-alt", "heading-order", "scrollable-region-focusable")


def test_nothing_is_fetched_or_run_and_nothing_complains(page, written, complaints, asked_for):
    assert set(asked_for) == {written.as_uri()} and complaints == []


def test_on_paper_no_column_of_a_usual_report_is_cut_off(chromium, tmp_path):
    """By quarter; two years of months fill more than a page's width in any print."""
    is_whole_on_paper(chromium, ccx.audit(ccx.load("company"), margin="margin").report(tmp_path / "page.html"))
