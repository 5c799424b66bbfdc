"""What somebody's consent, refusal or doubt stands on, and what is kept of it beyond its time."""

import hashlib

from sqlalchemy import ColumnElement, delete, exists, or_

from webapp.audience.models import ConsentEvidence, ReceivedMessage, Subscription
from webapp.kernel.db import insert_into
from webapp.kernel.runtime import Runtime

WROTE_FIRST = "wrote_first"


def leans_on_note() -> ColumnElement[bool]:
    """Return the condition that a message proves what holds now, so that it may not be removed.

    It is the one by which the person wrote first, opted in or refused, or one that nobody decided
    about yet. As soon as a later one takes its place, it may go.
    """
    moments = (
        Subscription.wrote_first_at,
        Subscription.opted_in_at,
        Subscription.opted_out_at,
        Subscription.doubted_at,
    )
    return exists().where(
        Subscription.service_id == ReceivedMessage.service_id,
        Subscription.visitor_id == ReceivedMessage.visitor_id,
        or_(*(moment == ReceivedMessage.received_at for moment in moments)),
    )


def keep(runtime: Runtime, note: ReceivedMessage, meaning: str) -> None:
    """Keep what proves a consent or a refusal, for as long as the account; the caller commits.

    `meaning` is `wrote_first` or the value of a `Wish`. The words themselves are not kept, only
    their hash: whoever shows them can prove that these were said, and when.
    """
    row = insert_into(runtime.session, ConsentEvidence.__table__).values(
        service_id=note.service_id,
        remote_id=note.remote_id,
        visitor_id=note.visitor_id,
        meaning=meaning,
        text_hash=hash_of(note.text),
        said_at=note.received_at,
    )
    # Its writer may have changed it: what counts is the text that is meant now.
    again = row.on_conflict_do_update(
        index_elements=["service_id", "remote_id"],
        set_={name: row.excluded[name] for name in ("meaning", "text_hash", "said_at")},
    )
    runtime.session.execute(again)


def keep_first(runtime: Runtime, note: ReceivedMessage) -> None:
    """Keep the message by which somebody wrote first, as far as is known; the caller commits.

    An inbox is read backwards, so one that was taken for the first may turn out to be a later one.
    """
    later = delete(ConsentEvidence).where(
        ConsentEvidence.service_id == note.service_id,
        ConsentEvidence.visitor_id == note.visitor_id,
        ConsentEvidence.meaning == WROTE_FIRST,
        ConsentEvidence.said_at > note.received_at,
    )
    runtime.session.execute(later.execution_options(synchronize_session=False))
    keep(runtime, note, WROTE_FIRST)


def hash_of(text: str) -> str:
    """Return the hash by which words are recognised: SHA-256 of their UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
