"""Why people were left out, from the counters of deliveries."""

from collections import Counter
from typing import Any

from sqlalchemy import Select, func, select

from webapp.deliveries import kinds
from webapp.deliveries.models import Message, MessageCount, MessageState
from webapp.kernel.runtime import Runtime
from webapp.reports.period import Period
from webapp.reports.queries import chosen
from webapp.reports.queries.failures import Reasons
from webapp.services.models import Service

LEFT_OUT = MessageState.IGNORED


def by_rule(runtime: Runtime, service: Service, period: Period) -> Reasons:
    """Count who was left out of the deliveries that began in these days, by state and reason."""
    began = chosen.began(service, period).subquery()
    ids = select(began.c.id)
    found: Reasons = Counter()
    people = ids.where(began.c.family.in_(kinds.TO_PEOPLE))
    for reason, number in runtime.session.execute(_counted(people)):
        found[LEFT_OUT.value, reason] += int(number)
    public = ids.where(began.c.family.in_(kinds.PUBLIC))
    posts = select(Message.reason).where(
        Message.delivery_id.in_(public), Message.service_id == service.id, Message.state == LEFT_OUT
    )
    found.update((LEFT_OUT.value, reason) for reason in runtime.session.scalars(posts))
    return +found


def _counted(ids: Select[Any]) -> Any:
    return (
        select(MessageCount.reason, func.sum(MessageCount.number))
        .where(
            MessageCount.delivery_id.in_(ids),
            MessageCount.state == LEFT_OUT.value,
            MessageCount.number > 0,
        )
        .group_by(MessageCount.reason)
    )
