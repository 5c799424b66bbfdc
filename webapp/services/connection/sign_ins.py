"""How the accounts of a channel sign in: what each is asked with, how that stands, what is next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from channels import Channel, MovingWords
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import NOTHING, Notice
from webapp.services.channel import declared, session_ledger, session_store
from webapp.services.channel.context import SecretsOnDemand, ServiceContext, context_of
from webapp.services.connection import accounts, moving
from webapp.services.models import (
    RefreshOutcome,
    Service,
    ServiceState,
    SessionRefresh,
    SessionStep,
)

MOST_ROWS = 20
MOST_LINES = 10_000


class Standing(StrEnum):
    """How the sign-in of an account stands."""

    MOVED = "moved"
    SIGNED_IN = "signed_in"
    UNDER_WAY = "under_way"
    LOST = "lost"
    TO_MOVE = "to_move"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One account: what it is asked with, and what can be done."""

    service: Service
    standing: Standing
    has_session: bool
    has_older: bool
    until: datetime | None
    renew_at: datetime | None
    last: SessionRefresh | None
    # Why an account that could be moved cannot be yet.
    lacks: str = ""
    fault: Notice = NOTHING

    @property
    def can_move(self) -> bool:
        """Whether one click moves it."""
        return self.standing is Standing.TO_MOVE and not self.lacks

    @property
    def can_go_back(self) -> bool:
        """Whether one click leads it back to its older keys."""
        return self.has_session and self.has_older


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIns:
    """The accounts of a channel, and the newest rows of their ledger."""

    channel: Channel
    words: MovingWords | None
    lines: Sequence[Line]
    rows: Sequence[SessionRefresh]
    older_than: int | None

    @property
    def movable(self) -> list[Line]:
        """The accounts that one click moves."""
        return [line for line in self.lines if line.can_move]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many accounts stand how."""
        found = [line.standing.value for line in self.lines]
        return {name.value: found.count(name.value) for name in Standing if name.value in found}

    @property
    def is_moving(self) -> bool:
        """Whether something changes by itself within seconds."""
        return any(line.standing in (Standing.UNDER_WAY, Standing.LOST) for line in self.lines)

    @property
    def names(self) -> Mapping[int, str]:
        """What each account is called, by its number."""
        return {line.service.id: line.service.shown_name for line in self.lines}

    @property
    def next(self) -> Line | None:
        """The account whose session is renewed next."""
        due = [line for line in self.lines if line.has_session and line.renew_at]
        return min(due, key=lambda line: str(line.renew_at), default=None)


@requires(Permission.VIEW)
def of_channel(runtime: Runtime, kind: str, *, before: int | None = None) -> SignIns:
    """Return how the accounts of a channel sign in, with a page of their ledger."""
    channel = runtime.registry.get(kind)
    services = [item for item in accounts.every(runtime) if item.kind == kind]
    ids = [item.id for item in services]
    lasts = _lasts(runtime, ids)
    lines = [line_of(runtime, channel, item, lasts.get(item.id)) for item in services]
    rows = session_ledger.rows(runtime, ids, before=before, most=MOST_ROWS + 1)
    more = len(rows) > MOST_ROWS
    return SignIns(
        channel=channel,
        words=declared.moving_words(channel),
        lines=lines,
        rows=rows[:MOST_ROWS],
        older_than=rows[MOST_ROWS - 1].id if more else None,
    )


@requires(Permission.VIEW)
def ledger(runtime: Runtime, kind: str) -> Iterator[SessionRefresh]:
    """Yield the rows of the ledger of a channel's accounts, the newest first."""
    ids = [item.id for item in accounts.every(runtime) if item.kind == kind]
    yield from session_ledger.rows(runtime, ids, most=MOST_LINES)


@requires(Permission.VIEW)
def offer(runtime: Runtime, service: Service) -> MovingWords | None:
    """Return why an account is to be moved, where it can be; nothing where there is no need."""
    if not runtime.registry.has(service.kind):
        return None
    channel = runtime.registry.get(service.kind)
    words = declared.moving_words(channel)
    if words is None:
        return None
    line = line_of(runtime, channel, service, None)
    return words if line.standing is Standing.TO_MOVE else None


def line_of(
    runtime: Runtime, channel: Channel, service: Service, last: SessionRefresh | None
) -> Line:
    """Return how one account signs in."""
    context = context_of(runtime, service, SecretsOnDemand(runtime, service.id))
    older = declared.has_older_keys(channel, context)
    standing = _standing(service, context, last, older=older)
    return Line(
        service=service,
        standing=standing,
        has_session=bool(session_store.names_of(context)),
        has_older=older,
        until=declared.session_until(channel, context),
        renew_at=service.renew_at,
        last=last,
        lacks=declared.sign_in_lacks(channel, context) if standing is Standing.TO_MOVE else "",
        fault=service.fault,
    )


def _standing(
    service: Service, context: ServiceContext, last: SessionRefresh | None, *, older: bool
) -> Standing:
    """Return how a sign-in stands; what asks for a person comes first."""
    session = bool(session_store.names_of(context))
    broken = service.state is ServiceState.NEEDS_FIXING
    refused = last is not None and last.outcome is RefreshOutcome.REFUSED
    if (session and broken and (refused or not older)) or not (session or older):
        return Standing.SIGN_IN
    lost = last is not None and last.outcome is RefreshOutcome.UNKNOWN
    waits = moving.is_under_way(context) or session_store.in_doubt(context)
    if waits:
        return Standing.LOST if lost else Standing.UNDER_WAY
    if session:
        return Standing.MOVED if older else Standing.SIGNED_IN
    return Standing.TO_MOVE


def _lasts(runtime: Runtime, ids: Sequence[int]) -> Mapping[int, SessionRefresh]:
    """Return the last row of each account; being led back is no call, and says nothing of one."""
    newest = (
        select(func.max(SessionRefresh.id))
        .where(SessionRefresh.service_id.in_(ids), SessionRefresh.step != SessionStep.BACK)
        .group_by(SessionRefresh.service_id)
    )
    rows = runtime.session.scalars(select(SessionRefresh).where(SessionRefresh.id.in_(newest)))
    return {row.service_id: row for row in rows}
