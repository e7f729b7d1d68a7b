"""Contracts: customers say when they leave, at a renewal. What all such models share."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import gammaln

from ._model import Model, require_rate
from ._survivors import cohorts, read_survivors, read_totals


@dataclass(frozen=True)
class ContractModel(Model):
    """What the contractual models share: everything follows from S(t), the share of customers who renew t times and more.

    A subclass gives `_log_survival` and `_renewals_to_come`.
    """

    @staticmethod
    def _log_survival(parameters, t):
        """log S(t), shape (n,), and its derivatives, shape (k, n)."""
        raise NotImplementedError

    def _renewals_to_come(self, renewals, discount_rate):
        """Σ S(n+k) / S(n) · (1+d)^(1−k) over k = 1, 2, …, for an array of n = renewals made so far."""
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
            known. Several cohorts: a list or dict of these, or a DataFrame with a column each (missing where not yet known).
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
        rows = cls._read(survivors)
        return cls._climb(cls._log_likelihood, rows.columns, rows.weight, cls._checked_start(start, cls._start(rows)), rows.customers)

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
        """Poisson log-likelihood of each period's losses, up to a constant, and its derivatives."""
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
        return pd.Series(self._log_likelihood(list(self.params.values()), *rows.columns)[0], index, name="log_likelihood")

    def _resample(self, survivors, rng):
        """New cohorts as large as these, counted after as many renewals."""
        def again(counts):
            reached = self.survival(counts.index.to_numpy())
            lost = rng.multinomial(int(counts.iloc[0]), np.append(-np.diff(reached), reached[-1]))
            return counts.iloc[0] - pd.Series(np.append(0, lost[:-1].cumsum()), counts.index)

        return {name: again(counts) for name, counts in cohorts(survivors).items()}

    def survival(self, t):
        """Share of customers who renew at least `t` times.

        Parameters
        ----------
        t : int or array_like of int
            Renewals, 0 or more.

        Returns
        -------
        float or ndarray, shaped like `t`
        """
        t = _renewals(t)
        return np.exp(self._log_survival(list(self.params.values()), t.ravel())[0]).reshape(t.shape)[()]

    def retention_rate(self, t):
        """Share of those who renewed t − 1 times who renew a `t`-th time: S(t) / S(t−1).

        Parameters
        ----------
        t : int or array_like of int
            Renewals, 1 or more.

        Returns
        -------
        float or ndarray, shaped like `t`
        """
        if np.any(np.asarray(t) < 1):
            raise ValueError("The first retention rate is that of renewal 1.")
        t = _renewals(t)
        before, after = (self._log_survival(list(self.params.values()), at.ravel())[0] for at in (t - 1, t))
        return np.exp(after - before).reshape(t.shape)[()]

    def derl(self, renewals, discount_rate, payment="due"):
        """Discounted expected residual lifetime: the payments still to come from a customer who has renewed so often.

        Parameters
        ----------
        renewals : int or array_like of int
            Renewals made so far.
        discount_rate : float
            Per period.
        payment : {"due", "paid"}
            "due": we stand just before the next renewal, whose payment, if it is made, is not discounted (Fader and Hardie
            2010). "paid": the last payment has just been made and the next one lies a period ahead, as in the textbook multiple
            r / (1 + d − r); smaller by the factor 1 / (1 + d).

        Returns
        -------
        float or ndarray, shaped like `renewals`
            In payments; multiply by the margin per period.
        """
        require_rate(discount_rate)
        ahead, renewals = _periods_ahead(payment), _renewals(renewals)
        due = self._renewals_to_come(renewals.ravel(), discount_rate).reshape(renewals.shape)
        return (due / (1 + discount_rate) ** ahead)[()]

    def discounted_expected_lifetime(self, discount_rate, payment="due"):
        """Discounted expected lifetime of a customer at acquisition, in payments.

        Parameters
        ----------
        discount_rate : float
            Per period.
        payment : {"due", "paid"}
            "due": the first payment is made now, is certain and counts. "paid": it has been made and does not count.

        Returns
        -------
        float
            Σ S(t) / (1 + d)^t, from t = 0 ("due") or t = 1 ("paid").
        """
        return (1 - _periods_ahead(payment)) + float(self.derl(0, discount_rate, "paid"))

    def base_value(self, active, discount_rate, margin=1.0, payment="due"):
        """Value of a whole base: the margins still to come from its present customers.

        Parameters
        ----------
        active : Series
            Present customers by renewals made so far (the index).
        discount_rate : float
            Per period.
        margin : float, default 1
            Per customer and period.
        payment : {"due", "paid"}
            As for `derl`.

        Returns
        -------
        float
            In the unit of `margin`. The same sum with `GeometricModel` is the value that ignores heterogeneity.
        """
        return float(margin * (active.to_numpy() @ np.atleast_1d(self.derl(active.index.to_numpy(), discount_rate, payment))))


def _periods_ahead(payment):
    """How many periods lie between now and the next payment."""
    if payment not in ("due", "paid"):
        raise ValueError(f"payment={payment!r} is not known; say 'due' or 'paid'.")
    return int(payment == "paid")


def simulate_renewals(dropout, rng, T, c=1.0):
    """Survivors and latent truth of customers who make t renewals and more with probability (1 − dropout)^(t^c)."""
    # An exponential time with rate −log(1 − dropout) passes t^c exactly then.
    lasted = (rng.exponential(size=len(dropout)) / np.maximum(-np.log1p(-dropout), 1e-300)) ** (1 / c)
    renewals = np.minimum(np.floor(lasted), T).astype(int)
    left = np.bincount(renewals, minlength=T + 1)[::-1].cumsum()[::-1]
    return pd.Series(left, name="survivors").rename_axis("renewals"), pd.DataFrame({"dropout": dropout, "renewals": renewals})


def _renewals(t):
    t = np.asarray(t, dtype=float)
    if not np.all((t >= 0) & (t == np.floor(t)) & np.isfinite(t)):
        raise ValueError("Renewals are counted in whole numbers, 0 or more.")
    return t
