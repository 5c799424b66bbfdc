"""Who makes the files of an instance, who only needs them, and who may read them."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.support.queues import InlineQueue
from webapp.app import create_app
from webapp.kernel.config import instance_files
from webapp.kernel.config.settings import Settings, SettingsError
from webapp.kernel.db import db
from webapp.system.processes.supervisor.up import locked


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(folder: Path) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in folder.iterdir() if path.is_file()}


def test_what_an_instance_keeps_is_its_owner_s_alone_whatever_the_umask(
    tmp_path: Path, umask: None
):
    var = tmp_path / "var"
    settings = Settings(var=var)
    instance_files.establish(settings)
    lock = locked(var)
    app = create_app(settings, queue=InlineQueue())
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("CREATE TABLE anything (id INTEGER)"))
            names = {path.name for path in var.iterdir()}
            found = modes(var)
        db.engine.dispose()
    lock.close()

    assert names == {
        "encryption.key",
        "fanfare.sqlite3",
        "fanfare.sqlite3-shm",
        "fanfare.sqlite3-wal",
        "running.lock",
        "session.key",
    }
    assert found == {0o600}
    assert var.stat().st_mode & 0o777 == 0o700


def test_what_others_could_read_before_they_cannot_read_afterwards(tmp_path: Path):
    settings = Settings(var=tmp_path)
    instance_files.establish(settings)
    (tmp_path / "broker.log").touch()
    for path in tmp_path.iterdir():
        path.chmod(0o644)

    instance_files.establish(settings)

    assert modes(tmp_path) == {0o600}


def test_to_establish_twice_changes_nothing(tmp_path: Path):
    settings = Settings(var=tmp_path)
    instance_files.establish(settings)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    instance_files.establish(settings)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_database_that_cannot_be_made_is_named(tmp_path: Path):
    file = tmp_path / "nowhere" / "f.sqlite3"

    with pytest.raises(SettingsError) as said:
        instance_files.establish(Settings(var=tmp_path, database_url=f"sqlite:///{file}"))

    assert f"The database {file} cannot be made" in str(said.value)
    assert "DATABASE_URL" in str(said.value)


def test_keys_that_the_environment_names_are_not_made(tmp_path: Path):
    keys = {"secret_key": "a secret of this test", "encryption_keys": ("any",)}

    instance_files.establish(Settings(var=tmp_path, **keys))

    assert [path.name for path in tmp_path.iterdir()] == ["fanfare.sqlite3"]


@pytest.mark.parametrize(
    ("lost", "named"),
    [
        ("fanfare.sqlite3", "DATABASE_URL"),
        ("encryption.key", "FANFARE_ENCRYPTION_KEYS"),
        ("session.key", "FANFARE_SECRET_KEY"),
    ],
)
def test_nothing_that_is_missing_is_made_by_a_process_that_only_needs_it(
    tmp_path: Path, lost: str, named: str
):
    settings = Settings(var=tmp_path)
    instance_files.establish(settings)
    (tmp_path / lost).unlink()

    with pytest.raises(SettingsError) as said:
        create_app(settings, queue=InlineQueue())

    assert str(tmp_path / lost) in str(said.value)
    assert str(tmp_path / "fanfare.sqlite3") in str(said.value)
    assert named in str(said.value)
    assert not (tmp_path / lost).exists()


def test_a_file_of_the_database_that_goes_away_is_not_made_anew(tmp_path: Path):
    settings = Settings(var=tmp_path)
    instance_files.establish(settings)
    app = create_app(settings, queue=InlineQueue())
    (tmp_path / "fanfare.sqlite3").unlink()

    answer = app.test_client().get("/healthz")

    assert answer.status_code == 503
    assert str(tmp_path / "fanfare.sqlite3") in answer.json["reason"]
    assert not (tmp_path / "fanfare.sqlite3").exists()


def test_a_folder_with_signs_that_mean_something_in_addresses_is_taken_as_it_is(tmp_path: Path):
    var = tmp_path / "100 % ours? #1"
    settings = Settings(var=var)
    instance_files.establish(settings)
    app = create_app(settings, queue=InlineQueue())
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("CREATE TABLE anything (id INTEGER)"))
        db.engine.dispose()

    with closing(sqlite3.connect(var / "fanfare.sqlite3")) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("anything",)]
    assert [path.name for path in tmp_path.iterdir()] == [var.name]
