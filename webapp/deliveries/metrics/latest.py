"""What networks count of posts, as it was read last: by themselves each day, or with the account.

Every page asks here, so that none calls unknown what another one shows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from webapp.deliveries.models import Message, PostMetric
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The figures of a post by the names that its channel gives them, and when they were read."""

    figures: Mapping[str, int]
    read_at: datetime


def latest(runtime: Runtime, wanted: Select[int]) -> dict[int, Latest]:
    """Return what is known of the posts whose numbers are wanted; one never read is not there."""
    found = _by_themselves(runtime, wanted)
    for number, read in _with_accounts(runtime, wanted):
        if number not in found or found[number].read_at <= read.read_at:
            found[number] = read
    return found


def _by_themselves(runtime: Runtime, wanted: Select[int]) -> dict[int, Latest]:
    """Return the figures of each post on the last day they were read."""
    other = aliased(PostMetric)
    last = select(func.max(other.day)).where(other.message_id == PostMetric.message_id)
    columns = (PostMetric.message_id, PostMetric.figure, PostMetric.value, PostMetric.read_at)
    rows = runtime.session.execute(
        select(*columns).where(
            PostMetric.message_id.in_(wanted), PostMetric.day == last.scalar_subquery()
        )
    )
    figures: dict[int, dict[str, int]] = {}
    times: dict[int, datetime] = {}
    for number, name, value, at in rows:
        figures.setdefault(number, {})[name] = value
        times[number] = max(at, times.get(number, at))
    return {
        number: Latest(figures=known, read_at=times[number]) for number, known in figures.items()
    }


def _with_accounts(runtime: Runtime, wanted: Select[int]) -> Iterator[tuple[int, Latest]]:
    """Yield what was read of the latest posts of each account."""
    whose = select(Message.service_id).where(Message.id.in_(wanted))
    read = select(Service).where(Service.id.in_(whose), Service.account_read_at.is_not(None))
    for service in runtime.session.scalars(read):
        at = service.account_read_at
        known = {post["remote_id"]: post["figures"] for post in service.account.get("posts", [])}
        posts = select(Message.id, Message.remote_id).where(
            Message.service_id == service.id, Message.remote_id.in_(known), Message.id.in_(wanted)
        )
        for number, name in runtime.session.execute(posts):
            if known[name] and at is not None:
                yield number, Latest(figures=known[name], read_at=at)
