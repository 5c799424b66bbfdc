"""Accounts whose followers were never read to the end: how many there are is unknown."""

from sqlalchemy import select

from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def of(runtime: Runtime, kind: str = "") -> list[Service]:
    """Return the accounts that are to be read and never were, of one channel or of all.

    A test account is no brand's, and one whose synchronisation is off is left alone.
    """
    rows = runtime.session.scalars(
        select(Service)
        .where(
            Service.removed_at.is_(None),
            Service.is_test.is_(False),
            Service.sync_subscriptions.is_(True),
            Service.audience_known_at.is_(None),
        )
        .order_by(Service.internal_name)
    )
    return [row for row in rows if (not kind or row.kind == kind) and _has_followers(runtime, row)]


def _has_followers(runtime: Runtime, service: Service) -> bool:
    known = runtime.registry.has(service.kind)
    return known and runtime.registry.get(service.kind).audience is not None
