"""A client network as a graph, and its ties as arrays: which are live, and when a lesson gets to whom along them."""

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd

MODELS = ("cascade", "threshold")


def client_graph(ties, clients=None):
    """A client network as a networkx graph: an arrow from each client to those who listen to it.

    Parameters
    ----------
    ties : DataFrame
        ``source``, ``target`` (who listens to the source) and ``p``, the probability that the target takes over what the source has learned.
    clients : sequence, optional
        All clients, in order; those without a tie belong to the network too.

    Returns
    -------
    networkx.DiGraph
        With ``p`` on its edges.

    Raises
    ------
    ValueError
        Where a column is missing or a tie leads to a client that is not among `clients`.

    Examples
    --------
    >>> ties = pd.DataFrame({"source": ["Ann", "Ann"], "target": ["Bob", "Cid"], "p": [0.5, 0.2]})
    >>> client_graph(ties, ["Ann", "Bob", "Cid", "Dan"]).out_degree("Ann")
    2
    """
    import networkx as nx

    missing = {"source", "target", "p"} - set(ties.columns)
    if missing:
        raise ValueError(f"The ties lack {', '.join(sorted(missing))}; they need source, target and p.")
    mentioned = pd.unique(ties[["source", "target"]].to_numpy().ravel())
    clients = mentioned if clients is None else clients
    strangers = set(mentioned) - set(clients)
    if strangers:
        raise ValueError(f"A tie names {named(sorted(strangers, key=str)[0])}, who is not among the clients.")
    graph = nx.DiGraph()
    graph.add_nodes_from(clients)
    graph.add_weighted_edges_from(ties[["source", "target", "p"]].itertuples(index=False), weight="p")
    return graph


@dataclass(frozen=True)
class Ties:
    """The ties of a graph as arrays, sorted by who listens."""

    clients: pd.Index
    source: np.ndarray
    target: np.ndarray
    p: np.ndarray

    @classmethod
    def of(cls, graph, model="cascade"):
        """Read a graph; an undirected tie works both ways."""
        if model not in MODELS:
            raise ValueError(f"model is {model!r}; it is one of {', '.join(MODELS)}.")
        clients = pd.Index(list(graph.nodes))
        edges = list((graph if graph.is_directed() else graph.to_directed()).edges(data="p"))
        source, target = (clients.get_indexer([edge[end] for edge in edges]) for end in (0, 1))
        order = np.argsort(target, kind="stable")
        ties = cls(clients, source[order], target[order], _probabilities(edges)[order])
        heard = ties.heard()
        if model == "threshold" and heard.max(initial=0) > 1 + 1e-9:
            most = f"{named(clients[heard.argmax()])} to {heard.max():.3g}"
            raise ValueError(f"With thresholds the p of all ties that lead to a client add up to 1 at most, but at {most}.")
        return ties

    def heard(self):
        """What the p of all ties that lead to a client add up to."""
        return np.bincount(self.target, self.p, len(self.clients))

    def places(self, taught):
        """Where the clients taught stand."""
        found = self.clients.get_indexer(list(taught))
        if (found < 0).any():
            raise ValueError(f"{named(list(taught)[int(np.argmin(found))])} is taught but is not in the network.")
        return found

    def live(self, n, rng, model):
        """Which ties work in each of n worlds: each by itself, or of those that lead to a client at most one."""
        if model == "cascade":
            return rng.random((n, len(self.p))) < self.p
        draw, ends = rng.random((n, len(self.clients)))[:, self.target], self._ends()
        return (draw >= ends - self.p) & (draw < ends)

    def _ends(self):
        """For each tie the sum of p up to it, among those that lead to the same client."""
        total = np.cumsum(self.p)
        before = np.concatenate([[0], total])[np.searchsorted(self.target, self.target)]
        return total - before

    def waves(self, live, start):
        """The wave in which the lesson gets to each client in each world, from those in which it starts; inf is never."""
        waves, (heads, first) = start.astype(float), np.unique(self.target, return_index=True)
        for wave in itertools.count() if len(heads) else ():
            if not np.any((waves >= wave) & (waves < np.inf)):
                break
            hit = np.logical_or.reduceat((waves == wave)[:, self.source] & live, first, axis=1)
            waves[:, heads] = np.where(hit, np.minimum(waves[:, heads], wave + 1), waves[:, heads])
        return waves

    def start(self, taught, n):
        """Wave 0 for those taught, never for the others."""
        start = np.full((n, len(self.clients)), np.inf)
        start[:, self.places(taught)] = 0
        return start


def _probabilities(edges):
    p = np.array([np.nan if one is None else one for *_, one in edges], dtype=float)
    wrong = np.flatnonzero(~((p >= 0) & (p <= 1)))
    if len(wrong):
        source, target, one = edges[wrong[0]]
        raise ValueError(f"Each tie needs a probability p between 0 and 1, but from {named(source)} to {named(target)} it is {one}.")
    return p


def aligned(value, clients):
    """Values in the order of the clients; ones where none are given."""
    if value is None:
        return np.ones(len(clients))
    if not isinstance(value, pd.Series):
        raise ValueError("The values are a Series with the clients as its index.")
    found = value.reindex(clients)
    if found.isna().any():
        raise ValueError(f"There is no value for client {named(found.index[found.isna()][0])}.")
    return found.to_numpy(dtype=float)


def named(client):
    """A client's name as one would write it: numbers of NumPy as numbers."""
    return repr(client.item() if isinstance(client, np.generic) else client)
