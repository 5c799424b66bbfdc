"""A post: the same text from each of its accounts, for everybody to see."""

from collections.abc import Sequence

from channels import Accepts, Channel, NotSent, Operation, Outgoing, Person, Sent
from webapp.deliveries.kinds.base import Account, DeliveryKind, Somebody
from webapp.kernel.i18n import _, ngettext
from webapp.services.client import Client, Turn


class Post(DeliveryKind):
    """One message from each account, to nobody in particular."""

    name = "post"
    icon = "note"
    operation = Operation.POST
    part = "posts"
    to_people = False
    has_fields = False
    in_waves = False
    listens = False
    retractable = True
    counted = True
    clicks_named = False
    tried = False
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

    @property
    def reach(self) -> str:
        """Head the accounts."""
        return _("Where it stands")

    def reached(self, count: int) -> str:
        """Say that accounts publish it."""
        return ngettext("account publishes the post", "accounts publish the post", count)

    def failed(self, count: int) -> str:
        """Say on how many accounts it failed."""
        return ngettext(
            "%(num)s account did not publish the post.",
            "%(num)s accounts did not publish the post.",
            count,
        )

    def left(self, count: int) -> str:
        """Say on how many accounts it does not stand."""
        return ngettext(
            "%(num)s account did not publish it.", "%(num)s accounts did not publish it.", count
        )

    def to_the_rest(self, count: int) -> str:
        """Name the button for them."""
        return ngettext("Publish on the %(num)s left", "Publish on the %(num)s left", count)

    @property
    def end_word(self) -> str:
        """Head the moment when everybody can see it."""
        return _("Goes out")

    @property
    def open_end(self) -> str:
        """Say what is not known yet."""
        return _("unknown until an account is chosen")

    @property
    def send_word(self) -> str:
        """Head the panel."""
        return _("Publish")

    def send_button(self, count: int, names: str, at: str) -> str:  # noqa: ARG002 - one post
        """Say as whom it is published."""
        if at:
            return _("Schedule the post as %(names)s for %(at)s", names=names, at=at)
        return _("Publish now as %(names)s", names=names)

    @property
    def way_back(self) -> str:
        """Say until when it is unseen."""
        return _("You can stop it until it is published.")

    def meant(self, reader: Somebody | None) -> Somebody | None:  # noqa: ARG002
        """Return nobody: it is for everybody."""
        return None

    def is_orphaned(self, reader: object) -> bool:  # noqa: ARG002
        """Answer that nobody is missed."""
        return False

    def share(self, number: int) -> int:
        """Return one, if there is any."""
        return min(number, 1)

    def voices(self, accounts: Sequence[Account]) -> Sequence[Account]:
        """Return all of them: each publishes it."""
        return accounts

    def proof_from(
        self,
        senders: Sequence[Account],  # noqa: ARG002 - it must not stand on any of them
        target: Account | None,
    ) -> Account | None:
        """Return the account of the proof, which publishes it."""
        return target

    def proof_fault(self, *, has_sender: bool, is_test: bool) -> tuple[str, str]:  # noqa: ARG002
        """Refuse an account where everybody would see it."""
        if is_test:
            return "", ""
        return "proof_service_id", _(
            "The proof of a post is published, so it goes to a test account only. Choose one, or "
            "connect one under Services."
        )

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
