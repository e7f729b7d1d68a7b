"""The figures of single customers: what they draw, say and leave out."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import same_color
from matplotlib.figure import Figure

import ccx
from ccx import plot

DAYS = pd.to_datetime(["1997-01-01", "1997-02-05", "1997-02-05", "1997-12-24", "1997-09-23"])
LOG = pd.DataFrame({"customer_id": [7, 7, 7, 7, 3], "date": DAYS})
PAST, VALUE = pd.Series([900.0, 300.0, 40.0, 10.0, 0.0]), pd.Series([0.0, 70.0, 80.0, 5.0, 0.3])

PLOTS = {
    "timelines": lambda ax=None: plot.plot_timelines(LOG, "1997-09-30", ax=ax),
    "timelines of ten": lambda ax=None: plot.plot_timelines(first_ten(), "1997-09-30", ax=ax),
    "past and value": lambda ax=None: plot.plot_past_and_value(PAST, VALUE, 2, ax=ax),
}
every_plot = pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)


def first_ten():
    log = ccx.load("cdnow_sample")
    return log[log["customer_id"].isin(log["customer_id"].unique()[:10])]


@every_plot
def test_draws_where_it_is_told_and_else_on_a_figure_of_its_own(draw):
    mine, other = Figure().subplots(1, 2)
    assert draw(mine) is mine and mine.has_data() and not other.has_data()
    assert draw().figure is not draw().figure


@every_plot
def test_axes_are_labelled_and_words_fit(draw):
    ax = draw()
    assert ax.get_ylabel() and ("weeks" in ax.get_xlabel() or "dollars" in ax.get_xlabel()) and len(ax.alt_text) > 30
    ax.figure.draw_without_rendering()
    low, high = ax.get_ylim()
    ticks = [tick.label1 for tick in ax.yaxis.get_major_ticks() if low <= tick.get_loc() <= high]  # those beyond are not drawn
    for text in (*ax.texts, ax.xaxis.label, ax.yaxis.label, *ticks):
        box = text.get_window_extent()
        assert box.x0 > -2 and box.x1 < ax.figure.bbox.x1 + 2 and box.y0 > -2 and box.y1 < ax.figure.bbox.y1 + 2


def test_timelines_show_each_purchase_up_to_today_and_the_silence_after():
    """The earlier customer number first; Christmas is after today."""
    ax = PLOTS["timelines"]()
    lived, silent = ({y: (x0, x1) for (x0, y), (x1, _) in lines.get_segments()} for lines in ax.collections)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["3", "7"] and list(ax.get_yticks()) == [1, 0]
    assert silent == {1: (-1, 0), 0: (pytest.approx(-237 / 7), 0)} and lived[0] == (pytest.approx(-272 / 7), pytest.approx(-237 / 7))
    assert ax.lines[0].get_xdata().max() == -1
    assert ax.xaxis.get_major_formatter()(0.0, 0) == "0" and ax.xaxis.get_major_formatter()(-5.0, 0) == "5"


def test_alt_text_of_the_timelines_comes_from_the_log():
    said = "On 30 September 1997, customer 3: 1 purchase, the last 1 week ago; customer 7: 2 purchases, the last 34 weeks ago."
    assert PLOTS["timelines"]().alt_text.endswith(said)


def test_past_and_value_marks_those_who_lead_in_the_first_only():
    """Of five, two lead by spend (900, 300), two by value (80, 70): the first of all is not worth a dollar, so drawn at one."""
    rest, fading = PLOTS["past and value"]().lines[:2]
    assert fading.get_xydata().tolist() == [[900, 1]] and same_color(fading.get_color(), plot.ACCENT)
    assert sorted(rest.get_xydata().tolist()) == [[1, 1], [10, 5], [40, 80], [300, 70]]


def test_alt_text_of_past_and_value_comes_from_the_data():
    said = PLOTS["past and value"]().alt_text
    assert "What 5 customers" in said and "spent $300 or more" in said and "worth $70 or more" in said
    assert "spent most, $900, is worth $0.00" in said


def test_past_and_value_keeps_its_count_to_itself():
    """How many lead in the first only is asked in an exercise."""
    rng = np.random.default_rng(1)
    past, value = pd.Series(rng.lognormal(4, 1, 500)), pd.Series(rng.lognormal(3, 1, 500))
    count = len(past.nlargest(50).index.difference(value.nlargest(50).index))
    words = plot.plot_past_and_value(past, value, 50).alt_text.replace("$", " ").split()
    assert str(count) not in words
