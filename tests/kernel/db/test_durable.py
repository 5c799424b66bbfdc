"""On SQLite a commit waits for the disk where it must outlive a power cut, and only there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from webapp.kernel.db import durable

NORMAL, FULL = 1, 2


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    engine = create_engine(f"sqlite:///{tmp_path / 'durable.sqlite3'}")
    with Session(engine) as session:
        yield session
    engine.dispose()


def synchronous(session: Session) -> int:
    return session.scalar(text("PRAGMA synchronous"))


def test_only_what_is_durable_waits_for_the_disk(session: Session):
    found = []
    for _again in range(2):
        found.append(synchronous(session))
        session.commit()
        with durable(session):
            found.append(synchronous(session))
            session.commit()

    assert found == [NORMAL, FULL, NORMAL, FULL]


def test_a_transaction_stays_durable_when_its_block_is_left(session: Session):
    with durable(session):
        session.begin()
        session.connection()

    assert synchronous(session) == FULL
    session.commit()
    assert synchronous(session) == NORMAL


def test_what_was_begun_before_does_not_keep_it_from_waiting(session: Session):
    assert synchronous(session) == NORMAL

    with durable(session):
        assert synchronous(session) == FULL
