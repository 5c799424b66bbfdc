"""What a message has to know of its reader, as plain values: rows of the ORM take longer to read.

Thousands are read one after the other while a delivery goes out, each right before its message.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Column

from webapp.audience.models import Subscription, Visitor
from webapp.kernel.db import Base
from webapp.kernel.db.prepared import table_of


@dataclass(frozen=True, slots=True)
class Reader:
    """A person as a text names them and a channel knows them; the fields are those of `Visitor`."""

    remote_id: str
    handle: str
    name: str
    first_name: str
    follower_count: int | None
    verified: bool | None
    protected: bool | None
    accepts_messages: bool | None
    avatar_url: str | None


@dataclass(frozen=True, slots=True)
class Tie:
    """What the consent gate asks about; the fields are those of `Subscription`."""

    followed_at: datetime | None
    ended_at: datetime | None
    wrote_first_at: datetime | None
    opted_in_at: datetime | None
    opted_out_at: datetime | None
    doubted_at: datetime | None
    quarantined_at: datetime | None


def _columns(values: Any, model: type[Base]) -> tuple[Column[Any], ...]:
    return tuple(table_of(model).c[field.name] for field in fields(values))


# In the order of the fields, so that a row makes the value.
OF_READER = _columns(Reader, Visitor)
OF_TIE = _columns(Tie, Subscription)


def reader_of(visitor: Visitor) -> Reader:
    """Return the values of a row that was read already."""
    return Reader(*(getattr(visitor, column.name) for column in OF_READER))


def tie_of(subscription: Subscription) -> Tie:
    """Return the values of a row that was read already."""
    return Tie(*(getattr(subscription, column.name) for column in OF_TIE))
