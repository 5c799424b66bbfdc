"""A direct message: to one person at a time, each by name, all from one account."""

from collections.abc import Sequence

from channels import Accepts, Channel, NotSent, Operation, Outgoing, Person, Sent
from webapp.deliveries.kinds.base import Account, DeliveryKind, NoRecipient, Somebody
from webapp.kernel.i18n import _, ngettext
from webapp.services.client import Client, Turn


class Direct(DeliveryKind):
    """One message to each person of the target."""

    name = "direct"
    icon = "message-circle"
    operation = Operation.DIRECT
    part = "directs"
    to_people = True
    has_fields = True
    in_waves = True
    listens = True
    retractable = False
    counted = False
    clicks_named = True
    tried = True
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

    @property
    def reach(self) -> str:
        """Head the people."""
        return _("Who gets it")

    def reached(self, count: int) -> str:
        """Say that people get it."""
        return ngettext("person gets the message", "people get the message", count)

    def failed(self, count: int) -> str:
        """Say how many failed."""
        return ngettext("%(num)s message failed.", "%(num)s messages failed.", count)

    def left(self, count: int) -> str:
        """Say how many people it did not reach."""
        return ngettext("%(num)s person got nothing.", "%(num)s people got nothing.", count)

    def to_the_rest(self, count: int) -> str:
        """Name the button for them."""
        return ngettext("Send to the %(num)s left", "Send to the %(num)s left", count)

    @property
    def end_word(self) -> str:
        """Head its end, which may be days away."""
        return _("Ends")

    @property
    def open_end(self) -> str:
        """Say what is not known yet."""
        return _("unknown until somebody gets it")

    @property
    def send_word(self) -> str:
        """Head the panel."""
        return _("Send")

    def send_button(self, count: int, names: str, at: str) -> str:
        """Say how many go out from whom."""
        what = self.number(count)
        if at:
            return _("Schedule %(what)s from %(names)s for %(at)s", what=what, names=names, at=at)
        return _("Send %(what)s from %(names)s", what=what, names=names)

    @property
    def way_back(self) -> str:
        """Say that what went out stays."""
        return _(
            "You can pause or stop at any moment; a message that went out cannot be taken back."
        )

    def meant(self, reader: Somebody | None) -> Somebody | None:
        """Return whom it is for."""
        return reader

    def is_orphaned(self, reader: object) -> bool:
        """Tell whether nobody is left whom it is for."""
        return reader is None

    def share(self, number: int) -> int:
        """Return all of them: they go out from one account."""
        return number

    def voices(self, accounts: Sequence[Account]) -> Sequence[Account]:
        """Return the account that writes."""
        return accounts[:1]

    def proof_from(
        self,
        senders: Sequence[Account],
        target: Account | None,  # noqa: ARG002 - that one reads it
    ) -> Account | None:
        """Return the account that writes; the other is written to."""
        return next(iter(senders), None)

    def proof_fault(self, *, has_sender: bool, is_test: bool) -> tuple[str, str]:  # noqa: ARG002
        """Ask for the account that writes."""
        if has_sender:
            return "", ""
        return "service_ids", _("Choose the account that the messages go out from.")

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
