"""What the tests in a browser share: one Chromium and one list of complaints a file."""

import os
import shutil

import pytest


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
