"""An instance whose processes are real, and may be killed, held and started again one by one."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from channels.clock import FileClock
from tests.support.servers import held_port
from webapp.app import create_app
from webapp.kernel.audit import trusted
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db, reading
from webapp.kernel.instance import remove_stand_in
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import new_key
from webapp.system.processes.supervisor import up
from webapp.system.processes.supervisor.processes import _die_with_parent
from webapp.system.setup import defaults

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LEASE, SETTLE = 2, 2
KEY = new_key()
PATIENCE = 60.0
STANDS_STILL = "T"
POLL = 0.1


class Process:
    """One process of the instance, in a group of its own."""

    def __init__(self, command: list[str], environ: dict[str, str], log: Path) -> None:
        self.command, self.environ, self.log = command, environ, log
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.command,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - the tests start no threads
            )

    @property
    def children(self) -> list[int]:
        """The processes it forked, such as the one that runs a worker's job."""
        pid = self.process.pid
        try:
            listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        except FileNotFoundError:
            return []
        return [int(child) for child in listed.split()]

    @property
    def state(self) -> str:
        """The letter by which the system says what it does."""
        status = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        return status.rpartition(") ")[2][0]

    def signal(self, number: int) -> None:
        """Send a signal to the process, and first to what it forked into groups of their own."""
        for pid in (*self.children, self.process.pid):
            with suppress(ProcessLookupError):
                os.killpg(pid, number)

    def signal_one(self, pid: int) -> None:
        """Kill one process at once, if it still lives."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def kill(self) -> None:
        """End the process at once, without a chance to tidy up."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)

    def restart(self) -> None:
        """Kill the process and start it again."""
        self.kill()
        self.process = self._start()


@dataclass
class Plant:
    """The running instance, with a runtime of its own to look at it and give orders."""

    runtime: Runtime
    clock: FileClock
    sandbox_url: str
    processes: dict[str, Process] = field(default_factory=dict)

    def start(self, name: str, *command: str) -> Process:
        """Start one more process of this instance."""
        folder = self.runtime.settings.var
        environ = _environ(folder, self.runtime.settings.database, self.sandbox_url)
        self.processes[name] = Process(list(command), environ, folder / "processes.log")
        return self.processes[name]

    def end(self) -> None:
        """Kill every process, the broker last."""
        for item in [*self.processes.values()][::-1]:
            if item.process.poll() is None:
                item.signal(signal.SIGKILL)
            item.kill()
        remove_stand_in(self.runtime.settings.var)

    @property
    def workers(self) -> list[Process]:
        """The workers that were started."""
        return [item for name, item in self.processes.items() if name.startswith("worker")]

    def hire(self, workers: int) -> None:
        """Start so many workers."""
        for number in range(workers):
            self.start(f"worker {number}", *up.COMMAND, "worker")

    def revive(self) -> None:
        """Start workers again that ended, as their supervisor would."""
        for worker in self.workers:
            if worker.process.poll() is not None:
                worker.restart()

    def ask(self, path: str, body: dict[str, Any] | None = None, *, method: str = "") -> Any:
        """Ask the sandbox what it saw, or order something."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            f"{self.sandbox_url}/sandbox/{path}",
            data,
            {"Content-Type": "application/json"},
            method=method or ("GET" if data is None else "POST"),
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def look(self, question: Callable[[Runtime], Any]) -> Any:
        """Ask the database something, without holding up those who write."""
        with reading():
            self.runtime.session.expire_all()
            found = question(self.runtime)
            self.runtime.session.rollback()
        return found

    @contextmanager
    def standing_still(self, process: Process) -> Iterator[None]:
        """Let a process stand still meanwhile, at a moment when it holds up nobody else.

        The database is locked first: a process that stood still while it writes would keep
        everybody's writes waiting, until theirs fail.
        """
        self.runtime.session.execute(text("SELECT 1"))
        process.process.send_signal(signal.SIGSTOP)
        self.wait(lambda: process.state == STANDS_STILL, "a process to stand still")
        self.runtime.session.rollback()
        try:
            yield
        finally:
            process.process.send_signal(signal.SIGCONT)

    def wait(self, reached: Callable[[], Any], what: str, patience: float = PATIENCE) -> None:
        """Wait until something is true; fail when it takes too long."""
        ends = time.monotonic() + patience
        while not reached():
            assert time.monotonic() < ends, f"Waited too long for {what}."
            time.sleep(POLL)


@contextmanager
def plant(folder: Path, database_url: str, *, workers: int = 2) -> Iterator[Plant]:
    """Start sandbox, broker, scheduler and workers on one movable clock; end all of them."""
    clock = FileClock(folder / "clock.json")
    clock.set(NOON, rate=1)
    with held_port() as port:
        sandbox_url = f"http://127.0.0.1:{port}"
        app = create_app(Settings.from_env(_environ(folder, database_url, sandbox_url)))
        with app.app_context():
            runtime = app.extensions["fanfare"].runtime(db.session(), trusted("test"))
            lent = Plant(runtime, clock, sandbox_url)
            try:
                _start(lent, workers)
                yield lent
            finally:
                lent.end()
                db.session.remove()
                db.engine.dispose()


def _start(lent: Plant, workers: int) -> None:
    defaults.ensure(lent.runtime)
    lent.start("broker", *up.broker_command(lent.runtime.settings))
    port = lent.sandbox_url.rpartition(":")[2]
    clock = str(lent.clock.path)
    sandbox = ("-m", "plugins.x.sandbox", "--port", port, "--clock", clock)
    lent.start("sandbox", sys.executable, *sandbox)
    lent.wait(lambda: _answers(lent), "the sandbox")
    lent.start("scheduler", *up.COMMAND, "scheduler")
    lent.hire(workers)


def _environ(folder: Path, database_url: str, sandbox_url: str) -> dict[str, str]:
    """Return what every process of the instance is told."""
    plain = {name: text for name, text in os.environ.items() if not name.startswith("FANFARE_")}
    plain.pop("REDIS_URL", None)
    return plain | {
        "FANFARE_VAR": str(folder),
        "FANFARE_CLOCK": str(folder / "clock.json"),
        "FANFARE_X_SANDBOX_URL": sandbox_url,
        "FANFARE_SECRET_KEY": "a secret of these tests",
        "FANFARE_ENCRYPTION_KEYS": KEY,
        "FANFARE_LEASE_SECONDS": str(LEASE),
        "FANFARE_RECONCILE_AFTER_SECONDS": str(SETTLE),
        "DATABASE_URL": database_url,
    }


def _answers(lent: Plant) -> bool:
    try:
        return bool(lent.ask("health")["ok"])
    except OSError:
        return False
