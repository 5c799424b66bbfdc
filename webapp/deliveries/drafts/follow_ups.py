"""Begins the follow-up of an account: a draft that says what a kept text says.

It is composed, proved, analysed and confirmed as any delivery. From then on it is written to by
each yes (`approval/following.py`), until somebody stops it.
"""

from webapp.deliveries import kinds
from webapp.deliveries.drafts.editing import NewDelivery, draft
from webapp.deliveries.drafts.validation import LONGEST_LABEL
from webapp.deliveries.kinds import DeliveryKind
from webapp.deliveries.models import Delivery, Template
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def kind_for(runtime: Runtime, service: Service) -> DeliveryKind | None:
    """Return the kind that writes to one person of an account; none where there is none."""
    if service.is_test or service.removed_at or not runtime.registry.has(service.kind):
        return None
    offered = kinds.offered(runtime.registry.get(service.kind))
    return next((kind for kind in offered if kind.to_people), None)


@requires(Permission.WRITE)
def begin(
    runtime: Runtime, service: Service, template_id: int | None, *, imports: bool
) -> Delivery:
    """Make the draft of a follow-up from a template; raise `Invalid` for one of another kind."""
    kind = kind_for(runtime, service)
    template = runtime.session.get(Template, template_id) if template_id else None
    if (
        kind is None
        or template is None
        or (template.channel, template.kind)
        != (
            service.kind,
            kind,
        )
    ):
        fault = _("Choose one of the texts for people of this account.")
        raise Invalid(fault, {"template": fault})
    label = _("After a yes to %(name)s", name=service.shown_name)
    delivery = draft(
        runtime,
        NewDelivery(
            kind=kind,
            channel=service.kind,
            label=label[:LONGEST_LABEL],
            service_ids=[service.id],
            template_id=template.id,
        ),
    )
    delivery.continuous, delivery.follows_imports = True, imports
    runtime.record("delivery.follow_up", delivery, account=service.shown_name, imports=imports)
    runtime.session.commit()
    return delivery
