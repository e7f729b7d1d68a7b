"""The kernel for opening a submission by hand: a Jupyter kernel like any other, in the grader's sandbox."""

import os
import time

import psutil
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from ccx import cli
from ccx.classroom.sandbox import kernel


@pytest.fixture(scope="module")
def specs(tmp_path_factory):
    prefix = tmp_path_factory.mktemp("prefix")
    kernel.install(str(prefix))
    return KernelSpecManager(kernel_dirs=[str(prefix / "share" / "jupyter" / "kernels")])


@pytest.fixture(scope="module")
def running(specs):
    manager = KernelManager(kernel_name=kernel.NAME, kernel_spec_manager=specs)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def shown(client, source, timeout=60):
    """What a cell prints, returns or raises."""
    found = []

    def hook(message):
        content = message["content"]
        found.extend(filter(None, [content.get("text"), content.get("ename"), content.get("data", {}).get("text/plain")]))

    client.execute_interactive(source, timeout=timeout, output_hook=hook)
    return found


def test_it_runs_a_lesson_as_any_kernel_does(running):
    _, client = running
    assert shown(client, "import ccx\nprint(len(ccx.load('cdnow')))\n1 + 1") == ["67591\n", "2"]
    assert "image/png" not in shown(client, "%matplotlib inline\nimport matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()")


@pytest.mark.parametrize("source", [
    "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
    "import os, ccx; os.listdir(os.path.join(os.path.dirname(os.path.dirname(ccx.__file__)), 'solutions'))",
    "import ccx; open(ccx.__file__, 'a')", "open('/written', 'w')", "import os; os.setuid(0)",
    "with open('big', 'wb') as file:\n    for i in range(200): file.write(b'x' * 10**6)",
])
def test_an_error_is_all_one_gets(running, source):
    _, client = running
    assert shown(client, source)[-1].endswith("Error")


def test_it_can_be_interrupted_and_goes_on(running):
    manager, client = running
    asked = client.execute("x = 7\nwhile True: pass")
    time.sleep(1)
    manager.interrupt_kernel()
    while (reply := client.get_shell_msg(timeout=20))["parent_header"].get("msg_id") != asked:
        pass
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    # Whatever was asked for meanwhile is dropped with the cell that was interrupted.
    time.sleep(0.5)
    assert shown(client, "x") == ["7"]


def test_it_can_be_restarted(running):
    manager, client = running
    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=60)
    assert shown(client, "x") == ["NameError"]


def test_nothing_of_it_is_left(specs):
    manager = KernelManager(kernel_name=kernel.NAME, kernel_spec_manager=specs)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    client.execute("import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(601)'], start_new_session=True)", reply=True, timeout=60)
    folder = os.path.dirname(os.path.dirname(manager.ip))
    inside = [one for one in psutil.Process().children(recursive=True) if "time.sleep(601)" in " ".join(one.cmdline())]
    assert inside
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    assert not psutil.wait_procs(inside, timeout=20)[1]
    assert not os.path.exists(folder)


def test_the_command_says_where_it_is(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(kernel.install, "__defaults__", (str(tmp_path),))
    assert cli.main(["kernel"]) == 0
    assert capsys.readouterr().out.startswith("Python (shut in): ") and (tmp_path / "share" / "jupyter" / "kernels" / kernel.NAME / "kernel.json").is_file()
