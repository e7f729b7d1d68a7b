"""How much of the other customers holds a firm's risk at a cap: as margin (ballast), or as customers."""

import numpy as np
from scipy.special import ndtri

from .groups import _check_correlation


def ballast(focal, rest, cap, correlation=0.0):
    """The margin the rest must bring so that the whole firm's coefficient of variation stays at or below a cap.

    Parameters
    ----------
    focal : Group
    rest : Group
        What the rest are like; their number is what is asked for, so ``rest.n`` does not matter.
    cap : float
        Largest coefficient of variation the firm accepts.
    correlation : float, default 0
        Between the two groups' common shocks.

    Returns
    -------
    float
        Margin of the rest, in money per period: 0 when the focal customers are steady enough alone, infinite
        when no amount of the rest is enough. Divide by ``rest.mean`` for customers and by ``focal.total`` for the ratio.

    Notes
    -----
    With m the margin of the rest, the variance is at most cap² (focal.total + m)². That is quadratic in m; the answer is the smallest m ≥ 0 that
    satisfies it. When only the focal shock matters it is focal.total · (exposure / cap − 1): in proportion to the focal margin, however
    many customers it comes from.

    Examples
    --------
    >>> from ccx.paradox import Group
    >>> focal = Group(n=100, mean=100, sd=80, exposure=0.5)
    >>> rest = Group(n=1, mean=10, sd=12, exposure=0.05)
    >>> round(ballast(focal, rest, cap=0.15) / focal.total, 2)
    2.5
    """
    _check_correlation(correlation)
    if not 0 < cap < np.inf:
        raise ValueError(f"The cap must be positive and finite, not {cap}.")
    square = cap**2 - rest.exposure**2
    linear = 2 * cap**2 * focal.total - rest.sd**2 / rest.mean - 2 * correlation * focal.common_sd * rest.exposure
    constant = cap**2 * focal.total**2 - focal.variance
    return _smallest_with_room(square, linear, constant)


def star_ballast(n, own, common, base, correlation, cap):
    """Value of the base per unit of star value that holds the firm's risk at a cap, for `n` equal stars and a huge base.

    Parameters
    ----------
    n : float
        Stars.
    own : float
        Each star's own relative risk: standard deviation per unit of its value.
    common : float
        The relative risk that all stars share.
    base : float
        Relative risk of the base; its customers' own risks cancel out.
    correlation : float
        Between the stars' and the base's common shocks.
    cap : float
        Largest coefficient of variation the firm accepts.

    Returns
    -------
    float
        0 when stars alone are steady enough, infinite when no base is large enough.

    Notes
    -----
    x* = (−B + √(B² + A (a² − c²))) / A with a² = common² + own²/n, A = c² − base², and B = c² − correlation · a · base;
    as in `ballast`, but with the base's shock correlated with the stars' whole risk.

    Examples
    --------
    >>> [round(star_ballast(n, own=0.6, common=0.2, base=0.08, correlation=0.3, cap=0.15), 3) for n in (4, 40, 1_000_000)]
    [1.863, 0.601, 0.416]
    >>> star_ballast(1_000_000, own=0.6, common=0.2, base=0.16, correlation=0.8, cap=0.15)
    inf
    """
    _check_correlation(correlation)
    risk = np.sqrt(common**2 + own**2 / n)
    return _smallest_with_room(cap**2 - base**2, 2 * (cap**2 - correlation * risk * base), cap**2 - risk**2)


def others_needed(focal, rest, needed, probability, correlation=0.0):
    """How many other customers hold the probability of ruin at or below a bound.

    Parameters
    ----------
    focal : Group
    rest : Group
        What the rest are like; ``rest.n`` does not matter.
    needed : float
        What the firm must pay, in money per period.
    probability : float
        Largest accepted probability that the total margin is less, below 1/2.
    correlation : float, default 0

    Returns
    -------
    float
        Customers: 0 when none are needed, infinite when no number is enough.

    Notes
    -----
    The smallest n with mean − z sd ≥ needed, z the normal quantile of 1 − probability.

    Examples
    --------
    >>> from ccx.paradox import Group, ruin_probability
    >>> focal, rest = Group(100, 100, 80, 0.5), Group(1, 10, 12, 0.05)
    >>> n = others_needed(focal, rest, needed=25_000, probability=0.01)
    >>> round(ruin_probability(focal, Group(n, 10, 12, 0.05), needed=25_000), 4)
    0.01
    """
    _check_correlation(correlation)
    if not 0 < probability < 0.5:
        raise ValueError(f"The accepted probability of ruin must lie between 0 and 1/2, not {probability}.")
    z2, gap = ndtri(1 - probability) ** 2, needed - focal.total
    # (n μ − gap)² ≥ z² (variance), where n μ ≥ gap.
    square = rest.mean**2 * (1 - z2 * rest.exposure**2)
    linear = -2 * gap * rest.mean - z2 * (rest.sd**2 + 2 * correlation * focal.common_sd * rest.mean * rest.exposure)
    constant = gap**2 - z2 * focal.variance
    return _smallest_with_room(square, linear, constant, least=max(gap, 0) / rest.mean)


def zoom_needs_others(exposure, probability):
    """Whether a firm that makes its focal customers more valuable needs more of the others to stay as safe.

    Parameters
    ----------
    exposure : float
        Of the focal customers to their common shock.
    probability : float
        Accepted probability of ruin.

    Returns
    -------
    bool
        True exactly when z · exposure > 1: a further unit of focal margin then brings more risk, z times its
        shock, than margin to carry it. (Own risks, which do not grow with the margin, are left out.)

    Examples
    --------
    >>> zoom_needs_others(exposure=0.5, probability=0.01), zoom_needs_others(exposure=0.3, probability=0.01)
    (True, False)
    """
    return bool(ndtri(1 - probability) * exposure > 1)


def _smallest_with_room(square, linear, constant, least=0.0):
    """The smallest m ≥ least with square · m² + linear · m + constant ≥ 0; infinite if there is none."""
    if np.polyval([square, linear, constant], least) >= 0:
        return float(least)
    roots = np.roots([square, linear, constant]) if square else np.array([-constant / linear] if linear else [])
    real = roots[np.isreal(roots)].real
    return float(min(real[real > least], default=np.inf))
