"""What public figures say of a subscription firm: churn from customers added, lost and left per quarter, and the base by age."""

import numpy as np
import pandas as pd
from scipy.special import gammaln

from ._rows import read_columns
from .geometric import GeometricModel
from .shifted_beta_geo import ShiftedBetaGeoModel

COLUMNS = ["add", "loss", "end"]
# Firms round what they publish: so far a table need not add up, as a share of the customers at the end.
ROUNDING = 0.005


def fit_disclosures(disclosures, opening=None, start=None):
    """Fit the sBG to what a firm discloses: customers added, lost and left at the end of each quarter, all cohorts together.

    Parameters
    ----------
    disclosures : DataFrame, by quarter
        Customers added in the quarter (``add``), lost in it (``loss``) and left at its end (``end``); other columns are ignored.
    opening : Series, optional
        The customers there before the first quarter, by renewals made so far (the index). Nobody discloses it; without it the table must
        begin with the quarter in which the firm was founded, where everybody is new.
    start : sequence of float, optional
        Parameters at which the climb begins.

    Returns
    -------
    ShiftedBetaGeoModel
        Per quarter: ``alpha / (alpha + beta)`` is the share that leaves in the quarter after the one of acquisition.

    Raises
    ------
    ValueError
        When a number is missing, negative or does not add up, or the ages of the first customers are unknown; names the quarter.
    RuntimeError
        When the likelihood has no maximum inside the parameter space, as where all customers are alike; `constant_churn` is then the model.

    Notes
    -----
    The losses of quarter t are taken as a Poisson count whose mean is Σ add(c) [S(t−1−c) − S(t−c)] over the cohorts c < t, plus
    Σ opening(a) [S(a+t−1) − S(a+t)] / S(a) over the ages a at the start (t = 1 in the first quarter). Without an opening base this is
    `ShiftedBetaGeoModel.fit_totals`. McCarthy, Fader and Hardie (2017), "Valuing subscription-based businesses using publicly disclosed
    customer data", Journal of Marketing 81(1), 17-35, fit staggered cohorts in the same way, with more covariates.

    Examples
    --------
    >>> from ccx.simulate import subscription_disclosures
    >>> table, truth = subscription_disclosures(rng=1, churn=0.10, polarisation=0.20)
    >>> model = fit_disclosures(table)
    >>> round(model.alpha / (model.alpha + model.beta), 2), round(1 / (model.alpha + model.beta + 1), 1)
    (0.1, 0.2)
    """
    counts, opening = read_disclosures(disclosures, opening)
    return fit_losses(ShiftedBetaGeoModel, counts["add"].to_numpy(), counts["loss"].to_numpy(), opening, start)


def constant_churn(disclosures, quarters=4):
    """The usual shortcut: churn as customers lost over customers at the start of the quarter, the same for everybody and for ever.

    Parameters
    ----------
    disclosures : DataFrame, by quarter
        With ``add``, ``loss`` and ``end`` as for `fit_disclosures`.
    quarters : int, default 4
        How many of the last quarters are averaged.

    Returns
    -------
    GeometricModel
        Its ``theta`` is the churn per quarter. Given to `value_firm` it makes the naive valuation.

    Raises
    ------
    ValueError
        When the table is faulty, or has not so many quarters with customers at the start.

    Examples
    --------
    >>> table = pd.DataFrame({"add": [100, 50], "loss": [0, 20], "end": [100, 130]}, index=[1, 2])
    >>> constant_churn(table, quarters=1).theta
    0.2
    """
    counts = read_counts(disclosures)
    begin = counts["end"] - counts["add"] + counts["loss"]
    if not 1 <= quarters <= (begin > 0).sum():
        raise ValueError(f"quarters must lie between 1 and {(begin > 0).sum()}, the quarters with customers at the start, not {quarters}.")
    lost = counts["loss"].iloc[-quarters:].sum()
    if not 0 < lost < begin.iloc[-quarters:].sum():
        raise ValueError(f"In the last {quarters} quarters nobody or everybody left, so there is no churn between 0 and 1.")
    return GeometricModel(float(lost / begin.iloc[-quarters:].sum()))


def expected_disclosures(model, add, opening=None):
    """Customers lost and left that a model expects, quarter by quarter, from the customers added.

    Parameters
    ----------
    model : ShiftedBetaGeoModel, GeometricModel or another contractual model
        Per quarter.
    add : Series, by quarter
        Customers added, known or projected; join the two with ``pd.concat`` for a forecast.
    opening : Series, optional
        Customers there before the first quarter, by renewals made so far (the index).

    Returns
    -------
    DataFrame, by quarter
        ``add``, ``loss``, ``end`` and ``churn`` (loss over the customers at the start of the quarter; missing in a founding quarter).

    Examples
    --------
    >>> expected_disclosures(ShiftedBetaGeoModel(1, 4), pd.Series([100, 100, 100], index=[1, 2, 3])).round(3)
               add    loss      end  churn
    quarter
    1        100.0   0.000  100.000    NaN
    2        100.0  20.000  180.000  0.200
    3        100.0  33.333  246.667  0.185
    """
    add = pd.Series(add, dtype=float).rename_axis("quarter")
    opening = read_opening(opening)
    loss, _ = expected_losses(model._log_survival, model._values, add.to_numpy(), opening)
    table = pd.DataFrame({"add": add, "loss": loss}, index=add.index)
    table["end"] = opening.sum() + (add - loss).cumsum()
    begin = table["end"] - add + loss
    return table.assign(churn=loss / begin.where(begin > 1e-9))


def base_by_age(model, disclosures, opening=None):
    """The customers at the end of the table by when they were acquired, as the model splits the disclosed total.

    Parameters
    ----------
    model : ShiftedBetaGeoModel, GeometricModel or another contractual model
        Per quarter.
    disclosures : DataFrame, by quarter
    opening : Series, optional
        As for `fit_disclosures`.

    Returns
    -------
    DataFrame, by renewals (made so far; 0 for the youngest cohort)
        ``customers`` (they sum to the last ``end``), and their expected ``retention`` at the next renewal.

    Notes
    -----
    Shares are add(c) S(age) by cohort; the firm discloses the total, so the shares are applied to it.

    Examples
    --------
    >>> table = pd.DataFrame({"add": [100, 100], "loss": [0, 20], "end": [100, 180]}, index=[1, 2])
    >>> base_by_age(ShiftedBetaGeoModel(1, 4), table).round(3)
              customers  retention
    renewals
    0             100.0      0.800
    1              80.0      0.833
    """
    counts, opening = read_disclosures(disclosures, opening)
    n = len(counts)
    left = counts["add"].to_numpy()[::-1] * model.survival(np.arange(n))
    old = opening.to_numpy() * model.survival(opening.index.to_numpy() + n) / model.survival(opening.index.to_numpy())
    split = pd.concat([pd.Series(left, np.arange(n)), pd.Series(old, opening.index + n)]).groupby(level=0).sum()
    split = split[split > 0] * counts["end"].iloc[-1] / split.sum()
    return pd.DataFrame({"customers": split, "retention": model.retention_rate(split.index.to_numpy() + 1)}).rename_axis("renewals")


def fit_losses(model_class, add, loss, opening, start=None):
    """A contractual model's Poisson fit to each quarter's losses."""
    begin = np.cumsum(add - loss) - add + loss + opening.sum()
    known = np.flatnonzero(begin > 0)
    if not loss[known].sum() > 0:
        raise ValueError("Nobody left, so there is no rate of leaving to estimate.")

    def log_likelihood(parameters, quarter, lost):
        expected, slopes = (part[..., quarter] for part in expected_losses(model_class._log_survival, parameters, add, opening))
        return lost * np.log(expected) - expected - gammaln(lost + 1), (lost / expected - 1) * slopes

    churn = min(loss.sum() / begin.sum(), 0.99)
    return model_class._climb(log_likelihood, (known, loss[known]), np.ones(len(known)), model_class._checked_start(start, model_class._start_at(churn)),
                              add.sum() + opening.sum())


def expected_losses(log_survival, parameters, add, opening):
    """Losses of each quarter, shape (n,), and their derivatives, shape (k, n)."""
    n, ages = len(add), opening.index.to_numpy(dtype=float)
    log_s, by = log_survival(parameters, np.arange(n + 1 + ages.max(initial=0)))
    # The last of these rows is S itself, the others are its derivatives.
    parts = np.append(np.atleast_2d(by), np.ones((1, len(log_s))), axis=0) * np.exp(log_s)
    drops = parts[:, :n - 1] - parts[:, 1:n]
    losses = np.zeros((len(parts), n))
    for row, drop in zip(losses, drops):
        row[1:] = np.convolve(add, drop)[:n - 1] if n > 1 else []
    for age, customers in zip(ages.astype(int), opening):
        left = np.exp(log_s[age:age + n + 1] - log_s[age])
        slopes = left * (np.atleast_2d(by)[:, age:age + n + 1] - np.atleast_2d(by)[:, [age]])
        losses += customers * -np.diff(np.append(slopes, [left], axis=0))
    return losses[-1], losses[:-1]


def read_counts(disclosures):
    """The checked columns of a table of disclosures, as float."""
    counts = pd.DataFrame(dict(zip(COLUMNS, read_columns(disclosures, COLUMNS))), disclosures.index)
    if len(counts) < 2:
        raise ValueError(f"A table of disclosures needs at least two quarters, not {len(counts)}.")
    for name in COLUMNS:
        _refuse(disclosures, ~(np.isfinite(counts[name]) & (counts[name] >= 0)), f"{name} is missing, negative or infinite")
    off = (counts["end"].shift() + counts["add"] - counts["loss"] - counts["end"]).abs() > ROUNDING * counts["end"] + 1e-6
    _refuse(disclosures, off, "end is not the last end + add − loss")
    return counts


def read_disclosures(disclosures, opening):
    """The checked columns, and the customers before the first quarter by renewals made."""
    counts, opening = read_counts(disclosures), read_opening(opening)
    first = counts.iloc[0]
    unknown = first["end"] - first["add"] + first["loss"] - opening.sum()
    if abs(unknown) > ROUNDING * first["end"] + 1e-6:
        raise ValueError(f"Of {unknown:,.0f} customers at the start of quarter {counts.index[0]} the age is not known: begin with the founding quarter, or "
                         "state in opening how many there were by renewals made.")
    return counts, opening


def read_opening(opening):
    """The customers before the first quarter by renewals made so far; none if nothing is given."""
    opening = pd.Series([] if opening is None else opening, dtype=float)
    ages = opening.index.to_numpy(dtype=float)
    if not (np.all((ages >= 0) & (ages == np.floor(ages))) and opening.index.is_unique and np.all(np.isfinite(opening) & (opening >= 0))):
        raise ValueError("opening must hold counts of customers, indexed by renewals made so far: whole numbers, 0 or more, each once.")
    return opening.set_axis(ages.astype(int))


def _refuse(disclosures, bad, complaint):
    if bad.any():
        raise ValueError(f"In quarter {disclosures.index[int(np.argmax(bad))]}, {complaint}.")
