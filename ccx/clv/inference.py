"""How sure is a fit? Comparison of models, profiles, the parametric bootstrap, and many starts."""

import numpy as np
import pandas as pd

from ._fit import maximise


def likelihood_ratio(restricted, full, boundary=False):
    """Test whether a richer model fits better than chance would make it.

    Parameters
    ----------
    restricted, full : fitted models
        The first is a special case of the second, fitted to the same data, such as sBG (c = 1) and beta-discrete-Weibull.
    boundary : bool, default False
        Whether the special case lies on the edge of the parameter space, where half of all
        samples show no gain at all: the p-value is then halved (Self and Liang 1987). `GeometricModel` in
        `ShiftedBetaGeoModel` is of that kind.

    Returns
    -------
    Series
        ``statistic``, twice the gain in log-likelihood; ``df``, the parameters gained; ``p_value``.

    Raises
    ------
    ValueError
        When a model is not fitted, they differ in ``n``, or the second has no more parameters.

    Examples
    --------
    >>> from ccx.clv import BetaDiscreteWeibullModel, ShiftedBetaGeoModel
    >>> high_end = [1000, 869, 743, 653, 593]
    >>> test = likelihood_ratio(ShiftedBetaGeoModel.fit(high_end), BetaDiscreteWeibullModel.fit(high_end))
    >>> test.round(3).tolist()
    [4.771, 1.0, 0.029]
    """
    from scipy.special import chdtrc

    df = len(full.params) - len(restricted.params)
    if boundary and df != 1:
        raise ValueError(f"The p-value at a boundary is known for one parameter gained, not for {df}.")
    if not (restricted.converged and full.converged):
        raise ValueError("Both models must be fitted before they can be compared.")
    if restricted.n != full.n:
        raise ValueError(f"The models were fitted to different data: n is {restricted.n:g} and {full.n:g}.")
    if df < 1:
        raise ValueError("The second model must have more parameters than the first, its special case.")
    statistic = 2 * (full.log_likelihood - restricted.log_likelihood)
    p_value = chdtrc(df, max(statistic, 0.0)) / (2 if boundary else 1)
    return pd.Series({"statistic": statistic, "df": df, "p_value": p_value})


def compare_models(models):
    """Fitted models side by side, the best by AIC first.

    Parameters
    ----------
    models : list of fitted models
        Of the same data, and of the same kind of data.

    Returns
    -------
    DataFrame
        By model: ``log_likelihood``, ``parameters`` (how many), ``aic``, ``bic``.

    Examples
    --------
    >>> from ccx.clv import GeometricModel, ShiftedBetaGeoModel
    >>> regular = [1000, 631, 468, 382, 326, 289, 262, 241]
    >>> compare_models([GeometricModel.fit(regular), ShiftedBetaGeoModel.fit(regular)])["log_likelihood"].round(1).to_dict()
    {'ShiftedBetaGeoModel': -1680.3, 'GeometricModel': -1794.6}
    """
    table = pd.DataFrame({
        "model": [type(model).__name__ for model in models],
        "log_likelihood": [model.log_likelihood for model in models],
        "parameters": [len(model.params) for model in models],
        "aic": [model.aic for model in models],
        "bic": [model.bic for model in models],
    })
    return table.set_index("model").sort_values("aic")


def profile_likelihood(model, data, parameter, values=None, weights=None):
    """How the best log-likelihood falls when one parameter is held away from its estimate.

    Parameters
    ----------
    model : fitted model
    data : what it was fitted to
    parameter : str
        Its name.
    values : sequence of float, optional
        Where to hold it; by default 25 points within three standard errors, in the logarithm.
    weights : sequence of float, optional
        As in the fit.

    Returns
    -------
    DataFrame
        Indexed by the parameter's values: ``log_likelihood`` and ``fall`` below the maximum. Where the fall is less than
        1.92 lies the 95 percent confidence interval.

    Raises
    ------
    ValueError
        When the parameter is unknown.

    Examples
    --------
    >>> from ccx.clv import ShiftedBetaGeoModel
    >>> regular = [1000, 631, 468, 382, 326, 289, 262, 241]
    >>> profile = profile_likelihood(ShiftedBetaGeoModel.fit(regular), regular, "alpha", [0.6, 0.704, 0.8])
    >>> profile["fall"].round(1).tolist()
    [1.5, 0.0, 0.9]
    """
    names = list(model.params)
    if parameter not in names:
        raise ValueError(f"{type(model).__name__} has no parameter {parameter!r}, only {', '.join(names)}.")
    at = names.index(parameter)
    estimate = np.array(model._values)
    if values is None:
        values = model._near(estimate[at], np.exp(np.linspace(-3, 3, 25) * model.standard_errors[parameter] / estimate[at]))
    rows = type(model)._read(data, weights)
    best = [_best_with(model._log_likelihood, rows, estimate, at, value) for value in values]
    index = pd.Index(values, name=parameter)
    return pd.DataFrame({"log_likelihood": best, "fall": model.log_likelihood - np.array(best)}, index=index)


def _best_with(log_likelihood, rows, start, at, value):
    """The highest log-likelihood when parameter number `at` is held at `value`."""
    def rest(free, *columns):
        each, gradient = log_likelihood(np.insert(free, at, value), *columns)
        return each, np.delete(np.asarray(gradient), at, axis=0)

    free = np.delete(start, at)
    return maximise(rest, rows.columns, rows.weight, free)[1] if len(free) else float(rows.weight @ rest(free, *rows.columns)[0])


def parametric_bootstrap(model, data, n_resamples, rng):
    """Draw new data from the fitted model and fit again: how the estimates would vary if the model were true.

    Parameters
    ----------
    model : fitted model
    data : DataFrame or survivors
        One row per customer, whose ``T`` (or ``frequency``, for spend) the new customers share; for contracts what the fit took.
    n_resamples : int
    rng : Generator or int

    Returns
    -------
    DataFrame
        One row of parameters per resample; a row of missing values where the likelihood had no maximum. Standard
        deviations are standard errors, quantiles confidence limits.

    Examples
    --------
    >>> from ccx.clv import ShiftedBetaGeoModel
    >>> regular = [1000, 631, 468, 382, 326, 289, 262, 241]
    >>> draws = parametric_bootstrap(ShiftedBetaGeoModel.fit(regular), regular, n_resamples=50, rng=1)
    >>> draws.shape
    (50, 2)
    """
    rng = np.random.default_rng(rng)
    start = model._values
    fits = [_fit_or_none(type(model), model._resample(data, rng), start, unlucky=(RuntimeError, ValueError))
            for _ in range(n_resamples)]
    return pd.DataFrame([{} if fit is None else fit.params for fit in fits], columns=list(model.params), index=range(n_resamples))


def multi_start(model_class, data, n_starts, rng, weights=None):
    """Fit from many starting points: when all that arrive agree, the maximum is the global one as far as anyone can tell.

    Parameters
    ----------
    model_class : class
        Such as `BetaGeoModel`.
    data : what its `fit` takes
    n_starts : int
    rng : Generator or int
        The starts lie around the default one, a factor of up to ten away in each parameter.
    weights : sequence of float, optional

    Returns
    -------
    DataFrame
        One row per start, the best first: the parameters reached, ``log_likelihood`` and ``gap`` to the best; missing
        values where the climb found no maximum.

    Raises
    ------
    RuntimeError
        When none of the starts led to a maximum.

    Examples
    --------
    >>> from ccx.clv import ShiftedBetaGeoModel
    >>> table = multi_start(ShiftedBetaGeoModel, [1000, 631, 468, 382, 326, 289, 262, 241], n_starts=10, rng=1)
    >>> bool(table["gap"].max() < 1e-6)
    True
    """
    rng = np.random.default_rng(rng)
    default = np.array(model_class._start(model_class._read(data, weights)))
    starts = model_class._near(default, 10 ** rng.uniform(-1, 1, (n_starts, len(default))))
    fits = [_fit_or_none(model_class, data, start, weights) for start in starts]
    if not any(fits):
        raise RuntimeError(f"None of the {n_starts} starts led to a maximum; try more starts, more data or a model "
                           "with fewer parameters.")
    table = pd.DataFrame([{} if fit is None else {**fit.params, "log_likelihood": fit.log_likelihood} for fit in fits])
    return table.assign(gap=table["log_likelihood"].max() - table["log_likelihood"]).sort_values("gap", ignore_index=True)


def _fit_or_none(model_class, data, start, weights=None, unlucky=RuntimeError):
    """The fit, or None where there is no maximum; a resample may also say nothing at all (nobody left, nobody came back)."""
    try:
        return model_class.fit(data, start=start) if weights is None else model_class.fit(data, weights=weights, start=start)
    except unlucky:
        return None
