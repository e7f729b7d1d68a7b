"""What made a product grow: its factors' parts, which add up to the whole."""

import numpy as np
import pandas as pd


def decompose_growth(before, after):
    """Split the growth of a product among its factors, so that their parts add up to the whole.

    Parameters
    ----------
    before, after : Series or dict of float
        The factors in two periods, such as customers, orders per customer and value per order.

    Returns
    -------
    DataFrame
        A row per factor and one for their ``product``: ``before``, ``after``, ``ratio``, ``log_ratio``, ``share`` of the product's log ratio, and ``amount`` of
        its change. Shares add up to 1 and amounts to the change. Both are missing where a factor is not above zero, shares also where nothing changed.

    Raises
    ------
    ValueError
        When the two have not the same factors.

    Notes
    -----
    With R = Π f the logarithm of growth is a sum, ln(R₂/R₁) = Σ ln(f₂/f₁). Each factor's part of the change is L(R₁, R₂) ln(f₂/f₁), where
    L(a, b) = (b − a) / ln(b/a) is the logarithmic mean: the additive log mean Divisia index (Ang 2005, Energy Policy 33(7), 867-871). Nothing is left over,
    and the order of the factors does not matter. The factors customers, orders and value per order are those of Fader, Hardie and Ross (2022), chapter 4.

    Examples
    --------
    >>> growth = decompose_growth({"customers": 100, "orders": 2, "value": 55}, {"customers": 110, "orders": 2.5, "value": 80})
    >>> growth[["ratio", "share", "amount"]].round(2)
               ratio  share    amount
    factor
    customers   1.10   0.14   1512.54
    orders      1.25   0.32   3541.21
    value       1.45   0.54   5946.25
    product     2.00   1.00  11000.00
    """
    before, after = pd.Series(before, dtype=float), pd.Series(after, dtype=float)
    if set(before.index) != set(after.index) or not len(before):
        raise ValueError(f"both periods need the same factors, not {list(before.index)} and {list(after.index)}.")
    table = pd.DataFrame({"before": before, "after": after.reindex(before.index)})
    table.loc["product"] = table.prod(skipna=False)
    defined = (table > 0).all(axis=None)
    table["ratio"] = table["after"] / table["before"].where(table["before"] != 0)
    table["log_ratio"] = np.log(table["ratio"]) if defined else np.nan
    total, change = table.loc["product", "log_ratio"], table.loc["product", "after"] - table.loc["product", "before"]
    table["share"] = table["log_ratio"] / (total if total else np.nan)
    # The logarithmic mean of two equal numbers is that number.
    table["amount"] = table["log_ratio"] * (change / total if total else table.loc["product", "before"])
    return table.rename_axis("factor")
