"""Lesson 10: what a firm is worth whose customers differ, beside one of the same size whose customers are all alike."""

from functools import cache

import numpy as np

from ..plot import ACCENT, GREY, INK, PALE
from ._explorer import Explorer, Scene, Slider
from ._picture import Axis, Panel

QUARTERS = np.arange(1, 25)
OTHER = {"growth": 0.02, "polarisation": 0.0}
MOST, DEAREST = 450, 950
CLOSE = 0.03
TASK = ("Firm A's customers are all alike. Set the polarisation of firm B to 0.20 and find the growth at which both report the same customers at the end of "
        "every quarter, to within 3%.")
THEN = "Now compare what the two are worth: which column of the disclosures would have told them apart?"


def valuation():
    """Open the explorer of lesson 10: growth of additions and differences in churn, the number of customers, and what they are worth.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> explorer = valuation()
    >>> alike = explorer.scene.numbers["existing"]
    >>> explorer.set(polarisation=0.3)
    >>> bool(explorer.scene.numbers["existing"] > alike)
    True
    """
    controls = [Slider("polarisation", "Firm B: polarisation of churn (0: all alike)", 0, 0.3, 0.01, 0.05, form="{:.2f}"),
                Slider("growth", "Firm B: growth of additions a quarter", -0.03, 0.025, 0.005, 0.02, form="{:.1%}")]
    return Explorer(view, draw, controls, TASK, lambda n: n["polarisation"] == 0.2 and n["gap"] <= CLOSE, THEN)


def view(state):
    """Two firms over six years: A with customers all alike and additions that grow by 2% a quarter, B as the state says.

    Parameters
    ----------
    state : dict with ``growth`` (of additions, a quarter, on a log scale) and ``polarisation`` (1 / (α + β + 1) of the churn, whose mean is 0.12 in both)

    Returns
    -------
    Scene
        Numbers ``end`` (customers after 24 quarters), ``add`` and ``churn`` (in quarter 24), ``existing`` and ``future`` (dollars), each also with
        ``other_`` for firm A, and ``gap``, the largest difference between the two firms' customers in any quarter, as a share of A's.

    Examples
    --------
    >>> same = view(OTHER).numbers
    >>> same["gap"], same["existing"] == same["other_existing"]
    (0.0, True)
    """
    own, end = firm(**{name: state[name] for name in OTHER})
    other, other_end = firm(**OTHER)
    gap = float(np.max(np.abs(end / other_end - 1)))
    numbers = {**{name: state[name] for name in OTHER}, **own, **{f"other_{name}": value for name, value in other.items()}, "gap": gap}
    return Scene(numbers, _sentence(numbers), {"end": end, "other": other_end})


@cache
def firm(growth, polarisation):
    """What a firm reports in its 24th quarter and what its customers are worth; and its customers at the end of each quarter."""
    from ..clv import Assumptions
    from ..simulate import subscription_disclosures

    table, truth = subscription_disclosures(0, len(QUARTERS), growth=growth, polarisation=polarisation, counts="expected")
    value = truth.value(Assumptions(margin=0.6, acquisition_cost=80, discount_rate=0.10))
    last, begin = table.iloc[-1], table["end"].iloc[-2]
    numbers = {"end": last["end"], "add": last["add"], "churn": last["loss"] / begin, "existing": value["existing"], "future": value["future"]}
    return {name: float(number) for name, number in numbers.items()}, table["end"].to_numpy()


def draw(scene):
    """Draw both firms' customers by quarter, and beside it what they are worth."""
    return [_customers(scene), _worth(scene)]


def _customers(scene):
    n = scene.numbers
    panel = Panel(Axis("Quarter", 0, 24), Axis("Customers at the end (thousand)", 0, MOST), f"Largest difference {n['gap']:.1%}")
    panel.plot(QUARTERS, scene.curves["other"] / 1000, GREY, dash="7 4")
    panel.plot(QUARTERS, scene.curves["end"] / 1000)
    above = n["end"] >= n["other_end"]
    for name, curve, color, high in (("firm B", "end", ACCENT, above), ("firm A", "other", GREY, not above)):
        panel.text(24, scene.curves[curve][-1] / 1000, name, color, ha="right", dx=-4, dy=-14 if high else 26)
    return panel


def _worth(scene):
    n = scene.numbers
    values = np.array([n["other_existing"], n["existing"], n["other_future"], n["future"]]) / 1e6
    panel = Panel(Axis("", 0.4, 4.6, ticks={1: "A existing", 2: "B existing", 3: "A future", 4: "B future"}), Axis("Value ($ million)", 0, DEAREST),
                  f"B: existing ${values[1]:.0f} million, future ${values[3]:.0f}")
    panel.bar([1, 2, 3, 4], values, color=[PALE, ACCENT, PALE, ACCENT])
    for place, value in enumerate(values, start=1):
        panel.text(place, value, f"{value:.0f}", INK, ha="center", dy=-6)
    return panel


def _sentence(n):
    return (f"Firm B adds {_grows(n['growth'])} and has a polarisation of {n['polarisation']:.2f}. After 24 quarters it has {n['end']:,.0f} customers, having "
            f"added {n['add']:,.0f} and lost {n['churn']:.1%} in the last one; firm A has {n['other_end']:,.0f}, having added {n['other_add']:,.0f} and lost "
            f"{n['other_churn']:.1%}. In no quarter do they differ by more than {n['gap']:.1%} of A's customers. B's existing customers are worth "
            f"${n['existing'] / 1e6:.0f} million and its future ones ${n['future'] / 1e6:.0f} million; A's ${n['other_existing'] / 1e6:.0f} and "
            f"${n['other_future'] / 1e6:.0f} million.")


def _grows(rate):
    return "as many customers every quarter" if rate == 0 else f"{abs(rate):.1%} {'more' if rate > 0 else 'fewer'} customers every quarter"
