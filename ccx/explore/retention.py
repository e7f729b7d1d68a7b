"""Lesson 03: how customers who differ in their inclination to leave make retention rise, and what one rate for all costs."""

import numpy as np
import pandas as pd
from scipy.special import betaln, xlog1py, xlogy

from ..clv import GeometricModel, ShiftedBetaGeoModel, aggregate_retention
from ..plot import ACCENT, GREY, PALE
from ._explorer import Explorer, Scene, Slider
from ._picture import Axis, Panel

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
    >>> explorer.set(mean=0.3)
    >>> round(explorer.scene.numbers["first"], 2)
    0.7
    """
    controls = [Slider("mean", "Mean churn (at the first renewal)", 0.05, 0.60, 0.01, 0.20, form="{:.2f}"),
                Slider("polarisation", "Polarisation (0: all alike)", 0.01, 0.90, 0.01, 0.05, form="{:.2f}")]
    return Explorer(view, draw, controls, TASK, lambda n: n["mean"] == 0.2 and f"{n['missed']:.0%}" == "33%")


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
    return [_inclined(scene.numbers), _stay(scene), _worth(scene.numbers)]


def _inclined(n):
    x = np.linspace(0, 1, 202)[1:-1]
    density = np.exp(xlogy(n["alpha"] - 1, x) + xlog1py(n["beta"] - 1, -x) - betaln(n["alpha"], n["beta"]))
    # A density without bound at an end would leave nothing to see of the rest.
    bounded = min(n["alpha"], n["beta"]) >= 1
    top = 1.1 * density.max() if bounded else min(1.1 * density.max(), 8)
    panel = Panel(Axis("Probability of leaving", 0, 1, "{:.0%}"), Axis("Customers (density)", 0, top, ticks=[]), f"Mean {n['mean']:.0%}", width=300)
    panel.fill(x, density)
    panel.plot(x, density, GREY, lw=1.5)
    panel.axvline(n["mean"], ACCENT)
    return panel


def _stay(scene):
    t = scene.curves["t"]
    panel = Panel(Axis("Years (dotted: one rate for all)", 0, YEARS, ticks=range(0, YEARS + 1, 2)), Axis("Share", 0, 1, "{:.0%}"), width=340)
    panel.axhline(scene.numbers["aggregate"], dash="2 4")
    panel.plot(t, scene.curves["survival"], GREY, lw=2, dash="7 4")
    left = scene.curves["survival"][-1]
    panel.text(YEARS, left, "still there", GREY, ha="right", dy=18 if left > 0.2 else -8)
    panel.plot(t[1:], scene.curves["retention"])
    panel.scatter(t[1:], scene.curves["retention"], size=3.5)
    panel.text(YEARS, scene.curves["retention"][-1], "retention rate", ACCENT, ha="right", dy=-8)
    return panel


def _worth(n):
    values = [n["at_one_rate"] / 1e6, n["value"] / 1e6]
    panel = Panel(Axis("Value of the base", -0.6, 1.6, ticks={0: "one rate", 1: "own rates"}), Axis("Million dollars", 0, 1.2 * values[1]),
                  f"{n['missed']:.0%} missed", width=260)
    panel.bar([0, 1], values, 0.6, [ACCENT, PALE])
    for at, value in enumerate(values):
        panel.text(at, value, f"${value:,.1f}m", ha="center", dy=-6)
    return panel


def _sentence(n):
    return (f"With a mean churn of {n['mean']:.2f} and a polarisation of {n['polarisation']:.2f}, {n['first']:.0%} renew the first time, and of "
            f"those left after eleven years {n['last']:.0%} renew again. The {n['customers']:,.0f} customers of the base are worth "
            f"${n['value'] / 1e6:,.1f} million; with one retention rate for all ({n['aggregate']:.1%}) they seem worth ${n['at_one_rate'] / 1e6:,.1f} million, "
            f"which misses {n['missed']:.0%}, or ${(n['value'] - n['at_one_rate']) / 1e6:,.1f} million.")
