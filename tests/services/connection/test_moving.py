"""An account that is signed in to or disconnected while it is moved stays as somebody made it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from channels import ChannelContext, ChannelError, ErrorKind, Session
from tests.support.factories import make_service
from tests.support.fakes import FakeNetwork
from tests.support.sessions import FakeMoving, ledger
from webapp.kernel.runtime import Runtime
from webapp.services.channel import session_store
from webapp.services.channel.context import context_of
from webapp.services.connection import accounts, moving, renewing
from webapp.services.models import RefreshOutcome, Service, StateValue


@pytest.fixture
def service(runtime: Runtime, network: FakeNetwork) -> Service:
    runtime.registry.get("fake").moving = FakeMoving()
    network.account = replace(network.account, remote_id="1", handle="ateliernord")
    made = make_service(runtime, internal_name="ateliernord", remote_id="1")
    moving.move(runtime, [made.id])
    return made


def meanwhile(step: str, runtime: Runtime, network: FakeNetwork, do) -> None:
    """Let something happen while the network is asked for new tokens, or by them."""

    def trade(context: ChannelContext) -> Session:
        do()
        return FakeMoving().trade(context)

    if step == "trade":
        runtime.registry.get("fake").moving.trade = trade
    else:
        network.on_ask = lambda _context: do()


@pytest.mark.parametrize("step", ["trade", "proof"])
def test_an_account_that_is_disconnected_meanwhile_keeps_no_tokens(
    runtime: Runtime, network: FakeNetwork, service: Service, step: str
):
    meanwhile(step, runtime, network, lambda: accounts.remove(runtime, service.id))

    renewing.renew(runtime, service.id)

    assert runtime.session.scalars(select(StateValue)).all() == []
    assert None not in ledger(runtime)


@pytest.mark.parametrize("step", ["trade", "proof"])
def test_tokens_of_a_sign_in_are_newer_than_those_of_a_trade(
    runtime: Runtime, network: FakeNetwork, service: Service, step: str
):
    def sign_in() -> None:
        session_store.keep(runtime, service, Session(secrets={"new": "signed in"}))
        runtime.session.commit()

    meanwhile(step, runtime, network, sign_in)

    renewing.renew(runtime, service.id)

    context = context_of(runtime, service)
    assert context.secret("new") == "signed in"
    assert not moving.is_under_way(context)
    assert None not in ledger(runtime)


@pytest.mark.parametrize("kind", [ErrorKind.PERMANENT, ErrorKind.SENDER])
def test_a_network_that_refuses_is_not_asked_again_each_minute(
    runtime: Runtime, network: FakeNetwork, service: Service, kind: ErrorKind
):
    def refuse() -> None:
        raise ChannelError("No.", kind=kind)

    meanwhile("trade", runtime, network, refuse)

    renewing.renew(runtime, service.id)

    assert ledger(runtime) == [RefreshOutcome.REFUSED]
    assert not moving.is_under_way(context_of(runtime, service))
    assert service.renew_at is None
