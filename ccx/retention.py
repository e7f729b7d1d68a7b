"""What a firm with contracts sees of all its cohorts together, year by year."""

import pandas as pd


def base_by_year(survivors):
    """Customers and retention rate of a whole firm by year, from the table of its cohorts.

    Parameters
    ----------
    survivors : DataFrame
        A column per cohort, named by the year in which it was acquired (a whole number); indexed by renewals 0, 1, 2, …,
        one a year; missing where not yet known.

    Returns
    -------
    DataFrame, indexed by year
        ``acquired``; ``up_for_renewal``, the customers there at the end of the year before; ``renewed``, those of them still there at
        the end of this year; and ``retention``, ``renewed`` as a share of ``up_for_renewal`` (missing in the first year).

    Examples
    --------
    >>> cohorts = pd.DataFrame({2024: [100, 60, 50], 2025: [100, 60, None]})
    >>> base_by_year(cohorts)["retention"].round(3).tolist()
    [nan, 0.6, 0.688]
    """
    counts = survivors.melt(var_name="cohort", value_name="customers", ignore_index=False).rename_axis("renewals").reset_index()
    counts["year"] = (counts["cohort"] + counts["renewals"]).astype(int)
    # A customer is up for renewal in the year after the one they were last counted in.
    counts["before"] = counts.groupby("cohort")["customers"].shift()
    counts = counts.dropna(subset="customers")
    later = counts[counts["renewals"] > 0].groupby("year")
    table = pd.DataFrame({"acquired": counts[counts["renewals"] == 0].groupby("year")["customers"].sum(),
                          "up_for_renewal": later["before"].sum(), "renewed": later["customers"].sum()})
    table = table.fillna(0)
    if (table % 1 == 0).all(axis=None):
        table = table.astype(int)
    return table.assign(retention=table["renewed"] / table["up_for_renewal"].where(table["up_for_renewal"] > 0)).rename_axis("year")
