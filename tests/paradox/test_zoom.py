"""Being wrong about the best: closed forms against simulation, the best zoom against a search."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from ccx.paradox import NoisyScore, optimal_zoom, profit, zoomed

SCORES = [NoisyScore(100, 40, noise, share) for noise in (0, 10, 40, 200) for share in (0.01, 0.2, 0.5)]


@pytest.mark.parametrize("score", SCORES)
def test_what_is_promised_and_what_is_found_agree_with_a_simulation(score):
    """Means of the chosen, of their scores and of the rest, within four standard errors."""
    drawn = score.simulate(400_000, 1)
    chosen, rest = drawn[drawn["focal"]], drawn[~drawn["focal"]]
    for sample, exact in ((chosen["score"], score.promised), (chosen["value"], score.focal_value), (rest["value"], score.rest_value)):
        assert sample.mean() == pytest.approx(exact, abs=4 * sample.std() / len(sample) ** 0.5 + 0.02)


def test_limits_of_the_winners_curse():
    """No noise: what is promised is found. Pure noise: the chosen are worth as much as anybody. Between: shrinkage by the reliability."""
    assert NoisyScore(100, 40, 0).promised == NoisyScore(100, 40, 0).focal_value
    assert NoisyScore(100, 40, 1e9).focal_value == pytest.approx(100, abs=1e-4)
    score = NoisyScore(100, 40, 30)
    assert score.focal_value - 100 == pytest.approx(score.reliability * (score.promised - 100))
    assert score.share * score.focal_value + (1 - score.share) * score.rest_value == pytest.approx(100)


@pytest.mark.parametrize("score", SCORES)
def test_the_best_zoom_is_the_best(score):
    """Against a numerical search."""
    found = minimize_scalar(lambda zoom: -profit(score, zoom), bounds=(0, 1), method="bounded", options={"xatol": 1e-9})
    assert optimal_zoom(score) == pytest.approx(found.x, abs=1e-5)


def test_the_noisier_the_score_the_smaller_the_best_zoom():
    zooms = [optimal_zoom(NoisyScore(100, 40, noise)) for noise in np.linspace(0, 400, 30)]
    assert np.all(np.diff(zooms) < 0) and zooms[-1] < 0.05
    assert optimal_zoom(NoisyScore(10, 400, 0, share=0.5)) == 1.0  # the rest lose money


def test_what_cannot_be_is_refused():
    for arguments in ((np.nan, 1, 1), (1, 0, 1), (1, 1, -1), (1, 1, 1, 0), (1, 1, 1, 1)):
        with pytest.raises(ValueError, match="A noisy score needs"):
            NoisyScore(*arguments)
    with pytest.raises(ValueError, match="between 0 and 1"):
        profit(SCORES[0], 1.1)


@pytest.mark.parametrize("noise", [0, 40, 200])
@pytest.mark.parametrize("zoom", [0.0, 0.2, 0.7])
def test_zoomed_groups_bring_the_profit(noise, zoom):
    """Both totals together are the profit per customer times the customers; risks are relative to the means."""
    score = NoisyScore(100, 40, noise)
    focal, rest = zoomed(score, zoom, 1000, (0.8, 0.4), (0.6, 0.05))
    assert focal.total + rest.total == pytest.approx(1000 * profit(score, zoom))
    assert (focal.n, rest.n) == pytest.approx((200, 800)) and (focal.exposure, rest.exposure) == (0.4, 0.05)
    assert (focal.sd / focal.mean, rest.sd / rest.mean) == pytest.approx((0.8, 0.6))


def test_there_is_no_second_group_when_all_goes_to_the_first():
    with pytest.raises(ValueError, match="mean positive"):
        zoomed(NoisyScore(100, 40, 0), 1.0, 1000, (0.8, 0.4), (0.6, 0.05))
