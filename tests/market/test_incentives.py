"""What pay makes of managers and partners, against a general optimiser, brute force and closed forms."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from ccx.market import best_spending, commission_per_hour, customers_won, present_value, sales_channels, trailing_share, what_pay_makes

CHANNELS = sales_channels()
KINDS = pd.DataFrame({"hours": [12.0, 3.0], "margin": [400.0, 60.0], "retention": [0.85, 0.5]}, index=["keepers", "hoppers"])


def random_channels(seed, n=4):
    rng = np.random.default_rng(seed)
    return pd.DataFrame({"prospects": rng.uniform(1e3, 5e4, n), "ceiling": rng.uniform(0.05, 0.5, n), "ease": rng.uniform(0.01, 0.4, n),
                         "revenue": rng.uniform(20, 900, n), "equity": rng.uniform(5, 900, n)})


def test_nobody_is_won_for_nothing_and_never_more_than_the_ceiling():
    assert customers_won(CHANNELS, [0, 0, 0]).tolist() == [0, 0, 0]
    np.testing.assert_allclose(customers_won(CHANNELS, [1e9] * 3), CHANNELS["prospects"] * CHANNELS["ceiling"])


def test_the_first_dollar_costs_one_over_ceiling_times_ease():
    np.testing.assert_allclose(1e-3 / customers_won(CHANNELS, [1e-3] * 3), 1 / (CHANNELS["ceiling"] * CHANNELS["ease"]), rtol=1e-6)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("budget", [1e4, 3e5, 3e6])
def test_no_other_spending_of_the_budget_earns_more(seed, budget):
    """Against SciPy's SLSQP, started at an even split, and against 2,000 random splits."""
    channels = random_channels(seed)
    worth = channels["equity"].to_numpy()
    found = best_spending(channels, budget, worth)
    assert found.sum() == pytest.approx(budget) and (found >= 0).all()
    best = customers_won(channels, found) @ worth
    general = minimize(lambda x: -(customers_won(channels, np.maximum(x, 0) * budget) @ worth) / best, np.full(4, 0.25), method="SLSQP",
                       bounds=[(0, 1)] * 4, constraints={"type": "eq", "fun": lambda x: x.sum() - 1}, options={"ftol": 1e-12, "maxiter": 500})
    assert -general.fun == pytest.approx(1, abs=1e-5) and -general.fun <= 1 + 1e-8
    dollars = np.random.default_rng(seed).dirichlet([0.5] * 4, 2000) * budget / channels["prospects"].to_numpy()
    won = (channels["prospects"] * channels["ceiling"]).to_numpy() * (1 - np.exp(-channels["ease"].to_numpy() * dollars))
    assert (won @ worth).max() <= best * (1 + 1e-12)


def test_the_last_dollar_brings_the_same_wherever_money_goes():
    spending = best_spending(CHANNELS, 1e6, CHANNELS["revenue"])
    last = (customers_won(CHANNELS, spending + 0.5) - customers_won(CHANNELS, spending - 0.5)) * CHANNELS["revenue"]
    assert np.ptp(last) < 1e-6


def test_one_channel_charged_is_the_formula_of_blattberg_and_deighton():
    """Dollars per prospect that make ceiling (1 − e^(−kA)) M − A largest: A* = ln(ceiling · k · M) / k, or 0 where the first dollar does not pay."""
    fairs = CHANNELS.loc[["fairs"]]
    assert best_spending(fairs, 1e9, 800, charged=True).iloc[0] / 4000 == pytest.approx(np.log(0.3 * 0.02 * 800) / 0.02)
    assert best_spending(fairs, 1e9, 100, charged=True).iloc[0] == 0
    assert best_spending(fairs, 50_000, 800, charged=True).iloc[0] == pytest.approx(50_000)


def test_only_ratios_of_worth_count_unless_the_money_is_charged():
    np.testing.assert_allclose(best_spending(CHANNELS, 5e5, CHANNELS["equity"]), best_spending(CHANNELS, 5e5, 100 * CHANNELS["equity"]))
    assert best_spending(CHANNELS, 1e6, CHANNELS["equity"], charged=True).sum() < best_spending(CHANNELS, 1e6, 2 * CHANNELS["equity"], charged=True).sum()


def test_a_customer_who_is_worth_nothing_gets_nothing():
    assert best_spending(CHANNELS, 1e6, [800, 150, 0]).iloc[2] == 0 and best_spending(CHANNELS, 0, 1).sum() == 0


@pytest.mark.parametrize("seed", range(5))
def test_every_pay_gets_the_most_of_what_it_pays_for(seed):
    """Head count the most heads, revenue the most revenue, equity the most equity, equity after cost the largest gain."""
    table = what_pay_makes(random_channels(seed), 4e5)
    best = {"customers": "head count", "revenue": "revenue", "equity": "equity", "gain": "equity after cost"}
    for column, pay in best.items():
        assert table.loc[pay, column] >= table[column].max() * (1 - 1e-9)


def test_a_pay_on_heads_loses_money_and_a_pay_on_equity_overspends():
    """With a million dollars: the cheapest customers are not worth what they cost, and an equity that is not charged for its cost is bought too dear."""
    table = what_pay_makes(CHANNELS, 1e6)
    assert table.loc["head count", "gain"] < 0 < table.loc["revenue", "gain"] < table.loc["equity", "gain"] < table.loc["equity after cost", "gain"]
    budgets = np.arange(1e5, 2e6, 1e4)
    gains = [what_pay_makes(CHANNELS, budget, ["equity"]).loc["equity", "gain"] for budget in budgets]
    assert budgets[int(np.argmax(gains))] == pytest.approx(table.loc["equity after cost", "spent"], abs=1e4)


def test_a_present_value_is_the_sum_of_its_years():
    years = np.arange(2000)
    assert present_value(100, 0.8, 0.1) == pytest.approx((100 * (0.8 / 1.1) ** years).sum())
    assert present_value(7, 0, 0.3) == pytest.approx(7) and present_value(7, 0.9, 0) == pytest.approx(70)


@pytest.mark.parametrize("upfront, rate", [(20, 0.1), (60, 0.2), (60, 0.5), (200, 0.3)])
def test_at_the_trailing_share_an_hour_earns_the_same_with_either_kind(upfront, rate):
    share = trailing_share(KINDS, upfront, rate)
    at, below, above = (commission_per_hour(KINDS, upfront, share * factor, rate) for factor in (1, 0.99, 1.01))
    assert at.iloc[0] == pytest.approx(at.iloc[1])
    assert below.idxmax() == "hoppers" and above.idxmax() == "keepers"


def test_the_trailing_share_grows_with_the_fee_up_front_and_with_impatience():
    assert trailing_share(KINDS, 120, 0.2) == pytest.approx(2 * trailing_share(KINDS, 60, 0.2)) and trailing_share(KINDS, 0, 0.2) == 0
    assert trailing_share(KINDS, 60, 0.5) > trailing_share(KINDS, 60, 0.2)


def test_some_partners_need_no_share_and_some_can_be_won_by_none():
    assert trailing_share(KINDS.assign(hours=[2, 3]), 60, 0.2) == 0
    assert trailing_share(KINDS.assign(hours=[60, 3]), 60, 0.2) == np.inf


@pytest.mark.parametrize("call, message", [
    (lambda: customers_won(CHANNELS, [1, 2]), "each of the 3 channels"), (lambda: customers_won(CHANNELS, [1, 2, -3]), "0 or more"),
    (lambda: customers_won(CHANNELS.drop(columns="ease"), [1, 2, 3]), "lacks the column 'ease'"),
    (lambda: customers_won(CHANNELS.assign(ceiling=1.2), [1, 2, 3]), "at most 1"),
    (lambda: best_spending(CHANNELS, -1, 1), "budget of 0 or more"), (lambda: best_spending(CHANNELS, 1, 0), "worth something"),
    (lambda: best_spending(CHANNELS, 1, [1, -1, 1]), "none less than nothing"), (lambda: what_pay_makes(CHANNELS, 1, ["smiles"]), "no pay 'smiles'"),
    (lambda: present_value(1, 1, 0.1), "up to but not 1"), (lambda: trailing_share(KINDS.iloc[:1], 1, 0.1), "not 1"),
])
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
