"""What the tests and the benchmark in a browser share: Debian's Chromium, a Jupyter server and an open notebook."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import psutil
from playwright.sync_api import expect, sync_playwright

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]
# A slow machine is no defect: nothing here asks how fast it is, and only what never comes is given up.
PATIENCE = 120
expect.set_options(timeout=PATIENCE * 1000)
# JupyterLab's own: a tab opened before another has settled its name is given a new name and goes on.
NOISE = "Window name candidate"
LAPTOP = {"width": 1280, "height": 900}
LAB = ["ccx.cli", "lab", "--"]
PLAIN_LAB, NOTEBOOK_7 = (["jupyter", program, "--no-browser", "--allow-root"] for program in ("lab", "notebook"))


@contextmanager
def chromium():
    """Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)


@contextmanager
def server(course, own, command=LAB):
    """The URL that a Jupyter server on a folder prints where there is no display, until the block is left."""
    log = own / "log.txt"
    with log.open("w") as output:
        process = psutil.Popen([sys.executable, "-m", *command, "--port", str(free_port())], cwd=course,
                               env=without_display(own), stdout=output, stderr=subprocess.STDOUT)
    try:
        yield printed_url(process, log)
    finally:
        # Told to terminate, the server ends its kernels before it goes; for one that is only starting it may wait for ever.
        started = process.children(recursive=True) if process.is_running() else []
        process.terminate()
        _, left = psutil.wait_procs([process, *started], PATIENCE / 2)
        for one in left:
            one.kill()


def free_port():
    with socket.create_server(("localhost", 0)) as listener:
        return listener.getsockname()[1]


def without_display(folder):
    """An environment without a display, and without the settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**kept, **{name: str(folder) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}}


def printed_url(process, log):
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        if found := re.search(r"one of these URLs:\s+(http://\S+)", log.read_text()):
            return found[1]
        time.sleep(0.1)
    raise TimeoutError(f"the server printed no URL:\n{log.read_text()}")


def logged_in(running, url, complaints):
    """A browser of a laptop's size that has opened the printed URL and so may open the rest."""
    context = running.new_context(viewport=LAPTOP)
    context.set_default_timeout(PATIENCE * 1000)
    context.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    context.on("weberror", lambda failure: complaints.append(str(failure.error)))
    context.new_page().goto(url)
    return context


def heard(complaints):
    """The complaints since the last time, without JupyterLab's own."""
    found, complaints[:] = complaints[:], []
    return [text for text in found if NOISE not in text]


def origin(url):
    return re.split("/lab|/tree", url)[0]


def open_notebook(laptop, url, path):
    """A notebook in JupyterLab, its kernel ready."""
    page = laptop.new_page()
    # With `reset` JupyterLab does not bring back what an earlier test had open.
    page.goto(f"{origin(url)}/lab/tree/{path}?reset")
    # Cells that are run before the kernel is up are lost.
    page.get_by_text("| Idle").wait_for()
    return page


def connected(page, url):
    """Wait until the page talks to a kernel that is ready; Notebook 7 shows one as idle before it has any."""
    for _ in range(2 * PATIENCE):
        kernels = [session["kernel"] for session in page.request.get(f"{origin(url)}/api/sessions").json()]
        if any(kernel["connections"] and kernel["execution_state"] == "idle" for kernel in kernels):
            return
        page.wait_for_timeout(500)
    raise TimeoutError("the page found no kernel")


def run_all(page):
    last = page.locator(".jp-CodeCell .jp-InputPrompt").last
    for _ in range(PATIENCE // 5):
        for name in ("Run", "Run All Cells"):
            page.get_by_role("menuitem", name=name, exact=True).click()
        try:
            expect(last).to_have_text(re.compile(r"\[[\d*]+\]"), timeout=5000)
            break
        except AssertionError:
            # Asked before the page and the kernel had found each other: Notebook 7 calls it idle too early.
            continue
    # A cell gets its number when it has run; one that raised without leave would keep the rest from running.
    expect(last).to_have_text(re.compile(r"\[\d+\]"))
