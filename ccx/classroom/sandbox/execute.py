"""The one step that touches students' code: from cells to what they showed, in a sandbox. This is the trusted side of it.

A `Room` is a warm process inside bubblewrap, in which one submission runs at a time; a program that grades holds as many as it has
workers.
"""

import atexit
import contextlib
import functools
import itertools
import json
import logging
import os
import socket
import subprocess
import sys
import time
from dataclasses import asdict

import psutil
from nbformat.v4 import new_output

from . import HELP, NoSandbox, walled
from .namespaces import Limits
from .outputs import sound_cell

WARM, COLD = ["-m", "ccx.classroom.sandbox.warm"], ["-m", "ccx.classroom.sandbox.cold"]
WARM_UP = 60
USERS = itertools.count()
CLOSED = "the sandbox was closed before this notebook had come to its end"
LOOK = 0.2  # seconds between two looks at the memory
FAULTS = ("DeadKernel", "MemoryLimit", "NotRun", "Timeout", "TooMuchOutput")
MOST_REPLY, MOST_KEPT = 16 * 2**20, 32 * 2**20


class Fault(Exception):
    """A cell ended its Python or was ended; `name` and the message say how."""

    def __init__(self, name, message):
        super().__init__(message)
        self.name = name


class Room:
    """A warm process behind bubblewrap, as a context manager.

    Parameters
    ----------
    limits : Limits, optional

    Raises
    ------
    NoSandbox
        Where students' code can't be shut in.
    """

    def __init__(self, limits=Limits()):
        self.limits, self._process, self._open = limits, None, False
        self._warm, self._shared = set(), 0

    def __enter__(self):
        self._open = True
        self._begin()
        return self

    def _begin(self):
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = _behind_the_wall([*WARM, str(theirs.fileno())], theirs)
        self._orders.settimeout(WARM_UP)
        self._warm, self._shared = set(), 0
        try:
            if self._orders.recv(16) != b"ready":
                raise OSError
            self._answers()
        except (OSError, Fault):
            self._orders.close()
            raise _refusal(self._process) from None
        self._warm = {process.pid for process in self._processes()}
        self._shared = sum(map(_all, self._processes()))

    def _processes(self):
        return psutil.Process(self._process.pid).children(recursive=True) if self._process.poll() is None else []

    def _answers(self):
        """A sandbox that does not answer is none, and no student should lose points by it."""
        [reply] = execute(["1 + 1"], self)
        if reply["execution_count"] != 1:
            raise OSError

    def __exit__(self, *_):
        self._open = False
        self._end()

    def _end(self):
        self._orders.close()
        self._process.kill()
        self._process.communicate()

    def start(self):
        """A fresh, shut-in Python for one submission; a warm process that something has killed is made anew."""
        if self._process.poll() is not None:
            if not self._open:
                raise NoSandbox(CLOSED)
            self._end()
            self._begin()
        ours, theirs = socket.socketpair()
        order = json.dumps({"do": "start", "limits": asdict(self.limits)}).encode()
        socket.send_fds(self._orders, [order], [theirs.fileno()])
        theirs.close()
        self._orders.recv(16)
        return ours

    def stop(self):
        """End it and everything that it has started."""
        with contextlib.suppress(OSError):
            self._orders.send(json.dumps({"do": "stop"}).encode())
            if self._orders.recv(16):
                return
        # Without the warm process bubblewrap ends, and with it all that was in the room.
        self._process.kill()
        self._process.wait()

    def stay_on(self, processor):
        """Let submissions run on this processor only, which they can't change; in a cold room nothing runs yet that could stay."""
        for process in self._processes():
            process.cpu_affinity([processor])

    def holds_too_much(self):
        """Whether a submission's processes hold more memory than they may; what they still share with the warm process is not counted."""
        theirs = [process for process in self._processes() if process.pid not in self._warm]
        # To tell shared pages from others is slow, and seldom asked for: mostly all of them together are few enough.
        if sum(map(_all, theirs)) <= self.limits.memory:
            return False
        held = [*map(_own, theirs)]
        # What they share among themselves counts too, by each one's part of it, which holds a part of the warm process as well.
        return sum(own for own, _ in held) > self.limits.memory or sum(part for _, part in held) > self.limits.memory + self._shared


class ColdRoom(Room):
    """A bubblewrap and a Python of its own for each submission: slower, for machines that allow no namespaces inside bubblewrap."""

    def _begin(self):
        try:
            self._answers()
        except (OSError, Fault):
            raise _refusal(self._process) from None

    def _end(self):
        self.stop()

    def start(self):
        if not self._open:
            raise NoSandbox(CLOSED)
        if self._process:
            self._process.stderr.close()
        ours, theirs = socket.socketpair()
        # As root there is no namespace of users, in which processes could be counted for each submission: a user for each does that.
        user = 2**20 + os.getpid() * 64 + next(USERS) % 64
        self._process = _behind_the_wall([*COLD, str(theirs.fileno()), str(user), json.dumps(asdict(self.limits))], theirs, self.limits.disk)
        return ours

    def stop(self):
        if self._process:
            inside = self._processes()
            self._process.kill()
            self._process.wait()
            # They end with bubblewrap, but a moment later.
            psutil.wait_procs(inside, timeout=WARM_UP)


def _behind_the_wall(arguments, theirs, disk=None):
    """Start a Python that has one socket of ours and nothing else of this machine."""
    command = walled([sys.executable, "-s", "-P", *arguments], disk)
    with theirs:
        return subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def _refusal(process):
    process.kill()
    said = process.communicate()[1].decode(errors="replace").strip().splitlines()
    return NoSandbox(f"students' code can't be shut in here ({said[-1] if said else 'no reason given'}): {HELP}")


@contextlib.contextmanager
def best_room(limits=Limits()):
    """The best room that this machine has: warm where namespaces can be made inside bubblewrap, else cold.

    Parameters
    ----------
    limits : Limits, optional

    Yields
    ------
    Room

    Raises
    ------
    NoSandbox
        Where it has none.
    """
    with contextlib.ExitStack() as stack:
        try:
            room = stack.enter_context(Room(limits))
        except NoSandbox as refusal:
            room = stack.enter_context(ColdRoom(limits))
            logging.getLogger(__name__).warning("Each notebook gets a bubblewrap of its own, which is slower: %s", refusal)
        yield room


@functools.lru_cache(maxsize=1)
def shared_room(limits):
    """The one room of this process, open until the process ends."""
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(best_room(limits))


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


def _all(process):
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def _own(process):
    """Bytes that a process has for itself, and those with its part of what it shares."""
    try:
        held = process.memory_full_info()
    except psutil.NoSuchProcess:
        return 0, 0
    except psutil.AccessDenied:
        return _all(process), 0
    return held.uss, held.pss


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
