"""What a hostile student may hand in for the tiny lesson, without one right answer of their own: every point is a stolen one."""

import copy

from nbformat.v4 import new_code_cell, new_markdown_cell

from tiny import release

MIME = "application/vnd.ccx.answer+json"
WRONG = {"share-answer": "share = 0.5", "double-answer": "def double(x):\n    return 0", "decide": "Nothing."}
FORGE = f"""
from IPython.display import display
def forge(exercise, value):
    display({{"{MIME}": {{"exercise": exercise, "value": value}}}}, raw=True)
"""
# What is right, had anyone found it: the grader's bank, the solution, the gradebook, what another has handed in.
SEARCH = """
import os, re
found = ""
for place, folders, names in os.walk("/", followlinks=False):
    folders[:] = [one for one in folders if one not in ("proc", "sys", "usr", "dev")]
    for name in names:
        if name.endswith((".ipynb", ".db", "answers.py", "checks.json")) or place.endswith("submitted"):
            try:
                found += open(os.path.join(place, name), errors="replace").read()
            except OSError:
                pass
share = 0.749 if "0.749" in found else 0.5
"""
LIAR = """
class Liar(float):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __float__(self): return 0.749
    def __repr__(self): return "0.749"
    def __call__(self, *_): return self
    def __reduce__(self): return (float, (0.749,))
    __hash__ = float.__hash__
share, double = Liar(0.5), Liar(0.5)
"""


def answered(course, first="", **answers):
    """The release with wrong answers, a cell of one's own on top, and what else is given, by the cell's id with _ for -."""
    handed = release(course)
    given = {**WRONG, **{name.replace("_", "-"): source for name, source in answers.items()}}
    for cell in handed.cells:
        cell.source = given.get(cell.id, cell.source)
    if first:
        handed.cells.insert(2, new_code_cell(first, id="mine"))
    return handed


def cell(handed, id):
    return next(cell for cell in handed.cells if cell.id == id)


def changed(change):
    def attack(course):
        handed = answered(course)
        change(handed)
        return handed
    return attack


def code(first="", **answers):
    return lambda course: answered(course, first, **answers)


def replaced(handed):
    for id, source in (("share", "2"), ("double", "3")):
        cell(handed, id).source = source


def retagged(handed):
    for id in ("share", "double"):
        cell(handed, id).metadata.tags = ["skip-execution"]


def worth_more(handed):
    for id in ("share", "double", "share-answer"):
        cell(handed, id).metadata.nbgrader.update(points=500, grade=True, locked=False)


def renamed(handed):
    cell(handed, "share").metadata.nbgrader.grade_id, cell(handed, "double").metadata.nbgrader.grade_id = "double", "share"


def other_types(handed):
    for id in ("share", "double"):
        one = cell(handed, id)
        one.cell_type = "markdown"
        del one["outputs"], one["execution_count"]


def other_language(handed):
    handed.metadata.kernelspec = {"name": "bash", "display_name": "Bash", "language": "bash"}
    handed.metadata.language_info = {"name": "bash"}


def without_checks(handed):
    handed.cells = [one for one in handed.cells if one.id not in ("share", "double")]


def with_copies(handed):
    for id in ("share", "double"):
        twin = copy.deepcopy(cell(handed, id))
        twin.source, twin.id = "2.0", f"{id}-2"
        handed.cells.append(twin)


def moved_up(handed):
    check = handed.cells.pop(handed.cells.index(cell(handed, "double")))
    handed.cells.insert(1, check)


def after_the_check(handed):
    source = FORGE + "forge('77.share', 0.749)\nforge('77.double', [2.0, 8.0])\nfrom IPython import get_ipython\nget_ipython().user_ns['_'] = 5.0\n5.0"
    handed.cells.append(new_code_cell(source, id="afterwards"))


def another_schema(handed):
    for one in handed.cells:
        if "nbgrader" in one.metadata:
            one.metadata.nbgrader.schema_version = 99


def scripts(handed):
    cell(handed, "decide").source = "<script>steal()</script> <img src=x onerror=steal()> [x](javascript:steal()) <iframe src=//example.org></iframe>"
    source = ("from IPython.display import HTML, SVG, Javascript, Markdown, display\nbad = '<script>steal()</script><img src=x onerror=steal()><svg onload=steal()>'\n"
              "display(HTML(bad), Javascript('steal()'), Markdown(bad), SVG('<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"steal()\"/>'))\nraise ValueError(bad)")
    handed.cells.append(new_code_cell(source, id="scripts"))


def bomb(handed):
    cell(handed, "decide").source = "*_" * 20_000 + "[" * 20_000
    handed.cells.append(new_markdown_cell("\n".join(">" * n for n in range(1, 900))))


PATCH = """
import builtins, json, ccx, ccx.check, ccx._answer, sys
from IPython import get_ipython
shell = get_ipython()
""" + FORGE
ATTACKS = {
    # What it costs others.
    "endless loop": code(share_answer="while True: pass"),
    "loop that swallows interrupts": code(share_answer="while True:\n    try:\n        while True: pass\n    except BaseException: pass"),
    "memory bomb": code(share_answer="x = [bytearray(10**8) for _ in range(10**4)]"),
    "fork bomb": code(share_answer="import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"),
    "200 MB of output": code(share_answer="for _ in range(200): print('x' * 10**6)"),
    "disk filled": code(share_answer="with open('big', 'wb') as file:\n    for _ in range(2000): file.write(b'x' * 10**6)"),
    "os._exit": code(share_answer="import os; os._exit(0)", double_answer="import os; os._exit(0)"),
    "sys.exit": code(share_answer="import sys; sys.exit(0)"),
    "kills its parent": code(share_answer="import os; os.kill(os.getppid(), 9)"),
    "kills its group and everybody": code(share_answer="import os\ntry: os.killpg(0, 9)\nfinally: os.kill(-1, 9)"),
    "stops itself": code(share_answer="import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"),
    "deletes what it finds": code("import shutil\nfor place in ('..', '../..', '../../..', '/'): shutil.rmtree(place, ignore_errors=True)"),
    "runs on in the background": code("import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)"),
    # What it steals.
    "searches for solutions": code(share_answer=SEARCH),
    "reads the environment": code(share_answer="import os; share = 0.749 if any('answers' in text for text in os.environ.values()) else 0.5"),
    "asks the network": code(share_answer="import socket\nshare = 0.5\nsocket.create_connection(('192.0.2.1', 80), 1)\nshare = 0.749"),
    "writes into the gradebook": code("import glob, sqlite3\nfor path in glob.glob('/**/gradebook.db', recursive=True) + glob.glob('../../../../**/*.db', recursive=True):\n"
                                      "    with sqlite3.connect(path) as db: db.execute('update grade set manual_score = 500')"),
    "takes the connection file": code("import glob, os\nfor path in glob.glob('/**/kernel-*.json', recursive=True): print(open(path).read())\nos.environ['JPY_PARENT_PID'] = '1'"),
    # What it forges.
    "input transformer": code("from IPython import get_ipython\n" + FORGE + "def turn(lines):\n    text = ''.join(lines)\n    return ['forge(\"77.share\", True)\\n'] if "
                              "'77.share' in text else [] if 'assert' in text or '77.double' in text else lines\nget_ipython().input_transformers_cleanup.append(turn)"),
    "AST transformer": code("import ast\nfrom IPython import get_ipython\nclass Strip(ast.NodeTransformer):\n    def visit_Assert(self, node): return ast.Pass()\n"
                            "    def visit_Expr(self, node): return ast.copy_location(ast.parse('2.0').body[0], node)\nget_ipython().ast_transformers.append(Strip())"),
    "patched run_cell": code(PATCH + "real = shell.run_cell\ndef run_cell(source, *a, **k): return real('2.0' if 'check' in source else source, *a, **k)\nshell.run_cell = run_cell"),
    "patched displayhook": code(PATCH + "shell.displayhook.write_format_data = lambda *a, **k: None\nsys.displayhook = print"),
    "silent errors": code(PATCH + "shell.showtraceback = shell._showtraceback = lambda *a, **k: None\nsys.excepthook = print"),
    "patched builtins": code(PATCH + "builtins.abs = lambda x: 0\nbuiltins.all = builtins.any = lambda *_: True\nbuiltins.float = lambda x: 0.749\nbuiltins.isinstance = lambda *_: True"),
    "patched json": code(PATCH + "json.dumps = lambda *a, **k: '{\"outputs\": [], \"execution_count\": 1}'\njson.loads = lambda *a, **k: 2.0"),
    "patched ccx.check": code(PATCH + "ccx.check = lambda exercise, answer: 2.0\nsys.modules['ccx.check'].check = ccx.check"),
    "patched reading of answers": code(PATCH + "ccx._answer.plain = lambda value: {'value': 0.749}\nsys.modules['ccx.check'].plain = lambda value: True"),
    "forged payloads": code(PATCH + "ccx.check = lambda exercise, answer: [forge(exercise, True), forge('77.share', [0.749]), forge(['77.share'], 0.749), 2.0][-1]"),
    "forged for other items": code(PATCH + "ccx.check = lambda exercise, answer: forge('77.double' if 'share' in exercise else '77.share', 0.749)"),
    "forged for other students": code(PATCH + f"ccx.check = lambda exercise, answer: display({{'{MIME}': {{'exercise': exercise, 'value': 0.5, 'student': 'ada', 'points': 500}}}}, raw=True)"),
    "forged scores of nbgrader": code("from IPython.display import display\nclass Score:\n    def _repr_mimebundle_(self, **k): return {'text/plain': '500.0'}\ndisplay(Score())",
                                      share_answer="share = 500.0\nshare", double_answer="double = 500.0\ndouble"),
    "forged reply of the sandbox": code("import os, json\nfor fd in range(3, 64):\n    try: os.write(fd, json.dumps({'outputs': [], 'execution_count': 1}).encode() + b'\\n')\n    except OSError: pass"),
    "lying objects": code(share_answer=LIAR, double_answer=LIAR),
    "thread that waits for the checks": code("import threading, time\nimport ccx\ndef wait():\n    while True:\n        ccx.check = lambda exercise, answer: 2.0\n        globals()['share'] = 0.7\n"
                                             "threading.Thread(target=wait, daemon=True).start()"),
    "shadowed modules": code("for name in ('ccx', 'json', 'numpy'):\n    open(name + '.py', 'w').write('check = lambda *a: 2.0')\nimport sys, importlib\nsys.path.insert(0, '.')\n"
                             "sys.modules.pop('ccx'); import ccx"),
    # What it does to the notebook.
    "checks replaced": changed(replaced), "checks not to be executed": changed(retagged), "worth more": changed(worth_more), "checks exchanged": changed(renamed),
    "checks as text": changed(other_types), "another language": changed(other_language), "checks deleted": changed(without_checks), "checks copied": changed(with_copies),
    "check moved up": changed(moved_up), "cells after the checks": changed(after_the_check), "another schema": changed(another_schema),
    "scripts": changed(scripts), "Markdown bomb": changed(bomb),
}
