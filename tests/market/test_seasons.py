"""A strategy's seasons: what was spent says what was earned, in any process, and luck is the same for all."""

import json

import numpy as np
import pytest

from ccx.market import baselines, play, season, season_equity, standings
from ccx.market.seasons import RIVALS

SEEDS = (3, 4, 5)


def match(strategy, seed):
    return play([strategy, *(baselines()[rival] for rival in RIVALS)], seed)


@pytest.mark.parametrize("name", sorted(baselines()))
def test_playing_the_decisions_again_gives_the_same_equity_to_the_cent(name):
    """Also after a way through JSON, as the grader gets them."""
    for seed in SEEDS:
        spent = json.loads(json.dumps(season(baselines()[name])(seed).tolist()))
        assert season_equity(spent, seed) == match(baselines()[name], seed).equity[0]


def test_a_season_is_what_the_first_firm_spent():
    assert np.array_equal(season(baselines()["marginal"])(3), match(baselines()["marginal"], 3).spending[:, 0])


@pytest.mark.parametrize("broken", [lambda state: None, lambda state: {"retention": (-1, 0)}, lambda state: {"cost": (state.cash, state.cash)}, lambda state: 1 / 0])
def test_who_breaks_the_rules_has_done_nothing(broken):
    assert not season(broken)(3).any()
    assert season_equity(season(broken)(3), 3) == match(lambda state: {}, 3).equity[0]


def test_made_up_decisions_gain_nothing_that_the_rules_do_not_give():
    """More than the cash, negative amounts and NaN in one's own spending: the quarter is lost, not the market."""
    honest = season(baselines()["customer_centric"])(3)
    idle = match(lambda state: {}, 3).equity[0]
    for money in (1e9, -5.0, np.nan):
        assert season_equity(np.full((8, 4, 2), money), 3) == idle
    once = honest.copy()
    once[7] = 1e6
    assert season_equity(once, 3) != season_equity(honest, 3)
    last_idle = honest.copy()
    last_idle[7] = 0
    assert season_equity(once, 3) == season_equity(last_idle, 3)


@pytest.mark.parametrize("shape", [(8, 8), (8, 4, 3), (64,)])
def test_a_season_of_another_shape_is_refused(shape):
    with pytest.raises(ValueError, match="quarters by 4 levers by 2 segments"):
        season_equity(np.zeros(shape), 3)


def test_standings_by_hand():
    two = {name: baselines()[name] for name in ("customer_centric", "do_nothing")}
    table = standings(two, SEEDS)
    equity = np.array([[match(strategy, seed).equity[0] for seed in SEEDS] for strategy in two.values()])
    np.testing.assert_allclose(table["equity"], equity.mean(axis=1))
    np.testing.assert_allclose(table["spread"], equity.std(axis=1, ddof=1))
    lead = equity[0] - equity[1]
    assert table.loc["do_nothing", ["lead", "se"]].tolist() == pytest.approx([lead.mean(), lead.std(ddof=1) / np.sqrt(3)])
    assert table.loc["customer_centric", ["lead", "se", "forfeits"]].tolist() == [0, 0, 0]


def test_standings_count_broken_rules_in_all_markets():
    assert standings({"broken": lambda state: None}, SEEDS).loc["broken", "forfeits"] == 8 * len(SEEDS)


def test_one_market_is_not_enough():
    with pytest.raises(ValueError, match="at least two seeds"):
        standings({"mine": lambda state: {}}, [1])
