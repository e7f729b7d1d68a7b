"""How contractual models are fitted: to the survivors of cohorts, or to the totals that a firm discloses."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import gammaln

from ._model import Model
from ._survivors import read_survivors, read_totals


@dataclass(frozen=True)
class ContractFit(Model):
    """The fit follows from S(t), the share of customers who renew t times and more; a subclass gives its logarithm and a start."""

    @staticmethod
    def _log_survival(parameters, t):
        """log S(t), shape (n,), and its derivatives, shape (k, n)."""
        raise NotImplementedError

    @classmethod
    def _start_at(cls, churn):
        """Parameters at which customers leave with this probability a period, on average."""
        raise NotImplementedError

    @classmethod
    def fit(cls, survivors, start=None):
        """Fit by maximum likelihood to counts of customers still there.

        Parameters
        ----------
        survivors : sequence, Series, list or dict of these, or DataFrame
            One cohort: customers left after 0, 1, 2, … renewals. The index of a Series says after how many, and may skip some:
            ``pd.Series([10_000, 4_391], index=[0, 4])`` is a cohort of which only the first and the last count are
            known. Several cohorts: a list or dict of these, or a DataFrame with a column each (missing where not yet known; a
            column with its first count alone tells nothing and is left out).
        start : sequence of float, optional
            Parameters at which the climb begins.

        Returns
        -------
        The fitted model, with ``log_likelihood``, ``standard_errors``, ``n``, ``aic`` and ``bic``.

        Raises
        ------
        ValueError
            When a count rises, is negative or missing, or nobody left; names the cohort and the renewal.
        RuntimeError
            When the likelihood has no maximum inside the parameter space; says what to try.

        Notes
        -----
        Each customer lost between two counts contributes log(S(u) − S(v)), each one left at the end log S(v).
        """
        return cls._fit_rows(cls._read(survivors), start)

    @classmethod
    def fit_totals(cls, acquired, active, start=None):
        """Fit to what firms disclose: customers acquired and customers active per period, without cohorts.

        Parameters
        ----------
        acquired : sequence of float, shape (n,)
            New customers in period 0, 1, …, n − 1.
        active : sequence of float, shape (n,)
            All customers in that period, the new ones included.
        start : sequence of float, optional
            Parameters at which the climb begins.

        Returns
        -------
        The fitted model.

        Raises
        ------
        ValueError
            When the lengths differ, a value is negative or missing, or the totals can't be; names the period.
        RuntimeError
            When the likelihood has no maximum inside the parameter space; says what to try.

        Notes
        -----
        The losses of period t are taken as a Poisson count with mean Σ acquired(c) · [S(t−1−c) − S(t−c)] over cohorts
        c < t. Losses of a cohort in different periods are in truth not quite independent, so the standard errors and
        the log-likelihood are approximate.
        """
        acquired, lost = read_totals(acquired, active)
        churn = min(lost.sum() / np.sum(active[:-1]), 0.99)
        period = np.arange(len(lost))
        return cls._climb(lambda p, period, lost: cls._log_losses(p, acquired, period, lost), (period, lost), np.ones(len(lost)),
                          cls._checked_start(start, cls._start_at(churn)), acquired.sum())

    @classmethod
    def _read(cls, survivors, weights=None):
        return read_survivors(survivors)

    @classmethod
    def _start(cls, rows):
        first, last = rows.columns
        lost = np.isfinite(last)
        return cls._start_at(min(rows.weight[lost].sum() / (rows.weight @ np.where(lost, last, first)), 0.99))

    @classmethod
    def _log_likelihood(cls, parameters, first, last):
        """log(S(first) − S(last)), where S(∞) counts as zero, and its derivatives."""
        later = np.where(np.isfinite(last), last, first)
        (log_u, by_u), (log_v, by_v) = cls._log_survival(parameters, first), cls._log_survival(parameters, later)
        kept = np.where(np.isfinite(last), np.exp(log_v - log_u), 0.0)
        return log_u + np.log1p(-kept), (by_u - kept * by_v) / (1 - kept)

    @classmethod
    def _log_losses(cls, parameters, acquired, period, lost):
        """Poisson log-likelihood of each period's losses, and its derivatives."""
        t = np.arange(len(acquired), dtype=float)
        log_s, by = cls._log_survival(parameters, t)
        s = np.exp(log_s)
        expected, *slopes = (np.convolve(acquired, -np.diff(part))[period] for part in (s, *(s * by)))
        return lost * np.log(expected) - expected - gammaln(lost + 1), np.array([(lost / expected - 1) * slope for slope in slopes])

    def log_likelihood_rows(self, survivors):
        """Log-likelihood of one customer of each kind at these parameters.

        Parameters
        ----------
        survivors : as for `fit`

        Returns
        -------
        Series
            Indexed by ``first`` and ``last``: lost after `first` and no later than `last` renewals, infinite for
            those still there.
        """
        rows = self._read(survivors)
        index = pd.MultiIndex.from_arrays(rows.columns, names=["first", "last"])
        return pd.Series(self._log_likelihood(self._values, *rows.columns)[0], index, name="log_likelihood")
