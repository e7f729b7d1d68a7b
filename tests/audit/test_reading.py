"""Logs as they come: separators, encodings, dates, amounts and ids of every kind, and an error where something could be read in two ways."""

import datetime
import decimal
import gzip

import numpy as np
import pandas as pd
import pytest

import ccx

HEAD = "customer,date,amount\n"


@pytest.fixture
def written(tmp_path):
    """Write a text, or bytes, to a file."""

    def write(text, encoding="utf-8", name="log.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


def rows(base):
    """What counts, as (customer, day, value)."""
    return [(who, f"{day:%Y-%m-%d}", value) for who, day, value in base.log[["customer_id", "date", "value"]].itertuples(index=False)]


TWO = [("A", "2024-01-05", 5.5), ("B", "2024-02-15", 7.0)]


# -- files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [
    "customer,date,amount\nA,2024-01-05,5.5\nB,2024-02-15,7\n",
    "customer;date;amount\nA;2024-01-05;5,5\nB;2024-02-15;7\n",
    "customer\tdate\tamount\nA\t2024-01-05\t5.5\nB\t2024-02-15\t7\n",
    "customer|date|amount\r\nA|2024-01-05|5.5\r\nB|2024-02-15|7\r\n",
    "customer  date        amount\nA         2024-01-05  5.5\nB         2024-02-15  7\n",
    "sep=;\ncustomer;date;amount\nA;2024-01-05;5.5\nB;2024-02-15;7\n",
    "customer,date,amount\rA,2024-01-05,5.5\rB,2024-02-15,7\r",
    'customer,date,amount\n"A","2024-01-05","5.5"\n"B","2024-02-15","7"\n',
    "Sales of a shop\nmade by hand\n\ncustomer,date,amount\nA,2024-01-05,5.5\nB,2024-02-15,7\n",
    "\n\ncustomer , date , amount\n\nA , 2024-01-05 , 5.5\n\nB , 2024-02-15 , 7\n\n",
    'customer,date,amount,note\nA,2024-01-05,5.5,"two\nlines, and a comma"\nB,2024-02-15,7,""\n',
    "date,note;with;semicolons,amount,customer\n2024-01-05,a;b;c,5.5,A\n2024-02-15,d;e;f,7,B\n",
], ids=["commas", "semicolons", "tabs", "bars", "blanks", "sep=", "old Mac", "quoted", "title above", "blanks around", "line break in a cell",
        "other separators in cells"])  # fmt: skip
def test_a_text_file_is_read_whatever_stands_between_its_cells(written, text):
    assert rows(ccx.audit(written(text))) == TWO


@pytest.mark.parametrize("encoding, said", [("utf-8", False), ("utf-8-sig", False), ("utf-16", False), ("cp1252", True)])
def test_umlauts_arrive_and_a_guessed_encoding_is_told(written, encoding, said):
    base = ccx.audit(written("Kunde,date,amount\nMüller,2024-01-05,5\nJosé,2024-01-06,7\n", encoding))
    assert sorted(base.customers.index) == ["José", "Müller"]
    assert any("Windows-1252" in sentence for sentence in base.how_read) is said


def test_an_encoding_can_be_given(written):
    path = written("Kunde,date,amount\nПётр,2024-01-05,5\nИван,2024-01-06,7\n", "cp1251")
    assert sorted(ccx.audit(path, encoding="cp1251").customers.index) == ["Иван", "Пётр"]
    with pytest.raises(ValueError, match="can't be read as ascii .* name another encoding"):
        ccx.audit(path, encoding="ascii")


def test_compressed_files_and_parquet_are_read(written, tmp_path):
    text = HEAD + "A,2024-01-05,5.5\nB,2024-02-15,7\n"
    assert rows(ccx.audit(written(gzip.compress(text.encode()), name="log.csv.gz"))) == TWO
    pd.DataFrame(TWO, columns=["customer", "date", "amount"]).astype({"date": "M8[ms]"}).to_parquet(tmp_path / "log.parquet")
    assert rows(ccx.audit(tmp_path / "log.parquet")) == TWO
    assert rows(ccx.audit(str(tmp_path / "log.parquet"))) == TWO


def test_a_duckdb_relation_is_read():
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as connection:
        relation = connection.sql("SELECT * FROM (VALUES ('A', DATE '2024-01-05', 5.5::DECIMAL(8, 2)), ('B', DATE '2024-02-15', 7)) AS t(customer, date, amount)")
        assert rows(ccx.audit(relation)) == TWO


@pytest.mark.parametrize("content, said", [
    (b"", "is empty"), (b"\n \n", "is empty"), (b"PK\x03\x04rest", "unpack it, or save the sheet as CSV"), (b"c\0u\0s\0t\0", "zero bytes"),
    (b"a,b\n1,2\n", "no table of three columns or more"), (b"just a word\n", "no column is recognised"), (b"customer,date,amount\n", "no row with a date"),
])  # fmt: skip
def test_what_is_no_log_is_refused_in_a_sentence(written, content, said):
    with pytest.raises(ValueError, match=said):
        ccx.audit(written(content))


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no file"):
        ccx.audit(tmp_path / "none.csv")
    with pytest.raises(TypeError, match="not list"):
        ccx.audit([1, 2, 3])
    with pytest.raises(ValueError, match="one character"):
        ccx.audit(__file__, separator="ab")


def test_lines_that_never_become_rows_are_counted(written):
    base = ccx.audit(written(HEAD + "A,2024-01-05,5.5\ncustomer,date,amount\nB,2024-02-15,7\nC,2024-02-15,7,8\nD,2024-02-15\ncustomer,date,amount\n"))
    assert rows(base) == TWO
    assert base.set_aside["rows"].to_dict() == {"line with another number of cells": 2, "copy of the header": 2}


def test_a_file_without_a_header_asks_for_its_columns_by_number(written):
    """As in the file of CDNOW that its authors hand out."""
    path = written(" 00001 19970101  1   11.77\n 00002 19970112  1   12.00\n")
    with pytest.raises(ValueError, match="no column is recognised as the customer; the log has '1', '2', '3', '4'"):
        ccx.audit(path)
    base = ccx.audit(path, customer_id="1", date="2", value="4")
    assert rows(base) == [("00001", "1997-01-01", 11.77), ("00002", "1997-01-12", 12.0)] and any("no header" in sentence for sentence in base.how_read)


# -- which column is which ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [("CustomerID", "InvoiceDate", "Amount"), ("Customer ID", "Order Date", "Sales"),
                                   ("kundennr", "Bestelldatum", "Umsatz"), ("household_id", "timestamp", "sales_value")])  # fmt: skip
def test_usual_names_are_recognised_and_told(names):
    base = ccx.audit(pd.DataFrame([("A", "2024-01-05", 5.5), ("B", "2024-02-15", 7.0)], columns=names).assign(product="tea"))
    assert rows(base) == TWO and base.how_read[0] == f"Customer: {names[0]!r}, date: {names[1]!r}, value: {names[2]!r}."


def test_the_course_s_own_names_win():
    log = pd.DataFrame({"customer_id": ["A"], "user": ["x"], "date": ["2024-01-05"], "order_date": ["2023-01-01"], "value": [1.0], "total": [9.0]})
    assert rows(ccx.audit(log)) == [("A", "2024-01-05", 1.0)]


@pytest.mark.parametrize("columns, given, said", [
    (["customer", "order_date", "invoice_date", "amount"], {}, r"several columns may be the date \('order_date', 'invoice_date'\); .* say which with date="),
    (["customer", "date", "quantity", "unit_price"], {}, r"no column is recognised as the value; .* value=\('quantity', 'unit_price'\) for their product"),
    (["customer", "date", "amount"], {"value": "Betrag"}, "value='Betrag': the log has no such column, only 'customer', 'date', 'amount'"),
    (["customer", "date", "amount", "amount"], {"value": "amount"}, "more than one column of this name"),
    (["customer", "date", "amount"], {"margin": "amount"}, "'amount' can't be value and margin at once"),
    (["customer", "date", "amount"], {"value": ("a", "b", "c")}, "no such column"),
])  # fmt: skip
def test_a_column_that_is_not_clear_is_asked_about(columns, given, said):
    log = pd.DataFrame([["A", *["2024-01-05"] * (len(columns) - 2), 1.0][:len(columns)]], columns=columns)
    with pytest.raises(ValueError, match=said):
        ccx.audit(log, **given)


def test_a_value_may_be_a_product():
    log = pd.DataFrame({"customer": ["A", "A"], "date": ["2024-01-05"] * 2, "quantity": [3, -1], "price": [2.5, 2.5]})
    assert ccx.audit(log, value=("quantity", "price")).log["value"].tolist() == [-2.5, 7.5]


# -- dates --------------------------------------------------------------------------------------------------------


def days(cells, **options):
    """The days read, or None, cell by cell."""
    log = pd.DataFrame({"customer": range(len(cells)), "date": cells, "amount": 1.0})
    found = ccx.audit(log, **options).log.set_index("customer_id")["date"]
    return [f"{found[i]:%Y-%m-%d}" if i in found.index else None for i in range(len(cells))]


@pytest.mark.parametrize("cells, expected", [
    (["2024-01-05", "2024/1/6", "2024.01.07", "20240108"], ["2024-01-05", "2024-01-06", "2024-01-07", "2024-01-08"]),
    (["2024-01-05 23:59:59", "2024-01-06T00:00:01", "2024-01-07T12:00:00.123456"], ["2024-01-05", "2024-01-06", "2024-01-07"]),
    (["2024-01-05T23:30:00+01:00", "2024-06-06T23:30:00+02:00", "2024-01-07 01:00 UTC"], ["2024-01-05", "2024-06-06", "2024-01-07"]),
    (["13/1/2024", "02/03/2024"], ["2024-01-13", "2024-03-02"]),
    (["1/13/2024 9:05 PM", "02/03/2024 9:05"], ["2024-01-13", "2024-02-03"]),
    (["13.01.24", "02.03.99"], ["2024-01-13", "1999-03-02"]),
    (["24-02-03", "24-03-13"], ["2024-02-03", "2024-03-13"]),
    (["02.03.24", "28.03.24", "13.12.23"], ["2024-03-02", "2024-03-28", "2023-12-13"]),
    (["5 Jan 2024", "February 7, 2024", "8-Mar-24", "Apr 9th 2024"], ["2024-01-05", "2024-02-07", "2024-03-08", "2024-04-09"]),
    (["5. 1. 2024", "13. 1. 2024"], ["2024-01-05", "2024-01-13"]),
    ([20240105, 20240106], ["2024-01-05", "2024-01-06"]),
    ([datetime.date(2024, 1, 5), datetime.date(2024, 1, 6)], ["2024-01-05", "2024-01-06"]),
    (list(pd.to_datetime(["2024-01-05 23:00", "2024-01-06 00:00"])), ["2024-01-05", "2024-01-06"]),
    (list(pd.period_range("2024-01", "2024-02", freq="M")), ["2024-01-01", "2024-02-01"]),
    (["02/02/2024", "03/03/2024"], ["2024-02-02", "2024-03-03"]),
], ids=["year first", "times", "offsets", "day first", "month first", "two digits", "two digits, year first", "two digits, day first", "names",
        "dotted with blanks", "whole numbers", "date objects", "timestamps", "periods", "the same either way"])  # fmt: skip
def test_dates_are_read(cells, expected):
    assert days(cells) == expected


@pytest.mark.parametrize("cells", [["01/02/2024", "03/04/2024"], ["01/02/24", "03/04/24"], ["13/02/2024"] + ["01/02/2024"] * 99],
                         ids=["four digits", "two digits", "one in a hundred may be a slip"])
def test_a_day_and_a_month_that_could_be_exchanged_are_asked_about(cells):
    with pytest.raises(ValueError, match=r"may be day/month/year or month/day/year.* say day_first=True, day_first=False or date_format="):
        ccx.audit(pd.DataFrame({"customer": range(len(cells)), "date": cells, "amount": 1.0}))
    assert days(cells, day_first=True)[-1][5:] != days(cells, day_first=False)[-1][5:]


def test_the_answer_is_taken():
    assert days(["01/02/2024"], day_first=True) == ["2024-02-01"] and days(["01/02/2024"], day_first=False) == ["2024-01-02"]
    assert days(["01/02/2024"], date_format="%m/%d/%Y") == ["2024-01-02"]


def test_two_customs_in_one_column_are_refused():
    with pytest.raises(ValueError, match="mixes day/month/year and month/day/year, so dates such as '01/02/2024' can't be read"):
        days(["13/02/2024", "02/13/2024", "01/02/2024"])


def test_a_slip_among_many_is_set_aside():
    """One month 13 in two hundred dates that all have a day above 12."""
    log = pd.DataFrame({"customer": 1, "date": ["20/01/2024"] * 200 + ["01/13/2024"], "amount": 1.0})
    base = ccx.audit(log)
    assert len(base.log) == 200 and base.set_aside.loc["date not readable", ["rows", "first_row"]].tolist() == [1, 201]


def test_days_can_be_those_of_another_calendar():
    """Half past three in the night of UTC is the evening before in New York."""
    assert days(["2024-01-06T03:30:00Z", "2024-07-01T03:30:00Z"], time_zone="America/New_York") == ["2024-01-05", "2024-06-30"]
    aware = list(pd.to_datetime(["2024-01-06 03:30"], utc=True))
    assert days(aware) == ["2024-01-06"] and days(aware, time_zone="America/New_York") == ["2024-01-05"]
    for naive in (["2024-01-06 03:30"], list(pd.to_datetime(["2024-01-06 03:30"]))):
        with pytest.raises(ValueError, match="carry none: convert them first"):
            days(naive, time_zone="America/New_York")


@pytest.mark.parametrize("cells, said", [
    (["2024-01-05 23:30", "2024-01-06 01:00"], "Times carry no zone"), (list(pd.to_datetime(["2024-01-05 23:30"])), "Times carry no zone"),
    (["2024-01-05T23:30:00Z"], "Times carry an offset from UTC"), (["2024-01-05"], None), (list(pd.to_datetime(["2024-01-05"])), None),
])  # fmt: skip
def test_what_a_day_is_is_told_where_there_are_times(cells, said):
    told = " ".join(ccx.audit(pd.DataFrame({"customer": 1, "date": cells, "amount": 1.0})).how_read)
    assert said in told if said else "Times" not in told


def test_numbers_are_dates_only_where_one_says_so():
    """45296 days after the last of 1899, and 1,704,412,800 seconds after the first of 1970."""
    for cells in ([45296, 45297], ["45296", "45297"], [45296.0, 45297.5]):
        with pytest.raises(ValueError, match="date_format="):
            days(cells)
        assert days(cells, date_format="excel") == ["2024-01-05", "2024-01-06"]
    assert days([1704412800, 1704499199], date_format="unix") == ["2024-01-05", "2024-01-05"]
    assert days([1704412800000], date_format="unix ms") == ["2024-01-05"]


def test_impossible_days_and_stand_ins_are_set_aside():
    cells = ["2024-01-05", "2024-02-29"] * 10 + ["2023-02-29", "1900-01-01", "9999-12-31", None, "", "n/a", "soon", "0024-01-05"]
    base = ccx.audit(pd.DataFrame({"customer": 1, "date": cells, "amount": 1.0}))
    assert base.set_aside["rows"].to_dict() == {"date not readable": 3, "date not plausible": 2, "date missing": 3}


# -- amounts ------------------------------------------------------------------------------------------------------


def amounts(cells, **options):
    log = pd.DataFrame({"customer": range(len(cells) + 1), "date": "2024-01-05", "amount": [*cells, cells[0]]})
    return ccx.audit(log, **options).log["value"].iloc[:len(cells)].tolist()


@pytest.mark.parametrize("cells, expected", [
    (["5", "5.5", "0.25", "+7"], [5, 5.5, 0.25, 7]),
    (["5,50", "1.234,50", "12"], [5.5, 1234.5, 12]),
    (["1,234.50", "1,234", "12,345,678.9"], [1234.5, 1234, 12345678.9]),
    (["1.234.567", "1.234"], [1234567, 1234]),
    (["0.500", "1.234"], [0.5, 1.234]),
    (["1234.567", "1.234"], [1234.567, 1.234]),
    (["$5.50", "$ 1,234.50", "US$2.00"], [5.5, 1234.5, 2]),
    (["5,50 €", "1.234,50\u00a0€", "EUR 7,00"], [5.5, 1234.5, 7]),
    (["12.50 kr", "Kr. 3.25"], [12.5, 3.25]),
    (["1 234,50", "1'234,50", "1\u202f234,50"], [1234.5] * 3),
    ([".5", ".25"], [0.5, 0.25]),
    ([decimal.Decimal("5.50"), decimal.Decimal("7")], [5.5, 7]),
    ([5, 6], [5, 6]),
], ids=["plain", "decimal commas", "thousands", "points between thousands", "a leading nought", "four digits before", "dollars", "euros", "letters",
        "blanks and apostrophes", "no nought", "decimals", "whole numbers"])  # fmt: skip
def test_amounts_are_read(cells, expected):
    assert amounts(cells) == pytest.approx(expected)


def test_less_than_nothing_is_read_in_every_way_of_writing_it():
    cells = ["100.00", "-1.50", "−1.50", "(1.50)", "1.50-", "-$1.50", "$-1.50", "($1.50)"]
    log = pd.DataFrame({"customer": 1, "date": "2024-01-05", "amount": cells})
    assert sorted(ccx.audit(log).log["value"]) == [-1.5] * 7 + [100]


@pytest.mark.parametrize("cells", [["1,234", "2,500"], ["1.234", "2.500"], ["1,234", "5"]])
def test_a_sign_that_may_be_decimal_or_not_is_asked_about(cells):
    with pytest.raises(ValueError, match=r"may have thousands or three decimals: say decimal='\.' or decimal=','"):
        amounts(cells)
    sign = "." if "." in cells[0] else ","
    assert amounts(cells, decimal=sign)[0] == 1.234 and amounts(cells, decimal={".": ",", ",": "."}[sign])[0] == 1234


def test_points_and_commas_mixed_are_refused_and_told_apart_when_asked():
    with pytest.raises(ValueError, match=r"decimal points \('5\.25'\) and decimal commas \('6,75'\)"):
        amounts(["5.25", "6,75"])
    log = pd.DataFrame({"customer": [1, 2, 3], "date": "2024-01-05", "amount": ["5.25", "6,75", "7.25"]})
    assert ccx.audit(log, decimal=".").set_aside["rows"].to_dict() == {"amount not a number": 1}


def test_currencies_are_not_added_up():
    with pytest.raises(ValueError, match=r"more than one currency \(dollars, euros\)"):
        amounts(["$5.00", "€5.00"])
    log = pd.DataFrame({"customer": [1, 2], "date": "2024-01-05", "amount": ["$5.00", "USD 7.50"]})
    assert ccx.audit(log).unit == "dollars" and ccx.audit(log, unit="pesos").unit == "pesos"


def test_what_is_no_amount_is_set_aside():
    cells = ["5.00", "6.00", "7.00", "8.00", "9.00", "free", "n/a", "", "12.3.4", "(5.00", "--5.00"]
    log = pd.DataFrame({"customer": 1, "date": "2024-01-05", "amount": cells}).iloc[[*range(5)] * 2 + [*range(5, 11)]]
    assert ccx.audit(log).set_aside["rows"].to_dict() == {"amount not a number": 4, "amount missing": 2}
    with_holes = pd.DataFrame({"customer": 1, "date": "2024-01-05", "amount": [1.0, 2.0, 3.0, np.nan, np.inf]})
    assert ccx.audit(with_holes).set_aside["rows"].to_dict() == {"amount missing": 1, "amount not a number": 1}


@pytest.mark.parametrize("column, cells", [("date", ["soon", "later", "2024-01-05"]), ("amount", ["low", "high", 5])])
def test_a_column_of_which_most_makes_no_sense_is_the_wrong_one(column, cells):
    log = pd.DataFrame({"customer": [1, 2, 3], "date": ["2024-01-05"] * 3, "amount": [1, 2, 3]}).assign(**{column: cells})
    with pytest.raises(ValueError, match="in 2 of 3 rows, such as '(soon|low)': name another column"):
        ccx.audit(log)


# -- customers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cells, expected", [
    ([17850.0, np.nan, 12583.0], [12583, 17850]), (["17850.0", "", "12583.0"], [12583, 17850]), (["17850", "nan", "12583"], [12583, 17850]),
    (["007", None, "12"], ["007", "12"]), ([" A ", "NULL", "B"], ["A", "B"]), (pd.Categorical(["b", None, "a"]), ["a", "b"]), (["x", " ", 5], ["5", "x"]),
    ([2**62, 2**62 + 1, 2**62], [2**62, 2**62 + 1]),
], ids=["floats", "floats as text", "whole numbers as text", "leading noughts", "blanks around", "categories", "mixed", "long"])  # fmt: skip
def test_ids_are_read_and_rows_without_one_set_aside(cells, expected):
    base = ccx.audit(pd.DataFrame({"customer": cells, "date": "2024-01-05", "amount": [1.0, 2.0, 4.0]}))
    assert base.customers.index.tolist() == expected
    assert base.log["value"].sum() + base.set_aside["value"].sum() == 7


def test_stand_ins_for_unknown_customers_are_asked_about_and_can_be_named():
    log = pd.DataFrame({"customer": ["guest", "A", "guest"], "date": "2024-01-05", "amount": [1.0, 2.0, 4.0]})
    assert any("The id 'guest' in 'customer' has 2 of 3 rows" in sentence for sentence in ccx.audit(log).cautions)
    base = ccx.audit(log, placeholders=["guest"])
    assert base.set_aside.loc["no customer", ["rows", "value"]].tolist() == [2, 5.0]
    assert base.cautions == ["Rows without a customer are 71% of all value. The lenses do not see them, so customers may order more often than it seems here."]


def test_a_customer_who_is_everywhere_is_pointed_out_without_being_named():
    ids = ["regular@example.org"] * 50 + [f"c{i}" for i in range(500)]
    base = ccx.audit(pd.DataFrame({"customer": ids, "date": "2024-01-05", "amount": 1.0}))
    assert any("stands in 9% of all rows" in sentence for sentence in base.cautions) and "regular" not in " ".join(base.cautions)


def test_ids_that_differ_in_capitals_are_pointed_out():
    base = ccx.audit(pd.DataFrame({"customer": ["Ann", "ANN", "Bo"], "date": "2024-01-05", "amount": 1.0}))
    assert len(base.customers) == 3 and any("1 id in 'customer' differs from another only in capitals" in sentence for sentence in base.cautions)


# -- what counts --------------------------------------------------------------------------------------------------


LOG = pd.DataFrame([("A", "2024-01-05", 10.0), ("A", "2024-01-05", 10.0), ("A", "2024-02-01", -4.0), ("B", "2024-02-02", 0.0), ("C", "2024-02-03", -3.0),
                    ("C", "2024-02-04", 8.0), (None, "2024-02-05", 7.0)], columns=["customer", "date", "amount"])  # fmt: skip


def test_the_defaults_are_those_stated():
    """Copies and noughts count, returns are netted but for the one before the first purchase, and who has no name is set aside."""
    base = ccx.audit(LOG)
    assert base.log["value"].sum() == 10 + 10 - 4 + 0 + 8
    assert base.set_aside["value"].to_dict() == {"no customer": 7.0, "return of nothing bought before in this log": -3.0}
    assert base.customers["orders"].to_dict() == {"A": 1, "B": 1, "C": 1}
    assert base.treatment["rows"].to_dict() == {"return": 2, "value of zero": 1, "copy of an earlier row": 1}


@pytest.mark.parametrize("choice, left", [
    ({"returns": "set aside"}, {"A": 20.0, "B": 0.0, "C": 8.0}), ({"zeros": "set aside"}, {"A": 16.0, "C": 8.0}),
    ({"duplicates": "set aside"}, {"A": 6.0, "B": 0.0, "C": 8.0}),
    ({"start": "2024-02-01"}, {"B": 0.0, "C": 8.0}), ({"end": "2024-02-03"}, {"A": 16.0, "B": 0.0}),
])  # fmt: skip
def test_each_choice_does_what_it_says_and_the_account_still_adds_up(choice, left):
    base = ccx.audit(LOG, **choice)
    assert base.customers["revenue"].to_dict() == left
    assert base.log["value"].sum() + base.set_aside["value"].sum() == LOG["amount"].sum()
    assert len(base.log) + base.set_aside["rows"].sum() == len(LOG)


def test_choices_can_be_mistaken():
    with pytest.raises(ValueError, match=r"returns='drop' is not known; use 'net' or 'set aside'\."):
        ccx.audit(LOG, returns="drop")
    with pytest.raises(ValueError, match=r"1 of 7 rows name no customer; anonymous='set aside'"):
        ccx.audit(LOG, anonymous="refuse")
    with pytest.raises(ValueError, match="no purchase of the log is left to audit: after end: "):
        ccx.audit(LOG.dropna(), end="2020-01-01")


def test_copies_are_rows_alike_in_every_column():
    """Two lines of one order with different products are no copies, in a frame as in a file."""
    log = LOG.assign(product=["tea", "milk", "tea", "tea", "tea", "tea", "tea"])
    assert ccx.audit(log).treatment.loc["copy of an earlier row", "rows"] == 0
    assert ccx.audit(log.assign(tags=[["a"]] * 7)).treatment.loc["copy of an earlier row", "rows"] == 0


def test_copies_in_a_file_are_those_that_pandas_finds(written):
    rng = np.random.default_rng(3)
    log = pd.DataFrame({"customer": rng.integers(1, 9, 200), "date": "2024-01-05", "amount": rng.integers(1, 4, 200)})
    assert ccx.audit(written(log.to_csv(index=False)), duplicates="set aside").set_aside["rows"].sum() == log.duplicated().sum() > 50


def test_an_order_is_a_day_or_a_number():
    log = LOG.iloc[:2].assign(basket=[1, 2])
    assert ccx.audit(log).customers.loc["A", "orders"] == 1 and ccx.audit(log, order="basket").customers.loc["A", "orders"] == 2


def test_a_row_that_weighs_too_much_and_rows_far_away_are_pointed_out():
    log = pd.DataFrame({"customer": range(2001), "date": ["2019-01-01"] + ["2024-01-05"] * 2000, "amount": [1.0] * 2000 + [5000.0]})
    said = " ".join(ccx.audit(log).cautions)
    assert "One row, of 5,000.00, is 71% of all amounts" in said
    assert "1 row lies before 2024-01-05, more than a year from the next one; start='2024-01-05'" in said


def test_a_calendar_without_end_is_refused():
    log = pd.DataFrame({"customer": [1, 2], "date": ["1903-01-01", "2024-01-05"], "amount": 1.0})
    with pytest.raises(ValueError, match="spans 1,453 months, from 1903-01-01 to 2024-01-05: set strange dates aside"):
        ccx.audit(log, period="M")


def test_the_log_that_is_given_is_not_changed():
    log = LOG.copy()
    ccx.audit(log)
    pd.testing.assert_frame_equal(log, LOG)


def test_the_log_that_counts_goes_into_the_course_s_other_functions():
    log = ccx.load("cdnow")
    pd.testing.assert_frame_equal(ccx.customer_base(ccx.audit(log).log), ccx.customer_base(log))
