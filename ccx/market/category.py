"""The firms of a real market, from what households bought: whom each of them reaches, and at what price."""

import string

import numpy as np
import pandas as pd

POUND = 16
COLUMNS = ["customer_id", "basket_id", "manufacturer_id", "brand", "package_size", "quantity", "value"]


def ounces(sizes):
    """Read package sizes such as "12 OZ" or "1 LB" as ounces.

    Parameters
    ----------
    sizes : Series of str

    Returns
    -------
    Series of float
        NaN where the size is not one weight ("19 CT", "4 PK/8 OZ").

    Examples
    --------
    >>> ounces(pd.Series(["12 OZ", "1 LB", "3.95 OZ", "19 CT", None])).tolist()
    [12.0, 16.0, 3.95, nan, nan]
    """
    weight = sizes.str.strip().str.extract(r"^(\d+\.?\d*) ?(OZ|LB)$")
    return weight[0].astype(float) * weight[1].map({"OZ": 1.0, "LB": float(POUND)}).astype(float)


def firm_positions(purchases):
    """Describe each firm of a category: its price, whom it reaches, and what its customers do.

    Parameters
    ----------
    purchases : DataFrame
        A row per line of a receipt in this category: ``customer_id``, ``basket_id``, ``manufacturer_id``, ``brand`` ("Private" for the store's own),
        ``package_size``, ``quantity``, ``value`` (dollars). Lines that cost nothing are left out.

    Returns
    -------
    DataFrame
        By firm, the largest first, named "store brand", "A", "B", …: ``price`` (cents an ounce, over lines whose size is a weight), ``share`` of the
        category's revenue, ``reach`` (share of the category's customers who bought from it), ``per_customer`` (dollars from each of those), ``baskets`` (with
        anything of the category, for each of those) and ``own_share`` (the firm's share of what they spent in the category).

    Raises
    ------
    ValueError
        When a column is missing.

    Examples
    --------
    >>> lines = pd.DataFrame({"customer_id": [1, 1, 2], "basket_id": [1, 2, 3], "manufacturer_id": [69, 7, 69], "brand": ["Private", "National", "Private"],
    ...                       "package_size": ["10 OZ", "10 OZ", "1 LB"], "quantity": 1, "value": [2.0, 6.0, 3.2]})
    >>> firm_positions(lines)[["price", "reach", "own_share"]].round(2)
                 price  reach  own_share
    firm
    A             60.0    0.5       0.75
    store brand   20.0    1.0       0.46
    """
    missing = [column for column in COLUMNS if column not in purchases]
    if missing:
        raise ValueError(f"The purchases lack the column {missing[0]!r}.")
    lines = purchases[purchases["value"] > 0].reset_index(drop=True)
    weight = ounces(lines["package_size"]) * lines["quantity"]
    by_customer = lines.groupby("customer_id").agg(spent=("value", "sum"), baskets=("basket_id", "nunique"))
    rows = {maker: _position(own, weight, by_customer, lines["value"].sum()) for maker, own in lines.groupby("manufacturer_id")}
    table = pd.DataFrame(rows).T.sort_values("share", ascending=False, kind="stable")
    return table.set_axis(_names(table.index, lines)).rename_axis("firm")


def _position(own, weight, by_customer, total):
    known, buyers = weight[own.index].notna(), by_customer.loc[own["customer_id"].unique()]
    weighed = weight[own.index][known].sum()
    sales, price = own["value"].sum(), 100 * own["value"][known].sum() / weighed if weighed else np.nan
    return {"price": price, "share": sales / total, "reach": len(buyers) / len(by_customer), "per_customer": sales / len(buyers),
            "baskets": buyers["baskets"].mean(), "own_share": sales / buyers["spent"].sum()}


def _names(makers, lines):
    """The store's own brand by its name, the others by letters in the order of their size, then by their number."""
    private = set(lines.loc[lines["brand"] == "Private", "manufacturer_id"])
    letters = iter(string.ascii_uppercase)
    return ["store brand" if maker in private else next(letters, f"maker {maker}") for maker in makers]
