"""What students write and what their cells put out, as HTML for a page that runs nothing and fetches nothing."""

import html
import re

import bleach
from bs4 import BeautifulSoup  # like bleach, it comes with nbconvert
from markupsafe import Markup, escape
from nbconvert.filters import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from ..._answer import clipped
from ..sandbox import outputs

LONGEST = 20_000  # characters of a text
TAGS = outputs.TAGS | {"a", "blockquote", "dd", "del", "dl", "dt", "hr", "kbd", "s", "sub", "sup"}
VALUES = {("a", "href"): r"(https?://|mailto:).*", ("img", "src"): r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]*", ("img", "alt"): ".*",
          ("span", "class"): "math", ("th", "scope"): "col|row", ("th", "colspan"): r"\d{1,2}", ("td", "colspan"): r"\d{1,2}"}
FUNCTIONS = {"exp", "ln", "log", "max", "min"}
CONTROL = re.compile(r"[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]")
TRACEBACK = "Traceback (most recent call last)"


def prose(markdown):
    """Markdown as HTML: no headings, whose level belongs to the page, no pictures, and formulas as they are typed.

    Parameters
    ----------
    markdown : str

    Returns
    -------
    Markup

    Examples
    --------
    >>> print(prose("**Two** [links](javascript:steal()) <script>steal()</script> and $\\\\alpha$"))
    <p><strong>Two</strong> <a>links</a> steal() and <span class="math">α</span></p>
    """
    return clean(MarkdownWithMath(renderer=Plain(escape=False)).render(_readable(markdown)))


class Plain(IPythonRenderer):
    """Markdown for a page with headings of its own and without scripts."""

    def heading(self, text, level, **attrs):
        return f"<p><strong>{text}</strong></p>"

    def image(self, text, url, title=None):
        # A picture from elsewhere must not be fetched, and attachments do not come with a submission.
        return f"[{html.escape(text)}]"

    def inline_math(self, body):
        return f'<span class="math">{html.escape(formula(body))}</span>'

    def block_math(self, body):
        return self.inline_math(body)

    def latex_environment(self, name, body):
        return self.inline_math(body)


def formula(tex):
    """A formula as it is typed, but Greek letters and the names of functions as one reads them.

    Examples
    --------
    >>> formula(r"\\ln L = \\alpha + \\frac{1}{2}")
    'ln L = α + \\\\frac{1}{2}'
    """
    return re.sub(r"\\([A-Za-z]+)", _symbol, " ".join(tex.split()))


def _symbol(found):
    letter = html.entities.html5.get(f"{found[1]};", "")
    return letter if "Α" <= letter <= "ω" else found[1] if found[1] in FUNCTIONS else found[0]


def code(source):
    """Python source as HTML, its words marked for the page's colours."""
    return Markup(highlight(_readable(source), PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)).rstrip("\n"))


def shown(output):
    """What a cell put out, as HTML.

    Parameters
    ----------
    output : NotebookNode

    Returns
    -------
    Markup
        Empty for what is left out: warnings, tracebacks and data of other kinds than text, tables and pictures.
    """
    if output.output_type == "error":
        return stopped(output)
    if output.output_type == "stream":
        return _text("".join(output.text)) if output.name == "stdout" else Markup()
    data = {kind: "".join(value) for kind, value in output.data.items() if kind in {"text/html", "text/plain"} | outputs.PICTURES}
    if "text/html" in data:
        return clean(data["text/html"])
    for kind in sorted(outputs.PICTURES & data.keys(), reverse=True):
        return clean(f'<img src="data:{kind};base64,{escape(data[kind])}" alt="Picture that the cell drew">')
    return _text(data.get("text/plain", ""))


def stopped(error):
    """A sentence in place of a traceback."""
    return Markup('<p class="stopped">The cell stopped with {}.</p>').format(clipped(error.get("ename") or "an error"))


def _text(text):
    """Printed text as a terminal leaves it: a carriage return goes back to the beginning of the line."""
    lines = [line.rstrip("\r").rpartition("\r")[2] for line in strip_ansi(text).split("\n")]
    left = _readable("\n".join(lines).partition(TRACEBACK)[0]).strip("\n")
    return Markup('<pre tabindex="0">{}</pre>').format(left) if left.strip() else Markup()


def _readable(text):
    text = CONTROL.sub("", text.replace("\r\n", "\n"))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n… (the rest is left out)"


def clean(text, tags=TAGS, values=VALUES):
    """HTML with nothing in it that runs, is fetched, or passes for a part of the page.

    Parameters
    ----------
    text : str
    tags : set of str, optional
        What else may stay, where students' work is not shown.
    values : dict of a tag and an attribute to a pattern, optional

    Returns
    -------
    Markup
    """
    def may_stay(tag, name, value):
        return re.fullmatch(values.get((tag, name), "(?!)"), value, re.S | re.I) is not None

    allowed = bleach.clean(text, tags, may_stay, protocols=["data", "http", "https", "mailto"], strip=True)
    soup = BeautifulSoup(allowed, "html.parser")
    _describe_pictures(soup)
    _ease_tables(soup)
    for block in soup.find_all("pre"):
        # What scrolls must be reached with the keyboard.
        block["tabindex"] = "0"
    return Markup(str(soup).strip())


def _describe_pictures(soup):
    for picture in soup.find_all("img"):
        if not picture.get("src"):
            picture.replace_with(picture.get("alt", ""))
        elif not picture.get("alt"):
            picture["alt"] = "Picture without a description"


def _ease_tables(soup):
    for head in soup.find_all("th"):
        # A screen reader would announce a heading that says nothing.
        head.name = "th" if head.get_text(strip=True) else "td"
    for table in soup.find_all("table"):
        table.wrap(soup.new_tag("div", attrs={"class": "scroll", "tabindex": "0"}))
