"""Several workers use one session, and somebody may sign in, go back or disconnect meanwhile."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from channels import ChannelContext, ChannelError, ErrorKind, Session
from tests.services.channel.test_state import now, worker
from tests.support.cli import engine_of
from tests.support.fakes import FakeNetwork
from tests.support.sessions import FakeSessions, failing, ledger, used
from webapp.kernel.runtime import Runtime
from webapp.services.channel import session_store
from webapp.services.channel.context import context_of
from webapp.services.connection import accounts
from webapp.services.connection.drafts import ServiceDraft
from webapp.services.models import RefreshOutcome, Service

MINUTE = timedelta(minutes=1)


@pytest.fixture
def sessions(runtime: Runtime) -> FakeSessions:
    """The part, with a token that is over, and that one refresh uses up."""
    part = FakeSessions(ends=runtime.now() - MINUTE, single_use=True)
    runtime.registry.get("fake").sessions = part
    return part


def test_a_worker_waits_for_the_refresh_that_another_makes_of_a_token_taken_once(
    app, runtime: Runtime, service: Service, sessions
):
    found = list[Future[str]]()
    engine = engine_of(app)

    def other() -> str:
        with worker(runtime, service, engine) as context:
            return context.secret("token")

    with ThreadPoolExecutor(1) as pool:

        def meanwhile(_context: ChannelContext) -> None:
            found.append(pool.submit(other))
            with pytest.raises(TimeoutError):
                found[0].result(timeout=0.5)

        sessions.on_refresh = meanwhile
        assert used(runtime, service) == "new-1"
        assert found[0].result(timeout=20) == "new-1"

    assert ledger(runtime) == [RefreshOutcome.REFRESHED]


def test_a_worker_that_read_the_tokens_before_another_renewed_them_takes_the_new_ones(
    runtime: Runtime, service: Service, sessions
):
    expires_at = sessions.expires_at

    def late(context: ChannelContext):
        sessions.expires_at = expires_at
        with worker(runtime, service) as other:
            assert other.secret("token") == "new-1"
        return expires_at(context)

    sessions.expires_at = late

    assert used(runtime, service) == "new-1"
    assert ledger(runtime) == [RefreshOutcome.REFRESHED]


@pytest.mark.parametrize("kind", [ErrorKind.PERMANENT, ErrorKind.SENDER])
def test_a_refresh_that_is_refused_is_never_the_fault_of_the_reader(
    runtime: Runtime, service: Service, sessions, kind: ErrorKind
):
    sessions.on_refresh = failing(kind)

    with pytest.raises(ChannelError) as refused:
        used(runtime, service)

    assert refused.value.kind is ErrorKind.SENDER


def test_a_call_refused_for_tokens_that_were_replaced_meanwhile_is_made_again(
    runtime: Runtime, service: Service, sessions
):
    sessions.ends = runtime.now() + 60 * MINUTE

    def call() -> None:
        with worker(runtime, service) as context:
            session_store.keep(runtime, service, Session(secrets={"token": "newer"}))
            runtime.session.commit()
            failing(ErrorKind.SENDER)(context)

    with pytest.raises(ChannelError) as refused:
        call()

    assert (refused.value.kind, refused.value.never_sent) == (ErrorKind.TEMPORARY, True)
    assert refused.value.code == "session_ended"


@pytest.mark.parametrize("kind", [ErrorKind.UNKNOWN, ErrorKind.SENDER])
def test_a_refresh_that_fails_says_nothing_of_an_account_that_was_led_back_meanwhile(
    runtime: Runtime, service: Service, sessions, kind: ErrorKind
):
    ended = {"ends": (runtime.now() - MINUTE).isoformat()}
    session_store.keep(runtime, service, Session(secrets={"token": "spent"}, state=ended))
    runtime.session.commit()

    def led_back(context: ChannelContext) -> None:
        session_store.forget(runtime, service, context_of(runtime, service))
        runtime.session.commit()
        sessions.ends = None
        failing(kind)(context)

    sessions.on_refresh = led_back

    assert used(runtime, service) == "good"
    assert not session_store.in_doubt(now(runtime, service))
    assert used(runtime, service) == "good"


def test_a_new_secret_of_the_app_is_what_a_session_that_ended_is_renewed_with(
    runtime: Runtime, network: FakeNetwork, service: Service, sessions
):
    def knows(context: ChannelContext) -> None:
        if context.secret("app") != "new":
            raise ChannelError("No such app.", kind=ErrorKind.SENDER, code="no_app")

    sessions.on_refresh = knows
    name = service.internal_name
    network.account = replace(network.account, remote_id=service.remote_id, handle=name)
    draft = ServiceDraft(label="Shop", internal_name=name, settings={}, secrets={"app": "new"})

    accounts.change(runtime, service.id, draft)

    assert now(runtime, service).secret("app") == "new"
    assert now(runtime, service).secret("token") == "new-2"
