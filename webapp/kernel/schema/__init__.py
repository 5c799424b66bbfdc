"""The shape of the database: upgrade it, tell whether it is current and as the models say."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from sqlalchemy import Connection, Engine, inspect, text

import webapp
from webapp.kernel.config import location
from webapp.kernel.config.command_name import RUN
from webapp.kernel.db import reading, waiting
from webapp.kernel.errors import FanfareError
from webapp.kernel.i18n import _, ngettext
from webapp.kernel.schema import comparison, first_shapes

MIGRATIONS = Path(webapp.__file__).parent / "migrations"
# Another host may have a million people to go through; this long it is waited for.
PATIENCE = 3_600_000
# The number of the lock by which hosts upgrade one after the other; nobody else's, it is hoped.
LOCK = 4_701_126
TOLD = 5


class Unfit(FanfareError):
    """The database has another shape than this version of Fanfare works on."""


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Let no other host bring the same database up to date meanwhile.

    On SQLite the transaction of the upgrade does so by itself, see `upgrade`.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect() as connection, connection.begin():
        # It is held for as long as the upgrade takes, which a server may find too long.
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:it)"), {"it": LOCK})
        yield


def upgrade(engine: Engine) -> list[str]:
    """Bring the database to the newest shape and return the steps that it took.

    A second process waits, and finds nothing to do. Raises `Unfit` for a database that a newer
    version has changed, that is too old, or that differs from the models even afterwards.
    """
    with engine.connect() as connection, _in_turn(connection), connection.begin():
        _refuse_unmarked(connection)
        missing = _pending(connection)
        steps = _mended(connection) + missing
        command.upgrade(_config(connection), "head")
    refuse_other_shape(engine, _("Restore the copy made before, or add what is missing."))
    return steps


@contextmanager
def _in_turn(connection: Connection) -> Iterator[None]:
    """Wait on SQLite for another process that upgrades, which holds the lock all the while."""
    with waiting(connection, PATIENCE if connection.dialect.name == "sqlite" else None):
        yield


def _mended(connection: Connection) -> list[str]:
    """Add what a database of the first days lacks; return the names of what was added."""
    script = _script(MIGRATIONS)
    until = {item.revision for item in script.iterate_revisions(first_shapes.LAST, "base")}
    heads = MigrationContext.configure(connection).get_current_heads()
    return first_shapes.mend(connection) if heads and until.issuperset(heads) else []


def pending(engine: Engine) -> list[str]:
    """Return the migrations this database still lacks, oldest first.

    Raises `Unfit` for a database that a newer version has changed, or that is too old.
    """
    # Whoever asks may hold the write lock already, and looking needs none.
    with reading(), engine.connect() as connection:
        return _pending(connection)


def _pending(connection: Connection) -> list[str]:
    _refuse_encoding(connection)
    script = _script(MIGRATIONS)
    heads = MigrationContext.configure(connection).get_current_heads()
    try:
        done = {item.revision for head in heads for item in script.iterate_revisions(head, "base")}
    except RevisionError as cause:
        raise Unfit(_unknown(connection.engine, heads[0])) from cause
    every = [item.revision for item in script.walk_revisions()]
    return [revision for revision in reversed(every) if revision not in done]


def _refuse_encoding(connection: Connection) -> None:
    """Raise `Unfit` for a database of PostgreSQL that cannot keep every name there is."""
    if connection.dialect.name != "postgresql":
        return
    found = connection.execute(text("SHOW server_encoding")).scalar_one()
    if found != "UTF8":
        raise Unfit(
            _(
                "The database %(database)s keeps text as %(found)s, which has no place for every "
                "name. Make another one with createdb --encoding=UTF8 --locale=C "
                "--template=template0 NAME, and name it in DATABASE_URL.",
                database=location.database(connection.engine.url),
                found=found,
            )
        )


def _refuse_unmarked(connection: Connection) -> None:
    """Raise `Unfit` for tables without a migration, on which the first one would break off."""
    heads = MigrationContext.configure(connection).get_current_heads()
    if not heads and inspect(connection).has_table("operator"):
        raise Unfit(
            _(
                "The database %(database)s holds tables of Fanfare and does not tell their "
                "migration. Restore a copy of it, or name an empty one in DATABASE_URL.",
                database=location.database(connection.engine.url),
            )
        )


def _unknown(engine: Engine, revision: str) -> str:
    """Say what to do about a database at a migration that this version does not have."""
    name = location.database(engine.url)
    if revision in first_shapes.TOO_OLD:
        return _(
            "The database %(database)s was made before 24 November 2026, 05:00 UTC, and no version "
            "can upgrade it: name another one in DATABASE_URL or FANFARE_VAR, and connect the "
            "accounts there anew.",
            database=name,
        )
    return _(
        "The database %(database)s was changed by a newer version of Fanfare "
        "(migration %(name)s). "
        "Start that version, or restore the copy made before the upgrade.",
        database=name,
        name=revision,
    )


def refuse_behind(engine: Engine) -> None:
    """Raise `Unfit` with what to do while the database lacks a migration."""
    missing = len(pending(engine))
    if missing:
        raise Unfit(
            ngettext(
                "The database %(database)s lacks %(num)s migration. "
                "Run %(run)s db upgrade, then start again.",
                "The database %(database)s lacks %(num)s migrations. "
                "Run %(run)s db upgrade, then start again.",
                missing,
                database=location.database(engine.url),
                run=RUN,
            )
        )


def refuse_unfit(engine: Engine) -> None:
    """Raise `Unfit` with what to do unless the database has the shape of this version."""
    refuse_behind(engine)
    refuse_other_shape(
        engine,
        _(
            "Run %(run)s db upgrade, which adds what databases of the first days lack, or restore "
            "a copy.",
            run=RUN,
        ),
    )


def refuse_other_shape(engine: Engine, help_: str) -> None:
    """Raise `Unfit` with each difference from the models, whatever the migrations say."""
    found = comparison.faults(engine)
    if found:
        more = [_("and %(n)s more", n=len(found) - TOLD)] if len(found) > TOLD else []
        raise Unfit(
            _(
                "The database %(database)s is at the newest migration and yet differs from what "
                "this version works on: %(what)s. %(help)s",
                database=location.database(engine.url),
                what="; ".join([*found[:TOLD], *more]),
                help=help_,
            )
        )


@cache
def _script(_folder: Path) -> ScriptDirectory:
    """Return the migrations of this version, whose files are read once in a process."""
    return ScriptDirectory.from_config(_config())


def _config(connection: object = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
