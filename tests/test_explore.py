"""The explorer: its view against closed forms and simulation, its widgets without a browser."""

import importlib
import logging
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from scipy import special, stats

import ccx
from ccx import plot
from ccx.explore._explorer import Explorer, Scene, Slider

wildness = importlib.import_module("ccx.explore.heterogeneity")


def numbers(r, mean):
    return wildness.view({"r": r, "mean": mean}).numbers


def grid(control):
    """Every value that a slider can take."""
    low, high = (np.log10([control.low, control.high]) if control.log else (control.low, control.high))
    stops = low + control.step * np.arange(round((high - low) / control.step) + 1)
    return 10**stops if control.log else stops


@pytest.fixture
def controls():
    return {control.name: control for control in ccx.explore.wildness()._controls}


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


def test_every_setting_gives_finite_numbers_within_bounds(controls):
    """All of r's stops, with every twentieth of the mean's; all of the mean's at the two ends of r."""
    r, mean = grid(controls["r"]), grid(controls["mean"])
    settings = [(a, b) for a in r for b in mean[::20]] + [(a, b) for a in r[[0, -1]] for b in mean]
    for setting in settings:
        scene = wildness.view(dict(zip(("r", "mean"), setting)))
        shares = np.array([scene.numbers[name] for name in ("gini", "top_share", "near_average", "nothing")])
        assert np.isfinite(shares).all() and (shares >= 0).all() and (shares <= 1 + 1e-12).all(), setting
        assert shares[1] > 0.2 and "nan" not in scene.text, setting


def test_wilder_customers_are_more_concentrated():
    shares = [numbers(r, 3)["top_share"] for r in (0.1, 0.3, 1, 3, 10, 100)]
    assert shares == sorted(shares, reverse=True)


def test_the_task_has_an_end(controls):
    """With r at its upper end some stop of the mean slider makes the summary read 50 %, and those near 2 do not."""
    assert grid(controls["r"])[-1] == pytest.approx(100)
    ends = [mean for mean in grid(controls["mean"]) if "top fifth make 50% of" in wildness.view({"r": 100, "mean": mean}).text]
    assert ends and all(0.9 < mean < 1.1 for mean in ends)


def test_summary_says_the_numbers():
    scene = wildness.view({"r": 1, "mean": 4})
    n = scene.numbers
    for said in ("r = 1 ", "average 4 per customer", f"make {n['top_share']:.0%}", f"${1e6 * n['top_share']:,.0f}", f"Gini is {n['gini']:.2f}",
                 f"{n['near_average']:.0%} of customers", "20% buy nothing"):
        assert said in scene.text


# -- the widgets --------------------------------------------------------------------------------------------------


def test_moving_a_slider_changes_summary_picture_and_alt_text():
    explorer = ccx.explore.wildness()
    before = explorer._summary.value, explorer._picture.value
    explorer.widgets["r"].value = 100
    assert explorer.scene.numbers["r"] == 100
    assert explorer.scene.text == wildness.view(explorer.state).text
    assert explorer.scene.text in explorer._summary.value and f'alt="{explorer.scene.text}"' in explorer._picture.value
    after = explorer._summary.value, explorer._picture.value
    assert before[0] != after[0]
    assert before[1].split("base64,")[1] != after[1].split("base64,")[1]


def test_reset_puts_everything_back():
    explorer = ccx.explore.wildness()
    start, shown = explorer.state, explorer._picture.value
    explorer.widgets["r"].value, explorer.widgets["mean"].value = 7, 9
    assert explorer.state != start
    explorer._reset.click()
    assert explorer.state == start and explorer._picture.value == shown


def test_controls_are_labelled_and_start_where_they_say(controls):
    explorer = ccx.explore.wildness()
    assert list(explorer.widgets) == list(controls)
    for name, widget in explorer.widgets.items():
        assert widget.description == controls[name].label
        assert widget.value == controls[name].start
        assert controls[name].low <= widget.value <= controls[name].high
    assert explorer._reset.description and explorer._reset.tooltip
    assert 'role="status"' in explorer._summary.value and 'aria-live="polite"' in explorer._summary.value


def test_the_first_frame_stays_without_a_kernel():
    bundle = ccx.explore.wildness()._repr_mimebundle_()
    start = wildness.view({"r": 10**-0.4, "mean": 3.0}).text
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert f'<img alt="{start}"' in bundle["text/html"] and "data:image/png;base64," in bundle["text/html"]
    assert wildness.TASK in bundle["text/html"] and wildness.TASK in bundle["text/plain"] and start in bundle["text/plain"]


def an_explorer(view, draw=None):
    slider = Slider("x", "A number <from 0 to 9>", 0, 9, 1, 1)
    return Explorer(view, draw or (lambda scene: plot.new_axes(2, 1)), [slider], "Move <it>.")


def fails_at_five(state):
    if state["x"] == 5:
        raise ZeroDivisionError("five")
    return Scene({"x": state["x"]}, f"x is <{state['x']:g}>")


def test_an_exception_becomes_one_sentence_and_is_logged(caplog):
    explorer = an_explorer(fails_at_five)
    with caplog.at_level(logging.ERROR):
        explorer.widgets["x"].value = 5
    assert "be drawn: press Reset" in explorer._summary.value
    assert explorer._picture.value == "" and explorer.scene.numbers == {}
    assert "ZeroDivisionError: five" in caplog.text and "{'x': 5.0}" in caplog.text
    explorer.reset()
    assert "x is &lt;1&gt;" in explorer._summary.value and "<img" in explorer._picture.value


def test_a_drawing_that_fails_leaves_no_picture_of_another_state():
    def draw(scene):
        return plot.new_axes(2, 1) if scene.numbers["x"] != 5 else None

    explorer = an_explorer(lambda state: Scene(dict(state), "fine"), draw)
    explorer.widgets["x"].value = 5
    assert "press Reset" in explorer._summary.value and explorer._picture.value == ""


def test_an_explorer_that_fails_at_once_can_still_be_shown():
    bundle = an_explorer(lambda state: 1 / 0)._repr_mimebundle_()
    assert "press Reset" in bundle["text/html"] and "press Reset" in bundle["text/plain"]


def test_a_failing_view_writes_nothing_to_stderr_or_stdout():
    """nbgrader scores a cell that writes to stderr as zero; in a process of its own, where nobody has set up logging."""
    script = ("from ccx.explore._explorer import Explorer, Slider\n"
              "explorer = Explorer(lambda state: 1 / 0, None, [Slider('x', 'x', 0, 9, 1, 1)], 'task')\n"
              "explorer.widgets['x'].value = 3")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_words_are_escaped():
    page = an_explorer(fails_at_five)._repr_mimebundle_()["text/html"]
    assert "Move &lt;it&gt;." in page and "x is &lt;1&gt;" in page and "<it>" not in page


def test_two_threads_at_once_do_not_mix():
    """JupyterLab may call back on a second thread: one refresh at a time, and the last one shows the last state."""
    inside, most = [], []

    def view(state):
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.002)
        x, y = state["x"], state["y"]
        inside.pop()
        return Scene({"x": x, "y": y}, f"x is {x:g}, y is {y:g}")

    controls = [Slider(name, name, 0, 99, 1, 0) for name in "xy"]
    explorer = Explorer(view, lambda scene: plot.new_axes(2, 1), controls, "task")

    def move(name):
        for value in range(1, 16):
            explorer.widgets[name].value = value

    threads = [threading.Thread(target=move, args=(name,)) for name in "xy"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1 and len(most) == 31
    assert explorer.scene.numbers == {"x": 15, "y": 15}
    assert "x is 15, y is 15" in explorer._summary.value and 'alt="x is 15, y is 15"' in explorer._picture.value
