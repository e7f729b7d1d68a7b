"""Pareto/NBD: customers leave at a time of their own, whether they buy or not."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import boxcox1p

from ._numeric import NEGLIGIBLE, discounted_power, in_blocks, legendre, log_rising
from ._repeat import RepeatModel
from .nbd import log_nbd


@dataclass(frozen=True)
class ParetoNBDModel(RepeatModel):
    """While alive, customers buy at random at a rate of their own, and they leave for good at random at another rate of their own.

    Both rates follow gamma distributions.

    Parameters
    ----------
    r, alpha : float
        Shape and rate of the gamma of the purchase rates; ``r / alpha`` is the average number of purchases per unit
        of time while alive.
    s, beta : float
        Shape and rate of the gamma of the rates of leaving; ``s / beta`` is their average per unit of time.

    Attributes
    ----------
    params, standard_errors : dict
    log_likelihood, aic, bic, n : float
        Set by `fit`; NaN when not fitted.
    covariance : ndarray or None
        Of the parameters, in the order of ``params``.

    Notes
    -----
    Schmittlein, Morrison and Colombo (1987), "Counting your customers", Management Science 33(1), 1-24; formulas
    after Fader and Hardie (2005), "A note on deriving the Pareto/NBD model and related expressions". Where they write ₂F₁, this
    class adds up over the moment of leaving by Gauss and Legendre's rule.

    Examples
    --------
    >>> import ccx
    >>> base = ccx.customer_base(ccx.load("cdnow_sample"), calibration_end="1997-09-30")
    >>> model = ParetoNBDModel.fit(base)
    >>> {name: round(value, 3) for name, value in model.params.items()}
    {'r': 0.553, 'alpha': 10.578, 's': 0.606, 'beta': 11.669}
    """

    r: float
    alpha: float
    s: float
    beta: float

    @classmethod
    def _start(cls, rows):
        x, _, T = rows.columns
        rate, length = rows.weight @ x / (rows.weight @ T), rows.weight @ T / rows.customers
        return [0.5, 0.25 / rate, 0.5, 0.5 * length]

    @classmethod
    def _log_likelihood(cls, parameters, x, t_x, T):
        """L = Γ(r+x)/Γ(r) α^r β^s · [(α+T)^−(r+x) (β+T)^−s + s ∫ (α+y)^−(r+x) (β+y)^−(s+1) dy], y from t_x to T.

        The two terms are the two ways to the same history: still alive at T, or gone at some moment y since t_x.
        """
        r, alpha, s, beta = parameters
        of_r, by_r = log_rising(r, x)
        either, alive, gone, log_a, log_b, per_a, per_b = _ways(parameters, x, t_x, T)
        before_a, before_b = np.log1p(t_x / alpha), np.log1p(t_x / beta)
        value = of_r - r * before_a - x * np.log(alpha + t_x) - s * before_b + np.log(either)
        # The derivative of each term, averaged over the moment of leaving.
        return value, (by_r - before_a - log_a, r / alpha - (r + x) * per_a,
                       gone / s - before_b - log_b, s / beta - s * alive / (beta + T) - (s + 1) * per_b)

    @property
    def mixing(self):
        """How customers differ: by name, the kind of distribution over customers and its two parameters."""
        return {"rate": ("gamma", self.r, self.alpha), "leaving_rate": ("gamma", self.s, self.beta)}

    def _alive(self, x, t_x, T):
        """The share of the first term; Schmittlein, Morrison and Colombo (1987), equations (11) to (13), write it with ₂F₁."""
        return _ways(self._values, x, t_x, T)[1]

    def _stays(self, x, T, t):
        """E[e^(−μ t)] = ((β+T) / (β+T+t))^s."""
        return np.exp(-self.s * np.log1p(t / (self.beta + T)))

    def _purchases_if_alive(self, x, T, t):
        """(r+x)/(α+T) · (β+T)/(s−1) · [1 − ((β+T)/(β+T+t))^(s−1)], the note's (41); at s = 1 the logarithm it tends to."""
        rate, length = (self.r + x) / (self.alpha + T), self.beta + T
        return rate * length * boxcox1p(t / length, 1 - self.s)

    def _dert_if_alive(self, x, T, discount_rate):
        """(r+x)/(α+T) · ∫ e^(−δ t) ((β+T)/(β+T+t))^s dt; Fader, Hardie and Lee (2005, JMR, equation 2) write it with Ψ."""
        rate, length = (self.r + x) / (self.alpha + T), self.beta + T
        return rate * length * discounted_power(self.s, discount_rate * length)

    def _pmf(self, x, t):
        """Alive at `t` with x purchases, or gone at some moment before: the NBD's probability, averaged over the moment of leaving."""
        alive = np.exp(log_nbd(self.r, self.alpha, x, t) + self.s * np.log(self.beta / (self.beta + t)))
        nodes, weights = legendre(200)
        nearest = min(self.alpha, self.beta)
        end = np.log1p(t / nearest)
        y = nearest * np.expm1(end * nodes)
        hazard = self.s / (self.beta + y) * (nearest + y) * end * weights
        return alive + np.exp(log_nbd(self.r, self.alpha, x[:, None], y) - self.s * np.log1p(y / self.beta)) @ hazard

    def simulate(self, n, rng, T=1.0):
        """Draw customers whose true rates are known.

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
        latent : DataFrame with ``rate``, ``leaving_rate``, ``lifetime`` and ``alive`` (at ``T``)
        """
        rng = np.random.default_rng(rng)
        rate, leaving = rng.gamma(self.r, 1 / self.alpha, n), rng.gamma(self.s, 1 / self.beta, n)
        lifetime = rng.exponential(1 / np.maximum(leaving, 1e-300))
        T = np.broadcast_to(np.asarray(T, dtype=float), n)
        active = np.minimum(lifetime, T)
        frequency = rng.poisson(rate * active)
        # The last of x moments spread evenly over the active time.
        recency = np.where(frequency > 0, active * rng.random(n) ** (1 / np.maximum(frequency, 1)), 0.0)
        return (pd.DataFrame({"frequency": frequency, "recency": recency, "T": T}),
                pd.DataFrame({"rate": rate, "leaving_rate": leaving, "lifetime": lifetime, "alive": lifetime > T}))


def _ways(parameters, x, t_x, T):
    """The two terms of the likelihood and averages over them, all relative to their size at y = t_x.

    Returns, for each row: the sum of the two terms, their shares P(alive) and P(gone), and the averages of log((α+y)/(α+t_x)),
    log((β+y)/(β+t_x)) and 1/(α+y) over the moment of leaving (T if alive), and of 1/(β+y) over that of those gone.
    """
    r, alpha, s, beta = parameters
    nearest = min(alpha, beta)
    n, a, b, length = r + x, alpha + t_x, beta + t_x, T - t_x
    # What lies so far beyond t_x that either factor is lost in rounding is left out.
    with np.errstate(over="ignore"):
        far = np.minimum(length, np.minimum(a * np.expm1(NEGLIGIBLE / n), b * np.expm1(NEGLIGIBLE / (s + 1))))
    end = np.log1p(far / (nearest + t_x))
    smooth = (end < 5) & (n * np.log1p(far / a) + (s + 1) * np.log1p(far / b) < 20)
    found = np.empty((7, len(x)))
    for rows, nodes in ((smooth, 16), (~smooth, 64)):
        if rows.any():
            found[:, rows] = in_blocks(lambda *row: _quadrature(parameters, *row, nodes=nodes),
                                       x[rows], t_x[rows], T[rows], end[rows], cells=nodes)
    return found


def _quadrature(parameters, x, t_x, T, end, nodes):
    """`_ways` with as many nodes, in log(m + y) with m the smaller of α and β, where the integrand is smooth."""
    r, alpha, s, beta = parameters
    at, weights = legendre(nodes)
    n, a, b, m, length = r + x, alpha + t_x, beta + t_x, min(alpha, beta) + t_x, T - t_x
    u = end[:, None] * at
    since = m[:, None] * np.expm1(u)
    log_a = u if alpha <= beta else np.log1p(since / a[:, None])
    log_b = u if beta <= alpha else np.log1p(since / b[:, None])
    at_node = np.exp(u - n[:, None] * log_a - (s + 1) * log_b) * (s * m * end / b)[:, None] * weights

    whole_a, whole_b = np.log1p(length / a), np.log1p(length / b)
    alive, gone = np.exp(-n * whole_a - s * whole_b), at_node.sum(axis=1)
    either = alive + gone
    sums = (alive, gone, alive * whole_a + _sum(at_node, log_a), alive * whole_b + _sum(at_node, log_b),
            alive / (alpha + T) + _sum(at_node, 1 / (a[:, None] + since)), _sum(at_node, 1 / (b[:, None] + since)))
    return np.array([either, *(part / either for part in sums)])


def _sum(weights, values):
    return np.einsum("ij,ij->i", weights, values)
