"""`audit`, and what it returns: the tables of the five lenses, what they rest on, the findings, the pictures and the report."""

from functools import cached_property

import pandas as pd

from . import calendar as _calendar
from . import cohorts, lenses
from ._rows import read_rows
from ._source import opened
from .quality import cohort_quality
from .whole import whole_base


def audit(log, customer_id=None, date=None, value=None, margin=None, order=None, *, period="Q", of=None, against=None, cohort=None, start=None, end=None,
          returns="net", zeros="keep", duplicates="keep", anonymous="set aside", placeholders=(), date_format=None, day_first=None, time_zone=None,
          decimal=None, separator=None, encoding=None, days=None, unit=None):  # fmt: skip
    """Look at a log of purchases through the five lenses of the customer-base audit.

    Parameters
    ----------
    log : pandas.DataFrame, path of a CSV or Parquet file, or duckdb.DuckDBPyRelation
        A row per purchase or per line of one: who, when, how much. Further columns do no harm.
    customer_id, date : str, optional
        Names of the columns; recognised by their usual names if left out, and asked about where that is not clear.
    value : str or pair of str, optional
        Name of the column with the revenue of a row, returns below zero; or of two whose product it is, such as ``("quantity", "price")``.
    margin : str, optional
        Name of a column with the profit of a row, in money.
    order : str, optional
        Name of a column with the number of an order. If left out, all that a customer buys on a day is one order.
    period : {"Q", "M", "Y"}
        Quarters, months or years of the calendar.
    of, against : Period or str, optional
        The period of the first lens, which is the second lens's later one, and the earlier one. Default: the last that the log covers in full, and the
        same season a year before, or, where there is none, the period before.
    cohort : Period or str, optional
        Of the third lens: the period of the first purchase. Default: the earliest of a usual size after the log's first period.
    start, end : date-like, optional
        The first and last day that count. Default: those of the log.
    returns : {"net", "set aside"}
        Rows below zero are taken off the customer's revenue on their day and are no orders; or do not count at all. Returns before a customer's first
        purchase in the log are set aside in any case.
    zeros : {"keep", "set aside"}
        Whether rows of value zero count as purchases.
    duplicates : {"keep", "set aside"}
        Whether rows that equal an earlier one in every column count: two alike may have been bought.
    anonymous : {"set aside", "refuse"}
        Rows without a customer don't count, and the report says how many; or are an error.
    placeholders : sequence of str, optional
        Ids that stand for no customer in particular, such as "guest"; their rows are anonymous.
    date_format : str, optional
        As for `datetime.strptime`, or "excel", "unix" or "unix ms" for numbers.
    day_first : bool, optional
        Whether 01/02/2023 is in February. If left out, the other dates must tell, or you are asked.
    time_zone : str, optional
        Where to look at the calendar, such as "Europe/Berlin", for times that carry an offset. If left out, days are as written.
    decimal : {".", ","}, optional
        The decimal sign of amounts that are text. If left out, the amounts must tell, or you are asked.
    separator, encoding : str, optional
        Of a text file; recognised if left out.
    days : int, optional
        Days since the first purchase over which the fourth lens compares cohorts; chosen by `cohort_quality` if left out.
    unit : str, optional
        What amounts are counted in, such as "dollars".

    Returns
    -------
    Audit

    Raises
    ------
    TypeError
        When `log` is none of these.
    FileNotFoundError
        When there is no such file.
    ValueError
        When a column can't be found or read, or is ambiguous; when an option is unknown; when no row is left.

    Notes
    -----
    The five lenses are those of Fader, Hardie and Ross (2022), The Customer-Base Audit, Wharton School Press: one period, two periods, one cohort,
    cohorts against each other, the whole base. Every amount of a readable row is either in all of them or in ``set_aside``.

    Examples
    --------
    >>> import ccx
    >>> base = ccx.audit(ccx.load("cdnow"), unit="dollars")
    >>> base.two_periods.flows[["customers", "revenue_first", "revenue_second"]]
               customers  revenue_first  revenue_second
    group
    stayed          1758      156469.25       133862.77
    went            3618      202684.41            0.00
    came back       1559           0.00        79467.71
    new                0           0.00            0.00
    """
    choices = {"returns": returns, "zeros": zeros, "duplicates": duplicates, "anonymous": anonymous}
    reading = {"date_format": date_format, "day_first": day_first, "time_zone": time_zone, "decimal": decimal, "placeholders": placeholders}
    columns = {"customer_id": customer_id, "date": date, "value": value, "margin": margin, "order": order}
    rows = read_rows(opened(log, separator, encoding), columns, reading, choices, start, end)
    return Audit(rows, period, of, against, cohort, days, rows.unit if unit is None else unit)


class Audit:
    """A customer base seen through five lenses.

    Made by `ccx.audit`. In a notebook it shows its findings.

    Attributes
    ----------
    log : DataFrame
        The rows that count, as ``customer_id``, ``date``, ``value`` (and ``margin``): what the course's other functions take.
    customers : DataFrame, indexed by ``customer_id``
        ``first``, ``last`` (days of a purchase), ``orders``, ``revenue``, ``profit`` (with margins) and ``cohort``.
    activity : DataFrame
        A row per customer and period with a purchase or return; all lenses are made of it.
    periods : DataFrame, indexed by period
        ``start``, ``end``, ``complete``, ``customers``, ``new``, ``orders``, ``revenue`` and means.
    set_aside : DataFrame, indexed by reason
        ``rows`` that do not count, their ``value`` as far as it can be read, and the ``first_row`` of them (1 for the first below the header).
    treatment : DataFrame
        Returns, zeros and copies that were met, and what was done with them.
    period, of, against, cohort, unit
        As for `ccx.audit`, or what was chosen.
    one_period, two_periods, one_cohort, cohorts, whole_base
        The five lenses: `OnePeriod`, `TwoPeriods` (None where there is one period only), `OneCohort`, `Cohorts` and `WholeBase`, each with its tables.
    findings : list of Finding
        For each lens what it ``shows`` and what to ``beware`` of, in sentences.
    how_read, cautions : list of str
        How the log was read, and what in it should be looked at.

    Examples
    --------
    >>> import ccx
    >>> base = ccx.audit(ccx.load("company"), period="Y", margin="margin")
    >>> base.periods[["customers", "orders"]]
            customers  orders
    period
    2024         4659   10215
    2025         7...
    """

    def __init__(self, rows, period="Q", of=None, against=None, cohort=None, days=None, unit=""):
        self._rows, self._days, self.period, self.unit = rows, days, period, unit
        self.seasons = _calendar.PER_YEAR.get(period, 1)
        self.set_aside, self.treatment, self.how_read, self.cautions = rows.set_aside, rows.treatment, rows.said, rows.cautions
        calendar = _calendar.calendar(rows.covered, period, rows.longest_pause)
        self.activity = _calendar.activity_table(rows.used, rows.ids, period)
        self.customers = _calendar.customer_table(rows.used, rows.ids, self.activity)
        self.periods = _calendar.period_table(self.activity, calendar)
        self.of, self.against = self._compared(of, against)
        self.cohort = self._cohort() if cohort is None else pd.Period(cohort, period)

    def focus(self, period=None, of=None, against=None, cohort=None, days=None):
        """Turn the same log to other periods or another cohort.

        Parameters
        ----------
        period, of, against, cohort, days
            As for `ccx.audit`; `period` stays as it is if left out, the others are chosen anew.

        Returns
        -------
        Audit
        """
        return Audit(self._rows, period or self.period, of, against, cohort, days or self._days, self.unit)

    def _compared(self, of, against):
        """The periods of the first two lenses."""
        bought = self.periods.index[self.periods["customers"] > 0]
        whole = bought[self.periods.loc[bought, "complete"]]
        of = (whole if len(whole) else bought)[-1] if of is None else pd.Period(of, self.period)
        if against is not None:
            return of, pd.Period(against, self.period)
        earlier = whole[whole < of] if (whole < of).any() else bought[bought < of]
        year_before = of - self.seasons
        return of, year_before if year_before in earlier else earlier[-1] if len(earlier) else None

    def _cohort(self):
        """The first period's cohort mixes old and new customers, unless the log is of one cohort; a tiny one tells little."""
        sizes = self.periods["new"][self.periods["new"] > 0]
        later = sizes.iloc[1:][self.periods["complete"]]
        if sizes.iloc[0] > sizes.sum() / 2 or later.empty:
            return sizes.index[0]
        return later.index[later >= later.median() / 2][0]

    @cached_property
    def one_period(self):
        """The first lens: how different are the customers of one period?"""
        return lenses.one_period(self.activity, self.of)

    @cached_property
    def two_periods(self):
        """The second lens: what changed between two periods; None where the log holds one only."""
        return None if self.against is None else lenses.two_periods(self.activity, self.against, self.of)

    @cached_property
    def one_cohort(self):
        """The third lens: how does the behaviour of one cohort evolve?"""
        return cohorts.one_cohort(self.activity, self.periods, self.cohort)

    @cached_property
    def cohorts(self):
        """The fourth lens: are the customers acquired later better or worse?"""
        quality = cohort_quality(self.log, self.customers, self.periods, self._rows.covered[1], self._days)
        return cohorts.cohort_tables(self.activity, self.periods, quality)

    @cached_property
    def whole_base(self):
        """The fifth lens: who is active, who is new, and which cohorts does revenue rest on?"""
        return whole_base(self.activity, self.periods)

    @cached_property
    def log(self):
        """The rows that count, as the course's other functions take them."""
        used = self._rows.used
        kept = {"customer_id": self._rows.ids[used["code"]], "date": used["day"].to_numpy(), "value": used["value"].to_numpy()}
        return pd.DataFrame(kept | ({"margin": used["margin"].to_numpy()} if "margin" in used else {}))

    @cached_property
    def findings(self):
        """What each lens shows in sentences, and what it does not show."""
        from .findings import findings

        return findings(self)

    def reconciliation(self):
        """Set the revenue in each lens beside that of the same rows of the log.

        Returns
        -------
        DataFrame, indexed by lens
            ``lens`` and ``log``, both summed on their own, and their ``difference``.
        """
        when = _calendar.periods_of(self.log["date"].to_numpy(), self.period)
        value = self.log["value"]
        rows = [("One period", self.one_period.deciles["revenue"].sum(), value[when == self.of].sum())]
        if self.two_periods is not None:
            flows = self.two_periods.flows[["revenue_first", "revenue_second"]]
            rows.append(("Two periods", flows.sum().sum(), value[(when == self.of) | (when == self.against)].sum()))
        members = self.customers.index[self.customers["cohort"] == self.cohort]
        rows.append(("One cohort", self.one_cohort.by_age["revenue"].sum(), value[self.log["customer_id"].isin(members)].sum()))
        rows.append(("Cohorts against each other", self.cohorts.revenue.sum().sum(), value.sum()))
        rows.append(("The whole base", self.whole_base.revenue_by_cohort.sum().sum(), value.sum()))
        table = pd.DataFrame(rows, columns=["part", "lens", "log"]).set_index("part")
        return table.assign(difference=table["lens"] - table["log"])

    def figures(self, width=6.4):
        """Draw the pictures of the report.

        Parameters
        ----------
        width : float, default 6.4
            In inches.

        Returns
        -------
        dict of str to matplotlib Axes
            By name; `ccx.show` shows one in a notebook.
        """
        from .pictures import figures

        return {name: ax for name, ax, _ in sum(figures(self, width).values(), [])}

    def report(self, path, title="Customer-base audit"):
        """Write all five lenses into one HTML file.

        Parameters
        ----------
        path : str or Path
            The file to write. It holds no script, fetches nothing and names no customer.
        title : str

        Returns
        -------
        Path
        """
        from pathlib import Path

        from .report import page

        path = Path(path)
        path.write_text(page(self, title), encoding="utf-8")
        return path

    def __repr__(self):
        return "\n".join([f"Customer-base audit of {len(self.log):,} rows, {len(self.customers):,} customers, {self.periods.index[0]} to "
                          f"{self.periods.index[-1]}.",
                          *(f"{finding.lens}: {finding.headline}" for finding in self.findings)])  # fmt: skip

    def _repr_html_(self):
        from .report import summary

        return summary(self)
