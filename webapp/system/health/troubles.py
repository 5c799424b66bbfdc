"""Parts that are shown only while something is wrong with them."""

from webapp.kernel.i18n import _
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import duration
from webapp.services.channel import reachability
from webapp.services.models import Service
from webapp.system.health import oldest_work
from webapp.system.health.part import Part
from webapp.tracking import spool


def networks(runtime: Runtime) -> list[Part]:
    """Return a part for each network that cannot be reached, with the accounts it is about."""
    lost: dict[str, list[Service]] = {}
    for service in reachability.out_of_reach(runtime):
        lost.setdefault(service.kind, []).append(service)
    return [
        Part(
            name=_label(runtime, kind),
            ok=False,
            detail=_(
                "cannot be reached for %(who)s",
                who=", ".join(item.shown_name for item in services),
            ),
            fix=_(
                "Check this host’s network, names, proxy and firewall. Nothing is used up, and "
                "what waits goes on when it can be reached."
            ),
        )
        for kind, services in lost.items()
    ]


def clicks(runtime: Runtime) -> list[Part]:
    """Return a part for clicks that wait on this host for too long; none while they are counted."""
    since = spool.waiting_since(runtime.settings.var / spool.FOLDER)
    age = runtime.clock.system().timestamp() - since if since is not None else 0
    if age <= oldest_work.TOO_LONG.total_seconds():
        return []
    return [
        Part(
            name=_("Clicks"),
            ok=False,
            detail=_("the oldest waits for %(time)s", time=duration(round(age))),
            fix=_(
                "See the log of the web processes: what keeps clicks from being counted stands "
                "there. They wait in their files, and none is lost."
            ),
            stops=False,
        )
    ]


def _label(runtime: Runtime, kind: str) -> str:
    """Return how a network is called; its kind where the plugin is gone."""
    return runtime.registry.get(kind).label if runtime.registry.has(kind) else kind
