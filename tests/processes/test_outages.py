"""What a delivery lives through: a broker that lost everything, schedulers, a worker that hangs."""

import shutil
import signal
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.processes.campaign import (
    DIRECT,
    befriend,
    connect,
    drive,
    ended,
    faults_of_both_records,
    set_out,
)
from tests.processes.plant import LEASE, Plant, Process
from webapp.deliveries.models import DeliveryKind
from webapp.system.supervisor import up

pytestmark = pytest.mark.slow

MESSAGES, MIDDLE = 24, 6


class AtTheMiddle:
    """Does something once, when some messages were accepted and others were not."""

    def __init__(self, act: Callable[[], None]) -> None:
        self.act, self.done = act, False

    def __call__(self, accepted: int) -> None:
        if not self.done and accepted >= MIDDLE:
            self.done = True
            self.act()


def deliver(plant: Plant, act: Callable[[], None]) -> None:
    """Send to everybody, with something that happens in the middle; hold it to account."""
    (brand,) = connect(plant, "ateliernord")
    suspended = befriend(plant, brand, MESSAGES)
    set_out(plant, DeliveryKind.DIRECT, DIRECT, [brand])
    middle = AtTheMiddle(act)

    drive(plant, middle)

    assert middle.done
    assert faults_of_both_records(plant) == []
    assert ended(plant)["sent"] == MESSAGES - suspended


def test_a_broker_that_lost_its_data_loses_no_message(running: Plant):
    def lose_everything() -> None:
        running.processes["broker"].kill()
        shutil.rmtree(running.runtime.settings.var / "appendonlydir")
        time.sleep(1)
        running.processes["broker"].restart()

    def both_are_known() -> bool:
        running.revive()
        return running.runtime.queue.health().workers == 2

    deliver(running, lose_everything)

    running.wait(both_are_known, "the workers to be known again")


def test_another_scheduler_goes_on_when_the_first_is_killed(running: Plant):
    running.start("scheduler 2", *up.COMMAND, "scheduler")

    deliver(running, running.processes["scheduler"].kill)


def test_a_worker_that_hangs_past_its_lease_sends_nothing_again(running: Plant):
    held: list[Process] = []

    def hang() -> None:
        running.wait(lambda: any(worker.children for worker in running.workers), "a busy worker")
        held.extend(worker for worker in running.workers if worker.children)
        for worker in held:
            worker.signal(signal.SIGSTOP)
        running.start("worker 2", *up.COMMAND, "worker")
        time.sleep(2 * LEASE)
        before = running.ask("stats")["accepted_directs"]
        running.clock.advance(timedelta(minutes=16))
        running.wait(lambda: running.ask("stats")["accepted_directs"] > before, "another worker")
        for worker in held:
            worker.signal(signal.SIGCONT)

    deliver(running, hang)

    assert held
