"""Rules against saying the same twice: on one account, or to one person."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from channels import Finding, Level
from webapp.deliveries import whole
from webapp.deliveries.analysis.rules.facts import Facts
from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.deliveries.targeting import rest, target
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.kernel.text.notices import NOTHING, Notice

LATELY = timedelta(days=30)
MOST = 500
WAITS = (MessageState.PENDING, MessageState.SENDING)


def no_duplicate(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """The account did not publish the same text lately, nothing that waits will, nor a thread."""
    fault = _says_twice(facts.delivery) or said_already(runtime, facts.delivery)
    if fault:
        yield Finding(code="duplicate", level=Level.ERROR, message=fault, step="content")


def _says_twice(delivery: Delivery) -> Notice:
    """Name two parts of one thread that say the same; empty for none."""
    for texts in () if delivery.kind.to_people else whole.sayings(delivery):
        for at, text in enumerate(texts):
            if text and text in texts[:at]:
                return Notice("finding_says_twice", first=texts.index(text) + 1, then=at + 1)
    return NOTHING


def said_already(runtime: Runtime, delivery: Delivery) -> Notice:
    """Name the post that says on one of the accounts what this one would; empty for none."""
    if delivery.kind.to_people or not delivery.services:
        return NOTHING
    for message, other in runtime.session.execute(rest.published(delivery, runtime.now() - LATELY)):
        if message.state not in WAITS or _near(runtime, delivery, other):
            return _words(runtime, delivery, message, other)
    return NOTHING


def _near(runtime: Runtime, delivery: Delivery, other: Delivery) -> bool:
    """Tell whether two posts come so close that a network takes the second for a repetition."""
    return abs(_starts(runtime, delivery) - _starts(runtime, other)) <= LATELY


def _starts(runtime: Runtime, delivery: Delivery) -> datetime:
    return delivery.started_at or delivery.scheduled_at or runtime.now()


def _words(runtime: Runtime, delivery: Delivery, message: Message, other: Delivery) -> Notice:
    account = message.service.shown_name
    told = {text for texts in whole.sayings(delivery) for text in texts if text}
    if told.isdisjoint(text for texts in whole.sayings(other) for text in texts):
        return Notice("finding_gets_already", name=account, label=other.label)
    if message.state in WAITS:
        at = _starts(runtime, other)
        return Notice("finding_published_then", label=other.label, name=account, at=at)
    return Notice("finding_published", label=other.label)


def being_written(runtime: Runtime, delivery: Delivery) -> Notice:
    """Name another delivery of which nobody can tell yet whom it goes to; empty for none.

    Whoever is meant by both would get the same twice, unseen.
    """
    other = rest.unwritten(runtime, delivery)
    return Notice("finding_being_written", label=other.label) if other else NOTHING


def not_again(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Nobody reads the very same message twice unseen; a copy for the rest leaves them out."""
    delivery = facts.delivery
    if fault := being_written(runtime, delivery):
        yield Finding(code="again", level=Level.ERROR, message=fault, step="target")
        return
    if not facts.direct or delivery.rest_of_id is not None or not whole.sayings(delivery):
        return
    another = select(Delivery.id).where(
        Delivery.id != delivery.id,
        Delivery.kind == delivery.kind,
        Delivery.confirmed_at.is_not(None),
        Delivery.parent_id.is_(None),
        rest.same_text(delivery),
    )
    # Counting a large target takes seconds, and most texts are new.
    if runtime.session.scalar(another.limit(1)) is None:
        return
    # What is kept of a large target has no text: its people are counted no further than here.
    before = (
        target.some_reached_before(runtime, delivery, MOST)
        if facts.counted_at
        else target.reached_before(runtime, delivery)
    )
    if before.got or before.waiting:
        message = notices.together(*_twice(before), _how_to_reach_others(before))
        yield Finding(code="again", level=Level.WARNING, message=message, step="target")


def _twice(before: target.Before) -> Iterator[Notice]:
    """Say who got the text, and who only waits for it: one that waits may still be stopped."""
    if before.more:
        yield Notice("finding_reached_many", num=before.got + before.waiting)
        return
    if not before.waiting:
        yield Notice("finding_again", num=before.got)
        return
    yield Notice("finding_waits", num=before.waiting)
    if before.got:
        yield Notice("finding_got", num=before.got)


def _how_to_reach_others(before: target.Before) -> Notice:
    return Notice("finding_others_after_end" if before.waiting else "finding_others")
