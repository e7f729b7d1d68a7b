"""How unlike customers are: how much of the value few of them bring."""

import numpy as np
import pandas as pd


def lorenz(values):
    """Cumulative share of value against cumulative share of customers, the smallest customer first.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        Value per customer; zeros count, negative values are refused.

    Returns
    -------
    DataFrame, n + 1 rows
        ``customers`` and ``value``, both shares that rise from 0 to 1.

    Raises
    ------
    ValueError
        When there are no customers, a value is missing or negative, or all are zero.

    Notes
    -----
    Lorenz (1905), "Methods of measuring the concentration of wealth",
    Publications of the American Statistical Association 9.

    Examples
    --------
    >>> lorenz([1, 3])
       customers  value
    0        0.0   0.00
    1        0.5   0.25
    2        1.0   1.00
    """
    running = np.concatenate([[0.0], np.cumsum(np.sort(_values(values)))])
    return pd.DataFrame({"customers": np.linspace(0, 1, len(running)), "value": running / running[-1]})


def gini(values):
    """Gini coefficient: 0 when all customers are alike, towards 1 when one brings everything.

    Parameters
    ----------
    values : array_like of float, shape (n,)

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As `lorenz`.

    Notes
    -----
    G = 2 Σ i v_(i) / (n Σ v) − (n + 1) / n with v sorted upwards: twice the
    area between the Lorenz curve and the diagonal (Gini 1914).

    Examples
    --------
    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 1])
    (0.0, 0.75)
    """
    ordered = np.sort(_values(values))
    n = len(ordered)
    # Rounding would leave customers who are all alike with -0.000.
    return max(0.0, float(2 * (np.arange(1, n + 1) @ ordered) / (n * ordered.sum()) - (n + 1) / n))


def top_share(values, share=0.2):
    """Share of value that the best customers bring.

    Parameters
    ----------
    values : array_like of float, shape (n,)
    share : float, default 0.2
        How many customers count as the best, as a share of all.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As `lorenz`, and when `share` is not between 0 and 1.

    Notes
    -----
    One minus the Lorenz curve at ``1 - share``. Exactly that share of
    customers counts: where it cuts through a customer, or through customers
    that tie, the part of them that makes up the number.

    Examples
    --------
    >>> round(top_share([1, 1, 1, 1, 6]), 3)
    0.6
    >>> round(top_share([1, 1, 2, 2, 2]), 3)
    0.25
    """
    _require_between("share", share)
    curve = lorenz(values)
    return float(1 - np.interp(1 - share, curve["customers"], curve["value"]))


def effective_customers(values):
    """Number of equally large customers that would be as concentrated as these: 1 / Σ w².

    Parameters
    ----------
    values : array_like of float, shape (n,)

    Returns
    -------
    float
        Between 1 and n.

    Raises
    ------
    ValueError
        As `lorenz`.

    Notes
    -----
    The inverse of the Herfindahl–Hirschman index of the shares w.

    Examples
    --------
    >>> round(effective_customers([5, 5, 0, 0]), 6)
    2.0
    """
    weights = _values(values)
    weights = weights / weights.sum()
    return float(1 / (weights @ weights))


def decile_table(values, groups=10):
    """Customers in equal groups from the best down, with what each group brings.

    Parameters
    ----------
    values : array_like of float, shape (n,)
    groups : int, default 10

    Returns
    -------
    DataFrame, indexed by ``decile`` (1 is the best)
        ``customers``, ``value``, ``mean``, ``share`` and ``cumulative_share``.

    Raises
    ------
    ValueError
        As `lorenz`, when `groups` is no whole number above 0, and when there
        are fewer customers than groups.

    Notes
    -----
    Ties at a border fall to one side by their order in the data; group sizes
    differ by one customer at most.

    Examples
    --------
    >>> decile_table([1, 2, 3, 4], groups=2)[["customers", "value", "share"]]
            customers  value  share
    decile
    1               2    7.0    0.7
    2               2    3.0    0.3
    """
    ordered = -np.sort(-_values(values))
    if not groups >= 1 or groups != int(groups):
        raise ValueError(f"groups must be a whole number, at least 1, but is {groups}.")
    if len(ordered) < groups:
        raise ValueError(f"{len(ordered)} customers can't be put into {groups} groups.")
    decile = np.arange(len(ordered)) * groups // len(ordered) + 1
    table = pd.Series(ordered).groupby(decile).agg(customers="size", value="sum", mean="mean")
    table["share"] = table["value"] / ordered.sum()
    table["cumulative_share"] = table["share"].cumsum()
    return table.rename_axis("decile")


def bootstrap_interval(values, statistic, rng, n_resamples=1000, confidence_level=0.95):
    """Interval for a statistic of the customers, by drawing customers again with replacement.

    Parameters
    ----------
    values : array_like of float, shape (n,)
    statistic : function of an array, returning a float
    rng : Generator or int
    n_resamples : int, default 1000
    confidence_level : float, default 0.95

    Returns
    -------
    low, high : float
        Percentiles of the resampled statistic (Efron and Tibshirani 1993, chapter 13).

    Raises
    ------
    ValueError
        As `lorenz`; with a single customer; and where the statistic refuses a
        resample, as `gini` does when only zeros were drawn.

    Examples
    --------
    >>> low, high = bootstrap_interval([1, 2, 3, 4, 5, 6], np.mean, rng=1)
    >>> low < 3.5 < high
    True
    """
    from scipy.stats import bootstrap

    _require_between("confidence_level", confidence_level)
    values = _values(values)
    if len(values) < 2:
        raise ValueError("One customer can only be drawn in one way: an interval needs at least two.")
    drawn, statistic = _gini_of_ranks(values) if statistic is gini else (values, statistic)
    found = bootstrap((drawn,), statistic, vectorized=False, method="percentile", rng=np.random.default_rng(rng),
                      n_resamples=n_resamples, confidence_level=confidence_level, batch=100)
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def _gini_of_ranks(values):
    """The values' ranks, and `gini` of a resample of them, which takes counting where `gini` takes sorting and is twice as fast."""
    n, ordered = len(values), np.sort(values)
    ranks = np.argsort(np.argsort(values))

    def statistic(drawn):
        times = np.bincount(drawn, minlength=n)
        total = ordered @ times
        if not total:
            raise ValueError("The values must be finite, in total too, and must not all be zero.")
        places = times * (times.cumsum() - (times - 1) / 2)
        return max(0.0, float(2 * (ordered @ places) / (n * total) - (n + 1) / n))

    return ranks, statistic


def _values(values):
    array = np.asarray(values, dtype=float)
    if array.ndim != 1 or not len(array):
        raise ValueError(f"Give one value per customer in one row, at least one customer; this has shape {array.shape}.")
    if np.isnan(array).any():
        raise ValueError(f"{np.isnan(array).sum()} of {len(array)} values are missing: drop them or fill them with 0 first.")
    if (array < 0).any():
        raise ValueError(f"{(array < 0).sum()} of {len(array)} values are negative, and a share of value is not defined "
                         "for them: net out returns or leave those customers out.")
    with np.errstate(over="ignore"):
        total = array.sum()
    if not 0 < total < np.inf:
        raise ValueError("The values must be finite, in total too, and must not all be zero.")
    return array


def _require_between(name, number):
    if not 0 < number < 1:
        raise ValueError(f"{name} must lie between 0 and 1, but is {number}.")
