"""The certificates of one lesson: every check on every exercise, in one process.

`python -m ccx.classroom.certify.lesson SOLUTION RELEASE forwards` prints them as JSON, with a digest of all numbers and verdicts of an exercise; with
``backwards`` only the digests, of exercises taken from last to first. `run` compares those of two processes with different hash seeds.
"""

import hashlib
import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat

from ..bank import load_bank
from ..exercise import SOMEBODY, Performance
from ..judge import agree, grade, payload_of
from . import functions
from .cells import handed, question

REPEATS, WAYS = 10, 2


@dataclass
class Certificate:
    """What was found of one exercise; it holds when there is no problem.

    Parameters
    ----------
    id, kind : str
    points : float
    answer : str, default ""
        What is right, for grading by hand; nothing for a function.
    ways : int
        Right answers that were worked out in different ways, the reference among them.
    mistakes : int
        Known mistakes, each with its own hint and score.
    accepted, excluded : list of str
        Conventions that are right too, and those that the question's words exclude.
    inputs : int
        Generated inputs on which all right functions agree.
    killed, equivalent : list of str
        Mutants that lose points, and those that were never seen to be wrong.
    alive : dict of str to str
        Those that are wrong somewhere and lose none, with the bank's reason.
    coincidences : list of str
        Mistakes of other exercises that lead to this one's right answer.
    numbers : str
        A digest of all numbers, right and wrong, and of the verdicts on them.
    problems : list of str
        A sentence each.
    """

    id: str
    kind: str
    points: float
    answer: str = ""
    ways: int = 0
    mistakes: int = 0
    accepted: list = field(default_factory=list)
    excluded: list = field(default_factory=list)
    inputs: int = 0
    killed: list = field(default_factory=list)
    alive: dict = field(default_factory=dict)
    equivalent: list = field(default_factory=list)
    coincidences: list = field(default_factory=list)
    numbers: str = ""
    problems: list = field(default_factory=list)

    @property
    def mutants(self):
        """How many mutants lose points, of those that are wrong somewhere."""
        wrong = len(self.killed) + len(self.alive)
        return f"{len(self.killed)} of {wrong}" if wrong else ""


def certificates(solution, release):
    """Certify every graded exercise of a lesson.

    Parameters
    ----------
    solution, release : Path
        The lesson's folders with and without answers.

    Returns
    -------
    list of Certificate
        In the order of the bank.
    """
    exercises, (right, given) = _exercises(solution), (_cells(folder) for folder in (solution, release))
    return [_certificate(exercise, exercises, right, given) for exercise in exercises]


def _exercises(solution):
    return [exercise.of(*SOMEBODY) for exercise in load_bank(Path(solution, "answers.py")).graded()]


def payloads(exercise):
    """What a student's kernel would hand over for each right answer, and for each mistake."""
    return [payload_of(exercise, value) for value in exercise.accepted], [payload_of(exercise, mistake.gives) for mistake in exercise.mistakes]


def numbers_and_verdicts(exercise, handed_over):
    """A digest of all that a bank says of an exercise and of how the grader judges it."""
    verdicts = [asdict(grade(exercise, payload)) for payload in (*handed_over[0], *handed_over[1])]
    return hashlib.sha256(json.dumps([exercise.right, [numbers for _, numbers in exercise.wrong], verdicts]).encode()).hexdigest()


def _cells(folder):
    [path] = Path(folder).glob("*.ipynb")
    return nbformat.read(path, as_version=4).cells


def _certificate(exercise, exercises, right, given):
    found = Certificate(exercise.id, exercise.kind, exercise.points, _words(exercise), 1 + len(exercise.alternatives), len(exercise.mistakes),
                        [convention.name for convention in exercise.conventions], [mistake.name for mistake in exercise.mistakes if mistake.excluded_by])
    rights, wrongs = payloads(exercise)
    found.numbers = numbers_and_verdicts(exercise, (rights, wrongs))
    found.coincidences = [*_coincidences(exercise, exercises)]
    found.problems += [*_right(exercise, rights), *_starter(exercise, given), *_mistakes(exercise, wrongs), *_conventions(exercise, right), *_strangers(exercise, exercises)]
    if exercise.kind == "function" and not judged_by_result(exercise):
        inputs = functions.generated(exercise)
        found.inputs = len(inputs)
        found.problems += [*functions.agreement(exercise, inputs), *functions.mutation(exercise, right, inputs, found)]
    return found


def _words(exercise):
    """The right answer for somebody who grades by hand; a function is looked up in the solution."""
    if exercise.kind == "function":
        return ""
    right = exercise.right[0]
    return right if isinstance(right, str) else ", ".join(f"{number:.6g}" for number in right)


# What every exercise is held to


def judged_by_result(exercise):
    """Whether answers may differ, because what counts is what they bring about."""
    return isinstance(exercise, Performance)


def _right(exercise, rights):
    """The answer comes out the same by enough other ways, and each right answer earns full marks in each of ten repeats."""
    if len(exercise.alternatives) < WAYS:
        yield f"{exercise.id} has {len(exercise.alternatives)} right answers beside the reference; it takes {WAYS} that were written independently of it."
    for i, numbers in enumerate(exercise.right[1:1 + len(exercise.alternatives)], 2):
        if not (judged_by_result(exercise) or agree(numbers, exercise.right[0], exercise.tolerance / 2)):
            yield f"{exercise.id}: right answer {i} is not the reference's."
    for i, payload in enumerate(rights):
        if any(grade(exercise, payload).credit < 1 for _ in range(REPEATS)):
            yield f"{exercise.id}: right answer {i + 1} does not earn full marks."
    if any(exercise.numbers(exercise.answer) != exercise.right[0] for _ in range(REPEATS)):
        yield f"{exercise.id}: the answer is not the same each time it is worked out."


def _starter(exercise, given):
    """What stands in the answer cell when the student begins earns nothing."""
    try:
        value = handed(exercise, given)
        outcome = grade(exercise, payload_of(exercise, value))
    except Exception:  # it stops, so nothing is handed over
        return
    if outcome.credit:
        yield f"{exercise.id}: the starter earns {outcome.credit:.0%} of the points."


def _mistakes(exercise, wrongs):
    """Each known mistake earns what is declared and shows its own hint, in each of ten repeats."""
    for mistake, payload in zip(exercise.mistakes, wrongs):
        for outcome in (grade(exercise, payload) for _ in range(REPEATS)):
            if (outcome.credit, outcome.message, outcome.mistake) != (mistake.credit, mistake.hint, mistake.name):
                yield f"{exercise.id}: the mistake {mistake.name!r} earns {outcome.credit:g} and shows {outcome.message!r}."
                break


def _conventions(exercise, cells):
    """A convention that could be defended is accepted, or excluded by words that stand in the question."""
    text = " ".join(question(exercise, cells).split())
    for mistake in exercise.mistakes:
        if mistake.excluded_by and " ".join(mistake.excluded_by.split()) not in text:
            yield f"{exercise.id}: the question does not say {mistake.excluded_by!r}, which is to exclude {mistake.name!r}."
    if exercise.kind not in ("function", "choice") and not exercise.conventions:
        yield f"{exercise.id} lists no convention that is accepted, not even a rounding."


def _strangers(exercise, exercises):
    """No other exercise's right answer is right here."""
    for other in _others(exercise, exercises):
        if any(_right_here(exercise, numbers) for numbers in other.right):
            yield f"{exercise.id}: the right answer of {other.id} is right here too."


def _coincidences(exercise, exercises):
    for other in _others(exercise, exercises):
        for mistake, numbers in other.wrong:
            if _right_here(exercise, numbers):
                yield f"what the mistake {mistake.name!r} of {other.id} leads to"


def _others(exercise, exercises):
    """The exercises of the lesson whose answers could be taken for this one's, always in the same order."""
    function = exercise.kind == "function"
    return [other for other in sorted(exercises, key=lambda one: one.id) if other is not exercise and (other.kind == "function") == function]


def _right_here(exercise, numbers):
    return any(agree(numbers, right, exercise.tolerance) for right in exercise.right)


if __name__ == "__main__":
    solution, release, direction = sys.argv[1:]
    if direction == "backwards":
        print(json.dumps({exercise.id: numbers_and_verdicts(exercise, payloads(exercise)) for exercise in _exercises(solution)[::-1]}))
    else:
        print(json.dumps([asdict(one) for one in certificates(solution, release)]))
