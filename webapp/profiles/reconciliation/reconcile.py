"""Takes what a visitor shared of themselves into the profile that it belongs to.

Whoever shares data says themselves who they are: an address may be somebody else's. So what they
share fills what a profile does not know, and replaces nothing but what they alone said before;
anything else waits for an operator. Nothing of a profile may be shown to them because of it.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select

from webapp.audience.models import Visitor
from webapp.kernel.errors import Invalid, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.profiles import addresses, contacts, fields, values
from webapp.profiles.fields import Values, Wrong
from webapp.profiles.models import LinkedBy, Profile, ProfileLink, Unclear, WaitingContact
from webapp.profiles.reconciliation import candidates
from webapp.profiles.reconciliation.rule import NEW, Decision, decide
from webapp.profiles.values import Source


class Mode(StrEnum):
    """How it is found out whose data these are; with `none` every visitor gets a new profile."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    NONE = "none"


# What finds a profile, by how it was found.
FOUND_BY = {LinkedBy.EMAIL: ("email",), LinkedBy.NAMES: (*fields.NAMES, "birth_date")}


class Outcome(StrEnum):
    """What became of shared data."""

    # The visitor had a profile already.
    KNOWN = "known"
    LINKED = "linked"
    MADE = "made"
    WAITS = "waits"
    # Nothing was shared that could be kept.
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What somebody shared, where, and how it is reconciled; values are text."""

    values: Values
    source: Source
    mode: Mode = Mode.AUTOMATIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """The profile that shared data went into; none where an operator is asked."""

    outcome: Outcome
    profile_id: int | None = None


@requires(Permission.WRITE)
def reconcile(runtime: Runtime, visitor_id: int, shared: Shared) -> Reconciled:
    """Take shared data into a profile, as `take_in` does, in a transaction of its own."""
    found = take_in(runtime, visitor_id, shared)
    runtime.session.commit()
    return found


def take_in(runtime: Runtime, visitor_id: int, shared: Shared) -> Reconciled:
    """Take what a visitor shared into the profile that it belongs to; the caller commits.

    It may be done again: the same data change nothing. Of two at once one waits for the other, so
    that nobody becomes two profiles. Raise `Invalid` with the fields at fault, `NotFound` where the
    visitor is gone. It asks for no permission: whoever shares says it of themselves.
    """
    told = _read(shared.values)
    contacts.alone(runtime)
    if runtime.session.get(Visitor, visitor_id) is None:
        raise NotFound(_("There is no such visitor."))
    link = runtime.session.get(ProfileLink, visitor_id, populate_existing=True)
    if link is not None:
        return _again(runtime, link, told, shared.source)
    if not told:
        return Reconciled(outcome=Outcome.NOTHING)
    decision = _decide(runtime, visitor_id, told, shared)
    if decision.unclear is not None:
        ask(runtime, visitor_id, told, shared.source, decision.unclear)
        return Reconciled(outcome=Outcome.WAITS)
    if decision.profile_id is None:
        profile = values.new(runtime, told, shared.source)
        join(runtime, visitor_id, profile, LinkedBy.MADE)
        return Reconciled(outcome=Outcome.MADE, profile_id=profile.id)
    profile = runtime.session.get_one(Profile, decision.profile_id, populate_existing=True)
    link = join(runtime, visitor_id, profile, decision.how or LinkedBy.EMAIL)
    _fill(runtime, link, told, shared.source)
    return Reconciled(outcome=Outcome.LINKED, profile_id=profile.id)


def _read(given: Values) -> dict[str, str]:
    faults, told = {}, {}
    for name, text in given.items():
        try:
            told[name] = fields.read(name, text)
        except Wrong as wrong:
            faults[name] = fields.fault_words(wrong.fault)
    if faults:
        raise Invalid(_("Some of these cannot be kept."), faults)
    return {name: value for name, value in told.items() if value}


def _decide(runtime: Runtime, visitor_id: int, told: Values, shared: Shared) -> Decision:
    if shared.mode is Mode.MANUAL:
        return Decision(unclear=Unclear.BY_HAND)
    if shared.mode is Mode.NONE:
        return NEW if fields.names_somebody(told) else Decision(unclear=Unclear.TOO_LITTLE)
    found = decide(told, candidates.of(runtime, told, visitor_id))
    return Decision(unclear=Unclear.BY_HAND) if _is_typed(runtime, found, shared.source) else found


def _is_typed(runtime: Runtime, found: Decision, source: Source) -> bool:
    """Tell whether a profile was found by what a stranger typed, on this side or on the other.

    Whoever types the address of somebody else would become that person, and erase them.
    """
    if found.profile_id is None or found.how is None:
        return False
    kept = runtime.session.get_one(Profile, found.profile_id).sources
    names = FOUND_BY[found.how]
    return any(name in source.typed or kept.get(name, {}).get("typed") for name in names)


def join(
    runtime: Runtime, visitor_id: int, profile: Profile, how: LinkedBy, note: str = ""
) -> ProfileLink:
    """Let a visitor be the person of a profile, and ask nobody about it; the caller commits."""
    by_hand = how is LinkedBy.HAND
    link = ProfileLink(
        visitor_id=visitor_id,
        profile=profile,
        how=how,
        note=note,
        linked_at=runtime.now(),
        linked_by=runtime.actor.name if by_hand else "",
    )
    runtime.session.add(link)
    settle(runtime, visitor_id)
    values.touch(runtime, profile)
    runtime.record("profile.link", profile, visitor=visitor_id, how=how.value)
    return link


def settle(runtime: Runtime, visitor_id: int) -> None:
    """Forget what waited of a visitor; the caller commits."""
    waits = runtime.session.get(WaitingContact, visitor_id)
    if waits is not None:
        runtime.session.delete(waits)
        runtime.session.flush()


def ask(runtime: Runtime, visitor_id: int, told: Values, source: Source, why: Unclear) -> None:
    """Keep shared data until an operator says whose they are; the caller commits."""
    row = WaitingContact(
        visitor_id=visitor_id,
        values=dict(told),
        origin=source.origin,
        origin_about=source.about,
        why=why,
        shared_at=runtime.now(),
    )
    runtime.session.merge(row)
    runtime.session.flush()


def _again(runtime: Runtime, link: ProfileLink, told: Values, source: Source) -> Reconciled:
    """Take newer data of somebody who has a profile: theirs count, where it is made of theirs."""
    profile = link.profile
    alone = select(func.count()).where(ProfileLink.profile_id == profile.id)
    mine = link.how is LinkedBy.MADE and runtime.session.scalar(alone) == 1
    theirs = {name for name in told if mine and _said_there(profile, name, source)}
    _write(runtime, link, {name: told[name] for name in theirs}, source)
    _fill(runtime, link, told, source)
    return Reconciled(outcome=Outcome.KNOWN, profile_id=profile.id)


def _said_there(profile: Profile, name: str, source: Source) -> bool:
    kept = profile.sources.get(name)
    return kept is None or kept.get("origin") == source.origin.value


def _fill(runtime: Runtime, link: ProfileLink, told: Values, source: Source) -> None:
    """Write what the profile does not know, and ask about what it knows otherwise."""
    profile = link.profile
    _write(runtime, link, values.missing(profile, told), source)
    left = values.differing(profile, told)
    if addresses.key_of(left.get("email", "")) == profile.email_key:
        left.pop("email", None)
    if left:
        ask(runtime, link.visitor_id, left, source, Unclear.CONTRADICTS)


def _write(runtime: Runtime, link: ProfileLink, told: Values, source: Source) -> None:
    new = values.differing(link.profile, told)
    if new:
        values.write(runtime, link.profile, new, source)
