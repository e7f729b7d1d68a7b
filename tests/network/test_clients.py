"""The simulated platform: the same for the same seed, tables that fit together, and a truth that they follow."""

import numpy as np
import pytest

import ccx
from ccx.network import cascades, client_graph, reached
from ccx.simulate import client_network
from ccx.simulate.clients import ABROAD, ABROAD_P, TRADES


@pytest.fixture(scope="module")
def many():
    """Ten times as many clients, so that means can be compared with the table."""
    return client_network(rng=1, size=10)


def test_the_platform_is_the_same_for_the_same_seed():
    once, again, other = client_network(3), client_network(3), client_network(4)
    for name in ("clients", "ties", "pilot", "truth"):
        assert getattr(once, name).equals(getattr(again, name)) and not getattr(once, name).equals(getattr(other, name))


def test_clients_of_the_trades_are_as_in_the_table(many):
    assert client_network(1).clients["trade"].value_counts(sort=False).to_dict() == TRADES["clients"].to_dict()
    seen = many.clients.groupby("trade", sort=False)[["equity", "usage", "churn"]]
    errors = seen.std() / np.sqrt(seen.count())
    assert ((seen.mean() - TRADES[["equity", "usage", "churn"]]).abs() <= 4 * errors + 0.002).all(axis=None)


def test_whom_clients_listen_to_is_as_in_the_table(many):
    """Poisson numbers with the means of the table, within four standard errors."""
    trade = many.clients["trade"]
    for kind, expected in (("same", TRADES["listens_to"]), ("other", TRADES["listens_to"] * 0 + ABROAD)):
        heard = many.ties[many.ties["trade"] == kind].groupby("target").size().reindex(trade.index, fill_value=0).groupby(trade).mean().reindex(TRADES.index)
        error = np.sqrt(expected / trade.value_counts().reindex(TRADES.index))
        assert ((heard - expected).abs() <= 4 * error).all()


def test_a_tie_leads_from_somebody_else_and_stands_once():
    firm = client_network(rng=5)
    assert (firm.ties["source"] != firm.ties["target"]).all() and not firm.ties.duplicated(["source", "target"]).any()
    trades = [firm.ties[end].map(firm.clients["trade"]) for end in ("source", "target")]
    assert ((trades[0] == trades[1]) == (firm.ties["trade"] == "same")).all()
    assert (firm.truth[firm.ties["trade"] == "other"] == ABROAD_P).all()
    same = firm.ties["trade"] == "same"
    assert (firm.truth[same] == firm.ties["target"][same].map(firm.clients["trade"]).map(TRADES["p"])).all()


def test_the_values_are_as_uneven_as_real_ones(many):
    """The top fifth of real customer bases bring 0.55 to 0.75, and so nearly do these; the prominent are not the valuable."""
    listeners = many.ties["source"].value_counts().reindex(many.clients.index, fill_value=0)
    assert 0.5 < ccx.top_share(many.clients["equity"], 0.2) < 0.75
    within = [listeners[trade.index].corr(trade["equity"]) for _, trade in many.clients.groupby("trade")]
    assert np.abs(within).max() < 0.15


def test_the_pilot_is_a_cascade_from_clients_drawn_by_lot():
    """Over 25 platforms its size is that of cascades from as many drawn clients, within four standard errors; four quarters are seen."""
    seen, expected = [], []
    for seed in range(25):
        firm = client_network(rng=seed)
        assert (firm.pilot == 0).sum() == 20 and firm.pilot.max() <= 4
        graph = client_graph(firm.ties.assign(p=firm.truth), firm.clients.index)
        drawn = np.random.default_rng(seed).choice(firm.clients.index, 20, replace=False)
        waves = cascades(graph, drawn, 20, seed)
        seen.append(firm.pilot.notna().sum())
        expected.append(reached(waves.where(waves <= 4, np.inf)).mean())
    assert np.mean(seen) == pytest.approx(np.mean(expected), abs=4 * np.std(seen) / np.sqrt(25))
