from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import ORMExecuteState, Session

from channels import ChannelContext, ChannelError, ErrorKind, ObservedLimit, Operation
from tests.support.factories import (
    actions,
    make_delivery,
    make_service,
    make_subscription,
    service_draft,
)
from tests.support.fakes import FakeNetwork, direct_limit
from webapp.kernel.db import db
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.folders import Folder, FolderKind, folder
from webapp.kernel.runtime import Runtime
from webapp.services import costs
from webapp.services.channel.context import context_of
from webapp.services.connection import accounts, drafts
from webapp.services.limits import quota
from webapp.services.models import Service, ServiceSecret, ServiceState


def connect(runtime: Runtime, name: str = "ateliernord", **more: object) -> Service:
    return accounts.connect(runtime, "fake", service_draft(name, **more))


def test_a_service_keeps_the_live_account(runtime: Runtime):
    service = connect(runtime)

    assert (service.internal_name, service.remote_id) == ("ateliernord", "1")
    assert service.account["followers"] == 3
    assert service.state is ServiceState.CONNECTED
    assert service.settings == {"region": "north"}
    assert actions(runtime) == ["service.connect"]


def test_the_case_of_a_handle_and_its_sign_do_not_matter(runtime: Runtime):
    assert connect(runtime, " @AtelierNord ").internal_name == "ateliernord"


def test_keys_of_another_account_are_refused(runtime: Runtime):
    with pytest.raises(ChannelError, match="belong to @ateliernord, not to @else") as refused:
        connect(runtime, "else")

    assert refused.value.code == "wrong_account"
    assert runtime.session.query(Service).count() == 0


def test_keys_the_network_refuses_store_nothing(runtime: Runtime):
    with pytest.raises(ChannelError, match="token is wrong"):
        connect(runtime, secrets={"token": "wrong"})

    assert runtime.session.query(Service).count() == 0
    assert runtime.session.query(Folder).count() == 0


def test_an_account_is_connected_once(runtime: Runtime):
    connect(runtime)

    with pytest.raises(Conflict, match="connected already, as “Atelier Nord”"):
        connect(runtime)


@pytest.mark.several_writers
def test_two_who_connect_one_account_at_the_same_moment_make_one_service(runtime: Runtime):
    folder(runtime, FolderKind.SERVICES, "Services")
    folder(runtime, FolderKind.VISITORS, "Visitors")
    runtime.session.commit()

    def be_quicker(*_flush: object) -> None:
        with Session(db.engine) as rival:
            make_service(replace(runtime, session=rival), remote_id="1")

    event.listen(runtime.session, "before_flush", be_quicker, once=True)

    with pytest.raises(Conflict, match="connected already"):
        connect(runtime)

    assert len(accounts.every(runtime)) == 1


def test_no_transaction_is_open_while_the_account_is_asked(runtime: Runtime, network: FakeNetwork):
    opened = []
    network.on_ask = lambda _context: opened.append(runtime.session.in_transaction())

    service = connect(runtime)
    accounts.change(runtime, service.id, service_draft(label="New"))

    assert opened == [False, False]


def test_what_the_channel_said_while_connecting_is_kept(runtime: Runtime, network: FakeNetwork):
    def speak(context: ChannelContext) -> None:
        context.remember("level", "full")
        context.observe(limit)

    network.limits = [direct_limit(15)]
    limit = ObservedLimit(
        operation=Operation.DIRECT,
        scope=network.limits[0].scope,
        seconds=900,
        cap=15,
        remaining=4,
        resets_at=runtime.now().replace(minute=10),
    )
    network.on_ask = speak

    service = connect(runtime)

    assert dict(context_of(runtime, service).state) == {"level": "full"}
    assert quota.usage(runtime, service)[0].left == 4
    assert [line.calls for line in costs.by_operation(runtime, service)] == [1]


def test_a_plugin_that_fails_is_a_sentence(runtime: Runtime, network: FakeNetwork):
    def fail(_context: ChannelContext) -> None:
        raise KeyError("data")

    network.on_ask = fail

    with pytest.raises(ChannelError, match="The plugin failed: KeyError") as refused:
        connect(runtime)

    assert refused.value.kind is ErrorKind.SENDER


def test_secrets_are_stored_encrypted(runtime: Runtime):
    service = connect(runtime)

    [row] = runtime.session.query(ServiceSecret)
    assert b"good" not in row.ciphertext
    assert context_of(runtime, service).secret("token") == "good"
    assert "good" not in repr(context_of(runtime, service))
    assert "good" not in repr(service_draft())


def test_options_are_kept_and_folders_made(runtime: Runtime):
    options = drafts.ServiceOptions(
        is_test=True,
        sync_subscriptions=False,
        folder="Brands",
        visitor_folder="Fans",
        daily_cap=40,
        monthly_budget=Decimal("60.00"),
    )

    service = connect(runtime, options=options)

    assert (service.folder.name, service.visitor_folder.name) == ("Brands", "Fans")
    assert (service.is_test, service.sync_subscriptions) == (True, False)
    assert (service.daily_cap, service.monthly_budget) == (40, Decimal("60.00"))


def test_a_removed_service_keeps_its_row_and_loses_its_secrets(runtime: Runtime):
    service = connect(runtime)

    accounts.remove(runtime, service.id)

    assert runtime.session.query(Service).count() == 1
    assert runtime.session.query(ServiceSecret).count() == 0
    assert accounts.every(runtime) == []
    with pytest.raises(NotFound):
        accounts.get(runtime, service.id)


def test_an_account_connected_anew_knows_whom_it_knew_and_what_it_sent(runtime: Runtime):
    service = connect(runtime)
    stopped = make_subscription(runtime, service, opted_out_at=runtime.now())
    opted_in = make_subscription(runtime, service, opted_in_at=runtime.now())
    bounced = make_subscription(runtime, service, quarantined_at=runtime.now())
    delivery = make_delivery(runtime, service)
    accounts.remove(runtime, service.id)

    again = connect(runtime, label="Nord", settings={"region": "south"})

    assert (again.id, again.label, again.settings) == (service.id, "Nord", {"region": "south"})
    assert {stopped.service_id, opted_in.service_id, bounced.service_id} == {again.id}
    assert delivery.services == [again]
    assert accounts.every(runtime) == [again]
    assert context_of(runtime, again).secret("token") == "good"
    assert actions(runtime)[-2:] == ["service.remove", "service.reconnect"]


def test_an_account_renamed_while_it_was_removed_comes_back_under_its_name(
    runtime: Runtime, network: FakeNetwork
):
    accounts.remove(runtime, connect(runtime).id)
    network.account = replace(network.account, handle="ateliersud")

    again = connect(runtime, "ateliersud")

    assert again.internal_name == "ateliersud"


@pytest.mark.several_writers
def test_two_who_connect_a_removed_account_at_the_same_moment_take_one_row(runtime: Runtime):
    service = connect(runtime)
    accounts.remove(runtime, service.id)

    def be_quicker(orm_execute_state: ORMExecuteState) -> None:
        if orm_execute_state.is_update:
            with Session(db.engine) as rival:
                rival.execute(update(Service).values(removed_at=None))
                rival.commit()

    event.listen(runtime.session, "do_orm_execute", be_quicker)

    with pytest.raises(Conflict, match="connected already"):
        connect(runtime)


def test_a_service_is_found_by_its_handle_or_its_number(runtime: Runtime):
    service = make_service(runtime, internal_name="AtelierNord")

    assert accounts.find(runtime, "@ateliernord") is service
    assert accounts.find(runtime, str(service.id)) is service


def test_a_handle_of_digits_comes_before_a_number(runtime: Runtime):
    first = make_service(runtime)
    named = make_service(runtime, internal_name=str(first.id))

    assert accounts.find(runtime, str(first.id)) is named


@pytest.mark.parametrize("name", ["nobody", "999", "9" * 40, ""])
def test_a_service_that_is_not_there_is_not_found(runtime: Runtime, name: str):
    with pytest.raises(NotFound):
        accounts.find(runtime, name)


def test_test_accounts_are_listed_last(runtime: Runtime):
    test = make_service(runtime, internal_name="a", is_test=True)
    late = make_service(runtime, internal_name="z")
    early = make_service(runtime, internal_name="B")

    assert accounts.every(runtime) == [early, late, test]
