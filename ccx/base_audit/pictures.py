"""The pictures of an audit, lens by lens."""

from .calendar import PERIODS

UNIT = "currency units"


def figures(audit, width=6.4):
    """Draw the pictures of each lens.

    Parameters
    ----------
    audit : Audit
    width : float, default 6.4
        In inches.

    Returns
    -------
    dict of str to list of tuple
        By lens: name, Axes with a description, and caption.
    """
    lenses = (_one_period, _two_periods, _one_cohort, _cohorts, _whole_base)
    return {finding.lens: list(draw(audit, width, audit.unit or UNIT)) for finding, draw in zip(audit.findings, lenses)}


def _one_period(audit, width, unit):
    from ccx import plot

    lens = audit.one_period
    spread = plot.plot_spread(lens.customers["revenue"], unit, ax=plot.new_axes(width))
    spread.set_xlabel(spread.get_xlabel().replace(" (", "\n("))  # too long for a narrow picture
    yield "spread", spread, f"How many customers spent how much in {lens.period}."
    positive = lens.customers["revenue"][lens.customers["revenue"] >= 0]
    if len(positive) >= 10 and positive.sum() > 0:
        yield "deciles", plot.plot_deciles(positive, ax=plot.new_axes(width)), "What each tenth of the customers brought, best first."
    yield "orders", plot.plot_orders(lens.orders, ax=plot.new_axes(width)), "How often customers ordered, and what those who ordered so often brought."


def _two_periods(audit, width, unit):
    from ccx import plot

    lens = audit.two_periods
    if lens is None:
        return
    names = (str(lens.first), str(lens.second))
    yield "flows", plot.plot_flows(lens.flows, names, unit, ax=plot.new_axes(width)), "Whose revenue was lost and won."
    for name, growth, what in (("growth", lens.growth, "Revenue"), ("profit growth", lens.profit_growth, "Profit")):
        if growth is not None and growth["amount"].notna().all():
            yield name, plot.plot_growth(growth, names, unit, what, ax=plot.new_axes(width)), f"Which factor made {what.lower()} change by how much."
    drawn = plot.plot_migration(lens.migration, names, ax=plot.new_axes(width, 4.2))
    yield "migration", drawn, "Of a hundred customers in a row, how many were in which tenth later."


def _one_cohort(audit, width, unit):
    from ccx import plot

    by_age = audit.one_cohort.by_age
    if len(by_age) > 1:
        # In a period that the log covers in part, fewer seem to order than did.
        followed = by_age[by_age["complete"] | (by_age.index == 0)]
        yield "cohort", plot.plot_cohort(followed, PERIODS[audit.period], ax=plot.new_axes(width)), f"Customers acquired in {audit.cohort} as they age."


def _cohorts(audit, width, unit):
    from ccx import plot

    lens = audit.cohorts
    if lens.cumulative.notna().any(axis=None):
        drawn = plot.plot_cohorts(lens.cumulative, PERIODS[audit.period], unit, ax=plot.new_axes(width, 3.6))
        yield "cohorts", drawn, "Revenue so far per customer acquired, aligned at the first purchase."
    if len(lens.quality):
        drawn = plot.plot_cohort_quality(lens.quality, unit, ax=plot.new_axes(width))
        yield "cohort quality", drawn, "The same number of days for every customer, with 95 percent intervals."


def _whole_base(audit, width, unit):
    from ccx import plot

    lens, period = audit.whole_base, PERIODS[audit.period]
    yield "c3", plot.plot_c3(lens.revenue_by_cohort, unit, ax=plot.new_axes(width, 3.6)), "Revenue by the cohort it came from."
    drawn = plot.plot_active(lens.by_period, ax=plot.new_axes(width, 3.6))
    yield "active", drawn, f"Who ordered in each {period}, and who of the {period} before did not."
