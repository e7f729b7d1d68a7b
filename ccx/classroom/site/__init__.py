"""The course to read, as pages that need neither Python nor a network: every lesson as it is released, executed, with its outputs."""

import os
import shutil
from pathlib import Path

import nbformat

from .pages import MARK, lessons, make
from .run import executed


def site(root=".", out=None, workers=None, done=lambda name: None):
    """Execute every released lesson and write the site.

    Parameters
    ----------
    root : Path, optional
        The course's checkout; the working directory when omitted.
    out : Path, optional
        The folder to write; ``dist/site`` in the course when omitted.
    workers : int, optional
        How many lessons run at a time; one a core when omitted.
    done : function of a lesson's name, optional
        Called when it has run.

    Returns
    -------
    list of Path
        The pages, the first page first.

    Raises
    ------
    FileNotFoundError
        When `root` is no checkout with built lessons.
    ValueError
        For a lesson that can't be executed or shown, a link that leads nowhere, and a folder that holds something else.

    Notes
    -----
    The same course gives the same bytes. The site is written whole or not at all.
    """
    root = Path(root).resolve()
    out = Path(out or root / "dist" / "site").resolve()
    require_ours(out)
    found = lessons(root)
    # What is wrong with a text or a link is said before minutes have gone by.
    make(root, {name: nbformat.read(path, as_version=4) for name, path in found.items()})
    return write(out, make(root, executed(found, workers, done)))


def require_ours(out):
    """Raise ValueError where a folder holds anything but an earlier site, which writing would delete."""
    strangers = [path.name for path in sorted(out.iterdir()) if not _is_page(path)] if out.is_dir() else [out.name] * out.exists()
    if strangers:
        raise ValueError(f"{out} holds {strangers[0]}, which is not a page of the site: give an empty folder with --out.")


def _is_page(path):
    return path.suffix == ".html" and path.is_file() and f'<meta name="generator" content="{MARK}">' in path.read_text(encoding="utf-8", errors="replace")


def write(out, made):
    """Put pages in place of an earlier site, all or none.

    Parameters
    ----------
    out : Path
    made : dict of str to str
        HTML by the name of the file.

    Returns
    -------
    list of Path
    """
    require_ours(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished, earlier = (out.with_name(f".{out.name}.{os.getpid()}.{what}") for what in ("part", "old"))
    unfinished.mkdir()
    try:
        for name, text in made.items():
            (unfinished / name).write_text(text, encoding="utf-8", newline="\n")
        if out.exists():
            out.rename(earlier)
        unfinished.rename(out)
    finally:
        if earlier.exists() and not out.exists():
            earlier.rename(out)
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.rmtree(earlier, ignore_errors=True)
    return [out / name for name in made]
