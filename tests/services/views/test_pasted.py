"""Keys that were pasted outlive an error: encrypted, for minutes, on no page."""

import json
import time
from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from channels import ChannelError, ErrorKind
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from webapp.kernel.config.settings import Settings
from webapp.kernel.runtime import Runtime
from webapp.operators.models import Role
from webapp.services.channel.context import context_of
from webapp.services.models import Service

FORM = {
    "label": "Atelier Nord",
    "internal_name": "ateliernord",
    "folder": "Services",
    "visitor_folder": "Visitors",
    "daily_cap": "250",
}
PASTED = "a-key-X-shows-once"
COOKIE = "fanfare_pasted"


@pytest.fixture
def away(network: FakeNetwork) -> FakeNetwork:
    """A network that cannot be reached until `on_ask` is taken away."""

    def refuse(_context: object) -> None:
        raise ChannelError("Fake cannot be reached.", kind=ErrorKind.TEMPORARY)

    network.on_ask = refuse
    return network


def back(network: FakeNetwork) -> None:
    network.on_ask = lambda _context: None


def refused(admin: FlaskClient, **more: str) -> TestResponse:
    answer = admin.post("/services/new/fake", data=FORM | {"channel-token": PASTED} | more)
    assert answer.status_code == 422
    return answer


def connected(runtime: Runtime) -> Service:
    return runtime.session.query(Service).one()


def test_a_second_try_with_the_field_left_empty_uses_the_pasted_key(
    runtime: Runtime, admin: FlaskClient, away: FakeNetwork
):
    page = refused(admin).text
    assert "kept" in page
    back(away)

    answer = admin.post("/services/new/fake", data=FORM | {"channel-token": ""})

    assert answer.status_code == 303
    assert context_of(runtime, connected(runtime)).secret("token") == PASTED
    assert admin.get_cookie(COOKIE, path="/services/new/fake") is None


def test_a_mistake_in_another_field_keeps_the_key_too(admin: FlaskClient, runtime: Runtime):
    refused(admin, daily_cap="0")

    assert admin.post("/services/new/fake", data=FORM).status_code == 303
    assert context_of(runtime, connected(runtime)).secret("token") == PASTED


def test_it_is_on_no_page_and_readable_in_no_cookie(admin: FlaskClient, away: FakeNetwork):
    answer = refused(admin)
    again = admin.get("/services/new/fake")

    assert PASTED not in answer.text + again.text + str(answer.headers)
    assert "required" not in again.text.split('name="channel-token"')[0].rsplit("<input", 1)[1]
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if COOKIE in line)
    assert "HttpOnly" in cookie
    assert "Path=/services/new/fake" in cookie
    assert "Max-Age=900" in cookie


def test_a_key_pasted_anew_takes_its_place(runtime: Runtime, admin: FlaskClient, away: FakeNetwork):
    refused(admin)
    back(away)

    admin.post("/services/new/fake", data=FORM | {"channel-token": "another"})

    assert context_of(runtime, connected(runtime)).secret("token") == "another"


def test_the_keys_are_checked_with_what_was_kept(admin: FlaskClient, away: FakeNetwork):
    refused(admin, **{"channel-token": "wrong"})
    back(away)

    answer = admin.post("/services/new/fake/try", data=FORM, headers={"HX-Request": "true"})

    assert "Make a new one." in answer.text


def test_settings_keep_a_pasted_key_as_well(
    runtime: Runtime, admin: FlaskClient, away: FakeNetwork
):
    service = make_service(runtime, internal_name="ateliernord", remote_id="1")
    path = f"/services/{service.id}/settings"
    assert admin.post(path, data=FORM | {"channel-token": PASTED}).status_code == 422
    back(away)

    assert admin.post(path, data=FORM).status_code == 303

    runtime.session.expire_all()
    assert context_of(runtime, service).secret("token") == PASTED


def planted(admin: FlaskClient, settings: Settings, owner: str, at: int) -> None:
    text = json.dumps({"owner": owner, "keys": {"token": PASTED}}).encode()
    locked = Fernet(settings.encryption_keys[0]).encrypt_at_time(text, at).decode()
    admin.set_cookie(COOKIE, locked, path="/services/new/fake")


OTHERS = {
    "too old": ("1 /services/new/fake", 901),
    "another operator's": ("2 /services/new/fake", 0),
    "another form's": ("1 /services/4/settings", 0),
}


@pytest.mark.parametrize("case", OTHERS)
def test_no_other_key_is_used(admin: FlaskClient, settings: Settings, case: str):
    owner, age = OTHERS[case]
    planted(admin, settings, owner, int(time.time()) - age)

    answer = admin.post("/services/new/fake", data=FORM)

    assert answer.status_code == 422
    assert "This is needed." in answer.text


def test_what_no_key_of_this_instance_wrote_is_left_alone(client_as: Callable[[Role], FlaskClient]):
    admin = client_as(Role.ADMIN)
    admin.set_cookie(COOKIE, "nonsense", path="/services/new/fake")

    assert admin.get("/services/new/fake").status_code == 200
