"""Figures of client networks: what is drawn is what was given, and the words say it."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import ccx
from ccx import plot
from ccx.network import cascades, client_graph
from ccx.plot.network import positions
from ccx.simulate import client_network


@pytest.fixture(scope="module")
def firm():
    return client_network(rng=14, size=0.2)


@pytest.fixture(scope="module")
def graph(firm):
    return client_graph(firm.ties.assign(p=firm.truth), firm.clients.index)


def test_every_client_has_a_place_and_trades_keep_apart(firm, graph):
    place, trade = positions(graph, firm.clients["trade"]), firm.clients["trade"]
    assert place.index.equals(firm.clients.index) and place.abs().max().max() == 1 and place.notna().all(axis=None)
    centres = place.groupby(trade).mean().loc[trade].to_numpy()
    others = [np.hypot(*(place.loc[client] - centre).to_numpy()) for client, own in trade.items()
              for centre in [place.groupby(trade).mean().drop(index=own).to_numpy()[0]]]
    assert np.hypot(*(place.to_numpy() - centres).T).mean() < 0.5 * np.mean(others)
    assert positions(graph, trade).equals(place)


@pytest.mark.parametrize("clients", [1, 2, 5])
def test_small_networks_can_be_drawn(clients):
    graph = nx.empty_graph(clients, create_using=nx.DiGraph)
    assert positions(graph).notna().all(axis=None) and "0 ties" in plot.alt_text(ccx.plot_network(graph))


def test_taught_reached_and_others_are_drawn_apart(firm, graph):
    """Diamonds, filled dots and open ones, each client once and where it belongs."""
    run = cascades(graph, [8, 25], 1, 3).iloc[0]
    ax = ccx.plot_network(graph, firm.clients["trade"], firm.clients["equity"], [8, 25], run)
    others, reached, taught = ax.collections[1:]
    assert len(taught.get_offsets()) == 2 and len(reached.get_offsets()) == np.isfinite(run).sum() - 2 and len(others.get_offsets()) == np.isinf(run).sum()
    np.testing.assert_allclose(taught.get_offsets(), positions(graph, firm.clients["trade"]).loc[[8, 25]])
    assert len(ax.collections[0].get_segments()) == len(firm.ties)
    assert f"Taught: 8, 25. Reached besides: {np.isfinite(run).sum() - 2}." in plot.alt_text(ax)
    assert len({tuple(dots.get_facecolor()[0]) for dots in (others, reached, taught)}) == 3


def test_dots_are_as_large_as_their_value(firm, graph):
    dots = ccx.plot_network(graph, value=firm.clients["equity"]).collections[1]
    assert np.corrcoef(dots.get_sizes(), firm.clients["equity"])[0, 1] == pytest.approx(1)


def bars(runs):
    """Left ends, widths and heights of the bars; the band of the interval is no bar."""
    found = [bar for bar in ccx.plot_cascade_sizes(pd.Series(runs)).patches if bar.get_edgecolor() != (0, 0, 0, 0) and bar.get_linewidth()]
    return np.array([(bar.get_x(), bar.get_width(), bar.get_height()) for bar in found]).T


def test_the_sizes_of_cascades_are_shares_of_the_runs():
    runs = np.random.default_rng(1).integers(1, 70, 500)
    left, width, height = bars(runs)
    expected = [((runs > x) & (runs < x + w)).mean() for x, w in zip(left, width)]
    assert height.sum() == pytest.approx(1) and height == pytest.approx(np.array(expected))
    low, high = np.quantile(runs, [0.025, 0.975])
    assert f"95 % of the runs lie between {low:.3g} and {high:.3g}." in plot.alt_text(ccx.plot_cascade_sizes(pd.Series(runs)))


@pytest.mark.parametrize("runs", [[1, 1, 1, 2], [2, 90], list(range(1, 200))])
def test_each_bar_holds_as_many_whole_numbers(runs):
    """Otherwise an even histogram looks like a comb."""
    left, width, _ = bars(runs)
    assert len(set(width.round(9))) == 1 and width[0] == round(width[0]) and (left % 1 == 0.5).all() and left[0] < min(runs) and left[-1] + width[-1] > max(runs)


def test_seeding_draws_a_line_for_each_choice_and_what_teaching_costs():
    table = pd.DataFrame({"greedy": [9.0, 14.0, 16.0], "random": [3.0, 6.0, 8.0]}, index=[1, 2, 3])
    ax = ccx.plot_seeding(table, cost=5)
    assert [line.get_ydata().tolist() for line in ax.lines] == [table[name].tolist() for name in table]
    [area] = ax.collections
    assert area.get_paths()[0].vertices[:, 1].max() == 15 and plot.alt_text(ax).endswith("Cost: 5 each.")
    assert "Cost" not in plot.alt_text(ccx.plot_seeding(table))
    assert len({(line.get_color(), line.get_linestyle()) for line in ax.lines}) == 2


def test_a_curriculum_marks_where_each_case_gains_most():
    table = pd.DataFrame({"alone": [5.0, 3.0, -1.0], "with others": [5.0, 8.0, -4.0]}, index=[0.0, 0.5, 1.0])
    ax = ccx.plot_curriculum(table)
    marks = [(float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in ax.lines if line.get_marker() == "o"]
    assert marks == [(0.0, 5.0), (0.5, 8.0)] and "With others: 5 at 0 %, -4 at 100 %, most at 50 %." in plot.alt_text(ax)
    dear = ccx.plot_curriculum(table, cost=4)
    [line] = [line for line in dear.lines if line.get_label() == "cost of the courses"]
    assert set(line.get_ydata()) == {4} and plot.alt_text(dear).endswith("Cost: 4.") and "Cost" not in plot.alt_text(ax)


def test_adoption_shades_what_lies_between_the_first_two():
    table = pd.DataFrame({"taught": [0.1, 0.6], "nobody": [0.0, 0.5], "third": [0.2, 0.2]}, index=[0, 5])
    ax = ccx.plot_adoption(table, "Year")
    assert len(ax.lines) == 3 and len(ax.collections) == 1 and "by year" in plot.alt_text(ax) and ax.get_xlabel() == "Year"
    assert not ccx.plot_adoption(table[["taught"]]).collections


@pytest.mark.parametrize("draw", [
    lambda ax: ccx.plot_cascade_sizes(pd.Series([1, 2]), ax=ax), lambda ax: ccx.plot_seeding(pd.DataFrame({"a": [1.0]}, index=[1]), ax=ax),
    lambda ax: ccx.plot_curriculum(pd.DataFrame({"a": [1.0]}, index=[0.5]), ax=ax), lambda ax: ccx.plot_adoption(pd.DataFrame({"a": [0.5]}), ax=ax),
    lambda ax: ccx.plot_network(nx.path_graph(3), ax=ax)])
def test_a_figure_is_drawn_on_the_axes_given(draw):
    ax = plot.new_axes()
    assert draw(ax) is ax and len(plot.alt_text(ax)) > 30 and "nan" not in plot.alt_text(ax)
