"""Who the best customers are depends on when one looks: the window's length, and the next period."""

import numpy as np
import pandas as pd

from .concentration import _require_between, _values, top_share


def share_by_window(log, weeks, share=0.2):
    """Top share over windows of growing length, with and without the customers who bought nothing.

    Parameters
    ----------
    log : DataFrame with ``customer_id``, ``date`` and ``value``
    weeks : sequence of float
        Lengths of the windows in weeks, each counted from the log's first day.
    share : float, default 0.2

    Returns
    -------
    DataFrame, indexed by ``weeks``
        ``buyers`` (customers with value in the window), ``top_share`` among
        all customers of the log and ``top_share_buyers`` among the buyers.

    Raises
    ------
    ValueError
        When a column is missing, has gaps or holds no dates, or a window holds no spend.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": [1, 2, 1], "value": [5.0, 5.0, 20.0],
    ...                     "date": pd.to_datetime(["2024-01-01", "2024-01-02", "2024-03-01"])})
    >>> share_by_window(log, [1, 10], share=0.5)["top_share"].round(3).tolist()
    [0.5, 0.833]
    """
    _require_log(log)
    customers, everyone = pd.factorize(log["customer_id"])
    rows = [_window(log, customers, len(everyone), length, share) for length in weeks]
    return pd.DataFrame(rows, index=pd.Index(weeks, name="weeks"))


def _window(log, customers, n, weeks, share):
    if not weeks > 0:
        raise ValueError(f"A window must be longer than 0 weeks, but one is {weeks}.")
    inside = (log["date"] < log["date"].min().normalize() + pd.Timedelta(weeks=weeks)).to_numpy()
    # Several times as fast as groupby, which would look at the customers anew for each window.
    spend = np.bincount(customers[inside], weights=log["value"].to_numpy()[inside], minlength=n)
    buyers = spend[spend > 0]
    if not len(buyers):
        raise ValueError(f"The window of {weeks:g} weeks holds no spend: take a longer one.")
    return {"buyers": len(buyers), "top_share": top_share(spend, share), "top_share_buyers": top_share(buyers, share)}


def moderation(first, second, share=0.2):
    """How far a period's best customers are the next period's best.

    Parameters
    ----------
    first, second : Series of float, shape (n,), indexed by customer
        Value per customer in two periods; a customer absent from one counts as zero there.
    share : float, default 0.2

    Returns
    -------
    Series
        ``customers`` in a top group; ``missed``, the share of the second
        period's top that was not in the first's; ``false_alarm``, the share
        of the second period's others that was; ``carried``, the share of the
        second period's value that the first period's top brings.

    Raises
    ------
    ValueError
        As `lorenz`, for either period; when a customer appears twice in one;
        and when `share` is not between 0 and 1 or holds nobody.
    TypeError
        When a period is not a Series, so that its customers can't be told.

    Notes
    -----
    The two error rates are those of Malthouse and Blattberg (2005, Journal of
    Interactive Marketing 19). The top holds ``floor(share * n)`` customers;
    ties at its border are kept by customer order.

    Examples
    --------
    >>> first = pd.Series({"a": 9.0, "b": 5.0, "c": 1.0, "d": 1.0})
    >>> second = pd.Series({"a": 2.0, "b": 8.0, "c": 1.0, "d": 1.0})
    >>> float(moderation(first, second, share=0.25)["missed"])
    1.0
    """
    _require_between("share", share)
    first, second = _period(first).align(_period(second), fill_value=0.0)
    # 0.29 * 100 is 28.999…96 in floating point.
    size = int(round(share * len(first), 9))
    if size < 1:
        raise ValueError(f"A top share of {share:g} of {len(first)} customers holds nobody.")
    was, now = (_top(values, size) for values in (first, second))
    return pd.Series({"customers": float(size), "missed": float((now & ~was).sum() / size),
                      "false_alarm": float((was & ~now).sum() / (~now).sum()),
                      "carried": float(second[was].sum() / second.sum())})


def _period(values):
    if not isinstance(values, pd.Series):
        raise TypeError(f"Give each period as a Series indexed by customer, not as {type(values).__name__}.")
    if not values.index.is_unique:
        twice = values.index[values.index.duplicated()][0]
        raise ValueError(f"Customer {twice} appears more than once in a period: add the values up first.")
    # Aligning would turn a missing value into a zero, so it is refused before.
    return pd.Series(_values(values), index=values.index)


def _top(values, size):
    order = np.argsort(-values.to_numpy(), kind="stable")
    top = np.zeros(len(order), dtype=bool)
    top[order[:size]] = True
    return top


def _require_log(log):
    missing = [name for name in ("customer_id", "date", "value") if name not in log]
    if missing:
        raise ValueError(f"The log lacks the column {missing[0]!r}; it has {', '.join(map(repr, log.columns))}.")
    for name in ("customer_id", "date", "value"):
        if log[name].isna().any():
            raise ValueError(f"{log[name].isna().sum()} of {len(log)} rows lack {name!r}: drop or mend them first.")
    if not pd.api.types.is_datetime64_any_dtype(log["date"]):
        raise ValueError(f"The column 'date' must hold dates, not {log['date'].dtype}: convert it with pd.to_datetime.")
    if log.empty:
        raise ValueError("The log is empty: there is no purchase to count.")
