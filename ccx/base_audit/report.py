"""The report: one HTML file without scripts or anything to be fetched, its pictures described in words, and no customer named."""

import html
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from .._page import render
from ..plot.figure import picture
from ._texts import count
from .calendar import PERIODS
from .findings import amount
from .pictures import figures

# At 375 pixels a picture of this width has letters of ten pixels.
WIDTH = 4.8
COUNT, MONEY, SHARE, TIMES, RATIO = "{:,.0f}", "{:,.2f}", "{:.1%}", "{:.2f}", "{:.3f}"
# Columns that are no counts.
COLUMNS = {
    MONEY: ["mean", "revenue", "profit", "value", "revenue_first", "revenue_second", "change", "amount", "value_per_order", "revenue_per_customer",
            "cumulative", "standard_error", "low", "high", "revenue_new", "revenue_repeat", "lens", "log", "difference"],
    SHARE: ["share", "cumulative_share", "revenue_share", "active_share", "bought_again", "repeat_share"],
    TIMES: ["orders_per_customer", "orders_per_active", "before", "after"], RATIO: ["ratio", "log_ratio"],
}  # fmt: skip
FORMATS = {name: form for form, names in COLUMNS.items() for name in names}


@dataclass(frozen=True)
class Table:
    """A table of words: the names of its columns, and rows that begin with their name."""

    caption: str
    columns: list
    rows: list
    words: bool = False


def page(audit, title="Customer-base audit"):
    """Write the report.

    Parameters
    ----------
    audit : Audit
    title : str

    Returns
    -------
    str
        HTML, in which every text from outside is escaped.
    """
    partial = [str(period) for period in audit.periods.index[~audit.periods["complete"]]]
    return render(
        Path(__file__).parent / "page.html", title=title, audit=audit, lenses=_lenses(audit), used=len(audit.log), customers=len(audit.customers), partial=partial,
        total=amount(audit.log["value"].sum(), audit.unit), period=PERIODS[audit.period], aside=_aside(audit),
        treatment=_table(audit.treatment, "Rows that are treated in a way of their own", words=True),
        reconciliation=_table(audit.reconciliation(), "Revenue in each lens and in the same rows of the log"))


def _lenses(audit):
    """What the page shows of each lens."""
    drawn, tabled = figures(audit, WIDTH), tables(audit)
    for finding in audit.findings:
        yield {"finding": finding, "pictures": [picture(ax, caption) for _, ax, caption in drawn[finding.lens]], "tables": tabled[finding.lens]}


def summary(audit):
    """What a notebook shows: the headline of each lens, what was set aside, and what to look at.

    Parameters
    ----------
    audit : Audit

    Returns
    -------
    str
        HTML.
    """
    lenses = "".join(f"<li><strong>{html.escape(finding.lens)}.</strong> {html.escape(finding.headline)}</li>" for finding in audit.findings)
    aside = [f"Set aside: {reason}, {count(row['rows'], 'row')}, {amount(row['value'], audit.unit)}." for reason, row in audit.set_aside.iterrows()]
    rest = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in [*aside, *audit.cautions])
    head = (f"<p><strong>Customer-base audit</strong> of {count(len(audit.log), 'row')} and {count(len(audit.customers), 'customer')}, "
            f"by {PERIODS[audit.period]}, {audit.periods.index[0]} to {audit.periods.index[-1]}.</p>")
    return f"{head}<ol>{lenses}</ol>" + (f"<ul>{rest}</ul>" if rest else "")


def tables(audit):
    """Set the tables of each lens in words.

    Parameters
    ----------
    audit : Audit

    Returns
    -------
    dict of str to list of Table
    """
    lenses = (_one_period, _two_periods, _one_cohort, _cohorts, _whole_base)
    return {finding.lens: list(rows(audit)) for finding, rows in zip(audit.findings, lenses)}


def _one_period(audit):
    lens = audit.one_period
    yield _table(lens.deciles, f"Tenths of the customers of {lens.period}, best first")
    yield _table(lens.orders, f"Customers of {lens.period} by number of orders")


def _two_periods(audit):
    lens = audit.two_periods
    if lens is None:
        return
    yield _table(lens.flows, f"Customers of {lens.first} and {lens.second}, and what they brought")
    yield _table(lens.growth, "Revenue as a product of factors")
    if lens.profit_growth is not None:
        yield _table(lens.profit_growth, "Profit as a product of factors")
    yield _table(lens.migration, f"Customers by tenth in {lens.first} (rows) and in {lens.second} (columns)")


def _one_cohort(audit):
    yield _table(audit.one_cohort.by_age, f"The cohort of {audit.cohort} by age in {PERIODS[audit.period]}s")


def _cohorts(audit):
    if len(audit.cohorts.quality):
        yield _table(audit.cohorts.quality, "Cohorts over the same number of days, and against the cohort a year earlier")
    yield _table(audit.cohorts.cumulative, f"Revenue so far per customer acquired, by age in {PERIODS[audit.period]}s", MONEY)


def _whole_base(audit):
    yield _table(audit.whole_base.by_period, "The base by period")
    yield _table(audit.whole_base.revenue_by_cohort, "Revenue by cohort (rows) and period (columns)", MONEY)


def _aside(audit):
    """What was set aside, with what is left and all of it together."""
    aside, values = audit.set_aside, audit.log["value"]
    sums = pd.DataFrame({"rows": [len(values), len(values) + aside["rows"].sum()], "value": [values.sum(), values.sum() + aside["value"].sum()],
                         "first_row": pd.NA}, index=["rows that count", "all rows"])  # fmt: skip
    table = pd.concat([part.astype(object) for part in (aside, sums)]).rename_axis("reason")
    return _table(table, "Rows by what became of them, with their value as far as it can be read")


def _table(frame, caption, every=None, words=False):
    """A table's cells as words: amounts, shares and counts each in their own way, nothing where there is nothing."""
    columns = [str(name).replace("_", " ") for name in frame.columns]
    formats = [every or FORMATS.get(name, COUNT) for name in frame.columns]
    rows = [[str(name), *(_cell(cell, form) for cell, form in zip(row, formats))] for name, row in zip(frame.index, frame.itertuples(index=False))]
    return Table(caption, [str(frame.index.name or "").replace("_", " "), *columns], rows, words)


def _cell(cell, form):
    if isinstance(cell, (str, pd.Period)):
        return str(cell)
    if pd.api.types.is_bool(cell):
        return "yes" if cell else "in part"
    text = "" if pd.isna(cell) else form.format(cell)
    # Rounding must not leave a nought with a sign.
    return text.removeprefix("-") if not text.strip("-0.,%") else text
