"""The README's table of contents is what the lessons say of themselves."""

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from ccx.classroom.contents import BEGIN, END, contents, lesson, renew

from lessons import NAMES, ROOT

TEXT = """## The question

**Who is who?**

More words.

- **77.1** say who is
who;
- **77.2** say why.

**Data:** none.

**Time:** about 5 minutes, and 2 for the decision."""


def course(folder, text=TEXT, readme=f"Before.\n\n{BEGIN}old\n{END}\nAfter.\n"):
    source = folder / "solutions" / "77-who"
    source.mkdir(parents=True)
    (source / "answers.py").write_text("from ccx.classroom.exercise import Written\nEXERCISES = [Written(id='77.x', objective='77.1', points=3, what='x')]\n", encoding="utf-8")
    nbformat.write(new_notebook(cells=[new_markdown_cell("# 77"), new_markdown_cell(text)]), source / "77-who.ipynb")
    (folder / "README.md").write_text(readme, encoding="utf-8")
    return folder


def test_the_table_in_the_readme_is_that_of_the_lessons():
    said = (ROOT / "README.md").read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert said == f"\n{contents([lesson(ROOT / 'solutions' / name) for name in NAMES])}\n"
    assert all(f"| `{name}` |" in said and f"- `{name}`: " in said for name in NAMES)


def test_a_lesson_says_its_question_minutes_points_data_and_objectives(tmp_path):
    assert lesson(course(tmp_path) / "solutions" / "77-who") == {
        "name": "77-who", "question": "Who is who?", "minutes": "5 + 2", "points": 3, "data": "none", "objectives": {"77.1": "say who is who", "77.2": "say why"}}


def test_only_the_table_is_renewed_and_twice_is_once(tmp_path):
    text = renew(course(tmp_path)).read_text(encoding="utf-8")
    assert text.startswith(f"Before.\n\n{BEGIN}") and text.endswith(f"{END}\nAfter.\n") and "| `77-who` | Who is who? | 5 + 2 | 3 | none |" in text and "old" not in text
    assert renew(tmp_path).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("lacks, sentence", [
    ("**Who is who?**", "does not say its question in bold"), ("**Data:** none.", "does not say its data"), ("**Time:**", "does not say its time"), ("- **77", "lists no objectives")])
def test_what_a_lesson_does_not_say_is_named(tmp_path, lacks, sentence):
    with pytest.raises(ValueError, match=f"77-who: its first text {sentence}"):
        renew(course(tmp_path, TEXT.replace(lacks, "")))


def test_a_readme_without_a_place_is_left_alone(tmp_path):
    with pytest.raises(ValueError, match="has no lines"):
        renew(course(tmp_path, readme="Nothing.\n"))
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == "Nothing.\n"
