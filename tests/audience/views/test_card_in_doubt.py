"""The card of somebody whose message looks like a refusal, and what an operator decides there."""

import pytest
from flask.testing import FlaskClient

from tests.support.factories import make_subscription, make_visitor
from webapp.audience import consent
from webapp.audience.models import ReceivedMessage, Subscription, Visitor
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

URL = "/audience/visitors"


@pytest.fixture
def ana(runtime: Runtime) -> Visitor:
    return make_visitor(runtime, name="Ana Ruiz")


@pytest.fixture
def tie(runtime: Runtime, service: Service, ana: Visitor) -> Subscription:
    return make_subscription(runtime, service, ana, wrote_first_at=None)


@pytest.fixture
def doubted(runtime: Runtime, service: Service, tie: Subscription) -> ReceivedMessage:
    """Ana wrote what looks like a refusal."""
    tie.doubted_at = runtime.now()
    note = ReceivedMessage(
        service_id=service.id,
        visitor_id=tie.visitor_id,
        remote_id="m1",
        text="Not interested <b>",
        wish="doubt",
        received_at=runtime.now(),
        read_at=runtime.now(),
    )
    runtime.session.add(note)
    runtime.session.commit()
    return note


@pytest.mark.parametrize(
    ("answer", "reason", "word"),
    [("stop", "wrote_stop", "Decided: it is a STOP"), ("other", "", "Decided: it is no refusal")],
)
def test_an_operator_decides_about_a_message_in_doubt(
    marketer: FlaskClient, runtime, ana, tie, doubted, answer, reason, word
):
    data = {"note": doubted.id, answer: "yes"}
    marketer.post(f"{URL}/{ana.id}/subscriptions/{tie.id}/doubt", data=data)

    assert consent.reason_not(again(runtime, tie), tie.visitor) == reason
    runtime.session.refresh(doubted)
    assert (doubted.settled, doubted.settled_by) == (answer, "Marketer")
    page = marketer.get(f"{URL}/{ana.id}").text
    assert word in page
    assert ">, recorded by Marketer" in page


def test_the_card_shows_the_message_that_holds_a_person(marketer: FlaskClient, ana, tie, doubted):
    page = marketer.get(f"{URL}/{ana.id}").text

    assert "Not interested &lt;b&gt;" in page
    assert "They wrote this, today " in page
    assert "a message of theirs looks like a refusal" in page


def test_home_asks_about_a_message_in_doubt(marketer: FlaskClient, ana, tie, doubted):
    text = marketer.get("/").text

    assert "Is this a STOP? Ana Ruiz wrote to @ateliernord" in text
    assert "“Not interested &lt;b&gt;”" in text


@pytest.mark.parametrize("data", [{}, {"stop": "yes", "other": "yes"}])
def test_a_decision_that_is_none_leaves_the_person_held(
    marketer: FlaskClient, runtime, ana, tie, doubted, data
):
    path = f"{URL}/{ana.id}/subscriptions/{tie.id}/doubt"

    assert marketer.post(path, data=data | {"note": doubted.id}).status_code == 422
    assert consent.reason_not(again(runtime, tie), ana) == "in_doubt"


def test_a_decision_about_an_older_message_is_refused(
    marketer: FlaskClient, runtime, ana, tie, doubted
):
    path, data = f"{URL}/{ana.id}/subscriptions/{tie.id}/doubt", {"note": 4711, "other": "yes"}

    assert marketer.post(path, data=data).status_code == 409
    assert consent.reason_not(again(runtime, tie), ana) == "in_doubt"


def again(runtime: Runtime, row: Subscription) -> Subscription:
    """The row as the database holds it after a request."""
    runtime.session.refresh(row)
    return row
