"""When posts of an account were seen most: hour by weekday, compared and never tested.

Nobody was given a post by chance, so what was posted when may be the reason as well as the time.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from webapp.deliveries.kinds import PUBLIC
from webapp.deliveries.models import Message, MessageState, PostMetric
from webapp.experiments.statistics.shrinkage import Shrunk, shrunk
from webapp.kernel.permissions import Permission
from webapp.kernel.rights import requires
from webapp.kernel.runtime import Runtime
from webapp.kernel.time.days import day_of
from webapp.services.limits.windows import zone_of
from webapp.services.models import Service

# A post is told by its figure of this many days, so that older ones have no start on younger ones.
DAY, RIPE = timedelta(days=1), timedelta(days=7)
FEWEST = 12
# So many of the last posts are looked at.
MOST = 500

Hour = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BestTime:
    """Each hour of the week with posts, the best first, as lifts over the usual post."""

    figure: str
    posts: int
    hours: list[Shrunk[Hour]]

    @property
    def is_known(self) -> bool:
        """Whether some hour is above the usual by more than chance."""
        return bool(self.hours) and self.hours[0].low > 0


@requires(Permission.VIEW)
def best_time(runtime: Runtime, service: Service, figure: str) -> BestTime:
    """Compare the hours of the week by what a network counted of the posts of an account."""
    zone, groups = zone_of(runtime, service), defaultdict(list)
    rows = _posts(runtime, service, figure)
    for sent_at, value in rows:
        at = sent_at.astimezone(zone)
        # What is seen twice as often is as far from the usual as what is seen half as often.
        groups[at.weekday(), at.hour].append(math.log1p(value))
    found = shrunk(groups) if len(rows) >= FEWEST else []
    usual = sum(map(sum, groups.values())) / len(rows) if rows else 0.0
    return BestTime(figure=figure, posts=len(rows), hours=[_over(item, usual) for item in found])


def _over(item: Shrunk[Hour], usual: float) -> Shrunk[Hour]:
    """Return a mean of logarithms as a lift over the usual."""
    value, low, high = (math.expm1(each - usual) for each in (item.value, item.low, item.high))
    return Shrunk(key=item.key, number=item.number, value=value, low=low, high=high)


def _posts(runtime: Runtime, service: Service, figure: str) -> list[tuple[datetime, int]]:
    """Return when the last ripe posts went out, with the last figure of their first days.

    What was read on the day of a post alone, or long afterwards, is no figure of that age.
    """
    last = (
        select(Message.id, Message.sent_at)
        .where(
            Message.service_id == service.id,
            Message.kind.in_(PUBLIC),
            Message.state == MessageState.SENT,
            Message.sent_at <= runtime.now() - RIPE,
        )
        .order_by(Message.sent_at.desc())
        .limit(MOST)
        .subquery()
    )
    rows = (
        select(last.c.id, last.c.sent_at, PostMetric.day, PostMetric.value)
        .join(PostMetric, PostMetric.message_id == last.c.id)
        .where(PostMetric.figure == figure)
        .order_by(PostMetric.day)
    )
    zone, found = zone_of(runtime, service), {}
    for number, sent_at, day, value in runtime.session.execute(rows):
        if DAY <= day - day_of(sent_at, zone) <= RIPE:
            found[number] = sent_at, value
    return list(found.values())
