"""What the tests of explorers read out of a panel: its SVG, in the units of its axes."""

import re
from xml.etree import ElementTree


def elements(panel, tag):
    return list(ElementTree.fromstring(panel.svg()).iter(tag))


def words(panel):
    return [element.text for element in elements(panel, "text")]


def lines(panel, color):
    """The points of each line of a colour."""
    drawn = [element for element in elements(panel, "path") if element.get("stroke") == color and "M" in element.get("d")]
    # The first path is the frame.
    return [points(panel, element.get("d")) for element in drawn if "H" not in element.get("d")]


def points(panel, path):
    return [panel.data(*map(float, pair)) for pair in re.findall(r"([-\d.]+) ([-\d.]+)", path)]


def spots(panel, color):
    """Where the circles of a colour stand, filled and open ones."""
    return [panel.data(float(circle.get("cx")), float(circle.get("cy"))) for circle in elements(panel, "circle")
            if color in (circle.get("fill"), circle.get("stroke"))]
