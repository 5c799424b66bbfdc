"""The shape of the database: upgrade it, tell whether it is current, compare it with the models."""

import importlib
import importlib.util
import pkgutil
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from sqlalchemy import Engine

import webapp
from webapp.kernel.db import Base, reading
from webapp.kernel.errors import FanfareError
from webapp.kernel.words import _, plural

MIGRATIONS = Path(webapp.__file__).parent / "migrations"


class Unfit(FanfareError):
    """The database has another shape than this version of Fanfare works on."""


def load_models() -> None:
    """Import every domain's models, so that the metadata is complete."""
    importlib.import_module("webapp.kernel.audit")
    for item in pkgutil.iter_modules(webapp.__path__, "webapp."):
        if item.ispkg:
            _import_models(item.name)


def _import_models(package: str) -> None:
    name = f"{package}.models"
    if importlib.util.find_spec(name) is not None:
        importlib.import_module(name)


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest shape; doing so again changes nothing.

    Raises `Unfit` for a database that a newer version has changed.
    """
    pending(engine)
    with engine.begin() as connection:
        command.upgrade(_config(connection), "head")


def pending(engine: Engine) -> list[str]:
    """Return the migrations this database still lacks, oldest first.

    Raises `Unfit` for a database that a newer version has changed.
    """
    script = ScriptDirectory.from_config(_config())
    # Whoever asks may hold the write lock already, and looking needs none.
    with reading(), engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    try:
        done = {item.revision for head in heads for item in script.iterate_revisions(head, "base")}
    except RevisionError as cause:
        raise Unfit(
            _(
                "The database was changed by a newer version of Fanfare (migration %(name)s). "
                "Start that version, or restore the copy made before the upgrade.",
                name=heads[0],
            )
        ) from cause
    every = [item.revision for item in script.walk_revisions()]
    return [revision for revision in reversed(every) if revision not in done]


def refuse_unfit(engine: Engine) -> None:
    """Raise `Unfit` with what to do unless the database has the shape of this version."""
    waiting = len(pending(engine))
    if waiting:
        raise Unfit(
            plural(
                "The database lacks %(num)s migration. Run ./run db upgrade, then start again.",
                "The database lacks %(num)s migrations. Run ./run db upgrade, then start again.",
                waiting,
            )
        )


def differences(engine: Engine) -> list[Any]:
    """Return what the models say and the migrations do not; empty when they agree."""
    load_models()
    with reading(), engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def _config(connection: object = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
