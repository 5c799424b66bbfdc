"""What every use-case is given: the session, the clock, the plugins, the actor."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from webapp.kernel import audit
from webapp.kernel.clock import Clock
from webapp.kernel.config.settings import Settings
from webapp.kernel.domain import NO_DOMAINS, Domains
from webapp.kernel.errors import NotAllowed
from webapp.kernel.i18n import _
from webapp.kernel.leases import Lease
from webapp.kernel.permissions import Permission
from webapp.kernel.plugins.registry import Registry
from webapp.kernel.processes.ahead import Ahead
from webapp.kernel.processes.queue import JobQueue
from webapp.kernel.secret_box import SecretBox
from webapp.kernel.time import days


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """One request's or one job's view of the instance."""

    settings: Settings
    clock: Clock
    registry: Registry
    secret_box: SecretBox
    queue: JobQueue
    session: Session
    actor: audit.Actor
    # What the domains bring, to whom a lower one has no other way.
    domains: Domains = NO_DOMAINS
    # What a job holds while it works; an operator holds nothing.
    lease: Lease | None = None
    # Where a job keeps what it asks for before its turn; nobody else does.
    ahead: Ahead | None = None

    def now(self) -> datetime:
        """Return the business time, aware, in UTC."""
        return self.clock.now()

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of whoever acts: their days are meant by what they ask for."""
        return days.named(self.actor.time_zone) or self.settings.zone

    def acting_as(self, actor: audit.Actor) -> "Runtime":
        """Return the same runtime for another actor."""
        return replace(self, actor=actor)

    def require(self, permission: Permission) -> None:
        """Raise `NotAllowed` unless whoever acts holds a permission."""
        if permission not in self.actor.permissions:
            raise NotAllowed(_("Your role does not allow this. An administrator can change it."))

    def record(self, action: str, subject: object, **detail: Any) -> None:
        """Add an audit entry by the present actor to the running transaction."""
        audit.record(self.session, self.actor, self.now(), action=action, subject=subject, **detail)
