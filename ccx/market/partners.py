"""Partners who choose whom to bring: what a commission up front and one that trails make of their hours."""

import numpy as np
import pandas as pd


def present_value(margin, retention, discount_rate):
    """What a stream of yearly margins is worth to somebody, for as long as the customer stays.

    Parameters
    ----------
    margin : float or array_like
        Money a year, first paid at once.
    retention : float or array_like
        Probability of staying from one year to the next, 0 or more and below 1.
    discount_rate : float or array_like
        Of whoever is paid, a year.

    Returns
    -------
    float or ndarray

    Notes
    -----
    margin · (1 + d) / (1 + d − retention): the sum over years of margin · (retention / (1 + d))^t. To a partner who needs the money now the same
    customer is worth less than to the firm.

    Examples
    --------
    >>> round(present_value(100, 0.8, 0.10)), round(present_value(100, 0.8, 0.50))
    (367, 214)
    """
    margin, retention, rate = (np.asarray(x, dtype=float) for x in (margin, retention, discount_rate))
    if not (np.isfinite(margin).all() and ((retention >= 0) & (retention < 1)).all() and ((rate >= 0) & (rate < np.inf)).all()):
        raise ValueError("A present value needs a finite margin, a retention from 0 up to but not 1, and a discount rate of 0 or more.")
    return (margin * (1 + rate) / (1 + rate - retention))[()]


def commission_per_hour(prospects, upfront, trailing, discount_rate):
    """What a partner earns in an hour spent on each kind of prospect.

    Parameters
    ----------
    prospects : DataFrame
        By kind: ``hours`` of work to win one, ``margin`` a year and ``retention`` of the customer that the prospect becomes.
    upfront : float
        Money for each customer brought.
    trailing : float
        Share of the customer's margin that the partner gets, in the first year and in each that follows.
    discount_rate : float
        Of the partner, a year.

    Returns
    -------
    Series
        Money per hour, by kind. The partner, whose hours are limited, goes where it is highest.

    Examples
    --------
    >>> prospects = pd.DataFrame({"hours": [12, 3], "margin": [400, 60], "retention": [0.85, 0.5]}, index=["keepers", "hoppers"])
    >>> commission_per_hour(prospects, upfront=60, trailing=0.0, discount_rate=0.2).tolist()
    [5.0, 20.0]
    >>> commission_per_hour(prospects, upfront=0, trailing=0.2, discount_rate=0.2).round(1).tolist()
    [22.9, 6.9]
    """
    value = present_value(prospects["margin"], prospects["retention"], discount_rate)
    return pd.Series((upfront + trailing * value) / prospects["hours"].to_numpy(float), prospects.index)


def trailing_share(prospects, upfront, discount_rate):
    """The trailing commission from which on a partner prefers the first kind of prospect to the second.

    Parameters
    ----------
    prospects : DataFrame
        Two rows as for `commission_per_hour`: first the kind that the firm wants.
    upfront : float
        Money for each customer brought.
    discount_rate : float
        Of the partner, a year.

    Returns
    -------
    float
        Share of the margin: 0 when the partner prefers them anyway, infinite when no share is enough. Above 1 it costs more than the customers bring.

    Raises
    ------
    ValueError
        Unless there are two kinds of prospects.

    Notes
    -----
    With h hours and present values V, upfront · (h₁ − h₂) / (h₂ V₁ − h₁ V₂): in proportion to the commission that is paid up front.

    Examples
    --------
    >>> prospects = pd.DataFrame({"hours": [12, 3], "margin": [400, 60], "retention": [0.85, 0.5]}, index=["keepers", "hoppers"])
    >>> [round(trailing_share(prospects, upfront, discount_rate=0.2), 3) for upfront in (0, 60, 120)]
    [0.0, 0.187, 0.375]
    """
    if len(prospects) != 2:
        raise ValueError(f"A partner chooses between two kinds of prospects here, not {len(prospects)}.")
    (long, short), value = prospects["hours"].to_numpy(float), present_value(prospects["margin"], prospects["retention"], discount_rate)
    more_work, edge = upfront * (long - short), short * value[0] - long * value[1]
    if more_work < 0:
        return 0.0
    return float(more_work / edge) if edge > 0 else np.inf
