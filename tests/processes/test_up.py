"""`./run`: one command starts every process, keeps them alive, and ends all of them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from webapp.system.supervisor.up import free_port

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "webapp"]
PATIENCE = 60


def environ(var: Path, port: int) -> dict[str, str]:
    plain = {name: text for name, text in os.environ.items() if not name.startswith("FANFARE_")}
    return plain | {"FANFARE_VAR": str(var), "FANFARE_PORT": str(port), "DATABASE_URL": ""}


def children(pid: int) -> dict[int, str]:
    """The processes a process started, with their command lines."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    lines = {int(item): Path(f"/proc/{item}/cmdline").read_bytes() for item in listed}
    return {item: line.replace(b"\0", b" ").decode() for item, line in lines.items()}


def wait(reached: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < ends
        time.sleep(0.1)


def lives_in(var: Path) -> list[str]:
    """Every living process whose environment names the folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            mine = f"FANFARE_VAR={var}\0".encode() in (folder / "environ").read_bytes()
        except OSError:
            continue
        found += [folder.name] if mine else []
    return found


def test_what_dies_is_started_again_and_ctrl_c_leaves_nothing_running(tmp_path: Path):
    port = free_port()
    with subprocess.Popen(
        COMMAND, env=environ(tmp_path, port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as running:
        assert running.stdout is not None
        while not running.stdout.readline().startswith(b"Fanfare is running"):
            assert running.poll() is None
        killed = next(pid for pid, line in children(running.pid).items() if "worker" in line)
        os.kill(killed, signal.SIGKILL)
        wait(lambda: killed not in children(running.pid))
        wait(lambda: sum(line.endswith("worker ") for line in children(running.pid).values()) == 2)

        second = subprocess.run(
            COMMAND,
            env=environ(tmp_path, port),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        running.send_signal(signal.SIGINT)
        ended = running.wait(PATIENCE)

    assert (second.returncode, ended) == (1, 0)
    assert f"Port {port} on 127.0.0.1 cannot be used" in second.stderr
    assert lives_in(tmp_path) == []


def test_a_port_in_use_is_said_before_anything_is_started(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run(
            COMMAND,
            env=environ(tmp_path / "var", port),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    assert ended.returncode == 1
    assert "Set FANFARE_PORT to another one." in ended.stderr
    assert not (tmp_path / "var" / "fanfare.sqlite3").exists()
