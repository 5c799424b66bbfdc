"""One sentence for each fault of the surroundings: what is wrong, and what to do about it."""

from redis.exceptions import RedisError
from sqlalchemy.exc import ArgumentError, DBAPIError

from channels import ChannelError
from webapp.kernel.errors import FanfareError
from webapp.kernel.settings import SettingsError

READ_ONLY = (
    "The database cannot be written: its file or folder is read-only. "
    "Give the user that runs Fanfare the right to write it."
)
FULL = "The database cannot be written: its disk is full or faulty. Free some space on it."
LOCKED = (
    "The database is held by another program and did not become free in time. "
    "Try again; if it stays so, look for a copy or a tool that keeps it open."
)
CLOSED = (
    "The database cannot be opened. Check that its folder exists and that the user that runs "
    "Fanfare may read and write it; DATABASE_URL or FANFARE_VAR names the place."
)
DAMAGED = (
    "The file of the database is damaged or is no database. "
    "Restore it from a copy, or name another one in DATABASE_URL or FANFARE_VAR."
)
BEHIND = "The database lacks a part that this version needs. Run ./run db upgrade."
SILENT = (
    "The database server does not answer. Check that PostgreSQL runs and that DATABASE_URL "
    "names its host and port."
)
REFUSED = "The database server refuses the name or password in DATABASE_URL."
ABSENT = "The database that DATABASE_URL names does not exist. Make it with createdb."
RIGHTS = "The database server does not let the user in DATABASE_URL do this. Grant it the rights."
BUSY = "The database server has no free connection. Run fewer processes, or let in more."
BROKER = (
    "The broker cannot be used: {cause}. Start Redis or Valkey, or check REDIS_URL; "
    "nothing is lost, and the work goes on when it answers."
)

# The primary result code of SQLite, which is the low byte of the extended one.
SQLITE = {5: LOCKED, 6: LOCKED, 8: READ_ONLY, 10: FULL, 11: DAMAGED, 13: FULL, 14: CLOSED}
SQLITE |= {23: RIGHTS, 26: DAMAGED}
# The beginning of PostgreSQL's SQLSTATE; the longest that fits counts.
POSTGRESQL = {
    "08": SILENT, "25006": READ_ONLY, "28": REFUSED, "3D": ABSENT, "40": LOCKED, "42501": RIGHTS,
    "42703": BEHIND, "42P01": BEHIND, "53": FULL, "53300": BUSY, "55": LOCKED, "57": SILENT,
    "58": FULL,
}  # fmt: skip


def sentence(fault: BaseException) -> str | None:
    """Return the sentence of a fault that was foreseen, or `None` for a bug."""
    if isinstance(fault, FanfareError | ChannelError | SettingsError):
        return str(fault)
    if isinstance(fault, DBAPIError):
        return of_database(fault)
    if isinstance(fault, RedisError):
        return BROKER.format(cause=str(fault).rstrip("."))
    if isinstance(fault, ArgumentError) and "URL" in str(fault):
        return "DATABASE_URL must be the address of a database of SQLite or PostgreSQL."
    return None


def of_database(fault: DBAPIError) -> str | None:
    """Return what keeps the database from being used; `None` when a statement of ours is wrong."""
    code = getattr(fault.orig, "sqlite_errorcode", None)
    if code is not None:
        missing = str(fault.orig).startswith("no such")
        return BEHIND if missing else SQLITE.get(code & 0xFF)
    if not hasattr(fault.orig, "sqlstate"):
        return None
    return _of_server(getattr(fault.orig, "sqlstate", None), str(fault.orig))


def _of_server(state: str | None, said: str) -> str | None:
    """Tell by the state; a connection that failed has none, only words."""
    if state is None:
        words = {"password": REFUSED, "role": REFUSED, "does not exist": ABSENT}
        return next((text for word, text in words.items() if word in said), SILENT)
    fits = [key for key in POSTGRESQL if state.startswith(key)]
    return POSTGRESQL[max(fits, key=len)] if fits else None
