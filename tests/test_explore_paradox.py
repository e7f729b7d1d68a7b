"""The explorer of lesson 07: its view against the library and simulation, its task, its words."""

import importlib

import numpy as np
import pytest

import ccx
from ccx import plot
from ccx.explore._explorer import FOUND, OPEN
from ccx.paradox import NoisyScore, ballast, combined, optimal_zoom, profit, simulate_margins, zoomed

from panels import lines, spots

paradox = importlib.import_module("ccx.explore.paradox")
STATES = [{"zoom": z, "exposure": e, "noise": t} for z in (0.0, 0.3, 0.9) for e in (0.0, 0.4, 0.8) for t in (0, 120)]


def groups(state):
    return zoomed(NoisyScore(100, 40, state["noise"]), state["zoom"], 1000, (0.6, state["exposure"]), (0.6, 0.05))


@pytest.mark.parametrize("state", STATES)
def test_the_view_says_what_a_simulated_firm_does(state):
    """Expected margin, coefficient of variation, ruin and the bad year against 200,000 simulated periods."""
    n = paradox.view(state).numbers
    drawn = simulate_margins(*groups(state), n=200_000, rng=1)["total"]
    assert n["total"] == pytest.approx(drawn.mean(), rel=0.005) == pytest.approx(1000 * profit(NoisyScore(100, 40, state["noise"]), state["zoom"]), rel=0.005)
    assert n["cv"] == pytest.approx(drawn.std() / drawn.mean(), rel=0.01)
    assert n["ruin"] == pytest.approx((drawn < 75_000).mean(), abs=0.004)
    assert n["bad_year"] == pytest.approx(n["total"] - 2 * state["exposure"] * groups(state)[0].total)


@pytest.mark.parametrize("state", STATES)
def test_enough_ballast_and_the_cap_are_the_same_thing(state):
    n = paradox.view(state).numbers
    assert (n["ballast"] <= n["rest"]) == (n["cv"] <= 0.15) and n["rest"] == pytest.approx(groups(state)[1].total)
    assert n["best_zoom"] == optimal_zoom(NoisyScore(100, 40, state["noise"]))


@pytest.mark.parametrize("exposure", [0.2, 0.3, 0.4, 0.5])
def test_the_limit_is_where_the_cap_breaks(exposure):
    """Along the zooms of the slider, one by one."""
    state = {"zoom": 0, "exposure": exposure, "noise": 0}
    held = [combined(*groups({**state, "zoom": z}))["cv"] <= 0.15 for z in paradox.ZOOMS]
    limit = paradox.view(state).numbers["limit"]
    assert limit == (0 if not held[0] else paradox.ZOOMS[held.index(False) - 1] if False in held else paradox.ZOOMS[-1])


def test_the_task_has_an_end():
    """At exposure 0.4 and noise 0 the rest are enough at the limit and not at the slider's next step."""
    explorer = ccx.explore.zoom()
    explorer.set(exposure=0.4, noise=0)
    limit = explorer.scene.numbers["limit"]
    assert 0 < limit < explorer.scene.numbers["best_zoom"]
    for zoom, word, goal in ((limit - 0.01, ": enough.", OPEN), (limit, ": enough.", FOUND), (limit + 0.01, ": not enough.", OPEN)):
        explorer.set(zoom=zoom)
        assert word in explorer.scene.text and explorer._goal.startswith(goal)
    best = explorer.scene.numbers["best_zoom"]
    explorer.set(noise=120)
    assert explorer.scene.numbers["best_zoom"] < best / 2


def test_the_first_frame_does_not_give_the_task_away():
    explorer = ccx.explore.zoom()
    assert explorer.state["exposure"] != 0.4 and explorer.state["noise"] != 0


@pytest.mark.parametrize("state", STATES)
def test_the_sentence_and_the_picture_say_the_same(state):
    scene = paradox.view(state)
    n = scene.numbers
    for part in (f"${n['total']:,.0f}", f"{n['cv']:.3f}", f"${n['rest']:,.0f}", f"{n['ruin']:.1%}", f"{n['best_zoom']:.2f}"):
        assert part in scene.text
    total, carried = paradox.draw(scene)
    assert f"${n['total']:,.0f}" in total.title and carried.title.endswith("too little" if n["ballast"] > n["rest"] else "bring enough")


@pytest.mark.parametrize("state", STATES)
def test_the_curves_pass_through_the_numbers(state):
    scene = paradox.view(state)
    n, (total, carried) = scene.numbers, paradox.draw(scene)
    [margin], (brought, *_), [needed] = lines(total, plot.INK), lines(carried, plot.GREY), lines(carried, plot.ACCENT)
    for curve, value in ((margin, n["total"]), (brought, n["rest"]), (needed, n["ballast"])):
        assert 1000 * np.interp(n["zoom"], *np.transpose(curve)) == pytest.approx(min(value, 160_000), abs=400)
    assert spots(total, plot.GREY)[0][0] == pytest.approx(n["best_zoom"], abs=0.005)


def test_ballast_without_a_shock_is_none():
    """Limiting case: where the best share nothing, no ballast is needed at any zoom of the slider."""
    assert paradox.view({"zoom": 0.5, "exposure": 0, "noise": 0}).numbers["ballast"] == 0 == ballast(*groups({"zoom": 0.5, "exposure": 0, "noise": 0}), 0.15)


def test_a_year_of_loss_is_called_one():
    assert "are lost" in paradox.view({"zoom": 0.9, "exposure": 0.8, "noise": 0}).text
    assert "are left" in paradox.view({"zoom": 0.2, "exposure": 0.25, "noise": 40}).text
