"""The simulated survey: its distributions, its silence, and the reversal that it is made for."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import logit, ndtri

import ccx
from ccx.simulate import FEATURES, satisfaction_survey
from ccx.voice import net_promoter, score

MANY = pd.Series(np.random.default_rng(0).lognormal(4, 1.3, 100_000), name="value").rename_axis("customer_id")
SHOP = pd.Series(np.random.default_rng(2).lognormal(4, 1.2, 8_000)).where(lambda v: v > 20, 0.0).rename_axis("customer_id")


@pytest.fixture(scope="module")
def grocer():
    return ccx.load("grocery").groupby("customer_id")["value"].sum()


def normal_score(value):
    return ndtri((value.rank() - 0.5) / len(value))


def test_the_score_has_the_level_the_spread_and_the_correlation_asked_for():
    """Far from the ends of the scale, where nothing is cut off."""
    _, truth = satisfaction_survey(MANY, rng=1, level=5, spread=0.8, by_value=0.6)
    assert truth["recommend"].mean() == pytest.approx(5, abs=0.01) and truth["recommend"].std() == pytest.approx(0.8, abs=0.01)
    assert np.corrcoef(truth["recommend"], normal_score(MANY))[0, 1] == pytest.approx(0.6, abs=0.01)


def test_features_rise_and_fall_with_value_as_asked():
    """The slope on the normal score, mood included: slope + correlation / 2."""
    features = pd.DataFrame({"level": [5.0, 5.0], "slope": [0.6, -0.9]}, index=["price", "quality"])
    _, truth = satisfaction_survey(MANY, rng=2, features=features, noise=0.5)
    for name, slope in features["slope"].items():
        found = stats.linregress(normal_score(MANY), truth[name])
        assert found.slope == pytest.approx(slope + 0.25, abs=0.02) and found.intercept == pytest.approx(5, abs=0.02)
    assert list(truth) == ["recommend", "price", "quality", "p_respond"]


@pytest.mark.parametrize("response", [0.05, 0.3, 0.9])
def test_the_mean_probability_of_answering_is_the_one_asked_for(response):
    answers, truth = satisfaction_survey(MANY, rng=3, response=response)
    assert truth["p_respond"].mean() == pytest.approx(response) and truth["p_respond"].between(0, 1).all()
    assert len(answers) / len(MANY) == pytest.approx(response, abs=0.01)


def test_silence_is_logistic_in_value_and_mood():
    """Where mood is value alone both add up on one line; the regression of the answers finds it too."""
    _, truth = satisfaction_survey(MANY, rng=4, by_value=1, silent_value=0.7, silent_mood=0.4)
    line = logit(truth["p_respond"]) + 1.1 * normal_score(MANY)
    assert line.std() < 1e-9


def test_without_a_reason_for_silence_all_are_as_likely_to_answer():
    _, truth = satisfaction_survey(MANY, rng=5, silent_value=0, silent_mood=0)
    assert truth["p_respond"].std() < 1e-9


def test_only_the_order_of_values_counts():
    answers, truth = satisfaction_survey(SHOP, rng=6)
    again, truth_again = satisfaction_survey(SHOP.rank() ** 3 - 1e6, rng=6)
    pd.testing.assert_frame_equal(answers, again)
    pd.testing.assert_frame_equal(truth, truth_again)


def test_answers_are_what_those_who_answer_would_have_said():
    answers, truth = satisfaction_survey(SHOP, rng=7)
    pd.testing.assert_frame_equal(answers, truth.loc[answers.index].drop(columns="p_respond").round().astype(int))
    assert answers.index.is_unique and answers.index.isin(SHOP.index).all() and answers.index.name == "customer_id"
    assert truth.index.equals(SHOP.index) and answers.to_numpy().min() >= 0 and answers.to_numpy().max() <= 10


def test_weights_of_one_over_the_probability_stand_for_everyone():
    """Horvitz and Thompson (1952): unbiased; here within four standard errors, where the plain mean is many away."""
    answers, truth = satisfaction_survey(MANY, rng=8)
    weight, everybody = 1 / truth["p_respond"][answers.index], truth.drop(columns="p_respond").round().mean()
    error = (answers.sub(everybody).mul(weight, axis=0)).std() * np.sqrt(len(answers)) / weight.sum()
    assert ((score(answers, weight) - everybody).abs() < 4 * error).all()
    assert abs(answers["recommend"].mean() - everybody["recommend"]) > 20 * error["recommend"]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("firm", ["grocer", "shop"])
def test_value_and_response_turn_the_verdict_round(firm, seed, request):
    """More detractors than promoters by heads, fewer by dollars; the features in the opposite order."""
    value = SHOP if firm == "shop" else request.getfixturevalue("grocer")
    answers, truth = satisfaction_survey(value, rng=seed)
    weight, features = value / truth["p_respond"], list(FEATURES.index)
    assert net_promoter(answers["recommend"]) < -20 and net_promoter(answers["recommend"], weight) > 5
    assert score(answers[features]).is_monotonic_increasing
    weighted = score(answers[features], weight)
    assert weighted.idxmax() == "price" and weighted.idxmin() in ("range", "quality") and weighted["price"] - weighted["quality"] > 0.8


def test_the_same_rng_gives_the_same_survey_and_another_another():
    first, second, other = (satisfaction_survey(SHOP, rng=rng)[0] for rng in (1, np.random.default_rng(1), 2))
    pd.testing.assert_frame_equal(first, second)
    assert not first.index.equals(other.index)


@pytest.mark.parametrize("value, word", [([1, 2], "Series of finite numbers"), (pd.Series(["a", "b"]), "Series of finite numbers"), (pd.Series([1, np.nan]), "finite numbers"),
                                         (pd.Series([], dtype=float), "finite numbers"), (pd.Series([1, 2], index=[7, 7]), "a customer twice")])
def test_what_is_no_value_by_customer_is_refused(value, word):
    with pytest.raises(ValueError, match=word):
        satisfaction_survey(value, rng=1)


@pytest.mark.parametrize("wrong", [{"response": 0}, {"response": 1}, {"by_value": 1.2}])
def test_impossible_shares_are_refused(wrong):
    with pytest.raises(ValueError, match="must lie between"):
        satisfaction_survey(SHOP, rng=1, **wrong)
