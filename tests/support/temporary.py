"""The temporary folder of a run of tests: nothing is left in it when the run is over."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

# Pytest keeps the folders of its last runs beside those of other projects.
KEPT_BY_PYTEST = "PYTEST_DEBUG_TEMPROOT"
# What browsers and their driver leave behind is not ours.
OTHERS = ("playwright", "org.chromium.", ".org.chromium.", ".com.google.")
FOLDER = pytest.StashKey[Path]()
# Files that are memory: no database of a test waits there for a disk. The run takes a part of ROOM.
MEMORY = Path("/dev/shm")
ROOM = 8 * 2**30


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give the tests and all they start one temporary folder, apart from that of any other run."""
    if hasattr(config, "workerinput"):
        return  # the process that hands out the tests has done so
    with suppress(OSError):
        if "TMPDIR" not in os.environ and shutil.disk_usage(MEMORY).free > ROOM:
            tempfile.tempdir = str(MEMORY)
    os.environ.setdefault(KEPT_BY_PYTEST, tempfile.gettempdir())
    # A run that is asked to end tidies up like one that Ctrl-C ends.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    run = _temporary()
    config.stash[FOLDER] = run.__enter__()
    config.add_cleanup(lambda: run.__exit__(None, None, None))


@contextmanager
def _temporary() -> Iterator[Path]:
    with (
        tempfile.TemporaryDirectory(prefix="fanfare-tests-") as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", None)
        yield Path(folder)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Fail a run in which a test, or what it started, left something behind."""
    yield
    folder = session.config.stash.get(FOLDER, None)
    left = folder and sorted(
        path.name for path in folder.iterdir() if not path.name.startswith(OTHERS)
    )
    if left:
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter:
            reporter.write_line(f"\nLeft in the temporary folder: {', '.join(left)}", red=True)
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED
