"""The explorer of lesson 03: its view against published cases, closed forms and simulation, its task, its pictures."""

import importlib

import numpy as np
import pytest
from scipy.special import betaln

import ccx
from ccx import plot
from ccx.explore._explorer import FOUND, OPEN

from panels import elements, lines, words

sorting = importlib.import_module("ccx.explore.retention")
CORNERS = [(mean, polarisation) for mean in (0.05, 0.2, 0.6) for polarisation in (0.01, 0.21, 0.9)]


def view(mean=0.2, polarisation=0.05):
    return sorting.view({"mean": mean, "polarisation": polarisation})


@pytest.fixture
def controls():
    return ccx.explore.sorting()._sliders


@pytest.mark.parametrize("polarisation, missed", [(0.05, 0.12), (0.75, 0.45)])
def test_the_two_published_cases(polarisation, missed):
    """Fader and Hardie (2006), day 2, slides 168-172: beta distributions with (3.8, 15.2) and (1/15, 4/15) miss 12 % and 45 %."""
    assert view(polarisation=polarisation).numbers["missed"] == pytest.approx(missed, abs=0.005)


def test_the_published_values_of_the_first_case():
    """$207,438 and $182,292 for each dollar of margin (slides 171-172)."""
    n = view().numbers
    assert (n["alpha"], n["beta"]) == (pytest.approx(3.8), pytest.approx(15.2))
    assert (n["value"], n["at_one_rate"]) == (pytest.approx(20_743_800, abs=100), pytest.approx(18_229_200, abs=100))


@pytest.mark.parametrize("mean, polarisation", CORNERS)
def test_curves_are_the_closed_forms(mean, polarisation):
    """S(t) = B(α, β+t) / B(α, β) and r_t = (β+t−1) / (α+β+t−1); mean and polarisation are those of the beta."""
    scene = view(mean, polarisation)
    a, b, t = scene.numbers["alpha"], scene.numbers["beta"], np.arange(13)
    assert (a / (a + b), 1 / (a + b + 1)) == (pytest.approx(mean), pytest.approx(polarisation))
    np.testing.assert_allclose(scene.curves["survival"], np.exp(betaln(a, b + t) - betaln(a, b)), rtol=1e-9)
    np.testing.assert_allclose(scene.curves["retention"], (b + t[1:] - 1) / (a + b + t[1:] - 1), rtol=1e-9)


@pytest.mark.parametrize("mean, polarisation", [(0.2, 0.21), (0.4, 0.1)])
def test_the_value_is_what_simulated_customers_pay(mean, polarisation):
    """Customers with a rate of their own, each worth r (1+d) / (1+d−r); those present are weighted by how likely they are to be there still."""
    n, rng = view(mean, polarisation).numbers, np.random.default_rng(1)
    stay = 1 - rng.beta(n["alpha"], n["beta"], 400_000)
    payments = stay * 1.1 / (1.1 - stay)
    value = sum(100 * new * (payments * stay ** (4 - year)).mean() for year, new in enumerate(sorting.ACQUIRED))
    assert n["value"] == pytest.approx(value, rel=0.01)


def test_customers_who_are_all_alike_lose_nothing_by_one_rate():
    """Limiting case: the polarisation goes to 0."""
    assert view(0.3, 1e-6).numbers["missed"] == pytest.approx(0, abs=1e-4)


def test_the_first_renewal_depends_on_the_mean_alone():
    assert {round(view(0.3, polarisation).numbers["first"], 12) for polarisation in (0.01, 0.3, 0.9)} == {0.7}


def test_more_unlike_customers_are_undervalued_more():
    missed = [view(0.3, polarisation).numbers["missed"] for polarisation in (0.02, 0.1, 0.2, 0.4, 0.75)]
    assert missed == sorted(missed)


def test_the_task_has_an_end(controls):
    """At a mean churn of 0.20 some stops of the polarisation read 33 %, and they lie together."""
    polarisation = controls["polarisation"]
    stops = np.arange(polarisation.low, polarisation.high, polarisation.step)
    ends = [stop for stop in stops if "misses 33%" in view(0.2, stop).text]
    assert ends and 0.19 < min(ends) <= max(ends) < 0.23
    assert controls["mean"].start == 0.20 and polarisation.start not in ends


def test_every_setting_gives_finite_numbers(controls):
    for mean in np.arange(0.05, 0.601, 0.05):
        for polarisation in (0.01, 0.02, 0.1, 0.5, 0.9):
            scene = view(mean, polarisation)
            assert np.isfinite(list(scene.numbers.values())).all() and 0 < scene.numbers["missed"] < 1 and "nan" not in scene.text


def test_the_sentence_says_the_numbers():
    scene = view(0.3, 0.1)
    n = scene.numbers
    for said in ("mean churn of 0.30", "polarisation of 0.10", "70% renew the first time", f"{n['last']:.0%} renew again", f"{n['customers']:,.0f} customers",
                 f"worth ${n['value'] / 1e6:,.1f} million", f"({n['aggregate']:.1%})", f"worth ${n['at_one_rate'] / 1e6:,.1f} million",
                 f"misses {n['missed']:.0%}", f"${(n['value'] - n['at_one_rate']) / 1e6:,.1f} million."):
        assert said in scene.text


def test_view_is_pure():
    state = {"mean": 0.3, "polarisation": 0.1}
    assert sorting.view(state).numbers == sorting.view(state).numbers and state == {"mean": 0.3, "polarisation": 0.1}


def test_moving_a_slider_changes_summary_and_picture():
    explorer = ccx.explore.sorting()
    before = explorer._frame()["picture"]
    explorer.set(polarisation=0.5)
    assert explorer.scene.text == view(0.2, 0.5).text and explorer._frame()["picture"] != before
    explorer.reset()
    assert explorer._frame()["picture"] == before


def test_the_curves_are_those_of_the_view_and_differ_in_more_than_colour():
    scene = view(0.2, 0.3)
    _, stay, _ = sorting.draw(scene)
    t, curves = scene.curves["t"], scene.curves
    [retention], (aggregate, survival) = lines(stay, plot.ACCENT), lines(stay, plot.GREY)
    assert np.array(retention) == pytest.approx(np.column_stack([t[1:], curves["retention"]]), abs=0.01)
    assert np.array(survival) == pytest.approx(np.column_stack([t, curves["survival"]]), abs=0.01)
    assert [down for _, down in aggregate] == pytest.approx([scene.numbers["aggregate"]] * 2, abs=0.005)
    assert len({path.get("stroke-dasharray") for path in elements(stay, "path")[1:]}) == 3 and {"retention rate", "still there"} <= set(words(stay))


def test_the_bars_say_both_values_and_what_is_missed():
    *_, worth = sorting.draw(view())
    assert worth.title == "12% missed" and {"$18.2m", "$20.7m", "one rate", "own rates"} <= set(words(worth))


def test_the_task_says_when_it_is_done():
    explorer = ccx.explore.sorting()
    found = []
    for polarisation in explorer._sliders["polarisation"].stops():
        explorer.set(polarisation=polarisation)
        found += [polarisation] * (explorer._goal == FOUND)
    assert found and all("misses 33%" in view(0.2, polarisation).text for polarisation in found)
    explorer.set(mean=0.3, polarisation=found[0])
    assert explorer._goal == OPEN
