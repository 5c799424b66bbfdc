"""What a network does not take is refused with a sentence before anything leaves this machine."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest

from channels import Accepts, Feature, Media, Outgoing, Part
from tests.support.deliveries import sent, states
from tests.support.fakes import FakeNetwork
from webapp.deliveries.models import Message
from webapp.deliveries.sending import call
from webapp.kernel.runtime import Runtime

PICTURE = Media(mime="image/png", size=4, alt="A door", open=lambda: BytesIO(b"door"))
PLAIN = Outgoing(key="0" * 32, made_at=datetime(2026, 11, 23, tzinfo=UTC), parts=(Part(text="Hi"),))
MORE = {
    Feature.THREAD: {"parts": (Part(text="Hi"), Part(text="you"))},
    Feature.REPLY: {"reply_to": "p1"},
    Feature.MEDIA: {"parts": (Part(text="Hi", media=(PICTURE,)),)},
    Feature.SUBJECT: {"subject": "Doors"},
    Feature.HTML: {"html": "<p>Hi</p>"},
    Feature.LINKS: {"links": {"https://s.example/1": "https://ateliernord.example"}},
    Feature.UNSUBSCRIBE: {"unsubscribe_url": "https://fanfare.example/out"},
}


def test_a_plain_text_asks_for_nothing() -> None:
    assert Accepts().refusal(PLAIN) == ""


@pytest.mark.parametrize("feature", list(Feature))
def test_what_is_more_than_a_text_is_taken_by_who_declares_it_and_refused_by_others(
    feature: Feature,
) -> None:
    outgoing = replace(PLAIN, **MORE[feature])

    assert outgoing.features == {feature}
    assert Accepts(features=frozenset({feature})).refusal(outgoing) == ""
    assert Accepts().refusal(outgoing).endswith(".")


def test_the_core_asks_nothing_of_a_network_that_does_not_take_it(
    runtime: Runtime, network: FakeNetwork, service, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = call.outgoing_of
    monkeypatch.setattr(call, "outgoing_of", lambda it: replace(plain(it), subject="Doors"))

    delivery = sent(runtime, service, people=1)

    message = runtime.session.query(Message).filter_by(delivery_id=delivery.id).one()
    assert states(runtime, delivery) == ["failed"]
    assert message.reason == "not_taken"
    assert message.said == "Messages of this network have no subject. Leave it out."
    assert network.keys == []
