"""Profiles by hand: one is made, changed, tagged, removed."""

from collections.abc import Sequence

from sqlalchemy import delete, or_, select

from webapp.audience import erased
from webapp.kernel.db import hold
from webapp.kernel.errors import Conflict, Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.profiles import addresses, fields, values
from webapp.profiles.fields import Values, Wrong
from webapp.profiles.models import Origin, Profile, ProfileMerge
from webapp.profiles.places import WAITED_FOR
from webapp.profiles.values import Source

BY_HAND = Source(origin=Origin.HAND)


@requires(Permission.VIEW)
def get(runtime: Runtime, profile_id: int) -> Profile:
    """Return one profile; raise `NotFound`."""
    found = runtime.session.get(Profile, profile_id)
    if found is None:
        raise NotFound(_("There is no such profile."))
    return found


def alone(runtime: Runtime) -> None:
    """Let nobody else write to profiles, nor erase anybody, before the transaction ends.

    Whoever writes to one calls it before any row is locked: who waits for the table while holding a
    row of it would be waited for.
    """
    erased.read_in(runtime)
    hold(runtime.session, Profile)


def locked(runtime: Runtime, *ids: int) -> list[Profile]:
    """Return profiles as they are now, for a change of them; raise `NotFound`."""
    alone(runtime)
    rows = select(Profile).where(Profile.id.in_(ids)).execution_options(populate_existing=True)
    read = runtime.session.scalars(rows)
    found = {row.id: row for row in read}
    if set(ids) - set(found):
        raise NotFound(_("There is no such profile."))
    return [found[number] for number in ids]


@requires(Permission.VIEW)
def with_email(runtime: Runtime, email: str, but: int | None = None) -> Sequence[Profile]:
    """Return the profiles with an address, the oldest first."""
    key = addresses.key_of(email)
    if not key:
        return []
    rows = select(Profile).where(Profile.email_key == key, Profile.id != (but or 0))
    return runtime.session.scalars(rows.order_by(Profile.id).limit(10)).all()


@requires(Permission.WRITE)
def create(runtime: Runtime, given: Values, *, twice: bool = False) -> Profile:
    """Make a profile; raise `Invalid` with a sentence for each field at fault.

    An address that another profile has is refused, but for `twice`: people may share one.
    """
    told = _read(given)
    alone(runtime)
    _refuse_known(runtime, told, twice=twice)
    profile = values.new(runtime, told, BY_HAND)
    runtime.record("profile.create", profile)
    runtime.session.commit()
    return profile


@requires(Permission.WRITE)
def edit(
    runtime: Runtime, profile_id: int, given: Values, *, version: int, twice: bool = False
) -> Profile:
    """Change a profile; raise `Invalid` as `create` does.

    `version` is what the operator saw: raise `Conflict` where somebody changed it since.
    """
    told = _read(given)
    profile = locked(runtime, profile_id)[0]
    if profile.version != version:
        raise Conflict(_("Somebody changed this profile meanwhile. Look at it again."))
    new = values.differing(profile, told)
    if not fields.names_somebody(values.of(profile) | new):
        raise _nobody()
    if "email" in new:
        _refuse_known(runtime, new, twice=twice, but=profile.id)
    if new:
        values.write(runtime, profile, new, BY_HAND)
        runtime.record("profile.edit", profile, fields=sorted(new))
    runtime.session.commit()
    return profile


@requires(Permission.WRITE)
def remove(runtime: Runtime, profile_id: int) -> None:
    """Remove a profile; the visitors that it was stay, and belong to none.

    Raise `Conflict` where the person waits to be erased: their wish would be lost with it.
    """
    profile = locked(runtime, profile_id)[0]
    refuse_waited_for(runtime, profile.id)
    runtime.record("profile.remove", profile)
    discard(runtime, profile.id)
    runtime.session.commit()


def refuse_waited_for(runtime: Runtime, *ids: int) -> None:
    """Raise `Conflict` where the person of one of these profiles waits to be erased."""
    if any(WAITED_FOR.ask(runtime, ids)):
        raise Conflict(_("This person asked to be erased. Do that first, or take the wish back."))


def discard(runtime: Runtime, profile_id: int) -> None:
    """Delete the row of a profile with all that leans on it; the caller commits."""
    # Both sides of a merge say what the profile was, also of those that went into it long before.
    whole = went_into(runtime, profile_id)
    merges = or_(ProfileMerge.kept_id.in_(whole), ProfileMerge.gone_id.in_(whole))
    runtime.session.execute(delete(ProfileMerge).where(merges))
    runtime.session.execute(delete(Profile).where(Profile.id == profile_id))
    runtime.session.flush()


def went_into(runtime: Runtime, profile_id: int) -> set[int]:
    """Return a profile with all that were merged into it, or into one of these, by their ids."""
    known, new = {profile_id}, {profile_id}
    while new:
        rows = select(ProfileMerge.gone_id).where(ProfileMerge.kept_id.in_(new))
        new = set(runtime.session.scalars(rows)) - known
        known |= new
    return known


def _read(given: Values) -> dict[str, str]:
    """Return values as they are kept; raise `Invalid` with all that is wrong."""
    told, faults = {}, {}
    for name, text in given.items():
        try:
            told[name] = fields.read(name, text)
        except Wrong as wrong:
            faults[name] = fields.fault_words(wrong.fault)
    if faults:
        raise Invalid(_("Some of these cannot be kept."), faults)
    if not fields.names_somebody(told) and set(told) >= set(fields.NAMES):
        raise _nobody()
    return told


def _nobody() -> Invalid:
    fault = _("Write a name, an e-mail address or a phone number.")
    return Invalid(fault, {"first_name": fault})


def _refuse_known(runtime: Runtime, told: Values, *, twice: bool, but: int | None = None) -> None:
    known = with_email(runtime, told.get("email", ""), but)
    if known and not twice:
        fault = _("%(name)s has this address already.", name=known[0].shown_name)
        raise Invalid(fault, {"email": fault, "twice": _("Tick this if they share it.")})
