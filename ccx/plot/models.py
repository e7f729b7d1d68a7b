"""Figures of the probability models as a whole: do they hold, how do customers differ, how sure is a fit?"""

import numpy as np
from scipy.special import betaincinv, betaln, gammaincinv, gammaln, xlog1py, xlogy

from .figure import ACCENT, GREY, PALE, describe, legend_above, new_axes, number

WORDS = {"rate": "Purchases per unit of time, while a customer", "leaving_rate": "Rate of leaving per unit of time",
         "dropout": "Probability of leaving, each time", "purchase_probability": "Probability of a purchase at an opportunity",
         "mean_spend": "Average spend per purchase"}


def plot_calibration(table, ax=None):
    """Draw how many customers made 0, 1, 2, … repeat purchases, beside the model's expectation.

    Parameters
    ----------
    table : DataFrame
        From `calibration_table`.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> plot_calibration(pd.DataFrame({"observed": [5, 3], "expected": [4.8, 3.2]})).get_ylabel()
    'Customers'
    """
    ax = ax if ax is not None else new_axes()
    ax.bar(table.index, table["observed"], color=PALE, label="customers observed")
    ax.plot(table.index, table["expected"], "o", color=ACCENT, ms=6, label="expected by the model")
    ax.set(xlabel="Repeat purchases", ylabel="Customers", xticks=table.index, xticklabels=_last_and_more(table.index))
    legend_above(ax, columns=2)
    rows = _side_by_side(table, "observed", "{:,.0f}")
    return describe(ax, f"Customers by repeat purchases, observed and expected by the model. {rows}.")


def plot_tracking(table, cumulative=True, ax=None):
    """Draw repeat purchases period by period, as they came and as the model expects them, with the holdout marked.

    Parameters
    ----------
    table : DataFrame
        From `tracking_table`.
    cumulative : bool, default True
        All purchases so far, or those of each period.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"actual": [1, 2], "expected": [1.5, 1.5], "actual_cumulative": [1, 3],
    ...                       "expected_cumulative": [1.5, 3.0], "holdout": [False, True]}, index=[1, 2])
    >>> plot_tracking(table).get_ylabel()
    'Repeat purchases so far'
    """
    ax = ax if ax is not None else new_axes()
    end = "_cumulative" if cumulative else ""
    ax.plot(table.index, table["actual" + end], color=GREY, label="actual")
    ax.plot(table.index, table["expected" + end], color=ACCENT, ls="--", lw=2, label="expected by the model")
    held = table[table["holdout"]]
    if len(held):
        start = table.index[~table["holdout"]].max()
        ax.axvline(start, color=PALE, lw=1)
        ax.annotate(" holdout", (start, 0), xycoords=("data", "axes fraction"), xytext=(0, 4), textcoords="offset points", color=GREY)
    ax.set(xlabel="Period", ylabel=f"Repeat purchases {'so far' if cumulative else 'in the period'}", xlim=(0, None), ylim=(0, None))
    legend_above(ax, columns=2)
    part, where = (held, f"In the holdout, the last {len(held)} periods,") if len(held) else (table, "In all")
    actual, expected = part["actual"].sum(), part["expected"].sum()
    off = f", {abs(expected / actual - 1):.1%} too {'many' if expected > actual else 'few'}" if actual else ""
    return describe(ax, f"Repeat purchases over {len(table)} periods, actual and expected. {where} there were {actual:,.0f}; "
                        f"the model expects {expected:,.0f}{off}.")


def plot_conditional_expectation(table, ax=None):
    """Draw purchases in the holdout by what customers did before, beside the model's expectation.

    Parameters
    ----------
    table : DataFrame
        From `conditional_expectation`.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"customers": [10, 5], "actual": [0.2, 0.9], "expected": [0.3, 0.8]})
    >>> plot_conditional_expectation(table).get_xlabel()
    'Repeat purchases in the calibration period'
    """
    ax = ax if ax is not None else new_axes()
    ax.plot(table.index, table["actual"], "o-", color=GREY, ms=5, label="actual")
    ax.plot(table.index, table["expected"], "s--", color=ACCENT, ms=5, label="expected by the model")
    ax.set(xlabel="Repeat purchases in the calibration period", ylabel="Purchases in the holdout, mean", ylim=(0, None),
           xticks=table.index, xticklabels=_last_and_more(table.index))
    legend_above(ax, columns=2)
    rows = _side_by_side(table, "actual", "{:.2f}")
    return describe(ax, f"Mean purchases in the holdout by repeat purchases before, actual and expected by the model. {rows}.")


def plot_mixing(model, what=None, ax=None):
    """Draw how customers differ: the density of a rate or a probability over customers.

    Parameters
    ----------
    model : any model with heterogeneity
    what : str, optional
        One of the keys of ``model.mixing``; the first by default.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from ccx.clv import BetaGeoModel
    >>> model = BetaGeoModel(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> plot_mixing(model, "dropout").get_xlabel()
    'Probability of leaving, each time'
    """
    what = what or next(iter(model.mixing))
    if what not in model.mixing:
        raise ValueError(f"{type(model).__name__} has no {what!r} that differs between customers, only {', '.join(model.mixing)}.")
    kind, one, two = model.mixing[what]
    ax = ax if ax is not None else new_axes(height=2.6)
    mean, end = _mean_and_end(kind, one, two)
    x = np.linspace(0, end, 402)[1:-1]
    density = np.exp(_log_density(kind, one, two, x))
    ax.fill_between(x, density, color=PALE)
    ax.plot(x, density, color=GREY)
    if np.isfinite(mean):
        ax.axvline(mean, color=ACCENT)
        ax.annotate(f"mean {number(mean)}", (mean, 1.02), xycoords=("data", "axes fraction"), color=ACCENT, ha="center")
    # A density without bound at the edge would leave nothing to see of the rest.
    unbounded = kind != "inverse gamma" and (one < 1 or (kind == "beta" and two < 1))
    top = 4 * np.interp(mean, x, density) if unbounded else density.max()
    ax.set(xlabel=WORDS[what], ylabel="Density", yticks=[], xlim=(0, end), ylim=(0, 1.1 * top))
    peak = "without bound at an end" if unbounded else f"highest at {number(x[density.argmax()])}"
    said = number(mean) if np.isfinite(mean) else "not finite"
    return describe(ax, f"How customers differ. {WORDS[what]}: the density is {peak}, the mean {said}.")


def _mean_and_end(kind, one, two):
    """The mean, and where the picture ends: with nearly all customers in it."""
    if kind == "beta":
        return one / (one + two), min(1.0, 1.05 * betaincinv(one, two, 0.995))
    if kind == "gamma":
        return one / two, gammaincinv(one, 0.97) / two
    return (two / (one - 1) if one > 1 else np.inf), two / gammaincinv(one, 0.03)


def plot_profile(profile, ax=None):
    """Draw how the log-likelihood falls as one parameter leaves its estimate, with the 95 percent interval.

    Parameters
    ----------
    profile : DataFrame
        From `profile_likelihood`.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> profile = pd.DataFrame({"fall": [3.0, 0.0, 3.0]}, index=pd.Index([0.5, 0.7, 0.9], name="alpha"))
    >>> plot_profile(profile).get_xlabel()
    'alpha'
    """
    ax = ax if ax is not None else new_axes()
    ax.plot(profile.index, -profile["fall"], color=ACCENT, lw=2)
    ax.axhline(-1.92, color=GREY, lw=1, ls="--")
    ax.annotate("95% interval above this line", (0.5, -1.92), xycoords=("axes fraction", "data"), xytext=(0, 3),
                textcoords="offset points", color=GREY, ha="center")
    ax.set(xlabel=profile.index.name, ylabel="Log-likelihood below its maximum")
    best = profile["fall"].idxmin()
    ends = [_crossing(side["fall"]) for side in (profile.loc[best::-1], profile.loc[best:])]
    low, high = ("beyond what is drawn" if end is None else number(end) for end in ends)
    return describe(ax, f"Log-likelihood below its maximum against {profile.index.name}: best at {number(best)}; it falls by 1.92, "
                        f"the end of the 95 percent interval, at {low} and at {high}.")


def _last_and_more(index):
    return [*map(str, index[:-1]), f"{index[-1]}+"]


def _side_by_side(table, real, form):
    """What was and what the model expects, row by row, in words."""
    return "; ".join(f"{x}: {form.format(was)} and {form.format(expected)}"
                     for x, was, expected in zip(_last_and_more(table.index), table[real], table["expected"]))


def _crossing(fall):
    """Where a row of values that begins at the maximum first falls by 1.92; None if it does not."""
    beyond = np.flatnonzero(fall >= 1.92)
    if not len(beyond):
        return None
    around = fall.iloc[beyond[0] - 1:beyond[0] + 1]
    return float(np.interp(1.92, around, around.index))


def _log_density(kind, one, two, x):
    """Of gamma (shape, rate), beta, and the inverse of a gamma (shape, scale)."""
    if kind == "beta":
        return xlogy(one - 1, x) + xlog1py(two - 1, -x) - betaln(one, two)
    if kind == "gamma":
        return one * np.log(two) + xlogy(one - 1, x) - two * x - gammaln(one)
    return one * np.log(two) - (one + 1) * np.log(x) - two / x - gammaln(one)
