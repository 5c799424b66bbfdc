"""Some rows of a file become answers: a few statements for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from channels import Person
from webapp.audience import erased, left_alone, own_accounts
from webapp.audience.bulk import upserts
from webapp.audience.consent_files import lines
from webapp.audience.consent_files.faults import Fault, Wrong
from webapp.audience.consent_files.lines import Line
from webapp.audience.consent_files.mapping import Reading
from webapp.audience.consents import hearing, ledger, wordings
from webapp.audience.consents.ledger import Said
from webapp.audience.consents.wordings import Wording
from webapp.audience.models import Answer, Consent, ConsentSource, Subscription, Visitor
from webapp.kernel.folding import fold
from webapp.kernel.runtime import Runtime
from webapp.kernel.text import naming
from webapp.kernel.text.csv_reading import Row
from webapp.services.connection import accounts
from webapp.services.models import Service


@dataclass(slots=True, kw_only=True)
class Done:
    """What became of some rows, by their lines; `faults` also name the column at fault."""

    outcomes: dict[int, str] = field(default_factory=dict)
    faults: list[tuple[int, str, Fault]] = field(default_factory=list)

    def wrong(self, number: int, name: str, fault: Fault) -> None:
        """Note a row that is not taken in."""
        self.outcomes[number] = "wrong"
        self.faults.append((number, name, fault))

    def count(self, outcome: str) -> int:
        """Return how many rows had this outcome."""
        return sum(found == outcome for found in self.outcomes.values())


@dataclass(slots=True, kw_only=True)
class Meant:
    """A sound row with whom it is about; `visitor_id` is none of somebody who is to be made."""

    line: Line
    service: Service
    visitor_id: int | None


Known = dict[tuple[int, int], Subscription]


def plan(runtime: Runtime, rows: Sequence[Row], how: Reading) -> Done:
    """Say what rows would do; nothing is written."""
    done = Done()
    meant = _meant(runtime, rows, how, done)
    _outcomes(runtime, meant, _ties(runtime, meant), done)
    return done


def apply(runtime: Runtime, rows: Sequence[Row], how: Reading, reference: str) -> Done:
    """Take rows in; the caller commits, and keeps the erased away before it locks anything."""
    done = Done()
    meant = _meant(runtime, rows, how, done)
    # As whoever reads an inbox does: of two who write about one account the second waits, but not
    # who ends messages by a link, and holds the person meanwhile.
    for service in sorted({item.service.id for item in meant}):
        runtime.session.get(Service, service, with_for_update={"of": Service, "key_share": True})
    _make_people(runtime, meant)
    known = _ties(runtime, meant)
    _make_ties(runtime, meant, known)
    for item in meant:
        if item.line.answer is Answer.OPT_OUT:
            tie = known[item.service.id, item.visitor_id or 0]
            hearing.let_hold(runtime, tie, item.line.at)
    _outcomes(runtime, meant, known, done)
    new = [item for item in meant if done.outcomes[item.line.number] != "same"]
    numbers = wordings.numbers_of(runtime, [w for item in new if (w := item.line.wording)])
    said = [
        (known[item.service.id, item.visitor_id or 0], _said(item.line, numbers, reference))
        for item in sorted(new, key=lambda item: (item.visitor_id or 0, item.line.number))
    ]
    if said:
        ledger.append_all(runtime, said)
    return done


def _said(line: Line, numbers: Mapping[Wording, int], reference: str) -> Said:
    return Said(
        answer=line.answer,
        source=ConsentSource.IMPORT,
        at=line.at,
        purpose=line.purpose,
        wording_id=numbers[line.wording] if line.wording else None,
        proof=line.proof,
        reference=f"{reference}:{line.number}",
    )


def _meant(runtime: Runtime, rows: Sequence[Row], how: Reading, done: Done) -> list[Meant]:
    sound = []
    services = _accounts(runtime)
    for number, cells in rows:
        try:
            line = lines.read(number, cells, how, runtime.now())
            sound.append((line, _account(services, line)))
        except Wrong as wrong:
            done.wrong(number, wrong.field, wrong.fault)
    found = []
    for kind in {service.kind for _line, service in sound}:
        mine = [(line, service) for line, service in sound if service.kind == kind]
        found += _of_kind(runtime, kind, mine, done)
    return found


def _accounts(runtime: Runtime) -> Mapping[str, Service]:
    """Return the connected accounts by their names, where only one has it, and by their numbers."""
    every = accounts.every(runtime)
    names = [item.internal_name.casefold() for item in every]
    named = {name: item for name, item in zip(names, every, strict=True) if names.count(name) == 1}
    return {str(item.id): item for item in every} | named


def _account(services: Mapping[str, Service], line: Line) -> Service:
    found = services.get(naming.bare(line.account).casefold())
    if found is None:
        raise Wrong("account", Fault.ACCOUNT)
    return found


def _of_kind(
    runtime: Runtime, kind: str, rows: Sequence[tuple[Line, Service]], done: Done
) -> list[Meant]:
    ids = {line.network_id for line, _service in rows} - {""}
    keys = {key_of(line.username) for line, _service in rows if not line.network_id}
    people = _people(runtime, kind, ids, keys)
    ours = own_accounts.remote_ids(runtime, kind)
    gone = erased.among(runtime, kind, ids)
    found = []
    for line, service in rows:
        here = people[0].get(line.network_id) if line.network_id else None
        named = [] if line.network_id else people[1].get(key_of(line.username), [])
        remote_id = line.network_id or (named[0][1] if named else "")
        if len(named) > 1:
            done.wrong(line.number, "username", Fault.SEVERAL)
        elif not line.network_id and not named:
            done.wrong(line.number, "username", Fault.UNKNOWN)
        elif line.network_id in gone:
            done.wrong(line.number, "network_id", Fault.ERASED)
        elif remote_id in ours:
            done.wrong(line.number, "network_id" if line.network_id else "username", Fault.OWN)
        else:
            number = here if line.network_id else named[0][0]
            found.append(Meant(line=line, service=service, visitor_id=number))
    return found


def key_of(username: str) -> str:
    """Return how a username is compared, however it is written."""
    return fold(naming.bare(username))


def _people(
    runtime: Runtime, kind: str, ids: set[str], keys: set[str]
) -> tuple[dict[str, int], dict[str, list[tuple[int, str]]]]:
    """Return people by their ids on the network, and by their folded usernames."""
    mine = select(Visitor.id, Visitor.remote_id, Visitor.handle_key).where(Visitor.kind == kind)
    by_id = {
        row.remote_id: row.id
        for row in (runtime.session.execute(mine.where(Visitor.remote_id.in_(ids))) if ids else ())
    }
    by_name: dict[str, list[tuple[int, str]]] = {}
    for row in runtime.session.execute(mine.where(Visitor.handle_key.in_(keys))) if keys else ():
        by_name.setdefault(row.handle_key, []).append((row.id, row.remote_id))
    return by_id, by_name


def _make_people(runtime: Runtime, meant: Sequence[Meant]) -> None:
    """Write those whom only the file knows, so that a no holds when they come."""
    for service in {item.service.id: item.service for item in meant}.values():
        new = {
            item.line.network_id: item
            for item in meant
            if item.visitor_id is None and item.service.kind == service.kind
        }
        if not new:
            continue
        people = [
            Person(remote_id=number, handle=naming.bare(item.line.username) or number, name="")
            for number, item in sorted(new.items())
        ]
        upserts.visitors(runtime, service, people, origin="import")
        made, _named = _people(runtime, service.kind, set(new), set())
        for item in meant:
            if item.visitor_id is None and item.service.kind == service.kind:
                item.visitor_id = made[item.line.network_id]


def _ties(runtime: Runtime, meant: Sequence[Meant]) -> Known:
    pairs = {(item.service.id, item.visitor_id) for item in meant if item.visitor_id is not None}
    rows = select(Subscription).where(
        Subscription.visitor_id.in_({visitor for _service, visitor in pairs}),
        Subscription.service_id.in_({service for service, _visitor in pairs}),
    )
    found = runtime.session.scalars(rows.order_by(Subscription.id)) if pairs else ()
    return {(row.service_id, row.visitor_id): row for row in found}


def _make_ties(runtime: Runtime, meant: Sequence[Meant], known: Known) -> None:
    lacks = sorted({(item.service.id, item.visitor_id or 0) for item in meant} - known.keys())
    new = [Subscription(service_id=service, visitor_id=visitor) for service, visitor in lacks]
    runtime.session.add_all(new)
    runtime.session.flush()
    known |= {(row.service_id, row.visitor_id): row for row in new}
    for service in {item.service.id: item.service for item in meant}.values():
        mine = [row.visitor_id for row in new if row.service_id == service.id]
        if mine:
            left_alone.withhold(runtime, service, mine)


def _outcomes(runtime: Runtime, meant: Sequence[Meant], known: Known, done: Done) -> None:
    """Say what each row does, given what is known and what stands in the file before it."""
    before = _before(runtime, meant)
    moments: dict[tuple[int, Any], tuple[datetime | None, datetime | None]] = {}
    for item in meant:
        line, key = item.line, (item.service.id, item.visitor_id or item.line.network_id)
        tie = known.get((item.service.id, item.visitor_id or 0))
        into, out = moments.get(key) or (
            (tie.opted_in_at, tie.opted_out_at) if tie else (None, None)
        )
        same = (*key, line.answer, line.at, line.proof, line.purpose, _hash(line))
        stopped = out is not None and (into is None or into <= out)
        holds = line.answer is Answer.OPT_OUT and not line.is_dated and stopped
        if same in before or holds:
            done.outcomes[line.number] = "same"
            continue
        before.add(same)
        if line.answer is Answer.OPT_IN:
            done.outcomes[line.number] = "outdone" if out and line.at <= out else "agreed"
            into = max(filter(None, (into, line.at)))
        else:
            done.outcomes[line.number] = "outdone" if into and into > line.at else "refused"
            out = max(filter(None, (out, line.at)))
        moments[key] = (into, out)


def _hash(line: Line) -> str:
    return line.wording.hash if line.wording else ""


def _before(runtime: Runtime, meant: Sequence[Meant]) -> set[tuple[Any, ...]]:
    """Return what files said before of these people, so that one may be brought again."""
    people = {item.visitor_id for item in meant if item.visitor_id is not None}
    mine = Consent.visitor_id.in_(people), Consent.source == ConsentSource.IMPORT
    rows = select(Consent).where(*mine)
    return {
        (
            *(row.service_id, row.visitor_id, row.answer, row.at, row.proof, row.purpose),
            row.wording.hash if row.wording else "",
        )
        for row in runtime.session.scalars(rows)
    }
