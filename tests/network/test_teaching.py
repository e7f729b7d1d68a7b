"""What a client is worth to its vendor: against the sum of payments and simulated lives, limits, and the thresholds of teaching."""

import numpy as np
import pandas as pd
import pytest

from ccx.network import Course, firm_needed, vendor_value

CLIENTS = pd.DataFrame({"equity": [1000.0, 400, 2500], "usage": [0.05, 0.08, 0.03], "churn": [0.15, 0.3, 0.05]}, index=["a", "b", "c"])
RATE = 0.10


@pytest.mark.parametrize("rate", [0.03, 0.1, 0.4])
def test_value_is_the_sum_of_discounted_payments(rate):
    """A stream with the present value `equity`, of which the share `usage` is paid while the client stays: 4,000 years, one by one."""
    years = np.arange(4_000)
    for _, one in CLIENTS.iterrows():
        payment = one["equity"] / ((1 + rate) ** -years).sum()
        stays = ((1 - one["churn"]) / (1 + rate)) ** years
        assert vendor_value(CLIENTS, rate)[one.name] == pytest.approx(one["usage"] * payment * stays.sum())


def test_value_is_what_clients_bring_who_leave_by_chance():
    """100,000 lives of client a, geometric, within four standard errors."""
    stays = np.random.default_rng(1).geometric(0.15, 100_000)
    payment = 0.05 * 1000 * RATE / (1 + RATE)
    brought = payment * (1 - (1 + RATE) ** -stays.astype(float)) * (1 + RATE) / RATE
    assert vendor_value(CLIENTS, RATE)["a"] == pytest.approx(brought.mean(), abs=4 * brought.std() / np.sqrt(100_000))


def test_who_never_leaves_brings_its_usage_share_of_all_and_who_leaves_at_once_one_payment():
    stays, goes = (vendor_value(CLIENTS.assign(churn=h), RATE) for h in (0, 1))
    pd.testing.assert_series_equal(stays, CLIENTS["usage"] * CLIENTS["equity"], check_names=False)
    pd.testing.assert_series_equal(goes, stays * RATE / (1 + RATE), check_names=False)


@pytest.mark.parametrize("firm, market, lower", [(0.5, 0.5, True), (0.3, 0.5, False), (0.3125, 0.5, None), (0, 0.1, False), (0.1, 0, True)])
def test_churn_falls_exactly_where_binding_outweighs_freeing(firm, market, lower):
    churn = Course(equity=0.1, firm=firm, market=market, binding=0.8, freeing=0.5).taught(CLIENTS)["churn"]
    change = churn - CLIENTS["churn"]
    assert (change.abs() < 1e-12).all() if lower is None else ((change < 0) == lower).all()


def test_churn_never_exceeds_one():
    assert Course(equity=0, market=9).taught(CLIENTS)["churn"].tolist() == [1, 1, 1]


def test_a_course_that_does_nothing_gains_nothing_and_keeps_other_columns():
    after = Course(equity=0).taught(CLIENTS.assign(trade="hotels"))
    assert after["trade"].tolist() == ["hotels"] * 3 and Course(equity=0).gain(CLIENTS, RATE).tolist() == [0, 0, 0]


def test_growth_alone_gains_in_proportion():
    pd.testing.assert_series_equal(Course(equity=0.11).gain(CLIENTS, RATE), 0.11 * vendor_value(CLIENTS, RATE), check_names=False)


def test_without_growth_the_threshold_is_that_of_churn():
    course = Course(equity=0, market=0.6, binding=0.8, freeing=0.5)
    assert firm_needed(CLIENTS, course, 0, RATE).tolist() == pytest.approx([0.5 * 0.6 / 0.8] * 3)


@pytest.mark.parametrize("cost", [0, 1, 3])
@pytest.mark.parametrize("course", [Course(0.02, 0, 0, 0.5, 0.8, 0.5), Course(0.05, 0.02, 0, 0.9, 1.2, 0.7)])
def test_with_just_enough_the_vendor_breaks_even(course, cost):
    """At the answer the gain is the cost; with a little less it is below."""
    needed = firm_needed(CLIENTS, course, cost, RATE)
    for client, firm in needed.items():
        one = CLIENTS.loc[[client]]
        gains = [Course(**{**vars(course), "firm": firm + more}).gain(one, RATE).iloc[0] for more in (0, -0.01)]
        assert firm > 0 and gains[0] == pytest.approx(cost, abs=1e-9) and gains[1] < cost


def test_what_pays_without_binding_needs_none_and_what_can_never_pay_needs_without_bound():
    assert firm_needed(CLIENTS, Course(equity=0.5, market=0.1), 0, RATE).tolist() == [0, 0, 0]
    assert np.isinf(firm_needed(CLIENTS, Course(equity=0, market=0.1), 1000, RATE)).all()


@pytest.mark.parametrize("call, sentence", [
    (lambda: vendor_value(CLIENTS.drop(columns="usage"), RATE), "lack usage"),
    (lambda: vendor_value(CLIENTS, 0), "above 0"),
    (lambda: vendor_value(CLIENTS.assign(churn=1.5), RATE), "Churn is a probability")])
def test_bad_input_is_refused_with_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
