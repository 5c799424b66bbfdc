"""Lets others write between two transactions of a long piece of work."""

import time

from sqlalchemy.orm import Session

from webapp.kernel.db import dialect_of

# Who waits for the lock of SQLite looks again after a tenth of a second at the latest.
GAP = 0.12


def give_way(session: Session) -> None:
    """Leave SQLite alone for so long that everybody who waits for its lock finds it free.

    Nobody stands in line for it: work that takes it again at once would keep it from all others.
    """
    if dialect_of(session) == "sqlite":
        time.sleep(GAP)
