"""How far a valuation could be off by chance: disclosures drawn from the fitted model, valued again."""

import numpy as np
import pandas as pd

from ._disclosures import expected_losses, fit_disclosures, fit_losses, read_disclosures
from ._rows import read_columns
from .geometric import GeometricModel
from .shifted_beta_geo import ShiftedBetaGeoModel
from .valuation import damped_trend, fit_trend, revenue_per_customer, value_firm


def bootstrap_value(disclosures, assumptions, n_resamples, rng, opening=None, additions=None, quarters=40, damping=0.9, recent=None):
    """How far the valuation could be off by chance alone: valuations of disclosures drawn from the fitted model.

    Parameters
    ----------
    disclosures, assumptions, opening :
        As for `value_firm`.
    n_resamples : int
    rng : Generator or int
    additions : Series, by quarter, optional
        A path that is taken as given. By default it comes from `project_additions`, and its level and growth are drawn too.
    quarters, damping, recent :
        As for `project_additions`; not used where `additions` are given.

    Returns
    -------
    DataFrame
        A row per resample: the parts of `value_firm`, and the ``churn`` of a new customer. Its quantiles are limits of the interval.

    Notes
    -----
    Losses vary around their expectation with variance = dispersion × mean, the dispersion (at least 1) being the mean squared Pearson residual of
    the fit (quasi-Poisson: McCullagh and Nelder 1989, Generalized Linear Models, section 9.2); with customers in the hundreds of thousands shocks to all of
    them matter more than the coins of each. Growth and spend are drawn from the normal distribution of their estimates. The interval holds what was estimated: it knows
    nothing of a model that is wrong, nor of the assumptions.

    Examples
    --------
    >>> from ccx.clv import Assumptions
    >>> from ccx.simulate import subscription_disclosures
    >>> table, truth = subscription_disclosures(rng=1)
    >>> draws = bootstrap_value(table, Assumptions(margin=0.6, acquisition_cost=80, discount_rate=0.10), n_resamples=20, rng=1)
    >>> low, high = draws["equity"].quantile([0.05, 0.95])
    >>> bool(low < high)
    True
    """
    rng = np.random.default_rng(rng)
    counts, opening = read_disclosures(disclosures, opening)
    model, trend = fit_disclosures(disclosures, opening), None if additions is not None else fit_trend(counts["add"], recent)
    expected, _ = expected_losses(model._log_survival, model._values, counts["add"].to_numpy(), opening)
    spend, spend_error = _spend(disclosures)

    def again():
        drawn = _refitted(model, counts, opening, _drawn_losses(counts["loss"].to_numpy(), expected, rng))
        path = additions if trend is None else damped_trend(*rng.multivariate_normal(*trend), counts.index[-1], quarters, damping)
        value = value_firm(disclosures, assumptions, path, drawn, opening, rng.normal(spend, spend_error))
        return {**value, "churn": 1 - float(drawn.retention_rate(1))}

    return pd.DataFrame([again() for _ in range(n_resamples)])


def _spend(disclosures, quarters=4):
    """Revenue per customer over the last quarters, and its standard error, from the changes between quarters so that a trend does not count."""
    revenue, end = read_columns(disclosures, ["revenue", "end"])
    changes = np.diff(revenue / end)
    return revenue_per_customer(disclosures, quarters), np.sqrt(np.mean(changes**2) / 2 / quarters)


def _drawn_losses(loss, expected, rng):
    """Losses with the fitted mean and the dispersion seen: a Poisson count whose mean is itself drawn from a gamma distribution."""
    at = expected > 0
    excess = np.sum((loss[at] - expected[at]) ** 2 / expected[at]) / max(at.sum() - 2, 1) - 1
    mean = expected.copy()
    if excess > 0:
        mean[at] = rng.gamma(expected[at] / excess, excess)
    return rng.poisson(mean).astype(float)


def _refitted(model, counts, opening, loss):
    """The fit to other losses; where chance makes customers look all alike, constant churn is what the sBG tends to."""
    add = counts["add"].to_numpy()
    try:
        return fit_losses(ShiftedBetaGeoModel, add, loss, opening, model._values)
    except RuntimeError:
        return fit_losses(GeometricModel, add, loss, opening)
