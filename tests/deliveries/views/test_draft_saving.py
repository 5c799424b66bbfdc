"""An unasked save finds nothing wrong with what nobody touched; what is pressed looks at all."""

import re

import pytest
from flask.testing import FlaskClient

from tests.support.composer import address, fresh
from tests.support.factories import make_delivery
from tests.support.fields import Fields
from webapp.deliveries import kinds
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

UNASKED = {"HX-Request": "true"}
# As a browser sends the two fields while one of them is being typed anew.
AT = {"begin": "at", "day": "", "clock": ""}
PLACES = [(kind, step) for kind in kinds.EVERY for step in kind.steps]


def sent_by(client: FlaskClient, delivery: Delivery, step: str) -> dict[str, list[str]]:
    page = client.get(f"{address(delivery)}?step={step}").text
    found: dict[str, list[str]] = {}
    for name, value in Fields(page, id="compose").sent:
        found.setdefault(name, []).append(value)
    assert found["step"] == [step]
    return found


@pytest.mark.parametrize("with_account", [True, False], ids=["an account", "no account"])
@pytest.mark.parametrize(("kind", "step"), PLACES)
def test_a_step_nobody_touched_is_never_refused(
    runtime: Runtime,
    marketer: FlaskClient,
    service: Service,
    kind: DeliveryKind,
    step: str,
    *,
    with_account: bool,
):
    delivery = make_delivery(runtime, *([service] if with_account else []), kind=kind)

    typed = sent_by(marketer, delivery, step)
    answer = marketer.post(address(delivery), data=typed, headers=UNASKED)

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "touched", [{}, {"day": "2026-11-27"}, {"clock": "18:00"}], ids=["at", "day", "time"]
)
@pytest.mark.parametrize(
    ("kind", "step"), [(DeliveryKind.DIRECT, "schedule"), (DeliveryKind.POST, "post")]
)
def test_choosing_at_waits_for_a_day_and_a_time(
    runtime: Runtime,
    marketer: FlaskClient,
    service: Service,
    kind: DeliveryKind,
    step: str,
    touched: dict[str, str],
):
    delivery = make_delivery(runtime, service, kind=kind)
    typed = sent_by(marketer, delivery, step) | AT | touched

    answer = marketer.post(address(delivery), data=typed, headers=UNASKED)

    assert answer.status_code == 200
    assert "The day and the time are still missing." in answer.text
    assert "form-err" not in answer.text
    assert fresh(runtime, delivery).scheduled_at is None


def test_what_was_typed_wrong_is_still_said_at_once(
    runtime: Runtime, marketer: FlaskClient, draft: Delivery
):
    typed = sent_by(marketer, draft, "schedule") | {"begin": "at", "clock": "6pm"}

    answer = marketer.post(address(draft), data=typed, headers=UNASKED)

    assert answer.status_code == 422
    assert "Write the time as 18:00." in answer.text


@pytest.mark.parametrize("asked", ["compose", "analyse", "proof"])
def test_whoever_presses_a_button_is_told_what_is_missing(
    marketer: FlaskClient, draft: Delivery, asked: str
):
    typed = sent_by(marketer, draft, "schedule") | AT

    answer = marketer.post(address(draft, asked), data=typed)

    assert answer.status_code == 422
    assert re.search(r'id="below-day".*?Write the day as', answer.text, re.DOTALL)
