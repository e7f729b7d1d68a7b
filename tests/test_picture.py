"""The explorers' pictures: where marks stand, what an axis says, and what a click on a panel means."""

import base64
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from ccx.explore._picture import HEIGHT, Axis, Panel, side_by_side
from ccx.plot import ACCENT, GREY, PALE

from panels import elements, lines, spots, words


@pytest.fixture
def panel():
    return Panel(Axis("Week", 0, 10), Axis("Share", 0, 1, "{:.0%}"), "A title")


def test_an_axis_has_round_ticks_between_its_ends():
    """Every step is 1, 2, 2.5 or 5 times a power of ten, as people count."""
    for low, high in [(0, 1), (-0.6, 20.6), (60, 120), (0, 0.9), (0, 67.3)]:
        places = np.array([place for place, _ in Axis("", low, high).marked()])
        step = np.diff(places)
        assert low <= places.min() and places.max() <= high and 3 <= len(places) <= 7
        assert step == pytest.approx(step[0]) and round(step[0] / 10 ** np.floor(np.log10(step[0])), 6) in (1, 2, 2.5, 5)


def test_ticks_say_their_value_in_the_form_or_the_words_given():
    assert Axis("", 0, 1, "{:.0%}", [0, 0.5]).marked() == [(0, "0%"), (0.5, "50%")]
    assert Axis("", 0, 1, ticks={0: "none", 1: "all"}).marked() == [(0, "none"), (1, "all")]
    assert Axis("", 0, 1, ticks=[]).marked() == []


def test_labels_ticks_and_title_are_written(panel):
    assert {"Week", "Share", "A title", "0%", "100%", "10"} <= set(words(panel))


def test_a_line_passes_through_its_points(panel):
    panel.plot([0, 5, 10], [0, 0.5, 0.25])
    [line] = lines(panel, ACCENT)
    assert np.array(line) == pytest.approx(np.array([(0, 0), (5, 0.5), (10, 0.25)]), abs=0.005)


def test_upright_and_level_lines_run_through_the_panel(panel):
    panel.axvline(4)
    panel.axhline(0.3)
    upright, level = lines(panel, GREY)
    assert np.array([upright, level]) == pytest.approx(np.array([[(4, 0), (4, 1)], [(0, 0.3), (10, 0.3)]]), abs=0.005)


def test_points_stand_where_they_should_whatever_their_shape(panel):
    panel.scatter([2, 8], [0.2, 0.8])
    panel.scatter([5], [0.5], GREY, marker="O")
    assert np.array([*spots(panel, ACCENT), *spots(panel, GREY)]) == pytest.approx(np.array([(2, 0.2), (8, 0.8), (5, 0.5)]), abs=0.005)
    panel.scatter([5], [0.5], marker="D")
    [moved] = [path.get("transform") for path in elements(panel, "path") if path.get("transform")]
    assert panel.data(*map(float, re.findall(r"[\d.]+", moved)[:2])) == pytest.approx((5, 0.5), abs=0.005)


def test_bars_stand_on_the_ground(panel):
    panel.bar([1, 2], [0.5, 1], 1, [ACCENT, PALE])
    _, *bars = elements(panel, "rect")
    found = [(panel.data(float(b.get("x")), float(b.get("y"))), float(b.get("y")) + float(b.get("height"))) for b in bars]
    assert [corner for corner, _ in found] == [pytest.approx((0.5, 0.5), abs=0.01), pytest.approx((1.5, 1), abs=0.01)]
    assert found[0][1] == pytest.approx(found[1][1]) == pytest.approx(HEIGHT - 50) and [b.get("fill") for b in bars] == [ACCENT, PALE]


def test_an_area_lies_between_curve_and_ground(panel):
    panel.fill([2, 3, 4], [0.5, 1, 0.5])
    [area] = [path for path in elements(panel, "path") if path.get("fill") == PALE]
    corners = [panel.data(*map(float, pair)) for pair in re.findall(r"([\d.]+) ([\d.]+)", area.get("d"))]
    assert np.array(corners) == pytest.approx(np.array([(2, 0), (2, 0.5), (3, 1), (4, 0.5), (4, 0)]), abs=0.005)


def test_lines_are_cut_off_at_the_edge_and_points_held_there(panel):
    panel.plot([0, 10], [-3, 7])
    panel.scatter([5], [7])
    [line] = [path for path in elements(panel, "path") if path.get("stroke") == ACCENT]
    # Drawn on, not bent: the line leaves the axes at both ends, inside an element that cuts it off.
    assert [float(pair.split()[1]) for pair in re.split("[ML]", line.get("d"))[1:]] == pytest.approx([250 + 3 * 220, 250 - 7 * 220])
    [axes] = [inner for inner in elements(panel, "svg") if any(path.get("d") == line.get("d") for path in inner)]
    assert (float(axes.get("y")), float(axes.get("height"))) == (27, 226) and spots(panel, ACCENT) == [(5, 1)]


def test_a_click_beside_the_axes_counts_as_one_on_their_edge(panel):
    assert panel.data(-50, 9999) == (0, 0) and panel.data(9999, -50) == (10, 1)


def test_words_may_hold_what_xml_may_not(panel):
    panel.text(1, 0.5, "a < b & c\nnext line")
    assert {"a < b & c", "next line"} <= set(words(panel))


def test_side_by_side_is_one_picture_that_stands_alone(panel):
    page = side_by_side([panel, Panel(panel.x, panel.y, "Another", width=300)], 'a "b" < c')
    assert page.startswith('<img alt="a &quot;b&quot; &lt; c"')
    root = ElementTree.fromstring(base64.b64decode(re.search("base64,([^\"]+)", page)[1]))
    assert root.get("viewBox") == f"0 0 720 {HEIGHT}"
    assert [inner.get("x") for inner in root] == ["0", "420"] and {"A title", "Another"} <= {text.text for text in root.findall(".//{*}text")}
