"""A session is renewed before it ends, by one worker, through a ledger; nothing is guessed."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from channels import ChannelContext, ChannelError, ErrorKind
from tests.services.channel.test_state import now, worker
from tests.support.cli import engine_of
from tests.support.fakes import FakeNetwork
from tests.support.sessions import HOUR, FakeSessions, failing, ledger, used
from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime
from webapp.services.channel import state
from webapp.services.channel.state import Remembered
from webapp.services.connection import accounts
from webapp.services.connection.drafts import ServiceDraft
from webapp.services.models import (
    RefreshOutcome,
    Service,
    ServiceState,
    SessionRefresh,
    StateValue,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def sessions(runtime: Runtime) -> FakeSessions:
    """The part, with tokens that end in a minute."""
    part = FakeSessions(ends=runtime.now() + MINUTE)
    runtime.registry.get("fake").sessions = part
    return part


@pytest.mark.parametrize("ends", [HOUR, None])
def test_a_session_that_lasts_is_left_alone(runtime: Runtime, service: Service, sessions, ends):
    sessions.ends = runtime.now() + ends if ends else None

    assert used(runtime, service) == "good"
    assert (sessions.asked, ledger(runtime)) == ([], [])


def test_a_session_near_its_end_is_renewed_before_the_call(
    runtime: Runtime, service: Service, sessions
):
    assert used(runtime, service) == "new-1"
    assert used(runtime, service) == "new-1"

    assert sessions.asked == ["good"]
    row = runtime.session.scalars(select(SessionRefresh)).one()
    assert (row.outcome, row.began_by) == (RefreshOutcome.REFRESHED, "test")
    assert row.expires_at == runtime.now() + HOUR


def test_the_row_of_a_try_stands_before_its_call(runtime: Runtime, service: Service, sessions):
    seen = list[RefreshOutcome | None]()

    def look(_context: ChannelContext) -> None:
        with db.engine.connect() as other:
            seen.extend(other.scalars(select(SessionRefresh.outcome)))

    sessions.on_refresh = look
    used(runtime, service)

    assert seen == [None]


def test_new_tokens_are_kept_encrypted(runtime: Runtime, service: Service, sessions):
    used(runtime, service)

    row = runtime.session.get_one(StateValue, (service.id, "token"))
    assert row.text == ""
    assert runtime.secret_box.decrypt(row.ciphertext) == "new-1"


def test_what_a_plugin_breaks_is_unknown(runtime: Runtime, service: Service, sessions):
    sessions.refresh = lambda _context: "a token"

    assert used(runtime, service) == "good"
    assert ledger(runtime) == [RefreshOutcome.UNKNOWN]


def test_a_refusal_is_the_fault_of_the_account(runtime: Runtime, service: Service, sessions):
    sessions.on_refresh = failing(ErrorKind.SENDER)

    with pytest.raises(ChannelError) as refused:
        used(runtime, service)

    assert refused.value.kind is ErrorKind.SENDER
    assert ledger(runtime) == [RefreshOutcome.REFUSED]


def test_a_lost_answer_disconnects_nothing_until_a_further_try_is_refused(
    runtime: Runtime, service: Service, sessions, clock
):
    sessions.ends = runtime.now() + 1.5 * MINUTE
    sessions.on_refresh = failing(ErrorKind.UNKNOWN)

    assert used(runtime, service) == "good"
    assert used(runtime, service) == "good"
    assert ledger(runtime) == [RefreshOutcome.UNKNOWN], "The next try waits for a minute."
    assert service.state is ServiceState.CONNECTED

    clock.advance(MINUTE)
    sessions.on_refresh = failing(ErrorKind.SENDER)
    with pytest.raises(ChannelError) as refused:
        used(runtime, service)

    assert refused.value.kind is ErrorKind.SENDER
    assert ledger(runtime) == [RefreshOutcome.UNKNOWN, RefreshOutcome.REFUSED]


def test_a_lost_answer_is_healed_by_a_further_try(
    runtime: Runtime, service: Service, sessions, clock
):
    sessions.on_refresh = failing(ErrorKind.UNKNOWN)
    used(runtime, service)
    clock.advance(2 * MINUTE)
    sessions.on_refresh = lambda _context: None

    assert used(runtime, service) == "new-2"
    assert ledger(runtime) == [RefreshOutcome.UNKNOWN, RefreshOutcome.REFRESHED]


def test_a_clock_set_back_keeps_no_session_from_being_renewed(
    runtime: Runtime, service: Service, sessions, clock
):
    sessions.on_refresh = failing(ErrorKind.TEMPORARY)
    used(runtime, service)
    clock.advance(-60 * MINUTE)
    sessions.ends = runtime.now() + MINUTE
    sessions.on_refresh = lambda _context: None

    assert used(runtime, service) == "new-2"


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (ErrorKind.UNKNOWN, RefreshOutcome.UNKNOWN),
        (ErrorKind.TEMPORARY, RefreshOutcome.NOT_MADE),
        (ErrorKind.LIMITED, RefreshOutcome.NOT_MADE),
    ],
)
def test_no_call_is_made_with_a_session_that_ended(
    runtime: Runtime, service: Service, sessions, kind: ErrorKind, outcome: RefreshOutcome
):
    sessions.ends = runtime.now() - MINUTE
    sessions.on_refresh = failing(kind)

    with pytest.raises(ChannelError) as put_off:
        used(runtime, service)

    assert (put_off.value.kind, put_off.value.never_sent) == (ErrorKind.TEMPORARY, True)
    assert put_off.value.retry_at == runtime.now() + MINUTE
    assert ledger(runtime) == [outcome]


def test_one_worker_renews_while_another_waits_and_uses_what_is_new(
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

        sessions.on_refresh = meanwhile
        assert used(runtime, service) == "new-1"
        assert found[0].result(timeout=20) == "new-1"

    assert sessions.asked == ["good"]
    assert ledger(runtime) == [RefreshOutcome.REFRESHED]


def test_the_try_of_a_worker_that_died_becomes_unknown_and_is_tried_again(
    runtime: Runtime, service: Service, sessions, monkeypatch
):
    class Killed(BaseException): ...

    def die(_context: ChannelContext) -> None:
        raise Killed

    sessions.on_refresh = die
    monkeypatch.setattr("webapp.services.channel.session_ledger.close", lambda *_a, **_b: None)
    with pytest.raises(Killed):
        used(runtime, service)
    monkeypatch.undo()
    assert ledger(runtime) == [None]

    row = runtime.session.scalars(select(SessionRefresh)).one()
    row.leased_until = runtime.clock.system() - MINUTE
    row.started_at = runtime.now() - 3 * MINUTE
    runtime.session.commit()
    sessions.on_refresh = lambda _context: None

    assert used(runtime, service) == "new-2"
    assert ledger(runtime) == [RefreshOutcome.UNKNOWN, RefreshOutcome.REFRESHED]


def test_keys_that_were_changed_meanwhile_are_not_overwritten(
    runtime: Runtime, service: Service, sessions
):
    def typed(_context: ChannelContext) -> None:
        state.write(runtime, service.id, {"token": Remembered("typed", secret=True)})
        runtime.session.commit()

    sessions.on_refresh = typed

    assert used(runtime, service) == "typed"
    assert dict(now(runtime, service).state) == {}


def test_of_several_values_that_change_together_none_is_changed_alone(
    runtime: Runtime, service: Service
):
    state.write(runtime, service.id, {"a": Remembered("1"), "b": Remembered("2")})
    runtime.session.commit()
    new = {name: Remembered("new") for name in ("a", "b")}

    assert not state.swap_all(runtime, service.id, {"a": "1", "b": "other"}, new)
    runtime.session.commit()
    assert dict(now(runtime, service).state) == {"a": "1", "b": "2"}

    assert state.swap_all(runtime, service.id, {"a": "1", "b": "2"}, new)
    runtime.session.commit()
    assert dict(now(runtime, service).state) == {"a": "new", "b": "new"}


def test_keys_that_somebody_typed_meanwhile_are_not_hidden_by_those_of_the_old_session(
    runtime: Runtime, network: FakeNetwork, service: Service, sessions
):
    name = service.internal_name
    network.account = replace(network.account, remote_id=service.remote_id, handle=name)
    draft = ServiceDraft(label="Shop", internal_name=name, settings={}, secrets={"token": "typed"})
    sessions.on_refresh = lambda _context: accounts.change(runtime, service.id, draft)

    assert used(runtime, service) == "typed"
    assert now(runtime, service).secret("token") == "typed"


def test_an_account_that_is_disconnected_meanwhile_keeps_no_tokens(
    runtime: Runtime, service: Service, sessions
):
    sessions.on_refresh = lambda _context: accounts.remove(runtime, service.id)

    assert used(runtime, service) == ""
    assert runtime.session.scalars(select(StateValue)).all() == []
