"""The exercise bank: what is asked, what is right, and which mistakes have a hint.

A lesson's ``answers.py`` defines ``EXERCISES``, a list of the classes below.
Build, grader and tests read the same list. Answers and mistakes are computed
from data when they are first needed: give a function without arguments.
"""

import functools
import hashlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, ClassVar

from .._answer import NotYet, call, clipped, digest, key, outputs, plain, read


# A student who stands for all where an exercise is looked at by itself.
SOMEBODY = ("somebody", "some term")


@dataclass(frozen=True)
class Mistake:
    """A named misconception: the value or function it leads to, and the hint that answers it.

    Parameters
    ----------
    name : str
        The misconception in a few words, for the instructor.
    gives : value, or function without arguments that computes it
        For a function exercise the mistaken function itself.
    hint : str
        One sentence that tells the student what went wrong, not what is right.
    credit : float, default 0
        Share of the points that the mistake still earns.
    excluded_by : str, optional
        Where it is less a mistake than a convention that could be defended: the question's own words that exclude it.
    """

    name: str
    gives: Any
    hint: str
    credit: float = 0.0
    excluded_by: str = ""


@dataclass(frozen=True)
class Convention:
    """An answer that differs from the reference only in a convention that can be defended, and is right too.

    Parameters
    ----------
    name : str
        The convention in a few words, for the instructor: "three decimals", "n in place of n − 1".
    gives : value, or function without arguments that computes it
        For a function exercise the function itself.
    """

    name: str
    gives: Any


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """What every kind of exercise has.

    Parameters
    ----------
    id : str
        ``"NN.name"``; ``name`` is the ``grade_id`` of the graded cell in nbgrader.
    objective : str
        Id of the lesson's objective that it serves.
    points : float
    what : str
        The answer in a few words ("the share of customers …"), the subject of error sentences.
    answer : value, or function without arguments that computes it
    alternatives : sequence
        The same answer, worked out in other ways: at least two, each like `answer` and written independently of it.
    conventions : sequence of Convention
        Answers by another convention, which are right too; those that the question excludes are mistakes with ``excluded_by``.
    mistakes : sequence of Mistake
    tolerance : float, default 1e-6
        A number this close is right for student and grader alike; one twice as far is wrong for both.
    low, high : float, optional
        Bounds that no sensible answer leaves; the student is told at once.
    confirm : bool, default True
        Whether a right answer is confirmed at once; otherwise the verdict comes with the grade.
    nudge : str
        The sentence for a wrong answer that no mistake explains.
    """

    kind: ClassVar[str]
    id: str
    objective: str
    points: float
    what: str
    answer: Any = None
    alternatives: Sequence = ()
    conventions: Sequence[Convention] = ()
    mistakes: Sequence[Mistake] = ()
    tolerance: float = 1e-6
    low: float | None = None
    high: float | None = None
    confirm: bool = True
    nudge: str = "Not yet: read the question once more and try the smallest case by hand."

    @property
    def name(self):
        """The ``grade_id`` of the graded cell."""
        return self.id.split(".", 1)[1]

    def public(self):
        """The half that a student may see: how to read an answer, not what is right."""
        spec = {"kind": self.kind, "what": self.what, "low": self.low, "high": self.high, "tolerance": self.tolerance}
        return {k: v for k, v in {**spec, **self.details()}.items() if v is not None}

    def details(self):
        """What `public` adds for this kind."""
        return {}

    def of(self, student_id, term):
        """The exercise as this student is asked it: the same for all, but see `Personal`."""
        return self

    def spec(self):
        """The public half with the id: what reading and fingerprinting an answer takes."""
        return {"id": self.id, **self.public()}

    def numbers(self, value):
        """Read a value of the bank (computing it first) as the student's check reads an answer."""
        return read(value() if callable(value) else value, self.spec())

    def read_payload(self, payload):
        """Read what a student's kernel handed over; raises NotYet with the sentence for the student."""
        return read(payload, self.spec())

    @property
    def accepted(self):
        """Everything that is right: the answer, the same by other ways, the same by other conventions."""
        return [self.answer, *self.alternatives, *(convention.gives for convention in self.conventions)]

    @functools.cached_property
    def right(self):
        """The numbers of all that is right, as the grader compares them."""
        return [self._named(f"right answer {i}", value) for i, value in enumerate(self.accepted, 1)]

    @functools.cached_property
    def wrong(self):
        """Pairs of a mistake and its numbers, as the grader compares them."""
        return [(mistake, self._named(f"the mistake {mistake.name!r}", mistake.gives)) for mistake in self.mistakes]

    def _named(self, name, value):
        try:
            return self.numbers(value)
        except NotYet as sentence:
            raise ValueError(f"{self.id}: {name} can't be handed in: {sentence}") from None

    def judge(self, numbers):
        """The verdict on an answer that is neither right nor a known mistake."""
        return Outcome(0.0, self.nudge)

    def released(self):
        """The entry of ``checks.json``: the public half and the digests."""
        right, wrong = self.local()
        # Each once and sorted, so that they tell nothing about which alternatives there are.
        digests = sorted({digest(key(numbers, self.spec()), self.id) for numbers in right}) if self.confirm else []
        hints = {digest(key(numbers, self.spec()), self.id): mistake.hint for mistake, numbers in wrong}
        return {**self.public(), "nudge": self.nudge, "right": digests, "mistakes": hints}

    def local(self):
        """Right and wrong numbers as the student's kernel sees them."""
        return self.right, self.wrong


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
        from ..personal import my_customers

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


@dataclass(frozen=True)
class Outcome:
    """A verdict: the share of the points, the sentence for the student, whether a person should look, the mistake if it is a known one."""

    credit: float
    message: str
    review: bool = False
    mistake: str = ""


@dataclass(frozen=True)
class Bank:
    """The exercises of one lesson, by id."""

    path: Path
    exercises: dict[str, Exercise] = field(default_factory=dict)

    def graded(self):
        """The exercises that a graded code cell checks."""
        return [exercise for exercise in self.exercises.values() if exercise.kind != "written"]

    def released(self):
        """What the release's ``checks.json`` holds."""
        return {exercise.id: exercise.released() for exercise in self.graded()}

    def probes(self):
        """The inputs that the grader tries each function on."""
        return {e.id: e.grading_probes for e in self.graded() if e.kind == "function"}


@functools.cache
def load_bank(path):
    """Read a lesson's exercise bank.

    Parameters
    ----------
    path : Path
        The lesson's ``answers.py``.

    Returns
    -------
    Bank
        Empty when the lesson has no bank, because it is not graded.

    Raises
    ------
    ValueError
        When an id occurs twice.
    """
    path = Path(path)
    if not path.is_file():
        return Bank(path)
    spec = importlib.util.spec_from_file_location(f"bank_{path.parent.name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    exercises = {exercise.id: exercise for exercise in module.EXERCISES}
    if len(exercises) < len(module.EXERCISES):
        raise ValueError(f"{path}: two exercises have the same id.")
    return Bank(path, exercises)


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
    """List what is wrong with a bank, a sentence each: too few mistakes, or some that can't be told apart."""
    return [flaw for exercise in bank.graded() for flaw in _exercise_flaws(exercise.of(*SOMEBODY))]


def _exercise_flaws(exercise):
    if len(exercise.mistakes) < 3:
        yield f"{exercise.id} has {len(exercise.mistakes)} mistakes; it takes at least three."
    for right, wrong in ((exercise.right, exercise.wrong), exercise.local()):
        seen = [("the right answer", numbers) for numbers in right]
        for mistake, numbers in wrong:
            for name, other in seen:
                if agree(numbers, other, exercise.tolerance):
                    yield f"{exercise.id}: the mistake {mistake.name!r} can't be told from {name!r}."
            seen.append((mistake.name, numbers))
