"""The glossary: every link into it leads somewhere, every lesson has some, and no exercise is answered there."""

import re

import pytest

from lessons import NAMES, ROOT, bank, leaks, release

TEXT = (ROOT / "lessons" / "glossary.md").read_text(encoding="utf-8")
ANCHORS = re.findall(r'<a id="([a-z0-9-]+)"></a>', TEXT)
TERMS = re.findall(r'^<a id="[a-z0-9-]+"></a>\*\*(.+?)\*\*', TEXT, flags=re.M)


def links(name):
    """Where a released lesson links to in the glossary."""
    texts = "\n".join(cell.source for cell in release(name).cells if cell.cell_type == "markdown")
    return re.findall(r"\]\(\.\./glossary\.md#([^)]*)\)", texts)


def test_each_term_stands_once_and_in_its_place():
    assert len(TERMS) > 100 and len(set(ANCHORS)) == len(ANCHORS)
    by_letter = [re.sub(r"[^a-z0-9]+", " ", term.lower()).strip() for term in TERMS]
    assert by_letter == sorted(by_letter)


def test_its_own_links_lead_somewhere():
    inside = re.findall(r"\]\(#([^)]*)\)", TEXT)
    assert len(inside) > 10 and set(inside) <= set(ANCHORS)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "00-start"])
def test_every_lesson_links_into_it(name):
    there = links(name)
    assert len(set(there)) >= 4 and set(there) <= set(ANCHORS)


@pytest.mark.parametrize("name", NAMES)
def test_it_answers_no_exercise(name):
    entries = re.split(r"\n\n", TEXT)
    own = [entry for entry in entries if f"(lesson {name[:2]}" in entry]
    assert not leaks("\n".join(own), bank(name).graded())
