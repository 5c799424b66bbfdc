"""Where an installed wheel keeps its instance, and what it says of one at the old place."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installed.conftest import Installed

pytestmark = pytest.mark.slow


@pytest.fixture
def old(installed: Installed) -> Iterator[Path]:
    """The folder among the packages in which earlier versions kept an instance."""
    folder = next((installed.home / "lib").glob("python*")) / "site-packages" / "var"
    yield folder
    for path in folder.glob("*"):
        path.unlink()
    if folder.is_dir():
        folder.rmdir()


def run(installed: Installed, data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {**installed.environ, "FANFARE_VAR": "", "XDG_DATA_HOME": str(data)}
    return subprocess.run(
        [installed.home / "bin" / "fanfare", *words],
        cwd=installed.home,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_data_and_keys_lie_where_the_platform_keeps_data(
    installed: Installed, old: Path, tmp_path: Path
):
    made = run(installed, tmp_path, "db", "create")
    found = run(installed, tmp_path, "db", "check")

    assert (made.returncode, found.returncode) == (0, 0), made.stderr + found.stderr
    names = {path.name for path in (tmp_path / "fanfare").iterdir()}
    assert {"fanfare.sqlite3", "encryption.key", "session.key"} <= names
    assert not old.exists()


@pytest.mark.parametrize("words", [("db", "create"), ("up",), ("service", "list")])
def test_no_instance_begins_beside_one_at_the_old_place(
    installed: Installed, old: Path, tmp_path: Path, words: tuple[str, ...]
):
    old.mkdir()
    (old / "fanfare.sqlite3").touch()

    done = run(installed, tmp_path, *words)

    assert done.returncode == 1
    assert f"mv {old} {tmp_path / 'fanfare'}" in done.stderr
    assert list(tmp_path.iterdir()) == []
