"""The explorer of lesson 04: its view against closed forms and the library, its task, its pictures."""

import importlib
import itertools

import numpy as np
import pandas as pd
import pytest

import ccx
from ccx import plot
from ccx.clv import BetaGeoModel, continuous_rate

timeline = importlib.import_module("ccx.explore.timeline")
START = {"frequency": 3, "last": 26, "silence": 13, "shift": 0}


def state(**changed):
    return {**START, **changed}


def numbers(**changed):
    return timeline.view(state(**changed)).numbers


@pytest.fixture
def controls():
    return {control.name: control for control in ccx.explore.lifeline()._controls}


@pytest.mark.parametrize("x, last, silence", [(1, 1, 0), (2, 26, 13), (7, 20, 19), (20, 60, 52)])
def test_p_alive_is_the_closed_form(x, last, silence):
    """Fader, Hardie and Lee (2005), with the parameters of their Table 2."""
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    odds = a / (b + x - 1) * ((alpha + last + silence) / (alpha + last)) ** (r + x)
    assert numbers(frequency=x, last=last, silence=silence)["alive"] == pytest.approx(1 / (1 + odds))


def test_purchases_and_money_are_the_librarys():
    model = BetaGeoModel(r=0.243, alpha=4.414, a=0.793, b=2.426)
    past = pd.DataFrame({"frequency": [7], "recency": [26.0], "T": [39.0]})
    found = numbers(frequency=7)
    assert found["expected"] == pytest.approx(model.expected_purchases(past, 39)[0])
    assert found["value"] == pytest.approx(0.3 * 35 * model.dert(past, continuous_rate(0.15, "W"))[0])


def test_what_happens_in_between_changes_the_path_and_nothing_else():
    """Sufficiency: the end is the same to the last digit, and the sentence too."""
    early, even, late = (timeline.view(state(frequency=6, shift=shift)) for shift in (-1, 0, 1))
    assert early.numbers == even.numbers == late.numbers and early.text == late.text
    assert early.curves["purchases"].mean() < even.curves["purchases"].mean() < late.curves["purchases"].mean()
    assert not early.curves["path"].reset_index(drop=True).equals(late.curves["path"].reset_index(drop=True))
    assert {scene.curves["path"].iloc[-1] for scene in (early, even, late)} == {even.numbers["alive"]}


def test_a_list_of_purchases_says_the_same_as_the_sliders():
    """In any order: the picture will be clicked together one day."""
    placed = timeline.view({"purchases": [26, 3, 11], "now": 39})
    assert placed.numbers == numbers() and placed.text == timeline.view(START).text
    assert placed.curves["purchases"].tolist() == [3, 11, 26]


def test_a_customer_without_a_repeat_purchase():
    scene = timeline.view({"purchases": [], "now": 39})
    assert (scene.numbers["alive"], scene.numbers["frequency"], scene.numbers["recency"]) == (1, 0, 0)
    assert scene.text.startswith("0 repeat purchases, and today is week 39.") and timeline.draw(scene).has_data()


def test_every_corner_of_the_sliders_can_be_shown(controls):
    ends = [(control.low, control.high) for control in controls.values()]
    for corner in itertools.product(*ends):
        scene = timeline.view(dict(zip(controls, corner)))
        found = scene.numbers
        assert np.isfinite(list(found.values())).all() and 0 <= found["alive"] <= 1 and found["value"] >= 0 and "nan" not in scene.text
        purchases = scene.curves["purchases"]
        assert len(purchases) == found["frequency"] and (np.diff(purchases) > 0).all()
        assert 0 < purchases[0] and purchases[-1] == found["recency"] <= found["now"]
        assert timeline.draw(scene).has_data()


def test_longer_silence_never_makes_surer():
    alive = [numbers(silence=weeks)["alive"] for weeks in range(0, 53, 4)]
    assert alive == sorted(alive, reverse=True) and alive[0] > alive[-1]


def test_the_task_has_an_end(controls):
    """At the start's last purchase and silence the expected purchases rise and then fall, as the explorer's numbers show."""
    stops = range(int(controls["frequency"].low), int(controls["frequency"].high) + 1)
    expected = [numbers(frequency=x)["expected"] for x in stops]
    best = int(np.argmax(expected))
    assert 0 < best < len(expected) - 1 and (np.diff(expected[:best + 1]) > 0).all() and (np.diff(expected[best:]) < 0).all()
    # In the two decimals of the sentence nobody else comes as high.
    assert sorted(round(value, 2) for value in expected)[-1] > sorted(round(value, 2) for value in expected)[-2]
    for name, said in (("last", "week 26"), ("silence", "13 weeks")):
        assert said in timeline.TASK and str(int(controls[name].start)) in said
    assert controls["frequency"].start - 1 != best


def test_summary_says_the_numbers():
    scene = timeline.view(state(frequency=7))
    n = scene.numbers
    for said in ("7 repeat purchases, the last in week 26", "today is week 39", f"probability {n['alive']:.0%}",
                 f"{n['expected']:.2f} purchases are expected", f"${n['value']:,.2f}", "$35 a purchase, margin 30%, discount rate 15% a year"):
        assert said in scene.text
    assert timeline.view(state(frequency=1)).text.startswith("1 repeat purchase, ")


def test_view_is_pure():
    given = state(shift=0.3)
    first, second = timeline.view(given), timeline.view(given)
    assert given == state(shift=0.3) and first.numbers == second.numbers and first.text == second.text
    pd.testing.assert_series_equal(first.curves["path"], second.curves["path"])


def test_the_drawing_shows_the_purchases_the_path_and_the_place():
    scene = timeline.view(state(frequency=5))
    left, right = timeline.draw(scene).figure.axes
    [path] = left.lines
    np.testing.assert_array_equal(path.get_ydata(), scene.curves["path"])
    assert [segment[0, 0] for segment in left.collections[0].get_segments()] == [0, *scene.curves["purchases"]]
    assert right.lines[0].get_xydata().tolist() == [[26, 5]]


@pytest.mark.parametrize("frequency, last, silence", [(1, 1, 0), (3, 26, 13), (7, 26, 13), (20, 60, 52), (20, 60, 0)])
def test_no_words_are_clipped_or_overlap(frequency, last, silence):
    scene = timeline.view(state(frequency=frequency, last=last, silence=silence))
    figure = plot.describe(timeline.draw(scene), scene.text).figure
    figure.draw_without_rendering()
    for ax in figure.axes:
        words = [text for text in (ax.xaxis.label, ax.yaxis.label, *(ax.get_title(loc="left") and [ax._left_title])) if text.get_text()]
        boxes = [text.get_window_extent() for text in words]
        assert all(box.x0 > -2 and box.x1 < figure.bbox.x1 + 2 and box.y1 < figure.bbox.y1 + 2 and box.y0 > -2 for box in boxes)
    left, right = (ax._left_title.get_window_extent() for ax in figure.axes)
    assert left.x1 < right.x0


def test_moving_a_slider_moves_sentence_and_picture():
    explorer = ccx.explore.lifeline()
    before = explorer._picture.value
    explorer.widgets["silence"].value = 40
    assert explorer.scene.numbers["now"] == 66 and explorer.scene.text == timeline.view(explorer.state).text
    assert explorer._picture.value != before and f'alt="{explorer.scene.text}"' in explorer._picture.value
    explorer._reset.click()
    assert explorer._picture.value == before
