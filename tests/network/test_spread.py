"""Cascades against every world of a small network, direct simulation of both stories, and closed forms."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from ccx.network import cascades, client_graph, exact_spread, expected_spread, reached, ties_tested
from ccx.simulate import client_network

DIAMOND = pd.DataFrame({"source": ["Ann", "Ann", "Bob", "Cid"], "target": ["Bob", "Cid", "Dan", "Dan"], "p": 0.4})


def random_network(rng, clients=6, ties=11, most=1.0):
    """A small network with cycles; the p that lead to a client add up to `most` at most."""
    pairs = [(a, b) for a in range(clients) for b in range(clients) if a != b]
    chosen = [pairs[i] for i in rng.choice(len(pairs), ties, replace=False)]
    table = pd.DataFrame(chosen, columns=["source", "target"]).assign(p=rng.random(ties))
    table["p"] *= most / table.groupby("target")["p"].transform("sum").clip(lower=most)
    return client_graph(table, range(clients))


def told(graph, taught, rng):
    """One cascade as it is told: whoever has just learned it tries each tie once."""
    known, new = set(taught), list(taught)
    while new:
        won = {b for a in new for b in graph.successors(a) if b not in known and rng.random() < 1 - (1 - graph[a][b]["p"])}
        known |= won
        new = list(won)
    return known


def pressed(graph, taught, rng):
    """One cascade with thresholds as it is told: a client follows when the weights of those who have moved reach its threshold."""
    threshold = {client: rng.random() for client in graph}
    known = set(taught)
    while True:
        won = {b for b in graph if b not in known and sum(graph[a][b]["p"] for a in graph.predecessors(b) if a in known) > threshold[b]}
        if not won:
            return known
        known |= won


# Exact, by hand


def test_two_ways_by_hand():
    assert exact_spread(client_graph(DIAMOND), ["Ann"]) == pytest.approx(1 + 0.8 + 1 - 0.84**2)


@pytest.mark.parametrize("p", [0, 0.3, 1])
def test_a_chain_is_a_geometric_sum(p):
    chain = client_graph(pd.DataFrame({"source": range(5), "target": range(1, 6), "p": p}))
    for model in ("cascade", "threshold"):
        assert exact_spread(chain, [0], model=model) == pytest.approx(sum(p**i for i in range(6)))


def test_a_star_weighted_by_value():
    star = client_graph(pd.DataFrame({"source": 0, "target": [1, 2, 3], "p": [0.1, 0.5, 1.0]}))
    assert exact_spread(star, [0], pd.Series([5.0, 10, 20, 40])) == pytest.approx(5 + 1 + 10 + 40)


def test_with_thresholds_voices_add_up():
    """Bob and Cid both know it, with certainty: Dan follows with probability 0.8, where each tie for itself would make it 0.64."""
    assert exact_spread(client_graph(DIAMOND), ["Bob", "Cid"], model="threshold") == pytest.approx(2.8)
    assert exact_spread(client_graph(DIAMOND), ["Bob", "Cid"]) == pytest.approx(2 + 1 - 0.6**2)


# Sampled against exact, and against the stories


@pytest.mark.parametrize("model", ["cascade", "threshold"])
@pytest.mark.parametrize("seed", range(4))
def test_the_sampled_mean_is_the_exact_one(model, seed):
    """Within four standard errors, on networks with cycles."""
    rng = np.random.default_rng(seed)
    graph, value = random_network(rng), pd.Series(rng.integers(1, 50, 6))
    taught = rng.choice(6, 2, replace=False)
    runs = reached(cascades(graph, taught, 20_000, seed, model), value)
    assert runs.mean() == pytest.approx(exact_spread(graph, taught, value, model), abs=4 * runs.std() / np.sqrt(len(runs)) + 1e-9)


@pytest.mark.parametrize("model, story", [("cascade", told), ("threshold", pressed)])
def test_live_ties_tell_the_same_story_as_clients_who_talk(model, story):
    """Kempe, Kleinberg and Tardos (2003): the share of runs in which each client is reached, within four standard errors of 4,000 told ones."""
    rng = np.random.default_rng(5)
    graph = random_network(rng)
    runs = [story(graph, [0, 3], rng) for _ in range(4_000)]
    said = np.array([np.mean([client in run for run in runs]) for client in graph])
    drawn = np.isfinite(cascades(graph, [0, 3], 40_000, 1, model)).mean().to_numpy()
    assert (np.abs(said - drawn) <= 4 * np.sqrt(drawn * (1 - drawn) / 4_000) + 0.005).all()


def test_waves_are_the_steps_on_live_ties():
    """With certain ties they are networkx's shortest paths; whoever can't be got to is never reached."""
    graph = random_network(np.random.default_rng(3), clients=12, ties=16)
    nx.set_edge_attributes(graph, 1.0, "p")
    steps = nx.single_source_shortest_path_length(graph, 4)
    waves = cascades(graph, [4], 3, 1)
    assert waves.iloc[0].to_dict() == {client: steps.get(client, np.inf) for client in graph} and waves.nunique().max() == 1
    assert np.isinf(waves.iloc[0]).any()


def test_an_undirected_tie_works_both_ways():
    graph = nx.Graph([("Ann", "Bob", {"p": 1.0})])
    assert [reached(cascades(graph, [one], 5, 1)).tolist() for one in ("Ann", "Bob")] == [[2] * 5] * 2


def test_nobody_taught_reaches_nobody_and_no_ties_reach_nobody_else():
    graph = client_graph(DIAMOND)
    assert reached(cascades(graph, [], 10, 1)).sum() == 0
    empty = nx.empty_graph(4, create_using=nx.DiGraph)
    assert reached(cascades(empty, [1, 2], 10, 1)).tolist() == [2] * 10 and exact_spread(empty, [0]) == 1


def test_the_same_worlds_whoever_is_taught():
    """With one seed, teaching more never reaches fewer in any run, and two together reach just what one of them does."""
    firm = client_network(rng=2)
    graph = client_graph(firm.ties.assign(p=firm.truth), firm.clients.index)
    one, other, both = (np.isfinite(cascades(graph, who, 200, 7)).to_numpy() for who in ([3], [90], [3, 90]))
    assert ((one | other) == both).all() and (one != other).any()


def test_the_index_of_clients_survives():
    firm = client_network(rng=2)
    waves = cascades(client_graph(firm.ties.assign(p=firm.truth), firm.clients.index), [5], 4, 1)
    assert waves.columns.tolist() == firm.clients.index.tolist() and waves.index.name == "run"


def test_spread_is_submodular_and_monotone():
    """On every pair of sets A in B and client v of a small network."""
    graph = random_network(np.random.default_rng(8), clients=4, ties=8)
    sets = [[i for i in range(4) if bits >> i & 1] for bits in range(16)]
    f = {tuple(s): exact_spread(graph, s) if s else 0 for s in sets}
    for small in f:
        for large in f:
            if set(small) <= set(large):
                assert f[large] >= f[small] - 1e-12
                for v in set(range(4)) - set(large):
                    assert f[tuple(sorted({*small, v}))] - f[small] >= f[tuple(sorted({*large, v}))] - f[large] - 1e-12


# Intervals


def test_the_interval_covers_the_exact_value_as_often_as_it_says():
    """400 intervals of 90 % from 200 runs each; coverage within three standard errors."""
    graph = client_graph(DIAMOND)
    exact = exact_spread(graph, ["Ann"])
    runs = reached(cascades(graph, ["Ann"], 80_000, 3)).to_numpy().reshape(400, 200)
    found = [expected_spread(row, level=0.90) for row in runs]
    covered = np.mean([one["low"] <= exact <= one["high"] for one in found])
    assert covered == pytest.approx(0.90, abs=3 * np.sqrt(0.09 / 400))


def test_the_interval_is_the_textbooks():
    runs = np.array([1.0, 4, 4, 7, 9])
    found = expected_spread(runs)
    assert found["high"] - found["mean"] == pytest.approx(1.959964 * runs.std(ddof=1) / np.sqrt(5)) and found["mean"] == 5


# What a pilot tells


def test_tested_ties_estimate_p_without_bias():
    """Mean over 300 pilots of the share that worked, weighted by the tests, is p within four standard errors."""
    firm = client_network(rng=3)
    ties = firm.ties.assign(p=0.2)
    graph = client_graph(ties, firm.clients.index)
    rng = np.random.default_rng(1)
    worked = []
    for seed in range(300):
        waves = cascades(graph, rng.choice(firm.clients.index, 10, replace=False), 1, seed).iloc[0]
        worked += ties_tested(firm.ties, waves.where(waves <= 3))["worked"].tolist()
    assert len(worked) > 5_000 and np.mean(worked) == pytest.approx(0.2, abs=4 * np.sqrt(0.16 / len(worked)))


def test_a_tie_is_not_tested_where_two_voices_were_heard_at_once_or_nobody_looked_after():
    ties = pd.DataFrame({"source": ["Ann", "Bob", "Ann", "Cid"], "target": ["Cid", "Cid", "Dan", "Eve"]})
    quarter = pd.Series({"Ann": 0, "Bob": 0, "Cid": 1, "Dan": np.nan, "Eve": np.nan})
    assert ties_tested(ties, quarter)[["source", "target", "worked"]].values.tolist() == [["Ann", "Dan", False]]


# Refused


@pytest.mark.parametrize("call, sentence", [
    (lambda: client_graph(pd.DataFrame({"source": [1], "target": [2]})), "lack p"),
    (lambda: client_graph(DIAMOND, ["Ann", "Bob", "Cid"]), "'Dan', who is not among"),
    (lambda: cascades(client_graph(DIAMOND), ["Zoe"], 1, 1), "'Zoe' is taught but is not in the network"),
    (lambda: cascades(client_graph(DIAMOND.assign(p=1.2)), ["Ann"], 1, 1), "from 'Ann' to 'Bob' it is 1.2"),
    (lambda: cascades(nx.DiGraph([("Ann", "Bob")]), ["Ann"], 1, 1), "it is None"),
    (lambda: cascades(client_graph(DIAMOND.assign(p=0.8)), ["Ann"], 1, 1, "threshold"), "at 'Dan' to 1.6"),
    (lambda: cascades(client_graph(DIAMOND), ["Ann"], 1, 1, "gossip"), "model is 'gossip'"),
    (lambda: exact_spread(client_graph(pd.DataFrame({"source": 0, "target": range(1, 31), "p": 0.5})), [0]), "more than 65,536 worlds"),
    (lambda: exact_spread(client_graph(DIAMOND), ["Ann"], pd.Series({"Ann": 1.0})), "no value for client 'Bob'"),
    (lambda: reached(cascades(client_graph(DIAMOND), ["Ann"], 1, 1), [1, 2, 3, 4]), "a Series"),
    (lambda: expected_spread([1.0]), "at least two runs")])
def test_bad_input_is_refused_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
