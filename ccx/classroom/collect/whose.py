"""Whose file is it? The id is read from names that a platform or the instructor gave, never from names that a student gave.

Canvas writes NAME_USER_FILE_name.ipynb, with _LATE after NAME if it is; Moodle writes NAME_PARTICIPANT_assignsubmission_file_ and
after it the name, or a folder with the file; everything else is STUDENT.ipynb or STUDENT/…. Names in a zip are believed only if it is
the only zip in the command and a class's: Canvas's or Moodle's, or with notebooks of two students or more. Any other zip, and every
zip in a folder or in a zip, is one student's, and its own name says whose.
"""

import os
import re
from dataclasses import dataclass, replace

from .archive import Unreadable, in_folder, in_zip, printable, single

MOODLE = re.compile(r"(?P<name>[^_/]+)_(?P<lms>[0-9]{1,20})_assignsubmission_(?:file|onlinetext)(?:_/|/|_)(?P<file>.+)")
CANVAS = re.compile(r"[^/]+?(?P<late>_LATE)?_(?P<lms>[0-9]{1,20})_(?:(?P<number>[0-9]{1,20})_|(?=(?:text|link)\.html$))(?P<file>[^/]+)")
NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?$", re.I)
ZIP = re.compile(r"\.zip$", re.I)


@dataclass(frozen=True)
class Sender:
    """Who has handed in a file, as far as its name says.

    Parameters
    ----------
    student : str
        The id; the platform's number as long as no roster says otherwise.
    file : str
        The name that the student gave the file, without folders.
    lms : str
        The platform's number: Canvas's user, Moodle's participant.
    first, last : str
    late : bool
        Whether Canvas marks it as late.
    number : int
        Canvas's number of the file, which is higher the later it was handed in.
    """

    student: str
    file: str
    lms: str = ""
    first: str = ""
    last: str = ""
    late: bool = False
    number: int = 0


def deliveries(files, lesson):
    """List everything that was delivered, each with the one who has handed it in.

    Parameters
    ----------
    files : list of Path
        Notebooks, zips and folders.
    lesson : str

    Returns
    -------
    list of tuple
        A `Sender`, or the `Unreadable` that says why it is nobody's, and an `Entry`.
    """
    zips = {path: _listed(path) for path in files if ZIP.search(path.name) and path.is_file()}
    found = []
    for path in files:
        if path.is_dir():
            found += _with_senders(in_folder(path), lesson)
        elif not _is_a_class(zips.get(path, []), lesson):
            found += _with_senders([single(path)], lesson)
        elif len(zips) == 1:
            found += _with_senders(zips[path], lesson)
        else:
            found.append((Unreadable("It looks like the archive of a class, and there are other zips in the command: collect it by itself."), single(path)))
    return found


def sender(name, lesson):
    """Read who has handed in a file from its path in a folder or the archive of a class.

    Parameters
    ----------
    name : str
    lesson : str

    Returns
    -------
    Sender

    Raises
    ------
    Unreadable
        When the name does not say it, or not clearly.

    Examples
    --------
    >>> sender("exampleada_LATE_12345_67890_02-heterogeneity-1.ipynb", "02-heterogeneity")
    Sender(student='12345', file='02-heterogeneity-1.ipynb', lms='12345', first='', last='', late=True, number=67890)
    >>> sender("Ada Example_1234567_assignsubmission_file_/02-heterogeneity.ipynb", "02-heterogeneity")
    Sender(student='1234567', file='02-heterogeneity.ipynb', lms='1234567', first='Ada', last='Example', late=False, number=0)
    >>> sender("ada/02-heterogeneity.ipynb", "02-heterogeneity").student
    'ada'
    """
    if moodle := MOODLE.fullmatch(name):
        # Where Moodle hides the names it writes "Participant", one word in the language of the site.
        first, _, last = moodle["name"].rpartition(" ")
        return Sender(moodle["lms"], moodle["file"].rpartition("/")[2], moodle["lms"], first, last if first else "")
    if canvas := CANVAS.fullmatch(name):
        # Somebody who calls themselves "x_123" must not pass for user 123.
        if re.match("[0-9]+_", canvas["file"]):
            raise Unreadable("Three numbers follow each other in its name, so it is not certain which is the student's.")
        return Sender(canvas["lms"], canvas["file"], canvas["lms"], late=bool(canvas["late"]), number=int(canvas["number"] or 0))
    return _by_instructor(name, lesson)


def _with_senders(entries, lesson):
    found = []
    for entry in entries:
        try:
            found.append((sender(entry.name, lesson), entry))
        except Unreadable as reason:
            found.append((reason, entry))
    return found


def _by_platform(name):
    return MOODLE.fullmatch(name) or CANVAS.fullmatch(name)


def _by_instructor(name, lesson):
    student, *rest = name.split("/")
    if not rest:
        student, kind = os.path.splitext(NOTEBOOK.sub(".ipynb", student))
    if student == lesson:
        raise Unreadable("Its name does not say whose it is: call it STUDENT.ipynb, or put it into a folder called STUDENT.")
    if len(rest) > 2 or rest[1:] and rest[0] != lesson:
        raise Unreadable(f"It does not lie at STUDENT/{lesson}.ipynb or STUDENT/{lesson}/{lesson}.ipynb.")
    return Sender(student, rest[-1] if rest else lesson + kind)


def _listed(path):
    """The files in a zip, without the one folder around all of them that a file manager adds."""
    try:
        entries = in_zip(path, printable(path.name))
    except Unreadable:
        return []
    tops = {entry.name.partition("/")[0] for entry in entries}
    if len(tops) != 1 or any("/" not in entry.name or _by_platform(entry.name) for entry in entries):
        return entries
    return [replace(entry, name=entry.name.partition("/")[2]) for entry in entries]


def _is_a_class(entries, lesson):
    """Whether the names in a zip are a platform's, or those of two students or more."""
    place = re.compile(rf"([^/]+)/(?:{re.escape(lesson)}/)?{re.escape(lesson)}\.ipynb|([^/]+)\.(?:ipynb|zip)", re.I)
    students = {found[1] or found[2] for entry in entries if (found := place.fullmatch(entry.name))}
    return any(_by_platform(entry.name) for entry in entries) or len(students) > 1 and lesson not in students
