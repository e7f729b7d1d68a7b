"""Lesson 02: from customers who are all alike to wildly different ones, and what that does to concentration."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from scipy.special import gammainc

from ..clv import NBDModel
from ..plot import ACCENT, GREY, PALE
from ._explorer import Explorer, Scene, Slider

REVENUE = 1_000_000
LONGEST_BAR = 20
TASK = ("Move r to 100, where all customers have practically the same rate and only luck sets them apart. "
        "Then find the average number of purchases at which the top fifth still make half of all purchases.")


def wildness():
    """Open the explorer of lesson 02: two sliders shape the gamma distribution of purchase rates.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> explorer = wildness()
    >>> explorer.widgets["mean"].value = 5.0
    >>> round(explorer.scene.numbers["mean"])
    5
    """
    controls = [Slider("r", "How alike customers are (r)", 0.1, 100, 0.05, 10**-0.4, log=True),
                Slider("mean", "Average purchases per customer", 0.2, 12, 0.02, 3.0)]
    return Explorer(view, draw, controls, TASK)


def view(state):
    """What the market looks like for a shape r and an average number of purchases.

    Parameters
    ----------
    state : dict with ``r`` and ``mean``

    Returns
    -------
    Scene
        Numbers ``gini``, ``top_share``, ``near_average`` (share of customers
        whose rate is within a fifth of the average one) and ``nothing``
        (share without a purchase).

    Notes
    -----
    Exact for a large market: purchase counts follow an NBD, and customers
    with the same count stand side by side on the Lorenz curve.

    Examples
    --------
    >>> view({"r": 100, "mean": 1.2}).numbers["top_share"] > 0.45
    True
    """
    r, mean = state["r"], state["mean"]
    x, share = _distribution(r, mean)
    customers, value = (np.concatenate([[0.0], np.cumsum(part) / part.sum()]) for part in (share, share * x))
    numbers = {"r": r, "mean": mean, "gini": 1 - float(np.diff(customers) @ (value[1:] + value[:-1])),
               "top_share": 1 - float(np.interp(0.8, customers, value)),
               "near_average": float(gammainc(r, 1.2 * r) - gammainc(r, 0.8 * r)), "nothing": float(share[0])}
    return Scene(numbers, _sentence(numbers), {"x": x, "share": share, "customers": customers, "value": value})


def draw(scene):
    """Draw customers by purchases, and beside it the Lorenz curve with the top fifth marked."""
    figure = Figure(figsize=(8.4, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_customers(left, scene)
    _draw_lorenz(right, scene)
    for ax in (left, right):
        ax.spines[["top", "right"]].set_visible(False)
        ax.yaxis.set_major_formatter(PercentFormatter(1))
    return left


def _draw_customers(ax, scene):
    x, mean = scene.curves["x"], scene.numbers["mean"]
    x, share = x[:LONGEST_BAR + 1], scene.curves["share"][:LONGEST_BAR + 1]
    ax.bar(x, share, color=PALE)
    ax.axvline(mean, color=GREY, lw=1.2, ls="--")
    ax.annotate(" average", (mean, 0.97), xycoords=("data", "axes fraction"), color=GREY, va="top")
    ax.set(xlim=(-0.6, LONGEST_BAR + 0.6), ylim=(0, 1), xlabel=f"Purchases (more than {LONGEST_BAR} not shown)",
           ylabel="Share of customers")


def _draw_lorenz(ax, scene):
    rest = 1 - scene.numbers["top_share"]
    ax.plot([0, 1], [0, 1], color=PALE, lw=1)
    ax.plot(scene.curves["customers"], scene.curves["value"], color=ACCENT, lw=2)
    ax.plot([0.8, 0.8, 1], [0, rest, rest], color=GREY, lw=1, ls=":")
    ax.annotate(f"top fifth: {1 - rest:.0%}\n${REVENUE * (1 - rest):,.0f}", (0.05, 0.95), va="top", color=ACCENT)
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="Customers, smallest first", ylabel="Share of purchases")


def _distribution(r, mean):
    """Counts and their probabilities, far enough out that what is left does not show."""
    # Far out an NBD falls like exp(-x r / mean), which is slow where customers are wild.
    longest = int(mean + 12 * np.sqrt(mean + mean**2 / r) + 20 * mean / r) + 30
    x = np.arange(longest + 1)
    return x, NBDModel(r=r, alpha=r / mean).probability(x, t=1)


def _sentence(n):
    return (f"With r = {n['r']:.3g} and on average {n['mean']:.3g} per customer, the top fifth make {n['top_share']:.0%} of all "
            f"purchases: at one price for all, ${REVENUE * n['top_share']:,.0f} of every ${REVENUE:,}. The Gini is {n['gini']:.2f}. "
            f"{n['near_average']:.0%} of customers have a rate within a fifth of the average one, and {n['nothing']:.0%} buy nothing.")
