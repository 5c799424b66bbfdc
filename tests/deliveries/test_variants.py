"""What a delivery says is rows: all is sealed and copied, and who gets which stays."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from tests.support.deliveries import begin, proved, ready
from tests.support.factories import make_delivery, make_service, make_visitor
from tests.support.fakes import FakeNetwork
from webapp.deliveries import sending, variants
from webapp.deliveries.control import delete
from webapp.deliveries.drafts import content, copying
from webapp.deliveries.models import (
    ContentPart,
    Delivery,
    DeliveryKind,
    DeliveryVariant,
    Message,
    PartMedia,
)
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

PICTURE = {"sha256": "a" * 64, "mime": "image/png", "bytes": 3, "alt": "A door"}


def rich(runtime: Runtime, delivery: Delivery) -> Delivery:
    """A delivery of two variants, the first a thread whose first part has a picture."""
    delivery.variants[0].parts[0].media.append(PartMedia(position=0, **PICTURE))
    delivery.variants[0].parts.append(
        ContentPart(position=1, text="And more.", subject="", html="")
    )
    other = ContentPart(position=0, text="Come in.", subject="Doors", html="<p>Come in.</p>")
    delivery.variants.append(DeliveryVariant(position=1, weight=3, parts=[other]))
    runtime.session.flush()
    return delivery


def told(delivery: Delivery) -> list[object]:
    return [
        (variant.weight, part.position, part.text, part.subject, part.html, item and item.alt)
        for variant in delivery.variants
        for part in variant.parts
        for item in part.media or [None]
    ]


def _first(delivery: Delivery) -> ContentPart:
    return delivery.variants[0].parts[0]


CHANGES: dict[str, Callable[[Delivery], object]] = {
    "text": lambda it: setattr(_first(it), "text", "Other."),
    "subject": lambda it: setattr(_first(it), "subject", "Other"),
    "html": lambda it: setattr(_first(it), "html", "<p>Other</p>"),
    "picture": lambda it: setattr(_first(it).media[0], "sha256", "b" * 64),
    "alt text": lambda it: setattr(_first(it).media[0], "alt", "Other"),
    "second part": lambda it: setattr(it.variants[0].parts[1], "text", "Other."),
    "missing part": lambda it: it.variants[0].parts.pop(),
    "weight": lambda it: setattr(it.variants[1], "weight", 2),
    "other variant": lambda it: setattr(it.variants[1].parts[0], "text", "Other."),
    "language": lambda it: setattr(it, "language", "fr"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_seal_covers_all_that_a_reader_gets_to_see(runtime: Runtime, what: str):
    delivery = rich(runtime, make_delivery(runtime, make_service(runtime)))
    sealed = variants.seal(delivery)

    CHANGES[what](delivery)

    assert variants.seal(delivery) != sealed


def test_a_copy_says_all_that_its_origin_says(runtime: Runtime):
    delivery = rich(runtime, make_delivery(runtime, make_service(runtime)))
    delivery.content_hash = variants.seal(delivery)
    runtime.session.commit()

    copy = copying.duplicate(runtime, delivery.id)

    runtime.session.expire_all()
    assert told(copy) == told(delivery)
    assert copy.content_hash == delivery.content_hash
    assert {row.id for row in copy.variants}.isdisjoint(row.id for row in delivery.variants)


def test_a_proof_keeps_what_it_said_when_its_delivery_is_edited(runtime: Runtime):
    service, account = make_service(runtime), make_service(runtime, is_test=True)
    delivery = ready(runtime, service, 1, proof_service_id=account.id)
    proof = proved(runtime, delivery)
    said = proof.content

    delivery.content = "Another text."
    runtime.session.commit()

    runtime.session.expire_all()
    assert (proof.content, delivery.content) == (said, "Another text.")


def test_a_removed_draft_leaves_nothing_of_its_content(runtime: Runtime):
    delivery = rich(runtime, make_delivery(runtime, make_service(runtime)))
    runtime.session.commit()

    delete.remove(runtime, delivery.id)

    tables = (DeliveryVariant, ContentPart, PartMedia)
    assert [runtime.session.scalar(select(func.count(table.id))) for table in tables] == [0, 0, 0]


def test_a_delivery_with_one_content_needs_no_choice(runtime: Runtime, service: Service):
    delivery = begin(runtime, ready(runtime, service, people=2))

    rows = runtime.session.scalars(select(Message).where(Message.delivery_id == delivery.id)).all()
    assert [row.variant_id for row in rows] == [None, None]
    assert variants.of_message(delivery, None) is delivery.variants[0]


def test_people_are_shared_out_by_weight_and_keep_their_variant(runtime: Runtime, service: Service):
    delivery = ready(runtime, service, people=60)
    other = ContentPart(position=0, text="Come in. {opt_out_line}")
    delivery.variants.append(DeliveryVariant(position=1, weight=3, parts=[other]))
    runtime.session.commit()

    begin(runtime, delivery)

    rows = runtime.session.scalars(select(Message).where(Message.delivery_id == delivery.id)).all()
    got = {row.visitor_id: row.variant_id for row in rows}
    assert got == {who: variants.chosen(delivery, who) for who in got}
    light = [variant for variant in got.values() if variant == delivery.variants[0].id]
    assert 5 <= len(light) <= 25


def test_each_reader_gets_the_text_of_their_variant(
    runtime: Runtime, network: FakeNetwork, service: Service
):
    delivery = ready(runtime, service, people=8)
    other = ContentPart(position=0, text="Come in. {opt_out_line}")
    delivery.variants.append(DeliveryVariant(position=1, weight=1, parts=[other]))
    runtime.session.commit()
    begin(runtime, delivery)

    sending.send_batch(runtime, delivery.id)

    rows = runtime.session.scalars(select(Message).where(Message.delivery_id == delivery.id)).all()
    second = {row.visitor.remote_id for row in rows if row.variant_id == delivery.variants[1].id}
    got = {who for who, text in network.directs if text.startswith("Come in.")}
    assert got == second
    assert 0 < len(got) < 8


def test_a_name_is_no_markup_in_html(runtime: Runtime):
    person = make_visitor(runtime, name="<b>Ana</b> & Co")

    html = content.render("<p>{full_name}</p>", person, "en", html=True).text

    assert html == "<p>&lt;b&gt;Ana&lt;/b&gt; &amp; Co</p>"


def test_the_shares_of_many_are_those_of_the_weights():
    rows = [DeliveryVariant(id=number, position=number, weight=1 + number) for number in range(3)]
    delivery = Delivery(id=7, kind=DeliveryKind.DIRECT, variants=rows)

    chosen = [variants.chosen(delivery, who) for who in range(1, 12_001)]

    shares = [chosen.count(row.id) / 12_000 for row in rows]
    assert all(abs(share - row.weight / 6) < 0.02 for share, row in zip(shares, rows, strict=True))
