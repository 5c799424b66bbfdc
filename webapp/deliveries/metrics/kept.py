"""The figures of posts that were read, written by day."""

from collections.abc import Iterable, Mapping

from channels import PostFigures
from webapp.deliveries.models import PostMetric
from webapp.kernel.db import insert_into
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.days import day_of
from webapp.services.limits.windows import zone_of
from webapp.services.models import Service


def keep(
    runtime: Runtime, service: Service, posts: Mapping[str, int], found: Iterable[PostFigures]
) -> int:
    """Write what was read of these posts, by remote id; return of how many; the caller commits.

    Of two readings on one day the later one stays. What was not asked about is passed over.
    """
    now, told = runtime.now(), 0
    day = day_of(now, zone_of(runtime, service))
    for item in found:
        number = posts.get(item.remote_id)
        told += number is not None
        for figure, value in sorted(item.figures.items()) if number else ():
            row = insert_into(runtime.session, PostMetric).values(
                message_id=number, day=day, figure=figure, value=value, read_at=now
            )
            changed = {name: row.excluded[name] for name in ("value", "read_at")}
            key = ["message_id", "day", "figure"]
            runtime.session.execute(row.on_conflict_do_update(index_elements=key, set_=changed))
    return told
