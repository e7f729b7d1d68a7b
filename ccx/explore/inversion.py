"""Lesson 01: one ledger, two pivots: what delisting a product saves, who buys it, and what leaves with it."""

from functools import lru_cache

import numpy as np
import pandas as pd

from ..ledger import grocer_ledger, statement
from ..plot import ACCENT, GREY, INK, PALE
from ._explorer import Explorer, Scene, Slider
from ._picture import Axis, Panel

SOLD, LISTED, FIFTHS = 100, 40, 5
STEP, MOST = 0.0005, 0.01
LEAVING = np.arange(round(MOST / STEP) + 1) * STEP
LOWEST, HIGHEST, MOST_LEAN = -20, 5, 3
TASK = (f"The list has the {LISTED} lowest margins among the {SOLD} products that sell most. Find the one that loses money although the best fifth of the households buy more "
        "of it than their share. Then find the smallest share of its buyers' other profit that must leave with it for the delisting to cost more than it saves.")
THEN = "Would you expect fewer of them to leave than that, if it were you who decided?"


def delist():
    """Open the explorer of lesson 01: pick a product to delist and see both statements.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> explorer = delist()
    >>> explorer.set(product=1, leaving=0)
    >>> bool(explorer.scene.numbers["net"] > 4000)
    True
    """
    controls = [Slider("product", "Product, by margin, the lowest first", 1, LISTED, 1, 12, form="product {:g}"),
                Slider("leaving", "Share of its buyers' other profit that leaves with it", 0, MOST, STEP, 0.005, form="{:.2%}")]
    return Explorer(view, draw, controls, TASK, _found, THEN)


@lru_cache
def _table():
    """The products on the list with their buyers, how each fifth of the households leans to them, and what the buyers are compared with."""
    ledger = grocer_ledger()
    households, products = statement(ledger, "customer_id"), statement(ledger, "product")
    table = products.assign(margin=products["profit"] / products["received"]).nlargest(SOLD, "received").nsmallest(LISTED, "margin")
    fifth = pd.Series(np.arange(len(households)) * FIFTHS // len(households) + 1, households.index)
    usual = households["received"].groupby(fifth).sum() / households["received"].sum()
    # The list only, and one row per buyer: with all lines this would take a second.
    bought = ledger[ledger["product"].isin(table.index)].groupby(["product", "customer_id"], observed=True)["received"].sum().reset_index()
    bought = bought.assign(value=bought["customer_id"].map(households["profit"]), fifth=bought["customer_id"].map(fifth))
    table = table.join(bought.groupby("product", observed=True)["value"].agg(buyers="size", value="sum"))
    shares = bought.groupby(["product", "fifth"], observed=True)["received"].sum().unstack(fill_value=0).loc[table.index].div(100 * table["received"], axis=0)
    return table.assign(others=table["value"] - table["profit"], best=shares[1]), shares / usual, households["profit"].sum(), usual[1]


def view(state):
    """What delisting a product brings, and who buys it.

    Parameters
    ----------
    state : dict
        ``product``, its place on the list, and ``leaving``, the share of what its buyers bring with everything else that leaves with it.

    Returns
    -------
    Scene
        Numbers ``profit``, ``margin``, ``buyers``, ``others`` (what the buyers bring with everything else, dollars), ``held`` (the share of all profit that the buyers
        bring), ``best`` (the best fifth's share of its sales), ``usual`` (their share of all sales), ``break_even`` (0 where nothing is saved), ``saved``, ``lost`` and ``net``.

    Notes
    -----
    net = −profit − leaving · others: what the product loses is saved, what it earns is lost, and a share of the rest of its buyers' profit goes with it.

    Examples
    --------
    >>> n = view({"product": 2, "leaving": 0.01}).numbers
    >>> bool(n["saved"] < n["lost"])
    True
    """
    table, lean, total, usual = _table()
    row = table.iloc[int(state["product"]) - 1]
    saved, others = -float(row["profit"]), float(row["others"])
    numbers = {**state, "profit": -saved, "margin": float(row["margin"]), "buyers": float(row["buyers"]), "others": others, "held": float(row["value"]) / total,
               "best": float(row["best"]), "usual": float(usual), "break_even": max(saved / others, 0.0), "saved": saved,
               "lost": state["leaving"] * others, "net": saved - state["leaving"] * others}
    return Scene(numbers, _sentence(row.name, numbers), {"name": row.name, "lean": lean.loc[row.name].to_numpy(), "net": saved - LEAVING * others})


def draw(scene):
    """Draw what the delisting brings against how much leaves with the product, and who buys it."""
    return [_balance(scene), _lean(scene)]


def _balance(scene):
    n = scene.numbers
    panel = Panel(Axis("Of the buyers' other profit, leaves", 0, MOST, "{:.1%}"), Axis("Delisting brings ($ thousand)", LOWEST, HIGHEST),
                  f"Delisting {'brings' if n['net'] >= 0 else 'costs'} ${abs(n['net']):,.0f}")
    panel.axhline(0, GREY, lw=1)
    panel.plot(LEAVING, scene.curves["net"] / 1000, INK)
    panel.scatter([n["leaving"]], [n["net"] / 1000], size=8, marker="D")
    if n["break_even"] > 0:
        panel.scatter([n["break_even"]], [0], GREY, marker="O")
        # Where the line does not run: below it on the left, above it on the right.
        panel.text(n["break_even"], 0, "nothing gained, nothing lost", GREY, **({"dx": 8, "dy": -10} if n["break_even"] < MOST / 2 else {"ha": "right", "dx": -8, "dy": 18}))
    return panel


def _lean(scene):
    places = np.arange(1, FIFTHS + 1)
    panel = Panel(Axis("Fifth of the households, the best first", 0.4, FIFTHS + 0.6, ticks=places), Axis("Relative to all that they buy", 0, MOST_LEAN),
                  f"Who buys {scene.curves['name'].split(': ')[-1]}")
    panel.bar(places, scene.curves["lean"], color=[ACCENT, *[PALE] * (FIFTHS - 1)])
    panel.axhline(1, INK, lw=1.2, dash="6 4")
    return panel


def _found(n):
    """A product that loses money and is bought by the best, at the first stop of the slider where delisting it costs more than it saves."""
    return n["profit"] < 0 and n["best"] > n["usual"] and n["net"] < 0 <= n["net"] + STEP * n["others"]


def _sentence(name, n):
    lost = f"loses ${n['saved']:,.0f}" if n["saved"] > 0 else f"earns ${n['profit']:,.0f}"
    back = (f"Delisting it pays as long as less than {n['break_even']:.2%} of that leaves with it." if n["saved"] > 0 else "Delisting it saves nothing, whatever leaves.")
    return (f"Product {n['product']:.0f} on the list, {name}: it {lost} a year, a margin of {n['margin']:.1%}. Its {n['buyers']:,.0f} buyers bring {n['held']:.0%} of the grocer's "
            f"profit, ${n['others']:,.0f} of it with other products; the best fifth buy {n['best']:.0%} of it, of everything {n['usual']:.0%}. {back} "
            f"At {n['leaving']:.2%}, ${n['lost']:,.0f} would leave, and delisting {'brings' if n['net'] >= 0 else 'costs'} ${abs(n['net']):,.0f}.")
