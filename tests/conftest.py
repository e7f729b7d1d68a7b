"""What the tests in a browser share: one Chromium and one list of complaints a file, and the page that the file has written."""

import os
import shutil
import sysconfig

import pytest

pytest.register_assert_rewrite("figures", "pages")
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


@pytest.fixture
def asked_for():
    """The addresses that a page has asked for, its own among them; data are none."""
    return []


@pytest.fixture(params=["PHONE", "LAPTOP"])
def page(request, chromium, written, complaints, asked_for):
    """What the file's own fixture `written` is the path of, without a network."""
    import pages

    with chromium.new_context(viewport=getattr(pages, request.param), offline=True) as context:
        context.on("console", lambda message: complaints.append(message.text))
        context.on("request", lambda request: request.url.startswith("data:") or asked_for.append(request.url))
        page = context.new_page()
        page.goto(written.as_uri())
        yield page


# The longest files, begun first so that no worker is left with one of them at the end.
LONG = ("test_grading.py", "test_lessons.py", "test_certify.py", "test_browser_explore.py", "test_attacks.py", "test_feedback.py", "test_cluster.py", "test_browser.py")


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))
