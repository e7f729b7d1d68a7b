"""The course's table of contents in the README: made from the lessons, so that it never says anything else."""

import re
from pathlib import Path

import nbformat

from .bank import load_bank

BEGIN, END = "<!-- lessons: made by `make lessons` -->\n", "<!-- end of lessons -->\n"


def lesson(folder):
    """What the table says of a lesson.

    Parameters
    ----------
    folder : Path
        Under ``solutions``.

    Returns
    -------
    dict
        ``name``, ``question``, ``minutes``, ``points``, ``data``, and ``objectives`` (a sentence by its id).

    Raises
    ------
    ValueError
        When the lesson's first text lacks one of them.
    """
    folder = Path(folder)
    notebook = nbformat.read(folder / f"{folder.name}.ipynb", as_version=4)
    text = next(cell.source for cell in notebook.cells if cell.source.startswith("## The question"))

    def said(pattern, what):
        if not (found := re.search(pattern, text, flags=re.M | re.S)):
            raise ValueError(f"{folder.name}: its first text does not say {what}.")
        return found

    minutes = said(r"\*\*Time:\*\* about (\d+) minutes(?:, and (\d+) for the)?", "its time, as in **Time:** about 90 minutes, and 25 for the decision")
    objectives = re.findall(r"^- \*\*(\d\d\.\d+)\*\* (.+?)[;.]$", text, flags=re.M | re.S)
    if not objectives:
        raise ValueError(f"{folder.name}: its first text lists no objectives.")
    return {"name": folder.name, "question": said(r"\A## The question\n\n\*\*([^*]+)\*\*\n", "its question in bold")[1].replace("\n", " "),
            "minutes": " + ".join(filter(None, minutes.groups())), "points": sum(exercise.points for exercise in load_bank(folder / "answers.py").exercises.values()),
            "data": said(r"^\*\*Data:\*\* (.+?)\.$", "its data")[1].replace("\n", " "), "objectives": {number: " ".join(text.split()) for number, text in objectives}}


def contents(lessons):
    """The table and the objectives, in Markdown.

    Parameters
    ----------
    lessons : list of dict
        From `lesson`.

    Returns
    -------
    str
    """
    rows = [f"| `{one['name']}` | {one['question']} | {one['minutes']} | {one['points'] or '–'} | {one['data']} |" for one in lessons]
    taught = [f"- `{one['name']}`: " + "; ".join(one["objectives"].values()) + "." for one in lessons]
    return "\n".join(["| lesson | question | minutes | points | data |", "|---|---|---:|---:|---|", *rows, "",
                      "The second number of minutes is for the written decision.", "",
                      "<details>", "<summary>What a student can do after each lesson</summary>", "", *taught, "", "</details>", ""])


def renew(root):
    """Write the table of contents into the course's README.

    Parameters
    ----------
    root : Path

    Returns
    -------
    Path
        The README.

    Raises
    ------
    ValueError
        Where the README has no place for it.
    """
    root = Path(root)
    readme = root / "README.md"
    before, begin, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{readme} has no lines {BEGIN.strip()!r} and {END.strip()!r}, between which the lessons stand.")
    lessons = [lesson(path.parent) for path in sorted(root.glob("solutions/*/answers.py"))]
    readme.write_text(f"{before}{BEGIN}\n{contents(lessons)}\n{END}{after}", encoding="utf-8")
    return readme
