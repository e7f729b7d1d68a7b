"""Results kept by their content: the same work has the same name, other work another, and half a file is none."""

import pytest

from ccx.classroom import kept
from ccx.classroom.kept import Kept, key
from ccx.classroom.sandbox.namespaces import Limits


def test_what_was_kept_comes_back(tmp_path):
    shown = [{"outputs": [{"output_type": "stream", "name": "stdout", "text": "“é”\n"}], "execution_count": 1}]
    folder = Kept(tmp_path / "executed")
    assert folder.get("a") is None and not folder.has("a")
    folder.put("a", shown)
    assert folder.get("a") == shown and folder.has("a") and folder.get("b") is None


def test_half_a_file_is_none(tmp_path):
    (tmp_path / "a.json").write_text('[{"outputs"')
    assert Kept(tmp_path).get("a") is None


def test_when_writing_fails_the_old_result_stays(tmp_path):
    folder = Kept(tmp_path)
    folder.put("a", [1])
    with pytest.raises(TypeError):
        folder.put("a", [object()])
    assert folder.get("a") == [1] and [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_the_same_work_has_the_same_name_and_other_work_another(monkeypatch):
    names = [key(["1"], Limits()), key(["1"], Limits()), key(["2"], Limits()), key(["1", ""], Limits()), key(["1"], Limits(cell=3))]
    assert len({*names}) == 4 and names[0] == names[1]
    monkeypatch.setattr(kept, "surroundings", lambda: "another version")
    assert key(["1"], Limits()) not in names


def test_code_that_is_no_text_has_a_name_too():
    assert len(key(["x = '\ud83d'"], Limits())) == 64


@pytest.mark.parametrize("changed", ["heterogeneity/concentration.py", "classroom/sandbox/cells.py"])
def test_another_version_of_the_library_is_other_work(changed, tmp_path, monkeypatch):
    import shutil
    from pathlib import Path

    import ccx

    here, copy = Path(ccx.__file__).parent, tmp_path / "ccx"
    shutil.copytree(here, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(kept.ccx, "__file__", str(copy / "__init__.py"))
    before = kept.surroundings.__wrapped__()
    (copy / "cli.py").write_text("# Has nothing to do with what a cell shows.")
    assert before == kept.surroundings.__wrapped__() == kept.surroundings()
    (copy / changed).write_text("# Another version.")
    assert kept.surroundings.__wrapped__() != before
