"""A satisfaction survey in which the worst customers answer most readily, and what everybody would have answered."""

import numpy as np
import pandas as pd

# Mean score of a customer of middling value, and what one standard deviation more of value adds to it: the small mind the price, the best the quality.
FEATURES = pd.DataFrame([[6.3, 1.0], [6.3, 0.5], [6.3, 0.0], [6.3, -0.5], [6.3, -1.0]], columns=["level", "slope"],
                        index=pd.Index(["price", "speed", "service", "range", "quality"], name="feature"))


def satisfaction_survey(value, rng, response=0.3, features=FEATURES, level=7.4, spread=2.0, by_value=0.5, silent_value=0.5, silent_mood=0.5, noise=1.2):
    """A survey of a firm's customers: the answers of those who answer, and the scores and the probability of answering of all.

    Parameters
    ----------
    value : Series of float, by customer_id
        What each customer is worth, on any scale: only the order counts.
    rng : Generator or int
    response : float, default 0.3
        Mean probability of answering, between 0 and 1.
    features : DataFrame, by feature
        ``level``, the score of a customer of middling value (0 to 10), and ``slope``, what one standard deviation of value adds to it.
    level, spread : float, default 7.4 and 2
        Mean and standard deviation of the score for "would you recommend us?", in points.
    by_value : float, default 0.5
        Correlation of a customer's mood with value.
    silent_value, silent_mood : float, default 0.5 each
        How much a standard deviation of value, or of mood, lowers the log odds of answering.
    noise : float, default 1.2
        Standard deviation of a feature's score around its expectation, in points.

    Returns
    -------
    answers : DataFrame of int, by customer_id
        Those who answered, in the order of `value`: ``recommend`` and a column per feature, 0 to 10.
    truth : DataFrame of float, by customer_id
        Everyone: the same scores before rounding, and ``p_respond``, the probability of answering.

    Raises
    ------
    ValueError
        If `value` is not a Series of numbers with distinct customers, or a probability or correlation is out of range.

    Notes
    -----
    With zᵢ the normal score of the customer's rank in value and uᵢ, eᵢⱼ standard normal, mood is mᵢ = ρ zᵢ + √(1 − ρ²) uᵢ with ρ = `by_value`;
    recommend is level + spread · mᵢ, feature j is levelⱼ + slopeⱼ zᵢ + mᵢ / 2 + noise · eᵢⱼ, both held between 0 and 10; and
    logit pᵢ = a − silent_value · zᵢ − silent_mood · mᵢ, where a is such that the mean of pᵢ is `response`. Whether one answers depends on nothing else,
    so that weights 1 / pᵢ make the answers stand for everyone (Horvitz and Thompson, 1952).

    Examples
    --------
    >>> value = pd.Series(np.random.default_rng(1).lognormal(6, 1, 4000)).rename_axis("customer_id")
    >>> answers, truth = satisfaction_survey(value, rng=1)
    >>> vote = (answers["recommend"] >= 9) * 1 - (answers["recommend"] <= 6) * 1
    >>> weight = (value / truth["p_respond"])[answers.index]
    >>> bool(vote.mean() < 0 < (vote * weight).sum() / weight.sum())
    True
    """
    from scipy.special import ndtri

    _require(value, response, by_value)
    rng = np.random.default_rng(rng)
    z = ndtri((value.rank() - 0.5) / len(value))
    mood = by_value * z + np.sqrt(1 - by_value**2) * rng.standard_normal(len(value))
    scores = {"recommend": level + spread * mood}
    scores |= {name: row["level"] + row["slope"] * z + mood / 2 + noise * rng.standard_normal(len(value)) for name, row in features.iterrows()}
    truth = pd.DataFrame(scores, index=value.index).clip(0, 10)
    truth["p_respond"] = _answering(silent_value * z + silent_mood * mood, response)
    answered = rng.random(len(value)) < truth["p_respond"]
    return truth.loc[answered].drop(columns="p_respond").round().astype(int), truth


def _answering(silence, response):
    """Probability of answering, logistic in how silent a customer is, with the mean that is asked for."""
    from scipy.optimize import brentq
    from scipy.special import expit, logit

    bound = float(np.abs(silence).max()) + abs(float(logit(response))) + 1
    return expit(brentq(lambda a: expit(a - silence).mean() - response, -bound, bound) - silence)


def _require(value, response, by_value):
    """Refuse what is no value by customer, or no probability."""
    if not isinstance(value, pd.Series) or not len(value) or not pd.api.types.is_numeric_dtype(value) or not np.isfinite(value).all():
        raise ValueError("satisfaction_survey: value must be a Series of finite numbers by customer_id; drop or fill what is missing first")
    if not value.index.is_unique:
        raise ValueError("satisfaction_survey: value has a customer twice; add up each customer's value first (groupby)")
    if not 0 < response < 1 or not -1 <= by_value <= 1:
        raise ValueError(f"satisfaction_survey: response must lie between 0 and 1 and by_value between -1 and 1, not {response} and {by_value}")
