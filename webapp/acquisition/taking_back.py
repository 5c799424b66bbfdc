"""Somebody takes back on a page what they agreed to there, once they signed in again."""

from sqlalchemy import select

from webapp.acquisition import visits
from webapp.acquisition.answers import READER
from webapp.acquisition.returning import Signed
from webapp.audience.consents import ledger
from webapp.audience.consents.ledger import Said
from webapp.audience.consents.state import in_force
from webapp.audience.models import (
    Answer,
    Consent,
    ConsentScope,
    ConsentSource,
    Subscription,
    Visitor,
)
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.profiles import contacts

ANSWERED = (Answer.OPT_IN, Answer.OPT_OUT)


@requires(Permission.PUBLIC)
def held(runtime: Runtime, signed: Signed) -> list[ConsentScope]:
    """Return what somebody agreed to before, of this account, and did not take back since."""
    tie = _tie(runtime, signed)
    return _held(runtime, tie) if tie is not None else []


def _held(runtime: Runtime, tie: Subscription) -> list[ConsentScope]:
    mine = Consent.service_id == tie.service_id, Consent.visitor_id == tie.visitor_id
    rows = in_force(runtime.session.scalars(select(Consent).where(*mine)).all())
    found = []
    for scope in ConsentScope:
        said = [row for row in rows if row.scope is scope and row.answer in ANSWERED]
        last = max(said, key=lambda row: (row.at, row.id), default=None)
        if last is not None and last.answer is Answer.OPT_IN:
            found.append(scope)
    return found


def _tie(runtime: Runtime, signed: Signed) -> Subscription | None:
    service = signed.shown.page.service
    return runtime.session.scalar(
        select(Subscription)
        .join(Visitor, Visitor.id == Subscription.visitor_id)
        .where(
            Subscription.service_id == service.id,
            Visitor.kind == service.kind,
            Visitor.remote_id == signed.visit.remote_id,
        )
    )


@requires(Permission.PUBLIC)
def take_back(runtime: Runtime, signed: Signed) -> list[ConsentScope]:
    """Add a no to each yes of somebody, and return to what; nobody writes to them from now on."""
    runtime = runtime.acting_as(READER)
    contacts.alone(runtime)
    visits.take(runtime, signed.visit)
    tie = _tie(runtime, signed)
    scopes = _held(runtime, tie) if tie is not None else []
    if tie is not None and scopes:
        for scope in scopes:
            said = Said(
                answer=Answer.OPT_OUT,
                source=ConsentSource.PAGE,
                # An opt-in that a clock set back left ahead does not outlast it.
                at=max(filter(None, (runtime.now(), tie.opted_in_at))),
                scope=scope,
                proof=f"/p/{signed.shown.page.slug}",
                reference=f"{signed.shown.page.slug}/{signed.shown.number}",
            )
            ledger.append(runtime, tie, said)
        runtime.record("visitor.take_back", tie.visitor, page=signed.shown.page.label)
    runtime.session.commit()
    return scopes
