from collections.abc import Iterator

import pytest

from tests.plugins.x.sandbox.running import RunningSandbox, running


@pytest.fixture(scope="package")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """A Sandbox X for all these tests."""
    with running(tmp_path_factory.mktemp("sandbox"), "--followers", "5") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(process: RunningSandbox) -> RunningSandbox:
    """The sandbox as it is at first."""
    process.restart()
    return process
