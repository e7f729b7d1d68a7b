"""The student bundle: complete, the same twice, and without anything from which an answer can be read."""

import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from ccx.classroom.bundle import FOLDER, bundle

from lessons import NAMES, bank, leaks

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return zipfile.ZipFile(bundle(tmp_path_factory.mktemp("bundle") / "course.zip", ROOT))


def wheel_of(archive):
    [name] = [name for name in archive.namelist() if name.endswith(".whl")]
    return zipfile.ZipFile(io.BytesIO(archive.read(name)))


def test_everything_a_student_needs_is_in_it(archive):
    names = {name.removeprefix(f"{FOLDER}/") for name in archive.namelist()}
    lessons = {path.relative_to(ROOT).as_posix() for path in (ROOT / "lessons").rglob("*.*") if ".ipynb_checkpoints" not in path.parts}
    assert lessons <= names
    assert {"README.md", "LICENSE", "environment.yml", "requirements.txt", "constraints.txt", "datasets/cdnow.toml"} <= names


def test_nothing_from_solutions_or_tests_is_in_it(archive):
    ours = {path.read_bytes() for folder in ("solutions", "tests") for path in (ROOT / folder).rglob("*.*") if path.is_file()}
    for packed in (archive, wheel_of(archive)):
        assert not [name for name in packed.namelist() if "answers" in name or "solution" in name or "/test" in name]
        assert not [name for name in packed.namelist() if packed.read(name) in ours - {b""}]


def test_no_right_answer_and_no_hidden_input_stands_in_any_text_of_it(archive):
    wheel = wheel_of(archive)
    texts = {name: packed.read(name).decode() for packed in (archive, wheel) for name in packed.namelist()
             if name.endswith((".md", ".toml", ".yml", ".json", ".ipynb", ".py"))}
    for lesson in NAMES:
        for name in (name for name in texts if f"lessons/{lesson}/" in name):
            assert not leaks(texts[name], bank(lesson).graded()), name
    hidden = {str(value) for name in NAMES for exercise in bank(name).graded() if exercise.kind == "function"
              for probe in exercise.grading_probes[len(exercise.probes):] for argument in probe for value in np.ravel(argument).tolist()}
    # Short numbers stand in any text by chance.
    telling = [value for value in hidden if len(value) > 5]
    assert len(telling) > 100 and not [name for name, text in texts.items() if any(value in text for value in telling)]
    assert not [name for name, text in texts.items() if "EXERCISES = [" in text]


def test_the_environment_installs_the_wheel_and_not_the_checkout(archive):
    [wheel] = [name.removeprefix(f"{FOLDER}/") for name in archive.namelist() if name.endswith(".whl")]
    assert f"- ./{wheel}" in archive.read(f"{FOLDER}/environment.yml").decode()
    assert "--editable" not in archive.read(f"{FOLDER}/environment.yml").decode()
    assert f"./{wheel}[course]" in archive.read(f"{FOLDER}/requirements.txt").decode()


def test_the_wheel_carries_its_data_and_lab_setting(archive, tmp_path):
    wheel_of(archive).extractall(tmp_path)
    assert list(tmp_path.glob("ccx-*.data/data/share/jupyter/lab/settings/overrides.d/ccx.json"))
    code = "import ccx; assert ccx.load('cdnow').customer_id.nunique() == 23570; print(ccx.__file__)"
    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True)
    assert done.stdout.startswith(str(tmp_path)), done.stderr


def test_the_same_course_gives_the_same_bytes(archive, tmp_path):
    assert bundle(tmp_path / "again.zip", ROOT).read_bytes() == Path(archive.filename).read_bytes()


def test_without_lessons_there_is_no_bundle(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with pytest.raises(FileNotFoundError, match="no lessons/00-start: run this in the course's checkout"):
        bundle(root=tmp_path)
    assert not (tmp_path / "dist").exists()


def test_when_the_wheel_fails_the_old_bundle_stays(tmp_path):
    (tmp_path / "lessons" / "00-start").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    old = tmp_path / "old.zip"
    old.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="wheel could not be built"):
        bundle(old, tmp_path)
    assert old.read_bytes() == b"old"
