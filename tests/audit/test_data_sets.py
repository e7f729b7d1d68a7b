"""The course's own logs: what is published or simulated about them comes out of the lenses."""

from pathlib import Path

import lifetimes
import numpy as np
import pandas as pd
import pytest

import ccx


@pytest.fixture(scope="module")
def cdnow():
    return ccx.audit(ccx.load("cdnow"))


@pytest.fixture(scope="module")
def company():
    return ccx.audit(ccx.load("company"), margin="margin")


def test_cdnow_is_one_cohort(cdnow):
    """All 23,570 customers bought for the first time in the first quarter of 1997."""
    assert cdnow.cohorts.customers.to_dict() == {pd.Period("1997Q1"): 23_570} and str(cdnow.cohort) == "1997Q1"
    assert cdnow.log["value"].sum() == pytest.approx(ccx.load("cdnow")["value"].sum(), abs=0.005) and cdnow.set_aside.empty
    assert cdnow.two_periods.flows.loc["new", "customers"] == 0 and "holds one cohort" in cdnow.findings[3].beware[0]


def test_the_file_that_cdnow_s_authors_hand_out_is_read_as_it_is(cdnow):
    """Blanks between the columns, dates without dashes, and a row for each line of an order; it comes with the package lifetimes."""
    raw = ccx.audit(Path(lifetimes.__file__).parent / "datasets" / "CDNOW_master.txt")
    pd.testing.assert_frame_equal(raw.customers.reset_index(drop=True), cdnow.customers.reset_index(drop=True), check_dtype=False)
    assert raw.treatment.loc["copy of an earlier row", "rows"] > 0 and raw.set_aside.empty and "read as year/month/day" in " ".join(raw.how_read)


def test_cdnow_s_repeat_buyers_are_those_of_customer_base(cdnow):
    base = ccx.customer_base(ccx.load("cdnow"))
    assert cdnow.one_cohort.by_age["bought_again"].iloc[-1] == pytest.approx((base["frequency"] > 0).mean())
    assert (cdnow.customers["orders"] == base["frequency"] + 1).all()


def test_the_company_has_the_customers_that_it_acquired(company):
    """The table of customers knows when each was acquired; all bought on that day."""
    acquired = ccx.load("company_customers").set_index("customer_id")["acquired"]
    pd.testing.assert_series_equal(company.customers["first"], acquired.sort_index(), check_names=False, check_dtype=False, check_index_type=False)
    assert (company.cohorts.customers == acquired.dt.to_period("Q").value_counts().sort_index().to_numpy()).all()


def test_the_company_s_profit_is_that_of_its_orders(company):
    orders = ccx.load("company")
    assert company.periods["profit"].sum() == pytest.approx(orders["margin"].sum(), abs=0.005)
    assert company.periods["revenue"].sum() == pytest.approx(orders["value"].sum(), abs=0.005)
    last = orders[orders["date"] >= "2025-10-01"]
    assert company.one_period.summary[["revenue", "profit"]].tolist() == pytest.approx([last["value"].sum(), last["margin"].sum()])
    by_customer = last.groupby("customer_id")["value"].sum()
    assert company.one_period.summary["top_20"] == pytest.approx(ccx.top_share(by_customer, 0.2))
    assert company.one_period.summary["gini"] == pytest.approx(ccx.gini(by_customer))


def test_the_company_s_growth_is_that_of_its_customers(company):
    """It is simulated so: rates of purchase and spend are drawn from the same distributions all the time."""
    growth = company.two_periods.growth
    assert growth["share"].idxmax() == "product" and growth["share"].drop("product").idxmax() == "customers" and growth.loc["customers", "share"] > 0.5
    quality = company.cohorts.quality.dropna(subset="change")
    assert len(quality) and ((quality["low"] < 0) & (quality["high"] > 0)).all()


def test_the_grocery_panel_in_lines_and_in_baskets():
    """A million and a half lines; an order is a basket."""
    log = ccx.load("grocery")
    base = ccx.audit(log, order="basket_id")
    assert base.periods["orders"].sum() == log.groupby("basket_id")["date"].nunique().sum() and base.reconciliation()["difference"].abs().max() < 0.005
    assert base.treatment.loc["value of zero", "rows"] == (log["value"] == 0).sum() and len(base.customers) == log["customer_id"].nunique()
    quarters = log.groupby(log["date"].dt.to_period("Q"))["value"].sum()
    np.testing.assert_allclose(base.periods["revenue"], quarters)
