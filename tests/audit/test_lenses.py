"""The five lenses on logs small enough to be worked out by hand."""

import numpy as np
import pandas as pd
import pytest

import ccx
from audit_logs import ROWS, audited
from ccx.base_audit import cohort_quality, decompose_growth, one_cohort, one_period, two_periods
from ccx.base_audit.calendar import calendar, periods_of

# -- periods ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", ["M", "Q", "Y"])
def test_periods_are_those_of_pandas(period):
    days = pd.date_range("1969-11-30", "2025-01-02", freq="17D")
    pd.testing.assert_index_equal(periods_of(days.to_numpy(), period), days.to_period(period), check_names=False)
    with pytest.raises(ValueError, match="period='W' is not known; use 'M', 'Q', 'Y'"):
        periods_of(days.to_numpy(), "W")


@pytest.mark.parametrize("first, last, pause, whole", [
    ("2024-01-01", "2024-06-30", 1, [True, True]), ("2024-01-02", "2024-06-30", 1, [False, True]), ("2024-01-02", "2024-06-29", 2, [True, True]),
    ("2024-01-03", "2024-06-30", 2, [False, True]), ("2024-01-01", "2024-06-20", 60, [True, False]), ("2024-01-08", "2024-06-30", 60, [True, True]),
])  # fmt: skip
def test_a_period_is_whole_unless_more_days_are_missing_than_the_log_pauses_within(first, last, pause, whole):
    """Up to a week."""
    assert calendar((np.datetime64(first), np.datetime64(last)), "Q", pause)["complete"].tolist() == whole


def test_the_periods_of_a_log():
    table = audited().periods
    assert table["customers"].tolist() == [1, 3, 3] and table["new"].tolist() == [1, 3, 1] and table["orders"].tolist() == [1, 4, 3]
    assert table["revenue"].tolist() == [8.0, 100.0, 75.0] and table["value_per_order"].tolist() == [8.0, 25.0, 25.0] and table["complete"].all()


def test_two_purchases_on_a_day_are_one_order_and_a_return_is_none():
    assert audited().customers["orders"].to_dict() == {"Ann": 3, "Bo": 1, "Cy": 2, "Di": 1, "Eve": 1}
    assert audited().customers.loc["Eve", "last"] == pd.Timestamp("2024-03-01")


# -- the first lens -----------------------------------------------------------------------------------------------


def test_one_period_by_hand():
    lens = one_period(audited().activity, "2024Q2")
    assert lens.summary[["customers", "orders", "revenue", "mean", "median", "below_mean", "one_order"]].tolist() == pytest.approx([3, 3, 75, 30, 25, 2 / 3, 1])
    assert lens.summary["gini"] == pytest.approx(ccx.gini([25, 5, 60])) and lens.summary["top_20"] == pytest.approx(ccx.top_share([25, 5, 60], 0.2))
    assert lens.orders["customers"].to_dict() == {"0": 1, "1": 3} and lens.orders["revenue"].to_dict() == {"0": -15.0, "1": 90.0}
    assert lens.deciles["revenue"].to_dict() == {"1": 60.0, "2": 25.0, "3": 5.0, "returns only": -15.0}
    assert lens.customers["revenue"].to_dict() == {"Ann": 25.0, "Cy": 5.0, "Di": 60.0}


def test_tenths_are_those_of_decile_table_with_what_makes_them():
    rng = np.random.default_rng(5)
    rows = [(who, f"2024-01-{1 + day:02d}", float(value)) for who in range(57) for day, value in enumerate(rng.integers(1, 40, rng.integers(1, 5)))]
    lens = audited(rows, start="2024-01-01", end="2024-03-31").one_period
    pd.testing.assert_series_equal(lens.deciles["share"].reset_index(drop=True), ccx.decile_table(lens.customers["revenue"])["share"].reset_index(drop=True))
    assert (lens.deciles["orders_per_customer"] * lens.deciles["value_per_order"]).tolist() == pytest.approx(lens.deciles["mean"].tolist())
    assert lens.deciles["orders"].sum() == len(rows)


def test_customers_whose_returns_exceed_their_orders_have_a_row_of_their_own():
    rows = [*ROWS, ("Fay", "2024-01-01", 30.0), ("Fay", "2024-04-03", 10.0), ("Fay", "2024-05-03", -25.0)]
    lens = audited(rows).one_period
    assert lens.deciles.loc["below zero", ["customers", "revenue", "orders"]].tolist() == [1, -15, 1] and lens.summary["below_zero"] == 1
    assert lens.deciles["revenue"].sum() == lens.orders["revenue"].sum() == lens.summary["revenue"] == 60


def test_profit_comes_with_margins():
    rows = [(*row, 0.3 * row[2] - 2) for row in ROWS]
    base = audited(rows)
    assert base.one_period.summary["profit"] == pytest.approx(0.3 * 75 - 10) and base.customers["profit"].sum() == pytest.approx(0.3 * 183 - 20)
    assert base.one_period.summary["at_a_loss"] == 1  # Cy: 1.50 less 2
    growth = base.two_periods.profit_growth
    assert growth.loc["product", ["before", "after"]].tolist() == pytest.approx([0.3 * 100 - 8, 0.3 * 75 - 10])
    assert growth.loc["profit margin", "after"] == pytest.approx(12.5 / 75)
    assert audited().two_periods.profit_growth is None


# -- the second lens ----------------------------------------------------------------------------------------------


def test_two_periods_by_hand():
    flows = two_periods(audited().activity, "2024Q1", "2024Q2").flows
    assert flows["customers"].to_dict() == {"stayed": 1, "went": 2, "came back": 1, "new": 1}
    assert flows["revenue_first"].to_dict() == {"stayed": 30.0, "went": 70.0, "came back": 0.0, "new": 0.0}
    # What Eve sent back is taken off those who went.
    assert flows["revenue_second"].to_dict() == {"stayed": 25.0, "went": -15.0, "came back": 5.0, "new": 60.0}
    assert flows["change"].sum() == -25


def test_who_first_bought_between_the_two_periods_is_new():
    flows = two_periods(audited([("A", "2023-11-01", 1.0), ("B", "2024-01-01", 1.0), ("B", "2024-06-01", 1.0)]).activity, "2023Q4", "2024Q2").flows
    assert flows["customers"].to_dict() == {"stayed": 0, "went": 1, "came back": 0, "new": 1}


def test_returns_only_have_a_row_where_there_are_any():
    flows = two_periods(audited([*ROWS, ("Cy", "2024-01-01", -3.0), ("Eve", "2023-12-01", 5.0)]).activity, "2023Q4", "2024Q1").flows
    assert flows.loc["stayed", "customers"] == 1 and flows.loc["went", ["customers", "revenue_second"]].tolist() == [1, -3]
    rows = [("A", "2023-10-01", 9.0), ("A", "2024-02-01", -2.0), ("B", "2024-01-01", 1.0), ("B", "2024-05-01", 1.0)]
    later = two_periods(audited(rows).activity, "2024Q1", "2024Q2").flows
    assert later.loc["returns only", ["customers", "revenue_first"]].tolist() == [1, -2] and later["revenue_first"].sum() == -1


def test_migration_counts_every_customer_of_either_period_once():
    lens = two_periods(audited().activity, "2024Q1", "2024Q2")
    assert lens.migration.to_numpy().sum() == 5 and lens.migration.loc["new"].sum() == 1 and lens.migration.loc["no order"].sum() == 1
    # Eve was first, then Ann or Bo with 30 each, the earlier by name first; of three, the places are tenths 1, 4 and 7.
    assert lens.migration.loc["1", "no order"] == 1 and lens.migration.loc["4", "4"] == 1 and lens.migration.loc["7", "no order"] == 1


def test_a_migration_of_a_hundred_customers_who_change_nothing_is_diagonal():
    rows = [(who, day, float(1 + who)) for who in range(100) for day in ("2024-01-05", "2024-04-05")]
    table = audited(rows).two_periods.migration
    np.testing.assert_array_equal(table.iloc[:10, :10], 10 * np.eye(10))
    assert table.to_numpy().sum() == 100


def test_periods_out_of_order_or_empty_are_refused():
    activity = audited().activity
    for first, second, said in (("2024Q2", "2024Q1", "2024Q2 is not before 2024Q1"), ("2020Q1", "2024Q1", "nobody ordered in 2020Q1")):
        with pytest.raises(ValueError, match=said):
            two_periods(activity, first, second)
    with pytest.raises(ValueError, match="nobody ordered in 2020Q1"):
        one_period(activity, "2020Q1")
    with pytest.raises(ValueError, match="nobody bought for the first time in 2020Q1"):
        one_cohort(activity, audited().periods, "2020Q1")


# -- growth -------------------------------------------------------------------------------------------------------


def test_growth_of_one_factor_is_all_of_it():
    table = decompose_growth({"customers": 10, "value": 4.0}, {"customers": 25, "value": 4.0})
    assert table["share"].to_dict() == {"customers": 1.0, "value": 0.0, "product": 1.0}
    assert table["amount"].to_dict() == pytest.approx({"customers": 60, "value": 0, "product": 60})


def test_shares_are_ratios_of_logarithms():
    """1.1 and 1.21: one third and two thirds of the logarithm of 1.331."""
    table = decompose_growth({"a": 10, "b": 10}, {"a": 11, "b": 12.1})
    assert table["share"].tolist() == pytest.approx([1 / 3, 2 / 3, 1]) and table["amount"].tolist() == pytest.approx([33.1 / 3, 66.2 / 3, 33.1])


def test_growth_backwards_is_growth_with_the_other_sign():
    there, back = decompose_growth({"a": 3, "b": 7}, {"a": 5, "b": 2}), decompose_growth({"a": 5, "b": 2}, {"b": 7, "a": 3})
    assert there["amount"].tolist() == pytest.approx((-back["amount"]).tolist()) and there["share"].tolist() == pytest.approx(back["share"].tolist())


def test_where_two_factors_cancel_the_amounts_are_still_known():
    """The logarithmic mean of two equal totals is that total: 100 ln 2."""
    table = decompose_growth({"a": 10, "b": 10}, {"a": 20, "b": 5})
    assert table["amount"].tolist() == pytest.approx([100 * np.log(2), -100 * np.log(2), 0]) and table["share"].isna().all()
    near = decompose_growth({"a": 10, "b": 10}, {"a": 20, "b": 5 * (1 + 1e-9)})
    assert near["amount"].tolist() == pytest.approx(table["amount"].tolist(), abs=1e-5)


@pytest.mark.parametrize("after", [{"a": 0, "b": 5}, {"a": -2, "b": 5}, {"a": np.nan, "b": 5}])
def test_factors_at_or_below_zero_have_no_logarithm(after):
    assert decompose_growth({"a": 1, "b": 5}, after)[["log_ratio", "share", "amount"]].isna().all(axis=None)


def test_growth_needs_the_same_factors():
    with pytest.raises(ValueError, match=r"same factors, not \['a'\] and \['b'\]"):
        decompose_growth({"a": 1}, {"b": 1})


# -- the third and the fourth lens --------------------------------------------------------------------------------


def test_one_cohort_by_hand():
    lens = audited(cohort="2024Q1").one_cohort
    assert lens.by_age["active"].tolist() == [3, 1] and lens.by_age["revenue"].tolist() == [100.0, 10.0]
    assert lens.by_age["bought_again"].tolist() == pytest.approx([1 / 3, 1 / 3])
    assert lens.by_age["revenue_per_customer"].tolist() == pytest.approx([100 / 3, 10 / 3]) and lens.by_age["cumulative"].iloc[-1] == pytest.approx(110 / 3)
    assert lens.summary[["customers", "revenue", "bought_again"]].tolist() == pytest.approx([3, 110, 1 / 3])


def test_periods_in_which_nobody_of_a_cohort_bought_are_there_with_zeros():
    lens = audited([("A", "2023-10-05", 1.0), ("A", "2024-06-30", 2.0)]).one_cohort
    assert lens.by_age["active"].tolist() == [1, 0, 1] and lens.by_age["bought_again"].tolist() == [0, 0, 1] and lens.by_age["revenue"].tolist() == [1, 0, 2]


def test_cohorts_side_by_side_by_hand():
    lens = audited().cohorts
    assert lens.customers.tolist() == [1, 3, 1]
    np.testing.assert_array_equal(lens.revenue, [[8, 0, 5], [100, 10, np.nan], [60, np.nan, np.nan]])
    np.testing.assert_allclose(lens.cumulative, [[8, 8, 13], [100 / 3, 110 / 3, np.nan], [60, np.nan, np.nan]])
    np.testing.assert_allclose(lens.active_share, [[1, 0, 1], [1, 1 / 3, np.nan], [1, np.nan, np.nan]])


def test_rates_of_periods_covered_in_part_are_left_out_and_revenue_is_not():
    lens = audited(end="2024-06-15").cohorts
    np.testing.assert_array_equal(lens.revenue, [[8, 0, 5], [100, 10, np.nan]])
    np.testing.assert_allclose(lens.active_share, [[1, 0, np.nan], [1, np.nan, np.nan]])


def test_quality_counts_the_same_days_for_all():
    """91 days from the first purchase on; the cohort of the second quarter can't have them yet."""
    base = audited(days=91)
    quality = base.cohorts.quality
    assert quality.index.astype(str).tolist() == ["2023Q4", "2024Q1"] and quality["value"].tolist() == pytest.approx([8, (10 + 20 + 25 + 30 + 40 - 15) / 3])
    assert quality["standard_error"].iloc[1] == pytest.approx(np.std([55, 30, 25], ddof=1) / np.sqrt(3))
    assert quality["bought_again"].tolist() == pytest.approx([0, 1 / 3])


@pytest.mark.parametrize("days, ends, followed", [(30, "2024-04-29", ["2024Q1"]), (30, "2024-04-28", []), (1, "2024-03-31", ["2024Q1"])])
def test_a_cohort_is_compared_once_its_last_customer_has_had_the_days(days, ends, followed):
    base = audited([("A", "2024-03-31", 1.0), ("A", "2024-04-01", 1.0)], start="2024-01-01")
    assert cohort_quality(base.log, base.customers, base.periods, ends, days).index.astype(str).tolist() == followed


def test_a_day_is_the_first_of_the_days():
    base = audited([("A", "2024-03-01", 1.0), ("A", "2024-03-30", 2.0), ("A", "2024-03-31", 4.0)], days=30)
    assert base.cohorts.quality["value"].tolist() == [3.0]


def test_the_change_from_a_year_before_has_welch_s_interval():
    """Against SciPy's, whose t quantile is close to the normal one for a thousand customers."""
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(2)
    values = {year: rng.gamma(2, 10 + 3 * (year == 2024), 1000) for year in (2023, 2024)}
    rows = [(f"{year}-{i}", f"{year}-02-01", value) for year, spent in values.items() for i, value in enumerate(spent)]
    quality = audited(rows, start="2023-01-01", end="2025-03-31", days=30).cohorts.quality
    peer = ttest_ind(values[2024], values[2023], equal_var=False).confidence_interval(0.95)
    assert quality.loc["2024Q1", ["low", "high"]].tolist() == pytest.approx([peer.low, peer.high], abs=0.01) and pd.isna(quality.loc["2023Q1", "change"])


def test_the_longest_horizon_is_taken_that_leaves_something_to_compare():
    """Eight quarters, to the end of 2025: 182 days leave six cohorts and two a year apart, 365 would leave four and none."""
    rows = [(str(quarter), str(quarter.start_time.date()), 1.0) for quarter in pd.period_range("2024Q1", "2025Q4", freq="Q")]
    assert audited(rows, start="2024-01-01", end="2025-12-31").cohorts.quality["days"].tolist() == [182] * 6


# -- the fifth lens -----------------------------------------------------------------------------------------------


def test_the_whole_base_by_hand():
    lens = audited().whole_base
    table = lens.by_period
    assert table[["active", "new", "stayed", "came_back", "lapsed", "known"]].to_numpy().tolist() == [[1, 1, 0, 0, 0, 1], [3, 3, 0, 0, 1, 4], [3, 1, 1, 1, 2, 5]]
    np.testing.assert_array_equal(lens.revenue_by_cohort, [[8, 0, 5], [np.nan, 100, 10], [np.nan, np.nan, 60]])
    assert table["repeat_share"].tolist() == pytest.approx([0, 0, 15 / 75]) and table["revenue_new"].tolist() == [8, 100, 60]


# -- which periods are looked at ----------------------------------------------------------------------------------


def bought(*days):
    return [("A", day, 1.0) for day in days]


@pytest.mark.parametrize("days, end, of, against", [
    (("2023-01-01", "2023-04-01", "2023-12-31", "2024-01-01"), "2024-03-31", "2024Q1", "2023Q1"),
    (("2023-04-01", "2023-12-31", "2024-01-01"), "2024-03-31", "2024Q1", "2023Q4"),
    (("2023-04-01", "2023-12-31", "2024-01-01"), "2024-02-20", "2023Q4", "2023Q2"),
    (("2024-01-01",), "2024-03-31", "2024Q1", "None"), (("2024-02-01",), "2024-02-02", "2024Q1", "None"),
], ids=["a year before", "no year before", "the last in part only", "one period", "one in part"])  # fmt: skip
def test_the_last_whole_period_is_compared_with_the_same_season(days, end, of, against):
    base = audited(bought(*days), start=days[0], end=end)
    assert (str(base.of), str(base.against)) == (of, against)
    assert (base.two_periods is None) == (against == "None")


def test_a_usual_cohort_after_the_first_is_followed_or_the_only_one():
    sizes = {"2023-01-01": 50, "2023-04-01": 2, "2023-07-01": 30, "2023-10-01": 40}
    rows = [(f"{day}{i}", day, 1.0) for day, n in sizes.items() for i in range(n)]
    assert str(audited(rows, start="2023-01-01", end="2023-12-31").cohort) == "2023Q3"
    assert str(audited([*rows, *((f"x{i}", "2023-01-01", 1.0) for i in range(50))], start="2023-01-01", end="2023-12-31").cohort) == "2023Q1"


def test_focus_turns_to_other_periods_without_reading_again():
    base = audited()
    other = base.focus(period="M", of="2024-02", against="2024-01", cohort="2024-03")
    assert (str(other.of), str(other.against), str(other.cohort)) == ("2024-02", "2024-01", "2024-03") and other.one_period.summary["revenue"] == 50
    assert other.two_periods.flows["customers"].to_dict() == {"stayed": 1, "went": 0, "came back": 0, "new": 1}
    assert str(base.focus(of="2024Q1").against) == "2023Q4"
