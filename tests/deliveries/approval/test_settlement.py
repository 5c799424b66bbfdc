"""A delivery in which anything failed needs somebody until it is settled."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from channels import ErrorKind
from channels.clock import FileClock
from tests.support.deliveries import begin, fault, ready
from tests.support.factories import actions, make_delivery, make_service
from tests.support.fakes import FakeNetwork
from webapp.deliveries import analysis, sending
from webapp.deliveries.approval import settlement
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, DeliveryKind, DeliveryState, Message
from webapp.kernel.errors import Conflict
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service


def post(runtime: Runtime, *services: Service, label: str = "Doors") -> Delivery:
    delivery = ready(runtime, services[0], people=0, kind=DeliveryKind.POST, label=label)
    changes = editing.DeliveryChanges(service_ids=[item.id for item in services])
    editing.edit(runtime, delivery.id, changes)
    return go(runtime, delivery)


def go(runtime: Runtime, delivery: Delivery) -> Delivery:
    if delivery.state is DeliveryState.DRAFT:
        analysis.start(runtime, delivery.id)
        analysis.analyse(runtime, delivery.id)
    begin(runtime, delivery)
    sending.send_batch(runtime, delivery.id)
    return delivery


@pytest.fixture
def refused(runtime: Runtime, service: Service, network: FakeNetwork) -> Delivery:
    """A post that the network refused."""
    network.before = [fault(ErrorKind.PERMANENT, "duplicate", said="Seen before.")]
    return post(runtime, service)


def numbers(client: FlaskClient) -> tuple[str, str]:
    """What home and the tab of the list count."""
    home, deliveries = client.get("/").text, client.get("/deliveries").text
    tab = deliveries.partition("Needs you <span")[2].partition(">")[2].partition("<")[0]
    head = home.partition(">Needs you</h2>")[2].partition("ff-num")[2].partition(">")[2]
    return head.partition("<")[0], tab


def test_a_refused_post_is_not_done_and_comes_first_on_home(
    runtime: Runtime, refused: Delivery, service: Service, marketer: FlaskClient
):
    paused = begin(runtime, ready(runtime, service, label="Winter list"))
    marketer.post(f"/deliveries/{paused.id}/pause")

    done = marketer.get("/deliveries?view=done").text
    needs = marketer.get("/deliveries?view=needs").text
    home = marketer.get("/").text

    assert "Doors" not in done
    assert "1 failed" in needs
    assert "Finished" not in needs
    assert home.index("1 account did not publish “Doors”") < home.index("“Winter list” is paused")
    assert "The network saw this text before" in home
    assert numbers(marketer) == ("2", "2")


def test_settling_is_recorded_and_ends_the_need(
    runtime: Runtime, refused: Delivery, marketer: FlaskClient
):
    answer = marketer.post(f"/deliveries/{refused.id}/settle", data={"back": "home"})

    runtime.session.expire_all()
    kept = editing.get(runtime, refused.id)
    page = marketer.get(f"/deliveries/{refused.id}").text
    assert answer.location == "/"
    assert kept.settled_by
    assert kept.settled_at == runtime.now()
    assert actions(runtime)[-1] == "delivery.settle"
    assert numbers(marketer) == ("0", "0")
    assert "Settled" in page
    assert "Finished" not in page.partition('id="delivery-state"')[2].partition("</span>")[0]
    assert "Doors" in marketer.get("/deliveries?view=done").text
    assert "Settled what failed" in marketer.get(f"/deliveries/{refused.id}/audit").text


def test_what_fails_after_it_was_settled_needs_somebody_again(
    runtime: Runtime, network: FakeNetwork, clock: FileClock
):
    one, other = make_service(runtime), make_service(runtime)
    network.before = [
        fault(ErrorKind.PERMANENT, "refused"),
        fault(ErrorKind.TEMPORARY, "stumbled"),
        fault(ErrorKind.PERMANENT, "refused"),
    ]
    delivery = post(runtime, one, other)
    settlement.settle(runtime, delivery.id)
    assert settlement.to_settle(runtime, [delivery.id]) == {}

    clock.advance(timedelta(hours=2))
    sending.send_batch(runtime, delivery.id)

    assert settlement.to_settle(runtime, [delivery.id]) == {delivery.id: "failed"}


def test_failures_of_direct_messages_wait_for_the_end(
    runtime: Runtime, service: Service, network: FakeNetwork
):
    delivery = ready(runtime, service)
    network.before = [
        fault(ErrorKind.PERMANENT, "not_permitted"),
        fault(ErrorKind.LIMITED, "limited", retry_at=runtime.now() + timedelta(hours=1)),
    ]
    go(runtime, delivery)

    with pytest.raises(Conflict, match="Nothing of this delivery waits"):
        settlement.settle(runtime, delivery.id)


def test_an_outcome_nobody_can_tell_needs_somebody_until_it_is_settled(
    runtime: Runtime, service: Service, network: FakeNetwork, marketer: FlaskClient
):
    network.after = [fault(ErrorKind.UNKNOWN, "no_answer")]
    delivery = post(runtime, service)

    assert numbers(marketer) == ("1", "1")
    with pytest.raises(Conflict):
        settlement.settle(runtime, delivery.id)
    runtime.session.rollback()
    runtime.session.query(Message).update({"due_at": None})
    runtime.session.query(Delivery).update({"resume_at": runtime.now()})
    runtime.session.commit()
    sending.send_batch(runtime, delivery.id)

    assert numbers(marketer) == ("1", "1")
    assert "1 unknown" in marketer.get("/deliveries?view=needs").text
    settlement.settle(runtime, delivery.id)
    assert numbers(marketer) == ("0", "0")


def test_it_is_settled_once_and_says_by_whom(runtime: Runtime, refused: Delivery):
    settlement.settle(runtime, refused.id)

    with pytest.raises(Conflict, match="test settled this already"):
        settlement.settle(runtime, refused.id)


def test_who_may_only_look_settles_nothing(
    refused: Delivery, client_as: Callable[[Role], FlaskClient]
):
    viewer = client_as(Role.VIEWER)
    page = viewer.get(f"/deliveries/{refused.id}").text

    assert viewer.post(f"/deliveries/{refused.id}/settle").status_code == 403
    assert ">Settle<" not in page
    assert "needs somebody" in page


def test_the_search_names_what_failed(refused: Delivery, marketer: FlaskClient):
    page = marketer.get("/search?q=doors").text

    assert "1 failed" in page
    assert "Finished" not in page


@pytest.mark.parametrize("path", ["/", "/deliveries?view=needs", "/deliveries/{}"])
def test_what_failed_after_the_page_was_made_is_not_settled_with_it(
    runtime: Runtime, clock: FileClock, refused: Delivery, marketer: FlaskClient, path: str
):
    page = marketer.get(path.format(refused.id)).text
    made = re.search(r'name="at" value="([^"]+)"', page)
    assert made
    act = f"/deliveries/{refused.id}/settle"
    clock.advance(timedelta(minutes=5))
    runtime.session.query(Message).update({"changed_at": runtime.now()})
    runtime.session.commit()

    answer = marketer.post(act, data={"at": made[1]}, follow_redirects=True)

    assert "More failed since you looked." in answer.text
    assert settlement.to_settle(runtime, [refused.id]) == {refused.id: "failed"}
    runtime.session.commit()
    marketer.post(act, data={"at": runtime.now().isoformat()})
    assert settlement.to_settle(runtime, [refused.id]) == {}


@pytest.mark.parametrize("at", ["", "x", "2026-11-23", "9999-12-31T23:59:59+00:00"])
def test_a_time_that_cannot_be_settles_what_failed_until_now(
    runtime: Runtime, refused: Delivery, marketer: FlaskClient, at: str
):
    runtime.session.commit()
    marketer.post(f"/deliveries/{refused.id}/settle", data={"at": at})

    assert settlement.to_settle(runtime, [refused.id]) == {}
    assert editing.get(runtime, refused.id).settled_at == runtime.now()


def test_a_time_before_there_was_anything_settles_nothing(
    runtime: Runtime, clock: FileClock, service: Service, network: FakeNetwork, marketer
):
    draft = make_delivery(runtime, service, kind=DeliveryKind.POST)
    clock.advance(timedelta(minutes=5))
    network.before = [fault(ErrorKind.PERMANENT, "refused")]
    analysis.start(runtime, draft.id)
    begin(runtime, analysis.analyse(runtime, draft.id))
    sending.send_batch(runtime, draft.id)
    runtime.session.commit()

    answer = marketer.post(
        f"/deliveries/{draft.id}/settle", data={"at": "0001-01-01T00:00:00+14:00"}
    )

    assert answer.status_code == 303
    assert settlement.to_settle(runtime, [draft.id]) == {draft.id: "failed"}
