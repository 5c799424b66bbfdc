"""What the general page of the settings tells of this instance."""

from dataclasses import dataclass
from datetime import timedelta
from importlib import metadata

from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import duration

AHEAD = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The version, the address others reach it at, the zone it plans in, and its database."""

    version: str
    public_url: str
    time_zone: str
    database: str


@requires(Permission.VIEW)
def instance(runtime: Runtime) -> About:
    """Return what this instance is; the address of its database may hold a password."""
    settings = runtime.settings
    return About(
        version=metadata.version("fanfare"),
        public_url=settings.public_url,
        time_zone=settings.time_zone,
        database="SQLite" if settings.database.startswith("sqlite") else "PostgreSQL",
    )


def demo_time(runtime: Runtime) -> str:
    """Say how far a clock that was moved is from the machine's; nothing of a true one."""
    if not runtime.settings.clock:
        return ""
    ahead = runtime.now() - runtime.clock.system()
    if abs(ahead) <= AHEAD:
        return ""
    span = duration(abs(ahead))
    if ahead > timedelta():
        return _("Demo time, %(span)s ahead", span=span)
    return _("Demo time, %(span)s behind", span=span)
