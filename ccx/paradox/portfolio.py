"""Customer segments as a portfolio: the frontier of return and risk without short sales, and how sure one can be of it."""

import numpy as np
import pandas as pd


def frontier(mean, covariance, n=25):
    """The mixes of segments with the least risk for their return, none of them negative.

    Parameters
    ----------
    mean : Series, shape (k,)
        Expected return of each segment, per unit of money invested in it.
    covariance : DataFrame, shape (k, k)
    n : int, default 25
        How many mixes, from the least risky to the one with the highest return.

    Returns
    -------
    DataFrame
        One row per mix: ``mean`` and ``sd``, and the weight of each segment (they sum to 1).

    Raises
    ------
    ValueError
        When the shapes differ or the covariance is none.

    Notes
    -----
    Markowitz (1952), Portfolio Selection, Journal of Finance 7(1), with the weights held at zero or more, since customers can't be
    sold short; each mix is a quadratic programme, solved by SciPy's SLSQP.

    Examples
    --------
    >>> mean = pd.Series({"best": 0.30, "rest": 0.10})
    >>> covariance = pd.DataFrame([[0.04, 0], [0, 0.01]], index=mean.index, columns=mean.index)
    >>> frontier(mean, covariance, n=3).round(3).to_numpy().tolist()
    [[0.14, 0.089, 0.2, 0.8], [0.22, 0.126, 0.6, 0.4], [0.3, 0.2, 1.0, 0.0]]
    """
    least = minimum_variance(covariance)
    targets = np.linspace(least @ mean, mean.max(), n)
    table = pd.DataFrame([efficient_mix(mean, covariance, target) for target in targets], columns=mean.index)
    return pd.concat([risk_and_return(table, mean, covariance), table], axis=1)


def efficient_mix(mean, covariance, target):
    """The mix with the least risk among those that bring a given return, no weight negative.

    Parameters
    ----------
    mean : Series, shape (k,)
        Expected return of each segment.
    covariance : DataFrame, shape (k, k)
    target : float
        The return that the mix is to bring.

    Returns
    -------
    Series of weights, which sum to 1

    Raises
    ------
    ValueError
        When no mix brings that return, or the covariance is none.

    Examples
    --------
    >>> mean = pd.Series({"best": 0.30, "rest": 0.10})
    >>> covariance = pd.DataFrame([[0.04, 0], [0, 0.01]], index=mean.index, columns=mean.index)
    >>> efficient_mix(mean, covariance, target=0.22).round(3).to_dict()
    {'best': 0.6, 'rest': 0.4}
    """
    _check_covariance(covariance)
    slack = 1e-9 * mean.abs().max()
    if not mean.min() - slack <= target <= mean.max() + slack:
        raise ValueError(f"A mix brings between {mean.min():.3g} and {mean.max():.3g}, never {target:.3g}.")
    return _solve(covariance, [(mean.to_numpy(), target)])


def risk_and_return(weights, mean, covariance):
    """Mean and standard deviation of given mixes.

    Parameters
    ----------
    weights : DataFrame, a row per mix, or Series of one
    mean : Series
    covariance : DataFrame

    Returns
    -------
    DataFrame, or Series for one mix
        ``mean`` and ``sd``.

    Examples
    --------
    >>> mean = pd.Series({"best": 0.30, "rest": 0.10})
    >>> covariance = pd.DataFrame([[0.04, 0], [0, 0.01]], index=mean.index, columns=mean.index)
    >>> risk_and_return(pd.Series({"best": 0.5, "rest": 0.5}), mean, covariance).round(3).tolist()
    [0.2, 0.112]
    """
    w = np.atleast_2d(weights[mean.index])
    table = pd.DataFrame({"mean": w @ mean, "sd": np.sqrt(np.einsum("ij,jk,ik->i", w, covariance, w))})
    return table.iloc[0].rename(None) if isinstance(weights, pd.Series) else table.set_axis(weights.index)


def minimum_variance(covariance):
    """The mix with the least risk, no weight negative.

    Parameters
    ----------
    covariance : DataFrame, shape (k, k)

    Returns
    -------
    Series of weights, which sum to 1

    Examples
    --------
    >>> minimum_variance(pd.DataFrame([[0.04, 0], [0, 0.01]], index=["best", "rest"], columns=["best", "rest"])).round(3).to_dict()
    {'best': 0.2, 'rest': 0.8}
    """
    _check_covariance(covariance)
    return _solve(covariance, [])


def tangency(mean, covariance, riskless=0.0):
    """The mix with the most return above the riskless one per unit of risk, no weight negative.

    Parameters
    ----------
    mean : Series, shape (k,)
    covariance : DataFrame, shape (k, k)
    riskless : float, default 0

    Returns
    -------
    Series of weights, which sum to 1

    Raises
    ------
    ValueError
        When no segment brings more than the riskless return.

    Examples
    --------
    >>> mean = pd.Series({"best": 0.30, "rest": 0.10})
    >>> covariance = pd.DataFrame([[0.04, 0], [0, 0.01]], index=mean.index, columns=mean.index)
    >>> tangency(mean, covariance).round(3).to_dict()
    {'best': 0.429, 'rest': 0.571}
    """
    _check_covariance(covariance)
    excess = mean - riskless
    if not excess.max() > 0:
        raise ValueError("No segment brings more than the riskless return, so there is no such mix.")
    # Among mixes of excess return 1, of any size, the one with the least risk; then scaled to sum to 1.
    return _solve(covariance, [(excess.to_numpy() / excess.max(), 1.0)], full=False)


def resampled_frontier(returns, n_resamples, rng, n=25):
    """The frontier again and again, each time from as many periods drawn anew: how far estimation error moves it.

    Parameters
    ----------
    returns : DataFrame
        A row per period, a column per segment.
    n_resamples : int
    rng : Generator or int
    n : int, default 25
        Mixes per frontier.

    Returns
    -------
    DataFrame
        As `frontier`, with ``resample`` and ``mix`` as index; ``mean`` and ``sd`` are what the mix would have had in the *given* returns, so that all
        lie on or below the frontier of these. The mean weights by ``mix`` are Michaud's (1998) resampled mixes.

    Examples
    --------
    >>> returns = pd.DataFrame(np.random.default_rng(1).normal([0.3, 0.1], [0.2, 0.1], (50, 2)), columns=["best", "rest"])
    >>> resampled_frontier(returns, n_resamples=4, rng=1, n=3).shape
    (12, 4)
    """
    rng = np.random.default_rng(rng)
    drawn = [returns.iloc[rng.integers(0, len(returns), len(returns))] for _ in range(n_resamples)]
    mixes = pd.concat({i: frontier(again.mean(), again.cov(), n)[returns.columns] for i, again in enumerate(drawn)}, names=["resample", "mix"])
    return pd.concat([risk_and_return(mixes, returns.mean(), returns.cov()), mixes], axis=1)


def customer_beta(returns, whole):
    """How strongly each segment moves with the whole firm: covariance with it per unit of its variance.

    Parameters
    ----------
    returns : DataFrame
        A row per period, a column per segment.
    whole : Series
        The same of the whole firm, or of its market.

    Returns
    -------
    Series, by segment
        1 for one that moves as the whole does; the mean, weighted with the segments' shares of the whole, is 1.

    Examples
    --------
    >>> returns = pd.DataFrame({"best": [1.0, 3.0], "rest": [2.0, 2.5]})
    >>> customer_beta(returns, returns.mean(axis=1)).round(2).to_dict()
    {'best': 1.6, 'rest': 0.4}
    """
    return returns.apply(lambda segment: segment.cov(whole)) / whole.var()


def _solve(covariance, equalities, full=True):
    """Least variance with weights of zero or more, linear equalities and, if `full`, weights that sum to 1; else they are scaled to do so."""
    from scipy.optimize import minimize

    # In units of the average variance the solver's tolerance fits every currency.
    scaled = covariance.to_numpy() / np.diag(covariance).mean()
    k = len(scaled)
    constraints = [(np.ones(k), 1.0)] * full + equalities
    found = minimize(lambda w: w @ scaled @ w, np.full(k, 1 / k), jac=lambda w: 2 * scaled @ w, method="SLSQP", bounds=[(0, None)] * k,
                     constraints=[{"type": "eq", "fun": lambda w, a=a, b=b: a @ w - b, "jac": lambda w, a=a: a} for a, b in constraints],
                     options={"ftol": 1e-14, "maxiter": 500})
    if not found.success:
        raise RuntimeError(f"No mix of least risk was found ({found.message}); look whether one segment's variance is many times another's.")
    weights = np.maximum(found.x, 0)
    return pd.Series(weights / weights.sum(), index=covariance.index)


def _check_covariance(covariance):
    matrix = np.asarray(covariance, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not np.allclose(matrix, matrix.T) or not np.all(np.isfinite(matrix)):
        raise ValueError("A covariance is a square, symmetric table of finite numbers.")
    if np.linalg.eigvalsh(matrix)[0] < -1e-9 * np.trace(matrix):
        raise ValueError("The table is no covariance: some mix would have a negative variance.")
