"""Sends direct messages."""

from collections.abc import Iterable, Iterator

from channels import (
    ChannelContext,
    Content,
    Finding,
    Level,
    Measure,
    Operation,
    Outgoing,
    Person,
    Sent,
)
from channels.http import text_of
from channels.sentences import _
from plugins.x import texts
from plugins.x.client import XClient, understood


class XDirects:
    """The direct-message part of the channel."""

    def measure(self, text: str) -> Measure:
        """Measure a message: X counts its characters plainly."""
        return Measure(length=len(text), limit=texts.DIRECT_LIMIT)

    def check(self, content: Content) -> Iterable[Finding]:
        """Yield what X refuses about a message."""
        return _findings(content)

    def send(self, context: ChannelContext, person: Person, outgoing: Outgoing) -> Sent:
        """Send one message to one person."""
        path = f"/dm_conversations/with/{person.remote_id}/messages"
        body = {"text": outgoing.text}
        found = XClient(context, Operation.DIRECT).post(path, body)
        with understood(writes=True):
            return Sent(remote_id=text_of(found, "data", "dm_event_id"))


def _findings(content: Content) -> Iterator[Finding]:
    text = content.parts[0].text if content.parts else ""
    if not text.strip():
        yield Finding(code="empty", level=Level.ERROR, message=_("There is no text yet."))
    if len(text) > texts.DIRECT_LIMIT:
        message = _("X takes at most %(n)s characters in a direct message.", n=texts.DIRECT_LIMIT)
        yield Finding(code="too_long", level=Level.ERROR, message=message)
