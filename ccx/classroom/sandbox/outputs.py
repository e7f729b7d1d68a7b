"""What a student's kernel put out, before an instructor's disk and browser get it: sound in form, and with nothing in it that runs."""

import json
import re

import bleach  # comes with nbconvert, which cleans with it too
from bleach.css_sanitizer import CSSSanitizer
from nbformat import ValidationError, from_dict, validate

TAGS = {"figure", "figcaption", "img", "table", "caption", "thead", "tbody", "tr", "th", "td", "p", "strong", "em", "code", "pre",
        "ul", "ol", "li", "br", "div", "span"}
ATTRIBUTES = {"*": ["style", "class"], "img": ["src", "alt"], "th": ["scope", "colspan"], "td": ["colspan"]}
STYLES = CSSSanitizer(allowed_css_properties=["text-align", "margin", "max-width", "line-height"])
PICTURES = {"image/png", "image/jpeg"}
VOID = {"br", "hr", "img", "input", "link", "meta", "wbr"}
DEEPEST = 60  # a table in a figure has six


def sound(output):
    """An output as plain, valid JSON that can be written; None where that is impossible."""
    try:
        text = json.dumps(output, ensure_ascii=False).encode("utf-8", "replace").decode()
        plain = from_dict(json.loads(text))
        validate(plain, ref="output", version=4)
    except (TypeError, ValueError, AttributeError, RecursionError, ValidationError):
        return None
    return plain


def sound_cell(outputs, count):
    """What a code cell keeps of its run: the outputs that are sound, and the count if it is one."""
    return {"outputs": [plain for output in outputs if (plain := sound(output))], "execution_count": count if type(count) is int and count >= 0 else None}


def harmless(output):
    """An output with only text, pictures and HTML that can't run; other types of data are left out."""
    if "data" in output:
        kept = {kind: _safe(kind, value) for kind, value in output.data.items()}
        output.data = {kind: value for kind, value in kept.items() if value is not None}
        output.metadata = {}
    return output


def _safe(kind, value):
    if kind not in {"text/html", "text/plain"} | PICTURES:
        return None
    text = "".join(value) if isinstance(value, list) else value
    if kind == "text/html":
        if _depth(text) > DEEPEST:
            return None
        # Pictures carry their data with them; nothing is to be fetched from anywhere.
        return bleach.clean(text, TAGS, ATTRIBUTES, protocols=["data"], strip=True, css_sanitizer=STYLES)
    if kind in PICTURES:
        return text if re.fullmatch(r"[A-Za-z0-9+/=\s]*", text) else None
    return value


def _depth(text):
    """How deep the tags of a text lie in each other; bleach takes a time that grows with the square of it."""
    unclosed, deepest = [], 0
    for closing, name in re.findall(r"<(/?)([A-Za-z][^\s/>]*)", text):
        if not closing and name.lower() not in VOID:
            unclosed.append(name.lower())
            deepest = max(deepest, len(unclosed))
        elif closing and unclosed and unclosed[-1] == name.lower():
            unclosed.pop()
    return deepest
