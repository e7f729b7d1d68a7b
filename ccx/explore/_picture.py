"""The explorers' pictures: a few marks on two axes, written as SVG, fast enough to follow a hand on a slider."""

import base64
import html
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.ticker import MaxNLocator

from ..plot.figure import ACCENT, GREY, INK, PALE

HEIGHT, FONT = 300, 14
LEFT, RIGHT, TOP, BOTTOM = 62, 24, 30, 50
STYLE = (f'font-family="system-ui, -apple-system, Segoe UI, DejaVu Sans, sans-serif" font-size="{FONT}" fill="{INK}" '
         'stroke-linejoin="round" stroke-linecap="round"')
SHAPES = {"D": "M0-1L1 0L0 1L-1 0Z", "v": "M-1-1H1L0 1Z"}
# Words stay readable where they cross a line.
HALO = 'stroke="#fff" stroke-width="3" paint-order="stroke"'
ANCHORS = {"left": "start", "center": "middle", "right": "end"}


@dataclass(frozen=True)
class Axis:
    """One direction of a panel.

    Parameters
    ----------
    label : str
        What is measured, with its unit.
    low, high : float
        Ends of the axis, in data units. Fixed ends let the eye see what moves.
    form : str, default "{:g}"
        How a tick is written: a format string for its value.
    ticks : sequence of float or dict of float to str, optional
        Where the ticks stand (and what they say); by default at round values, and nowhere if empty.

    Examples
    --------
    >>> Axis("Share of customers", 0, 1, "{:.0%}").marked()
    [(0.0, '0%'), (0.2, '20%'), (0.4, '40%'), (0.6, '60%'), (0.8, '80%'), (1.0, '100%')]
    """

    label: str
    low: float
    high: float
    form: str = "{:g}"
    ticks: tuple | list | dict | None = None

    def marked(self):
        """The ticks with their words."""
        if isinstance(self.ticks, dict):
            return list(self.ticks.items())
        places = _round_values(self.low, self.high) if self.ticks is None else self.ticks
        return [(place, self.form.format(place)) for place in places]


class Panel:
    """Two axes and what is drawn between them; its methods are named as those of matplotlib's Axes.

    Parameters
    ----------
    x, y : Axis
    title : str, optional
        One short line over the picture: what it shows now.
    name : str, optional
        Needed where a click on the panel means something.
    width : int, default 420
        In units of which a panel is 300 high and a letter 14.

    Examples
    --------
    >>> panel = Panel(Axis("Week", 0, 10), Axis("P(alive)", 0, 1), "Silence makes less sure")
    >>> panel.plot([0, 10], [1, 0.4])
    >>> panel.svg().startswith("<svg viewBox=")
    True
    """

    def __init__(self, x, y, title="", name="", width=420):
        self.x, self.y, self.title, self.name, self.width = x, y, title, name, width
        # Lines and areas are cut off where they leave the axes; points and words are not.
        self._cut, self._whole = [], []

    def plot(self, x, y, color=ACCENT, lw=2.5, dash=""):
        """Draw a line through points; `dash` is an SVG dash pattern such as "6 4"."""
        pattern = f' stroke-dasharray="{dash}"' if dash else ""
        self._cut.append(f'<path d="{self._path(x, y)}" fill="none" stroke="{color}" stroke-width="{lw}"{pattern}/>')

    def fill(self, x, y, color=PALE):
        """Fill what lies between a curve and the lower end of the y axis."""
        x, y, ground = np.asarray(x), np.asarray(y), self.y.low
        self._cut.append(f'<path d="{self._path([x[0], *x, x[-1]], [ground, *y, ground])}Z" fill="{color}"/>')

    def bar(self, x, height, width=0.8, color=PALE):
        """Draw bars of one colour, or of a colour each."""
        colors = [color] * len(x) if isinstance(color, str) else color
        for at, tall, one in zip(x, height, colors):
            left, right, top, ground = *self._across([at - width / 2, at + width / 2]), *self._down([tall, self.y.low])
            self._cut.append(f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{max(ground - top, 0):.1f}" fill="{one}" stroke="{GREY}"/>')

    def scatter(self, x, y, color=ACCENT, size=6, marker="o"):
        """Draw points: circles ("o"), open circles ("O"), diamonds ("D") or arrows that point down ("v")."""
        for across, down in zip(self._across(x), self._down(np.clip(y, self.y.low, self.y.high))):
            self._whole.append(_point(across, down, color, size, marker))

    def axvline(self, x, color=GREY, lw=1.5, dash="", opacity=1):
        """Draw a line from top to bottom."""
        self._rule((x, x), (self.y.low, self.y.high), color, lw, dash, opacity)

    def axhline(self, y, color=GREY, lw=1.5, dash="", opacity=1):
        """Draw a line from left to right."""
        self._rule((self.x.low, self.x.high), (y, y), color, lw, dash, opacity)

    def text(self, x, y, words, color=INK, ha="left", dx=0, dy=0):
        """Write words at a point, moved by `dx` to the right and `dy` down, in units of which a letter is 14 high."""
        [across], [down] = self._across([x]), self._down(np.clip([y], self.y.low, self.y.high))
        for line, part in enumerate(words.split("\n")):
            self._whole.append(_words(across + dx, down + dy + 1.25 * FONT * line, part, color, ha))

    def data(self, across, down):
        """The data values at a point of the SVG, kept within the axes.

        Parameters
        ----------
        across, down : float
            In the units of the SVG, from its upper left corner.

        Returns
        -------
        (float, float)
        """
        right, bottom = self.width - RIGHT, HEIGHT - BOTTOM
        return (float(np.interp(across, (LEFT, right), (self.x.low, self.x.high))),
                float(np.interp(down, (TOP, bottom), (self.y.high, self.y.low))))

    def svg(self, attributes=""):
        """The panel as an SVG element that fills the width it is given."""
        name = f' data-panel="{self.name}"' if self.name else ""
        return (f'<svg viewBox="0 0 {self.width} {HEIGHT}" style="flex:{self.width} 1 {0.7 * self.width:.0f}px;max-width:{1.25 * self.width:.0f}px" '
                f'{STYLE}{name} aria-hidden="true" {attributes}><rect width="100%" height="100%" fill="#fff"/>{self._frame()}'
                f'<svg {self._inside()}>{"".join(self._cut)}</svg>{"".join(self._whole)}</svg>')

    def _frame(self):
        left, right, top, bottom = LEFT, self.width - RIGHT, TOP, HEIGHT - BOTTOM
        lines = f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="{GREY}"/>'
        across = "".join(_words(place, bottom + 20, words, INK, "center") for place, words in self._places(self.x, self._across))
        down = "".join(_words(left - 6, place + 5, words, INK, "right") for place, words in self._places(self.y, self._down))
        middle = (top + bottom) / 2
        sideways = f'<g transform="rotate(-90 14 {middle:g})">{_words(14, middle, self.y.label, INK, "center")}</g>'
        return lines + across + down + sideways + _words((left + right) / 2, HEIGHT - 10, self.x.label, INK, "center") + _words(left, 18, self.title, ACCENT, "left")

    def _inside(self):
        """The axes as a viewport, a little larger, so that a line on an edge keeps its width."""
        x, y, width, height = LEFT - 3, TOP - 3, self.width - LEFT - RIGHT + 6, HEIGHT - TOP - BOTTOM + 6
        return f'x="{x}" y="{y}" width="{width}" height="{height}" viewBox="{x} {y} {width} {height}"'

    def _places(self, axis, scale):
        marked = axis.marked()
        return zip(scale([value for value, _ in marked]), (words for _, words in marked))

    def _rule(self, x, y, color, lw, dash, opacity):
        pattern = f' stroke-dasharray="{dash}"' if dash else ""
        self._cut.append(f'<path d="{self._path(x, y)}" stroke="{color}" stroke-width="{lw}" stroke-opacity="{opacity}"{pattern}/>')

    def _path(self, x, y):
        return "M" + "L".join(f"{across:.1f} {down:.1f}" for across, down in zip(self._across(x), self._down(y)))

    def _across(self, x):
        return LEFT + (np.asarray(x, dtype=float) - self.x.low) / (self.x.high - self.x.low) * (self.width - LEFT - RIGHT)

    def _down(self, y):
        return HEIGHT - BOTTOM - (np.asarray(y, dtype=float) - self.y.low) / (self.y.high - self.y.low) * (HEIGHT - TOP - BOTTOM)


def side_by_side(panels, alt):
    """All panels as one picture that stands alone in a page, with its text alternative."""
    places = np.cumsum([0, *(panel.width for panel in panels)])
    inside = "".join(panel.svg(f'x="{left}" width="{panel.width}" height="{HEIGHT}"') for left, panel in zip(places, panels))
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {places[-1]} {HEIGHT}" width="{places[-1]}" height="{HEIGHT}">{inside}</svg>'
    source = base64.b64encode(picture.encode()).decode()
    return f'<img alt="{html.escape(alt)}" style="max-width:100%" src="data:image/svg+xml;base64,{source}">'


@lru_cache
def _round_values(low, high):
    places = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [round(float(place), 9) for place in places if low - 1e-9 <= place <= high + 1e-9]


def _words(across, down, words, color, ha):
    return f'<text x="{across:.1f}" y="{down:.1f}" fill="{color}" text-anchor="{ANCHORS[ha]}" {HALO}>{html.escape(words)}</text>' if words else ""


def _point(across, down, color, size, marker):
    if marker in SHAPES:
        return f'<path transform="translate({across:.1f} {down:.1f}) scale({size})" d="{SHAPES[marker]}" fill="{color}"/>'
    look = f'fill="#fff" stroke="{color}" stroke-width="2"' if marker == "O" else f'fill="{color}"'
    return f'<circle cx="{across:.1f}" cy="{down:.1f}" r="{size}" {look}/>'
