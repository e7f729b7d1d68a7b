"""`ccx report`: a lesson's grades for the platform, and what its exercises have shown, for instructors."""

from pathlib import Path

from .grades import canvas, grade_table, moodle
from .items import item_table, mistake_table, objective_table
from .page import page
from .results import read_results
from .sheets import read_sheet, write, write_rows


def report(lesson, canvas_file=None, moodle_file=None, out=None, everyone=False, root=None):
    """Write a lesson's grades and item analysis.

    Parameters
    ----------
    lesson : str
    canvas_file : Path, optional
        The gradebook as Canvas has exported it, to be filled in.
    moodle_file : Path, optional
        The grading worksheet as Moodle has exported it, to be filled in.
    out : Path, optional
        The folder to write to; ``grading/reports/LESSON`` in the course when omitted.
    everyone : bool, default False
        Whether grades that still wait for a person's eye are put into the platform's file too.
    root : Path, optional
        The course; the working directory when omitted.

    Returns
    -------
    tuple of list
        The files written, and a sentence for each submission or student that was left out.

    Raises
    ------
    FileNotFoundError
        When there is no course, no gradebook or no such file.
    RuntimeError
        When the gradebook can't be reached.
    ValueError
        When nobody has been graded, or a file is not what it should be; nothing is written then.
    """
    results = read_results(lesson, root)
    filled, lines = [], [f"{student}: handed in and not graded." for student in results.ungraded]
    for fill, path in ((canvas, canvas_file), (moodle, moodle_file)):
        if path:
            sheet, left_out = fill(read_sheet(path), lesson, results.students, results.exercises["points"].sum(), everyone)
            filled.append((f"{fill.__name__}.csv", sheet.text()))
            lines += left_out
    out = Path(out or Path(root or ".") / "grading" / "reports" / lesson)
    return [*_write_report(results, out), *(write(out / name, text) for name, text in filled)], lines


def _write_report(results, out):
    items, mistakes, objectives = item_table(results), mistake_table(results), objective_table(results)
    shown = page(results, items, mistakes, objectives)
    columns, rows = grade_table(results.students, results.scores, list(results.exercises.index))
    return [write_rows(out / "grades.csv", columns, rows, as_is=("lms_id",)),
            *(write_rows(out / f"{name}.csv", table.columns, table.itertuples(index=False))
              for name, table in (("items", items.reset_index()), ("mistakes", mistakes), ("objectives", objectives.reset_index()))),
            write(out / "report.html", shown)]
