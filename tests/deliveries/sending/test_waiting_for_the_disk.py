"""On a server, too, an attempt is on the disk before its call; its outcome keeps nobody waiting."""

import pytest

from tests.support.deliveries import sent, states
from tests.support.disk import noted
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

# What stands last in the transaction of each.
LAST = {"INSERT INTO attempt": "attempt", "INSERT INTO message_count": "outcome"}


@pytest.mark.several_writers
def test_the_attempts_wait_for_the_disk_and_the_outcomes_do_not(runtime: Runtime, service: Service):
    with noted(LAST) as waits:
        delivery = sent(runtime, service, people=2)

    assert {*states(runtime, delivery)} == {"sent"}
    assert waits[-4:] == [("attempt", "on"), ("outcome", "off")] * 2
