"""From purchases to money: by hand, by brute force, in every unit of time, and from simulated truth."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, special, stats

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
    aggregate_retention,
    continuous_rate,
    expected_customer_lifetime_value,
    history_grid,
    iso_value,
    rfm_table,
)

# Near the published fits to CDNOW and to the donations.
CONTINUOUS = [
    BetaGeoModel(r=0.243, alpha=4.414, a=0.793, b=2.426),
    ModifiedBetaGeoModel(r=0.525, alpha=6.183, a=0.891, b=1.614),
    ParetoNBDModel(r=0.553, alpha=10.578, s=0.606, beta=11.669),
    NBDModel(r=0.385, alpha=12.07),
]
DONORS = BetaGeoBetaBinomModel(alpha=1.2, beta=0.75, gamma=0.66, delta=2.78)
SPEND = GammaGammaModel(p=6.25, q=3.74, v=15.44)
CONTRACTS = [GeometricModel(0.3), ShiftedBetaGeoModel(0.7, 1.2), BetaDiscreteWeibullModel(0.6, 1.5, 1.2)]
DAYS = {"D": 1, "W": 7, "M": 365.25 / 12, "Y": 365.25}

each_model = pytest.mark.parametrize("model", CONTINUOUS, ids=lambda model: type(model).__name__)
each_contract = pytest.mark.parametrize("model", CONTRACTS, ids=lambda model: type(model).__name__)


@pytest.fixture(scope="module")
def customers():
    """CDNOW's sample in weeks, a calibration period of 39."""
    return ccx.customer_base(ccx.load("cdnow_sample"), calibration_end="1997-09-30")


@pytest.fixture
def few():
    """Four customers, one of them without a repeat purchase, in an order that is not that of their names."""
    columns = {"frequency": [2, 0, 1, 7], "recency": [4.0, 0, 30, 35], "T": [6.0, 30, 39, 39], "monetary_value": [10.0, 0, 20, 7]}
    return pd.DataFrame(columns, index=["Zoe", "Bob", "Ann", "Cy"])


def worth(data, model, **changed):
    terms = {"margin": 0.3, "discount_rate": 0.15, "time_unit": "W", **changed}
    return expected_customer_lifetime_value(data, model, SPEND, **terms)


# -- the discount rate --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", DAYS)
@pytest.mark.parametrize("annual", [1e-9, 0.05, 0.15, 3.0])
def test_continuous_rate_closed_form(annual, unit):
    """A year of exp(δ) per unit makes 1 + annual rate, with 365.25 days to the year."""
    units = {"D": 365.25, "W": 365.25 / 7, "M": 12, "Y": 1}[unit]
    assert np.expm1(continuous_rate(annual, unit) * units) == pytest.approx(annual, rel=1e-12)


def test_continuous_rate_of_the_paper():
    """Fader, Hardie and Lee (2005, JMR) have 0.0027 for 15 percent and weeks; they count 52 to the year, 0.3 percent off."""
    assert continuous_rate(0.15, "W") == pytest.approx(np.log(1.15) / 52, rel=0.004)
    assert round(continuous_rate(0.15, "W"), 4) == 0.0027


@pytest.mark.parametrize("annual", [0, -0.1, np.nan, np.inf])
def test_impossible_annual_rates_are_refused(annual):
    with pytest.raises(ValueError, match=rf"^discount_rate must be positive and finite, not {annual}: "):
        continuous_rate(annual, "W")


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match=r"^time_unit='weeks' is not known; use one of 'D', 'W', 'M', 'Y'\.$"):
        continuous_rate(0.15, "weeks")


# -- lifetime value -----------------------------------------------------------------------------------------------


def test_lifetime_value_by_hand(few):
    """Pareto/NBD: margin × p (v + m x) / (p x + q − 1) × P(alive) (r + x) / (α + T) ∫ e^(−δ t) ((β + T) / (β + T + t))^s dt."""
    model, delta = CONTINUOUS[2], np.log(1.15) * 7 / 365.25
    for name, (x, _, T, m) in few.iterrows():
        past = few.loc[[name]]
        rate, length, (p, q, v) = (model.r + x) / (model.alpha + T), model.beta + T, SPEND.params.values()
        lasting = integrate.quad(lambda t: np.exp(-delta * t) * (length / (length + t)) ** model.s, 0, np.inf, limit=200)[0]
        dert = model.expected_probability_alive(past).item() * rate * lasting
        assert worth(past, model).item() == pytest.approx(0.3 * p * (v + m * x) / (p * x + q - 1) * dert, rel=1e-6)


@each_model
def test_lifetime_value_is_margin_times_spend_times_dert(model, few):
    """The product of three numbers that are tested elsewhere, in the order of the customers."""
    value = worth(few, model, margin=0.2, discount_rate=0.1)
    product = 0.2 * SPEND.expected_customer_spend(few) * model.dert(few, np.log(1.1) * 7 / 365.25)
    pd.testing.assert_series_equal(value, product, check_names=False)
    assert value.name == "lifetime_value"


def test_lifetime_value_of_a_new_customer_is_the_mean_of_many():
    """Against simulation: purchases at a rate of their own until they leave, discounted, times their own spend (four sigma)."""
    model, n, delta = CONTINUOUS[2], 400_000, np.log(1.15) * 7 / 365.25
    _, latent = model.simulate(n, 1)
    _, spend = SPEND.simulate(n, 2)
    margins = 0.3 * spend["mean_spend"] * latent["rate"] * -np.expm1(-delta * latent["lifetime"]) / delta
    new = pd.DataFrame({"frequency": [0], "recency": [0.0], "T": [0.0], "monetary_value": [0.0]})
    assert worth(new, model).item() == pytest.approx(margins.mean(), abs=4 * margins.std() / np.sqrt(n))


@pytest.mark.parametrize("unit", ["D", "M", "Y"])
@each_model
def test_the_unit_of_time_does_not_change_what_a_customer_is_worth(model, unit, customers):
    """Times and the parameters that are times in another unit: the same money to the last digits."""
    weeks = 7 / DAYS[unit]
    scaled = type(model)(**{name: value * weeks if name in ("alpha", "beta") else value for name, value in model.params.items()})
    other = customers.assign(recency=customers["recency"] * weeks, T=customers["T"] * weeks)
    pd.testing.assert_series_equal(worth(other, scaled, time_unit=unit), worth(customers, model), rtol=1e-9)


@pytest.mark.parametrize("kind", [type(model) for model in CONTINUOUS], ids=lambda kind: kind.__name__)
def test_data_in_days_weeks_and_months_give_the_same_money(kind):
    """The base made and fitted in each unit: every customer's value agrees to a tenth of a percent."""
    log, found = ccx.load("cdnow_sample"), {}
    for unit in ("D", "W", "M"):
        base = ccx.customer_base(log, calibration_end="1997-09-30", time_unit=unit)
        found[unit] = expected_customer_lifetime_value(
            base, kind.fit(base), GammaGammaModel.fit(base), margin=0.3, discount_rate=0.15, time_unit=unit)
    for unit in ("D", "M"):
        np.testing.assert_allclose(found[unit], found["W"], rtol=1e-3)
        assert found[unit].sum() == pytest.approx(found["W"].sum(), rel=1e-4)


def test_weekly_data_valued_as_daily_come_out_too_high(customers):
    """Why the unit has no default: where nobody leaves, a perpetuity in the wrong unit is wrong by the ratio, seven."""
    model = CONTINUOUS[3]
    np.testing.assert_allclose(worth(customers, model, time_unit="D") / worth(customers, model), 7)
    with pytest.raises(TypeError, match="time_unit"):
        expected_customer_lifetime_value(customers, model, SPEND, margin=0.3, discount_rate=0.15)


@each_model
def test_customers_without_a_repeat_purchase_are_worth_something(model, customers):
    """All of them have a positive, finite value, and the longer ago their one purchase, the less they are worth."""
    once = customers[customers["frequency"] == 0].sort_values("T")
    value = worth(once, model)
    assert len(once) == 1411 and np.isfinite(value).all() and (value > 0).all()
    assert value.is_monotonic_decreasing and value.iloc[-1] < value.iloc[0]


@each_model
def test_value_is_additive(model, customers):
    """Half the customers at a time, or in another order: each is worth the same; the margin is a factor."""
    value = worth(customers, model)
    halves = pd.concat([worth(customers.iloc[1::2], model), worth(customers.iloc[::2], model)])
    pd.testing.assert_series_equal(halves.reindex(customers.index), value, rtol=1e-12)
    np.testing.assert_allclose(worth(customers, model, margin=0.1) + worth(customers, model, margin=0.2), value, rtol=1e-12)
    assert (worth(customers, model, margin=0) == 0).all()


@pytest.mark.parametrize("unit, per_year", [("Y", 1), ("M", 12)])
def test_value_at_fixed_opportunities_by_hand(unit, per_year):
    """BG/BB: P(alive i opportunities after T) · E[p] / (1 + d)^i added up, at the effective rate d = 1.15^(1/per_year) − 1."""
    a, b, g, d = DONORS.params.values()
    x, t_x, T, m = 3, 4, 6, 20.0
    past = pd.DataFrame({"frequency": [x], "recency": [t_x], "T": [T], "monetary_value": [m]})
    lasted = np.arange(t_x, T + 1)
    left = np.append(special.beta(g + 1, d + lasted[:-1]), special.beta(g, d + T))
    ways = special.beta(a + x, b + lasted - x) * left
    i = np.arange(1, 40_000)
    still = np.exp(special.betaln(g, d + T + i) - special.betaln(g, d + T))
    purchases = ways[-1] / ways.sum() * (a + x) / (a + b + T) * (still * 1.15 ** (-i / per_year)).sum()
    expected = 0.3 * SPEND.expected_customer_spend(past).item() * purchases
    assert worth(past, DONORS, time_unit=unit).item() == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("changed, message", [
    ({"margin": np.nan}, "margin must be a number, the share of spend that the firm keeps, not nan."),
    ({"margin": np.inf}, "margin must be a number, the share of spend that the firm keeps, not inf."),
    ({"discount_rate": 0}, "discount_rate must be positive and finite, not 0: without discounting the sum may not end."),
    ({"discount_rate": -0.1}, "discount_rate must be positive and finite, not -0.1: without discounting the sum may not end."),
    ({"discount_rate": np.nan}, "discount_rate must be positive and finite, not nan: without discounting the sum may not end."),
    ({"time_unit": "week"}, "time_unit='week' is not known; use one of 'D', 'W', 'M', 'Y'."),
])  # fmt: skip
def test_bad_terms_are_refused(changed, message, few):
    """In one sentence, the same for continuous time and for opportunities."""
    for model in (CONTINUOUS[0], DONORS):
        with pytest.raises(ValueError) as refused:
            worth(few, model, **changed)
        assert str(refused.value) == message


def test_bad_customers_are_refused(few):
    """A missing column, an impossible history, a negative spend; where q ≤ 1, customers without a repeat purchase."""
    model = CONTINUOUS[0]
    for data, message in (
        (few.drop(columns="T"), "The data lack the column 'T'; they have 'frequency', 'recency', 'monetary_value'."),
        (few.drop(columns="monetary_value"), "The data lack the column 'monetary_value'; they have 'frequency', 'recency', 'T'."),
        (few.assign(T=[6, 30, 39, 20]), "Column 'recency' is larger than T (customer 'Cy': 35)."),
        (few.assign(monetary_value=[10, 0, -20, 7]),
         "Column 'monetary_value' is negative, which the model knows nothing about (customer 'Ann': -20)."),
    ):
        with pytest.raises(ValueError) as refused:
            worth(data, model)
        assert str(refused.value) == message
    with pytest.raises(ValueError, match="the average spend over customers is not finite"):
        expected_customer_lifetime_value(few, model, GammaGammaModel(6, 0.9, 15), margin=0.3, discount_rate=0.15, time_unit="W")


# -- every history ------------------------------------------------------------------------------------------------


def possible(x, t_x, T):
    return (x == 0) == (t_x == 0) and t_x <= T


@pytest.mark.parametrize("T", [39, 30.5])
@each_model
def test_each_cell_is_the_prediction_for_that_customer(model, T):
    """One customer at a time; missing where no customer can be."""
    frequency, recency = [0, 1, 4, 9], [0.0, 2.5, 20.0, 30.5, 39.0]
    for predict in (model.expected_probability_alive, lambda past: model.expected_purchases(past, 13)):
        grid = history_grid(predict, frequency, recency, T)
        assert grid.index.tolist() == frequency and grid.columns.tolist() == recency
        assert (grid.index.name, grid.columns.name) == ("frequency", "recency")
        for x in frequency:
            for t_x in recency:
                if possible(x, t_x, T):
                    alone = predict(pd.DataFrame({"frequency": [x], "recency": [t_x], "T": [T]})).item()
                    assert grid.loc[x, t_x] == pytest.approx(alone, rel=1e-12)
                else:
                    assert np.isnan(grid.loc[x, t_x])


def test_each_cell_at_fixed_opportunities():
    """BG/BB: nobody can have bought more often than there were opportunities up to the last one taken; missing too."""
    grid = history_grid(DONORS.expected_probability_alive, range(4), range(4), 3, discrete_time=True)
    for x in range(4):
        for t_x in range(4):
            if possible(x, t_x, 3) and x <= t_x:
                alone = DONORS.expected_probability_alive(pd.DataFrame({"frequency": [x], "recency": [t_x], "T": [3]})).item()
                assert grid.loc[x, t_x] == pytest.approx(alone)
            else:
                assert np.isnan(grid.loc[x, t_x])


def test_a_grid_where_nobody_can_be_is_empty():
    """All cells missing, and the prediction is asked for nobody."""
    grid = history_grid(CONTINUOUS[0].expected_probability_alive, [1, 2], [40, 50], T=39)
    assert grid.shape == (2, 2) and grid.isna().all(axis=None)


@each_model
def test_iso_value_is_dert_times_value_per_purchase(model):
    """Cell by cell against the customer's own DERT; 1 by default."""
    grid, money = (iso_value(model, [0, 1, 7], [0, 20, 35], 39, 0.0027, *value) for value in ((), (12.5,)))
    past = pd.DataFrame({"frequency": [0, 1, 1, 7, 7], "recency": [0, 20, 35, 20, 35], "T": 39})
    dert = model.dert(past, 0.0027)
    cells = [grid.loc[x, t_x] for x, t_x in zip(past["frequency"], past["recency"])]
    np.testing.assert_allclose(cells, dert, rtol=1e-12)
    assert grid.notna().sum(axis=None) == 5
    pd.testing.assert_frame_equal(money, grid * 12.5)


@pytest.mark.parametrize("model", CONTINUOUS[:3], ids=lambda model: type(model).__name__)
def test_the_increasing_frequency_paradox(model):
    """Fader, Hardie and Lee (2005, JMR): of those last seen long ago the frequent are worth less, of recent ones more."""
    grid = iso_value(model, [1, 2, 4, 7, 14], [15, 77], T=77.86, discount_rate=0.0027)
    assert grid[15].iloc[-1] < grid[15].iloc[0] / 10 and grid[15].iloc[1:].is_monotonic_decreasing
    assert grid[77].is_monotonic_increasing


def test_without_leaving_there_is_no_paradox():
    """NBD: worth rises with frequency whenever the last purchase was, on which nothing depends: (r + x) / (α + T) / δ."""
    grid = iso_value(CONTINUOUS[3], [1, 2, 14], [15, 77], T=77.86, discount_rate=0.0027)
    for recency in grid:
        np.testing.assert_allclose(grid[recency], (0.385 + np.array([1, 2, 14])) / (12.07 + 77.86) / 0.0027)


# -- recency, frequency, monetary value ---------------------------------------------------------------------------


def test_rfm_reconciles_with_the_customers_and_their_value(customers):
    """Every customer in one class: numbers, totals and shares add up, and means are totals over numbers."""
    value = worth(customers, CONTINUOUS[2])
    table = rfm_table(customers, value)
    assert table.index.names == ["R", "F", "M"] and table.index.is_unique
    assert table["customers"].sum() == 2357 and table["total"].sum() == pytest.approx(value.sum())
    assert table["share"].sum() == pytest.approx(1)
    np.testing.assert_allclose(table["mean"] * table["customers"], table["total"])
    np.testing.assert_allclose(table["share"] * value.sum(), table["total"])


def test_customers_without_a_repeat_purchase_are_a_class_of_their_own(customers):
    """(0, 0, 0), with all of them; no other class has a zero."""
    value, once = worth(customers, CONTINUOUS[2]), customers["frequency"] == 0
    table = rfm_table(customers, value)
    assert table.loc[(0, 0, 0), "customers"] == once.sum() and table.loc[(0, 0, 0), "total"] == pytest.approx(value[once].sum())
    assert (table.drop((0, 0, 0)).reset_index()[["R", "F", "M"]] > 0).all(axis=None)


def test_thirds_by_hand():
    """Nine repeat buyers who differ in everything: three in each third, counted from low to high."""
    data = pd.DataFrame({"frequency": range(9, -1, -1), "recency": [*range(1, 10), 0], "monetary_value": [5.0] * 9 + [0]})
    table = rfm_table(data, pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
    assert table["customers"].to_dict() == {(0, 0, 0): 1, (1, 3, 1): 3, (2, 2, 1): 3, (3, 1, 1): 3}
    assert table["total"].to_dict() == {(0, 0, 0): 10, (1, 3, 1): 6, (2, 2, 1): 15, (3, 1, 1): 24}
    assert table["share"].tolist() == pytest.approx([10 / 55, 6 / 55, 15 / 55, 24 / 55])


def test_customers_who_tie_stay_together(customers):
    """By hand, and CDNOW's repeat buyers: 439 of 946 have one purchase, 214 two, 293 more (BTYD's walkthrough, p. 14)."""
    data = pd.DataFrame({"frequency": [1, 1, 1, 1, 1, 2, 3, 3, 9], "recency": 5.0, "monetary_value": [4.0] * 8 + [90]})
    table = rfm_table(data, pd.Series(1.0, data.index))
    assert table["customers"].to_dict() == {(1, 1, 1): 5, (1, 2, 1): 1, (1, 3, 1): 2, (1, 3, 3): 1}
    table = rfm_table(customers, pd.Series(1.0, customers.index))
    assert table["customers"].groupby("F").sum().to_dict() == {0: 1411, 1: 439, 2: 214, 3: 293}


def test_the_order_of_the_rows_does_not_matter(customers):
    """Customers shuffled, and the values in yet another order: the same table."""
    value = worth(customers, CONTINUOUS[2])
    table = rfm_table(customers, value)
    rng = np.random.default_rng(1)
    shuffled = rfm_table(customers.iloc[rng.permutation(len(customers))], value.iloc[rng.permutation(len(customers))])
    pd.testing.assert_frame_equal(shuffled, table, rtol=1e-12)


# -- the value of a base under contract ---------------------------------------------------------------------------


def survival(model, t):
    """S(t) as the papers write it."""
    if isinstance(model, GeometricModel):
        return (1 - model.theta) ** t
    power = t ** getattr(model, "c", 1)
    return np.exp(special.betaln(model.alpha, model.beta + power) - special.betaln(model.alpha, model.beta))


@pytest.mark.parametrize("payment, delay", [("due", 0), ("paid", 1)])
@each_contract
def test_base_value_by_brute_force(model, payment, delay):
    """Every customer and renewal to come: margin · S(n + k) / S(n) / (1 + d)^(k − 1 + delay), added up over 2,000 renewals."""
    active = pd.Series({0: 400, 1: 250, 2: 180, 7: 90})
    total = sum(
        customers * 12.5 * survival(model, n + k) / survival(model, n) / 1.1 ** (k - 1 + delay)
        for n, customers in active.items() for k in np.arange(1.0, 2_001)
    )  # fmt: skip
    assert model.base_value(active, 0.1, margin=12.5, payment=payment) == pytest.approx(total, rel=1e-9)


def test_base_value_at_constant_churn_is_the_textbook_multiple():
    """Closed form: customers × margin × r / (1 + d − r), however long they have been there."""
    active = pd.Series([300, 200, 100])
    assert GeometricModel(0.2).base_value(active, 0.1, 5, payment="paid") == pytest.approx(600 * 5 * 0.8 / (1.1 - 0.8))


@each_contract
def test_base_value_is_additive_and_its_unit_is_the_margins(model):
    """The base cohort by cohort; one euro by default."""
    active = pd.Series([300.0, 200, 100], index=[0, 3, 9])
    parts = sum(model.base_value(active.loc[[n]], 0.1) for n in active.index)
    assert model.base_value(active, 0.1) == pytest.approx(parts) == pytest.approx(model.base_value(active, 0.1, margin=7) / 7)
    assert model.base_value(active.iloc[:0], 0.1) == 0


@pytest.mark.parametrize("payment", ["due", "paid"])
@each_contract
def test_lifetime_at_acquisition_by_brute_force(model, payment):
    """Σ S(t) / (1 + d)^t over 2,000 periods, with or without the first payment."""
    t = np.arange(0 if payment == "due" else 1, 2_001.0)
    assert model.discounted_expected_lifetime(0.1, payment) == pytest.approx((survival(model, t) / 1.1**t).sum(), rel=1e-9)


@each_contract
def test_an_unknown_payment_is_refused(model):
    """The same sentence wherever it is asked for."""
    for call in (lambda: model.derl(0, 0.1, "later"), lambda: model.base_value(pd.Series([1]), 0.1, payment="later"),
                 lambda: model.discounted_expected_lifetime(0.1, "later")):  # fmt: skip
        with pytest.raises(ValueError, match=r"^payment='later' is not known; say 'due' or 'paid'\.$"):
            call()


@pytest.mark.parametrize("survivors", [
    [[1000, 631, 468, 382], [1200, 800, 600], [900, 500], [1500]],
    {"2001": [1000, 631, 468, 382], "2002": [1200, 800, 600], "2003": [900, 500], "2004": [1500]},
    pd.DataFrame([[1000, 1200, 900, 1500], [631, 800, 500, np.nan], [468, 600, *[np.nan] * 2], [382, *[np.nan] * 3]]),
    [pd.Series([1000, 468, 382], index=[0, 2, 3]), [1200, 800, 600], pd.Series([900, 500]), [1500]],
], ids=["lists", "dict", "frame", "gap"])
def test_aggregate_retention_by_hand(survivors):
    """(382 + 600 + 500) of (468 + 800 + 900) stayed in the last period; the cohort just acquired has had no renewal."""
    assert aggregate_retention(survivors) == pytest.approx((382 + 600 + 500) / (468 + 800 + 900), rel=1e-12)


def test_aggregate_retention_of_customers_who_are_all_alike_is_theirs():
    """Limiting case: constant churn, any cohorts."""
    model = GeometricModel(0.3)
    cohorts = [n * model.survival(np.arange(T)) for n, T in ((1000, 5), (300, 9), (50, 2))]
    assert aggregate_retention(cohorts) == pytest.approx(0.7)


def test_aggregate_retention_needs_a_renewal():
    with pytest.raises(ValueError, match="The data are empty"):
        aggregate_retention([[100], [50]])


# -- totals without cohorts ---------------------------------------------------------------------------------------


def totals(survivors):
    """Customers of all cohorts, by period, from each cohort's survivors."""
    active = np.zeros(len(survivors))
    for start, left in enumerate(survivors):
        active[start:] += np.asarray(left, dtype=float)[:len(active) - start]
    return active


@each_contract
def test_totals_and_cohorts_lead_to_the_same_truth_on_expected_counts(model):
    """With every count at its expectation both fits are the truth: the score of either likelihood is then zero there."""
    acquired = 1_000.0 * np.array([5, 8, 3, 6, 9, 4, 7, 5, 2, 6])
    cohorts = [new * survival(model, np.arange(10.0 - start)) for start, new in enumerate(acquired)]
    of_totals, of_cohorts = type(model).fit_totals(acquired, totals(cohorts)), type(model).fit(cohorts[:-1])
    assert of_totals.params == pytest.approx(model.params, rel=1e-4)
    assert of_cohorts.params == pytest.approx(model.params, rel=1e-4)
    assert of_totals.n == acquired.sum()


@pytest.mark.parametrize("model", CONTRACTS[1:], ids=lambda model: type(model).__name__)
def test_totals_recover_a_simulated_truth(model):
    """Over 40 simulated firms the errors have mean zero (four sigma), and the approximate standard errors are of their size."""
    rng, acquired, found, errors = np.random.default_rng(3), np.full(12, 20_000), [], []
    for _ in range(40):
        fit = type(model).fit_totals(acquired, totals([model.simulate(20_000, rng, T=12)[0] for _ in acquired]))
        found.append(fit.params)
        errors.append(fit.standard_errors)
    found, errors = pd.DataFrame(found), pd.DataFrame(errors)
    for name, truth in model.params.items():
        assert abs(found[name].mean() - truth) < 4 * found[name].std() / np.sqrt(40)
        assert 0.6 < errors[name].median() / found[name].std() < 1.8


@each_contract
def test_totals_are_fitted_by_the_poisson_likelihood(model):
    """The log-likelihood is SciPy's of the losses by period, at their expectation by hand, and no step away gains."""
    rng, acquired = np.random.default_rng(4), np.array([5_000, 8_000, 3_000, 6_000, 9_000, 4_000, 2_000])
    active = totals([new * survival(model, np.arange(7.0 - start)) for start, new in enumerate(acquired)])
    lost = rng.poisson(active[:-1] + acquired[1:] - active[1:])
    active = np.concatenate([[acquired[0]], acquired[0] + (acquired[1:] - lost).cumsum()])
    fit = type(model).fit_totals(acquired, active)

    def log_likelihood(*parameters):
        leaves = -np.diff(survival(type(model)(*parameters), np.arange(7.0)))
        expected = [sum(acquired[start] * leaves[t - start] for start in range(t + 1)) for t in range(6)]
        return stats.poisson.logpmf(lost, expected).sum()

    assert fit.log_likelihood == pytest.approx(log_likelihood(*fit.params.values()))
    for name, value in fit.params.items():
        for step in (0.99, 1.01):
            assert log_likelihood(*{**fit.params, name: value * step}.values()) < fit.log_likelihood
