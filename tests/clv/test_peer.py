"""Against lifetimes 0.11.3 where it is right, and against mathematics where it is not."""

import warnings

import mpmath as mp
import numpy as np
import pandas as pd
import pytest

from ccx.clv import BetaGeoBetaBinomModel, BetaGeoModel, GammaGammaModel, ModifiedBetaGeoModel, ParetoNBDModel

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # lifetimes is older than the libraries under it
    import lifetimes

# lifetimes warns on its way: of overflows that it mends, and of pandas and numpy.
pytestmark = pytest.mark.filterwarnings("ignore")

TRUTHS = [
    BetaGeoModel(0.25, 4.5, 0.8, 2.5),
    ModifiedBetaGeoModel(0.5, 6.0, 0.9, 1.6),
    ParetoNBDModel(0.55, 10.5, 0.6, 11.5),
    BetaGeoBetaBinomModel(1.2, 0.75, 0.66, 2.78),
]
PEERS = {
    BetaGeoModel: lifetimes.BetaGeoFitter,
    ModifiedBetaGeoModel: lifetimes.ModifiedBetaGeoFitter,
    ParetoNBDModel: lifetimes.ParetoNBDFitter,
    BetaGeoBetaBinomModel: lifetimes.BetaGeoBetaBinomFitter,
    GammaGammaModel: lifetimes.GammaGammaFitter,
}
in_time = [truth for truth in TRUTHS if not truth.discrete_time]


def name(model):
    return type(model).__name__


def peer(model):
    """The peer's model with our parameters."""
    fitter = PEERS[type(model)]()
    fitter.params_ = pd.Series(model.params)
    return fitter


def history(data):
    return [data[column].to_numpy(dtype=float) for column in ("frequency", "recency", "T")]


def customers(truth, n=1_500, seed=3):
    """From a known truth, observed for different lengths of time."""
    T = np.random.default_rng(seed).integers(3, 8, n) if truth.discrete_time else np.random.default_rng(seed).uniform(20, 80, n)
    return truth.simulate(n, seed, T)[0]


# -- fits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("truth", TRUTHS, ids=name)
def test_fit(truth):
    """To the peer's tolerance, and ours is not the lower; standard errors where the peer has any."""
    data = customers(truth)
    ours, fitter = type(truth).fit(data), PEERS[type(truth)]()
    theirs = fitter.fit(*history(data))
    assert ours.params == pytest.approx(theirs.params_.to_dict(), rel=2e-3)
    assert ours.log_likelihood >= type(truth)(**theirs.params_).log_likelihood_rows(data).sum() - 1e-6
    if hasattr(theirs, "standard_errors_"):
        assert ours.standard_errors == pytest.approx(theirs.standard_errors_.to_dict(), rel=1e-2)


def test_fit_of_spend():
    """The same for the gamma-gamma, of which both fit those with repeat purchases only."""
    data, _ = GammaGammaModel(6.25, 3.74, 15.44).simulate(1_500, 3, np.random.default_rng(3).poisson(2, 1_500))
    repeat = data[data["frequency"] > 0]
    ours = GammaGammaModel.fit(data)
    theirs = lifetimes.GammaGammaFitter().fit(repeat["frequency"], repeat["monetary_value"])
    assert ours.params == pytest.approx(theirs.params_.to_dict(), rel=1e-3)
    assert ours.standard_errors == pytest.approx(theirs.standard_errors_.to_dict(), rel=1e-2)


# -- log-likelihoods and predictions at the same parameters -------------------------------------------------------


@pytest.mark.parametrize("truth", TRUTHS, ids=name)
def test_log_likelihood(truth):
    """The sum over customers at parameters that are no maximum; the peer divides it by their number."""
    data, values = customers(truth), np.array([*truth.params.values()])
    if isinstance(truth, ParetoNBDModel):
        theirs = lifetimes.ParetoNBDFitter._conditional_log_likelihood(values, *history(data)).sum()
    else:
        cost = PEERS[type(truth)]._negative_log_likelihood(np.log(values), *history(data), np.ones(len(data)), 0)
        theirs = -cost * len(data)
    assert truth.log_likelihood_rows(data).sum() == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("truth", in_time, ids=name)
def test_predictions(truth):
    """P(alive), expected purchases given the past and of a new customer."""
    data, theirs = customers(truth), peer(truth)
    x, t_x, T = history(data)
    np.testing.assert_allclose(truth.expected_probability_alive(data), theirs.conditional_probability_alive(x, t_x, T), rtol=1e-6)
    for t in (1.0, 39.0, 200.0):
        ours = truth.expected_purchases(data, t)
        np.testing.assert_allclose(ours, theirs.conditional_expected_number_of_purchases_up_to_time(t, x, t_x, T), rtol=1e-6)
        new = theirs.expected_number_of_purchases_up_to_time(t)
        assert truth.expected_purchases_new_customer(t) == pytest.approx(new, rel=1e-6)


def test_predictions_at_fixed_opportunities():
    """BG/BB: P(alive) now and later, and expected purchases."""
    truth = TRUTHS[-1]
    data, theirs = customers(truth), peer(truth)
    for t in (0, 1, 5):
        alive = theirs.conditional_probability_alive(t, *history(data))
        np.testing.assert_allclose(truth.expected_probability_alive(data, t), alive, rtol=1e-6)
        purchases = theirs.conditional_expected_number_of_purchases_up_to_time(t, *history(data))
        np.testing.assert_allclose(truth.expected_purchases(data, t), purchases, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("truth", TRUTHS[:2], ids=name)
def test_probability(truth):
    """Of so many purchases in so much time."""
    counts = np.arange(30)
    theirs = [peer(truth).probability_of_n_purchases_up_to_time(39.0, int(x)) for x in counts]
    np.testing.assert_allclose(truth.probability(counts, 39.0), theirs, rtol=1e-6)


def test_probability_at_fixed_opportunities():
    """BG/BB: the peer says how many of its customers it expects at each count."""
    truth = TRUTHS[-1]
    data, theirs = customers(truth), peer(truth)
    theirs.data = data.assign(weights=1.0)
    expected = theirs.expected_number_of_transactions_in_first_n_periods(9)["model"]
    np.testing.assert_allclose(len(data) * truth.probability(expected.index.to_numpy(), 9), expected, rtol=1e-6)


def test_spend():
    """Expected spend per purchase given the past; without one, that of all customers."""
    truth = GammaGammaModel(6.25, 3.74, 15.44)
    data, _ = truth.simulate(500, 4, np.random.default_rng(4).poisson(2, 500))
    theirs = peer(truth).conditional_expected_average_profit(data["frequency"], data["monetary_value"])
    np.testing.assert_allclose(truth.expected_customer_spend(data), theirs, rtol=1e-6)


# -- where the peer is wrong --------------------------------------------------------------------------------------


def pareto_alive(model, x, t_x, T):
    """1 / P(alive) = 1 + ∫ of the odds of having left at y against being alive, from t_x to T, in 30 digits."""
    r, alpha, s, beta = map(mp.mpf, model.params.values())
    with mp.workdps(30):
        steps = [t_x, *(t_x + (T - t_x) * mp.mpf(10) ** -k for k in (6, 5, 4, 3, 2, 1)), T]
        left = mp.quad(lambda y: ((alpha + T) / (alpha + y)) ** (r + x) * ((beta + T) / (beta + y)) ** s * s / (beta + y), steps)
        return 1 / (1 + left)


@pytest.mark.parametrize("x, t_x, T", [(100, 1.0, 39.0), (200, 1.0, 39.0), (1_000, 1.0, 39.0), (1_000, 38.9, 39.0)])
def test_pareto_nbd_of_customers_who_buy_often(x, t_x, T):
    """The peer's ₂F₁ overflows: its log-likelihood is infinite or NaN, and so are its predictions (its issue 25)."""
    model, row = ParetoNBDModel(1.0, 2.0, 0.5, 100.0), (np.array([float(x)]), np.array([t_x]), np.array([T]))
    assert not np.isfinite(peer(model)._conditional_log_likelihood([*model.params.values()], *row)).any()
    data, alive = pd.DataFrame({"frequency": [x], "recency": [t_x], "T": [T]}), pareto_alive(model, x, t_x, T)
    r, alpha, s, beta = map(mp.mpf, model.params.values())
    # The term of those alive has no ₂F₁ in it.
    log_likelihood = (mp.loggamma(r + x) - mp.loggamma(r) + r * mp.log(alpha) - (r + x) * mp.log(alpha + T)
                      + s * mp.log(beta / (beta + T)) - mp.log(alive))
    assert model.log_likelihood_rows(data).item() == pytest.approx(float(log_likelihood), rel=1e-9)
    assert model.expected_probability_alive(data).item() == pytest.approx(float(alive), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("x, t_x, T", [(30, 45, 52), (26, 50, 104), (30, 90, 104), (100, 150, 300)])
def test_bg_bb_of_long_histories(x, t_x, T):
    """The peer adds 1e-15 to a sum that is smaller than that: too high a likelihood, too low a P(alive)."""
    model, row = BetaGeoBetaBinomModel(1.2, 0.75, 0.66, 2.78), (np.array([x]), np.array([t_x]), np.array([T]))
    alpha, beta, gamma, delta = map(mp.mpf, model.params.values())
    whole = mp.beta(alpha, beta) * mp.beta(gamma, delta)
    alive = mp.beta(alpha + x, beta + T - x) * mp.beta(gamma, delta + T) / whole
    left = mp.fsum(mp.beta(alpha + x, beta + y - x) * mp.beta(gamma + 1, delta + y) for y in range(t_x, T)) / whole
    data = pd.DataFrame({"frequency": [x], "recency": [t_x], "T": [T]})
    assert model.log_likelihood_rows(data).item() == pytest.approx(float(mp.log(alive + left)), rel=1e-9)
    assert model.expected_probability_alive(data).item() == pytest.approx(float(alive / (alive + left)), rel=1e-9)
    assert peer(model)._loglikelihood([*model.params.values()], *row).item() > float(mp.log(alive + left)) + 1
    assert peer(model).conditional_probability_alive(0, *row).item() < 0.2 * float(alive / (alive + left))


@pytest.mark.parametrize("truth", TRUTHS[:2], ids=name)
def test_probability_of_many_purchases(truth):
    """The peer's Γ overflows from 171 purchases on; ours is the published form, in 50 digits."""
    t, x = 39, 300
    assert np.isnan(peer(truth).probability_of_n_purchases_up_to_time(t, x))
    with mp.workdps(50):
        r, alpha, a, b = map(mp.mpf, truth.params.values())
        k, q = x + isinstance(truth, ModifiedBetaGeoModel), t / (alpha + t)
        counts = [mp.rf(r, j) / mp.factorial(j) * (1 - q) ** r * q**j for j in range(x + 1)]
        exact = (mp.beta(a, b + k) * counts[-1] + mp.beta(a + 1, b + k - 1) * (1 - mp.fsum(counts[:-1]))) / mp.beta(a, b)
    assert truth.probability(x, t) == pytest.approx(float(exact), rel=1e-9)


@pytest.mark.parametrize("truth, parameter", [(TRUTHS[0], "a"), (TRUTHS[1], "a"), (TRUTHS[2], "s")], ids=["BG", "MBG", "Pareto"])
def test_expectations_where_the_formula_is_zero_by_zero(truth, parameter):
    """At a = 1 or s = 1 the peer divides by zero. The truth is the limit, to 1e-7 the mean of the peer's on either side."""
    def at(value):
        return type(truth)(**{**truth.params, parameter: value})

    data = customers(truth, n=200)
    x, t_x, T = history(data)
    assert not np.isfinite(peer(at(1.0)).conditional_expected_number_of_purchases_up_to_time(39.0, x, t_x, T)).any()
    sides = [peer(at(1 + step)).conditional_expected_number_of_purchases_up_to_time(39.0, x, t_x, T) for step in (-1e-4, 1e-4)]
    np.testing.assert_allclose(at(1.0).expected_purchases(data, 39.0), np.mean(sides, axis=0), rtol=1e-7)


def test_mbg_nbd_of_customers_who_buy_very_often():
    """The peer's ₂F₁ is not a number; ours is its own published formula in 50 digits."""
    model, t = ModifiedBetaGeoModel(0.243, 4.414, 0.793, 2.426), 39.0
    data = pd.DataFrame({"frequency": [2_000], "recency": [30.0], "T": [39.0]})
    assert np.isnan(peer(model).conditional_expected_number_of_purchases_up_to_time(t, *history(data))).all()
    with mp.workdps(50):
        r, alpha, a, b = map(mp.mpf, model.params.values())
        n, z = r + 2_000, t / (alpha + 39 + t)
        alive = 1 / (1 + a / (b + 2_000) * ((alpha + 39) / (alpha + 30)) ** n)
        exact = alive * (a + b + 2_000) / (a - 1) * (1 - (1 - z) ** n * mp.hyp2f1(n, b + 2_001, a + b + 2_000, z))
    assert model.expected_purchases(data, t).item() == pytest.approx(float(exact), rel=1e-9)


def test_spend_without_a_mean():
    """At q < 1 the mean over customers is infinite. The peer returns a negative one; ours refuses."""
    model = GammaGammaModel(6.25, 0.9, 15.44)
    assert peer(model).conditional_expected_average_profit(0, 0) < 0
    with pytest.raises(ValueError, match="not finite"):
        model.expected_new_customer_spend()
