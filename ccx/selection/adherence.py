"""Patients and their refills: how many days are covered, how long they go on, and how punctual they are while they do."""

import pandas as pd

from ._tables import require_columns


def coverage(log, until, window=None):
    """Proportion of days covered (PDC): on how many days a patient had the medicine.

    Parameters
    ----------
    log : DataFrame
        ``customer_id``, ``date`` of a fill, ``days`` that it supplies.
    until : date-like
        The last day of the observation.
    window : int, optional
        Days to look at from the first fill; patients who have been observed for less are left out. Without it, all days from the first fill to `until`.

    Returns
    -------
    DataFrame, by customer
        ``days`` in the window, the first fill's day included; ``covered`` among them; ``pdc``, their share; and ``mpr``, the medication possession ratio,
        days supplied by fills in the window per day in it, which can exceed 1.

    Raises
    ------
    ValueError
        When a column is missing or has gaps, a supply is not positive, or nobody is left.

    Notes
    -----
    A fill is used from the day on which the ones before it have run out, or from its own day if that is later: what is carried over from an early refill
    counts once and on the days when it is used. What lasts beyond the window does not count. Definitions: Cramer et al. (2008), "Medication compliance and
    persistence: terminology and definitions", Value in Health 11(1), 44-47.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": 1, "date": pd.to_datetime(["2024-01-01", "2024-01-21", "2024-03-21"]), "days": 30})

    Ten days early, then twenty days without. 90 days were supplied, but 20 of them lie beyond the window:

    >>> coverage(log, until="2024-03-30").round(2)
                 days  covered   pdc  mpr
    customer_id
    1              90       70  0.78  1.0
    """
    supplies = _supplies(log, until)
    observed = supplies.groupby(level=0)["observed"].first()
    if window is not None:
        observed = observed[observed >= window].clip(upper=window)
    if observed.empty:
        raise ValueError(f"No patient has been observed for {window} days by {until}: take a shorter window.")
    supplies = supplies[supplies.index.isin(observed.index)]
    length = observed.reindex(supplies.index)
    covered = (supplies["out"].clip(upper=length) - supplies["begin"].clip(upper=length)).groupby(level=0).sum()
    supplied = supplies["days"].where(supplies["day"] < length, 0).groupby(level=0).sum()
    return pd.DataFrame({"days": observed, "covered": covered, "pdc": covered / observed, "mpr": supplied / observed})


def persistence(log, until, gap=30):
    """How long each patient went on before stopping.

    Parameters
    ----------
    log : DataFrame
        ``customer_id``, ``date`` of a fill, ``days`` that it supplies.
    until : date-like
        The last day of the observation.
    gap : int, default 30
        Permissible gap: a patient who has been without medicine on more days than this has stopped, on the day when it ran out.

    Returns
    -------
    DataFrame, by customer
        ``start`` (date of the first fill), ``refills`` made before stopping, the first fill not counted, ``days`` from the start to the day when the last of
        these supplies had run out (or to `until`), and ``stopped``; otherwise the patient was still on it when the observation ended.

    Raises
    ------
    ValueError
        When a column is missing or has gaps, a supply is not positive, the gap is negative, or nobody began by then.

    Notes
    -----
    Time from beginning to stopping (Cramer et al. 2008, Value in Health 11(1), 44-47). Whoever comes back after a longer gap has begun anew, which does not
    count. The gap is a choice: a short one counts the unpunctual among those who stopped, a long one leaves more patients undecided at the end.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": [1, 1, 1, 2, 2], "days": 30,
    ...                     "date": pd.to_datetime(["2024-01-01", "2024-02-05", "2024-06-01", "2024-05-01", "2024-06-01"])})
    >>> persistence(log, until="2024-06-30")[["refills", "days", "stopped"]]
                 refills  days  stopped
    customer_id
    1                  1    65     True
    2                  1    61    False
    """
    last = _first_episode(log, until, gap).groupby(level=0).last()
    days = last["out"].where(last["stops"], last[["out", "observed"]].min(axis=1))
    return pd.DataFrame({"start": last["start"], "refills": last["refill"], "days": days, "stopped": last["stops"]})


def compliance(log, until, gap=30, grace=5):
    """How punctual each patient is with the refills that are made.

    Parameters
    ----------
    log : DataFrame
        ``customer_id``, ``date`` of a fill, ``days`` that it supplies.
    until : date-like
        The last day of the observation.
    gap : int, default 30
        As for `persistence`; refills after stopping do not count.
    grace : int, default 5
        Days without medicine up to which a refill is on time.

    Returns
    -------
    DataFrame, by customer
        ``refills``, of which ``on_time``; ``compliance``, the share on time (missing without a refill); ``late``, mean days without medicine before a refill.

    Raises
    ------
    ValueError
        As `persistence`, and when the grace is not between 0 and the gap.

    Notes
    -----
    Compliance given persistence: who has stopped is no longer late. The two are different problems with different remedies, and a rising share on time among
    those who are left need not mean that anybody has become more punctual.

    Examples
    --------
    >>> log = pd.DataFrame({"customer_id": 1, "date": pd.to_datetime(["2024-01-01", "2024-01-31", "2024-03-15"]), "days": 30})
    >>> compliance(log, until="2024-03-31")
                 refills  on_time  compliance  late
    customer_id
    1                  2        1         0.5   7.0
    """
    if not 0 <= grace <= gap:
        raise ValueError(f"The grace must lie between 0 and the permissible gap, not be {grace} with a gap of {gap}.")
    episode = _first_episode(log, until, gap)
    late = episode["late"].where(episode["refill"] > 0)
    on_time = (late <= grace).groupby(level=0).sum()
    refills = late.groupby(level=0).count()
    return pd.DataFrame({"refills": refills, "on_time": on_time, "compliance": on_time / refills.where(refills > 0), "late": late.groupby(level=0).mean()})


def cohort_survivors(log, until, gap=30, by="Q"):
    """How many patients of each start cohort made so many refills and more, as `ccx.clv.ShiftedBetaGeoModel.fit` reads it.

    Parameters
    ----------
    log : DataFrame
        ``customer_id``, ``date`` of a fill, ``days`` that it supplies.
    until : date-like
        The last day of the observation.
    gap : int, default 30
        As for `persistence`.
    by : str, default "Q"
        Length of the period in which a cohort starts, as pandas writes it: "M", "Q" or "Y".

    Returns
    -------
    DataFrame, indexed by ``renewals`` (refills made), a column per cohort
        Patients; missing from the refill on that one of the cohort who is still on the therapy has not had the time for.

    Raises
    ------
    ValueError
        As `persistence`.

    Notes
    -----
    Time is counted in refills, not in months, so that lateness (compliance) does not pass for leaving (persistence). Fit it whole, or a cohort by
    ``table["2024Q1"].dropna()``. Lee, Fader and Hardie (2007, "How to project patient persistency", Foresight 8, 31-35) project persistency with the sBG.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-01-01", "2024-01-31", "2024-03-01", "2024-02-01", "2024-02-10", "2024-03-11"])
    >>> log = pd.DataFrame({"customer_id": [1, 1, 1, 2, 3, 3], "date": days, "days": 30})
    >>> cohort_survivors(log, until="2024-04-15")["2024Q1"].tolist()
    [3, 2]
    """
    found = persistence(log, until, gap)
    cohort = found["start"].dt.to_period(by).astype(str)
    return pd.DataFrame({name: _counts(rows) for name, rows in found.groupby(cohort)}).rename_axis("renewals")


def _counts(rows):
    still = rows.loc[~rows["stopped"], "refills"]
    last = still.min() if len(still) else rows["refills"].max() + 1
    return pd.Series({t: (rows["refills"] >= t).sum() for t in range(last + 1)})


def patient_value(model, margin, discount_rate, supply=30, delay=0.0):
    """Expected value of a patient who begins a therapy: fills times margin, discounted.

    Parameters
    ----------
    model : ContractModel
        Persistence from refill to refill, such as `ccx.clv.ShiftedBetaGeoModel`.
    margin : float
        Dollars a fill.
    discount_rate : float
        Per year.
    supply : float, default 30
        Days that a fill lasts.
    delay : float, default 0
        Mean days that a refill is late.

    Returns
    -------
    float
        Dollars, the first fill included.

    Raises
    ------
    ValueError
        When the supply is not positive or the delay negative.

    Notes
    -----
    margin · Σ S(t) / (1 + d)^(t (supply + delay) / 365.25). Over a lifetime lateness only puts fills off, which costs little; stopping ends them.

    Examples
    --------
    >>> from ccx.clv import GeometricModel
    >>> [round(patient_value(GeometricModel(theta), margin=20, discount_rate=0.1, delay=delay)) for theta, delay in ((0.1, 0), (0.1, 7), (0.08, 0))]
    [187, 184, 229]
    """
    if not supply > 0 or not delay >= 0:
        raise ValueError(f"A supply must last longer than 0 days and a delay be 0 or more, not {supply} and {delay}.")
    rate = (1 + discount_rate) ** ((supply + delay) / 365.25) - 1
    return float(margin * model.discounted_expected_lifetime(rate, "due"))


def _supplies(log, until):
    """A row per patient and day of a fill, in order: when its supply begins to be used and when it has run out, in days from the first fill."""
    require_columns(log, ["customer_id", "date", "days"], "refill log")
    if not (log["days"] > 0).all():
        raise ValueError(f"{(~(log['days'] > 0)).sum()} of {len(log)} fills supply 0 days or less: drop or mend them first.")
    end = pd.Timestamp(until).normalize()
    log = log.assign(date=log["date"].dt.normalize())
    fills = log[log["date"] <= end].groupby(["customer_id", "date"], observed=True)["days"].sum().reset_index("date")
    if fills.empty:
        raise ValueError(f"Nobody had begun by {until}.")
    start = fills.groupby(level=0)["date"].transform("min")
    fills = fills.assign(start=start, day=(fills["date"] - start).dt.days, observed=(end - start).dt.days + 1)
    # A supply runs out after all supplies since the last day on which there was none: out = Σ days + max(day − Σ days before).
    supplied = fills.groupby(level=0)["days"].cumsum()
    out = supplied + (fills["day"] - supplied + fills["days"]).groupby(level=0).cummax()
    return fills.assign(begin=out - fills["days"], out=out)


def _first_episode(log, until, gap):
    """The fills up to the first gap that is too long, numbered from 0, with days late, and whether the patient stops after it."""
    if not gap >= 0:
        raise ValueError(f"The permissible gap must be 0 days or more, not {gap}.")
    supplies = _supplies(log, until)
    by = supplies.groupby(level=0)
    next_day = by["day"].shift(-1).fillna(supplies["observed"])
    stops = next_day - supplies["out"] > gap
    before = stops.groupby(level=0).cumsum() - stops
    late = (supplies["day"] - by["out"].shift(1)).clip(lower=0)
    return supplies.assign(stops=stops, late=late, refill=by.cumcount())[(before == 0).to_numpy()]
