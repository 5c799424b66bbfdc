"""An unasked save finds nothing wrong with what nobody touched; what is pressed looks at all."""

import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from tests.support.composer import address, fresh
from tests.support.factories import make_delivery
from webapp.deliveries import kinds
from webapp.deliveries.models import Delivery, DeliveryKind
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

UNASKED = {"HX-Request": "true"}
# As a browser sends the two fields while one of them is being typed anew.
AT = {"begin": "at", "day": "", "clock": ""}
PLACES = [(kind, step) for kind in kinds.EVERY for step in kind.steps]


class Fields(HTMLParser):
    """Reads what a browser would send of the form `compose` as it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.inside, self.select, self.area = False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == "compose"
        elif self.inside and tag in ("select", "textarea"):
            setattr(self, "select" if tag == "select" else "area", given["name"])
        elif self.inside and (tag, "selected" in given) == ("option", True):
            self.sent.append((self.select, given["value"]))
        elif self.inside and tag == "input" and self.sends(given):
            self.sent.append((given["name"], given.get("value", "")))

    def sends(self, given: dict[str, str]) -> bool:
        box = given.get("type") in ("checkbox", "radio")
        return "name" in given and (not box or "checked" in given)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent.append((self.area, data.lstrip("\r\n")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        self.area = ""


def sent_by(client: FlaskClient, delivery: Delivery, step: str) -> dict[str, list[str]]:
    page = client.get(f"{address(delivery)}?step={step}").text
    found: dict[str, list[str]] = {}
    for name, value in Fields(page).sent:
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
