"""Who takes part in a tournament: a class's strategies, from a folder of Python files or from what has been handed in for a lesson. Nothing is run here."""

import stat
from dataclasses import dataclass
from pathlib import Path

import nbformat

from ..intake import submissions
from ..restore import restored

ANSWER = "strategy-answer"
MOST = 200_000  # bytes of a strategy with all that stands before it


@dataclass(frozen=True)
class Entry:
    """One student's strategy as it was handed in.

    Parameters
    ----------
    name : str
    source : str
        The code in which the function `strategy` is.
    context : tuple of str
        Cells before it, of which imports, functions and classes count.
    problem : str
        Why it can't take part; empty if it can.
    """

    name: str
    source: str = ""
    context: tuple = ()
    problem: str = ""


def from_folder(folder):
    """Read the Python files of a folder, a strategy each.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    list of Entry
        By the name of the file.

    Raises
    ------
    FileNotFoundError
        Where there is no Python file.
    """
    paths = sorted(Path(folder).glob("*.py"))
    if not paths:
        raise FileNotFoundError(f"There is no Python file in {folder}.")
    return [_from_file(path) for path in paths]


def _from_file(path):
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        return Entry(path.stem, problem=f"{path.name} is a link or no file.")
    if found.st_size > MOST:
        return Entry(path.stem, problem=_too_long(found.st_size))
    try:
        return Entry(path.stem, path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        return Entry(path.stem, problem=f"{path.name} is not text in UTF-8.")


def from_lesson(lesson, root):
    """Read the strategies that students have handed in with a lesson's notebook.

    Parameters
    ----------
    lesson : str
    root : Path
        The course.

    Returns
    -------
    list of Entry
        By student.

    Raises
    ------
    FileNotFoundError
        Where there is no such lesson, or nobody has handed it in.
    ValueError
        Where the lesson asks for no strategy.
    """
    released = Path(root, "lessons", lesson, f"{lesson}.ipynb")
    if not released.is_file():
        raise FileNotFoundError(f"There is neither a folder {lesson} with Python files nor a lesson lessons/{lesson}.")
    release = nbformat.read(released, as_version=4)
    if ANSWER not in [_name(cell) for cell in release.cells]:
        raise ValueError(f"{lesson} asks for no strategy: it has no cell {ANSWER}.")
    handed = submissions(Path(root, "grading", "submitted"), lesson)
    if not handed:
        raise FileNotFoundError(f"Nobody has handed in {lesson}: there is nothing in grading/submitted.")
    return [Entry(one.student, problem=one.problem) if one.problem else _from_notebook(one, release) for one in handed]


def _from_notebook(handed, release):
    nb = restored(nbformat.read(handed.path, as_version=4), release)
    cells = [cell for cell in nb.cells if cell.cell_type == "code"]
    at = [_name(cell) for cell in cells].index(ANSWER)
    sources = [cell.source for cell in cells[:at + 1]]
    size = sum(map(len, sources))
    if size > MOST:
        return Entry(handed.student, problem=_too_long(size))
    return Entry(handed.student, sources[-1], tuple(sources[:-1]))


def _name(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _too_long(size):
    return f"The code has {size:,} bytes, and the most is {MOST:,}."
