"""Lesson 01: the numbers of its prose that no cell prints, and those that it takes from others."""

import numpy as np
import pandas as pd
import pytest

import ccx
from ccx.ledger import COSTS, GOODS, grocer_ledger, statement, tilt, value_at_risk
from ccx.simulate import satisfaction_survey
from ccx.voice import net_promoter, response_rate, score

from lessons import bank, release, solution

TEXT = "\n".join(cell.source for cell in release("01-inversion").cells if cell.cell_type == "markdown")
ANSWER = next(cell.source for cell in solution("01-inversion").cells if cell.id == "decide")
PUMP, CHICKEN = "coupon/misc items: gasoline-reg unleaded", "chicken: chicken breast boneless"
FEATURES = ["price", "speed", "service", "range", "quality"]


@pytest.fixture(scope="module")
def ledger():
    return grocer_ledger()


@pytest.fixture(scope="module")
def households(ledger):
    return statement(ledger, "customer_id")


@pytest.fixture(scope="module")
def products(ledger):
    return statement(ledger, "product")


@pytest.fixture(scope="module")
def losers(products):
    sold = products.nlargest(100, "received")
    return sold[sold["profit"] < 0].sort_values("profit")


def right(name):
    return np.array(bank("01-inversion").exercises[f"01.{name}"].right[0])


def test_the_first_line_is_a_bagel(ledger):
    first = ledger.iloc[0]
    assert "bagels" in first["product"]
    assert first[["shelf", "received", "goods", "handling", "checkout", "profit"]].tolist() == [50, 50, 25, 8, 100, -84] and "lost 84 cents" in TEXT


def test_the_assumptions_in_words():
    assert f"{GOODS['GROCERY']} for dry groceries, {GOODS['FUEL']} for petrol" in TEXT and COSTS["cents"].tolist() == [8, 100, 1800]
    assert "8 cents a line, a checkout one dollar a receipt, the card programme 18 dollars" in TEXT


def test_the_manufacturers_coupons():
    assert f"({ccx.load('grocery')['coupon_discount'].sum():,.0f} dollars in the year)" in TEXT


def test_the_whole(households):
    whole = households.sum()
    assert f"received {whole['received'] / 1e6:.2f} million dollars and keeps {whole['profit'] / 1000:.0f} thousand, {100 * whole['profit'] / whole['received']:.0f} cents" in TEXT
    assert whole["goods"] / whole[COSTS.index].sum() == pytest.approx(11, abs=0.5) and "eleven times" in TEXT


def test_the_two_statements(products, households):
    assert f"{len(products):,} rows and {len(households):,} rows" in TEXT
    assert [name.split(":")[0] for name in products.index[:2]] == ["beers/ales", "cigarettes"] and list(products.index[-2:])[0] == CHICKEN
    assert products.index[-1].startswith("candy") and f"loses {-products['profit'].iloc[-1]:,.0f} dollars" in TEXT


def test_the_households_in_the_red(households):
    red = households[households["profit"] < 0]
    assert len(households) / len(red) == pytest.approx(11, abs=0.5) and "One household in eleven" in TEXT
    assert -red["profit"].sum() / households["profit"].sum() == pytest.approx(0.005, abs=0.0005) and "half a per cent of the profit" in TEXT
    assert f"{len(red) / len(households):.1%}".replace("%", " %") + f" of all; together they lose {-red['profit'].sum():,.0f} dollars" in TEXT


def test_what_rounding_loses(ledger):
    rounded = (100 / ledger.groupby("basket_id")["basket_id"].transform("size")).round().sum() / 100
    assert f"{ledger['checkout'].sum() / 100 - rounded:.0f} dollars of checkouts have gone missing" in TEXT


def test_cokes_premium_as_dawar_has_it():
    """Dawar (2013): about 25 cents in a pack of 24, two dollars at the point of thirst, "a 700% price premium"."""
    assert 2 / 0.25 - 1 == 7 and "about 25 cents in a pack of 24, two dollars" in TEXT


def test_the_premium_of_the_grocers_own_bottle():
    drinks = ccx.load("grocery").merge(ccx.load("grocery_products"), on="product_id").query("product_category == 'SOFT DRINKS'")
    packs = drinks[drinks["package_size"] == "12 PK/12 OZ"]
    bottles = drinks[(drinks["package_size"] == "20 OZ") & drinks["product_type"].str.contains("SNGL")]
    ounce = [sold["value"].sum() / sold["quantity"].sum() / ounces for sold, ounces in ((packs, 144), (bottles, 20))]
    assert ounce[1] / ounce[0] == pytest.approx(2.5, abs=0.1) and "two and a half times as much" in TEXT
    # The trap of the card, quantities that are no items, is not among them.
    assert drinks["quantity"].max() < 200


def test_the_fifths(ledger, households):
    fifth = pd.qcut(-households["profit"], 5, labels=range(1, 6))
    sums = households.groupby(fifth, observed=True).sum()
    gross, serving = 1 - sums["goods"] / sums["received"], sums[list(COSTS.index)].sum(axis=1) / sums["received"]
    assert f"bring {sums['profit'][1] / sums['profit'].sum():.0%}".replace("%", " %") in TEXT and sums["profit"][5] / sums["profit"].sum() < 0.001
    cents = (100 * gross).round().astype(int).tolist()
    assert cents == [26, 24, 24, 24, 19] and "26 cents of a dollar with the best fifth, 24 with the three in the middle and 19 with the last" in TEXT
    assert [round(100 * serving[i]) for i in (1, 5)] == [5, 18] and "takes 5 cents of a dollar from the best and 18 of these 19 from the last" in TEXT
    baskets = ledger.groupby("customer_id")["basket_id"].nunique()
    visit = sums["received"] / baskets.groupby(fifth, observed=True).sum()
    assert f"come for {visit[5]:.0f} dollars at a time and the best for {visit[1]:.0f}" in TEXT


def test_most_in_the_red_bring_something_after_the_goods():
    """The prose calls it a matter of serving; so it is for more than nine in ten, and with other costs too."""
    assert right("served-red")[0] > 0.9
    for goods, costs in ((GOODS * 0.95, COSTS), (GOODS * 1.05, COSTS), (GOODS, COSTS.assign(cents=[4, 100, 1800])), (GOODS, COSTS.assign(cents=[16, 100, 1800]))):
        people = statement(grocer_ledger(goods, costs), "customer_id")
        red = people[people["profit"] < 0]
        assert (red["received"] > red["goods"]).mean() > 0.9


def test_the_error_halves_with_four_times_as_many(households):
    """The standard error of a mean: the standard deviation over the root of the number."""
    error = households["profit"].std() / np.sqrt([30, 120, 480, 1920])
    np.testing.assert_allclose(error, [80, 40, 20, 10], atol=0.5)
    assert "some 44 dollars" in TEXT and households["profit"].std() / 10 == pytest.approx(44, abs=0.5)
    assert households["profit"].std() / np.sqrt(right("needed")[0]) == pytest.approx(44 / 4, abs=0.1)


def test_seven_of_the_hundred_lose_money(losers, products):
    assert len(losers) == 7 and losers.index[-1] == PUMP and "Seven of a hundred" in TEXT
    candy, chicken = losers.iloc[0], losers.loc[CHICKEN]
    assert 0 < candy["received"] - candy["goods"] < candy[list(COSTS.index)].sum()
    assert chicken["received"] / chicken["shelf"] == pytest.approx(0.5, abs=0.005)
    assert losers.loc[PUMP, "received"] > 10 * losers.drop(PUMP)["received"].max()
    assert f"loses {-losers.loc[PUMP, 'profit']:.0f} dollars of {losers.loc[PUMP, 'received'] / 1000:.0f} thousand" in TEXT


def test_the_buyers_of_the_seven(ledger, households, losers):
    risk, total = value_at_risk(ledger, households["profit"]), households["profit"].sum()
    assert risk.loc[losers.index[0], "value"] / total == pytest.approx(0.77, abs=0.005) and "Three quarters of all profit" in TEXT
    break_even = -losers["profit"] / (risk.loc[losers.index, "value"] - losers["profit"])
    assert break_even.max() < 0.01 and f"{break_even[PUMP]:.2%}".replace("%", " %") in TEXT and "0.12 %" in ANSWER
    leaning = risk.loc[losers.index, "leaning"] / total
    assert leaning[CHICKEN] == pytest.approx(1 / 30, abs=0.001) and f"what the visitor is worth, {leaning[PUMP]:.1%}".replace("%", " %") in TEXT
    buyers, each = risk.loc[PUMP, "buyers"], risk.loc[PUMP, "value"] / risk.loc[PUMP, "buyers"]
    assert f"| its buyers | {buyers:,.0f} households with {risk.loc[PUMP, 'value'] / total:.0%} of all profit, {each:.0f} dollars each".replace("%", " %") in TEXT
    assert f"these are worth {each:.0f}" in ANSWER


def test_one_household_leans_on_the_pump(ledger, households):
    visits = ledger[ledger["customer_id"] == 1314].groupby("basket_id")["product"].agg(lambda names: (names == PUMP).any())
    value = households.loc[1314, "profit"]
    assert f"Household 1314 brings {value:,.0f} dollars and has petrol on {visits.sum()} of its {len(visits)} visits, a third: it adds {value / 3:.0f} dollars" in TEXT
    assert visits.mean() == pytest.approx(1 / 3)


def test_chance_explains_the_value_at_risk(ledger, households, products):
    """As in the notebook: the same shuffle, products of more than 1,000 dollars."""
    shuffled = ledger.assign(product=ledger["product"].sample(frac=1, random_state=1).array)
    real, chance = (value_at_risk(lines, households["profit"]) for lines in (ledger, shuffled))
    sold = products.index[products["received"] > 1000]
    each, by_chance = ((table["value"] / table["buyers"])[sold] for table in (real, chance))
    assert f"worth {each.median():.0f} dollars each, {each.median() / households['profit'].mean():.1f} times the average household, and with the names shuffled it is {by_chance.median():.0f}" in TEXT
    assert (each > households["profit"].mean()).mean() > 0.99
    # With as many buyers: the crosses, in order of their number, against each dot.
    order = chance.loc[sold].sort_values("buyers")
    expected = np.interp(real.loc[sold, "buyers"], order["buyers"], (order["value"] / order["buyers"]).rolling(25, center=True, min_periods=1).mean())
    assert (each < expected).mean() > 0.6
    assert expected[list(sold).index(PUMP)] == pytest.approx(530, abs=5)
    assert "as many buyers: about 530 each" in TEXT and "as many buyers would be worth about 530 dollars each" in ANSWER


def test_most_in_the_red_are_small(households):
    """The programme's flat charge decides for most of them."""
    red = households[households["profit"] < 0]
    assert red["received"].median() < 81 and "half of them spend less than 81 dollars" in TEXT
    left = int((red["profit"] + red["programme"] < 0).sum())
    assert f"only {left} of the {len(red)} would be in the red" in TEXT and left / len(red) == pytest.approx(0.25, abs=0.01)


def test_the_fifths_differ_in_sales_first(households):
    fifth = pd.qcut(-households["profit"], 5, labels=range(1, 6))
    sums = households.groupby(fifth, observed=True).sum()
    sales, goods = sums["received"] / sums["received"].sum(), 1 - sums["goods"] / sums["received"]
    serving = sums[COSTS.index].sum(axis=1) / sums["received"]
    assert f"{sales[1]:.0%} of all sales, against {100 * sales[5]:.0f}".replace("%", " %") in TEXT
    assert (goods[1] - goods[5]) / (goods[1] - goods[5] + serving[5] - serving[1]) == pytest.approx(1 / 3, abs=0.03)


def test_the_pump_has_no_cashier(ledger, products):
    lines = ledger["product"] == PUMP
    alone = (ledger.groupby("basket_id")["basket_id"].transform("size") == 1)[lines].groupby(ledger["basket_id"][lines]).all()
    assert f"({alone.mean():.0%} of the receipts with petrol hold nothing else)".replace("%", " %") in TEXT
    assert f"a profit as well, of {products.loc[PUMP, 'profit'] + 0.1 * products.loc[PUMP, 'checkout']:.0f} dollars" in TEXT


def test_only_petrol_tilts_to_the_best(ledger, households, products, losers):
    every = tilt(ledger, households.index[:494])[products.index[products["received"] > 1000]]
    assert len(every) == 764 and (every > every[PUMP]).mean() == pytest.approx(1 / 3, abs=0.03) and (every > 1).mean() == pytest.approx(0.5, abs=0.04)
    found = tilt(ledger, households.index[:494])[losers.index]
    assert (found.drop(PUMP) < 1).all() and found[PUMP] > 1 and f"between {found.min():.2f} and {found.drop(PUMP).max():.2f}" in TEXT
    assert found.iloc[0] == pytest.approx(0.75, abs=0.01) and f"{found[PUMP]:.2f} times their share" in ANSWER
    spenders = households["received"].nlargest(494).index
    by_spending = tilt(ledger, spenders)[losers.index]
    assert f"tilt to petrol by {by_spending[PUMP]:.2f}" in TEXT and (by_spending.drop(PUMP) < 1).all()


def test_the_sign_of_the_tilt_is_hardly_chance(ledger, households):
    """The households drawn anew, the best fifth of each draw found again: 1.03 to 1.17 in 95 % of the draws."""
    bought = pd.DataFrame({"all": ledger.groupby("customer_id")["received"].sum(), "pump": ledger[ledger["product"] == PUMP].groupby("customer_id")["received"].sum()})
    spent = bought.reindex(households.index).fillna(0).to_numpy(float)
    rng, found = np.random.default_rng(1), []
    for _ in range(2000):
        drawn = spent[np.sort(rng.integers(0, len(spent), len(spent)))]  # households stand in the order of their profit
        of_all, of_pump = drawn[:494].sum(axis=0) / drawn.sum(axis=0)
        found.append(of_pump / of_all)
    assert households["profit"].is_monotonic_decreasing and "({:.2f} to {:.2f})".format(*np.quantile(found, [0.025, 0.975])) in ANSWER
    assert np.mean(np.array(found) > 1) > 0.99 and "it holds more than 99 times in 100" in TEXT


def test_the_pump_at_other_prices_of_petrol(products):
    """The profit is a straight line in the share; the tilt hardly moves."""
    pump, tilts = products.loc[PUMP], []
    for share, said in ((0.92, "3,095"), (0.93, "−669"), (0.94, "−4,432")):
        profit = pump["profit"] + pump["goods"] - share * pump["shelf"]
        assert f"{profit:,.0f}".replace("-", "−") == said and said.strip("−") in TEXT
    for share in (0.90, 0.95):
        lines = grocer_ledger(goods=pd.Series({**GOODS, "FUEL": share, "MISCELLANEOUS": share}))
        tilts.append(tilt(lines, statement(lines, "customer_id").index[:494])[PUMP])
    assert f"between {min(tilts):.2f} and {max(tilts):.2f}" in TEXT


@pytest.fixture(scope="module")
def survey(households):
    value = households["profit"].clip(lower=0)
    return value, *satisfaction_survey(value, rng=2)


def test_who_answered(households, survey):
    value, answers, _ = survey
    rate = response_rate(value, answers.index).groupby(pd.qcut(-households["profit"], 5, labels=range(1, 6)), observed=True).mean()
    assert rate[5] > 0.5 and 1 / rate[1] == pytest.approx(7, abs=0.5) and "of the best one in seven" in TEXT and value.max() > 5000


def test_the_verdict_turns(survey):
    value, answers, truth = survey
    rate = response_rate(value, answers.index)
    raw, weighted, everybody = (net_promoter(answers["recommend"]), net_promoter(answers["recommend"], value / rate), net_promoter(truth["recommend"].round(), value))
    assert f"Here it is {raw:.1f}".replace("-", "−") in TEXT and f"{weighted:.1f} (1 to 27) by dollars and response" in TEXT and everybody > 2 * weighted > 0
    assert score(answers[FEATURES]).is_monotonic_increasing and score(truth[FEATURES], value).is_monotonic_decreasing
    assert (np.diff(right("weighted")) < 0).all()
    heads, dollars = score(truth[FEATURES]), score(truth[FEATURES], value)
    assert f"between {heads.min():.2f} and {heads.max():.2f}" in TEXT
    assert (abs(right("weighted") - dollars) < 0.4).all() and (abs(right("weighted") - dollars).max() < abs(right("weighted") - score(answers[FEATURES])).max())


def test_the_interval_of_the_score(survey):
    """The answers drawn anew; it hardly matters whether the response rates are worked out anew as well, from all households."""
    value, answers, _ = survey
    assert f"Draw {len(answers)} answers anew" in TEXT and "95 scores in 100 lie between 1 and 27" in TEXT
    promoter = pd.cut(answers["recommend"], [-1, 6, 8, 10], labels=[-1, 0, 1]).astype(float).reindex(value.index)
    rng, scores = np.random.default_rng(1), {"households": []}
    weight = (value / response_rate(value, answers.index))[answers.index].to_numpy()
    said = promoter[answers.index].to_numpy()
    draws = rng.multinomial(len(said), np.full(len(said), 1 / len(said)), 4000)
    scores["answers"] = 100 * (draws @ (weight * said)) / (draws @ weight)
    for _ in range(1000):
        again = rng.integers(0, len(value), len(value))
        worth, voice = value.iloc[again].reset_index(drop=True), promoter.iloc[again].reset_index(drop=True)
        heard = voice.dropna().index
        scores["households"].append(100 * np.average(voice[heard], weights=(worth / response_rate(worth, heard))[heard]))
    np.testing.assert_allclose(np.quantile(scores["answers"], [0.025, 0.975]), [1, 27], atol=1)
    np.testing.assert_allclose(np.quantile(scores["households"], [0.025, 0.975]), [1, 27], atol=1.5)


def test_the_figures_of_others_are_as_read():
    """Economist Intelligence Unit (2013): 389 executives, 56 %, head of sales 31 %, CMO 18 %."""
    for part in ("389 executives", "56 % said", "head of sales in 31 % of the firms and the chief marketing officer in 18 %"):
        assert part in TEXT
