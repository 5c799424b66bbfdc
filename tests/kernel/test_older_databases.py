"""Databases that commits of the first days made, kept in `dumps`, come to today's shape whole."""

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, text

from tests.support.cli import Cli
from webapp.kernel import schema
from webapp.kernel.schema import comparison, first_shapes
from webapp.kernel.secret_box import SecretBox

DUMPS = Path(__file__).with_name("dumps")
COMMITS = ("82c8db8", "8aeccd7", "91bcfe9")
KEY = base64.urlsafe_b64encode(b"made up for the dumps of tests!!").decode()
STAMP = "UPDATE alembic_version SET version_num = "
# What each of the dumps says, after an upgrade as before.
KEPT = {
    "SELECT name, email, role FROM operator ORDER BY id": [
        ("Ines Laurent", "ines@ateliernord.example", "admin"),
        ("Bo Berg", "bo@ateliernord.example", "marketer"),
    ],
    "SELECT count(*) FROM visitor": [(6,)],
    "SELECT calls, amount FROM charge": [(3, 45_000)],
    "SELECT monthly_budget FROM service WHERE monthly_budget IS NOT NULL": [(12_500_000,)],
    "SELECT label, state FROM delivery WHERE label LIKE 'Winter%' ORDER BY id": [
        ("Winter list", "paused"),
        ("Winter list, proof", "finished"),
    ],
    """SELECT handle, state, outcome, message.kind FROM message JOIN visitor ON
    visitor.id = visitor_id LEFT JOIN attempt ON message_id = message.id ORDER BY handle""": [
        ("doyun", "sending", None, "direct"),
        ("gross", "failed", "failed", "direct"),
        ("hakon", "sent", "sent", "direct"),
        ("ibrahim", "ignored", None, "direct"),
        ("sofia", "unknown", "unknown", "direct"),
    ],
    "SELECT remote_id, kind FROM message WHERE remote_id = '50001'": [("50001", "post")],
    "SELECT wish FROM received_message WHERE remote_id = '7002'": [("stop",)],
    "SELECT count(*) FROM received_message WHERE remote_id = '7001' AND read_at = received_at": [
        (1,)
    ],
    "SELECT count(*) FROM folder WHERE kind = 'deliveries'": [(0,)],
    # Followers that were read before are known, those of an account that never was are not.
    """SELECT count(*) FROM service WHERE (audience_known_at IS NULL) = EXISTS (
    SELECT 1 FROM subscription WHERE service_id = service.id AND followed_at IS NOT NULL)""": [
        (0,)
    ],
    "SELECT count(*) > 0 FROM service WHERE audience_known_at IS NOT NULL": [(True,)],
    # What was a sentence is the value of a code.
    "SELECT replace(text, ' ', '') FROM run_entry WHERE id = 1": [
        ('{"code":"legacy","values":{"text":"6followersof@ateliernord"}}',)
    ],
}
CONSENT = """
    SELECT handle, opted_out_at IS NOT NULL, opted_in_at IS NOT NULL,
    (SELECT proof FROM consent WHERE consent.visitor_id = subscription.visitor_id
    AND consent.service_id = subscription.service_id AND answer = 'opt_in')
    FROM subscription JOIN visitor ON visitor.id = visitor_id
    JOIN service ON service.id = service_id
    WHERE service.remote_id = '1501' AND handle IN ('ibrahim', 'sofia', 'hugo') ORDER BY handle
"""


def load(url: str, commit: str) -> None:
    """Fill an empty database from the dump of a commit."""
    kind = "sqlite" if url.startswith("sqlite") else "postgresql"
    script = (DUMPS / f"{commit}.{kind}.sql").read_text(encoding="utf-8")
    if kind == "sqlite":
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.executescript(script)
        return
    engine = create_engine(url)
    with engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute(script)
    engine.dispose()


@pytest.fixture(params=COMMITS)
def older(request: pytest.FixtureRequest, new_database: str) -> Iterator[Engine]:
    """A database that an older commit made."""
    load(new_database, request.param)
    engine = create_engine(new_database)
    yield engine
    engine.dispose()


def rows(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_it_comes_to_the_shape_of_this_version_with_everything_it_kept(older: Engine):
    steps = schema.upgrade(older)

    assert len(steps) >= 10
    assert comparison.faults(older) == []
    for query, kept in KEPT.items():
        if "received_at" in query and "read_at" not in str(steps):
            continue  # later commits noted themselves when they read
        assert rows(older, query) == kept, query
    assert schema.upgrade(older) == []


CONTENT = """
    SELECT delivery.id, content_part.text, content_part.subject, delivery_variant.weight
    FROM delivery LEFT JOIN delivery_variant ON delivery_id = delivery.id
    LEFT JOIN content_part ON variant_id = delivery_variant.id ORDER BY delivery.id
"""
# A proof of the text as it was, and one of another text.
PROVED = """
    SELECT proof.id, proof.content_hash = delivery.content_hash FROM delivery AS proof
    JOIN delivery ON delivery.id = proof.parent_id ORDER BY proof.id
"""


def test_what_its_deliveries_say_stands_in_rows_and_back(older: Engine):
    before = rows(older, "SELECT id, content FROM delivery ORDER BY id")
    proved = rows(older, PROVED)

    schema.upgrade(older)

    assert rows(older, CONTENT) == [(*row, "", 1) for row in before]
    assert rows(older, PROVED) == proved
    with older.begin() as connection:
        command.downgrade(schema._config(connection), "c91f4e7a20b5")
    assert rows(older, "SELECT id, content FROM delivery ORDER BY id") == before
    assert rows(older, PROVED) == proved


def test_what_its_messages_are_called_stands_with_their_attempts(older: Engine):
    called = "SELECT service_id, remote_id FROM message WHERE remote_id IS NOT NULL ORDER BY id"
    before = rows(older, called)

    schema.upgrade(older)

    claimed = """SELECT attempt.service_id, attempt.remote_id FROM attempt JOIN message
        ON message.id = message_id AND message.kind = attempt.kind
        WHERE attempt.remote_id IS NOT NULL ORDER BY message_id"""
    assert rows(older, claimed) == before != []
    odd = "SELECT count(*) FROM message WHERE (state = 'sent') <> (parts_sent = 1)"
    assert rows(older, odd) == [(0,)]
    assert rows(older, "SELECT count(*) FROM attempt WHERE position <> 0") == [(0,)]


def test_no_consent_and_no_refusal_is_lost(older: Engine):
    schema.upgrade(older)

    found = {name: (out, in_, proof) for name, out, in_, proof in rows(older, CONSENT)}
    assert [bool(item) for item in found["ibrahim"][:2]] == [True, False]
    assert [bool(item) for item in found["sofia"][:2]] == [False, True]
    assert found["sofia"][2] == "paper, fair of 20 November"


def test_its_keys_open_its_secrets(older: Engine):
    schema.upgrade(older)

    ciphertext = [bytes(row[0]) for row in rows(older, "SELECT ciphertext FROM service_secret")]
    assert [SecretBox([KEY]).decrypt(item) for item in ciphertext] == ["good", "good"]


def test_what_a_channel_remembered_stands_in_rows(older: Engine):
    remembered = """UPDATE service SET memory = '{"fields": "new", "page": "2"}' WHERE id = 1"""
    with older.begin() as connection:
        connection.execute(text(remembered))

    schema.upgrade(older)

    found = "SELECT service_id, name, text, ciphertext, version FROM service_state ORDER BY name"
    assert rows(older, found) == [(1, "fields", "new", None, 1), (1, "page", "2", None, 1)]
    assert rows(older, "SELECT count(*) FROM service_state WHERE changed_at IS NULL") == [(0,)]


@pytest.mark.parametrize("commit", COMMITS)
def test_one_that_says_it_is_at_the_newest_migration_is_mended_all_the_same(
    new_database: str, commit: str
):
    load(new_database, commit)
    engine = create_engine(new_database)
    with engine.begin() as connection:
        command.upgrade(schema._config(connection), first_shapes.LAST)

    steps = schema.upgrade(engine)

    assert ("delivery.removed_at" in steps) == (commit != "91bcfe9")
    assert comparison.faults(engine) == []
    engine.dispose()


def test_a_stop_said_to_an_account_before_it_was_connected_again_holds(new_database: str):
    load(new_database, "82c8db8")
    engine = create_engine(new_database)
    schema.upgrade(engine)

    assert [name for name, out, *_more in rows(engine, CONSENT) if out] == ["hugo", "ibrahim"]
    accounts = "SELECT remote_id, removed_at IS NULL FROM service ORDER BY id"
    assert [(name, bool(used)) for name, used in rows(engine, accounts)] == [
        ("1501 (1)", False),
        ("1501", True),
        ("1502", True),
    ]
    assert rows(engine, "SELECT label FROM delivery ORDER BY id LIMIT 1") == [("Before",)]
    engine.dispose()


def test_the_command_says_how_many_steps_it_did_and_the_instance_works(cli: Cli, new_database: str):
    load(new_database, "82c8db8")
    environ = {"DATABASE_URL": new_database, "FANFARE_ENCRYPTION_KEYS": KEY}

    first, again = (cli("db", "upgrade", **environ) for _time in range(2))

    assert (first.code, again.code) == (0, 0), first.err + again.err
    assert " steps brought the database " in first.out
    assert " was up to date already." in again.out
    assert cli("db", "check", **environ).code == 0
    assert "Winter list" in cli("delivery", "list", **environ).out
    assert "ateliernord" in cli("service", "list", **environ).out


@pytest.mark.parametrize("revision", sorted(first_shapes.TOO_OLD))
def test_an_older_one_says_in_one_sentence_what_to_do(cli: Cli, new_database: str, revision: str):
    load(new_database, "82c8db8")
    engine = create_engine(new_database)
    with engine.begin() as connection:
        connection.execute(text(f"{STAMP}'{revision}'"))
    engine.dispose()

    said = cli("db", "upgrade", DATABASE_URL=new_database)

    assert said.code == 1
    assert said.err.count("\n") == 1
    assert "was made before 24 November 2026" in said.err
    assert "name another one in DATABASE_URL" in said.err
