"""The command ``ccx``: open the course, look at the machine, build and bundle the lessons, grade what comes back.

The commands import what they need when they run, so that ``ccx --help`` is
quick and ``ccx doctor`` works where nbgrader is missing.
"""

import argparse
import os
import sys
from pathlib import Path


def main(argv=None):
    """Run the command line.

    Parameters
    ----------
    argv : list of str, optional
        The arguments; those of the process if left out.

    Returns
    -------
    int
        0 for success, 1 if something was found wrong, 2 if the command could not run.
    """
    arguments = _parser().parse_args(argv)
    try:
        return arguments.run(arguments)
    except (ValueError, FileNotFoundError, ModuleNotFoundError, RuntimeError) as error:
        print("ccx:", " ".join(str(error).split()), file=sys.stderr)
        return 2


def _parser():
    parser = argparse.ArgumentParser(prog="ccx", description="The customer-centricity course.")
    parser.add_argument("--version", dest="run", action="store_const", const=version,
                        help="print the version")
    parser.set_defaults(run=lambda arguments: _help(parser))
    commands = parser.add_subparsers(title="commands", metavar="command")
    _add(commands, "doctor", doctor, "look for what usually breaks, and say how to mend it")
    command = _add(commands, "lab", lab, "open the course in JupyterLab")
    command.add_argument("options", nargs="*", metavar="-- option",
                         help="handed on to JupyterLab, for example: -- --port 8899")
    command = _add(commands, "lessons", lessons, "build the students' lessons from the solutions")
    command.add_argument("names", nargs="*", metavar="name", help="a lesson; all if left out")
    command = _add(commands, "bundle", bundle, "pack what students get into one file")
    command.add_argument("--out", type=Path, metavar="PATH", help="the file to write")
    command = _add(commands, "collect", collect, "put what a learning platform delivers where it is graded")
    command.add_argument("lesson", help="such as 02-heterogeneity")
    command.add_argument("files", nargs="+", type=Path, metavar="file", help="Canvas's or Moodle's zip, a class's zip or folder, or students' zips and notebooks")
    command.add_argument("--roster", type=Path, metavar="CSV", help="columns lms_id and student, and if you like first_name and last_name")
    command.add_argument("--times", type=Path, metavar="CSV", help="columns student and time: when each of them handed in")
    command.add_argument("--submitted-at", metavar="TIME", help="when all others handed in, such as 2026-03-01T18:00+01:00")
    command.add_argument("--update", action="store_true", help="replace a notebook collected before by one that differs; the old one is kept")
    command = _add(commands, "grade", grade, "grade what students have handed in for a lesson")
    command.add_argument("lesson", help="such as 02-heterogeneity")
    command.add_argument("--students", nargs="+", metavar="student", help="only these; all if left out")
    command.add_argument("--workers", type=int, default=os.cpu_count(), metavar="N", help="sandboxes at a time; one a core if left out")
    command.add_argument("--scheduler", metavar="ADDRESS", help="run the notebooks on the workers of this Dask scheduler, such as tcp://10.0.0.1:8786")
    command.add_argument("--fresh", action="store_true", help="run and grade again what has been run and graded before")
    command.add_argument("--no-sandbox", dest="sandbox", action="store_false", help="let students' code do what you may do, on this machine")
    _add(commands, "kernel", kernel, "give JupyterLab a kernel that is shut in, to open a submission by hand")
    command = _add(commands, "report", report, "write a lesson's grades, for Canvas and Moodle too, and what its exercises have shown")
    command.add_argument("lesson", help="such as 02-heterogeneity")
    command.add_argument("--canvas", type=Path, metavar="FILE", help="the gradebook that Canvas has exported, to be filled in")
    command.add_argument("--moodle", type=Path, metavar="FILE", help="the grading worksheet that Moodle has exported, to be filled in")
    command.add_argument("--out", type=Path, metavar="FOLDER", help="where to write; grading/reports/LESSON if left out")
    command.add_argument("--all", action="store_true", help="hand grades on too that still wait for a person's eye")
    command = _add(commands, "certify", certify, "prove that each exercise's grader does what its bank says")
    command.add_argument("lessons", nargs="*", metavar="lesson", help="such as 02-heterogeneity; all if left out")
    command.add_argument("--out", type=Path, default=Path("dist/certificate.html"), metavar="FILE", help="where to write the page; dist/certificate.html if left out")
    command = _add(commands, "site", site, "write the lessons, executed, as pages to read without Python or a network")
    command.add_argument("--out", type=Path, metavar="FOLDER", help="where to write; dist/site if left out")
    command = _add(commands, "tournament", tournament, "play a class's strategies for the market game against each other")
    command.add_argument("source", help="a folder with a Python file for each strategy, or a lesson that was handed in, such as 09-strategy-mix")
    command.add_argument("--seed", type=int, metavar="N", help="of the markets, to play the same ones again; drawn if left out")
    command.add_argument("--workers", type=int, default=os.cpu_count(), metavar="N", help="sandboxes at a time; one a core if left out")
    command.add_argument("--seconds", type=float, default=0.2, metavar="S", help="for one decision; 0.2 if left out")
    command.add_argument("--aliases", action="store_true", help="put made-up names on the page, so that it can be shown to the class")
    command.add_argument("--out", type=Path, metavar="FOLDER", help="where to write; grading/tournaments/NAME if left out")
    command = _add(commands, "audit", audit, "look at a log of purchases through the five lenses of the customer-base audit, and write a report")
    command.add_argument("log", type=Path, metavar="FILE", help="CSV or Parquet, a row per purchase: customer, date, value")
    for name, what in (("customer-id", "customer"), ("date", "date"), ("value", "value"), ("margin", "profit of a row, in money"),
                       ("order", "number of the order")):
        command.add_argument(f"--{name}", metavar="COLUMN", help=f"the column with the {what}")
    command.add_argument("--period", choices=("Q", "M", "Y"), default="Q", help="quarters, months or years")
    for name, how in (("day-first", "day/month"), ("month-first", "month/day")):
        command.add_argument(f"--{name}", dest="day_first", action="store_const", const=name == "day-first", help=f"read 01/02/2023 as {how}")
    command.add_argument("--decimal", choices=(".", ","), help="the decimal sign")
    command.add_argument("--start", metavar="DAY", help="the first day that counts")
    command.add_argument("--end", metavar="DAY", help="the last day that counts")
    command.add_argument("--out", type=Path, metavar="PATH", help="the page to write; FILE with the ending -audit.html, here, if left out")
    return parser


def _add(commands, name, run, summary):
    command = commands.add_parser(name, help=summary, description=summary)
    command.set_defaults(run=run)
    return command


def _help(parser):
    parser.print_help()
    return 0


# The commands


def version(arguments):
    """Print the version of ccx."""
    import importlib.metadata

    print("ccx", importlib.metadata.version("ccx"))
    return 0


def lab(arguments):
    """Open JupyterLab on the first lesson."""
    from ccx.lab import open_lab

    return open_lab(Path.cwd(), arguments.options)


def doctor(arguments):
    """Print what was found on this machine."""
    from ccx.doctor import diagnose
    from ccx.doctor.result import report

    results = diagnose()
    print(report(results))
    return int(any(result.state == "fail" for result in results))


def lessons(arguments):
    """Build lessons, print one line each, and renew the README's table of contents."""
    from ccx.classroom.build import build_lessons
    from ccx.classroom.contents import renew

    for lesson in build_lessons(arguments.names or None):
        print(lesson)
    print(renew(Path.cwd()))
    return 0


def bundle(arguments):
    """Write the bundle and print where it is and how large."""
    from ccx.classroom.bundle import bundle as pack

    path = pack(arguments.out)
    print(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
    return 0


def collect(arguments):
    """Print a line for each delivered file and how many became what."""
    from ccx.classroom.collect import collect as take
    from ccx.lab import lab_environment

    # nbgrader runs alembic by its name.
    os.environ.update(lab_environment(os.environ))
    lines = take(arguments.lesson, arguments.files, Path.cwd(), arguments.roster, arguments.times, arguments.update, arguments.submitted_at)
    for line in lines:
        print(f"{line.state:9} {line.student or '?'}  {line.file}: {line.sentence}")
    states = [line.state for line in lines]
    print(", ".join(f"{states.count(state)} {state}" for state in ("taken", "unchanged", "kept", "refused")))
    return int("refused" in states)


def grade(arguments):
    """Grade a lesson, with a bar while it lasts and a summary at the end."""
    from tqdm import tqdm

    from ccx.classroom.grade import Grading, summary
    from ccx.classroom.score import OPEN
    from ccx.lab import lab_environment

    # nbgrader runs alembic by its name.
    os.environ.update(lab_environment(os.environ))
    if not arguments.sandbox:
        print(OPEN, "One notebook runs after the other.", file=sys.stderr)
    grading = Grading(arguments.lesson, Path.cwd(), arguments.students, arguments.sandbox, arguments.fresh)
    results = []
    try:
        for result in tqdm(grading.run(arguments.workers, arguments.scheduler), total=len(grading.handed), unit=" notebooks"):
            results.append(result)
    except KeyboardInterrupt:
        print("\nBroken off; the same command goes on from here.", file=sys.stderr)
        return 130
    print(summary(grading, results))
    return int(any(result.state in ("refused", "failed") for result in results))


def kernel(arguments):
    """Install the kernel and print where."""
    from ccx.classroom.sandbox.kernel import SPEC, install

    print(f"{SPEC['display_name']}: {install()}")
    return 0


def report(arguments):
    """Write a lesson's report; print where it is, and who was left out."""
    from ccx.classroom.report import report as write

    written, left_out = write(arguments.lesson, arguments.canvas, arguments.moodle, arguments.out, arguments.all)
    print(*written, *left_out, sep="\n")
    return int(bool(left_out))


def certify(arguments):
    """Certify the exercises; print a table, what fails, and where the page is."""
    from ccx.classroom.certify.run import certify as run, page, problems, table

    found = run(Path.cwd(), arguments.lessons)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(page(found), encoding="utf-8")
    print(table(found), *problems(found), arguments.out, sep="\n")
    return int(bool(problems(found)))


def site(arguments):
    """Write the course to read; print where it begins, how many pages and how large."""
    from tqdm import tqdm

    from ccx.classroom.site import lessons as there, site as write

    try:
        with tqdm(total=len(there(Path.cwd())), unit=" lessons") as bar:
            first, *others = write(Path.cwd(), arguments.out, done=lambda name: bar.update())
    except KeyboardInterrupt:
        print("\nBroken off; nothing was written.", file=sys.stderr)
        return 130
    print(f"{first} ({1 + len(others)} pages, {sum(page.stat().st_size for page in (first, *others)) / 1e6:.1f} MB)")
    return 0


def audit(arguments):
    """Write the report of an audit; print its headlines and where it is."""
    from ccx.base_audit import audit as look

    log, out, _ = (vars(arguments).pop(name) for name in ("log", "out", "run"))
    base = look(log, **vars(arguments))
    print(base, *base.cautions, sep="\n")
    print(base.report(out or Path(f"{log.name.split('.')[0]}-audit.html")))
    return 0


def tournament(arguments):
    """Play a tournament; print its first places, where the leader-board is, and who was left out."""
    from tqdm import tqdm

    from ccx.classroom.tournament import run

    try:
        with tqdm(total=run.STEPS, unit=" quarters", delay=1) as bar:
            outcome, written = run.tournament(arguments.source, Path.cwd(), arguments.seed, arguments.workers, arguments.seconds, arguments.out,
                                              arguments.aliases, bar.update)
    except KeyboardInterrupt:
        print("\nBroken off; nothing was written.", file=sys.stderr)
        return 130
    print(run.summary(outcome), *written, sep="\n")
    return int(bool(outcome.refused))


if __name__ == "__main__":
    sys.exit(main())
