"""`kill -9` at random moments, and a network on a bad day: each message at most once, none lost.

`./run bench --kills` holds the same trial with the whole count.
"""

import random
from pathlib import Path

import pytest

from tests.processes.plant import plant
from tests.processes.trial import Size, hold

pytestmark = pytest.mark.slow


def test_messages_arrive_once_whenever_workers_die_and_whatever_the_network_answers(
    tmp_path: Path, database_url: str, chance: random.Random, request: pytest.FixtureRequest
):
    size = Size(
        messages=request.config.getoption("--messages"), kills=request.config.getoption("--kills")
    )

    with plant(tmp_path, database_url, workers=0) as lent:
        found = hold(lent, size, chance, workers=2)

    print(found)
    assert found.wrong == []
    assert found.accepted == found.states["sent"]
    assert found.kills == size.kills
    assert found.met > found.planned // 2
