"""A student's value as plain Python numbers, by exact type: no code of an object's own ever runs."""

import functools
import math


def number(value):
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


def nested(value):
    """The answer as nested lists of floats, or None when something in it is no number."""
    import numpy as np

    if type(value) in (list, tuple):
        items = [nested(item) for item in value]
        return None if any(item is None for item in items) else items
    array = value if type(value) is np.ndarray else _pandas_values(value)
    if array is None or array.ndim == 0:
        return number(value)
    if array.dtype.kind in "iuf":
        return array.astype(float).tolist()
    return nested(array.tolist()) if array.dtype.kind == "O" else None


def _pandas_values(value):
    import pandas as pd

    exact = (pd.Series, pd.Index, pd.RangeIndex)
    return value.to_numpy() if type(value) in exact else None


def is_frame(value):
    """Whether it is a DataFrame, and not of a class of the student's own made from it."""
    import pandas as pd

    return type(value) is pd.DataFrame


def shape(nested):
    """[3, 2] for three rows of two numbers; a ragged nest has the shape of its first row with -1 at its end."""
    if not isinstance(nested, list):
        return []
    shapes = [shape(item) for item in nested]
    inner = shapes[0] if shapes else []
    return [len(nested), *(inner if all(other == inner for other in shapes) else [-1])]


def flat(nested):
    """All numbers of a nest in one row."""
    return [x for item in nested for x in flat(item)] if isinstance(nested, list) else [nested]
