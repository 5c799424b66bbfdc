"""The channel itself: a name, and the parts it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_babel import ngettext

from channels.context import ChannelContext
from channels.forms import SettingsForm
from channels.further_parts import (
    Editing,
    Events,
    Metrics,
    Moving,
    Sessions,
    Sharing,
    SignIn,
    Uploads,
)
from channels.kinds import MessageKind
from channels.operations import Operation, standard
from channels.outgoing import Accepts
from channels.parts import (
    Audience,
    Connection,
    Directs,
    Inbox,
    Limits,
    Pages,
    Posts,
    Reconciliation,
    Sandbox,
    Texts,
)
from channels.validation import Value

PARTS = (
    "audience",
    "inbox",
    "posts",
    "directs",
    "texts",
    "reconciliation",
    "limits",
    "sandbox",
    "pages",
    "sessions",
    "moving",
    "events",
    "media",
    "metrics",
    "sign_in",
    "sharing",
    "editing",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option(Value):
    """A setting of the whole channel, read from the environment as `FANFARE_<KIND>_<NAME>`."""

    name: str
    default: str
    help: str


class Channel:
    """A kind of network; subclass it, name it, and set the parts it has.

    `kind` is a stable slug (`[a-z][a-z0-9_]*`): it stands in rows, addresses and template paths.
    `icon` names a symbol of the icon sprite, `contract` the version of `channels` that the channel
    is written for; one that names none is of version 1. `image_hosts` are the hosts of every
    `avatar_url`, such as `pbs.twimg.com` or `*.cdn.example`: browsers load pictures from no other.
    `currency` is the code of ISO 4217 of all its prices. `post_accepts` and `direct_accepts` say
    what may go out besides a text, and whether the key is honoured. `message_kinds` are what
    `directs` send beside direct messages, such as letters with a subject. A part left at `None` is
    a thing the channel cannot do, and the core offers nothing that needs it.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    icon: ClassVar[str] = "plug"
    handle_prefix: ClassVar[str] = "@"
    options: ClassVar[Sequence[Option]] = ()
    contract: ClassVar[int] = 1
    post_accepts: ClassVar[Accepts] = Accepts()
    direct_accepts: ClassVar[Accepts] = Accepts()
    message_kinds: ClassVar[Sequence[MessageKind]] = ()
    image_hosts: ClassVar[Sequence[str]] = ()
    currency: ClassVar[str] = "USD"

    connection: Connection
    audience: Audience | None = None
    inbox: Inbox | None = None
    posts: Posts | None = None
    directs: Directs | None = None
    texts: Texts | None = None
    reconciliation: Reconciliation | None = None
    limits: Limits | None = None
    sandbox: Sandbox | None = None
    pages: Pages | None = None
    sessions: Sessions | None = None
    moving: Moving | None = None
    events: Events | None = None
    media: Uploads | None = None
    metrics: Metrics | None = None
    sign_in: SignIn | None = None
    sharing: Sharing | None = None
    editing: Editing | None = None

    @property
    def capabilities(self) -> frozenset[str]:
        """The names of the parts this channel has."""
        return frozenset(name for name in PARTS if getattr(self, name) is not None)

    def operations(self) -> Sequence[Operation]:
        """Return what its calls do, in its own words, and what else its limits count."""
        return standard()

    def app_form(self) -> type[SettingsForm] | None:
        """Return the form by which administrators enter options here; its fields are named so.

        What they enter is kept encrypted and shown never again. Variables of the environment win.
        """
        return None

    def try_app(self, context: ChannelContext) -> None:
        """Ask the network whether it knows what was entered, before it is kept.

        Raise `ChannelError` where it does not; a network that cannot be asked is not.
        """
        del context

    def people_word(self, number: int) -> str:
        """Return what so many of its people are called: follower and followers, or members."""
        return str(ngettext("person", "people", number))

    def post_word(self, number: int) -> str:
        """Return what so many things are called that it publishes for everybody to see."""
        return str(ngettext("post", "posts", number))
