"""Faults on demand: what a network does to a client on a bad day."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from threading import Event
from typing import Any

ANY = "*"


class FaultKind(StrEnum):
    """What goes wrong; `before` and `after` say whether X had accepted the request."""

    STATUS = "status"
    STATUS_AFTER = "status_after"
    WITHOUT = "without"
    LIMITED = "limited"
    SLOW = "slow"
    TIMEOUT_BEFORE = "timeout_before"
    TIMEOUT_AFTER = "timeout_after"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    CUT_AFTER = "cut_after"


BEFORE = (FaultKind.TIMEOUT_BEFORE, FaultKind.DROP_BEFORE)
HOLDS = (FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER, FaultKind.SLOW)
DROPS = (*BEFORE, FaultKind.TIMEOUT_AFTER, FaultKind.DROP_AFTER)


@dataclass
class Fault:
    """A fault for the next `count` requests of an operation, after `skip` that go well.

    `status` and `status_after` answer with `status`, `headers` and `body`: an object is JSON, a
    text stands as it is, and without one it is the page of a gateway in trouble. A status of 200
    with another body is an odd success. `limited` takes `headers` too. `without` answers as ever
    and leaves out `members`, such as `meta` or `data.created_at`.
    """

    kind: FaultKind
    operation: str = ANY
    count: int = 1
    skip: int = 0
    status: int = 503
    seconds: float = 60.0
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    members: Sequence[str] = ()

    def fits(self, operation: str) -> bool:
        """Tell whether this request is one of those meant, counting those to be skipped."""
        if self.operation not in (ANY, operation):
            return False
        self.skip -= 1
        return self.skip < 0


def without(body: Any, path: str) -> Any:
    """Return a body without the member at a path; a list is gone through row by row."""
    if isinstance(body, list):
        return [without(row, path) for row in body]
    if not isinstance(body, Mapping):
        return body
    name, _, rest = path.partition(".")
    kept = {key: value for key, value in body.items() if rest or key != name}
    return {**kept, name: without(kept[name], rest)} if rest and name in kept else kept


class Faults:
    """The faults that are set; callers of `take` and `add` hold the sandbox's lock."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.released = Event()

    def add(self, fault: Fault) -> None:
        """Set one more fault."""
        self.waiting.append(fault)

    def take(self, operation: str) -> Fault | None:
        """Return the fault of this request, used up by one, or nothing."""
        fault = next((fault for fault in self.waiting if fault.fits(operation)), None)
        if fault is None:
            return None
        fault.count -= 1
        if fault.count <= 0:
            self.waiting.remove(fault)
        return fault

    def clear(self) -> None:
        """Remove every fault and let go of the connections that are held."""
        self.waiting.clear()
        self.released.set()
        self.released = Event()

    def hold(self, fault: Fault) -> None:
        """Hold the caller for the fault's time, or until the faults are cleared."""
        if fault.kind in HOLDS:
            self.released.wait(fault.seconds)

    def listing(self) -> list[dict[str, Any]]:
        """Return what is still to come."""
        return [asdict(fault) for fault in self.waiting]
