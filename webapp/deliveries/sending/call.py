"""One message through the ledger: quota, attempt, call, outcome."""

import logging
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid5

from sqlalchemy import select

from channels import (
    Channel,
    ChannelError,
    ErrorKind,
    Feature,
    NotSent,
    Outgoing,
    Part,
    Person,
    Sent,
)
from webapp.audience.readers import Reader
from webapp.deliveries import reasons, why
from webapp.deliveries.drafts.content import STOP_LINK
from webapp.deliveries.in_hand import InHand, Try
from webapp.deliveries.kinds import DeliveryKind, NoRecipient
from webapp.deliveries.models import Attempt, Delivery
from webapp.deliveries.sending import statements
from webapp.deliveries.sending.rendering import Wording
from webapp.kernel import leases
from webapp.kernel.db import dialect_of
from webapp.kernel.db.disk import to_disk
from webapp.kernel.db.prepared import run
from webapp.kernel.errors import FanfareError
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice
from webapp.services.channel import contract_guard
from webapp.services.client import Client, Turn

log = logging.getLogger(__name__)


def person_of(reader: Reader) -> Person:
    """Return a reader as channels know people."""
    return Person(
        remote_id=reader.remote_id,
        handle=reader.handle,
        name=reader.name,
        follower_count=reader.follower_count,
        verified=reader.verified,
        protected=reader.protected,
        accepts_messages=reader.accepts_messages,
        avatar_url=reader.avatar_url,
    )


def recipient(delivery: Delivery, message: InHand) -> Person | None:
    """Return the person a direct message goes to; a post goes to nobody in particular."""
    reader = delivery.kind.meant(message.visitor)
    return person_of(reader) if reader else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is about to be asked of the network, with everything it needs held in memory.

    `variant` says which of the prices its text has, where that is known already.
    """

    delivery: Delivery
    message: InHand
    attempt: Try
    person: Person | None
    client: Client
    variant: str | None = None
    # What it says beside the text of the attempt, and of how many parts this is one.
    wording: Wording | None = None
    parts: int = 1
    # What the network calls the part that this one continues.
    reply_to: str | None = None


def open_attempt(
    runtime: Runtime, message: InHand, text: str, *, keyed: bool = False, position: int = 0
) -> Try:
    """Commit the attempt before its call: whatever happens now leaves a trace.

    `keyed` says that the network honours the key of the message, as its plugin is now.
    """
    attempt = next_attempt(runtime, message, text, keyed=keyed, position=position)
    commit_attempt(runtime)
    return attempt


def commit_attempt(runtime: Runtime) -> None:
    """Commit what is written before a call, and go on when no power cut can unwrite it."""
    runtime.session.commit()
    to_disk(runtime.session)


def next_attempt(
    runtime: Runtime, message: InHand, text: str, *, keyed: bool, position: int
) -> Try:
    """Add the row of the next try; the caller lets `commit_attempt` follow before its call."""
    now = runtime.now()
    given = {
        "b_message": message.id,
        "b_text": text,
        "b_now": now,
        "b_keyed": keyed,
        "b_position": position,
    }
    opening = statements.opening(dialect_of(runtime.session))
    attempt_id: int = run(runtime.session, opening, given).scalar_one()
    return Try(attempt_id, message.id, position, text, now)


def make(runtime: Runtime, call: Call) -> Sent | NotSent | ChannelError:
    """Make the call once and return its outcome; anything unforeseen is an unknown outcome.

    A worker that was held up until its lease ended makes no call: another may have asked the
    network meanwhile, and would be told that nothing was sent. So it is with a lease that ends
    further ahead than any taken now: the clock was set back, and others take it for over.
    """
    try:
        return _ask(runtime, call)
    except ChannelError as fault:
        return fault
    except FanfareError as fault:
        # Secrets that cannot be read or a plugin that is gone: nothing left this machine.
        return ChannelError(fault.message, kind=ErrorKind.SENDER, code="not_connected")
    # The border to foreign code: an error nobody foresaw may have come after the network took it.
    except Exception as fault:  # noqa: BLE001 - it is logged where it is named
        return _unforeseen(call, fault)


def _is_ours(runtime: Runtime, call: Call) -> bool:
    until = call.message.leased_until or leases.end(runtime)
    return runtime.clock.system() < until <= leases.end(runtime)


def _unforeseen(call: Call, fault: Exception) -> ChannelError:
    log.error("A call of message %s failed.", call.message.id, exc_info=fault)
    return contract_guard.plugin_failed(fault, writes=True)


def outgoing_of(call: Call) -> Outgoing:
    """Return what a call sends, with the key that every try of its part has."""
    message, attempt, wording = call.message, call.attempt, call.wording
    return Outgoing(
        key=key_of(message, attempt.position),
        made_at=message.key_made_at or attempt.started_at,
        parts=(wording.part if wording else Part(text=attempt.text),),
        subject=wording.subject if wording else "",
        html=wording.html if wording else "",
        unsubscribe_url=_ends_at(call),
        links=wording.links if wording else {},
        reply_to=call.reply_to,
        kind=call.delivery.kind_name,
    )


def _ends_at(call: Call) -> str:
    """Return the address that ends the messages to this person, where the network shows one."""
    accepts = call.delivery.kind.accepts(call.client.channel)
    if call.person is None or Feature.UNSUBSCRIBE not in accepts.features:
        return ""
    settings = call.client.runtime.settings
    if not why.is_reached(settings, sandbox=call.client.service.is_sandbox):
        return ""
    return why.address(settings, call.message.id, call.person.remote_id, STOP_LINK)


def key_of(message: InHand, position: int) -> str:
    """Return the key of a part: that of the message for the first, and one made of it for others.

    So every try of a part has the same, and no two parts share one.
    """
    if not message.key or not position:
        return message.key or ""
    return uuid5(UUID(hex=message.key), str(position)).hex


def part_before(runtime: Runtime, message: InHand, position: int) -> str | None:
    """Return what the network calls the part that the one at a position continues.

    It is asked for before the attempt is committed: no transaction is open during a call.
    """
    if not position:
        return None
    before = select(Attempt.remote_id).where(
        Attempt.message_id == message.id,
        Attempt.position == position - 1,
        Attempt.remote_id.is_not(None),
    )
    return runtime.session.scalar(before.order_by(Attempt.number.desc()).limit(1))


def refuse_more(channel: Channel, kind: DeliveryKind, outgoing: Outgoing) -> None:
    """Raise an error for what the network does not take, before anything leaves this machine."""
    unnamed = (not item.remote_id for part in outgoing.parts for item in part.media)
    if channel.media is not None and any(unnamed):
        gone = Notice("media_missing")
        raise ChannelError(gone, kind=ErrorKind.PERMANENT, code="media_missing")
    sentence = kind.accepts(channel).refusal(outgoing)
    if sentence:
        raise ChannelError(sentence, kind=ErrorKind.PERMANENT, code="not_taken")


def _ask(runtime: Runtime, call: Call) -> Sent | NotSent:
    client, kind, outgoing = call.client, call.delivery.kind, outgoing_of(call)
    refuse_more(client.channel, kind, outgoing)
    turn = Turn(began=call.attempt.started_at, still=partial(_is_ours, runtime, call))
    # The kind decides. A person may be missing, and what was meant for one is no post.
    try:
        return kind.send(client, call.person, outgoing, turn)
    except NoRecipient as cause:
        gone = reasons.notice("erased")
        raise ChannelError(gone, kind=ErrorKind.PERMANENT, code="erased") from cause
