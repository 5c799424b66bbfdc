"""What people can be filtered by: the clicks that are kept with them, for a year at most."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, select

from webapp.audience.filters.fields import Field, FieldType, add, on_text
from webapp.audience.models import Visitor
from webapp.deliveries.models import Delivery
from webapp.kernel.i18n import _
from webapp.tracking.models import Click, ClickKind, TrackedLink


def _clicked(*tests: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that a visitor, and no machine, clicked what passes some tests."""
    known = Click.visitor_id.is_not(None), Click.kind == ClickKind.PERSON
    return Visitor.id.in_(select(Click.visitor_id).where(*known, *tests))


def _link(op: str, value: Any) -> ColumnElement[bool]:
    links = select(TrackedLink.id).where(on_text(func.lower(TrackedLink.address))(op, value))
    return _clicked(Click.link_id.in_(links))


def _delivery(op: str, value: Any) -> ColumnElement[bool]:
    links = select(TrackedLink.id).join(Delivery, Delivery.id == TrackedLink.delivery_id)
    return _clicked(Click.link_id.in_(links.where(on_text(Delivery.search_key)(op, value))))


def _last(op: str, value: datetime) -> ColumnElement[bool]:
    since = _clicked(Click.at >= value)
    return since if op == "since" else and_(_clicked(Click.at < value), not_(since))


def init() -> None:
    """Let conditions ask for these; an application more of the same process changes nothing."""
    every = {
        "clicked_link": Field(
            label=lambda: _("address of a link they clicked"), shape=FieldType.TEXT, sql=_link
        ),
        "clicked_delivery": Field(
            label=lambda: _("label of a delivery they clicked in"),
            shape=FieldType.TEXT,
            sql=_delivery,
        ),
        "last_click": Field(label=lambda: _("last click"), shape=FieldType.DAY, sql=_last),
    }
    for name, field in every.items():
        add(name, field)
