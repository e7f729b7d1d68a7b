"""Does a model hold: the tables by brute force over small logs, against published CDNOW values, SciPy and lifetimes."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

import ccx
from ccx.clv import (
    BetaGeoBetaBinomModel,
    BetaGeoModel,
    ModifiedBetaGeoModel,
    NBDModel,
    ParetoNBDModel,
    calibration_table,
    conditional_expectation,
    probability_alive_path,
    tracking_table,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # lifetimes 0.11.3 is older than the libraries under it
    import lifetimes

BG = BetaGeoModel(r=0.243, alpha=4.414, a=0.793, b=2.426)
MBG = ModifiedBetaGeoModel(r=0.525, alpha=6.183, a=0.891, b=1.614)
PARETO = ParetoNBDModel(r=0.553, alpha=10.578, s=0.606, beta=11.669)
NBD = NBDModel(r=0.385, alpha=12.07)
DONORS = BetaGeoBetaBinomModel(alpha=1.2, beta=0.75, gamma=0.66, delta=2.78)

each_model = pytest.mark.parametrize("model", [BG, MBG, PARETO, NBD], ids=lambda model: type(model).__name__)


@pytest.fixture(scope="module")
def customers():
    """CDNOW's sample in weeks: 39 of calibration, 39 of holdout."""
    return ccx.customer_base(ccx.load("cdnow_sample"), calibration_end="1997-09-30", observation_end="1998-06-30")


# -- customers by number of purchases -----------------------------------------------------------------------------


def test_observed_customers_by_hand():
    """Seven customers, the last class open; by rows and by weights."""
    data = pd.DataFrame({"frequency": [0, 3, 1, 0, 9, 3, 4], "T": 30.0})
    table = calibration_table(BG, data, longest=3)
    assert table["observed"].tolist() == [2, 1, 0, 4]
    assert table.index.tolist() == [0, 1, 2, 3] and table.index.name == "frequency"
    assert calibration_table(BG, data, longest=11)["observed"].tolist() == [2, 1, 0, 2, 1, 0, 0, 0, 0, 1, 0, 0]
    weights = [10, 2, 3, 0.5, 1, 4, 100]
    assert calibration_table(BG, data, longest=3, weights=weights)["observed"].tolist() == [10.5, 3, 0, 107]


def test_observed_customers_of_cdnow(customers):
    """BTYD (R), walkthrough, p. 14."""
    assert calibration_table(BG, customers)["observed"].tolist() == [1411, 439, 214, 100, 62, 38, 29, 64]


@each_model
def test_expected_customers_add_up_to_all(model, customers):
    """However the classes are cut, and each class but the last is the same in a longer table."""
    short, long = (calibration_table(model, customers, longest) for longest in (2, 40))
    assert short["expected"].sum() == pytest.approx(2357) == long["expected"].sum()
    np.testing.assert_allclose(short["expected"].iloc[:2], long["expected"].iloc[:2])
    assert short["expected"].iloc[2] == pytest.approx(long["expected"].iloc[2:].sum())
    assert (long["expected"] > 0).all()


def test_expected_customers_of_the_nbd_equal_scipys(customers):
    """scipy.stats.nbinom for each customer's own T, added up."""
    T = customers["T"].to_numpy()[:, None]
    expected = stats.nbinom.pmf(np.arange(7), NBD.r, NBD.alpha / (NBD.alpha + T)).sum(axis=0)
    tail = stats.nbinom.sf(6, NBD.r, NBD.alpha / (NBD.alpha + T)).sum()
    np.testing.assert_allclose(calibration_table(NBD, customers)["expected"], [*expected, tail], rtol=1e-9)


def peers_probability(model):
    """lifetimes' probability of n purchases in t; for the Pareto/NBD that of a customer with a past, here an empty one."""
    peer = {BG: lifetimes.BetaGeoFitter, MBG: lifetimes.ModifiedBetaGeoFitter, PARETO: lifetimes.ParetoNBDFitter}[model]()
    peer.params_ = pd.Series(model.params)
    if model is PARETO:
        return lambda n, t: peer.conditional_probability_of_n_purchases_up_to_time(n, t, 0, 0, 0)
    return lambda n, t: peer.probability_of_n_purchases_up_to_time(t, n)


@pytest.mark.parametrize("model", [BG, MBG, PARETO], ids=lambda model: type(model).__name__)
def test_expected_customers_equal_the_peers(model):
    """lifetimes, customers who were observed for three different times, by weights."""
    data = pd.DataFrame({"frequency": 0, "T": [10.0, 27.0, 38.86]})
    peer, weights = peers_probability(model), [3, 10, 0.5]
    expected = [sum(weight * peer(n, T) for weight, T in zip(weights, data["T"])) for n in range(7)]
    np.testing.assert_allclose(calibration_table(model, data, weights=weights)["expected"][:7], expected, rtol=1e-6)


def test_expected_customers_at_fixed_opportunities_equal_the_peers():
    """lifetimes; and those who never bought at two opportunities by hand: gone at once, or lasted one or two and did not buy."""
    peer = lifetimes.BetaGeoBetaBinomFitter()
    peer.params_ = pd.Series(DONORS.params)
    peer.data = pd.DataFrame({"frequency": range(7), "weights": [400.0, *[100.0] * 6]})
    table = calibration_table(DONORS, pd.DataFrame({"frequency": [0], "T": [6]}), longest=6, weights=[1000])
    np.testing.assert_allclose(table["expected"], peer.expected_number_of_transactions_in_first_n_periods(6)["model"], rtol=1e-9)
    a, b, g, d = DONORS.params.values()
    lasted = [special.beta(g + 1, d), special.beta(g + 1, d + 1), special.beta(g, d + 2)]
    none = special.beta(a, b + np.arange(3)) / special.beta(a, b) @ lasted
    two = calibration_table(DONORS, pd.DataFrame({"frequency": [0], "T": [2]}), longest=2)
    assert two["expected"][0] == pytest.approx(none / special.beta(g, d))


@pytest.mark.parametrize("model", [BG, MBG, PARETO, NBD, DONORS], ids=lambda model: type(model).__name__)
def test_expected_customers_are_those_of_a_simulated_truth(model):
    """200,000 customers with T of 10 or 30: every class within binomial bounds of one in 100,000."""
    data, _ = model.simulate(200_000, 1, T=np.tile([10, 30], 100_000))
    table = calibration_table(model, data)
    low, high = stats.binom.ppf([[5e-6], [1 - 5e-6]], 200_000, table["expected"] / 200_000)
    assert table["observed"].between(low, high).all()


# -- period by period ---------------------------------------------------------------------------------------------


def made(purchases, start="2020-02-27"):
    """A log from pairs of customer and day number, a dollar each."""
    who, day = zip(*purchases)
    return pd.DataFrame({"customer_id": who, "date": pd.Timestamp(start) + pd.to_timedelta(day, unit="D"), "value": 1.0})


def random_log(seed, last_day):
    """Sixty customers who come at random; day 0 and the last day are taken, by customers who were there early."""
    rng = np.random.default_rng(seed)
    born = rng.integers(0, last_day, 60)
    days = [(who, day) for who in range(60) for day in [born[who], *rng.integers(born[who], last_day + 1, rng.poisson(3))]]
    return made([*days, (100, 0), (100, 1), (100, last_day)])


def brute_force(log, calibration_end, days_in_unit):
    """One purchase at a time: repeat purchases by period, the birth days of those counted, and the number of complete periods."""
    start = log["date"].min()
    complete = int(((log["date"].max() - start).days + 1) / days_in_unit)
    actual, births = dict.fromkeys(range(1, complete + 1), 0), []
    for _, purchases in log.groupby("customer_id"):
        days = sorted({(date - start).days for date in purchases["date"]})
        if start + pd.Timedelta(days=days[0]) > pd.Timestamp(calibration_end):
            continue
        births.append(days[0])
        for day in days[1:]:
            period = int(day // days_in_unit) + 1
            if period in actual:
                actual[period] += 1
    return actual, births, complete


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("unit, days, last_day", [("W", 7, 69), ("D", 1, 30), ("M", 365.25 / 12, 152)])
def test_tracking_by_brute_force(unit, days, last_day, seed):
    """A log that ends with a complete period: purchases counted one by one, expectations customer by customer."""
    log, end = random_log(seed, last_day), pd.Timestamp("2020-02-27") + pd.Timedelta(days=last_day // 2)
    table = tracking_table(BG, log.sample(frac=1, random_state=seed), end, time_unit=unit)
    actual, births, complete = brute_force(log, end, days)
    assert table.index.tolist() == list(range(1, complete + 1)) and table.index.name == "period"
    assert table["actual"].to_dict() == actual
    assert table["actual_cumulative"].tolist() == np.cumsum(list(actual.values())).tolist()
    last_days = [int(np.ceil(period * days)) - 1 for period in table.index]
    assert table["holdout"].tolist() == [day > last_day // 2 for day in last_days]
    expected = [sum(BG.expected_purchases_new_customer(max(day - birth, 0) / days) for birth in births) for day in last_days]
    # The last day of an average month is not a whole one; what a day makes is allowed.
    np.testing.assert_allclose(table["expected_cumulative"], expected, rtol=1e-9 if unit != "M" else 0.06)
    np.testing.assert_allclose(table["expected"].cumsum(), table["expected_cumulative"])


@pytest.mark.parametrize("extra", range(7))
def test_a_last_period_that_is_not_complete_is_left_out(extra):
    """Three weeks and `extra` days with a purchase on each: what was bought after the third week is in no period."""
    log = made([(1, day) for day in range(21 + extra)])
    table = tracking_table(BG, log, "2020-03-04")
    assert table["actual"].to_dict() == brute_force(log, "2020-03-04", 7)[0] == {1: 6, 2: 7, 3: 7}


def test_periods_in_which_only_newer_customers_came_are_there():
    """The log runs for three weeks; the one customer of the calibration period came in the first only, so two weeks are zero."""
    log = made([(1, 0), (1, 3), (2, 10), (2, 20)])
    assert tracking_table(BG, log, "2020-03-04")["actual"].to_dict() == {1: 1, 2: 0, 3: 0}


def test_a_log_shorter_than_a_period_has_none():
    """Four days, in weeks."""
    assert tracking_table(BG, made([(1, 0), (1, 3)]), "2020-02-28").empty


@pytest.mark.parametrize("model", [BG, PARETO], ids=lambda model: type(model).__name__)
def test_tracking_ends_where_the_customers_do(model, customers):
    """CDNOW, 78 whole weeks: the last cumulative count is that of customer_base, and so is that at the end of calibration.

    What is expected by then is each customer's expectation for the time since the first purchase.
    """
    table = tracking_table(model, ccx.load("cdnow_sample"), "1997-09-30")
    assert len(table) == 78 and table["holdout"].sum() == 39 and not table["holdout"].iloc[38]
    assert table["actual_cumulative"].iloc[38] == customers["frequency"].sum()
    assert table["actual_cumulative"].iloc[-1] == customers["frequency"].sum() + customers["frequency_holdout"].sum()
    for week, T in ((39, customers["T"]), (78, customers["T"] + 39)):
        expected = model.expected_purchases_new_customer(T.to_numpy()).sum()
        assert table["expected_cumulative"][week] == pytest.approx(expected, rel=1e-9)


def test_tracking_of_a_simulated_truth():
    """20,000 simulated BG/NBD customers, written as a log: every week and the sum within four Poisson standard deviations.

    Two purchases on one day are one in the table; at these rates that takes away about three in a thousand.
    """
    rng, n, weeks = np.random.default_rng(1), 20_000, 12
    rate, dropout, birth = rng.gamma(5, 1 / 1_000, n), rng.beta(1, 3, n), rng.integers(0, 28, n)
    rows = [(n, 0), (n, 7 * weeks - 1)]
    for who in range(n):
        day, stays = float(birth[who]), True
        while stays and day <= 7 * weeks - 1:
            rows.append((who, int(np.ceil(day))))
            stays = day == birth[who] or rng.random() >= dropout[who]
            day += rng.exponential(1 / rate[who])
    table = tracking_table(BetaGeoModel(r=5, alpha=1_000 / 7, a=1, b=3), made(rows), "2020-03-25")
    assert len(table) == weeks
    assert (abs(table["actual"] - table["expected"]) < 4 * np.sqrt(table["expected"]) + 0.003 * table["expected"] + 1).all()
    assert table["actual"].sum() == pytest.approx(table["expected"].sum(), abs=4 * np.sqrt(table["expected"].sum()) + 20)


# -- by what customers did before ---------------------------------------------------------------------------------


def test_purchases_in_the_holdout_as_published(customers):
    """BTYD (R), walkthrough, p. 14: customers by bin and what they bought in the 39 weeks to 1998-06-30, whatever the model."""
    for model in (BG, PARETO):
        table = conditional_expectation(model, customers)
        assert table.columns.tolist() == ["customers", "actual", "expected"] and table.index.tolist() == list(range(8))
        assert table["customers"].tolist() == [1411, 439, 214, 100, 62, 38, 29, 64]
        np.testing.assert_allclose(table["actual"], [0.237, 0.697, 1.393, 1.56, 2.532, 2.947, 3.862, 6.359], rtol=0, atol=5.1e-4)


def test_holdout_table_by_hand():
    """Five customers in three classes; a class that nobody is in has no row; the expectation is the mean of the members'."""
    data = pd.DataFrame({"frequency": [0, 4, 1, 9, 1], "recency": [0.0, 20, 5, 29, 30], "T": 30.0,
                         "frequency_holdout": [1, 2, 0, 7, 1], "duration_holdout": 13.0})  # fmt: skip
    table = conditional_expectation(MBG, data, longest=3)
    assert table.index.tolist() == [0, 1, 3] and table.index.name == "frequency"
    assert table["customers"].tolist() == [1, 2, 2] and table["actual"].tolist() == [1, 0.5, 4.5]
    each = MBG.expected_purchases(data, 13.0)
    np.testing.assert_allclose(table["expected"], [each[0], (each[2] + each[4]) / 2, (each[1] + each[3]) / 2])


@each_model
def test_the_holdout_table_adds_up(model, customers):
    """Customers times means: all purchases of the holdout, and all that the model expects in 39 weeks."""
    table = conditional_expectation(model, customers, longest=4)
    assert table["customers"] @ table["actual"] == pytest.approx(customers["frequency_holdout"].sum())
    assert table["customers"] @ table["expected"] == pytest.approx(model.expected_purchases(customers, 39.0).sum())


def test_expected_purchases_in_a_holdout_are_those_of_a_simulated_truth():
    """40,000 customers whose true rates and lifetimes are known: the mean of every class within four standard errors."""
    data, latent = PARETO.simulate(40_000, 1, T=39.0)
    rng = np.random.default_rng(2)
    left = np.clip(latent["lifetime"] - 39, 0, 39)
    data = data.assign(frequency_holdout=rng.poisson(latent["rate"] * left), duration_holdout=39.0)
    table = conditional_expectation(PARETO, data)
    spread = data["frequency_holdout"].groupby(data["frequency"].clip(upper=7)).std()
    assert (abs(table["actual"] - table["expected"]) < 4 * spread / np.sqrt(table["customers"])).all()


def test_without_a_holdout_there_is_no_table(customers):
    """One sentence that says how to make one."""
    message = "The data have no holdout; make them with customer_base(…, calibration_end=…, observation_end=…)."
    for column in ("frequency_holdout", "duration_holdout"):
        with pytest.raises(ValueError) as refused:
            conditional_expectation(BG, customers.drop(columns=column))
        assert str(refused.value) == message


# -- one customer as time goes by ---------------------------------------------------------------------------------

PURCHASES = [2.5, 3.0, 11.0, 20.0]


@each_model
@pytest.mark.parametrize("purchases", [PURCHASES, PURCHASES[::-1], [], [30.0]], ids=["four", "any order", "none", "last"])
def test_each_point_is_the_prediction_for_that_past(model, purchases):
    """One customer at a time, with the purchases made by then; at a purchase there are two points, without it and with it."""
    path = probability_alive_path(model, purchases, until=30, step=2.0)
    assert path.index.name == "time" and path.index.is_monotonic_increasing
    times = sorted([*{*np.arange(0.0, 31, 2), *purchases}, *purchases])
    assert path.index.tolist() == times
    for i, (time, found) in enumerate(path.items()):
        before = i + 1 < len(times) and times[i + 1] == time
        seen = [purchase for purchase in purchases if purchase < time or (purchase == time and not before)]
        past = pd.DataFrame({"frequency": [len(seen)], "recency": [max(seen, default=0.0)], "T": [time]})
        assert found == pytest.approx(model.expected_probability_alive(past).item(), rel=1e-12)


def test_the_path_of_the_bg_nbd_in_closed_form():
    """Fader, Hardie and Lee (2005): 1 / (1 + a / (b + x − 1) · ((α + T) / (α + t_x))^(r + x)); 1 without a repeat purchase."""
    r, alpha, a, b = BG.params.values()
    path = probability_alive_path(BG, [4.0, 10.0], until=20, step=5)
    odds = [a / (b + x - 1) * ((alpha + T) / (alpha + t_x)) ** (r + x)
            for x, t_x, T in ((1, 4, 4), (1, 4, 5), (1, 4, 10), (2, 10, 10), (2, 10, 15), (2, 10, 20))]  # fmt: skip
    assert path.index.tolist() == [0, 4, 4, 5, 10, 10, 15, 20]
    np.testing.assert_allclose(path, [1, 1, *(1 / (1 + np.array(odds)))], rtol=1e-12)


@pytest.mark.parametrize("model", [MBG, PARETO], ids=lambda model: type(model).__name__)
def test_where_one_can_leave_at_any_time_a_purchase_raises_the_probability(model):
    """Just after it the customer was there for certain (Pareto/NBD) or has passed one more coin (MBG/NBD); then it falls."""
    path = probability_alive_path(model, PURCHASES, until=30, step=0.5)
    at = path.index.to_series().diff().to_numpy()
    change = path.diff().to_numpy()
    assert (change[at == 0] > 0).all() and (at == 0).sum() == 4
    assert (change[at > 0] < 0).all()
    if model is PARETO:
        assert path[PURCHASES].groupby(level=0).last().tolist() == pytest.approx([1] * 4)


def test_where_nobody_leaves_the_path_is_one():
    """Limiting case, NBD."""
    assert (probability_alive_path(NBD, PURCHASES, until=30) == 1).all()


def test_two_purchases_at_one_moment_count_as_two():
    """The point after them has both."""
    path = probability_alive_path(BG, [2.0, 2.0], until=5)
    past = pd.DataFrame({"frequency": [2], "recency": [2.0], "T": [2.0]})
    assert path[2.0].iloc[-1] == pytest.approx(BG.expected_probability_alive(past).item())


@pytest.mark.parametrize("purchases", [[0, 3], [-1.0], [3, 31], [3, np.nan], [np.inf]])
def test_purchases_outside_the_time_observed_are_refused(purchases):
    """The first purchase is at 0, so a repeat purchase is later."""
    with pytest.raises(ValueError) as refused:
        probability_alive_path(BG, purchases, until=30)
    assert str(refused.value) == "Repeat purchases must lie after 0 and no later than until=30."
