"""Many notebooks at a time: on this machine, a warm process for each worker, or on a cluster through Dask's scheduler.

What comes back is what `execute` gives, in the order in which it is finished. Nothing here knows nbgrader.
"""

import os
import queue
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager

from ..kept import surroundings
from .execute import execute
from .rooms import best_room, shared_room

LOCK = threading.Lock()
PATIENCE = 20  # seconds to wait for a scheduler


def on_this_machine(jobs, limits, workers):
    """Run notebooks in as many sandboxes as there are workers.

    Parameters
    ----------
    jobs : dict of list of str
        The code cells of each notebook, by a key.
    limits : Limits
    workers : int

    Yields
    ------
    key : str
    shown : list of dict, or the Exception that kept the notebook from being run

    Raises
    ------
    NoSandbox
        Where students' code can't be shut in.
    """
    # The threads only feed the sandboxes and wait for them; what takes time are the processes.
    with open_rooms(limits, min(workers, len(jobs))) as rooms:
        pool = ThreadPoolExecutor(workers)
        try:
            futures = {pool.submit(_in_a_room, rooms, sources): key for key, sources in jobs.items()}
            for future in as_completed(futures):
                yield futures[future], _outcome(future)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def open_rooms(limits, count):
    """Sandboxes to take and to put back, each on a processor of its own as far as there are enough.

    Parameters
    ----------
    limits : Limits
    count : int

    Yields
    ------
    queue.SimpleQueue of room

    Raises
    ------
    NoSandbox
        Where students' code can't be shut in.
    """
    rooms, processors = queue.SimpleQueue(), sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    with ExitStack() as stack:
        for i in range(count):
            room = stack.enter_context(best_room(limits))
            # So that no submission can take the processor from its neighbours.
            room.stay_on(processors[i % len(processors)])
            rooms.put(room)
        yield rooms


def _in_a_room(rooms, sources):
    room = rooms.get()
    try:
        return execute(sources, room)
    finally:
        rooms.put(room)


def _outcome(future):
    return future.exception() or future.result()


def on_a_cluster(jobs, limits, scheduler):
    """Run notebooks on the workers of a Dask scheduler, each in a sandbox on the worker's machine.

    Parameters
    ----------
    jobs : dict of list of str
    limits : Limits
    scheduler : str
        Its address, such as ``tcp://127.0.0.1:8786``.

    Yields
    ------
    key : str
    shown : list of dict, or the Exception that kept the notebook from being run

    Raises
    ------
    RuntimeError
        Without Dask, a scheduler or workers.
    """
    client = _client(scheduler)
    from distributed import as_completed as completed

    with client:
        futures = {client.submit(run_here, sources, limits, surroundings(), key=key, retries=2): key for key, sources in jobs.items()}
        for future in completed(futures):
            yield futures[future], _outcome(future)


def _client(scheduler):
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise RuntimeError("Grading on a cluster takes Dask: pip install 'ccx[cluster]'.") from None
    try:
        client = Client(scheduler, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise RuntimeError(f"There is no scheduler at {scheduler} ({error}): start one with dask scheduler.") from None
    if not client.scheduler_info()["workers"]:
        client.close()
        raise RuntimeError(f"The scheduler at {scheduler} has no workers: start some with dask worker {scheduler} --nthreads 1.")
    return client


def run_here(sources, limits, expected):
    """Run one notebook on a worker, whose `ccx`, data and packages must be those of the machine that grades."""
    if surroundings() != expected:
        raise RuntimeError("This worker has another version of ccx, its data or its packages than the machine that grades: install the same.")
    # A worker may have several threads, and a room has place for one submission.
    with LOCK:
        return execute(sources, shared_room(limits))
