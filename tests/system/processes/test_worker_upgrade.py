"""What the worker overrides in RQ is as it was read when that was written.

RQ promises nothing about these methods. Where an upgrade changes one, read it, see whether the
override still does what `docs/decisions/worker.md` says, and write its new print here.
"""

import hashlib
import inspect

import pytest
from rq import Worker

from webapp.system.processes.worker import SafeWorker

pytestmark = pytest.mark.one_database
READ = {
    "get_heartbeat_ttl": "8878c9689380",
    "handle_warm_shutdown_request": "25d331e21591",
    "heartbeat": "63b1089fd146",
    "main_work_horse": "8967c89b5d86",
    "maintain_heartbeats": "b73451c9b97f",
    "setup_work_horse_signals": "cfc682cb5f0a",
}


def overridden() -> set[str]:
    """The methods of RQ that the worker has its own of."""
    return {
        name
        for name, value in vars(SafeWorker).items()
        if callable(value) and hasattr(Worker, name)
    }


def test_each_method_of_rq_that_is_overridden_was_read() -> None:
    assert overridden() == set(READ)


@pytest.mark.parametrize("name", sorted(READ))
def test_a_method_of_rq_is_still_the_one_that_was_read(name: str) -> None:
    source = inspect.getsource(getattr(Worker, name))

    assert hashlib.sha256(source.encode()).hexdigest()[:12] == READ[name]
