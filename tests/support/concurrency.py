"""Several requests at the same moment, each with a session of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from sqlalchemy.orm import Session

from webapp.kernel.db import db
from webapp.kernel.runtime import Runtime

Result = TypeVar("Result")


def at_once(runtime: Runtime, times: int, act: Callable[[Runtime], Result]) -> list[Result]:
    """Let `act` happen `times` times at once and return what came of each."""
    runtime.session.commit()
    engine = db.engine

    def alone() -> Result:
        with Session(engine, expire_on_commit=False) as session:
            return act(replace(runtime, session=session))

    with ThreadPoolExecutor(times) as pool:
        return [asked.result() for asked in [pool.submit(alone) for _ in range(times)]]
