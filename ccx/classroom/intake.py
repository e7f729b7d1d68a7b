"""What has been handed in for a lesson, and what of it can't be graded: a sentence each, before anything is read any further."""

import stat
from dataclasses import dataclass
from pathlib import Path

import nbformat

from .collect.archive import NOTEBOOK_BYTES

CELLS = 2_000


@dataclass(frozen=True)
class Submission:
    """A student's folder for a lesson.

    Parameters
    ----------
    student : str
        Name of the student's folder, which is their id in the gradebook.
    path : Path
        The notebook.
    problem : str
        Why it can't be graded; empty if it can.
    """

    student: str
    path: Path
    problem: str = ""


def submissions(folder, lesson):
    """List what has been handed in for a lesson.

    Parameters
    ----------
    folder : Path
        Where the students' folders are, ``grading/submitted``.
    lesson : str

    Returns
    -------
    list of Submission
        By student.
    """
    handed = sorted(path for path in Path(folder).glob(f"*/{lesson}") if not path.parent.name.startswith("."))
    return [Submission(path.parent.name, path / f"{lesson}.ipynb", problem(path, lesson)) for path in handed]


def problem(folder, lesson):
    """Say why a submission can't be graded.

    Parameters
    ----------
    folder : Path
        A student's folder for the lesson.
    lesson : str

    Returns
    -------
    str
        One sentence, empty if there is nothing to say.
    """
    notebook = folder / f"{lesson}.ipynb"
    if any(letter in folder.parent.name for letter in "*?[]"):
        return "The student's id has one of the letters * ? [ ], which nbgrader takes for a pattern: rename the folder."
    for path in (folder.parent, folder, *folder.rglob("*")):
        if path.is_symlink():
            return f"{path.name} is a link, and links are not followed."
    if not notebook.exists():
        return f"There is no {notebook.name}, only {_names(folder)}."
    found = notebook.stat()
    if not stat.S_ISREG(found.st_mode):
        return f"{notebook.name} is not a file."
    if found.st_size > NOTEBOOK_BYTES:
        return f"{notebook.name} has {found.st_size / 2**20:.0f} MiB, and the most is {NOTEBOOK_BYTES / 2**20:.0f}: the outputs have to go."
    return _unreadable(notebook)


def _names(folder):
    names = sorted(path.name for path in folder.iterdir())[:3] if folder.is_dir() else []
    return ", ".join(names) or "an empty folder"


def _unreadable(notebook):
    try:
        cells = nbformat.reads(notebook.read_text(encoding="utf-8"), as_version=4).cells
        if not all(hasattr(cell, "get") for cell in cells):
            return f"{notebook.name} is not a notebook."
        return f"{notebook.name} has {len(cells):,} cells, and the most is {CELLS:,}." if len(cells) > CELLS else ""
    except Exception as error:  # whatever a file made to break its reader may raise
        return f"{notebook.name} is not a notebook: {type(error).__name__}."
