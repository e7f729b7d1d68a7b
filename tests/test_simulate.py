"""The simulated firms: the observed table reconciles with the truth beside it."""

import numpy as np
import pandas as pd
import pytest

from ccx.clv import ShiftedBetaGeoModel
from ccx.paradox import measured_group
from ccx.simulate import SEGMENTS, private_bank, subscription_base


def test_the_bank_is_the_same_for_the_same_seed():
    once, again, other = private_bank(3), private_bank(3), private_bank(4)
    assert once[0].equals(again[0]) and once[1].equals(again[1]) and not once[0].equals(other[0])


def test_every_client_has_every_quarter_once():
    ledger, truth = private_bank(1, quarters=12)
    assert len(ledger) == 12 * len(truth) and not ledger.duplicated(["client_id", "quarter"]).any()
    assert set(ledger["quarter"]) == set(range(1, 13)) and ledger["segment"].equals(ledger["client_id"].map(truth["segment"]))


def test_the_truth_holds_the_segments_means_exactly():
    _, truth = private_bank(1)
    pd.testing.assert_series_equal(truth.groupby("segment", sort=False)["mean"].mean(), SEGMENTS["mean"], check_names=False)
    assert truth["segment"].value_counts(sort=False).to_dict() == SEGMENTS["clients"].to_dict()
    cost = private_bank(1)[0].groupby("segment", sort=False)["cost"].mean()
    np.testing.assert_allclose(SEGMENTS["mean"] / cost, SEGMENTS["return"], rtol=1e-4)


@pytest.fixture(scope="module")
def long():
    ledger, _ = private_bank(5, quarters=1500)
    return {name: part.pivot(index="quarter", columns="client_id", values="margin") for name, part in ledger.groupby("segment", sort=False)}


def test_the_risks_seen_over_centuries_are_those_of_the_table(long):
    """Exposure and own risk as measured on 1,500 quarters, within four standard errors of a variance, v sqrt(2 / 1,500)."""
    for name, table in long.items():
        group, row, total = measured_group(table), SEGMENTS.loc[name], table.sum(axis=1)
        error = total.var() / total.mean() ** 2 * np.sqrt(2 / len(table))
        assert group.exposure**2 == pytest.approx(row["exposure"] ** 2, abs=4 * error)
        own = np.sqrt(((row["own_risk"] * table.mean()) ** 2).mean())
        assert group.sd == pytest.approx(own, rel=0.03)


def test_segments_move_together_as_far_as_the_market_moves_them(long):
    """corr(z_i, z_j) is the product of the market weights; the totals' own risk takes little off."""
    totals = pd.DataFrame({name: table.sum(axis=1) for name, table in long.items()}).corr()
    for first, second in (("families", "entrepreneurs"), ("families", "professionals"), ("families", "savers")):
        expected = SEGMENTS.loc[first, "market"] * SEGMENTS.loc[second, "market"]
        assert totals.loc[first, second] == pytest.approx(expected, abs=0.09)


def test_the_table_of_cohorts_is_read_as_it_comes():
    """The youngest cohort has its first count only, tells nothing of leaving and is left out."""
    survivors, _ = subscription_base([1000, 900, 800, 700], rng=2)
    assert survivors.iloc[:, -1].notna().sum() == 1
    assert ShiftedBetaGeoModel.fit(survivors).params == ShiftedBetaGeoModel.fit(survivors.iloc[:, :-1]).params
