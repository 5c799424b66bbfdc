"""Subscribers who were seen to come and to go."""

from collections.abc import Mapping
from datetime import date

from webapp.kernel.charts import Chart, Kind, Series
from webapp.kernel.i18n import _
from webapp.reports.queries import followers
from webapp.reports.queries.followers import Change
from webapp.reports.scope import Scope, heading, labels, rows, table, told
from webapp.reports.sections import Column, Section, Value

FEWEST = 2


def section(scope: Scope) -> Section:
    """Return how many came and went, and how many follow at the end of each block of days."""
    period = scope.period
    known = scope.service.audience_known_at is not None
    changes = followers.by_day(scope.runtime, scope.service, period) if known else {}
    start = followers.at_the_end(scope.runtime, scope.service, period.first)

    def tally(first: date, last: date) -> tuple[Value, ...]:
        found = followers.together(changes, first, last)
        now = followers.together(changes, period.first, last).followers
        if now is None and start is None:
            # Nobody counted before that: who came and went is unknown, and not nobody.
            return None, None, None, None
        stand = now if now is not None else start
        return found.gained, found.lost, found.gained - found.lost, stand

    there = bool(changes) or start is not None
    return Section(
        name="followers",
        title=_("Subscribers gained and lost"),
        heading=heading(period.step),
        columns=(
            Column(label=_("Gained")),
            Column(label=_("Lost")),
            Column(label=_("Net")),
            Column(label=_("Then")),
        ),
        rows=table(period, tally) if there else (),
        fine=rows(period, period.fine_step, tally) if there else (),
        chart=_chart(scope, changes) if there and period.number >= FEWEST else None,
        source=_(
            "Seen by the synchronisation, and by events of the network in between: a day is when "
            "Fanfare saw it, by the clocks of the account, not when it happened."
        ),
        empty=_("Unknown until the subscribers of this account were read to the end once."),
    )


def _chart(scope: Scope, changes: Mapping[date, Change]) -> Chart:
    period, step = scope.period, scope.period.fine_step
    found = [followers.together(changes, span.first, span.last) for span in period.spans(step)]
    return Chart(
        kind=Kind.UP_AND_DOWN,
        label=told(period, _("Subscribers gained and lost")),
        heading=heading(step),
        labels=labels(period, step),
        keys=[span.first.isoformat() for span in period.spans(step)],
        series=[
            Series(name=_("Gained"), values=[item.gained for item in found]),
            Series(name=_("Lost"), values=[item.lost for item in found]),
        ],
    )
