"""An instance as `./run` starts it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMAND = [sys.executable, "-m", "webapp"]
PATIENCE = 60


def environ(var: Path, port: int) -> dict[str, str]:
    plain = {name: text for name, text in os.environ.items() if not name.startswith("FANFARE_")}
    return plain | {"FANFARE_VAR": str(var), "FANFARE_PORT": str(port), "DATABASE_URL": ""}


@contextmanager
def instance(var: Path, port: int, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """An instance that has said it is running; ended by force where a test left it."""
    with subprocess.Popen(
        COMMAND, env=environ(var, port) | more, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as running:
        assert running.stdout is not None
        while not running.stdout.readline().startswith(b"Fanfare is running"):
            assert running.poll() is None
        try:
            yield running
        finally:
            running.terminate()
