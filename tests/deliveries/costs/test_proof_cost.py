"""What a proof costs is told beside its button, and on the page of proofs what each did cost."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from channels import Operation
from tests.support.composer import address
from tests.support.deliveries import proved, saying
from tests.support.factories import make_delivery, make_service
from tests.support.fakes import FakeNetwork, direct_price
from webapp.deliveries import proofs
from webapp.deliveries.models import DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service

LINKED = "Have a look at https://example.org/spring"


@pytest.fixture
def service(runtime: Runtime, network: FakeNetwork) -> Service:
    post = replace(direct_price("0.015"), operation=Operation.POST, label="Posts")
    dear = replace(post, amount=Decimal("0.200"), label="Posts with a link", variant="link")
    network.prices, network.linked = [direct_price("0.010"), post, dear], "link"
    return make_service(runtime, is_test=True, internal_name="atelier_proof")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Spring is here", "A proof costs $0.015<"),
        (LINKED, "A proof costs $0.20 (Posts with a link)"),
    ],
)
def test_the_composer_tells_it_of_the_present_text(
    runtime: Runtime, marketer: FlaskClient, service: Service, text: str, said: str
):
    draft = make_delivery(runtime, make_service(runtime), kind=DeliveryKind.POST, content=text)
    draft.proof_service = service
    runtime.session.commit()

    page = marketer.get(address(draft, "compose")).text

    assert said in page


def test_each_part_of_each_variant_of_a_proof_is_paid(runtime: Runtime, service: Service):
    draft = make_delivery(runtime, make_service(runtime), kind=DeliveryKind.POST)
    draft.proof_service = service
    saying(runtime, draft, ["One.", LINKED], ["Two."])

    found = proofs.price(runtime, draft)

    assert (found.amount, found.variant) == (Decimal("0.230"), "")


def test_the_page_of_proofs_tells_what_one_did_cost(
    runtime: Runtime, marketer: FlaskClient, service: Service
):
    delivery = make_delivery(runtime, make_service(runtime))
    proved(runtime, delivery)

    assert proofs.price(runtime, delivery).amount == Decimal("0.010")
    assert "cost $0.01" in marketer.get(address(delivery, "proofs")).text


def test_where_sending_is_free_nothing_is_told(
    runtime: Runtime, network: FakeNetwork, marketer: FlaskClient, service: Service
):
    network.prices = []
    draft = make_delivery(runtime, make_service(runtime))

    assert proofs.price(runtime, draft) is None
    assert "A proof costs" not in marketer.get(address(draft, "compose")).text


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 375])
def test_what_a_proof_costs_leaves_the_buttons_room_for_their_words(
    page_as: Callable[[Role], Page], site: str, runtime: Runtime, service: Service, width: int
):
    draft = make_delivery(runtime, make_service(runtime), kind=DeliveryKind.POST, content=LINKED)
    draft.proof_service = service
    runtime.session.commit()
    page = page_as(Role.MARKETER)
    page.set_viewport_size({"width": width, "height": 812})

    page.goto(f"{site}{address(draft, 'compose')}")

    expect(page.locator("#proof-cost")).to_contain_text("Posts with a link")
    for button in page.locator(".ff-head .btn:visible").all():
        # What answers to a finger reaches a few pixels over the edge.
        over = button.evaluate("one => one.scrollWidth - one.clientWidth")
        assert over <= 4, button.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") == width
