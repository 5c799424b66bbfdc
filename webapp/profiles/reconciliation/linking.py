"""Operators say which visitor a profile is, and which it is not."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.audience import own_accounts
from webapp.audience.visitors import people
from webapp.kernel.errors import Conflict, Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.lengths import LONGEST
from webapp.profiles import contacts, fields, values
from webapp.profiles.models import LinkedBy, NotSame, Profile, ProfileLink, WaitingContact
from webapp.profiles.reconciliation import reconcile
from webapp.profiles.values import Source


@requires(Permission.VIEW)
def of_profile(runtime: Runtime, profile: Profile) -> Sequence[ProfileLink]:
    """Return which visitors a profile is, the first linked first."""
    rows = select(ProfileLink).where(ProfileLink.profile_id == profile.id)
    ordered = rows.options(joinedload(ProfileLink.visitor)).order_by(ProfileLink.linked_at)
    return runtime.session.scalars(ordered.order_by(ProfileLink.visitor_id)).all()


@requires(Permission.VIEW)
def of_visitor(runtime: Runtime, visitor_id: int) -> ProfileLink | None:
    """Return what ties a visitor to a profile, with that."""
    with_profile = joinedload(ProfileLink.profile)
    return runtime.session.get(ProfileLink, visitor_id, options=[with_profile])


@requires(Permission.WRITE)
def link(runtime: Runtime, visitor_id: int, profile_id: int, note: str = "") -> ProfileLink:
    """Let a visitor be the person of a profile, with what waited of theirs.

    Raise `Conflict` where they belong to another one.
    """
    said = " ".join(note.split())
    if len(said) > LONGEST:
        fault = _("This is too long: at most %(n)s characters.", n=LONGEST)
        raise Invalid(fault, {"note": fault})
    profile = _free(runtime, visitor_id, profile_id)
    waits = runtime.session.get(WaitingContact, visitor_id)
    made = reconcile.join(runtime, visitor_id, profile, LinkedBy.HAND, said)
    if waits is not None:
        _take(runtime, profile, waits)
    runtime.session.commit()
    return made


def _free(runtime: Runtime, visitor_id: int, profile_id: int) -> Profile:
    """Return a profile that a visitor may be linked to, nobody else linking meanwhile."""
    contacts.alone(runtime)
    visitor = people.get(runtime, visitor_id)
    profile = contacts.get(runtime, profile_id)
    known = runtime.session.get(ProfileLink, visitor_id, populate_existing=True)
    if known is not None:
        raise Conflict(_("This visitor belongs to %(name)s.", name=known.profile.shown_name))
    if own_accounts.owns(runtime, visitor):
        raise Conflict(_("This is an account of your own, and nobody’s visitor."))
    refused = runtime.session.get(NotSame, (visitor_id, profile_id))
    if refused is not None:
        runtime.session.delete(refused)
    return profile


def _take(runtime: Runtime, profile: Profile, waits: WaitingContact) -> None:
    new = values.missing(profile, waits.values)
    if new:
        source = Source(origin=waits.origin, about=waits.origin_about)
        values.write(runtime, profile, new, source)


@requires(Permission.WRITE)
def unlink(runtime: Runtime, visitor_id: int) -> Profile:
    """Take a visitor out of the profile it belongs to; what the profile says stays."""
    contacts.alone(runtime)
    known = runtime.session.get(ProfileLink, visitor_id, populate_existing=True)
    if known is None:
        raise NotFound(_("This visitor belongs to no profile."))
    profile = known.profile
    let_go(runtime, known)
    runtime.session.commit()
    return profile


def let_go(runtime: Runtime, known: ProfileLink) -> None:
    """Take a visitor out of a profile, and remember that it is not the person; the caller commits.

    Nothing links or suggests the two again by itself.
    """
    profile = known.profile
    runtime.record("profile.unlink", profile, visitor=known.visitor_id)
    refuse(runtime, known.visitor_id, profile.id)
    runtime.session.delete(known)
    values.touch(runtime, profile)


@requires(Permission.WRITE)
def not_same(runtime: Runtime, visitor_id: int, profile_id: int) -> Profile:
    """Say that a visitor is not the person of a profile, so that nobody suggests it again."""
    people.get(runtime, visitor_id)
    profile = contacts.locked(runtime, profile_id)[0]
    refuse(runtime, visitor_id, profile_id)
    # A change as any: a merge that is undone afterwards would lose it.
    values.touch(runtime, profile)
    runtime.record("profile.not_same", profile, visitor=visitor_id)
    runtime.session.commit()
    return profile


def refuse(runtime: Runtime, visitor_id: int, profile_id: int) -> None:
    """Remember that two are not one person; the caller commits."""
    row = NotSame(
        visitor_id=visitor_id,
        profile_id=profile_id,
        said_at=runtime.now(),
        said_by=runtime.actor.name,
    )
    runtime.session.merge(row)
    runtime.session.flush()


@requires(Permission.WRITE)
def make_of(runtime: Runtime, visitor_id: int) -> Profile:
    """Make a new profile of what waits of a visitor, or of their name where nothing waits."""
    contacts.alone(runtime)
    visitor = people.get(runtime, visitor_id)
    known = runtime.session.get(ProfileLink, visitor_id, populate_existing=True)
    if known is not None:
        raise Conflict(_("This visitor belongs to %(name)s.", name=known.profile.shown_name))
    waits = runtime.session.get(WaitingContact, visitor_id)
    told = dict(waits.values) if waits else {}
    if not fields.names_somebody(told):
        told["first_name"], told["last_name"] = _parts(visitor.name or visitor.handle)
    source = Source(origin=waits.origin, about=waits.origin_about) if waits else contacts.BY_HAND
    profile = values.new(runtime, told, source)
    runtime.record("profile.create", profile)
    reconcile.join(runtime, visitor_id, profile, LinkedBy.HAND)
    runtime.session.commit()
    return profile


def _parts(name: str) -> tuple[str, str]:
    """Return the first word of a name and the rest of it."""
    first, _blank, last = name.strip()[:LONGEST].partition(" ")
    return first, last.strip()


@requires(Permission.WRITE)
def dismiss(runtime: Runtime, visitor_id: int) -> None:
    """Throw away what a visitor shared and waits; the profile they may have stays as it is."""
    waits = runtime.session.get(WaitingContact, visitor_id)
    if waits is None:
        raise NotFound(_("Nothing waits of this visitor."))
    runtime.record("profile.dismiss", waits.visitor)
    reconcile.settle(runtime, visitor_id)
    runtime.session.commit()


@requires(Permission.WRITE)
def accept(runtime: Runtime, visitor_id: int) -> Profile:
    """Let what a visitor shared replace what their profile says otherwise."""
    contacts.alone(runtime)
    waits = runtime.session.get(WaitingContact, visitor_id)
    known = runtime.session.get(ProfileLink, visitor_id, populate_existing=True)
    if waits is None or known is None:
        raise NotFound(_("Nothing waits of this visitor."))
    new = values.differing(known.profile, waits.values)
    source = Source(origin=waits.origin, about=waits.origin_about)
    reconcile.settle(runtime, visitor_id)
    values.write(runtime, known.profile, new, source)
    runtime.record("profile.edit", known.profile, fields=sorted(new))
    runtime.session.commit()
    return known.profile
