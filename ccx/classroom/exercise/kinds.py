"""The kinds of exercises: what each asks for, and how its answers are read and released."""

import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from ..._answer import NotYet, clipped, outputs, read
from .base import Exercise


@dataclass(frozen=True, kw_only=True)
class Scalar(Exercise):
    """One number."""

    kind = "scalar"


@dataclass(frozen=True, kw_only=True)
class Personal(Scalar):
    """One number about the student's own customers (`ccx.my_customers`), so the verdict and the hints come with the grade.

    The answer, alternatives, conventions and mistakes are functions of the table of customers.
    """

    confirm: bool = False

    def of(self, student_id, term):
        """The exercise on this student's customers."""
        from ...personal import my_customers

        customers = my_customers(student_id, term)
        on = lambda value: functools.partial(value, customers)  # noqa: E731
        bound = {"answer": on(self.answer), "alternatives": [*map(on, self.alternatives)],
                 "conventions": [replace(convention, gives=on(convention.gives)) for convention in self.conventions],
                 "mistakes": [replace(mistake, gives=on(mistake.gives)) for mistake in self.mistakes]}
        return Scalar(**{part.name: getattr(self, part.name) for part in fields(self)} | bound)

    def released(self):
        # Every student has other numbers, so there is nothing to compare with.
        return {**self.public(), "nudge": self.nudge, "right": [], "mistakes": {}}


@dataclass(frozen=True, kw_only=True)
class Array(Exercise):
    """Numbers in a given order and shape: a list, an array, a Series or nested lists."""

    kind = "array"
    shape: tuple[int, ...]

    def details(self):
        return {"shape": list(self.shape)}


@dataclass(frozen=True, kw_only=True)
class Frame(Exercise):
    """A table: the named columns of numbers, in the order of its rows; other columns are ignored."""

    kind = "frame"
    columns: Sequence[str]
    rows: int

    def details(self):
        return {"columns": list(self.columns), "rows": self.rows}


@dataclass(frozen=True, kw_only=True)
class Function(Exercise):
    """A function of the student's, judged by what it returns.

    Parameters
    ----------
    probes : sequence of argument tuples
        Inputs that the student's own check uses; a list becomes an array of floats.
    hidden : function of a Generator that returns such a sequence
        Inputs that the grader uses besides, which the release does not show.
    returns : {"scalar", "array"}
    survivors : dict of str to str
        The mutants of the answer that earn full marks although they are wrong somewhere, each with the reason why that may be.
    """

    kind = "function"
    probes: Sequence[tuple]
    hidden: Callable
    returns: str = "scalar"
    survivors: Mapping[str, str] = field(default_factory=dict)

    def details(self):
        return {"probes": [list(probe) for probe in self.probes], "returns": self.returns}

    @functools.cached_property
    def grading_probes(self):
        import numpy as np

        seed = int.from_bytes(hashlib.sha256(self.id.encode()).digest()[:8], "little")
        return [*map(list, self.probes), *map(list, self.hidden(np.random.default_rng(seed)))]

    def numbers(self, value):
        return outputs(value, self.grading_probes, self.spec())

    def local(self):
        spec = self.spec()
        seen = functools.partial(outputs, probes=self.probes, spec=spec)
        right = [seen(function) for function in self.accepted]
        return right, [(mistake, seen(mistake.gives)) for mistake in self.mistakes]

    def read_payload(self, payload):
        if type(payload) is list and len(payload) == len(self.grading_probes):
            for value in payload:
                if type(value) is dict and list(value) == ["error"]:
                    raise NotYet(f"Your function stops with {clipped(value['error'])} on an input of the grader's.")
        return read(payload, self.spec())


@dataclass(frozen=True, kw_only=True)
class Performance(Function):
    """A function of the student's, judged by what its outputs bring about, which the trusted side works out.

    Parameters
    ----------
    verdict : function of the grader's probes and of the outputs, which returns an Outcome
        The outputs are one list of numbers from the student's kernel, of any length.
    """

    verdict: Callable
    returns: str = "array"
    confirm: bool = False

    def judge(self, numbers):
        return self.verdict(self.grading_probes, numbers)


@dataclass(frozen=True, kw_only=True)
class Choice(Exercise):
    """One letter of several; never confirmed at once, because a student could try them all."""

    kind = "choice"
    options: Sequence[str]
    confirm: bool = False

    def details(self):
        return {"options": list(self.options)}

    def released(self):
        # A hint at once would tell which letters are wrong, so hints too come with the grade.
        return {**self.public(), "nudge": self.nudge, "right": [], "mistakes": {}}


@dataclass(frozen=True, kw_only=True)
class Written(Exercise):
    """An answer in words, graded by hand against the rubric that stands in the solution."""

    kind = "written"
