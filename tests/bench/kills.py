"""The trial by `kill -9` with the whole count, on each database: see `tests/processes/trial.py`."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine

from tests.processes.plant import plant
from tests.processes.trial import Outcome, Size, hold
from tests.support.servers import start_postgresql, stop_postgresql
from webapp.kernel import schema

WORKERS = 4


def trials(size: Size, databases: list[str], *, seed: int = 0) -> Iterator[tuple[str, Outcome]]:
    """Hold the trial on each database; yields its name and what came of it."""
    for kind in databases:
        chance = random.Random(seed or int(time.time()))
        with (
            TemporaryDirectory(prefix="fanfare-bench-") as name,
            database(kind, Path(name)) as url,
            plant(Path(name), url, workers=0) as lent,
        ):
            yield kind, hold(lent, size, chance, workers=WORKERS)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """A new database with every table; its server ends with it."""
    served = kind != "sqlite"
    url = start_postgresql(folder) if served else f"sqlite:///{folder / 'trial.sqlite3'}"
    try:
        engine = create_engine(url)
        schema.upgrade(engine)
        engine.dispose()
        yield url
    finally:
        if served:
            stop_postgresql(folder)


def line(kind: str, found: Outcome) -> str:
    """Return an outcome as a person reads it."""
    counted = ", ".join(f"{number:,} {state}" for state, number in sorted(found.states.items()))
    return (
        f"kill -9          {found.messages:>9,} {kind:11} {found.kills} kills, "
        f"{found.met} of {found.planned} faults met, {found.statuses} of 100 statuses: {counted}; "
        f"the sandbox took {found.accepted:,}; {len(found.wrong)} differ; {found.seconds} s"
    )
