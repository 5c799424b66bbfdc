"""The parts of one message: which of them are out, and what can be done about those."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from channels import Operation
from webapp.deliveries import variants
from webapp.deliveries.models import Attempt, Deletion, Message
from webapp.deliveries.queries import log
from webapp.deliveries.queries.progress import channel_of
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services import costs


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """One part with what is known of it: its attempt that is out, and the last try to delete it."""

    number: int
    text: str
    out: Attempt | None = None
    deletion: Deletion | None = None

    @property
    def stands(self) -> bool:
        """Whether it is on its network now, as far as Fanfare knows."""
        return self.out is not None and self.out.taken_back_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageParts:
    """A message part by part; `price` is what deleting one costs, where that is charged."""

    message: Message
    # Whom it is to, or which account publishes it.
    name: str
    # The name of its network.
    channel: str
    lines: Sequence[PartLine]
    price: Decimal | None

    @property
    def out_now(self) -> list[Attempt]:
        """The attempts whose parts can be deleted."""
        return [line.out for line in self.lines if line.out and line.stands]


@requires(Permission.VIEW)
def parts_of(runtime: Runtime, delivery_id: int, message_id: int) -> MessageParts:
    """Return the parts of a message of a delivery; raise `NotFound` for any other."""
    message = log.of_delivery(runtime, delivery_id, message_id)
    rows = variants.of_message(message.delivery, message.variant_id).parts
    out = _out(runtime, message)
    deletions = _deletions(runtime, message)
    price = costs.price_of(runtime, message.service, Operation.DELETE)
    lines = [
        PartLine(
            number=row.position + 1,
            text=found.text if (found := out.get(row.position)) else row.text,
            out=found,
            deletion=deletions.get(found.id) if found else None,
        )
        for row in rows
    ]
    person = message.visitor
    return MessageParts(
        message=message,
        name=(person.name or person.handle) if person else message.service.shown_name,
        channel=channel_of(runtime, message.delivery),
        lines=lines,
        price=price.amount if price else None,
    )


def _out(runtime: Runtime, message: Message) -> dict[int, Attempt]:
    """Return the attempt of each part that the network took, by its place."""
    query = select(Attempt).where(Attempt.message_id == message.id, Attempt.remote_id.is_not(None))
    return {row.position: row for row in runtime.session.scalars(query.order_by(Attempt.number))}


def _deletions(runtime: Runtime, message: Message) -> dict[int, Deletion]:
    """Return the last try to delete what each attempt made."""
    query = select(Deletion).join(Attempt, Deletion.attempt_id == Attempt.id)
    rows = runtime.session.scalars(
        query.where(Attempt.message_id == message.id).order_by(Deletion.id)
    )
    return {row.attempt_id: row for row in rows}
