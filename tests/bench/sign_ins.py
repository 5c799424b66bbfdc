"""The trial of sign-ins by `kill -9`: two processes renew, trade and use one account, and die.

Each step is two real processes of their own, killed at random moments, on a network that drops
answers. They are forked from this one, which has no connection open, since starting each anew
would take a thousand times longer than the step itself.
"""

import json
import os
import random
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from channels import ChannelError
from plugins.x.sandbox.seed import credentials
from tests.bench.kills import database
from tests.plugins.x.sandbox.running import IDS, RunningSandbox, running
from tests.processes.plant import KEY
from tests.support.crash import MachineClock
from tests.support.factories import make_service
from webapp.app import create_app
from webapp.kernel.audit import trusted
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.channel import session_store, sessions, state
from webapp.services.channel.context import context_of
from webapp.services.client import Client
from webapp.services.connection import moving, renewing
from webapp.services.models import RefreshOutcome, Service, ServiceSecret, SessionRefresh
from webapp.system.processes.supervisor.processes import _die_with_parent

HANDLE = "ateliernord"
FAULTS = (
    "drop_before",
    "drop_after",
    "cut_after",
    "status",
    "status_after",
    "slow",
    "slow",
    "slow",
)
MINUTE = timedelta(minutes=1)
# Longer than an access token lasts.
HOURS = timedelta(hours=3)
# How often an account meets something before it has to be well again, and how long that may take.
STEPS, ROUNDS = 12, 30
SLOW_SECONDS, PATIENCE = 0.2, 60.0
Work = Callable[[Runtime, Service], Any]


@dataclass(kw_only=True)
class Survived:
    """What was done to the accounts, and what was wrong then."""

    kills: int = 0
    # How many of those left a call that nobody ended.
    in_call: int = 0
    faults: int = 0
    accounts: int = 0
    refresh_tokens: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def as_dict(self) -> dict[str, object]:
        """Return the figures of the report."""
        return asdict(self)


def trial(kind: str, kills: int, seed: int = 0) -> Survived:
    """Hold the trial on a database of a kind until so many processes were killed."""
    seed = seed or int(time.time())
    found, began = Survived(), time.monotonic()
    with TemporaryDirectory(prefix="fanfare-bench-") as name, _stage(kind, Path(name)) as stage:
        chance = random.Random(seed)
        while found.kills < kills and not found.wrong:
            _live(stage, chance, found)
        told = stage.sandbox.ask("grants")
        found.refresh_tokens, found.in_call = told["refresh_tokens"], stage.ask(_left_open)
    if told["came_at_most"] > 1:
        found.wrong.append(f"A refresh token came {told['came_at_most']} times.")
    if told["at_once"] > 1:
        found.wrong.append(f"{told['at_once']} calls of one account were under way at once.")
    found.wrong = [f"{sentence} (--seed {seed})" for sentence in found.wrong]
    found.seconds = round(time.monotonic() - began, 1)
    return found


@dataclass
class Stage:
    """The application, of which every process is a fork, beside a sandbox."""

    app: Flask
    runtime: Runtime
    sandbox: RunningSandbox
    clock: MachineClock
    # How long a step takes that nobody interrupts, in seconds.
    span: float = 0.2

    def start(self, work: Work, said: int = -1) -> int:
        """Begin some work as a process of its own, which may write what it found."""
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            _die_with_parent()
            # Whoever waits for a process that was killed gives up soon: a step has no 15 seconds.
            sessions.WAITS = 0.2
            found = self.done(work)
            if said >= 0:
                os.write(said, json.dumps(found).encode())
            status = 0
        except BaseException:  # noqa: BLE001 - nothing of a fork may go on as its parent does
            traceback.print_exc()
        finally:
            os._exit(status)

    def ask(self, work: Work) -> Any:
        """Let a process that nobody kills do some work, and return what it found."""
        reads, writes = os.pipe()
        pid = self.start(work, writes)
        os.close(writes)
        with os.fdopen(reads, "rb") as told:
            text = told.read()
        if os.waitpid(pid, 0)[1]:
            raise RuntimeError("A process failed that nobody killed.")
        return json.loads(text)

    def settle(self) -> None:
        """Let the network go on without faults, once it is done with whoever was killed."""
        requests.delete(f"{self.sandbox.url}/sandbox/faults", timeout=PATIENCE)
        ends = time.monotonic() + PATIENCE
        while self.sandbox.ask("grants")["under_way"] and time.monotonic() < ends:
            time.sleep(0.02)

    def done(self, work: Work) -> Any:
        """Do some work in this process."""
        with self.app.app_context(), Database(db.engine, expire_on_commit=False) as session:
            own = replace(self.runtime, session=session, clock=self.clock)
            return work(own, session.scalars(select(Service)).one())


@contextmanager
def _stage(kind: str, folder: Path) -> Iterator[Stage]:
    with database(kind, folder) as url, running(folder) as sandbox:
        clock = MachineClock(sandbox.clock.path)
        app = create_app(Settings.from_env(_environ(folder, url, sandbox)))
        with app.app_context():
            runtime = app.extensions["fanfare"].runtime(db.session(), trusted("bench"))
            _connect(runtime)
            db.session.remove()
            db.engine.dispose()
        stage = Stage(app, runtime, sandbox, clock)
        # Once here, so that what is imported and compiled on the way is so in every fork.
        for work in (_begin_again, _look_after, _use):
            stage.done(work)
        with app.app_context():
            db.engine.dispose()
        stage.ask(_begin_again)
        began = time.monotonic()
        stage.ask(_look_after)
        stage.span = time.monotonic() - began
        yield stage


def _environ(folder: Path, url: str, sandbox: RunningSandbox) -> dict[str, str]:
    return {
        "FANFARE_VAR": str(folder),
        "FANFARE_CLOCK": str(sandbox.clock.path),
        "FANFARE_X_SANDBOX_URL": sandbox.url,
        "FANFARE_SECRET_KEY": "a secret of this trial",
        "FANFARE_ENCRYPTION_KEYS": KEY,
        "DATABASE_URL": url,
    }


def _connect(runtime: Runtime) -> None:
    """Connect an account by its four keys, which live as long as the trial."""
    service = make_service(
        runtime,
        kind="x",
        internal_name=HANDLE,
        remote_id=IDS[HANDLE],
        settings={"sandbox": True},
        is_sandbox=True,
    )
    for name, text in credentials(HANDLE).items():
        ciphertext = runtime.secret_box.encrypt(text)
        row = ServiceSecret(service_id=service.id, name=name, ciphertext=ciphertext)
        row.changed_at = runtime.now()
        runtime.session.merge(row)
    runtime.session.commit()


def _live(stage: Stage, chance: random.Random, found: Survived) -> None:
    """Let an account meet a dozen misfortunes, and look whether it gets well."""
    found.accounts += 1
    stage.ask(_begin_again)
    for _step in range(STEPS):
        _unlucky(stage, chance, found)
    stage.settle()
    for _round in range(ROUNDS):
        stage.clock.pass_time(2 * MINUTE)
        stage.ask(_look_after)
        if stage.ask(_has_session) and stage.ask(_use) == HANDLE:
            return
    found.wrong.append(f"Account {found.accounts} was lost: {stage.ask(_use)}.")


def _unlucky(stage: Stage, chance: random.Random, found: Survived) -> None:
    """Let two processes work on the account while answers are lost, and kill them on the way."""
    stage.settle()
    stage.clock.pass_time(chance.choice([MINUTE / 2, 2 * MINUTE, HOURS, HOURS]))
    if chance.random() < 0.6:
        fault = {"kind": chance.choice(FAULTS), "operation": "token", "count": 1}
        skip = chance.choice([0, 0, 1])
        stage.sandbox.tell("faults", **fault, skip=skip, seconds=SLOW_SECONDS)
        found.faults += 1
    working = [stage.start(chance.choice([_use, _look_after])) for _number in range(2)]
    doomed = working if chance.random() < 0.5 else working[:1]
    for pid in doomed:
        time.sleep(chance.uniform(0, stage.span / len(doomed)))
        os.kill(pid, signal.SIGKILL)
    for pid in working:
        status = os.waitpid(pid, 0)[1]
        found.kills += os.WIFSIGNALED(status)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            found.wrong.append("A process failed that nobody killed.")


def _begin_again(runtime: Runtime, service: Service) -> None:
    """Forget the session, as if nobody had signed in yet, and begin to trade the older keys."""
    state.forget(runtime, service.id)
    runtime.session.commit()
    moving.move(runtime, [service.id])


def _look_after(runtime: Runtime, service: Service) -> None:
    if service.id in renewing.due(runtime):
        renewing.renew(runtime, service.id)


def _use(runtime: Runtime, service: Service) -> str:
    """Ask for the account as any call does; return its handle, or why that failed."""
    try:
        return Client(runtime, service).account(counted=False).handle
    except ChannelError as fault:
        return fault.code


def _has_session(runtime: Runtime, service: Service) -> bool:
    return bool(session_store.names_of(context_of(runtime, service)))


def _left_open(runtime: Runtime, _service: Service) -> int:
    """Count the calls of processes that died in them: another one ended their rows for them."""
    dead = select(func.count(SessionRefresh.id)).where(
        SessionRefresh.outcome == RefreshOutcome.UNKNOWN, SessionRefresh.code == ""
    )
    return int(runtime.session.scalar(dead) or 0)


def line(kind: str, found: Survived) -> str:
    """Return the outcome as a person reads it."""
    return (
        f"sign-ins         {found.kills:>9,} {kind:11} kills, {found.in_call:,} within a call, "
        f"{found.faults:,} faults of the network; {found.accounts:,} accounts, "
        f"{found.refresh_tokens:,} refresh tokens; {len(found.wrong)} wrong; {found.seconds} s"
    )
