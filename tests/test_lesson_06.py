"""Lesson 06: the numbers of its prose that no cell prints, and the published and checked ones that it reproduces."""

import importlib

import numpy as np
import pandas as pd
import pytest

import ccx
from ccx.clv import GeometricModel, ShiftedBetaGeoModel
from ccx.selection import (best_of_groups, brought, change_by_group, chosen, full_focus, levers, policy_profit, quantile_groups, uplift_by_arm, variance_parts,
                           water_fill)

from lessons import bank, release, solution

TEXT = "\n".join(cell.source for cell in release("06-swans").cells if cell.cell_type == "markdown")
MODEL_ANSWER = next(cell.source for cell in solution("06-swans").cells if cell.id == "decide")
swans = importlib.import_module("ccx.explore.swans")


def right(name):
    return np.array(bank("06-swans").exercises[f"06.{name}"].right[0])


@pytest.fixture(scope="module")
def halves():
    log = ccx.load("grocery")
    early = log["week"] <= 27
    first = log[early].groupby("customer_id")["value"].sum()
    first = first[first > 0]
    return first, log[~early].groupby("customer_id")["value"].sum().reindex(first.index, fill_value=0)


@pytest.fixture(scope="module")
def shop():
    """The trial with the forecast of each customer and the true effect."""
    return swans.customers()


def test_the_grocers_fifths_in_words(halves):
    change = change_by_group(*halves, quantile_groups(halves[0]))["change"]
    assert 2.4 < change[1] < 2.6 and "two and a half times" in TEXT and f"the highest {1 - change[5]:.0%} less".replace("%", " %") in TEXT
    assert len(halves[0]) == 2394 and "same 2,394 households" in TEXT


def test_nobody_lifted_a_finger(halves):
    first, second = halves
    alone = (quantile_groups(first) == 1) & ~first.index.isin(ccx.load("grocery_campaigns")["customer_id"])
    assert 0.85 < alone.sum() / 479 < 0.95 and "Nine in ten" in TEXT
    assert f"rose {second[alone].sum() / first[alone].sum():.2f}-fold" in TEXT


def test_sorted_backwards_everything_is_turned_round(halves):
    back = change_by_group(*halves, quantile_groups(halves[1]))["change"]
    assert right("backwards")[0] == pytest.approx(back[1], abs=1e-9) and back[1] < 1 < back[5]


def test_the_letter_that_was_never_sent(halves):
    first, second = halves
    lowest = first.index[quantile_groups(first) == 1]
    arm = pd.Series(np.random.default_rng(6).permutation(np.arange(len(lowest)) % 2), lowest).map({0: "control", 1: "letter"})
    assert f"multiplies spending by {change_by_group(first[lowest], second[lowest], arm).loc['letter', 'change']:.2f}" in TEXT
    found = uplift_by_arm(second[lowest], arm).loc["letter"]
    assert f"{found['uplift']:.0f} dollars are left of it, with an interval from −{-found['low']:.0f} to {found['high']:.0f}" in TEXT


def test_cdnow_in_words():
    log = ccx.load("cdnow")
    week = (log["date"] - log.groupby("customer_id")["date"].transform("min")).dt.days / 7
    once, again = (((week > low) & (week <= high)).groupby(log["customer_id"]).sum() for low, high in ((0, 26), (26, 52)))
    silent = once == 0
    assert f"{silent.sum():,} customers had not come back" in TEXT and f"{again[silent].mean():.2f} purchases each" in TEXT
    assert again[silent].sum() == pytest.approx(2950, abs=10) and "some 2,950" in TEXT
    expected = ccx.NBDModel.fit(pd.DataFrame({"frequency": once, "T": 26})).expected_purchases(pd.DataFrame({"frequency": once, "T": 26}), 26)
    assert f"Luck alone would have brought {expected[silent].mean():.2f} each" in TEXT
    table = change_by_group(once, again, once.clip(upper=5), expected)
    assert (table["after"] < table["expected"]).all()


def test_cdnows_best_fell_and_the_others_further():
    """Buyer moderation in a cohort: the top fifth of the first 39 weeks and the rest, in the next 39."""
    log = ccx.load("cdnow")
    early = log["date"] <= "1997-09-30"
    first = log[early].groupby("customer_id")["value"].sum()
    second = log[~early].groupby("customer_id")["value"].sum().reindex(first.index, fill_value=0)
    top = chosen(first, len(first) // 5)
    best, rest = (1 - second[part].sum() / first[part].sum() for part in (top, ~top))
    then, later = (half[top].sum() / half.sum() for half in (first, second))
    words = f"spent {best:.0%} less in the next 39, but the others, many of whom had left, spent {rest:.0%} less, so that the share of the best rose from {100 * then:.0f} to {later:.0%}."
    assert words.replace("%", " %") in TEXT


def test_the_grocers_trips_in_words(halves):
    log = ccx.load("grocery")
    half = (log["week"] <= 27).map({True: "first", False: "second"})
    trips = log.groupby(["customer_id", half])["basket_id"].nunique().unstack(fill_value=0).loc[halves[0].index]
    fifth = change_by_group(trips["first"], trips["second"], quantile_groups(trips["first"])).loc[1]
    assert f"rose from {fifth['before']:.2f} to {fifth['after']:.2f}" in TEXT and right("luck-share")[0] < 1 / 3
    parts = variance_parts(trips)["share"]
    assert parts["types"] == pytest.approx(5 / 6, abs=0.01) and parts["change"] == pytest.approx(1 / 7, abs=0.01) and parts["luck"] < 0.03
    untouched = trips[~trips.index.isin(ccx.load("grocery_campaigns")["customer_id"])]
    found = variance_parts(untouched)["share"]
    assert f"the {len(untouched)} households that never got a campaign it is {found['types']:.2f}" in TEXT and found["change"] == pytest.approx(1 / 3, abs=0.01)


def test_households_drift(halves):
    """Trips in weeks 2 to 14, 15 to 27, 28 to 40 and 41 to 53: the further apart, the less alike."""
    log = ccx.load("grocery")
    quarter = pd.cut(log["week"], [1, 14, 27, 40, 53], labels=False)
    trips = log.groupby(["customer_id", quarter])["basket_id"].nunique().unstack(fill_value=0).reindex(halves[0].index, fill_value=0)
    alike = trips.corr().loc[0.0]
    assert f"correlate {alike[1.0]:.2f} with those of the next one and {alike[3.0]:.2f} with those three quarters later" in TEXT
    assert (alike.diff().dropna() < 0).all()


def test_any_vertical_would_take_all_the_research(shop):
    value = 0.3 * 4 * shop["value"].clip(lower=0)
    gain = value.groupby(ccx.load("company_customers").set_index("customer_id")["vertical"][shop.index]).sum()
    bounds = [full_focus(gain[name], gain.drop(name), 20_000, k=1e-4) for name in gain.index]
    assert 0.28 < min(bounds) and max(bounds) < 0.29 and "at 0.28 to 0.29" in TEXT


def test_the_toy_shows_regression():
    """Both who bought nothing buy later; both who bought most buy less."""
    observed, hidden = ccx.NBDModel(r=1, alpha=0.5).simulate(6, rng=6)
    first, later = observed["frequency"].to_numpy(), np.random.default_rng(2).poisson(hidden["rate"])
    assert (first == 0).sum() == 2 and (later[first == 0] > 0).all()
    most = first == first.max()
    assert most.sum() == 2 and (later[most] < first.max()).all()


def test_the_trial_in_words(shop):
    effects = uplift_by_arm(shop["after"], shop["arm"])
    quiet = shop[shop["before"] == 0]
    means = quiet.groupby("arm")["after"].mean()
    assert len(shop) == 7691 and "7,691" in TEXT and f"Without a letter it was {means['control']:.2f}" in TEXT and round(means["letter"]) == 2
    letter, voucher = effects.loc["letter"], effects.loc["voucher"]
    assert round(100 * letter["uplift"]) == 4 and f"give or take {letter['high'] - letter['uplift']:.2f}" in TEXT
    assert f"the letter, all customers | {letter['uplift']:.2f} dollars each (−{-letter['low']:.2f} to {letter['high']:.2f})" in TEXT
    assert f"the voucher, all customers | {voucher['uplift']:.2f} dollars each ({voucher['low']:.2f} to {voucher['high']:.2f})" in TEXT
    assert f"adds {voucher['uplift']:.2f} dollars per customer" in TEXT and f"wide: {voucher['low']:.2f} to {voucher['high']:.2f}" in TEXT


def test_the_interval_by_hand_is_the_librarys(shop):
    """With thousands of customers 1.96 and Welch's t are the same to the cent."""
    arms = {name: rows["after"] for name, rows in shop.groupby("arm")}
    by_hand = bank("06-swans").exercises["06.interval"].answer(arms["voucher"], arms["control"])
    np.testing.assert_allclose(by_hand, uplift_by_arm(shop["after"], shop["arm"]).loc["voucher", ["uplift", "low", "high"]].astype(float), atol=0.002)


def test_the_forecast_takes_a_quarter_off_the_error(shop):
    plain, sharp = (uplift_by_arm(shop["after"], shop["arm"], before=before).loc["voucher", "error"] for before in (None, shop["value"]))
    assert sharp / plain == pytest.approx(0.75, abs=0.02)


def test_the_best_of_twenty_age_groups(shop):
    age = ccx.load("company_customers").set_index("customer_id")["age"][shop.index]
    found = best_of_groups(shop["after"], shop["arm"], quantile_groups(age, 20), "letter", rng=6)[["promised", "kept"]].mean()
    assert f"promises {found['promised']:.2f} dollars per customer and keeps −{-found['kept']:.2f}" in TEXT
    assert f"promised {found['promised']:.2f} dollars, kept −{-found['kept']:.2f}" in TEXT


def test_what_was_learned_on_the_odd_customers(shop):
    """Readers respond in every quarter; of the others only the third seems to, and the best have the widest interval."""
    kind = ccx.load("company_customers").set_index("customer_id")["newsletter"][shop.index].astype(str) + quantile_groups(shop["value"], 4).astype(str)
    odd = shop.index % 2 == 1
    learned = uplift_by_arm(shop["after"][odd], shop["arm"][odd], by=kind, before=shop["value"]).xs("voucher", level="arm")
    assert (learned.loc[["11", "12", "13", "14"], "low"] > 0).all() and learned["uplift"].idxmax() == "14"
    assert learned.loc[["01", "02", "03", "04"], "uplift"].idxmax() == "03" and learned.loc["04", "uplift"] < 0 < learned.loc["04", "high"]


@pytest.fixture(scope="module")
def judged(shop):
    rows = shop[shop.index % 2 == 0]
    treat = rows[["lowest", "risk", "value", "response"]].apply(chosen, k=769)
    return rows, treat, policy_profit(treat, rows["after"], rows["arm"], "voucher", before=shop["value"])


def test_the_policies_in_words(judged):
    rows, treat, found = judged
    np.testing.assert_allclose(right("policies"), found["profit"].iloc[1:], atol=1e-6)
    least = found.loc["lowest"]
    assert f"{least['profit']:.0f} dollars (−{-least['low']:.0f} to {least['high']:.0f})" in TEXT
    best = found.loc["response"]
    assert f"earned {best['profit']:,.0f} dollars ({best['low']:,.0f} to {best['high']:,.0f})" in MODEL_ANSWER
    assert f"against {found.loc['risk', 'profit']:,.0f} for" in MODEL_ANSWER and f"{found.loc['value', 'profit']:,.0f} for the most valuable" in MODEL_ANSWER
    lot = uplift_by_arm(rows["after"], rows["arm"], before=rows["value"]).loc["voucher", ["uplift", "low", "high"]].astype(float) * 769
    assert "by lot | {:,.0f} dollars ({:,.0f} to {:,.0f})".format(*lot) in TEXT and f"by lot would earn {lot['uplift']:,.0f} dollars" in TEXT
    wide = (found["high"] - found["low"])[["risk", "value", "response"]] / 2
    assert "reach {:,.0f}, {:,.0f} and {:,.0f} dollars to either side".format(*wide.round(-1)) in TEXT
    assert found.loc["value", "low"] < 0 and f"and {least['profit']:.0f} for the least valuable" in MODEL_ANSWER


def test_the_truth_in_words(judged, shop):
    """By risk about half of the lot, by value more than the lot, by response nearly twice as much again."""
    rows, treat, found = judged
    truth = pd.Series({name: rows["effect"][flag].sum() for name, flag in treat.items()})
    lot = 769 * rows["effect"].mean()
    assert truth["risk"] / lot == pytest.approx(0.54, abs=0.01) and truth["value"] > 1.3 * lot and truth["response"] / truth["value"] == pytest.approx(1.9, abs=0.05)
    gone = 1 - ccx.load("company_truth").set_index("customer_id")["alive"][shop.index[chosen(shop["risk"], k=1538)]].mean()
    assert f"{gone:.0%} of them have indeed left".replace("%", " %") in TEXT
    assert (found["low"] < truth).all() and (truth < found["high"]).all()
    assert f"all customers is {shop['effect'].mean():.2f} dollars" in TEXT


def test_the_explorer_in_words():
    least, most = (swans.view({"share": 0.2, "whom": whom}).numbers for whom in ("lowest", "value"))
    assert f"claims {least['claimed']:,.0f} dollars for the least valuable fifth, where {least['earned']:,.0f} are earned" in TEXT
    assert f"claims a loss of {-most['claimed']:,.0f}, where {most['earned']:,.0f} are earned" in TEXT
    assert f"from {least['before']:.2f} to {least['after']:.2f} dollars with the voucher, from {least['control_before']:.2f} to {least['control']:.2f} without" in TEXT
    assert f"rose from {least['before']:.2f} to {least['after']:.2f} dollars" in TEXT and least["customers"] == 1538 and "1,538 vouchers" in TEXT
    assert f"from {least['control_before']:.2f} to {least['control']:.2f} dollars" in MODEL_ANSWER and round(0.38 * 1538, -1) == 580 and "585" in MODEL_ANSWER
    assert 1538 * (least["after"] - least["control"]) == pytest.approx(585, abs=15)


def test_service_by_value_in_words(shop):
    value = 1.2 * shop["value"].clip(lower=0)
    spend, multiplier = water_fill(value, 3 * len(value), 0.2)
    equal, best, floor = (brought(q, value, 0.2) for q in (3, spend, water_fill(value, 3 * len(value), 0.2, floor=1)[0]))
    assert f"the same {3 * len(value):,} dollars bring {best:,.0f} instead of {equal:,.0f}" in TEXT
    assert f"costs {1 - floor / best:.0%} of that".replace("%", " %") in TEXT and f"brings back {100 * multiplier:.0f} cents" in TEXT
    assert (spend == 0).mean() > 0.5


def test_research_for_the_focal_segment_in_words(shop):
    vertical = ccx.load("company_customers").set_index("customer_id")["vertical"][shop.index]
    gain = (1.2 * shop["value"].clip(lower=0)).groupby(vertical).sum()
    bound = full_focus(gain["chronic care"], gain.drop("chronic care"), 20_000, 1e-4)
    assert f"from a spill-over of {bound:.3f} on *everything*" in TEXT and f"{1 + 3 * bound:.2f} dollars in all" in TEXT
    assert f"bring {gain['chronic care'] / gain.sum():.0%} of the margin".replace("%", " %") in TEXT


def test_the_levers_in_words():
    """Gupta, Lehmann and Stuart's ranking from the formula; a per cent of 0.88 is seven per cent of the churn; four years on average."""
    found = levers(GeometricModel(0.12), 100, 40, 0.10)["elasticity"]
    assert "{:.1f}, {:.1f} and {:.1f}: the ranking".format(*found) in TEXT and 0.0088 / 0.12 == pytest.approx(0.07, abs=0.005)
    t = np.arange(400)
    weights = (0.88 / 1.1) ** t
    assert t @ weights / weights.sum() == pytest.approx(4)
    assert levers(ShiftedBetaGeoModel(0.668, 3.806), 100, 40, 0.10).loc["retention", "elasticity"] > found["retention"]
    assert (np.diff(right("price")) > 0).all()


def test_the_pots_in_words():
    most, k = np.array([60, 90, 25]), np.array([0.03, 0.015, 0.08])
    split, _ = water_fill(most, 60, k)
    best, equal, slogan = (brought(spend, most, k) for spend in (split, 20, [0, 60, 0]))
    assert round(split[1]) == 27 == round(split.max()) and 0.95 < equal / best < 1 and slogan / best == pytest.approx(0.75, abs=0.03)
