"""Lesson 08: three clients may be taught; whom, so that what they learn gets furthest where it is worth most?"""

from functools import lru_cache

import numpy as np

from ..network import Course, client_graph
from ..network.ties import Ties
from ..plot import ACCENT, GREY, INK, PALE
from ..plot.network import positions
from ..simulate import client_network
from ._explorer import Button, Explorer, Scene, Slider
from ._picture import Axis, Panel

SEED, SIZE, WORLDS = 14, 0.2, 400
COURSE, RATE = Course(equity=0.11, usage=0.10, firm=0.5, market=0.5, binding=0.8, freeing=0.5), 0.10
MOST, QUARTERS, GOAL = 3, 6, 58
TASK = (f"Teach {MOST} clients so that at least {GOAL} thousand dollars are expected in the end. (The {MOST} best connected, the {MOST} most valuable "
        f"and the {MOST} that bring most if each is taught alone all stay below 50.)")
THEN = "Now press Play in a few worlds: how far is one cascade from the expected one?"


def ripples():
    """Open the explorer of lesson 08: pick whom to teach on a network of 40 clients, and watch the value spread.

    A click on a client teaches it, or not after all, and so does the button for the client of the first slider. It opens with the most valuable client taught.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> explorer = ripples()
    >>> explorer.set(client=36)
    >>> explorer.press("teach")
    >>> explorer.press("play")
    >>> explorer.state["taught"], explorer.state["quarter"]
    ([18, 36], 3)
    """
    controls = [Slider("client", "Client to look at", 1, len(_network().place), 1, 20, form="client {:g}"),
                Slider("quarter", "Quarters played", 0, QUARTERS, 1, 2),
                Button("teach", "Teach this client, or not", lambda state: toggle(state, state["client"])),
                Button("play", "Play one quarter", play),
                Button("again", "Take another world", lambda state: {**state, "world": (state["world"] + 1) % WORLDS})]
    return Explorer(view, draw, controls, TASK, lambda n: n["taught"] == MOST and n["expected"] >= GOAL, THEN, {"network": pick}, {"taught": [18], "world": 0})


def toggle(state, client):
    """Teach a client, or no longer; the fourth is not taught.

    Parameters
    ----------
    state : dict with ``taught``
    client : int

    Returns
    -------
    dict
        The state that follows.

    Examples
    --------
    >>> toggle({"taught": [3]}, 8)["taught"], toggle({"taught": [3, 8]}, 3)["taught"]
    ([3, 8], [8])
    """
    client = int(client)
    others = [one for one in state["taught"] if one != client]
    if len(others) == len(state["taught"]) < MOST:
        others = sorted([*others, client])
    return {**state, "taught": others}


def pick(state, x, y):
    """The client next to a click, looked at, and taught or no longer taught."""
    place = _network().place
    client = int(np.hypot(place["x"] - x, place["y"] - y).idxmin())
    return toggle({**state, "client": client}, client)


def play(state):
    """The next quarter; after the last one the first again."""
    return {**state, "quarter": (state["quarter"] + 1) % (QUARTERS + 1)}


class _Network:
    """The forty clients, and when each reaches each other in 400 worlds: what does not depend on the state."""

    def __init__(self):
        firm = client_network(SEED, SIZE)
        graph = client_graph(firm.ties.assign(p=firm.truth), firm.clients.index)
        self.clients, self.value = firm.clients, COURSE.gain(firm.clients, RATE)
        self.place = positions(graph, firm.clients["trade"])
        self.size = (3 + 8 * np.sqrt(self.value.to_numpy() / self.value.max())).round(1)
        self.listeners = firm.ties["source"].value_counts().reindex(self.place.index, fill_value=0)
        # From x to x and from y to y, tie by tie.
        self.lines = self.place.to_numpy()[firm.ties[["source", "target"]].to_numpy() - 1].swapaxes(1, 2)
        self.names = {trade: (cloud["x"].mean(), cloud["y"].max()) for trade, cloud in self.place.groupby(firm.clients["trade"])}
        ties = Ties.of(graph)
        live = ties.live(WORLDS, np.random.default_rng(1), "cascade")
        # By client taught, world and client reached.
        self.waves = np.stack([ties.waves(live, ties.start([client], WORLDS)) for client in ties.clients]).astype(np.float32)


@lru_cache
def _network():
    return _Network()


def view(state):
    """What teaching these clients brings, on average and in one world.

    Parameters
    ----------
    state : dict
        ``taught`` (clients), ``client`` (the one looked at), ``quarter`` (how far the world is played) and ``world``.

    Returns
    -------
    Scene
        Numbers ``taught`` (how many), ``expected`` (value in the end, thousand dollars), ``clients`` (expected number reached in the end), ``here`` and
        ``reached`` (value and number so far in this world), ``adds`` (what teaching the client looked at as well would add to the expected value),
        ``quarter`` and ``world``.

    Examples
    --------
    >>> nobody = view({"taught": [], "client": 36, "quarter": 0, "world": 0}).numbers
    >>> alone = view({"taught": [36], "client": 36, "quarter": 0, "world": 0}).numbers
    >>> nobody["adds"] == alone["expected"] and alone["adds"] == 0
    True
    """
    network, taught = _network(), state["taught"]
    value = network.value.to_numpy()
    waves = network.waves[[client - 1 for client in taught]].min(axis=0, initial=np.inf)
    reached = np.isfinite(waves)
    by_quarter = np.stack([(waves <= quarter) @ value for quarter in range(QUARTERS + 1)])
    also = np.isfinite(network.waves[int(state["client"]) - 1]) & ~reached
    world, quarter = int(state["world"]), int(state["quarter"])
    numbers = {"taught": len(taught), "expected": float((reached @ value).mean()), "clients": float(reached.sum(axis=1).mean()),
               "here": float(by_quarter[quarter, world]), "reached": int((waves[world] <= quarter).sum()), "adds": float((also.mean(axis=0) @ value)),
               "quarter": quarter, "world": world + 1}
    curves = {"taught": taught, "client": int(state["client"]), "waves": waves[world], "mean": by_quarter.mean(axis=1),
              "band": np.quantile(by_quarter, [0.05, 0.95], axis=1), "path": by_quarter[:quarter + 1, world]}
    return Scene(numbers, _sentence(numbers, taught, curves["client"]), curves)


def draw(scene):
    """Draw the network as far as the world is played, and beside it the value reached against time."""
    return [_map(scene), _value(scene)]


def _map(scene):
    network, n, at = _network(), scene.numbers, scene.curves["client"] - 1
    panel = Panel(Axis("Click on a client to teach it, or not", -1.1, 1.1, ticks=[]), Axis("", -1.15, 1.2, ticks=[]),
                  f"Quarter {n['quarter']}: {n['reached']} clients reached", "network")
    for x, y in network.lines:
        panel.plot(x, y, PALE, lw=0.6)
    points, taught, reached = network.place.to_numpy(), [client - 1 for client in scene.curves["taught"]], scene.curves["waves"] <= n["quarter"]
    for i, (x, y) in enumerate(points):
        look = {"color": ACCENT, "marker": "D"} if i in taught else {"color": INK if reached[i] else GREY, "marker": "o" if reached[i] else "O"}
        panel.scatter([x], [y], size=network.size[i], **look)
    for trade, (x, y) in network.names.items():
        panel.text(x, y, trade, GREY, ha="center", dy=-14)
    panel.scatter([points[at, 0]], [points[at, 1] + 0.11 + 0.01 * network.size[at]], ACCENT, marker="v")
    return panel


def _value(scene):
    n, quarters, most = scene.numbers, np.arange(QUARTERS + 1), 100
    panel = Panel(Axis("Quarter", 0, QUARTERS, ticks=quarters), Axis("Value reached ($ thousand)", 0, most), f"${n['expected']:.1f} thousand expected in the end")
    low, high = scene.curves["band"]
    # There along the upper edge and back along the lower one.
    panel.fill([*quarters, *quarters[::-1]], [*high, *low[::-1]], PALE)
    panel.axhline(GOAL, GREY, dash="4 4")
    panel.text(0, GOAL, f"the task: {GOAL}", GREY, dx=6, dy=-6)
    panel.plot(quarters, scene.curves["mean"], INK, dash="7 4")
    panel.plot(quarters[:n["quarter"] + 1], scene.curves["path"])
    panel.scatter([n["quarter"]], [n["here"]], ACCENT)
    panel.text(QUARTERS, 4, "dashed: expected; grey: 9 worlds in 10", GREY, ha="right", dx=-2)
    return panel


def _sentence(n, taught, client):
    network = _network()
    who = "Nobody is taught" if not taught else f"Taught: client{'s' * (len(taught) > 1)} {', '.join(map(str, taught))}"
    full = f" More than {MOST} can't be taught." if len(taught) == MOST else ""
    one = network.clients.loc[client]
    adds = "is among the taught" if client in taught else f"would add ${n['adds']:.1f} thousand"
    return (f"{who}.{full} Expected in the end: ${n['expected']:.1f} thousand from {n['clients']:.1f} clients. "
            f"In world {n['world']}, quarter {n['quarter']}: ${n['here']:.1f} thousand from {n['reached']}. "
            f"Client {client} ({one['trade']}, brings ${network.value[client]:.1f} thousand itself, {network.listeners[client]} listen to it) {adds}.")
