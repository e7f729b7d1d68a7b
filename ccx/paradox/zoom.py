"""Being wrong about the best: what a noisy score makes of them, and how far to zoom in on them then."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from .groups import Group


@dataclass(frozen=True)
class NoisyScore:
    """Customers chosen by a score that is their true value plus noise, both normal.

    Parameters
    ----------
    mean, sd : float
        Of true value over customers, in money.
    noise : float
        Standard deviation of the score around a customer's true value, in money.
    share : float, default 0.2
        Share of customers, those with the highest scores, that count as focal.

    Notes
    -----
    E[value | score] = mean + reliability · (score − mean) with reliability = sd² / (sd² + noise²): the highest scores belong to customers
    who are good *and* to customers who were lucky (the winner's curse).

    Examples
    --------
    >>> score = NoisyScore(mean=100, sd=40, noise=40)
    >>> score.reliability
    0.5
    >>> round(score.promised), round(score.focal_value), round(score.rest_value)
    (179, 140, 90)
    """

    mean: float
    sd: float
    noise: float
    share: float = 0.2

    def __post_init__(self):
        if not (np.isfinite(self.mean) and 0 < self.sd < np.inf and 0 <= self.noise < np.inf and 0 < self.share < 1):
            raise ValueError("A noisy score needs a finite mean, sd > 0, noise of 0 or more and a share between 0 and 1.")

    @property
    def reliability(self):
        """Share of the score's variance that is true value."""
        return self.sd**2 / (self.sd**2 + self.noise**2)

    @property
    def _lead(self):
        """How far the mean of the top share lies above that of all, in standard deviations."""
        z = ndtri(1 - self.share)
        return np.exp(-z**2 / 2) / np.sqrt(2 * np.pi) / self.share

    @property
    def promised(self):
        """Mean score of the customers chosen: what the firm believes they are worth."""
        return float(self.mean + np.hypot(self.sd, self.noise) * self._lead)

    @property
    def focal_value(self):
        """Mean true value of the customers chosen."""
        return float(self.mean + self.sd * np.sqrt(self.reliability) * self._lead)

    @property
    def rest_value(self):
        """Mean true value of those not chosen."""
        return float((self.mean - self.share * self.focal_value) / (1 - self.share))

    def simulate(self, n, rng):
        """Draw customers whose true value is known.

        Parameters
        ----------
        n : int
        rng : Generator or int

        Returns
        -------
        DataFrame
            ``value``, ``score`` and ``focal`` (whether among the top share of scores).

        Examples
        --------
        >>> drawn = NoisyScore(100, 40, 40).simulate(50_000, rng=1)
        >>> round(float(drawn.loc[drawn["focal"], "value"].mean()), 1)
        139.4
        """
        rng = np.random.default_rng(rng)
        value = rng.normal(self.mean, self.sd, n)
        score = value + rng.normal(0, self.noise, n)
        return pd.DataFrame({"value": value, "score": score, "focal": score > np.quantile(score, 1 - self.share)})


def profit(score, zoom):
    """Profit per customer when a share of the budget is moved from all customers to the focal ones.

    Parameters
    ----------
    score : NoisyScore
    zoom : float or array_like of float
        Between 0 (the same budget for everyone) and 1 (all of it for the focal customers).

    Returns
    -------
    float or ndarray, shaped like `zoom`

    Notes
    -----
    A customer on whom q times the average budget is spent brings value · √q: twice the attention brings less than twice the margin. At zoom z a
    focal customer gets q = 1 − z + z / share, each of the others q = 1 − z.

    Examples
    --------
    >>> profit(NoisyScore(100, 40, 0), [0, 0.1, 1]).round(1).tolist()
    [100.0, 102.2, 69.8]
    """
    zoom = np.asarray(zoom, dtype=float)
    if not np.all((zoom >= 0) & (zoom <= 1)):
        raise ValueError("A zoom lies between 0 and 1.")
    f = score.share
    return (f * score.focal_value * np.sqrt(1 - zoom + zoom / f) + (1 - f) * score.rest_value * np.sqrt(1 - zoom))[()]


def zoomed(score, zoom, customers, focal_risk, rest_risk):
    """The two groups of customers that a firm has at a given zoom, with their risks.

    Parameters
    ----------
    score : NoisyScore
    zoom : float
        Share of the budget moved from all customers to the focal ones, as in `profit`.
    customers : float
        All customers of the firm.
    focal_risk, rest_risk : pair of float
        Each customer's own standard deviation as a share of their mean, and the group's exposure to its shock in common.

    Returns
    -------
    focal, rest : Group
        Together they bring `profit` times the number of customers.

    Raises
    ------
    ValueError
        At a zoom of 1 or where the rest are worth nothing: then there is no second group.

    Examples
    --------
    >>> focal, rest = zoomed(NoisyScore(100, 40, 0), 0.1, customers=1000, focal_risk=(0.8, 0.4), rest_risk=(0.6, 0.05))
    >>> round(focal.total), round(rest.total)
    (36915, 65271)
    """
    f = score.share
    means = score.focal_value * np.sqrt(1 - zoom + zoom / f), score.rest_value * np.sqrt(1 - zoom)
    return tuple(Group(n, mean, own * mean, exposure)
                 for n, mean, (own, exposure) in zip((f * customers, (1 - f) * customers), means, (focal_risk, rest_risk)))


def optimal_zoom(score):
    """The share of the budget to move to the focal customers that makes profit largest.

    Parameters
    ----------
    score : NoisyScore

    Returns
    -------
    float
        From 0, where the score is noise, to 1, where the rest are worth nothing. The noisier the score, the smaller.

    Notes
    -----
    At the optimum spending is in proportion to value squared: z = f g / (1 + f g) with g = (focal value / rest value)² − 1 and f the share of focal customers.

    Examples
    --------
    >>> [round(optimal_zoom(NoisyScore(100, 40, noise)), 2) for noise in (0, 40, 400)]
    [0.31, 0.22, 0.03]
    """
    if score.rest_value <= 0:
        return 1.0
    gain = score.share * ((score.focal_value / score.rest_value) ** 2 - 1)
    return float(gain / (1 + gain))
