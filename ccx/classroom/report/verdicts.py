"""What a graded notebook says about each exercise: points, the sentence for the student, and which known mistake it was."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Verdict:
    """What the grader has written into one check cell.

    Parameters
    ----------
    points : float or None
    sentence : str
        What the student is told.
    mistake : str
        Name of the known mistake; empty if it is none.
    review : bool
        Whether the value did not arrive in one piece.
    """

    points: float | None
    sentence: str
    mistake: str = ""
    review: bool = False


def graded_notebook(path):
    """Read a graded notebook as plain JSON, which is quick: it is ours and needs no validation.

    Parameters
    ----------
    path : Path

    Raises
    ------
    ValueError
        When it is not a notebook; an interrupted run may leave half of one.
    """
    try:
        notebook = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError:
        notebook = None
    if not isinstance(notebook, dict) or "cells" not in notebook:
        raise ValueError(f"{path} is not a graded notebook: grade this submission once more.")
    return notebook


def verdicts(notebook):
    """The verdict on each exercise that a check cell grades.

    Parameters
    ----------
    notebook : dict
        A graded notebook, as JSON or as nbformat reads it.

    Returns
    -------
    dict of str to Verdict
        By the ``grade_id`` of the check cell, in the notebook's order.
    """
    tags = [(cell, cell["metadata"].get("nbgrader", {})) for cell in notebook["cells"]]
    return {tag["grade_id"]: _verdict(cell) for cell, tag in tags if tag.get("grade") and not tag.get("solution")}


def mended(notebook):
    """What had to be put right in the submission before it was graded, a sentence each."""
    return list(notebook["metadata"].get("ccx", {}).get("mended", []))


def _verdict(cell):
    said = [_text(output["text"]) for output in cell.get("outputs", []) if output["output_type"] == "stream"]
    points = [_text(output["data"]["text/plain"]) for output in cell.get("outputs", []) if output["output_type"] == "execute_result"]
    ours = cell["metadata"].get("ccx", {})
    return Verdict(float(points[0]) if points else None, "".join(said).strip(), ours.get("mistake", ""), bool(ours.get("review")))


def _text(lines):
    # On disk a text is a list of lines.
    return lines if isinstance(lines, str) else "".join(lines)
