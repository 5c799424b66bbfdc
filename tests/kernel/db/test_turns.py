"""Long work leaves SQLite to others between its transactions; PostgreSQL needs no such pause."""

import sqlite3
import threading
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from webapp.kernel.db import turns

WRITES = text("INSERT INTO work DEFAULT VALUES")


def test_whoever_waits_for_the_lock_gets_it_between_two_transactions(tmp_path: Path):
    engine = create_engine(f"sqlite:///{tmp_path / 'here.sqlite3'}")
    with Session(engine) as session:
        session.execute(text("CREATE TABLE work (id INTEGER PRIMARY KEY)"))
        session.commit()
        done = threading.Event()
        other = threading.Thread(target=_write, args=(tmp_path / "here.sqlite3", done))
        session.execute(WRITES)
        other.start()

        rounds = 0
        while not done.is_set():
            # So much longer than it waits between two looks that it looks at its slowest.
            done.wait(0.4)
            session.commit()
            turns.give_way(session)
            session.execute(WRITES)
            rounds += 1
            assert rounds < 5, "Nobody else had a turn."
        other.join()
    engine.dispose()


def _write(path: Path, done: threading.Event) -> None:
    connection = sqlite3.connect(path, timeout=60)
    with connection:
        connection.execute(WRITES.text)
    connection.close()
    done.set()


def test_a_server_is_not_waited_for(monkeypatch):
    def sleep(_seconds: float) -> None:
        raise AssertionError("Nobody waits for it.")

    monkeypatch.setattr(turns.time, "sleep", sleep)

    with Session(create_engine("postgresql+psycopg://nowhere")) as session:
        turns.give_way(session)
