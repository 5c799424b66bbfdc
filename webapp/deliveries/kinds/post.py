"""A post: the same text from each of its accounts, for everybody to see."""

from channels import Accepts, Channel, NotSent, Operation, Outgoing, Person, Sent
from webapp.deliveries.kinds.base import DeliveryKind
from webapp.kernel.i18n import _
from webapp.services.client import Client, Turn


class Post(DeliveryKind):
    """One message from each account, to nobody in particular."""

    name = "post"
    icon = "note"
    operation = Operation.POST
    part = "posts"
    to_people = False
    listens = False
    retractable = True
    counted = True
    steps = ("post",)
    starter = ("Post", "")

    @property
    def label(self) -> str:
        """Return the word that heads a line."""
        return _("Post")

    @property
    def labels(self) -> str:
        """Return the word for several."""
        return _("Posts")

    @property
    def word(self) -> str:
        """Return the word inside a line."""
        return _("post")

    @property
    def about(self) -> str:
        """Return who gets it."""
        return _("For everybody to see, from one or several accounts.")

    @property
    def heading(self) -> str:
        """Return the title where one begins."""
        return _("New post")

    @property
    def recipient_word(self) -> str:
        """Return what a line of the log is about."""
        return _("Account")

    @property
    def open_words(self) -> str:
        """Return the words of the link to it."""
        return _("Open the post")

    def on(self, channel: str) -> str:
        """Name it with its channel."""
        return _("Post on %(channel)s", channel=channel)

    def for_channel(self, channel: str) -> str:
        """Say what a template is for."""
        return _("Post for %(channel)s", channel=channel)

    def dated(self, day: str) -> str:
        """Propose a label."""
        return _("Post, %(day)s", day=day)

    def origin(self, names: str) -> str:
        """Say as whom it is published."""
        return _("Post as %(names)s", names=names) if names else self.label

    def number(self, count: int | None) -> str:  # noqa: ARG002 - a post is one thing
        """Say what it is: one post, from however many accounts."""
        return self.word

    def accepts(self, channel: Channel) -> Accepts:
        """Return what a post may have there."""
        return channel.post_accepts

    def send(
        self,
        client: Client,
        person: Person | None,  # noqa: ARG002 - it goes to nobody in particular
        outgoing: Outgoing,
        turn: Turn,
    ) -> Sent | NotSent:
        """Publish it once."""
        return client.publish(outgoing, turn)

    def first_step(self, *, from_account: bool) -> str:  # noqa: ARG002 - it has one page
        """Return its one page."""
        return "post"
