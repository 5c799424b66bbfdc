"""Published posts are taken back: deleted by the network, recorded, and said to be so."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from channels import ErrorKind, Limit, Operation, Price, Scope
from tests.support.deliveries import begin, fault, sent
from tests.support.factories import actions, make_delivery
from tests.support.fakes import FakeNetwork
from webapp.deliveries import analysis, sending
from webapp.deliveries.models import Delivery, DeliveryKind, Message
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.models import Service


@pytest.fixture
def posted(runtime: Runtime, service: Service) -> Delivery:
    """A post that stands on its account."""
    delivery = make_delivery(runtime, service, kind=DeliveryKind.POST)
    analysis.start(runtime, delivery.id)
    begin(runtime, analysis.analyse(runtime, delivery.id))
    sending.send_batch(runtime, delivery.id)
    return delivery


def address(runtime: Runtime, delivery: Delivery) -> str:
    message = runtime.session.query(Message).filter_by(delivery_id=delivery.id).first()
    runtime.session.commit()  # The test holds no lock while the page works.
    return f"/deliveries/{delivery.id}/messages/{message.id}/take-back"


def test_a_post_taken_back_is_gone_and_the_log_says_so(
    runtime: Runtime, network: FakeNetwork, posted: Delivery, marketer: FlaskClient
):
    before = marketer.get(f"/deliveries/{posted.id}").text
    answer = marketer.post(address(runtime, posted), follow_redirects=True)

    assert "Take it back</button>" in before
    assert network.posts == [""]
    assert "Taken back" in answer.text
    assert "Take it back</button>" not in answer.text
    assert "delivery.take_back" in actions(runtime)
    assert "Took back the post on" in marketer.get(f"/deliveries/{posted.id}/audit").text


def test_deleting_uses_up_its_own_limit_and_costs_what_it_costs(
    runtime: Runtime, service: Service, network: FakeNetwork, posted: Delivery, marketer
):
    network.prices = [Price(operation=Operation.DELETE, amount=Decimal("0.01"), label="Deleted")]
    limit = Limit(operation=Operation.DELETE, scope=Scope.ACCOUNT, seconds=900, cap=1)
    network.limits = [limit]
    other = make_delivery(runtime, service, kind=DeliveryKind.POST, content="Other.")
    analysis.start(runtime, other.id)
    begin(runtime, analysis.analyse(runtime, other.id))
    sending.send_batch(runtime, other.id)

    marketer.post(address(runtime, posted))
    refused = marketer.post(address(runtime, other), follow_redirects=True).text

    assert str(costs.spent_this_month(runtime, service)) == "0.0100"
    assert "The network lets you delete again today 10:15." in refused
    assert "Take it back</button>" in refused


def test_a_plugin_that_fails_leaves_the_post_standing(
    runtime: Runtime, network: FakeNetwork, posted: Delivery, marketer: FlaskClient
):
    network.on_delete = KeyError("data")

    answer = marketer.post(address(runtime, posted), follow_redirects=True)

    assert "The post is still there: The plugin failed: KeyError." in answer.text


def test_a_refusal_of_the_network_leaves_the_post_standing(
    runtime: Runtime, network: FakeNetwork, posted: Delivery, marketer: FlaskClient
):
    network.on_delete = fault(ErrorKind.TEMPORARY)

    answer = marketer.post(address(runtime, posted), follow_redirects=True)

    assert "The post is still there: The network minds." in answer.text
    assert network.posts == ["Spring is here."]


def test_what_is_taken_back_is_not_deleted_again(
    runtime: Runtime, posted: Delivery, marketer: FlaskClient
):
    marketer.post(address(runtime, posted))

    answer = marketer.post(address(runtime, posted), follow_redirects=True)

    assert "This post has been taken back already." in answer.text


def test_two_operators_at_once_delete_it_once_and_are_charged_once(
    runtime: Runtime,
    service: Service,
    network: FakeNetwork,
    posted: Delivery,
    marketer: FlaskClient,
    admin: FlaskClient,
):
    network.prices = [Price(operation=Operation.DELETE, amount=Decimal("0.01"), label="Deleted")]
    where = address(runtime, posted)
    others = []

    def meanwhile() -> None:
        others.append(admin.post(where, follow_redirects=True).text)

    network.on_delete = meanwhile
    marketer.post(where)

    assert "Somebody else takes this post back just now." in others[0]
    assert costs.spent_this_month(runtime, service) == Decimal("0.01")
    assert actions(runtime).count("delivery.take_back") == 1


def test_a_post_that_could_not_be_deleted_may_be_tried_again_at_once(
    runtime: Runtime, network: FakeNetwork, posted: Delivery, marketer: FlaskClient
):
    network.on_delete = fault(ErrorKind.TEMPORARY)
    marketer.post(address(runtime, posted))
    network.on_delete = None

    answer = marketer.post(address(runtime, posted), follow_redirects=True)

    assert "Taken back" in answer.text
    assert network.posts == [""]


def test_who_died_while_taking_a_post_back_keeps_nobody_off_for_long(
    runtime: Runtime, network: FakeNetwork, posted: Delivery, marketer: FlaskClient
):
    message = runtime.session.query(Message).filter_by(delivery_id=posted.id).one()
    message.leased_until = runtime.clock.system() - timedelta(seconds=1)
    runtime.session.commit()

    answer = marketer.post(address(runtime, posted), follow_redirects=True)

    assert "Taken back" in answer.text


def test_a_direct_message_cannot_be_taken_back(
    runtime: Runtime, service: Service, network: FakeNetwork, marketer: FlaskClient
):
    delivery = sent(runtime, service, people=1)

    answer = marketer.post(address(runtime, delivery), follow_redirects=True)

    assert "A message that went out cannot be taken back." in answer.text
    assert "Take it back</button>" not in answer.text
    assert len(network.directs) == 1


def test_a_post_that_did_not_go_out_cannot_be_taken_back(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    at = runtime.now() + timedelta(hours=1)
    delivery = make_delivery(runtime, service, kind=DeliveryKind.POST, scheduled_at=at)
    analysis.start(runtime, delivery.id)
    begin(runtime, analysis.analyse(runtime, delivery.id))

    answer = marketer.post(address(runtime, delivery), follow_redirects=True)

    assert "Only a post that is still on the account can be taken back." in answer.text
