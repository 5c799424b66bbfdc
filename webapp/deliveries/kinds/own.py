"""A channel's own kind of message: to one person at a time like a direct message, in its words."""

from collections.abc import Iterator

from channels import Accepts, Channel, MessageKind, NotSent, Outgoing, Person, Sent
from webapp.deliveries.kinds.direct import Direct
from webapp.kernel.i18n import _
from webapp.kernel.text import naming
from webapp.services.client import Client, Turn


class Own(Direct):
    """What a channel declares as one of its `message_kinds`."""

    def __init__(self, declared: MessageKind) -> None:
        """Speak in the words of the channel."""
        self._declared = declared
        self.name, self.icon = declared.name, declared.icon
        self.has_subject = declared.has_subject
        self.starter = (self.label, declared.starter)

    @property
    def label(self) -> str:
        """Return the word that heads a line."""
        return naming.headed(str(self._declared.label))

    @property
    def labels(self) -> str:
        """Return the word for several."""
        return naming.headed(str(self._declared.labels))

    @property
    def word(self) -> str:
        """Return the word inside a line."""
        return str(self._declared.label)

    @property
    def heading(self) -> str:
        """Return the title where one begins."""
        return _("New %(kind)s", kind=self.word)

    def on(self, channel: str) -> str:
        """Name it with its channel."""
        return _("%(kind)s on %(channel)s", kind=self.label, channel=channel)

    def for_channel(self, channel: str) -> str:
        """Say what a template is for."""
        return _("%(kind)s for %(channel)s", kind=self.label, channel=channel)

    def dated(self, day: str) -> str:
        """Propose a label."""
        return _("%(kind)s, %(day)s", kind=self.label, day=day)

    def origin(self, names: str) -> str:
        """Say which account writes."""
        return _("%(kind)s from %(names)s", kind=self.label, names=names) if names else self.label

    def number(self, count: int | None) -> str:
        """Say how many messages there are."""
        if count is None:
            return str(self._declared.labels)
        word = self._declared.label if count == 1 else self._declared.labels
        return _("%(num)s %(kind)s", num=count, kind=str(word))

    def accepts(self, channel: Channel) -> Accepts:  # noqa: ARG002 - the kind itself says it
        """Return what it may have."""
        return self._declared.accepts


class Gone(Own):
    """Stands for a kind that no channel brings any more: it is shown as it was, and never sent.

    A channel that is asked for a kind it does not know might send something else.
    """

    def send(
        self,
        client: Client,
        person: Person | None,  # noqa: ARG002 - it goes to nobody
        outgoing: Outgoing,  # noqa: ARG002
        turn: Turn,  # noqa: ARG002
    ) -> Sent | NotSent:
        """Refuse, before anything leaves this machine."""
        raise client.cannot()


def of_channel(channel: Channel) -> list[Own]:
    """Return the kinds of its own that a channel can send."""
    has = Own.part in channel.capabilities
    return [Own(item) for item in channel.message_kinds] if has else []


def known() -> Iterator[Own]:
    """Yield the own kinds of every channel there is."""
    for channel in naming.channels():
        yield from of_channel(channel)


def gone(name: str) -> Gone:
    """Return what stands for a kind whose plugin is not there: it is called by its name."""
    return Gone(MessageKind(name=name, label=name, labels=name))
