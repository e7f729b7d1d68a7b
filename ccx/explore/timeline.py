"""Lesson 04: one customer's purchases on a line, what they say about the future, and the customer's place on the map of value."""

from functools import lru_cache

import contourpy
import numpy as np
import pandas as pd

from ..clv import BetaGeoModel, continuous_rate, probability_alive_path
from ..plot import GREY, INK
from ._explorer import Button, Explorer, Scene, Slider
from ._picture import Axis, Panel

# Fader, Hardie and Lee (2005), Marketing Science 24(2), Table 2: the one-in-ten sample of CDNOW, time in weeks.
MODEL = BetaGeoModel(r=0.243, alpha=4.414, a=0.793, b=2.426)
HORIZON = 39
SPEND, MARGIN, ANNUAL_RATE = 35, 0.3, 0.15
RATE = continuous_rate(ANNUAL_RATE, "W")
WEEKS, MOST = 78, 20
LAST, TODAY = 26, 39
LINES = [1, 10, 50, 100, 200, 300, 400]
FREQUENCIES, SOME = np.arange(1, MOST + 1), np.array([1, 2, 4, 8, 20])
TASK = (f"Leave the last purchase in week {LAST} and today in week {TODAY}. Place purchases before week {LAST} until the most purchases are expected in the next "
        f"{HORIZON} weeks: how many repeat purchases is that in all?")
THEN = f"Now take one away and place it elsewhere before week {LAST}: which numbers change?"


def lifeline():
    """Open the explorer of lesson 04: one customer's purchases, P(alive), and the map of value.

    A click on the line places a purchase or takes it away, and so does the button for the week of the second slider;
    a click on the map shows a customer with that many purchases, evenly spaced, the last in that week.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> explorer = lifeline()
    >>> explorer.set(today=66)
    >>> bool(explorer.scene.numbers["alive"] < 0.5)
    True
    >>> explorer.click("line", 40, 0.5)
    >>> explorer.scene.numbers["recency"]
    40.0
    """
    controls = [Slider("today", "Today", 1, WEEKS, 1, TODAY, form="week {:g}"),
                Slider("week", "Week to buy in", 1, WEEKS, 1, 13, form="week {:g}"),
                Button("toggle", "Place a purchase in this week, or take it away", lambda state: toggle(state, state["week"]))]
    return Explorer(view, draw, controls, TASK, _found, THEN, {"line": toggle, "map": place}, {"purchases": [9, 17, LAST]})


def toggle(state, week, _=None):
    """Place a repeat purchase in the week of a click on the line, or take away the one that is there.

    Parameters
    ----------
    state : dict with ``purchases`` and ``today``
    week : float
        Rounded to a whole week after the first purchase.

    Returns
    -------
    dict
        The state that follows; the twenty-first purchase is not placed.

    Examples
    --------
    >>> toggle({"purchases": [9, 26]}, 13.2)["purchases"]
    [9, 13, 26]
    >>> toggle({"purchases": [9, 26]}, 8.9)["purchases"]
    [26]
    """
    week = max(_whole(week), 1)
    others = [purchase for purchase in state["purchases"] if purchase != week]
    if len(others) == len(state["purchases"]) < MOST:
        others = sorted([*others, week])
    return {**state, "purchases": others}


def place(state, last, frequency):
    """The customer at a point of the map: that many repeat purchases, evenly spread over the weeks, the last in that week.

    Parameters
    ----------
    state : dict with ``today``
    last, frequency : float
        Rounded to whole numbers; the last purchase is not later than today, and there is at most one a week.

    Returns
    -------
    dict

    Examples
    --------
    >>> place({"today": 39}, 30, 3)["purchases"]
    [10, 20, 30]
    """
    last = int(min(max(_whole(last), 1), state["today"]))
    frequency = min(max(_whole(frequency), 1), last)
    return {**state, "purchases": [_whole(last * purchase / frequency) for purchase in range(1, frequency + 1)]}


def _whole(x):
    # Python's own round takes halves to even numbers, and two weeks could become one.
    return int(np.floor(x + 0.5))


def view(state):
    """What a customer's purchases say about the future.

    Parameters
    ----------
    state : dict
        ``purchases``, the weeks of the repeat purchases counted from the first purchase, ``today``, and ``week``, where
        the next one would be placed. Purchases after today have not happened and tell nothing.

    Returns
    -------
    Scene
        Numbers ``frequency``, ``recency``, ``today``, ``alive``, ``expected`` (purchases in the next 39 weeks) and
        ``value`` (dollars, at $35 a purchase, a margin of 30 % and 15 % a year).

    Examples
    --------
    >>> round(view({"purchases": [3, 9, 20], "today": 39, "week": 13}).numbers["alive"], 2)
    0.46
    """
    today, planned = state["today"], sorted(state["purchases"])
    past = [week for week in planned if week <= today]
    customer = _customers(len(past), past[-1] if past else 0, today)
    numbers = {"frequency": len(past), "recency": float(customer["recency"][0]), "today": today,
               "alive": float(MODEL.expected_probability_alive(customer)[0]),
               "expected": float(MODEL.expected_purchases(customer, HORIZON)[0]),
               "value": float(MARGIN * SPEND * MODEL.dert(customer, RATE)[0])}
    path = probability_alive_path(MODEL, past, until=today, step=1)
    return Scene(numbers, _sentence(numbers, planned), {"planned": planned, "week": state["week"], "path": path, "lines": _lines(today)})


def draw(scene):
    """Draw the purchases with P(alive), and beside them the customer's place among lines of equal value."""
    return [_line(scene), _map(scene)]


def _line(scene):
    n, weeks = scene.numbers, np.array([0, *scene.curves["planned"]])
    panel = Panel(Axis("Weeks since the first purchase (click)", 0, WEEKS, ticks=range(0, WEEKS + 1, 13)), Axis("P(alive)", 0, 1, "{:.0%}"),
                  f"Today P(alive) is {n['alive']:.0%}", "line")
    panel.axvline(n["today"], INK, lw=1)
    panel.text(n["today"], 0.5, "today", **_beside(n["today"]))
    panel.plot(scene.curves["path"].index, scene.curves["path"])
    panel.scatter([scene.curves["week"]], [0.08], GREY, marker="v")
    for happened, marker in ((weeks <= n["today"], "o"), (weeks > n["today"], "O")):
        panel.scatter(weeks[happened], np.zeros(happened.sum()), INK, 5, marker)
    return panel


def _map(scene):
    n = scene.numbers
    panel = Panel(Axis("Week of the last purchase (click)", 0, WEEKS, ticks=range(0, WEEKS + 1, 13)), Axis("Repeat purchases", 0, MOST, ticks=[1, 5, 10, 15, 20]),
                  f"Lines of equal value; here ${n['value']:,.2f}", "map")
    panel.axvline(n["today"], INK, lw=1)
    for dollars, x, y in scene.curves["lines"]:
        panel.plot(x, y, GREY, lw=1.2)
    # Lines that run out at the top lie close together there, so each has its label further down than the one before.
    for step, (dollars, x, y) in enumerate(scene.curves["lines"]):
        at = np.argmin(np.abs(y - (MOST - 1 - 3 * step))) if y[-1] == MOST else -1
        panel.text(x[at], y[at], f"${dollars}", GREY, **({"ha": "center"} if at >= 0 else _beside(n["today"])), dy=5)
    panel.scatter([n["recency"]], [n["frequency"]], size=7)
    return panel


def _beside(week):
    return {"dx": 5} if week < WEEKS - 12 else {"ha": "right", "dx": -5}


@lru_cache
def _lines(today):
    """Each line of equal value as dollars, weeks and purchases, its upper or right end last."""
    weeks = np.linspace(today / 24, today, 24)
    contours = contourpy.contour_generator(weeks, FREQUENCIES, np.log(values(weeks, today)))
    return [(dollars, *_ended_above(line)) for dollars in LINES for line in contours.lines(np.log(dollars))]


def values(weeks, today):
    """`ccx.clv.iso_value` of these customers for 1 to 20 purchases, fast enough for a slider, to one per cent.

    The week of the last purchase tells whether a customer is alive, and nothing beyond: given that, the value depends on the number
    of purchases alone, nearly as one of its powers. So the integral over the future is needed for a few numbers only.
    """
    active = _customers(SOME, today, today)
    if_alive = MARGIN * SPEND * MODEL.dert(active, RATE) / MODEL.expected_probability_alive(active)
    each = np.exp(np.interp(np.log(FREQUENCIES), np.log(SOME), np.log(if_alive)))
    cells = _customers(np.repeat(FREQUENCIES, len(weeks)), np.tile(weeks, MOST), today)
    return each[:, None] * MODEL.expected_probability_alive(cells).to_numpy().reshape(MOST, -1)


def _ended_above(line):
    return (line if line[-1].sum() >= line[0].sum() else line[::-1]).T


def _customers(frequency, recency, today):
    return pd.DataFrame({"frequency": np.atleast_1d(frequency), "recency": recency, "T": float(today)}).astype(float)


@lru_cache
def _most_promising():
    """The number of repeat purchases that the task asks for."""
    numbers = np.arange(1, MOST + 1)
    return int(numbers[np.argmax(MODEL.expected_purchases(_customers(numbers, LAST, TODAY), HORIZON))])


def _found(n):
    return (n["frequency"], n["recency"], n["today"]) == (_most_promising(), LAST, TODAY)


def _sentence(n, planned):
    times = f"{n['frequency']} repeat purchase{'s' * (n['frequency'] != 1)}"
    when = f", the last in week {n['recency']:.0f}" if n["frequency"] else ""
    weeks = f"Weeks of purchases: {_listed(week for week in planned if week <= n['today'])}. " if n["frequency"] else ""
    later = f"Only planned: {_listed(week for week in planned if week > n['today'])}. " if n["frequency"] < len(planned) else ""
    full = f"More than {MOST} can't be placed. " if len(planned) == MOST else ""
    return (f"{times}{when}, and today is week {n['today']:.0f}. {weeks}{later}{full}The customer is still a customer with probability {n['alive']:.0%}. "
            f"{n['expected']:.2f} purchases are expected in the next {HORIZON} weeks. All that is still to come is worth ${n['value']:,.2f} "
            f"today (${SPEND} a purchase, margin {MARGIN:.0%}, discount rate {ANNUAL_RATE:.0%} a year).")


def _listed(weeks):
    return ", ".join(f"{week:.0f}" for week in weeks)
