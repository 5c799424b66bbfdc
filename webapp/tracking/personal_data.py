"""What clicks tell of a person: told in a copy for them, and taken out at their wish.

Clicks stay as lines that count, of nobody. Links that were written for one person alone, or lead
them somewhere else than others, lead nowhere afterwards.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, String, and_, cast, delete, or_, select, update

from webapp.audience.models import Visitor
from webapp.audience.personal_data import count
from webapp.audience.places import Fate, Holding, additions_of
from webapp.deliveries.models import Delivery, DeliveryLink, DeliveryRecipient, Message
from webapp.kernel.db.changes import updated
from webapp.kernel.db.rows import plain
from webapp.kernel.i18n import _, ngettext
from webapp.kernel.runtime import Runtime
from webapp.tracking.models import (
    Click,
    ClickMark,
    Conversion,
    PersonalAddress,
    TrackedLink,
    TrackingRefusal,
)

Row = Mapping[str, Any]


def _by(visitor: Visitor) -> ColumnElement[bool]:
    return Click.visitor_id == visitor.id


def _told_of(visitor: Visitor) -> ColumnElement[bool]:
    return Conversion.click_key.in_(select(Click.key).where(_by(visitor)))


def _leads(visitor: Visitor) -> ColumnElement[bool]:
    """Return the condition of an address in a message to a person, or a proof that shows them."""
    called = {visitor.handle, visitor.name, visitor.first_name} - {""}
    words = called | {quote(word, safe="") for word in called}
    named = or_(*(PersonalAddress.address.contains(word, autoescape=True) for word in words))
    sent = select(Message.id).where(Message.visitor_id == visitor.id)
    proofs = select(Message.id).join(Delivery).where(Delivery.parent_id.is_not(None))
    chosen = Delivery.proof_visitor_id
    of_message = PersonalAddress.message_id
    return or_(
        of_message.in_(sent),
        of_message.in_(proofs.where(chosen == visitor.id)),
        and_(of_message.in_(proofs.where(chosen.is_(None))), named),
    )


def _written_for(visitor: Visitor) -> Any:
    """Return the ids of the deliveries to this person alone, and of their proofs."""
    own = select(DeliveryRecipient.delivery_id).where(DeliveryRecipient.visitor_id == visitor.id)
    return select(Delivery.id).where(or_(Delivery.id.in_(own), Delivery.parent_id.in_(own)))


def _for_one(visitor: Visitor) -> ColumnElement[bool]:
    return TrackedLink.delivery_id.in_(_written_for(visitor))


def _clicks(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    for row in runtime.session.scalars(select(Click).where(_by(visitor)).order_by(Click.id)):
        link = {"delivery": row.link.delivery.label, "link": row.link.address}
        yield plain(row, "at", "kind", "rule") | link


def _conversions(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    rows = select(Conversion).where(_told_of(visitor)).order_by(Conversion.id)
    for row in runtime.session.scalars(rows):
        yield plain(row, "at", "kind", "reference", "amount", "currency")


def _addresses(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    for row in runtime.session.scalars(select(PersonalAddress).where(_leads(visitor))):
        yield plain(row, "address")


def _refusal(runtime: Runtime, visitor: Visitor) -> Iterator[Row]:
    row = runtime.session.get(TrackingRefusal, visitor.id)
    if row:
        yield plain(row, "at", "by")


def forget(runtime: Runtime, visitor: Visitor) -> None:
    """Leave that a link was followed, and when, without who it was; the caller commits.

    Whoever writes clicks just now is waited for, since they may not know yet what holds.
    """
    runtime.session.execute(select(ClickMark.id).with_for_update())
    _release(runtime, visitor)


def _release(runtime: Runtime, visitor: Visitor) -> None:
    """Leave that a link was followed, and when."""
    blank = update(Click).where(_by(visitor)).values(visitor_id=None, message_id=None)
    updated(runtime.session, blank)


def _remove_conversions(runtime: Runtime, visitor: Visitor) -> None:
    updated(runtime.session, delete(Conversion).where(_told_of(visitor)))


def _remove_addresses(runtime: Runtime, visitor: Visitor) -> None:
    updated(runtime.session, delete(PersonalAddress).where(_leads(visitor)))


def _empty_links(runtime: Runtime, visitor: Visitor) -> None:
    chosen = DeliveryLink.delivery_id.in_(_written_for(visitor))
    updated(runtime.session, delete(DeliveryLink).where(chosen))
    blank = update(TrackedLink).where(_for_one(visitor))
    updated(runtime.session, blank.values(address="", digest=cast(TrackedLink.id, String)))


def _remove_refusal(runtime: Runtime, visitor: Visitor) -> None:
    mine = TrackingRefusal.visitor_id == visitor.id
    updated(runtime.session, delete(TrackingRefusal).where(mine))


HOLDINGS = (
    # Before the clicks and the messages by which these are found.
    Holding(
        name="conversions",
        fate=Fate.REMOVED,
        label=lambda n: ngettext(
            "%(num)s report of what followed a click",
            "%(num)s reports of what followed a click",
            n,
        ),
        number=lambda runtime, who: count(runtime, Conversion, _told_of(who)),
        rows=_conversions,
        erase=_remove_conversions,
    ),
    Holding(
        name="clicks",
        fate=Fate.EMPTIED,
        label=lambda n: ngettext("%(num)s click", "%(num)s clicks", n),
        number=lambda runtime, who: count(runtime, Click, _by(who)),
        rows=_clicks,
        erase=_release,
    ),
    Holding(
        name="personal_links",
        fate=Fate.REMOVED,
        label=lambda n: ngettext(
            "%(num)s link that leads this person somewhere else",
            "%(num)s links that lead this person somewhere else",
            n,
        ),
        number=lambda runtime, who: count(runtime, PersonalAddress, _leads(who)),
        rows=_addresses,
        erase=_remove_addresses,
    ),
    Holding(
        name="links_for_one",
        fate=Fate.EMPTIED,
        label=lambda n: ngettext(
            "%(num)s link written for one person alone",
            "%(num)s links written for one person alone",
            n,
        ),
        number=lambda runtime, who: count(runtime, TrackedLink, _for_one(who)),
        rows=lambda _runtime, _who: (),
        erase=_empty_links,
    ),
    Holding(
        name="tracking_refusal",
        fate=Fate.REMOVED,
        label=lambda _n: _("that clicks are not to be known"),
        number=lambda runtime, who: count(
            runtime, TrackingRefusal, TrackingRefusal.visitor_id == who.id
        ),
        rows=_refusal,
        erase=_remove_refusal,
    ),
)
# Before deliveries, by whose messages addresses are found.
ADDITIONS = additions_of(HOLDINGS, rank=10)
