"""The customer base against the published worksheet, by hand, and what it refuses."""

import sys
from pathlib import Path

import duckdb
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


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture(params=["frame", "parquet", "relation"])
def handed(request, tmp_path, connection):
    """The three ways to hand a log over: each takes a frame and returns what the caller passes on."""

    def parquet(frame):
        frame.to_parquet(tmp_path / "log.parquet")
        return tmp_path / "log.parquet"

    return {"frame": lambda frame: frame, "parquet": parquet, "relation": connection.from_df}[request.param]


def test_customer_base_by_hand(toy, handed):
    base = ccx.customer_base(handed(toy), calibration_end="2024-02-05", observation_end="2024-02-19")
    assert base.index.name == "customer_id"
    assert base.loc["Ann"].to_dict() == {
        "frequency": 2, "recency": 4, "T": 5, "monetary_value": 15,
        "frequency_holdout": 1, "monetary_value_holdout": 8, "duration_holdout": 2,
    }  # fmt: skip
    assert base.loc["Bob"].tolist() == [0, 0, 4, 0, 0, 0, 2]
    assert list(base.index) == ["Ann", "Bob"]  # Cy came after the calibration period


def test_the_last_day_of_each_period_belongs_to_it(toy, handed):
    toy = handed(toy)
    base = ccx.customer_base(toy, calibration_end="2024-01-29", observation_end="2024-02-12")
    assert base.loc["Ann", ["frequency", "frequency_holdout"]].tolist() == [2, 1]
    base = ccx.customer_base(toy, calibration_end="2024-01-28", observation_end="2024-02-11")
    assert base.loc["Ann", ["frequency", "frequency_holdout"]].tolist() == [1, 1]


def test_calibration_ends_by_default_with_the_log(toy, handed):
    toy = handed(toy)
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


def test_a_day_without_spend_is_a_purchase(handed):
    log = pd.DataFrame({"customer_id": 1, "date": pd.to_datetime(["2024-01-01", "2024-01-08", "2024-01-15"])})
    base = ccx.customer_base(handed(log.assign(value=[5.0, 0.0, 10.0])))
    assert base.loc[1].tolist() == [2, 2, 2, 5]


def test_returns_are_netted_within_their_day_and_over_the_days(handed):
    """The second day nets to zero; 10.1 and -10.1 on the next two leave a mean of exactly zero after a first day of 29.99."""
    days = ["2024-01-01", "2024-01-02 08:00", "2024-01-02 23:59:59.999999", "2024-01-03", "2024-01-04"]
    log = pd.DataFrame({"customer_id": 1, "date": pd.to_datetime(days, format="mixed")})
    base = ccx.customer_base(handed(log.assign(value=[29.99, 5.0, -5.0, 10.1, -10.1])), time_unit="D")
    assert base.loc[1].tolist() == [3, 3, 3, 0]


@pytest.mark.parametrize("kind", ["int8", "int64", "float32", "bool", "Int64"])
def test_the_mean_spend_is_a_float_whatever_the_values_are(toy, handed, kind):
    log = handed(toy.assign(value=[1, 0, 1, 1, 0, 1, 1]).astype({"value": kind}))
    spend = ccx.customer_base(log, "2024-02-05")["monetary_value"]
    assert spend.dtype == "float64" and spend.tolist() == [0.5, 0]


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


CDNOW_OPTIONS = [
    {},
    {"calibration_end": "1997-09-30", "time_unit": "D"},
    {"calibration_end": "1997-09-30", "observation_end": "1998-06-30"},
    {"calibration_end": "1997-01-05 13:00", "observation_end": "1999-12-31", "time_unit": "M"},
]


def assert_same(got, expected):
    """The same in everything but the last bits of a mean."""
    pd.testing.assert_frame_equal(got, expected, check_index_type=True, check_exact=False, rtol=1e-14, atol=0)


@pytest.mark.parametrize("options", CDNOW_OPTIONS)
def test_every_way_to_hand_cdnow_over_gives_the_same(handed, options):
    names = {"customer_id": 'who "is" it', "date": "it's the day", "value": "customer"}
    log = ccx.load("cdnow").sample(frac=1, random_state=1).rename(columns=names)
    assert_same(ccx.customer_base(handed(log), **options, **names), ccx.customer_base(log, **options, **names))


@pytest.mark.parametrize(
    "ids",
    [
        ["b", "B", "é", "ä", "a", "", "Z"],
        np.array([3, 1, 2, 5, 4, 200, 255], dtype="uint8"),
        np.array([3, 1, 2, 5, 4, 6, 7], dtype="int16"),
        [2**53 + 1, 2**53, 2**53 + 2, -1, 0, 7, 8],
        [0.5, -0.5, 1.0, 2.0, 1e300, 3.0, 4.0],
        [True, False, True, True, True, False, True],
        pd.to_datetime(["2024-01-01"] * 3 + ["2023-01-01"] * 4),
        [b"b", b"a", b"c", b"b", b"b", b"a", b"b"],
    ],
)
def test_the_ids_may_be_of_any_kind(toy, handed, ids):
    log = toy.assign(customer_id=ids)
    assert_same(ccx.customer_base(handed(log)), ccx.customer_base(log))


def test_a_relation_keeps_categories_and_long_numbers(toy, connection):
    as_category = toy.assign(customer_id=pd.Categorical(toy["customer_id"], ["Cy", "Bob", "Ann"]))
    assert_same(ccx.customer_base(connection.from_df(as_category)), ccx.customer_base(as_category))
    ids = "100000000000000000000::DECIMAL(38, 0) + length(customer_id) AS customer_id, date, value"
    base = ccx.customer_base(connection.from_df(toy).project(ids))
    assert [int(customer) - 10**20 for customer in base.index] == [2, 3]


@pytest.mark.parametrize("kind", ["DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"])
def test_dates_may_have_any_precision_and_values_any_scale(toy, connection, kind):
    typed = connection.from_df(toy).project(f"customer_id, CAST(date AS {kind}) AS date, CAST(value AS DECIMAL(10, 2)) AS value")
    assert_same(ccx.customer_base(typed, "2024-02-05", "2024-02-19"), ccx.customer_base(toy, "2024-02-05", "2024-02-19"))


def test_only_the_file_of_that_name_is_read(toy, tmp_path):
    """DuckDB alone would read log[1].parquet as log1.parquet, and take a column from the folder's name."""
    folder = tmp_path / "value=7"
    folder.mkdir()
    toy.to_parquet(folder / "log[1].parquet")
    toy.head(1).to_parquet(folder / "log1.parquet")
    assert_same(ccx.customer_base(str(folder / "log[1].parquet")), ccx.customer_base(toy))


def test_a_relation_and_its_connection_stay_as_they_were(toy, connection):
    connection.register("frame", toy)
    connection.execute("CREATE TABLE log AS SELECT * FROM frame")
    relation = connection.table("log")
    names = "SELECT view_name FROM duckdb_views() UNION ALL SELECT table_name FROM duckdb_tables() ORDER BY ALL"
    before = relation.fetchall(), connection.execute(names).fetchall()
    ccx.customer_base(relation)
    with pytest.raises(ValueError, match="not a date"):
        ccx.customer_base(relation, "soon")
    assert (relation.fetchall(), connection.execute(names).fetchall()) == before
    assert len(ccx.customer_base(relation.filter("customer_id <> 'Ann'"))) == 2


def test_a_log_larger_than_the_memory_is_spilled(tmp_path):
    """14 million purchases: 50,000 customers buy four times a day, on 70 days."""
    path = tmp_path / "log.parquet"
    purchases = """SELECT i // 4 % 50000 AS customer_id, i + 0.5::DOUBLE AS value,
        TIMESTAMP '2024-01-01' + to_days((i // 200000)::INTEGER) + to_microseconds(i) AS date FROM range(14000000) AS log(i)"""
    settings = {"memory_limit": "100MB", "threads": 1, "temp_directory": str(tmp_path / "spill")}
    with duckdb.connect(config=settings) as connection:
        connection.execute(f"COPY ({purchases}) TO '{path}' (FORMAT parquet, COMPRESSION uncompressed)")
        base = ccx.customer_base(connection.read_parquet(str(path)), time_unit="D")
    assert path.stat().st_size > 3 * 100e6
    path.unlink()
    np.testing.assert_array_equal(base[["frequency", "recency", "T"]], 69)
    # On day d customer c spends 4 * (200,000 d + 4 c + 2), and the mean of the repeat days 1, ..., 69 is 35.
    np.testing.assert_allclose(base["monetary_value"], 4 * (200_000 * 35 + 4 * np.arange(50_000) + 2), rtol=1e-14)


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda log: log.rename(columns={"value": "price"}), r"no column 'value', only .*'price'.*value="),
        (lambda log: log.assign(date=log["date"].astype(str)), "'date' must hold dates .*; convert it"),
        (lambda log: log.assign(date=log["date"].dt.tz_localize("UTC")), "without time zone"),
        (lambda log: log.assign(date=20240101), "'date' must hold dates"),
        (lambda log: log.assign(value="7"), "'value' must hold numbers"),
        (lambda log: log.assign(customer_id=log["customer_id"].where(log.index != 2)), "'customer_id' has 1 missing"),
        (lambda log: log.assign(date=log["date"].where(log.index > 1)), "'date' has 2 missing .*drop or mend"),
        (lambda log: log.assign(value=log["value"].where(log.index != 3)), "'value' has 1 missing"),
        (lambda log: log.assign(value=log["value"].where(log.index != 3, np.inf)), "'value' has 1 .*infinite"),
        (lambda log: log.assign(customer_id=[0.5, np.inf, np.nan, 1, 1, 1, 1]), "'customer_id' has 2 missing or infinite"),
        (lambda log: log.head(0), "log is empty"),
    ],
)
def test_a_log_that_cannot_be_summarised_is_refused(toy, handed, change, message):
    with pytest.raises(ValueError, match=message):
        ccx.customer_base(handed(change(toy)))


def test_the_first_gap_of_a_frame_is_named(toy):
    with pytest.raises(ValueError, match="'value' has 2 missing .*labelled 'd'"):
        ccx.customer_base(toy.assign(value=[1, 1, 1, None, 1, np.inf, 1]).set_axis(list("abcdefg")))


def test_days_without_end_are_gaps(connection):
    days = "unnest(['infinity', '-infinity', '2024-01-01'])::TIMESTAMP"
    with pytest.raises(ValueError, match="'date' has 2 missing or infinite"):
        ccx.customer_base(connection.sql(f"SELECT 1 AS customer_id, {days} AS date, 2 AS value"))


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
def test_periods_that_make_no_sense_are_refused(toy, handed, arguments, message):
    with pytest.raises(ValueError, match=message):
        ccx.customer_base(handed(toy), **arguments)


@pytest.mark.parametrize("log", [None, b"log.parquet", [Path("log.parquet")]])
def test_anything_else_is_no_log(log):
    with pytest.raises(TypeError, match=f"log must be a DataFrame.*Parquet file or a DuckDB relation, not {type(log).__name__}"):
        ccx.customer_base(log)


def test_a_file_that_is_not_there_or_not_parquet_is_named(toy, tmp_path):
    for path in (tmp_path, tmp_path / "log*.parquet", "s3://shop/log.parquet", "cdnow"):
        with pytest.raises(FileNotFoundError, match="no file .*give the path of a Parquet file"):
            ccx.customer_base(path)
    for content in (b"", b"customer_id,date,value\n" * 100):
        (tmp_path / "log.parquet").write_bytes(content)
        with pytest.raises(ValueError, match=r"cannot read '.*log.parquet' \(.+\); give the path of a whole Parquet file"):
            ccx.customer_base(tmp_path / "log.parquet")


def test_a_damaged_page_is_told_as_a_damaged_file(toy, tmp_path):
    toy.to_parquet(tmp_path / "log.parquet", compression="zstd")
    content = (tmp_path / "log.parquet").read_bytes()
    (tmp_path / "log.parquet").write_bytes(content[:4] + bytes(len(content) // 8) + content[4 + len(content) // 8 :])
    with pytest.raises(ValueError, match="cannot read .*log.parquet"):
        ccx.customer_base(tmp_path / "log.parquet")


def test_without_duckdb_the_sentence_says_what_to_install(toy, tmp_path, monkeypatch):
    toy.to_parquet(tmp_path / "log.parquet")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(ImportError, match="run `pip install duckdb`"):
        ccx.customer_base(tmp_path / "log.parquet")
    assert len(ccx.customer_base(toy)) == 3
