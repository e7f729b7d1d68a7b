"""The one step that touches students' code: from cells to what they showed, in a room of the sandbox. This is the trusted side of it."""

import json
import time

from nbformat.v4 import new_output

from .outputs import sound_cell

WARM_UP = 60
LOOK = 0.2  # seconds between two looks at the memory
FAULTS = ("DeadKernel", "MemoryLimit", "NotRun", "Timeout", "TooMuchOutput")
MOST_REPLY, MOST_KEPT = 16 * 2**20, 32 * 2**20


class Fault(Exception):
    """A cell ended its Python or was ended; `name` and the message say how."""

    def __init__(self, name, message):
        super().__init__(message)
        self.name = name


def execute(sources, room):
    """Run the code cells of a notebook, one after the other.

    A cell that ends its Python, takes too long or too much costs itself alone: a fresh Python runs the cells before it again, and the
    run goes on after it. What the cells before it have shown is kept from their first run.

    Parameters
    ----------
    sources : list of str
    room : Room

    Returns
    -------
    list of dict
        ``outputs`` and ``execution_count`` of each cell.
    """
    run = _Run(room)
    try:
        return [run.next(source) for source in sources]
    finally:
        run.leave()


def _instead(fault):
    return {"outputs": [new_output("error", ename=fault.name, evalue=str(fault), traceback=[])], "execution_count": None}


class _Run:
    """One submission on its way through its cells."""

    def __init__(self, room):
        self.room, self.limits = room, room.limits
        self.done, self.restarts, self.left = [], 0, MOST_KEPT
        self.end = time.monotonic() + self.limits.notebook
        self.cells, self.next_look = None, 0

    def next(self, source):
        try:
            if self.cells is None:
                self._begin()
            reply = self._ask(source)
        except Fault as fault:
            self.leave()
            return _instead(fault)
        self.done.append(source)
        self.left -= self.weight
        # Whoever goes round the limit for a cell, in many cells, must not fill the disk of the machine that grades.
        return reply if self.left > 0 else _instead(Fault("TooMuchOutput", "all cells together showed more than can be kept."))

    def leave(self):
        if self.cells is not None:
            self.cells.close()
            self.cells = None
            self.room.stop()

    def _begin(self):
        if self.restarts > self.limits.restarts:
            raise Fault("NotRun", f"Python had ended {self.restarts} times before this cell.")
        self.restarts += 1
        self.cells, self.buffer = self.room.start(), b""
        # A cold Python takes its time to start, which is not the first cell's.
        self._ask("", WARM_UP)
        for source in self.done:
            self._ask(source)

    def _ask(self, source, limit=None):
        cell_end = min(self.end, time.monotonic() + (limit or self.limits.cell))
        self.cells.settimeout(self.limits.cell)
        try:
            self.cells.sendall(json.dumps(source).encode() + b"\n")
        except OSError:
            raise Fault("DeadKernel", "Python ended before this cell.") from None
        self.cells.settimeout(LOOK)
        while b"\n" not in self.buffer:
            self._wait(cell_end)
        line, _, self.buffer = self.buffer.partition(b"\n")
        self.weight = _weight(line)
        if self.weight > MOST_REPLY:
            raise Fault("TooMuchOutput", "this cell showed more than can be kept.")
        return _read(line)

    def _wait(self, cell_end):
        try:
            part = self.cells.recv(2**16)
        except TimeoutError:
            part = None
        except OSError:
            part = b""
        if part == b"":
            raise Fault("DeadKernel", "Python ended in this cell.")
        self.buffer += part or b""
        if len(self.buffer) > MOST_REPLY:
            raise Fault("TooMuchOutput", "this cell showed more than can be kept.")
        self._look()
        if time.monotonic() > cell_end:
            took = f"this cell took more than {self.limits.cell:g}" if cell_end < self.end else f"all cells together took more than {self.limits.notebook:g}"
            raise Fault("Timeout", f"{took} seconds.")

    def _look(self):
        """Look at the memory now and then, whether or not something keeps coming meanwhile."""
        if time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + LOOK
        if self.room.holds_too_much():
            raise Fault("MemoryLimit", f"this cell held more than {self.limits.memory / 2**30:g} GiB.")


def _weight(line):
    """Bytes of a reply, and some hundred more for each list and dict in it, which take many times their length in memory."""
    return len(line) + 300 * (line.count(b"{") + line.count(b"["))


def _read(line):
    """A reply in valid form, whatever it was."""
    try:
        reply = json.loads(line)
        return sound_cell(reply["outputs"], reply["execution_count"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Fault("DeadKernel", "Python stopped making sense in this cell.") from None
