"""Reactivity to messages: how many of those who got one followed a link of it."""

from collections.abc import Sequence
from datetime import date

from webapp.kernel.i18n import _
from webapp.kernel.plots import Plot
from webapp.reports.queries.deliveries import Line
from webapp.reports.scope import Scope, curves, heading, is_known, labels, table, told, within
from webapp.reports.sections import Column, Section, Value, part, share, shares


def section(scope: Scope) -> Section:
    """Return how many of the readers clicked, by when their delivery began."""
    mine, before = ours(scope.began), ours(scope.began_before)
    period = scope.period
    return Section(
        name="messages",
        title=_("Reactivity to messages"),
        heading=heading(period.step),
        columns=(
            Column(label=_("Messages")),
            Column(label=_("With links")),
            Column(label=_("Clicked")),
            shares(_("Share")),
        ),
        rows=table(period, lambda *days: sums(within(mine, *days))) if mine else (),
        plot=_plot(scope, mine, before) if mine else None,
        source=_(
            "From Fanfare’s log and links, by the day on which a delivery began. "
            "A share is of the messages whose links are counted; machines are left out."
        ),
        empty=_("No delivery to people began in these days."),
    )


def ours(lines: Sequence[Line]) -> list[Line]:
    """Return the deliveries of which it is known who followed a link."""
    return [line for line in lines if line.kind.clicks_named]


def sums(lines: Sequence[Line]) -> tuple[int, int, int, float | None]:
    """Return how many messages there are, how many with links, who clicked, and their share."""
    linked = [line for line in lines if line.tracked]
    sent, clicked = sum(line.sent for line in linked), sum(line.readers for line in linked)
    return sum(line.sent for line in lines), sent, clicked, part(clicked, sent)


def _plot(scope: Scope, mine: Sequence[Line], before: Sequence[Line]) -> Plot | None:
    def figure(lines: Sequence[Line], first: date, last: date) -> Value:
        return sums(within(lines, first, last))[3]

    step = scope.period.step
    made = curves(
        scope,
        step,
        _("Clicked, of 100 readers"),
        lambda *days: figure(mine, *days),
        lambda *days: figure(before, *days),
    )
    if not is_known(made):
        return None
    return Plot(
        label=told(scope.period, _("Share of readers who clicked")),
        labels=labels(scope.period, step),
        curves=made,
        write=share,
    )
