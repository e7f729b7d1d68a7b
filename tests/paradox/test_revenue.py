"""Tiers of a log and their weekly revenue: by hand, and sums that must reconcile."""

import numpy as np
import pandas as pd
import pytest

import ccx
from ccx.paradox import customer_revenue, detrended, measured_group, steadiness, tier_revenue, tiers

DAYS = pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-08", "2024-01-09", "2024-01-14", "2024-01-15", "2024-01-17"])
LOG = pd.DataFrame({"customer_id": ["a", "b", "c", "a", "b", "c", "a", "d"], "date": DAYS, "value": [50.0, 30, 20, 5, 6, 7, 8, 9]})


def test_a_log_by_hand():
    """a spent most until the 3rd, b next; the 8th to the 14th is the only complete week; d was not known and does not count."""
    found = tiers(LOG, "2024-01-03", shares=(0.34, 0.67))
    assert found.astype(str).to_dict() == {"a": "top", "b": "next", "c": "rest"}
    revenue = tier_revenue(LOG, found, "2024-01-08")
    assert revenue.to_numpy().tolist() == [[5, 6, 7]]


@pytest.mark.parametrize("name, until, start", [("cdnow", "1997-09-30", "1997-10-01"), ("grocery", "2017-06-25", "2017-06-26")])
def test_tiers_and_their_revenue_reconcile_with_the_log(name, until, start):
    log = ccx.load(name)
    sorted_in = tiers(log, until)
    past = log[log["date"] < pd.Timestamp(start)].groupby("customer_id")["value"].sum()
    assert len(sorted_in) == len(past) and sorted_in.value_counts()["top"] == round(0.01 * len(past))
    ranges = past.groupby(sorted_in, observed=True).agg(["min", "max"])
    assert ranges.loc["top", "min"] >= ranges.loc["next", "max"] >= ranges.loc["next", "min"] >= ranges.loc["rest", "max"]
    revenue = tier_revenue(log, sorted_in, start)
    end = pd.Timestamp(start) + pd.Timedelta(weeks=len(revenue))
    counted = log[(log["date"] >= start) & (log["date"] < end) & log["customer_id"].isin(sorted_in.index)]
    assert revenue.to_numpy().sum() == pytest.approx(counted["value"].sum())
    assert log["date"].max() < end + pd.Timedelta(weeks=1)


def test_detrended_keeps_the_mean_and_loses_the_slope():
    """Against numpy's least squares."""
    revenue = pd.DataFrame(np.random.default_rng(1).normal(100, 10, (30, 2)) + np.outer(np.arange(30), [3, -2]), columns=["top", "rest"])
    flat = detrended(revenue)
    np.testing.assert_allclose(flat.mean(), revenue.mean())
    for name in revenue:
        line = np.polyval(np.polyfit(np.arange(30), revenue[name], 1), np.arange(30))
        np.testing.assert_allclose(flat[name] - revenue[name].mean(), revenue[name] - line, atol=1e-9)


def test_steadiness_by_its_definitions():
    """Shares sum to 1; a tier in proportion to the whole has beta 1; betas weighted with shares average to 1."""
    revenue = pd.DataFrame({"top": [1.0, 3, 2, 5], "rest": [9.0, 8, 12, 11]})
    found = steadiness(revenue)
    tiers_only = found.drop("whole")
    assert tiers_only["share"].sum() == pytest.approx(1) and tiers_only["share"] @ tiers_only["beta"] == pytest.approx(1)
    assert found.loc["rest", "cv"] == pytest.approx(np.std([9, 8, 12, 11], ddof=1) / 10)
    assert steadiness(pd.DataFrame({"a": [1.0, 2, 3], "b": [10.0, 20, 30]}))["beta"].tolist() == pytest.approx([1, 1, 1])


@pytest.mark.parametrize("arguments", [{"shares": (0.2, 0.1)}, {"shares": (0.0, 0.2)}, {"shares": (0.2,)}, {"shares": (0.1, 1.0)}])
def test_shares_that_cannot_be_are_refused(arguments):
    with pytest.raises(ValueError, match="Shares must rise"):
        tiers(LOG, "2024-01-03", **arguments)


def test_a_day_before_the_log_is_refused():
    with pytest.raises(ValueError, match="Nobody bought anything until 2020"):
        tiers(LOG, "2020-01-01")


def test_customers_add_up_to_their_tier():
    """What the customers of a tier bring, added up, is what the tier brings; who is silent has a column of zeros."""
    log = ccx.load("cdnow_sample")
    sorted_in = tiers(log, "1997-09-30")
    revenue, weekly = (made(log, who, "1997-10-01") for made, who in ((tier_revenue, sorted_in), (customer_revenue, sorted_in.index)))
    assert weekly.shape == (len(revenue), len(sorted_in)) and (weekly.sum() == 0).any()
    for name in revenue:
        np.testing.assert_allclose(weekly[sorted_in.index[sorted_in == name]].sum(axis=1), revenue[name])


def test_a_group_by_hand():
    """Two customers who always move together have all in common; two in turn have nothing in common (less than nothing counts as nothing)."""
    together = measured_group(pd.DataFrame({"a": [1.0, 3.0], "b": [1.0, 3.0]}))
    assert (together.n, together.mean) == (2, 2.0) and together.exposure == pytest.approx(np.sqrt(2) / 2) and together.sd == pytest.approx(0, abs=1e-7)
    in_turn = measured_group(pd.DataFrame({"a": [1.0, 3.0], "b": [3.0, 1.0]}))
    assert in_turn.exposure == 0 and in_turn.sd == pytest.approx(np.sqrt(2))


@pytest.mark.parametrize("spread", [0.0, 0.8])
def test_a_measured_group_is_the_one_that_was_drawn(spread):
    """Unbiased for λ² and σ² also where means differ: the average of 200 histories lies within its own error of the truth."""
    rng, (n, periods, exposure) = np.random.default_rng(3), (40, 60, 0.3)
    means = 100 * rng.lognormal(0, spread, n) if spread else np.full(n, 100.0)
    found = []
    for _ in range(200):
        x = means * (1 + exposure * rng.standard_normal((periods, 1))) + 50 * rng.standard_normal((periods, n))
        group = measured_group(pd.DataFrame(x))
        found.append([group.exposure**2, group.sd**2])
    found = np.array(found)
    error = found.std(axis=0) / np.sqrt(len(found))
    assert (np.abs(found.mean(axis=0) - [exposure**2, 50**2]) < 4 * error + [1e-3, 5]).all()


@pytest.mark.parametrize("revenue", [[[1.0], [2.0]], [[1.0, 2.0]], [[0.0, 0.0], [0.0, 0.0]]])
def test_what_is_no_group_is_refused(revenue):
    with pytest.raises(ValueError, match="two customers and two periods"):
        measured_group(pd.DataFrame(revenue))
