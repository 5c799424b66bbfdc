"""The house's own accounts: every connected one, which is nobody's visitor.

Its row as a visitor stays, since a proof is written to it and an account may be disconnected; it is
neither listed nor counted, and what it writes is no message of a person.
"""

from sqlalchemy import ColumnElement, Select, and_, exists, select

from webapp.audience import consent
from webapp.audience.models import Subscription, Visitor
from webapp.kernel.db.prepared import table_of
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def visitors() -> Select[int]:
    """Select the visitors that are accounts connected now, also test accounts."""
    same = and_(Service.kind == Visitor.kind, Service.remote_id == Visitor.remote_id)
    return select(Visitor.id).join(Service, same).where(Service.removed_at.is_(None))


def is_own() -> ColumnElement[bool]:
    """Return the condition that the visitor of a query is an account that is connected now."""
    account, visitor = table_of(Service).alias().c, table_of(Visitor)
    same = and_(account.kind == visitor.c.kind, account.remote_id == visitor.c.remote_id)
    return exists().where(same, account.removed_at.is_(None)).correlate(visitor)


def owns(runtime: Runtime, visitor: Visitor | None) -> bool:
    """Tell whether somebody is an account that is connected now."""
    return visitor is not None and visitor.remote_id in remote_ids(runtime, visitor.kind)


def reason_not(runtime: Runtime, tie: Subscription | None, visitor: Visitor | None) -> str:
    """Return why somebody must not be written to, as the gate of sending asks; empty if nothing."""
    return "own_account" if owns(runtime, visitor) else consent.reason_not(tie, visitor)


def standing(runtime: Runtime, tie: Subscription, visitor: Visitor) -> str:
    """Return why somebody may be written to, or the reason why not."""
    return "own_account" if owns(runtime, visitor) else consent.standing(tie, visitor)


def visitor_ids(runtime: Runtime) -> list[int]:
    """Return the ids of these visitors: at most as many as there are accounts."""
    return list(runtime.session.scalars(visitors()))


def remote_ids(runtime: Runtime, kind: str) -> set[str]:
    """Return the ids on their network of the accounts connected now."""
    rows = select(Service.remote_id).where(Service.kind == kind, Service.removed_at.is_(None))
    return set(runtime.session.scalars(rows))
