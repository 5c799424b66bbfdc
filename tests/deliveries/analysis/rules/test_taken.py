"""What a network does not take is an error before anything is sent, in the network's own units."""

import pytest

from channels import Accepts, Content, Measure
from tests.deliveries.analysis.rules.test_rules import said
from tests.support.deliveries import ready
from tests.support.fakes import FakeNetwork
from webapp.deliveries.models import DeliveryState
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


class Wordless(Accepts):
    """A network that takes no words."""

    def refusal(self, content: Content) -> str:
        return "This network takes no words. Draw them." if content.text else ""


def test_what_the_network_does_not_take_is_an_error_of_the_analysis(
    runtime: Runtime, service: Service, network: FakeNetwork
):
    network.accepts = Wordless()

    delivery = ready(runtime, service)

    assert delivery.state is DeliveryState.REJECTED
    assert said(delivery, "not_taken") == "This network takes no words. Draw them."


def test_what_it_takes_is_not_mentioned(runtime: Runtime, service: Service):
    delivery = ready(runtime, service)

    assert delivery.state is DeliveryState.READY
    assert said(delivery, "not_taken") == ""


@pytest.mark.parametrize(
    ("limit", "code", "words"),
    [
        (9_000, "length", "Longest message: {used} of 9,000 bytes"),
        (20, "too_long", "The longest message is {used} of 20 bytes. Take out {over} bytes."),
    ],
)
def test_a_network_that_counts_otherwise_says_what_it_counts(
    runtime: Runtime, service: Service, limit: int, code: str, words: str
):
    directs = runtime.registry.get("fake").directs
    longest = list[int]()

    def measure(text: str) -> Measure:
        longest.append(len(text.encode()))
        return Measure(length=longest[-1], limit=limit, unit="bytes")

    directs.measure = measure

    delivery = ready(runtime, service, content="Grüße, {first_name}! {opt_out_line}")

    used = max(longest)
    assert said(delivery, code) == words.format(used=used, over=used - limit)
