"""What the tests in a browser share: one Chromium and one list of complaints a file."""

import os
import shutil
import sysconfig

import pytest

# nbgrader runs alembic by its name.
os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])


@pytest.fixture(scope="module")
def chromium():
    if not shutil.which("chromium"):
        # Where tests run unattended a skipped test would look like a passed one.
        give_up = pytest.fail if os.environ.get("CI") else pytest.skip
        give_up("there is no program called chromium; Debian has it in its package chromium")
    import browser

    with browser.chromium() as running:
        yield running


@pytest.fixture(scope="module")
def complaints():
    """What the browser's console has said in red."""
    return []


# The longest files, begun first so that no worker is left with one of them at the end.
LONG = ("test_grading.py", "test_lessons.py", "test_attacks.py", "test_feedback.py", "test_browser_explore.py", "test_cluster.py", "test_browser.py")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))
