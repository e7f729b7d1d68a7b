"""Inside the sandbox: find a student's strategy in what they have written, ask it about each state, and show what it says as JSON.

This is the untrusted side: it runs beside the student's code, and nothing that it says proves anything.
"""

import ast
import builtins
import contextlib
import io
import json
import random
import signal
import zlib

import numpy as np
from IPython.core.inputtransformer2 import TransformerManager

from ...market.moves import LEVERS, State, decide, spending, stopped

MIME = "application/vnd.ccx.decisions+json"
LATE = 3  # decisions out of time, after which no more are asked for in this quarter


class TooSlow(BaseException):
    """A decision took too long; not an Exception, so that a strategy that catches those does not go on."""


class NoMagic:
    """Stands for IPython: what a cell asks of it with % or ! does nothing here."""

    def __getattr__(self, name):
        return lambda *_, **__: None


class Nowhere(io.TextIOBase):
    """Where a strategy's prints go."""

    def write(self, text):
        return len(text)


def main(asked):
    """Answer a question of the trusted side.

    Parameters
    ----------
    asked : str
        JSON with ``context`` (sources of the cells before the strategy's), ``source`` (where the strategy is), ``states`` and ``seconds`` a decision.
    """
    from IPython.display import display

    asked = json.loads(asked)
    # By the processor's time, which does not go on while a busy machine does something else; who sleeps is ended from outside.
    signal.signal(signal.SIGPROF, _ring)
    with contextlib.redirect_stdout(Nowhere()), contextlib.redirect_stderr(Nowhere()):
        told = _answers(asked)
    display({MIME: told}, raw=True)


def _answers(asked):
    strategy = _strategy(asked["context"], asked["source"])
    if isinstance(strategy, str):
        return [{"error": strategy}] * len(asked["states"])
    slow, told = {"error": f"A decision took more than {asked['seconds']:g} seconds; after {LATE} of them no more are asked for in the quarter."}, []
    for plain in asked["states"]:
        told.append(told.count(slow) < LATE and _answer(strategy, plain, asked["seconds"]) or slow)
    return told


def _strategy(context, source):
    """The function `strategy` of a student, or a sentence that says why there is none."""
    names = {"__name__": "strategy", "__builtins__": builtins, "get_ipython": NoMagic}
    for code in filter(None, map(_imports_and_functions, context)):
        # What does not work here may not be needed.
        with contextlib.suppress(BaseException):
            exec(code, names)
    try:
        exec(compile(_python(source), "strategy", "exec"), names)
    except BaseException as error:
        return stopped(error, "There is no strategy, because the code")
    return names["strategy"] if callable(names.get("strategy")) else "There is no function strategy."


def _imports_and_functions(source):
    """Of a cell only what defines something; what it computes and draws is not needed."""
    try:
        tree = ast.parse(_python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    tree.body = [part for part in tree.body if isinstance(part, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef))]
    return compile(tree, "before", "exec")


def _python(source):
    """A cell as Python: what begins with % or ! becomes a call of `get_ipython`."""
    return TransformerManager().transform_cell(source)


def _answer(strategy, plain, seconds):
    """The decision in plain numbers, or what went wrong; None where it took too long."""
    # The same state, the same decision, also of who draws random numbers.
    seed = zlib.crc32(json.dumps(plain).encode())
    random.seed(seed)
    np.random.seed(seed)
    state = State.from_dict(plain)
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            decision = decide(strategy, state)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        return dict(zip(LEVERS, spending(decision, state.cash).tolist()))
    except TooSlow:
        return None
    except ValueError as sentence:
        return {"error": str(sentence)}
    except BaseException as error:
        # Such as sys.exit().
        return {"error": stopped(error)}


def _ring(*_):
    raise TooSlow
