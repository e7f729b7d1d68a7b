"""Lessons executed, several at a time, as a student finds them: without answers."""

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import nbformat
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, CellExecutionError, DeadKernelError

from ...explore._explorer import ASKED
from .render import LOOKS_AROUND, NOT_RUN

PATIENCE = 900  # seconds for a cell
# Ports can be taken by somebody else between their choice and their use.
TRANSPORT = "tcp" if os.name == "nt" else "ipc"


def executed(paths, workers=None, done=lambda name: None):
    """Execute notebooks.

    Parameters
    ----------
    paths : dict of str to Path
        By the lesson's name.
    workers : int, optional
        How many at a time; one a core when omitted.
    done : function of a lesson's name, optional
        Called when it has run.

    Returns
    -------
    dict of str to NotebookNode

    Raises
    ------
    ValueError
        For a cell that stopped, with lesson and cell. A check without an answer may complain.
    """
    notebooks, kernels = {}, []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        waiting = {pool.submit(_run, name, path, Path(folder), kernels): name for name, path in paths.items()}
        try:
            for future in as_completed(waiting):
                notebooks[waiting[future]] = future.result()
                done(waiting[future])
        except BaseException:
            # What waits is not begun, and what runs loses its kernel.
            pool.shutdown(wait=False, cancel_futures=True)
            for kernel in kernels:
                if process := getattr(kernel.provisioner, "process", None):
                    process.kill()
            raise
    return {name: notebooks[name] for name in paths}


def _run(name, path, folder, kernels):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.source.strip() == LOOKS_AROUND:
            # What it finds is true of this machine and of this moment.
            cell.metadata.setdefault("tags", []).append(NOT_RUN)
    kernel = AsyncKernelManager(kernel_name="python3", transport=TRANSPORT, connection_file=str(folder / f"{name}.json"))
    kernels.append(kernel)
    at = []
    client = NotebookClient(notebook, km=kernel, timeout=PATIENCE, store_widget_state=False, resources={"metadata": {"path": str(path.parent)}},
                            on_cell_execute=lambda cell, cell_index: at.append(cell.id))
    try:
        client.execute(cleanup_kc=True, env=_environment(folder))
    except (CellExecutionError, CellControlSignal, DeadKernelError, RuntimeError) as error:
        raise ValueError(_sentence(name, at, error)) from None
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error" and output.ename != "NotYet":
                raise ValueError(f"{name}: cell {cell.id} stopped with {output.ename}: {output.evalue}")
    return notebook


def _sentence(name, at, error):
    cell = f"cell {at[-1]}" if at else "the kernel"
    if isinstance(error, CellExecutionError):
        return f"{name}: {cell} stopped with {error.ename}: {error.evalue}"
    return f"{name}: {cell} could not be run: {' '.join(str(error).split())[:200]}"


def _environment(folder):
    """Like ours, but the same wherever and whenever it is: not as for a grader, with explorers' frames, one thread, one order of sets, nobody's IPython settings."""
    ours = {name: value for name, value in os.environ.items() if name != "NBGRADER_EXECUTION"}
    return {**ours, ASKED: "1", "IPYTHONDIR": str(folder), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
