"""The trusted side of the sandbox: rooms behind bubblewrap, in each of which one submission runs at a time.

A `Room` is a warm process inside bubblewrap; a program that grades holds as many as it has workers.
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
from dataclasses import asdict

import psutil

from . import HELP, NoSandbox, walled
from .execute import WARM_UP, Fault, execute
from .namespaces import Limits

WARM, COLD = ["-m", "ccx.classroom.sandbox.warm"], ["-m", "ccx.classroom.sandbox.cold"]
USERS = itertools.count()
CLOSED = "the sandbox was closed before this notebook had come to its end"


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
