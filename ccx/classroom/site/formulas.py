"""Formulas as MathML, which a browser draws and a screen reader speaks without a script or the network."""

import html
from xml.etree import ElementTree

from latex2mathml.converter import convert_to_element

FUNCTIONS = {"cos", "det", "exp", "inf", "lim", "ln", "log", "max", "min", "sin", "sup", "tan"}
THIN = "0.167em"
# How many parts each has; without them a browser shows nothing, or the wrong thing.
PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
TAGS = {"math", "menclose", "mi", "mn", "mo", "mpadded", "mrow", "mspace", "msqrt", "mstyle", "mtable", "mtd", "mtext", "mtr", *PARTS}
ATTRIBUTES = {"accent", "columnalign", "columnspacing", "depth", "display", "displaystyle", "fence", "form", "height", "linebreak", "lspace", "mathvariant", "maxsize",
              "minsize", "movablelimits", "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "width"}


def mathml(tex, display="inline"):
    """A formula in LaTeX as MathML.

    Parameters
    ----------
    tex : str
    display : {"inline", "block"}

    Returns
    -------
    str

    Raises
    ------
    ValueError
        For what can't be shown: a command that is not known, or a formula that is not whole.

    Examples
    --------
    >>> print(mathml(r"\\alpha^2"))
    <math display="inline"><mrow><msup><mi>α</mi><mn>2</mn></msup></mrow></math>
    """
    try:
        formula = convert_to_element(tex, display=display)
    except Exception as error:
        # The converter's own exceptions have no common ancestor.
        raise ValueError(f"The formula {tex.strip()} can't be shown: {type(error).__name__}.") from None
    formula.attrib.pop("xmlns", None)
    for part in formula.iter():
        part.text = html.unescape(part.text or "")
        if part.tag not in TAGS or part.attrib.keys() - ATTRIBUTES or "\\" in part.text or len(part) != PARTS.get(part.tag, len(part)):
            raise ValueError(f"The formula {tex.strip()} can't be shown: {part.text or part.tag} is not known, or a part is missing.")
    for row in formula.iter():
        for part, following in zip(row, [*row[1:], None]):
            _set(row, part, following)
    return ElementTree.tostring(formula, encoding="unicode")


def _set(row, part, following):
    """Set a part as TeX would, where the converter or the browsers do not."""
    if part.tag in {"mi", "mo"} and (part.text in FUNCTIONS or (part.tag == "mo" and part.text.isalpha() and len(part.text) > 1)):
        bracket = following is not None and following.tag == "mo" and following.text in {"(", "["}
        part.tag, part.attrib = "mo", {"lspace": "0em" if part is row[0] else THIN, "rspace": "0em" if bracket else THIN}
    elif part.text == "/":
        part.attrib.update(lspace="0em", rspace="0em")
    elif part.tag == "mi" and part.text in {"±", "×"}:
        part.tag = "mo"
    elif part.tag == "mi" and "Α" <= part.text <= "Ω":
        part.set("mathvariant", "normal")
    elif row.tag == "mover" and part.text == "\N{HORIZONTAL BAR}":
        # Browsers do not stretch it, so that it would strike through the word that it stands over: it is heard, and a border is seen.
        row[0].set("style", "border-top: .06em solid; padding-top: .1em")
        part.text, part.attrib = "\N{MACRON}", {"style": "opacity: 0"}
