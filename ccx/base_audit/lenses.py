"""The first two lenses: how different customers are within one period, and what changed between two."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..heterogeneity import decile_table, effective_customers, gini, top_share
from .growth import decompose_growth

MOST_ORDERS = 10


@dataclass(frozen=True)
class OnePeriod:
    """The first lens: one period.

    Attributes
    ----------
    period : Period
    customers : DataFrame, indexed by ``customer_id``
        ``orders``, ``revenue`` and, with margins, ``profit`` of those who ordered.
    summary : Series
        Counts, means and measures of concentration.
    orders : DataFrame, indexed by the number of orders, "0" for those who returned only
        ``customers``, ``share``, ``revenue``, ``revenue_share``.
    deciles : DataFrame
        Tenths of the customers by revenue, best first; then, where there are any, those whose returns were larger than their orders, and those who returned
        only. ``revenue`` adds up to that of the period.
    """

    period: pd.Period
    customers: pd.DataFrame
    summary: pd.Series
    orders: pd.DataFrame
    deciles: pd.DataFrame


def one_period(activity, period):
    """Look at one period, and how different its customers are.

    Parameters
    ----------
    activity : DataFrame
        As `ccx.audit` makes it: ``customer_id``, ``cohort``, ``period``, ``orders``, ``revenue`` and, with margins, ``profit``.
    period : Period or str

    Returns
    -------
    OnePeriod

    Raises
    ------
    ValueError
        When nobody ordered in it.

    Notes
    -----
    Shares and the Gini coefficient are those of `ccx.heterogeneity`, among customers whose revenue is not below zero. They hold for a period of this length:
    in a longer one customers have more chances to come back.

    Examples
    --------
    >>> import ccx
    >>> one_period(ccx.audit(ccx.load("company")).activity, "2025Q4").summary[["top_20", "one_order"]].round(3).to_dict()
    {'top_20': 0.607, 'one_order': 0.655}
    """
    inside = activity[activity["period"] == period].set_index("customer_id")
    buyers, others = inside[inside["orders"] > 0], inside[inside["orders"] == 0]
    if buyers.empty:
        raise ValueError(f"nobody ordered in {period}.")
    sums = [name for name in ("orders", "revenue", "profit") if name in inside]
    period, deciles = pd.Period(period, activity["period"].dtype.freq), _deciles(buyers[sums], others[sums])
    return OnePeriod(period, buyers[sums], _summary(buyers, inside), _orders(inside), deciles)


def _summary(buyers, inside):
    revenue = buyers["revenue"]
    positive = revenue[revenue >= 0]
    found = {"customers": len(buyers), "orders": buyers["orders"].sum(), "revenue": inside["revenue"].sum(), "orders_per_customer": buyers["orders"].mean(),
             "value_per_order": inside["revenue"].sum() / buyers["orders"].sum(), "mean": revenue.mean(), "median": revenue.median(),
             "below_mean": (revenue < revenue.mean()).mean(), "one_order": (buyers["orders"] == 1).mean(), "below_zero": (revenue < 0).sum()}  # fmt: skip
    if positive.sum() > 0:
        found |= {"gini": gini(positive), "effective_customers": effective_customers(positive)} | {f"top_{p}": top_share(positive, p / 100) for p in (1, 10, 20)}
    if "profit" in inside:
        margin = inside["profit"].sum() / inside["revenue"].sum() if inside["revenue"].sum() > 0 else np.nan
        found |= {"profit": inside["profit"].sum(), "margin": margin, "at_a_loss": (buyers["profit"] < 0).sum()}
    return pd.Series(found, dtype=float)


def _orders(inside):
    number = inside["orders"].clip(upper=MOST_ORDERS)
    table = inside.groupby(number)["revenue"].agg(customers="size", revenue="sum")
    table = table.assign(share=table["customers"] / table["customers"].sum(), revenue_share=table["revenue"] / table["revenue"].sum())
    labels = [f"{n}+" if n == MOST_ORDERS else str(n) for n in table.index]
    return table[["customers", "share", "revenue", "revenue_share"]].set_axis(pd.Index(labels, name="orders"))


def _deciles(buyers, others):
    positive = buyers[buyers["revenue"] >= 0]
    groups = min(10, len(positive))
    parts = [pd.DataFrame()]
    if groups and positive["revenue"].sum() > 0:
        # The same order and the same borders as decile_table's.
        ranked = positive.iloc[np.argsort(-positive["revenue"].to_numpy(), kind="stable")]
        place = np.arange(len(ranked)) * groups // len(ranked) + 1
        table = decile_table(positive["revenue"], groups).rename(columns={"value": "revenue"})
        parts, positive = [table.join(ranked.groupby(place)[[name for name in ranked if name != "revenue"]].sum())], positive.iloc[:0]
    for name, rows in (("zero", positive), ("below zero", buyers[buyers["revenue"] < 0]), ("returns only", others)):
        if len(rows):
            parts.append(rows.sum().to_frame(name).T.assign(customers=len(rows), mean=rows["revenue"].mean()))
    table = pd.concat(parts).rename(index=str).rename_axis("decile")
    table = table.assign(orders_per_customer=table["orders"] / table["customers"], value_per_order=table["revenue"] / table["orders"].where(table["orders"] > 0))
    return table.astype({"customers": int, "orders": int})


@dataclass(frozen=True)
class TwoPeriods:
    """The second lens: two periods.

    Attributes
    ----------
    first, second : Period
    flows : DataFrame
        Who stayed, went, came back or is new: ``customers``, ``orders_first``, ``orders_second``, ``revenue_first``, ``revenue_second`` and ``change``, which
        add up to those of the periods.
    growth : DataFrame
        From `decompose_growth`: revenue as customers × orders per customer × value per order.
    profit_growth : DataFrame or None
        The same of profit, with the margin, profit per unit of revenue, as the fourth factor; None without margins.
    migration : DataFrame
        Customers by their tenth in the first period (rows) and in the second (columns), 1 the best.
    """

    first: pd.Period
    second: pd.Period
    flows: pd.DataFrame
    growth: pd.DataFrame
    profit_growth: pd.DataFrame | None
    migration: pd.DataFrame


def two_periods(activity, first, second):
    """Look at two periods: who stayed, who went, who came, and what made revenue grow.

    Parameters
    ----------
    activity : DataFrame
        As for `one_period`.
    first, second : Period or str
        The earlier and the later one; they need not be neighbours.

    Returns
    -------
    TwoPeriods

    Raises
    ------
    ValueError
        When they are out of order, or nobody ordered in one of them.

    Notes
    -----
    ``stayed`` ordered in both, ``went`` in the first only. Of those who ordered in the second only, ``came back`` had ordered before the first, and the first
    purchase of ``new`` is after it. ``returns only`` ordered in neither and sent something back. Without a contract, who went may come again.

    Examples
    --------
    >>> import ccx
    >>> two_periods(ccx.audit(ccx.load("company")).activity, "2024Q4", "2025Q4").flows["change"].round().to_dict()
    {'stayed': 10105.0, 'went': -118894.0, 'came back': 13614.0, 'new': 228796.0}
    """
    first, second = (pd.Period(period, activity["period"].dtype.freq) for period in (first, second))
    if not first < second:
        raise ValueError(f"the first period must be before the second, but {first} is not before {second}.")
    wide = _wide(activity, first, second)
    for period, column in ((first, "orders_first"), (second, "orders_second")):
        if not wide[column].any():
            raise ValueError(f"nobody ordered in {period}.")
    before, after = (_factors(wide, side) for side in ("first", "second"))
    growth = decompose_growth(before.iloc[:3], after.iloc[:3])
    return TwoPeriods(first, second, _flows(wide, first), growth, decompose_growth(before, after) if len(before) > 3 else None, _migration(wide, first))


def _wide(activity, first, second):
    """A row for each customer with something in either period."""
    sides = [activity[activity["period"] == period].set_index("customer_id").drop(columns="period") for period in (first, second)]
    sums = [side.drop(columns="cohort").add_suffix(name) for side, name in zip(sides, ("_first", "_second"))]
    wide = sums[0].join(sums[1], how="outer", sort=True).fillna(0)
    cohort = pd.concat([side["cohort"] for side in sides])
    return wide.assign(cohort=cohort[~cohort.index.duplicated()])


def _groups(wide, first):
    before, after = wide["orders_first"] > 0, wide["orders_second"] > 0
    return np.select([before & after, before, after & (wide["cohort"] > first), after], ["stayed", "went", "new", "came back"], "returns only")


def _flows(wide, first):
    sums = ["orders_first", "orders_second", "revenue_first", "revenue_second"]
    groups = wide.assign(change=wide["revenue_second"] - wide["revenue_first"]).groupby(_groups(wide, first))
    table = groups[[*sums, "change"]].sum()
    table.insert(0, "customers", groups.size())
    table = table.reindex(["stayed", "went", "came back", "new", "returns only"], fill_value=0)
    table = table if table.loc["returns only", "customers"] else table.drop("returns only")
    return table.astype({"customers": int, "orders_first": int, "orders_second": int}).rename_axis("group")


def _factors(wide, side):
    orders, revenue = wide[f"orders_{side}"], wide[f"revenue_{side}"].sum()
    factors = {"customers": (orders > 0).sum(), "orders per customer": orders.sum() / (orders > 0).sum(), "value per order": revenue / orders.sum()}
    if f"profit_{side}" in wide:
        factors["profit margin"] = wide[f"profit_{side}"].sum() / revenue if revenue else np.nan
    return pd.Series(factors)


def _migration(wide, first):
    tenths = [_tenths(wide[f"revenue_{side}"][wide[f"orders_{side}"] > 0], wide.index) for side in ("first", "second")]
    rows = tenths[0].mask(_groups(wide, first) == "new", "new")
    columns = [str(tenth) for tenth in range(1, 11)]
    bought = wide[["orders_first", "orders_second"]].any(axis=1)
    table = pd.crosstab(rows[bought], tenths[1][bought]).reindex(index=[*columns, "no order", "new"], columns=[*columns, "no order"], fill_value=0)
    return table.rename_axis(index="first", columns="second")


def _tenths(revenue, everyone):
    place = np.argsort(np.argsort(-revenue.to_numpy(), kind="stable"), kind="stable")
    return pd.Series((place * 10 // len(revenue) + 1).astype(str), revenue.index, dtype=object).reindex(everyone, fill_value="no order")
