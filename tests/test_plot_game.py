"""The figures of the market game: what they show, what they say, and by the common rules whether they can be read."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import same_color

from ccx import market, plot
from figures import every_rule

NAMES = ["customer-centric", "cheapest", "idle", "head count"]
MATCH = market.play([market.baselines()[name] for name in ("customer_centric", "cheapest", "do_nothing", "head_count")], seed=2)
LEAGUE = pd.DataFrame({"equity": [1061.4, 900, 450, 230], "spread": [210.0, 300, 70, 60]}, index=["weighing", "best only", "house: idle", "a student with a long id"])
SHARES = market.ecology(np.random.default_rng(1).uniform(500, 900, (9, 9)), 150).rename(columns=lambda i: f"strategy {i}")
PLOTS = {
    "match": lambda ax=None: plot.plot_match(MATCH, NAMES, ax=ax),
    "league": lambda ax=None: plot.plot_league(LEAGUE, ["best only"], ax=ax),
    "league, nobody marked": lambda ax=None: plot.plot_league(LEAGUE, ax=ax),
    "ecology": lambda ax=None: plot.plot_ecology(SHARES, ax=ax),
    "ecology, two": lambda ax=None: plot.plot_ecology(SHARES, most=2, ax=ax),
}


@every_rule()
@pytest.mark.parametrize("draw", PLOTS.values(), ids=PLOTS)
def test_the_rules_for_every_figure_hold(draw, rule):
    rule(draw)


def test_a_match_shows_the_four_paths_and_their_ends():
    ax = PLOTS["match"]()
    np.testing.assert_array_equal([line.get_ydata() for line in ax.lines], MATCH.path.T)
    assert f"customer-centric from {MATCH.path[0, 0]:.0f} to {MATCH.equity[0]:.0f}, cheapest from" in ax.alt_text
    assert [text.get_text() for text in ax.get_legend().get_texts()] == NAMES


def test_a_league_shows_means_and_one_spread_to_either_side_with_the_best_on_top():
    ax = PLOTS["league"]()
    bars, marked, others = ax.collections
    assert [bar[:, 0].tolist() for bar in bars.get_segments()] == [[e - s, e + s] for e, s in zip(LEAGUE["equity"], LEAGUE["spread"])]
    assert marked.get_offsets().tolist() == [[900, 1]] and same_color(marked.get_facecolor(), plot.ACCENT)
    assert others.get_offsets().tolist() == [[1061.4, 0], [450, 2], [230, 3]] and ax.yaxis_inverted()
    assert "weighing 1061 and 210, best only 900 and 300" in ax.alt_text


def test_an_ecology_shows_those_who_grew_most_and_says_what_is_left_for_the_others():
    ax, best = PLOTS["ecology"](), SHARES.max().nlargest(5).index
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list(best)
    np.testing.assert_array_equal([line.get_ydata() for line in ax.lines], SHARES[best].T)
    two = PLOTS["ecology, two"]()
    assert len(two.lines) == 2 and f"The others together end at {1 - SHARES.iloc[-1][best[:2]].sum():.0%}." in two.alt_text


def test_strategies_of_the_same_name_get_a_line_each():
    same = SHARES.set_axis(["twin"] * 9, axis=1)
    assert len(plot.plot_ecology(same, most=3).lines) == 3
