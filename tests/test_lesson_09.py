"""Lesson 09: the numbers of its prose that no cell prints, and a strategy graded by what it does."""

import numpy as np
import pytest

import ccx
from ccx.classroom.judge import grade, payload_of
from ccx.market import (baselines, best_spending, choice_shares, commission_per_hour, consumer_surplus, customers_won, ecology, equilibrium_prices, firm_positions,
                        firm_profits, firms_of, industry, meetings, mix_table, present_value, sales_channels, season, stable_mixes, standings, switch_gains,
                        trailing_share, what_pay_makes)

from lessons import bank, release, solution

TEXT = "\n".join(cell.source for cell in release("09-strategy-mix").cells if cell.cell_type == "markdown")
[MODEL_ANSWER] = [cell.source for cell in solution("09-strategy-mix").cells if cell.id == "decide"]
OFFERS, SEGMENTS = industry()
FIRST, SECOND = OFFERS.index


@pytest.fixture(scope="module")
def table():
    return mix_table(OFFERS, SEGMENTS)


def exercise(name):
    return bank("09-strategy-mix").exercises[f"09.{name}"]


def right(name):
    return exercise(name).right[0][0]


def positions(category, kind):
    products = ccx.load("grocery_products")
    chosen = products[(products["product_category"] == category) & products["product_type"].str.contains(kind)]
    return firm_positions(ccx.load("grocery").merge(chosen, on="product_id"))


def test_coffee_is_sold_in_two_ways():
    firms = positions("COFFEE", "GROUND|BEAN")
    cheap, dear = firms.loc[["store brand", "A", "B"]], firms.loc[["C", "D"]]
    assert list(firms.index[:3]) == ["store brand", "A", "B"] and cheap["price"].between(17, 25).all() and (dear["price"] > 60).all()
    assert cheap["reach"].between(0.38, 0.43).all() and "13 to 15 % of the households" in TEXT
    assert set((100 * dear["reach"]).round()) == {13, 15}
    assert set(dear["baskets"].round()) <= {7, 8} and set(cheap["baskets"].round()) <= {5, 6}
    assert dear["per_customer"].between(19, 25).all() and set(cheap["per_customer"].round()) <= {13, 14}
    assert (dear["own_share"] < 0.5).all() and (cheap["own_share"] < 0.5).all()


def test_cereal_is_not():
    large = positions("COLD CEREAL", "").head(5)
    assert f"from {100 * large['reach'].min():.0f} to {100 * large['reach'].max():.0f} % of the households" in TEXT and large["share"].sum() > 0.99


def test_the_toy_of_three_firms():
    """What is missing to 1, and the floor under the price."""
    utility = np.exp(np.array([2, 2, 3]) - 2)
    assert f"({1 / (1 + utility.sum()):.3f}) buys nothing" in TEXT
    assert np.exp(0) / (1 + utility.sum()) == pytest.approx(exercise("shares").right[0][0])


def test_the_first_mover():
    firms = firms_of(OFFERS, 1)
    prices = equilibrium_prices(firms, SEGMENTS)
    shares, profits = choice_shares(firms, SEGMENTS, prices), firm_profits(firms, SEGMENTS, prices)
    assert f"has {100 * shares['focal'].iloc[0]:.0f} % of the focal customers" in TEXT and shares["rest"].iloc[0] < 0.001
    assert prices.iloc[0] > 2 * prices.iloc[1] and profits.iloc[0] / profits.iloc[1] == pytest.approx(5, abs=0.2)


def test_all_ten_earn_least_of_all_eleven_markets(table):
    assert table["industry_profit"].idxmin() == 10 and table["industry_profit"].loc[10] == table["industry_profit"].min()


def test_the_lines_of_the_mix(table):
    assert f"The first customer-centric firm earns {table[FIRST][1]:.3f}, the seventh {table[FIRST][7]:.3f}" in TEXT
    assert table[SECOND].idxmin() == 3 and (np.diff(table[SECOND].loc[3:9]) > 0).all()  # "from three on, each one more helps those who stay out"
    assert table[SECOND][3] / table[SECOND][0] == pytest.approx(0.75, abs=0.01) and "a quarter worse by the third" in TEXT
    demand = SEGMENTS["share"] * SEGMENTS["demand"]
    assert f"bring {100 * demand['focal'] / demand.sum():.0f} % of the demand" in TEXT
    assert stable_mixes(table[FIRST], table[SECOND]) == [7] and "Seven of ten" in TEXT


def test_who_loses_when_a_seventh_switches(table):
    by_kind = 6 * (table[FIRST][7] - table[FIRST][6]) + 3 * (table[SECOND][7] - table[SECOND][6])
    assert right("others") == pytest.approx(by_kind) and by_kind < 0
    assert table[SECOND][7] > table[SECOND][6] and table[FIRST][7] < table[FIRST][6]
    assert -right("others") > table[FIRST][7] - table[SECOND][6]
    assert f"({switch_gains(table[FIRST], table[SECOND])['to_first'][4]:.3f}, see the table above)" in TEXT


def test_prices_and_surplus_of_either_segment(table):
    found = {}
    for k in (0, 1, 10):
        firms = firms_of(OFFERS, k)
        prices = equilibrium_prices(firms, SEGMENTS)
        found[k] = prices.iloc[0], [consumer_surplus(firms, SEGMENTS.loc[[name]], prices) for name in SEGMENTS.index]
        assert sum(found[k][1]) == pytest.approx(table["consumer_surplus"][k])
    assert f"down from {found[1][0]:.2f} to {found[10][0]:.2f}" in TEXT
    assert f"{found[0][1][1]:.3f} to {found[10][1][1]:.3f}" in TEXT and "The rest are 85 % of the people" in TEXT


@pytest.mark.parametrize("share, stable, welfare", [(0.05, 2, 3), (0.10, 5, 5), (0.15, 7, 7), (0.20, 9, 8), (0.25, 10, 9), (0.40, 10, 10)])
def test_the_boundary_of_the_mix(share, stable, welfare):
    """"The same at 10, 15 and 40 %": at 5 % too few firms are customer-centric, at 20 % and 25 % one too many; for the firms a mix is best at every share."""
    table = mix_table(OFFERS, SEGMENTS.assign(share=[share, 1 - share]))
    assert stable_mixes(table[FIRST], table[SECOND]) == [stable] and table["welfare"].idxmax() == welfare
    assert 0 < table["industry_profit"].idxmax() < 10 and (table["industry_profit"].idxmax() < stable) == (share > 0.05)


def test_what_pay_makes_of_the_firm():
    made, channels = what_pay_makes(sales_channels(), 1_000_000), sales_channels()
    assert right("heads") == pytest.approx(made.loc["head count", "equity"] / 1e6) and right("heads") < 1
    gains = made["gain"] / 1000
    assert f"falls from {gains['equity after cost']:.0f} to {gains['equity']:.0f} thousand" in TEXT
    assert f"stops at {made.loc['equity after cost', 'spent'] / 1000:.0f} thousand" in TEXT and f"{right('heads'):.2f} dollars of customer value per dollar" in MODEL_ANSWER
    # "The first customer from a deal site costs 16 dollars, and is worth less than that."
    assert 1 / channels.loc["deal sites", ["ceiling", "ease"]].prod() == 16 > channels.loc["deal sites", "equity"]
    # The head-count line bends where the next channel opens.
    first, scale = channels["ceiling"] * channels["ease"], channels["prospects"] / channels["ease"]
    opens = [(scale * np.log(first / first[name]).clip(lower=0)).sum() / 1000 for name in ("search", "fairs")]
    assert f"bends at {opens[0]:.0f} and {opens[1]:.0f} thousand dollars" in TEXT
    # "met the target better than with any other spending"
    assert customers_won(channels, best_spending(channels, 1e6, 1)).sum() > customers_won(channels, best_spending(channels, 1e6, channels["equity"])).sum()


def test_a_firm_that_forgets_its_cost():
    firms = firms_of(OFFERS, 7).reset_index(drop=True)
    honest, forgetful = equilibrium_prices(firms, SEGMENTS), equilibrium_prices(firms.assign(unit_cost=[0.0, *firms["unit_cost"][1:]]), SEGMENTS)
    before, after = (choice_shares(firms, SEGMENTS, prices).loc[0, "focal"] for prices in (honest, forgetful))
    assert f"sells to {100 * after:.0f} % of the focal customers instead of {100 * before:.0f} %" in TEXT and forgetful[0] < 1
    assert firm_profits(firms, SEGMENTS, forgetful)[0] < firm_profits(firms, SEGMENTS, forgetful)[9]  # "worse than the wrong strategy"


def test_the_partner():
    import pandas as pd

    prospects = pd.DataFrame({"hours": [12, 3], "margin": [400, 60], "retention": [0.85, 0.5]}, index=["keepers", "hoppers"])
    worth = present_value(prospects["margin"], prospects["retention"], 0.10) / prospects["hours"]
    at_once = commission_per_hour(prospects, 60, 0, 0.2)
    assert worth["keepers"] / worth["hoppers"] == pytest.approx(4, abs=0.05) and at_once["hoppers"] / at_once["keepers"] == 4
    assert f"The lines cross at {trailing_share(prospects, 60, 0.2):.2f}" in TEXT and f"above {trailing_share(prospects, 60, 0.2):.2f}" in MODEL_ANSWER
    assert f"takes {trailing_share(prospects, 60, 0.5) / trailing_share(prospects, 60, 0.2):.1f} times the share" in TEXT
    impatient, patient = (present_value(400, 0.85, rate) for rate in (0.5, 0.2))
    assert f"worth {impatient:.0f} dollars instead of {patient:,.0f}" in TEXT


def test_the_numbers_of_the_decision(table):
    switch, stay = table[FIRST].loc[6:8].to_numpy(), table[SECOND].loc[5:7].to_numpy()
    worth = (switch - stay) / 0.10 - 0.10
    assert (switch - stay)[2] < 0  # "the third to move would lose by it"
    assert f"earns {table[FIRST][5]:.3f}, yours {table[SECOND][5]:.3f} a year" in TEXT and table[FIRST][5] > 2 * table[SECOND][5]
    assert f"worth {worth[0]:.3f} after its cost; with one rival {worth[1]:.3f}; with two it loses {-worth[2]:.3f}" in TEXT
    for said in (f"each earns {switch[0]:.3f}", f"worth {worth[0]:.3f} after", f"one rival it is worth {worth[1]:.3f}", f"two it loses {-worth[2]:.3f}",
                 f"({stay[2]:.3f} instead of {stay[0]:.3f})"):
        assert said in MODEL_ANSWER


# The strategy


def test_the_right_strategies_beat_all_three():
    for numbers in exercise("strategy").right:
        judged = exercise("strategy").judge(numbers)
        assert judged.credit == 1 and "customer_centric" in judged.message


def test_the_sample_of_the_text_earns_nothing():
    [cell] = [cell for cell in release("09-strategy-mix").cells if cell.id == "sample"]
    here = {}
    exec(cell.source, here)
    assert grade(exercise("strategy"), payload_of(exercise("strategy"), season(here["sample"]))).credit == 0


def test_each_rung_of_the_ladder_earns_a_third():
    """The library's own strategies with a thousandth less spent, so that they are nobody's: each passes the rungs below its own."""
    def thriftier(name):
        return lambda state: {lever: (0.999 * money, 0.999 * other) for lever, (money, other) in baselines()[name](state).items()}

    def credit(name):
        return grade(exercise("strategy"), payload_of(exercise("strategy"), season(thriftier(name)))).credit

    assert credit("head_count") == 0 and credit("marginal") == 1
    assert credit("peanut_butter") in (0, 1 / 3) and credit("product_centric") in (1 / 3, 2 / 3) and credit("customer_centric") in (2 / 3, 1)


def test_what_is_handed_over_counts_only_for_what_it_brings_in_the_market():
    """Riches that nobody has, another length, and the wrong order of a good season."""
    asked = exercise("strategy")
    seeds = len(asked.grading_probes)
    assert seeds == 26 and grade(asked, [np.full((8, 4, 2), 1e9).tolist()] * seeds).credit == 0
    assert grade(asked, [[0.0] * 5] * seeds).credit == 0 and grade(asked, [{"error": "ValueError"}] * seeds).credit == 0
    good = np.reshape(asked.right[0], (seeds, 8, 4, 2))
    assert asked.judge(np.ravel(good[:, :, :, ::-1]).tolist()).credit < 1


def test_the_ladder_of_the_text():
    names = ["customer_centric", "product_centric", "peanut_butter", "head_count"]
    found = standings({name: baselines()[name] for name in names}, range(12))
    assert found.loc["product_centric", "lead"] < found.loc["product_centric", "se"] and (found["lead"] > 3 * found["se"])[["peanut_butter", "head_count"]].all()
    assert found["equity"].idxmin() == "head_count" and (found["se"].iloc[1:3] < found["spread"].iloc[:2].min() / np.sqrt(12)).all()


@pytest.mark.parametrize("seed, worlds", [(1, 12), (2, 4), (3, 4), (4, 4), (5, 4)])
def test_whoever_is_alone_among_the_other_kind_earns_more_than_they_do(seed, worlds):
    """As the text has it, and in other markets."""
    payoffs = meetings({name: baselines()[name] for name in ("customer_centric", "product_centric")}, rng=seed, worlds=worlds)
    assert payoffs.iloc[0, 1] > payoffs.iloc[1, 1] and payoffs.iloc[1, 0] > payoffs.iloc[0, 0]
    assert (ecology(payoffs).iloc[-1] > 0.05).all()
