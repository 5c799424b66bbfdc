"""The pages of what failed, of copies and of one person's message, in a real browser."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from channels import ErrorKind
from tests.support.accessibility import look, violations_by_turns
from tests.support.deliveries import begin, fault, ready, sent
from tests.support.factories import make_subscription, make_visitor
from tests.support.fakes import FakeNetwork
from webapp.deliveries import control, sending
from webapp.deliveries.drafts import copying, editing
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service

pytestmark = pytest.mark.browser

# Whether the letters of a page's title and what stands beside or below it share a place.
OVERLAP = """() => {
  const title = document.querySelector(".ff-head h1");
  const beside = document.querySelector(".ff-head > .ff-actions");
  if (!title || !beside) return false;
  const letters = document.createRange();
  letters.selectNodeContents(title);
  const [a, b] = [letters.getBoundingClientRect(), beside.getBoundingClientRect()];
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}"""


@pytest.fixture
def stopped(runtime: Runtime, service: Service, network: FakeNetwork) -> Delivery:
    """One got it, one may have, one failed, two were cancelled."""
    delivery = begin(runtime, ready(runtime, service, people=5, label="Winter list"))
    network.after = [None, fault(ErrorKind.UNKNOWN, "no_answer")]
    until = runtime.now() + timedelta(hours=1)
    network.before = [
        None,
        None,
        fault(ErrorKind.PERMANENT, "too_long", said="Too long."),
        fault(ErrorKind.LIMITED, "limited", retry_at=until),
    ]
    sending.send_batch(runtime, delivery.id)
    return control.stop(runtime, delivery.id)


def to_one(runtime: Runtime, service: Service, person: int) -> Delivery:
    """A direct message to one person alone."""
    new = editing.NewDelivery(
        kind=DeliveryKind.DIRECT,
        channel="fake",
        label="To Noè",
        service_ids=[service.id],
        recipient_id=person,
    )
    return editing.create(runtime, new)


# Each theme and each width once; axe looks at each page in one of them.
@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 375)])
def test_no_page_of_what_failed_has_an_accessibility_fault(
    page_as: Callable[[Role], Page],
    site: str,
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    stopped: Delivery,
    theme: str,
    width: int,
):
    rest = copying.send_to_the_rest(runtime, stopped.id).id
    network.before = [fault(ErrorKind.PERMANENT, "duplicate", said="Seen before.")]
    post = sent(runtime, service, people=0, kind=DeliveryKind.POST, label="Doors").id
    tie = make_subscription(runtime, service, make_visitor(runtime, name="Noè Greco"))
    mute = make_visitor(runtime, accepts_messages=False)
    person, silent = tie.visitor_id, make_subscription(runtime, service, mute).visitor_id
    one = to_one(runtime, service, person).id
    page = page_as(Role.MARKETER)
    look(page, theme, width)
    wrong = []

    paths = (
        "/",
        "/deliveries?view=needs",
        f"/deliveries/{stopped.id}",
        f"/deliveries/{post}",
        f"/deliveries/{rest}/compose?step=target",
        f"/deliveries/{one}/compose?step=target",
        f"/audience/visitors/{person}",
        f"/audience/visitors/{silent}",
        f"/deliveries/new?kind=direct&channel=fake&person={person}",
    )
    for number, path in enumerate(paths):
        page.goto(f"{site}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        assert not page.evaluate(OVERLAP), path
        wrong += [f"{path} {fault}" for fault in violations_by_turns(page, number, theme)]

    assert wrong == []
