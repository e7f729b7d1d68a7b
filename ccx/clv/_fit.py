"""The one optimiser: maximum likelihood over positive parameters, with standard errors."""

import numpy as np

NO_MAXIMUM = ("The likelihood has no maximum inside the parameter space: the customers look alike, so a model without "
              "heterogeneity (Poisson) is enough; try a longer window or more customers.")


def maximise(log_likelihood, start):
    """Maximise a log-likelihood over positive parameters.

    Parameters
    ----------
    log_likelihood : function
        Of the parameters, shape (k,); returns the sum over customers and its
        gradient, shape (k,).
    start : array_like of float, shape (k,)

    Returns
    -------
    estimate : ndarray, shape (k,)
    value : float
        The log-likelihood there.
    covariance : ndarray, shape (k, k)
        Inverse of the observed information.

    Raises
    ------
    RuntimeError
        When no maximum is found inside the parameter space; the sentence says what to try.

    Notes
    -----
    Works on log parameters, so that they stay positive; the Hessian comes
    from central differences of the analytic gradient.
    """
    from scipy.optimize import minimize

    def objective(log_parameters):
        parameters = np.exp(log_parameters)
        value, gradient = log_likelihood(parameters)
        return -value, -gradient * parameters

    found = minimize(objective, np.log(start), jac=True, method="BFGS", options={"gtol": 1e-7 * _scale(objective, start)})
    estimate = np.exp(found.x)
    # Measured against the start, so that the verdict does not depend on the unit of time.
    reach = estimate / np.asarray(start)
    if not np.all(np.isfinite(reach)) or np.any(reach > 1e6) or np.any(reach < 1e-9):
        raise RuntimeError(NO_MAXIMUM)
    information = -_hessian(log_likelihood, estimate)
    if not _is_peak(log_likelihood(estimate)[1], information):
        raise RuntimeError(NO_MAXIMUM)
    return estimate, -float(found.fun), np.linalg.inv(information)


def _is_peak(gradient, information):
    """Whether the surface bends down on all sides and a Newton step would gain next to nothing."""
    spread = np.sqrt(np.abs(np.diag(information)))
    scaled = information / np.outer(spread, spread)
    # On a ridge the numerical Hessian leaves about 1e-10 of rounding; the flattest real fits have 1e-5.
    if not np.all(np.isfinite(scaled)) or np.linalg.eigvalsh(scaled)[0] < 1e-8:
        return False
    return gradient / spread @ np.linalg.solve(scaled, gradient / spread) < 1e-4


def _scale(objective, start):
    """The size of the objective, so that convergence does not depend on the number of customers."""
    return max(1.0, abs(objective(np.log(start))[0]))


def _hessian(log_likelihood, at):
    steps = 1e-5 * at
    rows = [(log_likelihood(at + step)[1] - log_likelihood(at - step)[1]) / (2 * size)
            for step, size in zip(np.diag(steps), steps)]
    hessian = np.array(rows)
    return (hessian + hessian.T) / 2
