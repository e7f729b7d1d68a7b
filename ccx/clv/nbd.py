"""NBD: customers buy at random, each at a rate of their own, and never leave."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import gammaln, xlogy

from ._numeric import log_rising, log_rising_to_power
from ._repeat import RepeatModel
from ._rows import check_counts, read_columns


@dataclass(frozen=True)
class NBDModel(RepeatModel):
    """Customers buy at random, each at a rate of their own; the rates follow a gamma distribution.

    Parameters
    ----------
    r : float
        Shape of the gamma: the larger, the more alike the customers.
    alpha : float
        Rate parameter of the gamma, in the time unit of the data; ``r / alpha``
        is the average number of purchases per unit of time.

    Attributes
    ----------
    params, standard_errors : dict
    log_likelihood, aic, bic, n : float
        Set by `fit`; NaN when not fitted.
    covariance : ndarray or None
        Of the parameters, in the order of ``params``.

    Notes
    -----
    `fit` takes a DataFrame with ``frequency`` and ``T``, or plain counts: purchases in one unit of time. It refuses counts that vary no
    more than Poisson counts would.

    P(X(t) = x) = Γ(r + x) / (Γ(r) x!) · (α / (α + t))^r · (t / (α + t))^x
    (Ehrenberg 1959, "The pattern of consumer purchases", Applied Statistics 8).
    The likelihood is that of a count, with its x!; those of the models with recency are of the moments of purchase. Compare their
    log-likelihoods only after adding log x! − x log T to this one.

    Examples
    --------
    >>> round(float(NBDModel(r=1, alpha=1).probability(0, t=1)), 3)
    0.5
    >>> model = NBDModel.fit([0] * 48 + [1] * 37 + [2] * 30 + [5] * 60 + [12] * 40)
    >>> sorted(model.params)
    ['alpha', 'r']
    """

    r: float
    alpha: float

    _advice = "the customers look alike, so a model without heterogeneity (Poisson) is enough; try a longer window or more customers"

    @classmethod
    def _read(cls, data, weights):
        if not isinstance(data, pd.DataFrame):
            if np.ndim(data) != 1:
                raise ValueError("Counts must be one row of numbers, or a DataFrame with the columns 'frequency' and 'T'.")
            data = pd.DataFrame({"frequency": np.asarray(data), "T": 1.0})
        return super()._read(data, weights)

    @classmethod
    def _columns(cls, data):
        x, T = read_columns(data, ["frequency", "T"])
        check_counts(data, x, T)
        # Where nobody leaves, the moment of the last purchase says nothing.
        return [x, np.zeros_like(x), T]

    @classmethod
    def _start(cls, rows):
        x, _, T = rows.columns
        return [1.0, rows.weight @ T / (rows.weight @ x)]

    @classmethod
    def _limit(cls, rows):
        """Poisson, one rate for all: where customers look alike the likelihood rises towards it with r."""
        x, _, T = rows.columns
        mean = T * (rows.weight @ x) / (rows.weight @ T)
        return rows.weight @ (xlogy(x, mean) - mean - gammaln(x + 1))

    @classmethod
    def _log_likelihood(cls, parameters, x, t_x, T):
        r, alpha = parameters
        by_r = log_rising(r, x)[1] - np.log1p(T / alpha)
        by_alpha = r / alpha - (r + x) / (alpha + T)
        return log_nbd(r, alpha, x, T), (by_r, by_alpha)

    @property
    def mixing(self):
        """How customers differ: by name, the kind of distribution over customers and its two parameters."""
        return {"rate": ("gamma", self.r, self.alpha)}

    def _resample(self, data, rng):
        return self.simulate(len(data), rng, data["T"] if isinstance(data, pd.DataFrame) else 1.0)[0]

    def _alive(self, x, t_x, T):
        return np.ones_like(x)

    def _stays(self, x, T, t):
        return np.ones_like(x)

    def _purchases_if_alive(self, x, T, t):
        """E[X(t) | x, T] = t (r + x) / (alpha + T): the average rate, pulled towards the customer's own (Ehrenberg 1988)."""
        return t * (self.r + x) / (self.alpha + T)

    def _dert_if_alive(self, x, T, discount_rate):
        return (self.r + x) / (self.alpha + T) / discount_rate

    def _pmf(self, x, t):
        return np.exp(log_nbd(self.r, self.alpha, x, t))

    def simulate(self, n, rng, T=1.0):
        """Draw customers whose true rates are known.

        Parameters
        ----------
        n : int
            Number of customers.
        rng : Generator or int
        T : float or array_like of float, shape (n,)
            Length of observation.

        Returns
        -------
        observed : DataFrame with ``frequency`` and ``T``
        latent : DataFrame with ``rate``
        """
        rng = np.random.default_rng(rng)
        rate = rng.gamma(self.r, 1 / self.alpha, size=n)
        T = np.broadcast_to(np.asarray(T, dtype=float), n)
        return pd.DataFrame({"frequency": rng.poisson(rate * T), "T": T}), pd.DataFrame({"rate": rate})


def log_nbd(r, alpha, x, t):
    """Logarithm of the NBD's probability of x purchases in time t."""
    return log_rising_to_power(r, x) + xlogy(x, r * t / (alpha + t)) - r * np.log1p(t / alpha) - gammaln(x + 1)
