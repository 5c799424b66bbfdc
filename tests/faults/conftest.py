"""A real sandbox X in a process of its own, for faults that only a network can answer with."""

from collections.abc import Iterator

import pytest

from tests.plugins.x.sandbox.running import RunningSandbox, running


@pytest.fixture(scope="package")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """A sandbox whose brand has a few followers."""
    with running(tmp_path_factory.mktemp("sandbox"), "--followers", "20") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(process: RunningSandbox) -> RunningSandbox:
    """The sandbox as it is at first."""
    process.restart()
    return process
