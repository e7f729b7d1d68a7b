"""Who responds: Qini curves down a list of customers, and what the best of many groups promises and keeps."""

import numpy as np
import pandas as pd

from .uplift import _adjusted, _trial


def qini_curve(score, outcome, arm, treatment, control="control", before=None):
    """What treating the first, the first two, … customers by a score adds, per customer of the trial's treated arm.

    Parameters
    ----------
    score : Series of float, shape (n,), indexed by customer
        Whoever scores higher is treated earlier; customers who tie come in together.
    outcome, arm, treatment, control, before : as for `policy_profit`

    Returns
    -------
    DataFrame
        ``share`` of customers treated, from 0 to 1; ``gain``; and ``random``, the gain when as many are treated at random.

    Notes
    -----
    gain = (Y_T − Y_C n_T / n_C) / N_T, with the sums Y and numbers n of the treated and the control arm among those who come first, and N_T all of
    the treated arm (Radcliffe 2007, Direct Marketing Analytics Journal). Before anybody of the control arm has come in, it is 0.

    Examples
    --------
    >>> score, outcome = pd.Series([9, 9, 1, 1]), pd.Series([7.0, 2.0, 1.0, 3.0])
    >>> qini_curve(score, outcome, pd.Series(["voucher", "control"] * 2), "voucher")
       share  gain  random
    0    0.0   0.0    0.00
    1    0.5   2.5    0.75
    2    1.0   1.5    1.50
    """
    trial = _trial(outcome, score=score, arm=arm, before=before)
    trial = trial[trial["arm"].isin([treatment, control])]
    trial = trial if before is None else trial.assign(outcome=_adjusted(trial))
    is_treated = trial["arm"] == treatment
    if not 0 < is_treated.sum() < len(trial):
        raise ValueError(f"The trial needs customers in both arms, {treatment!r} and {control!r}.")
    sums = pd.DataFrame({"n_t": is_treated, "n_c": ~is_treated, "y_t": trial["outcome"] * is_treated, "y_c": trial["outcome"] * ~is_treated})
    run = sums.groupby(trial["score"]).sum().iloc[::-1].cumsum()
    gain = np.where(run["n_c"] > 0, run["y_t"] - run["y_c"] * run["n_t"] / run["n_c"].clip(lower=1), 0.0) / is_treated.sum()
    share = (run["n_t"] + run["n_c"]) / len(trial)
    curve = pd.DataFrame({"share": np.append(0.0, share), "gain": np.append(0.0, gain)})
    return curve.assign(random=curve["share"] * curve["gain"].iloc[-1])


def qini(curve):
    """The Qini coefficient: the area between a Qini curve and that of treating at random.

    Parameters
    ----------
    curve : DataFrame
        From `qini_curve`.

    Returns
    -------
    float
        In the unit of the outcome per customer; 0 for a score that says nothing, negative for one that puts the wrong ones first.

    Examples
    --------
    >>> qini(pd.DataFrame({"share": [0, 0.5, 1], "gain": [0, 2.5, 1.5], "random": [0, 0.75, 1.5]}))
    0.875
    """
    lead = (curve["gain"] - curve["random"]).to_numpy()
    return float(np.diff(curve["share"]) @ (lead[1:] + lead[:-1]) / 2)


def best_of_groups(outcome, arm, by, treatment, rng, control="control", n_splits=200):
    """Choose the group with the largest uplift in one half of a trial, and look at it in the other half.

    Parameters
    ----------
    outcome, arm, control : as for `uplift_by_arm`
    by : Series
        The groups to choose from.
    treatment : label
    rng : Generator or int
    n_splits : int, default 200
        How often the trial is cut in half anew.

    Returns
    -------
    DataFrame, one row per split
        ``group`` chosen, ``promised`` (its uplift in the half that it was chosen on) and ``kept`` (its uplift in the other half).

    Raises
    ------
    ValueError
        When some half of a group has nobody in an arm.

    Notes
    -----
    The best of m groups is partly the luckiest: if nothing works for anybody, the promised uplift is still that of the largest of m normal errors
    (about 1.87 standard errors for m = 20), and the kept one 0 on average. Athey and Imbens (2016, PNAS 113) call the remedy, choosing on one half
    and judging on the other, honest.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> outcome, arm = pd.Series(rng.normal(size=2000)), pd.Series(["letter", "control"] * 1000)
    >>> found = best_of_groups(outcome, arm, pd.Series(np.arange(2000) // 2 % 20), "letter", rng=2)
    >>> found[["promised", "kept"]].mean().round(2).to_dict()
    {'promised': 0.47, 'kept': -0.1}
    """
    rng = np.random.default_rng(rng)
    trial = _trial(outcome, arm=arm, by=by)
    trial = trial[trial["arm"].isin([treatment, control])]
    groups, names = pd.factorize(trial["by"], sort=True)
    values, treated, m = trial["outcome"].to_numpy(float), (trial["arm"] == treatment).to_numpy(), len(names)

    def effects(half):
        cell = 2 * groups[half] + treated[half]
        count = np.bincount(cell, minlength=2 * m)
        if not count.all():
            raise ValueError("A group has nobody in one arm of one half: take fewer, larger groups.")
        mean = np.bincount(cell, values[half], minlength=2 * m) / count
        return mean[1::2] - mean[::2]

    rows = []
    for _ in range(n_splits):
        half = rng.random(len(trial)) < 0.5
        here, there = effects(half), effects(~half)
        rows.append((names[here.argmax()], here.max(), there[here.argmax()]))
    return pd.DataFrame(rows, columns=["group", "promised", "kept"])
