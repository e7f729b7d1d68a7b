"""Choosing whom to teach: reach against networkx, greedy against brute force and against the plain algorithm, the bound against both."""

import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from ccx.network import cascades, client_graph, exact_spread, greedy, most_possible, reached, sample_worlds, with_and_without
from ccx.network.seeding import Worlds, _closed
from ccx.simulate import client_network


@pytest.fixture(scope="module")
def small():
    """A fifth of the lesson's platform: 40 clients and their values."""
    firm = client_network(rng=14, size=0.2)
    return client_graph(firm.ties.assign(p=firm.truth), firm.clients.index), firm.clients["equity"]


@pytest.fixture(scope="module")
def worlds(small):
    return sample_worlds(small[0], 200, 1)


def brute_force(worlds, k, value):
    return max(itertools.combinations(worlds.clients, k), key=lambda who: worlds.spread(who, value).mean())


@pytest.mark.parametrize("density", [0.01, 0.05, 0.2])
def test_reach_is_the_transitive_closure_of_networkx(density):
    """On 37 clients, so that the last byte is not full."""
    arrows = np.random.default_rng(1).random((3, 37, 37)) < density
    arrows[:, range(37), range(37)] = True
    for drawn, found in zip(arrows, _closed(arrows)):
        closure = nx.transitive_closure(nx.from_numpy_array(drawn, create_using=nx.DiGraph))
        assert (nx.to_numpy_array(closure, dtype=bool) == found).all()


@pytest.mark.parametrize("model", ["cascade", "threshold"])
def test_worlds_and_cascades_with_the_same_seed_are_the_same(small, model):
    graph, value = small
    if model == "threshold":
        graph = nx.DiGraph(graph)
        nx.set_edge_attributes(graph, {(a, b): 0.9 / graph.in_degree(b) for a, b in graph.edges}, "p")
    drawn = sample_worlds(graph, 50, 3, model).spread([4, 30], value)
    assert drawn.tolist() == pytest.approx(reached(cascades(graph, [4, 30], 50, 3, model), value).tolist())


def test_the_average_world_is_the_exact_spread():
    graph = client_graph(pd.DataFrame({"source": [0, 0, 1, 2, 3], "target": [1, 2, 3, 3, 0], "p": [0.5, 0.3, 0.6, 0.9, 0.2]}))
    drawn = sample_worlds(graph, 40_000, 1).spread([0])
    assert drawn.mean() == pytest.approx(exact_spread(graph, [0]), abs=4 * drawn.std() / 200)


def test_greedy_is_the_plain_algorithm(worlds, small):
    """Each step the largest gain of all, worked out for everybody: the lazy one only looks at fewer."""
    value, taught = small[1], []
    chosen = greedy(worlds, 8, value)
    for client, row in chosen.iterrows():
        gains = worlds.gains(taught, value)
        assert client == gains.idxmax() and row["gain"] == pytest.approx(gains.max())
        taught.append(client)
        assert row["total"] == pytest.approx(worlds.spread(taught, value).mean())
    assert chosen["looked_at"].iloc[0] == 40 and chosen["looked_at"].iloc[1:].sum() < 7 * 40 / 2


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_greedy_keeps_its_guarantee_and_the_bound_holds(k, seed):
    """Against all choices of k among 16 clients."""
    firm = client_network(rng=seed, size=0.08)
    drawn = sample_worlds(client_graph(firm.ties.assign(p=firm.truth), firm.clients.index), 60, seed)
    value = firm.clients["equity"]
    best, found = drawn.spread(brute_force(drawn, k, value), value).mean(), greedy(drawn, k, value)["total"].iloc[-1]
    assert (1 - 1 / np.e) * best <= found <= best + 1e-9 <= most_possible(drawn, k, value) + 2e-9


def test_greedy_can_miss_the_best():
    """Six customers, three shops: the largest first leaves a gap that the other two together do not have."""
    covers = {"large": "bcde", "left": "abc", "right": "def"}
    ties = pd.DataFrame([(shop, customer, 1.0) for shop, customers in covers.items() for customer in customers], columns=["source", "target", "p"])
    drawn = sample_worlds(client_graph(ties), 1, 1)
    value = pd.Series({**dict.fromkeys("abcdef", 1.0), **dict.fromkeys(covers, 0.0)})
    chosen = greedy(drawn, 2, value)
    assert chosen.index[0] == "large" and chosen["total"].iloc[-1] == 5
    assert drawn.spread(["left", "right"], value).iloc[0] == 6 <= most_possible(drawn, 2, value)


def test_value_changes_the_choice(worlds, small):
    by_count, by_value = greedy(worlds, 3), greedy(worlds, 3, small[1])
    assert set(by_count.index) != set(by_value.index)
    assert worlds.spread(by_count.index).mean() >= worlds.spread(by_value.index).mean()
    assert worlds.spread(by_count.index, small[1]).mean() <= worlds.spread(by_value.index, small[1]).mean()


def test_whoever_comes_anyway_adds_nothing(small, worlds):
    """The worlds of `with_and_without` are those of `sample_worlds`, so greedy's total is the value of those won, world by world."""
    graph, value = small
    without, _ = with_and_without(graph, [], alone=0.02, horizon=100, n=200, rng=1)
    chosen = greedy(worlds, 4, value, already=np.isfinite(without))
    _, with_ = with_and_without(graph, chosen.index, alone=0.02, horizon=100, n=200, rng=1)
    won = (np.isfinite(with_) & np.isinf(without)).to_numpy() @ value.to_numpy()
    assert chosen["total"].iloc[-1] == pytest.approx(won.mean())
    nobody = greedy(worlds, 1, value, already=np.ones((200, 40), bool))
    assert nobody["total"].iloc[0] == 0


def test_a_choice_looks_too_good_in_its_own_worlds(small):
    """The mean over thirty choices, each from twenty worlds, against 2,000 worlds of their own."""
    graph, value = small
    fresh = sample_worlds(graph, 2_000, 99)
    lead = [(chosen := greedy(sample_worlds(graph, 20, seed), 3, value))["total"].iloc[-1] - fresh.spread(chosen.index, value).mean() for seed in range(30)]
    assert np.mean(lead) > 3 * np.std(lead) / np.sqrt(30)


@pytest.mark.parametrize("call, sentence", [
    (lambda w: greedy(w, 0), "k lies between 1"),
    (lambda w: greedy(w, 41), "There are 40 clients"),
    (lambda w: w.spread([99]), "99 is taught"),
    (lambda w: greedy(w, 1, already=np.ones((3, 40), bool)), "already has the shape"),
    (lambda w: greedy(w, 1, pd.Series({1: 2.0})), "no value for client 2")])
def test_bad_input_is_refused_with_a_sentence(worlds, call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call(worlds)


def test_worlds_show_themselves_without_their_arrays():
    assert "reaches" not in repr(Worlds(pd.Index([1]), np.ones((1, 1, 1), bool)))
