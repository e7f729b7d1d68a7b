"""What the tests of lessons share: which lessons there are, how one is read and run."""

import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from ccx.classroom.bank import load_bank
from ccx.classroom.exercise import SOMEBODY

ROOT = Path(__file__).resolve().parent.parent
NAMES = sorted(path.name for path in (ROOT / "solutions").iterdir() if path.is_dir())

# Kernels talk over loopback, so that alone stays open.
OFFLINE = """
import socket
_connect = socket.socket.connect
def _only_here(self, address):
    if self.family != getattr(socket, "AF_UNIX", None) and not str(address[0]).startswith("127."):
        raise OSError(f"a lesson needs no network, but asked for {address}")
    return _connect(self, address)
socket.socket.connect = _only_here
"""


def solution(name):
    return nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4)


def release(name):
    return nbformat.read(ROOT / "lessons" / name / f"{name}.ipynb", as_version=4)


def solved(name):
    """The release with the solution's answers in it: what a good student hands in."""
    handed, right = release(name), solution(name)
    sources = {cell.id: cell.source for cell in right.cells}
    for cell in handed.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = sources[cell.id]
    return handed


def bank(name):
    return load_bank(ROOT / "solutions" / name / "answers.py")


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def run(notebook, folder):
    """Execute a notebook without network, from first to last cell, whatever complains."""
    notebook.cells.insert(0, new_code_cell(OFFLINE, id="offline"))
    NotebookClient(notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": str(folder)}}).execute()
    del notebook.cells[0]
    return notebook


def texts(cell):
    """Everything a cell shows that is text: what a student reads and a screen reader speaks."""
    for output in cell.outputs:
        if output.output_type == "stream":
            yield output.text
        elif output.output_type == "error":
            yield "\n".join(output.traceback)
        else:
            yield output.data.get("text/html", output.data.get("text/plain", ""))


def words(cell):
    """The same without pictures and tags."""
    return [re.sub(r"<[^>]*>", " ", re.sub(r'src="data:[^"]*"', "", text)) for text in texts(cell)]


def leaks(text, exercises):
    """The exercises whose right answer stands in a text, as a number or as a percentage."""
    numbers = [float(number) / (100 if percent else 1) for number, percent
               in re.findall(r"(?<![\w.,-])(\d+(?:\.\d+)?)(?![\d,]*\d|[a-z])\s*(%|per cent)?", text)]
    return {exercise.id for exercise in exercises if exercise.kind == "scalar"
            for right in exercise.of(*SOMEBODY).right for number in numbers if abs(number - right[0]) <= exercise.tolerance}
