"""Kinds of customers: found in what they do, kept only if they are found again, judged on what they tell about the next period's value."""

import numpy as np
import pandas as pd

from .features import standardised

METHODS = ("kmeans", "mixture")


def cluster(features, n_clusters, rng, method="kmeans"):
    """Put customers who behave alike into clusters.

    Parameters
    ----------
    features : DataFrame of float, shape (n, m), by customer
        In comparable units, as from `standardised`.
    n_clusters : int
    rng : Generator or int
        The search starts at random.
    method : {"kmeans", "mixture"}
        scikit-learn's `KMeans`, or its `GaussianMixture` with a variance of its own per cluster and feature, which takes several times as long.

    Returns
    -------
    Series of int, by customer
        The number of the cluster; 1 is the largest.

    Raises
    ------
    ValueError
        When a feature is missing, the method is unknown, or there are not more customers than clusters.

    Notes
    -----
    Runs on one thread, whatever the machine has, so that it gives the same clusters everywhere.

    Examples
    --------
    >>> features = pd.DataFrame({"visits": [-1, -1.1, -0.9, 2.0, 2.1]}, index=list("abcde"))
    >>> cluster(features, 2, rng=1).to_dict()
    {'a': 1, 'b': 1, 'c': 1, 'd': 2, 'e': 2}
    """
    values = _values(features, n_clusters, method)
    with _one_thread():
        found = _model(method, n_clusters, np.random.default_rng(rng), starts=10).fit(values).predict(values)
    order = np.argsort(-np.bincount(found, minlength=n_clusters), kind="stable")
    return pd.Series(np.argsort(order)[found] + 1, features.index, name="cluster")


def _values(features, n_clusters, method):
    if method not in METHODS:
        raise ValueError(f"method={method!r} is not known; say {' or '.join(map(repr, METHODS))}.")
    values = features.to_numpy(dtype=float)
    if not np.isfinite(values).all():
        raise ValueError("A feature is missing or infinite for some customers: drop or mend them first.")
    if not 1 <= n_clusters < len(values):
        raise ValueError(f"{len(values)} customers can't be put into {n_clusters} clusters.")
    return values


def _one_thread():
    """Threads would add up in an order of their own, and where processes are limited they can't be started at all."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


def _model(method, n_clusters, rng, starts):
    seed = int(rng.integers(2**31))
    if method == "kmeans":
        from sklearn.cluster import KMeans

        return KMeans(n_clusters, n_init=starts, random_state=seed)
    from sklearn.mixture import GaussianMixture

    # Many customers share a value (a silence of 0): without a floor a cluster would shrink to it.
    return GaussianMixture(n_clusters, covariance_type="diag", n_init=starts, random_state=seed, reg_covar=1e-3)


def stability(features, n_clusters=range(2, 8), *, rng, rounds=20, method="kmeans", sample="halves"):
    """Whether clusters are found again in other customers of the same firm, for several numbers of clusters.

    Parameters
    ----------
    features : DataFrame of float, shape (n, m), by customer
    n_clusters : sequence of int, default 2 to 7
    rng : Generator or int
    rounds : int, default 20
        How often two samples are drawn and compared.
    method : {"kmeans", "mixture"}
        As for `cluster`.
    sample : {"halves", "bootstrap"}
        Two halves without a customer in common, or two samples with replacement as large as the whole.

    Returns
    -------
    DataFrame, indexed by ``n_clusters``
        ``stability``, the mean adjusted Rand index, its standard deviation ``sd`` over rounds, and ``worst``, the lowest.

    Raises
    ------
    ValueError
        As `cluster`, when the halves are too small for so many clusters, or the way of sampling is unknown.

    Notes
    -----
    Each of two samples is clustered, each solution then sorts all customers, and the adjusted Rand index (Hubert and Arabie 1985) compares the two: 1 when
    they agree, 0 on average by chance (Dolnicar and Leisch 2010, "Evaluation of structure and reproducibility of cluster solutions using the bootstrap",
    Marketing Letters 21(1), 83-101). Stability is necessary, not sufficient: a long cloud without any gap is cut in the same place time
    after time.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> three = pd.DataFrame(rng.normal(size=(300, 2)) + np.repeat([[0, 0], [6, 0], [0, 6]], 100, axis=0))
    >>> stability(three, [2, 3, 4], rng=1, rounds=5)["stability"].round(1).to_dict()
    {2: 0.6, 3: 1.0, 4: 0.8}
    """
    rng, rows = np.random.default_rng(rng), {}
    for k in n_clusters:
        values = _values(features, k, method)
        with _one_thread():
            found = [_agreement(values, method, k, sample, rng) for _ in range(rounds)]
        rows[k] = {"stability": np.mean(found), "sd": np.std(found), "worst": np.min(found)}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("n_clusters")


def _agreement(values, method, n_clusters, sample, rng):
    """How far two samples sort all customers alike."""
    from sklearn.metrics import adjusted_rand_score

    samples = _two(len(values), n_clusters, sample, rng)
    return adjusted_rand_score(*(_model(method, n_clusters, rng, starts=3).fit(values[rows]).predict(values) for rows in samples))


def _two(n, n_clusters, sample, rng):
    if sample not in ("halves", "bootstrap"):
        raise ValueError(f"sample={sample!r} is not known; say 'halves' or 'bootstrap'.")
    if sample == "bootstrap":
        return rng.integers(n, size=(2, n))
    if n // 2 < 2 * n_clusters:
        raise ValueError(f"Halves of {n} customers are too small for {n_clusters} clusters.")
    return np.array_split(rng.permutation(n), 2)


def cluster_profile(features, clusters, top=2):
    """What separates each cluster from all customers, in standard deviations.

    Parameters
    ----------
    features : DataFrame of float, by customer
        Raw or standardised: the profile is the same.
    clusters : Series, by customer
        Any grouping of the same customers.
    top : int, default 2
        How many features to name.

    Returns
    -------
    DataFrame, a row per cluster
        ``customers``; each feature's mean in the cluster less its mean over all, in standard deviations over all; and ``separates``, the names of the features
        that lie furthest from 0, with their distances.

    Raises
    ------
    ValueError
        When the customers are not the same, or a feature is the same for all.

    Examples
    --------
    >>> features = pd.DataFrame({"visits": [1, 1, 1, 5], "silence": [2.0, 9.0, 4.0, 5.0]})
    >>> cluster_profile(features, pd.Series([1, 1, 1, 2]), top=1).round(2)
             customers  visits  silence    separates
    cluster
    1                3   -0.58      0.0  visits -0.6
    2                1    1.73      0.0  visits +1.7
    """
    if not features.index.equals(clusters.index):
        raise ValueError("The features and the clusters must have the same customers in the same order: use clusters.reindex(features.index).")
    z = standardised(features, logged=())
    means = z.groupby(clusters.rename("cluster")).mean()
    names = [", ".join(f"{name} {row[name]:+.1f}" for name in row.abs().sort_values(ascending=False, kind="stable").index[:top]) for _, row in means.iterrows()]
    means.insert(0, "customers", clusters.value_counts().reindex(means.index))
    return means.assign(separates=names)


def explained_value(groupings, outcome, rng, folds=5):
    """How much of the differences in the next period's value each grouping of customers explains.

    Parameters
    ----------
    groupings : DataFrame, by customer
        A column for each grouping: clusters, deciles of past spend, a demographic.
    outcome : Series of float, by customer
        The next period's value (or its logarithm), of the same customers; known only after they were grouped.
    rng : Generator or int
        Which customers are held out together is drawn at random.
    folds : int, default 5

    Returns
    -------
    DataFrame, a row per grouping
        ``groups``; ``r2``; ``adjusted_r2``, corrected for the number of groups; and ``holdout_r2``, of customers whose value is predicted by the mean
        of their group among the *other* customers, which can be negative.

    Raises
    ------
    ValueError
        When the customers are not the same, a value is missing, the outcome is the same for all, or everybody is a group.

    Notes
    -----
    R² = 1 − Σ(y − ȳ_group)² / Σ(y − ȳ)² and adjusted R² = 1 − (1 − R²)(n − 1) / (n − groups). The holdout splits the customers into `folds` parts, each
    predicted from the rest; a group that the rest does not have gets their overall mean.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> kinds = pd.DataFrame({"useful": np.repeat([1, 2], 200), "pretty": np.tile([1, 2], 200)})
    >>> explained_value(kinds, kinds["useful"] + pd.Series(rng.normal(size=400)), rng=1).round(2)["adjusted_r2"].to_dict()
    {'useful': 0.22, 'pretty': 0.0}
    """
    if not groupings.index.equals(outcome.index) or outcome.isna().any() or groupings.isna().any(axis=None):
        raise ValueError("Every customer needs a group and an outcome, in the same order: use outcome.reindex(groupings.index, fill_value=0).")
    if not outcome.std() > 0 or not groupings.nunique().max() < len(outcome) or not 2 <= folds <= len(outcome):
        raise ValueError("To explain something the outcome must differ, each grouping have fewer groups than customers, and there be 2 folds or more.")
    fold = np.random.default_rng(rng).permutation(np.arange(len(outcome)) % folds)
    return pd.DataFrame({name: _explained(groupings[name], outcome.astype(float), fold) for name in groupings}).T.rename_axis("grouping")


def _explained(group, outcome, fold):
    from sklearn.metrics import r2_score

    n, groups = len(outcome), group.nunique()
    r2 = r2_score(outcome, outcome.groupby(group, observed=True).transform("mean"))
    predicted = pd.Series(0.0, outcome.index)
    for part in np.unique(fold):
        rest = outcome[fold != part]
        means = rest.groupby(group[fold != part], observed=True).mean()
        predicted[fold == part] = group[fold == part].astype(object).map(means.to_dict()).fillna(rest.mean()).astype(float)
    return pd.Series({"groups": float(groups), "r2": r2, "adjusted_r2": 1 - (1 - r2) * (n - 1) / (n - groups), "holdout_r2": r2_score(outcome, predicted)})
