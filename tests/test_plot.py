"""Every figure: where it draws, what it says in words, and whether it can be read."""

import html
import importlib
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import Collection
from matplotlib.colors import same_color
from matplotlib.figure import Figure

import ccx
from ccx import plot

VALUES = np.random.default_rng(1).lognormal(3, 1.2, 2_000)
MODEL = ccx.NBDModel(5, 1)
COUNTS = MODEL.simulate(2_000, 1)[0]["frequency"]
WINDOWS = pd.DataFrame({"top_share": [1.0, 0.7, 0.6], "top_share_buyers": [0.5, 0.55, 0.58]}, index=[1, 4, 52])

# Each with the data of a lesson and with data that are harder to draw.
PLOTS = {
    "spread": lambda ax=None: plot.plot_spread(VALUES, ax=ax),
    "spread, no tail": lambda ax=None: plot.plot_spread([1.0, 2.0, 2.0, 2.5], unit="visits", ax=ax),
    "spread, mean beyond the rest": lambda ax=None: plot.plot_spread([0] * 99 + [500_000], ax=ax),
    "lorenz": lambda ax=None: plot.plot_lorenz(VALUES, ax=ax),
    "lorenz of two": lambda ax=None: plot.plot_lorenz(VALUES, [20, 90, 45], ("CDNOW", "the three customers"), ax=ax),
    "lorenz, all alike": lambda ax=None: plot.plot_lorenz([1] * 10, ax=ax),
    "lorenz, one brings all": lambda ax=None: plot.plot_lorenz([0] * 40 + [1], ax=ax),
    "deciles": lambda ax=None: plot.plot_deciles(VALUES, ax=ax),
    "deciles, one brings all": lambda ax=None: plot.plot_deciles([0] * 40 + [1], ax=ax),
    "counts": lambda ax=None: plot.plot_counts(COUNTS, MODEL, 1, ax=ax),
    "counts, large": lambda ax=None: plot.plot_counts(COUNTS * 9, ccx.NBDModel(5, 1 / 9), 1, ax=ax),
    "windows": lambda ax=None: plot.plot_windows(WINDOWS, ax=ax),
    "guess": lambda ax=None: plot.plot_guess(0.8, 0.677, ax=ax),
    "no guess": lambda ax=None: plot.plot_guess(None, 0.677, ax=ax),
    "guess far out": lambda ax=None: plot.plot_guess(20, 0.677, ax=ax),
    "negative guess": lambda ax=None: plot.plot_guess(-3, 0.5, ax=ax),
    "guess of a large number": lambda ax=None: plot.plot_guess(1_500, 23_502, ax=ax),
    "guess, both at zero": lambda ax=None: plot.plot_guess(0, 0, ax=ax),
}

every_plot = pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)


def explorer_frame(r=0.4, mean=3.0):
    module = importlib.import_module("ccx.explore.heterogeneity")
    scene = module.view({"r": r, "mean": mean})
    return plot.describe(module.draw(scene), scene.text)


# -- where it draws -----------------------------------------------------------------------------------------------


@every_plot
def test_draws_on_the_axes_it_was_given_and_on_no_other(draw):
    figure = Figure()
    mine, other = figure.subplots(1, 2)
    assert draw(mine) is mine
    assert mine.has_data() and not other.has_data() and not other.texts
    assert figure.axes == [mine, other] and not figure.texts and not figure.legends


@every_plot
def test_without_axes_each_call_makes_a_figure_of_its_own(draw):
    first, second = draw(), draw()
    assert first.figure is not second.figure and first.figure.axes == [first]


def test_pyplot_is_never_imported():
    """Callbacks may run on another thread, where pyplot mixes up the pictures."""
    script = ("import sys, ccx; from ccx import plot\n"
              "plot.show(plot.plot_lorenz([1, 2])); plot.show(plot.plot_spread([1, 2])); plot.show(plot.plot_deciles(range(20)))\n"
              "plot.show(plot.plot_counts([0, 1, 5], ccx.NBDModel(1, 1), 1)); plot.show(plot.plot_guess(1, 2))\n"
              "ccx.explore.wildness()\n"
              "sys.exit('matplotlib.pyplot' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


# -- what it says -------------------------------------------------------------------------------------------------


def test_alt_text_of_the_spread_comes_from_the_data():
    text = plot.alt_text(plot.plot_spread([1, 2, 3, 14], unit="visits"))
    for said in ("visits", "mean is 5,", "median 2.5;", "largest customer has 14."):
        assert said in text
    assert "mean is 5,000, the median 2,500;" in plot.alt_text(plot.plot_spread([1e3, 2e3, 3e3, 14e3]))


def test_alt_text_of_the_lorenz_curve_comes_from_the_data():
    text = plot.alt_text(plot.plot_lorenz([1, 3], [1, 1], ("ours", "theirs")))
    assert text == (
        "Lorenz curve. Ours: Gini 0.25; the smaller half of the customers bring 25%, the first four fifths 70%, the top fifth 30%. "
        "Theirs: Gini 0.00; the smaller half of the customers bring 50%, the first four fifths 80%, the top fifth 20%.")


def test_alt_text_of_the_deciles_comes_from_the_data():
    """Ten customers with 1 to 10: the best brings 10/55, the last 1/55."""
    text = plot.alt_text(plot.plot_deciles(range(1, 11)))
    assert text.count("%") == 10 and "18.2%, 16.4%," in text and text.endswith("1.8% of all value.")


def test_alt_text_of_the_counts_comes_from_the_data():
    """r = alpha = t = 1 puts 1/2 at zero; a mean of 1 puts exp(-1) there for the Poisson."""
    text = plot.alt_text(plot.plot_counts([0, 0, 0, 4], ccx.NBDModel(1, 1), 1))
    assert "75% observed, 50% by the NBD, 37% if all" in text


def test_alt_text_of_the_windows_comes_from_the_data():
    text = plot.alt_text(plot.plot_windows(WINDOWS))
    assert "from 100% in the shortest window to 60% in the longest" in text and "from 50% to 58%" in text


@pytest.mark.parametrize("guess, truth, said", [
    (0.8, 0.677, "The truth is 0.677; your guess was 0.8, off by 0.123."),
    (None, 0.677, "The truth is 0.677; no guess was made."),
    (1_500, 23_502, "The truth is 23,502; your guess was 1,500, off by 22,002."),
    (-3, 0.5, "The truth is 0.5; your guess was -3, off by 3.5."),
])
def test_alt_text_of_a_guess(guess, truth, said):
    assert plot.alt_text(plot.plot_guess(guess, truth)) == said


def test_alt_text_without_a_description_is_the_title():
    ax = plot.new_axes()
    assert plot.alt_text(ax) == "A chart without a description."
    ax.set_title("Sales by week")
    assert plot.alt_text(ax) == "Sales by week"


# -- the picture shows the data -----------------------------------------------------------------------------------


def bars(ax):
    return [bar.get_height() for bar in ax.patches]


def test_deciles_label_zero_as_zero_and_little_as_little():
    ax = plot.plot_deciles([0] * 5 + [1] * 4 + [1_000])
    assert [text.get_text() for text in ax.texts] == ["100%"] + ["<1%"] * 4 + ["0%"] * 5


@pytest.mark.parametrize("dtype", [int, float, "Int64"])
def test_counts_beyond_the_longest_bar_go_into_it(dtype):
    ax = plot.plot_counts(pd.Series([0, 0, 1, 3, 4, 5_000, 60, 2], dtype=dtype), MODEL, 1, longest=3)
    assert bars(ax) == pytest.approx([2 / 8, 1 / 8, 1 / 8, 4 / 8])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0", "1", "2", "3+"]
    for line in ax.lines:
        assert line.get_ydata().sum() == pytest.approx(1)
    np.testing.assert_allclose(ax.lines[0].get_ydata()[:3], MODEL.probability([0, 1, 2], 1))


def test_spread_says_how_many_are_cut_off():
    ax = plot.plot_spread(VALUES)
    assert sum(bars(ax)) == 1_960 and "the 40 largest customers not shown" in ax.get_xlabel()
    ax = plot.plot_spread([3, 3, 3, 3])
    assert sum(bars(ax)) == 4 and "not shown" not in ax.get_xlabel()


def test_windows_and_guess_show_their_numbers():
    curves = [line.get_ydata() for line in plot.plot_windows(WINDOWS).lines]
    np.testing.assert_array_equal(curves, WINDOWS[["top_share", "top_share_buyers"]].T)
    for guess, truth in ((0.8, 0.677), (20, 0.677), (-3, 0.5), (None, -2), (-5, -2)):
        ax = plot.plot_guess(guess, truth)
        low, high = ax.get_xlim()
        shown = [line.get_xdata()[0] for line in ax.lines]
        assert shown == [x for x in (truth, guess) if x is not None] and all(low < x < high for x in shown)


# -- whether it can be read ---------------------------------------------------------------------------------------


@every_plot
def test_axes_are_labelled_with_units(draw):
    ax = draw()
    if ax.get_ylabel() == "" and ax.get_xlabel() == "":
        assert len(ax.get_yticks()) == 0  # a guess: the points carry their labels, the unit is the question's
        return
    labels = f"{ax.get_xlabel()} {ax.get_ylabel()}"
    assert ax.get_xlabel() and ax.get_ylabel()
    assert re.search("dollars|visits|Customers|customers|Purchases|weeks", labels)


def words_of(axes):
    """All words that are drawn on an Axes; matplotlib also keeps ticks beyond the ends, which it does not draw."""
    ticks = [tick.label1 for axis in (axes.xaxis, axes.yaxis) for tick in axis.get_major_ticks()
             if min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())]
    legend = axes.get_legend().get_texts() if axes.get_legend() else []
    return [text for text in (*axes.texts, *ticks, *legend, axes.xaxis.label, axes.yaxis.label) if text.get_text().strip()]


PICTURES = {**PLOTS, **{f"explorer {r} {mean}": lambda r=r, mean=mean: explorer_frame(r, mean)
                        for r in (0.1, 100) for mean in (0.2, 3, 12)}}


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_no_words_are_clipped_or_overlap(draw):
    figure = draw().figure
    figure.draw_without_rendering()
    words = [(text.get_text(), text.get_window_extent()) for axes in figure.axes for text in words_of(axes)]
    assert len(words) > 5
    for i, (word, box) in enumerate(words):
        assert box.x0 > -2 and box.y0 > -2 and box.x1 < figure.bbox.x1 + 2 and box.y1 < figure.bbox.y1 + 2, f"{word} is clipped"
        for other, beside in words[:i]:
            assert not box.padded(-1).overlaps(beside.padded(-1)), f"{word} overlaps {other}"


@every_plot
def test_no_words_run_into_bars_and_no_curve_into_the_legend(draw):
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


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_contrast_formula():
    """The two ends of WCAG's scale."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21) and contrast("#777777", "#777777") == 1


def test_words_have_the_contrast_that_wcag_asks_for():
    """WCAG 2.2, 1.4.3: at least 4.5 to 1 for text, against the white page."""
    assert min(contrast(colour, "#ffffff") for colour in (plot.ACCENT, plot.GREY, plot.INK)) >= 4.5


def test_bars_differ_in_lightness_not_only_in_hue():
    """WCAG 2.2, 1.4.11: at least 3 to 1 between neighbours, which no form of colour-blindness takes away."""
    assert contrast(plot.ACCENT, plot.PALE) >= 3 and contrast(plot.GREY, plot.PALE) >= 3


@pytest.mark.parametrize("draw", [*PLOTS.values(), explorer_frame], ids=[*PLOTS, "explorer"])
def test_the_accent_and_the_grey_differ_in_more_than_colour(draw):
    """They are equally light, so lines also differ in their dashes, and single points carry a label each."""
    for ax in draw().figure.axes:
        lines = [line for line in ax.lines if len(line.get_xdata()) > 1]
        styles = {colour: {line.get_linestyle() for line in lines if same_color(line.get_color(), colour)}
                  for colour in (plot.ACCENT, plot.GREY)}
        assert not styles[plot.ACCENT] & styles[plot.GREY]
        points = [line for line in ax.lines if len(line.get_xdata()) == 1]
        assert len(ax.texts) >= len(points)
        assert not any(isinstance(child, Collection) for child in ax.get_children())


# -- in the notebook ----------------------------------------------------------------------------------------------


def test_show_is_a_figure_with_alt_text_and_caption():
    page = plot.show(plot.plot_lorenz([1, 3]), "One brings three quarters.").data
    assert re.fullmatch(r'<figure[^>]*><img alt="[^"]+" [^>]*src="data:image/png;base64,[A-Za-z0-9+/=]+">'
                        r"<figcaption>[^<]+</figcaption></figure>", page)
    assert "Gini 0.25" in page and "One brings three quarters." in page
    assert "figcaption" not in plot.show(plot.plot_lorenz([1, 3])).data


def test_show_escapes_what_it_is_told():
    nasty = '"><script>alert(1)</script>&'
    page = plot.show(plot.plot_lorenz([1, 3], names=(nasty, "")), nasty).data
    assert "<script" not in page and page.count('"><') == 2  # the ends of the figure's and the picture's own tags
    assert page.count(html.escape(nasty)) == 2


@every_plot
def test_the_same_picture_twice_has_the_same_bytes(draw):
    assert plot.figure_html(draw()) == plot.figure_html(draw())


def test_showing_again_changes_nothing():
    ax = plot.plot_lorenz([1, 3])
    assert plot.figure_html(ax) == plot.figure_html(ax)
