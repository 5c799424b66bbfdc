"""What waits for the disk on a server, and what does not.

A commit that waits keeps its rows locked meanwhile, and everybody who needs them waits, too. So
what must outlive a power cut is committed without waiting, and brought to the disk afterwards, when
its rows are free again. On SQLite `durable` chooses for a whole transaction.
"""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.kernel.db import dialect_of

# A server brings its log to the disk in order: with this mark goes all that was committed before.
# A transaction that writes nothing would not wait.
MARK = (
    "SELECT set_config('synchronous_commit', 'on', true),"
    " pg_logical_emit_message(true, 'fanfare', '')"
)
NO_WAITING = func.set_config("synchronous_commit", "off", True)


def hurry(session: Session) -> None:
    """Let the transaction that is open, or begins, not wait for the disk; see `hasty`."""
    if dialect_of(session) == "postgresql":
        session.execute(select(NO_WAITING))


def hasty(dialect: str, statement: Any) -> Any:
    """Return a write whose transaction does not wait for the disk, as none does on SQLite.

    It is for what may be found out anew, since a power cut takes back the last that was committed
    so, or for what `to_disk` waits for.
    """
    if dialect != "postgresql":
        return statement
    return statement.returning(NO_WAITING)


def to_disk(session: Session) -> None:
    """Wait until all that was committed is on the disk; no transaction is open before and after."""
    if dialect_of(session) != "postgresql":
        return
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    # A transaction of its own, without the trips to begin and to end it.
    driver.autocommit = True
    try:
        connection.exec_driver_sql(MARK)
    finally:
        if not driver.closed:
            driver.autocommit = False
    session.commit()
