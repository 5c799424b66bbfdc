"""The one road to the network: each call of a channel, with all that belongs to it.

A call takes its turn from every limit, borrows a context while no transaction is open, is guarded,
and is charged; what the channel observed and remembered is kept, also when the call failed. Nothing
else in the core calls a part of a channel; what asks no network is in `channel/declared.py`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from channels import (
    Account,
    Attempt,
    AudiencePage,
    Channel,
    ChannelError,
    ChannelWorkflow,
    Check,
    ErrorKind,
    InboundPage,
    Media,
    NotSent,
    Operation,
    Outgoing,
    Person,
    PostFigures,
    RemoteMedia,
    Sent,
    StepResult,
    Unknowable,
)
from webapp.kernel.db.prepared import end
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.notices import Notice
from webapp.services import costs
from webapp.services.channel import contract_guard as guard
from webapp.services.channel import reachability, sessions
from webapp.services.channel.connecting import connect, diagnose
from webapp.services.channel.context import ServiceContext, Stored, context_of, stored
from webapp.services.channel.people import Made, PageReading
from webapp.services.keeping import keep
from webapp.services.limits import observed, quota
from webapp.services.limits.quota import LimitReached
from webapp.services.limits.windows import Window, WindowState
from webapp.services.models import Service
from webapp.services.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One try of a message: when it began, and whether it is still this worker's to make.

    The context's time stands still at the beginning, so that a network that refuses old signatures
    refuses a request that was held up.
    """

    began: datetime
    still: Callable[[], bool]


class Client:
    """Calls the network for one account.

    Every method may raise `ChannelError`, a plugin's own fault too, and `UnreadableSecret`; one
    that takes its turn from the limits raises `LimitReached` where one of them is used up.
    """

    def __init__(self, runtime: Runtime, service: Service) -> None:
        """Ask for nothing yet; limits and prices are asked for once, when they are needed."""
        self.runtime = runtime
        self.service = service
        self.terms = Terms(runtime, service)
        self._read: tuple[int, Stored] | None = None
        # How the windows stood when turns were taken last.
        self._standing: Mapping[Window, WindowState] = {}

    @property
    def channel(self) -> Channel:
        """The channel of the account; raises `NotFound` when its plugin is gone."""
        return self.runtime.registry.get(self.service.kind)

    def account(self, *, counted: bool = True) -> Account:
        """Read the live account; the doctor, who looks after all else, takes no turn for it."""
        with self._call(Operation.ACCOUNT) if counted else self.lend() as context:
            return connect(self.runtime, self.service.kind, context)

    def checks(self) -> Iterator[Check]:
        """Yield each check of the connection as it ends."""
        with self.lend() as context:
            yield from diagnose(self.runtime, self.service.kind, context)

    def people(self, cursor: str | None, make: Callable[[AudiencePage], Made]) -> PageReading[Made]:
        """Begin to read a page of the account's people, for which a turn was taken; commits.

        What can be made of the page without the database is made beside other work, too.
        """
        part = self.channel.audience
        if part is None:
            raise self.cannot()
        return PageReading(self._taken(Operation.AUDIENCE), part.read, cursor, make)

    def inbox_page(self, cursor: str | None) -> InboundPage:
        """Read a page of what people wrote; whoever keeps it knows how much of it is charged."""
        part = self.channel.inbox
        if part is None:
            return InboundPage(messages=(), next_cursor=None)
        with self._call(Operation.INBOX) as context:
            page = guard.ask(context.handle, (InboundPage,), part.read, context, cursor)
        guard.refuse_standing_still(cursor, page.next_cursor)
        return page

    def metrics(self, remote_ids: Sequence[str]) -> tuple[list[PostFigures], Decimal]:
        """Read the figures of posts by one request; the caller commits their cost with them."""
        part = self.channel.metrics
        if part is None:
            return [], costs.NOTHING
        with self._call(Operation.METRICS) as context:
            found = list(guard.each(context.handle, PostFigures, part.read, context, remote_ids))
        return found, self.charge(Operation.METRICS, count=len(found))

    def publish(self, outgoing: Outgoing, turn: Turn) -> Sent | NotSent:
        """Publish one part, for which a turn was taken; `NotSent` where it is another's by now."""
        part = self.channel.posts
        if part is None:
            raise self.cannot()
        return self._write(turn, lambda context: part.publish(context, outgoing))

    def send(self, person: Person, outgoing: Outgoing, turn: Turn) -> Sent | NotSent:
        """Send one message, for which a turn was taken; `NotSent` where it is another's by now."""
        part = self.channel.directs
        if part is None:
            raise self.cannot()
        return self._write(turn, lambda context: part.send(context, person, outgoing))

    def upload(self, media: Media, so_far: RemoteMedia | None) -> RemoteMedia:
        """Take one step of an upload, for which a turn was taken.

        What the network did is unknown after any fault that is no clear refusal.
        """
        part = self.channel.media
        if part is None:
            raise self.cannot()
        with self._taken(Operation.UPLOAD) as context, guard.guard(context.handle, writes=True):
            return guard.expect(part.upload(context, media, so_far), RemoteMedia)

    def media_state(self, remote_id: str) -> RemoteMedia:
        """Ask how far the network is with something that it processes."""
        part = self.channel.media
        if part is None:
            raise self.cannot()
        with self.lend() as context:
            return guard.ask(context.handle, (RemoteMedia,), part.state, context, remote_id)

    def delete(self, remote_id: str) -> Decimal:
        """Take a post back and return what that cost; the caller commits."""
        part = self.channel.posts
        if part is None:
            raise self.cannot()
        with self._call(Operation.DELETE) as context:
            guard.ask(context.handle, (object,), part.delete, context, remote_id)
        return self.charge(Operation.DELETE)

    def find_sent(self, attempt: Attempt) -> Sent | NotSent | Unknowable:
        """Ask the network what became of an attempt.

        It is charged before the call, lest a worker that dies hides it; a refusal is free.
        """
        part = self.channel.reconciliation
        if part is None:
            return Unknowable(reason="")
        kinds = (Sent, NotSent, Unknowable)
        try:
            with self._call(Operation.FIND, ahead=True) as context:
                return guard.ask(context.handle, kinds, part.find_sent, context, attempt)
        except ChannelError as fault:
            if fault.never_sent or fault.kind is ErrorKind.LIMITED:
                self.charge(Operation.FIND, count=-1)
            raise

    def step(self, workflow: ChannelWorkflow, cursor: str | None) -> StepResult:
        """Take one step of a workflow that the plugin brings."""
        with self.lend() as context:
            return guard.ask(context.handle, (StepResult,), workflow.step, context, cursor)

    def reserve(self, operation: Operation) -> None:
        """Take a turn for a call that follows; commits."""
        windows = self.terms.windows(operation)
        spent = quota.reserve(self.runtime, self.service, operation, among=windows)
        if spent:
            raise spent

    def take(self, operation: Operation, *, calls: int = 1) -> bool:
        """Take turns in the transaction of the caller, who rolls them back where that fails."""
        windows = self.terms.windows(operation)
        taken = quota.take(self.runtime, windows, operation, calls=calls)
        self._standing = taken or {}
        return taken is not None

    def used_up(self, operation: Operation, *, calls: int = 1) -> LimitReached | None:
        """Return why no turns could be taken; `None` where they can be now; commits."""
        return quota.opened(self.runtime, self.terms.windows(operation), operation, calls=calls)

    def charge(self, operation: Operation, *, variant: str = "", count: int = 1) -> Decimal:
        """Count calls and their cost, and return that cost; the caller commits."""
        price = self.terms.price(operation, variant)
        return costs.charge_at(self.runtime, self.service, operation, price, count=count)

    @contextmanager
    def _call(self, operation: Operation, *, ahead: bool = False) -> Iterator[ServiceContext]:
        """Take a turn from every limit and lend a context; with `ahead` it is charged before."""
        self.reserve(operation)
        if ahead:
            self.charge(operation)
        with self._taken(operation) as context:
            yield context

    @contextmanager
    def _taken(self, operation: Operation) -> Iterator[ServiceContext]:
        """Lend a context for a call whose turn was taken.

        Where the network refuses for a limit, its window is closed, and the error tells when it is
        open again.
        """
        try:
            with self.lend(operation) as context:
                yield context
        except ChannelError as fault:
            if fault.kind is ErrorKind.LIMITED:
                at = (self.runtime, self.service, operation, fault.retry_at)
                fault.retry_at = observed.stop_until(*at)
            raise

    @contextmanager
    def lend(
        self, reserved: Operation | None = None, *, since: datetime | None = None
    ) -> Iterator[ServiceContext]:
        """Lend a context for calls: the transaction is committed before they begin.

        A session that is about to end is renewed first, where the channel has the part `sessions`.

        What the channel observed and remembered is committed afterwards, also when a call failed.
        What was `reserved` is given back where no request left this machine.
        """
        runtime, service = self.runtime, self.service
        context = context_of(runtime, service, self._stored(for_message=since is not None))
        context.since = since
        end(runtime.session)
        began, forgotten = since or runtime.now(), False
        try:
            context = sessions.renewed(runtime, service, context)
            yield context
            reachability.note(runtime, service, None)
        except ChannelError as fault:
            reachability.note(runtime, service, fault)
            if reserved and fault.never_sent:
                quota.give_all_back(runtime, service, reserved, began)
            sessions.note_refusal(runtime, service, context, fault)
            raise
        except GeneratorExit:
            # Whoever asked died in the middle of something else, so nothing may be written here.
            forgotten = True
            raise
        finally:
            if not forgotten:
                keep(runtime, service, context, self.terms, self._standing)

    def _stored(self, *, for_message: bool) -> Stored:
        """Return what is stored of the account as it is now; raises `UnreadableSecret`.

        For a message it need not be read again while its version is the one it was read at: the
        claim has just read the row of the account, and kept it locked until the attempt was
        committed. So no token that another worker renewed is overlooked.
        """
        version, read = self.service.secrets_version, self._read
        if not for_message or read is None or read[0] != version:
            # What is read after its version may be newer, and is then read once more.
            read = self._read = version, stored(self.runtime, self.service.id)
        return read[1]

    def _write(self, turn: Turn, call: Callable[[ServiceContext], Sent]) -> Sent | NotSent:
        with self.lend(since=turn.began) as context:
            if not turn.still():
                return NotSent()
            with guard.guard(context.handle, writes=True):
                return guard.expect(call(context), Sent)

    def cannot(self) -> ChannelError:
        """Return the error about a kind of message that the channel does not send."""
        sentence = Notice("no_such_kind", channel=self.channel.label)
        return ChannelError(sentence, kind=ErrorKind.SENDER, code="not_connected")
