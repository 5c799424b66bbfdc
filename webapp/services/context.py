"""One service as its channel may see it; what the channel reports is saved after the call."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy import Row, select

from channels import ObservedLimit
from webapp.kernel.naming import written
from webapp.kernel.runtime import Runtime
from webapp.kernel.vault import UnreadableSecret
from webapp.services import border
from webapp.services.models import Service, ServiceSecret

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class ServiceContext:
    """Implements `channels.ChannelContext`; it holds decrypted secrets while a call lasts."""

    handle: str
    remote_id: str | None
    settings: Mapping[str, object]
    config: Mapping[str, str]
    secrets: Mapping[str, str] = field(repr=False)
    memory: Mapping[str, str]
    runtime: Runtime
    since: datetime | None = None
    observed: list[ObservedLimit] = field(default_factory=list)
    remembered: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> logging.Logger:
        """A logger that names the service."""
        return logging.getLogger(f"fanfare.service.{self.handle}")

    @property
    def state(self) -> Mapping[str, str]:
        """What the channel remembers about this service."""
        return {**self.memory, **self.remembered}

    def secret(self, name: str) -> str:
        """Return one secret; an empty string where none was given."""
        return self.secrets.get(name, "")

    def now(self) -> datetime:
        """Return the business time, or where it stands still."""
        return self.since or self.runtime.now()

    def remember(self, key: str, value: str) -> None:
        """Keep a short text; `calls.calling` saves it."""
        self.remembered[border.checked(key, str)] = border.checked(value, str)

    def observe(self, limit: ObservedLimit) -> None:
        """Take note of a limit the network stated; `calls.calling` saves it."""
        self.observed.append(border.checked(limit, ObservedLimit))


def secrets_of(runtime: Runtime, service_id: int) -> dict[str, str]:
    """Return the decrypted secrets of a service; raise `UnreadableSecret` when no key fits."""
    return {row.name: runtime.vault.open(row.locked) for row in _rows(runtime, service_id)}


def readable_secrets(runtime: Runtime, service_id: int) -> dict[str, str]:
    """Return the secrets that a key of this instance opens; the others must be entered again."""
    found = {}
    for row in _rows(runtime, service_id):
        try:
            found[row.name] = runtime.vault.open(row.locked)
        except UnreadableSecret:
            log.warning("The secret %s of service %s cannot be read.", row.name, service_id)
    return found


class SecretsOnDemand(Mapping[str, str]):
    """The secrets of a service, each opened when it is asked for; an unreadable one is missing.

    Limits and prices are asked for many times a second and need one secret at most.
    """

    def __init__(self, runtime: Runtime, service_id: int) -> None:
        """Read nothing yet."""
        self._runtime = runtime
        self._service_id = service_id

    @cached_property
    def _locked(self) -> dict[str, bytes]:
        return {row.name: row.locked for row in _rows(self._runtime, self._service_id)}

    def __getitem__(self, name: str) -> str:
        try:
            return self._runtime.vault.open(self._locked[name])
        except UnreadableSecret as cause:
            raise KeyError(name) from cause

    def __iter__(self) -> Iterator[str]:
        return iter(self._locked)

    def __len__(self) -> int:
        return len(self._locked)


def unreadable(runtime: Runtime) -> list[str]:
    """Return the handles of services with a secret that no key of this instance opens."""
    rows = runtime.session.execute(
        select(Service.kind, Service.internal_name, ServiceSecret.locked)
        .join(Service, Service.id == ServiceSecret.service_id)
        .order_by(Service.internal_name)
    )
    closed = (written(kind, name) for kind, name, key in rows if not runtime.vault.opens(key))
    return list(dict.fromkeys(closed))


def _rows(runtime: Runtime, service_id: int) -> Sequence[Row[str, bytes]]:
    columns = select(ServiceSecret.name, ServiceSecret.locked)
    return runtime.session.execute(columns.where(ServiceSecret.service_id == service_id)).all()


def context_of(
    runtime: Runtime, service: Service, secrets: Mapping[str, str] | None = None
) -> ServiceContext:
    """Return the context of a stored service, with its secrets unless others are given.

    Raises `UnreadableSecret` when no key of this instance opens them.
    """
    return ServiceContext(
        handle=service.internal_name,
        remote_id=service.remote_id,
        settings=service.settings,
        secrets=secrets_of(runtime, service.id) if secrets is None else secrets,
        config=runtime.registry.config(service.kind),
        memory=service.memory,
        runtime=runtime,
    )
