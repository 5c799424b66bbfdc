"""The library: bring a picture, find it again, say what it shows, and delete what nobody shows."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO

from sqlalchemy import select, tuple_

from webapp.kernel.db import insert_into
from webapp.kernel.errors import Conflict, Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.pictures import MOST_PIXELS, Picture, TooLarge, Unreadable, cleaned
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.media import store
from webapp.media.models import MediaFile
from webapp.media.places import USED

# Larger ones are refused before they are read.
LARGEST_FILE = 15_000_000
# No network shows more of a picture.
LONGEST_SIDE = 4_096
LONGEST_ALT, LONGEST_NAME = 1_000, 200
PAGE = 48
SWEPT_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A page of the library, the newest first; `used` are the hashes that something shows."""

    files: Sequence[MediaFile]
    used: Collection[str]
    more: bool


@requires(Permission.WRITE)
def bring(runtime: Runtime, data: bytes, name: str = "", alt: str = "") -> MediaFile:
    """Keep a picture, or find the one that is kept already; raise `Invalid` for anything else."""
    picture, said = checked(data), alt_of(alt)
    file = take_in(runtime, picture, name, said)
    runtime.record("media.bring", file)
    runtime.session.commit()
    return file


def take_in(runtime: Runtime, picture: Picture, name: str, alt: str = "") -> MediaFile:
    """Keep a picture and add its row, if there is none yet; the caller commits.

    The file is there before anybody sees its row: a crash between them leaves a file without one.
    It is written while the row is held, so that whoever deletes the same picture just now deletes
    no file of this one.
    """
    digest, now = hashlib.sha256(picture.data).hexdigest(), runtime.now()
    row = insert_into(runtime.session, MediaFile.__table__).values(
        sha256=digest,
        mime=picture.kind,
        bytes=len(picture.data),
        width=picture.width,
        height=picture.height,
        name=" ".join(name.split())[:LONGEST_NAME],
        alt=alt,
        created_by=runtime.actor.name,
        created_at=now,
        used_at=now,
    )
    runtime.session.execute(
        row.on_conflict_do_update(index_elements=["sha256"], set_={"used_at": now})
    )
    store.keep(runtime.settings, digest, picture.data)
    found = select(MediaFile).where(MediaFile.sha256 == digest)
    return runtime.session.scalars(found.execution_options(populate_existing=True)).one()


def checked(data: bytes) -> Picture:
    """Return a picture as it would be kept; raise `Invalid` with what to bring instead."""
    fault = _("Choose a picture.")
    try:
        if data:
            picture = cleaned(data, longest=LONGEST_SIDE, largest=LARGEST_FILE)
            if not picture.moved:
                return picture
            fault = _("This picture moves, and animations cannot be sent yet. Upload a still one.")
    except TooLarge:
        megabytes, pixels = (n // 1_000_000 for n in (LARGEST_FILE, MOST_PIXELS))
        fault = _(
            "A picture has at most %(n)s MB and %(pixels)s million pixels.",
            n=megabytes,
            pixels=pixels,
        )
    except Unreadable:
        fault = _("This is no picture that every network shows: upload a PNG, JPEG, WebP or GIF.")
    raise Invalid(fault, {"picture": fault})


def alt_of(text: str) -> str:
    """Return what a picture shows, on plain lines; raise `Invalid` for too many words."""
    wanted = text.replace("\r\n", "\n").strip()
    if len(wanted) > LONGEST_ALT:
        fault = _("Say what a picture shows in at most %(n)s characters.", n=LONGEST_ALT)
        raise Invalid(fault, {"alt": fault})
    return wanted


@requires(Permission.VIEW)
def shelf(runtime: Runtime, before: int | None = None) -> Shelf:
    """Return a page of the library, what was used last first; `before` is the last one seen."""
    query = select(MediaFile).order_by(MediaFile.used_at.desc(), MediaFile.id.desc())
    last = runtime.session.get(MediaFile, before) if before else None
    if last is not None:
        query = query.where(tuple_(MediaFile.used_at, MediaFile.id) < (last.used_at, last.id))
    rows = runtime.session.scalars(query.limit(PAGE + 1)).all()
    files = rows[:PAGE]
    return Shelf(
        files=files, used=used(runtime, [row.sha256 for row in files]), more=len(rows) > PAGE
    )


def used(runtime: Runtime, digests: Collection[str]) -> frozenset[str]:
    """Return which of these something shows."""
    return frozenset().union(*USED.ask(runtime, digests)) if digests else frozenset()


@requires(Permission.VIEW)
def get(runtime: Runtime, file_id: int) -> MediaFile:
    """Return one picture; raise `NotFound`."""
    return _found(runtime.session.get(MediaFile, file_id))


@requires(Permission.VIEW)
def by_digest(runtime: Runtime, digest: str) -> MediaFile:
    """Return the picture with this hash; raise `NotFound`."""
    return _found(
        runtime.session.scalar(select(MediaFile).where(MediaFile.sha256 == digest).limit(1))
    )


def by_digests(runtime: Runtime, digests: Collection[str]) -> Mapping[str, MediaFile]:
    """Return those of these pictures that the library knows, by their hash."""
    if not digests:
        return {}
    rows = runtime.session.scalars(select(MediaFile).where(MediaFile.sha256.in_(digests)))
    return {row.sha256: row for row in rows}


def _found(row: MediaFile | None) -> MediaFile:
    if row is None:
        raise NotFound(_("There is no such picture."))
    return row


@requires(Permission.VIEW)
def opened(runtime: Runtime, file: MediaFile) -> BinaryIO:
    """Return the bytes of a picture; raise `NotFound` where its file is gone."""
    try:
        return store.opened(runtime.settings, file.sha256)
    except FileNotFoundError:
        raise NotFound(_("The file of this picture is gone. Upload it again.")) from None


@requires(Permission.WRITE)
def describe(runtime: Runtime, file_id: int, alt: str) -> MediaFile:
    """Say what a picture shows; posts that show it already keep their own words."""
    file = get(runtime, file_id)
    file.alt = alt_of(alt)
    runtime.record("media.describe", file)
    runtime.session.commit()
    return file


def locked(runtime: Runtime, digest: str) -> MediaFile:
    """Return a picture that nobody deletes before the next commit; raise `NotFound`."""
    query = select(MediaFile).where(MediaFile.sha256 == digest).with_for_update()
    return _found(runtime.session.scalar(query.execution_options(populate_existing=True)))


@requires(Permission.WRITE)
def remove(runtime: Runtime, file_id: int) -> None:
    """Delete a picture that nothing shows; raise `Conflict` where something does.

    Its file goes while the row is held: somebody who brings the same picture just now waits for
    the row, and writes the file anew.
    """
    file = locked(runtime, get(runtime, file_id).sha256)
    if used(runtime, [file.sha256]):
        runtime.session.rollback()
        raise Conflict(_("A delivery shows this picture. Take it out there first."))
    digest = file.sha256
    runtime.record("media.delete", file)
    runtime.session.delete(file)
    runtime.session.flush()
    store.remove(runtime.settings, digest)
    runtime.session.commit()


def sweep(runtime: Runtime) -> int:
    """Delete files that have no row, such as those of rows that left; return how many."""
    moment = (runtime.clock.system() - SWEPT_AFTER).timestamp()
    number = 0
    for some in store.older(runtime.settings, moment):
        known = by_digests(runtime, [path.name for path in some])
        number += sum(store.sweep(path, moment) for path in some if path.name not in known)
    return number
