"""What a deleted row leaves behind in files."""

from sqlalchemy.orm import Session

from webapp.kernel.db import dialect_of


def overwrite(session: Session) -> None:
    """Empty the journal of SQLite, which holds pages as they were; nothing may be uncommitted.

    The database file itself is overwritten where rows leave, by `secure_delete`. While somebody
    reads, the journal stays until the next time. PostgreSQL removes old rows by its own vacuum.
    """
    if dialect_of(session) != "sqlite":
        return
    session.commit()
    driver = session.connection().connection.driver_connection
    session.rollback()
    if driver is not None:
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
