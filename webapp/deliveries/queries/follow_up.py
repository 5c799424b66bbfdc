"""What an account says after a yes, on its page: the delivery that does, or the way to one."""

from collections.abc import Sequence

from sqlalchemy import case, select

from webapp.deliveries.counts import figures_of
from webapp.deliveries.drafts import follow_ups
from webapp.deliveries.models import (
    ACTIVE,
    UNSENT,
    Delivery,
    DeliveryKind,
    DeliveryService,
    Template,
)
from webapp.deliveries.queries.activity import activity_of
from webapp.kernel.panels import Panel
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def panel(runtime: Runtime, service: Service) -> Panel | None:
    """Return the panel of an account; none where its network knows no messages to one person."""
    kind = follow_ups.kind_for(runtime, service)
    if kind is None:
        return None
    delivery = _newest(runtime, service)
    data = {
        "delivery": delivery,
        "figures": figures_of(runtime, [delivery.id])[delivery.id] if delivery else None,
        "activity": activity_of(delivery, runtime.now()) if delivery else None,
        "texts": [] if delivery else texts(runtime, service, kind),
    }
    return Panel(template="deliveries/_follow_up.html", data=data)


def _newest(runtime: Runtime, service: Service) -> Delivery | None:
    """Return the follow-up that goes out, else a draft of one."""
    own = select(DeliveryService.delivery_id).where(DeliveryService.service_id == service.id)
    found = select(Delivery).where(
        Delivery.continuous,
        Delivery.id.in_(own),
        Delivery.state.in_(ACTIVE | UNSENT),
        Delivery.listed(),
    )
    order = case((Delivery.state.in_(ACTIVE), 0), else_=1)
    return runtime.session.scalar(found.order_by(order, Delivery.id.desc()).limit(1))


def texts(runtime: Runtime, service: Service, kind: DeliveryKind) -> Sequence[Template]:
    """Return the kept texts that an account can say to one person."""
    query = select(Template).where(Template.channel == service.kind, Template.kind == kind)
    return runtime.session.scalars(query.order_by(Template.built_in.desc(), Template.name)).all()
