"""`./run`: one command starts every process, keeps them alive, and ends all of them."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.processes.instances import COMMAND, PATIENCE, environ, instance
from tests.support.servers import held_port

pytestmark = pytest.mark.slow

WORKER, WEB = "worker 1", "web"
LEFT = ("fanfare-demo-", "sandbox-x-")


def started(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Start an instance that is expected to refuse."""
    return subprocess.run(
        COMMAND, env=environ, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def children(pid: int) -> dict[int, str]:
    """The processes a process started, with their command lines."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return {int(item): command_line(item) for item in listed}


def command_line(pid: str) -> str:
    """The words a process was started with; none for one that ended in this very moment."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        return ""
    return words.decode(errors="replace")


def named(pid: int, name: str) -> list[int]:
    """The children of a process that carry a name."""
    return [child for child in children(pid) if name_of(child) == name]


def name_of(pid: int) -> str:
    """The name of a process as `ps -e` shows it; none for one that ended in this very moment."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


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


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


def killed(running: "subprocess.Popen[str]", name: str, port: int, folder: Path) -> None:
    """Kill a process of an instance, and wait until there is another one."""
    before = named(running.pid, name)
    left = {*map(str, children(before[0]))}
    os.kill(before[0], signal.SIGKILL)
    wait(lambda: before[0] not in children(running.pid))
    wait(lambda: left.isdisjoint(lives_in(folder)))
    wait(lambda: len(named(running.pid, name)) == len(before) and answers(port))


def test_what_dies_is_started_again_and_ctrl_c_leaves_nothing_running(tmp_path: Path, port: int):
    with instance(tmp_path, port) as running:
        for name in (WORKER, WEB):
            killed(running, name, port, tmp_path)
        running.send_signal(signal.SIGINT)
        ended = running.wait(PATIENCE)

    assert ended == 0
    wait(lambda: lives_in(tmp_path) == [])


def test_a_second_instance_is_refused_and_what_the_first_keeps_is_private(
    tmp_path: Path, port: int
):
    with instance(tmp_path, port), held_port() as other:
        same_port = started(environ(tmp_path / "other", port))
        same_folder = started(environ(tmp_path, other))
        private = {path for path in tmp_path.rglob("*") if path.name != "other"}
        modes = {path.stat().st_mode & 0o077 for path in private}

    assert (same_port.returncode, same_folder.returncode) == (1, 1)
    assert f"Port {port} on 127.0.0.1 cannot be used" in same_port.stderr
    assert f"Fanfare runs in {tmp_path} already." in same_folder.stderr
    assert {"fanfare.sqlite3-wal", "running.lock", "broker.log", "encryption.key"} <= {
        path.name for path in private
    }
    assert modes == {0}


def test_the_web_server_opens_nothing_outside_the_folder_of_the_instance(tmp_path: Path, port: int):
    home = tmp_path / "home"
    home.mkdir()

    with instance(tmp_path / "var", port, HOME=str(home)):
        pass

    assert list(home.iterdir()) == []


def test_a_port_in_use_is_said_before_anything_is_started(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = started(environ(tmp_path / "var", port))

    assert ended.returncode == 1
    assert "Set FANFARE_PORT to another one." in ended.stderr
    assert not (tmp_path / "var" / "fanfare.sqlite3").exists()


@contextmanager
def demo(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A small demo among the settings of another instance, in a temporary folder of its own."""
    told = environ(tmp_path / "var", port) | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'real.sqlite3'}",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "FANFARE_X_SANDBOX_URL": "http://127.0.0.1:1",
        "HTTP_PROXY": "http://127.0.0.1:1",
        "TMPDIR": str(tmp_path),
    }
    del told["FANFARE_VAR"]
    with subprocess.Popen(
        [*COMMAND, "demo", "--followers", "60"],
        env=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.terminate()


def said_until(running: subprocess.Popen[str], word: str) -> list[str]:
    """The lines a process has said when it says one with this word."""
    assert running.stdout is not None
    told: list[str] = []
    while not told or word not in told[-1]:
        told.append(running.stdout.readline())
        assert running.poll() is None, told
    return told


def test_the_demo_stays_up_touches_no_other_instance_and_ends_with_ctrl_c(
    tmp_path: Path, port: int
):
    with demo(tmp_path, port) as running:
        told = said_until(running, "Ctrl-C")
        os.kill(named(running.pid, WORKER)[0], signal.SIGKILL)
        # A new program, for the demo's own process holds the database.
        wait(lambda: any("-m webapp worker" in line for line in children(running.pid).values()))
        again = said_until(running, "started again")
        running.send_signal(signal.SIGINT)
        last = running.stdout.read()
        ended = running.wait(PATIENCE)

    said = "".join(told[-4:])
    assert ended == 0
    assert "http://127.0.0.1:" in said
    assert "admin@fanfare.example" in said
    assert again == [f"fanfare: {WORKER} ended and was started again.\n"]
    assert last == "", "It ends without a complaint: nobody misses the broker."
    assert not [line for line in told if "locked" in line or "Broken pipe" in line]
    assert not (tmp_path / "real.sqlite3").exists()
    assert left_by_the_demo(tmp_path) == []
    wait(lambda: processes_naming(str(tmp_path)) == [])


@pytest.mark.parametrize(
    ("word", "number"), [("database", signal.SIGTERM), ("Fanfare is up at", signal.SIGINT)]
)
def test_a_demo_that_is_ended_early_leaves_nothing(
    tmp_path: Path, port: int, word: str, number: signal.Signals
):
    with demo(tmp_path, port) as running:
        told = said_until(running, word)
        running.send_signal(number)
        running.send_signal(number)
        last = running.stdout.read()
        ended = running.wait(PATIENCE)

    assert ended == 130
    assert "Traceback" not in last
    assert "retrying" not in last
    assert ("admin@fanfare.example" in told[-1]) == (word != "database")
    assert left_by_the_demo(tmp_path) == []
    wait(lambda: processes_naming(str(tmp_path)) == [])


def left_by_the_demo(folder: Path) -> list[str]:
    return [item.name for item in folder.iterdir() if item.name.startswith(LEFT)]


def processes_naming(text: str) -> list[str]:
    """Every living process of ours whose command line names something."""
    pids = [folder.name for folder in Path("/proc").glob("[0-9]*")]
    return [pid for pid in pids if text in command_line(pid)]
