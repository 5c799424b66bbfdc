"""Create and edit deliveries; an edit voids the analysis and the proofs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Any

from webapp.audience import filters as conditions
from webapp.audience.models import Visitor
from webapp.deliveries import authors
from webapp.deliveries.drafts import templates, validation
from webapp.deliveries.models import (
    EDITABLE,
    Audience,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Experiment,
    LatePolicy,
    PartText,
    Shown,
    Template,
)
from webapp.deliveries.variants import seal
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.formats import language

WORDS = frozenset({"content", "parts", "subject", "experiment", "media", "alts"})
WHOM = frozenset({"audience", "services", "filters"})


class Unset(Enum):
    """Stands for a field that an edit leaves alone; `None` is a value."""

    UNSET = "unset"


UNSET = Unset.UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryChanges:
    """What an edit changes; what is left `UNSET` stays."""

    label: str | Unset = UNSET
    content: str | Unset = UNSET
    parts: Sequence[PartText] | Unset = UNSET
    subject: str | Unset = UNSET
    # What each part shows, and what is said of it by the row that shows it.
    media: Sequence[Sequence[Shown]] | Unset = UNSET
    alts: Mapping[int, str] | Unset = UNSET
    experiment: Experiment | Unset | None = UNSET
    service_ids: Sequence[int] | Unset = UNSET
    audience: Audience | Unset = UNSET
    filters: Sequence[conditions.Condition] | Unset = UNSET
    proof_service_id: int | Unset | None = UNSET
    proof_visitor_id: int | Unset | None = UNSET
    scheduled_at: datetime | Unset | None = UNSET
    valid_for: int | Unset = UNSET
    counts_clicks: bool | Unset = UNSET
    wave_size: int | Unset | None = UNSET
    late_policy: LatePolicy | Unset = UNSET

    def given(self) -> dict[str, Any]:
        """Return the fields that are set, by name."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {name: value for name, value in values.items() if value is not UNSET}


class Stale(Conflict):
    """Somebody else edited the delivery meanwhile."""


@requires(Permission.VIEW)
def get(runtime: Runtime, delivery_id: int) -> Delivery:
    """Return one delivery; raise `NotFound`."""
    found = runtime.session.get(Delivery, delivery_id, populate_existing=True)
    if found is None:
        raise NotFound(_("There is no such delivery."))
    return found


def locked(runtime: Runtime, delivery_id: int) -> Delivery:
    """Return one delivery that nobody else changes before the next commit.

    The lock leaves its key alone: a worker that writes the first counter of a reason looks at the
    delivery while it holds other counters, for which whoever stops the delivery waits.
    """
    lock = {"key_share": True}
    found = runtime.session.get(Delivery, delivery_id, populate_existing=True, with_for_update=lock)
    if found is None:
        raise NotFound(_("There is no such delivery."))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """What a delivery begins with."""

    kind: DeliveryKind
    channel: str
    label: str
    service_ids: Sequence[int] = ()
    template_id: int | None = None
    # The one person it is to; without one, an audience is chosen in the composer.
    recipient_id: int | None = None


@requires(Permission.WRITE)
def create(runtime: Runtime, new: NewDelivery) -> Delivery:
    """Make a draft from a template, by default the built-in one of its kind.

    Raise `Invalid` for a person whom the account may not write to.
    """
    if new.recipient_id is not None:
        validation.check_recipient(runtime, new.recipient_id, new.service_ids)
    delivery = draft(runtime, new)
    runtime.record("delivery.create", delivery)
    runtime.session.commit()
    return delivery


def draft(runtime: Runtime, new: NewDelivery) -> Delivery:
    """Add a draft; the caller records how it came about, and commits."""
    template = _template(runtime, new)
    now = runtime.now()
    delivery = Delivery(
        channel=new.channel,
        kind=new.kind,
        label=validation.label_of(new.label),
        state=DeliveryState.DRAFT,
        template=template,
        content=template.content if template else "",
        personal=new.recipient_id is not None,
        recipient=runtime.session.get(Visitor, new.recipient_id) if new.recipient_id else None,
        language=language(),
        created_by=runtime.actor.name,
        created_at=now,
        changed_at=now,
        filters=[],
    )
    delivery.content_hash = seal(delivery)
    delivery.services = validation.services_of(runtime, delivery, new.service_ids)
    delivery.proof_service_id = validation.proof_service(runtime, delivery)
    runtime.session.add(delivery)
    runtime.session.flush()  # The audit entry needs the id.
    return delivery


def _template(runtime: Runtime, new: NewDelivery) -> Template | None:
    if new.template_id:
        return templates.get(runtime, new.template_id)
    return templates.built_in(runtime, new.channel, new.kind)


@requires(Permission.WRITE)
def edit(
    runtime: Runtime, delivery_id: int, changes: DeliveryChanges, *, revision: int | None = None
) -> Delivery:
    """Change a delivery that does not go out yet; raise `Stale` when somebody else did.

    What is saved already is no change: it voids nothing, and conflicts with nobody.
    """
    delivery = editable(runtime, delivery_id)
    given = changes.given()
    validation.complete(runtime, delivery, given)
    changed = {name: value for name, value in given.items() if getattr(delivery, name) != value}
    if not changed:
        runtime.session.rollback()
        return delivery
    if revision is not None and revision != delivery.revision:
        runtime.session.rollback()
        raise Stale(_("Somebody else changed this delivery meanwhile. Both texts are kept below."))
    for name, value in changed.items():
        setattr(delivery, name, value)
    if _no_longer_accepted(runtime, delivery, changed):
        delivery.everyone_accepted_at = None
    void(runtime, delivery)
    runtime.record("delivery.edit", delivery, fields=sorted(changed))
    runtime.session.commit()
    return delivery


def _no_longer_accepted(runtime: Runtime, delivery: Delivery, changed: Collection[str]) -> bool:
    """Tell whether the one who accepted to write to everybody accepted something else.

    They accepted these people and this account; the text only as long as they write it themself.
    """
    if not WHOM.isdisjoint(changed):
        return True
    return not WORDS.isdisjoint(changed) and not authors.accepted_everyone(runtime, delivery)


def editable(runtime: Runtime, delivery_id: int) -> Delivery:
    """Return a delivery that may be edited; raise `Conflict` for any other."""
    delivery = locked(runtime, delivery_id)
    if delivery.state is DeliveryState.ANALYSING:
        raise Conflict(_("This delivery is being analysed. Wait for the result, or cancel it."))
    if delivery.state not in EDITABLE or delivery.is_proof:
        raise Conflict(_("This delivery was confirmed and can no longer be edited."))
    return delivery


def void(runtime: Runtime, delivery: Delivery) -> None:
    """Make a delivery a draft whose analysis is void; the caller commits."""
    delivery.content_hash = seal(delivery)
    delivery.state = DeliveryState.DRAFT
    delivery.analysis, delivery.analysed_at = {}, None
    delivery.accepted_warnings = []
    delivery.revision += 1
    delivery.changed_at = runtime.now()


@requires(Permission.ADMIN)
def accept_everyone(runtime: Runtime, delivery_id: int, *, revision: int | None = None) -> Delivery:
    """Record that an administrator takes responsibility for writing to who did not ask for it.

    Raise `Stale` where they saw another revision: nobody answers for people they did not see.
    """
    delivery = editable(runtime, delivery_id)
    if revision not in (None, delivery.revision):
        runtime.session.rollback()
        raise Stale(_("Somebody changed this delivery after you opened it. Look at it again."))
    if delivery.personal:
        raise Conflict(_("This delivery is to one person and stays so."))
    if delivery.continuous:
        raise Conflict(validation.to_who_agrees())
    delivery.audience = Audience.EVERYONE
    delivery.everyone_accepted_by = runtime.actor.name
    delivery.everyone_accepted_at = runtime.now()
    void(runtime, delivery)
    runtime.record("delivery.accept_everyone", delivery)
    runtime.session.commit()
    return delivery
