"""Whose voice a score is: weights by value and response, against counting by hand and NumPy."""

import numpy as np
import pandas as pd
import pytest

from ccx.simulate import satisfaction_survey
from ccx.voice import net_promoter, response_rate, score

ANSWERS = pd.DataFrame({"recommend": [10, 9, 3, 7], "price": [2, 8, 5, 9]}, index=[4, 8, 15, 16])
WEIGHTS = pd.Series({4: 1.0, 8: 0.0, 15: 2.5, 16: 4.0, 23: 100.0})


def test_a_score_is_numpys_weighted_average():
    np.testing.assert_allclose(score(ANSWERS, WEIGHTS), np.average(ANSWERS, axis=0, weights=WEIGHTS[ANSWERS.index]))
    assert score(ANSWERS["price"], WEIGHTS) == pytest.approx(np.average(ANSWERS["price"], weights=WEIGHTS[ANSWERS.index]))


@pytest.mark.parametrize("weight", [1, 7.5])
def test_equal_weights_make_no_difference(weight):
    pd.testing.assert_series_equal(score(ANSWERS, pd.Series(weight, index=ANSWERS.index)), score(ANSWERS))


def test_a_weight_of_two_is_the_same_answer_twice():
    twice = pd.concat([ANSWERS, ANSWERS.loc[[15]]]).reset_index(drop=True)
    doubled = pd.Series([1, 1, 2, 1], index=ANSWERS.index)
    assert score(twice).to_dict() == pytest.approx(score(ANSWERS, doubled).to_dict())
    assert net_promoter(twice["recommend"]) == pytest.approx(net_promoter(ANSWERS["recommend"], doubled))


@pytest.mark.parametrize("weights", [WEIGHTS.drop(4), WEIGHTS.replace(1.0, -1), WEIGHTS * 0])
def test_weights_that_cannot_weigh_are_refused(weights):
    with pytest.raises(ValueError, match="weight of zero or more"):
        score(ANSWERS, weights)


@pytest.mark.parametrize("answers, expected", [([9, 10], 100), ([0, 6], -100), ([7, 8], 0), ([9, 6], 0), (range(11), 100 * (2 - 7) / 11)])
def test_promoters_less_detractors(answers, expected):
    """9 and 10 promote, 0 to 6 detract (Reichheld, 2003)."""
    assert net_promoter(pd.Series(answers)) == pytest.approx(expected)


@pytest.mark.parametrize("wrong", [-1, 11, np.nan])
def test_an_answer_off_the_scale_is_refused(wrong):
    with pytest.raises(ValueError, match="between 0 and 10"):
        net_promoter(pd.Series([5, wrong]))


def test_response_rates_by_hand():
    """Two groups of three, the lower of which holds values 1, 2, 3: one answered there, two above."""
    value = pd.Series([30, 1, 20, 2, 10, 3], index=list("abcdef"))
    rate = response_rate(value, ["a", "c", "f"], groups=2)
    assert rate.to_dict() == pytest.approx({"a": 2 / 3, "b": 1 / 3, "c": 2 / 3, "d": 1 / 3, "e": 2 / 3, "f": 1 / 3})


@pytest.mark.parametrize("groups", [1, 3, 10])
def test_those_who_answer_speak_for_as_many_as_there_are(groups):
    rng = np.random.default_rng(1)
    value = pd.Series(rng.lognormal(5, 1, 997))
    answered = value.index[rng.random(997) < 0.4]
    assert (1 / response_rate(value, answered, groups))[answered].sum() == pytest.approx(997)


def test_a_group_in_which_nobody_answered_is_refused():
    with pytest.raises(ValueError, match="nobody answered; make fewer groups"):
        response_rate(pd.Series([1, 2, 3, 4]), [0, 1], groups=2)


def test_an_answer_of_a_stranger_is_refused():
    with pytest.raises(ValueError, match="not among the customers asked"):
        response_rate(pd.Series([1, 2]), [0, 7], groups=1)


def test_the_weights_repair_silence_that_goes_with_value_alone():
    """Where mood does not make anybody silent, value over response rate finds what everybody would have said; where it does, a gap stays."""
    value = pd.Series(np.random.default_rng(1).lognormal(6, 0.5, 60_000))
    for silent_mood, repaired in ((0.0, True), (1.0, False)):
        answers, truth = satisfaction_survey(value, rng=4, silent_value=1, silent_mood=silent_mood)
        weighted = score(answers["recommend"], value / response_rate(value, answers.index, 50))
        gap = weighted - score(truth["recommend"], value)
        assert (abs(gap) < 0.08) == repaired and gap < 0.08
