"""What a subscription firm is worth, from the customers it has and the customers it will have: customer-based corporate valuation."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ._disclosures import base_by_age
from ._model import require_rate
from ._rows import read_columns


@dataclass(frozen=True)
class Assumptions:
    """What a valuation takes as given: margins, costs, the discount rate, and what lies beside the business.

    Parameters
    ----------
    margin : float
        Share of revenue that is left after the variable costs, 0.6 for 60 percent.
    acquisition_cost : float
        Per customer added, in the currency of the revenue.
    discount_rate : float
        Per *year*, 0.10 for 10 percent.
    fixed_cost : float, default 0
        Per quarter, for ever.
    tax_rate : float, default 0
        Of what the operations are worth, if that is positive.
    other_assets, debt : float, default 0
        Non-operating assets (such as cash) and debt today; give net debt as `debt`.

    Raises
    ------
    ValueError
        When a number is impossible; names it.

    Examples
    --------
    >>> round(Assumptions(margin=0.6, acquisition_cost=80, discount_rate=0.10).quarterly_rate, 4)
    0.0241
    """

    margin: float
    acquisition_cost: float
    discount_rate: float
    fixed_cost: float = 0.0
    tax_rate: float = 0.0
    other_assets: float = 0.0
    debt: float = 0.0

    def __post_init__(self):
        require_rate(self.discount_rate)
        for name in ("margin", "acquisition_cost", "fixed_cost", "other_assets", "debt"):
            if not np.isfinite(getattr(self, name)):
                raise ValueError(f"{name} must be a number, not {getattr(self, name)}.")
        if self.margin > 1:
            raise ValueError(f"margin is a share of revenue, at most 1, not {self.margin}.")
        if not 0 <= self.tax_rate < 1:
            raise ValueError(f"tax_rate is a share, from 0 up to but not 1, not {self.tax_rate}.")

    @property
    def quarterly_rate(self):
        """The discount rate per quarter that compounds to the annual one: (1 + d)^(1/4) − 1."""
        return (1 + self.discount_rate) ** 0.25 - 1


def revenue_per_customer(disclosures, quarters=4):
    """Revenue per customer and quarter over the last quarters: what each customer pays at acquisition and at every renewal.

    Parameters
    ----------
    disclosures : DataFrame, by quarter
        With ``revenue`` and ``end``.
    quarters : int, default 4
        How many of the last quarters are averaged; all where there are fewer.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        When one of these quarters has no revenue figure or no customers.

    Examples
    --------
    >>> table = pd.DataFrame({"add": [100, 50], "loss": [0, 20], "end": [100, 130], "revenue": [4_000, 5_720]}, index=[1, 2])
    >>> revenue_per_customer(table, quarters=1)
    44.0
    """
    if quarters < 1:
        raise ValueError(f"quarters must be 1 or more, not {quarters}.")
    revenue, end = (column[-quarters:] for column in read_columns(disclosures, ["revenue", "end"]))
    if not (np.all(np.isfinite(revenue)) and np.all(end > 0)):
        raise ValueError(f"Each of the last {len(end)} quarters must have its revenue, and customers at its end.")
    return float(revenue.sum() / end.sum())


def project_additions(add, quarters=40, damping=0.9, recent=None):
    """Customers that the firm will add: the past trend goes on and fades.

    Parameters
    ----------
    add : Series, by quarter
        Customers added so far, all positive; the index counts quarters in whole numbers.
    quarters : int, default 40
        How many quarters to project.
    damping : float, default 0.9
        What is left of the growth rate each quarter: at 1 the trend goes on for ever, at 0 additions stay where they are.
    recent : int, optional
        How many of the last quarters the trend is fitted to; all by default.

    Returns
    -------
    Series, by quarter
        Named ``add``; the index goes on from the last quarter.

    Raises
    ------
    ValueError
        When a count is not positive, there are fewer than three, or a setting is impossible.

    Notes
    -----
    A straight line through the logarithms gives the level l at the last quarter and the growth b; in quarter j from now
    log add = l + b (φ + φ² + … + φʲ), the damped trend of Gardner and McKenzie (1985), "Forecasting trends in time series", Management
    Science 31(10), 1237-1246. A simple statement about acquisition, not a model of a market; replace it by any Series of your own.

    Examples
    --------
    >>> project_additions(pd.Series([100, 110, 121], index=[1, 2, 3]), quarters=3, damping=0.5).round(1).to_dict()
    {4: 126.9, 5: 130.0, 6: 131.5}
    """
    (level, growth), _ = fit_trend(add, recent)
    return damped_trend(level, growth, add.index[-1], quarters, damping)


def value_firm(disclosures, assumptions, additions, model, opening=None, spend=None):
    """What the firm is worth at the end of the table, and what that value is made of.

    Parameters
    ----------
    disclosures : DataFrame, by quarter
        ``add``, ``loss``, ``end`` and ``revenue``.
    assumptions : Assumptions
    additions : Series, by quarter
        Customers that will be added in the coming quarters, as from `project_additions`; after its end as many go on being added in every
        quarter as in its last (end it with a 0 if there are to be none).
    model : ShiftedBetaGeoModel, GeometricModel or another contractual model
        From `fit_disclosures`; with `constant_churn` the valuation is the naive one.
    opening : Series, optional
        As for `fit_disclosures`.
    spend : float, optional
        Revenue per customer and quarter; by default `revenue_per_customer`.

    Returns
    -------
    Series
        Parts with their signs, so that they sum to ``equity``: ``existing`` (margins still to come from the present customers), ``future``
        (those from the customers still to be added, less their acquisition), ``fixed_costs``, ``tax``, ``other_assets``, ``debt``.

    Notes
    -----
    Payments come at the end of a quarter: a customer pays when acquired and at each renewal; the present quarter's payments have been made.
    existing = margin · spend · Σ customers(age) · DERL(age); a customer added is worth margin · spend · Σ S(t) / (1+d)ᵗ (t = 0, 1, …) less the
    acquisition cost on the day. Operating assets = (existing + future + fixed costs) less tax; equity = operating assets + other assets −
    debt. After McCarthy, Fader and Hardie (2017), Journal of Marketing 81(1), 17-35, who also model how acquisition, churn and spend vary with time.

    Examples
    --------
    >>> from ccx.clv import fit_disclosures
    >>> from ccx.simulate import subscription_disclosures
    >>> table, truth = subscription_disclosures(rng=1)
    >>> given = Assumptions(margin=0.6, acquisition_cost=80, discount_rate=0.10, debt=1e6)
    >>> value = value_firm(table, given, project_additions(table["add"]), fit_disclosures(table))
    >>> bool(np.isclose(value.drop("equity").sum(), value["equity"]))
    True
    """
    spend = revenue_per_customer(disclosures) if spend is None else spend
    rate, paid = assumptions.quarterly_rate, assumptions.margin * spend
    existing = model.base_value(base_by_age(model, disclosures, opening)["customers"], rate, paid, payment="paid")
    each = paid * model.discounted_expected_lifetime(rate) - assumptions.acquisition_cost
    fixed_costs = -assumptions.fixed_cost / rate
    future = each * _present_number(additions, rate)
    tax = -assumptions.tax_rate * max(existing + future + fixed_costs, 0.0)
    parts = pd.Series({"existing": existing, "future": future, "fixed_costs": fixed_costs, "tax": tax,
                       "other_assets": assumptions.other_assets, "debt": -assumptions.debt}, name="value")
    parts["equity"] = parts.sum()
    return parts + 0.0


def lifetime_share(model, periods, discount_rate):
    """Share of a new customer's lifetime present value that falls into the first periods: what a "three-year CLV" leaves out.

    Parameters
    ----------
    model : ShiftedBetaGeoModel, GeometricModel or another contractual model
    periods : int or array_like of int
        Payments counted, the one at acquisition among them.
    discount_rate : float
        Per period of the model.

    Returns
    -------
    float or ndarray, shaped like `periods`

    Notes
    -----
    Σ S(t) / (1+d)ᵗ over t = 0 … periods − 1, as a share of the sum without end.

    Examples
    --------
    >>> from ccx.clv import ShiftedBetaGeoModel
    >>> high_end = ShiftedBetaGeoModel(0.668, 3.806)
    >>> lifetime_share(high_end, [3, 5, 10], discount_rate=0.10).round(3)
    array([0.404, 0.559, 0.777])
    """
    periods = np.asarray(periods)
    if not (np.issubdtype(periods.dtype, np.integer) and np.all(periods >= 0)):
        raise ValueError("periods are counted in whole numbers, 0 or more.")
    t = np.arange(periods.max(initial=0))
    summed = np.append(0, np.cumsum(model.survival(t) * (1 + discount_rate) ** -t.astype(float)))
    return (summed[periods] / model.discounted_expected_lifetime(discount_rate))[()]


def fit_trend(add, recent):
    """Level at the last quarter and growth per quarter, on a log scale, and the covariance of the two."""
    add = pd.Series(add, dtype=float)
    log_add = np.log(add.where(add > 0)).iloc[-(recent or len(add)):]
    if len(log_add) < 3 or not np.all(np.isfinite(log_add)) or not (recent is None or 3 <= recent <= len(add)):
        raise ValueError(f"A trend needs at least 3 quarters, all with customers added; there are {log_add.notna().sum()} such in the {len(log_add)} to be fitted.")
    line = np.column_stack([np.ones(len(log_add)), np.arange(len(log_add)) - len(log_add) + 1])
    found = np.linalg.lstsq(line, log_add, rcond=None)[0]
    noise = np.sum((log_add - line @ found) ** 2) / (len(log_add) - 2)
    return found, noise * np.linalg.inv(line.T @ line)


def damped_trend(level, growth, last, quarters, damping):
    if not (quarters >= 1 and 0 <= damping <= 1):
        raise ValueError(f"A projection needs at least one quarter and a damping between 0 and 1, not {quarters} and {damping}.")
    ahead = np.arange(1, quarters + 1)
    return pd.Series(np.exp(level + growth * np.cumsum(damping**ahead)), pd.RangeIndex(last + 1, last + 1 + quarters, name="quarter"), name="add")


def _present_number(additions, rate):
    """Customers to be added, discounted to today; after the path's end its last quarter is repeated for ever."""
    path = np.asarray(additions, dtype=float)
    if not (path.ndim == 1 and len(path) and np.all(np.isfinite(path) & (path >= 0))):
        raise ValueError("additions must be a row of counts, one for each coming quarter, none of them missing or negative.")
    discounted = path * (1 + rate) ** -np.arange(1.0, len(path) + 1)
    return discounted.sum() + discounted[-1] / rate
