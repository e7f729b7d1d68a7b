"""More like the best: how many of those reached are, what one of them costs, and whether a score's probabilities can be believed."""

import numpy as np
import pandas as pd

from ._ranked import first_k, paired, size_of
from ._tables import plain


def bayes_precision(base_rate, true_positive, false_positive):
    """Of those a test picks, the share that it is right about.

    Parameters
    ----------
    base_rate : float or array_like of float
        Share of stars among all prospects.
    true_positive : float or array_like of float
        Share of the stars that the test picks.
    false_positive : float or array_like of float
        Share of the others that it picks.

    Returns
    -------
    float or ndarray

    Raises
    ------
    ValueError
        When a share lies outside 0 to 1, or the test picks nobody.

    Notes
    -----
    Bayes: precision = b·t / (b·t + (1 − b)·f). Where stars are rare most of those picked are not stars, however good the test sounds: the base-rate
    fallacy (Bar-Hillel 1980, Acta Psychologica 44, 211-233).

    Examples
    --------
    >>> round(bayes_precision(base_rate=0.02, true_positive=0.8, false_positive=0.1), 4)
    0.1404
    """
    base, hit, false = (np.asarray(share, dtype=float) for share in (base_rate, true_positive, false_positive))
    if not all(np.all((share >= 0) & (share <= 1)) for share in (base, hit, false)):
        raise ValueError("A base rate, a true-positive and a false-positive rate are shares between 0 and 1, not percentages.")
    right, wrong = base * hit, (1 - base) * false
    if not np.all(right + wrong > 0):
        raise ValueError("A test that picks nobody has no precision: raise the true-positive or the false-positive rate.")
    return plain(right / (right + wrong))


def cost_per_star(cost, precision):
    """What one star costs when a message reaches stars and others alike.

    Parameters
    ----------
    cost : float or array_like of float
        Dollars for each prospect reached.
    precision : float or array_like of float
        Share of those reached who are stars; above 0.

    Returns
    -------
    float or ndarray
        Dollars: ``cost / precision``.

    Raises
    ------
    ValueError
        When the cost is negative or the precision not a share above 0.

    Examples
    --------
    >>> cost_per_star(cost=5, precision=0.02)
    250.0

    A test with poor precision still makes a star seven times cheaper than reaching everybody:

    >>> round(cost_per_star(5, bayes_precision(0.02, 0.8, 0.1)), 2)
    35.62
    """
    cost, precision = np.asarray(cost, dtype=float), np.asarray(precision, dtype=float)
    if not (np.all(cost >= 0) and np.all((precision > 0) & (precision <= 1))):
        raise ValueError("A cost is 0 or more, and a precision a share above 0 and up to 1.")
    return plain(cost / precision)


def label_value(base_rate, true_positive, false_positive, cost, benefit):
    """What a label that says who is probably a star is worth, at most, for each prospect labelled.

    Parameters
    ----------
    base_rate, true_positive, false_positive : float
        As for `bayes_precision`; 1 and 0 are a label that never errs.
    cost : float
        Dollars for each customer treated.
    benefit : float
        Dollars that treating a star brings, before the cost.

    Returns
    -------
    float
        Dollars a prospect, 0 or more.

    Raises
    ------
    ValueError
        When a share lies outside 0 to 1, the cost is negative or the benefit not above 0.

    Notes
    -----
    The expected value of sample information (Raiffa and Schlaifer 1961): the best of treating nobody, all, the labelled or the others, less the best of
    treating nobody or all. A label that changes no decision is worth nothing, however often it is right.

    Examples
    --------
    >>> [round(label_value(0.02, hit, false, cost=5, benefit=100), 2) for hit, false in ((1, 0), (0.8, 0.1), (0.5, 0.1))]
    [1.9, 1.03, 0.46]
    """
    shares = np.array([base_rate, true_positive, false_positive], dtype=float)
    if not np.all((shares >= 0) & (shares <= 1)) or not cost >= 0 or not benefit > 0:
        raise ValueError("Rates are shares between 0 and 1, a treatment costs 0 or more, and it brings more than 0 for a star.")
    stars, others = base_rate * true_positive, (1 - base_rate) * false_positive
    everybody, labelled = base_rate * benefit - cost, stars * benefit - cost * (stars + others)
    return float(max(0, everybody, labelled, everybody - labelled) - max(0, everybody))


def lift_table(score, star, shares=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0), cost=None):
    """How many stars are among the best by score, at several depths of the list.

    Parameters
    ----------
    score : Series or array_like of float, shape (n,)
        Of customers whom the score has not been fitted to (a holdout); otherwise the lift is flattered.
    star : Series or array_like of bool, shape (n,)
        Who turned out to be a star.
    shares : sequence of float
        Depths, as shares of all customers, rounded down to whole customers.
    cost : float, optional
        Dollars for each customer reached.

    Returns
    -------
    DataFrame, indexed by ``share``
        ``customers`` reached, ``stars`` among them, ``precision``, ``lift`` (precision per base rate), ``found`` (share of all stars), and with a `cost`
        ``cost_per_star`` in dollars. Customers who tie share the places that are left, so a score without information has a lift of 1.

    Raises
    ------
    ValueError
        When the customers of the two are not the same, a star is neither 0 nor 1, there are no stars, or a share holds nobody.

    Examples
    --------
    >>> lift_table([9, 8, 8, 1, 1, 1, 1, 1, 1, 1], [1, 1, 0, 0, 0, 0, 0, 0, 0, 1], shares=[0.1, 0.3, 1]).round(2)
           customers  stars  precision  lift  found
    share
    0.1            1    1.0       1.00  3.33   0.33
    0.3            3    2.0       0.67  2.22   0.67
    1.0           10    3.0       0.30  1.00   1.00
    """
    score, star = (values.to_numpy() for values in paired(score, star, ("score", "star")))
    _require_stars(star)
    customers = np.array([size_of(share, len(score)) for share in shares])
    stars = first_k(score, star)[customers]
    table = pd.DataFrame({"customers": customers, "stars": stars, "precision": stars / customers,
                          "lift": stars / customers / star.mean(), "found": stars / star.sum()}, index=pd.Index(shares, name="share"))
    if cost is not None:
        table["cost_per_star"] = np.divide(cost * customers, stars, out=np.full(len(stars), np.inf), where=stars > 0)
    return table


def calibration_table(probability, star, bins=10):
    """Whether a score's probabilities come true: predicted against observed share of stars.

    Parameters
    ----------
    probability : Series or array_like of float, shape (n,)
        Predicted probability of being a star, of customers whom the model has not been fitted to.
    star : Series or array_like of bool, shape (n,)
    bins : int, default 10
        Number of groups, equally large but for ties, from the lowest probability up.

    Returns
    -------
    DataFrame, indexed by ``bin``
        ``customers``, mean ``predicted`` probability, ``observed`` share of stars, and its standard ``error`` if the prediction were right.

    Raises
    ------
    ValueError
        When the customers of the two are not the same, a probability lies outside 0 to 1, a star is neither 0 nor 1, or there are no stars.

    Notes
    -----
    Predicted and observed are those of `sklearn.calibration.calibration_curve` with groups by quantile. A score can rank well (`lift_table`) and still promise
    too much; where a threshold is set by cost (`cost_threshold`) it is the probabilities that count.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> honest = rng.beta(1, 4, 5000)
    >>> star = rng.random(5000) < honest
    >>> calibration_table(honest, star, bins=4).round(3)
         customers  predicted  observed  error
    bin
    1         1250      0.032     0.031  0.005
    2         1250      0.112     0.125  0.009
    3         1250      0.218     0.194  0.012
    4         1250      0.432     0.445  0.014
    """
    from sklearn.calibration import calibration_curve

    probability, star = (values.to_numpy() for values in paired(probability, star, ("probability", "star")))
    _require_stars(star)
    if not np.all((probability >= 0) & (probability <= 1)):
        raise ValueError("A probability lies outside 0 to 1: give predict_proba(...)[:, 1], not a score or a percentage.")
    observed, predicted = calibration_curve(star, probability, n_bins=bins, strategy="quantile")
    # The groups of calibration_curve, which keeps their sizes to itself.
    edges = np.percentile(probability, np.linspace(0, 100, bins + 1)[1:-1])
    customers = np.bincount(np.searchsorted(edges, probability))
    customers = customers[customers > 0]
    return pd.DataFrame({"customers": customers, "predicted": predicted, "observed": observed, "error": np.sqrt(predicted * (1 - predicted) / customers)},
                        index=pd.RangeIndex(1, len(customers) + 1, name="bin"))


def _require_stars(star):
    if not np.isin(star, (0, 1)).all() or not star.any():
        raise ValueError("Each customer must be a star (1) or not (0), and one at least must be a star.")
