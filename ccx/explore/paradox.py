"""Lesson 07: how far can a firm zoom in on its best customers, and what must the rest bring then?"""

import numpy as np

from ..paradox import NoisyScore, ballast, combined, optimal_zoom, ruin_probability, stressed, zoomed
from ..plot import ACCENT, GREY, INK, PALE
from ._explorer import Explorer, Scene, Slider
from ._picture import Axis, Panel

CUSTOMERS, MEAN, SPREAD = 1000, 100, 40
FOCAL_OWN, REST = 0.6, (0.6, 0.05)
CAP, NEEDED = 0.15, 75_000
MOST = 160_000
ZOOMS = np.linspace(0, 0.9, 91)
TASK = ("Set the exposure of the best to 0.4 and the noise of the score to 0. Find the largest zoom at which the rest still bring the ballast that "
        "keeps the coefficient of variation at 0.15.")
THEN = "Now raise the noise: what happens to the zoom that pays most?"


def zoom():
    """Open the explorer of lesson 07: how far to zoom in on the best fifth, how exposed they are, how noisy the score is.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> explorer = zoom()
    >>> explorer.set(exposure=0.5)
    >>> bool(explorer.scene.numbers["cv"] > 0.15)
    True
    """
    controls = [Slider("zoom", "Zoom: budget to the best fifth", 0, 0.9, 0.01, 0.2, form="{:.2f}"),
                Slider("exposure", "Exposure of the best to their shock", 0, 0.8, 0.01, 0.25, form="{:.2f}"),
                Slider("noise", "Noise of the score", 0, 120, 1, 40, form="{:g} dollars")]
    return Explorer(view, draw, controls, TASK, lambda n: (n["exposure"], n["noise"], n["zoom"]) == (0.4, 0, round(n["limit"], 2)), THEN)


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
    return [_total(scene), _carried(scene)]


def _total(scene):
    n = scene.numbers
    panel = Panel(Axis("Zoom", 0, ZOOMS[-1]), Axis("Expected margin ($ thousand)", 60, 120), f"All customers: ${n['total']:,.0f} expected")
    panel.plot(ZOOMS, scene.curves["total"] / 1000, INK)
    best = np.interp(n["best_zoom"], ZOOMS, scene.curves["total"]) / 1000
    panel.scatter([n["best_zoom"]], [best], GREY, marker="O")
    panel.text(n["best_zoom"], best, "pays most", GREY, **_beside(n["best_zoom"]), dy=22)
    panel.scatter([n["zoom"]], [n["total"] / 1000], size=8, marker="D")
    return panel


def _carried(scene):
    n, enough = scene.numbers, scene.numbers["ballast"] <= scene.numbers["rest"]
    panel = Panel(Axis("Zoom", 0, ZOOMS[-1]), Axis("Margin of the rest ($ thousand)", 0, MOST / 1000), f"The rest bring {'enough' if enough else 'too little'}")
    panel.axvline(n["zoom"], PALE, lw=7, opacity=0.5)
    panel.plot(ZOOMS, scene.curves["brought"] / 1000, GREY, dash="7 4")
    panel.text(ZOOMS[0], scene.curves["brought"][0] / 1000, "the rest bring", GREY, dx=6, dy=-8)
    panel.plot(ZOOMS, scene.curves["needed"] / 1000)
    # Where the shock is strong the curve leaves the picture, and its name stays with it.
    seen = np.flatnonzero(scene.curves["needed"] <= MOST)[-1]
    side = {"ha": "right", "dy": -8} if ZOOMS[seen] > 0.6 else {"dx": 8, "dy": 18}
    panel.text(ZOOMS[seen], scene.curves["needed"][seen] / 1000, "ballast needed", ACCENT, **side)
    return panel


def _beside(zoom):
    return {"ha": "left", "dx": 5} if zoom < 0.6 else {"ha": "right", "dx": -5}


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
            f"below $75,000 is {n['ruin']:.1%}; in a year with a shock of −2 standard deviations to the best, {_left(n['bad_year'])}. "
            f"The zoom that pays most is {n['best_zoom']:.2f}.")


def _left(dollars):
    return f"${dollars:,.0f} are left" if dollars >= 0 else f"${-dollars:,.0f} are lost"
