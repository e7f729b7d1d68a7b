"""Patients on a therapy plan: some stop at a refill (persistence), some are late with it (compliance)."""

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from ._people import DAYS, dates

# As fitted to the High End subscribers of Fader and Hardie (2007), here by month; days that a refill is late; share of chronic-care customers with a plan.
STOP, LATE, PLAN, SUPPLY = (0.668, 3.806), (0.8, 7.5), 0.8, 30


def with_therapy(people, rng):
    """Who is on a plan: the probability of stopping at each refill, and the mean days that a refill is late."""
    plan = (people["vertical"] == "chronic care") & (rng.random(len(people)) < PLAN)
    stop, delay = betaincinv(*STOP, rng.random(len(people))), LATE[1] * rng.gamma(LATE[0], size=len(people))
    return people.assign(stop=np.where(plan, stop, np.nan), delay=np.where(plan, delay, np.nan))


def refills(people, rng):
    """Every refill in the two years, the first when the customer came."""
    patients = people.dropna(subset=["stop"])
    stop, delay = patients["stop"].to_numpy(), patients["delay"].to_numpy()
    who, day, found = np.arange(len(patients)), patients["acquired"].to_numpy(), []
    while len(who):
        found.append((who, day))
        day = day + SUPPLY + rng.exponential(size=len(who)) * delay[who]
        stays = (rng.random(len(who)) >= stop[who]) & (day < DAYS)
        who, day = who[stays], day[stays]
    who, day = map(np.concatenate, zip(*found))
    log = pd.DataFrame({"customer_id": patients.index[who], "date": dates(day), "days": SUPPLY})
    return log.sort_values(["customer_id", "date"], ignore_index=True)
