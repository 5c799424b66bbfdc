"""One sandbox process for all these tests, begun again for each."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugins.x.sandbox.running import Caller, RunningSandbox, running

# X's description of its API is not part of this project: who has the file names it.
collect_ignore = [] if os.environ.get("FANFARE_X_OPENAPI") else ["test_conformance.py"]


@pytest.fixture(scope="session")
def record_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the process appends what it accepts."""
    return tmp_path_factory.mktemp("record") / "accepted.jsonl"


@pytest.fixture(scope="session")
def process(
    tmp_path_factory: pytest.TempPathFactory, record_file: Path
) -> Iterator[RunningSandbox]:
    """A sandbox whose brand has 500 followers."""
    folder = tmp_path_factory.mktemp("sandbox")
    with running(folder, "--followers", "500", "--record", str(record_file)) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(process: RunningSandbox) -> RunningSandbox:
    """The sandbox as it is at first: noon, an empty record, no faults."""
    process.restart()
    return process


@pytest.fixture
def brand(sandbox: RunningSandbox) -> Caller:
    """A client of the brand's account."""
    return sandbox.caller()


@pytest.fixture
def proof(sandbox: RunningSandbox) -> Caller:
    """A client of the protected account that proofs go to."""
    return sandbox.caller("atelier_proof")


@pytest.fixture
def shop(sandbox: RunningSandbox) -> Caller:
    """A client of the account whose token may only read."""
    return sandbox.caller("atelier_shop")
