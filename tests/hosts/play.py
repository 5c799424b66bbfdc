"""What happens to the three hosts, and what must not come of it."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from sqlalchemy import select

from channels.clock import FileClock
from tests.hosts.network import ADDRESS, HOSTS, Database, end_all
from tests.processes.campaign import befriend, connect, faults_of_both_records, set_out, stand
from tests.processes.plant import Plant, Process, _environ
from tests.processes.trial import WIDE
from tests.processes.units import Unit, stop
from webapp.app import create_app
from webapp.deliveries import control
from webapp.deliveries.models import Attempt, AttemptOutcome, Delivery, DeliveryKind
from webapp.kernel.audit import trusted
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db
from webapp.services.models import Service
from webapp.system.processes.supervisor import up
from webapp.system.setup import upgrading

MESSAGES, MIDDLE = 30, 10
SLOW, LEASE = 0.25, 60
RESTART = 10
PATIENCE = 240
SANDBOX = f"http://{ADDRESS}:8001"
Act = Callable[["Hosts"], tuple[str, list[str]]]


class Hosts:
    """The processes of every host, and this script's own look at their instance."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder, self.database = folder, database
        self.environ = _environ(folder, database.url, SANDBOX) | {
            "REDIS_URL": f"redis://{ADDRESS}:6379/0",
            "FANFARE_LEASE_SECONDS": str(LEASE),
        }
        self.processes: dict[str, Process] = {}
        self.number = 0
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        broker = [*up.broker_command(Settings.from_env(self.environ))][:1]
        broker += ["--bind", ADDRESS, "--port", "6379", "--protected-mode", "no", "--save", ""]
        self._own("broker", broker)
        address = ("--host", ADDRESS, "--port", "8001", "--clock", self.environ["FANFARE_CLOCK"])
        self._own("sandbox", [sys.executable, "-m", "plugins.x.sandbox", *address])
        self._look()
        upgrading.upgrade(self.plant.runtime)
        self.plant.wait(self._answers, "the sandbox")
        (self.brand,) = connect(self.plant, "ateliernord")
        self.plant.ask("limits", {"operation": "direct", **WIDE})
        befriend(self.plant, MESSAGES, self.brand)
        self.start_all()
        return self

    def __exit__(self, *_fault: object) -> None:
        for process in self.processes.values():
            process.signal(9)
            process.kill()
        self._stack.close()

    def _look(self) -> None:
        app = create_app(Settings.from_env(self.environ))
        self._stack.enter_context(app.app_context())
        runtime = app.extensions["fanfare"].runtime(db.session(), trusted("hosts"))
        self.plant = Plant(runtime, FileClock(self.environ["FANFARE_CLOCK"]), SANDBOX)

    def _answers(self) -> bool:
        try:
            return bool(self.plant.ask("health")["ok"])
        except OSError:
            return False

    def _own(self, name: str, command: list[str]) -> None:
        self.processes[name] = Process(command, self.environ, self.folder / "core.log")

    def start(self, host: str, kind: str) -> None:
        """Start a process on a host with the words of its unit."""
        command = ["ip", "netns", "exec", host, *up.COMMAND, kind]
        environ = self.environ | {"FANFARE_VAR": str(self.folder / host)}
        (self.folder / host).mkdir(exist_ok=True)
        self.processes[f"{host} {kind}"] = Process(command, environ, self.folder / f"{host}.log")

    def start_all(self) -> None:
        """Start a worker on every host, and a scheduler on two."""
        for host in HOSTS:
            self.start(host, "worker")
        for host in HOSTS[:2]:
            self.start(host, "scheduler")

    def of(self, kind: str) -> dict[str, Process]:
        """The processes of one kind that live, by host."""
        named = {name.split()[0]: item for name, item in self.processes.items() if kind in name}
        return {host: item for host, item in named.items() if item.process.poll() is None}

    def stop_all(self) -> None:
        """Stop every process as systemd would."""
        for kind in ("worker", "scheduler"):
            for process in self.of(kind).values():
                stop(process, kill_mode(kind))

    def busy(self) -> str:
        """The host whose worker has the delivery in hand; empty while none has."""
        return next((host for host, item in self.of("worker").items() if item.children), "")

    def accepted(self) -> int:
        """How much the sandbox took."""
        return int(self.plant.ask("stats")["accepted_directs"])

    def begin(self) -> Delivery:
        """Set a delivery out, each message of which takes a while."""
        self.number += 1
        for number in range(MESSAGES):
            fault = {"kind": "slow", "operation": "direct", "seconds": SLOW, "skip": number}
            self.plant.ask("faults", fault)
        text = f"Hi {{first_name|there}}, list {self.number} is ready. {{opt_out_line}}"
        return set_out(self.plant, DeliveryKind.DIRECT, text, [self.brand])

    def watch(self, act: Callable[[], None]) -> float:
        """Do something in the middle; return the longest standstill of real seconds after it."""
        before, acted = self.accepted(), False
        longest, since, seen = 0.0, time.monotonic(), before
        ends = time.monotonic() + PATIENCE
        while not (standing := self.plant.look(stand)).over:
            assert time.monotonic() < ends, "The delivery does not end."
            now = self.accepted()
            if not acted and now >= before + MIDDLE:
                act()
                acted, since = True, time.monotonic()
            if standing.next_at is not None:
                self.plant.clock.set(standing.next_at)
                since = time.monotonic()  # a limit or a look at the network, and no standstill
            if now > seen:
                longest = max(longest, time.monotonic() - since if acted else 0.0)
                seen, since = now, time.monotonic()
            time.sleep(0.1)
        assert acted, "It was over before anything happened."
        return longest

    def faults(self) -> list[str]:
        """Where both records disagree; who was put in quarantine before is left out, rightly."""
        found = faults_of_both_records(self.plant)
        return [item for item in found if not item.startswith("left ignored")]

    def doubtful(self) -> int:
        """How many attempts were of unknown outcome."""
        query = select(Attempt.id).where(Attempt.outcome == AttemptOutcome.UNKNOWN)
        return len(self.plant.look(lambda runtime: runtime.session.scalars(query).all()))


def kill_mode(kind: str) -> str:
    """How systemd stops a process of a kind."""
    name = "fanfare-worker@.service" if kind == "worker" else f"fanfare-{kind}.service"
    return str(Unit(name)["Service"]["KillMode"])


def acts() -> Iterator[Act]:
    """Every act, in order."""
    yield from (a_restart_by_the_signals_of_the_unit, an_upgrade_of_two_hosts_at_once)
    yield from (a_host_killed_in_a_delivery, a_copy_restored)


def a_restart_by_the_signals_of_the_unit(hosts: Hosts) -> tuple[str, list[str]]:
    """Restart the worker that has the delivery in hand, and then the others."""
    hosts.begin()

    def restart() -> None:
        for host, process in sorted(
            hosts.of("worker").items(), key=lambda item: not item[1].children
        ):
            stop(process, kill_mode("worker"))
            hosts.start(host, "worker")

    before = hosts.doubtful()
    still = hosts.watch(restart)
    faults = hosts.faults()
    faults += [f"{still:.1f} s of standstill"] if still >= RESTART else []
    faults += ["an outcome in doubt"] if hosts.doubtful() > before else []
    return f"{still:.1f} s of standstill at most", faults


def an_upgrade_of_two_hosts_at_once(hosts: Hosts) -> tuple[str, list[str]]:
    """Stop all in a delivery, upgrade on two hosts at once, start again."""
    hosts.begin()
    codes: list[int] = []

    def upgrade() -> None:
        hosts.stop_all()
        command = [*up.COMMAND, "db", "upgrade"]
        both = [
            subprocess.Popen(["ip", "netns", "exec", host, *command], env=hosts.environ)
            for host in HOSTS[:2]
        ]
        codes.extend(item.wait(PATIENCE) for item in both)
        hosts.start_all()

    hosts.watch(upgrade)
    faults = hosts.faults()
    return f"exit codes {codes}", faults + (["an upgrade failed"] if any(codes) else [])


def a_host_killed_in_a_delivery(hosts: Hosts) -> tuple[str, list[str]]:
    """Cut the power of the host that has the delivery in hand."""
    hosts.begin()
    gone: list[str] = []

    def cut() -> None:
        hosts.plant.wait(hosts.busy, "a host at work")
        gone.append(hosts.busy())
        end_all(gone[0])

    still = hosts.watch(cut)
    for kind in ("worker", "scheduler"):
        if f"{gone[0]} {kind}" in hosts.processes:
            hosts.start(gone[0], kind)
    faults = hosts.faults()
    limit = LEASE
    faults += [f"{still:.1f} s of standstill"] if still >= limit else []
    return f"{still:.1f} s of standstill at most, a lease is {LEASE} s", faults


def a_copy_restored(hosts: Hosts) -> tuple[str, list[str]]:
    """Restore a copy made in the middle of a delivery, which is stopped before workers start."""
    delivery = hosts.begin().id
    hosts.watch(hosts.database.dump)
    accepted = hosts.accepted()
    hosts.stop_all()
    hosts.plant.runtime.session.close()
    db.engine.dispose()
    hosts.database.restore()
    control.stop(hosts.plant.runtime, delivery)
    hosts.start_all()
    hosts.plant.wait(lambda: hosts.plant.look(stand).over, "the copy to rest", patience=PATIENCE)
    items = hosts.plant.ask("record")["items"]
    sent = [(item["recipient_id"], item["text"]) for item in items]
    faults = ["a person got a message twice"] if len(sent) != len(set(sent)) else []
    faults += ["something went out after the copy"] if hosts.accepted() != accepted else []
    kept = hosts.plant.look(lambda runtime: runtime.session.query(Service).count())
    return f"{accepted} accepted, none after it", faults + ([] if kept else ["no account is left"])
