"""The warm process: inside bubblewrap it imports what lessons import, once, and forks a shut-in copy of itself for each submission.

`python -m ccx.classroom.sandbox.warm FD` takes orders on a socket: ``start`` comes with the limits and a socket for the new copy, ``stop`` ends
the copy and everything that it has started. It never sees a notebook: cells go over the copy's own socket, so that no copy can find in
its memory what another student has written.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import signal
import socket
import sys

import ccx
from ccx.data import datasets_folder

from .cells import new_shell, serve
from .namespaces import LIBC, PR_SET_CHILD_SUBREAPER, Limits, become_ordinary, shut_in

NOBODY = 65534


def main():
    orders = socket.socket(fileno=int(sys.argv[1]))
    become_ordinary(NOBODY)
    adopt_orphans()
    shell = warm_up()
    orders.send(b"ready")
    copy = None
    while order := orders_from(orders):
        message, sockets = order
        if message["do"] == "start":
            copy = start(shell, Limits(**message["limits"]), sockets[0], orders)
        elif copy:
            stop(copy)
            copy = None
        orders.send(b"done")


def adopt_orphans():
    """An init whose parent has died becomes ours, so that we can wait for its end."""
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def warm_up():
    """Import what lessons import and read the data that they load, so that no copy has to."""
    for name in ("anywidget", "contourpy", "matplotlib.pyplot", "scipy.optimize", "scipy.stats", "sklearn.cluster", "sklearn.linear_model", "sklearn.mixture", "sklearn.model_selection",
                 "ccx.explore._shell", "ccx.ledger", "ccx.voice"):
        importlib.import_module(name)
    for package in map(importlib.import_module, ("ccx", "ccx.clv", "ccx.explore", "ccx.market", "ccx.network", "ccx.paradox", "ccx.selection", "ccx.simulate")):
        for name in package.__all__:
            getattr(package, name)
    for card in datasets_folder().glob("*.toml"):
        # The grocery panel is a package that may be missing; its lessons say so themselves.
        with contextlib.suppress(Exception):
            ccx.load(card.stem)
    shell = new_shell()
    shell.run_cell("pass", silent=True)
    # The first picture and the first table load fonts and formatters.
    ccx.plot_lorenz([1, 2, 3]).figure.savefig(io.BytesIO())
    shell.display_formatter.format(ccx.decile_table(range(1, 21)))
    # A copy shares memory with this process as long as neither touches it, and collecting garbage touches everything.
    gc.freeze()
    return shell


def orders_from(orders):
    message, descriptors, _, _ = socket.recv_fds(orders, 4096, 1)
    return (json.loads(message), [socket.socket(fileno=one) for one in descriptors]) if message else None


def start(shell, limits, cells, orders):
    """Fork the copy that will run the cells that come over a socket."""
    copy = os.fork()
    if copy:
        cells.close()
        return copy
    try:
        orders.close()
        shut_in(limits)
        serve(shell, limits.output, cells)
    except OSError as error:
        print(f"a student's Python could not be shut in: {error}", file=sys.__stderr__)
    finally:
        os._exit(0)


def stop(copy):
    """End a copy: its init dies with it, and the init is not gone before everything in its process namespace is."""
    os.kill(copy, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


if __name__ == "__main__":
    main()
