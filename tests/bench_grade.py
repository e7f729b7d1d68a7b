"""What grading a class costs: `python tests/bench_grade.py [SUBMISSIONS] [LESSON]` grades the same notebooks by nbgrader alone and by `ccx grade`, in one run.

Stock is nbgrader 0.9 without a sandbox and with its own preprocessors. The floor is the cells' own time: forks of one warm IPython
that run the cells and nothing else, without a sandbox, without scoring.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil

from lessons import ROOT, code, solved

BIN = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
STOCK = """
c = get_config()
c.CourseDirectory.source_directory, c.CourseDirectory.release_directory = "solutions", "lessons"
c.CourseDirectory.submitted_directory, c.CourseDirectory.autograded_directory = "grading/submitted", "grading/autograded"
c.CourseDirectory.ignore = ["answers.py", "__pycache__"]
"""


def main():
    submissions, lesson = int(sys.argv[1]) if sys.argv[1:] else 30, (sys.argv[2:] or ["02-heterogeneity"])[0]
    with tempfile.TemporaryDirectory() as scratch:
        stock, ours = (course(Path(scratch, name), lesson, submissions, config) for name, config in (("stock", STOCK), ("ours", None)))
        print(f"{submissions} submissions of {lesson}, seconds each; {os.cpu_count()} cores")
        first = report("stock nbgrader autograde, one process", stock_once(stock, lesson), submissions)
        report("stock, two processes", stock_twice(stock, lesson, submissions), submissions, first)
        for workers in (1, 2):
            report(f"ccx grade, {workers} worker{'s' * (workers > 1)}", grade(ours, lesson, "--workers", str(workers)), submissions, first)
        report("ccx grade, two Dask workers", on_dask(ours, lesson), submissions, first)
        report("ccx grade, all of it kept from before", grade(ours, lesson, fresh=False), submissions, first)
        report("floor: the cells alone, one process", floor(lesson, submissions, 1), submissions, first)
        report("floor: the cells alone, two processes", floor(lesson, submissions, 2), submissions, first)


def report(name, measured, submissions, first=None):
    seconds, memory = measured
    each = seconds / submissions
    ratio = f"{first / each:5.1f} times stock" if first else ""
    print(f"{name:<42}{each:8.2f}  {ratio:18}  {memory / 2**20:7.0f} MiB at most", flush=True)
    return each


def course(folder, lesson, submissions, config):
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(config or (ROOT / "nbgrader_config.py").read_text(encoding="utf-8"), encoding="utf-8")
    shutil.copytree(ROOT / "solutions" / lesson, folder / "solutions" / lesson, ignore=shutil.ignore_patterns("__pycache__"))
    run(folder, "nbgrader", "generate_assignment", lesson)
    for i in range(submissions):
        place = folder / "grading" / "submitted" / f"s{i % 2}{i:03d}" / lesson
        place.mkdir(parents=True)
        nbformat.write(handed_in(lesson, i), place / f"{lesson}.ipynb")
    return folder


def handed_in(lesson, i):
    """Right, and no two alike, so that no result serves two students."""
    notebook = solved(lesson)
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source += f"\n# student {i}"
    return notebook


def run(folder, *command):
    """Seconds, and the most memory that the command and all that it started held at a time (pages that they share count once for each)."""
    start, most = time.perf_counter(), 0
    with open(folder / "said.txt", "wb") as said:
        process = psutil.Popen([BIN / command[0], *command[1:]], cwd=folder, env=ENVIRONMENT, stdout=said, stderr=said)
        while process.poll() is None:
            most = max(most, held(process))
            time.sleep(2)  # looking takes time that is then missing
    if process.returncode:
        raise RuntimeError((folder / "said.txt").read_text()[-2000:])
    return time.perf_counter() - start, most


def held(process):
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_full_info().pss
        except psutil.Error:
            continue
    return total


def stock_once(folder, lesson):
    return run(folder, "nbgrader", "autograde", lesson, "--force")


def stock_twice(folder, lesson, submissions):
    start = time.perf_counter()
    running = [subprocess.Popen([BIN / "nbgrader", "autograde", lesson, "--force", f"--student=s{half}*"], cwd=folder, env=ENVIRONMENT,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for half in (0, 1)]
    if any([process.wait() for process in running]):
        raise RuntimeError("stock nbgrader failed")
    return time.perf_counter() - start, 0


def grade(folder, lesson, *options, fresh=True):
    if fresh:
        for name in ("autograded", "executed"):
            shutil.rmtree(folder / "grading" / name, ignore_errors=True)
    else:
        shutil.rmtree(folder / "grading" / "autograded")
    return run(folder, "ccx", "grade", lesson, *options)


def on_dask(folder, lesson):
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        return grade(folder, lesson, "--scheduler", cluster.scheduler_address)


def floor(lesson, submissions, processes):
    from ccx.classroom.sandbox.cells import run as run_cell
    from ccx.classroom.sandbox.warm import warm_up

    os.environ["NBGRADER_EXECUTION"] = "autograde"
    shell = warm_up()
    notebooks = [[cell.source for cell in code(handed_in(lesson, i))] for i in range(submissions)]
    start, busy = time.perf_counter(), set()
    for sources in notebooks:
        if len(busy) == processes:
            busy.remove(os.wait()[0])
        if not (child := os.fork()):
            for source in sources:
                run_cell(shell, source, 2**20)
            os._exit(0)
        busy.add(child)
    while busy:
        busy.remove(os.wait()[0])
    return time.perf_counter() - start, 0


if __name__ == "__main__":
    main()
