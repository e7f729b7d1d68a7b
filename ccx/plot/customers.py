"""Figures of single customers: when each bought, and what each spent beside what each is worth."""

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter

from .figure import ACCENT, GREY, INK, PALE, describe, legend_above, new_axes, number


def plot_timelines(log, calibration_end, ax=None):
    """Draw when each of a few customers bought, and how long each has been silent.

    Parameters
    ----------
    log : DataFrame with ``customer_id`` and ``date``
        Of a few customers; later purchases than `calibration_end` are not drawn.
    calibration_end : date-like
        Today: the end of each line.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.to_datetime(["1997-01-01", "1997-02-05", "1997-01-22"])
    >>> plot_timelines(pd.DataFrame({"customer_id": [1, 1, 2], "date": days}), "1997-09-30").get_ylabel()
    'Customer'
    """
    end = pd.Timestamp(calibration_end)
    log = log[log["date"] <= end]
    week = (log["date"] - end).dt.days / 7
    spans = week.groupby(log["customer_id"]).agg(["min", "max"])
    ax = ax if ax is not None else new_axes(height=0.9 + 0.42 * len(spans))
    rows = np.arange(len(spans))[::-1]
    ax.hlines(rows, spans["min"], spans["max"], color=PALE, lw=1.2)
    ax.hlines(rows, spans["max"], 0, color=ACCENT, lw=2, ls=(0, (4, 2)), label="silence since the last purchase")
    ax.plot(week, pd.Series(rows, index=spans.index)[log["customer_id"]], "|", color=INK, ms=11, mew=1.4, label="a purchase")
    ax.set(xlabel=f"Time (weeks before {end:%d %B %Y})", ylabel="Customer", yticks=rows, yticklabels=spans.index,
           ylim=(-0.6, len(spans) - 0.4), xlim=(None, 0))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{abs(x):g}"))
    legend_above(ax, columns=2)
    days = log.groupby("customer_id")["date"].nunique()
    said = "; ".join(f"customer {c}: {_many(days[c], 'purchase')}, the last {_many(-spans['max'][c], 'week')} ago" for c in spans.index)
    return describe(ax, f"Purchases of {len(spans)} customers over time. On {end:%d %B %Y}, {said}.")


def plot_past_and_value(past, value, top, ax=None):
    """Draw what each customer has spent so far beside what each is still worth, with those marked who lead in the first only.

    Parameters
    ----------
    past : Series
        Dollars spent so far, one entry per customer.
    value : Series, aligned to `past`
        Lifetime value in dollars.
    top : int
        How many customers lead in each; the dotted lines cut them off.
    ax : matplotlib Axes, optional

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> past, value = pd.Series([900.0, 40.0, 10.0]), pd.Series([0.0, 80.0, 5.0])
    >>> plot_past_and_value(past, value, top=1).get_xlabel()
    'Spent so far (dollars)'
    """
    ax = ax if ax is not None else new_axes(height=3.8)
    cut_past, cut_value = past.nlargest(top).iloc[-1], value.nlargest(top).iloc[-1]
    fading = (past >= cut_past) & (value < cut_value)
    # On a scale of ratios there is no zero: a dollar or less is drawn as one.
    x, y = past.clip(lower=1), value.clip(lower=1)
    ax.plot(x[~fading], y[~fading], "o", color=PALE, ms=3)
    ax.plot(x[fading], y[fading], "o", color=ACCENT, ms=4)
    ax.axvline(cut_past, color=INK, lw=0.8, ls=":")
    ax.axhline(cut_value, color=INK, lw=0.8, ls=":")
    form = FuncFormatter(lambda x, _: number(x))
    ax.set(xscale="log", yscale="log", xlabel="Spent so far (dollars)", ylabel="Still to come (CLV, dollars)",
           xlim=(0.8, 1.6 * x.max()), ylim=(0.35, 2 * y.max()))
    ax.xaxis.set_major_formatter(form)
    ax.yaxis.set_major_formatter(form)
    ax.annotate("much spent, less to come", (0.99, 0.03), xycoords="axes fraction", ha="right", color=ACCENT)
    ax.annotate("less spent, much to come", (0.01, 0.94), xycoords="axes fraction", color=GREY)
    first = past.idxmax()
    ax.annotate(f"{first} ", (x[first], y[first]), color=ACCENT if fading[first] else GREY, ha="right", va="bottom")
    return describe(ax, f"What {len(past):,} customers spent so far and what each is worth. The {top} who spent most spent ${number(cut_past)} or more, "
                        f"the {top} most valuable are worth ${number(cut_value)} or more, and not all of the first are among the second. "
                        f"The customer who spent most, ${number(past[first])}, is worth ${value[first]:,.2f}.")


def _many(count, thing):
    return f"{count:.0f} {thing}{'' if round(count) == 1 else 's'}"
