"""Home: what needs the operator, what goes out, what comes next."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from channels import ErrorKind
from channels.clock import FileClock
from tests.support.deliveries import begin, fault, proved, ready
from tests.support.factories import make_delivery, make_service, make_workflow
from tests.support.fakes import FakeNetwork
from webapp.deliveries import control, proofs, sending
from webapp.deliveries.control import delete
from webapp.deliveries.models import Delivery, Message
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import notices
from webapp.services.models import ServiceState
from webapp.system.web import layout


def provable(runtime: Runtime) -> Delivery:
    """A draft beside a test account that its proofs can go to."""
    make_service(runtime, is_test=True, internal_name="atelier_proof")
    return make_delivery(runtime, make_service(runtime), label="Spring list")


def test_a_new_instance_leads_an_administrator_to_the_two_doors(admin: FlaskClient):
    assert admin.get("/").location == "/setup/begin"


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [(3, "Good evening"), (4, "Good morning"), (12, "Good afternoon"), (18, "Good evening")],
)
def test_home_greets_by_the_hour_of_whoever_looks(
    runtime: Runtime, clock: FileClock, admin: FlaskClient, hour: int, greeting: str
):
    make_service(runtime)
    runtime.session.commit()
    zone = ZoneInfo("Europe/Paris")
    clock.set(runtime.now().astimezone(zone).replace(hour=hour, minute=0))

    page = admin.get("/").text

    assert f"<h1>{greeting}, " in page


def test_only_the_newest_proof_of_a_delivery_waits_for_approval(
    runtime: Runtime, admin: FlaskClient
):
    delivery = provable(runtime)
    for _number in range(2):
        proved(runtime, delivery)

    page = admin.get("/").text

    assert "Proof #2 of “Spring list” waits for approval" in page
    assert "Sent to @atelier_proof by test" in page
    assert "Proof #1" not in page


def test_what_goes_out_shows_how_far_it_is(runtime: Runtime, admin: FlaskClient):
    service = make_service(runtime)
    begin(runtime, ready(runtime, service, people=3, label="Winter list"))

    page = admin.get("/").text

    assert "Winter list" in page
    assert "0 of 3 sent, 0 failed, 0 unknown" in page


def test_a_paused_delivery_says_who_paused_it(runtime: Runtime, admin: FlaskClient):
    delivery = begin(runtime, ready(runtime, make_service(runtime), label="Visit"))
    control.pause(runtime, delivery.id)

    page = admin.get("/").text

    assert "“Visit” is paused" in page
    assert "Paused by test." in page


def test_a_proof_held_up_by_its_account_says_what_and_why(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient
):
    delivery = provable(runtime)
    network.before = [fault(ErrorKind.SENDER, "bad_token")]
    proved(runtime, delivery)

    page = admin.get("/").text

    held = page.partition("Proof #1 of “Spring list” is held up")[2].partition("</li>")[0]
    assert "The network minds." in held
    link = held.partition('href="')[2].partition('"')[0]
    assert "send another one" in admin.get(link).text


def test_a_proof_held_up_counts_beside_deliveries_and_is_named_in_their_list(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient
):
    delivery = provable(runtime)
    network.before = [fault(ErrorKind.SENDER, "bad_token")]
    proved(runtime, delivery)

    needed = layout.waiting_for_operator(runtime)["deliveries.index"]
    page = admin.get("/deliveries?view=needs").text

    assert needed == 1
    assert "proof #1 is held up" in page


def test_what_nobody_can_tell_any_more_stays_on_home_until_it_is_settled(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient, clock: FileClock
):
    delivery = begin(runtime, ready(runtime, make_service(runtime), people=1, label="Winter list"))
    network.after = [fault(ErrorKind.UNKNOWN, "no_answer")]
    sending.send_batch(runtime, delivery.id)
    runtime.session.query(Message).update({"due_at": None})
    delivery.resume_at = runtime.now()
    runtime.session.commit()
    sending.send_batch(runtime, delivery.id)

    clock.advance(timedelta(days=8))
    page = admin.get("/").text
    admin.post(f"/deliveries/{delivery.id}/settle")
    later = admin.get("/").text

    assert "Fanfare no longer asks" in page
    assert "unknown outcome" not in later


def test_an_unknown_proof_of_a_removed_draft_is_nobodys_task(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient
):
    delivery = provable(runtime)
    network.after = [fault(ErrorKind.UNKNOWN, "no_answer")]
    proved(runtime, delivery)
    runtime.session.query(Message).update({"due_at": None})
    control.stop(runtime, proofs.proofs(runtime, delivery.id)[0].id)
    delete.remove(runtime, delivery.id)

    page = admin.get("/").text

    assert "unknown outcome" not in page


def test_a_proof_that_was_sent_again_is_not_held_up_any_more(
    runtime: Runtime, network: FakeNetwork, admin: FlaskClient
):
    delivery = provable(runtime)
    network.before = [fault(ErrorKind.SENDER, "bad_token")]
    for _number in range(2):
        proved(runtime, delivery)

    page = admin.get("/").text

    assert "is held up" not in page
    assert "Proof #2 of “Spring list” waits for approval" in page


def test_deliveries_and_workflows_come_in_one_order(runtime: Runtime, admin: FlaskClient):
    soon = runtime.now() + timedelta(hours=2)
    begin(runtime, ready(runtime, make_service(runtime), label="Evening", scheduled_at=soon))
    make_workflow(runtime, name="Before", next_run_at=soon - timedelta(hours=1), job="before")
    make_workflow(runtime, name="After", next_run_at=soon + timedelta(hours=1), job="after")

    page = admin.get("/").text
    next_ones = page[page.index(">Next<") :]

    assert next_ones.index("Before") < next_ones.index("Evening") < next_ones.index("After")


def test_the_refreshed_part_brings_the_services_along(runtime: Runtime, admin: FlaskClient):
    make_service(runtime)

    part = admin.get("/", headers={"HX-Request": "true"}).text

    assert "<html" not in part
    assert 'id="home-services" hx-swap-oob="morph"' in part


def test_a_broken_service_is_a_banner_only_where_it_holds_something_up(runtime: Runtime):
    idle = make_service(runtime, internal_name="idle")
    busy = make_service(runtime, internal_name="busy")
    begin(runtime, ready(runtime, busy, label="Winter list"))
    for service in (idle, busy):
        service.state, service.fault = (
            ServiceState.NEEDS_FIXING,
            notices.of("The token is read-only."),
        )
    runtime.session.commit()

    banners = [item for item in layout.frame(runtime)["banners"] if item.tone == "warn"]

    assert [item.title for item in banners] == ["@busy needs fixing."]
    assert "It holds up “Winter list”." in banners[0].text


def test_an_empty_search_asks_what_to_look_for(runtime: Runtime, admin: FlaskClient):
    make_service(runtime, internal_name="ateliernord")

    assert "What are you looking for?" in admin.get("/search").text
    assert "Nothing found for “zebra”" in admin.get("/search?q=zebra").text
    assert "@ateliernord" in admin.get("/search?q=atelier").text
