"""BG/NBD and MBG/NBD: a coin after every purchase decides whether the customer stays."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betainc, expit

from ._numeric import beta_average, discounted_power, log_beta_ratio, log_rising, softplus
from ._repeat import RepeatModel
from .nbd import log_nbd


@dataclass(frozen=True)
class BetaGeoModel(RepeatModel):
    """BG/NBD: while alive, customers buy at random at a rate of their own, and after each purchase they may leave for good.

    Rates follow a gamma distribution, the probabilities of leaving a beta distribution.

    Parameters
    ----------
    r, alpha : float
        Shape and rate of the gamma; ``r / alpha`` is the average number of purchases per unit of time while alive.
    a, b : float
        Of the beta; ``a / (a + b)`` is the average probability of leaving after a purchase.

    Attributes
    ----------
    params, standard_errors : dict
    log_likelihood, aic, bic, n : float
        Set by `fit`; NaN when not fitted.
    covariance : ndarray or None
        Of the parameters, in the order of ``params``.

    Notes
    -----
    Fader, Hardie and Lee (2005), "Counting your customers the easy way", Marketing Science 24(2), 275-284, with
    x = frequency, t_x = recency. Customers without a repeat purchase are alive for certain, because the first coin is
    tossed after the first repeat purchase; `ModifiedBetaGeoModel` tosses one at the start as well.

    Examples
    --------
    >>> import ccx
    >>> base = ccx.customer_base(ccx.load("cdnow_sample"), calibration_end="1997-09-30")
    >>> model = BetaGeoModel.fit(base)
    >>> {name: round(value, 3) for name, value in model.params.items()}
    {'r': 0.243, 'alpha': 4.414, 'a': 0.793, 'b': 2.426}
    >>> round(model.log_likelihood, 1)
    -9582.4
    """

    r: float
    alpha: float
    a: float
    b: float

    # Coins a customer has survived before the first repeat purchase.
    _coins_at_start = 0

    @classmethod
    def _start(cls, rows):
        x, _, T = rows.columns
        rate = rows.weight @ x / (rows.weight @ T)
        return [0.5, 0.25 / rate, 1.0, 2.0]

    @classmethod
    def _log_likelihood(cls, parameters, x, t_x, T):
        """Equation (6): Γ(r+x) α^r / Γ(r) · B(a,b+k) / B(a,b) · [(α+T)^−(r+x) + a/(b+k−1) (α+t_x)^−(r+x)], k coins survived.

        The two terms are the two ways to the same history: still alive, or gone right after the last purchase.
        """
        r, alpha, a, b = parameters
        k = x + cls._coins_at_start
        (of_r, by_r), (survived, by_a, by_b) = log_rising(r, x), log_beta_ratio(a, b, k)
        watched, apart = np.log1p(T / alpha), np.log1p((T - t_x) / (alpha + t_x))
        log_odds = cls._log_odds_gone(a, b, k, (r + x) * apart)
        either, gone = softplus(log_odds)
        value = of_r - x * np.log(alpha) + survived - (r + x) * watched + either
        # The derivative of each term, weighted with its share: P(alive) and P(gone).
        by_alpha = r / alpha - (r + x) / (alpha + T) * (1 + gone * (T - t_x) / (alpha + t_x))
        return value, (by_r - watched + gone * apart, by_alpha, by_a + gone / a, by_b - gone / (b + k - 1 + (k == 0)))

    @staticmethod
    def _log_odds_gone(a, b, k, log_ratio):
        """Of having left against being alive: a / (b+k−1) · ((α+T) / (α+t_x))^(r+x), the two terms of equation (6)."""
        return np.where(k > 0, np.log(a / (b + k - 1 + (k == 0))) + log_ratio, -np.inf)

    @property
    def mixing(self):
        """How customers differ: by name, the kind of distribution over customers and its two parameters."""
        return {"rate": ("gamma", self.r, self.alpha), "dropout": ("beta", self.a, self.b)}

    def _alive(self, x, t_x, T):
        log_ratio = (self.r + x) * np.log1p((T - t_x) / (self.alpha + t_x))
        return expit(-self._log_odds_gone(self.a, self.b, x + self._coins_at_start, log_ratio))

    def _coins(self, x):
        """The beta distribution of those who have survived x purchases."""
        return self.a, self.b + x + self._coins_at_start

    def _stays(self, x, T, t):
        """E[e^(−λ p t)] = E[(1 + p t / (α+T))^−(r+x)] over p."""
        return beta_average(lambda p, s, y: np.exp(-s * np.log1p(p * y)), *self._coins(x), self.r + x, t / (self.alpha + T))

    def _purchases_if_alive(self, x, T, t):
        """E[(1 − e^(−λ p t)) / p], the average of equation (7) over the posterior; equation (10) writes it with ₂F₁."""
        return beta_average(lambda p, s, y: -np.expm1(-s * np.log1p(p * y)) / p, *self._coins(x), self.r + x, t / (self.alpha + T))

    def _dert_if_alive(self, x, T, discount_rate):
        """E[λ / (δ + λ p)] = ∫ e^(−δ t) E[λ e^(−λ p t)] dt, by quadrature over p and t; there is no closed form."""
        def given_p(p, s, z):
            return s / p * discounted_power(s + 1, z / p)

        return beta_average(given_p, *self._coins(x), self.r + x, discount_rate * (self.alpha + T))

    def _pmf(self, x, t):
        """Equation (8): alive with x purchases, or gone right after the x-th, which came before `t`."""
        k = x + self._coins_at_start
        survived = np.exp(log_beta_ratio(self.a, self.b, k)[0])
        reached = np.where(x > 0, betainc(np.maximum(x, 1), self.r, t / (self.alpha + t)), 1.0)
        gone = np.where(k > 0, self.a / np.where(k > 0, self.b + k - 1, 1), 0.0) * reached
        return survived * (np.exp(log_nbd(self.r, self.alpha, x, t)) + gone)

    def simulate(self, n, rng, T=1.0):
        """Draw customers whose true rates and probabilities of leaving are known.

        Parameters
        ----------
        n : int
            Number of customers.
        rng : Generator or int
        T : float or array_like of float, shape (n,)
            Length of observation, in the time unit of the data.

        Returns
        -------
        observed : DataFrame with ``frequency``, ``recency`` and ``T``
        latent : DataFrame with ``rate``, ``dropout`` (probability of leaving after a purchase) and ``alive`` (at ``T``)
        """
        rng = np.random.default_rng(rng)
        rate, dropout = rng.gamma(self.r, 1 / self.alpha, n), rng.beta(self.a, self.b, n)
        T = np.broadcast_to(np.asarray(T, dtype=float), n)
        frequency, recency = np.zeros(n, dtype=int), np.zeros(n)
        alive = rng.random(n) >= dropout if self._coins_at_start else np.ones(n, dtype=bool)
        buying = np.flatnonzero(alive)
        while len(buying):
            at = recency[buying] + rng.exponential(1 / np.maximum(rate[buying], 1e-300))
            buying, at = buying[at <= T[buying]], at[at <= T[buying]]
            frequency[buying] += 1
            recency[buying] = at
            alive[buying] = rng.random(len(buying)) >= dropout[buying]
            buying = buying[alive[buying]]
        return (pd.DataFrame({"frequency": frequency, "recency": recency, "T": T}),
                pd.DataFrame({"rate": rate, "dropout": dropout, "alive": alive}))


@dataclass(frozen=True)
class ModifiedBetaGeoModel(BetaGeoModel):
    """MBG/NBD: the BG/NBD with one more coin at the start, so that one-time buyers may have left too.

    Parameters
    ----------
    r, alpha, a, b : float
        As in `BetaGeoModel`.

    Attributes
    ----------
    params, standard_errors : dict
    log_likelihood, aic, bic, n : float
        Set by `fit`; NaN when not fitted.
    covariance : ndarray or None
        Of the parameters, in the order of ``params``.

    Notes
    -----
    Batislam, Denizel and Filiztekin (2007), International Journal of Research in Marketing 24(3), 201-209: the
    formulas of the BG/NBD with x + 1 coins survived in place of x.

    Examples
    --------
    >>> import pandas as pd
    >>> once = pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [39.0]})
    >>> ModifiedBetaGeoModel(r=0.525, alpha=6.183, a=0.891, b=1.614).expected_probability_alive(once).round(2).tolist()
    [0.39]
    """

    _coins_at_start = 1
