"""What came of a delivery that is over, first in figures, and beside those that went before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import Select, and_, distinct, exists, func, or_, select

from webapp.audience.models import ReceivedMessage, Subscription
from webapp.deliveries.counts import Figures, figures_of
from webapp.deliveries.models import (
    OVER,
    Delivery,
    DeliveryService,
    Message,
    MessageState,
)
from webapp.deliveries.queries import results
from webapp.deliveries.queries.results import Post
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

EARLIER = 4
FEW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the readers of a direct message did: how many got it, wrote since, and wrote STOP."""

    reached: int = 0
    wrote: int = 0
    stopped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A delivery of the same kind and account that ended before, with what came of it."""

    delivery: Delivery
    figures: Figures
    posts: Sequence[Post]
    answers: Answers | None

    def total(self, name: str) -> int | None:
        """Return a figure of its posts; `None` where it is not known of each."""
        return results.total(self.posts, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a delivery; `heard_at` is until when what people wrote was read."""

    posts: Sequence[Post] = ()
    usual: Mapping[str, int] = field(default_factory=dict)
    answers: Answers | None = None
    heard_at: datetime | None = None
    earlier: Sequence[Earlier] = ()

    def total(self, name: str) -> int | None:
        """Return a figure of all its posts together; `None` where it is not known of each."""
        return results.total(self.posts, name)


@requires(Permission.VIEW)
def outcome(runtime: Runtime, delivery: Delivery) -> Outcome | None:
    """Return what came of a delivery; `None` while it goes out, and of proofs."""
    if delivery.state not in OVER or delivery.is_proof:
        return None
    before = _before(runtime, delivery)
    if delivery.kind.counted:
        posts = results.posts_of(runtime, delivery)
        return Outcome(posts=posts, usual=_usual(posts), earlier=_of_posts(runtime, before))
    counted = _answers(runtime, [delivery, *before])
    heard = [item.inbox_read_at for item in delivery.services if item.inbox_read_at]
    return Outcome(
        answers=counted.get(delivery.id),
        heard_at=min(heard, default=None),
        earlier=_of_messages(runtime, before, counted),
    )


def _before(runtime: Runtime, delivery: Delivery) -> Sequence[Delivery]:
    """Return the deliveries of the same kind from one of its accounts that ended before it."""
    accounts = [item.id for item in delivery.services]
    ours = select(DeliveryService.delivery_id).where(DeliveryService.service_id.in_(accounts))
    went = select(Message.id).where(
        Message.delivery_id == Delivery.id, Message.state == MessageState.SENT
    )
    query = select(Delivery).where(
        Delivery.listed(),
        Delivery.state.in_(OVER),
        Delivery.kind == delivery.kind,
        or_(
            Delivery.finished_at < delivery.finished_at,
            and_(Delivery.finished_at == delivery.finished_at, Delivery.id < delivery.id),
        ),
        Delivery.id.in_(ours),
        went.exists(),
    )
    latest = query.order_by(Delivery.finished_at.desc(), Delivery.id.desc())
    return runtime.session.scalars(latest.limit(EARLIER)).all()


def _usual(posts: Sequence[Post]) -> dict[str, int]:
    """Return the median of the other posts that were read with each, where there are enough."""
    found = {}
    for name in results.SHOWN:
        middles = [_middle(post, name) for post in posts]
        known = [item for item in middles if item is not None]
        if known and len(known) == len(posts):
            found[name] = sum(known)
    return found


def _middle(post: Post, name: str) -> int | None:
    read = post.message.service.account.get("posts", [])
    others = [item["figures"] for item in read if item["remote_id"] != post.message.remote_id]
    numbers = [item[name] for item in others if item.get(name) is not None]
    return round(median(numbers)) if len(numbers) >= FEW else None


def _of_posts(runtime: Runtime, before: Sequence[Delivery]) -> list[Earlier]:
    counted = figures_of(runtime, [item.id for item in before])
    return [
        Earlier(
            delivery=item,
            figures=counted[item.id],
            posts=results.posts_of(runtime, item),
            answers=None,
        )
        for item in before
    ]


def _of_messages(
    runtime: Runtime, before: Sequence[Delivery], answers: Mapping[int, Answers]
) -> list[Earlier]:
    counted = figures_of(runtime, [item.id for item in before])
    return [
        Earlier(
            delivery=item,
            figures=counted[item.id],
            posts=(),
            answers=answers.get(item.id),
        )
        for item in before
    ]


def _answers(runtime: Runtime, deliveries: Sequence[Delivery]) -> dict[int, Answers]:
    """Count for each delivery who got it, who of them wrote after it, and who opted out then.

    Nothing is known of one whose messages clean-up took.
    """
    ids = [item.id for item in deliveries]
    there = exists().where(Message.delivery_id == Delivery.id)
    kept = runtime.session.scalars(select(Delivery.id).where(Delivery.id.in_(ids), there)).all()
    figures = figures_of(runtime, kept)
    since = min((item.started_at for item in deliveries if item.started_at), default=None)
    if since is None:
        return {}
    wrote, stopped = (_readers(runtime, kept, since, *told) for told in (_NOTES, _REFUSALS))
    return {
        key: Answers(reached=item.sent, wrote=wrote.get(key, 0), stopped=stopped.get(key, 0))
        for key, item in figures.items()
        if item.sent
    }


_NOTES = (ReceivedMessage, ReceivedMessage.received_at)
_REFUSALS = (Subscription, Subscription.opted_out_at)


def _readers(
    runtime: Runtime, ids: Sequence[int], since: datetime, table: Any, at: Any
) -> dict[int, int]:
    """Count by delivery the readers of whom a row of `table` is younger than what they got.

    These rows lead: they are few beside the messages. SQLite has no figures to know that by.
    """
    same = and_(
        Message.visitor_id == table.visitor_id,
        Message.service_id == table.service_id,
        Message.sent_at < at,
    )
    query = (
        select(Message.delivery_id, func.count(distinct(table.visitor_id)))
        .select_from(table)
        .join(Message, same)
        .with_hint(Message, "INDEXED BY ix_message_visitor_id", "sqlite")
        .where(Message.delivery_id.in_(ids), Message.state == MessageState.SENT)
        .where(at.is_not(None), at > since, table.service_id.in_(_accounts(ids)))
        .group_by(Message.delivery_id)
    )
    return {row[0]: int(row[1]) for row in runtime.session.execute(query)}


def _accounts(ids: Sequence[int]) -> Select[int]:
    """Select the accounts that deliveries went out from."""
    return select(DeliveryService.service_id).where(DeliveryService.delivery_id.in_(ids))
