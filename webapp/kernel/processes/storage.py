"""Whether what this instance keeps can still be written: its database and its disk."""

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from webapp.kernel import faults
from webapp.kernel.config import location
from webapp.kernel.config.instance_files import sqlite_file
from webapp.kernel.config.settings import Settings
from webapp.kernel.db import waiting
from webapp.kernel.i18n import _

# SQLite and the broker write ahead of what they keep; below this they soon stop in the middle.
LEAST_BYTES = 100_000_000
LEAST_FILES = 1_000
MEGABYTE = 1_000_000
# A real write, rolled back: neither a row nor a table stays. A new table also needs new space.
PROBE = {
    "sqlite": "CREATE TABLE probe_of_writing (id INTEGER)",
    "postgresql": "UPDATE alembic_version SET version_num = version_num",
}


def database_fault(engine: Engine, *, wait: int | None = None) -> str:
    """Return what keeps the database from being written, as a sentence; empty when nothing does.

    `wait` is how many milliseconds to wait for another writer instead of as long as any other
    statement; one that is busy then is no fault, for it can write.
    """
    try:
        with engine.connect() as connection, waiting(connection, wait):
            try:
                connection.exec_driver_sql(PROBE[engine.dialect.name])
            finally:
                connection.rollback()
    except DBAPIError as fault:
        if wait is not None and faults.kind_of(fault) == faults.LOCKED:
            return ""
        return faults.of_database(fault) or _(
            "The database %(database)s cannot be written; the log says why.",
            database=location.database(engine.url),
        )
    return ""


def disk_fault(settings: Settings) -> str:
    """Return that a disk of this instance is full, as a sentence; empty while there is room."""
    for folder in folders(settings):
        if free_bytes(folder) < LEAST_BYTES or _few_files(folder):
            return _(
                "The disk of %(folder)s is full: less than %(n)s MB or %(files)s files are free. "
                "Free some space on it, or nothing can be saved.",
                folder=str(folder),
                n=LEAST_BYTES // MEGABYTE,
                files=LEAST_FILES,
            )
    return ""


def folders(settings: Settings) -> Iterator[Path]:
    """Yield the folders that must take in what is written; the nearest for one that is absent."""
    yield _existing(settings.var)
    file = sqlite_file(settings)
    if file is not None and _existing(file.parent) != _existing(settings.var):
        yield _existing(file.parent)


def free_bytes(folder: Path) -> int:
    """Return how many bytes a user without special rights may still write."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def _few_files(folder: Path) -> bool:
    found = os.statvfs(folder)
    # Some file systems make room for files as they need it, and tell none.
    return bool(found.f_files) and found.f_favail < LEAST_FILES


def _existing(folder: Path) -> Path:
    return next((one for one in (folder, *folder.parents) if one.is_dir()), Path("/"))
