"""sBG and beta-discrete-Weibull: at each renewal customers leave with a probability of their own."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betaln, digamma

from ._numeric import NEGLIGIBLE, beta_average, log_rising
from .contractual import ContractModel


@dataclass(frozen=True)
class ShiftedBetaGeoModel(ContractModel):
    """sBG: each customer leaves at every renewal with a constant probability, which differs between customers as a beta distribution says.

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
    after Fader and Hardie (2010), "Customer-base valuation in a contractual setting", Marketing Science 29(1), 85-93, equation (6).

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

    @property
    def mixing(self):
        """How customers differ: by name, the kind of distribution over customers and its two parameters."""
        return {"dropout": ("beta", self.alpha, self.beta)}

    @classmethod
    def _start_at(cls, churn):
        return [1.0, (1 - churn) / churn]

    @staticmethod
    def _log_survival(parameters, t):
        """S(t) = β (β+1) … (β+t−1) / [(α+β) (α+β+1) … (α+β+t−1)], equation (6) of the 2007 paper."""
        alpha, beta = parameters
        (of_b, by_b), (of_ab, by_ab) = log_rising(beta, t), log_rising(alpha + beta, t)
        return of_b - of_ab, np.array([-by_ab, by_b - by_ab])

    def _renewals_to_come(self, renewals, discount_rate):
        """E[(1−θ) (1+d) / (d+θ)] over θ ~ beta(α, β+n); the 2010 paper's equation (6) writes it with ₂F₁."""
        return beta_average(lambda theta: (1 - theta) * (1 + discount_rate) / (discount_rate + theta), self.alpha, self.beta + renewals)

    def simulate(self, n, rng, T=12):
        """Draw customers whose true probabilities of leaving are known.

        Parameters
        ----------
        n : int
            Number of customers.
        rng : Generator or int
        T : int
            Renewals observed.

        Returns
        -------
        survivors : Series
            Customers left after 0, 1, …, `T` renewals.
        latent : DataFrame with ``dropout`` and ``renewals`` (how many each made, `T` at most)
        """
        return _simulate(self, n, rng, T, c=1.0)


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
    S(t) = B(α, β + t^c) / B(α, β) (Fader, Hardie, Liu, Davin and Steenburgh 2018, "'How to project customer retention' revisited",
    Journal of Interactive Marketing 43, 1-16). It separates what sorting does to retention from what loyalty does.

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
    def mixing(self):
        """How customers differ: by name, the kind of distribution over customers and its two parameters."""
        return {"dropout": ("beta", self.alpha, self.beta)}

    @classmethod
    def _start_at(cls, churn):
        return [1.0, (1 - churn) / churn, 1.0]

    @staticmethod
    def _log_survival(parameters, t):
        alpha, beta, c = parameters
        with np.errstate(divide="ignore", invalid="ignore"):
            power = t**c
            by_c = np.where(t > 0, power * np.log(t), 0.0)
        by_b, by_ab = digamma(beta + power) - digamma(beta), digamma(alpha + beta + power) - digamma(alpha + beta)
        by_power = digamma(beta + power) - digamma(alpha + beta + power)
        return betaln(alpha, beta + power) - betaln(alpha, beta), np.array([-by_ab, by_b - by_ab, by_power * by_c])

    def _renewals_to_come(self, renewals, discount_rate):
        """The sum itself, until what is left is lost in rounding."""
        k = np.arange(1, int(NEGLIGIBLE / np.log1p(discount_rate)) + 2)
        log_v = -(k - 1) * np.log1p(discount_rate)
        start = betaln(self.alpha, self.beta + renewals**self.c)
        return np.array([np.exp(betaln(self.alpha, self.beta + (n + k) ** self.c) - now + log_v).sum() for n, now in zip(renewals, start)])

    def simulate(self, n, rng, T=12):
        """Draw customers whose true probabilities of leaving at the first renewal are known.

        Parameters
        ----------
        n : int
            Number of customers.
        rng : Generator or int
        T : int
            Renewals observed.

        Returns
        -------
        survivors : Series
            Customers left after 0, 1, …, `T` renewals.
        latent : DataFrame with ``dropout`` and ``renewals`` (how many each made, `T` at most)
        """
        return _simulate(self, n, rng, T, self.c)


def _simulate(model, n, rng, T, c):
    """A customer with probability θ makes t renewals and more with probability (1 − θ)^(t^c)."""
    rng = np.random.default_rng(rng)
    dropout = rng.beta(model.alpha, model.beta, n)
    # An exponential time E with rate −log(1 − θ) passes t^c exactly then.
    lasted = (rng.exponential(size=n) / np.maximum(-np.log1p(-dropout), 1e-300)) ** (1 / c)
    renewals = np.minimum(np.floor(lasted), T).astype(int)
    survivors = pd.Series(np.bincount(renewals, minlength=T + 1)[::-1].cumsum()[::-1], name="survivors").rename_axis("renewals")
    return survivors, pd.DataFrame({"dropout": dropout, "renewals": renewals})
