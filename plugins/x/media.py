"""Uploads pictures: a small one by one request, a larger one in pieces; then what they show.

What an upload has still to do stands in its mark, so that each step is one request and reads one
piece of the file.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from channels import (
    ChannelContext,
    ChannelError,
    Content,
    ErrorKind,
    Finding,
    Level,
    Media,
    MediaState,
    Operation,
    RemoteMedia,
)
from channels.http import member_of, text_of
from channels.sentences import _
from plugins.x.client import XClient, understood

# X takes up to 5 MB at once; a worker holds a piece three times while it is written as text.
PIECE = 1_000_000
MOST, LARGEST, LONGEST_ALT = 4, 5_000_000, 1_000
MIMES = frozenset({"image/jpeg", "image/png", "image/webp"})
# What X's answer 404 is called, whatever it does not know.
UNKNOWN = "unknown_person"
APPEND, FINALIZE, DESCRIBE = "append", "finalize", "describe"
# X says when asking makes sense; where it does not, a film takes a while.
ASK_AFTER = 5
STATES = {
    "succeeded": MediaState.READY,
    "failed": MediaState.FAILED,
    "pending": MediaState.PROCESSING,
    "in_progress": MediaState.PROCESSING,
}
# What a description does has a window of its own, of which nothing is declared.
METADATA = Operation("media_metadata")


class XUploads:
    """The media part of the channel."""

    def upload(
        self, context: ChannelContext, media: Media, so_far: RemoteMedia | None
    ) -> RemoteMedia:
        """Take the next step."""
        if so_far is None:
            return _whole(context, media) if media.size <= PIECE else _begun(context, media)
        name, _colon, number = so_far.mark.partition(":")
        with _known():
            if name == APPEND:
                return _appended(context, media, so_far, int(number))
            if name == FINALIZE:
                return _finalized(context, media, so_far)
            return _described(context, media, so_far, number)

    def state(self, context: ChannelContext, remote_id: str) -> RemoteMedia:
        """Return how far X is."""
        asked = {"command": "STATUS", "media_id": remote_id}
        with _known():
            found = XClient(context, METADATA).get("/media/upload", **asked)
        with understood(writes=False):
            return _held(context, found)


@contextmanager
def _known() -> Iterator[None]:
    """Tell of an upload that X knows no more: it ended meanwhile, and nobody's account is gone."""
    try:
        yield
    except ChannelError as fault:
        if fault.code != UNKNOWN:
            raise
        sentence = _("X does not know the uploaded picture any more.")
        kind = ErrorKind.TEMPORARY
        raise ChannelError(sentence, kind=kind, code="media_gone", said=fault.said) from fault


def _whole(context: ChannelContext, media: Media) -> RemoteMedia:
    body = {"media": _piece(media, 0, media.size), "media_category": "tweet_image"}
    found = XClient(context, Operation.UPLOAD).post("/media/upload", body)
    with understood(writes=True):
        return _to_describe(context, media, _held(context, found))


def _begun(context: ChannelContext, media: Media) -> RemoteMedia:
    body = {
        "media_type": media.mime,
        "total_bytes": media.size,
        "media_category": "tweet_image",
    }
    found = XClient(context, Operation.UPLOAD).post("/media/upload/initialize", body)
    with understood(writes=True):
        return replace(_held(context, found), state=MediaState.UNFINISHED, mark=f"{APPEND}:0")


def _appended(
    context: ChannelContext, media: Media, so_far: RemoteMedia, number: int
) -> RemoteMedia:
    body = {"media": _piece(media, number * PIECE, PIECE), "segment_index": number}
    path = f"/media/upload/{so_far.remote_id}/append"
    XClient(context, METADATA).tell(path, body)
    is_last = (number + 1) * PIECE >= media.size
    return replace(so_far, mark=FINALIZE if is_last else f"{APPEND}:{number + 1}")


def _finalized(context: ChannelContext, media: Media, so_far: RemoteMedia) -> RemoteMedia:
    path = f"/media/upload/{so_far.remote_id}/finalize"
    found = XClient(context, METADATA).post(path, {})
    with understood(writes=True):
        return _to_describe(context, media, _held(context, found))


def _described(
    context: ChannelContext, media: Media, so_far: RemoteMedia, waits: str
) -> RemoteMedia:
    """Say what it shows; `waits` are the seconds that X still works on it."""
    body = {"id": so_far.remote_id, "metadata": {"alt_text": {"text": media.alt}}}
    found = XClient(context, METADATA).post("/media/metadata", body)
    with understood(writes=True):
        text_of(found, "data", "id")
    if not waits:
        return replace(so_far, state=MediaState.READY, mark="")
    return replace(so_far, state=MediaState.PROCESSING, ask_at=_after(context, int(waits)), mark="")


def _piece(media: Media, start: int, size: int) -> str:
    """Read one piece of the file, as text."""
    with media.open() as file:
        file.seek(start)
        return b64encode(file.read(size)).decode()


def _to_describe(context: ChannelContext, media: Media, held: RemoteMedia) -> RemoteMedia:
    """Let what it shows be the next step, where anything is said of it."""
    if not media.alt or held.state is MediaState.FAILED:
        return held
    waits = ""
    if held.ask_at is not None:
        waits = f":{max(1, int((held.ask_at - context.now()).total_seconds()))}"
    return replace(held, state=MediaState.UNFINISHED, ask_at=None, mark=DESCRIBE + waits)


def _held(context: ChannelContext, found: Mapping[str, Any]) -> RemoteMedia:
    """Read what X holds; without a word on processing it is ready."""
    data = member_of(found, "data")
    told = data.get("processing_info")
    info: Mapping[str, Any] = told if isinstance(told, Mapping) else {}
    state = STATES[str(info["state"])] if "state" in info else MediaState.READY
    ends, waits = data.get("expires_after_secs"), info.get("check_after_secs")
    asks = state is MediaState.PROCESSING
    return RemoteMedia(
        remote_id=text_of(found, "data", "id"),
        state=state,
        expires_at=_after(context, ends) if isinstance(ends, int) else None,
        ask_at=_after(context, waits if isinstance(waits, int) else ASK_AFTER) if asks else None,
    )


def _after(context: ChannelContext, seconds: int) -> datetime:
    return context.now() + timedelta(seconds=max(0, seconds))


def findings(content: Content) -> Iterator[Finding]:
    """Yield what X refuses about pictures."""
    for media in (item for part in content.parts for item in part.media):
        over = len(media.alt) - LONGEST_ALT
        if over > 0:
            message = _(
                "What a picture shows is told in at most %(most)s characters on X. Take out %(n)s.",
                most=LONGEST_ALT,
                n=over,
            )
            yield Finding(code="media_alt", level=Level.ERROR, message=message)
