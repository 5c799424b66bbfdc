"""What a fork shares with its parent, and what it must not."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from webapp.system.processes.supervisor.processes import Child, Nursery, Spec

PATIENCE = 20.0
PROGRAM = """
import json, os, random, secrets, signal, sys
json.dump({
    "random": random.random(), "secret": secrets.token_hex(), "words": sys.argv[1:],
    "environ": {k: v for k, v in os.environ.items() if k.startswith("TOLD")},
    "group": os.getpgrp() == os.getpid(), "typed": sys.stdin.read(),
    "term": signal.getsignal(signal.SIGTERM) == signal.SIG_DFL,
    "forked": "webapp.system.processes.supervisor.forking" in sys.modules,
}, open(sys.argv[1], "w"))
sys.exit(7)
"""


@pytest.fixture(autouse=True)
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that tells what it finds, where both ways to start find it."""
    (tmp_path / "telling.py").write_text(PROGRAM, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def spec(told: Path, *, fresh: bool = False) -> Spec:
    environ = {"PYTHONPATH": str(told.parent), "TOLD": "here"}
    command = (sys.executable, "-m", "telling", str(told))
    return Spec(name="worker 1", command=command, environ=environ, fresh=fresh)


def nursery(*, forks: bool, let_go: Callable[[], None] = lambda: None) -> Nursery:
    return Nursery(lambda: forks, let_go)


def told_by(child: Child, told: Path) -> dict[str, object]:
    assert child.process.wait(PATIENCE) == 7
    found: dict[str, object] = json.loads(told.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("forks", [True, False])
def test_a_child_is_like_a_new_program_whichever_way_it_begins(tmp_path: Path, *, forks: bool):
    told = tmp_path / "told.json"

    found = told_by(Child(spec(told), nursery(forks=forks)), told)

    assert found["words"] == [str(told)]
    assert found["environ"] == {"TOLD": "here"}
    assert (found["group"], found["typed"], found["term"]) == (True, "", True)
    assert found["forked"] is forks


def test_two_forks_draw_different_numbers(tmp_path: Path):
    first, second = tmp_path / "first.json", tmp_path / "second.json"

    one = told_by(Child(spec(first), nursery(forks=True)), first)
    other = told_by(Child(spec(second), nursery(forks=True)), second)

    assert one["random"] != other["random"]
    assert one["secret"] != other["secret"]


def test_what_a_plugin_starts_has_an_interpreter_of_its_own(tmp_path: Path):
    told = tmp_path / "told.json"

    found = told_by(Child(spec(told, fresh=True), nursery(forks=True)), told)

    assert found["forked"] is False


def test_a_fork_lets_go_what_is_its_parents_alone_and_the_parent_keeps_it(tmp_path: Path):
    told, held = tmp_path / "told.json", (tmp_path / "held").open("w")

    told_by(Child(spec(told), nursery(forks=True, let_go=held.close)), told)

    with held:
        assert not held.closed


def test_forks_end_with_a_parent_that_is_killed(tmp_path: Path):
    (tmp_path / "lasting.py").write_text(
        "import os, sys, time\nopen(sys.argv[1], 'w').write(str(os.getpid()))\ntime.sleep(600)\n",
        encoding="utf-8",
    )
    program = (
        "import os, sys, time\n"
        "from webapp.system.processes.supervisor.processes import Child, Nursery, Spec\n"
        "command = (sys.executable, '-m', 'lasting', sys.argv[1])\n"
        "spec = Spec(name='lasting', command=command, environ=dict(os.environ))\n"
        "child = Child(spec, Nursery(lambda: True, lambda: None))\n"
        "time.sleep(600)\n"
    )
    told = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", program, str(told)]) as parent:
        wait(lambda: told.exists() and bool(told.read_text()))
        os.kill(parent.pid, signal.SIGKILL)
    pid = int(told.read_text())

    wait(lambda: not lives(pid))


PRELOADING = """
import os, sys, threading
from webapp.system.processes.supervisor import forking

def opened():
    return sorted(os.readlink(f"/proc/self/fd/{each}") for each in os.listdir("/proc/self/fd")[:-1])

before = opened()
forking.preload(sys.argv[1])
assert opened() == before, opened()
assert threading.active_count() == 1
assert "gunicorn.app.wsgiapp" in sys.modules and "sqlalchemy.dialects.sqlite" in sys.modules
"""


def test_what_is_imported_for_the_forks_opens_nothing_and_starts_no_thread(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'none.sqlite3'}"

    done = subprocess.run(
        [sys.executable, "-c", PRELOADING, url], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert list(tmp_path.glob("none*")) == []


def lives(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def wait(reached: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < ends
        time.sleep(0.05)
