"""Exchanges the links of a message for short ones that lead to the same place."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from webapp.deliveries.models import Delivery, Message
from webapp.deliveries.pieces import pieces
from webapp.deliveries.places import Link, Shortening
from webapp.kernel.db import insert_into
from webapp.kernel.errors import Conflict
from webapp.kernel.runtime import Runtime
from webapp.kernel.web import links
from webapp.services.models import Service
from webapp.tracking import choices, tokens
from webapp.tracking.choices import Choices
from webapp.tracking.models import PersonalAddress, TrackedLink, TrackingRefusal
from webapp.tracking.tokens import Numbers

# A number that is drawn is hardly ever another's already.
TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What the links of a delivery begin with, and what was chosen for all of them."""

    base: str
    chosen: Choices


def shorten(runtime: Runtime, asked: Shortening) -> Mapping[str, str]:
    """Return the short links of a message by what they lead to; rows are in the transaction.

    A link that no network would draw as one is none of these, such as to this machine alone.
    """
    sender = sender_of(runtime, asked.delivery, asked.service)
    if sender is None:
        return {}
    named = _is_named(runtime, asked, sender.chosen)
    wanted = [link for link in asked.links if named or not link.is_personal]
    if asked.message is None:
        return {
            link.address: f"{sender.base}{tokens.example(runtime.settings, number)}"
            for number, link in enumerate(wanted)
        }
    known = _rows(runtime, asked.delivery, wanted, sender.chosen)
    message_id = asked.message.id if named else None
    if message_id is not None:
        _keep_personal(runtime, message_id, [(known[link.name], link) for link in wanted])
    return {
        link.address: sender.base
        + tokens.path(runtime.settings, Numbers(known[link.name], message_id))
        for link in wanted
    }


def sender_of(runtime: Runtime, delivery: Delivery, service: Service | None) -> Sender | None:
    """Return what short links of a delivery begin with; nothing where there can be none."""
    chosen = choices.of_instance(runtime)
    base = base_of(runtime, delivery, service) if chosen.counts else ""
    if not base or not _is_drawn(runtime, delivery, base):
        return None
    return Sender(base=base, chosen=chosen)


def base_of(runtime: Runtime, delivery: Delivery, service: Service | None) -> str:
    """Return the address that readers reach; that of this machine alone in rehearsals only."""
    own = choices.domain_of(runtime, service.id) if service else ""
    if own or runtime.settings.public_url:
        return own or links.base(runtime.settings)
    rehearsed = bool(delivery.services) and all(item.is_sandbox for item in delivery.services)
    try:
        return links.base(runtime.settings) if rehearsed else ""
    except Conflict:
        return ""


def _is_drawn(runtime: Runtime, delivery: Delivery, base: str) -> bool:
    """Tell whether the network makes a link of ours, which it also counts and charges as one."""
    ours = f"{base}{tokens.example(runtime.settings)}"
    found = pieces(runtime, delivery.channel, ours)
    return [(piece.kind, piece.text) for piece in found] == [("link", ours)]


def _is_named(runtime: Runtime, asked: Shortening, chosen: Choices) -> bool:
    """Tell whether a link says of which message it is; that of a post is of no person."""
    message = asked.message
    if message is None or not chosen.names_people:
        return chosen.names_people or (message is not None and message.visitor is None)
    refused = (
        select(TrackingRefusal.visitor_id)
        .join(Message, Message.visitor_id == TrackingRefusal.visitor_id)
        .where(Message.id == message.id)
    )
    return runtime.session.scalar(refused) is None


def _rows(
    runtime: Runtime, delivery: Delivery, wanted: Sequence[Link], chosen: Choices
) -> Mapping[str, int]:
    """Return the number of each link by its name; what is not there yet is written.

    Two workers write the same ones at once: the second waits for the first, and takes its rows.
    """
    names = {link.name: link.is_personal for link in wanted}
    known = _known(runtime, delivery.id, names)
    for _time in range(TRIES):
        new = [name for name in sorted(names) if name not in known]
        if not new:
            break
        rows = [
            {"delivery_id": delivery.id, "address": name, "personal": names[name]} for name in new
        ]
        _insert(runtime, rows, chosen)
        known = _known(runtime, delivery.id, names)
    return known


def _insert(runtime: Runtime, rows: Sequence[dict[str, Any]], chosen: Choices) -> None:
    """Write links; one that is there, or whose number is another's, is left out."""
    now = runtime.now()
    ends = now + timedelta(days=chosen.valid_days) if chosen.valid_days else None
    for row in rows:
        row |= {"id": tokens.new_link(), "digest": digest(row["address"])}
        row |= {"made_at": now, "expires_at": ends}
    insert = insert_into(runtime.session, TrackedLink.__table__).on_conflict_do_nothing()
    runtime.session.execute(insert, rows)


def _known(runtime: Runtime, delivery_id: int, names: Iterable[str]) -> dict[str, int]:
    wanted = select(TrackedLink.address, TrackedLink.id).where(
        TrackedLink.delivery_id == delivery_id, TrackedLink.digest.in_(map(digest, names))
    )
    return dict(runtime.session.execute(wanted).all())


def _keep_personal(runtime: Runtime, message_id: int, found: Iterable[tuple[int, Link]]) -> None:
    rows = [
        {"link_id": number, "message_id": message_id, "address": link.address}
        for number, link in found
        if link.is_personal
    ]
    if rows:
        insert = insert_into(runtime.session, PersonalAddress.__table__).on_conflict_do_nothing()
        runtime.session.execute(insert, rows)


def digest(name: str) -> str:
    """Return what the name of a link is found by."""
    return hashlib.sha256(name.encode()).hexdigest()
