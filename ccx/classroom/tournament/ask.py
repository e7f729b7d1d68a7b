"""The trusted side of a tournament: put the engine's questions to students' strategies in sandboxes, and read what they say."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

from ...market.moves import Forfeit
from ..sandbox.execute import FAULTS, execute
from ..sandbox.farm import open_rooms
from ..sandbox.namespaces import Limits
from .seat import MIME

SECONDS = 0.2
START = 30  # seconds for reading the student's code, before the first decision
STRIKES = 2  # quarters that a strategy may spend until it is ended from outside; then it is not asked again
LIMITS = Limits(memory=2**30, processes=16, disk=2**20, output=2**22, restarts=0)


class Sandboxes:
    """Students' strategies, each asked in a sandbox of its own; a context manager that holds as many warm rooms as there are workers.

    Parameters
    ----------
    entries : dict of str to Entry
    workers : int
    seconds : float
        For one decision.

    Raises
    ------
    NoSandbox
        Where students' code can't be shut in.
    ValueError
        For a time of nothing or less.
    """

    def __init__(self, entries, workers, seconds=SECONDS):
        if not seconds > 0:
            raise ValueError(f"A decision takes more than {seconds:g} seconds.")
        self.entries, self.workers, self.seconds = entries, max(1, min(workers, len(entries))), seconds
        self.faults, self._pool = {name: [] for name in entries}, ThreadPoolExecutor(self.workers)

    def __enter__(self):
        with ExitStack() as opened:
            self._rooms = opened.enter_context(open_rooms(LIMITS, self.workers))
            opened.callback(self._pool.shutdown, wait=False, cancel_futures=True)
            self._open = opened.pop_all()
        return self

    def __exit__(self, *_):
        self._open.close()

    def ask(self, asked):
        """Put a quarter's questions to all strategies.

        Parameters
        ----------
        asked : dict of str to list of State

        Returns
        -------
        dict of str to list
            Decisions in the same order; a `Forfeit` for each that was not made.
        """
        return dict(zip(asked, self._pool.map(self._answers, asked, asked.values())))

    def _answers(self, name, states):
        if len(self.faults[name]) >= STRIKES:
            return [Forfeit(f"The strategy is not asked any more, because it had to be ended {STRIKES} times: {self.faults[name][-1]}")] * len(states)
        room = self._rooms.get()
        try:
            room.limits = replace(LIMITS, cell=START + self.seconds * len(states))
            [shown] = execute([_cell(self.entries[name], states, self.seconds)], room)
        finally:
            self._rooms.put(room)
        self.faults[name] += [output.get("evalue", "") for output in shown["outputs"] if output.get("ename") in FAULTS][:1]
        return read(shown["outputs"], len(states))


def _cell(entry, states, seconds):
    asked = {"context": entry.context, "source": entry.source, "states": [state.as_dict() for state in states], "seconds": seconds}
    return f"from ccx.classroom.tournament.seat import main\nmain({json.dumps(asked)!r})"


def read(outputs, n):
    """Read what came out of a sandbox: as many decisions as were asked for, or nothing.

    Parameters
    ----------
    outputs : list of dict
        From the student's process; nothing in it is trusted.
    n : int

    Returns
    -------
    list
        Decisions, which the engine reads strictly itself, and a `Forfeit` for each that is none.

    Examples
    --------
    >>> read([{"output_type": "display_data", "data": {MIME: [{"cost": [0, 5]}, {"error": "No idea."}]}}], 2)
    [{'cost': [0, 5]}, Forfeit('No idea.')]
    >>> read([], 1)
    [Forfeit('What the strategy said did not arrive in one piece.')]
    """
    told = [json.loads(json.dumps(output["data"][MIME])) for output in outputs if MIME in output.get("data", {})]
    if len(told) == 1 and type(told[0]) is list and len(told[0]) == n:
        return [_decision(one) for one in told[0]]
    fault = next((f"The strategy had to be ended: {output.get('evalue', '')}" for output in outputs if output.get("ename") in FAULTS), None)
    return [Forfeit(fault or "What the strategy said did not arrive in one piece.")] * n


def _decision(one):
    return Forfeit(str(one["error"])[:200]) if type(one) is dict and list(one) == ["error"] else one
