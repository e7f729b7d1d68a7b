"""The pages of the site: one for each lesson, the course's table, and the glossary."""

import posixpath
import re
from pathlib import Path
from urllib.parse import unquote

from ..._page import render
from .links import problems
from .render import article, lesson

TEMPLATE = Path(__file__).with_name("page.html")
MARK = "ccx site"
# The README's words on the course, which go as far as its pictures and its table.
WORDS_END = re.compile(r"^(!\[|<!--|\|)", re.M)
ROW = re.compile(r"^\| `(?P<name>\d\d-[\w-]+)` \| (?P<rest>.*) \|$", re.M)
GLOSSARY = "lessons/glossary.md"


def lessons(root):
    """The released notebooks of a course by the lesson's name.

    Parameters
    ----------
    root : Path

    Returns
    -------
    dict of str to Path

    Raises
    ------
    FileNotFoundError
        Where there is none.
    """
    found = {path.stem: path for path in sorted(Path(root).glob("lessons/*/*.ipynb")) if path.stem == path.parent.name}
    if not found:
        raise FileNotFoundError(f"{root} has no lessons: run this in the course's checkout, after make lessons.")
    return found


def make(root, notebooks):
    """Write the pages, and look whether each link leads somewhere.

    Parameters
    ----------
    root : Path
        The course's checkout, with README.md and, if there is one, the glossary.
    notebooks : dict of str to NotebookNode
        The lessons, executed or not, in their order.

    Returns
    -------
    dict of str to str
        HTML by the name of the file.

    Raises
    ------
    ValueError
        For what can't be shown, and for links that lead nowhere.
    """
    root = Path(root)
    readme = (root / "README.md").read_text(encoding="utf-8")
    files = {f"lessons/{name}/{name}.ipynb": f"{name}.html" for name in notebooks} | {"README.md": "index.html"}
    if (root / GLOSSARY).is_file():
        files[GLOSSARY] = "glossary.html"
    texts = {name: _named(name, lesson, notebook, _leads(files, f"lessons/{name}")) for name, notebook in notebooks.items()}
    intro = _named("README.md", article, WORDS_END.split(readme)[0], _leads(files, ""))
    frame = {"mark": MARK, "course": intro.name, "lessons": {f"{name}.html": text.title for name, text in texts.items()}, "glossary": GLOSSARY in files}
    made = {"index.html": render(TEMPLATE, kind="index", file="index.html", text=intro, rows=_table(readme, texts), **frame)}
    order = list(texts)
    for i, (name, text) in enumerate(texts.items()):
        beside = {"previous": order[i - 1] if i else "", "next": order[i + 1] if i + 1 < len(order) else ""}
        around = {where: (f"{other}.html", texts[other].title) for where, other in beside.items() if other}
        made[f"{name}.html"] = render(TEMPLATE, kind="lesson", file=f"{name}.html", text=text, notebook=f"lessons/{name}/{name}.ipynb", around=around, **frame)
    if GLOSSARY in files:
        words = _named(GLOSSARY, article, (root / GLOSSARY).read_text(encoding="utf-8"), _leads(files, "lessons"))
        made["glossary.html"] = render(TEMPLATE, kind="glossary", file="glossary.html", text=words, **frame)
    if wrong := problems(made):
        raise ValueError(" ".join(wrong))
    return made


def _named(name, make, source, leads):
    try:
        return make(source, leads)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _leads(files, folder):
    """A function that says where a link in a file of that folder leads in the site."""
    def resolve(link):
        path, sharp, anchor = link.partition("#")
        if not path:
            return link
        target = posixpath.normpath(posixpath.join(folder, unquote(path)))
        if target not in files:
            raise ValueError(f"the link {link} leads to nothing that the site has")
        return f"{files[target]}{sharp}{anchor}"

    return resolve


def _table(readme, texts):
    """The course's table as the README has it: file, title, question, minutes, points and data of each lesson."""
    told = {row["name"]: row["rest"].split(" | ") for row in ROW.finditer(readme)}
    if missing := [name for name in texts if len(told.get(name, [])) != 4]:
        raise ValueError(f"The table of the course in README.md has no line with question, minutes, points and data for {missing[0]}.")
    return [(f"{name}.html", text.title, *told[name]) for name, text in texts.items()]
