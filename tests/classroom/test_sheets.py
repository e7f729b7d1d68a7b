"""CSV in both directions: ours is safe to open and comes back as it went, another program's keeps every byte that is not changed."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ccx.classroom.report.sheets import harmless, read_sheet, write_rows

NAMES = ["O'Neil, \"Al\" Jr.", "two\nlines", "Jürgen Weiß", "半角", "a;b", "", "  blanks  ", "tab\tinside", "quote\""]


def sheet(folder, text, name="other.csv"):
    (folder / name).write_bytes(text.encode())
    return read_sheet(folder / name)


def written(rows, **form):
    text = io.StringIO(newline="")
    csv.writer(text, **form).writerows(rows)
    return text.getvalue()


# Ours


def test_names_of_every_kind_come_back_from_a_csv_reader(tmp_path):
    path = write_rows(tmp_path / "new" / "ours.csv", ["name", "points"], [[name, 1.5] for name in NAMES])
    with path.open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [["name", "points"], *([name, "1.5"] for name in NAMES)]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1", "＝1"])
def test_a_name_never_begins_a_formula(name, tmp_path):
    path = write_rows(tmp_path / "ours.csv", ["name"], [[name]])
    with path.open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [["name"], [f"'{name}"]]


def test_identifiers_and_numbers_are_left_as_they_are(tmp_path):
    path = write_rows(tmp_path / "ours.csv", ["id", "name", "points"], [["-17", "-17", -17]], as_is=("id",))
    assert path.read_text() == "id,name,points\n-17,'-17,-17\n"


def test_what_is_missing_is_empty_and_binary_fractions_are_rounded(tmp_path):
    path = write_rows(tmp_path / "ours.csv", ["a", "b", "c", "d"], [[None, float("nan"), 0.1 + 0.2, 20.0]])
    assert path.read_text() == "a,b,c,d\n,,0.3,20\n"


def test_ordinary_names_are_not_touched():
    assert [harmless(name) for name in NAMES[:4]] == NAMES[:4]


def test_a_file_that_can_not_be_written_leaves_the_old_one(tmp_path):
    write_rows(tmp_path / "ours.csv", ["a"], [["old"]])
    (tmp_path / "ours.csv.part").mkdir()
    with pytest.raises(OSError):
        write_rows(tmp_path / "ours.csv", ["a"], [["new"]])
    assert (tmp_path / "ours.csv").read_text() == "a\nold\n"


# Theirs

texts = some.text(some.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)


@given(some.lists(some.lists(texts, min_size=3, max_size=3), max_size=5), some.sampled_from(",;\t"), some.sampled_from(["\n", "\r\n"]),
       some.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), some.sampled_from(["", "\ufeff"]))
def test_whatever_a_csv_writer_writes_is_read_like_a_csv_reader_and_given_back_to_the_byte(tmp_path_factory, rows, delimiter, end, quoting, start):
    body = written([["one", "two", "three"], *rows], delimiter=delimiter, lineterminator=end, quoting=quoting)
    read = sheet(tmp_path_factory.mktemp("sheet"), start + body)
    assert read.rows == [row or [""] for row in csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)]
    assert read.text() == start + body


@pytest.mark.parametrize("text", ["a,b\n1,2", "a,b\r\n\r\n1,2\r\n", "a,b\n1,\n", 'a,b\n"1",2\n',
                                  "a,b\n 1 ,2\n", 'a,b\n1,O"Neil\n', 'a,b\n"1"x,2\n', 'a,b\n"never closed\n', "a,b\n1\n"])
def test_what_is_odd_about_a_file_stays(text, tmp_path):
    assert sheet(tmp_path, text).text() == text


def test_one_value_is_changed_and_the_rest_stays(tmp_path):
    read = sheet(tmp_path, '\ufeff"Name";Grade;\'x\'\r\n"Weiß; A";;"1"\r\nB;-;2')
    changed = read.with_values(1, {1: "4,5", 2: "a;b"})
    assert changed.text() == '\ufeff"Name";Grade;\'x\'\r\n"Weiß; A";4,5;"1"\r\nB;"a;b";2'


def test_columns_are_taken_and_added_without_touching_the_others(tmp_path):
    read = sheet(tmp_path, 'a,"b",c\n1,"2",3\n\n')
    assert read.taken([1, 0]).with_column(["new", "x,y", ""]).text() == '"b",a,new\n"2",1,"x,y"\n\n'


def test_a_comma_in_a_name_of_the_header_is_no_delimiter(tmp_path):
    assert sheet(tmp_path, '"a, b, c";d\n1;2\n').header == ["a, b, c", "d"]


def test_a_file_that_is_no_text_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "latin.csv").write_bytes("Jürgen".encode("latin-1"))
    with pytest.raises(ValueError, match="latin.csv is not in UTF-8: export it again"):
        read_sheet(tmp_path / "latin.csv")
    with pytest.raises(ValueError, match="other.csv is empty"):
        sheet(tmp_path, "\ufeff\n")
    with pytest.raises(FileNotFoundError, match="There is no file .*nowhere.csv"):
        read_sheet(tmp_path / "nowhere.csv")
