"""One service as its channel may see it; what the channel reports is saved after the call."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import CompoundSelect, Row, literal, null, select, union_all

from channels import ObservedLimit
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import UnreadableSecret
from webapp.kernel.text.naming import written
from webapp.services.channel import contract_guard, state
from webapp.services.channel.options import Options
from webapp.services.channel.state import Remembered
from webapp.services.models import Service, ServiceSecret, StateValue

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class ServiceContext:
    """Implements `channels.ChannelContext`; it holds decrypted secrets while a call lasts."""

    handle: str
    remote_id: str | None
    settings: Mapping[str, object]
    options: Options
    secrets: Mapping[str, str] = field(repr=False)
    runtime: Runtime
    # A service that is not stored yet has no number, and nothing to read.
    service_id: int | None = None
    stored: Callable[[], Mapping[str, str]] = dict
    since: datetime | None = None
    # Does what needs the database; a call in a thread of its own lets it be done elsewhere.
    owner: Callable[[Callable[[], Any]], Any] = lambda do: do()
    observed: list[ObservedLimit] = field(default_factory=list)
    remembered: dict[str, Remembered] = field(default_factory=dict, repr=False)
    # What other calls changed while this one went on.
    learnt: dict[str, Remembered] = field(default_factory=dict, repr=False)

    @property
    def config(self) -> Mapping[str, str]:
        """The options of the channel, those that an administrator entered among them."""
        # The thread that reads a page ahead has no session, and lets its owner look.
        return self.options.asked_by(self.owner)

    @property
    def log(self) -> logging.Logger:
        """A logger that names the service."""
        return logging.getLogger(f"fanfare.service.{self.handle}")

    @property
    def state(self) -> Mapping[str, str]:
        """What the channel remembers about this service."""
        own = {**self.learnt, **self.remembered}
        return {
            **self.stored(),
            **{name: item.value for name, item in own.items() if not item.secret},
        }

    def secret(self, name: str) -> str:
        """Return one secret, as it was remembered last; an empty string where none was given."""
        own = self.remembered.get(name) or self.learnt.get(name)
        return own.value if own is not None and own.secret else self.secrets.get(name, "")

    def now(self) -> datetime:
        """Return the business time, or where it stands still."""
        return self.since or self.runtime.now()

    def remember(self, key: str, value: str, *, secret: bool = False) -> None:
        """Keep a text; the client saves it, and no other key with it."""
        text = Remembered(contract_guard.expect(value, str), secret)
        self.remembered[contract_guard.expect(key, str)] = text

    def swap(self, key: str, old: str, new: str, *, secret: bool = False) -> bool:
        """Change a value at once where it is `old` still; tell whether this call did."""
        contract_guard.expect(key, str)
        text = Remembered(contract_guard.expect(new, str), secret)
        if self.service_id is None:
            self.remembered[key] = text
            return True
        place = (self.service_id, key)
        done, found = self.owner(lambda: state.swap(self.runtime, place, old, text))
        self.remembered.pop(key, None)
        self.learnt[key] = Remembered(found, secret)
        return bool(done)

    def observe(self, limit: ObservedLimit) -> None:
        """Take note of a limit the network stated; the client saves it."""
        self.observed.append(contract_guard.expect(limit, ObservedLimit))


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of a service, decrypted: its secrets, and what its channel remembers."""

    secrets: Mapping[str, str] = field(repr=False)
    plain: Mapping[str, str] = field(repr=False)

    def state(self) -> Mapping[str, str]:
        """Return what the channel remembers, beside its secrets."""
        return self.plain


def stored(runtime: Runtime, service_id: int) -> Stored:
    """Read what is stored of a service; raise `UnreadableSecret` when no key opens its secrets."""
    rows = _rows(runtime, service_id)
    return Stored(_opened(runtime, rows), _plain(rows))


def _opened(runtime: Runtime, rows: Sequence[Row[Any]]) -> dict[str, str]:
    return {
        row.name: runtime.secret_box.decrypt(row.ciphertext)
        for row in rows
        if row.ciphertext is not None
    }


def _plain(rows: Sequence[Row[Any]]) -> dict[str, str]:
    return {row.name: row.text for row in rows if row.ciphertext is None}


def stored_of(runtime: Runtime, service_id: int) -> Callable[[], Mapping[str, str]]:
    """Return what gives what a channel remembers about a service, as it is now."""
    plain = _plain(_rows(runtime, service_id))
    return lambda: plain


def readable(runtime: Runtime, service_id: int) -> Stored:
    """Return what is stored of a service, without the secrets that no key opens."""
    return Stored(readable_secrets(runtime, service_id), _plain(_rows(runtime, service_id)))


def readable_secrets(runtime: Runtime, service_id: int) -> dict[str, str]:
    """Return the secrets that a key of this instance opens; the others must be entered again."""
    found = {}
    for row in _rows(runtime, service_id):
        if row.ciphertext is None:
            continue
        try:
            found[row.name] = runtime.secret_box.decrypt(row.ciphertext)
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
    def _rows(self) -> Sequence[Row[Any]]:
        return _rows(self._runtime, self._service_id)

    @cached_property
    def _locked(self) -> dict[str, bytes]:
        return {row.name: row.ciphertext for row in self._rows if row.ciphertext is not None}

    def state(self) -> Mapping[str, str]:
        """Return what the channel remembers, beside its secrets."""
        return _plain(self._rows)

    def __getitem__(self, name: str) -> str:
        try:
            return self._runtime.secret_box.decrypt(self._locked[name])
        except UnreadableSecret as cause:
            raise KeyError(name) from cause

    def __iter__(self) -> Iterator[str]:
        return iter(self._locked)

    def __len__(self) -> int:
        return len(self._locked)


def unreadable(runtime: Runtime) -> list[str]:
    """Return the handles of services with a secret that no key of this instance opens."""
    rows = runtime.session.execute(
        select(Service.kind, Service.internal_name, ServiceSecret.ciphertext)
        .join(Service, Service.id == ServiceSecret.service_id)
        .order_by(Service.internal_name)
    )
    own = runtime.session.execute(
        select(Service.kind, Service.internal_name, StateValue.ciphertext)
        .join(Service, Service.id == StateValue.service_id)
        .where(StateValue.ciphertext.is_not(None))
        .order_by(Service.internal_name)
    )
    closed = (
        written(kind, name)
        for kind, name, key in (*rows, *own)
        if key is not None and not runtime.secret_box.can_decrypt(key)
    )
    return list(dict.fromkeys(closed))


def _rows(runtime: Runtime, service_id: int) -> Sequence[Row[Any]]:
    """Return secrets and state by one statement; what was remembered comes after a field."""
    nothing, first, then = null().label("text"), literal(0).label("place"), literal(1)
    typed = select(ServiceSecret.name, ServiceSecret.ciphertext, nothing, first)
    known = select(StateValue.name, StateValue.ciphertext, StateValue.text, then)
    both: CompoundSelect[Any] = union_all(
        typed.where(ServiceSecret.service_id == service_id),
        known.where(StateValue.service_id == service_id),
    )
    return runtime.session.execute(both.order_by("place")).all()


def context_of(
    runtime: Runtime, service: Service, known: Stored | SecretsOnDemand | None = None
) -> ServiceContext:
    """Return the context of a stored service, with what is `known` of it or else read now.

    Raises `UnreadableSecret` when no key of this instance opens its secrets.
    """
    known = stored(runtime, service.id) if known is None else known
    return ServiceContext(
        handle=service.internal_name,
        remote_id=service.remote_id,
        settings=service.settings,
        secrets=known if isinstance(known, SecretsOnDemand) else known.secrets,
        stored=known.state,
        options=Options(runtime, service.kind),
        runtime=runtime,
        service_id=service.id,
    )
