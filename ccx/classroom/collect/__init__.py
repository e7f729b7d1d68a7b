"""From what a learning platform delivers to grading/submitted: a line for each file, nothing lost, nothing written elsewhere.

`whose` says whose a file is, `archive` reads it. nbgrader's zip_collect unpacks archives onto the disk before a plugin sees a name and
takes ids from the paths that come out, a student's own archive included, so its plugins can't be made safe. A notebook that lies there
already stays unless an update is asked for; then the old one goes to STUDENT/.earlier, where nbgrader does not look. Times in archives
are mostly those of the download, so timestamp.txt is written only from times that the instructor gives.
"""

import os
import re
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path, PurePosixPath

from .archive import Unreadable, in_students_zip, printable
from .people import identified, moment, read_roster, read_times, tell_gradebook
from .recognise import SomethingElse, own_ids, read_lesson
from .whose import NOTEBOOK, ZIP, deliveries

MANY = 20  # notebooks in a student's own zip; a hostile one takes seconds to read


@dataclass(frozen=True)
class Line:
    """What became of a delivered file.

    Parameters
    ----------
    student : str
        Empty where it is not known.
    file : str
        The archive or folder and the path in it, fit to be printed.
    state : {"taken", "unchanged", "kept", "refused"}
        "kept": left where it was, because another notebook of the student's counts; "refused": somebody has to look at it.
    sentence : str
    """

    student: str
    file: str
    state: str
    sentence: str


def collect(lesson, files, root=None, roster=None, times=None, update=False, submitted_at=None):
    """Put each student's notebook at grading/submitted/STUDENT/LESSON/LESSON.ipynb.

    Parameters
    ----------
    lesson : str
    files : sequence of Path
        Archives, notebooks and folders of them; none of them is changed.
    root : Path, optional
        The course; the working directory when omitted.
    roster : Path, optional
        A CSV file for `people.read_roster`.
    times : Path, optional
        A CSV file for `people.read_times`.
    update : bool, default False
        Whether a notebook replaces a different one that was collected before.
    submitted_at : str, optional
        When those who are not in `times` handed in, for `people.moment`.

    Returns
    -------
    list of Line
        By student and file.

    Raises
    ------
    FileNotFoundError
        When there is no such course, lesson or file.
    ValueError
        When the roster or the times can't be read.
    RuntimeError
        When the gradebook can't be written.
    """
    root, files = Path(root or ".").resolve(), [Path(file) for file in files]
    for needed in filter(None, (root / "nbgrader_config.py", *files, roster, times)):
        if not Path(needed).exists():
            raise FileNotFoundError(f"there is no {needed}")
    own, submitted = own_ids(root), (root / "grading" / "submitted").resolve()
    if lesson not in own:
        raise FileNotFoundError(f"there is no lesson {lesson!r} in {root / 'lessons'}")
    people = read_roster(roster) if roster else None
    when = read_times(times) if times else {}
    otherwise = moment(submitted_at) if submitted_at else None
    students, lines = _by_student(deliveries(files, lesson), people)
    for student, handed in students.items():
        time = when.get(student) or when.get(handed[0][0].lms) or otherwise
        lines += _from_student(handed, lesson, own, submitted / student / lesson / f"{lesson}.ipynb", time, update)
    here = {line.student for line in lines if line.state != "refused"}
    tell_gradebook(root, [handed[0][0] for student, handed in students.items() if student in here])
    return sorted(lines, key=lambda line: (line.student, line.file))


def _by_student(found, people):
    students, lines = {}, []
    for sender, entry in found:
        try:
            if isinstance(sender, Unreadable):
                raise sender
            sender = identified(sender, people)
            students.setdefault(sender.student, []).append((sender, entry))
        except Unreadable as reason:
            lines.append(Line("", entry.shown, "refused", entry.flaw or str(reason)))
    return students, lines


def _from_student(handed, lesson, own, target, time, update):
    """Place the best of what a student has handed in, and say of each file what became of it."""
    notebooks, bad = _notebooks(handed)
    notebooks.sort(key=lambda notebook: _rank(*notebook, lesson))
    student, lines, best = handed[0][0].student, [], None
    while notebooks and not best:
        sender, entry = notebooks.pop()
        try:
            best, (data, remarks) = entry, _read(sender, entry, lesson, own)
        except Unreadable as reason:
            bad.append((entry, reason))
    if best:
        state, sentence = _placed(target, data, time, update)
        lines.append(Line(student, best.shown, state, " ".join([sentence, *remarks])))
    for _, entry in notebooks:
        lines.append(Line(student, entry.shown, "kept", f"Not read: {best.shown} counts, because the lesson's name comes first, then the newest."))
    for entry, reason in bad:
        lines.append(Line(student, entry.shown, "kept" if best and isinstance(reason, SomethingElse) else "refused", str(reason)))
    return lines


def _notebooks(handed):
    notebooks, bad = [], []
    for sender, entry in handed:
        try:
            inner = _in(entry)
            notebooks += [(replace(sender, file=one.name.rpartition("/")[2]), one) for one in inner] if inner else [(sender, entry)]
        except Unreadable as reason:
            bad.append((entry, reason))
    return notebooks, bad


def _in(entry):
    """The notebooks in a zip that a student handed in; none if it is a notebook itself."""
    if NOTEBOOK.search(entry.name):
        return []
    if not ZIP.search(entry.name):
        raise SomethingElse(f"It is no notebook: its name ends in {printable(PurePosixPath(entry.name).suffix) or 'nothing'}.")
    entries = in_students_zip(entry)
    found = [inner for inner in entries if NOTEBOOK.search(inner.name)]
    if not found:
        raise SomethingElse(f"It holds no notebook, only {', '.join(printable(inner.name) for inner in entries[:3]) or 'nothing'}.")
    if len(found) > MANY:
        raise Unreadable(f"It holds {len(found)} notebooks, and nobody can say which counts.")
    return found


def _rank(sender, entry, lesson):
    return *_named(sender, lesson), sender.number, entry.time


def _named(sender, lesson):
    """Whether a file has the lesson's name, and the number after it: Canvas calls what is handed in again 02-heterogeneity-1.ipynb."""
    name = NOTEBOOK.sub("", sender.file)
    again = re.fullmatch(re.escape(lesson) + "-([0-9]{1,9})", name)
    return name == lesson or bool(again), int(again[1]) if again else 0


def _read(sender, entry, lesson, own):
    named, _ = _named(sender, lesson)
    data, something = read_lesson(entry, lesson, own, named)
    odd = {"Nothing in it is of this lesson but the name.": not something, "It is called something else, but it is the lesson.": not named,
           "Canvas marks it as late.": sender.late}
    return data, [sentence for sentence, true in odd.items() if true]


def _placed(target, data, time, update):
    """Put a notebook in its place, unless another one lies there: what became of it, and a sentence."""
    try:
        old = _lying_at(target)
        differs = old not in (None, data)
        if differs and not update:
            return "kept", "It differs from the one collected before, which stays: --update replaces it."
        aside = _set_aside(target, old) if differs else None
        if old != data:
            _write(target, data)
        if time:
            _write(target.with_name("timestamp.txt"), f"{time:%Y-%m-%d %H:%M:%S.%f} UTC\n".encode())
    except Unreadable as reason:
        return "refused", str(reason)
    except OSError as error:
        return "refused", f"It could not be written: {error.strerror}."
    if old == data:
        return "unchanged", "It is what was collected before."
    return "taken", f"It replaces the one collected before, which is now {aside}." if aside else "It is collected."


def _lying_at(target):
    _no_links(target)
    return target.read_bytes() if target.exists() else None


def _no_links(path):
    if os.path.realpath(path) != str(path):
        raise Unreadable(f"{path} is a link or goes through one, or differs only in capitals from another: nothing is written there.")


def _set_aside(target, old):
    """Keep a notebook that is to be replaced, and its time: the new one has its own."""
    folder = target.parent.parent / ".earlier"
    _no_links(folder)
    number = next(n for n in count(1) if not (folder / f"{target.stem}.{n}.ipynb").exists())
    kept, time = folder / f"{target.stem}.{number}.ipynb", target.with_name("timestamp.txt")
    _write(kept, old)
    if time.exists():
        time.replace(kept.with_suffix(".txt"))
    return f".earlier/{kept.name}"


def _write(path, data):
    """Write beside the place and then put it there, so that it is whole or not there, and no link is followed."""
    part = path.with_name(f".{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    part.unlink(missing_ok=True)
    try:
        with open(part, "xb") as file:
            file.write(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
