"""Rules about pictures and films: they are sent whole, come back with an id, and are named."""

from dataclasses import replace
from functools import partial
from io import BytesIO

from channels.media import MediaState, RemoteMedia
from channels.outgoing import Feature, Outgoing, Part
from channels.testing.asked import news, said_by
from channels.testing.calls import PICTURE, outgoing
from channels.testing.rules import Rules, about
from channels.testing.watch import Watch

OTHER = replace(PICTURE, open=lambda: BytesIO(b"GIF89a-other-picture"))


class MediaRules(Rules):
    """A post never goes out without the picture that belongs to it."""

    @about("media")
    def test_an_upload_returns_what_the_network_holds(self, watch: Watch) -> None:
        for name in ("upload", "media_state"):
            held = self.read(watch, name)
            assert isinstance(held, RemoteMedia), f"{name} returned {held!r}."
            assert held.expires_at is None or held.expires_at > watch.context.now()
            waits = held.state is MediaState.PROCESSING
            assert held.ask_at or not waits, f"{name} does not say with ask_at when to ask again."

    @about("media")
    def test_an_upload_ends_after_some_steps(self, watch: Watch) -> None:
        part = self.channel.media
        assert part is not None
        held = self.read(watch, "upload")
        if held.state is not MediaState.UNFINISHED:
            return  # One request is all of it.
        steps = len(self.script_of("upload_further"))
        watch.wire.restart(self.script_of("upload_further"))
        for _step in range(steps):
            so_far = held
            held = watch.make("upload", partial(part.upload, watch.context, PICTURE, so_far))

        assert held.state is not MediaState.UNFINISHED, "The upload did not end with its script."
        assert len(watch.wire.exchanges) == steps, "Each step of an upload makes one request."

    @about("media")
    def test_the_bytes_of_a_picture_reach_the_network(self, watch: Watch) -> None:
        part = self.channel.media
        assert part is not None
        bodies = list[bytes]()
        for media in (PICTURE, OTHER):
            watch.wire.restart(self.script_of("upload"))
            watch.make("upload", lambda media=media: part.upload(watch.context, media, None))  # type: ignore[misc]  # called at once
            bodies.append(watch.wire.exchanges[0].body)

        assert bodies[0] != bodies[1], "upload sends the same, whatever the picture shows."

    @about("media")
    def test_a_post_names_the_media_that_belong_to_it(self, watch: Watch) -> None:
        posts = self.channel.posts
        if posts is None or Feature.MEDIA not in self.channel.post_accepts.features:
            return  # Its messages have pictures, or nothing has.
        held = self.read(watch, "upload")
        plain = outgoing(self.text)
        shown = self._with(plain, held.remote_id)
        said = list[dict[str, str]]()
        for item in (plain, shown):
            watch.wire.restart(self.script_of("publish"))
            watch.make("publish", lambda item=item: posts.publish(watch.context, item))  # type: ignore[misc]  # called at once
            said.append(said_by(watch.wire.exchanges[0]))

        assert any(held.remote_id in text for text in news(*said)), (
            f"The post does not name its picture, {held.remote_id}: send Media.remote_id."
        )

    def _with(self, plain: Outgoing, remote_id: str) -> Outgoing:
        media = (replace(PICTURE, remote_id=remote_id),)
        return replace(plain, parts=(Part(text=plain.text, media=media),))
