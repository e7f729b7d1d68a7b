"""Value since acquisition against the models that it is made of, simple arithmetic, and a simulated truth."""

import numpy as np
import pandas as pd
import pytest

import ccx
from ccx.clv import BetaGeoModel, GammaGammaModel, expected_customer_lifetime_value
from ccx.selection import value_since_acquisition

ORDERS = ccx.load("cdnow_sample").assign(margin=lambda rows: 0.3 * rows["value"])
EVERYBODY = pd.Series("CDNOW", index=pd.Index(ORDERS["customer_id"].unique(), name="customer_id"))
END = "1998-06-30"


@pytest.fixture(scope="module")
def worth():
    return value_since_acquisition(ORDERS, EVERYBODY, END, discount_rate=0.15)


def test_what_is_to_come_is_lesson_fours_value_brought_back_to_the_first_order(worth):
    base = ccx.customer_base(ORDERS, calibration_end=END)
    later = expected_customer_lifetime_value(base, BetaGeoModel.fit(base), GammaGammaModel.fit(base[base["monetary_value"] > 0]),
                                             margin=0.3, discount_rate=0.15, time_unit="W")
    first = ORDERS.groupby("customer_id")["date"].min()
    years = (pd.Timestamp(END) - first).dt.days / 365.25
    pd.testing.assert_series_equal(worth["to_come"], (later / 1.15**years).reindex(EVERYBODY.index), check_names=False)


def test_so_far_is_each_margin_discounted_from_its_day(worth):
    """Customer by customer, for the first fifty."""
    for customer in EVERYBODY.index[:50]:
        rows = ORDERS[ORDERS["customer_id"] == customer]
        years = (rows["date"] - rows["date"].min()).dt.days / 365.25
        assert worth.loc[customer, "so_far"] == pytest.approx(sum(rows["margin"] / 1.15**years))


def test_the_value_is_the_sum_and_the_index_survives(worth):
    np.testing.assert_allclose(worth["value"], worth["so_far"] + worth["to_come"])
    pd.testing.assert_index_equal(worth.index, EVERYBODY.index)


def test_service_is_taken_off_what_was_earned_and_off_the_margin_to_come(worth):
    """A tenth of all margin goes to service: so far and to come fall by a tenth in total."""
    cost = 0.1 * ORDERS.groupby("customer_id")["margin"].sum()
    served = value_since_acquisition(ORDERS, EVERYBODY, END, 0.15, service_cost=cost)
    np.testing.assert_allclose(served["to_come"], 0.9 * worth["to_come"])
    np.testing.assert_allclose(worth["so_far"] - served["so_far"], cost.reindex(EVERYBODY.index))


def test_groups_are_fitted_by_themselves(worth):
    """The customers of a group are valued as if there were no others."""
    group = EVERYBODY.mask(EVERYBODY.index.isin(EVERYBODY.index[::2]), "even")
    both = value_since_acquisition(ORDERS, group, END, 0.15)
    even = EVERYBODY.index[::2]
    alone = value_since_acquisition(ORDERS[ORDERS["customer_id"].isin(even)], EVERYBODY[even], END, 0.15)
    pd.testing.assert_frame_equal(both.loc[even], alone)
    assert not np.allclose(both["to_come"], worth["to_come"])


def test_orders_after_the_last_known_day_do_not_count():
    early = ORDERS[ORDERS["date"] <= "1997-09-30"]
    again = value_since_acquisition(ORDERS, EVERYBODY, "1997-09-30", 0.15)
    pd.testing.assert_frame_equal(again, value_since_acquisition(early, EVERYBODY, "1997-09-30", 0.15))


def test_a_large_simulated_shop_is_valued_right_on_average():
    """Three times as large as the frozen company: each channel's mean within a quarter of the truth, all together within a tenth."""
    shop = ccx.simulate.company(rng=7, size=3)
    found = value_since_acquisition(shop.orders, shop.customers["channel"], "2025-12-31", 0.10, service_cost=shop.customers["service_cost"])
    means = pd.DataFrame({"found": found["value"], "true": shop.truth["clv"]}).groupby(shop.customers["channel"]).mean()
    assert (means["found"] / means["true"] - 1).abs().max() < 0.25
    assert found["value"].mean() == pytest.approx(shop.truth["clv"].mean(), rel=0.1)


@pytest.mark.parametrize("orders, groups, words", [
    (ORDERS.drop(columns="margin"), EVERYBODY, "lacks the column 'margin'"),
    (ORDERS, EVERYBODY[1:], "needs a group"),
    (ORDERS, pd.concat([EVERYBODY, EVERYBODY[:1]]), "needs a group"),
    (ORDERS, EVERYBODY.mask(EVERYBODY.index == 4), "needs a group")])
def test_it_says_what_is_wrong(orders, groups, words):
    with pytest.raises(ValueError, match=words):
        value_since_acquisition(orders, groups, END, 0.15)
