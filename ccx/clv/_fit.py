"""The one optimiser: maximum likelihood over positive parameters, with standard errors."""

import numpy as np

from ._numeric import blocks

# Times the estimate; the vaguest fits that still say something have about 50.
LARGEST_ERROR = 200
ADVICE = "try a longer window, more customers or a model with fewer parameters"


def maximise(log_likelihood, columns, weight, start, advice=ADVICE):
    """Maximise a log-likelihood over positive parameters.

    Parameters
    ----------
    log_likelihood : function
        Of the parameters, shape (k,), and the columns; returns the value of each row, shape (n,), and its gradient, shape (k, n).
    columns : sequence of ndarray, shape (n,)
        The data, one row per kind of customer.
    weight : ndarray, shape (n,)
        Customers per row.
    start : array_like of float, shape (k,)
    advice : str
        What to try when there is no maximum.

    Returns
    -------
    estimate : ndarray, shape (k,)
    value : float
        The log-likelihood there, the sum over customers.
    covariance : ndarray, shape (k, k)
        Inverse of the observed information.

    Raises
    ------
    RuntimeError
        When no maximum is found inside the parameter space; the sentence says what to try.

    Notes
    -----
    BFGS on log parameters, so that they stay positive. The climb starts with the rows' own gradients as measure of
    curvature (Berndt, Hall, Hall and Hausman 1974), which suits any number of customers and any unit of time. The
    Hessian comes from central differences of the analytic gradient, and one Newton step with it takes the estimate to
    the last digits.
    """
    start = np.asarray(start, dtype=float)
    pieces = [(tuple(column[rows] for column in columns), weight[rows]) for rows in blocks(len(weight))]
    for caution in (1e-3, 1e-1):
        estimate, value, gradient = _climb(log_likelihood, pieces, start, caution)
        # Measured against the start, so that the verdict does not depend on the unit of time.
        reach = estimate / start
        if np.all(np.isfinite(reach)) and np.all(reach < 1e6) and np.all(reach > 1e-9):
            information = -_hessian(lambda parameters: _total(log_likelihood, parameters, pieces)[1], estimate)
            covariance = _covariance_at_peak(estimate, gradient, information)
            if covariance is not None:
                step = covariance @ gradient
                return estimate + step, float(value + gradient @ step / 2), covariance
    raise no_maximum(advice)


def _climb(log_likelihood, pieces, start, caution):
    """Where BFGS ends, the log-likelihood there, and its gradient; `caution` shortens the first steps in flat directions."""
    from scipy.optimize import minimize

    def objective(log_parameters):
        # A step too far ends in an overflow, which the line search takes back.
        with np.errstate(all="ignore"):
            parameters = np.exp(log_parameters)
            value, gradient = _total(log_likelihood, parameters, pieces)
            return -value, -gradient * parameters

    scale, information = _curvature(log_likelihood, pieces, start)
    information += caution * np.trace(information) * np.eye(len(start))
    covariance = np.linalg.inv(information)
    found = minimize(objective, np.log(start), jac=True, method="BFGS", options={
        "gtol": 1e-7 * max(1.0, abs(scale)), "hess_inv0": (covariance + covariance.T) / 2})
    with np.errstate(over="ignore", invalid="ignore"):
        estimate = np.exp(found.x)
        return estimate, -found.fun, -found.jac / estimate


def _total(log_likelihood, parameters, pieces):
    """The sum over customers of the log-likelihood and of its gradient."""
    value, slope = 0.0, np.zeros(len(parameters))
    for columns, weight in pieces:
        rows, gradient = log_likelihood(parameters, *columns)
        value += weight @ rows
        slope += [weight @ part for part in gradient]
    return value, slope


def _curvature(log_likelihood, pieces, at):
    """The log-likelihood, and the sum over customers of the outer product of their gradients in the log parameters."""
    value, information = 0.0, np.zeros((len(at), len(at)))
    for columns, weight in pieces:
        rows, gradient = log_likelihood(at, *columns)
        scores = np.array(gradient) * at[:, None]
        value += weight @ rows
        information += (scores * weight) @ scores.T
    return value, information


def no_maximum(advice):
    """The error of a fit that has nowhere to go."""
    return RuntimeError(f"The likelihood has no maximum inside the parameter space: {advice}.")


def _covariance_at_peak(estimate, gradient, information):
    """Inverse of the information; None unless the surface bends down on all sides, a Newton step would gain next to nothing, and
    the estimate says anything."""
    spread = np.sqrt(np.abs(np.diag(information)))
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = information / np.outer(spread, spread)
    # On a ridge the numerical Hessian leaves about 1e-10 of rounding; the flattest real fits have 1e-5.
    if not np.all(np.isfinite(scaled)) or np.linalg.eigvalsh(scaled)[0] < 1e-8:
        return None
    covariance = np.linalg.inv(scaled) / np.outer(spread, spread)
    # Far out on a slope that levels off there is some curvature left, but the standard error is a large multiple of the estimate.
    sure = gradient @ covariance @ gradient < 1e-4 and np.all(np.sqrt(np.diag(covariance)) < LARGEST_ERROR * estimate)
    return covariance if sure else None


def _hessian(gradient, at):
    steps = 1e-5 * at
    rows = [(gradient(at + step) - gradient(at - step)) / (2 * size) for step, size in zip(np.diag(steps), steps)]
    return (np.array(rows) + np.array(rows).T) / 2
