"""Some rows of a file become profiles, or change those that are known: a few statements for all.

The rows of one lot see each other: of two rows with one address the second changes what the first
one made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import or_, select

from webapp.audience import erased
from webapp.kernel.runtime import Runtime
from webapp.kernel.text.csv_reading import Row
from webapp.profiles import addresses, contacts, tags, values
from webapp.profiles.fields import Fault, Values, Wrong
from webapp.profiles.models import Origin, Profile, Unclear
from webapp.profiles.reconciliation import candidates
from webapp.profiles.reconciliation.candidates import Found
from webapp.profiles.reconciliation.rule import Candidate, decide
from webapp.profiles.transfer import mapping
from webapp.profiles.transfer.mapping import Known, Reading
from webapp.profiles.values import EMAIL, Source, name_key_of, sort_key_of

# So many profiles with one name are compared for rows without anything to know them by.
MOST_ALIKE = 2_000
UNCLEAR = {Unclear.SEVERAL: Fault.SEVERAL, Unclear.CONTRADICTS: Fault.CONTRADICTS}


@dataclass(slots=True, kw_only=True)
class Planned:
    """What becomes of one profile: its id, or a number below zero for one that is to be made.

    `before` is what it said, `now` what it is to say, `sources` the line of each new value.
    """

    id: int
    before: dict[str, str]
    now: dict[str, str]
    lines: dict[str, int] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)

    @property
    def changed(self) -> dict[str, str]:
        """What differs."""
        return {name: text for name, text in self.now.items() if self.before.get(name) != text}


@dataclass(slots=True, kw_only=True)
class Done:
    """What became of some rows; `faults` are a line, the field at fault, and the code."""

    made: int = 0
    changed: int = 0
    same: int = 0
    faults: list[tuple[int, str, Fault]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    values: dict[str, str]
    tags: list[str]


def plan(
    runtime: Runtime, rows: Sequence[Row], how: Reading
) -> tuple[Done, Mapping[int, Planned], Mapping[int, str]]:
    """Say what rows would do; nothing is written. The last are the outcomes by their lines."""
    done = Done()
    lines = _readable(runtime, rows, how, done)
    told = [line.values for line in lines]
    found = candidates.of_many(runtime, told)
    weak = _weak(runtime, told)
    planned = _known(runtime, found, weak)
    alike: dict[str, list[int]] = {}
    for profile in weak:
        alike.setdefault(profile.sort_key, []).append(profile.id)
    outcomes: dict[int, str] = {}
    for line in lines:
        outcomes[line.number] = _place(line, how, found, alike, planned, done)
    return done, planned, outcomes


def _readable(runtime: Runtime, rows: Sequence[Row], how: Reading, done: Done) -> list[_Line]:
    lines: list[_Line] = []
    for number, cells in rows:
        try:
            row = mapping.read(cells, how)
        except Wrong as wrong:
            done.faults.append((number, wrong.field, wrong.fault))
        else:
            lines.append(_Line(number, row.values, row.tags))
    keys = {addresses.key_of(line.values.get("email", "")) for line in lines} - {""}
    gone = erased.among(runtime, EMAIL, keys)
    for line in list(lines):
        if addresses.key_of(line.values.get("email", "")) in gone:
            done.faults.append((line.number, "email", Fault.ERASED))
            lines.remove(line)
    return lines


def _is_weak(told: Values) -> bool:
    """Tell whether only a row that says the same can be the same: no rule links by so little."""
    return not told.get("email") and not (name_key_of(told) and told.get("birth_date"))


def _weak(runtime: Runtime, told: Sequence[Values]) -> list[Profile]:
    """Return profiles of which as little is known, with the names of these rows.

    Thousands may have one first name, so those with another phone number are not read, and of the
    others so many: beyond that a row without anything to know it by makes a profile again.
    """
    rows = [row for row in told if _is_weak(row)]
    keys = {sort_key_of(row) for row in rows} - {""}
    phones = {row["phone"] for row in rows if row.get("phone")}
    bare = {sort_key_of(row) for row in rows if not row.get("phone")}
    wanted = select(Profile).where(
        Profile.sort_key.in_(keys),
        Profile.email_key == "",
        Profile.birth_date.is_(None),
        or_(Profile.phone.in_(phones), Profile.sort_key.in_(bare)),
    )
    found = runtime.session.scalars(wanted.order_by(Profile.id).limit(MOST_ALIKE)) if keys else ()
    return list(found)


def _known(runtime: Runtime, found: Found, weak: Sequence[Profile]) -> dict[int, Planned]:
    rows = select(Profile).where(Profile.id.in_(found.ids()))
    read = runtime.session.scalars(rows.execution_options(populate_existing=True)).all()
    return {
        profile.id: Planned(id=profile.id, before=(said := values.of(profile)), now=dict(said))
        for profile in (*read, *weak)
    }


def _place(  # noqa: PLR0913, PLR0917 - the parts of one lot
    line: _Line,
    how: Reading,
    found: Found,
    alike: dict[str, list[int]],
    planned: dict[int, Planned],
    done: Done,
) -> str:
    """Let one row make or change a profile of the plan; return what it did."""
    decision = decide(line.values, found.candidates(line.values))
    if decision.unclear in UNCLEAR:
        done.faults.append((line.number, "email", UNCLEAR[decision.unclear]))
        return "wrong"
    meant = decision.profile_id
    if meant is None and _is_weak(line.values):
        meant = _alike(line.values, alike, planned)
    if meant is None:
        meant = -1 - sum(1 for number in planned if number < 0)
        planned[meant] = Planned(id=meant, before={}, now={})
        if _is_weak(line.values):
            alike.setdefault(sort_key_of(line.values), []).append(meant)
    profile = planned[meant]
    is_new = not profile.now
    _write(profile, line, how.known)
    found.add(_candidate(profile))
    if is_new:
        done.made += 1
        return "made"
    if profile.changed and any(number == line.number for number in profile.lines.values()):
        done.changed += 1
        return "changed"
    done.same += 1
    return "same"


def _alike(
    told: Values, alike: Mapping[str, Sequence[int]], planned: Mapping[int, Planned]
) -> int | None:
    """Return the profile that says all of this already, of which nothing tells somebody else."""
    for number in alike.get(sort_key_of(told), ()):
        if all(planned[number].now.get(name) == value for name, value in told.items()):
            return number
    return None


def _write(profile: Planned, line: _Line, known: Known) -> None:
    for name, value in line.values.items():
        before = profile.now.get(name)
        keeps = before is not None and (known is not Known.REPLACE or before == value)
        skips = known is Known.SKIP and profile.id > 0
        if not keeps and not skips:
            profile.now[name] = value
            profile.lines[name] = line.number
    profile.tags += [tag for tag in line.tags if tag not in profile.tags]


def _candidate(profile: Planned) -> Candidate:
    return Candidate(
        id=profile.id,
        email_key=addresses.key_of(profile.now.get("email", "")),
        name_key=name_key_of(profile.now),
        birth_date=profile.now.get("birth_date", ""),
    )


def apply(runtime: Runtime, rows: Sequence[Row], how: Reading, about: str) -> Done:
    """Take rows in; the caller commits. Nobody else makes or changes a profile meanwhile."""
    contacts.alone(runtime)
    done, planned, _outcomes = plan(runtime, rows, how)
    source = Source(origin=Origin.IMPORT, about=about)
    new = [item for item in planned.values() if item.id < 0]
    ids = values.new_many(runtime, [(item.now, _sources(item, source)) for item in new], source)
    changed = [item for item in planned.values() if item.id > 0 and item.changed]
    values.write_many(
        runtime, [(item.id, item.changed, _sources(item, source)) for item in changed]
    )
    tagged = [*zip(new, ids, strict=True), *((item, item.id) for item in planned.values())]
    _give_tags(runtime, {number: item.tags for item, number in tagged if number > 0})
    return done


def _sources(item: Planned, source: Source) -> dict[str, Source]:
    return {name: replace(source, line=line) for name, line in item.lines.items()}


def _give_tags(runtime: Runtime, theirs: Mapping[int, Sequence[str]]) -> None:
    by_name: dict[str, list[int]] = {}
    for number, names in theirs.items():
        for name in names:
            by_name.setdefault(name, []).append(number)
    for name in sorted(by_name):
        tags.give(runtime, tags.named(runtime, name).id, by_name[name])
