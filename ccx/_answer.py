"""What an answer is: read from whatever a student hands in, as the numbers that it is compared by, or refused with a sentence.

The student's kernel and the grader share this module. `read` accepts exact
types only, so that an object with a ``__float__`` or ``__eq__`` of its own is
turned away before any of its code runs.
"""

import math

from . import _exact

MIME = "application/vnd.ccx.answer+json"

# No answer of the course is anywhere near; beyond it a fingerprint would overflow.
TOO_LARGE = 1e100


class NotYet(Exception):
    """An answer that is not right, with the one sentence that says why."""

    def _render_traceback_(self):
        return [str(self)]


def read(value, spec):
    """Turn an answer into the list of numbers that it is compared by.

    Parameters
    ----------
    value : object
        What the student handed in, or what came out of its JSON form.
    spec : dict
        The public half of the exercise: ``kind``, ``what``, bounds and shape.

    Returns
    -------
    list of float, or str for a choice

    Raises
    ------
    NotYet
        With one sentence, when the answer has the wrong type, shape or range.

    Examples
    --------
    >>> read(0.75, {"kind": "scalar", "what": "the share"})
    [0.75]
    """
    if value is None or value is ...:
        raise NotYet("Nothing here yet: put your answer in place of the three dots, then run the cell again.")
    if spec["kind"] == "choice":
        return _choice(value, spec)
    numbers = _READERS[spec["kind"]](value, spec)
    require_range(numbers, spec)
    return numbers


def plain(value):
    """Give the JSON form of an answer that is not a function, without judging it.

    Examples
    --------
    >>> import numpy as np
    >>> plain(np.array([1, 2]))
    [1.0, 2.0]
    """
    if _exact.is_frame(value):
        return {str(name): plain(value[name]) for name in value.columns}
    if type(value) is str:
        return value
    if value is None or value is ...:
        return None
    nested = _exact.nested(value)
    if nested is None:
        return {"type": _type_name(value)}
    # JSON has no NaN, so it goes as a word.
    finite = all(map(math.isfinite, _exact.flat(nested) if isinstance(nested, list) else [nested]))
    return nested if finite else {"type": "NaN or infinity, or has some in it"}


def outputs(function, probes, spec):
    """Call a student's function on each probe and read what it returns.

    Raises
    ------
    NotYet
        When it is no function, fails on a probe or returns the wrong thing.
    """
    if not callable(function):
        raise NotYet(f"{_sentence(spec['what'])} should be a function, but this is {_type_name(function)}.")
    return [number for probe in probes for number in _output(function, probe, spec)]


def call(function, probe):
    """Call ``function`` on a fresh copy of a probe's arguments, with everything it prints swallowed."""
    import contextlib
    import io
    import warnings

    silence = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stderr(silence), contextlib.redirect_stdout(silence):
        warnings.simplefilter("ignore")
        return function(*(_argument(value) for value in probe))


def _scalar(value, spec):
    number = _exact.number(value)
    if number is None:
        raise NotYet(f"{_sentence(spec['what'])} is one number, but this is {_type_name(value)}.")
    return [number]


def _array(value, spec):
    nested = _exact.nested(value)
    if not isinstance(nested, list):
        inside = " with something in it that is no number" if type(value) in (list, tuple) else ""
        raise NotYet(f"{_sentence(spec['what'])} is a list or an array of numbers, but this is {_type_name(value)}{inside}.")
    shape = _exact.shape(nested)
    if shape != list(spec["shape"]):
        wanted, got = (_shape_words(s) for s in (spec["shape"], shape))
        raise NotYet(f"{_sentence(spec['what'])} should hold {wanted}, but this holds {got}.")
    return _exact.flat(nested)


def _frame(value, spec):
    columns = value if type(value) is dict else plain(value) if _exact.is_frame(value) else None
    if columns is None:
        raise NotYet(f"{_sentence(spec['what'])} is a table (a DataFrame), but this is {_type_name(value)}.")
    missing = [name for name in spec["columns"] if name not in columns]
    if missing:
        raise NotYet(f"The table lacks the column {missing[0]!r}; it has {clipped(', '.join(map(str, columns)) or 'none')} "
                     "(an index becomes a column with reset_index).")
    shape = {"shape": [spec["rows"]]}
    return [x for name in spec["columns"] for x in _array(columns[name], {**shape, "what": f"the column {name!r}"})]


def _function(value, spec):
    if type(value) is not list or not value:
        raise NotYet(f"{_sentence(spec['what'])} should be a function, but this is {_type_name(value)}.")
    return [number for output in value for number in _returned(output, spec)]


def _output(function, probe, spec):
    shown = ", ".join(f"np.array({value})".replace("None", "nan") if isinstance(value, list) else str(value) for value in probe)
    try:
        returned = call(function, probe)
    except (Exception, SystemExit) as error:
        raise NotYet(f"Your function stops when it is called with {shown}: {_why(error)}.") from None
    return _returned(returned, spec)


def _why(error):
    name = clipped(type(error).__name__)
    try:
        return f"{name}, {clipped(error)}" if str(error) else name
    except Exception:  # an exception of the student's own, whose text can't be made
        return name


def _returned(value, spec):
    if value is None:
        raise NotYet("Your function returns nothing: does it end with a return?")
    reader = _scalar if spec["returns"] == "scalar" else _any_array
    return reader(value, {"what": "what your function returns"})


def _any_array(value, spec):
    nested = _exact.nested(value)
    return _array(value, {**spec, "shape": _exact.shape(nested) if isinstance(nested, list) else []})


def _choice(value, spec):
    letter = value.strip().lower() if type(value) is str else None
    if letter not in spec["options"]:
        raise NotYet(f"Answer with one of the letters {', '.join(spec['options'])}, in quotation marks.")
    return letter


_READERS = {"scalar": _scalar, "array": _array, "frame": _frame, "function": _function}


def require_range(numbers, spec):
    """Refuse numbers that no sensible answer holds: NaN, infinite, or beyond the exercise's bounds."""
    if not all(abs(x) < TOO_LARGE for x in numbers):
        raise NotYet(f"{_sentence(spec['what'])} came out as NaN or without bound: "
                     "a missing value, a division by zero or the logarithm of a negative number got in.")
    low, high = spec.get("low"), spec.get("high")
    for x in numbers:
        if (low is not None and x < low) or (high is not None and x > high):
            raise NotYet(_out_of_range(x, low, high, spec))


def _out_of_range(x, low, high, spec):
    bounds = (f"lies between {low:g} and {high:g}" if None not in (low, high)
              else f"is at least {low:g}" if low is not None else f"is at most {high:g}")
    percent = " (did you give a percentage?)" if high == 1 and 5 < x <= 100 else ""
    return f"{_sentence(spec['what'])} {bounds}, but here is {x:.6g}{percent}."


def _shape_words(shape):
    if -1 in shape:
        return "rows of unequal length"
    if len(shape) > 3:
        return "lists in lists in lists"
    return "{} numbers".format(" × ".join(f"{n:,}" for n in shape)) if shape != [1] else "1 number"


def _argument(value):
    import numpy as np

    return np.array(value, dtype=float) if isinstance(value, list) else value


def _type_name(value):
    names = {bool: "True or False", str: "a text", dict: "a dictionary", set: "a set", list: "a list",
             tuple: "a tuple", type(None): "nothing"}
    if type(value) is dict and list(value) == ["type"]:
        # What `plain` made of something that it could not hand over.
        return clipped(value["type"])
    name = type(value).__name__
    return names.get(type(value), f"of type {name}" if name.isidentifier() else "something else")


def clipped(text, most=60):
    """A student's text made fit for the middle of our sentence: short, on one line, nothing unprintable."""
    return "".join(c if c.isprintable() else " " for c in str(text)[:most])


def _sentence(text):
    return text[:1].upper() + text[1:]
