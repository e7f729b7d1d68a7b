"""The explorer of lesson 05: its view against the library and arithmetic, its task, its words."""

import importlib

import numpy as np
import pandas as pd
import pytest

import ccx
from ccx import plot
from ccx.explore._explorer import FOUND, OPEN
from ccx.selection import split_budget, split_table

from panels import spots, words

acquisition = importlib.import_module("ccx.explore.acquisition")
SHOP = acquisition.CHANNELS
START = SHOP["spent"].to_dict()
STATES = [START, {"partners": 0, "search": 0, "social": 0, "deals": 0}, {"partners": 120, "search": 120, "social": 120, "deals": 120},
          {"partners": 40, "search": 61, "social": 55, "deals": 18}, {"partners": 0, "search": 54, "social": 0, "deals": 120}]


def best(value=None):
    return split_budget(SHOP, SHOP["prospects"], 1000 * acquisition.BUDGET, value) / 1000


@pytest.mark.parametrize("state", STATES)
def test_the_view_says_what_the_curves_say(state):
    """Customers, equity and the next dollar worked out by hand."""
    n = acquisition.view(state).numbers
    spent = 1000 * pd.Series(state)[SHOP.index] / SHOP["prospects"]
    won = SHOP["prospects"] * SHOP["ceiling"] * (1 - np.exp(-SHOP["k"] * spent))
    assert n["customers"] == pytest.approx(won.sum()) and n["spent"] == sum(state.values())
    assert n["equity"] == pytest.approx((won * SHOP["value"]).sum() - 1000 * n["spent"])
    for name, row in SHOP.iterrows():
        more = acquisition.view({**state, name: state[name] + 1e-4}).numbers["equity"] + 0.1 - n["equity"]
        assert n[f"next_{name}"] == pytest.approx(more / 0.1, rel=1e-3, abs=1e-4)


def test_the_task_has_an_end():
    """The best split in whole thousands is enough, the start is not, and no more money than the budget counts."""
    explorer = ccx.explore.acquire()
    assert explorer._goal.startswith(OPEN)
    explorer.set(partners=40, search=61, social=55, deals=18)
    assert explorer.scene.numbers["spent"] == 174 and explorer._goal.startswith(FOUND)
    explorer.set(deals=19)
    assert explorer.scene.numbers["equity"] > acquisition.NEEDED and explorer._goal.startswith(OPEN)


def test_only_a_split_near_the_best_ends_the_task():
    """What is needed lies within 2 % of the most that can be had, above the split with the most customers, and far above what the averages suggest."""
    most = acquisition.view(best(SHOP["value"]).to_dict()).numbers["equity"]
    heads = acquisition.view(best().to_dict()).numbers
    assert 0.98 * most < acquisition.NEEDED < most
    assert heads["equity"] < acquisition.NEEDED and heads["customers"] > acquisition.view(best(SHOP["value"]).to_dict()).numbers["customers"]
    for name in ("deals", "partners"):
        alone = {**dict.fromkeys(SHOP.index, 0), name: acquisition.BUDGET}
        assert acquisition.view(alone).numbers["equity"] < 0.1 * most


@pytest.mark.parametrize("state", STATES)
def test_the_sentence_and_the_picture_say_the_same(state):
    scene = acquisition.view(state)
    n, (dollars, money) = scene.numbers, acquisition.draw(scene)
    for name in SHOP.index:
        said = f"${n[f'next_{name}']:.2f}"
        assert f"{said} in {name}" in scene.text and said in words(dollars)
    assert f"{n['customers']:,.0f} customers" in scene.text and f"{n['customers']:,.0f} customers" in money.title
    assert f"customer equity of ${n['equity']:,.0f}" in scene.text and f"${n['equity'] / 1000:,.0f} thousand" in money.title


def test_a_budget_overspent_is_said_and_marked_otherwise():
    within, over = acquisition.view(START), acquisition.view({**START, "deals": 100})
    assert "0 thousand dollars of the budget are left" in within.text and "83 thousand dollars more than the budget" in over.text
    assert acquisition.draw(within)[1].svg() != acquisition.draw(over)[1].svg()


def test_the_two_rings_are_the_whole_budget_on_one_channel():
    rings = spots(acquisition.draw(acquisition.view(START))[1], plot.GREY)
    for ring, name in zip(rings, ("deals", "partners")):
        table = split_table(SHOP, SHOP["prospects"], SHOP["value"], pd.Series(0.0, SHOP.index).where(SHOP.index != name, 1000 * acquisition.BUDGET))
        assert ring == (pytest.approx(table["acquired"].sum(), abs=30), pytest.approx(table["equity"].sum() / 1000, abs=3))


def test_the_shop_of_the_explorer_is_that_of_the_lesson():
    """Its curves, values, prospects and spending are the ledger's, rounded."""
    from ccx.selection import fit_acquisition, value_since_acquisition

    customers, channels = ccx.load("company_customers").set_index("customer_id"), ccx.load("company_channels")
    paid = channels[channels["prospects"] > 0]
    year = paid[paid["quarter"] >= "2025Q1"].groupby("channel")[["prospects", "spend"]].sum().loc[SHOP.index]
    worth = value_since_acquisition(ccx.load("company"), customers["channel"], "2025-12-31", 0.10, service_cost=customers["service_cost"])["value"]
    np.testing.assert_allclose(SHOP[["ceiling", "k"]], fit_acquisition(paid).loc[SHOP.index, ["ceiling", "k"]], rtol=0.003)
    np.testing.assert_allclose(SHOP["value"], worth.groupby(customers["channel"]).mean()[SHOP.index], rtol=0.01)
    np.testing.assert_array_equal(SHOP["prospects"], year["prospects"])
    np.testing.assert_allclose(SHOP["spent"], year["spend"] / 1000, atol=0.55)
    assert SHOP["spent"].sum() == acquisition.BUDGET == round(year["spend"].sum() / 1000)
