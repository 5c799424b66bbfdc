"""A full disk and a database that cannot be written are told, with what to do about them."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, inspect, text

from tests.support.cli import Cli, engine_of
from webapp.kernel import faults
from webapp.kernel.config import location
from webapp.kernel.config.settings import Settings
from webapp.kernel.processes import storage
from webapp.kernel.runtime import Runtime
from webapp.system.web import layout as frames

ROOM = {"f_bavail": 10**9, "f_frsize": 4096, "f_files": 10**6, "f_favail": 10**5}


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function that changes what the system tells of every disk."""

    def tells(**changes: int) -> None:
        told = SimpleNamespace(**ROOM | changes)
        monkeypatch.setattr(os, "statvfs", lambda _folder: told)

    return tells


FULL = [{"f_bavail": 10}, {"f_bavail": 0}, {"f_favail": 3}]


@pytest.mark.parametrize("changes", FULL)
def test_the_probe_of_supervisors_tells_a_full_disk(
    client: FlaskClient, disk, settings: Settings, changes: dict[str, int]
):
    disk(**changes)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert f"The disk of {settings.var} is full" in answer.json["reason"]
    assert "Free some space on it" in answer.json["reason"]


@pytest.mark.parametrize("changes", [{}, {"f_files": 0, "f_favail": 0}])
def test_it_is_content_while_there_is_room(client: FlaskClient, disk, changes: dict[str, int]):
    disk(**changes)

    assert client.get("/healthz").json == {"ok": True}


def test_command_page_and_banner_name_the_full_disk_and_its_fix(
    cli: Cli, admin: FlaskClient, runtime: Runtime, disk
):
    disk(f_bavail=2_000)

    rows = json.loads(cli("health", "--json").out)
    page = admin.get("/settings/health").text
    banners = frames.frame(runtime)["banners"]

    found = next(row for row in rows if row["part"] == "Disk")
    assert (found["ok"], found["detail"]) == (False, "8 MB free")
    assert "Free some space on it" in found["fix"]
    assert "Free some space on it" in page
    assert any("Disk 8 MB free" in one.title for one in banners)


def test_much_room_is_told_in_gigabytes(cli: Cli, disk):
    disk(f_bavail=20_000_000)

    rows = json.loads(cli("health", "--json").out)

    assert next(row["detail"] for row in rows if row["part"] == "Disk") == "82 GB free"


def test_a_folder_of_the_database_apart_is_looked_at_too(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    apart = tmp_path / "apart"
    apart.mkdir()
    split = replace(settings, database_url=f"sqlite:///{apart / 'fanfare.sqlite3'}")
    full = SimpleNamespace(**ROOM | {"f_bavail": 0})
    roomy = SimpleNamespace(**ROOM)
    monkeypatch.setattr(os, "statvfs", lambda folder: full if folder == apart else roomy)

    assert str(apart) in storage.disk_fault(split)


def test_a_var_folder_that_is_not_there_yet_is_on_the_disk_of_its_parent(tmp_path: Path):
    settings = Settings(var=tmp_path / "to" / "come", database_url="postgresql://somewhere/f")

    assert list(storage.folders(settings)) == [tmp_path]


def test_the_probe_leaves_nothing_behind(app: Flask, client: FlaskClient):
    engine = engine_of(app)
    tables = set(inspect(engine).get_table_names())

    for _ in range(3):
        assert client.get("/healthz").json == {"ok": True}

    assert set(inspect(engine).get_table_names()) == tables
    with engine.connect() as connection:
        assert len(connection.scalars(text("SELECT version_num FROM alembic_version")).all()) == 1


@pytest.fixture
def standby(settings: Settings, postgresql: Engine) -> Settings:
    """The settings of an instance whose PostgreSQL lets nobody write."""
    url = postgresql.url.render_as_string(hide_password=False)
    joint = "&" if "?" in url else "?"
    only = f"{url}{joint}options=-c%20default_transaction_read_only%3Don"
    return replace(settings, database_url=only)


def test_a_server_that_lets_nobody_write_is_told_by_the_probe_and_the_command(
    standby: Settings, app_on: Callable[[Settings], Flask], cli: Cli
):
    answer = app_on(standby).test_client().get("/healthz")
    rows = json.loads(cli("health", "--json", DATABASE_URL=standby.database_url).out)

    said = f"{faults.STANDBY} The database is {location.database(standby.database)}."
    assert (answer.status_code, answer.json["reason"]) == (503, said)
    found = next(row for row in rows if row["part"].startswith("Database"))
    assert (found["ok"], found["fix"]) == (False, said)
