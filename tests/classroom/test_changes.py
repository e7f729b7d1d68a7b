"""What grading once more has changed, from the graded notebooks before and after."""

import csv

import nbformat
import pytest

from ccx.classroom.report.changes import add_changes, changes, snapshot
from ccx.classroom.report.verdicts import graded_notebook, mended, verdicts

from gradebooks import NOT_YET, UNREADABLE, UPSIDE_DOWN, notebook, right


def saved(folder, answers, said=()):
    path = folder / "graded.ipynb"
    nbformat.write(notebook(answers, said), path)
    return path


def test_points_sentence_and_mistake_are_read_from_each_check(tmp_path):
    found = verdicts(graded_notebook(saved(tmp_path, {"share": UPSIDE_DOWN, "mean": UNREADABLE, "decide": 3})))
    assert [*found] == ["share", "mean"]
    assert (found["share"].points, found["share"].sentence, found["share"].mistake, found["share"].review) == (*UPSIDE_DOWN, False)
    assert (found["mean"].mistake, found["mean"].review) == ("", True)


def test_a_notebook_graded_before_mistakes_were_named_is_read_too(tmp_path):
    old = notebook({"share": right("share")})
    del old.metadata["ccx"], old.cells[0].metadata["ccx"]
    nbformat.write(old, tmp_path / "old.ipynb")
    read = graded_notebook(tmp_path / "old.ipynb")
    assert verdicts(read)["share"].points == 2 and mended(read) == []


def test_what_was_mended_is_read(tmp_path):
    assert mended(graded_notebook(saved(tmp_path, {}, ["luck: the cell was missing."]))) == ["luck: the cell was missing."]


@pytest.mark.parametrize("text", ["", '{"cells": [', "[]", "{}", "not json"])
def test_half_a_notebook_is_refused_with_what_to_do(text, tmp_path):
    (tmp_path / "half.ipynb").write_text(text)
    with pytest.raises(ValueError, match="half.ipynb is not a graded notebook: grade this submission once more"):
        graded_notebook(tmp_path / "half.ipynb")


def test_a_snapshot_is_the_same_from_the_file_and_from_the_notebook(tmp_path):
    answers = {"share": UPSIDE_DOWN, "mean": right("mean")}
    path = saved(tmp_path, answers)
    assert snapshot(path) == snapshot(str(path)) == snapshot(notebook(answers)) == {"share": UPSIDE_DOWN[:2], "mean": (3, "Right.")}


def test_where_nothing_was_graded_before_the_snapshot_is_empty(tmp_path):
    assert snapshot(tmp_path / "nowhere.ipynb") == {}


def test_only_other_points_are_a_change():
    before = {"share": (0, "Not yet."), "mean": (3, "Right."), "gone": (1, "Right.")}
    after = {"share": (0, "Not yet: try again."), "mean": (0, "Not yet."), "new": (2, "Right.")}
    assert changes(before, before) == []
    assert changes(before, after) == [("mean", 3, 0, "Right.", "Not yet."), ("gone", 1, None, "Right.", ""), ("new", None, 2, "", "Right.")]


def test_later_changes_are_added_to_the_earlier_ones(tmp_path):
    path = add_changes(tmp_path / "changes.csv", [("=ada", "mean", 0.0, 3.0, "Not yet.", 'So, "right"\nat last.')])
    first = path.read_text(encoding="utf-8")
    add_changes(path, [("bob", "mean", 3.0, 0.5, "Right.", "Not yet.")])
    assert path.read_text(encoding="utf-8").startswith(first.rstrip("\n"))
    with path.open(newline="", encoding="utf-8") as file:
        assert [row[0] for row in csv.reader(file)] == ["student", "'=ada", "bob"]


def test_changes_are_written_with_the_student_they_befell(tmp_path):
    rows = [("ada", *row) for row in changes({"mean": NOT_YET}, {"mean": (3, "Right, \"at last\".")})]
    path = add_changes(tmp_path / "changes.csv", rows)
    with path.open(newline="", encoding="utf-8") as file:
        [read] = csv.DictReader(file)
    assert read == {"student": "ada", "exercise": "mean", "points_before": "0", "points_after": "3",
                    "sentence_before": NOT_YET[1], "sentence_after": 'Right, "at last".'}
