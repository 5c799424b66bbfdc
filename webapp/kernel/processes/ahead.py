"""What a job asked for before its turn, so that the network works while the job writes."""

import logging
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from webapp.kernel.processes import shutdown

log = logging.getLogger(__name__)


class Asked(Protocol):
    """Something that was asked for."""

    def drop(self) -> None:
        """Wait for its end and keep what is to be known of it; commits."""


Kind = TypeVar("Kind", bound=Asked)


class Ahead:
    """At most one thing at a time; the step whose turn it is takes it by its key."""

    def __init__(self) -> None:
        """Nothing was asked for yet."""
        self._asked: tuple[Hashable, Asked] | None = None
        self._closed = False

    @property
    def is_open(self) -> bool:
        """Whether something may be asked for now."""
        return self._asked is None and not self._closed and not shutdown.asked()

    def put(self, key: Hashable, asked: Asked) -> None:
        """Keep what was asked for."""
        self._asked = key, asked

    def holds(self, key: Hashable) -> bool:
        """Tell whether it is this that was asked for."""
        return self._asked is not None and self._asked[0] == key

    def take(self, key: Hashable, kind: type[Kind]) -> Kind | None:
        """Return what was asked for by this key, or nothing; another is dropped."""
        held = self._asked[1] if self._asked and self.holds(key) else None
        if not isinstance(held, kind):
            self.drop()
            return None
        self._asked = None
        return held

    def close(self) -> bool:
        """Let nothing more be asked for; tell whether nothing is left to be taken."""
        self._closed = True
        return self._asked is None

    def drop(self) -> None:
        """Wait for what nobody will take."""
        held, self._asked = self._asked, None
        if held:
            held[1].drop()


@contextmanager
def asking_ahead() -> Iterator[Ahead]:
    """Lend a job the place for what it asks for ahead; nothing is under way afterwards."""
    ahead = Ahead()
    try:
        yield ahead
    except Exception:
        _drop_after_a_fault(ahead)
        raise
    ahead.drop()


def _drop_after_a_fault(ahead: Ahead) -> None:
    try:
        ahead.drop()
    except SQLAlchemyError as fault:
        # It is the outage, most likely, that is told already.
        log.warning("What was asked for ahead was not recorded: %s", type(fault).__name__)
