"""What code cells have shown, kept by their content: a run that was broken off goes on where it was, and nothing runs twice."""

import functools
import hashlib
import importlib.metadata
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import ccx
from ccx.data import datasets_folder

# What a cell shows, and what it earns, depends on these packages, and on all of ccx but these.
PACKAGES = ("ipython", "matplotlib", "networkx", "numpy", "pandas", "pyarrow", "scikit-learn", "scipy")
ELSEWHERE = {"cli.py", "doctor", "lab.py", *(f"classroom/{name}" for name in ("build.py", "bundle.py", "certify", "collect", "feedback", "grade.py", "intake.py", "kept.py", "late.py", "report", "site", "tournament"))}


class Kept:
    """A folder of results, a file each, written whole or not at all.

    Parameters
    ----------
    folder : Path
        May be deleted at any time: what is missing is run again.
    """

    def __init__(self, folder):
        self.folder = Path(folder)

    def get(self, key):
        """What the cells have shown, or None."""
        try:
            return json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None

    def has(self, key):
        """Whether there is a result."""
        return (self.folder / f"{key}.json").is_file()

    def put(self, key, shown):
        """Keep what the cells have shown."""
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f"{key}.{os.getpid()}.part"
        unfinished.write_text(json.dumps(shown), encoding="utf-8")
        unfinished.replace(self.folder / f"{key}.json")


def key(sources, limits):
    """The name of a result: a digest of all that it depends on.

    Parameters
    ----------
    sources : list of str
        The code cells.
    limits : Limits

    Returns
    -------
    str
    """
    return hashlib.sha256(json.dumps([sources, asdict(limits), surroundings()]).encode("utf-8", "replace")).hexdigest()


@functools.cache
def surroundings():
    """A digest of `ccx`, the data and the packages that a lesson runs on."""
    digest = hashlib.sha256(repr([sys.version, *map(importlib.metadata.version, PACKAGES)]).encode())
    package = Path(ccx.__file__).parent
    others = {package / name for name in ELSEWHERE}
    code = [path for path in package.rglob("*.py") if not others & {path, *path.parents}]
    # A data set's card has the checksum of its file.
    for path in [*sorted(code), *sorted(datasets_folder().glob("*.toml"))]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def grounds(course, lesson, student, due):
    """A digest of all that a student's grades rest on, so that nothing is graded twice without a reason.

    Parameters
    ----------
    course : CourseDirectory
    lesson, student : str
    due : datetime or None

    Returns
    -------
    str
    """
    handed = Path(course.format_path(course.submitted_directory, student, lesson))
    release, source = (Path(course.format_path(folder, ".", lesson)) for folder in (course.release_directory, course.source_directory))
    paths = (handed / f"{lesson}.ipynb", handed / "timestamp.txt", release / f"{lesson}.ipynb", source / "answers.py",
             Path(course.root, "nbgrader_config.py"), *(Path(course.config[part].get(name, "")) for part, name in (("LatePolicy", "extensions"), ("Score", "draws"))))
    files = [hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "" for path in paths]
    return hashlib.sha256(repr([*files, str(due), surroundings()]).encode()).hexdigest()
