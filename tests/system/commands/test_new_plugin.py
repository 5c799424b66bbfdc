"""A new plugin on the command line: a package whose first test passes, or a clear refusal."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.cli import Cli

ENTRY = "fanfare.channels"
# What this instance and this run of tests are told is not for those of the package.
OURS = ("FANFARE_", "PYTEST_ADDOPTS")


def environ(*paths: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "PYTHONPATH": os.pathsep.join(str(path) for path in paths)}


def installed(folder: Path, home: Path) -> Path:
    """Install the package into a folder of its own, as pip does, without asking any index."""
    alone = ["--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run(
        [sys.executable, "-m", "pip", "-q", "install", *alone, "--target", home, folder],
        check=True,
        capture_output=True,
        env=environ(),
    )
    return home


@pytest.mark.slow
def test_the_first_test_of_a_new_package_passes_and_fanfare_takes_it_in(cli: Cli, tmp_path: Path):
    said = cli("plugin", "new", "my_board", "--label", 'My "board" \\ é', "--into", str(tmp_path))
    assert said.code == 0, said.err
    folder = tmp_path / "fanfare-my_board"
    # What a folder around it tells pytest, such as a copy of Fanfare, is not the package's.
    (tmp_path / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = ["--no-such"]\n')

    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=folder,
        check=False,
        env=environ(folder),
        capture_output=True,
        text=True,
    )
    assert tested.returncode == 0, tested.stdout
    assert " passed" in tested.stdout

    home = installed(folder, tmp_path / "home")
    checked = subprocess.run(
        [sys.executable, "-m", "webapp", "plugin", "check", "my_board"],
        check=False,
        env={**environ(home), "FANFARE_VAR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "fanfare-my_board 0.1" in checked.stdout
    assert 'My "board" \\ é' in checked.stdout


def test_a_program_is_told_where_the_package_lies(cli: Cli, tmp_path: Path):
    said = cli("plugin", "new", "board", "--into", str(tmp_path), "--json")

    found = json.loads(said.out)
    folder = Path(found["folder"])
    assert sorted(found["files"]) == sorted(item.name for item in folder.iterdir())
    entries = tomllib.loads((folder / "pyproject.toml").read_text())["project"]["entry-points"]
    assert entries == {ENTRY: {"board": "fanfare_board"}}
    assert 'LABEL = "Board"' in (folder / "fanfare_board.py").read_text()


def test_others_may_read_the_package(cli: Cli, tmp_path: Path):
    cli("plugin", "new", "board", "--into", str(tmp_path))

    folder = tmp_path / "fanfare-board"
    modes = {oct(item.stat().st_mode & 0o777) for item in folder.iterdir()}
    assert (oct(folder.stat().st_mode & 0o777), modes) == ("0o755", {"0o644"})


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Board",
        "my-board",
        "1board",
        "_board",
        "board_",
        "my board",
        "../board",
        "böard",
        "b" * 31,
    ],
)
def test_a_name_that_is_no_slug_is_refused(cli: Cli, tmp_path: Path, name: str):
    said = cli("plugin", "new", "--into", str(tmp_path / "place"), "--", name)

    assert (said.code, said.out) == (1, "")
    assert "is no name of a channel. It begins with a-z" in said.err
    assert not (tmp_path / "place").exists()


@pytest.mark.parametrize("label", [" ", "two\nlines", "x" * 61, "bell\a"])
def test_a_label_that_nobody_can_read_is_refused(cli: Cli, tmp_path: Path, label: str):
    said = cli("plugin", "new", "board", "--label", label, "--into", str(tmp_path))

    assert (said.code, said.out) == (1, "")
    assert "A label is one line of 1 to 60 signs" in said.err
    assert not (tmp_path / "fanfare-board").exists()


@pytest.mark.parametrize("kind", ["x", "fake"])
def test_a_kind_that_is_taken_is_refused(cli: Cli, tmp_path: Path, kind: str):
    said = cli("plugin", "new", kind, "--into", str(tmp_path))

    assert (said.code, said.out) == (1, "")
    assert f"The plugin {kind} brings the channel {kind} already." in said.err
    assert not (tmp_path / f"fanfare-{kind}").exists()


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch, lambda path: path.symlink_to("nowhere")])
def test_what_is_there_is_not_overwritten(cli: Cli, tmp_path: Path, make: object):
    place = tmp_path / "place"
    place.mkdir()
    make(place / "fanfare-board")

    said = cli("plugin", "new", "board", "--into", str(place))

    assert (said.code, said.out) == (1, "")
    assert "exists already. Nothing was changed" in said.err
    assert [item.name for item in place.iterdir()] == ["fanfare-board"]
    assert not list((place / "fanfare-board").glob("*"))


def test_a_folder_that_is_not_there_is_told(cli: Cli, tmp_path: Path):
    said = cli("plugin", "new", "board", "--into", str(tmp_path / "nowhere"))

    assert (said.code, said.out) == (1, "")
    assert "cannot be made: No such file or directory. Nothing was changed." in said.err
    assert not (tmp_path / "nowhere").exists()
