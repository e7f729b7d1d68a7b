"""Which column says who, when and how much."""

import re

# As they are called in shops, banks and the literature; compared without capitals, blanks and signs.
NAMES = {
    "customer_id": "customerid customer customernumber customerno customernr customerkey customercode customeruniqueid custid custno cust client clientid "
                   "userid user memberid member accountid account buyerid buyer shopperid shopper householdid householdkey household donorid donor "
                   "consumerid patronid personid contactid subscriberid cardid loyaltyid kundennummer kundennr kundenid kunde idclient klantnummer",
    "date": "date orderdate orderedat invoicedate transactiondate transactiontimestamp purchasedate purchasetimestamp orderpurchasetimestamp saledate "
            "salesdate trandate transdate datetime timestamp orderdatetime ordertimestamp createdat paidat day datum bestelldatum rechnungsdatum kaufdatum",
    "value": "value amount revenue dollarvalue sales salesvalue salesamount spend spent amountspent total totalprice totalamount totalvalue totalsales "
             "ordervalue orderamount ordertotal linetotal netamount netvalue netsales grossamount paymentvalue transactionamount transactionvalue turnover "
             "umsatz betrag nettobetrag montant importe",
}  # fmt: skip
OPTIONAL = ("margin", "order")


def chosen(columns, given):
    """Say which column plays which part.

    Parameters
    ----------
    columns : sequence of str
    given : dict
        ``customer_id``, ``date``, ``value``, ``margin`` and ``order``: the name the user has given, or None; ``value`` may be a pair of names.

    Returns
    -------
    dict of str to tuple of str
        The columns of each part, two where the value is a product.

    Raises
    ------
    ValueError
        When a column is missing, there is none or more than one of a fitting name, or one would play two parts.
    """
    parts = {}
    for part in (*NAMES, *OPTIONAL):
        if given.get(part) is not None:
            parts[part] = _named(columns, part, given[part])
        elif part in NAMES:
            parts[part] = (_recognised(columns, part),)
    _check_apart(parts)
    return parts


def _named(columns, part, names):
    names = (names,) if isinstance(names, str) or part != "value" else tuple(names)
    for name in names:
        if list(columns).count(name) != 1:
            problem = "more than one column of this name" if name in columns else f"no such column, only {_listed(columns)}"
            raise ValueError(f"{part}={name!r}: the log has {problem}.")
    if len(names) > 2:
        raise ValueError(f"{part} is one column or the product of two, such as ('quantity', 'price'), not {len(names)}.")
    return names


def _recognised(columns, part):
    if list(columns).count(part) == 1:
        return part
    known = NAMES[part].split()
    found = [name for name in columns if re.sub(r"[\W_]", "", str(name)).casefold() in known]
    if len(found) == 1:
        return found[0]
    several = f"several columns may be the {_called(part)} ({_listed(found)})" if found else f"no column is recognised as the {_called(part)}"
    hint = _product(columns) if part == "value" and not found else ""
    raise ValueError(f"{several}; the log has {_listed(columns)}: say which with {part}=...{hint}")


def _product(columns):
    """A hint for logs that hold quantity and price."""
    quantity = [name for name in columns if re.search("quantity|qty|units", str(name).casefold())]
    price = [name for name in columns if "price" in str(name).casefold()]
    return f", for example value=({quantity[0]!r}, {price[0]!r}) for their product" if len(quantity) == len(price) == 1 else ""


def _check_apart(parts):
    names = [name for found in parts.values() for name in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"the column {twice!r} can't be {' and '.join(part for part, found in parts.items() if twice in found)} at once.")


def _called(part):
    return {"customer_id": "customer", "date": "date", "value": "value"}[part]


def _listed(columns):
    return ", ".join(repr(name) for name in columns)
