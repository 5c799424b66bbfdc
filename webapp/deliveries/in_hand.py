"""A message that a worker has in hand, and its open attempt: plain values, read in one go.

A row of the ORM with all that belongs to it takes several times as long to read, and this is done
for each message of a delivery.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Row

from webapp.audience.readers import OF_READER, OF_TIE, Reader, Tie, reader_of, tie_of
from webapp.deliveries.kinds import DeliveryKind
from webapp.deliveries.models import Attempt, Message
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

# The columns of `Message` that are values of one in hand, in their order.
COLUMNS = (
    "id", "delivery_id", "service_id", "subscription_id", "variant_id", "kind", "recipient",
    "parts_sent", "tries", "key", "key_made_at", "leased_until",
)  # fmt: skip
# Those of `Service` that may change while a delivery goes out, and matter to it.
OF_ACCOUNT = (
    "internal_name", "remote_id", "settings", "daily_cap", "monthly_budget", "time_zone",
    "inbox_read_at", "secrets_version", "unreachable_since", "removed_at",
)  # fmt: skip


@dataclass(slots=True)
class InHand:
    """A message as it stood when it was read, with its account and its reader.

    `leased_until` alone changes: the lease of a thread is taken anew between its parts.
    """

    service: Service
    visitor: Reader | None
    subscription: Tie | None
    id: int
    delivery_id: int
    service_id: int
    subscription_id: int | None
    variant_id: int | None
    kind: DeliveryKind
    recipient: str
    parts_sent: int
    tries: int
    key: str | None
    key_made_at: datetime | None
    leased_until: datetime | None


@dataclass(frozen=True, slots=True)
class Try:
    """An attempt whose outcome is about to be known; the fields are those of `Attempt`."""

    id: int
    message_id: int
    position: int
    text: str
    started_at: datetime


def of_row(runtime: Runtime, row: Row[Any]) -> tuple[InHand, bool]:
    """Return a message by what `statements.reading` found; true where it is to an own account."""
    values = iter(row)
    message = [*islice(values, len(COLUMNS))]
    reader, tie = Reader(*islice(values, len(OF_READER))), Tie(*islice(values, len(OF_TIE)))
    account = tuple(islice(values, len(OF_ACCOUNT)))
    is_known, is_tied, is_own = values
    found = InHand(
        _account(runtime, message[COLUMNS.index("service_id")], account),
        reader if is_known else None,
        tie if is_tied else None,
        *message,
    )
    return found, bool(is_own)


def _account(runtime: Runtime, service_id: int, values: tuple[Any, ...]) -> Service:
    """Return the account as it is now; the whole row is read again where any of these changed."""
    service = runtime.session.get_one(Service, service_id)
    if values != tuple(getattr(service, name) for name in OF_ACCOUNT):
        runtime.session.refresh(service)
    return service


def of_message(message: Message) -> InHand:
    """Return the values of a row that was read already."""
    visitor, subscription = message.visitor, message.subscription
    return InHand(
        message.service,
        reader_of(visitor) if visitor else None,
        tie_of(subscription) if subscription else None,
        *(getattr(message, name) for name in COLUMNS),
    )


def of_attempt(attempt: Attempt) -> Try:
    """Return the values of a row that was read already."""
    return Try(attempt.id, attempt.message_id, attempt.position, attempt.text, attempt.started_at)
