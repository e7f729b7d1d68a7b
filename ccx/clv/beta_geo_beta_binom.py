"""BG/BB: customers who may buy once at each opportunity, a yearly appeal or a weekly show."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betaln

from ._numeric import beta_average, in_blocks, log_beta_ratio, log_rising
from ._repeat import RepeatModel
from ._rows import check_history, read_columns, refuse


@dataclass(frozen=True)
class BetaGeoBetaBinomModel(RepeatModel):
    """While alive, customers buy at each opportunity with a probability of their own; before each, they may leave for good.

    Both probabilities follow beta distributions.

    Parameters
    ----------
    alpha, beta : float
        Of the beta of the purchase probabilities; their average is ``alpha / (alpha + beta)``.
    gamma, delta : float
        Of the beta of the probabilities of leaving; their average is ``gamma / (gamma + delta)``.

    Attributes
    ----------
    params, standard_errors : dict
    log_likelihood, aic, bic, n : float
        Set by `fit`; NaN when not fitted.
    covariance : ndarray or None
        Of the parameters, in the order of ``params``.

    Notes
    -----
    Fader, Hardie and Shang (2010), "Customer-base analysis in a discrete-time noncontractual setting", Marketing Science
    29(6), 1086-1108. Time is counted in opportunities: ``T`` is how many there were, ``recency`` the last one taken (0 if
    none), ``frequency`` how many were taken; discount rates are per opportunity.

    Examples
    --------
    >>> import ccx
    >>> donors = ccx.load("donations")
    >>> model = BetaGeoBetaBinomModel.fit(donors, weights=donors["donors"])
    >>> {name: round(value, 2) for name, value in model.params.items()}
    {'alpha': 1.2, 'beta': 0.75, 'gamma': 0.66, 'delta': 2.78}
    """

    alpha: float
    beta: float
    gamma: float
    delta: float

    discrete_time = True

    @classmethod
    def _columns(cls, data):
        columns = read_columns(data, ["frequency", "recency", "T"])
        check_history(data, *columns)
        frequency, recency, T = columns
        for name, column in (("recency", recency), ("T", T)):
            refuse(data, name, column, column != np.floor(column), "is no whole number of opportunities")
        refuse(data, "frequency", frequency, frequency > recency,
               "is larger than recency, the number of opportunities up to the last purchase")
        return columns

    @classmethod
    def _start(cls, rows):
        return [1.0, 1.0, 1.0, 2.0]

    @classmethod
    def _log_likelihood(cls, parameters, x, t_x, T):
        """L = Σ B(α+x, β+y−x) / B(α, β) · P(lasted y opportunities), over all y from t_x to T that the customer can have lasted.

        P(lasted y) is B(γ+1, δ+y) / B(γ, δ) for y < T, and B(γ, δ+T) / B(γ, δ) for those alive at T.
        """
        found = _over_lifetimes(parameters, x, t_x, T)
        return found[0], found[1:5]

    @property
    def mixing(self):
        """How customers differ: by name, the kind of distribution over customers and its two parameters."""
        return {"purchase_probability": ("beta", self.alpha, self.beta), "dropout": ("beta", self.gamma, self.delta)}

    def _alive(self, x, t_x, T):
        return _over_lifetimes(self._values, x, t_x, T)[5]

    def _stays(self, x, T, t):
        """B(γ, δ+T+t) / B(γ, δ+T), equation (11)."""
        return np.exp(betaln(self.gamma, self.delta + T + _whole(t)) - betaln(self.gamma, self.delta + T))

    def _purchases_if_alive(self, x, T, t):
        """(α+x)/(α+β+T) · Σ P(alive at T + i), over the opportunities i = 1 … t; equation (13) writes the sum with Γ."""
        # The sum of (1 − θ)^i is (1 − θ) (1 − (1 − θ)^t) / θ, averaged over θ ~ beta(γ, δ+T).
        lasting = beta_average(lambda stay, t: -stay * np.expm1(t * np.log(stay)) / (1 - stay), self.delta + T, self.gamma, _whole(t))
        return (self.alpha + x) / (self.alpha + self.beta + T) * lasting

    def _dert_if_alive(self, x, T, discount_rate):
        """(α+x)/(α+β+T) · Σ P(alive at T + i) / (1+d)^i, i = 1, 2, …; equation (14) writes the sum with ₂F₁."""
        lasting = beta_average(lambda stay: stay / (discount_rate + 1 - stay), self.delta + T, self.gamma)
        return (self.alpha + x) / (self.alpha + self.beta + T) * lasting

    def _pmf(self, x, t):
        """Equation (7): the beta-binomial probability of x purchases at y opportunities, averaged over how many the customer lasted."""
        lasted = np.arange(float(_whole(t)) + 1)
        x = x[:, None]
        y = np.maximum(lasted, x)
        choose = -np.log1p(y) - betaln(1 + y - x, 1 + x)
        bought = np.exp(choose + betaln(self.alpha + x, self.beta + y - x) - betaln(self.alpha, self.beta)) * (x <= lasted)
        left = np.append(np.exp(betaln(self.gamma + 1, self.delta + lasted[:-1])), np.exp(betaln(self.gamma, self.delta + t)))
        return bought @ left / np.exp(betaln(self.gamma, self.delta))

    def simulate(self, n, rng, T=6):
        """Draw customers whose true probabilities are known.

        Parameters
        ----------
        n : int
            Number of customers.
        rng : Generator or int
        T : int or array_like of int, shape (n,)
            Opportunities observed.

        Returns
        -------
        observed : DataFrame with ``frequency``, ``recency`` and ``T``
        latent : DataFrame with ``purchase_probability``, ``dropout`` (probability of leaving before an opportunity)
        and ``alive`` (at ``T``)
        """
        rng = np.random.default_rng(rng)
        buys, leaves = rng.beta(self.alpha, self.beta, n), rng.beta(self.gamma, self.delta, n)
        T = np.broadcast_to(_whole(T), n)
        frequency, recency, alive = np.zeros(n, dtype=int), np.zeros(n, dtype=int), np.ones(n, dtype=bool)
        for opportunity in range(1, int(T.max(initial=0)) + 1):
            there = opportunity <= T
            alive &= ~there | (rng.random(n) >= leaves)
            bought = alive & there & (rng.random(n) < buys)
            frequency[bought] += 1
            recency[bought] = opportunity
        return (pd.DataFrame({"frequency": frequency, "recency": recency, "T": T}),
                pd.DataFrame({"purchase_probability": buys, "dropout": leaves, "alive": alive}))


def _over_lifetimes(parameters, x, t_x, T):
    longest = int((T - t_x).max(initial=0)) + 1
    return in_blocks(lambda *row: _sum_over_lifetimes(parameters, *row), x, t_x, T, cells=longest)


def _sum_over_lifetimes(parameters, x, t_x, T):
    """Log-likelihood, its four derivatives, and P(alive at T), each of shape (rows,)."""
    alpha, beta, gamma, delta = parameters
    columns = np.arange(int((T - t_x).max(initial=0)) + 1)
    lasted = t_x[:, None] + columns
    beyond, gone = lasted > T[:, None], lasted < T[:, None]
    lasted = np.where(beyond, T[:, None], lasted)
    of_a, by_a = log_rising(alpha, x)
    bought, by_a_bought, by_b_bought = _log_bought(alpha, beta, x[:, None], lasted)
    stayed, by_gamma, by_delta = log_beta_ratio(gamma, delta, lasted)
    # B(γ+1, δ+y) / B(γ, δ) = B(γ, δ+y) / B(γ, δ) · γ / (γ+δ+y)
    term = bought + stayed + np.where(gone, np.log(gamma / (gamma + delta + lasted)), 0.0)
    term[beyond] = -np.inf
    largest = term.max(axis=1, keepdims=True)
    share = np.exp(term - largest)
    total = share.sum(axis=1)
    share /= total[:, None]

    def average(values):
        return np.einsum("ij,ij->i", share, values)

    left = average(gone / (gamma + delta + lasted))
    return np.array([of_a + largest[:, 0] + np.log(total), by_a + average(by_a_bought), average(by_b_bought),
                     average(by_gamma + gone / gamma) - left, average(by_delta) - left,
                     np.where(~gone & ~beyond, share, 0.0).sum(axis=1)])


def _log_bought(alpha, beta, x, y):
    """Logarithm of B(α+x, β+y−x) / B(α, β) without its factor α (α+1) … (α+x−1), and its derivatives in α and β."""
    # The ratio as if none of the y − x opportunities missed had been taken, over α+β+y−x, …, α+β+y−1 for the x taken.
    missed, by_a, by_b = log_beta_ratio(alpha, beta, y - x)
    (whole, by_whole), (part, by_part) = log_rising(alpha + beta, y), log_rising(alpha + beta, y - x)
    return missed - (whole - part), by_a - (by_whole - by_part), by_b - (by_whole - by_part)


def _whole(t):
    t = np.asarray(t, dtype=float)
    if np.any(t != np.floor(t)):
        raise ValueError("Time is counted in opportunities here, so it must be a whole number.")
    return t
