"""All that happened with the person of a profile, a page at a time."""

from collections.abc import Collection, Sequence

from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.profiles.models import Profile
from webapp.profiles.moments import Edge, Moment, Wanted
from webapp.profiles.places import MOMENTS

PAGE = 50


@requires(Permission.VIEW)
def page(
    runtime: Runtime,
    profile: Profile,
    visitors: Collection[int],
    edge: Edge | None,
    size: int = PAGE,
) -> tuple[Sequence[Moment], Edge | None]:
    """Return the moments behind an edge, the newest first, and the edge of the next page."""
    wanted = Wanted(profile=profile, visitors=visitors, edge=edge, most=size + 1)
    every = [moment for found in MOMENTS.ask(runtime, wanted) for moment in found]
    newest = sorted(every, key=lambda moment: moment.edge, reverse=True)
    shown = newest[:size]
    return shown, shown[-1].edge if len(newest) > size else None
