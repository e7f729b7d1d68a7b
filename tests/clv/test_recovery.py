"""Simulated customers of known truth: fits find it within their standard errors, and predictions are right on average."""

import numpy as np
import pandas as pd
import pytest

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
)

SEEDS = 50
LENGTHS = np.random.default_rng(0)

# A truth, and a sample of it that says enough for the errors to be near normal: customers, and what `simulate` takes besides.
SAMPLES = [
    (BetaGeoModel(0.4, 4.0, 0.8, 2.5), 3_000, LENGTHS.uniform(20, 80, 3_000)),
    (ModifiedBetaGeoModel(0.5, 6.0, 0.9, 1.6), 4_000, LENGTHS.uniform(20, 80, 4_000)),
    (ParetoNBDModel(0.55, 10.5, 0.6, 11.5), 4_000, LENGTHS.uniform(40, 120, 4_000)),
    (BetaGeoBetaBinomModel(1.2, 0.75, 0.66, 2.78), 4_000, LENGTHS.integers(4, 9, 4_000)),
    (GeometricModel(0.2), 2_000, 8),
    (ShiftedBetaGeoModel(0.7, 1.2), 5_000, 8),
    (BetaDiscreteWeibullModel(0.7, 1.2, 1.3), 20_000, 10),
    (GammaGammaModel(6.25, 3.74, 15.44), 2_000, LENGTHS.integers(0, 8, 2_000)),
]
REPEAT = [NBDModel(0.4, 4.0), *(truth for truth, _, _ in SAMPLES[:4])]
CONTRACT = [GeometricModel(0.2), ShiftedBetaGeoModel(0.7, 1.2), BetaDiscreteWeibullModel(0.7, 1.2, 0.6),
            BetaDiscreteWeibullModel(0.7, 1.2, 1.6)]


def name(model):
    return type(model).__name__


# -- fits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("truth, n, known", SAMPLES, ids=[name(truth) for truth, _, _ in SAMPLES])
def test_fits_recover_the_truth(truth, n, known):
    """Over 50 samples the errors of the log parameters, in standard errors, have mean 0 and standard deviation 1 (four sigma)."""
    fits = [type(truth).fit(truth.simulate(n, seed, known)[0]) for seed in range(SEEDS)]
    for parameter, value in truth.params.items():
        estimate = np.array([fit.params[parameter] for fit in fits])
        z = np.log(estimate / value) / (np.array([fit.standard_errors[parameter] for fit in fits]) / estimate)
        assert abs(z.mean()) < 4 / np.sqrt(SEEDS), parameter
        # The standard deviation of so many normal numbers has an error of 1 / √(2 n).
        assert abs(z.std(ddof=1) - 1) < 4 / np.sqrt(2 * SEEDS), parameter


# -- simulation against the closed forms --------------------------------------------------------------------------


def assert_on_average(observed, expected, group):
    """In each large group of customers the mean difference is zero, to within four of its standard errors."""
    difference = pd.DataFrame({"off": np.asarray(observed, dtype=float) - np.asarray(expected)}).groupby(np.asarray(group))["off"]
    table = difference.agg(["mean", "std", "size"])
    table = table[table["size"] >= 1_000]
    assert len(table) and (table["mean"].abs() <= 4 * table["std"] / np.sqrt(table["size"]) + 1e-12).all(), table


@pytest.fixture(scope="module")
def simulated():
    """Of each model 40,000 customers, observed for 4 to 12 periods, grouped by how often and how recently they bought."""
    T = np.random.default_rng(1).integers(4, 13, 40_000)
    samples = {}
    for truth in REPEAT:
        observed, latent = truth.simulate(len(T), 2, T)
        late = observed["recency"] > 0.7 * T if "recency" in observed else np.zeros(len(T), dtype=bool)
        samples[truth] = observed, latent, 2 * observed["frequency"].clip(upper=4) + late
    return samples


@pytest.mark.parametrize("truth", REPEAT, ids=name)
def test_mean_frequency(truth, simulated):
    """By time observed, against E[X(t)] of a new customer."""
    observed, _, _ = simulated[truth]
    assert_on_average(observed["frequency"], truth.expected_purchases_new_customer(observed["T"]), observed["T"])


@pytest.mark.parametrize("truth", REPEAT, ids=name)
def test_shares_with_so_many_purchases(truth):
    """Against P(X(t) = x), to four standard deviations of a binomial count."""
    n, t = 40_000, 8
    counts = np.bincount(truth.simulate(n, 3, t)[0]["frequency"], minlength=9)[:9]
    expected = n * truth.probability(np.arange(9), t)
    assert (np.abs(counts - expected) < 4 * np.sqrt(expected * (1 - expected / n))).all()


@pytest.mark.parametrize("truth", REPEAT[1:], ids=name)
def test_share_alive(truth, simulated):
    """By past, against P(alive); nothing but the observed past enters there."""
    observed, latent, past = simulated[truth]
    assert_on_average(latent["alive"], truth.expected_probability_alive(observed), past)


def future(truth, latent, t, d):
    """What each customer will do in expectation, alive later, purchases in t and discounted purchases, from the latent truth.

    By hand: a Poisson process that ends after an exponential time, or opportunities until a geometric one.
    """
    if isinstance(truth, NBDModel):
        return np.ones(len(latent)), latent["rate"] * t, latent["rate"] / d
    if isinstance(truth, BetaGeoBetaBinomModel):
        alive, buys, stays = latent["alive"], latent["purchase_probability"], 1 - latent["dropout"]
        return alive * stays**t, alive * buys * sum(stays**i for i in range(1, t + 1)), alive * buys * stays / (1 + d - stays)
    alive, rate = latent["alive"], latent["rate"]
    leaving = latent["leaving_rate"] if isinstance(truth, ParetoNBDModel) else rate * latent["dropout"]
    return alive * np.exp(-leaving * t), alive * rate * -np.expm1(-leaving * t) / leaving, alive * rate / (d + leaving)


@pytest.mark.parametrize("truth", REPEAT, ids=name)
def test_predictions_are_right_on_average(truth, simulated):
    """By past: P(alive later), expected purchases and DERT against the same from each customer's own rates."""
    observed, latent, past = simulated[truth]
    later, purchases, discounted = future(truth, latent, t=6, d=0.1)
    assert_on_average(later, truth.expected_probability_alive(observed, 6), past)
    assert_on_average(purchases, truth.expected_purchases(observed, 6), past)
    assert_on_average(discounted, truth.dert(observed, 0.1), past)


@pytest.mark.parametrize("truth", CONTRACT, ids=name)
def test_survivors(truth):
    """Against n S(t), to four standard deviations of a binomial count."""
    n, t = 40_000, np.arange(13)
    survivors, _ = truth.simulate(n, 4, 12)
    expected = n * truth.survival(t)
    assert (np.abs(survivors - expected) <= 4 * np.sqrt(expected * (1 - expected / n)) + 1e-9).all()
    assert survivors.index.tolist() == t.tolist()


@pytest.mark.parametrize("truth", CONTRACT, ids=name)
def test_residual_lifetime_of_those_still_there(truth):
    """DERL against the same sum with each customer's own probability of leaving, among those who have renewed n times."""
    _, latent = truth.simulate(40_000, 5, 12)
    c, k = truth.params.get("c", 1.0), np.arange(1, 200)
    for n in (0, 1, 4, 8):
        theta = latent.loc[latent["renewals"] >= n, "dropout"].to_numpy()[:, None]
        own = np.exp(np.log1p(-theta) * ((n + k) ** c - n**c) - (k - 1) * np.log1p(0.2)).sum(axis=1)
        assert_on_average(own, truth.derl(n, 0.2), np.zeros(len(own)))


def test_spend():
    """By purchases, against the spend expected given the past; the mean over all is p v / (q − 1)."""
    truth, frequency = GammaGammaModel(6.25, 3.74, 15.44), np.random.default_rng(6).integers(0, 6, 40_000)
    observed, latent = truth.simulate(len(frequency), 6, frequency)
    assert observed["frequency"].tolist() == frequency.tolist()
    high = observed["monetary_value"] > 35
    assert_on_average(latent["mean_spend"], truth.expected_customer_spend(observed), 2 * frequency + high)
    repeat = frequency > 0
    assert_on_average(observed["monetary_value"][repeat], truth.expected_new_customer_spend(), frequency[repeat])


@pytest.mark.parametrize("truth, known", [*((truth, 8) for truth in REPEAT), *((truth, 12) for truth in CONTRACT),
                                          (GammaGammaModel(6.25, 3.74, 15.44), 3)], ids=lambda value: name(value))
def test_simulations_are_the_same_twice(truth, known):
    """From the same seed, or a generator in the same state; from another seed they differ."""
    for once, again in zip(truth.simulate(300, 7, known), truth.simulate(300, np.random.default_rng(7), known), strict=True):
        assert once.equals(again)
    assert not truth.simulate(300, 8, known)[1].equals(truth.simulate(300, 7, known)[1])
