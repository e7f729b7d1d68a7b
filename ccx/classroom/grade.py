"""From handed-in notebooks to grades, many at a time: restore, execute, score.

Only `execute` runs students' code, in sandboxes, as many as there are workers. Its results are kept by their content and every score is
in the gradebook before the next is begun, so that a run can be broken off at any moment and started again.
"""

import warnings
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import is_grade
from sqlalchemy.exc import SAWarning

from .bank import load_bank
from .build import course_config
from .intake import submissions
from .kept import Kept, grounds, key
from .report.changes import add_changes, changes, snapshot
from .report.verdicts import mended, verdicts
from .restore import restored
from .sandbox.farm import on_a_cluster, on_this_machine
from .score import RunToTheEnd, probing


@dataclass(frozen=True)
class Result:
    """What became of one submission.

    Parameters
    ----------
    student : str
    state : {"graded", "unchanged", "refused", "failed"}
    remarks : tuple of str
        What the instructor should know, a sentence each.
    changes : tuple
        As `changes.changes` gives them: the exercises that earn other points than before.
    """

    student: str
    state: str
    remarks: tuple = ()
    changes: tuple = ()


class Grading:
    """One lesson's submissions on their way to the gradebook.

    Parameters
    ----------
    lesson : str
    root : Path
        The course.
    students : list of str, optional
        Only these.
    sandbox : bool, default True
        Whether students' code is shut in.
    fresh : bool, default False
        Whether what has been run and graded before is run and graded again.

    Attributes
    ----------
    handed : list of Submission
    changes : Path
        The file of all scores that a later grading has changed.

    Raises
    ------
    FileNotFoundError
        Where there is no such course or lesson.
    ValueError
        Where the gradebook does not know the lesson, or one of the students has handed nothing in.
    """

    def __init__(self, lesson, root, students=None, sandbox=True, fresh=False):
        self.lesson, self.fresh, self.sandbox = lesson, fresh, sandbox
        config = _config(root, lesson)
        config.RunToTheEnd.sandbox = sandbox
        self.course = CourseDirectory(config=config)
        self.api = NbGraderAPI(coursedir=self.course, config=config)
        self.api.log.handlers.clear()
        # SQLAlchemy complains of how nbgrader makes a submission, for each of them.
        warnings.filterwarnings("ignore", "Object of type", SAWarning)
        self.runner = RunToTheEnd(config=config)
        self.kept, self.limits = Kept(self.runner.kept), self.runner.all_limits()
        self.bank = load_bank(self._path(self.course.source_directory, ".") / "answers.py")
        self.release = nbformat.read(self._path(self.course.release_directory, ".") / f"{lesson}.ipynb", as_version=4)
        with self._gradebook() as gradebook:
            if lesson not in [assignment.name for assignment in gradebook.assignments]:
                raise ValueError(f"The gradebook does not know {lesson} yet: run nbgrader generate_assignment {lesson} --force first.")
            self.due = gradebook.find_assignment(lesson).duedate
            self.known = {submission.student.id for submission in gradebook.assignment_submissions(lesson)}
        self.changes = Path(self.course.root, "grading", "reports", lesson, "changes.csv")
        handed = submissions(Path(self.course.root, self.course.submitted_directory), lesson)
        absent = set(students or ()) - {one.student for one in handed}
        if absent:
            raise ValueError(f"{', '.join(sorted(absent))} handed in nothing for {lesson}.")
        self.handed = [one for one in handed if not students or one.student in students]

    def _path(self, folder, student):
        return Path(self.course.format_path(folder, student, self.lesson))

    def _gradebook(self):
        return Gradebook(self.course.db_url, self.course.course_id)

    def run(self, workers=2, scheduler=None):
        """Grade what has been handed in.

        Parameters
        ----------
        workers : int
            Sandboxes on this machine.
        scheduler : str, optional
            Address of a Dask scheduler whose workers take their place.

        Yields
        ------
        Result
            In the order in which they are finished.
        """
        if workers < 1:
            raise ValueError(f"Grading takes at least one worker, not {workers}.")
        todo = []
        for one in self.handed:
            if one.problem:
                yield Result(one.student, "refused", (one.problem,))
            elif self._unchanged(one.student):
                yield Result(one.student, "unchanged")
            else:
                todo.append(one)
        yield from self._grade(todo, workers, scheduler)

    def _unchanged(self, student):
        graded = self._graded(student)
        if self.fresh or graded is None or student not in self.known:
            return False
        return graded.metadata.get("ccx", {}).get("grounds") == grounds(self.course, self.lesson, student, self.due)

    def _graded(self, student):
        """The graded notebook; None where there is none, or only the part that an interrupted run has written."""
        path = self._path(self.course.autograded_directory, student) / f"{self.lesson}.ipynb"
        try:
            # Ours, so there is no need of validation, which is slow.
            return nbformat.v4.reads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None

    def _grade(self, todo, workers, scheduler):
        waiting = defaultdict(list)
        jobs = {}
        for one in todo:
            try:
                sources = self._sources(one.path)
            except Exception as error:  # whatever a notebook that intake could read may still do
                yield Result(one.student, "failed", (f"The notebook could not be laid on the release: {type(error).__name__}.",))
                continue
            name = key(sources, self.limits)
            waiting[name].append(one.student)
            jobs[name] = sources
        for name, shown in self._executed(jobs, workers, scheduler):
            for student in waiting[name]:
                failed = isinstance(shown, Exception)
                yield Result(student, "failed", (f"The notebook could not be run: {shown}",)) if failed else self._score(student)

    def _sources(self, path):
        """The code that will run: the submission laid on its release, with the grader's own inputs in front."""
        cells = [*probing(self.bank), *restored(nbformat.read(path, as_version=4), self.release).cells]
        return [cell.source for cell in cells if cell.cell_type == "code"]

    def _executed(self, jobs, workers, scheduler):
        kept = {} if self.fresh else {name: True for name in jobs if self.kept.has(name)}
        # Without a sandbox nbgrader itself runs each notebook when it is scored.
        yield from kept.items() if self.sandbox else dict.fromkeys(jobs).items()
        left = {name: sources for name, sources in jobs.items() if name not in kept} if self.sandbox else {}
        if left:
            done = on_a_cluster(left, self.limits, scheduler) if scheduler else on_this_machine(left, self.limits, workers)
            for name, shown in done:
                if not isinstance(shown, Exception):
                    self.kept.put(name, shown)
                yield name, shown

    def _score(self, student):
        before = self._graded(student)
        done = self.api.autograde(self.lesson, student, force=True)
        if "KeyboardInterrupt" in done.get("error", ""):
            raise KeyboardInterrupt
        if not done["success"]:
            return Result(student, "failed", (f"nbgrader could not score it: {_last_line(done)}",))
        after = self._graded(student)
        changed = changes(snapshot(before), snapshot(after)) if before else []
        if before:
            self._keep_what_was_graded_by_hand(student, before, after)
        if changed:
            # At once, because a run that is broken off does not come back to whom it has graded.
            add_changes(self.changes, [(student, *change) for change in changed])
        return Result(student, "graded", _remarks(after), tuple(changed))

    def _keep_what_was_graded_by_hand(self, student, before, after):
        """nbgrader wants every cell that a person has graded looked at again; where nothing changed that is asked for nothing."""
        same = dict(_cells(before).items() & _cells(after).items())
        with self._gradebook() as gradebook:
            for grade in gradebook.find_submission_notebook(self.lesson, self.lesson, student).grades:
                if grade.manual_score is not None and grade.name in same:
                    grade.needs_manual_grade = False
            gradebook.db.commit()


def _config(root, lesson):
    config = course_config(root)
    if not Path(root, "lessons", lesson, f"{lesson}.ipynb").is_file():
        raise FileNotFoundError(f"There is no lessons/{lesson}.")
    return config


def summary(grading, results):
    """What became of a lesson's submissions: how many, and whatever the instructor should know.

    Parameters
    ----------
    grading : Grading
    results : list of Result

    Returns
    -------
    str
    """
    count = Counter(result.state for result in results)
    lines = [f"{count[state]:6d} {state}" for state in ("graded", "unchanged", "refused", "failed") if count[state] or state == "graded"]
    lines += [f"{result.student}: {remark}" for result in results for remark in result.remarks]
    changed = sum(len(result.changes) for result in results)
    if changed:
        lines.append(f"Scores that are not what they were: {changed}, each with its reason in {grading.changes.relative_to(grading.course.root)}.")
    return "\n".join([f"{grading.lesson}: {len(results)} handed in", *lines])


def _cells(nb):
    return {cell.metadata.nbgrader.grade_id: (cell.source, str(cell.get("outputs"))) for cell in nb.cells if is_grade(cell)}


def _remarks(nb):
    return (*mended(nb), *(f"{name}: {verdict.sentence}" for name, verdict in verdicts(nb).items() if verdict.review))


def _last_line(done):
    return (done.get("log") or done["error"]).strip().splitlines()[-1]
