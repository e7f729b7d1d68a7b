"""The command line, without starting a server: that is tested in a browser."""

import importlib
import os
import signal
import subprocess
import sys
import types
from pathlib import Path

import pytest

from ccx import cli, lab
from ccx.doctor.result import Result, report

doctor = importlib.import_module("ccx.doctor")
HERE = {"DISPLAY": ":0"}


@pytest.fixture
def course(tmp_path):
    (tmp_path / "lessons" / "02-who").mkdir(parents=True)
    (tmp_path / lab.FIRST_LESSON).parent.mkdir()
    (tmp_path / lab.FIRST_LESSON).touch()
    return tmp_path


def stand_in(monkeypatch, name, **functions):
    """Put a module of that name in place of the real one."""
    module = types.ModuleType(name)
    vars(module).update(functions)
    monkeypatch.setitem(sys.modules, name, module)


# ccx lab


def test_course_is_found_from_below(course):
    assert lab.course_root(course) == course
    assert lab.course_root(course / "lessons" / "02-who") == course


def test_course_of_the_checkout_is_the_last_resort(course, tmp_path_factory, monkeypatch):
    monkeypatch.setattr(lab, "__file__", str(course / "ccx" / "lab.py"))
    assert lab.course_root(tmp_path_factory.mktemp("elsewhere")) == course.resolve()


def test_a_folder_without_the_first_lesson_is_no_course(course, monkeypatch):
    (course / lab.FIRST_LESSON).unlink()
    monkeypatch.setattr(lab, "__file__", str(course / "ccx" / "lab.py"))
    with pytest.raises(FileNotFoundError, match="no course in .* or above it"):
        lab.course_root(course)


def test_lab_shows_the_course_and_opens_the_first_lesson():
    assert lab.lab_command(Path("course"), HERE) == [
        sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir=course",
        "--LabApp.default_url=/lab/tree/lessons/00-start/00-start.ipynb"]


@pytest.mark.parametrize("platform, environ, opened", [
    ("linux", {}, False), ("linux", {"DISPLAY": ""}, False), ("linux", {"DISPLAY": ":0"}, True),
    ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True), ("darwin", {}, True), ("win32", {}, True)])
def test_browser_is_opened_where_there_is_a_display(platform, environ, opened, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)
    assert ("--no-browser" not in lab.lab_command(Path("course"), environ)) == opened


def test_root_is_allowed_only_to_root():
    assert "--allow-root" not in lab.lab_command(Path("course"), HERE)
    assert "--allow-root" in lab.lab_command(Path("course"), HERE, superuser=True)


def test_options_come_last():
    command = lab.lab_command(Path("course"), {}, ["--port", "8899"], superuser=True)
    assert command[-2:] == ["--port", "8899"]


def test_programs_of_this_environment_come_first():
    environ = lab.lab_environment({"PATH": "elsewhere", "HOME": "home"})
    first, *rest = environ["PATH"].split(os.pathsep)
    assert Path(first, "alembic").exists() or Path(first, "alembic.exe").exists()
    assert rest == ["elsewhere"] and environ["HOME"] == "home"


def test_empty_path_adds_no_current_folder():
    # An empty entry on PATH means the current folder.
    [only] = lab.lab_environment({})["PATH"].split(os.pathsep)
    assert Path(only).is_dir()


@pytest.mark.parametrize("superuser", [True, False])
def test_lab_runs_the_command_in_the_course(superuser, course, monkeypatch, capsys):
    seen = []
    monkeypatch.chdir(course / "lessons")
    monkeypatch.setattr(lab, "_is_superuser", lambda: superuser)
    monkeypatch.setattr(lab, "_run", lambda command, folder, environ: seen.append((command, folder)) or 7)
    assert cli.main(["lab", "--", "--port", "8899"]) == 7
    [(command, folder)] = seen
    assert folder == course and command[-2:] == ["--port", "8899"]
    assert ("--allow-root" in command) == ("root" in capsys.readouterr().out) == superuser


def run_child(code, tmp_path):
    """A process that runs `code` as the child of lab._run, as soon as that child has started."""
    script = f"import os, sys\nfrom ccx import lab\nsys.exit(lab._run([sys.executable, '-c', {code!r}], '.', os.environ))"
    process = subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "PYTHONPATH": str(Path(cli.__file__).parent.parent)})
    assert process.stdout.readline() == "started\n"
    return process


def test_exit_code_of_the_child_is_handed_on(tmp_path):
    process = run_child("print('started', flush=True); raise SystemExit(3)", tmp_path)
    assert process.wait(30) == 3


def test_child_gets_its_folder_and_environment(tmp_path):
    code = "import os; assert os.environ['GREETING'] == 'hello'; open('was here', 'x')"
    script = (f"import os, sys; from ccx import lab; environ = {{**os.environ, 'GREETING': 'hello'}};"
              f"sys.exit(lab._run([sys.executable, '-c', {code!r}], {str(tmp_path)!r}, environ))")
    environ = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parent.parent)}
    subprocess.run([sys.executable, "-c", script], check=True, env=environ)
    assert (tmp_path / "was here").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ on Windows")
def test_the_child_decides_what_an_interrupt_does(tmp_path):
    process = run_child("import time; print('started', flush=True); time.sleep(2); raise SystemExit(5)", tmp_path)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 5


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ on Windows")
def test_the_child_ends_with_its_parent(tmp_path):
    process = run_child("import time; print('started', flush=True); time.sleep(3); print('alive')", tmp_path)
    process.terminate()
    assert process.wait(30) != 0
    # The pipe closes when the child is gone too.
    assert process.stdout.read() == ""


# The other commands


@pytest.mark.parametrize("states, code", [(["ok", "warn"], 0), (["ok", "fail"], 1)])
def test_doctor_prints_the_report(states, code, monkeypatch, capsys):
    results = [Result("It", state, "is so") for state in states]
    monkeypatch.setattr(doctor, "diagnose", lambda: results)
    assert cli.main(["doctor"]) == code
    assert capsys.readouterr().out == report(results) + "\n"


def test_lessons_are_printed_a_line_each(monkeypatch, capsys):
    def build_lessons(names=None, root=None):
        return [Path(name) for name in names or ["00-start", "02-who"]]

    stand_in(monkeypatch, "ccx.classroom.build", build_lessons=build_lessons)
    stand_in(monkeypatch, "ccx.classroom.contents", renew=lambda root: root / "README.md")
    assert cli.main(["lessons"]) == 0
    assert cli.main(["lessons", "02-who"]) == 0
    readme = Path.cwd() / "README.md"
    assert capsys.readouterr().out == f"00-start\n02-who\n{readme}\n02-who\n{readme}\n"


def test_bundle_prints_path_and_size(tmp_path, monkeypatch, capsys):
    def bundle(out=None, root=None):
        out.write_bytes(bytes(1_250_000))
        return out

    stand_in(monkeypatch, "ccx.classroom.bundle", bundle=bundle)
    out = tmp_path / "course.zip"
    assert cli.main(["bundle", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out} (1.2 MB)\n"


@pytest.mark.parametrize("error", [ValueError, FileNotFoundError, ModuleNotFoundError, RuntimeError])
def test_errors_are_one_sentence(error, monkeypatch, capsys):
    def build_lessons(names=None, root=None):
        raise error("no lesson\n  is called so")

    stand_in(monkeypatch, "ccx.classroom.build", build_lessons=build_lessons)
    assert cli.main(["lessons", "99"]) == 2
    printed = capsys.readouterr()
    assert printed.err == "ccx: no lesson is called so\n" and printed.out == ""


def test_bugs_are_not_hidden(monkeypatch):
    def build_lessons(names=None, root=None):
        raise TypeError("a mistake of ours")

    stand_in(monkeypatch, "ccx.classroom.build", build_lessons=build_lessons)
    with pytest.raises(TypeError):
        cli.main(["lessons"])


def test_version_is_that_of_the_package(monkeypatch, capsys):
    monkeypatch.setattr("importlib.metadata.version", lambda name: "1.2.3" if name == "ccx" else "?")
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == "ccx 1.2.3\n"


def test_help_names_every_command(capsys):
    assert cli.main([]) == 0
    printed = capsys.readouterr().out
    assert all(f"    {command} " in printed for command in ("doctor", "lab", "lessons", "bundle", "collect", "grade", "kernel", "report"))


def test_help_imports_nothing_heavy(tmp_path):
    # Slow to import, and absent from a student's machine in the case of nbgrader.
    code = ("import sys; from ccx import cli; cli.main([]);"
            "sys.exit(bool({'pandas', 'numpy', 'matplotlib', 'nbgrader', 'jupyter_client'} & set(sys.modules)))")
    environ = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parent.parent)}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, env=environ, capture_output=True)
