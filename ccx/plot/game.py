"""Figures of the market game: one market quarter by quarter, a league of strategies, and who survives when strategies grow with what they earn."""

from .figure import ACCENT, GREY, INK, PALE, describe, legend_above, new_axes

# Lines that must be told apart without colour.
STYLES = [(ACCENT, "-"), (GREY, "--"), (INK, ":"), (GREY, "-."), (PALE, "-")]


def plot_match(match, names=("own firm", "rival 1", "rival 2", "rival 3"), ax=None):
    """Draw the customer equity of four firms, quarter by quarter.

    Parameters
    ----------
    match : Match
        From `ccx.market.play`.
    names : sequence of four str
        By seat; the first is the one the picture is about.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from ccx.market import baselines, play
    >>> from ccx.plot import alt_text
    >>> four = [baselines()[name] for name in ("customer_centric", "cheapest", "do_nothing", "head_count")]
    >>> alt_text(plot_match(play(four, seed=1), ["customer-centric", "cheapest", "idle", "head count"]))[:75]
    'Customer equity of four firms from the start to quarter 8, thousand dollars'
    """
    ax = ax if ax is not None else new_axes()
    for i, (name, path, (colour, style)) in enumerate(zip(names, match.path.T, STYLES)):
        ax.plot(range(len(path)), path, color=colour, ls=style, lw=2, zorder=5 - i, label=name)
    ax.set(xlabel="Quarter (0: the start)", ylabel="Customer equity (thousand dollars)")
    legend_above(ax, columns=4)
    words = [f"{name} from {path[0]:.0f} to {path[-1]:.0f}" for name, path in zip(names, match.path.T)]
    return describe(ax, f"Customer equity of four firms from the start to quarter {len(match.path) - 1}, thousand dollars: {', '.join(words)}.")


def plot_league(table, mark=(), ax=None):
    """Draw each strategy's mean equity, with a line of one standard deviation between games to either side.

    Parameters
    ----------
    table : DataFrame
        By strategy, the best first: ``equity`` and ``spread``, as from `ccx.market.round_robin`.
    mark : collection
        Strategies to be seen at once.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_league(pd.DataFrame({"equity": [900.0, 400.0], "spread": [200.0, 80.0]}, index=["ours", "idle"])))
    'Mean customer equity of each strategy, thousand dollars, and its standard deviation between games: ours 900 and 200, idle 400 and 80.'
    """
    ax = ax if ax is not None else new_axes(height=0.9 + 0.26 * len(table))
    marked = [name in mark for name in table.index]
    places = range(len(table))
    ax.hlines(places, table["equity"] - table["spread"], table["equity"] + table["spread"], color=PALE, lw=4)
    for look, colour, chosen in (("D", ACCENT, True), ("o", INK, False)):
        ax.scatter(*zip(*[(x, y) for x, y, one in zip(table["equity"], places, marked) if one == chosen] or [([], [])]), marker=look, color=colour, zorder=3)
    ax.set_yticks(places, list(map(str, table.index)))
    ax.set(ylim=(len(table) - 0.5, -0.5), xlabel="Customer equity (thousand dollars)")
    ax.margins(x=0.08)
    ax.locator_params(axis="x", nbins=5)
    ax.tick_params(left=False)
    words = [f"{name} {row['equity']:.0f} and {row['spread']:.0f}" for name, row in table.iterrows()]
    return describe(ax, f"Mean customer equity of each strategy, thousand dollars, and its standard deviation between games: {', '.join(words)}.")


def plot_ecology(shares, most=5, ax=None):
    """Draw how strategies grow and shrink over the generations.

    Parameters
    ----------
    shares : DataFrame
        Generations by strategy, from `ccx.market.ecology`.
    most : int, default 5
        Strategies that get a line: those that ever have the largest shares; at most five.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from ccx.market import ecology
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_ecology(ecology([[1, 3], [2, 2]], generations=100)))
    'Shares of strategies over 100 generations: 0 from 50% to 50%, 1 from 50% to 50%. The others together end at 0%.'
    """
    ax = ax if ax is not None else new_axes()
    shown = shares.iloc[:, (-shares.max().to_numpy()).argsort(kind="stable")[:min(most, len(STYLES))]]
    for i, ((name, line), (colour, style)) in enumerate(zip(shown.items(), STYLES)):
        ax.plot(shares.index, line, color=colour, ls=style, lw=2, zorder=6 - i, label=str(name))
    ax.set(ylim=(0, 1), xlabel="Generation", ylabel="Share of all firms")
    ax.yaxis.set_major_formatter(lambda x, _: f"{x:.0%}")
    legend_above(ax, columns=2 if ax.figure.get_figwidth() < 6 else 3)
    words = [f"{name} from {line.iloc[0]:.0%} to {line.iloc[-1]:.0%}" for name, line in shown.items()]
    rest = max(1 - shown.iloc[-1].sum(), 0)
    return describe(ax, f"Shares of strategies over {len(shares) - 1} generations: {', '.join(words)}. The others together end at {rest:.0%}.")
