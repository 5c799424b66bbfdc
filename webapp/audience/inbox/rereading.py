"""Reads kept messages again by the words of today, after an upgrade or a word that was added.

Each message names the table that read it last, so a set that was not finished is found again. What
was heard is never taken back, and what an operator decided about a message stays decided.
"""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from channels import Wish
from channels.wishes import Listener
from webapp.audience import own_words
from webapp.audience.consents import hearing, ledger
from webapp.audience.inbox.inbound_messages import heard
from webapp.audience.models import ConsentSource, ReceivedMessage, Subscription
from webapp.kernel.runtime import Runtime

SET = 500


def read_all(runtime: Runtime) -> int:
    """Read every message that other words read last, set by set; return how many changed."""
    changed, read = 0, SET
    while read == SET:
        read, more = _read(runtime)
        changed += more
    return changed


def read_set(runtime: Runtime) -> int:
    """Read one set; return how many messages it had, none when all are read by these words."""
    return _read(runtime)[0]


def _read(runtime: Runtime) -> tuple[int, int]:
    ear = own_words.ear(runtime)
    rows = runtime.session.scalars(
        # Two ranges of the index, where "is not" would look at every row.
        select(ReceivedMessage)
        .where(or_(ReceivedMessage.heard < ear.revision, ReceivedMessage.heard > ear.revision))
        .order_by(ReceivedMessage.id)
        .limit(SET)
    ).all()
    wishes = {note.id: _wish(ear.listener, note) for note in rows}
    raised = [note for note in rows if wishes[note.id] != note.wish]
    ties = _ties(runtime, raised)
    for note in raised:
        tie = ties.get((note.service_id, note.visitor_id))
        note.wish = wishes[note.id]
        if tie is not None:
            _apply(runtime, tie, note)
    for note in rows:
        note.heard = ear.revision
    runtime.session.commit()
    return len(rows), len(raised)


def _wish(listener: Listener, note: ReceivedMessage) -> str:
    """Return what a message asks for by the words of today, never less than it did."""
    if note.settled:
        return note.wish
    found = heard(listener, note.text, Wish(note.wish) if note.wish else None)
    return found.value if found else ""


def _ties(
    runtime: Runtime, notes: Sequence[ReceivedMessage]
) -> dict[tuple[int, int], Subscription]:
    """Return, locked, what ties the writers to the services they wrote to."""
    if not notes:
        return {}
    rows = runtime.session.scalars(
        select(Subscription)
        .where(Subscription.visitor_id.in_({note.visitor_id for note in notes}))
        .order_by(Subscription.id)
        .options(joinedload(Subscription.visitor), joinedload(Subscription.service))
        .with_for_update(of=Subscription)
        .execution_options(populate_existing=True)
    )
    return {(row.service_id, row.visitor_id): row for row in rows}


def _apply(runtime: Runtime, tie: Subscription, note: ReceivedMessage) -> None:
    """Let follow what follows from a message that is a refusal, or looks like one, after all."""
    runtime.session.flush()
    was_first = tie.wrote_first_at == note.received_at
    hear = hearing.hear_stop if note.wish == Wish.STOP.value else hearing.hear_doubt
    hear(runtime, tie, note, _taken_for(runtime, tie, note))
    first = _first_word(runtime, tie) if was_first else None
    if first is not None:
        hearing.first_word(runtime, tie, first)


def _taken_for(runtime: Runtime, tie: Subscription, note: ReceivedMessage) -> int | None:
    """Return the row of what a message was taken for; rows of old times name no message."""
    mine = (ConsentSource.MESSAGE, ConsentSource.UNKNOWN)
    rows = [
        row.id
        for row in ledger.held(runtime, tie)
        if row.source in mine
        and row.at == note.received_at
        and row.reference in {"", note.remote_id}
    ]
    return rows[-1] if rows else None


def _first_word(runtime: Runtime, tie: Subscription) -> ReceivedMessage | None:
    """Return the first message of the person that is no refusal, as far as it is kept."""
    refusals = (Wish.STOP.value, Wish.DOUBT.value)
    return runtime.session.scalar(
        select(ReceivedMessage)
        .where(
            ReceivedMessage.service_id == tie.service_id,
            ReceivedMessage.visitor_id == tie.visitor_id,
            or_(ReceivedMessage.wish.not_in(refusals), ReceivedMessage.settled == "other"),
        )
        .order_by(ReceivedMessage.received_at, ReceivedMessage.id)
        .limit(1)
    )
