"""A database of another shape: nothing starts on it, and everything says what to do."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, text

from tests.support.cli import Cli, engine_of, environ_of
from webapp.kernel.config.settings import Settings

NEWER = "was changed by a newer version of Fanfare (migration ffffffffffff)."
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def restored(app: Flask) -> Iterator[None]:
    """The database as it was, for the tests that share its server."""
    with engine_of(app).begin() as connection:
        version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    yield
    with engine_of(app).begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:it)"), {"it": version})
        if "wait_code" not in {
            item["name"] for item in inspect(connection).get_columns("delivery")
        }:
            connection.execute(text(f"ALTER TABLE {COLUMN}"))
    engine_of(app).dispose()


def put_back(app: Flask) -> None:
    """Let the newest migration be the one that waits."""
    with engine_of(app).begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    engine_of(app).dispose()


def put_ahead(app: Flask) -> None:
    """Let a migration have run that this version does not know."""
    with engine_of(app).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffffffffffff'"))
    engine_of(app).dispose()


LACKING = "this version works on: the column delivery.wait_code is missing."
COLUMN = "delivery ADD COLUMN wait_code VARCHAR(255) NOT NULL DEFAULT ''"


def take_a_column(app: Flask) -> None:
    """Let the newest migration have run, and yet a column be missing."""
    with engine_of(app).begin() as connection:
        connection.execute(text("ALTER TABLE delivery DROP COLUMN wait_code"))
    engine_of(app).dispose()


UNFIT = [
    (put_back, "Run ./run db upgrade, then start again."),
    (put_ahead, NEWER),
    (take_a_column, LACKING),
]


@pytest.fixture(params=UNFIT)
def unfit(request: pytest.FixtureRequest, app: Flask) -> str:
    """A database of another shape; the sentence that tells it."""
    spoil, sentence = request.param
    spoil(app)
    return sentence


@pytest.mark.parametrize("words", [("db", "check"), ("worker", "--burst"), ("scheduler",)])
def test_nothing_starts_on_it(cli: Cli, unfit: str, words: tuple[str, ...]):
    said = cli(*words)

    assert said.code == 1
    assert unfit in said.err


@pytest.mark.parametrize("spoil", [put_back, put_ahead])
def test_no_command_works_on_it(app: Flask, cli: Cli, spoil: Callable[[Flask], None]):
    spoil(app)

    said = cli("service", "list")

    assert said.code == 1
    assert said.err.startswith("fanfare: The database ")


def test_an_upgrade_names_what_it_cannot_mend(app: Flask, cli: Cli):
    take_a_column(app)

    said = cli("db", "upgrade")

    assert said.code == 1
    assert LACKING in said.err


def test_the_health_of_the_database_names_what_it_lacks(app: Flask, cli: Cli):
    take_a_column(app)

    said = cli("health")

    assert said.code == 1
    assert "does not fit this version" in said.out
    assert LACKING in said.out


def test_the_probe_says_so_to_a_supervisor(client: FlaskClient, unfit: str):
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json["ok"] is False
    assert unfit in answer.json["reason"]


def test_the_probe_is_content_with_a_database_of_this_version(client: FlaskClient):
    assert client.get("/healthz").json == {"ok": True}


def test_the_web_server_does_not_start_on_it(settings: Settings, unfit: str):
    environ = {"PATH": os.environ["PATH"], **environ_of(settings)}

    done = subprocess.run(
        [sys.executable, "-c", "import webapp.wsgi"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 4
    assert unfit in done.stderr
    assert "Traceback" not in done.stderr


def test_a_newer_database_is_not_upgraded_backwards(app: Flask, cli: Cli):
    put_ahead(app)

    said = cli("db", "upgrade")

    assert said.code == 1
    assert NEWER in said.err
    assert "restore the copy" in said.err
