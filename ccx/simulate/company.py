"""An online health shop over two years: what it sees of its customers, and beside it what they are."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import _orders, _people, _refills, _trial
from .survey import satisfaction_survey

ORDERS = ["customer_id", "date", "product", "value", "returned", "margin"]
CUSTOMERS = ["acquired", "channel", "vertical", "age", "urban", "newsletter", "contacts", "service_cost"]
TRUTH = ["rate", "dropout", "spend", "margin", "alive", "clv", "residual", "responsiveness", "effect", "sharing", "would_have_come", "stop", "delay"]
DIGITS = {name: 2 for name in ("spend", "margin", "clv", "residual", "effect", "delay")} | {name: 5 for name in ("rate", "dropout", "responsiveness", "sharing", "stop")}


@dataclass(frozen=True)
class Company:
    """A simulated company: seven tables that it has, and the truth that it has not.

    Attributes
    ----------
    orders : DataFrame
        ``customer_id``, ``date``, ``product``, ``value`` (dollars), ``returned`` (dollars), ``margin`` (dollars after goods and returns, before
        service and acquisition), in order of date.
    customers : DataFrame, by customer_id
        ``acquired`` (date), ``channel``, ``vertical``, ``age`` (years), ``urban`` and ``newsletter`` (0 or 1), ``contacts`` with the service desk,
        ``service_cost`` (dollars).
    channels : DataFrame
        ``quarter``, ``channel``, ``prospects``, ``spend`` (dollars), ``acquired`` (customers). Referrals have no prospects; their spend is the reward.
    referrals : DataFrame
        ``referrer_id``, ``customer_id``, ``date``.
    survey : DataFrame, by customer_id
        Answers to a satisfaction survey of those who answered.
    campaign : DataFrame, by customer_id
        A trial with three arms in the 13 weeks after the log: ``arm`` (control, letter or voucher), ``before`` (margin in the 13 weeks before, dollars),
        ``orders_after``, ``margin_after`` (dollars, after the voucher's cost).
    refills : DataFrame
        ``customer_id``, ``date``, ``days`` supplied, of customers on a therapy plan.
    truth : DataFrame, by customer_id
        What only the simulator knows; see the notes of `company`.

    Examples
    --------
    >>> sorted(vars(company(rng=1, size=0.1)))
    ['campaign', 'channels', 'customers', 'orders', 'referrals', 'refills', 'survey', 'truth']
    """

    orders: pd.DataFrame
    customers: pd.DataFrame
    channels: pd.DataFrame
    referrals: pd.DataFrame
    survey: pd.DataFrame
    campaign: pd.DataFrame
    refills: pd.DataFrame
    truth: pd.DataFrame


def company(rng, size=1.0, anonymous=0.0):
    """An online health shop in its first two years, 2024 and 2025: four verticals, four paid channels and referrals, a randomised campaign.

    Parameters
    ----------
    rng : Generator or int
    size : float, default 1
        Prospects in the channels, as a multiple of the usual; at 1 some 10,000 customers are won.
    anonymous : float, default 0
        Share of orders without a customer_id, from 0 up to but not 1.

    Returns
    -------
    Company

    Raises
    ------
    ValueError
        If `size` is not positive or `anonymous` not a share below 1.

    Notes
    -----
    Customers follow the BG/NBD and gamma-gamma models, with the parameters that Fader, Hardie and Lee (2005) found for CDNOW (the rate a little less
    uneven), times factors of their vertical and channel; rate, spend and responsiveness depend mildly on one another (Gaussian copula), sharing on none
    of them. A shock common to all moves the weekly rate (AR(1) of its logarithm, standard deviation 0.12). A channel wins the share
    ceiling (1 − exp(−k · dollars a prospect)) of its prospects (Blattberg and Deighton, 1996). A voucher wins a customer who would place u orders in
    the 13 weeks 4 · responsiveness · √u · exp(−u) more, and costs 5 dollars on everyone who then orders.

    ``truth`` holds, by customer: ``rate`` λ (orders a week while active), ``dropout`` p (after each repeat order), ``spend`` (mean dollars an order), ``margin``
    (expected dollars an order after goods, returns and service), ``alive`` at the end of 2025, ``clv`` = margin (1 + λ / (δ + λp)) with δ = ln 1.1 a year, ``residual`` = margin λ / (δ + λp)
    for those alive, ``responsiveness``, ``effect`` of the voucher (expected dollars in 13 weeks; the letter has none), ``sharing`` (expected referrals in two years),
    ``would_have_come`` (a referred customer who would have come anyway), ``stop`` and ``delay`` (probability of stopping at a refill, mean days that one is late).

    Examples
    --------
    >>> shop = company(rng=1, size=0.1)
    >>> sorted(shop.customers["vertical"].unique())
    ['athletes', 'chronic care', 'parents', 'wellness']
    >>> bool((shop.truth["clv"] > 0).mean() > 0.99)
    True
    """
    if not 0 < size < np.inf or not 0 <= anonymous < 1:
        raise ValueError(f"A company needs a positive size and a share of anonymous orders from 0 to below 1, not {size} and {anonymous}.")
    # A stream for each part, so that a change to one leaves the others as they are; the sixth is free.
    won, refer, traits, orders, service, _, therapy, survey, names, trial = np.random.default_rng(rng).spawn(10)
    ledger, people = _people.won(won, size)
    people = _people.with_traits(_people.numbered(_people.with_referred(people, refer)), traits)
    calendar = _orders.Calendar(orders)
    baskets = _orders.filled(_orders.purchases(people, calendar, orders), people, orders)
    log = baskets.loc[baskets["day"] < _people.DAYS, ORDERS]
    people = _trial.with_effect(_orders.with_value(people, baskets), calendar)
    people = _refills.with_therapy(_people.with_service(people, log, service), therapy)
    dated = people.assign(acquired=_people.dates(people["acquired"]))
    return Company(
        orders=_without_names(log, anonymous, names), customers=dated[CUSTOMERS], channels=_people.with_rewards(ledger, dated),
        referrals=_referrals(dated), survey=satisfaction_survey(log.groupby("customer_id")["margin"].sum(), survey)[0],
        campaign=_trial.trial(people, baskets, trial), refills=_refills.refills(people, therapy), truth=people[TRUTH].round(DIGITS))


def _referrals(people):
    referred = people[people["referrer"] > 0].reset_index()
    return referred[["referrer", "customer_id", "acquired"]].set_axis(["referrer_id", "customer_id", "date"], axis=1)


def _without_names(orders, share, rng):
    if not share:
        return orders
    return orders.assign(customer_id=orders["customer_id"].astype("Int64").mask(rng.random(len(orders)) < share))
