"""How long one process keeps everybody else from writing to SQLite."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event


@dataclass
class Hold:
    """The longest that the write lock was held, in seconds."""

    longest: float = 0.0
    since: float | None = None

    def begins(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        """Mark a lock that was just taken."""
        if statement == "BEGIN IMMEDIATE":
            self.since = time.perf_counter()

    def ends(self, end: Callable[[Any], None]) -> Callable[[Any], None]:
        """Return what ends a transaction, and measures how long it held the lock."""

        def measured(connection: Any) -> None:
            end(connection)
            if self.since is not None:
                self.longest = max(self.longest, time.perf_counter() - self.since)
                self.since = None

        return measured


@contextmanager
def watched(engine: Engine) -> Iterator[Hold]:
    """Measure the transactions of an engine that ask for the lock as they begin."""
    hold, dialect = Hold(), engine.dialect
    plain = dialect.do_commit, dialect.do_rollback
    event.listen(engine, "after_cursor_execute", hold.begins)
    dialect.do_commit, dialect.do_rollback = map(hold.ends, plain)
    try:
        yield hold
    finally:
        dialect.do_commit, dialect.do_rollback = plain
        event.remove(engine, "after_cursor_execute", hold.begins)
