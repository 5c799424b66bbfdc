"""A channel of a network held in memory, with every part a channel may have."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from channels import (
    Accepts,
    Account,
    Attempt,
    AudiencePage,
    Channel,
    ChannelContext,
    ChannelError,
    Check,
    CheckState,
    Content,
    ErrorKind,
    Finding,
    InboundPage,
    Limit,
    Measure,
    Media,
    MessageKind,
    NotSent,
    Outgoing,
    Person,
    Price,
    RemoteMedia,
    SecretField,
    Sent,
    SettingsForm,
    hookimpl,
)
from tests.support.fake_network import (
    FakeNetwork,
    FakeOffer,
    direct_limit,
    direct_price,
    person,
    wrote,
)

__all__ = [
    "FakeAppForm",
    "FakeChannel",
    "FakeNetwork",
    "FakeOffer",
    "FakePlugin",
    "direct_limit",
    "direct_price",
    "person",
    "wrote",
]

PAGE = 100


class FakeForm(SettingsForm):
    region = StringField("Region", [Length(max=30, message="At most 30 characters.")])
    loud = BooleanField("Loud")
    token = SecretField("Token", [InputRequired("This is needed.")])


class FakeAppForm(SettingsForm):
    client_id = StringField("Client id", [InputRequired("This is needed.")])


class FakeChannel(Channel):
    kind = "fake"
    label = "Fake"
    contract = 2

    @property
    def post_accepts(self) -> Accepts:
        return self.network.accepts

    @property
    def direct_accepts(self) -> Accepts:
        return self.network.accepts

    @property
    def message_kinds(self) -> Sequence[MessageKind]:
        return self.network.message_kinds

    @property
    def media(self) -> "_Uploads | None":
        return _Uploads(self.network) if self.network.uploads else None

    def people_word(self, number: int) -> str:
        return "follower" if number == 1 else "followers"

    def __init__(self, network: FakeNetwork) -> None:
        part = _Parts(network)
        self.network = network
        self.connection = part
        self.audience = _Audience(network)
        self.inbox = _Inbox(network)
        self.posts = _Posts(network)
        self.directs = _Directs(network)
        self.reconciliation = part
        self.limits = part
        self.sandbox = _Sandbox(network)


@dataclass
class _Parts:
    network: FakeNetwork

    def settings_form(self) -> type[SettingsForm]:
        return FakeForm

    def connect(self, context: ChannelContext) -> Account:
        self.network.on_ask(context)
        if context.secret("token") == "wrong":
            raise ChannelError("The token is wrong. Make a new one.", kind=ErrorKind.SENDER)
        return self.network.accounts.get(context.handle.lower(), self.network.account)

    def diagnose(self, context: ChannelContext) -> Iterable[Check]:
        self.network.on_ask(context)
        yield from self.network.checks
        good = context.secret("token") != "wrong"
        state = CheckState.PASSED if good else CheckState.ERROR
        yield Check(
            code="token", label="Token", state=state, detail="The token.", fix="Make a new one."
        )

    def find_sent(self, _context: ChannelContext, attempt: Attempt) -> object:
        self.network.asked.append(attempt)
        if isinstance(self.network.answer, Exception):
            raise self.network.answer
        if self.network.answer is not None:
            return self.network.answer
        for number, (remote_id, text) in enumerate(self.network.directs):
            mine = attempt.person is not None and attempt.person.remote_id == remote_id
            if mine and text == attempt.text and f"d{number}" not in attempt.known_remote_ids:
                return Sent(remote_id=f"d{number}")
        if self.network.finds_posts and attempt.person is None:
            texts = enumerate(self.network.posts)
            found = [f"p{number}" for number, text in texts if text == attempt.text]
            new = [item for item in found if item not in attempt.known_remote_ids]
            return Sent(remote_id=new[0]) if new else NotSent()
        return NotSent()

    def limits(self, _context: ChannelContext) -> Sequence[Limit]:
        return self.network.limits

    def prices(self, _context: ChannelContext) -> Sequence[Price]:
        return self.network.prices

    def variant(self, content: Content) -> str:
        return self.network.linked if "https://" in content.parts[0].text else ""


@dataclass
class _Audience:
    network: FakeNetwork

    def read(self, context: ChannelContext, cursor: str | None) -> AudiencePage:
        self.network.reads.append(cursor)
        self.network.on_read(context)
        planned = self.network.before.pop(0) if self.network.before else None
        if isinstance(planned, Exception):
            raise planned
        start = int(cursor or 0)
        end = start + PAGE
        more = end < len(self.network.people)
        return AudiencePage(
            people=tuple(self.network.people[start:end]), next_cursor=str(end) if more else None
        )


@dataclass
class _Inbox:
    network: FakeNetwork

    def read(self, _context: ChannelContext, cursor: str | None) -> InboundPage:
        self.network.inbox_reads.append(cursor)
        if self.network.on_inbox:
            raise self.network.on_inbox
        written = [(item.received_at, item) for item in self.network.inbound]
        written += [(at, None) for at in self.network.besides]
        written.sort(key=lambda pair: pair[0], reverse=True)
        start = int(cursor or 0)
        page = written[start : start + PAGE]
        return InboundPage(
            messages=tuple(item for _at, item in page if item),
            next_cursor=str(start + PAGE) if start + PAGE < len(written) else None,
            besides=tuple(at for at, item in page if not item),
        )


@dataclass
class _Posts:
    network: FakeNetwork

    def measure(self, text: str) -> Measure:
        return Measure(length=len(text), limit=280)

    def check(self, _content: Content) -> Iterable[Finding]:
        return ()

    def publish(self, _context: ChannelContext, outgoing: Outgoing) -> Sent:
        posts = self.network.posts

        def store() -> None:
            posts.append(outgoing.text)
            self.network.replies.append(outgoing.reply_to)
            self.network.shown.append(
                [(item.remote_id, item.alt) for item in outgoing.parts[0].media]
            )

        self.network.accept(store, outgoing.key)
        return Sent(remote_id=f"p{self.network.place(outgoing.key, len(posts) - 1)}")

    def delete(self, _context: ChannelContext, remote_id: str) -> None:
        if isinstance(self.network.on_delete, Exception):
            raise self.network.on_delete
        if self.network.on_delete:
            self.network.on_delete()
        self.network.posts[int(remote_id[1:])] = ""


@dataclass
class _Uploads:
    network: FakeNetwork

    def upload(
        self, _context: ChannelContext, media: Media, so_far: RemoteMedia | None
    ) -> RemoteMedia:
        with media.open() as file:
            return self.network.take(file.read(), so_far)

    def state(self, _context: ChannelContext, remote_id: str) -> RemoteMedia:
        return self.network.work_on(remote_id)


@dataclass
class _Directs:
    network: FakeNetwork

    def measure(self, text: str) -> Measure:
        return Measure(length=len(text), limit=1_000)

    def check(self, _content: Content) -> Iterable[Finding]:
        return ()

    def send(self, _context: ChannelContext, person: Person, outgoing: Outgoing) -> Sent:
        directs = self.network.directs
        self.network.outgoing.append(outgoing)
        sent = (person.remote_id, outgoing.text)
        self.network.accept(lambda: directs.append(sent), outgoing.key)
        return Sent(remote_id=f"d{self.network.place(outgoing.key, len(directs) - 1)}")


@dataclass
class _Sandbox:
    network: FakeNetwork

    def services(self, _config: Mapping[str, str]) -> Sequence[FakeOffer]:
        return self.network.offered

    def command(self, _port: int, _clock: str) -> Sequence[str]:
        return ()


class FakePlugin:
    """The plugin that brings the fake channel."""

    def __init__(self, network: FakeNetwork) -> None:
        self.channel = FakeChannel(network)

    @hookimpl
    def register_channels(self) -> list[Channel]:
        return [self.channel]
