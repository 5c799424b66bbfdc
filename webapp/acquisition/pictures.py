"""Pictures of pages: kept without what a camera wrote into them, by the hash of their bytes."""

import hashlib
from dataclasses import replace

from sqlalchemy import select

from webapp.acquisition import content, pages
from webapp.acquisition.models import AcquisitionPage, AcquisitionPicture
from webapp.kernel.db import insert_into
from webapp.kernel.errors import Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.pictures import (
    LARGEST_FILE,
    MOST_PIXELS,
    Picture,
    TooLarge,
    Unreadable,
    cleaned,
)
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime


@requires(Permission.WRITE)
def bring(runtime: Runtime, page_id: int, data: bytes, edition: int) -> AcquisitionPage:
    """Let a page show a picture from its next version on; raise `Invalid` for anything else."""
    picture = _cleaned(data)
    page = pages.locked(runtime, page_id, edition)
    digest = hashlib.sha256(picture.data).hexdigest()
    row = insert_into(runtime.session, AcquisitionPicture.__table__).on_conflict_do_nothing()
    values = {"page_id": page.id, "digest": digest, "kind": picture.kind, "data": picture.data}
    runtime.session.execute(row, values)
    pages.keep(runtime, page, replace(content.read(page.draft), picture=digest))
    runtime.record("acquisition_page.picture", page)
    runtime.session.commit()
    return page


@requires(Permission.WRITE)
def remove(runtime: Runtime, page_id: int, edition: int) -> AcquisitionPage:
    """Let a page show no picture from its next version on."""
    page = pages.locked(runtime, page_id, edition)
    pages.keep(runtime, page, replace(content.read(page.draft), picture=""))
    runtime.record("acquisition_page.picture", page)
    runtime.session.commit()
    return page


def _cleaned(data: bytes) -> Picture:
    """Return a picture as it is kept; raise `Invalid` with what to bring instead."""
    fault = _("Choose a picture.")
    try:
        if data:
            return cleaned(data)
    except TooLarge:
        megabytes, pixels = (n // 1_000_000 for n in (LARGEST_FILE, MOST_PIXELS))
        fault = _(
            "A picture has at most %(n)s MB and %(pixels)s million pixels.",
            n=megabytes,
            pixels=pixels,
        )
    except Unreadable:
        fault = _("This is no picture that every browser shows: bring a PNG, JPEG, WebP or GIF.")
    raise Invalid(fault, {"picture": fault})


@requires(Permission.PUBLIC)
def by_digest(runtime: Runtime, slug: str, digest: str) -> AcquisitionPicture:
    """Return a picture of a page; raise `NotFound`. Its address is guessed by nobody."""
    found = runtime.session.scalar(
        select(AcquisitionPicture)
        .join(AcquisitionPage, AcquisitionPage.id == AcquisitionPicture.page_id)
        .where(AcquisitionPage.slug == slug, AcquisitionPicture.digest == digest)
    )
    if found is None:
        raise NotFound(_("There is no such page."))
    return found
