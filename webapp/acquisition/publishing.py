"""A page goes online as a version that nobody changes any more, and is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, select

from webapp.acquisition import checking, content, pages
from webapp.acquisition.content import Content
from webapp.acquisition.models import (
    AcquisitionPage,
    AcquisitionVersion,
    AcquisitionVisit,
    PageState,
)
from webapp.kernel.db.changes import updated
from webapp.kernel.errors import Conflict
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.web import links
from webapp.services.channel import declared
from webapp.services.channel.context import SecretsOnDemand, context_of


class Reading(StrEnum):
    """What people find at the address of a page."""

    OPEN = "open"
    SOON = "soon"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page as people read it: its version, and whether it asks them now."""

    page: AcquisitionPage
    number: int
    seal: str
    content: Content
    reading: Reading


@requires(Permission.WRITE)
def put_online(runtime: Runtime, page_id: int, edition: int) -> AcquisitionPage:
    """Let people read the draft from now on; raise `Conflict` with what it still lacks."""
    page = pages.locked(runtime, page_id, edition)
    obstacles = checking.obstacles(content.read(page.draft))
    obstacles += sign_in_lacks(runtime, page)
    if page.service.removed_at:
        obstacles.append(_("The account of this page is disconnected."))
    if obstacles:
        raise Conflict(" ".join(obstacles))
    if page.changed:
        page.number = (page.number or 0) + 1
        version = AcquisitionVersion(
            page_id=page.id,
            number=page.number,
            content=page.draft,
            seal=content.seal_of(page.draft),
            at=runtime.now(),
            by=runtime.actor.name,
        )
        runtime.session.add(version)
    if page.state is not PageState.ONLINE:
        page.online_at = runtime.now()
    page.state, page.closed_at, page.changed = PageState.ONLINE, None, False
    page.edition += 1
    runtime.record("acquisition_page.online", page, version=page.number)
    runtime.session.commit()
    return page


@requires(Permission.PUBLIC)
def sign_in_lacks(runtime: Runtime, page: AcquisitionPage) -> list[str]:
    """Return, as sentences, why nobody could sign in on a page."""
    kind = page.service.kind
    channel = runtime.registry.get(kind) if runtime.registry.has(kind) else None
    if channel is None or not declared.shared_fields(channel):
        return [_("People cannot sign in to the network of this account.")]
    context = context_of(runtime, page.service, SecretsOnDemand(runtime, page.service_id))
    lacks = [declared.sign_in_lacks(channel, context)]
    try:
        links.base(runtime.settings)
    except Conflict as unknown:
        lacks.append(unknown.message)
    return [sentence for sentence in lacks if sentence]


@requires(Permission.WRITE)
def close(runtime: Runtime, page_id: int, edition: int) -> AcquisitionPage:
    """Let a page ask nobody any more, also who is signing in just now."""
    page = pages.locked(runtime, page_id, edition)
    if page.state is not PageState.ONLINE:
        raise Conflict(_("This page is not online."))
    page.state, page.closed_at = PageState.CLOSED, runtime.now()
    # Nothing of whoever is on their way stays.
    halfway = delete(AcquisitionVisit).where(AcquisitionVisit.page_id == page.id)
    updated(runtime.session, halfway)
    page.edition += 1
    runtime.record("acquisition_page.close", page)
    runtime.session.commit()
    return page


@requires(Permission.VIEW)
def versions(runtime: Runtime, page: AcquisitionPage) -> Sequence[AcquisitionVersion]:
    """Return what people read so far, the newest first."""
    mine = select(AcquisitionVersion).where(AcquisitionVersion.page_id == page.id)
    return runtime.session.scalars(mine.order_by(AcquisitionVersion.number.desc())).all()


def shown(runtime: Runtime, page: AcquisitionPage, number: int | None = None) -> Shown | None:
    """Return a page as people read it, in the version they began with or the one of now.

    Whether it asks them is told by the one of now: an end that was moved holds for everybody.
    """
    now = _version(runtime, page, page.number)
    wanted = now if number in {None, page.number} else _version(runtime, page, number)
    if now is None or wanted is None:
        return None
    return Shown(
        page=page,
        number=wanted.number,
        seal=wanted.seal,
        content=content.read(wanted.content),
        reading=_reading(runtime, page, content.read(now.content)),
    )


def _version(
    runtime: Runtime, page: AcquisitionPage, number: int | None
) -> AcquisitionVersion | None:
    if number is None:
        return None
    return runtime.session.get(AcquisitionVersion, (page.id, number))


def _reading(runtime: Runtime, page: AcquisitionPage, kept: Content) -> Reading:
    """Tell whether a page asks now; its times are moments, whatever zone they were written in."""
    now = runtime.now()
    if page.state is not PageState.ONLINE or page.service.removed_at:
        return Reading.OVER
    if kept.ends_at and kept.ends_at <= now:
        return Reading.OVER
    if kept.starts_at and now < kept.starts_at:
        return Reading.SOON
    return Reading.OPEN
