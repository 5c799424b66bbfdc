"""A port that somebody else uses, told before anything starts."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from webapp.kernel.errors import FanfareError
from webapp.system.processes.supervisor.up import refuse_busy_port

ROOT = Path(__file__).parents[2]


@pytest.fixture
def busy() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


@pytest.mark.parametrize("word", ["up", "demo"])
def test_a_busy_port_is_named_with_the_variable_that_changes_it(
    tmp_path: Path, busy: int, word: str
):
    environ = {"PATH": os.environ["PATH"], "FANFARE_PORT": str(busy)}
    if word == "up":
        environ["FANFARE_VAR"] = str(tmp_path)

    done = subprocess.run(
        [sys.executable, "-m", "webapp", word],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert f"Port {busy} on 127.0.0.1 cannot be used" in done.stderr
    assert "Set FANFARE_PORT to another one." in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "fanfare.sqlite3").exists()


def test_an_address_of_no_interface_is_named_with_its_own_variable():
    with pytest.raises(FanfareError, match="Set FANFARE_HOST to an address of this machine"):
        refuse_busy_port("192.0.2.1", 8000)
