"""Checks of what a notebook needs: its kernel, the server, the parts of JupyterLab, pictures."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

from .result import REINSTALL, Result

SECONDS_TO_START = 30
SECONDS_TO_RUN = 10


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
