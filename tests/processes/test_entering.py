"""What a running instance says of who may enter, and of the keys its processes hold."""

import subprocess
from pathlib import Path

import pytest

from tests.processes.instances import COMMAND, PATIENCE, environ, instance
from webapp.kernel.secret_box import new_key

pytestmark = pytest.mark.slow


def test_the_console_shows_how_to_create_the_administrator_until_there_is_one(
    tmp_path: Path, port: int
):
    with instance(tmp_path, port) as running:
        assert running.stdout is not None
        said = running.stdout.readline().decode()
    made = subprocess.run(
        [*COMMAND, "operator", "create", "i@ateliernord.example", "--role", "admin"],
        input="a horn in the morning\n",
        env=environ(tmp_path, port),
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    with instance(tmp_path, port) as again:
        assert again.stdout is not None
        again.terminate()
        rest = again.stdout.read().decode()

    assert "/setup#" not in rest
    assert f"http://127.0.0.1:{port}/setup#" in said
    assert made.returncode == 0


def test_every_process_tells_which_keys_it_holds(tmp_path: Path, port: int):
    with instance(tmp_path, port):
        told = environ(tmp_path, port)
        old = (tmp_path / "encryption.key").read_text(encoding="ascii").strip()
        refused = rotated(told | {"FANFARE_ENCRYPTION_KEYS": f"{new_key()},{old}"})
        taken = rotated(told)

    assert refused.returncode == 1
    assert refused.stderr.count("web ") == 3, "The web server and both of its processes."
    assert refused.stderr.count("worker ") == 2
    assert refused.stderr.count("scheduler ") == 1
    assert old not in refused.stderr
    assert taken.returncode == 0, taken.stderr


def rotated(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "rotate-keys"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
