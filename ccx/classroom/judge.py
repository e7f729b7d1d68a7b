"""The judge: what an answer earns and what the student is told, and whether a bank lets it tell answers apart."""

from .._answer import NotYet, call, plain
from .exercise import SOMEBODY, Outcome


def grade(exercise, payload):
    """Judge what a student's kernel handed over.

    Parameters
    ----------
    exercise : Exercise
    payload : object
        The answer in its JSON form, straight from the untrusted kernel.

    Returns
    -------
    Outcome

    Examples
    --------
    >>> from ccx.classroom.exercise import Scalar
    >>> share = Scalar(id="00.share", objective="00.1", points=1, what="the share", answer=0.5, tolerance=0.01)
    >>> grade(share, 0.5)
    Outcome(credit=1.0, message='Right.', review=False, mistake='')
    """
    try:
        numbers = exercise.read_payload(payload)
    except NotYet as sentence:
        return Outcome(0.0, str(sentence))
    if any(agree(numbers, right, exercise.tolerance) for right in exercise.right):
        return Outcome(1.0, "Right.")
    for mistake, wrong in exercise.wrong:
        if agree(numbers, wrong, exercise.tolerance):
            return Outcome(mistake.credit, mistake.hint, mistake=mistake.name)
    return exercise.judge(numbers)


def agree(numbers, others, tolerance):
    """Whether two answers are the same: letter by letter, or number by number within twice the tolerance.

    Twice, because a student's own check, which works on rounded digests, may
    confirm a number up to that far off, and what it calls right must be right.
    """
    if isinstance(numbers, str) or isinstance(others, str):
        return numbers == others
    return len(numbers) == len(others) and all(abs(x - y) <= 2 * tolerance for x, y in zip(numbers, others))


def payload_of(exercise, value):
    """Hand a value over as a student's kernel would: for tests and certificates."""
    if exercise.kind != "function":
        return plain(value() if callable(value) else value)
    return [plain(call(value, probe)) for probe in exercise.grading_probes]


def flaws(bank):
    """List what is wrong with a bank, a sentence each: too few mistakes, one that earns everything, or some that can't be told apart."""
    return [flaw for exercise in bank.graded() for flaw in _exercise_flaws(exercise.of(*SOMEBODY))]


def _exercise_flaws(exercise):
    if len(exercise.mistakes) < 3:
        yield f"{exercise.id} has {len(exercise.mistakes)} mistakes; it takes at least three."
    for mistake in exercise.mistakes:
        if not 0 <= mistake.credit < 1:
            yield f"{exercise.id}: the mistake {mistake.name!r} earns {mistake.credit:g} of the points; a mistake earns from 0 to less than 1."
    for right, wrong in ((exercise.right, exercise.wrong), exercise.local()):
        seen = [("the right answer", numbers) for numbers in right]
        for mistake, numbers in wrong:
            for name, other in seen:
                if agree(numbers, other, exercise.tolerance):
                    yield f"{exercise.id}: the mistake {mistake.name!r} can't be told from {name!r}."
            seen.append((mistake.name, numbers))
