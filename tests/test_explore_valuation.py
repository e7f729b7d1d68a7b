"""The explorer of lesson 10: its view against sums by hand, its task, its words."""

import importlib

import numpy as np
import pytest

import ccx
from ccx import plot
from ccx.clv import GeometricModel, ShiftedBetaGeoModel
from ccx.explore._explorer import FOUND, OPEN

from panels import lines, words

valuation = importlib.import_module("ccx.explore.valuation")
STATES = [{"growth": g, "polarisation": p} for g in (-0.03, 0.0, 0.025) for p in (0.0, 0.1, 0.3)]


@pytest.mark.parametrize("state", STATES)
def test_the_view_says_what_cohorts_added_by_hand_give(state):
    """Customers by convolution; values as sums over 2,000 quarters."""
    n, g = valuation.view(state).numbers, state["growth"]
    total = 1 / max(state["polarisation"], 1e-9) - 1
    model = GeometricModel(0.12) if state["polarisation"] == 0 else ShiftedBetaGeoModel(0.12 * total, 0.88 * total)
    survival, t = model.survival(np.arange(2025)), np.arange(1, 2001)
    add = 20_000 * np.exp(g * np.arange(24))
    end = np.convolve(add, survival)[:24]
    assert n["end"] == pytest.approx(end[-1]) and n["add"] == pytest.approx(add[-1])
    assert n["churn"] == pytest.approx((end[-2] + add[-1] - end[-1]) / end[-2])
    discount = 1.1 ** (-t / 4)
    here = sum(number * survival[age + t] for number, age in zip(add, range(23, -1, -1)))
    assert n["existing"] == pytest.approx(27 * here @ discount, rel=2e-4)
    path = add[-1] * np.exp(g * np.cumsum(0.9 ** np.minimum(t, 80) * (t <= 80)))
    assert n["future"] == pytest.approx((27 * survival[0] + 27 * survival[1:2001] @ discount - 80) * (path @ discount), rel=2e-4)


def test_the_gap_is_the_largest_difference_in_any_quarter():
    a, b = (valuation.view({"growth": g, "polarisation": p}).curves["end"] for g, p in ((0.02, 0), (0.0, 0.2)))
    assert valuation.view({"growth": 0.0, "polarisation": 0.2}).numbers["gap"] == max(abs(x / y - 1) for x, y in zip(b, a))


def test_the_task_has_one_end():
    """At polarisation 0.20 one growth of the slider is close enough, and it is not where the slider starts."""
    explorer = ccx.explore.valuation()
    explorer.set(polarisation=0.2)
    found = []
    for growth in explorer._sliders["growth"].stops():
        explorer.set(growth=growth)
        assert explorer._goal.startswith(FOUND if explorer.scene.numbers["gap"] <= 0.03 else OPEN)
        found += [growth] * explorer._goal.startswith(FOUND)
    assert found == [-0.01]
    explorer.set(growth=-0.01, polarisation=0.19)
    assert explorer._goal.startswith(OPEN)


def test_at_the_end_of_the_task_firms_of_one_size_differ_in_worth_and_in_losses():
    n = valuation.view({"growth": -0.01, "polarisation": 0.2}).numbers
    assert n["existing"] > 3 * n["other_existing"] and n["future"] > n["other_future"]
    assert n["add"] < 0.6 * n["other_add"] and n["churn"] < 0.5 * n["other_churn"]


def test_two_firms_alike_are_worth_the_same():
    n = valuation.view({"growth": 0.02, "polarisation": 0.0}).numbers
    assert n["gap"] == 0 and all(n[name] == n[f"other_{name}"] for name in ("end", "add", "churn", "existing", "future"))


@pytest.mark.parametrize("state", STATES)
def test_the_sentence_and_the_picture_say_the_same(state):
    scene = valuation.view(state)
    n = scene.numbers
    customers, worth = valuation.draw(scene)
    for part in (f"{n['end']:,.0f}", f"{n['gap']:.1%}", f"{n['churn']:.1%}", f"${n['existing'] / 1e6:.0f} million", f"${n['future'] / 1e6:.0f} million"):
        assert part in scene.text
    assert f"{n['gap']:.1%}" in customers.title and f"existing ${n['existing'] / 1e6:.0f} million, future ${n['future'] / 1e6:.0f}" in worth.title
    assert {f"{n[name] / 1e6:.0f}" for name in ("existing", "other_existing", "future", "other_future")} <= set(words(worth))
    assert (" more " in scene.text, " fewer " in scene.text) [0 if state["growth"] > 0 else 1] == (state["growth"] != 0)


@pytest.mark.parametrize("state", STATES)
def test_the_curves_end_at_the_numbers_inside_the_axes(state):
    scene = valuation.view(state)
    customers, worth = valuation.draw(scene)
    for color, name in ((plot.ACCENT, "end"), (plot.GREY, "other_end")):
        [curve] = lines(customers, color)
        assert 1000 * curve[-1][1] == pytest.approx(scene.numbers[name], abs=1500)
    assert scene.numbers["end"] < 1000 * valuation.MOST and scene.numbers["future"] < 1e6 * valuation.DEAREST
