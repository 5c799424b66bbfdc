"""What a profile says: read from its row, written into it with where each value came from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select

from webapp.audience import erased
from webapp.audience.names import words_of
from webapp.kernel.db import insert_into
from webapp.kernel.folding import fold
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.lengths import LONGEST
from webapp.profiles import addresses
from webapp.profiles.fields import BUILT_IN, OWN, Values
from webapp.profiles.models import Origin, Profile, ProfileWord

# How an address is kept of those who were erased, beside the ids on networks.
EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where values come from: `about` names the import or the page, `line` the row of a file.

    `typed` are the fields that a stranger wrote there: nobody confirmed that these are theirs.
    """

    origin: Origin
    about: str = ""
    line: int | None = None
    typed: frozenset[str] = frozenset()

    def kept(self, at: datetime, name: str) -> dict[str, Any]:
        """Return it as a profile keeps it for one value."""
        told = {"origin": self.origin.value, "about": self.about, "line": self.line}
        told |= {"typed": name in self.typed}
        return {name: value for name, value in told.items() if value} | {"at": at.isoformat()}


def of(profile: Profile) -> dict[str, str]:
    """Return what is known of a profile, as text."""
    told = {name: _text(getattr(profile, name)) for name in BUILT_IN}
    told |= {f"{OWN}{code}": str(value) for code, value in profile.own.items()}
    return {name: value for name, value in told.items() if value}


def _text(value: str | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""


def differing(profile: Profile, values: Values) -> dict[str, str]:
    """Return those of the values that the profile does not say already."""
    known = of(profile)
    return {name: value for name, value in values.items() if known.get(name, "") != value}


def missing(profile: Profile, values: Values) -> dict[str, str]:
    """Return those of the values of which the profile says nothing."""
    known = of(profile)
    return {name: value for name, value in values.items() if value and not known.get(name)}


def columns(values: Values) -> dict[str, Any]:
    """Return the columns of a row that says all of this, its keys and its own fields too."""
    told = {name: values.get(name, "") for name in BUILT_IN}
    born = told.pop("birth_date")
    own = {name.removeprefix(OWN): value for name, value in values.items() if name.startswith(OWN)}
    email_key = addresses.key_of(told["email"])
    return told | {
        "birth_date": date.fromisoformat(born) if born else None,
        "own": {code: value for code, value in own.items() if value},
        "name_key": name_key_of(values),
        "sort_key": sort_key_of(values),
        "email_key": email_key,
    }


def name_key_of(values: Values) -> str:
    """Return how a whole name is compared."""
    return fold(f"{values.get('first_name', '')} {values.get('last_name', '')}")[:LONGEST]


def sort_key_of(values: Values) -> str:
    """Return where somebody stands in a list by name: by the address or the number without one."""
    named = fold(f"{values.get('last_name', '')} {values.get('first_name', '')}")
    return named[:LONGEST] or addresses.key_of(values.get("email", "")) or values.get("phone", "")


def write(runtime: Runtime, profile: Profile, values: Values, source: Source) -> None:
    """Write values into a profile, and what finds it by them; the caller commits.

    `values` are those that differ: each is noted with its source, an empty one as taken away.
    """
    _assign(runtime, profile, values, dict.fromkeys(values, source))
    touch(runtime, profile)


def _assign(
    runtime: Runtime, profile: Profile, values: Values, sources: Mapping[str, Source]
) -> None:
    now = runtime.now()
    kept = profile.sources | {name: source.kept(now, name) for name, source in sources.items()}
    told = of(profile) | dict(values)
    for name, value in columns(told).items():
        setattr(profile, name, value)
    profile.sources = {name: source for name, source in kept.items() if told.get(name)}


def confirm(runtime: Runtime, profile: Profile, name: str) -> bool:
    """Note that a value is theirs who typed it; tell whether that is new. The caller commits."""
    source = dict(profile.sources.get(name) or {})
    if not source.pop("typed", False):
        return False
    confirmed = source | {"confirmed_at": runtime.now().isoformat()}
    profile.sources = profile.sources | {name: confirmed}
    if name == EMAIL:
        # Whoever was erased comes back by their own wish.
        erased.came_back(runtime, EMAIL, [profile.email_key])
    touch(runtime, profile)
    return True


def touch(runtime: Runtime, *profiles: Profile) -> None:
    """Note that profiles changed, and let search find them by their words; the caller commits."""
    for profile in profiles:
        profile.version = (profile.version or 0) + 1
        profile.changed_at = runtime.now()
    runtime.session.flush()
    ids = [profile.id for profile in profiles]
    index(runtime, [(row.id, row.name_key, row.email_key) for row in profiles], known=ids)


def index(runtime: Runtime, people: Iterable[tuple[int, str, str]], known: Sequence[int]) -> None:
    """Let search find profiles by their words, given as id and keys; `known` had others before."""
    if known:
        gone = delete(ProfileWord).where(ProfileWord.profile_id.in_(known))
        runtime.session.execute(gone, execution_options={"synchronize_session": False})
    rows = [
        {"word": word, "profile_id": number}
        for number, name_key, email_key in people
        for word in words_of(addresses.before_sign(email_key), name_key)
    ]
    if rows:
        runtime.session.execute(insert_into(runtime.session, ProfileWord.__table__), rows)


def new(runtime: Runtime, values: Values, source: Source) -> Profile:
    """Make a profile of values that name somebody; the caller commits."""
    told = {name: value for name, value in values.items() if value}
    # Whoever is written down by hand, or shares it again, comes back; no file brings them, and
    # nobody who only types the address.
    if EMAIL not in source.typed:
        erased.came_back(runtime, EMAIL, [addresses.key_of(told.get("email", ""))])
    (number,) = new_many(runtime, [(told, dict.fromkeys(told, source))], source)
    return runtime.session.get_one(Profile, number)


Told = tuple[Values, Mapping[str, Source]]


def new_many(runtime: Runtime, people: Sequence[Told], source: Source) -> list[int]:
    """Make a profile of each of some values with their sources; return the ids in that order."""
    if not people:
        return []
    now = runtime.now()
    shared = {"origin": source.origin, "origin_about": source.about, "version": 1}
    rows = [
        columns(values)
        | {"sources": {name: item.kept(now, name) for name, item in sources.items()}}
        | shared
        | {"created_at": now, "changed_at": now}
        for values, sources in people
    ]
    made = insert(Profile).returning(Profile.id, sort_by_parameter_order=True)
    ids = list(runtime.session.scalars(made, rows))
    keys = [
        (number, row["name_key"], row["email_key"]) for number, row in zip(ids, rows, strict=True)
    ]
    index(runtime, keys, known=[])
    return ids


def write_many(
    runtime: Runtime, changes: Sequence[tuple[int, Values, Mapping[str, Source]]]
) -> None:
    """Write values into profiles by their ids; the caller commits."""
    rows = select(Profile).where(Profile.id.in_([number for number, *_more in changes]))
    found = {row.id: row for row in runtime.session.scalars(rows)} if changes else {}
    for number, values, sources in changes:
        _assign(runtime, found[number], values, sources)
    if found:
        touch(runtime, *found.values())
