"""The models against published values, one test per value; its id begins with the paper, handout or package that gives it.

The values, their tolerances and their sources are in tests/data/reference.json. ADAPTERS says how this package
answers each quantity; params are those of the entry or, where it has none, a fit to its data.
"""

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import ccx
from ccx.clv import (
    BetaDiscreteWeibullModel,
    BetaGeoBetaBinomModel,
    BetaGeoModel,
    GammaGammaModel,
    GeometricModel,
    ModifiedBetaGeoModel,
    ParetoNBDModel,
    ShiftedBetaGeoModel,
    aggregate_retention,
    calibration_table,
    conditional_expectation,
    expected_customer_lifetime_value,
)
from ccx.clv._numeric import beta_average

DATA = Path(__file__).resolve().parent.parent / "data"
REFERENCE = json.loads((DATA / "reference.json").read_text(encoding="utf-8"))
MODELS = {
    "BG/NBD": BetaGeoModel,
    "MBG/NBD": ModifiedBetaGeoModel,
    "Pareto/NBD": ParetoNBDModel,
    "BG/BB": BetaGeoBetaBinomModel,
    "Gamma-Gamma": GammaGammaModel,
    "CLV (Pareto/NBD x Gamma-Gamma)": ParetoNBDModel,
    "sBG": ShiftedBetaGeoModel,
    "BdW": BetaDiscreteWeibullModel,
    "geometric": GeometricModel,
}
# Entries that another file tests, by the start of their model and data set.
ELSEWHERE = {
    ("concentration", ""): "test_heterogeneity.py",
    ("counts", ""): "test_heterogeneity.py",
    ("moderation", ""): "test_heterogeneity.py",
    ("data", "billboard"): "clv/test_nbd.py",
    ("NBD", "billboard"): "clv/test_nbd.py",
    ("Poisson", "billboard"): "clv/test_nbd.py",
}


def elsewhere(entry):
    return any(entry["model"] == model and (entry["dataset"] or "").startswith(dataset) for model, dataset in ELSEWHERE)


CASES = sorted((entry for entry in REFERENCE if not elsewhere(entry)), key=lambda entry: entry["source"])


def name(entry):
    """Source first; of the inputs only single numbers, and where a likelihood is taken."""
    shown = {key: value for key, value in entry["inputs"].items() if isinstance(value, (int, float))}
    if entry["quantity"] == "log_likelihood" and "params" in entry["inputs"]:
        shown["at"] = " ".join(map(str, entry["inputs"]["params"]))
    inputs = ", ".join(f"{key} {value}" for key, value in shown.items())
    source = entry["source"].split(";")[0]
    return f"{source}: {entry['dataset']}, {entry['model']}, {entry['quantity']}" + f" ({inputs})" * bool(inputs)


# -- data and fits ------------------------------------------------------------------------------------------------


@cache
def data(dataset):
    """One row per customer, with a column of weights."""
    if dataset == "donations":
        return ccx.load("donations").rename(columns={"donors": "weight"})
    if dataset == "cdnow_sample, 39 weeks, times to two decimals":
        names = {"x": "frequency", "t_x": "recency", "zbar": "monetary_value"}
        return pd.read_csv(DATA / "cdnow_customers_summary.csv.gz", index_col="ID").rename(columns=names).assign(weight=1)
    log, *periods = {
        "cdnow_sample, 39 weeks": ("cdnow_sample", "1997-09-30", "1998-06-30"),
        "cdnow_sample, 78 weeks": ("cdnow_sample", "1998-06-30"),
        "cdnow, 78 weeks": ("cdnow", "1998-06-30"),
    }[dataset]
    # The papers print the sample's customers by their numbers in the sample.
    who = "sample_id" if log == "cdnow_sample" else "customer_id"
    return ccx.customer_base(ccx.load(log), *periods, customer_id=who).assign(weight=1)


@cache
def fitted(model, dataset):
    return MODELS[model].fit(data(dataset), weights=data(dataset)["weight"])


def model_of(entry):
    """With the parameters of the entry; otherwise fitted to its survivors or its data set."""
    inputs = entry["inputs"]
    if "params" in inputs:
        return MODELS[entry["model"]](*inputs["params"])
    if "survivors" in inputs:
        return MODELS[entry["model"]].fit(cohorts(inputs["survivors"]))
    return fitted(entry["model"], entry["dataset"])


def cohorts(survivors):
    """A cohort of which only two counts are known is written as pairs (renewals, count)."""
    if np.ndim(survivors[0]) < 2:
        return survivors
    return [pd.Series(dict(known)) for known in survivors]


def one(entry):
    """The single customer of an entry; where it gives a number, the one who has it in the data."""
    inputs = entry["inputs"]
    past = pd.DataFrame({column: [inputs[column]] for column in ("frequency", "recency", "T")}, index=["Ann"])
    if "customer" in inputs:
        np.testing.assert_allclose(data(entry["dataset"]).loc[inputs["customer"], list(past)], past.loc["Ann"], atol=1e-5)
    return past


# -- what the package answers -------------------------------------------------------------------------------------


def parameter(entry):
    return model_of(entry).params[entry["quantity"]]


def standard_error(entry):
    return model_of(entry).standard_errors[entry["quantity"].removeprefix("standard error of ")]


def log_likelihood(entry):
    """At given parameters the sum over the data, for survivors by the textbook from S(t); otherwise that of the fit."""
    model, inputs = model_of(entry), entry["inputs"]
    if "params" not in inputs:
        return model.log_likelihood
    if "survivors" in inputs:
        left, alive = np.array(inputs["survivors"]), model.survival(np.arange(len(inputs["survivors"])))
        return -np.diff(left) @ np.log(-np.diff(alive)) + left[-1] * np.log(alive[-1])
    if "passengers by frequency and recency" in inputs:
        rows = pd.DataFrame(inputs["passengers by frequency and recency"], columns=["frequency", "recency", "weight"]).assign(T=4)
    else:
        rows = data(entry["dataset"])
    return rows["weight"] @ model.log_likelihood_rows(rows)


def log_likelihood_of_one_customer(entry):
    return model_of(entry).log_likelihood_rows(one(entry)).loc["Ann"]


def expected_purchases(entry):
    return model_of(entry).expected_purchases(one(entry), entry["inputs"]["future_t"]).loc["Ann"]


def expected_purchases_new_customer(entry):
    return model_of(entry).expected_purchases_new_customer(entry["inputs"]["t"])


def probability_alive(entry):
    return model_of(entry).expected_probability_alive(one(entry), entry["inputs"].get("future_t", 0)).loc["Ann"]


def probability(entry):
    return model_of(entry).probability(entry["inputs"]["x"], entry["inputs"]["t"])


def dert(entry):
    return model_of(entry).dert(one(entry), entry["inputs"]["discount_rate"]).loc["Ann"]


def dert_of_a_new_customer(entry):
    """DET, the papers' name for the DERT of a customer who has just come; their year has 52 weeks."""
    rate = np.log1p(entry["inputs"]["annual_discount_rate"]) / 52
    assert rate == pytest.approx(entry["inputs"]["discount_rate"])
    return model_of(entry).dert(pd.DataFrame({"frequency": [0], "recency": [0], "T": [0]}), rate).item()


def purchase_rate(entry):
    """Mean and variance over customers, from what is expected of one just come and of one who then bought at once.

    With m the mean and m' the mean once one purchase is known, the variance is m (m' − m).
    """
    model = model_of(entry)
    h = 1 if isinstance(model, BetaGeoBetaBinomModel) else 1e-6
    customers = pd.DataFrame({"frequency": [0, 1], "recency": [0, h], "T": [0, h]})
    mean, after = model.expected_purchases(customers, h) / h / model.expected_probability_alive(customers, h)
    return [mean, mean * (after - mean)]


def dropout_after_purchase(entry):
    """Mean and variance of p: right after one purchase E[1 − p] are there, of these after another E[(1 − p)²] / E[1 − p]."""
    just = pd.DataFrame({"frequency": [1, 2], "recency": [1, 1], "T": [1, 1]})
    one, then_another = model_of(entry).expected_probability_alive(just)
    return [1 - one, one * then_another - one**2]


def dropout_before_opportunity(entry):
    """Mean and variance of θ: customers last one opportunity with probability E[1 − θ], two with E[(1 − θ)²]."""
    new = pd.DataFrame({"frequency": [0], "recency": [0], "T": [0]})
    one, two = (model_of(entry).expected_probability_alive(new, t).item() for t in (1, 2))
    return [1 - one, two - one**2]


def dropout_rate(entry):
    """Mean and variance of μ, from the first and second difference at 0 of the share still there at t, E[exp(−μ t)]."""
    new, h = pd.DataFrame({"frequency": [0], "recency": [0], "T": [0]}), 1e-3
    there, later = (model_of(entry).expected_probability_alive(new, t).item() for t in (h, 2 * h))
    mean = (1 - there) / h
    return [mean, (1 - 2 * there + later) / h**2 - mean**2]


def by_frequency(entry):
    """The package's table of those with 0, 1, … purchases, the last class open, over the 39 weeks that follow."""
    rows = data(entry["dataset"])
    assert (rows["duration_holdout"] == entry["inputs"].get("future_t", 39)).all()
    return conditional_expectation(model_of(entry), rows, longest=len(entry["inputs"]["frequencies"]) - 1)


def mean_expected_purchases(entry):
    return by_frequency(entry)["expected"]


def customers_by_frequency(entry):
    return by_frequency(entry)["customers"]


def cumulative_purchases(entry):
    """Σ E[X(t − birth)] over the customers at the ends of the weeks, birth = max(T) − T."""
    T = data(entry["dataset"])["T"].to_numpy()
    age = np.array(entry["inputs"]["weeks"])[:, None] - (T.max() - T)
    return model_of(entry).expected_purchases_new_customer(np.maximum(age, 0)).sum(axis=1)


def total_expected_purchases(entry):
    rows = data(entry["dataset"])
    return rows["weight"] @ model_of(entry).expected_purchases(rows, entry["inputs"]["future_t"])


def customers_with_x_purchases(entry):
    rows = data(entry["dataset"])
    assert (rows["T"] == entry["inputs"]["t"]).all()
    return calibration_table(model_of(entry), rows, weights=rows["weight"])["expected"].loc[entry["inputs"]["x"]]


def purchases_by_year(entry):
    years = np.arange(entry["inputs"]["years"] + 1)
    return data(entry["dataset"])["weight"].sum() * np.diff(model_of(entry).expected_purchases_new_customer(years))


def spend_of_the_first_ten(entry):
    return model_of(entry).expected_customer_spend(data(entry["dataset"]).loc[1:10])


def spend_of_a_new_customer(entry):
    return model_of(entry).expected_new_customer_spend()


def repeat_spend(entry):
    rows = data(entry["dataset"])
    return rows["monetary_value"][rows["frequency"] > 0].agg(["size", "mean", "std", "min", "max"])


def values(entry):
    """Lifetime values, and who has no repeat purchase; the rate δ is per week, so it is turned into one per year first."""
    log = ccx.load("cdnow")
    spend = log.groupby("customer_id")["value"].sum()
    rows = data("cdnow, 78 weeks").loc[spend <= 4_000]
    value = expected_customer_lifetime_value(
        rows, model_of(entry), fitted("Gamma-Gamma", "cdnow_sample, 78 weeks"), time_unit="W",
        margin=entry["inputs"]["margin"], discount_rate=np.expm1(entry["inputs"]["discount_rate"] * 365.25 / 7),
    )  # fmt: skip
    return value, rows["frequency"] == 0


def total_value_without_repeat(entry):
    value, without = values(entry)
    return value[without].sum()


def average_value_without_repeat(entry):
    value, without = values(entry)
    return value[without].mean()


def average_value(entry):
    return values(entry)[0].mean()


def survival(entry):
    return model_of(entry).survival(entry["inputs"]["t"])


def derl(entry):
    return model_of(entry).derl(entry["inputs"]["renewals"], entry["inputs"]["discount_rate"])


def survivors_by_cohort(entry):
    """The customers acquired in each of the years, after 0, 1, … renewals up to 2004."""
    model, acquired = model_of(entry), entry["inputs"]["acquired 2000-04"]
    return [new * model.survival(np.arange(len(acquired) - year)) for year, new in enumerate(acquired)]


def present(entry):
    """Those still there in 2004, by renewals made."""
    return pd.Series({len(counts) - 1: counts[-1] for counts in survivors_by_cohort(entry)})


def base_value(entry):
    return model_of(entry).base_value(present(entry), entry["inputs"]["discount_rate"])


def base_value_at_the_aggregate_rate(entry):
    """As if all renewed with one probability, that of all cohorts taken together in the last year."""
    rate = aggregate_retention(survivors_by_cohort(entry))
    assert rate == pytest.approx(entry["inputs"]["aggregate retention"], abs=0.005)
    return GeometricModel(1 - rate).base_value(present(entry), entry["inputs"]["discount_rate"])


def theta_and_log_likelihood(entry):
    model = model_of(entry)
    return [model.theta, model.log_likelihood]


def hypergeometric(entry):
    """2F1(1, b; c; z) is the average of 1 / (1 − z (1 − θ)) over θ ~ beta(c − b, b); the models take such averages and no 2F1."""
    inputs = entry["inputs"]
    assert inputs["a"] == 1
    return beta_average(lambda theta: 1 / (1 - inputs["z"] * (1 - theta)), [inputs["c"] - inputs["b"]], [inputs["b"]]).item()


def size_and_span(entry):
    """The data set holds one row per customer and day; how many order lines there were its card says."""
    log, lines = ccx.load("cdnow"), re.search(r"([\d,]+) order lines", ccx.data_card("cdnow").source)
    days = [int(f"{day:%Y%m%d}") for day in (log["date"].min(), log["date"].max())]
    return [log["customer_id"].nunique(), int(lines[1].replace(",", "")), *days]


def without_repeat(entry):
    return (data(entry["dataset"])["frequency"] == 0).sum()


ADAPTERS = {
    **dict.fromkeys(["r", "alpha", "a", "b", "s", "beta", "gamma", "delta", "p", "q", "v", "c"], parameter),
    **dict.fromkeys(["standard error of s", "standard error of beta"], standard_error),
    "log_likelihood": log_likelihood,
    "log_likelihood of one customer": log_likelihood_of_one_customer,
    "expected_purchases": expected_purchases,
    "expected_purchases_new_customer": expected_purchases_new_customer,
    "probability_alive": probability_alive,
    "probability": probability,
    "dert": dert,
    "dert of a new customer": dert_of_a_new_customer,
    "mean and variance of the purchase rate": purchase_rate,
    "mean and variance of the dropout probability": dropout_after_purchase,
    "mean and variance of the purchase rate and of the dropout rate":
        lambda entry: purchase_rate(entry) + dropout_rate(entry),
    "mean and variance of the purchase probability and of the dropout probability":
        lambda entry: purchase_rate(entry) + dropout_before_opportunity(entry),
    "mean expected_purchases by frequency": mean_expected_purchases,
    "customers by frequency": customers_by_frequency,
    "expected cumulative purchases by week": cumulative_purchases,
    "total expected_purchases": total_expected_purchases,
    "expected number of customers with x purchases": customers_with_x_purchases,
    "expected purchases of the cohort by year": purchases_by_year,
    "expected_customer_spend of the first ten customers": spend_of_the_first_ten,
    "expected_new_customer_spend": spend_of_a_new_customer,
    "number, mean, standard deviation, minimum and maximum of the mean repeat spend": repeat_spend,
    "total value of the customers without a repeat purchase": total_value_without_repeat,
    "average value of a customer without a repeat purchase": average_value_without_repeat,
    "average value of a customer": average_value,
    "survival": survival,
    "derl": derl,
    "base_value": base_value,
    "base_value at the aggregate retention rate": base_value_at_the_aggregate_rate,
    "theta and log_likelihood": theta_and_log_likelihood,
    "2F1": hypergeometric,
    "customers, order lines, first day, last day": size_and_span,
    "customers with no repeat purchase": without_repeat,
}  # fmt: skip


# -- the tests ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", CASES, ids=name)
def test_published_value(entry):
    """The value that the source named in the test's id gives, to its tolerance."""
    found = np.asarray(ADAPTERS[entry["quantity"]](entry), dtype=float)
    expected = np.asarray(entry["value"], dtype=float)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=0, atol=entry["tolerance"])


@pytest.mark.parametrize("model, adapter", [
    (BetaGeoModel(0.243, 4.414, 0.793, 2.426), lambda entry: purchase_rate(entry) + dropout_after_purchase(entry)),
    (ParetoNBDModel(0.553, 10.578, 0.606, 11.669), ADAPTERS["mean and variance of the purchase rate and of the dropout rate"]),
    (BetaGeoBetaBinomModel(1.2, 0.75, 0.66, 2.78),
     ADAPTERS["mean and variance of the purchase probability and of the dropout probability"]),
], ids=["BG/NBD", "Pareto/NBD", "BG/BB"])  # fmt: skip
def test_predictions_imply_the_mixing_distributions(model, adapter):
    """Means and variances from predictions, against SciPy's of the distributions that the model names."""
    kinds = {"gamma": lambda shape, rate: stats.gamma(shape, scale=1 / rate), "beta": stats.beta}
    expected = [moment for kind, *parameters in model.mixing.values() for moment in kinds[kind](*parameters).stats("mv")]
    name, = (name for name, kind in MODELS.items() if kind is type(model) and not name.startswith("CLV"))
    found = adapter({"model": name, "inputs": {"params": list(model.params.values())}})
    np.testing.assert_allclose(found, expected, rtol=1e-3)


def test_every_entry_is_tested():
    """202 values here, 32 in other files, which name the models they take; no adapter is idle and no two tests share a name."""
    assert (len(CASES), len(REFERENCE)) == (202, 234)
    assert {entry["quantity"] for entry in CASES} == set(ADAPTERS)
    assert len({name(entry) for entry in CASES}) == len(CASES)
    for (model, _), file in ELSEWHERE.items():
        assert f'"{model}"' in (DATA.parent / file).read_text(encoding="utf-8") or model == "data"


def test_every_entry_has_a_tolerance_and_a_source():
    for entry in REFERENCE:
        assert set(entry) - {"note"} == {"model", "dataset", "inputs", "quantity", "value", "tolerance", "source"}
        assert entry["tolerance"] >= 0 and entry["source"]
