"""What must hold for any log: every lens adds up to the log, the order of the rows does not matter, and plain counting finds the same."""

from collections import defaultdict

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ccx

many = settings(derandomize=True, deadline=None, database=None, max_examples=20)

DAYS = pd.date_range("2023-01-01", "2024-06-30")
row = st.tuples(st.sampled_from("ABCDEFGH"), st.integers(0, len(DAYS) - 1), st.integers(-3000, 10000).map(lambda cents: cents / 100))
logs = st.lists(row, min_size=1, max_size=60).filter(lambda rows: any(value >= 0 for _, _, value in rows))


def frame(rows):
    return pd.DataFrame([(who, DAYS[day], value, value / 3) for who, day, value in rows], columns=["customer_id", "date", "value", "margin"])


def audited(rows, **options):
    return ccx.audit(frame(rows), margin="margin", start=DAYS[0], end=DAYS[-1], **options)


@many
@given(logs, st.sampled_from("QMY"))
def test_every_lens_adds_up_to_the_log(rows, period):
    base = audited(rows, period=period)
    assert base.log["value"].sum() + base.set_aside["value"].sum() == pytest.approx(sum(value for *_, value in rows), abs=1e-6)
    assert len(base.log) + base.set_aside["rows"].sum() == len(rows)
    assert base.reconciliation()["difference"].abs().max() < 1e-6
    total = base.log["value"].sum()
    for table in (base.periods["revenue"], base.customers["revenue"], base.activity["revenue"], base.whole_base.by_period["revenue"], base.cohorts.revenue.sum()):
        assert table.sum() == pytest.approx(total, abs=1e-6)
    assert base.periods["profit"].sum() == pytest.approx(total / 3, abs=1e-6) == base.customers["profit"].sum()


@many
@given(logs, st.sampled_from("QM"), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows, period, random):
    mixed = random.sample(rows, len(rows))
    one, other = audited(rows, period=period), audited(mixed, period=period)
    for name in ("activity", "customers", "periods", "log"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    pd.testing.assert_frame_equal(one.set_aside[["rows"]].sort_index(), other.set_aside[["rows"]].sort_index())
    pd.testing.assert_frame_equal(one.one_period.deciles, other.one_period.deciles)
    pd.testing.assert_frame_equal(one.cohorts.quality, other.cohorts.quality)
    if one.two_periods:
        pd.testing.assert_frame_equal(one.two_periods.migration, other.two_periods.migration)
    assert str(one) == str(other)


@many
@given(logs)
def test_the_parts_add_up_to_the_whole(rows):
    base = audited(rows)
    table = base.whole_base.by_period
    assert (table["active"] == table[["new", "stayed", "came_back"]].sum(axis=1)).all() and (table[["stayed", "came_back", "lapsed"]] >= 0).all(axis=None)
    assert (table["active"].shift(fill_value=0) == table["stayed"] + table["lapsed"]).all()
    assert table["known"].iloc[-1] == len(base.customers) == base.cohorts.customers.sum()
    assert base.one_cohort.by_age["revenue"].sum() == pytest.approx(base.one_cohort.summary["revenue"])
    assert base.one_cohort.by_age["bought_again"].is_monotonic_increasing
    if base.two_periods:
        flows, growth = base.two_periods.flows, base.two_periods.growth
        assert flows["change"].sum() == pytest.approx((flows["revenue_second"] - flows["revenue_first"]).sum(), abs=1e-6)
        assert growth.loc["product", ["before", "after"]].tolist() == pytest.approx(flows[["revenue_first", "revenue_second"]].sum().tolist(), abs=1e-6)
        assert base.two_periods.migration.to_numpy().sum() == flows["customers"].drop("returns only", errors="ignore").sum()
        if growth["amount"].notna().all():
            assert growth["amount"].drop("product").sum() == pytest.approx(growth.loc["product", "after"] - growth.loc["product", "before"], abs=1e-6)


def counted(rows):
    """The same by plain counting: what counts, each customer's quarters of purchase, and the revenue of cohorts by quarter."""
    first = {}
    for who, day, value in sorted(rows, key=lambda row: row[1]):
        if value >= 0:
            first.setdefault(who, day)
    counting = [(who, day, value) for who, day, value in rows if who in first and day >= first[who]]
    quarter = [pd.Timestamp(day).to_period("Q") for day in DAYS]
    orders, cohorts = defaultdict(set), defaultdict(float)
    for who, day, value in counting:
        cohorts[quarter[first[who]], quarter[day]] += value
        if value >= 0:
            orders[who, quarter[day]].add(day)
    return counting, orders, cohorts


@many
@given(logs)
def test_plain_counting_finds_the_same(rows):
    base, (counting, orders, cohorts) = audited(rows), counted(rows)
    assert sorted(base.log["value"]) == sorted(value for *_, value in counting)
    found = base.activity[base.activity["orders"] > 0].set_index(["customer_id", "period"])["orders"].to_dict()
    assert found == {key: len(days) for key, days in orders.items()}
    table = base.whole_base.revenue_by_cohort
    assert table.stack().abs().gt(1e-9).sum() == sum(abs(value) > 1e-9 for value in cohorts.values())
    for (cohort, period), value in cohorts.items():
        assert table.loc[cohort, period] == pytest.approx(value, abs=1e-6)
    for period in base.periods.index:
        active, before = ({who for who, when in orders if when == one} for one in (period, period - 1))
        row = base.whole_base.by_period.loc[period]
        assert (row["active"], row["stayed"], row["lapsed"]) == (len(active), len(active & before), len(before - active))


@many
@given(logs)
def test_a_report_can_be_made_of_any_log(rows):
    base = audited(rows)
    assert all(finding.shows or finding.beware for finding in base.findings)
    assert not any("nan" in sentence.split() for finding in base.findings for sentence in finding.shows + finding.beware)
    assert base._repr_html_().count("<li>") >= 5
