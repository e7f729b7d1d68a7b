"""Lesson 10: the numbers of its prose that no cell prints, and the published and checked ones that it reproduces."""

import importlib
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtri

import ccx
from ccx import clv
from ccx.base_audit import decompose_growth
from ccx.simulate import subscription_disclosures

from lessons import bank, release

RELEASE = release("10-customer-equity")
TEXT = "\n".join(cell.source for cell in RELEASE.cells if cell.cell_type == "markdown")
GIVEN = clv.Assumptions(margin=0.6, acquisition_cost=320, discount_rate=0.10, fixed_cost=1e6, other_assets=2e7, debt=4e7)


@pytest.fixture(scope="module")
def shop():
    return ccx.audit(ccx.load("company"), margin="margin", unit="dollars")


@pytest.fixture(scope="module")
def months():
    return ccx.audit(ccx.load("cdnow"), period="M")


@pytest.fixture(scope="module")
def firm():
    table, truth = subscription_disclosures(rng=10)
    return table, truth, clv.fit_disclosures(table), clv.constant_churn(table), clv.project_additions(table["add"])


def exercise(name):
    return bank("10-customer-equity").exercises[f"10.{name}"]


def right(name):
    return np.array(exercise(name).right[0])


def percent(share):
    return f"{share:.0%}".replace("%", " %")


def text_of(name):
    return next(cell.source for cell in RELEASE.cells if cell.id == name)


# The audit


def test_the_shop_in_words(shop):
    growth = shop.two_periods.growth
    assert f"sold {growth.loc['product', 'ratio'] - 1:.0%}".replace("%", " %") in TEXT
    assert f"their best fifth bring {percent(shop.one_period.summary['top_20'])}" in TEXT
    assert 1 - growth.loc["customers", "share"] == pytest.approx(0.12, abs=0.005) and "Twelve hundredths" in TEXT
    assert f"More customers make {percent(growth.loc['customers', 'share'])} of the growth" in TEXT
    assert growth.loc["orders per customer", "share"] > 0.11 and abs(growth.loc["value per order", "share"]) < 0.002
    assert (shop.two_periods.second - shop.two_periods.first).n == 4


def test_four_factors_multiply_to_the_revenue_and_their_shares_to_one(shop):
    base, table = shop.whole_base.by_period, shop.periods
    logs = [np.log([base.loc[q, "known"], base.loc[q, "active"] / base.loc[q, "known"], table.loc[q, "orders_per_customer"], table.loc[q, "value_per_order"]])
            for q in ("2024Q4", "2025Q4")]
    assert np.exp(logs[1].sum()) == pytest.approx(table.loc["2025Q4", "revenue"])
    np.testing.assert_allclose(right("four-factors"), (logs[1] - logs[0]) / np.log(table.loc["2025Q4", "revenue"] / table.loc["2024Q4", "revenue"]))
    assert right("four-factors").sum() == pytest.approx(1)
    # "Winning customers makes more than all of the growth: the share that is active shrinks."
    assert right("four-factors")[0] > 1 > 0 > right("four-factors")[1]


def test_the_functions_answer_is_the_librarys():
    shares = decompose_growth({"a": 100, "b": 2, "c": 50}, {"a": 200, "b": 2, "c": 40})["share"]
    np.testing.assert_allclose(exercise("growth-shares").answer([100, 2, 50], [200, 2, 40]), shares.drop("product"))
    assert f"customers' share is {shares['a']:.3f}" in TEXT


def test_cdnow_as_a_panel_of_quarters():
    ages = ccx.audit(ccx.load("cdnow")).one_cohort.by_age
    assert f"falls from {percent(ages['active_share'][1])} to {percent(ages['active_share'][5])}" in TEXT
    assert ages["orders_per_active"][1:].between(1.65, 1.85).all() and ages["value_per_order"][1:].between(37.5, 41).all()
    later, whole = ages["cumulative"][5] - ages["cumulative"][0], ages["cumulative"][5]
    assert f"brought {later:.0f} of its {whole:.0f} dollars" in TEXT and ages["cumulative"][0] < whole / 2


def test_the_unfair_comparison_of_cohorts(months):
    so_far = months.customers.groupby("cohort")["revenue"].mean()
    assert ", ".join(f"{mean:.0f}" for mean in so_far) + " dollars" in TEXT
    assert f"March {percent(1 - so_far.iloc[2] / so_far.iloc[0])} worse" in TEXT and f"Not the {so_far.iloc[0] - so_far.iloc[2]:.0f} dollars" in TEXT


def test_the_interval_of_january_minus_march_by_resampling(months):
    first = months.customers["first"]
    age = (months.log["date"] - months.log["customer_id"].map(first)).dt.days
    spent = months.log[age < 365].groupby("customer_id")["value"].sum().groupby(months.customers["cohort"])
    january, march = (spent.get_group(cohort).to_numpy() for cohort in spent.groups if str(cohort) in ("1997-01", "1997-03"))
    rng = np.random.default_rng(1)
    draws = [rng.choice(january, january.size).mean() - rng.choice(march, march.size).mean() for _ in range(1000)]
    np.testing.assert_allclose(right("january-march"), np.quantile(draws, [0.025, 0.975]), atol=0.6)
    low, high = right("january-march")
    # "What is left chance alone can explain … the interval also holds a decline by a tenth."
    assert low < 0 < 0.1 * january.mean() < high


def test_march_1998_by_the_calendar(months):
    """The same from the log itself: revenue of each cohort in three months of the calendar."""
    log = months.log.assign(cohort=months.log["customer_id"].map(months.customers["cohort"]), month=months.log["date"].dt.to_period("M"))
    revenue = log.groupby(["cohort", "month"])["value"].sum().unstack()
    np.testing.assert_allclose(right("diagonal"), 2 * revenue["1998-03"] / (revenue["1998-02"] + revenue["1998-04"]) - 1)
    assert (right("diagonal") > 0.3).all()


def test_july_1997_runs_along_a_diagonal(months):
    table = months.cohorts.revenue_per_customer
    assert f"age 6 ({table.loc['1997-01', 6]:.2f}) than at age 5 ({table.loc['1997-01', 5]:.2f})" in TEXT
    assert all(table.loc[cohort, age] > table.loc[cohort, age - 1] for cohort, age in (("1997-01", 6), ("1997-02", 5), ("1997-03", 4)))


# The value


def test_the_sum_over_customers_and_its_error():
    log, history = ccx.load("company"), ccx.customer_base(ccx.load("company"), calibration_end="2025-12-31", time_unit="W")
    spend = clv.GammaGammaModel.fit(history[history["monetary_value"] > 0])
    margin = (log["margin"].sum() - ccx.load("company_customers")["service_cost"].sum()) / log["value"].sum()
    true = ccx.load("company_truth")["residual"].sum()
    over = [clv.expected_customer_lifetime_value(history, kind.fit(history), spend, margin=margin, discount_rate=0.10, time_unit="W").sum() / true - 1
            for kind in (clv.BetaGeoModel, clv.ParetoNBDModel)]
    assert f"{true / 1e3:,.0f} thousand dollars. The models say {percent(over[0])} and {percent(over[1])} more" in TEXT


def test_the_service_in_words(firm):
    table, truth, model, naive, additions = firm
    churn = table["loss"] / table["end"].shift()
    assert f"from {churn[2]:.3f} in the second quarter to {churn[24]:.3f}" in TEXT and f"{table['end'][24]:,}" in TEXT
    ages = clv.base_by_age(model, table)
    assert f"{percent(ages['retention'][0])} of the new, {percent(ages['retention'][23])} of those" in TEXT
    assert truth.model.alpha / (truth.model.alpha + truth.model.beta) == pytest.approx(0.120)
    assert np.polyfit(table.index, np.log(table["add"]), 1)[0] == pytest.approx(0.04, abs=0.005)


def test_the_values_in_words_and_the_truth(firm):
    table, truth, model, naive, additions = firm
    by_model, by_rate = (clv.value_firm(table, GIVEN, additions, m) for m in (model, naive))
    assert f"a share is worth {by_model['equity'] / 1e7:.0f} dollars by one and {by_rate['equity'] / 1e7:.2f} by the other" in TEXT
    assert by_model["equity"] - by_rate["equity"] > 3e8
    true = truth.value(GIVEN)
    assert f"existing {true['existing'] / 1e6:.0f} million, future {true['future'] / 1e6:.0f}. The sBG says" in TEXT
    assert f"The sBG says {by_model['existing'] / 1e6:.0f} and {by_model['future'] / 1e6:.0f}" in TEXT
    payment = GIVEN.margin * clv.revenue_per_customer(table)
    worth = [payment * m.discounted_expected_lifetime(GIVEN.quarterly_rate) for m in (model, naive)]
    assert "{:.0f} dollars, or {:.0f}, and winning one costs 320".format(*worth) in TEXT and worth[1] < 320 < worth[0]


def test_the_published_shares_of_a_horizon():
    """Fader and Hardie's (2007) two series at 10 %: 40.4, 55.9, 77.7 and 53.1, 67.1, 84.5 per cent."""
    function = exercise("share-within").answer
    for parameters, published in (((0.668, 3.806), (0.404, 0.559, 0.777)), ((0.704, 1.182), (0.531, 0.671, 0.845))):
        np.testing.assert_allclose([function(n, *parameters, 0.10) for n in (3, 5, 10)], published, atol=6e-4)


def test_a_horizon_cuts_off_most_where_customers_stay(firm):
    table, truth, model, naive, additions = firm
    shares = [clv.lifetime_share(m, 20, GIVEN.quarterly_rate) for m in (model, naive)]
    assert f"streaming customer five years hold {percent(shares[0])}" in TEXT and f"five years hold {shares[1]:.3f} of everything" in TEXT
    high_end = clv.lifetime_share(clv.ShiftedBetaGeoModel(0.668, 3.806), [5, 10], 0.10)
    assert f"five years hold {percent(high_end[0])}, and ten years {percent(high_end[1])}" in TEXT


def test_the_bias_of_one_churn_rate_by_adding_up(firm):
    """Both numbers from sums over 5,000 quarters, without the library's closed forms."""
    table, truth, model, naive, additions = firm
    t = np.arange(5000)
    discount = (1 + GIVEN.quarterly_rate) ** -t
    steps = np.concatenate([[1], np.cumprod((model.beta + t[1:] - 1) / (model.alpha + model.beta + t[1:] - 1))])
    new = (steps * discount).sum() / (((1 - naive.theta) ** t) * discount).sum()
    base = clv.base_by_age(model, table)["customers"]
    later = np.array([(steps[a + 1:4000 + a] / steps[a] * discount[1:4000]).sum() for a in base.index])
    existing = (base.to_numpy() @ later) / (table["end"].iloc[-1] * (((1 - naive.theta) ** t) * discount)[1:].sum())
    np.testing.assert_allclose(right("bias"), [1 / existing - 1, 1 / new - 1], rtol=1e-5)
    assert (right("bias") < 0).all()


def test_a_new_customer_is_overvalued_where_the_firm_has_grown_old():
    firm, _ = subscription_disclosures(rng=10, growth=-0.20)
    rate = GIVEN.quarterly_rate
    over = clv.constant_churn(firm).discounted_expected_lifetime(rate) / clv.fit_disclosures(firm).discounted_expected_lifetime(rate) - 1
    assert over == pytest.approx(0.2, abs=0.02) and "overvalued" in TEXT.replace("*", "")


def test_the_explorers_two_firms():
    found = [importlib.import_module("ccx.explore.valuation").view({"growth": growth, "polarisation": 0.2}).numbers for growth in np.arange(-6, 6) / 200]
    [same] = [numbers for numbers in found if numbers["gap"] <= 0.03]
    assert f"({same['existing'] / 1e6:.0f} against {same['other_existing'] / 1e6:.0f} million dollars)" in TEXT
    assert 3.7 < same["existing"] / same["other_existing"] < 4 and f"losing {percent(same['other_churn'])} of them" in TEXT
    assert same["growth"] == -0.01 and same["churn"] < 0.05
    assert f"change by −1 % a quarter, the two report the same number of customers in every quarter, to within {100 * same['gap']:.1f} %" in TEXT


def test_the_future_share_and_the_implied_rate(firm):
    table, truth, model, naive, additions = firm
    value = clv.value_firm(table, GIVEN, additions, model)
    assert right("future")[0] == pytest.approx(value["future"] / (value["existing"] + value["future"])) and right("future")[1] < right("future")[0]
    level = np.exp(np.polyval(np.polyfit(table.index, np.log(table["add"]), 1), 24))
    assert f"the trend's level in quarter 24 ({level:,.0f})" in TEXT
    true = truth.value(GIVEN)
    assert f"that of the simulation itself is {true['future'] / true.sum():.3f}" in TEXT
    at = clv.value_firm(table, replace(GIVEN, discount_rate=right("implied-rate")[0]), additions, model)
    assert at["equity"] / 1e7 == pytest.approx(25, abs=1e-6)
    # "Hardly more than our own rate."
    assert 0.10 < right("implied-rate")[0] < 0.12


def test_chance_and_assumptions(firm):
    table, truth, model, naive, additions = firm
    equity = clv.bootstrap_value(table, GIVEN, n_resamples=100, rng=1)["equity"] / 1e7
    low, high = equity.quantile([0.025, 0.975])
    as_given, cheap = (clv.value_firm(table, replace(GIVEN, discount_rate=d), additions, model)["equity"] / 1e7 for d in (0.10, 0.08))
    assert high - as_given == pytest.approx(4, abs=0.7) and as_given - low == pytest.approx(4, abs=0.7)
    assert f"instead of 10 % by {cheap - as_given:.0f}" in TEXT


def test_the_sprint_and_the_marathon(firm):
    table, truth, model, naive, additions = firm
    rate, payment = GIVEN.quarterly_rate, GIVEN.margin * clv.revenue_per_customer(table)
    deals = clv.ShiftedBetaGeoModel(0.24 * (1 / 0.15 - 1), 0.76 * (1 / 0.15 - 1))
    better = clv.ShiftedBetaGeoModel(model.alpha * 11 / 12, model.beta + model.alpha / 12)
    assert deals.alpha / (deals.alpha + deals.beta) == pytest.approx(0.24)
    assert better.alpha / (better.alpha + better.beta) == pytest.approx(11 / 12 * model.alpha / (model.alpha + model.beta))
    assert 20_000 * (payment * deals.discounted_expected_lifetime(rate) - 200) == pytest.approx(-0.5e6, abs=0.05e6)
    # The marathon's gain, customer by customer and quarter by quarter.
    coming = np.concatenate([additions, np.full(2000, additions.iloc[-1])])
    each = payment * (better.discounted_expected_lifetime(rate) - model.discounted_expected_lifetime(rate)) - 10
    gain = each * (coming / (1 + rate) ** np.arange(1, coming.size + 1)).sum()
    assert gain == pytest.approx(60e6, abs=0.6e6) and "adds 60 million" in TEXT


def test_weekly_cohorts(months):
    first = months.customers["first"]
    age = (months.log["date"] - months.log["customer_id"].map(first)).dt.days
    spent = months.log[age < 365].groupby("customer_id")["value"].sum()
    weeks = spent.groupby((first - first.min()).dt.days // 7).mean()
    assert f"from {weeks.min():.0f} to {weeks.max():.0f} dollars" in TEXT and len(weeks) == 12
    assert f"chance of {percent(1 - 0.95**12)}" in TEXT


# The case against


def test_two_point_eight_is_the_sum_of_two_quantiles():
    assert ndtri(0.975) + ndtri(0.8) == pytest.approx(2.8, abs=0.005)


def test_the_size_of_a_trial_by_simulation():
    """With as many customers as the answer says, four trials in five notice the change."""
    n = int(exercise("per-arm").answer(10, 20, 0.2))
    rng = np.random.default_rng(2)
    arms = rng.normal([[[10], [12]]], 20, (4000, 2, n)).mean(axis=2)
    noticed = (arms[:, 1] - arms[:, 0]) / (20 * np.sqrt(2 / n)) > 1.96
    assert noticed.mean() == pytest.approx(0.8, abs=0.02)


def test_what_the_shop_could_have_noticed(shop):
    known = shop.customers.index[shop.customers["cohort"] < "2025Q4"]
    quarter = shop.activity[shop.activity["period"] == "2025Q4"].set_index("customer_id")["profit"].reindex(known, fill_value=0.0)
    smallest = 2.8 * quarter.std() * np.sqrt(2 / (len(known) / 2)) / quarter.mean()
    assert f"all its {len(known):,} customers in the trial, the shop would notice a change by {percent(smallest)}" in TEXT
    before = shop.activity[shop.activity["period"] == "2025Q3"].set_index("customer_id")["profit"].reindex(known, fill_value=0.0)
    slope, level = np.polyfit(before, quarter, 1)
    less = (quarter - level - slope * before).std() / quarter.std()
    assert less == pytest.approx(np.sqrt(1 - before.corr(quarter) ** 2), abs=1e-6)
    assert f"here the quarter before makes {percent(less * smallest)} of the {percent(smallest).split()[0]};" in TEXT and np.sqrt(1 - 0.87**2) == pytest.approx(0.5, abs=0.01)


def test_the_model_answer_of_the_decision():
    grocer = ccx.audit(ccx.load("grocery"))
    growth, quality, base = grocer.two_periods.growth, grocer.cohorts.quality, grocer.whole_base.by_period
    assert growth.loc["product", "ratio"] == pytest.approx(1.040, abs=5e-4)
    np.testing.assert_allclose(growth["share"][:3], [0.09, -0.25, 1.16], atol=0.005)
    np.testing.assert_allclose(quality["value"], [1024, 406], atol=0.5)
    assert quality["customers"].tolist() == [2280, 113] and quality["change"].isna().all()
    assert base.loc["2017Q4", "repeat_share"] == pytest.approx(0.998, abs=5e-4)
    assert base.loc["2017Q4", "active"] / base.loc["2017Q4", "known"] == pytest.approx(0.94, abs=0.005)
    assert growth.loc["value per order", "after"] == pytest.approx(37.06, abs=0.005) and growth.loc["orders per customer", "after"] == pytest.approx(13.9, abs=0.05)
    quarters = grocer.activity.pivot(index="customer_id", columns="period", values="revenue").fillna(0.0)
    before, now = quarters["2017Q3"], quarters["2017Q4"]
    n = exercise("per-arm").answer(now.mean(), now.std(), 0.05)
    assert (round(now.mean()), round(now.std())) == (484, 555) and n == pytest.approx(8250, abs=10)
    assert n * (1 - before.corr(now) ** 2) == pytest.approx(1960, abs=10) and before.corr(now) == pytest.approx(0.87, abs=0.005)


def test_the_value_in_the_model_answer():
    """A stream that thins out, added up month by month; and what the two models of the cell say."""
    log, months = ccx.load("grocery"), np.arange(12 * 600)
    worth = [(0.25 * log["value"].sum() / 12 * (1.1 ** -(1 / 12) * (1 - leave) ** (1 / 12)) ** (months + 0.5)).sum() for leave in (0, 0.1)]
    np.testing.assert_allclose(np.divide(worth, 1e6), [12.1, 5.7], atol=0.05)
    history = ccx.customer_base(log, calibration_end="2017-12-31", time_unit="W")
    spend = clv.GammaGammaModel.fit(history[history["monetary_value"] > 0])
    value = clv.expected_customer_lifetime_value(history, clv.BetaGeoModel.fit(history), spend, margin=0.25, discount_rate=0.10, time_unit="W")
    assert len(value) == 2469 and value.sum() == pytest.approx(10.0e6, abs=0.1e6)
    with pytest.raises(RuntimeError, match="no maximum"):
        clv.ParetoNBDModel.fit(history)


def test_the_decision_says_which_numbers_must_be_cited():
    task = text_of("memo")
    assert all(word in task for word in ("**growth**", "**quality**", "**the base**", "**value**", "largest factor", "interval", "won earlier", "must stand in your text"))
    assert len([line for line in task.splitlines() if line.startswith("| ") and "| 0 | 1 | 2" not in line and "---" not in line]) == 8


def test_nobodys_habit_changed_but_the_mix_did():
    """growth-read: orders per active customer of earlier and of new customers, and the share of the earlier ones."""
    orders = ccx.load("company").assign(quarter=lambda log: log["date"].dt.to_period("Q"))
    new = orders.groupby("customer_id")["quarter"].transform("min") == orders["quarter"]
    for quarter, share in (("2024Q4", 0.30), ("2025Q4", 0.46)):
        here = orders[orders["quarter"] == quarter].groupby(new)["customer_id"].agg(["size", "nunique"])
        each = here["size"] / here["nunique"]
        assert each[False] == pytest.approx(2.1, abs=0.05) and each[True] == pytest.approx(1.4, abs=0.06)
        assert here["nunique"][False] / here["nunique"].sum() == pytest.approx(share, abs=0.005)
