"""Rules against saying the same twice: on one account, or to one person."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from channels import Finding, Level
from webapp.deliveries import rest, target
from webapp.deliveries.models import Delivery, DeliveryKind, Message, MessageState
from webapp.deliveries.rules.facts import Facts
from webapp.kernel.kept_times import told
from webapp.kernel.runtime import Runtime
from webapp.kernel.words import _, plural

LATELY = timedelta(days=30)
WAITS = (MessageState.PENDING, MessageState.SENDING)


def no_duplicate(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """The account did not publish the same text lately, and nothing that waits will."""
    fault = said_already(runtime, facts.delivery)
    if fault:
        yield Finding(code="duplicate", level=Level.ERROR, message=fault, step="content")


def said_already(runtime: Runtime, delivery: Delivery) -> str:
    """Name the post that says on one of the accounts what this one would; empty for none."""
    if delivery.kind is not DeliveryKind.POST or not delivery.services:
        return ""
    for message, other in runtime.session.execute(rest.published(delivery, runtime.now() - LATELY)):
        if message.state not in WAITS or _near(runtime, delivery, other):
            return _words(runtime, delivery, message, other)
    return ""


def _near(runtime: Runtime, delivery: Delivery, other: Delivery) -> bool:
    """Tell whether two posts come so close that a network takes the second for a repetition."""
    return abs(_starts(runtime, delivery) - _starts(runtime, other)) <= LATELY


def _starts(runtime: Runtime, delivery: Delivery) -> datetime:
    return delivery.started_at or delivery.scheduled_at or runtime.now()


def _words(runtime: Runtime, delivery: Delivery, message: Message, other: Delivery) -> str:
    account = message.service.shown_name
    if other.content.strip() != delivery.content.strip():
        return _(
            "%(name)s gets “%(label)s” already. Take the account out of this one.",
            name=account,
            label=other.label,
        )
    if message.state in WAITS:
        return _(
            "“%(label)s” publishes the same text on %(name)s %(at)s; one of the two would be "
            "refused.",
            label=other.label,
            name=account,
            at=told(_starts(runtime, other)),
        )
    return _("The same text went out as “%(label)s”; it would be refused.", label=other.label)


def not_again(runtime: Runtime, facts: Facts) -> Iterator[Finding]:
    """Nobody reads the very same message twice unseen; a copy for the rest leaves them out."""
    delivery = facts.delivery
    if not facts.direct or delivery.rest_of_id is not None or not delivery.content.strip():
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
    before = target.reached_before(runtime, delivery)
    if before.got or before.waiting:
        message = f"{_twice(before)} {_how_to_reach_others(before)}"
        yield Finding(code="again", level=Level.WARNING, message=message, step="target")


def _twice(before: target.Before) -> str:
    """Say who got the text, and who only waits for it: one that waits may still be stopped."""
    if not before.waiting:
        return plural(
            "%(num)s person got this very text already and would get it again.",
            "%(num)s people got this very text already and would get it again.",
            before.got,
        )
    waits = plural(
        "%(num)s person waits for this very text from another delivery and would get it twice.",
        "%(num)s people wait for this very text from another delivery and would get it twice.",
        before.waiting,
    )
    if not before.got:
        return waits
    got = plural("%(num)s person got it already.", "%(num)s people got it already.", before.got)
    return f"{waits} {got}"


def _how_to_reach_others(before: target.Before) -> str:
    if before.waiting:
        return _(
            "To reach only the others, let the earlier delivery end, or stop it, and send it to "
            "those left."
        )
    return _("To reach only the others, send the earlier delivery to those left.")
