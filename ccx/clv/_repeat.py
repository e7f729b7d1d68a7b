"""What the models without a contract have in common: reading a customer base, and predictions from five short functions."""

from dataclasses import dataclass

import numpy as np

from ._model import Model, require_rate
from ._rows import check_enough, check_history, collapse, read_columns, read_weights


@dataclass(frozen=True)
class RepeatModel(Model):
    """Customers who come back when they like: nobody tells the firm when one is gone.

    A subclass gives the five functions below for arrays ``x`` (frequency), ``t_x`` (recency) and ``T``.
    """

    # Whether time is counted in opportunities, and discount rates are per opportunity.
    discrete_time = False

    def _resample(self, data, rng):
        """As many new customers, observed as long as these."""
        return self.simulate(len(data), rng, data["T"])[0]

    def _alive(self, x, t_x, T):
        """P(alive at T), given the history."""
        raise NotImplementedError

    def _stays(self, x, T, t):
        """P(alive at T + t), given the history and alive at T."""
        raise NotImplementedError

    def _purchases_if_alive(self, x, T, t):
        """Expected purchases in (T, T + t], given the history and alive at T."""
        raise NotImplementedError

    def _dert_if_alive(self, x, T, discount_rate):
        """Expected purchases after T, each discounted to T, given the history and alive at T."""
        raise NotImplementedError

    def _pmf(self, x, t):
        """P(X(t) = x) for a row of whole numbers x."""
        raise NotImplementedError

    @classmethod
    def _columns(cls, data):
        columns = read_columns(data, ["frequency", "recency", "T"])
        check_history(data, *columns)
        return columns

    @classmethod
    def _read(cls, data, weights):
        rows = collapse(cls._columns(data), read_weights(weights, data))
        check_enough(rows, rows.columns[0])
        return rows

    def expected_probability_alive(self, data, future_t=0):
        """Probability that each customer is still a customer.

        Parameters
        ----------
        data : DataFrame with ``frequency``, ``recency`` and ``T``
        future_t : float, default 0
            How long after ``T``, in the time unit of the data.

        Returns
        -------
        Series, aligned to `data`
        """
        _require_horizon(future_t)
        return self._by_customer(data, "probability_alive",
                                 lambda x, t_x, T: self._alive(x, t_x, T) * _on_distinct(self._stays, x, T, future_t))

    def expected_purchases(self, data, future_t):
        """Expected purchases of each customer in a coming period, given the past.

        Parameters
        ----------
        data : DataFrame with ``frequency``, ``recency`` and ``T``
        future_t : float
            Length of the period, which begins at ``T``, in the time unit of the data.

        Returns
        -------
        Series, aligned to `data`
        """
        _require_horizon(future_t)
        return self._by_customer(data, "expected_purchases",
                                 lambda x, t_x, T: self._alive(x, t_x, T) * _on_distinct(self._purchases_if_alive, x, T, future_t))

    def expected_purchases_new_customer(self, t):
        """Expected purchases of a randomly chosen new customer within time `t` of the first purchase, that one not counted.

        Parameters
        ----------
        t : float or array_like of float
            In the time unit of the data.

        Returns
        -------
        float or ndarray, shaped like `t`
        """
        t = np.asarray(t, dtype=float)
        _require_horizon(t)
        new = np.zeros(t.size)
        return (self._alive(new, new, new) * self._purchases_if_alive(new, new, t.ravel())).reshape(t.shape)[()]

    def probability(self, x, t):
        """Probability that a randomly chosen new customer makes exactly `x` repeat purchases within time `t` of the first purchase.

        Parameters
        ----------
        x : int or array_like of int
        t : float
            In the time unit of the data; for `BetaGeoBetaBinomModel` a number of opportunities.

        Returns
        -------
        float or ndarray, shaped like `x`
            Zero where `x` is negative or no whole number.
        """
        asked = np.asarray(x, dtype=float)
        possible = (asked >= 0) & (asked == np.floor(asked))
        found = self._pmf(np.where(possible, asked, 0.0).ravel(), np.asarray(t, dtype=float).ravel() if np.ndim(t) else t)
        return np.where(possible, found.reshape(asked.shape), 0.0)[()]

    def dert(self, data, discount_rate):
        """Discounted expected residual transactions: what each customer will still buy, discounted to ``T``.

        Parameters
        ----------
        data : DataFrame with ``frequency``, ``recency`` and ``T``
        discount_rate : float
            Per time unit of the data. In continuous time it is the continuously compounded rate δ of
            the papers, see `continuous_rate`; for `BetaGeoBetaBinomModel` the rate per opportunity.

        Returns
        -------
        Series, aligned to `data`, in purchases
        """
        require_rate(discount_rate)
        return self._by_customer(data, "dert",
                                 lambda x, t_x, T: self._alive(x, t_x, T) * _on_distinct(self._dert_if_alive, x, T, discount_rate))


def _on_distinct(function, x, T, argument):
    """Evaluate what does not depend on recency once for each frequency and T."""
    rows = collapse([x, T])
    return function(*rows.columns, argument)[rows.row_of_customer]


def _require_horizon(t):
    if np.asarray(t).dtype.kind not in "iuf" or not np.all((np.asarray(t) >= 0) & np.isfinite(t)):
        raise ValueError("A horizon must be zero or more and finite, in the time unit of the data.")
