from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from sqlalchemy.orm import Session

from channels import Account, ChannelError
from tests.support.factories import actions, service_draft
from tests.support.fakes import FakeNetwork
from webapp.kernel.db import db
from webapp.kernel.errors import Invalid, NotFound
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import SecretBox
from webapp.kernel.text import notices
from webapp.services.channel.context import context_of
from webapp.services.connection import accounts
from webapp.services.models import Service, ServiceSecret, ServiceState


def connect(runtime: Runtime, name: str = "ateliernord", **more: object) -> Service:
    return accounts.connect(runtime, "fake", service_draft(name, **more))


def rename(network: FakeNetwork, handle: str, remote_id: str = "1") -> None:
    network.account = Account(remote_id=remote_id, handle=handle, name="Atelier", followers=3)


def test_a_secret_left_out_stays_as_it_is(runtime: Runtime):
    service = connect(runtime)

    accounts.change(runtime, service.id, service_draft(label="New", secrets={}))

    assert service.label == "New"
    assert context_of(runtime, service).secret("token") == "good"


def test_a_new_secret_replaces_the_old_one(runtime: Runtime):
    service = connect(runtime)

    accounts.change(runtime, service.id, service_draft(secrets={"token": "better"}))

    assert context_of(runtime, service).secret("token") == "better"


def test_an_account_that_is_disconnected_while_it_is_asked_keeps_no_secret(
    runtime: Runtime, network: FakeNetwork
):
    service = connect(runtime)

    def disconnect(_context: object) -> None:
        with Session(db.engine) as session:
            accounts.remove(replace(runtime, session=session), service.id)

    network.on_ask = disconnect

    with pytest.raises(NotFound):
        accounts.change(runtime, service.id, service_draft(secrets={"token": "better"}))

    runtime.session.rollback()
    assert runtime.session.query(ServiceSecret).all() == []


def test_a_change_the_network_refuses_changes_nothing(runtime: Runtime):
    service = connect(runtime)

    with pytest.raises(ChannelError):
        accounts.change(runtime, service.id, service_draft(label="New", secrets={"token": "wrong"}))

    runtime.session.expire_all()
    assert service.label == "Atelier Nord"
    assert context_of(runtime, service).secret("token") == "good"


def test_keys_of_another_account_do_not_enter_a_service(runtime: Runtime, network: FakeNetwork):
    service = connect(runtime)
    rename(network, "ateliernord", remote_id="2")

    with pytest.raises(ChannelError, match="belong to"):
        accounts.change(runtime, service.id, service_draft())


def test_a_change_follows_a_rename(runtime: Runtime, network: FakeNetwork):
    service = connect(runtime)
    rename(network, "nordatelier")

    accounts.change(runtime, service.id, service_draft())

    assert service.internal_name == "nordatelier"
    assert "service.rename" in actions(runtime)


def test_a_service_cannot_become_another_account_by_name(runtime: Runtime):
    service = connect(runtime)

    with pytest.raises(Invalid, match="is the account @ateliernord") as refused:
        accounts.change(runtime, service.id, service_draft("else"))

    assert set(refused.value.fields) == {"internal_name"}


def test_a_change_mends_what_needed_fixing(runtime: Runtime):
    service = connect(runtime)
    service.state, service.fault = ServiceState.NEEDS_FIXING, notices.of("The token is wrong.")
    service.checks = [{"code": "token"}]

    accounts.change(runtime, service.id, service_draft())

    assert (service.state, service.fault, service.checks) == (ServiceState.CONNECTED, "", [])


def test_a_secret_no_key_opens_is_entered_again(runtime: Runtime):
    service = connect(runtime)
    other = SecretBox([Fernet.generate_key().decode()])
    runtime.session.query(ServiceSecret).update({"ciphertext": other.encrypt("good")})

    accounts.change(runtime, service.id, service_draft(secrets={"token": "good"}))

    assert context_of(runtime, service).secret("token") == "good"
