"""What platforms deliver, good and hostile: each good notebook is collected, a line for each file, nothing is written elsewhere."""

import glob
import io
import os
import shutil
import stat
import struct
import time
import zipfile
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from ccx import cli, lab
from ccx.classroom.collect import archive
from ccx.classroom.collect import collect

from lessons import ROOT, solved

LESSON, OTHER = "02-heterogeneity", "03-retention"
FILE = f"{LESSON}.ipynb"


def written(notebook, says=""):
    notebook.cells.append(nbformat.v4.new_markdown_cell(says, id="says"))
    return nbformat.writes(notebook).encode()


GOOD, BETTER, ELSE = written(solved(LESSON)), written(solved(LESSON), "better"), written(solved(OTHER))


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    """A course whose gradebook knows nobody; to make one takes a second."""
    course = tmp_path_factory.mktemp("blank") / "course"
    shutil.copytree(ROOT / "lessons", course / "lessons", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copy(ROOT / "nbgrader_config.py", course)
    for folder in ("submitted", "exchange"):
        (course / "grading" / folder).mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", lab.lab_environment(os.environ)["PATH"])
        Gradebook(gradebook(course), "customer-centricity").close()
    return course


@pytest.fixture
def course(blank, tmp_path):
    return Path(shutil.copytree(blank, tmp_path / "course"))


def gradebook(course):
    return f"sqlite:///{course}/grading/gradebook.db"


def student(course, name):
    with Gradebook(gradebook(course), "customer-centricity") as book:
        found = book.find_student(name)
        return found.first_name, found.last_name, found.lms_user_id


def delivered(course, name, files):
    """A zip beside the course; of several entries with one name all are in it."""
    path = course.parent / name
    path.write_bytes(packed(files))
    return path


def packed(files, method=zipfile.ZIP_DEFLATED):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as made:
        for name, data in files.items() if isinstance(files, dict) else files:
            made.writestr(name, data)
    return held.getvalue()


def spread(course, name, files):
    """A folder beside the course."""
    for inner, data in files.items():
        path = course.parent / name / inner
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return course.parent / name


def elsewhere(course):
    """Everything beside the folder of submissions and the gradebook, with its content."""
    submitted, book = course / "grading" / "submitted", course / "grading" / "gradebook.db"
    paths = [path for path in course.parent.rglob("*") if path != book and not path.is_relative_to(submitted)]
    return {path: path.read_bytes() if path.is_file() else path.is_symlink() for path in paths}


def collected(course, *files, **options):
    """Collect, see that nothing happened elsewhere, and give the lines."""
    before = elsewhere(course)
    lines = collect(LESSON, files, course, **options)
    assert elsewhere(course) == before
    return lines


def states(lines):
    return {(line.student, line.file.rpartition("/")[2]): line.state for line in lines}


def submissions(course):
    """What nbgrader finds: the content by student."""
    found = glob.glob(str(course / "grading" / "submitted" / "*" / LESSON / "*.ipynb"))
    assert all(Path(path).name == FILE for path in found)
    return {Path(path).parts[-3]: Path(path).read_bytes() for path in found if not os.path.islink(path)}


# What platforms deliver


def test_canvas_user_ids_become_students_and_the_highest_number_wins(course):
    files = {f"exampleada_12345_67890_{FILE}": GOOD, f"exampleben_LATE_777_900_{LESSON}-1.ipynb": GOOD,
             f"exampleben_LATE_777_905_{LESSON}-10.ipynb": BETTER, f"exampleben_LATE_777_901_{LESSON}-2.ipynb": GOOD}
    lines = collected(course, delivered(course, "submissions.zip", files))
    assert submissions(course) == {"12345": GOOD, "777": BETTER}
    assert sorted(states(lines).values()) == ["kept", "kept", "taken", "taken"]
    assert [line.sentence for line in lines if line.state == "taken"] == ["It is collected.", "It is collected. Canvas marks it as late."]
    assert student(course, "777") == (None, None, "777")


def test_of_canvas_files_with_one_name_the_one_handed_in_last_wins(course):
    files = {f"exampleada_1_90_{FILE}": BETTER, f"exampleada_1_89_{FILE}": GOOD}
    collected(course, delivered(course, "submissions.zip", files))
    assert submissions(course) == {"1": BETTER}


def test_a_name_that_ends_in_a_number_does_not_pass_for_another_user(course):
    files = {f"eve_123_555_777_{FILE}": BETTER, f"exampleben_123_776_{FILE}": GOOD}
    lines = collected(course, delivered(course, "submissions.zip", files))
    assert submissions(course) == {"123": GOOD}
    assert [line.sentence for line in lines if line.state == "refused"] == [
        "Three numbers follow each other in its name, so it is not certain which is the student's."]


def test_what_students_wrote_into_canvas_itself_is_refused_and_not_lost_sight_of(course):
    files = {"exampleada_1_text.html": b"<p>done</p>", f"exampleben_2_90_{FILE}": GOOD}
    assert states(collected(course, delivered(course, "s.zip", files))) == {("1", "exampleada_1_text.html"): "refused", ("2", f"exampleben_2_90_{FILE}"): "taken"}


@pytest.mark.parametrize("between", ["_/", "/", "_", "_/deeper/"])
def test_moodle_participants_become_students(course, between):
    files = {f"Ada Maria Example_1234567_assignsubmission_file{between}{FILE}": GOOD,
             f"Participant_42_assignsubmission_file{between}{FILE}": BETTER}
    collected(course, delivered(course, "moodle.zip", files))
    assert submissions(course) == {"1234567": GOOD, "42": BETTER}
    assert student(course, "1234567") == ("Ada Maria", "Example", "1234567")
    assert student(course, "42") == (None, None, "42")


def test_names_that_the_gradebook_has_are_left_alone(course):
    with Gradebook(gradebook(course), "customer-centricity") as book:
        book.add_student("1234567", first_name="A.", last_name="E.")
    collected(course, delivered(course, "moodle.zip", {f"Ada Example_1234567_assignsubmission_file_/{FILE}": GOOD}))
    assert student(course, "1234567") == ("A.", "E.", "1234567")


@pytest.mark.parametrize("files", [
    {f"ada/{FILE}": GOOD, f"ben/{FILE}": BETTER},
    {f"ada/{LESSON}/{FILE}": GOOD, f"ben/{LESSON}/{FILE}": BETTER},
    {"ada.ipynb": GOOD, "ben.ipynb": BETTER},
    {"ada.zip": packed({FILE: GOOD}), "ben.zip": packed({f"homework/{FILE}": BETTER})},
    {f"ada/{FILE}": GOOD, "ben/homework.zip": packed({FILE: BETTER}), "carl.pdf": b"%PDF", f"carl/{LESSON}/{FILE}": GOOD}])
def test_a_class_is_collected_from_a_zip_from_a_folder_and_from_a_zip_of_the_folder(course, files, tmp_path):
    for name, source in (("zip", delivered(course, "class.zip", files)), ("folder", spread(course, "folder", files)),
                         ("wrapped", delivered(course, "wrapped.zip", {f"class/{inner}": data for inner, data in files.items()}))):
        shutil.rmtree(course / "grading" / "submitted")
        lines = collected(course, source)
        assert {"ada": GOOD, "ben": BETTER}.items() <= submissions(course).items(), name
        assert all(line.state == "taken" for line in lines if not line.file.endswith("pdf"))


def test_files_that_students_sent_are_theirs_by_the_name_of_the_file(course):
    sent = [delivered(course, "ada.zip", {FILE: GOOD, "notes.txt": b"hello"}), delivered(course, "ben.ZIP", {f"work/{FILE}": BETTER})]
    (course.parent / "carl.ipynb").write_bytes(GOOD)
    lines = collected(course, *sent, course.parent / "carl.ipynb")
    assert submissions(course) == {"ada": GOOD, "ben": BETTER, "carl": GOOD}
    assert len(lines) == 3


def test_a_notebook_without_a_students_name_is_refused(course):
    (course.parent / FILE).write_bytes(GOOD)
    [line] = collected(course, course.parent / FILE)
    assert (line.student, line.state) == ("", "refused") and "does not say whose it is" in line.sentence
    assert not submissions(course)


def test_what_computers_add_is_ignored_without_a_word(course):
    noise = {"__MACOSX/ada/._02-heterogeneity.ipynb": b"x", ".DS_Store": b"x", "ada/.DS_Store": b"x", f"ada/.ipynb_checkpoints/{LESSON}-checkpoint.ipynb": ELSE,
             f"ada/._{FILE}": b"x", "ada/": b""}
    files = {**noise, f"ada/{FILE}": GOOD, f"ben/{FILE}": GOOD}
    assert states(collected(course, delivered(course, "class.zip", files))) == {("ada", FILE): "taken", ("ben", FILE): "taken"}


def test_names_of_all_languages_are_kept_and_put_in_one_form(course):
    collected(course, delivered(course, "class.zip", {f"Jose\u0301/{FILE}": GOOD, f"李雷/{FILE}": GOOD}))
    assert set(submissions(course)) == {"Jos\u00e9", "李雷"}


def test_names_in_utf8_that_does_not_say_so_are_read(course):
    data = packed({f"Jos\u00e9/{FILE}": GOOD, f"ada/{FILE}": GOOD})
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.index(mark) + at
        data = data[:start] + bytes(2) + data[start + 2:]
    (course.parent / "class.zip").write_bytes(data)
    collected(course, course.parent / "class.zip")
    assert set(submissions(course)) == {"Jos\u00e9", "ada"}


# Whose it is: a student's own archive never says so


@pytest.mark.parametrize("inner", [f"ben/{FILE}", f"ben/{LESSON}/{FILE}", "ben.ipynb", f"exampleben_2_99999_{FILE}", f"Ben Example_2_assignsubmission_file_/{FILE}"])
def test_names_in_a_students_own_archive_never_say_whose_it_is(course, inner):
    for theirs in ({inner: BETTER}, {inner: BETTER, inner.replace("ben", "carl"): BETTER}):
        zips = {f"exampleada_1_90_{LESSON}.zip": packed(theirs), f"exampleben_2_91_{FILE}": GOOD}
        for source in (delivered(course, "submissions.zip", zips), spread(course, "folder", zips)):
            shutil.rmtree(course / "grading" / "submitted", ignore_errors=True)
            collected(course, source)
            assert submissions(course) == {"1": BETTER, "2": GOOD}


@pytest.mark.parametrize("inner", [f"ben/{FILE}", f"ben/{LESSON}/{FILE}"])
def test_nor_in_a_students_archive_that_is_collected_alone(course, inner):
    collected(course, delivered(course, "ada.zip", {inner: BETTER}))
    assert submissions(course) == {"ada": BETTER}


def test_a_students_archive_made_to_look_like_a_class_is_refused_beside_others(course):
    sent = [delivered(course, "ada.zip", {f"ben/{FILE}": BETTER, f"carl/{FILE}": BETTER}), delivered(course, "eve.zip", {f"exampleben_2_99999_{FILE}": BETTER}),
            delivered(course, "ben.zip", {FILE: GOOD})]
    lines = collected(course, *sent)
    assert submissions(course) == {"ben": GOOD}
    assert states(lines) == {("", "ada.zip"): "refused", ("", "eve.zip"): "refused", ("ben", FILE): "taken"}
    assert all("collect it by itself" in line.sentence for line in lines if line.state == "refused")


# Which notebook it is


def test_another_name_is_accepted_where_the_cells_are_the_lessons(course):
    lines = collected(course, delivered(course, "class.zip", {"ada/final version.ipynb": GOOD, f"ben/{FILE}.txt": GOOD, f"carl/{FILE}": GOOD, f"dora/{FILE}": GOOD}))
    assert {line.student: line.sentence for line in lines} == {
        "ada": "It is collected. It is called something else, but it is the lesson.", **dict.fromkeys(("ben", "carl", "dora"), "It is collected.")}


def without_ids(notebook):
    for cell in notebook.cells:
        cell.metadata = {}
        del cell["id"]
    notebook.nbformat_minor = 2
    return notebook


def vandalised(notebook):
    notebook.cells[3].metadata, notebook.cells[4].source = {"nbgrader": 7}, ["x = ", "1"]
    notebook.metadata = {"kernelspec": 3}
    return notebook


@pytest.mark.parametrize("change", [without_ids, vandalised, lambda notebook: nbformat.convert(notebook, 3)], ids=["without ids", "vandalised", "format 3"])
def test_whatever_an_editor_made_of_it_the_lesson_is_recognised(course, change):
    data = nbformat.writes(change(solved(LESSON)), version=nbformat.NO_CONVERT).encode()
    lines = collected(course, delivered(course, "class.zip", {"ada/final.ipynb": data, f"ben/{FILE}": GOOD, f"carl/{FILE}": GOOD}))
    assert {line.state for line in lines} == {"taken"}
    nbformat.read(course / "grading" / "submitted" / "ada" / LESSON / FILE, as_version=4)


def test_a_byte_order_mark_which_nbgrader_cannot_read_is_left_out(course):
    collected(course, delivered(course, "class.zip", {"ada.ipynb": b"\xef\xbb\xbf" + GOOD, "ben.ipynb": GOOD}))
    assert submissions(course) == {"ada": GOOD, "ben": GOOD}


def test_of_several_notebooks_the_one_with_the_lessons_name_counts_then_the_newest(course):
    def at(name, year):
        return zipfile.ZipInfo(name, date_time=(year, 1, 1, 0, 0, 0))

    theirs = [(at("draft.ipynb", 2026), GOOD), (at(f"old/{FILE}", 2024), GOOD), (at(FILE, 2025), BETTER), (at("other.ipynb", 2027), ELSE)]
    lines = collected(course, delivered(course, "class.zip", {"ada.zip": packed(theirs), f"ben/{FILE}": GOOD, f"ben/{OTHER}.ipynb": ELSE}))
    assert submissions(course) == {"ada": BETTER, "ben": GOOD}
    assert sorted(line.state for line in lines) == ["kept"] * 4 + ["taken"] * 2
    assert all(f"class.zip/ada.zip/{FILE} counts" in line.sentence for line in lines if line.student == "ada" and line.state == "kept")


def test_a_broken_notebook_handed_in_again_does_not_cost_the_one_before(course):
    files = {f"exampleada_1_90_{FILE}": GOOD, f"exampleada_1_91_{LESSON}-1.ipynb": b"{", f"exampleada_1_92_{LESSON}-2.zip": b"PK"}
    lines = collected(course, delivered(course, "submissions.zip", files))
    assert submissions(course) == {"1": GOOD}
    assert sorted(line.state for line in lines) == ["refused", "refused", "taken"]


def test_of_two_entries_with_one_name_the_last_counts_as_it_would_on_unpacking(course):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = delivered(course, "class.zip", [(f"ada/{FILE}", GOOD), (f"ada/{FILE}", BETTER), (f"ben/{FILE}", GOOD)])
    lines = collected(course, path)
    assert submissions(course) == {"ada": BETTER, "ben": GOOD}
    assert sorted(line.state for line in lines) == ["kept", "taken", "taken"]


# Hostile and broken: ben's notebook in the same archive is collected each time


def link(name):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def headers(data, name):
    """Where the two headers of an entry begin, with what stands between header and flags, and size."""
    local, central = data.index(name.encode()) - 30, data.rindex(name.encode()) - 46
    return (local + 6, local + 22), (central + 8, central + 24)


def encrypted(data, name):
    data = bytearray(data)
    for flags, _ in headers(data, name):
        data[flags] |= 1
    return bytes(data)


def understated(data, name):
    data = bytearray(data)
    for _, size in headers(data, name):
        data[size:size + 4] = struct.pack("<L", 50)
    return bytes(data)


def flipped(data, name):
    data = bytearray(data)
    data[data.index(name.encode()) + len(name) + 500] ^= 0xFF
    return bytes(data)


def beside_ben(files):
    return packed([*(files.items() if isinstance(files, dict) else files), (f"ben/{FILE}", GOOD), (f"carl/{FILE}", GOOD)])


ADA = f"ada/{FILE}"
HUGE = b"{" + b" " * archive.NOTEBOOK_BYTES
OUT, NO_ID, NO_NOTEBOOK = "points out of the archive", "can't be a student's id", "no notebook that can be read"


@pytest.mark.parametrize("data, said", [
    (beside_ben({f"../{FILE}": GOOD}), OUT),
    (beside_ben({f"../../../lessons/{LESSON}/{FILE}": GOOD}), OUT),
    (beside_ben({f"ada/../../{FILE}": GOOD}), OUT),
    (beside_ben({f"/{FILE}": GOOD}), OUT),
    (beside_ben({f"/evil/{LESSON}/{FILE}": GOOD}), OUT),
    (beside_ben({f"C:/{FILE}": GOOD}), OUT),
    (beside_ben({f"C:\\evil\\{FILE}": GOOD}), OUT),
    (beside_ben({f"..\\..\\{FILE}": GOOD}), OUT),
    (beside_ben([(link(ADA), b"../../../solutions/02-heterogeneity/02-heterogeneity.ipynb")]), "a link or a device"),
    (beside_ben({ADA: HUGE}), "more than 20 MB"),
    (understated(beside_ben({ADA: HUGE}), ADA), "damaged"),
    (encrypted(beside_ben({ADA: GOOD}), ADA), "encrypted"),
    (flipped(beside_ben({ADA: GOOD}), ADA), "damaged"),
    (beside_ben({ADA: b""}), "It is empty."),
    (beside_ben({ADA: b"{"}), NO_NOTEBOOK),
    (beside_ben({ADA: b"\xff\xfe{\x00}\x00"}), NO_NOTEBOOK),
    (beside_ben({ADA: b'{"a": ' * 100_000}), NO_NOTEBOOK),
    (beside_ben({ADA: b"[1, 2]"}), NO_NOTEBOOK),
    (beside_ben({ADA: b'{"points": 20}'}), NO_NOTEBOOK),
    (beside_ben({ADA: b'{"nbformat": 5, "nbformat_minor": 0, "metadata": {}, "cells": []}'}), NO_NOTEBOOK),
    (beside_ben({ADA: b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1]}'}), NO_NOTEBOOK),
    (beside_ben({ADA: b"<html>"}), NO_NOTEBOOK),
    (beside_ben({ADA: ELSE}), f"It looks like {OTHER}, not like {LESSON}."),
    (beside_ben({"ada/mine.ipynb": nbformat.writes(nbformat.v4.new_notebook()).encode()}), "Nothing in it is of"),
    *((beside_ben({f"ada/{LESSON}.{kind}": b"x"}), f"ends in .{kind}.") for kind in ("html", "pdf", "py")),
    (beside_ben({f"ada/deeper/{FILE}": GOOD}), "does not lie at"),
    *((beside_ben({f"{name}/{FILE}": GOOD}), NO_ID) for name in
      ("con", "COM1", "nul.x", "ad:a", "a?", "a*b", "[ab]", "a|b", "ada.", " ada", ".ada", "a" * 121, "a\x1b[2J", "a\u202eb", "a\nb")),
    (beside_ben({"ada.zip": b"PK"}), "no zip that can be opened"),
    (beside_ben({"ada.zip": packed({FILE: GOOD})[:-30]}), "no zip that can be opened"),
    (beside_ben({"ada.zip": packed({FILE: HUGE})}), "more than 20 MB"),
    (beside_ben({"ada.zip": packed({"more.zip": packed({FILE: GOOD})})}), "holds no notebook, only more.zip."),
    (beside_ben({"ada.zip": packed({})}), "holds no notebook, only nothing."),
    (beside_ben({"ada.zip": packed([(link(FILE), b"x")])}), "a link or a device"),
    (beside_ben({"ada.zip": packed({f"../{FILE}": GOOD})}), OUT),
    (beside_ben({"ada.zip": packed({f"{n}.ipynb": b"x" for n in range(21)})}), "holds 21 notebooks"),
    *((beside_ben({"ada.zip": packed({FILE: GOOD}, method)}), "packed in another way") for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)),
])
def test_what_is_hostile_or_broken_is_refused_and_costs_nobody_else(course, data, said):
    (course.parent / "class.zip").write_bytes(data)
    lines = collected(course, course.parent / "class.zip")
    assert submissions(course) == {"ben": GOOD, "carl": GOOD}
    [refused] = [line for line in lines if line.state == "refused"]
    assert said in refused.sentence and len(lines) == 3
    assert all(letter.isprintable() for line in lines for letter in line.student + line.file + line.sentence)


def test_zips_of_very_many_files_are_not_listed(course, monkeypatch):
    monkeypatch.setattr(archive, "ZIP_FILES", 50)
    many = packed({f"{n}.txt": b"" for n in range(51)} | {FILE: GOOD})
    lines = collected(course, delivered(course, "class.zip", {"ada.zip": many, "ben.zip": packed({FILE: GOOD})}))
    assert submissions(course) == {"ben": GOOD}
    assert "It holds more than 50 files." in [line.sentence for line in lines]


def test_zips_that_are_too_large_are_not_opened(course, monkeypatch):
    monkeypatch.setattr(archive, "ZIP_BYTES", 2**20)
    padded = packed({FILE: GOOD, "data.bin": bytes(2**20)}, zipfile.ZIP_STORED)
    lines = collected(course, delivered(course, "class.zip", {"ada.zip": padded, "ben.zip": packed({FILE: GOOD})}))
    assert submissions(course) == {"ben": GOOD}
    assert "It has more than 1 MB." in [line.sentence for line in lines]


@pytest.mark.parametrize("name, data", [("class.zip", b"Rar!"), ("class.zip", b""), ("class.tar.gz", b"\x1f\x8b"), ("class.zip", packed({}))])
def test_an_archive_that_holds_nothing_is_one_line(course, name, data):
    (course.parent / name).write_bytes(data)
    assert [line.state for line in collected(course, course.parent / name)] == ["refused"]


def test_links_in_a_folder_are_not_followed(course):
    folder = spread(course, "folder", {f"ben/{FILE}": GOOD})
    secret = spread(course, "secret", {FILE: BETTER})
    (folder / "ada").mkdir()
    (folder / "ada" / FILE).symlink_to(secret / FILE)
    (folder / "carl").symlink_to(secret)
    os.mkfifo(folder / "dora.ipynb")
    lines = collected(course, folder)
    assert submissions(course) == {"ben": GOOD}
    assert sorted(line.state for line in lines) == ["refused"] * 3 + ["taken"]


@pytest.mark.parametrize("linked", ["ada", f"ada/{LESSON}", f"ada/{LESSON}/{FILE}"])
@pytest.mark.parametrize("target", ["elsewhere", "grading/submitted/ben"])
def test_nothing_is_written_through_a_link(course, linked, target):
    submitted = course / "grading" / "submitted"
    (course / target).mkdir(parents=True)
    place = submitted / linked
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(course / target)
    lines = collected(course, delivered(course, "class.zip", {f"ada/{FILE}": BETTER, f"ben/{FILE}": GOOD}), update=True)
    assert submissions(course)["ben"] == GOOD
    assert [(line.student, line.state) for line in lines] == [("ada", "refused"), ("ben", "taken")] and "is a link" in lines[0].sentence


def test_what_cannot_be_written_is_said_and_costs_nobody_else(course):
    (course / "grading" / "submitted" / "ada").write_text("a file, not a folder")
    lines = collected(course, delivered(course, "class.zip", {f"ada/{FILE}": BETTER, f"ben/{FILE}": GOOD}))
    assert submissions(course) == {"ben": GOOD}
    assert [line.state for line in lines] == ["refused", "taken"] and "could not be written" in lines[0].sentence


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from("/\\.:_ 123"), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(names, st.sampled_from(["", "/", f"/{FILE}", ".zip", ".ipynb", f"_1_2_{FILE}"])).map("".join), unique=True, max_size=4))
def test_no_name_leads_out_and_none_is_passed_over(course, found):
    shutil.rmtree(course / "grading" / "submitted", ignore_errors=True)
    path = delivered(course, "class.zip", [*((name, BETTER) for name in found), (f"ben example/{FILE}", GOOD), (f"carl example/{FILE}", GOOD)])
    lines = collected(course, path)
    assert submissions(course).items() >= {"ben example": GOOD, "carl example": GOOD}.items()
    written = {path.relative_to(course / "grading" / "submitted").parts[1:] for path in (course / "grading" / "submitted").rglob("*") if path.is_file()}
    assert written == {(LESSON, FILE)}
    entries = archive.in_zip(path, "class.zip")
    assert sorted(line.file for line in lines) == sorted(entry.shown for entry in entries)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8))
def test_no_damage_stops_the_collection_or_changes_a_notebook(course, changes):
    shutil.rmtree(course / "grading" / "submitted", ignore_errors=True)
    data = bytearray(packed({"ada.ipynb": GOOD, "ben.zip": packed({FILE: GOOD})}))
    for where, value in changes:
        data[int(where * len(data))] = value
    (course.parent / "class.zip").write_bytes(data)
    collected(course, course.parent / "class.zip")
    assert set(submissions(course).values()) <= {GOOD}


# What lies there already


@pytest.fixture
def twice(course):
    """A course with ada's notebook and time, and an archive with another notebook of hers."""
    collected(course, delivered(course, "first.zip", {"ada.ipynb": GOOD, "ben.ipynb": GOOD}), submitted_at="2026-03-01T10:00Z")
    return course, delivered(course, "second.zip", {"ada.ipynb": BETTER, "ben.ipynb": GOOD})


def test_another_notebook_does_not_replace_the_one_collected_before(twice):
    course, second = twice
    lines = collected(course, second, submitted_at="2026-03-02T10:00Z")
    assert submissions(course) == {"ada": GOOD, "ben": GOOD}
    assert [(line.student, line.state) for line in lines] == [("ada", "kept"), ("ben", "unchanged")]
    assert (submitted_at(course, "ada"), submitted_at(course, "ben")) == (datetime(2026, 3, 1, 10), datetime(2026, 3, 2, 10))


def test_unless_asked_for_and_then_the_old_ones_are_kept_with_their_times(twice):
    course, second = twice
    lines = collected(course, second, update=True)
    assert submissions(course) == {"ada": BETTER, "ben": GOOD} and submitted_at(course, "ada") is None
    assert [(line.student, line.state) for line in lines] == [("ada", "taken"), ("ben", "unchanged")]
    collected(course, course.parent / "first.zip", update=True)
    earlier = course / "grading" / "submitted" / "ada" / ".earlier"
    assert {path.name for path in earlier.iterdir()} == {f"{LESSON}.1.ipynb", f"{LESSON}.1.txt", f"{LESSON}.2.ipynb"}
    assert [(earlier / f"{LESSON}.{n}.ipynb").read_bytes() for n in (1, 2)] == [GOOD, BETTER]
    assert "2026-03-01 10:00" in (earlier / f"{LESSON}.1.txt").read_text()
    assert submissions(course) == {"ada": GOOD, "ben": GOOD}


def test_nothing_is_replaced_where_the_old_one_cannot_be_kept(twice):
    course, second = twice
    (course / "elsewhere").mkdir()
    (course / "grading" / "submitted" / "ada" / ".earlier").symlink_to(course / "elsewhere")
    lines = collected(course, second, update=True)
    assert submissions(course) == {"ada": GOOD, "ben": GOOD}
    assert [(line.student, line.state) for line in lines] == [("ada", "refused"), ("ben", "unchanged")]


# Times and the roster


def submitted_at(course, student):
    """When nbgrader takes a notebook to have been handed in, in UTC."""
    return CourseDirectory(root=str(course)).get_existing_timestamp(str(course / "grading" / "submitted" / student / LESSON))


def table(course, name, text, encoding="utf-8"):
    (course.parent / name).write_text(text, encoding=encoding)
    return course.parent / name


def test_without_times_none_is_made_up(course):
    collected(course, delivered(course, "submissions.zip", {f"exampleada_LATE_1_2_{FILE}": GOOD}))
    assert submitted_at(course, "1") is None


def test_times_are_those_of_the_table_and_for_the_rest_one_for_all(course, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        files = {f"{name}_{n}_assignsubmission_file_/{FILE}": GOOD for n, name in enumerate(("Ada Example", "Ben Example", "Carl Example"), 1)}
        times = table(course, "times.csv", 'student,time\nParticipant 1,"Sunday, 1 March 2026, 7:25 PM"\n2,2026-03-01T12:00-05:00\n3,-\n', "utf-8-sig")
        collected(course, delivered(course, "moodle.zip", files), times=times, submitted_at="2026-07-01 12:00")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert [submitted_at(course, each) for each in "123"] == [datetime(2026, 3, 1, 18, 25), datetime(2026, 3, 1, 17), datetime(2026, 7, 1, 10)]


def test_the_roster_turns_numbers_into_the_universitys_ids(course):
    roster = table(course, "roster.csv", "student;lms_id;first_name;last_name;seat\nu-ada;Participant 1;Ada;Example;7\nben;2;;\n\n")
    times = table(course, "times.csv", "student,time\nu-ada,2026-03-01T10:00Z\n2,2026-03-01T11:00Z\n")
    files = {f"{name}_{n}_assignsubmission_file_/{FILE}": GOOD for n, name in enumerate(("A. E.", "Ben Example", "Eve Example"), 1)}
    lines = collected(course, delivered(course, "moodle.zip", files), roster=roster, times=times)
    assert set(submissions(course)) == {"u-ada", "ben"}
    assert student(course, "u-ada") == ("Ada", "Example", "1") and student(course, "ben") == ("Ben", "Example", "2")
    assert submitted_at(course, "ben") == datetime(2026, 3, 1, 11) and submitted_at(course, "u-ada") == datetime(2026, 3, 1, 10)
    assert [line.sentence for line in lines if line.state == "refused"] == ["3 is not in the roster."]


def test_a_roster_names_those_too_whom_the_instructor_calls_by_their_id(course):
    roster = table(course, "roster.csv", "lms_id,student\n1,ada\n2,../ben\n")
    lines = collected(course, spread(course, "folder", {"ada.ipynb": GOOD, "2.ipynb": GOOD}), roster=roster)
    assert set(submissions(course)) == {"ada"} and student(course, "ada") == (None, None, "1")
    assert [line.state for line in lines] == ["refused", "taken"] and NO_ID in lines[0].sentence


@pytest.mark.parametrize("options, said", [
    ({"roster": "lms_id,name\n1,ada\n"}, "no column 'student'"), ({"roster": "lms_id,student\n1,ada\n1,ben\n"}, "one lms_id stands there twice"),
    ({"roster": "lms_id,student\n"}, "has no rows"), ({"roster": "lms_id,student\n1,Jos\u00e9\n"}, "no CSV file in UTF-8"),
    ({"times": "student,time\n1,yesterday\n"}, "'yesterday' is no time: write it like"), ({"submitted_at": "10"}, "'10' is no time")])
def test_tables_and_times_that_cannot_be_read_stop_the_collection_before_it_begins(course, options, said):
    options = {name: table(course, "t.csv", text, "latin-1") if name != "submitted_at" else text for name, text in options.items()}
    with pytest.raises(ValueError, match=said):
        collected(course, delivered(course, "class.zip", {"ada.ipynb": GOOD, "ben.ipynb": GOOD}), **options)
    assert not submissions(course)


def test_a_gradebook_that_cannot_be_written_is_a_sentence_and_the_notebooks_are_there(course):
    (course / "grading" / "gradebook.db").write_bytes(b"no database")
    before = {f"exampleada_1_2_{FILE}": GOOD}
    with pytest.raises(RuntimeError, match="All is collected, but names could not be written"):
        collected(course, delivered(course, "submissions.zip", before))
    assert submissions(course) == {"1": GOOD}


# The command


def test_the_command_prints_a_line_for_each_file_and_a_summary(course, monkeypatch, capsys):
    monkeypatch.chdir(course)
    path = delivered(course, "class.zip", {"ada.ipynb": GOOD, "ben.ipynb": GOOD})
    assert cli.main(["collect", LESSON, str(path)]) == 0
    assert capsys.readouterr().out == ("taken     ada  class.zip/ada.ipynb: It is collected.\ntaken     ben  class.zip/ben.ipynb: It is collected.\n"
                                       "2 taken, 0 unchanged, 0 kept, 0 refused\n")
    path = delivered(course, "class.zip", {"ada.ipynb": BETTER, "ben.ipynb": GOOD})
    assert cli.main(["collect", LESSON, str(path)]) == 0
    assert capsys.readouterr().out.endswith("0 taken, 1 unchanged, 1 kept, 0 refused\n")
    assert cli.main(["collect", LESSON, str(path), "--update", "--submitted-at", "2026-03-01T10:00Z"]) == 0
    assert submissions(course)["ada"] == BETTER and submitted_at(course, "ada") == datetime(2026, 3, 1, 10)


@pytest.mark.parametrize("arguments, code, said", [
    ([LESSON, "../bad.zip"], 1, ""), (["99-none", "../bad.zip"], 2, "there is no lesson '99-none'"), ([LESSON, "nowhere.zip"], 2, "there is no nowhere.zip"),
    ([LESSON, "../bad.zip", "--roster", "nowhere.csv"], 2, "there is no nowhere.csv"), (["..", "../bad.zip"], 2, "there is no lesson '..'")])
def test_the_exit_code_says_whether_something_was_refused_or_nothing_could_be_done(course, monkeypatch, capsys, arguments, code, said):
    monkeypatch.chdir(course)
    delivered(course, "bad.zip", {"ada.ipynb": b"{", "ben.ipynb": GOOD})
    assert cli.main(["collect", *arguments]) == code
    assert said in capsys.readouterr().err
    assert set(submissions(course)) == ({"ben"} if code == 1 else set())
