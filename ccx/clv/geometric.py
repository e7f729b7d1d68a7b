"""Constant churn: the baseline without heterogeneity."""

from dataclasses import dataclass

import numpy as np

from ._fit import maximise
from ._survivors import by_cohort, cohorts
from .contractual import ContractModel


@dataclass(frozen=True)
class GeometricModel(ContractModel):
    """Constant churn: every customer leaves with the same probability at each renewal, however long they have been there.

    Parameters
    ----------
    theta : float
        Probability of leaving at a renewal, below 1; the retention rate is ``1 - theta``.

    Attributes
    ----------
    params, standard_errors : dict
    log_likelihood, aic, bic, n : float
        Set by `fit`; NaN when not fitted.
    covariance : ndarray or None

    Notes
    -----
    S(t) = (1 − θ)^t: the baseline that a model with heterogeneity has to beat.

    Examples
    --------
    >>> round(float(GeometricModel(theta=0.18).derl(0, discount_rate=0.10, payment="paid")), 2)
    2.93
    """

    theta: float

    def __post_init__(self):
        super().__post_init__()
        if self.theta >= 1:
            raise ValueError(f"theta is a probability below 1, not {self.theta}.")

    @classmethod
    def _start_at(cls, churn):
        return [churn]

    @classmethod
    def _climb(cls, log_likelihood, columns, weight, start, n):
        """Over the odds θ / (1 − θ), which may be any positive number."""
        def of_odds(parameters, *columns):
            odds, = parameters
            value, gradient = log_likelihood([odds / (1 + odds)], *columns)
            return value, gradient / (1 + odds) ** 2

        (odds,), value, covariance = maximise(of_odds, columns, weight, [start[0] / (1 - start[0])], cls._advice)
        return cls(float(odds / (1 + odds)), log_likelihood=value, n=float(n), covariance=covariance / (1 + odds) ** 4)

    @classmethod
    def _near(cls, values, factors):
        odds = np.asarray(values) / (1 - np.asarray(values)) * factors
        return odds / (1 + odds)

    def _draw_dropout(self, n, rng):
        return np.full(n, self.theta)

    @staticmethod
    def _log_survival(parameters, t):
        theta, = parameters
        return t * np.log1p(-theta), np.array([-t / (1 - theta)])

    def _renewals_to_come(self, renewals, discount_rate):
        return np.full(renewals.shape, (1 - self.theta) * (1 + discount_rate) / (discount_rate + self.theta))


def aggregate_retention(survivors):
    """Retention rate of all cohorts taken together in their last period: what a firm sees that does not tell them apart.

    Parameters
    ----------
    survivors : list or dict of sequences or Series, or DataFrame
        Cohorts as in `ContractModel.fit`, each with its last two counts one period apart; a cohort just acquired (one
        count) is left out.

    Returns
    -------
    float

    Examples
    --------
    >>> aggregate_retention([[100, 60, 50], [100, 60]])
    0.6875
    """
    known = cohorts({name: counts for name, counts in by_cohort(survivors).items() if len(counts) > 1}).values()
    return float(sum(counts.iloc[-1] for counts in known) / sum(counts.iloc[-2] for counts in known))
