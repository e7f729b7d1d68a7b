"""What functions are held to besides: agreement on generated inputs, and what becomes of mutants."""

import itertools

import numpy as np

from ..._answer import outputs
from ..judge import agree, grade, payload_of
from .cells import reference
from .mutants import made, mutants

INPUTS, KILLED = 200, 0.9


def generated(exercise):
    """At least two hundred inputs of the kind that the grader uses."""
    draws = (exercise.hidden(np.random.default_rng(seed)) for seed in itertools.count())
    return list(itertools.islice((list(probe) for draw in draws for probe in draw), INPUTS))


def agreement(exercise, inputs):
    """All right functions return the same on every input."""
    expected = _outputs(exercise, exercise.answer, inputs)
    for i, function in enumerate(exercise.alternatives, 2):
        differ = _differ(exercise, expected, _outputs(exercise, function, inputs))
        if differ:
            yield f"{exercise.id}: right answer {i} differs from the reference on {len(differ)} of {len(inputs)} inputs, first on {inputs[differ[0]]}."


def mutation(exercise, cells, inputs, found):
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


def _outputs(exercise, function, inputs):
    """What a function returns on each input, as the grader reads it; None where it stops or returns something else."""
    def one(probe):
        try:
            return outputs(function, [probe], exercise.spec())
        except Exception:
            return None

    return [one(probe) for probe in inputs]


def _differ(exercise, some, others):
    return [i for i, (one, other) in enumerate(zip(some, others)) if one is None or other is None or not agree(one, other, exercise.tolerance / 2)]
