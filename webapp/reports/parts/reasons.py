"""What did not go out, and why: failures, and who was left out by which rule."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from webapp.deliveries import reasons as words
from webapp.deliveries.models import MessageState
from webapp.kernel.i18n import _
from webapp.reports.queries import reasons
from webapp.reports.queries.deliveries import Line
from webapp.reports.queries.reasons import Reasons
from webapp.reports.scope import Scope
from webapp.reports.sections import Column, Row, Section, part, shares


def failures(scope: Scope) -> Section:
    """Return how many messages failed, ended before their turn, or came to nothing, by reason."""
    empty = Section(
        name="failures",
        title=_("Failures, by reason"),
        heading=_("Reason"),
        source=_(
            "From Fanfare’s log, of deliveries that began in these days. The share is of all "
            "messages that were not left out."
        ),
        empty=_("Nothing failed in these days."),
    )
    whole = sum(_meant(line) for line in scope.began)
    return _filled(scope, empty, (*reasons.ENDED, *reasons.AFTERWARDS), whole)


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
    return _filled(scope, empty, (reasons.LEFT_OUT,), whole)


def _everybody(line: Line) -> int:
    return sum(line.counts.get(state.value, 0) for state in MessageState)


def _meant(line: Line) -> int:
    return _everybody(line) - line.counts.get(MessageState.IGNORED.value, 0)


def _filled(scope: Scope, empty: Section, states: Sequence[str], whole: int) -> Section:
    """Return a section with the reasons of some states, the commonest first."""
    mine = reasons.by_reason(scope.runtime, scope.service, scope.period)
    before: Reasons = Reasons()
    columns = [Column(label=_("Number")), shares(_("Share"))]
    if scope.compared:
        before = reasons.by_reason(scope.runtime, scope.service, scope.compared)
        columns.append(Column(label=_("Beside")))
    found = _of(mine, states)
    most = max((number for _key, number in found), default=0)
    rows = []
    for key, number in found:
        beside = [before[key]] if scope.compared else []
        rows.append(
            Row(
                label=words.short(key[1]),
                small=_ended(key[0]),
                key="/".join(key),
                values=(number, part(number, whole), *beside),
                bar=part(number, most),
            )
        )
    return replace(empty, columns=columns, rows=rows, bars=True)


def _ended(state: str) -> str:
    return _("ended before its turn") if state == MessageState.CANCELLED else ""


def _of(found: Reasons, states: Iterable[str]) -> list[tuple[tuple[str, str], int]]:
    some = [(key, number) for key, number in found.items() if key[0] in set(states)]
    return sorted(some, key=lambda item: (-item[1], item[0]))
