"""A direct message: to one person at a time, each by name, all from one account."""

from channels import Accepts, Channel, NotSent, Operation, Outgoing, Person, Sent
from webapp.deliveries.kinds.base import DeliveryKind, NoRecipient
from webapp.kernel.i18n import _, ngettext
from webapp.services.client import Client, Turn


class Direct(DeliveryKind):
    """One message to each person of the target."""

    name = "direct"
    icon = "message-circle"
    operation = Operation.DIRECT
    part = "directs"
    to_people = True
    listens = True
    retractable = False
    counted = False
    steps = ("target", "proof", "content", "schedule", "options")
    starter = ("Direct message", "Hi {first_name|there},\n\n\n\n{opt_out_line}")

    @property
    def label(self) -> str:
        """Return the word that heads a line."""
        return _("Direct message")

    @property
    def labels(self) -> str:
        """Return the word for several."""
        return _("Direct messages")

    @property
    def word(self) -> str:
        """Return the word inside a line."""
        return _("direct message")

    @property
    def about(self) -> str:
        """Return who gets it."""
        return _("To one person at a time, each by name, from one account.")

    @property
    def heading(self) -> str:
        """Return the title where one begins."""
        return _("New direct message")

    @property
    def recipient_word(self) -> str:
        """Return what a line of the log is about."""
        return _("Recipient")

    @property
    def open_words(self) -> str:
        """Return the words of the link to it."""
        return _("Open it")

    def on(self, channel: str) -> str:
        """Name it with its channel."""
        return _("Direct message on %(channel)s", channel=channel)

    def for_channel(self, channel: str) -> str:
        """Say what a template is for."""
        return _("Direct message for %(channel)s", channel=channel)

    def dated(self, day: str) -> str:
        """Propose a label."""
        return _("Direct message, %(day)s", day=day)

    def origin(self, names: str) -> str:
        """Say which account writes."""
        return _("Direct message from %(names)s", names=names) if names else self.label

    def number(self, count: int | None) -> str:
        """Say how many messages there are."""
        if count is None:
            return _("direct messages")
        return ngettext("%(num)s direct message", "%(num)s direct messages", count)

    def accepts(self, channel: Channel) -> Accepts:
        """Return what a message to one person may have there."""
        return channel.direct_accepts

    def send(
        self, client: Client, person: Person | None, outgoing: Outgoing, turn: Turn
    ) -> Sent | NotSent:
        """Send it once; without a person it goes nowhere, least of all to everybody."""
        if person is None:
            raise NoRecipient
        return client.send(person, outgoing, turn)

    def first_step(self, *, from_account: bool) -> str:
        """Return the first step with something to do."""
        return "content" if from_account else "target"
