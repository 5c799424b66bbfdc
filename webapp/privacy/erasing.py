"""Erases a person: every record about them goes, or loses them, in one transaction.

Figures stay right: lines of messages and counters are kept, without anybody's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.audience import erased
from webapp.audience.models import Visitor
from webapp.audience.places import PERSONAL_DATA, Holding
from webapp.kernel.db import traces
from webapp.kernel.errors import Invalid
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.privacy import subject, wishes
from webapp.privacy.models import ErasureWish, WishState
from webapp.privacy.subject import Subject
from webapp.profiles.models import Profile
from webapp.profiles.personal_data import PROFILE, forget


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How many records of one kind there are about a person, in words, and what becomes of them."""

    holding: Holding
    number: int

    @property
    def words(self) -> str:
        """What is held."""
        return self.holding.label(self.number)


@requires(Permission.VIEW)
def held(runtime: Runtime, visitor: Visitor) -> Sequence[Held]:
    """Return what is stored about a person, kind by kind; kinds without a record are left out."""
    return records(runtime, visitor)


def records(runtime: Runtime, visitor: Visitor) -> Sequence[Held]:
    """Return the same for whoever was let in already, such as the person."""
    return records_of(runtime, subject.of_visitor(visitor))


@requires(Permission.VIEW)
def held_of(runtime: Runtime, whose: Subject) -> Sequence[Held]:
    """Return what is stored about a person, of all their visitors and their profile together."""
    return records_of(runtime, whose)


def records_of(runtime: Runtime, whose: Subject) -> Sequence[Held]:
    """Return the same for whoever was let in already."""
    found = []
    for holding in PERSONAL_DATA.ask(runtime):
        number = sum(holding.number(runtime, visitor) for visitor in whose.visitors)
        if whose.profile is not None and holding.name == PROFILE:
            number = 1
        found.append(Held(holding=holding, number=number))
    return [item for item in found if item.number]


@requires(Permission.VIEW)
def gone(runtime: Runtime, wish: ErasureWish) -> Sequence[Held]:
    """Return what was erased by a wish, kind by kind."""
    return [
        Held(holding=holding, number=wish.counts[holding.name])
        for holding in PERSONAL_DATA.ask(runtime)
        if holding.name in wish.counts
    ]


@requires(Permission.ADMIN)
def erase(runtime: Runtime, wish_id: int, name: str) -> ErasureWish:
    """Erase the person of a wish; `name` is their username, as whoever does it typed it.

    Raise `Invalid` for another name, and `Conflict` while a message to them is on its way or when
    the wish is over.
    """
    wish, whose = _waiting(runtime, wish_id)
    if not whose.is_named(name):
        fault = _("Type %(name)s, so that nobody else is erased.", name=whose.typed)
        raise Invalid(fault, {"name": fault})
    return _erase(runtime, wish, whose)


def fulfil(runtime: Runtime, wish_id: int) -> ErasureWish:
    """Erase the person of a wish at their own demand; raise `Conflict` as `erase` does."""
    return _erase(runtime, *_waiting(runtime, wish_id))


def _waiting(runtime: Runtime, wish_id: int) -> tuple[ErasureWish, Subject]:
    # Before any row is locked that somebody who waits for this may hold.
    erased.let_nobody_in(runtime)
    wish, whose = wishes.waiting(runtime, wish_id)
    for visitor in whose.visitors:
        wishes.locked(runtime, visitor.id)
    return wish, whose


def _erase(runtime: Runtime, wish: ErasureWish, whose: Subject) -> ErasureWish:
    found = records_of(runtime, whose)
    wish.counts = {item.holding.name: item.number for item in found}
    wishes.end(runtime, wish, WishState.ERASED)
    wish.visitor_id = wish.profile_id = None
    runtime.session.flush()
    # The last visitor of a profile takes it along.
    number = whose.profile.id if whose.profile is not None else 0
    for visitor in whose.visitors:
        for holding in PERSONAL_DATA.ask(runtime):
            holding.erase(runtime, visitor)
    left = runtime.session.get(Profile, number) if number else None
    if left is not None:
        forget(runtime, left)
    runtime.record("erasure.erase", wish)
    runtime.session.commit()
    traces.overwrite(runtime.session)
    return wish
