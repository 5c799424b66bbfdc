"""Each account has an address of its own; anybody may write there, so a signature counts."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from channels import ChannelError, ErrorKind, EventKind, InboundMessage, Person
from tests.support.feedback import event, outcomes
from webapp.kernel.runtime import Runtime
from webapp.services.connection import event_address
from webapp.services.models import Service, ServiceSecret


@pytest.fixture
def path(runtime: Runtime, service: Service, events) -> str:
    address = event_address.address_of(runtime, service)
    runtime.session.commit()
    return "/channels/" + address.partition("/channels/")[2]


def test_it_is_made_once_and_nobody_guesses_it(runtime: Runtime, service: Service, path: str):
    assert event_address.address_of(runtime, service).endswith(path)
    assert path.startswith("/channels/fake/events/")
    assert len(path.rpartition("/")[2]) >= 43


def test_a_channel_that_tells_nothing_has_none(runtime: Runtime, service: Service):
    assert event_address.address_of(runtime, service) == ""


def test_a_genuine_request_needs_no_log_in_and_no_token_of_a_form(
    app: Flask, runtime: Runtime, client: FlaskClient, events, path: str
):
    app.config["WTF_CSRF_ENABLED"] = True
    events.told = [event(runtime, EventKind.DELIVERED)]

    answer = client.post(path, data=json.dumps({}), headers={"Signature": "good"})

    assert (answer.status_code, answer.text) == (204, "")
    assert outcomes(runtime) == [None]


def test_a_network_that_tries_the_address_is_answered(client: FlaskClient, path: str):
    answer = client.get(f"{path}?challenge=c4", headers={"Signature": "good"})

    assert (answer.status_code, answer.text) == (200, "c4")
    assert answer.mimetype == "text/plain"


def test_a_forged_request_is_refused(runtime: Runtime, client: FlaskClient, events, path: str):
    events.told = [event(runtime, EventKind.DELIVERED)]

    assert client.post(path, data="{}").status_code == 403
    assert outcomes(runtime) == []


@pytest.mark.parametrize("kind", [ErrorKind.SENDER, ErrorKind.TEMPORARY])
def test_what_cannot_be_read_just_now_is_asked_for_again(
    client: FlaskClient, events, path: str, kind: ErrorKind
):
    events.fault = ChannelError("The key is missing.", kind=kind)

    assert client.post(path, data="{}").status_code == 503


@pytest.mark.parametrize(
    "where",
    ["fake/events/none", "x/events/{token}", "owl/events/none", "fake/events/a%00", "%00/events/a"],
)
def test_nothing_listens_at_another_address(client: FlaskClient, path: str, where: str):
    token = path.rpartition("/")[2]

    assert client.post(f"/channels/{where.format(token=token)}", data="{}").status_code == 404


def test_a_key_that_is_missing_for_a_while_loses_nothing(
    runtime: Runtime, service: Service, client: FlaskClient, path: str
):
    runtime.session.execute(update(ServiceSecret).values(ciphertext=b"of another key"))
    runtime.session.commit()

    assert client.post(path, data="{}", headers={"Signature": "good"}).status_code == 503


def test_a_plugin_that_is_not_loaded_for_a_while_loses_nothing(
    runtime: Runtime, service: Service, client: FlaskClient, path: str
):
    gone = path.replace("/fake/", "/gone/")
    service.kind = "gone"
    runtime.session.commit()

    assert client.post(gone, data="{}", headers={"Signature": "good"}).status_code == 503


def test_what_people_call_themselves_and_write_is_kept_whatever_it_holds(
    runtime: Runtime, client: FlaskClient, events, path: str
):
    odd = "A\0n\ud83da"
    person = Person(remote_id="p9", handle=odd, name=odd, avatar_url=odd)
    reply = InboundMessage(remote_id="i1", person=person, text=odd, received_at=runtime.now())
    events.told = [
        event(runtime, EventKind.REPLIED, message_id="", reply=reply, person=person, said=odd)
    ]

    assert client.post(path, data="{}", headers={"Signature": "good"}).status_code == 204
    assert outcomes(runtime) == [None]


def test_more_than_a_network_tells_is_refused(client: FlaskClient, path: str):
    answer = client.post(path, data=b"x" * (2**20 + 1), headers={"Signature": "good"})

    assert answer.status_code == 413


def test_an_account_that_was_disconnected_listens_no_more(
    runtime: Runtime, service: Service, client: FlaskClient, path: str
):
    service.removed_at = runtime.now()
    runtime.session.commit()

    assert client.post(path, data="{}", headers={"Signature": "good"}).status_code == 404


def test_the_settings_of_an_account_show_it(admin: FlaskClient, service, path: str):
    assert path in admin.get(f"/services/{service.id}/settings").text
