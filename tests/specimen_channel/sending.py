"""What the specimen sends: posts with pictures in threads, letters with a subject, corrections."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import channels
from channels.http import member_of, text_of
from channels.texts import PlainText
from tests.specimen_channel.network import Found, accepted, moment, network, sent

CORRECTED_FOR = timedelta(hours=1)


def body_of(outgoing: channels.Outgoing) -> dict[str, object]:
    part = outgoing.parts[0]
    return {
        "key": outgoing.key,
        "made_at": outgoing.made_at.isoformat(),
        "text": part.text,
        "media": [{"id": item.remote_id, "alt": item.alt} for item in part.media],
        "after": outgoing.reply_to,
        "subject": outgoing.subject,
        "html": outgoing.html,
        "links": dict(outgoing.links),
        "unsubscribe": outgoing.unsubscribe_url,
    }


class Posts(PlainText):
    limit = 500

    def publish(
        self, context: channels.ChannelContext, outgoing: channels.Outgoing
    ) -> channels.Sent:
        return network(context).call("POST", "/posts", sent, json=body_of(outgoing))

    def delete(self, context: channels.ChannelContext, remote_id: str) -> None:
        network(context).delete(f"/posts/{remote_id}")


class Directs(PlainText):
    limit = 2_000

    def measure(self, text: str) -> channels.Measure:
        """Letters are counted in bytes here."""
        return channels.Measure(length=len(text.encode()), limit=self.limit, unit="bytes")

    def send(
        self,
        context: channels.ChannelContext,
        person: channels.Person,
        outgoing: channels.Outgoing,
    ) -> channels.Sent:
        body = {**body_of(outgoing), "to": person.remote_id}
        return network(context).call("POST", "/letters", accepted, json=body)


class Texts:
    def pieces(self, text: str) -> Sequence[channels.Piece]:
        return (channels.Piece(kind="text", text=text),) if text else ()


class Reconciliation:
    def find_sent(self, context: channels.ChannelContext, attempt: channels.Attempt):
        def mine(found: Found):
            for row in member_of(found, "sent"):
                if attempt.matches(text_of(row, "id"), row["text"], moment(row["at"])):
                    return sent(row)
            return attempt.absent(context.now())

        path = f"/letters/{attempt.person.remote_id}" if attempt.person else "/posts"
        return network(context).call("GET", path, mine)


class Uploads:
    """Films are processed for a while; what no post names is gone after a day."""

    def upload(
        self,
        context: channels.ChannelContext,
        media: channels.Media,
        so_far: channels.RemoteMedia | None,
    ) -> channels.RemoteMedia:
        headers = {"Content-Type": media.mime}
        with media.open() as file:
            return network(context).call(
                "POST", "/media", _held(context), data=file.read(), headers=headers
            )

    def state(self, context: channels.ChannelContext, remote_id: str) -> channels.RemoteMedia:
        return network(context).call("GET", f"/media/{remote_id}", _held(context))


def _held(context):
    def held(found: Found) -> channels.RemoteMedia:
        state = channels.MediaState(text_of(found, "state"))
        waits = state is channels.MediaState.PROCESSING
        return channels.RemoteMedia(
            remote_id=text_of(found, "id"),
            state=state,
            expires_at=moment(text_of(found, "until")),
            ask_at=context.now() + timedelta(seconds=5) if waits else None,
        )

    return held


class Editing:
    def until(self, _context: channels.ChannelContext, posted_at: datetime) -> datetime | None:
        return posted_at + CORRECTED_FOR

    def edit(
        self, context: channels.ChannelContext, remote_id: str, outgoing: channels.Outgoing
    ) -> channels.Sent:
        return network(context).call("PUT", f"/posts/{remote_id}", sent, json=body_of(outgoing))
