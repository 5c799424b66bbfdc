"""Whether messages arrived is shown where a delivery is: figures, log, filters, commands."""

import json

import pytest
from flask.testing import FlaskClient

from channels import EventKind
from tests.support.cli import Cli
from tests.support.feedback import event, first, told
from webapp.deliveries.models import Delivery
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service


@pytest.fixture
def bounced(runtime: Runtime, service: Service, events, taken_over: Delivery) -> Delivery:
    """A delivery of which one message bounced, and one was only taken over."""
    told(runtime, service, events, event(runtime, EventKind.BOUNCED, said="550 no such box"))
    return taken_over


def test_the_figures_tell_what_arrived(marketer: FlaskClient, bounced: Delivery):
    page = marketer.get(f"/deliveries/{bounced.id}").text

    assert "2 of 2 sent" in page
    assert "1 accepted" in page
    assert "1 did not arrive" in page
    assert "delivered" not in page


@pytest.mark.parametrize(
    ("state", "lines"), [("accepted", 1), ("bounced", 1), ("delivered", 0), ("sent", 2)]
)
def test_the_log_is_filtered_by_what_arrived(
    marketer: FlaskClient, bounced: Delivery, state: str, lines: int
):
    page = marketer.get(f"/deliveries/{bounced.id}?state={state}").text

    assert page.count('<tr id="message-') == lines


def test_a_message_that_did_not_arrive_says_why(
    runtime: Runtime, marketer: FlaskClient, bounced: Delivery
):
    page = marketer.get(f"/deliveries/{bounced.id}?state=bounced").text
    assert "Did not arrive" in page
    number = page.partition('<tr id="message-')[2].partition('"')[0]

    why = marketer.get(f"/deliveries/{bounced.id}?state=bounced&why={number}").text

    assert "550 no such box" in why
    assert "told later that it did not arrive" in why
    assert "Why did it not arrive?" in why
    assert "Why was it not sent?" not in why


def test_the_page_of_the_person_tells_that_it_did_not_arrive(
    runtime: Runtime, marketer: FlaskClient, bounced: Delivery
):
    message, _subscription = first(runtime, bounced)

    page = marketer.get(f"/audience/visitors/{message.visitor_id}").text

    assert "Did not arrive" in page


def test_a_state_that_nobody_knows_is_refused(marketer: FlaskClient, bounced: Delivery):
    answer = marketer.get(f"/deliveries/{bounced.id}?state=unheard")

    assert answer.status_code == 422
    assert "There is no message state unheard." in answer.text


def test_the_sheet_and_the_commands_tell_it(cli: Cli, runtime: Runtime, bounced: Delivery):
    runtime.session.commit()

    status = json.loads(cli("delivery", "status", str(bounced.id), "--json").out)
    log = json.loads(cli("delivery", "log", str(bounced.id), "--state", "bounced", "--json").out)
    sheet = cli("delivery", "log", str(bounced.id), "--csv").out

    assert (status["sent"], status["accepted"], status["bounced"]) == (2, 1, 1)
    assert [line["state"] for line in log] == ["bounced"]
    assert "Accepted" in sheet
    assert "Did not arrive" in sheet
