"""Exercises: what is asked, what is right, and which mistakes have a hint.

A kind of exercise is a dataclass made from `Exercise`, with which a lesson's ``answers.py`` says what it asks. Answers and mistakes
are computed from data when they are first needed: give a function without arguments.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "base": ["SOMEBODY", "Convention", "Exercise", "Mistake", "Outcome"],
        "kinds": ["Array", "Choice", "Frame", "Function", "Performance", "Personal", "Scalar", "Written"],
    },
)
