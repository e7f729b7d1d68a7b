"""sBG and beta-discrete-Weibull: at each renewal customers leave with a probability of their own."""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma

from ._numeric import NEGLIGIBLE, beta_average, digamma_step, log_beta_ratio, log_gamma_step
from .contractual import ContractModel
from .geometric import GeometricModel


@dataclass(frozen=True)
class ShiftedBetaGeoModel(ContractModel):
    """sBG: at every renewal a customer leaves with a probability of their own; over customers it follows a beta distribution.

    Parameters
    ----------
    alpha, beta : float
        Of the beta; ``alpha / (alpha + beta)`` is the share that leaves at the first renewal.

    Attributes
    ----------
    params, standard_errors : dict
    log_likelihood, aic, bic, n : float
        Set by `fit`; NaN when not fitted.
    covariance : ndarray or None
        Of the parameters, in the order of ``params``.

    Notes
    -----
    S(t) = B(α, β+t) / B(α, β); the retention rate (β+t−1) / (α+β+t−1) rises with t because those who leave easily leave first
    (Fader and Hardie 2007, "How to project customer retention", Journal of Interactive Marketing 21(1), 76-90). Residual value
    after Fader and Hardie (2010), "Customer-base valuation in a contractual setting", Marketing Science 29(1), 85-93,
    equation (6).

    Examples
    --------
    >>> high_end = [1000, 869, 743, 653, 593, 551, 517, 491]
    >>> model = ShiftedBetaGeoModel.fit(high_end)
    >>> {name: round(value, 3) for name, value in model.params.items()}
    {'alpha': 0.668, 'beta': 3.806}
    >>> round(float(model.survival(12)), 3)
    0.378
    """

    alpha: float
    beta: float

    @classmethod
    def _limit(cls, rows):
        """Constant churn: where customers look alike the likelihood rises towards it with alpha and beta."""
        return GeometricModel._fit_rows(rows).log_likelihood

    @property
    def mixing(self):
        """How customers differ: by name, the kind of distribution over customers and its two parameters."""
        return {"dropout": ("beta", self.alpha, self.beta)}

    @classmethod
    def _start_at(cls, churn):
        return [1.0, (1 - churn) / churn]

    @staticmethod
    def _log_survival(parameters, t):
        """S(t) = B(α, β+t) / B(α, β) = β (β+1) … (β+t−1) / [(α+β) (α+β+1) … (α+β+t−1)], equation (6) of the 2007 paper."""
        log_s, by_alpha, by_beta = log_beta_ratio(*parameters, t)
        return log_s, np.array([by_alpha, by_beta])

    def _renewals_to_come(self, renewals, discount_rate):
        """E[(1−θ) (1+d) / (d+θ)] over θ ~ beta(α, β+n); the 2010 paper's equation (6) writes it with ₂F₁."""
        return beta_average(lambda stay: stay * (1 + discount_rate) / (discount_rate + 1 - stay), self.beta + renewals, self.alpha)

    def _draw_dropout(self, n, rng):
        return rng.beta(self.alpha, self.beta, n)


@dataclass(frozen=True)
class BetaDiscreteWeibullModel(ContractModel):
    """BdW: as the sBG, but each customer's probability of leaving may itself fall (c < 1) or rise (c > 1) with time.

    Parameters
    ----------
    alpha, beta : float
        Of the beta, as in `ShiftedBetaGeoModel`.
    c : float
        How a customer's own inclination changes: at 1 it does not, and the model is the sBG.

    Attributes
    ----------
    params, standard_errors : dict
    log_likelihood, aic, bic, n : float
        Set by `fit`; NaN when not fitted.
    covariance : ndarray or None
        Of the parameters, in the order of ``params``.

    Notes
    -----
    S(t) = B(α, β + t^c) / B(α, β) (Fader, Hardie, Liu, Davin and Steenburgh 2018, "'How to project customer
    retention' revisited", Journal of Interactive Marketing 43, 1-16). It separates what sorting does to retention
    from what loyalty does.

    Examples
    --------
    >>> sbg, bdw = ShiftedBetaGeoModel(0.7, 1.2), BetaDiscreteWeibullModel(0.7, 1.2, c=1)
    >>> bool(np.isclose(sbg.survival(5), bdw.survival(5)))
    True
    """

    alpha: float
    beta: float
    c: float

    @property
    def _power(self):
        return self.c

    @property
    def mixing(self):
        """How customers differ: by name, the kind of distribution over customers and its two parameters."""
        return {"dropout": ("beta", self.alpha, self.beta)}

    @classmethod
    def _start_at(cls, churn):
        return [1.0, (1 - churn) / churn, 1.0]

    @staticmethod
    def _log_survival(parameters, t):
        alpha, beta, c = parameters
        power = np.where(t > 0, t**c, 0.0)
        step = digamma_step(beta + power, alpha)
        log_s = log_gamma_step(beta, alpha) - log_gamma_step(beta + power, alpha)
        by_alpha = digamma(alpha + beta) - digamma(alpha + beta + power)
        return log_s, np.array([by_alpha, digamma_step(beta, alpha) - step, -step * power * np.log(np.maximum(t, 1))])

    def _renewals_to_come(self, renewals, discount_rate):
        """The sum itself, until what is left is lost in rounding."""
        k = np.arange(1, int(NEGLIGIBLE / np.log1p(discount_rate)) + 2)
        log_v = -(k - 1) * np.log1p(discount_rate)
        start = log_gamma_step(self.beta + renewals**self.c, self.alpha)
        return np.array([np.exp(now - log_gamma_step(self.beta + (n + k) ** self.c, self.alpha) + log_v).sum()
                         for n, now in zip(renewals, start)])

    def _draw_dropout(self, n, rng):
        return rng.beta(self.alpha, self.beta, n)
