"""Sends the parts of one message, each in answer to the one before, and each by its own attempt.

The windows hold a turn for every part before the first goes out. How many are out stands in the
message, so whoever claims it again goes on behind them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from channels import ChannelError, NotSent, Sent
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.models import Delivery, Message, MessageState
from webapp.deliveries.sending import call, outcomes
from webapp.deliveries.sending.rendering import Wording
from webapp.kernel import leases
from webapp.kernel.db import durable
from webapp.kernel.db.changes import updated
from webapp.kernel.runtime import Runtime
from webapp.services.client import Client
from webapp.services.limits import quota

Result = Sent | NotSent | ChannelError


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """All that is needed to send what of a message is not out yet."""

    delivery: Delivery
    message: InHand
    wordings: Sequence[Wording]
    # Which of the network's prices each of the parts has that are not out yet.
    price_names: Sequence[str]
    client: Client
    keyed: bool


def send(runtime: Runtime, sending: Sending) -> Result:
    """Send part after part and return what became of the last one that was tried."""
    result: Result = NotSent()
    for result in _results(runtime, sending):
        if not isinstance(result, Sent):
            break
    return result


def _results(runtime: Runtime, sending: Sending) -> Iterator[Result]:
    message, first, since = sending.message, sending.message.parts_sent, runtime.now()
    for position, name in enumerate(sending.price_names, start=first):
        if position > first:
            # As with the first part, a power cut must not unwrite what is written before a call.
            with durable(runtime.session):
                mine = still_mine(runtime, message)
            if not mine:
                _give_back(runtime, sending, since, behind=len(sending.wordings) - position)
                return
        wording = sending.wordings[position]
        reply_to = call.part_before(runtime, message, position)
        attempt = call.open_attempt(
            runtime, message, wording.part.text, keyed=sending.keyed, position=position
        )
        asked = call.Call(
            delivery=sending.delivery,
            message=message,
            attempt=attempt,
            person=call.recipient(sending.delivery, message),
            wording=wording,
            parts=len(sending.wordings),
            reply_to=reply_to,
            client=sending.client,
            variant=name,
        )
        result = call.make(runtime, asked)
        outcomes.record(runtime, asked, result)
        yield result


def _give_back(runtime: Runtime, sending: Sending, since: datetime, *, behind: int) -> None:
    """Give back what was taken for parts that another worker sends by turns of its own; commits."""
    operation = sending.delivery.kind.operation
    quota.give_all_back(runtime, sending.message.service, operation, since, calls=behind)
    runtime.session.commit()


def still_mine(runtime: Runtime, message: InHand) -> bool:
    """Take the lease of a message anew between two parts; false where another has it by now.

    Which secrets hold is read anew as well, and the account is locked as by a claim: the call
    before, or another worker, may have changed them. The caller commits, with the next attempt.
    """
    until = leases.end(runtime)
    taken = updated(
        runtime.session,
        update(Message)
        .where(
            Message.id == message.id,
            Message.state == MessageState.SENDING,
            Message.leased_until == message.leased_until,
        )
        .values(leased_until=until),
    )
    message.leased_until = until
    lock = {"key_share": True}
    runtime.session.refresh(message.service, ["secrets_version"], with_for_update=lock)
    return bool(taken)
