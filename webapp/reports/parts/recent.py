"""The last deliveries of an account, each with what came of it."""

from webapp.kernel.i18n import _
from webapp.kernel.text.formats import long_day, number
from webapp.reports.queries.deliveries import Line
from webapp.reports.scope import MOST, Scope
from webapp.reports.sections import NOTHING, Column, Row, Section, Value, part, shares

SHOWN = 20


def section(scope: Scope) -> Section:
    """Return up to a hundred deliveries that began before the last day was over, newest first."""
    rows = [
        Row(
            label=line.label,
            key=str(line.id),
            small=f"{line.kind.number(None)}, {_when(scope, line)}",
            delivery=line.id,
            more=(line.label, _told(scope, line)),
            values=_values(line),
        )
        for line in reversed(scope.last)
    ]
    return Section(
        name="deliveries",
        title=_("Last deliveries"),
        heading=_("Delivery"),
        named=(_("Label"), _("Began")),
        columns=(
            Column(label=_("Sent")),
            Column(label=_("Clicks")),
            Column(label=_("Readers who clicked"), absent=NOTHING),
            Column(label=_("Views")),
            Column(label=_("Reactions")),
            shares(_("Share")),
        ),
        rows=rows[:SHOWN],
        fine=rows,
        source=_(
            "The last %(n)s that began before the end of these days; as CSV the last %(all)s. A "
            "share is of the readers of a message, or of the views of a post.",
            n=number(SHOWN),
            all=number(MOST),
        ),
        empty=_("Nothing went out from this account yet."),
    )


def _when(scope: Scope, line: Line) -> str:
    """Write when a delivery began, by the clocks of the report, which its head names."""
    return f"{long_day(line.day)}, {line.at.astimezone(scope.period.zone):%H:%M}"


def _told(scope: Scope, line: Line) -> str:
    """Return when a delivery began for a sheet, by the same clocks."""
    return f"{line.at.astimezone(scope.period.zone):%Y-%m-%d %H:%M}"


def _values(line: Line) -> tuple[Value, ...]:
    if line.kind.counted:
        views, reactions = line.views, line.reactions
        known = views is not None and reactions is not None
        return line.sent, line.clicks, None, views, reactions, share_of(line) if known else None
    readers = line.readers if line.kind.clicks_named else None
    return line.sent, line.clicks, readers, NOTHING, NOTHING, share_of(line)


def share_of(line: Line) -> float | None:
    """Return how many of a hundred readers clicked, or of a hundred views brought a reaction."""
    if line.kind.counted:
        return part(line.reactions or 0, line.views or 0)
    return part(line.readers, line.sent) if line.tracked and line.kind.clicks_named else None
