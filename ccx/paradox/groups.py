"""Customers as groups with a risk of their own and a shock in common: the two together, ruin and stress."""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Group:
    """A group of like customers: how many, what each brings, and how uncertain that is.

    Parameters
    ----------
    n : float
        Customers.
    mean : float
        Expected margin of each, in money per period.
    sd : float
        Standard deviation of each customer's own, independent risk, in money per period.
    exposure : float
        How strongly all of them move together: the standard deviation of the shock they share, as a share of the mean.

    Notes
    -----
    The group's total has mean n μ and variance n σ² + (n μ λ)²: the first part is diversified away as n grows, the second is not.

    Examples
    --------
    >>> Group(n=4, mean=100, sd=80, exposure=0.5).total
    400.0
    >>> round(Group(n=4, mean=100, sd=80, exposure=0.5).cv, 2), round(Group(n=4_000_000, mean=100, sd=80, exposure=0.5).cv, 2)
    (0.64, 0.5)
    """

    n: float
    mean: float
    sd: float
    exposure: float

    def __post_init__(self):
        for name in ("n", "mean"):
            if not 0 < getattr(self, name) < np.inf:
                raise ValueError(f"A group needs {name} positive and finite, not {getattr(self, name)}.")
        for name in ("sd", "exposure"):
            if not 0 <= getattr(self, name) < np.inf:
                raise ValueError(f"A group needs {name} zero or more and finite, not {getattr(self, name)}.")

    @property
    def total(self):
        """Expected margin of the whole group."""
        return float(self.n * self.mean)

    @property
    def common_sd(self):
        """Standard deviation of the group's total from the shock in common."""
        return float(self.total * self.exposure)

    @property
    def variance(self):
        """Variance of the group's total margin."""
        return float(self.n * self.sd**2 + self.common_sd**2)

    @property
    def cv(self):
        """Coefficient of variation: standard deviation of the total per unit of its mean."""
        return float(np.sqrt(self.variance) / self.total)


def combined(focal, rest, correlation=0.0):
    """Mean, standard deviation and coefficient of variation of two groups together.

    Parameters
    ----------
    focal, rest : Group
    correlation : float, default 0
        Between the two groups' common shocks.

    Returns
    -------
    Series
        ``mean``, ``sd`` and ``cv`` of the total margin.

    Examples
    --------
    >>> round(float(combined(Group(100, 100, 80, 0.5), Group(2_500, 10, 12, 0.05))["cv"]), 3)
    0.15
    """
    _check_correlation(correlation)
    mean = focal.total + rest.total
    sd = np.sqrt(focal.variance + rest.variance + 2 * correlation * focal.common_sd * rest.common_sd)
    return pd.Series({"mean": mean, "sd": sd, "cv": sd / mean})


def simulate_margins(focal, rest, n, rng, correlation=0.0):
    """Draw the total margin of both groups, period after period.

    Parameters
    ----------
    focal, rest : Group
    n : int
        Periods.
    rng : Generator or int
    correlation : float, default 0
        Between the two groups' common shocks.

    Returns
    -------
    DataFrame
        ``focal``, ``rest`` and ``total`` per period. Shocks and own risks are normal.

    Examples
    --------
    >>> margins = simulate_margins(Group(100, 100, 80, 0.5), Group(2_500, 10, 12, 0.05), n=20_000, rng=1)
    >>> round(float(margins["total"].std() / margins["total"].mean()), 2)
    0.15
    """
    _check_correlation(correlation)
    rng = np.random.default_rng(rng)
    shock = rng.standard_normal((2, n))
    shock[1] = correlation * shock[0] + np.sqrt(1 - correlation**2) * shock[1]
    drawn = {name: group.total + group.common_sd * z + np.sqrt(group.n) * group.sd * rng.standard_normal(n)
             for name, group, z in (("focal", focal, shock[0]), ("rest", rest, shock[1]))}
    return pd.DataFrame(drawn).assign(total=drawn["focal"] + drawn["rest"])


def ruin_probability(focal, rest, needed, correlation=0.0):
    """Probability that the total margin falls short of what the firm must pay, with normal risks.

    Parameters
    ----------
    focal, rest : Group
    needed : float
        Fixed cost and debt service, in money per period.
    correlation : float, default 0

    Returns
    -------
    float

    Examples
    --------
    >>> round(ruin_probability(Group(100, 100, 80, 0.5), Group(2_500, 10, 12, 0.05), needed=25_000), 3)
    0.028
    """
    from scipy.special import ndtr

    both = combined(focal, rest, correlation)
    return float(ndtr((needed - both["mean"]) / both["sd"]))


def stressed(focal, rest, shock=-2.0, correlation=0.0):
    """Expected total margin when the focal customers' common shock takes a given value.

    Parameters
    ----------
    focal, rest : Group
    shock : float, default -2
        In standard deviations.
    correlation : float, default 0
        The rest move along by this share of it.

    Returns
    -------
    Series
        Expected ``focal``, ``rest`` and ``total`` margin, and ``change`` of the total relative to its mean.

    Examples
    --------
    >>> stressed(Group(100, 100, 80, 0.5), Group(2_500, 10, 12, 0.05)).round(2).to_dict()
    {'focal': 0.0, 'rest': 25000.0, 'total': 25000.0, 'change': -0.29}
    """
    _check_correlation(correlation)
    margins = focal.total + shock * focal.common_sd, rest.total + correlation * shock * rest.common_sd
    return pd.Series({"focal": margins[0], "rest": margins[1], "total": sum(margins), "change": sum(margins) / (focal.total + rest.total) - 1})


def _check_correlation(correlation):
    if not -1 <= correlation <= 1:
        raise ValueError(f"A correlation lies between -1 and 1, not {correlation}.")
