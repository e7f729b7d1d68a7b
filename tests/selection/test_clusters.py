"""Clusters: found where they are, not found again where there are none, judged against an analysis of variance."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f_oneway
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_info, threadpool_limits

from ccx.selection import cluster, cluster_profile, explained_value, stability


@pytest.fixture(scope="module")
def three():
    """Three clouds, far from each other, of 200, 100 and 50 customers, shuffled; and whose is whose."""
    rng = np.random.default_rng(1)
    kind = rng.permutation(np.repeat([1, 2, 3], [200, 100, 50]))
    centres = np.array([[0, 0], [8, 0], [0, 8]])[kind - 1]
    index = pd.Index(rng.permutation(350) + 5000, name="customer_id")
    return pd.DataFrame(centres + rng.normal(size=(350, 2)), index, columns=["visits", "spend"]), pd.Series(kind, index)


@pytest.mark.parametrize("method", ["kmeans", "mixture"])
def test_clusters_that_are_there_are_found_the_largest_first(three, method):
    features, kind = three
    found = cluster(features, 3, rng=1, method=method)
    pd.testing.assert_series_equal(found, kind, check_names=False)


@pytest.mark.parametrize("seed", range(4))
def test_clusters_are_numbered_from_the_largest_down(seed):
    features = pd.DataFrame(np.random.default_rng(seed).lognormal(size=(300, 2)))
    sizes = cluster(features, 6, rng=seed).value_counts().sort_index()
    assert sizes.index.tolist() == [1, 2, 3, 4, 5, 6] and sizes.is_monotonic_decreasing


def test_clusters_are_those_of_scikit_learn():
    """On data without an obvious solution: the same partition as k-means from fifty starts."""
    features = pd.DataFrame(np.random.default_rng(2).normal(size=(200, 2)) * [5, 1])
    found, peer = cluster(features, 2, rng=1), KMeans(2, n_init=50, random_state=0).fit_predict(features.to_numpy())
    assert adjusted_rand_score(found, peer) == pytest.approx(1, abs=0.02)


def test_the_generator_alone_decides():
    features = pd.DataFrame(np.random.default_rng(3).normal(size=(200, 3)))
    first, again = (cluster(features, 5, rng) for rng in (1, np.random.default_rng(1)))
    pd.testing.assert_series_equal(first, again)
    tables = [stability(features, [3], rng=rng, rounds=3) for rng in (1, 1, 2)]
    pd.testing.assert_frame_equal(tables[0], tables[1])
    assert not tables[0].equals(tables[2])


@pytest.mark.parametrize("call", [lambda features: cluster(features, 3, 1), lambda features: stability(features, [3], rng=1, rounds=1)])
def test_one_thread_is_enough(three, monkeypatch, call):
    """Where a machine offers more, k-means still runs on one: a sandbox may allow no other."""
    fit, seen = KMeans.fit, []

    def watched(*arguments):
        seen.extend(pool["num_threads"] for pool in threadpool_info())
        return fit(*arguments)

    monkeypatch.setattr(KMeans, "fit", watched)
    with threadpool_limits(2):
        call(three[0])
        assert {pool["num_threads"] for pool in threadpool_info()} == {2}  # and what was set before holds again
    assert set(seen) == {1}


@pytest.mark.parametrize("method", ["kmeans", "mixture"])
@pytest.mark.parametrize("sample", ["halves", "bootstrap"])
def test_stability_finds_the_number_of_clusters_that_are_there(three, method, sample):
    table = stability(three[0], [2, 3, 4, 5], rng=1, rounds=8, method=method, sample=sample)
    assert table.index[table["worst"] > 0.97].max() == 3  # with two clusters the small clouds go together, which is stable as well
    assert table.loc[[4, 5], "stability"].max() < 0.95


def test_clusters_of_a_shapeless_cloud_are_not_found_again():
    cloud = pd.DataFrame(np.random.default_rng(4).normal(size=(600, 5)))
    assert stability(cloud, [4], rng=1, rounds=10).loc[4, "stability"] < 0.6


def test_a_stable_cut_need_not_be_a_gap():
    """A long normal cloud has no clusters, and the more customers there are, the more surely it is halved in the same place."""
    clouds = [pd.DataFrame(np.random.default_rng(4).normal(size=(n, 3)) * [4, 1, 1]) for n in (100, 5000)]
    few, many = (stability(cloud, [2], rng=1, rounds=10).loc[2, "stability"] for cloud in clouds)
    assert few < many and many > 0.9


def test_halves_have_no_customer_in_common_and_bootstrap_samples_have():
    from ccx.selection.clusters import _two

    first, second = _two(11, 2, "halves", np.random.default_rng(1))
    assert sorted([*first, *second]) == list(range(11)) and abs(len(first) - len(second)) == 1
    first, second = _two(11, 2, "bootstrap", np.random.default_rng(1))
    assert len(first) == len(second) == 11 and len(set(first)) < 11


@pytest.mark.parametrize("call, message", [
    (lambda features: cluster(features, 3, 1, method="ward"), "'ward' is not known"),
    (lambda features: cluster(features * np.nan, 3, 1), "missing or infinite"),
    (lambda features: cluster(features.head(3), 3, 1), "3 customers can't be put into 3 clusters"),
    (lambda features: cluster(features, 0, 1), "into 0 clusters"),
    (lambda features: stability(features, [2], rng=1, sample="thirds"), "'thirds' is not known"),
    (lambda features: stability(features.head(7), [2], rng=1), "too small for 2 clusters"),
])
def test_what_cannot_be_clustered_is_refused(three, call, message):
    with pytest.raises(ValueError, match=message):
        call(three[0])


# -- what separates them, and what they are good for --------------------------------------------------------------


def test_a_profile_is_a_mean_in_standard_deviations():
    """Weighted with the sizes it cancels out; the units of the features do not count."""
    rng = np.random.default_rng(5)
    features = pd.DataFrame(rng.normal(size=(90, 3)), columns=list("xyz"))
    groups = pd.Series(rng.integers(1, 4, 90))
    profile = cluster_profile(features, groups)
    np.testing.assert_allclose(profile["customers"] @ profile[list("xyz")], 0, atol=1e-9)
    pd.testing.assert_frame_equal(cluster_profile(features * [1, 100, 0.01] + 7, groups), profile)
    inside = features.loc[groups == 2, "y"]
    assert profile.loc[2, "y"] == pytest.approx((inside.mean() - features["y"].mean()) / features["y"].std(ddof=0))


def test_a_cluster_is_named_by_what_separates_it_most(three):
    features, kind = three
    profile = cluster_profile(features.assign(age=np.random.default_rng(6).normal(size=350)), kind, top=1)
    assert [text.split()[0] for text in profile["separates"][[2, 3]]] == ["visits", "spend"]
    with pytest.raises(ValueError, match="same customers in the same order"):
        cluster_profile(features, kind.sort_index())


def test_explained_value_against_the_analysis_of_variance():
    """F = (R² / (g − 1)) / ((1 − R²) / (n − g)), and adjusted R² is above 0 exactly when F is above 1."""
    rng = np.random.default_rng(7)
    group, outcome = pd.Series(rng.integers(0, 5, 300)), pd.Series(rng.lognormal(size=300))
    found = explained_value(group.to_frame("group"), outcome + 0.3 * group, rng=1).loc["group"]
    f = f_oneway(*[(outcome + 0.3 * group)[group == g] for g in range(5)]).statistic
    assert (found["r2"] / 4) / ((1 - found["r2"]) / 295) == pytest.approx(f)
    assert found["adjusted_r2"] == pytest.approx(1 - (1 - found["r2"]) * 299 / 295) and found["groups"] == 5


def test_many_groups_explain_noise_and_the_holdout_tells():
    """200 groups of two on pure noise: half of the variance is explained, nothing of it holds."""
    noise = pd.Series(np.random.default_rng(8).normal(size=400))
    found = explained_value(pd.DataFrame({"pairs": np.arange(400) // 2}), noise, rng=1).loc["pairs"]
    assert found["r2"] == pytest.approx(0.5, abs=0.1) and found["adjusted_r2"] == pytest.approx(0, abs=0.2) and found["holdout_r2"] < -0.3


def test_groups_that_matter_explain_as_much_in_the_holdout():
    """Two groups, 2 apart, noise of 1: R² = 1 / (1 + 1)."""
    rng = np.random.default_rng(9)
    group = pd.Series(np.repeat([-1, 1], 5000))
    found = explained_value(group.to_frame("group"), group + rng.normal(size=10_000), rng=1).loc["group"]
    assert found[["r2", "adjusted_r2", "holdout_r2"]].tolist() == pytest.approx([0.5] * 3, abs=0.02)


def test_pretty_clusters_need_not_be_useful(three):
    """Perfectly stable, and silent on a value that depends on something else."""
    features, kind = three
    outcome = pd.Series(np.random.default_rng(10).lognormal(size=350), features.index)
    table = explained_value(pd.DataFrame({"clusters": kind, "median": outcome > outcome.median()}), outcome, rng=1)
    assert abs(table.loc["clusters", "adjusted_r2"]) < 0.03 and table.loc["median", "holdout_r2"] > 0.2


def test_what_explains_nothing_is_refused():
    group, outcome = pd.DataFrame({"group": [1, 1, 2, 2]}), pd.Series([1.0, 2, 3, 4])
    for arguments, message in (((group, outcome * 0), "must differ"), ((group, outcome.rename({3: 9})), "in the same order"),
                               ((group, outcome.where(outcome > 1)), "needs a group"), ((pd.DataFrame({"own": range(4)}), outcome), "fewer groups than customers")):
        with pytest.raises(ValueError, match=message):
            explained_value(*arguments, rng=1)
