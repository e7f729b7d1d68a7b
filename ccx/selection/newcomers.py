"""What customers bring from the day on which they were won: so far, and still to come."""

import pandas as pd

from ..customer_base import customer_base, days_in
from ._tables import require_columns


def value_since_acquisition(orders, groups, until, discount_rate, service_cost=None):
    """Each customer's value on the day of acquisition: the margin so far and the margin to come, before the cost of winning the customer.

    Parameters
    ----------
    orders : DataFrame
        ``customer_id``, ``date``, ``value`` (dollars) and ``margin`` (dollars): a row per order.
    groups : Series, indexed by customer
        Customers who are like each other, such as those of a channel: the models are fitted to each group by itself.
    until : date-like
        Last day that is known, included.
    discount_rate : float
        Per year, 0.10 for 10 percent.
    service_cost : Series of float, indexed by customer, optional
        What serving each customer has cost so far, in dollars.

    Returns
    -------
    DataFrame, by customer
        ``so_far``, ``to_come`` and ``value``, their sum, in dollars of the day on which the customer first bought.

    Raises
    ------
    ValueError
        When a column is missing or has gaps, or the groups do not hold just the customers of the orders.
    RuntimeError
        When a group is too small, or was watched for too short a time, for its models.

    Notes
    -----
    To come: BG/NBD and gamma-gamma (Fader, Hardie and Lee 2005) fitted to the group, times its margin net of service per dollar ordered, discounted from `until`
    to the first order. So far: each order's margin, discounted from its day; the service cost is taken off as it stands. One fit for all groups
    together would draw them towards each other: it takes a group for better or worse only as far as its orders so far show.

    Examples
    --------
    >>> import ccx
    >>> orders = ccx.load("cdnow_sample").assign(margin=lambda rows: 0.3 * rows["value"])
    >>> everybody = pd.Series("CDNOW", index=orders["customer_id"].unique())
    >>> value_since_acquisition(orders, everybody, until="1998-06-30", discount_rate=0.15).mean().round(1).to_dict()
    {'so_far': 29.5, 'to_come': 31.8, 'value': 61.4}
    """
    require_columns(orders, ["customer_id", "date", "value", "margin"], "list of orders")
    orders = orders[orders["date"] < pd.Timestamp(until) + pd.Timedelta(days=1)]
    base = customer_base(orders, calibration_end=until, time_unit="W")
    if not groups.index.is_unique or set(groups.index) != set(base.index) or groups.isna().any():
        raise ValueError("Each customer of the orders needs a group, once, and nobody else may have one.")
    by = orders.groupby("customer_id")
    age = (orders["date"] - by["date"].transform("min")).dt.days / days_in("Y")
    so_far = (orders["margin"] / (1 + discount_rate) ** age).groupby(orders["customer_id"]).sum()
    cost = pd.Series(0.0, base.index) if service_cost is None else service_cost.reindex(base.index)
    kept = (by["margin"].sum() - cost).groupby(groups).sum() / by["value"].sum().groupby(groups).sum()
    later = pd.concat([_to_come(base.loc[ids], kept[name], discount_rate) for name, ids in groups.groupby(groups).groups.items()])
    to_come = later / (1 + discount_rate) ** (base["T"] * days_in("W") / days_in("Y"))
    return pd.DataFrame({"so_far": so_far - cost, "to_come": to_come}).assign(value=lambda table: table.sum(axis=1)).reindex(groups.index)


def _to_come(base, margin, discount_rate):
    from ..clv import BetaGeoModel, GammaGammaModel, expected_customer_lifetime_value

    visits, spend = BetaGeoModel.fit(base), GammaGammaModel.fit(base[base["monetary_value"] > 0])
    return expected_customer_lifetime_value(base, visits, spend, margin=margin, discount_rate=discount_rate, time_unit="W")
