"""The rules that every figure of the course keeps, each a function of one that draws it."""

import pytest
from matplotlib.collections import Collection
from matplotlib.colors import same_color
from matplotlib.figure import Figure
from matplotlib.text import Text

from ccx import plot


def without_colour_bars(figure):
    """A surface brings its scale along, for which matplotlib makes Axes of their own; it is part of the picture."""
    return [axes for axes in figure.axes if axes.get_label() != "<colorbar>"]


def draws_on_the_axes_it_was_given_and_on_no_other(draw):
    figure = Figure()
    mine, other = figure.subplots(1, 2)
    assert draw(mine) is mine
    assert mine.has_data() and not other.has_data() and not other.texts
    assert without_colour_bars(figure) == [mine, other] and not figure.texts and not figure.legends


def without_axes_each_call_makes_a_figure_of_its_own(draw):
    first, second = draw(), draw()
    assert first.figure is not second.figure and without_colour_bars(first.figure) == [first]


def words_of(axes):
    """All words that are drawn on an Axes; matplotlib also keeps ticks beyond the ends, which it does not draw."""
    ticks = [label for axis in (axes.xaxis, axes.yaxis) for tick in axis.get_major_ticks() for label in (tick.label1, tick.label2)
             if min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval()) and label.get_visible()]
    legend = axes.get_legend().get_texts() if axes.get_legend() else []
    own = [child for child in axes.get_children() if isinstance(child, Text)]  # notes and titles
    return [text for text in (*own, *ticks, *legend, axes.xaxis.label, axes.yaxis.label) if text.get_text().strip()]


def no_words_are_clipped_or_overlap(draw):
    figure = draw().figure
    figure.draw_without_rendering()
    words = [(text.get_text(), text.get_window_extent()) for axes in figure.axes for text in words_of(axes)]
    assert len(words) > 5
    for i, (word, box) in enumerate(words):
        assert box.x0 > -2 and box.y0 > -2 and box.x1 < figure.bbox.x1 + 2 and box.y1 < figure.bbox.y1 + 2, f"{word} is clipped"
        for other, beside in words[:i]:
            assert not box.padded(-1).overlaps(beside.padded(-1)), f"{word} overlaps {other}"


def no_words_run_into_bars_and_no_curve_into_the_legend(draw):
    ax = draw()
    ax.figure.draw_without_rendering()
    legend = [ax.get_legend()] if ax.get_legend() else []
    for words in (*ax.texts, *legend):
        for bar in ax.patches:
            assert not bar.get_height() or not words.get_window_extent().padded(-1).overlaps(bar.get_window_extent())
    for box in (entry.get_window_extent() for entry in legend):
        for line in ax.lines:
            path = line.get_path().interpolated(20).transformed(line.get_transform())
            assert not any(box.contains(*point) for point in path.vertices)


def the_accent_and_the_grey_differ_in_more_than_colour(draw):
    """They are equally light, so lines also differ in their dashes, and single points carry a label each.

    An upright line, which has a label too, is not taken for a curve, so the two kinds need not differ. What is drawn in one piece
    (a surface, the area under a curve, contours, marks) is never grey, and where it is in the accent there is no grey line.
    """
    for ax in draw().figure.axes:
        lines = [line for line in ax.lines if len(line.get_xdata()) > 1]
        uprights = [line for line in lines if len(set(line.get_xdata())) == 1]
        for kind in (uprights, [line for line in lines if line not in uprights]):
            styles = {colour: {line.get_linestyle() for line in kind if same_color(line.get_color(), colour)}
                      for colour in (plot.ACCENT, plot.GREY)}
            assert not styles[plot.ACCENT] & styles[plot.GREY]
        points = [line for line in ax.lines if len(line.get_xdata()) == 1]
        assert len(ax.texts) >= len(points)
        pieces = [colour for child in ax.get_children() if isinstance(child, Collection)
                  for colour in (*child.get_edgecolor(), *child.get_facecolor())]
        assert not any(same_color(colour, plot.GREY) for colour in pieces)
        if any(same_color(colour, plot.ACCENT) for colour in pieces):
            assert not any(same_color(line.get_color(), plot.GREY) for line in lines)


def the_same_picture_twice_has_the_same_bytes(draw):
    assert plot.figure_html(draw()) == plot.figure_html(draw())


RULES = [draws_on_the_axes_it_was_given_and_on_no_other, without_axes_each_call_makes_a_figure_of_its_own, no_words_are_clipped_or_overlap,
         no_words_run_into_bars_and_no_curve_into_the_legend, the_accent_and_the_grey_differ_in_more_than_colour, the_same_picture_twice_has_the_same_bytes]


def every_rule(*but):
    """Parametrise a test over the rules, but for those that do not fit."""
    return pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in but], ids=lambda rule: rule.__name__)
