"""The explorer of lesson 01: its numbers against the ledger, its task, its words."""

import importlib

import numpy as np
import pytest

import ccx
from ccx import plot
from ccx.explore._explorer import FOUND, OPEN
from ccx.ledger import grocer_ledger

from panels import elements, lines, words

inversion = importlib.import_module("ccx.explore.inversion")
PUMP = 7
STATES = [{"product": product, "leaving": leaving} for product in (1, 2, PUMP, 22, 40) for leaving in (0.0, 0.0015, 0.01)]


@pytest.fixture(scope="module")
def ledger():
    return grocer_ledger()


def name_of(product):
    return inversion.view({"product": product, "leaving": 0}).curves["name"]


@pytest.mark.parametrize("product", [1, 2, PUMP, 22, 40])
def test_the_numbers_are_the_ledgers(ledger, product):
    """Worked out line by line, without the library's statements."""
    n = inversion.view({"product": product, "leaving": 0.004}).numbers
    lines = ledger[ledger["product"] == name_of(product)]
    people = ledger.groupby("customer_id")["profit"].sum().sort_values(ascending=False)
    best = people.index[:494]
    assert n["profit"] == pytest.approx(lines["profit"].sum() / 100) and n["margin"] == pytest.approx(lines["profit"].sum() / lines["received"].sum())
    buyers = people[lines["customer_id"].unique()]
    assert n["buyers"] == len(buyers) and n["others"] == pytest.approx((buyers.sum() - lines["profit"].sum()) / 100)
    assert n["held"] == pytest.approx(buyers.sum() / people.sum())
    assert n["best"] == pytest.approx(lines.loc[lines["customer_id"].isin(best), "received"].sum() / lines["received"].sum())
    assert n["usual"] == pytest.approx(ledger.loc[ledger["customer_id"].isin(best), "received"].sum() / ledger["received"].sum())
    assert n["net"] == pytest.approx(n["saved"] - n["lost"]) and n["lost"] == pytest.approx(0.004 * n["others"])


def test_the_list_has_the_lowest_margins_among_those_that_sell_most(ledger):
    sold = ledger.groupby("product", observed=True)[["received", "profit"]].sum().nlargest(100, "received")
    margins = (sold["profit"] / sold["received"]).sort_values()
    assert [name_of(product) for product in range(1, 41)] == list(margins.index[:40])


@pytest.mark.parametrize("product", [1, 2, PUMP, 22])
def test_at_the_break_even_a_delisting_brings_nothing(product):
    n = inversion.view({"product": product, "leaving": 0}).numbers
    at = inversion.view({"product": product, "leaving": n["break_even"]}).numbers["net"]
    assert at == pytest.approx(0, abs=1e-6) if n["profit"] < 0 else (n["break_even"] == 0 and at < 0)


def test_the_task_has_one_end():
    """Among all products and all stops of the slider."""
    found = [(product, leaving) for product in range(1, inversion.LISTED + 1) for leaving in inversion.LEAVING
             if inversion._found(inversion.view({"product": product, "leaving": leaving}).numbers)]
    assert found == [(PUMP, pytest.approx(0.0015))] and "gasoline" in name_of(PUMP)


def test_the_end_of_the_task_is_recognised():
    explorer = ccx.explore.delist()
    assert explorer._goal.startswith(OPEN)
    for leaving, goal in ((0.001, OPEN), (0.0015, FOUND), (0.002, OPEN)):
        explorer.set(product=PUMP, leaving=leaving)
        assert explorer._goal.startswith(goal)
    explorer.set(product=2, leaving=0.008)
    assert explorer._goal.startswith(OPEN)


@pytest.mark.parametrize("state", STATES)
def test_the_sentence_and_the_picture_say_the_same(state):
    scene = inversion.view(state)
    n, (balance, lean) = scene.numbers, inversion.draw(scene)
    verdict = f"{'brings' if n['net'] >= 0 else 'costs'} ${abs(n['net']):,.0f}"
    assert verdict in scene.text and verdict in balance.title
    for part in (scene.curves["name"], f"{n['buyers']:,.0f} buyers", f"{n['held']:.0%}", f"${n['others']:,.0f}", f"{n['best']:.0%} of it, of everything 53%"):
        assert part in scene.text
    assert ("saves nothing" in scene.text) == (n["profit"] >= 0) and f"{'loses' if n['profit'] < 0 else 'earns'} ${abs(n['profit']):,.0f}" in scene.text
    assert lean.title.endswith(scene.curves["name"].split(": ")[-1]) and len(lean.title) < 45


@pytest.mark.parametrize("state", STATES)
def test_the_line_passes_through_the_numbers(state):
    n, (balance, _) = inversion.view(state).numbers, inversion.draw(inversion.view(state))
    [line] = lines(balance, plot.INK)
    assert 1000 * np.interp(state["leaving"], *np.transpose(line)) == pytest.approx(n["net"], abs=120)
    assert ("nothing gained, nothing lost" in words(balance)) == (n["break_even"] > 0)


@pytest.mark.parametrize("product", [1, PUMP, 40])
def test_the_bars_are_the_fifths_and_average_to_one(product):
    """Weighted by each fifth's share of all sales."""
    table, lean, _, usual = inversion._table()
    households = grocer_ledger().groupby("customer_id")[["profit", "received"]].sum().sort_values("profit", ascending=False)
    weight = [part["received"].sum() / households["received"].sum() for part in (households.iloc[i] for i in np.array_split(np.arange(len(households)), 5))]
    assert weight[0] == pytest.approx(usual) and lean.loc[name_of(product)] @ weight == pytest.approx(1)
    _, panel = inversion.draw(inversion.view({"product": product, "leaving": 0}))
    bars = [rect for rect in elements(panel, "rect") if rect.get("stroke")]
    assert len(bars) == 5 and [bar.get("fill") for bar in bars] == [plot.ACCENT, *[plot.PALE] * 4]
    tops = [panel.data(0, float(bar.get("y")))[1] for bar in bars]
    np.testing.assert_allclose(tops, lean.loc[name_of(product)], atol=0.01)


def test_nothing_leaves_the_fixed_axes():
    table, lean, *_ = inversion._table()
    assert lean.to_numpy().max() < inversion.MOST_LEAN
    ends = [inversion.view({"product": product, "leaving": leaving}).numbers["net"] / 1000 for product in range(1, 41) for leaving in (0, inversion.MOST)]
    assert inversion.LOWEST < min(ends) and max(ends) < inversion.HIGHEST


def test_the_view_is_pure():
    state = {"product": 3, "leaving": 0.002}
    assert inversion.view(state).text == inversion.view(dict(state)).text and state == {"product": 3, "leaving": 0.002}
