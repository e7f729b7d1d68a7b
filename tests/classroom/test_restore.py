"""The submission laid on the release: whatever became of the cells, only sources are taken over."""

import copy

import pytest
from nbformat import validate
from nbformat.v4 import new_code_cell, new_markdown_cell

from ccx.classroom.restore import harmless, restored

from lessons import release, solved

NAME = "02-heterogeneity"


def cell(notebook, id):
    return next(cell for cell in notebook.cells if cell.id == id)


def graded(notebook):
    """Every nbgrader cell: its metadata and its source."""
    return [(cell.id, cell.cell_type, cell.metadata, cell.source) for cell in notebook.cells if "nbgrader" in cell.metadata]


def split(notebook):
    at = notebook.cells.index(cell(notebook, "luck-answer"))
    first = copy.deepcopy(notebook.cells[at])
    first.source = "mean = repeats.mean()"
    notebook.cells.insert(at, first)


def copied(notebook):
    at = notebook.cells.index(cell(notebook, "luck"))
    notebook.cells.insert(at - 1, copy.deepcopy(notebook.cells[at]))


def deleted_check(notebook):
    notebook.cells.remove(cell(notebook, "luck"))


def without_metadata(notebook):
    for each in notebook.cells:
        each.metadata = {}


def without_ids(notebook):
    for each in notebook.cells:
        del each["id"]
    notebook.nbformat_minor = 2


def vandalised(notebook):
    cell(notebook, "luck").metadata.nbgrader.update(schema_version=2, points="many", grade=False, solution=True)
    cell(notebook, "luck").source = "20.0"
    cell(notebook, "interval").metadata = None
    cell(notebook, "decide").metadata.update(ccx=5, tags=7)
    cell(notebook, "below-mean").cell_type = "markdown"
    notebook.metadata = {"kernelspec": 3}


@pytest.mark.parametrize("change", [split, copied, deleted_check, without_metadata, without_ids, vandalised])
def test_a_right_notebook_is_right_again_whatever_happened_to_its_cells(change):
    handed = solved(NAME)
    change(handed)
    mended = restored(handed, release(NAME))
    assert graded(mended) == graded(solved(NAME))
    said = mended.metadata.pop("ccx")["mended"]
    assert bool(said) == (change is not without_ids) and mended.metadata == release(NAME).metadata
    validate(mended)


@pytest.mark.parametrize("change, said", [
    (lambda nb: None, []),
    (split, ["luck-answer: the cell was there 2 times; the last one counts."]),
    (deleted_check, ["luck: the cell was missing."]),
    (copied, ["luck: the cell was there 2 times; the last one counts."]),
    (lambda nb: nb.cells.append(nb.cells.pop(nb.cells.index(cell(nb, "luck")))), ["The cells were in another order."]),
    (lambda nb: cell(nb, "luck").update(source="20.0"), ["luck: the source of a locked cell had been changed."]),
    (lambda nb: cell(nb, "luck").metadata.nbgrader.update(points=100), ["luck: points or lock had been changed."]),
    (lambda nb: cell(nb, "luck").metadata.update(tags=["skip-execution"]), ["luck: the tags had been changed."]),
    (lambda nb: nb.metadata.update(kernelspec={"name": "ir", "language": "R"}), ["The notebook was set to another language than Python."]),
])
def test_what_had_to_be_mended_is_said(change, said):
    handed = solved(NAME)
    change(handed)
    assert restored(handed, release(NAME)).metadata["ccx"]["mended"] == said


def test_an_answer_deleted_with_its_check_comes_back_as_it_was_released():
    handed = solved(NAME)
    handed.cells = [each for each in handed.cells if each.id not in ("luck", "luck-answer")]
    mended = restored(handed, release(NAME))
    assert [each.id for each in mended.cells if "nbgrader" in each.metadata] == [each.id for each in release(NAME).cells if "nbgrader" in each.metadata]
    assert cell(mended, "luck-answer").source == cell(release(NAME), "luck-answer").source


def test_an_empty_notebook_becomes_the_releases_graded_cells():
    handed = release(NAME)
    handed.cells = []
    assert graded(restored(handed, release(NAME))) == graded(release(NAME))


def test_what_a_student_added_stays_but_as_a_fresh_cell():
    handed = solved(NAME)
    handed.cells.insert(3, new_code_cell("x = 1", id="luck", metadata={"tags": ["skip-execution"], "nbgrader": {"grade_id": "unknown"}},
                                         outputs=[{"output_type": "stream", "name": "stdout", "text": "Right."}]))
    added = restored(handed, release(NAME)).cells[3]
    assert added.source == "x = 1" and added.id != "luck" and not added.metadata and not added.outputs


def test_the_first_part_of_a_split_answer_still_runs():
    handed = solved(NAME)
    split(handed)
    assert "mean = repeats.mean()" in [each.source for each in restored(handed, release(NAME)).cells]


def test_unwritable_text_is_replaced():
    handed = solved(NAME)
    cell(handed, "decide").source = "so \ud83d far"
    assert cell(restored(handed, release(NAME)), "decide").source == "so ? far"


def test_a_students_markdown_brings_no_html_into_the_instructors_browser_and_ours_stays():
    handed = solved(NAME)
    cell(handed, "decide").source = "I say <script>steal()</script> & 3 < 4"
    handed.cells.append(new_markdown_cell("<img src=x onerror=steal()>"))
    mended = restored(handed, release(NAME))
    assert cell(mended, "decide").source == "I say &lt;script>steal()&lt;/script> & 3 < 4"
    assert mended.cells[-1].source == "&lt;img src=x onerror=steal()>"
    sources = {each.source for each in mended.cells}
    assert all(each.source in sources for each in release(NAME).cells if each.cell_type == "markdown" and each.id != "decide")


@pytest.mark.parametrize("link", ["[x](javascript:steal())", "[x]( JaVaScript:steal())", "[x](<javascript:steal()>)", "[x](data:text/html,y)",
                                  "[x][1]\n\n[1]: javascript:steal()", "[x](&#106;avascript:steal())"])
def test_links_that_run_are_no_links_any_more(link):
    from nbconvert.filters.markdown import markdown2html

    assert "href" in markdown2html("[x](https://example.org)") and "<a " not in markdown2html(harmless(link))


def test_ordinary_markdown_is_left_alone():
    text = "Gini **0.63**, `a < b`, $x < y$, [source](https://example.org/a), a list:\n\n- one: two"
    assert harmless(text) == text
