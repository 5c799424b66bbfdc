"""On a server, too, an attempt is on the disk before its call; nobody waits for that with a lock.

Its transaction ends at once, so that the row of the account is free, and what the disk has is
waited for afterwards. An outcome keeps nobody waiting.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from channels import Accepts, ChannelError, ErrorKind, Feature
from channels.clock import FileClock
from tests.support.deliveries import begin, sent, states, threaded
from tests.support.disk import noted
from tests.support.fakes import FakeNetwork
from webapp.deliveries import sending
from webapp.kernel.db import db, disk
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

pytestmark = pytest.mark.several_writers
# What the transaction of each holds.
PARTS = {"INSERT INTO attempt": "attempt", "INSERT INTO message_count": "outcome"}


@dataclass
class Disk:
    """What another connection sees when the disk is waited for, and at each call of the network."""

    # How far the log was written when the wait began.
    written: list[str] = field(default_factory=list)
    # Whether the row of the account was free then.
    free: list[bool] = field(default_factory=list)
    # Whether the log was on the disk as far as that at each call.
    safe: list[bool] = field(default_factory=list)

    def wait(self, _connection: Any, _cursor: Any, statement: str, *_more: object) -> None:
        if statement == disk.MARK:
            with db.engine.connect() as other:
                self.written.append(str(other.scalar(text("SELECT pg_current_wal_insert_lsn()"))))
                locked = other.execute(text("SELECT id FROM service FOR UPDATE SKIP LOCKED"))
                self.free.append(locked.first() is not None)

    def call(self) -> None:
        flushed = text("SELECT pg_current_wal_flush_lsn() >= CAST(:lsn AS pg_lsn)")
        with db.engine.connect() as other:
            self.safe.append(bool(other.scalar(flushed, {"lsn": self.written[-1]})))


@pytest.fixture
def seen(network: FakeNetwork) -> Iterator[Disk]:
    """What is on the disk at the calls of the network."""
    found = Disk()
    network.before = [found.call] * 3
    event.listen(db.engine, "before_cursor_execute", found.wait)
    yield found
    event.remove(db.engine, "before_cursor_execute", found.wait)


def test_no_row_is_locked_by_who_waits_for_the_disk(runtime: Runtime, service: Service):
    with noted(PARTS) as waits:
        delivery = sent(runtime, service, people=2)

    assert {*states(runtime, delivery)} == {"sent"}
    assert waits[-4:] == [("attempt", "off"), ("outcome", "off")] * 2


def test_an_attempt_is_on_the_disk_before_its_call(runtime: Runtime, service: Service, seen: Disk):
    delivery = sent(runtime, service, people=3)

    assert {*states(runtime, delivery)} == {"sent"}
    assert (seen.safe, seen.free) == ([True] * 3, [True] * 3)


def test_so_is_that_of_each_part_of_a_thread(
    runtime: Runtime, network: FakeNetwork, service: Service, seen: Disk
):
    network.accepts = Accepts(features={Feature.THREAD, Feature.REPLY})
    sending.send_batch(runtime, begin(runtime, threaded(runtime, service)).id)

    assert (len(seen.written), seen.safe) == (3, [True] * 3)


def test_so_is_that_of_a_further_try_by_the_same_key(
    runtime: Runtime, clock: FileClock, network: FakeNetwork, service: Service, seen: Disk
):
    network.accepts = Accepts(honours_key=True)
    network.after = [ChannelError("Lost.", kind=ErrorKind.UNKNOWN)]
    delivery = sent(runtime, service, people=1)
    assert states(runtime, delivery) == ["unknown"]

    clock.advance(timedelta(hours=1))
    sending.send_batch(runtime, delivery.id)

    assert states(runtime, delivery) == ["sent"]
    assert (len(seen.written), seen.safe) == (2, [True] * 2)
