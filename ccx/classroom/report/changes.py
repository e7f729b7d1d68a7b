"""What grading once more has changed: whose points, from what to what, and the sentence that says why."""

from pathlib import Path

from .sheets import read_sheet, write_rows
from .verdicts import graded_notebook, verdicts

COLUMNS = ("student", "exercise", "points_before", "points_after", "sentence_before", "sentence_after")


def snapshot(graded):
    """Note what a graded notebook says, to compare it with the next one.

    Parameters
    ----------
    graded : Path or dict
        The graded notebook, or the path where it may be.

    Returns
    -------
    dict of str to tuple
        Points and sentence by exercise; empty when there is no such file.
    """
    if isinstance(graded, (str, Path)):
        if not Path(graded).is_file():
            return {}
        graded = graded_notebook(graded)
    return {name: (verdict.points, verdict.sentence) for name, verdict in verdicts(graded).items()}


def changes(before, after):
    """List the exercises that earn other points than before.

    Parameters
    ----------
    before, after : dict
        As `snapshot` gives them.

    Returns
    -------
    list of tuple
        Exercise, points before and after, sentence before and after; None and
        an empty sentence where one of the two does not have the exercise.

    Examples
    --------
    >>> changes({"gini": (0.0, "Not yet.")}, {"gini": (2.0, "Right."), "share": (1.0, "Right.")})
    [('gini', 0.0, 2.0, 'Not yet.', 'Right.'), ('share', None, 1.0, '', 'Right.')]
    """
    rows = [(name, *before.get(name, (None, "")), *after.get(name, (None, ""))) for name in {**before, **after}]
    return [(name, old, new, said, says) for name, old, said, new, says in rows if old != new]


def add_changes(path, rows):
    """Add changes to a CSV with a row each, which grows from one grading to the next.

    Parameters
    ----------
    path : Path
    rows : iterable of tuple
        The student's id, followed by a row of `changes`.

    Returns
    -------
    Path
    """
    earlier = read_sheet(path).rows[1:] if Path(path).is_file() else []
    return write_rows(path, COLUMNS, [*earlier, *rows])
