"""Where the accounts stand in the frame."""

from sqlalchemy import func, select

from webapp.kernel.i18n import lazy_gettext
from webapp.kernel.navigation import Entry
from webapp.kernel.permissions import Permission
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service, ServiceState


def to_fix(runtime: Runtime) -> int:
    """Return how many accounts cannot be used as they are."""
    broken = select(func.count(Service.id)).where(
        Service.state == ServiceState.NEEDS_FIXING, Service.removed_at.is_(None)
    )
    return runtime.session.scalar(broken) or 0


ENTRIES = (
    Entry(
        endpoint="services.index",
        label=lazy_gettext("Services"),
        rank=40,
        icon="plug-connected",
        key="s",
        count=to_fix,
        # Pages about an account that domains above bring.
        under=("tracking.of_service", "experiments.best_time_of"),
    ),
    Entry(
        endpoint="services.apps",
        label=lazy_gettext("Apps"),
        rank=36,
        alone=True,
        settings=True,
        needs=Permission.ADMIN,
    ),
)
