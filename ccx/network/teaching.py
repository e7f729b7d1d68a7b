"""One client: what it is worth to its vendor, what teaching it changes, and when teaching backfires."""

from dataclasses import dataclass

import numpy as np

NEEDED = ("equity", "usage", "churn")


def vendor_value(clients, rate):
    """What each client is worth to its vendor: usage share × the client's own customer equity × the part of it that the vendor stays to see.

    Parameters
    ----------
    clients : DataFrame
        ``equity`` (what the client's own customers are worth to it, in money), ``usage`` (the share of that which it passes on to the vendor) and ``churn``
        (probability that it leaves the vendor within a year).
    rate : float
        Discount rate a year.

    Returns
    -------
    Series, by client, in money

    Raises
    ------
    ValueError
        Where a column is missing, churn is no probability or the rate is not above 0.

    Notes
    -----
    A steady stream of m a year, paid at its beginning, has the equity E = m (1 + d) / d. Of each payment the vendor gets the share u while the client stays, which
    it does for another year with probability 1 − θ: u m Σ ((1 − θ) / (1 + d))ᵗ = u E d / (d + θ).

    Examples
    --------
    >>> import pandas as pd
    >>> vendor_value(pd.DataFrame({"equity": [1000.0, 1000], "usage": 0.05, "churn": [0.0, 0.15]}), rate=0.1).tolist()
    [50.0, 20.0]
    """
    _check(clients, rate)
    return (clients["usage"] * clients["equity"] * rate / (rate + clients["churn"])).rename("value")


def _check(clients, rate):
    missing = set(NEEDED) - set(clients.columns)
    if missing:
        raise ValueError(f"The clients lack {', '.join(sorted(missing))}; they need equity, usage and churn.")
    if not rate > 0:
        raise ValueError(f"The discount rate is {rate}; a steady stream has a value only where it is above 0.")
    if not clients["churn"].between(0, 1).all():
        raise ValueError("Churn is a probability between 0 and 1 a year.")


@dataclass(frozen=True)
class Course:
    """What a course does to a client who takes it over.

    Parameters
    ----------
    equity : float
        Growth of the client's own customer equity, as a share of it.
    usage : float, default 0
        Growth of its usage share, as a share of it.
    firm : float, default 0
        Firm-specific expertise that it gains: how to work with this vendor's tools.
    market : float, default 0
        Market expertise that it gains: how to compare offers, this vendor's among them.
    binding, freeing : float, default 1
        How strongly each of the two tells on churn.

    Notes
    -----
    Churn becomes θ · exp(−binding · firm + freeing · market), but never above 1. Firm-specific expertise binds a client, market expertise frees it (Bell, Auh and
    Eisingerich, 2017): teaching lowers churn exactly when binding · firm > freeing · market.

    Examples
    --------
    >>> import pandas as pd
    >>> clients = pd.DataFrame({"equity": [1000.0], "usage": 0.05, "churn": 0.15})
    >>> Course(equity=0.1, usage=0.1, firm=0.2, market=0.5).taught(clients).round(3).to_dict("records")
    [{'equity': 1100.0, 'usage': 0.055, 'churn': 0.202}]
    """

    equity: float
    usage: float = 0.0
    firm: float = 0.0
    market: float = 0.0
    binding: float = 1.0
    freeing: float = 1.0

    def taught(self, clients):
        """The clients as they are after the course, with all their other columns."""
        churn = clients["churn"] * np.exp(self.freeing * self.market - self.binding * self.firm)
        return clients.assign(equity=clients["equity"] * (1 + self.equity), usage=clients["usage"] * (1 + self.usage), churn=churn.clip(upper=1))

    def gain(self, clients, rate):
        """What the vendor gains by each client, in money: also the most that teaching it may cost."""
        return (vendor_value(self.taught(clients), rate) - vendor_value(clients, rate)).rename("gain")


def firm_needed(clients, course, cost, rate):
    """The least firm-specific expertise that a course must give to each client so that teaching it pays.

    Parameters
    ----------
    clients : DataFrame
        As in `vendor_value`, nobody with a churn of 0.
    course : Course
        Whose ``firm`` is looked for; all else is as it stands.
    cost : float or Series
        Of teaching one client, in money.
    rate : float
        Discount rate a year.

    Returns
    -------
    Series, by client
        0 where the course pays without any, inf where it does not pay even if the client never leaves.

    Notes
    -----
    With E' and u' after the course the vendor breaks even at the churn θ' for which u' E' d / (d + θ') = V + cost, so firm = (freeing · market − ln(θ' / θ)) / binding.

    Examples
    --------
    >>> import pandas as pd
    >>> clients = pd.DataFrame({"equity": [1000.0], "usage": 0.05, "churn": 0.15})
    >>> # A course that makes the client no richer must bind at least as much as it frees; one that does may bind less.
    >>> firm_needed(clients, Course(equity=0, market=0.5), cost=0, rate=0.1).tolist()
    [0.5]
    >>> firm_needed(clients, Course(equity=0.1, market=0.5), cost=0, rate=0.1).round(2).tolist()
    [0.35]
    """
    after = course.taught(clients)
    most = after["usage"] * after["equity"] * rate / (vendor_value(clients, rate) + cost) - rate
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = (course.freeing * course.market - np.log(most.clip(lower=0) / clients["churn"])) / course.binding
    return needed.clip(lower=0).rename("firm")
