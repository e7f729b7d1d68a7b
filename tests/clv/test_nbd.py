"""The NBD against published fits, SciPy, closed forms, limiting cases and simulated truth."""

import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ccx.clv import NBDModel

REFERENCE = json.loads((Path(__file__).resolve().parent.parent / "data" / "reference.json").read_text(encoding="utf-8"))
SETTINGS = [(0.05, 0.001, 1), (0.386, 14.3, 39), (1, 1, 1), (4, 0.5, 0.1), (60, 7, 3)]


def reference(model, quantity):
    entry, = (e for e in REFERENCE if e["model"] == model and e["quantity"] == quantity)
    return pytest.approx(entry["value"], abs=entry["tolerance"])


@pytest.fixture
def billboard():
    """How many people saw a billboard 0, 1, ..., 23 times."""
    people, = (e["value"] for e in REFERENCE if e["quantity"].startswith("people with 0, 1"))
    return pd.DataFrame({"frequency": np.arange(len(people)), "T": 1.0, "people": people})


# -- published ----------------------------------------------------------------------------------------------------


def test_published_fit(billboard):
    """Fader and Hardie (2006), billboard exposures."""
    model = NBDModel.fit(billboard, weights=billboard["people"])
    assert model.n == 250
    for quantity in ("r", "alpha", "log_likelihood"):
        assert getattr(model, quantity) == reference("NBD", quantity)


def test_published_poisson_is_what_the_nbd_tends_to(billboard):
    """Limiting case r → ∞ at a fixed mean: the published fit without heterogeneity, on the same people."""
    mean = np.average(billboard["frequency"], weights=billboard["people"])
    assert mean == reference("Poisson", "rate")
    alike = np.log(NBDModel(1e10, 1e10 / mean).probability(billboard["frequency"], 1))
    assert billboard["people"] @ alike == reference("Poisson", "log_likelihood")


# -- the distribution ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("r, alpha, t", SETTINGS)
def test_probability_equals_scipys(r, alpha, t):
    """Against scipy.stats.nbinom."""
    x = np.arange(0, 3_000, 7)
    expected = stats.nbinom.pmf(x, r, alpha / (alpha + t))
    np.testing.assert_allclose(NBDModel(r, alpha).probability(x, t), expected, rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("r, alpha, t", SETTINGS)
def test_probability_sums_to_one_and_has_the_moments_of_a_gamma_mixture(r, alpha, t):
    """Closed forms: mean r t / alpha, variance mean + mean² / r."""
    mean = r * t / alpha
    x = np.arange(int(mean + 40 * np.sqrt(mean + mean**2 / r) + 40 * mean / r))
    p = NBDModel(r, alpha).probability(x, t)
    assert p.sum() == pytest.approx(1)
    assert p @ x == pytest.approx(mean) == NBDModel(r, alpha).expected_purchases_new_customer(t)
    assert p @ (x - mean) ** 2 == pytest.approx(mean + mean**2 / r)


@pytest.mark.parametrize("r", [1e4, 1e8, 1e12])
def test_probability_tends_to_the_poisson(r):
    """Limiting case; the distance falls like 1 / r and is not lost in rounding."""
    x = np.arange(30)
    gap = np.abs(NBDModel(r, r / 3).probability(x, 1) - stats.poisson.pmf(x, 3)).max()
    assert gap < 1 / r + 1e-14


def test_probability_at_the_edges():
    """No time, no purchases; nobody buys half a time or less than never."""
    model = NBDModel(1, 2)
    assert model.probability(0, 0) == 1 and model.probability(3, 0) == 0
    assert model.probability([-2, -1, 0.5], 1).tolist() == [0, 0, 0]
    assert model.probability([[0, 1], [2, 3]], 1).shape == (2, 2)
    assert isinstance(model.probability(0, 1), float)


# -- the fit ------------------------------------------------------------------------------------------------------


def test_weights_stand_for_customers():
    """The same customers, one row each or one row per distinct row with its number."""
    observed, _ = NBDModel(0.4, 2).simulate(1_000, 1, T=3)
    observed["T"] += np.random.default_rng(1).integers(0, 4, 1_000)
    collapsed = observed.value_counts(["frequency", "T"]).rename("customers").reset_index()
    full, few = NBDModel.fit(observed), NBDModel.fit(collapsed, weights=collapsed["customers"])
    assert len(collapsed) < 200 and few.n == full.n == 1_000
    assert few.params == pytest.approx(full.params, rel=1e-6)
    assert few.log_likelihood == pytest.approx(full.log_likelihood)
    assert few.standard_errors == pytest.approx(full.standard_errors, rel=1e-4)


def test_a_row_of_no_weight_does_not_count(billboard):
    """Padded with rows that nobody has."""
    padded = pd.concat([billboard, billboard.assign(T=1e6, people=0)])
    expected = NBDModel.fit(billboard, weights=billboard["people"])
    assert NBDModel.fit(padded, weights=padded["people"]).params == pytest.approx(expected.params)


def test_a_customer_who_came_today_does_not_count(billboard):
    """T = 0 without purchases is allowed: such a customer has had no time, so the likelihood gains a factor of 1."""
    today = pd.concat([billboard, pd.DataFrame({"frequency": [0], "T": [0.0], "people": [50]})])
    expected, fit = (NBDModel.fit(rows, weights=rows["people"]) for rows in (billboard, today))
    assert fit.params == pytest.approx(expected.params)
    assert (fit.n, fit.log_likelihood) == (300, pytest.approx(expected.log_likelihood))


def test_counts_alone_are_purchases_in_one_unit_of_time():
    """Plain counts against a frame with T = 1."""
    counts = [0, 0, 0, 1, 2, 9]
    assert NBDModel.fit(counts) == NBDModel.fit(pd.DataFrame({"frequency": counts, "T": 1}))


def test_fit_recovers_the_truth():
    """Over 50 simulated bases the errors, in standard errors, have mean 0 and standard deviation 1 (four-sigma bounds)."""
    truth = NBDModel(0.5, 4.0)
    fits = [NBDModel.fit(truth.simulate(2_000, seed, T=20)[0]) for seed in range(50)]
    for name, value in truth.params.items():
        z = np.array([(fit.params[name] - value) / fit.standard_errors[name] for fit in fits])
        assert abs(z.mean()) < 4 / np.sqrt(50)
        assert abs(z.std() - 1) < 4 / np.sqrt(100)


@pytest.mark.parametrize("r, alpha", [(0.3, 0.1), (2, 1), (8, 4)])
def test_fitted_mean_and_its_variance(r, alpha):
    """Closed forms for equal T: the fitted mean m is the sample's, its variance (m + m² / r) / n by the delta method."""
    observed, _ = NBDModel(r, alpha).simulate(800, 3)
    fit = NBDModel.fit(observed)
    m = observed["frequency"].mean()
    assert fit.r / fit.alpha == pytest.approx(m, rel=1e-5)
    slope = np.array([1 / fit.alpha, -fit.r / fit.alpha**2])
    assert slope @ fit.covariance @ slope == pytest.approx((m + m**2 / fit.r) / 800, rel=1e-4)


def test_log_likelihood_agrees_with_scipy_and_is_a_maximum():
    """With a different T for every customer; stepping away in either parameter loses."""
    rng = np.random.default_rng(4)
    T = rng.uniform(1, 50, 400)
    data = pd.DataFrame({"frequency": rng.poisson(rng.gamma(0.7, 1 / 5, 400) * T), "T": T})
    fit = NBDModel.fit(data)

    def log_likelihood(r, alpha):
        return stats.nbinom.logpmf(data["frequency"], r, alpha / (alpha + T)).sum()

    assert fit.log_likelihood == pytest.approx(log_likelihood(fit.r, fit.alpha))
    for step in (0.99, 1.01):
        assert log_likelihood(fit.r * step, fit.alpha) < fit.log_likelihood > log_likelihood(fit.r, fit.alpha * step)
    assert abs(fit.r - 0.7) < 4 * fit.standard_errors["r"] and abs(fit.alpha - 5) < 4 * fit.standard_errors["alpha"]


@pytest.mark.parametrize("unit", [1e-9, 7, 86_400 * 365])
def test_unit_of_time_scales_alpha_and_nothing_else(unit):
    """Times in another unit: alpha and its standard error scale, r and the log-likelihood stay."""
    observed, _ = NBDModel(0.4, 2).simulate(500, 5)
    fit, scaled = NBDModel.fit(observed), NBDModel.fit(observed.assign(T=observed["T"] * unit))
    assert scaled.params == pytest.approx({"r": fit.r, "alpha": fit.alpha * unit}, rel=1e-5)
    assert scaled.standard_errors["alpha"] == pytest.approx(fit.standard_errors["alpha"] * unit, rel=1e-3)
    assert scaled.log_likelihood == pytest.approx(fit.log_likelihood)


def test_information_criteria():
    """Definitions of Akaike (1974) and Schwarz (1978), two parameters."""
    fit = NBDModel.fit([0, 0, 0, 1, 2, 9])
    assert fit.aic == pytest.approx(4 - 2 * fit.log_likelihood)
    assert fit.bic == pytest.approx(2 * np.log(6) - 2 * fit.log_likelihood)


def test_a_model_that_was_not_fitted_says_so_quietly():
    """NaN and empty, and no warning."""
    model = NBDModel(1, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan([model.log_likelihood, model.aic, model.bic, model.n]).all()
    assert model.standard_errors == {} and model.params == {"r": 1, "alpha": 2}


@pytest.mark.parametrize("data", [
    pd.DataFrame({"frequency": [0] * 500 + [1] * 300 + [5] * 100 + [5_000], "T": 1.0}),
    pd.DataFrame({"frequency": [0, 1, 0, 3, 9, 2, 0, 40] * 50, "T": [1.0, 3652.5] * 200}),
    pd.DataFrame({"frequency": [0] * 100_000 + [1, 1, 40], "T": 52.0}),
    pd.DataFrame({"frequency": [0, 10_000_000], "T": 1.0}),
], ids=["5,000 purchases", "a day and ten years", "three buyers", "two customers"])
def test_extreme_data_give_finite_results(data):
    """Data at the edge of the possible give positive, finite estimates without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit = NBDModel.fit(data)
        numbers = [*fit.params.values(), *fit.standard_errors.values(), fit.log_likelihood]
        assert np.isfinite(numbers).all() and min(numbers[:4]) > 0
        assert np.isfinite(fit.expected_purchases(data, 52)).all()
        assert np.isfinite(fit.probability(data["frequency"], data["T"])).all()


# -- predictions --------------------------------------------------------------------------------------------------


def test_expected_purchases_limits_and_alignment():
    """No data: the prior mean; a very long past: the customer's own rate; in between: by hand."""
    past = pd.DataFrame({"T": [1e-12, 1e12, 8.0], "frequency": [0, 3e12, 5]}, index=["new", "old", "Ann"])
    expected = NBDModel(r=1, alpha=4).expected_purchases(past, 10)
    assert expected.index.equals(past.index)
    assert expected.tolist() == pytest.approx([10 * 1 / 4, 10 * 3, 10 * 6 / 12])


def test_expected_purchases_is_the_mean_of_those_with_that_past():
    """Against simulation: customers with the same past, followed on at their true rates (four-sigma bounds)."""
    observed, latent = NBDModel(0.8, 2).simulate(200_000, 6, T=3)
    expected = NBDModel(0.8, 2).expected_purchases(observed, 5)
    for x in (0, 1, 4):
        future = latent["rate"][observed["frequency"] == x] * 5
        error = future.std() / len(future) ** 0.5
        assert future.mean() == pytest.approx(expected[observed["frequency"] == x].iloc[0], abs=4 * error)


def test_nobody_leaves():
    """Whoever has bought stays for certain, so what is still to come, discounted, is the rate over δ: ∫ rate · exp(−δ t) dt."""
    past = pd.DataFrame({"frequency": [0, 5], "recency": [0.0, 1.0], "T": [8.0, 80.0]}, index=["Ann", "Bob"])
    model = NBDModel(r=1, alpha=4)
    assert model.expected_probability_alive(past, 100).to_dict() == {"Ann": 1, "Bob": 1}
    assert model.dert(past, 0.01).to_dict() == pytest.approx({"Ann": 1 / 12 / 0.01, "Bob": 6 / 84 / 0.01})


def test_log_likelihood_of_each_customer():
    """The logarithm of SciPy's probabilities; the rows add up to the log-likelihood of the fit."""
    observed, _ = NBDModel(0.7, 3).simulate(300, 2, T=5)
    fit = NBDModel.fit(observed)
    rows = fit.log_likelihood_rows(observed)
    assert rows.index.equals(observed.index) and rows.sum() == pytest.approx(fit.log_likelihood)
    np.testing.assert_allclose(rows, stats.nbinom.logpmf(observed["frequency"], fit.r, fit.alpha / (fit.alpha + 5)))


def test_simulate_returns_the_truth_and_the_same_twice():
    """Rates against SciPy's gamma distribution, counts against their rates, seeds against each other."""
    model = NBDModel(2, 5)
    observed, latent = model.simulate(50_000, 1, T=10)
    again, other = model.simulate(50_000, np.random.default_rng(1), T=10)[0], model.simulate(50_000, 2, T=10)[0]
    assert observed.equals(again) and not observed.equals(other)
    assert observed.index.equals(latent.index) and (observed["T"] == 10).all()
    assert stats.kstest(latent["rate"], stats.gamma(2, scale=1 / 5).cdf).pvalue > 1e-4
    surprise = (observed["frequency"] - latent["rate"] * 10) / np.sqrt(latent["rate"] * 10)
    assert abs(surprise.mean()) < 4 / np.sqrt(50_000) and surprise.std() == pytest.approx(1, abs=0.03)


# -- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data, weights, message", [
    ([1, -1, 3], None, "Column 'frequency' is negative (customer 1: -1)."),
    ([1, np.nan, 3], None, "Column 'frequency' is missing or infinite (customer 1: nan)."),
    ([1, 3, 1.5], None, "Column 'frequency' is no whole number (customer 2: 1.5)."),
    ([1, np.inf], None, "Column 'frequency' is missing or infinite (customer 1: inf)."),
    ([0, 0], None, "Column 'frequency' is 0 for every customer: nobody came back, so there is no rate to estimate."),
    ([0, 4], [2, 0], "Column 'frequency' is 0 for every customer: nobody came back, so there is no rate to estimate."),
    ([], None, "The data are empty: there is no customer to fit to."),
    ([3], None, "There is one customer only; how customers differ can't be read from one."),
    ([0, 4], [0, 1], "There is one customer only; how customers differ can't be read from one."),
    (pd.DataFrame({"frequency": [1, 2]}), None, "The data lack the column 'T'; they have 'frequency'."),
    (pd.DataFrame({"x": [1, 2], "T": 1}), None, "The data lack the column 'frequency'; they have 'x', 'T'."),
    (pd.DataFrame({"frequency": [1, 2], "T": [1, 0]}), None,
     "Column 'T' is 0 although there are repeat purchases (customer 1: 0)."),
    (pd.DataFrame({"frequency": [1, 2], "T": [1, -2]}), None, "Column 'T' is negative (customer 1: -2)."),
    (pd.DataFrame({"frequency": [1, 2], "T": [np.nan, 1]}), None, "Column 'T' is missing or infinite (customer 0: nan)."),
    (pd.DataFrame({"frequency": [1, 2], "T": [1, np.inf]}), None, "Column 'T' is missing or infinite (customer 1: inf)."),
    ([0, 4], [1, -1], "Column 'weights' is missing, negative or infinite (customer 1: -1)."),
    ([0, 4], [np.nan, 1], "Column 'weights' is missing, negative or infinite (customer 0: nan)."),
    ([0, 4], [1, 2, 3], "The weights must be one number per row, 2 in all, not of shape (3,)."),
])
def test_bad_data_are_refused(data, weights, message):
    """One sentence that names the column and the customer, by position where there is no other name."""
    with pytest.raises(ValueError) as refusal:
        NBDModel.fit(data, weights)
    assert str(refusal.value) == message


@pytest.mark.parametrize("r, alpha, which", [
    (0, 1, "r=0"), (1, -1, "alpha=-1"), (np.nan, 1, "r=nan"), (np.inf, 1, "r=inf"), (1, np.inf, "alpha=inf"),
])  # fmt: skip
def test_impossible_parameters_are_refused(r, alpha, which):
    """The sentence names the parameter."""
    with pytest.raises(ValueError, match=f"^NBDModel needs every parameter positive and finite, not {which}.$"):
        NBDModel(r, alpha)


def test_predictions_name_a_missing_column():
    """As the fit does."""
    with pytest.raises(ValueError, match="lack the column 'T'"):
        NBDModel(1, 1).expected_purchases(pd.DataFrame({"frequency": [1]}), 1)


@pytest.mark.parametrize("counts", [[2] * 100, [2, 3] * 50, [0, 1, 1, 1, 2]])
def test_customers_who_look_alike_are_refused_with_a_way_out(counts):
    """Variance no larger than the mean: no maximum, and the sentence says what to do instead."""
    with pytest.raises(RuntimeError, match=r"\(Poisson\) is enough; try a longer window or more customers"):
        NBDModel.fit(counts)


def test_a_fit_exists_exactly_when_counts_vary_more_than_poisson_counts():
    """The condition of Anscombe (1950), variance > mean, on bases drawn with one rate for all: about half fail it."""
    refused = 0
    for seed in range(60):
        counts = np.random.default_rng(seed).poisson(2, 500)
        try:
            fit = NBDModel.fit(counts)
        except RuntimeError:
            refused += 1
            assert counts.var() <= counts.mean()
        else:
            assert counts.var() > counts.mean() and fit.log_likelihood > stats.poisson.logpmf(counts, counts.mean()).sum()
    assert 15 < refused < 45


def test_unequal_observation_times_are_no_excuse():
    """A few customers watched for long and very regular do not hide how unlike the many others are."""
    others, _ = NBDModel(0.5, 0.5).simulate(1_000, 1)
    regular = pd.DataFrame({"frequency": [1_000] * 5, "T": 1_000.0})
    fit = NBDModel.fit(pd.concat([others, regular]))
    assert abs(fit.r - 0.5) < 4 * fit.standard_errors["r"]
