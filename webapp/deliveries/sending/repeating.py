"""Settles an unknown outcome by the same key: a network that honours it makes no second thing.

Everything that keeps a message from going out keeps it from going out again, since the first try
may never have arrived.
"""

from dataclasses import replace

from channels import ChannelError, ErrorKind, Sent
from webapp.deliveries.costs import budget
from webapp.deliveries.models import MOVING, Attempt, AttemptOutcome, Delivery, Message
from webapp.deliveries.sending import call, claims, outcomes, uploaded
from webapp.deliveries.sending.refusal import refusal
from webapp.deliveries.sending.rendering import Wording, wordings
from webapp.kernel.runtime import Runtime
from webapp.services.client import Client
from webapp.services.limits import quota


def may_repeat(runtime: Runtime, delivery: Delivery, message: Message, attempt: Attempt) -> bool:
    """Tell whether the same may be sent again: the key was honoured then and is now."""
    channel = runtime.registry.get(delivery.channel)
    over = delivery.expires_at is not None and delivery.expires_at <= runtime.now()
    return (
        attempt.keyed
        and delivery.kind.accepts(channel).honours_key
        and delivery.state in MOVING
        and not over
        and not refusal(runtime, delivery, claims.read(runtime, message.id))
        and not budget.refuses(runtime, delivery, message, [attempt.text])
    )


def repeat(
    runtime: Runtime, delivery: Delivery, message: Message, attempt: Attempt
) -> ChannelError | None:
    """Send the same text under the same key, and return why its outcome is still unknown, if so.

    Raises `LimitReached` where no turn is left for one more call.

    The try has a row before its call, and the message stays unknown meanwhile: a worker that dies
    here leaves what it found. A refusal speaks of this try alone, never of the one before it; one
    that is final ends the tries by key.
    """
    asked = _again(runtime, delivery, message.id, attempt)
    result = call.make(runtime, asked)
    if isinstance(result, Sent):
        outcomes.record(runtime, asked, result)
        return None
    fault = result if isinstance(result, ChannelError) else _too_late()
    unknown = fault.kind is ErrorKind.UNKNOWN
    outcome = AttemptOutcome.UNKNOWN if unknown else AttemptOutcome.FAILED
    ends = fault.kind is ErrorKind.PERMANENT
    attempt.keyed = attempt.keyed and not ends
    said = {"code": fault.code, "said": outcomes.words(fault), "keyed": not ends}
    outcomes.close(runtime, asked.attempt, outcome, **said)
    if not unknown:
        give = quota.give_all_back if fault.never_sent else quota.give_back
        give(runtime, message.service, delivery.kind.operation, asked.attempt.started_at)
    runtime.session.commit()
    return fault


def _again(runtime: Runtime, delivery: Delivery, message_id: int, attempt: Attempt) -> call.Call:
    """Take a turn and write the row of one more try of the same part; commits."""
    message = claims.read(runtime, message_id).message
    client = Client(runtime, message.service)
    client.reserve(delivery.kind.operation)
    reply_to = call.part_before(runtime, message, attempt.position)
    again = call.next_attempt(runtime, message, attempt.text, keyed=True, position=attempt.position)
    rows = uploaded.latest(runtime, message.id)
    said = uploaded.attached(wordings(runtime, delivery, message), rows)
    call.commit_attempt(runtime)
    return call.Call(
        delivery=delivery,
        message=message,
        attempt=again,
        person=call.recipient(delivery, message),
        client=client,
        wording=_as_tried(said, attempt),
        parts=len(said),
        reply_to=reply_to,
    )


def _as_tried(said: list[Wording], attempt: Attempt) -> Wording:
    """Return what belongs to the text that was tried, which itself stays as it was."""
    wording = said[attempt.position]
    return replace(wording, part=replace(wording.part, text=attempt.text))


def _too_late() -> ChannelError:
    """Return what it means that the call was never made: the worker came too late."""
    return ChannelError("", kind=ErrorKind.TEMPORARY, code="unreachable", never_sent=True)
