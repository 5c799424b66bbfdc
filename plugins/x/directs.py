"""Sends direct messages, and knows who accepts them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask_babel import gettext as _

from channels import (
    ChannelContext,
    Content,
    Finding,
    Level,
    Measure,
    Operation,
    Person,
    Sent,
)
from plugins.x import texts
from plugins.x.client import XClient, understood

LOOKED_UP = 100


class XDirects:
    """The direct-message part of the channel."""

    def measure(self, text: str) -> Measure:
        """Measure a message: X counts its characters plainly."""
        return Measure(length=len(text), limit=texts.DIRECT_LIMIT)

    def check(self, content: Content) -> Iterable[Finding]:
        """Yield what X refuses about a message."""
        return _findings(content)

    def can_receive(
        self, context: ChannelContext, people: Sequence[Person]
    ) -> Mapping[str, bool | None]:
        """Ask X who accepts a message now; somebody X no longer shows is unknown."""
        answers: dict[str, bool | None] = {person.remote_id: None for person in people}
        for start in range(0, len(people), LOOKED_UP):
            ids = [person.remote_id for person in people[start : start + LOOKED_UP]]
            params = {"ids": ",".join(ids), "user.fields": "receives_your_dm"}
            found = XClient(context, Operation.ACCOUNT).get("/users", **params)
            with understood(writes=False):
                for user in found.get("data", ()):
                    answers[str(user["id"])] = user.get("receives_your_dm")
        return answers

    def send(self, context: ChannelContext, person: Person, content: Content) -> Sent:
        """Send one message to one person."""
        path = f"/dm_conversations/with/{person.remote_id}/messages"
        body = {"text": content.parts[0].text}
        found = XClient(context, Operation.DIRECT).post(path, body)
        with understood(writes=True):
            return Sent(remote_id=str(found["data"]["dm_event_id"]))


def _findings(content: Content) -> Iterator[Finding]:
    text = content.parts[0].text if content.parts else ""
    if not text.strip():
        yield Finding(code="empty", level=Level.ERROR, message=_("There is no text yet."))
    if len(text) > texts.DIRECT_LIMIT:
        message = _("X takes %(n)s characters in a direct message.", n=texts.DIRECT_LIMIT)
        yield Finding(code="too_long", level=Level.ERROR, message=message)
