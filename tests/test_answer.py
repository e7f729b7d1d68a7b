"""What an answer is: what is read, what is refused and with which sentence, and what a fingerprint tells apart."""

import hashlib
import itertools
import math
import random

import numpy as np
import pandas as pd
import pytest

from ccx._answer import NotYet, outputs, plain, read
from ccx._digest import digest, digests, key

SHARE = {"id": "00.share", "kind": "scalar", "what": "the share", "low": 0, "high": 1, "tolerance": 0.0005}
THREE = {"id": "00.three", "kind": "array", "what": "the row", "shape": [3], "tolerance": 0.01}
GRID = {"id": "00.grid", "kind": "array", "what": "the grid", "shape": [2, 2], "tolerance": 0.01}
TABLE = {"id": "00.table", "kind": "frame", "what": "the table", "columns": ["weeks", "share"], "rows": 2, "tolerance": 0.01}
LETTER = {"id": "00.letter", "kind": "choice", "what": "the letter", "options": ["a", "b"], "tolerance": 0}
DOUBLE = {"id": "00.double", "kind": "function", "what": "double", "returns": "scalar", "tolerance": 1e-6}
ALL = [SHARE, THREE, GRID, TABLE, LETTER, {**DOUBLE, "kind": "function"}]


class Liar(float):
    """Says yes to every comparison and pretends to be any number."""

    def __eq__(self, other):
        return True

    def __float__(self):
        return 0.5

    __hash__ = float.__hash__


class Trap:
    """Counts every attempt to look at it as a number or a sequence."""

    touched = 0

    def _touch(self, *args):
        Trap.touched += 1
        return 0.5

    __float__ = __array__ = __len__ = __iter__ = __getitem__ = __eq__ = _touch
    __hash__ = None


@pytest.mark.parametrize("value", [0.5, np.float64(0.5), np.float32(0.5), np.array(0.5)])
def test_a_number_is_a_number_whatever_made_it(value):
    assert read(value, SHARE) == [0.5]


def test_whole_numbers_of_every_width_are_numbers():
    types = (int, np.int8, np.int64, np.uint16, np.longdouble)
    assert [read(kind(1), SHARE) for kind in types] == [[1.0]] * len(types)


@pytest.mark.parametrize("value", [[1, 2, 3], (1, 2, 3), np.array([1, 2, 3]), pd.Series([1, 2, 3]), pd.Index([1, 2, 3]),
                                   np.array([1, 2, 3], dtype=object), pd.Series([1, 2, 3], dtype="Int64"), [1, np.int64(2), 3.0]])
def test_a_row_is_a_row_whatever_holds_it(value):
    assert read(value, THREE) == [1.0, 2.0, 3.0]


def test_a_grid_is_read_row_by_row():
    assert read(np.array([[1, 2], [3, 4]]), GRID) == read([[1, 2], (3, 4)], GRID) == [1.0, 2.0, 3.0, 4.0]


def test_a_table_is_read_by_its_named_columns_in_the_order_of_the_question():
    frame = pd.DataFrame({"share": [0.5, 0.7], "note": ["x", "y"], "weeks": [4, 13]})
    assert read(frame, TABLE) == [4.0, 13.0, 0.5, 0.7]
    assert read(plain(frame[["share", "weeks"]]), TABLE) == [4.0, 13.0, 0.5, 0.7]


@pytest.mark.parametrize("value", ["b", " B ", "B"])
def test_a_letter_is_read_in_either_case(value):
    assert read(value, LETTER) == "b"


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec["kind"])
@pytest.mark.parametrize("value", [None, ..., True, "0.5", float("nan"), Liar(0.5), Trap(), object(), {}, [], 1j, b"a",
                                   np.array([True]), [[1], [2, 3]], pd.DataFrame(), 10**400, {"type": "x"}, lambda: 1],
                         ids=lambda value: type(value).__name__)
def test_what_is_no_answer_gets_one_sentence(spec, value):
    with pytest.raises(NotYet) as refused:
        read(value, spec)
    sentence = str(refused.value)
    assert sentence.endswith(".") and "\n" not in sentence and 20 < len(sentence) < 200


def test_a_students_own_object_is_turned_away_before_its_code_runs():
    Trap.touched = 0
    for spec in ALL:
        with pytest.raises(NotYet):
            read(Trap(), spec)
    assert plain(Trap()) == {"type": "of type Trap"}
    assert Trap.touched == 0


def test_subclasses_of_known_types_are_turned_away():
    class Row(list):
        pass

    class Matrix(np.ndarray):
        pass

    for value in (Row([1, 2, 3]), np.array([1.0, 2, 3]).view(Matrix), [1, 2, Liar(3)]):
        with pytest.raises(NotYet):
            read(value, THREE)


@pytest.mark.parametrize("value, spec, words", [
    (2.5, SHARE, "lies between 0 and 1, but here is 2.5."),
    ([1, "x", 3], THREE, "this is a list with something in it that is no number"),
    ([0.5], SHARE, "is one number, but this is a list."),
    (74.9, SHARE, "lies between 0 and 1, but here is 74.9 (did you give a percentage?)"),
    (-0.2, SHARE, "lies between 0 and 1, but here is -0.2."),
    (float("nan"), SHARE, "NaN"),
    ("0.5", SHARE, "is one number, but this is a text"),
    (True, SHARE, "is one number, but this is True or False"),
    ([1, 2], THREE, "should hold 3 numbers, but this holds 2 numbers"),
    (np.ones((3, 2)), THREE, "should hold 3 numbers, but this holds 3 × 2 numbers"),
    (pd.DataFrame({"weeks": [1, 2]}), TABLE, "lacks the column 'share'; it has weeks"),
    (pd.DataFrame({"weeks": [1], "share": [1]}), TABLE, "the column 'weeks' should hold 2 numbers, but this holds 1 number"),
    ("e", LETTER, "one of the letters a, b"),
    (..., SHARE, "three dots"),
])
def test_the_sentence_says_what_is_wrong(value, spec, words):
    with pytest.raises(NotYet) as refused:
        read(value, spec)
    assert words.lower() in str(refused.value).lower()


@pytest.mark.parametrize("function, words", [
    (lambda x: None, "returns nothing"),
    (lambda x: 1 / 0, "stops when it is called with np.array([1, 2]): ZeroDivisionError, division by zero."),
    (lambda x: exit(), "stops when it is called with np.array([1, 2]): SystemExit"),
    (lambda: 1, "TypeError, "),
    (lambda x: "two", "is one number, but this is a text"),
    (7, "should be a function"),
])
def test_a_function_that_fails_gets_one_sentence(function, words):
    with pytest.raises(NotYet) as refused:
        read(outputs(function, [([1, 2],)], DOUBLE), DOUBLE)
    assert words in str(refused.value) and "\n" not in str(refused.value)


def test_a_function_can_neither_print_nor_spoil_the_next_probe(capfd):
    def noisy(values):
        import sys
        import warnings
        warnings.warn("careful")
        print("loud", file=sys.stderr)
        values[:] = 0
        return values.sum()

    probes = [([1, 2],), ([1, 2],)]
    assert outputs(noisy, probes, DOUBLE) == [0.0, 0.0]
    assert probes == [([1, 2],), ([1, 2],)]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("value, wanted", [
    (0.5, 0.5), (np.array([1, 2]), [1.0, 2.0]), ("b", "b"), (None, None), (..., None),
    (float("inf"), {"type": "NaN or infinity, or has some in it"}), ([1.0, float("nan")], {"type": "NaN or infinity, or has some in it"}),
    (pd.DataFrame({"x": [1]}), {"x": [1.0]}), (True, {"type": "True or False"}),
])
def test_the_json_form_is_plain(value, wanted):
    assert plain(value) == wanted


def matches(numbers, others, spec):
    return digest(key(others, spec), spec["id"]) in set(digests(numbers, spec))


def test_a_number_within_the_tolerance_matches_and_one_twice_as_far_does_not():
    draw = random.Random(1)
    for answer in (draw.random() for _ in range(20)):
        inside, outside = (answer + draw.choice([-1, 1]) * size * SHARE["tolerance"] for size in (0.99, 2.01))
        assert matches([inside], [answer], SHARE) and not matches([outside], [answer], SHARE)


def test_two_numbers_are_matched_one_by_one():
    """So that an interval shifted as a whole, or too wide, is not taken for the right one."""
    spec, answer = {"id": "00.pair", "tolerance": 0.002}, [0.606, 0.654]
    assert matches([0.6075, 0.6525], answer, spec)
    assert not any(matches(pair, answer, spec) for pair in ([0.6, 0.648], [0.6, 0.66], [0.611, 0.649], [0.654, 0.606]))


def test_rounded_rows_match_and_wrong_ones_do_not():
    rng = np.random.default_rng(1)
    spec = {"id": "00.many", "tolerance": 0.0005}
    answer = rng.random(500)
    shifts = {key(answer.round(3), spec, shift) for shift in itertools.product((-1, 0, 1), repeat=2)}
    assert key(answer, spec) in shifts
    wrong = {key(numbers, spec) for numbers in (answer[::-1], np.sort(answer), answer + 0.01, np.roll(answer, 1))}
    assert not shifts & wrong


def test_numbers_beyond_all_bounds_are_refused_before_they_overflow():
    for value in (1e300, -1e101):
        with pytest.raises(NotYet, match="without bound"):
            read(value, {**SHARE, "low": None, "high": None})


def test_fingerprints_are_the_same_everywhere():
    """Weights come from SHAKE-256 and digests from scrypt, both standards: recomputed here by their definition."""
    prints = []
    for seed in (b"00.three 1", b"00.three 2"):
        raw = hashlib.shake_256(seed).digest(24)
        units = [int.from_bytes(raw[i:i + 8], "little") / 2**64 - 0.5 for i in (0, 8, 16)]
        projection = sum(math.copysign(2 * abs(u) + 0.5, u) * x for u, x in zip(units, [1, 2, 3]))
        prints.append(str(math.floor(projection / (0.01 * 2 * math.sqrt(3)) + 0.5)))
    assert key([1, 2, 3], THREE) == " ".join(prints)
    salt = hashlib.sha256(b"00.three").digest()[:16]
    assert digest("5", "00.three") == hashlib.scrypt(b"5", salt=salt, n=16384, r=8, p=1, dklen=16).hex()
