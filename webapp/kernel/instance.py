"""An instance of Fanfare: its settings, clock, plugins, keys and queue, made once per process."""

import os
import stat
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from webapp.kernel.audit import Actor
from webapp.kernel.clock import Clock, clock_of
from webapp.kernel.config.instance_files import encryption_keys, unusable
from webapp.kernel.config.settings import Settings, SettingsError
from webapp.kernel.domain import NO_DOMAINS, Domains
from webapp.kernel.plugins.registry import Registry
from webapp.kernel.processes.queue import JobQueue, RedisQueue
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import SecretBox

SOCKET = "valkey.sock"
# Linux keeps the path of a unix socket in 108 bytes, with the closing zero.
LONGEST_SOCKET = 107


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """What lives as long as the process."""

    settings: Settings
    clock: Clock
    registry: Registry
    secret_box: SecretBox
    queue: JobQueue
    domains: Domains = NO_DOMAINS

    def runtime(self, session: Session, actor: Actor) -> Runtime:
        """Return a runtime for one request or job."""
        return Runtime(
            settings=self.settings,
            clock=self.clock,
            registry=self.registry,
            secret_box=self.secret_box,
            queue=self.queue,
            session=session,
            actor=actor,
            domains=self.domains,
        )


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raise `SettingsError` with every mistake, also names nobody knows."""
    try:
        settings = Settings.from_env(environ)
    except SettingsError as fault:
        registry = Registry(fault.disabled)
        registry.load()
        raise SettingsError([*fault.problems, *registry.faults(fault.rest)]) from fault
    return settings


def make_instance(
    settings: Settings,
    *,
    registry: Registry | None = None,
    queue: JobQueue | None = None,
    domains: Domains = NO_DOMAINS,
) -> Instance:
    """Build the instance; tests hand in a registry or queue of their own."""
    plugins = registry or _load(settings)
    plugins.configure(settings)
    return Instance(
        settings=settings,
        clock=clock_of(settings),
        registry=plugins,
        secret_box=SecretBox(encryption_keys(settings)),
        queue=queue or RedisQueue(broker_url(settings)),
        domains=domains,
    )


def broker_url(settings: Settings) -> str:
    """Return the broker's address: the one given, or the socket of the bundled server.

    The folder of a stand-in is taken by whoever asks first, so that no other user can lay a broker
    there; raises `SettingsError` where one did.
    """
    if settings.redis_url:
        return settings.redis_url
    socket = socket_path(settings.var)
    if socket.parent != settings.var:
        make_private(socket.parent)
    return f"unix://{socket}"


def socket_path(var: Path) -> Path:
    """Return where the bundled server listens; a deep folder gets a short stand-in."""
    plain = var / SOCKET
    if len(os.fsencode(plain)) <= LONGEST_SOCKET:
        return plain
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")  # noqa: S108 - made private by its opener
    return base / f"fanfare-{os.getuid()}-{zlib.crc32(os.fsencode(plain)):x}" / SOCKET


def remove_stand_in(var: Path) -> None:
    """Remove the folder that stands in for a deep one, once nothing listens in it any more."""
    socket = socket_path(var)
    if socket.parent != var:
        socket.unlink(missing_ok=True)
        with suppress(OSError):
            socket.parent.rmdir()


def make_private(folder: Path) -> None:
    """Make a folder that this user alone may enter; raise `SettingsError` for another's.

    Whoever may write into the broker's folder decides what the workers run.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as cause:
        raise unusable(folder, cause) from cause
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        problem = (
            f"{folder} belongs to somebody else, or others may write to it. Remove it, or set "
            "FANFARE_VAR to a folder with a shorter path."
        )
        raise SettingsError([problem])


def _load(settings: Settings) -> Registry:
    registry = Registry(settings.plugins_disabled, safe_mode=settings.safe_mode)
    registry.load()
    return registry
