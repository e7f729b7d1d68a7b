"""Lesson 04: one customer's purchases on a line, what they say about the future, and the customer's place on the map of value."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from ..clv import BetaGeoModel, continuous_rate, iso_value, probability_alive_path
from ..plot import ACCENT, GREY, INK, PALE
from ._explorer import Explorer, Scene, Slider

# Fader, Hardie and Lee (2005), Marketing Science 24(2), Table 2: the one-in-ten sample of CDNOW, time in weeks.
MODEL = BetaGeoModel(r=0.243, alpha=4.414, a=0.793, b=2.426)
HORIZON = 39
SPEND, MARGIN, ANNUAL_RATE = 35, 0.3, 0.15
RATE = continuous_rate(ANNUAL_RATE, "W")
MOST = 20
LINES = [1, 3, 10, 30, 100, 300]
TASK = ("Leave the last purchase in week 26 and the silence at 13 weeks. Find the number of repeat purchases from which the most "
        "purchases are expected in the next 39 weeks. Then move the purchases in between: which numbers change?")


def lifeline():
    """Open the explorer of lesson 04: one customer's purchases, P(alive), and the map of value.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> explorer = lifeline()
    >>> explorer.widgets["silence"].value = 40
    >>> bool(explorer.scene.numbers["alive"] < 0.5)
    True
    """
    controls = [Slider("frequency", "Repeat purchases (x)", 1, MOST, 1, 3),
                Slider("last", "Week of the last one", 1, 60, 1, 26),
                Slider("silence", "Weeks of silence since then", 0, 52, 1, 13),
                Slider("shift", "In between: early (-1), late (1)", -1, 1, 0.1, 0)]
    return Explorer(view, draw, controls, TASK)


def view(state):
    """What a customer's purchases say about the future.

    Parameters
    ----------
    state : dict
        Either ``purchases``, the weeks of the repeat purchases counted from the first purchase, and ``now``; or the
        positions of the sliders, ``frequency``, ``last``, ``silence`` and ``shift``, from which they are made.

    Returns
    -------
    Scene
        Numbers ``frequency``, ``recency``, ``now``, ``alive``, ``expected`` (purchases in the next 39 weeks) and
        ``value`` (dollars, at $35 a purchase, a margin of 30 % and 15 % a year).

    Examples
    --------
    >>> round(view({"purchases": [3, 9, 20], "now": 39}).numbers["alive"], 2)
    0.46
    """
    purchases, now = _history(state)
    past = pd.DataFrame({"frequency": [len(purchases)], "recency": [purchases[-1] if len(purchases) else 0.0], "T": [now]})
    numbers = {"frequency": len(purchases), "recency": float(past["recency"][0]), "now": now,
               "alive": float(MODEL.expected_probability_alive(past)[0]),
               "expected": float(MODEL.expected_purchases(past, HORIZON)[0]),
               "value": float(MARGIN * SPEND * MODEL.dert(past, RATE)[0])}
    path = probability_alive_path(MODEL, purchases, until=now, step=now / 200)
    grid = iso_value(MODEL, np.arange(1, MOST + 1), np.linspace(now / 60, now, 60), now, RATE, MARGIN * SPEND)
    return Scene(numbers, _sentence(numbers), {"purchases": purchases, "path": path, "grid": grid})


def draw(scene):
    """Draw the purchases with P(alive), and beside them the customer's place among lines of equal value."""
    figure = Figure(figsize=(8.4, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_path(left, scene)
    _draw_map(right, scene)
    for ax in (left, right):
        ax.spines[["top", "right"]].set_visible(False)
    return left


def _draw_path(ax, scene):
    path, n = scene.curves["path"], scene.numbers
    ax.vlines([0, *scene.curves["purchases"]], 0, 1, color=INK, lw=1, ls=":")
    ax.plot(path.index, path, color=ACCENT, lw=2)
    ax.set(xlim=(0, n["now"]), ylim=(0, 1.02), xlabel="Weeks since the first purchase", ylabel="P(alive)")
    ax.set_title(f"Today P(alive) is {n['alive']:.0%}", loc="left", fontsize="medium")
    ax.yaxis.set_major_formatter(PercentFormatter(1))


def _draw_map(ax, scene):
    grid, n = scene.curves["grid"], scene.numbers
    lines = ax.contour(grid.columns, grid.index, grid, levels=LINES, colors=PALE, linewidths=1.2)
    ax.clabel(lines, fmt="$%g", fontsize="small", colors=GREY)
    if n["frequency"]:
        ax.plot(n["recency"], n["frequency"], "o", color=ACCENT, ms=8, clip_on=False)
    ax.set(xlim=(0, n["now"]), ylim=(1, MOST), xlabel="Week of the last purchase", ylabel="Repeat purchases", yticks=[1, 5, 10, 15, 20])
    ax.set_title(f"Lines of equal value; here ${n['value']:,.2f}", loc="left", fontsize="medium")


def _history(state):
    """The weeks of the repeat purchases and of today; the sliders leave no state that cannot be."""
    if "purchases" in state:
        return np.sort(np.asarray(state["purchases"], dtype=float)), float(state["now"])
    x, last = int(state["frequency"]), float(state["last"])
    # A power of evenly spaced times keeps the last where it is and bunches the others.
    return last * (np.arange(1, x + 1) / x) ** 4 ** -state["shift"], last + state["silence"]


def _sentence(n):
    times = f"{n['frequency']} repeat purchase{'s' * (n['frequency'] != 1)}"
    when = f", the last in week {n['recency']:.0f}" if n["frequency"] else ""
    return (f"{times}{when}, and today is week {n['now']:.0f}. The customer is still a customer with probability {n['alive']:.0%}. "
            f"{n['expected']:.2f} purchases are expected in the next {HORIZON} weeks. All that is still to come is worth ${n['value']:,.2f} "
            f"today (${SPEND} a purchase, margin {MARGIN:.0%}, discount rate {ANNUAL_RATE:.0%} a year).")
