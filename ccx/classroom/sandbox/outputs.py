"""What a student's kernel put out, before an instructor's disk and browser get it: sound in form, and with nothing in it that runs."""

import json
import re

import bleach  # comes with nbconvert, which cleans with it too
from bleach.css_sanitizer import CSSSanitizer
from nbformat import ValidationError, from_dict, validate

from ..._answer import MIME

TAGS = {"figure", "figcaption", "img", "table", "caption", "thead", "tbody", "tr", "th", "td", "p", "strong", "em", "code", "pre",
        "ul", "ol", "li", "br", "div", "span"}
ATTRIBUTES = {"*": ["style", "class"], "img": ["src", "alt"], "th": ["scope", "colspan"], "td": ["colspan"]}
STYLES = CSSSanitizer(allowed_css_properties=["text-align", "margin", "max-width", "line-height"])
PICTURES = {"image/png", "image/jpeg"}


def sound(output):
    """An output as plain, valid JSON that can be written; None where that is impossible."""
    try:
        text = json.dumps(output, ensure_ascii=False).encode("utf-8", "replace").decode()
        plain = from_dict(json.loads(text))
        validate(plain, ref="output", version=4)
    except (TypeError, ValueError, AttributeError, RecursionError, ValidationError):
        return None
    return plain


def harmless(output):
    """An output with only text, pictures and HTML that can't run; other types of data are left out."""
    if "data" in output:
        kept = {kind: _safe(kind, value) for kind, value in output.data.items()}
        output.data = {kind: value for kind, value in kept.items() if value is not None}
        output.metadata = {}
    return output


def _safe(kind, value):
    text = "".join(value) if isinstance(value, list) else value
    if kind == "text/html":
        # Pictures carry their data with them; nothing is to be fetched from anywhere.
        return bleach.clean(text, TAGS, ATTRIBUTES, protocols=["data"], strip=True, css_sanitizer=STYLES)
    if kind in PICTURES:
        return text if re.fullmatch(r"[A-Za-z0-9+/=\s]*", text) else None
    return value if kind in ("text/plain", MIME) else None
