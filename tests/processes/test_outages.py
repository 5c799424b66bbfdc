"""What a delivery lives through: a broker that lost everything, schedulers, a worker that hangs."""

import shutil
import signal
import time
from collections.abc import Callable

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
from tests.processes.plant import Plant, Process
from webapp.deliveries.models import DeliveryKind
from webapp.system.processes.supervisor import up

pytestmark = [pytest.mark.slow, pytest.mark.one_database]

MESSAGES, MIDDLE, HOURS = 24, 6, 7200


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
    suspended = befriend(plant, MESSAGES, brand)
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
    # The answer to the message in the middle is kept back, so that its worker hangs while it waits
    # for it, and not between two messages or while it has the database for itself.
    fault = {"kind": "slow", "operation": "direct", "seconds": HOURS, "skip": MIDDLE - 1}
    running.ask("faults", fault)

    def one_waits() -> bool:
        held[:] = [worker for worker in running.workers if worker.children]
        return len(held) == 1 and not running.ask("faults")["faults"]

    def hang() -> None:
        running.wait(one_waits, "the worker that waits for its answer")
        for worker in held:
            worker.signal(signal.SIGSTOP)
        running.start("worker 2", *up.COMMAND, "worker")
        running.wait(lambda: running.ask("stats")["accepted_directs"] > MIDDLE, "another worker")
        running.ask("faults", method="DELETE")
        for worker in held:
            worker.signal(signal.SIGCONT)

    deliver(running, hang)

    assert held
