"""Concentration against closed forms, identities, hand-made cases and what is known of the course's data."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

import ccx

REFERENCE = json.loads((Path(__file__).parent / "data" / "reference.json").read_text(encoding="utf-8"))

# Closed forms: Kleiber and Kotz (2003), Statistical Size Distributions in Economics and Actuarial Sciences, Wiley.
GINI = {
    "exponential": (stats.expon(), 1 / 2),
    "uniform": (stats.uniform(), 1 / 3),
    "pareto 3": (stats.pareto(3), 1 / 5),
    "pareto 6": (stats.pareto(6), 1 / 11),
    "lognormal 0.5": (stats.lognorm(0.5), special.erf(0.25)),
    "lognormal 1": (stats.lognorm(1), special.erf(0.5)),
    "gamma 0.4": (stats.gamma(0.4), special.gamma(0.9) / (np.sqrt(np.pi) * special.gamma(1.4))),
    "gamma 5": (stats.gamma(5), special.gamma(5.5) / (np.sqrt(np.pi) * special.gamma(6))),
}

MEASURES = [ccx.gini, ccx.top_share, lambda v: ccx.top_share(v, 0.03), lambda v: ccx.effective_customers(v) / len(v)]


def quantiles(distribution, n=400_000):
    return distribution.ppf((np.arange(n) + 0.5) / n)


def draws():
    """Random bases with ties and zeros, from one customer to hundreds."""
    rng = np.random.default_rng(2)
    for n in (1, 2, 3, 7, 10, 50, 301):
        yield rng.integers(0, 4, n) + (np.arange(n) == 0)
        yield rng.lognormal(0, 2, n) * rng.integers(0, 2, n) + (np.arange(n) == 0)
        yield np.full(n, 0.1)


every_base = pytest.mark.parametrize("values", [pytest.param(base, id=str(i)) for i, base in enumerate(draws())])


# -- the Lorenz curve ---------------------------------------------------------------------------------------------


def test_lorenz_by_hand():
    curve = ccx.lorenz([20, 90, 45, 15, 30])
    np.testing.assert_allclose(curve["customers"], [0, 0.2, 0.4, 0.6, 0.8, 1])
    np.testing.assert_allclose(curve["value"], [0, 15 / 200, 35 / 200, 65 / 200, 110 / 200, 1])


@every_base
def test_lorenz_is_convex_between_its_corners(values):
    curve = ccx.lorenz(values)
    assert curve.iloc[0].tolist() == [0, 0]
    assert curve.iloc[-1].tolist() == [1, 1]
    steps = np.diff(curve["value"])
    assert (steps >= 0).all() and (np.diff(steps) >= -1e-12).all()


# -- the Gini coefficient -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GINI)
def test_gini_closed_forms(name):
    distribution, expected = GINI[name]
    assert ccx.gini(quantiles(distribution)) == pytest.approx(expected, abs=5e-5)


@every_base
def test_gini_is_half_the_relative_mean_absolute_difference(values):
    """Identity (Gini 1912); both sides counted over all pairs of customers."""
    pairs = np.abs(values[:, None] - values[None, :]).mean()
    assert ccx.gini(values) == pytest.approx(pairs / (2 * values.mean()), abs=1e-12)


@every_base
def test_gini_bounds(values):
    assert 0 <= ccx.gini(values) <= 1 - 1 / len(values) + 1e-12


def test_gini_extremes():
    assert ccx.gini([0] * 99 + [7]) == pytest.approx(1 - 1 / 100)
    assert [f"{ccx.gini([value] * n):.3f}" for value in (0.1, 0.3, 7.7) for n in (3, 49, 1000)] == ["0.000"] * 9


@pytest.mark.parametrize("measure", MEASURES)
@every_base
def test_measures_do_not_depend_on_unit_order_or_copies(values, measure):
    expected = pytest.approx(measure(values), rel=1e-9, abs=1e-12)
    assert measure(values * 1e9) == expected
    assert measure(values * 1e-9) == expected
    assert measure(np.random.default_rng(1).permutation(values)) == expected
    assert measure(np.repeat(values, 3)) == expected
    assert measure(list(values)) == measure(pd.Series(values, index=np.arange(len(values))[::-1])) == expected


# -- top shares ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.01, 0.1, 0.2, 0.5, 0.9])
def test_top_share_exponential_closed_form(share):
    assert ccx.top_share(quantiles(stats.expon()), share) == pytest.approx(share * (1 - np.log(share)), abs=5e-5)


def test_top_share_pareto_closed_form():
    """The 80/20 rule: a Pareto distribution with exponent log 5 / log 4."""
    exponent = np.log(5) / np.log(4)
    n = 2_000_000
    # The mean of each slice, because the heavy tail makes slices' middles too small.
    upper = (np.arange(n, -1, -1) / n) ** (1 - 1 / exponent)
    assert ccx.top_share(-np.diff(upper)) == pytest.approx(0.8, abs=1e-6)


@every_base
def test_top_share_is_one_minus_lorenz(values):
    curve, n = ccx.lorenz(values), len(values)
    for k in range(1, n):
        assert ccx.top_share(values, k / n) == pytest.approx(1 - curve["value"][n - k], abs=1e-12)


@every_base
def test_top_share_grows_ever_more_slowly(values):
    shares = np.linspace(0.02, 0.98, 49)
    gains = np.diff([0, *(ccx.top_share(values, share) for share in shares), 1])
    assert (gains >= -1e-12).all() and (np.diff(gains) <= 1e-12).all()
    assert ccx.top_share(values) >= 0.2 - 1e-12


def test_top_share_of_ties_by_hand():
    """A cut through customers who tie takes the part of them that makes up the number."""
    for order in ([0, 0, 1, 1, 1], [1, 0, 1, 0, 1], [1, 1, 1, 0, 0]):
        assert ccx.top_share(order, 0.2) == pytest.approx(1 / 3)
        assert ccx.top_share(order, 0.4) == pytest.approx(2 / 3)
        assert ccx.top_share(order, 0.3) == pytest.approx(1 / 2)
    assert ccx.top_share([8], 0.2) == pytest.approx(0.2)


# -- effective customers ------------------------------------------------------------------------------------------


def test_effective_customers_limits():
    assert ccx.effective_customers([7] * 40) == pytest.approx(40)
    assert ccx.effective_customers([0] * 39 + [7]) == pytest.approx(1)
    assert ccx.effective_customers([1e-200] * 40) == pytest.approx(40)


@every_base
def test_effective_customers_and_the_coefficient_of_variation(values):
    """Identity: n / (1 + cv²)."""
    expected = len(values) / (1 + (values.std() / values.mean()) ** 2)
    assert ccx.effective_customers(values) == pytest.approx(expected)
    assert 1 - 1e-9 <= ccx.effective_customers(values) <= len(values) + 1e-9


# -- deciles ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n, groups", [(10, 10), (11, 10), (19, 10), (23_502, 10), (7, 3), (5, 1)])
def test_decile_table_adds_up(n, groups):
    values = np.random.default_rng(n).lognormal(0, 1, n)
    table = ccx.decile_table(values, groups)
    assert table.index.tolist() == list(range(1, groups + 1)) and table.index.name == "decile"
    assert table["customers"].sum() == n and np.ptp(table["customers"]) <= 1
    assert table["value"].sum() == pytest.approx(values.sum())
    assert table["share"].sum() == pytest.approx(1) and table["cumulative_share"].iloc[-1] == pytest.approx(1)
    np.testing.assert_allclose(table["mean"] * table["customers"], table["value"])
    assert (np.diff(table["mean"]) <= 0).all()


def test_decile_table_cumulates_to_the_top_share():
    values = np.random.default_rng(1).integers(0, 6, 200)
    cumulative = ccx.decile_table(values)["cumulative_share"]
    assert [cumulative[k] for k in range(1, 10)] == pytest.approx([ccx.top_share(values, k / 10) for k in range(1, 10)])


# -- bootstrap ----------------------------------------------------------------------------------------------------


def test_bootstrap_of_a_mean_agrees_with_normal_theory():
    values = np.random.default_rng(3).gamma(2, size=3_000)
    low, high = ccx.bootstrap_interval(values, np.mean, rng=1, n_resamples=4_000, confidence_level=0.9)
    half = stats.norm.ppf(0.95) * values.std() / np.sqrt(len(values))
    assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.1 * half)


def test_bootstrap_covers_the_truth_as_often_as_it_says():
    """150 samples of an exponential with mean 1; binomial bounds of four standard errors around 0.9."""
    rng, hits = np.random.default_rng(4), 0
    for _ in range(150):
        low, high = ccx.bootstrap_interval(rng.exponential(size=200), np.mean, rng, n_resamples=200, confidence_level=0.9)
        hits += low < 1 < high
    assert abs(hits / 150 - 0.9) < 4 * np.sqrt(0.9 * 0.1 / 150)


def test_bootstrap_width_shrinks_with_the_root_of_n():
    rng = np.random.default_rng(5)
    widths = [np.subtract(*ccx.bootstrap_interval(rng.gamma(2, size=n), ccx.gini, 1, n_resamples=600)) for n in (300, 4_800)]
    assert widths[0] / widths[1] == pytest.approx(4, rel=0.25)


def test_bootstrap_takes_percentiles():
    """The largest of a resample is never larger than the largest customer, as intervals of other kinds would have it."""
    low, high = ccx.bootstrap_interval(range(1, 10), np.max, 1)
    assert low < high == 9


@pytest.mark.parametrize("values", [np.random.default_rng(1).exponential(size=400), np.random.default_rng(2).integers(0, 4, 60), [5, 5, 5]])
def test_the_bootstrap_of_ginis_by_counting_is_that_by_sorting(values):
    by_counting, by_sorting = (ccx.bootstrap_interval(values, gini, 3, n_resamples=250) for gini in (ccx.gini, lambda drawn: ccx.gini(drawn)))
    assert by_counting == pytest.approx(by_sorting, abs=1e-12)


@pytest.mark.parametrize("gini", [ccx.gini, lambda drawn: ccx.gini(drawn)])
def test_a_resample_of_zeros_alone_has_no_gini(gini):
    with pytest.raises(ValueError, match="must not all be zero"):
        ccx.bootstrap_interval([0, 0, 1, 9], gini, 3)


def test_bootstrap_depends_on_the_generator_alone():
    values = np.random.default_rng(6).exponential(size=50)
    first, again, other = (ccx.bootstrap_interval(values, ccx.gini, rng, n_resamples=99) for rng in (1, np.random.default_rng(1), 2))
    assert first == again != other
    assert ccx.bootstrap_interval([3, 3, 3], np.mean, 1) == (3, 3)


# -- windows ------------------------------------------------------------------------------------------------------


@pytest.fixture
def log():
    """Ann buys late on the first day and in weeks 2 and 3, Bob at the first moment of week 2, Cy never pays."""
    rows = [
        ("Ann", "2024-01-01 18:00", 6.0),
        ("Bob", "2024-01-08 00:00", 3.0),
        ("Ann", "2024-01-14 23:59", 1.0),
        ("Ann", "2024-01-15 00:00", 2.0),
        ("Cy", "2024-01-01 09:00", 0.0),
    ]
    log = pd.DataFrame(rows, columns=["customer_id", "date", "value"])
    return log.assign(date=pd.to_datetime(log["date"]))


def test_share_by_window_by_hand(log):
    table = ccx.share_by_window(log, [1, 2, 3], share=1 / 3)
    assert table.index.tolist() == [1, 2, 3] and table.index.name == "weeks"
    assert table["buyers"].tolist() == [1, 2, 2]  # week 2 starts seven days after midnight of the first day
    assert table["top_share"].tolist() == pytest.approx([1, 7 / 10, 9 / 12])
    assert table["top_share_buyers"].tolist() == pytest.approx([1 / 3, 7 / 10 * 2 / 3, 9 / 12 * 2 / 3])


def test_share_by_window_does_not_depend_on_rows_or_labels(log):
    expected = ccx.share_by_window(log, [1, 2.5, 30])
    shuffled = log.sample(frac=1, random_state=1).assign(customer_id=lambda rows: rows["customer_id"].astype("category"))
    pd.testing.assert_frame_equal(ccx.share_by_window(shuffled, np.array([1, 2.5, 30])), expected)


def test_share_by_window_ends_with_the_whole_log():
    """Limiting case: a window longer than the log is the log."""
    log = ccx.load("cdnow_sample")
    spend = log.groupby("customer_id")["value"].sum()
    last = ccx.share_by_window(log, [500]).loc[500]
    assert last["top_share"] == pytest.approx(ccx.top_share(spend))
    assert last["top_share_buyers"] == pytest.approx(ccx.top_share(spend[spend > 0]))


# -- moderation ---------------------------------------------------------------------------------------------------


def test_moderation_by_hand():
    """Top two of ten: A and B, then B and C; D is new in the second period, J gone."""
    first = pd.Series([9, 8, 1, 1, 1, 1, 1, 1, 1], index=list("ABCEFGHIJ"))
    second = pd.Series([2, 6, 7, 3, 1, 1, 1, 1, 1], index=list("ABCDEFGHI"))
    result = ccx.moderation(first, second)
    assert result.to_dict() == pytest.approx({"customers": 2, "missed": 1 / 2, "false_alarm": 1 / 8, "carried": 8 / 23})


def test_moderation_of_identical_periods():
    values = pd.Series(np.random.default_rng(1).permutation(100))
    result = ccx.moderation(values, values * 3)
    assert result["missed"] == result["false_alarm"] == 0
    assert result["carried"] == pytest.approx(ccx.top_share(values))


@pytest.mark.parametrize("share", [0.1, 0.2, 0.5])
def test_moderation_of_independent_periods(share):
    """Limiting case: the first period's top is a random draw, so it misses 1 − share and carries share."""
    rng = np.random.default_rng(7)
    first, second = (pd.Series(rng.exponential(size=100_000)) for _ in range(2))
    result = ccx.moderation(first, second, share)
    assert result[["missed", "false_alarm", "carried"]].tolist() == pytest.approx([1 - share, share, share], abs=0.01)


def test_moderation_keeps_ties_by_customer_order():
    alike = pd.Series(1.0, index=range(10))
    assert ccx.moderation(alike, alike[::-1].sort_index())["missed"] == 0
    assert ccx.moderation(alike, pd.Series([0.0] * 8 + [1.0, 1.0]))["missed"] == 1
    # Of 300 ties among 1,000 the first 200 stay: a sort that shuffles ties takes others.
    values = pd.Series(np.tile([1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0], 100))
    known = pd.Series(0.0, index=values.index)
    known[values.index[values == 1][:200]] = 1
    assert ccx.moderation(values, known)["missed"] == 0


@pytest.mark.parametrize("share, size", [(0.29, 29), (0.57, 57), (0.2, 20), (0.199, 19)])
def test_moderation_size_is_not_spoilt_by_rounding(share, size):
    values = pd.Series(np.arange(100.0))
    assert ccx.moderation(values, values, share)["customers"] == size


# -- the course's data --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bases():
    """Value per customer above zero; for the donors, who differ in number of gifts, zeros included."""
    spend = {name: ccx.load(name).groupby("customer_id")["value"].sum() for name in ("cdnow", "cdnow_sample", "grocery")}
    donors = ccx.load("donations")
    return {**{name: v[v > 0] for name, v in spend.items()}, "donations": donors["frequency"].repeat(donors["donors"])}


def measure(name, values):
    if name.startswith("top "):
        return ccx.top_share(values, float(name.split()[1]))
    return {"customers": len, "gini": ccx.gini, "effective_customers": ccx.effective_customers,
            "effective share": lambda v: ccx.effective_customers(v) / len(v)}[name](values)


@pytest.mark.parametrize("case", [e for e in REFERENCE if e["model"] == "concentration"],
                         ids=lambda e: f"{e['dataset']} {e['quantity']}")
def test_concentration_of_the_course_data(case, bases):
    assert measure(case["quantity"], bases[case["dataset"]]) == pytest.approx(case["value"], abs=case["tolerance"])


def reference(model, quantity):
    entry, = (e for e in REFERENCE if e["model"] == model and e["quantity"] == quantity)
    return pytest.approx(entry["value"], abs=entry["tolerance"])


def test_counts_of_cdnow():
    by_customer = ccx.load("cdnow").groupby("customer_id")["value"].agg(["sum", "size"])
    assert (by_customer["sum"] < by_customer["sum"].mean()).mean() == reference("counts", "below the mean")
    assert (by_customer["size"] == 1).mean() == reference("counts", "one-time buyers")


def test_moderation_of_cdnow():
    """39 weeks against the 39 that follow."""
    log = ccx.load("cdnow")
    early = log["date"] <= "1997-09-30"
    result = ccx.moderation(*(log[part].groupby("customer_id")["value"].sum() for part in (early, ~early)))
    for quantity in ("missed", "false_alarm", "carried"):
        assert result[quantity] == reference("moderation", quantity)


# -- what is refused ----------------------------------------------------------------------------------------------

FUNCTIONS = [ccx.lorenz, ccx.gini, ccx.top_share, ccx.effective_customers, lambda v: ccx.decile_table(v, 1),
             lambda v: ccx.bootstrap_interval(v, np.mean, 1, n_resamples=9)]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("values, message", [
    ([], "at least one customer"),
    ([[1, 2], [3, 4]], r"in one row.*shape \(2, 2\)"),
    (pd.DataFrame({"value": [1, 2]}), r"in one row.*shape \(2, 1\)"),
    (5, "one value per customer"),
    ([1, np.nan, 3], "1 of 3 values are missing"),
    (pd.Series([1, pd.NA, 3], dtype="Int64"), "1 of 3 values are missing"),
    ([1, -2, -3], "2 of 3 values are negative.*net out returns"),
    ([0, 0], "not all be zero"),
    ([1, np.inf], "must be finite"),
    ([1e308, 1e308], "must be finite"),
    (["a", 1], "could not convert"),
])
def test_bad_values_are_refused(function, values, message):
    with pytest.raises(ValueError, match=message):
        function(values)


@pytest.mark.parametrize("share", [0, 1, -0.1, 1.5, np.nan])
def test_shares_outside_their_range_are_refused(share):
    values = pd.Series([1.0, 2, 3, 4, 5])
    for call in (lambda: ccx.top_share(values, share), lambda: ccx.moderation(values, values, share)):
        with pytest.raises(ValueError, match="share must lie between 0 and 1, but is"):
            call()


@pytest.mark.parametrize("groups, message", [(0, "groups must be a whole number"), (-1, "at least 1, but is -1"),
                                             (2.5, "whole number"), (6, "5 customers can't be put into 6 groups")])
def test_bad_groups_are_refused(groups, message):
    with pytest.raises(ValueError, match=message):
        ccx.decile_table([1, 2, 3, 4, 5], groups)


def test_an_interval_that_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="at least two"):
        ccx.bootstrap_interval([3], np.mean, 1)
    with pytest.raises(ValueError, match="confidence_level must lie between 0 and 1, but is 95"):
        ccx.bootstrap_interval([3, 4], np.mean, 1, confidence_level=95)


@pytest.mark.parametrize("change, weeks, message", [
    (lambda log: log.drop(columns="value"), 1, "lacks the column 'value'; it has 'customer_id', 'date'"),
    (lambda log: log.assign(date="2024-01-01"), 1, "'date' must hold dates.*pd.to_datetime"),
    (lambda log: log.assign(date=log["date"].where(log.index > 0)), 1, "1 of 5 rows lack 'date'"),
    (lambda log: log.assign(customer_id=log["customer_id"].where(log.index > 1)), 1, "2 of 5 rows lack 'customer_id'"),
    (lambda log: log.assign(value=np.nan), 1, "5 of 5 rows lack 'value'"),
    (lambda log: log.head(0), 1, "empty"),
    (lambda log: log, 0, "longer than 0 weeks, but one is 0"),
    (lambda log: log, np.nan, "longer than 0 weeks, but one is nan"),
    (lambda log: log[log["customer_id"] != "Ann"], 1, "window of 1 weeks holds no spend"),
    (lambda log: log.assign(value=[-1, 3, 1, 2, 5]), 1, "1 of 3 values are negative"),
])
def test_bad_logs_and_windows_are_refused(log, change, weeks, message):
    with pytest.raises(ValueError, match=message):
        ccx.share_by_window(change(log), [weeks])


def test_bad_periods_are_refused():
    good = pd.Series([1.0, 2, 3, 4, 5])
    cases = [
        (good.where(good != 2), ValueError, "1 of 5 values are missing"),
        (good - 2, ValueError, "1 of 5 values are negative"),
        (good * 0, ValueError, "not all be zero"),
        (good.iloc[:0], ValueError, "at least one customer"),
        (good.set_axis([1, 1, 2, 3, 4]), ValueError, "Customer 1 appears more than once"),
        (good.to_numpy(), TypeError, "as a Series indexed by customer, not as ndarray"),
    ]
    for bad, error, message in cases:
        for periods in ((bad, good), (good, bad)):
            with pytest.raises(error, match=message):
                ccx.moderation(*periods)
    with pytest.raises(ValueError, match="0.1 of 5 customers holds nobody"):
        ccx.moderation(good, good, 0.1)
