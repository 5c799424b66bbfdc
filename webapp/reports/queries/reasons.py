"""Why messages were not sent, from the counters of their deliveries."""

from collections import Counter
from typing import Any

from sqlalchemy import Select, func, select

from webapp.deliveries import kinds
from webapp.deliveries.counters import COMPLAINED
from webapp.deliveries.models import Arrival, Message, MessageCount, MessageState
from webapp.kernel.runtime import Runtime
from webapp.reports.period import Period
from webapp.reports.queries import chosen
from webapp.services.models import Service

LEFT_OUT = MessageState.IGNORED.value
ENDED = (MessageState.FAILED.value, MessageState.CANCELLED.value)
# What went out and came to nothing: told by networks afterwards, without another reason.
AFTERWARDS = (Arrival.BOUNCED.value, COMPLAINED)

Reasons = Counter[tuple[str, str]]


def by_reason(runtime: Runtime, service: Service, period: Period) -> Reasons:
    """Count what did not go out of the deliveries that began in these days, by state and reason."""
    began = chosen.began(service, period).subquery()
    ids = select(began.c.id)
    people = ids.where(began.c.family.in_(kinds.TO_PEOPLE))
    found: Reasons = Counter()
    for state, reason, number in runtime.session.execute(_counted(people)):
        found[state, reason or state] += int(number)
    public = ids.where(began.c.family.in_(kinds.PUBLIC))
    states = [MessageState(name) for name in (LEFT_OUT, *ENDED)]
    posts = select(Message.state, Message.reason).where(
        Message.delivery_id.in_(public), Message.service_id == service.id, Message.state.in_(states)
    )
    for state, reason in runtime.session.execute(posts):
        found[state.value, reason] += 1
    return +found


def _counted(ids: Select[Any]) -> Select[Any]:
    columns: Any = (MessageCount.state, MessageCount.reason)
    return (
        select(*columns, func.sum(MessageCount.number))
        .where(
            MessageCount.delivery_id.in_(ids),
            MessageCount.state.in_((LEFT_OUT, *ENDED, *AFTERWARDS)),
            MessageCount.number > 0,
        )
        .group_by(MessageCount.state, MessageCount.reason)
    )
