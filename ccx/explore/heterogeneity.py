"""Lesson 02: from customers who are all alike to wildly different ones, and what that does to concentration."""

import numpy as np
from scipy.special import gammainc

from ..clv import NBDModel
from ..plot import GREY
from ._explorer import Explorer, Scene, Slider
from ._picture import Axis, Panel

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
    >>> explorer.set(mean=5)
    >>> explorer.scene.numbers["mean"]
    5.0
    """
    controls = [Slider("r", "How alike customers are (r)", 0.1, 100, 0.05, 10**-0.4, log=True, form="{:.3g}"),
                Slider("mean", "Average purchases per customer", 0.2, 12, 0.02, 3.0, form="{:.2f}")]
    return Explorer(view, draw, controls, TASK, lambda n: n["r"] == 100 and f"{n['top_share']:.0%}" == "50%")


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
    return [_customers(scene), _lorenz(scene)]


def _customers(scene):
    panel = Panel(Axis(f"Purchases (more than {LONGEST_BAR} not shown)", -0.6, LONGEST_BAR + 0.6), Axis("Share of customers", 0, 1, "{:.0%}"),
                  f"{scene.numbers['nothing']:.0%} buy nothing")
    panel.bar(scene.curves["x"][:LONGEST_BAR + 1], scene.curves["share"][:LONGEST_BAR + 1])
    panel.axvline(scene.numbers["mean"], dash="6 4")
    panel.text(scene.numbers["mean"], 1, "average", GREY, dx=5, dy=10)
    return panel


def _lorenz(scene):
    top = scene.numbers["top_share"]
    panel = Panel(Axis("Customers, smallest first", 0, 1, "{:.0%}"), Axis("Share of purchases", 0, 1, "{:.0%}"),
                  f"Top fifth: {top:.0%}, ${REVENUE * top:,.0f} of every ${REVENUE / 1e6:g} million")
    panel.plot([0, 1], [0, 1], GREY, lw=1)
    panel.text(0.45, 0.5, "all alike", GREY, ha="right")
    panel.plot([0.8, 0.8, 1], [0, 1 - top, 1 - top], GREY, lw=1.5, dash="2 4")
    panel.plot(scene.curves["customers"], scene.curves["value"])
    return panel


def _distribution(r, mean):
    """Counts and their probabilities, far enough out that what is left does not show."""
    # Far out an NBD falls like exp(-x r / mean), which is slow where customers are wild.
    longest = int(mean + 12 * np.sqrt(mean + mean**2 / r) + 20 * mean / r) + 30
    x = np.arange(longest + 1)
    return x, NBDModel(r=r, alpha=r / mean).probability(x, t=1)


def _sentence(n):
    return (f"With r = {n['r']:.3g} and an average of {n['mean']:.2f} purchases per customer, the top fifth make {n['top_share']:.0%} of all "
            f"purchases: at one price for all, ${REVENUE * n['top_share']:,.0f} of every ${REVENUE:,}. The Gini is {n['gini']:.2f}. "
            f"{n['near_average']:.0%} of customers have a rate within a fifth of the average one, and {n['nothing']:.0%} buy nothing.")
