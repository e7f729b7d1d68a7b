"""Values in, scores out: what happens around the one step that runs student code.

`HandProbes` gives the kernel the inputs to try functions on, `RunToTheEnd`
runs the notebook, `Score` judges the values handed over and makes the other
outputs harmless, and `SaveScores` records the scores and asks for a person's
eye where one is needed.
"""

import csv
import json
from pathlib import Path

from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_output
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, Dict, Unicode

from .._answer import MIME, clipped
from .bank import load_bank
from .build import bank_path
from .exercise import Outcome
from .judge import grade
from .kept import Kept, grounds, key
from .sandbox.execute import FAULTS, execute
from .sandbox.namespaces import Limits
from .sandbox.outputs import harmless, sound_cell
from .sandbox.rooms import shared_room

OPEN = ("Students' code runs without a sandbox: it may read the solutions, the gradebook and your files, write and delete them, "
        "and use the network and all of this machine's memory.")
UNREADABLE = "This answer did not reach the grader in one piece, so a person will look at it."


class HandProbes(NbGraderPreprocessor):
    """Add a first cell that hands the kernel the inputs to try each function on."""

    def preprocess(self, nb, resources):
        nb.cells[:0] = probing(load_bank(bank_path(self, resources)))
        return nb, resources


def probing(bank):
    """The cell that hands the kernel the inputs to try each function on, in a list that is empty where there is no function."""
    probes = bank.probes()
    return [new_code_cell(f"from ccx.check import probe\nprobe({probes!r})")] if probes else []


class RunToTheEnd(Execute):
    """Run the notebook, shut in; a cell that ends its Python or takes too much costs itself alone."""

    sandbox = Bool(True, help="Whether students' code is shut in. Without it, it may read and write whatever you may.").tag(config=True)
    limits = Dict(help="What a submission may use, by the names in ccx.classroom.sandbox.namespaces.Limits.").tag(config=True)
    kept = Unicode("", help="The folder where what the cells have shown is kept, so that nothing runs twice; none if empty.").tag(config=True)

    def all_limits(self):
        """What a submission may use, with nbgrader's time for a cell."""
        return Limits(**{"cell": self.timeout, **self.limits})

    def preprocess(self, nb, resources, **kwargs):
        if self.sandbox:
            cells = [cell for cell in nb.cells if cell.cell_type == "code"]
            for cell, shown in zip(cells, self._shown([cell.source for cell in cells])):
                cell.update(from_dict(shown))
        else:
            self._run_in_the_open(nb, resources, **kwargs)
        nb.metadata.pop("widgets", None)
        return nb, resources

    def _shown(self, sources):
        kept, limits = Kept(self.kept) if self.kept else None, self.all_limits()
        name = key(sources, limits)
        shown = kept and kept.get(name)
        if not shown:
            shown = execute(sources, shared_room(limits))
            if kept:
                kept.put(name, shown)
        return shown

    def _run_in_the_open(self, nb, resources, **kwargs):
        self.log.warning(OPEN)
        try:
            super().preprocess(nb, resources, **kwargs)
        except Exception as error:
            # What was handed over before stays; the rest has no value, which `Score` takes for zero.
            self.log.warning("The kernel did not come to the end: %r", error)
        for cell in (cell for cell in nb.cells if cell.cell_type == "code"):
            cell.update(sound_cell(cell.outputs, cell.get("execution_count")))


class Score(NbGraderPreprocessor):
    """Replace what a graded cell printed by its score and one sentence, and make every other output harmless."""

    term = Unicode("", help="The term with which students draw their own customers (ccx.my_customers); needed only where an exercise is Personal.").tag(config=True)
    draws = Unicode("", help="A CSV file with the columns student, draw_as: who was told to draw with another id; none if empty.").tag(config=True)

    def preprocess(self, nb, resources):
        bank = load_bank(bank_path(self, resources))
        drawn = self._draws_as(resources["nbgrader"]["student"])
        by_name = {exercise.name: exercise.of(drawn, self.term) for exercise in bank.graded()}
        if bank.probes():
            del nb.cells[0]
        fault = None
        for cell in (cell for cell in nb.cells if cell.cell_type == "code"):
            if is_grade(cell) and not is_solution(cell):
                _score(cell, by_name.get(cell.metadata.nbgrader.get("grade_id")), fault)
                fault = None
            else:
                fault = _fault(cell) or fault
            cell.outputs = [harmless(output) for output in cell.outputs]
        return nb, resources


    def _draws_as(self, student):
        """The id with which a student draws customers: the own one, unless the table says another."""
        if not self.draws or not Path(self.draws).is_file():
            return student
        with open(self.draws, newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        if any({"student", "draw_as"} - {*row} or not row["draw_as"] for row in rows):
            raise ValueError(f"{self.draws}: its columns are student and draw_as, both filled in on every line.")
        return {row["student"]: row["draw_as"] for row in rows}.get(student, student)


class SaveScores(SaveAutoGrades):
    """Save as nbgrader does, mark for manual grading what `Score` could not read, and note what the grades rest on."""

    def preprocess(self, nb, resources):
        nb, resources = super().preprocess(nb, resources)
        with Gradebook(self.db_url) as gradebook:
            due = gradebook.find_assignment(self.assignment_id).duedate
        noted = {**nb.metadata.get("ccx", {}), "grounds": grounds(CourseDirectory(parent=self), self.assignment_id, self.student_id, due)}
        nb.metadata["ccx"] = noted
        return nb, resources

    def _add_score(self, cell, resources):
        super()._add_score(cell, resources)
        if cell.metadata.get("ccx", {}).get("review"):
            grade = self.gradebook.find_grade(
                cell.metadata.nbgrader.grade_id, self.notebook_id, self.assignment_id, self.student_id)
            grade.needs_manual_grade = True
            self.gradebook.db.commit()


def judge(cell, exercise):
    """Judge an executed graded cell.

    Parameters
    ----------
    cell : NotebookNode
        With its outputs, which come from the student's kernel and prove nothing.
    exercise : Exercise or None
        What the bank asks under the cell's ``grade_id``.

    Returns
    -------
    Outcome
        Fails closed: no score without exactly one readable value.
    """
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if errors:
        name = errors[0].get("ename", "an error")
        return Outcome(0.0, f"The cell stopped with {clipped(name)} before it gave an answer.", review=name in FAULTS)
    # Through JSON, so that what is judged is made of plain lists, numbers and texts.
    handed = [json.loads(json.dumps(output.data[MIME])) for output in cell.outputs if MIME in output.get("data", {})]
    if exercise is None or len(handed) != 1 or not _well_formed(handed[0], exercise):
        return Outcome(0.0, UNREADABLE, review=True)
    return grade(exercise, handed[0]["value"])


def _well_formed(handed, exercise):
    return type(handed) is dict and handed.get("exercise") == exercise.id and "value" in handed


def _fault(cell):
    """How a cell ended its Python or was ended, in its own words, which may be the student's."""
    return next((output.get("evalue", "") for output in cell.outputs if output.get("ename") in FAULTS), None)


def _score(cell, exercise, fault):
    outcome = judge(cell, exercise)
    if fault and not outcome.credit:
        outcome = Outcome(0.0, f"A cell above did not come to its end: {clipped(fault, 160)}", review=True)
    points = outcome.credit * cell.metadata.nbgrader.points
    cell.outputs = [
        new_output("stream", name="stdout", text=f"{outcome.message}\n"),
        # nbgrader takes the one number in an execute_result for the score.
        new_output("execute_result", data={"text/plain": f"{points:g}"}, execution_count=cell.execution_count),
    ]
    # For the instructor's report; students get a page, not this notebook.
    cell.metadata["ccx"] = {"review": outcome.review, "mistake": outcome.mistake}
