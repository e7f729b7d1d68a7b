"""Gamma-gamma: what customers spend per purchase, when each has an average of their own."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import betaln, digamma

from ._model import Model
from ._rows import check_frequency, collapse, read_columns, read_weights, refuse


@dataclass(frozen=True)
class GammaGammaModel(Model):
    """Spend per purchase varies around each customer's own average, and the averages vary between customers, both as gammas do.

    Parameters
    ----------
    p : float
        Shape of a customer's spend per purchase: the larger, the less it varies.
    q, v : float
        Shape and rate of the gamma from which each customer's own rate is drawn. (Fader and Hardie write γ for v.)

    Attributes
    ----------
    params, standard_errors : dict
    log_likelihood, aic, bic, n : float
        Set by `fit`; NaN when not fitted. ``n`` counts the customers with a repeat purchase.
    covariance : ndarray or None
        Of the parameters, in the order of ``params``.

    Notes
    -----
    Fader and Hardie (2013), "The gamma-gamma model of monetary value", note 25, after Colombo and Jiang (1999). The
    model takes spend as unrelated to how often a customer buys; look at their correlation first.

    The average over customers, p v / (q − 1), is finite for q > 1 only. For q ≤ 1 a customer with repeat purchases still has
    a finite expectation as long as p x + q > 1, but one without has none, and to ask for it is an error.

    Examples
    --------
    >>> import ccx
    >>> base = ccx.customer_base(ccx.load("cdnow_sample"), calibration_end="1997-09-30")
    >>> model = GammaGammaModel.fit(base)
    >>> {name: round(value, 2) for name, value in model.params.items()}
    {'p': 6.25, 'q': 3.74, 'v': 15.44}
    >>> round(model.expected_new_customer_spend(), 2)
    35.17
    """

    p: float
    q: float
    v: float

    @classmethod
    def _columns(cls, data):
        x, m = columns = read_columns(data, ["frequency", "monetary_value"])
        check_frequency(data, x)
        refuse(data, "monetary_value", m, ~np.isfinite(m), "is missing or infinite")
        refuse(data, "monetary_value", m, m < 0, "is negative, which the model knows nothing about")
        return columns

    @classmethod
    def _read(cls, data, weights):
        """Customers without a repeat purchase say nothing about spend."""
        x, m = cls._columns(data)
        weights = read_weights(weights, data)
        repeat = x > 0
        _refuse_zeros(data, x, m)
        rows = collapse([x[repeat], m[repeat]], None if weights is None else weights[repeat])
        if not len(data):
            raise ValueError("The data are empty: there is no customer to fit to.")
        if rows.customers <= 1:
            raise ValueError("Column 'frequency' is positive for fewer than two customers; "
                             "how spend differs can't be read from that.")
        return rows

    @classmethod
    def _start(cls, rows):
        m = rows.columns[1]
        return [2.0, 3.0, rows.weight @ m / rows.weight.sum()]

    @classmethod
    def _log_likelihood(cls, parameters, x, m):
        """f(m | x) = (v/(v+mx))^q (mx/(v+mx))^(px) / (m B(px, q)), equation (1a) of the note; at x = 0 there is nothing to say."""
        p, q, v = parameters
        some = x > 0
        px, total = p * np.where(some, x, 1), np.where(some, m * x, 1)
        share_v, share_m = -np.log1p(total / v), -np.log1p(v / total)
        value = q * share_v + px * share_m - np.log(np.where(some, m, 1)) - betaln(px, q)
        gradient = ((digamma(px + q) - digamma(px) + share_m) * px / p, digamma(px + q) - digamma(q) + share_v,
                    (q * total - px * v) / (v * (v + total)))
        return np.where(some, value, 0.0), np.where(some, gradient, 0.0)

    @property
    def mixing(self):
        """How customers differ: by name, the kind of distribution over customers and its two parameters."""
        return {"mean_spend": ("inverse gamma", self.q, self.p * self.v)}

    def _resample(self, data, rng):
        """As many new customers, who bought as often as these."""
        return self.simulate(len(data), rng, data["frequency"])[0]

    def log_likelihood_rows(self, data):
        """Log-likelihood of each customer's mean spend at these parameters; 0 for those without a repeat purchase.

        Parameters
        ----------
        data : DataFrame with ``frequency`` and ``monetary_value``

        Returns
        -------
        Series, aligned to `data`
        """
        _refuse_zeros(data, *self._columns(data))
        return super().log_likelihood_rows(data)

    def expected_new_customer_spend(self):
        """Average spend per purchase over all customers, p v / (q − 1).

        Returns
        -------
        float
            In the unit of the data.

        Raises
        ------
        ValueError
            When q ≤ 1: the average is not finite.
        """
        if self.q <= 1:
            raise ValueError(f"With q={self.q:g}, 1 or less, the average spend over customers is not finite; "
                             "look whether a few huge purchases are behind it.")
        return self.p * self.v / (self.q - 1)

    def expected_customer_spend(self, data):
        """Expected spend per purchase of each customer: the customer's own average, pulled towards everybody's.

        Parameters
        ----------
        data : DataFrame with ``frequency`` and ``monetary_value`` (mean spend per repeat purchase)

        Returns
        -------
        Series, aligned to `data`
            For those without a repeat purchase the average over all customers.

        Raises
        ------
        ValueError
            When q ≤ 1 and a customer has too few repeat purchases for an expectation (p x + q ≤ 1).

        Notes
        -----
        E[M | x, m] = p (v + m x) / (p x + q − 1), equation (5) of the note: a weighted average of m and of p v / (q − 1).
        """
        def spend(x, m):
            if self.p * x.min(initial=np.inf) + self.q <= 1:
                self.expected_new_customer_spend()
            return self.p * (self.v + np.where(x > 0, m, 0) * x) / (self.p * x + self.q - 1)

        return self._by_customer(data, "expected_spend", spend)

    def simulate(self, n, rng, frequency=1):
        """Draw customers whose true average spend is known.

        Parameters
        ----------
        n : int
            Number of customers.
        rng : Generator or int
        frequency : int or array_like of int, shape (n,)
            Repeat purchases of each.

        Returns
        -------
        observed : DataFrame with ``frequency`` and ``monetary_value`` (0 without a repeat purchase)
        latent : DataFrame with ``mean_spend``
        """
        rng = np.random.default_rng(rng)
        rate = rng.gamma(self.q, 1 / self.v, n)
        x = np.broadcast_to(frequency, n)
        mean = rng.gamma(self.p * np.maximum(x, 1)) / (rate * np.maximum(x, 1))
        observed = pd.DataFrame({"frequency": x, "monetary_value": np.where(x > 0, mean, 0.0)})
        return observed, pd.DataFrame({"mean_spend": self.p / rate})


def _refuse_zeros(data, x, m):
    refuse(data, "monetary_value", m, (x > 0) & (m == 0), "is zero although there are repeat purchases; leave such customers out")
