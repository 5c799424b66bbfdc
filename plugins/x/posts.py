"""Publishes and deletes posts, and knows what X refuses or minds about them."""

from collections.abc import Iterable, Iterator
from itertools import chain

from channels import (
    ChannelContext,
    ChannelError,
    Content,
    ErrorKind,
    Finding,
    Level,
    Measure,
    Operation,
    Outgoing,
    Part,
    Sent,
)
from channels.http import Unexpected, member_of, text_of
from channels.sentences import _
from plugins.x import links, media, texts
from plugins.x.client import XClient, understood


class XPosts:
    """The posts part of the channel."""

    def measure(self, text: str) -> Measure:
        """Measure by X's weighted length."""
        return Measure(length=texts.weighted(text), limit=texts.POST_LIMIT)

    def check(self, content: Content) -> Iterable[Finding]:
        """Yield what X refuses (length, cashtags) or minds (mentions)."""
        return chain(
            chain.from_iterable(_of_part(part) for part in content.parts), media.findings(content)
        )

    def publish(self, context: ChannelContext, outgoing: Outgoing) -> Sent:
        """Publish one post."""
        body: dict[str, object] = {"text": outgoing.text} if outgoing.text else {}
        if ids := [item.remote_id for item in outgoing.parts[0].media]:
            body["media"] = {"media_ids": ids}
        if outgoing.reply_to:
            body["reply"] = {"in_reply_to_tweet_id": outgoing.reply_to}
        found = XClient(context, Operation.POST).post("/tweets", body)
        with understood(writes=True):
            remote_id = text_of(found, "data", "id")
        return Sent(remote_id=remote_id, url=links.of_post(context, remote_id))

    def delete(self, context: ChannelContext, remote_id: str) -> None:
        """Delete a post; one that is gone already is no error."""
        try:
            found = XClient(context, Operation.DELETE).delete(f"/tweets/{remote_id}")
        except ChannelError as fault:
            if fault.code != "unknown_person":
                raise
            return
        with understood(writes=True):
            deleted = member_of(found, "data", "deleted")
            if not isinstance(deleted, bool):
                raise Unexpected("data.deleted")
        if not deleted:
            sentence = _("X did not delete it. Look at the post on X.")
            raise ChannelError(sentence, kind=ErrorKind.PERMANENT)


def _of_part(part: Part) -> Iterator[Finding]:
    text = part.text
    if not text.strip() and not part.media:
        yield Finding(code="empty", level=Level.ERROR, message=_("There is no text yet."))
    over = texts.weighted(text) - texts.POST_LIMIT
    if over > 0:
        message = _("The post is %(n)s characters too long for X.", n=over)
        yield Finding(code="too_long", level=Level.ERROR, message=message)
    tags = texts.cashtags(text)
    if len(tags) > 1:
        message = _("X takes one cashtag in a post; this one has %(n)s.", n=len(tags))
        yield Finding(code="cashtags", level=Level.ERROR, message=message)
    named = texts.mentions(text)
    if named:
        message = _(
            "X may take mentions nobody asked for as spam: %(names)s.", names=", ".join(named)
        )
        yield Finding(code="mentions", level=Level.WARNING, message=message)
