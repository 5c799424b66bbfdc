"""Somebody comes back from the network to a page: once, to be asked what they share.

What comes back is used up before the network is asked, its tokens read one profile and are
forgotten, and what the network told waits, encrypted, until the person accepts or refuses.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, update

from channels import ChannelError, SharedProfile
from webapp.acquisition import counting, publishing, visits
from webapp.acquisition.models import AcquisitionPage, AcquisitionVisit
from webapp.acquisition.publishing import Shown
from webapp.acquisition.visits import Closed
from webapp.audience import own_accounts
from webapp.kernel.db.changes import updated
from webapp.kernel.errors import Conflict, FanfareError, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.secret_box import UnreadableSecret
from webapp.operators.authentication import throttle
from webapp.services.channel import declared, pkce, tokens
from webapp.services.channel.context import context_of, readable
from webapp.services.connection.signing_in import Returned

REFUSED = "access_denied"
LANGUAGE = "language"


class Refused(FanfareError):
    """Somebody allowed nothing on the network's own page; nothing of them is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the network said of somebody, until they answer.

    `values` are by the fields that the page asks; `withheld` those that the network would tell and
    the person did not allow.
    """

    handle: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    withheld: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Somebody who signed in on a page and is asked now."""

    visit: AcquisitionVisit
    shown: Shown
    told: Told


@requires(Permission.PUBLIC)
def come_back(
    runtime: Runtime, kind: str, holder: str, returned: Returned, address: str
) -> AcquisitionPage:
    """Finish a sign-in: keep, encrypted, what the network tells of what the page asks.

    Raise `Refused`, `Closed`, `Conflict` or `ChannelError` with a sentence; nothing is kept then.
    """
    row = _use_up(runtime, kind, holder, returned.state)
    page = runtime.session.get_one(AcquisitionPage, row.page_id)
    try:
        shown = publishing.shown(runtime, page, row.number)
        if shown is None:
            raise Closed(_("This page is closed. Nothing of you was kept."))
        if not row.takes_back:
            visits.refuse_closed(shown)
        _refuse_nothing(runtime, page, row, returned)
        profile, allowed = _asked(runtime, shown, row, returned.code)
        if profile.person.remote_id in own_accounts.remote_ids(runtime, kind):
            raise Conflict(_("This is an account of the house, and shares nothing with itself."))
    except (FanfareError, ChannelError):
        visits.forget(runtime, row)
        raise
    told = _told(runtime, shown, row, (profile, allowed))
    _keep(runtime, row, profile.person.remote_id, told)
    if not row.takes_back:
        counting.count(runtime, page, row.source, "signed_in")
    throttle.forgive(runtime, throttle.of_page_sign_in(address))
    runtime.session.commit()
    return page


def _keep(runtime: Runtime, row: AcquisitionVisit, remote_id: str, told: Told) -> None:
    """Keep, encrypted, what the network told; raise `Closed` where the page was closed meanwhile.

    Whoever closes a page deletes who is on their way, also while the network is asked.
    """
    known = json.dumps([told.handle, dict(told.values), list(told.withheld)])
    change = update(AcquisitionVisit).where(AcquisitionVisit.id == row.id)
    change = change.values(remote_id=remote_id, ciphertext=runtime.secret_box.encrypt(known))
    if updated(runtime.session, change) != 1:
        raise Closed(_("This page is closed. Nothing of you was kept."))


def _use_up(runtime: Runtime, kind: str, holder: str, state: str) -> AcquisitionVisit:
    """Take a sign-in for its one answer; raise `Conflict` for any that is not this browser's."""
    found = select(AcquisitionVisit).where(AcquisitionVisit.state_hash == pkce.hash_of(state))
    row = runtime.session.scalar(found)
    page = runtime.session.get(AcquisitionPage, row.page_id) if row else None
    if (
        row is None
        or page is None
        or page.service.kind != kind
        or row.holder != visits.hash_of(holder)
    ):
        raise Conflict(
            _("This browser did not begin that sign-in, or it is over. Nothing was kept.")
        )
    free = AcquisitionVisit.id == row.id, AcquisitionVisit.used_at.is_(None)
    taken = runtime.session.execute(
        update(AcquisitionVisit)
        .where(*free)
        .values(used_at=runtime.clock.system())
        .returning(AcquisitionVisit.id)
        .execution_options(synchronize_session=False)
    )
    mine = taken.first() is not None
    runtime.session.commit()
    if not mine:
        raise Conflict(_("This sign-in came back once already. Begin a new one."))
    if visits.is_over(runtime, row):
        visits.forget(runtime, row)
        raise Conflict(_("This sign-in took longer than half an hour. Begin a new one."))
    return row


def _refuse_nothing(
    runtime: Runtime, page: AcquisitionPage, row: AcquisitionVisit, returned: Returned
) -> None:
    if returned.error == REFUSED:
        if not row.takes_back:
            counting.count(runtime, page, row.source, "refused")
        raise Refused(_("You allowed nothing, so nothing of you was read or kept."))
    if returned.error or not returned.code:
        raise Conflict(_("The sign-in ended with an error, so nothing of you was kept."))


def _asked(
    runtime: Runtime, shown: Shown, row: AcquisitionVisit, code: str
) -> tuple[SharedProfile, frozenset[str]]:
    """Ask the network who it is, with no transaction open; its tokens are kept nowhere."""
    channel = runtime.registry.get(shown.page.service.kind)
    service = shown.page.service
    context = context_of(runtime, service, readable(runtime, service.id))
    try:
        request = visits.request_of(channel, pkce.opened(runtime, row.ciphertext), row, shown)
    except UnreadableSecret as cause:
        raise Conflict(_("This sign-in is over. Begin a new one.")) from cause
    runtime.session.commit()
    granted = tokens.exchange(channel, context, request, code)
    return tokens.profile(channel, context, granted), granted.scopes


def _told(
    runtime: Runtime,
    shown: Shown,
    row: AcquisitionVisit,
    answered: tuple[SharedProfile, frozenset[str]],
) -> Told:
    """Return of all that the network told what the page asks, and nothing else."""
    profile, allowed = answered
    if row.takes_back:
        return Told(handle=profile.person.handle)
    known = declared.shared_fields(runtime.registry.get(shown.page.service.kind))
    asked = [name for name in shown.content.fields if name in known]
    values = {name: profile.shared.get(name, "") for name in asked}
    if LANGUAGE in shown.content.fields:
        # The one that they read the page in, where the network tells no other.
        values = {LANGUAGE: row.language} | {name: text for name, text in values.items() if text}
    return Told(
        handle=profile.person.handle,
        values={name: text for name, text in values.items() if text},
        withheld=[name for name in asked if not set(known[name]) <= allowed],
    )


@requires(Permission.PUBLIC)
def signed_in(runtime: Runtime, slug: str, holder: str) -> Signed:
    """Return who is asked on a page in this browser; raise `NotFound` where nobody is."""
    row = runtime.session.scalar(
        select(AcquisitionVisit)
        .where(
            AcquisitionVisit.holder == visits.hash_of(holder),
            AcquisitionVisit.remote_id.is_not(None),
        )
        .order_by(AcquisitionVisit.id.desc())
        .limit(1)
    )
    page = runtime.session.get(AcquisitionPage, row.page_id) if row else None
    if row is None or page is None or page.slug != slug or visits.is_over(runtime, row):
        raise NotFound(_("This sign-in is over. Begin a new one."))
    shown = publishing.shown(runtime, page, row.number)
    if shown is None:
        raise NotFound(_("There is no such page."))
    try:
        handle, values, withheld = json.loads(runtime.secret_box.decrypt(row.ciphertext))
    except UnreadableSecret as cause:
        raise NotFound(_("This sign-in is over. Begin a new one.")) from cause
    told = Told(handle=handle, values=values, withheld=withheld)
    return Signed(visit=row, shown=shown, told=told)


@requires(Permission.PUBLIC)
def refuse(runtime: Runtime, signed: Signed) -> None:
    """Keep nothing of somebody who accepts nothing, but that one more did so."""
    visits.take(runtime, signed.visit)
    if not signed.visit.takes_back:
        counting.count(runtime, signed.shown.page, signed.visit.source, "refused")
    runtime.session.commit()
