"""Contracts: customers say when they leave, at a renewal. What all such models say of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ._contract_fit import ContractFit
from ._model import require_rate
from ._survivors import cohorts


@dataclass(frozen=True)
class ContractModel(ContractFit):
    """What the contractual models share: everything follows from S(t), the share of customers who renew t times and more.

    A subclass gives `_log_survival` and `_start_at` for the fit and the two functions below.
    """

    def _renewals_to_come(self, renewals, discount_rate):
        """Σ S(n+k) / S(n) · (1+d)^(1−k) over k = 1, 2, …, for an array of n = renewals made so far."""
        raise NotImplementedError

    def _draw_dropout(self, n, rng):
        """Each customer's probability of leaving at the first renewal."""
        raise NotImplementedError

    # The exponent c by which a customer's own inclination to leave changes with time.
    _power = 1.0

    def _resample(self, survivors, rng):
        """New cohorts as large as these, counted after as many renewals."""
        def again(counts):
            reached = self.survival(counts.index.to_numpy())
            lost = rng.multinomial(int(counts.iloc[0]), np.append(-np.diff(reached), reached[-1]))
            return counts.iloc[0] - pd.Series(np.append(0, lost[:-1].cumsum()), counts.index)

        return {name: again(counts) for name, counts in cohorts(survivors).items()}

    def simulate(self, n, rng, T=12):
        """Draw customers whose true probabilities of leaving are known.

        Parameters
        ----------
        n : int
            Number of customers.
        rng : Generator or int
        T : int
            Renewals observed.

        Returns
        -------
        survivors : Series
            Customers left after 0, 1, …, `T` renewals.
        latent : DataFrame with ``dropout`` (at the first renewal) and ``renewals`` (how many each made, `T` at most)
        """
        rng = np.random.default_rng(rng)
        dropout = self._draw_dropout(n, rng)
        # t renewals and more have the probability (1 − dropout)^(t^c): an exponential time with rate −log(1 − dropout) passes t^c then.
        lasted = (rng.exponential(size=n) / np.maximum(-np.log1p(-dropout), 1e-300)) ** (1 / self._power)
        renewals = np.minimum(np.floor(lasted), T).astype(int)
        left = np.bincount(renewals, minlength=T + 1)[::-1].cumsum()[::-1]
        return (pd.Series(left, name="survivors").rename_axis("renewals"),
                pd.DataFrame({"dropout": dropout, "renewals": renewals}))

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
        return np.exp(self._log_survival(self._values, t.ravel())[0]).reshape(t.shape)[()]

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
        before, after = (self._log_survival(self._values, at.ravel())[0] for at in (t - 1, t))
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


def _renewals(t):
    t = np.asarray(t, dtype=float)
    if not np.all((t >= 0) & (t == np.floor(t)) & np.isfinite(t)):
        raise ValueError("Renewals are counted in whole numbers, 0 or more.")
    return t
