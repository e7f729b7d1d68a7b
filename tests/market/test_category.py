"""The firms of a real market: by hand, and two categories of the grocery panel."""

import numpy as np
import pandas as pd
import pytest

import ccx
from ccx.market import firm_positions, ounces

LINES = pd.DataFrame({
    "customer_id": [1, 1, 2, 3, 3, 4], "basket_id": [10, 11, 20, 30, 30, 40], "manufacturer_id": [69, 7, 69, 8, 7, 5],
    "brand": ["Private", "National", "Private", "National", "National", "National"], "package_size": ["10 OZ", "10 OZ", "1 LB", "19 CT", "5 OZ", "9 OZ"],
    "quantity": [2, 1, 1, 1, 2, 1], "value": [4.0, 6.0, 3.2, 2.0, 5.0, 0.0]})


def test_only_one_weight_is_a_weight():
    sizes = pd.Series(["12 OZ", " 11.5 OZ", "2 LB", "4 PK/8 OZ", "6 CT", "", None, "8 9/16 OZ"])
    assert ounces(sizes).tolist()[:3] == [12, 11.5, 32] and ounces(sizes)[3:].isna().all()


def test_positions_by_hand():
    """Customer 4 bought nothing that cost anything, so three are left; A has 11 of the 20.20, the store 7.20."""
    table = firm_positions(LINES)
    assert list(table.index) == ["A", "store brand", "B"]
    assert table.loc["A"].to_dict() == pytest.approx({"price": 55, "share": 11 / 20.2, "reach": 2 / 3, "per_customer": 5.5, "baskets": 1.5, "own_share": 11 / 17})
    assert table.loc["store brand"].to_dict() == pytest.approx({"price": 20, "share": 7.2 / 20.2, "reach": 2 / 3, "per_customer": 3.6, "baskets": 1.5, "own_share": 7.2 / 13.2})
    assert np.isnan(table.loc["B", "price"]) and table["share"].sum() == pytest.approx(1)


def test_order_and_index_of_the_lines_do_not_matter():
    shuffled = LINES.sample(frac=1, random_state=1).set_axis(list("abcdef"))
    pd.testing.assert_frame_equal(firm_positions(shuffled), firm_positions(LINES))


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="lack the column 'brand'"):
        firm_positions(LINES.drop(columns="brand"))


def test_the_panels_shares_add_up_to_its_sales():
    products = ccx.load("grocery_products")
    log = ccx.load("grocery").merge(products[products["product_category"] == "COLD CEREAL"], on="product_id")
    table = firm_positions(log)
    assert table["share"].sum() == pytest.approx(1) and table["reach"].between(0, 1).all() and table["own_share"].between(0, 1).all()
    buyers = log.loc[log["value"] > 0, "customer_id"].nunique()
    np.testing.assert_allclose(table["share"] * log["value"].sum(), table["per_customer"] * table["reach"] * buyers)
