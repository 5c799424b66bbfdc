"""What is known of the uploads of a message: which ids it may name, and which it named."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update

from webapp.deliveries.models import GOES_ON, MediaUpload, UploadState
from webapp.deliveries.sending.rendering import Wording
from webapp.kernel.db.changes import updated
from webapp.kernel.runtime import Runtime

# One that ends while the other parts of a thread go out would leave it without a picture.
MARGIN = timedelta(minutes=10)
Spot = tuple[int, int]


def latest(runtime: Runtime, message_id: int) -> dict[Spot, MediaUpload]:
    """Return the last upload for each place of a message."""
    rows = runtime.session.scalars(
        select(MediaUpload)
        .where(MediaUpload.message_id == message_id)
        .order_by(MediaUpload.id)
        .execution_options(populate_existing=True)
    )
    return {(row.position, row.place): row for row in rows}


def may_be_named(row: MediaUpload | None, now: datetime) -> bool:
    """Tell whether a message may name what an upload left."""
    return row is not None and row.state is UploadState.READY and _lasts(row, now)


def goes_on(row: MediaUpload, now: datetime) -> bool:
    """Tell whether an upload goes on where it stands; what the network drops begins anew."""
    return row.state in GOES_ON and _lasts(row, now)


def _lasts(row: MediaUpload, now: datetime) -> bool:
    return row.expires_at is None or row.expires_at > now + MARGIN


def attached(wordings: Sequence[Wording], rows: Mapping[Spot, MediaUpload]) -> list[Wording]:
    """Return the parts with the ids of what was uploaded for them, as far as there are any."""
    return [_named(wording, position, rows) for position, wording in enumerate(wordings)]


def _named(wording: Wording, position: int, rows: Mapping[Spot, MediaUpload]) -> Wording:
    if not wording.part.media:
        return wording
    media = tuple(
        replace(item, remote_id=row.remote_id)
        if (row := rows.get((position, place))) and row.state is UploadState.READY
        else item
        for place, item in enumerate(wording.part.media)
    )
    return replace(wording, part=replace(wording.part, media=media))


def ids(runtime: Runtime, message_id: int, position: int) -> frozenset[str]:
    """Return the ids that a try of a part may have named."""
    rows = runtime.session.scalars(
        select(MediaUpload.remote_id).where(
            MediaUpload.message_id == message_id,
            MediaUpload.position == position,
            MediaUpload.remote_id.is_not(None),
        )
    )
    return frozenset(row for row in rows if row)


def forget(runtime: Runtime, message_id: int) -> None:
    """Upload all of a message anew: the network knows what was uploaded no more; caller commits."""
    updated(
        runtime.session,
        update(MediaUpload)
        .where(MediaUpload.message_id == message_id, MediaUpload.state == UploadState.READY)
        .values(expires_at=runtime.now(), changed_at=runtime.now()),
    )
