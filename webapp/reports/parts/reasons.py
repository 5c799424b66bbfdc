"""What did not go out, and why: failures, and who was left out by which rule."""

from collections import Counter
from dataclasses import replace
from datetime import date

from webapp.deliveries import reasons as words
from webapp.deliveries.failures import AFTERWARDS, ENDED
from webapp.deliveries.models import MessageState
from webapp.kernel.i18n import _
from webapp.reports.period import Period
from webapp.reports.queries import failures as queries
from webapp.reports.queries import reasons
from webapp.reports.queries.deliveries import Line
from webapp.reports.queries.failures import Reasons
from webapp.reports.scope import Scope, heading, rows, table
from webapp.reports.sections import Column, Row, Section, Value, part, shares


def failures(scope: Scope) -> Section:
    """Return how many messages failed, ended before their turn, or came to nothing, by reason."""
    empty = Section(
        name="failures",
        title=_("Failures, by reason"),
        heading=_("Reason"),
        source=_(
            "From Fanfare’s counters, by the moment at which a message failed or ended, whenever "
            "its delivery began. The share is of all of these."
        ),
        empty=_("Nothing failed in these days."),
    )
    now, before = (_failed(scope, period) for period in (scope.period, scope.compared))
    return _filled(scope, empty, (now, before), now.total())


def by_day(scope: Scope) -> Section | None:
    """Return how many failed day by day; nothing where none did."""
    period = scope.period
    days = queries.by_day(scope.runtime, scope.service, period)
    if not queries.together(days, period.first, period.last):
        return None

    def tally(first: date, last: date) -> tuple[Value, ...]:
        found = queries.together(days, first, last)
        return tuple(
            sum(number for (state, _reason), number in found.items() if state in states)
            for states in ((ENDED[0],), (ENDED[1],), AFTERWARDS)
        )

    return Section(
        name="failed",
        title=_("Failures over time"),
        heading=heading(period.step),
        columns=(
            Column(label=_("Failed")),
            Column(label=_("Ended before their turn")),
            Column(label=_("Bounced or unwanted")),
        ),
        rows=table(period, tally),
        fine=rows(period, period.fine_step, tally),
        source=_("From the same counters."),
    )


def _failed(scope: Scope, period: Period | None) -> Reasons:
    if period is None:
        return Counter()
    days = queries.by_day(scope.runtime, scope.service, period)
    return queries.together(days, period.first, period.last)


def exclusions(scope: Scope) -> Section:
    """Return how many people were left out, by the rule that did it."""
    empty = Section(
        name="exclusions",
        title=_("Exclusions, by rule"),
        heading=_("Rule"),
        source=_(
            "From Fanfare’s log, of deliveries that began in these days: a person counts once for "
            "each of them. The share is of everybody in their targets."
        ),
        empty=_("Nobody was left out in these days."),
    )
    whole = sum(_everybody(line) for line in scope.began)
    now, before = (
        reasons.by_rule(scope.runtime, scope.service, period) if period else Counter()
        for period in (scope.period, scope.compared)
    )
    return _filled(scope, empty, (now, before), whole)


def _everybody(line: Line) -> int:
    return sum(line.counts.get(state.value, 0) for state in MessageState)


def _filled(scope: Scope, empty: Section, found: tuple[Reasons, Reasons], whole: int) -> Section:
    """Return a section with reasons, the commonest first, beside those of other days."""
    now, before = found
    columns = [Column(label=_("Number")), shares(_("Share"))]
    columns += [Column(label=_("Beside"))] if scope.compared else []
    most = max(now.values(), default=0)
    lines = [
        Row(
            label=words.short(key[1]),
            small=_ended(key[0]),
            key="/".join(key),
            values=(number, part(number, whole), *([before[key]] if scope.compared else [])),
            bar=part(number, most),
        )
        for key, number in sorted(now.items(), key=lambda item: (-item[1], item[0]))
    ]
    return replace(empty, columns=columns, rows=lines, bars=True)


def _ended(state: str) -> str:
    return _("ended before its turn") if state == MessageState.CANCELLED else ""
