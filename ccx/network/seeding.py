"""Whom to teach: drawn worlds in which everything reached is known, the lazy greedy choice, and a bound on what any choice could do."""

import heapq
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .ties import Ties, aligned, named


@dataclass(frozen=True)
class Worlds:
    """Worlds drawn from a network, and who reaches whom in each.

    Parameters
    ----------
    clients : Index
    reaches : bool array (worlds, clients, clients)
        Whether teaching the client of the row reaches the client of the column.

    Examples
    --------
    >>> worlds = Worlds(pd.Index(["Ann", "Bob"]), np.array([[[True, True], [False, True]], [[True, False], [False, True]]]))
    >>> worlds.spread(["Ann"]).tolist()
    [2.0, 1.0]
    """

    clients: pd.Index
    reaches: np.ndarray = field(repr=False)

    def covered(self, taught):
        """Who is reached in each world when these are taught: a bool array (worlds, clients)."""
        places = self.clients.get_indexer(list(taught))
        if (places < 0).any():
            raise ValueError(f"{named(list(taught)[int(np.argmin(places))])} is taught but is not in the network.")
        return self.reaches[:, places].any(axis=1)

    def spread(self, taught, value=None):
        """What is reached in each world: the number of clients, or the sum of their values (a Series)."""
        return pd.Series(self.covered(taught) @ aligned(value, self.clients), name="reached").rename_axis("world")

    def gains(self, taught, value=None):
        """What teaching each client *as well* would add on average, by client."""
        missing = ~self.covered(taught)
        worth = aligned(value, self.clients)
        return pd.Series([_gain(row, missing, worth) for row in self.reaches.swapaxes(0, 1)], index=self.clients, name="gain")


def _gain(row, missing, worth):
    return float((row & missing).sum(axis=0) @ worth) / len(row)


def sample_worlds(graph, n, rng, model="cascade"):
    """Draw worlds and find out for each client whom it reaches in each.

    Parameters
    ----------
    graph : networkx graph
        With ``p`` on its edges, as from `client_graph`.
    n : int
        Worlds; they take n × clients² bytes.
    rng : Generator or int
    model : {"cascade", "threshold"}
        As in `cascades`.

    Returns
    -------
    Worlds

    Examples
    --------
    >>> from ccx.network import client_graph
    >>> chain = client_graph(pd.DataFrame({"source": ["Ann", "Bob"], "target": ["Bob", "Cid"], "p": [1.0, 1.0]}))
    >>> sample_worlds(chain, n=1, rng=1).reaches[0].sum(axis=1).tolist()
    [3, 2, 1]
    """
    ties, rng = Ties.of(graph, model), np.random.default_rng(rng)
    size = len(ties.clients)
    reaches = np.zeros((n, size, size), bool)
    reaches[:, ties.source, ties.target] = ties.live(n, rng, model)
    reaches[:, range(size), range(size)] = True
    return Worlds(ties.clients, _closed(reaches))


def _closed(reaches):
    """Whoever reaches somebody reaches those whom they reach (Warshall, 1962), eight clients to a byte."""
    size = reaches.shape[1]
    packed = np.packbits(reaches, axis=2)
    for middle in range(size):
        through = (packed[:, :, middle // 8] >> (7 - middle % 8)) & 1
        packed |= through[:, :, None] * packed[:, None, middle]
    return np.unpackbits(packed, axis=2, count=size).astype(bool)


def greedy(worlds, k, value=None, already=None):
    """Choose whom to teach one after the other, each time the client who adds most.

    Parameters
    ----------
    worlds : Worlds
    k : int
        Clients to teach.
    value : Series, optional
        By client; by default each counts 1.
    already : bool array_like (worlds, clients), optional
        Who comes to it in each world without being taught (as in `with_and_without`, with the same number of worlds and the same ``rng``); they add nothing.

    Returns
    -------
    DataFrame, by client in the order of the choice
        ``gain`` (what the client adds on average), ``total`` (of all so far) and ``looked_at`` (clients whose gain was worked out to find this one).

    Raises
    ------
    ValueError
        Where k is not between 1 and the number of clients, a client has no value, or `already` belongs to other worlds.

    Notes
    -----
    Expected spread is submodular: a client adds less, the more others are taught already. So the greedy choice comes to at least 1 − 1/e = 63 % of the best one
    (Nemhauser, Wolsey and Fisher, 1978; Kempe, Kleinberg and Tardos, 2003), and an old gain is an upper bound for a new one: whoever leads with a fresh
    gain has won, and the others need not be looked at (CELF; Leskovec and others, 2007). Judge
    the choice in worlds of its own: in those it was made in it looks a little too good.

    Examples
    --------
    >>> from ccx.network import client_graph
    >>> ties = pd.DataFrame({"source": ["Ann", "Ann", "Bob"], "target": ["Cid", "Dan", "Cid"], "p": 1.0})
    >>> greedy(sample_worlds(client_graph(ties), n=1, rng=1), k=2)
         gain  total  looked_at
    Ann   3.0    3.0          4
    Bob   1.0    4.0          3
    """
    if not 1 <= k <= len(worlds.clients):
        raise ValueError(f"There are {len(worlds.clients)} clients, so k lies between 1 and that; here it is {k}.")
    worth = aligned(value, worlds.clients)
    missing = np.ones(worlds.reaches.shape[::2], bool) if already is None else ~np.asarray(already, dtype=bool)
    if missing.shape != worlds.reaches.shape[::2]:
        raise ValueError(f"already has the shape {missing.shape}, but there are {worlds.reaches.shape[0]} worlds of {worlds.reaches.shape[2]} clients.")
    # Gain (negative, because a heap has its smallest first), place, and how many had been chosen when it was worked out.
    heap = [(-np.inf, place, -1) for place in range(len(worlds.clients))]
    rows, looked_at = [], 0
    while len(rows) < k:
        gain, place, known = heapq.heappop(heap)
        if known < len(rows):
            heapq.heappush(heap, (-_gain(worlds.reaches[:, place], missing, worth), place, len(rows)))
            looked_at += 1
            continue
        missing &= ~worlds.reaches[:, place]
        rows.append((worlds.clients[place], -gain, looked_at))
        looked_at = 0
    chosen = pd.DataFrame(rows, columns=["client", "gain", "looked_at"]).set_index("client").rename_axis(worlds.clients.name)
    return chosen.assign(total=chosen["gain"].cumsum())[["gain", "total", "looked_at"]]


def most_possible(worlds, k, value=None):
    """What no choice of k clients can exceed in these worlds: a certificate for any choice.

    Parameters
    ----------
    worlds : Worlds
    k : int
    value : Series, optional
        By client, none of them negative; by default each counts 1.

    Returns
    -------
    float

    Notes
    -----
    Whoever is taught already, the best k clients add to them no more than the k largest gains together (Leskovec and others, 2007). The bound returned is the lowest
    over the first 0, 1, …, k clients of the greedy choice; it often certifies far more than the 63 % of theory.

    Examples
    --------
    >>> from ccx.network import client_graph
    >>> ties = pd.DataFrame({"source": ["Ann", "Ann", "Bob"], "target": ["Cid", "Dan", "Cid"], "p": 1.0})
    >>> most_possible(sample_worlds(client_graph(ties), n=1, rng=1), k=2)
    4.0
    """
    chosen = greedy(worlds, k, value)
    before = [0.0, *chosen["total"]]
    return float(min(total + worlds.gains(chosen.index[:i], value).nlargest(k).sum() for i, total in enumerate(before)))
