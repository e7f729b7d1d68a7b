"""Lesson 06: whom to send a voucher, what a before-and-after comparison claims for it, and what it really earns."""

from functools import cache

import numpy as np
import pandas as pd

from ..plot import ACCENT, GREY, PALE
from ._explorer import Button, Explorer, Scene, Slider
from ._picture import Axis, Panel

END, WEEKS, GOAL = "2025-12-31", 13, 10_000
WHOM = {"lowest": "Least valuable first", "risk": "Likeliest gone first", "value": "Most valuable first", "response": "Most responsive first"}
# A picture that held the best and the worst would show nothing of the worst.
TOPS = (1, 3, 10, 30, 100)
SHARES = np.round(np.arange(0.05, 1.001, 0.01), 2)
TASK = f"Find the smallest number of vouchers with which the shop really earns {GOAL:,} dollars, and whom to send them to."
THEN = ("Now look at the before and after of the least and of the most valuable fifth: which programme would a before-and-after report stop, "
        "and which would it praise?")


def treatment():
    """Open the explorer of lesson 06: whom to treat and how many, with the before-and-after claim beside the truth.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> explorer = treatment()
    >>> explorer.press("value")
    >>> bool(explorer.scene.numbers["claimed"] < 0 < explorer.scene.numbers["earned"])
    True
    """
    controls = [Slider("share", "Share of customers who get a voucher", 0.05, 1, 0.01, 0.2, form="{:.0%}"),
                *(Button(name, label, lambda state, name=name: {**state, "whom": name}) for name, label in WHOM.items())]
    return Explorer(view, draw, controls, TASK, lambda n: n["earned"] >= GOAL and n["share"] <= fewest(), THEN, start={"whom": "lowest"})


def fewest():
    """The smallest share of customers with which any way of choosing really earns what the task asks for."""
    return float(min(SHARES[np.argmax(curves(whom)["earned"] >= GOAL)] for whom in WHOM))


def view(state):
    """The voucher's balance when it goes to a share of the customers, chosen in one of four ways.

    Parameters
    ----------
    state : dict with ``share`` and ``whom``

    Returns
    -------
    Scene
        Numbers ``share``, ``customers``, ``before`` and ``after`` (margin per customer in the 13 weeks before and after, of those chosen who got the
        voucher), ``control_before`` and ``control`` (the same of those chosen who were drawn into the control arm), ``claimed`` (after less before, for
        all chosen) and ``earned`` (the true effect, for all chosen), in dollars.

    Examples
    --------
    >>> everybody = [view({"share": 1, "whom": whom}).numbers["earned"] for whom in WHOM]
    >>> bool(np.ptp(everybody) < 1e-6)
    True
    """
    along = curves(state["whom"])
    place = int(np.argmin(abs(SHARES - state["share"])))
    numbers = {"share": state["share"], **{name: float(along[name][place]) for name in along}}
    return Scene(numbers, _sentence(numbers, state["whom"]), {"whom": state["whom"], **along})


@cache
def curves(whom):
    """What is seen and what is true along all shares of customers, chosen in this way."""
    table = customers().sort_values(whom, ascending=False, kind="stable")
    k = np.round(SHARES * len(table)).astype(int)
    means = {arm: table[["before", "after"]].where(table["arm"] == arm).expanding().mean().iloc[k - 1] for arm in ("voucher", "control")}
    before, after = (means["voucher"][name].to_numpy() for name in ("before", "after"))
    return {"customers": k, "before": before, "after": after, "control_before": means["control"]["before"].to_numpy(),
            "control": means["control"]["after"].to_numpy(), "claimed": k * (after - before), "earned": table["effect"].cumsum().to_numpy()[k - 1]}


@cache
def customers():
    """The customers of the shop's trial: arm, margin before and after, the voucher's true effect, and the score of each way to choose."""
    from ..clv import BetaGeoModel
    from ..customer_base import customer_base
    from ..data import load

    trial, truth, about = (load(name).set_index("customer_id") for name in ("company_campaign", "company_truth", "company_customers"))
    orders = load("company")
    base = customer_base(orders[orders["customer_id"].isin(trial.index)], calibration_end=END, time_unit="W").loc[trial.index]
    model = BetaGeoModel.fit(base)
    worth = model.expected_purchases(base, WEEKS) * orders.groupby("customer_id")["margin"].mean().loc[trial.index]
    return pd.DataFrame({"arm": trial["arm"], "before": trial["before"], "after": trial["margin_after"], "effect": truth["effect"].loc[trial.index],
                         "lowest": -worth, "risk": -model.expected_probability_alive(base), "value": worth,
                         "response": response(trial, worth, about["newsletter"])})


def response(trial, worth, newsletter):
    """Each customer's uplift as learned, on the customers with odd numbers, by quarter of value and whether they read the newsletter."""
    from ..selection import quantile_groups, uplift_by_arm

    kind = newsletter.loc[trial.index].astype(str) + quantile_groups(worth, 4).astype(str)
    odd = trial.index % 2 == 1
    learned = uplift_by_arm(trial["margin_after"][odd], trial["arm"][odd], by=kind[odd], before=worth[odd])
    return kind.map(learned.xs("voucher", level="arm")["uplift"])


def draw(scene):
    """Draw margin per customer before and after, with and without the voucher, and beside it what is claimed and what is earned by how many get one."""
    return [_before_and_after(scene), _balance(scene)]


def _before_and_after(scene):
    n = scene.numbers
    highest = max(n[name] for name in ("before", "after", "control_before", "control"))
    top = min((top for top in TOPS if top >= highest), default=TOPS[-1])
    panel = Panel(Axis("", -0.35, 1.4, ticks={0: "13 weeks before", 1: "13 weeks after"}), Axis("Margin per customer ($)", 0, top),
                  f"With voucher: {dollars(n['before'], 2)}, then {dollars(n['after'], 2)}")
    panel.plot([0, 1], [n["control_before"], n["control"]], GREY, dash="7 4")
    panel.scatter([0, 1], [n["control_before"], n["control"]], GREY, marker="O")
    panel.plot([0, 1], [n["before"], n["after"]])
    panel.scatter([0, 1], [n["before"], n["after"]], size=7, marker="D")
    above = n["after"] >= n["control"]
    gap = max(0.0, 16 - abs(n["after"] - n["control"]) / top * 220) / 2
    for words, y, color, up in (("voucher", n["after"], ACCENT, above), ("control", n["control"], GREY, not above)):
        panel.text(1, y, words, color, dx=10, dy=5 + (-gap if up else gap))
    return panel


def _balance(scene):
    n = scene.numbers
    panel = Panel(Axis("Share of customers treated", 0, 1, "{:.0%}"), Axis("Dollars (thousand)", -25, 20), f"Really earned: {dollars(n['earned'])}")
    panel.axhline(0, PALE)
    panel.axvline(n["share"], PALE, lw=7, opacity=0.5)
    panel.plot(SHARES, scene.curves["claimed"] / 1000, GREY, dash="7 4")
    panel.plot(SHARES, scene.curves["earned"] / 1000)
    panel.scatter([n["share"]], [n["claimed"] / 1000], GREY, marker="O")
    panel.scatter([n["share"]], [n["earned"] / 1000], size=8, marker="D")
    # The curves cross each other and the words would cross them.
    for y, words, color, dash in ((-15, "really earned", ACCENT, ""), (-20, "before and after claims", GREY, "7 4")):
        panel.plot([0.36, 0.44], [y, y], color, dash=dash)
        panel.text(0.46, y, words, color, dy=5)
    return panel


def _sentence(n, whom):
    return (f"{WHOM[whom]}, a voucher for {n['share']:.0%} or {n['customers']:,.0f} customers. Those of them who got it brought {dollars(n['before'], 2)} each "
            f"in the 13 weeks before and {dollars(n['after'], 2)} after; those without it {dollars(n['control_before'], 2)} and {dollars(n['control'], 2)}. "
            f"Before and after claims {dollars(n['claimed'])} for all of them. Really earned: {dollars(n['earned'])}.")


def dollars(amount, digits=0):
    """Money in words of a page: the sign stands before the dollar, and nothing is below zero that rounds to it."""
    amount = round(amount, digits)
    return f"{'−' if amount < 0 else ''}${abs(amount):,.{digits}f}"
