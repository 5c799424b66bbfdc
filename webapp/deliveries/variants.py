"""The variants of a delivery: what seals them, how they are copied, and who gets which one."""

import hashlib
import json
from collections.abc import Iterable
from functools import partial
from typing import Any, BinaryIO

from sqlalchemy import BigInteger, ColumnElement, SQLColumnExpression, case, cast, literal

from channels import ChannelError, ErrorKind, Media, Part
from webapp.deliveries.models import (
    ContentPart,
    Delivery,
    DeliveryLink,
    DeliveryVariant,
    ExperimentPlan,
    PartMedia,
)
from webapp.deliveries.models.experiment import PLANNED
from webapp.kernel.config.settings import Settings
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice
from webapp.media import library, store
from webapp.media.models import MediaFile

# A prime below 2**31, so that a square of what it leaves fits into 64 bits.
PRIME = 2_147_483_647
OF_RECIPIENT, OF_DELIVERY = 48_271, 69_621
# Another hash of the same, so that whose turn it is says nothing of what they get.
OF_TURN = 16_807


def seal(delivery: Delivery) -> str:
    """Return the hash that proofs and analyses are about: of all that a reader gets to see.

    It covers the language, since Fanfare's own lines are written in it, and for each variant its
    weight, its texts, subjects and HTML, and its media with what is said of them. Links that are
    counted are read as other addresses, so what was chosen for them is in it, too. So is the plan
    by which an experiment is judged: nobody chooses it after they saw what came of it.
    """
    told = {
        "language": delivery.language,
        "clicks": delivery.counts_clicks is not False,
        "links": sorted([item.name, item.label, item.counted] for item in delivery.links),
        "variants": [
            {"weight": variant.weight, "parts": [_told(part) for part in variant.parts]}
            for variant in delivery.variants
        ],
    }
    if delivery.plan:
        told["plan"] = {name: getattr(delivery.plan, name) for name in PLANNED}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _told(part: ContentPart) -> dict[str, Any]:
    return {
        "text": part.text,
        "subject": part.subject,
        "html": part.html,
        "media": [[item.sha256, item.mime, item.bytes, item.alt] for item in part.media],
    }


def copied(source: Delivery) -> list[DeliveryVariant]:
    """Return new rows that say all that a delivery says."""
    return [
        DeliveryVariant(
            position=variant.position,
            weight=variant.weight,
            parts=[_copied(part) for part in variant.parts],
        )
        for variant in source.variants
    ]


def copied_links(source: Delivery) -> list[DeliveryLink]:
    """Return new rows with what was chosen for the links of a delivery."""
    kept = ("digest", "name", "label", "counted")
    return [DeliveryLink(**{name: getattr(item, name) for name in kept}) for item in source.links]


def copied_plan(source: Delivery) -> ExperimentPlan | None:
    """Return a new row of the plan of a delivery, if it has one."""
    if source.plan is None:
        return None
    return ExperimentPlan(**{name: getattr(source.plan, name) for name in PLANNED})


def _copied(part: ContentPart) -> ContentPart:
    same = {name: getattr(part, name) for name in ("position", "text", "subject", "html")}
    kept = ("position", "sha256", "mime", "bytes", "alt")
    media = [PartMedia(**{name: getattr(item, name) for name in kept}) for item in part.media]
    return ContentPart(**same, media=media)


def of_recipient(
    delivery: Delivery, recipient: SQLColumnExpression[int]
) -> ColumnElement[int | None]:
    """Return which variant the recipient of this id gets, by a hash that never changes.

    It is nothing where there is one variant alone: such a message needs no choice.
    """
    rows = delivery.variants
    if len(rows) < 2:  # noqa: PLR2004 - there is no choice below two
        return literal(None, BigInteger)
    place = _place(delivery, cast(recipient, BigInteger))
    ends, end = [], 0
    for row in rows[:-1]:
        end += row.weight
        ends.append((place < end, row.id))
    return case(*ends, else_=rows[-1].id)


def chosen(delivery: Delivery, recipient: int) -> int | None:
    """Return the same as `of_recipient` for one id that is known."""
    rows = delivery.variants
    if len(rows) < 2:  # noqa: PLR2004 - there is no choice below two
        return None
    place: int = _place(delivery, recipient)
    for row in rows:
        place -= row.weight
        if place < 0:
            return row.id
    return rows[-1].id


def held_out(delivery: Delivery) -> int:
    """Return the share of people who get nothing, by which it is seen what writing brings."""
    return delivery.plan.held_out if delivery.plan else 0


def is_held_out(delivery: Delivery, recipient: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Return the condition that the recipient of this id gets nothing, by the same hash."""
    sent = sum(row.weight for row in delivery.variants)
    held: ColumnElement[bool] = _place(delivery, cast(recipient, BigInteger)) >= sent
    return held


def holds_out(delivery: Delivery, recipient: int) -> bool:
    """Return the same as `is_held_out` for one id that is known."""
    sent = sum(row.weight for row in delivery.variants)
    return bool(_place(delivery, recipient) >= sent)


def turn(delivery: Delivery, recipient: SQLColumnExpression[int]) -> ColumnElement[int]:
    """Return what puts people in an order that has nothing to do with who they are."""
    mixed = (cast(recipient, BigInteger) * OF_TURN + delivery.id * OF_DELIVERY % PRIME) % PRIME
    return mixed * mixed % PRIME


def _place(delivery: Delivery, recipient: Any) -> Any:
    """Return at which part of all shares somebody stands; those who get nothing are the last."""
    mixed = (recipient * OF_RECIPIENT + delivery.id * OF_DELIVERY % PRIME) % PRIME
    shares = sum(row.weight for row in delivery.variants) + held_out(delivery)
    return mixed * mixed % PRIME % shares


def of_message(delivery: Delivery, variant_id: int | None) -> DeliveryVariant:
    """Return the variant of a message; one without a choice has the only one."""
    rows = delivery.variants
    return next((row for row in rows if row.id == variant_id), rows[0])


def most_parts(delivery: Delivery) -> int:
    """Return how many calls a message takes at most: one for each of its parts."""
    return max((len(row.parts) for row in delivery.variants), default=1)


def is_kept(runtime: Runtime, parts: Iterable[ContentPart]) -> bool:
    """Tell whether the file of each picture and film is there, as far as its size tells."""
    shown = (item for part in parts for item in part.media)
    return all(store.has(runtime.settings, item.sha256, item.bytes) for item in shown)


def media(runtime: Runtime, part: ContentPart) -> tuple[Media, ...]:
    """Return the media of a part as channels know them; its file is opened when it is read."""
    known = library.by_digests(runtime, [row.sha256 for row in part.media])
    return tuple(_media(runtime, row, known.get(row.sha256)) for row in part.media)


def parts(runtime: Runtime, variant: DeliveryVariant) -> list[Part]:
    """Return the parts of a variant as they are written, with their media."""
    return [Part(text=row.text, media=media(runtime, row)) for row in variant.parts]


def _media(runtime: Runtime, row: PartMedia, file: MediaFile | None) -> Media:
    return Media(
        mime=row.mime,
        size=row.bytes,
        alt=row.alt,
        open=partial(opened, runtime.settings, row.sha256),
        key=row.sha256,
        width=file.width if file else 0,
        height=file.height if file else 0,
    )


def opened(settings: Settings, digest: str) -> BinaryIO:
    """Open a file; one that is gone or changed lets no message go out, not even without it."""
    try:
        return store.opened(settings, digest)
    except FileNotFoundError as gone:
        missing = Notice("media_missing")
        raise ChannelError(missing, kind=ErrorKind.PERMANENT, code="media_missing") from gone
    except OSError as cause:
        # Such as a copy that was restored by another user: the network was not asked yet.
        why, kind = Notice("media_unreadable"), ErrorKind.TEMPORARY
        raise ChannelError(why, kind=kind, code="media_unreadable") from cause
