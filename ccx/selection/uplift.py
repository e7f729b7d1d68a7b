"""What a treatment changes, and whom to treat on a budget: randomised trials, with intervals."""

import numpy as np
import pandas as pd

from ..heterogeneity.over_time import _top


def uplift_by_arm(outcome, arm, control="control", by=None, before=None, confidence_level=0.95):
    """The effect of each treatment in a randomised trial: difference of means against the control arm, with an interval.

    Parameters
    ----------
    outcome : Series of float, shape (n,), indexed by customer
    arm : Series
        Which arm each customer was drawn into.
    control : label, default "control"
        The arm without treatment.
    by : Series, optional
        Groups of customers, known before the trial; then each has an effect of its own.
    before : Series of float, optional
        A number known before the trial, such as last quarter's margin; what it foretells of the outcome is taken off first.
    confidence_level : float, default 0.95

    Returns
    -------
    DataFrame, by arm (and group)
        ``customers`` and ``controls``, ``treated`` and ``control`` (mean outcomes), ``uplift``, its standard ``error``, and ``low`` and ``high``.

    Raises
    ------
    ValueError
        When an arm (in a group) has fewer than two customers, the control arm is missing, or a value is.

    Notes
    -----
    Welch's interval (1947, Biometrika 34), which lets the arms have spreads of their own. With `before`, means are of outcome − θ (before − its
    mean), θ the slope within arms pooled over all of them: the same effect on average, with a standard error smaller by the factor √(1 −
    correlation²) (Deng, Xu, Kohavi and Walker 2013, WSDM, who call it CUPED).

    Examples
    --------
    >>> outcome = pd.Series([3.0, 5, 4, 8, 10, 9])
    >>> arm = pd.Series(["control"] * 3 + ["voucher"] * 3)
    >>> uplift_by_arm(outcome, arm)[["treated", "control", "uplift", "low", "high"]].round(2)
             treated  control  uplift   low  high
    arm
    voucher      9.0      4.0     5.0  2.73  7.27
    """
    trial = _trial(outcome, arm=arm, before=before, by=by)
    if by is None:
        return _effects(trial, control, confidence_level)
    parts = {group: _effects(rows, control, confidence_level) for group, rows in trial.groupby("by", observed=True)}
    return pd.concat(parts, names=[getattr(by, "name", None) or "group"])


def _trial(outcome, **columns):
    """The columns of a trial as one table, checked; what is known of customers outside it does not matter."""
    columns = {"outcome": outcome, **{name: column for name, column in columns.items() if column is not None}}
    if all(column.index.is_unique for column in columns.values()):
        frame = pd.DataFrame({name: column.reindex(outcome.index) for name, column in columns.items()})
        if not frame.isna().any(axis=None):
            return frame
    raise ValueError("A customer appears twice, or has no outcome, arm or other value: give one row per customer of the trial.")


def _effects(trial, control, confidence_level):
    arms = trial["arm"].unique()
    if control not in arms:
        raise ValueError(f"No customer is in the control arm {control!r}; the arms are {', '.join(map(repr, arms))}.")
    outcome = _adjusted(trial) if "before" in trial else trial["outcome"]
    found = outcome.astype(float).groupby(trial["arm"], observed=True).agg(["size", "mean", "var"])
    if found["size"].min() < 2:
        raise ValueError(f"The arm {found['size'].idxmin()!r} has fewer than two customers: an interval needs at least two in each.")
    table = pd.DataFrame([_welch(row, found.loc[control], confidence_level) for name, row in found.iterrows() if name != control],
                         index=pd.Index([name for name in found.index if name != control], name="arm"))
    return table.astype({"customers": int, "controls": int})


def _adjusted(trial):
    """The outcome less what was known before: each arm's mean keeps its place."""
    x, y = (trial[name] - trial.groupby("arm", observed=True)[name].transform("mean") for name in ("before", "outcome"))
    slope = (x @ y) / (x @ x) if x.any() else 0.0
    return trial["outcome"] - slope * (trial["before"] - trial["before"].mean())


def _welch(treated, control, confidence_level):
    from scipy.special import stdtrit

    parts = np.array([treated["var"] / treated["size"], control["var"] / control["size"]])
    error = np.sqrt(parts.sum())
    freedom = parts.sum() ** 2 / (parts**2 / [treated["size"] - 1, control["size"] - 1]).sum() if error else 1.0
    reach = error * stdtrit(freedom, (1 + confidence_level) / 2)
    difference = treated["mean"] - control["mean"]
    return {"customers": treated["size"], "controls": control["size"], "treated": treated["mean"], "control": control["mean"], "uplift": difference,
            "error": error, "low": difference - reach, "high": difference + reach}


def chosen(score, k):
    """Whom a score puts first: the `k` customers who score highest.

    Parameters
    ----------
    score : Series of float, shape (n,), indexed by customer
    k : int
        How many the budget allows.

    Returns
    -------
    Series of bool, indexed as `score`
        Ties at the border are kept by customer order.

    Raises
    ------
    ValueError
        When a score is missing, or `k` is no whole number from 1 to n.

    Examples
    --------
    >>> chosen(pd.Series([0.1, 0.9, 0.5], index=list("abc")), k=2).to_dict()
    {'a': False, 'b': True, 'c': True}
    """
    if score.isna().any():
        raise ValueError(f"{score.isna().sum()} of {len(score)} customers have no score: leave them out or give them one.")
    if not 1 <= k <= len(score) or k != int(k):
        raise ValueError(f"k is how many of {len(score)} customers to choose, a whole number, not {k}.")
    return pd.Series(_top(score, int(k)), score.index, name="chosen")


def policy_profit(treat, outcome, arm, treatment, control="control", before=None, cost=0.0, confidence_level=0.95):
    """What treating just these customers would have brought, estimated from a trial in which everybody's arm was drawn.

    Parameters
    ----------
    treat : Series of bool, or DataFrame with a column per policy, indexed by customer
        Whom the policy treats, decided without looking at outcomes; at least two of them in each of the two arms.
    outcome, arm, control, before : as for `uplift_by_arm`
    treatment : label
        The arm that the policy gives.
    cost : float, default 0
        Of treating one customer, in dollars, as far as `outcome` does not contain it.
    confidence_level : float, default 0.95

    Returns
    -------
    DataFrame, by policy
        ``customers`` treated, ``uplift`` per customer after `cost`, ``profit`` in all, ``error`` of the profit, ``low`` and ``high``.

    Raises
    ------
    ValueError
        As `uplift_by_arm`.

    Notes
    -----
    Among those whom the policy picks, treatment was still drawn at random: the difference of their means, times their number, is the estimator by
    inverse propensities with weights that are made to sum to one (Hájek 1971; Hitsch, Misra and Zhang 2024, Quantitative Marketing and Economics 22).
    Customers in other arms count among those treated. Two policies that share customers share luck too: their intervals say nothing about the
    difference between them.

    Examples
    --------
    >>> outcome, arm = pd.Series([3.0, 5, 4, 8, 1, 2, 1, 2]), pd.Series(["control", "control", "voucher", "voucher"] * 2)
    >>> best = pd.Series([True] * 4 + [False] * 4)
    >>> policy_profit(pd.DataFrame({"best": best, "all": True}), outcome, arm, "voucher", cost=0.5)[["customers", "uplift", "profit"]]
            customers  uplift  profit
    policy
    best            4     1.5     6.0
    all             8     0.5     4.0
    """
    policies = treat.to_frame("policy") if isinstance(treat, pd.Series) else treat
    rows = {name: _one_policy(flag.astype(bool), _trial(outcome, arm=arm, before=before), treatment, control, cost, confidence_level)
            for name, flag in policies.items()}
    return pd.DataFrame(rows.values(), index=pd.Index(rows, name="policy")).astype({"customers": int})


def _one_policy(flag, trial, treatment, control, cost, confidence_level):
    among = trial.loc[flag.index[flag]]
    if treatment not in among["arm"].unique():
        raise ValueError(f"Nobody whom the policy treats was in the arm {treatment!r}.")
    row, n = _effects(among[among["arm"].isin([treatment, control])], control, confidence_level).loc[treatment], len(among)
    return {"customers": n, "uplift": row["uplift"] - cost, "profit": n * (row["uplift"] - cost), "error": n * row["error"],
            "low": n * (row["low"] - cost), "high": n * (row["high"] - cost)}
