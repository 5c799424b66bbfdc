"""People whom nobody writes to, whatever comes to tie them to an account.

Somebody asked to be erased, and before that is done another account reads them in, or hears from
them: nothing on that account says yet that they want no messages.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from webapp.audience.consents import ledger
from webapp.audience.consents.ledger import Said
from webapp.audience.models import Answer, ConsentSource, Subscription
from webapp.kernel.panels import Place
from webapp.kernel.runtime import Runtime
from webapp.services.models import Service

# Domains above tell who wants so, by the id of the visitor, and since when.
LEFT_ALONE: Place[[], Mapping[int, datetime]] = Place("person/left_alone")


def withhold(runtime: Runtime, service: Service, visitor_ids: Collection[int]) -> None:
    """Let what ties these people to an account hold a STOP of the moment when they wanted it.

    Who agrees after that opens it again, by their own wish. The caller commits.
    """
    meant = set(visitor_ids)
    told = (item for since in LEFT_ALONE.ask(runtime) for item in since.items())
    for number, at in [item for item in told if item[0] in meant]:
        free = Subscription.visitor_id == number, Subscription.opted_out_at.is_(None)
        mine = select(Subscription).where(Subscription.service_id == service.id, *free)
        for tie in runtime.session.scalars(mine):
            refusal = Said(answer=Answer.OPT_OUT, source=ConsentSource.ERASURE, at=at)
            ledger.append(runtime, tie, refusal)
