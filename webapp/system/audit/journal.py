"""The audit as operators read it: narrowed by who, what and when, newest first, paged by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from webapp.kernel.audit import AuditEntry
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.system.audit import wording

PAGE = 50
# Names are offered from so many of the newest entries, so that a long audit stays quick.
SAMPLE = 5_000
# What people wrote to an account comes by the thousand and would bury what the team did.
HEARD = ("subscription.hear_opt_in", "subscription.hear_stop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What to look for; `before` is the id of the last entry of the page above.

    `of` is `all`, `people` for what people wrote alone, or empty for everything else.
    """

    words: str = ""
    actor: str = ""
    action: str = ""
    days: int | None = None
    of: str = ""
    before: int | None = None

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.words or self.actor or self.action or self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some entries, and where the older ones begin."""

    entries: Sequence[AuditEntry]
    older: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Who and what the filters offer; an action comes with its words."""

    actors: Sequence[str]
    actions: Sequence[tuple[str, str]]


@requires(Permission.ADMIN)
def search(runtime: Runtime, query: Query) -> Page:
    """Return the newest entries that match."""
    wanted = _narrowed(runtime, query).order_by(AuditEntry.id.desc()).limit(PAGE + 1)
    found = runtime.session.scalars(wanted).all()
    return Page(entries=found[:PAGE], older=found[PAGE - 1].id if len(found) > PAGE else None)


def _narrowed(runtime: Runtime, query: Query) -> Select[AuditEntry]:
    wanted = select(AuditEntry)
    if query.words.strip():
        words = query.words.strip()
        columns = (AuditEntry.actor, AuditEntry.action, AuditEntry.label)
        wanted = wanted.where(or_(*(item.icontains(words, autoescape=True) for item in columns)))
    if query.actor:
        wanted = wanted.where(AuditEntry.actor == query.actor)
    if query.action:
        wanted = wanted.where(AuditEntry.action == query.action)
    elif query.of != "all":
        heard = AuditEntry.action.in_(HEARD)
        wanted = wanted.where(heard if query.of == "people" else ~heard)
    if query.days:
        wanted = wanted.where(AuditEntry.at >= runtime.now() - timedelta(days=query.days))
    if query.before:
        wanted = wanted.where(AuditEntry.id < query.before)
    return wanted


@requires(Permission.ADMIN)
def choices(runtime: Runtime) -> Choices:
    """Return who acted lately, and how."""
    return Choices(
        actors=_recent(runtime, AuditEntry.actor),
        actions=wording.actions(_recent(runtime, AuditEntry.action)),
    )


def _recent(runtime: Runtime, column: InstrumentedAttribute[str]) -> Sequence[str]:
    newest = select(column.label("word")).order_by(AuditEntry.id.desc()).limit(SAMPLE).subquery()
    return runtime.session.scalars(select(newest.c.word).distinct().order_by(newest.c.word)).all()
