"""Lesson 04: the published figures it reproduces, and the numbers of its prose and model answer that no cell prints."""

import importlib.util

import numpy as np
import pandas as pd
import pytest

import ccx
from ccx.clv import (
    BetaGeoBetaBinomModel,
    BetaGeoModel,
    GammaGammaModel,
    ParetoNBDModel,
    expected_customer_lifetime_value,
)

from lessons import ROOT, bank, release, solution

NAME = "04-clv"
TEXT = "\n".join(cell.source for cell in release(NAME).cells if cell.cell_type == "markdown")
[ANSWER] = [cell.source for cell in solution(NAME).cells if cell.id == "decide"]


@pytest.fixture(scope="module")
def answers():
    """The bank's own data, models and functions."""
    spec = importlib.util.spec_from_file_location("answers_04", ROOT / "solutions" / NAME / "answers.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def lists(answers):
    """The 200 by past spend, the 200 by value, and what everybody spent in the 39 weeks after."""
    past, value = (ranking.nlargest(200).index for ranking in (answers.past(), answers.value()))
    return past, value, answers.base().eval("frequency_holdout * monetary_value_holdout")


# -- published ----------------------------------------------------------------------------------------------------


def test_estimates_of_the_counting_models(answers):
    """Fader, Hardie and Lee (2005), Marketing Science 24(2), Table 2: CDNOW's sample, 39 weeks."""
    assert list(answers.bg().params.values()) == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=5e-4)
    assert answers.bg().log_likelihood == pytest.approx(-9582.4, abs=0.05)
    assert list(answers.pareto().params.values()) == pytest.approx([0.553, 10.578, 0.606, 11.669], abs=5e-4)
    assert answers.pareto().log_likelihood == pytest.approx(-9595.0, abs=0.05)
    for published in ("0.243, 4.414, 0.793, 2.426 and −9582.4", "0.553, 10.578, 0.606, 11.669 and −9595.0"):
        assert published in TEXT


def test_estimates_of_the_spend_model(answers):
    """Fader, Hardie and Lee (2005), Journal of Marketing Research 42(4): 946 customers with a repeat purchase."""
    assert answers.spend().params == pytest.approx({"p": 6.25, "q": 3.74, "v": 15.44}, abs=5e-3)
    assert answers.spend().n == 946


def test_estimates_of_the_donors():
    """Fader, Hardie and Shang (2010), Marketing Science 29(6): 11,104 donors."""
    donors = ccx.load("donations")
    model = BetaGeoBetaBinomModel.fit(donors, weights=donors["donors"])
    assert list(model.params.values()) == pytest.approx([1.20, 0.75, 0.66, 2.78], abs=5e-3)


def test_value_of_the_cohort(answers):
    """Fader, Hardie and Lee (2005), JMR 42(4), 425-426: about $47 each, more than $1.1 million for 23,560 customers."""
    value = answers.cohort_value()
    assert len(value) == 23_560 - 2 and round(value.mean()) == 47
    assert value.sum() == pytest.approx(1.1e6, rel=0.005)
    assert "about 47 dollars each and more than 1.1 million in all (with two customers more)" in TEXT
    assert len(ccx.load("cdnow")["customer_id"].unique()) - len(value) == 12 and "(twelve in our data)" in TEXT


def test_value_of_those_who_bought_once(answers):
    """The same pages: 12,054 people, $53,000 in all, $4.40 each, about 5 % of the total; the answer of Exercise 8."""
    value = answers.cohort_value()[answers.cohort()["frequency"] == 0]
    assert len(value) == 12_054 and "there are 12,054" in TEXT
    assert value.sum() == pytest.approx(53_000, rel=0.005) and value.mean() == pytest.approx(4.40, abs=0.02)
    [[share]] = [right for right in bank(NAME).exercises["04.zero-class"].right[:1]]
    assert share == pytest.approx(value.sum() / answers.cohort_value().sum()) and round(share, 2) == 0.05


# -- in the prose -------------------------------------------------------------------------------------------------


def test_the_averages_of_the_fit(answers):
    r, alpha, a, b = answers.bg().params.values()
    assert f"{r / alpha:.3f}$ purchases a week, one in {alpha / r:.0f} weeks, and $a/(a+b) = {a / (a + b):.2f}" in TEXT


def test_the_two_customers_of_the_prediction(answers):
    two = pd.DataFrame({"frequency": [7, 7], "recency": [20, 39], "T": 39})
    first, second = answers.bg().expected_probability_alive(two)
    assert f"{first:.2f} against {second:.2f}, with the same frequency" in TEXT


def test_the_biggest_spender(answers):
    log = ccx.load("cdnow_sample")
    days = log.loc[(log["customer_id"] == 19339) & (log["date"] <= answers.END), "date"]
    span, silent = (days.max() - days.min()).days / 7, (pd.Timestamp(answers.END) - days.max()).days / 7
    assert answers.past().idxmax() == 19339 and f"{answers.past().max():,.0f} dollars, all within five weeks" in TEXT and 4 < span <= 5
    assert f"nothing in the {silent:.0f} weeks since" in TEXT
    assert answers.value().idxmin() == 19339 and "is worth the least of all 2,357" in TEXT


def test_the_quarter_rule(answers):
    assert f"The quarter rule keeps {(answers.silence() <= 13).sum()} customers" in TEXT
    assert (answers.silence() > 13).mean() == pytest.approx(0.8, abs=0.03) and "gives up four customers in five" in TEXT
    assert (answers.base()["frequency"] == 0).mean() == pytest.approx(0.6, abs=0.005) and "Six in ten" in TEXT


def test_the_forecasts(answers):
    held = answers.tracking().query("holdout")[["actual", "expected"]].sum()
    error = held["expected"] / held["actual"] - 1
    assert f"{held['actual']:,.0f} repeat purchases, and {held['expected']:,.0f} were expected: {-error:.0%}".replace("%", " %") in TEXT
    assert abs(error) < abs(bank(NAME).exercises["04.same-again"].right[0][0]) and "misses by less" in TEXT


def test_the_share_of_those_who_bought_once_hangs_on_the_story(answers):
    """In the BG/NBD, which does not let them leave."""
    shares = [answers.share_of_zero_class(answers.cohort_value(kind), answers.cohort()["frequency"]) for kind in (BetaGeoModel, ParetoNBDModel)]
    assert 2 < shares[0] / shares[1] < 2.5 and "more than twice as high" in TEXT


def test_the_two_lists(lists):
    past, value, after = lists
    sums = [after[index].sum() for index in (value, past, after.nlargest(200).index)]
    said = "The 200 by CLV spent {:,.0f} dollars afterwards, the 200 by past spend {:,.0f}, those whom only hindsight can name {:,.0f}"
    assert said.format(*sums) in TEXT
    assert f"better by {sums[0] - sums[1]:,.0f} dollars, or {sums[0] / sums[1] - 1:.0%}".replace("%", " %") in TEXT


def test_how_sure_the_verdict_is(answers, lists):
    """The customers drawn anew, the lists as they are: from nothing to 5,400 dollars, and −750 to 1,650 against the rule."""
    past, value, after = lists
    rule = answers.past().where(answers.silence() <= 13, 0).nlargest(200).index
    draws = np.random.default_rng(1).multinomial(len(after), np.full(len(after), 1 / len(after)), 4000)
    for other, interval in ((past, (0, 5400)), (rule, (-750, 1650))):
        gained = after.where(after.index.isin(value), 0) - after.where(after.index.isin(other), 0)
        np.testing.assert_allclose(np.quantile(draws @ gained.to_numpy(), [0.025, 0.975]), interval, atol=150)
        assert f"by {gained.sum():,.0f} dollars" in TEXT
    assert "by anything from nothing to 5,400" in TEXT and "dollars, −750 to 1,650)" in TEXT


def test_a_simple_rule_does_nearly_as_well(answers, lists):
    """Past spend among those whom the quarter rule keeps, within 3 % of the list by value; and the BG/NBD names nearly the same 200."""
    _, value, after = lists
    rule = answers.past().where(answers.silence() <= 13, 0).nlargest(200).index
    assert after[rule].sum() == pytest.approx(after[value].sum(), rel=0.03)
    other = answers.value(answers.bg).nlargest(200).index
    assert f"{len(other.intersection(value))} of the 200 most valuable are the same" in TEXT


def test_the_explorer_shows_one_of_the_four_of_exercise_4(answers):
    """With the rounded parameters of the paper it has its maximum where the fit has it."""
    model = BetaGeoModel(r=0.243, alpha=4.414, a=0.793, b=2.426)
    assert answers.best(lambda past: model.expected_purchases(past, 39)) == answers.best()


# -- in the model answer ------------------------------------------------------------------------------------------


def test_the_model_answer(answers, lists):
    past, value, after = lists
    dropped, taken = past.difference(value), value.difference(past)
    for said in (f"shares {1 - len(dropped) / 200:.0%} of its names".replace("%", " %"), f"the other {len(dropped)} I",
                 f"The {len(dropped)} I drop spent {after[dropped].sum():,.0f} dollars", f"in their place {after[taken].sum():,.0f};",
                 f"brought {after[value].sum():,.0f} dollars against {after[past].sum():,.0f}", f"the {after.nlargest(200).sum():,.0f} that"):
        assert said in ANSWER
    assert f"{(answers.base().loc[value, 'frequency_holdout'] == 0).mean():.0%} of the customers on it".replace("%", " %", 1) in ANSWER


def test_the_customers_of_the_model_answer(answers):
    base, past, value = answers.base(), answers.past(), answers.value()
    assert base.loc[2761, "frequency"] == 5 and base.loc[2761, "recency"] < 5.5
    assert f"2761, with {past[2761]:.0f} dollars, has been silent for {answers.silence()[2761]:.0f} weeks" in ANSWER
    assert f"is worth {value[2761]:.0f} dollars" in ANSWER
    assert base.loc[[19339, 2761], "frequency_holdout"].sum() == 0 and "Both bought nothing afterwards" in ANSWER
    assert f"3501, ranked {value.rank(ascending=False)[3501]:.0f}th" in ANSWER
    assert answers.pareto().expected_probability_alive(base)[3501] == pytest.approx(0.1, abs=0.02) and base.loc[3501, "frequency_holdout"] == 2


def test_the_rules_of_the_model_answer(answers):
    later, silence = answers.base()["frequency_holdout"], answers.silence()
    picked = [later[ranking.nlargest(418).index].sum() / later.sum() for ranking in (-silence, answers.bg().expected_purchases(answers.base(), 39))]
    assert "({:.3f} for the shortest silence against {:.3f})".format(*picked) in ANSWER


# -- the bank -----------------------------------------------------------------------------------------------------


def test_history_is_what_customer_base_makes_of_a_log(answers):
    """On every hidden customer of Exercise 1."""
    for days, end in answers.some_days(np.random.default_rng(1)):
        start = pd.Timestamp("1997-01-01")
        log = pd.DataFrame({"customer_id": 1, "date": start + pd.to_timedelta(days, "D"), "value": 1.0})
        row = ccx.customer_base(log, start + pd.Timedelta(end, "D")).loc[1]
        assert answers.history(days, end) == pytest.approx(row[["frequency", "recency", "T"]].tolist())


def test_p_alive_is_the_librarys(answers):
    """On every hidden customer of Exercise 3, with a chance that is neither 0 nor 1 but for those without a repeat purchase."""
    for x, t_x, T, *params in answers.customers_at_hand(np.random.default_rng(1)):
        [alive] = BetaGeoModel(*params).expected_probability_alive(pd.DataFrame({"frequency": [x], "recency": [t_x], "T": [T]}))
        assert answers.p_alive(x, t_x, T, *params) == pytest.approx(alive) and (x == 0 or 1e-4 < alive < 1)


def test_ann_and_bob_are_the_librarys(answers):
    pair = pd.DataFrame({"frequency": [1, 10], "monetary_value": 100.0})
    assert answers.two(answers.expected_spend) == pytest.approx(answers.spend().expected_customer_spend(pair).tolist())


def test_the_mean_value_by_parts_is_the_librarys(answers):
    rate = ccx.clv.continuous_rate(0.15, "W")
    assert answers.value().mean() == pytest.approx(answers.discounted(rate))
    fitted = GammaGammaModel.fit(answers.base())
    assert answers.value().sum() == pytest.approx(
        expected_customer_lifetime_value(answers.base(), ParetoNBDModel.fit(answers.base()), fitted, **answers.TERMS).sum())


def test_straight_up_from_week_40(answers):
    """At a last purchase in week 40 of 78: from one to four repeat purchases, and at fourteen."""
    model = ParetoNBDModel.fit(ccx.customer_base(ccx.load("cdnow_sample")))
    one, four, fourteen = model.dert(pd.DataFrame({"frequency": [1, 4, 14], "recency": 40, "T": 78}), ccx.clv.continuous_rate(0.15, "W"))
    assert four / one == pytest.approx(1.9, abs=0.1) and fourteen < 0.1 * four and "nearly doubles up to four repeat purchases" in TEXT


def test_too_little_of_those_with_one_or_two(answers):
    expected = answers.bg().expected_purchases(answers.base(), 39)
    for x in (1, 2):
        which = answers.base()["frequency"] == x
        assert expected[which].mean() / answers.base()["frequency_holdout"][which].mean() == pytest.approx(0.75, abs=0.03)
