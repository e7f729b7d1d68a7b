"""Before anything runs, the submission is laid on the release: of a student's notebook only the sources are taken over.

So cells that were deleted, split, copied, unlocked or worth more than they
should be, and metadata in any state, cost nobody points and stop nobody's
grading.
"""

import copy
import re

from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_solution

from .build import read_release

TAG = re.compile(r"<(?=[A-Za-z/!?])")
LINK = re.compile(r"\]\((?!\s*<?(?:https?://|#))|(?<=\])\s*:(?!\s*https?://)")


class Restore(NbGraderPreprocessor):
    """Rebuild the submission on the release, before nbgrader's own steps see it."""

    def preprocess(self, nb, resources):
        return restored(nb, read_release(self, resources)), resources


def restored(nb, release):
    """Lay a submission on its release.

    Parameters
    ----------
    nb : NotebookNode
        As it was handed in; nothing in it is trusted.
    release : NotebookNode

    Returns
    -------
    NotebookNode
        The cells of nbgrader are the release's, with the student's source in
        the answers; every other cell is a fresh one with the student's source.
        ``metadata["ccx"]["mended"]`` says, a sentence each, what was not as released.
    """
    ours = {cell.metadata.nbgrader.grade_id: cell for cell in release.cells if "nbgrader" in cell.metadata}
    untouched = {(cell.cell_type, cell.source) for cell in release.cells}
    by_id = {cell.id: name for name, cell in ours.items()}
    names = [_name(cell, ours, by_id) for cell in nb.cells]
    # An answer that was split, or a check that was copied, has its name twice: the last one counts.
    last = {name: i for i, name in enumerate(names)}
    cells, mended = [], _differences(nb, ours, names)
    for i, (name, cell) in enumerate(zip(names, nb.cells)):
        if name is not None and last[name] == i:
            cells.append(_with_source(ours[name], cell))
        elif name is None or is_solution(ours[name]):
            cells.append(_fresh(cell, untouched, f"theirs-{i}"))
    _put_back(cells, {name: cell for name, cell in ours.items() if name not in last}, [*ours])
    return new_notebook(cells=cells, metadata={**release.metadata, "ccx": {"mended": mended}})


def _differences(nb, ours, names):
    """What a student or their editor did to the cells that are nbgrader's, a sentence each for the instructor."""
    found = [f"{name}: the cell was missing." for name in ours if name not in names]
    found += [f"{name}: the cell was there {names.count(name)} times; the last one counts." for name in ours if names.count(name) > 1]
    kept = [name for i, name in enumerate(names) if name in ours and name not in names[i + 1:]]
    if kept != [name for name in ours if name in kept]:
        found.append("The cells were in another order.")
    kernel = nb.metadata.get("kernelspec") if isinstance(nb.get("metadata"), dict) else None
    if isinstance(kernel, dict) and kernel.get("language", "python") != "python":
        found.append("The notebook was set to another language than Python.")
    for name, cell in zip(names, nb.cells):
        if name in ours:
            found += [f"{name}: {what} had been changed." for what in _changed(cell, ours[name])]
    return found


def _changed(cell, ours):
    if cell.get("cell_type") != ours.cell_type:
        yield "the type of the cell"
    if not is_solution(ours) and _text(cell) != ours.source:
        yield "the source of a locked cell"
    theirs = cell.get("metadata")
    theirs = theirs.get("nbgrader") if isinstance(theirs, dict) else None
    if not isinstance(theirs, dict):
        yield "nbgrader's metadata"
    elif any(theirs.get(name) != value for name, value in ours.metadata.nbgrader.items() if name in ("grade", "locked", "points", "solution")):
        yield "points or lock"
    if not isinstance(cell.get("metadata"), dict) or cell.metadata.get("tags", []) != ours.metadata.get("tags", []):
        yield "the tags"


def _name(cell, ours, by_id):
    """The nbgrader name of a cell: by its metadata, or by its id where an editor lost them."""
    metadata = cell.get("metadata")
    tag = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = tag.get("grade_id") if isinstance(tag, dict) else by_id.get(str(cell.get("id")))
    return name if isinstance(name, str) and name in ours else None


def _with_source(cell, theirs):
    cell = copy.deepcopy(cell)
    if is_solution(cell):
        cell.source = harmless(_text(theirs)) if cell.cell_type == "markdown" else _text(theirs)
    return cell


def _fresh(cell, untouched, id):
    kind = cell.get("cell_type") if cell.get("cell_type") in ("code", "markdown") else "raw"
    source = _text(cell)
    if kind == "markdown" and (kind, source) not in untouched:
        source = harmless(source)
    # Not by nbformat's new_code_cell and its like, which spend more on validation than all the rest takes.
    return NotebookNode(cell_type=kind, id=id, metadata=NotebookNode(), source=source, **({"outputs": [], "execution_count": None} if kind == "code" else {}))


def _put_back(cells, missing, order):
    """Put each missing cell after the one that precedes it among the release's nbgrader cells."""
    for name, cell in missing.items():
        names = [other.metadata.get("nbgrader", {}).get("grade_id") for other in cells]
        before = order[: order.index(name)][-1:]
        cells.insert(names.index(before[0]) + 1 if before else 0, copy.deepcopy(cell))


def _text(cell):
    source = cell.get("source", "")
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    return text.encode("utf-8", "replace").decode()


def harmless(markdown):
    """Take the HTML and the odd links out of a student's Markdown, which an instructor's browser will render.

    Examples
    --------
    >>> harmless("if a < b: <script>steal()</script> [x](javascript:steal()) [y](https://example.org)")
    'if a < b: &lt;script>steal()&lt;/script> [x] (javascript:steal()) [y](https://example.org)'
    """
    return LINK.sub(lambda found: found[0].replace("](", "] (").replace(":", " :"), TAG.sub("&lt;", markdown))
