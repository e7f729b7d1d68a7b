"""The figures of strategies in one market: what they show, what they say, and by the common rules whether they can be read."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import same_color

from ccx import market, plot
from figures import every_rule

OFFERS, SEGMENTS = market.industry()
TABLE = market.mix_table(OFFERS, SEGMENTS, n=4)
FIRMS = pd.DataFrame({"price": [18.2, 24.8, 63.8, np.nan, 95], "reach": [0.43, 0.42, 0.13, 0.02, 0.01], "share": [0.4, 0.3, 0.26, 0.03, 0.01]},
                     index=["store brand", "A", "B", "C", "D"])
PATHS = pd.DataFrame({"from few": [0.05, 0.3, 0.6, 0.7], "from all": [0.95, 0.9, 0.8, 0.72]})
GAINS = pd.DataFrame({"head count": [-16_000.0, -98_000, -150_000], "equity": [162_000.0, 626_000, 113_000]}, index=[50_000, 500_000, 1_500_000])
INCOME = pd.DataFrame({"keepers": [5.0, 27.9, 50.7], "hoppers": [20.0, 26.9, 33.7]}, index=[0.0, 0.2, 0.4])
PLOTS = {
    "reach": lambda ax=None: plot.plot_reach(FIRMS, ax=ax),
    "mix": lambda ax=None: plot.plot_mix(TABLE, ax=ax),
    "health": lambda ax=None: plot.plot_health(TABLE, ax=ax),
    "replicator": lambda ax=None: plot.plot_replicator(PATHS, ax=ax),
    "pay": lambda ax=None: plot.plot_pay(GAINS, ax=ax),
    "commission": lambda ax=None: plot.plot_commission(INCOME, ax=ax),
}


@every_rule()
@pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)
def test_the_rules_for_every_figure_hold(draw, rule):
    rule(draw)


@pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)
def test_both_axes_say_what_they_measure(draw):
    ax = draw()
    assert ax.get_xlabel() and ax.get_ylabel() and len(ax.alt_text) > 60


def lines(ax):
    return {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}


def test_the_mix_shows_each_strategy_where_it_is_played():
    drawn = lines(PLOTS["mix"]())
    assert list(drawn) == ["customer-centric", "product-centric"]
    for name, line in drawn.items():
        np.testing.assert_allclose(line.get_ydata(), TABLE[name])
    assert np.isnan(drawn["customer-centric"].get_ydata()[0]) and np.isnan(drawn["product-centric"].get_ydata()[4])


def test_health_is_drawn_against_a_market_without_any_and_marks_the_best():
    ax = PLOTS["health"]()
    change = TABLE["welfare"] - TABLE["welfare"].loc[0]
    np.testing.assert_allclose(lines(ax)["welfare (both)"].get_ydata(), change)
    marks = [tuple(line.get_xydata()[0]) for line in ax.lines if len(line.get_xdata()) == 1]
    assert (TABLE["welfare"].idxmax(), change.max()) in marks and len(marks) == 3
    assert f"Welfare: best at {TABLE['welfare'].idxmax()}." in ax.alt_text
    assert ax.get_xlabel() == "Firms of 4 that are customer-centric" and "of 4 firms are customer-centric." in ax.alt_text


def test_reach_names_the_large_firms_and_draws_them_all():
    ax = PLOTS["reach"]()
    assert [text.get_text() for text in ax.texts] == ["store brand", "A", "B"] and len(ax.collections[0].get_offsets()) == 5
    assert ax.alt_text.endswith("B: 64 cents an ounce, bought by 13 % of the customers.")


def test_the_imitators_are_called_what_they_are():
    ax = plot.plot_replicator(PATHS, "that are customer-centric")
    assert ax.get_ylabel() == "Firms that are customer-centric" and ax.alt_text.startswith("Share of firms that are customer-centric, step by step.")


def test_the_others_draw_their_tables_and_speak_of_both_ends():
    for name, table, said in (("replicator", PATHS, "From all: from 95 % to 72 %."), ("pay", GAINS, "Equity: 162,000 at 50,000, 113,000 at 1,500,000."),
                              ("commission", INCOME, "Hoppers: 20 at 0, 33.7 at 0.4.")):
        ax = PLOTS[name]()
        for column, line in lines(ax).items():
            np.testing.assert_allclose(line.get_xydata(), np.column_stack([table.index, table[column]]))
        assert said in ax.alt_text and same_color(ax.lines[0].get_color(), plot.ACCENT)
