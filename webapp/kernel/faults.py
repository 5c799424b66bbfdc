"""One sentence for each fault of the surroundings: what is wrong, and what to do about it."""

import errno
import logging
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy.exc import ArgumentError, DBAPIError

from channels import ChannelError
from webapp.kernel.config.command_name import RUN
from webapp.kernel.config.settings import SettingsError
from webapp.kernel.db.drivers import WHERE
from webapp.kernel.errors import FanfareError
from webapp.kernel.i18n import _, lazy_gettext
from webapp.kernel.text import notices
from webapp.kernel.text.notices import Notice

log = logging.getLogger(__name__)

READ_ONLY = lazy_gettext(
    "The database cannot be written: its file or folder is read-only. "
    "Give the user that runs Fanfare the right to write it."
)
STANDBY = lazy_gettext(
    "The database server lets nobody write: it is a standby, or default_transaction_read_only is "
    "on. Name the primary in DATABASE_URL, or switch it off."
)
FULL = lazy_gettext(
    "The database cannot be written: its disk is full or faulty. Free some space on it."
)
LOCKED = lazy_gettext(
    "The database is held by another program and did not become free in time. "
    "Try again; if it stays so, look for a copy or a tool that keeps it open."
)
CLOSED = lazy_gettext(
    "The database cannot be opened. Check that its folder exists and that the user that runs "
    "Fanfare may read and write it; DATABASE_URL or FANFARE_VAR names the place."
)
DAMAGED = lazy_gettext(
    "The file of the database is damaged or is not a database. "
    "Restore it from a copy, or name another one in DATABASE_URL or FANFARE_VAR."
)
BEHIND = lazy_gettext(
    "The database lacks a part that this version needs. Run %(run)s db upgrade, which adds it or "
    "names it.",
    run=RUN,
)
SILENT = lazy_gettext(
    "The database server does not answer. Check that PostgreSQL runs and that DATABASE_URL "
    "names its host and port."
)
UNTRUSTED = lazy_gettext(
    "The database server cannot be trusted as DATABASE_URL asks. Check sslmode, the file named by "
    "sslrootcert, and the certificate of the server."
)
REFUSED = lazy_gettext("The database server refuses the name or password in DATABASE_URL.")
ABSENT = lazy_gettext("The database that DATABASE_URL names does not exist. Make it with createdb.")
RIGHTS = lazy_gettext(
    "The database server does not let the user in DATABASE_URL do this. Grant it the rights."
)
BUSY = lazy_gettext(
    "The database server has no free connection. Run fewer processes, or let in more."
)

# The primary result code of SQLite, which is the low byte of the extended one.
SQLITE = {5: LOCKED, 6: LOCKED, 8: READ_ONLY, 10: FULL, 11: DAMAGED, 13: FULL, 14: CLOSED}
SQLITE |= {23: RIGHTS, 26: DAMAGED}
# The beginning of PostgreSQL's SQLSTATE; the longest that fits counts.
POSTGRESQL = {
    "08": SILENT, "25006": STANDBY, "28": REFUSED, "3D": ABSENT, "40": LOCKED, "42501": RIGHTS,
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
        return _broker(fault)
    if isinstance(fault, OSError) and fault.errno == errno.ENOSPC:
        return _("There is no space left on the disk that is written to. Free some space on it.")
    if isinstance(fault, ArgumentError) and "URL" in str(fault):
        return _("DATABASE_URL must be the address of a database of SQLite or PostgreSQL.")
    return None


def is_outage(fault: BaseException) -> bool:
    """Tell whether database or broker could not be used just now, which work may outlive.

    Anything else would fail again in the same way.
    """
    if isinstance(fault, DBAPIError):
        return of_database(fault) is not None
    return isinstance(fault, RedisError)


def why(fault: Exception) -> Notice:
    """Return what to tell of a fault that ended background work; a bug is logged with its trace."""
    if isinstance(fault, FanfareError | ChannelError):
        return notices.of(fault.message)
    log.error("Background work failed.", exc_info=fault)
    return Notice("bug")


def _broker(fault: RedisError) -> str:
    return _(
        "The broker cannot be used: %(cause)s. Start Redis or Valkey, or check REDIS_URL; "
        "nothing is lost, and the work goes on when it answers.",
        cause=str(fault).rstrip("."),
    )


def of_database(fault: DBAPIError) -> str | None:
    """Return what keeps the database from being used; `None` when a statement of ours is wrong.

    It names the database, so that whoever meant another one sees it.
    """
    text = kind_of(fault)
    if text is None:
        return None
    where = getattr(fault, WHERE, "")
    return f"{text} " + _("The database is %(database)s.", database=where) if where else str(text)


def kind_of(fault: DBAPIError) -> Any:
    """Return the text, one of those above, for what keeps the database from being used."""
    code = getattr(fault.orig, "sqlite_errorcode", None)
    if code is not None:
        missing = str(fault.orig).startswith("no such")
        return BEHIND if missing else SQLITE.get(code & 0xFF)
    if not hasattr(fault.orig, "sqlstate"):
        return None
    return _of_server(getattr(fault.orig, "sqlstate", None), str(fault.orig))


def _of_server(state: str | None, said: str) -> Any:
    """Tell by the state; a connection that failed has none, only words."""
    if state is None:
        words = {
            "certificate": UNTRUSTED,
            "password": REFUSED,
            "role": REFUSED,
            "does not exist": ABSENT,
        }
        return next((text for word, text in words.items() if word in said), SILENT)
    fits = [key for key in POSTGRESQL if state.startswith(key)]
    return POSTGRESQL[max(fits, key=len)] if fits else None
