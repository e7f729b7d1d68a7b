"""Opening the course in JupyterLab: where the course is, the command that starts JupyterLab, and its environment variables."""

import os
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

FIRST_LESSON = "lessons/00-start/00-start.ipynb"


def open_lab(start, options=()):
    """Open JupyterLab on the first lesson, and wait until it ends.

    Parameters
    ----------
    start : Path
        A folder in the course.
    options : sequence of str
        Handed on to JupyterLab.

    Returns
    -------
    int
        JupyterLab's exit code.
    """
    root = course_root(start)
    if _is_superuser():
        print("JupyterLab runs as root here, so it is started with --allow-root.", flush=True)
    command = lab_command(root, os.environ, options, superuser=_is_superuser())
    return _run(command, root, lab_environment(os.environ))


def course_root(start):
    """Find the folder of the course: the one with the lessons, in a checkout or in a student's bundle.

    Parameters
    ----------
    start : Path
        Looked at first, then the folders above it, then the checkout ccx runs from.

    Returns
    -------
    Path
    """
    checkout = Path(__file__).resolve().parent.parent
    for folder in (start, *start.parents, checkout):
        if (folder / FIRST_LESSON).is_file():
            return folder
    raise FileNotFoundError(f"no course in {start} or above it: go to the folder that holds lessons")


def lab_command(root, environ, options=(), superuser=False):
    """Put the command together that starts JupyterLab.

    Parameters
    ----------
    root : Path
        The folder of the course, which JupyterLab shows.
    environ : mapping
        The environment variables, which tell whether there is a display.
    options : sequence of str
        Handed on to JupyterLab; they come last, so that they win.
    superuser : bool
        Whether the server is to run as root, which it refuses unless told.

    Returns
    -------
    list of str
    """
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}",
               f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}"]
    if not _has_display(environ):
        command.append("--no-browser")
    if superuser:
        command.append("--allow-root")
    return [*command, *options]


def lab_environment(environ):
    """The environment variables for JupyterLab, with this Python's programs found first.

    Parameters
    ----------
    environ : mapping

    Returns
    -------
    dict
    """
    # nbgrader runs alembic by its name, also where nobody has activated the environment.
    path = [sysconfig.get_path("scripts"), environ.get("PATH")]
    return {**environ, "PATH": os.pathsep.join(filter(None, path))}


def _has_display(environ):
    if sys.platform != "linux":
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _is_superuser():
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _run(command, folder, environ):
    with subprocess.Popen(command, cwd=folder, env=environ) as child:
        # Ctrl-C reaches the child too, and JupyterLab asks before it stops: only the child decides.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda number, frame: child.terminate())
        return child.wait()
