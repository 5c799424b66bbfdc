"""The analysis and its verdict, and the button that sends."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.support.composer import fresh
from tests.support.deliveries import proved, ready
from tests.support.factories import make_delivery, make_subscription, make_visitor
from webapp.deliveries import analysis
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import DeliveryState
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.models import Service


def test_a_running_analysis_is_looked_at_again(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    draft = make_delivery(runtime, service)
    analysis.start(runtime, draft.id)

    answer = marketer.get(f"/deliveries/{draft.id}/confirm")

    assert "Fanfare is analysing this delivery." in answer.text
    assert 'hx-trigger="every 1s"' in answer.text


def test_a_running_analysis_is_cancelled_on_its_page(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    draft = make_delivery(runtime, service)
    analysis.start(runtime, draft.id)

    answer = marketer.post(f"/deliveries/{draft.id}/analyse/cancel", follow_redirects=True)

    assert answer.request.path == f"/deliveries/{draft.id}/compose"
    assert editing.get(runtime, draft.id).state is DeliveryState.DRAFT


def test_the_button_names_its_consequence(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    make_subscription(runtime, service, make_visitor(runtime, accepts_messages=False))
    delivery = ready(runtime, service, people=3)

    answer = marketer.get(f"/deliveries/{delivery.id}/confirm")

    assert f"Send 3 direct messages from @{service.internal_name}" in answer.text
    assert "Does not accept messages from this account" in answer.text


def test_who_is_left_out_can_be_seen_before_sending(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    person = make_visitor(runtime, name="Bo Wester", accepts_messages=False)
    make_subscription(runtime, service, person)
    delivery = ready(runtime, service, people=1)

    answer = marketer.get(f"/deliveries/{delivery.id}/exclusions?reason=accepts_none")

    assert "Bo Wester" in answer.text


def test_an_open_warning_keeps_the_accepted_ones(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = ready(runtime, service, content="Hi {first_name|there}, spring is here.")

    answer = marketer.post(f"/deliveries/{delivery.id}/confirm", data={"accept": "no_proof"})

    assert answer.status_code == 422
    assert "1 warning must be accepted first" in answer.text
    box = answer.text.partition('value="no_proof"')[2].partition(">")[0]
    assert "checked" in box


def test_nobody_sends_what_they_did_not_see(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = ready(runtime, service)
    seen = {"accept": "no_proof", "revision": delivery.revision - 1}

    answer = marketer.post(f"/deliveries/{delivery.id}/confirm", data=seen)

    assert answer.status_code == 422
    assert "after you opened it" in answer.text


def test_pressing_twice_leads_to_the_delivery(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = ready(runtime, service)
    seen = {"accept": "no_proof", "revision": delivery.revision}
    marketer.post(f"/deliveries/{delivery.id}/confirm", data=seen)

    answer = marketer.post(f"/deliveries/{delivery.id}/confirm", data=seen, follow_redirects=True)

    assert "confirmed this delivery already" in answer.text
    assert "0 of 3 sent" in answer.text


def test_an_edit_after_the_analysis_is_told(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = ready(runtime, service)
    editing.edit(runtime, delivery.id, editing.DeliveryChanges(content="Another text."))

    answer = marketer.get(f"/deliveries/{delivery.id}/confirm")

    assert "so there is no analysis of it" in answer.text
    assert "Send 3 direct messages" not in answer.text


def test_a_proof_approved_after_the_analysis_needs_no_warning(
    runtime: Runtime, service: Service, proof_account: Service, marketer: FlaskClient
):
    delivery = ready(runtime, service, proof_service_id=proof_account.id)
    proof = proved(runtime, delivery)
    before = marketer.get(f"/deliveries/{delivery.id}/confirm").text

    shown = marketer.post(f"/deliveries/{proof.id}/approve", follow_redirects=True).text
    answer = marketer.post(f"/deliveries/{delivery.id}/confirm", follow_redirects=True)

    assert "No proof was sent yet" in before
    assert "warning first, on the left" not in shown
    assert "0 of 3 sent" in answer.text


def test_accepting_a_warning_counts_down_the_others(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = ready(runtime, service, content="Hi {first_name|there}, spring is here.")

    none = marketer.get(f"/deliveries/{delivery.id}/confirm").text
    one = marketer.get(f"/deliveries/{delivery.id}/confirm?accept=no_proof").text

    assert "Accept 2 warnings first" in none
    assert "Accept 1 warning first" in one


def test_a_reviewer_sees_the_verdict_without_the_button(
    runtime: Runtime, service: Service, client_as: Callable[[Role], FlaskClient]
):
    delivery = ready(runtime, service)

    answer = client_as(Role.REVIEWER).get(f"/deliveries/{delivery.id}/confirm")

    assert "people get the message" in answer.text
    assert "Send 3 direct messages" not in answer.text


def test_a_confirmed_delivery_goes_out(runtime: Runtime, service: Service, marketer: FlaskClient):
    delivery = ready(runtime, service)
    seen = {"accept": "no_proof", "revision": delivery.revision}

    answer = marketer.post(f"/deliveries/{delivery.id}/confirm", data=seen, follow_redirects=True)

    assert "0 of 3 sent" in answer.text
    assert "Pause" in answer.text


def test_a_rejected_delivery_names_its_errors(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = ready(runtime, service, content="Hi {shoe size}")

    answer = marketer.get(f"/deliveries/{delivery.id}/confirm")

    assert "There is no field {shoe size}." in answer.text


def test_nobody_sends_more_than_the_button_they_pressed_said(
    runtime: Runtime, service: Service, marketer: FlaskClient
):
    delivery = ready(runtime, service, people=2)
    page = f"/deliveries/{delivery.id}/confirm"
    pressed = typed(marketer.get(page).text)
    make_subscription(runtime, service)
    analysis.start(runtime, delivery.id)
    analysis.analyse(runtime, delivery.id)

    refused = marketer.post(page, data=pressed)

    assert refused.status_code == 422
    assert "analysed again after you opened it" in refused.text
    assert "Send 3 direct messages" in refused.text
    assert marketer.post(page, data=typed(refused.text)).status_code == 303
    assert fresh(runtime, delivery).state is DeliveryState.SENDING


def typed(page: str) -> dict[str, str]:
    """What the form that sends holds, with its one warning accepted."""
    form = page.partition('id="send"')[2].partition("</form>")[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) | {"accept": "no_proof"}
