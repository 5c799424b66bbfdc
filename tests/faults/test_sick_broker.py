"""A broker that takes connections and is ill all the same: pages stand, and say what helps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.cli import Cli
from tests.support.factories import make_workflow
from tests.support.sick_broker import SickBroker, sick_broker
from webapp.kernel.processes import queue as queues
from webapp.kernel.processes.broker import BrokerFault
from webapp.kernel.processes.queue import RedisQueue
from webapp.kernel.runtime import Runtime
from webapp.workflows.models import Run

ILL = {
    "silent": (None, "takes connections but does not answer", "restart Redis or Valkey"),
    "closed": (b"-NOAUTH Authentication required.\r\n", "lets nobody in", "password"),
    "wrong password": (b"-WRONGPASS invalid username\r\n", "lets nobody in", "password"),
    "protected": (b"-DENIED Redis is running in protected mode\r\n", "lets nobody in", "password"),
    "loading": (b"-LOADING Redis is loading the dataset\r\n", "still loads its data", "Wait"),
    "full": (b"-OOM command not allowed when used memory > 'maxmemory'.\r\n", "memory", "Raise"),
    "replica": (
        b"-READONLY You can't write against a read only replica.\r\n",
        "replica",
        "primary",
    ),
    "disk": (
        b"-MISCONF Errors writing to the AOF file: No space left on device\r\n",
        "No space left on device",
        "disk",
    ),
}


@contextmanager
def served_by(app: Flask, answer: bytes | None) -> Iterator[SickBroker]:
    """Let the application stand on a sick broker."""
    with sick_broker(answer) as broker:
        kept = app.extensions["fanfare"]
        app.extensions["fanfare"] = replace(kept, queue=RedisQueue(broker.url))
        try:
            yield broker
        finally:
            app.extensions["fanfare"] = kept


@pytest.mark.parametrize("case", ILL)
def test_health_names_what_ails_the_broker_and_what_helps(
    app: Flask, admin: FlaskClient, case: str
):
    answer, detail, fix = ILL[case]
    with served_by(app, answer):
        page = unescape(admin.get("/settings/health").text)

    row = page[page.index("Broker") :]
    assert detail in row
    assert fix in row


def test_one_page_of_many_waits_for_a_broker_that_says_nothing(
    app: Flask, admin: FlaskClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
):
    workflow = make_workflow(runtime).id
    runtime.session.commit()
    monkeypatch.setattr(queues, "monotonic", lambda: 0.0)  # the moment of rest never ends
    with served_by(app, None) as broker:
        for path in ("/deliveries", "/", "/workflows", "/settings/health", "/audience/visitors"):
            assert admin.get(path).status_code in (200, 303)
        page = admin.post(f"/workflows/{workflow}/run", follow_redirects=True)

        assert broker.asked == 1
    assert "runs now" in page.text
    runtime.session.expire_all()
    assert runtime.session.query(Run).count() == 1


def test_that_page_waits_for_a_second_and_asks_nothing_twice():
    with sick_broker(None) as broker:
        queue = RedisQueue(broker.url)
        assert not queue.enqueue("webapp.system.jobs.send_delivery", 1)

        assert broker.asked == 1
        told = queue.queue.connection.connection_pool.connection_kwargs
        assert (told["socket_timeout"], told["socket_connect_timeout"]) == (1, 1)


def test_a_broker_that_is_well_again_is_seen_after_its_rest(monkeypatch: pytest.MonkeyPatch):
    at = [100.0]
    monkeypatch.setattr(queues, "monotonic", lambda: at[0])
    with sick_broker(None) as broker:
        queue = RedisQueue(broker.url)
        assert queue.health().fault is BrokerFault.SILENT
        at[0] += queues.RESPITE - 0.1
        assert queue.health().fault is BrokerFault.SILENT
        assert broker.asked == 1
        at[0] += 0.2
        queue.health()

        assert broker.asked == 2


def test_the_command_line_names_it_too(cli: Cli):
    with sick_broker(ILL["closed"][0]) as broker:
        said = cli("health", REDIS_URL=broker.url)

    assert said.code == 1
    assert "lets nobody in with this password" in said.out + said.err
