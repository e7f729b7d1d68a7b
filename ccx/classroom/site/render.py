"""A lesson's notebook as the parts of a page: its title, its headings, and a block of HTML for each cell."""

from dataclasses import dataclass

from bs4 import BeautifulSoup
from markupsafe import Markup
from nbgrader.utils import is_grade, is_solution

from ...explore._explorer import FRAMES
from ..feedback import markup
from .frames import movable
from .text import prose, sound

LOOKS_AROUND, NOT_RUN = "ccx.doctor()", "skip-execution"
HERE = "This cell looks at the machine that it runs on: run it in JupyterLab."
CHECKED = "<strong>Your turn.</strong> In JupyterLab this cell checks your answer."
GUESSED = "<strong>Your turn.</strong> Write your guess down before you read on."
DECIDED = "<strong>Your turn.</strong> In JupyterLab you write here."


@dataclass(frozen=True)
class Text:
    """What a page is made of.

    Parameters
    ----------
    title : Markup
        The heading of the first level, without its tags.
    name : str
        The same as plain text.
    headings : list of tuple
        Those of the second level: anchor and HTML.
    blocks : list of Markup
    """

    title: Markup
    name: str
    headings: list
    blocks: list


def lesson(notebook, resolve):
    """A notebook, executed or not, as the parts of its page.

    Parameters
    ----------
    notebook : NotebookNode
    resolve : function of a relative link that returns where it leads in the site

    Returns
    -------
    Text

    Raises
    ------
    ValueError
        For what can't be shown, with the cell's id.
    """
    ids, trees, count = {"main"}, [], 0
    for cell in notebook.cells:
        count += cell.cell_type == "code"
        try:
            trees.append(_written(cell, resolve, ids) if cell.cell_type == "markdown" else _code(cell, count, resolve))
        except ValueError as error:
            raise ValueError(f"cell {cell.id}: {error}") from None
    return _sorted_out(trees)


def article(markdown, resolve):
    """A text in Markdown as the parts of its page.

    Parameters
    ----------
    markdown : str
    resolve : function of a relative link that returns where it leads in the site

    Returns
    -------
    Text
    """
    return _sorted_out([prose(markdown, resolve, {"main"})])


def _sorted_out(trees):
    heading = next((found for tree in trees if (found := tree.find("h1"))), None)
    if heading is None:
        raise ValueError("there is no heading of the first level")
    heading.extract()
    second = [(found["id"], Markup(found.decode_contents())) for tree in trees for found in tree.find_all("h2")]
    return Text(Markup(heading.decode_contents()), heading.get_text(), second, [Markup(str(tree).strip()) for tree in trees if str(tree).strip()])


def _written(cell, resolve, ids):
    tree = prose(cell.source, resolve, ids)
    return _turn(DECIDED) if is_solution(cell) else tree


def _code(cell, count, resolve):
    label = f"code-{count}"
    below = _instead(cell)
    if not below:
        shown = [_shown(output, count, resolve) for output in _together(cell.outputs)]
        below = "".join(f'<div class="output">{tree}</div>' for tree in shown if str(tree).strip())
    source = markup.code(cell.source)
    return BeautifulSoup(f'<div class="cell"><p class="label" id="{label}">Code {count}</p>'
                         f'<div class="scroll" role="group" aria-labelledby="{label}" tabindex="0"><pre><code>{source}</code></pre></div>{below}</div>', "html.parser")


def _instead(cell):
    """What stands in place of the outputs where a student has something to do first."""
    if NOT_RUN in cell.metadata.get("tags", []) or cell.source.strip() == LOOKS_AROUND:
        return _turn(HERE)
    if cell.source.startswith("ccx.predict("):
        return _turn(GUESSED)
    if is_grade(cell) and not is_solution(cell):
        return _turn(CHECKED)
    return None


def _turn(sentence):
    return BeautifulSoup(f'<p class="turn">{sentence}</p>', "html.parser")


def _together(outputs):
    """The outputs that are shown; what was printed in pieces, as the clock had it, is one again."""
    joined = []
    for output in outputs:
        if output.output_type == "stream" and joined and joined[-1].output_type == "stream" and output.name == joined[-1].name:
            joined[-1] = type(output)(joined[-1], text=joined[-1].text + output.text)
        elif not any(kind.startswith("application/vnd.jupyter.widget") for kind in output.get("data", {})):
            joined.append(output)
    return joined


def _shown(output, count, resolve):
    data = output.get("data", {})
    text = "".join(data["text/html"]) if "text/html" in data else str(markup.shown(output))
    scrolled = f"Output of code {count}"
    tree = sound(text, resolve, scrolled)
    if data.get(FRAMES):
        tree.append(movable(data[FRAMES], f"frames-{count}", resolve, scrolled))
    return tree
