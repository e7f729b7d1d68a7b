"""The voice of the customer, and whose voice it is: scores of a survey weighted by value and by who answered."""

import numpy as np
import pandas as pd


def response_rate(value, answered, groups=10):
    """The share of customers who answered a survey, among those of about the same value.

    Parameters
    ----------
    value : Series, by customer_id
        Of every customer who was asked.
    answered : sequence or Index of customer ids
        Those who answered.
    groups : int, default 10
        Into how many groups of equal size the customers are put, by the rank of their value.

    Returns
    -------
    Series, by customer_id
        The response rate of each customer's group; a firm can know it without knowing anybody's reasons.

    Raises
    ------
    ValueError
        If somebody answered who was not asked, or nobody of a group did.

    Notes
    -----
    Customers that tie are ranked in the order in which they stand. 1 / rate is the number of customers for whom one who answered speaks. It repairs the silence that goes with value; of the
    silence that goes with mood it repairs only what value tells about mood.

    Examples
    --------
    >>> response_rate(pd.Series([5, 50, 8, 40], index=[1, 2, 3, 4]), answered=[1, 3, 4], groups=2).to_dict()
    {1: 1.0, 2: 0.5, 3: 1.0, 4: 0.5}
    """
    answered = pd.Index(answered)
    if not answered.isin(value.index).all():
        raise ValueError("response_rate: somebody answered who is not among the customers asked; give the value of everyone")
    group = pd.Series(np.ceil(value.rank(method="first") / len(value) * groups), index=value.index)
    rate = pd.Series(value.index.isin(answered), index=value.index).groupby(group).transform("mean")
    if (rate == 0).any():
        raise ValueError(f"response_rate: in one of the {groups} groups nobody answered; make fewer groups")
    return rate.rename("response_rate")


def score(answers, weights=None):
    """The mean score of each question, each answer with its weight.

    Parameters
    ----------
    answers : DataFrame or Series, by customer_id
        Scores of those who answered, a column per question.
    weights : Series, by customer_id, optional
        Zero or more for everybody who answered; others are ignored. By default all answers weigh the same.

    Returns
    -------
    Series, by question (a float for a Series)

    Raises
    ------
    ValueError
        If somebody who answered has no weight, or a negative one, or all weigh nothing.

    Examples
    --------
    One customer in three likes the quality, and brings most of the money.

    >>> answers = pd.DataFrame({"price": [3, 3, 9], "quality": [9, 9, 3]})
    >>> score(answers).to_dict()
    {'price': 5.0, 'quality': 7.0}
    >>> score(answers, weights=pd.Series([10, 10, 80])).to_dict()
    {'price': 7.8, 'quality': 4.2}
    """
    if weights is None:
        return answers.mean()
    weights = weights.reindex(answers.index)
    if weights.isna().any() or (weights < 0).any() or not weights.sum() > 0:
        raise ValueError("score: everybody who answered needs a weight of zero or more, and somebody one above zero")
    return answers.mul(weights, axis=0).sum() / weights.sum()


def net_promoter(recommend, weights=None):
    """The net promoter score: promoters less detractors, per hundred.

    Parameters
    ----------
    recommend : Series, by customer_id
        "How likely are you to recommend us?", 0 to 10.
    weights : Series, by customer_id, optional
        As for `score`.

    Returns
    -------
    float
        From −100 to 100.

    Raises
    ------
    ValueError
        If an answer lies outside 0 to 10, or as for `score`.

    Notes
    -----
    Promoters answer 9 or 10, detractors 0 to 6 (Reichheld, 2003). That it predicts growth better than other questions was not confirmed by Keiningham,
    Cooil, Andreassen and Aksoy (2007).

    Examples
    --------
    >>> net_promoter(pd.Series([10, 9, 8, 6, 2, 0]))
    -16.666666666666664
    >>> net_promoter(pd.Series([10, 9, 8, 6, 2, 0]), weights=pd.Series([5, 2, 1, 1, 1, 0]))
    50.0
    """
    if not recommend.between(0, 10).all():
        raise ValueError("net_promoter: answers lie between 0 and 10; drop those who did not answer")
    vote = (recommend >= 9).astype(int) - (recommend <= 6).astype(int)
    return float(100 * score(vote, weights))
