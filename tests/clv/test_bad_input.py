"""Data that no customer can have: one sentence that names the column and the first such customer; the caller's data stay.

Nothing here is compared with a published value; each expected sentence is written out beside the mistake it answers.
"""

import re
import warnings

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

WITH_RECENCY = [BetaGeoModel, ModifiedBetaGeoModel, ParetoNBDModel, BetaGeoBetaBinomModel]
REPEAT = [*WITH_RECENCY, NBDModel]
ALL = [*REPEAT, GammaGammaModel]
CONTRACTS = [GeometricModel, ShiftedBetaGeoModel, BetaDiscreteWeibullModel]
EXAMPLE = {
    BetaGeoModel: BetaGeoModel(r=0.243, alpha=4.414, a=0.793, b=2.426),
    ModifiedBetaGeoModel: ModifiedBetaGeoModel(r=0.525, alpha=6.183, a=0.891, b=1.614),
    ParetoNBDModel: ParetoNBDModel(r=0.553, alpha=10.578, s=0.606, beta=11.669),
    BetaGeoBetaBinomModel: BetaGeoBetaBinomModel(alpha=1.2, beta=0.75, gamma=0.66, delta=2.78),
    NBDModel: NBDModel(r=0.385, alpha=12.07),
    GammaGammaModel: GammaGammaModel(p=6.25, q=3.74, v=15.44),
}


@pytest.fixture
def good():
    """Four customers without a fault, in an order that is not that of their names."""
    columns = {"frequency": [2.0, 1, 0, 3], "recency": [4.0, 3, 0, 5], "T": [6.0, 6, 6, 6], "monetary_value": [10.0, 20, 0, 7]}
    return pd.DataFrame(columns, index=["Zoe", "Ann", "Bob", "Cy"])


def broken(good, change):
    """The data with one mistake, made by Ann and again by Cy, who comes later."""
    for column, value in change.items():
        good.loc[["Ann", "Cy"], column] = value
    return good


def calls(model):
    """The fit and everything that is predicted from the same columns."""
    example = EXAMPLE[model]
    found = {"fit": model.fit, "log_likelihood_rows": example.log_likelihood_rows}
    if model is GammaGammaModel:
        return {**found, "expected_customer_spend": example.expected_customer_spend}
    return {
        **found,
        "expected_purchases": lambda data: example.expected_purchases(data, 1),
        "expected_probability_alive": example.expected_probability_alive,
        "dert": lambda data: example.dert(data, 0.1),
    }


def refusal(call, *args):
    """The sentence with which a call refuses its arguments, which it must leave as they were."""
    before = [arg.copy() if hasattr(arg, "copy") else arg for arg in args]
    with pytest.raises(ValueError) as refused:
        call(*args)
    for arg, was in zip(args, before):
        assert_same(arg, was)
    message = str(refused.value)
    assert is_one_sentence(message), message
    return message


def assert_same(found, expected):
    if isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(found, expected)
    elif isinstance(expected, pd.Series):
        pd.testing.assert_series_equal(found, expected)
    else:
        np.testing.assert_equal(found, expected)


def is_one_sentence(message):
    """Begins with a word, ends with a full stop, and nothing before it ends a sentence."""
    return message[0].isalpha() and message.endswith(".") and not re.search(r"[.!?]\s|\n", message)


def case(models, change, message, calls_only=None):
    """The mistake, the sentence, and whom it concerns."""
    return [pytest.param(model, call, change, message, id=f"{model.__name__}.{call}: {message.removeprefix('Column ')}")
            for model in models for call in calls(model) if calls_only is None or call in calls_only]  # fmt: skip


NAN, INF = np.nan, np.inf
MISTAKES = [
    *case(WITH_RECENCY, {"recency": -1}, "Column 'recency' is negative (customer 'Ann': -1)."),
    *case(WITH_RECENCY, {"recency": 7}, "Column 'recency' is larger than T (customer 'Ann': 7)."),
    *case(WITH_RECENCY, {"recency": 0}, "Column 'recency' is 0 although there are repeat purchases (customer 'Ann': 0)."),
    *case(WITH_RECENCY, {"frequency": 0}, "Column 'frequency' is 0 although recency is positive (customer 'Ann': 0)."),
    *case(WITH_RECENCY, {"recency": NAN}, "Column 'recency' is missing or infinite (customer 'Ann': nan)."),
    *case(WITH_RECENCY, {"recency": INF}, "Column 'recency' is missing or infinite (customer 'Ann': inf)."),
    *case(REPEAT, {"T": NAN}, "Column 'T' is missing or infinite (customer 'Ann': nan)."),
    *case(REPEAT, {"T": INF}, "Column 'T' is missing or infinite (customer 'Ann': inf)."),
    *case(REPEAT, {"T": -1}, "Column 'T' is negative (customer 'Ann': -1)."),
    *case(REPEAT, {"T": 0}, "Column 'T' is 0 although there are repeat purchases (customer 'Ann': 0)."),
    *case(ALL, {"frequency": NAN}, "Column 'frequency' is missing or infinite (customer 'Ann': nan)."),
    *case(ALL, {"frequency": INF}, "Column 'frequency' is missing or infinite (customer 'Ann': inf)."),
    *case(ALL, {"frequency": -1}, "Column 'frequency' is negative (customer 'Ann': -1)."),
    *case(ALL, {"frequency": 1.5}, "Column 'frequency' is no whole number (customer 'Ann': 1.5)."),
    *case([BetaGeoBetaBinomModel], {"recency": 2.5},
          "Column 'recency' is no whole number of opportunities (customer 'Ann': 2.5)."),
    *case([BetaGeoBetaBinomModel], {"T": 6.5}, "Column 'T' is no whole number of opportunities (customer 'Ann': 6.5)."),
    *case([BetaGeoBetaBinomModel], {"frequency": 6},
          "Column 'frequency' is larger than recency, the number of opportunities up to the last purchase "
          "(customer 'Ann': 6)."),
    *case([GammaGammaModel], {"monetary_value": NAN},
          "Column 'monetary_value' is missing or infinite (customer 'Ann': nan)."),
    *case([GammaGammaModel], {"monetary_value": INF},
          "Column 'monetary_value' is missing or infinite (customer 'Ann': inf)."),
    *case([GammaGammaModel], {"monetary_value": -1},
          "Column 'monetary_value' is negative, which the model knows nothing about (customer 'Ann': -1)."),
    *case([GammaGammaModel], {"monetary_value": 0},
          "Column 'monetary_value' is zero although there are repeat purchases; leave such customers out "
          "(customer 'Ann': 0).", calls_only=["fit"]),
]  # fmt: skip


@pytest.mark.parametrize("model, call, change, message", MISTAKES)
def test_impossible_values_are_refused(model, call, change, message, good):
    """One value that can't be, in a fit or a prediction: the sentence in the id."""
    assert refusal(calls(model)[call], broken(good, change)) == message


def test_the_first_such_customer_is_the_first_row():
    """Not the first in the alphabet, and by the label of the index, whatever it is: text, a number, a pair."""
    bad = pd.DataFrame({"frequency": [0, 1, 1], "recency": [0, -1, -2], "T": 6})
    pairs = [("Ann", 3), ("Ann", 1), ("Ann", 2)]
    for labels, named in ((["Bob", "Zoe", "Ann"], "'Zoe'"), ([7, 18, 4], "18"), (pairs, "('Ann', 1)")):
        bad.index = pd.Index(labels)
        assert refusal(BetaGeoModel.fit, bad) == f"Column 'recency' is negative (customer {named}: -1)."


# -- columns ------------------------------------------------------------------------------------------------------

COLUMNS = {model: ["frequency", "recency", "T"] for model in WITH_RECENCY} | {
    NBDModel: ["frequency", "T"],
    GammaGammaModel: ["frequency", "monetary_value"],
}
EVERY_COLUMN = [
    pytest.param(model, call, column, id=f"{model.__name__}.{call} {column}")
    for model in ALL for call in calls(model) for column in COLUMNS[model]
]  # fmt: skip


@pytest.mark.parametrize("model, call, column", EVERY_COLUMN)
def test_a_missing_column_is_named(model, call, column, good):
    """With the columns that are there instead."""
    there = [name for name in good if name != column]
    message = refusal(calls(model)[call], good[there])
    assert message == f"The data lack the column {column!r}; they have {', '.join(map(repr, there))}."


@pytest.mark.parametrize("model, call, column", EVERY_COLUMN)
def test_a_column_of_text_is_named(model, call, column, good):
    """Words, and a single word among numbers."""
    assert refusal(calls(model)[call], good.assign(**{column: "often"})) == f"Column {column!r} must hold numbers, not str."
    mixed = good.assign(**{column: [1, "often", 0, 1]})
    assert refusal(calls(model)[call], mixed) == f"Column {column!r} must hold numbers, not object."


@pytest.mark.parametrize("model, call, column", EVERY_COLUMN)
def test_missing_values_of_pandas_own_kind_are_named(model, call, column, good):
    """pandas.NA in a column of whole numbers, and None in one of objects."""
    whole = good.astype({column: "Int64"})
    whole.loc["Ann", column] = pd.NA
    objects = good.astype({column: object})
    objects.loc["Ann", column] = None
    for data in (whole, objects):
        assert refusal(calls(model)[call], data) == f"Column {column!r} is missing or infinite (customer 'Ann': nan)."


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
def test_what_is_no_frame_is_refused(model, good):
    """The columns as a dict, or as an array; the NBD's fit alone takes plain counts."""
    columns = ", ".join(map(repr, COLUMNS[model]))
    for name, call in calls(model).items():
        if (model, name) != (NBDModel, "fit"):
            assert refusal(call, good.to_dict("list")) == f"The data must be a DataFrame with the columns {columns}, not dict."
            assert refusal(call, good.to_numpy()) == f"The data must be a DataFrame with the columns {columns}, not ndarray."


# -- too few customers --------------------------------------------------------------------------------------------

NOBODY = "The data are empty: there is no customer to fit to."
ONE = "There is one customer only; how customers differ can't be read from one."
NOBODY_CAME_BACK = "Column 'frequency' is 0 for every customer: nobody came back, so there is no rate to estimate."
TOO_FEW_SPEND = "Column 'frequency' is positive for fewer than two customers; how spend differs can't be read from that."


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
def test_a_base_that_says_nothing_is_refused(model, good):
    """Nobody, one customer, or nobody who came back; by rows or by weights."""
    def answer(other):
        return TOO_FEW_SPEND if model is GammaGammaModel else other

    never = good.assign(frequency=0, recency=0)
    assert refusal(model.fit, good.head(0)) == NOBODY
    assert refusal(model.fit, good.head(1)) == answer(ONE)
    assert refusal(model.fit, never) == answer(NOBODY_CAME_BACK)
    assert refusal(model.fit, good, [0, 0, 0, 0]) == answer(NOBODY)
    assert refusal(model.fit, good, [0, 1, 0, 0]) == answer(ONE)
    assert refusal(model.fit, good, [0, 0, 9, 0]) == answer(NOBODY_CAME_BACK)


@pytest.mark.parametrize("model, call", [(model, call) for model in ALL for call in calls(model) if call != "fit"],
                         ids=lambda value: getattr(value, "__name__", value))  # fmt: skip
def test_predictions_take_any_number_of_customers(model, call, good):
    """Nobody, one customer, and customers who never came back are no mistake there."""
    for data in (good.head(0), good.head(1), good.assign(frequency=0, recency=0)):
        found = calls(model)[call](data)
        assert found.index.equals(data.index) and np.isfinite(found).all()


# -- weights ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
@pytest.mark.parametrize("weights, message", [
    ([1, 2, 3], "The weights must be one number per row, 4 in all, not of shape (3,)."),
    ([1, 2, 3, 4, 5], "The weights must be one number per row, 4 in all, not of shape (5,)."),
    ([1, -2, 3, -4], "Column 'weights' is missing, negative or infinite (customer 'Ann': -2)."),
    ([1, NAN, 3, NAN], "Column 'weights' is missing, negative or infinite (customer 'Ann': nan)."),
    ([1, INF, 3, INF], "Column 'weights' is missing, negative or infinite (customer 'Ann': inf)."),
])  # fmt: skip
def test_bad_weights_are_refused(model, weights, message, good):
    """As a list, an array or a column of the data."""
    for given in (weights, np.array(weights, dtype=float), pd.Series(weights, dtype=float)):
        assert refusal(model.fit, good, given) == message


# -- good data stay as they are too -------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
def test_nothing_is_modified(model):
    """A fit with weights and every prediction leave frame and weights as they were, types included."""
    if model is GammaGammaModel:
        data, _ = EXAMPLE[model].simulate(2_000, 1, frequency=np.arange(2_000) % 5)
    else:
        data, _ = EXAMPLE[model].simulate(2_000, 1, T=20)
    data = data.assign(extra="left alone").set_index(np.arange(2_000)[::-1])
    weights = pd.Series(np.arange(2_000) % 3, index=data.index)
    before, weighed = data.copy(deep=True), weights.copy(deep=True)
    model.fit(data, weights=weights)
    for call in calls(model).values():
        call(data)
    pd.testing.assert_frame_equal(data, before)
    pd.testing.assert_series_equal(weights, weighed)


# -- horizons and discount rates ----------------------------------------------------------------------------------


@pytest.mark.parametrize("model", REPEAT, ids=lambda model: model.__name__)
@pytest.mark.parametrize("t", [-1, NAN, INF])
def test_impossible_horizons_are_refused(model, t, good):
    """The same sentence from every prediction that looks ahead."""
    example = EXAMPLE[model]
    calls = [
        lambda: example.expected_purchases(good, t),
        lambda: example.expected_probability_alive(good, t),
        lambda: example.expected_purchases_new_customer(t),
        lambda: example.expected_purchases_new_customer([1, t]),
    ]
    for call in calls:
        assert refusal(call) == "A horizon must be zero or more and finite, in the time unit of the data."


@pytest.mark.parametrize("model", REPEAT, ids=lambda model: model.__name__)
@pytest.mark.parametrize("rate", [0, -0.1, NAN, INF])
def test_impossible_discount_rates_are_refused(model, rate, good):
    """Zero would be no discounting, and the sum might not end."""
    message = refusal(lambda: EXAMPLE[model].dert(good, rate))
    assert message == f"discount_rate must be positive and finite, not {rate}: without discounting the sum may not end."


# -- contracts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", CONTRACTS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("survivors, message", [
    ([100, 60, -5], "The count of cohort 0 at renewal 2 is negative (-5)."),
    ([100, 60, 70], "The count of cohort 0 at renewal 2 is larger than the one before (70)."),
    ([100, 60, NAN, 50, NAN], "The count of cohort 0 at renewal 2 is missing or infinite (nan)."),
    ([NAN, 60, 50], "The count of cohort 0 at renewal 0 is missing or infinite (nan)."),
    ([100, 60, INF], "The count of cohort 0 at renewal 2 is missing or infinite (inf)."),
    ([[100, 60, 50], [100, 70, 80]], "The count of cohort 1 at renewal 2 is larger than the one before (80)."),
    ({"2001": [100, 60, 50], "2002": [100, 60, 70]},
     "The count of cohort '2002' at renewal 2 is larger than the one before (70)."),
    (pd.DataFrame({"Ann": [100, 60.0, 50], "Bob": [100, -60.0, 50]}, index=[0, 2, 4]),
     "The count of cohort 'Bob' at renewal 2 is negative (-60)."),
    ([100], "Cohort 0 needs the acquired and at least one later count, not 1 in all."),
    ([], "Cohort 0 needs the acquired and at least one later count, not 0 in all."),
    (pd.DataFrame({"2001": [100, NAN], "2002": [100, NAN]}), "The data are empty: there is no cohort to fit to."),
    ({}, "The data are empty: there is no cohort to fit to."),
    (pd.DataFrame(), "The data are empty: there is no cohort to fit to."),
    ([100, 100, 100], "Nobody left, so there is no rate of leaving to estimate."),
    ([1, 1, 0], "There is one customer only; how customers differ can't be read from one."),
])  # fmt: skip
def test_survivors_that_cannot_be_are_refused(model, survivors, message):
    """The sentence names the cohort and the first renewal whose count can't be."""
    assert refusal(model.fit, survivors) == message


@pytest.mark.parametrize("model", CONTRACTS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("renewals", [[1, 2, 3], [0, 1.5, 3], [0, 2, 1], [0, 1, 1], ["a", "b", "c"]])
def test_an_index_that_counts_no_renewals_is_refused(model, renewals):
    """The index of a cohort begins with 0 and rises in whole numbers."""
    message = refusal(model.fit, pd.Series([100, 60, 50], index=renewals))
    assert message.startswith("Cohort 0 must be indexed by numbers of renewals that begin with 0 and rise, not [")


@pytest.mark.parametrize("model", CONTRACTS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("acquired, active, message", [
    ([10, 10, 10], [10, 15, NAN], "active is missing, negative or infinite in period 2."),
    ([10, -1, 10], [10, 15, 18], "acquired is missing, negative or infinite in period 1."),
    ([10, INF, 10], [10, 15, 18], "acquired is missing, negative or infinite in period 1."),
    ([10, 10, 10, 10], [10, 15, 30, 90], "active grows by more than was acquired in period 2."),
    ([10, 10, 10], [9, 15, 18], "In period 0 all customers are new, so active must equal acquired there, and be positive."),
    ([10, 10, 10], [10, 20, 30], "Nobody left, so there is no rate of leaving to estimate."),
    ([10, 10], [10, 15], "acquired and active must have the same length, at least 3, not 2 and 2."),
    ([10, 10, 10, 10], [10, 15, 18],
     "acquired and active must have the same length, at least 3, not 4 and 3."),
    ([], [], "acquired and active must have the same length, at least 3, not 0 and 0."),
])  # fmt: skip
def test_totals_that_cannot_be_are_refused(model, acquired, active, message):
    """The sentence names the row and the first period; as lists, arrays and columns of a table."""
    for kind in (list, lambda values: np.array(values, dtype=float), lambda values: pd.Series(values, dtype=float)):
        assert refusal(model.fit_totals, kind(acquired), kind(active)) == message


@pytest.mark.parametrize("model", CONTRACTS, ids=lambda model: model.__name__)
def test_nothing_is_modified_by_a_fit_to_survivors(model):
    """A table of cohorts with gaps, and rows of totals."""
    table = pd.DataFrame({"2001": [1000, 631, 468, 382], "2002": [1000, 640, 470, NAN]})
    acquired, active = np.array([1000.0, 1000, 1000, 1000]), np.array([1000.0, 1631, 2099, 2481])
    before, were = table.copy(deep=True), (acquired.copy(), active.copy())
    model.fit(table)
    model.fit_totals(acquired, active)
    pd.testing.assert_frame_equal(table, before)
    np.testing.assert_equal((acquired, active), were)


def test_a_climb_that_goes_on_for_ever_is_refused_from_any_start():
    """Customers who all leave with the same probability: the likelihood rises with a and b towards infinity, wherever the climb begins."""
    observed, _ = BetaGeoModel(0.243, 4.414, 0.793, 2.426).simulate(300, 1, T=20)
    for start in (None, [0.25, 4, 5, 20], np.array([1.0, 1, 1, 1])):
        with pytest.raises(RuntimeError, match="no maximum inside the parameter space"):
            BetaGeoModel.fit(observed, weights=np.arange(300) % 3, start=start)


@pytest.mark.parametrize("fit", [
    lambda model: model.fit([100, 0]),
    lambda model: model.fit_totals([10, 5, 5], [10, 0, 0] if model is not GeometricModel else [10, 5, 5]),
], ids=["all leave at once", "totals"])
@pytest.mark.parametrize("model", [GeometricModel, ShiftedBetaGeoModel, BetaDiscreteWeibullModel], ids=lambda model: model.__name__)
def test_contracts_that_say_nothing_are_refused_with_a_way_out(model, fit):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RuntimeError, match="no maximum inside the parameter space: try a longer window"):
            fit(model)


@pytest.mark.parametrize("start, message", [
    ([1], "start must be 2 numbers, one for each parameter, not of shape (1,)."),
    ([-1, 2], "ShiftedBetaGeoModel needs every parameter positive and finite, not alpha=-1.0."),
])
def test_a_bad_start_is_refused(start, message):
    assert refusal(lambda: ShiftedBetaGeoModel.fit([100, 60, 50], start=start)) == message


def test_dates_and_text_are_no_numbers(good):
    for column in (pd.to_datetime(["2020-01-01"] * len(good)), ["1", "2", "3", "4"]):
        assert refusal(BetaGeoModel.fit, good.assign(T=column)).startswith("Column 'T' must hold numbers, not ")
    double = pd.concat([good, good[["T"]]], axis=1)
    assert refusal(BetaGeoModel.fit, double).startswith("The data have more than one column 'T'; they have ")
