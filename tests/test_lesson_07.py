"""Lesson 07: the numbers of its prose that no cell prints, and the published and checked ones that it reproduces."""

import importlib

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

import ccx
from ccx.paradox import (Group, NoisyScore, ballast, combined, customer_revenue, efficient_mix, measured_group, optimal_zoom, others_needed, risk_and_return,
                         ruin_probability, simulate_margins, star_ballast, steadiness, tier_revenue, tiers)
from ccx.simulate import SEGMENTS, private_bank

from lessons import bank, release

TEXT = "\n".join(cell.source for cell in release("07-paradox").cells if cell.cell_type == "markdown")


@pytest.fixture(scope="module")
def grocer():
    log = ccx.load("grocery")
    tier = tiers(log, until="2017-06-25")
    return tier, tier_revenue(log, tier, start="2017-06-26"), customer_revenue(log, tier.index, start="2017-06-26")


def right(name):
    return np.array(bank("07-paradox").exercises[f"07.{name}"].right[0])


def test_the_grocers_tiers(grocer):
    tier, revenue, _ = grocer
    found = steadiness(revenue)
    assert tier.value_counts().to_dict() == {"top": 24, "next": 454, "rest": 1913}
    assert "are 24 households" in TEXT and "are 1,913" in TEXT
    assert f"swing {found.loc['top', 'cv'] / found.loc['rest', 'cv']:.1f} times as strongly" in TEXT
    assert len(revenue) == 27 and "(1.06 to 1.87 times, if the 27 weeks" in TEXT
    drawn = revenue[["top", "rest"]].to_numpy()[np.random.default_rng(1).integers(0, 27, (20_000, 27))]
    top, rest = (drawn.std(axis=1, ddof=1) / drawn.mean(axis=1)).T
    np.testing.assert_allclose(np.quantile(top / rest, [0.025, 0.975]), [1.06, 1.87], atol=0.015)
    assert f"bring {found.loc['next', 'share']:.0%}".replace("%", " %") in TEXT


def test_the_rest_swing_almost_together(grocer):
    tier, _, households = grocer
    rest = households[tier.index[tier == "rest"]]
    assert f"the same share is {rest.var().sum() / rest.sum(axis=1).var():.3f}" in TEXT


def test_the_bank_in_words():
    ledger, _ = private_bank(rng=2024)
    found = steadiness(ledger.groupby(["quarter", "segment"], sort=False)["margin"].sum().unstack())
    assert ledger["client_id"].nunique() == 570 and "570" in TEXT and round(100 * 40 / 570) == 7
    assert f"bring {found.loc['families', 'share']:.0%} of the margin and swing by {found.loc['families', 'cv']:.0%}".replace("%", " %") in TEXT
    assert found.loc["families", "cv"] / found.loc["savers", "cv"] == pytest.approx(5, abs=0.5)
    assert SEGMENTS.loc["families", "exposure"] == 0.5 and SEGMENTS.loc["savers", "exposure"] == 0.05


def test_the_ballast_of_the_four_firms():
    """2.50, 2.47, 2.45 and 2.44 dollars per dollar, and a simulated coefficient of variation of 0.150 each."""
    np.testing.assert_allclose(right("ballast"), [2.50, 2.47, 2.45, 2.44], atol=0.0051)
    for n, ratio in zip((100, 200, 400, 800), right("ballast")):
        rest = Group(n=ratio * n * 10, mean=10, sd=12, exposure=0.05)
        drawn = simulate_margins(Group(n, 100, 80, 0.5), rest, n=200_000, rng=n)["total"]
        assert drawn.std() / drawn.mean() == pytest.approx(0.15, abs=0.001)


def test_the_boundary_by_brute_force():
    """Just below the probability of the exercise a more valuable focal group needs more of the others, just above it fewer (no own risks)."""
    other = Group(n=1, mean=10, sd=0, exposure=0)
    for factor, sign in ((0.9, 1), (1.1, -1)):
        needed = [others_needed(Group(40, margin, 0, 0.4), other, 6000, factor * right("boundary")[0]) for margin in (100, 120)]
        assert np.sign(needed[1] - needed[0]) == sign
    # "A trader who shrugs off one bad year in fifty needs fewer of the others …; a bank or a hospital … needs more."
    assert 0.001 < right("boundary")[0] < 1 / 50


def test_four_billionaires_are_just_enough():
    s = right("billionaires")[0]
    assert star_ballast(4, s - 1e-6, 0.05, 0.08, 0.3, 0.15) == 0 < star_ballast(4, s + 1e-3, 0.05, 0.08, 0.3, 0.15)


def test_the_predicted_zoom_is_a_tenth_and_the_best_three_times_as_large():
    found = importlib.import_module("ccx.explore.paradox").view({"zoom": 0, "exposure": 0.4, "noise": 0}).numbers
    assert found["limit"] == pytest.approx(0.1) and found["best_zoom"] / found["limit"] == pytest.approx(3, abs=0.2)
    assert 1 / ndtr(-1) == pytest.approx(6, abs=0.4)


def test_the_best_zoom_of_noisy_scores():
    scores = [NoisyScore(100, 40, noise) for noise in (0, 40, 160)]
    assert f"({scores[2].promised:.0f} against {scores[0].promised:.0f} dollars)" in TEXT
    assert "from {:.2f} to {:.2f}, with four times that to {:.2f}".format(*map(optimal_zoom, scores)) in TEXT


def test_the_model_answer_of_the_decision():
    """A third of the margin in a bad quarter; three quarters on the professionals, none on the savers."""
    assert right("stress")[0] == pytest.approx(0.34, abs=0.005)
    weights = right("mix")
    assert weights[2] == pytest.approx(0.75, abs=0.02) and weights[3] == pytest.approx(0, abs=1e-3)


def test_the_banks_own_ballast():
    """What its others bring and what a cap of 0.15 takes, per dollar of the families, as the evidence has it."""
    ledger, _ = private_bank(rng=2024)
    focal = ledger["segment"] == "families"
    stars, others = (measured_group(ledger[which].pivot(index="quarter", columns="client_id", values="margin")) for which in (focal, ~focal))
    by_quarter = [ledger[which].groupby("quarter")["margin"].sum() for which in (focal, ~focal)]
    needed = ballast(stars, others, 0.15, by_quarter[0].corr(by_quarter[1]))
    assert f"{others.total / stars.total:.2f} dollars per dollar from the families; {needed / stars.total:.2f} needed" in TEXT
    families, rest = (ledger[which].pivot(index="quarter", columns="client_id", values="margin") for which in (focal, ~focal))
    exposures, ratios = [], []
    for drawn in np.random.default_rng(1).integers(0, 40, (1000, 40)):
        one, two = measured_group(families.iloc[drawn]), measured_group(rest.iloc[drawn])
        together = np.corrcoef(families.iloc[drawn].sum(axis=1), rest.iloc[drawn].sum(axis=1))[0, 1]
        exposures.append(one.exposure)
        ratios.append(ballast(one, two, 0.15, together) / one.total)
    np.testing.assert_allclose(np.quantile(exposures, [0.025, 0.975]), [0.33, 0.59], atol=0.012)
    np.testing.assert_allclose(np.quantile(ratios, [0.025, 0.975]), [1.9, 10], rtol=0.1)
    assert f"{stars.exposure:.2f} (0.33 to 0.59) measured on 40 quarters" in TEXT and "needed to swing by 15 % (1.9 to 10)" in TEXT
    assert 0.8 < np.mean(np.array(ratios) > others.total / stars.total) < 0.95  # probably short of ballast


def test_a_firm_below_the_boundary_is_safer_zoomed_in():
    """What the model answer says of an exposure below 0.43 at 1 %: the same others, more focal margin, less ruin; above it, the other way."""
    others = Group(700, 10, 12, 0.05)
    for exposure, safer in ((0.3, True), (0.6, False)):
        before, after = (ruin_probability(Group(40, margin, 80, exposure), others, 6000 if exposure < 0.4 else 4000) for margin in (100, 150))
        assert (after < before) == safer
    assert combined(Group(40, 100, 80, 0.5), others)["cv"] > 0.15


def test_the_line_is_level_where_the_text_says():
    other = Group(n=1, mean=10, sd=12, exposure=0.05)
    needed = [others_needed(Group(40, margin, 80, 0.445), other, 6000, 0.01) for margin in (100, 150, 200)]
    assert max(needed) / min(needed) < 1.005 and "the line is level at 0.445" in TEXT


def test_a_risky_base_helps_if_its_shocks_are_its_own():
    assert [np.isfinite(star_ballast(4, 0.6, 0.2, *base, 0.15)) for base in ((0.16, 0), (0.08, 1), (0.16, 0.8))] == [True, True, False]


@pytest.fixture(scope="module")
def mixes():
    ledger, _ = private_bank(rng=2024)
    margins, costs = (ledger.groupby(["quarter", "segment"], sort=False)[name].sum().unstack() for name in ("margin", "cost"))
    return margins / costs, costs.sum() / costs.sum().sum()


def test_the_line_itself_is_uncertain(mixes):
    """The risk of the mix at today's return, each on its own history: 5 % to 95 %."""
    returns, today = mixes
    target = risk_and_return(today, returns.mean(), returns.cov())["mean"]
    risks = []
    for seed in range(100):
        drawn = returns.sample(40, replace=True, random_state=seed)
        mix = efficient_mix(drawn.mean(), drawn.cov(), target)
        risks.append(risk_and_return(mix, drawn.mean(), drawn.cov())["sd"])
    assert "from {:.3f} to {:.3f}".format(*np.quantile(risks, [0.05, 0.95])) in TEXT


def test_the_boards_plan(mixes):
    returns, today = mixes
    plan = today + [today["savers"], 0, 0, -today["savers"]]
    now, then = (risk_and_return(mix, returns.mean(), returns.cov()) for mix in (today, plan))
    assert f"today | {today['families']:.0%} of the spending on the families, {today['savers']:.0%} on the savers".replace("%", " %") in TEXT
    assert f"return {now['mean']:.2f}, c.v. {now['sd'] / now['mean']:.3f}" in TEXT
    assert f"the plan | {plan['families']:.0%} on the families".replace("%", " %") in TEXT
    assert f"return {then['mean']:.2f}, c.v. {then['sd'] / then['mean']:.3f}" in TEXT and f"against {2 * now['sd'] / now['mean']:.2f}" in TEXT
    assert 1 / ndtri(0.95) == pytest.approx(0.61, abs=0.005)
