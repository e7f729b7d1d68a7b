"""What usually breaks on a student's machine, looked at in a few seconds.

Each check is a function without arguments that returns a :class:`Result`; a
check that raises becomes a failed result, so the list always runs to its end.
Imports stand inside the checks: a missing package is a finding, not a crash.
"""

from .jupyter import callbacks, explorers, kernel, kernelspec, pictures, server, validate_button, widgets
from .machine import alembic, cdnow, grocery, packages, python_version, sandbox, working_folder
from .result import REINSTALL, Diagnosis, Result

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
