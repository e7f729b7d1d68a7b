"""What is left of a promise: customers' means drawn towards the mean of all, and what the chosen promised against what they brought."""

import numpy as np
import pandas as pd

from ._ranked import first_k, paired, size_of
from ._tables import require_columns


def variance_components(log):
    """How far customers differ from each other, and how far each of them varies: the two variances behind a customer's mean.

    Parameters
    ----------
    log : DataFrame
        ``customer_id`` and ``value``, a row per observation (a purchase, a week): at least two customers, and one with at least two rows.

    Returns
    -------
    Series
        ``mean`` of the customers' true means, ``between``, their variance, and ``within``, the variance of an observation around the true mean of its customer.

    Raises
    ------
    ValueError
        When a column is missing or has gaps, or there are too few rows to tell the two variances apart.

    Notes
    -----
    One-way analysis of variance with random effects, with unequal numbers nᵢ: within = SSW / (N − k) and between = (SSB / (k − 1) − within) / n₀ with
    n₀ = (N − Σnᵢ² / N) / (k − 1), never below 0 (Searle, Casella and McCulloch 1992, Variance Components, chapter 3). The mean weighs each customer's
    by 1 / (between + within / nᵢ).

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": [1, 1, 2, 2, 3, 3], "value": [9.0, 11, 19, 21, 29, 31]})
    >>> variance_components(log).to_dict()
    {'mean': 20.0, 'between': 99.0, 'within': 2.0}
    """
    return _components(_by_customer(log))


def shrunken_means(log):
    """Each customer's mean, drawn towards the mean of all, the more the fewer observations there are.

    Parameters
    ----------
    log : DataFrame
        ``customer_id`` and ``value``, a row per observation, as for `variance_components`.

    Returns
    -------
    DataFrame, by customer
        ``n`` observations, their ``mean``, its ``weight`` (0 to 1), and ``shrunken``, what to expect of the customer.

    Raises
    ------
    ValueError
        As `variance_components`.

    Notes
    -----
    E[v | mean] = m + w (mean − m) with w = between / (between + within / n): the posterior mean where both are normal, and the best linear
    prediction whatever the distributions (Bühlmann 1967, "Experience rating and credibility", ASTIN Bulletin 4). The weight is the reliability of
    `ccx.paradox.NoisyScore` with sd² = between and noise² = within / n, which has the theory of choosing by such a mean.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": [1] + [2] * 4 + [3] * 4, "value": [100.0, 60, 140, 40, 160, 10, 90, 0, 60]})

    One purchase of 100 dollars says less than four that average 100:

    >>> shrunken_means(log).round(2)
                 n   mean  weight  shrunken
    customer_id
    1            1  100.0    0.16     78.83
    2            4  100.0    0.44     85.78
    3            4   40.0    0.44     59.51
    """
    table = _by_customer(log)
    mean, between, within = _components(table)
    weight = between / (between + within / table["n"]) if between > 0 else pd.Series(0.0, table.index)
    return table[["n", "mean"]].assign(weight=weight, shrunken=mean + weight * (table["mean"] - mean))


def _by_customer(log):
    require_columns(log, ["customer_id", "value"])
    table = log.groupby("customer_id")["value"].agg(n="size", mean="mean", variance="var")
    if len(table) < 2 or table["n"].max() < 2:
        raise ValueError("To tell luck from difference there must be two customers, and one of them with two observations.")
    return table


def _components(table):
    n, mean, k, total = table["n"], table["mean"], len(table), table["n"].sum()
    within = (table["variance"].fillna(0) @ (n - 1)) / (total - k)
    grand = n @ mean / total
    balance = (total - n @ n / total) / (k - 1)
    between = max(0.0, (n @ (mean - grand) ** 2 / (k - 1) - within) / balance)
    weight = 1 / (between + within / n) if between + within > 0 else n
    return pd.Series({"mean": weight @ mean / weight.sum(), "between": between, "within": within})


def promised_and_brought(scores, outcome, share=0.2):
    """What the chosen promised and what they brought, for one way of choosing or several.

    Parameters
    ----------
    scores : DataFrame or Series of float, by customer
        Forecasts of the outcome, in its unit, a column for each way of forecasting; each chooses its own best.
    outcome : Series of float, by customer
    share : float, default 0.2
        Share of customers chosen, rounded down to whole customers.

    Returns
    -------
    DataFrame, a row per score and a last one, ``perfect``, for choosing by the outcome itself
        ``customers``, ``promised`` and ``brought`` (means per customer chosen, in the unit of the outcome), and ``kept``, the second as a share of the first.

    Raises
    ------
    ValueError
        When the customers of scores and outcome are not the same, or a number is missing.

    Notes
    -----
    The best of many noisy scores are partly lucky: brought < promised although each score is right on average (the winner's curse; Smith and Winkler 2006,
    "The optimizer's curse", Management Science 52(3), 311-322). A score that has been shrunk by its reliability (`shrunken_means`) keeps its promise on
    average.

    Examples
    --------
    >>> from ccx.paradox import NoisyScore
    >>> drawn = NoisyScore(mean=100, sd=40, noise=40).simulate(10_000, rng=1)
    >>> scores = pd.DataFrame({"raw": drawn["score"], "shrunken": 100 + 0.5 * (drawn["score"] - 100)})
    >>> promised_and_brought(scores, drawn["value"]).round(2)
              customers  promised  brought  kept
    score
    raw          2000.0    179.37   139.70  0.78
    shrunken     2000.0    139.68   139.70  1.00
    perfect      2000.0    155.22   155.22  1.00
    """
    scores = scores.to_frame(scores.name or "score") if isinstance(scores, pd.Series) else scores
    return pd.DataFrame({name: _kept(scores[name], outcome, share) for name in scores} | {"perfect": _kept(outcome, outcome, share)}).T.rename_axis("score")


def _kept(score, outcome, share):
    score, outcome = (values.to_numpy() for values in paired(score, outcome))
    size = size_of(share, len(score))
    promised, brought = (first_k(score, amount)[size] / size for amount in (score, outcome))
    return pd.Series({"customers": float(size), "promised": promised, "brought": brought, "kept": brought / promised if promised else np.nan})
