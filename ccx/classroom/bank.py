"""The exercise bank: a lesson's exercises, read from its ``answers.py``.

It defines ``EXERCISES``, a list of exercises of the kinds in `exercise`. Build, grader and tests read the same list.
"""

import functools
import importlib.util
from dataclasses import dataclass, field
from pathlib import Path

from .exercise import Exercise


@dataclass(frozen=True)
class Bank:
    """The exercises of one lesson, by id."""

    path: Path
    exercises: dict[str, Exercise] = field(default_factory=dict)

    def graded(self):
        """The exercises that a graded code cell checks."""
        return [exercise for exercise in self.exercises.values() if exercise.kind != "written"]

    def released(self):
        """What the release's ``checks.json`` holds."""
        return {exercise.id: exercise.released() for exercise in self.graded()}

    def probes(self):
        """The inputs that the grader tries each function on."""
        return {e.id: e.grading_probes for e in self.graded() if e.kind == "function"}


@functools.cache
def load_bank(path):
    """Read a lesson's exercise bank.

    Parameters
    ----------
    path : Path
        The lesson's ``answers.py``.

    Returns
    -------
    Bank
        Empty when the lesson has no bank, because it is not graded.

    Raises
    ------
    ValueError
        When an id occurs twice.
    """
    path = Path(path)
    if not path.is_file():
        return Bank(path)
    spec = importlib.util.spec_from_file_location(f"bank_{path.parent.name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    exercises = {exercise.id: exercise for exercise in module.EXERCISES}
    if len(exercises) < len(module.EXERCISES):
        raise ValueError(f"{path}: two exercises have the same id.")
    return Bank(path, exercises)
