"""Tokens survive lost answers and crashes at any step: against Sandbox X, by the core's own ledger.

`--kills 1000` makes as many random steps in a row; `--seed` repeats an earlier trial.
"""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import requests
from sqlalchemy import delete, select
from sqlalchemy.orm import Session as Database

from plugins.x.sandbox.seed import credentials
from plugins.x.signing_in import XMoving, XSessions
from tests.plugins.x.sandbox.running import IDS, RunningSandbox
from tests.support.cli import engine_of
from tests.support.factories import make_service
from tests.support.unlucky import MINUTE, Death, Host
from webapp.kernel.runtime import Runtime
from webapp.services.channel import sessions, state
from webapp.services.client import Client
from webapp.services.connection import moving
from webapp.services.models import (
    Service,
    ServiceSecret,
    ServiceState,
    SessionRefresh,
)

FAULTS = ("drop_before", "drop_after", "cut_after", "status", "status_after")
# What goes wrong with one account before it has to be well again.
STEPS = 12


@pytest.fixture
def host(runtime: Runtime, sandbox: RunningSandbox) -> Host:
    runtime.registry._config["x"] = {"sandbox_url": sandbox.url}
    service = make_service(
        runtime,
        kind="x",
        internal_name="ateliernord",
        remote_id=IDS["ateliernord"],
        settings={"sandbox": True},
        is_sandbox=True,
    )
    for name, text in credentials("ateliernord").items():
        ciphertext = runtime.secret_box.encrypt(text)
        runtime.session.add(
            ServiceSecret(
                service_id=service.id, name=name, ciphertext=ciphertext, changed_at=runtime.now()
            )
        )
    runtime.session.commit()
    return Host(runtime, sandbox, service)


def moved(host: Host) -> Host:
    host.work(lambda own, it: moving.move(own, [it.id]))
    host.look_after()
    assert host.has_session()
    return host


def steps(host: Host) -> list[tuple[str, str | None]]:
    rows = host.work(
        lambda own, _it: list(own.session.scalars(select(SessionRefresh).order_by("id")))
    )
    return [(row.step.value, row.outcome and row.outcome.value) for row in rows]


def test_an_account_is_moved_by_a_worker_proved_and_led_back(host: Host):
    moved(host)
    assert steps(host) == [("trade", "refreshed"), ("proof", "refreshed")]
    assert host.call() == "ateliernord"

    host.work(lambda own, it: moving.back(own, it.id))
    assert not host.has_session()
    assert host.call() == "ateliernord"
    assert steps(host)[-1] == ("back", "refreshed")


def test_the_keys_stay_in_use_until_the_new_tokens_are_proved(host: Host):
    host.work(lambda own, it: moving.move(own, [it.id]))
    host.sandbox.tell("faults", kind="drop_before", operation="me", count=1)
    host.look_after()

    assert not host.has_session()
    assert host.call() == "ateliernord"
    assert steps(host) == [("trade", "refreshed"), ("proof", "not_made")]

    host.clock.pass_time(2 * MINUTE)
    host.look_after()
    assert host.has_session()


def test_tokens_that_nobody_proved_in_time_are_traded_for_others(host: Host):
    host.work(lambda own, it: moving.move(own, [it.id]))
    host.sandbox.tell("faults", kind="drop_before", operation="me", count=1)
    host.look_after()
    host.clock.pass_time(timedelta(hours=3))
    host.look_after()

    assert host.has_session()
    assert [step for step, _outcome in steps(host)] == ["trade", "proof", "trade", "proof"]


def test_a_lost_refresh_is_healed_by_trading_again_and_never_repeated(host: Host):
    moved(host)
    host.clock.pass_time(timedelta(hours=3))
    host.sandbox.tell("faults", kind="drop_after", operation="token", count=1)

    assert host.call() == "session_ended"
    host.clock.pass_time(2 * MINUTE)
    assert host.call() == "ateliernord"

    assert steps(host)[2:] == [("refresh", "unknown"), ("trade", "refreshed")]
    assert host.sandbox.ask("grants")["came_at_most"] == 1


def test_without_older_keys_a_lost_answer_asks_for_a_sign_in_in_words(host: Host):
    moved(host)
    host.work(lambda own, _it: (own.session.execute(delete(ServiceSecret)), own.session.commit()))
    host.clock.pass_time(timedelta(hours=3))
    host.sandbox.tell("faults", kind="drop_after", operation="token", count=1)

    assert host.call() == "session_ended"
    host.clock.pass_time(2 * MINUTE)
    host.look_after()

    service = host.work(lambda own, it: own.session.get_one(Service, it.id))
    assert service.state is ServiceState.NEEDS_FIXING
    assert "Sign in again" in service.fault
    assert host.call() == "session_lost"
    assert host.sandbox.ask("grants")["came_at_most"] == 1


def test_new_tokens_are_kept_although_their_answer_names_no_scope(host: Host):
    moved(host)
    host.work(lambda own, _it: (own.session.execute(delete(ServiceSecret)), own.session.commit()))
    for _time in range(2):
        host.clock.pass_time(timedelta(hours=3))
        host.sandbox.tell("faults", kind="without", operation="token", members=["scope"], count=1)
        assert host.call() == "ateliernord"


def test_what_was_taken_back_on_the_network_is_noticed_and_explained(host: Host):
    moved(host)
    host.sandbox.tell("token", account="ateliernord", signed_out=True, revoked=True)
    assert host.call() == "bad_token"
    host.clock.pass_time(timedelta(minutes=20))
    assert host.call() == "bad_token"
    host.look_after()

    service = host.work(lambda own, it: own.session.get_one(Service, it.id))
    assert service.state is ServiceState.NEEDS_FIXING
    assert "Sign in on X" in service.fault
    assert steps(host)[2:] == [("refresh", "refused"), ("trade", "refused")]


def test_a_session_that_nobody_uses_is_kept_alive(host: Host):
    moved(host)
    for _month in range(9):
        host.clock.pass_time(timedelta(days=31))
        host.look_after()
    host.work(lambda own, _it: (own.session.execute(delete(ServiceSecret)), own.session.commit()))

    assert host.call() == "ateliernord"
    assert {step for step, _outcome in steps(host)[2:]} == {"refresh"}


def test_two_workers_never_renew_at_once(app, host: Host):
    moved(host)
    host.clock.pass_time(timedelta(hours=3))
    host.sandbox.tell("faults", kind="slow", operation="token", seconds=0.5)
    engine = engine_of(app)

    def ask(_number: int) -> str:
        with Database(engine, expire_on_commit=False) as session:
            own = replace(host.runtime, session=session)
            service = session.get_one(Service, host.service_id)
            with app.app_context():
                return Client(own, service).account(counted=False).handle

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(ask, range(3))) == {"ateliernord"}

    told = host.sandbox.ask("grants")
    assert (told["came_at_most"], told["at_once"]) == (1, 1)
    assert steps(host)[2:] == [("refresh", "refreshed")]


def test_no_crash_and_no_lost_answer_loses_an_account_or_repeats_a_token(
    request: pytest.FixtureRequest, host: Host, monkeypatch: pytest.MonkeyPatch
):
    most = max(60, request.config.getoption("--kills"))
    seed = request.config.getoption("--seed") or random.randrange(1_000_000)
    chance, death = random.Random(seed), Death()
    monkeypatch.setattr(sessions, "WAITS", 0.1)
    monkeypatch.setattr(XSessions, "refresh", death.in_call(XSessions.refresh))
    monkeypatch.setattr(XMoving, "trade", death.in_call(XMoving.trade))

    for _account in range(most // STEPS):
        host.work(_begin_again)
        host.work(lambda own, it: moving.move(own, [it.id]))
        for _step in range(STEPS):
            _unlucky(host, chance, death)
        death.after = 0
        _clear(host)

        assert host.heal() == "ateliernord", f"--seed {seed}: {steps(host)}"
        assert host.has_session(), f"--seed {seed}: {steps(host)}"
        told = host.sandbox.ask("grants")
        assert told["came_at_most"] <= 1, f"--seed {seed}: {told}"
        assert told["at_once"] <= 1, f"--seed {seed}: {told}"


def _unlucky(host: Host, chance: random.Random, death: Death) -> None:
    """Let something go wrong, or not, while the account is used or looked after."""
    _clear(host)
    host.clock.pass_time(chance.choice([MINUTE / 2, 2 * MINUTE, timedelta(hours=3)]))
    at = chance.choice([0, 0, 1, 2, 3, 4, 5, 6])
    death.after = chance.choice([0, 0, 0, 1, 2, 3])
    if chance.random() < 0.6:
        fault = {"kind": chance.choice(FAULTS), "operation": "token", "count": 1}
        host.sandbox.tell("faults", **fault, skip=chance.choice([0, 0, 1]))
    (host.call if chance.random() < 0.5 else host.look_after)(dies_at=at)


def _clear(host: Host) -> None:
    requests.delete(f"{host.sandbox.url}/sandbox/faults", timeout=9)


def _begin_again(runtime: Runtime, service: Service) -> None:
    state.forget(runtime, service.id)
    runtime.session.execute(delete(SessionRefresh))
    runtime.session.commit()
