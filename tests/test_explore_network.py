"""The explorer of lesson 08: its view against the library and by hand, its task, its clicks, its words."""

import importlib
import itertools

import numpy as np
import pytest

import ccx
from ccx import plot
from ccx.explore._explorer import FOUND, OPEN
from ccx.network import Course, cascades, client_graph, greedy, reached, sample_worlds
from ccx.simulate import client_network

from panels import elements, lines, spots

network = importlib.import_module("ccx.explore.network")
STATES = [{"taught": taught, "client": client, "quarter": quarter, "world": world}
          for taught in ([], [8], [8, 25, 29]) for client, quarter, world in ((1, 0, 0), (25, 3, 7), (40, 6, 399))]


@pytest.fixture(scope="module")
def firm():
    return client_network(rng=14, size=0.2)


@pytest.fixture(scope="module")
def graph(firm):
    return client_graph(firm.ties.assign(p=firm.truth), firm.clients.index)


@pytest.fixture(scope="module")
def gain(firm):
    return Course(equity=0.11, usage=0.10, firm=0.5, market=0.5, binding=0.8, freeing=0.5).gain(firm.clients, 0.10)


@pytest.fixture(scope="module")
def worlds(graph):
    return sample_worlds(graph, 400, 1)


@pytest.mark.parametrize("state", STATES)
def test_the_view_says_what_the_library_finds(state, graph, gain, worlds):
    """Expected value and number, what one more would add, and one world up to a quarter."""
    n = network.view(state).numbers
    runs = cascades(graph, state["taught"], 400, 1)
    assert n["expected"] == pytest.approx(reached(runs, gain).mean()) and n["clients"] == pytest.approx(reached(runs).mean())
    assert n["adds"] == pytest.approx(worlds.gains(state["taught"], gain)[state["client"]])
    here = runs.iloc[state["world"]] <= state["quarter"]
    assert (n["reached"], n["world"]) == (here.sum(), state["world"] + 1) and n["here"] == pytest.approx(gain[here].sum())


def test_the_task_asks_for_more_than_the_usual_choices_bring(graph, gain, worlds):
    """The greedy three do it; the best connected, the most valuable and the best alone stay below 50, as it says."""
    listeners = gain * 0 + [graph.out_degree(client) for client in gain.index]
    for usual in (listeners, gain, worlds.gains([], gain)):
        assert worlds.spread(usual.nlargest(3).index, gain).mean() < 50
    best = greedy(worlds, 3, gain)
    assert best["total"].iloc[-1] >= network.GOAL > best["total"].iloc[1] and "below 50" in network.TASK


def test_few_choices_do_it(gain, worlds):
    """Less than one in a thousand of all 9,880."""
    reaches, value = worlds.reaches, gain.to_numpy()
    enough = 0
    for a, b in itertools.combinations(range(40), 2):
        pair = reaches[:, a] | reaches[:, b]
        alone = pair.mean(axis=0) @ value
        for c in range(b + 1, 40):
            enough += alone + ((reaches[:, c] & ~pair).mean(axis=0) @ value) >= network.GOAL
    assert 1 <= enough < 10


def test_looking_for_who_adds_most_leads_to_the_end():
    """As the lesson tells the student to do it, with the slider and the button alone."""
    explorer = ccx.explore.ripples()
    explorer.set(client=18)
    explorer.press("teach")
    assert explorer.state["taught"] == []
    for _ in range(3):
        assert explorer._goal == OPEN
        adds = {}
        for client in range(1, 41):
            explorer.set(client=client)
            adds[client] = explorer.scene.numbers["adds"]
        explorer.set(client=max(adds, key=adds.get))
        explorer.press("teach")
    assert explorer._goal.startswith(FOUND)
    explorer.press("play")
    assert explorer._goal.startswith(FOUND) and explorer.state["quarter"] == 3


def test_it_opens_with_the_most_valuable_client_who_is_no_part_of_the_answer(gain, worlds):
    assert ccx.explore.ripples().state["taught"] == [gain.idxmax()] and gain.idxmax() not in greedy(worlds, 3, gain).index


def test_a_click_teaches_the_client_next_to_it_and_a_second_one_does_not():
    explorer = ccx.explore.ripples()
    place = network._network().place
    for client in (3, 36):
        explorer.click("network", place.loc[client, "x"] + 0.01, place.loc[client, "y"] - 0.01)
        assert explorer.state["client"] == client
    assert explorer.state["taught"] == [3, 18, 36]
    explorer.click("network", *place.loc[3])
    assert explorer.state["taught"] == [18, 36]


def test_a_fourth_is_not_taught_and_the_text_says_so():
    explorer = ccx.explore.ripples()
    for client in (1, 2):
        assert "can't be taught" not in explorer.scene.text
        explorer.set(client=client)
        explorer.press("teach")
    assert "More than 3 can't be taught" in explorer.scene.text
    explorer.set(client=4)
    explorer.press("teach")
    assert explorer.state["taught"] == [1, 2, 18]


def test_play_goes_through_the_quarters_and_begins_again():
    explorer, seen = ccx.explore.ripples(), []
    for _ in range(8):
        explorer.press("play")
        seen.append(explorer.state["quarter"])
    assert seen == [3, 4, 5, 6, 0, 1, 2, 3]
    explorer.press("again")
    assert explorer.state["world"] == 1 and explorer.scene.numbers["world"] == 2
    explorer.reset()
    assert explorer.state == {"taught": [18], "world": 0, "client": 20, "quarter": 2}


def test_in_quarter_nought_only_the_taught_know_it_and_value_never_falls():
    here = [network.view({"taught": [8, 25], "client": 1, "quarter": quarter, "world": 3}).numbers for quarter in range(7)]
    assert here[0]["reached"] == 2 and [n["here"] for n in here] == sorted(n["here"] for n in here)
    assert len({n["expected"] for n in here}) == 1


@pytest.mark.parametrize("state", STATES)
def test_sentence_and_picture_say_the_numbers(state):
    scene = network.view(state)
    n, (chart, value) = scene.numbers, network.draw(scene)
    for said in (f"Expected in the end: ${n['expected']:.1f} thousand from {n['clients']:.1f} clients", f"In world {n['world']}, quarter {n['quarter']}",
                 f"from {n['reached']}. Client {state['client']} ("):
        assert said in scene.text
    assert chart.title == f"Quarter {n['quarter']}: {n['reached']} clients reached" and f"${n['expected']:.1f} thousand" in value.title
    assert ("among the taught" in scene.text) == (state["client"] in state["taught"])
    [path] = lines(value, plot.ACCENT)
    assert path[-1] == pytest.approx((n["quarter"], min(n["here"], 100)), abs=0.5) and len(path) == max(n["quarter"] + 1, 1)
    [mean] = lines(value, plot.INK)
    assert mean[-1][1] == pytest.approx(n["expected"], abs=1.5)


def test_the_network_shows_who_is_taught_and_who_is_reached():
    state = {"taught": [8, 25], "client": 1, "quarter": 6, "world": 3}
    scene = network.view(state)
    chart = network.draw(scene)[0]
    circles = [circle.get("fill") for circle in elements(chart, "circle")]
    assert circles.count(plot.INK) == scene.numbers["reached"] - 2 and circles.count("#fff") == 40 - scene.numbers["reached"]
    assert len(spots(chart, plot.GREY)) == 40 - scene.numbers["reached"]


def test_every_corner_can_be_shown():
    for state in STATES:
        scene = network.view(state)
        assert np.isfinite(list(scene.numbers.values())).all() and "nan" not in scene.text
        assert all("nan" not in panel.svg() for panel in network.draw(scene))


def test_the_steps_do_not_touch_the_state_they_start_from():
    state = {"taught": [3], "client": 8, "quarter": 6, "world": 0}
    network.toggle(state, 8), network.pick(state, 0, 0), network.play(state), network.view(state)
    assert state == {"taught": [3], "client": 8, "quarter": 6, "world": 0}
