"""The trial by `kill -9`: messages of three accounts on a network's bad day, held to account."""

import random
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

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

ACCOUNTS = ("ateliernord", "atelier_proof", "atelier_shop")
SERVER_FAULTS = range(500, 600)
# Successes that say nothing, something else, or that come from whoever stands between.
ODD: tuple[Any, ...] = (
    "<html>Log in to this network</html>",
    "",
    "{",
    [],
    {},
    {"data": None},
    {"data": {"id": None, "dm_event_id": ""}},
)
SLOW_SECONDS, PATIENCE_SECONDS = 0.3, 0.5
CUTS = (
    {"kind": "drop_before"},
    {"kind": "drop_after"},
    {"kind": "cut_after"},
    {"kind": "timeout_before", "seconds": PATIENCE_SECONDS},
    {"kind": "timeout_after", "seconds": PATIENCE_SECONDS},
    {"kind": "slow", "seconds": SLOW_SECONDS},
    {"kind": "limited"},
    {"kind": "status_after", "status": 408},
    {"kind": "status_after", "status": 303},
)
SURE = (
    {"kind": "status_after", "status": 503},
    {"kind": "drop_after"},
    {"kind": "drop_before"},
)
SUCCESSES, TIMES = (200, 201), 5
WHOLE_WORKERS = 0.2
# One message in ten is a post, and so is one fault in ten.
SHARE = 0.1
# Longer than the client waits for an answer.
REAL_TIMEOUT = {"kind": "timeout_after", "seconds": 40}
# A trial of at least so many messages meets each fault of a server before and after acceptance.
WHOLE = 1_000
# The windows of X are not what is tried; without them the clock moves less often.
WIDE = {"user": 1_000, "user_day": 100_000, "app_day": 100_000}


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many messages go out, in how many posts of each account, and how often is killed."""

    messages: int
    kills: int

    @property
    def rounds(self) -> int:
        """Posts of each account: one message in ten is a post."""
        return max(round(self.messages * SHARE / len(ACCOUNTS)), 1)

    @property
    def people(self) -> int:
        """Who is written to by each account."""
        return max(self.messages // len(ACCOUNTS) - self.rounds, 1)

    @property
    def posts(self) -> int:
        """All posts."""
        return self.rounds * len(ACCOUNTS)

    @property
    def directs(self) -> int:
        """All direct messages."""
        return self.people * len(ACCOUNTS)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a trial; `wrong` names each message that the two records disagree about."""

    messages: int
    kills: int
    states: dict[str, int]
    accepted: int
    statuses: int
    planned: int
    met: int
    seconds: int
    wrong: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Return the figures of the report."""
        return asdict(self)


class Killer:
    """Kills a worker, its child, or both, whenever the next few messages were accepted.

    `messages` is how many will be, so that each kill has its turn.
    """

    def __init__(self, plant: Plant, chance: random.Random, *, kills: int, messages: int) -> None:
        self.plant, self.chance = plant, chance
        self.at = sorted(chance.randrange(messages) for _kill in range(kills))
        self.killed = 0

    def __call__(self, accepted: int) -> None:
        """Kill as often as is due by now."""
        while self.killed < len(self.at) and accepted >= self.at[self.killed]:
            self.killed += 1
            time.sleep(self.chance.uniform(0, 0.2))
            self._kill()
            self.plant.revive()

    def _kill(self) -> None:
        busy = [item for item in self.plant.workers if item.children] or self.plant.workers
        worker = self.chance.choice(busy)
        # Mostly the child that has the message in hand; a worker takes seconds to start again.
        whole = self.chance.random() < WHOLE_WORKERS or not worker.children
        for pid in [*worker.children, *([worker.process.pid] if whole else [])]:
            worker.signal_one(pid)


def bad_day() -> Iterator[dict[str, Any]]:
    """Yield the faults of a day on which the network fails in every way it may."""
    for status in SERVER_FAULTS:
        yield {"kind": "status", "status": status}
        yield {"kind": "status_after", "status": status}
    for status, body in product(SUCCESSES, ODD):
        yield {"kind": "status", "status": status, "body": body}
        yield {"kind": "status_after", "status": status, "body": body}
    for _time in range(TIMES):
        yield from CUTS
    yield REAL_TIMEOUT


def plan(plant: Plant, chance: random.Random, size: Size) -> int:
    """Tell the sandbox when to fail, and return how often it will; look-ups fail as well.

    A small trial meets some of the faults, one with many messages each of them.
    """
    faults = [*bad_day()]
    if size.messages < WHOLE:
        faults = [*SURE, *chance.sample(faults[:-1], size.messages // 5)]
    for fault in faults:
        operation, most = (
            ("post", size.posts) if chance.random() < SHARE else ("direct", size.directs)
        )
        plant.ask("faults", {**fault, "operation": operation, "skip": chance.randrange(most)})
    for operation in ("conversation", "timeline"):
        plant.ask("faults", {"kind": "status", "status": 503, "operation": operation, "skip": 1})
        plant.ask("faults", {"kind": "without", "members": ["data"], "operation": operation})
    return len(faults) + 4


def hold(plant: Plant, size: Size, chance: random.Random, *, workers: int) -> Outcome:
    """Send everything while workers die and the network fails, then compare both records.

    The workers of the plant are started once all is set out.
    """
    began = time.monotonic()
    plant.ask("audience", {"account": ACCOUNTS[0], "followers": size.people * 5 + 500})
    services = connect(plant, *ACCOUNTS)
    plant.ask("limits", {"operation": "direct", **WIDE})
    suspended = len(services) * befriend(plant, size.people, *services)
    planned = plan(plant, chance, size)
    for service in services:
        set_out(plant, DeliveryKind.DIRECT, DIRECT, [service])
    for number in range(size.rounds):
        set_out(plant, DeliveryKind.POST, f"Open on Saturday, week {number}.", services)
    plant.hire(workers)
    reachable = size.directs + size.posts - suspended
    killer = Killer(plant, chance, kills=size.kills, messages=reachable)

    drive(plant, killer, patience=200 + 2 * size.messages)

    return _outcome(plant, size, killer, began=began, planned=planned, suspended=suspended)


def _outcome(
    plant: Plant, size: Size, killer: Killer, *, began: float, planned: int, suspended: int
) -> Outcome:
    states, stats = ended(plant), plant.ask("stats")
    total, lost = size.directs + size.posts, []
    if states != {"sent": total - suspended} | ({"failed": suspended} if suspended else {}):
        lost = [f"of {total}, {suspended} to closed accounts, Fanfare counts {states}"]
    return Outcome(
        messages=total,
        kills=killer.killed,
        states=states,
        accepted=stats["accepted_directs"] + stats["accepted_posts"],
        statuses=sum(str(status) in stats["statuses"] for status in SERVER_FAULTS),
        planned=planned,
        met=planned - sum(item["count"] for item in plant.ask("faults")["faults"]),
        seconds=round(time.monotonic() - began),
        wrong=[*faults_of_both_records(plant), *lost],
    )
