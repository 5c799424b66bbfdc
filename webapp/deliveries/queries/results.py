"""What came of deliveries that are over: how much arrived, and what the network counted of posts.

The figures of a post are those that were read last: each day where its network tells them, or with
its account's latest posts. What was never read is unknown and never nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from webapp.deliveries.counts import Figures, figures_of
from webapp.deliveries.metrics.latest import latest
from webapp.deliveries.models import OVER, Delivery, Message, MessageState
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

SHOWN = ("views", "likes", "replies", "reposts")
RECENT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One published post, and its figures as they were read last; `None` where they were not."""

    message: Message
    figures: Mapping[str, int] | None
    read_at: datetime | None

    @property
    def unread(self) -> bool:
        """Whether its account was not read since it was published."""
        last, sent = self.message.service.account_read_at, self.message.sent_at
        return last is None or (sent is not None and last < sent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A delivery that is over, with the posts that stand now; direct messages have none."""

    delivery: Delivery
    figures: Figures
    posts: Sequence[Post]

    @property
    def at(self) -> datetime | None:
        """When it ended."""
        return self.delivery.finished_at or self.delivery.started_at

    @property
    def is_counted(self) -> bool:
        """Whether networks count anything of it."""
        return self.delivery.kind.counted

    def total(self, name: str) -> int | None:
        """Return a figure of all its posts together; `None` where it is not known of each."""
        return total(self.posts, name)


def total(posts: Sequence[Post], name: str) -> int | None:
    """Return a figure of all posts together; `None` where it is not known of each."""
    known = [(post.figures or {}).get(name) for post in posts]
    numbers = [number for number in known if number is not None]
    return sum(numbers) if numbers and len(numbers) == len(known) else None


@requires(Permission.VIEW)
def recent(runtime: Runtime, most: int = RECENT, *, service: Service | None = None) -> list[Result]:
    """Return the deliveries that ended last, of an account or of all, if anything went out."""
    went = select(Message.id).where(
        Message.delivery_id == Delivery.id, Message.state == MessageState.SENT
    )
    query = select(Delivery).where(Delivery.listed(), Delivery.state.in_(OVER), went.exists())
    if service:
        query = query.where(Delivery.services.any(Service.id == service.id))
    newest = query.order_by(Delivery.finished_at.desc(), Delivery.id.desc()).options(
        selectinload(Delivery.services)
    )
    rows = runtime.session.scalars(newest.limit(most)).all()
    counted = figures_of(runtime, [row.id for row in rows])
    published = _published(runtime, [row.id for row in rows if row.kind.counted])
    return [
        Result(delivery=row, figures=counted[row.id], posts=published.get(row.id, []))
        for row in rows
    ]


@requires(Permission.VIEW)
def posts_of(runtime: Runtime, delivery: Delivery) -> list[Post]:
    """Return the posts of a delivery that stand on their networks now."""
    if not delivery.kind.counted:
        return []
    return _published(runtime, [delivery.id]).get(delivery.id, [])


def _published(runtime: Runtime, ids: Sequence[int]) -> dict[int, list[Post]]:
    found: dict[int, list[Post]] = {}
    rows = runtime.session.scalars(
        select(Message)
        .where(
            Message.delivery_id.in_(ids),
            Message.state == MessageState.SENT,
            Message.taken_back_at.is_(None),
        )
        .order_by(Message.id)
    )
    messages = rows.all()
    wanted = select(Message.id).where(Message.id.in_([message.id for message in messages]))
    known = latest(runtime, wanted)
    for message in messages:
        read = known.get(message.id)
        post = Post(
            message=message,
            figures=read.figures if read else None,
            read_at=read.read_at if read else None,
        )
        found.setdefault(message.delivery_id, []).append(post)
    return found
