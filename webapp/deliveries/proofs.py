"""Proofs: numbered child deliveries on the proof account, approved for one sealed text."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from channels import Part, Person, Price
from webapp.audience import erased
from webapp.audience.bulk import upserts
from webapp.audience.models import Visitor
from webapp.deliveries import authors, counters, links, profile_fields, variants, whole, why
from webapp.deliveries.costs import pricing
from webapp.deliveries.drafts import content as texts
from webapp.deliveries.drafts import skeleton
from webapp.deliveries.drafts.editing import editable, get, locked
from webapp.deliveries.drafts.validation import is_reached
from webapp.deliveries.models import (
    MOVING,
    Delivery,
    DeliveryState,
    Message,
    MessageState,
)
from webapp.deliveries.targeting import target
from webapp.deliveries.variants import copied, copied_links
from webapp.kernel.errors import Conflict, Invalid
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

# The states of a proof that decide how its text stands, the strongest first.
DECIDING = ("approved", "to_approve")


@requires(Permission.WRITE)
def send_proof(runtime: Runtime, delivery_id: int) -> Delivery:
    """Send the present text to the proof account; it goes out like any delivery.

    The same proof that is still on its way is returned instead of being sent again.
    """
    delivery = editable(runtime, delivery_id)
    account = _account(delivery)
    if skeleton.is_empty(delivery):
        fault = _("There is no text to prove yet.")
        raise Invalid(fault, {"content": fault})
    reader_id = _filled_with(runtime, delivery)
    same = _under_way(runtime, delivery, reader_id)
    if same is not None:
        runtime.session.rollback()
        return same
    proof = _child(runtime, delivery, reader_id)
    runtime.session.add(proof)
    runtime.session.flush()  # The message needs the id.
    runtime.session.add_all(_messages(runtime, proof, account, delivery.services))
    counters.recount(runtime, proof.id)
    runtime.record("delivery.proof", delivery, number=proof.number)
    runtime.session.commit()
    return proof


def price(runtime: Runtime, delivery: Delivery) -> Price | None:
    """Return the price of a proof of the present text; `None` where nothing is charged for it.

    It is that of the account it goes out from, and may depend on the text, such as on a link. Each
    part of each variant is a call.
    """
    account = delivery.kind.proof_from(delivery.services, delivery.proof_service)
    if account is None or not runtime.registry.has(delivery.channel):
        return None
    person, language = delivery.proof_visitor, delivery.language
    address = partial(why.example, runtime.settings)
    told = profile_fields.of_person(runtime, delivery.texts, person)
    more = profile_fields.answering(told, address)
    filled = [texts.render(text, person, language, more=more) for text in delivery.texts]
    drafts = [links.Draft(text=item) for item in filled]
    said = [item.text for item in links.written(runtime, delivery, account, drafts)]
    rows = whole.parts(delivery)
    parts = [
        Part(text=text, media=variants.media(runtime, row))
        for text, row in zip(said, rows, strict=True)
    ]
    each = [
        price for part in parts for price in pricing.prices_of(runtime, delivery, account, part)
    ]
    found = [price for price in each if price]
    if len(found) < 2:  # noqa: PLR2004 - one alone keeps the name that its text gives it
        return next(iter(found), None)
    return replace(found[0], variant="", amount=sum((price.amount for price in found), Decimal(0)))


def _account(delivery: Delivery) -> Service:
    account = delivery.proof_service
    if account is None or account.removed_at:
        fault = _("Choose the account that proofs go to; a private test account is best.")
        raise Invalid(fault, {"proof_service_id": fault})
    field, fault = delivery.kind.proof_fault(
        has_sender=bool(delivery.services), is_test=account.is_test
    )
    if fault:
        raise Invalid(fault, {field: fault})
    if not is_reached(delivery, account):
        fault = _(
            "The accounts of a sandbox and of the real network cannot write to each other. Choose "
            "another proof account."
        )
        raise Invalid(fault, {"proof_service_id": fault})
    return account


def _filled_with(runtime: Runtime, delivery: Delivery) -> int | None:
    """Return the person whose data fill a proof: the one chosen, or who is first just now.

    The proof keeps it, so that it is found again when this person asks to be erased.
    """
    if delivery.proof_visitor_id is not None:
        return delivery.proof_visitor_id
    first = delivery.kind.meant(target.person(runtime, delivery))
    return first.id if first else None


def _under_way(runtime: Runtime, delivery: Delivery, reader_id: int | None) -> Delivery | None:
    return runtime.session.scalar(
        select(Delivery)
        .where(
            Delivery.parent_id == delivery.id,
            Delivery.content_hash == delivery.content_hash,
            Delivery.proof_service_id == delivery.proof_service_id,
            Delivery.proof_visitor_id.is_not_distinct_from(reader_id),
            Delivery.state.in_(MOVING),
        )
        .limit(1)
    )


def _child(runtime: Runtime, delivery: Delivery, reader_id: int | None) -> Delivery:
    now, number = runtime.now(), _next_number(runtime, delivery)
    return Delivery(
        channel=delivery.channel,
        kind=delivery.kind,
        label=f"{delivery.label} #{number}",
        state=DeliveryState.SENDING,
        parent_id=delivery.id,
        number=number,
        variants=copied(delivery),
        counts_clicks=delivery.counts_clicks,
        links=copied_links(delivery),
        content_hash=delivery.content_hash,
        language=delivery.language,
        proof_service_id=delivery.proof_service_id,
        proof_visitor_id=reader_id,
        valid_for=delivery.valid_for,
        filters=[],
        confirmed_at=now,
        confirmed_by=runtime.actor.name,
        started_at=now,
        expires_at=now + timedelta(seconds=delivery.valid_for),
        resume_at=now,
        created_by=runtime.actor.name,
        created_at=now,
        changed_at=now,
    )


def _next_number(runtime: Runtime, delivery: Delivery) -> int:
    last = runtime.session.scalar(
        select(func.max(Delivery.number)).where(Delivery.parent_id == delivery.id)
    )
    return (last or 0) + 1


def _messages(
    runtime: Runtime, proof: Delivery, account: Service, senders: Sequence[Service]
) -> list[Message]:
    """Address the proof: a post stands on the proof account, a direct message goes to it.

    Whoever approves it approves every variant, so each has a message of its own.
    """
    reader = _reader(runtime, senders[0], account) if proof.kind.to_people else None
    proof.services = [senders[0] if reader else account]
    recipient = f"visitor:{reader.id}" if reader else f"service:{account.id}"
    several = len(proof.variants) > 1
    return [
        Message(
            delivery_id=proof.id,
            kind=proof.kind,
            service_id=proof.services[0].id,
            visitor_id=reader.id if reader else None,
            variant_id=row.id if several else None,
            recipient=f"{recipient}#{number}" if number > 1 else recipient,
            state=MessageState.PENDING,
            changed_at=runtime.now(),
            tries=0,
        )
        for number, row in enumerate(proof.variants, start=1)
    ]


def _reader(runtime: Runtime, sender: Service, account: Service) -> Visitor:
    """Return the proof account as a person whom the sender can write to."""
    if sender.remote_id == account.remote_id:
        raise Conflict(_("An account cannot write to itself. Choose another proof account."))
    name = str(account.account.get("name") or account.internal_name)
    person = Person(remote_id=account.remote_id, handle=account.internal_name, name=name)
    # An account of the house is known, whoever was erased before it was connected.
    erased.came_back(runtime, account.kind, [account.remote_id])
    upserts.visitors(runtime, sender, [person], origin="proof")
    return runtime.session.scalars(
        select(Visitor).where(Visitor.kind == account.kind, Visitor.remote_id == account.remote_id)
    ).one()


@requires(Permission.VIEW)
def proofs(runtime: Runtime, delivery_id: int) -> Sequence[Delivery]:
    """Return the proofs of a delivery, newest first."""
    return runtime.session.scalars(
        select(Delivery)
        .where(Delivery.parent_id == delivery_id)
        .options(joinedload(Delivery.proof_service))
        .order_by(Delivery.number.desc())
    ).all()


def state_of(proof: Delivery, parent: Delivery) -> str:
    """Return `sending`, `failed`, `void`, `approved` or `to_approve`."""
    if proof.content_hash != parent.content_hash:
        return "void"
    if proof.state in MOVING:
        return "sending"
    if proof.wait_code or proof.state is not DeliveryState.FINISHED:
        return "failed"
    return "approved" if proof.approved_at else "to_approve"


def standing(runtime: Runtime, delivery: Delivery) -> str:
    """Return how the present text stands: `none`, `void`, `to_approve` or `approved`."""
    states = [state for _proof, state in leading(runtime, delivery)]
    if not states:
        return "none"
    return states[0] if states[0] in DECIDING else "void"


@requires(Permission.VIEW)
def leading(runtime: Runtime, delivery: Delivery) -> list[tuple[Delivery, str]]:
    """Return the proof that decides how the text stands, and the newest where it is another.

    An approval holds as long as the text is the same, whatever was sent after it.
    """
    every = [(item, state_of(item, delivery)) for item in proofs(runtime, delivery.id)]
    deciding = [item for state in DECIDING for item in every if item[1] == state][:1]
    return deciding + [item for item in every[:1] if item not in deciding]


@requires(Permission.APPROVE)
def approve(runtime: Runtime, proof_id: int, *, revision: int | None = None) -> Delivery:
    """Approve a proof that arrived, for exactly the text it carried.

    `revision` is that of its delivery as it was seen. Where a second pair of eyes is asked for,
    another one is refused: an approval holds there for whatever was changed before it.
    """
    proof = get(runtime, proof_id)
    if proof.parent_id is None:
        raise Conflict(_("Only a proof can be approved."))
    parent = locked(runtime, proof.parent_id)
    if parent.removed_at:
        raise Conflict(_("The draft of this proof is removed, so there is nothing to approve."))
    state = state_of(proof, parent)
    if state == "void":
        raise Conflict(_("This proof is void: the text changed after it. Send a new one."))
    if state != "to_approve":
        raise Conflict(_("This proof did not arrive yet, or is approved already."))
    authors.refuse_own(runtime, parent)
    if authors.four_eyes(parent) and revision not in (None, parent.revision):
        raise Conflict(_("Somebody changed this delivery after you opened it. Look at it again."))
    proof.approved_at, proof.approved_by = runtime.now(), runtime.actor.name
    number, sealed = proof.number, proof.content_hash
    runtime.record("delivery.approve", proof, number=number, content_hash=sealed)
    runtime.session.commit()
    return proof


@requires(Permission.VIEW)
def data_of(runtime: Runtime, proof: Delivery) -> Visitor | None:
    """Return whose data fills the fields: the person chosen, or the first of the target."""
    if proof.proof_visitor:
        return proof.proof_visitor
    return target.person(runtime, proof.parent) if proof.parent else None
