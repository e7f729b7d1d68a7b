"""Figures of a whole firm: what it discloses, and what it is worth."""

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator

from .figure import ACCENT, GREY, INK, PALE, describe, legend_above, new_axes, number

STYLES = ["-", "--", "-.", ":"]
NAMES = {"existing": "existing\ncustomers", "future": "future\ncustomers", "fixed_costs": "fixed\ncosts", "tax": "tax", "other_assets": "other\nassets",
         "debt": "debt", "equity": "equity"}


def plot_disclosures(disclosures, expected=None, ax=None):
    """Draw the customers that a firm adds, loses and has at the end of each quarter, beside what models expect.

    Parameters
    ----------
    disclosures : DataFrame, by quarter
        ``add``, ``loss`` and ``end``.
    expected : dict of DataFrame, optional
        By name, the ``end`` that a model expects (from `ccx.clv.expected_disclosures`), for as many quarters as it likes; the first is the point
        of the figure.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from ccx.plot import alt_text
    >>> table = pd.DataFrame({"add": [100, 50], "loss": [0, 20], "end": [100, 130]}, index=[1, 2])
    >>> alt_text(plot_disclosures(table))
    'Customers by quarter. In quarter 2 the firm adds 50, loses 20 and has 130 at the end; in quarter 1 it had 100.'
    """
    ax = ax if ax is not None else new_axes(height=3.4)
    quarters, expected = disclosures.index.to_numpy(), expected or {}
    ax.bar(quarters, disclosures["add"], color=PALE, label="added")
    ax.bar(quarters, -disclosures["loss"], color="white", edgecolor=GREY, hatch="////", lw=0.8, label="lost")
    ax.plot(quarters, disclosures["end"], "o", ls="none" if expected else "-", ms=4, color=GREY if expected else ACCENT, label="at the end")
    for i, (name, table) in enumerate(expected.items()):
        ax.plot(table.index, table["end"], STYLES[i % 4], color=ACCENT if i == 0 else INK, lw=2 if i == 0 else 1.4, label=name)
    if any(table.index[-1] > quarters[-1] for table in expected.values()):
        ax.axvline(quarters[-1] + 0.5, color=PALE, lw=1)
    ax.axhline(0, color=INK, lw=0.8)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{abs(y):,.0f}"))
    ax.set(xlabel="Quarter", ylabel="Customers")
    legend_above(ax, 3)
    last, first = disclosures.iloc[-1], disclosures.iloc[0]
    curves = "".join(f" The curve {name} ends at {number(table['end'].iloc[-1])} in quarter {table.index[-1]}." for name, table in expected.items())
    return describe(ax, f"Customers by quarter. In quarter {quarters[-1]} the firm adds {number(last['add'])}, loses {number(last['loss'])} and has "
                        f"{number(last['end'])} at the end; in quarter {quarters[0]} it had {number(first['end'])}.{curves}")


def plot_valuation(value, draws=None, level=0.95, ax=None):
    """Draw how the value of the customers becomes the value of the equity, step by step.

    Parameters
    ----------
    value : Series
        From `ccx.clv.value_firm`; parts that are 0 are left out.
    draws : DataFrame, optional
        From `ccx.clv.bootstrap_value`, for an interval around the equity.
    level : float, default 0.95
        Of the interval.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_valuation(pd.Series({"existing": 5e6, "future": 3e6, "debt": -2e6, "equity": 6e6})))
    'Steps from customers to equity, in million dollars: existing customers 5, future customers 3, debt -2, equity 6.'
    """
    ax = ax if ax is not None else new_axes(height=3.4)
    parts = value[(value != 0) | (value.index == "equity")]
    unit, size = _unit(parts.abs().max())
    reached = (parts.drop("equity").cumsum() / size).to_numpy()
    bottoms = np.array([0, *reached[:-1], 0])
    for i, (name, amount) in enumerate((parts / size).items()):
        look = {"color": ACCENT} if name == "equity" else {"color": PALE} if amount > 0 else {"color": "white", "edgecolor": GREY, "hatch": "////"}
        ax.bar(i, amount, bottom=bottoms[i], width=0.65, **look)
    ax.hlines(reached, np.arange(len(reached)) + 0.325, np.arange(len(reached)) + 0.675, color=INK, lw=0.8)
    tops = np.array(np.maximum(bottoms, bottoms + parts / size))
    said = ""
    if draws is not None:
        low, tops[-1] = draws["equity"].quantile([(1 - level) / 2, (1 + level) / 2]) / size
        ax.plot([len(reached)] * 2, [low, tops[-1]], color=INK, lw=2, marker="_", ms=14)
        said = f", with a {level:.0%} interval from {_amount(low)} to {_amount(tops[-1])}"
    for i, (top, amount) in enumerate(zip(tops, parts / size)):
        ax.annotate(_amount(amount), (i, top), xytext=(0, 5), textcoords="offset points", ha="center", color=INK, fontsize="small")
    ax.axhline(0, color=INK, lw=0.8)
    ax.margins(y=0.12)
    ax.set_xticks(range(len(parts)), [NAMES[name] for name in parts.index], fontsize="small")
    ax.set(ylabel=f"Value ({unit})")
    steps = ", ".join(f"{NAMES[name]} {_amount(amount / size)}".replace("\n", " ") for name, amount in parts.items())
    return describe(ax, f"Steps from customers to equity, in {unit}: {steps}{said}.")


def plot_two_values(values, ax=None):
    """Draw what existing and future customers are worth, valuation by valuation.

    Parameters
    ----------
    values : dict of Series
        By name, from `ccx.clv.value_firm` (or any Series with ``existing`` and ``future``); the first is the point of the figure.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> from ccx.plot import alt_text
    >>> alt_text(plot_two_values({"sBG": pd.Series({"existing": 5e6, "future": 3e6})}))
    'Value in million dollars. sBG: existing customers 5, future customers 3.'
    """
    table = pd.DataFrame({name: value[["existing", "future"]] for name, value in values.items()}).T.astype(float)
    ax = ax if ax is not None else new_axes(height=1.2 + 0.75 * len(table))
    unit, size = _unit(table.abs().max(axis=None))
    rows = np.arange(len(table))
    looks = {"existing": {"color": [ACCENT] + [GREY] * (len(table) - 1)}, "future": {"color": PALE, "edgecolor": GREY, "hatch": "...", "lw": 0.8}}
    for shift, (part, look) in zip((-0.19, 0.19), looks.items()):
        bars = ax.barh(rows + shift, table[part] / size, 0.34, label=f"{part} customers", **look)
        ax.bar_label(bars, [_amount(amount) for amount in table[part] / size], padding=4, fontsize="small", color=INK)
    ax.axvline(0, color=INK, lw=0.8)
    ax.set_yticks(rows, table.index)
    ax.invert_yaxis()
    ax.margins(x=0.15)
    ax.set(xlabel=f"Value ({unit})")
    legend_above(ax, 2)
    said = " ".join(f"{name}: existing customers {_amount(row['existing'] / size)}, future customers {_amount(row['future'] / size)}." for name, row in table.iterrows())
    return describe(ax, f"Value in {unit}. {said}")


def _unit(largest):
    return ("billion dollars", 1e9) if largest >= 1e9 else ("million dollars", 1e6) if largest >= 1e6 else ("dollars", 1.0)


def _amount(x):
    return number(x) if x else "0"
