"""The archive a student gets: lessons, data cards, environment and the library as a wheel, and nothing else."""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

FOLDER = "ccx-course"
STUDENT_README = Path(__file__).with_name("student-readme.md")


def bundle(out=None, root=None):
    """Pack the course for students.

    Parameters
    ----------
    out : Path, optional
        The zip file to write; ``dist/ccx-course.zip`` in the course when omitted.
    root : Path, optional
        The checkout; the working directory when omitted.

    Returns
    -------
    Path

    Raises
    ------
    FileNotFoundError
        When `root` is not a checkout with built lessons.
    RuntimeError
        When the library can't be built.

    Notes
    -----
    The same checkout gives the same bytes. Nothing from ``solutions/`` or
    ``tests/`` goes in: the files are listed, not filtered.
    """
    root = Path(root or ".").resolve()
    out = Path(out or root / "dist" / f"{FOLDER}.zip")
    for needed in ("pyproject.toml", "lessons/00-start"):
        if not (root / needed).exists():
            raise FileNotFoundError(f"{root} has no {needed}: run this in the course's checkout, after make lessons.")
    with tempfile.TemporaryDirectory() as scratch:
        files = contents(root, _wheel(root, scratch))
    out.parent.mkdir(parents=True, exist_ok=True)
    # Written beside its place first, so that an old bundle is replaced whole or not at all.
    unfinished = out.with_suffix(".part")
    _write(unfinished, files)
    return unfinished.replace(out)


def contents(root, wheel):
    """The files of the bundle: a dict from name to bytes.

    Parameters
    ----------
    root : Path
    wheel : Path
    """
    names = {
        "README.md": STUDENT_README.read_bytes(),
        "environment.yml": _environment(root, wheel).encode(),
        "requirements.txt": _requirements(wheel).encode(),
        "constraints.txt": (root / "constraints.txt").read_bytes(),
        "LICENSE": (root / "LICENSE").read_bytes(),
        wheel.name: wheel.read_bytes(),
    }
    lessons = [p for p in (root / "lessons").rglob("*") if p.is_file() and ".ipynb_checkpoints" not in p.parts]
    data = [p for p in (root / "datasets").iterdir() if p.suffix in {".toml", ".md", ".csv", ".gz"}]
    return names | {path.relative_to(root).as_posix(): path.read_bytes() for path in (*lessons, *data)}


def _wheel(root, folder):
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise RuntimeError(f"The wheel could not be built ({said}): pip install hatchling, then try again.")
    return next(Path(folder).glob("*.whl"))


def _environment(root, wheel):
    """The checkout's environment.yml with the wheel in place of the checkout."""
    text = (root / "environment.yml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("#")]
    return "\n".join(kept).replace("--editable .", f"./{wheel.name}") + "\n"


def _requirements(wheel):
    """The wheel, with every other package at the version the course was tested with."""
    return f"--constraint constraints.txt\n./{wheel.name}[course]\n"


def _write(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            # A fixed date, so that the same course gives the same bytes.
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}", date_time=(2020, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name], compress_type=zipfile.ZIP_DEFLATED)
