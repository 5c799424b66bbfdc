"""What a deleted row leaves behind in files."""

from sqlalchemy.orm import Session

from webapp.kernel.db import dialect_of, waiting

# In milliseconds. Whoever reads longer keeps the journal as it is, until the next time.
PATIENCE = 1_000


def overwrite(session: Session) -> None:
    """Empty the journal of SQLite, which holds pages as they were; call it after a commit.

    The file of the database itself is overwritten where rows leave, by `secure_delete`. PostgreSQL
    removes old rows by its own vacuum.
    """
    if dialect_of(session) != "sqlite":
        return
    with session.get_bind().engine.connect() as connection, waiting(connection, PATIENCE):
        # Inside a transaction SQLite would refuse it.
        driver = connection.connection.driver_connection
        if driver is not None:
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
