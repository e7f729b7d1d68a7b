"""Lesson 05: one budget over four channels, and what it wins: customers, and customer equity."""

from functools import cache

import pandas as pd

from ..plot import ACCENT, GREY, INK, PALE
from ..selection import split_table
from ._explorer import Explorer, Scene, Slider
from ._picture import Axis, Panel

# The online shop of the lesson: the curves fitted to its ledger, the value of a customer, one year's prospects, and what it spent in 2025 (thousand dollars).
CHANNELS = pd.DataFrame(
    {"ceiling": [0.0964, 0.0368, 0.0276, 0.0487], "k": [0.175, 1.66, 1.88, 4.83], "value": [246, 182, 121, 64],
     "prospects": [8000, 55_000, 80_000, 40_000], "spent": [87, 42, 28, 17]}, index=["partners", "search", "social", "deals"])
BUDGET, NEEDED, MOST = 174, 545_000, 120
# Where little is spent the next dollar brings more than the picture shows; the number beside the bar says how much.
TALL = 8
TASK = (f"With no more than {BUDGET} thousand dollars, what the shop spent in 2025, reach a customer equity of ${NEEDED:,}. "
        "The bars tell where the next dollar brings most.")
THEN = "Now win as many customers as you can with the same money: what does that cost in equity?"


def acquire():
    """Open the explorer of lesson 05: an acquisition budget over four channels.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> explorer = acquire()
    >>> explorer.set(partners=0)
    >>> round(explorer.scene.numbers["spent"])
    87
    """
    controls = [Slider(name, f"{name.capitalize()} (thousand dollars)", 0, MOST, 1, int(start), form="{:g}") for name, start in CHANNELS["spent"].items()]
    return Explorer(view, draw, controls, TASK, lambda n: n["spent"] <= BUDGET and n["equity"] >= NEEDED, THEN)


def view(state):
    """What a year's spending in four channels wins.

    Parameters
    ----------
    state : dict with ``partners``, ``search``, ``social`` and ``deals``, in thousand dollars

    Returns
    -------
    Scene
        Numbers ``spent`` (thousand dollars), ``customers`` won, ``equity`` (their value less the spending, dollars), ``cost`` of a customer on average, and for each channel what the
        next dollar there brings, ``next_partners`` and so on.

    Examples
    --------
    >>> numbers = view({"partners": 87, "search": 42, "social": 28, "deals": 17}).numbers
    >>> numbers["next_partners"] < 1 < numbers["next_search"]
    True
    """
    table = _won(pd.Series(state, dtype=float)[CHANNELS.index])
    spent, customers = sum(state[name] for name in CHANNELS.index), table["acquired"].sum()
    brings = table["value"] / table["last_cac"]
    numbers = {"spent": spent, "customers": float(customers), "equity": float(table["equity"].sum()), "cost": float(1000 * spent / customers) if customers else 0.0,
               **{f"next_{name}": float(back) for name, back in brings.items()}}
    return Scene(numbers, _sentence(numbers, state), {"brings": brings.to_numpy()})


def draw(scene):
    """Draw what the next dollar brings in each channel, and the equity against the number of customers."""
    return [_next_dollar(scene), _equity(scene.numbers)]


def _next_dollar(scene):
    panel = Panel(Axis("", -0.6, 3.6, ticks=dict(enumerate(CHANNELS.index))), Axis("Value won by the next dollar ($)", 0, TALL), "Where does the next dollar bring most?")
    brings = scene.curves["brings"]
    panel.bar(range(4), brings, 0.6, [PALE if back >= 1 else ACCENT for back in brings])
    panel.axhline(1, INK, dash="3 4")
    for at, back in enumerate(brings):
        panel.text(at, min(max(back, 1), 0.86 * TALL), f"${back:.2f}", ACCENT if back < 1 else INK, ha="center", dy=-7)
    return panel


def _equity(n):
    panel = Panel(Axis("Customers won", 0, 7500, "{:,.0f}"), Axis("Equity ($ thousand)", -100, 650),
                  f"{n['customers']:,.0f} customers, equity ${n['equity'] / 1000:,.0f} thousand")
    panel.axhline(NEEDED / 1000, GREY, dash="7 4")
    panel.text(100, NEEDED / 1000, "needed", GREY, dy=-6)
    for name, place in _all_in().items():
        panel.scatter([place[0]], [place[1]], GREY, marker="O")
        panel.text(*place, f"all on {name}", GREY, dx=10, dy=5 if name == "deals" else -5)
    over = n["spent"] > BUDGET
    panel.scatter([n["customers"]], [n["equity"] / 1000], ACCENT, size=8, marker="v" if over else "D")
    return panel


@cache
def _all_in():
    """Customers and thousand dollars of equity with the whole budget on the cheapest channel, and on the one with the best customers."""
    found = {name: _won(pd.Series({name: float(BUDGET)}).reindex(CHANNELS.index, fill_value=0.0)) for name in ("deals", "partners")}
    return {name: (table["acquired"].sum(), table["equity"].sum() / 1000) for name, table in found.items()}


def _won(thousands):
    return split_table(CHANNELS, CHANNELS["prospects"], CHANNELS["value"], 1000 * thousands)


def _sentence(n, state):
    left = BUDGET - n["spent"]
    money = f"{left:g} thousand dollars of the budget are left" if left >= 0 else f"that is {-left:g} thousand dollars more than the budget"
    each = ", ".join(f"{state[name]:g} on {name}" for name in CHANNELS.index)
    brings = ", ".join(f"${n[f'next_{name}']:.2f} in {name}" for name in CHANNELS.index)
    cost = f" at ${n['cost']:,.0f} each" if n["customers"] else ""
    return (f"In thousand dollars: {each}; {money}. This wins {n['customers']:,.0f} customers{cost}, and a customer equity of ${n['equity']:,.0f}. "
            f"The next dollar wins value of {brings}.")
