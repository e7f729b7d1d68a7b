"""What all models have in common: parameters, the fit and its summary, and predictions aligned with the data."""

from dataclasses import KW_ONLY, dataclass, field, fields

import numpy as np
import pandas as pd

from ._fit import ADVICE, maximise, no_maximum
from ._rows import collapse


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
        return cls._fit_rows(cls._read(data, weights), start)

    @classmethod
    def _fit_rows(cls, rows, start=None):
        start = cls._checked_start(start, cls._start(rows))
        fitted = cls._climb(cls._log_likelihood, rows.columns, rows.weight, start, rows.customers)
        if not fitted.log_likelihood > cls._limit(rows) + 1e-6:
            raise no_maximum(cls._advice)
        return fitted

    @classmethod
    def _limit(cls, rows):
        """The log-likelihood, if known, that the climb would approach without end where customers look alike."""
        return -np.inf

    @classmethod
    def _checked_start(cls, start, default):
        if start is None:
            return default
        if np.shape(start) != np.shape(default):
            raise ValueError(f"start must be {len(default)} numbers, one for each parameter, not of shape {np.shape(start)}.")
        return cls(*map(float, start))._values

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
    def _values(self):
        """The parameters in order, as the likelihood takes them."""
        return list(self.params.values())

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
        return self._by_customer(data, "log_likelihood", lambda *row: self._log_likelihood(self._values, *row)[0])

    def _by_customer(self, data, name, function):
        """Evaluate on distinct rows, hand to the customers: as cheap for a million as for the rows that differ."""
        rows = collapse(self._columns(data))
        if not len(rows.weight):
            return pd.Series(index=data.index, dtype=float, name=name)
        return pd.Series(function(*rows.columns)[rows.row_of_customer], index=data.index, name=name)


def require_rate(discount_rate):
    """Refuse a discount rate that is no positive number."""
    if isinstance(discount_rate, str) or not 0 < discount_rate < np.inf:
        raise ValueError(f"discount_rate must be positive and finite, not {discount_rate!r}: without discounting the sum may not end.")
