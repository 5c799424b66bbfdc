"""Lets parts of a draft show pictures: one more, one less, or in another order."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from io import BytesIO

from channels import Content, Feature, Level, Media, Part
from webapp.deliveries import variants
from webapp.deliveries.drafts import editing
from webapp.deliveries.models import Delivery, Shown
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.media import library
from webapp.media.models import MediaFile
from webapp.services.channel import declared

# Findings of a channel whose code begins so are about a picture or film.
OF_MEDIA = "media"


class Way(StrEnum):
    """What may be done with a picture of a part; `BRING` and `TAKE` add one, new or known."""

    BRING = "bring"
    TAKE = "take"
    REMOVE = "drop"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A step at a part and, but for a new one, at a picture of it; both are counted from 0."""

    way: Way
    part: int
    place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A file that somebody brings, and what it is called there."""

    data: bytes
    name: str = ""


def wish_of(asked: str) -> Wish:
    """Read a wish such as `left-0-2`; raise `Invalid` for anything else."""
    name, *at = asked.split("-")
    known = name in set(Way) and 1 <= len(at) <= 2  # noqa: PLR2004 - a part and a place
    if not known or not all(one.isdecimal() and len(one) <= 3 for one in at):  # noqa: PLR2004
        raise Invalid(_("This cannot be done with a picture. Open the page again."))
    part, place = (*map(int, at), 0)[:2]
    return Wish(way=Way(name), part=part, place=place)


@requires(Permission.WRITE)
def bring(runtime: Runtime, delivery_id: int, part: int, file: Brought) -> Delivery:
    """Let a part show a picture that is new; it is in the library afterwards.

    Raise `Invalid` for a file that is no picture, or that the network does not take.
    """
    picture = library.checked(file.data)
    delivery = _draft(runtime, delivery_id, part)
    _refuse(
        runtime,
        delivery,
        part,
        Media(
            mime=picture.kind,
            size=len(picture.data),
            alt="",
            open=partial(BytesIO, picture.data),
            width=picture.width,
            height=picture.height,
        ),
    )
    # One of the same bytes may lie there already, and has words.
    return _add(runtime, delivery, part, library.take_in(runtime, picture, file.name))


@requires(Permission.WRITE)
def take(runtime: Runtime, delivery_id: int, part: int, digest: str) -> Delivery:
    """Let a part show a picture of the library; raise `Invalid` where the network takes it not."""
    delivery = _draft(runtime, delivery_id, part)
    file = library.locked(runtime, digest)
    item = Media(
        mime=file.mime,
        size=file.bytes,
        alt=file.alt,
        open=partial(variants.opened, runtime.settings, digest),
        width=file.width,
        height=file.height,
    )
    _refuse(runtime, delivery, part, item)
    return _add(runtime, delivery, part, file)


@requires(Permission.WRITE)
def arrange(runtime: Runtime, delivery_id: int, wish: Wish) -> Delivery:
    """Take a picture out of a part, or move it; raise `Invalid` where it is not there any more."""
    delivery = _draft(runtime, delivery_id, wish.part)
    shown = [list(items) for items in delivery.media]
    items = shown[wish.part]
    if wish.place >= len(items):
        raise Invalid(_("This picture is not there any more. Open the page again."))
    item = items.pop(wish.place)
    if wish.way is not Way.REMOVE:
        to = wish.place + (1 if wish.way is Way.RIGHT else -1)
        items.insert(min(max(0, to), len(items)), item)
    return _kept(runtime, delivery, shown)


def words(wish: Wish) -> str:
    """Say what was done, for whoever does not see it."""
    return {
        Way.BRING: _("The picture is added. Say what it shows."),
        Way.TAKE: _("The picture is added. Say what it shows."),
        Way.REMOVE: _("The picture is taken out. It stays in the library."),
        Way.LEFT: _("The picture is moved."),
        Way.RIGHT: _("The picture is moved."),
    }[wish.way]


@requires(Permission.VIEW)
def may_show(runtime: Runtime, delivery: Delivery) -> bool:
    """Tell whether the network takes pictures with what this delivery sends."""
    if not runtime.registry.has(delivery.channel):
        return False
    accepts = delivery.kind.accepts(runtime.registry.get(delivery.channel))
    return Feature.MEDIA in accepts.features


def _draft(runtime: Runtime, delivery_id: int, part: int) -> Delivery:
    delivery = editing.editable(runtime, delivery_id)
    if part >= len(delivery.media):
        raise Invalid(_("This part is not there any more. Open the page again."))
    return delivery


def _refuse(runtime: Runtime, delivery: Delivery, part: int, item: Media) -> None:
    """Raise `Invalid` with what the network minds about one more picture in a part."""
    channel = runtime.registry.get(delivery.channel)
    row = delivery.variants[0].parts[part]
    media = (*variants.media(runtime, row), item)
    content = Content(parts=(Part(text=row.text, media=media),))
    minded = (
        found.message
        for found in declared.findings(channel, delivery.kind.part, content)
        if found.level is Level.ERROR and found.code.startswith(OF_MEDIA)
    )
    if fault := delivery.kind.accepts(channel).refusal(content) or next(minded, ""):
        raise Invalid(fault, {f"picture-{part}": fault})


def _add(runtime: Runtime, delivery: Delivery, part: int, file: MediaFile) -> Delivery:
    file.used_at = runtime.now()
    new = Shown(sha256=file.sha256, mime=file.mime, bytes=file.bytes, alt=file.alt)
    shown = [list(items) for items in delivery.media]
    shown[part].append(new)
    return _kept(runtime, delivery, shown)


def _kept(runtime: Runtime, delivery: Delivery, shown: Sequence[Sequence[Shown]]) -> Delivery:
    media = [tuple(items) for items in shown]
    return editing.edit(runtime, delivery.id, editing.DeliveryChanges(media=media))
