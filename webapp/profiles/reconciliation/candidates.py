"""The profiles that data may belong to, found by the indexes of address and of names."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, select

from webapp.kernel.runtime import Runtime
from webapp.profiles import addresses
from webapp.profiles.fields import Values
from webapp.profiles.models import NotSame, Profile
from webapp.profiles.reconciliation.rule import Candidate
from webapp.profiles.values import name_key_of

AT_ONCE = 500


def of(runtime: Runtime, given: Values, visitor_id: int) -> list[Candidate]:
    """Return who may be meant by what a visitor shared, but for whom they are said not to be."""
    others = select(NotSame.profile_id).where(NotSame.visitor_id == visitor_id)
    refused = set(runtime.session.scalars(others))
    found = of_many(runtime, [given]).candidates(given)
    return [one for one in found if one.id not in refused]


class Found:
    """The candidates for many rows, kept so that each row finds its own."""

    def __init__(self, rows: Iterable[Candidate]) -> None:
        """Keep the candidates by what finds them."""
        self._by_email: dict[str, list[Candidate]] = {}
        self._by_name: dict[str, list[Candidate]] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Candidate) -> None:
        """Let the rows behind find a profile that was made, or changed, by one of this lot."""
        for place, key in ((self._by_email, row.email_key), (self._by_name, row.name_key)):
            if key:
                others = [one for one in place.get(key, ()) if one.id != row.id]
                place[key] = [*others, row]

    def ids(self) -> set[int]:
        """Return who was found, by id."""
        places = (self._by_email, self._by_name)
        return {one.id for place in places for found in place.values() for one in found}

    def candidates(self, given: Values) -> list[Candidate]:
        """Return who may be meant by some values, each once."""
        by_email = self._by_email.get(addresses.key_of(given.get("email", "")), [])
        by_name = self._by_name.get(name_key_of(given), [])
        return list({one.id: one for one in (*by_email, *by_name)}.values())


def of_many(runtime: Runtime, rows: Sequence[Values]) -> Found:
    """Return who may be meant by many rows, in a few statements."""
    emails = {addresses.key_of(row.get("email", "")) for row in rows} - {""}
    # A name alone finds thousands; only with a birth date does it say anything.
    names = {name_key_of(row) for row in rows if row.get("birth_date")} - {""}
    found: dict[int, Candidate] = {}
    for some in _lots(emails):
        found |= _read(runtime, Profile.email_key.in_(some))
    for some in _lots(names):
        found |= _read(runtime, Profile.name_key.in_(some) & Profile.birth_date.is_not(None))
    return Found(found.values())


def _read(runtime: Runtime, condition: ColumnElement[bool]) -> dict[int, Candidate]:
    wanted = select(Profile.id, Profile.email_key, Profile.name_key, Profile.birth_date)
    rows = runtime.session.execute(wanted.where(condition))
    return {
        number: Candidate(
            id=number,
            email_key=email,
            name_key=name,
            birth_date=born.isoformat() if born else "",
        )
        for number, email, name, born in rows
    }


def _lots(found: Collection[str]) -> Iterable[Sequence[str]]:
    keys = sorted(found)
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]
