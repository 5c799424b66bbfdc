"""Somebody begins to sign in on a page: in one browser, within half an hour, for one answer.

State and verifier stay on the server.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from channels import Channel, SignInRequest
from webapp.acquisition import counting, publishing
from webapp.acquisition.models import AcquisitionPage, AcquisitionVisit
from webapp.acquisition.publishing import Reading, Shown
from webapp.kernel.db.changes import updated
from webapp.kernel.errors import Conflict, FanfareError, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.operators.authentication import throttle
from webapp.services.channel import declared, pkce
from webapp.services.channel.context import SecretsOnDemand, context_of, readable

LASTS = timedelta(minutes=30)
HOLDER_BYTES = 32


class Closed(FanfareError):
    """A page asks nobody now; nothing of whoever was on their way is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begins:
    """Who begins to sign in, where they come from, and where the network leads them back."""

    language: str
    source: str
    redirect_uri: str
    # Of the computer that asks; it is counted and not kept.
    address: str
    # What the browser held of a sign-in that it began before, and holds no longer.
    before: str = field(default="", repr=False)
    # Whether they come to take back what they agreed to, which works as long as there is a network.
    takes_back: bool = False


@requires(Permission.PUBLIC)
def by_slug(runtime: Runtime, slug: str) -> Shown:
    """Return a page that was online once; raise `NotFound` for any other."""
    page = runtime.session.scalar(select(AcquisitionPage).where(AcquisitionPage.slug == slug))
    shown = publishing.shown(runtime, page) if page is not None else None
    if shown is None:
        raise NotFound(_("There is no such page."))
    return shown


@requires(Permission.PUBLIC)
def leads_to(runtime: Runtime, shown: Shown) -> str:
    """Return an address as that where people sign in, for the headers of the page."""
    channel = channel_of(runtime, shown.page)
    if channel is None:
        return ""
    context = context_of(
        runtime, shown.page.service, SecretsOnDemand(runtime, shown.page.service_id)
    )
    request = pkce.Pair("-", "-").request("https://fanfare.invalid/", ("-",))
    return declared.sign_in_address(channel, context, request)


@requires(Permission.PUBLIC)
def begin(runtime: Runtime, slug: str, begins: Begins) -> tuple[str, str]:
    """Begin a sign-in; return where it leads, and what the browser alone holds of it.

    Raise `Closed` where the page asks nobody, `TooSoon` where too many begin from one address, and
    `Conflict` where nobody can sign in. To take something back a page need not be open.
    """
    shown = by_slug(runtime, slug)
    if not begins.takes_back:
        refuse_closed(shown)
    throttle.take(runtime, throttle.of_page_sign_in(begins.address))
    channel = channel_of(runtime, shown.page)
    if channel is None:
        raise Conflict(_("Nobody can sign in here just now."))
    holder, pair, now = secrets.token_urlsafe(HOLDER_BYTES), pkce.new(), runtime.clock.system()
    _forget_over(runtime, begins.before, now)
    row = AcquisitionVisit(
        page_id=shown.page.id,
        number=shown.number,
        language=begins.language,
        source=counting.known(runtime, shown.page, begins.source),
        holder=hash_of(holder),
        state_hash=pkce.hash_of(pair.state),
        redirect_uri=begins.redirect_uri,
        ciphertext=pair.sealed(runtime),
        began_at=now,
        ends_at=now + LASTS,
        takes_back=begins.takes_back,
    )
    runtime.session.add(row)
    if not begins.takes_back:
        counting.count(runtime, shown.page, row.source, "started")
    context = context_of(runtime, shown.page.service, readable(runtime, shown.page.service_id))
    request = request_of(channel, pair, row, shown)
    address = declared.sign_in_address(channel, context, request)
    if not address:
        raise Conflict(_("Nobody can sign in here just now."))
    runtime.session.commit()
    return address, holder


def _forget_over(runtime: Runtime, before: str, now: datetime) -> None:
    """Delete what nobody can answer any more, and what the same browser began before."""
    over = or_(
        AcquisitionVisit.ends_at <= now,
        AcquisitionVisit.began_at > now,
        AcquisitionVisit.holder == hash_of(before),
    )
    updated(runtime.session, delete(AcquisitionVisit).where(over))


def refuse_closed(shown: Shown) -> None:
    """Raise `Closed` where a page asks nobody now."""
    if shown.reading is Reading.SOON:
        raise Closed(_("This page is not open yet."))
    if shown.reading is Reading.OVER:
        raise Closed(_("This page is closed. Nothing of you was kept."))


def channel_of(runtime: Runtime, page: AcquisitionPage) -> Channel | None:
    """Return the channel of a page, unless its plugin is gone."""
    kind = page.service.kind
    return runtime.registry.get(kind) if runtime.registry.has(kind) else None


def request_of(
    channel: Channel, pair: pkce.Pair, row: AcquisitionVisit, shown: Shown
) -> SignInRequest:
    """Return a sign-in as its channel is given it, with the scopes of what the page asks."""
    fields = () if row.takes_back else shown.content.fields
    return pair.request(row.redirect_uri, scopes(channel, fields))


def scopes(channel: Channel, fields: Sequence[str]) -> list[str]:
    """Return what somebody is asked to allow so that a page can be told these fields."""
    told = declared.shared_fields(channel)
    wanted = [scope for name in ("person", *fields) for scope in told.get(name, ())]
    return list(dict.fromkeys(wanted))


def take(runtime: Runtime, row: AcquisitionVisit) -> None:
    """Delete what is kept of somebody, for their one answer; raise `Conflict` for a second one.

    Two answers may come at once: whoever deletes the row answered. The caller commits.
    """
    mine = delete(AcquisitionVisit).where(AcquisitionVisit.id == row.id)
    if updated(runtime.session, mine) != 1:
        raise Conflict(_("This was answered already, or took too long."))


@requires(Permission.PUBLIC)
def forget(runtime: Runtime, row: AcquisitionVisit) -> None:
    """Delete what is kept of somebody on their way; commits."""
    updated(runtime.session, delete(AcquisitionVisit).where(AcquisitionVisit.id == row.id))
    runtime.session.expunge(row)
    runtime.session.commit()


@requires(Permission.PUBLIC)
def takes_back(runtime: Runtime, holder: str) -> bool:
    """Tell whether a browser is on its way to take something back."""
    mine = AcquisitionVisit.holder == hash_of(holder), AcquisitionVisit.takes_back
    return runtime.session.scalar(select(AcquisitionVisit.id).where(*mine).limit(1)) is not None


@requires(Permission.PUBLIC)
def refuse_late(runtime: Runtime, shown: Shown, holder: str) -> None:
    """Raise `Closed` as `refuse_closed` does, what is kept of whoever came late being deleted."""
    try:
        refuse_closed(shown)
    except Closed:
        theirs = AcquisitionVisit.holder == hash_of(holder)
        late = delete(AcquisitionVisit).where(theirs, AcquisitionVisit.page_id == shown.page.id)
        updated(runtime.session, late)
        runtime.session.commit()
        raise


def is_over(runtime: Runtime, row: AcquisitionVisit) -> bool:
    """Tell whether somebody took too long, or the machine's clock was set back meanwhile."""
    return not row.began_at <= runtime.clock.system() < row.ends_at


def hash_of(holder: str) -> str:
    """Return how a browser is known again without keeping what it holds."""
    return hashlib.sha256(f"holder {holder}".encode()).hexdigest()


def form_key(holder: str) -> str:
    """Return what the form of a page holds, so that no other site can send it."""
    return hashlib.sha256(f"form {holder}".encode()).hexdigest()
