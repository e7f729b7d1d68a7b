"""One ledger, any unit: nothing lost in sharing out, statements that agree, and what the buyers of a product are worth."""

from itertools import product as every

import numpy as np
import pandas as pd
import pytest

import ccx
from ccx.ledger import AMOUNTS, COSTS, DOWNSTREAM, GOODS, allocate, grocer_ledger, statement, tilt, value_at_risk


@pytest.fixture(scope="module")
def ledger():
    return grocer_ledger()


@pytest.fixture(scope="module")
def log():
    return ccx.load("grocery")


def small(rng, lines=400):
    """A log of twenty customers, sixty baskets that each belong to one of them, and six products."""
    basket = rng.integers(0, 60, lines)
    return pd.DataFrame({"customer_id": basket % 20, "basket_id": basket, "product": rng.choice(list("abcdef"), lines), "received": rng.integers(1, 900, lines)})


# Sharing out


def test_the_alabama_paradox_shows():
    """The textbook case of Hamilton's rule: states of 6, 6 and 2 get 4, 4 and 2 of ten seats, but 5, 5 and 1 of eleven."""
    assert allocate(10, [6, 6, 2]).tolist() == [4, 4, 2]
    assert allocate(11, [6, 6, 2]).tolist() == [5, 5, 1]


@pytest.mark.parametrize("seed", range(20))
def test_no_other_way_of_sharing_out_lies_closer_to_the_exact_shares(seed):
    """By brute force over all ways to share out a few cents: largest remainders have the least sum of squared differences."""
    rng = np.random.default_rng(seed)
    cents, weights = int(rng.integers(1, 12)), rng.integers(1, 20, 4)
    exact = cents * weights / weights.sum()
    ways = np.array([way for way in every(range(cents + 1), repeat=4) if sum(way) == cents])
    assert ((allocate(cents, weights) - exact) ** 2).sum() == pytest.approx(((ways - exact) ** 2).sum(axis=1).min())


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_lost_and_every_share_is_within_a_cent(seed):
    rng = np.random.default_rng(seed)
    weights, groups = rng.integers(0, 50, 300), rng.integers(0, 40, 300)
    weights[np.unique(groups, return_index=True)[1]] += 1
    shares = pd.Series(allocate(12_345, weights, groups))
    exact = 12_345 * weights / pd.Series(weights).groupby(groups).transform("sum")
    assert (shares.groupby(groups).sum() == 12_345).all() and (abs(shares - exact) < 1).all()


def test_groups_are_shared_out_one_by_one():
    rng = np.random.default_rng(3)
    weights, groups = rng.integers(1, 9, 60), rng.choice(list("abc"), 60)
    together = allocate(777, weights, groups)
    for group in "abc":
        np.testing.assert_array_equal(together[groups == group], allocate(777, weights[groups == group]))


def test_among_equal_remainders_the_first_wins():
    assert allocate(100, [1] * 7).tolist() == [15, 15, 14, 14, 14, 14, 14]
    assert allocate(2, [5, 5, 5]).tolist() == [1, 1, 0]


def test_large_amounts_are_shared_out_exactly():
    """Where a product of floats would lose the last digits."""
    weights = np.array([3_000_000_019, 1])
    assert allocate(3_000_000_020, weights).tolist() == [3_000_000_019, 1]


@pytest.mark.parametrize("cents, weights, word", [(100, [1, -1], "zero or more"), (100, [0, 0], "above zero"), (100, [0.5, 1], "whole numbers"),
                                                  (99.5, [1, 1], "whole numbers"), (100, [np.nan, 1], "whole numbers")])
def test_what_cannot_be_shared_out_is_refused(cents, weights, word):
    with pytest.raises(ValueError, match=word):
        allocate(cents, weights)


# The ledger


def test_every_line_of_the_data_is_in_the_ledger_once(ledger, log):
    assert len(ledger) == ccx.data_card("grocery").rows
    np.testing.assert_array_equal(ledger[["customer_id", "basket_id"]], log[["customer_id", "basket_id"]])
    np.testing.assert_allclose(ledger["received"] / 100, log["value"], atol=1e-9)


def test_each_line_adds_up(ledger):
    assert (ledger["shelf"] - ledger["discounts"] - ledger["coupons"] == ledger["received"]).all()
    assert (ledger["received"] - ledger["goods"] - ledger[DOWNSTREAM].sum(axis=1) == ledger["profit"]).all()


def test_every_basket_pays_one_checkout_and_every_household_one_programme(ledger):
    assert (ledger.groupby("basket_id")["checkout"].sum() == COSTS.loc["checkout", "cents"]).all()
    assert (ledger.groupby("customer_id")["programme"].sum() == COSTS.loc["programme", "cents"]).all()
    assert (ledger["handling"] == COSTS.loc["handling", "cents"]).all()


def test_goods_cost_their_departments_share_of_the_shelf_price(ledger):
    """To half a cent; departments that are not named cost as the others."""
    share = ledger["department"].astype(object).map(GOODS).fillna(GOODS["other"]).astype(float)
    assert (ledger["goods"] - ledger["shelf"] * share).abs().max() <= 0.5 + 1e-6
    assert not set(ledger["department"].cat.categories) <= set(GOODS.index)


def test_lines_without_a_product_are_kept_as_unknown(ledger, log):
    """4,836 lines of 17 products are missing from the table (the card says so); some more are in it without a category."""
    gone = ~log["product_id"].isin(ccx.load("grocery_products")["product_id"])
    assert gone.sum() == 4836 and (ledger.loc[gone.to_numpy(), "product"] == "unknown").all()
    assert (ledger["product"] == "unknown").sum() > 4836 and not ledger["product"].isna().any()


def test_products_are_named_by_category_and_type(ledger, log):
    products = ccx.load("grocery_products").set_index("product_id")
    for line in (0, 1000, 1_000_000):
        row = products.loc[log["product_id"].iloc[line]]
        assert ledger["product"].iloc[line] == f"{row['product_category']}: {row['product_type']}".lower()


def test_a_manufacturers_coupon_is_no_cost(ledger, log):
    """Where there is one, the store still received the value."""
    with_coupon = log["coupon_discount"] > 0
    assert with_coupon.sum() > 20_000
    np.testing.assert_allclose(ledger.loc[with_coupon, "received"].sum() / 100, log.loc[with_coupon, "value"].sum())


def test_without_costs_all_that_is_received_is_profit():
    free = grocer_ledger(goods=GOODS * 0, costs=COSTS.assign(cents=0))
    assert (free["profit"] == free["received"]).all()


def test_a_change_to_the_ledger_stays_in_it(ledger):
    mine = grocer_ledger()
    mine["profit"] = 0
    assert (grocer_ledger()["profit"] == ledger["profit"]).all() and ledger["profit"].any()


# Statements


@pytest.mark.parametrize("unit", ["product", "department", "customer_id", "basket_id"])
def test_statements_of_all_units_agree_to_the_cent(ledger, unit):
    totals = (statement(ledger, unit).sum() * 100).round().astype(int)
    assert totals.to_dict() == ledger[AMOUNTS].sum().to_dict()


def test_a_statement_is_the_sum_of_its_lines_the_best_first():
    log = small(np.random.default_rng(1)).assign(profit=lambda rows: rows["received"] - 300)
    found = statement(log, "product")
    for name, row in found.iterrows():
        lines = log[log["product"] == name]
        assert row.to_dict() == {"received": lines["received"].sum() / 100, "profit": lines["profit"].sum() / 100}
    assert found["profit"].is_monotonic_decreasing


@pytest.mark.parametrize("unit", ["colour", "profit"])
def test_a_unit_that_is_not_there_is_refused(unit):
    log = small(np.random.default_rng(1)).assign(profit=1)
    with pytest.raises(ValueError, match="there are customer_id, basket_id, product"):
        statement(log, unit)


# Value at risk, leaning, tilt


@pytest.mark.parametrize("seed", range(5))
def test_value_at_risk_and_leaning_by_hand(seed):
    """Customer by customer, in loops."""
    rng = np.random.default_rng(seed)
    log, value = small(rng), pd.Series(rng.normal(50, 40, 20), index=range(20))
    found = value_at_risk(log, value)
    for name in "abcdef":
        buyers = total = leaning = 0
        for customer, theirs in log.groupby("customer_id"):
            baskets = [set(lines["product"]) for _, lines in theirs.groupby("basket_id")]
            held = sum(name in basket for basket in baskets)
            if held:
                buyers, total, leaning = buyers + 1, total + value[customer], leaning + held / len(baskets) * value[customer]
        assert found.loc[name].tolist() == pytest.approx([buyers, total, leaning])


def test_where_each_basket_holds_one_product_leaning_shares_out_all_value():
    """Limiting case: every visit is for one thing, so the leanings add up to the value of all."""
    rng = np.random.default_rng(2)
    log = small(rng).drop_duplicates("basket_id")
    value = pd.Series(rng.uniform(1, 9, 20), index=range(20))
    assert value_at_risk(log, value)["leaning"].sum() == pytest.approx(value[log["customer_id"].unique()].sum())


def test_a_product_in_every_basket_is_leant_on_in_full():
    log = small(np.random.default_rng(3))
    both = pd.concat([log, log.assign(product="bag")])
    row = value_at_risk(both, pd.Series(2.0, index=range(20))).loc["bag"]
    assert row["value"] == row["leaning"] == 2 * row["buyers"] == 2 * log["customer_id"].nunique()


def test_a_customer_without_a_value_is_named():
    with pytest.raises(ValueError, match="1 customers of the ledger have no value"):
        value_at_risk(small(np.random.default_rng(1)), pd.Series(1.0, index=range(19)))


@pytest.mark.parametrize("seed", range(5))
def test_tilts_average_to_one_by_sales(seed):
    """Whoever the best are, what they buy more of they make up for with what they buy less of."""
    rng = np.random.default_rng(seed)
    log = small(rng)
    best = rng.choice(20, 4, replace=False)
    sold = log.groupby("product")["received"].sum()
    assert (tilt(log, best) * sold).sum() / sold.sum() == pytest.approx(1)
    assert tilt(log, range(20)).tolist() == pytest.approx([1] * 6)


def test_what_the_best_never_buy_has_no_tilt_and_what_only_they_buy_the_most():
    log = pd.DataFrame({"customer_id": [1, 1, 2, 2], "product": ["tea", "soap", "soap", "gum"], "received": [100, 100, 100, 100]})
    for products in (log["product"], log["product"].astype("category")):
        assert tilt(log.assign(product=products), [1]).to_dict() == {"gum": 0, "soap": 1, "tea": 2}


def test_what_is_given_away_has_no_tilt():
    log = pd.DataFrame({"customer_id": [1, 2], "product": ["tea", "leaflet"], "received": [100, 0]})
    assert tilt(log, [1]).to_dict() == {"tea": 1}


def test_shuffled_names_have_no_tilt(ledger):
    """With the names dealt out at random the products that sell most are bought by everybody alike."""
    shuffled = ledger.assign(product=ledger["product"].sample(frac=1, random_state=5).array)
    households = statement(ledger, "customer_id")
    often = shuffled["product"].value_counts().index[:20]
    assert tilt(shuffled, households.index[:494])[often].between(0.9, 1.1).all()
