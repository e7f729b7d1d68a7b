"""From solutions/ to lessons/: whole or not at all, and nothing of the solution left."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from ccx.classroom.build import build_lessons, mismatches
from ccx.classroom.bank import load_bank

ROOT = Path(__file__).resolve().parents[2]
NAME = "00-start"


@pytest.fixture
def course(tmp_path):
    """A course of one lesson."""
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    shutil.copytree(ROOT / "solutions" / NAME, tmp_path / "solutions" / NAME)
    return tmp_path


def source(course):
    return course / "solutions" / NAME / f"{NAME}.ipynb"


def edit(course, change):
    notebook = nbformat.read(source(course), as_version=4)
    change(notebook)
    nbformat.write(notebook, source(course))


def test_only_the_notebook_and_its_checks_are_released(course):
    (course / "solutions" / NAME / "__pycache__").mkdir()
    (course / "solutions" / NAME / "__pycache__" / "answers.pyc").touch()
    [made] = build_lessons([NAME], course)
    assert sorted(path.name for path in made.iterdir()) == [f"{NAME}.ipynb", "checks.json"]
    assert [path.name for path in (course / "grading").iterdir()] == ["exchange"]


def test_metadata_that_is_not_ours_to_publish_is_dropped(course):
    def litter(notebook):
        notebook.metadata["widgets"] = {"state": {"answer": 36.99}}
        notebook.metadata["authors"] = [{"name": "somebody"}]
        notebook.cells[0].metadata["tags"] = ["secret"]
        notebook.cells[2].metadata["note"] = "the answer is 36.99"

    [before] = build_lessons([NAME], course)
    clean = (before / f"{NAME}.ipynb").read_bytes()
    edit(course, litter)
    build_lessons([NAME], course)
    assert (before / f"{NAME}.ipynb").read_bytes() == clean


def test_checks_may_complain_without_stopping_run_all(course):
    [made] = build_lessons([NAME], course)
    notebook = nbformat.read(made / f"{NAME}.ipynb", as_version=4)
    tagged = [cell.id for cell in notebook.cells if "raises-exception" in cell.metadata.get("tags", [])]
    assert tagged == ["per-purchase", "who-grades"]


@pytest.mark.parametrize("change, words", [
    (lambda nb: nb.cells.pop(next(i for i, c in enumerate(nb.cells) if c.id == "per-purchase")), "'per-purchase' is in the bank"),
    (lambda nb: next(c for c in nb.cells if c.id == "per-purchase").metadata.nbgrader.update(points=3), "3 points in the notebook"),
    (lambda nb: next(c for c in nb.cells if c.id == "per-purchase").update(source="print(1)"), "must be one call of ccx.check"),
], ids=["cell missing", "points differ", "no check"])
def test_a_notebook_that_does_not_fit_its_bank_is_refused_and_the_old_release_stays(course, change, words):
    [made] = build_lessons([NAME], course)
    before = {path.name: path.read_bytes() for path in made.iterdir()}
    edit(course, change)
    with pytest.raises(ValueError, match=words):
        build_lessons([NAME], course)
    assert {path.name: path.read_bytes() for path in made.iterdir()} == before


def test_a_lesson_that_is_not_there_is_named(course):
    with pytest.raises(FileNotFoundError, match="no solutions/09-nowhere"):
        build_lessons(["09-nowhere"], course)


def test_a_folder_without_solutions_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no solutions"):
        build_lessons(root=tmp_path)


def test_the_released_checks_are_those_of_the_bank(course):
    [made] = build_lessons([NAME], course)
    bank = load_bank(course / "solutions" / NAME / "answers.py")
    assert json.loads((made / "checks.json").read_text(encoding="utf-8")) == bank.released()
    assert list(mismatches(nbformat.read(source(course), as_version=4), bank)) == []
