"""Bass against its differential equation and published formulas; the counterfactual against limits and by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import minimize_scalar

from ccx.network import acceleration_and_expansion, adopted_by, bass_adopted, bass_peak, cascades, client_graph, with_and_without
from ccx.simulate import client_network

PARAMETERS = [(0.03, 0.38, 0), (0.03, 0.38, 0.1), (0.01, 0.5, 0.02), (0.05, 0.05, 0), (0.1, 0.02, 0.3), (0.02, 0, 0)]


@pytest.fixture(scope="module")
def graph():
    firm = client_network(rng=11, size=0.5)
    return client_graph(firm.ties.assign(p=firm.truth), firm.clients.index)


@pytest.mark.parametrize("p, q, taught", PARAMETERS)
def test_bass_solves_its_equation(p, q, taught):
    times = np.linspace(0, 30, 16)
    solved = solve_ivp(lambda t, F: (p + q * F) * (1 - F), (0, 30), [taught], t_eval=times, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(bass_adopted(times, p, q, taught), solved.y[0], atol=1e-8)


def test_the_published_peak():
    """t* = ln(q/p)/(p+q) = 6.19 at p = 0.03 and q = 0.38, with F(t*) = 1/2 − p/(2q)."""
    assert bass_peak(0.03, 0.38) == pytest.approx(np.log(0.38 / 0.03) / 0.41) == pytest.approx(6.19, abs=0.005)
    for p, q, taught in ((0.03, 0.38, 0), (0.01, 0.5, 0.1)):
        assert bass_adopted(bass_peak(p, q, taught), p, q, taught) == pytest.approx(0.5 - p / (2 * q))


@pytest.mark.parametrize("p, q, taught", [one for one in PARAMETERS if bass_peak(*one) > 0])
def test_the_peak_is_where_most_come_round(p, q, taught):
    def rate(t):
        F = bass_adopted(t, p, q, taught)
        return -(p + q * F) * (1 - F)
    assert bass_peak(p, q, taught) == pytest.approx(minimize_scalar(rate, bounds=(0, 40), method="bounded", options={"xatol": 1e-8}).x, abs=1e-4)


def test_no_peak_to_come():
    """Imitation no stronger than the rest, none at all, or more taught than F*."""
    assert bass_peak(0.05, 0.05) == bass_peak(0.1, 0.02) == bass_peak(0.02, 0) == bass_peak(0.03, 0.38, taught=0.47) == 0


# With and without


def test_nobody_is_later_with_teaching(graph):
    without, with_ = with_and_without(graph, [3, 40, 70], alone=0.01, horizon=20, n=100, rng=4)
    assert (with_.to_numpy() <= without.to_numpy()).all() and (with_[[3, 40, 70]] == 0).all(axis=None) and (with_.to_numpy() < without.to_numpy()).any()


def test_without_anybody_coming_by_themselves_it_is_a_cascade(graph):
    without, with_ = with_and_without(graph, [3], alone=0, horizon=500, n=50, rng=4)
    assert np.isinf(without).all(axis=None) and with_.to_numpy().tolist() == cascades(graph, [3], 50, 4).to_numpy().tolist()


def test_without_ties_they_come_as_often_as_they_should(graph):
    """1 − (1 − a)^t of all clients, within four standard errors."""
    lonely = client_graph(pd.DataFrame({"source": [1], "target": [2], "p": [0.0]}), range(200))
    without, _ = with_and_without(lonely, [], alone=0.05, horizon=20, n=200, rng=1)
    for quarter in (1, 5, 20):
        expected = 1 - 0.95**quarter
        assert adopted_by(without, [quarter]).iloc[0] == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 40_000))
    assert without.to_numpy().min() == 1 and without.replace(np.inf, 0).max(axis=None) <= 20


def test_who_comes_by_itself_passes_it_on():
    """A certain chain of three whose first comes in some quarter t: the others follow in t + 1 and t + 2, at the latest."""
    chain = client_graph(pd.DataFrame({"source": [0, 1], "target": [1, 2], "p": 1.0}))
    waves, _ = with_and_without(chain, [], alone=0.2, horizon=1000, n=500, rng=1)
    assert (waves[1] <= waves[0] + 1).all() and (waves[2] <= waves[1] + 1).all()


def test_beyond_the_horizon_is_never():
    chain = client_graph(pd.DataFrame({"source": range(6), "target": range(1, 7), "p": 1.0}))
    _, with_ = with_and_without(chain, [0], alone=0, horizon=3, n=1, rng=1)
    assert with_.iloc[0].tolist() == [0, 1, 2, 3, np.inf, np.inf, np.inf]


# The split


def test_the_parts_add_up_to_the_whole_gain(graph):
    twice = with_and_without(graph, [3, 40], alone=0.02, horizon=20, n=100, rng=2)
    value = pd.Series(np.linspace(1, 9, len(graph)), index=list(graph))
    before, after = (((1.02 ** -waves.to_numpy()) @ value.to_numpy()) for waves in twice)
    parts = acceleration_and_expansion(*twice, value, rate=0.02)
    assert parts.sum(axis=1).tolist() == pytest.approx((after - before).tolist()) and (parts >= 0).all(axis=None)


def test_without_interest_coming_earlier_is_worth_nothing(graph):
    without, with_ = with_and_without(graph, [3, 40], alone=0.02, horizon=20, n=100, rng=2)
    parts = acceleration_and_expansion(without, with_)
    won = (np.isfinite(with_).sum(axis=1) - np.isfinite(without).sum(axis=1)).tolist()
    assert (parts["acceleration"] == 0).all() and parts["expansion"].tolist() == won


def test_where_everybody_comes_anyway_nothing_is_won(graph):
    """The limit of a long horizon."""
    twice = with_and_without(graph, [3, 40], alone=0.5, horizon=200, n=20, rng=2)
    parts = acceleration_and_expansion(*twice, rate=0.02)
    assert (parts["expansion"] == 0).all() and (parts["acceleration"] > 0).all()


@pytest.mark.parametrize("call, sentence", [
    (lambda g: with_and_without(g, [3], 1.5, 20, 5, 1), "alone is 1.5"),
    (lambda g: with_and_without(g, [999], 0.1, 20, 5, 1), "999 is taught"),
    (lambda g: acceleration_and_expansion(*with_and_without(g, [3], 0.1, 20, 5, 1), rate=-2), "above −1"),
    (lambda g: bass_adopted(1, 0, 0.4), "p above 0"),
    (lambda g: bass_peak(0.1, 0.4, taught=1), "below 1")])
def test_bad_input_is_refused_with_a_sentence(graph, call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call(graph)
