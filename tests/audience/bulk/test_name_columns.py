"""What is stored of names follows each synchronisation, and search finds people by it."""

import re
from collections.abc import Callable

import pytest
from alembic import command
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, event, select, text

from channels import Person
from tests.support.factories import make_service, make_visitor
from webapp.audience.bulk import upserts
from webapp.audience.models import Visitor, VisitorWord
from webapp.audience.visitors import people
from webapp.kernel import schema
from webapp.kernel.runtime import Runtime


def read(runtime: Runtime, *named: tuple[str, str]) -> None:
    service = make_service(runtime)
    found = [
        Person(remote_id=str(number), handle=handle, name=name)
        for number, (handle, name) in enumerate(named, start=1)
    ]
    upserts.visitors(runtime, service, found, origin="inbox")
    runtime.session.commit()


def looked_for(runtime: Runtime, words: str) -> list[str]:
    query = people.Query(words=words, sort="username", descending=False)
    return [line.visitor.handle for line in people.search(runtime, query).lines]


@pytest.mark.parametrize(
    ("typed", "handle"),
    [
        ("hakon", "viking"),
        ("josé", "pepe"),
        ("ibrahim", "ibo"),
        ("gross", "tall"),
        ("moreau", "hugo_m"),
        ("moreau hugo", "hugo_m"),
        ("@hugo_m", "hugo_m"),
    ],
)
def test_people_are_found_without_accents_and_by_any_word(
    runtime: Runtime, typed: str, handle: str
):
    read(
        runtime,
        ("viking", "Håkon Dahl"),
        ("pepe", "Jose\u0301 García"),
        ("ibo", "İbrahim"),
        ("tall", "Ute Groß"),
        ("hugo_m", "Hugo Moreau"),
    )

    assert looked_for(runtime, typed) == [handle]


def test_words_that_are_no_part_of_a_name_find_nobody_and_signs_find_who_begins_with_them(
    runtime: Runtime,
):
    read(runtime, ("ada", "🎉 Ada"), ("bo", "Bo"))

    assert looked_for(runtime, "🎉") == ["ada"]
    assert looked_for(runtime, "ada zoe") == []
    assert looked_for(runtime, "!!") == []


def test_a_new_name_is_found_and_the_old_one_no_more(runtime: Runtime):
    read(runtime, ("ada", "Ada Lovelace"))
    service = make_service(runtime)
    upserts.visitors(
        runtime, service, [Person(remote_id="1", handle="ada", name="Ada King")], origin="inbox"
    )

    assert looked_for(runtime, "king") == ["ada"]
    assert looked_for(runtime, "lovelace") == []
    words = runtime.session.scalars(select(VisitorWord.word).order_by(VisitorWord.word)).all()
    assert words == ["ada", "king"]


def test_a_page_of_known_people_writes_no_word_again(runtime: Runtime):
    read(runtime, ("ada", "Bo"))
    written: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if "visitor_word" in statement and not statement.startswith("SELECT"):
            written.append(statement.split()[0])

    event.listen(runtime.session.get_bind(), "before_cursor_execute", note)
    read(runtime, ("ada", "Bo"))
    assert written == []
    read(runtime, ("ada", "Eve"))
    assert written == ["DELETE", "INSERT"]


def test_a_name_that_cannot_be_seen_leaves_the_username_to_press(
    runtime: Runtime, admin: FlaskClient
):
    read(runtime, ("ghost", "\u2800"))
    ghost = runtime.session.scalars(select(Visitor)).one()

    page = admin.get("/audience/visitors").text

    assert ghost.name == ""
    assert re.search(rf'href="/audience/visitors/{ghost.id}"[^>]*>ghost</a>', page)


def test_a_direction_sign_in_a_name_reaches_neither_page_nor_message(runtime: Runtime):
    read(runtime, ("ada", "\u202eecila"))
    ada = runtime.session.scalars(select(Visitor)).one()

    assert (ada.name, ada.first_name) == ("ecila", "ecila")


def test_whoever_is_erased_is_found_by_no_word(runtime: Runtime):
    visitor = make_visitor(runtime, name="Ada King")
    runtime.session.delete(visitor)
    runtime.session.commit()

    assert runtime.session.scalars(select(VisitorWord)).all() == []


def test_names_known_before_are_found_after_an_upgrade(database_url: str):
    engine = create_engine(database_url)
    migrate(engine, command.downgrade, "a1d4c7e93b52")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO folder (id, kind, name) VALUES (1, 'visitors', 'V')"))
        for number in range(1, 1_003):
            connection.execute(text(OLD_ROW), {"id": number, "name": f"Håkon\u202e N{number}"})

    migrate(engine, command.upgrade, "head")

    with engine.connect() as connection:
        names = connection.execute(text(NEW_ROW), {"id": 1_002}).one()
        words = connection.scalars(text(WORDS), {"id": 1_002}).all()
    migrate(engine, command.downgrade, "a1d4c7e93b52")
    migrate(engine, command.upgrade, "head")
    engine.dispose()
    assert tuple(names) == ("Håkon N1002", "hakon n1002", "Håkon")
    assert words == ["hakon", "n1002", "p1002"]


OLD_ROW = """
INSERT INTO visitor (id, kind, remote_id, origin, handle, name, handle_key, name_key, folder_id,
                     first_seen_at, seen_at)
VALUES (:id, 'fake', :id || '', 'sync', 'P' || :id, :name, '', '', 1,
        '2026-11-01 00:00:00', '2026-11-01 00:00:00')
"""
NEW_ROW = "SELECT name, name_key, first_name FROM visitor WHERE id = :id"
WORDS = "SELECT word FROM visitor_word WHERE visitor_id = :id ORDER BY word"


def migrate(engine: Engine, way: Callable[..., None], revision: str) -> None:
    with engine.begin() as connection:
        way(schema._config(connection), revision)
