"""The explorer of lesson 06: its view against the tables of the trial counted by hand, its task, its words."""

import importlib

import numpy as np
import pytest

import ccx
from ccx import plot
from ccx.explore._explorer import FOUND, OPEN

from panels import lines, spots, words

swans = importlib.import_module("ccx.explore.swans")
STATES = [{"share": share, "whom": whom} for share in (0.05, 0.2, 0.61, 1.0) for whom in swans.WHOM]


def by_hand(state):
    """Sort, take so many, and average those of each arm."""
    table = swans.customers()
    order = np.argsort(-table[state["whom"]].to_numpy(), kind="stable")[:round(state["share"] * len(table))]
    picked = table.iloc[order]
    voucher, control = (picked[picked["arm"] == arm] for arm in ("voucher", "control"))
    return {"customers": len(picked), "before": voucher["before"].mean(), "after": voucher["after"].mean(), "control": control["after"].mean(),
            "control_before": control["before"].mean(), "claimed": len(picked) * (voucher["after"] - voucher["before"]).mean(), "earned": picked["effect"].sum()}


@pytest.mark.parametrize("state", STATES)
def test_the_view_is_what_one_counts_by_hand(state):
    found = swans.view(state).numbers
    for name, value in by_hand(state).items():
        assert found[name] == pytest.approx(value, abs=1e-6), name


def test_everybody_is_everybody_however_chosen():
    ends = [swans.view({"share": 1.0, "whom": whom}).numbers for whom in swans.WHOM]
    truth = ccx.load("company_truth").set_index("customer_id")["effect"]
    everybody = truth.loc[ccx.load("company_campaign")["customer_id"]].sum()
    for numbers in ends:
        assert numbers["earned"] == pytest.approx(everybody) and numbers["customers"] == 7691


def test_before_and_after_errs_in_both_directions():
    """The lesson's point: too much claimed for the least valuable fifth, a loss where the most valuable bring a gain."""
    least, most = (swans.view({"share": 0.2, "whom": whom}).numbers for whom in ("lowest", "value"))
    assert least["claimed"] > 1.5 * least["earned"] > 0
    assert most["claimed"] < 0 < most["earned"]


def test_response_earns_most_and_risk_less_than_the_lot():
    earned = {whom: swans.view({"share": 0.2, "whom": whom}).numbers["earned"] for whom in swans.WHOM}
    lot = 0.2 * swans.view({"share": 1.0, "whom": "risk"}).numbers["earned"]
    assert earned["lowest"] < earned["risk"] < lot < earned["value"] < earned["response"]


def test_response_was_learned_on_odd_customers_only():
    """Changing what the even ones did leaves the score as it is."""
    trial = ccx.load("company_campaign").set_index("customer_id")
    table, newsletter = swans.customers(), ccx.load("company_customers").set_index("customer_id")["newsletter"]
    changed = trial.assign(margin_after=trial["margin_after"].where(trial.index % 2 == 1, 999.0))
    assert swans.response(changed, table["value"], newsletter).equals(table["response"])


def test_the_task_has_an_end():
    """One step below the smallest share it is not reached, in no way; at it, in one way only."""
    explorer = ccx.explore.treatment()
    fewest = swans.fewest()
    assert explorer.scene.numbers["earned"] < swans.GOAL and 0.05 < fewest < 1
    for whom in swans.WHOM:
        explorer.press(whom)
        for share, goal in ((fewest - 0.01, OPEN), (fewest, FOUND if whom == "response" else OPEN)):
            explorer.set(share=share)
            assert explorer._goal.startswith(goal)
    explorer.press("response")
    explorer.set(share=fewest + 0.01)
    assert explorer.scene.numbers["earned"] >= swans.GOAL and explorer._goal.startswith(OPEN)


@pytest.mark.parametrize("state", STATES)
def test_the_sentence_and_the_pictures_say_the_same(state):
    scene = swans.view(state)
    n, (people, balance) = scene.numbers, swans.draw(scene)
    for amount, digits in ((n["before"], 2), (n["after"], 2), (n["control"], 2), (n["claimed"], 0), (n["earned"], 0)):
        assert swans.dollars(amount, digits) in scene.text
    assert f"{n['customers']:,.0f} customers" in scene.text and swans.dollars(n["earned"]) in balance.title
    assert swans.dollars(n["after"], 2) in people.title and {"voucher", "control"} <= set(words(people))


@pytest.mark.parametrize("state", STATES)
def test_the_curves_pass_through_the_numbers(state):
    scene = swans.view(state)
    n, (people, balance) = scene.numbers, swans.draw(scene)
    [voucher], [control] = lines(people, plot.ACCENT), lines(people, plot.GREY)
    top = people.y.high
    for line, ends in ((voucher, ("before", "after")), (control, ("control_before", "control"))):
        assert [y for _, y in line] == pytest.approx([n[name] for name in ends], abs=top / 200)
    earned, _ = lines(balance, plot.ACCENT)
    assert 1000 * np.interp(n["share"], *np.transpose(earned)) == pytest.approx(n["earned"], abs=150)
    assert 1000 * spots(balance, plot.GREY)[0][1] == pytest.approx(n["claimed"], abs=150)


def test_money_below_zero_has_its_sign_before_the_dollar():
    assert (swans.dollars(-1234.4), swans.dollars(-0.001, 2), swans.dollars(0.5, 2)) == ("−$1,234", "$0.00", "$0.50")
