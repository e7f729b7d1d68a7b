"""Run cells in this process as a notebook would and keep what they show, in the form that nbformat stores.

This is the untrusted side: it runs inside the sandbox, beside the student's code, and nothing that it says proves anything.
"""

import io
import json
import sys

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from . import DESK


class Record:
    """What a cell has shown so far, up to a number of bytes."""

    def __init__(self, most):
        self.outputs, self.most, self.left = [], most, most

    def clear(self):
        self.outputs, self.left = [], self.most

    def stream(self, name, text):
        text = self._fitting(text)
        last = self.outputs[-1] if self.outputs else {}
        if last.get("name") == name:
            last["text"] += text
        elif text:
            self.outputs.append({"output_type": "stream", "name": name, "text": text})

    def add(self, kind, **content):
        size = len(str(content))
        if size <= self.left:
            self.left -= size
            self.outputs.append({"output_type": kind, **content})

    def _fitting(self, text):
        kept = text[:self.left]
        self.left -= len(kept)
        return kept


RECORD = Record(2**20)


class Stream(io.TextIOBase):
    """Standard output or error, kept."""

    def __init__(self, name):
        self.name = name

    def writable(self):
        return True

    def write(self, text):
        RECORD.stream(self.name, str(text))
        return len(text)


class Publisher(DisplayPublisher):
    """Where `display` puts things."""

    def publish(self, data, metadata=None, **_):
        RECORD.add("display_data", data=data, metadata=metadata or {})

    def clear_output(self, wait=False):
        RECORD.clear()


class Hook(DisplayHook):
    """Where the value of a cell's last line goes."""

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        RECORD.add("execute_result", data=format_dict, metadata=md_dict or {}, execution_count=self.prompt_count)

    def finish_displayhook(self):
        pass


class Shell(InteractiveShell):
    """An IPython without a terminal and without a kernel."""

    def _showtraceback(self, etype, evalue, stb):
        RECORD.add("error", ename=getattr(etype, "__name__", "Error"), evalue=_text(evalue), traceback=list(stb))


def _text(error):
    try:
        return str(error)
    except Exception:
        return "an error that can't be shown"


def new_shell():
    """An IPython that leaves no file behind."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    return Shell.instance(config=config, display_pub_class=Publisher, displayhook_class=Hook, ipython_dir=DESK)


def run(shell, source, output):
    """Run one cell.

    Parameters
    ----------
    shell : Shell
    source : str
    output : int
        Characters of output to keep.

    Returns
    -------
    dict
        ``outputs`` and ``execution_count``, as nbformat has them.
    """
    RECORD.most = output
    RECORD.clear()
    sys.stdout, sys.stderr = Stream("stdout"), Stream("stderr")
    result = shell.run_cell(source, store_history=True)
    return {"outputs": RECORD.outputs, "execution_count": result.execution_count}


def serve(shell, output, cells):
    """Run each cell that comes over a socket and send back what it has shown.

    Parameters
    ----------
    shell : Shell
    output : int
        Characters of output to keep of a cell.
    cells : socket
    """
    lines = cells.makefile("r", encoding="utf-8")
    for line in lines:
        reply = run(shell, json.loads(line), output)
        cells.sendall(json.dumps(reply, default=str).encode() + b"\n")
