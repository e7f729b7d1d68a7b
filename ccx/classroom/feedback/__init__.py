"""The page that a student gets back: each exercise with its question, their answer, the verdict and the points, and nothing that runs or is fetched.

nbgrader calls `Grades` and `SortOut` on the graded notebook and writes what `FeedbackPage` makes of it; the questions are those of the release.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import default

from . import markup
from ..build import read_release

HEADING = re.compile(r"^#{1,3} +(.+)$", re.M)
WORTH = re.compile(r"\s*\((?:practice|[\d.]+ points?)\b[^()]*\)$")
LOOKED_AT = "A person has looked at this answer."
EMPTY = "Nothing was written here."


@dataclass(frozen=True)
class Cell:
    """A cell of the student's: source and outputs as HTML."""

    source: Markup
    outputs: list[Markup]


@dataclass(frozen=True)
class Part:
    """An exercise: what was asked, what was answered, and what came of it."""

    name: str
    title: str
    question: Markup
    answer: list[Cell]
    verdict: str
    points: float
    most: float
    waits: bool
    by_hand: bool
    comments: list[Markup]

    @property
    def state(self):
        """How it went in a word, which the page gives a colour."""
        if self.waits or not self.most:
            return "open"
        return "right" if self.points >= self.most else "part" if self.points > 0 else "wrong"


@dataclass(frozen=True)
class Page:
    """All that the template shows."""

    title: str
    parts: list[Part]
    rest: list[Cell]
    earned: float
    most: float
    penalty: float

    @property
    def total(self):
        return max(0.0, self.earned - self.penalty)

    @property
    def waiting(self):
        return [part for part in self.parts if part.waits]


class Grades(GetGrades):
    """Read points and comments as nbgrader does, and whether a person has been or still has to be at it."""

    def _get_score(self, cell, resources):
        super()._get_score(cell, resources)
        grade = self.gradebook.find_grade(cell.metadata.nbgrader.grade_id, self.notebook_id, self.assignment_id, self.student_id)
        cell.metadata.nbgrader.update(waits=grade.needs_manual_grade, by_hand=grade.manual_score is not None)

    def _get_comment(self, cell, resources):
        # Without nbgrader's own, which says of an untouched answer what the verdict says too.
        comment = self.gradebook.find_comment(cell.metadata.nbgrader.grade_id, self.notebook_id, self.assignment_id, self.student_id)
        cell.metadata.nbgrader["comment"] = comment.manual_comment


class SortOut(NbGraderPreprocessor):
    """Make out of the graded notebook and the release what the page shows."""

    def preprocess(self, nb, resources):
        release, lesson = read_release(self, resources), resources["nbgrader"]
        resources["feedback"] = page(nb, release, lesson["score"] + lesson["late_penalty"], lesson["max_score"], lesson["late_penalty"])
        return nb, resources


class FeedbackPage(TemplateExporter):
    """nbconvert's way of writing a notebook with a template, without its pages' scripts and style sheets."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self):
        return ".html"

    @default("template_name")
    def _template_name_default(self):
        return "feedback"

    @default("extra_template_basedirs")
    def _default_extra_template_basedirs(self):
        return [str(Path(__file__).with_name("templates"))]

    def default_filters(self):
        """The filters of nbconvert, one for numbers of points and one for the fingerprint by which a browser knows our style sheet."""
        yield from super().default_filters()
        yield "points", points
        yield "fingerprint", fingerprint


def points(number):
    """A number of points as one writes it.

    Examples
    --------
    >>> points(2.0), points(1.3333), points(1)
    ('2', '1.33', '1')
    """
    return f"{round(number, 2):g}"


def fingerprint(text):
    """The source expression of a text in a content security policy."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def page(nb, release, earned, most, penalty=0.0):
    """Sort a graded notebook out for the page.

    Parameters
    ----------
    nb : NotebookNode
        As it was graded, with points and comments in nbgrader's metadata; what else is in it is not trusted.
    release : NotebookNode
        It says which exercises there are, in which order, and what they ask.
    earned, most, penalty : float
        Points of the notebook.

    Returns
    -------
    Page
    """
    graded = {cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if "nbgrader" in cell.metadata}
    parts = [_part(title, question, [graded[name] for name in names if name in graded])
             for title, question, names in exercises(release) if names[-1] in graded]
    heading = next((found[1] for cell in release.cells if cell.cell_type == "markdown" and (found := HEADING.search(cell.source))), "Feedback")
    return Page(heading, parts, [_cell(cell) for cell in _own(nb, release)], earned, most, penalty)


def exercises(release):
    """List a release's exercises: title, question in Markdown, and the names of its nbgrader cells, of which the last has the points.

    Parameters
    ----------
    release : NotebookNode

    Returns
    -------
    list of tuple
    """
    found, title, texts, names = [], None, [], []
    for cell in release.cells:
        if "nbgrader" in cell.metadata:
            names.append(cell.metadata.nbgrader.grade_id)
        elif cell.cell_type == "markdown":
            *_, heading = [None, *HEADING.finditer(cell.source)]
            title, texts = (heading[1], [cell.source[heading.end():]]) if heading else (title, [*texts, cell.source])
        if is_grade(cell):
            found.append((WORTH.sub("", title or names[-1]), "\n\n".join(texts).strip(), names))
            title, texts, names = None, [], []
    return found


def _part(title, question, cells):
    *_, last = cells
    tag = last.metadata.nbgrader
    return Part(
        tag.grade_id, title, markup.prose(question), [_cell(cell) for cell in cells if is_solution(cell)], _verdict(last),
        tag.score, tag.points, tag.waits, tag.by_hand,
        [markup.prose(comment) for cell in cells if (comment := cell.metadata.nbgrader.get("comment"))])


def _verdict(cell):
    """The grader's sentence; a person who has looked has made the one obsolete that announces them."""
    tag = cell.metadata.nbgrader
    if is_solution(cell):
        return "" if tag.waits or tag.by_hand else EMPTY
    if cell.metadata.get("ccx", {}).get("review") and not tag.waits:
        return LOOKED_AT
    return "".join(output.get("text", "") for output in cell.outputs[:1]).strip()


def _own(nb, release):
    """The cells that are the student's own, and those of the lesson that stopped."""
    given = {(cell.cell_type, cell.source) for cell in release.cells}
    for cell in nb.cells:
        stopped = any(output.output_type == "error" for output in cell.get("outputs", []))
        if "nbgrader" not in cell.metadata and cell.source.strip() and (stopped or (cell.cell_type, cell.source) not in given):
            yield cell


def _cell(cell):
    source = markup.prose(cell.source) if cell.cell_type == "markdown" else Markup('<pre tabindex="0"><code>{}</code></pre>').format(markup.code(cell.source))
    return Cell(source, [shown for output in cell.get("outputs", []) if (shown := markup.shown(output))])
