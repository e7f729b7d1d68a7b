"""Lesson 03: how customers who differ in their inclination to leave make retention rise, and what one rate for all costs."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter
from scipy.special import betaln, xlog1py, xlogy

from ..clv import GeometricModel, ShiftedBetaGeoModel, aggregate_retention
from ..plot import ACCENT, GREY, PALE
from ._explorer import Explorer, Scene, Slider

# The firm of Fader and Hardie's cases: new customers of the last five years; each pays $100 a year, discounted at 10 %.
ACQUIRED = [10_000, 15_000, 17_500, 19_000, 20_500]
MARGIN, DISCOUNT_RATE, YEARS = 100, 0.10, 12
TASK = ("Keep the mean churn at 0.20, so that 80% renew the first time, whatever the polarisation. "
        "Find the polarisation at which one retention rate for all misses a third (33%) of what the base is worth.")


def sorting():
    """Open the explorer of lesson 03: two sliders shape the distribution of the probability of leaving.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> explorer = sorting()
    >>> explorer.widgets["mean"].value = 0.3
    >>> round(explorer.scene.numbers["first"], 2)
    0.7
    """
    controls = [Slider("mean", "Mean churn (at the first renewal)", 0.05, 0.60, 0.01, 0.20),
                Slider("polarisation", "Polarisation (0: all alike)", 0.01, 0.90, 0.01, 0.05)]
    return Explorer(view, draw, controls, TASK)


def view(state):
    """What a firm looks like for a mean and a polarisation of the probability of leaving.

    Parameters
    ----------
    state : dict with ``mean`` (α / (α + β)) and ``polarisation`` (1 / (α + β + 1))

    Returns
    -------
    Scene
        Numbers ``alpha``, ``beta``; ``first`` and ``last``, the retention rates of years 1 and 12; ``aggregate``, that of the whole base;
        ``customers`` in it, its ``value`` and the value ``at_one_rate`` in dollars, and ``missed``, how far the second falls short as a share.

    Notes
    -----
    The base are the customers left of five yearly cohorts; the next payment of each who renews is due now (Fader and Hardie 2010).

    Examples
    --------
    >>> round(view({"mean": 0.2, "polarisation": 0.05}).numbers["missed"], 3)
    0.121
    """
    mean, polarisation = state["mean"], state["polarisation"]
    total = 1 / polarisation - 1
    model = ShiftedBetaGeoModel(alpha=mean * total, beta=(1 - mean) * total)
    t = np.arange(YEARS + 1)
    survival, retention = model.survival(t), model.retention_rate(t[1:])
    cohorts = [new * survival[:len(ACQUIRED) - i] for i, new in enumerate(ACQUIRED)]
    present = pd.Series([counts[-1] for counts in cohorts], index=[len(counts) - 1 for counts in cohorts])
    aggregate = aggregate_retention(cohorts)
    value, at_one_rate = (one.base_value(present, DISCOUNT_RATE, MARGIN) for one in (model, GeometricModel(1 - aggregate)))
    numbers = {"mean": mean, "polarisation": polarisation, "alpha": model.alpha, "beta": model.beta, "first": float(retention[0]),
               "last": float(retention[-1]), "aggregate": aggregate, "customers": float(present.sum()), "value": value,
               "at_one_rate": at_one_rate, "missed": 1 - at_one_rate / value}
    return Scene(numbers, _sentence(numbers), {"t": t, "survival": survival, "retention": retention})


def draw(scene):
    """Draw who is inclined to leave, what follows for survival and retention, and the two values of the base."""
    figure = Figure(figsize=(9.4, 3.3), layout="constrained")
    left, middle, right = figure.subplots(1, 3, width_ratios=[1, 1.25, 0.9])
    _draw_density(left, scene.numbers)
    _draw_curves(middle, scene)
    _draw_values(right, scene.numbers)
    for ax in (left, middle, right):
        ax.spines[["top", "right"]].set_visible(False)
    return left


def _draw_density(ax, n):
    x = np.linspace(0, 1, 402)[1:-1]
    density = np.exp(xlogy(n["alpha"] - 1, x) + xlog1py(n["beta"] - 1, -x) - betaln(n["alpha"], n["beta"]))
    ax.fill_between(x, density, color=PALE)
    ax.plot(x, density, color=GREY)
    ax.axvline(n["mean"], color=ACCENT)
    ax.annotate(f"mean {n['mean']:.2f}", (n["mean"], 1.02), xycoords=("data", "axes fraction"), color=ACCENT, ha="center")
    # A density without bound at an end would leave nothing to see of the rest.
    bounded = min(n["alpha"], n["beta"]) >= 1
    ax.set(xlim=(0, 1), ylim=(0, 1.1 * density.max() if bounded else min(1.1 * density.max(), 8)), yticks=[], xlabel="Probability of leaving", ylabel="Density of customers")


def _draw_curves(ax, scene):
    t = scene.curves["t"]
    ax.plot(t, scene.curves["survival"], color=GREY, lw=1.6, ls="--")
    ax.plot(t[1:], scene.curves["retention"], "o-", color=ACCENT, lw=2, ms=3.5)
    ax.axhline(scene.numbers["aggregate"], color=PALE, lw=1.2, ls=":", zorder=0)
    ax.set_title("retention rate", color=ACCENT, loc="left", fontsize="medium")
    ax.set_title("still there", color=GREY, loc="right", fontsize="medium")
    ax.set(ylim=(0, 1.02), xlim=(0, YEARS), xlabel="Years since acquisition (dotted: one rate for all)")
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))


def _draw_values(ax, n):
    bars = ax.bar(["one rate\nfor all", "each\ntheir own"], [n["at_one_rate"], n["value"]], color=[ACCENT, PALE], width=0.6)
    ax.bar_label(bars, [f"${bar.get_height() / 1e6:,.1f}m" for bar in bars], padding=2)
    ax.set(ylim=(0, 1.2 * n["value"]), ylabel="Value of the base, $ million")
    ax.set_title(f"{n['missed']:.0%} missed", color=ACCENT, loc="left", fontsize="medium")
    ax.yaxis.set_major_formatter(FuncFormatter(lambda dollars, _: f"{dollars / 1e6:g}"))


def _sentence(n):
    return (f"With a mean churn of {n['mean']:.2f} and a polarisation of {n['polarisation']:.2f}, {n['first']:.0%} renew the first time, and of "
            f"those left after eleven years {n['last']:.0%} renew again. The {n['customers']:,.0f} customers of the base are worth "
            f"${n['value'] / 1e6:,.1f} million; with one retention rate for all ({n['aggregate']:.1%}) they seem worth ${n['at_one_rate'] / 1e6:,.1f} million, "
            f"which misses {n['missed']:.0%}, or ${(n['value'] - n['at_one_rate']) / 1e6:,.1f} million.")
