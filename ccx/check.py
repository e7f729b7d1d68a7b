"""What a student calls: check an answer, predict before seeing, reveal after.

A graded cell holds one call of `check`, and three listeners hear it: the
student at once, nbgrader's Validate button, and the grader, who decides
outside this kernel and is only handed the value.
"""

import json
import os
from pathlib import Path

from ._answer import MIME, NotYet, call, outputs, plain, read, require_range
from ._digest import digests

_probes = {}
_guesses = {}


def check(exercise, answer):
    """Check an answer and say at once what can be said about it.

    Parameters
    ----------
    exercise : str
        The exercise's id, such as ``"02.below-mean"``.
    answer : number, text, sequence, DataFrame or function
        Whatever the exercise asks for.

    Raises
    ------
    NotYet
        With one sentence and no traceback, for anything but a right answer.

    Notes
    -----
    Prints a line for a right answer and returns nothing. While nbgrader
    grades, it neither judges nor raises: it hands the value over. No right
    answer is stored where this runs, only slow salted digests of it.

    Examples
    --------
    >>> import ccx
    >>> ccx.check("00.no-such-exercise", 1)
    Traceback (most recent call last):
    ccx._answer.NotYet: There is no exercise '00.no-such-exercise' here: ...
    """
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        _hand_over(exercise, answer)
    else:
        print(_judge(answer, _spec(exercise)))


def predict(question, guess, high=1):
    """Record a guess before the data are seen; it is never graded.

    Parameters
    ----------
    question : str
        The question's id, such as ``"02.top20"``.
    guess : float
        Your guess, in the unit that the question names.
    high : float or None, default 1
        The largest sensible guess; most questions ask for a share. None where there is no bound.

    Raises
    ------
    NotYet
        When the guess is no number, negative or larger than `high`.

    Examples
    --------
    >>> predict("02.example", 0.8)
    Your guess is 0.8.
    """
    if guess is ...:
        print("No guess yet: put a number in place of the three dots, then run the cell again.")
        return
    number = read(guess, {"kind": "scalar", "what": "your guess", "low": 0, "high": high})[0]
    _guesses[question] = number
    print(f"Your guess is {number:g}.")


def reveal(question, truth):
    """Show the guess and the truth side by side in one small figure.

    Parameters
    ----------
    question : str
        The id that `predict` was called with.
    truth : float
        What the data say, in the same unit; three dots while it is still to be found.

    Returns
    -------
    IPython.display.HTML or None
        The figure with its text alternative.

    Examples
    --------
    >>> "The truth is 0.7; no guess was made." in reveal("02.example-without-guess", 0.7).data
    True
    """
    from .plot import plot_guess, show

    if truth is ...:
        print("Answer the exercise above first; then the truth stands beside your guess.")
        return None
    return show(plot_guess(_guesses.get(question), float(truth)))


def probe(hidden):
    """Set the inputs that the grader tries a student's functions on (called in a cell that the grader adds)."""
    _probes.update(hidden)


def _judge(answer, spec):
    if spec["kind"] == "function":
        # One by one: an output may be a row, and the row of all of them is flat.
        numbers = outputs(answer, spec["probes"], spec)
        require_range(numbers, spec)
    else:
        numbers = read(answer, spec)
    for digest in digests(numbers, spec) if spec["mistakes"] or spec["right"] else ():
        if digest in spec["mistakes"]:
            raise NotYet(spec["mistakes"][digest])
        if digest in spec["right"]:
            return _praise(numbers, spec)
    if spec["right"]:
        raise NotYet(spec["nudge"])
    return "Noted. Whether it is right comes with the grade."


def _praise(numbers, spec):
    """Only what the fingerprint vouches for: of a function or a long row it does not see everything."""
    if spec["kind"] == "function":
        return "Right on the inputs tried here; the grader tries others too."
    return "Right." if len(numbers) <= 2 else "Right, as far as this check can see; the grader compares every number."


def _hand_over(exercise, answer):
    from IPython.display import display

    value = [_tried(answer, probe) for probe in _probes.get(exercise, [])] if callable(answer) else plain(answer)
    display({MIME: {"exercise": exercise, "value": value}}, raw=True)


def _tried(function, probe):
    """One output in its JSON form; a failure is handed over as the name of its exception."""
    try:
        return plain(call(function, probe))
    except (Exception, SystemExit) as error:
        return {"error": type(error).__name__}


def _spec(exercise):
    for path in _check_files(exercise):
        specs = json.loads(path.read_text(encoding="utf-8"))
        if exercise in specs:
            return {"id": exercise, **specs[exercise]}
    raise NotYet(f"There is no exercise {exercise!r} here: keep the notebook in its own folder, beside checks.json.")


def _check_files(exercise):
    """The lesson's checks.json: beside the notebook, or in the course that the notebook lies in."""
    here, lesson = Path.cwd(), exercise.split(".")[0]
    beside = [here / "checks.json"]
    released = [path for folder in (here, *here.parents) for path in sorted(folder.glob(f"lessons/{lesson}-*/checks.json"))]
    return [path for path in (*beside, *released) if path.is_file()]
