"""A database that cannot be opened or written: pages and commands say what to do, nothing goes."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from tests.support.cli import Cli, engine_of
from tests.support.factories import make_workflow
from webapp.kernel import faults
from webapp.kernel.config.settings import Settings
from webapp.kernel.runtime import Runtime
from webapp.workflows.models import Workflow


@pytest.fixture
def database_url(tmp_path: Path, blank_sqlite: Path) -> str:
    """A file of SQLite, whatever this run asks for: its faults are made by hand here."""
    path = tmp_path / "fanfare.sqlite3"
    path.write_bytes(blank_sqlite.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def file(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


@pytest.fixture
def each_connection(app: Flask) -> Iterator[Callable[[str], None]]:
    """A function that runs a statement on every connection opened from now on."""
    statements: list[str] = []

    def run(connection: Any, _record: Any) -> None:
        for statement in statements:
            connection.execute(statement)

    event.listen(Engine, "connect", run)

    def say(statement: str) -> None:
        statements.append(statement)
        engine_of(app).dispose()

    yield say
    event.remove(Engine, "connect", run)


def spoil_writing(say: Callable[[str], None], _file: Path) -> Iterator[None]:
    """Every connection finds the file read-only."""
    say("PRAGMA query_only = ON")
    yield


def fill_the_disk(say: Callable[[str], None], file: Path) -> Iterator[None]:
    """The file may not grow."""
    with closing(sqlite3.connect(file)) as connection:
        # What migrations left free would take the rows in.
        connection.execute("VACUUM")
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    say(f"PRAGMA max_page_count = {pages}")
    yield


def hold_the_lock(say: Callable[[str], None], file: Path) -> Iterator[None]:
    """Another program keeps the lock for longer than anybody waits."""
    say("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


FAULTS = {
    "read-only": (spoil_writing, str(faults.READ_ONLY)),
    "full": (fill_the_disk, str(faults.FULL)),
    "locked": (hold_the_lock, str(faults.LOCKED)),
}
ROWS = 100


def told(text: object, where: object) -> str:
    """What is said of a fault, and of which database."""
    return f"{text} The database is {where}."


@pytest.fixture
def workflow(runtime: Runtime) -> Workflow:
    return make_workflow(runtime)


@pytest.fixture(params=FAULTS)
def spoiled(
    request: pytest.FixtureRequest,
    admin: FlaskClient,
    each_connection: Callable[[str], None],
    file: Path,
) -> Iterator[str]:
    """A database that cannot be written; the sentence that tells it."""
    spoil, sentence = FAULTS[request.param]
    yield from (told(sentence, file) for _ in spoil(each_connection, file))


def test_a_page_that_only_looks_still_works(admin: FlaskClient, spoiled: str):
    assert admin.get("/settings/operators").status_code == 200


def test_the_probe_of_supervisors_says_so(client: FlaskClient, spoiled: str, file: Path):
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json == {"ok": False, "reason": spoiled}


def test_the_command_health_names_the_fault_and_its_fix(
    cli: Cli, spoiled: str, request: pytest.FixtureRequest
):
    rows = json.loads(cli("health", "--json").out)

    found = next(row for row in rows if row["part"].startswith("Database"))
    busy = spoiled.startswith(str(faults.LOCKED))
    # Whoever holds the lock for a moment is able to write; the scheduler tells a lock that stays.
    assert found["ok"] is busy
    assert busy or found["fix"] == spoiled


def test_a_file_opened_for_reading_alone_is_told_by_the_probe(
    settings: Settings, app_on: Callable[[Settings], Flask], file: Path
):
    with closing(sqlite3.connect(file)) as keeps_the_log:
        keeps_the_log.execute("SELECT * FROM operator")
        only = replace(settings, database_url=f"sqlite:///file:{file}?mode=ro&uri=true")

        answer = app_on(only).test_client().get("/healthz")

    assert answer.status_code == 503
    assert answer.json["reason"] == told(faults.READ_ONLY, file)


def test_a_page_that_changes_something_says_what_to_do(admin: FlaskClient, spoiled: str):
    people = [{"email": f"somebody{number}@fanfare.example"} for number in range(ROWS)]

    answers = (admin.post("/settings/operators", data=one | {"role": "viewer"}) for one in people)
    refused = next(answer for answer in answers if answer.status_code != 200)

    assert refused.status_code == 503
    page = unescape(refused.text)
    assert spoiled in page
    assert "Nothing was saved. Your browser still has what you wrote" in page


def test_a_command_that_changes_something_says_what_to_do(
    cli: Cli, workflow: Workflow, spoiled: str
):
    said = (cli("workflow", "start", "synchronise") for _ in range(ROWS))

    refused = next(one for one in said if one.code)

    assert refused.code == 1
    assert refused.err == f"fanfare: {spoiled}\n"


def test_a_command_that_looks_still_works(cli: Cli, spoiled: str):
    assert cli("service", "list").code == 0


def test_a_database_that_cannot_be_opened_is_told_by_commands(cli: Cli, tmp_path: Path):
    (tmp_path / "folder").mkdir()

    said = cli("service", "list", DATABASE_URL=f"sqlite:///{tmp_path / 'folder'}")

    assert (said.code, said.err) == (1, f"fanfare: {told(faults.CLOSED, tmp_path / 'folder')}\n")


def test_a_file_that_is_no_database_is_told_by_pages_and_commands(
    cli: Cli, settings: Settings, app_on: Callable[[Settings], Flask], tmp_path: Path
):
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, " * 100)
    url = f"sqlite:///{tmp_path / 'letter.txt'}"
    app = app_on(replace(settings, database_url=url))

    page = app.test_client().get("/login")
    said = cli("service", "list", DATABASE_URL=url)

    assert page.status_code == 503
    assert str(faults.DAMAGED) in unescape(page.text)
    where = tmp_path / "letter.txt"
    assert (said.code, said.err) == (1, f"fanfare: {told(faults.DAMAGED, where)}\n")


def test_a_database_server_that_does_not_answer_is_told_by_commands(cli: Cli):
    url = "postgresql://somebody:secret@127.0.0.1:1/fanfare"

    said = cli("service", "list", DATABASE_URL=url)

    where = "fanfare on 127.0.0.1:1"
    assert (said.code, said.err) == (1, f"fanfare: {told(faults.SILENT, where)}\n")


STATES = {
    "25006": faults.STANDBY,
    "28P01": faults.REFUSED,
    "3D000": faults.ABSENT,
    "42P01": faults.BEHIND,
    "42501": faults.RIGHTS,
    "53100": faults.FULL,
    "53300": faults.BUSY,
    "55P03": faults.LOCKED,
    "57P01": faults.SILENT,
    "42601": None,
}


@pytest.mark.parametrize("state", STATES)
def test_what_a_server_reports_has_its_sentence_and_a_mistake_of_ours_has_none(state: str):
    fault = psycopg.errors.lookup(state)("said by the server")

    assert faults.of_database(DBAPIError("SELECT", {}, fault)) == STATES[state]


WORDS = {
    'FATAL:  password authentication failed for user "f"': faults.REFUSED,
    'FATAL:  role "f" does not exist': faults.REFUSED,
    'FATAL:  database "f" does not exist': faults.ABSENT,
    "could not translate host name": faults.SILENT,
}


@pytest.mark.parametrize("words", WORDS)
def test_a_connection_that_failed_is_told_by_its_words(words: str):
    fault = psycopg.OperationalError(words)

    assert faults.of_database(DBAPIError("SELECT", {}, fault)) == WORDS[words]


def test_a_database_that_goes_away_under_a_logged_in_page_gets_the_page_that_says_so(
    admin: FlaskClient, app: Flask, each_connection: Callable[[str], None], file: Path
):
    engine_of(app).dispose()
    file.rename(file.with_suffix(".gone"))
    file.mkdir()

    answer = admin.get("/")

    assert answer.status_code == 503
    assert str(faults.CLOSED) in unescape(answer.text)
