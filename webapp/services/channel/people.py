"""A page of an account's people that was asked for: it is read and parsed beside other work."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Generic, TypeVar

from channels import AudiencePage
from webapp.kernel.processes.errands import Errand
from webapp.services.channel import contract_guard as guard
from webapp.services.channel.context import ServiceContext

Read = Callable[[ServiceContext, str | None], AudiencePage]
Made = TypeVar("Made")


class PageReading(Generic[Made]):
    """The call of a page, from its beginning to its answer.

    Its turn was taken and its context lent by whoever asks. Nothing runs in a thread of its own but
    the call itself and what is made of the page without the database; what belongs to its end is
    done by whoever takes the answer.
    """

    def __init__(
        self,
        call: AbstractContextManager[ServiceContext],
        read: Read,
        cursor: str | None,
        make: Callable[[AudiencePage], Made],
    ) -> None:
        """Begin the call."""

        def work(errand: Errand[tuple[AudiencePage, Made]]) -> tuple[AudiencePage, Made]:
            context.owner = errand.ask
            page = guard.ask(context.handle, (AudiencePage,), read, context, cursor)
            return page, make(page)

        with ExitStack() as opened:
            context = opened.enter_context(call)
            self._errand = Errand(work)
            self._opened = opened.pop_all()
        self._cursor = cursor

    def answer(self) -> tuple[AudiencePage, Made]:
        """Wait for the page and what was made of it; raise the `ChannelError` that came instead."""
        with self._opened:
            page, made = self._errand.result()
        guard.refuse_standing_still(self._cursor, page.next_cursor)
        return page, made
