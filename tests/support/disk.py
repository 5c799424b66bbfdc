"""Whether the transactions of PostgreSQL wait for the disk."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import event

from webapp.kernel.db import db

Waits = list[tuple[str, str]]


@contextmanager
def noted(last: Mapping[str, str]) -> Iterator[Waits]:
    """Note how transactions are committed: by the name of the statement that stands last in each.

    `last` has the name of each by its first words.
    """
    found: Waits = []

    def begun(connection) -> None:
        # The server of the tests lets nobody wait.
        connection.connection.driver_connection.execute("SET LOCAL synchronous_commit = on")

    def executed(connection, _cursor, statement: str, *_more: object) -> None:
        name = next((name for words, name in last.items() if statement.startswith(words)), None)
        if name is not None:
            driver = connection.connection.driver_connection
            row = driver.execute("SHOW synchronous_commit").fetchone()
            found.append((name, row[0]))

    heard = {"begin": begun, "after_cursor_execute": executed}
    for name, listener in heard.items():
        event.listen(db.engine, name, listener)
    yield found
    for name, listener in heard.items():
        event.remove(db.engine, name, listener)
