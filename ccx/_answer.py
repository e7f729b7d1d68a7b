"""What an answer is: read from whatever a student hands in, reduced to one number, looked up.

The student's kernel and the grader share this module. `read` accepts exact
types only, so that an object with a ``__float__`` or ``__eq__`` of its own is
turned away before any of its code runs.
"""

import functools
import hashlib
import itertools
import math

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
    if _is_frame(value):
        return {str(name): plain(value[name]) for name in value.columns}
    if type(value) is str:
        return value
    if value is None or value is ...:
        return None
    nested = _nested(value)
    if nested is None:
        return {"type": _type_name(value)}
    # JSON has no NaN, so it goes as a word.
    finite = all(map(math.isfinite, _flat(nested) if isinstance(nested, list) else [nested]))
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


def key(numbers, spec, shift=(0, 0)):
    """Give the text that an answer is digested by: its fingerprint in units of the tolerance.

    One or two numbers are their own fingerprint; more are projected on two
    sets of fixed random weights, so that order counts. An answer whose numbers
    all lie within the tolerance falls into the same units or their neighbours
    (a `shift` of -1 or 1).

    Examples
    --------
    >>> key([0.7493], {"id": "x", "tolerance": 0.0005})
    '1499'
    """
    if isinstance(numbers, str):
        return numbers
    prints, unit = numbers, spec["tolerance"]
    if len(numbers) > 2:
        prints = [math.fsum(w * x for w, x in zip(_weights(f"{spec['id']} {i}", len(numbers)), numbers)) for i in (1, 2)]
        # Errors of n numbers add up like their square root; twice that leaves room for an unlucky draw.
        unit = 2 * math.sqrt(len(numbers)) * spec["tolerance"]
    return " ".join(str(math.floor(x / unit + 0.5) + step) for x, step in zip(prints, shift))


def digest(text, exercise):
    """Digest a key slowly (scrypt, salted by the exercise), so that trying many answers takes long."""
    salt = hashlib.sha256(exercise.encode()).digest()[:16]
    return hashlib.scrypt(text.encode(), salt=salt, n=2**14, r=8, p=1, dklen=16).hex()


def digests(numbers, spec):
    """Give the digests under which an answer may stand: its own units and their neighbours."""
    steps = (0, -1, 1)
    shifts = itertools.product(steps if not isinstance(numbers, str) else [0], steps if len(numbers) > 1 else [0])
    return (digest(key(numbers, spec, shift), spec["id"]) for shift in shifts)


def _scalar(value, spec):
    number = _number(value)
    if number is None:
        raise NotYet(f"{_sentence(spec['what'])} is one number, but this is {_type_name(value)}.")
    return [number]


def _array(value, spec):
    nested = _nested(value)
    if not isinstance(nested, list):
        inside = " with something in it that is no number" if type(value) in (list, tuple) else ""
        raise NotYet(f"{_sentence(spec['what'])} is a list or an array of numbers, but this is {_type_name(value)}{inside}.")
    shape = _shape(nested)
    if shape != list(spec["shape"]):
        wanted, got = (_shape_words(s) for s in (spec["shape"], shape))
        raise NotYet(f"{_sentence(spec['what'])} should hold {wanted}, but this holds {got}.")
    return _flat(nested)


def _frame(value, spec):
    columns = value if type(value) is dict else plain(value) if _is_frame(value) else None
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
    nested = _nested(value)
    return _array(value, {**spec, "shape": _shape(nested) if isinstance(nested, list) else []})


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


def _number(value):
    """The float in an exactly numeric type; None for anything else, above all for a student's own class."""
    import numpy as np

    if type(value) is np.ndarray and value.ndim == 0:
        value = value[()]
    if type(value) not in _exact_types():
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf


@functools.cache
def _exact_types():
    import numpy as np

    kinds = (np.dtype(code) for code in np.typecodes["AllInteger"] + np.typecodes["Float"])
    return {int, float, *(kind.type for kind in kinds)}


def _nested(value):
    """The answer as nested lists of floats, or None when something in it is no number."""
    import numpy as np

    if type(value) in (list, tuple):
        items = [_nested(item) for item in value]
        return None if any(item is None for item in items) else items
    array = value if type(value) is np.ndarray else _pandas_values(value)
    if array is None or array.ndim == 0:
        return _number(value)
    if array.dtype.kind in "iuf":
        return array.astype(float).tolist()
    return _nested(array.tolist()) if array.dtype.kind == "O" else None


def _pandas_values(value):
    import pandas as pd

    exact = (pd.Series, pd.Index, pd.RangeIndex)
    return value.to_numpy() if type(value) in exact else None


def _is_frame(value):
    import pandas as pd

    return type(value) is pd.DataFrame


def _shape(nested):
    """[3, 2] for three rows of two numbers; a ragged nest has the shape of its first row with -1 at its end."""
    if not isinstance(nested, list):
        return []
    shapes = [_shape(item) for item in nested]
    inner = shapes[0] if shapes else []
    return [len(nested), *(inner if all(shape == inner for shape in shapes) else [-1])]


def _shape_words(shape):
    if -1 in shape:
        return "rows of unequal length"
    if len(shape) > 3:
        return "lists in lists in lists"
    return "{} numbers".format(" × ".join(f"{n:,}" for n in shape)) if shape != [1] else "1 number"


def _flat(nested):
    return [x for item in nested for x in _flat(item)] if isinstance(nested, list) else [nested]


def _argument(value):
    import numpy as np

    return np.array(value, dtype=float) if isinstance(value, list) else value


def _weights(seed, n):
    """Fixed weights of size .5 to 1.5 and random sign, the same on every platform and numpy version."""
    raw = hashlib.shake_256(seed.encode()).digest(8 * n)
    units = (int.from_bytes(raw[i:i + 8], "little") / 2**64 for i in range(0, 8 * n, 8))
    return [math.copysign(abs(u - 0.5) * 2 + 0.5, u - 0.5) for u in units]


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
