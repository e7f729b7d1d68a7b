"""A budget over customers, segments or levers: the same for all, by value, with spill-over; and what one per cent of each lever is worth."""

import numpy as np
import pandas as pd


def water_fill(value, budget, k, n=1, floor=0):
    """Spend a budget where the next dollar brings most, with diminishing returns.

    Parameters
    ----------
    value : array_like of float, shape (m,)
        What endless spending on each customer (segment, channel, lever) would bring, in dollars; 0 or more.
    budget : float
        Dollars to spend, all of them. With ``np.inf`` it spends until the next dollar brings just one dollar back.
    k : float or array_like of float, shape (m,)
        How fast spending works, per dollar.
    n : float or array_like of float, shape (m,), default 1
        How many customers each entry stands for; `value` and the answer are per customer.
    floor : float or array_like of float, shape (m,), default 0
        What each customer gets in any case, in dollars.

    Returns
    -------
    spend : ndarray, or Series with the index of `value`
        Dollars per customer.
    multiplier : float
        What one more dollar of budget would bring; below 1 the budget is larger than what pays.

    Raises
    ------
    ValueError
        When a value is negative or missing, a `k` or `n` is not positive, or the floors alone cost more than the budget.

    Notes
    -----
    Maximises Σ nᵢ Vᵢ (1 − exp(−kᵢ qᵢ)) under Σ nᵢ qᵢ = budget and qᵢ ≥ floor: qᵢ = max(floor, ln(kᵢ Vᵢ / λ) / kᵢ), with the multiplier λ the same for
    all who get more than the floor. One customer after the other comes in as λ falls, so the answer is exact. Many such problems with their solutions
    are in Ibaraki and Katoh (1988), Resource Allocation Problems, MIT Press; the response 1 − exp(−k q) is that of Blattberg and Deighton (1996,
    Harvard Business Review 74(4)).

    Examples
    --------
    >>> spend, multiplier = water_fill([100, 50, 5], budget=60, k=0.05)
    >>> spend.round(1).tolist(), round(multiplier, 2)
    ([36.9, 23.1, 0.0], 0.79)
    """
    values, k, n, floor = np.broadcast_arrays(*(np.asarray(each, dtype=float) for each in (value, k, n, floor)))
    _check(values, budget, k, n, floor)
    left = budget - n @ floor
    if left < -1e-9 * max(1.0, budget):
        raise ValueError(f"The floors alone cost {n @ floor:,.2f}, more than the budget of {budget:,.2f}: lower one or raise the other.")
    with np.errstate(divide="ignore"):
        # The logarithm of the multiplier below which a customer gets more than the floor.
        entry = np.log(k * values) - k * floor
    level = 0.0 if np.isinf(budget) else _level(entry, n / k, max(left, 0.0))
    spend = floor + np.maximum(entry - level, 0) / k
    return pd.Series(spend, value.index) if isinstance(value, pd.Series) else spend, float(np.exp(level))


def _level(entry, slope, left):
    """The logarithm of the multiplier at which Σ slope · max(entry − level, 0) takes up what is left."""
    order = np.argsort(-entry)
    order = order[np.isfinite(entry[order])]
    if not len(order):
        raise ValueError("Nobody has a value above 0, so there is nothing to spend on.")
    entry, slope = entry[order], slope[order]
    widths, tops = slope.cumsum(), (slope * entry).cumsum()
    levels = (tops - left) / widths
    # Among so many customers the level must lie above the entry of the next one.
    return levels[np.flatnonzero(levels >= np.append(entry[1:], -np.inf))[0]]


def _check(values, budget, k, n, floor):
    if values.ndim != 1 or not len(values):
        raise ValueError(f"Give one value per customer in one row, at least one; this has shape {values.shape}.")
    if not np.all((values >= 0) & np.isfinite(values)):
        raise ValueError("A value is negative or missing: give 0 to customers on whom nothing but the floor is to be spent.")
    if not (np.all((k > 0) & np.isfinite(k)) and np.all((n > 0) & np.isfinite(n)) and np.all((floor >= 0) & np.isfinite(floor))):
        raise ValueError("k and n must be positive, and the floor 0 or more.")
    if not budget >= 0:
        raise ValueError(f"A budget is 0 or more, not {budget}.")


def brought(spend, value, k, n=1):
    """What spending brings in all: Σ n V (1 − exp(−k q)).

    Parameters
    ----------
    spend : float or array_like of float, shape (m,)
        Dollars per customer; one number is the same for all.
    value, k, n : as for `water_fill`

    Returns
    -------
    float
        Dollars, before the spending is taken off.

    Examples
    --------
    >>> value = [100, 50, 5]
    >>> by_value, _ = water_fill(value, budget=60, k=0.05)
    >>> round(brought(20, value, 0.05), 1), round(brought(by_value, value, 0.05), 1)
    (98.0, 118.4)
    """
    spend, value, k, n = np.broadcast_arrays(*(np.asarray(each, dtype=float) for each in (spend, value, k, n)))
    if spend.min() < 0:
        raise ValueError("Spending must be 0 or more for everybody.")
    return float(np.sum(n * value * -np.expm1(-k * spend)))


def research_split(focal, rest, budget, k, spill):
    """Split a development budget over segments when what is made for the focal one also serves the rest.

    Parameters
    ----------
    focal : float
        What the focal segment would bring if everything were made for it: customers × value each, in dollars.
    rest : array_like of float, shape (m,)
        The same for each other segment.
    budget : float
        Dollars.
    k : float
        How fast spending works, per dollar.
    spill : float
        How much of a dollar spent on the focal segment's product serves the others as well, from 0 (nothing) to 1.

    Returns
    -------
    ndarray, shape (m + 1,)
        Dollars for the focal segment first, then for each of the rest.

    Notes
    -----
    Maximises F (1 − exp(−k x₀)) + Σ Wₛ (1 − exp(−k (xₛ + φ x₀))). Whatever the focal segment gets, the rest is a case of `water_fill`, so one number
    is searched for; the whole is concave.

    Examples
    --------
    >>> for spill in (0, 0.25, 0.5):
    ...     print(research_split(100, [80, 40], budget=50, k=0.05, spill=spill).round(1).tolist())
    [24.3, 19.8, 5.9]
    [38.4, 11.6, 0.0]
    [50.0, 0.0, 0.0]
    """
    from scipy.optimize import minimize_scalar

    rest = np.asarray(rest, dtype=float)
    _check_research(focal, rest, budget, k, spill)

    def split(own):
        return np.append(own, water_fill(rest * np.exp(-k * spill * own), budget - own, k)[0] if rest.any() else 0 * rest)

    def value(own):
        reached = split(own)[1:] + spill * own
        return brought(own, [focal], k) + brought(reached, rest, k)

    inside = minimize_scalar(lambda own: -value(own), bounds=(0, budget), method="bounded", options={"xatol": 1e-9 * budget}).x
    # The search never quite reaches an end, where the answer often lies.
    whole = focal + rest.sum()
    return split(max((0.0, inside, budget), key=lambda own: (round(value(own) / whole, 12), own)))


def full_focus(focal, rest, budget, k):
    """The spill-over from which it is best to spend everything on the focal segment.

    Parameters
    ----------
    focal, rest, budget, k : as for `research_split`

    Returns
    -------
    float
        Between 0 (the focal segment deserves everything anyway) and the largest segment's share of the rest, which is below 1 with several of them.

    Notes
    -----
    The first dollar for the largest other segment W must bring no more than the last one for the focal: W e^(−kφB) ≤ F e^(−kB) + φ S e^(−kφB), with S
    the sum of the rest and B the budget. With equality, y = kB (W/S − φ) solves y eʸ = kB (F/S) e^(−kB (1 − W/S)), so φ = W/S − w(…) / (kB) with w
    Lambert's function. Our derivation.

    Examples
    --------
    >>> round(full_focus(100, [80, 40], budget=50, k=0.05), 3)
    0.454
    >>> full_focus(1000, [80, 40], budget=50, k=0.05)
    0.0
    """
    from scipy.special import lambertw

    rest = np.asarray(rest, dtype=float)
    _check_research(focal, rest, budget, k, 0)
    if not rest.any() or not budget:
        return 0.0
    largest, strength = rest.max() / rest.sum(), k * budget
    y = lambertw(strength * focal / rest.sum() * np.exp(-strength * (1 - largest))).real
    return max(0.0, float(largest - y / strength))


def _check_research(focal, rest, budget, k, spill):
    if rest.ndim != 1 or not len(rest) or not np.all((rest >= 0) & np.isfinite(rest)) or not 0 < focal < np.inf:
        raise ValueError("The focal segment's value must be positive, and those of the rest 0 or more, at least one of them.")
    if not (0 <= budget < np.inf and 0 < k < np.inf and 0 <= spill <= 1):
        raise ValueError("The budget must be 0 or more, k positive, and the spill-over between 0 and 1.")


def levers(model, margin, acquisition_cost, discount_rate, step=0.01, payment="due"):
    """What a small relative improvement of retention, margin and acquisition cost adds to the value of a new customer.

    Parameters
    ----------
    model : ContractModel
        How long customers stay: `ccx.clv.GeometricModel` (constant retention), `ccx.clv.ShiftedBetaGeoModel` and so on.
    margin : float
        Dollars a period.
    acquisition_cost : float
        Dollars.
    discount_rate : float
        Per period.
    step : float, default 0.01
        The improvement: 0.01 is one per cent, of each period's retention rate, of the margin, or off the acquisition cost.
    payment : {"due", "paid"}
        Whether the first margin comes at once or after one period, as for `ContractModel.derl`.

    Returns
    -------
    DataFrame, indexed by lever
        ``gain``, dollars per new customer, which is also the most that the improvement may cost per customer; and ``elasticity``, per cent of value
        (after acquisition cost) per per cent of improvement.

    Raises
    ------
    ValueError
        When the customer is worth nothing after acquisition cost, or the step lets retention rates outgrow the discount rate.

    Notes
    -----
    Value is margin × Σ S(t) / (1 + d)^t − cost. Multiplying every retention rate by 1 + step multiplies S(t) by (1 + step)^t, which is the same as
    discounting at (1 + d) / (1 + step) − 1: so the elasticity of retention is the mean time at which a customer's money comes in, weighted by its
    present value (the duration of a bond), times value before cost over value after it. With constant retention r and the first payment after a
    period it is (1 + d) / (1 + d − r). Gupta, Lehmann and Stuart (2004, Journal of Marketing Research 41(1)) found 5, 1 and 0.1 for retention, margin
    and acquisition cost.

    Examples
    --------
    >>> from ccx.clv import GeometricModel
    >>> levers(GeometricModel(theta=0.12), margin=100, acquisition_cost=36, discount_rate=0.10, payment="paid").round(2)
                       gain  elasticity
    lever
    retention         20.83        5.72
    margin             4.00        1.10
    acquisition cost   0.36        0.10
    """
    if not 0 < step < 1 or not margin > 0 or not acquisition_cost >= 0:
        raise ValueError("The step must lie between 0 and 1, the margin above 0, and the acquisition cost at 0 or more.")
    if (1 + discount_rate) / (1 + step) <= 1:
        raise ValueError(f"A step of {step:g} lets retention rates grow by more than the discount rate of {discount_rate:g} takes off: take a smaller step.")
    before = margin * model.discounted_expected_lifetime(discount_rate, payment)
    longer = margin * model.discounted_expected_lifetime((1 + discount_rate) / (1 + step) - 1, payment)
    if before <= acquisition_cost:
        raise ValueError(f"A customer brings {before:,.2f} and costs {acquisition_cost:,.2f} to acquire, so there is no value to improve.")
    gain = pd.Series({"retention": longer - before, "margin": step * before, "acquisition cost": step * acquisition_cost}, name="gain")
    return gain.to_frame().assign(elasticity=gain / step / (before - acquisition_cost)).rename_axis("lever")
