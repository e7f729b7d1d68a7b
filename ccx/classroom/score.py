"""Values in, scores out: what happens around the one step that runs student code.

`HandProbes` gives the kernel the inputs to try functions on, `RunToTheEnd`
runs the notebook, `Score` judges the values handed over and makes the other
outputs harmless, and `SaveScores` records the scores and asks for a person's
eye where one is needed.
"""

import json

from nbformat.v4 import new_code_cell, new_output
from nbgrader.preprocessors import Execute, NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, Dict

from .._answer import MIME, clipped
from .bank import Outcome, grade, load_bank
from .build import bank_path
from .execute import FAULTS, execute, shared_room
from .namespaces import Limits
from .outputs import harmless, sound

OPEN = ("Students' code runs without a sandbox: it may read the solutions, the gradebook and your files, write and delete them, "
        "and use the network and all of this machine's memory.")
UNREADABLE = "This answer did not reach the grader in one piece, so a person will look at it."


class HandProbes(NbGraderPreprocessor):
    """Add a first cell that hands the kernel the inputs to try each function on."""

    def preprocess(self, nb, resources):
        probes = load_bank(bank_path(self, resources)).probes()
        if probes:
            source = f"from ccx.check import probe\nprobe({probes!r})"
            nb.cells.insert(0, new_code_cell(source))
        return nb, resources


class RunToTheEnd(Execute):
    """Run the notebook, shut in; a cell that ends its Python or takes too much costs itself alone."""

    sandbox = Bool(True, help="Whether students' code is shut in. Without it, it may read and write whatever you may.").tag(config=True)
    limits = Dict(help="What a submission may use, by the names in ccx.classroom.namespaces.Limits.").tag(config=True)

    def preprocess(self, nb, resources, **kwargs):
        if self.sandbox:
            cells = [cell for cell in nb.cells if cell.cell_type == "code"]
            room = shared_room(Limits(**{"cell": self.timeout, **self.limits}))
            for cell, shown in zip(cells, execute([cell.source for cell in cells], room)):
                cell.update(shown)
        else:
            self._run_in_the_open(nb, resources, **kwargs)
        nb.metadata.pop("widgets", None)
        return nb, resources

    def _run_in_the_open(self, nb, resources, **kwargs):
        self.log.warning(OPEN)
        try:
            super().preprocess(nb, resources, **kwargs)
        except Exception as error:
            # What was handed over before stays; the rest has no value, which `Score` takes for zero.
            self.log.warning("The kernel did not come to the end: %r", error)
        for cell in (cell for cell in nb.cells if cell.cell_type == "code"):
            count = cell.get("execution_count")
            cell.execution_count = count if type(count) is int and count >= 0 else None
            cell.outputs = [plain for output in cell.outputs if (plain := sound(output))]


class Score(NbGraderPreprocessor):
    """Replace what a graded cell printed by its score and one sentence, and make every other output harmless."""

    def preprocess(self, nb, resources):
        bank = load_bank(bank_path(self, resources))
        by_name = {exercise.name: exercise for exercise in bank.graded()}
        if bank.probes():
            del nb.cells[0]
        for cell in (cell for cell in nb.cells if cell.cell_type == "code"):
            if is_grade(cell) and not is_solution(cell):
                _score(cell, by_name.get(cell.metadata.nbgrader.get("grade_id")))
            cell.outputs = [harmless(output) for output in cell.outputs]
        return nb, resources


class SaveScores(SaveAutoGrades):
    """Save as nbgrader does, and mark for manual grading what `Score` could not read."""

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


def _score(cell, exercise):
    outcome = judge(cell, exercise)
    points = outcome.credit * cell.metadata.nbgrader.points
    cell.outputs = [
        new_output("stream", name="stdout", text=f"{outcome.message}\n"),
        # nbgrader takes the one number in an execute_result for the score.
        new_output("execute_result", data={"text/plain": f"{points:g}"}, execution_count=cell.execution_count),
    ]
    # For the instructor's report; students get a page, not this notebook.
    cell.metadata["ccx"] = {"review": outcome.review, "mistake": outcome.mistake}
