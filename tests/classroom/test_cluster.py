"""Grading on a cluster and into a database server: a real Dask scheduler with two workers, and a real PostgreSQL, both on loopback."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

import tiny
from ccx import cli
from ccx.classroom.sandbox import farm
from tiny import NAME, hand_in, solved

BIN = Path(sys.executable).parent
FULL = {"share": 2, "double": 3, "decide": None}


def give_up(reason):
    # Where tests run unattended a skipped test would look like a passed one.
    (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The scheduler's address and its two workers."""
    folder, port = tmp_path_factory.mktemp("dask"), free_port()
    address = f"tcp://127.0.0.1:{port}"
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    worker = [BIN / "dask", "worker", address, "--nthreads", "1", "--no-dashboard", "--local-directory", folder]
    running = [subprocess.Popen([BIN / "dask", "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **quiet),
               *(subprocess.Popen(worker, **quiet) for _ in range(2))]
    from distributed import Client

    with Client(address, timeout=60) as client:
        client.wait_for_workers(2, timeout=60)
    yield address, running[1:]
    for process in running:
        process.terminate()
    for process in running:
        process.wait(30)


@pytest.fixture
def scheduler(cluster):
    return cluster[0]


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        give_up("there is no PostgreSQL server; Debian has it in its package postgresql")
    folder, port = tmp_path_factory.mktemp("postgres"), free_port()
    # The server refuses to run as root, and whoever runs it must reach its folder.
    somebody = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    data = Path("/var/tmp") / f"{folder.name}-{port}" if somebody else folder / "data"
    run = lambda *command: subprocess.run([*somebody, *command], check=True, cwd="/", capture_output=True)  # noqa: E731
    run(programs[-1] / "initdb", "-D", data, "-U", "grader", "--auth=trust", "--no-sync")
    run(programs[-1] / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", f"-h 127.0.0.1 -p {port} -k {data} -F", "start")
    yield f"postgresql+psycopg://grader@127.0.0.1:{port}/postgres"
    run(programs[-1] / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(data)


@pytest.fixture
def course(tmp_path, monkeypatch):
    made = tiny.course(tmp_path)
    monkeypatch.chdir(made)
    return made


def points(url, student):
    with Gradebook(url) as gradebook:
        return {grade.name: grade.auto_score for grade in gradebook.find_submission_notebook(NAME, NAME, student).grades}


def test_a_class_is_graded_on_two_workers(course, scheduler, capsys):
    for i in range(6):
        hand_in(course, f"s{i}", solved(course, share_answer=f"share = 0.749  # {i}"))
    hand_in(course, "mallory", solved(course, share_answer="import os; os.kill(-1, 9)", double_answer="while True: pass"))
    hand_in(course, "spy", solved(course, share_answer="import os; share = 0.749 if 'answers' in str(list(os.walk('/'))) else 0.5"))
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8").replace("RunToTheEnd.timeout = 60", "RunToTheEnd.timeout = 3"), encoding="utf-8")
    assert cli.main(["grade", NAME, "--scheduler", scheduler]) == 0
    url = f"sqlite:///{course}/grading/gradebook.db"
    assert all(points(url, f"s{i}") == FULL for i in range(6))
    assert points(url, "mallory") == {**FULL, "share": 0, "double": 0} and points(url, "spy")["share"] == 0
    assert len(list((course / "grading" / "executed").iterdir())) == 8


def test_a_worker_that_dies_costs_nobody_anything(course, cluster):
    import psutil

    scheduler, workers = cluster

    for i in range(4):
        hand_in(course, f"s{i}", solved(course, share_answer=f"import time; time.sleep(2)\nshare = 0.749  # {i}"))
    command = [sys.executable, "-m", "ccx.cli", "grade", NAME, "--scheduler", scheduler]
    grading = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    while not list((course / "grading" / "executed").glob("*.json")) and grading.poll() is None:
        time.sleep(0.1)
    # Other tests grade on this machine at the same time: only a process below one of our workers is ours to kill.
    below = [one for worker in workers for one in psutil.Process(worker.pid).children(recursive=True)]
    busy = next(one for one in below if "ccx.classroom.sandbox.warm" in one.cmdline())
    busy.parent().kill()
    assert "4 graded" in grading.communicate(timeout=120)[0]
    assert all(points(f"sqlite:///{course}/grading/gradebook.db", f"s{i}") == FULL for i in range(4))


def test_a_worker_with_another_version_is_refused(course, scheduler, monkeypatch, capsys):
    hand_in(course, "ada", solved(course))
    monkeypatch.setattr(farm, "surroundings", lambda: "another")
    assert cli.main(["grade", NAME, "--scheduler", scheduler]) == 1
    assert "This worker has another version of ccx" in capsys.readouterr().out


def test_the_gradebook_may_be_a_postgresql_server(tmp_path, postgres, monkeypatch, capsys):
    monkeypatch.setenv("CCX_DB_URL", postgres)
    course = tiny.course(tmp_path)
    monkeypatch.chdir(course)
    for i in range(3):
        hand_in(course, f"s{i}", solved(course, share_answer=f"share = 0.749  # {i}"))
    assert cli.main(["grade", NAME]) == 0 and not (course / "grading" / "gradebook.db").exists()
    assert all(points(postgres, f"s{i}") == FULL for i in range(3))
    hand_in(course, "s0", solved(course, share_answer="share = 0.251"))
    assert cli.main(["grade", NAME]) == 0 and points(postgres, "s0") == {**FULL, "share": 1}
    assert "2 unchanged" in capsys.readouterr().out
    done = subprocess.run([BIN / "nbgrader", "export"], cwd=course, capture_output=True, text=True, env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"})
    assert done.returncode == 0, done.stderr
    assert "s0" in (course / "grading" / "grades.csv").read_text(encoding="utf-8")
