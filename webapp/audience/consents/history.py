"""Everything that somebody answered about being written to, as it was written down."""

from collections.abc import Sequence
from operator import attrgetter

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.audience.consents.state import in_force
from webapp.audience.models import Answer, Consent, ConsentScope, Subscription, Visitor
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime

MOST = 500


@requires(Permission.VIEW)
def of_person(runtime: Runtime, visitor: Visitor, most: int = MOST) -> Sequence[Consent]:
    """Return the answers of a person about all accounts, the newest first."""
    mine = select(Consent).where(Consent.visitor_id == visitor.id)
    mine = mine.options(joinedload(Consent.service))
    return runtime.session.scalars(mine.order_by(Consent.id.desc()).limit(most)).all()


def agreement(runtime: Runtime, tie: Subscription) -> Consent | None:
    """Return the opt-in that holds, if there is one."""
    rows = runtime.session.scalars(
        select(Consent)
        .where(Consent.service_id == tie.service_id, Consent.visitor_id == tie.visitor_id)
        .order_by(Consent.id)
    ).all()
    return proof_of(rows, tie, Answer.OPT_IN)


def proof_of(rows: Sequence[Consent], tie: Subscription, answer: Answer) -> Consent | None:
    """Return which of somebody's answers is the opt-in, or the opt-out, that an account knows."""
    at = tie.opted_in_at if answer is Answer.OPT_IN else tie.opted_out_at
    about = (tie.service_id, ConsentScope.MESSAGES, answer, at)
    mine = (row for row in rows if (row.service_id, row.scope, row.answer, row.at) == about)
    return max(in_force(list(mine)), key=attrgetter("id"), default=None)
