"""Plans what has to be uploaded before a message goes out: rows and charges before any call."""

from collections.abc import Sequence
from dataclasses import dataclass

from channels import Media, Operation, Price
from webapp.deliveries import counters
from webapp.deliveries.costs.pricing import upload_variant
from webapp.deliveries.in_hand import InHand
from webapp.deliveries.models import (
    Delivery,
    MediaUpload,
    MessageState,
    UploadState,
)
from webapp.deliveries.sending import uploaded
from webapp.deliveries.sending.rendering import Wording
from webapp.kernel.runtime import Runtime
from webapp.services.client import Client


@dataclass(slots=True, kw_only=True)
class Wanted:
    """Something that has to be uploaded, by an upload that goes on or by a new one."""

    position: int
    place: int
    media: Media
    price: Price | None
    row: MediaUpload
    # A new upload begins here, and is paid.
    is_new: bool


def wanted(client: Client, message: InHand, wordings: Sequence[Wording]) -> list[Wanted]:
    """Return what of the parts that are not out yet is not on the network, or not any more."""
    left = range(message.parts_sent, len(wordings))
    if not any(wordings[at].part.media for at in left) or client.channel.media is None:
        return []
    rows, now = uploaded.latest(client.runtime, message.id), client.runtime.now()
    return [
        _wanted(client, message, spot, media, rows.get(spot))
        for at in left
        for place, media in enumerate(wordings[at].part.media)
        if not uploaded.may_be_named(rows.get(spot := (at, place)), now)
    ]


def _wanted(
    client: Client,
    message: InHand,
    spot: uploaded.Spot,
    media: Media,
    row: MediaUpload | None,
) -> Wanted:
    price = client.terms.price(Operation.UPLOAD, upload_variant(client.channel, media))
    goes_on = row if row is not None and uploaded.goes_on(row, client.runtime.now()) else None
    return Wanted(
        position=spot[0],
        place=spot[1],
        media=media,
        price=price,
        row=goes_on or _new(client.runtime, message, spot, media, price),
        is_new=goes_on is None,
    )


def _new(
    runtime: Runtime, message: InHand, spot: uploaded.Spot, media: Media, price: Price | None
) -> MediaUpload:
    now = runtime.now()
    return MediaUpload(
        message_id=message.id,
        position=spot[0],
        place=spot[1],
        sha256=media.key,
        state=UploadState.PLANNED,
        planned_at=now,
        changed_at=now,
        cost=price.amount if price else counters.NOTHING,
    )


def plan(client: Client, delivery: Delivery, message: InHand, items: Sequence[Wanted]) -> None:
    """Write a row for each new upload, and charge it; the caller commits with its claim.

    So a budget knows of all of them before the first one is made. An upload that is still being
    called here is a dead worker's: this one has its message.
    """
    runtime = client.runtime
    _give_up(runtime, message)
    new = [item for item in items if item.is_new]
    total = counters.NOTHING
    for item in new:
        total += client.charge(Operation.UPLOAD, variant=item.price.variant if item.price else "")
    runtime.session.add_all(item.row for item in new)
    runtime.session.flush()
    if total:
        place = counters.place(MessageState.SENT)
        counters.add(runtime, delivery.id, {place: (0, total)})


def _give_up(runtime: Runtime, message: InHand) -> None:
    for row in uploaded.latest(runtime, message.id).values():
        if row.state is UploadState.CALLING:
            row.state, row.changed_at = UploadState.UNKNOWN, runtime.now()
