"""A page of an account's people that was asked for: it is read and parsed beside other work."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

from channels import AudiencePage
from webapp.kernel.processes.errands import Errand
from webapp.services.channel import contract_guard as guard
from webapp.services.channel.context import ServiceContext

Read = Callable[[ServiceContext, str | None], AudiencePage]


class PageReading:
    """The call of a page, from its beginning to its answer.

    Its turn was taken and its context lent by whoever asks. Nothing but the call itself runs in a
    thread of its own; what belongs to its end is done by whoever takes the answer.
    """

    def __init__(
        self, call: AbstractContextManager[ServiceContext], read: Read, cursor: str | None
    ) -> None:
        """Begin the call."""
        with ExitStack() as opened:
            context = opened.enter_context(call)
            self._errand = Errand(lambda errand: _read(errand, context, read, cursor))
            self._opened = opened.pop_all()
        self._cursor = cursor

    def answer(self) -> AudiencePage:
        """Wait for the page; raise the `ChannelError` that came instead of it."""
        with self._opened:
            page = self._errand.result()
        guard.refuse_standing_still(self._cursor, page.next_cursor)
        return page


def _read(
    errand: Errand[AudiencePage], context: ServiceContext, read: Read, cursor: str | None
) -> AudiencePage:
    context.owner = errand.ask
    return guard.ask(context.handle, (AudiencePage,), read, context, cursor)
