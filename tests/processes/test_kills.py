"""`kill -9` at random moments, and a network on a bad day: each message at most once, none lost."""

import random
import time

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
from tests.processes.plant import Plant
from webapp.deliveries.models import DeliveryKind

pytestmark = pytest.mark.slow

BAD_DAY = (
    {"kind": "timeout_before", "seconds": 1},
    {"kind": "timeout_after", "seconds": 1},
    {"kind": "drop_before"},
    {"kind": "drop_after"},
    {"kind": "slow", "seconds": 0.3},
    {"kind": "slow", "seconds": 5},
    {"kind": "status", "status": 503},
    {"kind": "status", "status": 500},
    {"kind": "limited"},
)
# Longer than the client waits for an answer.
REAL_TIMEOUT = {"kind": "timeout_after", "seconds": 40}
WHOLE = 200


class Killer:
    """Kills a worker, its child, or both, whenever the next few messages were accepted.

    `messages` is how many will be, so that each kill has its turn.
    """

    def __init__(self, plant: Plant, chance: random.Random, *, kills: int, messages: int) -> None:
        self.plant, self.chance = plant, chance
        self.at = sorted(chance.randrange(messages) for _kill in range(kills))
        self.killed = 0

    def __call__(self, accepted: int) -> None:
        while self.killed < len(self.at) and accepted >= self.at[self.killed]:
            self.killed += 1
            time.sleep(self.chance.uniform(0, 0.2))
            self._kill()
            self.plant.revive()

    def _kill(self) -> None:
        busy = [item for item in self.plant.workers if item.children] or self.plant.workers
        worker = self.chance.choice(busy)
        pids = [*worker.children, worker.process.pid]
        for pid in self.chance.sample(pids, self.chance.randint(1, len(pids))):
            worker.signal_one(pid)


def bad_day(plant: Plant, chance: random.Random, operation: str, messages: int) -> None:
    """Let the network fail now and then in every way it may."""
    faults = [*BAD_DAY, *([REAL_TIMEOUT] if messages >= WHOLE else [])]
    for fault in faults:
        skip = chance.randrange(messages)
        plant.ask("faults", {**fault, "operation": operation, "skip": skip})


@pytest.fixture
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    """How many messages go out, and how often a worker is killed meanwhile."""
    return request.config.getoption("--messages"), request.config.getoption("--kills")


def test_direct_messages_arrive_once_whenever_workers_die(
    running: Plant, chance: random.Random, size: tuple[int, int]
):
    messages, kills = size
    (brand,) = connect(running, "ateliernord")
    suspended = befriend(running, brand, messages)
    bad_day(running, chance, "direct", messages)
    set_out(running, DeliveryKind.DIRECT, DIRECT, [brand])
    killer = Killer(running, chance, kills=kills, messages=messages - suspended)

    drive(running, killer)

    print(f"{ended(running)} after {killer.killed} kills")
    assert faults_of_both_records(running) == []
    assert ended(running).get("failed", 0) == suspended
    assert ended(running)["sent"] == messages - suspended
    assert killer.killed == kills


def test_posts_of_several_accounts_appear_once_whenever_workers_die(
    running: Plant, chance: random.Random, size: tuple[int, int]
):
    rounds, kills = size[0] // 8, size[1]
    three = connect(running, "ateliernord", "atelier_proof", "atelier_shop")
    bad_day(running, chance, "post", rounds * 3)
    for number in range(rounds):
        set_out(running, DeliveryKind.POST, f"Open on Saturday, week {number}.", three)
    killer = Killer(running, chance, kills=kills, messages=rounds * 3)

    drive(running, killer)

    print(f"{ended(running)} after {killer.killed} kills")
    assert faults_of_both_records(running) == []
    assert ended(running) == {"sent": rounds * 3}
