"""Lesson 09: the market game for a person, eight quarters against three rivals."""

from functools import lru_cache

import numpy as np

from ..market.game import Market
from ..market.league import asking, play_tables
from ..market.moves import LEVERS, SEGMENTS, decide
from ..market.strategies import baselines
from ..plot import ACCENT, GREY, INK, PALE
from ._explorer import Button, Explorer, Scene, Slider
from ._picture import Axis, Panel

SEED, ELSEWHERE, QUARTERS, MOST = 3, range(101, 109), 8, 1200
# Two line-ups of rivals, each with the name that the picture has room for.
RIVALS = ({"mass market": "product_centric", "evenly": "peanut_butter", "cheapest": "cheapest"},
          {"mass market": "product_centric", "best only": "focal_only", "copycat": "copycat"})
WORDS = {"acquisition": "Acquire", "retention": "Retain", "development": "Develop", "cost": "Cut cost"}
DASHES = (("", ACCENT), ("7 4", GREY), ("2 5", INK), ("10 4 2 4", GREY))
CONTROLS = [(f"{lever}_{segment}", f"{lever.capitalize()}, for the {segment}") for lever in LEVERS for segment in SEGMENTS]
TASK = "Play the eight quarters so that your firm ends with more customer equity than each of its three rivals."
THEN = "Now start again with the other rivals, of whom one sees only the best customers: does the same plan win?"


def market_game():
    """Open the explorer of lesson 09: a firm in a market of four, quarter by quarter.

    The sliders say which share of the cash goes where in the coming quarter (together more than all is scaled down to all); a button plays the quarter,
    another takes it back, a third starts again with other rivals.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> explorer = market_game()
    >>> explorer.set(development_focal=0.5, cost_rest=0.2)
    >>> explorer.press("play")
    >>> explorer.scene.numbers["quarter"]
    2
    """
    sliders = [Slider(name, label, 0, 0.6, 0.02, 0.06, form="{:.0%} of the cash") for name, label in CONTROLS]
    buttons = [Button("play", "Play this quarter", advance), Button("back", "Take the last quarter back", lambda state: {**state, "played": state["played"][:-1]}),
               Button("rivals", "Start again with other rivals", lambda state: {**state, "played": (), "rivals": 1 - state["rivals"]})]
    return Explorer(view, draw, [*sliders, *buttons], TASK, lambda n: n["quarter"] > QUARTERS and n["equity"] > n["best_rival"], THEN,
                    start={"played": (), "rivals": 0})


def advance(state):
    """Play the quarter by the plan on the sliders; after the eighth nothing changes.

    Parameters
    ----------
    state : dict with the sliders' values and ``played``, the plans so far

    Returns
    -------
    dict

    Examples
    --------
    >>> advance({**{name: 0.25 for name, _ in CONTROLS}, "played": ()})["played"][0][0]
    (0.125, 0.125)
    """
    return {**state, "played": (*state["played"], plan(state))[:QUARTERS]}


def plan(state):
    """The shares of the cash on the sliders, by lever and segment, together at most 1."""
    shares = np.array([state[name] for name, _ in CONTROLS]).reshape(-1, len(SEGMENTS))
    return tuple(map(tuple, (shares / max(shares.sum(), 1)).tolist()))


def follow(plans):
    """The strategy that divides its cash by given plans, quarter by quarter."""
    def strategy(state):
        # A little less than all, so that no rounding is more than there is.
        cash = max(state.cash, 0) * (1 - 1e-9)
        shares = plans[state.quarter - 1] if state.quarter <= len(plans) else ()
        return {lever: tuple(cash * share for share in pair) for lever, pair in zip(LEVERS, shares)}

    return strategy


def view(state):
    """The market after the quarters that were played, and the plan for the next one.

    Parameters
    ----------
    state : dict with the sliders' values, ``played`` and ``rivals`` (0 or 1)

    Returns
    -------
    Scene
        Numbers ``quarter`` (9 when the game is over), ``cash``, ``focal`` and ``rest`` (own customers), ``planned`` (thousand dollars), ``equity``,
        ``best_rival``, and at the end ``elsewhere`` and ``spread``: mean and standard deviation of the equity of the same plans in eight other markets.

    Examples
    --------
    >>> view({**{name: 0.06 for name, _ in CONTROLS}, "played": (), "rivals": 0}).numbers["cash"]
    80.0
    """
    own, path, value, cash = _market(state["played"], state["rivals"])
    over = own.quarter > QUARTERS
    money = own.cash * np.array(plan(state)) * (not over)
    numbers = {"quarter": own.quarter, "cash": own.cash, "focal": own.customers[0], "rest": own.customers[1], "planned": float(money.sum()),
               "equity": float(path[-1][0]), "best_rival": float(path[-1][1:].max())}
    if over:
        others = _elsewhere(state["played"], state["rivals"])
        numbers |= {"elsewhere": float(others.mean()), "spread": float(others.std(ddof=1))}
    names = ("yours", *RIVALS[state["rivals"]])
    text = _result(numbers, names, path[-1]) if over else _sentence(own, money, names, path[-1])
    return Scene(numbers, text, {"path": np.array(path), "plan": np.array(plan(state)), "value": value, "end": cash, "names": names})


@lru_cache
def _market(played, rivals):
    """Own state, all equities so far, the customers' values and the cash, after the plans that were played."""
    market = Market(SEED)
    path = [market.equity()]
    for _ in played:
        market.play([decide(strategy, state) for strategy, state in zip(_four(played, rivals).values(), market.states())])
        path.append(market.equity())
    value = market.value()
    return market.states()[0], path, value, path[-1] - value.sum(axis=1)


def _four(played, rivals):
    return {"yours": follow(played), **{name: baselines()[strategy] for name, strategy in RIVALS[rivals].items()}}


@lru_cache
def _elsewhere(played, rivals):
    """What the same plans end with in other markets."""
    four = _four(played, rivals)
    return play_tables([tuple(four)] * len(ELSEWHERE), ELSEWHERE, asking(four))[0][:, 0]


def draw(scene):
    """Draw the four firms' customer equity, and beside it the plan, or in the end what the equity is made of."""
    return [_race(scene), _end(scene) if scene.numbers["quarter"] > QUARTERS else _plan(scene)]


def _race(scene):
    n, path = scene.numbers, scene.curves["path"]
    panel = Panel(Axis("Quarter", 0, QUARTERS, ticks=range(QUARTERS + 1)), Axis("Customer equity ($ thousand)", 0, MOST),
                  f"Yours ${n['equity']:,.0f} thousand, the best rival ${n['best_rival']:,.0f}")
    for i, (name, (dash, color)) in enumerate(zip(scene.curves["names"], DASHES)):
        panel.plot(range(len(path)), path[:, i], color, dash=dash)
        panel.plot([0.2, 1], [MOST * (0.96 - 0.075 * i)] * 2, color, dash=dash)
        panel.text(1.15, MOST * (0.96 - 0.075 * i), name, color, dy=5)
    panel.scatter(np.full(3, len(path) - 1), path[-1, 1:], GREY, 4)
    panel.scatter([len(path) - 1], path[-1, :1], ACCENT, marker="D")
    return panel


def _plan(scene):
    n, shares = scene.numbers, scene.curves["plan"]
    places = np.arange(len(LEVERS))
    levers = Axis("Left bars: focal customers; right bars: the rest", -0.5, 3.5, ticks=dict(zip(places, WORDS.values())))
    panel = Panel(levers, Axis("Share of the cash", 0, 0.6, "{:.0%}"),
                  f"Plan for quarter {n['quarter']}: ${n['planned']:,.1f} of ${n['cash']:,.1f} thousand")
    panel.bar(places - 0.2, shares[:, 0], 0.36, ACCENT)
    panel.bar(places + 0.2, shares[:, 1], 0.36, PALE)
    return panel


def _end(scene):
    cash, value, names = scene.curves["end"], scene.curves["value"], scene.curves["names"]
    places = np.arange(len(names))
    panel = Panel(Axis("From below: cash, focal customers, the rest", -0.5, 3.5, ticks=dict(zip(places, names))), Axis("Customer equity ($ thousand)", 0, MOST),
                  "What the equity is made of")
    for height, color in ((cash + value.sum(axis=1), PALE), (cash + value[:, 0], ACCENT), (cash, GREY)):
        panel.bar(places, height, 0.7, color)
    return panel


def _sentence(own, money, names, equity):
    plans = ", ".join(f"{lever} {focal:.1f} and {rest:.1f}" for lever, (focal, rest) in zip(LEVERS, money))
    return (f"Quarter {own.quarter} of {QUARTERS}. You have ${own.cash:,.1f} thousand, {own.customers[0]} focal customers and {own.customers[1]} of the rest; "
            f"{own.unserved[0]} and {own.unserved[1]} have no firm. Last quarter a focal customer brought ${own.margin[0]:.2f} thousand and {own.retention[0]:.0%} of "
            f"them stayed; one of the rest brought ${own.margin[1]:.2f} thousand and {own.retention[1]:.0%} stayed. Plan for the focal customers and the rest, in "
            f"thousand dollars: {plans}; {own.cash - money.sum():,.1f} are kept. Customer equity: {_listed(names, equity)}.")


def _result(n, names, equity):
    return (f"The eight quarters are over. You have {n['focal']} focal customers, {n['rest']} of the rest and ${n['cash']:,.1f} thousand of cash. "
            f"Customer equity: {_listed(names, equity)}. In eight other markets the same plans end with ${n['elsewhere']:,.0f} thousand on average, standard deviation {n['spread']:,.0f}.")


def _listed(names, equity):
    return ", ".join(f"{name} ${one:,.0f} thousand" for name, one in zip(names, equity))
