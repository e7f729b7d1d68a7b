"""Repeat buying: how many purchases customers make when each has a rate of their own."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ._fit import NO_MAXIMUM, maximise


@dataclass(frozen=True)
class NBDModel:
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
    params : dict
    log_likelihood, aic, bic : float
        Set by `fit`; sums over customers. NaN when not fitted.
    standard_errors : dict
        From the observed information; empty when not fitted.
    covariance : DataFrame or None
    n : float
        Number of customers fitted; NaN when not fitted.

    Notes
    -----
    P(X(t) = x) = Γ(r + x) / (Γ(r) x!) · (α / (α + t))^r · (t / (α + t))^x
    (Ehrenberg 1959, "The pattern of consumer purchases", Applied Statistics 8).

    Examples
    --------
    >>> round(float(NBDModel(r=1, alpha=1).probability(0, t=1)), 3)
    0.5
    """

    r: float
    alpha: float
    log_likelihood: float = field(default=float("nan"), compare=False)
    covariance: pd.DataFrame | None = field(default=None, compare=False, repr=False)
    n: float = field(default=float("nan"), compare=False)

    def __post_init__(self):
        if not (0 < self.r < np.inf and 0 < self.alpha < np.inf):
            raise ValueError(f"NBDModel needs finite r > 0 and alpha > 0, not r={self.r} and alpha={self.alpha}.")

    @classmethod
    def fit(cls, data, weights=None):
        """Fit by maximum likelihood.

        Parameters
        ----------
        data : DataFrame with ``frequency`` and ``T``, or sequence of counts
            Purchases and length of observation per customer; plain counts
            are purchases in one unit of time.
        weights : sequence of float, optional
            Customers per row, for collapsed data.

        Returns
        -------
        NBDModel

        Raises
        ------
        ValueError
            When a count is negative, missing or no whole number, or a ``T`` is not positive.
        RuntimeError
            When the counts vary no more than Poisson counts would.

        Examples
        --------
        >>> model = NBDModel.fit([0] * 48 + [1] * 37 + [2] * 30 + [5] * 60 + [12] * 40)
        >>> sorted(model.params)
        ['alpha', 'r']
        """
        x, T, w = _collapsed(data, weights)
        mean = w @ x / (w @ T)
        estimate, value, covariance = maximise(lambda p: _log_likelihood(p, x, T, w), [1.0, 1.0 / mean])
        # Where customers look alike the likelihood rises with r towards the Poisson's, and the climb stops at any large r.
        if not value > w @ _log_poisson(mean * T, x) + 1e-6:
            raise RuntimeError(NO_MAXIMUM)
        names = ["r", "alpha"]
        return cls(*map(float, estimate), log_likelihood=value, n=float(w.sum()),
                   covariance=pd.DataFrame(covariance, index=names, columns=names))

    @property
    def params(self):
        return {"r": self.r, "alpha": self.alpha}

    @property
    def standard_errors(self):
        if self.covariance is None:
            return {}
        return {name: float(np.sqrt(self.covariance.loc[name, name])) for name in self.params}

    @property
    def converged(self):
        """Whether this is a fit: one that does not converge raises, so there is no other kind."""
        return self.covariance is not None

    @property
    def aic(self):
        return 2 * len(self.params) - 2 * self.log_likelihood

    @property
    def bic(self):
        return np.log(self.n) * len(self.params) - 2 * self.log_likelihood

    def probability(self, x, t):
        """Probability of exactly `x` purchases by a randomly chosen customer in a period of length `t`.

        Parameters
        ----------
        x : int or array_like of int
        t : float
            In the time unit of the data.

        Returns
        -------
        float or ndarray, shaped like `x`
            Zero where `x` is negative or no whole number.
        """
        x = np.asarray(x, dtype=float)
        possible = (x >= 0) & (x == np.floor(x))
        found = np.exp(_log_probability(self.r, self.alpha, np.where(possible, x, 0), t))
        return np.where(possible, found, 0.0)[()]

    def expected_purchases_new_customer(self, t):
        """Expected purchases of a randomly chosen customer in a period of length `t`: r t / alpha."""
        return self.r * np.asarray(t, dtype=float) / self.alpha

    def expected_purchases(self, data, future_t):
        """Expected purchases in a coming period, given each customer's past.

        Parameters
        ----------
        data : DataFrame with ``frequency`` and ``T``
        future_t : float

        Returns
        -------
        Series, aligned to `data`

        Notes
        -----
        E[X(t) | x, T] = t (r + x) / (alpha + T): the average rate, pulled
        towards the customer's own (Ehrenberg 1988, Repeat-Buying).
        """
        _require_columns(data)
        rate = (self.r + data["frequency"]) / (self.alpha + data["T"])
        return (rate * future_t).rename("expected_purchases")

    def simulate(self, n, rng, T=1.0):
        """Draw customers whose true rates are known.

        Parameters
        ----------
        n : int
            Number of customers.
        rng : Generator or int
        T : float
            Length of observation.

        Returns
        -------
        observed : DataFrame with ``frequency`` and ``T``
        latent : DataFrame with ``rate``
        """
        rng = np.random.default_rng(rng)
        rate = rng.gamma(self.r, 1 / self.alpha, size=n)
        observed = pd.DataFrame({"frequency": rng.poisson(rate * T), "T": float(T)})
        return observed, pd.DataFrame({"rate": rate})


def _log_probability(r, alpha, x, t):
    from scipy.special import betaln, xlogy

    # Γ(r + x) / (Γ(r) x!) = 1 / ((r + x) B(r, x + 1)), which keeps its digits as r grows.
    return -np.log(r + x) - betaln(r, x + 1) - r * np.log1p(t / alpha) + xlogy(x, t / (alpha + t))


def _log_poisson(mean, x):
    from scipy.special import gammaln

    return x * np.log(mean) - mean - gammaln(x + 1)


def _log_likelihood(parameters, x, T, w):
    from scipy.special import digamma

    r, alpha = parameters
    by_r = digamma(r + x) - digamma(r) + np.log(alpha / (alpha + T))
    by_alpha = r / alpha - (r + x) / (alpha + T)
    return w @ _log_probability(r, alpha, x, T), np.array([w @ by_r, w @ by_alpha])


def _collapsed(data, weights):
    """Distinct rows of (frequency, T) and how many customers share each: the cost of a fit hangs on these alone."""
    frame = pd.DataFrame(data if isinstance(data, pd.DataFrame) else {"frequency": np.asarray(data), "T": 1.0})
    _require_columns(frame)
    table = frame[["frequency", "T"]].astype(float).assign(weight=1.0 if weights is None else np.asarray(weights, float))
    _require_counts(table)
    table = table.groupby(["frequency", "T"], as_index=False)["weight"].sum()
    return (table[name].to_numpy() for name in ("frequency", "T", "weight"))


def _require_columns(frame):
    missing = {"frequency", "T"} - set(frame)
    if missing:
        raise ValueError(f"The data lack the column {sorted(missing)[0]!r}; they have {', '.join(map(repr, frame))}.")


def _require_counts(table):
    x, T, weight = (table[name] for name in ("frequency", "T", "weight"))
    bad = {"is missing": x.isna(), "is negative": x < 0, "is no whole number": (x != np.floor(x)) | np.isinf(x),
           "has a T that is not positive and finite": ~(T > 0) | np.isinf(T),
           "has a weight that is missing, negative or infinite": ~(weight >= 0) | np.isinf(weight)}
    for complaint, rows in bad.items():
        if rows.any():
            raise ValueError(f"Row {int(np.argmax(rows))} {complaint}; the NBD needs whole counts of purchases, "
                             "a positive length of observation and weights of zero or more.")
    if not (x * weight).max() > 0:
        raise ValueError("Nobody bought anything, so there is no rate to estimate.")
