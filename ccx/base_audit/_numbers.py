"""Amounts out of a column of numbers or text: decimal commas, thousands, currency signs, accountants' brackets."""

import re

import numpy as np
import pandas as pd

from ._texts import as_text, missing, tokens

# A sign may stand before or after the currency, or at the end; brackets mean less than nothing.
AMOUNT = re.compile(r"(?P<open>\()?\s*(?P<sign>[-+−]?)\s*(?P<before>[^\d\s.,()+−-]{0,4}\.?)\s*(?P<sign2>[-+−]?)\s*"
                    r"(?P<digits>\d[\d.,'’ \u00a0\u202f]*|[.,]\d+)\s*(?P<after>[^\d\s.,()+−-]{0,4}\.?)\s*(?P<minus>[-−]?)\s*(?P<close>\))?")  # fmt: skip
UNITS = {"$": "dollars", "us$": "dollars", "usd": "dollars", "€": "euros", "eur": "euros", "euro": "euros", "£": "pounds", "gbp": "pounds",
         "¥": "yen", "jpy": "yen"}  # fmt: skip
# What only a decimal sign can do: stand before one, two or more than three digits, after a leading nought or four digits, or after the other sign.
ONLY_DECIMAL = r"{0}\d{{1,2}}$|{0}\d{{4,}}$|^0+{0}\d|\d{{4}}{0}\d|{1}\d{{3}}{0}|^{0}\d"
# What only a sign between thousands can do: come twice, or before the other sign.
ONLY_THOUSANDS = r"{0}\d{{2,3}}{0}|{0}\d{{3}}{1}"


def read_numbers(column, name, decimal=None):
    """Read a column as amounts of money.

    Parameters
    ----------
    column : Series
    name : str
        What to call it in messages.
    decimal : {".", ","}, optional
        The decimal sign of text; if left out, the amounts must tell.

    Returns
    -------
    values : array of float, NaN where unreadable
    problems : dict of str to boolean array
    said : list of str
    unit : str
        The currency that the text names, empty where it names none.

    Raises
    ------
    ValueError
        When 1,234 may be a thousand or little more than one, the signs are mixed, or the currencies are.
    """
    if decimal not in (None, ".", ","):
        raise ValueError(f"decimal={decimal!r} must be '.' or ','.")
    none, said, unit = missing(column), [], ""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
    else:
        values, said, unit = _written(as_text(column), name, decimal)
    readable = np.isfinite(values)
    return np.where(readable, values, np.nan), {f"{name} missing": none, f"{name} not a number": ~readable & ~none}, said, unit


def _written(texts, name, decimal):
    codes, found = tokens(texts)
    if decimal != "," and (values := _plain(found)) is not None:
        return values[codes], [], ""
    amounts = [AMOUNT.fullmatch(text) for text in found]
    unit = _unit(amounts, name)
    digits = [re.sub(r"[\s'’]", "", amount["digits"]) if amount else "" for amount in amounts]
    known = decimal or _decimal(digits, found, name)
    said = [f"The decimal sign in {name!r} was read as {known!r}."] * any("," in text for text in digits)
    values = np.array([_amount(amount, text, known) for amount, text in zip(amounts, digits)])
    return values[codes], said, unit


def _plain(found):
    """The numbers where all are written as Python writes them and none may hide a thousand; otherwise None."""
    numbers = pd.Series(found)
    dotted = numbers.str.contains(".", regex=False)
    if dotted.any() and numbers[dotted].str.fullmatch(r"[-+]?[1-9]\d{0,2}\.\d{3}").all():
        return None
    values = pd.to_numeric(numbers, errors="coerce")
    nothing = ~numbers.str.contains(r"\d")
    return values.to_numpy(float) if (values.notna() | nothing).all() else None


def _unit(amounts, name):
    signs = {(amount["before"] + amount["after"]).strip(".").casefold() for amount in amounts if amount} - {""}
    units = sorted({UNITS.get(sign, sign) for sign in signs})
    if len(units) > 1:
        raise ValueError(f"column {name!r} holds more than one currency ({', '.join(units)}), which can't be added: convert them first.")
    return units[0] if units else ""


def _decimal(digits, found, name):
    point, comma = (_evidence(digits, sign, other) for sign, other in ((r"\.", ","), (",", r"\.")))
    if point and comma:
        raise ValueError(f"column {name!r} has decimal points ({point!r}) and decimal commas ({comma!r}): say decimal='.' or decimal=',' and the others are "
                         f"set aside.")
    if point or comma:
        return "." if point else ","
    open_to = next((text for text, number in zip(found, digits) if re.search(r"[.,]\d{3}$", number)), None)
    if open_to is not None:
        raise ValueError(f"amounts in {name!r} such as {open_to!r} may have thousands or three decimals: say decimal='.' or decimal=','.")
    return "."


def _evidence(digits, sign, other):
    """An amount in which this is the decimal sign, or the other one stands between thousands; None where none tells."""
    tells = re.compile("|".join([ONLY_DECIMAL.format(sign, other), ONLY_THOUSANDS.format(other, sign)]))
    return next((text for text in digits if tells.search(text)), None)


def _amount(amount, digits, decimal):
    whole, _, part = digits.partition(decimal)
    thousands = "," if decimal == "." else "."
    grouped = re.fullmatch(rf"\d*|\d{{1,3}}(?:[{thousands}]\d{{2,3}})*[{thousands}]\d{{3}}", whole)
    if not amount or not grouped or not re.fullmatch(r"\d*", part) or bool(amount["open"]) != bool(amount["close"]):
        return np.nan
    minus = sum([amount["sign"] in ("-", "−"), amount["sign2"] in ("-", "−"), bool(amount["minus"]), bool(amount["open"])])
    return (-1) ** minus * float(f"{whole.replace(thousands, '')}.{part}") if minus <= 1 else np.nan
