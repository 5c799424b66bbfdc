"""A process whose environment is missing or cut begins no instance of its own."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEED_AN_INSTANCE = [
    ["-m", "webapp", "worker", "--burst"],
    ["-m", "webapp", "scheduler"],
    ["-m", "webapp", "health"],
    ["-m", "webapp", "service", "list"],
    ["-m", "webapp", "db", "check"],
    ["-m", "webapp", "db", "upgrade"],
    ["-m", "webapp", "rotate-keys"],
    ["-c", "import webapp.wsgi"],
]


def run(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "FANFARE_VAR": str(folder), **more}
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("words", NEED_AN_INSTANCE, ids=" ".join)
def test_it_says_what_is_missing_and_makes_nothing(tmp_path: Path, words: list[str]):
    done = run(tmp_path / "var", *words)

    assert done.returncode != 0
    assert f"There is no database {tmp_path / 'var' / 'fanfare.sqlite3'}." in done.stderr
    assert re.search(r"is made by .+ db create\.", done.stderr)
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_one_command_makes_an_instance_and_the_others_use_it(tmp_path: Path):
    made = run(tmp_path / "var", "-m", "webapp", "db", "create")
    found = run(tmp_path / "var", "-m", "webapp", "service", "list")

    assert (made.returncode, found.returncode) == (0, 0), made.stderr + found.stderr
    assert str(tmp_path / "var" / "fanfare.sqlite3") in made.stdout


def test_a_key_that_was_lost_is_not_made_anew(tmp_path: Path):
    run(tmp_path, "-m", "webapp", "db", "create")
    (tmp_path / "encryption.key").unlink()

    done = run(tmp_path, "-m", "webapp", "worker", "--burst")

    assert done.returncode == 1
    assert f"{tmp_path / 'encryption.key'} is missing" in done.stderr
    assert not (tmp_path / "encryption.key").exists()


def test_plugins_are_looked_at_without_an_instance(tmp_path: Path):
    done = run(tmp_path / "var", "-m", "webapp", "plugin", "check", "x")

    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_web_server_writes_for_its_owner_alone_whatever_it_was_started_with(tmp_path: Path):
    run(tmp_path, "-m", "webapp", "db", "create")
    asks = "import os; os.umask(0); import webapp.wsgi; print(oct(os.umask(0)))"

    assert run(tmp_path, "-c", asks).stdout == "0o77\n"


def test_nothing_starts_on_a_database_that_differs_and_what_differs_is_said(
    tmp_path: Path, port: int
):
    run(tmp_path, "-m", "webapp", "db", "create")
    with closing(sqlite3.connect(tmp_path / "fanfare.sqlite3")) as connection:
        connection.execute("ALTER TABLE delivery DROP COLUMN wait_code")

    ended = run(tmp_path, "-m", "webapp", "up", FANFARE_PORT=str(port))

    assert ended.returncode == 1
    assert "the column delivery.wait_code is missing" in ended.stderr
    assert f"The database {tmp_path / 'fanfare.sqlite3'} could not be brought up" in ended.stderr
    assert "Fanfare is running" not in ended.stdout
