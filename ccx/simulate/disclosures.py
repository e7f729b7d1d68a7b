"""A subscription firm as investors see it: customers added, lost and left per quarter; who is who it does not say."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

# Quarters of additions that the truth knows; from then on they stay as they are.
AHEAD = 80


@dataclass(frozen=True)
class SubscriptionTruth:
    """What the disclosures do not say.

    Attributes
    ----------
    model : ShiftedBetaGeoModel or GeometricModel
        Of leaving, per quarter.
    cohorts : DataFrame
        By quarter (the rows), customers of each cohort (the columns: quarter of acquisition) still there at its end; missing before the cohort began.
    additions : Series, by quarter
        Customers that will be added in the 80 quarters after the table.
    spend : float
        Per customer and quarter.

    Examples
    --------
    >>> from ccx.clv import Assumptions
    >>> _, truth = subscription_disclosures(rng=1)
    >>> truth.value(Assumptions(margin=0.6, acquisition_cost=80, discount_rate=0.10)).index.tolist()
    ['existing', 'future']
    """

    model: object
    cohorts: pd.DataFrame
    additions: pd.Series
    spend: float

    def churn(self):
        """Each cohort's customers lost per quarter as a share of those at its start: rows are quarters, columns cohorts.

        Returns
        -------
        DataFrame
        """
        before = self.cohorts.shift()
        return (before - self.cohorts) / before.where(before > 0)

    def value(self, assumptions):
        """What the present customers are worth, and those still to be acquired.

        Parameters
        ----------
        assumptions : ccx.clv.Assumptions

        Returns
        -------
        Series
            ``existing`` and ``future``, before fixed costs and tax.
        """
        rate, paid = assumptions.quarterly_rate, assumptions.margin * self.spend
        last = self.cohorts.iloc[-1]
        ages = self.cohorts.index[-1] - last.index.to_numpy()
        each = paid * self.model.discounted_expected_lifetime(rate) - assumptions.acquisition_cost
        discounted = self.additions.to_numpy() * (1 + rate) ** -np.arange(1.0, len(self.additions) + 1)
        return pd.Series({"existing": paid * (last.to_numpy() @ self.model.derl(ages, rate, "paid")),
                          "future": each * (discounted.sum() + discounted[-1] / rate)})


def subscription_disclosures(rng, quarters=24, first_add=20_000, growth=0.04, churn=0.12, polarisation=0.15, spend=45.0, damping=0.9, shock=0.03,
                             counts="drawn"):
    """A subscription firm from its founding quarter on: what it discloses per quarter, and beside it the truth.

    Parameters
    ----------
    rng : Generator or int
    quarters : int, default 24
    first_add : int, default 20 000
        Customers added in the founding quarter.
    growth : float, default 0.04
        By which additions grow each quarter, on a log scale; negative where they shrink. From the last quarter on it fades by `damping`.
    churn : float, default 0.12
        Probability that a new customer leaves in the quarter after that of acquisition, on average over customers.
    polarisation : float, default 0.15
        How much customers differ in it, 1 / (α + β + 1): 0 for all alike, towards 1 for leaving at once or never.
    spend : float, default 45
        Dollars per customer and quarter.
    damping : float, default 0.9
        What is left of the growth each quarter after the table's end.
    shock : float, default 0.03
        Standard deviation (log scale) of what moves all customers' churn, or additions, in one quarter; of revenue per customer a third of it.
    counts : {"drawn", "expected"}
        Customers drawn one by one, or the model's expectations without any noise.

    Returns
    -------
    disclosures : DataFrame, by quarter (1 is the founding quarter)
        ``add``, ``loss``, ``end`` (customers) and ``revenue`` (dollars). ``loss`` is 0 in the founding quarter: customers acquired in a quarter pay
        for it and may leave in the next one at the earliest.
    truth : SubscriptionTruth

    Raises
    ------
    ValueError
        When a setting is impossible.

    Examples
    --------
    >>> table, truth = subscription_disclosures(rng=1)
    >>> bool((table["end"].diff().iloc[1:] == (table["add"] - table["loss"]).iloc[1:]).all())
    True
    """
    if not (quarters >= 2 and first_add > 0 and 0 < churn < 1 and 0 <= polarisation < 1 and spend > 0 and 0 <= damping <= 1 and shock >= 0):
        raise ValueError("A firm needs two quarters or more, a positive first_add and spend, a churn between 0 and 1, a polarisation from 0 up to but "
                         "not 1, a damping from 0 to 1 and no negative shock.")
    if counts not in ("drawn", "expected"):
        raise ValueError(f"counts={counts!r} is not known; say 'drawn' or 'expected'.")
    noise = _Noise(np.random.default_rng(rng), shock) if counts == "drawn" else _Noise(None, 0.0)
    model, index = _model(churn, polarisation), pd.RangeIndex(1, quarters + 1, name="quarter")
    path = first_add * np.exp(growth * np.arange(quarters))
    cohorts = _cohorts(noise.whole(path * noise.factor(quarters)), model, noise, index)
    add, end = pd.Series(np.diag(cohorts), index), cohorts.sum(axis=1)
    table = pd.DataFrame({"add": add, "loss": add + end.shift(fill_value=0) - end, "end": end,
                          "revenue": end * spend * noise.factor(quarters, 1 / 3)})
    if counts == "drawn":
        table = table.astype({"add": int, "loss": int, "end": int}).round({"revenue": 2})
    ahead = pd.RangeIndex(quarters + 1, quarters + 1 + AHEAD, name="quarter")
    additions = pd.Series(path[-1] * np.exp(growth * np.cumsum(damping ** np.arange(1.0, AHEAD + 1))), ahead, name="add")
    return table, SubscriptionTruth(model, cohorts, additions, float(spend))


class _Noise:
    """What moves a quarter, and how counts are drawn; nothing where there is no rng."""

    def __init__(self, rng, shock):
        self.rng, self.shock = rng, shock

    def factor(self, n, scale=1.0):
        """Lognormal factors with mean 1."""
        sd = self.shock * scale
        return np.ones(n) if self.rng is None else self.rng.lognormal(-sd**2 / 2, sd, n)

    def whole(self, counts):
        return counts if self.rng is None else np.round(counts)

    def leaving(self, customers, probability):
        return customers * probability if self.rng is None else self.rng.binomial(customers.astype(int), probability)


def _model(churn, polarisation):
    from ..clv import GeometricModel, ShiftedBetaGeoModel

    if polarisation == 0:
        return GeometricModel(churn)
    total = 1 / polarisation - 1
    return ShiftedBetaGeoModel(churn * total, (1 - churn) * total)


def _cohorts(add, model, noise, index):
    """Customers of each cohort (columns) at the end of each quarter (rows)."""
    n = len(add)
    hazard, moved = 1 - model.retention_rate(np.arange(1, n)) , noise.factor(n)
    left = np.full((n, n), np.nan)
    left[0, 0] = add[0]
    for t in range(1, n):
        before = left[t - 1, :t]
        left[t, :t] = before - noise.leaving(before, np.minimum(hazard[:t][::-1] * moved[t], 1))
        left[t, t] = add[t]
    return pd.DataFrame(left, index, index.rename("cohort"))
