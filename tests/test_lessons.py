"""Every lesson: built from its solution, well formed, run from end to end, and without a word of its answers."""

import ast
import functools
import re
import shutil
import statistics

import numpy as np
import pytest

from ccx._answer import NotYet
from ccx.check import check
from ccx.classroom.build import build_lessons
from ccx.classroom.exercise import SOMEBODY, Choice, Personal
from ccx.classroom.judge import flaws

from lessons import NAMES, ROOT, bank, code, leaks, release, run, solution, solved, texts, words

SECTIONS = ["The question", "Predict", "See it in data", "Explain it", "Explore", "Decide", "What you learned",
            "Where it breaks", "Further reading"]
GRADED = [name for name in NAMES if name != "00-start"]
EXERCISES = [exercise for name in NAMES for exercise in bank(name).graded()]
each_lesson = pytest.mark.parametrize("name", NAMES)
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Each release as a student gets it, run in the course, and solved, run in a folder elsewhere."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(ROOT / "lessons", elsewhere, dirs_exist_ok=True)
    return functools.cache(lambda name: (run(release(name), ROOT / "lessons" / name), run(solved(name), elsewhere / name)))


def markdown(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


# Built


def test_lessons_are_what_make_lessons_makes(tmp_path, some=("00-start", "02-heterogeneity")):
    """The rest are compared in test_grading.py, with what nbgrader releases."""
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    for name in some:
        shutil.copytree(ROOT / "solutions" / name, tmp_path / "solutions" / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    build_lessons(root=tmp_path)
    made, kept = ({path.relative_to(root): path.read_bytes() for name in some for path in (root / "lessons" / name).rglob("*.*")
                   if path.is_file() and ".ipynb_checkpoints" not in path.parts} for root in (tmp_path, ROOT))
    assert made and made == kept


# Well formed


@pytest.mark.parametrize("name", GRADED)
def test_the_sections_stand_in_their_order(name):
    found = re.findall(r"^## (.+)$", markdown(solution(name)), flags=re.M)
    assert [section for section in found if section in SECTIONS] == SECTIONS


@each_lesson
def test_each_objective_has_an_exercise_and_each_exercise_an_objective(name):
    objectives = set(re.findall(r"^- \*\*(\d\d\.\d+)\*\*", solution(name).cells[1].source, flags=re.M))
    assert objectives and {exercise.objective for exercise in bank(name).exercises.values()} <= objectives
    if name in GRADED:
        assert 3 <= len(objectives) <= 5
        assert {exercise.objective for exercise in bank(name).exercises.values()} == objectives


@pytest.mark.parametrize("name", GRADED)
def test_a_lesson_has_twenty_points_four_of_them_for_the_decision(name):
    points = {exercise.id: exercise.points for exercise in bank(name).exercises.values()}
    written = [exercise.points for exercise in bank(name).exercises.values() if exercise.kind == "written"]
    assert sum(points.values()) == 20 and written == [4]
    assert 7 <= len(points) - 1 <= 9


@pytest.mark.parametrize("name", GRADED)
def test_the_rubric_of_the_decision_adds_up(name):
    [decision] = [cell for cell in solution(name).cells if cell.id == "decide"]
    rubric = decision.source.split("**Rubric, 4 points**")[1]
    assert sum(map(int, re.findall(r"^- \((\d+)\)", rubric, flags=re.M))) == 4


@pytest.mark.parametrize("name", GRADED)
def test_the_heading_of_an_exercise_says_its_points_and_objective(name):
    text = markdown(solution(name))
    said = re.findall(r"^### Exercise \d+ · .+ \((\d+) points?, (\d\d\.\d+)\)$", text, flags=re.M)
    assert said == [(str(exercise.points), exercise.objective) for exercise in bank(name).graded()]


@each_lesson
def test_code_cells_are_short(name):
    lengths = sorted(len(cell.source.splitlines()) for cell in code(release(name)))
    assert max(len(line) for cell in code(release(name)) for line in cell.source.splitlines()) <= 100
    assert statistics.median(lengths) <= 4
    assert lengths[int(0.9 * len(lengths))] <= 12 and lengths[-1] <= 15


@each_lesson
@pytest.mark.parametrize("read", [solution, release])
def test_notebooks_are_stored_without_outputs_paths_and_noise(name, read):
    notebook = read(name)
    assert not any(cell.outputs or cell.execution_count for cell in code(notebook))
    assert not [text for cell in code(notebook) for text in literals(cell) if re.fullmatch(r"\S*[/\\]\S*|\w\S*\.[a-z]{2,7}", text)]
    assert not [cell.source for cell in code(notebook) if re.search(r"\bread_\w+\(|\bopen\(|urllib|requests", cell.source)]
    assert set(notebook.metadata) == {"kernelspec", "language_info"} and set(notebook.metadata.language_info) == {"name"}


def literals(cell):
    """The texts in a cell's code, but for the ids of exercises and predictions."""
    constants = [node.value for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Constant)]
    return [text for text in constants if isinstance(text, str) and not re.fullmatch(r"\d\d\.[a-z-]+", text)]


@each_lesson
def test_no_dollar_sign_stands_beside_a_formula(name):
    """JupyterLab takes even an escaped one for the start of a formula, and the sentence up to the next for its text."""
    cells = [cell.source for cell in solution(name).cells if cell.cell_type == "markdown"]
    assert not [source for source in cells if "\\$" in source or len(re.findall(r"(?<!\$)\$(?!\$)", source)) % 2]


@each_lesson
def test_cell_ids_are_given_by_hand_and_stay(name):
    ids = [cell.id for cell in solution(name).cells]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"[a-z][a-z0-9-]{2,40}", id) for id in ids)
    assert [cell.id for cell in release(name).cells] == ids


# Run


@each_lesson
def test_the_release_runs_to_its_end_and_only_checks_complain(name, executed):
    notebook = executed(name)[0]
    assert all(cell.execution_count for cell in code(notebook))
    complaining = {cell.id for cell in code(notebook) if any(output.output_type == "error" for output in cell.outputs)}
    assert complaining == {exercise.name for exercise in bank(name).graded()}


@each_lesson
def test_complaints_are_one_sentence(name, executed):
    errors = [output for cell in code(executed(name)[0]) for output in cell.outputs if output.output_type == "error"]
    assert errors and all(output.ename == "NotYet" and len(output.traceback) == 1 and "\n" not in output.traceback[0] for output in errors)


@each_lesson
def test_a_lesson_says_the_same_twice_and_anywhere(name, executed):
    """In the course, and elsewhere with all answers filled in, but for the cells that use an answer."""
    follow = answer_dependent(release(name))
    # Joined, because a kernel may send one text in two pieces.
    once, again = ({cell.id: "".join(texts(cell)) for cell in code(notebook) if cell.id not in follow} for notebook in executed(name))
    assert once == again and len(follow) < len(code(release(name))) / 2


def answer_dependent(notebook):
    """The ids of the cells that give, check or use an answer, also at second hand."""
    touched, ids = set(), set()
    for cell in code(notebook):
        names = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name)]
        made = {node.id for node in names if isinstance(node.ctx, ast.Store)} | set(re.findall(r"^def (\w+)", cell.source, flags=re.M))
        used = {node.id for node in names if isinstance(node.ctx, ast.Load)}
        if cell.metadata.get("nbgrader", {}).get("solution") or used & touched or "ccx.reveal" in cell.source:
            touched |= made
            ids.add(cell.id)
        else:
            touched -= made
    return ids


@each_lesson
def test_nothing_is_written_to_stderr(name, executed):
    assert not [output for notebook in executed(name) for cell in code(notebook) for output in cell.outputs if output.get("name") == "stderr"]


@each_lesson
def test_every_picture_has_a_text_alternative(name, executed):
    shown = [text for cell in code(executed(name)[0]) for text in texts(cell)]
    assert not [output for cell in code(executed(name)[0]) for output in cell.outputs if "image/png" in output.get("data", {})]
    pictures = [tag for text in shown for tag in re.findall(r"<img[^>]*>", text)]
    assert pictures and all(len(re.search(r'alt="([^"]*)"', tag)[1]) > 30 for tag in pictures)


@each_lesson
def test_the_solved_release_runs_and_every_check_is_content(name, executed):
    notebook = executed(name)[1]
    said = {cell.id: words(cell) for cell in code(notebook)}
    assert not [output for cell in code(notebook) for output in cell.outputs if output.output_type == "error"]
    for exercise in bank(name).graded():
        assert "".join(said[exercise.name]).startswith("Right" if exercise.confirm else "Noted.")


# The bank


@each_lesson
def test_the_bank_has_no_flaws(name):
    assert flaws(bank(name)) == []


# What the grader says of right answers and mistakes is in the certificate; this is what students are told at once.


@pytest.mark.parametrize("exercise", [one for one in EXERCISES if not isinstance(one, (Choice, Personal))], ids=lambda exercise: exercise.id)
def test_mistakes_show_their_hint_at_once(exercise, monkeypatch):
    monkeypatch.chdir(ROOT / "lessons")
    for mistake, numbers in exercise.wrong:
        with pytest.raises(NotYet) as shown:
            check(exercise.id, answer_of(exercise, mistake.gives, numbers))
        assert str(shown.value) == mistake.hint


@each_exercise
def test_every_right_answer_is_confirmed(exercise, monkeypatch, capsys):
    monkeypatch.chdir(ROOT / "lessons")
    exercise = exercise.of(*SOMEBODY)
    for value, numbers in zip(exercise.accepted, exercise.right):
        assert check(exercise.id, answer_of(exercise, value, numbers)) is None
        assert capsys.readouterr().out.startswith("Right" if exercise.confirm else "Noted.")


@each_exercise
def test_hints_do_not_give_the_answer_away(exercise):
    for sentence in (exercise.nudge, *(mistake.hint for mistake in exercise.mistakes)):
        assert not leaks(sentence, [exercise])
        assert sentence.endswith(".") and len(sentence) < 240


def answer_of(exercise, value, numbers):
    """What a student would hand in; what the bank has worked out already is not worked out again."""
    if exercise.kind in ("scalar", "array"):
        return np.reshape(numbers, getattr(exercise, "shape", ()))
    return value() if callable(value) and exercise.kind != "function" else value


# No answer in what students get


@each_lesson
def test_no_right_answer_stands_in_the_release(name):
    notebook = release(name)
    assert not leaks("\n".join(cell.source for cell in notebook.cells), bank(name).graded())
    assert "SOLUTION" not in (ROOT / "lessons" / name / f"{name}.ipynb").read_text(encoding="utf-8")


@each_lesson
def test_no_right_answer_is_shown_by_running_the_release(name, executed):
    shown = "\n".join(text for cell in code(executed(name)[0]) for text in words(cell))
    assert not leaks(shown, bank(name).graded())


def test_the_search_for_leaks_finds_them():
    below_mean = bank("02-heterogeneity").exercises["02.below-mean"]
    for text in ("0.749", "it is 74.9 % of them", "(0.7493)", "74.9%", "np.float64(0.7491302503182011)"):
        assert leaks(text, [below_mean]) == {"02.below-mean"}
    assert not leaks("0.7 of 1,749 in 2.749 and 7.49", [below_mean])
