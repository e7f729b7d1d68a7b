"""Reading an exercise's cells in a notebook: the question, the function in the solution, and what an answer cell hands over."""

import ast
import re


def question(exercise, cells):
    """The words of an exercise: the text between its heading and its check."""
    checked = next(i for i, cell in enumerate(cells) if cell.metadata.get("nbgrader", {}).get("grade_id") == exercise.name)
    text = "\n\n".join(cell.source for cell in cells[:checked] if cell.cell_type == "markdown")
    return re.split(r"^##+ ", text, flags=re.M)[-1]


def reference(exercise, cells):
    """The function in the solution: its source, its name, and what it may use (what the first code cell imports)."""
    answer, name = _answer_cell(exercise, cells)
    source = "\n".join(line for line in answer.source.splitlines() if not line.strip().startswith("### "))
    return source, name, _imported(cells)


def handed(exercise, cells):
    """The value that an answer cell hands to its check, run with nothing but the imports before it."""
    answer, name = _answer_cell(exercise, cells)
    namespace = _imported(cells)
    exec(answer.source, namespace)
    return namespace[name]


def _answer_cell(exercise, cells):
    """The last answer cell before the check, and the name that the check looks at."""
    checked = next(i for i, cell in enumerate(cells) if cell.metadata.get("nbgrader", {}).get("grade_id") == exercise.name)
    [call] = [node for node in ast.walk(ast.parse(cells[checked].source)) if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "check"]
    answers = [cell for cell in cells[:checked] if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")]
    return answers[-1], ast.unparse(call.args[1])


def _imported(cells):
    namespace = {}
    exec(next(cell.source for cell in cells if cell.cell_type == "code"), namespace)
    return namespace
