"""Students' code is shut in: what hostile cells get, what is left of them, and what it costs those beside them."""

import os
import shutil
import sys
import threading
import time
from dataclasses import replace

import psutil
import pytest

from ccx.classroom import sandbox
from ccx.classroom.sandbox.execute import FAULTS, execute
from ccx.classroom.sandbox.namespaces import Limits
from ccx.classroom.sandbox.rooms import ColdRoom, Room, best_room

LIMITS = Limits(cell=3, notebook=60, memory=2**30, processes=40)
HONEST = ["import numpy as np\nx = np.arange(4)", "print('sum', x.sum())\nx.mean()"]


@pytest.fixture(scope="module")
def room():
    with Room(LIMITS) as room:
        yield room


@pytest.fixture(autouse=True)
def nothing_left(room):
    before = len(room._processes())
    yield
    assert len(room._processes()) == before
    # And the next student is served as if nothing had been.
    assert honest(execute(HONEST, room))


def honest(shown):
    return [output["output_type"] for output in shown[1]["outputs"]] == ["stream", "execute_result"] and shown[1]["outputs"][0]["text"] == "sum 6\n"


def said(cell):
    """What a cell has shown, in words: names of errors, texts, values."""
    return [output.get("ename") or output.get("text") or output["data"].get("text/plain") for output in cell["outputs"]]


def value(source, room):
    [cell] = execute([source], room)
    return said(cell)[-1]


# As in a notebook


def test_a_cell_shows_what_it_would_in_a_notebook(room):
    shown = execute(["import sys; print('a'); print('b', file=sys.stderr); print('c')\n1 + 1", "_ + 1",
                     "from IPython.display import HTML, display\ndisplay(HTML('<b>x</b>'), {'application/x': 1}, raw=False)", "1 / 0", "await __import__('asyncio').sleep(0, 7)"], room)
    assert [output["output_type"] for output in shown[0]["outputs"]] == ["stream", "stream", "stream", "execute_result"]
    assert said(shown[1]) == ["3"] and shown[2]["outputs"][0]["data"]["text/html"] == "<b>x</b>"
    assert said(shown[3]) == ["ZeroDivisionError"] and said(shown[4]) == ["7"]
    assert [cell["execution_count"] for cell in shown] == [1, 2, 3, 4, 5]


def test_pictures_are_kept(room):
    [cell] = execute(["import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"], room)
    assert any("image/png" in output.get("data", {}) for output in cell["outputs"])


def test_nothing_of_one_student_is_found_by_the_next(room):
    execute(["secret = 'the first student was here'\nopen('left', 'w').write(secret)\nopen('/dev/shm/left', 'w').write(secret)"], room)
    assert value("import os; 'secret' in globals() or os.path.exists('left') or os.path.exists('/dev/shm/left')", room) == "False"
    searched = "import gc; any(isinstance(o, dict) and any(type(v) is str and v.startswith('the first' + ' student') for v in o.values()) for o in gc.get_objects())"
    assert value(searched, room) == "False"


# A cell that ends badly costs itself alone


@pytest.mark.parametrize("source, fault", [
    ("while True: pass", "Timeout"),
    ("import time\nwhile True:\n    try: time.sleep(1)\n    except BaseException: pass", "Timeout"),
    ("import signal, os\nos.kill(os.getpid(), signal.SIGSTOP)", "Timeout"),
    ("import os; os._exit(0)", "DeadKernel"),
    ("import os; os.kill(os.getpid(), 9)", "DeadKernel"),
    ("import ctypes; ctypes.string_at(0)", "DeadKernel"),
    ("import sys; sys.setrecursionlimit(10**9)\ndef f(): return f()\nf()", ("DeadKernel", "Timeout", "MemoryLimit", "RecursionError")),
    ("import os; os.closerange(0, 256)", "DeadKernel"),
    ("import os\nfor fd in range(3, 256):\n    try: os.write(fd, b'nonsense\\n')\n    except OSError: pass", "DeadKernel"),
    ("import os\nfor fd in range(3, 256):\n    try:\n        while True: os.write(fd, b'x' * 10**6)\n    except OSError: pass", ("TooMuchOutput", "Timeout")),
    ("import time\nkept = []\nfor i in range(9):\n    kept += [bytearray(200_000_000)]\n    kept[-1][::4096] = b'x' * len(kept[-1][::4096])\n    time.sleep(.3)", ("MemoryLimit", "MemoryError")),
], ids=["loop", "loop that swallows", "stops itself", "exit", "kills itself", "segfault", "recursion", "closes all", "forged reply", "endless reply", "memory"])
def test_a_cell_that_ends_badly_costs_itself_alone(room, source, fault):
    before, bad, after = execute(["y = 5\nprint('kept')", source, "y"], room)
    assert said(before) == ["kept\n"] and said(after) == ["5"]
    assert said(bad)[-1] in (fault if isinstance(fault, tuple) else (fault,))


def test_python_is_not_started_again_for_ever(room):
    shown = execute(["import os; os._exit(0)"] * 6 + ["1"], room)
    assert [said(cell)[0] for cell in shown] == ["DeadKernel"] * (LIMITS.restarts + 1) + ["NotRun"] * 3


def test_all_cells_together_have_an_end():
    limits = Limits(cell=2, notebook=4, restarts=9)
    with Room(limits) as room:
        begun = time.monotonic()
        shown = execute(["while True: pass"] * 5 + ["1"], room)
    assert said(shown[0]) == ["Timeout"] and said(shown[-1])[0] in FAULTS and time.monotonic() - begun < 4 * limits.notebook


def test_sys_exit_ends_nothing(room):
    assert said(execute(["import sys; sys.exit(1)", "'here'"], room)[1]) == ["'here'"]


def test_much_output_is_cut_and_the_rest_goes_on(room):
    shown = execute(["for i in range(10**5): print('x' * 100)", "'here'"], room)
    assert len(said(shown[0])[0]) == LIMITS.output and said(shown[1]) == ["'here'"]


# What cannot be had


def test_who_forges_long_replies_in_many_cells_is_kept_up_to_a_bound(room):
    forge = """import json, os
reply = json.dumps({"outputs": [{"output_type": "stream", "name": "stdout", "text": "x" * 15_000_000}], "execution_count": 1}).encode() + b"\\n"
for fd in range(3, 64):
    try:
        while reply: reply = reply[os.write(fd, reply):]
    except OSError: pass
"""
    shown = execute([forge] * 14, room)
    assert 15 * 2**20 < sum(len(str(cell)) for cell in shown) < 35 * 2**20 and ["TooMuchOutput"] in map(said, shown)


def test_a_short_reply_that_takes_much_memory_to_read_is_not_read(room):
    forge = "import os\nreply = b'{\"outputs\": [' + b'{},' * 1_500_000 + b'{}], \"execution_count\": 1}\\n'\nfor fd in range(3, 64):\n    try:\n        while reply: reply = reply[os.write(fd, reply):]\n    except OSError: pass"
    [cell] = execute([forge], room)
    assert said(cell) == ["TooMuchOutput"]


def test_memory_is_looked_at_while_output_trickles_and_where_processes_share_it(room):
    trickle = "import os, time\nif not os.fork():\n    while True:\n        for fd in range(3, 64):\n            try: os.write(fd, b' ')\n            except OSError: pass\n        time.sleep(0.02)\n"
    hoard = "import mmap, time\nx = mmap.mmap(-1, 1600 * 2**20)\nfor i in range(0, len(x), 4096): x[i] = 1\nif not os.fork(): time.sleep(9)\ntime.sleep(2.5)"
    [cell] = execute([trickle + hoard], room)
    assert said(cell)[-1] in ("MemoryLimit", "OSError")


@pytest.mark.parametrize("source", [
    "import socket; socket.create_connection(('127.0.0.1', 22), 1)",
    "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
    "open('/etc/passwd').read()",
    "import os, ccx; os.listdir(os.path.join(os.path.dirname(os.path.dirname(ccx.__file__)), 'solutions'))",
    "import os, ccx; os.listdir(os.path.join(os.path.dirname(os.path.dirname(ccx.__file__)), 'grading'))",
    "open('../usr/x', 'w')",
    "import ccx; open(ccx.__file__, 'a')",
    "import ccx.data, os; os.remove(ccx.data.datasets_folder() / 'README.md')",
    "open('/written', 'w')",
    "open('/usr/written', 'w')",
    "open('/proc/1/environ').read()",
    "open('/proc/self/mem')",
    "import os; os.setuid(0)",
    "import os; os.chroot('/')",
    "import os; os.memfd_create('x')",
    "import os; os.sched_setaffinity(0, {0})",
    "import ctypes, platform\nadd_key = {'x86_64': 248, 'aarch64': 217}[platform.machine()]\nassert ctypes.CDLL(None).syscall(add_key, b'user', b'x', b'y', 1, -3) > 0",
    "import ctypes; assert ctypes.CDLL(None).shmget(0, 2**20, 0o1600) >= 0",
    "import ctypes; assert ctypes.CDLL(None).ptrace(0, 0, 0, 0) == 0",
    "import ctypes; assert ctypes.CDLL(None).mount(b'none', b'/desk', b'tmpfs', 0, None) == 0",
    "with open('big', 'wb') as file:\n    for i in range(200): file.write(b'x' * 10**6)",
    "for i in range(10**5): open(str(i), 'w').close()",
], ids=range(22))
def test_an_error_is_all_one_gets(room, source):
    [cell] = execute([source], room)
    assert cell["outputs"][-1]["output_type"] == "error" and said(cell)[-1] not in FAULTS


def test_the_environment_tells_nothing(room, monkeypatch):
    monkeypatch.setenv("DATABASE_PASSWORD", "a secret of the instructor")
    with Room(LIMITS) as fresh:
        assert "secret" not in value("import os; dict(os.environ)", fresh)


def test_only_ones_own_processes_are_seen_and_signalled(room):
    assert value("import os, signal\nfor pid in range(3, 5000):\n    try: os.kill(pid, 0); print('found', pid)\n    except ProcessLookupError: pass\n'none'", room) == "'none'"
    shown = execute(["import os; os.getpid(), os.getppid()", "os.killpg(0, 9)", "1"], room)
    assert said(shown[0]) == ["(2, 1)"] and said(shown[1]) == ["DeadKernel"]


def test_the_init_of_the_namespace_does_not_hear_signals(room):
    assert [said(cell) for cell in execute(["import os; os.kill(1, 9); os.kill(1, 15)", "'here'"], room)] == [[], ["'here'"]]


def test_with_privileges_of_ones_own_making_nothing_is_uncovered(room):
    """Anyone may make a user namespace and be root in it; what lies under the empty /proc stays covered."""
    source = ("import ctypes, os\nlibc = ctypes.CDLL(None)\nlibc.unshare(0x10000000 | 0x20000), libc.umount2(b'/proc', 2), libc.umount2(b'/desk', 2), os.listdir('/proc')")
    assert value(source, room) == "(0, -1, -1, [])"


def test_nothing_stands_open_but_the_own_socket(room):
    source = "import os, stat\nopen_ones = []\nfor fd in range(256):\n    try: open_ones.append((fd, stat.S_ISSOCK(os.fstat(fd).st_mode)))\n    except OSError: pass\nopen_ones"
    found = dict(eval(value(source, room)))
    assert list(found)[:3] == [0, 1, 2] and not any(found[fd] for fd in (0, 1, 2)) and list(found.values()).count(True) == 1


def test_what_is_written_past_python_goes_nowhere(room):
    assert value("import os\nfor i in range(100): os.write(1, b'x' * 10**5), os.write(2, b'x' * 10**5)\n'here'", room) == "'here'"


def test_what_is_left_running_ends_with_the_notebook(room):
    """A daemon with a session of its own, a shell in the background, a thread."""
    source = ("import os, subprocess, threading, time\n"
              "subprocess.Popen('sleep 600 &', shell=True, start_new_session=True)\n"
              "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(600)\n    os._exit(0)\n"
              "threading.Thread(target=time.sleep, args=(600,)).start()\n'left'")
    assert value(source, room) == "'left'"


BOMB = """
import os, time
count = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(600)
            os._exit(0)
        count += 1
except OSError:
    pass
count
"""


def test_a_fork_bomb_counts_for_its_own_submission(room):
    """The limit is per submission and not per user: an honest student beside it has all of it too."""
    with Room(LIMITS) as beside:
        shown = []
        thread = threading.Thread(target=lambda: shown.extend(execute([BOMB, "import time; time.sleep(1)"], room)))
        thread.start()
        time.sleep(0.5)
        mine = value("import subprocess\nsum(subprocess.Popen(['sleep', '0.5']) is not None for i in range(20))", beside)
        thread.join()
    assert mine == "20" and 0 < int(said(shown[0])[0]) < LIMITS.processes


def test_a_warm_process_that_dies_takes_nobody_along():
    """As when the machine runs out of memory: the cell that was running is lost, and what comes after is not."""
    with Room(LIMITS) as room:
        threading.Timer(0.7, room._process.kill).start()
        shown = execute(["y = 5", "import time; time.sleep(2)", "y"], room)
        assert said(shown[1]) == ["DeadKernel"] and said(shown[2]) == ["5"] and honest(execute(HONEST, room))


# Where there is no sandbox


@pytest.mark.parametrize("platform, program, words", [("darwin", "/usr/bin/bwrap", "only be shut in on Linux"), ("linux", None, "apt install bubblewrap")])
def test_without_bubblewrap_nothing_runs(monkeypatch, platform, program, words):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(shutil, "which", lambda name: program)
    with pytest.raises(sandbox.NoSandbox, match=words) as refusal:
        Room().__enter__()
    assert "--RunToTheEnd.sandbox=False" in str(refusal.value)


def test_a_sandbox_that_does_not_hold_is_none(monkeypatch):
    """Here bubblewrap starts and the namespaces inside it do not."""
    monkeypatch.setattr("ccx.classroom.sandbox.rooms.walled", lambda command, disk: sandbox.walled(["/bin/false"]))
    with pytest.raises(sandbox.NoSandbox, match="can't be shut in here"):
        Room().__enter__()


# Where the machine allows no namespaces inside bubblewrap


@pytest.fixture
def cold(monkeypatch):
    refused = "import ccx.classroom.sandbox.namespaces as n, ctypes, runpy; n.NEWUSER = -1; runpy.run_module('ccx.classroom.sandbox.warm', run_name='__main__')"
    monkeypatch.setattr("ccx.classroom.sandbox.rooms.WARM", ["-c", refused])
    # A busy machine takes seconds to hand out a gigabyte.
    with best_room(replace(LIMITS, cell=8, notebook=120)) as room:
        yield room


def test_without_namespaces_inside_it_each_notebook_has_a_bubblewrap_of_its_own(cold, caplog):
    assert type(cold) is ColdRoom and honest(execute(HONEST, cold))
    hostile = ["import socket; socket.create_connection(('192.0.2.1', 80), 1)",
               "import os, ccx; os.listdir(os.path.join(os.path.dirname(os.path.dirname(ccx.__file__)), 'solutions'))",
               "import ccx; open(ccx.__file__, 'a')", "open('/written', 'w')", "import os; os.setuid(0)",
               "with open('big', 'wb') as file:\n    for i in range(200): file.write(b'x' * 10**6)",
               "with open('/dev/shm/big', 'wb') as file:\n    for i in range(200): file.write(b'x' * 10**6)",
               "import os\nfor i in range(100):\n    if not os.fork(): import time; time.sleep(60)"]
    shown = execute([*hostile, "while True: pass", "import os; os._exit(1)", "x = bytearray(2**30 + 2**20); x[::4096] = b'1' * len(x[::4096]); import time; time.sleep(2)", "1 + 1"], cold)
    assert all(said(cell)[0].endswith("Error") for cell in shown[:len(hostile)])
    assert [said(cell) for cell in shown[len(hostile):]] == [["Timeout"], ["DeadKernel"], ["MemoryLimit"], ["2"]]
    # Who forked is gone with the first Python that ended; students have users of their own where this is root.
    ours = 2**20 + os.getpid() * 64
    assert not [one for one in psutil.process_iter(["uids"]) if one.info["uids"] and ours <= one.info["uids"].real < ours + 64]


def test_solutions_are_not_among_what_is_shown():
    assert not any(path.name in ("solutions", "grading", "tests") for path in sandbox.readable())
    assert not any((path / "solutions").exists() for path in sandbox.readable())
