"""What the sandbox knows: accounts, posts, messages and who follows whom."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from channels.clock import MovableClock
from plugins.x.sandbox.billing import Billing
from plugins.x.sandbox.dialect import Dialect
from plugins.x.sandbox.faults import Faults
from plugins.x.sandbox.grants import Grants
from plugins.x.sandbox.ids import IdSource
from plugins.x.sandbox.limits import APP, Limits
from plugins.x.sandbox.oauth import Gatekeeper
from plugins.x.sandbox.people import LAST_WRITER, Crowd, Person
from plugins.x.sandbox.prices import Wallet
from plugins.x.sandbox.record import Record
from plugins.x.sandbox.seed import Access


@dataclass(slots=True, kw_only=True)
class Account:
    """An account somebody may hold a token of; `crowd_size` people follow it, newest last."""

    id: int
    username: str
    name: str
    description: str
    created_at: datetime
    protected: bool
    verified_type: str
    access_token: str
    access_token_secret: str
    access: Access
    revoked: bool = False
    suspended: bool = False
    crowd_size: int = 0
    left: set[int] = field(default_factory=set)
    fans: list[int] = field(default_factory=list)

    @property
    def verified(self) -> bool:
        """Whether the account carries a check mark."""
        return self.verified_type != "none"


Profile = Account | Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post; `text` is as it was sent, links and all."""

    id: int
    author: int
    text: str
    created_at: datetime
    reply_to: int | None = None
    conversation: int
    media: tuple["Upload", ...] = ()


@dataclass(slots=True, kw_only=True)
class Upload:
    """A picture that an account uploads, or did; a post may name it until `expires_at`."""

    id: int
    owner: int
    kind: str
    size: int
    expires_at: datetime
    pieces: dict[int, bytes] = field(default_factory=dict)
    whole: bool = False
    alt: str = ""

    @property
    def data(self) -> bytes:
        """All of its bytes, in their order."""
        return b"".join(self.pieces[number] for number in sorted(self.pieces))

    @property
    def key(self) -> str:
        """What posts call it: its id behind the number of its kind."""
        return f"3_{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Direct:
    """A direct message between two."""

    id: int
    sender: int
    recipient: int
    text: str
    created_at: datetime

    @property
    def conversation(self) -> str:
        """Both ids, the smaller one first, as X names a conversation of two."""
        low, high = sorted((self.sender, self.recipient))
        return f"{low}-{high}"


@dataclass(frozen=True, slots=True)
class Options:
    """How the sandbox was started."""

    followers: int = 5_000
    seed: int = 1
    record: Path | None = None
    shared_clock: bool = False


class Mailbox:
    """Every direct message, by account and by conversation, oldest first."""

    def __init__(self) -> None:
        self.by_account: dict[int, list[Direct]] = defaultdict(list)
        self.by_conversation: dict[str, list[Direct]] = defaultdict(list)
        self.pairs: set[tuple[int, int]] = set()

    def add(self, direct: Direct) -> None:
        """Keep `direct` for both who take part."""
        self.by_account[direct.sender].append(direct)
        self.by_account[direct.recipient].append(direct)
        self.by_conversation[direct.conversation].append(direct)
        self.pairs.add((direct.sender, direct.recipient))

    def wrote(self, sender: int, recipient: int) -> bool:
        """Tell whether `sender` ever wrote to `recipient`."""
        return (sender, recipient) in self.pairs


class World:
    """One life of the sandbox, from a start or a reset to the next; guarded by its lock."""

    def __init__(self, options: Options, clock: MovableClock) -> None:
        self.clock = clock
        self.crowd = Crowd(options.seed)
        self.post_ids = IdSource()
        self.direct_ids = IdSource()
        self.accounts: dict[int, Account] = {}
        self.timelines: dict[int, list[Post]] = defaultdict(list)
        self.posts: dict[int, Post] = {}
        self.media_ids = IdSource()
        self.uploads: dict[int, Upload] = {}
        self.mail = Mailbox()
        self.record = Record(options.record)
        self.limits = Limits()
        self.faults = Faults()
        self.dialect = Dialect()
        self.app_token = secrets.token_urlsafe(32)
        # Who asks by the app's own token: nobody follows it, and it follows nobody.
        self.app = Account(
            id=APP,
            username="",
            name="",
            description="",
            created_at=clock.now(),
            protected=False,
            verified_type="none",
            access_token="",
            access_token_secret="",
            access=Access.READ,
        )
        self.gatekeeper = Gatekeeper(remembers_moves=options.shared_clock)
        self.grants = Grants()
        self.wallet = Wallet(owner=0)
        self.billing = Billing()
        self.requests: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()

    def profile(self, identifier: int) -> Profile | None:
        """Return the account or person with this id."""
        return self.accounts.get(identifier) or self.crowd.by_id(identifier)

    def profile_named(self, username: str) -> Profile | None:
        """Return the account or person with this handle, in any case."""
        wanted = username.lower()
        named = (a for a in self.accounts.values() if a.username.lower() == wanted)
        return next(named, None) or self.crowd.by_username(username)

    def account_with_token(self, token: str) -> Account | None:
        """Return the account this access token opens."""
        held = (a for a in self.accounts.values() if a.access_token == token)
        return next(held, None)

    def signed_in(self, identifier: int) -> Account:
        """Return the account that signed in; one of the crowd asks as an account of its own."""
        account = self.accounts.get(identifier)
        person = self.crowd.by_id(identifier)
        if account is not None or person is None:
            return account or self.app
        return Account(
            id=person.id,
            username=person.username,
            name=person.name,
            description=person.description,
            created_at=person.created_at,
            protected=person.protected,
            verified_type=person.verified_type,
            access_token="",
            access_token_secret="",
            access=Access.READ,
            suspended=person.suspended,
        )

    def add_post(
        self,
        author: int,
        text: str,
        *,
        at: datetime,
        reply_to: int | None,
        media: tuple[Upload, ...] = (),
    ) -> Post:
        """Keep a new post and return it."""
        identifier = self.post_ids.next(at)
        conversation = self.posts[reply_to].conversation if reply_to else identifier
        post = Post(
            id=identifier,
            author=author,
            text=text,
            created_at=at,
            reply_to=reply_to,
            conversation=conversation,
            media=media,
        )
        self.posts[identifier] = post
        self.timelines[author].append(post)
        return post

    def remove_post(self, post: Post) -> None:
        """Take a post away."""
        del self.posts[post.id]
        self.timelines[post.author].remove(post)

    def add_direct(self, sender: int, recipient: int, *, text: str, at: datetime) -> Direct:
        """Keep a new direct message and return it."""
        identifier = self.direct_ids.next(at)
        direct = Direct(id=identifier, sender=sender, recipient=recipient, text=text, created_at=at)
        self.mail.add(direct)
        return direct

    def follows(self, profile: Profile, account: Account) -> bool:
        """Tell whether `profile` follows `account`."""
        if isinstance(profile, Account):
            return profile.id in account.fans
        return profile.index < account.crowd_size and profile.index not in account.left

    def accepts(self, recipient: Profile, sender: Account) -> bool:
        """Tell whether `recipient` takes direct messages of `sender`."""
        if self.mail.wrote(recipient.id, sender.id):
            return True
        if isinstance(recipient, Account):
            return self.follows(recipient, sender)
        return recipient.accepts_dm

    def sees(self, viewer: Account, author: Profile) -> bool:
        """Tell whether `viewer` may read the posts of `author`."""
        if not author.protected or author.id == viewer.id:
            return True
        return isinstance(author, Account) and self.follows(viewer, author)

    def followers_count(self, account: Account) -> int:
        """Count the followers a listing shows."""
        gone = sum(
            index < account.crowd_size and not self.crowd.is_suspended(index)
            for index in account.left
        )
        fans = sum(not self.accounts[fan].suspended for fan in account.fans)
        return fans + self.crowd.visible(account.crowd_size) - gone

    def resize(self, account: Account, followers: int) -> None:
        """Give `account` that many followers; it keeps the accounts that follow it."""
        account.left.clear()
        fans = self.followers_count(account) - self.crowd.visible(account.crowd_size)
        account.crowd_size = self.crowd.size_for(max(0, followers - fans))

    def writers(self, first: int, size: int) -> Iterator[Person]:
        """Return the people from number `first` below `size` who write to an account first."""
        numbers = (n for n in range(first, min(size, LAST_WRITER)) if self.crowd.wrote(n))
        return self.crowd.people(numbers)
