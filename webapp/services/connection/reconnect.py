"""Finds the row of an account: a new one, or the one it had before it was removed."""

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from channels import Account
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def find_or_new(runtime: Runtime, kind: str, account: Account) -> tuple[Service, str]:
    """Return the row for an account, and what the audit calls it; raise `Conflict` if in use."""
    known = _known(runtime, kind, account.remote_id)
    if known is not None:
        _revive(runtime, known)
        return known, "service.reconnect"
    service = Service(
        kind=kind,
        internal_name=account.handle,
        remote_id=account.remote_id,
        created_at=runtime.now(),
    )
    return service, "service.connect"


def insert(runtime: Runtime, service: Service) -> None:
    """Give the row its id; the caller commits. Raise `Conflict` when somebody was quicker."""
    runtime.session.add(service)
    try:
        runtime.session.flush()
    except IntegrityError as cause:
        # Somebody else connected the same account in this very moment.
        runtime.session.rollback()
        rival = _known(runtime, service.kind, service.remote_id)
        if rival is None:
            raise
        raise _in_use(rival) from cause


def _known(runtime: Runtime, kind: str, remote_id: str) -> Service | None:
    return runtime.session.scalar(
        select(Service).where(Service.kind == kind, Service.remote_id == remote_id)
    )


def _revive(runtime: Runtime, service: Service) -> None:
    """Take a removed row back; of two who try at the same moment one gets it."""
    revived = runtime.session.execute(
        update(Service)
        .where(Service.id == service.id, Service.removed_at.is_not(None))
        .values(removed_at=None)
    )
    if not revived.rowcount:  # type: ignore[attr-defined]  # an UPDATE has a row count
        raise _in_use(service)


def _in_use(service: Service) -> Conflict:
    return Conflict(
        _(
            "%(name)s is connected already, as “%(label)s”. Change that service instead.",
            name=service.shown_name,
            label=service.label,
        )
    )
