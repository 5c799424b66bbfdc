"""Takes a delivery of the fake channel from its draft to a slice of sending."""

from collections.abc import Sequence

from channels import ChannelError, ErrorKind
from tests.support.factories import make_delivery, make_subscriptions
from webapp.deliveries import analysis, proofs, sending
from webapp.deliveries.approval import confirm
from webapp.deliveries.models import (
    ContentPart,
    Delivery,
    DeliveryKind,
    DeliveryVariant,
    Message,
)
from webapp.deliveries.variants import seal
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


def ready(runtime: Runtime, service: Service, people: int = 3, **changes) -> Delivery:
    make_subscriptions(runtime, service, people)
    delivery = make_delivery(runtime, service, **changes)
    analysis.start(runtime, delivery.id)
    return analysis.analyse(runtime, delivery.id)


def threaded(
    runtime: Runtime, service: Service, texts: Sequence[str] = ("One.", "Two.", "Three.")
) -> Delivery:
    """A post whose content is a thread, analysed."""
    draft = make_delivery(runtime, service, kind=DeliveryKind.POST, content=texts[0])
    rows = draft.variants[0].parts
    rows += [ContentPart(position=at, text=text) for at, text in enumerate(texts[1:], start=1)]
    runtime.session.commit()
    analysis.start(runtime, draft.id)
    return analysis.analyse(runtime, draft.id)


def saying(runtime: Runtime, draft: Delivery, *variants: Sequence[str]) -> Delivery:
    """Let a draft have variants of these texts, part by part."""
    draft.variants = []
    runtime.session.flush()
    draft.variants = [
        DeliveryVariant(
            position=number,
            weight=1,
            parts=[ContentPart(position=at, text=text) for at, text in enumerate(texts)],
        )
        for number, texts in enumerate(variants)
    ]
    draft.content_hash = seal(draft)
    runtime.session.commit()
    return draft


def begin(runtime: Runtime, delivery: Delivery) -> Delivery:
    codes = [item["code"] for item in analysis.warnings(delivery)]
    return confirm.confirm(runtime, delivery.id, codes)


def sent(runtime: Runtime, service: Service, people: int = 3, **changes) -> Delivery:
    delivery = begin(runtime, ready(runtime, service, people, **changes))
    sending.send_batch(runtime, delivery.id)
    return delivery


def proved(runtime: Runtime, draft: Delivery) -> Delivery:
    """Send a proof and let it go out."""
    proof = proofs.send_proof(runtime, draft.id)
    sending.send_batch(runtime, proof.id)
    return proof


def states(runtime: Runtime, delivery: Delivery) -> list[str]:
    runtime.session.expire_all()
    rows = runtime.session.query(Message).filter_by(delivery_id=delivery.id).order_by(Message.id)
    return [row.state.value for row in rows]


def fault(kind: ErrorKind, code: str = "refused", **more) -> ChannelError:
    return ChannelError("The network minds.", kind=kind, code=code, **more)
