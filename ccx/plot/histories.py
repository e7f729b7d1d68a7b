"""Figures of what a model says of a customer's history: surfaces, lines of equal value, and P(alive) as time goes by."""

from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import PercentFormatter

from .figure import ACCENT, INK, describe, legend_above, new_axes, number

# From white to the accent, so that the highest value is the darkest.
SHADES = LinearSegmentedColormap.from_list("shades", ["#ffffff", "#f3c6ad", ACCENT])


def plot_surface(grid, label, percent=False, ax=None):
    """Draw a prediction for every combination of frequency and recency, the darker the higher.

    Parameters
    ----------
    grid : DataFrame
        From `history_grid` or `iso_value`: a row per frequency, a column per recency.
    label : str
        What it is, with its unit: ``"P(alive)"``, ``"Purchases expected in 39 weeks"``.
    percent : bool, default False
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> grid = pd.DataFrame([[0.2, 0.9], [0.1, 0.95]], index=[1, 2], columns=[10.0, 30.0])
    >>> plot_surface(grid, "P(alive)", percent=True).get_xlabel()
    'Time from first to last purchase (recency)'
    """
    ax = ax if ax is not None else new_axes(height=3.8)
    known = _repeat_buyers(grid)
    shown = ax.pcolormesh(known.columns, known.index, known, cmap=SHADES, shading="nearest")
    ax.figure.colorbar(shown, ax=ax, label=label, format=PercentFormatter(1) if percent else None)
    return _describe_grid(_label_grid(ax), known, label, percent)


def plot_iso_value(grid, label="Value", levels=8, ax=None):
    """Draw lines of equal value over frequency and recency, as on a map.

    Parameters
    ----------
    grid : DataFrame
        From `iso_value`.
    label : str
        What is equal along a line, with its unit.
    levels : int or sequence of float, default 8
        How many lines, or at which values.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> grid = pd.DataFrame([[0.2, 0.9], [0.1, 1.8]], index=[1, 2], columns=[10.0, 30.0])
    >>> plot_iso_value(grid, "Discounted purchases").get_title(loc="left")
    'Discounted purchases, equal along each line'
    """
    ax = ax if ax is not None else new_axes(height=3.8)
    known = _repeat_buyers(grid)
    lines = ax.contour(known.columns, known.index, known, levels=levels, colors=ACCENT, linewidths=1.2)
    ax.clabel(lines, fmt=number, fontsize="small", colors=INK)
    ax.set_title(f"{label}, equal along each line", loc="left", fontsize="medium")
    return _describe_grid(_label_grid(ax), known, label, False)


def plot_alive_path(path, purchases, ax=None):
    """Draw P(alive) of one customer as time goes by, with the purchases marked.

    Parameters
    ----------
    path : Series
        From `probability_alive_path`.
    purchases : sequence of float
        Times of the repeat purchases.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> plot_alive_path(pd.Series([1.0, 0.7, 0.8], index=[0.0, 2.0, 2.0]), [2]).get_ylabel()
    'P(alive)'
    """
    ax = ax if ax is not None else new_axes()
    ax.vlines([0, *purchases], 0, 1, color=INK, lw=1, ls=":", label="purchases", clip_on=False)
    ax.plot(path.index, path, color=ACCENT, lw=2, label="P(alive)")
    ax.set(xlabel="Time since the first purchase", ylabel="P(alive)", ylim=(0, 1.02), xlim=(0, path.index[-1]))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    legend_above(ax, columns=2)
    times = f"{len(purchases)} repeat purchase{'s' * (len(purchases) != 1)}"
    return describe(ax, f"Probability that a customer with {times} is still one, over time: it is lowest at {path.min():.0%} "
                        f"and stands at {path.iloc[-1]:.0%} at the end, time {number(path.index[-1])}.")


def _repeat_buyers(grid):
    """Customers without a repeat purchase have one cell only, far from all others."""
    return grid.loc[grid.index > 0, grid.columns > 0]


def _label_grid(ax):
    ax.set(xlabel="Time from first to last purchase (recency)", ylabel="Repeat purchases (frequency)")
    return ax


def _describe_grid(ax, grid, label, percent):
    """The four corners say which way it rises."""
    form = "{:.0%}".format if percent else number
    corners = [f"frequency {number(f)} and recency {number(t)}: {form(grid.loc[f, t])}"
               for f in (grid.index[0], grid.index[-1]) for t in (grid.columns[0], grid.columns[-1])]
    return describe(ax, f"{label} by frequency and recency. At {'; at '.join(corners)}.")
