"""The page on writing an explorer: its code runs as it stands, is as short as it says, and does what it claims."""

import re
from pathlib import Path

import pytest

import ccx
from ccx.explore._explorer import FOUND, OPEN

PAGE = (Path(ccx.__file__).parent / "explore" / "README.md").read_text(encoding="utf-8")
EXAMPLE, USE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def names():
    written = {}
    exec(EXAMPLE, written)
    return written


def test_the_example_has_forty_lines_at_most():
    assert len(EXAMPLE.splitlines()) <= 40


def test_the_example_agrees_with_the_closed_form(names):
    """At a constant rate the value is margin × (1 + d) / (1 + d − r), the sum of a geometric series."""
    exec(USE, names)
    assert names["explorer"].scene.numbers["value"] == pytest.approx(sum(100 * (0.8 / 1.1)**t for t in range(500)))


def test_the_task_of_the_example_has_an_end(names):
    explorer = names["loyalty"]()
    assert explorer._goal == OPEN
    # Twice 110 / 0.6 is 110 / 0.3, so the rate is 1.1 − 0.3.
    explorer.set(retention=0.8)
    assert explorer._goal == FOUND and "$367" in explorer.scene.text


def test_the_diamond_of_the_example_lies_on_its_curve(names):
    for rate in (0.0, 0.5, 0.8):
        assert 1.1 - 110 / names["worth"](rate) == pytest.approx(rate)
