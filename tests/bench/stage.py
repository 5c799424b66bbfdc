"""The stage of the bench: the sandbox, the databases, and a child process for each case."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, create_engine, make_url, text

from plugins.x.sandbox.seed import credentials
from tests.bench.another import HERE, Checkout
from tests.bench.order import ACCOUNT, Order
from tests.plugins.x.sandbox.running import IDS, RunningSandbox, running
from tests.support.servers import start_postgresql, stop_postgresql

# Each commit migrates its own database, by what it calls that.
MIGRATE = """
import sys
from sqlalchemy import create_engine
from webapp.kernel import schema
schema.upgrade(create_engine(sys.argv[1]))
"""
BALANCE = 1_000_000_000
HOUR = timedelta(hours=1)
CAP = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one child measured."""

    count: int
    seconds: float
    waiting: float
    working: float
    calls: int
    peak: int
    held: float = 0.0

    @property
    def rate(self) -> float:
        """How many in a second."""
        return self.count / self.seconds

    @property
    def waited(self) -> float:
        """The share of the time in which the sandbox was at work."""
        return self.waiting / self.seconds


@dataclass
class Stage:
    """A sandbox, and databases of both kinds made as they are asked for."""

    folder: Path
    sandbox: RunningSandbox
    databases: list[str]
    # The other commit, if there is one.
    before: Checkout | None = None
    servers: dict[str, str] = field(default_factory=dict)
    # By kind, and whether the other commit migrated it: the empty database others are copied from.
    blanks: dict[tuple[str, bool], str] = field(default_factory=dict)
    made: int = 0

    @property
    def contestants(self) -> tuple[str, ...]:
        """Who does each task."""
        return ("bare", "fanfare", "before") if self.before else ("bare", "fanfare")

    def database(self, kind: str, who: str = "fanfare") -> str:
        """Return the address of a new database, migrated for whoever works on it."""
        theirs = who == "before"
        if (kind, theirs) not in self.blanks:
            blank = self._empty(kind)
            self._child(who, "-c", MIGRATE, blank)
            self.blanks[kind, theirs] = blank
        return self._empty(kind, of=make_url(self.blanks[kind, theirs]))

    def _child(self, who: str, *words: str) -> str:
        """Run Python where the files of somebody are, and return what it prints."""
        where = (self.before if who == "before" else None) or HERE
        command = [where.python, *words]
        done = subprocess.run(command, cwd=where.root, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def _empty(self, kind: str, of: URL | None = None) -> str:
        """Return the address of a new database, without tables or a copy of another."""
        self.made += 1
        if kind == "sqlite":
            path = self.folder / f"bench{self.made}.sqlite3"
            if of:
                path.write_bytes(Path(of.database or "").read_bytes())
            return f"sqlite:///{path}"
        if kind not in self.servers:
            self.servers[kind] = start_postgresql(self.folder)
        like = f" TEMPLATE {of.database}" if of else ""
        self._command(f"CREATE DATABASE bench{self.made}{like}")
        url = make_url(self.servers[kind]).set(database=f"bench{self.made}")
        return url.render_as_string(hide_password=False)

    def drop(self, database: str) -> None:
        """Remove a database, so that the next case finds the disk as this one did."""
        url = make_url(database)
        if url.get_backend_name() == "sqlite":
            for path in self.folder.glob(f"{Path(url.database or '').name}*"):
                path.unlink()
        else:
            self._command(f"DROP DATABASE {url.database} WITH (FORCE)")

    def _command(self, sql: str) -> None:
        engine = create_engine(self.servers["postgresql"], isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(sql))
        engine.dispose()

    def audience(self, followers: int) -> None:
        """Give the account so many followers."""
        self.sandbox.tell("audience", account=ACCOUNT, followers=followers)

    def measure(self, who: str, task: str, database: str, **more: object) -> Result:
        """Let a child process do one order, in windows of the network that nobody used yet."""
        self.sandbox.clock.advance(HOUR)
        order = Order(
            who="fanfare" if who == "before" else who,
            task=task,
            database=database,
            sandbox=self.sandbox.url,
            clock=str(self.sandbox.clock.path),
            folder=str(self.folder),
            account=IDS[ACCOUNT],
            keys=credentials(ACCOUNT),
            **more,
        )
        said = self._child(who, "-m", "tests.bench.child", order.to_text())
        return Result(**json.loads(said.splitlines()[-1]))


@contextmanager
def stage(databases: list[str], before: Checkout | None = None) -> Iterator[Stage]:
    """Set the stage in a folder that goes away with it."""
    with TemporaryDirectory(prefix="fanfare-bench-") as folder, running(Path(folder)) as sandbox:
        # The clock is moved through the windows of a sync; those of messages are lifted, so that
        # the figure is the cost of a message and not of a window.
        sandbox.tell("limits", operation="direct", user=CAP, user_day=CAP, app_day=CAP)
        sandbox.tell("credits", balance=BALANCE)
        sandbox.tell("token", account=ACCOUNT, access="read-write-directmessages")
        here = Stage(Path(folder), sandbox, databases, before)
        try:
            yield here
        finally:
            # A server that still writes into the folder would keep it from being removed.
            if here.servers:
                stop_postgresql(here.folder)
