"""What every exercise has, and what becomes of an answer: what is right, the known mistakes, what is released, the outcome."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from ..._answer import NotYet, read
from ..._digest import digest, key

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


@dataclass(frozen=True)
class Outcome:
    """A verdict: the share of the points, the sentence for the student, whether a person should look, the mistake if it is a known one."""

    credit: float
    message: str
    review: bool = False
    mistake: str = ""


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
