"""Figures of client networks: who listens to whom, how large cascades are, what teaching the first, the second, … client brings, and time."""

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.ticker import PercentFormatter

from .figure import ACCENT, GREY, INK, PALE, describe, legend_above, new_axes, number

# Lines that must be told apart without colour.
STYLES = [(ACCENT, "-"), (INK, "--"), (INK, "-."), (INK, ":"), (GREY, "-")]


def positions(graph, groups=None, seed=1):
    """Where to draw the clients: each group a cloud of its own, the clouds on a circle.

    Parameters
    ----------
    graph : networkx graph
    groups : Series, by client, optional
    seed : int, default 1

    Returns
    -------
    DataFrame, by client
        ``x`` and ``y``, between −1 and 1.

    Examples
    --------
    >>> import networkx as nx
    >>> positions(nx.path_graph(4)).abs().max().le(1).all()
    np.True_
    """
    import networkx as nx

    groups = pd.Series(0, index=list(graph.nodes)) if groups is None else groups.reindex(list(graph.nodes))
    names, sizes = groups.unique(), groups.value_counts()
    angles = 2 * np.pi * (np.cumsum([0, *np.sqrt([sizes[name] for name in names])])[:-1] + np.sqrt([sizes[name] for name in names]) / 2) / np.sqrt(sizes).sum()
    parts = []
    for name, angle in zip(names, angles):
        members = groups.index[groups == name]
        cloud = nx.spring_layout(nx.Graph(graph.subgraph(members)), k=2.2 / np.sqrt(len(members)), iterations=60, weight=None, seed=seed)
        middle = (len(names) > 1) * np.array([np.cos(angle), 0.85 * np.sin(angle)])
        places = middle + 0.5 * np.sqrt(sizes[name] / sizes.max()) * _gathered(np.array(list(cloud.values())))
        parts.append(pd.DataFrame(places, index=list(cloud), columns=["x", "y"]))
    found = pd.concat(parts).reindex(list(graph.nodes))
    return found / found.abs().max().replace(0, 1)


def _gathered(cloud):
    """Those far out brought nearer to the others, on a disc of radius 1."""
    far = np.hypot(*(cloud - cloud.mean(axis=0)).T)[:, None]
    return (cloud - cloud.mean(axis=0)) * np.tanh(far / max(np.median(far), 1e-9)) / np.maximum(far, 1e-9)


def plot_network(graph, groups=None, value=None, taught=(), waves=None, ax=None):
    """Draw a client network: dots as large as the clients' value, a line for each tie.

    Parameters
    ----------
    graph : networkx graph
    groups : Series, by client, optional
        Such as the trade; each is drawn as a cloud with its name.
    value : Series, by client, optional
        Area of the dots.
    taught : sequence of clients, optional
        Drawn as diamonds.
    waves : Series, by client, optional
        When each takes the lesson over, inf for never (one run of `cascades`): those reached are filled.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import networkx as nx
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_network(nx.DiGraph([("Ann", "Bob"), ("Ann", "Cid")]), taught=["Ann"]))
    'A network of 3 clients and 2 ties; 2 listen to the best connected. Taught: Ann.'
    """
    ax = ax if ax is not None else new_axes(height=4.6)
    place, clients, taught = positions(graph, groups), list(graph.nodes), list(taught)
    area = pd.Series(30.0, index=clients) if value is None else 6 + 240 * value.reindex(clients) / value.max()
    ends = place.to_numpy()[[[clients.index(one), clients.index(other)] for one, other in graph.edges]]
    ax.add_collection(LineCollection(ends, colors=PALE, linewidths=0.5, alpha=0.6, zorder=0))
    reached = [] if waves is None else [client for client in clients if np.isfinite(waves[client]) and client not in taught]
    rest = [client for client in clients if client not in taught and client not in reached]
    for who, colour, fill, marker in ((rest, GREY, "white", "o"), (reached, INK, GREY, "o"), (taught, ACCENT, ACCENT, "D")):
        ax.scatter(place.loc[who, "x"], place.loc[who, "y"], area[who], c=fill, edgecolors=colour, marker=marker, linewidths=1, zorder=1)
    for name, cloud in place.groupby(groups) if groups is not None else ():
        ax.annotate(f"{name} ({len(cloud)})", (cloud["x"].mean(), cloud["y"].max()), (0, 6), textcoords="offset points", ha="center", color=INK, fontsize="small")
    ax.set_axis_off()
    ax.margins(0.06)
    heard = max((degree for _, degree in (graph.out_degree() if graph.is_directed() else graph.degree())), default=0)
    words = [f"A network of {len(clients)} clients and {graph.number_of_edges()} ties; {heard} listen to the best connected.",
             *([f"Groups: {', '.join(f'{name} {size}' for name, size in groups.value_counts(sort=False).items())}."] if groups is not None else ()),
             *([f"Taught: {', '.join(map(str, taught))}."] if taught else ()), *([f"Reached besides: {len(reached)}."] if waves is not None else ())]
    return describe(ax, " ".join(words))


def plot_cascade_sizes(runs, unit="Clients reached", ax=None):
    """Draw how large single cascades are, and how well their mean is known.

    Parameters
    ----------
    runs : Series
        What was reached in each run, as from `reached`.
    unit : str, default "Clients reached"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> plot_cascade_sizes(pd.Series([1, 1, 5, 9])).get_ylabel()
    'Share of runs'
    """
    from ..network import expected_spread

    ax = ax if ax is not None else new_axes()
    runs = np.asarray(runs, dtype=float)
    mean, low, high = expected_spread(runs)
    ends = np.quantile(runs, [0.025, 0.975])
    ax.hist(runs, bins=_bins(runs), weights=np.full(len(runs), 1 / len(runs)), color=PALE, edgecolor=GREY, linewidth=0.5)
    ax.axvspan(low, high, color=ACCENT, alpha=0.35, lw=0)
    ax.axvline(mean, color=ACCENT, lw=1.5)
    top = ax.get_ylim()[1]
    ax.set_ylim(0, 1.2 * top)
    ax.annotate("the mean, and its interval", (mean, 1.17 * top), (6, 0), textcoords="offset points", color=ACCENT, va="top")
    ax.plot(ends, [1.04 * top] * 2, color=INK, lw=1.5, marker="|", ms=8)
    ax.annotate("95 % of the runs", (ends[1], 1.04 * top), (6, 0), textcoords="offset points", color=INK, va="center")
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel=unit, ylabel="Share of runs")
    return describe(ax, f"{unit} in {len(runs):,} runs: mean {number(mean)} with an interval from {number(low)} to {number(high)}; "
                        f"95 % of the runs lie between {number(ends[0])} and {number(ends[1])}.")


def _bins(runs):
    """Bars as wide as a whole number where whole numbers are counted, so that each holds as many of them."""
    if (runs % 1).any():
        return 40
    step = max(1, int(np.ceil(np.ptp(runs) / 40)))
    return np.arange(runs.min() - 0.5, runs.max() + step, step)


def plot_seeding(table, cost=None, unit="thousand dollars", ax=None):
    """Draw what ways to choose whom to teach bring, against the number taught.

    Parameters
    ----------
    table : DataFrame
        Value reached: a row per number taught, a column per way to choose, at most five; the first is the one the picture is about.
    cost : float, optional
        Of teaching one client: drawn as a line that the value has to stay above.
    unit : str, default "thousand dollars"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_seeding(pd.DataFrame({"greedy": [9.0, 14.0], "random": [3.0, 6.0]}, index=[1, 2]), cost=5))
    'Value reached against clients taught, thousand dollars. Greedy: 9 at 1, 14 at 2. Random: 3 at 1, 6 at 2. Cost: 5 each.'
    """
    ax = ax if ax is not None else new_axes(height=3.6)
    for name, (colour, style) in zip(table, STYLES):
        ax.plot(table.index, table[name], color=colour, ls=style, lw=2, label=str(name))
    if cost is not None:
        ax.fill_between(table.index, 0, cost * np.asarray(table.index), color=PALE, alpha=0.4, lw=0, label="cost of teaching", zorder=0)
    ax.margins(x=0)
    ax.set(ylim=(0, None), xlabel="Clients taught", ylabel=f"Value reached ({unit})")
    ax.xaxis.get_major_locator().set_params(integer=True)
    legend_above(ax, columns=3)
    first, last = table.index[0], table.index[-1]
    words = [f"{str(name).capitalize()}: {number(table[name].iloc[0])} at {first}, {number(table[name].iloc[-1])} at {last}." for name in table]
    return describe(ax, f"Value reached against clients taught, {unit}. {' '.join(words)}{'' if cost is None else f' Cost: {number(cost)} each.'}")


def plot_curriculum(table, cost=None, unit="thousand dollars", ax=None):
    """Draw what a course brings against how much of it is market expertise.

    Parameters
    ----------
    table : DataFrame
        Indexed by the share of market expertise in the course, a column per case, at most five.
    cost : float, optional
        Of the courses: drawn as a line that the gain has to stay above.
    unit : str, default "thousand dollars"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_curriculum(pd.DataFrame({"alone": [5.0, -1.0]}, index=[0.0, 1.0])))
    'Gain of the vendor against the share of market expertise in a course, thousand dollars. Alone: 5 at 0 %, -1 at 100 %, most at 0 %.'
    """
    ax = ax if ax is not None else new_axes()
    for name, (colour, style) in zip(table, STYLES):
        ax.plot(table.index, table[name], color=colour, ls=style, lw=2, label=str(name))
        ax.plot(table[name].idxmax(), table[name].max(), "o", color=colour, ms=6)
    ax.axhline(0, color=PALE, lw=1, zorder=0)
    if cost is not None:
        ax.axhline(cost, color=GREY, ls=":", lw=1.5, label="cost of the courses", zorder=0)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.set(xlabel="Market expertise in the course (the rest is firm-specific)", ylabel=f"Vendor's gain ({unit})")
    legend_above(ax, columns=2)
    ends = table.index[[0, -1]]
    words = [f"{str(name).capitalize()}: {number(table[name].iloc[0])} at {100 * ends[0]:.0f} %, {number(table[name].iloc[-1])} at {100 * ends[1]:.0f} %, "
             f"most at {100 * table[name].idxmax():.0f} %." for name in table]
    words += [] if cost is None else [f"Cost: {number(cost)}."]
    return describe(ax, f"Gain of the vendor against the share of market expertise in a course, {unit}. {' '.join(words)}")


def plot_adoption(table, period="Quarter", ax=None):
    """Draw which share of the clients has come round to an idea by each period.

    Parameters
    ----------
    table : DataFrame
        Shares: a row per period, a column per case, at most five; what lies between the first two is shaded.
    period : str, default "Quarter"
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_adoption(pd.DataFrame({"taught": [0.1, 0.6], "nobody taught": [0.0, 0.5]})))
    'Share of the clients that have come round, by quarter. Taught: from 10 % to 60 %. Nobody taught: from 0 % to 50 %.'
    """
    ax = ax if ax is not None else new_axes()
    for name, (colour, style) in zip(table, STYLES):
        ax.plot(table.index, table[name], color=colour, ls=style, lw=2, label=str(name))
    if table.shape[1] > 1:
        ax.fill_between(table.index, table.iloc[:, 1], table.iloc[:, 0], color=PALE, alpha=0.5, lw=0, zorder=0)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set(ylim=(0, None), xlabel=period, ylabel="Clients who have come round")
    legend_above(ax, columns=3)
    words = [f"{str(name).capitalize()}: from {100 * table[name].iloc[0]:.0f} % to {100 * table[name].iloc[-1]:.0f} %." for name in table]
    return describe(ax, f"Share of the clients that have come round, by {period.lower()}. {' '.join(words)}")
