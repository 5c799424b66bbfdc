"""The address at which the network of an account tells what happened; nobody can guess it."""

import secrets

from sqlalchemy import update

from webapp.kernel.errors import Conflict
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.web import links
from webapp.services.models import Service

# As many bytes as nobody guesses.
TOKEN_BYTES = 32


@requires(Permission.ADMIN)
def address_of(runtime: Runtime, service: Service) -> str:
    """Return the address of an account for its network; empty where that tells nothing by itself.

    The first look makes its token, and commits. Where nobody said how others reach this instance
    it is the path alone.
    """
    if service.removed_at or not runtime.registry.has(service.kind):
        return ""
    if runtime.registry.get(service.kind).events is None:
        return ""
    if service.event_token is None:
        _make_token(runtime, service)
    path = f"/channels/{service.kind}/events/{service.event_token}"
    try:
        return links.link(runtime.settings, path)
    except Conflict:
        return path


def _make_token(runtime: Runtime, service: Service) -> None:
    """Make the token of an account; of two looks at once the first one counts."""
    runtime.session.execute(
        update(Service)
        .where(Service.id == service.id, Service.event_token.is_(None))
        .values(event_token=secrets.token_urlsafe(TOKEN_BYTES))
        .execution_options(synchronize_session=False)
    )
    runtime.session.commit()
    runtime.session.refresh(service)
