"""What a check found, and how the findings are shown: as text, and as a table."""

import html
from dataclasses import dataclass

REINSTALL = "install the course again as its README says"


@dataclass(frozen=True)
class Result:
    """What one check found.

    Parameters
    ----------
    name : str
        The thing looked at; with `found` it reads as a sentence.
    state : {"ok", "warn", "fail"}
        A warning leaves the course usable, a failure does not.
    found : str
        What was found.
    remedy : str
        What to do about it; empty when there is nothing to do.
    """

    name: str
    state: str
    found: str
    remedy: str = ""

    def __str__(self):
        mark = "FAIL" if self.state == "fail" else self.state
        advice = f" - do this: {self.remedy}" if self.remedy else ""
        return f"{mark:<5} {self.name} {self.found}{advice}"


def verdict(results):
    """Say in one sentence whether the machine is ready.

    Parameters
    ----------
    results : list of Result

    Returns
    -------
    str
    """
    failures = sum(result.state == "fail" for result in results)
    if failures == 0:
        return "Your machine is ready for the course."
    return f"{failures} thing{'s' if failures > 1 else ''} to mend first."


def report(results):
    """The verdict, then one line a check.

    Parameters
    ----------
    results : list of Result

    Returns
    -------
    str
    """
    return "\n".join([verdict(results), *map(str, results)])


class Diagnosis:
    """The results of all checks, shown as text or as a table.

    Parameters
    ----------
    results : list of Result
    """

    def __init__(self, results):
        self.results = results

    def __repr__(self):
        return report(self.results)

    def _repr_html_(self):
        head = _row("th", ("State", "What was found", "Do this"))
        rows = "".join(_row("td", (r.state, f"{r.name} {r.found}", r.remedy)) for r in self.results)
        return f"<p><strong>{verdict(self.results)}</strong></p><table>{head}{rows}</table>"


def _row(tag, cells):
    # JupyterLab aligns the cells of a table to the right.
    return "<tr>" + "".join(f'<{tag} style="text-align:left">{html.escape(cell)}</{tag}>' for cell in cells) + "</tr>"
