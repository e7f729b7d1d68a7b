"""Regression to the mean and what lasts: against the data of the course, the NBD's closed form, and analysis of variance by hand."""

import numpy as np
import pandas as pd
import pytest

import ccx
from ccx.clv import NBDModel
from ccx.selection.change import change_by_group, quantile_groups, variance_parts


def halves(log, last):
    """Spend before and after a day, of the customers who spent anything before it."""
    early = log["date"] <= last
    before, after = (log[part].groupby("customer_id")["value"].sum() for part in (early, ~early))
    return before[before > 0], after


def test_the_grocers_fifths_regress():
    """Change of each fifth relative to that of all, first half of the year to the second; the numbers were found on days in UTC, here they are local."""
    before, after = halves(ccx.load("grocery"), "2017-06-30")
    found = change_by_group(before, after, quantile_groups(before))["relative"]
    assert (abs(found - [2.50, 1.33, 1.07, 0.98, 0.91]) < [0.03, 0.01, 0.01, 0.01, 0.01]).all()


def test_a_cohort_falls_in_every_fifth():
    """CDNOW, 39 weeks and 39: nobody there rises, because all were new at the start; relative to all the lowest fifth rises a little."""
    before, after = halves(ccx.load("cdnow"), "1997-09-30")
    found = change_by_group(before, after, quantile_groups(before))
    assert found["change"].between(0.35, 0.5).all() and found["relative"].iloc[0] == pytest.approx(1.06, abs=0.01)
    np.testing.assert_allclose(found["change"], [0.48, 0.40, 0.38, 0.42, 0.47], atol=0.0051)


def test_groups_are_equally_large_and_ordered():
    values = pd.Series(np.random.default_rng(1).integers(0, 5, 103), index=np.arange(103) * 7)
    groups = quantile_groups(values, 10)
    assert groups.value_counts().between(10, 11).all() and groups.index.equals(values.index) and set(groups) == set(range(1, 11))
    assert (values.groupby(groups).max().to_numpy()[:-1] <= values.groupby(groups).min().to_numpy()[1:]).all()


def test_groups_agree_with_pandas_where_nothing_ties():
    values = pd.Series(np.random.default_rng(2).permutation(1000))
    assert (quantile_groups(values, 8) == pd.qcut(values, 8, labels=False) + 1).all()


def test_groups_that_cannot_be_are_refused():
    for values, groups, sentence in ((pd.Series([1.0, np.nan]), 2, "1 of 2 values are missing"), (pd.Series([1.0, 2.0]), 3, "can't be put into 3"),
                                     (pd.Series([1.0, 2.0]), 1.5, "can't be put into 1.5")):
        with pytest.raises(ValueError, match=sentence):
            quantile_groups(values, groups)


def test_by_hand_with_who_did_not_come_back():
    before, after = pd.Series([2.0, 4.0, 10.0], index=list("abc")), pd.Series({"c": 8.0, "a": 4.0})
    found = change_by_group(before, after, pd.Series(["low", "low", "high"], index=list("abc")), expected=pd.Series([3.0, 3.0, 6.0], index=list("abc")))
    assert found.loc["low", ["customers", "before", "after", "expected"]].tolist() == [2, 3, 2, 3]
    assert found["change"].tolist() == pytest.approx([0.8, 2 / 3]) and found["relative"].tolist() == pytest.approx([0.8 / 0.75, 2 / 3 / 0.75])
    assert found["regression"].tolist() == pytest.approx([2.0, 0.0])


def test_all_of_the_change_is_regression_where_types_are_fixed():
    """Customers of a known NBD, watched twice: what Ehrenberg's conditional expectation says of each count is what they do, up to sampling error."""
    model = NBDModel(r=0.4, alpha=13)
    rng = np.random.default_rng(3)
    observed, latent = model.simulate(400_000, rng, T=39)
    again = pd.Series(rng.poisson(latent["rate"] * 26))
    expected = model.expected_purchases(observed, 26)
    np.testing.assert_allclose(expected, 26 * (0.4 + observed["frequency"]) / (13 + 39))
    found = change_by_group(observed["frequency"], again, observed["frequency"].clip(upper=8), expected)
    np.testing.assert_allclose(found["after"], found["expected"], rtol=0.03)
    assert found["regression"].iloc[0] == pytest.approx(1, abs=0.02)


def test_two_ways_of_grouping_at_once():
    before, after = pd.Series([1.0, 2, 3, 4]), pd.Series([2.0, 2, 2, 2])
    found = change_by_group(before, after, [quantile_groups(before, 2), pd.Series(["letter", "control"] * 2, name="arm")])
    assert found.index.names == ["group", "arm"] and found.loc[(1, "letter"), "change"] == 2


def test_change_refuses_a_customer_twice():
    with pytest.raises(ValueError, match="appears twice"):
        change_by_group(pd.Series([1.0, 2.0], index=[1, 1]), pd.Series([1.0], index=[2]), pd.Series([1, 1], index=[1, 1]))


def intraclass(values):
    """ICC(3,1) from the mean squares of a two-way analysis of variance (Shrout and Fleiss 1979)."""
    n, k = values.shape
    rows, columns = values.mean(axis=1), values.mean(axis=0)
    between = k * ((rows - values.mean()) ** 2).sum() / (n - 1)
    residual = ((values - rows[:, None] - columns + values.mean()) ** 2).sum() / ((n - 1) * (k - 1))
    return (between - residual) / (between + (k - 1) * residual)


@pytest.mark.parametrize("periods", [2, 3, 7])
def test_the_share_of_types_is_the_intraclass_correlation(periods):
    rng = np.random.default_rng(periods)
    panel = rng.gamma(2, 3, (50, 1)) + rng.normal(0, 2, (50, periods)) + np.arange(periods)
    found = variance_parts(pd.DataFrame(panel), counts=False)
    assert found.loc["types", "share"] == pytest.approx(intraclass(panel)) and found["share"].sum() == pytest.approx(1)
    assert found["variance"].sum() == pytest.approx(panel.var(axis=0, ddof=1).mean())


def test_the_published_example_of_the_intraclass_correlation():
    """Six targets and four judges of Shrout and Fleiss (1979): ICC(3,1) = 0.71."""
    ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    assert variance_parts(pd.DataFrame(ratings), counts=False).loc["types", "share"] == pytest.approx(0.71, abs=0.005)


def test_types_change_and_luck_are_told_apart():
    """Rates with a lasting part of variance 50 and a passing one of variance 12.5, and Poisson luck of the mean, 10."""
    rng = np.random.default_rng(4)
    lasting = rng.gamma(2, 5, (300_000, 1))
    passing = rng.gamma(12, 1 / 12, (300_000, 2))  # mean 1, variance 1/12: of rates Var(λ m) − Var(λ) = E(λ²) / 12 = 150 / 12
    found = variance_parts(pd.DataFrame(rng.poisson(lasting * passing)))["variance"]
    assert found.tolist() == pytest.approx([50, 12.5, 10], rel=0.03)


def test_regular_customers_have_negative_change():
    panel = np.repeat(np.arange(1, 40), 2).reshape(-1, 2)
    assert variance_parts(pd.DataFrame(panel)).loc["change", "variance"] == pytest.approx(-panel.mean())


def test_tables_without_differences_or_with_gaps_are_refused():
    for panel, sentence in (([[1, 2]], "at least two customers"), ([[1], [2]], "two periods"), ([[1, np.nan], [2, 1]], "without gaps"),
                            ([[1, 2], [1, 2]], "all customers are alike")):
        with pytest.raises(ValueError, match=f"(?i){sentence}"):
            variance_parts(pd.DataFrame(panel))
