"""Which lesson is a notebook? Its cells say so by their ids, even under another name and after another editor."""

import re
import warnings

from .archive import NOTEBOOK_BYTES, Unreadable

ASKED = re.compile(r"ccx\.(?:check|predict|reveal)\(\s*[\"']([\w.-]+)")


class SomethingElse(Unreadable):
    """A delivered file is not this lesson's notebook: no loss if the student handed in that too."""


def own_ids(root):
    """What only one lesson has, for each: ids of cells and exercises.

    Parameters
    ----------
    root : Path

    Returns
    -------
    dict
        From lesson to a set of ids.
    """
    import nbformat

    paths = [path for path in sorted(root.glob("lessons/*/*.ipynb")) if path.stem == path.parent.name]
    ids = {path.stem: _ids(nbformat.read(path, as_version=4)) for path in paths}
    return {lesson: found.difference(*(others for other, others in ids.items() if other != lesson)) for lesson, found in ids.items()}


def read_lesson(entry, lesson, own, named):
    """Read a delivered notebook, if it is the lesson's.

    Parameters
    ----------
    entry : Entry
    lesson : str
    own : dict
        As `own_ids` returns it.
    named : bool
        Whether its file is called like the lesson; then it need not have anything of it.

    Returns
    -------
    bytes
        As it was delivered, without a byte order mark.
    bool
        Whether anything in it is the lesson's.

    Raises
    ------
    Unreadable
        When nbformat can't read it.
    SomethingElse
        When it is another notebook.
    """
    import nbformat

    data = entry.read(NOTEBOOK_BYTES).removeprefix(b"\xef\xbb\xbf")
    try:
        with warnings.catch_warnings(action="ignore"):
            ids = _ids(nbformat.reads(data.decode(), as_version=4))
    except Exception as error:
        # nbformat raises whatever it stumbles over, and what nobody can read must not cost the others.
        raise Unreadable(f"It is no notebook that can be read ({type(error).__name__}).") from error
    shared = {name: len(ids & found) for name, found in own.items()}
    like = max(own, key=lambda name: (shared[name], name == lesson))
    if like != lesson:
        raise SomethingElse(f"It looks like {like}, not like {lesson}.")
    if not shared[lesson] and not named:
        raise SomethingElse(f"Nothing in it is of {lesson}, and it is not called so.")
    return data, bool(shared[lesson])


def _ids(nb):
    """The ids of cells, those that nbgrader gave, and those of the exercises asked for: editors lose one or the other."""
    found = set()
    for cell in nb.cells:
        tag = cell.metadata.get("nbgrader")
        found |= {str(cell.get("id")), str(tag.get("grade_id") if isinstance(tag, dict) else None)}
        found.update(ASKED.findall(str(cell.get("source"))))
    return found - {"None"}
