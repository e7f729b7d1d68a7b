"""The outer wall: bubblewrap around the process that runs students' code, or a refusal that says what to do."""

import os
import shutil
import sys
from pathlib import Path

import ccx

HELP = ("grade on Linux with bubblewrap or in a container (README, Grading safely), or give up all protection with "
        "ccx grade --no-sandbox or nbgrader autograde --RunToTheEnd.sandbox=False")
# Not /tmp, below which the course itself may lie.
DESK = "/desk"
# numpy's helpers would start threads in every process; one each is fair to the others.
ENVIRONMENT = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": DESK, "TMPDIR": DESK, "MPLCONFIGDIR": DESK, "IPYTHONDIR": DESK, "LANG": "C.UTF-8",
               "MPLBACKEND": "module://matplotlib_inline.backend_inline", "NBGRADER_EXECUTION": "autograde", "PYTHONDONTWRITEBYTECODE": "1",
               "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class NoSandbox(RuntimeError):
    """Students' code can't be shut in on this machine; the message says what to do."""


def bubblewrap():
    """The path of bubblewrap's program.

    Raises
    ------
    NoSandbox
        Where there is none.
    """
    if not sys.platform.startswith("linux"):
        raise NoSandbox(f"students' code can only be shut in on Linux, and this is {sys.platform}: {HELP}")
    found = shutil.which("bwrap")
    if not found:
        raise NoSandbox(f"bubblewrap is missing (on Debian and Ubuntu: apt install bubblewrap): {HELP}")
    return found


def walled(command, disk=None, sockets=None, file=None):
    """A command inside bubblewrap: no network, nothing to read but Python, `ccx` and its data, nothing to write but empty folders.

    Parameters
    ----------
    command : list of str
    disk : int, optional
        Bytes that may be written; without it the command has to see to that itself.
    sockets : Path, optional
        One more folder that may be written to.
    file : Path, optional
        One more file that may be read.

    Returns
    -------
    list of str
    """
    # Root needs no namespace of users, in which it would stay root outside; it changes its user inside.
    users = ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] if os.getuid() == 0 else ["--unshare-user"]
    spaces = [f"--unshare-{space}" for space in ("ipc", "pid", "net", "uts", "cgroup-try")]
    binds = {**dict.fromkeys(readable(), "--ro-bind"), **({file: "--ro-bind"} if file else {}), **({sockets: "--bind"} if sockets else {})}
    # Folders on the way that bubblewrap made by itself would be closed to an ordinary user.
    way = sorted({parent for path in binds for parent in path.parents if parent != Path("/")})
    folders = [part for folder in way for part in ("--perms", "0755", "--dir", str(folder))]
    folders += [part for path, how in binds.items() for part in (how, str(path), str(path))]
    open_to_all = ["--perms", "1777", "--tmpfs"]
    size = ["--size", str(disk)] if disk else []
    links = [part for name in ("bin", "lib", "lib64") if Path("/", name).is_symlink() for part in ("--symlink", f"usr/{name}", f"/{name}")]
    return [bubblewrap(), *users, *spaces, "--die-with-parent", "--new-session", "--clearenv", *[part for pair in ENVIRONMENT.items() for part in ("--setenv", *pair)],
            "--ro-bind", "/usr", "/usr", *links, *folders, "--proc", "/proc", "--dev", "/dev", *size, *open_to_all, "/dev/shm", *size, *open_to_all, DESK, "--remount-ro", "/", "--chdir", DESK, "--", *command]


def readable():
    """The folders beside /usr that running a lesson takes: Python, its packages, `ccx` without the solutions, and the data."""
    from ccx.data import datasets_folder

    package = Path(ccx.__file__).parent
    folders = {Path(sys.prefix), Path(sys.base_prefix), package, datasets_folder().resolve()}
    alone = [folder for folder in folders if not any(other != folder and folder.is_relative_to(other) for other in [*folders, Path("/usr")])]
    return sorted(alone)
