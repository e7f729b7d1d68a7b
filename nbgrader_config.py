"""The course for nbgrader: it reads solutions/, releases to lessons/ and keeps everything else under grading/."""

import os
from pathlib import Path

c = get_config()  # noqa: F821 (nbgrader provides it)

root = Path(__file__).resolve().parent
(root / "grading" / "exchange").mkdir(parents=True, exist_ok=True)

c.CourseDirectory.course_id = "customer-centricity"
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "lessons"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.solution_directory = "grading/solution"
# Another database by its address, such as postgresql+psycopg://user@host/database.
c.CourseDirectory.db_url = os.environ.get("CCX_DB_URL") or f"sqlite:///{(root / 'grading' / 'gradebook.db').as_posix()}"
c.Exchange.root = str(root / "grading" / "exchange")
c.ExportPlugin.to = str(root / "grading" / "grades.csv")
# The exercise bank holds the answers: it never leaves solutions/.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "answers.py"]

c.ClearSolutions.code_stub = {"python": "# Your answer goes here."}
c.ClearSolutions.text_stub = "*Your answer goes here.*"

stock = "nbgrader.preprocessors."
c.GenerateAssignment.preprocessors = [
    stock + "LockCells",
    stock + "ClearSolutions",
    stock + "ClearOutput",
    stock + "CheckCellMetadata",
    stock + "ComputeChecksums",
    stock + "SaveCells",
    "ccx.classroom.build.Publish",
]

c.Autograde.sanitize_preprocessors = [
    "ccx.classroom.restore.Restore",
    stock + "ClearOutput",
    stock + "DeduplicateIds",
    stock + "OverwriteKernelspec",
    stock + "OverwriteCells",
    stock + "CheckCellMetadata",
]

# Student code runs in RunToTheEnd alone; what is right is decided in Score, outside the student's kernel.
c.Autograde.autograde_preprocessors = [
    "ccx.classroom.score.HandProbes",
    "ccx.classroom.score.RunToTheEnd",
    "ccx.classroom.score.Score",
    stock + "LimitOutput",
    "ccx.classroom.score.SaveScores",
    "ccx.classroom.late.AssignPenalties",
    stock + "CheckCellMetadata",
]
c.RunToTheEnd.timeout = 60  # seconds a cell may take
# What a submission may use, by the names in ccx.classroom.sandbox.namespaces.Limits: bytes of memory, processes, bytes on disk.
c.RunToTheEnd.limits = {"memory": 2 * 2**30, "processes": 64, "disk": 64 * 2**20}
# What cells have shown, so that an interrupted run goes on where it was; may be deleted at any time.
c.RunToTheEnd.kept = str(root / "grading" / "executed")

# For exercises on each student's own customers: the term that ccx.my_customers is called with, and who draws with another id.
c.Score.term = ""
c.Score.draws = str(root / "grading" / "draws.csv")

# Late submissions: 0.1 a day would cost 2 of 20 points for each day begun. Who was given longer stands in the file.
c.AssignLatePenalties.plugin_class = "ccx.classroom.late.LatePolicy"
c.LatePolicy.per_day = 0.0  # share of the lesson's points
c.LatePolicy.most = 0.5  # at most this share
c.LatePolicy.grace = 15  # minutes that cost nothing
c.LatePolicy.timezone = "UTC"  # whose clock counts the days, such as Europe/Berlin
c.LatePolicy.extensions = str(root / "grading" / "extensions.csv")

# The page that students get back; the formgrader's own pages stay as they are.
c.GenerateFeedback.exporter_class = "ccx.classroom.feedback.FeedbackPage"
c.GenerateFeedback.preprocessors = ["ccx.classroom.feedback.Grades", "ccx.classroom.feedback.SortOut"]
