"""The size of the trials: small in every run, whole on demand."""

import random
import time
from collections.abc import Iterator

import pytest

from tests.processes.plant import Plant, plant
from tests.support.servers import held_port


@pytest.fixture
def running(tmp_path, database_url) -> Plant:
    """A running instance with two workers."""
    with plant(tmp_path, database_url) as lent:
        yield lent


@pytest.fixture
def port() -> Iterator[int]:
    """A port that nobody else is given."""
    with held_port() as port:
        yield port


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Chance with a seed that is printed, so that a failure can be played again."""
    seed = request.config.getoption("--seed") or int(time.time())
    print(f"The seed is {seed}: --seed {seed}")
    return random.Random(seed)
