"""Changes which parts a thread has and in which order, one step at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from webapp.deliveries import links
from webapp.deliveries.drafts import editing
from webapp.deliveries.drafts.content import Rendered
from webapp.deliveries.drafts.splitting import split
from webapp.deliveries.models import Delivery, PartText, Shown
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.media import library
from webapp.services.channel import declared


class Step(StrEnum):
    """What may be done with the parts; each is done at one of them, but `SPLIT` at all."""

    ADD = "add"
    REMOVE = "remove"
    UP = "up"
    DOWN = "down"
    SPLIT = "split"
    RESTORE = "restore"


MOVES: Mapping[Step, int] = {Step.UP: -1, Step.DOWN: 1}


# These are done at a part that is there.
AT_A_PART = frozenset({*MOVES, Step.REMOVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A step at a part, the first being 0; a part that is put back has `text` and `media`.

    These are the hash of each picture and what is said of it.
    """

    step: Step
    at: int = 0
    text: str = ""
    media: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """The draft afterwards, what was done in words, the part to go on at, and what was removed."""

    delivery: Delivery
    words: str
    focus: int
    wish: Wish
    removed: str = ""
    # What the part that was removed had shown.
    pictures: Sequence[Shown] = ()

    @property
    def step(self) -> Step:
        """What was done."""
        return self.wish.step

    @property
    def at(self) -> int:
        """Where it was asked for."""
        return self.wish.at


def wish_of(asked: str, text: str = "", media: Sequence[str] = ()) -> Wish:
    """Read a wish such as `up-2`; raise `Invalid` for anything else."""
    name, _dash, at = asked.partition("-")
    if name not in set(Step) or not at.isdecimal() or len(at) > 3:  # noqa: PLR2004 - signs
        raise Invalid(_("This cannot be done with a part. Open the page again."))
    kept = [(digest, alt) for digest, _colon, alt in (item.partition(":") for item in media)]
    return Wish(step=Step(name), at=int(at), text=text, media=kept)


@requires(Permission.WRITE)
def arrange(runtime: Runtime, delivery_id: int, wish: Wish) -> Arranged:
    """Do one step with the parts of a draft; raise `Invalid` where it cannot be done."""
    delivery = editing.get(runtime, delivery_id)
    was = delivery.parts
    if wish.at > len(was) or (wish.step in AT_A_PART and wish.at == len(was)):
        raise Invalid(_("This part is not there any more. Open the page again."))
    if wish.step is Step.REMOVE and len(was) == 1:
        raise Invalid(_("The last part stays: a delivery says something."))
    shown = delivery.media
    parts, focus = _arranged(runtime, delivery, was, wish)
    changes = editing.DeliveryChanges(parts=parts)
    if wish.step is Step.RESTORE and wish.media:
        shown.insert(wish.at, _pictures(runtime, wish))
        changes = replace(changes, media=shown)
    changed = editing.edit(runtime, delivery_id, changes)
    return Arranged(
        delivery=changed,
        words=_words(wish, len(was), parts, focus),
        focus=focus,
        wish=wish,
        removed=was[wish.at].text.strip() if wish.step is Step.REMOVE else "",
        pictures=shown[wish.at] if wish.step is Step.REMOVE else (),
    )


def _pictures(runtime: Runtime, wish: Wish) -> tuple[Shown, ...]:
    """Return the pictures of a part that is put back, as far as the library still has them."""
    known = library.by_digests(runtime, [digest for digest, _alt in wish.media])
    return tuple(
        Shown(sha256=digest, mime=file.mime, bytes=file.bytes, alt=library.alt_of(alt))
        for digest, alt in wish.media
        if (file := known.get(digest))
    )


def _arranged(
    runtime: Runtime, delivery: Delivery, was: Sequence[PartText], wish: Wish
) -> tuple[list[PartText], int]:
    """Return the parts after a step, and at which of them to go on."""
    parts, at = list(was), wish.at
    if wish.step is Step.SPLIT:
        return _split(runtime, delivery, was)
    if wish.step in (Step.ADD, Step.RESTORE):
        parts.insert(at, PartText(wish.text))
        return parts, at
    moved = parts.pop(at)
    if wish.step is Step.REMOVE:
        return parts, max(0, at - 1)
    to = min(max(0, at + MOVES[wish.step]), len(parts))
    parts.insert(to, moved)
    return parts, to


def _split(
    runtime: Runtime, delivery: Delivery, was: Sequence[PartText]
) -> tuple[list[PartText], int]:
    fits = _fits(runtime, delivery)
    parts: list[PartText] = []
    focus = 0
    for part in was:
        first, *more = split(part.text, fits) or [part.text]
        if more and not focus:
            focus = len(parts) + 1
        parts += [PartText(first if more else part.text, part.row_id), *map(PartText, more)]
    return parts, focus


def _fits(runtime: Runtime, delivery: Delivery) -> Callable[[str], bool]:
    """Return what tells whether a part is short enough, its links as they go out."""
    channel, part = runtime.registry.get(delivery.channel), delivery.kind.part
    sender = next(iter(delivery.services), None)

    def fits(text: str) -> bool:
        drafts = [links.Draft(text=Rendered(text=text))]
        said = [item.text for item in links.written(runtime, delivery, sender, drafts)]
        measured = declared.measures(channel, part, said)
        return all(found.length <= found.limit for found in measured)

    return fits


def _words(wish: Wish, before: int, parts: Sequence[PartText], focus: int) -> str:
    """Say what was done, for whoever does not see it."""
    number, more = wish.at + 1, len(parts) - before
    words = {
        Step.ADD: _("Part %(n)s is added.", n=number),
        Step.REMOVE: _("Part %(n)s is removed.", n=number),
        Step.RESTORE: _("Part %(n)s is back.", n=number),
        Step.UP: _("Part %(n)s is part %(to)s now.", n=number, to=focus + 1),
        Step.DOWN: _("Part %(n)s is part %(to)s now.", n=number, to=focus + 1),
        Step.SPLIT: _("Every part fits: there is nothing to split."),
    }
    if wish.step is Step.SPLIT and more:
        return _("Split: there are %(n)s parts now.", n=len(parts))
    return words[wish.step]
