"""The API's uploads: a picture at once or in pieces, what it shows, and the picture for eyes."""

from base64 import b64decode
from binascii import Error
from datetime import timedelta
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, request
from PIL import Image

from plugins.x.sandbox import prices, query
from plugins.x.sandbox.answers import Refusal, invalid, refusal
from plugins.x.sandbox.gate import Answer, caller, charge, guarded, sandbox, world
from plugins.x.sandbox.ids import timestamp
from plugins.x.sandbox.limits import Operation
from plugins.x.sandbox.record import Entry, Kind
from plugins.x.sandbox.seed import Access
from plugins.x.sandbox.state import Upload

blueprint = Blueprint("media", __name__)

LASTS = timedelta(hours=24)
LARGEST_IMAGE, LARGEST_PIECE, MOST_PIECES, LONGEST_ALT = 5_242_880, 5_242_880, 1_000, 1_000
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
CATEGORY = "tweet_image"


@blueprint.post("/2/media/upload")
@guarded(Operation.UPLOAD, Access.READ_WRITE)
def upload() -> Answer:
    """Take a picture at once."""
    query.only()
    body = query.body(("additional_owners", "media", "media_category"))
    _check_category(body)
    data = _bytes(body)
    kind = _kind(data)
    charge("upload", prices.UPLOAD)
    held = _new(kind, len(data))
    held.pieces[0], held.whole = data, True
    _record(held)
    return {"data": _told(held)}


@blueprint.post("/2/media/upload/initialize")
@guarded(Operation.UPLOAD, Access.READ_WRITE)
def initialize() -> Answer:
    """Begin an upload in pieces."""
    query.only()
    body = query.body(
        ("additional_owners", "media_category", "media_type", "shared", "total_bytes")
    )
    _check_category(body)
    kind, size = body.get("media_type"), body.get("total_bytes")
    if not isinstance(kind, str) or kind not in KINDS.values():
        raise invalid("$.media_type", str(kind), "The `$.media_type` property is not valid")
    if not isinstance(size, int) or not 0 < size <= LARGEST_IMAGE:
        raise invalid("$.total_bytes", str(size), "The `$.total_bytes` property is not valid")
    charge("upload", prices.UPLOAD)
    return {"data": _told(_new(kind, size))}


@blueprint.post("/2/media/upload/<identifier>/append")
@guarded(Operation.UPLOAD_STEP, Access.READ_WRITE)
def append(identifier: str) -> Answer:
    """Take one piece."""
    query.only()
    held, body = _held(identifier), query.body(("media", "segment_index"))
    number = body.get("segment_index")
    if not isinstance(number, int) or not 0 <= number < MOST_PIECES:
        raise invalid("$.segment_index", str(number), "The segment index is not valid")
    held.pieces[number] = _bytes(body)
    return {"data": {"expires_at": int(held.expires_at.timestamp())}}


@blueprint.post("/2/media/upload/<identifier>/finalize")
@guarded(Operation.UPLOAD_STEP, Access.READ_WRITE)
def finalize(identifier: str) -> Answer:
    """Put the pieces together; refuse what is not what was announced."""
    query.only()
    held = _held(identifier)
    if len(held.data) != held.size or _kind(held.data) != held.kind:
        raise invalid("id", identifier, "The uploaded media is not what was announced")
    held.whole = True
    _record(held)
    return {"data": _told(held)}


@blueprint.get("/2/media/upload")
@guarded(Operation.UPLOAD_STATUS, Access.READ_WRITE)
def status() -> Answer:
    """Tell how far it is: a picture is ready at once."""
    query.only("command", "media_id")
    return {"data": _told(_held(request.args.get("media_id", "")))}


@blueprint.post("/2/media/metadata")
@guarded(Operation.MEDIA_METADATA, Access.READ_WRITE)
def metadata() -> Answer:
    """Keep what a picture shows."""
    query.only()
    body = query.body(("id", "metadata"))
    held = _held(str(body.get("id", "")))
    try:
        text = body["metadata"]["alt_text"]["text"]
    except (KeyError, TypeError):
        text = None
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_ALT:
        raise invalid("$.metadata.alt_text.text", str(text), "The alt text is not valid")
    charge("media_metadata", prices.MEDIA_METADATA)
    held.alt = text
    return {"data": {"id": str(held.id), "associated_metadata": body["metadata"]}}


@blueprint.get("/media/<int:identifier>")
def picture(identifier: int) -> Response:
    """Show an uploaded picture on the pages of the sandbox."""
    with sandbox().lock:
        held = world().uploads.get(identifier)
    if held is None or not held.whole:
        return Response(status=404)
    response = Response(held.data, content_type=held.kind)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def named(media: Any) -> tuple[Upload, ...]:
    """Return the pictures that a new post names; refuse what is not the caller's, or over."""
    ids = media.get("media_ids") if isinstance(media, dict) else None
    if not isinstance(ids, list) or not 1 <= len(ids) <= 4:  # noqa: PLR2004 - X's own bound
        raise invalid(
            "$.media.media_ids", str(ids), "The `$.media.media_ids` property is not valid"
        )
    found = [world().uploads.get(query.identifier(str(one), "$.media.media_ids")) for one in ids]
    if not all(map(_may_be_named, found)):
        raise _unknown(str(ids))
    return tuple(one for one in found if one)


def _may_be_named(held: Upload | None) -> bool:
    now = world().clock.now()
    return held is not None and held.whole and held.owner == caller().id and now < held.expires_at


def _unknown(value: str) -> Refusal:
    return invalid("$.media.media_ids", value, "Your media IDs are invalid.")


def _held(identifier: str) -> Upload:
    held = world().uploads.get(query.identifier(identifier))
    if held is None or held.owner != caller().id or held.expires_at <= world().clock.now():
        raise refusal(404, "Not Found", detail="The media could not be found.")
    return held


def _check_category(body: dict[str, Any]) -> None:
    category = body.get("media_category")
    if category != CATEGORY:
        raise invalid("$.media_category", str(category), "Only tweet_image is taken here")


def _bytes(body: dict[str, Any]) -> bytes:
    try:
        data = b64decode(str(body.get("media", "")), validate=True)
    except Error:
        data = b""
    if not 0 < len(data) <= LARGEST_PIECE:
        raise invalid("$.media", "…", "The `$.media` property is not valid")
    return data


def _kind(data: bytes) -> str:
    """Return the type of a picture by its content."""
    try:
        with Image.open(BytesIO(data), formats=list(KINDS)) as found:
            return KINDS[str(found.format)]
    # A decoder raises whatever it likes about what is no picture.
    except Exception as fault:
        raise invalid("$.media", "…", "The type of the media is not recognized.") from fault


def _new(kind: str, size: int) -> Upload:
    now = world().clock.now()
    held = Upload(
        id=world().media_ids.next(now),
        owner=caller().id,
        kind=kind,
        size=size,
        expires_at=now + LASTS,
    )
    world().uploads[held.id] = held
    return held


def _told(held: Upload) -> dict[str, Any]:
    left = int((held.expires_at - world().clock.now()).total_seconds())
    told = {"id": str(held.id), "media_key": held.key, "expires_after_secs": left}
    return {**told, "size": held.size} if held.whole else told


def _record(held: Upload) -> None:
    world().record.add(
        Entry(
            kind=Kind.UPLOAD,
            account=caller().username,
            remote_id=str(held.id),
            at=timestamp(world().clock.now()),
        )
    )
