"""The customer base against the published worksheet, by hand, and what it refuses."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ccx

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def toy():
    """Ann buys on three days (twice on one), Bob once, Cy only in the holdout period."""
    rows = [
        ("Bob", "2024-01-08", 30.0),
        ("Ann", "2024-01-15", 4.0),
        ("Ann", "2024-01-01 09:00", 10.0),
        ("Ann", "2024-01-15 18:30", 6.0),
        ("Ann", "2024-01-29", 20.0),
        ("Cy", "2024-02-10", 7.0),
        ("Ann", "2024-02-12", 8.0),
    ]
    log = pd.DataFrame(rows, columns=["customer_id", "date", "value"])
    return log.assign(date=pd.to_datetime(log["date"], format="mixed"))


def test_customer_base_by_hand(toy):
    base = ccx.customer_base(toy, calibration_end="2024-02-05", observation_end="2024-02-19")
    assert base.index.name == "customer_id"
    assert base.loc["Ann"].to_dict() == {
        "frequency": 2, "recency": 4, "T": 5, "monetary_value": 15,
        "frequency_holdout": 1, "monetary_value_holdout": 8, "duration_holdout": 2,
    }  # fmt: skip
    assert base.loc["Bob"].tolist() == [0, 0, 4, 0, 0, 0, 2]
    assert list(base.index) == ["Ann", "Bob"]  # Cy came after the calibration period


def test_the_last_day_of_each_period_belongs_to_it(toy):
    base = ccx.customer_base(toy, calibration_end="2024-01-29", observation_end="2024-02-12")
    assert base.loc["Ann", ["frequency", "frequency_holdout"]].tolist() == [2, 1]
    base = ccx.customer_base(toy, calibration_end="2024-01-28", observation_end="2024-02-11")
    assert base.loc["Ann", ["frequency", "frequency_holdout"]].tolist() == [1, 1]


def test_calibration_ends_by_default_with_the_log(toy):
    pd.testing.assert_frame_equal(ccx.customer_base(toy), ccx.customer_base(toy, calibration_end="2024-02-12"))


@pytest.mark.parametrize("unit, days", [("D", 1), ("W", 7), ("M", 30.4375), ("Y", 365.25)])
def test_the_unit_scales_times_and_nothing_else(toy, unit, days):
    base, daily = (ccx.customer_base(toy, "2024-02-05", "2024-02-19", time_unit=u) for u in (unit, "D"))
    times = ["recency", "T", "duration_holdout"]
    np.testing.assert_allclose(base[times] * days, daily[times])
    pd.testing.assert_frame_equal(base.drop(columns=times), daily.drop(columns=times))


def test_order_index_type_and_names_of_the_log_do_not_matter(toy):
    expected = ccx.customer_base(toy)
    shuffled = toy.sample(frac=1, random_state=1).rename(columns={"customer_id": "who", "date": "day", "value": "paid"})
    names = {"customer_id": "who", "date": "day", "value": "paid"}
    pd.testing.assert_frame_equal(ccx.customer_base(shuffled, **names).rename_axis("customer_id"), expected)
    as_category = toy.assign(customer_id=pd.Categorical(toy["customer_id"], ["Cy", "Bob", "Ann", "Nobody"]))
    assert ccx.customer_base(as_category).index.tolist() == ["Cy", "Bob", "Ann"]


def test_a_day_without_spend_is_a_purchase():
    log = pd.DataFrame({"customer_id": 1, "date": pd.to_datetime(["2024-01-01", "2024-01-08", "2024-01-15"])})
    base = ccx.customer_base(log.assign(value=[5.0, 0.0, 10.0]))
    assert base.loc[1].tolist() == [2, 2, 2, 5]


def test_customer_base_leaves_the_log_alone(toy):
    before = toy.copy(deep=True)
    ccx.customer_base(toy, "2024-02-05")
    pd.testing.assert_frame_equal(toy, before)


def test_customer_base_agrees_with_the_published_worksheet():
    """Fader, Hardie and Lee (2005), Marketing Science 24(2), Figure 1, and its summary of all 2,357 customers."""
    log = ccx.load("cdnow_sample")
    base = ccx.customer_base(log, calibration_end="1997-09-30", customer_id="sample_id")
    first = base.loc[:4, ["frequency", "recency", "T"]].round(2)
    assert first.values.tolist() == [[2, 30.43, 38.86], [1, 1.71, 38.86], [0, 0, 38.86], [0, 0, 38.86]]
    published = pd.read_csv(ROOT / "tests" / "data" / "cdnow_customers_summary.csv.gz", index_col="ID")
    assert len(base) == len(published) == 2_357
    np.testing.assert_array_equal(base.index, published.index)
    np.testing.assert_array_equal(base["frequency"], published["x"])
    np.testing.assert_allclose(base["recency"], published["t_x"], atol=0.005001)
    np.testing.assert_allclose(base["T"], published["T"], atol=0.005001)
    np.testing.assert_allclose(base["monetary_value"], published["zbar"], atol=0.005001)
    assert (base["frequency"] > 0).sum() == 946  # the customers to whom the gamma-gamma was fitted


def test_calibration_and_holdout_add_up():
    log = ccx.load("cdnow")
    base = ccx.customer_base(log, "1997-09-30", "1998-06-30")
    assert base["frequency"].sum() + base["frequency_holdout"].sum() + len(base) == len(log)
    assert (base["duration_holdout"] == 39).all()
    assert (base["recency"] <= base["T"]).all()




@pytest.mark.parametrize(
    "change, message",
    [
        (lambda log: log.rename(columns={"value": "price"}), r"no column 'value', only .*'price'.*value="),
        (lambda log: log.assign(date=log["date"].astype(str)), "'date' must hold dates .*pd.to_datetime"),
        (lambda log: log.assign(date=log["date"].dt.tz_localize("UTC")), "without time zone"),
        (lambda log: log.assign(date=20240101), "'date' must hold dates"),
        (lambda log: log.assign(value="7"), "'value' must hold numbers"),
        (lambda log: log.assign(customer_id=log["customer_id"].where(log.index != 2)), "'customer_id' has 1 missing"),
        (lambda log: log.assign(date=log["date"].where(log.index > 1)), "'date' has 2 missing .*labelled 0"),
        (lambda log: log.assign(value=log["value"].where(log.index != 3)), "'value' has 1 missing .*labelled 3"),
        (lambda log: log.assign(value=log["value"].where(log.index != 3, np.inf)), "'value' has 1 .*infinite"),
        (lambda log: log.head(0), "log is empty"),
    ],
)
def test_a_log_that_cannot_be_summarised_is_refused(toy, change, message):
    with pytest.raises(ValueError, match=message):
        ccx.customer_base(change(toy))


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"calibration_end": "2023-12-31"}, "2023-12-31.*before the first purchase.*2024-01-01"),
        ({"calibration_end": "soon"}, "calibration_end='soon' is not a date"),
        ({"calibration_end": 20240131}, "calibration_end=20240131 is not a date"),
        ({"calibration_end": pd.NaT}, "is not a date"),
        ({"calibration_end": "2024-02-05", "observation_end": "2024-02-05"}, "must be after calibration_end"),
        ({"observation_end": "2024-02-12"}, "the last day in the log if you gave none"),
        ({"time_unit": "week"}, "time_unit='week' is not known; use one of 'D', 'W', 'M', 'Y'"),
    ],
)
def test_periods_that_make_no_sense_are_refused(toy, arguments, message):
    with pytest.raises(ValueError, match=message):
        ccx.customer_base(toy, **arguments)


def test_a_log_that_is_no_frame_is_refused():
    with pytest.raises(TypeError, match="log must be a DataFrame.* not str"):
        ccx.customer_base("cdnow")
