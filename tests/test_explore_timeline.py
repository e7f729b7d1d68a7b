"""The explorer of lesson 04: its view against closed forms and the library, its task, its pictures."""

import importlib

import numpy as np
import pandas as pd
import pytest

import ccx
from ccx import plot
from ccx.clv import BetaGeoModel, continuous_rate, iso_value
from ccx.explore._explorer import FOUND, OPEN

from panels import elements, lines, spots

timeline = importlib.import_module("ccx.explore.timeline")


def view(purchases=(9, 17, 26), today=39, week=13):
    return timeline.view({"purchases": list(purchases), "today": today, "week": week})


@pytest.mark.parametrize("purchases, today", [([1], 1), ([9, 17, 26], 39), (range(2, 21, 3), 39), (range(3, 61, 3), 78)])
def test_p_alive_is_the_closed_form(purchases, today):
    """Fader, Hardie and Lee (2005), with the parameters of their Table 2."""
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    x, last = len(purchases), purchases[-1]
    odds = a / (b + x - 1) * ((alpha + today) / (alpha + last)) ** (r + x)
    assert view(purchases, today).numbers["alive"] == pytest.approx(1 / (1 + odds))


def test_purchases_and_money_are_the_librarys():
    model = BetaGeoModel(r=0.243, alpha=4.414, a=0.793, b=2.426)
    past = pd.DataFrame({"frequency": [3], "recency": [26.0], "T": [39.0]})
    found = view().numbers
    assert found["expected"] == pytest.approx(model.expected_purchases(past, 39)[0])
    assert found["value"] == pytest.approx(0.3 * 35 * model.dert(past, continuous_rate(0.15, "W"))[0])


@pytest.mark.parametrize("today", [1, 10, 39, 78])
def test_the_map_is_the_librarys_to_one_per_cent(today):
    weeks = np.linspace(today / 24, today, 24)
    whole = iso_value(timeline.MODEL, timeline.FREQUENCIES, weeks, today, timeline.RATE, 0.3 * 35)
    np.testing.assert_allclose(timeline.values(weeks, today), whole, rtol=0.01)


def test_lines_of_the_map_run_through_customers_worth_that_much():
    model = BetaGeoModel(r=0.243, alpha=4.414, a=0.793, b=2.426)
    for dollars, weeks, purchases in timeline._lines(39):
        # At whole numbers of purchases nothing lies between the places that were computed.
        on_row = np.isclose(purchases, np.round(purchases))
        past = pd.DataFrame({"frequency": purchases[on_row].round(), "recency": weeks[on_row], "T": 39.0})
        worth = 0.3 * 35 * model.dert(past, continuous_rate(0.15, "W"))
        assert len(past) and worth.to_numpy() == pytest.approx(dollars, rel=0.05)


def test_what_happens_in_between_changes_the_path_and_nothing_else():
    """Sufficiency: the end is the same to the last digit, and the sentence too."""
    early, late = view([2, 3, 4, 26]), view([23, 24, 25, 26])
    assert early.numbers == late.numbers
    assert early.text.replace("Weeks of purchases: 2, 3, 4, 26", "") == late.text.replace("Weeks of purchases: 23, 24, 25, 26", "")
    assert not early.curves["path"].reset_index(drop=True).equals(late.curves["path"].reset_index(drop=True))
    assert {scene.curves["path"].iloc[-1] for scene in (early, late)} == {early.numbers["alive"]}


def test_purchases_after_today_tell_nothing_yet():
    assert view([9, 17, 26, 50]).numbers == view().numbers
    assert view([9, 17, 26, 50]).text.replace("Only planned: 50. ", "") == view().text
    assert view([9, 17, 26, 50], today=50).numbers["frequency"] == 4


def test_a_customer_without_a_repeat_purchase():
    scene = view([])
    assert (scene.numbers["alive"], scene.numbers["frequency"], scene.numbers["recency"]) == (1, 0, 0)
    assert scene.text.startswith("0 repeat purchases, and today is week 39.") and len(timeline.draw(scene)) == 2


@pytest.mark.parametrize("today", [1, 2, 39, 78])
@pytest.mark.parametrize("purchases", [[], [1], [78], [9, 17, 26], list(range(1, 21)), list(range(59, 79))])
def test_every_corner_can_be_shown(purchases, today):
    scene = view(purchases, today)
    found = scene.numbers
    assert np.isfinite(list(found.values())).all() and 0 <= found["alive"] <= 1 and found["value"] >= 0 and "nan" not in scene.text
    assert all("nan" not in panel.svg() for panel in timeline.draw(scene))


def test_longer_silence_never_makes_surer():
    alive = [view(today=week).numbers["alive"] for week in range(26, 79, 4)]
    assert alive == sorted(alive, reverse=True) and alive[0] > alive[-1]


# -- placing purchases --------------------------------------------------------------------------------------------


def test_a_click_on_the_line_places_a_purchase_and_a_second_one_takes_it_away():
    explorer = ccx.explore.lifeline()
    explorer.click("line", 12.7, 0.9)
    assert explorer.state["purchases"] == [9, 13, 17, 26] and explorer.scene.numbers["frequency"] == 4
    explorer.click("line", 13.3, 0.1)
    assert explorer.state["purchases"] == [9, 17, 26]


def test_the_button_does_the_same_for_the_week_of_the_slider():
    explorer = ccx.explore.lifeline()
    for expected in ([9, 17, 20, 26], [9, 17, 26]):
        explorer.set(week=20)
        explorer.press("toggle")
        assert explorer.state["purchases"] == expected


def test_no_purchase_before_the_first_and_no_twenty_first():
    assert timeline.toggle({"purchases": []}, -3)["purchases"] == [1]
    full = {"purchases": list(range(1, 21))}
    assert timeline.toggle(full, 30)["purchases"] == full["purchases"] and len(timeline.toggle(full, 20)["purchases"]) == 19
    assert "More than 20 can't be placed" in view(full["purchases"]).text and "More than 20" not in view().text


@pytest.mark.parametrize("last, frequency", [(10, 3), (20, 20), (39, 14), (5, 20), (3, 2)])
def test_what_the_map_places_stands_on_whole_weeks_and_can_be_taken_away_one_by_one(last, frequency):
    state = timeline.place({"today": 39}, last, frequency)
    for left in range(min(frequency, last) - 1, -1, -1):
        state = timeline.toggle(state, state["purchases"][0] + 0.4)
        assert len(state["purchases"]) == left


@pytest.mark.parametrize("clicked, frequency, recency", [((26, 7), 7, 26), ((60, 5.4), 5, 39), ((0, 0), 1, 1), ((20, 20), 20, 20), ((5, 20), 5, 5)])
def test_a_click_on_the_map_shows_the_customer_there(clicked, frequency, recency):
    explorer = ccx.explore.lifeline()
    explorer.click("map", *clicked)
    n = explorer.scene.numbers
    weeks = np.array([0, *explorer.state["purchases"]])
    assert (n["frequency"], n["recency"]) == (frequency, recency) and np.diff(weeks) == pytest.approx(recency / frequency, abs=1) and (np.diff(weeks) > 0).all()


def test_the_steps_do_not_touch_the_state_they_start_from():
    state = {"purchases": [9, 26], "today": 39, "week": 13}
    timeline.toggle(state, 9)
    timeline.place(state, 20, 3)
    assert state == {"purchases": [9, 26], "today": 39, "week": 13}


# -- task and picture ---------------------------------------------------------------------------------------------


def test_the_task_has_an_end():
    """At the start's last purchase and today the expected purchases rise and then fall, as the explorer's numbers show."""
    explorer = ccx.explore.lifeline()
    expected, found = [], []
    for x in range(1, 21):
        explorer.set(purchases=[26 * i / x for i in range(1, x + 1)])
        expected.append(explorer.scene.numbers["expected"])
        found.append(explorer._goal.startswith(FOUND))
    best = int(np.argmax(expected))
    assert 0 < best < 19 and (np.diff(expected[:best + 1]) > 0).all() and (np.diff(expected[best:]) < 0).all()
    assert [i for i, yes in enumerate(found) if yes] == [best]
    # In the two decimals of the sentence nobody else comes as high.
    assert sorted(round(value, 2) for value in expected)[-1] > sorted(round(value, 2) for value in expected)[-2]
    assert ccx.explore.lifeline()._goal == OPEN


def test_summary_says_the_numbers():
    scene = view(range(20, 27))
    n = scene.numbers
    for said in ("7 repeat purchases, the last in week 26", "today is week 39. Weeks of purchases: 20, 21, 22, 23, 24, 25, 26.", f"probability {n['alive']:.0%}",
                 f"{n['expected']:.2f} purchases are expected", f"${n['value']:,.2f}", "$35 a purchase, margin 30%, discount rate 15% a year"):
        assert said in scene.text
    assert view([26]).text.startswith("1 repeat purchase, ")


def test_view_is_pure():
    given = {"purchases": [26, 9], "today": 39, "week": 1}
    first, second = timeline.view(given), timeline.view(given)
    assert given == {"purchases": [26, 9], "today": 39, "week": 1} and first.numbers == second.numbers and first.text == second.text
    pd.testing.assert_series_equal(first.curves["path"], second.curves["path"])


def test_the_drawing_shows_the_purchases_the_path_and_the_place():
    scene = view([9, 17, 26, 50])
    line, chart = timeline.draw(scene)
    [path] = lines(line, plot.ACCENT)
    assert np.array(path) == pytest.approx(np.column_stack([scene.curves["path"].index, scene.curves["path"]]), abs=0.2)
    assert [week for week, _ in spots(line, plot.INK)] == pytest.approx([0, 9, 17, 26, 50], abs=0.2)
    # What has not happened yet is an open circle.
    assert [circle.get("fill") for circle in elements(line, "circle")] == [plot.INK] * 4 + ["#fff"]
    assert spots(chart, plot.ACCENT) == [pytest.approx((26, 3), abs=0.2)] and len(lines(chart, plot.GREY)) == len(scene.curves["lines"])


def test_moving_a_slider_moves_sentence_and_picture():
    explorer = ccx.explore.lifeline()
    before = explorer._frame()["picture"]
    explorer.set(today=66)
    assert explorer.scene.numbers["today"] == 66 and explorer.scene.text == timeline.view(explorer.state).text
    assert explorer._frame()["picture"] != before
    explorer.reset()
    assert explorer._frame()["picture"] == before
