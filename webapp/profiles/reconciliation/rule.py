"""The rule by which data belong to a profile; it knows no database.

First the e-mail address, then names and birth date together, as they were given. A name alone never
links, what contradicts never links, and where several could be meant an operator is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.profiles import addresses
from webapp.profiles.fields import NAMES, Values
from webapp.profiles.models import LinkedBy, Unclear
from webapp.profiles.values import name_key_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What is compared of a profile."""

    id: int
    email_key: str
    name_key: str
    birth_date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The profile that is meant and by what; else why to ask, or neither where one is to be made.

    `unclear` is never said together with a profile.
    """

    profile_id: int | None = None
    how: LinkedBy | None = None
    unclear: Unclear | None = None


NEW = Decision()


def decide(given: Values, candidates: Sequence[Candidate]) -> Decision:
    """Say whose data these are, of all profiles with the same address, or names and birth date."""
    me = Candidate(
        id=0,
        email_key=addresses.key_of(given.get("email", "")),
        name_key=name_key_of(given),
        birth_date=given.get("birth_date", ""),
    )
    by_email = [one for one in candidates if me.email_key and one.email_key == me.email_key]
    if by_email:
        return _by_email(me, by_email)
    by_names = [one for one in candidates if _same_names(me, one)]
    if len(by_names) > 1:
        return Decision(unclear=Unclear.SEVERAL)
    if by_names:
        return Decision(profile_id=by_names[0].id, how=LinkedBy.NAMES)
    return NEW if is_enough(given) else Decision(unclear=Unclear.TOO_LITTLE)


def _by_email(me: Candidate, found: Sequence[Candidate]) -> Decision:
    agreeing = [one for one in found if _agree(me.birth_date, one.birth_date)]
    if not agreeing:
        return Decision(unclear=Unclear.CONTRADICTS)
    if len(agreeing) > 1:
        # People may share an address: then their names tell them apart.
        agreeing = [one for one in agreeing if me.name_key and one.name_key == me.name_key]
    if len(agreeing) == 1:
        return Decision(profile_id=agreeing[0].id, how=LinkedBy.EMAIL)
    return Decision(unclear=Unclear.SEVERAL)


def _same_names(me: Candidate, one: Candidate) -> bool:
    told = me.name_key and me.birth_date
    same = (me.name_key, me.birth_date) == (one.name_key, one.birth_date)
    return bool(told) and same and _agree(me.email_key, one.email_key)


def _agree(mine: str, other: str) -> bool:
    """Tell whether two values can both be true of one person: one is unknown, or they are equal."""
    return not mine or not other or mine == other


def is_enough(given: Values) -> bool:
    """Tell whether somebody can be known again by these: else every sharing made a new profile."""
    named = any(given.get(name) for name in NAMES)
    return bool(given.get("email") or given.get("phone") or (named and given.get("birth_date")))
