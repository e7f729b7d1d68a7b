"""The shell of the explorers without a browser, and lesson 02's view against closed forms and simulation."""

import importlib
import json
import logging
import re
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from scipy import special, stats

import ccx
from ccx.explore._explorer import FAILED, FOUND, OPEN, Button, Explorer, Scene, Slider
from ccx.explore._picture import Axis, Panel

from panels import words

wildness = importlib.import_module("ccx.explore.heterogeneity")


def numbers(r, mean):
    return wildness.view({"r": r, "mean": mean}).numbers


@pytest.fixture
def sliders():
    return ccx.explore.wildness()._sliders


# -- the view -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mean", [0.2, 1, 3, 12])
def test_gini_of_customers_who_are_all_alike(mean):
    """Limiting case r → ∞: the Poisson's Gini, exp(−2m) (I₀(2m) + I₁(2m)) (Ramasubban 1958, Biometrika 45)."""
    assert numbers(1e7, mean)["gini"] == pytest.approx(special.ive(0, 2 * mean) + special.ive(1, 2 * mean), abs=1e-6)


@pytest.mark.parametrize("mean", [0.2, 1, 3, 12])
def test_gini_of_geometric_purchases(mean):
    """Closed form at r = 1: with q = m / (1 + m), E|X − Y| = 2q / (1 − q²), so the Gini is 1 / (1 + q)."""
    assert numbers(1, mean)["gini"] == pytest.approx(1 / (1 + mean / (1 + mean)), abs=1e-9)


@pytest.mark.parametrize("r, mean", [(0.1, 12), (0.1, 0.2), (0.4, 3), (2, 12), (100, 1)])
def test_shares_agree_with_a_large_simulated_market(r, mean):
    """Within Monte-Carlo error, from the spread of ten markets of 200,000."""
    rng = np.random.default_rng(1)
    markets = [rng.poisson(rng.gamma(r, mean / r, 200_000)) for _ in range(10)]
    for name, measure in (("top_share", ccx.top_share), ("gini", ccx.gini)):
        found = np.array([measure(market) for market in markets])
        assert numbers(r, mean)[name] == pytest.approx(found.mean(), abs=5 * found.std() / np.sqrt(9) + 1e-9)


@pytest.mark.parametrize("r, mean", [(0.1, 12), (0.4, 3), (2, 7.5), (100, 5), (100, 0.2)])
def test_shares_of_customers_agree_with_closed_form_and_scipy(r, mean):
    """Nothing: (alpha / (alpha + 1))^r. Near the average: SciPy's gamma from 0.8 to 1.2 times its mean."""
    alpha = r / mean
    assert numbers(r, mean)["nothing"] == pytest.approx((alpha / (alpha + 1)) ** r)
    low, high = stats.gamma(r, scale=1 / alpha).cdf([0.8 * mean, 1.2 * mean])
    assert numbers(r, mean)["near_average"] == pytest.approx(high - low, abs=1e-9)


def test_no_customers_are_lost_in_the_tail():
    """The drawn distribution holds all customers and all purchases, at the wildest setting too."""
    curves = wildness.view({"r": 0.1, "mean": 12}).curves
    assert curves["share"].sum() == pytest.approx(1, abs=1e-6)
    assert curves["share"] @ curves["x"] == pytest.approx(12, abs=1e-4)


def test_view_is_pure():
    state = {"r": 0.7, "mean": 2.0}
    first, second = wildness.view(state), wildness.view(state)
    assert state == {"r": 0.7, "mean": 2.0}
    assert first.numbers == second.numbers and first.text == second.text and first.curves.keys() == second.curves.keys()
    for name in first.curves:
        np.testing.assert_array_equal(first.curves[name], second.curves[name])


def test_every_setting_gives_finite_numbers_within_bounds(sliders):
    """All of r's stops, with every twentieth of the mean's; all of the mean's at the two ends of r."""
    r, mean = np.array(sliders["r"].stops()), np.array(sliders["mean"].stops())
    settings = [(a, b) for a in r for b in mean[::20]] + [(a, b) for a in r[[0, -1]] for b in mean]
    for setting in settings:
        scene = wildness.view(dict(zip(("r", "mean"), setting)))
        shares = np.array([scene.numbers[name] for name in ("gini", "top_share", "near_average", "nothing")])
        assert np.isfinite(shares).all() and (shares >= 0).all() and (shares <= 1 + 1e-12).all(), setting
        assert shares[1] > 0.2 and "nan" not in scene.text, setting


def test_wilder_customers_are_more_concentrated():
    shares = [numbers(r, 3)["top_share"] for r in (0.1, 0.3, 1, 3, 10, 100)]
    assert shares == sorted(shares, reverse=True)


def test_the_task_has_an_end(sliders):
    """With r at its upper end some stop of the mean slider makes the summary read 50 %, and those near 2 do not."""
    assert np.array(sliders["r"].stops())[-1] == pytest.approx(100)
    ends = [mean for mean in np.array(sliders["mean"].stops()) if "top fifth make 50% of" in wildness.view({"r": 100, "mean": mean}).text]
    assert ends and all(0.9 < mean < 1.1 for mean in ends)


def test_summary_says_the_numbers():
    scene = wildness.view({"r": 1, "mean": 4})
    n = scene.numbers
    for said in ("r = 1 ", "average of 4.00 purchases per customer", f"make {n['top_share']:.0%}", f"${1e6 * n['top_share']:,.0f}", f"Gini is {n['gini']:.2f}",
                 f"{n['near_average']:.0%} of customers", "20% buy nothing"):
        assert said in scene.text


def test_the_task_says_when_it_is_done():
    explorer = ccx.explore.wildness()
    assert explorer._goal == OPEN
    explorer.set(r=100)
    assert "38% of all" in explorer.scene.text and explorer._goal == OPEN
    explorer.set(mean=1.04)
    assert "50% of all" in explorer.scene.text and explorer._goal == FOUND


def test_the_picture_says_what_the_summary_says():
    scene = wildness.view({"r": 1, "mean": 4})
    customers, lorenz = wildness.draw(scene)
    assert customers.title == "20% buy nothing" and "average" in words(customers)
    assert lorenz.title == f"Top fifth: {scene.numbers['top_share']:.0%}, ${1e6 * scene.numbers['top_share']:,.0f} of every $1 million"


# -- the shell ----------------------------------------------------------------------------------------------------


def panel(words="", name=""):
    return Panel(Axis("x", 0, 10), Axis("y", 0, 10), words, name)


def an_explorer(view=lambda state: Scene(dict(state), f"x is <{state['x']:g}>"), draw=lambda scene: [panel(f"{scene.numbers['x']:g}", "board")], **options):
    controls = [Slider("x", "A number <from 0 to 9>", 0, 9, 1, 1), Button("double", "Twice as much", lambda state: {"x": 2 * state["x"]})]
    return Explorer(view, draw, controls, "Move <it>.", lambda numbers: numbers["x"] == 4, **options)


def fails_at_five(state):
    if state["x"] == 5:
        raise ZeroDivisionError("five")
    return Scene({"x": state["x"]}, f"x is <{state['x']:g}>")


def told(explorer, **message):
    """What the page says, and the frame that answers it."""
    explorer._widget()._handle_custom_msg({"id": ["page", 1], **message}, [])
    return explorer._widget().frame


def test_set_moves_to_the_next_stop_and_the_scene_follows():
    explorer = an_explorer()
    explorer.set(x=3.4)
    assert explorer.state == {"x": 3} and explorer.scene.numbers == {"x": 3} and explorer._panels[0].title == "3"


@pytest.mark.parametrize("wrong, words", [({"y": 1}, "there is no 'y' to set; there are x"), ({"x": 10}, "x is 10, but goes from 0 to 9")])
def test_what_cannot_be_set_is_named_and_nothing_moves(wrong, words):
    explorer = an_explorer()
    with pytest.raises(ValueError, match=words):
        explorer.set(**wrong)
    assert explorer.state == {"x": 1}


def test_buttons_and_clicks_change_the_state():
    explorer = an_explorer(clicks={"board": lambda state, x, y: {"x": x + y}})
    explorer.press("double")
    assert explorer.state == {"x": 2}
    explorer.click("board", 3, 4)
    assert explorer.state == {"x": 7}
    with pytest.raises(ValueError, match="no button 'triple'; there is double"):
        explorer.press("triple")
    with pytest.raises(ValueError, match="no panel 'sky' to click on; there is board"):
        explorer.click("sky", 1, 1)


def test_reset_puts_everything_back():
    explorer = ccx.explore.wildness()
    start, text = explorer.state, explorer.scene.text
    explorer.set(r=7, mean=9)
    assert explorer.state != start and explorer.scene.text != text
    explorer.reset()
    assert explorer.state == start and explorer.scene.text == text


def test_stops_start_and_end_where_they_say():
    assert Slider("x", "x", 0, 0.9, 0.1, 0.3).stops() == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    assert Slider("x", "x", 0.1, 100, 1, 1, log=True).stops() == pytest.approx([0.1, 1, 10, 100])


@pytest.mark.parametrize("name", [name for name in ccx.explore.__all__ if name[0].islower()])
def test_every_slider_starts_on_one_of_its_stops_and_says_its_value(name):
    for slider in getattr(ccx.explore, name)()._sliders.values():
        page = slider.page()
        assert any(stop == pytest.approx(slider.start) for stop in page["stops"]) and (page["stops"][0], page["stops"][-1]) == pytest.approx((slider.low, slider.high))
        # A screen reader speaks the words: each stop has its own.
        assert len(set(page["words"])) == len(page["words"]) == len(page["stops"])


def test_the_page_is_told_all_it_shows():
    shell = ccx.explore.wildness()._widget()
    assert [slider["label"] for slider in shell.sliders] == ["How alike customers are (r)", "Average purchases per customer"]
    assert shell.task == wildness.TASK and shell.frame["picture"].count("<svg viewBox=") == 2 and shell.frame["goal"] == OPEN
    assert shell.frame["text"] == wildness.view(shell.frame["state"]).text


def test_the_page_moves_a_slider_and_is_answered_with_its_number():
    explorer = an_explorer()
    frame = told(explorer, id=["page", 7], set={"x": 3.0})
    assert (frame["id"], frame["state"], frame["text"]) == (["page", 7], {"x": 3}, "x is <3>") and ">3</text>" in frame["picture"]
    assert explorer.scene.numbers == {"x": 3}


def test_an_answer_always_differs_from_the_last_one():
    """A frame that is equal would not reach the page, and its sentence that Python is silent would stay."""
    explorer = an_explorer()
    before = told(explorer, set={"x": 1})
    after = told(explorer, reset=True)
    assert after["state"] == before["state"] and after != before


def test_each_message_starts_from_where_the_last_one_led():
    explorer = an_explorer(clicks={"board": lambda state, x, y: {"x": state["x"] + x + y}})
    told(explorer, set={"x": 3})
    assert told(explorer, press="double")["state"] == {"x": 6}
    # The panel is 420 wide and 300 high; its axes begin at 62 and end at 396 across, and at 250 and 30 down.
    assert told(explorer, click=["board", 229, 140])["state"] == {"x": pytest.approx(6 + 5 + 5)}
    assert told(explorer, reset=True)["state"] == {"x": 1}


def test_reset_survives_a_step_that_changes_its_list_in_place():
    explorer = Explorer(lambda state: Scene({}, str(state)), lambda scene: [], [Button("add", "Add", lambda state: state["list"].append(1) or state)], "task",
                        lambda numbers: False, start={"list": []})
    explorer.press("add")
    explorer.reset()
    assert explorer.state == {"list": []}


def test_the_page_hears_that_python_is_there(monkeypatch):
    sent = []
    shell = an_explorer()._widget()
    monkeypatch.setattr(shell, "send", sent.append)
    shell._handle_custom_msg({"hello": True}, [])
    assert sent == [{"here": True}]


@pytest.mark.parametrize("message", [{"press": "triple"}, {"click": ["sky", 1, 1]}, {"click": []}, {"set": {"x": "far"}}])
def test_a_message_that_makes_no_sense_becomes_a_sentence(message):
    explorer = an_explorer()
    assert told(explorer, **message)["text"] == FAILED
    explorer.reset()
    assert explorer._widget().frame["text"] == "x is <1>"


def test_an_exception_becomes_one_sentence_and_is_logged(caplog):
    explorer = an_explorer(fails_at_five)
    with caplog.at_level(logging.ERROR):
        frame = told(explorer, set={"x": 5.0})
    assert (frame["text"], frame["picture"], frame["goal"]) == (FAILED, "", OPEN) and explorer.scene.numbers == {}
    assert "ZeroDivisionError: five" in caplog.text and "{'x': 5.0}" in caplog.text
    explorer.reset()
    assert explorer._widget().frame["text"] == "x is <1>" and "<svg" in explorer._widget().frame["picture"]


def test_a_drawing_that_fails_leaves_no_picture_of_another_state():
    explorer = an_explorer(draw=lambda scene: [panel()] if scene.numbers["x"] != 5 else 1 / 0)
    assert told(explorer, set={"x": 5.0})["picture"] == ""


def test_a_panel_that_cannot_be_written_becomes_a_sentence_too():
    explorer = an_explorer(draw=lambda scene: [Panel(Axis("x", 0, 1, "{:d}"), Axis("y", 0, 1))])
    assert explorer.scene.text == FAILED and told(explorer, reset=True)["picture"] == ""


def test_what_to_try_next_is_said_when_the_task_is_done():
    explorer = an_explorer(then="Now go on.")
    assert explorer._goal == OPEN
    explorer.set(x=4)
    assert explorer._goal == f"{FOUND} Now go on."


def test_an_explorer_that_fails_at_once_can_still_be_shown():
    assert "press Reset and go on" in an_explorer(lambda state: 1 / 0)._still()


def test_a_failing_view_writes_nothing_to_stderr_or_stdout():
    """nbgrader scores a cell that writes to stderr as zero; in a process of its own, where nobody has set up logging."""
    script = ("from ccx.explore._explorer import Explorer, Slider\n"
              "explorer = Explorer(lambda state: 1 / 0, None, [Slider('x', 'x', 0, 9, 1, 1)], 'task', None)\n"
              "explorer.set(x=3)\nexplorer._widget()")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_two_threads_at_once_do_not_mix():
    """JupyterLab may call back on a second thread: one frame at a time, and the last one shows the last state."""
    inside, most = [], []

    def view(state):
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.002)
        x, y = state["x"], state["y"]
        inside.pop()
        return Scene({"x": x, "y": y}, f"x is {x:g}, y is {y:g}")

    controls = [Slider(name, name, 0, 99, 1, 0) for name in "xy"]
    explorer = Explorer(view, lambda scene: [panel()], controls, "task", lambda numbers: False)

    def move(name):
        for value in range(1, 16):
            explorer.set(**{name: value})

    explorer._widget()
    threads = [threading.Thread(target=move, args=(name,)) for name in "xy"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1 and len(most) == 31
    assert explorer.scene.numbers == {"x": 15, "y": 15} and explorer._widget().frame["text"] == "x is 15, y is 15"


# -- in a page ----------------------------------------------------------------------------------------------------


@pytest.fixture
def displayed(monkeypatch):
    """What a notebook gets to show."""
    outputs = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: outputs.append(data))
    return outputs


def test_the_first_frame_stays_without_a_kernel(displayed):
    ccx.explore.wildness()._ipython_display_()
    still, live = displayed
    start = wildness.view({"r": 10**-0.4, "mean": 3.0}).text
    assert f'<img alt="{start}"' in still["text/html"] and "data:image/svg+xml;base64," in still["text/html"] and "run this cell" in still["text/html"]
    assert wildness.TASK in still["text/html"] and wildness.TASK in still["text/plain"] and start in still["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in live and "ccx.doctor()" in live["text/plain"]


def test_the_same_explorer_gives_the_same_still_picture():
    assert ccx.explore.wildness()._still() == ccx.explore.wildness()._still()


def test_without_widgets_the_still_picture_stays_alone(displayed, monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "ccx.explore._shell", raising=False)
    ccx.explore.wildness()._ipython_display_()
    [still] = displayed
    assert "ccx.doctor() says what is missing" in still["text/html"]


def test_where_a_page_asks_for_frames_there_is_one_for_each_thing_that_can_be_done(displayed, monkeypatch):
    """Stops 0, 2, 4, 7 and 9 of ten, and 2, 4, 8, 16, 32 by doubling; what fails or changes nothing is left out."""
    monkeypatch.setenv("CCX_FRAMES", "1")
    explorer = an_explorer(fails_at_five)
    explorer.set(x=2)
    explorer._ipython_display_()
    frames = displayed[0]["application/vnd.ccx.frames+json"]
    assert explorer.state == {"x": 2} and explorer.scene.numbers == {"x": 2}
    assert [(frame["control"], frame["word"]) for frame in frames] == [("A number <from 0 to 9>", f"{x}") for x in (0, 4, 7, 9)] + [
        ("Twice as much", f"{times} ×") for times in range(1, 6)]
    assert [re.search(r"x is &lt;(\d+)&gt;</figcaption>", frame["html"])[1] for frame in frames] == ["0", "4", "7", "9", "4", "8", "16", "32", "64"]
    assert "Task" not in frames[0]["html"] and json.loads(json.dumps(frames)) == frames
    assert an_explorer(draw=lambda scene: [panel("always", "board")])._along() == []


def test_words_are_escaped():
    page = an_explorer()._still()
    assert "Move &lt;it&gt;." in page and "x is &lt;1&gt;" in page and "<it>" not in page
