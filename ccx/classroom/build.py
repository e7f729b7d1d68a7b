"""From solutions/ to lessons/: nbgrader generates the release, `Publish` finishes it.

The last step is a preprocessor of ``nbgrader generate_assignment``, so that
the formgrader's Generate button, the command and ``make lessons`` all write
the same bytes.
"""

import json
import logging
import re
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets.config.loader import PyFileConfigLoader

from .bank import load_bank
from .judge import flaws

KERNEL = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
          "language_info": {"name": "python"}}


class Publish(NbGraderPreprocessor):
    """Check the notebook against its bank, clean its metadata and write ``checks.json`` beside it."""

    def preprocess(self, nb, resources):
        bank = load_bank(bank_path(self, resources))
        problems = [*flaws(bank), *mismatches(nb, bank)]
        if problems:
            raise ValueError(" ".join(problems))
        nb.metadata = {**KERNEL}
        for cell in nb.cells:
            cell.metadata = _clean(cell)
        checks = json.dumps(bank.released(), indent=1, ensure_ascii=False) + "\n"
        # nbconvert writes what stands under "outputs" beside the notebook.
        resources["outputs"] = {**(resources["outputs"] or {}), "checks.json": checks.encode()}
        return nb, resources


def bank_path(preprocessor, resources):
    """The ``answers.py`` of the lesson that a nbgrader preprocessor is at work on."""
    course = CourseDirectory(parent=preprocessor)
    lesson = resources["nbgrader"]["assignment"]
    return Path(course.format_path(course.source_directory, ".", lesson), "answers.py")


def course_config(root):
    """The course's configuration of nbgrader.

    Parameters
    ----------
    root : Path
        The folder of ``nbgrader_config.py``.

    Raises
    ------
    FileNotFoundError
        Where there is none.
    """
    if not Path(root, "nbgrader_config.py").is_file():
        raise FileNotFoundError(f"{root} has no nbgrader_config.py: run this in the course's checkout.")
    return PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()


def read_release(preprocessor, resources):
    """The released notebook of the lesson that a nbgrader preprocessor is at work on."""
    course, lesson = CourseDirectory(parent=preprocessor), resources["nbgrader"]
    folder = course.format_path(course.release_directory, ".", lesson["assignment"])
    return nbformat.read(Path(folder, f"{lesson['notebook']}.ipynb"), as_version=4)


def mismatches(nb, bank):
    """List where a notebook's graded cells and its bank disagree, a sentence each."""
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if is_grade(cell)}
    asked = {exercise.name: exercise for exercise in bank.exercises.values()}
    for name in sorted(cells.keys() ^ asked.keys()):
        yield f"{name!r} is {'in the notebook but not in the bank' if name in cells else 'in the bank but not in the notebook'}."
    for name in sorted(cells.keys() & asked.keys()):
        yield from _cell_mismatches(cells[name], asked[name])


def _cell_mismatches(cell, exercise):
    if cell.metadata.nbgrader.points != exercise.points:
        yield f"{exercise.id}: {cell.metadata.nbgrader.points} points in the notebook, {exercise.points} in the bank."
    if exercise.kind != "written" and not cell.source.startswith(f'ccx.check("{exercise.id}", '):
        yield f"{exercise.id}: its graded cell must be one call of ccx.check with that id."


def _clean(cell):
    """Keep what nbgrader and JupyterLab need; a wrong answer must not stop Run All, hence the tag."""
    kept = {name: cell.metadata[name] for name in ("nbgrader", "deletable", "editable") if name in cell.metadata}
    if is_grade(cell) and not is_solution(cell):
        kept["tags"] = ["raises-exception"]
    return type(cell.metadata)(kept)


def build_lessons(names=None, root=None):
    """Regenerate ``lessons/`` from ``solutions/``, each lesson whole or not at all.

    Parameters
    ----------
    names : list of str, optional
        Lessons to build, such as ``["02-heterogeneity"]``; all when omitted.
    root : Path, optional
        The course; the working directory when omitted.

    Returns
    -------
    list of Path
        The folders written.

    Raises
    ------
    FileNotFoundError
        When there is no such lesson in ``solutions/``.
    ValueError
        When nbgrader could not generate a lesson; the old release is left as it was.
    """
    root = Path(root or ".").resolve()
    if not (root / "solutions").is_dir():
        raise FileNotFoundError(f"{root} has no solutions: run this in the course's checkout.")
    names = names or sorted(path.name for path in (root / "solutions").iterdir() if path.is_dir())
    missing = [name for name in names if not (root / "solutions" / name).is_dir()]
    if missing:
        raise FileNotFoundError(f"There is no solutions/{missing[0]}.")
    return [_build(name, root) for name in names]


def _build(name, root):
    scratch_parent = root / "grading"
    scratch_parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch_parent) as scratch:
        _generate(name, root, Path(scratch).relative_to(root).as_posix())
        made, target = Path(scratch, name), root / "lessons" / name
        shutil.rmtree(target, ignore_errors=True)
        shutil.move(made, target)
    return target


def _generate(name, root, release):
    config = course_config(root)
    config.CourseDirectory.update(assignment_id=name, release_directory=release)
    config.GenerateAssignment.no_database = True
    # Recording the cells in the gradebook is the instructor's step, not the build's.
    config.GenerateAssignment.preprocessors = [p for p in config.GenerateAssignment.preprocessors if "SaveCells" not in p]
    converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
    heard = _LastLine()
    converter.log.addHandler(heard)
    try:
        converter.start()
    except Exception as error:
        raise ValueError(f"{name} was not built, and lessons/{name} is as it was: {heard.line or error}") from error
    finally:
        converter.log.removeHandler(heard)


class _LastLine(logging.Handler):
    """nbgrader logs what went wrong and raises something general: keep the end of what it logged last."""

    line = ""

    def emit(self, record):
        if record.levelno >= logging.ERROR:
            lines = record.getMessage().strip().splitlines()
            self.line = next((line for line in reversed(lines) if re.search(r"(Error|NotYet): ", line)), self.line)
