"""Adds answers of people, which nobody changes after, and keeps what follows from them.

The columns that the gate asks are made anew from all the rows of a person about an account, in the
transaction that adds one, so that neither is ever there without the other.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, event, select
from sqlalchemy.orm import Mapper

from webapp.audience import consent
from webapp.audience.consents import counting
from webapp.audience.consents.agreeing import AGREED, Agreed
from webapp.audience.consents.state import State, in_force, state_of
from webapp.audience.models import (
    Answer,
    Consent,
    ConsentScope,
    ConsentSource,
    ReceivedMessage,
    Subscription,
)
from webapp.kernel.runtime import Runtime

Tie = tuple[int, int]
ASKED = ("id", "answer", "scope", "source", "at", "replaces_id", "reference", "recorded_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer that is to be written down; the fields are those of `Consent`."""

    answer: Answer
    source: ConsentSource
    at: datetime
    scope: ConsentScope = ConsentScope.MESSAGES
    purpose: str = ""
    fields: tuple[str, ...] = ()
    wording_id: int | None = None
    proof: str = ""
    reference: str = ""
    text_hash: str = ""
    replaces_id: int | None = None


def append(runtime: Runtime, tie: Subscription, said: Said) -> Consent:
    """Write an answer down, and what follows from it; the caller commits."""
    return append_all(runtime, [(tie, said)])[0]


def append_all(runtime: Runtime, said: Iterable[tuple[Subscription, Said]]) -> list[Consent]:
    """Write answers of several people about one account down; the caller commits."""
    pairs = list(said)
    rows = [_row(runtime, tie, what) for tie, what in pairs]
    runtime.session.add_all(rows)
    # The rows first: their keys hold the people, before what ties them to accounts is locked.
    runtime.session.flush()
    opened = _follow(runtime, [tie for tie, _what in pairs])
    if agreed := _agreed(pairs, opened):
        AGREED.ask(runtime, agreed)
    return rows


def _agreed(
    pairs: Iterable[tuple[Subscription, Said]], opened: Sequence[Subscription]
) -> list[Agreed]:
    """Return whom an answer let messages to that were not let before.

    What puts an earlier answer right, such as its date, is no new one.
    """
    yes: dict[int, tuple[datetime, bool]] = {}
    for tie, said in pairs:
        is_yes = said.answer is Answer.OPT_IN and said.scope is ConsentScope.MESSAGES
        if is_yes and said.replaces_id is None:
            at, imported = yes.get(tie.id, (said.at, False))
            imported |= said.source is ConsentSource.IMPORT
            yes[tie.id] = max(at, said.at), imported
    return [
        Agreed(
            service_id=tie.service_id,
            visitor_id=tie.visitor_id,
            subscription_id=tie.id,
            at=yes[tie.id][0],
            imported=yes[tie.id][1],
        )
        for tie in opened
        if tie.id in yes
    ]


def _row(runtime: Runtime, tie: Subscription, said: Said) -> Consent:
    values: dict[str, Any] = asdict(said) | {"fields": list(said.fields)}
    return Consent(
        service_id=tie.service_id,
        visitor_id=tie.visitor_id,
        recorded_at=runtime.now(),
        recorded_by=runtime.actor.name,
        **values,
    )


def _follow(runtime: Runtime, ties: Sequence[Subscription]) -> list[Subscription]:
    """Write what follows from all answers; whoever answers meanwhile waits, and sees these.

    Return those who agree from now on, and did not before.
    """
    ids = {tie.id for tie in ties}
    locked = runtime.session.scalars(
        select(Subscription)
        .where(Subscription.id.in_(ids))
        .order_by(Subscription.id)
        .with_for_update(of=Subscription)
        .execution_options(populate_existing=True)
    ).all()
    known = states(runtime, locked)
    agreed = {tie.id for tie in locked if _agrees(tie)}
    for tie in locked:
        for name, at in asdict(known[tie.service_id, tie.visitor_id]).items():
            if getattr(tie, name) != at:
                setattr(tie, name, at)
    runtime.session.flush()
    for tie in locked:
        counting.changed(runtime, tie.service_id, was=tie.id in agreed, now=_agrees(tie))
    return [tie for tie in locked if _agrees(tie) and tie.id not in agreed]


def _agrees(tie: Subscription) -> bool:
    return tie.opted_in_at is not None and not consent.wrote_stop(tie)


def states(runtime: Runtime, ties: Sequence[Subscription]) -> Mapping[Tie, State]:
    """Return what the answers come to, for each of what ties people to accounts."""
    found: dict[Tie, list[Row[Any]]] = defaultdict(list)
    rows = select(Consent.service_id, Consent.visitor_id, *_columns()).where(
        Consent.visitor_id.in_({tie.visitor_id for tie in ties}),
        Consent.service_id.in_({tie.service_id for tie in ties}),
    )
    for row in runtime.session.execute(rows):
        found[row.service_id, row.visitor_id].append(row)
    keys = [(tie.service_id, tie.visitor_id) for tie in ties]
    return {key: state_of(found[key]) for key in keys}


def held(runtime: Runtime, tie: Subscription) -> list[Row[Any]]:
    """Return the answers of a person about an account that nothing put right, the first first."""
    rows = select(*_columns()).where(
        Consent.service_id == tie.service_id, Consent.visitor_id == tie.visitor_id
    )
    return in_force(runtime.session.execute(rows.order_by(Consent.id)).all())


def _columns() -> list[Any]:
    return [getattr(Consent, name) for name in ASKED]


def of_message(note: ReceivedMessage, answer: Answer, replaces_id: int | None = None) -> Said:
    """Return what a message of somebody says; of its words the hash is kept.

    Whoever shows the words can prove that these were said, and when. Those of an agreement are kept
    themselves: they are its proof.
    """
    return Said(
        answer=answer,
        source=ConsentSource.MESSAGE,
        at=note.received_at,
        proof=note.text if answer is Answer.OPT_IN else "",
        reference=note.remote_id,
        text_hash=hash_of(note.text),
        replaces_id=replaces_id,
    )


def dated_again(runtime: Runtime, number: int, at: datetime) -> Said:
    """Return the same answer with another date, in place of the one that is there."""
    known = runtime.session.get_one(Consent, number)
    same = {field.name: getattr(known, field.name) for field in fields(Said)}
    return Said(**same | {"at": at, "fields": tuple(known.fields), "replaces_id": number})


def hash_of(text: str) -> str:
    """Return the hash by which words are recognised: SHA-256 of their UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


@event.listens_for(Consent, "before_update")
@event.listens_for(Consent, "before_delete")
def _refuse(_mapper: Mapper[Any], _connection: Any, row: Consent) -> None:
    """Let nobody change an answer that was written down: who errs adds one that puts it right."""
    raise TypeError(f"The answer {row.id} was written down and stays as it is.")
