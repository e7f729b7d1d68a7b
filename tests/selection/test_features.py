"""Behaviour by hand and against the log; the scale against scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import StandardScaler

import ccx
from ccx.selection import behaviour, standardised

DAYS = ["2024-01-01 09:00", "2024-01-01 18:00", "2024-01-15", "2024-01-08", "2024-02-05"]
LOG = pd.DataFrame({"customer_id": ["a", "a", "a", "b", "c"], "date": pd.to_datetime(DAYS, format="mixed"), "value": [6.0, 4.0, 30.0, 0.0, 9.0],
                    "line": ["tea", "soap", "soap", "tea", "tea"]})


def test_a_log_by_hand():
    """Two purchases on a day are one visit; c comes too late to count; b's visit was worth nothing."""
    found = behaviour(LOG, until="2024-01-22", by="line")
    assert found.to_dict("index") == {
        "a": {"visits": 2, "spend": 20.0, "silence": 1.0, "known": 3.0, "soap": 34 / 40, "tea": 6 / 40},
        "b": {"visits": 1, "spend": 0.0, "silence": 2.0, "known": 2.0, "soap": 0.0, "tea": 0.0}}


def test_visits_times_spend_is_what_the_log_holds():
    log = ccx.load("cdnow_sample")
    found = behaviour(log, until="1997-09-30")
    spent = log[log["date"] <= "1997-09-30"].groupby("customer_id")["value"].sum()
    pd.testing.assert_series_equal(found["visits"] * found["spend"], spent, check_names=False)
    base = ccx.customer_base(log, calibration_end="1997-09-30")
    assert (found["visits"] == base["frequency"] + 1).all() and np.allclose(found["known"], base["T"])
    assert np.allclose(found["known"] - found["silence"], base["recency"])


def test_shares_sum_to_one():
    log = ccx.load("grocery").sample(5000, random_state=1).assign(weekday=lambda rows: rows["date"].dt.day_name())
    shares = behaviour(log, by="weekday").iloc[:, 4:]
    assert shares.shape[1] == 7 and set(shares.sum(axis=1).round(9)) <= {0.0, 1.0}


def test_the_last_day_of_the_log_is_the_default():
    pd.testing.assert_frame_equal(behaviour(LOG), behaviour(LOG, until="2024-02-05"))


@pytest.mark.parametrize("change, arguments, message", [
    (lambda log: log.drop(columns="value"), {}, "lacks the column 'value'"),
    (lambda log: log, {"until": "2020-01-01"}, "Nobody bought anything until 2020"),
    (lambda log: log, {"by": "aisle"}, "no column 'aisle'"),
    (lambda log: log.assign(line=None), {"by": "line"}, "rows without an entry"),
    (lambda log: log.assign(value=-log["value"]), {"by": "line"}, "negative"),
])
def test_logs_that_do_not_serve_are_refused(change, arguments, message):
    with pytest.raises(ValueError, match=message):
        behaviour(change(LOG), **arguments)


def test_the_scale_is_that_of_scikit_learn():
    features = pd.DataFrame(np.random.default_rng(1).lognormal(size=(50, 3)), columns=["visits", "spend", "silence"], index=np.arange(50) + 1000)
    found = standardised(features)
    raw = np.column_stack([np.log1p(features["visits"]), np.log1p(features["spend"]), features["silence"]])
    np.testing.assert_allclose(found, StandardScaler().fit_transform(raw))
    assert found.index.equals(features.index) and features["visits"].min() > 0  # what was given is unchanged


def test_features_that_say_nothing_are_refused():
    good = pd.DataFrame({"visits": [1, 2, 4], "silence": [1.0, 5.0, 2.0]})
    for bad, message in ((good.assign(silence=3.0), "'silence' is missing for some customers or the same"),
                         (good.assign(visits=[1, np.nan, 2]), "'visits' is missing"), (good.assign(visits=[-1, 2, 3]), "no logarithm")):
        with pytest.raises(ValueError, match=message):
            standardised(bad)
