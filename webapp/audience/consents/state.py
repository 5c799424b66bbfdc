"""What follows from somebody's answers: the moments that the consent gate asks about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from webapp.audience.models import Answer, ConsentScope, ConsentSource


class Row(Protocol):
    """What is asked of an answer."""

    id: int
    answer: Answer
    scope: ConsentScope
    source: ConsentSource
    at: datetime
    replaces_id: int | None


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The columns of a subscription that its answers make."""

    wrote_first_at: datetime | None = None
    opted_in_at: datetime | None = None
    opted_out_at: datetime | None = None
    doubted_at: datetime | None = None


def in_force(rows: Sequence[R]) -> list[R]:
    """Return the answers that no later row puts right."""
    replaced = {row.replaces_id for row in rows}
    return [row for row in rows if row.id not in replaced]


def state_of(rows: Sequence[Row]) -> State:
    """Return what all answers of a person about an account come to, in whatever order they are.

    The first word counts, and the last of everything else. A doubt ends with a later agreement.
    """
    held = [row for row in in_force(rows) if row.scope is ConsentScope.MESSAGES]

    def last(answer: Answer) -> datetime | None:
        return max((row.at for row in held if row.answer is answer), default=None)

    into, doubt = last(Answer.OPT_IN), last(Answer.DOUBT)
    answered = into is not None and doubt is not None and into > doubt
    return State(
        wrote_first_at=_first_word(held),
        opted_in_at=into,
        opted_out_at=last(Answer.OPT_OUT),
        doubted_at=None if answered else doubt,
    )


def _first_word(held: Iterable[Row]) -> datetime | None:
    """Return when somebody wrote first; an agreement in a message is a word of theirs, too."""
    words = (
        row.at
        for row in held
        if row.answer is Answer.WROTE_FIRST
        or (row.answer is Answer.OPT_IN and row.source is ConsentSource.MESSAGE)
    )
    return min(words, default=None)
