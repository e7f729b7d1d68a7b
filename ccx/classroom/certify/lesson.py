"""The certificates of one lesson: every check on every exercise, in one process.

`python -m ccx.classroom.certify.lesson SOLUTION RELEASE forwards` prints them as JSON, with a digest of all numbers and verdicts of an exercise; with
``backwards`` only the digests, of exercises taken from last to first. `run` compares those of two processes with different hash seeds.
"""

import ast
import hashlib
import itertools
import json
import re
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

import nbformat
import numpy as np

from ..bank import SOMEBODY, Performance, agree, grade, load_bank, payload_of
from .mutants import made, mutants

REPEATS, INPUTS, KILLED, WAYS = 10, 200, 0.9, 2


@dataclass
class Certificate:
    """What was found of one exercise; it holds when there is no problem.

    Parameters
    ----------
    id, kind : str
    points : float
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
    found = Certificate(exercise.id, exercise.kind, exercise.points, 1 + len(exercise.alternatives), len(exercise.mistakes),
                        [convention.name for convention in exercise.conventions], [mistake.name for mistake in exercise.mistakes if mistake.excluded_by])
    rights, wrongs = payloads(exercise)
    found.numbers = numbers_and_verdicts(exercise, (rights, wrongs))
    found.coincidences = [*_coincidences(exercise, exercises)]
    found.problems += [*_right(exercise, rights), *_starter(exercise, given), *_mistakes(exercise, wrongs), *_conventions(exercise, right), *_strangers(exercise, exercises)]
    if exercise.kind == "function" and not judged_by_result(exercise):
        inputs = generated(exercise)
        found.inputs = len(inputs)
        found.problems += [*_agreement(exercise, inputs), *_mutants(exercise, right, inputs, found)]
    return found


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


def question(exercise, cells):
    """The words of an exercise: the text between its heading and its check."""
    checked = next(i for i, cell in enumerate(cells) if cell.metadata.get("nbgrader", {}).get("grade_id") == exercise.name)
    text = "\n\n".join(cell.source for cell in cells[:checked] if cell.cell_type == "markdown")
    return re.split(r"^##+ ", text, flags=re.M)[-1]


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


# What functions are held to besides


def generated(exercise):
    """At least two hundred inputs of the kind that the grader uses."""
    draws = (exercise.hidden(np.random.default_rng(seed)) for seed in itertools.count())
    return list(itertools.islice((list(probe) for draw in draws for probe in draw), INPUTS))


def _outputs(exercise, function, inputs):
    """What a function returns on each input, as the grader reads it; None where it stops or returns something else."""
    from ..._answer import outputs

    def one(probe):
        try:
            return outputs(function, [probe], exercise.spec())
        except Exception:
            return None

    return [one(probe) for probe in inputs]


def _differ(exercise, some, others):
    return [i for i, (one, other) in enumerate(zip(some, others)) if one is None or other is None or not agree(one, other, exercise.tolerance / 2)]


def _agreement(exercise, inputs):
    expected = _outputs(exercise, exercise.answer, inputs)
    for i, function in enumerate(exercise.alternatives, 2):
        differ = _differ(exercise, expected, _outputs(exercise, function, inputs))
        if differ:
            yield f"{exercise.id}: right answer {i} differs from the reference on {len(differ)} of {len(inputs)} inputs, first on {inputs[differ[0]]}."


def _mutants(exercise, cells, inputs, found):
    """Grade each mutant of the solution, and sort it."""
    source, name, namespace = reference(exercise, cells)
    expected = _outputs(exercise, made(source, name, namespace), inputs)
    if _differ(exercise, expected, _outputs(exercise, exercise.answer, inputs)):
        yield f"{exercise.id}: the solution and the bank's answer differ."
    for change, mutated in mutants(source).items():
        fate = _fate(exercise, mutated, name, namespace, inputs, expected)
        if fate == "alive":
            found.alive[change] = exercise.survivors.get(change, "")
        else:
            getattr(found, fate).append(change)
    wrong = len(found.killed) + len(found.alive)
    if wrong and len(found.killed) < KILLED * wrong:
        yield f"{exercise.id}: only {len(found.killed)} of {wrong} mutants lose points."
    yield from (f"{exercise.id}: nobody has said why the mutant {change!r} may live." for change, reason in found.alive.items() if not reason)
    yield from (f"{exercise.id}: the mutant {change!r} is signed off and does not live." for change in exercise.survivors if change not in found.alive)


def _fate(exercise, source, name, namespace, inputs, expected):
    try:
        function = made(source, name, namespace)
        credit = grade(exercise, payload_of(exercise, function)).credit
    except Exception:
        return "killed"
    if credit < 1:
        return "killed"
    return "alive" if _differ(exercise, expected, _outputs(exercise, function, inputs)) else "equivalent"


# Reading the notebooks


def reference(exercise, cells):
    """The function in the solution: its source, its name, and what it may use (what the first code cell imports)."""
    answer, name = _answer_cell(exercise, cells)
    source = "\n".join(line for line in answer.source.splitlines() if not line.strip().startswith("### "))
    return source, name, _imported(cells)


def handed(exercise, cells):
    """The value that an answer cell hands to its check, run with nothing but the imports before it."""
    answer, name = _answer_cell(exercise, cells)
    namespace = _imported(cells)
    exec(answer.source, namespace)
    return namespace[name]


def _answer_cell(exercise, cells):
    """The last answer cell before the check, and the name that the check looks at."""
    checked = next(i for i, cell in enumerate(cells) if cell.metadata.get("nbgrader", {}).get("grade_id") == exercise.name)
    [call] = [node for node in ast.walk(ast.parse(cells[checked].source)) if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "check"]
    answers = [cell for cell in cells[:checked] if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")]
    return answers[-1], ast.unparse(call.args[1])


def _imported(cells):
    namespace = {}
    exec(next(cell.source for cell in cells if cell.cell_type == "code"), namespace)
    return namespace


if __name__ == "__main__":
    solution, release, direction = sys.argv[1:]
    if direction == "backwards":
        print(json.dumps({exercise.id: numbers_and_verdicts(exercise, payloads(exercise)) for exercise in _exercises(solution)[::-1]}))
    else:
        print(json.dumps([asdict(one) for one in certificates(solution, release)]))
