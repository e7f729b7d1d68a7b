"""What an audit says: its sentences, the page, what a notebook shows, and the command."""

import html
import re

import pandas as pd
import pytest

import ccx
from audit_logs import ROWS, audited
from ccx import cli
from ccx.base_audit.findings import amount, share, signed

NASTY = '<img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return ccx.audit(ccx.load("company"), margin="margin", unit="dollars").report(tmp_path_factory.mktemp("audit") / "report.html").read_text(encoding="utf-8")


def said(base, lens):
    finding = next(finding for finding in base.findings if finding.lens == lens)
    return " ".join(finding.shows), " ".join(finding.beware)


# -- the sentences ------------------------------------------------------------------------------------------------


def test_numbers_in_words():
    assert [amount(x, "dollars") for x in (0.5, 999.994, 1000)] == ["0.50 dollars", "999.99 dollars", "1,000 dollars"]
    assert [share(x) for x in (0, 0.004, 0.006, 0.994, 0.996, 1)] == ["0%", "less than 1%", "1%", "99%", "more than 99%", "100%"]
    assert [signed(x) for x in (-5, 0, 5)] == ["−5.00", "+0.00", "+5.00"]


def test_each_lens_says_what_it_shows():
    """Worked out in test_lenses."""
    base = audited(unit="euros")
    shows, beware = said(base, "One period")
    assert "In 2024Q2, 3 customers placed 3 orders worth 75.00 euros: 1.00 orders each, 25.00 euros an order." in shows
    assert "30.00 euros on average, half of them 25.00 euros or less; 67% spent less than the average, and 100% ordered once" in shows and "one quarter" in beware
    shows, beware = said(base, "Two periods")
    assert "Revenue fell by 25.0%, from 100.00 euros in 2024Q1 to 75.00 euros in 2024Q2." in shows
    assert "Of the 3 customers of 2024Q1, 1 (33%) ordered in 2024Q2 too." in shows
    assert "Of the 3 of 2024Q2, 1 (33%) bought for the first time after 2024Q1, and 1 came back." in shows
    assert "without a contract nobody says good-bye" in beware and "different seasons" in beware
    shows, beware = said(base, "The whole base")
    assert "Of the revenue of 2024Q2, 20% came from customers acquired earlier, 80% from those acquired in it." in shows
    assert "3 customers ordered: 1 new, 1 who had ordered in the quarter before too, and 1 who came back. 2 of the quarter before did not order." in shows


def test_the_growth_is_split_in_words():
    """4 orders of 25 became 3 of 25: three customers each, so all of it is orders per customer, 100 (3/4 − 1)."""
    shows, _ = said(audited(), "Two periods")
    parts = "+0.00 come from customers, −25.00 from orders per customer and +0.00 from value per order"
    assert f"Of the change of revenue, {parts}. Orders per customer: 100% of it." in shows


def test_a_change_within_chance_is_called_so_and_one_beyond_is_not():
    values = {"chance": [10.0 + i % 7 for i in range(40)], "clear": [30.0 + i % 7 for i in range(40)]}
    for kind, words in (("chance", "chance alone may explain that"), ("clear", "more than chance explains")):
        spent = {2023: values["chance"][::-1], 2024: values[kind]}
        rows = [(f"{year}{i}", f"{year}-01-05", value) for year in spent for i, value in enumerate(spent[year])]
        shows, beware = said(audited(rows, start="2023-01-01", end="2025-03-31"), "Cohorts against each other")
        assert words in shows and "does not say why" in beware


def test_what_the_log_can_t_show_is_said():
    single = audited([("A", "2024-01-05", 1.0), ("B", "2024-01-06", 2.0)], start="2024-01-01", end="2024-03-31")
    assert "no earlier period to compare" in said(single, "Two periods")[1] and "holds one cohort" in said(single, "Cohorts against each other")[1]
    assert "The log begins in 2024Q1. If the firm had customers before" in said(single, "One cohort")[1]
    assert "every one of its 2 customers counts as new" in said(single, "The whole base")[0]
    young = audited([("A", "2024-01-05", 1.0), ("B", "2024-04-06", 2.0)], start="2024-01-01", end="2024-12-31")
    assert "no cohorts a year apart" in said(young, "Cohorts against each other")[1]


def test_losses_and_factors_without_a_logarithm_do_not_stop_the_sentences():
    rows = [("A", "2023-11-01", 50.0), ("A", "2024-01-05", 1.0), ("A", "2024-02-05", -40.0), ("B", "2024-04-05", 9.0)]
    base = audited(rows, of="2024Q2", against="2024Q1")
    assert "can't be split into factors, as one of them is not above zero" in said(base, "Two periods")[0]
    assert "Revenue rose, from -39.00 " in said(base, "Two periods")[0]


# -- the page -----------------------------------------------------------------------------------------------------


def test_the_page_holds_all_lenses_their_pictures_and_where_they_come_from(page):
    assert re.findall(r"<h2>\d\. (.+?)</h2>", page) == ["One period", "Two periods", "One cohort", "Cohorts against each other", "The whole base"]
    pictures = re.findall(r'<img src="data:image/svg\+xml;base64,[A-Za-z0-9+/=]+" width="\d+" height="\d+" alt="([^"]+)">', page)
    assert len(pictures) == page.count("<img") == 12 and all(len(alt) > 60 for alt in pictures)
    assert "Fader, P. S., Hardie, B. G. S. and Ross, M. (2022)" in page


def test_the_page_runs_nothing_and_fetches_nothing(page):
    assert "<script" not in page and "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?!data:)', page) and "url(" not in page and "@import" not in page


def test_the_page_names_no_customer(tmp_path):
    log = ccx.load("company").assign(customer_id=lambda log: "person-" + log["customer_id"].astype(str) + "@example.org")
    assert "example.org" not in ccx.audit(log).report(tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_same_log_gives_the_same_page(tmp_path):
    one, other = (audited().report(tmp_path / name).read_bytes() for name in ("one.html", "other.html"))
    assert one == other


def test_what_comes_from_the_file_is_escaped(tmp_path):
    log = pd.DataFrame(ROWS, columns=[NASTY, "date", "value"])
    base = ccx.audit(log, customer_id=NASTY, unit=NASTY)
    page = base.report(tmp_path / "page.html", title=NASTY).read_text(encoding="utf-8")
    for text in (page, base._repr_html_()):
        assert NASTY not in text and html.escape(NASTY) in text.replace("&#34;", "&quot;")


def test_the_account_of_rows_is_in_the_page(tmp_path):
    log = pd.DataFrame([*ROWS, (None, "2024-01-01", 7.25), ("Ann", "soon", 1.0)], columns=["customer", "date", "value"])
    base = ccx.audit(log)
    page = base.report(tmp_path / "page.html").read_text(encoding="utf-8")
    for reason, rows, value in (("no customer", 1, "7.25"), ("date not readable", 1, "1.00"), ("rows that count", 10, "183.00"), ("all rows", 12, "191.25")):
        assert re.search(rf'<th scope="row">{reason}</th><td>{rows}</td><td>{value}</td>', page)
    assert "Set aside: no customer, 1 row, 7.25." in base._repr_html_()


def test_periods_covered_in_part_are_named(tmp_path):
    page = audited(start="2023-11-01", end="2024-06-15").report(tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Covered in part only: 2023Q4 and 2024Q2." in page and "In 2024Q1, 3 customers" in page


@pytest.mark.parametrize("rows", [
    [("A", "2024-01-05", 1.0)], [("A", "2024-01-05", 0.0)], [("A", "2024-01-05", 1.0), ("A", "2024-01-05", -1.0)],
    [("A", "2024-01-05", 1.0), ("A", "2024-05-05", -3.0), ("B", "2024-05-06", 1.0)],
], ids=["one row", "nothing spent", "all sent back on the day", "more sent back than bought"])  # fmt: skip
def test_odd_little_logs_have_a_page_too(rows, tmp_path):
    base = ccx.audit(pd.DataFrame(rows, columns=["customer", "date", "value"]))
    page = base.report(tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count("<h2>") == 9 and ">nan<" not in page and set(base.figures()) >= {"spread", "c3", "active"}


# -- in the notebook and on the command line ----------------------------------------------------------------------


def test_the_figures_can_be_shown_one_by_one():
    figures = ccx.audit(ccx.load("company")).figures()
    assert set(figures) == {"spread", "deciles", "orders", "flows", "growth", "migration", "cohort", "cohorts", "cohort quality", "c3", "active"}
    assert "<img alt=" in ccx.show(figures["c3"]).data


def test_the_command_writes_the_page_and_prints_the_headlines(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pd.DataFrame(ROWS, columns=["who", "date", "value"]).to_csv("shop.v2.csv", index=False)
    assert cli.main(["audit", "shop.v2.csv", "--customer-id", "who", "--period", "M"]) == 0
    out = capsys.readouterr().out
    assert "One period: In 2024-06," in out and out.splitlines()[-1] == "shop-audit.html" and "<h1>" in (tmp_path / "shop-audit.html").read_text(encoding="utf-8")


def test_the_command_asks_where_the_log_is_not_clear(tmp_path, capsys):
    path = tmp_path / "shop.csv"
    path.write_text("customer,date,value\nA,01/02/2024,5\nB,03/04/2024,6\n", encoding="utf-8")
    assert cli.main(["audit", str(path)]) == 2 and "day_first=True" in capsys.readouterr().err
    for option, month in (("--day-first", "2024-02"), ("--month-first", "2024-01")):
        assert cli.main(["audit", str(path), option, "--period", "M", "--out", str(tmp_path / "page.html")]) == 0
        assert f"{month} to" in capsys.readouterr().out


def test_the_name_is_the_function_and_costs_nothing_until_it_is_used():
    import ccx.base_audit.result

    assert callable(ccx.audit) and ccx.audit is ccx.base_audit.audit is ccx.base_audit.result.audit
