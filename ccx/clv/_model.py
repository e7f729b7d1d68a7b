"""What all models have in common: parameters, the fit and its summary, and predictions aligned with the data."""

from dataclasses import KW_ONLY, dataclass, field, fields

import numpy as np
import pandas as pd

from ._fit import ADVICE, maximise
from ._rows import check_enough, check_history, collapse, read_columns, read_weights


@dataclass(frozen=True)
class Model:
    """Positive parameters and, when fitted, what the likelihood says about them.

    A subclass names its parameters as fields and gives `_read` (checked,
    collapsed data), `_start` (where the climb begins, in the units of the data) and
    `_log_likelihood` (per row, with its gradient).
    """

    _: KW_ONLY
    log_likelihood: float = field(default=float("nan"), compare=False)
    covariance: np.ndarray | None = field(default=None, compare=False, repr=False)
    n: float = field(default=float("nan"), compare=False)

    _advice = ADVICE

    def __post_init__(self):
        for name, value in self.params.items():
            if not 0 < value < np.inf:
                raise ValueError(f"{type(self).__name__} needs every parameter positive and finite, not {name}={value}.")

    @classmethod
    def fit(cls, data, weights=None, start=None):
        """Fit by maximum likelihood.

        Parameters
        ----------
        data : DataFrame
            One row per customer, or one per distinct row with `weights`; the class says which columns.
        weights : sequence of float, shape (n,), optional
            Customers per row, for collapsed data.
        start : sequence of float, optional
            Parameters at which the climb begins; by default they follow from the data.

        Returns
        -------
        The fitted model, with ``log_likelihood``, ``standard_errors``, ``n``, ``aic`` and ``bic``.

        Raises
        ------
        ValueError
            When a value can't be; names the column and the first such customer.
        RuntimeError
            When the likelihood has no maximum inside the parameter space; says what to try.
        """
        rows = cls._read(data, weights)
        return cls._climb(cls._log_likelihood, rows.columns, rows.weight, cls._checked_start(start, cls._start(rows)), rows.customers)

    @classmethod
    def _checked_start(cls, start, default):
        if start is None:
            return default
        if np.shape(start) != np.shape(default):
            raise ValueError(f"start must be {len(default)} numbers, one for each parameter, not of shape {np.shape(start)}.")
        return list(cls(*map(float, start)).params.values())

    @classmethod
    def _near(cls, values, factors):
        """Parameters as far from `values` as the factors say, and still possible."""
        return np.asarray(values) * factors

    @classmethod
    def _climb(cls, log_likelihood, columns, weight, start, n):
        estimate, value, covariance = maximise(log_likelihood, columns, weight, start, cls._advice)
        return cls(*map(float, estimate), log_likelihood=value, n=float(n), covariance=covariance)

    @property
    def params(self):
        """The parameters by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if not f.kw_only}

    @property
    def standard_errors(self):
        """Of the parameters, from the observed information; empty when not fitted."""
        if self.covariance is None:
            return {}
        return dict(zip(self.params, map(float, np.sqrt(np.diag(self.covariance)))))

    @property
    def converged(self):
        """Whether this is a fit: one that does not converge raises, so there is no other kind."""
        return self.covariance is not None

    @property
    def aic(self):
        """Akaike's criterion: 2 k − 2 log-likelihood."""
        return 2 * len(self.params) - 2 * self.log_likelihood

    @property
    def bic(self):
        """Schwarz's criterion: k log n − 2 log-likelihood."""
        return np.log(self.n) * len(self.params) - 2 * self.log_likelihood

    def log_likelihood_rows(self, data):
        """Log-likelihood of each customer at these parameters.

        Parameters
        ----------
        data : DataFrame
            With the columns of the fit.

        Returns
        -------
        Series, aligned to `data`
        """
        return self._by_customer(data, "log_likelihood", lambda *row: self._log_likelihood(list(self.params.values()), *row)[0])

    def _by_customer(self, data, name, function):
        """Evaluate on distinct rows, hand to the customers: as cheap for a million as for the rows that differ."""
        rows = collapse(self._columns(data))
        if not len(rows.weight):
            return pd.Series(index=data.index, dtype=float, name=name)
        return pd.Series(function(*rows.columns)[rows.row_of_customer], index=data.index, name=name)


@dataclass(frozen=True)
class RepeatModel(Model):
    """Customers who come back when they like: nobody tells the firm when one is gone.

    A subclass gives the four functions below for arrays ``x`` (frequency), ``t_x`` (recency) and ``T``.
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


def require_rate(discount_rate):
    """Refuse a discount rate that is no positive number."""
    if isinstance(discount_rate, str) or not 0 < discount_rate < np.inf:
        raise ValueError(f"discount_rate must be positive and finite, not {discount_rate!r}: without discounting the sum may not end.")


def _require_horizon(t):
    if np.asarray(t).dtype.kind not in "iuf" or not np.all((np.asarray(t) >= 0) & np.isfinite(t)):
        raise ValueError("A horizon must be zero or more and finite, in the time unit of the data.")
