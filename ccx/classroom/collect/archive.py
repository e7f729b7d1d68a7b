"""The files in a folder or a zip, read with bounds and without unpacking.

A name from an archive is compared and printed, never used as a path: so none can lead anywhere.
"""

import io
import os
import re
import stat
import time
import unicodedata
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

NOTEBOOK_BYTES = 20 * 2**20  # bytes; a solved lesson with all its pictures has about one million
ZIP_BYTES = 100 * 2**20  # bytes of a zip that a student made; learning platforms seldom let more through
ZIP_FILES = 100_000  # files in a zip that a student made; a Python environment, packed by mistake, has half as many
# bz2 and LZMA are left out: Python unpacks them without a bound. Platforms and file managers don't use them.
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1 | 0x40 | 0x2000
UTF8 = 0x800
IGNORED = re.compile(r"(^|/)(__MACOSX|\.ipynb_checkpoints)/|(^|/)(\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)$", re.I)


class Unreadable(ValueError):
    """A delivered file can't be used; the message is a sentence that says why."""


@dataclass(frozen=True)
class Entry:
    """A file in a folder or a zip.

    Parameters
    ----------
    name : str
        Its path in there, with "/".
    shown : str
        The name of the folder or zip and the path, fit to be printed.
    time : tuple
        From year to second, in no certain zone: good for what is newer in one archive, and for nothing else.
    opened : function without arguments that opens it
    flaw : str
        Why it must not be opened; empty if it may be.
    """

    name: str
    shown: str
    time: tuple
    opened: Callable
    flaw: str = ""

    def read(self, most):
        """Read all of it.

        Parameters
        ----------
        most : int
            Bytes.

        Returns
        -------
        bytes

        Raises
        ------
        Unreadable
            When it is empty, damaged or has more bytes than that, whatever the archive says.
        """
        if self.flaw:
            raise Unreadable(self.flaw)
        try:
            with self.opened() as stream:
                data = stream.read(most + 1)
        except Exception as error:
            # zipfile raises whatever it stumbles over, and a damaged file must not cost the others.
            raise Unreadable(f"It is damaged and can't be read ({type(error).__name__}).") from error
        if len(data) > most:
            raise Unreadable(f"It has more than {most / 2**20:g} MB.")
        if not data:
            raise Unreadable("It is empty.")
        return data


def single(path):
    """A file on disk as an entry."""
    return _on_disk(path, path.parent, "")


def in_folder(folder):
    """The files in a folder and below it, in order; links are listed, not followed."""
    paths = [Path(place, name) for place, folders, names in os.walk(folder) for name in (*names, *folders)]
    entries = [_on_disk(path, folder, f"{printable(folder.name or '.')}/") for path in sorted(paths) if path.is_symlink() or not path.is_dir()]
    return [entry for entry in entries if not IGNORED.search(entry.name)]


def in_zip(file, shown):
    """The files in a zip.

    Parameters
    ----------
    file : Path or file object
    shown : str
        What the zip is called where a file of it is printed.

    Returns
    -------
    list of Entry

    Raises
    ------
    Unreadable
        When it is no zip.
    """
    try:
        archive = zipfile.ZipFile(file)
    except Exception as error:
        raise Unreadable(f"It is no zip that can be opened ({type(error).__name__}).") from error
    named = [(info, _name(info)) for info in archive.infolist()]
    return [_packed(archive, info, str(PurePosixPath(name)), shown) for info, name in named if not name.endswith("/") and not IGNORED.search(name)]


def in_students_zip(entry):
    """The files in a zip that a student made, which is bounded in size and in the number of its files."""
    data = entry.read(ZIP_BYTES)
    # Before zipfile reads the list of files: each of its lines begins like this.
    if data.count(b"PK\x01\x02") > ZIP_FILES:
        raise Unreadable(f"It holds more than {ZIP_FILES:,} files.")
    return in_zip(io.BytesIO(data), entry.shown)


def printable(name):
    """A name fit to be printed: nothing in it that a terminal obeys or can't write, and not too long.

    Examples
    --------
    >>> printable("ada" + chr(27) + "[2J.ipynb")
    'ada?[2J.ipynb'
    """
    text = "".join(letter if letter.isprintable() else "?" for letter in name)
    return text if len(text) <= 120 else f"{text[:60]}…{text[-50:]}"


def _on_disk(path, folder, shown):
    name = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
    found = path.lstat()
    flaw = "" if stat.S_ISREG(found.st_mode) else "It is a link or a device, not a file."
    return Entry(name, shown + printable(name), time.localtime(found.st_mtime)[:6], partial(open, path, "rb"), flaw)


def _packed(archive, info, name, shown):
    return Entry(name, f"{shown}/{printable(name)}", info.date_time, partial(archive.open, info), _flaw(info, name))


def _name(info):
    name = info.filename
    if not info.flag_bits & UTF8:
        # Some programs write UTF-8 without saying so, and Python takes it for the letters of DOS.
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _flaw(info, name):
    if ".." in name.split("/") or re.match(r"/|[A-Za-z]:", name):
        return "Its name points out of the archive."
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return "It is a link or a device, not a file."
    if info.flag_bits & ENCRYPTED:
        return "It is encrypted."
    return "" if info.compress_type in PACKED else "It is packed in another way than zips usually are."
