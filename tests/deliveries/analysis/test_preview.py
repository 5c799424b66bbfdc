"""What a reader sees of a message or a post."""

import pytest
from flask import Flask, render_template
from hypothesis import given
from hypothesis import strategies as st

from tests.support.composer import address
from tests.support.deliveries import saying
from tests.support.factories import (
    make_delivery,
    make_service,
    make_subscription,
    make_subscriptions,
    make_visitor,
)
from webapp.deliveries import kinds, links, pieces, variants
from webapp.deliveries.analysis import preview
from webapp.deliveries.models import DeliveryKind
from webapp.deliveries.targeting import target
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@given(st.text(alphabet=st.sampled_from("ab@#$/: .\n_é1") | st.characters(codec="utf-8")))
def test_the_pieces_of_a_text_are_the_text_again(text: str):
    assert "".join(piece.text for piece in pieces.plain_pieces(text)) == text


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", []),
        ("Spring", ["text"]),
        ("See https://a.example/b.", ["text", "link", "text"]),
        ("@ana and #spring", ["mention", "text", "tag"]),
        ("ana@post.example is 50% of $100", ["text"]),
        ("$ABC", ["tag"]),
    ],
)
def test_links_mentions_and_tags_stand_apart(text: str, kinds: list[str]):
    assert [piece.kind for piece in pieces.plain_pieces(text)] == kinds


def test_a_link_is_shown_without_its_scheme():
    (piece,) = pieces.plain_pieces("https://www.a.example/b")

    assert piece.short == "a.example/b"


@pytest.mark.parametrize("kind", kinds.EVERY)
def test_a_channel_cuts_its_texts_itself(app: Flask, runtime: Runtime, kind: DeliveryKind):
    service = make_service(runtime, kind="x")
    text = "“https://a.com/b_(c)” Spring.COM/sale #हिन्दी été@acme"
    delivery = make_delivery(runtime, service, kind=kind, content=text)

    seen = preview.draw(runtime, delivery, service)
    with app.test_request_context():
        page = render_template("deliveries/_preview.html", preview=seen)

    drawn = [piece.text for piece in seen.pieces if piece.kind == "link"]
    assert drawn == ["https://a.com/b_(c)", "Spring.COM/sale"]
    assert [piece.text for piece in seen.pieces if piece.kind == "tag"] == ["#हिन्दी"]
    assert [piece for piece in seen.pieces if piece.kind == "mention"] == []
    assert 'href="http://Spring.COM/sale"' in page
    found = [link.address for link in links.choices(runtime, delivery)]
    assert found == [piece.address for piece in seen.pieces if piece.kind == "link"]


def test_the_text_of_a_channel_that_is_gone_is_drawn_plainly(runtime: Runtime, service: Service):
    delivery = make_delivery(runtime, service, content="See https://a.example/b")
    delivery.channel = "gone"

    seen = preview.draw(runtime, delivery, service)

    assert [piece.kind for piece in seen.pieces] == ["text", "link"]


def test_a_message_is_read_with_the_data_of_its_reader(runtime: Runtime, service: Service):
    ana = make_visitor(runtime, name="Ana Ruiz")
    delivery = make_delivery(runtime, service, content="Hi {first_name}")

    seen = preview.draw(runtime, delivery, service, ana)

    assert (seen.text, seen.handle, seen.person) == ("Hi Ana", service.internal_name, ana)


def test_without_a_reader_the_fields_stay_open(runtime: Runtime, service: Service):
    delivery = make_delivery(runtime, service, content="Hi {first_name}")

    assert preview.draw(runtime, delivery, service).text == "Hi {first_name}"


def test_a_preview_walks_through_the_target_by_key(runtime: Runtime, service: Service):
    people = [tie.visitor for tie in make_subscriptions(runtime, service, 3)]
    make_subscription(runtime, service, opted_out_at=runtime.now())
    delivery = make_delivery(runtime, service)
    first, second, third = people

    assert target.person(runtime, delivery) == first
    assert target.person(runtime, delivery, first.id, "after") == second
    assert target.person(runtime, delivery, third.id, "before") == second
    assert target.person(runtime, delivery, second.id, "at") == second
    assert target.person(runtime, delivery, third.id, "after") is None


@pytest.mark.parametrize("kind", kinds.EVERY)
@pytest.mark.parametrize("channel", ["fake", "x"])
def test_every_channel_draws_a_preview(app: Flask, runtime: Runtime, channel: str, kind: str):
    service = make_service(runtime, kind=channel, account={"name": "Atelier Nord"})
    delivery = make_delivery(runtime, service, kind=kind, content="See <b> https://a.com/b")

    with app.test_request_context():
        page = render_template(
            "deliveries/_preview.html", preview=preview.draw(runtime, delivery, service, None)
        )

    assert "Atelier Nord" in page
    assert "&lt;b&gt;" in page
    assert 'href="https://a.com/b"' in page


def test_every_part_of_a_thread_is_seen(runtime: Runtime, service: Service):
    draft = make_delivery(runtime, service, kind=DeliveryKind.POST)
    saying(runtime, draft, ["One, see https://a.example", "Two.", "Three, see https://b.example"])

    seen = preview.draw(runtime, draft, service)

    assert [seen.text, *(part.text for part in seen.further)] == draft.texts
    addresses = [link.address for link in links.choices(runtime, draft)]
    assert addresses == ["https://a.example", "https://b.example"]


def test_a_person_is_shown_the_variant_they_get(runtime: Runtime, service: Service):
    people = [tie.visitor for tie in make_subscriptions(runtime, service, 8)]
    draft = saying(runtime, make_delivery(runtime, service), ["One."], ["Two."])

    seen = [preview.draw(runtime, draft, service, person).text for person in people]

    chosen = [variants.chosen(draft, person.id) for person in people]
    texts = {row.id: row.parts[0].text for row in draft.variants}
    assert seen == [texts[key] for key in chosen]
    assert set(seen) == {"One.", "Two."}


def test_the_page_of_a_delivery_shows_every_part(runtime: Runtime, marketer, service: Service):
    draft = make_delivery(runtime, service, kind=DeliveryKind.POST)
    saying(runtime, draft, ["One is here.", "Two is here."])

    page = marketer.get(address(draft)).text

    assert [page.count(text) > 0 for text in draft.texts] == [True, True]
