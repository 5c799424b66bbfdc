import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.databases import made
from webapp.kernel import schema, shape

VERSIONS = schema.MIGRATIONS / "versions"
# A line for each migration in their order: its revision, and the hash of what it does.
LANDED = Path(__file__).with_name("migrations.txt")
# Where a migration stands may change until it lands, and is held by the order of the lines.
PLACE = re.compile(r"^(down_revision = .*|Revises: .*)\n", re.MULTILINE)
BEFORE = re.compile(r'^down_revision = (?:"(\w+)"|None)$', re.MULTILINE)
REVISION = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)


def test_the_migrations_make_what_the_models_say(database_url: str):
    engine = create_engine(database_url)

    assert shape.differences(engine) == []
    engine.dispose()


def test_a_fresh_database_lacks_every_migration_and_an_upgraded_one_none(new_database: str):
    engine = create_engine(new_database)
    before = schema.pending(engine)

    steps = schema.upgrade(engine)

    assert before
    assert steps == before
    assert schema.pending(engine) == []
    engine.dispose()


def test_of_two_that_upgrade_at_once_one_does_it_all_and_the_other_waits(new_database: str):
    engines = [create_engine(new_database) for _host in range(2)]

    with ThreadPoolExecutor(2) as pool:
        steps = list(pool.map(upgraded_alone, engines))

    assert sorted(map(bool, steps)) == [False, True]
    assert [shape.faults(engine) for engine in engines] == [[], []]
    for engine in engines:
        engine.dispose()


def upgraded_alone(engine: Engine) -> list[str]:
    with schema.alone(engine):
        return schema.upgrade(engine)


@pytest.mark.several_writers
def test_what_follows_an_upgrade_is_done_by_one_host_at_a_time(new_database: str):
    first, second = (create_engine(new_database) for _host in range(2))
    done = Event()

    def follow() -> bool:
        with schema.alone(second):
            return done.is_set()

    with ThreadPoolExecutor(1) as pool, schema.alone(first):
        waiting = pool.submit(follow)
        waits(first)
        done.set()
    assert waiting.result(timeout=60)
    for engine in (first, second):
        engine.dispose()


def waits(engine: Engine) -> None:
    """Return when somebody waits for the lock of an upgrade."""
    query = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    for _try in range(10_000):
        with engine.connect() as connection:
            if connection.execute(query).scalar():
                return
    pytest.fail("Nobody waits for the lock.")


def test_tables_without_a_migration_are_refused_by_a_sentence(new_database: str):
    engine = create_engine(new_database)
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))

    with pytest.raises(schema.Unfit, match="does not tell their migration"):
        schema.upgrade(engine)
    engine.dispose()


def test_an_upgrade_that_leaves_a_difference_names_it(new_database: str):
    engine = create_engine(new_database)
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_subscription_doubted"))

    with pytest.raises(schema.Unfit, match="ix_subscription_doubted of the table subscription"):
        schema.upgrade(engine)
    engine.dispose()


@pytest.mark.several_writers
@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_keep_every_name_is_refused_with_the_command_that_makes_another(
    postgresql: Engine, new_database: str, encoding: str
):
    name = f"{postgresql.url.database}_ascii"
    options = f"ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
    with made(postgresql, name, options):
        engine = create_engine(postgresql.url.set(database=name))
        with pytest.raises(schema.Unfit) as refused:
            schema.upgrade(engine)
        engine.dispose()

    assert f"The database {name} on " in refused.value.message
    assert f"keeps text as {encoding}" in refused.value.message
    # The same as the command, said in SQL, makes one that is taken.
    assert "createdb --encoding=UTF8 --locale=C --template=template0" in refused.value.message
    with made(postgresql, name, "ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0"):
        engine = create_engine(postgresql.url.set(database=name))
        assert schema.upgrade(engine)
        engine.dispose()


def hashed(text: str) -> str:
    return hashlib.sha256(PLACE.sub("", text).encode()).hexdigest()


def in_order() -> list[tuple[str, str]]:
    """Each migration after the one it stands on: its revision and its text."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(VERSIONS.glob("*.py"))]
    after = {BEFORE.search(text)[1]: text for text in texts}
    found, last = [], None
    while text := after.pop(last, None):
        last = REVISION.search(text)[1]
        found.append((last, text))
    assert not after, "Migrations that stand on none of the others."
    return found


def test_no_migration_that_landed_was_changed_moved_or_removed():
    landed = [tuple(line.split()) for line in LANDED.read_text(encoding="utf-8").splitlines()]
    now = [(revision, hashed(text)) for revision, text in in_order()]

    assert now[: len(landed)] == landed, "Make a new migration instead of changing one."
    new = "\n".join(" ".join(line) for line in now[len(landed) :])
    assert not new, f"Add to {LANDED.name}:\n{new}"


def test_a_change_of_what_a_migration_does_is_seen_and_one_of_its_place_is_not():
    text = in_order()[1][1]
    moved = BEFORE.sub('down_revision = "ffffffffffff"', text)

    assert moved != text
    assert hashed(moved) == hashed(text)
    assert hashed(text.replace("unique=False", "unique=True", 1)) != hashed(text)
