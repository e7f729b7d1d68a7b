"""Do customers change, or do they only look so? Regression to the mean, group by group, and what part of the differences lasts."""

import numpy as np
import pandas as pd


def quantile_groups(values, groups=5):
    """Number each customer's group when all are sorted from the lowest up into equally large groups.

    Parameters
    ----------
    values : Series of float, shape (n,), indexed by customer
    groups : int, default 5
        Fifths, tenths, and so on.

    Returns
    -------
    Series of int
        From 1 (the lowest) to `groups`.

    Raises
    ------
    ValueError
        When a value is missing or there are fewer customers than groups.

    Notes
    -----
    Group sizes differ by one customer at most. Ties at a border fall to one side by their order in the data. `ccx.decile_table` counts the other way,
    from the best.

    Examples
    --------
    >>> quantile_groups(pd.Series([9, 1, 5, 5], index=list("abcd")), groups=2).to_dict()
    {'a': 2, 'b': 1, 'c': 1, 'd': 2}
    """
    values = pd.Series(values)
    if values.isna().any():
        raise ValueError(f"{values.isna().sum()} of {len(values)} values are missing: drop them or fill them with 0 first.")
    if not 1 <= groups <= len(values) or groups != int(groups):
        raise ValueError(f"{len(values)} customers can't be put into {groups} groups.")
    place = values.rank(method="first").astype(int) - 1
    return (place * int(groups) // len(values) + 1).rename("group")


def change_by_group(before, after, group, expected=None):
    """What each group of customers brought in one period and in the next.

    Parameters
    ----------
    before : Series of float, shape (n,), indexed by customer
        Money or purchases in the first period.
    after : Series of float
        The same in the second; a customer without an entry brought 0.
    group : Series, or list of Series
        Whom to put together, for example `quantile_groups` of `before`, or those and the arm of a trial.
    expected : Series of float, optional
        What each customer was to bring in the second period if nothing but chance (or whatever its model says) were at work, for example
        `NBDModel.expected_purchases`.

    Returns
    -------
    DataFrame, by group
        ``customers``; ``before`` and ``after``, means per customer; ``change``, the ratio of the two; ``relative``, that ratio over the ratio of all
        customers together;
        and with `expected` its mean, and ``regression``, the share of the difference between after and before that was to be expected.

    Raises
    ------
    ValueError
        When a customer appears twice or a value is missing.

    Notes
    -----
    Whoever is put into the lowest group for a low first period is there partly for bad luck, and luck does not repeat: the group's mean moves towards
    that of all (Galton 1886, Journal of the Anthropological Institute 15). Where types are fixed and only luck varies, counts follow the NBD, and
    E[X₂ | x₁] = t₂ (r + x₁) / (α + t₁): the share of the difference that this explains is ``regression``. Customers' own ups and downs come on top; a
    control group shows both together.

    Examples
    --------
    >>> before, after = pd.Series([1.0, 3.0, 20.0, 40.0]), pd.Series([4.0, 4.0, 22.0, 28.0])
    >>> change_by_group(before, after, quantile_groups(before, 2)).round(2)
           customers  before  after  change  relative
    group
    1              2     2.0    4.0    2.00      2.21
    2              2    30.0   25.0    0.83      0.92
    """
    columns = {"before": before, "after": pd.Series(after).reindex(before.index, fill_value=0)}
    columns |= {} if expected is None else {"expected": expected.reindex(before.index)}
    frame = pd.DataFrame(columns)
    if not frame.index.is_unique or frame.isna().any(axis=None):
        raise ValueError("A customer appears twice, or a value is missing: give one number per customer and period.")
    by = frame.groupby(group, observed=True, sort=True)
    table = by[list(columns)].mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        table["change"] = table["after"] / table["before"]
        table["relative"] = table["change"] / (frame["after"].sum() / frame["before"].sum())
        if expected is not None:
            table["regression"] = (table["expected"] - table["before"]) / (table["after"] - table["before"])
    table.insert(0, "customers", by.size())
    return table


def variance_parts(panel, counts=True):
    """Split the differences in what customers bring in a period: who they are, how they change, and luck.

    Parameters
    ----------
    panel : DataFrame, shape (n, periods)
        What each customer (row) bought in each of two or more equally long periods (columns).
    counts : bool, default True
        Whether these are numbers of purchases, whose luck is known. For money, change and luck can't be told apart.

    Returns
    -------
    DataFrame, by part
        ``variance`` and ``share`` of: ``types`` (differences that last from one period to the others), ``change`` (of customers' own rates
        between periods) and ``luck``; or ``types`` and ``change and luck``.

    Raises
    ------
    ValueError
        With fewer than two periods or customers, a missing value, or customers who are all alike.

    Notes
    -----
    ``types`` is the mean covariance between two periods; its share is the intraclass correlation, in the form that takes each period's mean out
    (ICC(3,1) of Shrout and Fleiss 1979, Psychological Bulletin 86). A customer who buys at random at a rate λ has the variance λ (Poisson), so
    ``luck`` is the mean count, and ``change`` what remains of the mean variance of a period. It is negative where customers buy more regularly than
    at random. For unequal numbers of observations see `variance_components`.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> rate = rng.gamma(2, 5, 20_000)
    >>> variance_parts(pd.DataFrame({"first": rng.poisson(rate), "second": rng.poisson(rate)})).round(2)
            variance  share
    part
    types      49.76   0.83
    change     -0.00  -0.00
    luck        9.93   0.17
    """
    values = np.asarray(panel, dtype=float)
    if values.ndim != 2 or min(values.shape) < 2 or not np.isfinite(values).all():
        raise ValueError("Give a table of at least two customers (rows) by two periods (columns) without gaps.")
    between = np.cov(values.T)
    total, periods = between.trace() / len(between), len(between)
    if not total > 0:
        raise ValueError("All customers are alike in every period, so there is nothing to split.")
    types = (between.sum() - between.trace()) / (periods * (periods - 1))
    luck = values.mean()
    parts = {"types": types, "change": total - types - luck, "luck": luck} if counts else {"types": types, "change and luck": total - types}
    variance = pd.Series(parts, name="variance").rename_axis("part")
    return variance.to_frame().assign(share=variance / total)
