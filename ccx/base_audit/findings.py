"""What an audit shows, in sentences computed from its tables, and what it does not show."""

from dataclasses import dataclass, field

import pandas as pd

from ._texts import count
from .calendar import PERIODS


@dataclass
class Finding:
    """One lens: its question, what it shows, and what that does not mean."""

    lens: str
    question: str
    shows: list = field(default_factory=list)
    beware: list = field(default_factory=list)

    @property
    def headline(self):
        """The first thing it shows, or why it shows nothing."""
        return (self.shows or self.beware)[0]


def findings(audit):
    """Say what each lens shows.

    Parameters
    ----------
    audit : Audit

    Returns
    -------
    list of Finding
        In the order of the lenses; the first sentence of each is its headline.
    """
    return [_one_period(audit), _two_periods(audit), _one_cohort(audit), _cohorts(audit), _whole_base(audit)]


def amount(x, unit=""):
    """An amount as one writes it.

    Examples
    --------
    >>> amount(1234.5, "dollars"), amount(12.3)
    ('1,234 dollars', '12.30')
    """
    return f"{x:,.0f} {unit}".strip() if abs(x) >= 1000 else f"{x:,.2f} {unit}".strip()


def share(x):
    """A share in per cent, which says all and nothing only where it is.

    Examples
    --------
    >>> share(0.345), share(0.998), share(1.0), share(0.0001), share(0)
    ('34%', 'more than 99%', '100%', 'less than 1%', '0%')
    """
    text = f"{x:.0%}"
    return "more than 99%" if text == "100%" and x < 1 else "less than 1%" if text == "0%" and x > 0 else text


def signed(x, unit=""):
    """A change as one writes it.

    Examples
    --------
    >>> signed(12.3), signed(-1234.5, "euros")
    ('+12.30', '−1,234 euros')
    """
    return ("−" if x < 0 else "+") + amount(abs(x), unit)


def _one_period(audit):
    lens, unit = audit.one_period, audit.unit
    found, period = lens.summary, PERIODS[audit.period]
    said = Finding("One period", f"How different were the customers of {lens.period}?")
    said.shows.append(f"In {lens.period}, {count(found['customers'], 'customer')} placed {count(found['orders'], 'order')} worth "
                      f"{amount(found['revenue'], unit)}: "
                      f"{found['orders_per_customer']:.2f} orders each, {amount(found['value_per_order'], unit)} an order.")
    said.shows.append(f"They spent {amount(found['mean'], unit)} on average, half of them {amount(found['median'], unit)} or less; "
                      f"{share(found['below_mean'])} spent less than the average, "
                      f"and {share(found['one_order'])} ordered once.")
    if "gini" in found:
        said.shows.append(f"The best tenth brought {share(found['top_10'])} of revenue, the best fifth {share(found['top_20'])}, the best hundredth "
                          f"{share(found['top_1'])}.")
    if "1" in lens.deciles.index and "10" in lens.deciles.index:
        best, last = lens.deciles.loc["1"], lens.deciles.loc["10"]
        said.shows.append(f"A customer of the best tenth ordered {best['orders_per_customer']:.1f} times at {amount(best['value_per_order'], unit)} an "
                          f"order, one of the last tenth "
                          f"{last['orders_per_customer']:.1f} times at {amount(last['value_per_order'], unit)}.")
    if "profit" in found:
        part = f", {found['margin']:.1%} of revenue" if pd.notna(found["margin"]) else ""
        said.shows.append(f"Profit was {amount(found['profit'], unit)}{part}; {count(found['at_a_loss'], 'customer')} "
                          f"{'was' if found['at_a_loss'] == 1 else 'were'} served at a loss.")
    said.beware.append(f"These shares hold for one {period}. Over a longer time customers have more chances to come back, so compare only periods of equal "
                       f"length.")
    return said


def _two_periods(audit):
    lens, unit = audit.two_periods, audit.unit
    said = Finding("Two periods", "What changed?")
    if lens is None:
        said.beware.append("The log holds no earlier period to compare it with.")
        return said
    said.question = f"What changed from {lens.first} to {lens.second}?"
    before, after = lens.flows["revenue_first"].sum(), lens.flows["revenue_second"].sum()
    verb = "was the same" if before == after else "rose" if after > before else "fell"
    by = f" by {abs(after / before - 1):.1%}" if before > 0 and before != after else ""
    said.shows.append(f"Revenue {verb}{by}, from {amount(before, unit)} in {lens.first} to {amount(after, unit)} in {lens.second}.")
    for growth, what in ((lens.growth, "revenue"), (lens.profit_growth, "profit")):
        if growth is not None:
            said.shows.append(_growth(growth, what, unit))
    said.shows += _flows(lens)
    said.beware.append(f"Who did not order in {lens.second} is not lost: without a contract nobody says good-bye.")
    said.beware.append("Who was in the best tenth was there partly by chance, so some move down however well they are treated; others move up in the same way.")
    if (lens.second - lens.first).n % audit.seasons:
        said.beware.append("The two are of different seasons, and part of the change is that of the season.")
    return said


def _growth(growth, what, unit):
    parts = growth["amount"].drop("product")
    if parts.isna().any():
        return f"The change of {what} can't be split into factors, as one of them is not above zero."
    words = [f"{signed(part, '' if i else unit)}{'' if i else ' come'} from {name}" for i, (name, part) in enumerate(parts.items())]
    shares = growth["share"].drop("product")
    most = f" {shares.idxmax().capitalize()}: {share(shares.max())} of it." if shares.between(0, 1).all() else ""
    return f"Of the change of {what}, {', '.join(words[:-1])} and {words[-1]}.{most}"


def _flows(lens):
    flows = lens.flows["customers"]
    before, after = flows["stayed"] + flows["went"], flows["stayed"] + flows["came back"] + flows["new"]
    said = [f"Of the {count(before, 'customer')} of {lens.first}, {flows['stayed']:,} ({share(flows['stayed'] / before)}) ordered in {lens.second} too. Of "
            f"the {after:,} of {lens.second}, "
            f"{flows['new']:,} ({share(flows['new'] / after)}) bought for the first time after {lens.first}, and {flows['came back']:,} came back."]
    best = lens.migration.loc["1"]
    if best.sum():
        said.append(f"Of the best tenth of {lens.first}, {share(best['1'] / best.sum())} were in the best tenth of {lens.second} again, and "
                    f"{share(best['no order'] / best.sum())} did not order in it.")
    return said


def _one_cohort(audit):
    lens, unit, period = audit.one_cohort, audit.unit, PERIODS[audit.period]
    found, ages = lens.summary, lens.by_age[lens.by_age["complete"] | (lens.by_age.index == 0)]
    said = Finding("One cohort", f"How did the customers acquired in {lens.cohort} evolve?")
    said.shows.append(f"{count(found['customers'], 'customer')} bought for the first time in {lens.cohort}; {share(found['bought_again'])} of them have "
                      f"bought again so far.")
    if len(ages) > 1:
        first, last = ages.iloc[1], ages.iloc[-1]
        later = "" if len(ages) == 2 else f", {share(last['active_share'])} in {last['period']}"
        said.shows.append(f"{share(first['active_share'])} ordered in the {period} after{later}.")
    said.shows.append(f"On average each has brought {amount(lens.by_age['revenue_per_customer'].iloc[0], unit)} in the first {period} and "
                      f"{amount(lens.by_age['cumulative'].iloc[-1], unit)} so far"
                      + (f"; a fifth of them brought {share(found['top_20'])} of that." if "top_20" in found else "."))
    if "profit" in found:
        said.shows.append(f"Their profit so far is {amount(found['profit'] / found['customers'], unit)} each.")
    said.beware.append("A curve that flattens is no sign of growing loyalty: those who stop easily have stopped first.")
    said.beware.append(f"The first {period} is shorter for those who were acquired late in it.")
    if lens.cohort == audit.periods.index[0]:
        said.beware.append(f"The log begins in {lens.cohort}. If the firm had customers before, this cohort mixes them with new ones.")
    return said


def _cohorts(audit):
    quality, unit = audit.cohorts.quality, audit.unit
    said = Finding("Cohorts against each other", "Are the customers acquired later better or worse?")
    changes = quality.dropna(subset="change") if len(quality) else quality
    if len(changes):
        said.shows += _changes(changes, audit.seasons, unit)
    elif len(quality) > 1:
        low, high = quality["value"].idxmin(), quality["value"].idxmax()
        said.shows.append(f"Within {quality['days'].iloc[0]} days of the first purchase, customers spent between {amount(quality.loc[low, 'value'], unit)} "
                          f"({low}) and "
                          f"{amount(quality.loc[high, 'value'], unit)} ({high}) on average.")
        said.beware.append("The log follows no cohorts a year apart, so better customers and a better season can't be told apart.")
    elif len(audit.cohorts.customers) == 1:
        said.beware.append("The log holds one cohort, so there is nothing to compare it with.")
    else:
        said.beware.append("The log follows fewer than two cohorts for long enough to compare them.")
    left = audit.cohorts.customers.index.difference(quality.index)
    if len(left) and len(quality):
        said.beware.append(f"Cohorts from {left[0]} on are not followed for {quality['days'].iloc[0]} days yet, and are left out of this comparison.")
    if len(audit.cohorts.customers) > 1:
        said.beware.append("Cohorts differ in season, channel and offer: that one is better does not say why. The intervals cover chance among customers, "
                           "not what befell a cohort as a whole.")
        if len(quality) and audit.periods.index[0] in quality.index:
            said.beware.append(f"Of the customers first seen in {audit.periods.index[0]}, where the log begins, some may have been customers long before.")
    return said


def _changes(changes, seasons, unit):
    last = changes.iloc[-1]
    cohort, days = changes.index[-1], last["days"]
    sure = pd.isna(last["low"]) or last["low"] <= 0 <= last["high"]
    interval = f" (95 percent interval of the difference {signed(last['low'])} to {signed(last['high'])})" if pd.notna(last["low"]) else ""
    said = [f"Within {days:.0f} days of the first purchase, customers acquired in {cohort} spent {amount(last['value'], unit)} on average, "
            f"{amount(abs(last['change']))} "
            f"{'more' if last['change'] >= 0 else 'less'} than those of {cohort - seasons}{interval}: "
            f"{'chance alone may explain that' if sure else 'more than chance explains'}."]
    if len(changes) > 1:
        up, clear = (changes["change"] > 0).sum(), ((changes["low"] > 0) | (changes["high"] < 0)).sum()
        said.append(f"Of {len(changes)} cohorts with one a year earlier, {up} spent more than it and {len(changes) - up} less. {clear or 'None'} of the "
                    f"{len(changes)} intervals "
                    f"leave{'s' if clear == 1 else ''} out zero; chance alone does that to one in twenty.")
    return said


def _whole_base(audit):
    table, period = audit.whole_base.by_period, PERIODS[audit.period]
    last, unit = table.loc[audit.of], audit.unit
    said = Finding("The whole base", "How healthy is the base as a whole?")
    said.shows.append(f"Of the revenue of {audit.of}, {share(last['repeat_share'])} came from customers acquired earlier, {share(1 - last['repeat_share'])} "
                      f"from those acquired in it.")
    if audit.of == table.index[0]:
        said.shows = [f"In {audit.of} the log begins, so every one of its {count(last['active'], 'customer')} counts as new."]
    else:
        said.shows.append(f"{count(last['active'], 'customer')} ordered: {last['new']:,} new, {last['stayed']:,} who had ordered in the {period} before "
                          f"too, and {last['came_back']:,} who came back. "
                          f"{last['lapsed']:,} of the {period} before did not order.")
        said.shows.append(f"By then {count(last['known'], 'customer')} had bought at least once; {share(last['active'] / last['known'])} of them ordered in "
                          f"{audit.of}.")
    whole = table[table["complete"]]
    if len(whole) > 1 and not (whole.index[-1] - whole.index[0]).n % audit.seasons:
        said.shows.append(f"From {whole.index[0]} to {whole.index[-1]}, revenue went from {amount(whole['revenue'].iloc[0], unit)} to "
                          f"{amount(whole['revenue'].iloc[-1], unit)} a {period}.")
    said.beware.append(f"Who lapsed did not order in one {period}; whether they are gone, no log without contracts can say.")
    said.beware.append("The youngest cohorts have been seen for a short time only: what they have brought so far can't be set against what older ones have.")
    return said
