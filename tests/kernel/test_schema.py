from sqlalchemy import create_engine

from webapp.kernel import schema


def test_the_migrations_make_what_the_models_say(database_url: str):
    engine = create_engine(database_url)

    assert schema.differences(engine) == []
    engine.dispose()


def test_a_fresh_database_lacks_every_migration_and_an_upgraded_one_none(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'fresh.sqlite3'}")
    before = schema.pending(engine)

    schema.upgrade(engine)

    assert before
    assert schema.pending(engine) == []
    engine.dispose()
