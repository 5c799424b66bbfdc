"""What came of a delivery that is over, first in figures, and beside those that went before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from sqlalchemy import and_, func, or_, select

from webapp.audience.models import InboundNote, Subscription
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
    counted = _answers(runtime, [delivery.id, *(item.id for item in before)])
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


def _answers(runtime: Runtime, ids: Sequence[int]) -> dict[int, Answers]:
    """Count for each delivery who got it, who of them wrote after it, and who opted out then."""
    got = and_(Message.delivery_id.in_(ids), Message.state == MessageState.SENT)
    people = func.count(func.distinct(Message.visitor_id))
    by = select(Message.delivery_id, people).where(got).group_by(Message.delivery_id)
    same = and_(
        InboundNote.visitor_id == Message.visitor_id,
        InboundNote.service_id == Message.service_id,
        InboundNote.received_at > Message.sent_at,
    )
    out = and_(
        Subscription.visitor_id == Message.visitor_id,
        Subscription.service_id == Message.service_id,
        Subscription.opted_out_at > Message.sent_at,
    )
    found = [
        {row[0]: int(row[1]) for row in runtime.session.execute(query)}
        for query in (by, by.join(InboundNote, same), by.join(Subscription, out))
    ]
    reached, wrote, stopped = found
    return {
        key: Answers(reached=number, wrote=wrote.get(key, 0), stopped=stopped.get(key, 0))
        for key, number in reached.items()
    }
