"""Lesson 07: how far can a firm zoom in on its best customers, and what must the rest bring then?"""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from ..paradox import NoisyScore, ballast, combined, optimal_zoom, ruin_probability, stressed, zoomed
from ..plot import ACCENT, GREY, INK, PALE
from ._explorer import Explorer, Scene, Slider

CUSTOMERS, MEAN, SPREAD = 1000, 100, 40
FOCAL_OWN, REST = 0.6, (0.6, 0.05)
CAP, NEEDED = 0.15, 75_000
ZOOMS = np.linspace(0, 0.9, 91)
TASK = ("Set the exposure of the best to 0.4 and the noise of the score to 0. Find the largest zoom at which the rest still bring the ballast that "
        "keeps the coefficient of variation at 0.15. Then raise the noise: what happens to the zoom that pays most?")


def zoom():
    """Open the explorer of lesson 07: how far to zoom in on the best fifth, how exposed they are, how noisy the score is.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> explorer = zoom()
    >>> explorer.widgets["exposure"].value = 0.5
    >>> bool(explorer.scene.numbers["cv"] > 0.15)
    True
    """
    controls = [Slider("zoom", "Zoom: budget to the best fifth", 0, 0.9, 0.01, 0.2),
                Slider("exposure", "Exposure of the best to their shock", 0, 0.8, 0.01, 0.25),
                Slider("noise", "Noise of the score (dollars)", 0, 120, 1, 40)]
    return Explorer(view, draw, controls, TASK)


def view(state):
    """A firm of 1,000 customers at one zoom, exposure and noise, and along all zooms.

    Parameters
    ----------
    state : dict with ``zoom``, ``exposure`` and ``noise``

    Returns
    -------
    Scene
        Numbers ``total`` (expected margin), ``cv``, ``ruin`` (probability of less than $75,000), ``ballast`` (margin the rest must
        bring) and ``rest`` (what they do bring), ``bad_year`` (with the shock of the best at −2 standard deviations), ``best_zoom``, and
        ``limit`` (the largest zoom that holds the cap: 0 if none does).

    Examples
    --------
    >>> calm, wild = (view({"zoom": 0.2, "exposure": e, "noise": 40}).numbers for e in (0.1, 0.5))
    >>> calm["ballast"] < calm["rest"], wild["ballast"] < wild["rest"]
    (True, False)
    """
    score = NoisyScore(MEAN, SPREAD, state["noise"])
    risk = (FOCAL_OWN, state["exposure"])
    along = [_need(score, zoom, risk) for zoom in ZOOMS]
    needed, brought, total = (np.array(column) for column in zip(*along))
    held = needed <= brought
    focal, rest = zoomed(score, state["zoom"], CUSTOMERS, risk, REST)
    both = combined(focal, rest)
    numbers = {**state, "total": both["mean"], "cv": both["cv"], "ruin": ruin_probability(focal, rest, NEEDED), "ballast": ballast(focal, rest, CAP),
               "rest": rest.total, "bad_year": stressed(focal, rest)["total"], "best_zoom": optimal_zoom(score), "limit": float(_last(held))}
    return Scene(numbers, _sentence(numbers), {"needed": needed, "brought": brought, "total": total})


def draw(scene):
    """Draw the margin against the zoom, and beside it what the rest must bring and do bring."""
    figure = Figure(figsize=(8.4, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_total(left, scene)
    _draw_ballast(right, scene)
    for ax in (left, right):
        ax.axvline(scene.numbers["zoom"], color=PALE, lw=6, alpha=0.5, zorder=0)
        ax.spines[["top", "right"]].set_visible(False)
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"${y / 1000:,.0f}k"))
        ax.set(xlim=(0, ZOOMS[-1]), xlabel="Zoom")
    return left


def _draw_total(ax, scene):
    n = scene.numbers
    ax.plot(ZOOMS, scene.curves["total"], color=INK, lw=1.8)
    ax.plot(n["zoom"], n["total"], "D", color=ACCENT, ms=7)
    ax.annotate(f"${n['total']:,.0f}", (n["zoom"], n["total"]), (0, 9), textcoords="offset points", color=ACCENT, ha="left" if n["zoom"] < 0.2 else "right" if n["zoom"] > 0.7 else "center")
    ax.plot(n["best_zoom"], np.interp(n["best_zoom"], ZOOMS, scene.curves["total"]), "|", color=GREY, ms=16, mew=2)
    ax.annotate("pays most", (n["best_zoom"], np.interp(n["best_zoom"], ZOOMS, scene.curves["total"])), (3, -16), textcoords="offset points", color=GREY)
    ax.axvline(n["limit"], color=GREY, lw=1, ls=":")
    ax.annotate(" the cap allows", (n["limit"], 0.02), xycoords=("data", "axes fraction"), color=GREY, ha="left" if n["limit"] < 0.6 else "right")
    ax.set(ylim=(60_000, 120_000), ylabel="Expected margin, all customers")


def _draw_ballast(ax, scene):
    ax.plot(ZOOMS, scene.curves["brought"], color=GREY, lw=1.8, ls="--", label="the rest bring")
    ax.plot(ZOOMS, scene.curves["needed"], color=ACCENT, lw=2, label="ballast needed")
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1.0), borderaxespad=0, ncols=2, fontsize="small")
    ax.set(ylim=(0, 160_000), ylabel="Margin of the rest")


def _need(score, zoom, risk):
    focal, rest = zoomed(score, zoom, CUSTOMERS, risk, REST)
    return ballast(focal, rest, CAP), rest.total, focal.total + rest.total


def _last(held):
    """The zoom up to which the cap holds without a break."""
    return 0.0 if not held[0] else ZOOMS[(np.argmin(held) if not held.all() else len(held)) - 1]


def _sentence(n):
    enough = "enough" if n["ballast"] <= n["rest"] else "not enough"
    return (f"At zoom {n['zoom']:.2f}, exposure {n['exposure']:.2f} and noise ${n['noise']:.0f}, the firm expects ${n['total']:,.0f}, with a coefficient of "
            f"variation of {n['cv']:.3f}. The best need ${n['ballast']:,.0f} of ballast and the rest bring ${n['rest']:,.0f}: {enough}. The chance to fall "
            f"below $75,000 is {n['ruin']:.1%}; in a year with a shock of −2 standard deviations to the best, ${n['bad_year']:,.0f} are left. "
            f"The zoom that pays most is {n['best_zoom']:.2f}.")
