"""Short links that are followed, beside an empty view of Flask under a server of the same kind.

Every click is on its file before its answer, so at the end the server is killed with its clicks on
the way, and as many must become rows as there were answers.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import func, select

from tests.bench.another import HERE
from tests.support.factories import make_delivery, make_service
from tests.support.servers import held_port
from webapp.app import create_app, runtime_of
from webapp.kernel.audit import trusted
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.tracking import collector, tokens
from webapp.tracking.models import ClickTotal, TrackedLink
from webapp.tracking.tokens import Numbers

LINK, TARGET = 1, "https://shop.example/autumn"
ROUNDS = 5
WARMING = 20
PATIENCE = 60.0
OWN = ("FANFARE_", "DATABASE_URL", "REDIS_URL")
# As `./run` starts its web pages, with one process for both, so that they are the same.
SERVER = ("-m", "gunicorn", "--workers", "1", "--threads", "4", "--worker-class", "gthread")
SERVER += ("--log-level", "warning", "--no-control-socket", "--preload")
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass(frozen=True, kw_only=True)
class Followed:
    """Answers a second of both, round by round, and what became of the clicks."""

    answers: int
    rows: int
    ours: list[float]
    empty: list[float]

    @property
    def ratio(self) -> float:
        """Our rate by that of the empty view beside it; the median of the rounds."""
        return median(ours / empty for ours, empty in zip(self.ours, self.empty, strict=True))

    def as_dict(self) -> dict[str, object]:
        """Return the figures of the report."""
        return asdict(self) | {"ratio": round(self.ratio, 3)}


def trial(requests: int) -> Followed:
    """Follow a link so many times in each round, and ask the empty view as often by turns."""
    with TemporaryDirectory(prefix="fanfare-bench-") as name, ExitStack() as opened:
        var = Path(name)
        environ = _environ(var)
        path = _established(environ)
        servers = {
            "ours": opened.enter_context(_served("webapp.wsgi:app", environ)),
            "empty": opened.enter_context(_served("tests.bench.redirects:nothing()", environ)),
        }
        paths = {"ours": path, "empty": "/"}
        rates: dict[str, list[float]] = {"ours": [], "empty": []}
        for who, (_process, port) in servers.items():
            _asked(port, paths[who], WARMING)
        for number in range(ROUNDS):
            for who in [*servers][:: -1 if number % 2 else 1]:
                rates[who].append(requests / _asked(servers[who][1], paths[who], requests))
        _killed(servers["ours"][0])
        return Followed(answers=WARMING + ROUNDS * requests, rows=_collected(environ), **rates)


def nothing() -> Flask:
    """Make the application that is held against ours."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "")
    return app


def _environ(var: Path) -> dict[str, str]:
    plain = {name: text for name, text in os.environ.items() if not name.startswith(OWN)}
    return plain | {"FANFARE_VAR": str(var)}


def _established(environ: dict[str, str]) -> str:
    """Make an instance with one tracked link, and return the path of the link."""
    create = [HERE.python, "-m", "webapp", "db", "create"]
    subprocess.run(create, cwd=HERE.root, env=environ, check=True, stdout=subprocess.DEVNULL)
    with _lent(environ) as (_app, runtime):
        delivery = make_delivery(runtime, make_service(runtime, kind="x"))
        link = TrackedLink(
            id=LINK,
            delivery_id=delivery.id,
            digest="autumn",
            address=TARGET,
            personal=False,
            made_at=runtime.now(),
        )
        runtime.session.add(link)
        runtime.session.commit()
        return tokens.path(runtime.settings, Numbers(LINK, None))


@contextmanager
def _lent(environ: dict[str, str]) -> Iterator[tuple[Flask, Runtime]]:
    app = create_app(Settings.from_env(environ))
    with app.app_context():
        yield app, runtime_of(app, trusted("bench"))
        db.session.remove()
        db.engine.dispose()


@contextmanager
def _served(what: str, environ: dict[str, str]) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    with held_port() as port:
        command = [sys.executable, *SERVER, "--bind", f"127.0.0.1:{port}", what]
        with subprocess.Popen(
            command, cwd=HERE.root, env=environ, start_new_session=True
        ) as process:
            try:
                _wait_for(port)
                yield process, port
            finally:
                _killed(process)


def _wait_for(port: int) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not start.")


def _killed(process: "subprocess.Popen[bytes]") -> None:
    """Kill a server with all its processes, wherever they are."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)


def _asked(port: int, path: str, requests: int) -> float:
    """Send so many requests, each once the one before was answered; return the seconds it took."""
    wanted = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {BROWSER}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = time.perf_counter()
        for _number in range(requests):
            line.sendall(wanted)
            _answered(line)
        return time.perf_counter() - began


def _answered(line: socket.socket) -> None:
    """Read one answer, which has no body; raise `RuntimeError` for any but the expected ones."""
    said = b""
    while b"\r\n\r\n" not in said:
        more = line.recv(65_536)
        if not more:
            raise RuntimeError("The server closed its line.")
        said += more
    if said.split(maxsplit=2)[1] not in (b"200", b"302"):
        raise RuntimeError(said.decode(errors="replace"))


def _collected(environ: dict[str, str]) -> int:
    """Make rows of what is left of the clicks, and return how many there are in all."""
    with _lent(environ) as (app, _runtime):
        collector.collect(app)
        db.session.rollback()
        return int(db.session.scalar(select(func.coalesce(func.sum(ClickTotal.number), 0))) or 0)


def line(found: Followed) -> str:
    """Return the outcome as a person reads it."""
    return (
        f"redirects        {found.answers:>9,} sqlite      ratio {found.ratio:5.2f}"
        f"   {median(found.ours):,.0f} to {median(found.empty):,.0f} a second;"
        f" {found.rows:,} rows after kill -9"
    )
