"""Wishes to be erased: written down, shown, taken back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Executable, and_, or_, select, union_all
from sqlalchemy.orm import joinedload

from webapp.audience import own_accounts
from webapp.audience.consents import recording
from webapp.audience.consents.recording import Refusal
from webapp.audience.models import ConsentSource, Subscription, Visitor
from webapp.audience.visitors import people
from webapp.kernel.errors import Conflict, NotFound
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.privacy import subject
from webapp.privacy.models import ErasureWish, WishState
from webapp.privacy.subject import Subject
from webapp.profiles import contacts
from webapp.profiles.models import Profile, ProfileLink

SHOWN = 100


def open_one(runtime: Runtime, visitor: Visitor) -> ErasureWish | None:
    """Return the wish of a person that nobody fulfilled or took back yet."""
    return runtime.session.scalar(
        select(ErasureWish).where(
            ErasureWish.visitor_id == visitor.id, ErasureWish.state == WishState.ASKED
        )
    )


def waiting_since(runtime: Runtime) -> Mapping[int, datetime]:
    """Return whose wish waits, by the id of the visitor, and since when."""
    asked, whose = ErasureWish.state == WishState.ASKED, ErasureWish.visitor_id
    rows = select(whose, ErasureWish.asked_at).where(asked, whose.is_not(None))
    of_profiles = (
        select(ProfileLink.visitor_id, ErasureWish.asked_at)
        .join(ErasureWish, ErasureWish.profile_id == ProfileLink.profile_id)
        .where(asked)
    )
    # One statement: each page of people that is read asks this.
    both: Executable = union_all(rows, of_profiles)
    found: dict[int, datetime] = {}
    for number, at in runtime.session.execute(both):
        found[number] = min(at, found.get(number, at))
    return found


@requires(Permission.ADMIN)
def newest(runtime: Runtime) -> Sequence[ErasureWish]:
    """Return the wishes, those that wait first, then the newest."""
    known = or_(ErasureWish.visitor_id.is_not(None), ErasureWish.profile_id.is_not(None))
    waits = and_(ErasureWish.state == WishState.ASKED, known)
    wanted = select(ErasureWish).options(
        joinedload(ErasureWish.visitor), joinedload(ErasureWish.profile)
    )
    ordered = wanted.order_by(waits.desc(), ErasureWish.id.desc())
    return runtime.session.scalars(ordered.limit(SHOWN)).all()


@requires(Permission.VIEW)
def get(runtime: Runtime, wish_id: int) -> ErasureWish:
    """Return one wish; raise `NotFound`."""
    return _get(runtime, wish_id)


def _get(runtime: Runtime, wish_id: int) -> ErasureWish:
    found = runtime.session.get(ErasureWish, wish_id)
    if found is None:
        raise NotFound(_("There is no such wish."))
    return found


@requires(Permission.WRITE)
def ask(runtime: Runtime, visitor_id: int) -> ErasureWish:
    """Write down that somebody wants to be erased; nobody writes to them from now on.

    Whoever asked before has that wish still. Raise `Conflict` for an account of the house.
    """
    return write_down(runtime, people.get(runtime, visitor_id))


def write_down(runtime: Runtime, visitor: Visitor) -> ErasureWish:
    """Write a wish down, whoever has it; see `ask`. It commits."""
    # Locked, so that of two at once one wish is written down.
    ties = locked(runtime, visitor.id)
    known = open_one(runtime, visitor)
    if known is not None:
        runtime.session.rollback()
        return known
    if visitor.remote_id in own_accounts.remote_ids(runtime, visitor.kind):
        raise Conflict(_("This is an account of your own. Disconnect it under Services instead."))
    now = runtime.now()
    for tie in ties:
        recording.withhold(runtime, tie, Refusal(at=now, source=ConsentSource.ERASURE))
    wish = ErasureWish(
        visitor_id=visitor.id, state=WishState.ASKED, asked_at=now, asked_by=runtime.actor.name
    )
    runtime.session.add(wish)
    runtime.session.flush()
    runtime.record("erasure.ask", wish)
    runtime.session.commit()
    return wish


def waited_for(runtime: Runtime, profile_ids: Collection[int]) -> Collection[int]:
    """Return those of some profiles about which a wish waits."""
    mine = ErasureWish.profile_id.in_(profile_ids), ErasureWish.state == WishState.ASKED
    found = runtime.session.scalars(select(ErasureWish.profile_id).where(*mine))
    return [number for number in found if number is not None]


def open_one_of(runtime: Runtime, profile: Profile) -> ErasureWish | None:
    """Return the wish about a profile that nobody fulfilled or took back yet."""
    mine = ErasureWish.profile_id == profile.id, ErasureWish.state == WishState.ASKED
    return runtime.session.scalar(select(ErasureWish).where(*mine))


@requires(Permission.WRITE)
def ask_for_profile(runtime: Runtime, profile_id: int) -> ErasureWish:
    """Write down that the person of a profile wants to be erased, with all visitors that it is.

    Nobody writes to any of these from now on. Whoever asked before has that wish still.
    """
    profile = contacts.locked(runtime, profile_id)[0]
    known = open_one_of(runtime, profile)
    if known is not None:
        runtime.session.rollback()
        return known
    now = runtime.now()
    for visitor in subject.of_profile(runtime, profile).visitors:
        for tie in locked(runtime, visitor.id):
            recording.withhold(runtime, tie, Refusal(at=now, source=ConsentSource.ERASURE))
    wish = _written(runtime, profile, now)
    runtime.session.commit()
    return wish


def leave_to_operators(runtime: Runtime, profile: Profile) -> None:
    """Write down that somebody who may be the person of a profile was erased; the caller commits.

    Anybody can write the address of somebody else: an administrator looks before more is erased.
    """
    if open_one_of(runtime, profile) is None:
        _written(runtime, profile, runtime.now())


def _written(runtime: Runtime, profile: Profile, at: datetime) -> ErasureWish:
    wish = ErasureWish(
        profile_id=profile.id, state=WishState.ASKED, asked_at=at, asked_by=runtime.actor.name
    )
    runtime.session.add(wish)
    runtime.session.flush()
    runtime.record("erasure.ask", wish)
    return wish


def locked(runtime: Runtime, visitor_id: int) -> Sequence[Subscription]:
    """Lock a person, then what ties them to accounts, and return that; raise `NotFound`.

    Whoever writes to a message of theirs, too, locks these first.
    """
    person = select(Visitor.id).where(Visitor.id == visitor_id).with_for_update()
    if runtime.session.scalar(person) is None:
        raise NotFound(_("There is no such visitor."))
    ties = select(Subscription).where(Subscription.visitor_id == visitor_id)
    ordered = ties.order_by(Subscription.id).with_for_update(of=Subscription)
    return runtime.session.scalars(ordered.execution_options(populate_existing=True)).all()


@requires(Permission.WRITE)
def withdraw(runtime: Runtime, wish_id: int) -> ErasureWish:
    """Keep the person after all; that nobody writes to them stays, until they agree again."""
    wish, _whose = waiting(runtime, wish_id)
    end(runtime, wish, WishState.WITHDRAWN)
    runtime.record("erasure.withdraw", wish)
    runtime.session.commit()
    return wish


def waiting(runtime: Runtime, wish_id: int) -> tuple[ErasureWish, Subject]:
    """Return a wish that waits, locked, and whose it is; raise `Conflict` for one that is over."""
    wish = _get(runtime, wish_id)
    runtime.session.refresh(wish, with_for_update=True)
    if wish.state is not WishState.ASKED:
        raise Conflict(_("Somebody dealt with this wish already."))
    whose = subject.of_wish(runtime, wish)
    if whose is None:
        raise Conflict(_("This person is not stored any more."))
    return wish, whose


def end(runtime: Runtime, wish: ErasureWish, state: WishState) -> None:
    """Write who ended a wish, and how; the caller commits."""
    wish.state, wish.ended_at, wish.ended_by = state, runtime.now(), runtime.actor.name
