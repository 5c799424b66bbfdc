"""Health on several hosts: how many should run, how long work waits, JSON in any case, probes."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.support.cli import Cli
from tests.support.deliveries import begin, ready
from tests.support.factories import make_service
from tests.support.queues import InlineQueue
from webapp.kernel.background import heartbeats
from webapp.kernel.background.availability import SILENT_AFTER
from webapp.kernel.config.settings import Settings
from webapp.kernel.processes.queue import QueueHealth
from webapp.kernel.processes.shutdown import Stop
from webapp.kernel.runtime import Runtime
from webapp.system import health
from webapp.system.health import oldest_work
from webapp.system.health.part import Part
from webapp.system.processes.scheduler import tick
from webapp.system.processes.supervisor.up import Instance
from webapp.system.web import layout

EXPECTED = "FANFARE_WORKERS_EXPECTED"


def part(runtime: Runtime, name: str) -> Part:
    return next(item for item in health.report(runtime).parts if item.name == name)


def expecting(runtime: Runtime, **expected: int) -> Runtime:
    return replace(runtime, settings=replace(runtime.settings, **expected))


def test_one_worker_of_two_is_a_fault_that_slows_work_and_stops_none(runtime: Runtime):
    tick(runtime, "here:1")

    found = part(expecting(runtime, workers_expected=2), "Worker")
    shown = layout.frame(expecting(runtime, workers_expected=2))

    assert (found.ok, found.stops, found.detail) == (False, False, "1 of 2 workers run")
    assert "worker" in found.fix
    assert not shown["ok"]
    assert [banner.title for banner in shown["banners"]] == ["Worker 1 of 2 workers run."]
    assert part(runtime, "Worker").ok


def test_a_scheduler_that_should_stand_by_and_does_not_is_a_fault(runtime: Runtime):
    both = expecting(runtime, schedulers_expected=2)
    tick(runtime, "here:1")
    alone = part(both, "Scheduler")
    tick(runtime, "there:2")
    together = part(both, "Scheduler")
    heartbeats.end(runtime, "there:2")

    assert (alone.ok, alone.detail) == (False, "1 of 2 schedulers run")
    assert together.ok
    assert not part(both, "Scheduler").ok


def test_a_scheduler_that_fell_silent_is_not_counted_and_forgotten_after_an_hour(runtime: Runtime):
    heartbeats.beat(runtime, "there:2")
    later = runtime.clock.system() + SILENT_AFTER + timedelta(seconds=1)

    class Later:
        def system(self):
            return later

        def now(self):
            return later

    after = replace(runtime, clock=Later())
    assert heartbeats.schedulers(runtime) == 1
    assert heartbeats.schedulers(after) == 0
    later += timedelta(hours=1)
    heartbeats.beat(after, "here:1")
    assert runtime.session.get(heartbeats.Heartbeat, "scheduler there:2") is None


def test_health_tells_how_long_the_oldest_work_waits(
    runtime: Runtime, clock, queue: InlineQueue, monkeypatch: pytest.MonkeyPatch
):
    assert part(runtime, "Waiting work").detail == "none"
    begin(runtime, ready(runtime, make_service(runtime)))
    clock.set(runtime.now() + oldest_work.TOO_LONG + timedelta(seconds=5))

    found = part(runtime, "Waiting work")

    assert not found.ok
    assert found.figures["oldest_seconds"] >= 125
    assert "workers" in found.fix


def test_a_job_that_no_worker_takes_counts_as_waiting(
    runtime: Runtime, queue: InlineQueue, monkeypatch: pytest.MonkeyPatch
):
    since = runtime.clock.system() - timedelta(minutes=9)
    held = QueueHealth(broker=True, workers=1, waiting=4, oldest_at=since)
    monkeypatch.setattr(queue, "health", lambda: held)

    found = part(runtime, "Waiting work")

    assert not found.ok
    assert found.figures["jobs"] == 4
    assert 539 <= found.figures["oldest_seconds"] <= 545


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ({"FANFARE_PORT": "eighty"}, "Settings"),
        ({"DATABASE_URL": "sqlite:////proc/none/fanfare.sqlite3"}, None),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none?connect_timeout=2"}, "Database"),
    ],
)
def test_health_prints_json_whatever_is_broken(cli: Cli, broken: dict[str, str], name: str | None):
    said = cli("health", "--json", **broken)

    found = json.loads(said.out)
    faulty = [row for row in found if not row["ok"]]
    assert said.code == 1
    assert name is None or name in {row["part"] for row in faulty}
    assert all(row["fix"] for row in faulty)
    assert said.err == ""


def test_json_holds_the_figures_a_monitor_counts_with(cli: Cli, runtime: Runtime):
    tick(runtime, "here:1")

    rows = {row["part"]: row for row in json.loads(cli("health", "--json").out)}

    assert (rows["Worker"]["running"], rows["Worker"]["expected"]) == (1, 1)
    assert rows["Scheduler"]["running"] == 1
    assert rows["Waiting work"]["oldest_seconds"] == 0
    assert rows["Disk"]["free_bytes"] > 0


def test_a_process_that_cannot_serve_lives_all_the_same(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        "webapp.kernel.processes.storage.disk_fault", lambda _settings: "The disk is full."
    )

    ready, live = client.get("/readyz"), client.get("/livez")

    assert (ready.status_code, ready.json) == (503, {"ok": False, "reason": "The disk is full."})
    assert (live.status_code, live.json) == (200, {"ok": True})


def test_an_instance_expects_the_workers_it_starts_or_as_many_as_it_is_told(settings: Settings):
    three = replace(settings, workers=3)

    told = [Instance(three, Stop(), environ).environ for environ in ({}, {EXPECTED: "5"})]

    assert [environ[EXPECTED] for environ in told] == ["3", "5"]
