"""Broker, worker or scheduler down: pages work and say what is held up; nothing is lost."""

import socket
from dataclasses import replace
from html import unescape

import pytest
from cryptography.fernet import Fernet
from flask.testing import FlaskClient

from tests.support.cli import Cli
from tests.support.factories import make_delivery, make_service, make_workflow
from tests.support.queues import InlineQueue
from webapp.deliveries import analysis
from webapp.deliveries.commands import shared
from webapp.kernel.background.models import Heartbeat
from webapp.kernel.config.settings import Settings
from webapp.kernel.processes.queue import QueueHealth, RedisQueue
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import new_key
from webapp.services.models import ServiceSecret
from webapp.system.processes import scheduler
from webapp.workflows import control

DOWN = {
    "broker": (QueueHealth(broker=False), "Broker: does not answer", "check REDIS_URL"),
    "worker": (QueueHealth(broker=True), "Worker: down", "./run worker"),
    "scheduler": (
        QueueHealth(broker=True, workers=1),
        "Scheduler: down",
        "./run scheduler",
    ),
}


@pytest.fixture(params=DOWN)
def down(
    request: pytest.FixtureRequest,
    runtime: Runtime,
    queue: InlineQueue,
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[str, str]:
    """A part that does not run; what the banner says of it, and what to do."""
    health, title, fix = DOWN[request.param]
    monkeypatch.setattr(queue, "health", lambda: health)
    if request.param != "scheduler":
        seen = runtime.clock.system()
        runtime.session.add(Heartbeat(process="scheduler", seen_at=seen, held_by="this test"))
        runtime.session.commit()
    return title, fix


def test_every_page_says_what_is_held_up_and_what_to_do(
    admin: FlaskClient, runtime: Runtime, down: tuple[str, str]
):
    control.run_now(runtime, make_workflow(runtime).id)

    for address in ("/services", "/workflows", "/profile", "/settings/health"):
        page = unescape(admin.get(address).text)
        assert down[0] in page
        assert "1 workflow run waits. Nothing is lost." in page
        assert down[1] in page
    assert 'href="/settings/health"' in admin.get("/services").text


def test_the_health_command_names_it_and_fails(cli: Cli, down: tuple[str, str]):
    said = cli("health")

    assert said.code == 1
    assert down[1] in said.out


def test_waiting_for_a_proof_or_an_analysis_ends_with_a_sentence(
    cli: Cli, runtime: Runtime, down: tuple[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(shared, "GRACE", 0)
    service = make_service(runtime)
    test = make_service(runtime, is_test=True)
    delivery = make_delivery(runtime, service, proof_service_id=test.id)

    proof = cli("delivery", "proof", str(delivery.id))
    analyse = cli("delivery", "analyse", str(delivery.id))

    for said in (proof, analyse):
        assert said.code == 1
        assert down[1].split("/")[-1].split()[-1] in said.err
        assert "Nothing is lost: what waits goes on by itself." in said.err
    runtime.session.refresh(delivery)
    assert delivery.state.value == "analysing"
    runtime.session.rollback()
    assert analysis.analyse(runtime, delivery.id).analysis["findings"]


@pytest.fixture
def nobody() -> str:
    """An address where no broker listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"redis://127.0.0.1:{probe.getsockname()[1]}/0"


def test_work_asked_for_while_the_broker_is_down_is_done_when_it_answers_again(
    runtime: Runtime, queue: InlineQueue, nobody: str
):
    run = control.run_now(runtime, make_workflow(runtime).id)

    asked = scheduler.tick(replace(runtime, queue=RedisQueue(nobody)), "this test")
    scheduler.tick(runtime, "this test")

    assert asked == 0
    [(job, (row_id, _token))] = queue.jobs
    assert (job, row_id) == ("webapp.system.jobs.run_workflow", run.id)


def test_a_worker_without_a_broker_ends_with_a_sentence(cli: Cli, nobody: str):
    said = cli("worker", "--burst", REDIS_URL=nobody)

    assert said.code == 1
    assert "The broker cannot be used" in said.err
    assert "Start Redis or Valkey, or check REDIS_URL; nothing is lost" in said.err


def test_a_key_that_does_not_fit_is_told_by_pages_and_commands_and_loses_nothing(
    admin: FlaskClient, cli: Cli, runtime: Runtime, settings: Settings
):
    make_service(runtime, internal_name="ateliernord")
    sentence = "do not open the secrets of @ateliernord"

    wrong = cli("health", FANFARE_ENCRYPTION_KEYS=new_key())
    both = cli("health", FANFARE_ENCRYPTION_KEYS=f"{new_key()},{settings.encryption_keys[0]}")
    verify = cli("service", "verify", "ateliernord", FANFARE_ENCRYPTION_KEYS=new_key())
    rotate = cli("rotate-keys", FANFARE_ENCRYPTION_KEYS=new_key())

    assert sentence in wrong.out
    assert "FANFARE_ENCRYPTION_KEYS, behind a comma" in wrong.out
    assert "open every stored secret" in both.out
    assert verify.code == rotate.code == 1
    assert "add the key it was written with" in verify.out
    assert "add the key it was written with" in rotate.err
    assert "Encryption keys" not in admin.get("/services").text


def test_pages_warn_of_a_key_that_does_not_fit(admin: FlaskClient, runtime: Runtime):
    service = make_service(runtime, internal_name="ateliernord")
    row = runtime.session.get(ServiceSecret, (service.id, "token"))
    row.ciphertext = Fernet(new_key()).encrypt(b"good")
    runtime.session.commit()

    page = unescape(admin.get("/services").text)

    assert "do not open the secrets of @ateliernord" in page
