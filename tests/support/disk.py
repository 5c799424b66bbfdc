"""Whether the transactions of PostgreSQL wait for the disk."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from webapp.kernel.db import db

Waits = list[tuple[str, str]]


@contextmanager
def noted(names: Mapping[str, str]) -> Iterator[Waits]:
    """Note how transactions are committed: by the name of a statement in each.

    `names` has the name of each by some of its words.
    """
    found: Waits = []

    def lent(driver: Any, *_more: object) -> None:
        # The server of the tests lets nobody wait.
        driver.autocommit = True
        driver.execute("SET synchronous_commit = on")
        driver.autocommit = False

    def executed(connection, _cursor, statement: str, *_more: object) -> None:
        name = next((name for words, name in names.items() if words in statement), None)
        if name is not None:
            driver = connection.connection.driver_connection
            row = driver.execute("SHOW synchronous_commit").fetchone()
            found.append((name, row[0]))

    heard = {"checkout": lent, "after_cursor_execute": executed}
    for name, listener in heard.items():
        event.listen(db.engine, name, listener)
    yield found
    for name, listener in heard.items():
        event.remove(db.engine, name, listener)
