"""Pictures of pages: kept as they were brought, by the hash of their bytes."""

import hashlib
from dataclasses import replace

from sqlalchemy import select

from webapp.acquisition import content, pages
from webapp.acquisition.models import AcquisitionPage, AcquisitionPicture
from webapp.kernel.db import insert_into
from webapp.kernel.errors import Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

LARGEST = 1_000_000
# What browsers show, by how its bytes begin; a drawing in SVG may hold scripts, and is none.
BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
WEBP = (b"RIFF", b"WEBP")


@requires(Permission.WRITE)
def bring(runtime: Runtime, page_id: int, data: bytes, edition: int) -> AcquisitionPage:
    """Let a page show a picture from its next version on; raise `Invalid` for anything else."""
    kind = kind_of(data)
    fault = ""
    if not data:
        fault = _("Choose a picture.")
    elif len(data) > LARGEST:
        fault = _("A picture has at most %(n)s kB.", n=LARGEST // 1000)
    elif not kind:
        fault = _("This is no picture that every browser shows: bring a PNG, JPEG, WebP or GIF.")
    if fault:
        raise Invalid(fault, {"picture": fault})
    page = pages.locked(runtime, page_id, edition)
    digest = hashlib.sha256(data).hexdigest()
    row = insert_into(runtime.session, AcquisitionPicture.__table__).on_conflict_do_nothing()
    runtime.session.execute(row.values(page_id=page.id, digest=digest, kind=kind, data=data))
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


def kind_of(data: bytes) -> str:
    """Return what a picture is by how its bytes begin, whatever it is called; empty for none."""
    if data.startswith(WEBP[0]) and data[8:12] == WEBP[1]:
        return "image/webp"
    return next((kind for begins, kind in BEGINNINGS.items() if data.startswith(begins)), "")


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
