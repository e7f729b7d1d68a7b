"""How sure a fit is: SciPy's distributions, textbook likelihoods, lifetimes, and data simulated from a known truth."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, special, stats

import ccx
from ccx.clv import (
    BetaDiscreteWeibullModel,
    BetaGeoBetaBinomModel,
    BetaGeoModel,
    GammaGammaModel,
    GeometricModel,
    ModifiedBetaGeoModel,
    NBDModel,
    ParetoNBDModel,
    ShiftedBetaGeoModel,
    compare_models,
    likelihood_ratio,
    multi_start,
    parametric_bootstrap,
    profile_likelihood,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # lifetimes 0.11.3 is older than the libraries under it
    import lifetimes

# Fader and Hardie (2007), years 0 to 7.
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491]
# All leave with one probability, so that the likelihood of every model with heterogeneity rises for ever.
ALIKE = [1000, 500, 250, 125]


@pytest.fixture(scope="module")
def customers():
    """CDNOW's sample in weeks, a calibration period of 39."""
    return ccx.customer_base(ccx.load("cdnow_sample"), calibration_end="1997-09-30")


def rejections_that_chance_allows(n, level):
    """All but one in 100,000 runs of n tests at this level reject so many times."""
    return stats.binom.ppf([5e-6, 1 - 5e-6], n, level)


# -- likelihood ratio ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("survivors", [REGULAR, HIGH_END], ids=["regular", "high end"])
@pytest.mark.parametrize("restricted, full, df", [
    (ShiftedBetaGeoModel, BetaDiscreteWeibullModel, 1),
    (GeometricModel, ShiftedBetaGeoModel, 1),
    (GeometricModel, BetaDiscreteWeibullModel, 2),
])  # fmt: skip
def test_likelihood_ratio_closed_form(restricted, full, df, survivors):
    """Twice the gain in log-likelihood, and SciPy's chi-squared distribution with a degree of freedom per parameter gained."""
    small, large = restricted.fit(survivors), full.fit(survivors)
    test = likelihood_ratio(small, large)
    assert test.index.tolist() == ["statistic", "df", "p_value"]
    assert test["statistic"] == pytest.approx(2 * (large.log_likelihood - small.log_likelihood)) and test["df"] == df
    assert test["p_value"] == pytest.approx(stats.chi2.sf(test["statistic"], df), rel=1e-9, abs=0)


def test_on_the_edge_the_p_value_is_halved():
    """Self and Liang (1987): half of the chi-squared tail."""
    models = GeometricModel.fit(REGULAR), ShiftedBetaGeoModel.fit(REGULAR)
    inside, edge = likelihood_ratio(*models), likelihood_ratio(*models, boundary=True)
    assert edge["p_value"] == pytest.approx(stats.chi2.sf(inside["statistic"], 1) / 2, rel=1e-9, abs=0)
    assert edge[["statistic", "df"]].tolist() == inside[["statistic", "df"]].tolist()


def test_a_fit_that_gains_nothing_has_a_p_value_of_one():
    """Limiting case: on expected counts the special case fits perfectly, and the richer model finds nothing more."""
    survivors = 1e5 * ShiftedBetaGeoModel(0.7, 1.2).survival(np.arange(9))
    test = likelihood_ratio(ShiftedBetaGeoModel.fit(survivors), BetaDiscreteWeibullModel.fit(survivors))
    assert test["statistic"] == pytest.approx(0, abs=1e-6) and test["p_value"] == pytest.approx(1, abs=1e-3)


def test_rejects_at_the_nominal_rate_when_the_special_case_is_true():
    """200 cohorts simulated from the sBG: rejected against the BdW in 5, 10 and 50 percent, within binomial bounds."""
    truth, p = ShiftedBetaGeoModel(0.7, 1.5), []
    for seed in range(200):
        survivors, _ = truth.simulate(2_000, seed, T=10)
        p.append(likelihood_ratio(ShiftedBetaGeoModel.fit(survivors), BetaDiscreteWeibullModel.fit(survivors))["p_value"])
    for level in (0.05, 0.1, 0.5):
        low, high = rejections_that_chance_allows(200, level)
        assert low <= (np.array(p) < level).sum() <= high
    assert stats.kstest(p, "uniform").pvalue > 1e-4


def test_rejects_when_the_special_case_is_wrong():
    """20 cohorts whose own inclination to leave rises with time (c = 1.6): all are told from the sBG at one percent."""
    truth = BetaDiscreteWeibullModel(0.7, 3, 1.6)
    for seed in range(20):
        survivors, _ = truth.simulate(10_000, seed, T=10)
        assert likelihood_ratio(ShiftedBetaGeoModel.fit(survivors), BetaDiscreteWeibullModel.fit(survivors))["p_value"] < 0.01


def test_on_the_edge_the_halved_p_value_rejects_at_the_nominal_rate():
    """200 cohorts with one constant churn: in about half the sBG finds no maximum, which is no gain; 5 percent are rejected."""
    rng, p, none = np.random.default_rng(1), [], 0
    for _ in range(200):
        renewals = np.minimum(rng.geometric(0.3, 2_000) - 1, 10)
        survivors = np.bincount(renewals, minlength=11)[::-1].cumsum()[::-1]
        try:
            richer = ShiftedBetaGeoModel.fit(survivors)
        except RuntimeError:
            none += 1
        else:
            p.append(likelihood_ratio(GeometricModel.fit(survivors), richer, boundary=True)["p_value"])
    low, high = rejections_that_chance_allows(200, 0.5)
    assert low <= none <= high
    for level in (0.05, 0.1):
        low, high = rejections_that_chance_allows(200, level)
        assert low <= (np.array(p) < level).sum() <= high


def test_models_that_cannot_be_compared_are_refused():
    """Not fitted, fitted to other data, or no special case; the sentence says which."""
    small, large = ShiftedBetaGeoModel.fit(REGULAR), BetaDiscreteWeibullModel.fit(REGULAR)
    other = BetaDiscreteWeibullModel.fit([2 * count for count in REGULAR])
    for restricted, full, message in (
        (ShiftedBetaGeoModel(0.7, 1.2), large, "Both models must be fitted before they can be compared."),
        (small, BetaDiscreteWeibullModel(0.7, 1.2, 1), "Both models must be fitted before they can be compared."),
        (small, other, "The models were fitted to different data: n is 1000 and 2000."),
        (large, small, "The second model must have more parameters than the first, its special case."),
        (small, small, "The second model must have more parameters than the first, its special case."),
    ):
        with pytest.raises(ValueError) as refused:
            likelihood_ratio(restricted, full)
        assert str(refused.value) == message


# -- side by side -------------------------------------------------------------------------------------------------


def test_compare_models_by_hand():
    """AIC = 2 k − 2 log L and BIC = k log n − 2 log L, the lowest AIC first whatever the order given."""
    models = {kind.__name__: kind.fit(HIGH_END) for kind in (GeometricModel, BetaDiscreteWeibullModel, ShiftedBetaGeoModel)}
    table = compare_models(list(models.values()))
    assert table.columns.tolist() == ["log_likelihood", "parameters", "aic", "bic"] and table.index.name == "model"
    for name, row in table.iterrows():
        value = models[name].log_likelihood
        k = {"GeometricModel": 1, "ShiftedBetaGeoModel": 2, "BetaDiscreteWeibullModel": 3}[name]
        assert row.tolist() == pytest.approx([value, k, 2 * k - 2 * value, k * np.log(1000) - 2 * value])
    assert table["aic"].is_monotonic_increasing and table.index[-1] == "GeometricModel"
    pd.testing.assert_frame_equal(compare_models(list(models.values())[::-1]), table)


# -- profiles -----------------------------------------------------------------------------------------------------


def test_profile_of_constant_churn_is_the_binomial_likelihood():
    """Closed form: losses · log θ + renewals · log(1 − θ), highest at losses / (losses + renewals)."""
    losses, renewals = 1000 - 241, sum(REGULAR[1:])
    model, theta = GeometricModel.fit(REGULAR), np.linspace(0.05, 0.9, 18)
    profile = profile_likelihood(model, REGULAR, "theta", theta)
    assert model.theta == pytest.approx(losses / (losses + renewals), rel=1e-6)
    binomial = special.xlogy(losses, theta) + special.xlog1py(renewals, -theta)
    np.testing.assert_allclose(profile["log_likelihood"], binomial, rtol=1e-10)
    best = losses * np.log(model.theta) + renewals * np.log1p(-model.theta)
    np.testing.assert_allclose(profile["fall"], best - binomial, rtol=1e-8, atol=1e-8)
    assert profile.index.name == "theta" and profile.index.tolist() == theta.tolist()


def test_profile_of_the_sbg_is_the_best_over_the_other_parameter():
    """The textbook likelihood from SciPy's beta functions, maximised over beta by SciPy's bounded search, at three alphas."""
    model, left, t = ShiftedBetaGeoModel.fit(REGULAR), np.array(REGULAR), np.arange(8)

    def loss(log_beta, alpha):
        s = np.exp(special.betaln(alpha, np.exp(log_beta) + t) - special.betaln(alpha, np.exp(log_beta)))
        return -(-np.diff(left) @ np.log(-np.diff(s)) + left[-1] * np.log(s[-1]))

    values = [0.4, 0.9, 2.0]
    best = np.array([-optimize.minimize_scalar(loss, bounds=(-5, 5), args=(a,), options={"xatol": 1e-9}).fun for a in values])
    profile = profile_likelihood(model, REGULAR, "alpha", values)
    np.testing.assert_allclose(profile["log_likelihood"], best, rtol=1e-9)
    np.testing.assert_allclose(profile["fall"], model.log_likelihood - best, rtol=1e-5)


@pytest.mark.parametrize("parameter, factor", [("r", 1.2), ("b", 0.6)])
def test_profile_of_the_bg_nbd_is_the_best_by_the_peers_likelihood(parameter, factor, customers):
    """lifetimes' log-likelihood, maximised over the three free parameters by SciPy's simplex."""
    model = BetaGeoModel.fit(customers)
    names, held = list(model.params), factor * model.params[parameter]
    free = [name for name in names if name != parameter]
    rows = customers.value_counts(["frequency", "recency", "T"]).reset_index()
    columns = [rows[name].to_numpy() for name in ("frequency", "recency", "T", "count")]

    def loss(log_free):
        at = {**dict(zip(free, log_free)), parameter: np.log(held)}
        return lifetimes.BetaGeoFitter._negative_log_likelihood(np.array([at[name] for name in names]), *columns, 0)

    start = np.log([model.params[name] for name in free])
    found = optimize.minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-12, "maxiter": 2_000})
    profile = profile_likelihood(model, customers, parameter, [held])
    assert profile["log_likelihood"].item() == pytest.approx(-found.fun * len(customers), abs=1e-4)


EVERY_PARAMETER = [
    (BetaGeoModel, "r"), (BetaGeoModel, "alpha"), (BetaGeoModel, "a"), (BetaGeoModel, "b"), (ModifiedBetaGeoModel, "a"),
    (ParetoNBDModel, "s"), (ParetoNBDModel, "beta"), (GammaGammaModel, "q"), (NBDModel, "r"),
]  # fmt: skip


@pytest.mark.parametrize("kind, parameter", EVERY_PARAMETER, ids=lambda value: getattr(value, "__name__", value))
def test_the_maximum_of_a_profile_is_the_fit(kind, parameter, customers):
    """No fall at the estimate, and a fall everywhere else in the default range of three standard errors in the logarithm."""
    model = kind.fit(customers)
    profile = profile_likelihood(model, customers, parameter)
    estimate, error = model.params[parameter], model.standard_errors[parameter]
    assert len(profile) == 25 and np.log(profile.index[-1] / profile.index[0]) == pytest.approx(6 * error / estimate)
    assert profile.index[12] == pytest.approx(estimate)
    assert profile["fall"].iloc[12] == pytest.approx(0, abs=1e-6) and (profile["fall"].drop(profile.index[12]) > 0).all()
    assert profile["fall"].iloc[:13].is_monotonic_decreasing and profile["fall"].iloc[12:].is_monotonic_increasing
    np.testing.assert_allclose(profile["log_likelihood"] + profile["fall"], model.log_likelihood)


@pytest.mark.parametrize("kind, parameter", EVERY_PARAMETER, ids=lambda value: getattr(value, "__name__", value))
def test_near_the_maximum_a_profile_falls_like_a_parabola(kind, parameter, customers):
    """(distance / standard error)² / 2 at a twentieth of a standard error, the mean of both sides, so that the slant cancels."""
    model = kind.fit(customers)
    estimate, error = model.params[parameter], model.standard_errors[parameter]
    profile = profile_likelihood(model, customers, parameter, [estimate - 0.05 * error, estimate + 0.05 * error])
    assert profile["fall"].mean() == pytest.approx(0.05**2 / 2, rel=0.02)


@pytest.mark.parametrize("kind, parameter, survivors", [
    (ShiftedBetaGeoModel, "alpha", REGULAR), (ShiftedBetaGeoModel, "beta", HIGH_END), (BetaDiscreteWeibullModel, "c", REGULAR),
    (GeometricModel, "theta", REGULAR),
])  # fmt: skip
def test_with_many_customers_the_interval_is_that_of_the_standard_errors(kind, parameter, survivors):
    """Limiting case, a million customers: the fall at 1.96 standard errors is 1.92, half of chi-squared's 95 percent quantile."""
    many = [1000 * count for count in survivors]
    model = kind.fit(many)
    ends = model.params[parameter] + np.array([-1.96, 1.96]) * model.standard_errors[parameter]
    profile = profile_likelihood(model, many, parameter, ends)
    np.testing.assert_allclose(profile["fall"], stats.chi2.ppf(0.95, 1) / 2, rtol=0.06)
    assert profile["fall"].mean() == pytest.approx(1.92, rel=0.01)


def test_the_interval_covers_the_truth():
    """100 simulated cohorts of 500: at the true alpha the fall is below 1.92 in about 95 percent, within binomial bounds."""
    truth, covered = ShiftedBetaGeoModel(0.7, 1.5), 0
    for seed in range(100):
        survivors, _ = truth.simulate(500, seed, T=8)
        covered += profile_likelihood(ShiftedBetaGeoModel.fit(survivors), survivors, "alpha", [0.7])["fall"].item() < 1.92
    low, high = rejections_that_chance_allows(100, 0.05)
    assert low <= 100 - covered <= high


def test_a_profile_takes_weights_and_many_cohorts(customers):
    """Collapsed rows against a row per customer; cohorts together against their sum where they are alike."""
    model = BetaGeoModel.fit(customers)
    rows = customers.value_counts(["frequency", "recency", "T"]).reset_index()
    one = profile_likelihood(model, customers, "r", [0.2, 0.3])
    other = profile_likelihood(BetaGeoModel.fit(rows, weights=rows["count"]), rows, "r", [0.2, 0.3], weights=rows["count"])
    pd.testing.assert_frame_equal(one, other, rtol=1e-6)
    doubled = [2 * count for count in REGULAR]
    one = profile_likelihood(ShiftedBetaGeoModel.fit(doubled), doubled, "beta", [1.0, 1.5])
    other = profile_likelihood(ShiftedBetaGeoModel.fit([REGULAR, REGULAR]), [REGULAR, REGULAR], "beta", [1.0, 1.5])
    pd.testing.assert_frame_equal(one, other, rtol=1e-6)


def test_an_unknown_parameter_is_refused():
    with pytest.raises(ValueError) as refused:
        profile_likelihood(ShiftedBetaGeoModel.fit(REGULAR), REGULAR, "gamma")
    assert str(refused.value) == "ShiftedBetaGeoModel has no parameter 'gamma', only alpha, beta."


def test_a_profile_stays_where_the_parameter_can_be():
    """A churn so high that three standard errors above it lie beyond 1: every point is a probability and every number finite."""
    model = GeometricModel.fit([20, 2])
    profile = profile_likelihood(model, [20, 2], "theta")
    assert profile.index.max() < 1 and np.isfinite(profile).all(axis=None)


COUNTS = [0] * 48 + [1] * 37 + [2] * 30 + [5] * 60 + [12] * 40


def test_a_profile_takes_plain_counts():
    """As the NBD's fit does: the same as a frame with T = 1."""
    model, frame = NBDModel.fit(COUNTS), pd.DataFrame({"frequency": COUNTS, "T": 1.0})
    pd.testing.assert_frame_equal(profile_likelihood(model, COUNTS, "r"), profile_likelihood(model, frame, "r"))


# -- the parametric bootstrap -------------------------------------------------------------------------------------

# Half of the customers were seen for a short time only.
LONG_AND_SHORT = {"T": np.tile([2, 58], 2_000)}
TRUTHS = [
    (BetaGeoModel(1, 5, 1, 3), LONG_AND_SHORT),
    (ModifiedBetaGeoModel(1, 5, 1, 3), LONG_AND_SHORT),
    (ParetoNBDModel(1, 5, 2, 20), LONG_AND_SHORT),
    (NBDModel(1, 5), LONG_AND_SHORT),
    (BetaGeoBetaBinomModel(1.2, 0.75, 0.66, 2.78), {"T": np.tile([1, 19], 2_000)}),
    (GammaGammaModel(6, 4, 15), {"frequency": np.arange(4_000) % 5}),
]


def assert_spread_like_standard_errors(draws, fit):
    """Four sigma for the standard deviation and the mean of so many draws; that estimates are not quite normal adds a little."""
    n = len(draws)
    for name, error in fit.standard_errors.items():
        assert draws[name].std() / error == pytest.approx(1, abs=4 / np.sqrt(2 * n) + 0.1)
        assert abs(draws[name].mean() - fit.params[name]) < (4 / np.sqrt(n) + 0.2) * error


@pytest.mark.parametrize("truth, observed", TRUTHS, ids=[type(truth).__name__ for truth, _ in TRUTHS])
def test_bootstrap_spreads_like_the_standard_errors(truth, observed):
    """4,000 simulated customers, 100 resamples: standard deviations and standard errors are two ways to the same thing."""
    data, _ = truth.simulate(4_000, 1, **observed)
    fit = type(truth).fit(data)
    draws = parametric_bootstrap(fit, data, 100, rng=2)
    assert draws.columns.tolist() == list(fit.params) and draws.index.tolist() == list(range(100))
    assert_spread_like_standard_errors(draws, fit)


@pytest.mark.parametrize("truth, observed", TRUTHS, ids=[type(truth).__name__ for truth, _ in TRUTHS])
def test_resampled_customers_were_observed_like_the_first_ones(truth, observed, monkeypatch):
    """Each for as long (for spend, over as many purchases), and new every time; the data are caught on their way to the fit."""
    seen = []
    monkeypatch.setattr(type(truth), "fit", classmethod(lambda cls, data, **_: seen.append(data) or truth))
    data, _ = truth.simulate(4_000, 1, **observed)
    draws = parametric_bootstrap(truth, data, 3, rng=2)
    assert draws.to_dict("records") == [truth.params] * 3 and len(seen) == 3
    (column, values), = observed.items()
    for again in seen:
        np.testing.assert_array_equal(again[column], values)
        assert not again.equals(data) and sum(again.equals(other) for other in seen) == 1


@pytest.mark.parametrize("truth", [ShiftedBetaGeoModel(0.7, 1.5), BetaDiscreteWeibullModel(0.7, 1.5, 1.2)],
                         ids=lambda truth: type(truth).__name__)  # fmt: skip
def test_bootstrap_of_several_cohorts_with_gaps(truth):
    """Three cohorts, one counted after 4 and 12 renewals only: the fit's standard errors know that, and so must the resamples."""
    sizes = [(3_000, 6), (30_000, 12), (5_000, 2)]
    full, gaps, young = (truth.simulate(n, seed, T=T)[0] for seed, (n, T) in enumerate(sizes))
    survivors = {"full": full, "gaps": gaps.iloc[[0, 4, 12]], "young": young}
    fit = type(truth).fit(survivors)
    assert_spread_like_standard_errors(parametric_bootstrap(fit, survivors, 200, rng=3), fit)
    # Had the resamples no gaps, their spread would be that of these errors, which the tolerance shuts out.
    filled = type(truth).fit({**survivors, "gaps": gaps}).standard_errors
    assert min(filled[name] / error for name, error in fit.standard_errors.items()) < 0.7


def test_bootstrap_of_constant_churn_has_the_binomial_error():
    """Closed form: θ̂ varies like θ (1 − θ) / √(losses · (1 − θ)), from the information losses / θ² + renewals / (1 − θ)²."""
    fit = GeometricModel.fit(REGULAR)
    losses, renewals = 1000 - 241, sum(REGULAR[1:])
    error = (losses / fit.theta**2 + renewals / (1 - fit.theta) ** 2) ** -0.5
    draws = parametric_bootstrap(fit, REGULAR, 400, rng=1)
    assert draws["theta"].std() == pytest.approx(error, rel=4 / np.sqrt(800))
    assert draws["theta"].mean() == pytest.approx(fit.theta, abs=4 * error / 20)


def test_bootstrap_gives_the_same_twice():
    """By seed or by generator; another seed gives other draws, and a longer run begins with the shorter one."""
    fit = ShiftedBetaGeoModel.fit(REGULAR)
    draws = parametric_bootstrap(fit, REGULAR, 10, rng=1)
    pd.testing.assert_frame_equal(parametric_bootstrap(fit, REGULAR, 10, np.random.default_rng(1)), draws)
    pd.testing.assert_frame_equal(parametric_bootstrap(fit, REGULAR, 12, rng=1).iloc[:10], draws)
    assert not np.isclose(parametric_bootstrap(fit, REGULAR, 10, rng=2), draws).any()


def test_a_resample_without_a_maximum_is_a_row_of_missing_values():
    """A hundred customers who are hardly unlike: some resamples look all alike. Those rows are missing, the others parameters."""
    fit = ShiftedBetaGeoModel.fit([100, 65, 45, 33])
    draws = parametric_bootstrap(fit, [100, 65, 45, 33], 40, rng=1)
    none = draws.isna().any(axis=1)
    assert len(draws) == 40 and 0 < none.sum() < 40
    assert draws[none].isna().all(axis=None) and (draws[~none] > 0).all(axis=None)


def test_a_resample_in_which_nobody_leaves_has_no_maximum_either():
    """Twenty customers of whom one left: in 0.95^20, 36 percent, of the resamples nobody does; a row of missing values too."""
    fit = GeometricModel.fit([20, 19])
    draws = parametric_bootstrap(fit, [20, 19], 200, rng=1)
    low, high = rejections_that_chance_allows(200, 0.95**20)
    assert low <= draws["theta"].isna().sum() <= high


# -- many starts --------------------------------------------------------------------------------------------------


def assert_all_arrive(table, fit, n):
    """No row is missing, the best comes first, and all agree with the fit from its own start."""
    assert len(table) == n and not table.isna().any(axis=None)
    assert table["gap"].iloc[0] == 0 and table["gap"].is_monotonic_increasing and table["gap"].max() < 1e-6
    np.testing.assert_allclose(table["log_likelihood"], fit.log_likelihood, rtol=0, atol=1e-6)
    for name, value in fit.params.items():
        np.testing.assert_allclose(table[name], value, rtol=1e-4)


@pytest.mark.parametrize("kind", [BetaGeoModel, ModifiedBetaGeoModel, ParetoNBDModel, GammaGammaModel, NBDModel],
                         ids=lambda kind: kind.__name__)  # fmt: skip
def test_all_starts_arrive_on_cdnow(kind, customers):
    """24 starts, a factor of up to ten away in each parameter: one maximum, that of the fit."""
    assert_all_arrive(multi_start(kind, customers, 24, rng=1), kind.fit(customers), 24)


def test_all_starts_arrive_on_the_donations():
    """The same with weights."""
    donors = ccx.load("donations")
    fit = BetaGeoBetaBinomModel.fit(donors, weights=donors["donors"])
    assert_all_arrive(multi_start(BetaGeoBetaBinomModel, donors, 24, rng=1, weights=donors["donors"]), fit, 24)


@pytest.mark.parametrize("kind", [GeometricModel, ShiftedBetaGeoModel, BetaDiscreteWeibullModel], ids=lambda kind: kind.__name__)
def test_all_starts_arrive_under_contract(kind):
    """The same for survivors, of one cohort or two."""
    for survivors in (HIGH_END, [REGULAR, HIGH_END]):
        assert_all_arrive(multi_start(kind, survivors, 12, rng=1), kind.fit(survivors), 12)


def test_many_starts_take_plain_counts():
    """As the NBD's fit does."""
    assert_all_arrive(multi_start(NBDModel, COUNTS, 5, rng=1), NBDModel.fit(COUNTS), 5)


@pytest.mark.parametrize("kind", [ShiftedBetaGeoModel, BetaDiscreteWeibullModel], ids=lambda kind: kind.__name__)
def test_when_no_start_arrives_that_is_said(kind):
    """Customers who are all alike."""
    with pytest.raises(RuntimeError) as refused:
        multi_start(kind, ALIKE, 5, rng=1)
    assert str(refused.value) == ("None of the 5 starts led to a maximum; try more starts, more data or a model with "
                                  "fewer parameters.")


def test_starts_are_the_same_twice(customers):
    """By seed or by generator, to the last digit; the starts of another seed end in other last digits."""
    table = multi_start(BetaGeoModel, customers, 5, rng=1)
    pd.testing.assert_frame_equal(multi_start(BetaGeoModel, customers, 5, np.random.default_rng(1)), table, check_exact=True)
    assert not multi_start(BetaGeoModel, customers, 5, rng=2).equals(table)
