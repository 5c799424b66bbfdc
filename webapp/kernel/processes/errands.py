"""Work of a job that goes on beside it in a thread, without a session of the database.

What such work needs of the database is done by whoever waits for it, in the order of their own
transactions: two threads never share a session.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

Found = TypeVar("Found")
Answer = TypeVar("Answer")


class Errand(Generic[Found]):
    """Work that was begun; what came of it is asked for once.

    Its thread keeps no process alive: who dies while it is under way waits for nothing.
    """

    def __init__(self, work: Callable[["Errand[Found]"], Found]) -> None:
        """Begin the work, which is lent the errand to ask by."""
        self._told: SimpleQueue[tuple[Callable[[], Any] | None, Future[Any]]] = SimpleQueue()
        arguments = (self._run, work)
        threading.Thread(target=copy_context().run, args=arguments, daemon=True).start()

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Have something done by whoever waits for the errand; the work calls it and waits."""
        answer: Future[Answer] = Future()
        self._told.put((question, answer))
        return answer.result()

    def result(self) -> Found:
        """Wait for the end, do what is asked until then, and return or raise what came of it."""
        while True:
            question, answer = self._told.get()
            if question is None:
                found: Found = answer.result()
                return found
            _settle(answer, question)

    def _run(self, work: Callable[["Errand[Found]"], Found]) -> None:
        end: Future[Found] = Future()
        _settle(end, lambda: work(self))
        self._told.put((None, end))


def _settle(future: Future[Answer], call: Callable[[], Answer]) -> None:
    try:
        future.set_result(call())
    except BaseException as fault:  # noqa: BLE001 - whoever waits is told: it is raised there
        future.set_exception(fault)
