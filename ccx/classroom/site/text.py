"""A lesson's texts and what its cells have shown, as HTML that runs nothing, fetches nothing and names what scrolls."""

import base64
import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from ...explore._explorer import STILL
from ..feedback import markup
from .formulas import mathml

TAGS = markup.TAGS | {"h1", "h2", "h3", "h4", "h5", "h6"}
VALUES = {**markup.VALUES, ("a", "href"): ".*", ("a", "id"): r"[A-Za-z][\w.-]*", ("img", "src"): r"data:image/(png|jpeg|svg\+xml);base64,[A-Za-z0-9+/=\s]*",
          ("figure", "class"): "ccx-still", ("th", "rowspan"): r"\d{1,2}", ("td", "rowspan"): r"\d{1,2}"}
# Around the number of a formula, which is put in when all else has been made sound.
FORMULA = re.compile("\ue000(\\d+)\ue001")
PRIVATE = re.compile("[\ue000\ue001]")
NUMBER = re.compile(r"[-−+]?[\d.,]+(e[-+]\d+)? ?%?|\d{4}-\d\d(-\d\d)?|NaN|NaT|–")
SVG = "http://www.w3.org/2000/svg"
STANDS = "In JupyterLab all of it moves."


class Renderer(IPythonRenderer):
    """Markdown with its headings, and a number in place of each formula."""

    def __init__(self):
        super().__init__(escape=False)
        self.formulas = []

    def heading(self, text, level, **attrs):
        return f"<h{level}>{text}</h{level}>\n"

    def image(self, text, url, title=None):
        raise ValueError(f"The picture {url} would have to be fetched: draw it in a cell, with ccx.show.")

    def inline_math(self, body):
        self.formulas.append(mathml(body))
        return f"\ue000{len(self.formulas) - 1}\ue001"

    def block_math(self, body):
        shown = mathml(body, "block")
        self.formulas.append(f'<span class="scroll formula" role="group" aria-label="Formula" tabindex="0">{shown}</span>')
        return f"\ue000{len(self.formulas) - 1}\ue001"

    def latex_environment(self, name, body):
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


def prose(markdown, resolve, ids, scrolled="Table or code"):
    """Markdown as a tree of HTML.

    Parameters
    ----------
    markdown : str
    resolve : function of a relative link that returns where it leads in the site
    ids : set of str
        The page's ids so far; those of the headings are added.
    scrolled : str
        What a screen reader calls a box that scrolls.

    Returns
    -------
    BeautifulSoup
    """
    renderer = Renderer()
    written = MarkdownWithMath(renderer=renderer).render(PRIVATE.sub("", markdown.replace("\r\n", "\n")))
    soup = sound(written, resolve, scrolled)
    ids.update(anchor["id"] for anchor in soup.find_all("a", id=True))
    for heading in soup.find_all(re.compile("^h[1-6]$")):
        heading["id"] = _free(slug(FORMULA.sub("", heading.get_text())), ids)
    for text in soup.find_all(string=FORMULA):
        text.replace_with(BeautifulSoup(FORMULA.sub(lambda found: renderer.formulas[int(found[1])], str(markup.escape(text))), "html.parser"))
    return soup


def sound(text, resolve, scrolled):
    """HTML with nothing in it that runs or is fetched; links lead into the site, headings of tables say of what, and what scrolls has a name.

    Parameters
    ----------
    text : str
    resolve : function of a relative link that returns where it leads in the site
    scrolled : str

    Returns
    -------
    BeautifulSoup
    """
    raw = BeautifulSoup(text, "html.parser")
    for unread in raw.find_all(["script", "style"]):
        unread.decompose()
    soup = BeautifulSoup(markup.clean(str(raw), TAGS, VALUES), "html.parser")
    for link in soup.find_all("a", id=False):
        _lead(link, resolve)
    for table in soup.find_all("table"):
        _head(table)
    for figure in soup.find_all("figure", class_="ccx-still"):
        _stand_still(figure)
    for block in soup.find_all("pre"):
        block.wrap(soup.new_tag("div", attrs={"class": "scroll", "tabindex": "0"}))
        del block["tabindex"]
    for box in soup.find_all(class_="scroll"):
        box.attrs.update(role="group", **{"aria-label": scrolled})
    return soup


def slug(heading):
    """A heading as an anchor.

    Examples
    --------
    >>> slug("Exercise 1 · What's a *share*?")
    'exercise-1-what-s-a-share'
    """
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-") or "part"


def _free(name, ids):
    free = next(name for name in (name, *(f"{name}-{i}" for i in range(2, len(ids) + 3))) if name not in ids)
    ids.add(free)
    return free


def _lead(link, resolve):
    """A link within the site leads there; of one that leads elsewhere the address is text, and any other is none."""
    href, said = link.get("href", "").strip(), link.get_text()
    try:
        where = urlsplit(href)
    except ValueError:
        where = urlsplit("")
    if where.path + where.fragment and not where.scheme and not where.netloc:
        link["href"] = resolve(href)
        return
    if where.scheme in {"http", "https"} and said != href:
        link.append(f" ({href})")
    link.unwrap()


def _head(table):
    """Tell a screen reader which cells a heading is of, and set numbers under each other."""
    rows = [row.find_all(["th", "td"], recursive=False) for row in table.find_all("tr")]
    head = [row for row in rows if len(row) > 1 and (row[0].find_parent("thead") or all(cell.name == "th" for cell in row))]
    body = rows[len(head):]
    if len(head) == 2:
        head = _merged(*head)
    for scope, part in (("col", head), ("row", body)):
        for heading in (cell for row in part if len(row) > 1 for cell in row if cell.name == "th"):
            heading["scope"] = heading.get("scope", scope)
    for cell in (cell for row in body for cell in row if cell.name == "td" and NUMBER.fullmatch(cell.get_text(strip=True))):
        cell["class"] = "number"
    if len({len(row) for row in (*head, *body)}) == 1:
        for heading, *below in zip(*head[-1:], *body):
            if below and all(cell.get("class") == "number" for cell in below):
                heading["class"] = "number"


def _merged(upper, lower):
    """One row of headings where pandas makes two, to name the index in a row of its own."""
    texts = [[cell.get_text(strip=True) for cell in row] for row in (upper, lower)]
    if len(upper) != len(lower) or any(map(lambda *both: all(both), *texts)) or any(cell.get("colspan") for cell in (*upper, *lower)):
        return [upper, lower]
    row = lower[0].parent
    for above, below in zip(upper, lower):
        if below.get_text(strip=True):
            above.replace_with(below)
    row.decompose()
    return [[below if said else above for above, below, said in zip(upper, lower, texts[1])]]


def _stand_still(figure):
    """An explorer's first frame: its panels, side by side or below each other as the page has room, and where they move."""
    for picture in figure.find_all("img"):
        panels = _panels(picture["src"])
        box = BeautifulSoup("", "html.parser").new_tag("div", attrs={"class": "panels", "role": "img", "aria-label": picture["alt"]})
        for source, style in panels:
            box.append(BeautifulSoup("", "html.parser").new_tag("img", attrs={"src": source, "alt": "", "style": style}))
        if panels:
            picture.replace_with(box)
    for sentence in figure.find_all("em", string=STILL):
        sentence.string = STANDS


def _panels(source):
    """The panels of a still picture as pictures of their own with the room that each takes; none where it is not one of the explorers'."""
    kind, _, data = source.partition(",")
    if "svg" not in kind:
        return []
    found = []
    for panel in ElementTree.fromstring(base64.b64decode(data)).findall(f"{{{SVG}}}svg"):
        for part in panel.iter():
            part.tag = part.tag.removeprefix(f"{{{SVG}}}")
        panel.attrib.pop("x", None)
        panel.set("xmlns", SVG)
        found.append((f"{kind},{base64.b64encode(ElementTree.tostring(panel)).decode()}", panel.attrib.pop("style", "")))
    return found
