"""What a new delivery can be: the kinds that connected accounts offer, with their templates."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from channels import Channel
from webapp.audience import own_accounts
from webapp.audience.visitors import people
from webapp.deliveries import kinds
from webapp.deliveries.drafts import templates
from webapp.deliveries.drafts.editing import NewDelivery
from webapp.deliveries.kinds import DeliveryKind
from webapp.deliveries.models import Delivery, DeliveryState, Template
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.connection import accounts
from webapp.services.models import Service, ServiceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A kind of delivery on a channel, with the accounts that can send it and its templates."""

    channel: Channel
    kind: DeliveryKind
    accounts: Sequence[Service]
    templates: Sequence[Template]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the operator asked for already; empty where everything is open."""

    kind: str = ""
    channel: str = ""
    template_id: int | None = None
    service_id: int | None = None
    # The one person it is to.
    person_id: int | None = None


@requires(Permission.VIEW)
def starts(runtime: Runtime, asked: Asked) -> list[Start]:
    """Return what can be begun and fits what was asked for."""
    real = [item for item in accounts.every(runtime) if not item.is_test]
    if asked.person_id:
        real = _knowing(runtime, real, asked.person_id)
    # The first is proposed, so it is one that can send.
    everything = sorted(real, key=lambda item: item.state is not ServiceState.CONNECTED)
    known = templates.every(runtime)
    found = []
    for channel in runtime.registry:
        own = [item for item in everything if item.kind == channel.kind]
        for kind in kinds.offered(channel):
            fitting = [item for item in known if (item.channel, item.kind) == (channel.kind, kind)]
            start = Start(channel=channel, kind=kind, accounts=own, templates=fitting)
            if own and _fits(start, asked):
                found.append(start)
    return found


def _knowing(runtime: Runtime, real: Sequence[Service], person_id: int) -> list[Service]:
    """Return the accounts that may write to a person."""
    who = people.get(runtime, person_id)
    ties = people.ties(runtime, who)
    may = {tie.service_id for tie in ties if not own_accounts.reason_not(runtime, tie, who)}
    return [item for item in real if item.id in may]


def _fits(start: Start, asked: Asked) -> bool:
    return (
        asked.kind in ("", start.kind.name)
        and (not asked.person_id or start.kind.to_people)
        and asked.channel in ("", start.channel.kind)
        and (not asked.template_id or asked.template_id in {item.id for item in start.templates})
        and (not asked.service_id or asked.service_id in {item.id for item in start.accounts})
    )


@requires(Permission.VIEW)
def untouched(runtime: Runtime, new: NewDelivery) -> Delivery | None:
    """Return a draft that whoever asks began like this and did nothing in yet."""
    rows = runtime.session.scalars(
        select(Delivery)
        .where(
            Delivery.listed(),
            Delivery.state == DeliveryState.DRAFT,
            Delivery.kind == new.kind,
            Delivery.channel == new.channel,
            Delivery.label == new.label,
            Delivery.created_by == runtime.actor.name,
            Delivery.revision == 1,
            Delivery.personal.is_(False),
            Delivery.continuous.is_(False),
            Delivery.rest_of_id.is_(None),
            Delivery.changed_at == Delivery.created_at,
        )
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    found = rows.first()
    same = found is not None and [item.id for item in found.services] == list(new.service_ids)
    template = found is not None and new.template_id in (None, found.template_id)
    return found if same and template else None
