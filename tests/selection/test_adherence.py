"""Adherence: every measure against a walk through the days of each patient, and persistence against patients whose inclination to stop is known."""

import numpy as np
import pandas as pd
import pytest

from ccx.clv import GeometricModel, ShiftedBetaGeoModel
from ccx.selection import cohort_survivors, compliance, coverage, patient_value, persistence

START = pd.Timestamp("2024-01-01")


def messy(seed, patients=40, days=400):
    """Patients who refill early, late, twice on a day, or after a long break, with supplies of different sizes; and the last day of the observation."""
    rng, rows = np.random.default_rng(seed), []
    for patient in range(patients):
        day = rng.integers(0, 100)
        while day < days + 40:
            rows.append((f"p{patient}", START + pd.Timedelta(days=int(day)), int(rng.choice([10, 30, 90]))))
            day += rng.integers(0, 80)
    return pd.DataFrame(rows, columns=["customer_id", "date", "days"]).sample(frac=1, random_state=1), START + pd.Timedelta(days=days - 1)


def walked(fills, until, gap, grace, window=10**6):
    """One patient's life, a day at a time, with a shelf on which supplies lie."""
    supplied, first, shelf, without, covered = fills.groupby("date")["days"].sum().to_dict(), fills["date"].min(), 0, 0, 0
    refills = on_time = seen = 0
    late, lasted, stopped, episode = [], None, False, True
    for day in pd.date_range(first, until):
        today = supplied.get(day, 0)
        if today and day > first and episode:
            refills, on_time = refills + 1, on_time + (without <= grace)
            late.append(without)
        shelf += today
        without = 0 if shelf else without + 1
        covered += (shelf > 0) and seen < window
        if episode and without == 1:
            lasted = seen
        if episode and without > gap:
            episode, stopped = False, True
        if episode and shelf:
            lasted = seen + 1
        shelf, seen = max(shelf - 1, 0), seen + 1
    return {"observed": seen, "covered": covered, "refills": refills, "on_time": on_time, "late": np.mean(late) if late else np.nan,
            "stopped": stopped, "days": lasted}


@pytest.mark.parametrize("seed, gap, grace", [(1, 30, 5), (2, 10, 0), (3, 0, 0), (4, 60, 60)])
def test_every_measure_agrees_with_a_walk_through_the_days(seed, gap, grace):
    log, until = messy(seed)
    lives = pd.DataFrame({patient: walked(fills, until, gap, grace) for patient, fills in log[log["date"] <= until].groupby("customer_id")}).T
    days, stay, pace = coverage(log, until), persistence(log, until, gap), compliance(log, until, gap, grace)
    for found, expected in ((days["days"], "observed"), (days["covered"], "covered"), (stay["refills"], "refills"), (stay["days"], "days"),
                            (stay["stopped"], "stopped"), (pace["refills"], "refills"), (pace["on_time"], "on_time"), (pace["late"], "late")):
        np.testing.assert_allclose(found.astype(float), lives[expected].astype(float), err_msg=expected)
    assert stay["stopped"].any() and not stay["stopped"].all()


@pytest.mark.parametrize("window", [30, 180])
def test_coverage_of_a_window_agrees_with_the_walk(window):
    """Patients observed for less are left out; nobody is covered on more days than there are."""
    log, until = messy(5)
    found = coverage(log, until, window)
    fills = {patient: rows for patient, rows in log[log["date"] <= until].groupby("customer_id")}
    assert set(found.index) == {patient for patient, rows in fills.items() if (until - rows["date"].min()).days + 1 >= window}
    for patient, row in found.iterrows():
        assert (row["days"], row["covered"]) == (window, walked(fills[patient], until, 30, 5, window)["covered"])
    assert found["pdc"].max() <= 1 < found["mpr"].max()


def fills(*days, supply=30):
    return pd.DataFrame({"customer_id": 1, "date": START + pd.to_timedelta(days, unit="D"), "days": supply})


def test_what_is_carried_over_counts_once():
    """Three supplies fetched on one day last 90 days, not 30 and not 270; MPR counts them too, even when they last beyond the window."""
    until = START + pd.Timedelta(days=99)
    assert coverage(fills(0, 0, 0), until)["covered"].item() == coverage(fills(0, 10, 20), until)["covered"].item() == 90
    beyond = coverage(fills(0, 0, 0), until, window=60)
    assert (beyond["pdc"].item(), beyond["mpr"].item()) == (1, 1.5)


@pytest.mark.parametrize("late, stopped", [(30, False), (31, True)])
def test_a_gap_is_permitted_up_to_its_last_day(late, stopped):
    """Days without medicine between two fills, and the same at the end of the observation."""
    between = persistence(fills(0, 30 + late), until=START + pd.Timedelta(days=30 + late), gap=30)
    assert between["stopped"].item() is stopped and between["refills"].item() == (0 if stopped else 1)
    at_the_end = persistence(fills(0), until=START + pd.Timedelta(days=30 + late - 1), gap=30)
    assert at_the_end["stopped"].item() is stopped and at_the_end["days"].item() == 30


def test_whoever_comes_back_has_begun_anew():
    """The second episode adds days covered, but neither persistence nor compliance."""
    log, until = fills(0, 30, 200, 230, 260), START + pd.Timedelta(days=289)
    stay = persistence(log, until)
    assert stay[["refills", "days", "stopped"]].iloc[0].tolist() == [1, 60, True]
    assert compliance(log, until)["refills"].item() == 1 and coverage(log, until)["covered"].item() == 150


def test_a_patient_without_a_refill_has_no_compliance():
    found = compliance(fills(0), START)
    assert found["refills"].item() == 0 and found[["compliance", "late"]].isna().all(axis=None)


@pytest.mark.parametrize("change, arguments, message", [
    (lambda log: log.drop(columns="days"), {}, "lacks the column 'days'"),
    (lambda log: log.assign(days=0), {}, "2 of 2 fills supply 0 days"),
    (lambda log: log.assign(date=log["date"].where(log["date"] > START)), {}, "1 of 2 rows of the refill log lack 'date'"),
    (lambda log: log.assign(date=log["date"].astype(str)), {}, "pd.to_datetime"),
    (lambda log: log, {"until": "2020-01-01"}, "Nobody had begun by 2020"),
    (lambda log: log, {"gap": -1}, "0 days or more"),
])
def test_logs_that_do_not_serve_are_refused(change, arguments, message):
    for measure in (persistence, cohort_survivors, compliance):
        with pytest.raises(ValueError, match=message if measure is not compliance or "gap" not in arguments else "grace"):
            measure(change(fills(0, 30)), **{"until": "2024-12-31", **arguments})


def test_windows_and_graces_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="observed for 400 days"):
        coverage(fills(0), "2024-12-31", window=400)
    with pytest.raises(ValueError, match="grace must lie between"):
        compliance(fills(0), "2024-12-31", gap=5, grace=6)


# -- projecting ---------------------------------------------------------------------------------------------------


def patients(renewals, starts, late=lambda n: np.zeros(n, int)):
    """A log of patients who make so many refills, each so many days late."""
    who = np.repeat(np.arange(len(renewals)), renewals + 1)
    first = np.r_[True, np.diff(who) > 0]
    step = pd.Series(np.where(first, 0, 30 + late(len(who))))
    return pd.DataFrame({"customer_id": who, "date": START + pd.to_timedelta(step.groupby(who).cumsum() + starts[who], unit="D"), "days": 30})


def test_survivors_of_punctual_patients_are_those_of_the_model():
    """A cohort that begins on one day and is never late: the counts that the simulation itself reports, refill by refill."""
    survivors, latent = ShiftedBetaGeoModel(0.668, 3.806).simulate(500, rng=1, T=10)
    log = patients(latent["renewals"].to_numpy(), np.zeros(500, int))
    found = cohort_survivors(log, until=START + pd.Timedelta(days=10 * 30 + 29), gap=20)["2024Q1"]
    # Who did not make the tenth refill has been without for at most 29 days, which is enough to know with a gap of 20.
    assert found.tolist() == survivors.tolist()


def test_persistence_is_told_apart_from_compliance():
    """Lateness of up to three weeks, starts over half a year: the sBG's parameters come back; by months instead of refills they would not."""
    truth, rng, n = ShiftedBetaGeoModel(0.668, 3.806), np.random.default_rng(2), 20_000
    _, latent = truth.simulate(n, rng, T=40)
    log = patients(latent["renewals"].to_numpy(), rng.integers(0, 182, n), late=lambda size: rng.integers(0, 22, size))
    table = cohort_survivors(log, until=START + pd.Timedelta(days=599), gap=25)
    assert table.columns.tolist() == ["2024Q1", "2024Q2"] and table["2024Q1"].count() > table["2024Q2"].count() > 6
    found = ShiftedBetaGeoModel.fit(table)
    for name, exact in truth.params.items():
        assert found.params[name] == pytest.approx(exact, abs=4 * found.standard_errors[name])
    months = persistence(log, START + pd.Timedelta(days=599), gap=25)["days"] // 30
    wrong = ShiftedBetaGeoModel.fit([n, *((months > t).sum() for t in range(1, 11))])
    assert wrong.survival(12) > truth.survival(12) + 8 * np.sqrt(0.25 / n) and abs(found.survival(12) - truth.survival(12)) < 4 * np.sqrt(0.25 / n)


def test_a_cohort_of_which_everybody_has_stopped_is_counted_to_the_end():
    log = patients(np.array([0, 2, 1]), np.zeros(3, int))
    assert cohort_survivors(log, until="2024-12-31")["2024Q1"].tolist() == [3, 2, 1, 0]


@pytest.mark.parametrize("delay", [0, 10])
def test_value_of_a_patient_in_closed_form(delay):
    """Constant stopping θ: margin · (1 + d) / (d + θ), with d the rate over one interval."""
    d = 1.1 ** ((30 + delay) / 365.25) - 1
    assert patient_value(GeometricModel(0.1), margin=20, discount_rate=0.1, delay=delay) == pytest.approx(20 * (1 + d) / (d + 0.1))


def test_value_of_a_patient_is_the_mean_over_patients():
    """Simulated: discounted fills times margin, ten years of them."""
    model, margin = ShiftedBetaGeoModel(2.0, 6.0), 20.0
    _, latent = model.simulate(50_000, rng=3, T=120)
    step = 1.1 ** (-37 / 365.25)
    value = margin * (1 - step ** (latent["renewals"] + 1)) / (1 - step)
    assert patient_value(model, margin, 0.1, delay=7) == pytest.approx(value.mean(), abs=4 * value.std() / np.sqrt(50_000) + 0.1)


@pytest.mark.parametrize("arguments", [{"supply": 0}, {"delay": -1}])
def test_supplies_and_delays_that_cannot_be_are_refused(arguments):
    with pytest.raises(ValueError, match="longer than 0 days"):
        patient_value(GeometricModel(0.1), 20, 0.1, **arguments)
