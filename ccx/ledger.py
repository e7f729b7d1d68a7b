"""One ledger, any unit of account: the lines of a grocer with all costs on them, and the statements that the same lines add up to."""

import functools

import numpy as np
import pandas as pd

from .data import load

# A grocer's costs are not in the data. These are assumptions: what goods cost the grocer, as a share of the shelf price.
GOODS = pd.Series({
    "GROCERY": 0.64, "DRUG GM": 0.62, "NUTRITION": 0.62, "COSMETICS": 0.60, "SPIRITS": 0.75, "PRODUCE": 0.58, "MEAT": 0.58, "MEAT-PCKGD": 0.56,
    "SEAFOOD": 0.60, "SEAFOOD-PCKGD": 0.55, "DELI": 0.52, "PASTRY": 0.50, "SALAD BAR": 0.45, "FLORAL": 0.55, "FUEL": 0.93, "MISCELLANEOUS": 0.93,
    "other": 0.64}, name="goods")
# And what serving costs, in cents, and how it gets to the lines.
COSTS = pd.DataFrame([[8, "line", "this line"], [100, "basket", "its lines, equally"], [1800, "household", "its lines, equally"]],
                     columns=["cents", "per", "borne by"], index=pd.Index(["handling", "checkout", "programme"], name="cost"))
UPSTREAM, DOWNSTREAM = ["goods"], list(COSTS.index)
AMOUNTS = ["shelf", "discounts", "coupons", "received", *UPSTREAM, *DOWNSTREAM, "profit"]


def allocate(cents, weights, groups=None):
    """Share out whole cents in proportion to weights, so that nothing is lost and nothing is left over.

    Parameters
    ----------
    cents : int
        What each group has to share out.
    weights : sequence of int
        Whole numbers, zero or more: lines, items, cents of sales.
    groups : sequence, optional
        The group of each weight (a basket, a household); by default all are one group.

    Returns
    -------
    ndarray of int, shaped like `weights`

    Raises
    ------
    ValueError
        If a weight is negative or no whole number, `cents` is no whole number, or a group has no weight at all.

    Notes
    -----
    Largest remainders (Hamilton's rule for seats in a parliament; Balinski and Young, 1982): everybody gets the exact share rounded down to a cent, and
    the cents left over go to the largest remainders, among equal ones to whoever comes first. Each share is within a cent of the exact one.

    Examples
    --------
    Rounding each third of a dollar by itself would lose a cent.

    >>> allocate(100, [1, 1, 1]).tolist()
    [34, 33, 33]
    >>> allocate(100, [1, 1, 1, 2], groups=["a", "a", "b", "b"]).tolist()
    [50, 50, 33, 67]
    """
    weights, cents = _whole(weights, "weights"), int(_whole([cents], "cents")[0])
    codes = np.zeros(len(weights), int) if groups is None else pd.factorize(np.asarray(groups))[0]
    total = np.bincount(codes, weights).astype(np.int64)
    if (weights < 0).any() or (total == 0).any():
        raise ValueError("allocate: every weight must be zero or more, and each group needs one above zero")
    share, remainder = np.divmod(cents * weights, total[codes])
    left = cents - np.bincount(codes, share).astype(np.int64)
    order = np.lexsort((-remainder, codes))
    place = np.arange(len(order)) - np.searchsorted(codes[order], codes[order])
    share[order] += place < left[codes[order]]
    return share


def _whole(numbers, what):
    numbers = np.asarray(numbers)
    if not np.isfinite(numbers.astype(float)).all() or (numbers % 1 != 0).any():
        raise ValueError(f"allocate: {what} must be whole numbers; count in cents, lines or items")
    return numbers.astype(np.int64)


def grocer_ledger(goods=GOODS, costs=COSTS):
    """The year of the grocery panel line by line, with every cost on the line that caused it, in whole cents.

    Parameters
    ----------
    goods : Series, by department
        What goods cost the grocer, as a share of the shelf price; departments that are not in it cost as ``other``.
    costs : DataFrame
        Like `COSTS`: ``cents`` of ``handling`` (a line), ``checkout`` (a basket) and ``programme`` (a household).

    Returns
    -------
    DataFrame
        A row per line of `ccx.load` ("grocery"), in its order: ``customer_id``, ``basket_id``, ``product`` (category and type, in small letters; ``unknown`` where
        the table of products has none) and ``department``; then in whole cents ``shelf`` (the price without card and coupon), ``discounts`` of the loyalty card,
        ``coupons`` (the store's match), ``received``, ``goods``, ``handling``, ``checkout``, ``programme`` and ``profit``.

    Notes
    -----
    shelf − discounts − coupons = received (the data's ``value``), and received − goods − handling − checkout − programme = profit, on every line. A manufacturer's
    coupon is no cost: its maker reimburses the store. Checkout and programme are shared out by `allocate`, equally among the lines of the basket and
    of the household. All costs are assumptions (`GOODS`, `COSTS`); rent, energy and the head office are left out.

    Examples
    --------
    >>> ledger = grocer_ledger()
    >>> int((ledger["received"] - ledger[["goods", "handling", "checkout", "programme"]].sum(axis=1) - ledger["profit"]).abs().max())
    0
    """
    if goods is GOODS and costs is COSTS:
        return _usual().copy(deep=False)
    return _with_costs(_lines(), goods, costs)


@functools.cache
def _usual():
    return _with_costs(_lines(), GOODS, COSTS)


@functools.cache
def _lines():
    """What the data hold: who, where, what, and the prices."""
    log, products = load("grocery"), load("grocery_products")
    # Not a merge: that would lose the lines of products that the table lacks, and copy text a million times.
    place = pd.Index(products["product_id"]).get_indexer(log["product_id"])
    names = {"product": (products["product_category"] + ": " + products["product_type"]).str.lower(), "department": products["department"]}
    lines = log[["customer_id", "basket_id"]].assign(**{name: _category(text, place) for name, text in names.items()})
    received, discounts, coupons = ((log[name] * 100).round().astype(np.int64) for name in ("value", "loyalty_discount", "coupon_match_discount"))
    return lines.assign(shelf=received + discounts + coupons, discounts=discounts, coupons=coupons, received=received)


def _category(text, place):
    """The text of each line as a category; ``unknown`` where there is none."""
    names = sorted({"unknown", *text.dropna()})
    codes = pd.Categorical(text.fillna("unknown"), names).codes
    return pd.Categorical.from_codes(np.where(place < 0, names.index("unknown"), codes[place]), names)


def _with_costs(lines, goods, costs):
    rate = lines["department"].cat.categories.map(goods).to_numpy(float)
    rate = np.where(np.isnan(rate), goods["other"], rate)[lines["department"].cat.codes]
    one, cents = np.ones(len(lines), int), costs["cents"]
    lines = lines.assign(goods=(lines["shelf"] * rate).round().astype(np.int64), handling=int(cents["handling"]),
                         checkout=allocate(cents["checkout"], one, lines["basket_id"]), programme=allocate(cents["programme"], one, lines["customer_id"]))
    return lines.assign(profit=lines["received"] - lines[UPSTREAM + DOWNSTREAM].sum(axis=1))


def statement(ledger, by):
    """The profit-and-loss statement of a ledger by any unit of account, in dollars.

    Parameters
    ----------
    ledger : DataFrame
        Like that of `grocer_ledger`: amounts in whole cents, down to ``profit``.
    by : str
        The column that names the unit: ``"product"``, ``"department"``, ``"customer_id"``, ``"basket_id"``.

    Returns
    -------
    DataFrame, by the unit, the most profitable first
        The ledger's amounts in dollars. Whatever the unit, a column adds up to the same total, to the cent.

    Raises
    ------
    ValueError
        If the ledger has no such column.

    Examples
    --------
    >>> lines = pd.DataFrame({"customer_id": [1, 2, 2], "product": ["tea", "tea", "soap"], "received": [300, 200, 150], "profit": [90, 20, -10]})
    >>> statement(lines, by="customer_id")["profit"].to_dict()
    {1: 0.9, 2: 0.1}
    >>> statement(lines, by="product")["profit"].to_dict()
    {'tea': 1.1, 'soap': -0.1}
    """
    if by not in ledger or by in AMOUNTS:
        raise ValueError(f"statement: there is no unit {by!r} in the ledger; there are {', '.join(c for c in ledger if c not in AMOUNTS)}")
    amounts = [name for name in AMOUNTS if name in ledger]
    return (ledger.groupby(by, observed=True)[amounts].sum() / 100).sort_values("profit", ascending=False, kind="stable")


def value_at_risk(ledger, value, unit="product"):
    """What the buyers of each product are worth to the firm, in all and in proportion to the visits on which they buy it.

    Parameters
    ----------
    ledger : DataFrame
        ``customer_id``, ``basket_id`` and the column of the unit, a row per line.
    value : Series, by customer_id
        What each customer is worth: profit, spend or lifetime value.
    unit : str, default "product"

    Returns
    -------
    DataFrame, by unit
        ``buyers`` (customers with the product in a basket), ``value`` of them and ``leaning``, both in the unit of `value`.

    Raises
    ------
    ValueError
        If a customer of the ledger has no value.

    Notes
    -----
    value is Σ vᵢ over the buyers i: what would be lost if *all* of them left the firm because the product is gone, the most that a delisting can cost. leaning is
    Σ sᵢ vᵢ, with sᵢ the share of the customer's baskets that hold the product: what would be lost if each buyer's value fell by that share, every visit of a
    customer taken as worth the same. Neither says that they came for the product, or what they do without it.

    Examples
    --------
    >>> lines = pd.DataFrame({"customer_id": [1, 1, 2], "basket_id": [1, 2, 3], "product": ["tea", "soap", "tea"]})
    >>> value_at_risk(lines, pd.Series({1: 100.0, 2: 10.0})).loc["tea"].to_dict()
    {'buyers': 2.0, 'value': 110.0, 'leaning': 60.0}
    """
    rows = ledger[["customer_id", "basket_id", unit]].drop_duplicates()
    customers = pd.DataFrame({"value": value, "baskets": ledger.groupby("customer_id")["basket_id"].nunique()}).dropna(subset="baskets")
    if customers["value"].isna().any():
        raise ValueError(f"value_at_risk: {int(customers['value'].isna().sum())} customers of the ledger have no value; give one for each")
    visits = rows.groupby([unit, "customer_id"], observed=True).size().rename("visits").reset_index().join(customers, on="customer_id")
    table = visits.assign(buyers=1, leaning=visits["visits"] / visits["baskets"] * visits["value"])
    return table.groupby(unit, observed=True)[["buyers", "value", "leaning"]].sum()


def tilt(ledger, best, unit="product", amount="received"):
    """How much more of each product some customers buy than their share of everything: 1 for neither more nor less.

    Parameters
    ----------
    ledger : DataFrame
        ``customer_id``, the column of the unit, and the amount.
    best : sequence or Index of customer ids
    unit : str, default "product"
    amount : str, default "received"

    Returns
    -------
    Series, by unit
        Of what was sold for nothing there is none.

    Notes
    -----
    (Their share of the product's sales) / (their share of all sales). Unlike `value_at_risk` it is not larger for those who buy much of everything.

    Examples
    --------
    >>> lines = pd.DataFrame({"customer_id": [1, 1, 2, 2], "product": ["tea", "soap", "tea", "soap"], "received": [300, 100, 100, 300]})
    >>> tilt(lines, best=[1]).to_dict()
    {'soap': 0.5, 'tea': 1.5}
    """
    theirs = ledger.loc[ledger["customer_id"].isin(best)].groupby(unit, observed=True)[amount].sum()
    sold = ledger.groupby(unit, observed=True)[amount].sum()
    # What they never bought counts as nothing; what nobody paid for has no share.
    shares = theirs.reindex(sold.index, fill_value=0) / sold.where(sold > 0)
    return (shares.dropna() / (theirs.sum() / sold.sum())).rename("tilt")
