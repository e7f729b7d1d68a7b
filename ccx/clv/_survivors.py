"""What the contractual models read: counts of customers still there, one cohort or several, with or without gaps."""

import numpy as np
import pandas as pd

from ._rows import Rows


def read_survivors(survivors):
    """Customers by when they were lost: rows with the columns first and last.

    Lost after `first` and no later than `last` renewals; `last` is infinite for those still there at the end.
    """
    lost = pd.concat([_lost(counts) for counts in cohorts(survivors).values()])
    lost = lost.groupby(["first", "last"], as_index=False)["weight"].sum()
    if not lost["weight"][np.isfinite(lost["last"])].sum() > 0:
        raise ValueError("Nobody left, so there is no rate of leaving to estimate.")
    if not lost["weight"].sum() > 1:
        raise ValueError("There is one customer only; how customers differ can't be read from one.")
    first, last, weight = (lost[name].to_numpy(dtype=float) for name in ("first", "last", "weight"))
    return Rows((first, last), weight, np.arange(len(lost)))


def cohorts(survivors):
    """A dict of Series, counts by renewals, from any of the forms that `ContractModel.fit` takes."""
    found = {name: _checked(name, _series(f"cohort {name}", counts)) for name, counts in by_cohort(survivors).items()}
    if not found:
        raise ValueError("The data are empty: there is no cohort to fit to.")
    return found


def by_cohort(survivors):
    """The same as a dict of what was given, not yet looked at."""
    if isinstance(survivors, pd.DataFrame):
        # The end of a younger cohort is not known yet, and the youngest may have its first count only; a gap before the end is a mistake.
        known = {name: counts.loc[:counts.last_valid_index()] for name, counts in survivors.items()}
        return {name: counts for name, counts in known.items() if len(counts) > 1}
    if isinstance(survivors, dict):
        return survivors
    if not np.iterable(survivors) or isinstance(survivors, str):
        raise ValueError(f"Survivors must be counts by renewals, of one cohort or several, not {survivors!r}.")
    one = isinstance(survivors, pd.Series) or not any(map(np.iterable, survivors))
    return dict(enumerate([survivors] if one else survivors))


def _series(name, counts):
    try:
        return pd.Series(counts, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name[0].upper()}{name[1:]} must be one row of numbers.") from None


def _checked(name, counts):
    """One cohort whose counts can be: they begin with the acquired, never rise, and none is missing."""
    renewals = counts.index.to_numpy()
    if len(counts) < 2:
        raise ValueError(f"Cohort {name!r} needs the acquired and at least one later count, not {len(counts)} in all.")
    if not (np.issubdtype(renewals.dtype, np.integer) and renewals[0] == 0 and np.all(np.diff(renewals) > 0)):
        raise ValueError(f"Cohort {name!r} must be indexed by numbers of renewals that begin with 0 and rise, "
                         f"not {renewals[:4].tolist()}.")
    bad = {"is missing or infinite": ~np.isfinite(counts), "is negative": counts < 0,
           "is larger than the one before": counts.diff() > 0}
    for complaint, which in bad.items():
        if which.any():
            raise ValueError(f"The count of cohort {name!r} at renewal {which.idxmax()} {complaint} ({counts[which.idxmax()]:g}).")
    if counts.iloc[0] == 0:
        raise ValueError(f"Cohort {name!r} begins with no customers.")
    return counts


def _lost(counts):
    renewals = counts.index.to_numpy(dtype=float)
    return pd.DataFrame({"first": renewals, "last": np.append(renewals[1:], np.inf),
                         "weight": np.append(-np.diff(counts), counts.iloc[-1])})


def read_totals(acquired, active):
    """Acquired per period and lost per later period, checked."""
    acquired, active = (_total("acquired", acquired), _total("active", active))
    if len(acquired) != len(active) or len(acquired) < 3:
        raise ValueError(f"acquired and active must have the same length, at least 3, not {len(acquired)} and {len(active)}.")
    lost = active[:-1] + acquired[1:] - active[1:]
    if acquired[0] == 0 or not np.isclose(active[0], acquired[0]):
        raise ValueError("In period 0 all customers are new, so active must equal acquired there, and be positive.")
    if (lost < 0).any():
        raise ValueError(f"active grows by more than was acquired in period {int(np.argmax(lost < 0)) + 1}.")
    if not lost.sum() > 0:
        raise ValueError("Nobody left, so there is no rate of leaving to estimate.")
    return acquired, lost


def _total(name, values):
    values = _series(name, values).to_numpy()
    bad = ~(np.isfinite(values) & (values >= 0))
    if bad.any():
        raise ValueError(f"{name} is missing, negative or infinite in period {int(np.argmax(bad))}.")
    return values
