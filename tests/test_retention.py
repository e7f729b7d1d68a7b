"""Cohorts under contract: the firm by year, and the simulated base."""

import numpy as np
import pandas as pd
import pytest

import ccx
from ccx.clv import BetaDiscreteWeibullModel, ShiftedBetaGeoModel, aggregate_retention

COHORTS = pd.DataFrame({2023: [100, 50, 40, 36], 2024: [200, 120, 90, np.nan], 2025: [80, 60, np.nan, np.nan], 2026: [10, np.nan, np.nan, np.nan]})
REGULAR = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1]
SBG = ShiftedBetaGeoModel(0.704, 1.182)


# -- the firm by year ---------------------------------------------------------------------------------------------


def test_the_base_by_year_counted_by_hand():
    table = ccx.base_by_year(COHORTS)
    assert table.index.tolist() == [2023, 2024, 2025, 2026] and table.index.name == "year"
    assert table["acquired"].tolist() == [100, 200, 80, 10]
    assert table["up_for_renewal"].tolist() == [0, 100, 250, 40 + 120 + 80]
    assert table["renewed"].tolist() == [0, 50, 160, 36 + 90 + 60]
    assert table["retention"].iloc[1:].tolist() == pytest.approx([0.5, 0.64, 0.775]) and np.isnan(table["retention"].iloc[0])


def test_the_last_year_is_the_aggregate_retention():
    assert ccx.base_by_year(COHORTS)["retention"].iloc[-1] == pytest.approx(aggregate_retention(COHORTS))


def test_who_is_there_at_the_end_of_a_year_is_up_for_renewal_in_the_next():
    table = ccx.base_by_year(ccx.simulate.subscription_base([500, 0, 300, 200], rng=2)[0])
    assert (table["renewed"] + table["acquired"]).iloc[:-1].tolist() == table["up_for_renewal"].iloc[1:].tolist()


def test_expected_counts_need_not_be_whole():
    table = ccx.base_by_year(COHORTS / 8)
    assert table["retention"].iloc[-1] == pytest.approx(0.775) and table["renewed"].iloc[-1] == 186 / 8


# -- the simulated base -------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_base():
    one, two, other = (ccx.simulate.subscription_base([300, 200], rng=seed) for seed in (1, 1, 2))
    assert one[0].equals(two[0]) and one[1].equals(two[1]) and not one[1].equals(other[1])


def test_what_is_observed_is_counted_from_the_truth():
    survivors, truth = ccx.simulate.subscription_base([300, 200, 0, 100], rng=1, first_year=2020)
    assert survivors.columns.tolist() == [2020, 2021, 2022, 2023] and len(truth) == 600
    for year, counts in survivors.items():
        renewals = truth.loc[truth["acquired"] == year, "renewals"]
        assert counts.dropna().tolist() == [(renewals >= n).sum() for n in range(2024 - year)]
        assert counts.isna().sum() == year - 2020


def test_customers_leave_as_the_truth_says():
    """First renewal: each leaves with their own probability, whatever c; within four standard errors."""
    for c in (0.7, 1, 1.5):
        survivors, truth = ccx.simulate.subscription_base([40_000] + [0] * 6, rng=3, c=c)
        expected = 40_000 * BetaDiscreteWeibullModel(0.8, 2.4, c).survival(np.arange(7))
        assert truth["dropout"].mean() == pytest.approx(0.25, abs=4 * 0.21 / 200)
        error = np.sqrt(expected * (1 - expected / 40_000)) + 1e-9
        assert (np.abs(survivors[2016] - expected) < 4 * error).all()


def test_the_model_finds_the_truth_in_many_cohorts():
    """Within three standard errors; the youngest cohort has no renewal to tell of."""
    survivors, _ = ccx.simulate.subscription_base([8_000] * 8, rng=4, alpha=0.668, beta=3.806)
    model = ShiftedBetaGeoModel.fit(survivors)
    for name, true in (("alpha", 0.668), ("beta", 3.806)):
        assert model.params[name] == pytest.approx(true, abs=3 * model.standard_errors[name])
