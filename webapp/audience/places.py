"""What domains above may add to the card of a person, and to what is known of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from webapp.audience.models import Visitor
from webapp.audience.timeline import Event
from webapp.kernel.domain import Addition
from webapp.kernel.panels import Panel, Place
from webapp.kernel.runtime import Runtime


class Fate(StrEnum):
    """What an erasure does to records: removes them, takes the person out of them, or neither."""

    REMOVED = "removed"
    EMPTIED = "emptied"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One kind of record about a person: how many there are, what they say, and how they go.

    `label` says how many. `rows` yields them for a copy, as plain values that JSON knows. `erase`
    leaves no trace of the person in them; it writes into the caller's transaction.
    """

    name: str
    fate: Fate
    label: Callable[[int], str]
    number: Callable[[Runtime, Visitor], int]
    rows: Callable[[Runtime, Visitor], Iterable[Mapping[str, Any]]]
    erase: Callable[[Runtime, Visitor], None]


TIMELINE: Place[[Visitor], Sequence[Event]] = Place("person/timeline")
# Parts of the card beside the timeline.
BESIDE: Place[[Visitor], Panel] = Place("person/beside")
# Why an account writes to somebody no more, in words, by the code that is kept.
QUARANTINE_REASON: Place[[str], str] = Place("person/quarantine_reason")
# Whoever stores anything about people adds how it is told and erased; those that need a row of a
# lower domain to find theirs come before it.
PERSONAL_DATA: Place[[], Holding] = Place("person/data")
# Told before what people wrote leaves, of what was received before a moment.
RECEIVED_LEAVING: Place[[datetime], None] = Place("person/received-leaving")


def additions_of(holdings: Sequence[Holding], *, rank: int) -> tuple[Addition, ...]:
    """Return the additions of a domain that stores these kinds of record about people."""
    return tuple(
        PERSONAL_DATA.add(partial(_given, holding), rank=rank + number)
        for number, holding in enumerate(holdings)
    )


def _given(holding: Holding, _runtime: Runtime) -> Holding:
    return holding
