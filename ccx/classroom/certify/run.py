"""All certificates: each lesson in two processes that must say the same, a table for the terminal and one page."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..._page import render
from .lesson import Certificate


def certify(root, names=()):
    """Certify the exercises of a course.

    Parameters
    ----------
    root : Path
        The course's folder, with ``solutions`` and ``lessons``.
    names : sequence of str, optional
        Of the lessons; all if left out.

    Returns
    -------
    dict of str to list of Certificate
        By lesson. A lesson that could not be certified has one certificate, which says why.

    Raises
    ------
    ValueError
        For a lesson that is not there.
    """
    root = Path(root).resolve()
    there = sorted(path.parent.name for path in root.glob("solutions/*/answers.py"))
    if unknown := sorted({*names} - {*there}):
        raise ValueError(f"There is no lesson {unknown[0]} with an answers.py under {root / 'solutions'}; there are {', '.join(there) or 'none'}.")
    names = sorted(names) or there
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        said = pool.map(lambda run: _in_a_process(root, *run), [(name, direction) for name in names for direction in ("forwards", "backwards")])
        said = list(said)
    return {name: _compared(name, *said[2 * i:2 * i + 2]) for i, name in enumerate(names)}


def _in_a_process(root, name, direction):
    """What one process says of a lesson, or a sentence."""
    # Two seeds that differ show whether anything hangs on the order of a set.
    seed = {"forwards": "1", "backwards": "2"}[direction]
    command = [sys.executable, "-m", "ccx.classroom.certify.lesson", root / "solutions" / name, root / "lessons" / name, direction]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "1"})
    if done.returncode:
        return f"{name}: its exercises could not be certified: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}"
    return json.loads(done.stdout)


def _compared(name, once, again):
    for said in (once, again):
        if isinstance(said, str):
            return [Certificate(name, "lesson", 0, problems=[said])]
    found = [Certificate(**one) for one in once]
    for one in found:
        if again.get(one.id) != one.numbers:
            one.problems.append(f"{one.id}: a second process, with another hash seed and the exercises backwards, found something else.")
    return found


def problems(found):
    """Everything that fails, a sentence each."""
    return [problem for lesson in found.values() for one in lesson for problem in one.problems]


def table(found):
    """The certificates as lines for a terminal.

    Parameters
    ----------
    found : dict of str to list of Certificate

    Returns
    -------
    str
    """
    lines = [f"{'exercise':24} {'kind':9} {'right':>5} {'mistakes':>8} {'accepted':>8} {'excluded':>8} {'mutants':>9} {'inputs':>6}  holds"]
    for one in (one for lesson in found.values() for one in lesson):
        lines.append(f"{one.id:24} {one.kind:9} {one.ways:5} {one.mistakes:8} {len(one.accepted):8} {len(one.excluded):8} {one.mutants or '–':>9} {one.inputs or '–':>6}"
                     f"  {'no' if one.problems else 'yes'}")
    return "\n".join(lines)


def page(found):
    """The certificates as one HTML page.

    Parameters
    ----------
    found : dict of str to list of Certificate

    Returns
    -------
    str
    """
    every = [one for lesson in found.values() for one in lesson]
    return render(Path(__file__).parent / "page.html", lessons=found, problems=problems(found), count=len(every), failed=sum(bool(one.problems) for one in every))
