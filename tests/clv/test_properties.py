"""What must hold at any data and any parameters: invariances of fits and predictions, monotony, sums."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    expected_customer_lifetime_value,
)

TRUTHS = {
    NBDModel: NBDModel(0.8, 8.0),
    BetaGeoModel: BetaGeoModel(0.8, 6.0, 0.8, 2.5),
    ModifiedBetaGeoModel: ModifiedBetaGeoModel(0.8, 6.0, 0.8, 2.5),
    ParetoNBDModel: ParetoNBDModel(0.8, 8.0, 0.7, 12.0),
    BetaGeoBetaBinomModel: BetaGeoBetaBinomModel(1.2, 0.75, 0.66, 2.78),
}
REPEAT = list(TRUTHS)
CONTINUOUS = REPEAT[:-1]
CONTRACT = [GeometricModel, ShiftedBetaGeoModel, BetaDiscreteWeibullModel]
HISTORY = ["frequency", "recency", "T"]

fits = settings(derandomize=True, deadline=None, database=None, max_examples=4)
many = settings(derandomize=True, deadline=None, database=None, max_examples=25)
each = pytest.mark.parametrize("model", REPEAT, ids=lambda model: model.__name__)
each_in_time = pytest.mark.parametrize("model", CONTINUOUS, ids=lambda model: model.__name__)

units = st.floats(-3, 3).map(lambda power: 10.0**power)
seeds = st.integers(0, 2**32 - 1)
positive = st.floats(-1.5, 1.5).map(lambda power: 10.0**power)


def base(model, n=2_000):
    """Customers who came at different times, so that there are many rows, and some of them alike."""
    T = np.random.default_rng(5).integers(10, 40, n)
    observed, _ = TRUTHS[model].simulate(n, 7, T=T)
    if "recency" in observed:
        observed["recency"] = np.ceil(observed["recency"] * 10) / 10
    return observed


@pytest.fixture(scope="module")
def bases():
    return {model: base(model) for model in REPEAT}


@pytest.fixture(scope="module")
def fitted(bases):
    return {model: model.fit(data) for model, data in bases.items()}


@st.composite
def models(draw, model):
    return model(*(draw(positive) for _ in TRUTHS[model].params))


@st.composite
def histories(draw, model, size=6):
    """Pasts that can be: no recency without a repeat purchase and none without recency."""
    rows = []
    for _ in range(size):
        if model is BetaGeoBetaBinomModel:
            T = draw(st.integers(1, 60))
            t_x = draw(st.integers(0, T))
            x = draw(st.integers(1, t_x)) if t_x else 0
        else:
            T = draw(st.floats(0.01, 500))
            x = draw(st.integers(0, 40))
            t_x = T * draw(st.floats(0.001, 1)) if x else 0.0
        rows.append((x, t_x, T))
    return pd.DataFrame(rows, columns=HISTORY)


def predictions(model, data, t=4, d=0.01):
    """Everything that is said of each customer."""
    return pd.DataFrame({"now": model.expected_probability_alive(data), "later": model.expected_probability_alive(data, t),
                         "purchases": model.expected_purchases(data, t), "dert": model.dert(data, d),
                         "log_likelihood": model.log_likelihood_rows(data)})


# -- fits ---------------------------------------------------------------------------------------------------------


@each_in_time
@fits
@given(unit=units)
def test_the_unit_of_time_changes_alpha_and_beta_and_nothing_else(model, unit, bases, fitted):
    """Change of variable. A density of purchase moments is per unit of time, that of the NBD is of a count."""
    data, known = bases[model], fitted[model]
    ours = model.fit(data.assign(**{column: data[column] * unit for column in data if column != "frequency"}))
    for name, value in known.params.items():
        scale = unit if name in ("alpha", "beta") else 1
        assert ours.params[name] == pytest.approx(value * scale, rel=1e-5)
        assert ours.standard_errors[name] == pytest.approx(known.standard_errors[name] * scale, rel=1e-3)
    per_unit = 0 if model is NBDModel else data["frequency"].sum() * np.log(unit)
    assert ours.log_likelihood == pytest.approx(known.log_likelihood - per_unit, rel=1e-9)


@each_in_time
@many
@given(data=st.data(), unit=units, t=st.floats(0.01, 100), d=st.floats(1e-3, 1))
def test_the_unit_of_time_does_not_change_predictions(model, data, unit, t, d):
    """Change of variable: a horizon in the new unit, a rate per new unit."""
    known, past = data.draw(models(model)), data.draw(histories(model))
    scaled = model(**{name: value * (unit if name in ("alpha", "beta") else 1) for name, value in known.params.items()})
    moved = past.assign(recency=past["recency"] * unit, T=past["T"] * unit)
    before, after = predictions(known, past, t, d), predictions(scaled, moved, t * unit, d / unit)
    if model is not NBDModel:
        after["log_likelihood"] += past["frequency"] * np.log(unit)
    np.testing.assert_allclose(after, before, rtol=1e-7, atol=1e-9)


@each
@fits
@given(seed=seeds)
def test_the_order_of_the_rows_does_not_matter(model, seed, bases, fitted):
    """Customers are exchangeable; what is said of each goes with the customer."""
    data = bases[model]
    shuffled = data.sample(frac=1, random_state=seed)
    ours = model.fit(shuffled)
    assert ours.params == pytest.approx(fitted[model].params, rel=1e-6)
    assert ours.log_likelihood == pytest.approx(fitted[model].log_likelihood, rel=1e-12)
    pd.testing.assert_frame_equal(predictions(ours, shuffled).loc[data.index], predictions(ours, data), rtol=1e-12)


@each
def test_rows_alike_are_one_row_with_a_weight(model, bases, fitted):
    """The sum over customers is the weighted sum over distinct rows."""
    data = bases[model]
    few = data.value_counts().rename("customers").reset_index()
    ours = model.fit(few, weights=few["customers"])
    assert len(few) < len(data) and ours.n == len(data)
    assert ours.params == pytest.approx(fitted[model].params, rel=1e-6)
    assert ours.standard_errors == pytest.approx(fitted[model].standard_errors, rel=1e-4)
    assert ours.log_likelihood == pytest.approx(fitted[model].log_likelihood, rel=1e-12)


@each
@fits
@given(seed=seeds)
def test_a_weight_may_be_split(model, seed, bases, fitted):
    """A weighted sum: a customer is two halves of a customer, or any two parts."""
    data, share = bases[model], np.random.default_rng(seed).random(len(bases[model]))
    ours = model.fit(pd.concat([data, data]), weights=np.concatenate([share, 1 - share]))
    assert ours.n == pytest.approx(fitted[model].n)
    assert ours.params == pytest.approx(fitted[model].params, rel=1e-6)
    assert ours.log_likelihood == pytest.approx(fitted[model].log_likelihood, rel=1e-12)


@each
@fits
@given(times=st.floats(2, 1_000))
def test_more_customers_of_the_same_kind_only_add_certainty(model, times, bases, fitted):
    """k times the likelihood: the same maximum, standard errors smaller by √k."""
    ours = model.fit(bases[model], weights=np.full(len(bases[model]), times))
    assert ours.params == pytest.approx(fitted[model].params, rel=1e-6)
    expected = {name: error / np.sqrt(times) for name, error in fitted[model].standard_errors.items()}
    assert ours.standard_errors == pytest.approx(expected, rel=1e-4)
    assert ours.log_likelihood == pytest.approx(fitted[model].log_likelihood * times, rel=1e-12)


# -- predictions for customers who buy when they like -------------------------------------------------------------


@each
@many
@given(data=st.data())
def test_probabilities_of_being_alive(model, data):
    """Between 0 and 1, certain in the end to fall, and the higher the more recent the last purchase."""
    ours, past = data.draw(models(model)), data.draw(histories(model))
    before = np.inf
    for t in (0, 1, 10, 100):
        alive = ours.expected_probability_alive(past, t)
        assert ((alive >= 0) & (alive <= 1 + 1e-12) & (alive <= before * (1 + 1e-9) + 1e-15)).all()
        before = alive
    latest = past.assign(recency=np.where(past["frequency"] > 0, past["T"], 0))
    assert (ours.expected_probability_alive(latest) >= ours.expected_probability_alive(past) - 1e-12).all()


@each
@many
@given(data=st.data(), steps=st.lists(st.integers(1, 40), min_size=2, max_size=5, unique=True))
def test_p_alive_rises_with_recency(model, data, steps):
    """At the same frequency and T: who has bought later has had less time to leave."""
    ours, x = data.draw(models(model)), data.draw(st.integers(1, 5))
    recency = np.sort(steps) + 5.0
    past = pd.DataFrame({"frequency": x, "recency": recency, "T": 50.0})
    alive = ours.expected_probability_alive(past).to_numpy()
    assert (np.diff(alive) >= -1e-12).all()
    if model is not NBDModel:
        assert (np.diff(alive)[(alive[:-1] > 1e-12) & (alive[1:] < 1 - 1e-9)] > 0).all()


@each
@many
@given(data=st.data(), d=st.floats(1e-3, 1))
def test_expected_purchases_rise_with_the_horizon(model, data, d):
    """From zero, ever more slowly (customers leave); discounted, no less than those of any period discounted from its end."""
    ours, past = data.draw(models(model)), data.draw(histories(model))
    horizons = [0, 1, 2, 3, 40, 41]
    table = np.array([ours.expected_purchases(past, t) for t in horizons])
    gains = np.diff(table, axis=0)
    assert (table[0] == 0).all() and (gains >= -1e-12 * table[1:]).all()
    # Within each of four periods of length 1, one after the other.
    in_one = gains[[0, 1, 2, 4]]
    assert (np.diff(in_one, axis=0) <= 1e-9 * in_one[:-1] + 1e-15).all()
    discount = (1 + d) ** -40 if model is BetaGeoBetaBinomModel else np.exp(-40 * d)
    assert (ours.dert(past, d) >= table[4] * discount * (1 - 1e-9)).all()


@each
@many
@given(data=st.data(), d=st.floats(1e-4, 1), more=st.floats(1.01, 100))
def test_dert_falls_with_the_discount_rate(model, data, d, more):
    """Later purchases count for less; at k times the rate not for less than a k-th, because purchases become rarer."""
    ours, past = data.draw(models(model)), data.draw(histories(model))
    patient, hasty = ours.dert(past, d), ours.dert(past, d * more)
    assert (hasty <= patient * (1 + 1e-9)).all() and (hasty >= 0).all()
    assert (hasty * more >= patient * (1 - 1e-9)).all()


@each
@many
@given(data=st.data(), labels=st.lists(st.text(max_size=3), min_size=6, max_size=6))
def test_predictions_keep_the_index(model, data, labels):
    """Whatever labels the customers have, even the same twice; one customer alone is told the same."""
    ours, past = data.draw(models(model)), data.draw(histories(model))
    named = past.set_axis(pd.Index(labels, name="customer"))
    table = predictions(ours, named)
    pd.testing.assert_index_equal(table.index, named.index)
    np.testing.assert_allclose(table, predictions(ours, past), rtol=1e-12)
    alone = pd.concat([predictions(ours, past.iloc[[i]]) for i in range(len(past))])
    np.testing.assert_allclose(table, alone, rtol=1e-9, atol=1e-12)


@each
@many
@given(data=st.data(), t=st.integers(1, 12))
def test_probabilities_of_counts(model, data, t):
    """They sum to 1, and their mean is the expectation that is computed without them."""
    values = {name: data.draw(st.floats(0.3, 3)) for name in TRUTHS[model].params}
    if model is not BetaGeoBetaBinomModel:
        values["alpha"] *= 10
    ours = model(**values)
    counts = np.arange(t + 1 if model is BetaGeoBetaBinomModel else 600)
    p = ours.probability(counts, t)
    assert p.min() >= 0
    assert p.sum() == pytest.approx(1, abs=1e-9)
    assert p @ counts == pytest.approx(ours.expected_purchases_new_customer(t), rel=1e-9)


@each
@many
@given(data=st.data(), t=st.floats(0, 100))
def test_a_new_customer_is_one_without_a_past(model, data, t):
    """Limiting case T = 0: nothing has been observed."""
    ours, t = data.draw(models(model)), np.floor(t) if model is BetaGeoBetaBinomModel else t
    nothing = pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [0.0]})
    assert ours.expected_purchases_new_customer(t) == pytest.approx(ours.expected_purchases(nothing, t).item(), rel=1e-12)


# -- contracts ----------------------------------------------------------------------------------------------------


@st.composite
def contracts(draw, model):
    if model is GeometricModel:
        return GeometricModel(draw(st.floats(0.01, 0.99)))
    return model(*(draw(positive) for _ in range(2)), *[draw(st.floats(0.3, 2))] * (model is BetaDiscreteWeibullModel))


@pytest.mark.parametrize("model", CONTRACT)
@many
@given(data=st.data())
def test_survival_falls_from_one(model, data):
    """A share of those acquired; the retention rates multiply to it."""
    ours, t = data.draw(contracts(model)), np.arange(30)
    survival = ours.survival(t)
    assert survival[0] == 1 and (np.diff(survival) <= 1e-12 * survival[:-1]).all() and (survival > 0).all()
    np.testing.assert_allclose(ours.retention_rate(t[1:]).cumprod(), survival[1:], rtol=1e-9)


@many
@given(ours=contracts(ShiftedBetaGeoModel))
def test_retention_rises(ours):
    """(β + t − 1) / (α + β + t − 1), Fader and Hardie (2007), equation (7): those who leave easily leave first."""
    t = np.arange(1, 40)
    rates = ours.retention_rate(t)
    np.testing.assert_allclose(rates, (ours.beta + t - 1) / (ours.alpha + ours.beta + t - 1), rtol=1e-9)
    assert (np.diff(rates) > 0).all()
    assert (np.diff(ours.derl(t, 0.1)) > 0).all()


@pytest.mark.parametrize("model", CONTRACT)
@many
@given(data=st.data(), d=st.floats(0.01, 2), n=st.integers(0, 40))
def test_a_payment_a_period_later_is_worth_less(model, data, d, n):
    """'paid' is 'due', discounted by a period; at acquisition the first payment comes on top; the next step by hand."""
    ours = data.draw(contracts(model))
    assert ours.derl(n, d, "paid") == pytest.approx(ours.derl(n, d, "due") / (1 + d), rel=1e-12)
    assert ours.discounted_expected_lifetime(d) == pytest.approx(1 + ours.discounted_expected_lifetime(d, "paid"), rel=1e-12)
    # Who renews pays now and is then one renewal further.
    assert ours.derl(n, d) == pytest.approx(ours.retention_rate(n + 1) * (1 + ours.derl(n + 1, d) / (1 + d)), rel=1e-8)


@pytest.mark.parametrize("model", CONTRACT)
@many
@given(data=st.data(), d=st.floats(0.01, 1), more=st.floats(1.01, 10))
def test_residual_lifetime_falls_with_the_discount_rate(model, data, d, more):
    """Later payments count for less, the next one as much as ever."""
    ours, n = data.draw(contracts(model)), np.arange(5)
    patient, hasty = ours.derl(n, d), ours.derl(n, d * more)
    assert (hasty <= patient * (1 + 1e-9)).all() and (hasty >= ours.retention_rate(n + 1) * (1 - 1e-9)).all()


@pytest.mark.parametrize("model", CONTRACT)
@fits
@given(alpha=st.floats(0.5, 2), beta=st.floats(0.5, 4), n=st.integers(500, 5_000), order=st.permutations([0, 1, 2]),
       times=st.integers(2, 50))
def test_cohorts_in_any_order_and_many_alike(model, alpha, beta, n, order, times):
    """A sum over customers: k alike cohorts are one with k times the customers, whatever their order."""
    survivors = np.round(n * ShiftedBetaGeoModel(alpha, beta).survival(np.arange(8)))
    cohorts = [survivors, survivors[:-2], survivors[:-3]]
    known, again = model.fit(cohorts), model.fit([cohorts[i] for i in order])
    often = model.fit({f"{i} {k}": cohorts[i] for i in range(3) for k in range(times)})
    assert again.params == pytest.approx(known.params, rel=1e-6)
    assert often.params == pytest.approx(known.params, rel=1e-5)
    assert often.log_likelihood == pytest.approx(times * known.log_likelihood, rel=1e-9)


@pytest.mark.parametrize("model", [ShiftedBetaGeoModel, BetaDiscreteWeibullModel])
@pytest.mark.parametrize("times", [1, 2, 3, 5, 10, 20, 50])
def test_customers_who_look_alike_are_refused_however_many(model, times):
    """Retention falls, which the sBG's can't: its likelihood rises with alpha and beta for ever. The BdW may explain it."""
    cohort = [110, 90, 70, 50]
    cohorts = [times * np.array(counts) for counts in (cohort, cohort[:-1], cohort[1:])]
    alike = GeometricModel.fit(cohorts)
    try:
        fitted = model.fit(cohorts)
    except RuntimeError:
        return
    assert fitted.log_likelihood > alike.log_likelihood + 1e-6


# -- spend and value ----------------------------------------------------------------------------------------------


@many
@given(unit=units, p=st.floats(0.5, 20), q=st.floats(1.1, 20), v=st.floats(0.1, 100), seed=seeds)
def test_the_currency_changes_v_and_nothing_else(unit, p, q, v, seed):
    """Change of variable: spend in pence is a hundred times spend in pounds, its density a hundredth."""
    frequency = np.random.default_rng(seed).integers(0, 8, 50)
    pounds, _ = GammaGammaModel(p, q, v).simulate(50, seed, frequency)
    pence = pounds.assign(monetary_value=pounds["monetary_value"] * unit)
    known, ours = GammaGammaModel(p, q, v), GammaGammaModel(p, q, v * unit)
    np.testing.assert_allclose(ours.expected_customer_spend(pence), unit * known.expected_customer_spend(pounds), rtol=1e-9)
    densities = known.log_likelihood_rows(pounds) - np.where(frequency > 0, np.log(unit), 0)
    np.testing.assert_allclose(ours.log_likelihood_rows(pence), densities, rtol=1e-9, atol=1e-9)


@fits
@given(unit=units, seed=st.integers(0, 100))
def test_the_currency_changes_the_fitted_v_and_nothing_else(unit, seed):
    """The same, of the fit."""
    pounds, _ = GammaGammaModel(6, 4, 15).simulate(400, seed, np.random.default_rng(seed).integers(0, 8, 400))
    known, ours = (GammaGammaModel.fit(pounds.assign(monetary_value=pounds["monetary_value"] * scale)) for scale in (1, unit))
    assert ours.params == pytest.approx({**known.params, "v": known.v * unit}, rel=1e-5)


@many
@given(p=st.floats(0.5, 20), q=st.floats(1.1, 20), v=st.floats(0.1, 100), m=st.floats(0.1, 1_000))
def test_spend_lies_between_the_customers_own_and_everybodys(p, q, v, m):
    """A weighted average; the more purchases, the nearer the customer's own."""
    ours = GammaGammaModel(p, q, v)
    x = np.arange(0, 200)
    spend = ours.expected_customer_spend(pd.DataFrame({"frequency": x, "monetary_value": np.where(x > 0, m, 0)})).to_numpy()
    all_customers = ours.expected_new_customer_spend()
    assert spend[0] == pytest.approx(all_customers)
    assert (np.diff(np.abs(spend - m)) <= 1e-9 * m).all()
    assert spend.min() >= min(m, all_customers) * (1 - 1e-9) and spend.max() <= max(m, all_customers) * (1 + 1e-9)


@each
@many
@given(data=st.data(), group=st.lists(st.sampled_from("abc"), min_size=6, max_size=6), margin=st.floats(0.01, 1))
def test_the_value_of_the_base_is_the_sum_of_its_parts(model, data, group, margin):
    """However the base is split, valued apart and added up; and each customer is worth the margin on what they spend."""
    ours, spend = data.draw(models(model)), GammaGammaModel(6.25, 3.74, 15.44)
    past = data.draw(histories(model))
    past["monetary_value"] = np.where(past["frequency"] > 0, data.draw(st.floats(1, 100)), 0)

    def worth(customers, margin=margin):
        return expected_customer_lifetime_value(customers, ours, spend, margin=margin, discount_rate=0.15, time_unit="W")

    whole = worth(past)
    parts = [worth(part).sum() for _, part in past.groupby(np.array(group))]
    assert sum(parts) == pytest.approx(whole.sum(), rel=1e-9)
    np.testing.assert_allclose(whole, margin * worth(past, margin=1.0), rtol=1e-12)
    assert whole.index.equals(past.index) and (whole >= 0).all()
