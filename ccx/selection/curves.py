"""How many prospects money wins: the curve of a channel, what the next customer costs on it, and where to stop."""

import numpy as np
import pandas as pd

from ._tables import plain, require_columns


def fit_acquisition(ledger):
    """Fit to each channel how many of its prospects become customers as more is spent on each of them.

    Parameters
    ----------
    ledger : DataFrame
        ``channel``, ``prospects`` (people reached), ``spend`` (dollars) and ``acquired`` (customers): a row per channel and period. The spend per
        prospect must differ between a channel's periods.

    Returns
    -------
    DataFrame, by channel
        ``ceiling``, the share of prospects that could be won at most; ``k``, how fast money wins them, per dollar a prospect; ``ceiling_se`` and ``k_se``,
        their standard errors.

    Raises
    ------
    ValueError
        When a column is missing, a row has no prospects or no spend, or more were won than there were prospects.
    RuntimeError
        When a channel's periods do not bend: more money won more customers in proportion, or none at all.

    Notes
    -----
    a(A) = ceiling (1 − exp(−k A)), with A the dollars per prospect (Blattberg and Deighton 1996, Harvard Business Review 74(4)), by maximum
    likelihood: of n prospects each is won with probability a(A), independently.

    Examples
    --------
    >>> rows = {"channel": "search", "prospects": 10_000, "spend": [2000, 8000, 20_000], "acquired": [98, 270, 376]}
    >>> fit_acquisition(pd.DataFrame(rows)).round(3)
             ceiling      k  ceiling_se   k_se
    channel
    search      0.04  1.405       0.003  0.207
    """
    require_columns(ledger, ["channel", "prospects", "spend", "acquired"], "ledger")
    if (ledger[["prospects", "spend"]] <= 0).any(axis=None):
        raise ValueError("A row has no prospects or no spend, so it says nothing about a curve: leave out what was not bought, such as referrals.")
    if ((ledger["acquired"] < 0) | (ledger["acquired"] > ledger["prospects"])).any():
        raise ValueError("A row has more customers acquired than prospects, or fewer than none: mend the ledger first.")
    fits = {name: _fit_one(rows) for name, rows in ledger.groupby("channel", observed=True)}
    return pd.DataFrame.from_dict(fits, orient="index", columns=["ceiling", "k", "ceiling_se", "k_se"]).rename_axis("channel")


def _fit_one(rows):
    from ..clv._fit import maximise

    prospects, won = (rows[name].to_numpy(float) for name in ("prospects", "acquired"))
    spend = rows["spend"].to_numpy(float) / prospects
    start = won.sum() / prospects.sum() / -np.expm1(-1), prospects.sum() / (spend @ prospects)
    advice = "spend more per prospect in some periods and less in others, and watch more of them"
    found, _, covariance = maximise(_log_likelihood, (spend, prospects, won), np.ones(len(rows)), (min(start[0], 0.9), start[1]), advice)
    return *found, *np.sqrt(np.diag(covariance))


def _log_likelihood(parameters, spend, prospects, won):
    ceiling, k = parameters
    reached = -np.expm1(-k * spend)
    rate = ceiling * reached
    # A ceiling above 1 would win more than there are; the climb then takes its step back.
    if rate.max() >= 1:
        return np.full(len(spend), -np.inf), np.zeros((2, len(spend)))
    slope = won / rate - (prospects - won) / (1 - rate)
    return won * np.log(rate) + (prospects - won) * np.log1p(-rate), np.stack([slope * reached, slope * ceiling * spend * (1 - reached)])


def acquisition_rate(spend, ceiling, k):
    """The share of prospects who become customers when so much is spent on each of them.

    Parameters
    ----------
    spend : array_like of float
        Dollars per prospect.
    ceiling : float or array_like of float
        The share that could be won at most, between 0 and 1.
    k : float or array_like of float
        How fast money wins them, per dollar.

    Returns
    -------
    ndarray or float
        a(A) = ceiling (1 − exp(−k A)).

    Raises
    ------
    ValueError
        When a spend is negative, a ceiling is not a share above 0 or a `k` not positive.

    Examples
    --------
    >>> acquisition_rate([0, 1, 2, 100], ceiling=0.04, k=1.0).round(4).tolist()
    [0.0, 0.0253, 0.0346, 0.04]
    """
    _require_curve(spend, ceiling, k)
    return plain(np.multiply(ceiling, -np.expm1(-np.multiply(k, spend))))


def marginal_cac(spend, ceiling, k):
    """What the next customer costs when so much is already spent on each prospect.

    Parameters
    ----------
    spend, ceiling, k : as for `acquisition_rate`

    Returns
    -------
    ndarray or float
        1 / a′(A) = exp(k A) / (ceiling k), in dollars per customer. Where nothing is spent yet it is the cost of the first one; after that always more than the average.

    Raises
    ------
    ValueError
        As `acquisition_rate`.

    Examples
    --------
    >>> spend = 2.0
    >>> round(spend / acquisition_rate(spend, 0.04, 1.0), 1), round(marginal_cac(spend, 0.04, 1.0), 1)
    (57.8, 184.7)
    """
    _require_curve(spend, ceiling, k)
    return plain(np.exp(np.multiply(k, spend)) / np.multiply(ceiling, k))


def best_spend(value, ceiling, k):
    """How much to spend on each prospect, so that the last customer won costs just what a customer is worth.

    Parameters
    ----------
    value : float or array_like of float
        What a customer is worth before the cost of winning them, in dollars.
    ceiling, k : as for `acquisition_rate`

    Returns
    -------
    ndarray or float
        A* = ln(ceiling k value) / k, the maximum of a(A) value − A; 0 where even the first customer costs more than one is worth.

    Raises
    ------
    ValueError
        As `acquisition_rate`.

    Examples
    --------
    >>> best_spend([20, 100], ceiling=0.04, k=1.0).round(3).tolist()
    [0.0, 1.386]
    """
    _require_curve(0, ceiling, k)
    worth = np.multiply(np.multiply(ceiling, k), value)
    return plain(np.divide(np.log(np.maximum(worth, 1)), k))


def _require_curve(spend, ceiling, k):
    spend, ceiling, k = (np.asarray(each, dtype=float) for each in (spend, ceiling, k))
    if not (np.all(spend >= 0) and np.all((ceiling > 0) & (ceiling <= 1)) and np.all((k > 0) & np.isfinite(k))):
        raise ValueError("A curve needs a spend of 0 or more, a ceiling above 0 and at most 1, and a positive k.")
