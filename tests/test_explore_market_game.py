"""The explorer of lesson 09: its view against the engine, its buttons, its task, its words."""

import importlib

import numpy as np
import pytest

import ccx
from ccx import plot
from ccx.explore._explorer import FOUND, OPEN
from ccx.market import baselines, play, scripted
from ccx.market.moves import LEVERS

from panels import elements, lines, words

game = importlib.import_module("ccx.explore.market_game")
BEST_AND_REST = dict(acquisition_focal=0.2, acquisition_rest=0.06, retention_focal=0.1, retention_rest=0, development_focal=0.36, development_rest=0.1, cost_focal=0.06, cost_rest=0.16)
FOR_THE_MANY = dict(acquisition_focal=0.06, acquisition_rest=0.1, retention_focal=0.06, retention_rest=0, development_focal=0.3, development_rest=0.16, cost_focal=0.06, cost_rest=0.3)


def played(quarters, rivals=0, **shares):
    explorer = ccx.explore.market_game()
    for _ in range(rivals):
        explorer.press("rivals")
    explorer.set(**shares)
    for _ in range(quarters):
        explorer.press("play")
    return explorer


@pytest.mark.parametrize("rivals", [0, 1])
def test_the_explorer_plays_the_game_that_the_engine_plays(rivals):
    """The quarters of a person, repeated as a script against the same rivals in the same market."""
    explorer = played(3, rivals, **BEST_AND_REST)
    explorer.set(cost_rest=0.3)
    for _ in range(5):
        explorer.press("play")
    plans, cash, decisions = explorer.state["played"], [], []
    four = [baselines()[name] for name in game.RIVALS[rivals].values()]

    def person(state):
        cash.append(state.cash)
        decisions.append({lever: tuple(state.cash * (1 - 1e-9) * share for share in pair) for lever, pair in zip(LEVERS, plans[state.quarter - 1])})
        return decisions[-1]

    match = play([person, *four], game.SEED)
    again = play([scripted(decisions), *four], game.SEED)
    n = explorer.scene.numbers
    assert n["equity"] == match.equity[0] == again.equity[0] and n["best_rival"] == match.equity[1:].max()
    np.testing.assert_allclose(explorer.scene.curves["path"], match.path)
    np.testing.assert_allclose(explorer.scene.curves["end"] + explorer.scene.curves["value"].sum(axis=1), match.equity)
    assert match.forfeits == () and (n["focal"], n["rest"]) == tuple(match.customers[-1, 0])


def test_plans_of_more_than_all_are_scaled_down_and_of_less_are_kept():
    everything = {name: 0.6 for name, _ in game.CONTROLS}
    np.testing.assert_allclose(game.plan(everything), 1 / 8)
    np.testing.assert_allclose(game.plan({**dict.fromkeys(everything, 0.0), "cost_rest": 0.6}), [[0, 0], [0, 0], [0, 0], [0, 0.6]])
    assert played(8, **everything).scene.numbers["cash"] > 0
    idle = played(1, **dict.fromkeys(everything, 0.0))
    assert idle.scene.numbers["cash"] > 80 and idle.scene.numbers["planned"] == 0


def test_the_buttons_play_take_back_and_start_again():
    explorer = ccx.explore.market_game()
    first = explorer.scene
    explorer.press("back")
    assert explorer.scene.text == first.text
    explorer.press("play")
    second = explorer.scene
    explorer.press("play")
    explorer.press("back")
    assert explorer.scene.text == second.text and second.numbers["quarter"] == 2
    explorer.press("rivals")
    assert explorer.scene.numbers["quarter"] == 1 and "copycat" in explorer.scene.text and "cheapest" not in explorer.scene.text
    explorer.press("rivals")
    assert explorer.scene.text == first.text
    for _ in range(9):
        explorer.press("play")
    assert explorer.scene.numbers["quarter"] == 9 and len(explorer.state["played"]) == 8


def test_the_task_has_an_end_that_the_start_is_not():
    for shares, goal in (({}, OPEN), (dict.fromkeys(dict(game.CONTROLS), 0.6), OPEN), (BEST_AND_REST, FOUND)):
        explorer = played(7, **shares)
        assert explorer._goal == OPEN
        explorer.press("play")
        assert explorer._goal.startswith(goal)


def test_which_plan_wins_depends_on_the_rivals():
    """What the task goes on to ask: against the other rivals the plan for the best customers loses, and one for the many wins."""
    assert played(8, 1, **BEST_AND_REST)._goal == OPEN
    assert played(8, 1, **FOR_THE_MANY)._goal.startswith(FOUND)


def test_luck_is_told_from_skill_by_other_markets():
    """The same plans against the same rivals, each of the eight markets alone."""
    explorer = played(8, **BEST_AND_REST)
    four = [game.follow(explorer.state["played"]), *(baselines()[name] for name in game.RIVALS[0].values())]
    equity = [play(four, seed).equity[0] for seed in game.ELSEWHERE]
    n = explorer.scene.numbers
    assert n["elsewhere"] == pytest.approx(np.mean(equity)) and n["spread"] == pytest.approx(np.std(equity, ddof=1))
    assert game.SEED not in game.ELSEWHERE and "elsewhere" not in played(7, **BEST_AND_REST).scene.numbers


@pytest.mark.parametrize("quarters, rivals", [(0, 0), (3, 1), (8, 0), (8, 1)])
def test_the_sentence_and_the_picture_say_the_same(quarters, rivals):
    explorer = played(quarters, rivals, **BEST_AND_REST)
    scene = explorer.scene
    n, (race, other) = scene.numbers, game.draw(scene)
    for name, equity in zip(scene.curves["names"], scene.curves["path"][-1]):
        assert f"{name} ${equity:,.0f} thousand" in scene.text and name in words(race)
    assert f"${n['cash']:,.1f} thousand" in scene.text and f"${n['equity']:,.0f}" in race.title
    assert f"{n['focal']} focal customers" in scene.text
    if quarters == 8:
        assert f"${n['elsewhere']:,.0f} thousand on average" in scene.text and set(scene.curves["names"]) <= set(words(other))
    else:
        assert f"quarter {quarters + 1}: ${n['planned']:,.1f} of ${n['cash']:,.1f}" in other.title and f"Quarter {quarters + 1} of 8" in scene.text


def test_the_lines_are_the_equities_and_the_bars_are_the_plan():
    scene = played(4, **BEST_AND_REST).scene
    race, bars = game.draw(scene)
    [own, *_] = lines(race, plot.ACCENT)
    np.testing.assert_allclose(own, np.column_stack([range(5), scene.curves["path"][:, 0]]), atol=3)
    tall = [float(rect.get("height")) / 220 * 0.6 for rect in elements(bars, "rect") if rect.get("fill") in (plot.ACCENT, plot.PALE)]
    np.testing.assert_allclose(tall, np.array(scene.curves["plan"]).T.ravel(), atol=0.002)


def test_bars_of_the_end_stand_for_cash_focal_customers_and_the_rest():
    scene = played(8, **BEST_AND_REST).scene
    heights = {}
    for rect in elements(game.draw(scene)[1], "rect"):
        if rect.get("fill") in (plot.GREY, plot.ACCENT, plot.PALE):
            heights.setdefault(rect.get("fill"), []).append(float(rect.get("height")) / 220 * game.MOST)
    cash, value = scene.curves["end"], scene.curves["value"]
    for color, expected in ((plot.GREY, cash), (plot.ACCENT, cash + value[:, 0]), (plot.PALE, cash + value.sum(axis=1))):
        np.testing.assert_allclose(heights[color], expected, atol=3)


def test_the_view_is_pure():
    state = ccx.explore.market_game().state
    before = dict(state)
    assert game.view(state).text == game.view(state).text and state == before
