"""What somebody accepts on a page: only that becomes a visitor, a profile, and rows of consents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from channels import Person
from webapp.acquisition import asked, counting, visits
from webapp.acquisition.content import Words
from webapp.acquisition.models import AcquisitionAnswer, PageKind
from webapp.acquisition.returning import Signed
from webapp.audience import erased
from webapp.audience.bulk import upserts
from webapp.audience.consents import ledger, wordings
from webapp.audience.consents.ledger import Said
from webapp.audience.consents.wordings import Wording
from webapp.audience.inbox import inbound_messages
from webapp.audience.models import Answer, ConsentScope, ConsentSource, Subscription, Visitor
from webapp.kernel.audit import Actor
from webapp.kernel.i18n import _
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.profiles import contacts
from webapp.profiles.models import Origin
from webapp.profiles.reconciliation import reconcile
from webapp.profiles.reconciliation.reconcile import Outcome, Shared
from webapp.profiles.values import Source

# Who did it, as the audit names them: nobody whom an erasure would have to take out.
READER = Actor(name="reader")
ORIGIN = "page"
MADE = {Outcome.MADE, Outcome.LINKED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What somebody accepted: the fields that they switched on, what they typed, how to write."""

    switched: frozenset[str] = frozenset()
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    scopes: frozenset[str] = frozenset()


def values_of(signed: Signed, accepted: Accepted) -> dict[str, str]:
    """Return what somebody shares, by the fields that the page asks.

    What the network told is shared as it told it, where it was switched on; in a form what stands
    in a field is shared, whoever wrote it there.
    """
    found = {}
    for name in signed.shown.content.fields:
        told = signed.told.values.get(name, "")
        if told and signed.shown.page.kind is PageKind.SHARE:
            value = told if name in accepted.switched else ""
        else:
            value = accepted.typed.get(name, "").strip()
        if value:
            found[name] = value
    return found


def as_profile(values: Mapping[str, str]) -> dict[str, str]:
    """Return the same by the fields of a profile, which knows a name in two parts."""
    told = {name: value for name, value in values.items() if name != asked.NAME}
    whole = " ".join(values.get(asked.NAME, "").split())
    if whole:
        first, _blank, last = whole.partition(" ")
        told |= {"first_name": first, "last_name": last}
    return told


def typed_of(signed: Signed, values: Mapping[str, str]) -> frozenset[str]:
    """Return the fields of a profile that the network did not tell so, letter by letter."""
    told = signed.told.values
    typed = {name: text for name, text in values.items() if text != told.get(name, "").strip()}
    return frozenset(as_profile(typed))


@requires(Permission.PUBLIC)
def accept(runtime: Runtime, signed: Signed, accepted: Accepted) -> Outcome:
    """Keep what somebody accepted, and forget the rest; raise `Invalid` by the fields of a profile.

    Raise `Closed` where the page was closed meanwhile.
    """
    visits.refuse_closed(signed.shown)
    runtime = runtime.acting_as(READER)
    page, values = signed.shown.page, values_of(signed, accepted)
    # Before any row is locked that somebody else may hold.
    contacts.alone(runtime)
    visits.take(runtime, signed.visit)
    visitor = _visitor(runtime, signed, values)
    tie = inbound_messages.subscription(runtime, page.service, visitor.id)
    scopes = [scope for scope in signed.shown.content.scopes if scope.value in accepted.scopes]
    shared = Shared(
        values=as_profile(values),
        source=Source(origin=Origin.PAGE, about=page.label, typed=typed_of(signed, values)),
        mode=signed.shown.content.mode,
    )
    outcome = reconcile.take_in(runtime, visitor.id, shared).outcome
    _write_down(runtime, signed, tie, list(values), scopes)
    is_new = _keep_answer(runtime, signed, visitor, list(values), scopes)
    steps = ["consented", *(["profiles"] if is_new and outcome in MADE else [])]
    counting.count(runtime, page, signed.visit.source, *steps)
    runtime.record("visitor.share", visitor, page=page.label, version=signed.shown.number)
    runtime.session.commit()
    return outcome


def _visitor(runtime: Runtime, signed: Signed, values: Mapping[str, str]) -> Visitor:
    """Return the person as a visitor, who comes back by their own wish where they were erased."""
    page, remote_id = signed.shown.page, signed.visit.remote_id or ""
    erased.came_back(runtime, page.service.kind, [remote_id])
    wanted = select(Visitor).where(
        Visitor.kind == page.service.kind, Visitor.remote_id == remote_id
    )
    known = runtime.session.scalar(wanted)
    # A name that is the id replaces none that is known: the person did not share theirs here.
    unsaid = remote_id if known else signed.told.handle
    told = signed.told.values.get(asked.NAME, "") if asked.NAME in values else ""
    person = Person(remote_id=remote_id, handle=signed.told.handle, name=told or unsaid)
    upserts.visitors(runtime, page.service, [person], origin=ORIGIN)
    found = runtime.session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise LookupError(remote_id)
    return found


def _write_down(
    runtime: Runtime,
    signed: Signed,
    tie: Subscription,
    fields: Sequence[str],
    scopes: Sequence[ConsentScope],
) -> None:
    """Add a row of consents for the profile, and one for each way to write that was accepted."""
    words = signed.shown.content.in_language(signed.visit.language)
    rows = {ConsentScope.PROFILE: _shared_words(runtime, words, fields)}
    rows |= {scope: words.agreements.get(scope.value, "") for scope in scopes}
    for scope, text in rows.items():
        wording = Wording(
            text=text, version=str(signed.shown.number), language=signed.visit.language
        )
        said = Said(
            answer=Answer.OPT_IN,
            source=ConsentSource.PAGE,
            at=runtime.now(),
            scope=scope,
            purpose=words.title,
            fields=("username", *fields) if scope is ConsentScope.PROFILE else (),
            wording_id=wordings.number_of(runtime, wording),
            proof=f"/p/{signed.shown.page.slug}",
            reference=f"{signed.shown.page.slug}/{signed.shown.number}",
            text_hash=signed.shown.seal,
        )
        ledger.append(runtime, tie, said)


def _shared_words(runtime: Runtime, words: Words, fields: Sequence[str]) -> str:
    """Return what somebody read about what they shared, line by line."""
    names = {item.name: item.words for item in asked.every(runtime)}
    lines = [f"{names.get(name, name)}: {words.purposes.get(name, '')}" for name in fields]
    return "\n".join([words.title, words.text, _("Username"), *lines])


def _keep_answer(
    runtime: Runtime,
    signed: Signed,
    visitor: Visitor,
    fields: Sequence[str],
    scopes: Sequence[ConsentScope],
) -> bool:
    """Note what somebody accepted last on a page; tell whether it is the first time."""
    key = (signed.shown.page.id, visitor.id)
    row = runtime.session.get(AcquisitionAnswer, key)
    is_new = row is None
    if row is None:
        row = AcquisitionAnswer(page_id=key[0], visitor_id=key[1], first_at=runtime.now())
        row.source = signed.visit.source
        runtime.session.add(row)
    row.number, row.language = signed.shown.number, signed.visit.language
    row.fields, row.scopes = list(fields), [scope.value for scope in scopes]
    row.answered_at = runtime.now()
    runtime.session.flush()
    return is_new
